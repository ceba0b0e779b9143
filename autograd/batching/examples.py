"""In and out of a batch: an axis is hidden and shown again, and what can only be done for one example is done for each.

``batch`` and ``unbatch`` are operations, each the derivative of the other, so that a derivative passes through.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from .. import errors, trees
from ..graph import Primitive
from .batch import Batch
from .hidden import Levels, lengths_of, levels_of


def _hide(x: Any, level: int = 0) -> Batch:
    """The first axis hidden, as that of ``level``."""
    return Batch(x.whole, (*x.levels, level)) if isinstance(x, Batch) else Batch(x, (level,))


def _show(x: Any, level: int = 0, size: int = 0) -> Any:
    """The hidden axis of ``level`` as the first axis; what is the same for all examples, ``size`` times."""
    if level not in levels_of(x):
        return np.repeat(np.expand_dims(x, 0), size, axis=0)
    levels = tuple(other for other in x.levels if other != level)
    whole = np.moveaxis(x.whole, x.levels.index(level), len(levels))
    return Batch(whole, levels) if levels else whole


batch: Primitive = Primitive("batch", _hide, (lambda g, y, x, level=0: unbatch(g, level=level, size=np.shape(x)[0]),))
unbatch: Primitive = Primitive("unbatch", _show, (lambda g, y, x, level=0, size=0: batch(g, level=level),))


def settle(gradient: Any, levels: Levels, kept: Levels) -> Any:
    """The gradient of what has only the hidden axes ``kept``: over the others, the sum of all examples that used it."""
    for level in levels:
        if level not in kept:
            gradient = np.sum(unbatch(gradient, level=level), axis=0)
    return gradient


def attempt(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """``function`` on all examples at once; where it decides by numbers that differ, on one after the other."""
    try:
        return function(*args, **kwargs)
    except errors.VaryingError:
        if not levels_of([x for _, x in trees.leaves([args, kwargs])]):
            raise
    return one_by_one(function, *args, **kwargs)


def one_by_one(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """``function`` on one example after the other, and the results as a batch."""
    leaves = [x for _, x in trees.leaves([args, kwargs])]
    level = levels_of(leaves)[-1]
    size = lengths_of(*leaves)[level]
    apart = [unbatch(x, level=level) if level in levels_of(x) else None for x in leaves]

    def example(i: int) -> Any:
        parts = iter(apart)
        given, named = trees.map_leaves(
            lambda x: x if (part := next(parts)) is None else _example(part, i), [args, kwargs]
        )
        return attempt(function, *given, **named)

    results = [example(i) for i in range(size or 1)]
    columns = iter(list(zip(*([y for _, y in trees.leaves(result)] for result in results), strict=True)))
    return trees.map_leaves(lambda _: _together(next(columns), level, size), results[0])


def _example(x: Any, i: int) -> Any:
    """One example; if there is none, ones in its shape."""
    return x[i] if np.shape(x)[0] else np.ones_like(getattr(x, "_data", x), shape=np.shape(x)[1:])


def _together(ys: tuple[Any, ...], level: int, size: int) -> Any:
    """The results for all examples as a batch."""
    if not (hasattr(ys[0], "shape") or isinstance(ys[0], (bool, int, float, complex))):
        return ys[0]
    if len(set(map(np.shape, ys))) > 1:
        raise errors.shapes_vary(list(map(np.shape, ys)))
    return batch(np.stack(ys)[:size], level=level)
