"""Folding: a graph that is too large to read becomes one with fewer, larger parts.

Parts are folded in this order until what is left is small enough: the operations of one ``nn`` module,
then chains of operations, then everything that is farthest from the result. Every step keeps the graph
free of cycles, and takes linear time.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

from .walk import Graph, Vertex


@dataclass(frozen=True)
class Part:
    """Some vertices that are drawn as one box.

    Attributes:
        members: their indices, oldest first.
        title: what they are together; ``""`` for a vertex that stands for itself.
    """

    members: tuple[int, ...]
    title: str = ""


LONGEST = 1200
"""How many ranks all arrows may cross together. A layout takes time with the length of arrows: about 1 s for this,
and a minute for 5 times as much."""


def fold(graph: Graph, limit: int | None) -> list[Part]:
    """The parts of ``graph``, at most ``limit`` of them (no limit if ``None``)."""
    parts = [Part((v.index,)) for v in graph.vertices]
    if limit is None:
        return parts
    parts = _to_size(graph, parts, limit)
    while len(parts) > 10 and _length(graph, parts) > LONGEST:
        parts = _farthest(graph, parts, len(parts) * 3 // 4)
    return parts


def _to_size(graph: Graph, parts: list[Part], limit: int) -> list[Part]:
    if len(parts) <= limit:
        return parts
    for depth in range(max(_path(v).count(".") + 1 for v in graph.vertices), 0, -1):
        parts = _modules(graph, depth)
        if len(parts) <= limit:
            return parts
    parts = _chains(graph, parts)
    return parts if len(parts) <= limit else _farthest(graph, parts, limit)


def links(graph: Graph, parts: Sequence[Part]) -> tuple[list[list[int]], list[list[int]]]:
    """For each part the parts that it uses, and the parts that use it; each once, in order."""
    home = {i: p for p, part in enumerate(parts) for i in part.members}
    sources: list[list[int]] = []
    targets: list[list[int]] = [[] for _ in parts]
    for p, part in enumerate(parts):
        used = (home[u] for i in part.members for u in graph.vertices[i].operands if u is not None)
        sources.append(list(dict.fromkeys(q for q in used if q != p)))
        for q in sources[p]:
            targets[q].append(p)
    return sources, targets


def ranks(sources: Sequence[Sequence[int]], targets: Sequence[Sequence[int]]) -> list[int]:
    """How many steps each part is away from the start, along the longest way."""
    waiting = [len(used) for used in sources]
    rank = [0] * len(sources)
    ready = [p for p, n in enumerate(waiting) if not n]
    while ready:
        p = ready.pop()
        for q in targets[p]:
            rank[q] = max(rank[q], rank[p] + 1)
            waiting[q] -= 1
            if not waiting[q]:
                ready.append(q)
    return rank


def _length(graph: Graph, parts: Sequence[Part]) -> int:
    """How many ranks the arrows between the parts cross together."""
    sources, targets = links(graph, parts)
    rank = ranks(sources, targets)
    return sum(rank[p] - rank[q] for p, used in enumerate(sources) for q in used)


def _path(vertex: Vertex) -> str:
    """The module that was running when an operation made this vertex."""
    return vertex.node.scope if vertex.node is not None and vertex.node.inputs else ""


def _gather(indices: Iterable[int], key: Callable[[int], Hashable], title: Callable[[int], str]) -> list[Part]:
    """One part for each key, in the order of first appearance."""
    members: dict[Hashable, list[int]] = {}
    for i in indices:
        members.setdefault(key(i), []).append(i)
    return [Part(tuple(group), title(group[-1]) if len(group) > 1 else "") for group in members.values()]


def _modules(graph: Graph, depth: int) -> list[Part]:
    """Fold the operations of each module, seen to ``depth`` levels of its path.

    A stage counts how often the way to a vertex has entered another module. Parts are the operations of
    one module at one stage: no way leads out of a part and back into it. Parameters and constants that
    only one part uses belong to it.
    """
    modules = [".".join(_path(v).split(".")[:depth]) for v in graph.vertices]
    stages: list[int] = []
    for v in graph.vertices:
        stage = 0
        for u in v.operands:
            if u is not None and u < v.index:
                stage = max(stage, stages[u] + (modules[u] != modules[v.index] or not modules[u]))
        stages.append(stage)
    keys: list[Hashable] = [(m, stages[i]) if m else i for i, m in enumerate(modules)]
    users: dict[int, set[Hashable]] = {}
    for v in graph.vertices:
        for u in v.operands:
            if u is not None:
                users.setdefault(u, set()).add(keys[v.index])
    for v in graph.vertices:
        if not any(u is not None for u in v.operands) and len(users.get(v.index, ())) == 1:
            (user,) = users[v.index]
            if isinstance(user, tuple):
                keys[v.index] = user
    return _gather(range(len(keys)), lambda i: keys[i], lambda i: modules[i])


def _chains(graph: Graph, parts: Sequence[Part]) -> list[Part]:
    """Fold runs of parts in which each uses only the one before, and is used only by the one after."""
    sources, targets = links(graph, parts)
    inner = [len(sources[p]) == len(targets[p]) == 1 for p in range(len(parts))]
    folded: list[Part] = []
    for p, part in enumerate(parts):
        if not inner[p]:
            folded.append(part)
        elif not inner[sources[p][0]]:
            run = [p]
            while inner[targets[run[-1]][0]]:
                run.append(targets[run[-1]][0])
            members = tuple(sorted(i for q in run for i in parts[q].members))
            folded.append(part if len(run) == 1 else Part(members, "a chain"))
    return folded


def _farthest(graph: Graph, parts: Sequence[Part], limit: int) -> list[Part]:
    """Keep the parts nearest to the result, by their longest way to it, and fold all others into one.

    What a folded part uses is farther still, so that it is folded too.
    """
    sources, targets = links(graph, parts)
    distance = ranks(targets, sources)
    order = sorted(range(len(parts)), key=lambda p: (distance[p], -parts[p].members[-1]))
    kept = sorted(order[: max(limit - 1, 1)])
    rest = sorted(i for p in order[max(limit - 1, 1) :] for i in parts[p].members)
    return [Part(tuple(rest), "farther back"), *(parts[p] for p in kept)]
