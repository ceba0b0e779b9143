"""autograd.misc and autograd.test_util, and short programs as they are written for HIPS autograd."""

from __future__ import annotations

from collections import OrderedDict, namedtuple
from typing import Any

import numpy as onp
import pytest

import autograd.numpy as np
import autograd.numpy.random as npr
from autograd import Tensor, errors, grad, jacobian, value_and_grad
from autograd import elementwise_grad as egrad
from autograd.extend import defjvp, defvjp, primitive
from autograd.misc import const_graph, flatten
from autograd.misc.fixed_points import fixed_point
from autograd.misc.flatten import flatten_func
from autograd.misc.optimizers import adam, rmsprop, sgd, unflatten_optimizer
from autograd.misc.tracers import const_graph_unary, full_graph
from autograd.test_util import (
    check_equivalent,
    check_grads,
    check_jvp,
    check_vjp,
    combo_check,
    make_numerical_jvp,
    numerical_jvp,
    scalar_close,
)

# flatten.

Pair = namedtuple("Pair", "left right")  # noqa: PYI024 -- as old programs have them
TREE = {"b": [1.0, onp.arange(6.0).reshape(2, 3)], "a": Pair(onp.ones(2), ()), "c": OrderedDict(z=5.0)}


def test_flatten_and_back() -> None:
    vector, unflatten = flatten(TREE)
    onp.testing.assert_array_equal(vector, [1, 1, 1, 0, 1, 2, 3, 4, 5, 5])
    again = unflatten(2 * vector)
    onp.testing.assert_array_equal(again["b"][1], 2 * TREE["b"][1])
    assert type(again["a"]) is Pair
    assert again["a"].right == ()
    assert again["c"] == OrderedDict(z=10.0)
    assert type(again["b"][0]) is float
    onp.testing.assert_array_equal(flatten(again)[0], 2 * vector)


def test_flatten_alone() -> None:
    assert flatten(3.0)[0].tolist() == [3.0]
    assert flatten(3.0)[1](onp.array([4.0])) == 4.0
    assert flatten(())[0].shape == (0,)
    assert flatten(())[1](onp.array([])) == ()


def test_flatten_records_both_ways() -> None:
    assert grad(lambda x, y: np.sum(flatten([x, {"y": y}])[0] ** 2), (0, 1))(1.0, 2.0) == (2.0, 4.0)
    vector, unflatten = flatten(TREE)
    gradient = grad(lambda v: np.sum(unflatten(v)["b"][1] ** 2))(vector)
    onp.testing.assert_array_equal(gradient, [0, 0, 0, 0, 2, 4, 6, 8, 10, 0])
    assert jacobian(lambda v: flatten(unflatten(v))[0])(vector).tolist() == onp.eye(10).tolist()


def test_vector_of_another_length() -> None:
    _, unflatten = flatten(TREE)
    with pytest.raises(errors.ArgumentError, match=r"length 10[^$]*shape \(3,\)[^$]*cure"):
        unflatten(onp.zeros(3))


def test_flatten_func() -> None:
    f, unflatten, vector = flatten_func(lambda tree, k: {"a": k * tree["a"]}, {"a": onp.ones(2)})
    onp.testing.assert_array_equal(unflatten(f(vector, 3.0))["a"], [3.0, 3.0])


# Optimisers.


def bowl(p: Any, i: int = 0) -> Any:
    return np.sum((p["x"] - np.array([3.0, -1.0])) ** 2) + 10 * (p["y"] - 2.0) ** 2


@pytest.mark.parametrize(
    ("optimize", "options"),
    [
        (sgd, {"step_size": 0.05}),
        (rmsprop, {"num_iters": 600, "step_size": 0.01}),
        (adam, {"num_iters": 900, "step_size": 0.05}),
    ],
)
def test_optimisers_find_the_bottom(optimize: Any, options: Any) -> None:
    seen = []
    found = optimize(
        grad(bowl), {"x": onp.zeros(2), "y": 0.0}, lambda x, i, g: seen.append((i, sorted(x), sorted(g))), **options
    )
    onp.testing.assert_allclose(found["x"], [3, -1], atol=0.02)
    assert found["y"] == pytest.approx(2.0, abs=0.02)
    assert seen[0] == (0, ["x", "y"], ["x", "y"])
    assert len(seen) == options.get("num_iters", 200)


