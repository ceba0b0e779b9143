"""From a graph to its picture: which boxes there are, and what stands in them and on the arrows."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from autograd import Value
from autograd.graph import Node

from . import derive, text
from .direction import direction
from .flow import Flow, length
from .fold import Part, fold
from .gradients import AS_IT_STANDS, meaning, nonzero, plain
from .overlay import Mark, first_ill, overlay
from .picture import Arrow, Box, Picture
from .select import select
from .symbol import Symbol
from .walk import Graph, Vertex, walk
from .writer import TooLongError, Writer

MOST = 2000
"""Even without a limit no more boxes are drawn: their layout would take minutes."""

SHOWABLE = ("data", "grad", "local", "flow")
"""What ``show`` may name: rows of the boxes, and rows on the arrows."""


@dataclass(frozen=True)
class Wish:
    """What the reader wants to see: the arguments of :func:`viz.draw_graph`, which explains them."""

    names: Mapping[str, Any] | None = None
    show: tuple[str, ...] = SHOWABLE
    between: Any = None
    wrt: Any = None
    depth: int | None = None
    collapse: str | int = "auto"
    max_nodes: int | None = 150
    direction: str = "auto"
    overlay: str | Mapping[Any, float | str] | None = None
    fmt: str = ".4g"
    call: str = "draw_graph(root"
    """How the call that the reader wrote begins; what banners and errors say of it."""


def paint(roots: Sequence[Node], wish: Wish | None = None) -> Picture:
    """The picture of the graph behind ``roots``."""
    return Painter(roots, wish or Wish()).picture()


class Painter:
    """What all boxes and arrows of one picture need to know."""

    def __init__(self, roots: Sequence[Node], wish: Wish) -> None:
        self.wish = wish
        self.fmt = wish.fmt
        self.graph = walk(roots, wish.names)
        self.selection = select(self.graph, wish.between, wish.wrt, wish.depth, wish.call)
        shown = self.selection.shown
        most = MOST if len(shown) > MOST else None
        limit = most if wish.max_nodes is None else min(wish.max_nodes, MOST)
        self.parts = fold(self.graph, limit, shown, wish.collapse)
        self.home = {i: p for p, part in enumerate(self.parts) for i in part.members}
        self.passed = any(nonzero(root.grad) for root in roots)
        self.meaning = meaning(self.graph)
        self.flow = Flow(self.graph, self.meaning.known and "flow" in wish.show, wish.fmt)

    def picture(self) -> Picture:
        """Boxes, arrows, and what the reader must know."""
        marks: dict[int, Mark] = {}
        scale = None
        if self.wish.overlay is not None:
            marks, scale = overlay(self.graph, self.wish.overlay, self.selection.shown, self.fmt)
        boxes = [self._shown(self._box_of(part, f"n{p + 1}", marks)) for p, part in enumerate(self.parts)]
        arrows = weighed(self._arrows())
        if "local" not in self.wish.show:
            arrows = [replace(a, derivative="", formula="") if a.derivative else a for a in arrows]
        way = direction(boxes, arrows) if self.wish.direction == "auto" else self.wish.direction
        return Picture(
            tuple(boxes), tuple(arrows), way, len(self.graph.vertices), self.meaning.words,
            self._banners(), scale,
        )  # fmt: skip

    # Boxes.

    def _box_of(self, part: Part, key: str, marks: Mapping[int, Mark]) -> Box:
        pale = not any(i in self.selection.lit for i in part.members)
        if len(part.members) == 1:
            (i,) = part.members
            return replace(self._box(self.graph.vertices[i], key), pale=pale, mark=marks.get(i))
        return replace(self._folded_box(part, key), pale=pale)

    def _shown(self, box: Box) -> Box:
        """The box without the rows that nobody wants to see."""
        if "data" not in self.wish.show:
            box = replace(box, data="", shape="")
        return box if "grad" in self.wish.show else replace(box, grad="", terms="")

    def _box(self, vertex: Vertex, key: str) -> Box:
        scalar = not np.ndim(vertex.data) and not hasattr(vertex.data, "dtype")
        return Box(
            key,
            _role(self.graph, vertex),
            vertex.name,
            self._operation(vertex),
            text.array(vertex.data, self.fmt),
            self._gradient(vertex),
            "" if scalar else text.shape(vertex.data),
            terms=self.flow.terms(vertex),
            scope=vertex.node.scope if vertex.node is not None else "",
        )

    def _folded_box(self, part: Part, key: str) -> Box:
        """A folded part shows what is in it; and if only one of its vertices is used outside, that one."""
        exits = self.exits(part)
        vertices = [self.graph.vertices[i] for i in part.members]
        operations = sum(bool(v.operands) for v in vertices)
        constants = sum(v.constant for v in vertices if not v.operands)
        leaves = len(vertices) - operations - constants
        counts = {"operation": operations, "leaf": leaves, "constant": constants}
        members = ", ".join(text.plural(n, noun).replace("leafs", "leaves") for noun, n in counts.items() if n)
        if len(exits) != 1:
            return Box(key, "folded", part.title, "", "", "", "", members)
        shown = self._box(self.graph.vertices[exits[0]], key)
        title = f"{part.title}: {shown.name}"
        return Box(key, "folded", title, "", shown.data, shown.grad, shown.shape, members, shown.terms)

    def exits(self, part: Part) -> list[int]:
        """The vertices of a part that are used outside of it, or are the result."""
        inside = set(part.members)
        used = {i for i in inside for user, _ in self.flow.uses.get(i, ()) if user not in inside}
        return sorted(used | (inside & set(self.graph.roots)))

    def _operation(self, vertex: Vertex) -> str:
        """The operation on its operands: ``a * b``."""
        if vertex.node is None or vertex.node.op is None or not vertex.operands:
            return ""
        try:
            return Writer(fmt=self.fmt).definition(derive.symbolic(self.graph, vertex))
        except TooLongError:
            return f"{vertex.node.op.name} of {text.plural(len(vertex.operands), 'operand')}"

    def _gradient(self, vertex: Vertex) -> str:
        """The gradient, or a dash.

        A Value's gradient is 0 before any pass as after one that brought 0. The pass starts at the result with
        a gradient that is not 0; while the result has 0, a 0 anywhere is one that nobody has computed.
        """
        if vertex.constant or vertex.node is None or vertex.node.grad is None:
            return text.NOT_COMPUTED
        if isinstance(vertex.node, Value) and not self.passed and not nonzero(vertex.node.grad):
            return text.NOT_COMPUTED
        return text.array(plain(vertex.node.grad), self.fmt)

    # Arrows.

    def _arrows(self) -> list[tuple[Arrow, Any]]:
        """The arrows, each with what flows back along it."""
        return [
            self._arrow(*uses[0], *ends) if alone else self._joined(uses, *ends) for uses, ends, alone in self.uses()
        ]

    def uses(self) -> Iterator[tuple[list[tuple[Vertex, int]], tuple[str, str], bool]]:
        """The uses of operands that each arrow stands for, with the keys of its ends, and whether it is one use alone.

        There is one arrow for each use; those from and to folded parts are joined.
        """
        for p, part in enumerate(self.parts):
            entering: dict[int, list[tuple[Vertex, int]]] = {}
            for i in part.members:
                vertex = self.graph.vertices[i]
                for position, u in enumerate(vertex.operands):
                    if u is not None and self.home.get(u, p) != p:
                        entering.setdefault(self.home[u], []).append((vertex, position))
            for q, uses in entering.items():
                ends = f"n{q + 1}", f"n{p + 1}"
                if len(uses) == 1 or len(part.members) == len(self.parts[q].members) == 1:
                    yield from (([use], ends, True) for use in uses)
                else:
                    yield uses, ends, False

    def _arrow(self, vertex: Vertex, position: int, tail: str, head: str) -> tuple[Arrow, Any]:
        """The arrow of one use, with its local derivative."""
        operand = vertex.operands[position]
        assert operand is not None
        pale = not self.selection.lit >= {operand, vertex.index}
        if not _flows(self.graph, vertex, position):
            return Arrow(tail, head, position, "", "no gradient flows to a constant", False, pale=pale), None
        derivative, formula = self._local(vertex, position)
        share = self.flow.share(vertex, position)
        flow = self.flow.written(share) if self._worth_showing(operand, share) else ""
        return Arrow(tail, head, position, derivative, formula, True, flow, pale=pale), share

    def _worth_showing(self, operand: int, share: Any) -> bool:
        """Whether what flows back is no mere repetition of the array that stands in the operand's box."""
        return not np.ndim(share) or len(self.flow.uses[operand]) > 1

    def _joined(self, uses: Sequence[tuple[Vertex, int]], tail: str, head: str) -> tuple[Arrow, Any]:
        """One arrow for several uses."""
        flows = any(_flows(self.graph, v, position) for v, position in uses)
        operands = {v.operands[position] for v, position in uses}
        pale = not self.selection.lit >= operands
        share = self.flow.together(uses) if len(operands) == 1 else None
        words = text.plural(len(uses), "use")
        return Arrow(tail, head, 0, "", words, flows, self.flow.written(share), pale=pale), share

    def _local(self, vertex: Vertex, position: int) -> tuple[str, str]:
        """The local derivative as an arrow shows it, and in symbols."""
        operand = vertex.operands[position]
        assert operand is not None
        assert vertex.node is not None
        assert vertex.node.op is not None
        scalar = derive.is_number(self.graph, vertex, position)
        partial = f"∂{text.clip(vertex.name, 24)}/∂{text.clip(self.graph.vertices[operand].name, 24)}"
        g = derive.one(vertex) if scalar else Symbol.named("ḡ", np.ones_like(vertex.data), r"\bar g")
        formula = self._written(derive.pulled_back(derive.symbolic(self.graph, vertex), position, g))
        if not scalar:
            return formula or f"the rule of {vertex.node.op.name}", formula
        value = text.number(plain(derive.local_derivative(vertex, position)), self.fmt)
        chain = dict.fromkeys([partial, formula, value])
        return f"{partial} = {value}", " = ".join(part for part in chain if part)

    def _written(self, expression: Any) -> str:
        """The formula in text; ``""`` if it cannot be written or nobody would read it."""
        if expression is None:
            return ""
        try:
            return Writer(fmt=self.fmt, longest=24).write(expression)
        except TooLongError:
            return ""

    # Banners.

    def _banners(self) -> tuple[str, ...]:
        banners = list(self.selection.banners)
        folded = [len(part.members) for part in self.parts if len(part.members) > 1]
        if folded:
            boxes = "1 box" if len(folded) == 1 else f"{len(folded)} boxes"
            nodes = f"{sum(folded):,} of {len(self.graph.vertices):,} nodes"
            cure = "max_nodes=None) draws them all" if len(self.graph.vertices) <= MOST else "depth=5) draws a part"
            asked = self.wish.collapse != "auto"
            banners.append(f"{nodes} are folded into {boxes}" + ("" if asked else f"; {self.wish.call}, {cure}"))
        if self.wish.overlay == "health" and (ill := first_ill(self.graph)):
            banners.append(self._ill(ill))
        stale = [v.name for v in self.graph.stale()]
        if stale:
            named = ", ".join(stale[:5]) + " and others" * (len(stale) > 5)
            banners.append(f"{named} got new data after use; run the forward pass again for derivatives that fit")
        elif self.meaning.words == AS_IT_STANDS and {"grad", "flow"} & set(self.wish.show):
            outputs = text.clip(" and ".join(self.graph.vertices[r].name for r in self.graph.roots[:2]), 40)
            banners.append(f"{AS_IT_STANDS}, from another backward pass or from several: not the gradient of {outputs}")
        return tuple(banners)

    def _ill(self, vertex: Vertex) -> str:
        """In words, where the first NaN or infinity came from, and from what."""
        operation = self._operation(vertex)
        how = f" = {text.clip(operation, 40)}" if operation else ""
        operands = [self.graph.vertices[u] for u in dict.fromkeys(vertex.operands) if u is not None]
        given = [f"{text.clip(v.name, 24)} is {text.array(v.data, self.fmt)}" for v in operands[:2]]
        where = f", where {' and '.join(given)}" if given else ""
        return f"the first NaN or infinity is in {text.clip(vertex.name, 24)}{how}{where}"


def weighed(found: Sequence[tuple[Arrow, Any]]) -> list[Arrow]:
    """The arrows with their weights: how much flows along each, over four powers of ten."""
    lengths = [0.0 if share is None else length(share) for _, share in found]
    most = max((x for x in lengths if math.isfinite(x)), default=0.0)

    def weight(x: float) -> float:
        if not most or not x:
            return 0.0
        return 1.0 if not x < most else round(max(0.05, 1 + math.log10(x / most) / 4), 3)

    return [replace(arrow, weight=weight(x)) for (arrow, _), x in zip(found, lengths, strict=True)]


def _role(graph: Graph, vertex: Vertex) -> str:
    if vertex.constant:
        return "constant"
    if not vertex.operands:
        return "leaf"
    return "output" if vertex.index in graph.roots else "result"


def _flows(graph: Graph, vertex: Vertex, position: int) -> bool:
    """Whether a gradient flows back to this operand."""
    u = vertex.operands[position]
    node = vertex.node
    assert u is not None
    assert node is not None
    assert node.op is not None
    return not graph.vertices[u].constant and node.op.rules[position] is not None
