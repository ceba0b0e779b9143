"""Operations that move elements about without changing them. Each rule moves the gradient back."""

from __future__ import annotations

import math
from itertools import accumulate
from typing import Any

import numpy as np

from ..graph import Primitive
from .elsewhere import is_lazy
from .index import scatter, take
from .table import row


def _swap_back(g: Any, axes: Any) -> Any:
    """Undo ``transpose(axes)``: the inverse of a permutation is its argsort."""
    return np.transpose(g, None if axes is None else [int(i) for i in np.argsort([a % g.ndim for a in axes])])


def _broadcast_to(x: Any, shape: Any = ()) -> Any:
    """``x`` repeated to ``shape``, as an array of its own.

    For small arrays it takes a third of the time of NumPy's view, which pays for large ones.
    """
    full = np.empty_like(x, shape=shape)
    full[...] = x
    return full


def _parts(g: Any, inputs: Any, axis: int | None) -> list[Any]:
    """The parts of ``g`` that ``concatenate`` took from its inputs."""
    sizes = [math.prod(np.shape(x)) if axis is None else np.shape(x)[axis] for x in inputs]
    ends = list(accumulate(sizes))
    along = (slice(None),) * (0 if axis is None else axis % g.ndim)
    parts = [g[(*along, slice(end - size, end))] for size, end in zip(sizes, ends, strict=True)]
    return parts if axis is not None else [np.reshape(g, np.shape(x)) for g, x in zip(parts, inputs, strict=True)]


def _concatenate(*arrays: Any, axis: int | None = 0) -> Any:
    return np.concatenate(arrays, axis=axis)


def _stack(*arrays: Any, axis: int = 0) -> Any:
    return np.stack(arrays, axis=axis)


def _untile(g: Any, x: Any, reps: Any) -> Any:
    """Sum over the copies that ``tile`` made: give every axis a copies axis, and sum those."""
    reps = tuple(np.atleast_1d(reps))
    shape = (1,) * (len(reps) - np.ndim(x)) + np.shape(x)
    reps = (1,) * (len(shape) - len(reps)) + reps
    apart = [int(n) for pair in zip(reps, shape, strict=True) for n in pair]
    return np.reshape(np.sum(np.reshape(g, apart), axis=tuple(range(0, len(apart), 2))), np.shape(x))


def _repeated(x: Any, repeats: Any, axis: int | None) -> Any:
    """For each element along the axis of the result of ``repeat``, the place in ``x`` that it came from."""
    return np.repeat(np.arange(math.prod(np.shape(x)) if axis is None else np.shape(x)[axis]), repeats)


def _repeat(x: Any, repeats: Any = 1, axis: int | None = None) -> Any:
    if is_lazy(x):
        return take(x, indices=_repeated(x, repeats, axis), axis=axis)
    return np.repeat(x, repeats, axis=axis)


def _unrepeat(g: Any, x: Any, repeats: Any, axis: int | None) -> Any:
    """Sum over the copies that ``repeat`` made: a scatter to the places they came from."""
    source = _repeated(x, repeats, axis)
    if axis is None:
        return np.reshape(scatter(g, index=(source,), shape=(math.prod(np.shape(x)),)), np.shape(x))
    along = (slice(None),) * (axis % np.ndim(x))
    return scatter(g, index=(*along, source), shape=np.shape(x))


def _unroll(shift: Any) -> Any:
    return tuple(-s for s in shift) if isinstance(shift, (tuple, list)) else -shift


def _reshape(x: Any, shape: Any = None, order: Any = "C") -> Any:
    if is_lazy(x):
        shape = (shape,) if isinstance(shape, int) else tuple(shape)
        return np.reshape(x, shape) if order == "C" else np.transpose(np.reshape(np.transpose(x), shape[::-1]))
    # by position: NumPy 2.0 calls the shape newshape; and without an order where the library has none
    return np.reshape(x, shape) if order == "C" else np.reshape(x, shape, order)


def _pad(x: Any, pad_width: Any = 0, constant_values: Any = 0) -> Any:
    return np.pad(x, pad_width, mode="constant", constant_values=constant_values)


def _inside(x: Any, pad_width: Any) -> tuple[slice, ...]:
    """Where ``x`` lies inside its padding."""
    widths = np.broadcast_to(pad_width, (np.ndim(x), 2))
    return tuple(slice(int(before), int(before) + n) for (before, _), n in zip(widths, np.shape(x), strict=True))


# fmt: off
reshape: Primitive = row(np.reshape,
    lambda g, y, x, shape=None, order="C": reshape(g, shape=np.shape(x), order=order),
    array=_reshape)

transpose = row(np.transpose,
    lambda g, y, x, axes=None: _swap_back(g, axes))

swapaxes = row(np.swapaxes,
    lambda g, y, x, axis1=0, axis2=1: np.swapaxes(g, axis1, axis2))

moveaxis = row(np.moveaxis,
    lambda g, y, x, source=0, destination=0: np.moveaxis(g, destination, source))

expand_dims = row(np.expand_dims,
    lambda g, y, x, axis=0: np.reshape(g, np.shape(x)))

squeeze = row(np.squeeze,
    lambda g, y, x, axis=None: np.reshape(g, np.shape(x)))

broadcast_to = row(np.broadcast_to,
    lambda g, y, x, shape=(): g,
    array=_broadcast_to)

concatenate = row(np.concatenate, array=_concatenate,
    jointly=lambda g, y, *inputs, axis=0: _parts(g, inputs, axis))

stack = row(np.stack, array=_stack,
    jointly=lambda g, y, *inputs, axis=0: [np.take(g, i, axis=axis) for i in range(len(inputs))])

tile = row(np.tile,
    lambda g, y, x, reps=1: _untile(g, x, reps))

repeat = row(np.repeat,
    lambda g, y, x, repeats=1, axis=None: _unrepeat(g, x, repeats, axis),
    array=_repeat)

flip = row(np.flip,
    lambda g, y, x, axis=None: np.flip(g, axis))

roll = row(np.roll,
    lambda g, y, x, shift=0, axis=None: np.roll(g, _unroll(shift), axis))

pad = row(np.pad,
    lambda g, y, x, pad_width=0, constant_values=0: g[_inside(x, pad_width)],
    array=_pad)

tril = row(np.tril,
    lambda g, y, x, k=0: np.tril(g, k))

triu = row(np.triu,
    lambda g, y, x, k=0: np.triu(g, k))
# fmt: on
