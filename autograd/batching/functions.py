"""NumPy's functions on batches: the same functions of the whole, with the axes counted behind the hidden ones."""

from __future__ import annotations

import inspect
import math
from functools import cache, partial
from typing import Any

import numpy as np

from .. import errors
from .batch import FUNCTIONS, Batch, batches, elementwise
from .examples import one_by_one
from .hidden import lengths_of, levels_of, spread, union

ALONG = [
    np.sum, np.prod, np.max, np.min, np.amax, np.amin, np.mean, np.var, np.std, np.any, np.all, np.argmax, np.argmin,
    np.count_nonzero, np.median, np.ptp, np.nansum, np.nanprod, np.nanmax, np.nanmin, np.nanmean, np.nanvar, np.nanstd,
    np.nanmedian, np.nanargmax, np.nanargmin, np.cumsum, np.cumprod, np.nancumsum, np.nancumprod, np.sort, np.argsort,
    np.partition, np.argpartition, np.repeat, np.diff, np.trapezoid,
    np.fft.fft, np.fft.ifft, np.fft.rfft, np.fft.irfft, np.fft.hfft, np.fft.ihfft,
]  # fmt: skip
"""The functions along an axis, or over some, that take all elements as one row if they are told none."""

OVER_AXES = [
    np.fft.fftn,
    np.fft.ifftn,
    np.fft.rfftn,
    np.fft.irfftn,
    np.fft.fft2,
    np.fft.ifft2,
    np.fft.rfft2,
    np.fft.irfft2,
]

ELEMENTWISE = [np.round, np.around, np.sinc, np.i0, np.nan_to_num, np.isclose, np.real, np.imag, np.angle]

STACKED = [
    np.linalg.inv, np.linalg.det, np.linalg.slogdet, np.linalg.cholesky, np.linalg.eigvalsh, np.linalg.eigh,
    np.linalg.svd, np.linalg.qr, np.linalg.pinv, np.linalg.eig, np.linalg.eigvals,
]  # fmt: skip
"""The functions of stacks of matrices, to which the hidden axes only add."""

WRITING = [np.copyto, np.fill_diagonal, np.place, np.put, np.put_along_axis, np.putmask]


@cache
def _defaults(function: Any) -> dict[str, Any]:
    """The arguments of a function and their defaults, without the first."""
    return {name: p.default for name, p in list(inspect.signature(function).parameters.items())[1:]}


def _axis(axis: Any, ndim: int, k: int) -> Any:
    """An axis of one example, or a tuple of them, as an axis of the whole."""
    if isinstance(axis, (tuple, list)):
        return tuple(_axis(a, ndim, k) for a in axis)
    if not -ndim <= axis < ndim:
        raise np.exceptions.AxisError(axis, ndim)
    return axis % ndim + k


def _along(function: Any, x: Any, *args: Any, **kwargs: Any) -> Any:
    """A function along an axis, or over all of them, which are then made one."""
    given = dict(zip(_defaults(function), args, strict=False)) | kwargs
    if levels_of(list(given.values())):
        return one_by_one(function, x, *args, **kwargs)
    return _over(function, x, given.pop("axis", _defaults(function)["axis"]), **given)


def _over(function: Any, x: Batch, axis: Any, **given: Any) -> Batch:
    if axis is not None:
        return Batch(function(x.whole, axis=_axis(axis, x.ndim, len(x.hidden)), **given), x.levels)
    y = function(x.whole.reshape(*x.hidden, x.size), axis=-1, **given)
    return Batch(y.reshape(*x.hidden, *(1,) * x.ndim) if given.get("keepdims") is True else y, x.levels)


def _over_axes(function: Any, x: Any, s: Any = None, axes: Any = None, norm: Any = None) -> Any:
    """A transform over several axes: the last two of those for matrices, of others all, or as many as ``s`` says."""
    if axes is None:
        axes = _defaults(function)["axes"] or range(-(x.ndim if s is None else len(s)), 0)
    return Batch(function(x.whole, s, _axis(tuple(axes), x.ndim, len(x.hidden)), norm), x.levels)


