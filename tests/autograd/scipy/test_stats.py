"""Distributions: SciPy's numbers everywhere, differences' gradients inside the support, none outside."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from autograd import Tensor, Value, check_grads, errors, grad

stats = pytest.importorskip("autograd.scipy.stats", reason="SciPy is not installed")
scipy = pytest.importorskip("scipy.stats")

CONTINUOUS: dict[str, tuple[float, ...]] = {
    "norm": (), "t": (3.5,), "cauchy": (), "logistic": (), "laplace": (), "gumbel_r": (), "uniform": (),
    "beta": (1.5, 2.5), "expon": (), "gamma": (1.7,), "chi2": (3.2,), "invgamma": (2.2,), "lognorm": (0.8,),
    "weibull_min": (1.6,), "halfnorm": (), "pareto": (2.5,),
}  # fmt: skip
DISCRETE: dict[str, tuple[float, ...]] = {
    "poisson": (2.3,), "bernoulli": (0.3,), "binom": (5, 0.3), "geom": (0.3,), "nbinom": (2.5, 0.4),
}  # fmt: skip
METHODS = ["pdf", "logpdf", "cdf", "sf", "logcdf", "logsf"]
MASSES = ["pmf", "logpmf", "cdf", "sf", "logcdf", "logsf"]
EVERYWHERE = np.array([-3, -1, 0, 0.1, 0.3, 0.6, 0.99, 1.0, 1.4, 2.0, 5.0, 30.0, np.inf, -np.inf, np.nan])
INSIDE = {"pareto": np.array([1.3, 1.7, 2.9]), "norm": np.array([-1.2, 0.4, 1.1])}
COUNTS = np.array([-2, -1, 0, 1, 1.5, 2, 4, 5, 6, 20, np.inf, np.nan])

every_distribution = pytest.mark.parametrize("name", CONTINUOUS)


def inside(name: str) -> Any:
    """Places inside the support, clear of its ends and of kinks."""
    return INSIDE.get(name, np.array([0.2, 0.45, 0.85]))


@every_distribution
@pytest.mark.parametrize("method", METHODS)
def test_values_are_scipys(name: str, method: str) -> None:
    ours, theirs = getattr(getattr(stats, name), method), getattr(getattr(scipy, name), method)
    shapes = CONTINUOUS[name]
    invalid = [tuple(-a for a in shapes)] * bool(shapes)
    for loc, scale in ((0, 1), (0.3, 1.7), (0.5, -1.0)):
        for given in (shapes, *invalid):
            with np.errstate(all="ignore"):
                expected = theirs(EVERYWHERE, *given, loc=loc, scale=scale)
            found = ours(EVERYWHERE, *given, loc=loc, scale=scale)
            np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-13)
            for x, y in zip(EVERYWHERE[:-3].tolist(), found.tolist(), strict=False):
                assert ours(x, *given, loc, scale) == pytest.approx(y, rel=1e-13, abs=1e-15, nan_ok=True)


@every_distribution
def test_quantiles_and_entropy_are_scipys(name: str) -> None:
    ours, theirs, shapes = getattr(stats, name), getattr(scipy, name), CONTINUOUS[name]
    q = np.array([0, 0.1, 0.5, 0.9, 1, 1.1, -0.1])
    np.testing.assert_allclose(ours.ppf(q, *shapes, 0.3, 1.7), theirs.ppf(q, *shapes, 0.3, 1.7), rtol=1e-9)
    assert ours.entropy(*shapes, scale=2.0) == pytest.approx(theirs.entropy(*shapes, scale=2.0), rel=1e-9)
    assert np.isnan(ours.entropy(*shapes, scale=-2.0))


@every_distribution
@pytest.mark.parametrize("method", ["logpdf", "pdf"])
def test_densities_have_the_gradients_of_differences(name: str, method: str) -> None:
    f = getattr(getattr(stats, name), method)
    x, shapes = inside(name), CONTINUOUS[name]
    check_grads(f, x, *shapes, order=2, rtol=1e-4, atol=1e-5)
    check_grads(lambda x, loc, scale: f(x, *shapes, loc, scale), x, -0.05, 0.97, order=2, rtol=1e-4, atol=1e-5)
    check_grads(
        lambda s, loc: f(x[:, None], *shapes, loc=loc, scale=s), np.array([0.9, 0.95]), -0.02, order=2, rtol=1e-4
    )


@every_distribution
@pytest.mark.parametrize("method", ["cdf", "sf", "logcdf", "logsf"])
def test_distribution_functions_have_the_gradients_of_differences(name: str, method: str) -> None:
    f = getattr(getattr(stats, name), method)
    x, shapes = inside(name), CONTINUOUS[name]
    check_grads(lambda x, loc, scale: f(x, *shapes, loc, scale), x, -0.05, 0.97, order=2, rtol=1e-4, atol=1e-5)
    if shapes:
        check_grads(lambda *shapes: f(x, *shapes), *shapes, order=2, rtol=1e-4, atol=1e-5)


@every_distribution
def test_quantiles_and_entropy_have_the_gradients_of_differences(name: str) -> None:
    ours, shapes = getattr(stats, name), CONTINUOUS[name]
    q = np.array([0.2, 0.6, 0.9])
    check_grads(lambda q, *parameters: ours.ppf(q, *parameters), q, *shapes, 0.3, 1.7, order=2, rtol=1e-4, atol=1e-4)
    check_grads(lambda *p: ours.entropy(*p[:-1], scale=p[-1]), *shapes, 1.3, order=2, rtol=1e-4)


@every_distribution
def test_outside_the_support_nothing_is_nan(name: str) -> None:
    ours, shapes = getattr(stats, name), CONTINUOUS[name]
    x, parameters = Tensor(np.array([-50.0, -0.5, 0.5, 1.5, 50.0])), [Tensor(p) for p in (*shapes, 0.0, 1.0)]
    for method in ("logpdf", "pdf"):
        y = getattr(ours, method)(x, *parameters)
        density = ours.pdf(x.data, *shapes)
        np.where(density > 0, y, 0).sum().backward()
        assert np.isfinite(x.grad).all()
        assert (x.grad[density == 0] == 0).all()
        assert all(np.isfinite(p.grad) for p in parameters)
        x.zero_grad()
    (ours.logpdf(x, *parameters) * 1.0).sum().backward()  # minus infinity is the sum, and still there is no NaN
    assert not np.isnan(x.grad).any()


@every_distribution
def test_values_and_lists(name: str) -> None:
    ours, shapes = getattr(stats, name), CONTINUOUS[name]
    x = inside(name)[1]
    parameters = [Value(p) for p in (*shapes, 0.0, 1.0)]
    v = Value(x)
    y = ours.logpdf(v, *parameters)
    y.backward()
    assert y.data == pytest.approx(float(ours.logpdf(x, *shapes)), rel=1e-13)
    expected = grad(lambda *p: ours.logpdf(*p), tuple(range(len(shapes) + 3)))(
        *[np.asarray(p) for p in (x, *shapes, 0.0, 1.0)]
    )
    assert [p.grad for p in (v, *parameters)] == pytest.approx([float(g) for g in expected], rel=1e-11)
    if name in ("expon", "gamma", "pareto", "uniform", "beta"):
        outside = Value(-3.0)
        assert ours.logpdf(outside, *parameters).data == -math.inf
        ours.pdf(outside, *parameters).backward()
        assert outside.grad == 0
    assert isinstance(ours.logpdf([0.5, 1.5], *shapes), np.ndarray)
    single = ours.logpdf(Tensor(np.array([0.5, 1.5], np.float32)), *shapes)
    assert single.dtype == np.float32


@pytest.mark.parametrize("name", DISCRETE)
@pytest.mark.parametrize("method", MASSES)
def test_masses_are_scipys(name: str, method: str) -> None:
    ours, theirs = getattr(getattr(stats, name), method), getattr(getattr(scipy, name), method)
    for parameters in (DISCRETE[name], tuple(-p for p in DISCRETE[name])):
        if parameters[0] < 0 and method == "logcdf":
            continue  # where SciPy has 0 in place of NaN
        for loc in (0, 1):
            with np.errstate(all="ignore"):
                expected = theirs(COUNTS, *parameters, loc=loc)
            np.testing.assert_allclose(ours(COUNTS, *parameters, loc=loc), expected, rtol=1e-9, atol=1e-13)
            assert ours(2, *parameters, loc) == pytest.approx(float(theirs(2, *parameters, loc)), rel=1e-9, nan_ok=True)


@pytest.mark.parametrize("name", DISCRETE)
@pytest.mark.parametrize("method", MASSES)
def test_masses_have_the_gradients_of_differences(name: str, method: str) -> None:
    f = getattr(getattr(stats, name), method)
    *fixed, p = DISCRETE[name]
    k = np.array([0, 1, 3, 7, -1]) if method in ("pmf", "cdf", "sf") else np.array([1, 2])
    if name == "bernoulli" and "log" in method:
        k = np.array([0])
    check_grads(lambda p: f(k, *fixed, p), p, order=2, rtol=1e-4, atol=1e-5)
    check_grads(lambda p: f(k, *fixed, p), np.array([[0.2], [0.6]]), order=2, rtol=1e-4, atol=1e-5)
    v = Value(p)
    y = f(int(k[0]), *fixed, v)
    y.backward()
    assert v.grad == pytest.approx(float(grad(lambda p: f(int(k[0]), *fixed, p))(np.asarray(p))), rel=1e-12)


def test_certain_and_impossible_outcomes() -> None:
    assert grad(lambda p: stats.bernoulli.logpmf(1, p))(1.0) == 1
    assert grad(lambda p: stats.bernoulli.pmf(0, p))(0.0) == -1
    assert grad(lambda mu: stats.poisson.pmf(0, mu))(0.0) == -1


# Vectors.

MEAN, COV = np.array([0.3, -0.5, 0.1]), np.array([[2.0, 0.4, 0.1], [0.4, 1.5, -0.3], [0.1, -0.3, 1.0]])
POINTS = np.array([[0.5, 0.1, -0.2], [1.0, -1.0, 0.3]])


@pytest.mark.parametrize("method", ["logpdf", "pdf"])
@pytest.mark.parametrize(
    "args",
    [
        (POINTS, MEAN, COV), (POINTS[0], MEAN, COV), (POINTS, MEAN, np.array([1.0, 2.0, 3.0])), (POINTS, MEAN, 2.5),
        (POINTS[:, None], MEAN, COV), (POINTS[:1], MEAN, COV),
        (np.array([0.5, 1.0]), np.array([0.3]), np.array([[2.0]])),
    ],
)  # fmt: skip
def test_multivariate_normal(method: str, args: Any) -> None:
    ours = getattr(stats.multivariate_normal, method)
    np.testing.assert_allclose(ours(*args), getattr(scipy.multivariate_normal, method)(*args), rtol=1e-12)
    check_grads(ours, *args, order=2, rtol=1e-4, atol=1e-5)


def test_multivariate_normal_without_parameters_and_its_entropy() -> None:
    ours, theirs = stats.multivariate_normal, scipy.multivariate_normal
    assert ours.logpdf(0.7) == pytest.approx(theirs.logpdf(0.7))
    np.testing.assert_allclose(ours.logpdf(POINTS, cov=COV), theirs.logpdf(POINTS, cov=COV))
    assert ours.entropy(MEAN, COV) == pytest.approx(theirs.entropy(MEAN, COV))
    check_grads(lambda cov: ours.entropy(MEAN, cov), COV, order=2, rtol=1e-4, atol=1e-5)
    gradient = grad(lambda cov: ours.logpdf(POINTS[0], MEAN, cov))(COV)
    np.testing.assert_array_equal(gradient, gradient.T)


ALPHA, PARTS = np.array([1.5, 2.0, 0.7]), np.array([[0.2, 0.6], [0.5, 0.1], [0.3, 0.3]])


def test_dirichlet() -> None:
    ours, theirs = stats.dirichlet, scipy.dirichlet
    for x in (PARTS, PARTS[:, 0], PARTS[:2], PARTS[:2, 1]):
        np.testing.assert_allclose(ours.logpdf(x, ALPHA), theirs.logpdf(x, ALPHA), rtol=1e-12)
        np.testing.assert_allclose(ours.pdf(x, ALPHA), theirs.pdf(x, ALPHA), rtol=1e-12)
        check_grads(lambda alpha, x=x: ours.logpdf(x, alpha), ALPHA, order=2, rtol=1e-4, atol=1e-5)
    check_grads(ours.logpdf, PARTS[:2], ALPHA, order=2, rtol=1e-4, atol=1e-5)
    check_grads(ours.pdf, PARTS[:2], ALPHA, order=2, rtol=1e-4, atol=1e-5)
    assert ours.entropy(ALPHA) == pytest.approx(theirs.entropy(ALPHA), rel=1e-12)
    check_grads(ours.entropy, ALPHA, order=2, rtol=1e-4)


# Refusals.


@pytest.mark.parametrize(
    ("call", "expected", "cure"),
    [
        (lambda: stats.gamma.pdf(1.0), "the parameters a, loc, scale", "gamma.logpdf(x, a, loc, scale)"),
        (lambda: stats.norm.cdf(1.0, mean=0.0), "the parameters loc, scale", "norm.cdf(x, loc, scale)"),
        (lambda: stats.norm.cdf(1.0, 0.0, 1.0, 2.0), "the parameters loc, scale", "norm.cdf(x, loc, scale)"),
        (lambda: stats.norm.cdf(1.0, 0.0, loc=1.0), "the parameters loc, scale", "norm.cdf(x, loc, scale)"),
        (lambda: stats.poisson.pmf(Tensor(1.0), 2.0), "whole numbers k", "k.data"),
        (lambda: stats.multivariate_normal.logpdf(POINTS, MEAN, -COV), "a real result", "1e-6 * np.eye(d)"),
        (lambda: stats.multivariate_normal.logpdf(Tensor(POINTS), MEAN, Tensor(-COV)), "a real", "1e-6 * np.eye(d)"),
        (lambda: stats.multivariate_normal.logpdf(POINTS, MEAN, COV[:2, :2]), "shape (3, 3)", "np.cov"),
        (lambda: stats.dirichlet.logpdf(PARTS * 2, ALPHA), "a real result", "x / x.sum(axis=0)"),
        (lambda: stats.dirichlet.logpdf(PARTS, -ALPHA), "a real result", "np.exp(parameters)"),
    ],
)
def test_messages(call: Any, expected: str, cure: str) -> None:
    with pytest.raises(errors.ChainruleError) as caught:
        call()
    assert f"expected: {expected}" in str(caught.value)
    assert cure in str(caught.value)


def test_what_is_not_here_is_scipys() -> None:
    assert stats.skellam is scipy.skellam
    assert repr(stats.norm) == "<distribution norm>"


def test_distributions_are_modules_too() -> None:
    """As HIPS autograd's people import them."""
    import autograd.scipy.stats.multivariate_normal as mvn  # type: ignore[import-not-found] # made at import
    import autograd.scipy.stats.norm as norm  # type: ignore[import-not-found] # made at import

    assert norm is stats.norm
    assert mvn is stats.multivariate_normal


