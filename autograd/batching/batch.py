"""Batch: an array with hidden axes, one for each ``vmap`` that is under way.

Whoever computes with it sees the shape of one example, and every operation is done on all examples at
once. It speaks NumPy's protocols, as Dask's arrays do, so a Tensor holds it like any other array, and the
rules of the table run on it as they are: nothing has to be stated twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NoReturn

import numpy as np

from .. import errors
from ..graph import Node
from .hidden import Levels, align, lengths_of, levels_of, spread, union
from .indexing import translate

FUNCTIONS: dict[Any, Callable[..., Any]] = {}
"""How NumPy's functions are computed on batches; any other is computed on one example after the other."""


def batches(*functions: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register the decorated function as the way to compute NumPy's ``functions`` on batches."""

    def register(batched: Callable[..., Any]) -> Callable[..., Any]:
        FUNCTIONS.update(dict.fromkeys(functions, batched))
        return batched

    return register


def on_batches(function: Any) -> Callable[..., Any]:
    """The way to compute ``function`` on batches."""
    from .examples import one_by_one

    return FUNCTIONS.get(function) or partial(one_by_one, function)


def elementwise(function: Callable[..., Any], *inputs: Any, **kwargs: Any) -> Any:
    """A function whose inputs broadcast."""
    levels, arrays = align(*inputs)
    try:
        y = function(*arrays, **kwargs)
    except ValueError:
        np.broadcast_shapes(*map(np.shape, inputs))  # says it in the shapes of one example
        raise
    return tuple(Batch(part, levels) for part in y) if isinstance(y, tuple) else Batch(y, levels)


def _method(function: Any) -> Callable[..., Any]:
    """The method of ``ndarray`` that is NumPy's ``function``."""
    return lambda self, *args, **kwargs: function(self, *args, **kwargs)


class Batch(np.lib.mixins.NDArrayOperatorsMixin):
    """An array whose first axes are hidden.

    Args:
        whole: the array with all its axes, the hidden ones first.
        levels: for each hidden axis the number of the ``vmap`` that it belongs to.
    """

    __slots__ = ("levels", "whole")

    def __init__(self, whole: Any, levels: Levels) -> None:
        self.whole = whole
        self.levels = levels

    # What one example looks like.

    @property
    def hidden(self) -> tuple[int, ...]:
        """The lengths of the hidden axes."""
        return self.whole.shape[: len(self.levels)]

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of one example."""
        return self.whole.shape[len(self.levels) :]

    @property
    def ndim(self) -> int:
        """The number of axes of one example."""
        return self.whole.ndim - len(self.levels)

    @property
    def size(self) -> int:
        """The number of elements of one example."""
        return int(np.prod(self.shape, dtype=int))

    @property
    def dtype(self) -> Any:
        """The dtype of the elements."""
        return self.whole.dtype

    @property
    def itemsize(self) -> int:
        """The number of bytes of one element."""
        return self.whole.itemsize

    @property
    def nbytes(self) -> int:
        """The number of bytes of all examples together."""
        return self.whole.nbytes

    @property
    def base(self) -> Any:
        """The array that this one shows a part of, if it does."""
        return self.whole.base

    @property
    def T(self) -> Any:
        """The axes in reverse order."""
        return np.transpose(self)

    @property
    def mT(self) -> Any:
        """The last two axes swapped."""
        return np.swapaxes(self, -1, -2)

    @property
    def real(self) -> Batch:
        """The real parts."""
        return Batch(self.whole.real, self.levels)

    @property
    def imag(self) -> Batch:
        """The imaginary parts."""
        return Batch(self.whole.imag, self.levels)

    def __repr__(self) -> str:
        return f"Batch({' * '.join(map(str, self.hidden))} examples of shape {self.shape}, dtype={self.dtype})"

    def __len__(self) -> int:
        if not self.shape:
            raise TypeError("len() of unsized object")
        return self.shape[0]

    def __iter__(self) -> Iterator[Batch]:
        return (self[i] for i in range(len(self)))

    # NumPy's protocols.

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if any(isinstance(x, Node) for x in inputs):
            return NotImplemented
        (out,) = kwargs.pop("out", None) or (None,)
        if method != "__call__":
            y = on_batches(getattr(np.ufunc, method))(ufunc, *inputs, **kwargs)
        elif "where" in kwargs:
            where, y = kwargs.pop("where"), ufunc(*inputs, **kwargs)
            y = y if out is None else np.where(where, y, out)
        elif ufunc in FUNCTIONS or ufunc.signature is not None:
            y = on_batches(ufunc)(*inputs, **kwargs)
        else:
            y = elementwise(ufunc, *inputs, **kwargs)
        if out is None:
            return y
        if not isinstance(out, Batch):
            raise errors.written_by_each(np.shape(out))
        out[...] = y
        return out

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        if any(issubclass(kind, Node) for kind in types):
            return NotImplemented
        return on_batches(function)(*args, **kwargs)

    # Elements.

    def __getitem__(self, where: Any) -> Batch:
        levels, whole, index, order = translate(self, where)
        read = whole[index]
        return Batch(read if order is None else read.transpose(order), levels)

    def __setitem__(self, where: Any, value: Any) -> None:
        self.write(where, value, lambda whole, index, part: whole.__setitem__(index, part))

    def write(self, where: Any, value: Any, put: Callable[[Any, Any, Any], None]) -> None:
        """``put`` the value into the elements at an index; what differs between examples differs here from now on."""
        parts = where if isinstance(where, tuple) else (where,)
        levels = union([self.levels, levels_of(value), levels_of(parts)])
        if levels != self.levels:
            lengths = lengths_of(self, value, *parts)
            full = (*(lengths[level] for level in levels), *self.shape)
            self.whole, self.levels = np.broadcast_to(spread(self, levels), full).copy(), levels
        _, whole, index, order = translate(self, where)
        if order is not None or isinstance(value, Batch):
            read = whole[index]
            value = spread(value, levels, read.ndim - len(levels))
            value = np.squeeze(value, tuple(range(len(levels), len(levels) + max(0, np.ndim(value) - read.ndim))))
            if order is not None:
                value = np.broadcast_to(value, read.transpose(order).shape).transpose(np.argsort(order))
        put(whole, index, value)

    def astype(self, dtype: Any, copy: bool = True) -> Batch:
        """The elements in another dtype."""
        return Batch(self.whole.astype(dtype, copy=copy), self.levels)

    def copy(self, order: Any = "C") -> Batch:
        """The same elements in memory of their own."""
        return Batch(self.whole.copy(), self.levels)

    def conj(self) -> Batch:
        """The complex conjugates."""
        return Batch(self.whole.conj(), self.levels)

    def reshape(self, *shape: Any, order: Any = "C") -> Any:
        """The same elements in another shape."""
        return np.reshape(self, shape[0] if len(shape) == 1 else shape, order=order)

    def transpose(self, *axes: Any) -> Any:
        """The axes in another order."""
        return np.transpose(self, axes[0] if len(axes) == 1 and not isinstance(axes[0], int) else axes or None)

    sum, prod, mean, var, std = map(_method, (np.sum, np.prod, np.mean, np.var, np.std))
    max, min, argmax, argmin, argsort = map(_method, (np.max, np.min, np.argmax, np.argmin, np.argsort))
    any, all, cumsum, cumprod, clip = map(_method, (np.any, np.all, np.cumsum, np.cumprod, np.clip))
    ravel, flatten, swapaxes, squeeze = map(_method, (np.ravel, np.ravel, np.swapaxes, np.squeeze))
    repeat, take, round, dot, nonzero = map(_method, (np.repeat, np.take, np.round, np.dot, np.nonzero))
    __copy__, conjugate = copy, conj

    # There is no single number, and no plain array, to give away.

    def refuse(self, what: str) -> NoReturn:
        """Say why there is none."""
        raise errors.varies(what, " * ".join(map(str, self.hidden)), self.shape)

    def __bool__(self) -> bool:
        self.refuse("bool(t)")

    def __float__(self) -> float:
        self.refuse("float(t) or math.f(t)")

    def __int__(self) -> int:
        self.refuse("int(t)")

    def __complex__(self) -> complex:
        self.refuse("complex(t)")

    def __index__(self) -> int:
        self.refuse("t as a position, a length or a number of times")

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        self.refuse("np.array(t) or np.asarray(t)")

    def item(self, *where: Any) -> Any:
        """Refused: the examples have different numbers."""
        self.refuse("t.item()")

    def tolist(self) -> Any:
        """Refused: the examples have different numbers."""
        self.refuse("t.tolist()")
