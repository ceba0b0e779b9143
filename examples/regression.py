"""Linear regression by gradient descent, with one input and with three: what the length of the steps does.

The loss is quadratic, so its Hessian is the same everywhere; gradient descent comes to the minimum if the
learning rate is below 2 / λ, where λ is the largest eigenvalue of the Hessian.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from autograd import grad, hessian
from examples.figure import AMBER, BLUE, GREY, INK, RED, Panel, asked, figure, save
from nn.datasets import load_iris

SHARES = {"too small": 0.02, "right": 0.9, "too large": 1.03}
"""The learning rates as shares of the largest at which the steps do not grow."""

COLOURS = {"too small": AMBER, "right": BLUE, "too large": RED}
STEPS = 60


class Descent(NamedTuple):
    """Gradient descent with one learning rate: the weights at the start and after each step, and their losses."""

    lr: float
    path: Any
    losses: Any


class Found(NamedTuple):
    """A regression.

    Attributes:
        X: the inputs, with a column of ones.
        y: the targets.
        best: the weights that the normal equations give.
        curvature: the eigenvalues of the Hessian, in order.
        descents: gradient descent, by what its learning rate is.
        long: the weights after 5,000 steps of the right learning rate.
        r2: the share of the variance of the targets that is explained.
    """

    X: Any
    y: Any
    best: Any
    curvature: Any
    descents: dict[str, Descent]
    long: Any
    r2: float


def loss(w: Any, X: Any, y: Any) -> Any:
    """Half the mean squared error."""
    return 0.5 * np.mean((X @ w - y) ** 2)


def descend(X: Any, y: Any, lr: float, steps: int) -> Descent:
    """Go downhill from zero, with steps of ``lr`` times the gradient."""
    path = [np.zeros(X.shape[1])]
    for _ in range(steps):
        path.append(path[-1] - lr * grad(loss)(path[-1], X, y))
    return Descent(lr, np.array(path), np.array([loss(w, X, y) for w in path]))


def regress(inputs: Any, y: Any) -> Found:
    """Regression by the normal equations, and by gradient descent with three learning rates."""
    X = np.column_stack([np.ones(len(y)), inputs])
    best = np.linalg.solve(X.T @ X, X.T @ y)
    curvature = np.linalg.eigvalsh(hessian(loss)(best, X, y))
    limit = 2 / curvature[-1]
    descents = {name: descend(X, y, share * limit, STEPS) for name, share in SHARES.items()}
    long = descend(X, y, SHARES["right"] * limit, 5_000).path[-1]
    return Found(X, y, best, curvature, descents, long, float(1 - np.var(y - X @ best) / np.var(y)))


def find() -> tuple[Found, Found]:
    """The width of a petal from its length; and from three lengths and widths, which are scaled first."""
    flowers = load_iris()[0].astype(np.float64)
    width, length, three = flowers[:, 3], flowers[:, 2], flowers[:, :3]
    return regress(length - 4, width), regress((three - three.mean(axis=0)) / three.std(axis=0), width)


def draw(one: Found, three: Found) -> str:
    """The fitted line, the paths on the surface of the loss, and the losses."""
    x, (a, b) = one.X[:, 1] + 4, one.best
    data = Panel("Petals of 150 irises, and the line", (0.5, 7.5), (-0.2, 3), xlabel="length, cm", ylabel="width, cm")
    data.dots(x, one.y, GREY, opacity=0.7)
    ends = np.array([0.5, 7.5])
    for step in (1, 2, 4, 8):
        w = one.descents["right"].path[step]
        data.line(ends, w[0] + w[1] * (ends - 4), BLUE, 1, opacity=0.4)
    data.line(ends, a + b * (ends - 4), BLUE, 2.4)

    surface = Panel("Paths on the surface of the loss", (-0.55, 2.55), (-0.55, 1.35), xlabel="bias", ylabel="slope")
    root = np.linalg.cholesky(one.X.T @ one.X / len(x))  # of the Hessian: its ellipses are where the loss is the same
    turn = np.linspace(0, 2 * np.pi, 91)
    circle = np.linalg.solve(root.T, np.array([np.cos(turn), np.sin(turn)]))
    for radius in np.arange(0.2, 3.5, 0.3):
        surface.line(a + radius * circle[0], b + radius * circle[1], GREY, 0.9, opacity=0.6)
    for name, descent in one.descents.items():
        surface.line(*descent.path[:20].T, COLOURS[name], 1.6)
        surface.dots(*descent.path[:20].T, COLOURS[name], 2)
    surface.dots([a], [b], INK, 4)
    surface.legend(
        [(f"{name}: {descent.lr:.3g}", COLOURS[name]) for name, descent in one.descents.items()], "bottom left"
    )

    least = loss(three.best, three.X, three.y)
    curves = Panel("Three inputs: loss above its minimum", (0, STEPS), (1e-5, 1e5), xlabel="step", log="y")
    for name, descent in three.descents.items():
        curves.line(np.arange(STEPS + 1), descent.losses - least, COLOURS[name])
    curves.legend([(f"{name}: {descent.lr:.3g}", COLOURS[name]) for name, descent in three.descents.items()])
    return figure("Linear regression by gradient descent with three learning rates", [data, surface, curves])


def show(title: str, found: Found) -> None:
    """Print one regression."""
    print(title)
    print(f"   normal equations  {found.best.round(6)}, explains {found.r2:.1%} of the variance")
    print(f"   5,000 steps       {found.long.round(6)}, off by {np.abs(found.long - found.best).max():.0e}")
    least, most = found.curvature[[0, -1]]
    print(f"   curvature from {least:.4f} to {most:.4f}, so the learning rate must be below {2 / most:.4f}")
    for name, (lr, _, losses) in found.descents.items():
        print(f"   lr {lr:.4f}, {name:<9}  loss {losses[0]:.4f} -> {losses[-1]:.4f} in {STEPS} steps")


def main(arguments: list[str] | None = None) -> tuple[Found, Found]:
    """Print both regressions."""
    path = asked(__doc__, arguments)
    one, three = find()
    show("The width of a petal from its length", one)
    show("The width of a petal from its length, and length and width of the sepal", three)
    save(draw(one, three), path)
    return one, three


if __name__ == "__main__":
    main()
