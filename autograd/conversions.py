"""Who asks a Tensor for a plain number: ``float(t)`` means it, ``math.sin(t)`` would lose the gradient without a word.

Python does not say what a number is wanted for. The instruction of the caller does: it names what is being called.
"""

from __future__ import annotations

import builtins
import cmath
import dis
import math
from contextvars import ContextVar
from functools import lru_cache
from types import CodeType, FrameType, ModuleType
from typing import Any

import numpy as np

STEPS = {"isnan", "isinf", "isfinite", "isclose", "floor", "ceil", "trunc"}
"""Functions of ``math`` through which nothing would flow."""

NAMES = {name: f"arc{name[1:]}" for name in ("asin", "acos", "atan", "atan2", "asinh", "acosh", "atanh")} | {
    "pow": "power",
    "fsum": "sum",
    "phase": "angle",
}
"""NumPy's names of functions that ``math`` and ``cmath`` call otherwise."""

SPECIAL = {"erf": "erf", "erfc": "erfc", "gamma": "gamma", "lgamma": "gammaln"}
"""SciPy's names of those that NumPy does not have."""


TAKEN: ContextVar[dict[tuple[CodeType, int], tuple[str, Any]] | None] = ContextVar("taken", default=None)
"""While a function is differentiated: of what a plain number was taken, last, at each place in the program."""


def note(what: str, x: Any, frame: FrameType) -> None:
    """Remember that a plain number of ``x`` was taken here, should the result turn out not to depend on ``x``."""
    taken = TAKEN.get()
    if taken is not None and _function(frame)[1] not in STEPS:
        taken[frame.f_code, frame.f_lasti] = what, x


def losing(frame: FrameType) -> str:
    """The function that the frame just calls, as ``math.sin``, if its result would have a gradient; else ``""``."""
    module, name = _function(frame)
    return f"{module}.{name}".lstrip(".") if module in (math.__name__, cmath.__name__, "") and name not in STEPS else ""


def recording(name: str) -> str:
    """What to call in place of a function of ``math``."""
    if name in SPECIAL:
        return f"autograd.scipy.special.{SPECIAL[name]}(t)"
    name = NAMES.get(name, name)
    return f"autograd.numpy.{name}(t) or np.{name}(t)" if hasattr(np, name) else "a function of NumPy's"


def _function(frame: FrameType) -> tuple[str, str]:
    """The module and the name of the function that the frame just calls; empty if nobody knows."""
    names = _called(frame.f_code, frame.f_lasti)
    if not names:
        return "", ""
    first, *rest = names
    scopes: tuple[Any, ...] = (frame.f_locals, frame.f_globals, vars(builtins))
    found = next((scope[first] for scope in scopes if first in scope), None)
    for name in rest:
        if isinstance(found, np.ndarray):
            return "", "array.fill" if name == "fill" else ""
        found = getattr(found, name, None) if isinstance(found, ModuleType) else None
    return getattr(found, "__module__", "") or "?", getattr(found, "__name__", "") or "?"


@lru_cache(maxsize=1024)
def _called(code: CodeType, at: int) -> tuple[str, ...]:
    """The names that lead to what the instruction calls, ``("math", "sin")``; none if it calls nothing that has one."""
    before: list[dis.Instruction] = []
    for instruction in dis.get_instructions(code):
        if instruction.offset >= at:
            break
        before.append(instruction)
    start = instruction.positions and instruction.positions[:1] + instruction.positions[2:3]
    if not start or None in start or "CALL" not in instruction.opname:
        return ()
    return tuple(
        x.argval
        for x in before
        if x.positions and x.positions[:1] + x.positions[2:3] == start and x.opname.startswith("LOAD_")
    )
