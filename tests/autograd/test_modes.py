"""Forward mode and reverse mode, alone and mixed: for every row of the table, and where functions are awkward."""

from __future__ import annotations

import math
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from autograd import (
    TABLE,
    Tensor,
    Value,
    elementwise_grad,
    errors,
    grad,
    grad_and_aux,
    hessian,
    hvp,
    jacobian,
    jvp,
    no_grad,
    stop_gradient,
    value_and_jacobian,
    vjp,
)

from .rows import every_case, is_data, total, weights
from .samples import SAMPLES, Sample
from .test_table import SCALAR_ROWS, elements, single_sample

ones = np.ones


def direction(i: int, x: Any) -> Any:
    """Fixed unequal numbers, other ones for each argument, complex for a complex one."""
    places = np.arange(np.size(x)).reshape(np.shape(x))
    along = np.cos(2 + i + 0.7 * places)
    return along + 1j * np.cos(3 * i + 0.4 * places) if np.iscomplexobj(x) else along


def of_data(name: str, sample: Sample) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    """A row as a function of just those inputs that are data, and these."""
    op = TABLE[name]

    def f(*data: Any) -> Any:
        given = iter(data)
        return op(*[next(given) if is_data(x) else x for x in sample.inputs], **sample.attrs)

    return f, tuple(x for x in sample.inputs if is_data(x))


def slope(f: Callable[[float], Any], h: float = 1e-5) -> Any:
    """The central difference at 0."""
    return (np.asarray(f(h)) - np.asarray(f(-h))) / (2 * h)


# Every row.


@every_case
def test_jvp_of_every_row(name: str, sample: Sample) -> None:
    f, xs = of_data(name, sample)
    vs = tuple(direction(i, x) for i, x in enumerate(xs))
    value, tangent = jvp(f, xs, vs)
    np.testing.assert_array_equal(value, f(*xs))
    assert np.shape(tangent) == np.shape(value)
    expected = slope(lambda h: f(*[x + h * v for x, v in zip(xs, vs, strict=True)]))
    np.testing.assert_allclose(tangent, expected, rtol=1e-6, atol=1e-7)


@every_case
def test_jvp_and_vjp_of_every_row_are_adjoint(name: str, sample: Sample) -> None:
    f, xs = of_data(name, sample)
    vs = tuple(direction(i, x) for i, x in enumerate(xs))
    value, pull = vjp(f, *xs)
    forward = total(jvp(f, xs, vs)[1])
    backward = np.real(sum(np.sum(g * v) for g, v in zip(pull(weights(value)), vs, strict=True)))
    exact = 1e-9 if name == "odeint" else 1e-12  # both directions are solutions of equations of their own
    assert forward == pytest.approx(backward, rel=exact, abs=exact)


@every_case
def test_forward_mode_composes_for_every_row(name: str, sample: Sample) -> None:
    f, xs = of_data(name, sample)
    vs = tuple(direction(i, x) for i, x in enumerate(xs))
    us = tuple(direction(i + 5, x) for i, x in enumerate(xs))

    def along(*xs: Any) -> Any:
        return total(jvp(f, xs, vs)[1])

    def against(*xs: Any) -> Any:
        value, pull = vjp(f, *xs)
        return np.real(sum(np.sum(g * v) for g, v in zip(pull(weights(value)), vs, strict=True)))

    expected = slope(lambda h: along(*[x + h * u for x, u in zip(xs, us, strict=True)]))
    every = tuple(range(len(xs)))
    for first in (along, against):
        reverse = np.real(sum(np.sum(g * u) for g, u in zip(grad(first, every)(*xs), us, strict=True)))
        assert jvp(first, xs, us)[1] == pytest.approx(expected, rel=1e-6, abs=1e-6)
        assert reverse == pytest.approx(expected, rel=1e-6, abs=1e-6)


@every_case
def test_tangents_in_single_precision_are_single(name: str, sample: Sample) -> None:
    f, xs = of_data(name, single_sample(sample))
    value, tangent = jvp(f, xs, tuple(ones(x.shape) for x in xs))
    assert np.asarray(value).dtype == np.asarray(tangent).dtype
    assert np.asarray(value).dtype in (np.float32, np.complex64)


