"""Dual numbers: the chain rule from front to back.

Backpropagation starts at the result and asks of every number: how much does the result depend on you?
Forward mode starts at x and asks: how fast do you move when x moves? It carries two numbers along,

    a + a' ε        with ε² = 0

the value a and its speed a'. Calculating with them as with any sum, and dropping ε², gives the rules:

    (a + a'ε) + (b + b'ε) = (a + b) + (a' + b') ε
    (a + a'ε) · (b + b'ε) = a·b + (a'·b + a·b') ε          the product rule, since a'b' ε² = 0
    f(a + a'ε)            = f(a) + f'(a)·a' ε              the chain rule

With numbers: y = x² · sin x at x = 2, where x itself moves at speed 1.

    x            = 2                     + 1 ε
    u = x · x    = 4                     + (1·2 + 2·1) ε         = 4 + 4 ε
    v = sin x    = sin 2                 + cos 2 · 1 ε
    y = u · v    = 4 sin 2               + (4·sin 2 + 4·cos 2) ε

so dy/dx = 4 sin 2 + 4 cos 2 ≈ 1.9726, as from back to front (the first derivation).

The rules of the table go backward: from the gradient g of a result to g · J, the gradients of its inputs.
No other rules are needed to go forward. g · J is a linear function of g, and the derivative of a linear
function is its matrix: differentiating <g J, x'> by g gives J x', which is the speed of the result.

    u = x · x:    g ↦ g·x + g·x = 4 g       times x' = 1:   4 g        by g:   4          u' above
    v = sin x:    g ↦ g · cos 2             times x' = 1:   g cos 2    by g:   cos 2      v' above
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np
import pytest

from autograd import Tensor, Value, grad, jvp


class Dual(NamedTuple):
    """a + a' ε."""

    value: float
    speed: float

    def __mul__(self, other: Any) -> Dual:
        return Dual(self.value * other.value, self.speed * other.value + self.value * other.speed)

    def sin(self) -> Dual:
        return Dual(math.sin(self.value), math.cos(self.value) * self.speed)


def f(x: Any) -> Any:
    return (x * x) * x.sin()


def test_dual_numbers_and_forward_mode_agree() -> None:
    by_hand = f(Dual(2.0, 1.0))
    value, tangent = jvp(f, (Value(2.0),), (1.0,))

    assert by_hand.value == value.data == 4 * math.sin(2)
    assert by_hand.speed == pytest.approx(4 * math.sin(2) + 4 * math.cos(2))
    assert tangent.data == pytest.approx(by_hand.speed)
    assert tangent.data == pytest.approx(1.9726, abs=1e-4)


def test_each_step() -> None:
    _, (u, v) = jvp(lambda x: (x * x, x.sin()), (Value(2.0),), (1.0,))

    assert u.data == 4.0
    assert v.data == pytest.approx(math.cos(2))


def test_twice_the_speed_moves_twice_as_fast() -> None:
    assert f(Dual(2.0, 2.0)).speed == 2 * f(Dual(2.0, 1.0)).speed
    assert jvp(np.sin, (2.0,), (2.0,))[1] == pytest.approx(2 * math.cos(2))


def test_the_pullback_of_the_pullback() -> None:
    x, g = Tensor(2.0), Tensor(1.0)
    pulled = g * np.cos(x)  # the rule of sin, with a symbol for the gradient
    (pulled * 1.0).backward()  # times the speed of x

    assert g.grad == pytest.approx(math.cos(2))


def test_front_to_back_and_back_to_front() -> None:
    assert jvp(f, (Tensor(2.0),), (1.0,))[1].item() == pytest.approx(grad(f)(2.0))
