"""Losses as modules: how wrong a network is, in one number."""

from __future__ import annotations

from typing import Any

from . import functional
from .module import Module


class _Loss(Module):
    """A loss with a way to join the losses of the examples."""

    def __init__(self, reduction: str = "mean") -> None:
        functional.check_reduction(type(self).__name__, reduction)
        self.reduction = reduction


class CrossEntropyLoss(_Loss):
    """``-log(softmax(logits)[target])``; see :func:`nn.functional.cross_entropy`.

    Args:
        reduction: ``"mean"`` or ``"sum"`` over the examples, or ``"none"``.

    Example:
        >>> import numpy as np
        >>> round(float(CrossEntropyLoss()(np.zeros((3, 2)), [0, 1, 1])), 6)
        0.693147
    """

    def forward(self, logits: Any, target: Any) -> Any:
        """The loss of logits (N, C) and classes (N,) or class probabilities (N, C)."""
        return functional.cross_entropy(logits, target, self.reduction)


class MSELoss(_Loss):
    """``(prediction - target)**2``, averaged; see :func:`nn.functional.mse_loss`.

    Args:
        reduction: ``"mean"`` or ``"sum"`` over all elements, or ``"none"``.

    Example:
        >>> import numpy as np
        >>> float(MSELoss()(np.array([1.0, 3.0]), [1.0, 1.0]))
        2.0
    """

    def forward(self, prediction: Any, target: Any) -> Any:
        """The loss of predictions and targets of the same shape."""
        return functional.mse_loss(prediction, target, self.reduction)
