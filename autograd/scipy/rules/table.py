"""How a function of SciPy gets into the table of rules."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

from ... import errors
from ...graph import Node, Primitive, is_recording
from ...rules import row


def special(function: Any, *rules: Callable[..., Any], name: str = "", array: Any = None) -> Primitive:
    """Add an elementwise function of SciPy to the table; its scalar twin is the function itself.

    Args:
        function: the function as people call it.
        *rules: one for each argument, as in :func:`autograd.row`, or :class:`Constant`.
        name: the name of the row; that of the function if not given.
        array: computes the result on arrays, if ``function`` itself does not keep their dtype.

    Returns:
        The row.
    """
    compute = array or (_keeping_dtype(function) if len(rules) > 1 else function)
    kind = WithConstants if any(isinstance(rule, Constant) for rule in rules) else Primitive
    return row(function, *rules, name=name or function.__name__, array=compute, scalar=_on_numbers(compute), kind=kind)


def _keeping_dtype(function: Any) -> Callable[..., Any]:
    """``function`` in the dtype that NumPy would give; of a number and an array in float32 SciPy makes float64."""

    def keeping(*inputs: Any) -> Any:
        y = function(*inputs)
        dtype = np.result_type(*inputs)
        return y if dtype == y.dtype or dtype.kind != "f" else y.astype(dtype)

    return keeping


def _on_numbers(function: Any) -> Callable[..., Any]:
    """``function`` with a Python number as its result, where all its arguments are numbers."""

    def twin(*inputs: Any, **attrs: Any) -> Any:
        y = function(*inputs, **attrs)
        return y if np.ndim(y) else y.item()

    return twin


class Constant:
    """In place of the rule of an argument by which ``name`` is not differentiated.

    Args:
        name: the function.
        *arguments: that argument, and then those that have a derivative.
    """

    def __init__(self, name: str, *arguments: str) -> None:
        self.name = name
        self.argument, *self.others = arguments

    def __call__(self, *inputs: Any) -> NoReturn:
        """Say that there is none."""
        raise errors.NoRuleError(
            errors.message(
                f"the gradient of {self.name} with respect to {self.argument}",
                f"an argument whose derivative is known: {', '.join(self.others)}",
                f"{self.argument}, which requires a gradient",
                f"{self.argument}.detach(), or {self.argument}.data: a constant",
            )
        )


class WithConstants(Primitive):
    """A row with arguments that have no derivative: it refuses them when it is called, not only on the way back."""

    __slots__ = ()

    def __call__(self, *inputs: Any, **attrs: Any) -> Any:
        """Compute or record, unless an argument without a derivative requires one."""
        for x, rule in zip(inputs, self.rules, strict=False):
            if isinstance(rule, Constant) and isinstance(x, Node) and x.requires_grad and is_recording():
                rule()
        return super().__call__(*inputs, **attrs)


def like(y: Any, x: Any) -> Any:
    """``y`` in the dtype of ``x``, where SciPy computes in double precision only."""
    return np.asarray(y, dtype=getattr(x, "dtype", None))[()]
