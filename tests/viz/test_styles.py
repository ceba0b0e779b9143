"""The styles of a derivation beyond the sum: paths, table, formula, program; one entry; and the check."""

from __future__ import annotations

import re

import numpy as np
import pytest

import nn
import viz
from autograd import TABLE, Tensor, Value, grad
from autograd.errors import ArgumentError, StaleGraphError
from autograd.graph import Node
from tests.autograd.rows import SAMPLES

from .graphs import diamond, named, network, neuron

STYLES = ("sum", "paths", "table", "formula", "program")


def lines(derivation):
    """The lines of a derivation, without indents."""
    return [line.strip() for line in str(derivation).splitlines()]


# Paths.


def test_the_sum_over_paths():
    assert lines(viz.explain(*diamond(), style="paths"))[-4:] == [
        "The sum over 2 paths",
        "a → b → d:  ∂d/∂b * ∂b/∂a = 0.1411 * 2 = 0.2822",
        "a → c → d:  ∂d/∂c * ∂c/∂a = 6 * (-0.99) = -5.94",
        "∂d/∂a = 0.2822 - 5.94 = -5.658",
    ]


def test_an_operand_used_twice_is_two_paths():
    a = Value(3.0, label="a")
    derivation = viz.explain(named(a * a, "c"), a, style="paths")
    assert lines(derivation)[-5:-2] == ["a → c:  ∂c/∂a|1 = 3", "a → c:  ∂c/∂a|2 = 3", "∂c/∂a = 3 + 3 = 6"]


def doubling(levels):
    x = y = Value(0.01, label="x")
    for _ in range(levels):
        y = y * 0.5 + y.tanh() * 0.4
    return y, x


def test_paths_are_counted_and_not_walked():
    y, x = doubling(60)
    derivation = viz.explain(y, x, style="paths", max_terms=5)
    assert len(derivation.terms) == 5
    assert derivation.backward[-1].sides[0].text.endswith(" + (about 1e18 further paths, together 0.001797)")
    y.backward()
    assert derivation.value == x.grad
    y, x = doubling(4)
    assert "(11 further paths, together " in str(viz.explain(y, x, style="paths", max_terms=5))
    assert len(viz.explain(y, x, style="paths").terms) == 16


def test_long_paths_show_their_ends():
    x = Value(0.5, label="x")
    y = x
    for _ in range(50):
        y = y.tanh()
    (line, _) = viz.explain(y, x, style="paths").backward
    assert line.left.text == "x → v1 → v2 → v3 → … → v47 → v48 → v49 → out"
    assert len(line.sides) == 1


def test_closed_paths_are_said_in_words():
    x = Value(-1.0, label="x")
    text = str(viz.explain(named(x * 3 + x.relu(), "y"), x, style="paths"))
    assert "x → v2 → y:  ∂y/∂v2 * ∂v2/∂x = 1 * 0 = 0" in text
    assert "([x > 0] is 0: that path through v2 is closed and contributes 0)" in text
    z = Value(0.0, label="z")
    assert "(∂v1/∂z is 0: this path contributes 0)" in str(viz.explain(z**2 * 1.0, z, style="paths"))


def test_paths_of_tensors_carry_arrays():
    rng = np.random.default_rng(0)
    w = Tensor(rng.normal(size=(2, 2)), name="w")
    loss = np.sum(np.tanh(w @ w) * w)
    derivation = viz.explain(loss, w, style="paths")
    assert len(derivation.terms) == 3
    np.testing.assert_allclose(sum(derivation.terms), derivation.value, rtol=1e-12)


# Table.


