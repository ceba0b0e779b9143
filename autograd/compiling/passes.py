"""What is done to the calls of a trace before they are written down.

Each pass takes a list of calls and gives a shorter one.

A pass may only treat two variables as one if nobody writes into either: ``written`` holds the storages of which
that is not so.
"""

from __future__ import annotations

import operator
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from typing import Any

import numpy as np

from .arrays import astype, copy
from .trace import Call, Variable, early, mapped, variables

FILLED = {np.zeros_like: np.zeros, np.ones_like: np.ones, np.empty_like: np.empty}
"""Functions that ask an array for its shape only, and what they are without it."""


def written(calls: Iterable[Call]) -> set[int]:
    """The storages that somebody writes into after they were made."""
    return {x.storage for call in calls if call.writes is not None for x in variables(call.writes)}


def substituted(calls: Sequence[Call], into: dict[Variable, Any]) -> list[Call]:
    """The calls with variables replaced."""

    def replace(x: Any) -> Any:
        while isinstance(x, Variable) and x in into:
            x = into[x]
        return x

    for call in calls if into else ():
        if not into.keys().isdisjoint(call.inputs):
            call.call(call.function, mapped(replace, call.args), mapped(replace, call.kwargs))
    return list(calls)


def without_shapes(calls: Sequence[Call]) -> list[Call]:
    """``np.zeros_like(x)`` as zeros of a shape: it does not depend on ``x``."""
    for call in calls:
        if call.function in FILLED or call.function is np.full_like:
            (y,) = call.results
            shape = (y.data.shape, call.args[1]) if call.function is np.full_like else (y.data.shape,)
            call.call(FILLED.get(call.function, np.full), shape, {"dtype": y.data.dtype})
    return list(calls)


def constants(calls: Sequence[Call]) -> dict[Variable, Any]:
    """What every run computes alike, and what it is."""
    changing, known = written(calls), dict[Variable, Any]()
    for call in calls:
        if call.writes is None and call.function not in ("guard", np.empty) and all(x in known for x in call.inputs):
            for y in call.results:
                if y.storage not in changing:
                    known[y] = y.data
    return known


def filled(calls: Sequence[Call]) -> list[Call]:
    """An empty array into which one number is written as that array: ``np.full``."""
    times = Counter(x.storage for call in calls if call.writes is not None for x in variables(call.writes))
    made = {call.results[0]: call for call in calls if call.function is np.empty}
    kept: list[Call] = []
    for call in calls:
        empty = made.get(call.args[0]) if call.function is operator.setitem else None
        if empty is not None and call.args[1] is Ellipsis and times[empty.results[0].storage] == 1:
            value = call.args[2]
            if not isinstance(value, (list, tuple)) and np.ndim(getattr(value, "data", value)) == 0:
                (y,) = empty.results
                call = Call(np.full, (y.data.shape, value), {"dtype": y.data.dtype}, y, None, call.phase)
                kept.remove(empty)
        kept.append(call)
    return kept


def _is_one(x: Any) -> bool:
    """Whether a constant is 1, or an array of ones."""
    return isinstance(x, (int, float, np.ndarray, np.generic)) and bool(np.all(np.asarray(x) == 1))


def _unchanged(call: Call, known: dict[Variable, Any]) -> Any:
    """The variable that a call gives back as it is: ``x * 1``, or a copy."""
    if call.function in (astype, copy, np.positive) and isinstance(call.args[0], Variable):
        return call.args[0]
    if call.function is np.multiply and not call.kwargs:
        for x, factor in (call.args, call.args[::-1]):
            one = known.get(factor) if isinstance(factor, Variable) else factor
            if isinstance(x, Variable) and x not in known and _is_one(one):
                return x
    return None


def simplified(
    calls: Sequence[Call], known: dict[Variable, Any], leaving: set[int]
) -> tuple[list[Call], dict[Variable, Any]]:
    """``x * 1``, and copies that nobody writes into, as ``x``; and which variables stand for which.

    Args:
        calls: the calls.
        known: the constants.
        leaving: storages that the caller gets, which are no one else's.
    """
    fixed = written(calls) | leaving
    into: dict[Variable, Any] = {}
    kept: list[Call] = []
    for call in calls:
        x = _unchanged(call, known) if call.writes is None and call.function != "guard" else None
        y = call.result
        if (
            isinstance(x, Variable) and type(x.data) is type(y.data) and np.shape(x.data) == np.shape(y.data)
            and x.data.dtype == y.data.dtype and x.data.strides == y.data.strides and not {x.storage, y.storage} & fixed
        ):  # fmt: skip
            into[y] = x
        else:
            kept.append(call)
    return substituted(kept, into), into


def _key(x: Any, versions: Counter[int]) -> Any:
    """An argument as something to look up."""
    if isinstance(x, Variable):
        return (id(x), versions[x.storage])
    if isinstance(x, (list, tuple)):
        return (type(x).__name__, *[_key(part, versions) for part in x])
    if isinstance(x, slice):
        return ("slice", *[_key(part, versions) for part in (x.start, x.stop, x.step)])
    if isinstance(x, (float, complex, np.generic)):
        return type(x), repr(x)
    return (type(x), x) if isinstance(x, Hashable) else (type(x), id(x))


def shared(calls: Sequence[Call], leaving: set[int]) -> tuple[list[Call], dict[Variable, Any]]:
    """What is computed twice from the same numbers, computed once; and which variables stand for which."""
    changing, versions = written(calls) | leaving, Counter[int]()
    seen, into, kept = dict[Any, Any](), dict[Variable, Any](), list[Call]()
    for call in calls:
        substituted([call], into)
        if call.writes is not None:
            versions.update({x.storage for x in variables(call.writes)})
            kept.append(call)
            continue
        if call.function == "guard":
            key: Any = ("guard", str(call.kwargs["function"]), _key(call.args, versions))
        else:
            named = sorted(call.kwargs.items())
            key = (call.function, _key(call.args, versions), tuple((k, _key(x, versions)) for k, x in named))
        fresh = all(y.storage not in changing or y.storage in {x.storage for x in call.inputs} for y in call.results)
        if key in seen and fresh and call.function is not np.empty:
            into.update(zip(call.results, seen[key], strict=True))
        else:
            seen.setdefault(key, call.results)
            kept.append(call)
    return substituted(kept, into), into


def in_order(calls: Sequence[Call]) -> list[Call]:
    """What only needs numbers comes first, with the choices that hang on it: before anything is written."""
    numbers = early(calls)
    first = [call for call in calls if call.writes is None and call.inputs and all(x in numbers for x in call.inputs)]
    first = [call for call in first if call.function == "guard" or all(y in numbers for y in call.results)]
    moved = set(map(id, first))
    return [*first, *[call for call in calls if id(call) not in moved]]


def alive(calls: Sequence[Call], wanted: Iterable[Variable], outside: set[int]) -> list[Call]:
    """The calls that what is wanted, or what was there before, depends on."""
    needed = {x.storage for x in wanted}
    kept = []
    for call in reversed(calls):
        touched = {x.storage for x in (*variables(call.writes), *call.results)}
        writes_outside = call.writes is not None and touched & outside
        if call.function == "guard" or touched & needed or writes_outside:
            needed |= touched | {x.storage for x in call.inputs}
            kept.append(call)
    return kept[::-1]
