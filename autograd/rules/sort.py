"""Sorting: elements change places, and the gradient goes back to where each came from.

Equal elements keep their order, as in a stable sort: the first of them is the first in the result.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .elsewhere import along_axis
from .index import along
from .table import row


@along_axis
def _sort(x: Any, axis: int = -1) -> Any:
    return np.sort(x, axis=axis)


def _ranks(x: Any, axis: int) -> Any:
    """The place of each element among the sorted: the inverse of the permutation that sorts."""
    return np.argsort(np.argsort(x, axis=axis, kind="stable"), axis=axis)


@along_axis
def _unsort(g: Any, x: Any, axis: int = -1) -> Any:
    """``g`` at the place that each element was taken from."""
    return g[along(_ranks(x, axis), axis)]


# fmt: off
sort = row(np.sort,
    lambda g, y, x, axis=-1: _unsort(g, x, axis=axis),
    array=_sort)
# fmt: on
