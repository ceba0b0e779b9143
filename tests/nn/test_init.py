"""Initialisers: the distribution of what they draw, what stays, and messages. Bounds are PyTorch's formulas."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nn
from autograd import Tensor, errors
from nn import init


def weights(*shape: int) -> Tensor:
    return nn.Parameter(np.ones(shape))


@pytest.mark.parametrize(
    ("fill", "bound", "std"),
    [
        (lambda t, r: init.uniform_(t, -2.0, 2.0, r), 2.0, 2 / np.sqrt(3)),
        (lambda t, r: init.normal_(t, 0.0, 0.5, r), np.inf, 0.5),
        (lambda t, r: init.trunc_normal_(t, rng=r), 2.0, 0.8796),
        (lambda t, r: init.xavier_uniform_(t, 2.0, r), 2 * np.sqrt(6 / 500), 2 * np.sqrt(2 / 500)),
        (lambda t, r: init.xavier_normal_(t, 2.0, r), np.inf, 2 * np.sqrt(2 / 500)),
        (lambda t, r: init.kaiming_uniform_(t, rng=r), np.sqrt(6 / 200), np.sqrt(2 / 200)),
        (lambda t, r: init.kaiming_normal_(t, 0.1, "fan_out", rng=r), np.inf, np.sqrt(2 / 1.01 / 300)),
        (lambda t, r: init.kaiming_normal_(t, nonlinearity="tanh", rng=r), np.inf, 5 / 3 / np.sqrt(200)),
    ],
)
def test_distributions(fill: Any, bound: float, std: float) -> None:
    t = weights(300, 200)
    same = fill(t, np.random.default_rng(0))
    assert same is t
    assert t.dtype == np.float32
    assert np.abs(t.data).max() <= bound * (1 + 1e-6)
    assert t.data.std() == pytest.approx(std, rel=0.02)
    assert abs(t.data.mean()) < 0.02 * std
    np.testing.assert_array_equal(t.data, fill(weights(300, 200), np.random.default_rng(0)).data)


def test_the_fans_of_a_convolution() -> None:
    t = init.xavier_normal_(weights(100, 50, 3, 3), rng=np.random.default_rng(0))
    assert t.data.std() == pytest.approx(np.sqrt(2 / (9 * 150)), rel=0.02)


@pytest.mark.parametrize("shape", [(3, 5), (5, 3), (4, 2, 3), (4, 4)])
def test_orthogonal(shape: tuple[int, ...]) -> None:
    t = Tensor(np.ones(shape))
    m = init.orthogonal_(t, 2.0, np.random.default_rng(0)).data.reshape(shape[0], -1)
    product = m @ m.T if m.shape[0] <= m.shape[1] else m.T @ m
    np.testing.assert_allclose(product, 4 * np.eye(len(product)), atol=1e-12)


def test_constants() -> None:
    t = weights(2, 3)
    assert init.constant_(t, 2.5).tolist() == [[2.5] * 3] * 2
    assert init.zeros_(t).tolist() == [[0.0] * 3] * 2
    assert init.ones_(t).tolist() == [[1.0] * 3] * 2
    assert init.eye_(t).tolist() == np.eye(2, 3).tolist()


def test_the_seed_of_nn_is_the_default() -> None:
    found = []
    for _ in range(2):
        nn.manual_seed(3)
        found.append(init.normal_(weights(4)).tolist())
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("attempt", "text"),
    [
        (lambda: init.calculate_gain("swish"), "one of linear"),
        (lambda: init.kaiming_uniform_(weights(2, 2), mode="fan"), "'fan_in' or 'fan_out'"),
        (lambda: init.xavier_uniform_(weights(2)), "at least two axes"),
        (lambda: init.orthogonal_(weights(2)), "at least two axes"),
        (lambda: init.eye_(weights(2)), "two axes"),
        (lambda: init.dirac_(weights(2, 2)), "three axes to five"),
        (lambda: init.dirac_(weights(5, 2, 3), groups=2), "as many outputs in each group"),
        (lambda: init.dirac_(weights(4, 2, 3), groups=0), "a whole number from 1"),
        (lambda: init.trunc_normal_(weights(2), a=5.0, b=6.0), "an interval where"),
    ],
)
def test_errors(attempt: Any, text: str) -> None:
    with pytest.raises((errors.ArgumentError, errors.ShapeError), match=text) as caught:
        attempt()
    assert all(part in str(caught.value) for part in ("expected:", "got:", "cure:"))
