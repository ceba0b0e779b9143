"""The traps in which other engines are known to sit: each is a test here."""

from __future__ import annotations

import cmath
import copy
import gc
import math
import pickle
import subprocess
import sys
import threading
import weakref
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import Tensor, Value, errors, grad, logsumexp, no_grad, value_and_grad


def gradient(f: Any, *arrays: Any) -> list[Any]:
    """The gradients of ``f``, whose result is summed to a number, with respect to all of ``arrays``."""
    xs = [Tensor(a) for a in arrays]
    np.sum(f(*xs)).backward()
    return [x.grad for x in xs]


# Precision: constants do not widen.


def network(x: Tensor, w: Tensor) -> Tensor:
    """A bit of everything that is known to fall into float64."""
    h = np.tanh(x @ w * 2.0 + 1) ** 2 / 3 - 0.5
    h = np.where(h > 0, h, 0.1 * h) + np.log(1 + np.exp(h)) * np.exp2(h) + np.log2(2.0 + h * h)
    h = np.maximum(h, 0.0) + np.clip(h, -1, 1) + abs(h) + h.mean(axis=0) / h.std() + 2.0**h
    return h.var(axis=1).sum() + logsumexp(h) + np.prod(h[0]) + h.max() + (h - h.min()).sum() / h.size


def test_float32_network_stays_float32() -> None:
    rng = np.random.default_rng(0)
    x, w = Tensor(rng.normal(size=(4, 3)).astype(np.float32)), Tensor(rng.normal(size=(3, 2)).astype(np.float32))
    y = network(x, w)
    y.backward()
    nodes = autograd.graph.ancestors([y])
    assert {node.dtype for node in nodes} == {np.dtype(np.float32)}
    assert {node.grad.dtype for node in nodes} == {np.dtype(np.float32)}


def test_float32_network_stays_float32_in_the_second_derivative() -> None:
    x, w = np.eye(3, dtype=np.float32) / 3, np.full((3, 2), 0.25, np.float32) + np.arange(2, dtype=np.float32) / 7
    slope = grad(lambda w: (grad(network, 1)(Tensor(x), w) ** 2).sum())(w)
    assert (slope.dtype, slope.shape) == (np.float32, (3, 2))


def test_float32_gradient_of_a_mixed_product_is_float32() -> None:
    x, y = Tensor(np.ones(2, np.float32)), Tensor(np.ones(2))
    (x * y).sum().backward()
    assert (x.grad.dtype, y.grad.dtype) == (np.float32, np.float64)


def test_float64_scalar_of_numpy_widens_as_numpy_says() -> None:
    x = Tensor(np.ones(2, np.float32))
    assert (np.float64(2) * x).dtype == (np.float64(2) * x.data).dtype
    assert (2.0 * x).dtype == (2.0 * x.data).dtype


# Powers.


def test_square_of_a_negative_number() -> None:
    assert gradient(lambda x: x**2, [-3.0])[0].tolist() == [-6.0]
    assert grad(grad(lambda x: x**3))(-2.0) == -12.0
    v = Value(-3.0)
    (v**2).backward()
    assert v.grad == -6.0


@pytest.mark.parametrize("exponent", [0, 1, 2, 3, 0.0, 1.0, 2.0])
def test_powers_of_zero(exponent: float) -> None:
    expected = 1.0 if exponent == 1 else 0.0
    assert gradient(lambda x: x**exponent, [0.0])[0].tolist() == [expected]
    v = Value(0.0)
    (v**exponent).backward()
    assert v.grad == expected


def test_curvature_of_powers_at_zero() -> None:
    assert [grad(grad(lambda x, n=n: x**n))(0.0) for n in (0, 1, 2, 3)] == [0.0, 0.0, 2.0, 0.0]


def test_recorded_exponent_of_a_negative_base() -> None:
    a, b = gradient(lambda a, b: a**b, [-2.0], [2.0])
    assert a.tolist() == [-4.0]
    assert np.isnan(b).all()


def test_zero_to_the_power_of_a_node() -> None:
    assert gradient(lambda b: 0.0**b, [2.0, 0.0])[0].tolist() == [0.0, 0.0]


# Mixing with Python and NumPy.


