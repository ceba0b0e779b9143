"""NumPy's products of vectors, matrices and arrays."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import errors
from ..rules import elementwise, linalg
from ..rules.parts import conj
from .dispatch import array, implements


@implements(np.dot)
def dot(a: Any, b: Any) -> Any:
    """NumPy's dot: a product of numbers, of vectors, of matrices, or over the last and the last but one axis."""
    if not np.ndim(a) or not np.ndim(b):
        return elementwise.multiply(a, b)
    if np.ndim(a) <= 2 and np.ndim(b) <= 2:
        return linalg.matmul(a, b)
    return linalg.tensordot(a, b, axes=((-1,), (-2 if np.ndim(b) > 1 else -1,)))


@implements(np.inner)
def inner(a: Any, b: Any) -> Any:
    """The sums of products over the last axis of both."""
    if not np.ndim(a) or not np.ndim(b):
        return elementwise.multiply(a, b)
    return linalg.tensordot(a, b, axes=((-1,), (-1,)))


@implements(np.vdot)
def vdot(a: Any, b: Any) -> Any:
    """The sum of the products of all elements, the first of them conjugated."""
    return linalg.matmul(conj(np.ravel(a)), np.ravel(b))


@implements(np.vecdot)
def vecdot(x1: Any, x2: Any) -> Any:
    """The sums of products over the last axis, the first conjugated; the other axes broadcast."""
    return np.sum(conj(x1) * x2, axis=-1)


@implements(np.einsum)
def einsum(*operands: Any, optimize: Any = False) -> Any:
    """Sums of products as ``subscripts`` says; ``optimize`` finds a good order for three arrays or more."""
    subscripts, arrays = _subscripts(operands)
    spelled = spell_out(subscripts, [np.shape(x) for x in arrays])
    return linalg.einsum(*arrays, subscripts=spelled, **({"optimize": optimize} if optimize else {}))


def _subscripts(operands: Any) -> tuple[str, list[Any]]:
    """Both ways to call einsum in one: a string of letters and the arrays."""
    if isinstance(operands[0], str):
        return operands[0], list(operands[1:])

    def spell(axes: Any) -> str:
        return "".join("..." if axis is Ellipsis else chr(ord("a") + axis) for axis in axes)

    paired = len(operands) - len(operands) % 2
    terms = ",".join(map(spell, operands[1:paired:2]))
    result = f"->{spell(operands[-1])}" if len(operands) % 2 else ""
    return terms + result, list(operands[:paired:2])


def spell_out(subscripts: str, shapes: list[tuple[int, ...]]) -> str:
    """``subscripts`` with the result named and letters in place of ``...``."""
    subscripts = subscripts.replace(" ", "")
    left, arrow, result = subscripts.partition("->")
    terms = left.split(",")
    if len(terms) != len(shapes):
        raise errors.bad_argument(
            f"np.einsum({subscripts!r})",
            f"{len(terms)} arrays, one for each term",
            f"{len(shapes)}",
            "one term an array",
        )
    free = [c for c in "zyxwvutsrqponmlkjihgfedcbaZYXWVUTSRQPONMLKJIHGFEDCBA" if c not in subscripts]
    counts = [
        len(axes) - len(term.replace("...", "")) for term, axes in zip(terms, shapes, strict=True) if "..." in term
    ]
    dots = "".join(free[: max(counts, default=0)])[::-1]
    for j, term in enumerate(terms):
        own = len(shapes[j]) - len(term.replace("...", ""))
        terms[j] = term.replace("...", dots[len(dots) - own :])
    if arrow:
        return f"{','.join(terms)}->{result.replace('...', dots)}"
    names = "".join(terms)
    once = "".join(sorted(c for c in set(names) if names.count(c) == 1 and c not in dots))
    return f"{','.join(terms)}->{dots}{once}"


if hasattr(np, "matvec"):  # NumPy 2.2

    @implements(np.matvec)
    def matvec(x1: Any, x2: Any) -> Any:
        """Matrices times vectors."""
        return np.matmul(x1, x2[..., None])[..., 0]

    @implements(np.vecmat)
    def vecmat(x1: Any, x2: Any) -> Any:
        """Vectors, conjugated, times matrices."""
        return np.matmul(conj(x1)[..., None, :], x2)[..., 0, :]


@implements(np.kron)
def kron(a: Any, b: Any) -> Any:
    """Each element of the first times the whole of the second: every axis is one of each, the two made one."""
    a, b = array(a), array(b)
    axes = max(np.ndim(a), np.ndim(b))
    left = (1,) * (axes - np.ndim(a)) + np.shape(a)
    right = (1,) * (axes - np.ndim(b)) + np.shape(b)
    rows = np.reshape(a, [length for n in left for length in (n, 1)])
    columns = np.reshape(b, [length for n in right for length in (1, n)])
    return np.reshape(rows * columns, [n * m for n, m in zip(left, right, strict=True)])


@implements(np.cross)
def cross(a: Any, b: Any, axisa: int = -1, axisb: int = -1, axisc: int = -1, axis: int | None = None) -> Any:
    """The vector product in three dimensions."""
    axisa, axisb, axisc = (axisa, axisb, axisc) if axis is None else (axis, axis, axis)
    a, b = np.moveaxis(array(a), axisa, -1), np.moveaxis(array(b), axisb, -1)
    if np.shape(a)[-1] != 3 or np.shape(b)[-1] != 3:
        raise errors.bad_argument(
            "np.cross(a, b)", "vectors of three elements", f"{np.shape(a)[-1]} and {np.shape(b)[-1]}",
            "a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0] for vectors of two",
        )  # fmt: skip
    forth, back = [1, 2, 0], [2, 0, 1]
    return np.moveaxis(a[..., forth] * b[..., back] - a[..., back] * b[..., forth], -1, axisc)
