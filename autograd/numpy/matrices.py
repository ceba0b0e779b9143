"""``numpy.linalg`` on Tensors: NumPy's results, put together from the rows of :mod:`autograd.rules.decompositions`."""

from __future__ import annotations

import math
from string import ascii_letters
from typing import Any

import numpy as np

from .. import errors
from ..rules import decompositions, reduce
from ..rules.parts import conj, is_complex, squared
from .dispatch import data, implements

EighResult, SVDResult = type(np.linalg.eigh(np.eye(1))), type(np.linalg.svd(np.eye(1)))
EigResult = type(np.linalg.eig(np.eye(1)))
QRResult, SlogdetResult = type(np.linalg.qr(np.eye(1))), type(np.linalg.slogdet(np.eye(1)))


def _triangle(UPLO: str) -> str:
    """The triangle that is read, as a capital."""
    if UPLO.upper() not in ("L", "U"):
        raise errors.bad_argument(f"np.linalg.eigh(a, UPLO={UPLO!r})", "'L' or 'U'", repr(UPLO), "np.linalg.eigh(a)")
    return UPLO.upper()


@implements(np.linalg.solve)
def solve(a: Any, b: Any) -> Any:
    """The ``x`` of ``a @ x = b``; ``b`` is a vector if it has one axis."""
    if np.ndim(b) == 1:
        return decompositions.solve(a, b[:, None])[..., 0]
    return decompositions.solve(a, b)


@implements(np.linalg.cholesky)
def cholesky(a: Any, /, *, upper: bool = False) -> Any:
    """The triangle ``L`` of ``a = L @ conj(L).T``, for a symmetric (or Hermitian) positive definite matrix."""
    lower = decompositions.cholesky(a)
    return conj(np.swapaxes(lower, -1, -2)) if upper else lower


@implements(np.linalg.slogdet)
def slogdet(a: Any) -> Any:
    """The sign of the determinant, whose gradient is 0 for real matrices, and the logarithm of its absolute value."""
    sign = decompositions.det_sign(a) if is_complex(a) else np.linalg.slogdet(data(a))[0]
    return SlogdetResult(sign, decompositions.logabsdet(a))


@implements(np.linalg.eig)
def eig(a: Any) -> Any:
    """Eigenvalues and eigenvectors of a square matrix: complex, if not all eigenvalues are real."""
    return EigResult(decompositions.eig_values(a), decompositions.eig_vectors(a))


@implements(np.linalg.eigvals)
def eigvals(a: Any) -> Any:
    """Eigenvalues of a square matrix, in the order in which :func:`eig` has them."""
    return decompositions.eig_values(a)


@implements(np.linalg.eigh)
def eigh(a: Any, UPLO: str = "L") -> Any:
    """Eigenvalues, in ascending order, and eigenvectors of a symmetric or Hermitian matrix; one triangle is read."""
    triangle = _triangle(UPLO)
    return EighResult(
        decompositions.eigh_values(a, triangle=triangle), decompositions.eigh_vectors(a, triangle=triangle)
    )


@implements(np.linalg.eigvalsh)
def eigvalsh(a: Any, UPLO: str = "L") -> Any:
    """Eigenvalues of a symmetric or Hermitian matrix, in ascending order; one triangle is read."""
    return decompositions.eigh_values(a, triangle=_triangle(UPLO))


@implements(np.linalg.svd)
def svd(a: Any, full_matrices: bool = True, compute_uv: bool = True, hermitian: bool = False) -> Any:
    """Singular vectors and values: ``a = u * s @ vh``."""
    if not compute_uv:
        return decompositions.svd_s(a)
    if full_matrices and np.shape(a)[-1] != np.shape(a)[-2]:
        raise errors.bad_argument(
            f"np.linalg.svd of shape {np.shape(a)}",
            "full_matrices=False: the vectors that complete a basis are not unique, and have no gradient",
            "full_matrices=True, NumPy's default",
            "np.linalg.svd(a, full_matrices=False)",
        )
    return SVDResult(decompositions.svd_u(a), decompositions.svd_s(a), decompositions.svd_vh(a))


@implements(np.linalg.svdvals)
def svdvals(x: Any, /) -> Any:
    """Singular values, in descending order."""
    return decompositions.svd_s(x)


@implements(np.linalg.qr)
def qr(a: Any, mode: str = "reduced") -> Any:
    """``a = q @ r`` with orthonormal columns in ``q`` and a triangle ``r``, for a matrix that is not wide."""
    m, n = np.shape(a)[-2:]
    if mode not in ("reduced", "r") and not (mode == "complete" and m == n):
        raise errors.bad_argument(
            f"np.linalg.qr(a, mode={mode!r})", "mode='reduced' or 'r'", repr(mode), "np.linalg.qr(a)"
        )
    if m < n:
        raise errors.bad_argument(
            f"np.linalg.qr of shape {np.shape(a)}", "at least as many rows as columns", f"{m} rows and {n} columns",
            f"np.linalg.qr(a[..., :{m}]) and q.T @ a[..., {m}:] for the rest of r",
        )  # fmt: skip
    r = decompositions.qr_r(a)
    return r if mode == "r" else QRResult(decompositions.qr_q(a), r)


