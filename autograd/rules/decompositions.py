"""Linear algebra: inverses, determinants, and what a matrix can be taken apart into.

Every row works on stacks of matrices, of shape (..., m, n). A decomposition that NumPy returns in parts is a
row for each part, since a result in the graph is one array; the parts of one matrix agree in their signs.
Of a symmetric or Hermitian matrix NumPy's ``eigh`` reads one triangle, and the gradient lies there. For
``cholesky`` a matrix counts as ``(a + a.T) / 2``, a complex one as ``(a + conj(a).T) / 2``, so that the gradient is
symmetric too. Where two eigenvalues or singular values are equal, their vectors are not unique, and what
depends on the choice gets the gradient 0.

Every complex singular vector, and eigenvector of a Hermitian matrix, may be turned by an angle of its own.
The gradient is right for whatever does not depend on these angles. ``eig`` has no such freedom: NumPy makes
the largest component of each vector real, and that is differentiated with it.

Sources: Giles 2008, *Collected matrix derivative results for forward and reverse mode algorithmic
differentiation*; Townsend 2016, *Differentiating the singular value decomposition*; Walter and Lehmann
2013, *Algorithmic differentiation of linear algebra functions*, for QR; Golub and Pereyra 1973 for the
pseudo-inverse; Murray 2016, *Differentiation of the Cholesky decomposition*. For complex matrices: Wan and
Zhang 2019, *Automatic differentiation for complex valued SVD*; Boeddeker et al. 2017, *On the computation
of complex-valued gradients with application to statistically optimum beamforming*, for eigenvectors. Their
``conj(gradient)`` is our ``g``, so their ``gradient.H`` is our ``g.T``.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph import Primitive
from .elsewhere import beside, in_memory_only, is_lazy, on_blocks
from .linalg import transposed as _t
from .parts import conj, imag, is_complex, real
from .table import row


def _h(x: Any) -> Any:
    """The conjugate transpose of the last two axes."""
    return conj(_t(x))


def symmetric(a: Any) -> Any:
    """The symmetric part of a matrix, the Hermitian part of a complex one."""
    return (a + _h(a)) / 2


def _identity(a: Any, n: int) -> Any:
    """The identity matrix of size ``n``, in the dtype of ``a``."""
    return beside(a, np.eye, n, dtype=a.dtype)


def _diagonal(x: Any) -> Any:
    """A vector as a diagonal matrix."""
    return x[..., None] * _identity(x, x.shape[-1])


def _lower_half(a: Any) -> Any:
    """The lower triangle, with half the diagonal."""
    return np.tril(a) - a * _identity(a, a.shape[-1]) / 2


def _gaps(x: Any) -> Any:
    """``1 / (x_j - x_i)``, and 0 where the two are equal."""
    difference = x[..., None, :] - x[..., :, None]
    equal = difference == 0
    return np.where(equal, 0, 1 / np.where(equal, 1, difference))


@on_blocks("(),(m,m)->(m,m)", lambda y, a: a)
def _cofactors(y: Any, a: Any) -> Any:
    """``det(a) * inv(a).T``; of singular matrices the determinants of what is left without a row and a column."""
    if not np.any(y == 0):
        return y[..., None, None] * _t(inv(a))
    n = a.shape[-1]
    if n == 1:
        return a * 0 + 1
    others = beside(a, np.array, [[k for k in range(n) if k != i] for i in range(n)])
    minors = det(a[..., others[:, None, :, None], others[None, :, None, :]])
    k = beside(a, np.arange, n)
    return minors * (1 - 2 * ((k + k[:, None]) % 2)).astype(a.dtype)


def _without_singular(a: Any, y: Any, g: Any) -> Any:
    """``a`` with the identity in place of the singular matrices whose determinants are not used."""
    unused = np.isinf(y) & (g == 0)
    return np.where(unused[..., None, None], _identity(a, a.shape[-1]), a) if is_lazy(a) or np.any(unused) else a


def _cholesky_rule(g: Any, y: Any) -> Any:
    """``L^-T P conj(L)^-1`` with ``P`` the lower half of ``L.T @ g``, made symmetric."""
    half = _lower_half(_t(y) @ g)
    return symmetric(_t(solve(_h(y), _t(solve(_t(y), half)))))


def _mirrored(a: Any) -> Any:
    """The lower triangle, mirrored into the upper one."""
    half = _lower_half(a)
    return half + _h(half)


def _eigh_rule(g: Any, v: Any, triangle: str) -> Any:
    """``conj(v) @ g @ v.T``, folded into the triangle that was read, which stands for the other one too."""
    half = 2 * _lower_half(symmetric(conj(v) @ g @ _t(v)))
    return half if triangle == "L" else _h(half)


def _over(a: Any, r: Any) -> Any:
    """``a @ inv(r).T``."""
    return _t(solve(r, _t(a)))


def _of_vectors(g: Any, u: Any, s: Any, vh: Any) -> Any:
    """Townsend's first term: what turns within the columns of ``u``, and what leaves their span.

    Of the angle between two complex vectors of a pair, each takes half.
    """
    skew = _t(u) @ g - _h(_t(u) @ g)
    turned = _gaps(s * s) * skew
    if is_complex(u):
        turned = turned + skew * _diagonal(0.25 / (s * s))
    within = conj(u) @ (turned * s[..., None, :])
    leaving = (g - conj(u) @ (_t(u) @ g)) / s[..., None, :]
    return (within + leaving) @ conj(vh)


def _pinv_rule(g: Any, y: Any, a: Any) -> Any:
    """Golub and Pereyra's three terms."""
    m, n = a.shape[-2:]
    rest_m, rest_n = conj(_identity(a, m) - a @ y), conj(_identity(a, n) - y @ a)
    return -_t(y) @ g @ _t(y) + rest_m @ _h(g) @ conj(y) @ _t(y) + _t(y) @ conj(y) @ _h(g) @ rest_n


