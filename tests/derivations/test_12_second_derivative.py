"""A second derivative.

    y = x³ sin x

Once, by the product rule:

    y' = 3x² sin x + x³ cos x

Twice, by the product rule on each term:

    y'' = 6x sin x + 3x² cos x  +  3x² cos x − x³ sin x
        = 6x sin x + 6x² cos x − x³ sin x

The first derivative is computed by operations like any others. When they are recorded too, the
backward pass is itself a graph, and walking back over it gives the second derivative. For a function
of several numbers the second derivatives form a matrix, the Hessian, which is symmetric:

    y = a² b³        ∂²y/∂a² = 2b³        ∂²y/∂a∂b = ∂²y/∂b∂a = 6ab²        ∂²y/∂b² = 6a²b
"""

import math

import pytest

from autograd import Value, grad


def test_second_derivative() -> None:
    x = 2.0
    first = grad(lambda x: x**3 * x.sin())
    second = grad(first)

    assert first(x) == pytest.approx(3 * x**2 * math.sin(x) + x**3 * math.cos(x))
    assert second(x) == pytest.approx(6 * x * math.sin(x) + 6 * x**2 * math.cos(x) - x**3 * math.sin(x))


def test_backward_pass_is_a_graph_too() -> None:
    a, b = Value(3.0), Value(2.0)
    y = a**2 * b**3
    y.backward(create_graph=True)
    slope = a.grad  # 2ab³, a Value like any other

    a.zero_grad()
    b.zero_grad()
    slope.backward()

    assert slope.data == 2 * 3 * 8
    assert a.grad == 2 * 8  # ∂²y/∂a² = 2b³
    assert b.grad == 6 * 3 * 4  # ∂²y/∂a∂b = 6ab²
