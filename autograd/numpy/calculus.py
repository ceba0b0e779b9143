"""NumPy functions of sequences and of sampled functions: differences, integrals, interpolation, convolution."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .. import errors
from ..rules import signal
from ..rules.parts import conj
from .dispatch import array, data, implements, real_only
from .joining import length_of


def _slices(x: Any, axis: int) -> Any:
    """A function that takes the part of ``x`` from one position along the axis to another."""
    before = (slice(None),) * (axis % np.ndim(x))
    return lambda start, stop, step=None: x[(*before, slice(start, stop, step))]


@implements(np.diff)
def diff(a: Any, n: int = 1, axis: int = -1, prepend: Any = None, append: Any = None) -> Any:
    """The differences of neighbours, ``n`` times over; numbers may be put before and behind."""
    a = array(a)
    length_of("diff", a, axis)
    if n < 0:
        raise errors.bad_argument(f"np.diff(t, n={n})", "a number of times from 0", f"{n}", "np.diff(t, n=1)")
    edge = (*np.shape(a)[: axis % np.ndim(a)], 1, *np.shape(a)[axis % np.ndim(a) + 1 :])
    ends = [x if x is None or np.ndim(x) else np.broadcast_to(x, edge) for x in (prepend, append)]
    if n and (ends[0] is not None or ends[1] is not None):
        a = np.concatenate([x for x in (ends[0], a, ends[1]) if x is not None], axis=axis)
    for _ in range(n):
        part = _slices(a, axis)
        a = part(1, None) - part(None, -1)
    return a


@implements(np.ediff1d)
def ediff1d(ary: Any, to_end: Any = None, to_begin: Any = None) -> Any:
    """The differences of neighbours in the flattened array, between numbers that are put before and behind."""
    flat = np.ravel(array(ary))
    parts = [to_begin, flat[1:] - flat[:-1], to_end]
    return np.concatenate([np.ravel(array(x)) for x in parts if x is not None])


@implements(np.gradient)
def gradient(f: Any, *varargs: Any, axis: Any = None, edge_order: int = 1) -> Any:
    """The slope at each place, from its neighbours: central differences, weighted where the places lie unevenly."""
    f = array(f)
    axes = [i % np.ndim(f) for i in (range(np.ndim(f)) if axis is None else np.atleast_1d(axis).tolist())]
    spacings = list(varargs) * (len(axes) if len(varargs) == 1 else 1) or [1.0] * len(axes)
    if len(spacings) != len(axes) or edge_order not in (1, 2):
        raise errors.bad_argument(
            "np.gradient(f, *spacings)", "one spacing for all axes or one for each, and edge_order 1 or 2",
            f"{len(spacings)} spacings for {len(axes)} axes, edge_order {edge_order}", "np.gradient(f, dx, dy)",
        )  # fmt: skip
    slopes = tuple(_slope(f, i, array(spacing), edge_order) for i, spacing in zip(axes, spacings, strict=True))
    return slopes[0] if len(slopes) == 1 else slopes


def _slope(f: Any, axis: int, spacing: Any, edge_order: int) -> Any:
    """The slopes along one axis, on which ``spacing`` says the distance of neighbours or the places."""
    n = np.shape(f)[axis]
    if n < edge_order + 1:
        raise errors.bad_argument(
            f"np.gradient of shape {np.shape(f)}", f"at least {edge_order + 1} elements along the axis", f"{n}",
            "np.zeros_like(f) for the slope of a single element",
        )  # fmt: skip
    if np.ndim(spacing) and (np.ndim(spacing) > 1 or np.shape(spacing)[0] != n):
        raise errors.bad_argument(
            f"np.gradient of shape {np.shape(f)} along axis {axis}", f"a number, or {n} places",
            f"shape {np.shape(spacing)}", "np.gradient(f, x) with x.shape == f.shape[axis : axis + 1]",
        )  # fmt: skip
    last = np.moveaxis(f, axis, -1)
    if np.ndim(spacing):
        steps = spacing[1:] - spacing[:-1]
        h, k = steps[:-1], steps[1:]
    else:
        steps = None
        h = k = spacing.astype(f.dtype)
    first, final = (h, k) if steps is None else (steps[0], steps[-1])
    slopes = (last[..., 1:] - last[..., :-1]) / (first if steps is None else steps)
    inner = (last[..., 2:] - last[..., :-2]) / (2 * h)
    if steps is not None:
        inner = (k * slopes[..., :-1] + h * slopes[..., 1:]) / (h + k)
    left, right = slopes[..., :1], slopes[..., -1:]
    if edge_order == 2:  # the slope of the parabola through the three elements at the edge
        bends = slopes[..., [1]] - slopes[..., [0]], slopes[..., [-1]] - slopes[..., [-2]]
        shares = (0.5, 0.5) if steps is None else (first / (steps[0] + steps[1]), final / (steps[-2] + steps[-1]))
        left, right = left - shares[0] * bends[0], right + shares[1] * bends[1]
    y = np.moveaxis(np.concatenate([left, inner, right], axis=-1), -1, axis)
    return y.astype(f.dtype) if f.dtype.kind in "fc" and y.dtype != f.dtype else y


@implements(np.trapezoid)
def trapezoid(y: Any, x: Any = None, dx: Any = 1.0, axis: int = -1) -> Any:
    """The integral of the polygon through the samples."""
    y = array(y)
    part = _slices(y, axis)
    if x is not None:
        x = array(x)
        steps = x[1:] - x[:-1] if np.ndim(x) == 1 else diff(x, axis=axis)
        behind = np.ndim(y) - 1 - axis % np.ndim(y)
        dx = np.reshape(steps, (-1,) + (1,) * behind) if np.ndim(x) == 1 else steps
    return np.sum(dx * (part(1, None) + part(None, -1)) / 2, axis=axis)


@implements(np.interp)
def interp(x: Any, xp: Any, fp: Any, left: Any = None, right: Any = None, period: float | None = None) -> Any:
    """The polygon through the points ``(xp, fp)`` at ``x``; at a corner its slope is that of the piece to the right."""
    x, xp, fp = array(x), array(xp), array(fp)
    real_only("interp", x, xp)
    fp = fp.astype(np.result_type(fp, np.float64)) if np.result_type(fp).char not in "dD" else fp
    if np.ndim(xp) != 1 or np.shape(xp) != np.shape(fp) or not np.size(xp):
        raise errors.bad_argument(
            "np.interp(x, xp, fp)", "points in two vectors of the same length, at least one",
            f"shapes {np.shape(xp)} and {np.shape(fp)}", "np.interp(x, xp.ravel(), fp.ravel())",
        )  # fmt: skip
    if period is not None:
        x, xp = x % period, xp % period
        order = np.argsort(data(xp))
        before, behind = order[-1:], order[:1]
        fp = np.concatenate([fp[before], fp[order], fp[behind]])
        xp = np.concatenate([xp[before] - period, xp[order], xp[behind] + period])
        left = right = None
    n = np.size(xp)
    where = np.clip(np.searchsorted(data(xp), data(x), side="right") - 1, 0, max(n - 2, 0))
    until = np.minimum(where + 1, n - 1)
    width = np.where(until > where, xp[until] - xp[where], 1.0)
    y = fp[where] + (fp[until] - fp[where]) / width * (x - xp[where])
    y = np.where(
        data(x) == data(xp)[-1], y + (data(fp)[-1] - data(y)), y
    )  # the last point exactly, the slope before it
    y = np.where(data(x) < data(xp)[0], fp[0] if left is None else left, y)
    return np.where(data(x) > data(xp)[-1], fp[-1] if right is None else right, y)


@implements(np.unwrap)
def unwrap(p: Any, discont: float | None = None, axis: int = -1, *, period: float = 2 * math.pi) -> Any:
    """Whole periods added, so that neighbours differ by no more than half of one: no slope changes by that."""
    plain = data(p)
    return p + (np.unwrap(plain, discont, axis, period=period) - plain)


# Convolution.


@implements(np.convolve)
def convolve(a: Any, v: Any, mode: str = "full") -> Any:
    """The sums of products of one sequence with the other, reversed, at every offset."""
    a, v = np.atleast_1d(array(a), array(v))
    if np.size(v) > np.size(a):
        a, v = v, a
    if mode in ("full", "valid"):
        return signal.convolve(a, v, mode=mode)
    if mode != "same":
        raise errors.bad_argument(
            f"np.convolve(a, v, mode={mode!r})", "'full', 'same' or 'valid'", repr(mode), "np.convolve(a, v, 'same')"
        )
    start = (np.size(v) - 1) // 2
    return signal.convolve(a, v, mode="full")[start : start + np.size(a)]


@implements(np.correlate)
def correlate(a: Any, v: Any, mode: str = "valid") -> Any:
    """The sums of products of one sequence with the other, conjugated, at every offset."""
    a, v = np.atleast_1d(array(a), conj(array(v)))
    if np.size(v) > np.size(a):
        return np.flip(convolve(v, np.flip(a), mode))
    return convolve(a, np.flip(v), mode)
