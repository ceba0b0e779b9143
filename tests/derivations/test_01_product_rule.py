"""The product rule.

    y = a · b

Hold b fixed: y is a line in a with slope b. Hold a fixed: y is a line in b with slope a. So

    ∂y/∂a = b
    ∂y/∂b = a

If a and b both depend on x, both slopes count:

    dy/dx = ∂y/∂a · da/dx + ∂y/∂b · db/dx = b · a' + a · b'

With numbers: a = x² and b = sin x at x = 2.

    a = 4            a' = 2x    = 4
    b = sin 2        b' = cos x = cos 2
    dy/dx = 4 sin 2 + 4 cos 2 ≈ 1.9726
"""

import math

import pytest

from autograd import Value


def test_product_of_two_numbers() -> None:
    a, b = Value(2.0), Value(-3.0)
    y = a * b
    y.backward()

    assert y.data == -6.0
    assert a.grad == -3.0  # b
    assert b.grad == 2.0  # a


def test_product_of_two_functions() -> None:
    x = Value(2.0)
    y = x**2 * x.sin()
    y.backward()

    assert x.grad == pytest.approx(4 * math.sin(2) + 4 * math.cos(2))
    assert x.grad == pytest.approx(1.9726, abs=1e-4)
