"""What is done to the calls of a trace before they are written down: each pass takes a list of calls and gives a shorter one.

A pass may only treat two variables as one if nobody writes into either: ``written`` holds the storages of which
that is not so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from .trace import WRITING, Call, Trace, Variable, mapped, variables

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
        call.args, call.kwargs = mapped(replace, call.args), mapped(replace, call.kwargs)
    return list(calls)


def without_shapes(calls: Sequence[Call]) -> list[Call]:
    """``np.zeros_like(x)`` as zeros of a shape: it does not depend on ``x``."""
    for call in calls:
        if call.function in FILLED or call.function is np.full_like:
            (y,) = call.results
            shape = (y.data.shape, call.args[1]) if call.function is np.full_like else (y.data.shape,)
            call.function = FILLED.get(call.function, np.full)
            call.args, call.kwargs = shape, {"dtype": y.data.dtype}
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


def _is_one(x: Any) -> bool:
    """Whether a constant is 1, or an array of ones."""
    return isinstance(x, (int, float, np.ndarray, np.generic)) and bool(np.all(np.asarray(x) == 1))


def without_ones(calls: Sequence[Call], known: dict[Variable, Any]) -> tuple[list[Call], dict[Variable, Any]]:
    """``x * 1`` as ``x``; and which variables stand for which."""
    changing, into, kept = written(calls), dict[Variable, Any](), list[Call]()
    for call in calls:
        if call.function is np.multiply and call.writes is None and not call.kwargs:
            a, b = call.args
            for x, factor in ((a, b), (b, a)):
                one = known.get(factor) if isinstance(factor, Variable) else factor
                (y,) = call.results
                if (
                    isinstance(x, Variable) and _is_one(one) and x not in known and type(x.data) is type(y.data)
                    and np.shape(x.data) == np.shape(y.data) and x.data.dtype == y.data.dtype
                    and x.data.strides == y.data.strides and not {x.storage, y.storage} & changing
                ):  # fmt: skip
                    into[y] = x
                    break
            else:
                kept.append(call)
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
    return (type(x), repr(x)) if isinstance(x, (float, complex, np.generic)) else (type(x), x)


def shared(calls: Sequence[Call]) -> tuple[list[Call], dict[Variable, Any]]:
    """What is computed twice from the same numbers, computed once; and which variables stand for which."""
    changing, versions = written(calls), Counter[int]()
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
