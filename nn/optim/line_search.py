"""How far to go along a direction: Wolfe's strong conditions, as in PyTorch and minFunc."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite, nan, sqrt
from typing import Any, NamedTuple

ENOUGH, FLAT = 1e-4, 0.9
"""How much of the promised descent is enough, and how much of the slope may be left."""


class Point(NamedTuple):
    """What is known about a place along the direction: how far it is, the loss, its slope, and its gradient."""

    t: float
    loss: float
    slope: float
    gradient: Any


def strong_wolfe(
    at: Callable[[float], Point], start: Point, t: float, size: float, tolerance: float, most: int
) -> tuple[Point, int]:
    """A point that is low enough and flat enough (Nocedal and Wright 2006, algorithms 3.5 and 3.6).

    Low enough: ``loss <= start.loss + 1e-4 * t * start.slope``. Flat enough: ``|slope| <= 0.9 * |start.slope|``.

    Args:
        at: computes the point at a distance; where there is no loss, it is infinite.
        start: the point at 0; its slope is negative.
        t: the distance to try first.
        size: the largest element of the direction.
        tolerance: an interval over which no parameter changes by more is narrow enough.
        most: how many points may be computed, one more than that with the first.

    Returns:
        The point, or the lowest one found, and how many were computed.

    Example:
        >>> def at(t):
        ...     return Point(t, (t - 3) ** 2, 2 * (t - 3), None)
        >>> point, computed = strong_wolfe(at, at(0.0), 1.0, size=1.0, tolerance=1e-9, most=25)
        >>> point.t, computed
        (1.0, 1)
    """
    ends, found, computed = _bracket(at, start, t, most)
    if found:
        return ends[0], computed
    low, near = _lower(ends), False
    while computed <= most and abs(ends[1].t - ends[0].t) * size >= tolerance:
        left, right = sorted(end.t for end in ends)
        t, near = _inside(_lowest_of_cubic(ends[0], ends[1], left, right), left, right, near)
        new = at(t)
        computed += 1
        if not _is_low(new, start) or new.loss >= ends[low].loss:
            ends[1 - low] = new
            low = _lower(ends)
            continue
        if _is_flat(new, start):
            return new, computed
        if new.slope * (ends[1 - low].t - ends[low].t) >= 0:
            ends[1 - low] = ends[low]
        ends[low] = new
    return ends[low], computed


def _bracket(at: Callable[[float], Point], start: Point, t: float, most: int) -> tuple[list[Point], bool, int]:
    """Go farther until a point is found, or two between which there is one."""
    last, new = start, at(t)
    for computed in range(1, most + 1):
        if not _is_low(new, start) or (computed > 2 and new.loss >= last.loss):
            return [last, new], False, computed
        if _is_flat(new, start):
            return [new], True, computed
        if new.slope >= 0:
            return [last, new], False, computed
        t = _lowest_of_cubic(last, new, new.t + 0.01 * (new.t - last.t), 10 * new.t)
        last, new = new, at(t)
    return [start, new], False, most + 1


def _inside(t: float, left: float, right: float, near: bool) -> tuple[float, bool]:
    """The place to try next, moved inwards if it lies near an end for the second time; and whether it is near one."""
    margin = 0.1 * (right - left)
    if min(right - t, t - left) >= margin:
        return t, False
    if not near and left < t < right:
        return t, True
    return (right - margin if abs(t - right) < abs(t - left) else left + margin), False


def _lowest_of_cubic(a: Point, b: Point, left: float, right: float) -> float:
    """Where the cubic through two points, with their slopes, is lowest (Nocedal and Wright 2006, equation 3.59)."""
    if a.t > b.t:
        a, b = b, a
    d = a.slope + b.slope - 3 * (a.loss - b.loss) / (a.t - b.t) if a.t < b.t else nan
    square = d * d - a.slope * b.slope
    below = b.slope - a.slope + 2 * (root := sqrt(square) if square >= 0 else nan)
    if not below or not isfinite(below):
        return (left + right) / 2
    return min(max(b.t - (b.t - a.t) * (b.slope + root - d) / below, left), right)


def _is_low(point: Point, start: Point) -> bool:
    return point.loss <= start.loss + ENOUGH * point.t * start.slope


def _is_flat(point: Point, start: Point) -> bool:
    return abs(point.slope) <= -FLAT * start.slope


def _lower(ends: list[Point]) -> int:
    return 0 if ends[0].loss <= ends[1].loss else 1
