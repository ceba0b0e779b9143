"""Compiled functions of Values: one program for one example at a time, or for all examples of a batch at once."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograd import Value, compile, errors
from autograd.graph import TABLE
from nn.datasets import make_moons
from nn.scalar import MLP


class Plain:
    """A network whose neurons are written out, as in micrograd."""

    def __init__(self, *sizes: int) -> None:
        self.layers = [
            [([Value(random.uniform(-1, 1)) for _ in range(n)], Value(0)) for _ in range(m)] for n, m in pairwise(sizes)
        ]

    def __call__(self, x: Any) -> Any:
        for i, layer in enumerate(self.layers):
            x = [sum((wi * xi for wi, xi in zip(w, x, strict=True)), b) for w, b in layer]
            x = x if i == len(self.layers) - 1 else [y.relu() for y in x]
        return x[0]

    def parameters(self) -> list[Value]:
        return [p for layer in self.layers for w, b in layer for p in (*w, b)]


def network(make: Callable[[], Any]) -> Any:
    random.seed(1337)
    return make()


def demo(model: Any) -> Callable[..., Any]:
    """micrograd's demo for one example: a hinge loss, L2, and the update."""

    def step(point: Any, label: Any) -> Any:
        score = model(list(map(Value, point)))
        loss = (1 + -label * score).relu() + 1e-4 * sum(p * p for p in model.parameters())
        for p in model.parameters():
            p.grad = 0
        loss.backward()
        for p in model.parameters():
            p.data -= 0.01 * p.grad
        return loss, (label > 0) == (score.data > 0)

    return step


def demo_on_a_batch(model: Any, points: Any, labels: Any) -> Any:
    """The same program with the loop over the batch that the demo writes itself."""
    scores = [model(list(map(Value, point))) for point in points]
    losses = [(1 + -label * score).relu() for label, score in zip(labels, scores, strict=True)]
    loss = sum(losses) * (1.0 / len(losses)) + 1e-4 * sum(p * p for p in model.parameters())
    for p in model.parameters():
        p.grad = 0
    loss.backward()
    for p in model.parameters():
        p.data -= 0.01 * p.grad
    return loss, [(label > 0) == (score.data > 0) for label, score in zip(labels, scores, strict=True)]


@pytest.mark.parametrize("make", [lambda: MLP(2, [6, 6, 1]), lambda: Plain(2, 6, 1)])
def test_a_batch_is_the_loop_over_its_examples(make: Callable[[], Any]) -> None:
    X, y = make_moons(20, noise=0.1, seed=1)
    labels = 2 * y - 1
    model, other = network(make), network(make)
    step = compile(demo(model), batch=True)
    for _ in range(20):
        losses, right = step(X, labels)
        loss, expected = demo_on_a_batch(other, X.tolist(), labels.tolist())
        assert np.mean(losses) == pytest.approx(loss.data, rel=1e-12)
        assert right.tolist() == expected
        for p, q in zip(model.parameters(), other.parameters(), strict=True):
            assert type(p) is Value
            assert type(p.data) is type(p.grad) is float
            assert (p.data, p.grad) == pytest.approx((q.data, q.grad), rel=1e-10, abs=1e-15)
    assert step.recordings == 1


def test_one_example_after_the_other_is_exactly_the_eager_program() -> None:
    X, y = make_moons(20, noise=0.1, seed=2)
    model, other = network(lambda: MLP(2, [4, 1])), network(lambda: MLP(2, [4, 1]))
    step, eager = compile(demo(model)), demo(other)
    for (x1, x2), label in zip(X.tolist(), (2.0 * y - 1).tolist(), strict=True):
        loss, _ = step([x1, x2], label)
        assert loss.data == eager([x1, x2], label)[0].data
        assert [p.data for p in model.parameters()] == [p.data for p in other.parameters()]
        assert [p.grad for p in model.parameters()] == [p.grad for p in other.parameters()]


def test_arguments_that_are_values_get_their_gradients() -> None:
    @compile
    def f(a: Value, b: Value) -> Value:
        y = (a * b).tanh() + a.exp() / b
        y.backward()
        return y

    a, b, c, d = Value(0.5), Value(2), Value(0.5), Value(2)
    for _ in range(3):
        y = f(a, b)
        eager = (c * d).tanh() + c.exp() / d
        eager.backward()
        assert (y.data, a.grad, b.grad) == (eager.data, c.grad, d.grad)  # they add up, as ever
        assert (y.requires_grad, y.is_leaf, type(y)) == (False, True, Value)
    assert f.recordings == 1


