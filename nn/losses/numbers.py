"""Losses of predicted numbers: how far they are from the targets."""

from __future__ import annotations

from typing import Any

import numpy as np

from .reduction import at_least, beside, reduce


def mse_loss(input: Any, target: Any, *, reduction: str = "mean") -> Any:
    """``(input - target)**2``, averaged over all elements.

    Args:
        input: a Tensor or an array of any shape: the predictions.
        target: of the same shape. A plain array is converted to the dtype of ``input``.
        reduction: ``"mean"`` or ``"sum"`` over all elements, or ``"none"``.

    Returns:
        The loss: a scalar, or of the shape of ``input`` with ``"none"``.

    Raises:
        ShapeError: the shapes differ. (They are not broadcast: (N, 1) against (N,) would be an N by N table.)
        ArgumentError: another reduction, or a mean over nothing.

    Example:
        >>> float(mse_loss(np.array([1.0, 3.0]), [1.0, 1.0]))
        2.0
    """
    return reduce("mse_loss", np.square(input - beside("mse_loss", input, target)), reduction)


def l1_loss(input: Any, target: Any, *, reduction: str = "mean") -> Any:
    """``|input - target|``, averaged over all elements.

    Args:
        input: a Tensor or an array of any shape: the predictions.
        target: of the same shape.
        reduction: ``"mean"`` or ``"sum"`` over all elements, or ``"none"``.

    Returns:
        The loss: a scalar, or of the shape of ``input`` with ``"none"``.

    Raises:
        ShapeError: the shapes differ.
        ArgumentError: another reduction, or a mean over nothing.

    Example:
        >>> float(l1_loss(np.array([1.0, 3.0]), [1.0, 1.0]))
        1.0
    """
    return reduce("l1_loss", np.absolute(input - beside("l1_loss", input, target)), reduction)


def smooth_l1_loss(input: Any, target: Any, *, reduction: str = "mean", beta: float = 1.0) -> Any:
    """``d**2 / (2 beta)`` for distances d below ``beta``, else ``d - beta / 2``: round at 0, straight outside.

    Args:
        input: a Tensor or an array of any shape: the predictions.
        target: of the same shape.
        reduction: ``"mean"`` or ``"sum"`` over all elements, or ``"none"``.
        beta: where the straight part begins; with 0 it is :func:`l1_loss`.

    Returns:
        The loss: a scalar, or of the shape of ``input`` with ``"none"``.

    Raises:
        ShapeError: the shapes differ.
        ArgumentError: a negative beta, another reduction, or a mean over nothing.

    Example:
        >>> float(smooth_l1_loss(np.array([1.5, 3.0]), [1.0, 1.0]))  # (0.125 + 1.5) / 2
        0.8125
    """
    at_least("smooth_l1_loss", "beta", beta)
    d = np.absolute(input - beside("smooth_l1_loss", input, target))
    return reduce("smooth_l1_loss", np.where(d < beta, d * d / (2 * beta), d - beta / 2) if beta else d, reduction)


def huber_loss(input: Any, target: Any, *, reduction: str = "mean", delta: float = 1.0) -> Any:
    """``d**2 / 2`` for distances d up to ``delta``, else ``delta (d - delta / 2)`` (Huber 1964).

    Args:
        input: a Tensor or an array of any shape: the predictions.
        target: of the same shape.
        reduction: ``"mean"`` or ``"sum"`` over all elements, or ``"none"``.
        delta: where the straight part begins.

    Returns:
        The loss: a scalar, or of the shape of ``input`` with ``"none"``.

    Raises:
        ShapeError: the shapes differ.
        ArgumentError: a delta that is not positive, another reduction, or a mean over nothing.

    Example:
        >>> float(huber_loss(np.array([1.5, 4.0]), [1.0, 1.0], delta=2.0))  # (0.125 + 4) / 2
        2.0625
    """
    at_least("huber_loss", "delta", delta, strictly=True)
    d = np.absolute(input - beside("huber_loss", input, target))
    return reduce("huber_loss", np.where(d <= delta, 0.5 * d * d, delta * (d - 0.5 * delta)), reduction)
