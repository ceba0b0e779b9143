"""The witness: central differences, which know nothing of the engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np


def differences(f: Callable[[Any], float], x: Any, h: float = 1e-5) -> Any:
    """The gradient of the scalar function ``f`` of an array: ``(f(x + h) - f(x - h)) / 2h`` for each element.

    By a complex number there are two, along 1 and along i; the gradient is the first minus i times the second.
    """
    x = np.array(x, dtype=np.result_type(x, np.float64))
    gradient = np.zeros_like(x)
    for place in np.ndindex(x.shape):
        for unit in (1, 1j) if np.iscomplexobj(x) else (1,):
            step = np.zeros_like(x)
            step[place] = h * unit
            gradient[place] += (f(np.asarray(x + step)) - f(np.asarray(x - step))) / (2 * h * unit)
    return gradient


def at(f: Callable[..., float], xs: list[Any], i: int) -> Callable[[Any], float]:
    """``f`` as a function of its ``i``-th argument alone; the others stay as they are in ``xs``."""
    return lambda x: f(*xs[:i], x, *xs[i + 1 :])
