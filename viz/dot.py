"""A picture in DOT, Graphviz's language, and the colours that it has in the light and in the dark."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from html import escape
from typing import NamedTuple

from .picture import ROLES, Arrow, Box, Picture
from .text import clip

FONT = "Arial"
FONTS = "Arial, 'Liberation Sans', Arimo, Helvetica, sans-serif"
"""Graphviz measures the first; browsers take whichever of the same widths is there."""

CANVAS, INK, MUTED, WIRE = "#fcfcfd", "#1b2430", "#5f6b7a", "#7a8696"
DATA, GRAD, LOCAL = "#1b2431", "#b4124f", "#00695f"
BANNER, BANNER_INK = "#fff3cf", "#6b4a00"


class Style(NamedTuple):
    """How a role looks: shape and line say the same as the colours do."""

    fill: str
    line: str
    shape: str
    style: str
    width: float
    meaning: str


STYLES = {
    "leaf": Style("#e2edff", "#2b67c2", "box", "rounded,filled", 1.3, "leaf: input or parameter"),
    "constant": Style("#f0f1f3", "#8792a1", "box", "dashed,filled", 1.1, "constant: no gradient"),
    "result": Style("#fdfdfe", "#5b6675", "box", "filled", 1.1, "result"),
    "output": Style("#ffecc2", "#b97a00", "box", "filled,bold", 2.2, "output"),
    "folded": Style("#efe8fc", "#7350bd", "folder", "filled", 1.3, "folded"),
}

DARK = {
    CANVAS: "#12161c", INK: "#eef2f6", MUTED: "#9aa7b6", WIRE: "#7f8c9c",
    DATA: "#eef2f7", GRAD: "#ff86b4", LOCAL: "#5ad1bf",
    BANNER: "#4a3805", BANNER_INK: "#ffe3a1",
    "#e2edff": "#16304f", "#2b67c2": "#6aa5ff",
    "#f0f1f3": "#1d232b", "#8792a1": "#77849a",
    "#fdfdfe": "#232b36", "#5b6675": "#8b98aa",
    "#ffecc2": "#4b3709", "#b97a00": "#f2b632",
    "#efe8fc": "#2e2549", "#7350bd": "#b79df3",
}  # fmt: skip
"""What each colour becomes where dark pages are preferred."""


def to_dot(picture: Picture, legend: bool = True) -> str:
    """The picture as a DOT program. Equal pictures give equal bytes."""
    return "\n".join(["digraph chainrule {", *statements(picture, legend), "}", ""])


def statements(picture: Picture, legend: bool = True, rankdir: str = "") -> list[str]:
    """The lines between the braces of the DOT program."""
    prefix = "c" + hashlib.sha256(repr(picture).encode()).hexdigest()[:8]
    look = _attributes(
        rankdir=rankdir or picture.direction, bgcolor=CANVAS, fontname=FONT, fontsize=10,
        nodesep=0.28, ranksep=0.5, pad=0.25, labelloc="t", labeljust="l", id=prefix,
    )  # fmt: skip
    lines = [
        f"\tgraph [{look}]",
        f"\tnode [{_attributes(fontname=FONT, fontsize=12, fontcolor=INK, margin='0.09,0.05')}]",
        f"\tedge [{_attributes(fontname=FONT, fontsize=10, fontcolor=LOCAL, color=WIRE, arrowsize=0.7)}]",
    ]
    heading = _heading(picture, legend)
    if heading:
        lines.append(f"\tlabel=<{heading}>")
    lines += [_node(box, prefix) for box in picture.boxes]
    lines += [_edge(arrow, i, prefix) for i, arrow in enumerate(picture.arrows, 1)]
    return lines


def themed(svg: str) -> str:
    """Graphviz's SVG with the colours for dark pages, and with fonts that every system has."""
    light_and_dark = "".join(
        f".chainrule [fill='{light}']{{fill:{dark}}}.chainrule [stroke='{light}']{{stroke:{dark}}}"
        for light, dark in DARK.items()
    )
    style = f"<style>@media (prefers-color-scheme:dark){{{light_and_dark}}}</style>"
    svg = svg.replace(f'font-family="{FONT}"', f'font-family="{FONTS}"')
    return re.sub(r"(<svg [^>]*)>", rf'\1 class="chainrule" role="img">{style}', svg, count=1)


# Nodes and edges.


def _attributes(**attributes: object) -> str:
    return " ".join(f'{key}="{_quoted(str(value))}"' for key, value in attributes.items())


def _quoted(value: str) -> str:
    r"""A DOT string takes backslashes for escapes and, where SVG comes from it, ampersands for entities."""
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")


def _node(box: Box, prefix: str) -> str:
    style = STYLES[box.role]
    look = _attributes(
        id=f"{prefix}-{box.key}", shape=style.shape, style=style.style, fillcolor=style.fill, color=style.line,
        penwidth=style.width, tooltip=_sentence(box), **{"class": box.role},
    )  # fmt: skip
    return f"\t{box.key} [{look} label=<{_card(box)}>]"


def _sentence(box: Box) -> str:
    """The box in one line, for a pointer that rests on it and for screen readers."""
    title = f"{box.name} = {box.operation}" if box.operation else box.name
    return "; ".join(part for part in (title, box.members, f"data {box.data}", f"grad {box.grad}", box.shape) if part)


