"""NumPy functions that make arrays, from Tensors among other things.

NumPy asks a Tensor only where it is an argument itself. Inside a list it is not asked, so that
``np.array([t, t])`` cannot record; :func:`array` here does.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import errors
from . import dispatch
from .dispatch import holds_nodes, implements


def array(object: Any, dtype: Any = None, **options: Any) -> Any:
    """``np.array``, also of lists with Tensors in them, which are joined.

    Args:
        object: numbers, arrays and Tensors, in lists.
        dtype: the dtype of the result.
        **options: the other arguments of ``np.array``.

    Returns:
        A Tensor if there is one in ``object``, else an array.

    Example:
        >>> from autograd import Tensor
        >>> x = Tensor(3.0)
        >>> y = array([x, x * x])
        >>> y.backward([1.0, 1.0])
        >>> x.grad
        array(7.)
    """
    if not holds_nodes(object):
        return np.array(object, dtype=dtype, **options)
    axes = options.pop("ndmin", 0)
    for name in options:
        if name not in ("copy", "order", "subok"):
            raise errors.unsupported_keyword("array", name)
    joined = dispatch.array(object)
    joined = +joined if joined is object else joined
    joined = joined if dtype is None else joined.astype(dtype)
    return np.reshape(joined, (1,) * (axes - np.ndim(joined)) + np.shape(joined)) if axes > np.ndim(joined) else joined


def asarray(a: Any, dtype: Any = None, **options: Any) -> Any:
    """``np.asarray``, also of lists with Tensors in them; a Tensor stays what it is.

    Example:
        >>> from autograd import Tensor
        >>> x = Tensor([1.0, 2.0])
        >>> asarray(x) is x
        True
    """
    if not holds_nodes(a):
        return np.asarray(a, dtype=dtype, **options)
    joined = dispatch.array(a)
    return joined if dtype is None or joined.dtype == dtype else joined.astype(dtype)


def full(shape: Any, fill_value: Any, dtype: Any = None, **options: Any) -> Any:
    """``np.full``, also with a Tensor.

    Example:
        >>> from autograd import Tensor
        >>> x = Tensor(2.0)
        >>> full((2, 2), x).sum().backward()
        >>> x.grad
        array(4.)
    """
    if not holds_nodes(fill_value):
        return np.full(shape, fill_value, dtype, **options)
    repeated = np.broadcast_to(dispatch.array(fill_value), shape)
    return repeated if dtype is None else repeated.astype(dtype)


@implements(np.linspace)
def linspace(
    start: Any, stop: Any, num: int = 50, endpoint: bool = True, retstep: bool = False, dtype: Any = None, axis: int = 0
) -> Any:
    """Numbers at equal distances from ``start`` to ``stop``."""
    parts = num - 1 if endpoint else num
    width = stop - start
    dtype = dispatch.data(width).dtype if dtype is None else dtype
    places = np.reshape(np.arange(num), (-1,) + (1,) * np.ndim(width)) / max(parts, 1)
    y = (start + width * places.astype(width.dtype)).astype(dtype)
    if endpoint and num > 1:
        y = np.concatenate([y[:-1], np.broadcast_to(stop + 0 * width, y.shape[1:])[None].astype(dtype)])
    y = np.moveaxis(y, 0, axis)
    return (y, width / parts if parts else np.nan) if retstep else y


@implements(np.logspace)
def logspace(
    start: Any, stop: Any, num: int = 50, endpoint: bool = True, base: Any = 10.0, dtype: Any = None, axis: int = 0
) -> Any:
    """Powers of ``base``, whose exponents are at equal distances."""
    exponents = linspace(start, stop, num, endpoint, axis=axis)
    y = np.power(np.expand_dims(base, axis) if np.ndim(base) else base, exponents)
    return y if dtype is None else y.astype(dtype)


@implements(np.geomspace)
def geomspace(start: Any, stop: Any, num: int = 50, endpoint: bool = True, dtype: Any = None, axis: int = 0) -> Any:
    """Numbers in equal ratios from ``start`` to ``stop``, which have the same sign, or are complex (a spiral)."""
    start, stop = (dispatch.array(x) for x in (start, stop))
    start, stop = (x.astype(np.result_type(x, np.float64)) for x in (start, stop))
    shape = np.broadcast_shapes(np.shape(start), np.shape(stop))
    first, ratio = (np.expand_dims(np.broadcast_to(x, shape), axis) for x in (start, stop / start))
    y = first * ratio ** np.linspace(np.zeros(shape), 1.0, num, endpoint, axis=axis)
    return y if dtype is None else y.astype(dtype)


@implements(np.meshgrid)
def meshgrid(*xi: Any, copy: bool = True, sparse: bool = False, indexing: str = "xy") -> tuple[Any, ...]:
    """The coordinates of all places of a grid; the first two axes are exchanged unless ``indexing`` is ``'ij'``."""
    if indexing not in ("xy", "ij"):
        raise errors.bad_argument("np.meshgrid(x, y, indexing=...)", "'xy' or 'ij'", repr(indexing), "indexing='ij'")
    n = len(xi)
    axes = [1, 0, *range(2, n)] if indexing == "xy" and n > 1 else list(range(n))
    grids = [np.reshape(x, [-1 if i == axis else 1 for i in range(n)]) for axis, x in zip(axes, xi, strict=True)]
    if sparse:
        return tuple(grids)
    common = np.broadcast_shapes(*map(np.shape, grids))
    return tuple(np.broadcast_to(grid, common) for grid in grids)
