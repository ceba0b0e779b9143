"""Continuous distributions, each by the formulas of its standard form.

``z`` is the place, and the names that follow are the shapes. SciPy's parametrisation: ``expon`` and ``gamma`` have
a scale, not a rate; the shape of ``lognorm`` is the standard deviation of the logarithm.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...rules.elementwise import absolute, arctan, exp, expm1, log, log1p, sigmoid, tan
from ..rules.entropy import xlog1py, xlogy
from ..rules.error import log_expit, log_ndtr, logit, ndtr, ndtri
from ..rules.gamma import betaln, gammaln, psi
from ..rules.incomplete import (
    betainc,
    betaincc,
    betaincinv,
    gammainc,
    gammaincc,
    gammainccinv,
    gammaincinv,
    stdtr,
    stdtrit,
)
from .family import Continuous

LOG_2PI = math.log(2 * math.pi)
EULER = float(np.euler_gamma)

norm = Continuous(
    "norm",
    logpdf=lambda z: -(z * z + LOG_2PI) / 2,
    cdf=ndtr,
    sf=lambda z: ndtr(-z),
    logcdf=log_ndtr,
    logsf=lambda z: log_ndtr(-z),
    ppf=ndtri,
    entropy=lambda: (1 + LOG_2PI) / 2,
)

t = Continuous(
    "t",
    "df",
    logpdf=lambda z, df: -betaln(df / 2, 0.5) - log(df) / 2 - (df + 1) / 2 * log1p(z * z / df),
    cdf=lambda z, df: stdtr(df, z),
    sf=lambda z, df: stdtr(df, -z),
    ppf=lambda q, df: stdtrit(df, q),
    entropy=lambda df: (df + 1) / 2 * (psi((df + 1) / 2) - psi(df / 2)) + log(df) / 2 + betaln(df / 2, 0.5),
)

cauchy = Continuous(
    "cauchy",
    logpdf=lambda z: -math.log(math.pi) - log1p(z * z),
    cdf=lambda z: 0.5 + arctan(z) / math.pi,
    sf=lambda z: 0.5 - arctan(z) / math.pi,
    ppf=lambda q: tan(math.pi * (q - 0.5)),
    entropy=lambda: math.log(4 * math.pi),
)

logistic = Continuous(
    "logistic",
    logpdf=lambda z: log_expit(z) + log_expit(-z),
    cdf=sigmoid,
    sf=lambda z: sigmoid(-z),
    logcdf=log_expit,
    logsf=lambda z: log_expit(-z),
    ppf=logit,
    entropy=lambda: 2.0,
)


def _laplace_cdf(z: Any) -> Any:
    """Half of ``exp(z)`` below 0, and what is left of 1 above."""
    half = exp(-absolute(z)) / 2
    return (z < 0) * half + (z >= 0) * (1 - half)


def _laplace_ppf(q: Any) -> Any:
    """``log(2 q)`` below the middle, and its mirror image above."""
    return (q < 0.5) * log(2 * q + (q >= 0.5)) - (q >= 0.5) * log(2 * (1 - q) + (q < 0.5))


laplace = Continuous(
    "laplace",
    logpdf=lambda z: -absolute(z) - math.log(2),
    cdf=_laplace_cdf,
    sf=lambda z: _laplace_cdf(-z),
    ppf=_laplace_ppf,
    entropy=lambda: 1 + math.log(2),
)

gumbel_r = Continuous(
    "gumbel_r",
    logpdf=lambda z: -z - exp(-z),
    cdf=lambda z: exp(-exp(-z)),
    sf=lambda z: -expm1(-exp(-z)),
    logcdf=lambda z: -exp(-z),
    ppf=lambda q: -log(-log(q)),
    entropy=lambda: 1 + EULER,
)

# On an interval.

uniform = Continuous(
    "uniform",
    logpdf=lambda z: 0 * z,
    cdf=lambda z: z,
    ppf=lambda q: q,
    entropy=lambda: 0.0,
    low=0,
    high=1,
)

beta = Continuous(
    "beta",
    "a",
    "b",
    logpdf=lambda z, a, b: xlogy(a - 1, z) + xlog1py(b - 1, -z) - betaln(a, b),
    cdf=lambda z, a, b: betainc(a, b, z),
    sf=lambda z, a, b: betaincc(a, b, z),
    ppf=lambda q, a, b: betaincinv(a, b, q),
    entropy=lambda a, b: betaln(a, b) - (a - 1) * psi(a) - (b - 1) * psi(b) + (a + b - 2) * psi(a + b),
    low=0,
    high=1,
)

# Above 0, or above 1.

expon = Continuous(
    "expon",
    logpdf=lambda z: -z,
    cdf=lambda z: -expm1(-z),
    sf=lambda z: exp(-z),
    logsf=lambda z: -z,
    ppf=lambda q: -log1p(-q),
    entropy=lambda: 1.0,
    low=0,
)

gamma = Continuous(
    "gamma",
    "a",
    logpdf=lambda z, a: xlogy(a - 1, z) - z - gammaln(a),
    cdf=lambda z, a: gammainc(a, z),
    sf=lambda z, a: gammaincc(a, z),
    ppf=lambda q, a: gammaincinv(a, q),
    entropy=lambda a: a + gammaln(a) + (1 - a) * psi(a),
    low=0,
)

chi2 = Continuous(
    "chi2",
    "df",
    logpdf=lambda z, df: xlogy(df / 2 - 1, z) - z / 2 - gammaln(df / 2) - math.log(2) / 2 * df,
    cdf=lambda z, df: gammainc(df / 2, z / 2),
    sf=lambda z, df: gammaincc(df / 2, z / 2),
    ppf=lambda q, df: 2 * gammaincinv(df / 2, q),
    entropy=lambda df: df / 2 + math.log(2) + gammaln(df / 2) + (1 - df / 2) * psi(df / 2),
    low=0,
)

invgamma = Continuous(
    "invgamma",
    "a",
    logpdf=lambda z, a: -(a + 1) * log(z) - gammaln(a) - 1 / z,
    cdf=lambda z, a: gammaincc(a, 1 / z),
    sf=lambda z, a: gammainc(a, 1 / z),
    ppf=lambda q, a: 1 / gammainccinv(a, q),
    entropy=lambda a: a - (a + 1) * psi(a) + gammaln(a),
    low=0,
    begins=False,
)

lognorm = Continuous(
    "lognorm",
    "s",
    logpdf=lambda z, s: -((log(z) / s) ** 2) / 2 - log(z) - log(s) - LOG_2PI / 2,
    cdf=lambda z, s: ndtr(log(z) / s),
    sf=lambda z, s: ndtr(-log(z) / s),
    logcdf=lambda z, s: log_ndtr(log(z) / s),
    logsf=lambda z, s: log_ndtr(-log(z) / s),
    ppf=lambda q, s: exp(s * ndtri(q)),
    entropy=lambda s: (1 + LOG_2PI) / 2 + log(s),
    low=0,
    begins=False,
)

weibull_min = Continuous(
    "weibull_min",
    "c",
    logpdf=lambda z, c: log(c) + xlogy(c - 1, z) - z**c,
    cdf=lambda z, c: -expm1(-(z**c)),
    sf=lambda z, c: exp(-(z**c)),
    logsf=lambda z, c: -(z**c),
    ppf=lambda q, c: (-log1p(-q)) ** (1 / c),
    entropy=lambda c: EULER * (1 - 1 / c) - log(c) + 1,
    low=0,
)

halfnorm = Continuous(
    "halfnorm",
    logpdf=lambda z: (math.log(2 / math.pi) - z * z) / 2,
    cdf=lambda z: 2 * ndtr(z) - 1,
    sf=lambda z: 2 * ndtr(-z),
    ppf=lambda q: ndtri((1 + q) / 2),
    entropy=lambda: (1 + math.log(math.pi / 2)) / 2,
    low=0,
)

pareto = Continuous(
    "pareto",
    "b",
    logpdf=lambda z, b: log(b) - (b + 1) * log(z),
    cdf=lambda z, b: -expm1(-b * log(z)),
    sf=lambda z, b: exp(-b * log(z)),
    logsf=lambda z, b: -b * log(z),
    ppf=lambda q, b: exp(-log1p(-q) / b),
    entropy=lambda b: 1 + 1 / b - log(b),
    low=1,
    inside=2.0,
)
