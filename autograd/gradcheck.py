"""Gradient checks that say which element is wrong, how far off it is, and which rule did it.

The witness is the central difference of fourth order, ``(8 (f(x+h) - f(x-h)) - (f(x+2h) - f(x-2h))) / 12h``,
whose error is of the order ``h**4`` (Fornberg 1988, table 1): with ``h = 1e-3`` it knows about eleven
digits of a smooth function.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from . import errors, trees
from .graph import Node, Primitive, ancestors, contributions, recording
from .tensor import Tensor
from .transforms import grad
from .value import Value

STEP = 1e-3


class Fault(NamedTuple):
    """A rule that disagrees with differences: the row, the argument, and the worst element."""

    op: Primitive
    argument: int
    element: tuple[int, ...]
    expected: float
    got: float


def check_grads(f: Callable[..., Any], *args: Any, order: int = 2, rtol: float = 1e-6, atol: float = 1e-6) -> None:
    """Compare the gradients of ``f`` at ``args`` with central differences, up to the given order.

    A result that is not a scalar is weighted, element by element, with fixed numbers and summed, so that
    every element counts and none cancels.

    Args:
        f: a function of numbers and arrays that returns Tensors or Values: one, or a dict, list or tuple.
        *args: where to check: floats, float arrays, Values, Tensors, or dicts, lists and tuples of them.
            Arrays are checked in float64.
        order: the highest order of derivative to check.
        rtol: relative tolerance.
        atol: absolute tolerance.

    Raises:
        ArgumentError: no arguments, or a function without results.
        GradientError: an element differs by more than ``atol + rtol * |difference|``. The message names the
            argument, the element, both numbers, and the rule of the table that is wrong, if one is.

    Example:
        >>> check_grads(lambda x, w: np.tanh(x @ w), np.ones((2, 3)), np.full((3, 2), 0.1))
    """
    if not args:
        raise errors.bad_argument("check_grads(f)", "where to check f", "no arguments", "check_grads(f, np.ones(3))")
    leaves = [(f"argument {i}{path}", _exact(x)) for i, arg in enumerate(args) for path, x in trees.leaves(arg)]

    def weighted(*xs: Any) -> Any:
        remaining = iter(xs)
        return _weigh(f(*[trees.map_leaves(lambda _: next(remaining), arg) for arg in args]))

    _check(weighted, leaves, 1, order, rtol, atol)


def _check(
    f: Callable[..., Any], leaves: list[tuple[str, Any]], order: int, last: int, rtol: float, atol: float
) -> None:
    """Check the gradient of the scalar function ``f``, then that gradient's own, weighted to a scalar."""
    xs = [x for _, x in leaves]
    gradient = grad(f, tuple(range(len(xs))))
    for k, ((path, x), got) in enumerate(zip(leaves, gradient(*xs), strict=True)):
        got = np.asarray(_data(got))
        expected = _difference(partial(_at, f, xs, k), x)
        wrong = ~np.isclose(got, expected, rtol=rtol, atol=atol, equal_nan=True)
        if np.any(wrong):
            element = _worst(wrong, got, expected)
            raise _failure(path, order, element, float(expected[element]), float(got[element]), find_fault(f, xs))
    if order < last:
        _check(lambda *moved: _weigh(gradient(*moved)), leaves, order + 1, last, rtol, atol)


def _at(f: Callable[..., Any], xs: list[Any], k: int, moved: Any) -> Any:
    """The number ``f(*xs)`` with ``moved`` in the ``k``-th place."""
    return _data(f(*xs[:k], moved, *xs[k + 1 :]))


def find_fault(f: Callable[..., Any], xs: list[Any]) -> Fault | None:
    """The oldest operation in the graph of ``f(*xs)`` whose rule disagrees with differences, if there is one."""
    with recording(True):
        y = f(*[x if isinstance(x, Node) else Tensor(x) for x in xs])
    for node in reversed(ancestors([y])):
        for argument, x in enumerate(node.inputs):
            if isinstance(x, Node) and x.requires_grad and (fault := _fault(node, argument)):
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
    weights = _weights(np.shape(node._data))
    g = weights.item() if isinstance(node, Value) else weights.astype(node._data.dtype)
    got = np.asarray(next(share for i, _, share in contributions(node, g) if i == argument))
    expected = _difference(
        lambda moved: np.sum(weights * forward(*data[:argument], _data(moved), *data[argument + 1 :], **attrs)),
        node.inputs[argument],
    )
    wrong = ~np.isclose(got, expected, rtol=1e-5, atol=1e-6, equal_nan=True)
    if not np.any(wrong):
        return None
    element = _worst(wrong, got, expected)
    return Fault(op, argument, element, float(expected[element]), float(got[element]))


def _difference(f: Callable[[Any], Any], x: Any) -> Any:
    """The central difference of the scalar function ``f`` for each element of ``x``."""
    at = np.array(_data(x), dtype=np.float64)
    gradient = np.zeros_like(at)
    kind = type(x) if isinstance(x, Node) else None

    def moved(index: tuple[int, ...], step: float) -> float:
        there = at.copy()
        there[index] += step
        value: Any = there.item() if kind is Value else there
        return float(f(kind._leaf(value, requires_grad=False) if kind else value))

    for index in np.ndindex(at.shape):
        h = STEP * max(1.0, abs(float(at[index])))
        near = moved(index, h) - moved(index, -h)
        far = moved(index, 2 * h) - moved(index, -2 * h)
        gradient[index] = (8 * near - far) / (12 * h)
    return gradient


def _exact(x: Any) -> Any:
    """``x`` as a fresh node in double precision; a Value stays a Value."""
    if isinstance(x, Value):
        return Value(float(x._data))
    return Tensor(_data(x), dtype=np.float64) if np.asarray(_data(x)).dtype.kind == "f" else x


def _data(x: Any) -> Any:
    return x._data if isinstance(x, Node) else x


def _weights(shape: tuple[int, ...]) -> Any:
    """Fixed, unequal, nonzero weights for the elements of a result."""
    return 1 + 0.5 * np.cos(1 + np.arange(np.prod(shape, dtype=int))).reshape(shape)


def _weigh(result: Any) -> Any:
    """All elements of a result, weighted and summed to one scalar."""
    parts = [y for _, y in trees.leaves(result)]
    if not parts:
        got = f"{type(result).__name__}: {result!r}"
        raise errors.bad_argument("check_grads of a function without results", "a result", got, "return y")
    return _total(y * _weights(()).item() if isinstance(y, Value) else np.sum(y * _weights(np.shape(y))) for y in parts)


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
    path: str, order: int, element: tuple[int, ...], expected: float, got: float, fault: Fault | None
) -> errors.GradientError:
    if fault is None:
        cure = (
            "every rule is right by itself: look for a kink at this place, such as abs or max has, where differences "
            "mean nothing, and move the argument away from it; else for data that f changes, or takes out of the graph"
        )
    else:
        at = f" at element {fault.element}" if fault.element else ""
        cure = (
            f"the rule of {fault.op.name!r} for argument {fault.argument}{at}: "
            f"differences say {fault.expected:.10g}, the rule {fault.got:.10g}"
        )
    where = f", element {element}" if element else ""
    return errors.GradientError(
        errors.message(
            f"check_grads: derivative of order {order}, {path}{where}",
            f"{expected:.10g} by central differences",
            f"{got:.10g}, off by {abs(got - expected):.3g}"
            + (f", a factor of {got / expected:.6g}" if expected else ""),
            cure,
        )
    )