@pytest.mark.parametrize(
    ("f", "value", "slope"),
    [
        (lambda v: 2.0**v, 8.0, 8.0 * np.log(2)),
        (lambda v: np.float64(2) * v, 6.0, 2.0),
        (lambda v: v * np.float64(2), 6.0, 2.0),
        (lambda v: np.float32(2) - v, -1.0, -1.0),
        (lambda v: np.int64(6) / v, 2.0, -6.0 / 9),
        (lambda v: np.array(2.0) * v, 6.0, 2.0),
        (lambda v: v ** np.array(2.0), 9.0, 6.0),
        (lambda v: 1 - v, -2.0, -1.0),
        (lambda v: 6 / v, 2.0, -6.0 / 9),
        (lambda v: 7 % v, 1.0, -2.0),
        (lambda v: True + v, 4.0, 1.0),
        (lambda v: np.power(2.0, v), 8.0, 8.0 * np.log(2)),
        (lambda v: sum([v, v, v]), 9.0, 3.0),
        (lambda v: np.tanh(v * 0.0), 0.0, 0.0),
    ],
)
@pytest.mark.parametrize("kind", [Value, Tensor])
def test_numbers_on_either_side(kind: Any, f: Any, value: float, slope: float) -> None:
    x = kind(3.0)
    y = f(x)
    assert type(y) is kind
    y.backward()
    assert (float(y.data), float(x.grad)) == (pytest.approx(value), pytest.approx(slope))


@pytest.mark.parametrize("f", [lambda a, v: a * v, lambda a, v: v * a])
def test_array_times_value_is_an_array_of_values(f: Any) -> None:
    v = Value(3.0)
    products = f(np.array([1.0, 2.0]), v)
    assert [type(p) for p in products] == [Value, Value]
    products.sum().backward()
    assert ([p.data for p in products], v.grad) == ([3.0, 6.0], 3.0)


def test_array_of_values_of_no_axes_meets_a_value() -> None:
    v = Value(3.0)
    wrapped = np.empty((), dtype=object)
    wrapped[()] = v
    np.multiply(wrapped, v).backward()
    assert v.grad == 6.0


@pytest.mark.parametrize("f", [lambda a, t: a * t, lambda a, t: t * a, lambda a, t: np.multiply(a, t)])
@pytest.mark.parametrize("a", [np.array([1.0, 2.0]), [1.0, 2.0]], ids=["array", "list"])
def test_array_times_tensor_is_one_tensor(f: Any, a: Any) -> None:
    t = Tensor([3.0, 4.0])
    y = f(a, t)
    assert type(y) is Tensor
    y.sum().backward()
    assert t.grad.tolist() == [1.0, 2.0]


def test_sum_starts_from_the_number_zero() -> None:
    t = Tensor([1.0, 2.0])
    sum(list(t)).backward()
    assert t.grad.tolist() == [1.0, 1.0]


def test_array_of_tensors_does_not_leave_the_graph() -> None:
    t = Tensor([1.0, 2.0])
    with pytest.raises(errors.LeftGraphError, match=r"np\.stack"):
        np.array([t, t])
    np.stack([t, t]).sum().backward()
    assert t.grad.tolist() == [2.0, 2.0]


# Nesting.


def test_inner_derivative_sees_the_outer_variable() -> None:
    assert grad(lambda x: x * grad(lambda y: x * y)(2.0))(3.0) == 6.0
    assert grad(lambda x: x * grad(lambda y: x + y)(1.0))(1.0) == 1.0
    assert grad(lambda x: grad(lambda y: x**2 * y**3)(x))(2.0) == pytest.approx(3 * 4 * 2**3)


def test_inner_grad_captures_an_outer_tensor() -> None:
    w = Tensor([1.0, 2.0])
    inner = grad(lambda x: (w * x**2).sum())(np.array([3.0, 4.0]))
    assert isinstance(inner, Tensor)
    inner.sum().backward()
    assert w.grad.tolist() == [6.0, 8.0]


def test_inner_grad_captures_an_outer_value() -> None:
    w = Value(2.0)
    inner = grad(lambda x: w * x * x)(Value(3.0))
    inner.backward()
    assert w.grad == 6.0


def test_fourth_derivative() -> None:
    assert grad(grad(grad(grad(np.sin))))(0.5) == pytest.approx(np.sin(0.5), rel=1e-12)


def test_third_derivative_by_create_graph() -> None:
    x = Tensor(2.0)
    y = x**4
    for expected in (32.0, 48.0, 48.0, 24.0):
        x.zero_grad()
        y.backward(create_graph=True)
        y = x.grad
        assert y.item() == expected


def test_value_and_grad_of_a_tree() -> None:
    tree = {"w": [np.array([1.0, 2.0]), 3.0], "b": (np.array([[4.0]]),)}
    y, g = value_and_grad(lambda p: (p["w"][0] * p["w"][1]).sum() + p["b"][0].sum() ** 2)(tree)
    assert y == 25.0
    assert (g["w"][0].tolist(), g["w"][1], g["b"][0].tolist()) == ([3.0, 3.0], 3.0, [[8.0]])


