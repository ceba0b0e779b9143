"""Exact numbers: gradients that equal SymPy's, without a tolerance."""

from __future__ import annotations

import copy
import math
import pickle
from collections.abc import Callable
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import autograd
from autograd import Exact, Value, errors, grad
from nn.scalar import Neuron

F, D = Fraction, Decimal
x, y = sympy.symbols("x y", real=True)
p = sympy.Symbol("p", positive=True)

# Random programs.

RATIONAL: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: 2 - a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / (b * b + 1),
    "third": lambda a, b: a / 3,
    "cube": lambda a, b: a**3,
    "inverse": lambda a, b: (a * a + 1) ** -2,
}
SMOOTH = RATIONAL | {
    "sin": lambda a, b: np.sin(a) if isinstance(a, Value) else sympy.sin(a),
    "exp": lambda a, b: np.exp(a) if isinstance(a, Value) else sympy.exp(a),
    "tanh": lambda a, b: np.tanh(a) if isinstance(a, Value) else sympy.tanh(a),
    "log": lambda a, b: np.log(a * a + 1) if isinstance(a, Value) else sympy.log(a * a + 1),
    "sqrt": lambda a, b: np.sqrt(a * a + 1) if isinstance(a, Value) else sympy.sqrt(a * a + 1),
    "arctan": lambda a, b: np.arctan(a) if isinstance(a, Value) else sympy.atan(a),
    "exp2": lambda a, b: np.exp2(a) if isinstance(a, Value) else 2**a,
}


def programs(functions: Any, longest: int) -> Any:
    """Steps that each combine two of all numbers so far, of which there are two in the beginning."""

    @st.composite
    def steps(draw: Any) -> list[tuple[str, int, int]]:
        ends = range(2, 2 + draw(st.integers(1, longest)))
        name = st.sampled_from(sorted(functions))
        return [(draw(name), draw(st.integers(0, n - 1)), draw(st.integers(0, n - 1))) for n in ends]

    return steps()


def run(steps: list[tuple[str, int, int]], *leaves: Any) -> Any:
    numbers = list(leaves)
    for name, i, j in steps:
        numbers.append(SMOOTH[name](numbers[i], numbers[j]))
    return numbers[-1]


fractions = st.fractions(-2, 2, max_denominator=7)


@given(steps=programs(RATIONAL, 6), a=fractions, b=fractions)
@settings(max_examples=60, deadline=None, derandomize=True)
def test_rational_programs_have_sympys_gradients_exactly(steps: Any, a: Fraction, b: Fraction) -> None:
    formula, at = run(steps, x, y), {x: sympy.Rational(a), y: sympy.Rational(b)}
    u, v = Value(a), Value(b)
    result = run(steps, u, v)
    if result.op is None:
        return
    result.backward()
    for leaf, symbol in ((u, x), (v, y)):
        expected = sympy.diff(formula, symbol).subs(at)
        assert not isinstance(leaf.grad, float)
        assert sympy.Rational(leaf.grad) == expected
    second = grad(grad(lambda x: run(steps, x, b)))(a)
    assert not isinstance(second, float)
    assert sympy.Rational(second) == sympy.diff(formula, x, 2).subs(at)


def is_zero(expression: Any) -> bool:
    return sympy.expand(expression) == 0 or sympy.simplify(expression) == 0


@given(steps=programs(SMOOTH, 3))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_programs_of_symbols_simplify_to_sympys_derivatives(steps: Any) -> None:
    u, v = Value(x), Value(y)
    result = run(steps, u, v)
    formula = run(steps, x, y)
    assert result.data == formula
    result.backward()
    assert is_zero(u.grad - sympy.diff(formula, x))
    assert is_zero(v.grad - sympy.diff(formula, y))


UNARY = {
    "exp": sympy.exp(p), "exp2": 2**p, "expm1": sympy.exp(p) - 1, "log": sympy.log(p), "log2": sympy.log(p, 2),
    "log10": sympy.log(p, 10), "log1p": sympy.log(1 + p), "sqrt": sympy.sqrt(p), "cbrt": sympy.cbrt(p),
    "sin": sympy.sin(p), "cos": sympy.cos(p), "tan": sympy.tan(p), "arcsin": sympy.asin(p), "arccos": sympy.acos(p),
    "arctan": sympy.atan(p), "sinh": sympy.sinh(p), "cosh": sympy.cosh(p), "tanh": sympy.tanh(p),
    "arcsinh": sympy.asinh(p), "arccosh": sympy.acosh(p), "arctanh": sympy.atanh(p), "sigmoid": 1 / (1 + sympy.exp(-p)),
    "relu": p, "conjugate": p,
}  # fmt: skip


