"""Functions that statistics puts data through: losses of Huber, powers of Box and Cox, powers of 10.

Box and Cox's power is ``log(x) * exprel(lmbda * log(x))``, and its inverse is the exponential of
``y * hyp2f1(1, 1, 2, -lmbda * y)``; so written, the derivative by ``lmbda`` is exact at 0 too.
"""

from __future__ import annotations

import math
from typing import Any

from ...rules.elementwise import absolute, cbrt, exp2, expm1, log, log1p, maximum, minimum, relu, sin, sqrt
from ...rules.table import BY_FUNCTION
from ..peer import load
from .integrals import hyp1f1, hyp2f1
from .table import special

sp = load("special")


def _power_by_lambda(log_x: Any, lmbda: Any) -> Any:
    """The derivative of ``log_x * exprel(lmbda * log_x)`` by ``lmbda``."""
    return log_x * log_x * hyp1f1(2.0, 3.0, lmbda * log_x) / 2


def _root_by_lambda(y: Any, lmbda: Any) -> Any:
    """The derivative of ``log1p(lmbda * y) / lmbda`` by ``lmbda``."""
    return y * y * hyp2f1(2.0, 2.0, 3.0, -lmbda * y) / -2


# fmt: off
huber = special(sp.huber,
    lambda g, y, delta, r: g * relu(absolute(r) - delta),
    lambda g, y, delta, r: g * maximum(minimum(r, delta), -delta))

pseudo_huber = special(sp.pseudo_huber,
    lambda g, y, delta, r: g * (2 * y / delta - r * r / sqrt(delta * delta + r * r)),
    lambda g, y, delta, r: g * r * delta / sqrt(delta * delta + r * r))

boxcox = special(sp.boxcox,
    lambda g, y, x, lmbda: g * x ** (lmbda - 1),
    lambda g, y, x, lmbda: g * _power_by_lambda(log(x), lmbda))

boxcox1p = special(sp.boxcox1p,
    lambda g, y, x, lmbda: g * (1 + x) ** (lmbda - 1),
    lambda g, y, x, lmbda: g * _power_by_lambda(log1p(x), lmbda))

inv_boxcox = special(sp.inv_boxcox,
    lambda g, y, x, lmbda: g * y ** (1 - lmbda),
    lambda g, y, x, lmbda: g * y * _root_by_lambda(x, lmbda))

inv_boxcox1p = special(sp.inv_boxcox1p,
    lambda g, y, x, lmbda: g * (1 + y) ** (1 - lmbda),
    lambda g, y, x, lmbda: g * (1 + y) * _root_by_lambda(x, lmbda))

exp10 = special(sp.exp10,
    lambda g, y, x: g * y * math.log(10))

cosm1 = special(sp.cosm1,
    lambda g, y, x: -g * sin(x))
# fmt: on

BY_FUNCTION |= {sp.cbrt: cbrt, sp.exp2: exp2, sp.expm1: expm1, sp.log1p: log1p}
