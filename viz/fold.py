"""Folding: a graph that is too large to read becomes one with fewer, larger parts.

Parts are folded in this order until what is left is small enough: the operations of one ``nn`` module,
then blocks of operations that repeat, then chains, then everything that is farthest from the result. Every
step keeps the graph free of cycles, and takes linear time.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from .blocks import repeated
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


def fold(
    graph: Graph, limit: int | None = None, shown: Sequence[int] | None = None, collapse: str | int = "auto"
) -> list[Part]:
    """The parts of ``graph`` that are drawn as one box each.

    Args:
        graph: the graph.
        limit: at most so many; no limit if ``None``.
        shown: the vertices that are drawn at all, in order; all if not given.
        collapse: ``auto`` folds only what is too large; ``modules`` folds each module, a number those of that
            level; ``blocks`` folds what repeats.
    """
    shown = range(len(graph.vertices)) if shown is None else shown
    parts = [Part((i,)) for i in shown]
    if collapse == "blocks":
        parts = _blocks(graph, parts)
    elif collapse != "auto":
        parts = _modules(graph, parts, 1 if isinstance(collapse, str) else collapse)
    if limit is None:
        return parts
    parts = _to_size(graph, parts, limit)
    while len(parts) > 10 and _length(graph, parts) > LONGEST:
        parts = _farthest(graph, parts, len(parts) * 3 // 4)
    return parts


def _to_size(graph: Graph, parts: list[Part], limit: int) -> list[Part]:
    if len(parts) <= limit:
        return parts
    if all(len(part.members) == 1 for part in parts):
        for depth in range(max(_path(graph.vertices[part.members[0]]).count(".") + 1 for part in parts), 0, -1):
            folded = _modules(graph, parts, depth)
            if len(folded) <= limit:
                return folded
        parts = folded
    for step in (_blocks, _chains):
        parts = step(graph, parts)
        if len(parts) <= limit:
            return parts
    return _farthest(graph, parts, limit)


def links(graph: Graph, parts: Sequence[Part]) -> tuple[list[list[int]], list[list[int]]]:
    """For each part the parts that it uses, and the parts that use it; each once, in order."""
    home = {i: p for p, part in enumerate(parts) for i in part.members}
    sources: list[list[int]] = []
    targets: list[list[int]] = [[] for _ in parts]
    for p, part in enumerate(parts):
        used = (home[u] for i in part.members for u in graph.vertices[i].operands if u in home)
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


def _modules(graph: Graph, parts: Sequence[Part], depth: int) -> list[Part]:
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
    keys: list[Any] = [(m, stages[i]) if m else i for i, m in enumerate(modules)]
    return _gathered(graph, [part.members[0] for part in parts], keys, lambda key: key[0])


def _blocks(graph: Graph, parts: Sequence[Part]) -> list[Part]:
    """Fold the operations of each repeated block, with the leaves that only they use.

    What stands together in the order of creation may be folded: no way leads out of it and back into it.
    """
    single = [part.members[0] for part in parts if len(part.members) == 1]
    keys: list[Any] = list(range(len(graph.vertices)))
    titles: dict[Hashable, str] = {}
    for number, (members, title) in enumerate(_together(graph, parts, single)):
        titles["block", number] = title
        for i in members:
            keys[i] = "block", number
    folded = [part for part in parts if len(part.members) > 1]
    return sorted([*folded, *_gathered(graph, single, keys, titles.__getitem__)], key=lambda part: part.members[-1])


def _together(graph: Graph, parts: Sequence[Part], single: Sequence[int]) -> Iterator[tuple[list[int], str]]:
    """The repeated blocks into which no folded part reaches."""
    walls = sorted(i for part in parts if len(part.members) > 1 for i in part.members)
    for members, title in repeated(graph, single):
        if bisect_left(walls, members[0]) == bisect_left(walls, members[-1]):
            yield members, title


def _gathered(graph: Graph, shown: Sequence[int], keys: list[Any], title: Callable[[Any], str]) -> list[Part]:
    """One part for each key; a leaf that is used by one key alone, and a key of several, goes to it."""
    size = Counter(keys[i] for i in shown)
    users: dict[int, set[Hashable]] = {}
    for i in shown:
        for u in graph.vertices[i].operands:
            if u is not None:
                users.setdefault(u, set()).add(keys[i])
    for i in shown:
        if not any(u is not None for u in graph.vertices[i].operands) and len(users.get(i, ())) == 1:
            (user,) = users[i]
            if isinstance(user, tuple) or size[user] > 1:
                keys[i] = user
    members: dict[Hashable, list[int]] = {}
    for i in shown:
        members.setdefault(keys[i], []).append(i)
    return [Part(tuple(group), title(key) if len(group) > 1 else "") for key, group in members.items()]


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
