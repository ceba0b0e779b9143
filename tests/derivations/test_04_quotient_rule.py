"""The quotient rule.

    y = a / b = a · b⁻¹

By the product rule and the rule for powers:

    ∂y/∂a = b⁻¹ = 1/b
    ∂y/∂b = a · (−1) · b⁻² = −a/b²

The second can be written with the result that is already there: −a/b² = −y/b. If a and b depend on x:

    dy/dx = a'/b − a b'/b² = (a' b − a b') / b²

With a = sin x and b = x this is the slope of sin x / x:

    dy/dx = (x cos x − sin x) / x²
"""

import math

import pytest

from autograd import Value


def test_quotient_of_two_numbers() -> None:
    a, b = Value(6.0), Value(-4.0)
    y = a / b
    y.backward()

    assert a.grad == 1 / -4.0
    assert b.grad == -6.0 / 16.0
    assert b.grad == -y.data / b.data


def test_quotient_of_two_functions() -> None:
    x = Value(2.0)
    y = x.sin() / x
    y.backward()

    assert x.grad == pytest.approx((2 * math.cos(2) - math.sin(2)) / 4)
