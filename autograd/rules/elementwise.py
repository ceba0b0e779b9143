"""Elementwise operations: each element of the result depends on one element of each input.

In a rule ``g`` is the gradient of the result ``y``, and the names that follow are the inputs. A rule
is the textbook line ``g * dy/dx``. Where inputs broadcast, the backward loop sums their gradients
back; no rule speaks of shapes here.

Kinks follow PyTorch: the derivative of ``abs`` at 0 is 0, of ``relu`` at 0 is 0, of ``copysign`` at 0
is 0, ``maximum`` and ``minimum`` share a tie in halves, and ``fmax`` and ``fmin`` give it to the first.
Steps (``floor``, ``sign``, ``heaviside``) have the derivative 0 everywhere; where ``heaviside`` takes
its second argument, that one passes.

Complex numbers: rules are lines of complex calculus, see :mod:`autograd.rules.parts`. Where NumPy orders
complex numbers (``maximum``, ``clip``), it compares the real parts first, and so do the rules.
"""

from __future__ import annotations

import math
import operator
from typing import Any

import numpy as np

from .. import errors
from ..graph import ATOM, POWER, PRODUCT, SIGN, SUM, Node, Notation, Primitive
from .parts import conj, imag, is_complex
from .table import BY_FUNCTION, infix, row

# fmt: off

# Arithmetic.

add = row(np.add,
    lambda g, y, a, b: g,
    lambda g, y, a, b: g,
    scalar=operator.add, symbol="+", notation=infix("+", "+"))

subtract = row(np.subtract,
    lambda g, y, a, b: g,
    lambda g, y, a, b: -g,
    scalar=operator.sub, symbol="-", notation=infix("-", "-"))

multiply = row(np.multiply,
    lambda g, y, a, b: g * b,
    lambda g, y, a, b: g * a,
    scalar=operator.mul, symbol="*", notation=infix("*", r"\cdot", PRODUCT))

divide = row(np.divide,
    lambda g, y, a, b: g / b,
    lambda g, y, a, b: -g * y / b,
    scalar=operator.truediv, symbol="/", notation=Notation("{} / {}", r"\frac{{{}}}{{{}}}", PRODUCT))

negative = row(np.negative,
    lambda g, y, x: -g,
    scalar=operator.neg, symbol="neg", notation=Notation("-{}", "-{}", SIGN))

positive = row(np.positive,
    lambda g, y, x: g,
    scalar=operator.pos, symbol="pos", notation=Notation("+{}", "+{}", SIGN))
# fmt: on


def _nonzero(x: Any) -> Any:
    """1 where ``x`` is not 0, in comparisons that Values, Tensors, arrays and numbers all answer."""
    return (x > 0) | (x < 0) if not isinstance(x, complex) else x != 0


def _lowered(b: Any, a: Any) -> Any:
    """The exponent ``b - 1``, but 0 where ``b * 0 ** (b - 1)`` is to be 0, at b = 0.

    Away from a = 0 the true exponent matters also at b = 0: its factor there is 0, but the factor's derivative is not.
    """
    return b - (_nonzero(b) | _nonzero(a) if isinstance(b, Node) else _nonzero(b))


def _directions(a: Any, b: Any) -> Any:
    """``a / b``, and 0 where both are 0."""
    with np.errstate(all="ignore"):
        return np.where((b == 0) & (a == 0), 0, a / b)


def _direction(a: Any, b: Any) -> Any:
    """The same on Python numbers."""
    return a / b if b != 0 or a != 0 else 0.0


def _gaps(a: Any, b: Any) -> Any:
    """``a - b``, and 0 where both are the same infinity."""
    with np.errstate(invalid="ignore"):
        return np.where(a == b, 0, a - b)


def _real_power(a: Any, b: Any) -> Any:
    """``a ** b`` on Python numbers, refusing the complex result of a negative base."""
    y = a**b
    if type(y) is complex:
        raise errors.outside_domain(
            f"{a} ** {b}", "a negative base with a fractional exponent", "abs(a) ** b, or an integer exponent"
        )
    return y


def _log_of_base(a: Any) -> Any:
    """log(a) as the exponent's rule needs it: 0 where a is 0, since y is 0 too, and NaN for a negative base."""
    return math.log(a) if a > 0 else (math.nan if a < 0 else 0.0)


def _log_of_bases(a: Any) -> Any:
    """The same for arrays."""
    with np.errstate(invalid="ignore"):
        return np.log(np.where(a == 0, np.ones_like(a), a))


def _in_plane(a: Any, y: Any) -> Any:
    """``a``, as a complex number where ``y`` is one: then a negative base has a logarithm."""
    if is_complex(a) or not is_complex(y):
        return a
    return complex(a) if isinstance(a, (int, float)) else a.astype(y.dtype)


