"""Exclusive or: a perceptron fails, a network with a hidden layer learns it; written in two styles.

The first is that of the Keras tutorials: a list of layers, and ``fit``. The second is that of the PyTorch
tutorials: a class with ``forward``, and a loop of five lines. They are the same network and the same training,
and come to the same numbers.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

import nn
from examples.figure import AMBER, BLUE, INK, RED, Panel, asked, figure, save
from nn.functional import sigmoid, tanh

EPOCHS = 300
X, Y = nn.datasets.xor()
TARGET = Y[:, None].astype(np.float32)


class Found(NamedTuple):
    """What came out.

    Attributes:
        perceptron: what the perceptron says about the four rows.
        mistakes: its mistakes in each epoch.
        keras: the network and its losses, in the style of Keras.
        pytorch: the same in the style of PyTorch.
    """

    perceptron: list[int]
    mistakes: list[int]
    keras: tuple[nn.Module, list[float]]
    pytorch: tuple[nn.Module, list[float]]


def keras_style() -> tuple[nn.Module, list[float]]:
    """A list of layers, and ``fit``."""
    nn.manual_seed(0)
    model = nn.Sequential(
        nn.Linear(2, 4),
        nn.Tanh(),
        nn.Linear(4, 1),
        nn.Sigmoid(),
    )
    optimizer = nn.Adam(model.parameters(), lr=0.05)
    history = nn.fit(model, (X, TARGET), nn.BCELoss(), optimizer, epochs=EPOCHS, shuffle=False, progress=False)
    return model, history["loss"]


class Net(nn.Module):
    """Two inputs, four hidden neurons, one output."""

    def __init__(self) -> None:
        self.hidden = nn.Linear(2, 4)
        self.output = nn.Linear(4, 1)

    def forward(self, x: Any) -> Any:
        """The probability that exactly one bit is set."""
        return sigmoid(self.output(tanh(self.hidden(x))))


def pytorch_style() -> tuple[nn.Module, list[float]]:
    """A class with ``forward``, and a loop of five lines."""
    nn.manual_seed(0)
    model = Net()
    criterion = nn.BCELoss()
    optimizer = nn.Adam(model.parameters(), lr=0.05)
    losses = []
    for _ in range(EPOCHS):
        optimizer.zero_grad()
        output = model(X)
        loss = criterion(output, TARGET)
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return model, losses


def find() -> Found:
    """Train a perceptron, and the network twice."""
    perceptron = nn.Perceptron(2)
    mistakes = perceptron.fit(X, Y, epochs=EPOCHS).mistakes
    return Found(perceptron.predict(X).tolist(), mistakes, keras_style(), pytorch_style())


def draw(found: Found) -> str:
    """What the network says over the plane, its loss, and the perceptron's mistakes."""
    plane = Panel("What the network says", (-0.5, 1.5), (-0.5, 1.5), xlabel="first bit", ylabel="second bit")
    ticks = np.linspace(-0.5, 1.5, 72)
    grid = np.stack(np.meshgrid(ticks, ticks), axis=-1).reshape(-1, 2)
    plane.shade(found.pytorch[0](grid).data.reshape(72, 72))
    for (a, b), kind in zip(X.tolist(), Y.tolist(), strict=True):
        plane.dots([a], [b], RED if kind else BLUE, 6, 1)
        plane.text(a + 0.07, b + 0.05, str(kind), INK)

    losses = Panel("The loss, in both styles", (1, EPOCHS), (1e-3, 2), xlabel="epoch", log="y")
    losses.line(np.arange(1, EPOCHS + 1), found.keras[1], AMBER, 6, opacity=0.5)
    losses.line(np.arange(1, EPOCHS + 1), found.pytorch[1], BLUE, 1.8)
    losses.legend([("Sequential and fit", AMBER), ("Module and a loop", BLUE)])

    mistakes = Panel("A perceptron's mistakes", (1, 40), (0, 4.4), xlabel="epoch", ylabel="of 4")
    mistakes.line(np.arange(1, 41), found.mistakes[:40], RED)
    mistakes.dots(np.arange(1, 41), found.mistakes[:40], RED)
    return figure("Exclusive or, by a network with a hidden layer and by a perceptron", [plane, losses, mistakes])


def main(arguments: list[str] | None = None) -> Found:
    """Print what each of them learned."""
    path = asked(__doc__, arguments)
    found = find()
    print(f"Exclusive or; the targets are {Y.tolist()}")
    print(f"   perceptron            {found.perceptron}, {found.mistakes[-1]} mistakes in epoch {len(found.mistakes)}")
    for style, (model, losses) in (("Sequential and fit", found.keras), ("Module and a loop", found.pytorch)):
        says = [round(p, 3) for p in model(X).data[:, 0].tolist()]
        print(f"   {style:<20}  {says}, loss {losses[0]:.4f} -> {losses[-1]:.6f}")
    print(f"   the same losses in both styles: {found.keras[1] == found.pytorch[1]}")
    save(draw(found), path)
    return found


if __name__ == "__main__":
    main()
