"""The incomplete gamma and beta functions, their inverses, and Student's distribution function (DLMF 8).

They are integrals of a density, and by their last argument that density is the derivative. By a shape the
derivative is the integral of the density's derivative, which has no closed form: ``gammainc_slope`` and
``betainc_slope`` integrate it numerically, to any order in the shapes, each with the next for its derivative.

The integral is taken over the logarithm (for beta, the log-odds) of the variable, from ``x`` away from the
peak: over the other side it is the same with the other sign, since the whole density integrates to 1
whatever its shape. There the density falls without end, and Gauss's rule on panels that double in length
follows it over all scales.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from ...graph import Primitive
from ...rules.elementwise import exp, log, log1p, sign
from ..peer import load
from .entropy import xlog1py, xlogy
from .gamma import betaln, gammaln, polygamma
from .table import special

sp = load("special")
PANELS = 24
NODES, WEIGHTS = np.polynomial.legendre.leggauss(32)


def _outward(f: Callable[[Any], Any], length: Any) -> Any:
    """The integral of ``f(v)`` over ``v`` from 0 to ``length``: its last half, the half before that, and so on."""
    ends = length * 2.0 ** -np.arange(PANELS).reshape(-1, *[1] * np.ndim(length))
    starts = np.concatenate([ends[1:], 0 * ends[:1]])
    half = (ends - starts) / 2
    return sum(w * np.sum(half * f(starts + half * (1 + node)), axis=0) for node, w in zip(NODES, WEIGHTS, strict=True))


def _grown(slopes: Callable[[int], Any], n: int) -> Any:
    """The ``n``-th derivative of ``exp(f)``, over ``exp(f)``; ``slopes(k)`` is that of order k + 1 of ``f``."""
    grown = [1.0]
    for order in range(n):
        grown.append(sum(math.comb(order, k) * grown[order - k] * slopes(k) for k in range(order + 1)))
    return grown[n]


def _gamma_slopes(a: Any, n: int) -> Callable[[Any], Callable[[int], Any]]:
    """The derivatives by ``a`` of ``(a - 1) * log_x - x - gammaln(a)``, given ``log_x``."""
    known = [polygamma(a, n=k) for k in range(n)]
    return lambda log_x: lambda k: log_x - known[0] if k == 0 else -known[k]


def _gammainc_slope(a: Any, x: Any, n: int = 1) -> Any:
    """The ``n``-th derivative of ``gammainc(a, x)`` by ``a``, for ``x`` above 0; 0 at 0 and at infinity."""
    dtype = np.result_type(a, x, 0.0)
    a, x = np.broadcast_arrays(np.asarray(a, np.float64), np.asarray(x, np.float64))
    with np.errstate(all="ignore"):
        below = x <= a
        away = np.where(below, -1.0, 1.0)
        wide = np.minimum(10, 10 / np.sqrt(np.where(below, a, x)))
        top, log_x, slopes = sp.xlogy(a, x) - x - sp.gammaln(a), np.log(x), _gamma_slopes(a, n)

        def density(v: Any) -> Any:
            u = away * v
            return np.exp(top + a * u - x * np.expm1(u)) * _grown(slopes(log_x + u), n)

        y = -away * _outward(density, wide + np.where(below, 50 / a, np.log1p(60 / x)))
    return np.where((x > 0) & (x < np.inf), y, 0 / (x + 1)).astype(dtype)[()]


def _log_gamma_density(a: Any, x: Any) -> Any:
    """The logarithm of ``x**(a - 1) * exp(-x) / gamma(a)``."""
    return xlogy(a - 1, x) - x - gammaln(a)


def _gamma_density_slope(a: Any, x: Any, n: int) -> Any:
    """The ``n``-th derivative of that density by ``a``."""
    return exp(_log_gamma_density(a, x)) * _grown(_gamma_slopes(a, n)(log(x)), n)


def _beta_grown(a: Any, b: Any, n: int, m: int) -> Callable[[Any, Any], Any]:
    """The derivative of order ``n`` by ``a`` and ``m`` by ``b`` of ``x**a * (1 - x)**b / beta(a, b)``, over itself."""
    of_a, of_b = ([polygamma(c, n=k) for k in range(order)] for c, order in ((a, n), (b, m)))
    of_both = [polygamma(a + b, n=k) for k in range(n + m)]

    def grown(log_x: Any, log_rest: Any) -> Any:
        found: dict[tuple[int, int], Any] = {(0, 0): 1.0}

        def by_a(i: int, j: int) -> Any:
            return of_both[i + j] - (0 if j else of_a[i] - (0 if i else log_x))

        for j in range(1, m + 1):
            found[0, j] = sum(
                math.comb(j - 1, q) * found[0, j - 1 - q] * (of_both[q] - of_b[q] + (0 if q else log_rest))
                for q in range(j)
            )
        for i in range(1, n + 1):
            for j in range(m + 1):
                found[i, j] = sum(
                    math.comb(i - 1, p) * math.comb(j, q) * found[i - 1 - p, j - q] * by_a(p, q)
                    for p in range(i)
                    for q in range(j + 1)
                )
        return found[n, m]

    return grown


def _betainc_slope(a: Any, b: Any, x: Any, n: int = 1, m: int = 0) -> Any:
    """The derivative of ``betainc(a, b, x)`` of order ``n`` by ``a`` and ``m`` by ``b``; 0 at 0 and at 1."""
    dtype = np.result_type(a, b, x, 0.0)
    a, b, x = np.broadcast_arrays(*(np.asarray(c, np.float64) for c in (a, b, x)))
    with np.errstate(all="ignore"):
        below = x <= a / (a + b)
        away = np.where(below, -1.0, 1.0)
        odds, log_beta, grown = sp.logit(x), sp.betaln(a, b), _beta_grown(a, b, n, m)

        def density(v: Any) -> Any:
            u = odds + away * v
            log_x, log_rest = sp.log_expit(u), sp.log_expit(-u)
            return np.exp(a * log_x + b * log_rest - log_beta) * grown(log_x, log_rest)

        y = -away * _outward(density, 10 + 50 / np.where(below, a, b) + np.maximum(0, -away * odds))
    return np.where((x > 0) & (x < 1), y, 0 * x).astype(dtype)[()]


def _log_beta_density(a: Any, b: Any, x: Any) -> Any:
    """The logarithm of ``x**(a - 1) * (1 - x)**(b - 1) / beta(a, b)``."""
    return xlogy(a - 1, x) + xlog1py(b - 1, -x) - betaln(a, b)


def _beta_density_slope(a: Any, b: Any, x: Any, n: int, m: int) -> Any:
    """The derivative of that density of order ``n`` by ``a`` and ``m`` by ``b``."""
    return exp(_log_beta_density(a, b, x)) * _beta_grown(a, b, n, m)(log(x), log1p(-x))


def _log_student_density(df: Any, t: Any) -> Any:
    """The logarithm of the density of Student's distribution."""
    return -betaln(df / 2, 0.5) - log(df) / 2 - (df + 1) / 2 * log1p(t * t / df)


