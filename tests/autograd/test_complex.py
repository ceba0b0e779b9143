"""Complex numbers: the convention, the transforms, and where real meets complex."""

from __future__ import annotations

import cmath
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import (
    Tensor,
    check_grads,
    checkpoint,
    elementwise_grad,
    errors,
    grad,
    hessian,
    holomorphic_grad,
    hvp,
    jacobian,
    jvp,
    row,
    value_and_grad,
    vjp,
)
from autograd.graph import TABLE

Z = np.array([1.0 + 2.0j, -0.5 + 0.3j, 0.2 - 1.1j])
V = np.array([0.3 - 1.0j, 1.0 + 0.5j, -0.7j])
X = np.array([0.5, -1.2, 2.0])


def loss(z: Any) -> Any:
    """A real function of complex numbers, not holomorphic anywhere."""
    return np.sum(np.abs(np.exp(z) + z.conj()) ** 2 + z.real * z.imag)


# The convention.


def test_the_gradient_is_the_slope_along_1_minus_i_times_that_along_i() -> None:
    h, gradient = 1e-6, grad(loss)(Z)
    for k in range(3):
        e = np.eye(3)[k]
        along_one = (loss(Z + h * e) - loss(Z - h * e)) / (2 * h)
        along_i = (loss(Z + 1j * h * e) - loss(Z - 1j * h * e)) / (2 * h)
        assert gradient[k] == pytest.approx(along_one - 1j * along_i, rel=1e-7)


def test_parts() -> None:
    assert grad(np.real)(1 + 2j) == 1
    assert grad(np.imag)(1 + 2j) == -1j
    assert grad(lambda z: np.abs(z) ** 2)(1 + 2j) == pytest.approx(2 - 4j)  # 2 conj(z)
    assert grad(np.abs)(3 + 4j) == pytest.approx(0.6 - 0.8j)
    assert grad(np.angle)(3 + 4j) == pytest.approx(-1j / (3 + 4j))
    assert (grad(np.abs)(0j), grad(np.angle)(0j), elementwise_grad(lambda z: np.sign(z).real)(0j)) == (0, 0, 0)


def test_against_the_conjugate_of_the_gradient_it_goes_downhill() -> None:
    z = Z
    for _ in range(100):
        z = z - 0.1 * np.conj(grad(lambda z: np.sum(np.abs(z - V) ** 2))(z))
    np.testing.assert_allclose(z, V, atol=1e-8)


def test_backward() -> None:
    z = Tensor(Z, name="z")
    np.sum(np.abs(z) ** 2).backward()
    np.testing.assert_allclose(z.grad, 2 * Z.conj())
    w = z * z
    w.backward(V)
    np.testing.assert_allclose(z.grad, 2 * Z.conj() + 2 * Z * V)


def test_same_as_two_real_arguments() -> None:
    def parts(x: Any, y: Any) -> Any:
        return loss(x + 1j * y)

    by_x, by_y = grad(parts, (0, 1))(Z.real, Z.imag)
    assert by_x.dtype == by_y.dtype == np.float64
    np.testing.assert_allclose(grad(loss)(Z), by_x - 1j * by_y, rtol=1e-12)


# Where real meets complex.


def test_real_inputs_have_real_gradients() -> None:
    x, z = Tensor(X), Tensor(Z)
    np.abs(np.sum(x * z)).backward()
    assert (x.grad.dtype, z.grad.dtype) == (np.float64, np.complex128)
    w = np.sum(X * Z)
    np.testing.assert_allclose(x.grad, np.real(w.conj() / abs(w) * Z))
    for f in (
        lambda x: x.astype(complex),
        np.fft.fft,
        lambda x: x * 1j,
        lambda x: x ** (1 + 1j),
        lambda x: x[:, None] * Z,
    ):
        g = grad(lambda x, f=f: np.sum(np.abs(f(x)) ** 2 + f(x).imag))(np.abs(X))
        assert g.dtype == np.float64
        check_grads(f, np.abs(X))


