"""PyTorch as an oracle: the same program on both, first and second derivatives, also at the kinks."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import TABLE, Tensor
from autograd.graph import pullback

torch = pytest.importorskip("torch")

rng = np.random.default_rng(11)
UNIT = (-0.9, 0.9)
REAL = (-2.0, 2.0)
POSITIVE = (0.3, 3.0)
ABOVE_ONE = (1.2, 3.0)


def draw(domain: tuple[float, float], *shape: int) -> Any:
    """Random numbers of the domain."""
    return np.asarray(rng.uniform(*domain, shape))


def compare(ours: Callable[..., Any], theirs: Callable[..., Any], arrays: list[Any], order: int = 2) -> None:
    """Value, gradient and the gradient's gradient agree; both are weighted to scalars with the same numbers."""
    xs = [Tensor(a) for a in arrays]
    ts = [torch.tensor(a, requires_grad=True) for a in arrays]
    y, z = ours(*xs), theirs(*ts)
    np.testing.assert_allclose(y.data, z.detach().numpy(), rtol=1e-10, atol=1e-12)
    w = np.cos(np.arange(y.size)).reshape(y.shape)
    if order == 1:
        first = pullback(y, w, xs)
        theirs_first = torch.autograd.grad((z * torch.tensor(w)).sum(), ts, allow_unused=True)
        agree(xs, first, theirs_first)
        return
    first = pullback(y, Tensor(w, requires_grad=False), xs, record=True)
    theirs_first = torch.autograd.grad((z * torch.tensor(w)).sum(), ts, create_graph=True, allow_unused=True)
    agree(xs, first, theirs_first)
    v = [np.sin(1 + np.arange(x.size)).reshape(x.shape) for x in xs]
    total = sum((first[x] * c).sum() for x, c in zip(xs, v, strict=True))
    theirs_total = sum((g * torch.tensor(c)).sum() for g, c in zip(theirs_first, v, strict=True))
    if theirs_total.requires_grad:
        agree(xs, pullback(total, np.ones(()), xs), torch.autograd.grad(theirs_total, ts, allow_unused=True))


def agree(xs: list[Any], ours: Any, theirs: Any) -> None:
    """The gradients of all inputs are PyTorch's; what it leaves out is 0."""
    for x, t in zip(xs, theirs, strict=True):
        expected = np.zeros(x.shape) if t is None else t.detach().numpy(force=True)
        found = ours.get(x, np.zeros(x.shape))
        np.testing.assert_allclose(getattr(found, "data", found), expected, rtol=1e-8, atol=1e-10)


# Rows of the table, one argument.

UNARY: dict[str, tuple[Any, tuple[float, float]]] = {
    "negative": (torch.negative, REAL),
    "positive": (torch.positive, REAL),
    "square": (torch.square, REAL),
    "sqrt": (torch.sqrt, POSITIVE),
    "reciprocal": (torch.reciprocal, POSITIVE),
    "absolute": (torch.abs, REAL),
    "exp": (torch.exp, REAL),
    "exp2": (torch.exp2, REAL),
    "expm1": (torch.expm1, REAL),
    "log": (torch.log, POSITIVE),
    "log2": (torch.log2, POSITIVE),
    "log10": (torch.log10, POSITIVE),
    "log1p": (torch.log1p, UNIT),
    "sin": (torch.sin, REAL),
    "cos": (torch.cos, REAL),
    "tan": (torch.tan, UNIT),
    "arcsin": (torch.asin, UNIT),
    "arccos": (torch.acos, UNIT),
    "arctan": (torch.atan, REAL),
    "sinh": (torch.sinh, REAL),
    "cosh": (torch.cosh, REAL),
    "tanh": (torch.tanh, REAL),
    "arcsinh": (torch.asinh, REAL),
    "arccosh": (torch.acosh, ABOVE_ONE),
    "arctanh": (torch.atanh, UNIT),
    "relu": (torch.relu, REAL),
    "sigmoid": (torch.sigmoid, REAL),
    "sign": (torch.sign, REAL),
    "floor": (torch.floor, REAL),
    "ceil": (torch.ceil, REAL),
    "trunc": (torch.trunc, REAL),
    "rint": (torch.round, REAL),
    "round": (torch.round, REAL),
    "sinc": (torch.sinc, REAL),
    "i0": (torch.special.i0, REAL),
    "fraction": (torch.frac, REAL),
}


