"""Losses of probabilities: of yes and no, and of whole distributions."""

from __future__ import annotations

from math import log, pi
from typing import Any

import numpy as np

from autograd import errors

from .. import rules
from ..inputs import as_constant, plain
from .reduction import at_least, beside, numbers, reduce


def binary_cross_entropy(input: Any, target: Any, weight: Any = None, *, reduction: str = "mean") -> Any:
    """``-target log(input) - (1 - target) log(1 - input)``, where no logarithm counts as less than -100.

    Args:
        input: probabilities from 0 to 1, of any shape.
        target: of the same shape, usually 0 or 1.
        weight: how much each element counts; broadcast to the shape of ``input``.
        reduction: ``"mean"`` or ``"sum"`` over all elements, or ``"none"``.

    Returns:
        The loss: a scalar, or of the shape of ``input`` with ``"none"``.

    Raises:
        ShapeError: the shapes differ.
        ArgumentError: an input that is no probability, or another reduction.

    Example:
        >>> round(float(binary_cross_entropy(np.array([0.5, 1.0]), [1, 1])), 6)
        0.346574
    """
    name = "binary_cross_entropy"
    target = beside(name, input, target)
    p = plain(input)
    every = getattr(p, "whole", p)
    if not ((every >= 0) & (every <= 1)).all():
        raise errors.bad_argument(
            name,
            "probabilities from 0 to 1",
            f"numbers from {every.min():.4g} to {every.max():.4g}",
            "binary_cross_entropy_with_logits, which takes any scores",
        )
    return reduce(name, _weigh(name, rules.binary_cross_entropy(input, target), weight), reduction)


def binary_cross_entropy_with_logits(
    input: Any, target: Any, weight: Any = None, *, reduction: str = "mean", pos_weight: Any = None
) -> Any:
    """``pos_weight target log(1 + exp(-input)) + (1 - target) log(1 + exp(input))``: of scores, without overflow.

    Args:
        input: scores of any shape; any numbers, no sigmoid before.
        target: of the same shape, usually 0 or 1.
        weight: how much each element counts; broadcast to the shape of ``input``.
        reduction: ``"mean"`` or ``"sum"`` over all elements, or ``"none"``.
        pos_weight: how much a yes counts; broadcast to the shape of ``input``.

    Returns:
        The loss: a scalar, or of the shape of ``input`` with ``"none"``.

    Raises:
        ShapeError: the shapes do not fit.
        ArgumentError: another reduction.

    Example:
        >>> binary_cross_entropy_with_logits(np.array([0.0, -1000.0]), [1, 1], reduction="none").round(3).tolist()
        [0.693, 1000.0]
    """
    name = "binary_cross_entropy_with_logits"
    return reduce(name, logistic(name, input, target, weight, pos_weight), reduction)


def logistic(name: str, input: Any, target: Any, weight: Any, pos_weight: Any = None) -> Any:
    """The cross-entropy of yes and no of each score."""
    target = beside(name, input, target)
    yes = target * np.logaddexp(0, -input)
    losses = _weigh(name, yes, pos_weight, "pos_weight") + (1 - target) * np.logaddexp(0, input)
    return _weigh(name, losses, weight)


def kl_div(input: Any, target: Any, *, reduction: str = "mean", log_target: bool = False) -> Any:
    """``target (log(target) - input)``: Kullback and Leibler's divergence, element by element.

    Args:
        input: logarithms of probabilities, of any shape.
        target: probabilities of the same shape, or their logarithms with ``log_target``.
        reduction: ``"batchmean"``, the sum divided by the number of examples, which is the divergence itself; or
            ``"mean"`` or ``"sum"`` over all elements, or ``"none"``.
        log_target: whether ``target`` holds logarithms.

    Returns:
        The loss: a scalar, or of the shape of ``input`` with ``"none"``.

    Raises:
        ShapeError: the shapes differ.
        ArgumentError: a negative target, which is no probability, or another reduction.

    Example:
        >>> p, q = np.array([[0.5, 0.5]]), np.array([[0.25, 0.75]])
        >>> round(float(kl_div(np.log(q), p, reduction="batchmean")), 6)  # log(4 / 3) / 2
        0.143841
    """
    target = beside("kl_div", input, target)
    if log_target:
        losses = np.exp(target) * (target - input)
    else:
        if _lowest(target) < 0:
            got, cure = f"{_lowest(target):.4g} among them", "log_target=True, if they are logarithms"
            raise errors.bad_argument("kl_div: the target", "probabilities, from 0", got, cure)
        losses = target * (np.log(np.where(target > 0, target, 1)) - input)
    if reduction == "batchmean" and losses.ndim and len(losses):
        return losses.sum() / len(losses)
    return reduce("kl_div", losses, "mean" if reduction == "batchmean" else reduction)


