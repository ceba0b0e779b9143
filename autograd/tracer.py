"""What HIPS autograd's tracer is asked for: whether something is recorded, its plain value, and what a function did.

HIPS wraps numbers in boxes while a function runs, and tells a node class of yours about each operation as it
happens. Here the graph is data, so that a node class is told afterwards, by walking over it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from . import graph, trees
from .operations import primitive
from .variables import nodes, number, run, value_of, variable

__all__ = ["Box", "Node", "getval", "isbox", "notrace_primitive", "primitive", "trace"]

Box = graph.Node
"""What remembers how it was made: a Value or a Tensor. For ``isinstance``."""


def isbox(x: Any) -> bool:
    """Whether ``x`` remembers how it was made.

    Example:
        >>> from autograd import Value
        >>> isbox(Value(2.0)), isbox(2.0)
        (True, False)
    """
    return isinstance(x, graph.Node)


def getval(x: Any) -> Any:
    """``x`` without its graph: a plain number or array, also in dicts, lists and tuples.

    Example:
        >>> from autograd import Tensor
        >>> getval(Tensor([1.0, 2.0])), getval(3)
        (array([1., 2.]), 3)
    """
    if isinstance(x, graph.Node):
        return number(x._data)
    return value_of(x, seen=False) if nodes(x) else x


def notrace_primitive(f: Callable[..., Any]) -> Callable[..., Any]:
    """A function that is given plain numbers and arrays, and passes no gradient.

    Example:
        >>> from autograd import grad
        >>> import numpy as np
        >>> rounded = notrace_primitive(lambda x: np.round(x))
        >>> grad(lambda x: x * rounded(x))(2.6)
        3.0
    """

    def plain(*args: Any, **kwargs: Any) -> Any:
        return f(*map(getval, args), **{name: getval(x) for name, x in kwargs.items()})

    return update_wrapper(plain, f, updated=()) if hasattr(f, "__name__") else plain


class Node:
    """The parent of node classes for :func:`trace`: what such a class is told.

    A class of yours has ``__init__(self, value, fun, args, kwargs, parent_argnums, parents)``, called for each
    operation, and ``initialize_root(self, *args)`` for the argument.
    """

    def __init__(
        self,
        value: Any,
        fun: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        parent_argnums: tuple[int, ...],
        parents: tuple[Any, ...],
    ) -> None:
        self.value, self.parents = value, parents
        self.recipe = (fun, args, kwargs, list(zip(parent_argnums, parents, strict=True)))

    def initialize_root(self, *args: Any, **kwargs: Any) -> None:
        """Make the node of the argument."""
        self.value, self.parents, self.recipe = None, (), (lambda x: x, (), {}, [])

    @classmethod
    def new_root(cls, *args: Any, **kwargs: Any) -> Any:
        """The node of the argument."""
        root = cls.__new__(cls)
        root.initialize_root(*args, **kwargs)
        return root


def trace(start_node: Any, fun: Callable[[Any], Any], x: Any) -> tuple[Any, Any]:
    """Run a function of one argument, and tell the class of ``start_node`` what it did.

    Args:
        start_node: the node of the argument, from ``new_root``.
        fun: a function of ``x``.
        x: a number, an array, or dicts, lists and tuples of them, which have one node together.

    Returns:
        ``(fun(x), the node of the result)``, or ``None`` for the node if the result does not depend on ``x``.

    Example:
        >>> value, end = trace(Node.new_root(), lambda x: (x + 1.0) * x, 2.0)
        >>> value, end.recipe[0], len(end.parents)
        (6.0, <row multiply>, 2)
    """
    born = graph.next_order()
    variables = trees.map_leaves(variable, x)
    result, seen = run(fun, (variables,), {}, born)
    told: dict[graph.Node, Any] = dict.fromkeys(nodes(variables), start_node)
    for node in reversed(graph.between(graph.ancestors(nodes(result)), nodes(variables))):
        if node not in told:
            parents = [(i, told[u]) for i, u in enumerate(node.inputs) if isinstance(u, graph.Node) and u in told]
            args = tuple(getval(u) for u in node.inputs)
            argnums, above = zip(*parents, strict=True)
            told[node] = type(start_node)(getval(node), node.op, args, dict(node.attrs), argnums, above)
    last = max((y for y in nodes(result) if y in told), key=lambda y: y.order, default=None)
    return value_of(result, seen), None if last is None else told[last]
