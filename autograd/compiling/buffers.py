"""Where results lie: buffers that are made once, and taken again when what they held is no longer needed."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from .arrays import astype, copy
from .trace import Call, Variable, variables

FILLS: dict[Any, int | None] = {np.zeros: 0, np.ones: 1, np.empty: None, np.full: None}
"""Functions that make an array from its shape."""

TAKES_OUT = {
    np.dot, np.concatenate, np.stack, np.cumsum, np.cumprod, np.mean, np.var, np.std, np.clip, np.argmax, np.argmin,
}  # fmt: skip
"""The functions, beside universal ones, that write their result where they are told."""


class Buffer(NamedTuple):
    """Memory for one result: its shape and dtype, and the order of its axes in memory, slowest first."""

    shape: tuple[int, ...]
    dtype: Any
    order: tuple[int, ...]


def layout(array: Any) -> Buffer | None:
    """The buffer that has the layout of ``array``, if it fills its memory."""
    order = tuple(sorted(range(array.ndim), key=lambda axis: (-array.strides[axis], axis)))
    lengths = [array.shape[axis] for axis in order]
    steps = [array.itemsize * math.prod(lengths[i + 1 :]) for i in range(array.ndim)]
    fits = all(n == 1 or array.strides[axis] == step for axis, n, step in zip(order, lengths, steps, strict=True))
    return Buffer(array.shape, array.dtype, order) if fits and array.size else None


def is_elementwise(function: Any) -> bool:
    """Whether each element of the result is computed from the same element of the inputs, after it was read."""
    return (isinstance(function, np.ufunc) and function.signature is None) or function in (astype, copy)


def takes_out(call: Call) -> bool:
    """Whether a call can write its result into a buffer."""
    function = call.function
    if isinstance(function, np.ufunc):
        return function.nout == 1
    owner = getattr(function, "__self__", None)
    if isinstance(owner, np.ufunc):
        return function.__name__ in ("reduce", "accumulate")
    return function in TAKES_OUT or function in FILLS or function in (astype, copy)


class Plan(NamedTuple):
    """Which result lies in which buffer.

    Attributes:
        homes: for each variable that is written into a buffer, the number of the buffer.
        buffers: the buffers by number.
        first: for each buffer the first variable that lies there.
    """

    homes: dict[Variable, int]
    buffers: list[Buffer]
    first: list[Variable]


def plan(calls: Sequence[Call], wanted: Iterable[Variable], outside: set[int]) -> Plan:
    """Give results their buffers: by when they are last used, and in place where the call allows it."""
    last: dict[int, int] = {}
    for i, call in enumerate(calls):
        last.update((x.storage, i) for x in (*call.inputs, *call.results, *variables(call.writes)))
    leaving = {x.storage for x in wanted} | outside
    free: dict[Buffer, list[int]] = defaultdict(list)
    lying: dict[int, tuple[Buffer, int]] = {}
    homes: dict[Variable, int] = {}
    buffers: list[Buffer] = []
    first: list[Variable] = []
    for i, call in enumerate(calls):
        ending = [s for s in dict.fromkeys(x.storage for x in call.inputs) if last[s] == i and s in lying]
        y = call.result
        own = isinstance(y, Variable) and call.writes is None and type(y.data) is np.ndarray and y.data.base is None
        shape = layout(y.data) if own and y.storage not in leaving and takes_out(call) else None
        if shape is not None and isinstance(y, Variable) and not any(x.storage == y.storage for x in call.inputs):
            in_place = [s for s in ending if is_elementwise(call.function) and _only_whole(call, s, y, lying)]
            for s in in_place[:1]:
                free[lying[s][0]].append(lying[s][1])
                ending.remove(s)
                del lying[s]
            if free[shape]:
                number = free[shape].pop()
            else:
                number = len(buffers)
                buffers.append(shape)
                first.append(y)
            homes[y], lying[y.storage] = number, (shape, number)
        for s in [*ending, *([y.storage] if isinstance(y, Variable) and last.get(y.storage) == i else [])]:
            if s in lying:
                free[lying[s][0]].append(lying[s][1])
                del lying[s]
    return Plan(homes, buffers, first)


def _only_whole(call: Call, storage: int, y: Variable, lying: dict[int, tuple[Buffer, int]]) -> bool:
    """Whether a call reads this storage only element by element, in the places where its result will lie."""
    reads = [x.data for x in call.inputs if x.storage == storage]
    same = all(x.shape == y.data.shape and x.strides == y.data.strides and x.dtype == y.data.dtype for x in reads)
    return same and lying[storage][0] == layout(y.data)
