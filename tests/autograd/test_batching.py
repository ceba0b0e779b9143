"""Arrays with hidden axes: NumPy's functions of them are what a loop over the examples gives."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import coverage, errors, vjp, vmap
from autograd.batching import Batch, attempt, batch, levels_of, unbatch
from autograd.numpy.dispatch import CONSTANT, WRITING

rng = np.random.default_rng(3)
X, Y, M = rng.normal(size=(4, 2, 3, 5)), rng.normal(size=(4, 3, 5)), rng.normal(size=(5, 5))
AT, IN = rng.integers(2, size=4), rng.integers(3, size=(4, 2))


def shown(y: Any, size: int = 4) -> Any:
    """The result with the examples along its first axis."""
    return unbatch(y, level=1, size=size)


def hide(x: Any) -> Any:
    """A batch whose examples lie along the first axis."""
    return Batch(x, (1,))


def is_the_loop(f: Callable[..., Any], *arrays: Any) -> None:
    """``f`` of batches is ``f`` of each example."""
    found = f(*map(hide, arrays))
    expected = [f(*(x[i] for x in arrays)) for i in range(len(arrays[0]))]
    if not isinstance(found, tuple):
        found, expected = (found,), [(y,) for y in expected]
    for part, each in zip(found, zip(*expected, strict=True), strict=True):
        assert np.shape(part) == np.shape(each[0])
        np.testing.assert_allclose(shown(part), np.stack(each), rtol=1e-12, atol=1e-12)


INDICES: dict[str, Callable[..., Any]] = {
    "a number": lambda x: x[1],
    "slices": lambda x: x[:, 1:, ::-2],
    "nothing new": lambda x: x[None, ..., 0, None],
    "a list": lambda x: x[[1, 0, 0]],
    "a list behind": lambda x: x[:, [2, 0]],
    "two lists": lambda x: x[:, [2, 0], [1, 1]],
    "two lists apart": lambda x: x[[1, 0], :, [1, 4]],
    "a number and a list apart": lambda x: x[0, :, [[1], [4]]],
    "apart by the rest": lambda x: x[[0], ..., [1]],
    "a mask": lambda x: x[:, np.array([True, False, True])],
    "a mask of two axes": lambda x: x[np.array([[True, False, True], [False, True, True]])],
}


@pytest.mark.parametrize("index", INDICES.values(), ids=INDICES)
def test_the_same_places_in_every_example(index: Callable[..., Any]) -> None:
    is_the_loop(index, X)


OWN: dict[str, Callable[..., Any]] = {
    "a place": lambda x, i, j: x[i],
    "places": lambda x, i, j: x[:, j],
    "a place behind": lambda x, i, j: x[..., i],
    "with a slice": lambda x, i, j: x[i, 1:],
    "with a list": lambda x, i, j: x[:, j, [1, 4]],
    "two": lambda x, i, j: x[i, j],
    "apart": lambda x, i, j: x[j - 1, :, i],
    "apart and new": lambda x, i, j: x[i, None, :, j],
    "apart behind something new": lambda x, i, j: x[None, i, :, j],
    "apart by nothing": lambda x, i, j: x[:, j, ..., i],
    "new": lambda x, i, j: x[None, :, j],
    "a number": lambda x, i, j: x[1, j],
    "with a mask": lambda x, i, j: x[i, np.array([True, False, True]), 0],
    "by take": lambda x, i, j: np.take(x, j, axis=1),
    "by take of all": lambda x, i, j: np.take(x, j),
    "by take of an axis from the end": lambda x, i, j: np.take(x, i, axis=-1),
    "along": lambda x, i, j: np.take_along_axis(x, j[..., None, None] % 2, axis=0),
}


@pytest.mark.parametrize("index", OWN.values(), ids=OWN)
def test_own_places_in_every_example(index: Callable[..., Any]) -> None:
    is_the_loop(index, X, AT, IN)


def test_own_places_in_one_array() -> None:
    one = Batch(X[0], ())
    np.testing.assert_array_equal(shown(one[hide(AT)]), X[0][AT])
    np.testing.assert_array_equal(shown(one[:, hide(IN)]), np.moveaxis(X[0][:, IN], 1, 0))


def written(where: Callable[..., Any], value: Callable[..., Any], add: bool) -> Callable[..., Any]:
    """A function that writes into a copy, or adds to it."""

    def f(x: Any, i: Any, j: Any, v: Any) -> Any:
        y = np.copy(x)
        if add:
            np.add.at(y, where(i, j), value(v))
        else:
            y[where(i, j)] = value(v)
        return y

    return f


@pytest.mark.parametrize("add", [False, True])
@pytest.mark.parametrize(
    ("where", "value"),
    [
        (lambda i, j: 1, lambda v: v),
        (lambda i, j: slice(None), lambda v: v[0]),
        (lambda i, j: (slice(None), 0), lambda v: 2.0),
        (lambda i, j: i, lambda v: v),
        (lambda i, j: i, lambda v: 7.0),
        (lambda i, j: ([1, 0], slice(None), [1, 4]), lambda v: v[:2, :3]),
        (lambda i, j: ([1, 0], slice(None), [1, 4]), lambda v: np.arange(3.0)),
        (lambda i, j: (slice(None), j), lambda v: v[:2]),
        (lambda i, j: (slice(None), [0, 0]), lambda v: v[:2]),
    ],
)
def test_writing(where: Callable[..., Any], value: Callable[..., Any], add: bool) -> None:
    is_the_loop(written(where, value, add), X, AT, IN, Y)


def test_what_differs_is_written_into_what_did_not() -> None:
    y = Batch(np.zeros(3), ())
    y[hide(AT)] = hide(np.arange(4.0))
    expected = np.zeros((4, 3))
    expected[np.arange(4), AT] = np.arange(4.0)
    np.testing.assert_array_equal(shown(y), expected)


PRODUCTS: dict[str, Callable[..., Any]] = {
    "matrices": lambda x, y: x @ np.swapaxes(y, 0, 1),
    "by one matrix": lambda x, y: y @ M,
    "one matrix by": lambda x, y: M @ y.T,
    "stacks by one matrix": lambda x, y: x @ M,
    "by one vector": lambda x, y: y @ M[0],
    "one vector by": lambda x, y: M[0] @ y.T,
    "one matrix by a vector": lambda x, y: M @ y[0],
    "one matrix by a column": lambda x, y: M @ y[0][:, None],
    "vectors": lambda x, y: y[0] @ y[1],
    "a vector by one": lambda x, y: y[0] @ M[0],
    "one by a vector": lambda x, y: M[0] @ y[0],
    "a matrix by a vector": lambda x, y: x @ y[0],
    "a vector by a matrix": lambda x, y: y[0] @ y.T,
    "stacks by a matrix": lambda x, y: x @ y.T,
    "one matrix by stacks": lambda x, y: M[:, :3] @ x,
    "dot": lambda x, y: np.dot(x, y.T),
    "dot of numbers": lambda x, y: np.dot(y[0, 0], y),
    "tensordot": lambda x, y: np.tensordot(x, y, axes=([2, 1], [1, 0])),
    "tensordot by number": lambda x, y: np.tensordot(x, y, axes=2),
    "tensordot with one": lambda x, y: np.tensordot(M, y, axes=(0, -1)),
    "outer": lambda x, y: np.outer(y, M[0]),
    "einsum": lambda x, y: np.einsum("aij,ij->a", x, y),
    "einsum with one": lambda x, y: np.einsum("aij,jk->kai", x, M),
    "einsum with dots": lambda x, y: np.einsum("...j,j->...", x, M[0]),
}


@pytest.mark.parametrize("product", PRODUCTS.values(), ids=PRODUCTS)
def test_products(product: Callable[..., Any]) -> None:
    is_the_loop(product, X, Y)


OTHERS: dict[str, Callable[..., Any]] = {
    "broadcasting": lambda x, y: x[0, 0] * y - np.ones((2, 1, 1)) / y,
    "two results": lambda x, y: np.divmod(x, y),
    "where= and out=": lambda x, y: np.add(x, y, out=np.ones_like(x), where=y > 0),
    "all at once": lambda x, y: np.sum(x),
    "all at once, kept": lambda x, y: np.max(x, keepdims=True),
    "two axes": lambda x, y: np.mean(x, axis=(0, -1)),
    "a mask that differs": lambda x, y: np.sum(x, where=y > 0),
    "np.add.reduce": lambda x, y: np.add.reduce(x) + np.add.reduce(x, axis=None),
    "np.add.accumulate": lambda x, y: np.add.accumulate(x),
    "np.multiply.outer": lambda x, y: np.multiply.outer(y[0], y[1]),
    "reshape": lambda x, y: x.reshape(-1, 2),
    "reshape as Fortran": lambda x, y: np.reshape(x, (6, 5), order="F"),
    "methods": lambda x, y: x.T.swapaxes(0, 1).ravel().clip(-1, 1).round(1).cumsum().astype(np.float32).copy(),
    "transpose": lambda x, y: x.transpose(2, 0, 1).transpose((1, 0, 2)).mT,
    "more shapes": lambda x, y: np.squeeze(np.expand_dims(np.moveaxis(x, 0, -1), (0, 2)), 0),
    "roll by itself": lambda x, y: np.roll(y, np.argmax(y[0])),
    "pad": lambda x, y: np.pad(y, ((1, 0), (0, 2)), constant_values=((1, 2), (3, 4))),
    "tile": lambda x, y: np.tile(y, (2, 1, 3)),
    "concatenate": lambda x, y: np.concatenate([x, np.ones((2, 1, 5)), y[None, :1] * np.ones((2, 1, 1))], axis=1),
    "concatenate all": lambda x, y: np.concatenate([x, y, M], axis=None),
    "stack": lambda x, y: np.stack([y, M[:3]], axis=-1),
    "like": lambda x, y: np.ones_like(x) + np.zeros_like(x, shape=5) + np.full_like(y[0], y[0, 0]),
    "full of what differs": lambda x, y: np.full_like(x, y[0, 0]),
    "where": lambda x, y: np.where(y > 0, x, 0.0),
    "nonzero": lambda x, y: np.nonzero(y > -9)[1],
    "clip by what differs": lambda x, y: np.clip(x, None, y),
    "searchsorted": lambda x, y: np.searchsorted(np.arange(-2.0, 2.0), y),
    "searchsorted in what differs": lambda x, y: np.searchsorted(np.sort(y[0]), 0.0),
    "solve": lambda x, y: np.linalg.solve(M, y[0]) + np.linalg.solve(M + y[0], y.T)[:, 0],
    "svd": lambda x, y: np.linalg.svd(y, full_matrices=False)[1],
    "eigenvalues": lambda x, y: np.linalg.eigvalsh(y @ y.T),
    "fft": lambda x, y: np.abs(np.fft.fft(x, axis=0)) + np.abs(np.fft.fftn(x)) + np.abs(np.fft.fft2(x)),
    "fft of a part": lambda x, y: np.fft.irfftn(np.fft.rfftn(x, axes=(0, 2)), s=(4, 4), axes=(-1, 0)),
    "complex": lambda x, y: np.fft.fft(y).conj().real + np.fft.fft(y).imag,
    "triangles": lambda x, y: np.tril(x) + np.triu(y[0]).sum(),
    "diagonal": lambda x, y: np.diagonal(x, 1, 1, 2),
    "questions": lambda x, y: np.iscomplexobj(x) + np.isrealobj(x) + np.size(x) + np.size(x, 1) + np.ndim(x) + 0 * y,
    "one after the other": lambda x, y: np.convolve(y[0], y[1]),
    "the kinds": lambda x, y: np.zeros(2, np.result_type(y.astype(np.float32), np.float64)) + y[0, :2],
    "in place": lambda x, y: _grown(y),
}


def _grown(y: Any) -> Any:
    z = np.zeros_like(y)
    z += y
    z *= 2
    return z


@pytest.mark.parametrize("f", OTHERS.values(), ids=OTHERS)
def test_functions(f: Callable[..., Any]) -> None:
    is_the_loop(f, X, Y)


def test_several_hidden_axes_meet_in_any_order() -> None:
    x = rng.normal(size=(2, 3, 5))
    a, b = Batch(x, (1, 2)), Batch(np.swapaxes(x, 0, 1), (2, 1))
    together = a * b
    assert (together.levels, together.shape, together.hidden) == ((1, 2), (5,), (2, 3))
    np.testing.assert_array_equal(together.whole, x * x)
    np.testing.assert_array_equal((b + Batch(x[:, 0], (1,))).whole, np.swapaxes(x + x[:, :1], 0, 1))
    outer = Batch(x[0], (2,)) - Batch(x[:, 0], (1,))
    assert outer.levels == (2, 1)
    np.testing.assert_array_equal(outer.whole, x[0][:, None] - x[:, 0])
    np.testing.assert_array_equal(unbatch(outer, level=2).whole, np.swapaxes(outer.whole, 0, 1))
    np.testing.assert_array_equal(np.concatenate([Batch(x[0], (2,)), Batch(x[:, 0], (1,))]).whole[1, 1, 5:], x[1, 0])
    assert attempt(np.convolve, a, b).hidden == (2, 3)


def test_what_one_example_looks_like() -> None:
    x = hide(Y)
    assert (x.shape, x.ndim, x.size, x.dtype, x.itemsize, x.nbytes, len(x)) == ((3, 5), 2, 15, np.float64, 8, 480, 3)
    assert x.base is None
    assert repr(x) == str(x) == "Batch(4 examples of shape (3, 5), dtype=float64)"
    assert [row.shape for row in x] == [(5,)] * 3
    assert copy.copy(x).whole is not x.whole
    assert levels_of([x, 3.0]) == (1,)
    np.testing.assert_array_equal(batch(Y, level=1).whole, Y)
    with pytest.raises(TypeError, match="unsized"):
        len(hide(AT))


@pytest.mark.parametrize("f", [lambda x: np.sum(x, axis=2), lambda x: x[..., 0, 0, 0], lambda x: x.reshape(4, 4)])
def test_the_hidden_axis_is_out_of_reach(f: Callable[..., Any]) -> None:
    with pytest.raises((ValueError, IndexError)):
        f(hide(Y))


NAMES = sorted(
    name
    for name, function in coverage.functions()
    if name.split(".")[-1] not in coverage.NO_DERIVATIVE and function not in CONSTANT | WRITING
    if not name.startswith("scipy.")
    if name != "trim_zeros"  # NumPy 2.0 goes through a list of numbers by itself; of an array: test_mapping.py
)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", NAMES)
def test_every_function_of_numpy(name: str) -> None:
    """The results and gradients under ``vmap`` of all that is differentiated are those of a loop."""
    function = dict(coverage.functions())[name]
    for args, kwargs in coverage.arguments(name):
        if not coverage.is_floating(function, args, kwargs):
            continue
        call, xs = coverage._open(function, args, kwargs)

        def both(*xs: Any, call: Any = call) -> Any:
            y, pull = vjp(call, *xs)
            return y, pull(np.ones_like(y))

        many = [
            np.stack([x * (1 + 0.01 * i * np.cos(np.arange(x.size).reshape(x.shape))) for i in range(3)]) for x in xs
        ]
        try:
            each = [both(*(x[i] for x in many)) for i in range(3)]
        except (errors.ChainruleError, TypeError, ValueError, IndexError, AttributeError):
            continue
        y, gradients = vmap(both)(*many)
        np.testing.assert_allclose(y, [y for y, _ in each], rtol=1e-9, atol=1e-11)
        for k, gradient in enumerate(gradients):
            np.testing.assert_allclose(gradient, np.stack([g[k] for _, g in each]), rtol=1e-8, atol=1e-10)
