"""The written derivations: formulas from the rules, numbers from the engine."""

from __future__ import annotations

import re

import numpy as np
import pytest

import viz
from autograd import Tensor, Value
from autograd.errors import ArgumentError, NotScalarError, StaleGraphError
from autograd.graph import TABLE
from viz import derive
from viz.symbol import Symbol
from viz.walk import walk
from viz.writer import Writer

from .graphs import diamond, named, neuron


def backward(derivation):
    """The backward equations by their left sides."""
    return {str(e).split(" = ")[0].strip(): " ".join(str(e).split()) for e in derivation.backward}


def test_product():
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    c = named(a * b, "c")
    derivation = viz.explain(c, a)
    assert str(derivation) == (
        "The gradient of c with respect to a\n\n"
        "Given  a = 2, b = -3\n\n"
        "Forward\n  c = a * b = 2 * (-3) = -6\n\n"
        "Backward\n  ∂c/∂c = 1\n  ∂c/∂a = b = -3"
    )
    assert derivation.value == -3.0
    assert r"\frac{\partial c}{\partial a} &= b = -3" in derivation.to_latex()
    assert (a.grad, b.grad, c.grad) == (0, 0, 0)


def test_complex_numbers():
    z = Tensor(1 + 2j, name="z")
    equations = backward(viz.explain(named(np.abs(z * z + 1), "L"), z))
    assert equations["∂L/∂v2"] == "∂L/∂v2 = conj(v2 / L) = conj((-2+4j) / 4.472) = -0.4472-0.8944j"
    assert equations["∂L/∂z"].endswith(
        "= ∂L/∂v1 * z + ∂L/∂v1 * z = (-0.4472-0.8944j) * (1+2j) + (-0.4472-0.8944j) * (1+2j) = 2.683-3.578j"
    )
    small = Tensor([1e-7 + 2j, 3.0], name="s")
    assert r"1 \cdot 10^{-7}+2j" in viz.explain(named(np.sum((small * 1j).real), "L"), small).to_latex()


def test_a_real_number_takes_the_real_part():
    w = Tensor(2.0, name="w")
    equations = backward(viz.explain(named((w * (1 + 2j)).imag * 3, "L"), w))
    assert equations["∂L/∂w"].endswith("= Re(∂L/∂v1 * (1+2j)) = Re(-3j * (1+2j)) = 6")


def test_a_node_used_twice_by_one_operation():
    a = Value(3.0, label="a")
    assert backward(viz.explain(named(a * a, "c"), a))["∂c/∂a"] == "∂c/∂a = ∂c/∂a|1 + ∂c/∂a|2 = a + a = 3 + 3 = 6"


def test_diamond_has_one_term_a_way():
    d, a = diamond()
    equations = backward(viz.explain(d, a, digits=4))
    assert equations["∂d/∂a"] == (
        "∂d/∂a = ∂d/∂b * ∂b/∂a + ∂d/∂c * ∂c/∂a = ∂d/∂b * 2 + ∂d/∂c * cos(a) = 0.1411 * 2 + 6 * cos(3) = -5.658"
    )


def test_tanh_neuron_matches_grad_to_the_last_digit():
    o, leaves = neuron()
    derivations = {name: viz.explain(o, leaf) for name, leaf in leaves.items()}
    o.backward()
    for name, derivation in derivations.items():
        assert derivation.value == leaves[name].grad
    equations = backward(derivations["w1"])
    n = o.data
    assert equations["∂o/∂n"] == f"∂o/∂n = 1 - o * o = 1 - {n:.4g} * {n:.4g} = {1 - n * n:.4g}"
    assert equations["∂o/∂w1"].startswith("∂o/∂w1 = ∂o/∂v1 * ∂v1/∂w1 = ∂o/∂v1 * x1 = ")
    assert list(equations) == ["∂o/∂o", "∂o/∂n", "∂o/∂v3", "∂o/∂v1", "∂o/∂w1"]


