"""``vmap``: many examples at once, with every derivative inside and outside."""

from __future__ import annotations

import math
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import nn
import viz
from autograd import (
    Tensor,
    Value,
    checkpoint,
    errors,
    grad,
    hessian,
    hvp,
    jacobian,
    jvp,
    no_grad,
    row,
    stop_gradient,
    value_and_grad,
    vjp,
    vmap,
)
from autograd import jacobians as jacobians_module
from autograd.graph import TABLE

rng = np.random.default_rng(5)
XS, W, V = rng.normal(size=(4, 3)), rng.normal(size=3), rng.normal(size=3)
A = rng.normal(size=(3, 3)) + 3 * np.eye(3)


def loss(w: Any, x: Any) -> Any:
    return np.sum(np.tanh(x * w) ** 2) + np.sin(x @ w)


def close(found: Any, expected: Any) -> None:
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-12)


def each(f: Callable[..., Any]) -> Any:
    """``f`` of every example, one after the other."""
    return np.stack([f(x) for x in XS])


# What f sees, and what comes back.


def test_f_sees_one_example() -> None:
    seen = []

    def f(x: Any, y: Any, scale: float = 1.0) -> Any:
        seen.extend([type(x), x.shape, x.ndim, len(x), repr(x), y, scale])
        return x * scale

    close(vmap(f, (0, None))(XS, 7, scale=2.0), 2 * XS)
    shown = "Tensor(Batch(4 examples of shape (3,), dtype=float64), requires_grad=False)"
    assert seen == [Tensor, (3,), 1, 3, shown, 7, 2.0]


def test_plain_numpy_inside() -> None:
    def f(x: Any) -> Any:
        y = np.linalg.solve(A, x) + A @ x - x @ A
        return np.concatenate([y, np.sort(x)]) / np.linalg.norm(x) + np.median(x)

    close(vmap(f)(XS), each(f))


def test_plain_in_plain_out() -> None:
    assert type(vmap(lambda x: x * 2)(XS)) is np.ndarray
    assert type(vmap(lambda x: x > 0)(XS)) is np.ndarray
    found = vmap(lambda x: x * 2)(Tensor(XS))
    assert isinstance(found, Tensor)
    assert found.requires_grad
    assert isinstance(vmap(lambda x: x * 2)(Tensor(XS, requires_grad=False)), Tensor)
    w = Tensor(W)
    assert isinstance(vmap(lambda x: x * w)(XS), Tensor)
    with no_grad():
        assert type(vmap(lambda x: x * w)(XS)) is np.ndarray


def test_what_is_the_same_for_all_is_repeated() -> None:
    y, one, two = vmap(lambda x: (W * 1.0, 1.0, x.shape[0]))(XS)
    assert y.tolist() == [W.tolist()] * 4
    assert (one.tolist(), two.tolist()) == ([1.0] * 4, [3] * 4)
    y[0, 0] = 9.0  # it is an array of its own
    assert vmap(lambda x: 2.0, out_axes=None)(XS) == 2.0


def test_axes() -> None:
    close(vmap(lambda x: x * 2, 1)(XS.T), 2 * XS)
    close(vmap(lambda x: x * 2, -1, -1)(XS.T), 2 * XS.T)
    close(vmap(lambda x, y: x + y, (0, 1))(XS, XS.T), 2 * XS)
    close(vmap(lambda x, y: x + y, [0, None])(XS, W), XS + W)
    y, z = vmap(lambda x: (x, np.outer(x, x)), out_axes=(1, 2))(XS)
    close(y, XS.T)
    close(z, np.moveaxis(each(lambda x: np.outer(x, x)), 0, 2))


def test_trees() -> None:
    def f(p: Any, pair: Any) -> Any:
        return {"y": p["w"] * p["b"], "z": [pair[0] + pair[1]]}

    found = vmap(f, ({"w": 0, "b": None}, (1, None)))({"w": XS, "b": 2.0}, (XS.T, W))
    close(found["y"], 2 * XS)
    close(found["z"][0], XS + W)
    found = vmap(f, (0, (0, None)), {"y": 1, "z": 0})({"w": XS, "b": W[[0, 1, 2, 0]]}, (XS, W))
    close(found["y"], (XS * W[[0, 1, 2, 0], None]).T)


