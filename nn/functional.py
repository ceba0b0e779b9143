"""The functions that layers and losses are made of, under PyTorch's names.

They take Tensors, and plain arrays too; a plain array beside a Tensor is a constant, and takes its dtype.
Each is found in the file of its layer.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import Tensor, errors

from . import rules
from .attention import scaled_dot_product_attention
from .conv import conv1d, conv2d, conv_transpose2d
from .elementwise import (
    elu,
    gelu,
    glu,
    hardsigmoid,
    hardswish,
    hardtanh,
    leaky_relu,
    log_softmax,
    logsigmoid,
    mish,
    prelu,
    relu,
    relu6,
    selu,
    sigmoid,
    silu,
    softmax,
    softmin,
    softplus,
    softsign,
    tanh,
    tanhshrink,
    threshold,
)
from .embedding import embedding
from .inputs import as_constant
from .linear import bilinear, linear
from .norm import batch_norm, group_norm, layer_norm, rms_norm
from .pooling import adaptive_avg_pool2d, avg_pool1d, avg_pool2d, max_pool1d, max_pool2d
from .regularisation import dropout

__all__ = [
    "adaptive_avg_pool2d",
    "avg_pool1d",
    "avg_pool2d",
    "batch_norm",
    "bilinear",
    "conv1d",
    "conv2d",
    "conv_transpose2d",
    "cross_entropy",
    "dropout",
    "elu",
    "embedding",
    "gelu",
    "glu",
    "group_norm",
    "hardsigmoid",
    "hardswish",
    "hardtanh",
    "layer_norm",
    "leaky_relu",
    "linear",
    "log_softmax",
    "logsigmoid",
    "max_pool1d",
    "max_pool2d",
    "mish",
    "mse_loss",
    "nll_loss",
    "one_hot",
    "prelu",
    "relu",
    "relu6",
    "rms_norm",
    "scaled_dot_product_attention",
    "selu",
    "sigmoid",
    "silu",
    "softmax",
    "softmin",
    "softplus",
    "softsign",
    "tanh",
    "tanhshrink",
    "threshold",
]

# Losses.


def cross_entropy(logits: Any, target: Any, reduction: str = "mean") -> Any:
    """``-log(softmax(logits)[target])``: how surprised the network is by the right class.

    Args:
        logits: scores of shape (N, C), or (C,) for one example; any numbers, no softmax before.
        target: whole numbers from 0 to C - 1 of shape (N,) or (), or class probabilities of the shape
            of ``logits``.
        reduction: ``"mean"`` or ``"sum"`` over the examples, or ``"none"``.

    Returns:
        The loss: a scalar, or of shape (N,) with ``"none"``.

    Raises:
        ShapeError: the shapes do not fit.
        ArgumentError: a class out of range, fractional classes, or another reduction.

    Example:
        >>> from autograd import Tensor
        >>> z = Tensor([[2.0, 0.0], [0.0, 2.0]])
        >>> loss = cross_entropy(z, [0, 0])
        >>> loss.backward()
        >>> round(loss.item(), 6), z.grad.round(3).tolist()
        (1.126928, [[-0.06, 0.06], [-0.44, 0.44]])
    """
    if logits.ndim not in (1, 2):
        raise _wrong_logits("cross_entropy", logits.shape)
    if np.shape(target) == logits.shape:
        return _reduce("cross_entropy", rules.cross_entropy(logits, as_constant(target, logits.dtype)), reduction)
    if reduction not in REDUCTIONS:
        raise _unknown_reduction("cross_entropy", reduction)
    return rules.nll(rules.log_softmax(logits), _classes("cross_entropy", target, logits.shape), reduction=reduction)


def nll_loss(log_probabilities: Any, target: Any, reduction: str = "mean") -> Any:
    """``-log_probabilities[target]``: the negative log likelihood of the right class.

    Args:
        log_probabilities: of shape (N, C) or (C,), as :func:`log_softmax` gives them.
        target: whole numbers from 0 to C - 1 of shape (N,) or ().
        reduction: ``"mean"`` or ``"sum"`` over the examples, or ``"none"``.

    Returns:
        The loss: a scalar, or of shape (N,) with ``"none"``.

    Raises:
        ShapeError: the shapes do not fit.
        ArgumentError: a class out of range, fractional classes, or another reduction.

    Example:
        >>> round(float(nll_loss(np.log([[0.25, 0.75]]), [0])), 6)
        1.386294
    """
    if log_probabilities.ndim not in (1, 2):
        raise _wrong_logits("nll_loss", log_probabilities.shape)
    if reduction not in REDUCTIONS:
        raise _unknown_reduction("nll_loss", reduction)
    return rules.nll(log_probabilities, _classes("nll_loss", target, log_probabilities.shape), reduction=reduction)


def mse_loss(prediction: Any, target: Any, reduction: str = "mean") -> Any:
    """``(prediction - target)**2``, averaged over all elements.

    Args:
        prediction: a Tensor or an array of any shape.
        target: of the same shape. A plain array is converted to the dtype of ``prediction``.
        reduction: ``"mean"`` or ``"sum"`` over all elements, or ``"none"``.

    Returns:
        The loss: a scalar, or of the shape of ``prediction`` with ``"none"``.

    Raises:
        ShapeError: the shapes differ. (They are not broadcast: (N, 1) against (N,) would be an N by N table.)
        ArgumentError: another reduction.

    Example:
        >>> float(mse_loss(np.array([1.0, 3.0]), [1.0, 1.0]))
        2.0
    """
    if np.shape(prediction) != np.shape(target):
        raise errors.ShapeError(
            errors.message(
                f"mse_loss of a prediction of shape {np.shape(prediction)} and a target of shape {np.shape(target)}",
                "two equal shapes, one target for each prediction",
                f"{np.shape(prediction)} and {np.shape(target)}",
                f"target.reshape({', '.join(map(str, np.shape(prediction)))})"
                if np.size(prediction) == np.size(target)
                else "a target for each prediction",
            )
        )
    return _reduce("mse_loss", np.square(prediction - as_constant(target, prediction.dtype)), reduction)


def one_hot(labels: Any, num_classes: int, dtype: Any = np.float32) -> Any:
    """A row of zeros for each label, with a 1 at its class.

    Args:
        labels: whole numbers from 0 to ``num_classes`` - 1, of any shape.
        num_classes: the length of the rows.
        dtype: the dtype of the result.

    Returns:
        An array with one axis more than ``labels``, of length ``num_classes``.

    Raises:
        ArgumentError: a label out of range, or labels that are not whole numbers.

    Example:
        >>> one_hot([2, 0], 3)
        array([[0., 0., 1.], [1., 0., 0.]], dtype=float32)
    """
    return rules.one_hot(_whole_numbers("one_hot", labels, num_classes), num_classes, dtype)


REDUCTIONS = ("mean", "sum", "none")


def _reduce(name: str, losses: Any, reduction: str) -> Any:
    """The losses of all examples as their mean, their sum, or as they are."""
    if reduction == "mean":
        return losses.mean()
    if reduction == "sum":
        return losses.sum()
    if reduction == "none":
        return losses
    raise _unknown_reduction(name, reduction)


def _unknown_reduction(name: str, reduction: str) -> errors.ArgumentError:
    return errors.bad_argument(
        f"{name}(..., reduction={reduction!r})", "'mean', 'sum' or 'none'", repr(reduction), "reduction='mean'"
    )


def _classes(name: str, target: Any, logits: tuple[int, ...]) -> Any:
    """The right classes as an array of whole numbers, one for each row of the logits."""
    target = _array(target)
    if target.shape != logits[:-1]:
        raise errors.ShapeError(
            errors.message(
                f"{name} of scores of shape {logits} and a target of shape {target.shape}",
                f"one class for each example, shape {logits[:-1]}, or class probabilities, shape {logits}",
                f"shape {target.shape}",
                "target.ravel()" if target.size == int(np.prod(logits[:-1])) else "as many targets as rows of scores",
            )
        )
    return _whole_numbers(name, target, logits[-1])


def _array(x: Any) -> Any:
    """What a Tensor holds; lists as arrays."""
    x = x.data if isinstance(x, Tensor) else x
    return x if hasattr(x, "dtype") else np.asarray(x)


def _whole_numbers(name: str, labels: Any, num_classes: int) -> Any:
    """Labels as an array of whole numbers in range, or an error."""
    labels = _array(labels)
    if labels.dtype.kind not in "biu":
        cure = "labels.astype(int)"
        raise errors.bad_argument(f"{name}: the labels", "whole numbers, one for each class", str(labels.dtype), cure)
    places = labels.astype(np.intp)
    every = getattr(places, "whole", places)  # the labels of all examples, inside vmap
    if every.size and every.view(np.uintp).max() >= num_classes:  # a negative number becomes a huge one
        raise errors.bad_argument(
            f"{name}: the labels of {num_classes} classes",
            f"whole numbers from 0 to {num_classes - 1}",
            f"labels from {every.min()} to {every.max()}",
            "labels - labels.min() if they start at 1, or as many scores as there are classes",
        )
    return places


def _wrong_logits(name: str, given: tuple[int, ...]) -> errors.ShapeError:
    return errors.ShapeError(
        errors.message(
            f"{name} of scores of shape {given}",
            "shape (N, C), a row of C scores for each of N examples, or (C,) for one example",
            f"shape {given}",
            "scores.reshape(-1, C)",
        )
    )
