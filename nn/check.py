"""Arguments, checked before anything is built on them."""

from __future__ import annotations

from collections.abc import Callable
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


def check_sizes(layer: Any, **sizes: Any) -> None:
    """Sizes that a layer is made with: whole numbers from 1.

    Raises:
        ArgumentError: one is something else.
    """
    for name, n in sizes.items():
        check_whole(f"{type(layer).__name__}({name}={brief(n)})", name, n, least=1, usual=16)


def number(layer: Any, name: str, x: Any) -> Any:
    """A number that a layer is made with.

    Raises:
        ArgumentError: it is none.
    """
    if not isinstance(x, Real):
        kind = type(layer).__name__
        raise bad_argument(f"{kind}({name}={brief(x)})", f"a number as {name}", brief(x), f"{kind}({name}=0.1)")
    return x


ABOUT_MEMORY: dict[str, tuple[Any, ...]] = {"device": (None, "cpu"), "inplace": (False, True)}
"""PyTorch's arguments on where numbers lie: let through where they ask for what is so, or change no result."""


def known(layer: Any, given: dict[str, Any]) -> dict[str, Any]:
    """The keywords that a layer of this package has; those on memory are let through to nobody.

    Raises:
        ArgumentError: there is a keyword that only PyTorch's layer has, or none has.
    """
    if not given or not layer.__module__.startswith("nn."):
        return given
    code = getattr(layer.__init__, "__code__", None)  # none if the layer takes no arguments
    names = code.co_varnames[1 : code.co_argcount + code.co_kwonlyargcount] if code else ()
    rest = {name: x for name, x in given.items() if name in names or x not in ABOUT_MEMORY.get(name, ())}
    unknown = ", ".join(name for name in rest if name not in names)
    if unknown:
        kind = layer.__name__
        raise bad_argument(
            f"{kind}(..., {unknown}=...)",
            f"of the arguments {', '.join(names)}" if names else "no arguments",
            f"{unknown}, which {kind} does not have here",
            f"{kind}(...) without {unknown}",
        )
    return rest