def test_first_steps_are_the_textbook_s() -> None:
    g = onp.array([2.0, -4.0])
    onp.testing.assert_allclose(sgd(lambda x, i: g, onp.zeros(2), None, 2, 0.1, 0.9), -0.1 * 0.1 * g - 0.1 * 0.19 * g)
    onp.testing.assert_allclose(
        adam(lambda x, i: g, onp.zeros(2), num_iters=1, step_size=0.1), -0.1 * onp.sign(g), rtol=1e-6
    )
    square = 0.9 + 0.1 * g**2
    onp.testing.assert_allclose(
        rmsprop(lambda x, i: g, onp.zeros(2), num_iters=1), -0.1 * g / onp.sqrt(square), rtol=1e-6
    )


def test_optimisers_of_one_s_own() -> None:
    @unflatten_optimizer
    def descend(grad: Any, x: Any, callback: Any = None, rate: float = 0.1) -> Any:
        """Ten steps."""
        for i in range(10):
            x = x - rate * grad(x, i)
        return x

    assert descend.__doc__ == "Ten steps."
    assert descend(lambda x, i: (2 * x[0],), (1.0,), rate=0.25) == (1 / 2**10,)


def test_one_can_differentiate_through_an_optimiser() -> None:
    def reached(step: Any) -> Any:
        return sgd(lambda x, i: 2 * (x - 3.0), onp.zeros(1), num_iters=3, step_size=step)[0]

    check_grads(reached)(0.3)


# Fixed points.


def root(a: Any) -> Any:
    return fixed_point(lambda a: lambda x: x - 0.05 * (x**2 - a), a, 10.0, lambda x, y: np.abs(x - y), 1e-12)


def test_fixed_point_and_its_derivatives() -> None:
    assert root(2.0) == pytest.approx(2**0.5)
    assert grad(root)(2.0) == pytest.approx(0.5 * 2**-0.5, rel=1e-8)
    assert grad(grad(root))(2.0) == pytest.approx(-0.25 * 2**-1.5, rel=1e-6)


def test_fixed_point_of_trees() -> None:
    A = onp.array([[0.2, -0.1], [0.3, 0.1]])

    def rest(parameters: Any) -> Any:
        return fixed_point(
            lambda p: lambda x: np.tanh(p["A"] @ x + p["b"]),
            parameters, onp.zeros(2), lambda x, y: np.max(np.abs(x - y)), 1e-13,
        )  # fmt: skip

    b = onp.array([0.5, -0.3])
    x = rest({"A": A, "b": b})
    slope = onp.diag(1 - x**2)
    onp.testing.assert_allclose(
        jacobian(lambda b: rest({"A": A, "b": b}))(b), onp.linalg.solve(onp.eye(2) - slope @ A, slope), rtol=1e-8
    )
    check_grads(lambda a: rest({"A": a, "b": b}), modes=["rev"], order=1)(A)


# Replay.


def test_const_graph_runs_the_function_once() -> None:
    calls: list[Any] = []

    def f(x: Any, y: Any, scale: float = 1.0) -> Any:
        calls.append(None)
        return {"sum": scale * (np.sin(x) + y), "constant": 7.0}

    replayed = const_graph(f, scale=2.0)
    for place in ((0.5, 1.0), (1.5, -2.0), (0.0, 0.0)):
        found = replayed(*place)
        assert found["sum"] == pytest.approx(2 * (onp.sin(place[0]) + place[1]))
        assert found["constant"] == 7.0
    assert len(calls) == 1
    assert grad(lambda x: replayed(x, 1.0)["sum"])(0.5) == pytest.approx(2 * onp.cos(0.5))
    assert grad(grad(lambda x: replayed(x, 1.0)["sum"]))(0.5) == pytest.approx(-2 * onp.sin(0.5))
    assert len(calls) == 1


def test_const_graph_repeats_operations_of_one_s_own() -> None:
    ran = []

    @primitive
    def noted(x: Any, name: str) -> Any:
        ran.append(name)
        return 1.0 * x

    replayed = const_graph(lambda x, y: noted(x, "x") + 2 * noted(y, "y"), 1.0)
    assert [replayed(2.0), replayed(3.0)] == [5.0, 7.0]
    assert ran == ["x", "y", "y"]


def test_const_graph_of_a_gradient() -> None:
    replayed = const_graph_unary(grad(lambda x: np.sum(np.tanh(x) ** 2)))
    for x in (onp.array([0.1, 2.0]), onp.array([-1.0, 0.5])):
        onp.testing.assert_allclose(replayed(x), 2 * onp.tanh(x) * (1 - onp.tanh(x) ** 2))


