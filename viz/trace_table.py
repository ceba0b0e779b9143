"""A derivation as a table: forward downwards, backward upwards, one row for each step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from . import text
from .derivation import Document, Equation, Written, markdown
from .latex import escaped, latex_name, partial
from .replay import Replay
from .story import Story, small
from .walk import Vertex

TITLES = ("step", "forward", "value", "backward", "gradient")
EMPTY = Written("", "")


@dataclass(frozen=True)
class TraceTable(Document):
    """A trace of both passes: read ``forward`` from the top down, and ``backward`` from the bottom up.

    Attributes:
        output: the name of what was differentiated.
        wrt: the name of what it was differentiated by.
        rows: for each step its number, how the result was computed, its value, the gradient as symbols and
            numbers, and its value.
        value: the gradient.
        replay: computes the forward pass anew.
    """

    output: str
    wrt: str
    rows: tuple[tuple[Written, ...], ...]
    value: Any
    replay: Replay | None = field(default=None, compare=False, repr=False)

    @property
    def _heads(self) -> tuple[str, ...]:
        return (*TITLES[:4], f"∂{self.output}/∂step")

    def __str__(self) -> str:
        cells = [list(self._heads), *([cell.text for cell in row] for row in self.rows)]
        widths = [max(len(row[k]) for row in cells) for k in range(len(TITLES))]
        lines = [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells
        ]
        rule = "  ".join("-" * width for width in widths)
        title = f"The gradient of {self.output} with respect to {self.wrt}: forward downwards, backward upwards"
        return "\n".join([title, "", lines[0], rule, *lines[1:]])

    def to_markdown(self) -> str:
        """A table in Markdown."""
        left, _ = partial(self.output, self.wrt)
        lines = [f"### {markdown(left)}", "", "Read *forward* downwards and *backward* upwards.", ""]
        lines.append("| " + " | ".join(markdown(head) for head in self._heads) + " |")
        lines.append("|" + " --- |" * len(TITLES))
        for row in self.rows:
            # a bar within mathematics would end the cell
            cells = [f"${cell.latex}$".replace("|", r"\vert ") if cell.latex else "" for cell in row]
            lines.append("| " + " | ".join(cells) + " |")
        return "\n".join(lines) + "\n"

    def to_latex(self) -> str:
        """An ``array`` environment, for use within mathematics."""
        _, gradient = partial(self.output, "step")
        heads = [rf"\mathrm{{{escaped(head)}}}" for head in TITLES[:4]] + [gradient]
        rows = [" & ".join(cell.latex for cell in row) for row in self.rows]
        body = " \\\\\n".join([" & ".join(heads) + r" \\ \hline", *rows]).replace(r"\hline \\", r"\hline")
        return f"\\begin{{array}}{{rlrlr}}\n{body}\n\\end{{array}}"


def trace_rows(
    story: Story, given: Sequence[Vertex], path: Sequence[Vertex], most: int
) -> tuple[tuple[Written, ...], ...]:
    """The rows: what is given, then the results on the way, each with its gradient if it is on the way."""
    on_the_way = {v.index for v in path}
    made = {v.index for v in path if v is not path[0]}
    vertices = sorted({v.index: v for v in (*given, *path)}.values(), key=lambda v: v.index)
    shown = vertices if len(vertices) <= most else [*vertices[: most // 2], *vertices[len(vertices) - most // 2 :]]
    rows = []
    for step, vertex in enumerate(vertices, 1):
        if vertex in shown:
            forward = story.definition(vertex) if vertex.index in made else None
            backward = story.gradient(vertex) if vertex.index in on_the_way else None
            rows.append(_row(story, step, vertex, forward, backward))
        elif rows[-1][0].text != "…":
            words = f"{text.plural(len(vertices) - len(shown), 'step')} left out"
            rows.append((Written("…", r"\vdots"), Written(words, rf"\mathrm{{{escaped(words)}}}"), *[EMPTY] * 3))
    return tuple(rows)


def _row(
    story: Story, step: int, vertex: Vertex, forward: Equation | None, backward: Equation | None
) -> tuple[Written, ...]:
    name = Written(vertex.name, latex_name(vertex.name))
    value = story.result(vertex.data) if small(vertex.data) or forward else Written(text.array(vertex.data), "")
    how = _joined([name, *forward.sides[:-1]]) if forward else name
    back, gradient = EMPTY, EMPTY
    if backward is not None:
        back, gradient = _joined(backward.sides[:-1][-2:]), backward.sides[-1]
    if not value.latex:
        value = Written(value.text, rf"\mathrm{{{escaped(value.text)}}}")
    return (Written(str(step), str(step)), how, value, back, gradient)


def _joined(sides: Sequence[Written]) -> Written:
    return Written(" = ".join(side.text for side in sides), " = ".join(side.latex for side in sides))
