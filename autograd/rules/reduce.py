"""Reductions: many elements become one. Each rule spreads the gradient of the one over the many.

Where the largest or smallest element is found more than once, all share the gradient equally. The
derivative of the standard deviation at 0 is 0. Products do not divide, so zeros are no trouble.

``spread(g, x, axis, keepdims)`` puts the axes that a reduction removed back with length 1, so that
``g`` broadcasts against ``x``.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..graph import Notation, Primitive
from .elementwise import direction, equal, exp
from .elsewhere import is_lazy
from .parts import conj, squared
from .shape import broadcast_to
from .table import row


def spread(g: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    """``g`` with the reduced axes back in place, of length 1."""
    if keepdims or axis is None or not x.ndim:
        return g
    axes = [a % x.ndim for a in (axis if isinstance(axis, tuple) else (axis,))]
    return g[tuple([None if a in axes else slice(None) for a in range(x.ndim)])]


def count(x: Any, axis: Any) -> Any:
    """How many elements of ``x`` become one."""
    n = x.size if axis is None else math.prod(x.shape[a] for a in (axis if isinstance(axis, tuple) else (axis,)))
    if n == n:
        return n
    ones = np.ones_like(x, dtype=int).sum(axis=axis, keepdims=True)  # the chunks of a Dask array have no size yet
    return ones[(0,) * x.ndim].astype(x.dtype)


def _over(g: Any, x: Any) -> Any:
    """``g`` repeated to the shape of ``x``; of a Dask array also to its chunks, so that it goes with them."""
    return g * np.ones_like(x) if is_lazy(x) else broadcast_to(g, shape=x.shape)


def _sum(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    return x.sum(axis=axis, keepdims=keepdims)


def _mean(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    return x.sum(axis=axis, keepdims=keepdims) / count(x, axis)


def _share(g: Any, y: Any, x: Any, axis: Any, keepdims: bool) -> Any:
    """The gradient of an extreme value goes to where it was found, in equal parts where it was found more than once."""
    found = equal(x, spread(y, x, axis, keepdims))
    return spread(g, x, axis, keepdims) * found / np.sum(found, axis=axis, keepdims=True, dtype=g.dtype)


def _others(x: Any, axis: Any) -> Any:
    """For each element the product of all others along ``axis``; nothing is divided, so zeros are no trouble."""
    ndim, shape = np.ndim(x), np.shape(x)
    reduced = tuple(range(ndim)) if axis is None or not ndim else tuple(a % ndim for a in np.atleast_1d(axis).tolist())
    kept = tuple(a for a in range(ndim) if a not in reduced)
    order = kept + reduced
    rows = np.reshape(np.transpose(x, order), (*(shape[a] for a in kept), math.prod(shape[a] for a in reduced)))
    others = np.reshape(_others_in_rows(rows), tuple(shape[a] for a in order))
    return np.transpose(others, tuple(order.index(a) for a in range(ndim)))


def _others_in_rows(x: Any) -> Any:
    """The same along the last axis, by a tree of pairs.

    Going up, each pair is multiplied. Going down, the product of all others of a pair, times the
    neighbour, is the product of all others of an element. Linear time, and no element meets itself.
    """
    *lead, n = np.shape(x)
    size = 1 << (n - 1).bit_length()
    x = np.pad(x, [(0, 0)] * len(lead) + [(0, size - n)], constant_values=1)
    levels = []
    while np.shape(x)[-1] > 1:
        pairs = np.reshape(x, (*lead, np.shape(x)[-1] // 2, 2))
        levels.append(pairs)
        x = pairs[..., 0] * pairs[..., 1]
    others = np.ones_like(x)
    for pairs in reversed(levels):
        others = np.reshape(others[..., None] * pairs[..., ::-1], (*lead, 2 * np.shape(pairs)[-2]))
    return others[..., :n]


def _cumsum(x: Any, axis: int | None = None) -> Any:
    return np.cumsum(x, axis) if np.ndim(x) else np.reshape(x, (1,))


def _cumprod(x: Any, axis: int | None = None) -> Any:
    return np.cumprod(x, axis) if np.ndim(x) else np.reshape(x, (1,))


def _recurrence(x: Any, a: Any) -> Any:
    """Along the first axis ``y[i] = x[i] + a[i] * y[i - 1]``."""
    y = x + a  # an array of the kind of both; every element is overwritten
    for i in range(len(y)):
        y[i] = x[i] + a[i] * y[i - 1] if i else x[i]
    return y


def _from_the_end(x: Any, a: Any) -> Any:
    """Along the first axis ``y[i] = x[i] + a[i + 1] * y[i + 1]``."""
    factors = np.concatenate([np.ones_like(a[:1]), np.flip(a[1:], 0)])
    return np.flip(recurrence(np.flip(x, 0), factors), 0)


def _one_before(y: Any, first: Any) -> Any:
    """Each element's neighbour before it, along the first axis; ``first`` stands before the first."""
    return np.concatenate([first, y[:-1]])


