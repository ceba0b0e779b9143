"""NumPy's polynomials as vectors of coefficients, the highest power first."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import errors
from ..rules import decompositions
from ..rules.parts import is_complex, real
from .dispatch import array, data, implements


def _coefficients(p: Any) -> Any:
    """A vector without the zeros in front, but for one of nothing else."""
    p = np.atleast_1d(array(p))
    full = np.flatnonzero(data(p))
    return p[int(full[0]) :] if full.size else p[:0] * 1.0 if not np.size(p) else p[-1:]


@implements(np.polyval)
def polyval(p: Any, x: Any) -> Any:
    """The polynomial at ``x``, by Horner's scheme."""
    p, x = array(p), array(x)
    y = np.zeros_like(data(x))
    for coefficient in p:
        y = y * x + coefficient
    return y


@implements(np.vander)
def vander(x: Any, N: int | None = None, increasing: bool = False) -> Any:  # noqa: N803 -- NumPy's name
    """The powers of each element in a row."""
    powers = np.arange(len(x) if N is None else N)
    x = x.astype(np.promote_types(x.dtype, int))
    return x[:, None] ** (powers if increasing else powers[::-1])


@implements(np.polyadd)
def polyadd(a1: Any, a2: Any) -> Any:
    """The sum: the shorter one gets zeros in front."""
    a1, a2 = np.atleast_1d(array(a1)), np.atleast_1d(array(a2))
    n = max(np.size(a1), np.size(a2))
    longer = [np.pad(p, (n - np.size(p), 0)) if np.size(p) < n else p for p in (a1, a2)]
    return longer[0] + longer[1]


@implements(np.polysub)
def polysub(a1: Any, a2: Any) -> Any:
    """The difference."""
    return polyadd(a1, -array(a2))


@implements(np.polymul)
def polymul(a1: Any, a2: Any) -> Any:
    """The product: a convolution of the coefficients."""
    return np.convolve(_coefficients(a1), _coefficients(a2))


@implements(np.polydiv)
def polydiv(u: Any, v: Any) -> tuple[Any, Any]:
    """Quotient and remainder, by long division."""
    u, v = np.atleast_1d(array(u)), np.atleast_1d(array(v))
    m, n = np.size(u), np.size(v)
    quotient = []
    rest = u + 0 * v[0]
    for k in range(m - n + 1):
        quotient.append(rest[k] / v[0])
        rest = np.concatenate([rest[:k], rest[k : k + n] - quotient[-1] * v, rest[k + n :]])
    start = 0
    while start < m - 1 and np.allclose(data(rest)[start], 0, rtol=1e-14):
        start += 1
    return (np.stack(quotient) if quotient else np.zeros(1, rest.dtype)), rest[start:]


@implements(np.polyder)
def polyder(p: Any, m: int = 1) -> Any:
    """The derivative, ``m`` times over."""
    if m < 0:
        raise errors.bad_argument(f"np.polyder(p, m={m})", "a number of times from 0", f"{m}", "np.polyint(p)")
    p = array(p)
    for _ in range(m):
        p = p[:-1] * np.arange(np.size(p) - 1, 0, -1)
    return p


@implements(np.polyint)
def polyint(p: Any, m: int = 1, k: Any = None) -> Any:
    """The integral, ``m`` times over, with the constants ``k``."""
    if m < 0:
        raise errors.bad_argument(f"np.polyint(p, m={m})", "a number of times from 0", f"{m}", "np.polyder(p)")
    p = array(p)
    constants = np.zeros(m, p.dtype) if k is None else np.atleast_1d(array(k))
    if np.size(constants) not in (m, 1) or np.ndim(constants) > 1:
        raise errors.bad_argument(
            f"np.polyint(p, m={m}, k=...)", f"one constant, or {m}", f"{np.size(constants)}", "np.polyint(p, 1, [0.0])"
        )
    for i in range(m):
        constant = constants[i if np.size(constants) > 1 else 0]
        powers = np.arange(np.size(p), 0, -1)
        p = np.concatenate([p / powers, np.reshape(constant, (1,))])
    return p


@implements(np.poly)
def poly(seq_of_zeros: Any) -> Any:
    """The polynomial with these zeros: the product of ``x - zero`` for all of them."""
    zeros = np.atleast_1d(array(seq_of_zeros))
    if np.ndim(zeros) != 1:
        raise errors.bad_argument(
            f"np.poly of shape {np.shape(zeros)}", "a vector of zeros", "a matrix",
            "np.poly(np.linalg.eigvalsh(t)) of a symmetric matrix",
        )  # fmt: skip
    p = np.ones(1, zeros.dtype)
    for zero in zeros:
        p = np.convolve(p, np.stack([np.ones((), zeros.dtype), -zero]))
    if is_complex(p) and np.all(np.sort(data(zeros)) == np.sort(np.conj(data(zeros)))):
        p = real(p)
    return p


@implements(np.roots)
def roots(p: Any) -> Any:
    """The zeros: the eigenvalues of the companion matrix; for zeros at 0 there is no gradient."""
    p = array(p)
    full = np.flatnonzero(data(p))
    if np.ndim(p) != 1 or not full.size:
        raise errors.bad_argument(
            f"np.roots of shape {np.shape(p)}", "a vector of coefficients, not all of them 0",
            f"{'all of them 0' if np.ndim(p) == 1 else f'{np.ndim(p)} axes'}", "np.roots(t.ravel())",
        )  # fmt: skip
    first, last = int(full[0]), int(full[-1]) + 1
    n, at_zero = last - first - 1, np.size(p) - last
    if not n:
        return np.zeros(at_zero)
    below = np.eye(n - 1, n, dtype=data(p).dtype)
    companion = np.concatenate([-p[None, first + 1 : last] / p[first], below])
    found = decompositions.eig_values(companion)
    return np.concatenate([found, np.zeros(at_zero, found.dtype)]) if at_zero else found