def test_methods_without_a_formula_are_scipys() -> None:
    alpha = np.array([1.0, 2.0])
    drawn = [d.dirichlet.rvs(alpha, size=3, random_state=5) for d in (stats, scipy)]
    np.testing.assert_array_equal(*drawn)
    assert stats.norm.isf(0.5, loc=Tensor(1.0, requires_grad=False)) == 1.0
    with pytest.raises(errors.NoRuleError, match=r"scipy\.stats\.norm\.mean on something") as caught:
        stats.norm.mean(Tensor(1.0))
    assert "cure:     " in str(caught.value)
    assert "scipy.stats.norm.mean(t.data, ...)" in str(caught.value)
    assert not hasattr(stats.norm, "no_such_method")


def test_singular_covariance() -> None:
    """The density on the span of the covariance: SciPy's numbers, and the gradients of differences along it."""
    root = np.array([[1.0, 0.2], [0.5, 1.5], [0.3, -0.7]])
    cov, mean = root @ root.T, np.array([0.1, 0.2, 0.3])
    x = mean + np.array([[0.5, -1.0], [0.2, 0.1]]) @ root.T
    off = np.concatenate([x, x[:1] + 1.0])
    for method in ("logpdf", "pdf"):
        ours, theirs = (getattr(d.multivariate_normal, method) for d in (stats, scipy))
        np.testing.assert_allclose(ours(off, mean, cov, allow_singular=True), theirs(off, mean, cov, True), rtol=1e-9)
        check_grads(lambda z, r, f=ours: f(mean + z @ root.T, mean, cov * r, True), np.eye(2), 1.3)
    regular = cov + np.eye(3)
    both = [
        grad(lambda c, s=s: np.sum(stats.multivariate_normal.logpdf(x, mean, c, s)))(regular) for s in (True, False)
    ]
    np.testing.assert_allclose(*both, rtol=1e-10)
    with pytest.raises(errors.DomainError, match="not positive definite"):
        stats.multivariate_normal.logpdf(x, mean, -cov, allow_singular=True)
