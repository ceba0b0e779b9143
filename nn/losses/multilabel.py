"""Losses for several right classes at once, as functions and as modules."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import errors

from ..inputs import are_in_range, as_labels, out_of_range
from .modules import _kept, _Loss
from .probabilities import logistic
from .reduction import reduce


def multilabel_margin_loss(input: Any, target: Any, *, reduction: str = "mean") -> Any:
    """``sum(max(0, 1 - input[j] + input[i])) / C`` over the right classes j and the wrong ones i.

    Args:
        input: scores of shape (N, C), or (C,) for one example.
        target: the right classes of the same shape: whole numbers from 0 to C - 1, and -1 after the last one.
        reduction: ``"mean"`` or ``"sum"`` over the examples, or ``"none"``.

    Returns:
        The loss: a scalar, or of shape (N,) with ``"none"``.

    Raises:
        ShapeError: the shapes differ.
        ArgumentError: a class out of range, another reduction, or a mean over nothing.

    Example:
        >>> scores = np.array([[0.1, 0.2, 0.4, 0.8]])
        >>> round(float(multilabel_margin_loss(scores, [[3, 0, -1, 1]])), 6)  # the classes 3 and 0
        0.85
    """
    name, shape = "multilabel_margin_loss", np.shape(input)
    if len(shape) not in (1, 2) or np.shape(target) != shape:
        expected = "shapes (N, C) and (N, C), or (C,) and (C,): a place for each class, and -1 in those left over"
        did, cure = f"{name} of scores of shape {shape} and a target of shape {np.shape(target)}", "[[3, 0, -1, -1]]"
        raise errors.ShapeError(errors.message(did, expected, f"{shape} and {np.shape(target)}", cure))
    labels, classes = as_labels(name, target), shape[-1]
    listed = np.cumprod(labels != -1, axis=-1).astype(bool)
    places = np.where(listed, labels, 0)
    if not are_in_range(places, classes):
        raise out_of_range(name, places, classes)
    right = (listed[..., None] & (places[..., None] == np.arange(classes))).any(axis=-2)
    ahead = np.take_along_axis(input, places, axis=-1)[..., None] - input[..., None, :]
    short = np.where(listed[..., None] & ~right[..., None, :], np.clip(1 - ahead, 0, None), 0)
    return reduce(name, short.sum(axis=(-2, -1)) / classes, reduction)


def multilabel_soft_margin_loss(input: Any, target: Any, weight: Any = None, *, reduction: str = "mean") -> Any:
    """The cross-entropy of yes and no, from scores, averaged over the classes.

    Args:
        input: scores of shape (N, C), or (C,) for one example.
        target: 1 for the right classes and 0 for the others, of the same shape.
        weight: how much each class counts, of shape (C,).
        reduction: ``"mean"`` or ``"sum"`` over the examples, or ``"none"``.

    Returns:
        The loss: a scalar, or of shape (N,) with ``"none"``.

    Raises:
        ShapeError: the shapes do not fit.
        ArgumentError: another reduction, or a mean over nothing.

    Example:
        >>> round(float(multilabel_soft_margin_loss(np.array([[0.0, -1000.0]]), [[1, 0]])), 6)  # log(2) / 2
        0.346574
    """
    name = "multilabel_soft_margin_loss"
    return reduce(name, logistic(name, input, target, weight).mean(axis=-1), reduction)


class MultiLabelMarginLoss(_Loss):
    """The hinge loss of several right classes; see :func:`nn.functional.multilabel_margin_loss`.

    Args:
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Example:
        >>> round(float(MultiLabelMarginLoss()(np.array([[0.1, 0.2, 0.4, 0.8]]), [[3, 0, -1, 1]])), 6)
        0.85
    """

    def forward(self, input: Any, target: Any) -> Any:
        """The loss."""
        return multilabel_margin_loss(input, target, reduction=self.reduction)


class MultiLabelSoftMarginLoss(_Loss):
    """Yes or no for each class, from scores; see :func:`nn.functional.multilabel_soft_margin_loss`.

    Args:
        weight: how much each class counts, of shape (C,).
        reduction: ``"mean"``, ``"sum"`` or ``"none"``.

    Example:
        >>> round(float(MultiLabelSoftMarginLoss()(np.array([[0.0, -1000.0]]), [[1, 0]])), 6)
        0.346574
    """

    def __init__(self, weight: Any = None, *, reduction: str = "mean") -> None:
        super().__init__(reduction)
        self.weight = _kept(weight)

    def forward(self, input: Any, target: Any) -> Any:
        """The loss."""
        return multilabel_soft_margin_loss(input, target, weight=self.weight, reduction=self.reduction)