@implements(np.linalg.lstsq)
def lstsq(a: Any, b: Any, rcond: Any = None) -> Any:
    """The ``x`` that makes ``a @ x`` come nearest to ``b``; the squared distances; the rank; the singular values."""
    rest = np.linalg.lstsq(data(a), data(b), rcond)
    x = decompositions.pinv(a) @ b
    away = b - a @ x
    distances = np.sum(squared(away), axis=0) if rest[1].size else rest[1]
    return x, np.reshape(distances, rest[1].shape), rest[2], decompositions.svd_s(a)


@implements(np.linalg.matrix_power)
def matrix_power(a: Any, n: int) -> Any:
    """``a @ a @ ... @ a``, by squaring; of the inverse if ``n`` is negative."""
    if not isinstance(n, (int, np.integer)):
        cure = "np.linalg.eigh(a) for powers of a symmetric matrix that are not whole: (v * w**n) @ v.T"
        raise errors.bad_argument(f"np.linalg.matrix_power(a, {n!r})", "a whole number", repr(n), cure)
    if n < 0:
        return matrix_power(decompositions.inv(a), -n)
    if n == 0:
        return a * 0 + np.eye(np.shape(a)[-1], dtype=data(a).dtype)
    half = matrix_power(a, n // 2) if n > 1 else None
    squared = a if half is None else half @ half
    return squared @ a if half is not None and n % 2 else squared


@implements(np.linalg.tensorsolve)
def tensorsolve(a: Any, b: Any, axes: Any = None) -> Any:
    """The ``x`` of ``tensordot(a, x, x.ndim) = b``."""
    if axes is not None:
        kept = [i for i in range(np.ndim(a)) if i not in axes]
        a = np.transpose(a, (*kept, *axes))
    shape = np.shape(a)[np.ndim(b) :]
    return np.reshape(solve(np.reshape(a, (-1, math.prod(shape))), np.ravel(b)), shape)


@implements(np.linalg.tensorinv)
def tensorinv(a: Any, ind: int = 2) -> Any:
    """The inverse of a tensor, whose first ``ind`` axes count as the rows of a matrix."""
    shape = np.shape(a)
    rows = math.prod(shape[:ind])
    return np.reshape(decompositions.inv(np.reshape(a, (rows, -1))), (*shape[ind:], *shape[:ind]))


@implements(np.linalg.multi_dot)
def multi_dot(arrays: Any) -> Any:
    """The product of many matrices, in the order that takes the fewest multiplications."""
    terms = [ascii_letters[i : i + 2] for i in range(len(arrays))]
    if np.ndim(arrays[0]) == 1:
        terms[0] = terms[0][1]
    if np.ndim(arrays[-1]) == 1:
        terms[-1] = terms[-1][0]
    free = terms[0][:-1] + terms[-1][1:]
    return np.einsum(f"{','.join(terms)}->{free}", *arrays, optimize=True)


# Norms.


@implements(np.linalg.norm)
def norm(x: Any, ord: Any = None, axis: Any = None, keepdims: bool = False) -> Any:
    """The length of vectors or the size of matrices, of every order; its gradient at 0 is 0."""
    if axis is None and (ord is None or np.ndim(x) == 1):
        flat = np.ravel(x) if ord is None else x
        found = _vector_norm(flat, 2 if ord is None else ord, 0, False)
        return np.reshape(found, (1,) * np.ndim(x)) if keepdims else found
    axes = tuple(range(np.ndim(x))) if axis is None else axis if isinstance(axis, tuple) else (axis,)
    if len(axes) == 1:
        return _vector_norm(x, 2 if ord is None else ord, axes[0], keepdims)
    if len(axes) != 2:
        raise errors.bad_argument(
            f"np.linalg.norm of shape {np.shape(x)}", "one axis for vectors, or two for matrices", f"axis={axis}",
            "np.linalg.norm(x.ravel(), ord), or axis=(-2, -1)",
        )  # fmt: skip
    return _matrix_norm(x, ord, axes, keepdims)


@implements(np.linalg.vector_norm)
def vector_norm(x: Any, /, *, axis: Any = None, keepdims: bool = False, ord: Any = 2) -> Any:
    """The length of vectors, along some axes or all."""
    return _vector_norm(x, ord, axis, keepdims)


@implements(np.linalg.matrix_norm)
def matrix_norm(x: Any, /, *, keepdims: bool = False, ord: Any = "fro") -> Any:
    """The size of matrices, which lie in the last two axes."""
    return _matrix_norm(x, ord, (-2, -1), keepdims)


def _vector_norm(x: Any, ord: Any, axis: Any, keepdims: bool) -> Any:
    size = np.abs(x)
    if ord == math.inf:
        return np.max(size, axis=axis, keepdims=keepdims)
    if ord == -math.inf:
        return np.min(size, axis=axis, keepdims=keepdims)
    if ord == 0:
        return np.sum(data(x) != 0, axis=axis, keepdims=keepdims, dtype=size.dtype) + 0 * np.sum(
            size, axis=axis, keepdims=keepdims
        )
    if ord == 1:
        return np.sum(size, axis=axis, keepdims=keepdims)
    if ord == 2:
        return reduce.length(x, axis=axis, keepdims=keepdims)
    return np.sum(size**ord, axis=axis, keepdims=keepdims) ** (1 / ord)


def _matrix_norm(x: Any, ord: Any, axes: tuple[int, int], keepdims: bool) -> Any:
    rows, columns = (axis % np.ndim(x) for axis in axes)
    if ord in (None, "fro"):
        return reduce.length(x, axis=(rows, columns), keepdims=keepdims)
    if ord in (2, -2, "nuc"):
        s = decompositions.svd_s(np.moveaxis(x, (rows, columns), (-2, -1)))
        found = np.sum(s, axis=-1) if ord == "nuc" else s[..., 0 if ord == 2 else -1]
        return np.expand_dims(found, tuple(sorted((rows, columns)))) if keepdims else found
    if ord in (1, -1, math.inf, -math.inf):
        along, across = (rows, columns) if abs(ord) == 1 else (columns, rows)
        sums = np.sum(np.abs(x), axis=along, keepdims=True)
        found = (np.max if ord > 0 else np.min)(sums, axis=across, keepdims=True)
        return found if keepdims else np.squeeze(found, axis=(rows, columns))
    raise errors.bad_argument(
        f"np.linalg.norm(x, ord={ord!r}) of matrices", "ord=None, 'fro', 'nuc', 1, -1, 2, -2, inf or -inf", repr(ord),
        "np.linalg.norm(x)",
    )  # fmt: skip


@implements(np.linalg.cond)
def cond(x: Any, p: Any = None) -> Any:
    """The condition number: ``norm(x) * norm(inv(x))``; by default the largest over the smallest singular value."""
    if p in (None, 2, -2):
        s = decompositions.svd_s(x)
        return s[..., -1] / s[..., 0] if p == -2 else s[..., 0] / s[..., -1]
    return _matrix_norm(x, p, (-2, -1), False) * _matrix_norm(decompositions.inv(x), p, (-2, -1), False)


@implements(np.linalg.matrix_rank)
def matrix_rank(A: Any, tol: Any = None, hermitian: bool = False, *, rtol: Any = None) -> Any:
    """How many singular values are not 0: a question, without a gradient."""
    return np.linalg.matrix_rank(data(A), tol, hermitian, rtol=rtol)


# The names that numpy.linalg shares with numpy.


@implements(np.linalg.matmul)
def matmul(x1: Any, x2: Any, /) -> Any:
    """The matrix product."""
    return np.matmul(x1, x2)


@implements(np.linalg.outer)
def outer(x1: Any, x2: Any, /) -> Any:
    """All products of an element of one vector and one of the other."""
    return np.outer(x1, x2)


@implements(np.linalg.tensordot)
def tensordot(x1: Any, x2: Any, /, *, axes: Any = 2) -> Any:
    """The sum of products over some axes."""
    return np.tensordot(x1, x2, axes)


@implements(np.linalg.vecdot)
def vecdot(x1: Any, x2: Any, /, *, axis: int = -1) -> Any:
    """The products of vectors, the first conjugated, along an axis."""
    return np.sum(conj(x1) * x2, axis=axis)


@implements(np.linalg.matrix_transpose)
def matrix_transpose(x: Any, /) -> Any:
    """The last two axes swapped."""
    return np.swapaxes(x, -1, -2)


@implements(np.linalg.diagonal)
def diagonal(x: Any, /, *, offset: int = 0) -> Any:
    """The diagonals of matrices."""
    return np.diagonal(x, offset, -2, -1)


@implements(np.linalg.trace)
def trace(x: Any, /, *, offset: int = 0, dtype: None = None) -> Any:
    """The sums of the diagonals of matrices."""
    return np.sum(np.diagonal(x, offset, -2, -1), axis=-1)


@implements(np.linalg.cross)
def cross(x1: Any, x2: Any, /, *, axis: int = -1) -> Any:
    """The cross products of vectors with three elements."""
    return np.cross(x1, x2, axis=axis)
