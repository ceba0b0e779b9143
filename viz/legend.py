"""What stands above a picture: what the reader must know first, and what colours, shapes and signs mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from .colours import BANNER, BANNER_INK, GRAD, LOCAL, MUTED, STYLES
from .label import cell, table, text
from .picture import ROLES, Picture

LETTER = 4.9
"""About how wide a letter is."""


class Line(NamedTuple):
    """A line of the legend: its cells, and about how wide they are together."""

    cells: str
    width: float


def heading(picture: Picture, legend: bool) -> str:
    """The banners and the legend; ``""`` if there is nothing to say."""
    rows = [_banner(banner) for banner in picture.banners]
    if legend:
        lines = [line for line in (_roles(picture), _signs(picture), _notes(picture), _scale(picture)) if line.cells]
        widest = max((line.width for line in lines), default=0.0)
        for line in lines:  # Graphviz stretches cells to the width of the widest line, unless they fill it
            rest = f'<TD WIDTH="{round(widest - line.width) + 1}"></TD>'
            rows.append(
                f'<TR><TD ALIGN="LEFT">{table([f"<TR>{line.cells}{rest}</TR>"], spacing=2, padding=2)}</TD></TR>'
            )
    return table([*rows, '<TR><TD HEIGHT="8"></TD></TR>'], spacing=1) if rows else ""


def _banner(banner: str) -> str:
    words = f'<FONT POINT-SIZE="12" COLOR="{BANNER_INK}"><B>{text(banner)}</B></FONT>'
    return f'<TR><TD ALIGN="LEFT" BGCOLOR="{BANNER}" CELLPADDING="6">{words}</TD></TR>'


def _swatches(pairs: Sequence[tuple[str, str]], before: str = "") -> Line:
    """Some words, then swatches, each a cell's attributes, with their words."""
    cells = [cell(before, MUTED, size=10)] if before else []
    cells += [f'<TD {look} WIDTH="22" HEIGHT="12"></TD>{cell(words, MUTED, size=10)}' for look, words in pairs]
    width = sum(34 + LETTER * len(words) for _, words in pairs) + LETTER * len(before) + 12 * len(cells)
    return Line('<TD WIDTH="6"></TD>'.join(cells), width)


def _roles(picture: Picture) -> Line:
    """One swatch for each role that is to be seen."""
    present = {box.role for box in picture.boxes}
    pairs = []
    for role in ROLES:
        if role in present:
            style = STYLES[role]
            border = "ROUNDED" if role == "leaf" else "DASHED" if role == "constant" else ""
            look = f'BORDER="{2 if role == "output" else 1}" COLOR="{style.line}" BGCOLOR="{style.fill}"'
            pairs.append((look + (f' STYLE="{border}"' if border else ""), style.meaning))
    return _swatches(pairs)


def _signs(picture: Picture) -> Line:
    """What is written in which colour."""
    said = []
    if any(box.grad for box in picture.boxes):
        said.append(("grad", GRAD, picture.gradients))
    if any(arrow.derivative.startswith("∂") for arrow in picture.arrows):
        said.append(("∂y/∂x", LOCAL, "local derivative"))
    if any(arrow.derivative and not arrow.derivative.startswith("∂") for arrow in picture.arrows):
        said.append(("on arrows", LOCAL, "what flows back, given the gradient ḡ of the result"))
    if any(arrow.flow for arrow in picture.arrows):
        said.append(("←", GRAD, "flows back, and adds up to grad; thick arrows carry more"))
    if not said:
        return Line("", 0)
    space = "&#160;" * 4
    words = [f'<FONT COLOR="{colour}">{text(sign)}</FONT>&#160; {text(meaning)}' for sign, colour, meaning in said]
    width = sum(LETTER * len(sign + meaning) + 24 for sign, _, meaning in said)
    return Line(f'<TD ALIGN="LEFT"><FONT POINT-SIZE="10" COLOR="{MUTED}">{space.join(words)}</FONT></TD>', width)


def _notes(picture: Picture) -> Line:
    """What the short forms mean."""
    said = []
    if any(" ± " in box.data for box in picture.boxes):
        said.append("large arrays: mean ± deviation in [least, greatest]")
    if any(box.pale for box in picture.boxes):
        said.append("pale: carries no gradient to what was asked for")
    words = "; ".join(said)
    return Line(cell(words, MUTED, size=10) if words else "", LETTER * len(words))


def _scale(picture: Picture) -> Line:
    """The colours of an overlay."""
    scale = picture.scale
    if scale is None:
        return Line("", 0)
    if scale.kinds:
        pairs = [(f'BGCOLOR="{colour}"', kind) for kind, colour in zip(scale.kinds, scale.colours, strict=True)]
        return _swatches(pairs, before=scale.title)
    steps = "".join(f'<TD BGCOLOR="{colour}" WIDTH="20" HEIGHT="10"></TD>' for colour in scale.colours)
    bar = f"<TD>{table([f'<TR>{steps}</TR>'])}</TD>"
    before, after = (cell(words, MUTED, size=10) for words in (f"{scale.title}   {scale.low}", scale.high))
    width = 20 * len(scale.colours) + LETTER * len(scale.title + scale.low + scale.high) + 36
    return Line(before + bar + after, width)
