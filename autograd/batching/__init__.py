"""Arrays with hidden axes: how ``vmap`` and the batched Jacobian compute all examples at once."""

from . import functions, products
from .batch import Batch
from .examples import attempt, batch, settle, unbatch
from .hidden import align, lengths_of, levels_of

__all__ = [
    "Batch",
    "align",
    "attempt",
    "batch",
    "functions",
    "lengths_of",
    "levels_of",
    "products",
    "settle",
    "unbatch",
]