def test_whole_numbers_and_truth_values() -> None:
    labels = np.array([0, 2, 1, 1])
    table = Tensor(A, requires_grad=False)
    close(vmap(lambda x, i: x[i])(XS, labels), XS[np.arange(4), labels])
    close(vmap(lambda i: table[i])(labels), A[labels])
    close(vmap(lambda i: np.take(table, i, axis=1))(labels), A[:, labels].T)
    close(vmap(lambda i: (i == np.arange(3)) * 1.0)(labels), np.eye(3)[labels])
    close(vmap(lambda x, m: np.where(m, x, 0.0))(XS, XS > 0), np.where(XS > 0, XS, 0.0))
    gradients = vmap(grad(nn.cross_entropy))(XS, labels)
    close(gradients, np.stack([grad(nn.cross_entropy)(x, i) for x, i in zip(XS, labels, strict=True)]))


def test_single_precision_stays() -> None:
    xs = XS.astype(np.float32)
    assert vmap(lambda x: np.tanh(x) * 2.0 + np.mean(x))(xs).dtype == np.float32
    assert vmap(grad(lambda x: np.sum(np.linalg.norm(x) * x)))(xs).dtype == np.float32
    assert jacobian(np.tanh)(xs[0]).dtype == hessian(lambda x: np.sum(x**3))(xs[0]).dtype == np.float32


def test_no_examples() -> None:
    assert vmap(lambda x: np.outer(x, x))(np.zeros((0, 3))).shape == (0, 3, 3)
    assert vmap(lambda x: np.convolve(x, x))(np.zeros((0, 3))).shape == (0, 5)
    assert vmap(grad(np.sum))(np.zeros((0, 3))).shape == (0, 3)


def test_nested() -> None:
    close(vmap(vmap(lambda a, b: a * b, (None, 0)), (0, None))(W, W), np.outer(W, W))
    close(vmap(lambda x: vmap(lambda a: a * x)(x))(XS), each(lambda x: np.outer(x, x)))
    close(vmap(lambda x: vmap(lambda a: np.sum(x) * a, out_axes=0)(x).sum())(XS), XS.sum(axis=1) ** 2)
    close(
        vmap(lambda x: vmap(lambda a: np.convolve(x, x * a))(x))(XS),
        each(lambda x: np.stack([np.convolve(x, x * a) for a in x])),
    )
    close(vmap(vmap(np.sum, 1), 2)(rng.normal(size=(2, 3, 4)) * 0 + 1), 2 * np.ones((4, 3)))


# Derivatives.


def test_a_gradient_for_each_example() -> None:
    close(vmap(grad(loss), (None, 0))(W, XS), each(lambda x: grad(loss)(W, x)))
    close(vmap(grad(loss, (0, 1)), (None, 0))(W, XS)[1], each(lambda x: grad(loss, 1)(W, x)))
    values, gradients = vmap(value_and_grad(loss), (None, 0))(W, XS)
    close(values, each(lambda x: loss(W, x)))
    close(gradients.sum(axis=0), grad(lambda w: sum(loss(w, x) for x in XS))(W))


def test_the_gradient_of_all_examples() -> None:
    def total(w: Any) -> Any:
        return vmap(loss, (None, 0))(w, XS).sum()

    def in_a_loop(w: Any) -> Any:
        return sum(loss(w, x) for x in XS)

    close(grad(total)(W), grad(in_a_loop)(W))
    close(hessian(total)(W), hessian(in_a_loop)(W))
    close(hvp(total)(W, W), hvp(in_a_loop)(W, W))
    close(jvp(total, (W,), (W,))[1], jvp(in_a_loop, (W,), (W,))[1])
    close(grad(lambda w: grad(total)(w) @ w)(W), grad(lambda w: grad(in_a_loop)(w) @ w)(W))
    w = Tensor(W)
    vmap(lambda x: loss(w, x))(XS).sum().backward()
    close(w.grad, grad(in_a_loop)(W))


def test_a_result_inside_that_does_not_depend_on_the_example() -> None:
    def total(w: Any, mapped: bool) -> Any:
        def f(x: Any) -> Any:
            h = np.sin(w) * 2
            return np.sum(h * h) + h @ x

        return np.sum(vmap(f)(XS) ** 2) if mapped else sum(f(x) ** 2 for x in XS)

    close(grad(total)(W, True), grad(total)(W, False))
    close(hessian(total)(W, True), hessian(total)(W, False))


