"""LaTeX means what it says: read as mathematics, every side of a derivation has the value that the engine found."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nn
import viz
from autograd import Tensor, Value
from viz.derivation import LINE, Equation, broken_latex

FUNCTIONS = {name: getattr(math, name) for name in ("sin", "cos", "tanh", "exp", "sqrt")}


def group(latex, at):
    """What stands between the braces that open at ``at``, and where they close."""
    depth = 0
    for i in range(at, len(latex)):
        depth += (latex[i] == "{") - (latex[i] == "}")
        if not depth:
            return latex[at + 1 : i], i + 1
    raise AssertionError(latex)


def python(latex):
    """Mathematics as Python reads it: only what formulas of numbers need."""
    for command, arguments, template in ((r"\frac", 2, "(({})/({}))"), (r"\sqrt", 1, "sqrt({})")):
        while (at := latex.find(command + "{")) >= 0:
            parts, end = [], at + len(command)
            for _ in range(arguments):
                part, end = group(latex, end)
                parts.append(python(part))
            latex = latex[:at] + template.format(*parts) + latex[end:]
    while (found := re.search(r"(e)?\^\{", latex)) is not None:
        part, end = group(latex, found.end() - 1)
        latex = latex[: found.start()] + f"{'exp' if found[1] else '**'}({python(part)})" + latex[end:]
    latex = re.sub(r"e\^(\w)", r"exp(\1)", latex)
    latex = re.sub(r"\^(\w)", r"**(\1)", latex)
    for sign, word in ((r"\left(", "("), (r"\right)", ")"), (r"\cdot", "*"), (r"\,", "*"), ("{", "("), ("}", ")")):
        latex = latex.replace(sign, word)
    return re.sub(r"\\([a-z]+)", r"\1", latex)


def symbolic(latex):
    """Whether something in it is no number."""
    return r"\partial" in latex or set(re.findall(r"[a-z]\w*", python(latex))) - FUNCTIONS.keys()


def value(latex):
    return eval(python(latex), dict(FUNCTIONS))


OPERATIONS = {
    "+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b, "/": lambda a, b: a / (b * b + 1),
    "**": lambda a, b: a**2, "sin": lambda a, b: a.sin(), "tanh": lambda a, b: a.tanh(), "neg": lambda a, b: -a,
    "exp": lambda a, b: a.tanh().exp(), "1/": lambda a, b: (1 / (2 + b.sin()) + a) * b,
}  # fmt: skip


@st.composite
def expressions(draw):
    """A few operations on two Values, and one of these."""
    nodes = [Value(draw(st.floats(0.5, 1.5)), label=name) for name in ("x", "y")]
    leaves = list(nodes)
    for _ in range(draw(st.integers(1, 7))):
        a, b = (nodes[draw(st.integers(0, len(nodes) - 1))] for _ in range(2))
        nodes.append(OPERATIONS[draw(st.sampled_from(list(OPERATIONS)))](a, b))
    out = nodes[-1] * 1.5 + leaves[0] * leaves[1]
    return out, leaves[draw(st.integers(0, 1))]


@settings(max_examples=150, deadline=None)
@given(expressions())
def test_every_side_in_numbers_has_the_value_of_the_gradient(pair):
    out, x = pair
    out.backward()
    for style in ("sum", "paths"):
        derivation = viz.explain(out, x, style=style, digits=15)
        for equation in (*derivation.forward, *derivation.backward):
            if not isinstance(equation, Equation) or len(equation.sides) < 2:
                continue
            *_, numbers, result = (side.latex for side in equation.sides)
            if not symbolic(numbers):
                assert value(numbers) == pytest.approx(value(result), rel=1e-9, abs=1e-11)


@settings(max_examples=100, deadline=None)
@given(expressions())
def test_the_formula_has_the_value_of_the_gradient(pair):
    out, x = pair
    derivation = viz.explain(out, x, style="formula", digits=15)
    if derivation.titles[0] == "Where" or isinstance(derivation.backward[-1], str):
        return
    given_numbers = {item.text.split(" = ")[0]: item.text.split(" = ")[1] for item in derivation.given}
    names = {name: float(number) for name, number in given_numbers.items()}
    for equation in (derivation.forward[-1], derivation.backward[-1]):
        formula, result = (side.latex for side in equation.sides)
        assert eval(python(formula), FUNCTIONS | names) == pytest.approx(value(result), rel=1e-9, abs=1e-11)


def test_one_entry_of_a_softmax_keeps_its_parentheses():
    z = Tensor([[1.0, 0.0, 2.0]], name="z")
    loss = nn.cross_entropy(z, np.array([2]))
    loss.name = "L"
    derivation = viz.explain(loss, z, index=(0, 1), digits=15)
    for equation in derivation.entry:
        if len(equation.sides) > 1:
            assert value(equation.sides[-2].latex) == pytest.approx(value(equation.sides[-1].latex), rel=1e-9)
    assert r"\cdot \left(\frac{\partial L}" in derivation.to_latex()


def test_long_sums_are_broken_where_their_text_is():
    w = Tensor(np.full((40, 1), 0.123456), name="w")
    x = Tensor(np.linspace(-1, 1, 80).reshape(2, 40), name="x")
    derivation = viz.explain(np.sum((x @ w) ** 2), x, index=(0, 0))
    for equation in (*derivation.forward, *derivation.backward, *derivation.entry):
        for side in equation.sides:
            room = LINE - len(equation.left.text)
            lines = broken_latex(side, room)
            assert " ".join(lines) == side.latex
    total = Value(0.5, label="a")
    terms = [total * (1 + i / 7) for i in range(30)]
    derivation = viz.explain(sum(terms), total)
    side = derivation.backward[-1].sides[-2]
    lines = broken_latex(side, LINE - 8)
    assert len(lines) > 3
    assert max(map(len, lines)) <= LINE * 1.5
