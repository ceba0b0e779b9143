"""Functions that turn a function into its derivative."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from typing import Any

import numpy as np

from . import errors, trees
from .graph import Node, ancestors, between, is_recording, pullback, recording
from .rules.elsewhere import in_memory, is_lazy
from .rules.exact import is_exact
from .rules.parts import is_complex
from .tensor import Tensor, own
from .variables import call, check, named, number, one, originals, place, value_of, zero


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
            a float, a float array (real or complex), a Value, a Tensor, or dicts, lists and tuples of them.
        **unknown: refused with the right name, since other libraries call it ``argnums``.

    Returns:
        A function with the arguments of ``f``. The gradient has the structure of the argument; with
        several positions it is a tuple. Plain arguments give plain results, unless ``f`` uses an outer
        Value or Tensor that requires a gradient: then value and gradient are recorded, so that the
        outer derivative sees through them.

    Raises:
        NotScalarError: ``f`` does not return one real number.
        DtypeError: ``f`` is no function; the argument holds integers, or something that is not a number.
        ArgumentError: ``argnum`` is no position, or points past the arguments.

    Example:
        >>> value_and_grad(lambda x: x ** 3)(2.0)
        (8.0, 12.0)
    """
    check("value_and_grad", f, argnum, unknown)
    return named(partial(_value_and_grad, f, argnum), "value_and_grad_of", f, argnum)


def grad(f: Callable[..., Any], argnum: int | tuple[int, ...] | list[int] = 0, **unknown: Any) -> Callable[..., Any]:
    """The gradient of a function as a function: ``grad(f)(x) = df/dx``. Nest it for higher orders.

    By a complex ``z = x + iy`` it is ``df/dx - i df/dy``, see docs/complex.md: ``z - step * np.conj(gradient)``
    goes downhill. ``f`` itself is real; for the derivative of a complex one see ``holomorphic_grad``.

    Args:
        f: a function that returns one number.
        argnum: the position of the argument to differentiate by, or several positions.
        **unknown: refused with the right name, since other libraries call it ``argnums``.

    Returns:
        A function with the arguments of ``f`` that returns the gradient in the structure of the argument.

    Raises:
        NotScalarError: ``f`` does not return one real number.
        DtypeError: ``f`` is no function; the argument holds integers, or something that is not a number.
        ArgumentError: ``argnum`` is no position, or points past the arguments.

    Example:
        >>> cube = lambda x: x ** 3
        >>> grad(cube)(2.0), grad(grad(cube))(2.0), grad(grad(grad(cube)))(2.0)
        (12.0, 12.0, 6.0)
    """
    check("grad", f, argnum, unknown)
    return named(partial(_grad, f, argnum), "grad_of", f, argnum)


def grad_and_aux(
    f: Callable[..., Any], argnum: int | tuple[int, ...] | list[int] = 0, **unknown: Any
) -> Callable[..., Any]:
    """The gradient of a function that returns a pair, the number to differentiate and something else to hand on.

    Args:
        f: a function that returns ``(y, aux)``, where ``y`` is one number.
        argnum: the position of the argument to differentiate by, or several positions.
        **unknown: refused with the right name, since other libraries call it ``argnums``.

    Returns:
        A function with the arguments of ``f`` that returns ``(gradient of y, aux)``.

    Raises:
        NotScalarError: ``y`` is not one number.
        DtypeError: ``f`` is no function; the argument holds integers, or something that is not a number.
        ArgumentError: ``argnum`` is no position, or points past the arguments; ``f`` does not return a pair.

    Example:
        >>> grad_and_aux(lambda x: (x ** 2, {"half": x / 2}))(3.0)
        (6.0, {'half': 1.5})
    """
    check("grad_and_aux", f, argnum, unknown)
    return named(partial(_grad_and_aux, f, argnum), "grad_and_aux_of", f, argnum)


def _grad_and_aux(f: Callable[..., Any], argnum: Any, /, *args: Any, **kwargs: Any) -> tuple[Any, Any]:
    """Set the second result aside; it is plain where the gradient is."""
    aside: list[Any] = []

    def first(*inputs: Any, **more: Any) -> Any:
        pair = f(*inputs, **more)
        if not isinstance(pair, (tuple, list)) or len(pair) != 2:
            raise errors.no_pair(f"{type(pair).__name__}: {pair!r}"[:80])
        aside.append(pair[1])
        return pair[0]

    gradient = _grad(first, argnum, *args, **kwargs)
    seen = any(isinstance(g, Node) for _, g in trees.leaves(gradient))
    return gradient, value_of(aside[0], seen)


def _grad(f: Callable[..., Any], argnum: Any, /, *args: Any, **kwargs: Any) -> Any:
    return _value_and_grad(f, argnum, *args, **kwargs)[1]


def _value_and_grad(f: Callable[..., Any], argnum: Any, /, *args: Any, **kwargs: Any) -> Any:
    """Run ``f`` on fresh variables in the places ``argnum``, and differentiate by them."""
    inputs, variables = place("grad", argnum, args)
    y = call(f, inputs, kwargs, variables)
    variables = originals(variables)
    wrt = [node for _, node in trees.leaves(variables)]
    value, gradients = _differentiate(y, wrt, born=min((node.order for node in wrt), default=0))
    result = tuple(trees.map_leaves(gradients.__getitem__, variable) for variable in variables)
    return value, result[0] if isinstance(argnum, int) else result


def _differentiate(y: Any, wrt: list[Node], born: int) -> tuple[Any, dict[Node, Any]]:
    """The value of ``y`` and its gradient for each of ``wrt``, as nodes if an outer derivative is under way."""
    if not isinstance(y, Node):
        if not (isinstance(y, (int, float, complex, np.ndarray, np.generic)) or is_exact(y)):
            raise errors.not_a_number_returned("grad", f"{type(y).__name__}: {y!r}"[:80])
        if np.asarray(y).dtype == np.bool_:
            raise errors.truth_value_returned("grad")
        if np.ndim(y):
            raise errors.not_scalar("grad", np.shape(y))
        if is_complex(y):
            raise errors.complex_result("grad", type(y).__name__)
        return y, {x: number(zero(x, record=False)) for x in wrt}
    if isinstance(y, Tensor) and y.size != 1:
        raise errors.not_scalar("grad", y.shape)
    if isinstance(y, Tensor) and is_complex(y):
        raise errors.complex_result("grad", str(y.dtype))
    nodes = ancestors([y])
    record = is_recording() and any(node.order < born for node in nodes)
    gradients: dict[Node, Any] = {}
    if between(nodes, wrt):
        seed = type(y)._leaf(one(y), requires_grad=False) if record else one(y)
        gradients = pullback(y, seed, wrt, record)
    given: set[int] = set()
    found = {x: own(gradients[x], given) if x in gradients else zero(x, record) for x in wrt}
    if record:
        return y, found
    value = y._data if any(map(is_lazy, found.values())) else in_memory(y._data)
    return number(value), {x: number(g) for x, g in found.items()}
