# ruff: noqa: E501 -- a case is read across, like a line of a table
"""``numpy.linalg`` on Tensors: values as NumPy's, first and second derivatives against differences."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import Tensor, check_grads, errors, grad

from .samples import complex_too, definite, matrix, steady, turning

rng = np.random.default_rng(12)


def sign_free(u: Any) -> Any:
    """What does not depend on the signs, or angles, that a library chooses for vectors."""
    return u[..., :, None, :] * np.conj(u)[..., None, :, :]


def in_the_plane(a: Any) -> Any:
    """A complex matrix, Hermitian if ``a`` is symmetric."""
    turn = complex_too(a).imag * 0.7
    if a.ndim > 1 and a.shape[-1] == a.shape[-2] and np.allclose(a, np.swapaxes(a, -1, -2)):
        turn = (turn - np.swapaxes(turn, -1, -2)) / 2
    return a + 1j * turn


Case = tuple[str, Callable[..., Any], tuple[Any, ...]]
L = np.linalg
CASES: list[Case] = [
    ("inv", L.inv, (matrix(3, 3),)),
    ("inv of a stack", L.inv, (matrix(2, 3, 3),)),
    ("solve a vector", L.solve, (matrix(3, 3), rng.normal(size=3))),
    ("solve a matrix", L.solve, (matrix(3, 3), rng.normal(size=(3, 2)))),
    ("solve stacks that broadcast", L.solve, (matrix(2, 1, 3, 3), rng.normal(size=(4, 3, 2)))),
    ("det", L.det, (matrix(3, 3),)),
    ("det of a stack", L.det, (matrix(2, 2, 2),)),
    ("slogdet", lambda a: L.slogdet(a).logabsdet, (matrix(2, 3, 3),)),
    ("cholesky", L.cholesky, (definite(3, 3),)),
    ("cholesky of a stack, upper", lambda a: L.cholesky(a, upper=True), (definite(2, 3, 3),)),
    ("eigvalsh", L.eigvalsh, (definite(3, 3),)),
    ("eigh values", lambda a: L.eigh(a)[0], (definite(2, 3, 3),)),
    ("eigh vectors", lambda a: sign_free(L.eigh(a).eigenvectors), (definite(3, 3),)),
    ("svd values", lambda a: L.svd(a, compute_uv=False), (matrix(2, 4, 3),)),
    ("svdvals", L.svdvals, (matrix(3, 4),)),
    ("svd left, tall", lambda a: sign_free(L.svd(a, full_matrices=False).U), (matrix(4, 3),)),
    ("svd left, wide", lambda a: sign_free(L.svd(a, full_matrices=False).U), (matrix(3, 4),)),
    ("svd right, tall", lambda a: sign_free(np.swapaxes(L.svd(a, full_matrices=False).Vh, -1, -2)), (matrix(4, 3),)),
    ("svd right, wide", lambda a: sign_free(np.swapaxes(L.svd(a, full_matrices=False).Vh, -1, -2)), (matrix(3, 4),)),
    ("svd put together", lambda a: (lambda u, s, vh: (u * s**2) @ vh)(*L.svd(a, full_matrices=False)), (matrix(3, 3),)),
    ("qr: q", lambda a: L.qr(a).Q, (matrix(4, 3),)),
    ("qr: r", lambda a: L.qr(a).R, (matrix(4, 3),)),
    ("qr: only r", lambda a: L.qr(a, mode="r"), (matrix(2, 3, 3),)),
    ("pinv, tall", L.pinv, (matrix(4, 3),)),
    ("pinv, wide", L.pinv, (matrix(2, 3, 4),)),
    ("lstsq", lambda a, b: L.lstsq(a, b)[0], (matrix(4, 3), rng.normal(size=4))),
    ("lstsq distances", lambda a, b: L.lstsq(a, b)[1], (matrix(5, 3), rng.normal(size=(5, 2)))),
    ("matrix_power", lambda a: L.matrix_power(a, 5), (matrix(3, 3) / 3,)),
    ("matrix_power 0", lambda a: L.matrix_power(a, 0), (matrix(3, 3),)),
    ("matrix_power below 0", lambda a: L.matrix_power(a, -2), (matrix(3, 3),)),
    ("tensorsolve", L.tensorsolve, (matrix(6, 6).reshape(2, 3, 6), rng.normal(size=(2, 3)))),
    ("tensorinv", L.tensorinv, (matrix(6, 6).reshape(2, 3, 6),)),
    ("norm", L.norm, (matrix(3, 4),)),
    *((f"norm of a vector, {p}", lambda x, p=p: L.norm(x, p), (rng.normal(size=4),)) for p in (1, 2, 3, -2, np.inf, -np.inf)),
    *((f"norm along an axis, {p}", lambda x, p=p: L.norm(x, p, 1, True), (matrix(3, 4),)) for p in (1, 2, 3.5, np.inf)),
    *((f"norm of a matrix, {p}", lambda x, p=p: L.norm(x, p), (matrix(3, 3),)) for p in ("fro", "nuc", 1, -1, 2, -2, np.inf, -np.inf)),
    *((f"norm of a stack, {p}", lambda x, p=p: L.norm(x, p, (2, 0), True), (rng.normal(size=(3, 2, 4)),)) for p in ("fro", "nuc", 1, 2, -np.inf)),
    ("norm of all axes", lambda x: L.norm(x, keepdims=True), (matrix(2, 3, 3),)),
    ("vector_norm", lambda x: L.vector_norm(x, axis=0, ord=3), (matrix(3, 4),)),
    ("matrix_norm", lambda x: L.matrix_norm(x, ord="nuc", keepdims=True), (matrix(2, 3, 3),)),
    *((f"cond, {p}", lambda a, p=p: L.cond(a, p), (matrix(3, 3),)) for p in (None, -2, 1, "fro")),
    ("matmul", L.matmul, (matrix(2, 3), matrix(3, 2))),
    ("outer", L.outer, (rng.normal(size=2), rng.normal(size=3))),
    ("tensordot", lambda a, b: L.tensordot(a, b, axes=1), (matrix(2, 3), matrix(3, 2))),
    ("vecdot", L.vecdot, (matrix(2, 3), matrix(2, 3))),
    ("matrix_transpose", L.matrix_transpose, (matrix(2, 3, 4),)),
    ("diagonal", lambda a: L.diagonal(a, offset=1), (matrix(2, 3, 3),)),
    ("trace", L.trace, (matrix(2, 3, 3),)),
    ("cross", L.cross, (matrix(2, 3), matrix(2, 3))),
    ("multi_dot", lambda *xs: L.multi_dot(xs), (matrix(2, 3), matrix(3, 4), matrix(4, 2))),
    ("multi_dot with vectors", lambda *xs: L.multi_dot(xs), (rng.normal(size=3), matrix(3, 4), rng.normal(size=4))),
    ("eig values", lambda a: np.sort(L.eig(a)[0]), (matrix(2, 3, 3),)),
    ("eig vectors", lambda a: L.eig(a).eigenvectors, (steady(3, 3),)),
    ("eig values in pairs", lambda a: np.abs(L.eig(a).eigenvalues), (turning(4, 4),)),
    ("eig vectors in pairs", lambda a: np.abs(L.eig(a).eigenvectors), (turning(4, 4),)),
    ("eigvals", lambda a: np.real(L.eigvals(a)), (turning(3, 3),)),
    ("eig put together", lambda a: (lambda w, v: np.real((v * w**2) @ L.inv(v)))(*L.eig(a)), (turning(3, 3),)),
    ("slogdet: sign", lambda a: a[0, 0] * L.slogdet(a).sign, (matrix(3, 3),)),
]  # fmt: skip
CASES += [(f"{name}, complex", f, tuple(map(in_the_plane, arrays))) for name, f, arrays in CASES]


@pytest.fixture(params=CASES, ids=[name for name, _, _ in CASES])
def case(request: pytest.FixtureRequest) -> Case:
    """One call of a function of ``numpy.linalg``."""
    found: Case = request.param
    return found


def test_value_is_numpy_s(case: Case) -> None:
    _, f, arrays = case
    np.testing.assert_allclose(f(*map(Tensor, arrays)).data, f(*arrays), rtol=1e-12, atol=1e-13)


def test_first_and_second_derivative(case: Case) -> None:
    _, f, arrays = case
    check_grads(lambda *xs: np.sin(f(*xs)), *arrays)


def test_single_precision_stays_single(case: Case) -> None:
    _, f, arrays = case
    xs = [Tensor(a.astype(np.complex64 if np.iscomplexobj(a) else np.float32)) for a in arrays]
    y = f(*xs)
    assert y.dtype in (np.float32, np.complex64)
    np.sum(np.real(y)).backward()
    assert all(x.grad.dtype == x.dtype for x in xs if x.grad is not None)


@pytest.mark.parametrize("a", [definite(3, 3), in_the_plane(definite(3, 3))])
def test_gradients_of_cholesky_are_symmetric(a: Any) -> None:
    g = grad(lambda a: np.sum(np.abs(L.cholesky(a)) ** 3))(a)
    np.testing.assert_allclose(g, np.conj(g.T), rtol=1e-12)


@pytest.mark.parametrize("triangle", ["L", "U", "l"])
@pytest.mark.parametrize("a", [matrix(4, 4), matrix(2, 3, 3), in_the_plane(matrix(3, 3))])
def test_eigh_reads_the_triangle_that_numpy_reads(a: Any, triangle: Any) -> None:
    """Also of a matrix that is not symmetric: NumPy's numbers, and their gradient."""
    np.testing.assert_array_equal(L.eigvalsh(Tensor(a), triangle).data, L.eigvalsh(a, triangle))
    for ours, theirs in zip(L.eigh(Tensor(a), triangle), L.eigh(a, triangle), strict=True):
        np.testing.assert_allclose(ours.data, theirs, rtol=1e-13)
    check_grads(lambda a: L.eigvalsh(a, triangle), a)
    check_grads(lambda a: np.abs(L.eigh(a, triangle)[1]), a)
    g = grad(lambda a: np.sum(L.eigvalsh(a, triangle) ** 3))(a)
    assert ((np.tril(g, -1) if triangle == "U" else np.triu(g, 1)) == 0).all()