def poisson_nll_loss(
    input: Any,
    target: Any,
    log_input: bool = True,
    full: bool = False,
    *,
    eps: float = 1e-8,
    reduction: str = "mean",
) -> Any:
    """``exp(input) - target input``: how unlikely a count is under Poisson's distribution.

    Args:
        input: the logarithms of the expected counts; without ``log_input`` the expected counts themselves, and then the
            loss is ``input - target log(input + eps)``.
        target: counts of the same shape.
        log_input: whether ``input`` holds logarithms.
        full: whether Stirling's ``t log(t) - t + log(2 pi t) / 2`` is added for counts t above 1.
        eps: keeps the logarithm finite.
        reduction: ``"mean"`` or ``"sum"`` over all elements, or ``"none"``.

    Returns:
        The loss: a scalar, or of the shape of ``input`` with ``"none"``.

    Raises:
        ShapeError: the shapes differ.
        ArgumentError: another reduction.

    Example:
        >>> float(poisson_nll_loss(np.array([0.0]), [2.0]))
        1.0
    """
    target = beside("poisson_nll_loss", input, target)
    losses = np.exp(input) - target * input if log_input else input - target * np.log(input + eps)
    if full:
        t = np.where(target > 1, target, 1)
        losses = losses + np.where(target > 1, t * np.log(t) - t + 0.5 * np.log(2 * pi * t), 0)
    return reduce("poisson_nll_loss", losses, reduction)


def gaussian_nll_loss(
    input: Any, target: Any, var: Any, full: bool = False, eps: float = 1e-6, *, reduction: str = "mean"
) -> Any:
    """``(log(var) + (input - target)**2 / var) / 2``: how unlikely a number is under a normal distribution.

    Args:
        input: the expected numbers, of any shape.
        target: of the same shape.
        var: their variances, from 0: a number, of a shape that broadcasts to that of ``input``, or of that without the
            last axis.
        full: whether the constant ``log(2 pi) / 2`` is added.
        eps: what smaller variances are taken for; their gradient is that at ``eps``.
        reduction: ``"mean"`` or ``"sum"`` over all elements, or ``"none"``.

    Returns:
        The loss: a scalar, or of the shape of ``input`` with ``"none"``.

    Raises:
        ShapeError: the shapes do not fit.
        ArgumentError: a negative variance, or another reduction.

    Example:
        >>> float(gaussian_nll_loss(np.array([1.0, 3.0]), [1.0, 1.0], np.ones(2)))
        1.0
    """
    name = "gaussian_nll_loss"
    at_least(name, "eps", eps, strictly=True)
    target = beside(name, input, target)
    shape, given = np.shape(input), np.shape(var)
    if given != shape[:-1] and not _broadcasts(given, shape):
        raise errors.ShapeError(
            errors.message(
                f"{name} of an input of shape {shape} and variances of shape {given}",
                f"shape {shape}, one with 1 in some places, or {shape[:-1]}",
                f"shape {given}",
                "var=np.ones_like(input)",
            )
        )
    var = numbers(name, input, var, "var")
    if given == shape[:-1] and given:
        var = var[..., None]
    if _lowest(var) < 0:
        cure = "np.exp(log_var), for a network whose output may be any number"
        raise errors.bad_argument(f"{name}: the variances", "numbers from 0", f"{_lowest(var):.4g} among them", cure)
    var = var + np.maximum(eps - plain(var), 0)
    losses = 0.5 * (np.log(var) + np.square(input - target) / var) + (0.5 * log(2 * pi) if full else 0)
    return reduce(name, losses, reduction)


def _weigh(name: str, losses: Any, weight: Any, argument: str = "weight") -> Any:
    """The losses times their weights, which have to broadcast to their shape."""
    if weight is None:
        return losses
    if not _broadcasts(np.shape(weight), losses.shape):
        raise errors.ShapeError(
            errors.message(
                f"{name}(..., {argument}) of elements of shape {losses.shape}",
                f"{argument}s that broadcast to that shape",
                f"shape {np.shape(weight)}",
                f"{argument}[:, None] for one number for each example",
            )
        )
    return losses * as_constant(weight if getattr(weight, "requires_grad", False) else plain(weight), losses.dtype)


def _broadcasts(given: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    """Whether an array of one shape can be repeated to another."""
    try:
        return np.broadcast_shapes(given, shape) == shape
    except ValueError:
        return False


def _lowest(x: Any) -> float:
    """The lowest number, of all examples inside ``vmap`` too; 0 of none."""
    x = plain(x)
    every = getattr(x, "whole", x)
    return float(every.min()) if every.size else 0.0
