"""Differential equations: known solutions, and the gradients of differences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import Tensor, check_grads, errors, grad, jvp

integrate = pytest.importorskip("autograd.scipy.integrate", reason="SciPy is not installed")
scipy = pytest.importorskip("scipy.integrate")

TIMES = np.array([0.0, 0.3, 1.1, 1.5])
EXACT = {"rtol": 1e-11, "atol": 1e-11}


def pendulum(y: Any, t: Any, pull: Any, drag: Any) -> Any:
    angle, speed = y
    return [speed, -pull * np.sin(angle) - drag * speed + 0.2 * t]


def test_solution_is_scipys() -> None:
    y0, args = [1.0, 0.2], (2.0, 0.3)
    expected = scipy.odeint(pendulum, y0, TIMES, args)
    np.testing.assert_allclose(integrate.odeint(pendulum, y0, TIMES, args), expected, rtol=1e-12)
    np.testing.assert_allclose(integrate.odeint(pendulum, Tensor(y0), TIMES, args).data, expected, rtol=1e-12)
    swapped = integrate.odeint(lambda t, y, *args: pendulum(y, t, *args), y0, TIMES, args, tfirst=True)
    np.testing.assert_array_equal(swapped, integrate.odeint(pendulum, y0, TIMES, args))


def test_decay_has_the_gradients_of_its_formula() -> None:
    def end(y0: Any, t: Any, rate: Any) -> Any:
        return integrate.odeint(lambda y, t, rate: -rate * y, y0, t, (rate,), **EXACT)[-1, 0]

    y0, t, rate = np.array([2.0]), np.array([0.5, 1.0, 2.0]), np.array(0.7)
    y = 2.0 * np.exp(-0.7 * 1.5)
    of_y0, of_t, of_rate = grad(end, (0, 1, 2))(y0, t, rate)
    np.testing.assert_allclose(of_y0, [y / 2.0], rtol=1e-8)
    np.testing.assert_allclose(of_t, [0.7 * y, 0.0, -0.7 * y], rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(of_rate, -1.5 * y, rtol=1e-8)
    second = grad(lambda rate: grad(end, 2)(y0, t, rate))(rate)
    np.testing.assert_allclose(second, 1.5**2 * y, rtol=1e-7)
    _, tangent = jvp(end, (y0, t, rate), (np.zeros(1), np.zeros(3), np.ones(())))
    np.testing.assert_allclose(tangent, -1.5 * y, rtol=1e-8)


@pytest.mark.parametrize("order", [1, 2])
def test_pendulum_has_the_gradients_of_differences(order: int) -> None:
    def solution(y0: Any, t: Any, pull: Any, drag: Any) -> Any:
        return integrate.odeint(pendulum, y0, t, (pull, drag), **EXACT)

    check_grads(solution, np.array([1.0, 0.2]), TIMES, np.array(2.0), np.array(0.3), order=order, rtol=1e-5, atol=1e-6)


def test_matrices_as_arguments_and_whole_numbers() -> None:
    w = np.array([[0.0, 1.0], [-2.0, -0.1]])

    def solution(w: Any) -> Any:
        return integrate.odeint(lambda y, t, w, k: k * (w @ y), [1, 0], [0, 1, 2], (w, 2), **EXACT)

    check_grads(solution, w, order=2, rtol=1e-5, atol=1e-6)
    y = integrate.odeint(lambda y, t, w: w @ y, Tensor(np.ones(2, np.float32)), [0.0, 1.0], (Tensor(w),))
    assert y.dtype == np.float32


def test_arguments_may_be_trees() -> None:
    """As in a network for a slope; what is no number reaches it untouched."""

    def slope(y: Any, t: Any, layers: Any, kind: str) -> Any:
        for layer in layers:
            y = getattr(np, kind)(layer["w"] @ y + layer["b"])
        return y

    layers = [{"w": np.array([[0.1, 0.2], [0.3, -0.4]]), "b": 0.1}, {"w": np.eye(2), "b": 0.2}]
    check_grads(
        lambda layers: integrate.odeint(slope, [1.0, 2.0], TIMES, (layers, "tanh"), **EXACT),
        layers, order=1, rtol=1e-5, atol=1e-6,
    )  # fmt: skip


def test_one_time_is_where_it_begins() -> None:
    np.testing.assert_array_equal(integrate.odeint(lambda y, t: y, [1.0, 2.0], [0.0]), [[1.0, 2.0]])
    gradient = grad(lambda y0: np.sum(integrate.odeint(lambda y, t: y, y0, [0.0])))(np.array([1.0, 2.0]))
    np.testing.assert_array_equal(gradient, [1.0, 1.0])


def test_what_a_field_uses_from_outside_is_not_lost() -> None:
    w = Tensor(2.0)
    with pytest.raises(errors.ArgumentError, match=r"args=\(w,\)"):
        integrate.odeint(lambda y, t: -w * y, [1.0], [0.0, 1.0])
    constant = Tensor(2.0, requires_grad=False)
    np.testing.assert_allclose(
        integrate.odeint(lambda y, t: -constant * y, [1.0], [0.0, 1.0])[-1], np.exp(-2.0), rtol=1e-6
    )


def test_what_is_not_here_is_scipys() -> None:
    assert integrate.quad is scipy.quad
