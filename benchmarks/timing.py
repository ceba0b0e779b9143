"""Fair timing on a noisy machine: contenders take turns, and only ratios within one run are believed.

Each contender is a function without arguments that does the work once. In every round each of them
runs for a slice of time, in turn, so that a slow moment of the machine hits all alike. The figure of
a round is the mean time of one call; that of the run is the median over the rounds.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

Work = Callable[[], object]


class Figure(NamedTuple):
    """What was measured, and how much it varied from round to round (half the interquartile range)."""

    value: float
    spread: float = 0.0


def interleave(contenders: dict[str, Work], rounds: int, turn: float) -> dict[str, Figure]:
    """The seconds of one call of each contender, timed in turns of ``turn`` seconds."""
    calls = {name: _calls_in(work, turn) for name, work in contenders.items()}
    times: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, work in contenders.items():
            times[name].append(_mean_time(work, calls[name]))
    return {name: summary(figures) for name, figures in times.items()}


def summary(figures: list[float]) -> Figure:
    """The median and the spread of several figures of one thing."""
    low, middle, high = statistics.quantiles(figures, n=4) if len(figures) > 1 else (figures[0],) * 3
    return Figure(middle, (high - low) / 2)


def _calls_in(work: Work, seconds: float) -> int:
    """How many calls fill a slice of time, after a warm-up."""
    work()
    return max(1, round(seconds / max(_mean_time(work, 2), 1e-9))) if seconds else 1


def _mean_time(work: Work, calls: int) -> float:
    """The mean time of a call; what earlier contenders left to the garbage collector is not held against this one."""
    gc.collect()
    start = time.perf_counter()
    for _ in range(calls):
        work()
    return (time.perf_counter() - start) / calls