def test_the_table_has_a_row_a_step():
    table = viz.explain(*diamond(), style="table")
    assert isinstance(table, viz.TraceTable)
    assert [tuple(cell.text for cell in row) for row in table.rows] == [
        ("1", "a", "3", "∂d/∂b * 2 + ∂d/∂c * cos(a) = 0.1411 * 2 + 6 * cos(3)", "-5.658"),
        ("2", "b = a * 2 = 3 * 2", "6", "c", "0.1411"),
        ("3", "c = sin(a) = sin(3)", "0.1411", "b", "6"),
        ("4", "d = b * c = 6 * 0.1411", "0.8467", "", "1"),
    ]
    assert table.to_markdown().count("\n| ") == 6
    assert table.to_latex().startswith("\\begin{array}{rlrlr}")


def test_the_table_shows_what_joins_from_the_side_and_leaves_out_the_middle():
    o, leaves = neuron()
    table = viz.explain(o, leaves["w1"], style="table")
    assert [row[1].text.split(" = ")[0] for row in table.rows] == ["x1", "w1", "b", "v1", "v2", "v3", "n", "o"]
    x = y = Value(0.5, label="x")
    for _ in range(100):
        y = y.tanh()
    table = viz.explain(y, x, style="table", max_equations=10)
    assert len(table.rows) == 11
    assert table.rows[5][1].text == "91 steps left out"


# Formula.


def test_the_formula_of_a_neuron():
    o, leaves = neuron()
    derivation = viz.explain(o, leaves["w1"], style="formula")
    assert lines(derivation)[-5:] == [
        "Function",
        "o = tanh(x1 * w1 + x2 * w2 + b) = 0.8483",
        "",
        "Gradient",
        "∂o/∂w1 = (1 - tanh(x1 * w1 + x2 * w2 + b)**2) * x1 = 0.5608",
    ]


@pytest.mark.parametrize(
    ("function", "formula"),
    [
        (lambda x: np.sin(x) * x, "sin(x) + x * cos(x)"),
        (lambda x: x**3 - 2 * x, "3 * x**2 - 2"),
        (lambda x: np.exp(-(x**2)), "-exp(-x**2) * 2 * x"),
        (lambda x: np.log(x), "1 / x"),
        (lambda x: x / (1 + x), "1 / (1 + x) - x / (1 + x) / (1 + x)"),
    ],
)
def test_the_formula_of_a_function(function, formula):
    derivation = viz.explain(function, "x", style="formula")
    assert derivation.replay is None
    written = lines(derivation)[-1].removeprefix("∂out/∂x = ")
    for x in (0.3, 1.7):
        number = eval(written, {"x": x, "sin": np.sin, "cos": np.cos, "exp": np.exp})
        assert number == pytest.approx(grad(function)(x))
        assert number == pytest.approx(viz.explain(function, "x", at=x).value)
    if formula != written:
        values = {"x": 0.7, "sin": np.sin, "cos": np.cos, "exp": np.exp}
        assert eval(formula, values) == pytest.approx(eval(written, values))


def test_a_formula_that_is_too_long_calls_results_by_name():
    y, x = doubling(8)
    derivation = viz.explain(y, x, style="formula")
    assert derivation.titles[0] == "Where"
    assert derivation.backward[0].__class__ is str
    loss, given = network()
    derivation = viz.explain(loss, given["W"], names=given, style="formula")
    assert "∂out/∂W = xᵀ @ (broadcast_to(1 / 10, (5, 2)) * 2 * tanh(x @ W + b) * (1 - tanh(x @ W + b)**2))" in " ".join(
        lines(derivation)
    )