@pytest.mark.parametrize("name", SCALAR_ROWS)
def test_tangents_of_values_are_those_of_tensors(name: str) -> None:
    op = TABLE[name]
    for sample in SAMPLES[name]:
        for f, numbers in elements(op, sample):
            vs = tuple(1.0 + i for i in range(len(numbers)))
            value, tangent = jvp(f, tuple(Value(x) for x in numbers), vs)
            _, expected = jvp(f, tuple(Tensor(x) for x in numbers), vs)
            assert isinstance(value, Value)
            assert isinstance(tangent, Value)
            assert tangent.data == pytest.approx(expected.item(), rel=1e-13, abs=1e-14)


# Jacobians of random functions.

matrices = arrays(np.float64, (3, 3), elements=st.floats(-2, 2))
vectors = arrays(np.float64, 3, elements=st.floats(-2, 2))
STEPS: list[Callable[[Any, Any], Any]] = [
    lambda x, a: a @ x,
    lambda x, a: np.tanh(x) * a[0],
    lambda x, a: x * x[::-1],
    lambda x, a: np.exp(-x * x) + x[[0, 0, 2]],
    lambda x, a: np.cumsum(x) / 3,
    lambda x, a: x - np.sum(a * x, axis=1),
    lambda x, a: np.concatenate([x[1:], np.sin(x[:1])]),
    lambda x, a: ones(3),
]