def test_broadcast_real_number() -> None:
    check_grads(lambda a, z: a * z, np.array(2.0), Z)
    assert grad(lambda a: np.sum((a * Z).real))(2.0) == pytest.approx(np.sum(Z.real))


@pytest.mark.parametrize("single", [np.float32, np.complex64])
def test_python_numbers_do_not_widen(single: Any) -> None:
    x = Tensor(np.ones(2, single))
    for f in (
        lambda x: 1j * x,
        lambda x: x + 2j,
        lambda x: (1 + 1j) ** x,
        lambda x: x**2j,
        lambda x: x / 1j,
        np.abs,
        np.angle,
        np.exp,
    ):
        y = f(x)
        assert y.dtype in (np.complex64, np.float32)
        np.sum(np.abs(y)).backward()
        assert x.grad.dtype == single


def test_power() -> None:
    check_grads(lambda b: (-2.0) ** b, Z)
    check_grads(lambda a, b: a**b, np.array([-1.5, 2.0, -0.3]), Z)
    check_grads(lambda a: a ** (0.5 - 1j), Z)
    check_grads(lambda a: a**3, Z)
    assert grad(lambda z: (z**2).real)(0j) == 0


def test_properties_and_methods() -> None:
    z, x = Tensor(Z), Tensor(X)
    assert (z.dtype, z.real.dtype, z.imag.dtype, z.conj().dtype) == (np.complex128, float, float, np.complex128)
    np.testing.assert_array_equal(z.conjugate().data, Z.conj())
    np.testing.assert_array_equal(x.imag.data, np.zeros(3))
    np.testing.assert_array_equal((x.real.data, x.conj().data), (X, X))
    assert complex(Tensor(1 + 2j)) == 1 + 2j
    assert (Tensor(2j) == 2j).item()
    assert repr(Tensor(1j)) == "Tensor(0.+1.j, dtype=complex128)"
    assert f"{Tensor(1 + 2j):.1f}" == "1.0+2.0j"
    assert Tensor([1, 1j]).dtype == np.complex128
    assert Tensor(X, dtype=np.complex64).dtype == np.complex64
    assert np.real_if_close(Tensor([1 + 1e-16j])).dtype == float
    assert np.real_if_close(Tensor([1 + 1j])).dtype == complex
    np.testing.assert_allclose(Tensor(Z).var().item(), np.var(Z))
    assert not np.isrealobj(z)


def test_products_that_conjugate() -> None:
    check_grads(np.vdot, Z, V)
    for f in (np.vdot, np.inner, np.dot, np.outer, np.vecdot, np.correlate, np.convolve, np.linalg.vecdot):
        np.testing.assert_allclose(f(Tensor(Z), V).data, f(Z, V))
        np.testing.assert_allclose(f(X, Tensor(V)).data, f(X, V))


def test_zeros_win_over_infinities() -> None:
    """The branch that was not taken passes 0, not NaN."""
    g = grad(lambda z: np.sum(np.abs(np.where(np.abs(z) > 0, np.sqrt(z), z))))(np.array([0j, 1j]))
    assert np.isfinite(g).all()


# The transforms.


def f(z: Any) -> Any:
    return np.exp(1j * z) * z**2 / (1 + z)


def slope(z: Any) -> Any:
    return np.exp(1j * z) * (1j * z**2 / (1 + z) + (2 * z + z**2) / (1 + z) ** 2)


def test_holomorphic_grad() -> None:
    z = 0.3 + 0.4j
    found = holomorphic_grad(f)(z)
    assert type(found) is complex
    assert found == pytest.approx(slope(z))
    assert holomorphic_grad(holomorphic_grad(lambda z: z**5))(z) == pytest.approx(20 * z**3)
    w = np.array([1j, 2.0])
    by_z, by_w = holomorphic_grad(lambda z, w: z * np.sum(w * w), (0, 1))(z, w)
    assert by_z == np.sum(w * w)
    np.testing.assert_allclose(by_w, 2 * z * w)
    assert holomorphic_grad(lambda p: p["a"] * p["b"])({"a": z, "b": 2j}) == {"a": 2j, "b": z}
    assert holomorphic_grad(lambda z: 3j)(z) == 0
    assert holomorphic_grad(np.exp).__name__ == "holomorphic_grad_of_exp"
    assert pickle.loads(pickle.dumps(holomorphic_grad(np.sin)))(z) == pytest.approx(cmath.cos(z))


