"""The functions of ``nn``: values, gradients of first and second order, extremes, and messages.

The rows are also in ``tests/autograd/test_table.py``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nn
from autograd import Tensor, check_grads, errors
from nn import functional as F  # noqa: N812 -- PyTorch's abbreviation

rng = np.random.default_rng(0)
Z = rng.normal(size=(4, 3))
CLASSES = np.array([0, 2, 1, 1])
PROBABILITIES = np.abs(rng.normal(size=(4, 3)))


# Gradients.


@pytest.mark.parametrize("f", [F.sigmoid, F.tanh, F.relu, F.softmax, F.log_softmax])
def test_activations(f: Any) -> None:
    check_grads(f, Z)


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("target", [CLASSES, PROBABILITIES])
def test_cross_entropy(target: Any, reduction: str) -> None:
    check_grads(lambda z: F.cross_entropy(z, target, reduction=reduction), Z)
    p = target if target.ndim == 2 else np.eye(3)[target]
    expected = -np.sum(p * np.log(np.exp(Z) / np.exp(Z).sum(1, keepdims=True)), axis=1)
    reduce = {"mean": np.mean, "sum": np.sum, "none": np.asarray}[reduction]
    found = F.cross_entropy(Tensor(Z), target, reduction=reduction)
    np.testing.assert_allclose(found.data, reduce(expected), rtol=1e-12)


def test_cross_entropy_with_respect_to_the_probabilities() -> None:
    check_grads(F.cross_entropy, Z, PROBABILITIES)


def test_nll_loss_of_log_softmax_is_cross_entropy() -> None:
    check_grads(lambda z: F.nll_loss(F.log_softmax(z), CLASSES), Z)
    both = F.nll_loss(F.log_softmax(Tensor(Z)), CLASSES), F.cross_entropy(Tensor(Z), CLASSES)
    assert both[0].item() == pytest.approx(both[1].item(), rel=1e-14)


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_mse_loss(reduction: str) -> None:
    check_grads(lambda a, b: F.mse_loss(a, b, reduction=reduction), Z, PROBABILITIES)
    reduce = {"mean": np.mean, "sum": np.sum, "none": np.asarray}[reduction]
    found = F.mse_loss(Tensor(Z), PROBABILITIES, reduction=reduction)
    np.testing.assert_allclose(found.data, reduce((Z - PROBABILITIES) ** 2))


def test_one_example() -> None:
    for loss in (F.cross_entropy, lambda z, y: F.nll_loss(F.log_softmax(z), y)):
        z = Tensor(Z[0])
        assert loss(z, 2).shape == ()
        assert loss(z, 2).item() == pytest.approx(F.cross_entropy(Tensor(Z[:1]), [2]).item())


def test_tensors_of_classes() -> None:
    classes = Tensor(CLASSES, requires_grad=False)
    assert F.cross_entropy(Tensor(Z), classes).item() == F.cross_entropy(Tensor(Z), CLASSES).item()
    assert F.one_hot(classes, 3).tolist() == np.eye(3)[CLASSES].tolist()


def test_plain_arrays_give_plain_arrays() -> None:
    assert isinstance(F.softmax(Z), np.ndarray)
    assert isinstance(F.cross_entropy(Z, CLASSES), np.float64)


# Extremes.


def test_large_logits_do_not_overflow() -> None:
    z = Tensor([[1e4, -1e4, 0.0]])
    loss = F.cross_entropy(z, [1])
    loss.backward()
    assert loss.item() == 2e4
    assert z.grad.tolist() == [[1.0, -1.0, 0.0]]
    assert F.softmax(z).tolist() == [[1.0, 0.0, 0.0]]
    assert F.sigmoid(Tensor([-1e4, 1e4])).tolist() == [0.0, 1.0]


def test_masked_classes_count_nothing() -> None:
    z = Tensor([[0.0, -np.inf, 0.0]])
    loss = F.cross_entropy(z, [0])
    loss.backward()
    assert loss.item() == pytest.approx(np.log(2))
    np.testing.assert_allclose(z.grad, [[-0.5, 0.0, 0.5]], rtol=1e-12)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtypes(dtype: Any) -> None:
    for loss, target in (
        (F.cross_entropy, CLASSES),
        (F.cross_entropy, PROBABILITIES),
        (F.mse_loss, PROBABILITIES),
        (F.mse_loss, np.ones((4, 3), dtype=int)),
        (F.nll_loss, CLASSES),
    ):
        z = Tensor(Z, dtype=dtype)
        y = loss(F.softmax(z), target)
        y.backward()
        assert (y.dtype, z.grad.dtype) == (dtype, dtype)
    assert F.one_hot([1], 2, dtype).dtype == dtype


# Messages.


@pytest.mark.parametrize("loss", [F.cross_entropy, F.nll_loss])
def test_classes_that_do_not_fit(loss: Any) -> None:
    z = Tensor(Z)
    with pytest.raises(errors.ArgumentError, match=r"whole numbers from 0 to 2(.|\n)*labels from 1 to 3"):
        loss(z, [1, 2, 3, 1])
    with pytest.raises(errors.ArgumentError, match="labels from -1 to 1"):
        loss(z, [-1, 0, 1, 1])
    with pytest.raises(errors.ArgumentError, match=r"float64(.|\n)*labels.astype\(int\)"):
        loss(z, [0.0, 1.0, 2.0, 1.0])
    with pytest.raises(errors.ShapeError, match=r"target of shape \(4, 1\)(.|\n)*target.reshape\(4\)"):
        loss(z, CLASSES[:, None])
    with pytest.raises(errors.ShapeError, match="as many targets as rows of scores"):
        loss(z, CLASSES[:2])
    with pytest.raises(errors.ShapeError, match=r"one class for each example, shape \(2, 4\)"):
        loss(Tensor(np.ones((2, 3, 4))), CLASSES)


@pytest.mark.parametrize("loss", [F.cross_entropy, F.mse_loss])
def test_unknown_reduction(loss: Any) -> None:
    with pytest.raises(errors.ArgumentError, match="'mean', 'sum' or 'none'"):
        loss(Tensor(Z), PROBABILITIES, reduction="average")


def test_mse_loss_does_not_broadcast() -> None:
    with pytest.raises(errors.ShapeError, match=r"cure:     target.reshape\(4, 1\)"):
        F.mse_loss(Tensor(np.ones((4, 1))), np.ones(4))
    with pytest.raises(errors.ShapeError, match="a target for each element"):
        F.mse_loss(Tensor(np.ones(4)), np.ones(3))


def test_one_hot_out_of_range() -> None:
    with pytest.raises(errors.ArgumentError, match="one_hot: the labels of 3 classes"):
        F.one_hot([0, 3], 3)


# The layers and modules that call them.


@pytest.mark.parametrize(
    ("layer", "function"),
    [
        (nn.ReLU(), F.relu),
        (nn.Tanh(), F.tanh),
        (nn.Sigmoid(), F.sigmoid),
        (nn.Identity(), np.asarray),
        (nn.Softmax(dim=0), lambda x: F.softmax(x, 0)),
        (nn.LogSoftmax(dim=0), lambda x: F.log_softmax(x, 0)),
        (nn.Flatten(), lambda x: x),
    ],
)
def test_layers(layer: nn.Module, function: Any) -> None:
    np.testing.assert_array_equal(layer(Tensor(Z)).data, function(Z))


def test_loss_modules() -> None:
    z = Tensor(Z)
    total = nn.CrossEntropyLoss(reduction="sum")
    assert total(z, CLASSES).item() == F.cross_entropy(z, CLASSES, reduction="sum").item()
    assert nn.MSELoss()(z, PROBABILITIES).item() == F.mse_loss(z, PROBABILITIES).item()


@pytest.mark.parametrize(
    ("dims", "shape"), [((), (2, 60)), ((0,), (120,)), ((1, 2), (2, 12, 5)), ((-2, -1), (2, 3, 20))]
)
def test_flatten(dims: tuple[int, ...], shape: tuple[int, ...]) -> None:
    assert nn.Flatten(*dims)(Tensor(np.zeros((2, 3, 4, 5)))).shape == shape


def test_reprs() -> None:
    assert [repr(layer) for layer in (nn.ReLU(), nn.Softmax(dim=1), nn.LogSoftmax(), nn.Flatten(), nn.MSELoss())] == [
        "ReLU()", "Softmax(dim=1)", "LogSoftmax(dim=-1)", "Flatten(start_dim=1, end_dim=-1)", "MSELoss()",
    ]  # fmt: skip


def test_vectors_that_broadcast_have_the_lengths_of_what_they_become() -> None:
    a, b = np.array([[[3.0]], [[1.0]]]), np.array([[1.0, 2.0]])  # (2, 1, 1) and (1, 2)
    pairs = np.broadcast_arrays(a, b)
    found = F.cosine_similarity(Tensor(a), Tensor(b), dim=-1)
    np.testing.assert_allclose(found.data, F.cosine_similarity(*pairs, dim=-1))
    np.testing.assert_allclose(found.data, 3 / np.sqrt(10))


def test_a_transposed_convolution_whose_output_grows_by_more_than_a_step() -> None:
    def f(x: Any, weight: Any) -> Any:
        options = {"stride": (3, 2), "padding": (1, 2), "output_padding": (2, 3), "dilation": 4}
        return F.conv_transpose2d(x, weight, **options)

    rng = np.random.default_rng(0)
    x, weight = rng.normal(size=(2, 3, 4, 4)), rng.normal(size=(3, 2, 3, 2))
    assert f(x, weight).shape == (2, 2, 18, 10)
    check_grads(f, x, weight, order=2)


def test_softmax_of_nothing_and_of_a_number() -> None:
    for function, of_one in ((F.softmax, 1.0), (F.log_softmax, 0.0), (F.softmin, 1.0)):
        x = Tensor(3.0)
        y = function(x, 0)
        assert y.shape == ()
        assert y.item() == of_one
        y.backward()
        assert x.grad == 0
        assert function(np.zeros((5, 0)), -1).shape == (5, 0)
        assert function(np.ones(3, np.float32), dtype=np.float64).dtype == np.float64
        with pytest.raises(errors.PlaceError, match="an axis from -1 to 0"):
            function(3.0, 1)


def test_one_slope_of_prelu_keeps_the_shape_of_a_number() -> None:
    for weight in (np.array(0.5), np.array([0.5])):
        assert F.prelu(Tensor(-2.0), weight).shape == ()
        assert F.prelu(np.full(3, -2.0), weight).tolist() == [-1.0] * 3


def test_batch_norm_takes_arrays_and_nothing() -> None:
    mean, var = np.zeros(2), np.ones(2)
    F.batch_norm(np.array([[1.0, 2.0], [3.0, 4.0]]), mean, var, training=True, momentum=0.5)
    assert mean.tolist() == [1.0, 1.5]
    assert var.tolist() == [1.5, 1.5]
    assert F.batch_norm(np.zeros((0, 2, 3)), mean, var, training=True).shape == (0, 2, 3)
    assert mean.tolist() == [1.0, 1.5]


ELEMENTWISE = [
    F.relu, F.leaky_relu, F.elu, F.selu, F.gelu, F.silu, F.mish, F.softplus, F.softsign, F.sigmoid, F.logsigmoid,
    F.tanh, F.tanhshrink, F.hardtanh, F.relu6, F.hardswish, F.hardsigmoid, F.softmax, F.log_softmax, F.softmin,
    F.dropout,
]  # fmt: skip


@pytest.mark.parametrize("function", ELEMENTWISE, ids=lambda f: f.__name__)
def test_what_is_no_array(function: Any) -> None:
    numbers = [[1.0, -2.0], [0.5, 3.0]]
    nn.manual_seed(0)
    expected = function(np.array(numbers))
    nn.manual_seed(0)
    np.testing.assert_array_equal(function(numbers), expected)
    for x in ("a", None, {"x": 1.0}, ["a"], [[1.0], [1.0, 2.0]], np.array([None])):
        with pytest.raises(errors.DtypeError, match="a number or an array of numbers"):
            function(x)


@pytest.mark.parametrize("loss", [F.cross_entropy, F.nll_loss, F.multi_margin_loss], ids=lambda f: f.__name__)
def test_scores_that_are_no_array(loss: Any) -> None:
    assert loss([[1.0, 2.0]], [0]) == loss(np.array([[1.0, 2.0]]), [0])
    with pytest.raises(errors.DtypeError, match="NoneType"):
        loss(None, [0])  # what a forward without return gives
    with pytest.raises(TypeError, match="missing 2 required"):
        loss()


def test_arguments_that_are_no_numbers() -> None:
    for p in ("a", None, 2):
        with pytest.raises(errors.ArgumentError, match="a probability from 0 to 1"):
            nn.Dropout(p)  # type: ignore[arg-type]
    for dim in ("a", None, 1.0):
        with pytest.raises(errors.PlaceError, match="an axis from -2 to 1"):
            F.softmax(np.ones((2, 2)), dim)
