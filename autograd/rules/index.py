"""Indexing and its scatter, two rows that are each other's derivative; and the assignment of items.

``x[index]`` reads elements; its derivative writes them back to where they came from, adding up where
an element was read more than once. That is ``scatter``, whose derivative reads them again.

``x[index] = v`` puts elements in the place of others. What was overwritten has the gradient 0, also where it
is an element of ``v`` itself: where a place is written to more than once, the last one stays.
"""

from __future__ import annotations

from copy import copy
from math import prod
from typing import Any

import numpy as np

from .. import errors
from ..graph import ATOM, SUM, Notation, Primitive
from .elsewhere import beside, is_elsewhere, is_lazy, whole
from .parts import is_complex
from .table import row


def _getitem(x: Any, index: Any = ()) -> Any:
    return x[index] if type(x) is np.ndarray or not is_lazy(x) else _pick(x, index)


def _pick(x: Any, index: Any) -> Any:
    """The same from Dask's array, where several lists of places go by another name."""
    try:
        return x[index]
    except NotImplementedError:
        return x.vindex[index]


def _scatter(g: Any, index: Any = (), shape: tuple[int, ...] = ()) -> Any:
    """An array of zeros with ``g`` added at ``index``."""
    if is_lazy(g) and not _is_basic(index):
        return whole(_scatter, shape, g.dtype, g, index, shape)
    x = np.zeros_like(g, shape=shape)
    if _reads_once(index):
        x[index] = g
    else:
        np.add.at(x, index, g)
    return x


def _reads_once(index: Any) -> bool:
    """Whether no element can be read twice: slices, numbers and masks, but no lists of places."""
    parts = index if isinstance(index, tuple) else (index,)
    return all(part is None or _is_basic(part) or _is_mask(part) for part in parts)


def _is_basic(index: Any) -> bool:
    """Whether there are but numbers and slices: the places that Dask writes to piece by piece."""
    if isinstance(index, tuple):
        return all(map(_is_basic, index))
    return index is Ellipsis or isinstance(index, (int, np.integer, slice))


def _is_mask(part: Any) -> bool:
    return bool(getattr(part, "dtype", None) == np.bool_)


def _setitem(x: Any, v: Any, index: Any = ()) -> Any:
    """A copy of ``x`` with ``v`` at ``index``."""
    if is_complex(v) and not is_complex(x):
        raise errors.complex_into_real("t[index] = value", str(getattr(v, "dtype", "complex")), str(x.dtype))
    if not _is_basic(index) and (is_lazy(x) or is_lazy(v)):
        return whole(_setitem, np.shape(x), np.result_type(x), x, v, index)
    y = _own(x, v)
    y[index] = v
    return y


def _own(x: Any, v: Any) -> Any:
    """A copy of ``x`` that takes elements of the kind of array that ``v`` is."""
    plain = (np.ndarray, np.generic, int, float, complex)
    if not isinstance(x, plain):
        return copy(x)
    return np.array(x) if isinstance(v, plain) else x + np.zeros_like(v, shape=np.shape(x), dtype=np.result_type(x))


def _kept(g: Any, v: Any, index: Any) -> Any:
    """The gradient of what was written at ``index``: 0 for those elements that the next one overwrote."""
    part = getitem(g, index=index)
    if not _reads_once(index):
        parts = index if isinstance(index, tuple) else (index,)
        like = next((part for part in parts if hasattr(part, "__array_function__")), 0)
        last, count = (
            np.zeros_like(like, int, shape=np.shape(g)),
            np.arange(prod(np.shape(part))).reshape(np.shape(part)),
        )
        last[index] = count
        kept = last[index] == count
        part = np.where(beside(part, np.asarray, kept) if isinstance(kept, np.ndarray) else kept, part, 0)
    axes = np.ndim(v) - np.ndim(part)
    return part[(None,) * axes] if axes else part


def along(indices: Any, axis: int) -> tuple[Any, ...]:
    """The index that reads, for each place of ``indices``, the element at that position along ``axis``."""
    places = [np.arange(n).reshape([-1] + [1] * (np.ndim(indices) - 1 - i)) for i, n in enumerate(np.shape(indices))]
    places[axis] = indices
    return tuple(places)


def _take(x: Any, indices: Any = 0, axis: int | None = None) -> Any:
    if is_lazy(x):
        x, axis = (np.ravel(x), 0) if axis is None else (x, axis % x.ndim)
        before, after, places = x.shape[:axis], x.shape[axis + 1 :], _places(indices)
        taken = x[(*[slice(None)] * axis, np.ravel(places))]
        return taken if np.ndim(places) == 1 else np.reshape(taken, (*before, *np.shape(places), *after))
    return np.take(x, beside(x, np.asarray, indices) if is_elsewhere(x) else indices, axis=axis)


def _places(indices: Any) -> Any:
    """Lists and tuples of places as an array."""
    return indices if hasattr(indices, "__array_function__") else np.asarray(indices)


def _untake(g: Any, x: Any, indices: Any, axis: int | None) -> Any:
    """``take`` is indexing along one axis, or of the flattened array."""
    if axis is None:
        flat = scatter(g, index=_places(indices), shape=(int(np.prod(np.shape(x))),))
        return np.reshape(flat, np.shape(x))
    along = (slice(None),) * (axis % np.ndim(x))
    return scatter(g, index=(*along, _places(indices)), shape=np.shape(x))


# fmt: off
getitem = row(_getitem,
    lambda g, y, x, index=(): scatter(g, index=index, shape=np.shape(x)),
    name="getitem", symbol="[ ]", notation=Notation("{}[{index}]", r"{}_{{[{index}]}}", ATOM))

scatter: Primitive = row(_scatter,
    lambda g, y, x, index=(), shape=(): getitem(g, index=index),
    name="scatter")

setitem: Primitive = row(_setitem,
    lambda g, y, x, v, index=(): setitem(g, 0, index=index),
    lambda g, y, x, v, index=(): _kept(g, v, index),
    name="setitem", symbol="[ ] =", is_assignment=True,
    notation=Notation("{} with [{index}] = {}", r"{}\,\big|_{{\,[{index}] = {}}}", SUM))

take = row(np.take,
    lambda g, y, x, indices=0, axis=None: _untake(g, x, indices, axis),
    array=_take)
# fmt: on
