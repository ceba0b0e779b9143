"""Trading time for memory: a part of the graph that is made again when the backward pass gets there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial, update_wrapper
from itertools import count, islice
from typing import Any

from . import errors, trees
from .assignment import original, variable_of
from .graph import (
    ATOM,
    Jointly,
    Node,
    Notation,
    Primitive,
    ancestors,
    context,
    is_recording,
    next_order,
    pullback,
    recording,
    remember,
)
from .rules.index import setitem
from .variables import check, nodes, originals, zero
from .watching import Watch


def stop_gradient(x: Any) -> Any:
    """The same numbers as constants: no derivative, of any order or mode, flows through them.

    Args:
        x: a Value, a Tensor, a number, an array, or dicts, lists and tuples of them.

    Returns:
        The same with every Value and Tensor detached.

    Example:
        >>> from autograd import grad
        >>> grad(lambda x: x * stop_gradient(x))(3.0)
        3.0
    """
    return trees.map_leaves(lambda leaf: leaf.detach() if isinstance(leaf, Node) else leaf, x)


def checkpoint(f: Callable[..., Any]) -> Callable[..., Any]:
    """A function like ``f`` that keeps no graph of what it does; the backward pass runs ``f`` again.

    Between its arguments and its results the graph has a single operation, so the memory of a long
    computation is that of its longest part, for the time of one more run (Griewank 1992). Derivatives of
    any order and mode are the same as those of ``f``: the derivative of a checkpoint is a checkpoint of the
    derivative.

    Args:
        f: a function without side effects, which gives the same results when it runs again. It may use
            Values and Tensors from outside, such as the parameters of a network, and these get their
            gradients too. Each Value or Tensor among several results runs it again by itself.

    Returns:
        A function with the arguments and results of ``f``.

    Raises:
        DtypeError: ``f`` is no function.
        ArgumentError: ``f`` uses two results from outside, and one was made from the other.
        MutationError: ``f`` assigns items of something from outside.

    Example:
        >>> from autograd import Value
        >>> x = Value(3.0)
        >>> y = checkpoint(lambda x: (x * x + 1) ** 2)(x)
        >>> y.inputs == (x,)
        True
        >>> y.backward()
        >>> x.grad
        120.0
    """
    check("checkpoint", f, 0, {})
    return update_wrapper(partial(_checkpoint, f), f, updated=())


def _checkpoint(f: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Any:
    """Run ``f`` on copies that hang on no graph, and record it as one operation for each result."""
    if not is_recording():
        return f(*args, **kwargs)
    given, born = (args, kwargs), next_order()
    result = _run(f, _with_leaves(given, [x._data for x in nodes(given)]))
    captured = _captured(result, born)
    places, since = count(), next_order()

    def record(y: Any) -> Any:
        place = next(places)
        if not isinstance(y, Node) or not y.requires_grad or y.order < born:
            return y
        attrs = {"f": f, "given": given, "captured": captured, "since": since, "place": place}
        watch, scope = context()
        node = remember(type(y), y._data, again, (*nodes(given), *captured), attrs, scope)
        if isinstance(watch, Watch):
            watch.made(node, again, node.inputs)
        return node

    return trees.map_leaves(record, result)


def _with(given: Any, xs: Iterable[Any]) -> Any:
    """The arguments with ``xs`` in the places of their nodes."""
    new = iter(xs)
    return trees.map_leaves(lambda x: next(new) if isinstance(x, Node) else x, given)


def _with_leaves(given: Any, data: Sequence[Any]) -> Any:
    """The arguments with new leaves in the places of their nodes, which hold ``data``."""
    pairs = zip(nodes(given), data, strict=False)  # what follows in data are the captured ones
    return _with(given, [variable_of(type(x), d, x.requires_grad) for x, d in pairs])


def _run(f: Callable[..., Any], given: Any) -> Any:
    """``f`` on the arguments, recorded."""
    args, kwargs = given
    with recording(True):
        return f(*args, **kwargs)


def _captured(result: Any, born: int) -> tuple[Node, ...]:
    """The nodes from outside that the result was made from."""
    inside = [node for node in ancestors(nodes(result)) if node.order > born]
    used = {x: None for node in inside for x in node.inputs if isinstance(x, Node)}
    captured = {x: None for x in used if x.requires_grad and x.order < born}
    for node in inside:
        if node.op is setitem and original(node).order < born:
            raise errors.writes_to_captured(original(node))
    made = [x for x in captured if x.op is not None] if len(captured) > 1 else []
    if any(len(captured.keys() & set(ancestors([x]))) > 1 for x in made):
        raise errors.depends_on_captured()
    return tuple(captured)


def _again(*data: Any, f: Any = None, given: Any = (), captured: Any = (), since: int = 0, place: int = 0) -> Any:
    """The numbers of the result in that place."""
    y = _result(_run(f, _with_leaves(given, data)), place)
    return y._data


def _result(result: Any, place: int) -> Any:
    """The leaf of the result in that place."""
    return next(islice((y for _, y in trees.leaves(result)), place, None))


def _back(f: Callable[..., Any], place: int, captured: Any, since: int, given: Any, g: Any) -> list[Any]:
    """Run ``f`` again, and pull the gradient of one result back to the nodes in the arguments and outside."""
    for x in captured:
        if x.order > since:
            raise errors.changed_for_checkpoint(x)
    y, record = _result(_run(f, given), place), isinstance(g, Node)
    wrt = [*nodes(originals(given)), *captured]
    found = pullback(y, g, wrt, record)
    return [found[x] if x in found else zero(x, record) for x in wrt]


def _rule(g: Any, y: Any, xs: Sequence[Any], f: Any, given: Any, captured: Any, since: int, place: int) -> list[Any]:
    """The gradient of each input; recorded, it is a checkpoint itself."""
    back = partial(_back, f, place, captured, since)
    if isinstance(y, Node):
        gradients: list[Any] = _checkpoint(back, _with(given, xs), g)
        return gradients
    return back(_with_leaves(given, xs), g)


def _notation(inputs: int) -> Notation:
    """``checkpoint(x, w)``, whatever the function does inside."""
    arguments = ", ".join(["{}"] * inputs)
    return Notation(f"checkpoint({arguments})", rf"\operatorname{{{{checkpoint}}}}({arguments})", ATOM)


again = Primitive(
    "checkpoint",
    _again,
    Jointly(
        lambda g, y, *xs, f=None, given=(), captured=(), since=0, place=0: _rule(
            g, y, xs, f, given, captured, since, place
        )
    ),
    notation=_notation,
)
"""The operation that a checkpointed function is recorded as. It is not in the table: its rule is that of ``f``."""