def test_numbers_of_every_line_evaluate_to_its_result():
    o, leaves = neuron()
    for leaf in leaves.values():
        for equation in viz.explain(o, leaf, digits=16).backward:
            *_, numbers, result = [side.text for side in (equation.left, *equation.sides)]
            if "∂" not in numbers:
                assert eval(numbers) == pytest.approx(float(result), rel=1e-12)


def test_a_dead_relu_is_said_in_words():
    a = Value(-2.0, label="a")
    r = named(a.relu(), "r")
    derivation = viz.explain(named(r * 5, "s"), a)
    assert "∂s/∂a = ∂s/∂r * ∂r/∂a = ∂s/∂r * [a > 0] = 5 * [-2 > 0] = 0" in str(derivation)
    assert "[a > 0] is 0: that path through r is closed and contributes 0" in str(derivation)
    assert derivation.value == 0


def closed_ways(derivation):
    """The remarks of a derivation that speak of closed ways."""
    return [r for e in derivation.backward for r in e.remarks if "closed" in r]


def test_only_the_way_that_is_closed_is_said_to_be():
    x = Value(-1.0, label="x")
    derivation = viz.explain(x * 3 + x.relu() + abs(x) + x.sin(), x)
    assert closed_ways(derivation) == ["[x > 0] is 0: that path through v2 is closed and contributes 0"]
    assert derivation.value == pytest.approx(2 + np.cos(1))
    assert closed_ways(viz.explain(abs(x) * 1, x)) == []
    z = Value(0.0, label="z")
    assert closed_ways(viz.explain(named(abs(z), "a"), z)) == [
        "[z > 0] and [z < 0] are 0: that path through a is closed and contributes 0"
    ]


def test_closed_ways_of_an_array_are_counted():
    w = Tensor(np.arange(-3.0, 4.0), name="w")
    r = named(w.relu(), "r")
    assert closed_ways(viz.explain(np.sum(r), w)) == ["the path through r is closed for 4 of 7 elements, by [w > 0]"]
    assert closed_ways(viz.explain(np.sum(abs(w + 0.5)), w)) == []
    m = named(np.max(w), "m")
    (remark,) = closed_ways(viz.explain(m, w))
    assert remark.startswith("the path through m is closed for 6 of 7 elements, by ")


def test_latex_has_no_double_subscripts():
    x = Tensor(np.arange(3.0), name="x1")
    assert r"&= {x_{1}}_{[\mathtt{0}]} = " in viz.explain(x[0] * 2, x).to_latex()
    y = Tensor(np.arange(3.0), name="y")
    assert r"&= y_{[\mathtt{0}]} = " in viz.explain(y[0] * 2, y).to_latex()


def given(derivation):
    """The given things as they are printed."""
    return [item.text for item in derivation.given]


def test_every_symbol_is_given():
    b, x = Value(2.0, label="b"), Value(3.0, label="x")
    k = b * 2
    assert given(viz.explain(x * k + k, x)) == ["b = 2", "x = 3", "v1 = b * 2 = 4"]
    o, leaves = neuron()
    derivation = viz.explain(o, leaves["w1"])
    assert sorted(given(derivation)) == ["b = 6.75", "v2 = x2 * w2 = 0.5", "w1 = -3", "w2 = 1", "x1 = 2", "x2 = 0.5"]
    assert str(derivation).splitlines()[2].startswith("Given  ")
    assert "**Given** $" in derivation.to_markdown()
    assert "\n\\mathrm{Given}\\quad &" in derivation.to_latex()
    assert given(viz.explain(leaves["n"], leaves["n"])) == []


def test_an_array_is_given_by_its_shape():
    w, v = Tensor(np.ones((3, 4)), name="W"), Tensor([1.0, 2.0, 3.0, 4.0], name="v")
    h = named(np.ones((5, 3)) @ w, "h")
    assert given(viz.explain(np.sum(h * v), v)) == ["W (3, 4)", "v = [1, 2, 3, 4]", "c1 (5, 3)", "h = c1 @ W"]


