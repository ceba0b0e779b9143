"""PyTorch as an oracle for the losses: results, first and second derivatives, over many combinations of arguments."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
import pytest

import nn
from autograd import Tensor
from autograd.graph import pullback
from nn import functional as F  # noqa: N812 -- PyTorch's abbreviation

from .agreement import TOLERANCE, assert_close

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.filterwarnings("ignore:reduction. 'mean' divides:UserWarning")

rng = np.random.default_rng(3)
X, Y = rng.normal(size=(5, 4)), rng.normal(size=(5, 4))
SIGNS = np.sign(rng.normal(size=(5, 4)))
P, Q = rng.uniform(0.1, 0.9, (2, 5, 4))
WEIGHT = np.array([0.5, 2.0, 0.0, 1.5])
LABELS = np.array([0, 3, 1, 2, 3])
SOME = np.array([0, -100, 1, 3, -100])
PICTURE, PLACES = rng.normal(size=(2, 4, 3, 2)), rng.integers(0, 4, (2, 3, 2))
SHARES = np.abs(rng.normal(size=(2, 4, 3, 2)))
THREE = tuple(rng.normal(size=(3, 5, 4)))


def cases() -> Iterator[tuple[str, tuple[Any, ...], dict[str, Any]]]:
    """The name of a loss, its inputs, and its arguments; floating inputs are differentiated by."""
    for weight, smoothing in product((None, WEIGHT), (0.0, 0.2)):
        options = {"weight": weight, "label_smoothing": smoothing}
        yield from (("cross_entropy", (X, target), options) for target in (LABELS, SOME, P))
        yield from (("cross_entropy", (PICTURE, target), options) for target in (PLACES, SHARES))
        yield from (("cross_entropy", (X[0], target), options) for target in (np.array(1), P[0]))
        yield "cross_entropy", (X, LABELS), {**options, "ignore_index": 3}
    for weight, ignore_index in product((None, WEIGHT), (-100, 1, 3)):
        options = {"weight": weight, "ignore_index": ignore_index}
        yield from (("nll_loss", inputs, options) for inputs in ((X, LABELS), (PICTURE, PLACES)))
        yield "nll_loss", (X[0], np.array(0)), options
    for p, margin, weight in product((1, 2), (1.0, 0.3), (None, WEIGHT)):
        yield "multi_margin_loss", (X, LABELS), {"p": p, "margin": margin, "weight": weight}
    yield "multi_margin_loss", (X[0], np.array(2)), {}
    yield "mse_loss", (X, Y), {}
    yield "l1_loss", (X, Y), {}
    yield from (("smooth_l1_loss", (X, Y), {"beta": beta}) for beta in (1.0, 0.3, 0.0))
    yield from (("huber_loss", (X, Y), {"delta": delta}) for delta in (1.0, 0.3))
    yield from (("binary_cross_entropy", (P, Q), {"weight": weight}) for weight in (None, WEIGHT))
    for weight, pos_weight in product((None, WEIGHT), (None, WEIGHT + 1)):
        options = {"weight": weight, "pos_weight": pos_weight}
        yield "binary_cross_entropy_with_logits", (X, Q), options
    yield "kl_div", (X, Q), {}
    yield "kl_div", (X, np.log(Q)), {"log_target": True}
    yield "kl_div", (X, Q), {"reduction": "batchmean"}
    for log_input, full in product((True, False), (True, False)):
        yield "poisson_nll_loss", (P, 3 * Q), {"log_input": log_input, "full": full}
    for full, var in product((True, False), (Q, Q[:, :1], Q[:, 0])):
        yield "gaussian_nll_loss", (X, Y, var), {"full": full}
    yield "gaussian_nll_loss", (X, Y, Q), {"eps": 0.5}
    yield "gaussian_nll_loss", (X, Y, Q[:1]), {}
    yield from (("hinge_embedding_loss", (X, SIGNS.astype(int)), {"margin": margin}) for margin in (1.0, 0.3))
    yield from (("margin_ranking_loss", (X, Y, SIGNS.astype(int)), {"margin": margin}) for margin in (0.0, 0.7))
    yield "soft_margin_loss", (X, SIGNS.astype(int)), {}
    for margin in (0.0, 0.2):
        yield "cosine_embedding_loss", (X, Y, SIGNS[:, 0].astype(int)), {"margin": margin}
    yield "cosine_embedding_loss", (X[0], Y[0], np.array(1)), {}
    for p, swap in product((2.0, 3.0), (True, False)):
        yield "triplet_margin_loss", THREE, {"p": p, "swap": swap, "margin": 0.5}
    yield from (("cosine_similarity", (X, Y), {"dim": dim}) for dim in (0, 1, -1))
    yield "cosine_similarity", (0.01 * X, Y), {"eps": 0.1}
    yield from (
        ("pairwise_distance", (X, Y), {"p": p, "keepdim": keepdim}) for p, keepdim in ((2.0, True), (1.0, False))
    )


def label(case: Any) -> str:
    name, inputs, options = case
    shapes = "-".join(str(x.shape) + x.dtype.kind for x in inputs)
    options = ",".join(f"{k}={'w' if isinstance(v, np.ndarray) else v}" for k, v in options.items())
    return f"{name}-{shapes}-{options}"


def torched(x: Any, dtype: str) -> Any:
    """An array, or an argument, as PyTorch takes it."""
    if not isinstance(x, np.ndarray):
        return x
    return torch.tensor(x.astype(dtype), requires_grad=True) if x.dtype.kind == "f" else torch.tensor(x)


@pytest.mark.parametrize("dtype", sorted(TOLERANCE))
@pytest.mark.parametrize("case", list(cases()), ids=label)
def test_loss(case: Any, dtype: str) -> None:
    name, inputs, options = case
    reductions = (
        ["mean", "sum", "none"]
        if "reduction" not in options and name.endswith(("loss", "entropy", "logits", "div"))
        else [None]
    )
    for reduction in reductions:
        more = {**options, "reduction": reduction} if reduction else options
        agree(name, inputs, more, dtype)


def agree(name: str, inputs: Any, options: Any, dtype: str) -> None:
    """The result, its gradients, and the gradients of a function of these."""
    xs = [Tensor(x.astype(dtype)) if x.dtype.kind == "f" else x for x in inputs]
    ts = [torched(x, dtype) for x in inputs]
    y = getattr(F, name)(*xs, **{k: v.astype(dtype) if isinstance(v, np.ndarray) else v for k, v in options.items()})
    theirs = {k: torched(v, dtype).detach() if isinstance(v, np.ndarray) else v for k, v in options.items()}
    t = getattr(torch.nn.functional, name)(*ts, **theirs)
    assert_close(y.data, t, dtype)
    leaves, theirs = [x for x in xs if isinstance(x, Tensor)], [x for x in ts if x.requires_grad]
    w = np.cos(np.arange(y.size)).reshape(y.shape).astype(dtype)
    first = pullback(y, Tensor(w, requires_grad=False), leaves, record=True)
    also = torch.autograd.grad(t, theirs, torch.tensor(w), create_graph=True)
    for x, g in zip(leaves, also, strict=True):
        assert_close(first[x].data, g, dtype)
    if name == "multi_margin_loss" or not any(g.requires_grad for g in also):  # PyTorch has no second one
        return
    second = pullback(sum(np.sum(np.square(first[x])) for x in leaves), np.ones((), dtype), leaves)
    also = torch.autograd.grad(sum((g * g).sum() for g in also), theirs, allow_unused=True)
    for x, g in zip(leaves, also, strict=True):
        zeros = np.zeros(x.shape, dtype)
        assert_close(second.get(x, zeros), zeros if g is None else g, dtype, scale=1.0)


def test_at_the_ends() -> None:
    p, target = np.array([0.0, 1.0, 0.0, 1.0]), np.array([0.0, 1.0, 1.0, 0.0])
    x, t = Tensor(p), torch.tensor(p, requires_grad=True)
    y = F.binary_cross_entropy(x, target, reduction="none")
    also = torch.nn.functional.binary_cross_entropy(t, torch.tensor(target), reduction="none")
    assert_close(y.data, also, "float64")
    y.sum().backward()
    also.sum().backward()
    np.testing.assert_allclose(x.grad, t.grad.numpy(), rtol=1e-8)  # PyTorch's 1e-12 is rounded to float32


def cubic(a: Any, b: Any) -> Any:
    """A distance that no loss has by itself."""
    return (abs(a - b) ** 3).sum(-1)


MODULES = [
    ("MSELoss", {}), ("L1Loss", {}), ("SmoothL1Loss", {"beta": 0.5}), ("HuberLoss", {"delta": 0.5}),
    ("PoissonNLLLoss", {"full": True}), ("KLDivLoss", {"log_target": True}), ("SoftMarginLoss", {}),
    ("BCEWithLogitsLoss", {}), ("HingeEmbeddingLoss", {"margin": 0.5}), ("GaussianNLLLoss", {"full": True}),
    ("MarginRankingLoss", {"margin": 0.5}), ("TripletMarginLoss", {"margin": 0.5, "swap": True}),
    ("TripletMarginWithDistanceLoss", {"margin": 0.5, "swap": True}),
    ("TripletMarginWithDistanceLoss", {"distance_function": cubic}),
]  # fmt: skip
"""What takes arrays alone."""


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize(
    ("name", "options"), MODULES, ids=lambda x: x if isinstance(x, str) else " ".join(x) or "plain"
)
def test_module(name: str, options: Any, reduction: str) -> None:
    inputs = {
        "GaussianNLLLoss": (X, Y, Q),
        "MarginRankingLoss": (X, Y, SIGNS),
        "TripletMarginLoss": THREE,
        "TripletMarginWithDistanceLoss": THREE,
    }.get(name, (X, SIGNS))
    ours = getattr(nn, name)(**options, reduction=reduction)(*map(Tensor, inputs))
    assert_close(
        ours.data, getattr(torch.nn, name)(**options, reduction=reduction)(*map(torch.tensor, inputs)), "float64"
    )


@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("CrossEntropyLoss", {"weight": WEIGHT, "ignore_index": 3, "label_smoothing": 0.1}),
        ("NLLLoss", {"weight": WEIGHT, "ignore_index": 3}),
        ("MultiMarginLoss", {"p": 2, "margin": 0.5, "weight": WEIGHT}),
    ],
)
def test_module_of_labels(name: str, options: Any, reduction: str) -> None:
    ours = getattr(nn, name)(**options, reduction=reduction)(Tensor(X), LABELS)
    options = {k: torch.tensor(v) if isinstance(v, np.ndarray) else v for k, v in options.items()}
    assert_close(
        ours.data,
        getattr(torch.nn, name)(**options, reduction=reduction)(torch.tensor(X), torch.tensor(LABELS)),
        "float64",
    )


def test_the_same_state_dict() -> None:
    for name, options in (("CrossEntropyLoss", ["weight"]), ("BCEWithLogitsLoss", ["weight", "pos_weight"])):
        theirs = getattr(torch.nn, name)(**{option: torch.tensor(WEIGHT) for option in options}).state_dict()
        ours = getattr(nn, name)(**dict.fromkeys(options, WEIGHT)).state_dict()
        assert {path: x.tolist() for path, x in ours.items()} == {path: t.tolist() for path, t in theirs.items()}
