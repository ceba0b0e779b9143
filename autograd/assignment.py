"""Item assignment: ``t[index] = value`` makes a new result, and the object ``t`` stands for it from then on.

No array is ever written into. What ``t`` was lives on as a node of its own, the first input of the new result;
an operation that used ``t`` before finds it there, since it is older than what ``t`` has become
(:func:`autograd.graph.earlier`). See docs/decisions/0009.
"""

from __future__ import annotations

import dis
from collections.abc import Mapping
from types import FrameType
from typing import Any

import numpy as np

from . import errors
from .batching.examples import batch
from .graph import Node, is_recording, next_order
from .rules.index import setitem

VARIABLE: Mapping[str, Any] = {"variable": True}
"""The attributes of a leaf that a derivative made for the argument of a function: the function may assign its items."""

STORE = dis.opmap["STORE_SUBSCR"]

SLOTS = [slot for slot in Node.__slots__ if slot != "__weakref__"]


def assign(t: Any, index: Any, value: Any) -> None:
    """Let ``t`` be itself with ``value`` at ``index``.

    Raises:
        MutationError: ``t`` is a leaf that requires a gradient, a part of another, or a result while nothing
            is recorded.
        DtypeError: ``t`` holds whole numbers, and ``value`` requires a gradient.
    """
    recording, result = is_recording(), t.op is not None
    if result and not recording:
        raise errors.written_into_result(t.shape)
    if t.requires_grad and recording and not result and t.attrs is not VARIABLE:
        raise errors.written_into_leaf(errors.describe(t))
    if _is_part(t):
        raise errors.written_into_view(t.shape)
    if recording and t.dtype.kind in "biu" and isinstance(value, Node) and value.requires_grad:
        raise errors.written_as_integer(errors.describe(t), str(t.dtype))
    before = _copy(t)
    made = t._record(setitem, (before, value), {"index": index})
    if made.op is None:
        t._data = made._data
        t.order = next_order()
        return
    Node._assigned = True
    for slot in SLOTS:
        if slot != "name":
            setattr(t, slot, getattr(made, slot))


def is_stored(frame: FrameType) -> bool:
    """Whether the program is at ``array[index] = t``: NumPy then asks ``t`` for a number, and says not what for."""
    return frame.f_code.co_code[frame.f_lasti] == STORE


def variable_of(kind: Any, data: Any, requires_grad: bool = True) -> Any:
    """A leaf that stands for an argument of a function which is to be differentiated."""
    leaf = kind._leaf(data, requires_grad)
    leaf._b = VARIABLE
    return leaf


def original(x: Any) -> Any:
    """What a variable was before the function assigned items of it; anything else as it is."""
    while isinstance(x, Node) and x.op is setitem:
        x = x.inputs[0]
    return x


def _copy(t: Any) -> Any:
    """A node that is what ``t`` is now: same data, same inputs, same place in the order."""
    twin = object.__new__(type(t))
    for slot in SLOTS:
        setattr(twin, slot, getattr(t, slot))
    return twin


def _is_part(t: Any) -> bool:
    """Whether the array of ``t`` is a view of another's, which NumPy would write through to.

    What a derivative or ``vmap`` made of an argument is none: the caller's array is not the function's.
    """
    if t.op is None:
        return t.attrs is not VARIABLE and getattr(t._data, "base", None) is not None
    if t.op is batch:
        return False
    arrays = [_memory(x) for x in (t, *t.inputs)]
    return any(np.may_share_memory(arrays[0], x) for x in arrays[1:] if isinstance(x, np.ndarray))


def _memory(x: Any) -> Any:
    """The array in which the numbers of ``x`` are, those of all examples together."""
    x = x._data if isinstance(x, Node) else x
    return getattr(x, "whole", x)
