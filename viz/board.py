"""The graph on which the passes are played: boxes and arrows in places that Graphviz finds, as SVG.

The places are for the widest words that a box will ever hold, so that nothing moves while the page plays.
Words are set in a font whose letters are all equally wide, so that they fit in every browser.
"""

from __future__ import annotations

import json
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Any, NamedTuple

from . import text
from .label import visible
from .picture import Arrow, Box
from .render import render
from .steps import Cell, Passes

LETTER, SMALL_LETTER = 7.3, 6.1
"""How wide a letter is, in 12 and in 10 points."""

ROW, PAD = 18, 10
LABEL_ROW = 14
STAGE = 860, 620
"""About how large the stage of the page is."""

FEW = 60
"""Graphs of so many boxes are laid out both ways, and the better one is taken."""

TITLE = 40
"""A longer operation is clipped."""


HEADS = "<defs>{}</defs>".format(
    "".join(
        f'<marker id="chainrule-{kind}" viewBox="0 0 10 8" refX="10" refY="4" markerWidth="10" markerHeight="8" '
        'markerUnits="userSpaceOnUse" orient="auto-start-reverse"><path d="M0 0L10 4L0 8Z"/></marker>'
        for kind in ("ahead", "back")
    )
)
"""The heads of arrows: forward, and back."""


class Point(NamedTuple):
    """A place, in points from the upper left."""

    x: float
    y: float


@dataclass(frozen=True)
class Route:
    """An arrow: the points of its curve from the operand to the result, and where its words stand."""

    curve: tuple[Point, ...]
    label: Point | None


