"""Universal approximation: a network with one hidden layer comes as near to a curve as one likes.

Given enough hidden neurons (Cybenko 1989; Hornik, Stinchcombe and White 1989). The theorem says that good weights
exist, not that training finds them; here L-BFGS, from a few starts, finds them.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

import nn
from autograd import no_grad
from examples.figure import AMBER, BLUE, GREEN, GREY, INK, RED, Panel, asked, figure, save

WIDTHS = (1, 2, 4, 8, 16, 32)
DRAWN = {4: AMBER, 8: RED, 32: BLUE}
STARTS = 2


class Found(NamedTuple):
    """Approximations of the curve.

    Attributes:
        fits: the values of the best network of each width on the fine grid.
        errors: their largest error on it.
    """

    fits: dict[int, Any]
    errors: dict[int, float]


def curve(x: Any) -> Any:
    """What is to be approximated: a slow wave, a fast one, and a bump."""
    return 0.5 * np.sin(2 * np.pi * x) + 0.3 * np.cos(5 * np.pi * x) + np.exp(-30 * (x - 0.3) ** 2)


def approximate(width: int, seed: int) -> nn.Module:
    """A network of ``width`` hidden neurons, fitted to 200 points of the curve."""
    rng = np.random.default_rng(seed)
    x = np.linspace(-1, 1, 200)[:, None]
    model = nn.MLP(1, width, 1, activation="tanh", dtype=np.float64, rng=rng)
    slopes, places = rng.normal(0, 8, (width, 1)), rng.uniform(-1, 1, (width, 1))
    model[0].weight.data = slopes  # each neuron is a step, which begins somewhere in the interval
    model[0].bias.data = -(slopes * places)[:, 0]
    optimizer = nn.LBFGS(model.parameters(), max_iter=400, history_size=30, line_search_fn="strong_wolfe")

    def loss() -> Any:
        optimizer.zero_grad()
        error = nn.mse_loss(model(x), curve(x))
        error.backward()
        return error

    optimizer.step(loss)
    return model


def find() -> Found:
    """The best of a few starts for each width, judged between the points that were trained on."""
    x = np.linspace(-1, 1, 1000)
    fits, errors = {}, {}
    for width in WIDTHS:
        models = [approximate(width, seed) for seed in range(STARTS)]
        with no_grad():
            tries = [model(x[:, None]).data[:, 0] for model in models]
        fits[width] = min(tries, key=lambda fit: np.abs(fit - curve(x)).max())
        errors[width] = float(np.abs(fits[width] - curve(x)).max())
    return Found(fits, errors)


def draw(found: Found) -> str:
    """The curve with some approximations, their errors, and the error by the number of hidden neurons."""
    x = np.linspace(-1, 1, 1000)
    names = [(f"{width} hidden", colour) for width, colour in DRAWN.items()]
    curves = Panel("A curve, and networks", (-1, 1), (-1, 2), xlabel="x")
    curves.line(x[::4], curve(x)[::4], GREY, 6, opacity=0.45)
    off = Panel("How far they are off", (-1, 1), (1e-5, 10), xlabel="x", log="y")
    for width, colour in DRAWN.items():
        curves.line(x[::4], found.fits[width][::4], colour, 1.7)
        off.line(x[::4], np.abs(found.fits[width] - curve(x))[::4], colour, 1.2)
    curves.legend(names, "top left")
    error = Panel("Largest error", (0.8, 40), (1e-3, 10), xlabel="hidden neurons", log="xy")
    error.line(list(found.errors), list(found.errors.values()), INK)
    for width, value in found.errors.items():
        error.dots([width], [value], DRAWN.get(width, GREEN), 4, 1)
    return figure("One hidden layer approximates a curve, the better the wider it is", [curves, off, error])


def main(arguments: list[str] | None = None) -> Found:
    """Print the largest error for each number of hidden neurons."""
    path = asked(__doc__, arguments)
    found = find()
    print("The largest error of networks with one hidden layer on a curve over [-1, 1]")
    for width, error in found.errors.items():
        print(f"   {width:>3} hidden neurons   {error:.5f}")
    save(draw(found), path)
    return found


if __name__ == "__main__":
    main()
