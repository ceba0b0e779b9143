"""The backward pass one contribution at a time: what each use of an operand adds to the operand's gradient.

It takes the engine's own shares in the engine's own order, from the newest result to the oldest. So what has
added up after the last of them is what ``backward()`` leaves in ``grad``.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import Any

from . import derive
from .flow import shares
from .fold import Part, links
from .walk import Graph, Vertex


@dataclass(frozen=True, eq=False)
class Share:
    """What one use of an operand passes back.

    Attributes:
        vertex: the result that passes it back.
        position: the operand's place among the operands of the result.
        operand: the operand.
        upstream: the gradient of the result.
        share: what arrives.
        total: the gradient of the operand, this share included.
        nth: the how-manieth share of the operand it is, from 1.
        of: how many shares the operand gets in all.
    """

    vertex: Vertex
    position: int
    operand: Vertex
    upstream: Any
    share: Any
    total: Any
    nth: int
    of: int


def backward(graph: Graph, order: Sequence[int], wanted: Collection[int]) -> list[Share]:
    """Every share of one backward pass, in order.

    Args:
        graph: a graph with one result.
        order: the indices of the vertices, from the result back.
        wanted: the indices of the vertices that a gradient shall reach.

    Raises:
        StaleGraphError: an input was given new data after it was used.
    """
    (root,) = graph.roots
    gradients: dict[int, Any] = {root: derive.ones(graph.vertices[root])}
    found: list[tuple[Vertex, int, Vertex, Any, Any, Any, int]] = []
    count: dict[int, int] = {}
    for i in order:
        vertex = graph.vertices[i]
        if i not in gradients or vertex.node is None:
            continue
        for position, share in shares(vertex.node, gradients[i]).items():
            u = vertex.operands[position]
            if u is not None and u in wanted:
                gradients[u] = gradients[u] + share if u in gradients else share
                count[u] = count.get(u, 0) + 1
                found.append((vertex, position, graph.vertices[u], gradients[i], share, gradients[u], count[u]))
    return [Share(*one, of=count[one[2].index]) for one in found]


def newest_first(graph: Graph, parts: Sequence[Part]) -> list[int]:
    """The vertices from the result back: each after all that used it, and those of a part together.

    Of parts that are single vertices the order is the engine's.
    """
    sources, targets = links(graph, parts)
    waiting = [len(users) for users in targets]
    ready = [(-part.members[-1], p) for p, part in enumerate(parts) if not waiting[p]]
    heapify(ready)
    order: list[int] = []
    while ready:
        _, p = heappop(ready)
        order += reversed(parts[p].members)
        for q in sources[p]:
            waiting[q] -= 1
            if not waiting[q]:
                heappush(ready, (-parts[q].members[-1], q))
    return order