# Indices.


def test_repeated_places_add_up() -> None:
    assert gradient(lambda t: t[[0, 0]], [1.0, 2.0])[0].tolist() == [2.0, 0.0]
    assert gradient(lambda t: t[np.array([[0, 1], [1, 1]])], [1.0, 2.0])[0].tolist() == [1.0, 3.0]
    assert gradient(lambda t: np.take(t, [1, 1, -1]), [1.0, 2.0])[0].tolist() == [0.0, 3.0]


@pytest.mark.parametrize("part", [slice(1, 2), slice(1, 3, 2), slice(1, None, 5), slice(1, 0, -1), [1], -2])
def test_slice_of_exactly_one_element(part: Any) -> None:
    assert gradient(lambda t: t[part] * 7.0, [1.0, 2.0, 3.0])[0].tolist() == [0.0, 7.0, 0.0]


def test_mask_from_a_comparison() -> None:
    assert gradient(lambda t: t[t > 1.5] ** 2, [1.0, 2.0, 3.0])[0].tolist() == [0.0, 4.0, 6.0]


def test_second_derivative_through_repeated_places() -> None:
    curvature = grad(lambda x: grad(lambda x: (x[np.array([0, 0, 1])] ** 3).sum())(x).sum())(np.array([1.0, 2.0]))
    assert curvature.tolist() == [12.0, 12.0]


# Reuse and depth.


@pytest.mark.parametrize("kind", [Value, Tensor])
def test_node_used_twice(kind: Any) -> None:
    x = kind(3.0)
    (x * x).backward()
    assert float(x.grad) == 6.0


@pytest.mark.parametrize("kind", [Value, Tensor])
def test_diamond(kind: Any) -> None:
    x = kind(3.0)
    a = x * 2
    b = a + 1
    c = a * a
    (b * c).backward()  # (2x + 1) 4x² = 8x³ + 4x², whose derivative is 24x² + 8x
    assert float(x.grad) == 240.0


def test_diamonds_in_a_row_take_linear_time() -> None:
    x = Value(1.0)
    y = x
    for _ in range(500):
        y = y * 0.5 + y * 0.5  # 2**500 paths
    y.backward()
    assert x.grad == 1.0


@pytest.mark.parametrize(("kind", "length"), [(Value, 1_000_000), (Tensor, 100_000)])
def test_long_chain(kind: Any, length: int) -> None:
    x = kind(1.0)
    first = y = x + 1e-6
    for _ in range(length - 1):
        y = y + 1e-6
    y.backward()
    assert float(x.grad) == 1.0
    gone = weakref.ref(first)
    del first, y, _  # freed without recursion and without a crash
    gc.collect()
    assert gone() is None


def test_freed_without_the_cycle_collector() -> None:
    gc.disable()
    try:
        y = Value(1.0) * 2.0
        y.backward()
        gone = weakref.ref(y)
        del y
        assert gone() is None
    finally:
        gc.enable()


# Kinks and singular points; test_torch.py compares them with PyTorch.


@pytest.mark.parametrize(
    ("f", "at", "expected"),
    [
        (abs, 0.0, 0.0),
        (autograd.relu, 0.0, 0.0),
        (lambda x: np.maximum(x, 0.0), 0.0, 0.5),
        (lambda x: np.minimum(x, 0.0), 0.0, 0.5),
        (lambda x: np.maximum(x, x), 2.0, 1.0),
        (np.sign, 0.0, 0.0),
        (np.floor, 1.0, 0.0),
        (lambda x: np.hypot(x, 0.0), 0.0, 0.0),
        (lambda x: np.arctan2(x, 0.0), 0.0, 0.0),
    ],
)
@pytest.mark.parametrize("kind", [Value, Tensor])
def test_subgradients(kind: Any, f: Any, at: float, expected: float) -> None:
    x = kind(at)
    f(x).backward()
    assert float(x.grad) == expected


@pytest.mark.parametrize(("at", "expected"), [(-1.0, 1.0), (1.0, 1.0), (0.0, 1.0), (1.5, 0.0)])
def test_clip_passes_at_its_ends(at: float, expected: float) -> None:
    assert gradient(lambda x: np.clip(x, -1, 1), at)[0] == expected


