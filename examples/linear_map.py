"""What a matrix does to the plane, and a layer that learns it from points and their images."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

import nn
from examples.figure import AMBER, BLUE, GREEN, GREY, RED, Panel, asked, figure, save

A = np.array([[1.2, 0.6], [-0.4, 0.9]])
STEPS = 200


class Found(NamedTuple):
    """What came out.

    Attributes:
        area: how large the image of the unit square is.
        axes: the half axes of the ellipse that the unit circle becomes.
        weights: those of the layer at the start, and after each step.
        losses: the loss before each step.
    """

    area: float
    axes: Any
    weights: list[Any]
    losses: list[float]


def area(corners: Any) -> float:
    """The area of a polygon whose corners are the columns, by the shoelace formula."""
    x, y = corners
    return 0.5 * abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))))


def learn() -> tuple[list[Any], list[float]]:
    """Train a layer without a bias on 50 points and their images; its weights and losses."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(50, 2))
    images = X @ A.T
    layer = nn.Linear(2, 2, bias=False, dtype=np.float64, rng=rng)
    optimizer = nn.SGD(layer.parameters(), lr=0.2)
    weights, losses = [layer.weight.data.copy()], []
    for _ in range(STEPS):
        loss = nn.mse_loss(layer(X), images)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        weights.append(layer.weight.data.copy())
        losses.append(loss.item())
    return weights, losses


def find() -> Found:
    """Look at the matrix, and learn it."""
    square = np.array([[0, 1, 1, 0], [0, 0, 1, 1]])
    return Found(area(A @ square), np.linalg.svd(A)[1], *learn())


def plane(title: str, matrix: Any) -> Panel:
    """The unit square, the unit circle and the grid, after the matrix."""
    panel = Panel(title, (-2.6, 2.6), (-2.1, 2.1))
    along = np.array([-5, 5])
    for at in np.arange(-5, 5.5, 0.5):
        for line in (np.array([[at, at], along]), np.array([along, [at, at]])):
            panel.line(*(matrix @ line), GREY, 1 if at else 2, opacity=0.45)
    panel.area(*(matrix @ np.array([[0, 1, 1, 0], [0, 0, 1, 1]])), AMBER, 0.3)
    turn = np.linspace(0, 2 * np.pi, 73)
    panel.line(*(matrix @ np.array([np.cos(turn), np.sin(turn)])), BLUE, 1.8)
    panel.arrow(*matrix[:, 0], RED)
    panel.arrow(*matrix[:, 1], GREEN)
    return panel


def draw(found: Found) -> str:
    """The plane before and after, and how near the layer comes."""
    error = [np.abs(weight - A).max() for weight in found.weights]
    learning = Panel("A layer learns A", (0, STEPS), (1e-16, 10), xlabel="step", log="y")
    learning.line(np.arange(STEPS), found.losses, BLUE)
    learning.line(np.arange(STEPS + 1), error, AMBER)
    learning.legend([("mean squared error", BLUE), ("largest error of a weight", AMBER)])
    before, after = plane("Before", np.eye(2)), plane("After A: columns are images of e₁, e₂", A)
    return figure("What a matrix does to the plane, and a layer that learns it", [before, after, learning])


def main(arguments: list[str] | None = None) -> Found:
    """Print what the matrix does, and how exactly the layer learns it."""
    path = asked(__doc__, arguments)
    found = find()
    weight, determinant = found.weights[-1], float(np.linalg.det(A))
    print(f"A takes e1 to {A[:, 0]} and e2 to {A[:, 1]}: its columns.")
    print(f"The unit square becomes a parallelogram of area {found.area:.4f}; |det A| is {abs(determinant):.4f}.")
    print(f"The unit circle becomes an ellipse with half axes {found.axes.round(4)}: the singular values.")
    print(f"A layer, after {STEPS} steps on 50 points: {weight.round(6).tolist()},", end=" ")
    print(f"off by {np.abs(weight - A).max():.0e}.")
    save(draw(found), path)
    return found


if __name__ == "__main__":
    main()
