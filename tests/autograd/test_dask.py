"""Tensors over Dask's arrays: recorded, differentiated and trained on, in bounded memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
from autograd import Tensor, checkpoint, compile, grad, hessian, jacobian, value_and_grad, vmap
from autograd.errors import CaptureError

dask = pytest.importorskip("dask")
da = pytest.importorskip("dask.array")

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(101, 3)), RNG.normal(size=101)
ODD = [((30, 2), 17), ((1, 3), 101), (((50, 1, 50), (1, 2)), 33)]


def loss(w: Any, x: Any = X, y: Any = Y) -> Any:
    return np.mean((np.tanh(x @ w) - y) ** 2)


@pytest.mark.parametrize(("chunks", "of_y"), ODD)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_gradient_is_where_its_variable_is(chunks: Any, of_y: Any, dtype: Any) -> None:
    x, y, w = da.from_array(X.astype(dtype), chunks), da.from_array(Y.astype(dtype), of_y), np.ones(3, dtype)
    value, gradient = value_and_grad(loss)(w, x, y)
    expected, of_w = value_and_grad(loss)(w, X.astype(dtype), Y.astype(dtype))
    assert type(gradient) is np.ndarray
    assert gradient.dtype == dtype
    np.testing.assert_allclose(value, expected, rtol=1e-5 if dtype is np.float32 else 1e-12)
    np.testing.assert_allclose(gradient, of_w, rtol=1e-4 if dtype is np.float32 else 1e-12)
    of_x = grad(loss, 1)(w, x, y)
    assert isinstance(of_x, da.Array)
    assert of_x.dtype == dtype
    np.testing.assert_allclose(of_x.compute(), grad(loss, 1)(w, X.astype(dtype), Y.astype(dtype)), rtol=1e-3, atol=1e-7)


def test_a_backward_pass_reads_the_data_once() -> None:
    read = []

    def noting(block: Any) -> Any:
        read.append(len(block))
        return block

    x = da.from_array(X, (30, 3)).map_blocks(noting, dtype=float, meta=np.empty((0, 3)))
    w, b = Tensor(np.ones(3)), Tensor(0.5)
    y = np.mean((x @ w + b - Y) ** 2)
    assert not read
    y.backward()
    value = y.item()
    assert sum(read) == len(X)
    plain, other = Tensor(np.ones(3)), Tensor(0.5)
    same = np.mean((X @ plain + other - Y) ** 2)
    same.backward()
    np.testing.assert_allclose([value, b.grad], [same.item(), other.grad])
    np.testing.assert_allclose(w.grad, plain.grad)


def test_rows_whose_number_is_not_known_yet() -> None:
    x, y = da.from_array(X, (30, 3)), da.from_array(Y, 30)
    keep = x[:, 0] > 0
    value, gradient = value_and_grad(loss)(np.ones(3), x[keep], y[keep])
    expected = value_and_grad(loss)(np.ones(3), X[X[:, 0] > 0], Y[X[:, 0] > 0])
    np.testing.assert_allclose(value, expected[0])
    np.testing.assert_allclose(gradient, expected[1])


def test_zero_times_infinity_is_settled_as_in_memory() -> None:
    def f(w: Any, x: Any) -> Any:
        return np.sum(x * np.where(w > 0, np.sqrt(w), w))

    w, x = np.array([4.0, 0.0]), np.ones((6, 2))
    np.testing.assert_allclose(grad(f)(w, da.from_array(x, (4, 1))), grad(f)(w, x))


def test_a_lazy_tensor_shows_what_it_is_without_computing() -> None:
    assert repr(Tensor(da.zeros((4, 2), chunks=3))) == f"Tensor({da.zeros((4, 2), chunks=3)!r})"


@pytest.mark.parametrize("name", ["SGD", "Adam", "LBFGS"])
def test_a_network_trains_on_dask_as_in_memory(name: str) -> None:
    def train(x: Any, y: Any) -> list[float]:
        net = nn.Sequential(nn.Linear(3, 8), nn.ReLU(), nn.LayerNorm(8), nn.Linear(8, 2)).double()
        for i, p in enumerate(net.parameters()):
            p.data = np.cos(i + np.arange(p.size)).reshape(p.shape)
        optimizer = getattr(nn.optim, name)(net.parameters(), lr=0.05)
        losses = []

        def closure() -> Any:
            optimizer.zero_grad()
            loss = nn.cross_entropy(net(x), y)
            loss.backward()
            return loss

        for _ in range(4):
            losses.append(closure().item())
            optimizer.step(closure)
        return losses

    labels = (Y > 0).astype(int)
    lazily = train(da.from_array(X, (30, 3)), da.from_array(labels, 17))
    np.testing.assert_allclose(lazily, train(X, labels))
    assert lazily[-1] < lazily[0]


def test_batch_norm_has_the_statistics_of_all_pieces_in_memory() -> None:
    lazily, plain = nn.BatchNorm1d(3).double(), nn.BatchNorm1d(3).double()
    (np.mean(lazily(da.from_array(X, (30, 2))) ** 3)).backward()
    (np.mean(plain(X) ** 3)).backward()
    np.testing.assert_allclose(lazily.weight.grad, plain.weight.grad)
    for a, b in zip(lazily.buffers(), plain.buffers(), strict=True):
        assert type(a.data) is type(b.data)
        np.testing.assert_allclose(a.data, b.data)


def test_dropout_draws_the_pieces_when_they_are_computed() -> None:
    def drop() -> Any:
        nn.manual_seed(0)
        return nn.functional.dropout(Tensor(da.ones((1000, 10), chunks=(300, 10))), 0.25)

    y = drop()
    assert y.data.chunks == ((300, 300, 300, 100), (10,))
    found = y.data.compute()
    assert set(np.unique(found)) == {0.0, 1 / 0.75}
    assert 0.2 < np.mean(found == 0) < 0.3
    np.testing.assert_array_equal(found, y.data.compute())  # as a backward pass sees them
    np.testing.assert_array_equal(found, drop().data.compute())


@pytest.mark.parametrize("batches", [True, False])
def test_fit_on_batches_of_dask_and_on_loaders_of_it(batches: bool) -> None:
    def train(x: Any, y: Any) -> Any:
        nn.manual_seed(0)
        net = nn.Sequential(nn.Linear(3, 8), nn.BatchNorm1d(8), nn.Tanh(), nn.Linear(8, 2)).double()
        data = [(x[:50], y[:50]), (x[50:], y[50:])] if batches else nn.DataLoader(nn.TensorDataset(x, y), 64)
        optimizer = nn.Adam(net.parameters(), lr=0.01)
        history = nn.fit(net, data, nn.CrossEntropyLoss(), optimizer, epochs=2, metrics="accuracy", validation=data)
        return [history[name] for name in ("loss", "accuracy", "val_loss", "val_accuracy")]

    labels = (Y > 0).astype(int)
    lazily = train(da.from_array(X, (30, 3)), da.from_array(labels, 17))
    np.testing.assert_allclose(lazily, train(X, labels))


def test_vmap_and_checkpoint_stay_lazy() -> None:
    def of_row(w: Any, row: Any) -> Any:
        return np.sum(np.tanh(row * w))

    x, w = da.from_array(X, (30, 3)), np.ones(3)
    each = vmap(grad(of_row), (None, 0))(w, x)
    assert isinstance(each, da.Array)
    np.testing.assert_allclose(each.compute(), vmap(grad(of_row), (None, 0))(w, X))
    found, expected = value_and_grad(checkpoint(loss))(w, x), value_and_grad(loss)(w)
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_allclose(a, b)


def test_jacobians_and_hessians() -> None:
    lazy = da.from_array(X[:4], ((1, 3), (2, 1)))
    np.testing.assert_allclose(hessian(lambda x: np.sum(x**3))(lazy), hessian(lambda x: np.sum(x**3))(X[:4]))
    found = jacobian(lambda x: np.tanh(x).sum(axis=0))(lazy)
    np.testing.assert_allclose(found, jacobian(lambda x: np.tanh(x).sum(axis=0))(X[:4]))


def test_a_compiled_function_takes_arrays_in_memory() -> None:
    with pytest.raises(CaptureError, match=r"a function that returns Array(.|\n)*expected: arrays and numbers"):
        compile(lambda w: loss(w, da.from_array(X, (30, 3))))(np.ones(3))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc for the peak of memory")
@pytest.mark.parametrize("scheduler", ["threads", "processes"])
def test_an_array_larger_than_memory_in_bounded_memory(scheduler: str) -> None:
    if scheduler == "processes":
        pytest.importorskip("distributed")
    root = Path(__file__).parents[2]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(root)}
    command = [sys.executable, "-m", "tests.autograd.out_of_core", scheduler]
    run = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False, timeout=240)
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout.splitlines()[-1])
    assert found["array"] > 2.5 * found["limit"]
    assert found["grown"] < found["limit"]
    assert found["off"] < 1e-12
