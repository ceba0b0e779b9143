"""What the gradients in a picture are: those of the result that is drawn, or what earlier passes left behind."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from autograd.errors import ChainruleError
from autograd.graph import Node, pullback
from autograd.rules.exact import is_exact

from .text import clip, number
from .walk import Graph

AS_IT_STANDS = ".grad as it stands"
"""Said of gradients that do not come from one backward pass of the result alone."""


def plain(x: Any) -> Any:
    """A gradient without its graph, and of all examples of a batch."""
    data = x._data if isinstance(x, Node) else x
    return getattr(data, "whole", data)


def nonzero(gradient: Any) -> bool:
    """Whether a backward pass has left something here."""
    gradient = plain(gradient)
    if gradient is None or isinstance(gradient, (int, float)):  # quick, for graphs of many Values
        return bool(gradient)
    return bool(np.any(np.asarray(gradient) != 0))


class Meaning(NamedTuple):
    """What gradients are: in words, and whether they are those of the result after a pass."""

    words: str
    known: bool


def meaning(graph: Graph) -> Meaning:
    """What ``.grad`` holds in this graph, found by one backward pass that leaves nothing behind.

    It is the gradient of the result if the result has the gradient 1 and every other node what that pass
    gives, or if no pass has come by at all; a number may have another gradient, by which all are multiplied.
    A second pass without ``zero_grad()``, or a pass from another result, leaves something else.
    """
    nodes = [v.node for v in graph.vertices if v.node is not None and v.node.requires_grad]
    root = graph.vertices[graph.roots[0]]
    if not any(nonzero(node.grad) for node in nodes):
        return Meaning(f"gradient of {clip(root.name, 24) if len(graph.roots) == 1 else 'the output'}", False)
    assert root.node is not None
    seed = plain(root.node.grad)
    if len(graph.roots) > 1 or seed is None or (np.ndim(seed) and not np.all(np.asarray(seed) == 1)):
        return Meaning(AS_IT_STANDS, False)
    try:
        gradients = pullback(root.node, seed)
    except (ChainruleError, ArithmeticError, ValueError):
        return Meaning(AS_IT_STANDS, False)
    if all(_agree(plain(node.grad), plain(gradients.get(node))) for node in nodes):
        times = "" if np.all(np.asarray(seed) == 1) else f", times {number(seed)}"
        return Meaning(f"gradient of {clip(root.name, 24)}{times}", True)
    return Meaning(AS_IT_STANDS, False)


def _agree(found: Any, expected: Any) -> bool:
    """Whether two gradients are the same but for rounding; nothing at all is 0."""
    if found is None or expected is None:
        return not nonzero(found) and not nonzero(expected)
    if is_exact(found) or is_exact(expected):
        return bool(found == expected)
    if isinstance(found, (int, float)) and isinstance(expected, (int, float)):
        return math.isclose(found, expected, rel_tol=1e-6) or (math.isnan(found) and math.isnan(expected))
    return np.shape(found) == np.shape(expected) and np.allclose(found, expected, rtol=1e-6, atol=0, equal_nan=True)
