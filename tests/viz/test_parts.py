"""Parts of a graph, folding on demand, and overlays."""

from __future__ import annotations

import re

import numpy as np
import pytest

import nn
import viz
from autograd import TABLE, Tensor, Value, graph
from autograd.errors import ArgumentError
from viz import text
from viz.blocks import Run, runs
from viz.overlay import KINDS, VIRIDIS, blend, ink_on

from .graphs import diamond, named, network, neuron, read


def names(view):
    """The names of the drawn boxes."""
    return [box.name for box in view.picture.boxes]


def test_between_draws_what_lies_on_a_way():
    o, leaves = neuron()
    view = viz.draw_graph(o, between=(leaves["w1"], leaves["n"]))
    assert names(view) == ["w1", "v1", "v3", "n"]
    assert len(view.picture.arrows) == 3
    assert view.picture.banners[0] == "4 of 10 nodes are drawn: those between w1 and n"
    assert len(read(view.to_svg()).nodes) == 4
    y = Value(2.0, label="y")
    assert names(viz.draw_graph(y * y, between=(y, y))) == ["y"]
    x = np.arange(3.0)
    assert names(viz.draw_graph(np.sum(Tensor(x) * x), between=(x, x), names={"x": x})) == ["x"]


def test_depth_draws_what_is_near_the_result():
    o, _ = neuron()
    assert names(viz.draw_graph(o, depth=0)) == ["o"]
    view = viz.draw_graph(o, depth=2)
    assert names(view) == ["b", "v3", "n", "o"]
    assert view.picture.banners[0] == "4 of 10 nodes are drawn: those at most 2 operations behind the result"
    assert viz.draw_graph(o, depth=9).picture.banners == ()


def test_wrt_lets_all_else_pale():
    o, leaves = neuron()
    view = viz.draw_graph(o, wrt=leaves["w1"])
    assert [box.name for box in view.picture.boxes if not box.pale] == ["w1", "v1", "v3", "n", "o"]
    lit = [(a.tail, a.head) for a in view.picture.arrows if not a.pale]
    assert len(lit) == 4
    assert "pale: carries no gradient" in read(view.to_svg()).words
    both = viz.draw_graph(o, wrt=[leaves["w1"], leaves["b"]])
    assert sum(not box.pale for box in both.picture.boxes) == 6


def test_show_leaves_rows_out():
    o, _ = neuron()
    o.backward()
    boxes = viz.draw_graph(o, show=("data",)).picture.boxes
    assert all(box.data and not box.grad for box in boxes)
    arrows = viz.draw_graph(o, show=("data", "grad")).picture.arrows
    assert {(a.derivative, a.flow) for a in arrows} == {("", "")}
    words = read(viz.draw_graph(o, show="data").to_svg()).words
    assert "grad" not in words
    assert "∂" not in words


def modules():
    """Three layers, each in a scope of its own within a body."""
    x = Value(0.5, label="x")
    for i in range(3):
        with graph.scope("body"), graph.scope(f"layer{i}"):
            x = (x * Value(0.1 * i, label=f"w{i}") + 1).tanh()
    return x * 2


def test_modules_fold_on_demand_at_any_level():
    assert names(viz.draw_graph(modules(), collapse="modules")) == ["body: v9", "out"]
    view = viz.draw_graph(modules(), collapse=2)
    assert names(view) == ["body.layer0: v3", "body.layer1: v6", "body.layer2: v9", "out"]
    assert view.picture.boxes[0].members == "3 operations, 2 leaves"
    assert view.picture.banners == ("13 of 14 nodes are folded into 3 boxes",)


def test_blocks_fold_on_demand():
    x, w = Value(0.5, label="x"), Value(0.9, label="w")
    h = x
    for _ in range(12):
        h = (h * w + 1).tanh()
    view = viz.draw_graph(h, collapse="blocks")
    assert len(view.picture.boxes) < 8
    (folded,) = (box for box in view.picture.boxes if box.role == "folded")
    assert folded.name.startswith("11 \N{MULTIPLICATION SIGN} (")
    assert "33 operations" in folded.members
    with graph.scope("a"):  # blocks of different modules are not alike
        y = x.tanh().tanh().tanh().tanh()  # the first takes a leaf, the others what was made before
    with graph.scope("b"):
        y = y.tanh().tanh().tanh()
    titles = [b.name.split(":")[0] for b in viz.draw_graph(y, collapse="blocks").picture.boxes if b.role == "folded"]
    assert titles == ["3 \N{MULTIPLICATION SIGN} (tanh)"] * 2