DERIVATIVES: dict[str, Callable[..., Any]] = {
    "hessian": hessian(lambda x: loss(W, x)),
    "jacobian": jacobian(lambda x: np.tanh(A @ x)),
    "tall jacobian": jacobian(lambda x: np.outer(np.sin(x), np.repeat(x, 3))),
    "jvp": lambda x: jvp(lambda x: np.tanh(A @ x), (x,), (x * x,))[1],
    "jvp along one direction": lambda x: jvp(lambda x: np.tanh(A @ x), (x,), (W,))[1],
    "jvp at one place": lambda x: jvp(lambda w: np.tanh(A @ w), (W,), (x,))[1],
    "vjp": lambda x: vjp(lambda x: np.tanh(A @ x), x)[1](np.cos(x))[0],
    "vjp of one gradient": lambda x: vjp(lambda x: np.tanh(A @ x), x)[1](W)[0],
    "hvp": lambda x: hvp(lambda x: loss(W, x))(x, W),
    "third order": grad(lambda x: np.sum(hessian(lambda x: loss(W, x))(x))),
    "gradient of a gradient": grad(lambda x: np.sum(grad(lambda w: loss(w, x))(W) ** 2)),
    "checkpoint": grad(checkpoint(lambda x: np.sum(np.sin(x @ A) * x))),
    "stop_gradient": grad(lambda x: np.sum(x * stop_gradient(x))),
    "singular": grad(lambda x: np.sum(np.where(x > 0, np.sqrt(np.abs(x - np.max(x))), x))),
}


@pytest.mark.parametrize("derivative", DERIVATIVES.values(), ids=DERIVATIVES)
def test_derivatives_inside(derivative: Callable[..., Any]) -> None:
    close(vmap(derivative)(XS), each(derivative))


@pytest.mark.parametrize("derivative", DERIVATIVES.values(), ids=DERIVATIVES)
def test_derivatives_inside_and_outside(derivative: Callable[..., Any]) -> None:
    """The derivative by what scales all examples."""

    def total(s: Any) -> Any:
        return np.sum(np.sin(vmap(lambda x: derivative(x * s))(XS)))

    close(grad(total)(1.5), grad(lambda s: sum(np.sum(np.sin(derivative(x * s))) for x in XS))(1.5))


def test_a_pullback_of_many_gradients() -> None:
    _, pull = vjp(lambda x: np.tanh(A @ x), W)
    close(vmap(pull)(np.eye(3))[0], jacobian(lambda x: np.tanh(A @ x))(W))
    _, pull = vjp(vmap(lambda x: np.tanh(A @ x)), XS)
    units = np.eye(12).reshape(12, 4, 3)
    close(vmap(pull)(units)[0].reshape(4, 3, 4, 3), jacobian(vmap(lambda x: np.tanh(A @ x)))(XS))


def test_a_gradient_from_outside_that_is_the_same_for_all() -> None:
    def total(g: Any) -> Any:
        along = vmap(lambda x: vjp(lambda w: np.sin(w * x), W)[1](g)[0])(XS)
        forward = vmap(lambda x: jvp(lambda w: np.sin(w * x), (W,), (g,))[1])(XS)
        return np.sum(along**2) + np.sum(forward**3)

    slopes = np.cos(W * XS) * XS
    close(total(V), np.sum((slopes * V) ** 2) + np.sum((slopes * V) ** 3))
    close(grad(total)(V), np.sum(2 * slopes**2 * V + 3 * slopes**3 * V**2, axis=0))


def test_jacobian_of_vmap() -> None:
    blocks = jacobian(vmap(lambda x: np.tanh(A @ x)))(XS)
    for i in range(4):
        close(blocks[i, :, i], jacobian(lambda x: np.tanh(A @ x))(XS[i]))
    assert np.count_nonzero(blocks) == 4 * 9


def test_checkpoint_of_captured() -> None:
    def total(w: Any, wrap: Any) -> Any:
        return np.sum(vmap(grad(lambda x: wrap(lambda x: np.sum(np.sin(x * w) * x))(x)))(XS) ** 2)

    close(grad(total)(W, checkpoint), grad(total)(W, lambda f: f))
    close(hessian(total)(W, checkpoint), hessian(total)(W, lambda f: f))


# What can only be done for one example.


def test_a_row_that_takes_no_batches() -> None:
    def halves(x: Any) -> Any:
        return np.array([float(v) / 2 for v in x])

    halve = row(halves, lambda g, y, x: np.array([float(v) for v in g]) / 2, name="halve")
    try:
        close(vmap(halve)(XS), XS / 2)
        close(vmap(grad(lambda x: np.sum(halve(x) ** 2)))(XS), XS / 2)
        close(grad(lambda x: np.sum(vmap(halve)(x) ** 2))(XS), XS / 2)
        close(jacobian(halve)(W), np.eye(3) / 2)
        close(jacobian(lambda w: halve(halve(w)))(W), np.eye(3) / 4)
    finally:
        del TABLE["halve"]