def test_holomorphic_grad_inside_a_gradient() -> None:
    def length(z: Any) -> Any:
        return np.abs(holomorphic_grad(f)(z)) ** 2

    check_grads(length, np.array(0.3 + 0.4j), order=1)


def test_what_is_holomorphic_in_the_end_is() -> None:
    """``|z|**2 / conj(z)`` is ``z``, although none of its steps is holomorphic."""
    assert holomorphic_grad(lambda z: np.abs(z) ** 2 / np.conj(z))(1 + 2j) == pytest.approx(1)


@pytest.mark.parametrize(
    "g", [np.conj, lambda z: z + 1j * np.conj(z), lambda z: z.real + 0j, lambda z: 1j * z.imag, lambda z: z * np.abs(z)]
)
def test_what_is_not_holomorphic_is_refused(g: Callable[[Any], Any]) -> None:
    for derivative in (holomorphic_grad, jacobian, elementwise_grad):
        with pytest.raises(errors.ArgumentError, match="holomorphic"):
            derivative(g)(1 + 2j)
    with pytest.raises(errors.ArgumentError, match="holomorphic"):
        jacobian(lambda z: np.stack([g(z)] * 5))(1 + 2j)  # forward


def test_jvp_is_the_real_derivative() -> None:
    """Also of functions that are not holomorphic: ``a v + b conj(v)``."""
    value, tangent = jvp(lambda z: z * np.conj(z) + z**2, (Z,), (V,))
    np.testing.assert_allclose(value, Z * Z.conj() + Z**2)
    np.testing.assert_allclose(tangent, V * Z.conj() + Z * V.conj() + 2 * Z * V)
    np.testing.assert_allclose(jvp(np.conj, (Z,), (V,))[1], V.conj())
    np.testing.assert_allclose(jvp(lambda x: np.exp(1j * x), (X,), (X,))[1], 1j * X * np.exp(1j * X))
    _, (_, twice) = jvp(lambda z: jvp(lambda z: z * np.conj(z), (z,), (V,)), (Z,), (V,))
    np.testing.assert_allclose(twice, 2 * V * V.conj())


def test_vjp() -> None:
    y, pull = vjp(lambda z: z * np.conj(z), Z)
    np.testing.assert_allclose(pull(V)[0], V * Z.conj() + np.conj(V * Z))
    assert y.dtype == complex
    _, pull = vjp(np.abs, 3 + 4j)
    assert pull(2.0) == (pytest.approx(1.2 - 1.6j),)


def test_jacobian() -> None:
    np.testing.assert_allclose(jacobian(lambda z: z**3)(Z), np.diag(3 * Z**2))
    np.testing.assert_allclose(jacobian(lambda x: np.exp(1j * x))(X), np.diag(1j * np.exp(1j * X)))
    np.testing.assert_allclose(jacobian(np.abs)(Z), np.diag(Z.conj() / np.abs(Z)))
    tall = jacobian(lambda z: np.outer(np.arange(7), z).ravel())
    np.testing.assert_allclose(tall(Z), np.kron(np.arange(7)[:, None], np.eye(3)), atol=0)
    by_x, by_z = jacobian(lambda x, z: x * z, (0, 1))(X, Z)
    np.testing.assert_allclose(by_x, np.diag(Z))
    np.testing.assert_allclose(by_z, np.diag(X))
    assert jacobian(lambda z: 1j * np.ones(2))(X).dtype == complex
    by_x, by_z = jacobian(lambda x, z: np.abs(x * z), (0, 1))(np.abs(X), Z)
    np.testing.assert_allclose(by_x, np.diag(np.abs(Z)))
    np.testing.assert_allclose(by_z, np.diag(np.abs(X) * Z.conj() / np.abs(Z)))


