"""The perceptron and the multi-layer perceptron."""

from __future__ import annotations

import numpy as np
import pytest

import nn
from autograd import errors
from nn.datasets import xor

X, XOR = xor()


@pytest.mark.parametrize("y", [[0, 0, 0, 1], [0, 1, 1, 1], [1, 1, 1, 0], [0, 0, 1, 1], [1, 1, 1, 1]])
def test_what_a_line_separates_is_learned(y: list[int]) -> None:
    perceptron = nn.Perceptron(2)
    fit = perceptron.fit(X, y)
    assert fit.converged
    assert fit.mistakes[-1] == 0
    assert fit.epochs == len(fit.mistakes)
    assert perceptron.predict(X).tolist() == y


def test_xor_is_not_learned() -> None:
    perceptron = nn.Perceptron(2)
    fit = perceptron.fit(X, XOR, epochs=50)
    assert not fit.converged
    assert (fit.epochs, min(fit.mistakes) > 0) == (50, True)
    assert perceptron.predict(X).tolist() != XOR.tolist()


def test_rosenblatts_rule_by_hand() -> None:
    perceptron = nn.Perceptron(2)
    perceptron.fit([[1.0, 2.0]], [1], epochs=1, lr=0.5)  # 0 is predicted: w += 0.5 * 1 * x, b += 0.5 * 1
    assert (perceptron.w.tolist(), perceptron.b) == ([0.5, 1.0], 0.5)
    perceptron.fit([[1.0, 2.0]], [0], epochs=1, lr=0.25)  # 1 is predicted: the other way, half as far
    assert (perceptron.w.tolist(), perceptron.b) == ([0.25, 0.5], 0.25)


def test_threshold_is_not_reached_by_zero() -> None:
    assert nn.Perceptron(3)(np.ones(3)) == 0


def test_one_example_and_many() -> None:
    perceptron = nn.Perceptron(2)
    perceptron.fit(X, [0, 1, 1, 1])
    assert perceptron.predict([1, 0]) == 1
    assert perceptron.predict(X).dtype == np.int64
    assert repr(perceptron) == "Perceptron(in_features=2)"


def test_no_epochs_is_no_convergence() -> None:
    assert nn.Perceptron(2).fit(X, XOR, epochs=0) == (False, 0, [])


def test_perceptron_errors() -> None:
    with pytest.raises(errors.ShapeError, match=r"Perceptron\(2\) of examples of shape \(4, 3\)"):
        nn.Perceptron(2).predict(np.ones((4, 3)))
    with pytest.raises(errors.ShapeError, match=r"y of shape \(4, 1\)(.|\n)*cure:     y.ravel\(\)"):
        nn.Perceptron(2).fit(X, XOR[:, None])
    with pytest.raises(errors.ShapeError, match="as many classes as examples"):
        nn.Perceptron(2).fit(X, [0, 1])
    with pytest.raises(errors.ArgumentError, match=r"the classes \[-1, 1\]"):
        nn.Perceptron(2).fit(X, [-1, 1, 1, -1])


def test_mlp_has_activations_between_its_layers() -> None:
    mlp = nn.MLP(4, 8, 6, 2)
    assert [type(layer).__name__ for layer in mlp] == ["Linear", "ReLU", "Linear", "ReLU", "Linear"]
    assert list(mlp.state_dict()) == ["0.weight", "0.bias", "2.weight", "2.bias", "4.weight", "4.bias"]
    assert mlp(np.ones((3, 4))).shape == (3, 2)


@pytest.mark.parametrize(("activation", "kind"), [("tanh", nn.Tanh), ("sigmoid", nn.Sigmoid), (nn.Tanh, nn.Tanh)])
def test_mlp_activation(activation: str, kind: type) -> None:
    assert isinstance(nn.MLP(2, 3, 1, activation=activation)[1], kind)


def test_mlp_without_hidden_layer_is_linear() -> None:
    assert [type(layer).__name__ for layer in nn.MLP(2, 1)] == ["Linear"]


def test_mlp_is_reproducible_and_has_a_dtype() -> None:
    one, two = (nn.MLP(2, 3, 1, rng=np.random.default_rng(5), dtype=np.float64) for _ in range(2))
    for p, q in zip(one.parameters(), two.parameters(), strict=True):
        assert p.dtype == np.float64
        np.testing.assert_array_equal(p.data, q.data)


def test_mlp_errors() -> None:
    with pytest.raises(errors.ArgumentError, match="two sizes or more"):
        nn.MLP(2)
    with pytest.raises(errors.ArgumentError, match=r"two sizes or more(.|\n)*MLP\(2, 8, 1\)"):
        nn.MLP([2, 8, 1])
    with pytest.raises(errors.ArgumentError, match="one of 'relu', 'tanh', 'sigmoid', 'identity'"):
        nn.MLP(2, 8, 1, activation="swish")
    with pytest.raises(errors.ArgumentError, match=r"the sizes one by one(.|\n)*cure: +nn\.MLP\(2, 16, 16, 1\)"):
        nn.MLP(2, [16, 16, 1])
    with pytest.raises(errors.ArgumentError, match="a whole number from 1 as"):
        nn.MLP(2, 0, 1)
