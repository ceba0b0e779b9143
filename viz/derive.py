"""Derivative formulas, derived and never typed: run an operation's rule on named symbols and read what it did.

The rule ``g * (1 - y * y)`` of tanh, run on a :class:`Symbol` each for ``g`` and ``y``, records the graph
of that expression, and :class:`Writer` writes the graph down. The engine's own backward loop runs the
rule, so the formula also has what the loop adds, such as the sum that undoes broadcasting.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from autograd import Value
from autograd.graph import Node, contributions, recording

from .symbol import INDICATORS, Symbol
from .text import numbers
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
    for attempt in (result, _with_plain_data(result)):
        operand = attempt.inputs[position]
        try:
            with recording(True):
                shares = {i: share for i, _, share in contributions(attempt, g, {operand}, record=True)}
            bare = [x for x, y in zip(result.inputs, attempt.inputs, strict=True) if x is not y]
            return with_names(shares.get(position), bare)
        except Exception:  # a rule may do anything to its arguments, and a picture must come about all the same
            continue
    return None


def _with_plain_data(result: Symbol) -> Symbol:
    """The same operation on the bare numbers of what has no rule of its own, such as the labels of a loss."""
    assert result.op is not None
    rules = result.op.rules
    inputs = tuple(
        x._data if isinstance(x, Symbol) and not result.op.is_joint and rules[i] is None else x
        for i, x in enumerate(result.inputs)
    )
    plain = Symbol.named(result.name, result._data, result.latex)
    plain.made_by(result.op, inputs, result.attrs)
    return plain


def with_names(expression: Any, sources: Sequence[Symbol]) -> Any:
    """The expression with a name for each array that its rules made from the bare numbers of ``sources`` alone."""
    stack, seen = [expression] if sources else [], set()
    while stack:
        part = stack.pop()
        if isinstance(part, Symbol) and part.op is not None and id(part) not in seen:
            seen.add(id(part))
            made = [_made_from(x, sources) if isinstance(x, np.ndarray) and x.ndim else x for x in part.inputs]
            part.made_by(part.op, tuple(made), part.attrs)
            stack += made
    return expression


def _made_from(x: Any, sources: Sequence[Symbol]) -> Symbol:
    """A name for an array that was made from ``sources``: ``one_hot(c)`` if that is what it is, else ``f(c)``."""
    for source in sources:
        labels = source._data
        if x is labels:
            return source
        hot = np.shape(x)[:-1] == np.shape(labels) and np.count_nonzero(x) == np.size(labels) == np.sum(x)
        if hot and np.array_equal(np.argmax(x, -1), labels):
            return Symbol.named(f"one_hot({source.name})", x, rf"\operatorname{{one\_hot}}({source.latex})")
    if len(sources) > 3:
        return Symbol.named("constants", x, r"\mathrm{constants}")
    names = ", ".join(source.name for source in sources)
    return Symbol.named(f"f({names})", x, rf"f({', '.join(source.latex for source in sources)})")


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
    return not any(np.ndim(numbers(v.data)) for v in (vertex, graph.vertices[operand]))


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
