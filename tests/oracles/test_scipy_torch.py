"""``torch.special`` and ``torch.distributions`` as oracles of ``autograd.scipy``, to the second order."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from .test_torch import ABOVE_ONE, POSITIVE, REAL, UNIT, compare, draw

torch = pytest.importorskip("torch")
special = pytest.importorskip("autograd.scipy.special", reason="SciPy is not installed")
stats = pytest.importorskip("autograd.scipy.stats")
linalg = pytest.importorskip("autograd.scipy.linalg")

BETWEEN = (0.1, 0.9)

UNARY: dict[str, tuple[Any, tuple[float, float]]] = {
    "erf": (torch.special.erf, REAL),
    "erfc": (torch.special.erfc, REAL),
    "erfcx": (torch.special.erfcx, REAL),
    "erfinv": (torch.special.erfinv, UNIT),
    "ndtr": (torch.special.ndtr, REAL),
    "ndtri": (torch.special.ndtri, BETWEEN),
    "log_ndtr": (torch.special.log_ndtr, REAL),
    "gammaln": (torch.special.gammaln, POSITIVE),
    "psi": (torch.special.digamma, POSITIVE),
    "expit": (torch.special.expit, REAL),
    "logit": (torch.special.logit, BETWEEN),
    "log_expit": (torch.nn.functional.logsigmoid, REAL),
    "softplus": (torch.nn.functional.softplus, REAL),
    "entr": (torch.special.entr, POSITIVE),
    "i0": (torch.special.i0, REAL),
    "i0e": (torch.special.i0e, REAL),
    "i1": (torch.special.i1, REAL),
    "i1e": (torch.special.i1e, REAL),
    "sinc": (torch.special.sinc, REAL),
    "exp2": (torch.special.exp2, REAL),
    "expm1": (torch.special.expm1, REAL),
    "log1p": (torch.special.log1p, UNIT),
}
VALUES_ONLY = {
    "j0": (torch.special.bessel_j0, REAL),
    "j1": (torch.special.bessel_j1, REAL),
    "y0": (torch.special.bessel_y0, POSITIVE),
    "y1": (torch.special.bessel_y1, POSITIVE),
    "k0": (torch.special.modified_bessel_k0, POSITIVE),
    "k1": (torch.special.modified_bessel_k1, POSITIVE),
}
"""Functions that PyTorch does not differentiate."""


@pytest.mark.parametrize("name", UNARY)
def test_functions_of_one_argument(name: str) -> None:
    theirs, domain = UNARY[name]
    compare(getattr(special, name), theirs, [draw(domain, 2, 3)])


@pytest.mark.parametrize("name", VALUES_ONLY)
def test_values(name: str) -> None:
    theirs, domain = VALUES_ONLY[name]
    x = draw(domain, 5)
    np.testing.assert_allclose(getattr(special, name)(x), theirs(torch.tensor(x)).numpy(), rtol=1e-11)


@pytest.mark.parametrize("n", [2, 3])  # PyTorch's trigamma is only exact to 4e-10
def test_polygamma(n: int) -> None:
    compare(lambda x: special.polygamma(n, x), lambda x: torch.special.polygamma(n, x), [draw(ABOVE_ONE, 4)])


@pytest.mark.parametrize("name", ["xlogy", "xlog1py"])
def test_functions_of_two_arguments(name: str) -> None:
    compare(getattr(special, name), getattr(torch.special, name), [draw(REAL, 2, 3), draw(POSITIVE, 3)])


def test_where_x_is_zero() -> None:
    compare(special.xlogy, torch.special.xlogy, [np.zeros(2), np.array([0.5, 2.0])])


def test_incomplete_gamma_functions() -> None:
    a, x = draw(ABOVE_ONE, 4), draw(POSITIVE, 4)
    for name in ("gammainc", "gammaincc"):
        ours, theirs = getattr(special, name), getattr(torch.special, name)
        compare(lambda x, f=ours: f(a, x), lambda x, f=theirs: f(torch.tensor(a), x), [x])


def test_more() -> None:
    compare(lambda x: special.multigammaln(x, 3), lambda x: torch.special.multigammaln(x, 3), [draw(ABOVE_ONE, 4)])
    compare(lambda x: special.logsumexp(x, axis=1), lambda x: torch.logsumexp(x, 1), [draw(REAL, 2, 3)])
    compare(lambda x: special.softmax(x, axis=1), lambda x: torch.softmax(x, 1), [draw(REAL, 2, 3)])
    compare(lambda x: special.log_softmax(x, axis=0), lambda x: torch.log_softmax(x, 0), [draw(REAL, 2, 3)])


D = torch.distributions
DENSITIES: dict[str, tuple[Any, Any, list[tuple[float, float]]]] = {
    "norm": (stats.norm.logpdf, lambda x, m, s: D.Normal(m, s).log_prob(x), [REAL, REAL, POSITIVE]),
    "t": (stats.t.logpdf, lambda x, df, m, s: D.StudentT(df, m, s).log_prob(x), [REAL, POSITIVE, REAL, POSITIVE]),
    "cauchy": (stats.cauchy.logpdf, lambda x, m, s: D.Cauchy(m, s).log_prob(x), [REAL, REAL, POSITIVE]),
    "laplace": (stats.laplace.logpdf, lambda x, m, s: D.Laplace(m, s).log_prob(x), [REAL, REAL, POSITIVE]),
    "gumbel_r": (stats.gumbel_r.logpdf, lambda x, m, s: D.Gumbel(m, s).log_prob(x), [REAL, REAL, POSITIVE]),
    "beta": (stats.beta.logpdf, lambda x, a, b: D.Beta(a, b).log_prob(x), [BETWEEN, POSITIVE, POSITIVE]),
    "gamma": (
        lambda x, a, s: stats.gamma.logpdf(x, a, scale=s), lambda x, a, s: D.Gamma(a, 1 / s).log_prob(x), [POSITIVE] * 3
    ),
    "chi2": (stats.chi2.logpdf, lambda x, df: D.Chi2(df).log_prob(x), [POSITIVE, POSITIVE]),
    "expon": (
        lambda x, s: stats.expon.logpdf(x, scale=s),
        lambda x, s: D.Exponential(1 / s).log_prob(x), [POSITIVE, POSITIVE],
    ),
    "invgamma": (stats.invgamma.logpdf, lambda x, a: D.InverseGamma(a, 1.0).log_prob(x), [POSITIVE, POSITIVE]),
    "lognorm": (stats.lognorm.logpdf, lambda x, s: D.LogNormal(0.0, s).log_prob(x), [POSITIVE, POSITIVE]),
    "halfnorm": (
        lambda x, s: stats.halfnorm.logpdf(x, scale=s), lambda x, s: D.HalfNormal(s).log_prob(x), [POSITIVE, POSITIVE],
    ),
    "normal probability": (stats.norm.cdf, lambda x, m, s: D.Normal(m, s).cdf(x), [REAL, REAL, POSITIVE]),
}  # fmt: skip


@pytest.mark.parametrize("name", DENSITIES)
def test_distributions(name: str) -> None:
    ours, theirs, domains = DENSITIES[name]
    compare(ours, theirs, [draw(domain, 4) for domain in domains])


def test_discrete_distributions() -> None:
    k = np.array([0.0, 1.0, 3.0])
    t = torch.tensor(k)
    compare(lambda mu: stats.poisson.logpmf(k, mu), lambda mu: D.Poisson(mu).log_prob(t), [draw(POSITIVE, 3)])
    compare(lambda p: stats.binom.logpmf(k, 5, p), lambda p: D.Binomial(5, p).log_prob(t), [draw(BETWEEN, 3)])
    compare(lambda p: stats.geom.logpmf(k + 1, p), lambda p: D.Geometric(p).log_prob(t), [draw(BETWEEN, 3)])
    compare(lambda p: stats.bernoulli.logpmf(k[:2], p), lambda p: D.Bernoulli(p).log_prob(t[:2]), [draw(BETWEEN, 2)])


def test_distributions_of_vectors() -> None:
    root = np.tril(draw(UNIT, 3, 3)) + 2 * np.eye(3)

    def ours(x: Any, mean: Any, root: Any) -> Any:
        return stats.multivariate_normal.logpdf(x, mean, root @ root.T)

    def theirs(x: Any, mean: Any, root: Any) -> Any:
        return D.MultivariateNormal(mean, root @ root.T).log_prob(x)

    compare(ours, theirs, [draw(REAL, 2, 3), draw(REAL, 3), root])
    x = np.array([0.2, 0.5, 0.3])
    compare(
        lambda a: stats.dirichlet.logpdf(x, a), lambda a: D.Dirichlet(a).log_prob(torch.tensor(x)), [draw(POSITIVE, 3)]
    )


def test_matrices() -> None:
    a, b = draw(UNIT, 3, 3) + 2 * np.eye(3), draw(REAL, 3, 2)
    compare(linalg.expm, torch.linalg.matrix_exp, [draw(UNIT, 3, 3)])
    compare(linalg.solve_triangular, lambda a, b: torch.linalg.solve_triangular(a.triu(), b, upper=True), [a, b])
