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
from viz.walk import walk

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
        "Forward\n  c = a * b = 2 * (-3) = -6\n\n"
        "Backward\n  ∂c/∂c = 1\n  ∂c/∂a = b = -3"
    )
    assert derivation.value == -3.0
    assert r"\frac{\partial c}{\partial a} &= b = -3" in derivation.to_latex()
    assert (a.grad, b.grad, c.grad) == (0, 0, 0)


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
    expected = {".md": "### ∂d/∂a", ".tex": "\\[\n\\begin{aligned}", ".txt": "The gradient of d with respect to a"}
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
    assert not re.search(r"(?<!\\)[$#%&]", latex.replace("&=", ""))


@pytest.mark.parametrize(
    ("formula", "text", "latex"),
    [
        (lambda a, b: a / b, "1 / b", r"\frac{1}{b}"),
        (lambda a, b: b / a, "-out / a", r"\frac{-\mathrm{out}}{a}"),
        (lambda a, b: a**3, "3 * a**2", r"3 \cdot a^{2}"),
        (lambda a, b: a**2, "2 * a", r"2 \cdot a"),
        (lambda a, b: a**b, "b * a**(b - [b != 0])", r"b \cdot a^{b - [b \ne 0]}"),
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
    assert derive.Writer().write(derivative) == text
    assert derive.Writer(latex=True).write(derivative) == latex
    y.backward()
    value = derivative._data if isinstance(derivative, derive.Symbol) else derivative
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
    g = derive.Symbol.named("ḡ", np.ones_like(y.data))
    assert derive.Writer().write(derive.pulled_back(derive.symbolic(graph, graph.vertices[-1]), position, g)) == text


def test_errors():
    a, b = Value(2.0, label="a"), Value(3.0, label="b")
    with pytest.raises(ArgumentError, match="b, which does not lead to it"):
        viz.explain(a * 2, b)
    with pytest.raises(ArgumentError, match="a Value or a Tensor"):
        viz.explain(3.0, a)
    with pytest.raises(ArgumentError):
        viz.explain((a * 2).detach(), a)
    t = Tensor([1.0, 2.0])
    with pytest.raises(NotScalarError):
        viz.explain(t * 2, t)
    with pytest.raises(ArgumentError, match=r"derivation.save\('x.md'\)"):
        viz.explain(a * 2, a).save("x.html")
    c = a * 2
    a.data = 1.0
    with pytest.raises(StaleGraphError):
        viz.explain(c, a)