def _stacked(function: Any, x: Any, *args: Any, **kwargs: Any) -> Any:
    """A function of stacks of matrices."""
    y = function(x.whole, *args, **kwargs)
    return type(y)(*(Batch(part, x.levels) for part in y)) if isinstance(y, tuple) else Batch(y, x.levels)


def _written(*args: Any, **kwargs: Any) -> Any:
    raise errors.written_by_each(np.shape(args[0]))


FAMILIES = [(_along, ALONG), (_over_axes, OVER_AXES), (elementwise, ELEMENTWISE), (_stacked, STACKED)]
FUNCTIONS.update({function: partial(family, function) for family, functions in FAMILIES for function in functions})
FUNCTIONS.update(dict.fromkeys(WRITING, _written))


# The methods of universal functions.


@batches(np.ufunc.reduce)
def reduce(ufunc: np.ufunc, x: Any, axis: Any = 0, **kwargs: Any) -> Any:
    """``np.add.reduce`` and its kin."""
    return _over(ufunc.reduce, x, axis, **kwargs)


@batches(np.ufunc.accumulate)
def accumulate(ufunc: np.ufunc, x: Any, axis: Any = 0, **kwargs: Any) -> Any:
    """``np.add.accumulate`` and its kin."""
    return _over(ufunc.accumulate, x, axis, **kwargs)


@batches(np.ufunc.at)
def at(ufunc: np.ufunc, x: Any, where: Any, value: Any) -> None:
    """``np.add.at`` and its kin."""
    if not isinstance(x, Batch):
        raise errors.written_by_each(np.shape(x))
    x.write(where, value, ufunc.at)


# What one example looks like, and arrays like it.

batches(np.shape)(lambda a: a.shape)
batches(np.ndim)(lambda a: a.ndim)
batches(np.size)(lambda a, axis=None: a.size if axis is None else a.shape[axis])
batches(np.array2string, np.array_repr, np.array_str)(lambda a, *args, **kwargs: repr(a))
batches(np.iscomplexobj)(lambda x: x.dtype.kind == "c")
batches(np.isrealobj)(lambda x: x.dtype.kind != "c")
batches(np.result_type)(lambda *xs: np.result_type(*(x.dtype if isinstance(x, Batch) else x for x in xs)))
batches(np.copy)(lambda a, order="K", subok=False: a.copy())


def _like(function: Any) -> None:
    @batches(function)
    def like(a: Any, dtype: Any = None, order: Any = "K", subok: bool = True, shape: Any = None, **more: Any) -> Any:
        shape = a.shape if shape is None else shape if isinstance(shape, (tuple, list)) else (shape,)
        return Batch(function(a.whole, dtype, shape=(*a.hidden, *shape)), a.levels)


for function in (np.zeros_like, np.ones_like, np.empty_like):
    _like(function)


@batches(np.full_like)
def full_like(a: Any, fill_value: Any, dtype: Any = None, *args: Any, **kwargs: Any) -> Any:
    """One number everywhere."""
    y = np.empty_like(a, dtype, *args, **kwargs)
    y = y if isinstance(y, Batch) else Batch(y, ())
    y[...] = fill_value
    return y


# Shapes.


