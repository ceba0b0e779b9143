"""Large graphs: linear time, no recursion, nothing left behind. Time is counted in calls, not by a clock."""

from __future__ import annotations

import copy
import gc
import inspect
import pickle
import sys
import tracemalloc
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import numpy as np
import pytest

from autograd import TABLE, Tensor, Value, grad, jvp, row
from nn import MLP, SGD, cross_entropy, scalar


def calls(work: Callable[[], Any]) -> int:
    """How many functions ``work`` calls, Python's and C's."""
    count = 0

    def seen(frame: Any, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


@contextmanager
def little_stack(frames: int = 120) -> Iterator[None]:
    """A block in which recursion fails early."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack(0)) + frames)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def chain(x: Any, n: int) -> Any:
    y = x
    for _ in range(n):
        y = y * 1.0 + x
    return y


def diamonds(x: Any, n: int) -> Any:
    y = x
    for _ in range(n):
        y = (y * 0.5) + (y * 0.5)
    return y


def fan(x: Any, n: int) -> Any:
    parts = [x * 1.0 for _ in range(n)]
    return sum(parts)


GRAPHS = {"chain": chain, "diamonds": diamonds, "fan": fan}


@pytest.mark.parametrize("kind", [Value, Tensor])
@pytest.mark.parametrize("name", GRAPHS)
def test_a_pass_over_twice_the_graph_takes_twice_the_calls(name: str, kind: Any) -> None:
    small, large = (GRAPHS[name](kind(1.0), n) for n in (1000, 2000))
    with little_stack():
        for work in (lambda y: y.backward(), lambda y: y.backward(create_graph=True)):
            assert calls(partial(work, large)) < 2.1 * calls(partial(work, small))


def test_each_rule_is_called_once() -> None:
    count = 0

    def rule(g: Any, y: Any, x: Any) -> Any:
        nonlocal count
        count += 1
        return g

    counted = row(np.spacing, rule, name="counted", scalar=lambda x: x, array=lambda x: x * 1.0)
    try:
        for kind in (Value, Tensor):
            for n in (500, 1000):
                count, y = 0, kind(1.0)
                for _ in range(n):
                    y = counted(y)
                    y = y * 0.5 + y * 0.5
                y.backward()
                assert count == n
    finally:
        del TABLE["counted"]


@pytest.mark.parametrize("kind", [Value, Tensor])
def test_diamonds_a_thousand_deep(kind: Any) -> None:
    x = kind(1.0)
    y = x
    for _ in range(1000):
        y = y + y  # 2**1000 paths
    with little_stack():
        y.backward()
    assert float(x.grad) == 2.0**1000
    z = x * x
    for _ in range(1000):
        z = (z + z) * 0.5
    x.zero_grad()
    z.backward(create_graph=True)
    slope = x.grad
    x.zero_grad()
    slope.backward()
    assert float(x.grad.data if isinstance(x.grad, (Value, Tensor)) else x.grad) == 2.0


def test_a_node_shared_a_million_times() -> None:
    x = Value(0.5)
    middle = x * 2.0
    y = Value(0.0)
    for _ in range(1_000_000):
        y = y + middle
    with little_stack():
        y.backward()
        assert (middle.grad, x.grad) == (1_000_000.0, 2_000_000.0)
        gone = weakref.ref(middle)
        del y, middle
        gc.collect()
    assert gone() is None


def test_second_derivative_of_a_long_chain() -> None:
    with little_stack(200):
        assert grad(grad(lambda x: chain(x, 5000) * x))(3.0) == 2 * 5001
        assert jvp(lambda x: chain(x, 5000), (1.0,), (1.0,))[1] == 5001


# Many inputs.


def joined(name: str, xs: list[Any]) -> Any:
    if name == "sum":
        return sum(xs)
    if name == "neuron":
        neuron = scalar.Neuron(len(xs), nonlin=False)
        for w in neuron.w:
            w.data = 1.0
        return neuron(xs)
    return getattr(np, name)(xs).sum()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("stack", Tensor),
        ("concatenate", Tensor),
        ("vstack", Tensor),
        ("sum", Tensor),
        ("sum", Value),
        ("neuron", Value),
    ],
)
def test_ten_thousand_inputs(name: str, kind: Any) -> None:
    def work(n: int) -> int:
        xs = [kind(1.0 * i) if kind is Value else Tensor([1.0 * i]) for i in range(n)]

        def there_and_back() -> None:
            y = joined(name, xs)
            y.backward()
            y.backward(create_graph=True)

        count = calls(there_and_back)
        assert all(np.ravel(getattr(x.grad, "_data", x.grad))[0] == 2 for x in xs)
        return count

    with little_stack(200):
        assert work(10_000) < 2.1 * work(5_000)


# Copies.


@pytest.mark.parametrize("kind", [Value, Tensor])
@pytest.mark.parametrize(
    "copied",
    [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x)), lambda x: pickle.loads(pickle.dumps(x, protocol=0))],
    ids=["deepcopy", "pickle", "oldest pickle"],
)
def test_large_graphs_are_copied_without_recursion(copied: Any, kind: Any) -> None:
    x = kind(2.0, label="x") if kind is Value else Tensor(2.0, name="x")
    y = chain(x, 3000)
    with little_stack(200):
        x2, (y2,) = copied((x, [y]))
    y2.backward()
    assert (float(x2.grad), float(y2.data), x2.name, x.grad) == (3001.0, 6002.0, "x", kind._no_gradient)
    assert y2.inputs[1] is x2
    with little_stack(200):
        y3 = copied(y)
        y3.backward()
    x3 = y3.inputs[1]
    assert float(x3.grad) == 3001.0


def test_copying_takes_linear_time() -> None:
    one, two = (calls(lambda n=n: copy.deepcopy(chain(Value(1.0), n))) for n in (1000, 2000))
    assert two < 2.1 * one


@pytest.mark.parametrize("first", [0, 1, 2])
@pytest.mark.parametrize("copied", [copy.deepcopy, lambda x: pickle.loads(pickle.dumps(x))], ids=["deepcopy", "pickle"])
def test_gradients_that_are_nodes_are_copied_too(copied: Any, first: int) -> None:
    x = Value(2.0)
    square = x * x
    y = square * x
    y.backward(create_graph=True)
    parts = [x, square, y]
    again = copied(parts[first:] + parts[:first])
    x2, square2, y2 = again[len(again) - first :] + again[: len(again) - first]
    slope, inner = x2.grad, square2.grad
    assert (slope.data, inner.data, y2.data) == (12.0, 2.0, 8.0)
    x2.zero_grad()
    slope.backward()
    assert x2.grad == 12.0  # the second derivative of x**3
    x2.zero_grad()
    y2.backward()
    assert (x2.grad, x.grad.data) == (12.0, 12.0)


def test_a_shallow_copy_has_the_same_inputs() -> None:
    x = Value(3.0)
    y = x * x
    z = copy.copy(y)
    (y + z).backward()
    assert (z.inputs, z is y, x.grad, copy.copy(x).grad) == ((x, x), False, 12.0, 12.0)


def test_a_failed_pickle_leaves_nothing_behind() -> None:
    x = Value(3.0)
    y = x * x
    y.backward(create_graph=True)
    z = y * 2.0
    z.name = lambda: None  # type: ignore[assignment] # what cannot be pickled
    with pytest.raises((AttributeError, pickle.PicklingError)):
        pickle.dumps(z * 1.0)
    again = pickle.loads(pickle.dumps(x))
    assert again.grad.data == 6.0


def test_two_copies_can_meet() -> None:
    x = Value(3.0)
    y = x * x
    (x1, y1), (x2, y2) = copy.deepcopy((x, y)), copy.deepcopy((x, y))
    (y * y1 * y2).backward()
    assert (x.grad, x1.grad, x2.grad) == (486.0, 486.0, 486.0)


# Memory.


def grown(step: Callable[[], Any]) -> int:
    """By how many bytes a thousand steps grow the memory, once all is warm."""
    for _ in range(50):
        step()
    gc.collect()
    tracemalloc.start()
    try:
        for _ in range(50):
            step()
        gc.collect()
        before = tracemalloc.get_traced_memory()[0]
        for _ in range(1000):
            step()
        gc.collect()
        return tracemalloc.get_traced_memory()[0] - before
    finally:
        tracemalloc.stop()


def test_a_thousand_steps_do_not_grow_the_memory() -> None:
    model, rng = MLP(2, 4, 2), np.random.default_rng(0)
    optimiser = SGD(model.parameters(), lr=0.1)
    X, labels = rng.normal(size=(8, 2)).astype(np.float32), np.arange(8) % 2

    def step() -> None:
        optimiser.zero_grad()
        cross_entropy(model(X), labels).backward()
        optimiser.step()

    assert grown(step) < 4096


def test_a_thousand_steps_of_values_do_not_grow_the_memory() -> None:
    model = scalar.MLP(2, [3, 1])

    def step() -> None:
        loss = (model([0.5, -1.0]) - 1.0) ** 2
        model.zero_grad()
        loss.backward()
        for p in model.parameters():
            p.data -= 0.01 * p.grad

    assert grown(step) < 4096