def test_a_function_with_numbers_has_every_style():
    for style in STYLES:
        derivation = viz.explain(lambda x, w: np.tanh(w * x), "w", at={"x": 2.0, "w": 0.5}, style=style)
        assert derivation.value == pytest.approx(2 * (1 - np.tanh(1.0) ** 2))
        assert derivation.check()
    arrays = viz.explain(lambda w, x: np.sum(w * x), "w", at=([1.0, 2.0], 3.0))
    assert arrays.value.tolist() == [3.0, 3.0]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: viz.explain(lambda x: x, "y"), "the name of an argument: x\n  got:      'y'"),
        (lambda: viz.explain(lambda x: x, Value(1.0)), "the name of an argument"),
        (
            lambda: viz.explain(lambda x: x * 2, "x"),
            "numbers to explain it with\n  got:      none\n  cure:     at={'x': 0.5}",
        ),
        (lambda: viz.explain(lambda x, y: x * y, "x", at=(1.0,)), "numbers for x, y"),
        (lambda: viz.explain(lambda x: 3.0, "x", at=1.0), "a function that returns what it computed"),
        (lambda: viz.explain(lambda x: x if x > 0 else -x, "x", style="formula"), "explain\\(f, 'x', at="),
        (lambda: viz.explain(Value(1.0) * 2, Value(1.0), style="prose"), "'formula' or 'program'\n  got:      'prose'"),
    ],
)
def test_errors(call, words):
    with pytest.raises(ArgumentError, match=words):
        call()


# Program.


def test_the_program_of_a_neuron():
    o, leaves = neuron()
    program = viz.explain(o, leaves["w1"], style="program")
    assert str(program).splitlines() == [
        "import numpy as np",
        "",
        "",
        "def gradient(x1, x2, w1, w2, b):",
        "    # forward: o",
        "    v1 = x1 * w1",
        "    v2 = x2 * w2",
        "    v3 = v1 + v2",
        "    n = v3 + b",
        "    o = np.tanh(n)",
        "    # backward: ∂o/∂w1",
        "    g1 = o * o",
        "    g2 = 1 - g1",
        "    g3 = g2 * x1",
        "    return o, g3",
    ]
    assert program.run()[1] == program.value
    changed = {name: value.data for name, value in leaves.items() if name != "n"} | {"w1": 0.0}
    assert program.run(w1=0.0)[1] == pytest.approx((1 - np.tanh(changed["x2"] * changed["w2"] + changed["b"]) ** 2) * 2)


def test_the_program_of_a_network_runs(tmp_path):
    nn.manual_seed(0)
    x, y = nn.datasets.make_moons(6, noise=0.1, seed=0)
    model = nn.MLP(2, 3, 2)
    loss = nn.cross_entropy(model(x), y)
    for parameter in model.parameters():
        program = viz.explain(loss, parameter, style="program")
        np.testing.assert_allclose(program.run()[1], program.value, rtol=1e-5, atol=1e-8)
    assert "import nn" in str(program)
    assert program.save(tmp_path / "g.py").read_text(encoding="utf-8") == str(program)


def test_names_that_python_does_not_accept():
    a, b = Value(2.0, label="0.weight"), Value(3.0, label="lambda")
    program = viz.explain(a * b * Value(1.5, label="0_weight"), a, style="program")
    assert list(program.inputs) == ["_0_weight", "_lambda", "_0_weight_2"]
    assert program.run()[1] == 4.5
    for name in ("x\nraise SystemExit", "²", "ﬁ", "π", "", "np", "def"):
        x = Value(2.0, label=name)
        y = named(x * x, name)
        assert viz.explain(y, x, style="program").run()[1] == 4.0


def test_a_function_of_the_users_is_an_argument_of_the_program():
    integrate = pytest.importorskip("autograd.scipy.integrate")
    rate = Tensor(0.5, name="rate")

    def decay(y, t, rate):
        return -rate * y

    out = np.sum(integrate.odeint(decay, Tensor([1.0, 2.0], name="start"), [0.0, 0.5, 1.0], (rate,)) ** 2)
    program = viz.explain(out, rate, style="program")
    assert 'TABLE["odeint"](start, ' in str(program)
    assert "field=field" in str(program)
    np.testing.assert_allclose(program.run()[1], program.value, rtol=1e-6)
    exact = sum(-2 * t * 5 * np.exp(-2 * 0.25 * t) for t in (0.5, 1.0))
    np.testing.assert_allclose(program.run(rate=np.array(0.25))[1], exact, rtol=1e-4)


