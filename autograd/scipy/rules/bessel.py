"""Bessel functions: the derivative of each is half of its neighbours' difference or sum (DLMF 10.6, 10.29).

They are differentiated by their argument, not by their order. The functions of order 0 and 1 that SciPy
also has under names of their own have rows of their own.
"""

from __future__ import annotations

from ...graph import Primitive
from ...rules.elementwise import sign
from ...rules.table import BY_FUNCTION
from ..peer import load
from .table import Constant, special

sp = load("special")

# fmt: off

# Of the first and the second kind.

jv: Primitive = special(sp.jv,
    Constant("jv(v, x)", "v", "x"),
    lambda g, y, v, x: g * (jv(v - 1, x) - jv(v + 1, x)) / 2)

j0 = special(sp.j0,
    lambda g, y, x: -g * j1(x))

j1: Primitive = special(sp.j1,
    lambda g, y, x: g * (j0(x) - jv(2, x)) / 2)

yv: Primitive = special(sp.yv,
    Constant("yv(v, x)", "v", "x"),
    lambda g, y, v, x: g * (yv(v - 1, x) - yv(v + 1, x)) / 2)
BY_FUNCTION[sp.yn] = yv

y0 = special(sp.y0,
    lambda g, y, x: -g * y1(x))

y1: Primitive = special(sp.y1,
    lambda g, y, x: g * (y0(x) - yv(2, x)) / 2)

# Modified, of the first and the second kind.

iv: Primitive = special(sp.iv,
    Constant("iv(v, x)", "v", "x"),
    lambda g, y, v, x: g * (iv(v - 1, x) + iv(v + 1, x)) / 2)

i0 = special(sp.i0,
    lambda g, y, x: g * i1(x), name="bessel_i0")

i1: Primitive = special(sp.i1,
    lambda g, y, x: g * (i0(x) + iv(2, x)) / 2)

kv: Primitive = special(sp.kv,
    Constant("kv(v, x)", "v", "x"),
    lambda g, y, v, x: -g * (kv(v - 1, x) + kv(v + 1, x)) / 2)
BY_FUNCTION[sp.kn] = kv

k0 = special(sp.k0,
    lambda g, y, x: -g * k1(x))

k1: Primitive = special(sp.k1,
    lambda g, y, x: -g * (k0(x) + kv(2, x)) / 2)

# Modified and scaled, by exp(-abs(x)) the first and by exp(x) the second kind.

ive: Primitive = special(sp.ive,
    Constant("ive(v, x)", "v", "x"),
    lambda g, y, v, x: g * ((ive(v - 1, x) + ive(v + 1, x)) / 2 - sign(x) * y))

i0e = special(sp.i0e,
    lambda g, y, x: g * (i1e(x) - sign(x) * y))

i1e: Primitive = special(sp.i1e,
    lambda g, y, x: g * ((i0e(x) + ive(2, x)) / 2 - sign(x) * y))

kve: Primitive = special(sp.kve,
    Constant("kve(v, x)", "v", "x"),
    lambda g, y, v, x: g * (y - (kve(v - 1, x) + kve(v + 1, x)) / 2))

k0e = special(sp.k0e,
    lambda g, y, x: g * (y - k1e(x)))

k1e: Primitive = special(sp.k1e,
    lambda g, y, x: g * (y - (k0e(x) + kve(2, x)) / 2))
# fmt: on
