"""Plain data taken apart into arrays, and a description of the rest that is text; and put together again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from autograd import Node, errors
from autograd.rules.elsewhere import in_memory

Arrays = dict[str, Any]


def take_apart(tree: Any, path: str, arrays: Arrays) -> Any:
    """What JSON can hold of ``tree``; its arrays go into ``arrays``, under their paths.

    Args:
        tree: dicts, lists and tuples of arrays, Tensors, numbers, strings, ``None``.
        path: where the tree is: ``"optimizer.state"``.
        arrays: where to put the arrays.

    Returns:
        ``tree`` with ``{"$array": path}`` in place of an array, and other dicts with ``$`` for what JSON lacks.

    Raises:
        DtypeError: something else is in the tree, such as an object or a function.

    Example:
        >>> arrays = {}
        >>> take_apart({"step": 3, "momentum": np.zeros(2), "betas": (0.9, 0.99)}, "", arrays)
        {'step': 3, 'momentum': {'$array': 'momentum'}, 'betas': {'$tuple': [0.9, 0.99]}}
        >>> arrays
        {'momentum': array([0., 0.])}
    """
    if tree is None or type(tree) in (bool, int, float, str):
        return tree
    if isinstance(tree, Mapping):
        if all(isinstance(key, str) and not key.startswith("$") for key in tree):
            return {key: take_apart(x, join(path, key), arrays) for key, x in tree.items()}
        pairs = [[take_apart(k, path, arrays), take_apart(x, join(path, str(k)), arrays)] for k, x in tree.items()]
        return {"$dict": pairs}
    if isinstance(tree, (list, tuple)):
        parts = [take_apart(x, join(path, str(i)), arrays) for i, x in enumerate(tree)]
        return {"$tuple": parts} if isinstance(tree, tuple) else parts
    if isinstance(tree, (np.ndarray, np.generic, Node)) or hasattr(tree, "__array__"):
        return {"$array" if np.ndim(tree) or not isinstance(tree, np.generic) else "$number": _keep(tree, path, arrays)}
    given = f"{type(tree).__name__}: {errors.brief(tree)}"
    expected = "dicts, lists and tuples of arrays, numbers, strings and None"
    cure = "its state_dict(), or the numbers that it is made from"
    raise errors.DtypeError(errors.message(f"nn.save: {path or 'what is saved'}", expected, given, cure))


def put_together(tree: Any, arrays: Mapping[str, Any]) -> Any:
    """The opposite of :func:`take_apart`.

    Raises:
        KeyError: the description names an array that is not there, or a kind that it does not know.
    """
    if isinstance(tree, list):
        return [put_together(x, arrays) for x in tree]
    if not isinstance(tree, dict):
        return tree
    if len(tree) == 1 and next(iter(tree)).startswith("$"):
        ((kind, x),) = tree.items()
        return KINDS[kind](x, arrays)
    return {key: put_together(x, arrays) for key, x in tree.items()}


KINDS: dict[str, Any] = {
    "$array": lambda path, arrays: arrays[path],
    "$number": lambda path, arrays: arrays[path][()],
    "$tuple": lambda parts, arrays: tuple(put_together(parts, arrays)),
    "$dict": lambda pairs, arrays: {put_together(k, arrays): put_together(x, arrays) for k, x in pairs},
}
"""What JSON lacks."""


def _keep(x: Any, path: str, arrays: Arrays) -> str:
    """The path under which an array was put among the others."""
    while path in arrays:  # a key may have dots of its own
        path += "'"
    arrays[path] = np.asarray(in_memory(x.data if isinstance(x, Node) else x))
    return path


def join(path: str, key: str) -> str:
    """The path of a part."""
    return f"{path}.{key}" if path else key
