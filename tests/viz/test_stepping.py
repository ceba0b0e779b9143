"""Stepping through the passes: every frame is a backward pass that stopped there, and every number the engine's."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

import nn
import viz
from autograd import Tensor, Value, no_grad
from autograd.errors import ArgumentError, NotScalarError, StaleGraphError
from autograd.graph import ancestors, contributions, pullback
from viz import render

from .graphs import diamond, named, network, neuron
from .test_draw import HOSTILE
from .test_formats import EVIL


def shared():
    """A node used three times, twice by one result."""
    x = Value(0.7, label="x")
    return (x * x + x.tanh() * x.exp()) / (x + 2)


def squares():
    """A matrix product and its squares."""
    a, b = Tensor([[1.0, 2.0], [3.0, 4.0]], name="A"), Tensor([[5.0, 6.0], [7.0, 8.0]], name="B")
    return np.sum((a @ b) ** 2)


def classifier():
    """A classifier and its loss."""
    nn.manual_seed(0)
    x, y = nn.datasets.make_moons(12, noise=0.1, seed=0)
    return nn.cross_entropy(nn.MLP(2, 8, 2)(x), y)


def recurrence(steps=16):
    """A weight that is used in every step."""
    h, w, b = (Value(x, label=name) for x, name in ((0.5, "h0"), (0.9, "w"), (0.1, "b")))
    for _ in range(steps):
        h = (h * w + b).tanh()
    return h


GRAPHS = {
    "neuron": lambda: neuron()[0], "diamond": lambda: diamond()[0], "shared": shared, "squares": squares,
    "network": lambda: network()[0], "classifier": classifier, "recurrence": recurrence,
    "closed": lambda: Value(-2.0, label="x").relu() * 5,
}  # fmt: skip

every_graph = pytest.mark.parametrize("make", GRAPHS.values(), ids=GRAPHS)


def naive(output, stop):
    """The gradients of a backward pass that stops after so many contributions, written as it is taught."""
    gradients = {output: output._like(1) if isinstance(output, Value) else np.ones_like(output.data)}
    for node in ancestors([output]):
        if node.op is None or node not in gradients:
            continue
        for _, x, share in contributions(node, gradients[node]):
            if not stop:
                return gradients
            gradients[x] = gradients[x] + share if x in gradients else share
            stop -= 1
    return gradients


def same(found, expected):
    assert found.keys() == expected.keys()
    for node, gradient in expected.items():
        np.testing.assert_array_equal(np.asarray(found[node]), np.asarray(gradient))


@every_graph
def test_each_frame_is_a_backward_pass_that_stopped_there(make):
    output = make()
    stepper = viz.step_through(output)
    backward = [k for k, step in enumerate(stepper.steps) if step.phase == "backward"]
    assert all(not stepper.gradients(k) for k in range(backward[0]))
    for shares, k in enumerate(backward):
        same(stepper.gradients(k), naive(output, shares))


@every_graph
def test_the_last_frame_is_what_backward_leaves(make):
    output = make()
    stepper = viz.step_through(output)
    before = [node.grad for node in ancestors([output])]
    assert all(g is None or not np.any(g) for g in before)  # stepping leaves nothing behind
    output.backward()
    last = stepper.gradients(-1)
    for node in ancestors([output]):
        np.testing.assert_array_equal(np.asarray(last.get(node, 0)), np.asarray(node.grad))


@every_graph
def test_what_a_frame_shows_is_its_numbers(make):
    """The boxes, from the data of the page: written as the engine's numbers are."""
    output = make()
    stepper = viz.step_through(output)
    told = stepper._data()
    shown = {key: ["–"] for key in told["boxes"]}
    for k, step in enumerate(told["steps"]):
        shown |= {key: cell["grad"] for key, cell in step["cells"].items()}
        gradients = stepper.gradients(k)
        for vertex in stepper.passes.graph.vertices:
            expected = viz.text.array(gradients[vertex.node]) if vertex.node in gradients else "–"
            assert " ".join(shown[stepper.passes.keys[vertex.index]]) == expected


def test_contributions_add_up_before_the_eyes():
    output, a = diamond()
    stepper = viz.step_through(output)
    cells = [cell for step in stepper.steps for cell in [(step.cells or {}).get("n1")] if cell]
    assert [(cell.grad, cell.terms, cell.complete) for cell in cells] == [
        ("-5.94", "-5.94 + …", False), ("-5.658", "-5.94 + 0.2822", True),
    ]  # fmt: skip
    assert stepper.gradients(-1)[a] == pytest.approx(2 * np.sin(3) + 6 * np.cos(3))


def test_a_step_says_what_happens_in_words_and_in_numbers():
    words = str(viz.step_through(diamond()[0]))
    assert "Through c, then, d changes 6 × (-0.99) = -5.94 times as fast as a." in words
    assert "a is used 2 times: this is the first share of its gradient, one more is to come." in words
    assert "This is the last of 2 shares. Added up they are the gradient of a." in words
    for formula in ("grad(a) += grad(c) × ∂c/∂a", "∂c/∂a = cos(a) = cos(3) = -0.99", "grad(a) += 6 × (-0.99) = -5.94",
                    "grad(a) = -5.94 + 0.2822 = -5.658"):  # fmt: skip
        assert formula in words