@pytest.mark.parametrize("name", UNARY)
@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (0,)])
def test_functions_of_one_argument(name: str, shape: Any) -> None:
    theirs, domain = UNARY[name]
    compare(TABLE[name], theirs, [draw(domain, *shape)])


BINARY: dict[str, tuple[Any, tuple[float, float]]] = {
    "add": (torch.add, REAL),
    "subtract": (torch.subtract, REAL),
    "multiply": (torch.multiply, REAL),
    "divide": (torch.divide, POSITIVE),
    "power": (torch.pow, POSITIVE),
    "arctan2": (torch.atan2, REAL),
    "hypot": (torch.hypot, REAL),
    "logaddexp": (torch.logaddexp, REAL),
    "logaddexp2": (torch.logaddexp2, REAL),
    "copysign": (torch.copysign, REAL),
    "fmod": (torch.fmod, POSITIVE),
    "maximum": (torch.maximum, REAL),
    "minimum": (torch.minimum, REAL),
    "remainder": (torch.remainder, POSITIVE),
    "floor_divide": (lambda a, b: torch.div(a, b, rounding_mode="floor"), POSITIVE),
}


@pytest.mark.parametrize("name", BINARY)
@pytest.mark.parametrize(("a", "b"), [((), ()), ((2, 3), (3,)), ((2, 1), (1, 3)), ((4, 1, 2), (3, 1)), ((1,), ())])
def test_functions_of_two_arguments(name: str, a: Any, b: Any) -> None:
    theirs, domain = BINARY[name]
    compare(TABLE[name], theirs, [draw(domain, *a), draw(domain, *b)])


# Reductions.

AXES: list[tuple[Any, bool]] = [(None, False), (0, False), (1, True), (-1, False), ((0, 2), False), ((-1, 1), True)]


def reduced(function: Any) -> Any:
    """A reduction of PyTorch that takes NumPy's arguments."""

    def call(t: Any, axis: Any, keepdims: bool) -> Any:
        return function(t, tuple(range(t.ndim)) if axis is None else axis, keepdim=keepdims)

    return call


REDUCTIONS = {
    "sum": reduced(torch.sum),
    "mean": reduced(torch.mean),
    "max": reduced(torch.amax),
    "min": reduced(torch.amin),
    "var": reduced(lambda t, axis, keepdim: torch.var(t, axis, correction=0, keepdim=keepdim)),
    "std": reduced(lambda t, axis, keepdim: torch.std(t, axis, correction=0, keepdim=keepdim)),
    "logsumexp": reduced(torch.logsumexp),
}


@pytest.mark.parametrize("name", REDUCTIONS)
@pytest.mark.parametrize(("axis", "keepdims"), AXES)
def test_reductions(name: str, axis: Any, keepdims: bool) -> None:
    compare(
        lambda x: TABLE[name](x, axis=axis, keepdims=keepdims),
        lambda t: REDUCTIONS[name](t, axis, keepdims),
        [draw(REAL, 2, 3, 4)],
    )


@pytest.mark.parametrize("ddof", [1, 2])
def test_corrected_variance(ddof: int) -> None:
    compare(lambda x: x.var(axis=1, ddof=ddof), lambda t: t.var(1, correction=ddof), [draw(REAL, 2, 5)])
    compare(lambda x: x.std(axis=1, ddof=ddof), lambda t: t.std(1, correction=ddof), [draw(REAL, 2, 5)])


