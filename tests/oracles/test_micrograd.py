"""Value is a drop-in for micrograd's Value: its own test programs, with PyTorch as their judge.

Source: github.com/karpathy/micrograd, test/test_engine.py (MIT).
"""

from __future__ import annotations

from typing import Any

import pytest

from autograd import Value

torch = pytest.importorskip("torch")


def tensor(x: float) -> Any:
    """A number of PyTorch in double precision."""
    return torch.tensor([x], dtype=torch.float64, requires_grad=True)


def test_sanity_check() -> None:
    def program(x: Any) -> Any:
        z = 2 * x + 2 + x
        q = z.relu() + z * x
        h = (z * z).relu()
        return h + q + q * x

    x, y = Value(-4.0), tensor(-4.0)
    ours, theirs = program(x), program(y)
    ours.backward()
    theirs.backward()
    assert ours.data == theirs.item()
    assert x.grad == y.grad.item()


def test_more_ops() -> None:
    def program(a: Any, b: Any) -> Any:
        c = a + b
        d = a * b + b**3
        c = c + c + 1
        c = c + 1 + c + (-a)
        d = d + d * 2 + (b + a).relu()
        d = d + 3 * d + (b - a).relu()
        e = c - d
        f = e**2
        g = f / 2.0
        return g + 10.0 / f

    a, b = Value(-4.0), Value(2.0)
    x, y = tensor(-4.0), tensor(2.0)
    ours, theirs = program(a, b), program(x, y)
    ours.backward()
    theirs.backward()
    assert ours.data == pytest.approx(theirs.item(), abs=1e-6)
    assert a.grad == pytest.approx(x.grad.item(), abs=1e-6)
    assert b.grad == pytest.approx(y.grad.item(), abs=1e-6)


def test_the_same_numbers_as_micrograd_itself() -> None:
    micrograd = pytest.importorskip("micrograd.engine")

    def program(a: Any, b: Any) -> Any:
        c = (a * b + b**3).relu() - a / b
        return (2 * c + c * c - 1) ** 2 * 0.5 + (-c) + (3.0 - a)

    ours, theirs = [Value(-1.5), Value(2.0)], [micrograd.Value(-1.5), micrograd.Value(2.0)]
    y, z = program(*ours), program(*theirs)
    y.backward()
    z.backward()
    assert y.data == z.data
    assert [v.grad for v in ours] == pytest.approx([v.grad for v in theirs], rel=1e-14)
