"""NumPy functions that write into their first argument: assignments of its items, see :mod:`autograd.assignment`."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import errors
from ..graph import Node
from ..rules.index import along
from .dispatch import array, data, implements


def into(function: str, target: Any) -> Any:
    """``target``, which a Tensor is to be written into; an array has no place for what it remembers."""
    if not isinstance(target, Node):
        raise errors.written_into_array(function, np.shape(target))
    return target


@implements(np.copyto)
def copyto(dst: Any, src: Any, casting: Any = "same_kind", where: Any = True) -> None:
    """The elements of ``src``, broadcast, where ``where`` holds."""
    kind = np.result_type(data(src))
    if not isinstance(src, (int, float)) and not np.can_cast(kind, np.result_type(data(dst)), casting):
        raise errors.bad_argument(
            f"np.copyto(t, x) of dtypes {np.result_type(data(dst))} and {kind}", f"what {casting!r} casting allows",
            f"{kind}", "np.copyto(t, x.astype(t.dtype)), or casting='unsafe'",
        )  # fmt: skip
    target = into("copyto", dst)
    target[...] = src if where is True else np.where(data(where), src, target)


@implements(np.put)
def put(a: Any, ind: Any, v: Any, mode: str = "raise") -> None:
    """The elements of ``v``, repeated as needed, at positions of the flattened array."""
    size, places = np.size(into("put", a)), np.asarray(data(ind), dtype=int).ravel()
    if mode == "wrap":
        places = places % size
    elif mode == "clip":
        places = np.clip(places, 0, size - 1)
    try:
        places = np.arange(size)[places]
    except IndexError as error:
        raise errors.no_such_place("put", np.shape(a), {}, str(error)) from None
    if places.size and np.size(v):
        a[np.unravel_index(places, np.shape(a))] = _repeated(v, places.size)


@implements(np.putmask)
def putmask(a: Any, mask: Any, values: Any) -> None:
    """Where the mask holds, the element of ``values``, repeated to the size of the array, in the same place."""
    mask = np.broadcast_to(np.asarray(data(mask), dtype=bool), np.shape(into("putmask", a)))
    a[mask] = np.reshape(_repeated(values, mask.size), mask.shape)[mask]


@implements(np.place)
def place(arr: Any, mask: Any, vals: Any) -> None:
    """Where the mask holds, one element of ``vals`` after the other, repeated as needed."""
    mask = np.reshape(np.asarray(data(mask), dtype=bool), np.shape(into("place", arr)))
    if mask.any():
        arr[mask] = _repeated(vals, int(np.count_nonzero(mask)))


@implements(np.put_along_axis)
def put_along_axis(arr: Any, indices: Any, values: Any, axis: int | None) -> None:
    """For each row along an axis the elements of ``values`` at the positions of the same row of ``indices``."""
    indices = np.asarray(data(indices))
    if axis is None:
        put(arr, indices, np.ravel(np.broadcast_to(values, indices.shape)))
    else:
        into("put_along_axis", arr)[along(indices, axis % np.ndim(arr))] = values


@implements(np.fill_diagonal)
def fill_diagonal(a: Any, val: Any, wrap: bool = False) -> None:
    """The elements of ``val``, repeated as needed, on the main diagonal."""
    diagonal = np.zeros(np.shape(into("fill_diagonal", a)), dtype=bool)
    np.fill_diagonal(diagonal, True, wrap=wrap)
    a[diagonal] = _repeated(val, int(np.count_nonzero(diagonal)))


def _repeated(x: Any, n: int) -> Any:
    """The elements of ``x`` over and over, ``n`` of them."""
    flat = np.ravel(array(x))
    return flat[np.arange(n) % max(flat.size, 1)]
