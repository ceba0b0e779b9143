"""The perceptron: a threshold unit, the rule by which it learns, and how many mistakes it can make.

Novikoff's theorem (1962): if a hyperplane separates the examples, none longer than R, and none nearer to it
than m, then Rosenblatt's rule makes at most (R / m)² mistakes, in whatever order the examples come.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

import nn
from examples.figure import BLUE, GREY, INK, RED, Panel, asked, figure, save

BITS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
GATES = {"AND": [0, 0, 0, 1], "OR": [0, 1, 1, 1], "NAND": [1, 1, 1, 0], "XOR": [0, 1, 1, 0]}
NORMAL, OFFSET = np.array([0.6, 0.8]), 0.1
"""The line that separates the points: NORMAL · x = OFFSET."""


class Found(NamedTuple):
    """What came out.

    Attributes:
        gates: what a unit learned of each truth table, and after how many epochs it stopped.
        composed: exclusive or, from three units that have learned OR, NAND and AND.
        mistakes: all mistakes on points with each margin, and the most that Novikoff allows.
        unit: the unit trained on the points with the smallest margin.
        lines: its weights and its bias after each epoch.
    """

    gates: dict[str, tuple[list[int], int]]
    composed: list[int]
    mistakes: dict[float, tuple[int, float]]
    unit: nn.Perceptron
    lines: list[tuple[Any, float]]


def points(margin: float, n: int = 200) -> tuple[Any, Any]:
    """Points in a square that a line separates, none of them nearer to it than ``margin``."""
    X = np.random.default_rng(0).uniform(-1, 1, (20 * n, 2))
    distance = X @ NORMAL - OFFSET
    kept = np.flatnonzero(np.abs(distance) > margin)[:n]
    return X[kept], (distance[kept] > 0).astype(int)


def bound(X: Any, margin: float) -> float:
    """Novikoff's bound, with the bias as the weight of one more input that is always 1."""
    longest = np.max(np.sum(X**2, axis=1)) + 1
    return float(longest * (1 + OFFSET**2) / margin**2)


def learn_gates() -> tuple[dict[str, tuple[list[int], int]], list[int]]:
    """One threshold unit for each truth table; and exclusive or from three of them."""
    units, gates = {}, {}
    for name, truth in GATES.items():
        units[name] = nn.Perceptron(2)
        epochs = units[name].fit(BITS, truth).epochs
        gates[name] = units[name].predict(BITS).tolist(), epochs
    hidden = np.column_stack([units["OR"](BITS), units["NAND"](BITS)])
    return gates, units["AND"](hidden).tolist()


def find() -> Found:
    """Learn the gates, and the points with wide and with narrow margins."""
    mistakes = {}
    for margin in (0.4, 0.2, 0.1, 0.05, 0.025, 0.0125):
        X, y = points(margin)
        fit = nn.Perceptron(2).fit(X, y, epochs=10_000)
        mistakes[margin] = sum(fit.mistakes), bound(X, margin)
    X, y = points(0.05)
    unit, lines = nn.Perceptron(2), []
    while not lines or (unit(X) != y).any():
        unit.fit(X, y, epochs=1)
        lines.append((unit.w.copy(), unit.b))
    return Found(*learn_gates(), mistakes, unit, lines)


def draw(found: Found) -> str:
    """The threshold, the lines of the epochs, and the mistakes against the bound."""
    step = Panel("A threshold unit", (-2, 2), (-0.15, 1.15), xlabel="w · x + b", ylabel="output")
    step.line([-2, 0], [0, 0], BLUE, 3)
    step.line([0, 2], [1, 1], BLUE, 3)
    step.line([0, 0], [0, 1], GREY, 1, "3 4")
    step.text(0.1, 0.5, "no slope to follow", GREY)

    X, y = points(0.05)
    lines = Panel(f"Its line after each of {len(found.lines)} epochs", (-1, 1), (-1, 1), xlabel="x₁", ylabel="x₂")
    for kind, colour in ((0, BLUE), (1, RED)):
        lines.dots(*X[y == kind].T, colour)
    for i, (w, b) in enumerate(found.lines, 1):
        last = i == len(found.lines)
        ends = np.array([-1, 1])
        lines.line(ends, -(w[0] * ends + b) / w[1], INK if last else GREY, 2.2 if last else 1)

    margins = np.array(list(found.mistakes))
    made, allowed = np.array(list(found.mistakes.values())).T
    count = Panel("Mistakes until there are none", (0.01, 0.5), (1, 1e5), xlabel="margin m", log="xy")
    count.line(margins, allowed, GREY, 2, "5 4")
    count.line(margins, made, BLUE)
    count.dots(margins, made, BLUE, 3.5)
    count.legend([("at most (R / m)²", GREY), ("made", BLUE)])
    return figure("The perceptron: its threshold, the lines it tries, and Novikoff's bound", [step, lines, count])


def main(arguments: list[str] | None = None) -> Found:
    """Print what threshold units learn, and how many mistakes it takes."""
    path = asked(__doc__, arguments)
    found = find()
    print("One threshold unit, the truth tables on (0, 0), (0, 1), (1, 0), (1, 1)")
    for name, (learned, epochs) in found.gates.items():
        right = learned == GATES[name]
        print(
            f"   {name:<4} {learned}   {f'learned in {epochs} epochs' if right else f'not learned in {epochs} epochs'}"
        )
    print(f"   XOR  {found.composed}   from three units: (OR) AND (NAND)")
    print("Points that a line separates: mistakes made, and the most that Novikoff's theorem allows")
    for margin, (made, allowed) in found.mistakes.items():
        print(f"   margin {margin:<7} {made:>5} of {allowed:>9,.0f}")
    save(draw(found), path)
    return found


if __name__ == "__main__":
    main()