def test_runs_of_a_sequence():
    assert runs([]) == []
    assert runs([1, 2, 3]) == []
    assert runs([7] * 5) == [Run(0, 5, 1)]
    assert runs([1, 1, 1, 2] * 4) == [Run(0, 16, 4)]
    assert runs([9, *[1, 2] * 3, 8, *[4] * 3]) == [Run(1, 7, 2), Run(8, 11, 1)]
    assert Run(0, 7, 2).repeats == 3


def test_folding_never_makes_a_cycle():
    rng = np.random.default_rng(3)
    values = [Value(0.1) for _ in range(4)]
    for i in range(600):
        with graph.scope(f"m{i // 40 % 5}"):
            a, b = (values[-rng.integers(1, 9)] if len(values) > 9 else values[0] for _ in range(2))
            values.append((a * b).tanh() if i % 3 else a + b)
    root = sum(values[-5:], Value(0.0))
    for collapse in ("auto", "modules", "blocks", 1):
        picture = viz.draw_graph(root, collapse=collapse, max_nodes=40).picture
        assert len(picture.boxes) <= 40
        waiting = {(a.tail, a.head) for a in picture.arrows}
        left = {box.key for box in picture.boxes}
        while free := {key for key in left if not any(head == key for _, head in waiting)}:
            left -= free
            waiting = {(tail, head) for tail, head in waiting if tail not in free}
        assert not left


# Overlays.


def test_overlay_of_gradients_is_their_length():
    loss, given = network()
    loss.backward()
    view = viz.draw_graph(loss, names=given, overlay="grad")
    marks = {box.name: box.mark for box in view.picture.boxes}
    assert marks["W"].words == f"{np.linalg.norm(given['W'].grad):.4g}"
    assert marks["x"] is None
    largest = max((m for m in marks.values() if m), key=lambda m: float(m.words))
    assert largest.colour == VIRIDIS[-1]
    assert view.picture.scale.title.startswith("length of grad")
    assert marks["W"].words in read(view.to_svg()).words


def test_overlay_of_values_is_centred_on_zero():
    d, _ = diamond()
    view = viz.draw_graph(d, overlay="value")
    assert (view.picture.scale.low, view.picture.scale.high) == ("-6", "6")
    assert {b.name: b.mark.words for b in view.picture.boxes} == {"a": "3", "b": "6", "c": "0.1411", "d": "0.8467"}


def test_overlay_of_given_numbers():
    d, a = diamond()
    view = viz.draw_graph(d, overlay={a: 1.0, "d": 3})
    assert [(b.name, b.mark.words, b.mark.colour) for b in view.picture.boxes if b.mark] == [
        ("a", "1", VIRIDIS[0]), ("d", "3", VIRIDIS[-1]),
    ]  # fmt: skip


def test_health_counts_and_finds_the_first_nan():
    w = Tensor(np.array([-1.0, 0.0, 2.0, 3.0]), name="w")
    with np.errstate(all="ignore"):
        root = np.sum(np.log(w))
    view = viz.draw_graph(root, overlay="health")
    marks = {box.name: box.mark for box in view.picture.boxes}
    colours = list(KINDS.values())
    assert marks["w"].words == ""
    assert marks["w"].cells == ((colours[2], 0.25), (colours[3], 0.25), (colours[4], 0.5))
    assert marks["v1"].words == "data: 1 NaN, 1 inf"
    assert "the first NaN or infinity is in v1 = log(w), where w is [-1, 0, 2, 3]" in view.picture.banners
    assert "data: 1 NaN, 1 inf" in read(view.to_svg()).words


def test_health_finds_what_is_dead():
    x = Tensor(np.full(20, -1.0), name="x")
    found = {box.name: box.mark.words for box in viz.draw_graph(np.sum(x.relu()), overlay="health").picture.boxes}
    assert found == {"x": "", "v1": "20 of 20 are 0", "out": ""}


