"""Functions that turn a function into its derivative."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

import numpy as np

from . import errors, trees
from .graph import Node, ancestors, between, is_recording, pullback, recording
from .rules import elementwise
from .tensor import Tensor, own


def no_grad() -> AbstractContextManager[None]:
    """Record nothing inside the block: for predictions, and for updating parameters.

    Only the current thread or task is affected. Also a decorator.

    Example:
        >>> w = Tensor([1.0, 2.0])
        >>> with no_grad():
        ...     y = w * 2
        >>> y.requires_grad
        False
    """
    return recording(False)


def value_and_grad(
    f: Callable[..., Any], argnum: int | tuple[int, ...] | list[int] = 0, **unknown: Any
) -> Callable[..., Any]:
    """A function that returns both ``f(*args)`` and its gradient: ``(f(x), df/dx)``.

    Args:
        f: a function that returns one number (a scalar Tensor or a Value).
        argnum: the position of the argument to differentiate by, or several positions. The argument is
            a float, a float array, a Value, a Tensor, or dicts, lists and tuples of them.
        **unknown: refused with the right name, since other libraries call it ``argnums``.

    Returns:
        A function with the arguments of ``f``. The gradient has the structure of the argument; with
        several positions it is a tuple. Plain arguments give plain results, unless ``f`` uses an outer
        Value or Tensor that requires a gradient: then value and gradient are recorded, so that the
        outer derivative sees through them.

    Raises:
        NotScalarError: ``f`` does not return one number.
        DtypeError: ``f`` is no function; the argument holds integers, or something that is not a number.
        ArgumentError: ``argnum`` is no position, or points past the arguments.

    Example:
        >>> value_and_grad(lambda x: x ** 3)(2.0)
        (8.0, 12.0)
    """
    _check("value_and_grad", f, argnum, unknown)
    return _named(partial(_value_and_grad, f, argnum), "value_and_grad_of", f, argnum)


def grad(f: Callable[..., Any], argnum: int | tuple[int, ...] | list[int] = 0, **unknown: Any) -> Callable[..., Any]:
    """The gradient of a function as a function: ``grad(f)(x) = df/dx``. Nest it for higher orders.

    Args:
        f: a function that returns one number.
        argnum: the position of the argument to differentiate by, or several positions.
        **unknown: refused with the right name, since other libraries call it ``argnums``.

    Returns:
        A function with the arguments of ``f`` that returns the gradient in the structure of the argument.

    Raises:
        NotScalarError: ``f`` does not return one number.
        DtypeError: ``f`` is no function; the argument holds integers, or something that is not a number.
        ArgumentError: ``argnum`` is no position, or points past the arguments.

    Example:
        >>> cube = lambda x: x ** 3
        >>> grad(cube)(2.0), grad(grad(cube))(2.0), grad(grad(grad(cube)))(2.0)
        (12.0, 12.0, 6.0)
    """
    _check("grad", f, argnum, unknown)
    return _named(partial(_grad, f, argnum), "grad_of", f, argnum)


def _check(name: str, f: Any, argnum: Any, unknown: dict[str, Any]) -> None:
    """Refuse now what could only fail when the derivative is called."""
    if not callable(f):
        raise errors.not_a_function(name, errors.describe(f))
    for argument in unknown:
        raise errors.unknown_argument(name, argument, unknown[argument])
    positions = argnum if isinstance(argnum, (tuple, list)) else [argnum]
    if not all(isinstance(position, int) for position in positions):
        raise errors.wrong_argnum(name, argnum)


def _named(derivative: partial[Any], what: str, f: Callable[..., Any], argnum: Any) -> partial[Any]:
    """A derivative that says what it is. It is a partial, so it can be pickled if ``f`` can."""
    name = getattr(f, "__name__", "f")
    derivative.__name__ = f"{what}_{name}"  # type: ignore[attr-defined] # a partial has a __dict__
    derivative.__doc__ = f"{what.replace('_', ' ')} {name} with respect to argument {argnum}"
    return derivative


def _grad(f: Callable[..., Any], argnum: Any, *args: Any, **kwargs: Any) -> Any:
    return _value_and_grad(f, argnum, *args, **kwargs)[1]


def _value_and_grad(f: Callable[..., Any], argnum: Any, *args: Any, **kwargs: Any) -> Any:
    """Run ``f`` on fresh variables in the places ``argnum``, and differentiate by them."""
    positions = (argnum,) if isinstance(argnum, int) else tuple(argnum)
    inputs = list(args)
    for position in positions:
        if not -len(args) <= position < len(args):
            raise errors.argument_missing("grad", position, len(args))
        inputs[position] = trees.map_leaves(_variable, args[position])
    variables = [inputs[position] for position in positions]
    wrt = [node for _, node in trees.leaves(variables)]
    with recording(True):
        y = f(*inputs, **kwargs)
    value, gradients = _differentiate(y, wrt, born=min((node.order for node in wrt), default=0))
    result = tuple(trees.map_leaves(gradients.__getitem__, variable) for variable in variables)
    return value, result[0] if isinstance(argnum, int) else result


def _variable(x: Any) -> Node:
    """A fresh node to differentiate by: a leaf for a plain number or array, a copy in the graph for a node."""
    if isinstance(x, Node):
        with recording(is_recording() or x.requires_grad):
            copy: Node = elementwise.positive(x)
        if not copy.requires_grad:
            copy = type(x)._leaf(x._data)
        return copy
    kind = np.asarray(x).dtype.kind if isinstance(x, (bool, int, float, complex, np.ndarray, np.generic)) else ""
    if kind in "biu" and kind:
        cure = "3.0 instead of 3; x.astype(float) for an array"
        raise errors.not_differentiable_argument("grad", f"integers ({np.asarray(x).dtype})", cure)
    if not kind and not hasattr(x, "__array_function__"):
        raise errors.not_differentiable_argument(
            "grad", f"{type(x).__name__}: {x!r}", "pass it at a position not in argnum"
        )
    return Tensor._leaf(np.asarray(x) if kind else x)


def _differentiate(y: Any, wrt: list[Node], born: int) -> tuple[Any, dict[Node, Any]]:
    """The value of ``y`` and its gradient for each of ``wrt``, as nodes if an outer derivative is under way."""
    if not isinstance(y, Node):
        if not isinstance(y, (int, float, np.ndarray, np.generic)):
            raise errors.not_a_number_returned("grad", f"{type(y).__name__}: {y!r}"[:80])
        if np.ndim(y):
            raise errors.not_scalar("grad", np.shape(y))
        return y, {x: _number(_zero(x, record=False)) for x in wrt}
    if isinstance(y, Tensor) and y.size != 1:
        raise errors.not_scalar("grad", y.shape)
    nodes = ancestors([y])
    record = is_recording() and any(node.order < born for node in nodes)
    gradients: dict[Node, Any] = {}
    if between(nodes, wrt):
        one = np.ones_like(y._data) if isinstance(y, Tensor) else 1.0
        seed = type(y)._leaf(one, requires_grad=False) if record else one
        gradients = pullback(y, seed, wrt, record)
    given: set[int] = set()
    found = {x: own(gradients[x], given) if x in gradients else _zero(x, record) for x in wrt}
    if record:
        return y, found
    return _number(y._data), {x: _number(g) for x, g in found.items()}


def _number(x: Any) -> Any:
    """A scalar as a Python float; anything else as it is."""
    return x.item() if getattr(x, "ndim", 1) == 0 and x.dtype == np.float64 else x


def _zero(x: Node, record: bool) -> Any:
    """The gradient of what the result does not depend on."""
    zero = np.zeros_like(x._data) if isinstance(x, Tensor) else 0.0
    return type(x)._leaf(zero, requires_grad=False) if record else zero
