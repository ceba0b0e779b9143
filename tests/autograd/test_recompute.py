"""A checkpoint keeps no graph, and every derivative is the same as without it."""

from __future__ import annotations

import gc
import pickle
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import Tensor, Value, check_grads, checkpoint, errors, grad, hessian, hvp, jacobian, jvp, no_grad, vjp
from autograd.graph import ancestors

ones = np.ones


def wave(x: Any, w: Any, k: float = 1.0) -> Any:
    """Something with a second derivative everywhere."""
    return np.tanh(x * w) * k + np.sin(w)


def test_the_graph_has_one_operation() -> None:
    x, w = Tensor([1.0, 2.0]), Tensor(0.5)
    y = checkpoint(wave)(x, w, k=2.0)
    assert y.inputs == (x, w)
    assert ancestors([y]) == [y, w, x]
    np.testing.assert_array_equal(y.data, wave(x, w, k=2.0).data)
    y.sum().backward()
    expected = grad(lambda x, w: np.sum(wave(x, w, 2.0)), (0, 1))(x.data, w.data)
    np.testing.assert_allclose(x.grad, expected[0])
    np.testing.assert_allclose(w.grad, expected[1])


def test_it_runs_once_forward_and_once_backward() -> None:
    runs = []

    def f(x: Any) -> Any:
        runs.append(x)
        return np.exp(x)

    grad(lambda x: checkpoint(f)(x) * 2)(1.0)
    assert len(runs) == 2
    runs.clear()
    with no_grad():
        checkpoint(f)(Tensor(1.0))
    assert len(runs) == 1


def test_memory_is_that_of_the_longest_part() -> None:
    def part(x: Any) -> Any:
        for _ in range(20):
            x = np.sin(x)
        return x

    def whole(x: Any, step: Callable[[Any], Any]) -> Any:
        for _ in range(20):
            x = step(x)
        return np.sum(x)

    def peak(step: Callable[[Any], Any]) -> int:
        gc.collect()
        tracemalloc.start()
        grad(whole)(ones(10_000), step)
        high = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return high

    assert peak(checkpoint(part)) < peak(part) / 4


def of_tree(d: Any) -> Any:
    """A number of all results."""
    return d["p"] * d["q"][0]


PARTS: dict[str, Callable[[Callable[..., Any], Any], Any]] = {
    "arguments": lambda c, w: c(wave)(0.7, w),
    "captured": lambda c, w: c(lambda x: wave(x, w))(0.7),
    "both": lambda c, w: c(lambda x: wave(x, w))(w * w),
    "chain that shares": lambda c, w: (step := c(lambda x: wave(x, w)))(step(step(w + 0.1))),
    "nested": lambda c, w: c(lambda x: c(lambda y: wave(y, x))(x * x))(w),
    "tree": lambda c, w: of_tree(c(lambda d: {"p": wave(d["x"], d["y"]), "q": (d["x"] ** 2,)})({"x": w, "y": 2 * w})),
    "keyword": lambda c, w: c(wave)(w, w=w + 1.0, k=w),
    "grad inside": lambda c, w: c(lambda x: grad(lambda y: wave(y, x) * w)(x))(w),
    "the argument itself": lambda c, w: c(lambda x: x)(w) * w,
    "captured itself": lambda c, w: c(lambda x: w)(1.0) * w,
}  # fmt: skip
DERIVATIVES: dict[str, Callable[[Any], Any]] = {
    "grad": grad,
    "second": lambda f: grad(grad(f)),
    "third": lambda f: grad(grad(grad(f))),
    "jvp": lambda f: lambda x: jvp(f, (x,), (1.0,))[1],
    "jvp of grad": lambda f: lambda x: jvp(grad(f), (x,), (1.0,))[1],
    "grad of jvp": lambda f: grad(lambda x: jvp(f, (x,), (1.0,))[1]),
    "hvp": lambda f: lambda x: hvp(f)(x, 1.0),
}


@pytest.mark.parametrize("derivative", DERIVATIVES.values(), ids=DERIVATIVES)
@pytest.mark.parametrize("part", PARTS.values(), ids=PARTS)
def test_derivatives_are_the_same(part: Any, derivative: Any) -> None:
    expected = derivative(lambda w: part(lambda f: f, w))(1.3)
    assert derivative(lambda w: part(checkpoint, w))(1.3) == pytest.approx(expected, rel=1e-11)
    of_value = derivative(lambda w: part(checkpoint, w))(Value(1.3))
    assert getattr(of_value, "data", of_value) == pytest.approx(expected, rel=1e-11)


def test_arrays_against_differences() -> None:
    check_grads(checkpoint(lambda x, w: np.tanh(x @ w)), np.array([[0.1, 0.2]]), np.array([[1.0], [2.0]]), order=3)
    x = np.array([0.2, 0.4])
    np.testing.assert_allclose(jacobian(checkpoint(np.sin))(x), np.diag(np.cos(x)))
    np.testing.assert_allclose(hessian(checkpoint(lambda x: np.sum(x**3)))(x), np.diag(6 * x))


def test_parameters_from_outside_get_their_gradients() -> None:
    w = Tensor([2.0, 3.0], name="w")
    frozen = Tensor([1.0, 1.0], requires_grad=False)
    y = checkpoint(lambda x: x * w + frozen)(Tensor([1.0, 10.0]))
    assert y.inputs[1:] == (w,)
    y.sum().backward()
    assert w.grad.tolist() == [1.0, 10.0]


def test_what_needs_no_gradient_is_not_recorded() -> None:
    y = checkpoint(np.sin)(Tensor([1.0], requires_grad=False))
    assert (y.requires_grad, y.inputs) == (False, ())
    assert checkpoint(np.sin)(2.0) == np.sin(2.0)
    assert checkpoint(lambda x: (x, "name", None))(1.0) == (1.0, "name", None)


def test_data_that_changed_in_between_is_noticed() -> None:
    w = Tensor([1.0])
    y = checkpoint(lambda x: x * w)(Tensor([2.0])).sum()
    w.data = np.array([5.0])
    with pytest.raises(errors.StaleGraphError):
        y.backward()


def test_results_from_outside_that_hang_together_are_refused() -> None:
    a = Tensor(2.0)
    b = a * a
    with pytest.raises(errors.ArgumentError) as raised:
        checkpoint(lambda x: x * a * b)(Tensor(1.0))
    for part in [
        "checkpoint(f)",
        "expected:",
        "one of which was made from the other",
        "pass what was computed outside",
    ]:
        assert part in str(raised.value)
    y = checkpoint(lambda x, b: x * a * b)(Tensor(1.0), b)  # the cure
    y.backward()
    assert a.grad == 12.0


def test_the_operation_can_be_replayed() -> None:
    y = checkpoint(wave)(Tensor([1.0, 2.0]), Tensor(0.5))
    np.testing.assert_array_equal(y.op.array(*[x.data for x in y.inputs], **y.attrs), y.data)
    assert y.op.notation(2).text.format("x", "w") == "checkpoint(x, w)"


def test_not_a_function() -> None:
    with pytest.raises(errors.DtypeError, match=r"checkpoint\(Tensor"):
        checkpoint(Tensor(1.0))


def test_it_pickles_and_keeps_the_name() -> None:
    again = pickle.loads(pickle.dumps(checkpoint(wave)))
    assert again.__name__ == "wave"
    assert grad(again)(1.0, 2.0) == grad(wave)(1.0, 2.0)
    _, pull = vjp(again, 1.0, 2.0)
    assert len(pull(1.0)) == 2
