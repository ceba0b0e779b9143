"""Linear: every output is a weighted sum of all inputs, plus a bias."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import Tensor, errors

from . import init, rules
from .check import check_sizes
from .inputs import as_constant
from .module import Module
from .parameter import Parameter


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
    if len(weight.shape if isinstance(weight, Tensor) else np.shape(weight)) != 2:
        raise _no_matrix(weight)
    if not isinstance(x, Tensor):
        x = as_constant(x, weight.dtype)
    try:
        return rules.linear(x, weight, bias) if bias is not None else np.matmul(x, weight.T)
    except ValueError:
        if x.shape[-1:] != weight.shape[1:]:
            raise _wrong_features(x.shape, weight.shape) from None
        raise


def _no_matrix(weight: Any) -> errors.ShapeError:
    """Weights that are not a matrix."""
    return errors.ShapeError(
        errors.message(
            f"linear with weights {errors.brief(weight)}",
            "a matrix of shape (out_features, in_features)",
            errors.describe(weight),
            "nn.functional.linear(x, weight, bias); weight[None] for one neuron",
        )
    )


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


class Linear(Module):
    """``x @ weight.T + bias``, PyTorch's ``Linear``.

    Args:
        in_features: how many numbers an example has.
        out_features: how many neurons there are.
        bias: whether a bias is added.
        dtype: the dtype of the parameters.
        rng: what the initial weights are drawn from; the generator of ``nn.manual_seed`` if not given.

    Attributes:
        weight: of shape (out_features, in_features), drawn from U(-1/sqrt(in_features), 1/sqrt(in_features)).
        bias: of shape (out_features,), drawn likewise, or ``None``.

    Raises:
        ArgumentError: a number of features that is not a whole number from 1.

    Example:
        >>> layer = Linear(3, 2, rng=np.random.default_rng(0))
        >>> layer
        Linear(in_features=3, out_features=2, bias=True)
        >>> layer(np.ones((4, 3))).shape
        (4, 2)
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        dtype: Any = np.float32,
        rng: np.random.Generator | None = None,
    ) -> None:
        check_sizes(self, in_features=in_features, out_features=out_features)
        self.in_features = in_features
        self.out_features = out_features
        self.weight = Parameter(np.zeros((out_features, in_features)), dtype=dtype)
        self.bias = Parameter(np.zeros(out_features), dtype=dtype) if bias else None
        self.reset_parameters(rng)

    def reset_parameters(self, rng: np.random.Generator | None = None) -> None:
        """Draw the weights anew.

        Args:
            rng: what to draw from; the generator of ``nn.manual_seed`` if not given.
        """
        init.default_(self.in_features, self.weight, self.bias, rng=rng)

    def forward(self, x: Any) -> Any:
        """Outputs of shape (..., out_features) for inputs of shape (..., in_features)."""
        return linear(x, self.weight, self.bias)

    def extra_repr(self) -> str:
        """The arguments that the layer was made with."""
        return f"in_features={self.in_features}, out_features={self.out_features}, bias={self.bias is not None}"


def bilinear(x1: Any, x2: Any, weight: Any, bias: Any = None) -> Any:
    """``x1 @ weight[k] @ x2 + bias[k]`` for each output ``k``.

    Args:
        x1: inputs of shape (..., in1_features).
        x2: inputs of shape (..., in2_features).
        weight: of shape (out_features, in1_features, in2_features).
        bias: of shape (out_features,), or ``None``.

    Returns:
        Outputs of shape (..., out_features).

    Raises:
        ShapeError: the inputs do not fit the weights, or each other.

    Example:
        >>> bilinear(np.ones((4, 2)), np.ones((4, 3)), np.ones((5, 2, 3))).shape
        (4, 5)
    """
    x1, x2 = as_constant(x1, weight.dtype), as_constant(x2, weight.dtype)
    shapes, wanted = (np.shape(x1), np.shape(x2)), tuple(weight.shape[1:])
    if not shapes[0] or not shapes[1] or shapes[0][:-1] != shapes[1][:-1] or (shapes[0][-1], shapes[1][-1]) != wanted:
        raise errors.ShapeError(
            errors.message(
                f"bilinear: inputs of shapes {shapes[0]} and {shapes[1]}, weights of shape {tuple(weight.shape)}",
                f"shapes (..., {wanted[0]}) and (..., {wanted[1]}), alike but for the last axis",
                f"shapes {shapes[0]} and {shapes[1]}",
                "nn.Bilinear(x1.shape[-1], x2.shape[-1], out_features)",
            )
        )
    y = np.einsum("...i,kij,...j->...k", x1, weight, x2, optimize=True)
    return y if bias is None else y + bias


class Bilinear(Module):
    """``x1 @ weight[k] @ x2 + bias[k]``; see :func:`bilinear`.

    Args:
        in1_features: how many numbers the first input has.
        in2_features: how many numbers the second input has.
        out_features: how many neurons there are.
        bias: whether a bias is added.
        dtype: the dtype of the parameters.
        rng: what the initial weights are drawn from; the generator of ``nn.manual_seed`` if not given.

    Example:
        >>> Bilinear(2, 3, 5)(np.ones((4, 2)), np.ones((4, 3))).shape
        (4, 5)
    """

    def __init__(
        self,
        in1_features: int,
        in2_features: int,
        out_features: int,
        bias: bool = True,
        dtype: Any = np.float32,
        rng: np.random.Generator | None = None,
    ) -> None:
        check_sizes(self, in1_features=in1_features, in2_features=in2_features, out_features=out_features)
        self.in1_features, self.in2_features, self.out_features = in1_features, in2_features, out_features
        self.weight = Parameter(np.zeros((out_features, in1_features, in2_features)), dtype=dtype)
        self.bias = Parameter(np.zeros(out_features), dtype=dtype) if bias else None
        self.reset_parameters(rng)

    def reset_parameters(self, rng: np.random.Generator | None = None) -> None:
        """Draw the weights anew.

        Args:
            rng: what to draw from; the generator of ``nn.manual_seed`` if not given.
        """
        init.default_(self.in1_features, self.weight, self.bias, rng=rng)

    def forward(self, x1: Any, x2: Any) -> Any:
        """Outputs of shape (..., out_features)."""
        return bilinear(x1, x2, self.weight, self.bias)

    def extra_repr(self) -> str:
        """The arguments that the layer was made with."""
        return (
            f"in1_features={self.in1_features}, in2_features={self.in2_features}, "
            f"out_features={self.out_features}, bias={self.bias is not None}"
        )
