"""Walking back from a result that is computed later, as one on arrays of Dask's: what is computed when.

A gradient is where its variable is: that of a lazy variable is lazy, that of a variable in memory is in memory. So a
parameter, which is small, has its gradient at hand after the pass. All such gradients are computed in one run,
together with the result: what they are made of, which may be larger than memory, is read once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from .graph import Node, _walk
from .rules.elsewhere import fetched, is_lazy, persisted


def gradients(
    root: Node, seed: Any, path: Sequence[Node] | None, wrt: Iterable[Node] | None, record: bool
) -> dict[Node, Any]:
    """Walk back from a lazy result; where that gives numbers in memory, settle what zeros may have spoilt.

    Whether a lazy gradient is finite cannot be known before it is computed, so it stays as it is.

    Args:
        root: the result to differentiate.
        seed: its own gradient.
        path: the nodes on the way, newest first; all if not given.
        wrt: the nodes whose gradients are wanted; all if not given.
        record: whether the gradients shall be nodes; these are all lazy.
    """
    plain, ends = _walk(root, seed, path, record, guarded=False)
    if record:
        return plain
    plain = computed(root, plain)
    near = [x for x in (ends if wrt is None else wrt) if x in plain and not is_lazy(plain[x])]
    if all(root._is_finite(plain[x]) for x in near):
        return plain
    return computed(root, root._settled(root, seed, path, near, record, plain))


def computed(root: Node, gradients: dict[Node, Any]) -> dict[Node, Any]:
    """The gradients, those of nodes in memory computed, all in one run with the result if it is one number."""
    near = [x for x, g in gradients.items() if is_lazy(g) and not is_lazy(x._data)]
    if not near:
        return gradients
    results = [root._data] if np.shape(root._data) == () else []
    found = persisted(*results, *[gradients[x] for x in near])
    for result in found[: len(results)]:
        root._data = result
    return gradients | dict(zip(near, fetched(*found[len(results) :]), strict=True))
