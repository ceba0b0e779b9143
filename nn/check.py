"""Arguments, checked before anything is built on them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from inspect import signature
from numbers import Integral, Real
from typing import Any, ParamSpec, TypeVar

from autograd.errors import bad_argument, brief

P = ParamSpec("P")
R = TypeVar("R")


def called_as(call: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A function that says how it is called, to those who call it otherwise.

    Args:
        call: a call that would do.

    Returns:
        A decorator; the function then raises ArgumentError for arguments too many, too few, or of other names.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        parameters = signature(function)

        @wraps(function)
        def checked(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                parameters.bind(*args, **kwargs)
            except TypeError as error:
                given = [*(type(x).__name__ for x in args), *(f"{name}={brief(x)}" for name, x in kwargs.items())]
                did, known = (
                    f"nn.{function.__name__}({', '.join(given)})",
                    f"the arguments ({', '.join(parameters.parameters)})",
                )
                raise bad_argument(did, known, str(error).removeprefix("got "), call) from None
            return function(*args, **kwargs)

        return checked

    return decorate


def check_whole(did: str, name: str, x: Any, least: int, usual: int) -> None:
    """A whole number of at least ``least``.

    Raises:
        ArgumentError: it is something else.
    """
    if not isinstance(x, Integral) or x < least:
        raise bad_argument(did, f"a whole number from {least} as {name}", brief(x), f"{name}={usual}")


def check_real(did: str, name: str, x: Any, usual: float) -> None:
    """A real number from 0.

    Raises:
        ArgumentError: it is something else.
    """
    if not isinstance(x, Real) or not float(x) >= 0:
        raise bad_argument(did, f"a number from 0 as {name}", repr(x), f"{name}={usual}")


def check_known(layer: Any, given: Iterable[str]) -> None:
    """No keyword that a layer of this package does not have, such as those that only PyTorch's has.

    Raises:
        ArgumentError: there is one.
    """
    code = getattr(layer.__init__, "__code__", None)  # none if the layer takes no arguments
    known = code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount] if code else ()
    unknown = [name for name in given if name not in known]
    if unknown and layer.__module__.startswith("nn."):
        kind, names = layer.__name__, ", ".join(unknown)
        expected = f"of the arguments {', '.join(known)}" if known else "no arguments"
        raise bad_argument(
            f"{kind}(..., {names}=...)",
            expected,
            f"{names}, which {kind} does not have here",
            f"{kind}(...) without {names}",
        )