def test_ties_share_the_gradient() -> None:
    assert gradient(np.max, [1.0, 3.0, 3.0])[0].tolist() == [0.0, 0.5, 0.5]
    assert gradient(np.min, [1.0, 1.0, 1.0, 3.0])[0].tolist() == pytest.approx([1 / 3, 1 / 3, 1 / 3, 0.0])
    x = [[1.0, 1.0], [2.0, 0.0]]
    assert gradient(lambda x: x.max(axis=1), x)[0].tolist() == [[0.5, 0.5], [1.0, 0.0]]


def test_deviation_of_a_constant() -> None:
    assert gradient(np.std, [2.0, 2.0, 2.0])[0].tolist() == [0.0, 0.0, 0.0]
    assert gradient(np.var, [2.0, 2.0, 2.0])[0].tolist() == [0.0, 0.0, 0.0]
    assert gradient(lambda x: x.std(axis=1), [[1.0, 1.0], [0.0, 2.0]])[0].tolist() == [[0.0, 0.0], [-0.5, 0.5]]


def test_root_at_zero() -> None:
    assert gradient(np.sqrt, [0.0])[0].tolist() == [np.inf]
    assert gradient(lambda x: np.sqrt((x**2).sum()) ** 2, [0.0, 0.0])[0].tolist() == [0.0, 0.0]


def others(x: list[float]) -> list[float]:
    """For each number the product of all others."""
    return [float(np.prod(x[:i] + x[i + 1 :])) for i in range(len(x))]


@pytest.mark.parametrize(
    "x", [[0.0, 2.0, 3.0], [0.0, 0.0, 3.0], [0.0, 0.0, 0.0], [0.0], [5.0, 0.0], [1.0, 2.0, 3.0, 4.0, 0.0]]
)
def test_product_with_zeros(x: list[float]) -> None:
    assert gradient(np.prod, x)[0].tolist() == others(x)
    for i in range(len(x)):  # the second derivative: the product of all but two
        row = grad(lambda x, i=i: grad(np.prod)(x)[i])(np.array(x)).tolist()
        rest = others(x[:i] + x[i + 1 :])
        assert row == [*rest[:i], 0.0, *rest[i:]]


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # NumPy's, from the branch that is not taken
@pytest.mark.parametrize(
    ("f", "x", "expected"),
    [
        (lambda x: np.where(x > 0, np.sqrt(x), x), [-1.0, 0.0, 4.0], [1.0, 1.0, 0.25]),
        (lambda x: np.where(x > 0, np.log(x), 0.0), [-1.0, 0.0, 4.0], [0.0, 0.0, 0.25]),
        (lambda x: np.where(x != 0, 1 / x, x), [0.0, 2.0], [1.0, -0.25]),
        (lambda x: np.where(x != 0, np.sin(x) / x, 1.0), [0.0], [0.0]),
        (lambda x: np.where(x > 0, x**0.5, x), [0.0, 4.0], [1.0, 0.25]),
        (lambda x: np.where(abs(x) < 1, np.arctanh(x), 0.0), [0.0, 1.0, 2.0], [1.0, 0.0, 0.0]),
        (lambda x: np.where(x > 0, x * np.log(x), 0.0), [0.0, 1.0], [0.0, 1.0]),
        (lambda x: np.where(x < 9, np.exp(x), x), [1000.0, 0.0], [1.0, 1.0]),
        (lambda x: np.where(x > 0, 2.0 * (1 / x) * x, x), [0.0, 4.0], [1.0, 0.0]),
        (lambda x: np.where(x < 9, np.cosh(x), x), [1000.0, 0.0], [1.0, 0.0]),
        (lambda x: np.where(x < 9, np.sinh(x) ** 2, x), [1000.0, 0.0], [1.0, 0.0]),
    ],
)
def test_branch_that_was_not_taken(f: Any, x: list[float], expected: list[float]) -> None:
    assert gradient(f, x)[0].tolist() == expected


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_branch_that_was_not_taken_in_the_second_derivative() -> None:
    slope = grad(lambda x: np.where(x > 0, np.sqrt(x), x * x).sum())
    assert grad(lambda x: slope(x).sum())(np.array([-1.0, 0.0, 4.0])).tolist() == [2.0, 2.0, -1 / 32]


def test_value_times_zero_at_a_singular_point() -> None:
    x = Value(0.0)
    (x.sqrt() * 0.0).backward()
    assert x.grad == 0.0


# Shapes at the edge.


@pytest.mark.parametrize("f", [np.sum, np.prod, lambda x: np.exp(x) * 2, lambda x: x[:0], lambda x: x.T @ x])
def test_nothing_has_a_gradient_of_nothing(f: Any) -> None:
    assert gradient(f, np.zeros((0, 3)))[0].shape == (0, 3)


