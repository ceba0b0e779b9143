"""Arrays that are computed later, as Dask's are: what is computed when, and how functions that they lack run on blocks.

A gradient is where its variable is: that of a lazy variable is lazy, that of a variable in memory is in memory. So a
parameter, which is small, has its gradient at hand after the pass. All such gradients are computed in one run,
together with the result: what they are made of, which may be larger than memory, is read once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import wraps
from typing import Any

import numpy as np

from .graph import Node, _walk


def is_lazy(x: Any) -> bool:
    """Whether ``x`` is an array of Dask's.

    Example:
        >>> is_lazy(np.zeros(3))
        False
    """
    return hasattr(x, "__dask_graph__")


def in_memory(x: Any) -> Any:
    """The numbers of ``x`` as NumPy has them: computed if they are Dask's, fetched if they are CuPy's.

    Example:
        >>> in_memory(np.float64(1.5)).item()
        1.5
    """
    return x.compute() if is_lazy(x) else x.get() if hasattr(x, "__cuda_array_interface__") else x


def gradients(
    root: Node, seed: Any, path: Sequence[Node] | None, wrt: Iterable[Node] | None, record: bool
) -> dict[Node, Any]:
    """Walk back from a lazy result; where that gives numbers in memory, settle what zeros may have spoilt.

    Whether a lazy gradient is finite cannot be known before it is computed, so it stays as it is.

    Args:
        root: the result to differentiate.
        seed: its own gradient.
        path: the nodes on the way, newest first; all if not given.
        wrt: the nodes whose gradients are wanted; all if not given.
        record: whether the gradients shall be nodes; these are all lazy.
    """
    plain, ends = _walk(root, seed, path, record, guarded=False)
    if record:
        return plain
    plain = computed(root, plain)
    near = [x for x in (ends if wrt is None else wrt) if x in plain and not is_lazy(plain[x])]
    if all(root._is_finite(plain[x]) for x in near):
        return plain
    return computed(root, root._settled(root, seed, path, near, record, plain))


def computed(root: Node, gradients: dict[Node, Any]) -> dict[Node, Any]:
    """The gradients, those of nodes in memory computed, all in one run with the result if it is one number."""
    near = [x for x, g in gradients.items() if is_lazy(g) and not is_lazy(x._data)]
    if not near:
        return gradients
    import dask

    results = [root._data] if np.shape(root._data) == () else []
    found = dask.persist(*results, *[gradients[x] for x in near])
    for result in found[: len(results)]:
        root._data = result
    return gradients | dict(zip(near, dask.compute(*found[len(results) :]), strict=True))


def on_blocks(signature: str, dtype: Callable[..., Any] = np.result_type, **sizes: Callable[..., int]) -> Any:
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
            from dask.array import apply_gufunc

            inputs = [part.split(",") for part in signature.partition("->")[0][1:-1].split("),(")]
            lengths = {
                name: n
                for x, names in zip(arrays, inputs, strict=True)
                for name, n in zip(names, np.shape(x)[-len(names) :], strict=False)
            }
            return apply_gufunc(
                function,
                signature,
                *arrays,
                output_dtypes=dtype(*[x.dtype for x in arrays]),
                output_sizes={name: size(**lengths, **attrs) for name, size in sizes.items()},
                **attrs,
            )

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
