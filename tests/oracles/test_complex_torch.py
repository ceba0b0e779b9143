"""PyTorch as an oracle for complex numbers. Its gradients are the conjugates of ours."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

from autograd import Tensor, jvp
from autograd.graph import pullback

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprecated")  # torch's own jvp calls it

rng = np.random.default_rng(29)


def plane(*shape: int) -> Any:
    """Random complex numbers."""
    return np.asarray(rng.normal(size=shape) + 1j * rng.normal(size=shape))


def hermitian(n: int) -> Any:
    """A Hermitian positive definite matrix with distinct eigenvalues."""
    a = plane(n, n)
    return a @ a.conj().T / n + np.diag(1.0 + np.arange(n))


def symmetric(a: Any) -> Any:
    """The Hermitian part, as our rows take it."""
    return (a + a.mH) / 2


Z, W, S, M, T = plane(2, 3), plane(2, 3), plane(3, 3) + 2 * np.eye(3), hermitian(3), plane(4, 3)
X = rng.normal(size=(2, 3))
F, L, TF, TL = np.fft, np.linalg, torch.fft, torch.linalg

ELEMENTWISE = [
    "exp", "log", "log2", "log10", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", "arcsin", "arccos", "arctan",
    "arcsinh", "arccosh", "arctanh", "square", "reciprocal", "abs", "angle", "real", "imag", "conj", "sign", "log1p",
    "expm1", "sinc",
]  # fmt: skip
THEIR_NAMES = {name: name.replace("arc", "a") for name in ELEMENTWISE} | {"sign": "sgn"}
HALVED = {"rfft": [X], "ihfft": [X]}


def transform(name: str, axis: int = -1, **options: Any) -> Callable[..., Any]:
    """Torch's Fourier transform of that name."""
    return partial(getattr(TF, name), dim=axis, **options)


PAIRS: dict[str, tuple[Callable[..., Any], Callable[..., Any], list[Any]]] = {
    **{name: (getattr(np, name), getattr(torch, THEIR_NAMES.get(name, name)), [Z]) for name in ELEMENTWISE},
    "multiply": (lambda a, b: a * b, lambda a, b: a * b, [Z, W]),
    "divide": (lambda a, b: a / b, lambda a, b: a / b, [Z, W]),
    "power": (lambda a, b: a**b, lambda a, b: a**b, [Z, W]),
    "real times complex": (lambda a, b: a * b, lambda a, b: a * b, [X, W]),
    "real power": (lambda a, b: a**b, lambda a, b: a**b, [np.abs(X), W]),
    "to complex": (lambda x: x.astype(complex), lambda x: x.to(torch.complex128), [X]),
    "matmul": (lambda a, b: a @ b, lambda a, b: a @ b, [Z, S]),
    "vdot": (np.vdot, torch.vdot, [Z[0], W[0]]),
    "vecdot": (np.vecdot, lambda a, b: TL.vecdot(a, b), [Z, W]),
    "sum": (lambda a: np.sum(a, axis=0), lambda a: a.sum(0), [Z]),
    "prod": (lambda a: np.prod(a, axis=1), lambda a: torch.prod(a, 1), [Z]),
    "cumsum": (lambda a: np.cumsum(a, axis=1), lambda a: torch.cumsum(a, 1), [Z]),
    "cumprod": (lambda a: np.cumprod(a, axis=1), lambda a: torch.cumprod(a, 1), [Z]),
    "var": (lambda a: np.var(a, axis=1), lambda a: torch.var(a, 1, correction=0), [Z]),
    "std": (lambda a: np.std(a, axis=1), lambda a: torch.std(a, 1, correction=0), [Z]),
    "where": (lambda a, b: np.where(X > 0, a, b), lambda a, b: torch.where(torch.tensor(X) > 0, a, b), [Z, W]),
    "index": (lambda a: a[[0, 0, 1], 1:], lambda a: a[[0, 0, 1], 1:], [Z]),
    **{
        f"{name}{options}": (partial(getattr(F, name), **options), transform(name, **options), HALVED.get(name, [Z]))
        for name in ("fft", "ifft", "rfft", "irfft", "hfft", "ihfft")
        for options in ({}, {"n": 5}, {"n": 4, "norm": "ortho"}, {"axis": 0, "norm": "forward"})
    },
    "fft of real": (F.fft, TF.fft, [X]),
    "fft2": (F.fft2, TF.fft2, [Z]),
    "irfftn": (F.irfftn, TF.irfftn, [Z]),
    "inv": (L.inv, TL.inv, [S]),
    "solve": (L.solve, TL.solve, [S, plane(3, 2)]),
    "det": (L.det, TL.det, [S]),
    "slogdet": (lambda a: L.slogdet(a)[1] * L.slogdet(a)[0], lambda a: TL.slogdet(a)[1] * TL.slogdet(a)[0], [S]),
    "cholesky": (L.cholesky, lambda a: TL.cholesky(symmetric(a)), [M]),
    "eigvalsh": (lambda a: L.eigvalsh((a + np.conj(a.T)) / 2), lambda a: TL.eigvalsh(symmetric(a)), [M]),
    "eigh vectors": (
        lambda a: np.abs(L.eigh((a + np.conj(a.T)) / 2)[1]),
        lambda a: TL.eigh(symmetric(a))[1].abs(),
        [M],
    ),
    "svdvals": (L.svdvals, TL.svdvals, [T]),
    "svd": (
        lambda a: (lambda u, s, v: u @ v + np.abs(u) @ np.abs(v))(*L.svd(a, full_matrices=False)),
        lambda a: (lambda u, s, v: u @ v + u.abs() @ v.abs())(*TL.svd(a, full_matrices=False)),
        [T],
    ),
    "qr": (lambda a: np.concatenate(L.qr(a)), lambda a: torch.cat(TL.qr(a)), [T]),
    "pinv": (L.pinv, TL.pinv, [T]),
    "eigvals": (lambda a: np.sum(L.eigvals(a) ** 3), lambda a: (TL.eigvals(a) ** 3).sum(), [S]),
    "eig vectors": (lambda a: np.sum(np.abs(L.eig(a)[1]) ** 3), lambda a: (TL.eig(a)[1].abs() ** 3).sum(), [S]),
    "norm": (L.norm, TL.norm, [T]),
    "nuclear norm": (lambda a: L.norm(a, "nuc"), lambda a: TL.norm(a, "nuc"), [T]),
    "matrix_power": (lambda a: L.matrix_power(a, 3), lambda a: TL.matrix_power(a, 3), [S]),
}  # fmt: skip
every_pair = pytest.mark.parametrize(("ours", "theirs", "arrays"), PAIRS.values(), ids=PAIRS)


