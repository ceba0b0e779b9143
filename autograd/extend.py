"""Rules for operations of your own, in the words of HIPS autograd.

::

    @primitive
    def logsumexp(x):
        top = np.max(x)
        return top + np.log(np.sum(np.exp(x - top)))

    defvjp(logsumexp, lambda ans, x: lambda g: g * np.exp(x - ans))

A rule is written in differentiable operations, so that it has derivatives itself. It does not have to undo
broadcasting: the backward loop does. :func:`autograd.row` says the same in the words of this library.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import count
from typing import Any

import numpy as np

from . import errors
from .graph import Primitive
from .numpy.dispatch import COMPOSITES, is_question
from .operations import Operation, Rules, primitive
from .rules import BY_FUNCTION
from .tracer import Box, notrace_primitive
from .util import subval
from .vspaces import VSpace, vspace

__all__ = [
    "Box",
    "VSpace",
    "def_linear",
    "defjvp",
    "defjvp_argnum",
    "defjvp_argnums",
    "defvjp",
    "defvjp_argnum",
    "defvjp_argnums",
    "notrace_primitive",
    "primitive",
    "vspace",
]


def defvjp(fun: Any, *vjpmakers: Any, argnums: Iterable[int] | None = None) -> None:
    """Give an operation its backward rules, one for each argument.

    Args:
        fun: an operation, from :func:`primitive`; or a NumPy function that has no row in the table yet.
        *vjpmakers: for each argument ``lambda ans, *args, **kwargs: lambda g: ...``, the gradient of that argument,
            where ``g`` is the gradient of the answer ``ans``; ``None`` for an argument whose gradient is 0.
        argnums: the positions of these arguments, if they are not the first ones.

    Raises:
        ArgumentError: ``fun`` is no such operation, or a rule is no function.

    Example:
        >>> from autograd import grad
        >>> product = primitive(lambda x, y: x * y)
        >>> defvjp(product, lambda ans, x, y: lambda g: g * y, lambda ans, x, y: lambda g: g * x)
        >>> grad(product, (0, 1))(2.0, 5.0)
        (5.0, 2.0)
    """
    makers = dict(zip(count() if argnums is None else argnums, vjpmakers, strict=False))
    for argnum, maker in makers.items():
        if maker is not None and not callable(maker):
            raise errors.not_a_rule("defvjp", argnum, maker, "lambda ans, x: lambda g: g * x")

    def run(argnums: Sequence[int], ans: Any, args: Any, kwargs: Any) -> Callable[[Any], list[Any]]:
        pulls = [makers[i](ans, *args, **kwargs) if makers[i] else _nothing(args[i]) for i in argnums]
        return lambda g: [pull(g) for pull in pulls]

    _operation("defvjp", fun).backward = Rules(run, frozenset(makers))


def defvjp_argnum(fun: Any, vjpmaker: Callable[..., Any]) -> None:
    """Give an operation one backward rule that is told the position of the argument.

    Args:
        fun: an operation, from :func:`primitive`.
        vjpmaker: ``lambda argnum, ans, args, kwargs: lambda g: ...``, the gradient of that argument.

    Example:
        >>> from autograd import grad
        >>> total = primitive(lambda *xs: sum(xs))
        >>> defvjp_argnum(total, lambda argnum, ans, args, kwargs: lambda g: g)
        >>> grad(total, (0, 2))(1.0, 2.0, 3.0)
        (1.0, 1.0)
    """

    def run(argnums: Sequence[int], ans: Any, args: Any, kwargs: Any) -> Callable[[Any], list[Any]]:
        pulls = [vjpmaker(i, ans, args, kwargs) for i in argnums]
        return lambda g: [pull(g) for pull in pulls]

    _operation("defvjp_argnum", fun).backward = Rules(run, None)


def defvjp_argnums(fun: Any, vjpmaker: Callable[..., Any]) -> None:
    """Give an operation one backward rule that returns the gradients of several arguments at once.

    Args:
        fun: an operation, from :func:`primitive`.
        vjpmaker: ``lambda argnums, ans, args, kwargs: lambda g: ...``, one gradient for each of ``argnums``.

    Example:
        >>> from autograd import grad
        >>> product = primitive(lambda x, y: x * y)
        >>> defvjp_argnums(product, lambda argnums, ans, args, kwargs: lambda g: [g * args[1 - i] for i in argnums])
        >>> grad(product, (0, 1))(2.0, 5.0)
        (5.0, 2.0)
    """
    _operation("defvjp_argnums", fun).backward = Rules(vjpmaker, None)


def defjvp(fun: Any, *jvpfuns: Any, argnums: Iterable[int] | None = None) -> None:
    """Give an operation its forward rules, one for each argument.

    Forward mode follows from backward rules by itself, and backward mode from forward rules; where an operation
    has both, each mode runs the rules meant for it.

    Args:
        fun: an operation, from :func:`primitive`.
        *jvpfuns: for each argument ``lambda g, ans, *args, **kwargs: ...``, the tangent of the answer, where ``g`` is
            that of the argument; ``'same'`` if the operation is linear in the argument, and ``None`` for 0.
        argnums: the positions of these arguments, if they are not the first ones.

    Raises:
        ArgumentError: ``fun`` is no such operation, or a rule is neither a function nor ``'same'``.

    Example:
        >>> from autograd import deriv, grad
        >>> square = primitive(lambda x: x * x)
        >>> defjvp(square, lambda g, ans, x: 2 * x * g)
        >>> deriv(square)(3.0), grad(square)(3.0)
        (6.0, 6.0)
    """
    makers = dict(zip(count() if argnums is None else argnums, jvpfuns, strict=False))
    for argnum, maker in makers.items():
        if maker is not None and not callable(maker) and maker != "same":
            raise errors.not_a_rule("defjvp", argnum, maker, "lambda g, ans, x: g * x, or 'same'")

    def push(argnum: int, g: Any, ans: Any, args: Any, kwargs: Any) -> Any:
        maker = makers[argnum]
        if maker == "same":
            return fun(*subval(args, argnum, g), **kwargs)
        return maker(g, ans, *args, **kwargs) if maker else vspace(ans).zeros()

    _operation("defjvp", fun).forward = Rules(_summed(push), frozenset(makers))


def defjvp_argnum(fun: Any, jvpmaker: Callable[..., Any]) -> None:
    """Give an operation one forward rule that is told the position of the argument.

    Args:
        fun: an operation, from :func:`primitive`.
        jvpmaker: ``lambda argnum, g, ans, args, kwargs: ...``, the tangent of the answer.

    Example:
        >>> from autograd import deriv
        >>> total = primitive(lambda *xs: sum(xs))
        >>> defjvp_argnum(total, lambda argnum, g, ans, args, kwargs: g)
        >>> deriv(total)(1.0, 2.0)
        1.0
    """
    _operation("defjvp_argnum", fun).forward = Rules(_summed(jvpmaker), None)


def defjvp_argnums(fun: Any, jvpmaker: Callable[..., Any]) -> None:
    """Give an operation one forward rule for several arguments at once.

    Args:
        fun: an operation, from :func:`primitive`.
        jvpmaker: ``lambda argnums, gs, ans, args, kwargs: ...``, the tangent of the answer, where ``gs`` are theirs.

    Example:
        >>> from autograd import deriv
        >>> total = primitive(lambda *xs: sum(xs))
        >>> defjvp_argnums(total, lambda argnums, gs, ans, args, kwargs: sum(gs))
        >>> deriv(total, (0, 1))(1.0, 2.0)
        2.0
    """

    def run(argnums: Sequence[int], ans: Any, args: Any, kwargs: Any) -> Callable[[Any], Any]:
        return lambda gs: jvpmaker(argnums, gs, ans, args, kwargs)

    _operation("defjvp_argnums", fun).forward = Rules(run, None)


def def_linear(fun: Any) -> None:
    """Say that an operation is linear in each of its arguments: its forward rule is ``'same'`` for all.

    Args:
        fun: an operation, from :func:`primitive`.

    Example:
        >>> from autograd import deriv
        >>> twice = primitive(lambda x: 2 * x)
        >>> def_linear(twice)
        >>> deriv(twice)(5.0)
        2.0
    """
    defjvp_argnum(fun, lambda argnum, g, ans, args, kwargs: fun(*subval(args, argnum, g), **kwargs))


def _summed(push: Callable[..., Any]) -> Callable[..., Callable[[Any], Any]]:
    """The rule for several arguments from that for one: their tangents add up."""

    def run(argnums: Sequence[int], ans: Any, args: Any, kwargs: Any) -> Callable[[Any], Any]:
        def pushed(gs: Sequence[Any]) -> Any:
            space = vspace(ans)
            parts = [push(i, g, ans, args, kwargs) for i, g in zip(argnums, gs, strict=True)]
            total = parts[0]
            for part in parts[1:]:
                total = space.add(total, part)
            return total

        return pushed

    return run


def _nothing(x: Any) -> Callable[[Any], Any]:
    """The backward rule of an argument that has no influence."""
    return lambda g: vspace(x).zeros()


def _operation(did: str, fun: Any) -> Operation:
    """The operation that shall get a rule; of a NumPy function without a row one is made, and answers for it."""
    if isinstance(COMPOSITES.get(fun), Operation):
        fun = COMPOSITES[fun]
    if isinstance(fun, Operation):
        return fun
    known = fun in BY_FUNCTION or fun in COMPOSITES or (isinstance(fun, np.ufunc) and is_question(fun))
    if known or not (isinstance(fun, np.ufunc) or hasattr(fun, "_implementation")):
        raise errors.not_an_operation(did, getattr(fun, "__name__", repr(fun)), known or isinstance(fun, Primitive))
    operation = COMPOSITES[fun] = Operation(fun)
    return operation
