"""What the pictures show is what the engine holds."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time

import numpy as np
import pytest

import nn
import viz
from autograd import Tensor, Value, graph
from autograd.errors import ArgumentError
from viz import render, text
from viz.walk import walk

from .graphs import diamond, named, network, neuron, read

HOSTILE = ["W|b", "<W>", "a{0}", '"', "&", "π", "a\\b", "&amp;", "]]>", "日本", "x\ny", "%", "-", "\\N"]


def test_every_node_shows_name_value_and_gradient():
    o, _ = neuron()
    o.backward()
    view = viz.draw_graph(o)
    drawn = read(view.to_svg())
    vertices = walk([o]).vertices
    assert len(drawn.nodes) == len(vertices) == 10
    for vertex in vertices:
        words = drawn.nodes[f"n{vertex.index + 1}"]
        assert words[0] == vertex.name
        assert words[words.index("data") + 1] == format(vertex.node.data, ".4g")
        assert words[words.index("grad") + 1] == format(vertex.node.grad, ".4g")


def test_every_edge_shows_its_local_derivative():
    o, _ = neuron()
    drawn = read(viz.draw_graph(o).to_svg())
    vertices = walk([o]).vertices
    expected = []
    for vertex in vertices:
        for position, u in enumerate(vertex.operands):
            rule = vertex.node.op.rules[position]
            derivative = rule(1.0, vertex.node.data, *[x.data for x in vertex.node.inputs])
            written = f"∂{vertex.name}/∂{vertices[u].name} = {derivative:.4g}"
            expected.append((f"n{u + 1}", f"n{vertex.index + 1}", written))
    assert sorted(drawn.edges) == sorted(expected)


def test_product_of_gradient_and_local_derivative_adds_up_at_every_node():
    d, a = diamond()
    d.backward()
    picture = viz.draw_graph(d, fmt=".17g").picture
    grads = {box.key: float(box.grad) for box in picture.boxes}
    for box in picture.boxes:
        ways = [grads[w.head] * float(w.derivative.split(" = ")[1]) for w in picture.arrows if w.tail == box.key]
        if ways:
            assert sum(ways) == pytest.approx(grads[box.key], rel=1e-12)
    assert a.grad == pytest.approx(2 * np.sin(3) + 6 * np.cos(3))


def test_an_operand_used_twice_has_two_edges():
    a = Value(3.0, label="a")
    drawn = read(viz.draw_graph(named(a * a, "c")).to_svg())
    assert drawn.edges == [("n1", "n2", "∂c/∂a = 3")] * 2


@pytest.mark.parametrize("make", [lambda: neuron()[0], lambda: network()[0]])
def test_before_any_pass_gradients_are_dashes(make):
    picture = viz.draw_graph(make()).picture
    assert {box.grad for box in picture.boxes} == {text.NOT_COMPUTED}


def test_a_zero_that_was_computed_is_a_zero():
    a = Value(-1.0, label="a")
    a.relu().backward()
    assert next(box.grad for box in viz.draw_graph(a.relu() * 1).picture.boxes) == text.NOT_COMPUTED
    y = named(a.relu(), "y")
    y.backward()
    assert {box.name: box.grad for box in viz.draw_graph(y).picture.boxes} == {"a": "0", "y": "1"}


def test_tensors_show_shape_summary_and_pullback():
    loss, names = network()
    loss.backward()
    view = viz.draw_graph(loss, names=names)
    boxes = {box.name: box for box in view.picture.boxes}
    assert boxes["W"].shape == "float64 (3, 2)"
    assert boxes["W"].data == text.array(names["W"].data)
    assert boxes["W"].grad == text.array(names["W"].grad)
    assert boxes["b"].data == "[0, 0]"
    assert (boxes["x"].role, boxes["W"].role, boxes["h"].role, boxes["out"].role) == (
        "constant", "leaf", "result", "output",
    )  # fmt: skip
    key = {box.key: box.name for box in view.picture.boxes}
    shown = {(key[a.tail], a.derivative) for a in view.picture.arrows}
    assert {("W", "xᵀ @ ḡ"), ("b", "sum(ḡ, axis=0)"), ("v2", "ḡ * (1 - h * h)"), ("x", "")} <= shown
    drawn = read(view.to_svg())
    assert "xᵀ @ ḡ" in [words for _, _, words in drawn.edges]


def test_a_constant_is_drawn_where_gradients_alone_are_shown():
    x, labels = Tensor([[1.0, 2.0]], name="x"), np.array([1])
    loss = nn.cross_entropy(x, labels)
    loss.backward()
    assert "<svg" in viz.draw_graph(loss, show=("grad",)).to_svg()


def test_small_arrays_are_written_out_and_large_ones_summed_up():
    assert text.array([[1.0, -2.5]]) == "[[1, -2.5]]"
    assert text.array(np.r_[np.arange(7.0), np.nan, np.inf]) == "3 ± 2 in [0, 6], 1 NaN, 1 inf"
    assert text.array(np.full(9, 2.0)) == "all 2"
    assert text.array(np.array([0.1, 0.2, -0.3, 0.7, 0.4, -1.1, 0.0])).startswith("0 ± ")  # but for rounding
    assert text.array(np.array([1e-9, -2e-9, 3e-9, 0, 0, 0, 0])).startswith("2.857e-10 ± ")
    assert text.array(np.zeros((0, 3))) == "[]"
    assert text.array(np.arange(9) > 4) == "4 of 9 true"


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_shown_as_they_are(name):
    a = Value(2.0, label=name)
    c = a * 3
    drawn = read(viz.draw_graph(c, legend=False).to_svg())
    shown = name.replace("\n", "\\x0a")
    assert drawn.nodes["n1"][0].strip() == shown
    assert f"∂out/∂{shown} = 3" in drawn.edges[0][2]
    assert len(drawn.nodes) == 2
    assert viz.draw_graph(c).to_png().startswith(b"\x89PNG")
    assert name in str(viz.draw_graph(c))


def test_arrays_that_were_copied_keep_their_names():
    scores, classes, zeros = Tensor(np.arange(6.0).reshape(3, 2)), np.array([0, 1, 1], np.int8), np.zeros(3)
    loss = nn.cross_entropy(scores, classes)

    def names(**given):
        return [box.name for box in viz.draw_graph(loss, names=given).picture.boxes if box.role == "constant"]

    assert names(classes=classes, zeros=zeros) == ["classes"]
    assert names(one=classes, two=classes.copy()) == ["c1"]  # which of them?
    assert names(one=classes, same=classes, _hidden=classes.copy()) == ["one"]
    assert names(other=classes[:2], words=np.array(["0", "1", "1"])) == ["c1"]
    assert "one_hot(classes)" in str(viz.draw_graph(loss, names={"classes": classes}))
    alike = nn.cross_entropy(scores, np.zeros(3, int))
    assert [b.name for b in viz.draw_graph(alike, names={"zeros": zeros}).picture.boxes][-2] == "c1"


def test_names():
    a, b, c = Value(1.0, label="w"), Value(2.0, label="w"), Value(3.0)
    y = a * b + c
    assert [v.name for v in walk([y]).vertices] == ["w", "w#2", "v1", "v2", "out"]
    assert [v.name for v in walk([y], {"a": a, "_": b, "y": y, "other": 3}).vertices] == ["a", "w", "v1", "v2", "y"]
    assert [v.name for v in walk([Value(1.0) * Value(1.0, label="v1")]).vertices] == ["v2", "v1", "out"]


PROGRAM = """
import numpy as np
from autograd import Tensor, Value
from viz import draw_graph, explain
junk = [object() for _ in range({junk})]
values = [Value(0.1 * i, label=f"w{{i}}") for i in range(9)]
y = sum(v * v.tanh() for v in values)
y.backward()
t = Tensor(np.arange(12.0).reshape(3, 4), name="t")
loss = np.sum((t @ np.ones((4, 2))).relu())
loss.backward()
for view in (
    draw_graph(y), draw_graph(loss), draw_graph(y, max_nodes=9), draw_graph(y, collapse="blocks"),
    draw_graph(loss, overlay="health", theme="dark"), draw_graph(y, overlay="grad", wrt=values[0]),
):
    print(view.to_svg(), view.to_json(), view.to_mermaid(), view.to_tikz(), view)