def weights(y: Any) -> Any:
    """Fixed numbers, complex for a complex result."""
    places = np.arange(np.size(y)).reshape(np.shape(y))
    return np.cos(places) + (1j * np.sin(1 + places) if np.iscomplexobj(y) else 0)


def close(found: Any, expected: Any, conjugated: bool = True) -> None:
    expected = expected.detach().resolve_conj().numpy()
    np.testing.assert_allclose(found, np.conj(expected) if conjugated else expected, rtol=1e-8, atol=1e-10)


@every_pair
def test_first_and_second_order(ours: Any, theirs: Any, arrays: list[Any]) -> None:
    xs, ts = [Tensor(a) for a in arrays], [torch.tensor(a, requires_grad=True) for a in arrays]
    y, z = ours(*xs), theirs(*ts)
    close(y.data, z, conjugated=False)
    w = weights(y)
    first = pullback(y, Tensor(w, requires_grad=False), xs, record=True)
    theirs_first = torch.autograd.grad(z, ts, torch.tensor(np.conj(w)), create_graph=True)
    total, theirs_total = 0.0, 0.0
    for x, g in zip(xs, theirs_first, strict=True):
        close(first[x].data, g)
        v = weights(x)
        total = total + np.sum(np.real(first[x] * v))
        theirs_total = theirs_total + (g.conj() * torch.tensor(v)).real.sum()
    if not theirs_total.requires_grad:
        return
    second = pullback(total, np.ones(()), xs)
    for x, g in zip(xs, torch.autograd.grad(theirs_total, ts, allow_unused=True), strict=True):
        close(second.get(x, np.zeros_like(x.data)), torch.zeros_like(torch.tensor(x.data)) if g is None else g)


@pytest.mark.parametrize("name", sorted(PAIRS.keys() - {"real power"}))  # there torch drops an imaginary part
def test_forward_mode(name: str) -> None:
    """A tangent is no gradient, and the same in both conventions."""
    ours, theirs, arrays = PAIRS[name]
    vs = [weights(a) for a in arrays]
    _, tangent = jvp(ours, tuple(arrays), tuple(vs))
    _, expected = torch.func.jvp(theirs, tuple(map(torch.tensor, arrays)), tuple(map(torch.tensor, vs)))
    close(tangent, expected, conjugated=False)


def test_descent_is_the_same() -> None:
    z, t = Z, torch.tensor(Z, requires_grad=True)
    for _ in range(3):
        x = Tensor(z)
        np.sum(np.abs(x @ S) ** 2).backward()
        z = z - 0.01 * np.conj(x.grad)
        (torch.abs(t @ torch.tensor(S)) ** 2).sum().backward()
        with torch.no_grad():
            t -= 0.01 * t.grad
            t.grad = None
    close(z, t, conjugated=False)
