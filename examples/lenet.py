"""LeNet reads the handwritten digits, each moved, turned and stretched a little in each epoch.

LeNet-5 (LeCun et al. 1998) was made for pictures of 32 by 32. For 8 by 8 both convolutions are padded, so that the
picture does not shrink in them, and the second pooling is left out; channels and layers are those of the paper,
with ReLU and largest elements for tanh and means.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

import nn
from autograd import no_grad
from examples.figure import AMBER, BLUE, GREY, Panel, asked, figure, save
from examples.pixels import Board
from nn.datasets import load_digits, train_test_split
from nn.optim.lr_scheduler import OneCycleLR

EPOCHS = 60


class Found(NamedTuple):
    """What came out.

    Attributes:
        model: the trained network.
        losses: the mean loss of each epoch.
        images: the digits that were kept back (N, 1, 8, 8).
        labels: what they are.
        guesses: as what they are read.
    """

    model: nn.Sequential
    losses: list[float]
    images: Any
    labels: Any
    guesses: Any

    @property
    def accuracy(self) -> float:
        """The share of right guesses."""
        return float((self.guesses == self.labels).mean())


def lenet() -> nn.Sequential:
    """The network: from (N, 1, 8, 8) to ten scores, with 44,426 parameters."""
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5, padding=2), nn.ReLU(), nn.Flatten(),
        nn.Linear(256, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
    )  # fmt: skip


def moved(images: Any, rng: np.random.Generator) -> Any:
    """The pictures (N, 1, 8, 8), each moved by up to half a pixel, turned by up to 9° and stretched by up to a tenth.

    Each new pixel is mixed from the four old ones around the place where it comes from.
    """
    n, half = len(images), 3.5
    angle, size = rng.uniform(-0.15, 0.15, (n, 1, 1)), rng.uniform(0.9, 1.1, (n, 1, 1))
    y, x = np.mgrid[:8, :8] - half
    rows = size * (np.cos(angle) * y - np.sin(angle) * x) + half + rng.uniform(-0.5, 0.5, (n, 1, 1))
    columns = size * (np.sin(angle) * y + np.cos(angle) * x) + half + rng.uniform(-0.5, 0.5, (n, 1, 1))
    rim = 3  # of paper around the picture, from which the corners come
    paper = np.pad(images[:, 0], ((0, 0), (rim, rim), (rim, rim)))
    (down, i), (right, j) = np.modf(rows + rim), np.modf(columns + rim)
    which, i, j = np.arange(n)[:, None, None], i.astype(int), j.astype(int)
    upper = (1 - right) * paper[which, i, j] + right * paper[which, i, j + 1]
    lower = (1 - right) * paper[which, i + 1, j] + right * paper[which, i + 1, j + 1]
    return ((1 - down) * upper + down * lower)[:, None].astype(images.dtype)


def find(seed: int = 0, epochs: int = EPOCHS) -> Found:
    """Train on four fifths of the digits, and test on the rest.

    Args:
        seed: of the weights, the order, the moves, and which digits are kept back.
        epochs: how often each digit is seen.

    Returns:
        The network, and how it reads.
    """
    nn.manual_seed(seed)
    rng = np.random.default_rng(seed)
    X, X_test, y, y_test = train_test_split(*load_digits(), seed=seed)
    X, X_test = (x.reshape(-1, 1, 8, 8) for x in (X, X_test))
    model = lenet()
    optimizer = nn.AdamW(model.parameters(), lr=0.005)
    schedule = OneCycleLR(optimizer, max_lr=0.005, total_steps=epochs + 1)
    losses = []
    for _ in range(epochs):
        images, total = moved(X, rng), 0.0
        for rows in np.array_split(rng.permutation(len(X)), len(X) // 32):
            loss = nn.cross_entropy(model(images[rows]), y[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(rows)
        schedule.step()
        losses.append(total / len(X))
    with no_grad():
        guesses = model(X_test).data.argmax(axis=1)
    return Found(model, losses, X_test, y_test, guesses)


def maps(found: Found) -> Board:
    """One digit, and what the two convolutions make of it."""
    board = Board("A digit, and its maps", (236, 190))
    digit = found.images[:1]
    with no_grad():
        first = found.model[1](found.model[0](digit))
        second = found.model[4](found.model[3](found.model[2](first)))
    board.image(digit[0, 0], 0, 58, 66, 66)
    for i, one in enumerate(first.data[0]):
        board.image(one / first.data.max(), 84 + i % 2 * 36, 4 + i // 2 * 60, 33, 33, BLUE)
    for i, one in enumerate(second.data[0]):
        board.image(one / second.data.max(), 168 + i % 3 * 23, 4 + i // 3 * 30.5, 20, 20, AMBER)
    return board


def misread(found: Found) -> Board:
    """The digits that are misread."""
    wrong = np.flatnonzero(found.guesses != found.labels)
    board = Board(f"All {len(wrong)} mistakes in {len(found.labels)} unseen digits")
    for place, i in enumerate(wrong[:8]):
        x, y = place % 4 * 60, place // 4 * 96
        board.image(found.images[i, 0], x, y, 52, 52)
        board.text(x, y + 66, f"{found.labels[i]}")
        board.text(x, y + 80, f"read as {found.guesses[i]}", GREY)
    return board


def draw(found: Found) -> str:
    """The loss, the maps and the mistakes."""
    epochs = len(found.losses)
    curve = Panel(f"{found.accuracy:.1%} after {epochs} epochs", (1, epochs), (1e-2, 3), xlabel="epoch", log="y")
    curve.line(np.arange(1, epochs + 1), found.losses, BLUE)
    curve.legend([("cross-entropy on moved digits", BLUE)])
    return figure("LeNet on the handwritten digits", [curve, maps(found), misread(found)])


def main(arguments: list[str] | None = None) -> Found:
    """Print how well LeNet reads."""
    path = asked(__doc__, arguments)
    found = find()
    wrong = int((found.guesses != found.labels).sum())
    print(f"LeNet with {sum(p.size for p in found.model.parameters()):,} parameters, {EPOCHS} epochs:")
    print(f"  {found.accuracy:.2%} of {len(found.labels)} unseen digits, {wrong} mistakes; loss {found.losses[-1]:.4f}")
    save(draw(found), path)
    return found


if __name__ == "__main__":
    main()
