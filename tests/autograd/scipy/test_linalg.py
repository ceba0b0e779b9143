"""Equations of several forms and functions of matrices: SciPy's results, differences' gradients."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import Tensor, check_grads, errors, grad, jvp

linalg = pytest.importorskip("autograd.scipy.linalg", reason="SciPy is not installed")
scipy = pytest.importorskip("scipy.linalg")

rng = np.random.default_rng(3)
A = rng.normal(size=(4, 4)) * 0.3 + np.diag([1.0, 2.0, 3.0, 4.0])
S = A @ A.T + np.eye(4)
B = rng.normal(size=(4, 2))
BANDS = np.array([[0.0, 0.3, 0.2, -0.4], [3.0, 4.0, 5.0, 4.5], [0.5, -0.6, 0.2, 0.0]])

CALLS: dict[str, tuple[str, list[Any], dict[str, Any]]] = {
    "triangular": ("solve_triangular", [A, B], {}),
    "lower triangular of a vector": ("solve_triangular", [A, B[:, 0]], {"lower": True}),
    "triangular, transposed": ("solve_triangular", [A, B], {"trans": "T"}),
    "triangular with ones": ("solve_triangular", [A, B[:, 0]], {"unit_diagonal": True, "trans": 1}),
    "sylvester": ("solve_sylvester", [A, S[:2, :2], B], {}),
    "expm": ("expm", [A], {}),
    "expm of a stack": ("expm", [np.stack([A, -A])], {}),
    "sqrtm": ("sqrtm", [S], {}),
    "cholesky": ("cholesky", [S], {}),
    "lower cholesky": ("cholesky", [S], {"lower": True}),
    "block_diag": ("block_diag", [A[:2, :3], B, np.array([1.0, 2.0])], {}),
    "toeplitz": ("toeplitz", [A[0]], {}),
    "toeplitz of column and row": ("toeplitz", [A[0], B[:, 0]], {}),
}


@pytest.mark.parametrize("name", CALLS)
def test_results_are_scipys_and_gradients_those_of_differences(name: str) -> None:
    function, args, options = CALLS[name]
    ours, expected = getattr(linalg, function), getattr(scipy, function)(*args, **options)
    np.testing.assert_allclose(ours(*args, **options), expected, rtol=1e-11, atol=1e-13)
    np.testing.assert_allclose(ours(*map(Tensor, args), **options).data, expected, rtol=1e-11, atol=1e-13)
    if "cholesky" in name:  # the matrix counts as symmetric, which differences of one element do not know
        check_grads(lambda a: ours((a + a.T) / 2, **options), *args, order=2, rtol=1e-4, atol=1e-5)
    else:
        check_grads(lambda *xs: ours(*xs, **options), *args, order=2, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("b", [B, B[:, 0]])
def test_solve_banded(b: Any) -> None:
    np.testing.assert_allclose(linalg.solve_banded((1, 1), BANDS, b), scipy.solve_banded((1, 1), BANDS, b))
    check_grads(lambda ab, b: linalg.solve_banded((1, 1), ab, b), BANDS, b, order=2, rtol=1e-4, atol=1e-5)
    outside = grad(lambda ab: np.sum(linalg.solve_banded((1, 1), ab, b)))(BANDS)
    assert outside[0, 0] == outside[2, -1] == 0  # which are no part of the matrix


@pytest.mark.parametrize("lower", [False, True])
@pytest.mark.parametrize("b", [B, B[:, 0]])
def test_cho_solve(lower: bool, b: Any) -> None:
    def solve(a: Any, b: Any) -> Any:
        return linalg.cho_solve(linalg.cho_factor((a + a.T) / 2, lower=lower), b)

    np.testing.assert_allclose(solve(S, b), np.linalg.solve(S, b))
    check_grads(solve, S, b, order=2, rtol=1e-4, atol=1e-5)


def test_the_other_triangle_has_no_gradient() -> None:
    gradient = grad(lambda a: np.sum(linalg.solve_triangular(a, B, unit_diagonal=True)))(A)
    assert (np.tril(gradient) == 0).all()


def test_exponential_along_a_direction() -> None:
    _, tangent = jvp(linalg.expm, (A,), (S,))
    np.testing.assert_allclose(tangent, scipy.expm_frechet(A, S, compute_expm=False), rtol=1e-10)


def test_square_root_squared() -> None:
    np.testing.assert_allclose(
        grad(lambda a: np.sum(linalg.sqrtm(a) @ linalg.sqrtm(a)))(S), np.ones((4, 4)), rtol=1e-10
    )
    np.testing.assert_allclose(linalg.sqrtm(-np.eye(2)), 1j * np.eye(2), atol=1e-15)


def test_a_square_root_may_be_complex() -> None:
    a = np.array([[1.0, 2.0], [2.0, -1.0]])
    np.testing.assert_allclose(linalg.sqrtm(Tensor(a)).data, scipy.sqrtm(a), rtol=1e-12)
    check_grads(linalg.sqrtm, a, order=2, rtol=1e-4, atol=1e-5)
    assert linalg.sqrtm(Tensor(a.astype(np.float32))).dtype == np.complex64


def test_sylvester_of_real_and_complex_matrices() -> None:
    q = B + 1j * B[::-1]
    x = linalg.solve_sylvester(Tensor(A), S[:2, :2], Tensor(q))
    np.testing.assert_allclose(A @ x.data + x.data @ S[:2, :2], q, rtol=1e-10)
    check_grads(linalg.solve_sylvester, A, S[:2, :2], q, order=2, rtol=1e-4, atol=1e-5)


def test_unknown_transposition() -> None:
    with pytest.raises(errors.ArgumentError, match=r"cure: +solve_triangular|trans='T'"):
        linalg.solve_triangular(A, B, trans="X")


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda: linalg.expm(Tensor(B)), "square matrices"),
        (lambda: linalg.sqrtm(Tensor(B)), "a square matrix"),
        (lambda: linalg.solve_triangular(Tensor(0 * A), B), "without a 0 on its diagonal"),
        (lambda: linalg.solve_triangular(Tensor(A), B[:2]), "as many rows of b"),
        (lambda: linalg.solve_sylvester(Tensor(A), A, B), "shapes (m, m), (n, n) and (m, n)"),
        (lambda: linalg.solve_banded((1, 2), Tensor(BANDS), B), "shape (l + u + 1, n)"),
    ],
)
def test_shapes_that_do_not_fit(call: Any, expected: str) -> None:
    with pytest.raises(errors.ShapeError) as caught:
        call()
    assert expected in str(caught.value).splitlines()[1]
    assert "before" in str(caught.value).splitlines()[-1]


def test_what_is_not_here_is_scipys() -> None:
    assert linalg.hadamard is scipy.hadamard