def test_functions_that_decide_by_numbers() -> None:
    for f in (lambda x: np.quantile(x, 0.3), lambda x: np.polymul(x, x), np.trim_zeros):
        close(vmap(f)(XS), each(f))
        close(vmap(grad(lambda x, f=f: np.sum(f(x) ** 2)))(XS), each(grad(lambda x, f=f: np.sum(f(x) ** 2))))


# The Jacobian's memory.


def test_a_large_jacobian_is_made_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    def f(x: Any) -> Any:
        return np.tanh(A @ x) * x

    whole, second = jacobian(f)(W), jacobian(jacobian(f))(W)
    seen = []
    pull_back = jacobians_module.pull_back

    def watched(ys: Any, gradients: Any, *rest: Any) -> Any:
        seen.append(gradients[0].hidden)
        return pull_back(ys, gradients, *rest)

    monkeypatch.setattr(jacobians_module, "MEMORY", 250)  # the gradients of one row take 120 bytes
    monkeypatch.setattr(jacobians_module, "pull_back", watched)
    close(jacobian(f)(W), whole)
    assert seen == [(2,), (1,)]
    monkeypatch.setattr(jacobians_module, "pull_back", pull_back)
    close(jacobian(jacobian(f))(W), second)
    monkeypatch.setattr(jacobians_module, "MEMORY", 1)
    close(jacobian(f)(W), whole)
    close(jacobian(lambda x: np.repeat(x, 9))(W[:1]), np.ones((9, 1)))


# Names, pickles, pictures.


def sine_sum(x: Any) -> Any:
    return np.sum(np.sin(x))


def test_names_and_pickles() -> None:
    mapped = vmap(sine_sum)
    assert mapped.__name__ == "vmap_of_sine_sum"
    close(pickle.loads(pickle.dumps(mapped))(XS), mapped(XS))


def test_the_graph_can_be_drawn_and_explained() -> None:
    w = Tensor(W, name="w")
    total = np.sum(vmap(lambda x: np.tanh(x @ w))(XS))
    total.backward()
    assert "4 examples" in str(viz.draw_graph(total))
    assert "∂out/∂w = sum(unbatch(" in str(viz.explain(total, w))


# Messages.

