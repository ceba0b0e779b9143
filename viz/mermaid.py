"""A picture in Mermaid's language, which GitHub, GitLab and many editors draw in Markdown."""

from __future__ import annotations

from .colours import PALE_FILL, PALE_INK, PALE_LINE, STYLES
from .label import visible
from .picture import Arrow, Box, Picture
from .text import clip

SHAPES = {"leaf": "({})", "folded": "[[{}]]"}
"""The brackets of each role's shape; a rectangle if none is given."""

INK = "#1b2430"


def to_mermaid(picture: Picture) -> str:
    """The picture as a flowchart."""
    lines = [f"flowchart {picture.direction}"]
    lines += [f"  %% {_text(banner)}" for banner in picture.banners]
    lines += [_node(box) for box in picture.boxes]
    lines += [_edge(arrow) for arrow in picture.arrows]
    for role, style in STYLES.items():
        dashes = ",stroke-dasharray:4 3" if role == "constant" else ""
        look = f"fill:{style.fill},stroke:{style.line},stroke-width:{style.width}px,color:{INK}{dashes}"
        lines.append(f"  classDef {role} {look}")
    lines.append(f"  classDef pale fill:{PALE_FILL},stroke:{PALE_LINE},color:{PALE_INK}")
    return "\n".join(lines) + "\n"


def _node(box: Box) -> str:
    operation = f" = {clip(box.operation, 48)}" if box.operation else ""
    rows = [f"<b>{_text(box.name)}</b>{_text(operation)}"]
    rows += [
        _text(row)
        for row in (
            box.mark.words if box.mark else "",
            box.members,
            f"data {box.data}" if box.data else "",
            f"grad {box.grad}" + (f" = {box.terms}" if box.terms else "") if box.grad else "",
            box.shape,
        )
        if row
    ]
    label = f'"{"<br/>".join(rows)}"'
    return f"  {box.key}{SHAPES.get(box.role, '[{}]').format(label)}:::{'pale' if box.pale else box.role}"


def _edge(arrow: Arrow) -> str:
    label = arrow.derivative or (arrow.formula if arrow.flows else "")
    rows = [_text(row) for row in (clip(label, 64), f"← {arrow.flow}" if arrow.flow else "") if row]
    line = "-->" if arrow.flows else "-.->"
    return f"  {arrow.tail} {line}" + (f'|"{"<br/>".join(rows)}"|' if rows else "") + f" {arrow.head}"


def _text(value: str) -> str:
    """Text that Mermaid shows as it is: all that could mean something is written as the number of its character."""
    return "".join(c if c.isalnum() or c in " .,=+-±∂ᵀ" else f"#{ord(c)};" for c in visible(value))
