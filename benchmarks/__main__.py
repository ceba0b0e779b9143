"""Run all work, or that whose name contains a word, and print one table: ``python -m benchmarks [word] [--json PATH]``.

Every figure is a ratio within one run on one thread: the time of a contender as a fraction of the
first one's. The goal is that of chainrule.

The scalar rows come first, before PyTorch and JAX are imported: their hundreds of thousands of objects
make every garbage collection slower, which costs micrograd, whose nodes are cycles, more than us.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from typing import NamedTuple

from .timing import Timing, Work, interleave
from .work import arrays, scalars, training


class Row(NamedTuple):
    """One line of the table: who competes, the goal as a fraction of the first, and the seconds of a turn."""

    contenders: Callable[[], dict[str, Work]]
    goal: str
    turn: float


ROWS = {
    "micrograd's demo step": Row(scalars.demo, "same program 0.167, nn.scalar 0.05", 0.5),
    "chain of 1,000 operations, scalars": Row(scalars.chains, "0.4", 0.05),
    "chain of 1,000 operations, arrays of 1,000": Row(arrays.chains, "0.6", 0.2),
    "training step 2-16-16-2, batch 32": Row(training.small, "0.33", 0.03),
    "training step 64-128-64-10, batch 64": Row(training.medium, "0.5", 0.03),
    "training step 784-512-256-10, batch 128": Row(training.large, "0.95", 0.1),
    "inference 2-16-16-2, batch 32": Row(training.inference, "1.3", 0.03),
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("word", nargs="?", default="", help="only the work whose name contains this")
    parser.add_argument("--rounds", type=int, default=9, help="how many turns each contender gets")
    parser.add_argument("--json", help="where to write the figures")
    arguments = parser.parse_args()
    sys.setrecursionlimit(10_000)  # micrograd's backward pass recurses
    figures = {}
    for name, row in ROWS.items():
        if arguments.word in name:
            figures[name] = interleave(row.contenders(), arguments.rounds, row.turn)
            show(name, row.goal, figures[name])
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump(
                {name: {who: t._asdict() for who, t in row.items()} for name, row in figures.items()}, file, indent=1
            )


def show(name: str, goal: str, timings: dict[str, Timing]) -> None:
    """Print one piece of work: each contender with its time, its spread, and its fraction of the first one's time."""
    first = next(iter(timings.values())).seconds
    print(f"\n{name}   (goal: {goal})")
    for who, timing in timings.items():
        ratio = timing.seconds / first
        print(f"  {who:<26}{timing.seconds * 1e6:>12,.1f} µs  ± {timing.spread / timing.seconds:>4.0%}{ratio:>9.3f}")


if __name__ == "__main__":
    main()