def test_mean_of_one_and_sum_of_a_number() -> None:
    assert gradient(np.mean, [4.0])[0].tolist() == [1.0]
    assert gradient(np.sum, 4.0)[0] == 1.0
    assert gradient(lambda x: x.sum(keepdims=True), 4.0)[0].shape == ()


@pytest.mark.parametrize(
    "f", [np.exp, np.sum, np.max, np.cumsum, np.ravel, lambda x: x[...], lambda x: x[()], np.transpose]
)
def test_array_without_axes(f: Any) -> None:
    (g,) = gradient(f, 0.0)
    assert (type(g), g.shape, g.item()) == (np.ndarray, (), 1.0)


VIEWS = {
    "reversed": lambda x: x[::-1, ::-1],
    "transposed": lambda x: x.T,
    "strided": lambda x: x[:, ::2],
    "column order": np.asfortranarray,
    "broadcast": lambda x: np.broadcast_to(x[:1], (3, 4)),
}


@pytest.mark.parametrize("view", VIEWS.values(), ids=VIEWS)
def test_views(view: Any) -> None:
    x = view(np.arange(1.0, 13.0).reshape(3, 4))
    w = np.sin(x)
    np.testing.assert_allclose(gradient(lambda t: w * t**2, x)[0], 2 * w * x)
    np.testing.assert_allclose(gradient(lambda t: t[::-1].T ** 2, x)[0], 2 * x)
    np.testing.assert_allclose(gradient(lambda t: np.reshape(t, -1, order="F") * w.ravel(order="F"), x)[0], w)


def test_one_element_against_no_axes() -> None:
    a, b = gradient(lambda a, b: a * b, [3.0], 4.0)
    assert (a.shape, b.shape, a.tolist(), b.item()) == ((1,), (), [4.0], 3.0)


def test_column_against_row() -> None:
    a, b = gradient(lambda a, b: a * b, [[1.0], [2.0]], [[3.0, 4.0, 5.0]])
    assert (a.tolist(), b.tolist()) == ([[12.0], [12.0]], [[3.0, 3.0, 3.0]])


# Backward passes.


@pytest.mark.parametrize("kind", [Value, Tensor])
def test_second_pass_adds_to_leaves_and_not_to_results(kind: Any) -> None:
    x = kind(2.0)
    square = x * x
    y = square * x
    y.backward()
    assert (float(x.grad), float(square.grad), float(y.grad)) == (12.0, 2.0, 1.0)
    y.backward()
    assert (float(x.grad), float(square.grad), float(y.grad)) == (24.0, 2.0, 1.0)


@pytest.mark.parametrize("kind", [Value, Tensor])
def test_zero_grad_starts_again(kind: Any) -> None:
    x = kind(2.0)
    y = x * x
    y.backward()
    x.zero_grad()
    assert x.grad == kind._no_gradient
    y.backward()
    assert float(x.grad) == 4.0


def test_two_results_add_into_their_leaf() -> None:
    x = Tensor([1.0, 2.0])
    (x * 3).sum().backward()
    (x * x).sum().backward()
    assert x.grad.tolist() == [5.0, 7.0]


def test_leaf_is_its_own_gradient() -> None:
    for x in (Value(2.0), Tensor(2.0)):
        x.backward()
        assert float(x.grad) == 1.0


def test_gradients_of_leaves_are_not_the_same_array() -> None:
    a, b = Tensor([1.0, 2.0]), Tensor([3.0, 4.0])
    seed = np.ones(2)
    (a + b).backward(seed)
    a.grad[0] = 100.0
    assert (b.grad.tolist(), seed.tolist()) == ([1.0, 1.0], [1.0, 1.0])


def test_gradient_of_a_leaf_can_be_written_to() -> None:
    a = Tensor([1.0, 2.0])
    a.sum().backward()
    a.grad *= 0.5
    assert a.grad.tolist() == [0.5, 0.5]


def test_gradient_that_was_taken_away_does_not_change() -> None:
    a = Tensor([1.0, 2.0])
    a.sum().backward()
    first = a.grad
    a.sum().backward()
    assert (first.tolist(), a.grad.tolist()) == ([1.0, 1.0], [2.0, 2.0])


def test_arrays_of_the_user_are_copied() -> None:
    array = np.array([1.0, 2.0])
    x = Tensor(array)
    y = (x * x).sum()
    array[:] = 100.0
    y.backward()
    assert (x.data.tolist(), x.grad.tolist()) == ([1.0, 2.0], [2.0, 4.0])


