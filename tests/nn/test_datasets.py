"""The data sets that come with the package."""

from __future__ import annotations

from importlib.resources import files

import numpy as np
import pytest

from autograd import errors
from nn.datasets import load_digits, load_iris, make_moons, make_spirals, six_row_table, train_test_split, xor


def test_digits() -> None:
    X, y = load_digits()
    assert (X.shape, X.dtype, y.shape, y.dtype) == ((1797, 64), np.float32, (1797,), np.int64)
    assert (X.min(), X.max(), X.sum() * 16) == (0, 1, 561718)
    assert np.bincount(y).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


def test_digits_file_is_small_and_its_source_is_named() -> None:
    folder = files("nn.datasets")
    assert len((folder / "digits.npz").read_bytes()) < 100_000
    text = (folder / "LICENSE-digits.md").read_text()
    assert "10.24432/C50P49" in text
    assert "CC BY 4.0" in text


def test_iris() -> None:
    X, y = load_iris()
    assert (X.shape, X.dtype, y.shape, y.dtype) == ((150, 4), np.float32, (150,), np.int64)
    assert np.bincount(y).tolist() == [50, 50, 50]
    np.testing.assert_allclose(X.sum(axis=0), [876.5, 458.6, 563.7, 179.9], rtol=1e-5)  # Fisher's numbers, not UCI's
    text = (files("nn.datasets") / "LICENSE-iris.md").read_text()
    assert "10.24432/C56C76" in text
    assert "CC BY 4.0" in text


def test_split_is_fixed_and_complete() -> None:
    X, y = np.arange(100)[:, None], np.arange(100)
    X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25)
    assert (len(X_train), len(X_test)) == (75, 25)
    assert sorted([*y_train, *y_test]) == list(range(100))
    np.testing.assert_array_equal(X_test[:, 0], y_test)
    np.testing.assert_array_equal(y_test, train_test_split(X, y, test_size=0.25)[3])
    assert y_test.tolist() != train_test_split(X, y, test_size=0.25, seed=1)[3].tolist()


def test_moons() -> None:
    X, y = make_moons(101, noise=0.0)
    assert (X.shape, X.dtype, y.dtype, int(y.sum())) == ((101, 2), np.float32, np.int64, 51)
    np.testing.assert_allclose(np.linalg.norm(X[y == 0], axis=1), 1, rtol=1e-6)
    np.testing.assert_allclose(np.linalg.norm(X[y == 1] - [1, 0.5], axis=1), 1, rtol=1e-6)
    np.testing.assert_array_equal(make_moons(20, seed=3)[0], make_moons(20, seed=3)[0])
    assert np.any(make_moons(20, seed=3)[0] != make_moons(20, seed=4)[0])


def test_spirals() -> None:
    X, y = make_spirals(100, classes=3, noise=0.0, turns=0.5)
    assert (X.shape, X.dtype, y.dtype, np.bincount(y).tolist()) == ((100, 2), np.float32, np.int64, [34, 33, 33])
    r, angle = np.linalg.norm(X, axis=1), np.arctan2(X[:, 1], X[:, 0])
    winding = (angle - 2 * np.pi * (y / 3 + 0.5 * r) + np.pi) % (2 * np.pi) - np.pi
    np.testing.assert_allclose(winding[r > 0], 0, atol=1e-5)
    assert (r.min(), r.max()) == pytest.approx((0, 1))
    np.testing.assert_array_equal(make_spirals(20, seed=3)[0], make_spirals(20, seed=3)[0])
    assert np.any(make_spirals(20, seed=3)[0] != make_spirals(20, seed=4)[0])


def test_tables() -> None:
    X, y = six_row_table()
    assert X.tolist() == [[0, 0, 0], [0, 0, 1], [0, 1, 0], [1, 0, 0], [1, 1, 0], [1, 1, 1]]
    assert y.ravel().tolist() == [0, 0, 1, 0, 1, 1]
    X, y = xor()
    assert (X[:, 0] != X[:, 1]).astype(int).tolist() == y.tolist()


def test_errors() -> None:
    with pytest.raises(errors.ShapeError, match="3 examples and 2 targets"):
        train_test_split(np.ones(3), np.ones(2))
    with pytest.raises(errors.ArgumentError, match="0 of 3 examples"):
        train_test_split(np.ones(3), np.ones(3), test_size=0.1)
    with pytest.raises(errors.ArgumentError, match=r"make_moons\(n=1, noise=0.1\)"):
        make_moons(1)
    with pytest.raises(errors.ArgumentError, match="a number from 0 as noise"):
        make_moons(10, noise=-1.0)
    with pytest.raises(errors.ArgumentError, match="a whole number from 3 as n"):
        make_spirals(2)
    with pytest.raises(errors.ArgumentError, match="a number from 0 as turns"):
        make_spirals(10, turns=-1.0)