def _away(g: Any, y: Any, x: Any) -> Any:
    """``g`` in the direction away from 0: with the sign of ``x``, or turned by its angle."""
    if is_complex(x):
        return g * conj(direction(x, y))
    return _above(g, x, 0, 0) - _above(g, 0, x, 0)


def _above(g: Any, a: Any, b: Any, tie: float) -> Any:
    """``g`` where ``a > b``, ``tie * g`` where they are equal, 0 elsewhere.

    On nodes it is a row, and is computed again with the graph: beside the place it may be something else.
    """
    node = a if isinstance(a, Node) else b
    if isinstance(node, Node) and not (node.comparisons_are_nodes or is_complex(a) or is_complex(b)):
        return g * heaviside(gap(a, b), tie)
    if tie == 0.5:
        return (g * (a > b) + g * (a >= b)) / 2
    return g * (a >= b if tie else a > b)


def equal(a: Any, b: Any) -> Any:
    """Where ``a == b``; on nodes as a row, likewise."""
    if isinstance(a, Node) and not (a.comparisons_are_nodes or is_complex(a)):
        return heaviside(-absolute(gap(a, b)), 1)
    return a == b


def _kept(share: Any, g: Any) -> Any:
    """``share``, and 0 where it is not finite although ``g`` is 0.

    The guard of the backward pass (see :mod:`autograd.limits`) as a row: a pass over it, where it has put the 0, gives
    NaN, since nobody knows yet whether the 0 stays 0 beside the place.
    """
    return np.where((g == 0) & ~(abs(share) < math.inf), g, share)


def _kept_number(share: Any, g: Any) -> Any:
    """The same on Python numbers."""
    return share if g or math.isfinite(share) else g


def _around(g: Any, y: Any, x: Any) -> Any:
    """What turns ``x``, since that alone changes its direction ``y``; 0 for the two directions of a real number."""
    if is_complex(x):
        return direction(imag(g * y) * 1j * conj(y), absolute(x))
    return 0 * g


# fmt: off
log_of_base = row(_log_of_bases,
    lambda g, y, a: g / a,
    name="log_of_base", scalar=_log_of_base, notation=Notation("log({})", r"\ln {}", ATOM))

power = row(np.power,
    lambda g, y, a, b: g * b * a ** _lowered(b, a),
    lambda g, y, a, b: g * y * log_of_base(_in_plane(a, y)),
    array=operator.pow, scalar=_real_power, symbol="**", notation=Notation("{}**{}", "{}^{{{}}}", POWER))
BY_FUNCTION[np.float_power] = power

square = row(np.square,
    lambda g, y, x: 2 * g * x,
    scalar=lambda x: x * x, notation=Notation("{}**2", "{}^2", POWER))

sqrt = row(np.sqrt,
    lambda g, y, x: g / (2 * y),
    scalar=math.sqrt, notation=Notation("sqrt({})", r"\sqrt{{{}}}", ATOM))

cbrt = row(np.cbrt,
    lambda g, y, x: g / (3 * y * y),
    scalar=math.cbrt, notation=Notation("cbrt({})", r"\sqrt[3]{{{}}}", ATOM))

reciprocal = row(np.reciprocal,
    lambda g, y, x: -g * y * y,
    scalar=lambda x: 1 / x, notation=Notation("1 / {}", r"\frac{{1}}{{{}}}", PRODUCT))

absolute: Primitive = row(np.absolute,
    lambda g, y, x: _away(g, y, x),
    scalar=abs, symbol="abs", notation=Notation("abs({})", r"\left|{}\right|", ATOM))

# Exponentials and logarithms.

exp = row(np.exp,
    lambda g, y, x: g * y,
    scalar=math.exp, notation=Notation("exp({})", "e^{{{}}}", POWER))

exp2 = row(np.exp2,
    lambda g, y, x: g * y * math.log(2),
    scalar=math.exp2, notation=Notation("exp2({})", "2^{{{}}}", POWER))

expm1 = row(np.expm1,
    lambda g, y, x: g * (y + 1),
    scalar=math.expm1)

log = row(np.log,
    lambda g, y, x: g / x,
    scalar=math.log, notation=Notation("log({})", r"\ln {}", ATOM))

log2 = row(np.log2,
    lambda g, y, x: g / (x * math.log(2)),
    scalar=math.log2)

log10 = row(np.log10,
    lambda g, y, x: g / (x * math.log(10)),
    scalar=math.log10)

log1p = row(np.log1p,
    lambda g, y, x: g / (1 + x),
    scalar=math.log1p)

# Trigonometry.