def test_data_that_is_assigned_is_copied() -> None:
    x, array = Tensor([0.0]), np.array([1.0])
    x.data = array
    array[:] = 100.0
    assert x.data.tolist() == [1.0]


# Stale graphs.


@pytest.mark.parametrize("kind", [Value, Tensor])
@pytest.mark.parametrize("constant", [False, True], ids=["parameter", "constant"])
def test_data_assigned_after_use(kind: Any, constant: bool) -> None:
    x, p = kind(2.0), kind(3.0)
    p.requires_grad = not constant
    y = x * p
    p.data = 5.0
    with pytest.raises(errors.StaleGraphError, match="compute the result again"):
        y.backward()
    (x * p).backward()
    assert float(x.grad) == 5.0


def test_data_changed_in_place_by_an_operator() -> None:
    p = Tensor([3.0])
    y = p * p
    p.data -= 1.0
    with pytest.raises(errors.StaleGraphError):
        y.backward()


def test_item_assigned_under_no_grad() -> None:
    p = Tensor([3.0, 4.0])
    y = (p * p).sum()
    with no_grad():
        p[0] = 10.0
    assert p.data.tolist() == [10.0, 4.0]
    with pytest.raises(errors.StaleGraphError):
        y.backward()


def test_item_assigned_to_a_detached_twin() -> None:
    p = Tensor([3.0, 4.0])
    y = (p * p).sum()
    twin = p.detach()
    twin[0] = 10.0
    y.backward()
    assert twin.data.tolist() == [10.0, 4.0]
    assert p.grad.tolist() == [6.0, 8.0]


@pytest.mark.parametrize("index", [[0, 1], np.array([0, 1])], ids=["list", "array"])
def test_index_changed_after_use(index: Any) -> None:
    t = Tensor([1.0, 2.0, 3.0])
    y = t[index].sum()
    index[0] = 2
    y.backward()
    assert t.grad.tolist() == [1.0, 1.0, 0.0]


def test_mask_changed_after_use() -> None:
    t, mask = Tensor([1.0, 2.0]), np.array([True, False])
    y = np.where(mask, t, 0.0).sum()
    mask[:] = False
    y.backward()
    assert t.grad.tolist() == [1.0, 0.0]


def test_empty_index() -> None:
    t = Tensor([1.0, 2.0])
    assert t[[]].shape == t[np.zeros(0, int)].shape == (0,)


def test_item_assigned_to_a_part() -> None:
    p = Tensor([3.0, 4.0])
    with pytest.raises(errors.MutationError, match=r"w\[0, 1\] = value instead of w\[0\]\[1\]"):
        p.detach()[:1][0] = 10.0


def test_step_of_a_training_loop_is_not_stale() -> None:
    p = Tensor([3.0])
    for _ in range(3):
        p.zero_grad()
        (p * p).sum().backward()
        p.data = p.data - 0.25 * p.grad
    assert p.data.tolist() == [0.375]


# Switches.


@pytest.mark.parametrize("kind", [Value, Tensor])
def test_no_grad(kind: Any) -> None:
    x = kind(2.0)
    with no_grad():
        y = x * x
    assert (y.requires_grad, y.inputs) == (False, ())
    assert (x * x).requires_grad


def test_no_grad_as_decorator() -> None:
    x = Tensor(2.0)

    @no_grad()
    def predict() -> Any:
        return x * x

    assert not predict().requires_grad
    assert not predict().requires_grad
    assert (x * x).requires_grad


def test_no_grad_ends_with_an_error() -> None:
    x = Tensor(2.0)
    with pytest.raises(RuntimeError), no_grad():
        raise RuntimeError
    assert (x * x).requires_grad


@pytest.mark.parametrize("kind", [Value, Tensor])
def test_detach(kind: Any) -> None:
    x = kind(3.0)
    (x * x.detach()).backward()
    assert float(x.grad) == 3.0


@pytest.mark.parametrize("kind", [Value, Tensor])
def test_frozen(kind: Any) -> None:
    x, frozen = kind(3.0), kind(4.0)
    frozen.requires_grad = False
    (x * frozen).backward()
    assert float(x.grad) == 4.0
    assert frozen.grad == kind._no_gradient


