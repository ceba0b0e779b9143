"""Arguments made of dicts, lists and tuples: visit their leaves, and put new leaves in their places."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any


def leaves(tree: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Each leaf of nested dicts, lists and tuples with its path, such as ``['layers'][0]``.

    Example:
        >>> list(leaves({"w": [1.0, 2.0]}))
        [("['w'][0]", 1.0), ("['w'][1]", 2.0)]
    """
    if isinstance(tree, dict):
        for key, branch in tree.items():
            yield from leaves(branch, f"{path}[{key!r}]")
    elif isinstance(tree, (list, tuple)):
        for i, branch in enumerate(tree):
            yield from leaves(branch, f"{path}[{i}]")
    else:
        yield path, tree


def map_leaves(function: Callable[[Any], Any], tree: Any) -> Any:
    """The same tree with ``function`` applied to each leaf.

    Example:
        >>> map_leaves(lambda x: 10 * x, {"w": (1.0, 2.0), "b": 3.0})
        {'w': (10.0, 20.0), 'b': 30.0}
    """
    if isinstance(tree, dict):
        return type(tree)((key, map_leaves(function, branch)) for key, branch in tree.items())
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return type(tree)(*(map_leaves(function, branch) for branch in tree))
    if isinstance(tree, (list, tuple)):
        return type(tree)(map_leaves(function, branch) for branch in tree)
    return function(tree)