@pytest.mark.parametrize("zeros", [0, 1, 2, 3])
def test_product(zeros: int) -> None:
    x = draw(POSITIVE, 5)
    x[:zeros] = 0.0
    compare(np.prod, torch.prod, [x])
    compare(lambda x: np.prod(x, axis=1), lambda t: torch.prod(t, 1), [np.stack([x, draw(POSITIVE, 5)])])


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_running_sum(axis: int) -> None:
    compare(lambda x: np.cumsum(x, axis=axis), lambda t: torch.cumsum(t, axis), [draw(REAL, 2, 3)])


@pytest.mark.parametrize("axis", [0, 1, -1])
@pytest.mark.parametrize("zeros", [0, 1, 3])
def test_running_product(axis: int, zeros: int) -> None:
    x = draw(POSITIVE, 3, 4)
    x.ravel()[:zeros] = 0.0
    order = 2 if zeros == 0 else 1  # PyTorch's second derivative divides by the zeros
    compare(lambda x: np.cumprod(x, axis=axis), lambda t: torch.cumprod(t, axis), [x], order)


# In order.


@pytest.mark.parametrize("axis", [0, 1, -1])
def test_sort(axis: int) -> None:
    x = np.round(draw(REAL, 5, 6))  # with ties
    compare(lambda x: np.sort(x, axis=axis) ** 3, lambda t: torch.sort(t, dim=axis, stable=True).values ** 3, [x + 0.0])


@pytest.mark.parametrize("method", ["linear", "lower", "higher", "midpoint", "nearest"])
@pytest.mark.parametrize("q", [0.0, 0.3, 0.77, 1.0])
def test_quantile(method: str, q: float) -> None:
    def ours(x: Any) -> Any:
        return np.quantile(x, q, axis=1, method=method) ** 2  # type: ignore[call-overload]  # any of the 13 names of a method

    compare(ours, lambda t: torch.quantile(t, q, dim=1, interpolation=method) ** 2, [draw(REAL, 3, 6)])


@pytest.mark.parametrize("function", ["nansum", "nanmean", "nanmedian"])
def test_without_nan(function: str) -> None:
    x = draw(REAL, 5)
    x[1:3] = np.nan
    compare(lambda x: getattr(np, function)(x) ** 2, lambda t: getattr(torch, function)(t) ** 2, [x])


def test_statistics() -> None:
    x, w = draw(REAL, 3, 6), draw(POSITIVE, 6)
    compare(np.cov, torch.cov, [x])
    compare(lambda x, w: np.cov(x, aweights=w), lambda t, w: torch.cov(t, aweights=w), [x, w])
    compare(np.corrcoef, torch.corrcoef, [x])


@pytest.mark.parametrize(("n", "m"), [(5, 3), (4, 4), (3, 1)])
def test_convolution(n: int, m: int) -> None:
    """PyTorch's convolution is a correlation."""

    def theirs(a: Any, v: Any, padding: int) -> Any:
        return torch.nn.functional.conv1d(a[None, None], v.flip(0)[None, None], padding=padding)[0, 0]

    arrays = [draw(REAL, n), draw(REAL, m)]
    compare(np.convolve, lambda a, v: theirs(a, v, m - 1), arrays)
    compare(lambda a, v: np.convolve(a, v, "valid"), lambda a, v: theirs(a, v, 0), arrays)


BORDERS = {"edge": "replicate", "reflect": "reflect", "wrap": "circular"}


@pytest.mark.parametrize("mode", BORDERS)
def test_pad_with_elements(mode: Any) -> None:
    def theirs(t: Any) -> Any:
        return torch.nn.functional.pad(t[None], (1, 2), mode=BORDERS[mode])[0] ** 3

    compare(lambda x: np.pad(x, ((0, 0), (1, 2)), mode) ** 3, theirs, [draw(REAL, 2, 4)])


def test_calculus() -> None:
    y, x = draw(REAL, 3, 5), np.cumsum(draw(POSITIVE, 5))
    compare(np.trapezoid, torch.trapezoid, [y, x])
    compare(lambda y: np.diff(y, 2, axis=0), lambda t: torch.diff(t, 2, dim=0), [y])
    compare(lambda y: np.gradient(y, x, axis=1), lambda t: torch.gradient(t, spacing=(torch.tensor(x),), dim=1)[0], [y])
    compare(lambda a, b: np.cross(a, b), lambda a, b: torch.linalg.cross(a, b), [draw(REAL, 2, 3), draw(REAL, 2, 3)])
    compare(np.kron, torch.kron, [draw(REAL, 2, 3), draw(REAL, 2)])