def test_no_grad_in_one_thread_does_not_touch_another() -> None:
    entered, checked = threading.Event(), threading.Event()
    seen = []

    def silent() -> None:
        with no_grad():
            entered.set()
            checked.wait(10)
            seen.append((Tensor(1.0) * 2).requires_grad)

    thread = threading.Thread(target=silent)
    thread.start()
    entered.wait(10)
    seen.append((Tensor(1.0) * 2).requires_grad)
    checked.set()
    thread.join()
    assert seen == [True, False]


def test_graphs_of_two_threads_do_not_meet() -> None:
    results = {}

    def work(n: int) -> None:
        x = Value(float(n))
        y = x
        for _ in range(2000):
            y = y * 1.0 + x
        y.backward()
        results[n] = x.grad

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == dict.fromkeys(range(4), 2001.0)


# Copies.


def test_pickled_graph_can_be_differentiated() -> None:
    for kind in (Value, Tensor):
        x = kind(3.0)
        x2, y2 = pickle.loads(pickle.dumps((x, x * x)))
        y2.backward()
        assert float(x2.grad) == 6.0
        assert x.grad == kind._no_gradient


def test_deep_copy_is_a_graph_of_its_own() -> None:
    x = Tensor([3.0])
    x2, y2 = copy.deepcopy((x, x * x))
    y2.backward()
    assert (x2.grad.tolist(), x.grad) == ([6.0], None)


def test_pickled_gradient_function() -> None:
    cosine = pickle.loads(pickle.dumps(grad(np.sin)))
    assert cosine(0.0) == 1.0


def test_pickle_of_another_process_is_not_stale() -> None:
    """There the counter of creation had come further than here."""
    program = """
import pickle, sys
from autograd import Value
for _ in range(1_000_000):
    x = Value(3.0)
sys.stdout.buffer.write(pickle.dumps(x))
"""
    elsewhere = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True).stdout
    load = """
import pickle, sys
x = pickle.loads(sys.stdin.buffer.read())
(x * x).backward()
print(x.grad)
"""
    here = subprocess.run([sys.executable, "-c", load], input=elsewhere, capture_output=True, check=False)
    assert (here.returncode, here.stdout.decode().strip()) == (0, "6.0"), here.stderr.decode()


def test_mixed_derivative_of_a_power_at_exponent_0() -> None:
    """d²/da db of ``a**b`` is ``a**(b - 1) * (1 + b log(a))``, which is 1 / a there."""
    for kind in (Value, Tensor):
        (_, mixed), (_, by_b) = autograd.hessian(lambda a, b: a**b, (0, 1))(kind(4.0), kind(0.0))
        assert (float(getattr(mixed, "data", mixed)), float(getattr(by_b, "data", by_b))) == (
            0.25,
            np.log(4.0).item() ** 2,
        )
    assert grad(lambda a: a**0)(0.0) == 0.0
    assert grad(lambda a, b: a**b)(np.float64(0.0), 0.0) == 0.0


# NumPy's own meaning is kept.


def test_fmax_ignores_nan() -> None:
    x = Tensor([1.0, np.nan, 3.0])
    y = np.fmax(x, 2.0)
    assert y.data.tolist() == np.fmax(x.data, 2.0).tolist()
    y.sum().backward()
    assert x.grad.tolist() == [0.0, 0.0, 1.0]


def test_questions_are_answered_by_plain_arrays() -> None:
    x = Tensor([1.0, np.nan])
    assert np.isnan(x).tolist() == [False, True]
    assert np.greater(x, 0).tolist() == [True, False]
    assert np.logical_not(x).tolist() == [False, False]
    assert (np.isfinite(Value(1.0)), np.greater(Value(1.0), 0)) == (True, True)


def test_average_weighs_along_its_axis() -> None:
    a, w = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([0.9, 0.1])
    for axis in (0, 1, -1):
        x = Tensor(a)
        y = np.average(x, axis=axis, weights=w)
        np.testing.assert_allclose(y.data, np.average(a, axis=axis, weights=w))
        y.sum().backward()
        np.testing.assert_allclose(x.grad, np.broadcast_to(w[:, None] if axis == 0 else w, (2, 2)))


def test_whole_numbers_pass_no_gradient() -> None:
    x = Tensor([1.5, 2.5])
    (x * x.astype(int)).sum().backward()
    assert x.grad.tolist() == [1.0, 2.0]


@pytest.mark.parametrize("x", [0.5, 1.0, 1.5, 2.0, 2.5])
def test_clip_to_an_empty_interval_is_its_upper_end(x: float) -> None:
    assert grad(lambda low, high, x: np.clip(x, low, high), (0, 1, 2))(2.0, 1.0, x) == (0.0, 1.0, 0.0)