def test_what_is_given_is_no_page():
    x = Value(0.5, label="x")
    y = x
    for i in range(300):
        y = y + Value(float(i)) * Value(1.0)
    derivation = viz.explain(y, x, max_equations=400)
    assert len(derivation.given) == 61
    assert derivation.given[-1].text == "and 241 more"
    lines = str(derivation).splitlines()[2:12]
    assert max(map(len, lines)) <= 105
    assert len(viz.explain(y, x).given) <= 42


def test_a_tensor_of_shape_nothing_is_a_number():
    t = Tensor(0.5, name="t")
    y = named(np.sin(t) * 2 + t, "y")
    derivation = viz.explain(y, t)
    assert backward(derivation)["∂y/∂t"] == (
        "∂y/∂t = ∂y/∂v1 * ∂v1/∂t + ∂y/∂t|2 = ∂y/∂v1 * cos(t) + 1 = 2 * cos(0.5) + 1 = 2.755"
    )
    y.backward()
    assert derivation.value == t.grad


def test_the_number_behind_a_derivative_is_explained():
    a = Value(3.0, label="a")
    derivation = viz.explain(named(a * a, "c"), a)
    assert str(derivation).endswith("\n\n∂c/∂a|1 is the derivative by the first operand of c alone")
    assert r"\left.\frac{\partial c}{\partial a}\right|_{1}\mathrm{\ is\ the" in derivation.to_latex()
    assert derivation.to_markdown().endswith("alone}$\n")
    assert viz.explain(named(a * 2, "c"), a).notes == ()


def test_matrix_product_and_sum():
    a = Tensor([[1.0, 2.0], [3.0, 4.0]], name="A")
    b = Tensor([[5.0, 6.0], [7.0, 8.0]], name="B")
    y = named(a @ b, "y")
    loss = named(np.sum(y), "L")
    derivation = viz.explain(loss, a)
    equations = backward(derivation)
    assert equations["∂L/∂A"] == (
        "∂L/∂A = ∂L/∂y @ Bᵀ = [[1, 1], [1, 1]] @ [[5, 6], [7, 8]]ᵀ = [[11, 15], [11, 15]] "
        "(shapes: ∂L/∂y (2, 2), B (2, 2) -> (2, 2))"
    )
    latex = derivation.to_latex()
    assert r"\frac{\partial L}{\partial A} &= \frac{\partial L}{\partial y}  B^\top" in latex
    assert r"\begin{bmatrix} 11 & 15 \\ 11 & 15 \end{bmatrix}" in latex
    loss.backward()
    assert np.array_equal(derivation.value, a.grad)
    assert backward(viz.explain(loss, b))["∂L/∂B"].startswith("∂L/∂B = Aᵀ @ ∂L/∂y = ")


def test_broadcasting_is_undone_in_the_formula():
    b = Tensor(np.zeros(3), name="b")
    y = named(np.ones((4, 3)) * 2 + b, "y")
    assert "∂out/∂b = sum(∂out/∂y, axis=0) = [4, 4, 4]" in str(viz.explain(np.sum(y), b))


def test_large_tensors_are_summed_up():
    w = Tensor(np.ones((30, 20)), name="W")
    written = str(viz.explain(np.sum((w * 2).relu()), w))
    assert "∂out/∂W = ∂out/∂v1 * 2 = all 2" in written
    assert len(written) < 1000


def test_a_rule_that_is_too_long_is_named_and_its_numbers_are_right():
    w = Tensor([2.0, 3.0, 4.0, 5.0], name="w")
    y = np.prod(w) + np.sum(w)
    derivation = viz.explain(y, w)
    y.backward()
    assert np.allclose(derivation.value, w.grad)
    assert "(the rule of prod)" in str(derivation)


