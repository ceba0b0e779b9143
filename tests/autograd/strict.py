"""A stand-in for CuPy's arrays where there is no GPU: it speaks NumPy's protocols, and is as strict as they are.

It never becomes an array of NumPy's by itself (``get()`` fetches it), and refuses arrays of NumPy's as operands.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin


def strict(x: Any) -> Any:
    """Arrays as strict ones, also in the parts of a result; anything else as it is."""
    if isinstance(x, (np.ndarray, np.generic)):
        return Strict(np.asarray(x))
    return type(x)(*map(strict, x)) if hasattr(x, "_fields") else [strict(y) for y in x] if type(x) is list else x


def plain(x: Any) -> Any:
    """What a strict array holds; an array of NumPy's is refused."""
    if isinstance(x, np.ndarray) and x.ndim:
        raise TypeError("implicit conversion of a NumPy array")
    if type(x) in (list, tuple):
        return type(x)(map(plain, x))
    return x.get() if isinstance(x, Strict) else x


class Strict(NDArrayOperatorsMixin):
    """An array that only NumPy's protocols, its own methods and ``get()`` reach."""

    def __init__(self, x: Any) -> None:
        self._x = x

    def get(self) -> Any:
        return self._x

    @property
    def __cuda_array_interface__(self) -> Any:
        return {"shape": self._x.shape}

    @property
    def flags(self) -> Any:
        return SimpleNamespace(c_contiguous=self._x.flags.c_contiguous)  # CuPy's know of no writeable

    def __array__(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError("implicit conversion to a NumPy array")

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, out: Any = (), **kwargs: Any) -> Any:
        found = getattr(ufunc, method)(*map(self._index if method == "at" else plain, inputs), **kwargs)
        for target in out:
            target.get()[...] = found
            return target
        return strict(list(found) if type(found) is tuple else found)

    @staticmethod
    def _index(x: Any) -> Any:
        """Places may be NumPy's, and are converted."""
        if type(x) in (list, tuple):
            return type(x)(map(Strict._index, x))
        return x.get() if isinstance(x, Strict) else x

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        if function in (np.array, np.asarray):  # the way from NumPy's memory to the GPU's
            return strict(function(*args, **kwargs))
        found = function(*map(plain, args), **{name: plain(x) for name, x in kwargs.items()})
        return strict(list(found) if type(found) is tuple and function is not np.shape else found)

    def __getitem__(self, index: Any) -> Any:
        return strict(self._x[self._index(index)])

    def __setitem__(self, index: Any, value: Any) -> None:
        self._x[self._index(index)] = plain(value)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name == "_x":
            raise AttributeError(name)
        found = getattr(self._x, name)
        if not callable(found) or isinstance(found, np.dtype):
            return strict(found)
        return lambda *args, **kwargs: strict(found(*map(plain, args), **{k: plain(x) for k, x in kwargs.items()}))

    def __len__(self) -> int:
        return len(self._x)

    def __iter__(self) -> Any:
        return map(strict, self._x)

    def __bool__(self) -> bool:
        return bool(self._x)

    def __int__(self) -> int:
        return int(self._x)

    def __float__(self) -> float:
        return float(self._x)

    def __complex__(self) -> complex:
        return complex(self._x)
