"""``numpy.fft`` on Tensors: NumPy's results, and derivatives of every length, along every axis, in every norm."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import Tensor, check_grads, grad, jacobian, jvp, vjp

rng = np.random.default_rng(17)
F = np.fft
REAL = rng.normal(size=(3, 4, 5))
COMPLEX = REAL + 1j * rng.normal(size=(3, 4, 5))

ONE_AXIS: list[dict[str, Any]] = [
    {}, {"axis": 0}, {"axis": 1}, {"n": 4}, {"n": 5}, {"n": 7}, {"n": 8}, {"n": 1},
    {"n": 3, "axis": -2, "norm": "ortho"},
    {"norm": "backward"}, {"norm": "forward"}, {"n": 9, "norm": "forward", "axis": 1},
]  # fmt: skip
TWO_AXES: list[dict[str, Any]] = [
    {}, {"axes": (0, 1)}, {"s": (2, 6), "axes": (1, 2)}, {"s": (3, -1), "axes": (2, 0), "norm": "ortho"},
    {"norm": "forward"}, {"axes": (1,)}, {"s": (5,), "axes": (0,)}, {"axes": (0, 2, 1)},
]  # fmt: skip
FUNCTIONS: list[tuple[Any, bool, list[dict[str, Any]]]] = [
    (F.fft, True, ONE_AXIS), (F.ifft, True, ONE_AXIS), (F.rfft, False, ONE_AXIS), (F.irfft, True, ONE_AXIS),
    (F.hfft, True, ONE_AXIS), (F.ihfft, False, ONE_AXIS), (F.fft2, True, TWO_AXES), (F.ifft2, True, TWO_AXES),
    (F.rfft2, False, TWO_AXES), (F.irfft2, True, TWO_AXES), (F.fftn, True, TWO_AXES), (F.ifftn, True, TWO_AXES),
    (F.rfftn, False, TWO_AXES), (F.irfftn, True, TWO_AXES), (F.fftshift, True, [{}, {"axes": 1}, {"axes": (0, 2)}]),
    (F.ifftshift, True, [{}, {"axes": 1}, {"axes": (0, 2)}]),
]  # fmt: skip
CASES = [
    pytest.param(f, x, options, id=f"{f.__name__}-{kind}-{i}")
    for f, takes_complex, samples in FUNCTIONS
    for i, options in enumerate(samples)
    for kind, x in (("real", REAL), ("complex", COMPLEX))
    if takes_complex or kind == "real"
]
every_case = pytest.mark.parametrize(("f", "x", "options"), CASES)


@every_case
def test_value_is_numpy_s(f: Any, x: Any, options: Any) -> None:
    y, expected = f(Tensor(x), **options), f(x, **options)
    assert (y.shape, y.dtype) == (expected.shape, expected.dtype)
    np.testing.assert_allclose(y.data, expected, rtol=1e-12, atol=1e-12)


@every_case
def test_forward_and_reverse_are_transposes(f: Any, x: Any, options: Any) -> None:
    """The map is linear: forward mode is the map itself, and ``Re(g * f(v)) = Re(pull(g) * v)``."""
    y, pull = vjp(lambda x: f(x, **options), x)
    g, v = rng.normal(size=y.shape).astype(y.dtype), rng.normal(size=x.shape).astype(x.dtype)
    if np.iscomplexobj(y):
        g = g + 1j * rng.normal(size=y.shape)
    if np.iscomplexobj(x):
        v = v + 1j * rng.normal(size=x.shape)
    np.testing.assert_allclose(jvp(lambda x: f(x, **options), (x,), (v,))[1], f(v, **options), rtol=1e-10, atol=1e-12)
    forward, backward = np.sum(np.real(g * f(v, **options))), np.sum(np.real(pull(g)[0] * v))
    assert forward == pytest.approx(backward, rel=1e-10, abs=1e-10)


@every_case
def test_single_precision_stays_single(f: Any, x: Any, options: Any) -> None:
    t = Tensor(x, dtype=np.complex64 if np.iscomplexobj(x) else np.float32)
    y = f(t, **options)
    assert y.dtype == f(t.data, **options).dtype
    np.sum(np.real(y)).backward()
    assert t.grad.dtype == t.dtype


@pytest.mark.parametrize("f", [f for f, _, _ in FUNCTIONS])
def test_second_derivative(f: Any) -> None:
    x = REAL[0, :2, :3] if f in (F.rfft, F.ihfft, F.rfft2, F.rfftn) else COMPLEX[0, :2, :3]
    check_grads(lambda x: np.abs(f(np.sin(x))) ** 2, x)


@pytest.mark.parametrize("n", [7, 8])
def test_the_slopes_of_a_transform_are_its_matrix(n: int) -> None:
    k = np.arange(n)
    matrix = np.exp(-2j * np.pi * np.outer(k, k) / n)
    for x in (rng.normal(size=n), rng.normal(size=n) + 1j):
        np.testing.assert_allclose(jacobian(F.fft)(x), matrix, atol=1e-12)
        np.testing.assert_allclose(jacobian(F.ifft)(x), np.conj(matrix) / n, atol=1e-12)
    np.testing.assert_allclose(jacobian(F.rfft)(rng.normal(size=n)), matrix[: n // 2 + 1], atol=1e-12)


@pytest.mark.parametrize("n", [7, 8])
def test_there_and_back(n: int) -> None:
    x = rng.normal(size=n)
    np.testing.assert_allclose(jacobian(lambda x: F.irfft(F.rfft(x), n))(x), np.eye(n), atol=1e-12)
    np.testing.assert_allclose(jacobian(lambda x: F.hfft(F.ihfft(x), n))(x), np.eye(n), atol=1e-12)


def test_parseval() -> None:
    """The power of a signal is that of its spectrum, and so are the slopes: ``2 x``."""
    x = rng.normal(size=8)
    np.testing.assert_allclose(grad(lambda x: np.sum(np.abs(F.fft(x, norm="ortho")) ** 2))(x), 2 * x)


def test_the_frequencies_are_constants() -> None:
    x = Tensor(rng.normal(size=8))
    slope = F.ifft(2j * np.pi * F.fftfreq(8, 1 / 8) * F.fft(x)).real  # the derivative of a periodic function
    slope.backward(np.ones(8))
    np.testing.assert_allclose(x.grad, np.zeros(8), atol=1e-12)