class Board:
    """The drawn graph of two passes.

    Args:
        passes: the passes.
        direction: ``LR``, ``TB``, or ``auto``: the way in which more of it can be seen at once.
    """

    def __init__(self, passes: Passes, direction: str = "auto") -> None:
        self.direction = direction
        self.picture = passes.picture
        self.cells: dict[str, list[Cell]] = {box.key: [Cell()] for box in self.picture.boxes}
        self.flows: dict[int, list[str]] = {}
        for step in passes.steps:
            for key, cell in (step.cells or {}).items():
                self.cells[key].append(cell)
            for i, flow in (step.flows or {}).items():
                self.flows.setdefault(i, []).append(flow)
        self.steps = passes.steps

    # Rows: what stands in a box, and how wide it is.

    def _grad_rows(self, box: Box) -> int:
        return (
            0
            if box.role == "constant" or not box.data
            else max(len(text.lines(cell.grad)) for cell in self.cells[box.key])
        )

    def _terms(self, box: Box) -> bool:
        return any(cell.terms for cell in self.cells[box.key])

    @staticmethod
    def _notes(box: Box) -> str:
        """The last line: what is folded, dtype and shape."""
        return "; ".join(part for part in (box.members, box.shape) if part)

    def _size(self, box: Box) -> tuple[float, float]:
        cells = self.cells[box.key]
        wide = [sum(map(width, _title(box))), *(width(row) + 6 for row in text.lines(box.data))]
        wide += [width(row) + 6 for cell in cells for row in text.lines(cell.grad)]
        small = [width(cell.terms) + 2 for cell in cells] + [width(self._notes(box))]
        rows = 1 + (len(text.lines(box.data)) if box.data else 0) + self._grad_rows(box)
        height = ROW * rows + LABEL_ROW * (self._terms(box) + bool(self._notes(box))) + PAD + 6
        return max(LETTER * max(wide), SMALL_LETTER * max(small)) + 2 * PAD, height

    def _label(self, i: int, arrow: Arrow) -> list[str]:
        """The words on an arrow, as they are at the end: the local derivative, and what flowed back."""
        local = text.clip(arrow.derivative or (arrow.formula if arrow.flows else ""), TITLE)
        flow = self.flows.get(i, [""])[-1]
        return [visible(local), f"← {visible(flow)}" if flow else ""]

    # Places.

    @cached_property
    def places(self) -> tuple[Point, dict[str, Point], list[Route]]:
        """The size of the whole, the middle of each box, and the route of each arrow.

        Raises:
            RenderError: no renderer is installed, or none that managed.
        """
        few = len(self.picture.boxes) <= FEW
        ways = (self.direction,) if self.direction != "auto" else ("LR", "TB") if few else (self.picture.direction,)
        layouts = [json.loads(render(self._dot(way), "json")) for way in ways]
        laid = min(layouts, key=lambda layout: _too_large(*_extent(layout)))
        w, h = _extent(laid)
        boxes = {o["name"]: _point(o["pos"], h) for o in laid["objects"]}
        found = {edge["id"]: edge for edge in laid.get("edges", [])}
        routes = []
        for i in range(len(self.picture.arrows)):
            edge = found[f"e{i}"]
            end, *curve = edge["pos"].removeprefix("e,").split(" ")
            points = tuple(_point(p, h) for p in [*curve, end])
            routes.append(Route(points, _point(edge["lp"], h) if "lp" in edge else None))
        return Point(w, h), boxes, routes

    def _dot(self, way: str) -> str:
        lines = [f"digraph {{ rankdir={way}; nodesep=0.35; ranksep=0.5; ordering=in"]
        for box in self.picture.boxes:
            w, h = self._size(box)
            lines.append(f'{box.key} [shape=box label="" fixedsize=true width={w / 72:.3f} height={h / 72:.3f}]')
        for i, arrow in enumerate(self.picture.arrows):
            rows = [row for row in self._label(i, arrow) if row]
            w, h = SMALL_LETTER * max(map(width, rows), default=0) + 12, LABEL_ROW * len(rows) + 4
            room = f'<TABLE BORDER="0" FIXEDSIZE="TRUE" WIDTH="{w:.0f}" HEIGHT="{h}"><TR><TD></TD></TR></TABLE>'
            lines.append(f"{arrow.tail} -> {arrow.head} [id=e{i}" + (f" label=<{room}>]" if rows else "]"))
        return "\n".join([*lines, "}"])

    # Drawing.

    def svg(self, step: int = -1, style: str = "") -> str:
        """The graph as it is after a step.

        Args:
            step: which; -1 is the last.
            style: the style sheet, for a picture that stands by itself.

        Raises:
            RenderError: no renderer is installed, or none that managed.
        """
        size, boxes, routes = self.places
        last = self.steps[: step + 1] if step >= 0 else self.steps
        now = last[-1]
        cells: dict[str, Cell] = {box.key: Cell() for box in self.picture.boxes}
        flows: dict[int, str] = {}
        made = {box.key for box in self.picture.boxes if not box.operation and not box.members}
        for one in last:
            cells |= one.cells or {}
            flows |= one.flows or {}
            made |= {one.box} if one.phase == "forward" else set()
        lit = set(now.arrows)
        words = f"The graph: {len(self.picture.boxes):,} boxes"
        w, h = f"{size.x + 16:g}", f"{size.y + 16:g}"
        look = f'class="chainrule-board" viewBox="-8 -8 {w} {h}" width="{w}" height="{h}"'
        parts = [f'<svg xmlns="http://www.w3.org/2000/svg" {look} role="group" aria-label="{words}">']
        parts += [f"<style>{style}</style>"] if style else []
        parts.append(HEADS)
        for i, (arrow, route) in enumerate(zip(self.picture.arrows, routes, strict=True)):
            state = f" done{' lit' if i in lit else ''}" if i in flows else " ahead" if i in lit else ""
            parts.append(self._arrow(i, arrow, route, state))
        for box in self.picture.boxes:
            state = "" if box.key in made else " unknown"
            state += " active" if box.key == now.box else " source" if box.key == now.source else ""
            parts.append(self._box(box, boxes[box.key], cells[box.key], state))
        return "".join([*parts, "</svg>"])

    def _box(self, box: Box, at: Point, cell: Cell, state: str) -> str:
        w, h = self._size(box)
        x, y = PAD, ROW
        name, operation = _title(box)
        rows = [
            f'<text class="title" x="{x}" y="{y}"><tspan class="name">{_safe(name)}</tspan>{_safe(operation)}</text>'
        ]
        rows.append(f'<line x1="0" x2="{w:g}" y1="{y + 7}" y2="{y + 7}"/>')
        y += 5
        for label, kind, lines, room in (
            ("data", "data", text.lines(box.data) if box.data else [], len(text.lines(box.data)) if box.data else 0),
            ("grad", "grad", text.lines(cell.grad), self._grad_rows(box)),
        ):
            for k in range(room):
                y += ROW
                rows += [f'<text class="label" x="{x}" y="{y}">{label}</text>'] if not k else []
                rows.append(_right(kind, w - PAD, y, lines[k] if k < len(lines) else ""))
        if self._terms(box):
            y += LABEL_ROW
            rows.append(_right("terms", w - PAD, y, terms(cell)))
        if self._notes(box):
            y += LABEL_ROW
            rows.append(f'<text class="note" x="{x}" y="{y}">{_safe(self._notes(box))}</text>')
        corner = 9 if box.role == "leaf" else 2
        return (
            f'<g class="box {box.role}{" pale" if box.pale else ""}{state}" data-key="{box.key}" '
            f'transform="translate({at.x - w / 2:.1f} {at.y - h / 2:.1f})">'
            f'<rect class="halo" x="-5" y="-5" width="{w + 10:g}" height="{h + 10:g}" rx="{corner + 5}"/>'
            f'<rect class="card" width="{w:g}" height="{h:g}" rx="{corner}"/>{"".join(rows)}</g>'
        )

    def _arrow(self, i: int, arrow: Arrow, route: Route, state: str) -> str:
        *curve, tip = route.curve
        path = f"M{curve[0].x:.0f} {curve[0].y:.0f}C" + " ".join(f"{p.x:.0f} {p.y:.0f}" for p in curve[1:])
        path += f"L{tip.x:.0f} {tip.y:.0f}"
        kind = "" if arrow.flows else " constant"
        words = ""
        if route.label is not None:
            rows = [(kind, row) for kind, row in zip(("local", "flow"), self._label(i, arrow), strict=True) if row]
            top = route.label.y - LABEL_ROW * len(rows) / 2 + 11
            words = "".join(
                f'<text class="{kind}" x="{route.label.x:.0f}" y="{top + LABEL_ROW * k:.0f}">{escape(row)}</text>'
                for k, (kind, row) in enumerate(rows)
            )
        return (
            f'<g class="arrow{kind}{" pale" if arrow.pale else ""}{state}" data-arrow="{i}">'
            f'<path class="wire" pathLength="1" d="{path}"/>{words}</g>'
        )