@pytest.mark.parametrize("name", UNARY)
def test_functions_of_a_symbol_to_second_order(name: str) -> None:
    v = Value(p)
    result = getattr(v, name)()
    assert is_zero(result.data - UNARY[name])
    result.backward(create_graph=True)
    slope = v.grad
    assert is_zero((slope.data if isinstance(slope, Value) else slope) - sympy.diff(UNARY[name], p))
    if isinstance(slope, Value) and slope.requires_grad:
        v.zero_grad()
        slope.backward()
        assert is_zero(v.grad - sympy.diff(UNARY[name], p, 2))


BINARY: dict[str, Any] = {
    "hypot": sympy.sqrt(x**2 + p**2),
    "arctan2": sympy.atan2(x, p),
    "logaddexp": sympy.log(sympy.exp(x) + sympy.exp(p)),
    "logaddexp2": sympy.log(2**x + 2**p) / sympy.log(2),
    "power": p**x,
}


@pytest.mark.parametrize("name", BINARY)
def test_functions_of_two_symbols(name: str) -> None:
    symbols = (p, x) if name == "power" else (x, p)
    u, v = map(Value, symbols)
    getattr(np, name)(u, v).backward()
    for leaf, symbol in zip((u, v), symbols, strict=True):
        got, expected = (e.subs({x: sympy.Rational(2, 3), p: 2}) for e in (leaf.grad, sympy.diff(BINARY[name], symbol)))
        assert is_zero(got - expected)


# Kinks.


