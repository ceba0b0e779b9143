"""What programs import from the core of HIPS autograd: operators on functions of one argument, rules and spaces."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from . import differential_operators as of_many
from .extend import (
    VSpace,
    def_linear,
    defjvp,
    defjvp_argnum,
    defjvp_argnums,
    defvjp,
    defvjp_argnum,
    defvjp_argnums,
    vspace,
)
from .old_rules import primitive
from .rules import BY_FUNCTION
from .tracer import Box, getval, isbox

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
    "getval",
    "isbox",
    "make_jvp",
    "make_vjp",
    "primitive",
    "primitive_vjps",
    "vspace",
]

primitive_vjps = BY_FUNCTION
"""The rows of the table by the NumPy functions that they answer for."""


def make_vjp(fun: Callable[[Any], Any], x: Any) -> tuple[Callable[[Any], Any], Any]:
    """``(vjp, fun(x))``, where ``vjp(g)`` is ``gᵀ J``.

    Example:
        >>> vjp, y = make_vjp(lambda x: x * x, 3.0)
        >>> y, vjp(1.0)
        (9.0, 6.0)
    """
    made: tuple[Callable[[Any], Any], Any] = of_many.make_vjp(fun)(x)
    return made


def make_jvp(fun: Callable[[Any], Any], x: Any) -> Callable[[Any], tuple[Any, Any]]:
    """A function of the direction ``v`` that returns ``(fun(x), J v)``.

    Example:
        >>> make_jvp(lambda x: x * x, 3.0)(1.0)
        (9.0, 6.0)
    """
    made: Callable[[Any], tuple[Any, Any]] = of_many.make_jvp(fun)(x)
    return made
