"""``scipy.linalg`` for arrays and Tensors: equations of several forms, and functions of matrices.

What NumPy has too is NumPy's: ``inv``, ``solve``, ``det``, ``eigh``, ``svd`` and their kin are in ``numpy.linalg``, and
record there.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import errors
from ..numpy.dispatch import array
from .peer import load
from .rules import matrices

LAPACK = {0: 0, "N": 0, 1: 1, "T": 1, 2: 1, "C": 1}
"""How SciPy says whether a matrix is meant transposed."""

expm = matrices.expm
sqrtm = matrices.sqrtm
solve_sylvester = matrices.sylvester

__all__ = [
    "block_diag", "cho_factor", "cho_solve", "cholesky", "expm", "solve_banded", "solve_sylvester",
    "solve_triangular", "sqrtm", "toeplitz",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    return getattr(load("linalg"), name)


def solve_triangular(a: Any, b: Any, trans: Any = 0, lower: bool = False, unit_diagonal: bool = False) -> Any:
    """The ``x`` of ``a @ x = b`` for a triangle ``a``; what is on its other side is not read, and has no gradient.

    Args:
        a: a matrix, of shape (n, n).
        b: of shape (n,) or (n, k).
        trans: 1 or ``"T"`` for ``a.T @ x = b``.
        lower: whether the lower triangle is meant; the upper one if not.
        unit_diagonal: take the diagonal for ones, whatever it holds.

    Returns:
        ``x``, of the shape of ``b``.

    Raises:
        ArgumentError: an unknown ``trans``.

    Example:
        >>> solve_triangular(np.array([[2.0, 0.0], [1.0, 1.0]]), np.array([2.0, 3.0]), lower=True)
        array([1., 2.])
    """
    if trans not in LAPACK:
        raise errors.bad_argument(f"solve_triangular(trans={trans!r})", "0, 1, 'N' or 'T'", repr(trans), "trans='T'")
    a, b = array(a), array(b)
    how = {"trans": LAPACK[trans], "lower": lower, "unit_diagonal": unit_diagonal}
    return _by_columns(lambda columns: matrices.triangular(a, columns, **how), b)


def solve_banded(l_and_u: tuple[int, int], ab: Any, b: Any) -> Any:
    """The ``x`` of ``a @ x = b`` for a matrix that is 0 outside a few diagonals.

    Args:
        l_and_u: how many diagonals there are below and above the main one.
        ab: the diagonals from the upmost, of shape (l + u + 1, n): ``ab[u + i - j, j] = a[i, j]``.
        b: of shape (n,) or (n, k).

    Returns:
        ``x``, of the shape of ``b``.

    Example:
        >>> solve_banded((0, 1), np.array([[0.0, 1.0], [2.0, 1.0]]), np.array([3.0, 1.0]))
        array([1., 1.])
    """
    ab, b = array(ab), array(b)
    return _by_columns(lambda columns: matrices.banded(ab, columns, l_and_u=tuple(l_and_u)), b)


def _by_columns(solve: Any, b: Any) -> Any:
    """``solve(b)``, a vector as a matrix of one column."""
    return solve(b) if np.ndim(b) > 1 else solve(b[:, None])[:, 0]


def cholesky(a: Any, lower: bool = False) -> Any:
    """The triangle ``r`` of ``a = r.T @ r``, or ``l`` of ``a = l @ l.T``.

    Args:
        a: a symmetric positive definite matrix, of shape (..., n, n).
        lower: return ``l``.

    Returns:
        The triangle.

    Example:
        >>> cholesky(np.array([[4.0, 2.0], [2.0, 2.0]]))
        array([[2., 1.], [0., 1.]])
    """
    triangle = np.linalg.cholesky(array(a))
    return triangle if lower else np.swapaxes(triangle, -1, -2)


def cho_factor(a: Any, lower: bool = False) -> tuple[Any, bool]:
    """Cholesky's triangle for :func:`cho_solve`, and which it is.

    Args:
        a: a symmetric positive definite matrix.
        lower: whether the lower triangle is wanted.

    Returns:
        ``(triangle, lower)``; the other side of the triangle is 0.

    Example:
        >>> cho_factor(np.array([[4.0]]))
        (array([[2.]]), False)
    """
    return cholesky(a, lower), lower


def cho_solve(c_and_lower: tuple[Any, bool], b: Any) -> Any:
    """The ``x`` of ``a @ x = b``, given Cholesky's triangle of ``a``.

    Args:
        c_and_lower: what :func:`cho_factor` returned.
        b: of shape (n,) or (n, k).

    Returns:
        ``x``, of the shape of ``b``.

    Example:
        >>> cho_solve(cho_factor(np.array([[4.0]])), np.array([8.0]))
        array([2.])
    """
    triangle, lower = c_and_lower
    halfway = solve_triangular(triangle, b, trans=int(not lower), lower=lower)
    return solve_triangular(triangle, halfway, trans=int(lower), lower=lower)


def block_diag(*arrays: Any) -> Any:
    """Matrices along the diagonal of a larger one, and zeros elsewhere.

    Args:
        *arrays: matrices; a vector counts as a row.

    Returns:
        A matrix.

    Example:
        >>> block_diag([[1.0]], [[2.0, 3.0]])
        array([[1., 0., 0.], [0., 2., 3.]])
    """
    blocks = [np.atleast_2d(array(x)) for x in arrays]
    width, before = sum(np.shape(x)[1] for x in blocks), 0
    rows = []
    for x in blocks:
        rows.append(np.pad(x, ((0, 0), (before, width - before - np.shape(x)[1]))))
        before += np.shape(x)[1]
    return np.concatenate(rows)


def toeplitz(c: Any, r: Any = None) -> Any:
    """The matrix that is constant along each diagonal.

    Args:
        c: its first column.
        r: its first row, whose first element is not read; ``c`` if not given.

    Returns:
        A matrix of shape (len(c), len(r)).

    Example:
        >>> toeplitz([1.0, 2.0], [9.0, 3.0])
        array([[1., 3.], [2., 1.]])
    """
    c = np.ravel(array(c))
    r = c if r is None else np.ravel(array(r))
    n, m = np.shape(c)[0], np.shape(r)[0]
    values = np.concatenate([np.flip(c, 0), r[1:]])
    return values[n - 1 - np.arange(n)[:, None] + np.arange(m)]
