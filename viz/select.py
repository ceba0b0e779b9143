"""Which part of a graph is shown: all of it, what lies between two nodes, or what is near the result."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from autograd.errors import bad_argument, describe

from . import text
from .arguments import check_count
from .walk import Graph


class Selection(NamedTuple):
    """What is shown.

    Attributes:
        shown: the indices of the vertices that are drawn, in order.
        lit: those of them that lead from ``wrt`` to the result; all if there is no ``wrt``.
        banners: what the reader must know of what is not there.
    """

    shown: tuple[int, ...]
    lit: frozenset[int]
    banners: tuple[str, ...]


def select(
    graph: Graph, between: Any = None, wrt: Any = None, depth: int | None = None, call: str = "draw_graph(root"
) -> Selection:
    """The vertices to draw.

    Args:
        graph: the graph.
        between: a pair; only what lies on a way from the first to the second.
        wrt: a node or several; all that carries no gradient to them is not lit.
        depth: only what is at most so many operations behind the result.
        call: how the call that the reader wrote begins; what errors say of it.

    Raises:
        ArgumentError: a node that is not in the graph, two without a way between them, or a ``depth`` below 0.
    """
    shown = set(range(len(graph.vertices)))
    banners = []
    if between is not None:
        start, end = _pair(graph, between, call)
        shown &= _after(graph, [start]) & _behind(graph, [end], None)
        ends = " and ".join(text.clip(graph.vertices[i].name, 24) for i in (start, end))
        if not shown:
            raise bad_argument(
                f"{call}, between=(a, b))", "an a that b was made from", f"no way from {ends}", "between=(b, a)"
            )
        banners.append(_drawn(graph, shown, f"those between {ends}"))
    if depth is not None:
        check_count("draw_graph", "depth", depth, 0, 3)
        near = _behind(graph, graph.roots, depth) & shown
        if len(near) < len(shown):
            banners.append(_drawn(graph, near, f"those at most {text.plural(depth, 'operation')} behind the result"))
        shown = near
    lit = shown
    if wrt is not None:
        several = wrt if isinstance(wrt, (list, tuple)) else [wrt]
        lit = shown & _after(graph, [_index(graph, x, f"{call}, wrt=...)", "wrt=w") for x in several])
    return Selection(tuple(sorted(shown)), frozenset(lit), tuple(banners))


def _drawn(graph: Graph, shown: Collection[int], which: str) -> str:
    verb = "is" if len(shown) == 1 else "are"
    return f"{len(shown):,} of {len(graph.vertices):,} nodes {verb} drawn: {which}"


def _pair(graph: Graph, between: Any, call: str) -> tuple[int, int]:
    if not isinstance(between, (list, tuple)) or len(between) != 2:
        got = f"{len(between)} of them" if isinstance(between, (list, tuple)) else describe(between)
        raise bad_argument(f"{call}, between=...)", "a pair of nodes", got, "between=(a, b)")
    start, end = (_index(graph, x, f"{call}, between=...)", "between=(a, b)") for x in between)
    return start, end


def _index(graph: Graph, x: Any, did: str, cure: str) -> int:
    """The place of a node or of a bare array in the graph."""
    place = graph.places.get(id(x))
    if place is None:
        raise bad_argument(did, "nodes that the result was made from", describe(x), cure)
    return place


def _after(graph: Graph, starts: Iterable[int]) -> set[int]:
    """What some of ``starts`` leads to, themselves included."""
    reached = set(starts)
    for v in graph.vertices:
        if any(u in reached for u in v.operands if u is not None):
            reached.add(v.index)
    return reached


def _behind(graph: Graph, ends: Sequence[int], depth: int | None) -> set[int]:
    """What leads to ``ends`` in at most ``depth`` steps, themselves included."""
    reached, edge = set(ends), list(ends)
    while edge and (depth is None or depth > 0):
        edge = list({u for i in edge for u in graph.vertices[i].operands if u is not None} - reached)
        reached.update(edge)
        depth = None if depth is None else depth - 1
    return reached
