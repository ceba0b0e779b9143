"""Every row on Dask's arrays, which are computed later: the witness that rules make no arrays of NumPy by themselves.

What a row and its rules return must be an array of Dask's, too, and hold what they return for NumPy's. How far a row
goes is found by trying it: cut along every axis, or with the axes that it works along in one piece, or not at all.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from autograd import TABLE, Tensor, errors
from autograd.rules.elsewhere import is_lazy

from .rows import CASES, SCIPY, is_data, weights
from .samples import SAMPLES, Sample

dask = pytest.importorskip("dask")
da = pytest.importorskip("dask.array")

NOT_ON_DASK = {"eig_values", "eig_vectors"}
"""Rows that Dask's arrays do not go through."""

IN_ONE_PIECE = {
    "cholesky", "convolve", "det", "det_sign", "eigh_values", "eigh_vectors", "fft", "ifft", "inv", "irfft",
    "logabsdet", "nll", "pinv", "qr_q", "qr_r", "reshape", "rfft", "solve", "sort", "svd_s", "svd_u", "svd_vh",
}  # fmt: skip
"""Rows that work along axes that must not be cut; the others take any chunks."""


@pytest.fixture(autouse=True)
def _in_this_thread() -> Iterator[None]:
    with dask.config.set(scheduler="synchronous"):
        yield


def lazy(x: Any, pieces: int = 2) -> Any:
    """An array of Dask's, in so many pieces along every axis."""
    return da.from_array(x, chunks=tuple(-(-n // pieces) for n in np.shape(x))) if is_data(x) else x


def is_for_dask(name: str, sample: Sample) -> bool:
    """Dask has trouble with arrays of nothing; and I0 is a sum so long that two samples will do."""
    long = name == "i0_slope" and (np.ndim(sample.inputs[0]) != 1 or sample.attrs.get("order", 1) > 2)
    return all(np.size(x) for x in sample.inputs) and not long


FIT = [case for case in CASES if case.values[0] not in SCIPY and is_for_dask(*case.values)]
"""SciPy's rows are tried on NumPy's arrays only."""


def compare(name: str, sample: Sample, pieces: int) -> None:
    """The result and the gradients, one way and the other."""
    op = TABLE[name]
    y = np.asarray(op.array(*sample.inputs, **sample.attrs))
    inputs = [lazy(x, pieces) for x in sample.inputs]
    same(op.array(*inputs, **sample.attrs), y)
    g = np.asarray(weights(y))
    for i, x in enumerate(sample.inputs):
        if is_data(x) and op.rules[i] is not None:
            expected = op.rules[i](g, y, *sample.inputs, **sample.attrs)
            same(op.rules[i](lazy(g, pieces), lazy(y, pieces), *inputs, **sample.attrs), expected)


def same(found: Any, expected: Any) -> None:
    """An array of Dask's that holds the expected numbers."""
    assert isinstance(found, da.Array)
    np.testing.assert_allclose(found.compute(), expected, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize(("name", "sample"), [case for case in FIT if case.values[0] not in NOT_ON_DASK])
def test_row_runs_on_dask(name: str, sample: Sample) -> None:
    compare(name, sample, pieces=1 if name in IN_ONE_PIECE else 2)


@pytest.mark.parametrize("name", sorted(NOT_ON_DASK | IN_ONE_PIECE))
def test_what_a_row_cannot_do_with_pieces_is_an_error_that_names_it(name: str) -> None:
    refusals = []
    for sample in (sample for sample in SAMPLES[name] if is_for_dask(name, sample)):
        inputs = [Tensor(lazy(x)) if is_data(x) else x for x in sample.inputs]
        try:
            y = TABLE[name](*inputs, **sample.attrs)
            y.backward(da.ones_like(y.data))
        except errors.NoRuleError as error:
            refusals.append(str(error))
    assert refusals
    for text in refusals:
        assert text.startswith(f"{name} of arrays of Dask's\n  expected: ")
        assert "in chunks" in text
        assert "rechunk" in text


@pytest.mark.parametrize("name", ["solve", "sort", "fft", "det"])
def test_stacks_may_be_cut_where_a_row_does_not_work(name: str) -> None:
    rng = np.random.default_rng(0)
    a = rng.normal(size=(5, 3, 3))
    inputs = [a, rng.normal(size=(5, 3, 2))] if name == "solve" else [a]
    xs = [Tensor(da.from_array(x, chunks=(2, -1, -1))) for x in inputs]
    plain = [Tensor(x) for x in inputs]
    for tensors in (xs, plain):
        np.sum(np.abs(TABLE[name](*tensors)) ** 2).backward()
    for x, p in zip(xs, plain, strict=True):
        same(x.grad, p.grad)
        assert is_lazy(x.grad)
