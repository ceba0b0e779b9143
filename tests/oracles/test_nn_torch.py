"""PyTorch as an oracle for ``nn``: the same weights give the same outputs, gradients and steps."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

import nn
from autograd import Tensor
from nn import functional as F  # noqa: N812 -- PyTorch's abbreviation

torch = pytest.importorskip("torch")

TOLERANCE = {"float32": 1e-5, "float64": 1e-10}
every_dtype = pytest.mark.parametrize("dtype", sorted(TOLERANCE))
rng = np.random.default_rng(2)


def close(ours: Any, theirs: Any, dtype: str) -> None:
    """The same numbers, to the precision of the dtype; and the same dtype."""
    theirs = theirs.detach().numpy()
    assert np.asarray(ours).dtype == theirs.dtype == dtype
    np.testing.assert_allclose(ours, theirs, rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype])


def both(x: Any, dtype: str) -> tuple[Tensor, Any]:
    """The same array as a Tensor of ours and as one of theirs."""
    x = np.asarray(x, dtype=dtype)
    return Tensor(x), torch.tensor(x, requires_grad=True)


def agree(ours: Any, theirs: Any, x: Tensor, t: Any, dtype: str) -> None:
    """Results and gradients agree."""
    close(ours.data, theirs, dtype)
    w = np.cos(np.arange(ours.size)).reshape(ours.shape).astype(dtype)
    ours.backward(w)
    theirs.backward(torch.tensor(w))
    close(x.grad, t.grad, dtype)


# Layers.

LAYERS = [
    (nn.ReLU(), torch.nn.ReLU()),
    (nn.Tanh(), torch.nn.Tanh()),
    (nn.Sigmoid(), torch.nn.Sigmoid()),
    (nn.Identity(), torch.nn.Identity()),
    (nn.Softmax(dim=1), torch.nn.Softmax(dim=1)),
    (nn.LogSoftmax(dim=0), torch.nn.LogSoftmax(dim=0)),
    (nn.Flatten(), torch.nn.Flatten()),
]


@every_dtype
@pytest.mark.parametrize(("ours", "theirs"), LAYERS, ids=lambda layer: repr(layer))
def test_layer(ours: nn.Module, theirs: Any, dtype: str) -> None:
    x, t = both(3 * rng.normal(size=(4, 3, 2)), dtype)
    agree(ours(x), theirs(t), x, t, dtype)


@pytest.mark.parametrize(("ours", "theirs"), LAYERS, ids=lambda layer: repr(layer))
def test_the_same_repr(ours: nn.Module, theirs: Any) -> None:
    assert repr(ours).replace("(dim=-1)", "(dim=None)") == repr(theirs)


@every_dtype
@pytest.mark.parametrize("shape", [(3,), (5, 3), (2, 5, 3)])
@pytest.mark.parametrize("bias", [True, False])
def test_linear(shape: tuple[int, ...], bias: bool, dtype: str) -> None:
    ours = nn.Linear(3, 2, bias, dtype=dtype)
    theirs = torch.nn.Linear(3, 2, bias, dtype=getattr(torch, dtype))
    ours.load_state_dict(theirs.state_dict())
    x, t = both(rng.normal(size=shape), dtype)
    agree(ours(x), theirs(t), x, t, dtype)
    for p, q in zip(ours.parameters(), theirs.parameters(), strict=True):
        close(p.grad, q.grad, dtype)
    assert repr(ours) == repr(theirs)


# Losses.


@every_dtype
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
@pytest.mark.parametrize("soft", [False, True])
def test_cross_entropy(reduction: str, soft: bool, dtype: str) -> None:
    x, t = both(3 * rng.normal(size=(5, 4)), dtype)
    target = np.abs(rng.normal(size=(5, 4))).astype(dtype) if soft else rng.integers(0, 4, 5)
    theirs = torch.nn.CrossEntropyLoss(reduction=reduction)(t, torch.tensor(target))
    agree(nn.CrossEntropyLoss(reduction=reduction)(x, target), theirs, x, t, dtype)


@every_dtype
def test_cross_entropy_of_one_example(dtype: str) -> None:
    x, t = both(rng.normal(size=4), dtype)
    agree(F.cross_entropy(x, 2), torch.nn.functional.cross_entropy(t, torch.tensor(2)), x, t, dtype)


@every_dtype
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_nll_loss(reduction: str, dtype: str) -> None:
    x, t = both(rng.normal(size=(5, 4)), dtype)
    target = rng.integers(0, 4, 5)
    theirs = torch.nn.functional.nll_loss(t, torch.tensor(target), reduction=reduction)
    agree(F.nll_loss(x, target, reduction=reduction), theirs, x, t, dtype)


@every_dtype
@pytest.mark.parametrize("reduction", ["mean", "sum", "none"])
def test_mse_loss(reduction: str, dtype: str) -> None:
    x, t = both(rng.normal(size=(5, 4)), dtype)
    target = rng.normal(size=(5, 4)).astype(dtype)
    theirs = torch.nn.MSELoss(reduction=reduction)(t, torch.tensor(target))
    agree(nn.MSELoss(reduction=reduction)(x, target), theirs, x, t, dtype)


@every_dtype
def test_masked_logits(dtype: str) -> None:
    x, t = both([[0.5, -np.inf, 1.5], [2.0, 1.0, -np.inf]], dtype)
    target = np.array([2, 0])
    agree(F.cross_entropy(x, target), torch.nn.functional.cross_entropy(t, torch.tensor(target)), x, t, dtype)


# Training.

OPTIONS = [
    {"lr": 0.1},
    {"lr": 0.1, "momentum": 0.9},
    {"lr": 0.1, "weight_decay": 0.05},
    {"lr": 0.05, "momentum": 0.8, "weight_decay": 0.01, "nesterov": True},
]


def sequential(sizes: tuple[int, ...], dtype: str) -> Any:
    """Their network of linear layers with tanh between them."""
    layers = []
    for n, m in pairwise(sizes):
        layers += [torch.nn.Linear(n, m, dtype=getattr(torch, dtype)), torch.nn.Tanh()]
    return torch.nn.Sequential(*layers[:-1])


@every_dtype
@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_twenty_steps(options: dict[str, Any], dtype: str) -> None:
    theirs = sequential((6, 16, 8, 4), dtype)
    ours = nn.MLP(6, 16, 8, 4, activation="tanh", dtype=dtype)
    ours.load_state_dict(theirs.state_dict())
    ours_sgd, theirs_sgd = nn.SGD(ours.parameters(), **options), torch.optim.SGD(theirs.parameters(), **options)
    X, y = rng.normal(size=(20, 32, 6)).astype(dtype), rng.integers(0, 4, (20, 32))
    for step in range(20):
        loss = nn.cross_entropy(ours(X[step]), y[step])
        also = torch.nn.functional.cross_entropy(theirs(torch.tensor(X[step])), torch.tensor(y[step]))
        close(loss.data, also, dtype)
        ours_sgd.zero_grad()
        theirs_sgd.zero_grad()
        loss.backward()
        also.backward()
        ours_sgd.step()
        theirs_sgd.step()
    for p, q in zip(ours.parameters(), theirs.parameters(), strict=True):
        close(p.data, q, dtype)


def test_weights_travel_both_ways() -> None:
    ours, theirs = nn.MLP(3, 5, 2, activation="tanh"), sequential((3, 5, 2), "float32")
    theirs.load_state_dict({path: torch.tensor(array) for path, array in ours.state_dict().items()})
    x = rng.normal(size=(4, 3)).astype(np.float32)
    close(ours(x).data, theirs(torch.tensor(x)), "float32")
    assert list(ours.state_dict()) == list(theirs.state_dict())


def test_the_repr_of_a_network() -> None:
    ours = nn.Sequential(nn.Linear(2, 3), nn.Sequential(nn.Tanh(), nn.Linear(3, 1, bias=False)))
    theirs = torch.nn.Sequential(
        torch.nn.Linear(2, 3), torch.nn.Sequential(torch.nn.Tanh(), torch.nn.Linear(3, 1, bias=False))
    )
    assert repr(ours) == repr(theirs)


def test_initial_weights_have_the_same_distribution() -> None:
    nn.manual_seed(0)
    torch.manual_seed(0)
    ours, theirs = nn.Linear(256, 256), torch.nn.Linear(256, 256)
    for p, q in zip(ours.parameters(), theirs.parameters(), strict=True):
        assert p.data.std() == pytest.approx(q.std().item(), rel=0.1)
        assert np.abs(p.data).max() == pytest.approx(q.abs().max().item(), rel=0.02)
