"""``scipy.special`` for numbers, arrays, Values and Tensors.

The functions that have a row in the table are that row; what SciPy makes of them is made of them here. Every
other name is SciPy's own, without a derivative.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from .. import errors
from ..graph import Node, is_recording
from ..numpy.dispatch import COMPOSITES, array, data
from ..rules.elementwise import cbrt, exp2, expm1, log1p, sigmoid
from ..rules.reduce import logsumexp as _logsumexp
from ..rules.special import sinc
from .peer import load
from .rules import bessel, entropy, error, incomplete, integrals, transforms
from .rules import gamma as rows
from .rules.table import Constant

sp = load("special")

expit = sigmoid
erf, erfc, erfcx, erfi, dawsn = error.erf, error.erfc, error.erfcx, error.erfi, error.dawsn
erfinv, erfcinv, logit, log_expit = error.erfinv, error.erfcinv, error.logit, error.log_expit
ndtr, ndtri, log_ndtr, owens_t = error.ndtr, error.ndtri, error.log_ndtr, error.owens_t

gamma, gammaln, gammasgn, loggamma, rgamma = rows.gamma, rows.gammaln, rows.gammasgn, rows.loggamma, rows.rgamma
psi, poch, beta, betaln, binom = rows.psi, rows.poch, rows.beta, rows.betaln, rows.binom
digamma = psi
gammainc, gammaincc, gammaincinv = incomplete.gammainc, incomplete.gammaincc, incomplete.gammaincinv
gammainccinv, betainc, betaincc = incomplete.gammainccinv, incomplete.betainc, incomplete.betaincc
betaincinv = incomplete.betaincinv

jv, j0, j1, yv, y0, y1 = bessel.jv, bessel.j0, bessel.j1, bessel.yv, bessel.y0, bessel.y1
iv, i0, i1, kv, k0, k1 = bessel.iv, bessel.i0, bessel.i1, bessel.kv, bessel.k0, bessel.k1
ive, i0e, i1e, kve, k0e, k1e = bessel.ive, bessel.i0e, bessel.i1e, bessel.kve, bessel.k0e, bessel.k1e
jn, yn, kn = jv, yv, kv

xlogy, xlog1py, entr = entropy.xlogy, entropy.xlog1py, entropy.entr
rel_entr, kl_div = entropy.rel_entr, entropy.kl_div

exp1, expi, expn = integrals.exp1, integrals.expi, integrals.expn
ellipk, ellipe, ellipkm1 = integrals.ellipk, integrals.ellipe, integrals.ellipkm1
hyp0f1, hyp1f1, hyp2f1, exprel = integrals.hyp0f1, integrals.hyp1f1, integrals.hyp2f1, integrals.exprel

huber, pseudo_huber, exp10, cosm1 = transforms.huber, transforms.pseudo_huber, transforms.exp10, transforms.cosm1
boxcox, boxcox1p, inv_boxcox = transforms.boxcox, transforms.boxcox1p, transforms.inv_boxcox
inv_boxcox1p = transforms.inv_boxcox1p

__all__ = [
    "beta", "betainc", "betaincc", "betaincinv", "betaln", "binom", "boxcox", "boxcox1p", "cbrt", "comb", "cosm1",
    "dawsn", "digamma", "ellipe", "ellipk", "ellipkm1", "entr", "erf", "erfc", "erfcinv", "erfcx", "erfi",
    "erfinv", "exp1", "exp2", "exp10", "expi", "expit", "expm1", "expn", "exprel", "factorial", "fresnel",
    "gamma", "gammainc", "gammaincc", "gammainccinv", "gammaincinv", "gammaln", "gammasgn", "huber", "hyp0f1",
    "hyp1f1", "hyp2f1", "i0", "i0e", "i1", "i1e", "inv_boxcox", "inv_boxcox1p", "iv", "ive", "j0", "j1", "jn",
    "jv", "k0", "k0e", "k1", "k1e", "kl_div", "kn", "kv", "kve", "lambertw", "log1p", "log_expit", "log_ndtr",
    "log_softmax", "loggamma", "logit", "logsumexp", "multigammaln", "ndtr", "ndtri", "owens_t", "perm", "poch",
    "polygamma", "pseudo_huber", "psi", "rel_entr", "rgamma", "sici", "sinc", "softmax", "softplus", "xlog1py",
    "xlogy", "y0", "y1", "yn", "yv", "zeta",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    return getattr(sp, name)


def polygamma(n: Any, x: Any) -> Any:
    """The ``n``-th derivative of the digamma function; differentiated by ``x``.

    Args:
        n: a whole number, or an array of such.
        x: a number, an array, a Value or a Tensor.

    Returns:
        The kind and dtype of ``x``.

    Raises:
        NoRuleError: an ``n`` that requires a gradient.

    Example:
        >>> round(polygamma(1, 1.0), 6)  # pi ** 2 / 6
        1.644934
    """
    if isinstance(n, Node) and n.requires_grad and is_recording():
        Constant("polygamma(n, x)", "n", "x")()
    return rows.polygamma(x, n=data(n))


def multigammaln(a: Any, d: int) -> Any:
    """The logarithm of the gamma function of ``d`` dimensions: ``d (d - 1) / 4 log(pi) + sum of gammaln(a - j / 2)``.

    Args:
        a: numbers above ``(d - 1) / 2``.
        d: the number of dimensions.

    Returns:
        The kind and shape of ``a``.

    Raises:
        DomainError: an ``a`` that is too small.

    Example:
        >>> multigammaln(3.0, 1) == gammaln(3.0)
        True
    """
    if np.any(np.asarray(data(a)) <= (d - 1) / 2):
        raise errors.outside_domain(f"multigammaln(a, {d})", f"an a of {(d - 1) / 2} or less", f"a > {(d - 1) / 2}")
    total = gammaln(a)
    for j in range(1, d):
        total = total + gammaln(a - j / 2)
    return total + d * (d - 1) / 4 * math.log(math.pi)


def zeta(x: Any, q: Any = None) -> Any:
    """Hurwitz's zeta function, the sum of ``1 / (k + q) ** x``; differentiated by ``q``. Riemann's without ``q``.

    Args:
        x: the exponent, above 1.
        q: where the sum begins.

    Returns:
        The kind of ``q``.

    Raises:
        NoRuleError: Riemann's function of something that requires a gradient.

    Example:
        >>> round(zeta(2.0, 1.0), 6)
        1.644934
    """
    if q is not None:
        return rows.zeta(x, q)
    if isinstance(x, Node) and x.requires_grad:
        raise errors.no_rule("zeta", ["polygamma"], "scipy.special")
    return sp.zeta(data(x))


def lambertw(z: Any, k: int = 0) -> Any:
    """The ``w`` with ``w * exp(w) = z``, as a real number; NaN below ``-1 / e``, where it is complex.

    Args:
        z: real numbers.
        k: the branch: 0 for ``w >= -1``, or -1 for ``w <= -1``.

    Returns:
        The kind and dtype of ``z``; SciPy's is always complex.

    Raises:
        ArgumentError: another branch, which is complex everywhere.

    Example:
        >>> round(lambertw(1.0), 6)
        0.567143
    """
    if k not in (0, -1):
        raise errors.bad_argument(f"lambertw(z, {k})", "a real branch: 0 or -1", f"k={k}", "lambertw(z, 0)")
    return integrals.lambertw(z, k=k)


def fresnel(z: Any) -> tuple[Any, Any]:
    """The integrals of ``sin(pi / 2 * t**2)`` and ``cos(pi / 2 * t**2)`` from 0 to ``z``.

    Args:
        z: real numbers.

    Returns:
        Both integrals, of the kind of ``z``.

    Example:
        >>> tuple(round(y, 6) for y in fresnel(1.0))
        (0.438259, 0.779893)
    """
    return integrals.fresnel_s(z), integrals.fresnel_c(z)


def sici(x: Any) -> tuple[Any, Any]:
    """The integrals of the sine and of the cosine of ``t`` over ``t``.

    Args:
        x: real numbers.

    Returns:
        Both integrals, of the kind of ``x``.

    Example:
        >>> tuple(round(y, 6) for y in sici(1.0))
        (0.946083, 0.337404)
    """
    return integrals.sine_integral(x), integrals.cosine_integral(x)


COMPOSITES[sp.fresnel] = fresnel
COMPOSITES[sp.sici] = sici


def comb(N: Any, k: Any, *, exact: bool = False, repetition: bool = False) -> Any:
    """How many sets of ``k`` out of ``N``; between whole numbers by the gamma function.

    Args:
        N: of how many.
        k: how many; with ``k > N`` there are none.
        exact: in whole numbers, without a derivative.
        repetition: whether an element may be taken again.

    Returns:
        The kind of ``N`` and ``k``.

    Example:
        >>> comb(5.0, 2.0)
        10.0
    """
    if exact:
        return sp.comb(data(N), data(k), exact=True, repetition=repetition)
    if repetition:
        return comb(N + k - 1, k)
    return _where(_has(N, k), binom(N, k), 0)


def perm(N: Any, k: Any, exact: bool = False) -> Any:
    """How many sequences of ``k`` out of ``N``, none twice: ``gamma(N + 1) / gamma(N - k + 1)``.

    Args:
        N: of how many.
        k: how many; with ``k > N`` there are none.
        exact: in whole numbers, without a derivative.

    Returns:
        The kind of ``N`` and ``k``.

    Example:
        >>> perm(5.0, 2.0)
        20.0
    """
    if exact:
        return sp.perm(data(N), data(k), exact=True)
    return _where(_has(N, k), poch(N - k + 1, k), 0)


def factorial(n: Any, exact: bool = False) -> Any:
    """``n!``, between whole numbers by the gamma function; 0 below 0, as in SciPy.

    Args:
        n: numbers.
        exact: in whole numbers, without a derivative.

    Returns:
        The kind of ``n``.

    Example:
        >>> factorial(4.0)
        24.0
    """
    if exact:
        return sp.factorial(data(n), exact=True)
    below = data(n) < 0
    return _where(below == 0, gamma(_where(below == 0, n, 1) + 1), 0)


def _has(n: Any, k: Any) -> Any:
    """Whether ``k`` things can be taken out of ``n``."""
    many, few = data(n), data(k)
    return (few <= many) * (many >= 0) * (few >= 0)


def _where(condition: Any, a: Any, b: Any) -> Any:
    """``np.where``, also of numbers and Values."""
    return np.where(condition, a, b) if np.ndim(condition) or np.ndim(a) else (a if condition else 0 * a + b)


def logsumexp(a: Any, axis: Any = None, b: Any = None, keepdims: bool = False, return_sign: bool = False) -> Any:
    """``log(sum(b * exp(a)))`` without overflow.

    Args:
        a: an array or a Tensor.
        axis: the axis or the axes to sum over; all if not given.
        b: factors, also negative ones.
        keepdims: keep the axes that were summed, with length 1.
        return_sign: return the logarithm of the absolute value, and the sign.

    Returns:
        The logarithm, and with ``return_sign`` the sign of the sum, a plain array.

    Example:
        >>> round(float(logsumexp(np.array([1000.0, 1000.0]))), 4)
        1000.6931
    """
    a = array(a)
    if b is None and not return_sign:
        return _logsumexp(a, axis=axis, keepdims=keepdims)
    top = np.max(np.where(np.isfinite(data(a)), data(a), 0), axis=axis, keepdims=True)
    powers = np.exp(a - top) if b is None else b * np.exp(a - top)
    total = np.sum(powers, axis=axis, keepdims=keepdims)
    lift = top if keepdims else np.reshape(top, np.shape(total))
    if not return_sign:
        return np.log(total) + lift
    return np.log(np.abs(total)) + lift, np.sign(data(total))


def softmax(x: Any, axis: Any = None) -> Any:
    """``exp(x) / sum(exp(x))``.

    Args:
        x: an array or a Tensor.
        axis: the axis or the axes to sum over; all if not given.

    Returns:
        Numbers that sum to 1, of the shape of ``x``.

    Example:
        >>> softmax(np.array([0.0, 0.0]))
        array([0.5, 0.5])
    """
    return np.exp(log_softmax(x, axis))


def log_softmax(x: Any, axis: Any = None) -> Any:
    """The logarithm of :func:`softmax`.

    Args:
        x: an array or a Tensor.
        axis: the axis or the axes to sum over; all if not given.

    Returns:
        The shape of ``x``.

    Example:
        >>> log_softmax(np.array([5.0]))
        array([0.])
    """
    x = array(x)
    return x - _logsumexp(x, axis=axis, keepdims=True)


def softplus(x: Any) -> Any:
    """``log(1 + exp(x))``.

    Args:
        x: real numbers.

    Returns:
        The kind of ``x``.

    Example:
        >>> round(softplus(0.0), 6)
        0.693147
    """
    return -log_expit(-x)
