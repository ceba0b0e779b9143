"""Arrays that are elsewhere: computed later, as Dask's are, or on a GPU, as CuPy's are.

Both speak NumPy's protocols, so the rules run on them. Here is what else they need: when something is computed, how
functions that Dask lacks run on its blocks, and where new arrays are made.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from importlib import import_module
from typing import Any

import numpy as np

from .. import errors

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


def _dask(module: str) -> Any:
    """A module of Dask's, which is installed where there are arrays of its."""
    return import_module(f"dask.{module}")


def persisted(*arrays: Any) -> list[Any]:
    """Lazy arrays whose numbers are there, all computed in one run."""
    return list(_dask("base").persist(*arrays))


def fetched(*arrays: Any) -> list[Any]:
    """The numbers of lazy arrays, all computed in one run."""
    return list(_dask("base").compute(*arrays))


def cut(x: Any, pieces: int) -> Any:
    """An array as a lazy one, in so many pieces along each axis."""
    return _dask("array").from_array(x, chunks=tuple(-(-n // pieces) for n in np.shape(x)))


def is_lazy(x: Any) -> bool:
    """Whether ``x`` is an array of Dask's.

    Example:
        >>> is_lazy(np.zeros(3))
        False
    """
    return hasattr(x, "__dask_graph__")


def is_elsewhere(x: Any) -> bool:
    """Whether ``x`` is an array of Dask's or CuPy's.

    Example:
        >>> is_elsewhere(np.zeros(3))
        False
    """
    return is_lazy(x) or hasattr(x, "__cuda_array_interface__")


def in_memory(x: Any) -> Any:
    """The numbers of ``x`` as NumPy has them: computed if they are Dask's, fetched if they are CuPy's.

    Example:
        >>> in_memory(np.float64(1.5)).item()
        1.5
    """
    return x.compute() if is_lazy(x) else x.get() if hasattr(x, "__cuda_array_interface__") else x


def on_gpu(x: Any, device: str) -> Any:
    """``x`` as an array of CuPy's, on the GPU ``"cuda"``, the one in use, or ``"cuda:1"``, one by number.

    Raises:
        DeviceError: there is no such device, no CuPy, or no GPU.
    """
    kind, _, number = device.partition(":")
    try:
        if kind != "cuda" or not (number.isdigit() or device == kind):
            raise _no_device(device, "another", "to('cuda'), to('cuda:1') or to('cpu')")
        cupy = import_module("cupy")
    except ImportError as error:
        raise _no_device(device, f"no CuPy: {error}", "pip install 'chainrule[cupy]'") from error
    count = cupy.cuda.runtime.getDeviceCount() if cupy.is_available() else 0
    if int(number or 0) >= count:
        raise _no_device(device, f"{count} GPUs that CuPy sees", "to('cpu')")
    with cupy.cuda.Device(int(number) if number else None):
        return cupy.asarray(x)


def _no_device(device: str, given: str, cure: str) -> errors.DeviceError:
    return errors.DeviceError(errors.message(f"to({device!r})", "a GPU, as 'cuda', and CuPy", given, cure))


def beside(x: Any, create: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """A new array, by ``np.eye`` and its kin, where ``x`` is: on the GPU for an array of CuPy's, or a node over one.

    Example:
        >>> beside(np.ones(3), np.arange, 2)
        array([0, 1])
    """
    data = getattr(x, "_data", x)
    return create(*args, **kwargs, **({"like": data} if hasattr(data, "__cuda_array_interface__") else {}))


def drawn(rng: np.random.Generator, x: Any) -> Any:
    """Numbers from 0 to 1 of the shape of ``x``, where ``x`` is; those beside Dask's are drawn later, in its pieces.

    Example:
        >>> drawn(np.random.default_rng(0), np.zeros(2)).round(3)
        array([0.637, 0.27 ])
    """
    data = getattr(x, "_data", x)
    if is_lazy(data):
        later = _dask("array").random.default_rng(int(rng.integers(2**63)))
        return later.random(data.shape, chunks=data.chunks)
    numbers = rng.random(x.shape)
    return beside(x, np.asarray, numbers) if is_elsewhere(data) else numbers


def on_blocks(signature: str, dtype: Callable[..., Any] = np.result_type, **sizes: Callable[..., int]) -> Decorator:
    """A decorator: on Dask's arrays the function runs on each block, whose last axes have to be in one piece.

    Args:
        signature: which axes those are, as NumPy writes it for its generalised universal functions: ``(m,n)->(m)``.
        dtype: that of the result, given those of the arrays.
        **sizes: the lengths of new axes, given those of all others by name, and the attributes.

    Example:
        >>> total = on_blocks("(n)->()")(lambda x: x.sum(axis=-1))
        >>> total(np.ones((2, 3)))
        array([3., 3.])
    """

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def either(*arrays: Any, **attrs: Any) -> Any:
            return run(*arrays, **attrs) if any(map(is_lazy, arrays)) else function(*arrays, **attrs)

        def run(*arrays: Any, **attrs: Any) -> Any:
            cores = [list(filter(None, part.split(","))) for part in signature.partition("->")[0][1:-1].split("),(")]
            lengths = {
                name: n
                for x, names in zip(arrays, cores, strict=True)
                for name, n in zip(names, np.shape(x)[np.ndim(x) - len(names) :], strict=True)
            }
            axes = [
                (*range(len(names) - np.ndim(x), 0), *((i, name) for name in names))
                for i, (x, names) in enumerate(zip(arrays, cores, strict=True))
            ]
            _, arrays = _dask("array.core").unify_chunks(
                *[part for pair in zip(arrays, axes, strict=True) for part in pair]
            )
            return _dask("array").apply_gufunc(
                function,
                signature,
                *arrays,
                output_dtypes=dtype(*[x.dtype for x in arrays]),
                output_sizes={name: size(**lengths, **attrs) for name, size in sizes.items()},
                **attrs,
            )

        return either

    return decorate


def whole(function: Callable[..., Any], shape: tuple[int, ...], dtype: Any, *args: Any) -> Any:
    """``function(*args)`` later, in one task that has the whole arrays: for what cannot be done in pieces."""
    return _dask("array").from_delayed(_dask("delayed").delayed(function)(*args), shape, dtype)


def in_memory_only(reason: str) -> Decorator:
    """A decorator: what the function cannot do with Dask's arrays for this reason, it refuses to do."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(function)
        def either(*arrays: Any, **attrs: Any) -> Any:
            if any(map(is_lazy, arrays)):
                raise NotImplementedError(reason)
            return function(*arrays, **attrs)

        return either

    return decorate


def along_axis(function: Callable[..., Any]) -> Callable[..., Any]:
    """``function(*arrays, axis)`` by way of the last axis, where it runs on blocks."""
    last = on_blocks(",".join(["(n)"] * (function.__code__.co_argcount - 1)) + "->(n)")(
        lambda *arrays: function(*arrays, -1)
    )

    @wraps(function)
    def either(*arrays: Any, axis: int = -1) -> Any:
        if not any(map(is_lazy, arrays)):
            return function(*arrays, axis)
        return np.moveaxis(last(*[np.moveaxis(x, axis, -1) for x in arrays]), -1, axis)

    return either
