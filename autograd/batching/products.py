"""Products of batches. What is the same for all examples is multiplied once, with all of them in one matrix."""

from __future__ import annotations

import math
from string import ascii_letters
from typing import Any

import numpy as np

from .batch import Batch, batches
from .examples import one_by_one
from .hidden import align, levels_of, union


@batches(np.matmul)
def matmul(a: Any, b: Any) -> Any:
    """The matrix product."""
    if np.ndim(a) == 0 or np.ndim(b) == 0:
        raise ValueError("matmul: an operand has no axes")
    if np.ndim(a) == 1 and np.ndim(b) > 1:
        return matmul(a[None, :], b)[..., 0, :]
    if np.ndim(b) == 1 and levels_of(b) and np.ndim(a) > 1:
        return matmul(a, b[:, None])[..., 0]
    if np.ndim(b) == 1 and levels_of(b):
        return np.sum(_fitting(a, b) * b, axis=-1)
    if np.ndim(b) <= 2 and not levels_of(b):
        return _rows(a, b)
    if np.ndim(a) == 2 and not levels_of(a) and np.shape(b)[-1] == 1:
        return _rows(b[..., 0], np.swapaxes(a, 0, 1))[..., None]
    levels, (x, y) = align(a, b)
    return Batch(np.matmul(x, y), levels)


def _fitting(a: Any, b: Any) -> Any:
    """A vector ``a`` as long as ``b``."""
    if np.shape(a) != np.shape(b):
        raise ValueError(f"matmul: vectors of {np.shape(a)[0]} and {np.shape(b)[0]} elements")
    return a


def _rows(a: Any, b: Any) -> Any:
    """All rows of all examples times one matrix or vector."""
    *lead, n = a.whole.shape
    flat = a.whole.reshape(math.prod(lead), n) @ b
    return Batch(flat.reshape(*lead, *flat.shape[1:]), a.levels)


@batches(np.dot)
def dot(a: Any, b: Any, out: None = None) -> Any:
    """NumPy's dot: a product of numbers, a matrix product, or over the last and the last but one axis."""
    if not np.ndim(a) or not np.ndim(b):
        return a * b
    if np.ndim(a) <= 2 and np.ndim(b) <= 2:
        return np.matmul(a, b)
    return tensordot(a, b, ((-1,), (-2 if np.ndim(b) > 1 else -1,)))


@batches(np.tensordot)
def tensordot(a: Any, b: Any, axes: Any = 2) -> Any:
    """One matrix product: the summed axes made one, and the free ones, too."""
    n, m = np.ndim(a), np.ndim(b)
    sides = (range(n - axes, n), range(axes)) if isinstance(axes, (int, np.integer)) else axes
    left, right = ([i % d for i in np.atleast_1d(side).tolist()] for side, d in zip(sides, (n, m), strict=True))
    rows, columns = ([i for i in range(d) if i not in summed] for d, summed in ((n, left), (m, right)))
    free = [np.shape(a)[i] for i in rows] + [np.shape(b)[i] for i in columns]
    summed = math.prod(np.shape(a)[i] for i in left)
    x = np.reshape(np.transpose(a, [*rows, *left]), (math.prod(np.shape(a)[i] for i in rows), summed))
    y = np.reshape(np.transpose(b, [*right, *columns]), (summed, math.prod(np.shape(b)[i] for i in columns)))
    return np.reshape(np.matmul(x, y), free)


@batches(np.outer)
def outer(a: Any, b: Any, out: None = None) -> Any:
    """Each element of the one times each of the other."""
    return np.ravel(a)[:, None] * np.ravel(b)


@batches(np.einsum)
def einsum(subscripts: Any, *operands: Any, **kwargs: Any) -> Any:
    """The hidden axes get letters of their own."""
    if not isinstance(subscripts, str) or "." in subscripts or "->" not in subscripts:
        return one_by_one(np.einsum, subscripts, *operands, **kwargs)
    levels = union(map(levels_of, operands))
    free = (letter for letter in ascii_letters if letter not in subscripts)
    letters = dict(zip(levels, free, strict=False))
    left, result = subscripts.split("->")
    terms = [
        "".join(letters[level] for level in levels_of(x)) + term
        for term, x in zip(left.split(","), operands, strict=True)
    ]
    wholes = [x.whole if isinstance(x, Batch) else x for x in operands]
    spelled = f"{','.join(terms)}->{''.join(letters.values())}{result}"
    return Batch(np.einsum(spelled, *wholes, optimize=len(wholes) > 1), levels)
