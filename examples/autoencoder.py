"""Learning without labels: an autoencoder squeezes each digit into two numbers, and k-means sorts them.

No label is used before the end, when it is counted how well the clusters fit the digits. Beside it: the best two
numbers that a linear map can find (principal components), sorted in the same way.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

import nn
from autograd import grad, no_grad
from examples.figure import AMBER, BLUE, GREEN, INK, RED, Panel, asked, figure, save
from examples.pixels import Board

K = 10
"""The number of clusters."""

SIZE = (236, 236)
COLOURS = (BLUE, AMBER, GREEN, RED)


class Code(NamedTuple):
    """Two numbers for each digit, and how good they are.

    Attributes:
        numbers: of shape (1797, 2).
        error: the mean squared error of the pixels that they are turned back into.
        clusters: which of ten clusters each digit is in.
        purity: the share of digits that are what most of their cluster are.
        rand: the adjusted Rand index: 1 if the clusters are the digits, 0 on average if they are drawn.
    """

    numbers: Any
    error: float
    clusters: Any
    purity: float
    rand: float


class Found(NamedTuple):
    """What came out: the code of the autoencoder, that of the linear map, and the autoencoder."""

    code: Code
    linear: Code
    encoder: nn.Module
    decoder: nn.Module


def spread(centres: Any, points: Any) -> Any:
    """What k-means makes small: half the sum of the squared distances to the nearest centre."""
    return 0.5 * np.sum(np.min(np.sum((points[:, None] - centres) ** 2, axis=2), axis=1))


def nearest(centres: Any, points: Any) -> Any:
    """The number of the centre that is nearest to each point."""
    return np.sum((points[:, None] - centres) ** 2, axis=2).argmin(axis=1)


def first_centres(points: Any, rng: np.random.Generator) -> Any:
    """Points far from each other: each by chance, in proportion to its squared distance (k-means++, 2007)."""
    centres = points[[rng.integers(len(points))]]
    while len(centres) < K:
        away = np.min(np.sum((points[:, None] - centres) ** 2, axis=2), axis=1)
        centres = np.concatenate([centres, points[[rng.choice(len(points), p=away / away.sum())]]])
    return centres


def k_means(points: Any, starts: int = 10) -> Any:
    """The clusters of the best of several starts.

    The Hessian of :func:`spread` is diagonal: how many points each centre has. So Newton's step, the gradient divided
    by it, puts a centre into the middle of its points: the step of k-means (Bottou and Bengio 1995).
    """
    rng, step = np.random.default_rng(0), grad(spread)
    found = []
    for _ in range(starts):
        centres, moved = first_centres(points, rng), np.inf
        while moved > 1e-9:
            count = np.bincount(nearest(centres, points), minlength=K)[:, None]
            newton = step(centres, points) / np.maximum(count, 1)
            centres, moved = centres - newton, np.abs(newton).max()
        found.append((float(spread(centres, points)), centres))
    return nearest(min(found, key=lambda pair: pair[0])[1], points)


def agreement(clusters: Any, digits: Any) -> tuple[float, float]:
    """Purity and adjusted Rand index (Hubert and Arabie 1985) of clusters, given what the digits are."""
    table = np.zeros((K, K))
    np.add.at(table, (clusters, digits), 1)

    def pairs(n: Any) -> Any:
        return np.sum(n * (n - 1) / 2)

    together, rows, columns = pairs(table), pairs(table.sum(axis=1)), pairs(table.sum(axis=0))
    by_chance = rows * columns / pairs(table.sum())
    rand = (together - by_chance) / ((rows + columns) / 2 - by_chance)
    return float(table.max(axis=1).sum() / table.sum()), float(rand)


def judged(numbers: Any, error: float, digits: Any) -> Code:
    """A code with its clusters, and how well they fit."""
    clusters = k_means(numbers.astype(float))
    return Code(numbers, error, clusters, *agreement(clusters, digits))


def train(X: Any, epochs: int = 60) -> tuple[nn.Module, nn.Module, float]:
    """An encoder from 64 pixels to two numbers, a decoder back, and the mean squared error."""
    nn.manual_seed(0)
    encoder, decoder = nn.MLP(64, 128, 64, 2, activation="tanh"), nn.MLP(2, 64, 128, 64, activation="tanh")
    both = nn.Sequential(encoder, decoder)
    optimizer = nn.AdamW(both.parameters(), lr=0.004)
    steps = epochs * -(-len(X) // 64)
    schedule = nn.optim.lr_scheduler.OneCycleLR(optimizer, 0.004, steps)
    nn.fit(
        both, (X, X), nn.MSELoss(), optimizer,
        epochs=epochs, batch_size=64, schedule=schedule, schedule_every="batch", progress=False,
    )  # fmt: skip
    return encoder, decoder, nn.evaluate(both, (X, X), nn.MSELoss())["loss"]


def find() -> Found:
    """Train, sort, and count."""
    X, digits = nn.datasets.load_digits()
    encoder, decoder, error = train(X)
    with no_grad():
        numbers = encoder(X).data
    centred = X - X.mean(axis=0)
    axes = np.linalg.svd(centred, full_matrices=False)[2][:2]
    flat = centred @ axes.T
    linear = judged(flat, float(np.mean((centred - flat @ axes) ** 2)), digits)
    return Found(judged(numbers, error, digits), linear, encoder, decoder)


def plane(title: str, code: Code, digits: Any) -> Panel:
    """The two numbers of each digit, in the colour of its cluster; and what most digits of the cluster are."""
    low, high = np.percentile(code.numbers, [0.2, 99.8], axis=0)
    panel = Panel(title, (low[0], high[0]), (low[1], high[1]), size=SIZE)
    middles = np.array([code.numbers[code.clusters == cluster].mean(axis=0) for cluster in range(K)])
    for i, cluster in enumerate(np.argsort(np.arctan2(*(middles - middles.mean(axis=0)).T))):
        panel.dots(*code.numbers[code.clusters == cluster][::2].T, COLOURS[i % len(COLOURS)], 1.5, 0.55)
    for cluster in range(K):
        most = np.bincount(digits[code.clusters == cluster]).argmax()
        panel.text(*middles[cluster], str(most), INK, "middle")
    return panel


def morphing(found: Found, tiles: int = 9) -> Board:
    """What the decoder draws for numbers all over the plane."""
    low, high = np.percentile(found.code.numbers, [2, 98], axis=0)
    x, y = np.meshgrid(np.linspace(low[0], high[0], tiles), np.linspace(high[1], low[1], tiles))
    with no_grad():
        pictures = found.decoder(np.stack([x, y], axis=-1).astype(np.float32)).data.reshape(tiles, tiles, 8, 8)
    board = Board("What the decoder draws there", SIZE)
    apart = np.pad(pictures, [(0, 0), (0, 0), (1, 1), (1, 1)]).swapaxes(1, 2)
    board.image(apart.reshape(10 * tiles, 10 * tiles), 0, 0, *SIZE)
    return board


def draw(found: Found) -> str:
    """The two codes, and what lies between the digits."""
    digits = nn.datasets.load_digits()[1]
    planes = [plane("Linear: principal components", found.linear, digits), plane("Autoencoder", found.code, digits)]
    return figure("Two numbers for each digit, found without labels", [*planes, morphing(found)])


def main(arguments: list[str] | None = None) -> Found:
    """Print how well two numbers keep a digit, and how well their clusters are the digits."""
    path = asked(__doc__, arguments)
    found = find()
    print("1,797 digits, each as two numbers, then in ten clusters:")
    print(f"   {'':<22}{'error of a pixel':>18}{'purity':>10}{'adjusted Rand':>16}")
    for name, code in (("principal components", found.linear), ("autoencoder", found.code)):
        print(f"   {name:<22}{code.error:18.4f}{code.purity:10.1%}{code.rand:16.3f}")
    save(draw(found), path)
    return found


if __name__ == "__main__":
    main()
