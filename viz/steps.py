"""The steps of the forward and the backward pass as plain data: what changes at each, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.errors import bad_argument, describe, not_scalar
from autograd.graph import Node, ancestors, between

from . import derive, text
from .backward import Share, backward, newest_first
from .flow import MOST_TERMS, length, signed
from .fold import Part
from .narration import MOST_NAMED, Line, Narrator, Word, Words, listed, say
from .paint import Painter
from .picture import Picture
from .story import Story
from .walk import Vertex

CALL = "step_through(output"


@dataclass(frozen=True)
class Cell:
    """What a box says of its gradient: the number, how it adds up, and whether all shares have come."""

    grad: str = text.NOT_COMPUTED
    terms: str = ""
    complete: bool = False


@dataclass(frozen=True)
class Step:
    """One step.

    Attributes:
        phase: ``start``, ``forward`` or ``backward``.
        title: the step in a few signs.
        sentence: what happens, in words.
        lines: the same as formulas, with the numbers.
        box: the key of the box that changes; ``""`` if it is not drawn.
        source: the key of the box that passes the gradient back; ``""`` if there is none.
        arrows: the places of the arrows along which it goes.
        cells: the boxes whose gradient changes, by key.
        flows: what each arrow carries from now on, by place.
        shares: how many contributions of the backward pass have been made after this step.
    """

    phase: str
    title: str
    sentence: Words
    lines: tuple[Line, ...]
    box: str
    source: str = ""
    arrows: tuple[int, ...] = ()
    cells: Mapping[str, Cell] | None = None
    flows: Mapping[int, str] | None = None
    shares: int = 0


class Passes:
    """The forward and the backward pass of one graph.

    Args:
        output: the result, one number.
        painter: paints the graph that is stepped through.
        wrt: the nodes that the gradient shall reach; all if not given.

    Attributes:
        picture: the graph without gradients.
        shares: every contribution of the backward pass, in order.
        steps: what is shown one after the other.
    """

    def __init__(self, output: Node, painter: Painter, wrt: Sequence[Node] | None) -> None:
        self.painter = painter
        self.picture: Picture = painter.picture()
        self.graph = graph = painter.graph
        nodes = ancestors([output])
        nodes = nodes if wrt is None else between(nodes, wrt)
        path = [graph.vertex(node) for node in reversed(nodes)]
        drawn = {i for part in painter.parts for i in part.members}
        parts = [*painter.parts, *(Part((v.index,)) for v in graph.vertices if v.index not in drawn)]
        self.order = newest_first(graph, parts)
        self.shares = backward(graph, self.order, {v.index for v in path})
        gradients = {one.operand.index: one.total for one in self.shares}
        self.root = graph.vertex(output)
        self.gradients = {**gradients, self.root.index: derive.ones(self.root)}
        self.story = Story(graph, path, self.gradients)
        self.story.fmt = painter.fmt
        self.narrator = Narrator(self.story, painter.fmt)
        self.keys = {i: f"n{p + 1}" for p, part in enumerate(painter.parts) for i in part.members}
        self.arrow = {(v.index, at): i for i, (uses, _, _) in enumerate(painter.uses()) for v, at in uses}
        self.received: dict[int, list[int]] = {}
        self.carried: dict[int, list[int]] = {}
        for k, one in enumerate(self.shares):
            self.received.setdefault(one.operand.index, []).append(k)
            if (use := (one.vertex.index, one.position)) in self.arrow:
                self.carried.setdefault(self.arrow[use], []).append(k)
        self.steps = tuple(self._steps())

    def gradients_after(self, step: int) -> dict[Node, Any]:
        """The gradients after a step, exactly as far as the backward pass has come by then."""
        if self.steps[step].phase != "backward":
            return {}
        found: dict[int, Any] = {self.root.index: self.gradients[self.root.index]}
        found |= {one.operand.index: one.total for one in self.shares[: self.steps[step].shares]}
        return {node: g for i, g in found.items() if (node := self.graph.vertices[i].node) is not None}

    def _steps(self) -> Iterator[Step]:
        given = [v for v in self.graph.vertices if v.index in self.keys and not v.operands]
        yield Step("start", "start", self.narrator.start(given), (), "")
        yield from self._forward()
        yield from self._backward()

    def _forward(self) -> Iterator[Step]:
        oldest_first = (self.keys[i] for i in reversed(self.order) if i in self.keys)
        for key in dict.fromkeys(oldest_first):
            p = _place(key)
            part = self.painter.parts[p]
            made = [self.graph.vertices[i] for i in part.members if self.graph.vertices[i].operands]
            if not made:
                continue
            entering = tuple(i for i, arrow in enumerate(self.picture.arrows) if arrow.head == key)
            if len(part.members) == 1:
                lines = self.narrator.definition(made[0])
                title, sentence = lines[0].words[0].text, self.narrator.computed(made[0])
            else:
                title, lines = self.picture.boxes[p].name, ()
                many = f"The {len(made):,} operations of {{box}} are computed at once."
                sentence = say(many if len(made) > 1 else "{box} is computed.", box=Word(title, "node"))
            yield Step("forward", title, sentence, lines, key, "", entering)

    def _backward(self) -> Iterator[Step]:
        root = self._key(self.root)
        cells = {root: Cell(self.narrator.written(self.gradients[self.root.index]), complete=True)} if root else {}
        yield Step("backward", "seed", self.narrator.seed(), self.narrator.seeded(), root, cells=cells)
        groups = self._groups()
        for start, end in groups:
            yield self._passed_back(start, end, last=end == groups[-1][1])

    def _groups(self) -> list[tuple[int, int]]:
        """Where each step starts and ends among the shares: one share each, or all that leave a folded box.

        What happens where nothing is drawn belongs to the step after it.
        """
        groups: list[tuple[int, int]] = []
        start = 0
        for k, one in enumerate(self.shares):
            after = self.shares[k + 1] if k + 1 < len(self.shares) else None
            head = self._key(one.vertex)
            whole = after is not None and self._folded(head) and self._key(after.vertex) == head
            drawn = self._key(one.operand) or head
            if not whole and drawn and (after is None or self._folded(head) or self._key(one.operand) != head):
                groups.append((start, k + 1))
                start = k + 1
        if groups and start < len(self.shares):
            groups[-1] = groups[-1][0], len(self.shares)
        return groups

    def _key(self, vertex: Vertex) -> str:
        """The key of the box in which a vertex is drawn; ``""`` if it is not."""
        return self.keys.get(vertex.index, "")

    def _folded(self, key: str) -> bool:
        return bool(key) and len(self.painter.parts[_place(key)].members) > 1

    def _passed_back(self, start: int, end: int, last: bool) -> Step:
        group = self.shares[start:end]
        drawn = [x for x in group if self._key(x.operand) or self._key(x.vertex)]
        between = [x for x in drawn if self._key(x.operand) != self._key(x.vertex)]
        one = (between or drawn)[-1]
        tail, head = self._key(one.operand), self._key(one.vertex)
        seen = [x for x in group if self._key(x.vertex) == head and (self._key(x.operand) != head or not head)]
        uses = [(x.vertex.index, x.position) for x in seen]
        arrows = tuple(dict.fromkeys(self.arrow[use] for use in uses if use in self.arrow))
        boxes = dict.fromkeys([*(self._key(x.operand) for x in group), tail])
        cells = {key: self._cell(key, end) for key in boxes if key}
        flows = {i: self._flow(i, end) for i in arrows}
        if self._folded(head) or not head:
            told = [x for x in group if x in seen or not x.operand.operands] or group
            sentence, lines = self._at_once(told, head, last)
            title = f"{self._title(head)} passes back"
        else:
            before = [self.shares[k].share for k in self.received[one.operand.index][: one.nth - 1]]
            sentence, lines = self.narrator.passed_back(one, last), self.narrator.formulas(one, before)
            few = text.size(one.share) <= text.SMALL
            title = f"grad({one.operand.name}) += {self.narrator.written(one.share) if few else text.shape(one.share)}"
        return Step("backward", title, sentence, lines, tail, head, arrows, cells, flows, end)

    def _title(self, key: str) -> str:
        """The name of a box."""
        return self.picture.boxes[_place(key)].name if key else "What is not drawn"

    def _at_once(self, group: Sequence[Share], head: str, last: bool) -> tuple[Words, tuple[Line, ...]]:
        """What comes out of a folded box, or of something that is not drawn."""
        whole = Word(self._title(head), "node" if head else "")
        operands = list(dict.fromkeys(x.operand for x in group))
        words = say("{whole} passes the gradient back to {a}, all at once.", whole=whole, a=listed(operands))
        lines = [
            Line("what arrives", (Word(f"grad({x.operand.name}) += "), Word(self.narrator.written(x.share), "share")))
            for x in group[:MOST_NAMED]
        ]
        return words + self.narrator.done() if last else words, tuple(lines)

    def _flow(self, arrow: int, end: int) -> str:
        """What an arrow has carried back after so many shares."""
        group = [self.shares[k] for k in self.carried[arrow] if k < end]
        if len({x.operand for x in group}) > 1 or (np.ndim(group[0].share) and group[0].of == 1):
            return ""
        share = sum((x.share for x in group[1:]), start=group[0].share)
        few = text.size(share) <= text.SMALL
        return self.narrator.written(share) if few else f"length {text.number(length(share))}"

    def _cell(self, key: str, end: int) -> Cell:
        """What a box says after so many shares; a folded one speaks of what leaves it."""
        exits = self.painter.exits(self.painter.parts[_place(key)])
        if len(exits) != 1:
            return Cell("")
        got = [self.shares[k] for k in self.received.get(exits[0], ()) if k < end]
        if not got:
            seeded = exits[0] == self.root.index
            return Cell(self.narrator.written(self.gradients[exits[0]]), complete=True) if seeded else Cell()
        now = got[-1]
        complete = now.nth == now.of
        terms = ""
        if now.of > 1 and (np.ndim(now.share) or now.of > MOST_TERMS):
            terms = f"the sum of {now.of:,} shares" if complete else f"{now.nth:,} of {now.of:,} shares"
        elif now.of > 1:
            terms = signed([text.number(x.share, self.painter.fmt) for x in got]) + ("" if complete else " + …")
        return Cell(self.narrator.written(now.total), terms, complete)


def _place(key: str) -> int:
    """The place of a box by its key."""
    return int(key[1:]) - 1


def checked(output: Any, wrt: Any) -> list[Node] | None:
    """The nodes that the gradient shall reach, all if ``None``; after what cannot be stepped through is refused."""
    if not output.requires_grad:
        raise bad_argument(
            f"{CALL})", "an output that was recorded from something with requires_grad=True",
            f"{describe(output)} with requires_grad=False: a constant, a detached result, or made under no_grad()",
            "make the inputs with requires_grad=True (the default) and compute outside no_grad()",
        )  # fmt: skip
    if text.size(output._data) != 1:
        raise not_scalar(f"{CALL})", np.shape(output._data))
    if wrt is None:
        return None
    several = list(wrt) if isinstance(wrt, (list, tuple)) else [wrt]
    nodes = set(ancestors([output]))
    for x in several:
        if not isinstance(x, Node) or x not in nodes:
            frozen = isinstance(x, Node) and not x.requires_grad
            raise bad_argument(
                f"{CALL}, wrt=...)", "nodes that the output was made from and that require a gradient",
                f"{describe(x)}, which {'requires no gradient' if frozen else 'does not lead to it'}", "wrt=w",
            )  # fmt: skip
    return several
