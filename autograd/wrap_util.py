"""How HIPS autograd makes an operator on functions of one argument one on functions of many."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from . import errors
from .util import subvals
from .variables import check

__all__ = ["get_doc", "get_name", "unary_to_nary", "wraps"]


def get_name(f: Any) -> str:
    """The name of a function, if it has one."""
    return getattr(f, "__name__", "[unknown name]")


def get_doc(f: Any) -> str:
    """What a function says of itself."""
    return getattr(f, "__doc__", None) or ""


def wraps(fun: Any, namestr: str = "{fun}", docstr: str = "{doc}", **words: Any) -> Callable[[Any], Any]:
    """Give a function the name and the docstring of another, or what the templates make of them.

    Example:
        >>> wraps(max, "best_of_{fun}")(lambda x: x).__name__
        'best_of_max'
    """

    def rename(f: Any) -> Any:
        f.__name__ = namestr.format(fun=get_name(fun), **words)
        f.__doc__ = docstr.format(fun=get_name(fun), doc=get_doc(fun), **words)
        return f

    return rename


def unary_to_nary(unary_operator: Callable[..., Any]) -> Callable[..., Any]:
    """An operator on functions of one argument as one on functions of many, with ``argnum`` to choose.

    Args:
        unary_operator: ``operator(f, x, ...)``, where ``f`` is a function of ``x`` alone.

    Returns:
        ``operator(f, argnum=0, ...)``, which returns a function with the arguments of ``f``. With several positions
        ``x`` is a tuple.

    Example:
        >>> from autograd.core import make_vjp
        >>> slope = unary_to_nary(lambda f, x: make_vjp(f, x)[0](1.0))
        >>> slope(lambda x, y: x * y, 1)(2.0, 5.0)
        2.0
    """

    def nary_operator(fun: Callable[..., Any], argnum: Any = 0, *more: Any, **named: Any) -> Callable[..., Any]:
        check(get_name(unary_operator), fun, argnum, {})

        def nary(*args: Any, **kwargs: Any) -> Any:
            for position in (argnum,) if isinstance(argnum, int) else argnum:
                if not -len(args) <= position < len(args):
                    raise errors.argument_missing(get_name(unary_operator), position, len(args))

            def unary(x: Any) -> Any:
                pairs = [(argnum, x)] if isinstance(argnum, int) else zip(argnum, x, strict=True)
                return fun(*subvals(args, pairs), **kwargs)

            x = args[argnum] if isinstance(argnum, int) else tuple(args[i] for i in argnum)
            return unary_operator(wraps(fun)(unary), x, *more, **named)

        return wraps(
            fun,
            "{op}_of_{fun}_wrt_argnum_{argnum}",
            "{op} of function {fun} with respect to argument number {argnum}.",
            op=get_name(unary_operator),
            argnum=argnum,
        )(nary)

    return update_wrapper(nary_operator, unary_operator, updated=())
