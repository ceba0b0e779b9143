"""The main job: train, see and explain, on real input. Run it with ``make demo``.

Four parts: a published single neuron, reproduced to all digits; a perceptron and a multi-layer
perceptron on XOR; the UCI handwritten digits; and pictures of what happened.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import nn
import viz
from autograd import Tensor, Value, no_grad, sigmoid
from nn.datasets import load_digits, six_row_table, train_test_split, xor

PUBLISHED_WEIGHTS = ("-4.21652261", "12.79677774", "-4.21664048")
PUBLISHED_PREDICTIONS = {(1, 0, 0): "0.01453545", (0, 1, 1): "0.99981224"}


def progress(steps: range, title: str) -> Iterable[int]:
    """The steps, with a progress bar."""
    from tqdm import tqdm

    return tqdm(steps, desc=f"  {title}", ncols=80, leave=False)


# Part 1.


def train_neuron(iterations: int = 10_000) -> Any:
    """Train one sigmoid neuron on the table of six rows.

    Args:
        iterations: the number of full-batch steps of size 1 on half the summed squared error.

    Returns:
        The weights, of shape (3, 1).
    """
    X, y = six_row_table()
    np.random.seed(42)  # noqa: NPY002 -- the published program draws from NumPy's old generator
    w = Tensor(2 * np.random.random((3, 1)) - 1)  # noqa: NPY002 -- the same
    for _ in progress(range(iterations), "one neuron"):
        loss = 0.5 * np.sum((sigmoid(X @ w) - y) ** 2)
        w.zero_grad()
        loss.backward()
        w.data -= w.grad
    return w.data


def predict_neuron(weights: Any, row: tuple[int, ...]) -> float:
    """What the trained neuron says about one row of three numbers."""
    return float(sigmoid(np.array(row) @ weights).item())


def show_neuron() -> bool:
    """Part 1: print the trained neuron beside the published numbers; whether all digits agree."""
    print("1. One neuron on a table of six rows, 10,000 iterations")
    weights = train_neuron()
    agree = [
        show_number("weight", w, published) for w, published in zip(weights.ravel(), PUBLISHED_WEIGHTS, strict=True)
    ]
    for row, published in PUBLISHED_PREDICTIONS.items():
        agree.append(show_number(f"prediction for {list(row)}", predict_neuron(weights, row), published))
    print(f"   {'All digits are the published ones.' if all(agree) else 'NOT the published numbers.'}\n")
    return all(agree)


def show_number(what: str, number: float, published: str) -> bool:
    """Print a number beside the published one; whether all digits agree."""
    printed = f"{number:.8f}"
    print(f"   {what:<26} {printed:>12}   published {published:>12}   {'ok' if printed == published else 'DIFFERENT'}")
    return printed == published


# Part 2.


class Xor(NamedTuple):
    """What two networks make of exclusive or."""

    perceptron_mistakes: list[int]
    perceptron: list[int]
    mlp_losses: list[float]
    mlp: list[int]


def train_xor(epochs: int = 100, steps: int = 500) -> Xor:
    """Train a perceptron, which has no hidden layer, and an MLP, which has one, on exclusive or.

    Args:
        epochs: how long the perceptron may try.
        steps: how many steps the MLP trains.

    Returns:
        What both say about the four rows, and how they came there.
    """
    X, y = xor()
    perceptron = nn.Perceptron(2)
    mistakes = perceptron.fit(X, y, epochs).mistakes

    mlp = nn.MLP(2, 8, 2, activation="tanh", rng=np.random.default_rng(0))
    optimizer = nn.SGD(mlp.parameters(), lr=0.5)
    losses = []
    for _ in progress(range(steps), "MLP on XOR"):
        loss = nn.cross_entropy(mlp(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return Xor(mistakes, perceptron.predict(X).tolist(), losses, mlp(X).argmax(axis=1).tolist())


def show_xor() -> None:
    """Part 2: print what the two networks learned."""
    print("2. Exclusive or: the targets are [0, 1, 1, 0]")
    result = train_xor()
    tried, mistakes = len(result.perceptron_mistakes), result.perceptron_mistakes[-1]
    print(f"   perceptron                {result.perceptron}   after {tried} epochs still {mistakes} mistakes in each:")
    print("                                            no straight line separates the classes")
    print(
        f"   MLP with 8 hidden neurons {result.mlp}   loss {result.mlp_losses[0]:.3f} -> {result.mlp_losses[-1]:.4f}\n"
    )


# Part 3.


class Digits(NamedTuple):
    """A network trained on the handwritten digits."""

    model: nn.MLP
    losses: list[float]
    train_accuracy: float
    test_accuracy: float
    seconds: float


def train_digits(epochs: int = 40, batch: int = 32) -> Digits:
    """Train an MLP with one hidden layer on four fifths of the digits, and test it on the rest.

    Args:
        epochs: how many times to go through the training examples.
        batch: how many examples make a step.

    Returns:
        The trained network, the mean loss of each epoch, and how well it does.
    """
    start = time.perf_counter()
    X_train, X_test, y_train, y_test = train_test_split(*load_digits())
    rng = np.random.default_rng(0)
    model = nn.MLP(64, 64, 10, rng=rng)
    optimizer = nn.SGD(model.parameters(), lr=0.05, momentum=0.9)
    losses = []
    for _ in progress(range(epochs), "digits"):
        total = 0.0
        for rows in np.array_split(rng.permutation(len(X_train)), len(X_train) // batch):
            loss = nn.cross_entropy(model(X_train[rows]), y_train[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            total += loss.item() * len(rows)
        losses.append(total / len(X_train))
    seconds = time.perf_counter() - start
    return Digits(model, losses, accuracy(model, X_train, y_train), accuracy(model, X_test, y_test), seconds)


def accuracy(model: nn.Module, X: Any, y: Any) -> float:
    """The fraction of examples whose largest score is that of the right class."""
    with no_grad():
        return float(np.mean(model(X).argmax(axis=1) == y))


def show_digits() -> Digits:
    """Part 3: print how well the network reads, with one digit to look at."""
    _, X_test, y_train, y_test = train_test_split(*load_digits())
    print(f"3. Handwritten digits: {len(y_train):,} to train on, {len(y_test):,} to test on")
    result = train_digits()
    print(f"   accuracy on training examples {result.train_accuracy:6.1%}")
    print(f"   accuracy on unseen examples   {result.test_accuracy:6.1%}   after {result.seconds:.1f} s")
    with no_grad():
        probabilities = nn.functional.softmax(result.model(X_test[:1])).data[0]
    print(f"   an unseen {y_test[0]}, which the network reads as {probabilities.argmax()} ({probabilities.max():.1%}):")
    for row in X_test[0].reshape(8, 8):
        print("      " + "".join(" .:-=+*#%@"[int(9 * grey)] * 2 for grey in row))
    print()
    return result


# Part 4.


def neuron_loss() -> tuple[Value, Value]:
    """The squared error of one tanh neuron with two inputs, every number with its name; and its first weight."""
    x1, x2 = Value(2.0, label="x1"), Value(0.5, label="x2")
    w1, w2, b = Value(-0.3, label="w1"), Value(0.8, label="w2"), Value(0.1, label="b")
    s = w1 * x1 + w2 * x2 + b
    s.label = "s"
    y = s.tanh()
    y.label = "y"
    loss = (y - 1) ** 2
    loss.label = "loss"
    loss.backward()
    return loss, w1


def digits_loss(model: nn.Module) -> Tensor:
    """The loss of the first 32 digits, with its gradients."""
    X, y = load_digits()
    model.zero_grad()
    pixels = Tensor(X[:32], requires_grad=False, name="pixels")
    classes = Tensor(nn.one_hot(y[:32], 10), requires_grad=False, name="classes")
    loss: Tensor = nn.cross_entropy(model(pixels), classes)
    loss.name = "loss"
    loss.backward()
    return loss


def write_pictures(out: Path, digits: Digits) -> list[tuple[str, Path]]:
    """Draw and explain what was trained.

    Args:
        out: the folder to write to; made if it is not there.
        digits: the trained network, and the loss of each epoch.

    Returns:
        What was written, and where.
    """
    out.mkdir(parents=True, exist_ok=True)
    loss, w1 = neuron_loss()
    viz.draw_graph(loss).save(out / "neuron.svg")
    viz.draw_graph(digits_loss(digits.model)).save(out / "digits.svg")
    viz.explain(loss, w1).save(out / "derivation.md")
    viz.plot_loss(digits.losses, out / "loss.png", title="Loss on the handwritten digits", xlabel="epoch")
    return [
        ("the graph of a neuron's loss, all gradients", out / "neuron.svg"),
        ("the graph of the digits network's loss", out / "digits.svg"),
        ("the derivation of one weight's gradient", out / "derivation.md"),
        ("the loss curve of the digits", out / "loss.png"),
    ]


def show_pictures(out: Path, digits: Digits) -> None:
    """Part 4: print where the pictures are."""
    print("4. Look inside")
    for what, path in write_pictures(out, digits):
        print(f"   {what:<46} {path}")


def main(arguments: list[str] | None = None) -> int:
    """Run all four parts; 0 if the published numbers were met."""
    parser = argparse.ArgumentParser(prog="demo", description="Train, see and explain: the main job on real input.")
    parser.add_argument("--out", type=Path, default=Path("demo-out"), help="the folder for the pictures")
    out = parser.parse_args(arguments).out
    agree = show_neuron()
    show_xor()
    digits = show_digits()
    show_pictures(out, digits)
    return 0 if agree and digits.test_accuracy >= 0.96 else 1


if __name__ == "__main__":
    raise SystemExit(main())