def terms(cell: Cell) -> str:
    """How a gradient adds up, as a box says it."""
    return (
        f"= {cell.terms}" if cell.terms and cell.terms[0] in "-0123456789" and " of " not in cell.terms else cell.terms
    )


def width(words: str) -> int:
    """How many letters wide something is; signs of East Asia are two wide."""
    return sum(
        2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1 for c in visible(words)
    )


def _title(box: Box) -> tuple[str, str]:
    """The name of a box, and the operation that made it."""
    return text.clip(box.name, TITLE), f" = {text.clip(box.operation, TITLE)}" if box.operation else ""


def _safe(words: str) -> str:
    return escape(visible(words))


def _right(kind: str, x: float, y: float, words: str) -> str:
    return f'<text class="{kind}" x="{x:g}" y="{y}">{_safe(words)}</text>'


def _extent(layout: Any) -> tuple[float, float]:
    """How wide and how high a layout of Graphviz is."""
    _, _, w, h = map(float, layout["bb"].split(","))
    return w, h


def _too_large(w: float, h: float) -> float:
    """How much larger than the stage of the page something is."""
    return max(w / STAGE[0], h / STAGE[1], 1.1)


def _point(written: str, height: float) -> Point:
    """A place of Graphviz, which counts from below."""
    x, y = map(float, written.split(","))
    return Point(x, height - y)