sin = row(np.sin,
    lambda g, y, x: g * cos(x),
    scalar=math.sin)

cos: Primitive = row(np.cos,
    lambda g, y, x: -g * sin(x),
    scalar=math.cos)

tan = row(np.tan,
    lambda g, y, x: g * (1 + y * y),
    scalar=math.tan)

arcsin = row(np.arcsin,
    lambda g, y, x: g / sqrt(1 - x * x),
    scalar=math.asin)

arccos = row(np.arccos,
    lambda g, y, x: -g / sqrt(1 - x * x),
    scalar=math.acos)

arctan = row(np.arctan,
    lambda g, y, x: g / (1 + x * x),
    scalar=math.atan)

direction = row(_directions,
    lambda g, y, a, b: g / b,
    lambda g, y, a, b: -g * y / b,
    name="direction", scalar=_direction, notation=Notation("{} / {}", r"\frac{{{}}}{{{}}}", PRODUCT))

kept = row(_kept,
    lambda g, y, share, zero: g * (1 + 0 * gap(y, share)),
    lambda g, y, share, zero: 0 * g,
    name="kept", scalar=_kept_number)

arctan2 = row(np.arctan2,
    lambda g, y, a, b: g * direction(direction(b, hypot(a, b)), hypot(a, b)),
    lambda g, y, a, b: -g * direction(direction(a, hypot(a, b)), hypot(a, b)),
    scalar=math.atan2)

hypot: Primitive = row(np.hypot,
    lambda g, y, a, b: g * direction(a, y),
    lambda g, y, a, b: g * direction(b, y),
    scalar=math.hypot)

# Hyperbolic functions.

sinh = row(np.sinh,
    lambda g, y, x: g * cosh(x),
    scalar=math.sinh)

cosh: Primitive = row(np.cosh,
    lambda g, y, x: g * sinh(x),
    scalar=math.cosh)

tanh = row(np.tanh,
    lambda g, y, x: g * (1 - y * y),
    scalar=math.tanh)

arcsinh = row(np.arcsinh,
    lambda g, y, x: g / sqrt(x * x + 1),
    scalar=math.asinh)

arccosh = row(np.arccosh,
    lambda g, y, x: g / (sqrt(x - 1) * sqrt(x + 1)),
    scalar=math.acosh)

arctanh = row(np.arctanh,
    lambda g, y, x: g / (1 - x * x),
    scalar=math.atanh)
# fmt: on

# Functions with kinks and steps. Comparisons give plain truth values, so they pass for 0 and 1.


def _relu(x: Any) -> Any:
    return np.maximum(x, 0)


def _sigmoid(x: Any) -> Any:
    """1 / (1 + exp(-x)) without overflow: the exponential is only taken of negative numbers."""
    e = np.exp(np.where(np.real(x) >= 0, -x, x) if is_complex(x) else -np.abs(x))
    return np.where(np.real(x) >= 0, 1, e) / (1 + e)


def _sigmoid_of_number(x: Any) -> Any:
    if x >= 0:
        return 1 / (1 + math.exp(-x))
    e = math.exp(x)
    return e / (1 + e)


def _logaddexp(a: Any, b: Any) -> Any:
    """log(exp(a) + exp(b)) on Python numbers, without overflow."""
    high, low = (a, b) if a > b else (b, a)
    return high + math.log1p(math.exp(low - high)) if low > -math.inf else high


def _logaddexp2(a: Any, b: Any) -> Any:
    """The same to the base 2."""
    high, low = (a, b) if a > b else (b, a)
    return high + math.log1p(2 ** (low - high)) / math.log(2) if low > -math.inf else high


def _first_counts(better: Any, b: Any) -> Any:
    """Where the first of two counts: it is the better one or as good, or the second is NaN."""
    return better | ((b <= b) < 1)


def _fraction(x: Any) -> Any:
    """What ``x`` has behind the point, with its sign."""
    return np.modf(x)[0]


def _astype(x: Any, dtype: Any = None) -> Any:
    """``x`` in another dtype; complex numbers do not become real without a word."""
    if is_complex(x) and np.dtype(dtype).kind != "c":
        raise errors.complex_into_real("z.astype(dtype)", str(x.dtype), str(np.dtype(dtype)))
    return x.astype(dtype)


def _heaviside(x: Any, h: Any) -> Any:
    """0 below 0, 1 above, and ``h`` at 0, on Python numbers."""
    return h if x == 0 else float(x > 0)


# fmt: off
relu = row(_relu,
    lambda g, y, x: _above(g, x, 0, 0),
    name="relu", scalar=lambda x: 0 if x < 0 else x, is_gate=True, symbol="ReLU")

