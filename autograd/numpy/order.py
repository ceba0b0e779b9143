"""NumPy functions of the order of elements: sorting and quantiles.

They read elements at places that the data say, and the gradient goes back to where it was read. Equal
elements are taken in the order in which they stand, as in a stable sort.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .. import errors
from ..rules import sort as rows
from ..rules.parts import is_complex
from .dispatch import array, data, implements, real_only, wants_gradient


@implements(np.sort)
def sort(a: Any, axis: int | None = -1, kind: Any = None, *, stable: Any = None) -> Any:
    """The elements in ascending order; every kind of sorting is a stable one."""
    return rows.sort(np.ravel(a), axis=-1) if axis is None else rows.sort(a, axis=axis)


@implements(np.sort_complex)
def sort_complex(a: Any) -> Any:
    """The elements in ascending order, by their real parts first, as complex numbers."""
    return rows.sort(a if is_complex(a) else a.astype(np.complex128), axis=-1)


@implements(np.partition)
def partition(a: Any, kth: Any, axis: int | None = -1, kind: Any = "introselect") -> Any:
    """The elements with those at ``kth`` where a sort puts them, smaller ones before and larger ones behind."""
    if axis is None:
        a, axis = np.ravel(a), -1
    return np.take_along_axis(a, np.argpartition(data(a), kth, axis=axis, kind=kind), axis=axis)


@implements(np.unique)
def unique(
    ar: Any, return_index: bool = False, return_inverse: bool = False, return_counts: bool = False, *,
    equal_nan: bool = True, sorted: bool = True,
) -> Any:  # fmt: skip
    """The different elements in ascending order; the gradient goes to the first of each."""
    places = data(np.ravel(ar))
    _, first, inverse, counts = np.unique(places, True, True, True, equal_nan=equal_nan)
    values = np.ravel(ar)[first]
    inverse = np.reshape(inverse, np.shape(ar))
    extras = [x for x, wanted in ((first, return_index), (inverse, return_inverse), (counts, return_counts)) if wanted]
    return (values, *extras) if extras else values


@implements(np.median)
def median(a: Any, axis: Any = None, *, overwrite_input: bool = False, keepdims: bool = False) -> Any:
    """The middle element, or the mean of the two in the middle."""
    return _middle(a, axis, keepdims, skip_nan=False)


@implements(np.nanmedian)
def nanmedian(a: Any, axis: Any = None, *, overwrite_input: bool = False, keepdims: bool = False) -> Any:
    """The median of the numbers; NaN where there is none."""
    return _middle(a, axis, keepdims, skip_nan=True)


@implements(np.quantile)
def quantile(
    a: Any, q: Any, axis: Any = None, *, overwrite_input: bool = False, method: Any = "linear", keepdims: bool = False
) -> Any:
    """The number below which the share ``q`` of the elements lies, by one of NumPy's thirteen methods."""
    return _quantile("quantile", a, q, 1, axis, method, keepdims, skip_nan=False)


@implements(np.nanquantile)
def nanquantile(
    a: Any, q: Any, axis: Any = None, *, overwrite_input: bool = False, method: Any = "linear", keepdims: bool = False
) -> Any:
    """The quantile of the numbers; NaN where there is none."""
    return _quantile("nanquantile", a, q, 1, axis, method, keepdims, skip_nan=True)


@implements(np.percentile)
def percentile(
    a: Any, q: Any, axis: Any = None, *, overwrite_input: bool = False, method: Any = "linear", keepdims: bool = False
) -> Any:
    """The quantile, with ``q`` in percent."""
    return _quantile("percentile", a, q, 100, axis, method, keepdims, skip_nan=False)


@implements(np.nanpercentile)
def nanpercentile(
    a: Any, q: Any, axis: Any = None, *, overwrite_input: bool = False, method: Any = "linear", keepdims: bool = False
) -> Any:
    """The percentile of the numbers; NaN where there is none."""
    return _quantile("nanpercentile", a, q, 100, axis, method, keepdims, skip_nan=True)


def _as_rows(a: Any, axis: Any) -> tuple[Any, tuple[int, ...]]:
    """The axes that will be gone as one, the last; and the shape that keeps them, with length 1."""
    ndim = np.ndim(a)
    for i in [] if axis is None else np.atleast_1d(axis).tolist():
        if not -ndim <= i < ndim:
            reason = f"axis {i} is out of bounds for array of dimension {ndim}"
            raise errors.no_such_axis("quantile", np.shape(a), {"axis": axis}, reason)
    axes = range(ndim) if axis is None else sorted(int(i) % ndim for i in np.atleast_1d(axis))
    others = [i for i in range(ndim) if i not in axes]
    lengths = [np.shape(a)[i] for i in others]
    gone = math.prod(np.shape(a)[i] for i in axes)
    flat = np.reshape(np.transpose(a, [*others, *axes]), (*lengths, gone))
    return flat, tuple(1 if i in axes else n for i, n in enumerate(np.shape(a)))


def _counts(x: Any, skip_nan: bool) -> Any:
    """How many numbers of each row count; 0 where the result is NaN."""
    missing = np.isnan(x)
    n = x.shape[-1]
    return n - np.count_nonzero(missing, axis=-1) if skip_nan else np.where(np.any(missing, axis=-1), 0, n)


def _reader(rows: Any) -> Any:
    """Reads of each sorted row the elements at some places; a place of -1 is the last, where NaN is sorted to."""
    order = np.argsort(data(rows), axis=-1, kind="stable")
    return lambda places: np.take_along_axis(rows, np.take_along_axis(order, places, -1), -1)


def _middle(a: Any, axis: Any, keepdims: bool, skip_nan: bool) -> Any:
    """The median along some axes."""
    rows, kept = _as_rows(a, axis)
    if not rows.shape[-1]:
        return np.mean(rows, axis=-1)
    counts = _counts(data(rows), skip_nan)[..., None]
    middle = np.concatenate([(counts - 1) // 2, counts // 2 - (counts == 0)], axis=-1)
    y = 0.5 * np.sum(_reader(rows)(middle), axis=-1)
    return np.reshape(y, kept) if keepdims else y


def _quantile(name: str, a: Any, q: Any, whole: int, axis: Any, method: Any, keepdims: bool, skip_nan: bool) -> Any:
    """Between two neighbours of the sorted row, at the position that NumPy says.

    A quantile of 0, 1, 2, ..., n - 1 is that position itself, whatever the method.
    """
    if wants_gradient(q):
        raise errors.no_gradient_through(name, "q")
    real_only(name, a)
    share = (q if isinstance(q, (int, float)) else np.asarray(data(q))) / whole
    rows, kept = _as_rows(array(a), axis)
    dtype = np.quantile(np.zeros(1, rows.dtype), share, method=method).dtype
    shares = np.ravel(share)
    counts = _counts(data(rows), skip_nan)
    position = np.full((*counts.shape, shares.size), -1.0)
    for n in np.unique(counts[counts > 0]):
        position[counts == n] = np.quantile(np.arange(n, dtype=float), shares, method=method)
    low, high = np.floor(position), np.ceil(position)
    read = _reader(rows)
    below, above = read(low.astype(int)), read(high.astype(int))
    between = below + (above - below) * (position - low).astype(dtype)
    y = np.moveaxis(np.where(low == high, below, between), -1, 0)
    return np.reshape(y, np.shape(share) + (kept if keepdims else np.shape(y)[1:]))
