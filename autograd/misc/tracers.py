"""A function recorded once and run again on other numbers, and its graph for those who want to see it.

For drawing there is :mod:`viz`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, update_wrapper
from typing import Any

from .. import errors, trees
from ..graph import Node, ancestors, between, next_order
from ..tracer import Node as TracedNode
from ..tracer import trace
from ..variables import nodes, run, value_of, variable

__all__ = ["const_graph", "const_graph_unary", "full_graph"]


def const_graph_unary(fun: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A function of one argument that runs ``fun`` once, and from then on repeats the operations that it recorded.

    Python runs no more: branches and loops stay as they were for the first argument, and what did not depend on
    it is not computed again.

    Args:
        fun: a function of numbers, arrays, or dicts, lists and tuples of them, that returns the like.

    Returns:
        A function like ``fun``.

    Raises:
        ArgumentError: the result does not depend on the argument.

    Example:
        >>> calls = []
        >>> f = const_graph_unary(lambda x: calls.append(x) or x * x)
        >>> f(2.0), f(3.0), len(calls)
        (4.0, 9.0, 1)
    """
    recorded: list[tuple[list[Any], list[Node], Any]] = []

    def replay(x: Any) -> Any:
        if not recorded:
            result, seen, *graph = _record(fun, x)
            recorded.append((*graph, result))
            return value_of(result, seen)
        wrt, made, result = recorded[0]
        given = [x for _, x in trees.leaves(x)]
        now: dict[Node, Any] = dict(zip(wrt, given, strict=True))
        for node in made:
            assert node.op is not None
            now[node] = node.op(*[now.get(u, u) if isinstance(u, Node) else u for u in node.inputs], **node.attrs)
        result = trees.map_leaves(lambda y: now.get(y, y) if isinstance(y, Node) else y, result)
        return value_of(result, bool(nodes(given)))

    return replay


def _record(fun: Callable[[Any], Any], x: Any) -> tuple[Any, bool, list[Any], list[Node]]:
    """The result, whether it shall remember, the variables, and the operations from these to it, oldest first."""
    variables = trees.map_leaves(variable, x)
    result, _ = run(fun, (variables,), {}, next_order())
    wrt = nodes(variables)
    known = set(wrt)  # by identity, where a list would compare numbers
    made = [node for node in reversed(between(ancestors(nodes(result)), wrt)) if node not in known]
    if not made and known.isdisjoint(nodes(result)):
        raise errors.bad_argument(
            "const_graph(f)", "a function whose result depends on its argument", "one that does not", "f itself"
        )
    return result, bool(nodes(x)), wrt, made


def const_graph(fun: Callable[..., Any], *args: Any, **kwargs: Any) -> Callable[..., Any]:
    """The same for a function of several arguments, of which the first ones and those by name may be given already.

    Args:
        fun: the function.
        *args: its first arguments, which stay.
        **kwargs: its arguments by name, which stay.

    Returns:
        A function of the other arguments.

    Example:
        >>> f = const_graph(lambda x, y, z: x + y * z, 1.0, z=10.0)
        >>> f(2.0), f(3.0)
        (21.0, 31.0)
    """
    given = partial(fun, *args, **kwargs)
    replay = const_graph_unary(lambda rest: given(*rest))
    return update_wrapper(lambda *rest: replay(rest), fun, updated=())


def full_graph(fun: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """The last node of what ``fun(*args)`` did: each has ``value``, ``parents`` and ``recipe``.

    ``recipe`` is ``(operation, arguments, keyword arguments, [(position, parent), ...])``.

    Example:
        >>> full_graph(lambda x: x * x + 1.0, 3.0).value
        10.0
    """
    return trace(TracedNode.new_root(), lambda given: fun(*given, **kwargs), args)[1]
