"""Logistic regression, proved: not at some numbers, but for all.

    z = w x + b        p = 1 / (1 + e⁻ᶻ)        L = −y log p − (1 − y) log(1 − p)

The derivative of p is p (1 − p), so all of the logarithms cancels and the gradient is the error times
what it was computed from:

    ∂L/∂w = (p − y) x        ∂L/∂b = p − y

A second time, and y is gone: the curvature does not depend on what is right, and is never negative, so L
has one minimum.

    ∂²L/∂w² = p (1 − p) x²        ∂²L/∂b² = p (1 − p)

Here the engine runs on SymPy's symbols in the place of numbers. The rules of the table are the same, so what
comes out is the gradient itself as a formula, and the equality needs no tolerance.
"""

import sympy

from autograd import Value, hessian

x, y, w, b = sympy.symbols("x y w b", real=True)
p = 1 / (1 + sympy.exp(-(w * x + b)))


def loss(w: Value, b: Value) -> Value:
    p = (w * x + b).sigmoid()
    return -y * p.log() - (1 - y) * (1 - p).log()


def test_gradient_is_the_error_times_the_input() -> None:
    weight, bias = Value(w), Value(b)
    loss(weight, bias).backward()
    assert sympy.simplify(weight.grad - (p - y) * x) == 0
    assert sympy.simplify(bias.grad - (p - y)) == 0


def test_curvature_does_not_depend_on_what_is_right() -> None:
    (by_ww, by_wb), (_, by_bb) = hessian(loss, (0, 1))(w, b)
    assert sympy.simplify(by_ww - p * (1 - p) * x**2) == 0
    assert sympy.simplify(by_wb - p * (1 - p) * x) == 0
    assert sympy.simplify(by_bb - p * (1 - p)) == 0