def test_a_closed_way_and_one_without_gradient_are_said_in_words():
    x = Value(-2.0, label="x")
    words = str(viz.step_through(x.relu() * 5))
    assert "When x changes a little, v1 does not change: [x > 0] is 0. Nothing flows back this way." in words
    y = Value(0.0, label="y")
    words = str(viz.step_through((y + 1) * 0.0))
    assert "has the gradient 0: however y changes it, out stays the same. Nothing flows back." in words


def test_tensors_are_told_with_their_shapes():
    words = str(viz.step_through(squares()))
    assert (
        "The rule of matmul turns it into what A receives: 4 numbers in the shape (2, 2), one for each element."
        in words
    )
    assert "grad(A) += grad(v1) @ Bᵀ" in words
    assert "= [[454, 618], [1030, 1402]]" in words
    assert "grad(v1) (2, 2), B (2, 2) → (2, 2)" in words


def test_only_what_leads_to_wrt_is_walked_back():
    output, leaves = neuron()
    stepper = viz.step_through(output, wrt=leaves["w1"])
    expected = pullback(output, 1.0, [leaves["w1"]])
    same(stepper.gradients(-1), expected)
    assert len([step for step in stepper.steps if step.phase == "backward"]) == len(expected)
    both = viz.step_through(output, wrt=[leaves["w1"], leaves["b"]])
    same(both.gradients(-1), pullback(output, 1.0, [leaves["w1"], leaves["b"]]))


def test_between_draws_a_part_and_walks_back_through_all():
    output, leaves = neuron()
    n = leaves["n"]
    stepper = viz.step_through(output, between=(leaves["w1"], n))
    assert {box.name for box in stepper.passes.picture.boxes} == {"w1", "v1", "v3", "n"}
    assert stepper.gradients(-1)[leaves["w1"]] == naive(output, 100)[leaves["w1"]]
    assert "What is not drawn passes the gradient back to n" in str(stepper)


def test_names_are_those_that_were_given():
    a = Value(2.0)
    assert "grad(weight) += " in str(viz.step_through(a * 3, names={"weight": a}))


def test_a_folded_box_is_one_step():
    output = recurrence(60)
    stepper = viz.step_through(output, collapse="blocks")
    assert len(stepper.passes.picture.boxes) < 10
    same_as = naive(output, 10**6)
    for node, gradient in stepper.gradients(-1).items():
        assert gradient == pytest.approx(same_as[node], rel=1e-12)
    assert "are computed at once" in str(stepper)
    assert "passes the gradient back to" in str(stepper)


def test_a_folded_module_tells_of_its_weights():
    nn.manual_seed(0)
    x, y = nn.datasets.make_moons(12, noise=0.1, seed=0)
    loss = nn.cross_entropy(nn.Sequential(nn.Linear(2, 8), nn.Tanh(), nn.Linear(8, 2))(x), y)
    words = str(viz.step_through(loss, collapse="modules"))
    computed = [words.index(f"{name} is computed") for name in ("0: v1", "v2", "2: v3", "v4")]
    assert computed == sorted(computed)
    assert "0: v1 passes the gradient back to 0.weight and 0.bias, all at once." in words
    assert "passes the gradient back to v2, 2.weight and 2.bias, all at once." in words


def test_a_large_graph_is_folded_and_says_so():
    stepper = viz.step_through(recurrence(200))
    assert len(stepper.passes.picture.boxes) <= 150
    (banner,) = stepper.passes.picture.banners
    assert re.search(r"of 603 nodes are folded into .*; step_through\(output, max_nodes=None\) draws them all", banner)
    assert banner in stepper.html
    assert len(viz.step_through(recurrence(40), max_nodes=20).passes.picture.boxes) <= 20


def test_a_page_of_50_nodes_is_small():
    stepper = viz.step_through(recurrence())
    assert len(stepper.passes.picture.boxes) == 51
    assert len(stepper.html.encode()) < 150_000


def test_numbers_that_are_none_are_shown():
    with np.errstate(all="ignore"):
        stepper = viz.step_through(np.sum(np.log(Tensor([0.0, 1.0], name="x"))))
    assert "inf" in str(stepper)
    assert json.loads(re.search(r'<script id="data"[^>]*>(.*?)</script>', stepper.html)[1])


def test_hostile_names_stay_text():
    y = Value(1.0, label="start")
    names = [*HOSTILE, *EVIL, "</script><script>alert(1)</script>", "<!--", "{{script}}", "{a}", "\u2028", "\nx"]
    for i, name in enumerate(names):
        y = y * Value(1.0 + i / 7, label=name)
    page = viz.step_through(y).html
    assert page.count("<script") == page.count("</script>") == 2
    assert "<!--" not in page
    data = json.loads(re.search(r'<script id="data"[^>]*>(.*?)</script>', page, re.DOTALL)[1])
    found = {box["name"] for box in data["boxes"].values()}
    assert {"{{script}}", "{a}", "</script><script>alert(1)</script>", "<!--"} <= found