@pytest.mark.parametrize(
    ("f", "at"),
    [
        (lambda v: abs(v), {-2: -1, 0: 0, 2: 1}),
        (lambda v: v.relu(), {-2: 0, 0: 0, 2: 1}),
        (lambda v: np.maximum(v, 1), {0: 0, 1: F(1, 2), 2: 1}),
        (lambda v: np.minimum(v, 1), {0: 1, 1: F(1, 2), 2: 0}),
        (lambda v: np.clip(v, -1, 1), {-2: 0, -1: 1, 0: 1, 1: 1, 2: 0}),
        (lambda v: np.sign(v) * v, {-2: -1, 2: 1}),
        (lambda v: np.floor(v) * v, {F(1, 2): 0, F(5, 2): 2}),
        (lambda v: v % 2, {F(1, 2): 1, F(5, 2): 1}),
        (lambda v: v // 2 + v, {F(1, 2): 1}),
        (lambda v: np.heaviside(v, F(1, 2)) * v, {-1: 0, 2: 1}),
    ],
)
def test_kinks_of_symbols_are_those_of_numbers(f: Callable[[Any], Any], at: dict[Any, Any]) -> None:
    formula = sympy.sympify(grad(f)(x))
    for place, slope in at.items():
        assert formula.subs(x, sympy.Rational(place)) == sympy.Rational(slope)
        assert grad(f)(F(place)) == slope
        assert grad(f)(D(float(place))) == D(float(slope))


def test_comparisons_that_sympy_can_decide_are_plain() -> None:
    v = Value(p)
    assert (v > 0, v <= 0, v >= -1, Value(F(1, 3)) < F(1, 2), v > Value(sympy.Integer(-1))) == (
        True, False, True, True, True,
    )  # fmt: skip
    assert max(Value(F(1, 3)), Value(F(1, 2))).data == F(1, 2)
    assert grad(np.abs)(p) == 1


def test_indicators_are_joined() -> None:
    v = Value(x)
    either, both = (v < -1) | (v > 1), (v > -1) & (v < 1)
    assert [either.data.subs(x, n) for n in (-2, 0, 2)] == [1, 0, 1]
    assert [both.data.subs(x, n) for n in (-2, 0, 2)] == [0, 1, 0]
    assert ((v > 0) | True, (v > 0) & False) == (True, False)
    assert (False | (v > 0)).condition == (x > 0)
    assert (True & (v > 0)).condition == (x > 0)


# Kinds of numbers.


@pytest.mark.parametrize("number", [F(1, 3), D("0.1"), sympy.Rational(1, 3), x + 1])
def test_numbers_stay_what_they_are(number: Any) -> None:
    v = Value(number, label="v")
    assert isinstance(v, Exact)
    assert (v.data, v.label, v.grad) == (number, "v", 0)
    (2 * v + v / 4).backward()
    assert type(v.grad) in (type(number), sympy.Rational)
    assert v.grad == type(v.grad)("2.25") if isinstance(number, Decimal) else F(9, 4)
    assert repr(Value(number)) == f"Value(data={number}, grad=0)"
    assert v.detach().data == number
    for again in (copy.deepcopy(v), pickle.loads(pickle.dumps(v))):
        assert (again.data, type(again)) == (number, Exact)


@pytest.mark.parametrize(
    "expression",
    [
        lambda v: x * v, lambda v: v * x, lambda v: x + v, lambda v: v - x, lambda v: x / v, lambda v: v**x,
        lambda v: x**v, lambda v: sympy.Integer(2) - v, lambda v: sympy.Rational(1, 3) * v, lambda v: sympy.pi * v,
        lambda v: Value(x) * v, lambda v: v * Value(x), lambda v: np.array([F(1, 3)]) * v * x,
    ],
)  # fmt: skip
def test_symbols_meet_values(expression: Callable[[Any], Any]) -> None:
    v = Value(2)
    result = np.ravel(expression(v))[0]
    assert isinstance(result, Exact)
    result.backward()
    assert v.grad != 0


def test_whole_numbers_join_fractions() -> None:
    a, b = Value(2), Value(F(1, 3))
    c = a / (b * 3) + F(1, 2) * a + a**2 * F(1, 3)
    c.backward()
    assert (c.data, a.grad, b.grad) == (F(13, 3), F(17, 6), F(-6))
    assert not isinstance(a.grad, float)


def test_a_float_that_is_met_makes_floats() -> None:
    v = Value(F(1, 2))
    assert type(v * 0.5) is Value
    (v * 0.5 + v).backward()
    assert v.grad == 1.5


def test_assigned_numbers_change_the_kind() -> None:
    class Weight(Value):
        __slots__ = ()

    w = Value(0)
    w.data = F(1, 2)
    assert type(w) is Exact
    w.data = 0.5
    assert type(w) is Value
    w = Weight(1.0)
    w.data = 2.0
    assert type(w) is Weight


def test_training_in_fractions() -> None:
    w = Value(F(3))
    for _ in range(4):
        loss = (w - 1) ** 2
        w.zero_grad()
        loss.backward()
        w.data -= F(1, 4) * w.grad
    assert w.data == F(9, 8)


def test_a_neuron_in_fractions() -> None:
    neuron = Neuron(2)
    for weight, n in zip(neuron.parameters(), (3, 5, 7), strict=True):
        weight.data = F(1, n)
    neuron([F(1, 2), Value(2)]).backward()
    assert [weight.grad for weight in neuron.parameters()] == [F(1, 2), 2, 1]


@pytest.mark.parametrize(
    ("f", "slope"),
    [
        (lambda v: v.tanh(), lambda a: 4 / (a.exp() + (-a).exp()) ** 2),
        (lambda v: v.exp() * v.log(), lambda a: a.exp() * (a.ln() + 1 / a)),
        (lambda v: v.sqrt(), lambda a: 1 / (2 * a.sqrt())),
        (lambda v: v**v, lambda a: a**a * (a.ln() + 1)),
        (lambda v: v.log10() + v.log2(), lambda a: 1 / (a * D(10).ln()) + 1 / (a * D(2).ln())),
        (lambda v: v.exp2(), lambda a: 2**a * D(2).ln()),
        (lambda v: v.sinh() * v.cosh(), lambda a: ((2 * a).exp() + (-2 * a).exp()) / 2),
    ],
)
def test_decimals_have_as_many_digits_as_wanted(f: Callable[[Any], Any], slope: Callable[[Any], Any]) -> None:
    with localcontext() as context:
        context.prec = 60
        assert abs(grad(f)(D("0.3")) - slope(D("0.3"))) < D("1e-57")


def test_zero_times_infinity_stays_zero() -> None:
    v = Value(F(0))
    (0 * (1 / (v + 1)) + v * 2).backward()
    assert v.grad == 2
    s = Value(sympy.Integer(0))
    (0 * s.sqrt() + s).backward()
    assert s.grad == 1
    d = Value(D(0))
    (0 * d.sqrt() + d).backward()
    assert d.grad == 1


@pytest.mark.parametrize("number", [D(0), sympy.Integer(0)], ids=["Decimal", "SymPy"])
def test_a_limit_that_exact_numbers_do_not_show_is_said(number: Any) -> None:
    """d/dx sqrt(x)**2 = 1, but at 0 the chain rule says 0 times infinity."""
    v = Value(number, label="v")
    with pytest.raises(errors.DomainError, match="tend to 1 instead of 0") as raised:
        (v.sqrt() ** 2).backward()
    assert "the exact gradient of v" in str(raised.value)
    assert "Value(float(x))" in str(raised.value)


# Derivatives of functions.


def cube(x: Any) -> Any:
    return x**3


@pytest.mark.parametrize(
    ("derivative", "expected"),
    [
        (lambda: grad(cube)(F(1, 3)), F(1, 3)),
        (lambda: grad(grad(cube))(F(1, 3)), F(2)),
        (lambda: grad(grad(grad(cube)))(F(1, 3)), F(6)),
        (lambda: autograd.value_and_grad(cube)(F(1, 3)), (F(1, 27), F(1, 3))),
        (lambda: grad(lambda a, b: a * a / b, (0, 1))(F(1, 2), F(1, 3)), (F(3), F(-9, 4))),
        (lambda: grad(lambda p: p["a"] * p["b"][0])({"a": F(1, 2), "b": [F(2)]}), {"a": F(2), "b": [F(1, 2)]}),
        (lambda: grad(lambda a: F(2))(F(1, 3)), F(0)),
        (lambda: autograd.vjp(lambda a, b: a * b, F(1, 2), F(1, 3))[1](F(1)), (F(1, 3), F(1, 2))),
        (lambda: autograd.jvp(cube, (F(1, 3),), (F(1, 2),)), (F(1, 27), F(1, 6))),
        (lambda: autograd.jvp(lambda a, b: [a * b, a], (F(1, 3), F(2)), (F(1), F(3)))[1], [F(3), F(1)]),
        (lambda: autograd.jacobian(lambda a: {"c": a**3, "a": a / 3})(F(1, 3)), {"c": F(1, 3), "a": F(1, 3)}),
        (lambda: autograd.hessian(cube)(F(1, 3)), F(2)),
        (lambda: autograd.hvp(cube)(F(1, 3), F(1, 2)), F(1)),
        (lambda: autograd.elementwise_grad(cube)(F(1, 3)), F(1, 3)),
        (lambda: grad(cube)(x), 3 * x**2),
        (lambda: grad(grad(cube))(x), 6 * x),
        (lambda: autograd.hessian(lambda a, b: a**2 * b, (0, 1))(x, y), ((2 * y, 2 * x), (2 * x, 0))),
        (lambda: autograd.jvp(lambda a: np.sin(a), (x,), (y,))[1], y * sympy.cos(x)),
        (lambda: grad(lambda v: v * grad(lambda w: v * w)(F(1)))(F(3, 7)), F(6, 7)),
    ],
)  # fmt: skip
def test_derivatives_of_functions_are_exact(derivative: Callable[[], Any], expected: Any) -> None:
    got = derivative()
    assert got == expected
    assert "float" not in str([type(n) for n in np.ravel(np.array(got, dtype=object))])


# Refusals.


@pytest.mark.parametrize(
    ("line", "kind", "parts"),
    [
        (lambda: Value(F(1, 3)).sin(), errors.DtypeError, ["sin of a Fraction", "Value(float(x))", "sympy.Rational"]),
        (lambda: np.exp(Value(F(1, 3))), errors.DtypeError, ["exp of a Fraction", "Value(float(x))"]),
        (lambda: Value(F(1, 3)).sigmoid(), errors.DtypeError, ["sigmoid of a Fraction"]),
        (lambda: Value(F(1, 3)).sqrt(), errors.DtypeError, ["sqrt of a Fraction"]),
        (lambda: Value(F(1, 3)).log2(), errors.DtypeError, ["log of a Fraction"]),
        (lambda: Value(F(2)) ** F(1, 2), errors.DtypeError, ["power of a Fraction"]),
        (lambda: (Value(F(2)) ** Value(2)).backward(), errors.DtypeError, ["log_of_base of a Fraction"]),
        (lambda: Value(D(1)).sin(), errors.DtypeError, ["sin of a Decimal", "sympy.Rational('0.1')"]),
        (lambda: Value(D(1)) * 0.5, errors.DtypeError, ["multiply of Decimal and float", "Decimal('0.1')"]),
        (lambda: Value(D(1)) + F(1, 2), errors.DtypeError, ["Decimal and Fraction", "Fraction(x)"]),
        (lambda: Value(x).rint(), errors.DtypeError, ["rint of a SymPy expression", "Value(float(x))"]),
        (lambda: max(Value(x), Value(y)), errors.DomainError, ["bool(y > x)", "np.maximum(a, b)", "positive=True"]),
        (lambda: Value([F(1, 2)]), errors.DtypeError, ["list"]),
    ],
)
def test_what_would_round_is_refused(line: Callable[[], Any], kind: type[Exception], parts: list[str]) -> None:
    with pytest.raises(kind) as raised:
        line()
    for part in [*parts, "expected:", "got:", "cure:"]:
        assert part in str(raised.value)


def test_floats_are_as_before() -> None:
    v = Value(0.5)
    assert type(v) is Value
    v.exp().backward()
    assert (type(v.exp()), v.grad) == (Value, math.exp(0.5))
