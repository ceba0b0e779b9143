"""micrograd's two functions for pictures, by their own names."""

from __future__ import annotations

from typing import Any

from autograd.errors import bad_argument
from autograd.graph import Node

from . import dot, render
from .paint import Wish, paint
from .tree import tree
from .walk import roots_of, walk


def draw_dot(root: Any, format: str = "svg", rankdir: str = "LR") -> Any:
    """Draw the graph behind a result as a ``graphviz.Digraph``: micrograd's function of this name.

    No ``dot`` needs to be installed; ``pipe`` and ``render`` use the renderer of :func:`draw_graph`.
    Operands used twice have two arrows, names are shown as they are, and the same graph gives the same
    picture each time.

    Args:
        root: a Value or a Tensor, or a list of them.
        format: what ``render`` writes: ``svg``, ``png``, ...
        rankdir: ``LR`` from left to right, or ``TB`` from top to bottom.

    Returns:
        The ``Digraph``; notebooks show it, ``.render("name")`` writes it.

    Raises:
        ArgumentError: ``root`` is no node, or ``rankdir`` is something else.
        RenderError: the package ``graphviz`` is not installed.

    Example:
        >>> from autograd import Value
        >>> digraph = draw_dot(Value(2.0) * 3)
        >>> digraph.format, "out" in digraph.source
        ('svg', True)
    """
    if rankdir not in ("LR", "TB"):
        raise bad_argument("draw_dot(root, rankdir=...)", "'LR' or 'TB'", repr(rankdir), "rankdir='LR'")
    picture = paint(roots_of(root, "draw_dot(root)"), Wish(direction=rankdir))
    return render.digraph(dot.statements(picture), format, tree(picture))


def trace(root: Any) -> tuple[list[Node], list[tuple[Node, Node]]]:
    """The nodes and edges behind a result: micrograd's function of this name.

    Args:
        root: a Value or a Tensor, or a list of them.

    Returns:
        The nodes, oldest first, and the edges as pairs (operand, result), one for each use.

    Raises:
        ArgumentError: ``root`` is no node.

    Example:
        >>> from autograd import Value
        >>> a = Value(2.0)
        >>> nodes, edges = trace(a * a)
        >>> len(nodes), len(edges)
        (2, 2)
    """
    graph = walk(roots_of(root, "trace(root)"))
    nodes = [v.node for v in graph.vertices if v.node is not None]
    return nodes, [(x, node) for node in nodes for x in node.inputs if isinstance(x, Node)]