def _stdtr_by_df(df: Any, t: Any) -> Any:
    """The derivative by ``df`` of ``1 - betainc(df / 2, 1 / 2, df / (df + t * t)) / 2``, or of its mirror image."""
    square = t * t
    x = df / (df + square)
    by_x = exp(_log_beta_density(df / 2, 0.5, x)) * square / (df + square) ** 2
    return -sign(t) * (betainc_slope(df / 2, 0.5, x) / 4 + by_x / 2)


# fmt: off
gammainc = special(sp.gammainc,
    lambda g, y, a, x: g * gammainc_slope(a, x),
    lambda g, y, a, x: g * exp(_log_gamma_density(a, x)))

gammaincc = special(sp.gammaincc,
    lambda g, y, a, x: -g * gammainc_slope(a, x),
    lambda g, y, a, x: -g * exp(_log_gamma_density(a, x)))

gammainc_slope: Primitive = special(_gammainc_slope,
    lambda g, y, a, x, n=1: g * gammainc_slope(a, x, n=n + 1),
    lambda g, y, a, x, n=1: g * _gamma_density_slope(a, x, n),
    name="gammainc_slope", array=_gammainc_slope)

gammaincinv = special(sp.gammaincinv,
    lambda g, y, a, p: -g * gammainc_slope(a, y) * exp(-_log_gamma_density(a, y)),
    lambda g, y, a, p: g * exp(-_log_gamma_density(a, y)))

gammainccinv = special(sp.gammainccinv,
    lambda g, y, a, p: -g * gammainc_slope(a, y) * exp(-_log_gamma_density(a, y)),
    lambda g, y, a, p: -g * exp(-_log_gamma_density(a, y)))

betainc = special(sp.betainc,
    lambda g, y, a, b, x: g * betainc_slope(a, b, x),
    lambda g, y, a, b, x: g * betainc_slope(a, b, x, n=0, m=1),
    lambda g, y, a, b, x: g * exp(_log_beta_density(a, b, x)))

betaincc = special(sp.betaincc,
    lambda g, y, a, b, x: -g * betainc_slope(a, b, x),
    lambda g, y, a, b, x: -g * betainc_slope(a, b, x, n=0, m=1),
    lambda g, y, a, b, x: -g * exp(_log_beta_density(a, b, x)))

betainc_slope: Primitive = special(_betainc_slope,
    lambda g, y, a, b, x, n=1, m=0: g * betainc_slope(a, b, x, n=n + 1, m=m),
    lambda g, y, a, b, x, n=1, m=0: g * betainc_slope(a, b, x, n=n, m=m + 1),
    lambda g, y, a, b, x, n=1, m=0: g * _beta_density_slope(a, b, x, n, m),
    name="betainc_slope", array=_betainc_slope)

betaincinv = special(sp.betaincinv,
    lambda g, y, a, b, p: -g * betainc_slope(a, b, y) * exp(-_log_beta_density(a, b, y)),
    lambda g, y, a, b, p: -g * betainc_slope(a, b, y, n=0, m=1) * exp(-_log_beta_density(a, b, y)),
    lambda g, y, a, b, p: g * exp(-_log_beta_density(a, b, y)))

stdtr = special(sp.stdtr,
    lambda g, y, df, t: g * _stdtr_by_df(df, t),
    lambda g, y, df, t: g * exp(_log_student_density(df, t)))

stdtrit = special(sp.stdtrit,
    lambda g, y, df, p: -g * _stdtr_by_df(df, y) * exp(-_log_student_density(df, y)),
    lambda g, y, df, p: g * exp(-_log_student_density(df, y)))
# fmt: on
