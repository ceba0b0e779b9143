"""Expressions as text: what is computed, and that nothing else is ever run."""

from __future__ import annotations

import math

import numpy as np
import pytest

from autograd import Value
from autograd.errors import ArgumentError, DomainError
from viz.expression import FUNCTIONS, Expression

VALUES = {
    "2 + 3*x": 8.0,
    "-x**2": -4.0,
    "(-x)**2": 4.0,
    "2**3**x": 512.0,
    "+x - -x": 4.0,
    "1e-1 * x / 4": 0.05,
    "pi * x": 2 * math.pi,
    "  tanh( x )\t": math.tanh(2.0),
    "maximum(x, 3) + minimum(x, 3)": 5.0,
    "relu(-x) + sigmoid(0*x)": 0.5,
    "abs(-x) + absolute(-x)": 4.0,
    "clip(x, 0, 1)": 1.0,
}


@pytest.mark.parametrize(("text", "value"), VALUES.items())
def test_values_are_pythons(text, value):
    assert Expression.parse(text)({"x": 2.0}) == pytest.approx(value, rel=1e-15)
    recorded = Expression.parse(text)({"x": Value(2.0)})
    assert recorded.data == pytest.approx(value, rel=1e-15)


def test_the_graph_is_recorded():
    w, x, b = Value(2.0), Value(-1.0), Value(0.5)
    Expression.parse("tanh(w*x + b)")({"w": w, "x": x, "b": b}).backward()
    slope = 1 - math.tanh(-1.5) ** 2
    assert (w.grad, x.grad, b.grad) == pytest.approx((-slope, 2 * slope, slope))


def test_names_come_in_reading_order_and_once():
    assert Expression.parse("b + sin(w*x) + x*pi").names == ("b", "w", "x")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # newer versions of NumPy warn of some names, such as fix
@pytest.mark.parametrize("name", sorted(FUNCTIONS))
def test_every_function_is_numpys(name):
    inside = {"acosh": 1.5, "arccosh": 1.5}.get(name, 0.5)
    numbers = [inside, 0.25, 2.0][: len(FUNCTIONS[name].rules)]
    names = "abc"[: len(numbers)]
    given = dict(zip(names, numbers, strict=True))
    result = Expression.parse(f"{name}({', '.join(names)})")(given)
    assert result == pytest.approx(float(getattr(np, name, FUNCTIONS[name].array)(*numbers)), rel=1e-14)


ATTACKS = [
    "__import__('os').system('true')",
    "__import__",
    "x.__class__",
    "().__class__.__bases__[0].__subclasses__()",
    "tanh.array",
    "tanh.__globals__",
    "(lambda: x)()",
    "[x for x in (1, 2)]",
    "{x}",
    "{**x}",
    "x[0]",
    "(x, x)",
    "f'{x}'",
    "'a' * 9",
    "b'a'",
    "x := 3",
    "(x := 3)",
    "x if x else 1",
    "x and x",
    "not x",
    "~x",
    "x < 1",
    "x @ x",
    "x % 2",
    "x // 2",
    "x << 9",
    "x ^ 2",
    "1j * x",
    "True",
    "None",
    "...",
    "tanh(x=x)",
    "tanh(*x)",
    "tanh(**x)",
    "tanh(tanh)(x)",
    "eval('1')",
    "exec(x)",
    "getattr(x, x)",
    "open(x)",
    "await x",
    "(yield x)",
    "import os",
    "x; x",
    "x\nx",
    "x = 1",
    "",
    "# x",
    "2x",
    "((x)",
    "tanh(x",
    "x\0",
    "(" * 10_000,
    "-" * 100_000 + "x",
    "9" * 5_000,
]


@pytest.mark.parametrize("text", ATTACKS, ids=lambda text: text[:30])
def test_whatever_else_is_refused(text):
    with pytest.raises(ArgumentError, match=r"(?s)expected:.*got:.*cure:") as raised:
        Expression.parse(text)({})
    assert len(str(raised.value)) < 600


def test_nothing_that_is_refused_is_run(tmp_path):
    trace = tmp_path / "run"
    with pytest.raises(ArgumentError):
        Expression.parse(f"open({str(trace)!r}, 'w')")
    with pytest.raises(ArgumentError):
        Expression.parse(f"__import__('pathlib').Path({str(trace)!r}).touch()")
    assert not trace.exists()


def test_an_expression_that_is_too_long_is_refused():
    with pytest.raises(ArgumentError, match="a shorter expression"):
        Expression.parse("+".join("x" * 50_000))({"x": 1.0})


CASES = [
    ("x*y", "none for y", "y=1.5"),
    ("foo(x)", "a function that is known", "floor(...)"),
    ("sum(x)", "a function that is known", "--functions"),
    ("max(x, 1)", "a function that is known", "maximum(...)"),
    ("ln(x)", "a function that is known", "log(...)"),
    ("tanh(x, x)", "1 argument of tanh", "tanh(a)"),
    ("arctan2(x)", "2 arguments of arctan2", "arctan2(a, b)"),
    ("x ^ 2", "BitXor", "x**2 for a power"),
    ("x if x else 1", "IfExp", "maximum(a, b)"),
    ("(x", "never closed at column 1", "as many ) as ("),
]


@pytest.mark.parametrize(("text", "words", "cure"), CASES)
def test_errors_say_what_to_write(text, words, cure):
    with pytest.raises(ArgumentError) as raised:
        Expression.parse(text)({"x": 1.0})
    assert words in str(raised.value)
    assert cure in str(raised.value).partition("cure:")[2]


DOMAINS = [
    ("1/x", 0.0, "computing 1/x of 1.0 and 0.0", "division by zero"),
    ("x**-1", 0.0, "computing x**-1 of 0.0 and -1.0", "negative power"),
    ("1 + log(x)", -1.0, "computing log(x) of -1.0", "math domain error"),
    ("exp(x)", 1e4, "computing exp(x) of 10000.0", "math range error"),
    ("(-8)**(1/3) * x", 1.0, "computing (-8)**(1/3)", "a complex number"),
    ("9**9**9**9 * x", 1.0, "computing 9**9**9", "out of range"),
    (f"{10**400} * x", 1.0, "computing 1000", "too large"),
]


@pytest.mark.parametrize(("text", "x", "did", "got"), DOMAINS, ids=[case[0][:20] for case in DOMAINS])
@pytest.mark.parametrize("kind", [float, Value])
def test_what_has_no_result_is_named(text, x, did, got, kind):
    with pytest.raises(DomainError, match=r"(?s)expected:.*got:.*cure:") as raised:
        Expression.parse(text)({"x": kind(x)})
    assert str(raised.value).startswith(did)
    assert got in str(raised.value)