# Products.

PRODUCTS = [
    ((2, 3), (3, 4)),
    ((3,), (3,)),
    ((3,), (3, 2)),
    ((2, 3), (3,)),
    ((5, 2, 3), (3, 2)),
    ((4, 1, 2, 3), (5, 3, 2)),
]


@pytest.mark.parametrize(("a", "b"), [*PRODUCTS, ((3,), (2, 3, 4)), ((2, 4, 3), (3,))])
def test_matmul(a: Any, b: Any) -> None:
    compare(np.matmul, torch.matmul, [draw(REAL, *a), draw(REAL, *b)])


@pytest.mark.parametrize("axes", [0, 1, ((1, 0), (0, 1)), ((-1,), (0,))])
def test_tensordot(axes: Any) -> None:
    a, b = draw(REAL, 2, 3), draw(REAL, 3, 2)
    compare(lambda a, b: np.tensordot(a, b, axes), lambda a, b: torch.tensordot(a, b, dims=axes), [a, b])


@pytest.mark.parametrize(
    ("subscripts", "shapes"),
    [
        ("ij,jk->ik", [(2, 3), (3, 4)]),
        ("bij,bjk->bik", [(2, 3, 4), (2, 4, 2)]),
        ("ii->i", [(3, 3)]),
        ("ii->", [(3, 3)]),
        ("i,j,k->kij", [(2,), (3,), (2,)]),
        ("ij,ij,j->", [(2, 3), (2, 3), (3,)]),
        ("...ij,...jk->...ik", [(2, 3, 4), (4, 2)]),
        ("bhid,bhjd->bhij", [(2, 2, 3, 4), (2, 2, 3, 4)]),
    ],
)
def test_einsum(subscripts: str, shapes: Any) -> None:
    arrays = [draw(REAL, *shape) for shape in shapes]
    compare(lambda *xs: np.einsum(subscripts, *xs), lambda *ts: torch.einsum(subscripts, *ts), arrays)


def test_outer() -> None:
    compare(np.outer, torch.outer, [draw(REAL, 2), draw(REAL, 3)])


# Shapes and places.

MOVES: dict[str, tuple[Any, Any]] = {
    "reshape": (lambda x: x.reshape(4, -1), lambda t: t.reshape(4, -1)),
    "transpose": (lambda x: np.transpose(x, (2, 0, 1)), lambda t: t.permute(2, 0, 1)),
    "swapaxes": (lambda x: np.swapaxes(x, 0, -1), lambda t: t.swapaxes(0, -1)),
    "moveaxis": (lambda x: np.moveaxis(x, 0, 1), lambda t: t.moveaxis(0, 1)),
    "expand_dims": (lambda x: np.expand_dims(x, 1), lambda t: t.unsqueeze(1)),
    "squeeze": (lambda x: x[:, :1].squeeze(1), lambda t: t[:, :1].squeeze(1)),
    "broadcast_to": (lambda x: np.broadcast_to(x, (2, 2, 3, 4)), lambda t: t.expand(2, 2, 3, 4)),
    "concatenate": (lambda x: np.concatenate([x, x * x], axis=1), lambda t: torch.cat([t, t * t], 1)),
    "stack": (lambda x: np.stack([x, x * x], axis=-1), lambda t: torch.stack([t, t * t], -1)),
    "tile": (lambda x: np.tile(x, (2, 1, 3)), lambda t: t.tile(2, 1, 3)),
    "repeat": (lambda x: np.repeat(x, [1, 0, 2], axis=1), lambda t: t.repeat_interleave(torch.tensor([1, 0, 2]), 1)),
    "flip": (lambda x: np.flip(x, (0, 2)), lambda t: t.flip(0, 2)),
    "roll": (lambda x: np.roll(x, (1, -2), (0, 2)), lambda t: t.roll((1, -2), (0, 2))),
    "pad": (
        lambda x: np.pad(x, ((0, 0), (1, 2), (0, 1)), constant_values=3.0),
        lambda t: torch.nn.functional.pad(t, (0, 1, 1, 2), value=3.0),
    ),
    "tril": (lambda x: np.tril(x, 1), lambda t: t.tril(1)),
    "triu": (lambda x: np.triu(x, -1), lambda t: t.triu(-1)),
    "split": (lambda x: np.split(x, 3, axis=1)[1], lambda t: t.split(1, 1)[1]),
    "diagonal": (lambda x: np.diagonal(x, 1, 1, 2), lambda t: t.diagonal(1, 1, 2)),
    "take": (lambda x: np.take(x, [0, 0, 3], axis=-1), lambda t: t.index_select(-1, torch.tensor([0, 0, 3]))),
    "slice": (lambda x: x[:, 1:, ::2], lambda t: t[:, 1:, ::2]),
    "one element": (lambda x: x[1, 2, 3], lambda t: t[1, 2, 3]),
    "places": (lambda x: x[[0, 1, 0], :, [1, 1, 1]], lambda t: t[[0, 1, 0], :, [1, 1, 1]]),
    "mask": (lambda x: x[x.data > 0], lambda t: t[t > 0]),
    "where": (lambda x: np.where(x > 0, x, 0.1 * x), lambda t: torch.where(t > 0, t, 0.1 * t)),
}


