"""What there is to show: the vertices behind a result, in the order of their creation, each with a name.

Constants are part of the story, so they are vertices too: nodes that want no gradient, and the bare
arrays among an operation's inputs. A bare number is none; it is written into the operation.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.errors import bad_argument, describe
from autograd.graph import Node

from . import text

MOST_COMPARED = 1_000_000
"""Larger arrays are not compared with those that have names."""


@dataclass(frozen=True, eq=False)
class Vertex:
    """One thing that a result was made from.

    Attributes:
        index: its place in the order of creation, from 0.
        name: what to call it; no two vertices have the same.
        node: the node, or ``None`` for a bare array.
        data: the number or the array.
        operands: for each input of the operation the index of its vertex, or ``None`` for a bare number.
    """

    index: int
    name: str
    node: Node | None
    data: Any
    operands: tuple[int | None, ...]

    @property
    def constant(self) -> bool:
        """Whether no gradient flows into it."""
        return self.node is None or not self.node.requires_grad

    def literal(self, position: int) -> Any:
        """The bare number among the operands, as Python's own; as it is if it is no number to differentiate by."""
        assert self.node is not None
        assert self.node.op is not None
        x, op = self.node.inputs[position], self.node.op
        if not op.is_joint and op.rules[position] is None:
            return x
        return x.item() if hasattr(x, "item") else x


@dataclass(frozen=True, eq=False)
class Graph:
    """The vertices behind some results, oldest first."""

    vertices: Sequence[Vertex]
    roots: tuple[int, ...]
    places: Mapping[int, int]
    """The index of a vertex by the ``id`` of its node or array."""

    def vertex(self, x: Any) -> Vertex:
        """The vertex of a node or of a bare array."""
        return self.vertices[self.places[id(x)]]

    def stale(self) -> list[Vertex]:
        """The vertices that were given new data after they were used."""
        late = {
            i
            for v in self.vertices
            for i in v.operands
            if v.node is not None and i is not None and _order(self.vertices[i].node) > v.node.order
        }
        return [self.vertices[i] for i in sorted(late)]


def _order(node: Node | None) -> int:
    return node.order if node is not None else 0


def roots_of(root: Any, did: str) -> list[Node]:
    """The results to show: one node, or several in a list or tuple."""
    roots = list(root) if isinstance(root, (list, tuple)) else [root]
    for x in roots:
        if not isinstance(x, Node):
            raise bad_argument(
                did,
                "a Value or a Tensor, or a list of them",
                describe(x),
                "pass the result itself: loss, not loss.data",
            )
    if not roots:
        raise bad_argument(did, "a Value or a Tensor, or a list of them", "an empty list", "[loss]")
    return roots


def is_array(x: Any) -> bool:
    """Whether ``x`` is a bare array with at least one axis."""
    return not isinstance(x, Node) and bool(getattr(x, "shape", ()))


def walk(roots: Sequence[Node], names: Mapping[str, Any] | None = None) -> Graph:
    """Every vertex that leads to ``roots``; no recursion, linear time.

    Args:
        roots: the results.
        names: what to call nodes and arrays, by name; ``locals()`` will do. Goes before ``node.name``. It also
            names an array that was copied before it was used.

    Returns:
        The graph. The same program gives the same graph, names included, in every process.

    Raises:
        ArgumentError: ``names`` is no dictionary from names to what they name.
    """
    _check(names)
    items = _in_order(_reachable(roots))
    places = {id(x): i for i, x in enumerate(items)}
    labels = _names(items, roots, names or {})
    vertices = []
    for i, x in enumerate(items):
        node = x if isinstance(x, Node) else None
        inputs = node.inputs if node is not None else ()
        operands = tuple(places.get(id(u)) for u in inputs)
        vertices.append(Vertex(i, labels[i], node, node._data if node is not None else x, operands))
    return Graph(vertices, tuple(dict.fromkeys(places[id(r)] for r in roots)), places)


def _check(names: Any) -> None:
    if names is None or (isinstance(names, Mapping) and all(isinstance(name, str) for name in names)):
        return
    raise bad_argument(
        "naming nodes with names=...",
        "a dictionary from each name to its node",
        f"{type(names).__name__}: {text.clip(repr(names), 60)}",
        "names={'x': x}, or names=locals()",
    )


def _reachable(roots: Iterable[Node]) -> list[Node]:
    """The nodes that lead to ``roots``, oldest first."""
    stack = list(roots)
    seen = {id(node): node for node in stack}
    while stack:
        for x in stack.pop().inputs:
            if isinstance(x, Node) and id(x) not in seen:
                seen[id(x)] = x
                stack.append(x)
    return sorted(seen.values(), key=lambda node: node.order)


def _in_order(nodes: Iterable[Node]) -> list[Any]:
    """The nodes, and each bare array just before the first operation that uses it."""
    items: dict[int, Any] = {}
    for node in nodes:
        for x in node.inputs:
            if is_array(x):
                items.setdefault(id(x), x)
        items[id(node)] = node
    return list(items.values())


def _names(items: Sequence[Any], roots: Sequence[Node], given: Mapping[str, Any]) -> list[str]:
    """One name each: as given, else the node's own, else v1, v2, ... (c1, c2, ... for constants).

    A name that comes again is numbered: w, w#2. A result that nobody named is called out.
    """
    wanted: dict[int, str] = {}
    for name, x in given.items():
        if not name.startswith("_") and (isinstance(x, Node) or is_array(x)):
            wanted.setdefault(id(x), name)
    wanted |= _copies([x for x in items if not isinstance(x, Node) and id(x) not in wanted], given)
    if len(roots) == 1 and roots[0].inputs and not roots[0].name:
        wanted.setdefault(id(roots[0]), "out")
    names = [wanted.get(id(x)) or (x.name if isinstance(x, Node) else "") for x in items]
    taken = set(names)
    count: Counter[str] = Counter()
    for i, name in enumerate(names):
        if name:
            count[name] += 1
            if count[name] > 1:
                names[i] = _free(f"{name}#", count, name, taken)
        else:
            letter = "v" if isinstance(items[i], Node) and items[i].requires_grad else "c"
            count[f"{letter}*"] += 1
            names[i] = _free(letter, count, f"{letter}*", taken)
        taken.add(names[i])
    return names


def _copies(unnamed: Sequence[Any], given: Mapping[str, Any]) -> dict[int, str]:
    """Names of arrays that an operation copied before it used them, such as labels: the one array of these numbers."""
    arrays: dict[int, tuple[str, Any]] = {}
    for name, x in given.items():
        if isinstance(x, np.ndarray) and not name.startswith("_"):
            arrays.setdefault(id(x), (name, x))
    found = {}
    for copy in filter(lambda x: isinstance(x, np.ndarray), unnamed):
        alike = [name for name, x in arrays.values() if x.shape == copy.shape and _equal(x, copy)]
        if len(alike) == 1:
            found[id(copy)] = alike[0]
    return found


def _equal(x: np.ndarray, copy: np.ndarray) -> bool:
    """Whether ``copy`` holds the numbers of ``x``, be it in another dtype; one number over and over tells nothing."""
    if not 1 < copy.size <= MOST_COMPARED or x.dtype.kind not in "biuf":
        return False
    with np.errstate(all="ignore"):
        return bool(np.any(copy != copy.flat[0])) and np.array_equal(x.astype(copy.dtype), copy)


def _free(start: str, count: Counter[str], key: str, taken: set[str]) -> str:
    """The next name that begins with ``start`` and that nobody has."""
    while f"{start}{count[key]}" in taken:
        count[key] += 1
    return f"{start}{count[key]}"
