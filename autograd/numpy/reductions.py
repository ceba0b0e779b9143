"""NumPy's reductions and statistics: over all elements, over some of them, and over those that are numbers.

What a mask leaves out is put in as the number that changes nothing; no gradient passes there, and a
NaN does not come back in the derivative of what it was left out of.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .. import errors
from ..rules import reduce
from ..rules.parts import conj, is_complex, squared
from .dispatch import array, data, implements, over_some, real_only

# Reductions with where= or initial=.


def _kept(x: Any, where: Any, neutral: float) -> Any:
    """The elements that count; in the places of the others the number that changes nothing."""
    return x if where is True else np.where(data(where), x, neutral)


def _how_many(x: Any, where: Any, axis: Any) -> Any:
    """How many elements count, in the precision of ``x``, with the reduced axes in place."""
    return np.sum(np.broadcast_to(data(where), np.shape(x)), axis=axis, keepdims=True, dtype=np.finfo(x.dtype).dtype)


def _fold(y: Any, axis: Any, keepdims: bool) -> Any:
    """The reduced axes, which are in place with length 1, removed if they are not to be kept."""
    return y if keepdims else np.squeeze(y, axis=axis)


@over_some(np.sum)
def sum_of_some(x: Any, axis: Any = None, keepdims: bool = False, initial: Any = 0, where: Any = True) -> Any:
    """The sum of the elements that count, and of ``initial``."""
    return np.sum(_kept(x, where, 0), axis=axis, keepdims=keepdims) + initial


@over_some(np.prod)
def product_of_some(x: Any, axis: Any = None, keepdims: bool = False, initial: Any = 1, where: Any = True) -> Any:
    """The product of the elements that count, and of ``initial``."""
    return np.prod(_kept(x, where, 1), axis=axis, keepdims=keepdims) * initial


def _extreme(x: Any, axis: Any, keepdims: bool, initial: Any, where: Any, name: str, worst: float, better: Any) -> Any:
    """The best of the elements that count and of ``initial``."""
    if initial is None:
        raise errors.bad_argument(
            f"np.{name}(t, where=...)", "initial=, which counts where the mask leaves nothing", "where= alone",
            f"np.{name}(t, where=mask, initial={'-' * (worst < 0)}np.inf)",
        )  # fmt: skip
    if not np.size(x):
        return getattr(np, name)(data(x), axis=axis, keepdims=keepdims, initial=initial)
    return better(getattr(np, name)(_kept(x, where, worst), axis=axis, keepdims=keepdims), initial)


@over_some(np.max)
def max_of_some(x: Any, axis: Any = None, keepdims: bool = False, initial: Any = None, where: Any = True) -> Any:
    """The largest of the elements that count and ``initial``."""
    return _extreme(x, axis, keepdims, initial, where, "max", -math.inf, np.maximum)


@over_some(np.min)
def min_of_some(x: Any, axis: Any = None, keepdims: bool = False, initial: Any = None, where: Any = True) -> Any:
    """The smallest of the elements that count and ``initial``."""
    return _extreme(x, axis, keepdims, initial, where, "min", math.inf, np.minimum)


@over_some(np.mean)
def mean_of_some(x: Any, axis: Any = None, keepdims: bool = False, where: Any = True) -> Any:
    """The mean of the elements that count."""
    total = np.sum(_kept(x, where, 0), axis=axis, keepdims=True)
    return _fold(total / _how_many(x, where, axis), axis, keepdims)


@over_some(np.var)
def var_of_some(x: Any, axis: Any = None, ddof: float = 0, keepdims: bool = False, where: Any = True) -> Any:
    """The mean square distance of the elements that count from their mean, with divisor ``n - ddof``."""
    away = _kept(x - mean_of_some(x, axis, True, where), where, 0)
    y = np.sum(squared(away), axis=axis, keepdims=True) / np.maximum(_how_many(x, where, axis) - ddof, 0)
    return _fold(y, axis, keepdims)


@over_some(np.std)
def std_of_some(x: Any, axis: Any = None, ddof: float = 0, keepdims: bool = False, where: Any = True) -> Any:
    """The root of that variance; its gradient at 0 is 0."""
    away = _kept(x - mean_of_some(x, axis, True, where), where, 0)
    y = reduce.length(away, axis=axis, keepdims=True) / np.sqrt(np.maximum(_how_many(x, where, axis) - ddof, 0))
    return _fold(y, axis, keepdims)


# The same under other names.


@implements(np.amax)
def amax(a: Any, axis: Any = None, *, keepdims: bool = False, initial: Any = None, where: Any = True) -> Any:
    """The largest element; ties share the gradient equally."""
    return np.max(a, axis=axis, keepdims=keepdims, **_given(initial, where))


@implements(np.amin)
def amin(a: Any, axis: Any = None, *, keepdims: bool = False, initial: Any = None, where: Any = True) -> Any:
    """The smallest element; ties share the gradient equally."""
    return np.min(a, axis=axis, keepdims=keepdims, **_given(initial, where))


def _given(initial: Any, where: Any) -> dict[str, Any]:
    """The arguments that were given."""
    return ({} if initial is None else {"initial": initial}) | ({} if where is True else {"where": where})


@implements(np.ptp)
def ptp(a: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    """The largest element minus the smallest."""
    return reduce.max(a, axis=axis, keepdims=keepdims) - reduce.min(a, axis=axis, keepdims=keepdims)


# Over those that are numbers.


def _numbers(a: Any, where: Any) -> Any:
    """Where there is a number that counts."""
    return ~np.isnan(a) & where


@implements(np.nansum)
def nansum(
    a: Any, axis: Any = None, dtype: Any = None, *, keepdims: bool = False, initial: Any = 0, where: Any = True
) -> Any:
    """The sum of the numbers."""
    return np.sum(a, axis=axis, dtype=dtype, keepdims=keepdims, initial=initial, where=_numbers(a, where))


@implements(np.nanprod)
def nanprod(
    a: Any, axis: Any = None, dtype: Any = None, *, keepdims: bool = False, initial: Any = 1, where: Any = True
) -> Any:
    """The product of the numbers."""
    return np.prod(a, axis=axis, dtype=dtype, keepdims=keepdims, initial=initial, where=_numbers(a, where))


@implements(np.nanmean)
def nanmean(a: Any, axis: Any = None, dtype: Any = None, *, keepdims: bool = False, where: Any = True) -> Any:
    """The mean of the numbers."""
    return np.mean(a, axis=axis, dtype=dtype, keepdims=keepdims, where=_numbers(a, where))


@implements(np.nanvar)
def nanvar(
    a: Any, axis: Any = None, dtype: Any = None, *, ddof: float = 0, correction: float | None = None,
    keepdims: bool = False, where: Any = True,
) -> Any:  # fmt: skip
    """The variance of the numbers."""
    ddof = ddof if correction is None else correction
    return np.var(a, axis=axis, dtype=dtype, ddof=ddof, keepdims=keepdims, where=_numbers(a, where))


@implements(np.nanstd)
def nanstd(
    a: Any, axis: Any = None, dtype: Any = None, *, ddof: float = 0, correction: float | None = None,
    keepdims: bool = False, where: Any = True,
) -> Any:  # fmt: skip
    """The standard deviation of the numbers."""
    ddof = ddof if correction is None else correction
    return np.std(a, axis=axis, dtype=dtype, ddof=ddof, keepdims=keepdims, where=_numbers(a, where))


@implements(np.nanmax)
def nanmax(a: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    """The largest number; NaN where there is none."""
    return _unless_none(
        a, axis, keepdims, reduce.max(_kept(a, _numbers(a, True), -math.inf), axis=axis, keepdims=keepdims)
    )


@implements(np.nanmin)
def nanmin(a: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    """The smallest number; NaN where there is none."""
    return _unless_none(
        a, axis, keepdims, reduce.min(_kept(a, _numbers(a, True), math.inf), axis=axis, keepdims=keepdims)
    )


def _unless_none(a: Any, axis: Any, keepdims: bool, y: Any) -> Any:
    """``y``, but NaN where there is no number at all."""
    none = np.all(np.isnan(a), axis=axis, keepdims=keepdims)
    return np.where(none, math.nan, y) if np.any(none) else y


@implements(np.nancumsum)
def nancumsum(a: Any, axis: int | None = None, dtype: Any = None) -> Any:
    """The running sum, to which NaN adds nothing."""
    return np.cumsum(_kept(a, _numbers(a, True), 0), axis=axis, dtype=dtype)


@implements(np.nancumprod)
def nancumprod(a: Any, axis: int | None = None, dtype: Any = None) -> Any:
    """The running product, which NaN leaves as it is."""
    return np.cumprod(_kept(a, _numbers(a, True), 1), axis=axis, dtype=dtype)


if hasattr(np, "cumulative_sum"):  # NumPy 2.1

    def _cumulative(scan: Any, start: float, x: Any, axis: int | None, dtype: Any, include_initial: bool) -> Any:
        """A running sum or product, perhaps with what it starts from."""
        if axis is None and np.ndim(x) != 1:
            raise errors.bad_argument(
                f"np.cumulative_{'prod' if start else 'sum'} of shape {np.shape(x)}", "axis=, with more than one",
                "no axis", "axis=0",
            )  # fmt: skip
        axis = axis or 0
        y = scan(x, axis=axis, dtype=dtype)
        if not include_initial:
            return y
        widths = [(0, 0)] * np.ndim(x)
        widths[axis] = (1, 0)
        return np.pad(y, widths, constant_values=start)

    @implements(np.cumulative_sum)
    def cumulative_sum(x: Any, /, *, axis: int | None = None, dtype: Any = None, include_initial: bool = False) -> Any:
        """The running sum."""
        return _cumulative(np.cumsum, 0.0, x, axis, dtype, include_initial)

    @implements(np.cumulative_prod)
    def cumulative_prod(x: Any, /, *, axis: int | None = None, dtype: Any = None, include_initial: bool = False) -> Any:
        """The running product."""
        return _cumulative(np.cumprod, 1.0, x, axis, dtype, include_initial)


# Weights and covariances.


@implements(np.average)
def average(a: Any, axis: Any = None, weights: Any = None, returned: bool = False, *, keepdims: bool = False) -> Any:
    """The mean, where each element counts as much as its weight; with ``returned`` also the sum of the weights."""
    a = array(a)
    if weights is None:
        mean = np.mean(a, axis=axis, keepdims=keepdims)
        return (mean, np.full_like(data(mean), np.size(a) / np.size(mean))) if returned else mean
    weights = _fit_weights(a, axis, array(weights))
    total = np.sum(weights, axis=axis, keepdims=keepdims)
    mean = np.sum(a * weights, axis=axis, keepdims=keepdims) / total
    return (mean, np.broadcast_to(total, np.shape(mean))) if returned else mean


def _fit_weights(a: Any, axis: Any, weights: Any) -> Any:
    """The weights in the shape of ``a``: they may be one for each place along the axes."""
    if np.shape(weights) == np.shape(a):
        return weights
    axes = [] if axis is None else [i % np.ndim(a) for i in np.atleast_1d(axis).tolist()]
    if not axes or np.shape(weights) != tuple(np.shape(a)[i] for i in axes):
        raise errors.bad_argument(
            "np.average(a, weights=...)", f"weights of shape {np.shape(a)}, or one for each place along an axis",
            f"weights of shape {np.shape(weights)} and axis={axis}", "np.sum(a * weights, axis) / np.sum(weights)",
        )  # fmt: skip
    ordered = np.transpose(weights, np.argsort(axes).tolist())
    lengths = [n if i in axes else 1 for i, n in enumerate(np.shape(a))]
    return np.broadcast_to(np.reshape(ordered, lengths), np.shape(a))


@implements(np.cov)
def cov(
    m: Any, y: Any = None, rowvar: bool = True, bias: bool = False, ddof: int | None = None,
    fweights: Any = None, aweights: Any = None, *, dtype: Any = None,
) -> Any:  # fmt: skip
    """The covariances of the rows: how often an observation counts say ``fweights``, how much ``aweights``."""
    x = _variables(m, rowvar)
    if y is not None:
        x = np.concatenate([x, _variables(y, rowvar)], axis=0)
    x = x.astype(np.result_type(x, np.float64) if dtype is None else dtype)
    real_only("cov", fweights, aweights)
    ddof = ddof if ddof is not None else int(not bias)
    repeats = 1 if fweights is None else array(fweights).astype(x.dtype)
    importance = 1 if aweights is None else array(aweights).astype(x.dtype)
    weights = np.ones(np.shape(x)[1], x.dtype) * repeats * importance
    total = np.sum(weights)
    lost = ddof if aweights is None else ddof * np.sum(weights * importance) / total
    away = x - np.sum(x * weights, axis=1, keepdims=True) / total
    return np.squeeze(np.matmul(away * weights, np.swapaxes(conj(away), 0, 1)) / (total - lost))


def _variables(m: Any, rowvar: bool) -> Any:
    """A matrix with one variable a row."""
    m = array(m)
    rows = np.reshape(m, (1, -1)) if np.ndim(m) < 2 else m
    return rows if rowvar or np.shape(rows)[0] == 1 else np.swapaxes(rows, 0, 1)


@implements(np.corrcoef)
def corrcoef(x: Any, y: Any = None, rowvar: bool = True, *, dtype: Any = None) -> Any:
    """The covariances, divided by the standard deviations of both."""
    c = cov(x, y, rowvar, dtype=dtype)
    if not np.ndim(c):
        return c / c
    root = np.sqrt(np.real(np.diagonal(c)))
    c = c / root[:, None] / root[None, :]
    return np.clip(np.real(c), -1, 1) + 1j * np.clip(np.imag(c), -1, 1) if is_complex(c) else np.clip(c, -1, 1)
