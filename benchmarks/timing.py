"""Fair timing on a noisy machine: contenders take turns, and only ratios within one round are believed.

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


class Timing(NamedTuple):
    """Seconds for one call, and how much they varied from round to round (half the interquartile range)."""

    seconds: float
    spread: float


def interleave(contenders: dict[str, Work], rounds: int = 15, slice_seconds: float = 0.03) -> dict[str, Timing]:
    """Time the contenders in turns."""
    calls = {name: _calls_in(work, slice_seconds) for name, work in contenders.items()}
    figures: dict[str, list[float]] = {name: [] for name in contenders}
    for _ in range(rounds):
        for name, work in contenders.items():
            figures[name].append(_mean_time(work, calls[name]))
    return {name: _summary(times) for name, times in figures.items()}


def _calls_in(work: Work, seconds: float) -> int:
    """How many calls fill a slice of time, after a warm-up."""
    work()
    return max(1, round(seconds / max(_mean_time(work, 2), 1e-9)))


def _mean_time(work: Work, calls: int) -> float:
    """The mean time of a call; what earlier contenders left to the garbage collector is not held against this one."""
    gc.collect()
    start = time.perf_counter()
    for _ in range(calls):
        work()
    return (time.perf_counter() - start) / calls


def _summary(times: list[float]) -> Timing:
    low, middle, high = statistics.quantiles(times, n=4) if len(times) > 1 else (times[0],) * 3
    return Timing(middle, (high - low) / 2)
