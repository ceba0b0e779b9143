"""Functions of matrices: exponential, square root, and the solutions of linear equations of several forms.

Each rule is a sum or an equation of the same kind, so every order is exact. Sources: Giles 2008, *Collected
matrix derivative results*; Higham 2008, *Functions of Matrices*, for the exponential of a block matrix, whose
corner is the derivative in a direction.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ...graph import Primitive
from ...rules import row
from ...rules.linalg import transposed as _t
from ..peer import load

linalg = load("linalg")


def _sqrtm(a: Any) -> Any:
    """The principal square root: of a real matrix complex, if it has a negative eigenvalue."""
    root = linalg.sqrtm(a)
    if np.isrealobj(a) and not np.imag(root).any():
        root = np.real(root)
    return root.astype(np.result_type(a, 1j) if np.iscomplexobj(root) else a.dtype)


def _sylvester(a: Any, b: Any, q: Any) -> Any:
    """SciPy's solution, for which all three have to be real or all complex."""
    dtype = np.result_type(a, b, q)
    return linalg.solve_sylvester(a.astype(dtype), b.astype(dtype), q.astype(dtype))


def _expm_rule(g: Any, a: Any) -> Any:
    """The derivative at ``a.T`` in the direction ``g``: the upper right corner of ``expm([[a.T, g], [0, a.T]])``."""
    n = a.shape[-1]
    upper = np.concatenate([_t(a), g], axis=-1)
    lower = np.concatenate([np.zeros_like(g), _t(a)], axis=-1)
    return expm(np.concatenate([upper, lower], axis=-2))[..., :n, n:]


def _triangle(a: Any, lower: bool, unit_diagonal: bool) -> Any:
    """The part of ``a`` that a triangular solver reads."""
    return np.tril(a, -int(unit_diagonal)) if lower else np.triu(a, int(unit_diagonal))


def _solve_transposed(a: Any, g: Any, trans: int, lower: bool, unit_diagonal: bool) -> Any:
    return triangular(a, g, trans=1 - trans, lower=lower, unit_diagonal=unit_diagonal)


def _triangular_left(g: Any, y: Any, a: Any, trans: int, lower: bool, unit_diagonal: bool) -> Any:
    solved = _solve_transposed(a, g, trans, lower, unit_diagonal)
    return -_triangle(y @ _t(solved) if trans else solved @ _t(y), lower, unit_diagonal)


def _bands(ab: Any, l_and_u: tuple[int, int]) -> tuple[Any, Any, Any]:
    """For each place ``(r, j)`` of banded storage: its column, its row ``i`` in the matrix, and whether that exists."""
    above = l_and_u[1]
    height, n = ab.shape
    r, j = np.indices((height, n))
    i = j + r - above
    return j, np.clip(i, 0, n - 1), (i >= 0) & (i < n)


def _transposed_bands(ab: Any, l_and_u: tuple[int, int]) -> Any:
    """The banded storage of the transpose."""
    flipped = (l_and_u[1], l_and_u[0])
    _, i, there = _bands(ab, flipped)
    r = np.indices(ab.shape)[0]
    return np.where(there, ab[sum(l_and_u) - r, i], 0)


def _banded_left(g: Any, y: Any, ab: Any, l_and_u: tuple[int, int]) -> Any:
    """``-solved @ y.T``, at the places of the bands."""
    j, i, there = _bands(ab, l_and_u)
    solved = _banded_right(g, ab, l_and_u)
    return np.where(there, -np.sum(solved[i] * y[j], axis=-1), 0)


def _banded_right(g: Any, ab: Any, l_and_u: tuple[int, int]) -> Any:
    """The solution of the transposed equation."""
    return banded(_transposed_bands(ab, l_and_u), g, l_and_u=(l_and_u[1], l_and_u[0]))


# fmt: off
expm: Primitive = row(linalg.expm,
    lambda g, y, a: _expm_rule(g, a))

sqrtm = row(linalg.sqrtm,
    lambda g, y, a: sylvester(_t(y), _t(y), g),
    array=_sqrtm)

# a @ y + y @ b = q
sylvester: Primitive = row(linalg.solve_sylvester,
    lambda g, y, a, b, q: -sylvester(_t(a), _t(b), g) @ _t(y),
    lambda g, y, a, b, q: -_t(y) @ sylvester(_t(a), _t(b), g),
    lambda g, y, a, b, q: sylvester(_t(a), _t(b), g),
    array=_sylvester)

# a @ y = b, or a.T @ y = b if trans
triangular: Primitive = row(linalg.solve_triangular,
    lambda g, y, a, b, trans=0, lower=False, unit_diagonal=False:
        _triangular_left(g, y, a, trans, lower, unit_diagonal),
    lambda g, y, a, b, trans=0, lower=False, unit_diagonal=False:
        _solve_transposed(a, g, trans, lower, unit_diagonal))

# the same for a matrix that is given by its diagonals, l below and u above the main one; b has two axes
banded: Primitive = row(linalg.solve_banded,
    lambda g, y, ab, b, l_and_u=(0, 0): _banded_left(g, y, ab, l_and_u),
    lambda g, y, ab, b, l_and_u=(0, 0): _banded_right(g, ab, l_and_u),
    array=lambda ab, b, l_and_u=(0, 0): linalg.solve_banded(l_and_u, ab, b))
# fmt: on
