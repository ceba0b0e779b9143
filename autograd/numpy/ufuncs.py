"""Universal functions that are a few others, some of them with two results."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..rules import elementwise
from ..rules.parts import conj, imag, is_complex, real
from .dispatch import data, implements, real_only


@implements(np.deg2rad, np.radians)
def deg2rad(x: Any) -> Any:
    """Degrees as radians."""
    real_only("deg2rad", x)
    return x * (math.pi / 180)


@implements(np.rad2deg, np.degrees)
def rad2deg(x: Any) -> Any:
    """Radians as degrees."""
    real_only("rad2deg", x)
    return x * (180 / math.pi)


@implements(np.fabs)
def fabs(x: Any) -> Any:
    """The absolute value of real numbers."""
    real_only("fabs", x)
    return elementwise.absolute(x)


@implements(np.float_power)
def float_power(x1: Any, x2: Any) -> Any:
    """A power in double precision at least."""
    return elementwise.power(_double(x1), _double(x2))


def _double(x: Any) -> Any:
    """An array in double precision."""
    double = np.complex128 if is_complex(x) else np.float64
    return x.astype(double) if getattr(x, "dtype", double) != double else x


@implements(np.real)
def real_part(val: Any) -> Any:
    """The real part; of real numbers a new result with the same elements."""
    return real(val) if is_complex(val) else +val


@implements(np.conjugate)
def conjugate(x: Any) -> Any:
    """The complex conjugate; of real numbers a new result with the same elements."""
    return conj(x) if is_complex(x) else +x


@implements(np.angle)
def angle(z: Any, deg: bool = False) -> Any:
    """The angle to the positive real axis; its gradient at 0 is 0."""
    turn = np.arctan2(imag(z), real_part(z))
    return rad2deg(turn) if deg else turn


@implements(np.real_if_close)
def real_if_close(a: Any, tol: float = 100) -> Any:
    """The real part, if NumPy finds the imaginary parts of all elements close to 0."""
    return real(a) if is_complex(a) and not is_complex(np.real_if_close(data(a), tol)) else +a


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
