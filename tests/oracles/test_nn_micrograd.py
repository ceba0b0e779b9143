"""micrograd's demo program on both: the same seed, the same network, the same losses, step by step.

Source: github.com/karpathy/micrograd, demo.ipynb (MIT).
"""

from __future__ import annotations

import random
from typing import Any

import pytest

from autograd import Value
from nn import scalar
from nn.datasets import make_moons

engine = pytest.importorskip("micrograd.engine")
theirs = pytest.importorskip("micrograd.nn")


def demo(nn: Any, value: Any, steps: int) -> list[tuple[float, float]]:
    """The demo's training loop: loss and accuracy after each step."""
    random.seed(1337)
    X, y = make_moons(n=20, noise=0.1, seed=1)
    rows, signs = X.tolist(), (2 * y - 1).tolist()
    model = nn.MLP(2, [16, 16, 1])
    history = []
    for k in range(steps):
        inputs = [list(map(value, row)) for row in rows]
        scores = list(map(model, inputs))
        losses = [(1 + -sign * score).relu() for sign, score in zip(signs, scores, strict=True)]
        data_loss = sum(losses) * (1.0 / len(losses))
        reg_loss = 1e-4 * sum(p * p for p in model.parameters())
        total = data_loss + reg_loss
        accuracy = [(sign > 0) == (score.data > 0) for sign, score in zip(signs, scores, strict=True)]
        model.zero_grad()
        total.backward()
        learning_rate = 1.0 - 0.9 * k / 100
        for p in model.parameters():
            p.data -= learning_rate * p.grad
        history.append((total.data, sum(accuracy) / len(accuracy)))
    return history


def test_demo_has_the_same_losses() -> None:
    ours, expected = demo(scalar, Value, steps=5), demo(theirs, engine.Value, steps=5)
    for (loss, accuracy), (also, right) in zip(ours, expected, strict=True):
        assert loss == pytest.approx(also, rel=1e-12)
        assert accuracy == right


def test_weights_are_drawn_in_the_same_order() -> None:
    random.seed(1337)
    ours = [p.data for p in scalar.MLP(3, [4, 4, 1]).parameters()]
    random.seed(1337)
    assert ours == [p.data for p in theirs.MLP(3, [4, 4, 1]).parameters()]


@pytest.mark.parametrize(
    ("kind", "arguments"), [("Neuron", (2,)), ("Neuron", (3, False)), ("Layer", (2, 2)), ("MLP", (2, [2, 1]))]
)
def test_the_same_repr(kind: str, arguments: Any) -> None:
    assert repr(getattr(scalar, kind)(*arguments)) == repr(getattr(theirs, kind)(*arguments))
