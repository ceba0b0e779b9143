"""A graph as a picture: plain data that says what is to be seen, and nothing of how it is drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd import Value
from autograd.graph import Node

from . import derive, text
from .fold import Part, fold, links, ranks
from .gradients import AS_IT_STANDS, meaning, nonzero, plain
from .symbol import Symbol
from .walk import Graph, Vertex, walk
from .writer import TooLongError, Writer

ROLES = ("leaf", "constant", "result", "output", "folded")

WIDE = 400
"""A picture that is wider than this many letters runs from top to bottom: people scroll down, not sideways."""


@dataclass(frozen=True)
class Box:
    """A vertex as it is drawn, or several that are folded into one.

    Attributes:
        key: what arrows call it; n1, n2, ... in the order of creation.
        role: ``leaf``, ``constant``, ``result``, ``output`` or ``folded``.
        name: the name.
        operation: the operation that made it, written on its operands; ``""`` if none did.
        data: the number, the numbers, or a summary of them.
        grad: the same for the gradient; a dash if no backward pass has computed it.
        shape: dtype and shape; ``""`` for a number.
        members: what is folded; ``""`` if nothing is.
    """

    key: str
    role: str
    name: str
    operation: str
    data: str
    grad: str
    shape: str = ""
    members: str = ""


@dataclass(frozen=True)
class Arrow:
    """One use of an operand.

    Attributes:
        tail: the key of the operand.
        head: the key of the result.
        position: the operand's place among the operands.
        derivative: the local derivative: ``∂c/∂a = -3``, or for tensors what the rule makes of the
            gradient ḡ of the result. ``""`` where no gradient flows, and for several uses in one arrow.
        formula: the local derivative in symbols, or in words.
        flows: whether a gradient flows back along it.
    """

    tail: str
    head: str
    position: int
    derivative: str
    formula: str
    flows: bool


@dataclass(frozen=True)
class Picture:
    """What is to be seen of a graph.

    Attributes:
        boxes: the vertices, oldest first.
        arrows: the uses of operands, in the order of the results and of their operands.
        direction: ``LR`` or ``TB``.
        total: how many vertices there are, drawn or folded.
        gradients: what the gradients are: ``gradient of c``, or ``.grad as it stands``.
        banners: what the reader must know first, such as that something is folded.
    """

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    direction: str
    total: int
    gradients: str
    banners: tuple[str, ...] = ()


def paint(
    roots: Sequence[Node],
    names: Mapping[str, Any] | None = None,
    direction: str = "auto",
    max_nodes: int | None = 150,
    fmt: str = ".4g",
) -> Picture:
    """The picture of the graph behind ``roots``."""
    graph = walk(roots, names)
    parts = fold(graph, max_nodes)
    home = {i: p for p, part in enumerate(parts) for i in part.members}
    passed = any(nonzero(root.grad) for root in roots)
    boxes = [
        _box(graph, graph.vertices[part.members[0]], key, passed, fmt)
        if len(part.members) == 1
        else _folded_box(graph, part, key, passed, fmt)
        for key, part in ((f"n{p + 1}", part) for p, part in enumerate(parts))
    ]
    arrows = _arrows(graph, parts, home, fmt)
    if direction == "auto":
        steps = max(ranks(*links(graph, parts)))
        direction = "TB" if steps * _letters(boxes, arrows) > WIDE else "LR"
    gradients = meaning(graph)
    banners = _banners(graph, parts, gradients)
    return Picture(tuple(boxes), tuple(arrows), direction, len(graph.vertices), gradients, banners)


def _letters(boxes: Sequence[Box], arrows: Sequence[Arrow]) -> float:
    """About how many letters wide a box and the label of an arrow are together."""
    of_boxes = [max(len(b.name) + len(b.operation), len(b.data), len(b.grad)) + 6 for b in boxes]
    of_labels = [len(a.derivative) for a in arrows] or [0]
    return sum(of_boxes) / len(of_boxes) + sum(of_labels) / len(of_labels)


# Boxes.


def _box(graph: Graph, vertex: Vertex, key: str, passed: bool, fmt: str) -> Box:
    scalar = not np.ndim(vertex.data) and not hasattr(vertex.data, "dtype")
    return Box(
        key,
        _role(graph, vertex),
        vertex.name,
        _operation(graph, vertex, fmt),
        text.array(vertex.data, fmt),
        _gradient(vertex, passed, fmt),
        "" if scalar else text.shape(vertex.data),
    )


def _folded_box(graph: Graph, part: Part, key: str, passed: bool, fmt: str) -> Box:
    """A folded part shows what is in it; and if only one of its vertices is used outside, that one."""
    inside = set(part.members)
    used = {u for v in graph.vertices if v.index not in inside for u in v.operands if u in inside}
    exits = sorted(used | (inside & set(graph.roots)))
    vertices = [graph.vertices[i] for i in part.members]
    operations = sum(bool(v.operands) for v in vertices)
    constants = sum(v.constant for v in vertices if not v.operands)
    leaves = len(vertices) - operations - constants
    counts = {"operation": operations, "leaf": leaves, "constant": constants}
    members = ", ".join(text.plural(n, noun).replace("leafs", "leaves") for noun, n in counts.items() if n)
    if len(exits) != 1:
        return Box(key, "folded", part.title, "", "", "", "", members)
    shown = _box(graph, graph.vertices[exits[0]], key, passed, fmt)
    return Box(key, "folded", f"{part.title}: {shown.name}", "", shown.data, shown.grad, shown.shape, members)


def _role(graph: Graph, vertex: Vertex) -> str:
    if vertex.constant:
        return "constant"
    if not vertex.operands:
        return "leaf"
    return "output" if vertex.index in graph.roots else "result"


def _operation(graph: Graph, vertex: Vertex, fmt: str) -> str:
    """The operation on its operands: ``a * b``."""
    if vertex.node is None or vertex.node.op is None or not vertex.operands:
        return ""
    try:
        return Writer(fmt=fmt).definition(derive.symbolic(graph, vertex))
    except TooLongError:
        return f"{vertex.node.op.name} of {text.plural(len(vertex.operands), 'operand')}"


def _gradient(vertex: Vertex, passed: bool, fmt: str) -> str:
    """The gradient, or a dash.

    A Value's gradient is 0 before any pass as after one that brought 0. The pass starts at the result with
    a gradient that is not 0; while the result has 0, a 0 anywhere is one that nobody has computed.
    """
    if vertex.constant or vertex.node is None or vertex.node.grad is None:
        return text.NOT_COMPUTED
    if isinstance(vertex.node, Value) and not passed and not nonzero(vertex.node.grad):
        return text.NOT_COMPUTED
    return text.array(plain(vertex.node.grad), fmt)


# Arrows.


def _arrows(graph: Graph, parts: Sequence[Part], home: Mapping[int, int], fmt: str) -> list[Arrow]:
    """One arrow for each use of an operand; those from and to folded parts are joined."""
    arrows: list[Arrow] = []
    for p, part in enumerate(parts):
        entering: dict[int, list[tuple[Vertex, int]]] = {}
        for i in part.members:
            vertex = graph.vertices[i]
            for position, u in enumerate(vertex.operands):
                if u is not None and home[u] != p:
                    entering.setdefault(home[u], []).append((vertex, position))
        for q, uses in entering.items():
            if len(part.members) == 1 and len(parts[q].members) == 1:
                arrows += [_arrow(graph, v, position, f"n{q + 1}", f"n{p + 1}", fmt) for v, position in uses]
            elif len(uses) == 1:
                arrows.append(_arrow(graph, *uses[0], f"n{q + 1}", f"n{p + 1}", fmt))
            else:
                flows = any(_flows(graph, v, position) for v, position in uses)
                arrows.append(Arrow(f"n{q + 1}", f"n{p + 1}", 0, "", text.plural(len(uses), "use"), flows))
    return arrows


def _flows(graph: Graph, vertex: Vertex, position: int) -> bool:
    """Whether a gradient flows back to this operand."""
    u = vertex.operands[position]
    node = vertex.node
    assert u is not None
    assert node is not None
    assert node.op is not None
    return not graph.vertices[u].constant and node.op.rules[position] is not None


def _arrow(graph: Graph, vertex: Vertex, position: int, tail: str, head: str, fmt: str) -> Arrow:
    """The arrow of one use, with its local derivative."""
    u = vertex.operands[position]
    assert u is not None
    if not _flows(graph, vertex, position):
        return Arrow(tail, head, position, "", "no gradient flows to a constant", False)
    scalar = derive.is_number(graph, vertex, position)
    partial = f"∂{text.clip(vertex.name, 24)}/∂{text.clip(graph.vertices[u].name, 24)}"
    g = derive.one(vertex) if scalar else Symbol.named("ḡ", np.ones_like(vertex.data), r"\bar g")
    formula = _written(derive.pulled_back(derive.symbolic(graph, vertex), position, g), fmt)
    if not scalar:
        assert vertex.node is not None
        assert vertex.node.op is not None
        return Arrow(tail, head, position, formula or f"the rule of {vertex.node.op.name}", formula, True)
    value = text.number(plain(derive.local_derivative(vertex, position)), fmt)
    chain = dict.fromkeys([partial, formula, value])
    return Arrow(tail, head, position, f"{partial} = {value}", " = ".join(part for part in chain if part), True)


def _written(expression: Any, fmt: str) -> str:
    """The formula in text; ``""`` if it cannot be written or nobody would read it."""
    if expression is None:
        return ""
    try:
        return Writer(fmt=fmt, longest=24).write(expression)
    except TooLongError:
        return ""


# Banners.


def _banners(graph: Graph, parts: Sequence[Part], gradients: str) -> tuple[str, ...]:
    banners = []
    folded = [len(part.members) for part in parts if len(part.members) > 1]
    if folded:
        boxes = "1 box" if len(folded) == 1 else f"{len(folded)} boxes"
        nodes = f"{sum(folded):,} of {len(graph.vertices):,} nodes"
        banners.append(f"{nodes} are folded into {boxes}; draw_graph(root, max_nodes=None) draws them all")
    stale = [v.name for v in graph.stale()]
    if stale:
        named = ", ".join(stale[:5]) + " and others" * (len(stale) > 5)
        banners.append(f"{named} got new data after use; run the forward pass again for derivatives that fit")
    elif gradients == AS_IT_STANDS:
        outputs = text.clip(" and ".join(graph.vertices[r].name for r in graph.roots[:2]), 40)
        banners.append(f"{AS_IT_STANDS}, from another backward pass or from several: not the gradient of {outputs}")
    return tuple(banners)