def _card(box: Box) -> str:
    """Name and operation, a rule, then one row each for data and gradient."""
    operation = f" = {clip(box.operation, 48)}" if box.operation else ""
    rows = [f'<TR><TD COLSPAN="2" ALIGN="LEFT"><B>{_text(box.name)}</B>{_text(operation)}</TD></TR>']
    if box.members:
        rows.append(_wide(box.members))
    if box.data:
        rows.append("<HR/>")
        rows.append(_row("data", box.data, DATA))
        rows.append(_row("grad", box.grad, GRAD))
    if box.shape:
        rows.append(_wide(box.shape))
    line = STYLES[box.role].line
    table = f'BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="2" COLOR="{line}"'
    return f"<TABLE {table}>{''.join(rows)}</TABLE>"


def _row(label: str, value: str, colour: str) -> str:
    return (
        f'<TR><TD ALIGN="LEFT"><FONT POINT-SIZE="10" COLOR="{MUTED}">{label}</FONT></TD>'
        f'<TD ALIGN="RIGHT"><FONT COLOR="{colour}">{_text(value)}</FONT></TD></TR>'
    )


def _wide(value: str) -> str:
    small = f'<FONT POINT-SIZE="9" COLOR="{MUTED}">{_text(value)}</FONT>'
    return f'<TR><TD COLSPAN="2" ALIGN="LEFT">{small}</TD></TR>'


def _edge(arrow: Arrow, i: int, prefix: str) -> str:
    hint = arrow.formula or arrow.derivative
    look = _attributes(id=f"{prefix}-e{i}", tooltip=hint, labeltooltip=hint, style="solid" if arrow.flows else "dashed")
    label = arrow.derivative or (arrow.formula if arrow.flows else "")
    colour = LOCAL if arrow.derivative else MUTED
    words = f'<FONT COLOR="{colour}">{_text(clip(label, 64))}</FONT>'
    # a cell of its own keeps the words off the line
    cell = f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="0" CELLPADDING="3"><TR><TD>{words}</TD></TR></TABLE>'
    written = f" label=<{cell}>" if label else ""
    return f"\t{arrow.tail} -> {arrow.head} [{look}{written}]"


def _text(value: str) -> str:
    """Text in an HTML-like label: as it is, with room for the letters that the renderer measures too narrow.

    graphviz-pure takes a letter that is not ASCII for one space a byte. For letters of two bytes, and for
    the wide ones of East Asia, that is too little.
    """
    visible = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in value)
    two_bytes = sum(len(c.encode()) == 2 for c in visible)
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in visible)
    visible = re.sub(r"\\(?=[A-Z])", "\\\\\N{WORD JOINER}", visible)  # or else \N would become the key of the node
    return escape(visible) + "&#160;" * ((two_bytes + 2 * wide + 2) // 4)


# Banners and legend.


def _heading(picture: Picture, legend: bool) -> str:
    rows = [_banner(banner) for banner in picture.banners]
    if legend:
        rows.append(f'<TR><TD ALIGN="LEFT">{_legend(picture)}</TD></TR>')
    return f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="6">{"".join(rows)}</TABLE>' if rows else ""


def _banner(banner: str) -> str:
    words = f'<FONT POINT-SIZE="12" COLOR="{BANNER_INK}"><B>{_text(banner)}</B></FONT>'
    return f'<TR><TD ALIGN="LEFT" BGCOLOR="{BANNER}" CELLPADDING="6">{words}</TD></TR>'


def _legend(picture: Picture) -> str:
    """One swatch for each role that is to be seen, and what the coloured writing is."""
    present = {box.role for box in picture.boxes}
    gap = '<TD WIDTH="12"></TD>'
    cells: list[str] = []
    for role in ROLES:
        if role in present:
            style = STYLES[role]
            border = "ROUNDED" if role == "leaf" else "DASHED" if role == "constant" else ""
            look = f'BORDER="{2 if role == "output" else 1}" COLOR="{style.line}" BGCOLOR="{style.fill}"'
            cells.append(
                f'<TD {look}{f" STYLE={chr(34)}{border}{chr(34)}" if border else ""} WIDTH="22" HEIGHT="12"></TD>'
            )
            cells.append(_words(style.meaning) + gap)
    cells.append(_words("grad", GRAD) + _words(picture.gradients))
    if any(arrow.derivative.startswith("∂") for arrow in picture.arrows):
        cells.append(gap + _words("∂y/∂x", LOCAL) + _words("local derivative"))
    if any(arrow.derivative and not arrow.derivative.startswith("∂") for arrow in picture.arrows):
        cells.append(gap + _words("on arrows", LOCAL) + _words("what flows back, given the gradient ḡ of the result"))
    if any(box.shape for box in picture.boxes):
        cells.append(gap + _words("large arrays: mean ± deviation in [least, greatest]"))
    return f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="2" CELLPADDING="2"><TR>{"".join(cells)}</TR></TABLE>'


def _words(words: str, colour: str = MUTED) -> str:
    return f'<TD ALIGN="LEFT"><FONT COLOR="{colour}">{_text(words)}</FONT></TD>'
