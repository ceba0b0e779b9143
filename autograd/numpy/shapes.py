"""NumPy functions that give the same elements another shape."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import errors
from ..rules import index
from ..rules.shape import reshape as _reshape
from .dispatch import implements


@implements(np.reshape)
def reshape(a: Any, shape: Any, order: str = "C") -> Any:
    """The same elements in another shape."""
    if order not in ("C", "F"):
        raise errors.bad_argument(
            f"np.reshape(t, shape, order={order!r})", "'C' or 'F', which say the order of the elements",
            f"{order!r}, for which the place in memory would count", "order='C'",
        )  # fmt: skip
    return _reshape(a, shape=shape, order=order)


@implements(np.ravel)
def ravel(a: Any, order: str = "C") -> Any:
    """The elements in one axis."""
    return reshape(a, (-1,), order)


@implements(np.atleast_1d)
def atleast_1d(*arys: Any) -> Any:
    """Numbers as arrays with one axis."""
    fitted = tuple(x if np.ndim(x) else np.reshape(x, (1,)) for x in arys)
    return fitted if len(fitted) != 1 else fitted[0]


@implements(np.atleast_2d)
def atleast_2d(*arys: Any) -> Any:
    """Numbers and vectors as matrices with one row."""
    fitted = tuple(x if np.ndim(x) > 1 else np.reshape(x, (1, -1)) for x in arys)
    return fitted if len(fitted) != 1 else fitted[0]


@implements(np.atleast_3d)
def atleast_3d(*arys: Any) -> Any:
    """Arrays with three axes; a matrix gets its third one last."""

    def fit(x: Any) -> Any:
        if np.ndim(x) > 2:
            return x
        return x[:, :, None] if np.ndim(x) == 2 else np.reshape(x, (1, -1, 1))

    fitted = tuple(map(fit, arys))
    return fitted if len(fitted) != 1 else fitted[0]


@implements(np.broadcast_arrays)
def broadcast_arrays(*args: Any) -> tuple[Any, ...]:
    """All in the shape that they broadcast to."""
    common = np.broadcast_shapes(*map(np.shape, args))
    return tuple(np.broadcast_to(x, common) for x in args)


@implements(np.rot90)
def rot90(m: Any, k: int = 1, axes: tuple[int, int] = (0, 1)) -> Any:
    """Quarter turns from the first axis to the second; each is a transpose and a flip."""
    for _ in range(k % 4):
        m = np.flip(np.swapaxes(m, *axes), axes[0])
    return m


@implements(np.matrix_transpose)
def matrix_transpose(x: Any) -> Any:
    """The last two axes swapped."""
    return np.swapaxes(x, -1, -2)


@implements(np.fliplr)
def fliplr(m: Any) -> Any:
    """The second axis reversed."""
    return np.flip(m, 1)


@implements(np.flipud)
def flipud(m: Any) -> Any:
    """The first axis reversed."""
    return np.flip(m, 0)


@implements(np.copy)
def copy(a: Any) -> Any:
    """A new result with the same elements."""
    return +a


@implements(np.astype)
def astype(x: Any, dtype: Any, /, *, copy: bool = True) -> Any:
    """The elements in another dtype, as the method of the same name."""
    return x.astype(dtype, copy=copy)


@implements(np.rollaxis)
def rollaxis(a: Any, axis: int, start: int = 0) -> Any:
    """An axis moved until it stands before the one that is at ``start``."""
    n = np.ndim(a)
    axis, start = axis % n, start + n if start < 0 else start
    return np.moveaxis(a, axis, start - 1 if axis < start else start)


@implements(np.diagonal)
def diagonal(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """The two axes go last; there the diagonal is an index."""
    last = np.moveaxis(a, (axis1, axis2), (-2, -1))
    n, m = np.shape(last)[-2:]
    start = max(-offset, 0)
    rows = np.arange(start, start + max(0, min(n - start, m - max(offset, 0))))
    return last[..., rows, rows + offset]


@implements(np.trace)
def trace(a: Any, offset: int = 0, axis1: int = 0, axis2: int = 1) -> Any:
    """The sum of the diagonal."""
    return np.sum(diagonal(a, offset, axis1, axis2), axis=-1)


@implements(np.diag)
def diag(v: Any, k: int = 0) -> Any:
    """The diagonal of a matrix, or the matrix with this diagonal."""
    if np.ndim(v) == 2:
        return diagonal(v, k)
    rows = np.arange(np.shape(v)[0]) + max(-k, 0)
    n = np.shape(v)[0] + abs(k)
    return index.scatter(v, index=(rows, rows + k), shape=(n, n))


@implements(np.diagflat)
def diagflat(v: Any, k: int = 0) -> Any:
    """The matrix with these elements on a diagonal."""
    return diag(np.ravel(v), k)


@implements(np.apply_along_axis)
def apply_along_axis(func1d: Any, axis: int, arr: Any, *args: Any, **kwargs: Any) -> Any:
    """The function of each row along an axis, whose place the axes of the function's result take."""
    last = np.moveaxis(arr, axis, -1)
    lead = np.shape(last)[:-1]
    results = [func1d(last[place], *args, **kwargs) for place in np.ndindex(*lead)]
    if not results:
        raise errors.bad_argument(
            f"np.apply_along_axis to shape {np.shape(arr)}", "at least one row", "none", "if t.size: ... before it"
        )
    joined = np.stack(results)
    inner = np.shape(joined)[1:]
    start = axis % np.ndim(arr)
    outer = np.reshape(joined, lead + inner)
    return np.moveaxis(outer, range(len(lead), len(lead) + len(inner)), range(start, start + len(inner)))


@implements(np.apply_over_axes)
def apply_over_axes(func: Any, a: Any, axes: Any) -> Any:
    """A reduction along one axis after the other, each of which stays with length 1."""
    for axis in np.atleast_1d(axes).tolist():
        reduced = func(a, axis)
        a = reduced if np.ndim(reduced) == np.ndim(a) else np.expand_dims(reduced, axis)
    return a