@pytest.mark.parametrize("name", MOVES)
def test_moves(name: str) -> None:
    ours, theirs = MOVES[name]
    compare(lambda x: ours(x) ** 3, lambda t: theirs(t) ** 3, [draw(REAL, 2, 3, 4)])


# Kinks and singular points: first derivatives, exactly where they jump.

KINKS: dict[str, tuple[Any, Any, list[Any]]] = {
    "copysign at 0": (np.copysign, torch.copysign, [[0.0, 1.0, -1.0], [1.0, 2.0, 3.0]]),
    "sinc at 0": (np.sinc, torch.sinc, [[0.0, 1.0]]),
    "nan_to_num": (np.nan_to_num, torch.nan_to_num, [[np.nan, np.inf, -np.inf, 1.0]]),
    "abs at 0": (abs, torch.abs, [[0.0, -0.0, 1.0, -1.0]]),
    "relu at 0": (autograd.relu, torch.relu, [[0.0, 1.0, -1.0]]),
    "sign at 0": (np.sign, torch.sign, [[0.0]]),
    "maximum of equals": (np.maximum, torch.maximum, [[1.0, 2.0, 3.0], [1.0, 3.0, 2.0]]),
    "minimum of equals": (np.minimum, torch.minimum, [[1.0, 2.0, 3.0], [1.0, 3.0, 2.0]]),
    "max with ties": (np.max, torch.amax, [[3.0, 1.0, 3.0, 3.0]]),
    "min with ties": (lambda x: x.min(axis=1), lambda t: torch.amin(t, 1), [[[1.0, 1.0], [2.0, 1.0]]]),
    "clip at its ends": (lambda x: np.clip(x, -1, 1), lambda t: torch.clip(t, -1, 1), [[-2.0, -1.0, 0.0, 1.0, 2.0]]),
    "clip at an end that is a tensor": (
        np.clip, torch.clip, [[-2.0, -1.0, 0.0, 1.0, 2.0], [-1.0] * 5, [1.0] * 5],
    ),
    "clip where the ends are crossed": (np.clip, torch.clip, [[0.5, 1.0, 1.5, 2.0, 2.5], [2.0] * 5, [1.0] * 5]),
    "std of a constant": (np.std, lambda t: t.std(correction=0), [[2.0, 2.0, 2.0]]),
    "hypot at 0": (lambda a, b: np.hypot(a, b), lambda a, b: torch.hypot(a, b), [[3.0], [0.0]]),
    "root at 0": (np.sqrt, torch.sqrt, [[0.0, 4.0]]),
    "zero to a power": (lambda x: x**2, lambda t: t**2, [[0.0, -1.0]]),
    "zero to the power 1": (lambda x: x**1.0, lambda t: t**1.0, [[0.0, -1.0]]),
    "zero to the power 0": (lambda x: x**0.0, lambda t: t**0.0, [[0.0, -1.0]]),
    "exponent of zero": (np.power, torch.pow, [[0.0, 0.0], [2.0, 0.0]]),
    "product with one zero": (np.prod, torch.prod, [[0.0, 2.0, 3.0]]),
    "product with two zeros": (np.prod, torch.prod, [[0.0, 2.0, 0.0]]),
    "logsumexp of large numbers": (autograd.logsumexp, lambda t: torch.logsumexp(t, 0), [[1000.0, 1001.0, -1000.0]]),
    "logsumexp with -inf": (autograd.logsumexp, lambda t: torch.logsumexp(t, 0), [[-np.inf, 1.0, 2.0]]),
    "sigmoid far out": (autograd.sigmoid, torch.sigmoid, [[-1000.0, -40.0, 40.0, 1000.0]]),
    "tanh far out": (np.tanh, torch.tanh, [[-1000.0, 1000.0]]),
}  # fmt: skip


