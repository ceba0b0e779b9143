"""The gradient of a whole function as one formula, and as the program of its backward pass.

Both come from one thing: the graph, rebuilt from symbols, and the engine's backward pass run on it. What it
leaves behind is an expression in the symbols.
"""

from __future__ import annotations

from collections.abc import Container
from typing import Any

from autograd.graph import Node, pullback

from . import derive
from .symbol import Symbol
from .walk import Graph, Vertex


def on_symbols(graph: Graph, named: Container[int]) -> list[Symbol]:
    """The graph rebuilt from symbols, one for each vertex.

    Args:
        graph: the graph.
        named: the indices of the results that are called by their names; all others are written out.
    """
    symbols: list[Symbol] = []
    for v in graph.vertices:
        symbol = Symbol.named(v.name if v.index in named or not v.operands else "", v.data)
        if v.operands and v.node is not None and v.node.op is not None:
            inputs = tuple(_input(symbols, graph, v, position, place) for position, place in enumerate(v.operands))
            symbol.made_by(v.node.op, inputs, v.node.attrs)
        symbols.append(symbol)
    return symbols


def _input(symbols: list[Symbol], graph: Graph, v: Vertex, position: int, place: int | None) -> Any:
    """An operand as a symbol; bare if it is a number, or if its operation cannot be run on a symbol of it."""
    if place is None:
        return v.literal(position)
    assert v.node is not None
    assert v.node.op is not None
    op = v.node.op
    bare = not op.is_joint and op.rules[position] is None and graph.vertices[place].constant
    return graph.vertices[place].data if bare else symbols[place]


def gradient_on(symbols: list[Symbol], graph: Graph, output: Vertex, wrt: Vertex) -> Any:
    """The gradient of ``output`` as an expression in the symbols; ``None`` if a rule cannot be written down."""
    root, x = symbols[output.index], symbols[wrt.index]
    try:
        gradients = pullback(root, derive.one(output), [x], record=True)
    except Exception:  # a rule may do anything to its arguments
        return None
    return derive.with_names(gradients.get(x, 0), [symbols[v.index] for v in graph.vertices if v.constant])


def recorded(output: Node, wrt: Node, seed: Any) -> Any:
    """The gradient as the engine records it, for rules that cannot be run on symbols."""
    return pullback(output, seed, [wrt], record=True).get(wrt, 0.0)