# One entry.


def test_one_entry_of_a_matrix_product():
    a = Tensor([[1.0, 2.0], [3.0, 4.0]], name="A")
    b = Tensor([[5.0, 6.0], [7.0, 8.0]], name="B")
    loss = named(np.sum(named((a @ b) ** 2, "q")), "L")
    derivation = viz.explain(loss, a, index=(0, 1))
    entry = [" ".join(str(e).split()) for e in derivation.entry]
    assert derivation.titles[2] == "One entry, A[0, 1]"
    assert entry[0] == ("∂L/∂A[0, 1] = ∂L/∂v1[0, 0] * B[1, 0] + ∂L/∂v1[0, 1] * B[1, 1] = 38 * 7 + 44 * 8 = 618")
    assert entry[1] == "∂L/∂v1[0, 0] = ∂L/∂q[0, 0] * 2 * v1[0, 0] = 1 * 2 * 19 = 38"
    assert derivation.value[0, 1] == 618
    assert r"\frac{\partial L}{\partial A_{0,1}} &= \frac{\partial L}{\partial (v_{1})_{0,0}}" in derivation.to_latex()
    assert viz.explain(loss, a, index=(-2, -1)).entry == derivation.entry


def test_one_entry_of_a_loss_on_labels():
    z = Tensor([[1.0, 0.0, 2.0]], name="z")
    loss = named(nn.cross_entropy(z, np.array([2])), "L")
    line = viz.explain(loss, z, index=(0, 2)).entry[0]
    numbers = " ".join(line.sides[-2].text.split())
    assert eval(numbers, {"exp": np.exp}) == pytest.approx(viz.explain(loss, z).value[0, 2], rel=1e-3)


CASES = [
    (name, sample)
    for name, samples in SAMPLES.items()
    for sample in samples
    if any(isinstance(x, np.ndarray) and x.dtype.kind == "f" and x.size for x in sample.inputs)
]


@pytest.mark.parametrize("name", dict.fromkeys(name for name, _ in CASES))
def test_every_row_is_explained_in_every_style(name):
    """No style raises, the numbers of one entry evaluate to the engine's, and so does the program."""
    for sample in [sample for n, sample in CASES if n == name][:3]:
        inputs = [
            Tensor(x, name=f"x{i}") if isinstance(x, np.ndarray) and x.dtype.kind == "f" else x
            for i, x in enumerate(sample.inputs)
        ]
        y = TABLE[name](*inputs, **sample.attrs)
        if not isinstance(y, Node):
            continue
        weights = 1.0 + np.arange(y.size).reshape(y.shape)
        out = np.sum(y * weights)
        for x in inputs:
            if isinstance(x, Tensor) and x.size:
                place = tuple(n - 1 for n in x.shape) or None
                for style in ("sum", "paths", "table", "formula"):
                    derivation = viz.explain(out, x, style=style, index=place if style == "sum" else None)
                    derivation.to_latex(), derivation.to_markdown(), str(derivation)
                program = viz.explain(out, x, style="program", names={"weights": weights})
                np.testing.assert_allclose(program.run()[1], program.value, rtol=1e-9, atol=1e-12)
                if "weights" in program.inputs:  # and of other numbers it is the program too
                    np.testing.assert_allclose(program.run(weights=2 * weights)[1], 2 * program.value, rtol=1e-9)


def test_an_entry_with_many_terms_adds_up_the_rest():
    x = Tensor(np.ones((50, 2)), name="x")
    w = Tensor(np.ones((2, 1)), name="w")
    derivation = viz.explain(np.sum((x @ w) ** 2), w, index=(0, 0), max_terms=3, max_equations=5)
    assert "(47 further terms)" in str(derivation.entry[0])
    assert len(derivation.entry) == 6
    assert re.fullmatch(r"\.\.\. the equations of \d+ further entries left out", derivation.entry[-1])


