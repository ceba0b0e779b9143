"""The accounting identity: what flows back on the arrows of a node adds up to its gradient, and so do the paths."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import viz
from autograd import Tensor, Value
from autograd.graph import Node, pullback
from viz.walk import walk

EXACT = ".17g"

UNARY = ("tanh", "sin", "cos", "sigmoid", "relu", "exp")
BINARY = ("+", "-", "*", "/")


@st.composite
def scalar_graphs(draw):
    """A result of random operations on a few leaves, and all its nodes."""
    numbers = st.floats(-2, 2).map(lambda x: round(x, 3) or 0.5)
    nodes = [Value(x, label=f"x{i}") for i, x in enumerate(draw(st.lists(numbers, min_size=1, max_size=4)))]
    for _ in range(draw(st.integers(1, 12))):
        a = draw(st.sampled_from(nodes))
        kind = draw(st.sampled_from((*UNARY, *BINARY)))
        if kind == "exp":
            nodes.append(a.tanh().exp())
        elif kind in UNARY:
            nodes.append(getattr(a, kind)())
        else:
            b = draw(st.sampled_from(nodes))
            results = {"+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b}
            nodes.append(a / (b * b + 1) if kind == "/" else results[kind](a, b))
    return nodes[-1] * 1.5 + nodes[draw(st.integers(0, len(nodes) - 1))]


def close(a, b):
    return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-12)


def numbers(picture):
    """The gradients by key, and for each box what flows back to it, as they are written."""
    grads = {box.key: float(box.grad) for box in picture.boxes}
    flows = {box.key: [float(a.flow) for a in picture.arrows if a.tail == box.key] for box in picture.boxes}
    return grads, flows


@settings(max_examples=60, deadline=None)
@given(scalar_graphs())
def test_flows_add_up_to_the_gradient_at_every_node(root):
    root.backward()
    picture = viz.draw_graph(root, fmt=EXACT, max_nodes=None).picture
    grads, flows = numbers(picture)
    assert picture.gradients.startswith("gradient of")
    for box in picture.boxes:
        if box.role != "output":
            assert flows[box.key]
            assert close(sum(flows[box.key]), grads[box.key])


@settings(max_examples=60, deadline=None)
@given(scalar_graphs())
def test_every_number_shown_is_the_engines(root):
    root.backward()
    picture = viz.draw_graph(root, fmt=EXACT, max_nodes=None).picture
    vertices = {f"n{v.index + 1}": v for v in walk([root]).vertices}
    for box in picture.boxes:
        node = vertices[box.key].node
        assert (float(box.data), float(box.grad)) == (node.data, node.grad)
    for arrow in picture.arrows:
        head = vertices[arrow.head].node
        rule = head.op.rules[arrow.position]
        inputs = [x.data if isinstance(x, Node) else x for x in head.inputs]
        assert float(arrow.derivative.split(" = ")[1]) == rule(1.0, head.data, *inputs)
        assert close(float(arrow.flow), float(arrow.derivative.split(" = ")[1]) * head.grad)


@settings(max_examples=60, deadline=None)
@given(scalar_graphs())
def test_paths_add_up_to_the_gradient_of_the_leaf(root):
    gradients = pullback(root, 1.0)
    leaves = [v.node for v in walk([root]).vertices if not v.operands]
    for leaf in leaves:
        few = viz.explain(root, leaf, style="paths", max_terms=3, digits=17)
        every = viz.explain(root, leaf, style="paths", max_terms=10_000)
        assert every.value == gradients.get(leaf, 0)
        assert close(sum(every.terms), every.value)
        assert len(few.terms) == min(3, len(every.terms))
        ranked = sorted(map(abs, every.terms), reverse=True)[:3]
        assert sorted(map(abs, few.terms), reverse=True) == pytest.approx(ranked)
        assert viz.explain(root, leaf).terms == () or close(sum(viz.explain(root, leaf).terms), every.value)


@settings(max_examples=40, deadline=None)
@given(scalar_graphs())
def test_formula_and_program_compute_the_gradient(root):
    for leaf in [v.node for v in walk([root]).vertices if not v.operands]:
        program = viz.explain(root, leaf, style="program")
        output, gradient = program.run()
        assert close(float(output), root.data)
        assert close(float(gradient), program.value)


def test_the_flows_of_tensors_add_up():
    rng = np.random.default_rng(0)
    w = Tensor(rng.normal(size=(2, 2)), name="w")
    loss = np.sum(np.tanh(w @ w) * w)
    loss.backward()
    picture = viz.draw_graph(loss, fmt=EXACT).picture
    flows = [np.array(eval(a.flow)) for a in picture.arrows if a.tail == "n1"]
    assert len(flows) == 3
    np.testing.assert_allclose(sum(flows), w.grad, rtol=1e-12)


def test_a_box_says_what_adds_up():
    a = Value(3.0, label="a")
    y = a * 2 * a.sin()
    y.backward()
    (box,) = (box for box in viz.draw_graph(y).picture.boxes if box.name == "a")
    assert box.terms == "0.2822 - 5.94"
    assert (box.grad, f"{a.grad:.4g}") == ("-5.658", "-5.658")


def test_a_joined_arrow_carries_the_sum():
    x, w = Value(0.5, label="x"), Value(0.9, label="w")
    h = x
    for _ in range(12):
        h = (h * w).tanh()
    h.backward()
    picture = viz.draw_graph(h, collapse="blocks", fmt=EXACT).picture
    into = [a for a in picture.arrows if a.tail == next(b.key for b in picture.boxes if b.name == "w")]
    assert sum(float(a.flow) for a in into) == pytest.approx(w.grad)


def test_nothing_is_said_to_flow_where_gradients_are_not_the_results():
    a = Value(3.0, label="a")
    y = a * a
    y.backward()
    y.backward()
    picture = viz.draw_graph(y).picture
    assert {arrow.flow for arrow in picture.arrows} == {""}
    assert {box.terms for box in picture.boxes} == {""}


def test_a_closed_way_carries_zero_and_is_dotted():
    x = Value(-1.0, label="x")
    y = x.relu() * 3 + x
    y.backward()
    view = viz.draw_graph(y)
    closed = [a for a in view.picture.arrows if a.flow == "0"]
    assert closed
    assert view.to_dot().count('style="dotted"') == len(closed)
    assert all(a.weight == 0 for a in closed)
