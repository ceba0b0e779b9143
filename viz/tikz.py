"""A picture as a LaTeX document with TikZ, for papers: nodes in ranks, arrows with their derivatives."""

from __future__ import annotations

from collections.abc import Sequence

from . import text
from .colours import GRAD, LOCAL, MUTED, PALE_FILL, PALE_LINE, STYLES, WIRE
from .direction import levels
from .label import visible
from .latex import SIGNS, escaped, latex_name
from .picture import Arrow, Box, Picture

ACROSS, DOWN = 4.6, 2.4
"""Centimetres from one rank to the next, and between nodes of the same rank."""

BREAK = r" \\ "

HEAD = r"""\documentclass[tikz, border=6pt]{standalone}
\usepackage{amsmath, amssymb}
\providecommand{\lt}{<}
\providecommand{\gt}{>}
"""


def to_tikz(picture: Picture) -> str:
    """The picture as a document of the class ``standalone``."""
    colours = {"grad": GRAD, "local": LOCAL, "muted": MUTED, "wire": WIRE, "pale": PALE_FILL, "paleline": PALE_LINE}
    for role, style in STYLES.items():
        colours |= {role: style.fill, f"{role}line": style.line}
    lines = [rf"\definecolor{{{name}}}{{HTML}}{{{colour[1:].upper()}}}" for name, colour in colours.items()]
    lines += [r"\begin{document}", r"\begin{tikzpicture}[>=stealth, font=\sffamily\small, line width=0.6pt,"]
    lines += [f"  {role}/.style={{draw={role}line, fill={role}{_shape(role)}}}," for role in STYLES]
    lines += ["  pale/.style={draw=paleline, fill=pale, text=muted},"]
    lines += [
        r"  wire/.style={->, draw=wire}, on wire/.style={sloped, above, font=\sffamily\scriptsize, align=center}]"
    ]
    places = _places(picture)
    lines += [_node(box, *places[box.key]) for box in picture.boxes]
    seen: dict[tuple[str, str], int] = {}
    for arrow in picture.arrows:
        ends = arrow.tail, arrow.head
        seen[ends] = seen.get(ends, -1) + 1
        lines.append(_arrow(arrow, seen[ends]))
    lines += [r"\end{tikzpicture}", r"\end{document}"]
    return HEAD + "\n".join(lines) + "\n"


def _shape(role: str) -> str:
    return {"leaf": ", rounded corners=4pt", "constant": ", dashed", "output": ", line width=1.4pt"}.get(role, "")


def _places(picture: Picture) -> dict[str, tuple[float, float]]:
    """Where each box stands: by its steps from the start, and centred among those of the same rank."""
    keys = [box.key for box in picture.boxes]
    index = {key: i for i, key in enumerate(keys)}
    sources: list[list[int]] = [[] for _ in keys]
    targets: list[list[int]] = [[] for _ in keys]
    for tail, head in dict.fromkeys((arrow.tail, arrow.head) for arrow in picture.arrows):
        sources[index[head]].append(index[tail])
        targets[index[tail]].append(index[head])
    level = levels(picture.boxes, picture.arrows)
    rank = [level[key] for key in keys]
    places = {}
    for r in sorted(set(rank)):
        column = _ordered([i for i in range(len(keys)) if rank[i] == r], sources, targets)
        for place, i in enumerate(column):
            x, y = (r - min(rank)) * ACROSS, ((len(column) - 1) / 2 - place) * DOWN
            places[keys[i]] = (x, y) if picture.direction == "LR" else (-y * ACROSS / DOWN, -x * DOWN / ACROSS * 1.2)
    return places


def _ordered(column: Sequence[int], sources: Sequence[Sequence[int]], targets: Sequence[Sequence[int]]) -> list[int]:
    """The boxes of a rank in the order of their results, and of the operands of one result."""

    def place(i: int) -> tuple[int, int]:
        first = min(targets[i], default=-1)
        return first, sources[first].index(i) if targets[i] else i

    return sorted(column, key=place)


def _node(box: Box, x: float, y: float) -> str:
    operation = f" = {text.clip(box.operation, 40)}" if box.operation else ""
    rows = [rf"\textbf{{{_text(box.name)}}}{_text(operation)}"]
    if box.members:
        rows.append(rf"\scriptsize\textcolor{{muted}}{{{_text(box.members)}}}")
    if box.data:
        rows.append(rf"\textcolor{{muted}}{{data}}\enspace {_text(box.data)}")
    if box.grad:
        terms = f" = {box.terms}" if box.terms else ""
        rows.append(rf"\textcolor{{muted}}{{grad}}\enspace \textcolor{{grad}}{{{_text(box.grad + terms)}}}")
    if box.shape:
        rows.append(rf"\scriptsize\textcolor{{muted}}{{{_text(box.shape)}}}")
    style = "pale" if box.pale else box.role
    return rf"\node[{style}, align=left] ({box.key}) at ({x:.2f}, {y:.2f}) {{{BREAK.join(rows)}}};"


def _arrow(arrow: Arrow, which: int) -> str:
    """The arrow; a further one between the same ends is bent."""
    label = arrow.derivative or (arrow.formula if arrow.flows else "")
    rows = [rf"\textcolor{{local}}{{{_text(text.clip(label, 48))}}}"] if label else []
    if arrow.flow:
        rows.append(rf"\textcolor{{grad}}{{$\leftarrow$ {_text(arrow.flow)}}}")
    written = rf" node[on wire] {{{BREAK.join(rows)}}}" if rows else ""
    bend = f"[bend {'left' if which % 2 else 'right'}={12 + 8 * which}]" if which else ""
    dashed = "" if arrow.flows else ", dashed"
    width = f", line width={0.5 + arrow.weight:.2f}pt" if arrow.weight else ""
    return rf"\draw[wire{dashed}{width}] ({arrow.tail}) to{bend}{written} ({arrow.head});"


def _text(value: str) -> str:
    """Text in LaTeX; what is no letter of its own is mathematics."""
    return "".join(_sign(c) for c in visible(value))


def _sign(c: str) -> str:
    """One character."""
    greek = latex_name(c)
    if c in SIGNS or (greek[0] == "\\" and greek[1:].isalpha()):
        return f"${SIGNS.get(c) or greek}$"
    return f"${escaped(c)}$" if c in "\\<>|^~" else escaped(c) if c in "{}$&#%_" else c