def test_elementwise_grad() -> None:
    np.testing.assert_allclose(elementwise_grad(np.sin)(Z), np.cos(Z))
    found = elementwise_grad(lambda x: np.exp(1j * x))(X)
    np.testing.assert_allclose(found, 1j * np.exp(1j * X))
    np.testing.assert_allclose(elementwise_grad(elementwise_grad(lambda x: np.exp(1j * x)))(X), -np.exp(1j * X))
    np.testing.assert_allclose(elementwise_grad(np.abs)(Z), Z.conj() / np.abs(Z))
    both = elementwise_grad(lambda x: {"a": x * 2, "b": 1j * x**2})(X)
    np.testing.assert_allclose(both, 2 + 2j * X)


def test_hvp_is_the_change_of_the_gradient() -> None:
    expected = (grad(loss)(Z + 1e-6 * V) - grad(loss)(Z - 1e-6 * V)) / 2e-6
    np.testing.assert_allclose(hvp(loss)(Z, V), expected, rtol=1e-6)
    np.testing.assert_allclose(jvp(grad(loss), (Z,), (V,))[1], expected, rtol=1e-6)


def test_hessian_of_real_arguments_through_complex_numbers() -> None:
    def power(x: Any) -> Any:
        return np.sum(np.abs(np.fft.fft(x)) ** 2)

    np.testing.assert_allclose(hessian(power)(X), 6 * np.eye(3), atol=1e-12)


def test_higher_orders() -> None:
    check_grads(loss, Z, order=3)
    value, gradient = value_and_grad(lambda x: np.abs(np.exp(1j * x) * x))(2.0)
    assert (value, gradient) == (pytest.approx(2.0), pytest.approx(1.0))
    assert grad(grad(lambda x: np.real(np.exp(2j * x))))(0.5) == pytest.approx(-4 * np.cos(1.0))


def test_checkpoint() -> None:
    np.testing.assert_allclose(grad(checkpoint(loss))(Z), grad(loss)(Z))


# The checker.


def test_the_checker_names_a_rule_that_forgets_to_conjugate() -> None:
    wrong = row(lambda z: np.conj(z), lambda g, y, z: g, name="wrong_conj")
    try:
        with pytest.raises(errors.GradientError, match="the rule of 'wrong_conj' for argument 0 at element"):
            check_grads(lambda z: np.sin(wrong(z)), Z)
    finally:
        del TABLE["wrong_conj"]


def test_the_checker_takes_complex_numbers_in_containers() -> None:
    check_grads(lambda p, x: {"a": p["z"] * x, "b": [np.abs(p["z"]), p["w"].conj()]}, {"z": Z, "w": 1j}, X)
    check_grads(lambda z: z * 2, Tensor(Z, dtype=np.complex64))


# Random programs.

STEPS: list[Callable[[Any], Any]] = [
    np.exp, np.sin, np.conj, np.abs, np.real, np.imag, np.tanh, np.fft.fft, np.sign, np.angle, np.sqrt, lambda z: z * z,
    lambda z: z * 1j + 0.5, lambda z: z @ np.array([[0.2, 1j, 0.1], [0.3, 0.1, -0.2j], [1.0, 0.5, 0.4j]]), np.cumsum,
]  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(STEPS), min_size=1, max_size=4))
def test_random_programs(steps: list[Callable[[Any], Any]]) -> None:
    """Forward and reverse are transposes, and forward is the difference along a direction."""

    def program(z: Any) -> Any:
        for step in steps:
            z = step(0.5 * z + 0.4 + 0.3j)
        return z

    value, pull = vjp(program, Z)
    _, tangent = jvp(program, (Z,), (V,))
    difference = (program(Z + 1e-6 * V) - program(Z - 1e-6 * V)) / 2e-6
    np.testing.assert_allclose(tangent, difference, rtol=1e-5, atol=1e-6)
    g = np.cos(np.arange(3)) + (1j * np.sin(1 + np.arange(3)) if np.iscomplexobj(value) else 0)
    backward = np.sum(np.real(pull(g)[0] * V))
    assert np.sum(np.real(g * tangent)) == pytest.approx(backward, rel=1e-9, abs=1e-9)