def test_const_graph_needs_something_to_do() -> None:
    assert const_graph_unary(lambda x: x)(2.0) == 2.0
    with pytest.raises(errors.ArgumentError, match="depends on its argument"):
        const_graph(lambda x: 3.0)(2.0)


def test_full_graph() -> None:
    end = full_graph(lambda x, y: np.exp(x) * y, 0.0, 3.0)
    fun, args, kwargs, parents = end.recipe
    assert (fun.__name__, args, kwargs) == ("multiply", (1.0, 3.0), {})
    assert [i for i, _ in parents] == [0, 1]
    assert parents[0][1].recipe[0].__name__ == "exp"


# Checks.


def wrong(backward: float = 2.0, forward: float | None = None) -> Any:
    """An operation that doubles, with rules that may say something else."""

    @primitive
    def double(x: Any) -> Any:
        return 2.0 * x

    if backward:
        defvjp(double, lambda ans, x: lambda g: backward * g)
    if forward:
        defjvp(double, lambda g, ans, x: forward * g)
    return double


def test_checks_pass_what_is_right() -> None:
    check_grads(wrong())(1.5)
    check_grads(wrong(forward=2.0))(onp.ones(3))
    check_grads(lambda x, d: np.sin(x) * d["w"], (0, 1))(0.5, {"w": onp.ones(2)})
    check_grads(lambda x: (x**2, [np.sum(x)]), modes=["rev"], order=3)(onp.ones(3))
    combo_check(np.sum, (0,), order=1)([onp.ones(2), onp.ones((2, 3))], axis=[None, 0], keepdims=[True, False])
    assert numerical_jvp(np.sin, 0.5, 2.0) == pytest.approx(2 * onp.cos(0.5), rel=1e-6)
    assert make_numerical_jvp(np.sin, 0.5)(2.0) == pytest.approx(2 * onp.cos(0.5), rel=1e-6)


def test_wrong_backward_rule() -> None:
    with pytest.raises(AssertionError, match=r"Derivative \(VJP\) check of double failed with arg 1\.0") as caught:
        check_vjp(wrong(2.01), 1.0)
    assert "the rule of 'double' for argument 0: differences say 2" in str(caught.value)
    assert "off by" in str(caught.value)


def test_wrong_forward_rule() -> None:
    with pytest.raises(AssertionError, match=r"\(JVP\) check of double failed") as caught:
        check_jvp(wrong(2.0, forward=2.01), onp.array([1.0, 5.0]))
    assert "in element" in str(caught.value)
    assert "look at the forward rules, from defjvp, of double" in str(caught.value)


def test_wrong_rule_of_a_rule() -> None:
    inner = wrong(2.01)
    outer = primitive(lambda x: x**2)
    defvjp(outer, lambda ans, x: lambda g: g * inner(x))
    check_grads(outer, modes=["rev"], order=1)(1.0)
    with pytest.raises(AssertionError, match=r"\(VJP\) check of vjp_") as caught:
        check_grads(outer, modes=["rev"])(1.0)
    assert "the rule of 'double'" in str(caught.value)


def test_gradient_of_another_form() -> None:
    with pytest.raises(AssertionError, match="JVP"):
        check_jvp(lambda x: np.where(x > 1.0, 2 * x, x), 1.0)  # a kink: differences see both sides
    with pytest.raises(errors.ArgumentError, match="'fwd' and 'rev'"):
        check_grads(np.sin, modes=["back"])(1.0)


def test_equivalent() -> None:
    check_equivalent([1.0, onp.ones(2)], [1.0, onp.ones(2) + 1e-9])
    with pytest.raises(AssertionError, match=r"check_equivalent[^$]*expected: y like x: 1\.0[^$]*2\.0"):
        check_equivalent(1.0, 2.0)
    with pytest.raises(AssertionError, match=r"shape=\(2,\)"):
        check_equivalent(onp.ones(2), onp.ones(3))
    assert scalar_close(1e9, 1e9 + 1)
    assert not scalar_close(1.0, 1.001)


# Programs.


def test_logistic_regression() -> None:
    inputs = np.array([[0.52, 1.12, 0.77], [0.88, -1.08, 0.15], [0.52, 0.06, -1.30], [0.74, -2.49, 1.39]])
    targets = np.array([True, True, False, True])

    def loss(weights: Any) -> Any:
        predictions = 0.5 * (np.tanh(np.dot(inputs, weights) / 2.0) + 1)
        return -np.sum(np.log(predictions * targets + (1 - predictions) * (1 - targets)))

    weights = np.array([0.0, 0.0, 0.0])
    gradient = grad(loss)
    check_grads(loss, modes=["rev"])(weights)
    before = loss(weights)
    for _ in range(100):
        weights -= gradient(weights) * 0.1
    assert loss(weights) < 0.2 * before


