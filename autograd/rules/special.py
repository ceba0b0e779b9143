"""The special functions that NumPy has: sinc and the Bessel function I0.

All derivatives of both are functions of one kind, each with its own row: ``order`` says which
derivative is meant, and the derivative of each is the next.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ..graph import Primitive
from .table import row

NODES = 128
"""Places in a quarter of the circle: enough for I0 of everything below 700, where it overflows."""


def _sinc_slope(x: Any, order: int = 1) -> Any:
    """The derivative of the given order of ``sin(pi x) / (pi x)``.

    From ``x s(x) = sin(pi x) / pi`` follows ``x s' + s = cos(pi x)``, and so on: each derivative by the
    one before. Near 0, where that loses digits, the power series.
    """
    near = np.abs(x) < (order + 2) / math.pi
    far = np.where(near, 1 + 0 * x, x)
    y = np.sin(math.pi * far) / (math.pi * far)
    for n in range(1, order + 1):
        wave = math.pi ** (n - 1) * np.sin(math.pi * far + n * math.pi / 2)
        y = (wave - n * y) / far
    return np.where(near, _sinc_series(np.where(near, x, 0 * x), order), y)


def _sinc_series(x: Any, order: int) -> Any:
    """The sum of ``(-1)^k pi^(2k) x^(2k - n) (2k)! / (2k - n)! / (2k + 1)!`` for order n, by Horner's scheme."""
    first = (order + 1) // 2
    square = x * x
    total = 0 * x
    for k in reversed(range(first, first + 12 + 2 * order)):
        size = math.pi ** (2 * k) / math.factorial(2 * k - order) / (2 * k + 1)
        total = total * square + (-1) ** k * size
    return total * x if order % 2 else total


def _i0_slope(x: Any, order: int = 1) -> Any:
    """The derivative of the given order of I0: the mean of ``cos(t)**order * exp(x * cos(t))`` over the circle.

    Of a periodic function the mean of equidistant values is exact beyond all powers (Trefethen and
    Weideman, "The exponentially convergent trapezoidal rule", 2014). Opposite places are taken together.
    """
    pair = np.sinh if order % 2 else np.cosh
    total = 0 * x
    for j in range(NODES):
        height = math.cos((j + 0.5) * math.pi / (2 * NODES))
        total = total + height**order * pair(height * x)
    return total / NODES


# fmt: off
sinc = row(np.sinc,
    lambda g, y, x: g * sinc_slope(x),
    scalar=lambda x: float(np.sinc(x)))

sinc_slope: Primitive = row(_sinc_slope,
    lambda g, y, x, order=1: g * sinc_slope(x, order=order + 1),
    name="sinc_slope", scalar=lambda x, order=1: float(_sinc_slope(x, order)))

i0 = row(np.i0,
    lambda g, y, x: g * i0_slope(x))

i0_slope: Primitive = row(_i0_slope,
    lambda g, y, x, order=1: g * i0_slope(x, order=order + 1),
    name="i0_slope")
# fmt: on