def test_the_further_terms_of_a_long_sum_add_up():
    x = Value(2.0, label="x")
    y = sum((x * float(i) for i in range(100)), Value(0.0))
    derivation = viz.explain(y, x, max_terms=3)
    assert derivation.value == 4950
    last = str(derivation.backward[-1])
    assert "(97 further terms)" in last
    assert "+ 4947 = 4950" in " ".join(last.split())


def test_the_middle_of_a_long_derivation_is_left_out():
    x = Value(0.5, label="x")
    y = x
    for _ in range(5000):
        y = y * 1.0
    derivation = viz.explain(y, x, max_equations=10)
    assert len(derivation.backward) == 11
    assert derivation.backward[5] == "... 4,991 equations left out; explain(..., max_equations=5001) writes them"
    assert derivation.value == 1


def test_output_by_itself():
    x = Value(2.0, label="x")
    assert str(viz.explain(x * 3, x).backward[-1]) == "∂out/∂x = 3"
    y = x * 3
    assert viz.explain(y, y).value == 1


@pytest.mark.parametrize("suffix", [".md", ".tex", ".txt"])
def test_save(tmp_path, suffix):
    d, a = diamond()
    derivation = viz.explain(d, a)
    written = derivation.save(tmp_path / f"d{suffix}").read_text(encoding="utf-8")
    expected = {".md": "### ∂d/∂a", ".tex": "\\providecommand{\\lt}{<}", ".txt": "The gradient of d with respect to a"}
    assert written.startswith(expected[suffix])


def test_notebook_shows_mathematics():
    bundle = viz.explain(*diamond())._repr_mimebundle_()
    assert set(bundle) == {"text/markdown", "text/latex", "text/plain"}
    assert bundle["text/markdown"].count("$$") % 2 == 0


@pytest.mark.parametrize("name", ["W|b", "<W>", "a{0}", "_x_", "50%", "a\\b", "x^2", "$", "#1", "π", "long_name"])
def test_latex_of_hostile_names_is_balanced(name):
    a = Value(2.0, label=name)
    latex = viz.explain((a * a).tanh(), a).to_latex()
    bare = re.sub(r"\\[{}]", "", latex)
    depth = 0
    for c in bare:
        depth += (c == "{") - (c == "}")
        assert depth >= 0
    assert depth == 0
    assert latex.count(r"\begin{") == latex.count(r"\end{")
    assert latex.count(r"\left") == latex.count(r"\right")
    assert not re.search(r"(?<!\\)[$#%&]", re.sub(r"&=|\\quad &|(?m:^)&", "", latex))


@pytest.mark.parametrize(
    ("formula", "text", "latex"),
    [
        (lambda a, b: a / b, "1 / b", r"\frac{1}{b}"),
        (lambda a, b: b / a, "-out / a", r"\frac{-\mathrm{out}}{a}"),
        (lambda a, b: a**3, "3 * a**2", r"3 \cdot a^{2}"),
        (lambda a, b: a**2, "2 * a", r"2 \cdot a"),
        (lambda a, b: a**b, "b * a**(b - 1)", r"b \cdot a^{b - 1}"),
        (lambda a, b: a ** (b * 0), "v1 * a**(v1 - 1)", r"v_{1} \cdot a^{v_{1} - 1}"),
        (lambda a, b: TABLE["hypot"](a, b), "a / out", r"\frac{a}{\mathrm{out}}"),
        (lambda a, b: a.sigmoid(), "out * (1 - out)", r"\mathrm{out} \cdot \left(1 - \mathrm{out}\right)"),
        (lambda a, b: a.relu(), "[a > 0]", r"[a \gt 0]"),
        (lambda a, b: abs(a), "[a > 0] - [a < 0]", r"[a \gt 0] - [a \lt 0]"),
        (lambda a, b: a.sqrt(), "1 / (2 * out)", r"\frac{1}{2 \cdot \mathrm{out}}"),
        (lambda a, b: a.cos(), "-sin(a)", r"-\sin\left(a\right)"),
        (lambda a, b: a.log(), "1 / a", r"\frac{1}{a}"),
        (lambda a, b: b - a, "-1", "-1"),
        (lambda a, b: TABLE["clip"](a, -1.0, 5.0), "[a >= -1] * [a <= 5]", r"[a \ge -1] \cdot [a \le 5]"),
    ],
)
def test_formulas_are_derived_from_the_rules(formula, text, latex):
    a, b = Value(2.0, label="a"), Value(3.0, label="b")
    y = formula(a, b)
    graph = walk([y])
    position = [x is a for x in y.inputs].index(True)
    derivative = derive.pulled_back(derive.symbolic(graph, graph.vertices[-1]), position, 1.0)
    assert Writer().write(derivative) == text
    assert Writer(latex=True).write(derivative) == latex
    y.backward()
    value = derivative._data if isinstance(derivative, Symbol) else derivative
    assert value == pytest.approx(a.grad)