def test_a_page_loads_nothing():
    page = viz.step_through(diamond()[0]).html
    assert "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:" in page
    addresses = set(re.findall(r"https?://[^\s\"'<]+", page))
    assert addresses == {"http://www.w3.org/2000/svg"}


def test_the_same_graph_gives_the_same_page():
    assert viz.step_through(diamond()[0]).html == viz.step_through(diamond()[0]).html


@pytest.mark.parametrize("theme", ["light", "dark", "auto"])
def test_themes(theme):
    stepper = viz.step_through(diamond()[0], theme=theme)
    assert f'data-theme="{theme}"' in stepper.html
    assert ('<svg data-theme="dark"' in stepper.to_svg()) == (theme == "dark")


def test_save(tmp_path):
    stepper = viz.step_through(diamond()[0])
    assert stepper.save(tmp_path / "d.html").read_text(encoding="utf-8") == stepper.html
    assert stepper.save(str(tmp_path / "d.svg")).read_text(encoding="utf-8").startswith("<svg")
    assert stepper.save(tmp_path / "d.txt").read_text(encoding="utf-8") == f"{stepper}\n"
    with pytest.raises(ArgumentError, match=r"saving a stepper as .*d\.pdf[\s\S]*\.html, \.svg or \.txt"):
        stepper.save(tmp_path / "d.pdf")


def test_a_picture_of_any_step():
    stepper = viz.step_through(diamond()[0])
    start, end = stepper.to_svg(0), stepper.to_svg()
    assert start.count("unknown") - end.count(" unknown") > 0
    assert ">-5.658<" in end
    assert ">-5.658<" not in start
    with pytest.raises(ArgumentError, match="asking a stepper for one step"):
        stepper.to_svg(100)
    with pytest.raises(ArgumentError, match="asking a stepper for one step"):
        stepper.gradients(True)


def test_a_notebook_gets_the_page_and_words():
    stepper = viz.step_through(diamond()[0])
    bundle = stepper._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"}
    assert bundle["text/html"] == stepper._repr_html_()
    assert 'sandbox="allow-scripts"' in bundle["text/html"]
    assert bundle["text/plain"] == str(stepper)
    assert "steps; .save('steps.html')" in repr(stepper)


def test_without_a_renderer_there_are_words(monkeypatch):
    monkeypatch.setattr(render, "renderers", lambda format="svg": [])
    stepper = viz.step_through(diamond()[0])
    bundle = stepper._repr_mimebundle_()
    assert set(bundle) == {"text/plain"}
    assert "pip install graphviz-pure" in bundle["text/plain"]
    assert stepper._repr_html_() is None
    with pytest.raises(viz.RenderError, match="pip install graphviz-pure"):
        _ = stepper.html


def test_both_renderers_draw_the_page(renderer):
    stepper = viz.step_through(network()[0])
    assert stepper.html.count('<g class="box') == len(stepper.passes.picture.boxes) == 8


def stepped(**options):
    return lambda: viz.step_through(diamond()[0], **options)


FROZEN = Tensor(1.0, requires_grad=False)
MISUSES = {
    "no node": (lambda: viz.step_through(3.0), ArgumentError, r"step_through\(output\)[\s\S]*a Value or a Tensor"),
    "constant": (lambda: viz.step_through(FROZEN), ArgumentError, "requires_grad=True"),
    "an array": (lambda: viz.step_through(Tensor([1.0, 2.0])), NotScalarError, r"of something of shape \(2,\)"),
    "wrt": (stepped(wrt=Value(1.0)), ArgumentError, r"step_through\(output, wrt=\.\.\.\)[\s\S]*does not lead to it"),
    "frozen": (stepped(wrt=FROZEN), ArgumentError, "requires no gradient"),
    "between": (stepped(between=3), ArgumentError, r"step_through\(output, between=\.\.\.\)"),
    "theme": (stepped(theme="blue"), ArgumentError, "'auto', 'light' or 'dark'"),
    "direction": (stepped(direction="up"), ArgumentError, "'auto', 'LR' or 'TB'"),
    "collapse": (stepped(collapse=0), ArgumentError, "1 or more"),
    "max_nodes": (stepped(max_nodes=1), ArgumentError, "2 or more"),
    "fmt": (stepped(fmt="?"), ArgumentError, "a format of numbers"),
    "names": (stepped(names=3), ArgumentError, "a dictionary from each name"),
}  # fmt: skip


@pytest.mark.parametrize(("call", "error", "said"), MISUSES.values(), ids=MISUSES)
def test_misuse_says_what_to_do(call, error, said):
    with pytest.raises(error, match=said):
        call()


def test_a_stale_graph_is_refused():
    x = Value(2.0, label="x")
    y = x * x
    x.data = 3.0
    with pytest.raises(StaleGraphError):
        viz.step_through(y)


def test_a_leaf_alone_and_no_grad():
    stepper = viz.step_through(named(Value(2.0), "x"))
    assert [step.phase for step in stepper.steps] == ["start", "backward"]
    assert stepper.html
    with no_grad(), pytest.raises(ArgumentError):
        viz.step_through(Value(2.0) * 3)
