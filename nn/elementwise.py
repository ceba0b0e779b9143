"""Activation functions: what stands between the linear layers.

Kinks follow PyTorch.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd import errors
from autograd import relu as _relu
from autograd import sigmoid as _sigmoid

from . import rules
from .inputs import of_arrays

SELU_ALPHA, SELU_SCALE = 1.6732632423543772848170429916717, 1.0507009873554804934193349852946
"""The fixed point at which mean 0 and variance 1 stay as they are."""


@of_arrays
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


@of_arrays
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


@of_arrays
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


@of_arrays
def leaky_relu(x: Any, negative_slope: float = 0.01) -> Any:
    """``x`` where it is positive, else ``negative_slope * x``.

    Args:
        x: a Tensor or an array of any shape.
        negative_slope: the slope below 0.

    Returns:
        The same shape and dtype.

    Example:
        >>> leaky_relu(np.array([-1.0, 2.0]))
        array([-0.01,  2.  ])
    """
    return np.where(x > 0, x, negative_slope * x)


@of_arrays
def elu(x: Any, alpha: float = 1.0) -> Any:
    """``x`` where it is positive, else ``alpha * (exp(x) - 1)``.

    Args:
        x: a Tensor or an array of any shape.
        alpha: what is approached far below 0.

    Returns:
        The same shape and dtype.

    Example:
        >>> elu(np.array([-100.0, 2.0]))
        array([-1.,  2.])
    """
    return np.where(x > 0, x, alpha * np.expm1(np.where(x > 0, 0, x)))


@of_arrays
def selu(x: Any) -> Any:
    """A scaled :func:`elu` that keeps mean 0 and variance 1 (Klambauer et al. 2017).

    Args:
        x: a Tensor or an array of any shape.

    Returns:
        The same shape and dtype.

    Example:
        >>> selu(np.array([0.0, 1.0])).round(4)
        array([0.    , 1.0507])
    """
    return SELU_SCALE * elu(x, SELU_ALPHA)


@of_arrays
def gelu(x: Any, approximate: str = "none") -> Any:
    """``x`` times the probability that a normal number is smaller (Hendrycks and Gimpel 2016).

    Args:
        x: a Tensor or an array of any shape.
        approximate: ``"none"``, or ``"tanh"`` for a formula without the error function.

    Returns:
        The same shape and dtype.

    Example:
        >>> gelu(np.array([-1.0, 1.0])).round(4)
        array([-0.1587,  0.8413])
    """
    if approximate == "none":
        return x * rules.normal_cdf(x)
    if approximate == "tanh":
        return 0.5 * x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))
    raise errors.bad_argument(
        f"gelu(..., approximate={approximate!r})", "'none' or 'tanh'", repr(approximate), "approximate='tanh'"
    )


@of_arrays
def silu(x: Any) -> Any:
    """``x * sigmoid(x)``, also called swish.

    Args:
        x: a Tensor or an array of any shape.

    Returns:
        The same shape and dtype.

    Example:
        >>> silu(np.array([0.0, 1.0])).round(4)
        array([0.    , 0.7311])
    """
    return x * sigmoid(x)


@of_arrays
def mish(x: Any) -> Any:
    """``x * tanh(softplus(x))`` (Misra 2019).

    Args:
        x: a Tensor or an array of any shape.

    Returns:
        The same shape and dtype.

    Example:
        >>> mish(np.array([0.0, 1.0])).round(4)
        array([0.    , 0.8651])
    """
    return x * np.tanh(softplus(x))


@of_arrays
def softplus(x: Any, beta: float = 1.0, threshold: float = 20.0) -> Any:
    """``log(1 + exp(beta * x)) / beta``: a smooth :func:`relu`, without overflow.

    Args:
        x: a Tensor or an array of any shape.
        beta: how sharp the bend is.
        threshold: above this ``beta * x`` counts as linear.

    Returns:
        The same shape and dtype.

    Example:
        >>> softplus(np.array([0.0, 1000.0])).round(4).tolist()
        [0.6931, 1000.0]
    """
    z = x if beta == 1 else beta * x
    far = z > threshold
    y = np.log1p(np.exp(np.where(far, 0, z)))
    return np.where(far, x, y if beta == 1 else y / beta)


@of_arrays
def hardtanh(x: Any, min_val: float = -1.0, max_val: float = 1.0) -> Any:
    """``x`` between ``min_val`` and ``max_val``, and these outside; the derivative at both is 0.

    Args:
        x: a Tensor or an array of any shape.
        min_val: the lower end.
        max_val: the upper end.

    Returns:
        The same shape and dtype.

    Example:
        >>> hardtanh(np.array([-3.0, 0.5]))
        array([-1. ,  0.5])
    """
    return np.where(x <= min_val, min_val, np.where(x >= max_val, max_val, x))


@of_arrays
def relu6(x: Any) -> Any:
    """``min(max(x, 0), 6)``.

    Args:
        x: a Tensor or an array of any shape.

    Returns:
        The same shape and dtype.

    Example:
        >>> relu6(np.array([-1.0, 9.0]))
        array([0., 6.])
    """
    return hardtanh(x, 0.0, 6.0)


@of_arrays
def hardsigmoid(x: Any) -> Any:
    """``relu6(x + 3) / 6``: a sigmoid of three lines.

    Args:
        x: a Tensor or an array of any shape.

    Returns:
        The same shape and dtype.

    Example:
        >>> hardsigmoid(np.array([0.0, 9.0]))
        array([0.5, 1. ])
    """
    return relu6(x + 3) / 6


@of_arrays
def hardswish(x: Any) -> Any:
    """``x * hardsigmoid(x)`` (Howard et al. 2019).

    Args:
        x: a Tensor or an array of any shape.

    Returns:
        The same shape and dtype.

    Example:
        >>> hardswish(np.array([-4.0, 3.0]))
        array([0., 3.])
    """
    return np.where(x <= -3, 0, np.where(x >= 3, x, x * (x + 3) / 6))


@of_arrays
def logsigmoid(x: Any) -> Any:
    """``log(sigmoid(x))``, exact where sigmoid would round to 0.

    Args:
        x: a Tensor or an array of any shape.

    Returns:
        The same shape and dtype.

    Example:
        >>> logsigmoid(np.array([0.0, -1000.0])).round(4).tolist()
        [-0.6931, -1000.0]
    """
    return -np.logaddexp(0, -x)


@of_arrays
def softsign(x: Any) -> Any:
    """``x / (1 + |x|)``.

    Args:
        x: a Tensor or an array of any shape.

    Returns:
        The same shape and dtype.

    Example:
        >>> softsign(np.array([1.0, -3.0]))
        array([ 0.5 , -0.75])
    """
    return x / (1 + np.abs(x))


@of_arrays
def tanhshrink(x: Any) -> Any:
    """``x - tanh(x)``.

    Args:
        x: a Tensor or an array of any shape.

    Returns:
        The same shape and dtype.

    Example:
        >>> tanhshrink(np.array([0.0]))
        array([0.])
    """
    return x - np.tanh(x)


@of_arrays
def threshold(x: Any, threshold: float, value: float) -> Any:
    """``x`` where it is greater than ``threshold``, else ``value``: the threshold unit.

    Args:
        x: a Tensor or an array of any shape.
        threshold: what ``x`` must pass.
        value: what stands for the others.

    Returns:
        The same shape and dtype.

    Example:
        >>> threshold(np.array([0.5, 2.0]), 1.0, 0.0)
        array([0., 2.])
    """
    return np.where(x > threshold, x, value)


@of_arrays
def prelu(x: Any, weight: Any) -> Any:
    """:func:`leaky_relu` with a slope that is learned, one for all channels or one for each (He et al. 2015).

    Args:
        x: inputs of shape (N, C, ...), or any shape if there is one slope.
        weight: of shape (1,), () or (C,).

    Returns:
        The same shape and dtype.

    Raises:
        ShapeError: there are not as many channels as slopes.

    Example:
        >>> prelu(np.array([[-1.0, -1.0]]), np.array([0.5, 0.25]))
        array([[-0.5 , -0.25]])
    """
    shape, n = np.shape(x), weight.size
    if n > 1:
        if len(shape) < 2 or shape[1] != n:
            raise errors.ShapeError(
                errors.message(
                    f"prelu of an input of shape {shape}",
                    f"shape (N, {n}, ...): a channel for each slope",
                    f"shape {shape}",
                    f"nn.PReLU({shape[1] if len(shape) > 1 else 1})",
                )
            )
        weight = np.reshape(weight, (n, *(1,) * (len(shape) - 2)))
    elif not shape:
        weight = np.reshape(weight, ())
    return np.where(x > 0, x, weight * x)
