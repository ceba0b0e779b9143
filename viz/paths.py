"""The sum over paths: a gradient as one product of local derivatives for each way from ``wrt`` to the output.

There may be exponentially many ways. They are counted, not walked; the ones with the largest products are
found by a search that goes where the most can still come, and the rest is what is missing to the gradient.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from itertools import count
from typing import Any, NamedTuple

import numpy as np

from autograd.graph import Node
from autograd.rules.exact import rounded

from . import derive, text
from .derivation import Equation, Written
from .flow import shares, signed
from .gradients import plain
from .latex import escaped, latex_name, latex_number, partial
from .story import Story, Use, equation, ways_back
from .walk import Vertex

LONGEST = 9
"""A path of more nodes is written with its ends only."""


class Way(NamedTuple):
    """One path: its uses from ``wrt`` to the output, and what flows back along it."""

    uses: tuple[Use, ...]
    share: Any


class Steps(NamedTuple):
    """A path as far as it has been followed: the last use, and the steps before it."""

    use: Use
    before: Steps | None


def _forward(steps: Steps | None) -> tuple[Use, ...]:
    """The uses of a path, from ``wrt`` on."""
    uses = []
    while steps is not None:
        uses.append(steps.use)
        steps = steps.before
    return tuple(reversed(uses))


class Paths:
    """All ways from ``wrt`` to the output.

    Args:
        story: the derivation.
        path: the vertices on the way, oldest first.
        most: how many ways are written out.
    """

    def __init__(self, story: Story, path: Sequence[Vertex], most: int) -> None:
        self.story = story
        self.wrt, self.output = path[0], path[-1]
        self.most = most
        on_path = {v.index for v in path}
        self.uses: dict[int, list[Use]] = {v.index: [] for v in path}
        for v in path:
            if v is not self.wrt:
                for position in ways_back(v):
                    operand = v.operands[position]
                    if operand in on_path and operand is not None:
                        self.uses[operand].append(Use(v, position))
        self.numbers = all(derive.is_number(story.graph, *use) for uses in self.uses.values() for use in uses)
        self._locals: dict[tuple[int, int], Any] = {}
        self.count, self._best = self._ahead(path)

    def _ahead(self, path: Sequence[Vertex]) -> tuple[int, dict[int, float]]:
        """How many ways there are, and for each vertex the largest product on a way from it to the output."""
        ways, best = {self.output.index: 1}, {self.output.index: 1.0}
        for v in reversed(path):
            if v is not self.output:
                uses = self.uses[v.index]
                ways[v.index] = sum(ways[use.vertex.index] for use in uses)
                best[v.index] = max((self._size(use) * best[use.vertex.index] for use in uses), default=0.0)
        return ways[self.wrt.index], best

    def local(self, use: Use) -> Any:
        """The local derivative of one use."""
        key = use.vertex.index, use.position
        if key not in self._locals:
            self._locals[key] = plain(derive.local_derivative(use.vertex, use.position))
        return self._locals[key]

    def _size(self, use: Use) -> float:
        """How large a local derivative is; all count the same if they are not numbers."""
        size = abs(rounded(self.local(use))) if self.numbers else 1.0
        return size if math.isfinite(size) else 1e300

    def largest(self) -> list[Way]:
        """The ways with the largest products, in the order of their nodes."""
        tickets = count()
        waiting: list[tuple[float, int, float, Steps | None]] = []
        heappush(waiting, (-self._best[self.wrt.index], next(tickets), 1.0, None))
        found: list[tuple[Use, ...]] = []
        while waiting and len(found) < self.most:
            _, _, product, steps = heappop(waiting)
            here = steps.use.vertex if steps else self.wrt
            if here is self.output:
                found.append(_forward(steps))
                continue
            for use in self.uses[here.index]:
                size = product * self._size(use)
                bound = size * self._best[use.vertex.index]
                ticket = 0.0 if math.isnan(bound) else -bound
                heappush(waiting, (ticket, next(tickets), size, Steps(use, steps)))
        found.sort(key=lambda uses: [(use.vertex.index, use.position) for use in uses])
        return [Way(uses, self._share(uses)) for uses in found]

    def _share(self, uses: Sequence[Use]) -> Any:
        """What flows back along one way, as the engine computes it."""
        g = derive.ones(self.output)
        for use in reversed(uses):
            node = use.vertex.node
            assert node is not None
            operand = node.inputs[use.position]
            assert isinstance(operand, Node)
            g = shares(node, g, operand).get(use.position, math.nan)
        return g

    # Writing.

    def equations(self, ways: Sequence[Way], value: Any) -> Iterator[Equation | str]:
        """One line for each way, and the sum."""
        for way in ways:
            yield self._line(way)
        rest = value - sum(way.share for way in ways)
        yield self._sum(ways, rest, value)

    def _line(self, way: Way) -> Equation:
        names = [self.wrt.name, *(use.vertex.name for use in way.uses)]
        if len(names) > LONGEST:
            names = [*names[: LONGEST // 2], "…", *names[-(LONGEST // 2) :]]
        left = Written(
            " → ".join(names), r" \to ".join(r"\dots" if name == "…" else latex_name(name) for name in names)
        )
        sides = []
        if len(way.uses) < LONGEST:
            locals_ = [self.story.local(use) for use in reversed(way.uses)]
            sides.append(Written(" * ".join(x.text for x in locals_), r" \cdot ".join(x.latex for x in locals_)))
            if self.numbers and self.story.substitute:
                sides.append(self._product(way.uses))
        sides.append(self.story.result(way.share))
        line = equation(left, sides, self._closed(way))
        return Equation(line.left, line.sides, line.remarks, colon=True)

    def _product(self, uses: Sequence[Use]) -> Written:
        numbers = [self.local(use) for use in reversed(uses)]
        fmt = self.story.fmt
        words = [text.number(x, fmt) for x in numbers]
        bracketed = [f"({x})" if x.startswith("-") and i else x for i, x in enumerate(words)]
        latex = [latex_number(x, fmt) for x in numbers]
        latex = [rf"\left({x}\right)" if x.startswith("-") and i else x for i, x in enumerate(latex)]
        return Written(" * ".join(bracketed), r" \cdot ".join(latex))

    def _closed(self, way: Way) -> list[str]:
        """In words, where a way is closed."""
        if np.any(way.share):
            return []
        for use in reversed(way.uses):
            if not np.any(self.local(use)):
                g = derive.one(use.vertex)
                term = derive.pulled_back(derive.symbolic(self.story.graph, use.vertex), use.position, g)
                reason = self.story.closed([use], [term])
                return reason or [f"{partial(use.vertex.name, self._operand(use))[0]} is 0: this path contributes 0"]
        return []

    def _operand(self, use: Use) -> str:
        place = use.vertex.operands[use.position]
        assert place is not None
        return self.story.graph.vertices[place].name

    def _sum(self, ways: Sequence[Way], rest: Any, value: Any) -> Equation:
        """The gradient as the sum of what flows back along all ways."""
        left = Written(*partial(self.output.name, self.wrt.name))
        sides = []
        if len(ways) > 1 or self.count > len(ways):
            shares = [way.share for way in ways]
            words = [self.story.result(share).text for share in shares]
            numbers = not np.ndim(value)
            formula = signed(words) if numbers else " + ".join(words)
            latex = signed([self.story.result(s).latex for s in shares]) if numbers else formula
            if self.count > len(ways):
                more = f"({further(self.count - len(ways))}, together {self.story.result(rest).text})"
                formula, latex = f"{formula} + {more}", rf"{latex} + \mathrm{{{escaped(more)}}}"
            sides.append(Written(formula, latex if numbers else rf"\mathrm{{{escaped(formula)}}}"))
        return equation(left, [*sides, self.story.result(value)], [])


def further(ways: int) -> str:
    """So many further paths; a very large number by its power of ten.

    Example:
        >>> further(1), further(2**100)
        ('1 further path', 'about 1e30 further paths')
    """
    if ways < 10**9:
        return text.plural(ways, "further path")
    return f"about 1e{round(math.log10(ways))} further paths"
