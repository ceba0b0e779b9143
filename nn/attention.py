"""Attention: each place of a sequence takes from all others what fits."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd import Tensor, errors

from . import init, rules
from .check import check_sizes
from .inputs import as_constant
from .linear import Linear
from .module import Module
from .parameter import Parameter
from .regularisation import dropout


def scaled_dot_product_attention(
    query: Any,
    key: Any,
    value: Any,
    attn_mask: Any = None,
    dropout_p: float = 0.0,
    is_causal: bool = False,
    scale: float | None = None,
) -> Any:
    """``softmax(query @ key.T / sqrt(E) + mask) @ value`` (Vaswani et al. 2017).

    Args:
        query: of shape (..., L, E).
        key: of shape (..., S, E).
        value: of shape (..., S, V).
        attn_mask: added to the scores (L, S); of truth values: ``True`` where a place may be looked at.
        dropout_p: how likely a weight is dropped.
        is_causal: whether no place may look at later ones.
        scale: what the scores are multiplied by; ``1 / sqrt(E)`` if not given.

    Returns:
        An output of shape (..., L, V).

    Example:
        >>> scaled_dot_product_attention(np.zeros((2, 3)), np.eye(4, 3), np.eye(4)).round(2)
        array([[0.25, 0.25, 0.25, 0.25],
               [0.25, 0.25, 0.25, 0.25]])
    """
    if is_causal:
        attn_mask = np.tri(query.shape[-2], key.shape[-2], dtype=bool)
    if getattr(attn_mask, "dtype", None) == np.bool_:
        attn_mask = np.where(attn_mask, 0.0, -np.inf).astype(query.dtype)
    return _attend(query, key, value, attn_mask, dropout_p, scale)[0]


def _attend(query: Any, key: Any, value: Any, mask: Any, dropout_p: float, scale: float | None = None) -> Any:
    """The output and the weights; the mask is added."""
    scale = 1 / math.sqrt(query.shape[-1]) if scale is None else scale
    scores = np.matmul(query * scale, np.swapaxes(key, -1, -2))
    weights = rules.softmax(scores if mask is None else scores + as_constant(mask, query.dtype))
    return np.matmul(dropout(weights, dropout_p), value), weights


def _closed(mask: Any, dtype: Any) -> Any:
    """A mask to add, of one that is ``True`` where a place may *not* be looked at."""
    if mask is None or isinstance(mask, Tensor):
        return mask
    mask = np.asarray(mask)
    return np.where(mask, -np.inf, 0.0).astype(dtype) if mask.dtype == np.bool_ else mask.astype(dtype)


class MultiheadAttention(Module):
    """Attention of several heads, each on its own part of what the inputs become; see PyTorch's.

    Args:
        embed_dim: how many numbers each place has.
        num_heads: how many heads; it divides ``embed_dim``.
        dropout: how likely a weight is dropped while training.
        bias: whether there are biases.
        batch_first: whether inputs are (N, L, E) instead of (L, N, E).
        dtype: the dtype of the parameters.
        rng: what the initial weights are drawn from; the generator of ``nn.manual_seed`` if not given.

    Attributes:
        in_proj_weight: of shape (3 * embed_dim, embed_dim): what makes queries, keys and values, drawn as by Xavier.
        in_proj_bias: of shape (3 * embed_dim,), zeros, or ``None``.
        out_proj: the last linear layer; its bias is 0 at first.

    Raises:
        ArgumentError: the heads do not divide ``embed_dim``.

    Example:
        >>> x = np.zeros((2, 5, 8))
        >>> output, weights = MultiheadAttention(8, 2, batch_first=True)(x, x, x)
        >>> output.shape, weights.shape
        ((2, 5, 8), (2, 5, 5))
    """

    def __init__(
        self,
        embed_dim: int,
        num_heads: int,
        dropout: float = 0.0,
        bias: bool = True,
        batch_first: bool = False,
        dtype: Any = np.float32,
        rng: np.random.Generator | None = None,
    ) -> None:
        check_sizes(self, embed_dim=embed_dim, num_heads=num_heads)
        if embed_dim % num_heads:
            given = f"MultiheadAttention({embed_dim}, {num_heads})"
            raise errors.bad_argument(
                given, "num_heads that divides embed_dim", given, f"MultiheadAttention({embed_dim}, 1)"
            )
        self.embed_dim, self.num_heads, self.dropout, self.batch_first = embed_dim, num_heads, dropout, batch_first
        self.in_proj_weight = Parameter(np.zeros((3 * embed_dim, embed_dim)), dtype=dtype)
        self.in_proj_bias = Parameter(np.zeros(3 * embed_dim), dtype=dtype) if bias else None
        self.out_proj = Linear(embed_dim, embed_dim, bias, dtype, rng)
        self._draw(rng)

    def reset_parameters(self, rng: np.random.Generator | None = None) -> None:
        """Draw the weights anew.

        Args:
            rng: what to draw from; the generator of ``nn.manual_seed`` if not given.
        """
        self.out_proj.reset_parameters(rng)
        self._draw(rng)

    def _draw(self, rng: np.random.Generator | None) -> None:
        init.xavier_uniform_(self.in_proj_weight, rng=rng)
        for bias in (self.in_proj_bias, self.out_proj.bias):
            if bias is not None:
                init.zeros_(bias)

    def forward(
        self,
        query: Any,
        key: Any,
        value: Any,
        key_padding_mask: Any = None,
        need_weights: bool = True,
        attn_mask: Any = None,
        average_attn_weights: bool = True,
        is_causal: bool = False,
    ) -> tuple[Any, Any]:
        """The output, and the weights of attention.

        Args:
            query: of shape (L, N, E), or (N, L, E) with ``batch_first``, or (L, E) for one example.
            key: likewise with S places.
            value: likewise with S places.
            key_padding_mask: of shape (N, S): ``True`` where a key is to be ignored, or numbers to add.
            need_weights: whether the weights are returned; else ``None``.
            attn_mask: of shape (L, S) or (N * num_heads, L, S): ``True`` where a place may not be looked at,
                or numbers to add.
            average_attn_weights: whether the weights are averaged over the heads.
            is_causal: a hint that ``attn_mask`` is that of earlier places; it needs the mask.

        Returns:
            An output of the shape of ``query``, and weights (N, L, S) or (N, num_heads, L, S).

        Raises:
            ShapeError: an input without ``embed_dim`` numbers for each place, or a mask of another shape.
        """
        same = query is key and key is value
        dtype = self.in_proj_weight.dtype
        single = len(np.shape(query)) == 2
        inputs = []
        for x in (query,) if same else (query, key, value):
            if len(np.shape(x)) != (2 if single else 3) or np.shape(x)[-1] != self.embed_dim:
                raise self._wrong_input(np.shape(x))
            x = as_constant(x, dtype)
            inputs.append(x[None] if single else x if self.batch_first else np.swapaxes(x, 0, 1))
        q, k, v = self._heads(inputs)
        mask = self._mask(attn_mask, key_padding_mask, q.shape, k.shape[2], single)
        y, weights = _attend(q, k, v, mask, self.dropout if self.training else 0.0)
        n, _, length, _ = y.shape
        y = self.out_proj(np.reshape(np.transpose(y, (0, 2, 1, 3)), (n, length, self.embed_dim)))
        y = y[0] if single else y if self.batch_first else np.swapaxes(y, 0, 1)
        if not need_weights:
            return y, None
        weights = weights.mean(axis=1) if average_attn_weights else weights
        return y, weights[0] if single else weights

    def _heads(self, inputs: list[Any]) -> Any:
        """Queries, keys and values, each (N, num_heads, L, E / num_heads); of one input all by one product."""
        e, h = self.embed_dim, self.num_heads
        if len(inputs) == 1:
            x = self._project(inputs[0], self.in_proj_weight, self.in_proj_bias)
            every = np.transpose(np.reshape(x, (*x.shape[:2], 3, h, e // h)), (2, 0, 3, 1, 4))
            return every[0], every[1], every[2]
        found = []
        for i, x in enumerate(inputs):
            part = slice(i * e, (i + 1) * e)
            y = self._project(
                x, self.in_proj_weight[part], None if self.in_proj_bias is None else self.in_proj_bias[part]
            )
            found.append(np.transpose(np.reshape(y, (*y.shape[:2], h, e // h)), (0, 2, 1, 3)))
        return found

    @staticmethod
    def _project(x: Any, weight: Any, bias: Any) -> Any:
        return np.matmul(x, weight.T) if bias is None else rules.linear(x, weight, bias)

    def _mask(self, attn_mask: Any, padding: Any, q: tuple[int, ...], places: int, single: bool) -> Any:
        """Both masks as one that is added to scores (N, num_heads, L, S)."""
        dtype, (n, h, length, _) = self.in_proj_weight.dtype, q
        attn_mask, padding = _closed(attn_mask, dtype), _closed(padding, dtype)
        if attn_mask is not None:
            if attn_mask.shape not in ((length, places), (n * h, length, places)):
                raise self._wrong_mask("attn_mask", attn_mask.shape, (length, places))
            if attn_mask.ndim == 3:
                attn_mask = attn_mask.reshape((n, h, length, places))
        if padding is None:
            return attn_mask
        wanted = (places,) if single else (n, places)
        if padding.shape != wanted:
            raise self._wrong_mask("key_padding_mask", padding.shape, wanted)
        padding = padding.reshape((n, 1, 1, places))
        return padding if attn_mask is None else attn_mask + padding

    def _wrong_input(self, shape: tuple[int, ...]) -> errors.ShapeError:
        axes = "N, L" if self.batch_first else "L, N"
        return errors.ShapeError(
            errors.message(
                f"MultiheadAttention of an input of shape {shape}",
                f"shape ({axes}, {self.embed_dim}), or (L, {self.embed_dim}) for one example; all three alike",
                f"shape {shape}",
                f"embed_dim={shape[-1] if shape else 1}, or another shape from the layer before",
            )
        )

    def _wrong_mask(self, name: str, given: tuple[int, ...], wanted: tuple[int, ...]) -> errors.ShapeError:
        return errors.ShapeError(
            errors.message(
                f"MultiheadAttention: {name} of shape {given}",
                f"shape {wanted}",
                f"shape {given}",
                "a mask of that shape",
            )
        )
