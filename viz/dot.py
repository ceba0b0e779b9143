"""A picture in DOT, Graphviz's language."""

from __future__ import annotations

import hashlib

from . import colours, text
from .colours import CANVAS, DATA, FONT, GRAD, INK, LOCAL, MUTED, PALE_INK, PALE_LINE, STYLES, WIRE, in_theme
from .label import attributes, cell, table
from .label import text as escaped
from .legend import heading
from .overlay import Mark
from .picture import Arrow, Box, Picture

BAR = 72
"""The width of a bar of health."""


def to_dot(picture: Picture, legend: bool = True, theme: str = "auto") -> str:
    """The picture as a DOT program. Equal pictures give equal bytes."""
    return in_theme("\n".join(["digraph chainrule {", *statements(picture, legend), "}", ""]), theme)


def statements(picture: Picture, legend: bool = True) -> list[str]:
    """The lines between the braces of the DOT program."""
    prefix = "c" + hashlib.sha256(repr(picture).encode()).hexdigest()[:8]
    look = attributes(
        rankdir=picture.direction, bgcolor=CANVAS, fontname=FONT, fontsize=10,
        nodesep=0.28, ranksep=0.36, pad="0.2,0.15", labelloc="t", labeljust="l",
        ordering="in", id=prefix,
    )  # fmt: skip
    lines = [
        f"\tgraph [{look}]",
        f"\tnode [{attributes(fontname=FONT, fontsize=12, fontcolor=INK, margin='0.09,0.05')}]",
        f"\tedge [{attributes(fontname=FONT, fontsize=10, fontcolor=LOCAL, color=WIRE, arrowsize=0.7)}]",
    ]
    top = heading(picture, legend)
    if top:
        lines.append(f"\tlabel=<{top}>")
    lines += [_node(box, prefix) for box in picture.boxes]
    lines += [_edge(arrow, i, prefix) for i, arrow in enumerate(picture.arrows, 1)]
    return lines


# Nodes.


def _node(box: Box, prefix: str) -> str:
    style = STYLES[box.role]
    look = attributes(
        id=f"{prefix}-{box.key}", shape=style.shape, style=style.style,
        fillcolor=colours.PALE_FILL if box.pale else style.fill, color=PALE_LINE if box.pale else style.line,
        penwidth=style.width, tooltip=sentence(box), **{"class": box.role},
    )  # fmt: skip
    return f"\t{box.key} [{look} label=<{_card(box)}>]"


def sentence(box: Box) -> str:
    """The box in one line, for a pointer that rests on it and for screen readers."""
    title = f"{box.name} = {box.operation}" if box.operation else box.name
    grad = f"grad {box.grad}" + (f" = {box.terms}" if box.terms else "") if box.grad else ""
    mark = box.mark.words if box.mark else ""
    parts = (title, box.members, f"data {box.data}" if box.data else "", grad, box.shape, mark, box.scope)
    return "; ".join(part for part in parts if part)


def _card(box: Box) -> str:
    """Name and operation, a rule, then a row each for data and gradient, and what else there is to say."""
    name, quiet = (PALE_INK, PALE_INK) if box.pale else (INK, MUTED)
    operation = f" = {text.clip(box.operation, 48)}" if box.operation else ""
    title = f'<FONT COLOR="{name}"><B>{escaped(box.name)}</B>{escaped(operation)}</FONT>'
    rows = [f'<TR><TD COLSPAN="2" ALIGN="LEFT">{title}</TD></TR>']
    if box.mark:
        rows.insert(0, _mark(box.mark))
    if box.members:
        rows.append(_wide(box.members, quiet))
    gradient = "" if box.role == "constant" else box.grad  # which has none
    if box.data or gradient:
        rows.append("<HR/>")
    if box.data:
        rows += _number("data", box.data, PALE_INK if box.pale else DATA, quiet)
    if gradient:
        rows += _number("grad", gradient, PALE_INK if box.pale else GRAD, quiet)
    if box.terms:
        rows.append(_wide(f"= {box.terms}", PALE_INK if box.pale else GRAD, align="RIGHT"))
    module = f"of module {text.clip(box.scope, 24)}" if box.scope and box.operation else ""
    if box.shape or module:
        rows.append(_wide(" ".join(filter(None, (box.shape, module))), quiet))
    return table(rows, padding=2, colour=PALE_LINE if box.pale else STYLES[box.role].line)


def _number(label: str, value: str, colour: str, quiet: str) -> list[str]:
    """A row with a number; the range of a large array has a row of its own."""
    first, *rest = text.lines(value)
    rows = [f"<TR>{cell(label, quiet, size=10)}{cell(first, colour, align='RIGHT')}</TR>"]
    return rows + [_wide(line, colour, align="RIGHT") for line in rest]


def _wide(value: str, colour: str, align: str = "LEFT") -> str:
    return f"<TR>{cell(value, colour, size=9, align=align, span=2)}</TR>"


def _mark(mark: Mark) -> str:
    """What an overlay says, on its colour, or its bar; above the bar only what is wrong."""
    words = f'<FONT POINT-SIZE="10" COLOR="{mark.ink}">{escaped(mark.words)}</FONT>'
    row = f'<TR><TD COLSPAN="2" BGCOLOR="{mark.colour}">{words}</TD></TR>' if mark.words else ""
    parts = "".join(
        f'<TD BGCOLOR="{colour}" WIDTH="{max(round(BAR * share), 2)}" HEIGHT="7"></TD>' for colour, share in mark.cells
    )
    bar = f'<TR><TD COLSPAN="2">{table([f"<TR>{parts}</TR>"])}</TD></TR>' if parts else ""
    return row + bar


# Edges.


def _edge(arrow: Arrow, i: int, prefix: str) -> str:
    hint = "; ".join(part for part in (arrow.formula or arrow.derivative, arrow.flow and f"← {arrow.flow}") if part)
    closed = arrow.flow == "0"
    look = attributes(
        id=f"{prefix}-e{i}", tooltip=hint, labeltooltip=hint,
        style="dotted" if closed else "solid" if arrow.flows else "dashed", penwidth=round(0.9 + 1.5 * arrow.weight, 2),
        **({"color": PALE_LINE} if arrow.pale else {}),
    )  # fmt: skip
    label = arrow.derivative or (arrow.formula if arrow.flows else "")
    local = PALE_INK if arrow.pale else LOCAL if arrow.derivative else MUTED
    rows = [f"<TR>{cell(text.clip(label, 64), local, size=10)}</TR>"] if label else []
    if arrow.flow:
        rows.append(f"<TR>{cell(f'← {arrow.flow}', PALE_INK if arrow.pale else GRAD, size=10)}</TR>")
    # cells keep the words off the line, and their ground hides other lines below them
    ground = f'<TR><TD WIDTH="5"></TD><TD BGCOLOR="{CANVAS}">{table(rows, padding=1)}</TD><TD WIDTH="2"></TD></TR>'
    written = f" label=<{table([ground], padding=1)}>" if rows else ""
    return f"\t{arrow.tail} -> {arrow.head} [{look}{written}]"
