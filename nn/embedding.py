"""Embedding: a row of numbers, learned, for each word."""

from __future__ import annotations

from typing import Any, Self

import numpy as np

from autograd import Tensor, errors

from . import init
from .check import check_sizes
from .inputs import plain
from .module import Module
from .parameter import Parameter


def embedding(ids: Any, weight: Any, padding_idx: int | None = None) -> Any:
    """The rows of ``weight`` at ``ids``.

    Args:
        ids: whole numbers from 0 to num_embeddings - 1, of any shape.
        weight: of shape (num_embeddings, embedding_dim).
        padding_idx: a row that receives no gradient.

    Returns:
        An output of shape ``(*ids.shape, embedding_dim)``.

    Raises:
        ArgumentError: numbers that are not whole, or out of range.

    Example:
        >>> embedding([2, 0], np.eye(3)).tolist()
        [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
    """
    ids = plain(ids)
    n = weight.shape[0]
    if ids.dtype.kind not in "biu":
        raise errors.bad_argument("embedding: the ids", "whole numbers", str(ids.dtype), "ids.astype(int)")
    every = getattr(ids, "whole", ids)  # those of all examples, inside vmap
    if every.size and not 0 <= every.min() <= every.max() < n:
        raise errors.bad_argument(
            f"embedding: the ids of {n} rows",
            f"whole numbers from 0 to {n - 1}",
            f"ids from {every.min()} to {every.max()}",
            f"nn.Embedding({every.max() + 1}, ...), or ids % {n}",
        )
    rows = weight[ids.astype(np.intp)]
    if padding_idx is None or not isinstance(rows, Tensor):
        return rows
    return np.where((ids != padding_idx % n)[..., None], rows, rows.detach())


class Embedding(Module):
    """A learned row of numbers for each of ``num_embeddings`` words; see :func:`embedding`.

    Args:
        num_embeddings: how many words.
        embedding_dim: how many numbers for each.
        padding_idx: a word that stands for nothing: its row is 0 and stays as it is.
        dtype: the dtype of the parameters.
        rng: what the initial weights are drawn from; the generator of ``nn.manual_seed`` if not given.

    Attributes:
        weight: of shape (num_embeddings, embedding_dim), drawn from N(0, 1).

    Raises:
        ArgumentError: a ``padding_idx`` out of range.

    Example:
        >>> Embedding(10, 3)([[1, 2], [4, 9]]).shape
        (2, 2, 3)
    """

    def __init__(
        self,
        num_embeddings: int,
        embedding_dim: int,
        padding_idx: int | None = None,
        dtype: Any = np.float32,
        rng: np.random.Generator | None = None,
    ) -> None:
        check_sizes(self, num_embeddings=num_embeddings, embedding_dim=embedding_dim)
        if padding_idx is not None and not -num_embeddings <= padding_idx < num_embeddings:
            raise errors.bad_argument(
                f"Embedding({num_embeddings}, {embedding_dim}, padding_idx={padding_idx})",
                f"a word from 0 to {num_embeddings - 1}",
                f"padding_idx={padding_idx}",
                "padding_idx=0",
            )
        self.num_embeddings, self.embedding_dim = num_embeddings, embedding_dim
        self.padding_idx = None if padding_idx is None else padding_idx % num_embeddings
        self.weight = Parameter(np.zeros((num_embeddings, embedding_dim)), dtype=dtype)
        self.reset_parameters(rng)

    def reset_parameters(self, rng: np.random.Generator | None = None) -> None:
        """Draw the weights anew.

        Args:
            rng: what to draw from; the generator of ``nn.manual_seed`` if not given.
        """
        init.normal_(self.weight, rng=rng)
        if self.padding_idx is not None:
            self.weight.data[self.padding_idx] = 0

    @classmethod
    def from_pretrained(cls, embeddings: Any, freeze: bool = True, padding_idx: int | None = None) -> Self:
        """A layer whose rows are given.

        Args:
            embeddings: an array of shape (num_embeddings, embedding_dim); copied, in its dtype.
            freeze: whether the rows stay as they are in training.
            padding_idx: a word that stands for nothing: its row receives no gradient.

        Returns:
            The layer.

        Raises:
            ShapeError: not two axes.

        Example:
            >>> layer = Embedding.from_pretrained(np.eye(3))
            >>> layer([2]).tolist(), layer.weight.requires_grad
            ([[0.0, 0.0, 1.0]], False)
        """
        rows = plain(embeddings)
        if rows.ndim != 2:
            raise errors.ShapeError(
                errors.message(
                    f"Embedding.from_pretrained of an array of shape {rows.shape}",
                    "shape (num_embeddings, embedding_dim)",
                    f"shape {rows.shape}",
                    "rows of numbers, one for each word: np.stack(rows)",
                )
            )
        layer = cls(len(rows), rows.shape[1], padding_idx=padding_idx, dtype=rows.dtype)
        layer.weight = Parameter(rows, requires_grad=not freeze, dtype=rows.dtype)
        return layer

    def forward(self, ids: Any) -> Any:
        """Outputs of shape ``(*ids.shape, embedding_dim)``."""
        return embedding(ids, self.weight, self.padding_idx)

    def extra_repr(self) -> str:
        """The arguments that the layer was made with."""
        padding = "" if self.padding_idx is None else f", padding_idx={self.padding_idx}"
        return f"{self.num_embeddings}, {self.embedding_dim}{padding}"
