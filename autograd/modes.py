"""The two directions of the chain rule: ``vjp`` goes back from results, ``jvp`` forward from arguments.

A function has a Jacobian, the matrix J of all slopes. Reverse mode multiplies it from the left, by one
number for each result: ``vjp`` gives ``Jᵀ g``. Forward mode multiplies it from the right, by one number
for each argument: ``jvp`` gives ``J v``. Neither ever builds the matrix.

There is one table of rules, and its rules go backward. Forward mode follows from them: ``Jᵀ g`` is linear
in ``g``, so the pullback *is* a linear function, and going back through it by ``g`` multiplies by its
transpose, which is J (Christianson 1992; Townsend 2017). Nothing has to be stated twice.

Complex numbers count as two real ones, and "transpose" means by the product ``Re(g * v)``. So this is right also
for functions without a complex derivative, such as ``conj``: see docs/complex.md.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from . import errors, trees
from .assignment import original
from .graph import Node, is_recording, next_order, recording
from .rules.exact import is_exact
from .tensor import own
from .variables import (
    direction,
    is_tracked,
    matched,
    moves,
    nodes,
    number,
    originals,
    pull_back,
    run,
    symbol,
    value_of,
    variable,
    zero,
)


class Traced(NamedTuple):
    """A recorded call: its arguments as variables, its result, and whether an outer derivative sees through it."""

    variables: Any
    result: Any
    seen: bool


def vjp(f: Callable[..., Any], *args: Any) -> tuple[Any, Callable[[Any], tuple[Any, ...]]]:
    """Reverse mode: the result of ``f``, and the function that pulls a gradient of it back to the arguments.

    ``pull(g)`` is ``gᵀ J``, the vector-Jacobian product: for each argument ``Σᵢ gᵢ ∂yᵢ/∂x``.

    Args:
        f: a function that returns Tensors or Values: one, or a dict, list or tuple of them.
        *args: where: floats, float arrays, Values, Tensors, or dicts, lists and tuples of them. Whatever
            else there is, such as integers, is passed on and has the gradient ``None``.

    Returns:
        ``(f(*args), pull)``. ``pull`` takes a gradient with the structure and shapes of the result, as often
        as wanted, and returns a tuple with one gradient for each argument, in its structure.

    Raises:
        DtypeError: ``f`` is no function, or no argument holds floating-point numbers.
        ArgumentError: the gradient does not have the structure of the result.
        ShapeError: nor its shapes.

    Example:
        >>> y, pull = vjp(lambda a, b: a * b, 2.0, 5.0)
        >>> y, pull(1.0)
        (10.0, (5.0, 2.0))
    """
    if not callable(f):
        raise errors.not_a_function("vjp", errors.describe(f))
    born = next_order()
    variables = trees.map_leaves(lambda x: variable(_apart(x)) if moves(x) else x, args)
    if not any(moves(x) for x in nodes(variables)):
        _refuse("vjp", args)
    result, seen = run(f, variables, {}, born)
    variables = originals(variables)
    return value_of(result, seen), partial(pull, "pull(gradient), which vjp returned", Traced(variables, result, seen))


def _apart(x: Any) -> Any:
    """An argument that the caller may change before the pullback runs."""
    return x.copy() if isinstance(x, np.ndarray) else x


def pull(did: str, traced: Traced, gradient: Any) -> tuple[Any, ...]:
    """The gradient of each argument, given that of the result; ``did`` is for the messages."""
    variables, result, seen = traced
    record = is_recording() and (seen or is_tracked(gradient))
    given = matched(did, result, gradient)
    pairs = [
        (y, direction(did, y, g, record))
        for (_, y), g in zip(trees.leaves(result), given, strict=True)
        if isinstance(y, Node)
    ]
    wrt = [x for x in nodes(variables) if moves(x)]
    found = pull_back([y for y, _ in pairs], [g for _, g in pairs], record, wrt)
    return filled(variables, found, record)


def filled(tree: Any, found: dict[Node, Any], record: bool) -> Any:
    """The tree with what was found in the place of each node: 0 for nothing, and ``None`` for what cannot move."""
    given: set[int] = set()

    def fill(x: Any) -> Any:
        if not (isinstance(x, Node) and moves(x)):
            return None
        g = own(found[x], given) if x in found else zero(x, record)
        return g if record else number(g)

    return trees.map_leaves(fill, tree)


def jvp(f: Callable[..., Any], args: tuple[Any, ...], tangents: tuple[Any, ...]) -> tuple[Any, Any]:
    """Forward mode: the result of ``f``, and how fast it moves when the arguments move along the tangents.

    The tangent of the result is ``J v``, the Jacobian-vector product: ``Σ ∂y/∂x · v`` over all arguments.
    It is the directional derivative, and what dual numbers compute. It costs a few
    gradients, however many results there are.

    Args:
        f: a function that returns Tensors or Values: one, or a dict, list or tuple of them.
        args: where, as a tuple: floats, float arrays, Values, Tensors, or dicts, lists and tuples of them.
        tangents: for each argument a direction of its structure and shapes. ``None`` for an argument, or a
            part of one, that does not move; integers cannot move, and 0 says so too.

    Returns:
        ``(f(*args), tangent)``, where the tangent has the structure of the result.

    Raises:
        DtypeError: ``f`` is no function, or something moves that holds no floating-point numbers.
        ArgumentError: the tangents do not have the structure of the arguments.
        ShapeError: nor their shapes.

    Example:
        >>> jvp(lambda a, b: a * b, (2.0, 5.0), (1.0, 0.1))  # 5 * 1 + 2 * 0.1
        (10.0, 5.2)
    """
    if not callable(f):
        raise errors.not_a_function("jvp", errors.describe(f))
    if not isinstance(args, (tuple, list)) or not isinstance(tangents, (tuple, list)):
        raise errors.not_argument_tuples(errors.describe(args), errors.describe(tangents))
    born = next_order()
    inputs, along = _moving(args, tangents)
    result, seen = run(f, inputs, {}, born)
    along = {original(x): v for x, v in along.items()}
    record = is_recording() and (seen or is_tracked(list(along.values())))
    pushed, given = _push(result, along, record), set[int]()
    return value_of(result, seen), trees.map_leaves(lambda y: _tangent(y, pushed, record, given), result)


def _moving(args: Any, tangents: Any) -> tuple[list[Any], dict[Node, Any]]:
    """The arguments with a variable for each leaf that moves, and the tangent of each variable."""
    did = "jvp(f, args, tangents)"
    along: dict[Node, Any] = {}
    if len(args) != len(tangents):
        raise errors.structures_differ(
            did, [f"[{i}]" for i in range(len(args))], [f"[{i}]" for i in range(len(tangents))]
        )
    inputs = list(args)
    for i, (arg, tangent) in enumerate(zip(args, tangents, strict=True)):
        given = iter([None] * len(list(trees.leaves(arg))) if tangent is None else matched(did, arg, tangent))

        def move(x: Any, given: Any = given) -> Any:
            v = next(given)
            if v is None or (not moves(x) and not np.any(v)):
                return x
            copy = variable(x, "jvp")
            along[copy] = v
            return copy

        inputs[i] = trees.map_leaves(move, arg)
    return inputs, along


def _push(result: Any, along: dict[Node, Any], record: bool) -> dict[Node, Any]:
    """The tangent of each node of the result: the pullback of the pullback.

    First the pullback is recorded with a symbol in the place of the gradient of each result; then we go
    back to these symbols, with the tangents for gradients.
    """
    ys = list({y: None for y in nodes(result) if y.requires_grad})
    symbols = [symbol(y, i) for i, y in enumerate(ys)]
    with recording(True):
        pulled = pull_back(ys, symbols, True, list(along))
    seeds = {x: direction("jvp(f, args, tangents)", x, v, record) for x, v in along.items()}
    reached = [x for x in along if x in pulled]
    pushed = pull_back([pulled[x] for x in reached], [seeds[x] for x in reached], record, symbols)
    return {y: pushed[symbol] for y, symbol in zip(ys, symbols, strict=True) if symbol in pushed}


def _tangent(y: Any, pushed: dict[Node, Any], record: bool, given: set[int]) -> Any:
    """The tangent of one leaf of the result: 0 where nothing moves, ``None`` where nothing can."""
    if isinstance(y, Node):
        v = own(pushed[y], given) if y in pushed else zero(y, record)
        return v if record else number(v)
    if is_exact(y):
        return 0 * y
    return number(np.zeros(np.shape(y))) if isinstance(y, (int, float, np.ndarray, np.generic)) else None


def _refuse(name: str, args: Any) -> None:
    """Say why there is nothing to differentiate by."""
    for _, x in trees.leaves(args):
        variable(x.data if isinstance(x, Node) else x, name)
    raise errors.nothing_to_differentiate(name)
