"""Arrays with hidden axes: how ``vmap`` and the batched Jacobian compute all examples at once."""

from . import functions, products
from .batch import Batch
from .examples import attempt, batch, settle, unbatch
from .hidden import levels_of

__all__ = ["Batch", "attempt", "batch", "functions", "levels_of", "products", "settle", "unbatch"]
