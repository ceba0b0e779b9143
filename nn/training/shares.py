"""The loss of a batch, and how much that of a rank's part of it counts beside those of the others."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from typing import Any

import numpy as np

from autograd import Node, errors

from ..distributed import World
from ..losses import CrossEntropyLoss, NLLLoss


def shared(loss: Callable[[Any, Any], Any], output: Any, target: Any, world: World) -> tuple[Any, float]:
    """The loss of the part of a batch that this rank has, and its share.

    The loss of the batch is ``sum(share * loss)`` over the ranks.

    A mean over examples has their share, and a sum counts whole. A mean over labels, some of which may be ignored, or
    count more than others, is taken over those of the part, and has the share of their weights.
    """
    if not world.share:
        return loss_of(loss, output, target), 1.0
    own, whole = world.share
    if getattr(loss, "reduction", "mean") == "sum":
        return loss_of(loss, output, target), float(own > 0)
    if not _is_over_labels(loss, output, target):
        return loss_of(loss, output, target), own / whole
    in_all: Any = copy(loss)
    in_all.reduction = "sum"
    total = loss_of(in_all, output, target)
    weight = _weight(loss, np.asarray(target))
    if not (every := float(world.sum(weight if own else 0.0))):
        return loss_of(loss, output, target), 0.0  # which says that nothing counts
    unit = weight or 1.0
    return total / unit, unit / every if own else 0.0


def _is_over_labels(loss: Any, output: Any, target: Any) -> bool:
    """Whether a loss is a mean over labels; one over class probabilities is over the examples."""
    is_mean = isinstance(loss, (CrossEntropyLoss, NLLLoss)) and loss.reduction == "mean"
    return is_mean and np.shape(target) != np.shape(output)


def _weight(loss: Any, labels: Any) -> float:
    """How much the labels count together."""
    counted = labels[labels != loss.ignore_index]
    return float(counted.size if loss.weight is None else np.sum(loss.weight.data[counted]))


def loss_of(loss: Callable[[Any, Any], Any], output: Any, target: Any) -> Any:
    """The loss of a batch.

    Raises:
        ArgumentError: the network returned what the loss cannot take.
    """
    try:
        return loss(output, target)
    except (AttributeError, TypeError) as error:
        is_ours = isinstance(error, errors.ChainruleError)
        if isinstance(output, Node) or (is_ours and not isinstance(error, errors.DtypeError)):
            raise
        cure = "lambda output, target: loss(output[0], target) as loss, or a forward that returns one Tensor"
        if output is None:
            cure = "return ... at the end of forward"
        expected = "a network that returns what the loss takes, such as a Tensor"
        raise errors.bad_argument(
            "the loss of a batch", expected, f"{type(output).__name__} ({str(error).splitlines()[0]})", cure
        ) from error
