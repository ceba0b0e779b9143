"""Hidden axes: which an array has, and how arrays with different ones are brought together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from ..graph import Node

Levels = tuple[int, ...]
"""For each hidden axis the number of the ``vmap`` that it belongs to."""


def levels_of(x: Any) -> Levels:
    """The hidden axes of a node or an array; of a list of them those of all."""
    if isinstance(x, Node):
        x = x._data
    if isinstance(x, (list, tuple)):
        return union(map(levels_of, x))
    return getattr(x, "levels", ())


def union(levels: Iterable[Levels]) -> Levels:
    """Every level once, in the order in which they come."""
    return tuple(dict.fromkeys(level for some in levels for level in some))


def lengths_of(*xs: Any) -> dict[int, int]:
    """How long the hidden axes are."""
    arrays = [x._data if isinstance(x, Node) else x for x in xs]
    return {level: n for x in arrays if hasattr(x, "levels") for level, n in zip(x.levels, x.hidden, strict=True)}


def spread(x: Any, levels: Levels, ndim: int | None = None) -> Any:
    """The whole of ``x`` with a hidden axis for each of ``levels``, of length 1 where it has none.

    With ``ndim`` it has as many other axes, so that they broadcast behind the hidden ones. An array without
    hidden axes stays as it is: it broadcasts by itself.
    """
    if not hasattr(x, "levels"):
        return x
    whole, k = x.whole, len(x.levels)
    if x.levels == levels and ndim in (None, x.ndim):
        return whole
    if x.levels != tuple(level for level in levels if level in x.levels):
        order = [x.levels.index(level) for level in levels if level in x.levels]
        whole = whole.transpose([*order, *range(k, whole.ndim)])
    lengths = lengths_of(x)
    padding = (1,) * (0 if ndim is None else ndim - x.ndim)
    return whole.reshape(tuple(lengths.get(level, 1) for level in levels) + padding + x.shape)


def align(*xs: Any) -> tuple[Levels, list[Any]]:
    """The levels of all, and the arrays in a form that broadcasts as one example of each does."""
    levels = union(map(levels_of, xs))
    ndim = max(map(np.ndim, xs))
    return levels, [spread(x, levels, ndim) for x in xs]
