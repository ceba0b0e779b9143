"""Exact numbers are written as they are."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import numpy as np
import sympy

from autograd import Value
from viz import draw_graph, explain

x = sympy.Symbol("x", real=True)


def test_fractions_in_a_derivation() -> None:
    t = Value(Fraction(1, 3), label="t")
    u = t * t / (2 - t)
    text = str(explain(u, t))
    assert "Given  t = 1/3" in text
    assert "v2 = 2 - t = 2 - (1/3) = 5/3" in text
    assert "∂out/∂v2 = -out / v2 = -(1/15) / (5/3) = -1/25" in text
    assert "= 11/25" in text
    assert "0." not in text
    assert explain(u, t).value == Fraction(11, 25)


def test_fractions_in_latex() -> None:
    t = Value(Fraction(-1, 3), label="t")
    latex = explain(t**2 * Fraction(1, 2), t).to_latex()
    assert r"t = -\frac{1}{3}" in latex
    assert r"v_{1} &= t^{2} = \left(-\frac{1}{3}\right)^{2} = \frac{1}{9}" in latex


def test_formulas_of_symbols() -> None:
    v = Value(x + 1, label="v")
    u = np.sin(v) * v
    text = str(explain(u, v))
    assert "Given  v = x + 1" in text
    assert "(x + 1)*sin(x + 1)" in text
    assert "= ∂out/∂v1 * cos(v) + v1" in text
    assert "= (x + 1) * cos(x + 1) + (sin(x + 1))" in text
    assert r"\sin{\left(x + 1 \right)}" in explain(u, v).to_latex()


def test_kinks_of_symbols() -> None:
    v = Value(x, label="v")
    assert "Piecewise((1, x > 0), (0, True))" in str(explain(abs(v) * v, v))


def test_pictures_show_exact_numbers() -> None:
    t, d = Value(Fraction(1, 3), label="t"), Value(Decimal("0.123456789"), label="d")
    u = t / 2 + 1
    u.backward()
    picture = str(draw_graph(u))
    assert "data 7/6" in picture
    assert "t   data 1/3   grad 1/2" in picture
    assert "(∂v1/∂t = 1/2 ← 1/2)" in picture
    assert "data 0.246913578" in str(draw_graph(d * 2))
    w = Value(x, label="w")
    (w * w).backward()
    assert "data x   grad 2*x" in str(draw_graph(w))


def test_the_gradients_of_a_picture_are_recognised() -> None:
    t = Value(Fraction(1, 3), label="t")
    u = t * t
    u.backward()
    assert "gradient of out" in draw_graph(u).to_dot()
    u.backward()
    assert ".grad as it stands" in draw_graph(u).to_dot()
