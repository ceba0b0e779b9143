"""From one element of an array operation to its scalars, for every row of the table."""

from __future__ import annotations

import numpy as np
import pytest

import nn
import viz
from autograd import TABLE, Tensor, Value, errors, no_grad
from autograd.graph import ancestors

from ..autograd.rows import every_real_case, tensors
from ..autograd.test_table import NO_ZOOM


def product():
    A, B = Tensor([[1.0, 2.0], [3.0, 4.0]], name="A"), Tensor([[5.0, 6.0], [7.0, 8.0]], name="B")
    C = A @ B
    C.name = "C"
    return A, B, C


def leaves(element):
    """The elements behind it, by name."""
    return {node.name: node for node in ancestors([element]) if node.op is None and node.requires_grad}


@every_real_case
def test_every_element_has_the_number_of_the_operation_and_its_gradients(name, sample):
    """The contributions of all elements add up to the gradient of each operand, entry by entry."""
    op = TABLE[name]
    xs = tensors(sample.inputs)
    for i, x in enumerate(x for x in xs if isinstance(x, Tensor)):
        x.name = f"x{i}"
    y = op(*xs, **sample.attrs)
    if not y.size or y.size * max(np.size(x) for x in sample.inputs) > 20_000:
        return
    seeds = np.linspace(0.5, 1.5, y.size).reshape(y.shape)
    y.backward(seeds)
    places = list(np.ndindex(y.shape))
    if name in NO_ZOOM and op.scalar is None and name != "astype":
        with pytest.raises(errors.ArgumentError, match="number by number"):
            viz.zoom(y, places[0])
        return
    found = {x.name: np.zeros(x.shape) for x in xs if isinstance(x, Tensor)}
    for place in places[:12]:
        element = viz.zoom(y, place)
        assert element.data == pytest.approx(y.data[place], rel=1e-12, abs=1e-12)
        for key, leaf in leaves(element).items():
            base, _, where = key.partition("[")
            if base in found:
                found[base][tuple(int(i) for i in where[:-1].split(",")) if where else ()] += leaf.grad
    if len(places) <= 12:
        for x in xs:
            if isinstance(x, Tensor) and x.grad is not None:
                np.testing.assert_allclose(found[x.name], x.grad, rtol=1e-10, atol=1e-10)


def test_a_product_is_as_many_products_and_their_sum():
    A, B, C = product()
    element = viz.zoom(C, (0, 1))
    picture = viz.draw_graph(element).picture
    assert [box.name for box in picture.boxes if box.role == "leaf"] == ["A[0, 0]", "A[0, 1]", "B[0, 1]", "B[1, 1]"]
    assert [box.name for box in picture.boxes if box.role == "output"] == ["C[0, 1]"]
    assert picture.total == 7
    element.backward()
    assert element.leaf("A[0, 1]").grad == B.data[1, 1]
    assert str(viz.explain(element, element.leaf("A[0, 1]"))).startswith(
        "The gradient of C[0, 1] with respect to A[0, 1]"
    )
    assert A.grad is None


def test_after_a_pass_the_gradients_go_on_from_the_elements():
    A, _, C = product()
    np.sum(C**2).backward()
    shares = [viz.zoom(C, (0, k)).leaf("A[0, 1]").grad for k in range(2)]
    assert sum(shares) == A.grad[0, 1]
    picture = viz.draw_graph(viz.zoom(C, (0, 0))).picture
    assert picture.gradients == "gradient of C[0, 0], times 38"
    assert picture.banners == ()


def test_names_are_given_or_the_tensors():
    x = Tensor([[1.0, 2.0]])
    y = np.exp(x).T
    assert viz.zoom(y, (1, 0), names=locals()).name == "y[1, 0]"
    assert set(leaves(viz.zoom(np.exp(x), (0, 1), names={"in": x}))) == {"in[0, 1]"}
    assert viz.zoom(np.sum(x), names={"s": x}).name == "out"


def test_moved_elements_are_what_they_were():
    x = Tensor([[1.0, 2.0]], name="x")
    element = viz.zoom(x.T, (-1, 0))
    assert str(viz.draw_graph(element)).splitlines()[0] == "out[1, 0] = x[0, 1]   data 2   grad \N{EN DASH}"
    assert viz.zoom(np.pad(x, 1), (0, 0)).requires_grad is False


def test_layers_of_networks_are_taken_apart():
    nn.manual_seed(0)
    X, y = nn.datasets.make_moons(32, seed=0)
    model = nn.MLP(2, 4, 2)
    hidden = nn.cross_entropy(model(X), y).inputs[0].inputs[0].inputs[0].inputs[0]
    element = viz.zoom(hidden, (3, 1), names={"X": X})
    assert {"0.weight[1, 0]", "0.weight[1, 1]", "0.bias[1]"} == set(leaves(element))
    assert element.data == pytest.approx(hidden.data[3, 1], rel=1e-6)
    loss = nn.cross_entropy(model(X), y)
    with no_grad():
        assert viz.zoom(loss.inputs[0], (3, 1)).data == pytest.approx(loss.inputs[0].data[3, 1], rel=1e-6)
    convolved = nn.Conv2d(1, 2, 3)(np.ones((1, 1, 5, 5), np.float32))
    assert len(leaves(viz.zoom(convolved, (0, 1, 2, 2)))) == 10


def test_the_same_operand_twice_is_one_leaf():
    x = Tensor([[1.0, 2.0]], name="x")
    element = viz.zoom(x @ x.T, (0, 0))
    assert viz.zoom(x * x, (0, 1)).data == 4
    assert element.data == 5


def test_a_notebook_draws_it():
    _, _, C = product()
    bundle = viz.zoom(C, (0, 0))._repr_mimebundle_()
    assert bundle["text/plain"].startswith("C[0, 0] = v1 + v2")


def error_of(f, kind=errors.ArgumentError):
    with pytest.raises(kind) as caught:
        f()
    parts = str(caught.value).splitlines()
    assert [line.split(":")[0].strip() for line in parts[1:]] == ["expected", "got", "cure"]
    return str(caught.value)


def test_what_cannot_be_taken_apart_says_why():
    A, _, C = product()
    assert "a leaf, which nothing made" in error_of(lambda: viz.zoom(A, (0, 0)))
    assert "Value" in error_of(lambda: viz.zoom(Value(1.0), 0))
    assert "one entry of the shape (2, 2)" in error_of(lambda: viz.zoom(C, 0))
    assert "(2, 0) for Tensor 'C' of shape (2, 2)" in error_of(lambda: viz.zoom(C, (2, 0)))
    assert "inv, which computes on arrays of floats only" in error_of(lambda: viz.zoom(np.linalg.inv(A), (0, 0)))
    assert "'A[5, 5]'" in error_of(lambda: viz.zoom(C, (0, 0)).leaf("A[5, 5]"))
    large = Tensor(np.ones((200, 200)))
    assert "matmul of about 8,000,000" in error_of(lambda: viz.zoom(large @ large, (0, 0)))
    A.data = A.data + 1
    assert "A was given new data since" in error_of(lambda: viz.zoom(C, (0, 0)), errors.StaleGraphError)
