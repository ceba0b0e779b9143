"""The block that transformers are made of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import errors

from . import elementwise
from .attention import MultiheadAttention
from .linear import Linear
from .module import Module
from .norm import LayerNorm
from .regularisation import Dropout

ACTIVATIONS: dict[str, Callable[[Any], Any]] = {"relu": elementwise.relu, "gelu": elementwise.gelu}
"""The activations that :class:`TransformerEncoderLayer` knows by name."""


class TransformerEncoderLayer(Module):
    """Attention, then two linear layers for each place, both added to what they read (Vaswani et al. 2017).

    Args:
        d_model: how many numbers each place has.
        nhead: how many heads of attention; it divides ``d_model``.
        dim_feedforward: the width between the two linear layers.
        dropout: how likely an element is dropped while training.
        activation: ``"relu"``, ``"gelu"``, or a function, between the two linear layers.
        layer_norm_eps: what keeps the root of the normalisation away from 0.
        batch_first: whether inputs are (N, L, E) instead of (L, N, E).
        norm_first: normalise what a part reads, instead of the sum.
        bias: whether there are biases.
        dtype: the dtype of the parameters.
        rng: what the initial weights are drawn from; the generator of ``nn.manual_seed`` if not given.

    Raises:
        ArgumentError: the heads do not divide ``d_model``, or an unknown activation.

    Example:
        >>> TransformerEncoderLayer(8, 2, 16, batch_first=True)(np.zeros((2, 5, 8))).shape
        (2, 5, 8)
    """

    def __init__(
        self,
        d_model: int,
        nhead: int,
        dim_feedforward: int = 2048,
        dropout: float = 0.1,
        activation: str | Callable[[Any], Any] = "relu",
        layer_norm_eps: float = 1e-5,
        batch_first: bool = False,
        norm_first: bool = False,
        bias: bool = True,
        dtype: Any = np.float32,
        rng: np.random.Generator | None = None,
    ) -> None:
        if isinstance(activation, str) and activation not in ACTIVATIONS:
            raise errors.bad_argument(
                f"TransformerEncoderLayer(..., activation={activation!r})",
                "'relu', 'gelu' or a function",
                repr(activation),
                "activation='gelu'",
            )
        self.self_attn = MultiheadAttention(d_model, nhead, dropout, bias, batch_first, dtype, rng)
        self.linear1 = Linear(d_model, dim_feedforward, bias, dtype, rng)
        self.dropout = Dropout(dropout)
        self.linear2 = Linear(dim_feedforward, d_model, bias, dtype, rng)
        self.norm_first = norm_first
        self.norm1 = LayerNorm(d_model, layer_norm_eps, bias=bias, dtype=dtype)
        self.norm2 = LayerNorm(d_model, layer_norm_eps, bias=bias, dtype=dtype)
        self.dropout1, self.dropout2 = Dropout(dropout), Dropout(dropout)
        self.activation = ACTIVATIONS[activation] if isinstance(activation, str) else activation

    def forward(self, src: Any, src_mask: Any = None, src_key_padding_mask: Any = None, is_causal: bool = False) -> Any:
        """An output of the shape of ``src``; the masks are those of :class:`MultiheadAttention`."""
        x, masks = src, (src_mask, src_key_padding_mask)
        if self.norm_first:
            x = x + self._attend(self.norm1(x), *masks)
            return x + self._feed_forward(self.norm2(x))
        x = self.norm1(x + self._attend(x, *masks))
        return self.norm2(x + self._feed_forward(x))

    def _attend(self, x: Any, mask: Any, padding: Any) -> Any:
        y, _ = self.self_attn(x, x, x, padding, need_weights=False, attn_mask=mask)
        return self.dropout1(y)

    def _feed_forward(self, x: Any) -> Any:
        return self.dropout2(self.linear2(self.dropout(self.activation(self.linear1(x)))))
