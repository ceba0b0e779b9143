"""The gamma function and its kin: beta, polygamma, zeta, binomials, and the incomplete functions (DLMF 5, 8, 25).

At the poles, the whole numbers up to 0, the gamma functions have no derivative; what comes there is not
finite. The incomplete functions are differentiated by their last argument; see docs/scipy.md.
"""

from __future__ import annotations

from typing import Any

from ...graph import Primitive
from ...rules.elementwise import exp, log, log1p
from ..peer import load
from .entropy import xlog1py, xlogy
from .table import constant, like, special

sp = load("special")


def _polygamma(x: Any, n: Any = 0) -> Any:
    """SciPy's polygamma, its arguments swapped and its dtype that of ``x``."""
    return like(sp.polygamma(n, x), x)


def _log_gamma_density(a: Any, x: Any) -> Any:
    """The logarithm of ``x**(a - 1) * exp(-x) / gamma(a)``, the slope of the incomplete gamma function."""
    return xlogy(a - 1, x) - x - gammaln(a)


def _log_beta_density(a: Any, b: Any, x: Any) -> Any:
    """The logarithm of ``x**(a - 1) * (1 - x)**(b - 1) / beta(a, b)``, the slope of the incomplete beta function."""
    return xlogy(a - 1, x) + xlog1py(b - 1, -x) - betaln(a, b)


def _log_student_density(df: Any, t: Any) -> Any:
    """The logarithm of the density of Student's distribution."""
    return -betaln(df / 2, 0.5) - log(df) / 2 - (df + 1) / 2 * log1p(t * t / df)


# fmt: off
gamma = special(sp.gamma,
    lambda g, y, x: g * y * psi(x))

gammaln = special(sp.gammaln,
    lambda g, y, x: g * psi(x))

loggamma = special(sp.loggamma,
    lambda g, y, x: g * psi(x))

gammasgn = special(sp.gammasgn,
    lambda g, y, x: 0 * g)

rgamma = special(sp.rgamma,
    lambda g, y, x: -g * y * psi(x))

psi: Primitive = special(sp.psi,
    lambda g, y, x: g * polygamma(x, n=1))

polygamma: Primitive = special(sp.polygamma,
    lambda g, y, x, n=0: g * polygamma(x, n=n + 1),
    array=_polygamma)

zeta: Primitive = special(sp.zeta,
    constant("zeta(x, q)", "x", "q"),
    lambda g, y, x, q: -g * x * zeta(x + 1, q))

poch = special(sp.poch,
    lambda g, y, z, m: g * y * (psi(z + m) - psi(z)),
    lambda g, y, z, m: g * y * psi(z + m))

beta = special(sp.beta,
    lambda g, y, a, b: g * y * (psi(a) - psi(a + b)),
    lambda g, y, a, b: g * y * (psi(b) - psi(a + b)))

betaln = special(sp.betaln,
    lambda g, y, a, b: g * (psi(a) - psi(a + b)),
    lambda g, y, a, b: g * (psi(b) - psi(a + b)))

binom = special(sp.binom,
    lambda g, y, n, k: g * y * (psi(n + 1) - psi(n - k + 1)),
    lambda g, y, n, k: g * y * (psi(n - k + 1) - psi(k + 1)))

gammainc = special(sp.gammainc,
    constant("gammainc(a, x)", "a", "x"),
    lambda g, y, a, x: g * exp(_log_gamma_density(a, x)))

gammaincc = special(sp.gammaincc,
    constant("gammaincc(a, x)", "a", "x"),
    lambda g, y, a, x: -g * exp(_log_gamma_density(a, x)))

gammaincinv = special(sp.gammaincinv,
    constant("gammaincinv(a, y)", "a", "y"),
    lambda g, y, a, p: g * exp(-_log_gamma_density(a, y)))

gammainccinv = special(sp.gammainccinv,
    constant("gammainccinv(a, y)", "a", "y"),
    lambda g, y, a, p: -g * exp(-_log_gamma_density(a, y)))

betainc = special(sp.betainc,
    constant("betainc(a, b, x)", "a", "x"),
    constant("betainc(a, b, x)", "b", "x"),
    lambda g, y, a, b, x: g * exp(_log_beta_density(a, b, x)))

betaincc = special(sp.betaincc,
    constant("betaincc(a, b, x)", "a", "x"),
    constant("betaincc(a, b, x)", "b", "x"),
    lambda g, y, a, b, x: -g * exp(_log_beta_density(a, b, x)))

betaincinv = special(sp.betaincinv,
    constant("betaincinv(a, b, y)", "a", "y"),
    constant("betaincinv(a, b, y)", "b", "y"),
    lambda g, y, a, b, p: g * exp(-_log_beta_density(a, b, y)))

# Student's distribution function, an incomplete beta function, and its inverse.

stdtr = special(sp.stdtr,
    constant("stdtr(df, t)", "df", "t"),
    lambda g, y, df, t: g * exp(_log_student_density(df, t)))

stdtrit = special(sp.stdtrit,
    constant("stdtrit(df, p)", "df", "p"),
    lambda g, y, df, p: g * exp(-_log_student_density(df, y)))
# fmt: on
