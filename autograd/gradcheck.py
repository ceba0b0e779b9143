"""Gradient checks that say which element is wrong, how far off it is, and which rule did it.

The witness is the central difference of fourth order, ``(8 (f(x+h) - f(x-h)) - (f(x+2h) - f(x-2h))) / 12h``,
whose error is of the order ``h**4`` (Fornberg 1988, table 1): with ``h = 1e-3`` it knows about eleven
digits of a smooth function. By a complex number there are two differences, along 1 and along i, and the
gradient is the first minus i times the second.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from . import errors, trees
from .graph import Node, Primitive, ancestors, contributions, pullback, recording
from .rules.parts import is_complex
from .tensor import Tensor
from .transforms import grad
from .value import Value
from .variables import one

STEP = 1e-3


class Fault(NamedTuple):
    """A rule that disagrees with differences: the row, the argument, and the worst element.

    Where the rule gives the right numbers but has a wrong derivative itself, ``by`` says by what.
    """

    op: Primitive
    argument: int
    element: tuple[int, ...]
    expected: complex
    got: complex
    by: str = ""


def check_grads(f: Callable[..., Any], *args: Any, order: int = 2, rtol: float = 1e-6, atol: float = 1e-6) -> None:
    """Compare the gradients of ``f`` at ``args`` with central differences, up to the given order.

    A result that is not a scalar is weighted, element by element, with fixed numbers and summed, so that
    every element counts and none cancels.

    Args:
        f: a function of numbers and arrays that returns Tensors or Values: one, or a dict, list or tuple.
        *args: where to check: floats, float arrays (real or complex), Values, Tensors, or dicts, lists and
            tuples of them. Arrays are checked in double precision.
        order: the highest order of derivative to check.
        rtol: relative tolerance.
        atol: absolute tolerance.

    Raises:
        ArgumentError: no arguments, a function without results, or an order below 1.
        DtypeError: ``f`` is no function.
        GradientError: an element differs by more than ``atol + rtol * |difference|``. The message names the
            argument, the element, both numbers, and the rule of the table that is wrong, if one is.

    Example:
        >>> check_grads(lambda x, w: np.tanh(x @ w), np.ones((2, 3)), np.full((3, 2), 0.1))
    """
    if not callable(f):
        raise errors.not_a_function("check_grads", errors.describe(f))
    if not isinstance(order, int) or order < 1:
        raise errors.bad_argument(f"check_grads(f, x, order={order!r})", "an order from 1", repr(order), "order=2")
    if not args:
        raise errors.bad_argument("check_grads(f)", "where to check f", "no arguments", "check_grads(f, np.ones(3))")
    leaves = [(f"argument {i}{path}", _exact(x)) for i, arg in enumerate(args) for path, x in trees.leaves(arg)]

    def weighted(*xs: Any) -> Any:
        remaining = iter(xs)
        return weigh(f(*[trees.map_leaves(lambda _: next(remaining), arg) for arg in args]))

    _check(weighted, leaves, order, rtol, atol)


def _check(
    f: Callable[..., Any], leaves: list[tuple[str, Any]], last: int, rtol: float, atol: float, *before: Any
) -> None:
    """Check the gradient of the scalar function ``f``, then that gradient's own, weighted to a scalar.

    ``before`` are the functions of lower order, the last one first.
    """
    order = 1 + len(before)
    xs = [x for _, x in leaves]
    gradient = grad(f, tuple(range(len(xs))))
    for k, ((path, x), got) in enumerate(zip(leaves, gradient(*xs), strict=True)):
        got = np.asarray(_data(got))
        expected = _difference(partial(_at, f, xs, k), x)
        wrong = ~np.isclose(got, expected, rtol=rtol, atol=atol, equal_nan=True)
        if np.any(wrong):
            element = _worst(wrong, got, expected)
            fault = find_fault(f, xs) or next(filter(None, (find_fault(g, xs, deeper=True) for g in before)), None)
            raise _failure(path, order, element, expected[element].item(), got[element].item(), fault)
    if order < last:
        _check(lambda *moved: weigh(gradient(*moved)), leaves, last, rtol, atol, f, *before)


def _at(f: Callable[..., Any], xs: list[Any], k: int, moved: Any) -> Any:
    """The number ``f(*xs)`` with ``moved`` in the ``k``-th place."""
    return _data(f(*xs[:k], moved, *xs[k + 1 :]))


def find_fault(f: Callable[..., Any], xs: list[Any], deeper: bool = False) -> Fault | None:
    """The oldest operation in the graph of ``f(*xs)`` whose rule disagrees with differences, if there is one.

    Args:
        f: a scalar function.
        xs: its arguments.
        deeper: look for a rule whose own derivative disagrees, such as one that takes data out of the graph.
    """
    with recording(True):
        y = f(*[x if isinstance(x, Node) else Tensor(x) for x in xs])
    look = _deeper_fault if deeper else _fault
    for node in reversed(ancestors([y])):
        for argument, x in enumerate(node.inputs):
            if isinstance(x, Node) and x.requires_grad and (fault := look(node, argument)):
                return fault
    return None


def _fault(node: Node, argument: int) -> Fault | None:
    """Compare one rule of one recorded operation with differences of that operation alone."""
    op, attrs = node.op, node.attrs
    assert op is not None
    data = [x._data if isinstance(x, Node) else x for x in node.inputs]
    forward = op.scalar if isinstance(node, Value) else op.array
    if forward is None or op.rules[argument] is None:
        return None
    g, weights = _gradient_of(node), _weights(node._data)
    got = np.asarray(_share(node, argument, g))
    expected = _difference(
        lambda moved: np.sum(
            np.real(weights * forward(*data[:argument], _data(moved), *data[argument + 1 :], **attrs))
        ),
        node.inputs[argument],
    )
    return _disagreement(op, argument, expected, got)


def _deeper_fault(node: Node, argument: int) -> Fault | None:
    """Compare the derivative of one rule, by each input and by ``g``, with differences of that rule."""
    op, attrs = node.op, node.attrs
    assert op is not None
    if op.rules[argument] is None:
        return None

    def rule(g: Any, *inputs: Any) -> Any:
        tracked = [type(x)._leaf(x._data) if isinstance(x, Node) and not x.requires_grad else x for x in inputs]
        with recording(True):
            return weigh(_share(op(*tracked, **attrs), argument, g, record=True))

    fresh = [type(x)._leaf(x._data) if isinstance(x, Node) and x.requires_grad else x for x in node.inputs]
    args = [type(node)._leaf(_gradient_of(node)), *fresh]
    for k, x in enumerate(args):
        if isinstance(x, Node) and x.requires_grad:
            share = rule(*args)
            found = pullback(share, one(share), [x]) if isinstance(share, Node) else {}
            got = np.asarray(found.get(x, np.zeros(np.shape(x._data))))
            expected = _difference(partial(_at, rule, args, k), x)
            if fault := _disagreement(op, argument, expected, got):
                return fault._replace(by=f"argument {k - 1}" if k else "g")
    return None


def _share(node: Node, argument: int, g: Any, record: bool = False) -> Any:
    """What one rule of a recorded operation makes of the gradient ``g``."""
    return next(share for i, _, share in contributions(node, g, record=record) if i == argument)


def _gradient_of(node: Node) -> Any:
    """Fixed weights in the form of a gradient of ``node``."""
    weights = _weights(node._data)
    return weights.item() if isinstance(node, Value) else weights.astype(node._data.dtype)


def _disagreement(op: Primitive, argument: int, expected: Any, got: Any) -> Fault | None:
    wrong = ~np.isclose(got, expected, rtol=1e-5, atol=1e-6, equal_nan=True)
    if not np.any(wrong):
        return None
    element = _worst(wrong, got, expected)
    return Fault(op, argument, element, expected[element].item(), got[element].item())


def _difference(f: Callable[[Any], Any], x: Any) -> Any:
    """The central difference of the scalar function ``f`` for each element of ``x``."""
    at: Any = np.array(_data(x), dtype=np.complex128 if is_complex(x) else np.float64)
    gradient: Any = np.zeros_like(at)
    kind = type(x) if isinstance(x, Node) else None

    def moved(index: tuple[int, ...], step: complex) -> float:
        there = at.copy()
        there[index] += step
        value: Any = there.item() if kind is Value else there
        return float(f(kind._leaf(value, requires_grad=False) if kind else value))

    for index in np.ndindex(at.shape):
        h = STEP * max(1.0, float(abs(at[index])))
        for unit in (1, 1j) if is_complex(at) else (1,):
            near = moved(index, h * unit) - moved(index, -h * unit)
            far = moved(index, 2 * h * unit) - moved(index, -2 * h * unit)
            gradient[index] += (8 * near - far) / (12 * h * unit)
    return gradient


def _exact(x: Any) -> Any:
    """``x`` as a fresh node in double precision; a Value stays a Value."""
    if isinstance(x, Value):
        return Value(float(x._data))
    double = {"f": np.float64, "c": np.complex128}.get(np.asarray(_data(x)).dtype.kind)
    return Tensor(_data(x), dtype=double) if double else x


def _data(x: Any) -> Any:
    return x._data if isinstance(x, Node) else x


def _weights(y: Any) -> Any:
    """Fixed, unequal, nonzero weights for the elements of a result; complex ones if it is, so that both parts count."""
    places = np.arange(np.size(y)).reshape(np.shape(y))
    weights = 1 + 0.5 * np.cos(1 + places)
    return weights * np.exp(1j * (1 + places)) if is_complex(y) else weights


def weigh(result: Any) -> Any:
    """All elements of a result, weighted and summed to one scalar."""
    parts = [y for _, y in trees.leaves(result)]
    if not parts or not all(isinstance(y, (Node, int, float, complex, np.ndarray, np.generic)) for y in parts):
        got = f"{type(result).__name__}: {result!r}"
        raise errors.bad_argument("check_grads of a function without results", "a result", got, "return y")
    return _total(y * _weights(0.0).item() if isinstance(y, Value) else _sum(y * _weights(y)) for y in parts)


def _sum(y: Any) -> Any:
    """The sum of all elements, or of their real parts."""
    return np.sum(np.real(y) if is_complex(y) else y)


def _total(parts: Iterator[Any]) -> Any:
    total = next(parts)
    for part in parts:
        total = total + part
    return total


def _worst(wrong: Any, got: Any, expected: Any) -> tuple[int, ...]:
    """The index of the wrong element that is furthest off; a missing number is the furthest."""
    distance = np.where(wrong, np.nan_to_num(np.abs(got - expected), nan=np.inf, posinf=np.inf), -1)
    return tuple(int(i) for i in np.unravel_index(np.argmax(distance), distance.shape))


def _failure(
    path: str, order: int, element: tuple[int, ...], expected: complex, got: complex, fault: Fault | None
) -> errors.GradientError:
    where = f", element {element}" if element else ""
    return errors.GradientError(
        errors.message(
            f"check_grads: derivative of order {order}, {path}{where}",
            f"{expected:.10g} by central differences",
            f"{got:.10g}, off by {abs(got - expected):.3g}"
            + (f", a factor of {got / expected:.6g}" if expected else ""),
            blame(fault),
        )
    )


def blame(fault: Fault | None) -> str:
    """What to look at: the rule that is wrong, or what else may make a gradient differ."""
    if fault is None:
        return (
            "every rule is right by itself: look for a kink at this place, such as abs or max has, where differences "
            "mean nothing, and move the argument away from it; else for data that f changes, or takes out of the graph"
        )
    at = f" at element {fault.element}" if fault.element else ""
    whose = f", which gives the right numbers; but its own derivative by {fault.by}" if fault.by else ""
    doubt = (
        "; look for a kink at this place first, where differences mean nothing, then for data that the rule "
        "takes out of the graph"
    )
    return (
        f"the rule of {fault.op.name!r} for argument {fault.argument}{whose}{at}: "
        f"differences say {fault.expected:.10g}, the rule {fault.got:.10g}{doubt if fault.by or not fault.got else ''}"
    )
