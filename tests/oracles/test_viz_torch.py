"""Every number that a picture or a derivation shows, against PyTorch's autograd."""

from __future__ import annotations

import re

import numpy as np
import pytest

import nn
import viz
from autograd import Tensor, Value

torch = pytest.importorskip("torch")

FMT = ".12g"


def expression(x, y, tanh, exp):
    """Shared nodes, a quotient, a power, and a node that is used five times."""
    a = x * y + x
    b = tanh(a) * a
    c = b / (a * a + 1) + b**2
    return c * exp(-c) + a * x


def named(graph):
    """The results of ``expression`` in the order in which they were made, by their names in the picture."""
    return {box.name: box for box in graph.picture.boxes}


def test_scalars():
    x, y = Value(0.7, label="x"), Value(-1.3, label="y")
    out = expression(x, y, lambda v: v.tanh(), lambda v: v.exp())
    out.backward()
    view = viz.draw_graph(out, fmt=FMT)
    made = []
    tx, ty = (torch.tensor(v.data, dtype=torch.float64, requires_grad=True) for v in (x, y))

    def keep(t):
        t.retain_grad()
        made.append(t)
        return t

    a = keep(keep(tx * ty) + tx)
    b = keep(keep(torch.tanh(a)) * a)
    square = keep(keep(a * a) + 1)
    c = keep(keep(b / square) + keep(b**2))
    e = keep(c * keep(torch.exp(keep(-c))))
    total = keep(e + keep(a * tx))
    total.backward()
    boxes = named(view)
    for leaf, t in (("x", tx), ("y", ty)):
        assert float(boxes[leaf].data) == pytest.approx(t.item(), rel=1e-11)
        assert float(boxes[leaf].grad) == pytest.approx(t.grad.item(), rel=1e-10)
    shown = sorted((float(b.data), float(b.grad)) for b in view.picture.boxes if b.role not in ("leaf", "constant"))
    expected = sorted((t.item(), t.grad.item()) for t in made)
    np.testing.assert_allclose(shown, expected, rtol=1e-10)
    by_key = {box.key: box for box in view.picture.boxes}
    for arrow in view.picture.arrows:
        upstream = float(by_key[arrow.head].grad)
        assert float(arrow.flow) == pytest.approx(
            upstream * float(arrow.derivative.split(" = ")[1]), rel=1e-9, abs=1e-11
        )
    for leaf, t in ((x, tx), (y, ty)):
        for style in ("sum", "paths", "table", "formula", "program"):
            assert viz.explain(out, leaf, style=style).value == pytest.approx(t.grad.item(), rel=1e-12)


def numbers(written):
    """All numbers in a text."""
    return [float(x) for x in re.findall(r"-?\d+\.?\d*(?:e[+-]?\d+)?", written)]


def test_a_matrix_product():
    rng = np.random.default_rng(0)
    left, right = rng.normal(size=(2, 3)), rng.normal(size=(3, 2))
    a, b = Tensor(left, name="A"), Tensor(right, name="B")
    loss = np.sum((a @ b) ** 2)
    loss.backward()
    ta, tb = (torch.tensor(x, requires_grad=True) for x in (left, right))
    tloss = ((ta @ tb) ** 2).sum()
    tloss.backward()
    boxes = named(viz.draw_graph(loss, fmt=FMT))
    for name, t in (("A", ta), ("B", tb)):
        np.testing.assert_allclose(numbers(boxes[name].data), t.detach().numpy().ravel(), rtol=1e-10)
        np.testing.assert_allclose(numbers(boxes[name].grad), t.grad.numpy().ravel(), rtol=1e-10)
    for place in np.ndindex(2, 3):
        (line, *_) = viz.explain(loss, a, index=place, digits=12).entry
        assert float(line.sides[-1].text) == pytest.approx(ta.grad[place].item(), rel=1e-10)
        assert eval(line.sides[-2].text) == pytest.approx(ta.grad[place].item(), rel=1e-9)


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_a_network_with_softmax_and_a_loss(reduction):
    rng = np.random.default_rng(1)
    x, labels = rng.normal(size=(3, 2)), np.array([0, 2, 1])
    weights = [rng.normal(size=(2, 2)), rng.normal(size=2), rng.normal(size=(3, 2)), rng.normal(size=3)]
    w1, b1, w2, b2 = (Tensor(w, name=n) for w, n in zip(weights, ("W1", "b1", "W2", "b2"), strict=True))
    loss = nn.cross_entropy(np.tanh(x @ w1.T + b1) @ w2.T + b2, labels, reduction=reduction)
    loss.backward()
    t1, c1, t2, c2 = (torch.tensor(w, requires_grad=True) for w in weights)
    logits = torch.tanh(torch.tensor(x) @ t1.T + c1) @ t2.T + c2
    torch.nn.functional.cross_entropy(logits, torch.tensor(labels), reduction=reduction).backward()
    view = viz.draw_graph(loss, fmt=FMT)
    boxes = named(view)
    for name, t in (("W1", t1), ("b1", c1), ("W2", t2), ("b2", c2)):
        assert len(numbers(boxes[name].grad)) == t.numel() <= 6
        np.testing.assert_allclose(numbers(boxes[name].grad), t.grad.numpy().ravel(), rtol=1e-8, atol=1e-12)
    for leaf, t in ((w1, t1), (b1, c1), (w2, t2), (b2, c2)):
        for style in ("sum", "paths", "table", "program"):
            np.testing.assert_allclose(
                viz.explain(loss, leaf, style=style).value, t.grad.numpy(), rtol=1e-8, atol=1e-12
            )
        np.testing.assert_allclose(
            viz.explain(loss, leaf, style="program").run()[1], t.grad.numpy(), rtol=1e-8, atol=1e-12
        )


def test_summaries_of_large_arrays():
    rng = np.random.default_rng(2)
    data = rng.normal(size=(8, 8))
    w = Tensor(data, name="W")
    loss = np.mean(np.tanh(w @ w))
    loss.backward()
    t = torch.tensor(data, requires_grad=True)
    torch.tanh(t @ t).mean().backward()
    box = named(viz.draw_graph(loss, fmt=FMT, overlay="grad"))["W"]
    g = t.grad.numpy()
    np.testing.assert_allclose(numbers(box.grad), [g.mean(), g.std(), g.min(), g.max()], rtol=1e-8)
    assert float(box.mark.words) == pytest.approx(float(t.grad.norm()), rel=1e-8)
    assert float(viz.draw_graph(loss, fmt=FMT).picture.boxes[-1].data) == pytest.approx(torch.tanh(t @ t).mean().item())
