"""Programs as people write them for HIPS autograd, with SciPy's optimisers."""

from __future__ import annotations

from typing import Any

import numpy as onp
import pytest

import autograd.numpy as np
from autograd import elementwise_grad, grad, hessian, make_hvp, value_and_grad
from autograd.misc.flatten import flatten_func

optimize = pytest.importorskip("scipy.optimize", reason="SciPy is not installed")
mvn = pytest.importorskip("autograd.scipy.stats").multivariate_normal
logsumexp = pytest.importorskip("autograd.scipy.special").logsumexp

rng = onp.random.default_rng(0)


def rosenbrock(x: Any) -> Any:
    return np.sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2)


@pytest.mark.parametrize(
    ("method", "more"),
    [
        ("BFGS", {}),
        ("Newton-CG", {"hess": hessian(rosenbrock)}),
        ("trust-ncg", {"hessp": lambda x, v: make_hvp(rosenbrock)(x)[0](v)}),
    ],
)
def test_rosenbrock(method: str, more: dict[str, Any]) -> None:
    found = optimize.minimize(rosenbrock, onp.full(4, 0.5), jac=grad(rosenbrock), method=method, tol=1e-9, **more)
    onp.testing.assert_allclose(found.x, onp.ones(4), atol=1e-5)


def test_gaussian_process() -> None:
    """The likelihood of kernel parameters grows, and its gradient vanishes at the best ones."""
    x = onp.linspace(-3, 3, 15)
    y = onp.sin(x) + 0.1 * rng.normal(size=15)

    def loss(theta: Any) -> Any:
        scale, length, noise = np.exp(theta)
        kernel = scale * np.exp(-0.5 * ((x[:, None] - x[None, :]) / length) ** 2)
        return -mvn.logpdf(y, np.zeros(15), kernel + noise * np.eye(15))

    start = onp.array([0.0, 0.0, -2.0])
    found = optimize.minimize(value_and_grad(loss), start, jac=True, method="L-BFGS-B", tol=1e-12)
    assert found.fun < loss(start)
    onp.testing.assert_allclose(grad(loss)(found.x), onp.zeros(3), atol=1e-2)


def test_mixture_of_gaussians() -> None:
    """Parameters in a dict, flattened for the optimiser; the centres are found."""
    data = onp.concatenate([rng.normal(centre, 0.3, (40, 2)) for centre in (-2.0, 2.0)])
    start = {
        "weights": onp.zeros(2),
        "means": onp.array([[-0.5, 0.0], [0.5, 0.1]]),
        "roots": onp.stack([onp.eye(2)] * 2),
    }

    def loss(parameters: Any) -> Any:
        shares = parameters["weights"] - logsumexp(parameters["weights"])
        parts = [
            share + mvn.logpdf(data, mean, np.dot(root.T, root))
            for share, mean, root in zip(shares, parameters["means"], parameters["roots"], strict=True)
        ]
        return -np.sum(logsumexp(np.vstack(parts), axis=0))

    flat, unflatten, vector = flatten_func(loss, start)
    found = unflatten(optimize.minimize(value_and_grad(flat), vector, jac=True, method="BFGS").x)
    onp.testing.assert_allclose(onp.sort(found["means"][:, 0]), [-2.0, 2.0], atol=0.2)


def test_recurrent_network_by_hand() -> None:
    """It learns to repeat what it saw one step ago."""
    bits = rng.integers(0, 2, (8, 20)).astype(float)

    def outputs(p: Any) -> Any:
        state, found = np.zeros((8, 4)), []
        for t in range(20):
            state = np.tanh(np.dot(bits[:, t : t + 1], p["in"]) + np.dot(state, p["again"]))
            found.append(np.dot(state, p["out"])[:, 0])
        return np.stack(found, axis=1)

    def loss(p: Any) -> Any:
        return np.mean((outputs(p)[:, 1:] - bits[:, :-1]) ** 2)

    sizes = {"in": (1, 4), "again": (4, 4), "out": (4, 1)}
    start = {name: 0.5 * rng.normal(size=size) for name, size in sizes.items()}
    flat, _, vector = flatten_func(loss, start)
    found = optimize.minimize(value_and_grad(flat), vector, jac=True, method="L-BFGS-B")
    assert found.fun < 0.02 < loss(start)


def test_filter_by_its_frequency_response() -> None:
    """A complex filter whose response comes nearest to a wanted one: that is the inverse transform."""
    wanted = onp.exp(-2j * onp.pi * 1.5 * onp.fft.fftfreq(16)) * (onp.abs(onp.fft.fftfreq(16)) < 0.2)

    def loss(parts: Any) -> Any:
        taps = parts[:5] + 1j * parts[5:]
        return np.sum(np.abs(np.fft.fft(taps, 16) - wanted) ** 2)

    found = optimize.minimize(loss, onp.zeros(10), jac=grad(loss), hess=hessian(loss), method="Newton-CG").x
    onp.testing.assert_allclose(found[:5] + 1j * found[5:], onp.fft.ifft(wanted)[:5], atol=1e-6)


def test_tanh_and_its_derivatives() -> None:
    x = onp.linspace(-2, 2, 9)
    second = elementwise_grad(elementwise_grad(np.tanh))(x)
    onp.testing.assert_allclose(second, -2 * onp.tanh(x) / onp.cosh(x) ** 2, atol=1e-14)
