"""A picture in plain text: what a terminal shows, and what there is without any renderer."""

from __future__ import annotations

from .picture import Arrow, Box, Picture
from .text import clip


def tree(picture: Picture) -> str:
    """The picture as an indented tree: the result first, under each result its operands.

    What is used more than once is written out once, and referred to after that.
    """
    boxes = {box.key: box for box in picture.boxes}
    operands: dict[str, list[Arrow]] = {box.key: [] for box in picture.boxes}
    for arrow in picture.arrows:
        operands[arrow.head].append(arrow)
    used = {arrow.tail for arrow in picture.arrows}
    tops = [box for box in picture.boxes if box.role == "output" or box.key not in used]
    lines = [f"[{banner}]" for banner in picture.banners]
    written: set[str] = set()
    for top in tops:
        stack = [(top.key, "", "", "")]
        while stack:
            key, start, indent, derivative = stack.pop()
            if key in written and key == top.key and not start:
                continue
            again = key in written and bool(operands[key])
            lines.append(start + _line(boxes[key], derivative, again))
            if again:
                continue
            written.add(key)
            last = len(operands[key]) - 1
            for i, arrow in reversed(list(enumerate(operands[key]))):
                branch, below = ("└─ ", "   ") if i == last else ("├─ ", "│  ")
                label = arrow.derivative or (arrow.formula if arrow.flows else "")
                label += f" ← {arrow.flow}" if arrow.flow else ""
                stack.append((arrow.tail, indent + branch, indent + below, label))
    return "\n".join(lines)


def _line(box: Box, derivative: str, again: bool) -> str:
    grad = f"grad {box.grad}" + (f" = {box.terms}" if box.terms else "")
    title = f"{box.name} = {clip(box.operation, 60)}" if box.operation else box.name
    parts = [f"({derivative})" if derivative else "", title]
    if again:
        parts.append("(see above)")
    else:
        parts += [
            box.members,
            f"data {box.data}" if box.data else "",
            grad if box.grad and box.role != "constant" else "",
            box.shape,
            f"[{box.mark.words}]" if box.mark and box.mark.words else "",
        ]
    return "   ".join(part for part in parts if part)
