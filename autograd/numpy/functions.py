"""NumPy functions that are written in terms of others: no row of their own, since none is needed.

Arguments and defaults are NumPy's. What a function does not support it does not name, so that the
dispatcher can say so.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np

from .. import errors
from ..rules import elementwise, index, linalg, reduce, shape
from ..rules.shape import reshape as _reshape
from .dispatch import data, implements

# Choosing.


@implements(np.where)
def where(condition: Any, *branches: Any) -> Any:
    """Elements of the first branch where the condition holds, of the second elsewhere."""
    if not branches:
        return np.nonzero(condition)
    return elementwise.where(np.array(data(condition)), *branches)  # a copy, whatever becomes of the mask later


@implements(np.clip)
def clip(a: Any, a_min: Any = None, a_max: Any = None, *, min: Any = None, max: Any = None) -> Any:
    """Each element limited to the interval; a bound that is not given limits nothing."""
    low = a_min if a_min is not None else min
    high = a_max if a_max is not None else max
    return elementwise.clip(a, -math.inf if low is None else low, math.inf if high is None else high)


@implements(np.fmax)
def fmax(x1: Any, x2: Any) -> Any:
    """The larger of two, where a NaN counts as nothing."""
    return np.where(np.isnan(x2), x1, np.where(np.isnan(x1), x2, elementwise.maximum(x1, x2)))


@implements(np.fmin)
def fmin(x1: Any, x2: Any) -> Any:
    """The smaller of two, where a NaN counts as nothing."""
    return np.where(np.isnan(x2), x1, np.where(np.isnan(x1), x2, elementwise.minimum(x1, x2)))


# Joining and splitting.


def _parts(name: str, arrays: Any) -> list[Any]:
    """The arrays to be joined, of which there must be some."""
    parts = list(arrays)
    if not parts:
        raise errors.bad_argument(f"np.{name}([])", "at least one array", "none", f"np.{name}([a, b])")
    return parts


@implements(np.concatenate)
def concatenate(arrays: Any, axis: int | None = 0) -> Any:
    """Arrays joined along an axis that they have."""
    if axis is not None and not isinstance(axis, (int, np.integer)):
        raise errors.bad_argument(
            "np.concatenate(a, b)", "the arrays as one list, then the axis",
            f"{errors.describe(axis)} as the axis", "np.concatenate([a, b])",
        )  # fmt: skip
    return shape.concatenate(*_parts("concatenate", arrays), axis=axis)


@implements(np.stack)
def stack(arrays: Any, axis: int = 0) -> Any:
    """Arrays joined along a new axis."""
    return shape.stack(*_parts("stack", arrays), axis=axis)


@implements(np.vstack)
def vstack(tup: Any) -> Any:
    """Rows on top of each other."""
    return concatenate([np.atleast_2d(x) for x in _parts("vstack", tup)])


@implements(np.hstack)
def hstack(tup: Any) -> Any:
    """Arrays side by side: along the second axis, or the only one."""
    parts = [np.atleast_1d(x) for x in _parts("hstack", tup)]
    return concatenate(parts, axis=0 if np.ndim(parts[0]) == 1 else 1)


@implements(np.dstack)
def dstack(tup: Any) -> Any:
    """Arrays behind each other: along the third axis."""
    return concatenate([np.atleast_3d(x) for x in _parts("dstack", tup)], axis=2)


@implements(np.column_stack)
def column_stack(tup: Any) -> Any:
    """Vectors as the columns of a matrix."""
    return concatenate([x[:, None] if np.ndim(x) == 1 else x for x in _parts("column_stack", tup)], axis=1)


def _length(name: str, x: Any, axis: int) -> int:
    """How long the given axis of ``x`` is, if there is one."""
    if not -np.ndim(x) <= axis < np.ndim(x):
        raise errors.no_such_axis(name, np.shape(x), {"axis": axis}, f"axis {axis}")
    return int(np.shape(x)[axis])


@implements(np.array_split)
def array_split(ary: Any, indices_or_sections: Any, axis: int = 0) -> list[Any]:
    """Each part is a slice; of unequal parts the first are longer by one."""
    length = _length("array_split", ary, axis)
    if isinstance(indices_or_sections, (int, np.integer)):
        if indices_or_sections < 1:
            raise errors.bad_argument(
                f"np.array_split into {indices_or_sections} parts", "one part or more", f"{indices_or_sections}",
                "np.array_split(t, 2)",
            )  # fmt: skip
        short, longer = divmod(length, int(indices_or_sections))
        cuts = [i * short + min(i, longer) for i in range(int(indices_or_sections) + 1)]
    else:
        cuts = [0, *map(int, indices_or_sections), length]
    before = (slice(None),) * (axis % np.ndim(ary))
    return [ary[(*before, slice(start, stop))] for start, stop in pairwise(cuts)]


@implements(np.split)
def split(ary: Any, indices_or_sections: Any, axis: int = 0) -> list[Any]:
    """Equal parts along an axis, or the parts between the given places."""
    length = _length("split", ary, axis)
    sections = indices_or_sections
    if isinstance(sections, (int, np.integer)) and sections > 0 and length % sections:
        raise errors.bad_argument(
            f"np.split into {indices_or_sections} parts",
            "an axis that divides into equal parts",
            f"an axis of length {length}",
            f"np.array_split(t, {indices_or_sections}), whose parts may differ by one",
        )
    return array_split(ary, indices_or_sections, axis)


@implements(np.vsplit)
def vsplit(ary: Any, indices_or_sections: Any) -> list[Any]:
    """Parts along the first axis."""
    return split(ary, indices_or_sections, axis=0)


@implements(np.hsplit)
def hsplit(ary: Any, indices_or_sections: Any) -> list[Any]:
    """Parts along the second axis, or the only one."""
    return split(ary, indices_or_sections, axis=0 if np.ndim(ary) == 1 else 1)


@implements(*filter(None, [getattr(np, "unstack", None)]))  # NumPy 2.1
def unstack(x: Any, axis: int = 0) -> tuple[Any, ...]:
    """The slices along an axis, which is gone."""
    length = _length("unstack", x, axis)
    before = (slice(None),) * (axis % np.ndim(x))
    return tuple(x[(*before, i)] for i in range(length))


@implements(np.append)
def append(arr: Any, values: Any, axis: int | None = None) -> Any:
    """Two arrays joined, flattened if no axis is given."""
    return concatenate([arr, values], axis)


# Shapes.


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


@implements(np.pad)
def pad(array: Any, pad_width: Any, mode: str = "constant", *, constant_values: Any = 0) -> Any:
    """The array with a border of constants."""
    if mode != "constant":
        raise errors.bad_argument(
            f"np.pad(t, mode={mode!r})", "mode='constant'", mode, "np.concatenate of slices of t, which records"
        )
    return shape.pad(array, pad_width=pad_width, constant_values=constant_values)


@implements(np.copy, np.real, np.conjugate)
def copy(a: Any) -> Any:
    """A new result with the same elements, which are real and so their own real part and conjugate."""
    return +a


# Products.


@implements(np.dot)
def dot(a: Any, b: Any) -> Any:
    """NumPy's dot: a product of numbers, of vectors, of matrices, or over the last and the last but one axis."""
    if not np.ndim(a) or not np.ndim(b):
        return elementwise.multiply(a, b)
    if np.ndim(a) <= 2 and np.ndim(b) <= 2:
        return linalg.matmul(a, b)
    return linalg.tensordot(a, b, axes=((-1,), (-2 if np.ndim(b) > 1 else -1,)))


