"""Linear: every output is a weighted sum of all inputs, plus a bias."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import errors

from . import functional, init
from .module import Module, Parameter


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
        for n in (in_features, out_features):
            if not isinstance(n, (int, np.integer)) or n < 1:
                raise errors.bad_argument(
                    f"Linear({in_features!r}, {out_features!r})",
                    "whole numbers of features, from 1",
                    repr(n),
                    "Linear(2, 3)",
                )
        self.in_features = in_features
        self.out_features = out_features
        self.weight = Parameter(init.uniform((out_features, in_features), in_features, dtype, rng), dtype=dtype)
        self.bias = Parameter(init.uniform((out_features,), in_features, dtype, rng), dtype=dtype) if bias else None

    def forward(self, x: Any) -> Any:
        """Outputs of shape (..., out_features) for inputs of shape (..., in_features)."""
        return functional.linear(x, self.weight, self.bias)

    def extra_repr(self) -> str:
        """The arguments that the layer was made with."""
        return f"in_features={self.in_features}, out_features={self.out_features}, bias={self.bias is not None}"
