"""The adding problem: two numbers of a long sequence are marked. A plain RNN forgets them, LSTM and GRU do not."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

import nn
from autograd import no_grad
from examples.figure import AMBER, BLUE, GREEN, GREY, RED, Panel, asked, figure, save

LENGTH = 30
STEPS = {"LSTM": 800, "GRU": 500, "RNN": 800}
GUESS = 1 / 6
"""The mean squared error of always saying 1: the variance of the sum of two numbers from U(0, 1)."""


class Reader(nn.Module):
    """A recurrent layer, and a linear one for its last state.

    Args:
        kind: ``"LSTM"``, ``"GRU"`` or ``"RNN"``.
        hidden: how many numbers the state has.
    """

    def __init__(self, kind: str, hidden: int = 32) -> None:
        self.recurrent = getattr(nn, kind)(2, hidden)
        self.head = nn.Linear(hidden, 1)

    def forward(self, x: Any) -> Any:
        """One number (N,) for each sequence (T, N, 2)."""
        states, _ = self.recurrent(x)
        return self.head(states[-1])[:, 0]


class Found(NamedTuple):
    """What came out of one kind of layer.

    Attributes:
        losses: the mean squared error of each step.
        error: that on new sequences.
        answers: what it says about these.
        sums: what is right.
    """

    losses: list[float]
    error: float
    answers: Any
    sums: Any


def sequences(n: int, rng: np.random.Generator, length: int = LENGTH) -> tuple[Any, Any]:
    """Numbers from 0 to 1 beside a mark, which is 1 once in each half; and the sums of the marked numbers.

    Args:
        n: how many sequences.
        rng: what to draw from.
        length: how long they are.

    Returns:
        Arrays of shape (length, n, 2) and (n,), float32 (Hochreiter and Schmidhuber 1997, section 5.4).
    """
    numbers, marks = rng.random((length, n)), np.zeros((length, n))
    for low, high in ((0, length // 2), (length // 2, length)):
        marks[rng.integers(low, high, n), np.arange(n)] = 1
    both = np.stack([numbers, marks], axis=-1)
    return both.astype(np.float32), (numbers * marks).sum(axis=0).astype(np.float32)


def learn(kind: str, steps: int) -> Found:
    """Train on new sequences in each step, and test."""
    nn.manual_seed(0)
    rng = np.random.default_rng(0)
    model = Reader(kind)
    optimizer = nn.Adam(model.parameters(), lr=0.01)
    losses = []
    for _ in range(steps):
        X, y = sequences(50, rng)
        loss = nn.mse_loss(model(X), y)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), max_norm=1.0)
        optimizer.step()
        losses.append(loss.item())
    X, y = sequences(500, np.random.default_rng(1))
    with no_grad():
        answers = model(X).data
    return Found(losses, float(np.mean((answers - y) ** 2)), answers, y)


def find() -> dict[str, Found]:
    """What each kind of layer learns."""
    return {kind: learn(kind, steps) for kind, steps in STEPS.items()}


def draw(found: dict[str, Found]) -> str:
    """One of the sequences, the errors, and the answers."""
    colours = {"LSTM": BLUE, "GRU": GREEN, "RNN": RED}
    X, y = sequences(1, np.random.default_rng(5))
    task = Panel(f"The marked numbers make {y[0]:.2f}", (0, LENGTH + 1), (0, 1.1), xlabel="step")
    for step, (number, mark) in enumerate(X[:, 0], start=1):
        task.line([step, step], [0, number], AMBER if mark else GREY, 4 if mark else 2)
    for step in np.flatnonzero(X[:, 0, 1]):
        task.text(step + 1, X[step, 0, 0] + 0.03, f"{X[step, 0, 0]:.2f}", AMBER, "middle")
    errors = Panel("The error falls, or does not", (0, max(STEPS.values())), (1e-5, 1), xlabel="step", log="y")
    errors.line([0, max(STEPS.values())], [GUESS, GUESS], GREY, 1.2, dash="4 4")
    answers = Panel("Answers for new sequences", (0, 2), (0, 2), xlabel="sum")
    for kind, one in reversed(found.items()):
        smooth = np.convolve(one.losses, np.ones(20) / 20, mode="valid")
        errors.line(np.arange(len(smooth)) + 20, smooth, colours[kind])
        answers.dots(one.sums, one.answers, colours[kind], 1.6, 0.6)
    errors.legend(
        [(f"{kind}, {one.error:.4f} at the end", colours[kind]) for kind, one in found.items()], "bottom left"
    )
    return figure("The adding problem", [task, errors, answers])


def main(arguments: list[str] | None = None) -> dict[str, Found]:
    """Print the errors."""
    path = asked(__doc__, arguments)
    print(f"Two of {LENGTH} numbers are marked. Who always guesses 1 has a mean squared error of {GUESS:.4f}.")
    found = find()
    for kind, one in found.items():
        print(f"  {kind:<4} after {len(one.losses):,} steps: {one.error:.4f} on 500 new sequences")
    save(draw(found), path)
    return found


if __name__ == "__main__":
    main()