@pytest.mark.parametrize(
    ("formula", "text"),
    [
        (lambda x, v: x.T, "ḡᵀ"),
        (lambda x, v: x[0], "scatter(ḡ, index=[0], (4, 3))"),
        (lambda x, v: x[:, None, 1:], "scatter(ḡ, index=[:, None, 1:], (4, 3))"),
        (lambda x, v: x @ v, "ḡ[..., None] * v"),
        (lambda x, v: np.mean(x, axis=0), "broadcast_to(ḡ[None, :] / 4, (4, 3))"),
        (lambda x, v: np.where(x.data > 0, x, 0), "where(c1, ḡ, 0)"),
        (lambda x, v: np.einsum("ij,j->i", x, v), "einsum(ḡ, v, subscripts='i,j->ij')"),
        (lambda x, v: x.reshape(12), "reshape(ḡ, (4, 3))"),
    ],
)
def test_formulas_of_tensor_operations(formula, text):
    x, v = Tensor(np.arange(12.0).reshape(4, 3), name="x"), Tensor(np.ones(3), name="v")
    y = formula(x, v)
    graph = walk([y])
    position = [u is x for u in y.inputs].index(True)
    g = Symbol.named("ḡ", np.ones_like(y.data))
    assert Writer().write(derive.pulled_back(derive.symbolic(graph, graph.vertices[-1]), position, g)) == text


def test_errors():
    a, b = Value(2.0, label="a"), Value(3.0, label="b")
    with pytest.raises(ArgumentError, match="Value 'b', which does not lead to it"):
        viz.explain(a * 2, b)
    with pytest.raises(ArgumentError, match="Value, which requires no gradient"):
        viz.explain(a * 2, a.detach())
    with pytest.raises(ArgumentError, match="a Value or a Tensor"):
        viz.explain(3.0, a)
    with pytest.raises(ArgumentError, match=r"^explain\(output, wrt\)\n.*\n  got:      Value with requires_grad=False"):
        viz.explain((a * 2).detach(), a)
    with pytest.raises(ArgumentError, match=r"list: \['a'\]\n  cure:     names={'x': x}"):
        viz.explain(a * 2, a, names=["a"])
    with pytest.raises(ArgumentError, match="1 or more\n  got:      'x'\n  cure:     digits=4"):
        viz.explain(a * 2, a, digits="x")
    with pytest.raises(ArgumentError, match="got:      0\n  cure:     max_equations=40"):
        viz.explain(a * 2, a, max_equations=0)
    t = Tensor([1.0, 2.0])
    with pytest.raises(NotScalarError):
        viz.explain(t * 2, t)
    with pytest.raises(ArgumentError, match=r"derivation.save\('x.md'\)"):
        viz.explain(a * 2, a).save("x.html")
    c = a * 2
    a.data = 1.0
    with pytest.raises(StaleGraphError):
        viz.explain(c, a)
