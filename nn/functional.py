"""The functions that layers and losses are made of, under PyTorch's names.

They take Tensors, and plain arrays too; a plain array beside a Tensor is a constant, and takes its dtype.
Each is found in the file of its layer.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from . import rules
from .attention import scaled_dot_product_attention
from .conv import conv1d, conv2d, conv_transpose2d
from .elementwise import (
    elu,
    gelu,
    hardsigmoid,
    hardswish,
    hardtanh,
    leaky_relu,
    logsigmoid,
    mish,
    prelu,
    relu,
    relu6,
    selu,
    sigmoid,
    silu,
    softplus,
    softsign,
    tanh,
    tanhshrink,
    threshold,
)
from .embedding import embedding
from .inputs import are_in_range, as_labels, out_of_range
from .linear import bilinear, linear
from .losses.classes import cross_entropy, multi_margin_loss, nll_loss
from .losses.distances import (
    cosine_embedding_loss,
    cosine_similarity,
    hinge_embedding_loss,
    margin_ranking_loss,
    pairwise_distance,
    soft_margin_loss,
    triplet_margin_loss,
    triplet_margin_with_distance_loss,
)
from .losses.multilabel import multilabel_margin_loss, multilabel_soft_margin_loss
from .losses.numbers import huber_loss, l1_loss, mse_loss, smooth_l1_loss
from .losses.probabilities import (
    binary_cross_entropy,
    binary_cross_entropy_with_logits,
    gaussian_nll_loss,
    kl_div,
    poisson_nll_loss,
)
from .norm import batch_norm, group_norm, layer_norm, rms_norm
from .pooling import adaptive_avg_pool2d, avg_pool1d, avg_pool2d, max_pool1d, max_pool2d
from .regularisation import dropout
from .softmax import glu, log_softmax, softmax, softmin

__all__ = [
    "adaptive_avg_pool2d",
    "avg_pool1d",
    "avg_pool2d",
    "batch_norm",
    "bilinear",
    "binary_cross_entropy",
    "binary_cross_entropy_with_logits",
    "conv1d",
    "conv2d",
    "conv_transpose2d",
    "cosine_embedding_loss",
    "cosine_similarity",
    "cross_entropy",
    "dropout",
    "elu",
    "embedding",
    "gaussian_nll_loss",
    "gelu",
    "glu",
    "group_norm",
    "hardsigmoid",
    "hardswish",
    "hardtanh",
    "hinge_embedding_loss",
    "huber_loss",
    "kl_div",
    "l1_loss",
    "layer_norm",
    "leaky_relu",
    "linear",
    "log_softmax",
    "logsigmoid",
    "margin_ranking_loss",
    "max_pool1d",
    "max_pool2d",
    "mish",
    "mse_loss",
    "multi_margin_loss",
    "multilabel_margin_loss",
    "multilabel_soft_margin_loss",
    "nll_loss",
    "one_hot",
    "pairwise_distance",
    "poisson_nll_loss",
    "prelu",
    "relu",
    "relu6",
    "rms_norm",
    "scaled_dot_product_attention",
    "selu",
    "sigmoid",
    "silu",
    "smooth_l1_loss",
    "soft_margin_loss",
    "softmax",
    "softmin",
    "softplus",
    "softsign",
    "tanh",
    "tanhshrink",
    "threshold",
    "triplet_margin_loss",
    "triplet_margin_with_distance_loss",
]


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
