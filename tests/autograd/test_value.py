"""Value: micrograd's own example and the surface that programs written for micrograd use."""

from __future__ import annotations

import math
from typing import Any

import pytest

from autograd import TABLE, Value


def test_readme_example_of_micrograd() -> None:
    a = Value(-4.0)
    b = Value(2.0)
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    assert f"{g.data:.4f}" == "24.7041"
    g.backward()
    assert (f"{a.grad:.4f}", f"{b.grad:.4f}") == ("138.8338", "645.5773")


def test_made_by_hand() -> None:
    a, b = Value(2.0, label="a"), Value(-3.0, (), "", "b")
    product = Value(a.data * b.data, (a, b), "*", label="product")
    product.backward()
    assert (a.grad, b.grad, product.grad) == (-3.0, 2.0, 1.0)
    assert (a.label, b.label, product.label) == ("a", "b", "product")


def test_repr() -> None:
    a = Value(2.0)
    assert repr(a) == "Value(data=2.0, grad=0)"
    a.backward()
    assert (repr(a), str([a])) == ("Value(data=2.0, grad=1.0)", "[Value(data=2.0, grad=1.0)]")


def test_parents_are_a_set() -> None:
    a, b = Value(2.0), Value(3.0)
    assert (a._prev, (a * b)._prev, (a * a)._prev, (a + 1)._prev) == (set(), {a, b}, {a}, {a})


@pytest.mark.parametrize(
    ("f", "op"),
    [
        (lambda a, b: a, ""),
        (lambda a, b: a + b, "+"),
        (lambda a, b: a - b, "-"),
        (lambda a, b: a * b, "*"),
        (lambda a, b: a / b, "/"),
        (lambda a, b: a**2, "**2"),
        (lambda a, b: a**b, "**"),
        (lambda a, b: a.relu(), "ReLU"),
        (lambda a, b: a.tanh(), "tanh"),
        (lambda a, b: a.exp(), "exp"),
    ],
)
def test_op(f: Any, op: str) -> None:
    assert f(Value(2.0), Value(3.0))._op == op


def test_attributes_can_be_assigned() -> None:
    a, b = Value(2.0), Value(3.0)
    a.data, a.grad, a.label = 5.0, 7.0, "a"
    assert (a.data, a.grad, a.label) == (5.0, 7.0, "a")
    c = Value(15.0)
    c._prev, c._op = (a, b), "*"
    c.backward()
    assert (a.grad, b.grad) == (10.0, 5.0)


def test_training_loop_of_micrograd() -> None:
    w = Value(3.0)
    for _ in range(4):
        loss = (w - 1) ** 2
        w.grad = 0
        loss.backward()
        w.data += -0.25 * w.grad
    assert w.data == 1.125


def test_values_are_themselves() -> None:
    a, b = Value(2.0), Value(2.0)
    assert a == a
    assert a != b
    assert (a in {a}, a in {b}, a in [b], len({a, b, a})) == (True, False, False, 2)


def test_comparisons_are_by_data() -> None:
    a, b = Value(2.0), Value(3.0)
    assert (a < b, a <= 2, a > 2.0, a > 1, b >= a, max(a, b) is b, sorted([b, a])[0] is a) == (
        True, True, False, True, True, True, True,
    )  # fmt: skip


def test_sum_of_values() -> None:
    values = [Value(1.0), Value(2.0)]
    total = sum(values)
    total.backward()
    assert (total.data, [v.grad for v in values]) == (3.0, [1.0, 1.0])
    assert sum(values, Value(10.0)).data == 13.0


@pytest.mark.parametrize("name", ["exp", "log", "tanh", "sigmoid", "relu", "sin", "cos", "sqrt"])
def test_methods_record_their_row(name: str) -> None:
    v = Value(0.5)
    y = getattr(v, name)()
    assert (y.op, y.inputs) == (TABLE[name], (v,))


def test_nan_and_infinity_pass() -> None:
    assert math.isnan((Value(math.nan) * 2).data)
    assert (Value(math.inf) + 1).data == math.inf
    assert Value(-1000.0).sigmoid().data == 0.0
    assert Value(1000.0).sigmoid().data == 1.0
