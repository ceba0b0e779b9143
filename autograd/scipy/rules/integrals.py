"""Functions that are integrals or series: exponential, Fresnel, elliptic, hypergeometric, and Lambert's W.

The derivative of a hypergeometric function is its neighbour (DLMF 15.5, 13.3), which makes the derivatives
of all that are expressed by one exact, also where the usual quotient would be 0 / 0.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...graph import Primitive
from ...rules.elementwise import cos, exp, sin
from ...rules.special import sinc
from ..peer import load
from .table import Constant, like, special

sp = load("special")


def _lambertw(x: Any, k: int = 0) -> Any:
    """The real branches of Lambert's W, and NaN where W is complex."""
    w = sp.lambertw(x, k)
    return like(np.where(w.imag == 0, w.real, np.nan), x)


# fmt: off

# Integrals of an exponential or a wave over the variable (DLMF 6.2, 8.19, 7.2).

exp1 = special(sp.exp1,
    lambda g, y, x: -g * exp(-x) / x)

expi = special(sp.expi,
    lambda g, y, x: g * exp(x) / x)

# below n = 1 there is no neighbour: there expn(0, x) is exp(-x) / x
expn: Primitive = special(sp.expn,
    Constant("expn(n, x)", "n", "x"),
    lambda g, y, n, x: -g * (expn(n - 1 + (n <= 0), x) + (n <= 0) * y / x))

sine_integral = special(lambda x: sp.sici(x)[0],
    lambda g, y, x: g * sinc(x / math.pi), name="sine_integral")

cosine_integral = special(lambda x: sp.sici(x)[1],
    lambda g, y, x: g * cos(x) / x, name="cosine_integral")

fresnel_s = special(lambda x: sp.fresnel(x)[0],
    lambda g, y, x: g * sin((math.pi / 2) * x * x), name="fresnel_s")

fresnel_c = special(lambda x: sp.fresnel(x)[1],
    lambda g, y, x: g * cos((math.pi / 2) * x * x), name="fresnel_c")

# Hypergeometric functions, by their variable.

hyp0f1: Primitive = special(sp.hyp0f1,
    Constant("hyp0f1(v, x)", "v", "x"),
    lambda g, y, v, x: g / v * hyp0f1(v + 1, x))

hyp1f1: Primitive = special(sp.hyp1f1,
    Constant("hyp1f1(a, b, x)", "a", "x"),
    Constant("hyp1f1(a, b, x)", "b", "x"),
    lambda g, y, a, b, x: g * (a / b) * hyp1f1(a + 1, b + 1, x))

hyp2f1: Primitive = special(sp.hyp2f1,
    Constant("hyp2f1(a, b, c, x)", "a", "x"),
    Constant("hyp2f1(a, b, c, x)", "b", "x"),
    Constant("hyp2f1(a, b, c, x)", "c", "x"),
    lambda g, y, a, b, c, x: g * (a * b / c) * hyp2f1(a + 1, b + 1, c + 1, x))

exprel = special(sp.exprel,  # hyp1f1(1, 2, x)
    lambda g, y, x: g * hyp1f1(2.0, 3.0, x) / 2)

ellipk = special(sp.ellipk,  # pi / 2 * hyp2f1(1/2, 1/2, 1, m)
    lambda g, y, m: g * (math.pi / 8) * hyp2f1(1.5, 1.5, 2.0, m))

ellipe = special(sp.ellipe,  # pi / 2 * hyp2f1(-1/2, 1/2, 1, m)
    lambda g, y, m: g * (-math.pi / 8) * hyp2f1(0.5, 1.5, 2.0, m))

ellipkm1 = special(sp.ellipkm1,  # ellipk(1 - p)
    lambda g, y, p: g * (-math.pi / 8) * hyp2f1(1.5, 1.5, 2.0, 1 - p))

lambertw = special(sp.lambertw,
    lambda g, y, x, k=0: g / (x + exp(y)),
    array=_lambertw)
# fmt: on