def _sign_rule(g: Any, y: Any, a: Any) -> Any:
    """The sign of the determinant only turns: by the imaginary part of ``trace(inv(a) @ da)``."""
    return (imag(g * y) * 1j)[..., None, None] * _t(inv(a))


def _normalised(g: Any, y: Any) -> Any:
    """The gradient of vectors before they were given the length 1, and a largest component that is real."""
    along = np.sum(g * y, axis=-2, keepdims=True)
    g = g - real(along) * conj(y)
    if is_complex(y):
        largest = _largest(y)
        g = g - imag(along) * 1j / np.sum(real(y) * largest, axis=-2, keepdims=True) * largest
    return g


def _largest(y: Any) -> Any:
    """1 at the component of each vector that was made real, and 0 elsewhere."""
    size = np.where(np.imag(y) == 0, np.abs(y), -1)
    here = np.argmax(size, axis=-2, keepdims=True) == beside(y, np.arange, size.shape[-2])[:, None]
    return here.astype(size.dtype)


def _real(dtype: Any) -> Any:
    """The dtype of the real parts."""
    return dtype.type(0).real.dtype


def _smaller(m: int, n: int) -> int:
    return min(m, n)


_varies = in_memory_only("whether the result is complex depends on the numbers")


# fmt: off
inv: Primitive = row(np.linalg.inv,
    lambda g, y, a: -_t(y) @ g @ _t(y),
    array=on_blocks("(m,m)->(m,m)")(np.linalg.inv))

solve: Primitive = row(np.linalg.solve,
    lambda g, y, a, b: -solve(_t(a), g) @ _t(y),
    lambda g, y, a, b: solve(_t(a), g),
    array=on_blocks("(m,m),(m,n)->(m,n)")(np.linalg.solve))

det: Primitive = row(np.linalg.det,
    lambda g, y, a: g[..., None, None] * _cofactors(y, a),
    array=on_blocks("(m,m)->()")(np.linalg.det))

logabsdet = row(on_blocks("(m,m)->()", _real)(lambda a: np.linalg.slogdet(a)[1]),
    lambda g, y, a: g[..., None, None] * _t(inv(_without_singular(a, y, g))),
    name="logabsdet")

det_sign = row(on_blocks("(m,m)->()")(lambda a: np.linalg.slogdet(a)[0]),
    lambda g, y, a: _sign_rule(g, y, a),
    name="det_sign")

cholesky = row(on_blocks("(m,m)->(m,m)")(lambda a: np.linalg.cholesky(symmetric(a))),
    lambda g, y, a: _cholesky_rule(g, y),
    name="cholesky")

eigh_values: Primitive = row(on_blocks("(m,m)->(m)", _real)(lambda a, triangle="L": np.linalg.eigvalsh(a, triangle)),
    lambda g, y, a, triangle="L": _eigh_rule(_diagonal(g), eigh_vectors(a, triangle=triangle), triangle),
    name="eigh_values")

eigh_vectors: Primitive = row(on_blocks("(m,m)->(m,m)")(lambda a, triangle="L": np.linalg.eigh(a, triangle)[1]),
    lambda g, y, a, triangle="L": _eigh_rule(_gaps(eigh_values(a, triangle=triangle)) * (_t(y) @ g), y, triangle),
    name="eigh_vectors")

eig_values: Primitive = row(_varies(lambda a: np.linalg.eig(a)[0]),
    lambda g, y, a: solve(_t(eig_vectors(a)), _diagonal(g) @ _t(eig_vectors(a))),
    name="eig_values")

eig_vectors: Primitive = row(_varies(lambda a: np.linalg.eig(a)[1]),
    lambda g, y, a: solve(_t(y), _gaps(eig_values(a)) * (_t(y) @ _normalised(g, y))) @ _t(y),
    name="eig_vectors")

svd_u: Primitive = row(on_blocks("(m,n)->(m,k)", k=_smaller)(lambda a: np.linalg.svd(a, full_matrices=False)[0]),
    lambda g, y, a: _of_vectors(g, y, svd_s(a), svd_vh(a)),
    name="svd_u")

svd_s: Primitive = row(on_blocks("(m,n)->(k)", _real, k=_smaller)(lambda a: np.linalg.svd(a, full_matrices=False)[1]),
    lambda g, y, a: conj(svd_u(a)) @ _diagonal(g) @ conj(svd_vh(a)),
    name="svd_s")

svd_vh: Primitive = row(on_blocks("(m,n)->(k,n)", k=_smaller)(lambda a: np.linalg.svd(a, full_matrices=False)[2]),
    lambda g, y, a: _h(_of_vectors(_h(g), _h(y), svd_s(a), _h(svd_u(a)))),
    name="svd_vh")

qr_q: Primitive = row(on_blocks("(m,n)->(m,k)", k=_smaller)(lambda a: np.linalg.qr(a)[0]),
    lambda g, y, a: _over(g - conj(y) @ _mirrored(_h(g) @ conj(y)), qr_r(a)),
    name="qr_q")

qr_r: Primitive = row(on_blocks("(m,n)->(k,n)", k=_smaller)(lambda a: np.linalg.qr(a)[1]),
    lambda g, y, a: _over(conj(qr_q(a)) @ _mirrored(conj(y) @ _h(g)), y),
    name="qr_r")

pinv = row(np.linalg.pinv,
    lambda g, y, a: _pinv_rule(g, y, a),
    array=on_blocks("(m,n)->(n,m)")(np.linalg.pinv))
# fmt: on
