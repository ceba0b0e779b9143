"""Differentiating through a loop: Newton's square root.

    y₀ = 1        yₙ₊₁ = ½ (yₙ + a / yₙ)

The steps converge to √a, twice as many digits with each. A loop is no obstacle to the chain rule: the
engine records what was computed, step after step. In each step a enters twice, through yₙ and by
itself:

    dyₙ₊₁/da = ½ (dyₙ/da + 1/yₙ − a/yₙ² · dyₙ/da)

Once yₙ = √a, the terms with dyₙ/da cancel, because a/yₙ² = 1, and what is left is the derivative of the
square root itself:

    dyₙ₊₁/da = 1 / (2√a)
"""

import math

import pytest

from autograd import Value


def test_square_root_by_newton() -> None:
    a = Value(2.0)
    y = Value(1.0)
    for _ in range(6):
        y = (y + a / y) / 2
    y.backward()

    root, slope = 1.0, 0.0
    for _ in range(6):
        root, slope = (root + 2 / root) / 2, (slope + 1 / root - 2 / root**2 * slope) / 2

    assert y.data == pytest.approx(math.sqrt(2), rel=1e-15)
    assert a.grad == pytest.approx(slope, rel=1e-14)
    assert a.grad == pytest.approx(1 / (2 * math.sqrt(2)), rel=1e-14)
