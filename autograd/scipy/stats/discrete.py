"""Distributions of whole numbers, each by its formulas; differentiated by their parameters."""

from __future__ import annotations

from typing import Any

from ...rules.elementwise import exp, expm1, log, log1p
from ..rules.entropy import xlog1py, xlogy
from ..rules.gamma import betaln, gammaln
from ..rules.incomplete import betainc, betaincc, gammainc, gammaincc
from .family import Discrete


def _probability(p: Any) -> Any:
    """Whether ``p`` is a probability."""
    return (p >= 0) & (p <= 1)


poisson = Discrete(
    "poisson",
    "mu",
    logpmf=lambda k, mu: xlogy(k, mu) - gammaln(k + 1) - mu,
    cdf=lambda k, mu: gammaincc(k + 1, mu),
    sf=lambda k, mu: gammainc(k + 1, mu),
    valid=lambda mu: mu >= 0,
)

bernoulli = Discrete(
    "bernoulli",
    "p",
    logpmf=lambda k, p: xlogy(k, p) + xlog1py(1 - k, -p),
    cdf=lambda k, p: 1 - p + 0 * k,
    sf=lambda k, p: p + 0 * k,
    valid=_probability,
    high=lambda p: 1,
)

binom = Discrete(
    "binom",
    "n",
    "p",
    logpmf=lambda k, n, p: xlogy(k, p) + xlog1py(n - k, -p) - log(n + 1) - betaln(n - k + 1, k + 1),
    cdf=lambda k, n, p: betaincc(k + 1, n - k, p),
    sf=lambda k, n, p: betainc(k + 1, n - k, p),
    valid=lambda n, p: (n >= 0) & (n % 1 == 0) & _probability(p),
    high=lambda n, p: n,
)

geom = Discrete(
    "geom",
    "p",
    logpmf=lambda k, p: xlog1py(k - 1, -p) + log(p),
    cdf=lambda k, p: -expm1(k * log1p(-p)),
    sf=lambda k, p: exp(k * log1p(-p)),
    valid=lambda p: (p > 0) & (p <= 1),
    low=1,
)

nbinom = Discrete(
    "nbinom",
    "n",
    "p",
    logpmf=lambda k, n, p: gammaln(n + k) - gammaln(k + 1) - gammaln(n) + xlogy(n, p) + xlog1py(k, -p),
    cdf=lambda k, n, p: betainc(n, k + 1, p),
    sf=lambda k, n, p: betaincc(n, k + 1, p),
    valid=lambda n, p: (n > 0) & (p > 0) & (p <= 1),
)
