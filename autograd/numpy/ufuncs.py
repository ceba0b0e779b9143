"""Universal functions that are a few others, some of them with two results."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..rules import elementwise
from .dispatch import data, implements


@implements(np.deg2rad, np.radians)
def deg2rad(x: Any) -> Any:
    """Degrees as radians."""
    return x * (math.pi / 180)


@implements(np.rad2deg, np.degrees)
def rad2deg(x: Any) -> Any:
    """Radians as degrees."""
    return x * (180 / math.pi)


@implements(np.float_power)
def float_power(x1: Any, x2: Any) -> Any:
    """A power in double precision at least."""
    return elementwise.power(_double(x1), _double(x2))


def _double(x: Any) -> Any:
    """An array in double precision."""
    return x.astype(np.float64) if getattr(x, "dtype", np.float64) != np.float64 else x


@implements(np.divmod)
def divmod(x1: Any, x2: Any) -> tuple[Any, Any]:
    """The quotient, rounded down, and what remains."""
    return elementwise.floor_divide(x1, x2), elementwise.remainder(x1, x2)


@implements(np.modf)
def modf(x: Any) -> tuple[Any, Any]:
    """What is behind the point and what is before it, both with the sign of ``x``."""
    return elementwise.fraction(x), elementwise.trunc(x)


@implements(np.frexp)
def frexp(x: Any) -> tuple[Any, Any]:
    """The number as a mantissa from 0.5 to 1, which records, and a power of 2, a plain array."""
    exponent = np.frexp(data(x))[1]
    return elementwise.ldexp(x, -exponent), exponent
