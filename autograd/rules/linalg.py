"""Matrix products in all their forms.

For ``y = a @ b`` the gradients are ``g @ b.T`` and ``a.T @ g``; everything below is that line with
vectors, batches and named axes. Batches that broadcast are summed back by the backward loop.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph import PRODUCT
from .elsewhere import beside
from .table import infix, row


def transposed(x: Any) -> Any:
    """The transpose of the last two axes."""
    return np.swapaxes(x, -1, -2)


def _matmul_left(g: Any, a: Any, b: Any) -> Any:
    """``g @ b.T``, where a vector stands for a matrix with one row (on the left) or one column (on the right)."""
    if np.ndim(b) == 1:
        return g[..., None] * b
    if np.ndim(a) == 1:
        return np.matmul(b, g[..., None])[..., 0]
    return np.matmul(g, transposed(b))


def _matmul_right(g: Any, a: Any, b: Any) -> Any:
    """``a.T @ g``, likewise."""
    if np.ndim(a) == 1:
        return np.expand_dims(g, -2 if np.ndim(b) > 1 else -1) * (a[:, None] if np.ndim(b) > 1 else a)
    if np.ndim(b) == 1:
        return np.matmul(transposed(a), g[..., None])[..., 0]
    return np.matmul(transposed(a), g)


def _axes(a: Any, b: Any, axes: Any) -> tuple[list[int], list[int]]:
    """The summed axes of ``tensordot`` as two lists of positions."""
    if isinstance(axes, (int, np.integer)):
        return list(range(np.ndim(a) - int(axes), np.ndim(a))), list(range(int(axes)))
    left, right = (np.atleast_1d(side).tolist() for side in axes)
    return [i % np.ndim(a) for i in left], [i % np.ndim(b) for i in right]


def _tensordot(a: Any, b: Any, axes: Any = 2) -> Any:
    return np.tensordot(a, b, _axes(a, b, axes))


def _tensordot_left(g: Any, a: Any, b: Any, axes: Any) -> Any:
    """Sum ``g`` over the free axes of b, then put the axes of a in order."""
    left, right = _axes(a, b, axes)
    free_a = [i for i in range(np.ndim(a)) if i not in left]
    free_b = [i for i in range(np.ndim(b)) if i not in right]
    summed = np.tensordot(g, b, (list(range(len(free_a), np.ndim(g))), free_b))
    # the axes of `summed`: the free ones of a, then its summed ones in the order in which b has them
    order = free_a + [left[right.index(i)] for i in sorted(right)]
    return np.transpose(summed, [order.index(i) for i in range(np.ndim(a))])


def _tensordot_right(g: Any, a: Any, b: Any, axes: Any) -> Any:
    """The same for b."""
    left, right = _axes(a, b, axes)
    free_a = [i for i in range(np.ndim(a)) if i not in left]
    free_b = [i for i in range(np.ndim(b)) if i not in right]
    summed = np.tensordot(a, g, (free_a, list(range(len(free_a)))))
    order = [right[left.index(i)] for i in sorted(left)] + free_b
    return np.transpose(summed, [order.index(i) for i in range(np.ndim(b))])


def _einsum(*operands: Any, subscripts: str = "", optimize: Any = False) -> Any:
    return np.einsum(subscripts, *operands, optimize=optimize)


def _einsum_rule(g: Any, operands: Any, i: int, subscripts: str, optimize: Any) -> Any:
    """Swap the result and the ``i``-th operand: ``ij,jk->ik`` gives ``ik,jk->ij`` for the first.

    An axis that only this operand has was summed away (as was one that has length 1 in all others); ones
    of its length spread the gradient over it again. An axis that the operand names twice is its diagonal;
    an identity matrix puts it back there.
    """
    left, result = subscripts.split("->")
    terms = left.split(",")
    mine = terms.pop(i)
    letters = (c for c in "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ" if c not in subscripts)
    arrays = [g, *(x for j, x in enumerate(operands) if j != i)]
    names = [result, *terms]
    target = ""
    for axis, c in enumerate(mine):
        n = np.shape(operands[i])[axis]
        if c in target:
            twin = next(letters)
            arrays.append(beside(g, np.eye, n, dtype=g.dtype))
            names.append(c + twin)
            target += twin
            continue
        if n not in [np.shape(x)[name.index(c)] for x, name in zip(arrays, names, strict=True) if c in name]:
            arrays.append(beside(g, np.ones, n, dtype=g.dtype))
            names.append(c)
        target += c
    return np.einsum(f"{','.join(names)}->{target}", *arrays, optimize=bool(optimize))


# fmt: off
matmul = row(np.matmul,
    lambda g, y, a, b: _matmul_left(g, a, b),
    lambda g, y, a, b: _matmul_right(g, a, b),
    symbol="@", notation=infix("@", "", PRODUCT))

tensordot = row(np.tensordot,
    lambda g, y, a, b, axes=2: _tensordot_left(g, a, b, axes),
    lambda g, y, a, b, axes=2: _tensordot_right(g, a, b, axes),
    array=_tensordot)

einsum = row(np.einsum, array=_einsum,
    every=lambda g, y, *operands, i, subscripts="", optimize=False: _einsum_rule(g, operands, i, subscripts, optimize))

outer = row(np.outer,
    lambda g, y, a, b: np.reshape(np.matmul(g, np.ravel(b)), np.shape(a)),
    lambda g, y, a, b: np.reshape(np.matmul(np.ravel(a), g), np.shape(b)))
# fmt: on
