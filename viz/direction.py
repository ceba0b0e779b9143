"""Which way a picture runs. People scroll down, not sideways: it goes across only where that fits a page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from .fold import ranks
from .picture import Arrow, Box
from .text import lines

PAGE = 120
"""About how many letters a page is wide."""

SMALLER = 0.8
"""The letters of labels, beside those of boxes."""


def direction(boxes: Sequence[Box], arrows: Sequence[Arrow]) -> str:
    """``LR`` where that fits a page or is no wider than the other way, else ``TB``."""
    rank = levels(boxes, arrows)
    widths, labels = defaultdict[int, list[float]](list), defaultdict[int, list[float]](list)
    for box in boxes:
        widths[rank[box.key]].append(_letters(box))
    for arrow in arrows:
        labels[rank[arrow.head]].append(SMALLER * max(len(arrow.derivative), len(arrow.flow) + 2) + 3)
    across = sum(map(max, widths.values())) + sum(max(labels[level], default=0) for level in widths)
    down = max(map(sum, [*widths.values(), *labels.values()]), default=0)
    return "LR" if across <= max(PAGE, down) else "TB"


def levels(boxes: Sequence[Box], arrows: Sequence[Arrow]) -> dict[str, int]:
    """How many steps each box is away from the start, by its key; an operand stands just before its first result."""
    index = {box.key: i for i, box in enumerate(boxes)}
    sources: list[list[int]] = [[] for _ in boxes]
    targets: list[list[int]] = [[] for _ in boxes]
    for tail, head in dict.fromkeys((arrow.tail, arrow.head) for arrow in arrows):
        sources[index[head]].append(index[tail])
        targets[index[tail]].append(index[head])
    rank = ranks(sources, targets)
    return {
        box.key: min(rank[t] for t in targets[i]) - 1 if targets[i] and not sources[i] else rank[i]
        for i, box in enumerate(boxes)
    }


def _letters(box: Box) -> float:
    """About how many letters wide a box is."""
    title = len(box.name) + (len(box.operation) + 3 if box.operation else 0)
    return max(title, *(len(row) + 5 for row in lines(box.data) + lines(box.grad)), SMALLER * len(box.terms)) + 4
