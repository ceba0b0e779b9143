"""Repeated blocks: the same few operations, wired in the same way, over and over.

A loop that was unrolled, such as the steps of a recurrent network or the neurons of a layer, repeats in the
order of creation. Two operations are alike if they are the same row of the table and their operands are as
far back, so that a repetition is a shift: ``sign[i] == sign[i + period]`` along a run.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np

from .walk import Graph, Vertex

LONGEST = 64
"""The largest number of operations in one block."""

LEAST = 3
"""What comes less often is no repetition."""


class Run(NamedTuple):
    """Operations ``start`` to ``stop`` (not included) are ``repeats`` blocks of ``period`` operations each."""

    start: int
    stop: int
    period: int

    @property
    def repeats(self) -> int:
        """How many whole blocks there are."""
        return (self.stop - self.start) // self.period


def runs(signs: Sequence[int]) -> list[Run]:
    """The repetitions in a sequence, the longest first, none in another's place; then in order.

    Example:
        >>> runs([1, 2, 3, 2, 3, 2, 3, 4])
        [Run(start=1, stop=7, period=2)]
    """
    array = np.asarray(signs)
    found: list[Run] = []
    for period in range(1, min(LONGEST, len(array) // LEAST) + 1):
        same = np.concatenate([[False], array[period:] == array[:-period], [False]])
        starts, stops = np.flatnonzero(same[1:] & ~same[:-1]), np.flatnonzero(~same[1:] & same[:-1])
        for start, stop in zip(starts, stops, strict=True):
            whole = (int(stop - start) + period) // period * period
            if whole >= LEAST * period:
                found.append(Run(int(start), int(start) + whole, period))
    taken = np.zeros(len(array), bool)
    kept = []
    for run in sorted(found, key=lambda run: (run.start - run.stop, run.period, run.start)):
        if not taken[run.start : run.stop].any():
            taken[run.start : run.stop] = True
            kept.append(run)
    return sorted(kept)


def repeated(graph: Graph, shown: Sequence[int]) -> list[tuple[list[int], str]]:
    """The repeated blocks among the vertices ``shown``: what each run holds, and what to call it."""
    made = [i for i in shown if graph.vertices[i].operands]
    place = {i: p for p, i in enumerate(made)}
    numbers: dict[Hashable, int] = {}
    signs = [numbers.setdefault(_sign(graph.vertices[i], p, place), len(numbers)) for p, i in enumerate(made)]
    blocks = []
    for run in runs(signs):
        first = [graph.vertices[i] for i in made[run.start : run.start + run.period]]
        names = [_symbol(vertex) for vertex in first]
        inside = ", ".join(names[:4]) + (", …" if len(names) > 4 else "")
        blocks.append((made[run.start : run.stop], f"{run.repeats} \N{MULTIPLICATION SIGN} ({inside})"))
    return blocks


def _sign(vertex: Vertex, here: int, place: dict[int, int]) -> Hashable:
    """The operation, and how far back each operand is; one that no operation made is just that."""
    node = vertex.node
    assert node is not None
    back = tuple(here - place[u] if u in place else 0 for u in vertex.operands)
    return (node.op, back, node.scope)


def _symbol(vertex: Vertex) -> str:
    assert vertex.node is not None
    assert vertex.node.op is not None
    return vertex.node.op.symbol
