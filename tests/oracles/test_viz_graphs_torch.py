"""Whole pictures against PyTorch: every number on every box and arrow, in the SVG and in the JSON, on random graphs.

Each graph is built twice, operation by operation. PyTorch says what each node holds, what its gradient is, and what
each use of an operand passes back.
"""

from __future__ import annotations

import json
import math
import re

import numpy as np
import pytest

import nn
import viz
from autograd import Tensor, Value
from tests.viz.graphs import read

torch = pytest.importorskip("torch")

CLOSE = {"rtol": 1e-9, "atol": 1e-11}
NUMBER = r"-?(?:\d+\.?\d*(?:e[+-]?\d+)?|inf|nan)"


class Twin:
    """A node of ours and PyTorch's, made by the same operation from the same operands."""

    made: list[Twin]

    def __init__(self, ours, theirs, operation=None, operands=()):
        self.ours, self.theirs, self.operation, self.operands = ours, theirs, operation, operands
        self.name = f"t{len(Twin.made)}"
        setattr(ours, "label" if isinstance(ours, Value) else "name", self.name)
        theirs.retain_grad()
        Twin.made.append(self)

    def shares(self):
        """What each operand receives from this result, and the local derivative of each if these are numbers."""
        copies = [x.theirs.detach().clone().requires_grad_() for x in self.operands]
        result = self.operation(*copies)
        one = torch.ones_like(result)
        return [torch.autograd.grad(result, copies, g, retain_graph=True) for g in (self.theirs.grad, one)]


def leaf(number):
    array = np.asarray(number, float)
    ours = Tensor(array) if array.ndim else Value(float(array))
    return Twin(ours, torch.tensor(array, dtype=torch.float64, requires_grad=True))


def apply(ours, theirs, *operands):
    """One operation on both sides."""
    made = ours(*(x.ours for x in operands)), theirs(*(x.theirs for x in operands))
    return Twin(*made, theirs, operands)


def same(operation, *operands):
    return apply(operation, operation, *operands)


UNARY = [
    (lambda x: x.tanh(), torch.tanh), (lambda x: x.sin(), torch.sin), (lambda x: x.relu(), torch.relu),
    (lambda x: -x, torch.neg), (lambda x: x**2, torch.square),
]  # fmt: skip
BINARY = [lambda a, b: a + b, lambda a, b: a - b, lambda a, b: a * b]


def numbers(written):
    return np.array([float(x) for x in re.findall(NUMBER, written)])


def summed_up(x):
    """What a box says of an array: all of it, or mean, deviation, least and greatest."""
    x = x.detach().numpy()
    if x.size <= 6:
        return x.ravel()
    return np.array([x.min()] if x.min() == x.max() else [x.mean(), x.std(), x.min(), x.max()])


def check(root, twins, **options):
    """Every number in the picture of ``root``; returns how many arrows there were."""
    root.theirs.backward()
    root.ours.backward()
    view = viz.draw_graph(root.ours, fmt=".15g", max_nodes=None, **options)
    drawn, written = read(view.to_svg()), json.loads(view.to_json())
    by_name = {twin.name: twin for twin in twins}
    boxes = {box["key"]: box for box in written["boxes"]}
    reached = {box["name"] for box in written["boxes"]} & by_name.keys()
    assert reached == {name for name, twin in by_name.items() if twin.theirs.grad is not None}
    for key, box in boxes.items():
        if box["name"] not in by_name:
            continue
        twin = by_name[box["name"]]
        np.testing.assert_allclose(numbers(box["data"]), summed_up(twin.theirs), **CLOSE)
        np.testing.assert_allclose(numbers(box["grad"]), summed_up(twin.theirs.grad), **CLOSE)
        if re.fullmatch(f"{NUMBER}( [+-] {NUMBER})*", box["terms"]):
            assert math.isclose(eval(box["terms"]), twin.theirs.grad.item(), rel_tol=1e-9, abs_tol=1e-11)
        rows = (
            viz.text.lines(box["data"]) + viz.text.lines(box["grad"]) + ([f"= {box['terms']}"] if box["terms"] else [])
        )
        assert set(rows) <= {word.strip() for word in drawn.nodes[key]}  # and the SVG says the same
    edges = list(drawn.edges)
    for arrow in written["arrows"]:
        head, tail = boxes[arrow["head"]], boxes[arrow["tail"]]
        shown = next(edge for edge in edges if edge[:2] == (arrow["tail"], arrow["head"]))
        edges.remove(shown)
        assert arrow["derivative"] in shown[2]
        if head["name"] not in by_name or tail["name"] not in by_name:
            continue
        twin = by_name[head["name"]]
        shares, locals_ = (x[arrow["position"]] for x in twin.shares())
        if arrow["flow"] and not shares.ndim:
            assert f"← {arrow['flow']}" in shown[2]
            np.testing.assert_allclose(float(arrow["flow"]), shares.item(), **CLOSE)
        if arrow["derivative"].startswith("∂"):
            np.testing.assert_allclose(numbers(arrow["derivative"].split(" = ")[1])[0], locals_.item(), **CLOSE)
        else:
            given = {t.name: t.theirs.detach().numpy() for t in twins} | options.get("names", {})
            share = formula(arrow["derivative"], twin.theirs.grad.numpy(), given)
            np.testing.assert_allclose(fitted(share, shares), shares.numpy(), **CLOSE)
    assert not edges
    return len(written["arrows"])