@pytest.mark.parametrize("name", KINKS)
def test_kinks(name: str) -> None:
    ours, theirs, arrays = KINKS[name]
    compare(ours, theirs, [np.array(a) for a in arrays], order=1)


# Networks.


@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid"])
@pytest.mark.parametrize("sizes", [(3, 4, 2), (5, 8, 8, 3)])
def test_random_network(activation: str, sizes: tuple[int, ...]) -> None:
    x = draw(REAL, 6, sizes[0])
    target = rng.integers(sizes[-1], size=6)
    weights = [draw(UNIT, m, n) for m, n in pairwise(sizes)]
    biases = [draw(UNIT, n) for n in sizes[1:]]

    def ours(*parameters: Any) -> Any:
        h: Any = x
        for i, (w, b) in enumerate(zip(parameters[: len(weights)], parameters[len(weights) :], strict=True)):
            h = h @ w + b
            if i < len(weights) - 1:
                h = TABLE[activation](h)
        return (autograd.logsumexp(h, axis=1) - h[np.arange(6), target]).mean()

    def theirs(*parameters: Any) -> Any:
        h = torch.tensor(x)
        for i, (w, b) in enumerate(zip(parameters[: len(weights)], parameters[len(weights) :], strict=True)):
            h = h @ w + b
            if i < len(weights) - 1:
                h = getattr(torch, activation)(h)
        return torch.nn.functional.cross_entropy(h, torch.tensor(target))

    compare(ours, theirs, [*weights, *biases])


# Linear algebra. Libraries choose the signs of vectors, so what does not depend on them is compared.


def sign_free(u: Any) -> Any:
    return u[..., :, None, :] * u[..., None, :, :]


def symmetric(a: Any) -> Any:
    return (a + a.mT) / 2