Bad = tuple[str, Callable[[], Any], type[Exception], list[str]]
VARYING = ["inside vmap", "an operation on all examples at once", "4 examples of shape"]
# ruff: noqa: E501 -- a case is read across, like a line of a table
MESSAGES: list[Bad] = [
    ("no function", lambda: vmap(3.0), errors.DtypeError, ["vmap(float)", "vmap(lambda x: x @ w)(xs)"]),
    ("PyTorch's name", lambda: vmap(np.sin, in_dims=0), errors.ArgumentError, ["in_dims=", "vmap(f, in_axes=...)"]),
    ("another name", lambda: vmap(np.sin, axis=0), errors.ArgumentError, ["axis=", "vmap(f, in_axes=0)"]),
    ("no arguments", lambda: vmap(lambda: 1.0)(), errors.ArgumentError, ["no arguments"]),
    ("nothing mapped", lambda: vmap(np.sin, None)(XS), errors.ArgumentError, ["in_axes=None for all"]),
    ("no axis", lambda: vmap(np.sin, 2)(XS), errors.PlaceError, ["along axis 2 of argument 0", "from -2 to 1", "ndarray of shape (4, 3)"]),
    ("a number", lambda: vmap(np.sin)(3.0), errors.PlaceError, ["argument 0", "float", "in_axes=None"]),
    ("a part", lambda: vmap(lambda p: p["w"])({"w": XS, "b": 2.0}), errors.PlaceError, ["argument 0['b']"]),
    ("a Value", lambda: vmap(np.sin)(Value(3.0)), errors.PlaceError, ["argument 0", "Value"]),
    ("sizes", lambda: vmap(np.add)(XS, XS.T), errors.ShapeError, ["4 along axis 0 of argument 0; 3 along axis 0 of argument 1"]),
    ("too few axes", lambda: vmap(np.add, (0,))(XS, XS), errors.ArgumentError, ["in_axes=...), for the arguments", "(0,) for", "in_axes=(0, None)"]),
    ("axes of a part", lambda: vmap(lambda p: p["w"], ({"v": 0},))({"w": XS}), errors.ArgumentError, ["for argument 0", "{'v': 0}"]),
    ("axis of another kind", lambda: vmap(np.sin, "rows")(XS), errors.ArgumentError, ["'rows'"]),
    ("axes of results", lambda: vmap(np.sin, out_axes=(0, 1))(XS), errors.ArgumentError, ["out_axes=...), for the result", "out_axes=(0, 1) for two results"]),
    ("no axis of a result", lambda: vmap(np.sum, out_axes=1)(XS), errors.PlaceError, ["along axis 1 of the result", "out_axes=0"]),
    ("the same for all", lambda: vmap(np.sin, out_axes=None)(XS), errors.ArgumentError, ["one that depends on the example", "y[0]"]),
    ("text", lambda: vmap(lambda x: (x, "a"))(XS), errors.ArgumentError, ["for the result[1]", "str: 'a'"]),
    ("nothing returned", lambda: vmap(lambda x: None)(XS), errors.ArgumentError, ["NoneType: None", "return y"]),
    ("a Value returned", lambda: vmap(lambda x: Value(2.0))(XS), errors.ArgumentError, ["Value"]),
    ("branch", lambda: vmap(lambda x: x if x[0] > 0 else -x)(XS), errors.VaryingError, ["bool(t)", "np.where(t > 0, a, b)", *VARYING]),
    ("branch on a Tensor", lambda: vmap(lambda x: x if x[0] else -x)(XS), errors.VaryingError, ["bool(t)", *VARYING]),
    ("float", lambda: vmap(lambda x: math.sin(x[0]))(XS), errors.VaryingError, ["float(t)", "np.sin(t)", *VARYING]),
    ("item", lambda: vmap(lambda x: x[0].item())(XS), errors.VaryingError, ["t.item()", *VARYING]),
    ("tolist", lambda: vmap(lambda x: x.tolist())(XS), errors.VaryingError, ["t.tolist()", *VARYING]),
    ("int", lambda: vmap(lambda x: int(np.argmax(x)))(XS), errors.VaryingError, ["int(t)", *VARYING]),
    ("complex", lambda: vmap(lambda x: complex(x[0] > 0))(XS), errors.VaryingError, ["complex(t)", *VARYING]),
    ("range", lambda: vmap(lambda x: range(np.argmax(x)))(XS), errors.VaryingError, ["as a position, a length", "in_axes=None", *VARYING]),
    ("an array", lambda: vmap(lambda x: np.array(x))(XS), errors.VaryingError, ["np.array(t)", "np.stack", *VARYING]),
    ("a mask", lambda: vmap(lambda x: x[x > 0])(XS), errors.VaryingError, ["results of one shape", "np.where(mask, x, 0)"]),
    ("a mask of an array", lambda: vmap(lambda x: (x > 0)[x > 0])(XS), errors.VaryingError, ["x[mask] inside vmap", "np.where(mask, x, 0)"]),
    ("a write", lambda: vmap(lambda x: np.copyto(np.ones(3), x > 0))(XS), errors.VaryingError, ["writing inside vmap", "one array of shape (3,) for all examples"]),
    ("an output", lambda: vmap(lambda x: np.add(1.0, x > 0, out=np.ones(3)))(XS), errors.VaryingError, ["writing inside vmap"]),
    ("a sum in place", lambda: vmap(lambda x: np.add.at(np.ones(3), [0], x > 0))(XS), errors.VaryingError, ["writing inside vmap"]),
    ("shapes", lambda: vmap(lambda x: x @ np.ones((4, 4)))(XS), errors.ShapeError, ["matmul of shapes (3,) and (4, 4)"]),
    ("broadcasting", lambda: vmap(lambda x: x + np.ones(2))(XS), errors.ShapeError, ["add of shapes (3,) and (2,)"]),
    ("axis", lambda: vmap(lambda x: np.sum(x, axis=1))(XS), errors.PlaceError, ["sum of shape (3,)", "axis from -1 to 0"]),
    ("differentiate by whole numbers", lambda: vmap(grad(lambda x: x * x))(np.array([1, 2])), errors.DtypeError, ["integers (int64)"]),
]  # fmt: skip


@pytest.mark.parametrize(("line", "kind", "parts"), [pytest.param(*case[1:], id=case[0]) for case in MESSAGES])
def test_message(line: Callable[[], Any], kind: type[Exception], parts: list[str]) -> None:
    with pytest.raises(kind) as raised:
        line()
    text = str(raised.value)
    for part in ["expected:", "got:", "cure:", *parts]:
        assert part in text
