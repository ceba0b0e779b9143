"""What flows back along each arrow: the contribution of one use to the gradient of its operand.

The gradient of a node is the sum of what its uses pass back. So the numbers on the arrows that leave a node
add up to the gradient in it; both are the engine's.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd.graph import Node, contributions
from autograd.rules.exact import rounded

from . import text
from .gradients import plain
from .walk import Graph, Vertex

MOST_TERMS = 6
"""A sum of more terms is not written out."""


class Flow:
    """The contributions in a graph whose gradients are those of one backward pass.

    Args:
        graph: the graph.
        known: whether the gradients are those of the result that is drawn; if not, nothing is known to flow.
        fmt: the format of numbers.
    """

    def __init__(self, graph: Graph, known: bool, fmt: str = ".4g") -> None:
        self.graph = graph
        self.known = known
        self.fmt = fmt
        self._shares: dict[int, dict[int, Any]] = {}
        self._uses: dict[int, list[tuple[int, int]]] | None = None

    def share(self, vertex: Vertex, position: int) -> Any:
        """What ``vertex`` passes back to one operand; ``None`` if that is not known."""
        if not self.known or vertex.node is None:
            return None
        if vertex.index not in self._shares:
            self._shares[vertex.index] = shares(vertex.node, plain(vertex.node.grad))
        return self._shares[vertex.index].get(position)

    def together(self, uses: Sequence[tuple[Vertex, int]]) -> Any:
        """What several uses of one operand pass back together; ``None`` if that is not known."""
        found = [x for x in (self.share(vertex, position) for vertex, position in uses) if x is not None]
        return sum(found[1:], start=found[0]) if found else None

    def terms(self, vertex: Vertex) -> str:
        """The gradient of a node as the sum of what its uses pass back: ``0.2822 - 5.94``; ``""`` for a single use."""
        uses = [(self.graph.vertices[i], position) for i, position in self.uses.get(vertex.index, ())]
        if len(uses) < 2 or not self.known or vertex.constant:
            return ""
        if len(uses) > MOST_TERMS:
            return f"the sum of {len(uses):,} terms"
        found = [x for x in (self.share(*use) for use in uses) if x is not None]
        if len(found) < 2 or np.ndim(vertex.data):
            return f"the sum of {len(found)} terms" if len(found) > 1 else ""
        return signed([text.number(x, self.fmt) for x in found])

    @property
    def uses(self) -> dict[int, list[tuple[int, int]]]:
        """For each vertex its uses: the index of the result and the position among its operands."""
        if self._uses is None:
            self._uses = {}
            for v in self.graph.vertices:
                for position, u in enumerate(v.operands):
                    if u is not None:
                        self._uses.setdefault(u, []).append((v.index, position))
        return self._uses

    def written(self, share: Any) -> str:
        """A contribution as an arrow shows it: the numbers if they are few, else their length."""
        if share is None:
            return ""
        if text.size(share) <= text.SMALL:
            return text.array(share, self.fmt)
        return f"length {text.number(length(share), self.fmt)}"


def signed(written: Sequence[str]) -> str:
    """Numbers as a sum, with their own signs.

    Example:
        >>> signed(["0.5", "-2", "3"])
        '0.5 - 2 + 3'
    """
    return " ".join([written[0], *(f"- {term[1:]}" if term.startswith("-") else f"+ {term}" for term in written[1:])])


def length(x: Any) -> float:
    """The Euclidean length of a number or an array."""
    with np.errstate(all="ignore"):  # it may be too large for a float
        return float(np.linalg.norm(np.abs(np.asarray(rounded(x))).ravel()))


def shares(node: Node, g: Any, to: Node | None = None) -> dict[int, Any]:
    """What a result with the gradient ``g`` passes back to each of its operands, or to one, by position.

    Returns nothing if no gradient has reached it.
    """
    if g is None or node.op is None:
        return {}
    wanted = {x for x in node.inputs if isinstance(x, Node) and x.requires_grad} if to is None else {to}
    found: dict[int, Any] = {}
    for guarded in (0, math.inf):  # as the engine does it: a zero wins over an infinity only where one arises
        try:
            with np.errstate(all="ignore"):
                found = {i: plain(share) for i, _, share in contributions(node, g, wanted, guarded=guarded)}
                if all(map(node._is_finite, found.values())):
                    return found
        except (ArithmeticError, ValueError):
            found = {}
    return found
