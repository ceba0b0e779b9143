"""Overlays: each node with a colour for one number of it, or with the health of its numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from autograd.errors import bad_argument
from autograd.graph import Node

from . import text
from .flow import length
from .gradients import plain
from .walk import Graph, Vertex

VIRIDIS = ("#440154", "#472d7b", "#3b528b", "#2c728e", "#21918c", "#28ae80", "#5ec962", "#addc30", "#fde725")
"""From small to large: evenly bright steps, also without colour vision (van der Walt and Smith, 2015)."""

BALANCE = ("#b35806", "#e08214", "#fdb863", "#fee0b6", "#f7f7f7", "#d1e5f0", "#92c5de", "#4393c3", "#2166ac")
"""From negative, orange, over 0 to positive, blue (ColorBrewer)."""

ALARM, INK, PAPER = "#c1121f", "#000000", "#ffffff"

KINDS = {"NaN": "#c1121f", "inf": "#e8590c", "negative": "#e08214", "zero": "#adb5bd", "positive": "#4393c3"}
"""The parts of a bar of health, from the left, with their colours."""

VANISHING, EXPLODING = 1e-7, 1e4
"""Gradients that are so much smaller or larger than the median node's."""


class Mark(NamedTuple):
    """What an overlay says of one node.

    Attributes:
        words: the number, or what is wrong with the node.
        colour: the colour behind the words.
        ink: the colour of the words.
        cells: parts of a bar: a colour and a share of the whole each.
    """

    words: str
    colour: str
    ink: str
    cells: tuple[tuple[str, float], ...] = ()


class Scale(NamedTuple):
    """How to read the colours of an overlay.

    Attributes:
        title: what the number is.
        low: the number at the left end.
        high: the number at the right end.
        colours: the colours from left to right; for health, one for each kind of number.
        kinds: the words for each colour, if they are kinds.
    """

    title: str
    low: str
    high: str
    colours: tuple[str, ...]
    kinds: tuple[str, ...] = ()


def overlay(
    graph: Graph, kind: str | Mapping[Any, float | str], shown: Sequence[int], fmt: str
) -> tuple[dict[int, Mark], Scale]:
    """A mark for each vertex that has the number, and the scale to read them by.

    Raises:
        ArgumentError: ``kind`` is no overlay.
    """
    if isinstance(kind, Mapping) and any(isinstance(x, str) for x in kind.values()):
        return _words(_given(graph, kind, str, "words"), shown)
    if isinstance(kind, Mapping):
        return _numbers(_given(graph, kind, (int, float, np.number), "a number"), "given", fmt, signed=False)
    if kind in ("grad", "grad_norm"):
        found = {i: _norm(graph.vertices[i].node) for i in shown}
        return _numbers({i: x for i, x in found.items() if x is not None}, "length of grad", fmt, signed=False)
    if kind == "value":
        values = {i: _mean(graph.vertices[i].data) for i in shown}
        return _numbers(values, "value, or mean", fmt, signed=True)
    if kind == "health":
        return _health(graph, shown)
    raise bad_argument(
        "draw_graph(root, overlay=...)",
        "'grad', 'value', 'health' or a dictionary from nodes to numbers or words",
        repr(kind) if isinstance(kind, str) else type(kind).__name__,
        "overlay='grad'",
    )


# Numbers.


def _given(graph: Graph, given: Mapping[Any, Any], kind: Any, called: str) -> dict[int, Any]:
    names = {v.name: v.index for v in graph.vertices}
    found = {}
    for key, number in given.items():
        place = names.get(key) if isinstance(key, str) else graph.places.get(id(key))
        if place is None or not isinstance(number, kind):
            raise bad_argument(
                "draw_graph(root, overlay={...})",
                f"nodes or names in the graph, each with {called}",
                f"{text.clip(repr(key), 60)}: {text.clip(repr(number), 40)}",
                "overlay={w: 0.5}",
            )
        found[place] = number if kind is str else float(number)
    return found


def _words(found: Mapping[int, str], shown: Sequence[int]) -> tuple[dict[int, Mark], Scale]:
    """Words on the colour of alarm, as :func:`viz.diagnose` finds them."""
    marks = {i: Mark(text.clip(words, 60), ALARM, PAPER) for i, words in found.items() if i in shown}
    return marks, Scale("findings", "", "", (ALARM,), ("what is wrong",))


def _norm(node: Node | None) -> float | None:
    """The length of a gradient; ``None`` if no pass has computed it."""
    grad = plain(node.grad) if node is not None and node.requires_grad else None
    return None if grad is None else length(grad)


def _mean(x: Any) -> float:
    x = np.abs(x) if np.iscomplexobj(x) else np.asarray(x)
    with np.errstate(all="ignore"):
        return float(np.mean(x, dtype=np.float64)) if x.size else math.nan


