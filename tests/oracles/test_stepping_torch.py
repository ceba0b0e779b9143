"""The last frame of a stepper against PyTorch: an expression, shared nodes, a network, a matrix product, a loss."""

from __future__ import annotations

import numpy as np
import pytest

import autograd.numpy as anp
import viz
from autograd import Tensor, Value

torch = pytest.importorskip("torch")


def leaves(rng, **shapes):
    """The same numbers for both."""
    data = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    ours = {name: Tensor(x, name=name) for name, x in data.items()}
    theirs = {name: torch.tensor(x, requires_grad=True) for name, x in data.items()}
    return ours, theirs


def softmax_loss(np_, x, w, b, hot):
    """Written out, so that each of its steps is seen."""
    z = x @ w + b
    e = np_.exp(z)
    p = e / np_.sum(e, 1)[:, None]
    return -np_.sum(hot * np_.log(p)) / len(hot)


def network(np_, x, w1, b1, w2, b2):
    h = np_.tanh(x @ w1 + b1)
    y = np_.tanh(h @ w2 + b2) + np_.sum(h) / 7  # h has two uses
    return np_.sum(y * y)


def product(np_, a, b):
    c = a @ b
    return np_.sum(c * c * a[:, :1])


HOT = np.eye(3)[[0, 2, 1, 1]]
CASES = {
    "softmax loss": (softmax_loss, {"x": (4, 5), "w": (5, 3), "b": (3,)}, (HOT,)),
    "network": (network, {"x": (4, 3), "w1": (3, 5), "b1": (5,), "w2": (5, 2), "b2": (2,)}, ()),
    "product": (product, {"a": (3, 4), "b": (4, 2)}, ()),
}


@pytest.mark.parametrize("case", CASES)
def test_tensors(case):
    function, shapes, constants = CASES[case]
    ours, theirs = leaves(np.random.default_rng(3), **shapes)
    stepper = viz.step_through(function(anp, *ours.values(), *constants))
    function(torch, *theirs.values(), *map(torch.tensor, constants)).backward()
    last = stepper.gradients(-1)
    for name, x in ours.items():
        np.testing.assert_allclose(last[x], theirs[name].grad.numpy(), rtol=1e-12, atol=1e-13)


def test_scalars_with_shared_nodes():
    x, y = Value(0.7, label="x"), Value(-1.3, label="y")
    tx, ty = (torch.tensor(v.data, dtype=torch.float64, requires_grad=True) for v in (x, y))

    def expression(x, y):
        a = x * y + x
        b = a.tanh() * a
        return b / (a * a + 1) + b**3 - (x * x * y).exp()

    stepper = viz.step_through(expression(x, y), fmt=".15g")
    expression(tx, ty).backward()
    last = stepper.gradients(-1)
    assert last[x] == pytest.approx(tx.grad.item(), rel=1e-13)
    assert last[y] == pytest.approx(ty.grad.item(), rel=1e-13)
    cells = {key: cell for step in stepper.steps for key, cell in (step.cells or {}).items()}
    assert float(cells["n1"].grad) == pytest.approx(tx.grad.item(), rel=1e-13)  # as the page shows it
    assert float(cells["n2"].grad) == pytest.approx(ty.grad.item(), rel=1e-13)
