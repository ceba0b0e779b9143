"""Why does a network read a digit as it does? LIME, and three ways to ask the gradient by the pixels.

LIME (Ribeiro, Singh and Guestrin 2016) knows nothing of the network but its answers: it wipes out patches at random and
fits a linear model to what the network says. The others ask the gradient. Whether an explanation is any good can be
tested: the prediction must fall when what it points at is wiped out.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

import nn
from autograd import grad, no_grad
from examples.figure import AMBER, BLUE, GREEN, GREY, GRID, RED, Panel, asked, figure, save
from examples.pixels import Board
from nn.datasets import load_digits, train_test_split

PATCHES = 16
"""A picture has 4 by 4 patches of 2 by 2 pixels."""

SHARED_OUT = np.arange(64) // 16 * 4 + np.arange(64) % 8 // 2
"""The patch of each pixel."""


class Found(NamedTuple):
    """What came out, for one picture.

    Attributes:
        pixels: the picture, of shape (64,).
        digit: what the network reads.
        score: the logarithm of its probability.
        empty_score: that of the same digit for an empty picture.
        lime: the weight of each patch, of shape (16,).
        fit: how much of what the network says LIME's linear model explains (R²).
        maps: by name, a number for each pixel, of shape (64,).
        wiped: by name, the probability after wiping out 0, 1, ... 16 patches; the mean over pictures.
        agreement: how LIME's weights correlate with integrated gradients, patch by patch; the mean over pictures.
    """

    pixels: Any
    digit: int
    score: float
    empty_score: float
    lime: Any
    fit: float
    maps: dict[str, Any]
    wiped: dict[str, Any]
    agreement: float


def train() -> tuple[nn.Module, Any, Any]:
    """A smooth network that reads digits, and pictures that it has not seen, with their digits."""
    nn.manual_seed(0)
    X_train, X_test, y_train, y_test = train_test_split(*load_digits())
    network = nn.MLP(64, 64, 10, activation="tanh")
    optimizer = nn.AdamW(network.parameters(), lr=0.005, weight_decay=0.1)
    nn.fit(network, (X_train, y_train), nn.CrossEntropyLoss(), optimizer, epochs=30, progress=False)
    return network.double().requires_grad_(False), X_test.astype(float), y_test


def score(pictures: Any, network: nn.Module, digit: int) -> Any:
    """The logarithm of the probability of a digit, for each picture."""
    return nn.functional.log_softmax(network(pictures), dim=-1)[..., digit]


def saliency(pixels: Any, network: nn.Module, digit: int) -> Any:
    """The size of the gradient of the score by the pixels (Simonyan, Vedaldi and Zisserman 2013)."""
    return np.abs(grad(score)(pixels, network, digit))


def smooth_gradient(pixels: Any, network: nn.Module, digit: int, noise: float = 0.15, times: int = 200) -> Any:
    """The size of the mean gradient of noisy copies (Smilkov and others 2017)."""
    copies = pixels + np.random.default_rng(0).normal(0, noise, (times, len(pixels)))
    return np.abs(grad(lambda X: np.sum(score(X, network, digit)))(copies).mean(axis=0))


def integrated_gradients(pixels: Any, network: nn.Module, digit: int, points: int = 32) -> Any:
    """Pixel times mean gradient on the way from an empty picture (Sundararajan, Taly and Yan 2017).

    The mean is an integral, here by Gauss's quadrature. All of them add up to the difference of the scores of the
    picture and of the empty one.
    """
    nodes, weights = np.polynomial.legendre.leggauss(points)
    way = (nodes[:, None] + 1) / 2 * pixels
    gradients = grad(lambda X: np.sum(score(X, network, digit)))(way)
    return pixels * (weights / 2 @ gradients)


def lime(pixels: Any, network: nn.Module, digit: int, times: int = 1000, ridge: float = 0.01) -> tuple[Any, float]:
    """The weight of each patch in a linear model of the probability, and the R² of the model.

    The pictures have patches wiped out by chance; the more, the less they count. The weights solve
    ``(ZᵀWZ + ridge I) β = ZᵀW p``, with a column for the constant.
    """
    kept = np.random.default_rng(0).integers(0, 2, (times, PATCHES))
    near = np.exp(-((1 - np.sqrt(kept.mean(axis=1))) ** 2) / 0.25**2)
    with no_grad():
        answers = np.exp(score(kept[:, SHARED_OUT] * pixels, network, digit).data)
    z = np.column_stack([kept, np.ones(times)])
    beta = np.linalg.solve(z.T @ (near[:, None] * z) + ridge * np.eye(PATCHES + 1), z.T @ (near * answers))
    left = near @ (answers - z @ beta) ** 2
    return beta[:-1], float(1 - left / (near @ (answers - np.average(answers, weights=near)) ** 2))


def by_patch(numbers: Any) -> Any:
    """The sum over each patch."""
    return np.bincount(SHARED_OUT, numbers, PATCHES)


METHODS = {"LIME": RED, "integrated gradients": BLUE, "SmoothGrad": GREEN, "gradient": AMBER, "by chance": GREY}


def maps(pixels: Any, network: nn.Module, digit: int) -> dict[str, Any]:
    """What the methods that ask the gradient say of each pixel."""
    return {
        "integrated gradients": integrated_gradients(pixels, network, digit),
        "SmoothGrad": smooth_gradient(pixels, network, digit),
        "gradient": saliency(pixels, network, digit),
    }


def wipe(pixels: Any, network: nn.Module, digit: int, weights: Any) -> Any:
    """The probability of the digit with 0, 1, ... 16 patches wiped out, the one with the largest weight first."""
    rank = np.argsort(np.argsort(-weights))
    kept = rank >= np.arange(PATCHES + 1)[:, None]
    return np.exp(score(kept[:, SHARED_OUT] * pixels, network, digit))


def find(pictures: int = 100, shown: int = 3) -> Found:
    """Train, explain one picture, and test the explanations on many."""
    network, X, _ = train()
    chance = np.random.default_rng(0)
    curves, agreement = [], []
    for pixels in X[:pictures]:
        digit = int(np.argmax(network(pixels)))
        weights = {"LIME": lime(pixels, network, digit)[0]}
        weights |= {name: by_patch(numbers) for name, numbers in maps(pixels, network, digit).items()}
        weights["by chance"] = chance.random(PATCHES)
        curves.append([wipe(pixels, network, digit, weights[name]) for name in METHODS])
        agreement.append(np.corrcoef(weights["LIME"], weights["integrated gradients"])[0, 1])
    pixels = X[shown]
    digit = int(np.argmax(network(pixels)))
    here, empty = (float(score(at, network, digit)) for at in (pixels, 0 * pixels))
    wiped = dict(zip(METHODS, np.mean(curves, axis=0), strict=True))
    weights, fit = lime(pixels, network, digit)
    return Found(
        pixels, digit, here, empty, weights, fit, maps(pixels, network, digit), wiped, float(np.mean(agreement))
    )


def board(title: str, numbers: Any, under: Any) -> Board:
    """A number for each pixel over the picture: red for the prediction, blue against it."""
    panel, left, side = Board(title), 23, 190
    panel.image(0.3 * under.reshape(8, 8), left, 0, side, side, GREY)
    for sign, colour in ((1, RED), (-1, BLUE)):
        panel.image(0.9 * sign * (numbers / np.abs(numbers).max()).reshape(8, 8), left, 0, side, side, colour)
    frame = f'<rect x="{left}" width="{side}" height="{side}" fill="none" stroke="{GRID}"/>'
    panel.marks.append(frame)
    return panel


def draw(found: Found) -> str:
    """The picture, what the methods say of it, and what happens when patches are wiped out."""
    x = found.pixels
    panels = [Board(f"Read as {found.digit}, {np.exp(found.score):.0%}")]
    panels[0].image(x.reshape(8, 8), 23, 0, 190, 190, GREY)
    panels += [board("LIME", found.lime[SHARED_OUT], x)]
    panels += [board(f"{name[0].upper()}{name[1:]}", numbers, x) for name, numbers in found.maps.items()]
    wiping = Panel("Patches wiped out, the weightiest first", (0, 10), (0, 1), xlabel="patches", ylabel="probability")
    for name, colour in METHODS.items():
        wiping.line(np.arange(PATCHES + 1), found.wiped[name], colour)
    wiping.legend([*METHODS.items()][::-1], "top right")
    return figure("Why the network reads a digit as it does", [*panels, wiping])


def main(arguments: list[str] | None = None) -> Found:
    """Print how far the explanations can be trusted."""
    path = asked(__doc__, arguments)
    found = find()
    sure, empty = np.exp([found.score, found.empty_score])
    difference, shared = found.score - found.empty_score, found.maps["integrated gradients"].sum()
    print(f"The network reads {found.digit} with {sure:.1%}; in an empty picture, with {empty:.1%}.")
    print(f"The scores, log-probabilities, differ by {difference:.6f}; integrated gradients add up to {shared:.6f}.")
    print(f"LIME's linear model explains {found.fit:.0%} of what the network says near this picture.")
    print(f"Patch by patch, LIME and integrated gradients correlate with {found.agreement:.2f} over 100 pictures.")
    print("The probability after wiping out the weightiest patches, mean over 100 pictures:")
    print(f"   {'':<24}" + "".join(f"{n:>7}" for n in range(6)))
    for name, curve in found.wiped.items():
        print(f"   {name:<24}" + "".join(f"{p:7.1%}" for p in curve[:6]))
    save(draw(found), path)
    return found


if __name__ == "__main__":
    main()
