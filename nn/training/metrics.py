"""Numbers to watch beside the loss: each is a function of the output and the target of a batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from autograd import Tensor, errors
from autograd.rules.elsewhere import in_memory

from .. import functional, losses
from ..inputs import plain

Metric = Callable[[Any, Any], Any]

OF_PROBABILITIES = (losses.BCELoss, functional.binary_cross_entropy)
OF_CLASSES = (
    losses.CrossEntropyLoss,
    losses.NLLLoss,
    losses.MultiMarginLoss,
    functional.cross_entropy,
    functional.nll_loss,
)
"""Losses that say what the outputs are: probabilities of yes, or scores of classes."""


def accuracy(output: Any, target: Any, threshold: float = 0.0) -> float:
    """The share of what was recognised.

    Args:
        output: scores with the classes on axis 1; or one score for each target.
        target: the numbers of the classes; or an array of the shape of ``output``, with 1 for yes and 0 or -1 for no.
        threshold: above it a single score says yes: 0 for logits, 0.5 for probabilities.

    Returns:
        From 0 to 1.

    Raises:
        ShapeError: shapes that do not belong together.

    Example:
        >>> accuracy(np.array([[2.0, 1.0], [0.0, 3.0]]), [0, 0]), accuracy(np.array([0.3, -1.0]), [1, 0])
        (0.5, 1.0)
    """
    output, target = plain(output), plain(target)
    if output.shape == target.shape:
        return float(((output > threshold) == (target > threshold)).mean())
    if output.ndim > 1 and output.shape[:1] + output.shape[2:] == target.shape:
        return float((output.argmax(axis=1) == target).mean())
    expected = "a target for each output, or classes on axis 1 of the output and their numbers"
    given, cure = f"shapes {output.shape} and {target.shape}", "output.squeeze(1) for targets of shape (n,)"
    raise errors.ShapeError(errors.message("accuracy(output, target)", expected, given, cure))


def mean_absolute_error(output: Any, target: Any) -> float:
    """The mean of ``|output - target|``."""
    return float(functional.l1_loss(plain(output), plain(target)))


def mean_squared_error(output: Any, target: Any) -> float:
    """The mean of ``(output - target)**2``."""
    return float(functional.mse_loss(plain(output), plain(target)))


KNOWN: dict[str, Metric] = {"accuracy": accuracy, "mae": mean_absolute_error, "mse": mean_squared_error}
"""The metrics that have a name."""


def by_name(metrics: str | Iterable[str | Metric] | Mapping[str, Metric], loss: Any) -> dict[str, Metric]:
    """The metrics to watch, by name.

    Args:
        metrics: names of known ones, functions, or functions by name.
        loss: the loss, which says what the outputs are.

    Raises:
        ArgumentError: an unknown name, or what is no function.
    """
    if isinstance(metrics, Mapping):
        found = dict(metrics)
    else:
        several = list(metrics) if isinstance(metrics, Iterable) and not isinstance(metrics, str) else [metrics]
        found = {x if isinstance(x, str) else getattr(x, "__name__", type(x).__name__): x for x in several}
    for name, metric in found.items():
        if name in ("loss", "lr") or not (callable(metric) or metric in KNOWN):
            expected = f"functions f(output, target), or the names {', '.join(KNOWN)}"
            cure = "metrics=('accuracy',), or metrics={'mine': f}"
            raise errors.bad_argument(f"metrics={metrics!r}", expected, repr(name), cure)
    return {name: _for_loss(metric, loss) if isinstance(metric, str) else metric for name, metric in found.items()}


def _for_loss(name: str, loss: Any) -> Metric:
    """A known metric, as it fits what the loss takes for outputs."""
    if name == "accuracy" and _is_one_of(OF_PROBABILITIES, loss):
        return lambda output, target: accuracy(output, target, threshold=0.5)
    return _accuracy_of_classes if name == "accuracy" and _is_one_of(OF_CLASSES, loss) else KNOWN[name]


def _is_one_of(losses: tuple[Any, ...], loss: Any) -> bool:
    return any(isinstance(loss, x) if isinstance(x, type) else loss is x for x in losses)


def _accuracy_of_classes(output: Any, target: Any) -> float:
    """As :func:`accuracy`, and the targets may be probabilities of the classes."""
    output, target = plain(output), plain(target)
    return accuracy(output, target.argmax(axis=1) if output.shape == target.shape else target)


def number(name: str, x: Any) -> float:
    """What a metric, or a loss, gives as one number, or an error."""
    x = in_memory(x.data if isinstance(x, Tensor) else x)
    if np.size(x) == 1:
        return float(np.reshape(x, ()))
    given = f"shape {np.shape(x)}"
    cure = "reduction='mean'" if name == "loss" else "return x.mean()"
    raise errors.NotScalarError(errors.message(f"nn.fit: {name} of a batch", "one number", given, cure))