L = torch.linalg
MATRIX = np.eye(3) * [1.0, 2.0, 3.0] + np.cos(np.arange(9.0)).reshape(3, 3) / 4
TALL, WIDE = np.vstack([MATRIX, [[0.3, -0.2, 0.1]]]), MATRIX[:2]
LINALG: dict[str, tuple[Callable[..., Any], Callable[..., Any], list[Any]]] = {
    "inv": (TABLE["inv"], L.inv, [MATRIX]),
    "solve": (TABLE["solve"], L.solve, [MATRIX, TALL.T]),
    "det": (TABLE["det"], L.det, [np.stack([MATRIX, -MATRIX])]),
    "logabsdet": (TABLE["logabsdet"], lambda a: L.slogdet(a)[1], [MATRIX]),
    "cholesky": (TABLE["cholesky"], lambda a: L.cholesky(symmetric(a)), [MATRIX @ MATRIX.T]),
    "eigh_values": (TABLE["eigh_values"], lambda a: L.eigvalsh(symmetric(a)), [MATRIX @ MATRIX.T]),
    "eigh_vectors": (
        lambda a: sign_free(TABLE["eigh_vectors"](a)),
        lambda a: sign_free(L.eigh(symmetric(a))[1]), [MATRIX @ MATRIX.T],
    ),
    "svd_u": (
        lambda a: sign_free(TABLE["svd_u"](a)), lambda a: sign_free(L.svd(a, full_matrices=False)[0]), [TALL],
    ),
    "svd_s": (TABLE["svd_s"], L.svdvals, [WIDE]),
    "svd_vh": (
        lambda a: sign_free(TABLE["svd_vh"](a).mT), lambda a: sign_free(L.svd(a, full_matrices=False)[2].mT), [TALL],
    ),
    "qr_q": (lambda a: sign_free(TABLE["qr_q"](a)), lambda a: sign_free(L.qr(a)[0]), [TALL]),
    "qr_r": (lambda a: sign_free(TABLE["qr_r"](a).mT), lambda a: sign_free(L.qr(a)[1].mT), [TALL]),
    "pinv": (TABLE["pinv"], L.pinv, [TALL]),
}  # fmt: skip


@pytest.mark.parametrize("name", LINALG)
def test_linear_algebra(name: str) -> None:
    compare(*LINALG[name])


def test_backward_leaves_the_same_gradients() -> None:
    a, b = draw(REAL, 3), draw(POSITIVE, 2, 1)
    x, y, t, u = Tensor(a), Tensor(b), torch.tensor(a, requires_grad=True), torch.tensor(b, requires_grad=True)
    for _ in range(2):
        ((x * y).sum() ** 2 + np.log(y).sum()).backward()
        ((t * u).sum() ** 2 + torch.log(u).sum()).backward()
    np.testing.assert_allclose(x.grad, t.grad.numpy())
    np.testing.assert_allclose(y.grad, u.grad.numpy())


def test_float32_agrees_to_its_precision() -> None:
    a = draw(REAL, 4, 3).astype(np.float32)
    x, t = Tensor(a), torch.tensor(a, requires_grad=True)
    (np.tanh(x @ x.T).mean() * 2).backward()
    (torch.tanh(t @ t.T).mean() * 2).backward()
    assert x.grad.dtype == np.float32
    np.testing.assert_allclose(x.grad, t.grad.numpy(), rtol=1e-4, atol=1e-6)


# Which rows PyTorch has judged.

ALONE = {
    "astype": "a change of precision",
    "cbrt": "PyTorch has none",
    "getitem": "compared above as slice, one element, places and mask",
    "log_of_base": "a piece of the power rule",
    "scatter": "the derivative of getitem, compared in its second derivative",
    "prod": "compared above with zeros",
    "cumsum": "compared above along axes",
    "clip": "compared above at its ends",
    "heaviside": "PyTorch's has no derivative",
    "i0_slope": "the derivative of i0, compared in its second derivative",
    "ldexp": "a product with a power of 2, which PyTorch computes by multiplying",
    "recurrence": "a piece of the running product, compared in its derivative",
    "sinc_slope": "the derivative of sinc, compared in its second derivative",
    "setitem": "compared in random programs, in test_assignment_torch.py",
}  # fmt: skip
JUDGED = {
    *UNARY,
    *BINARY,
    *REDUCTIONS,
    *MOVES,
    *ALONE,
    *LINALG,
    "matmul",
    "tensordot",
    "einsum",
    "outer",
    "cumprod",
    "sort",
    "convolve",
}


def test_no_row_of_the_engine_escapes() -> None:
    engine = {name for name, op in TABLE.items() if home(op).startswith("autograd.rules")}
    assert engine - JUDGED == set()


def home(op: Any) -> str:
    """The module in which a row's rules are written; ``each`` holds one rule for all arguments."""
    rules = [op.rules.rule] if hasattr(op.rules, "rule") else op.rules
    return str(next(filter(None, rules)).__module__)
