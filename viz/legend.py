"""What stands above a picture: what the reader must know first, and what colours, shapes and signs mean."""

from __future__ import annotations

from .colours import BANNER, BANNER_INK, GRAD, LOCAL, MUTED, STYLES
from .label import cell, table, text
from .picture import ROLES, Picture

GAP = '<TD WIDTH="10"></TD>'


def heading(picture: Picture, legend: bool) -> str:
    """The banners and the legend; ``""`` if there is nothing to say."""
    rows = [_banner(banner) for banner in picture.banners]
    if legend:
        lines = [_roles(picture), _signs(picture), _notes(picture), _scale(picture)]
        rows += [f'<TR><TD ALIGN="LEFT">{line}</TD></TR>' for line in lines if line]
    return table(rows, spacing=1) if rows else ""


def _banner(banner: str) -> str:
    words = f'<FONT POINT-SIZE="12" COLOR="{BANNER_INK}"><B>{text(banner)}</B></FONT>'
    return f'<TR><TD ALIGN="LEFT" BGCOLOR="{BANNER}" CELLPADDING="6">{words}</TD></TR>'


def _line(cells: list[str]) -> str:
    return table([f"<TR>{GAP.join(cells)}</TR>"], spacing=2, padding=2)


def _roles(picture: Picture) -> str:
    """One swatch for each role that is to be seen."""
    present = {box.role for box in picture.boxes}
    cells = []
    for role in ROLES:
        if role in present:
            style = STYLES[role]
            border = "ROUNDED" if role == "leaf" else "DASHED" if role == "constant" else ""
            look = f'BORDER="{2 if role == "output" else 1}" COLOR="{style.line}" BGCOLOR="{style.fill}"'
            look += f' STYLE="{border}"' if border else ""
            cells.append(f'<TD {look} WIDTH="22" HEIGHT="12"></TD>' + _words(style.meaning))
    if any(box.pale for box in picture.boxes):
        cells.append(_words("pale: carries no gradient to what was asked for"))
    return _line(cells)


def _signs(picture: Picture) -> str:
    """What is written in which colour."""
    cells = []
    if any(box.grad for box in picture.boxes):
        cells.append(_words("grad", GRAD) + _words(picture.gradients))
    if any(arrow.derivative.startswith("∂") for arrow in picture.arrows):
        cells.append(_words("∂y/∂x", LOCAL) + _words("local derivative"))
    if any(arrow.derivative and not arrow.derivative.startswith("∂") for arrow in picture.arrows):
        cells.append(_words("on arrows", LOCAL) + _words("what flows back, given the gradient ḡ of the result"))
    if any(arrow.flow for arrow in picture.arrows):
        cells.append(_words("←", GRAD) + _words("flows back, adds up to grad; a thick arrow carries much"))
    return _line(cells) if cells else ""


def _notes(picture: Picture) -> str:
    """What the short forms mean."""
    large = any(" ± " in box.data for box in picture.boxes)
    return _line([_words("large arrays: mean ± deviation in [least, greatest]")]) if large else ""


def _scale(picture: Picture) -> str:
    """The colours of an overlay."""
    scale = picture.scale
    if scale is None:
        return ""
    if scale.kinds:
        pairs = zip(scale.kinds, scale.colours, strict=True)
        swatches = [f'<TD BGCOLOR="{c}" WIDTH="14" HEIGHT="10"></TD>{_words(kind)}' for kind, c in pairs]
        return _line([_words(scale.title), *swatches])
    steps = "".join(f'<TD BGCOLOR="{c}" WIDTH="20" HEIGHT="10"></TD>' for c in scale.colours)
    bar = f"<TD>{table([f'<TR>{steps}</TR>'])}</TD>"
    return _line([_words(scale.title), _words(scale.low) + bar + _words(scale.high)])


def _words(words: str, colour: str = MUTED) -> str:
    return cell(words, colour, size=10)