def _uncumprod(g: Any, y: Any, x: Any, axis: int | None) -> Any:
    """What came before an element, times all that the results from there on make of it; nothing is divided."""
    if axis is None:
        return np.reshape(_uncumprod(g, y, np.ravel(x), 0), np.shape(x))
    g, y, x = (np.moveaxis(a, axis, 0) for a in (g, y, x))
    return np.moveaxis(_one_before(y, np.ones_like(y[:1])) * _from_the_end(g, x), 0, axis)


def _centred(x: Any, axis: Any) -> Any:
    return x - np.mean(x, axis=axis, keepdims=True)


def _var(x: Any, axis: Any = None, ddof: float = 0, keepdims: bool = False) -> Any:
    """The mean square distance from the mean, with divisor ``n - ddof``."""
    return np.sum(squared(_centred(x, axis)), axis=axis, keepdims=keepdims) / (count(x, axis) - ddof)


def _std(x: Any, axis: Any = None, ddof: float = 0, keepdims: bool = False) -> Any:
    return np.sqrt(_var(x, axis, ddof, keepdims))


def _length(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """The root of the sum of the squares."""
    return np.sqrt(np.sum(squared(x), axis=axis, keepdims=keepdims))


def _logsumexp(x: Any, axis: Any = None, keepdims: bool = False) -> Any:
    """log(sum(exp(x))) without overflow: the largest element, or real part, is taken out first."""
    high = np.max(np.real(x), axis=axis, keepdims=True)
    high = np.where(np.isfinite(high), high, 0).astype(high.dtype)
    with np.errstate(divide="ignore"):
        y = np.log(np.sum(np.exp(x - high), axis=axis, keepdims=True)) + high
    return y if keepdims else np.squeeze(y, axis=axis)


# fmt: off
# ruff: noqa: E501 -- a row is read across, like a line of a table of derivatives
sum = row(np.sum,
    lambda g, y, x, axis=None, keepdims=False: _over(spread(g, x, axis, keepdims), x),
    array=_sum, notation=Notation("sum({})", r"\sum {}", 1))

mean = row(np.mean,
    lambda g, y, x, axis=None, keepdims=False: _over(spread(g, x, axis, keepdims) / count(x, axis), x),
    array=_mean)

max = row(np.max,
    lambda g, y, x, axis=None, keepdims=False: _share(g, y, x, axis, keepdims))

min = row(np.min,
    lambda g, y, x, axis=None, keepdims=False: _share(g, y, x, axis, keepdims))

prod = row(np.prod,
    lambda g, y, x, axis=None, keepdims=False: spread(g, x, axis, keepdims) * _others(x, axis),
    notation=Notation("prod({})", r"\prod {}", 1))

var = row(np.var,
    lambda g, y, x, axis=None, ddof=0, keepdims=False: spread(g, x, axis, keepdims) * 2 * conj(_centred(x, axis)) / (count(x, axis) - ddof),
    array=_var)

std = row(np.std,
    lambda g, y, x, axis=None, ddof=0, keepdims=False: spread(g, x, axis, keepdims) * conj(direction(_centred(x, axis), spread(y, x, axis, keepdims))) / (count(x, axis) - ddof),
    array=_std)

length = row(_length,
    lambda g, y, x, axis=None, keepdims=False: spread(g, x, axis, keepdims) * conj(direction(x, spread(y, x, axis, keepdims))),
    name="length", symbol="norm")

logsumexp = row(_logsumexp,
    lambda g, y, x, axis=None, keepdims=False: spread(g, x, axis, keepdims) * exp(x - spread(y, x, axis, keepdims)),
    name="logsumexp")

cumsum = row(np.cumsum,
    lambda g, y, x, axis=None: np.reshape(np.flip(np.cumsum(np.flip(g, axis), axis), axis), np.shape(x)),
    array=_cumsum)

recurrence: Primitive = row(_recurrence,
    lambda g, y, x, a: _from_the_end(g, a),
    lambda g, y, x, a: _from_the_end(g, a) * _one_before(y, np.zeros_like(y[:1])),
    name="recurrence")

cumprod = row(np.cumprod,
    lambda g, y, x, axis=None: _uncumprod(g, y, x, axis),
    array=_cumprod)
# fmt: on