def _numbers(found: dict[int, float], title: str, fmt: str, signed: bool) -> tuple[dict[int, Mark], Scale]:
    """Marks by the place of each number between the least and the greatest; logarithmic if they are far apart."""
    finite = [x for x in found.values() if math.isfinite(x)]
    low, high = (min(finite), max(finite)) if finite else (0.0, 0.0)
    colours = BALANCE if signed else VIRIDIS
    positive = [x for x in finite if x > 0]
    logarithmic = not signed and bool(positive) and max(positive) > 100 * min(positive)
    if signed:
        high = max(abs(low), abs(high))
        low = -high
    elif logarithmic:
        low = min(positive)

    def place(x: float) -> float:
        if high == low:
            return 0.5
        if logarithmic:
            return math.log(max(x, low) / low) / math.log(high / low)
        return (x - low) / (high - low)

    marks = {}
    for i, x in found.items():
        bad = not math.isfinite(x)
        colour = ALARM if bad else blend(colours, place(x))
        marks[i] = Mark(text.number(x, fmt), colour, ink_on(colour))
    title = f"{title}, on a logarithmic scale" if logarithmic else title
    return marks, Scale(title, text.number(low, fmt), text.number(high, fmt), colours)


def blend(colours: Sequence[str], place: float) -> str:
    """The colour at ``place`` between 0 and 1.

    Example:
        >>> blend(("#000000", "#ff0000"), 0.5)
        '#800000'
    """
    at = min(max(place, 0.0), 1.0) * (len(colours) - 1)
    i = min(int(at), len(colours) - 2)
    parts = zip(_parts(colours[i]), _parts(colours[i + 1]), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * (at - i)):02x}" for a, b in parts)


def _parts(colour: str) -> list[int]:
    return [int(colour[k : k + 2], 16) for k in (1, 3, 5)]


def ink_on(colour: str) -> str:
    """Black or white, whichever is read more easily on ``colour``."""
    r, g, b = ((c / 255) ** 2.2 for c in _parts(colour))
    return INK if 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.18 else PAPER


# Health.


def _health(graph: Graph, shown: Sequence[int]) -> tuple[dict[int, Mark], Scale]:
    """For each node a bar with the shares of its numbers that are NaN, infinite, negative, zero and positive."""
    sizes = {}
    for i in shown:
        norm = _norm(graph.vertices[i].node)
        if norm is not None:
            sizes[i] = norm / math.sqrt(max(text.size(graph.vertices[i].data), 1))
    usual = float(np.median([s for s in sizes.values() if math.isfinite(s) and s > 0] or [0.0]))
    marks = {}
    for i in shown:
        vertex = graph.vertices[i]
        marks[i] = Mark(_finding(vertex, sizes.get(i), usual), ALARM, PAPER, _bar(vertex.data))
    return marks, Scale("data", "", "", tuple(KINDS.values()), tuple(KINDS))


def _counts(x: Any) -> list[int]:
    """How many numbers there are of each kind, in the order of ``KINDS``."""
    x = np.asarray(x)
    bad, infinite = np.isnan(x), np.isinf(x)
    finite = (np.abs(x) if x.dtype.kind == "c" else x)[~(bad | infinite)]
    return [int(np.count_nonzero(found)) for found in (bad, infinite & ~bad, finite < 0, finite == 0, finite > 0)]


def _bar(x: Any) -> tuple[tuple[str, float], ...]:
    counts = _counts(x)
    whole = max(sum(counts), 1)
    return tuple((colour, n / whole) for colour, n in zip(KINDS.values(), counts, strict=True) if n)


def _finding(vertex: Vertex, size: float | None, usual: float) -> str:
    """What is wrong with a node, in words; ``""`` if nothing is."""
    gradient = plain(vertex.node.grad) if vertex.node is not None and vertex.node.requires_grad else None
    for what, x in (("data", vertex.data), ("grad", gradient)):
        if x is not None:
            nan, inf, *_ = _counts(x)
            if nan or inf:
                found = [f"{n:,} {kind}" for n, kind in ((nan, "NaN"), (inf, "inf")) if n]
                return f"{what}: {', '.join(found)}"
    if size is not None and usual > 0:
        if 0 < size < VANISHING * usual:
            return "grad vanishes"
        if size > EXPLODING * usual:
            return "grad explodes"
    *_, negative, zero, positive = _counts(vertex.data)
    made = vertex.node is not None and vertex.node.op is not None
    if made and text.size(vertex.data) > 1 and zero > 0.9 * (negative + zero + positive):
        return f"{zero:,} of {text.size(vertex.data):,} are 0"
    return ""


def first_ill(graph: Graph) -> Vertex | None:
    """Where the first NaN or infinity of the forward pass came from; ``None`` if there is none."""
    for vertex in graph.vertices:
        data = np.asarray(vertex.data)
        if data.dtype.kind in "fc" and not np.all(np.isfinite(data)):
            return vertex
    return None