def test_rounding_passes_zero_however_it_is_called() -> None:
    for rounded in (np.round, np.around, np.rint, lambda x: x.round(), lambda x: np.round(x, decimals=1)):
        assert gradient(rounded, np.array([1.26, -0.74]))[0].tolist() == [0.0, 0.0]
    v = Value(1.26)
    y = np.round(v, 1)
    y.backward()
    assert (y.data, v.grad) == (1.3, 0.0)


# What makes the backward pass fast must not be seen.


def test_where_a_gradient_is_zero_an_earlier_pass_is_forgotten() -> None:
    """A pass stops where the gradient is 0; the results beyond must not keep what another pass left there."""
    x = Value(3.0)
    square = x * x
    beyond = square * 2.0
    dead = (beyond * -1.0).relu()
    beyond.backward()
    assert (square.grad, x.grad) == (2.0, 12.0)
    (dead * 5.0).backward()
    assert (beyond.grad, square.grad) == (0.0, 0.0)
    assert x.grad == 12.0  # a leaf adds up


def test_a_zero_that_meets_infinity_before_a_matrix_product() -> None:
    """The square root is not taken where the product is 0, so its infinite slope must not spoil the weights."""
    weight = Tensor([[1.0, 0.0], [0.0, 0.0]])
    h = np.array([[4.0, 2.0]]) @ weight
    np.where(h > 0, np.sqrt(h), h).sum().backward()
    assert weight.grad.tolist() == [[1.0, 4.0], [0.5, 2.0]]


def test_a_weight_in_a_product_and_by_itself() -> None:
    """Whichever reaches the leaf first, the spoilt share of the other is found."""
    for product_first in (True, False):
        w = Tensor([0.0, 4.0])
        parts = [w @ np.array([1.0, 1.0]), np.where(w > 0, np.sqrt(w), 0).sum()]
        (parts[0] + parts[1] if product_first else parts[1] + parts[0]).backward()
        assert w.grad.tolist() == [1.0, 1.25]


def test_sums_grow_in_place_without_touching_what_is_given() -> None:
    """A leaf that is used three times gets one sum; the given gradient, and other leaves, stay as they are."""
    x, other = Tensor([1.0, 2.0]), Tensor([5.0, 6.0])
    seed = np.array([1.0, 10.0])
    (x + x + x + other).backward(seed)
    assert (x.grad.tolist(), other.grad.tolist(), seed.tolist()) == ([3.0, 30.0], [1.0, 10.0], [1.0, 10.0])
    x.grad += 1
    assert other.grad.tolist() == [1.0, 10.0]


@pytest.mark.parametrize("f", [lambda x: x.tanh(), lambda x: x * 2.0, lambda x: np.exp(x)])
def test_a_result_that_was_frozen_later_gets_nothing(f: Any) -> None:
    x = Tensor([1.0, 2.0])
    h = f(x)
    y = np.sum(f(h))
    h.requires_grad = False
    y.backward()
    assert (h.grad, x.grad) == (None, None)


def test_the_mixed_derivative_of_a_power_at_exponent_0() -> None:
    """d/db of ``b * a ** (b - 1)`` is ``a ** (b - 1)`` at b = 0."""
    mixed = grad(grad(lambda a, b: a**b, 0), 1)
    assert mixed(2.0, 0.0) == pytest.approx(0.5)
    a, b = np.array([2.0, 4.0]), np.zeros(2)
    np.testing.assert_allclose(grad(lambda b: np.sum(grad(lambda a: np.sum(a**b))(a)))(b), 1 / a)


def test_a_plain_number_is_given_where_it_is_meant() -> None:
    t, sqrt, array = Tensor([2.0]).sum(), math.sqrt, np.zeros(2)
    assert [float(t), int(t), complex(t), t.item(), f"{t:.1f}"] == [2.0, 2, 2.0, 2.0, "2.0"]
    assert t > 1
    assert math.isfinite(t)
    assert not math.isnan(t)
    assert math.floor(t) == 2
    assert math.sin(t.detach()) == math.sin(2.0)
    assert max(float(t), 1.0) == 2.0
    for lost in (
        lambda: math.sin(t),
        lambda: sqrt(t),
        lambda: 1 + math.exp(t) * 2,
        lambda: cmath.exp(t),
        lambda: array.fill(t),
        lambda: [math.log(x) for x in (t,)],
        lambda: math.pow(2.0, t),
    ):
        with pytest.raises((errors.LeftGraphError, ValueError)):  # NumPy puts its own in front, in fill
            lost()
    assert not array.any()
