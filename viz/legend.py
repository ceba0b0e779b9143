"""What stands above a picture: what the reader must know first, and what colours, shapes and signs mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from .colours import BANNER, BANNER_INK, GRAD, LOCAL, MUTED, STYLES
from .label import cell, table, text
from .picture import ROLES, Picture

LETTER, BOLD = 4.9, 6.4
"""About how wide a letter of the legend is, and one of a banner."""

LINE = 520
"""The width at which a line of the legend is broken, so that it widens no picture."""

SIGNS = {"grad": 22, "∂y/∂x": 27, "on arrows": 46, "←": 12}
"""How wide each sign is."""

GAP = '<TD WIDTH="6"></TD>'


class Item(NamedTuple):
    """One thing that the legend says: its cells, and about how wide they are together."""

    cells: str
    width: float


def heading(picture: Picture, legend: bool) -> str:
    """The banners and the legend; ``""`` if there is nothing to say."""
    rows = [_banner(banner) for banner in picture.banners]
    if legend:
        kinds = (_roles(picture), _signs(picture), _notes(picture), _scale(picture))
        lines = [line for items in kinds for line in _lines(items)]
        widest = max([line.width for line in lines] + [BOLD * len(banner) for banner in picture.banners], default=0.0)
        for line in lines:  # Graphviz stretches cells to the width of the widest line, unless they fill it
            rest = f'<TD WIDTH="{round(widest - line.width) + 1}" HEIGHT="17"></TD>'
            inside = table([f"<TR>{line.cells}{rest}</TR>"], spacing=2, padding=1)
            rows.append(f'<TR><TD ALIGN="LEFT">{inside}</TD></TR>')
    return table([*rows, '<TR><TD HEIGHT="8"></TD></TR>'], spacing=1) if rows else ""


def _banner(banner: str) -> str:
    words = f'<FONT POINT-SIZE="12" COLOR="{BANNER_INK}"><B>{text(banner)}</B></FONT>'
    return f'<TR><TD ALIGN="LEFT" BGCOLOR="{BANNER}" CELLPADDING="6">{words}</TD></TR>'


def _lines(items: Sequence[Item]) -> Iterator[Item]:
    """The items side by side, in lines that are not too long."""
    line: list[Item] = []
    for item in [*items, None]:
        if line and (item is None or sum(x.width for x in line) + item.width > LINE):
            yield Item(GAP.join(x.cells for x in line), sum(x.width for x in line))
            line = []
        line += [item] if item else []


def _swatch(look: str, words: str) -> Item:
    """A small field with the attributes ``look``, and its words."""
    cells = f'<TD {look} WIDTH="22" HEIGHT="12"></TD><TD WIDTH="1"></TD>{_words(words)}'
    return Item(cells, 50 + LETTER * len(words))


def _words(words: str) -> str:
    return cell(words, MUTED, size=10)


def _roles(picture: Picture) -> list[Item]:
    """One swatch for each role that is to be seen."""
    present = {box.role for box in picture.boxes}
    items = []
    for role in ROLES:
        if role in present:
            style = STYLES[role]
            border = "ROUNDED" if role == "leaf" else "DASHED" if role == "constant" else ""
            look = f'BORDER="{2 if role == "output" else 1}" COLOR="{style.line}" BGCOLOR="{style.fill}"'
            items.append(_swatch(look + (f' STYLE="{border}"' if border else ""), style.meaning))
    return items


def _signs(picture: Picture) -> list[Item]:
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
    return [Item(_sign(s, colour) + _words(words), LETTER * len(s + words) + 24) for s, colour, words in said]


def _sign(sign: str, colour: str) -> str:
    """A sign in a cell as wide as it is shown: by the renderer's measure ``∂y/∂x`` would be wider."""
    size = f'FIXEDSIZE="TRUE" WIDTH="{SIGNS[sign]}" HEIGHT="14"'
    return f'<TD {size}><FONT POINT-SIZE="10" COLOR="{colour}">{text(sign)}</FONT></TD>'


def _notes(picture: Picture) -> list[Item]:
    """What the short forms mean."""
    said = []
    if any(" ± " in box.data for box in picture.boxes):
        said.append("large arrays: mean ± deviation in [least, greatest]")
    if any(box.pale for box in picture.boxes):
        said.append("pale: carries no gradient to what was asked for")
    return [Item(_words(words), LETTER * len(words)) for words in said]


def _scale(picture: Picture) -> list[Item]:
    """The colours of an overlay."""
    scale = picture.scale
    if scale is None:
        return []
    if scale.kinds:
        swatches = [_swatch(f'BGCOLOR="{c}"', kind) for kind, c in zip(scale.kinds, scale.colours, strict=True)]
        return [Item(_words(scale.title), LETTER * len(scale.title) + 12), *swatches]
    steps = "".join(f'<TD BGCOLOR="{colour}" WIDTH="20" HEIGHT="10"></TD>' for colour in scale.colours)
    bar = f"<TD>{table([f'<TR>{steps}</TR>'])}</TD>"
    width = 20 * len(scale.colours) + LETTER * len(scale.title + scale.low + scale.high) + 36
    return [Item(_words(f"{scale.title}   {scale.low}") + bar + _words(scale.high), width)]
