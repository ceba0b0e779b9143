"""Every row on Dask's arrays, which are computed later: the witness that rules make no arrays of NumPy by themselves.

What a row and its rules return must be an array of Dask's, too, and hold what they return for NumPy's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from autograd import TABLE, Tensor

from .rows import CASES, SCIPY, is_data, weights
from .samples import SAMPLES, Sample

dask = pytest.importorskip("dask")
da = pytest.importorskip("dask.array")

NO_DASK = {
    **dict.fromkeys(
        ["getitem", "scatter", "take", "repeat"], "Dask has no np.add.at, which adds up what is read twice"
    ),
    **dict.fromkeys(["sort", "convolve", "eigh_values", "eigh_vectors", "pinv", "det", "logabsdet"], "Dask has none"),
    **dict.fromkeys(["inv", "solve", "cholesky"], "Dask's takes no stacks of matrices, or returns the other triangle"),
    **dict.fromkeys(["svd_u", "svd_s", "svd_vh", "qr_q", "qr_r"], "Dask's takes no stacks, or chooses other signs"),
    "setitem": "Dask writes neither through masks of several axes nor through several arrays",
    "nll": "Dask does not index with several arrays",
    **dict.fromkeys(["conv", "conv_transpose", "conv_filters"], "Dask does not split an axis across its pieces"),
    **dict.fromkeys(["det_sign", "eig_values", "eig_vectors"], "Dask has none"),
    **dict.fromkeys(["fft", "ifft", "rfft", "irfft"], "Dask wants the transformed axis in one piece"),
}
"""Rows that Dask's arrays do not go through, and why."""

IN_ONE_PIECE = {"reshape"}
"""Rows for which Dask wants the array in pieces of a certain form."""


@pytest.fixture(autouse=True)
def _in_this_thread() -> Iterator[None]:
    with dask.config.set(scheduler="synchronous"):
        yield


def lazy(x: Any, pieces: int = 2) -> Any:
    """An array of Dask's, in two pieces along every axis."""
    return da.from_array(x, chunks=tuple(-(-n // pieces) for n in np.shape(x))) if is_data(x) else x


def is_for_dask(name: str, sample: Sample) -> bool:
    """Dask has trouble with arrays of nothing, and with these; and I0 is a sum so long that two samples will do."""
    trouble = {
        "tensordot": lambda x, axes=2, **_: np.any(np.array(axes) < 0),
        "cumsum": lambda x, **_: not np.ndim(x),
        "cumprod": lambda x, **_: not np.ndim(x),
        "reshape": lambda x, shape=(), order="C": order == "F" or isinstance(shape, int),
        "i0_slope": lambda x, order=1: np.ndim(x) != 1 or order > 2,
    }
    found: bool = name in trouble and trouble[name](sample.inputs[0], **sample.attrs)
    return all(np.size(x) for x in sample.inputs) and not found


FIT = [case for case in CASES if case.values[0] not in SCIPY and is_for_dask(*case.values)]
"""SciPy's rows are tried on NumPy's arrays only."""


def compare(name: str, sample: Sample) -> None:
    """The result and the gradients, one way and the other."""
    op, pieces = TABLE[name], 1 if name in IN_ONE_PIECE else 2
    y = np.asarray(op.array(*sample.inputs, **sample.attrs))
    inputs = [lazy(x, pieces) for x in sample.inputs]
    same(op.array(*inputs, **sample.attrs), y)
    g = np.asarray(weights(y.shape))
    for i, x in enumerate(sample.inputs):
        if is_data(x) and op.rules[i] is not None:
            expected = op.rules[i](g, y, *sample.inputs, **sample.attrs)
            same(op.rules[i](lazy(g, pieces), lazy(y, pieces), *inputs, **sample.attrs), expected)


def same(found: Any, expected: Any) -> None:
    """An array of Dask's that holds the expected numbers."""
    assert isinstance(found, da.Array)
    np.testing.assert_allclose(found.compute(), expected, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize(("name", "sample"), [case for case in FIT if case.values[0] not in NO_DASK])
def test_row_runs_on_dask(name: str, sample: Sample) -> None:
    compare(name, sample)


@pytest.mark.parametrize("name", sorted(NO_DASK))
def test_rows_that_do_not_are_named_for_a_reason(name: str) -> None:
    with pytest.raises((AssertionError, FutureWarning, IndexError, NotImplementedError, TypeError, ValueError)):
        compare_all(name)


def compare_all(name: str) -> None:
    for sample in SAMPLES[name]:
        compare(name, sample)


def test_a_tensor_holds_dask() -> None:
    x, w = np.arange(6.0).reshape(2, 3), np.linspace(-1.0, 1.0, 3)
    a, b = Tensor(lazy(x)), Tensor(lazy(w))
    np.sum(np.tanh(a @ b) * np.exp(-np.mean(a * a, axis=1))).backward()
    plain, other = Tensor(x), Tensor(w)
    np.sum(np.tanh(plain @ other) * np.exp(-np.mean(plain * plain, axis=1))).backward()
    same(a.grad, plain.grad)
    same(b.grad, other.grad)
