"""Transfer: what a network learned from many 0 to 4 helps another to learn 5 to 9 from a few.

The digits lie anywhere in a larger picture, and a few examples cannot show that. The body, which has seen many, knows
it. With the body frozen, only a new head learns; or the body goes along with a smaller step, in a parameter group of
its own.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

import nn
from autograd import no_grad
from examples.figure import AMBER, BLUE, GREY, GRID, Panel, asked, figure, save
from examples.pixels import Board

SIDE, WIDTH = 12, 256
LABELS = (1, 2, 5, 10, 20)
"""How many examples of each of the new digits have a label."""

DRAWS = 4
"""How often the few are drawn."""

WAYS = {"from scratch": GREY, "body frozen": BLUE, "body with a tenth of the step": AMBER}


class Found(NamedTuple):
    """What came out.

    Attributes:
        old_accuracy: how well the first network reads 0 to 4.
        accuracy: for each way, how well 5 to 9 are read, of shape (len(LABELS), DRAWS).
        body_moved: for each way that starts from the trained body, how far its weights have moved at most.
    """

    old_accuracy: float
    accuracy: dict[str, Any]
    body_moved: dict[str, float]


def scatter(digits: Any, rng: np.random.Generator) -> Any:
    """Each digit somewhere in an empty picture of 12 by 12, flat."""
    pictures = np.zeros((len(digits), SIDE, SIDE), np.float32)
    for picture, digit, (row, column) in zip(
        pictures, digits, rng.integers(0, SIDE - 7, (len(digits), 2)), strict=True
    ):
        picture[row : row + 8, column : column + 8] = digit.reshape(8, 8)
    return pictures.reshape(len(digits), -1)


def new_body() -> nn.Module:
    """Two layers, from pixels to features."""
    return nn.Sequential(nn.MLP(SIDE**2, WIDTH, WIDTH), nn.ReLU())


def accuracy(network: nn.Module, X: Any, y: Any) -> float:
    """The share of pictures that are read as what they are."""
    with no_grad():
        return float(np.mean(network(X).argmax(axis=1) == y))


def learn_old(epochs: int = 40) -> tuple[nn.Module, float]:
    """A body, trained on 0 to 4 at other places in each epoch; and how well it reads them."""
    nn.manual_seed(0)
    X, y = nn.datasets.load_digits()
    X, y = X[y < 5], y[y < 5]
    places = np.random.default_rng(0)
    body = new_body()
    network = nn.Sequential(body, nn.Linear(WIDTH, 5))
    optimizer = nn.AdamW(network.parameters(), lr=0.003)
    for _ in range(epochs):
        nn.fit(network, (scatter(X, places), y), nn.CrossEntropyLoss(), optimizer, epochs=1, progress=False)
    return body, accuracy(network, scatter(X, places), y)


def learn_new(way: str, trained: nn.Module, X: Any, y: Any, steps: int = 100) -> nn.Module:
    """A network for 5 to 9, trained on a few.

    Args:
        way: one of ``WAYS``.
        trained: the body that reads 0 to 4.
        X: the pictures.
        y: their classes, from 0 to 4.
        steps: how many steps, each on all of them.

    Returns:
        The network; its first part is the body.
    """
    body, head = new_body(), nn.Linear(WIDTH, 5)
    if way != "from scratch":
        body.load_state_dict(trained.state_dict())
    if way == "body frozen":
        body.requires_grad_(False)
        groups = [{"params": [*head.parameters()], "lr": 0.01}]
    elif way == "from scratch":
        groups = [{"params": [*body.parameters(), *head.parameters()], "lr": 0.003}]
    else:
        groups = [{"params": [*head.parameters()], "lr": 0.01}, {"params": [*body.parameters()], "lr": 0.001}]
    network, optimizer = nn.Sequential(body, head), nn.AdamW(groups)
    for _ in range(steps):
        loss = nn.cross_entropy(network(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return network


def few_and_others(labels: int, seed: int) -> tuple[Any, Any, Any, Any]:
    """5 to 9 at random places: so many pictures of each, their classes, and 400 others with theirs."""
    rng = np.random.default_rng(seed)
    X, y = nn.datasets.load_digits()
    X, y = scatter(X[y >= 5], rng), y[y >= 5] - 5
    order = rng.permutation(len(y))
    others, pool = order[:400], order[400:]
    few = np.concatenate([pool[y[pool] == digit][:labels] for digit in range(5)])
    return X[few], y[few], X[others], y[others]


def find() -> Found:
    """Train the body, then heads in all ways on all numbers of labels."""
    trained, old_accuracy = learn_old()
    found = {way: np.zeros((len(LABELS), DRAWS)) for way in WAYS}
    moved = dict.fromkeys(list(WAYS)[1:], 0.0)
    for i, labels in enumerate(LABELS):
        for draw in range(DRAWS):
            X, y, X_test, y_test = few_and_others(labels, seed=draw)
            for way in WAYS:
                nn.manual_seed(draw)
                network = learn_new(way, trained, X, y)
                found[way][i, draw] = accuracy(network, X_test, y_test)
                if way in moved:
                    pairs = zip(network[0].parameters(), trained.parameters(), strict=True)
                    moved[way] = max(moved[way], *(float(np.abs(p.data - q.data).max()) for p, q in pairs))
    return Found(old_accuracy, found, moved)


def draw(found: Found) -> str:
    """What the network sees, and how well it reads."""
    X, *_ = few_and_others(2, seed=0)
    board = Board("Digits, anywhere")
    for i, picture in enumerate(X[:6].reshape(-1, SIDE, SIDE)):
        x, y = 80 * (i % 3), 96 * (i // 3)
        board.marks.append(f'<rect x="{x}" y="{y}" width="74" height="74" fill="none" stroke="{GRID}"/>')
        board.image(picture, x, y, 74, 74)
    curves = Panel("Accuracy on 5 to 9", (0, 21), (0.1, 0.7), xlabel="labels per digit")
    gain = Panel("Gain over from scratch", (0, 21), (-0.05, 0.25), xlabel="labels per digit")
    for way, colour in WAYS.items():
        curves.line(LABELS, found.accuracy[way].mean(axis=1), colour)
        more = found.accuracy[way] - found.accuracy["from scratch"]
        gain.line(LABELS, more.mean(axis=1), colour)
        for draw in range(DRAWS):
            curves.dots(LABELS, found.accuracy[way][:, draw], colour, 2, 0.5)
            gain.dots(LABELS, more[:, draw], colour, 2, 0.5)
    curves.legend(reversed(WAYS.items()), "bottom right")
    return figure("Transfer of a trained body to new digits", [board, curves, gain])


def main(arguments: list[str] | None = None) -> Found:
    """Print how well 5 to 9 are read after a few labels, with and without the body."""
    path = asked(__doc__, arguments)
    found = find()
    print(f"The body comes from a network that reads 0 to 4 in {found.old_accuracy:.1%} of new places.")
    print("Accuracy on 5 to 9, by the number of labels per digit:")
    print(f"   {'':<30}" + "".join(f"{labels:>8}" for labels in LABELS))
    for way, accuracies in found.accuracy.items():
        print(f"   {way:<30}" + "".join(f"{share:8.1%}" for share in accuracies.mean(axis=1)))
    for way, most in found.body_moved.items():
        print(f"{way}: no weight of the body moved by more than {most:.3g}.")
    save(draw(found), path)
    return found


if __name__ == "__main__":
    main()