def test_gradients_that_explode_or_vanish_are_told_from_the_median():
    a = Value(1.0, label="a")
    steps = [named(a * 1e-6, "b")]
    for _ in range(3):
        steps.append(steps[-1] * 1.0)
    y = named(steps[-1] * 1e6, "y")
    y.backward()
    words = {box.name: box.mark.words for box in viz.draw_graph(y, overlay="health").picture.boxes}
    assert words["b"] == ""
    assert {words["a"], words["y"]} == {""}
    far = a
    for scale in (1e9, 1.0, 1.0, 1.0):
        far = far * scale
    z = named(far, "z")
    z.backward()
    words = {box.name: box.mark.words for box in viz.draw_graph(z, overlay="health").picture.boxes}
    assert words["a"] == "grad explodes"
    tiny = named(a * 1e-9 * 1.0 * 1.0 * 1.0, "t")
    a.zero_grad()
    tiny.backward()
    words = {box.name: box.mark.words for box in viz.draw_graph(tiny, overlay="health").picture.boxes}
    assert words["a"] == "grad vanishes"


def test_colours_between_colours():
    assert blend(("#000000", "#ffffff"), 0.0) == "#000000"
    assert blend(("#000000", "#ffffff"), 2.0) == "#ffffff"
    assert ink_on("#fde725") != ink_on("#440154")


# Numbers.


def test_complex_numbers_are_shown():
    assert text.number(1 + 2j) == "1+2j"
    assert text.array(np.array([1j, 2.0])) == "[1j, 2+0j]"
    assert "complex numbers" in text.array(np.arange(9) * 1j)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"between": Value(1.0)}, r"a pair of nodes\n  got:      Value"),
        ({"between": (Value(1.0), Value(2.0))}, r"nodes that the result was made from\n"),
        ({"wrt": "w"}, "nodes that the result was made from"),
        ({"depth": -1}, "0 or more"),
        ({"collapse": "all"}, "'auto', 'modules' or 'blocks'"),
        ({"collapse": 0}, "1 or more"),
        ({"collapse": None}, "1 or more"),
        ({"theme": "pink"}, "'auto', 'light' or 'dark'"),
        ({"show": ("values",)}, "'data', 'grad', 'local' or 'flow'"),
        ({"overlay": "heat"}, "'grad', 'value', 'health' or a dictionary"),
        ({"overlay": {"nobody": 1.0}}, "nodes or names in the graph, each with a number"),
        ({"overlay": 3}, "got:      int"),
    ],
)
def test_errors(options, words):
    o, _ = neuron()
    with pytest.raises(ArgumentError, match=words):
        viz.draw_graph(o, **options)


def test_no_way_between_is_an_error():
    o, leaves = neuron()
    with pytest.raises(ArgumentError, match=r"no way from w1 and b\n  cure:     between=\(b, a\)"):
        viz.draw_graph(o, between=(leaves["w1"], leaves["b"]))


def test_a_loss_on_labels_has_a_formula():
    z = Tensor(np.arange(6.0).reshape(2, 3), name="z")
    loss = nn.cross_entropy(z, np.array([0, 2]))
    arrows = viz.draw_graph(loss).picture.arrows
    assert [arrow.derivative for arrow in arrows[:2]] == [
        "ḡ - exp(v1) * sum(ḡ, axis=-1, keepdims=True)",
        "-(ḡ / 2) * one_hot(c1)",
    ]
    softmax = viz.draw_graph(TABLE["softmax"](z)).picture.arrows[0].derivative
    assert re.fullmatch(r"out \* \(ḡ - sum\(ḡ \* out, axis=-1, keepdims=True\)\)", softmax)


def test_a_graph_of_complex_numbers_is_drawn():
    a = Value(1.0, label="a")
    a._data = 1 + 2j
    y = named(a * a, "y")
    for overlay in (None, "grad", "value", "health"):
        view = viz.draw_graph(y, overlay=overlay)
        assert [box.data for box in view.picture.boxes] == ["1+2j", "-3+4j"]
        assert [arrow.derivative for arrow in view.picture.arrows] == ["∂y/∂a = 1+2j"] * 2
        assert "-3+4j" in read(view.to_svg()).words


def test_numbers_too_large_to_add_up_are_no_warning():
    huge = Tensor(np.full(9, 1e300) * np.arange(1, 10), name="huge")
    y = np.sum(np.tanh(huge) * 1e300)
    y.backward()
    for overlay in ("grad", "value", "health"):
        viz.draw_graph(y, overlay=overlay).to_svg()