def test_the_angles_of_vectors_do_not_count() -> None:
    """The gradient of what only an angle changes is 0; that of the pair of them in ``u @ vh`` is right."""
    a = in_the_plane(matrix(3, 3))
    for f in (lambda a: L.svd(a, full_matrices=False).U, lambda a: L.eigh(a).eigenvectors):
        np.testing.assert_allclose(grad(lambda a, f=f: np.sum(np.abs(f(a)) ** 2))(a), np.zeros((3, 3)), atol=1e-12)
    check_grads(lambda a: (lambda u, s, vh: u @ vh)(*L.svd(a, full_matrices=False)), a)


def test_equal_eigenvalues() -> None:
    """Their sum is smooth, although their vectors are not unique."""
    np.testing.assert_allclose(grad(lambda a: np.sum(L.eigvalsh(a) ** 2))(np.eye(3)), 2 * np.eye(3), atol=1e-12)
    assert np.isfinite(grad(lambda a: np.sum(L.eigh(a).eigenvectors))(np.eye(3))).all()


@pytest.mark.parametrize("p", [None, 1, 2, np.inf])
def test_norm_of_zero(p: Any) -> None:
    assert np.isfinite(grad(lambda x: L.norm(x, p))(np.zeros(3))).all()
    assert grad(lambda x: L.norm(x) ** 2)(np.zeros(3)).tolist() == [0.0, 0.0, 0.0]


def test_signs_and_ranks_are_constants() -> None:
    a = Tensor(-np.eye(3))
    assert isinstance(L.slogdet(a).sign, np.float64)
    assert L.matrix_rank(a) == 3


@pytest.mark.parametrize(
    ("call", "cure"),
    [
        (lambda: L.svd(Tensor(matrix(4, 3))), "full_matrices=False"),
        (lambda: L.qr(Tensor(matrix(3, 4))), "as many rows as columns"),
        (lambda: L.qr(Tensor(matrix(3, 3)), mode="raw"), "mode='reduced' or 'r'"),
        (lambda: L.eigh(Tensor(matrix(3, 3)), "X"), "'L' or 'U'"),
        (lambda: L.norm(Tensor(matrix(3, 3)), "foo"), "'fro', 'nuc'"),
        (lambda: L.norm(Tensor(matrix(2, 3, 3)), 1), "one axis for vectors, or two for matrices"),
    ],
)
def test_what_has_no_derivative_says_so(call: Callable[[], Any], cure: str) -> None:
    with pytest.raises(errors.ArgumentError, match=cure):
        call()