for style in ("sum", "paths", "table", "formula", "program"):
    print(explain(y, values[1], style=style), explain(loss, t, style=style).to_markdown())
"""


def test_equal_graphs_give_equal_bytes_in_two_processes():
    outputs = [
        subprocess.run(
            [sys.executable, "-c", PROGRAM.format(junk=seed * 1000)],
            env={**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONIOENCODING": "utf-8"},
            capture_output=True,
            check=True,
        ).stdout
        for seed in (1, 2)
    ]
    assert outputs[0] == outputs[1]
    assert b"<svg" in outputs[0]


def chain():
    y = Value(1.0, label="x")
    for _ in range(20_000):
        y = y * 1.0001
    return y


def recurrence():
    weights = [Value(0.1, label=f"w{i}") for i in range(20)]
    y = Value(1.0, label="x")
    for i in range(10_000):
        y = y * weights[i % 20] + weights[i * 7 % 20]
    return y


def wide():
    leaves = [Value(float(i)) for i in range(20_000)]
    return sum(leaf * leaf for leaf in leaves)


@pytest.mark.parametrize("make", [chain, recurrence, wide])
def test_large_graphs_fold_in_seconds(make):
    y = make()
    start = time.perf_counter()
    view = viz.draw_graph(y)
    drawn = read(view.to_svg())
    assert time.perf_counter() - start < 20
    assert len(drawn.nodes) <= 150
    assert view.picture.total >= 20_000
    folded = view.picture.total - sum(box.role != "folded" for box in view.picture.boxes)
    banner = f"{folded:,} of {view.picture.total:,} nodes are folded into"
    assert banner in drawn.words
    assert banner in str(view)
    assert "out" in str(view)


def test_many_long_arrows_fold_too():
    x = y = Value(1.0)
    for _ in range(70):
        y = y * x
    assert len(viz.draw_graph(y).picture.boxes) < 71
    assert len(viz.draw_graph(y, max_nodes=None).picture.boxes) == 71


def test_modules_fold_first():
    x = Value(0.5, label="x")
    for i in range(3):
        with graph.scope(f"layer{i}"):
            w = Value(0.1 * i, label=f"w{i}")
            x = (x * w + 1).tanh()
    picture = viz.draw_graph(x, max_nodes=6).picture
    assert [box.name for box in picture.boxes] == ["layer0: v3", "layer1: v6", "layer2: out"]
    assert [box.members for box in picture.boxes] == ["3 operations, 2 leaves", *["3 operations, 1 leaf"] * 2]
    assert [(a.tail, a.head) for a in picture.arrows] == [("n1", "n2"), ("n2", "n3")]
    assert picture.banners[0].startswith("13 of 13 nodes")


def test_a_stale_graph_is_drawn_and_says_so():
    a = Value(2.0, label="a")
    c = a * 3
    a.data = 5.0
    view = viz.draw_graph(c)
    assert "a got new data after use" in str(view)
    assert "a got new data after use" in read(view.to_svg()).words


def test_a_derivative_that_does_not_exist_is_no_error():
    picture = viz.draw_graph(Value(0.0, label="x").sqrt()).picture
    assert picture.arrows[0].derivative == "∂out/∂x = nan"


def test_several_roots_and_a_single_leaf():
    a = Value(2.0, label="a")
    assert len(viz.draw_graph([a * 2, a * 3]).picture.boxes) == 3
    assert len(read(viz.draw_graph(a).to_svg()).nodes) == 1
    assert len(viz.draw_graph(Tensor(np.zeros((0, 2)))).picture.boxes) == 1


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: viz.draw_graph(3.0), "got:      float"),
        (lambda: viz.draw_graph([]), "an empty list"),
        (lambda: viz.draw_graph(Value(1.0), direction="BT"), "direction='TB'"),
        (lambda: viz.draw_graph(Value(1.0), rankdir="BT"), "direction='TB'"),
        (lambda: viz.draw_graph(Value(1.0), max_nodes=1), "max_nodes=150"),
        (lambda: viz.draw_graph(Value(1.0), max_nodes="all"), "2 or more\n  got:      'all'"),
        (lambda: viz.draw_graph(Value(1.0), fmt="four"), "Invalid format specifier"),
        (lambda: viz.draw_graph(Value(1.0), names=["a"]), r"got:      list: \['a'\]\n  cure:     names={'x': x}"),
        (lambda: viz.draw_graph(Value(1.0), names={1: "a"}), "got:      dict: {1: 'a'}"),
        (lambda: viz.draw_dot(Value(1.0), rankdir="up"), "rankdir='LR'"),
        (lambda: viz.trace("x"), "pass the result itself"),
        (lambda: viz.draw_graph(Value(1.0)).save("x.gif"), "the suffix '.gif'"),
    ],
)
def test_errors(call, words):
    with pytest.raises(ArgumentError, match=words):
        call()


def test_save(tmp_path):
    view = viz.draw_graph(neuron()[0])
    assert view.save(tmp_path / "g.svg").read_text(encoding="utf-8").startswith("<?xml")
    assert view.save(tmp_path / "g.png").read_bytes().startswith(b"\x89PNG")
    assert view.save(str(tmp_path / "g.dot")).read_text(encoding="utf-8") == view.to_dot()


def test_light_and_dark_are_both_in_the_svg():
    svg = viz.draw_graph(neuron()[0]).to_svg()
    assert "prefers-color-scheme:dark" in svg
    for colour in set(re.findall(r'(?:fill|stroke)="(#[0-9a-f]{6})"', svg)):
        assert f"[fill='{colour}']" in svg
    assert "leaf: input or parameter" in read(svg).words


def test_notebook_shows_svg_and_text():
    bundle = viz.draw_graph(neuron()[0])._repr_mimebundle_()
    assert set(bundle) == {"image/svg+xml", "image/png", "text/plain"}
    assert bundle["image/png"].startswith(b"\x89PNG")
    assert bundle["text/plain"].startswith("o = tanh(n)")


def test_without_a_renderer_there_is_a_text_tree(monkeypatch, tmp_path):
    monkeypatch.setattr(render, "renderers", lambda format="svg": [])
    view = viz.draw_graph(neuron()[0])
    bundle = view._repr_mimebundle_()
    assert set(bundle) == {"text/plain"}
    assert "o = tanh(n)" in bundle["text/plain"]
    assert "pip install graphviz-pure" in bundle["text/plain"].splitlines()[-1]
    view.save(tmp_path / "g.dot")
    with pytest.raises(render.RenderError, match="pip install graphviz-pure"):
        view.save(tmp_path / "g.svg")


def test_a_failing_or_missing_renderer_is_reported(monkeypatch):
    monkeypatch.setattr(render, "renderers", lambda format="svg": ["/no/such/dot", sys.executable])
    with pytest.raises(render.RenderError, match=r"view.save\('graph.dot'\)"):
        viz.draw_graph(Value(1.0)).to_svg()


def test_a_slow_renderer_is_given_up(tmp_path, monkeypatch):
    slow = tmp_path / "slow"
    slow.write_text("#!/bin/sh\nexec sleep 30\n")
    slow.chmod(0o755)
    monkeypatch.setattr(render, "renderers", lambda format="svg": [str(slow)])
    with pytest.raises(render.RenderError, match=r"took longer than 0.2 s"):
        render.render("digraph {}", timeout=0.2)


def test_pdf_needs_dot(monkeypatch):
    monkeypatch.setenv("PATH", "")
    with pytest.raises(render.RenderError, match=r"\.svg or \.png"):
        render.render("digraph {}", "pdf")


def test_draw_dot_is_micrograds_without_its_bugs(monkeypatch, tmp_path):
    graphviz = pytest.importorskip("graphviz")
    monkeypatch.setenv("PATH", "")
    o, _ = neuron()
    o.backward()
    digraph = viz.draw_dot(o)
    assert isinstance(digraph, graphviz.Digraph)
    drawn = read(digraph.pipe(encoding="utf-8"))
    assert len(drawn.nodes) == 10
    assert len(drawn.edges) == 9
    assert digraph._repr_mimebundle_()["image/svg+xml"].startswith("<?xml")
    path = viz.draw_dot(o, format="png", rankdir="TB").render(tmp_path / "gout")
    assert path == str(tmp_path / "gout.png")
    assert (tmp_path / "gout.png").read_bytes().startswith(b"\x89PNG")
    assert (tmp_path / "gout").read_text(encoding="utf-8").startswith("digraph")
    digraph.render(outfile=tmp_path / "again.svg", cleanup=True)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["again.svg", "gout", "gout.png"]


def test_draw_dot_saves_what_the_suffix_says(tmp_path, monkeypatch):
    pytest.importorskip("graphviz")
    monkeypatch.chdir(tmp_path)
    digraph = viz.draw_dot(neuron()[0])
    assert digraph.save(tmp_path / "y.png") == str(tmp_path / "y.png")
    assert (tmp_path / "y.png").read_bytes().startswith(b"\x89PNG")
    assert digraph.save("y.svg", directory="new/folder") == os.path.join("new", "folder", "y.svg")
    assert (tmp_path / "new" / "folder" / "y.svg").read_text(encoding="utf-8").startswith("<?xml")
    for name in ("y.dot", "y.gv", "y"):
        assert (tmp_path / digraph.save(name)).read_text(encoding="utf-8") == digraph.source
    assert viz.draw_dot(Value(1.0)).save() == "chainrule.gv"
    assert viz.draw_dot(Value(1.0)).render() == "chainrule.gv.svg"
    assert viz.draw_dot(Value(1.0)).render("odd.svg") == "odd.svg.svg"
    assert (tmp_path / "odd.svg").read_text(encoding="utf-8").startswith("digraph")


def shown(view):
    """What a picture says that its gradients are, and its banners."""
    assert view.picture.gradients in read(view.to_svg()).words
    return view.picture.gradients, len(view.picture.banners)


def product():
    a, b = Value(2.0, label="a"), Value(-3.0, label="b")
    e = named(a * b, "e")
    return a, e, named(e * 5, "L")


def test_gradients_of_the_result_are_called_so():
    _, _, loss = product()
    assert shown(viz.draw_graph(loss)) == ("gradient of L", 0)
    loss.backward()
    assert shown(viz.draw_graph(loss)) == ("gradient of L", 0)
    loss, _ = network()
    assert shown(viz.draw_graph(loss)) == ("gradient of out", 0)
    loss.backward()
    assert shown(viz.draw_graph(loss)) == ("gradient of out", 0)
    z = Value(-1.0)
    y = z.relu()
    y.backward()
    assert shown(viz.draw_graph(y)) == ("gradient of out", 0)


def left_by_another_result():
    a, e, loss = product()
    (loss + a).backward()
    return e


def left_by_two_passes():
    _, _, loss = product()
    loss.backward()
    loss.backward()
    return loss


def left_by_a_weighted_pass():
    _, _, loss = product()
    loss.backward(2.0)
    return loss


def left_by_a_pass_that_is_a_graph():
    x = Value(0.5, label="x")
    x.tanh().backward(create_graph=True)
    return x.grad


def left_on_a_tensor():
    x = Tensor([1.0, 2.0], name="x")
    (x * x).sum().backward()
    return (x * 3).sum()


def left_by_two_results():
    _, e, loss = product()
    loss.backward()
    return [loss, e]


@pytest.mark.parametrize(
    "make",
    [
        left_by_another_result,
        left_by_two_passes,
        left_by_a_pass_that_is_a_graph,
        left_on_a_tensor,
        left_by_two_results,
    ],
)
def test_gradients_that_other_passes_left_are_not_called_the_results(make):
    view = viz.draw_graph(make())
    assert shown(view) == (".grad as it stands", 1)
    assert ".grad as it stands, from another backward pass or from several: not the gradient of " in str(view)


def test_gradients_of_a_weighted_pass_are_the_results_times_the_weight():
    view = viz.draw_graph(left_by_a_weighted_pass())
    words, banners = shown(view)
    assert (words.endswith(", times 2"), banners) == (True, 0)
    assert {arrow.flow != "" for arrow in view.picture.arrows if arrow.flows} == {True}


def test_gradients_of_a_stale_graph_stand_as_they_are():
    a, _, loss = product()
    loss.backward()
    a.data = 3.0
    view = viz.draw_graph(loss)
    assert shown(view) == (".grad as it stands", 1)
    assert "got new data after use" in view.picture.banners[0]


def test_a_tensor_of_shape_nothing_has_its_local_derivative_as_a_number():
    t = Tensor(0.5, name="t")
    y = named(np.sin(t) * np.ones(3).sum() + t, "y")
    assert [a.derivative for a in viz.draw_graph(y).picture.arrows] == [
        "∂v1/∂t = 0.8776", "∂v2/∂v1 = 3", "∂y/∂v2 = 1", "∂y/∂t = 1",
    ]  # fmt: skip
    assert viz.draw_graph(y).picture.arrows[0].formula == "∂v1/∂t = cos(t) = 0.8776"


def test_a_broadcast_number_gets_the_sum():
    t, w = Tensor(0.5, name="t"), Tensor(np.arange(4.0), name="w")
    arrows = viz.draw_graph(w * t).picture.arrows
    assert [a.derivative for a in arrows] == ["ḡ * t", "sum(ḡ * w, axis=0)"]


def test_rankdir_is_direction():
    assert viz.draw_graph(neuron()[0], rankdir="TB").picture.direction == "TB"


def test_trace_keeps_order_and_multiplicity():
    a = Value(2.0)
    b = a * a
    nodes, edges = viz.trace(b)
    assert nodes == [a, b]
    assert edges == [(a, b), (a, b)]


def test_drawing_changes_nothing():
    o, leaves = neuron()
    o.backward()
    before = {name: leaf.grad for name, leaf in leaves.items()}
    viz.draw_graph(o).to_svg()
    str(viz.explain(o, leaves["w1"]))
    assert {name: leaf.grad for name, leaf in leaves.items()} == before