@implements(np.inner)
def inner(a: Any, b: Any) -> Any:
    """The sums of products over the last axis of both."""
    if not np.ndim(a) or not np.ndim(b):
        return elementwise.multiply(a, b)
    return linalg.tensordot(a, b, axes=((-1,), (-1,)))


@implements(np.vdot)
def vdot(a: Any, b: Any) -> Any:
    """The sum of the products of all elements."""
    return linalg.matmul(np.ravel(a), np.ravel(b))


@implements(np.vecdot)
def vecdot(x1: Any, x2: Any) -> Any:
    """The sums of products over the last axis, which broadcasts otherwise."""
    return np.sum(x1 * x2, axis=-1)


@implements(np.einsum)
def einsum(*operands: Any, optimize: Any = False) -> Any:
    """Sums of products as ``subscripts`` says; ``optimize`` finds a good order for three arrays or more."""
    subscripts, arrays = _subscripts(operands)
    spelled = spell_out(subscripts, [np.shape(x) for x in arrays])
    return linalg.einsum(*arrays, subscripts=spelled, **({"optimize": optimize} if optimize else {}))


def _subscripts(operands: Any) -> tuple[str, list[Any]]:
    """Both ways to call einsum in one: a string of letters and the arrays."""
    if isinstance(operands[0], str):
        return operands[0], list(operands[1:])

    def spell(axes: Any) -> str:
        return "".join("..." if axis is Ellipsis else chr(ord("a") + axis) for axis in axes)

    paired = len(operands) - len(operands) % 2
    terms = ",".join(map(spell, operands[1:paired:2]))
    result = f"->{spell(operands[-1])}" if len(operands) % 2 else ""
    return terms + result, list(operands[:paired:2])


