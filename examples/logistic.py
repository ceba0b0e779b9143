"""Logistic regression as a network of one neuron: two kinds of iris by their petals.

The neuron is trained by its gradient; Newton's method, with the exact Hessian, finds the same optimum.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

import nn
from autograd import grad, hessian, sigmoid
from examples.figure import BLUE, GREY, INK, RED, Panel, asked, figure, save
from nn.datasets import load_iris
from nn.functional import binary_cross_entropy_with_logits

STEPS = 500


class Found(NamedTuple):
    """A trained neuron beside Newton's result.

    Attributes:
        weights: two weights and the bias of the neuron, after each step.
        newton: the same after each step of Newton's method.
        gradient: the largest number in the gradient at the end.
        accuracy: the share of flowers that are told apart.
    """

    weights: Any
    newton: Any
    gradient: float
    accuracy: float


def petals() -> tuple[Any, Any]:
    """Length and width, scaled, of the petals of versicolor (0) and virginica (1)."""
    X, species = load_iris()
    kept = X[species > 0, 2:].astype(np.float64)
    return (kept - kept.mean(axis=0)) / kept.std(axis=0), (species[species > 0] == 2).astype(np.float64)


def loss(w: Any, X: Any, y: Any) -> Any:
    """The mean cross-entropy of the neuron with weights ``w[:2]`` and bias ``w[2]``."""
    return binary_cross_entropy_with_logits(X @ w[:2] + w[2], y)


def train_neuron(X: Any, y: Any) -> Any:
    """Train a layer of one neuron; its numbers at the start and after each step."""
    neuron = nn.Linear(2, 1, dtype=np.float64, rng=np.random.default_rng(0))
    optimizer = nn.SGD(neuron.parameters(), lr=10.0, momentum=0.9)
    path = [np.append(neuron.weight.data, neuron.bias.data)]
    for _ in range(STEPS):
        cost = nn.BCEWithLogitsLoss()(neuron(X)[:, 0], y)
        optimizer.zero_grad()
        cost.backward()
        optimizer.step()
        path.append(np.append(neuron.weight.data, neuron.bias.data))
    return np.array(path)


def newton(X: Any, y: Any, steps: int = 10) -> Any:
    """Newton's method from zero: ``w -= H⁻¹ g``."""
    path = [np.zeros(3)]
    for _ in range(steps):
        w = path[-1]
        path.append(w - np.linalg.solve(hessian(loss)(w, X, y), grad(loss)(w, X, y)))
    return np.array(path)


def find() -> Found:
    """Train the neuron, and compare."""
    X, y = petals()
    weights, exact = train_neuron(X, y), newton(X, y)
    w = weights[-1]
    right = (X @ w[:2] + w[2] > 0) == y
    return Found(weights, exact, float(np.abs(grad(loss)(w, X, y)).max()), float(right.mean()))


def draw(found: Found) -> str:
    """What the neuron says over the plane and along its score, and how both methods come to the optimum."""
    X, y = petals()
    w = found.weights[-1]
    kinds = ((0, BLUE), (1, RED))
    plane = Panel("What the neuron says", (-2.5, 2.7), (-2, 2.2), xlabel="length of the petal, scaled", ylabel="width")
    across, up = np.meshgrid(np.linspace(-2.5, 2.7, 80), np.linspace(-2, 2.2, 64))
    plane.shade(sigmoid(w[0] * across + w[1] * up + w[2]))
    ends = np.array([-2.5, 2.7])
    plane.line(ends, -(w[0] * ends + w[2]) / w[1], INK, 1.4)
    for kind, colour in kinds:
        plane.dots(*X[y == kind].T, colour)
    plane.legend([("virginica", RED), ("versicolor", BLUE)], "bottom right")

    score = X @ w[:2] + w[2]
    curve = Panel("The same along w · x + b", (-12, 12), (-0.08, 1.08), xlabel="w · x + b", ylabel="probability")
    line = np.linspace(-12, 12, 121)
    curve.line(line, sigmoid(line), INK, 1.8)
    for kind, colour in kinds:
        at = score[y == kind]
        curve.line([-12, 12], [kind, kind], GREY, 0.6)
        curve.dots(at, np.full(len(at), kind), colour, opacity=0.45)

    best = found.newton[-1]
    approach = Panel("Distance to the optimum", (1, STEPS), (1e-12, 100), xlabel="step", log="xy")
    for path, colour in ((found.weights, BLUE), (found.newton[:-1], RED)):
        approach.line(np.arange(1, len(path) + 1), np.abs(path - best).max(axis=1), colour)
    approach.legend([("gradient, momentum 0.9", BLUE), ("Newton", RED)], "bottom left")
    return figure(
        "Logistic regression on irises: the neuron, its sigmoid, and two ways to the optimum", [plane, curve, approach]
    )


def main(arguments: list[str] | None = None) -> Found:
    """Print what the neuron learned, and how near it is to Newton's result."""
    path = asked(__doc__, arguments)
    found = find()
    X, y = petals()
    w, exact = found.weights[-1], found.newton[-1]
    print("Iris versicolor or virginica, by length and width of the petal")
    print(f"   neuron, {STEPS} steps   {w.round(6)}   loss {loss(w, X, y):.8f}")
    print(f"   Newton,  10 steps   {exact.round(6)}   loss {loss(exact, X, y):.8f}")
    print(f"   largest difference {np.abs(w - exact).max():.0e}, largest gradient {found.gradient:.0e}")
    print(f"   {found.accuracy:.0%} of the flowers are told apart")
    save(draw(found), path)
    return found


if __name__ == "__main__":
    main()
