"""Sorting: elements change places, and the gradient goes back to where each came from.

Equal elements keep their order, as in a stable sort: the first of them is the first in the result.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .index import along
from .table import row


def _sort(x: Any, axis: int = -1) -> Any:
    return np.sort(x, axis=axis)


def _ranks(x: Any, axis: int) -> Any:
    """The place of each element among the sorted: the inverse of the permutation that sorts."""
    return np.argsort(np.argsort(x, axis=axis, kind="stable"), axis=axis)


# fmt: off
sort = row(np.sort,
    lambda g, y, x, axis=-1: g[along(_ranks(x, axis), axis)],
    array=_sort)
# fmt: on
