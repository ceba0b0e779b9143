"""The layers of a network, found in its graph: where weights meet data, and what an activation then makes of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from .gradients import plain
from .walk import Graph, Vertex

WEIGHTED = {"linear", "matmul", "dot", "conv", "conv_transpose", "convolve_nd", "rnn", "lstm", "gru"}
"""Operations of a layer, by their names in the table, if one of their operands is a matrix of parameters."""

MOVES = {"transpose", "reshape", "swapaxes", "moveaxis", "astype"}
"""What parameters may go through on their way into an operation."""

SQUASHING = {"tanh", "sigmoid", "expit", "arctan"}
"""Activations that level off at both ends."""


@dataclass(frozen=True, eq=False)
class Part:
    """A layer with weights, or an activation.

    Attributes:
        name: the path of its ``nn`` module, or the name of its result, with its operation.
        vertex: its result.
        kind: ``layer``, ``rectifier`` or ``squashing``.
        before: what an activation was applied to.
        channels: the axis of its units.
        last: whether no further layer follows.
    """

    name: str
    vertex: Vertex
    kind: str
    before: Any = None
    channels: int = -1
    last: bool = False

    @property
    def gradient(self) -> Any:
        """The gradient of its result; ``None`` if no backward pass has computed it."""
        assert self.vertex.node is not None
        return plain(self.vertex.node.grad)


def parts_of(graph: Graph) -> list[Part]:
    """The layers and the activations of arrays, in the order of their creation."""
    found = list(_parts(graph))
    layers = [part.vertex.index for part in found if part.kind == "layer"]
    behind = _used_by(graph, layers)
    return [
        Part(p.name, p.vertex, p.kind, p.before, p.channels, last=p.vertex.index not in behind) for p in found
    ]  # fmt: skip


def _parts(graph: Graph) -> Iterator[Part]:
    channels: dict[int, int] = {}
    for vertex in graph.vertices:
        op = vertex.node.op if vertex.node is not None else None
        if op is None or not np.ndim(vertex.data):
            continue
        operands = [graph.vertices[u] for u in vertex.operands if u is not None]
        assert vertex.node is not None
        name = f"{vertex.node.scope or vertex.name} ({op.name})"
        for other in operands:
            channels.setdefault(vertex.index, channels.get(other.index, -1))
        if op.name in WEIGHTED and any(_is_weights(graph, other) for other in operands):
            channels[vertex.index] = 1 if op.name in ("conv", "conv_transpose", "convolve_nd") else -1
            yield Part(name, vertex, "layer", channels=channels[vertex.index])
        elif op.name in SQUASHING:
            yield Part(name, vertex, "squashing", operands[0].data, channels.get(vertex.index, -1))
        elif op.name == "relu" or (op.name == "maximum" and _with_zero(vertex)):
            before = next((other.data for other in operands if np.ndim(other.data)), vertex.data)
            yield Part(name, vertex, "rectifier", before, channels.get(vertex.index, -1))


def _is_weights(graph: Graph, vertex: Vertex) -> bool:
    """Whether it is a matrix that requires a gradient, as it is or moved."""
    while vertex.node is not None and vertex.node.op is not None and vertex.node.op.name in MOVES:
        moved = next((u for u in vertex.operands if u is not None), None)
        if moved is None:
            return False
        vertex = graph.vertices[moved]
    return not vertex.constant and vertex.node is not None and vertex.node.op is None and np.ndim(vertex.data) >= 2


def _with_zero(vertex: Vertex) -> bool:
    """Whether the other operand is a bare 0."""
    assert vertex.node is not None
    return any(u is None and x == 0 for u, x in zip(vertex.operands, vertex.node.inputs, strict=True))


def _used_by(graph: Graph, layers: list[int]) -> set[int]:
    """What leads to a layer, the layers themselves only if they lead to another."""
    reached: set[int] = set()
    for vertex in reversed(graph.vertices):
        if vertex.index in reached or vertex.index in layers:
            reached.update(u for u in vertex.operands if u is not None)
    return reached
