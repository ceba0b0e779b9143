"""Whether a gradient can be infinite or NaN although nothing is that goes into it.

Where it can, a recorded gradient that came out finite says nothing about the next one, and the program looks.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from typing import Any

import numpy as np

from .trace import Call, Variable

STEEP = {
    np.log, np.log2, np.log10, np.log1p, np.sqrt, np.cbrt, np.reciprocal, np.arccos, np.arcsin, np.arccosh, np.arctanh,
    math.log, math.log2, math.log10, math.log1p, math.sqrt, math.cbrt, math.acos, math.asin, math.acosh, math.atanh,
    math.tan, np.tan, np.float_power, np.linalg.inv, np.linalg.solve, np.linalg.cholesky,
}  # fmt: skip
"""Functions that backward passes call, and that make infinities from finite numbers."""

DIVISIONS, POWERS = (np.divide, operator.truediv), (np.power, operator.pow)

GROWING = {math.exp, math.exp2, math.expm1, math.sinh, math.cosh, np.exp, np.exp2, np.expm1, np.sinh, np.cosh}
"""Functions that overflow soon, wherever they are called: their results are factors of gradients."""


LOUD = {*STEEP, *GROWING, np.divide, np.power}
"""Functions that warn of infinities, where NumPy is to."""


def may_be_infinite(calls: Sequence[Call]) -> bool:
    """Whether some call makes infinities from finite numbers in a way that a gradient may show."""
    made = {y: call for call in calls for y in call.results if call.writes is None}
    return any(_is_steep(call) or (call.function in GROWING and not _is_below(call.args[0], made)) for call in calls)


def _is_steep(call: Call) -> bool:
    """Whether a call of a backward pass divides by what may be 0, or does something like it."""
    if call.phase != "backward" or call.function == "guard":
        return False
    if call.function in (*DIVISIONS, *POWERS):
        b: Any = call.args[1]
        harmless = isinstance(b, (int, float, np.floating)) and (b != 0 if call.function in DIVISIONS else b >= 0)
        return not harmless
    return call.function in STEEP


def _is_below(x: Any, made: dict[Variable, Call]) -> bool:
    """Whether ``x`` is at most 0: minus an absolute value, ``z - max(z)``, or ``z - log(sum(exp(z)))``."""
    call = _source(x, made)
    if call is None:
        return False
    if call.function is np.negative:
        inner = _source(call.args[0], made)
        return inner is not None and inner.function is np.absolute
    if call.function is not np.subtract:
        return False
    z, high = call.args[0], _source(call.args[1], made)
    if high is not None and high.function == np.maximum.reduce:
        return high.args[0] is z
    total = _source(high.args[0], made) if high is not None and high.function is np.log else None
    powers = _source(total.args[0], made) if total is not None and total.function == np.add.reduce else None
    return powers is not None and powers.function is np.exp and powers.args[0] is z


def _source(x: Any, made: dict[Variable, Call]) -> Call | None:
    """The call that computed ``x``, seen through views."""
    call = made.get(x) if isinstance(x, Variable) else None
    while call is not None and call.function in (np.swapaxes, np.transpose, np.reshape):
        call = made.get(call.args[0])
    return call