@settings(deadline=None)
@given(steps=st.lists(st.sampled_from(STEPS), min_size=1, max_size=4), a=matrices, x=vectors, v=vectors, w=vectors)
def test_jvp_vjp_and_jacobian_are_one_matrix(steps: Any, a: Any, x: Any, v: Any, w: Any) -> None:
    def f(x: Any, a: Any) -> Any:
        for step in steps:
            x = step(x, a)
        return x

    matrix = jacobian(f)(x, a)
    _, pull = vjp(f, x, a)
    tangent = jvp(f, (x, a), (v, None))[1]
    np.testing.assert_allclose(tangent, matrix @ v, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(pull(w)[0], w @ matrix, rtol=1e-9, atol=1e-9)
    assert w @ tangent == pytest.approx(pull(w)[0] @ v, rel=1e-9, abs=1e-9)  # <w, J v> = <Jᵀ w, v>


@settings(deadline=None)
@given(a=matrices, x=vectors, v=vectors)
def test_hessian_is_symmetric_and_hvp_is_its_product(a: Any, x: Any, v: Any) -> None:
    def f(x: Any) -> Any:
        return np.sum(np.tanh(a @ x) * x[::-1])

    matrix = hessian(f)(x)
    np.testing.assert_allclose(matrix, matrix.T, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(hvp(f)(x, v), matrix @ v, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(jvp(grad(f), (x,), (v,))[1], matrix @ v, rtol=1e-9, atol=1e-9)


# Derivatives of derivatives.


def forward(f: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The derivative of a function of one number, in forward mode."""
    return lambda x: jvp(f, (x,), (1.0,))[1]


def backward(f: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The same in reverse mode."""
    return lambda x: vjp(f, x)[1](1.0)[0]


DERIVATIVES = {"grad": grad, "jvp": forward, "vjp": backward, "jacobian": jacobian, "elementwise": elementwise_grad}
outer = pytest.mark.parametrize("d_dx", DERIVATIVES.values(), ids=DERIVATIVES)
inner = pytest.mark.parametrize("d_dy", DERIVATIVES.values(), ids=DERIVATIVES)
point = pytest.mark.parametrize("at", [lambda x: x, Value, Tensor], ids=["float", "Value", "Tensor"])


def plain(x: Any) -> Any:
    """The number without its graph."""
    return x.data if isinstance(x, (Value, Tensor)) else x


@point
@inner
@outer
def test_nested_derivatives_do_not_confuse_their_variables(d_dx: Any, d_dy: Any, at: Any) -> None:
    one = at(1.0)
    assert plain(d_dx(lambda x: x * d_dy(lambda y: x + y)(one))(one)) == 1.0  # not 2
    assert plain(d_dx(lambda x: x * d_dy(lambda y: x * y)(one))(at(3.0))) == 6.0
    assert plain(d_dx(lambda x: d_dy(lambda y: x * y**2)(x))(at(3.0))) == 4 * 3.0
    assert plain(d_dx(lambda x: d_dy(lambda y: x)(x))(at(3.0))) == 0.0


@point
@inner
@outer
def test_four_derivatives_deep(d_dx: Any, d_dy: Any, at: Any) -> None:
    found = d_dx(d_dy(d_dx(d_dy(lambda x: x**5 / 120 + x))))(at(2.0))
    assert plain(found) == pytest.approx(2.0, rel=1e-14)


def test_a_tangent_can_be_differentiated_by() -> None:
    x = np.array([1.0, 2.0])
    found = grad(lambda v: np.sum(jvp(np.exp, (x,), (v,))[1]))(ones(2))
    np.testing.assert_allclose(found, np.exp(x))


def test_a_gradient_can_be_differentiated_by() -> None:
    x = np.array([1.0, 2.0])
    _, pull = vjp(np.exp, x)
    np.testing.assert_allclose(plain(jacobian(lambda g: pull(g)[0])(ones(2))), np.diag(np.exp(x)))


def test_outer_parameters_are_seen() -> None:
    w = Tensor([2.0, 3.0])
    _, tangent = jvp(lambda x: w * x**2, (ones(2),), (ones(2),))
    tangent.sum().backward()
    assert w.grad.tolist() == [2.0, 2.0]


def test_nothing_is_recorded_for_outer_ones_under_no_grad() -> None:
    w = Tensor([2.0, 3.0])
    with no_grad():
        value, tangent = jvp(lambda x: w * x, (ones(2),), (ones(2),))
        _, pull = vjp(lambda x: w * x, ones(2))
        assert type(pull(ones(2))[0]) is np.ndarray
    assert (type(value), type(tangent)) == (np.ndarray, np.ndarray)


def test_a_hundred_thousand_operations() -> None:
    def long(x: Any) -> Any:
        for _ in range(100_000):
            x = x * 1.00001
        return x

    assert jvp(long, (1.0,), (2.0,))[1] == pytest.approx(2 * 1.00001**100_000)


# Results and arguments of every kind.


def test_trees_go_in_and_come_out() -> None:
    def f(p: Any, x: Any) -> Any:
        return {"sum": np.sum(p["w"] * x), "pair": (p["w"] + p["b"], [p["b"] ** 2])}

    p, x = {"w": np.array([1.0, 2.0]), "b": 3.0}, np.array([5.0, 7.0])
    value, tangent = jvp(f, (p, x), ({"b": 1.0, "w": np.array([1.0, 0.0])}, np.zeros(2)))
    assert value["sum"] == 19.0
    assert tangent["sum"] == 5.0
    assert tangent["pair"][0].tolist() == [2.0, 1.0]
    assert tangent["pair"][1] == [6.0]
    _, pull = vjp(f, p, x)
    by_p, by_x = pull({"sum": 1.0, "pair": (np.array([0.0, 10.0]), [1.0])})
    assert by_p["w"].tolist() == [5.0, 17.0]
    assert by_p["b"] == 16.0
    assert by_x.tolist() == [1.0, 2.0]


def test_pull_may_be_called_again() -> None:
    _, pull = vjp(lambda x: x * x, np.array([1.0, 2.0]))
    assert pull(np.array([1.0, 0.0]))[0].tolist() == [2.0, 0.0]
    assert pull(ones(2))[0].tolist() == [2.0, 4.0]


def test_values_and_tensors_side_by_side() -> None:
    def f(v: Any, t: Any) -> Any:
        return t * 2, v * 3

    value, pull = vjp(f, Value(1.0), Tensor(ones(2)))
    by_v, by_t = pull((ones(2), 1.0))
    assert (by_v.data, by_t.data.tolist()) == (3.0, [2.0, 2.0])
    assert jvp(f, (Value(1.0), Tensor(ones(2))), (1.0, ones(2)))[1][1].data == 3.0
    assert isinstance(value[0], Tensor)


def test_what_does_not_depend_has_zero_tangents_and_gradients() -> None:
    c = np.array([1.0, 2.0])
    value, tangent = jvp(lambda x, y: (y * 2, c, 5, 2.5, "name"), (ones(3), 1.0), (ones(3), 1.0))
    assert value[2:] == (5, 2.5, "name")
    assert tangent[0] == 2.0
    assert tangent[1].tolist() == [0.0, 0.0]
    assert tangent[2:] == (0.0, 0.0, None)
    _, pull = vjp(lambda x, y: y * 2, ones(3), 1.0)
    assert pull(1.0)[0].tolist() == [0.0, 0.0, 0.0]
    assert vjp(lambda v, u: u * 2, Value(1.0), Value(2.0))[1](1.0)[0].data == 0.0


def test_the_argument_itself_and_a_result_twice() -> None:
    x, v = ones(2), np.array([3.0, 4.0])
    value, (first, second, same) = jvp(lambda x: [x, x * 2, x], (x,), (v,))
    first[0] = 99.0  # each is the caller's own
    assert (same.tolist(), v.tolist(), second.tolist()) == ([3.0, 4.0], [3.0, 4.0], [6.0, 8.0])
    assert len(value) == 3
    g = vjp(lambda x: x, x)[1](v)[0]
    g[0] = 99.0
    assert v[0] == 3.0
    y = Tensor(ones(2))
    assert vjp(lambda x: (x * 2,) * 2, y)[1]((v, v))[0].data.tolist() == [12.0, 16.0]


def test_integers_and_other_things_pass_through() -> None:
    def f(x: Any, n: int, labels: Any, mode: str, more: dict[str, Any]) -> Any:
        assert (type(n), type(labels), mode) == (int, np.ndarray, "up")
        return x[labels] ** n * more["scale"]

    labels = np.array([1, 0])
    args = (np.array([2.0, 3.0]), 2, labels, "up", {"scale": 10.0, "axis": 0})
    _, tangent = jvp(f, args, (ones(2), None, np.zeros(2), None, {"scale": 0.0, "axis": None}))
    assert tangent.tolist() == [60.0, 40.0]
    _, pull = vjp(f, *args)
    by_x, *nothing, by_more = pull(ones(2))
    assert by_x.tolist() == [40.0, 60.0]
    assert nothing == [None, None, None]
    assert by_more == {"scale": 13.0, "axis": None}


def test_tensors_of_integers_pass_through() -> None:
    x, labels = np.array([2.0, 3.0]), Tensor([1, 1], requires_grad=False)
    assert vjp(lambda x, labels: x[labels], x, labels)[1](ones(2))[1] is None
    assert jvp(lambda x, labels: x[labels], (x, labels), (ones(2), None))[1].tolist() == [1.0, 1.0]


def test_a_float_that_does_not_move_is_a_constant() -> None:
    assert jvp(lambda x, y: x * y, (2.0, 3.0), (None, 1.0)) == (6.0, 2.0)
    assert jvp(lambda x: x * 2, (3.0,), (None,)) == (6.0, 0.0)
    outer = Tensor(3.0)
    value, tangent = jvp(lambda x: x * 2, (outer,), (None,))
    value.backward()
    assert (outer.grad, tangent.data) == (2.0, 0.0)


def test_empty_arrays() -> None:
    assert jvp(lambda x: np.sum(x), (ones(0),), (ones(0),)) == (0.0, 0.0)
    assert vjp(lambda x: x * 2, ones((0, 3)))[1](ones((0, 3)))[0].shape == (0, 3)
    assert jacobian(lambda x: x * 2)(ones(0)).shape == (0, 0)
    assert jacobian(lambda x: np.concatenate([x, ones(2)]))(ones(0)).shape == (2, 0)


# Singular points: what was not taken does not count, forward as backward.


@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.where(x > 0, np.sqrt(x), x),
        lambda x: np.max(np.sqrt(x)),
        lambda x: np.maximum(np.log(x), -5.0),
        lambda x: np.sqrt(x)[1:],
        lambda x: np.sum(np.array([0.0, 1.0]) * np.sqrt(x)),
    ],
)
def test_no_nan_from_what_was_not_taken(f: Any) -> None:
    x, v = np.array([0.0, 4.0]), np.array([1.0, 10.0])
    with np.errstate(divide="ignore"):
        value, tangent = jvp(f, (x,), (v,))
        pulled = vjp(f, x)[1](ones(np.shape(value)))[0]
    assert np.all(np.isfinite(tangent))
    assert np.sum(tangent) == pytest.approx(pulled @ v)


def test_an_infinite_slope_stays_infinite() -> None:
    _, tangent = jvp(lambda x: (np.sqrt(x), -np.sqrt(x)), (np.array([0.0, 1.0]),), (ones(2),))
    assert tangent[0].tolist() == [math.inf, 0.5]
    assert tangent[1].tolist() == [-math.inf, -0.5]


# Jacobians.


def test_shape_of_a_jacobian_is_that_of_the_result_and_then_of_the_argument() -> None:
    x = np.arange(6.0).reshape(2, 3)
    assert jacobian(lambda x: np.sum(x, axis=0))(x).shape == (3, 2, 3)
    assert jacobian(lambda x: np.sum(x))(x).tolist() == ones((2, 3)).tolist()
    assert jacobian(lambda s: s * x)(2.0).tolist() == x.tolist()
    assert jacobian(lambda s: s * s)(2.0) == 4.0
    assert jacobian(lambda x: ones(3))(x).tolist() == np.zeros((3, 2, 3)).tolist()
    assert jacobian(lambda x: 3.0)(2.0) == 0.0
    assert jacobian(lambda x: x * 2)(ones(2, dtype=np.float32)).dtype == np.float32


@pytest.mark.parametrize("size", [2, 4, 5, 40])
def test_rows_and_columns_are_the_same_matrix(size: int) -> None:
    a, x = np.sin(np.arange(size * 2.0)).reshape(size, 2), np.array([0.3, -0.8])
    expected = (1 - np.tanh(a @ x) ** 2)[:, None] * a  # by columns from 5 results on
    np.testing.assert_allclose(jacobian(lambda x: np.tanh(a @ x))(x), expected, rtol=1e-12)
    second = jacobian(jacobian(lambda x: np.tanh(a @ x)))(x)
    np.testing.assert_allclose(second, slope_of(lambda x: (1 - np.tanh(a @ x) ** 2)[:, None] * a, x), atol=1e-8)


def slope_of(f: Callable[[Any], Any], x: Any) -> Any:
    """The derivative of an array by a vector, by central differences; the vector's axis is the last."""
    return np.stack([slope(lambda h, e=e: f(x + h * e)) for e in np.eye(x.size)], axis=-1)


def test_a_tall_jacobian_of_an_argument_that_does_not_matter() -> None:
    by_x, by_y = jacobian(lambda x, y: np.repeat(x, 9), (0, 1))(ones(1), ones((1, 2)))
    assert by_x.tolist() == ones((9, 1)).tolist()
    assert by_y.tolist() == np.zeros((9, 1, 2)).tolist()


def test_jacobian_of_trees() -> None:
    def f(p: Any, s: float) -> Any:
        return {"y": p["w"] * s, "z": np.sum(p["w"])}

    found = jacobian(f, (0, 1))({"w": np.array([1.0, 2.0])}, 3.0)
    assert found["y"][0]["w"].tolist() == [[3.0, 0.0], [0.0, 3.0]]
    assert found["y"][1].tolist() == [1.0, 2.0]
    assert (found["z"][0]["w"].tolist(), found["z"][1]) == ([1.0, 1.0], 0.0)


def test_jacobian_of_values() -> None:
    found = jacobian(lambda v: [v[0] * v[1], v[1] ** 2, 7.0])([Value(2.0), Value(3.0)])
    assert [[plain(slope) for slope in row] for row in found] == [[3.0, 2.0], [0.0, 6.0], [0.0, 0.0]]


def test_value_and_jacobian() -> None:
    value, matrix = value_and_jacobian(lambda x, name: x * x)(np.array([1.0, 2.0]), name="a name")
    assert value.tolist() == [1.0, 4.0]
    assert matrix.tolist() == [[2.0, 0.0], [0.0, 4.0]]


def test_hessian_of_a_linear_and_of_a_constant_function() -> None:
    assert hessian(lambda x: np.sum(3 * x))(ones(2)).tolist() == [[0.0, 0.0], [0.0, 0.0]]
    assert hessian(lambda x: 1.0)(ones(2)).tolist() == [[0.0, 0.0], [0.0, 0.0]]
    assert hvp(lambda x: np.sum(3 * x))(ones(2), ones(2)).tolist() == [0.0, 0.0]


def test_hessian_of_two_arguments() -> None:
    (by_xx, by_xy), (by_yx, by_yy) = hessian(lambda x, y: x**2 * y, (0, 1))(2.0, 3.0)
    assert (by_xx, by_xy, by_yx, by_yy) == (6.0, 4.0, 4.0, 0.0)


def test_hvp_of_trees_and_several_arguments() -> None:
    def f(p: Any, y: Any) -> Any:
        return p["a"] ** 2 * y + np.sum(p["b"] ** 3)

    p = {"a": 2.0, "b": ones(2)}
    along_p = hvp(f)(p, 5.0, {"a": 1.0, "b": np.array([1.0, 0.0])})
    assert (along_p["a"], along_p["b"].tolist()) == (10.0, [6.0, 0.0])
    by_p, by_y = hvp(f, (0, 1))(p, 5.0, ({"a": 0.0, "b": np.zeros(2)}, 1.0))
    assert (by_p["a"], by_p["b"].tolist(), by_y) == (4.0, [0.0, 0.0], 0.0)
    assert hvp(f, argnum=-1)(p, y := 5.0, 1.0) == 0.0 * y


def test_hvp_makes_no_matrix() -> None:
    x = np.linspace(0.0, 1.0, 100_000)  # its Hessian would take 80 GB
    found = hvp(lambda x: np.sum(x**3))(x, x)
    np.testing.assert_allclose(found, 6 * x * x)


def test_elementwise_grad() -> None:
    x = np.array([0.5, 2.0])
    np.testing.assert_allclose(elementwise_grad(elementwise_grad(np.sin))(x), -np.sin(x))
    assert elementwise_grad(lambda x: (x, {"twice": 2 * x}))(x).tolist() == [3.0, 3.0]
    assert elementwise_grad(lambda x, y: x * y, argnum=(0, 1))(2.0, 3.0) == (3.0, 2.0)
    assert elementwise_grad(lambda v: v * v)(Value(3.0)).data == 6.0
    assert elementwise_grad(np.floor)(x).tolist() == [0.0, 0.0]
    assert elementwise_grad(lambda x: ones(2))(x).tolist() == [0.0, 0.0]


# Constants and companions.


def test_stop_gradient_in_every_mode() -> None:
    def f(x: Any) -> Any:
        return x * stop_gradient(x**2)

    for derivative in DERIVATIVES.values():
        assert derivative(f)(3.0) == 9.0
        assert derivative(derivative(f))(3.0) == 0.0
    held = stop_gradient({"v": Value(2.0), "n": 3, "a": ones(1)})
    assert not held["v"].requires_grad
    assert (held["n"], held["a"].tolist()) == (3, [1.0])


def test_grad_and_aux() -> None:
    gradient, aux = grad_and_aux(lambda x, k=1: (np.sum(x * x) * k, (x * 2, "note")))(ones(2), k=3)
    assert gradient.tolist() == [6.0, 6.0]
    assert (aux[0].tolist(), aux[1]) == ([2.0, 2.0], "note")
    outer = grad(lambda x: grad_and_aux(lambda y: (x * y * y, x * y))(x)[1])(3.0)
    assert outer == 6.0  # y is x, so aux is x * x


# Pickles and names.


def cube(x: Any) -> Any:
    """A function that can be pickled."""
    return np.sum(x**3)


@pytest.mark.parametrize("d", [jacobian, hessian, hvp, elementwise_grad, value_and_jacobian, grad_and_aux])
def test_derivatives_have_names_and_pickle(d: Any) -> None:
    derivative = d(cube)
    assert derivative.__name__ == f"{d.__name__}_of_cube"
    again = pickle.loads(pickle.dumps(derivative))
    if d is hvp:
        assert again(ones(2), ones(2)).tolist() == [6.0, 6.0]
    elif d is not grad_and_aux:
        assert pickle.dumps(again(ones(2))) == pickle.dumps(derivative(ones(2)))


# Messages.

Bad = tuple[str, Callable[[], Any], type[Exception], list[str]]
PAIR = "jvp(f, (x,), (v,))"
# ruff: noqa: E501 -- a case is read across, like a line of a table
MESSAGES: list[Bad] = [
    ("vjp of a result", lambda: vjp(Tensor(1.0), 2.0), errors.DtypeError, ["vjp(Tensor", "y.backward()"]),
    ("vjp of integers", lambda: vjp(np.sin, 3), errors.DtypeError, ["vjp", "int64", "3.0 instead of 3"]),
    ("vjp of a Tensor of integers", lambda: vjp(np.sin, Tensor([1, 2], requires_grad=False)), errors.DtypeError, ["vjp", "int64", "x.astype(float)"]),
    ("vjp of text", lambda: vjp(str, "a"), errors.DtypeError, ["vjp", "'a'"]),
    ("vjp of nothing", lambda: vjp(lambda: 1.0), errors.ArgumentError, ["vjp(f)", "no arguments", "vjp(f, 2.0)"]),
    ("pull shape", lambda: vjp(np.sin, ones(3))[1](1.0), errors.ShapeError, ["pull(gradient)", "Tensor of shape (3,)", "shape ()", "np.broadcast_to(v, (3,))"]),
    ("pull shape of a number", lambda: vjp(np.sum, ones(3))[1](ones(1)), errors.ShapeError, ["shape ()", "shape (1,)", "v.sum()"]),
    ("pull structure", lambda: vjp(lambda x: (x, x), 1.0)[1](1.0), errors.ArgumentError, ["nothing at [0], [1]", "something at the top", "pull((g, h))"]),
    ("pull None", lambda: vjp(np.sin, ones(2))[1](None), errors.ArgumentError, ["Tensor of shape (2,)", "None", "np.zeros"]),
    ("pull a Value", lambda: vjp(np.sin, 1.0)[1](Value(1.0)), errors.MixedKindsError, ["pull(gradient)", "Tensor(3.0)"]),
    ("jvp of a result", lambda: jvp(Tensor(1.0), (1.0,), (1.0,)), errors.DtypeError, ["jvp(Tensor"]),
    ("jvp without tuples", lambda: jvp(np.sin, ones(2), ones(2)), errors.ArgumentError, ["a tuple of arguments", "ndarray of shape (2,)", PAIR]),
    ("jvp with too few", lambda: jvp(np.add, (1.0, 2.0), (1.0,)), errors.ArgumentError, ["jvp(f, args, tangents)", "nothing at [1]", "one tangent for each argument"]),
    ("jvp structure", lambda: jvp(len, ({"a": 1.0, "b": 1.0, "c": 1.0, "d": 1.0},), (1.0,)), errors.ArgumentError, ["['a'], ['b'], ['c'] and 1 more", "something at the top"]),
    ("jvp shape", lambda: jvp(np.sin, (ones(3),), (ones(2),)), errors.ShapeError, ["shape (3,)", "shape (2,)"]),
    ("jvp along an integer", lambda: jvp(np.power, (2.0, 3), (1.0, 1.0)), errors.DtypeError, ["jvp", "int64", "3.0 instead of 3"]),
    ("jacobian of a result", lambda: jacobian(3.0), errors.DtypeError, ["jacobian(float)"]),
    ("jacobian argnum", lambda: jacobian(np.sin, argnum="x"), errors.ArgumentError, ["jacobian(f, argnum='x')"]),
    ("jacobian position", lambda: jacobian(np.sin, 2)(1.0), errors.ArgumentError, ["jacobian(f, argnum=2)", "1 positional argument"]),
    ("jacobian integers", lambda: jacobian(np.sin)(ones(2, int)), errors.DtypeError, ["jacobian", "int64"]),
    ("hessian argnums", lambda: hessian(np.sin, argnums=1), errors.ArgumentError, ["hessian(f, argnum=1)"]),
    ("hessian of an array function", lambda: hessian(np.sin)(ones(2)), errors.NotScalarError, ["(2,)"]),
    ("hvp vector", lambda: hvp(np.sum)(ones(2), ones(3)), errors.ShapeError, ["hvp(f)(x, v), for v", "(2,)", "(3,)"]),
    ("hvp without a vector", lambda: hvp(np.sum)(ones(2)), errors.ArgumentError, ["hvp(f, argnum=0)", "0 positional arguments"]),
    ("hvp of nothing", lambda: hvp(np.sum)(), errors.ArgumentError, ["hvp(f)(x, v)", "hvp(f)(x, np.ones_like(x))"]),
    ("elementwise", lambda: elementwise_grad(np.sin)("x"), errors.DtypeError, ["elementwise_grad", "'x'"]),
    ("aux", lambda: grad_and_aux(cube)(ones(2)), errors.ArgumentError, ["(number, anything else)", "return loss, predictions"]),
]  # fmt: skip


@pytest.mark.parametrize(("line", "kind", "parts"), [pytest.param(*case[1:], id=case[0]) for case in MESSAGES])
def test_message(line: Callable[[], Any], kind: type[Exception], parts: list[str]) -> None:
    with pytest.raises(kind) as raised:
        line()
    text = str(raised.value)
    for part in ["expected:", "got:", "cure:", *parts]:
        assert part in text
