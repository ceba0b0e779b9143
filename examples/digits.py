"""Reading handwritten digits: ten classes, epochs, and how sure the network is, which is calibrated."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

import nn
from autograd import Tensor, no_grad
from examples.figure import AMBER, BLUE, GREY, RED, Panel, asked, figure, save
from examples.pixels import Board
from nn.datasets import load_digits, train_test_split
from nn.functional import softmax

EPOCHS = 150
EDGES = (0.6, 0.8, 0.9, 0.99)  # of bins of confidence: most digits lie in the last


class Found(NamedTuple):
    """What came out.

    Attributes:
        history: the losses and accuracies of each epoch.
        images: the digits that were kept back, of shape (N, 8, 8).
        labels: what they are.
        scores: what the network says, of shape (N, 10).
        temperature: by what the scores are divided so that confidences are right.
    """

    history: nn.History
    images: Any
    labels: Any
    scores: Any
    temperature: float

    @property
    def guesses(self) -> Any:
        """The class with the largest score."""
        return self.scores.argmax(axis=1)

    @property
    def accuracy(self) -> float:
        """The share of right guesses."""
        return float((self.guesses == self.labels).mean())

    @property
    def confusion(self) -> Any:
        """How often digit i was read as j."""
        counts = np.zeros((10, 10), int)
        np.add.at(counts, (self.labels, self.guesses), 1)
        return counts

    def confidences(self, temperature: float = 1.0) -> Any:
        """The probability of each guess."""
        return softmax(self.scores / temperature).max(axis=1)

    def loss(self, temperature: float = 1.0) -> float:
        """The mean cross-entropy on the digits that were kept back."""
        return float(nn.cross_entropy(self.scores / temperature, self.labels))

    def mistakes(self) -> Any:
        """The examples that were misread, the most confident first."""
        wrong = np.flatnonzero(self.guesses != self.labels)
        return wrong[np.argsort(-self.confidences()[wrong])]


def calibrate(scores: Any, labels: Any) -> float:
    """The temperature at which the scores have the least cross-entropy (Guo et al. 2017)."""
    log = Tensor(0.0)
    optimizer = nn.LBFGS([log], max_iter=50, line_search_fn="strong_wolfe")

    def closure() -> Tensor:
        optimizer.zero_grad()
        loss: Tensor = nn.cross_entropy(scores / np.exp(log), labels)
        loss.backward()
        return loss

    optimizer.step(closure)
    return float(np.exp(log.item()))


def reliability(confidences: Any, right: Any) -> tuple[Any, Any, float]:
    """In bins of confidence: the mean confidence, the share of right guesses, and the mean distance of both."""
    of = np.digitize(confidences, EDGES)
    counts = np.maximum(np.bincount(of, minlength=5), 1)
    sure, true = (np.bincount(of, x, minlength=5) / counts for x in (confidences, right))
    return sure, true, float(counts @ np.abs(sure - true) / len(right))


def find(epochs: int = EPOCHS) -> Found:
    """Train on 629 digits, calibrate on 270 others, and test on 898 that had no part in either."""
    nn.manual_seed(0)
    X, X_test, y, y_test = train_test_split(*load_digits(), test_size=0.5)
    X, X_held, y, y_held = train_test_split(X, y, test_size=0.3)
    model = nn.MLP(64, 64, 10)
    optimizer = nn.Adam(model.parameters(), lr=0.01)
    loss = nn.CrossEntropyLoss()
    history = nn.fit(
        model, (X, y), loss, optimizer, epochs=epochs, batch_size=32, metrics="accuracy", validation=(X_held, y_held)
    )
    with no_grad():
        held, scores = model(X_held).data, model(X_test).data
    return Found(history, X_test.reshape(-1, 8, 8), y_test, scores, calibrate(held, y_held))


def curves(found: Found) -> Panel:
    """The loss of each epoch."""
    losses = {"training": (found.history["loss"], BLUE), "held back": (found.history["val_loss"], AMBER)}
    numbers = np.concatenate([curve for curve, _ in losses.values()])
    panel = Panel("Cross-entropy", (1, len(found.history["loss"])), (numbers.min() / 2, 3), xlabel="epoch", log="y")
    for curve, colour in losses.values():
        panel.line(np.arange(1, len(curve) + 1), curve, colour)
    panel.legend([(name, colour) for name, (_, colour) in losses.items()])
    return panel


def matrix(found: Found) -> Board:
    """How often each digit was read as each."""
    board = Board(f"{len(found.labels)} unseen digits, and what is read")
    cell, left = 17, 22
    for (i, j), n in np.ndenumerate(found.confusion):
        shade = RED if i != j else BLUE
        if n:
            board.image([[min(1, 0.15 + n / 100)]], left + j * 21 + 1, i * cell + 1, 19, cell - 2, shade)
            board.text(left + j * 21 + 10.5, i * cell + 13, str(n), anchor="middle")
    for i in range(10):
        board.text(10, i * cell + 13, str(i), GREY, "middle")
        board.text(left + i * 21 + 10.5, 10 * cell + 16, str(i), GREY, "middle")
    return board


def diagram(found: Found) -> Panel:
    """How often the network is right where it is so sure."""
    panel = Panel("The share of right guesses", (0.4, 1), (0.4, 1.02), xlabel="confidence")
    panel.line([0.4, 1], [0.4, 1], GREY, 1.2, dash="4 4")
    for temperature, colour in ((1.0, RED), (found.temperature, BLUE)):
        sure, true, _ = reliability(found.confidences(temperature), found.guesses == found.labels)
        panel.line(sure, true, colour)
        panel.dots(sure, true, colour)
    panel.legend([("as trained", RED), (f"at temperature {found.temperature:.2f}", BLUE)], "bottom right")
    return panel


def gallery(found: Found) -> Board:
    """The most confident mistakes."""
    board = Board("The most confident mistakes")
    before, after = found.confidences(), found.confidences(found.temperature)
    for place, i in enumerate(found.mistakes()[:6]):
        x, y = place % 3 * 80, place // 3 * 97
        board.image(found.images[i], x, y, 64, 64)
        board.text(x, y + 77, f"{found.labels[i]}, read as {found.guesses[i]}")
        board.text(x, y + 90, f"{before[i]:.0%} → {after[i]:.0%}", GREY)
    return board


def draw(found: Found) -> str:
    """The curves, the matrix, the mistakes and the confidences."""
    return figure("Handwritten digits", [curves(found), matrix(found), diagram(found), gallery(found)], columns=2)


def main(arguments: list[str] | None = None) -> Found:
    """Print how well the network reads, and how well it knows how well."""
    path = asked(__doc__, arguments)
    found = find()
    right = found.guesses == found.labels
    print(f"After {EPOCHS} epochs: {found.accuracy:.1%} of {len(right)} unseen digits, {(~right).sum()} mistakes.")
    for name, temperature in (("as trained", 1.0), ("calibrated", found.temperature)):
        sure = found.confidences(temperature)
        error = reliability(sure, right)[2]
        print(
            f"  {name}, temperature {temperature:.2f}: mean confidence {sure.mean():.1%}, off by {error:.2%}, "
            f"in mistakes {sure[~right].mean():.0%}; cross-entropy {found.loss(temperature):.4f}"
        )
    for i in found.mistakes()[:3]:
        print(f"  a {found.labels[i]} read as {found.guesses[i]} with a confidence of {found.confidences()[i]:.1%}")
    save(draw(found), path)
    return found


if __name__ == "__main__":
    main()