def test_an_operation_that_is_too_large_is_not_taken_apart():
    w = Tensor(np.ones((100, 100)), name="w")
    derivation = viz.explain(np.sum(w @ w), w, index=(0, 0))
    assert "(the rule of v1)" in str(derivation.entry[0])
    assert str(derivation.entry[0]).endswith("= 200")


@pytest.mark.parametrize("index", [0, (0, 2), (0, 0, 0), "a", (0, 1.0), (True, 0)])
def test_an_index_must_be_one_entry(index):
    w = Tensor(np.ones((2, 2)), name="w")
    with pytest.raises(ArgumentError, match=r"one entry of the shape \(2, 2\)\n.*\n  cure:     index=\(0, 0\)"):
        viz.explain(np.sum(w * w), w, index=index)


@pytest.mark.parametrize("style", ["table", "formula", "program"])
def test_only_equations_have_entries(style):
    w = Tensor(np.ones((2, 2)), name="w")
    with pytest.raises(ArgumentError, match=r"^explain\(..., index=...\)\n  expected: 'sum' or 'paths'\n"):
        viz.explain(np.sum(w * w), w, index=(0, 0), style=style)


def test_a_number_has_no_index():
    a = Value(1.0)
    with pytest.raises(ArgumentError, match="no index for a number"):
        viz.explain(a * a, a, index=0)


def test_substitute_leaves_the_numbers_out():
    derivation = viz.explain(*diamond(), substitute=False)
    assert "∂d/∂a = ∂d/∂b * ∂b/∂a + ∂d/∂c * ∂c/∂a = ∂d/∂b * 2 + ∂d/∂c * cos(a) = -5.658" in lines(derivation)


def test_terms_of_the_sum():
    assert viz.explain(*diamond()).terms == pytest.approx((2 * np.sin(3.0), 6 * np.cos(3.0)))


# The check.


@pytest.mark.parametrize("style", STYLES)
def test_check_agrees(style):
    loss, given = network()
    check = viz.explain(loss, given["W"], names=given, style=style).check()
    assert check
    assert len(check.places) == 6
    assert max(check.errors) < 1e-8
    assert str(check).splitlines()[0].startswith("W[0, 0]: derived -0.23332")
    assert str(check).splitlines()[0].endswith(": agree")


def test_check_finds_a_wrong_rule(monkeypatch):
    a = Value(0.5, label="a")
    monkeypatch.setattr(TABLE["tanh"], "rules", (lambda g, y, x: g * (1 - y),))
    check = viz.explain(a.tanh() * 2, a).check()
    assert not check
    assert "DIFFER" in str(check)


def test_check_knows_kinks():
    x = Value(0.0, label="x")
    check = viz.explain(x.relu() * 2 + x, x).check()
    assert check
    assert check.kinks == (True,)
    assert str(check).endswith("at a kink")


def test_check_of_single_precision():
    w = Tensor(np.array([0.1, 0.2, 0.3], np.float32), name="w")
    check = viz.explain(np.sum(np.sin(w) * w), w).check()
    assert check
    assert check.tolerance == 1e-3


def test_check_tries_some_elements_of_many():
    w = Tensor(np.linspace(0, 1, 1000), name="w")
    assert len(viz.explain(np.sum(w * w), w).check(entries=7).places) == 7


def test_check_of_a_stale_graph():
    a = Value(1.0, label="a")
    derivation = viz.explain(a * a, a)
    a.data = 2.0
    with pytest.raises(StaleGraphError, match=r"derivation.check\(\)"):
        derivation.check()


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("suffix", [".md", ".tex", ".txt"])
def test_every_style_is_saved(tmp_path, style, suffix):
    path = viz.explain(*diamond(), style=style).save(tmp_path / f"d{suffix}")
    assert path.read_text(encoding="utf-8").strip()
