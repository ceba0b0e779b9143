"""NumPy functions that choose between elements."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .. import errors
from ..rules import elementwise, index
from ..rules.parts import is_complex
from .dispatch import array, data, implements


@implements(np.where)
def where(condition: Any, *branches: Any) -> Any:
    """Elements of the first branch where the condition holds, of the second elsewhere."""
    if not branches:
        return np.nonzero(condition)
    return elementwise.where(np.copy(data(condition)), *branches)  # a copy, whatever becomes of the mask later


@implements(np.clip)
def clip(a: Any, a_min: Any = None, a_max: Any = None, *, min: Any = None, max: Any = None) -> Any:
    """Each element limited to the interval; a bound that is not given limits nothing."""
    low = a_min if a_min is not None else min
    high = a_max if a_max is not None else max
    return elementwise.clip(a, -math.inf if low is None else low, math.inf if high is None else high)


@implements(np.select)
def select(condlist: Any, choicelist: Any, default: Any = 0) -> Any:
    """The elements of the first choice whose condition holds, else the default."""
    if len(condlist) != len(choicelist) or not len(condlist):
        raise errors.bad_argument(
            "np.select(condlist, choicelist)", "as many conditions as choices, and at least one",
            f"{len(condlist)} and {len(choicelist)}", "np.select([t > 0], [t], default=0.0)",
        )  # fmt: skip
    for condition, choice in zip(reversed(condlist), reversed(choicelist), strict=True):
        default = where(condition, choice, default)
    return default


@implements(np.choose)
def choose(a: Any, choices: Any, *, mode: Any = "raise") -> Any:
    """From each place the element of the choice whose number stands there."""
    choices = list(choices)
    numbers = np.choose(data(a), list(range(len(choices))), mode=mode)
    chosen = np.broadcast_to(array(choices[0]), np.broadcast_shapes(np.shape(numbers), *map(np.shape, choices)))
    for number, choice in enumerate(choices[1:], 1):
        chosen = where(numbers == number, choice, chosen)
    return chosen


@implements(np.piecewise)
def piecewise(x: Any, condlist: Any, funclist: Any, *args: Any, **kw: Any) -> Any:
    """Each function of the elements for which its condition, and no later one, holds."""
    conditions = _conditions(data(condlist), np.shape(x))
    functions = list(funclist)
    if len(functions) == len(conditions) + 1:
        conditions = [~np.any(conditions, axis=0), *conditions]
        functions = [functions[-1], *functions[:-1]]
    if len(functions) != len(conditions):
        raise errors.bad_argument(
            "np.piecewise(t, condlist, funclist)", "a function for each condition, and perhaps one for all others",
            f"{len(conditions)} conditions and {len(functions)} functions", "np.piecewise(t, [t < 0], [f, g])",
        )  # fmt: skip
    y = where(np.False_, x, 0)
    taken = np.zeros(np.shape(x), dtype=bool)
    for condition, function in zip(reversed(conditions), reversed(functions), strict=True):
        mine = condition & ~taken
        taken |= mine
        if np.any(mine):
            values = function(x[mine], *args, **kw) if callable(function) else function
            values = np.broadcast_to(values, (int(np.count_nonzero(mine)),)).astype(x.dtype)
            y = y + index.scatter(values, index=mine, shape=np.shape(x))
    return y


def _conditions(condlist: Any, shape: tuple[int, ...]) -> list[Any]:
    """The conditions as masks; one alone may stand without a list around it."""
    single = isinstance(condlist, (bool, np.bool_)) or (
        not isinstance(condlist[0], (list, np.ndarray)) and len(shape) != 0
    )
    return [np.broadcast_to(np.asarray(c, dtype=bool), shape) for c in ([condlist] if single else condlist)]


@implements(np.compress)
def compress(condition: Any, a: Any, axis: int | None = None) -> Any:
    """The places along an axis, or of the flattened array, where the condition holds."""
    return np.take(a, np.flatnonzero(np.asarray(data(condition))), axis=axis)


@implements(np.extract)
def extract(condition: Any, arr: Any) -> Any:
    """The elements where the condition holds."""
    return np.take(arr, np.flatnonzero(data(condition)))


@implements(np.take_along_axis)
def take_along_axis(arr: Any, indices: Any, axis: int | None = -1) -> Any:
    """For each row along an axis the elements at the positions of the same row of ``indices``."""
    indices = array(data(indices))
    if axis is None:
        return np.ravel(arr)[indices]
    if np.ndim(arr) != indices.ndim:
        raise errors.bad_argument(
            "np.take_along_axis(t, indices, axis)", f"indices with {np.ndim(arr)} axes, as t has",
            f"{indices.ndim}", "np.take(t, indices, axis) for the same positions in every row",
        )  # fmt: skip
    axis = axis % indices.ndim
    rows = [(*np.shape(x)[:axis], 1, *np.shape(x)[axis + 1 :]) for x in (arr, indices)]
    common = np.broadcast_shapes(*rows)
    if rows[0] != common:
        arr = np.broadcast_to(arr, (*common[:axis], np.shape(arr)[axis], *common[axis + 1 :]))
    indices = np.broadcast_to(indices, (*common[:axis], indices.shape[axis], *common[axis + 1 :]))
    return arr[index.along(indices, axis)]


@implements(np.nan_to_num)
def nan_to_num(x: Any, copy: bool = True, nan: Any = 0.0, posinf: Any = None, neginf: Any = None) -> Any:
    """Numbers in place of NaN and of infinities; there no gradient passes. Real and imaginary parts count alone."""
    if is_complex(x):
        parts = [nan_to_num(part, copy, nan, posinf, neginf) for part in (np.real(x), np.imag(x))]
        return parts[0] + 1j * parts[1]
    numbers = np.nan_to_num(data(x), nan=nan, posinf=posinf, neginf=neginf)
    return where(np.isfinite(x), x, numbers)
