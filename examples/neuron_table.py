"""One sigmoid neuron on a table of six rows: the published numbers of the demo, and the way there."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from examples.demo import PUBLISHED_PREDICTIONS, PUBLISHED_WEIGHTS, predict_neuron, show_neuron, train_neuron
from examples.figure import AMBER, BLUE, GREY, INK, RED, Panel, asked, figure, save
from nn.datasets import six_row_table

ITERATIONS = [1, 2, 3, 5, 8, 13, 22, 36, 60, 100, 170, 280, 460, 770, 1300, 2200, 3600, 6000, 10_000]


class Found(NamedTuple):
    """Whether all digits are the published ones, and the weights after each number of ``ITERATIONS``."""

    agree: bool
    weights: Any


def find() -> Found:
    """Print the neuron beside the published numbers; then train it again, up to each number of iterations."""
    agree = show_neuron()
    return Found(agree, np.array([train_neuron(n).ravel() for n in ITERATIONS]))


def draw(found: Found) -> str:
    """The table, the weights and the predictions."""
    X, y = six_row_table()
    table = Panel("Six rows, and their targets", (0, 1), (0, 1))
    table.cells(np.column_stack([X, y])[::-1], ["x₁", "x₂", "x₃", "target"], range(6, 0, -1), fmt="g")
    colours = (AMBER, RED, BLUE)
    weights = Panel("The three weights", (1, 1e4), (-7, 25), xlabel="iteration", log="x")
    for path, published, colour in zip(found.weights.T, PUBLISHED_WEIGHTS, colours, strict=True):
        weights.line([1, 1e4], [float(published)] * 2, colour, 1, "3 4")
        weights.line(ITERATIONS, path, colour, 2.2)
    weights.legend([("w₁", AMBER), ("w₂", RED), ("w₃", BLUE), ("published", GREY)], "top left")
    said = Panel("Predictions for unseen rows", (1, 1e4), (-0.1, 1.1), xlabel="iteration", log="x")
    for row, published in PUBLISHED_PREDICTIONS.items():
        said.line([1, 1e4], [float(published)] * 2, GREY, 1, "3 4")
        said.line(ITERATIONS, [predict_neuron(w, row) for w in found.weights], INK, 2.2)
        said.text(150, 0.8 if row[1] else 0.24, f"{list(row)}: {published}", INK)
    return figure(
        "One neuron learns a table: its weights and predictions, and the published ones", [table, weights, said]
    )


def main(arguments: list[str] | None = None) -> Found:
    """Print the neuron beside the published numbers."""
    path = asked(__doc__, arguments)
    found = find()
    save(draw(found), path)
    return found


if __name__ == "__main__":
    main()
