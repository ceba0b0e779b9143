"""Who asks a Tensor for a plain number: ``float(t)`` means it, ``math.sin(t)`` would lose the gradient without a word.

Python does not say what a number is wanted for. The instruction of the caller does: it names what is being called.
"""

from __future__ import annotations

import builtins
import cmath
import dis
import math
from functools import lru_cache
from types import CodeType, FrameType, ModuleType
from typing import Any

import numpy as np

STEPS = {"isnan", "isinf", "isfinite", "isclose", "floor", "ceil", "trunc"}
"""Functions of ``math`` through which nothing would flow."""

NAMES = {name: f"arc{name[1:]}" for name in ("asin", "acos", "atan", "atan2", "asinh", "acosh", "atanh")} | {
    "pow": "power"
}
"""NumPy's names of functions that ``math`` calls otherwise."""


def losing(frame: FrameType) -> str:
    """The function that the frame just calls, as ``math.sin``, if its result would have a gradient; else ``""``."""
    names = _called(frame.f_code, frame.f_lasti)
    if not names:
        return ""
    first, *rest = names
    scopes: tuple[Any, ...] = (frame.f_locals, frame.f_globals, vars(builtins))
    found = next((scope[first] for scope in scopes if first in scope), None)
    for name in rest:
        if isinstance(found, np.ndarray):
            return "array.fill" if name == "fill" else ""
        found = getattr(found, name, None) if isinstance(found, ModuleType) else None
    module, name = getattr(found, "__module__", ""), getattr(found, "__name__", "")
    return f"{module}.{name}" if module in (math.__name__, cmath.__name__) and name not in STEPS else ""


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
