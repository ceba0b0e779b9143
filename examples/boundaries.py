"""Linear classifiers against one that is not: two moons, seen by a perceptron, a neuron and a network.

The first two draw a straight line, and no line is right about the moons. A hidden layer bends the plane first, so
that a straight line separates what comes out of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

import nn
from autograd import no_grad
from examples.figure import BLUE, RED, Panel, asked, figure, save
from nn.datasets import make_moons
from nn.functional import sigmoid

TITLES = {"perceptron": "Perceptron", "neuron": "One sigmoid neuron", "network": "With 16 hidden neurons"}


class Found(NamedTuple):
    """Classifiers by name: functions from points to probabilities of the second moon, and how many points are right."""

    classifiers: dict[str, Callable[[Any], Any]]
    train: dict[str, float]
    test: dict[str, float]


def trained(model: nn.Module, X: Any, y: Any) -> Callable[[Any], Any]:
    """Train a network with one output, and say what it makes of points."""
    optimizer = nn.Adam(model.parameters(), lr=0.02)
    target = y[:, None].astype(np.float32)
    nn.fit(model, (X, target), nn.BCEWithLogitsLoss(), optimizer, epochs=150, batch_size=50, progress=False)

    def probability(points: Any) -> Any:
        with no_grad():
            return sigmoid(model(points)).data[:, 0]

    return probability


def find() -> Found:
    """Train all three on the same moons, and test them on others."""
    nn.manual_seed(0)
    X, y = make_moons(200, noise=0.12, seed=0)
    X_test, y_test = make_moons(1000, noise=0.12, seed=1)
    perceptron = nn.Perceptron(2)
    perceptron.fit(X, y, epochs=100)
    classifiers = {
        "perceptron": perceptron.predict,
        "neuron": trained(nn.Linear(2, 1), X, y),
        "network": trained(nn.MLP(2, 16, 1, activation="tanh"), X, y),
    }

    def accuracy(X: Any, y: Any) -> dict[str, float]:
        return {name: float(np.mean((says(X) > 0.5) == y)) for name, says in classifiers.items()}

    return Found(classifiers, accuracy(X, y), accuracy(X_test, y_test))


def draw(found: Found) -> str:
    """What each classifier says over the plane."""
    X, y = make_moons(200, noise=0.12, seed=0)
    (left, right), (low, high) = (-1.6, 2.6), (-1.2, 1.8)
    across, up = np.meshgrid(np.linspace(left, right, 84), np.linspace(low, high, 66))
    grid = np.column_stack([across.ravel(), up.ravel()])
    panels = []
    for name, says in found.classifiers.items():
        panel = Panel(f"{TITLES[name]}: {found.test[name]:.1%}", (left, right), (low, high))
        panel.shade(np.reshape(says(grid), across.shape))
        for kind, colour in ((0, BLUE), (1, RED)):
            panel.dots(*X[y == kind].T, colour)
        panels.append(panel)
    return figure("Two moons by a perceptron, a neuron and a network, each with its accuracy on unseen points", panels)


def main(arguments: list[str] | None = None) -> Found:
    """Print how many points each classifier gets right."""
    path = asked(__doc__, arguments)
    found = find()
    print("Two moons: 200 points to learn from, 1,000 to test on")
    for name, title in TITLES.items():
        print(f"   {title:<23} {found.train[name]:6.1%}  unseen {found.test[name]:6.1%}")
    save(draw(found), path)
    return found


if __name__ == "__main__":
    main()
