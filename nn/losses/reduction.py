"""What all losses have in common: the losses of the examples joined, and inputs that belong together."""

from __future__ import annotations

from numbers import Real
from typing import Any

import numpy as np

from autograd import errors

from ..inputs import as_constant, plain

REDUCTIONS = ("mean", "sum", "none")


def reduce(name: str, losses: Any, reduction: str) -> Any:
    """The losses of all examples as their mean, their sum, or as they are."""
    if reduction == "mean":
        return losses.mean() if losses.size else no_mean(name)
    if reduction == "sum":
        return losses.sum()
    if reduction == "none":
        return losses
    raise unknown_reduction(name, reduction)


def unknown_reduction(name: str, reduction: str) -> errors.ArgumentError:
    """A way to join losses that there is not."""
    return errors.bad_argument(
        f"{name}(..., reduction={reduction!r})", "'mean', 'sum' or 'none'", repr(reduction), "reduction='mean'"
    )


def no_mean(name: str) -> None:
    """The mean over an empty batch is 0/0."""
    raise errors.bad_argument(
        f"{name}(..., reduction='mean') over no example at all",
        "at least one example that counts",
        "an empty batch, or one in which every label is ignored or has weight 0",
        "reduction='sum', which is 0 then; `if len(batch):` before",
    )


def beside(name: str, input: Any, target: Any, what: str = "target") -> Any:
    """The targets as numbers of the dtype of the input, one for each of its elements, or an error."""
    if np.shape(input) == np.shape(target):
        return numbers(name, input, target, what)
    shape = np.shape(input)
    raise errors.ShapeError(
        errors.message(
            f"{name} of an input of shape {shape} and a {what} of shape {np.shape(target)}",
            f"two equal shapes, one {what} for each element of the input",
            f"{shape} and {np.shape(target)}",
            f"{what}.reshape({', '.join(map(str, shape))})"
            if np.size(input) == np.size(target)
            else f"a {what} for each element of the input",
        )
    )


def numbers(name: str, input: Any, target: Any, what: str = "target") -> Any:
    """``target`` as real numbers of the dtype of ``input``, or an error."""
    dtype = plain(target).dtype
    if dtype.kind not in "fbiu":
        raise errors.DtypeError(
            errors.message(f"{name}: the {what}", "real numbers", f"dtype {dtype}", f"{what}.astype(np.float32)")
        )
    return as_constant(target, input.dtype)


def at_least(name: str, argument: str, number: float, least: float = 0.0, strictly: bool = False) -> None:
    """An error unless ``number`` is large enough."""
    if not isinstance(number, Real) or not (number > least if strictly else number >= least):
        expected = f"a number {'above' if strictly else 'from'} {least:g}"
        raise errors.bad_argument(f"{name}(..., {argument}={number!r})", expected, repr(number), f"{argument}=1.0")
