"""NumPy functions that join arrays, cut them, and put parts in or take them out."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from .. import errors
from ..rules import shape
from .dispatch import array, data, implements


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
    return concatenate([np.reshape(x, (-1, 1)) if np.ndim(x) < 2 else x for x in _parts("column_stack", tup)], axis=1)


def length_of(name: str, x: Any, axis: int) -> int:
    """How long the given axis of ``x`` is, if there is one."""
    if not -np.ndim(x) <= axis < np.ndim(x):
        raise errors.no_such_axis(name, np.shape(x), {"axis": axis}, f"axis {axis}")
    return int(np.shape(x)[axis])


@implements(np.array_split)
def array_split(ary: Any, indices_or_sections: Any, axis: int = 0) -> list[Any]:
    """Each part is a slice; of unequal parts the first are longer by one."""
    length = length_of("array_split", ary, axis)
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
    length = length_of("split", ary, axis)
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
    length = length_of("unstack", x, axis)
    before = (slice(None),) * (axis % np.ndim(x))
    return tuple(x[(*before, i)] for i in range(length))


@implements(np.append)
def append(arr: Any, values: Any, axis: int | None = None) -> Any:
    """Two arrays joined, flattened if no axis is given."""
    return concatenate([arr, values], axis)


@implements(np.dsplit)
def dsplit(ary: Any, indices_or_sections: Any) -> list[Any]:
    """Parts along the third axis."""
    return split(ary, indices_or_sections, axis=2)


@implements(np.block)
def block(arrays: Any) -> Any:
    """Nested lists of blocks: the innermost are joined along the last axis, their rows along the one before."""
    depth = _depth(arrays)
    axes = max(depth, *map(np.ndim, _flatten(arrays)))

    def join(part: Any, level: int) -> Any:
        if level == depth:
            return np.reshape(array(part), (1,) * (axes - np.ndim(part)) + np.shape(part))
        return concatenate([join(inner, level + 1) for inner in part], axis=level - depth)

    return join(arrays, 0)


def _depth(arrays: Any) -> int:
    """How many lists there are around an array; all arrays are as deep."""
    if not isinstance(arrays, list):
        return 0
    depths = set(map(_depth, arrays))
    if len(depths) != 1:
        raise errors.bad_argument(
            "np.block of lists of different depths", "every array inside the same number of lists",
            f"depths {sorted(depths)}" if depths else "an empty list", "np.block([[a, b], [c, d]])",
        )  # fmt: skip
    return 1 + depths.pop()


def _flatten(arrays: Any) -> list[Any]:
    return [x for part in arrays for x in _flatten(part)] if isinstance(arrays, list) else [arrays]


@implements(np.insert)
def insert(arr: Any, obj: Any, values: Any, axis: int | None = None) -> Any:
    """The values placed before the given positions: both joined, and read in the order in which NumPy inserts."""
    arr, values = (np.ravel(arr), array(values)) if axis is None else (array(arr), array(values))
    along = axis % np.ndim(arr) if axis is not None and -np.ndim(arr) <= axis < np.ndim(arr) else axis or 0
    n = length_of("insert", arr, along)
    places: Any = obj if isinstance(obj, slice) else np.asarray(data(obj), dtype=None if np.size(obj) else np.intp)
    more = np.insert(np.zeros(n), places, 0).size - n
    values = np.reshape(values, (1,) * (np.ndim(arr) - np.ndim(values)) + np.shape(values))
    if np.ndim(places) == 0 and not isinstance(places, slice):
        values = np.moveaxis(values, 0, along)
    if arr.dtype.kind in "fc":
        values = values.astype(arr.dtype)
    if more == 1:
        more = np.shape(values)[along]
    shape = (*np.shape(arr)[:along], more, *np.shape(arr)[along + 1 :])
    order = np.insert(np.arange(n), places, np.arange(n, n + more))
    return np.take(concatenate([arr, np.broadcast_to(values, shape)], along), order, axis=along)


@implements(np.delete)
def delete(arr: Any, obj: Any, axis: int | None = None) -> Any:
    """What is left without the given positions."""
    arr, along = (np.ravel(arr), 0) if axis is None else (arr, axis)
    return np.take(arr, np.delete(np.arange(length_of("delete", arr, along)), data(obj)), axis=along)


@implements(np.trim_zeros)
def trim_zeros(filt: Any, trim: str = "fb") -> Any:
    """A sequence without the zeros at its ends."""
    full = np.flatnonzero(filt)
    if not full.size:
        return filt[:0]
    start = full[0] if "f" in trim.lower() else 0
    stop = full[-1] + 1 if "b" in trim.lower() else np.size(filt)
    return filt[int(start) : int(stop)]


@implements(np.resize)
def resize(a: Any, new_shape: Any) -> Any:
    """The elements, over and over again, until the shape is full."""
    flat = np.ravel(a)
    if not np.size(flat):
        return np.broadcast_to(np.sum(flat), new_shape)  # nothing over and over again is 0
    return np.take(flat, np.resize(np.arange(np.size(flat)), new_shape))
