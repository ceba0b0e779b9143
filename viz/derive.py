"""Derivative formulas, derived and never typed: run an operation's rule on named symbols and read what it did.

The rule ``g * (1 - y * y)`` of tanh, run on a :class:`Symbol` each for ``g`` and ``y``, records the graph
of that expression, and :class:`Writer` writes the graph down. The engine's own backward loop runs the
rule, so the formula also has what the loop adds, such as the sum that undoes broadcasting.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from autograd import Value
from autograd.graph import Node, contributions, recording

from .symbol import INDICATORS, Symbol
from .walk import Graph, Vertex


def symbolic(graph: Graph, vertex: Vertex) -> Symbol:
    """The operation that made ``vertex``, on one symbol for each use of an operand."""
    node = vertex.node
    assert node is not None
    inputs = [
        vertex.literal(i) if place is None else Symbol.named(graph.vertices[place].name, graph.vertices[place].data)
        for i, place in enumerate(vertex.operands)
    ]
    result = Symbol.named(vertex.name, vertex.data)
    result.made_by(node.op, tuple(inputs), node.attrs)
    return result


def pulled_back(result: Symbol, position: int, g: Any) -> Any:
    """What the rule of one operand makes of the gradient ``g`` of the result: an expression or a number.

    Returns:
        A symbol, a number, or ``None`` if the rule does something that cannot be written down.
    """
    operand = result.inputs[position]
    try:
        with recording(True):
            shares = {i: share for i, _, share in contributions(result, g, {operand}, record=True)}
            return shares.get(position)
    except Exception:  # a rule may do anything to its arguments, and a picture must come about all the same
        return None


def local_derivative(vertex: Vertex, position: int) -> Any:
    """The number ∂result/∂operand: the rule with ``g = 1``; NaN where it has none.

    For arrays it is what the rule makes of ones, before broadcasting is undone.
    """
    node = vertex.node
    assert node is not None
    assert node.op is not None
    rule = node.op.rules[position]
    if rule is None:
        return 0.0
    g, y, args = node._arguments(ones(vertex), record=False)
    try:
        with np.errstate(all="ignore"):
            share = rule(g, y, *args, **node.attrs)
            return share._data if isinstance(share, Node) else share
    except (ArithmeticError, ValueError):
        return math.nan


def ones(vertex: Vertex) -> Any:
    """The gradient of a result by itself."""
    return vertex.node._like(1) if isinstance(vertex.node, Value) else np.ones_like(vertex.data)


def one(vertex: Vertex) -> Any:
    """The same for a rule that is run on symbols."""
    return 1.0 if isinstance(vertex.node, Value) else Symbol.named("1", ones(vertex), "1")


def is_number(graph: Graph, vertex: Vertex, position: int) -> bool:
    """Whether the local derivative is a number: of one number by another, be they Values or Tensors of shape ()."""
    operand = vertex.operands[position]
    assert operand is not None
    return not np.ndim(vertex.data) and not np.ndim(graph.vertices[operand].data)


def indicators(x: Any) -> Iterator[Symbol]:
    """The comparisons in an expression."""
    stack = [x]
    while stack:
        part = stack.pop()
        if isinstance(part, Symbol) and not part.name:
            if part.op in INDICATORS:
                yield part
            stack.extend(reversed(part.inputs))


def named(x: Any) -> Iterator[Symbol]:
    """The named symbols in an expression, from left to right, each name once."""
    stack, seen = [x], set()
    while stack:
        part = stack.pop()
        if not isinstance(part, Symbol):
            continue
        if not part.name:
            stack.extend(reversed(part.inputs))
        elif part.name not in seen:
            seen.add(part.name)
            yield part
