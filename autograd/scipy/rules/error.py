"""The error function and the normal distribution: everything with ``exp(-x**2)`` in its derivative (DLMF 7)."""

from __future__ import annotations

import math

from ...rules.elementwise import exp, sigmoid
from ...rules.table import BY_FUNCTION
from ..peer import load
from .table import special

sp = load("special")
ROOT_PI, ROOT_2PI = math.sqrt(math.pi), math.sqrt(2 * math.pi)

# fmt: off
erf = special(sp.erf,
    lambda g, y, x: g * (2 / ROOT_PI) * exp(-x * x))

erfc = special(sp.erfc,
    lambda g, y, x: g * (-2 / ROOT_PI) * exp(-x * x))

erfcx = special(sp.erfcx,
    lambda g, y, x: g * (2 * x * y - 2 / ROOT_PI))

erfi = special(sp.erfi,
    lambda g, y, x: g * (2 / ROOT_PI) * exp(x * x))

dawsn = special(sp.dawsn,
    lambda g, y, x: g * (1 - 2 * x * y))

erfinv = special(sp.erfinv,
    lambda g, y, x: g * (ROOT_PI / 2) * exp(y * y))

erfcinv = special(sp.erfcinv,
    lambda g, y, x: g * (-ROOT_PI / 2) * exp(y * y))

ndtr = special(sp.ndtr,
    lambda g, y, x: g * exp(-x * x / 2) / ROOT_2PI)

ndtri = special(sp.ndtri,
    lambda g, y, x: g * ROOT_2PI * exp(y * y / 2))

log_ndtr = special(sp.log_ndtr,
    lambda g, y, x: g * (2 / ROOT_2PI) / erfcx(x / -math.sqrt(2)))

owens_t = special(sp.owens_t,
    lambda g, y, h, a: g * exp(-h * h / 2) * erf(a * h / math.sqrt(2)) / (-2 * ROOT_2PI),
    lambda g, y, h, a: g * exp(-h * h * (1 + a * a) / 2) / (2 * math.pi * (1 + a * a)))

# The logistic function, which has a row already.

BY_FUNCTION[sp.expit] = sigmoid

logit = special(sp.logit,
    lambda g, y, x: g / (x * (1 - x)))

log_expit = special(sp.log_expit,
    lambda g, y, x: g * sigmoid(-x))
# fmt: on
