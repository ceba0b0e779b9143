"""The functions that layers and losses are made of, under PyTorch's names.

They take Tensors, and plain arrays too; a plain array beside a Tensor is a constant, and takes its dtype.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import Tensor, errors
from autograd import relu as _relu
from autograd import sigmoid as _sigmoid

from . import rules
from .inputs import are_in_range, as_constant, as_labels, out_of_range
from .losses.classes import cross_entropy, multi_margin_loss, nll_loss
from .losses.distances import (
    cosine_embedding_loss,
    cosine_similarity,
    hinge_embedding_loss,
    margin_ranking_loss,
    pairwise_distance,
    soft_margin_loss,
    triplet_margin_loss,
)
from .losses.numbers import huber_loss, l1_loss, mse_loss, smooth_l1_loss
from .losses.probabilities import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    gaussian_nll_loss,
    kl_div,
    poisson_nll_loss,
)

__all__ = [
    "as_constant",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "cosine_embedding_loss",
    "cosine_similarity",
    "cross_entropy",
    "gaussian_nll_loss",
    "hinge_embedding_loss",
    "huber_loss",
    "kl_div",
    "l1_loss",
    "linear",
    "log_softmax",
    "margin_ranking_loss",
    "mse_loss",
    "multi_margin_loss",
    "nll_loss",
    "one_hot",
    "pairwise_distance",
    "poisson_nll_loss",
    "relu",
    "sigmoid",
    "smooth_l1_loss",
    "soft_margin_loss",
    "softmax",
    "tanh",
    "triplet_margin_loss",
]

# Layers.


def linear(x: Any, weight: Any, bias: Any = None) -> Any:
    """``x @ weight.T + bias``.

    Args:
        x: inputs of shape (..., in_features). A plain array is converted to the dtype of ``weight``.
        weight: of shape (out_features, in_features), PyTorch's layout.
        bias: of shape (out_features,), or ``None``.

    Returns:
        Outputs of shape (..., out_features).

    Raises:
        ShapeError: the last axis of ``x`` is not as long as that of ``weight``.

    Example:
        >>> linear(np.ones((4, 3)), np.ones((2, 3)), np.zeros(2)).shape
        (4, 2)
    """
    if not isinstance(x, Tensor):
        x = as_constant(x, weight.dtype)
    try:
        return rules.linear(x, weight, bias) if bias is not None else np.matmul(x, weight.T)
    except ValueError:
        if x.shape[-1:] != weight.shape[1:]:
            raise _wrong_features(x.shape, weight.shape) from None
        raise


def _wrong_features(given: tuple[int, ...], weight: tuple[int, ...]) -> errors.ShapeError:
    """An input that does not fit the weights."""
    out_features, in_features = weight
    if given[:1] == (in_features,) and len(given) == 2:
        cure = "x.T, if the examples lie in the columns of x"
    elif int(np.prod(given[1:])) == in_features:
        cure = f"x.reshape(len(x), {in_features}), or nn.Flatten() before this layer"
    else:
        cure = f"nn.Linear({given[-1] if given else 'n'}, {out_features}) here, or another shape from the layer before"
    return errors.ShapeError(
        errors.message(
            f"linear: an input of shape {given} against weights of shape {weight}",
            f"shape (..., {in_features}): the last axis holds the in_features={in_features} features",
            f"shape {given}",
            cure,
        )
    )


# Activations.


def relu(x: Any) -> Any:
    """``max(x, 0)`` of each element; its derivative at 0 is 0.

    Args:
        x: a Tensor or an array of any shape.

    Returns:
        The same shape and dtype.

    Example:
        >>> relu(np.array([-1.0, 2.0]))
        array([0., 2.])
    """
    return _relu(x)


def sigmoid(x: Any) -> Any:
    """``1 / (1 + exp(-x))`` of each element, without overflow.

    Args:
        x: a Tensor or an array of any shape.

    Returns:
        The same shape and dtype.

    Example:
        >>> sigmoid(np.array([-1000.0, 0.0]))
        array([0. , 0.5])
    """
    return _sigmoid(x)


def tanh(x: Any) -> Any:
    """The hyperbolic tangent of each element.

    Args:
        x: a Tensor or an array of any shape.

    Returns:
        The same shape and dtype.

    Example:
        >>> tanh(np.array([0.0, 100.0]))
        array([0., 1.])
    """
    return np.tanh(x)


def softmax(x: Any, dim: int = -1) -> Any:
    """``exp(x) / sum(exp(x))``: positive numbers that sum to 1 along ``dim``.

    Args:
        x: a Tensor or an array of any shape.
        dim: the axis of the classes.

    Returns:
        The same shape and dtype.

    Example:
        >>> softmax(np.array([1000.0, 1000.0]))
        array([0.5, 0.5])
    """
    return rules.softmax(x, dim=dim)


def log_softmax(x: Any, dim: int = -1) -> Any:
    """``log(softmax(x))``, exact where softmax itself would round to 0.

    Args:
        x: a Tensor or an array of any shape.
        dim: the axis of the classes.

    Returns:
        The same shape and dtype.

    Example:
        >>> log_softmax(np.array([0.0, -1000.0]))
        array([    0., -1000.])
    """
    return rules.log_softmax(x, dim=dim)


# Classes.


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
    places = as_labels("one_hot", labels)
    if not are_in_range(places, num_classes):
        raise out_of_range("one_hot", places, num_classes)
    return rules.one_hot(places, num_classes, dtype)