def one_hot(labels):
    return np.eye(labels.max() + 1)[labels]


SIGNS = {f.__name__: f for f in (np.transpose, np.reshape, np.broadcast_to, np.sum, np.exp, one_hot)}


def formula(written, g, given):
    """The value of what an arrow says, given the gradient of the result."""
    written = re.sub(r"(\w+)ᵀ", r"transpose(\1)", written.replace("ḡ", "g"))
    return eval(written, SIGNS | {"g": g} | given)


def fitted(share, x):
    """The share with broadcasting undone, as the engine does."""
    share = np.asarray(share, float)
    while share.ndim > x.ndim:
        share = share.sum(0)
    for axis, n in enumerate(x.shape):
        if n == 1 and share.shape[axis] != 1:
            share = share.sum(axis, keepdims=True)
    return np.broadcast_to(share, x.shape)


@pytest.fixture(autouse=True)
def _fresh():
    Twin.made = []


@pytest.mark.parametrize("seed", range(20))
def test_scalar_expressions_with_shared_nodes(seed):
    rng = np.random.default_rng(seed)
    nodes = [leaf(x) for x in rng.uniform(-1.5, 1.5, 4)]
    for _ in range(18):
        a, b = (nodes[rng.integers(max(0, len(nodes) - 7), len(nodes))] for _ in range(2))
        if rng.random() < 0.4:
            nodes.append(apply(*UNARY[rng.integers(len(UNARY))], a))
        else:
            nodes.append(same(BINARY[rng.integers(len(BINARY))], a, b))
    scaled = apply(lambda x: x.tanh(), torch.tanh, nodes[-1])
    assert check(same(lambda a, b: a * b, scaled, nodes[0]), Twin.made) > 5


@pytest.mark.parametrize("seed", range(3))
def test_a_scalar_mlp(seed):
    rng = np.random.default_rng(seed)
    layer = [leaf(x) for x in rng.normal(size=2)]
    for width in (4, 3, 1):
        out = []
        for _ in range(width):
            total = leaf(rng.normal())
            for x in layer:
                total = same(lambda a, b: a + b, total, same(lambda a, b: a * b, leaf(rng.normal()), x))
            out.append(apply(lambda x: x.tanh(), torch.tanh, total))
        layer = out
    loss = apply(lambda x: x**2, torch.square, layer[0])
    assert check(loss, Twin.made) > 80


@pytest.mark.parametrize("shapes", [((2, 3), (3, 2)), ((4, 5), (5, 6)), ((1, 3), (3, 1))])
def test_a_matrix_product(shapes):
    rng = np.random.default_rng(3)
    a, b = (leaf(rng.normal(size=shape)) for shape in shapes)
    product = same(lambda a, b: a @ b, a, b)
    squares = same(lambda a, b: a * b, product, product)
    assert check(apply(np.sum, torch.sum, squares), Twin.made) == 5


@pytest.mark.parametrize("batch", [2, 7])
def test_a_network_with_softmax_and_its_loss(batch):
    rng = np.random.default_rng(batch)
    labels = np.append(rng.integers(2, size=batch - 1), 2)
    x, w1, b1, w2 = (leaf(rng.normal(size=shape)) for shape in ((batch, 2), (2, 4), (4,), (4, 3)))
    hidden = apply(np.tanh, torch.tanh, same(lambda a, b: a + b, same(lambda a, b: a @ b, x, w1), b1))
    scores = same(lambda a, b: a @ b, hidden, w2)
    chances = apply(nn.rules.log_softmax, lambda z: torch.log_softmax(z, -1), scores)
    loss = apply(
        lambda z: nn.nll_loss(z, labels), lambda z: torch.nn.functional.nll_loss(z, torch.tensor(labels)), chances
    )
    assert check(loss, Twin.made, names={"labels": labels}) == 10


@pytest.mark.parametrize("batch", [2, 5])
def test_softmax_written_out(batch):
    rng = np.random.default_rng(batch)
    z = leaf(rng.normal(size=(batch, 3)))
    up = apply(np.exp, torch.exp, z)
    total = apply(lambda x: np.sum(x, axis=1, keepdims=True), lambda x: torch.sum(x, 1, keepdim=True), up)
    chances = same(lambda a, b: a / b, up, total)
    entropy = same(lambda a, b: a * b, chances, apply(np.log, torch.log, chances))
    assert check(apply(np.sum, torch.sum, entropy), Twin.made) == 8