def spell_out(subscripts: str, shapes: list[tuple[int, ...]]) -> str:
    """``subscripts`` with the result named and letters in place of ``...``."""
    subscripts = subscripts.replace(" ", "")
    left, arrow, result = subscripts.partition("->")
    terms = left.split(",")
    if len(terms) != len(shapes):
        raise errors.bad_argument(
            f"np.einsum({subscripts!r})",
            f"{len(terms)} arrays, one for each term",
            f"{len(shapes)}",
            "one term an array",
        )
    free = [c for c in "zyxwvutsrqponmlkjihgfedcbaZYXWVUTSRQPONMLKJIHGFEDCBA" if c not in subscripts]
    counts = [
        len(axes) - len(term.replace("...", "")) for term, axes in zip(terms, shapes, strict=True) if "..." in term
    ]
    dots = "".join(free[: max(counts, default=0)])[::-1]
    for j, term in enumerate(terms):
        own = len(shapes[j]) - len(term.replace("...", ""))
        terms[j] = term.replace("...", dots[len(dots) - own :])
    if arrow:
        return f"{','.join(terms)}->{result.replace('...', dots)}"
    names = "".join(terms)
    once = "".join(sorted(c for c in set(names) if names.count(c) == 1 and c not in dots))
    return f"{','.join(terms)}->{dots}{once}"


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


# Statistics.


@implements(np.amax)
def amax(a: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    """The largest element; ties share the gradient equally."""
    return reduce.max(a, axis=axis, keepdims=keepdims)


@implements(np.amin)
def amin(a: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    """The smallest element; ties share the gradient equally."""
    return reduce.min(a, axis=axis, keepdims=keepdims)


@implements(np.ptp)
def ptp(a: Any, axis: Any = None, *, keepdims: bool = False) -> Any:
    """The largest element minus the smallest."""
    return amax(a, axis, keepdims=keepdims) - amin(a, axis, keepdims=keepdims)


@implements(np.average)
def average(a: Any, axis: Any = None, weights: Any = None) -> Any:
    """The mean, where each element counts as much as its weight."""
    if weights is None:
        return np.mean(a, axis=axis)
    if np.ndim(weights) == 1 and np.ndim(a) > 1 and isinstance(axis, int):
        weights = np.reshape(weights, (-1,) + (1,) * (np.ndim(a) - 1 - axis % np.ndim(a)))
        return np.sum(a * weights, axis=axis) / np.sum(weights)
    if np.shape(weights) != np.shape(a):
        raise errors.bad_argument(
            "np.average(a, weights=...)", f"weights of shape {np.shape(a)}, or one for each place along an axis",
            f"weights of shape {np.shape(weights)} and axis={axis}", "np.sum(a * weights, axis) / np.sum(weights)",
        )  # fmt: skip
    return np.sum(a * weights, axis=axis) / np.sum(weights, axis=axis)


@implements(np.diff)
def diff(a: Any, n: int = 1, axis: int = -1) -> Any:
    """The differences of neighbours, ``n`` times over."""
    _length("diff", a, axis)
    before = (slice(None),) * (axis % np.ndim(a))
    for _ in range(n):
        a = a[(*before, slice(1, None))] - a[(*before, slice(None, -1))]
    return a


# Angles.


@implements(np.deg2rad, np.radians)
def deg2rad(x: Any) -> Any:
    """Degrees as radians."""
    return x * (math.pi / 180)


@implements(np.rad2deg, np.degrees)
def rad2deg(x: Any) -> Any:
    """Radians as degrees."""
    return x * (180 / math.pi)