@batches(np.reshape)
def reshape(a: Any, shape: Any = None, order: Any = "C", **more: Any) -> Any:
    """The same elements in another shape."""
    shape = tuple(shape) if isinstance(shape, (tuple, list)) else (shape,)
    if order == "F":
        return np.transpose(np.reshape(np.transpose(a), shape[::-1]))
    known = math.prod(n for n in shape if n != -1)
    lengths = tuple(a.size // max(known, 1) if n == -1 else n for n in shape)
    if math.prod(lengths) != a.size:
        raise ValueError(f"cannot reshape array of size {a.size} into shape {shape}")
    return Batch(a.whole.reshape(*a.hidden, *lengths), a.levels)


@batches(np.ravel)
def ravel(a: Any, order: Any = "C") -> Any:
    """The elements in one axis."""
    return np.reshape(a, (a.size,), order=order)


@batches(np.transpose)
def transpose(a: Any, axes: Any = None) -> Any:
    """The axes in another order."""
    k, n = len(a.hidden), a.ndim
    axes = range(n)[::-1] if axes is None else axes
    return Batch(a.whole.transpose([*range(k), *_axis(tuple(axes), n, k)]), a.levels)


@batches(np.swapaxes)
def swapaxes(a: Any, axis1: int, axis2: int) -> Any:
    """Two axes exchanged."""
    return Batch(np.swapaxes(a.whole, *_axis((axis1, axis2), a.ndim, len(a.hidden))), a.levels)


@batches(np.moveaxis)
def moveaxis(a: Any, source: Any, destination: Any) -> Any:
    """Axes in other places."""
    k, n = len(a.hidden), a.ndim
    source, destination = (axes if np.ndim(axes) else (axes,) for axes in (source, destination))
    return Batch(np.moveaxis(a.whole, _axis(tuple(source), n, k), _axis(tuple(destination), n, k)), a.levels)


@batches(np.expand_dims)
def expand_dims(a: Any, axis: Any) -> Any:
    """New axes of length 1."""
    axes = tuple(axis) if isinstance(axis, (tuple, list)) else (axis,)
    return Batch(np.expand_dims(a.whole, _axis(axes, a.ndim + len(axes), len(a.hidden))), a.levels)


@batches(np.squeeze)
def squeeze(a: Any, axis: Any = None) -> Any:
    """Axes of length 1 removed."""
    axes = tuple(i for i, n in enumerate(a.shape) if n == 1) if axis is None else axis
    return Batch(np.squeeze(a.whole, _axis(axes, a.ndim, len(a.hidden))), a.levels)


@batches(np.broadcast_to)
def broadcast_to(array: Any, shape: Any, subok: bool = False) -> Any:
    """Repeated to the shape."""
    shape = shape if isinstance(shape, (tuple, list)) else (shape,)
    if array.ndim > len(shape):
        raise ValueError("input operand has more dimensions than allowed by the axis remapping")
    return Batch(np.broadcast_to(spread(array, array.levels, len(shape)), (*array.hidden, *shape)), array.levels)


@batches(np.tile)
def tile(a: Any, reps: Any) -> Any:
    """Copies side by side."""
    reps = tuple(reps) if np.ndim(reps) else (reps,)
    ndim = max(a.ndim, len(reps))
    copies = (1,) * (len(a.hidden) + ndim - len(reps)) + reps
    return Batch(np.tile(spread(a, a.levels, ndim), copies), a.levels)


@batches(np.pad)
def pad(array: Any, pad_width: Any, mode: Any = "constant", **options: Any) -> Any:
    """A border around each example; what is said of the axes is said of none that is hidden."""
    k, n = len(array.hidden), array.ndim

    def told(pairs: Any) -> Any:
        return [(0, 0)] * k + np.broadcast_to(pairs, (n, 2)).tolist()

    options = {name: x if isinstance(x, str) or not np.ndim(x) else told(x) for name, x in options.items()}
    return Batch(np.pad(array.whole, told(pad_width), mode, **options), array.levels)


@batches(np.flip)
def flip(m: Any, axis: Any = None) -> Any:
    """The elements in reverse order."""
    axis = tuple(range(m.ndim)) if axis is None else axis
    return Batch(np.flip(m.whole, _axis(axis, m.ndim, len(m.hidden))), m.levels)


@batches(np.roll)
def roll(a: Any, shift: Any, axis: Any = None) -> Any:
    """The elements moved along, those at the end to the beginning."""
    if levels_of(shift):
        return one_by_one(np.roll, a, shift, axis)
    if axis is None:
        return np.reshape(np.roll(np.ravel(a), shift, 0), a.shape)
    return Batch(np.roll(a.whole, shift, _axis(axis, a.ndim, len(a.hidden))), a.levels)


def _triangle(function: Any, m: Any, k: int = 0) -> Any:
    """A triangle of the last two axes."""
    return Batch(function(m.whole, k), m.levels) if m.ndim > 1 else one_by_one(function, m, k)


FUNCTIONS.update({function: partial(_triangle, function) for function in (np.tril, np.triu)})


@batches(np.diagonal)
def diagonal(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """The diagonal of two axes."""
    return Batch(np.diagonal(a.whole, offset, *_axis((axis1, axis2), a.ndim, len(a.hidden))), a.levels)


@batches(np.concatenate)
def concatenate(arrays: Any, axis: Any = 0, **more: Any) -> Any:
    """Arrays joined along an axis; what is the same for all examples is repeated."""
    if axis is None:
        arrays, axis = [np.ravel(x) for x in arrays], 0
    levels, lengths = union(map(levels_of, arrays)), lengths_of(*arrays)
    hidden = tuple(lengths[level] for level in levels)
    wholes = [np.broadcast_to(spread(x, levels), hidden + np.shape(x)) for x in arrays]
    return Batch(np.concatenate(wholes, _axis(axis, np.ndim(arrays[0]), len(levels)), **more), levels)


@batches(np.stack)
def stack(arrays: Any, axis: int = 0, **more: Any) -> Any:
    """Arrays joined along a new axis."""
    return np.concatenate([np.expand_dims(x, axis) for x in arrays], axis, **more)


# Choosing.


@batches(np.clip)
def clip(a: Any, a_min: Any = None, a_max: Any = None, *, min: Any = None, max: Any = None, **more: Any) -> Any:
    """Each element limited to an interval."""
    return elementwise(np.clip, a, min if a_min is None else a_min, max if a_max is None else a_max, **more)


@batches(np.where)
def where(condition: Any, *branches: Any) -> Any:
    """Elements of one branch or the other."""
    return elementwise(np.where, condition, *branches) if branches else one_by_one(np.nonzero, condition)


@batches(np.take)
def take(a: Any, indices: Any, axis: Any = None, *args: Any, **kwargs: Any) -> Any:
    """The elements at some places along an axis: an index."""
    if args or kwargs:
        return one_by_one(np.take, a, indices, axis, *args, **kwargs)
    a = a if isinstance(a, Batch) else Batch(np.asarray(a), ())
    indices = indices if isinstance(indices, Batch) else np.asarray(indices)
    if axis is None:
        return np.ravel(a)[indices]
    return a[(*(slice(None),) * _axis(axis, a.ndim, 0), indices)]


@batches(np.take_along_axis)
def take_along_axis(arr: Any, indices: Any, axis: Any = -1) -> Any:
    """For each row the elements at places of its own."""
    if axis is None:
        return np.ravel(arr)[indices]
    return elementwise(partial(np.take_along_axis, axis=axis % np.ndim(arr) - np.ndim(arr)), arr, indices)


@batches(np.searchsorted)
def searchsorted(a: Any, v: Any, *args: Any, **kwargs: Any) -> Any:
    """Where elements go in a row that is the same for all."""
    if levels_of(a) or levels_of([*args, *kwargs.values()]):
        return one_by_one(np.searchsorted, a, v, *args, **kwargs)
    return Batch(np.searchsorted(a, v.whole, *args, **kwargs), v.levels)


# Linear algebra.


@batches(np.linalg.solve)
def solve(a: Any, b: Any) -> Any:
    """A vector on the right side is a matrix with one column."""
    if np.ndim(b) == 1:
        return solve(a, b[:, None])[..., 0]
    return elementwise(np.linalg.solve, a, b)