def test_neural_network_with_flat_parameters() -> None:
    rs = npr.RandomState(0)
    x = np.linspace(-2, 2, 40)[:, None]
    y = np.sin(2 * x)
    parameters = [(0.5 * rs.randn(m, n), np.zeros(n)) for m, n in [(1, 16), (16, 16), (16, 1)]]
    flat, unflatten = flatten(parameters)

    def predict(parameters: Any, inputs: Any) -> Any:
        for W, b in parameters:
            outputs = np.dot(inputs, W) + b
            inputs = np.tanh(outputs)
        return outputs

    def objective(flat: Any, i: int) -> Any:
        return np.mean((predict(unflatten(flat), x) - y) ** 2)

    found = adam(grad(objective), flat, num_iters=300, step_size=0.02)
    assert objective(found, 0) < 0.01 < objective(flat, 0)


def test_fluid_in_a_box() -> None:
    """Heat that flows along a field: the field that brings it where it is wanted."""

    def flow(field: Any, heat: Any) -> Any:
        for _ in range(8):
            heat = heat + 0.2 * (np.roll(heat, 1, axis=0) + np.roll(heat, -1, axis=1) - 2 * heat) * np.tanh(field)
        return heat

    start = onp.zeros((5, 5))
    start[0, 4] = 1.0

    def distance(field: Any) -> Any:
        return np.mean((flow(field, start) - flow(np.ones((5, 5)), start)) ** 2)

    field = 0.2 * onp.ones((5, 5))
    check_grads(distance, modes=["rev"], order=1)(field)
    before, gradient = value_and_grad(distance)(field)
    assert distance(field - 20 * gradient) < 0.9 * before


def test_black_box_variational_inference() -> None:
    mean, log_std = onp.array([1.0, -0.5]), onp.array([-1.0, 0.2])

    def log_density(z: Any) -> Any:
        return np.sum(-((z - mean) ** 2) / (2 * np.exp(2 * log_std)) - log_std, axis=1)

    noise = npr.RandomState(1).randn(200, 2)
    noise = onp.concatenate([noise, -noise])

    def negative_elbo(params: Any, i: int) -> Any:
        mu, rho = params[:2], params[2:]
        return -np.mean(log_density(mu + np.exp(rho) * noise)) - np.sum(rho)

    found = adam(grad(negative_elbo), np.zeros(4), num_iters=500, step_size=0.03)
    onp.testing.assert_allclose(found, onp.concatenate([mean, log_std]), atol=0.1)


def test_differential_equation_by_hand() -> None:
    def solve(rate: Any, steps: int = 50) -> Any:
        state, path, h = np.array([1.0, 0.0]), [], 2.0 / steps
        for _ in range(steps):
            slope = lambda s: np.array([s[1], -rate * s[0]])  # noqa: E731 -- the formula in one line
            k1 = slope(state)
            k2 = slope(state + h / 2 * k1)
            k3 = slope(state + h / 2 * k2)
            k4 = slope(state + h * k3)
            state = state + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4)
            path.append(state[0])
        return np.array(path)

    slopes = jacobian(solve)(2.0)
    t = onp.linspace(0, 2, 51)[1:]
    onp.testing.assert_allclose(slopes, -t * onp.sin(2**0.5 * t) / (2 * 2**0.5), atol=1e-5)


def test_taylor_series_with_a_loop_that_depends_on_data() -> None:
    def sine(x: Any) -> Any:
        term = total = x
        for i in range(1000):
            term = -term * x**2 / ((2 * i + 3) * (2 * i + 2))
            total = total + term
            if np.abs(term) < 1e-12:
                break
        return total

    assert grad(sine)(2.0) == pytest.approx(onp.cos(2.0))
    onp.testing.assert_allclose(
        egrad(lambda x: np.array([sine(u) for u in x]))(onp.array([0.5, 1.0])), onp.cos([0.5, 1.0])
    )


def test_what_came_in_plain_goes_out_plain() -> None:
    assert type(grad(np.sin)(0.5)) is float
    assert type(grad(lambda x: np.sum(x))(onp.ones(2))) is onp.ndarray
    assert isinstance(np.sin(Tensor(0.5)), Tensor)
