"""Linear and the random numbers that it begins with."""

from __future__ import annotations

import numpy as np
import pytest

import nn
from autograd import Tensor, Value, check_grads, errors


def test_weight_layout_and_formula() -> None:
    layer = nn.Linear(3, 2, dtype=np.float64)
    layer.weight.data = [[1, 2, 3], [4, 5, 6]]
    layer.bias.data = [10, 20]
    assert layer([1, 1, 2]).tolist() == [1 + 2 + 6 + 10, 4 + 5 + 12 + 20]


@pytest.mark.parametrize("shape", [(3,), (4, 3), (2, 4, 3), (0, 3)])
@pytest.mark.parametrize("bias", [True, False])
def test_gradients_for_any_leading_axes(shape: tuple[int, ...], bias: bool) -> None:
    rng = np.random.default_rng(0)
    parameters = [rng.normal(size=(2, 3)), rng.normal(size=2)][: 1 + bias]
    check_grads(nn.functional.linear, rng.normal(size=shape), *parameters)


def test_float32_stays_float32() -> None:
    layer = nn.Linear(3, 2)
    y = layer(np.ones((4, 3)))
    y.sum().backward()
    assert (y.dtype, layer.weight.grad.dtype, layer.bias.grad.dtype) == (np.float32,) * 3


def test_initial_weights_are_uniform_within_the_bound() -> None:
    layer = nn.Linear(100, 200, rng=np.random.default_rng(0))
    for p in layer.parameters():
        assert np.abs(p.data).max() <= 0.1
        assert np.abs(p.data).max() > 0.098
    assert abs(layer.weight.data.std() - 0.1 / np.sqrt(3)) < 5e-4


def test_manual_seed() -> None:
    nn.manual_seed(7)
    first, second = nn.Linear(2, 2).weight.data, nn.Linear(2, 2).weight.data
    nn.manual_seed(7)
    np.testing.assert_array_equal(nn.Linear(2, 2).weight.data, first)
    assert np.all(first != second)


def test_shape_error_names_the_layer_and_both_shapes() -> None:
    net = nn.Sequential(nn.Linear(4, 3), nn.Sequential(nn.ReLU(), nn.Linear(5, 2)))
    with pytest.raises(errors.ShapeError) as raised:
        net(np.ones((7, 4)))
    text = str(raised.value)
    assert text.endswith("\n  layer:    1.1")
    assert "expected: shape (..., 5)" in text
    assert "got:      shape (7, 3)" in text
    assert "cure:     nn.Linear(3, 2) here" in text


@pytest.mark.parametrize(
    ("shape", "cure"),
    [
        ((4, 7), "x.T, if the examples lie in the columns"),
        ((7, 2, 2), r"x.reshape\(len\(x\), 4\)"),
        ((), r"nn.Linear\(n, 2\)"),
    ],
)
def test_shape_error_suggests_a_cure(shape: tuple[int, ...], cure: str) -> None:
    with pytest.raises(errors.ShapeError, match=cure):
        nn.Linear(4, 2)(np.ones(shape))


def test_a_value_is_refused() -> None:
    with pytest.raises(errors.LeftGraphError):
        nn.Linear(1, 1)(Value(1.0))


@pytest.mark.parametrize("sizes", [(0, 1), (1, -2), (2.0, 1), ("2", 1)])
def test_wrong_sizes(sizes: tuple[int, int]) -> None:
    with pytest.raises(errors.ArgumentError, match=r"a whole number from 1 as (in|out)_features"):
        nn.Linear(*sizes)


def test_input_tensor_gets_its_gradient() -> None:
    x = Tensor(np.ones((4, 3)), dtype=np.float32)
    layer = nn.Linear(3, 2)
    layer(x).sum().backward()
    np.testing.assert_allclose(x.grad, np.tile(layer.weight.data.sum(axis=0), (4, 1)), rtol=1e-6)