ROWS = [row for row in TABLE.values() if row.scalar and (row.is_unary or row.is_binary) and hasattr(Value, row.name)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_rows(row: Any) -> None:
    """Every row that Values have as a method, alone and over a batch of five."""
    inputs = [np.linspace(1.1, 2.0, 5) if row.name == "arccosh" else np.linspace(0.1, 0.9, 5) for _ in row.rules]
    w = Value(0.7)

    def f(*xs: Any) -> Any:
        y = getattr(xs[0] * w / w, row.name)(*xs[1:]) * xs[0]
        y.backward()
        return y

    def one_by_one(g: Any) -> Any:
        w.grad = 0
        found = [g(*map(Value, xs)).data for xs in zip(*(x.tolist() for x in inputs), strict=True)]
        return found, w.grad

    ys, slope = one_by_one(f)
    found, g = one_by_one(compile(f))
    np.testing.assert_allclose([*found, g], [*ys, slope], rtol=1e-12, atol=1e-12)
    w.grad = 0
    np.testing.assert_allclose(compile(f, batch=True)(*inputs), ys, rtol=1e-12)
    np.testing.assert_allclose(w.grad * 5, slope, rtol=1e-12, atol=1e-12)  # of the mean


def test_lanes_are_as_precise_as_values() -> None:
    f = compile(lambda x, n: x * Value(0.1) / n, batch=True)
    found = f(np.ones(2, np.float32), np.array([3, 7]))
    assert found.dtype == np.float64
    assert found.tolist() == [0.1 / 3, 0.1 / 7]


def test_shapes_of_arguments_are_lists_of_values() -> None:
    f = compile(lambda rows: sum(a * b for a, b in rows), batch=True)
    X = np.arange(12.0).reshape(2, 3, 2)
    assert f(X).tolist() == [0 + 6 + 20, 42 + 72 + 110]


def test_values_and_numbers_are_the_same_for_all_examples() -> None:
    f, w = compile(lambda x, w, scale: x * w * scale, batch=True), Value(3.0)
    assert f(np.array([1.0, 2.0]), w, 2.0).tolist() == [6.0, 12.0]
    assert f(np.array([1.0, 2.0]), Value(4.0), 0.5).tolist() == [2.0, 4.0]
    assert f.recordings == 1


def test_second_derivatives_of_single_examples() -> None:
    def f(x: Value) -> Value:
        x.grad = 0
        (x**3 + x.sin()).backward(create_graph=True)
        slope = x.grad
        x.grad = 0
        slope.backward()
        return slope

    a, b = Value(0.5), Value(0.5)
    slope, eager = compile(f)(a), f(b)
    assert slope.data == pytest.approx(eager.data)
    assert a.grad == pytest.approx(b.grad)


# What a program of Values cannot do.


def test_choices_by_one_example_are_recorded_both_ways() -> None:
    f = compile(lambda x: x * x if x > 0 else -x)
    assert [f(Value(x)).data for x in (2.0, -3.0, 4.0, -5.0)] == [4.0, 3.0, 16.0, 5.0]
    assert f.recordings == 2


def fails(f: Callable[..., Any], match: str, *args: Any, batch: bool = True) -> None:
    with pytest.raises(errors.CaptureError, match=match) as caught:
        compile(f, batch=batch)(*args)
    assert all(part in str(caught.value) for part in ("expected:", "got:", "cure:"))


def test_what_differs_between_examples_is_refused_where_there_is_one_place() -> None:
    w, x = Value(2.0), np.array([1.0, -2.0])

    def assigns(x: Any) -> None:
        w.data = (w * x).data

    def twice(x: Any) -> None:
        (w * w * x).backward(create_graph=True)

    fails(lambda x: w * x if x > 0 else -x, "differs from example to example", x)
    fails(assigns, "v.data = x", x)
    fails(twice, "create_graph", x)
    fails(lambda x, y: x * y, "shape \\(3,\\)", x, np.ones(3))
    fails(lambda x: x, "shape \\(\\)", np.array(1.0))
    assert (type(w), w.data, w.grad) == (Value, 2.0, 0)


def test_infinite_gradients_and_exact_values_are_refused() -> None:
    def root(x: Value) -> Value:
        y = x.sqrt() * x.sqrt()
        y.backward()
        return y

    fails(root, "finite", Value(0.0), batch=False)
    fails(lambda x: x * x, "exact", Value(Fraction(1, 3)), batch=False)


def test_program_runs_with_numpy_alone(tmp_path: Path) -> None:
    model = network(lambda: MLP(2, [3, 1]))
    step = compile(lambda x: model(x).tanh(), batch=True)
    X = np.random.default_rng(0).standard_normal((4, 2))
    found = step(X)
    step.save(tmp_path / "step.py")
    np.save(tmp_path / "inputs.npy", X)
    code = (
        "import sys; sys.modules['autograd'] = sys.modules['nn'] = None\n"
        "import numpy as np, step\n"
        "f = step.load()\n"
        f"print(f(np.load('inputs.npy'), *{[p.data for p in model.parameters()]!r})[0].tolist())"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == repr(found.tolist())