sigmoid = row(_sigmoid,
    lambda g, y, x: g * y * (1 - y),
    name="sigmoid", scalar=_sigmoid_of_number, symbol="sigmoid", notation=Notation("sigmoid({})", r"\sigma({})", ATOM))

gap: Primitive = row(_gaps,
    lambda g, y, a, b: g,
    lambda g, y, a, b: -g,
    name="gap", scalar=lambda a, b: a - b if a != b else 0.0, notation=infix("-", "-"))

logaddexp = row(np.logaddexp,
    lambda g, y, a, b: g * sigmoid(gap(a, b)),
    lambda g, y, a, b: g * sigmoid(gap(b, a)),
    scalar=_logaddexp)

logaddexp2 = row(np.logaddexp2,
    lambda g, y, a, b: g * sigmoid(gap(a, b) * math.log(2)),
    lambda g, y, a, b: g * sigmoid(gap(b, a) * math.log(2)),
    scalar=_logaddexp2)

maximum = row(np.maximum,
    lambda g, y, a, b: _above(g, a, b, 0.5),
    lambda g, y, a, b: _above(g, b, a, 0.5),
    scalar=lambda a, b: a if a >= b else b)

minimum = row(np.minimum,
    lambda g, y, a, b: _above(g, b, a, 0.5),
    lambda g, y, a, b: _above(g, a, b, 0.5),
    scalar=lambda a, b: a if a <= b else b)

fmax = row(np.fmax,
    lambda g, y, a, b: g * _first_counts(a >= b, b),
    lambda g, y, a, b: g * (_first_counts(a >= b, b) < 1),
    scalar=lambda a, b: a if a >= b or b != b else b)

fmin = row(np.fmin,
    lambda g, y, a, b: g * _first_counts(a <= b, b),
    lambda g, y, a, b: g * (_first_counts(a <= b, b) < 1),
    scalar=lambda a, b: a if a <= b or b != b else b)

clip = row(np.clip,
    lambda g, y, x, low, high: g * (x >= low) * (x <= high),
    lambda g, y, x, low, high: g * ((x < low) & (low <= high)),
    lambda g, y, x, low, high: g * ((x > high) | (low > high)),
    scalar=lambda x, low, high: min(max(x, low), high))

sign = row(np.sign,
    lambda g, y, x: _around(g, y, x),
    scalar=lambda x: (x > 0) - (x < 0))

heaviside = row(np.heaviside,
    lambda g, y, x, h: 0 * g,
    lambda g, y, x, h: g * ((x <= 0) & (x >= 0)),
    scalar=_heaviside)

copysign = row(np.copysign,
    lambda g, y, a, b: g * sign(a) * sign(y),
    lambda g, y, a, b: 0 * g,
    scalar=math.copysign)

floor = row(np.floor,
    lambda g, y, x: 0 * g,
    scalar=math.floor, notation=Notation("floor({})", r"\lfloor {} \rfloor", ATOM))

ceil = row(np.ceil,
    lambda g, y, x: 0 * g,
    scalar=math.ceil, notation=Notation("ceil({})", r"\lceil {} \rceil", ATOM))

trunc = row(np.trunc,
    lambda g, y, x: 0 * g,
    scalar=math.trunc)
BY_FUNCTION[np.fix] = trunc

rint = row(np.rint,
    lambda g, y, x: 0 * g,
    scalar=round)

around = row(np.round,
    lambda g, y, x, decimals=0: 0 * g,
    scalar=lambda x, decimals=0: float(np.round(x, decimals)))
BY_FUNCTION[np.around] = around

floor_divide = row(np.floor_divide,
    lambda g, y, a, b: 0 * g,
    lambda g, y, a, b: 0 * g,
    scalar=operator.floordiv, symbol="//", notation=infix("//", r"\mathbin{{//}}", PRODUCT))

remainder = row(np.remainder,
    lambda g, y, a, b: g,
    lambda g, y, a, b: -g * floor_divide(a, b),
    scalar=operator.mod, symbol="%", notation=infix("%", r"\bmod", SUM))

fmod = row(np.fmod,
    lambda g, y, a, b: g,
    lambda g, y, a, b: -g * rint((a - y) / b),
    scalar=math.fmod)

fraction = row(_fraction,
    lambda g, y, x: g,
    name="fraction", scalar=lambda x: math.modf(x)[0])

ldexp = row(np.ldexp,
    lambda g, y, x, exponent: np.ldexp(g, exponent),
    None)

where = row(np.where,
    None,
    lambda g, y, condition, a, b: np.where(condition, g, 0),
    lambda g, y, condition, a, b: np.where(condition, 0, g))

astype = row(_astype,
    lambda g, y, x, dtype=None: g,
    name="astype")
# fmt: on
