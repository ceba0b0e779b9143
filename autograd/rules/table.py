"""How a row gets into the table of rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .. import errors
from ..graph import SUM, TABLE, Each, Jointly, Notation, Primitive

BY_FUNCTION: dict[Any, Primitive] = {}
"""Every row by the NumPy functions that it differentiates."""


def row(
    function: Callable[..., Any],
    *rules: Callable[..., Any] | None,
    every: Callable[..., Any] | None = None,
    jointly: Callable[..., Any] | None = None,
    name: str | None = None,
    array: Callable[..., Any] | None = None,
    scalar: Callable[..., Any] | None = None,
    is_assignment: bool = False,
    is_gate: bool = False,
    symbol: str | None = None,
    notation: Notation | Callable[[int], Notation] | None = None,
    kind: type[Primitive] = Primitive,
) -> Primitive:
    """Add an operation to the table.

    Args:
        function: the NumPy function that people call; the row answers for it.
        *rules: one rule for each argument that is data: ``rule(g, y, *inputs, **attrs)`` returns the
            gradient of that argument, given the gradient ``g`` of the result ``y``. The attributes of
            the operation are the arguments of the rule that have a default.
        every: instead of ``rules``, one rule for any number of arguments; it is told which as ``i``.
        jointly: likewise, where all are best computed at once: it returns the list of their gradients.
        name: the name of the row; that of the function if not given.
        array: computes the result on arrays, if ``function`` itself is not the best way.
        scalar: computes the result on Python numbers, for ``Value``.
        is_assignment: whether the result takes the place of its first input.
        is_gate: whether a gradient of 0 means that nothing passes, here and all around.
        symbol: the operation in a drawing.
        notation: the operation in a formula; for any number of arguments a function of their number.
        kind: the class of the row.

    Returns:
        The row, which can be called like the function.

    Raises:
        ArgumentError: the name is taken; no function or no rule is given.

    Example:
        >>> from autograd import Value
        >>> cube = row(lambda x: x**3, lambda g, y, x: g * 3 * x**2, name="cube", scalar=lambda x: x**3)
        >>> x = Value(2.0)
        >>> cube(x).backward()
        >>> x.grad
        12.0
        >>> del TABLE["cube"]
    """
    if not callable(function) or not (every or jointly or any(map(callable, rules))):
        raise errors.bad_argument(
            f"row({errors.brief(function)}, ...)",
            "a function, and a rule for each argument that is data",
            "no function" if not callable(function) else "no rule",
            "row(np.exp, lambda g, y, x: g * y, name='my_exp')",
        )
    primitive = kind(
        name or function.__name__,
        array or function,
        Each(every) if every else Jointly(jointly) if jointly else rules,
        scalar=scalar,
        is_assignment=is_assignment,
        is_gate=is_gate,
        symbol=symbol,
        notation=notation,
    )
    if primitive.name in TABLE:
        raise errors.bad_argument(
            f"row(..., name={primitive.name!r})",
            "a name that is free",
            f"the table already has a row named {primitive.name!r}",
            f"row(..., name='my_{primitive.name}')",
        )
    TABLE[primitive.name] = primitive
    BY_FUNCTION[function] = primitive
    return primitive


def infix(text: str, latex: str, binding: int = SUM) -> Notation:
    """The notation of an operator that stands between its two arguments."""
    return Notation(f"{{}} {text} {{}}", f"{{}} {latex} {{}}", binding)
