"""The losses: gradient checks, formulas by hand, the extremes, and messages. Against PyTorch: ``tests/oracles``."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nn
from autograd import Tensor, check_grads, errors, vmap
from nn import functional as F  # noqa: N812 -- PyTorch's abbreviation
from nn.losses.distances import triplet_margin_with_distance_loss
from nn.losses.multilabel import multilabel_margin_loss, multilabel_soft_margin_loss

rng = np.random.default_rng(1)
X, Y = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
P, Q = rng.uniform(0.1, 0.9, (2, 4, 3))
SIGNS = np.array([1, -1, 1, -1])
LABELS = np.array([0, 2, -100, 1])
WEIGHT = np.array([0.5, 2.0, 1.0])


def cosine_distance(a: Any, b: Any) -> Any:
    return 1 - F.cosine_similarity(a, b)


@pytest.mark.parametrize(
    ("loss", "inputs"),
    [
        (F.mse_loss, (X, Y)),
        (F.l1_loss, (X, Y)),
        (F.smooth_l1_loss, (X, Y)),
        (F.huber_loss, (X, Y)),
        (F.binary_cross_entropy, (P, Q)),
        (F.binary_cross_entropy_with_logits, (X, Q)),
        (F.kl_div, (X, Q)),
        (F.poisson_nll_loss, (X, Q)),
        (F.gaussian_nll_loss, (X, Y, Q)),
        (F.soft_margin_loss, (X, np.sign(Y))),
        (F.cosine_similarity, (X, Y)),
        (F.pairwise_distance, (X, Y)),
        (F.triplet_margin_loss, (X, Y, P)),
        (lambda a, b: F.cosine_embedding_loss(a, b, SIGNS), (X, Y)),
        (lambda x: F.hinge_embedding_loss(x, np.sign(Y).astype(int)), (X,)),
        (lambda a, b: F.margin_ranking_loss(a, b, np.sign(P - 0.5).astype(int)), (X, Y)),
        (lambda x: F.multi_margin_loss(x, np.array([0, 1, 2, 0]), p=2), (X,)),
        (lambda x: F.cross_entropy(x, LABELS, WEIGHT, label_smoothing=0.1), (X,)),
        (lambda x, p: F.cross_entropy(x, p, WEIGHT, label_smoothing=0.1), (X, Q)),
        (lambda x: F.nll_loss(x, LABELS, WEIGHT), (X,)),
        (lambda x: multilabel_margin_loss(x, [[0, -1, 1], [2, 1, -1], [-1, 0, 1], [0, 1, 2]]), (X,)),
        (lambda x, p: multilabel_soft_margin_loss(x, p, WEIGHT), (X, Q)),
        (lambda a, b, c: triplet_margin_with_distance_loss(a, b, c, distance_function=cosine_distance), (X, Y, P)),
    ],
)
def test_gradients(loss: Any, inputs: Any) -> None:
    check_grads(loss, *inputs)


def test_weights_and_ignored_labels_by_hand() -> None:
    log_p = np.log([[0.5, 0.25, 0.25], [0.1, 0.2, 0.7], [0.3, 0.3, 0.4], [0.6, 0.3, 0.1]])
    losses = -np.array([0.5 * np.log(0.5), 1.0 * np.log(0.7), 0.0, 2.0 * np.log(0.3)])
    np.testing.assert_allclose(F.nll_loss(log_p, LABELS, WEIGHT, reduction="none"), losses)
    assert F.nll_loss(log_p, LABELS, WEIGHT) == pytest.approx(losses.sum() / 3.5)
    assert F.nll_loss(log_p, LABELS) == pytest.approx(-np.log([0.5, 0.7, 0.3]).mean())


def test_a_picture_is_as_many_examples() -> None:
    scores, labels = rng.normal(size=(2, 3, 4, 5)), rng.integers(0, 3, (2, 4, 5))
    flat = np.moveaxis(scores, 1, -1).reshape(-1, 3)
    assert F.cross_entropy(scores, labels) == pytest.approx(F.cross_entropy(flat, labels.ravel()), rel=1e-14)


def test_no_overflow() -> None:
    x = Tensor([-1e4, 1e4])
    y = F.binary_cross_entropy_with_logits(x, [1.0, 0.0], reduction="sum")
    y.backward()
    assert (y.item(), x.grad.tolist()) == (2e4, [-1.0, 1.0])
    assert F.binary_cross_entropy_with_logits(Tensor([-40.0]), [0.0]).item() == pytest.approx(np.exp(-40))
    assert F.kl_div(np.array([-1e4]), [0.0]) == 0.0


def test_each_example_of_vmap() -> None:
    labels = np.array([0, 1, 2, 1])

    def loss(x: Any, label: Any) -> Any:
        return F.cross_entropy(x, label, WEIGHT, label_smoothing=0.1)

    np.testing.assert_allclose(vmap(loss)(X, labels), [loss(x, label) for x, label in zip(X, labels, strict=True)])


@pytest.mark.parametrize(
    ("attempt", "error", "text"),
    [
        (lambda: F.cross_entropy(np.ones((0, 3)), np.ones(0, int)), "Argument", "an empty batch"),
        (lambda: F.cross_entropy(X, [-100] * 4), "Argument", "every label is ignored"),
        (lambda: F.mse_loss(np.ones(0), np.ones(0)), "Argument", "no example at all"),
        (lambda: F.cross_entropy(X, LABELS, np.ones(2)), "Shape", r"the weights of 3 classes(.|\n)*np.ones\(3\)"),
        (lambda: F.cross_entropy(X, Q, ignore_index=1), "Argument", "among which there is no label"),
        (lambda: F.cross_entropy(X, LABELS, label_smoothing=1.5), "Argument", "a share from 0 to 1"),
        (lambda: F.cross_entropy(X, Q, label_smoothing=-0.5), "Argument", "label_smoothing=-0.5"),
        (lambda: F.cross_entropy(X, [0, -100, 3, 1]), "Argument", "labels from -100 to 3"),
        (lambda: F.cross_entropy(np.float64(1), 0), "Shape", r"\(N, C\), \(N, C, d1, ...\)"),
        (lambda: F.cross_entropy(np.ones((2, 4, 3)), np.ones((2, 4), int)), "Shape", "np.moveaxis"),
        (lambda: F.cross_entropy(X, np.full((4, 3), "a")), "Dtype", "real numbers"),
        (lambda: F.nll_loss(np.float64(1), 0), "Shape", "nll_loss of scores"),
        (lambda: F.multi_margin_loss(X, [0, 1, 2, 3]), "Argument", "whole numbers from 0 to 2"),
        (lambda: F.multi_margin_loss(X, [0, 1, 2, 0], p=3), "Argument", "1 or 2"),
        (lambda: F.multi_margin_loss(np.ones((2, 3, 4)), 0), "Shape", r"\(N, C\)"),
        (lambda: F.smooth_l1_loss(X, Y, beta=-1.0), "Argument", "beta=-1.0"),
        (lambda: F.huber_loss(X, Y, delta=0.0), "Argument", "a number above 0"),
        (lambda: F.binary_cross_entropy(X, Q), "Argument", "with_logits, which takes any scores"),
        (lambda: F.binary_cross_entropy(P, Q[:2]), "Shape", "a target for each element"),
        (lambda: F.binary_cross_entropy(P, Q, np.ones(2)), "Shape", r"weight\[:, None\]"),
        (lambda: F.binary_cross_entropy_with_logits(X, Q, pos_weight=np.ones((2, 4, 3))), "Shape", "pos_weight"),
        (lambda: F.gaussian_nll_loss(X, Y, -Q), "Argument", r"np.exp\(log_var\)"),
        (lambda: F.gaussian_nll_loss(X, Y, np.ones(7)), "Shape", "np.ones_like"),
        (lambda: F.gaussian_nll_loss(X, Y, Q, eps=0.0), "Argument", "eps=0.0"),
        (lambda: F.cosine_embedding_loss(X, Y, SIGNS[:2]), "Shape", r"\(N, D\), \(N, D\) and \(N,\)"),
        (lambda: F.triplet_margin_loss(X, Y, P, margin=0.0), "Argument", "margin=0.0"),
        (lambda: F.triplet_margin_loss(X, Y[:2], P), "Shape", "positive"),
        (lambda: F.kl_div(X, P, reduction="average"), "Argument", "'mean', 'sum' or 'none'"),
        (lambda: F.kl_div(X, -P), "Argument", "log_target=True"),
        (lambda: multilabel_margin_loss(X, LABELS), "Shape", "a place for each class"),
        (lambda: multilabel_margin_loss(X, [[0, 3, -1]] * 4), "Argument", "labels from 0 to 3"),
        (lambda: multilabel_soft_margin_loss(X, LABELS), "Shape", "multilabel_soft_margin_loss of an input"),
        (
            lambda: triplet_margin_with_distance_loss(X, Y, P, margin=-1.0),
            "Argument",
            "triplet_margin_with_distance_loss",
        ),
    ],
)
def test_errors(attempt: Any, error: str, text: str) -> None:
    with pytest.raises(getattr(errors, error + "Error"), match=text) as caught:
        attempt()
    assert all(part in str(caught.value) for part in ("expected:", "got:", "cure:"))


def test_nothing_sums_to_nothing() -> None:
    assert F.cross_entropy(X, [-100] * 4, reduction="sum") == 0
    assert F.mse_loss(np.ones(0), np.ones(0), reduction="sum") == 0


def test_modules_keep_their_arguments() -> None:
    loss = nn.CrossEntropyLoss(WEIGHT, ignore_index=1, label_smoothing=0.1, reduction="sum")
    expected = F.cross_entropy(X, [0, 1, 2, 0], WEIGHT, ignore_index=1, label_smoothing=0.1, reduction="sum")
    assert loss(X, [0, 1, 2, 0]) == expected
    assert nn.BCELoss()(P, Q) == F.binary_cross_entropy(P, Q)
    assert nn.CosineEmbeddingLoss(0.1)(X, Y, SIGNS) == F.cosine_embedding_loss(X, Y, SIGNS, 0.1)


@pytest.mark.parametrize("name", ["CrossEntropyLoss", "NLLLoss", "MultiMarginLoss", "BCELoss", "BCEWithLogitsLoss"])
def test_weights_are_buffers(name: str) -> None:
    given = WEIGHT.copy()
    loss = getattr(nn, name)(weight=given)
    given[:] = 0
    assert (loss.weight.requires_grad, list(loss.parameters())) == (False, [])
    np.testing.assert_array_equal(loss.state_dict()["weight"], WEIGHT)
    loss.load_state_dict({"weight": WEIGHT + 1})
    np.testing.assert_array_equal(loss.weight.data, WEIGHT + 1)
    assert getattr(nn, name)().state_dict() == {}


def test_weights_take_the_dtype_of_the_scores() -> None:
    p, q = Tensor(P, dtype=np.float32), Q.astype(np.float32)
    for loss in (nn.BCELoss(WEIGHT), nn.BCEWithLogitsLoss(WEIGHT, pos_weight=WEIGHT)):
        assert loss(p, q).dtype == np.float32
    assert nn.BCEWithLogitsLoss(pos_weight=[1, 2, 3]).state_dict()["pos_weight"].tolist() == [1, 2, 3]


def test_weights_that_are_trained_stay_parameters() -> None:
    weight = nn.Parameter(WEIGHT)
    loss = nn.BCELoss(weight)
    loss(Tensor(P), Q).backward()
    assert loss.weight is weight
    assert weight.grad is not None
