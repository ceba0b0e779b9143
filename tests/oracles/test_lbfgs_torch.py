"""PyTorch as an oracle for L-BFGS: the loss at every call of the closure, where it ends, and what is resumed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import Tensor, Value
from nn import functional as F  # noqa: N812 -- PyTorch's abbreviation
from nn import optim

from .agreement import assert_close

torch = pytest.importorskip("torch")

rng = np.random.default_rng(6)
X = rng.normal(size=(40, 3))
LABELS = (X[:, 0] * X[:, 1] + 0.3 * rng.normal(size=40) > 0).astype(int)
BEFORE = {
    "rosenbrock": [np.array([-1.2, 1.0])],
    "logistic regression": [rng.normal(size=(2, 3)), np.zeros(2)],
    "perceptron": [rng.normal(size=shape) for shape in ((5, 3), (5,), (2, 5), (2,))],
}


def loss_of(problem: str, xs: Any, lib: Any) -> Any:
    """The loss in either library."""
    if problem == "rosenbrock":
        (x,) = xs
        return 100 * (x[1] - x[0] ** 2) ** 2 + (1 - x[0]) ** 2
    dtype = str(xs[0].dtype).removeprefix("torch.")
    inputs, labels = X.astype(dtype), LABELS
    if lib is F:
        linear, cross_entropy, tanh = F.linear, F.cross_entropy, F.tanh
    else:
        linear, cross_entropy, tanh = lib.linear, lib.cross_entropy, torch.tanh
        inputs, labels = torch.tensor(inputs), torch.tensor(labels)
    scores = linear(inputs, xs[0], xs[1])
    if problem == "perceptron":
        scores = linear(tanh(scores), xs[2], xs[3])
    return cross_entropy(scores, labels) + 0.01 * sum((x * x).sum() for x in xs)


def train(problem: str, xs: Any, optimizer: Any, lib: Any, steps: int) -> list[float]:
    """The loss at every call of the closure."""
    losses: list[float] = []

    def closure() -> Any:
        optimizer.zero_grad()
        loss = loss_of(problem, xs, lib)
        loss.backward()
        losses.append(loss.item())
        return loss

    for _ in range(steps):
        optimizer.step(closure)
    return losses


def both(problem: str, dtype: str) -> tuple[Any, Any]:
    before = BEFORE[problem]
    return [Tensor(x, dtype=dtype) for x in before], [torch.tensor(x.astype(dtype), requires_grad=True) for x in before]


WOLFE = {"line_search_fn": "strong_wolfe"}
OPTIONS = [
    {}, {"lr": 0.1}, {"history_size": 3, "lr": 0.5}, {"max_iter": 4}, {"tolerance_grad": 0.1},
    {"tolerance_change": 1e-3},
    WOLFE, {**WOLFE, "lr": 0.3}, {**WOLFE, "max_iter": 5, "history_size": 2}, {**WOLFE, "max_eval": 3},
    {**WOLFE, "max_eval": 1}, {**WOLFE, "tolerance_change": 1e-2},
]  # fmt: skip


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("problem", list(BEFORE))
def test_every_loss_on_the_way(problem: str, options: Any) -> None:
    ours, theirs = both(problem, "float64")
    a = train(problem, ours, optim.LBFGS(ours, **options), F, 3)
    b = train(problem, theirs, torch.optim.LBFGS(theirs, **options), torch.nn.functional, 3)
    assert len(a) == len(b)
    assert_close(a[:25], b[:25], "float64")
    np.testing.assert_allclose(a, b, rtol=1e-6, atol=1e-10)  # farther on, the divisions by small curvatures show
    for p, q in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(p.data, q.detach().numpy(), rtol=0, atol=1e-6)


@pytest.mark.parametrize(
    ("problem", "options"),
    [
        ("logistic regression", {"lr": 0.3, "max_iter": 10}),
        ("perceptron", {"max_iter": 10}),
        ("perceptron", {**WOLFE, "max_iter": 5}),
    ],
)
def test_single_precision(problem: str, options: Any) -> None:
    ours, theirs = both(problem, "float32")
    a = train(problem, ours, optim.LBFGS(ours, **options), F, 1)
    b = train(problem, theirs, torch.optim.LBFGS(theirs, **options), torch.nn.functional, 1)
    assert len(a) == len(b)
    assert_close(np.float32(a), np.float32(b), "float32")
    assert_close(np.concatenate(ours, axis=None).data, torch.cat([q.flatten() for q in theirs]), "float32")


def test_values() -> None:
    ours, theirs = (
        [Value(-1.2), Value(1.0)],
        [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in (-1.2, 1.0)],
    )
    found = []
    for (x, y), optimizer in ((ours, optim.LBFGS(ours, **WOLFE)), (theirs, torch.optim.LBFGS(theirs, **WOLFE))):

        def closure(x: Any = x, y: Any = y, optimizer: Any = optimizer) -> Any:
            optimizer.zero_grad()
            loss = 100 * (y - x**2) ** 2 + (1 - x) ** 2
            loss.backward()
            return loss

        optimizer.step(closure)
        found.append([float(x.data), float(y.data)])
    assert_close(found[0], found[1], "float64")


@pytest.mark.parametrize("options", [{"history_size": 5}, WOLFE], ids=str)
@pytest.mark.parametrize("problem", list(BEFORE))
def test_a_training_that_pytorch_began_goes_on_here(problem: str, options: Any) -> None:
    ours, theirs = both(problem, "float64")
    first, second = torch.optim.LBFGS(theirs, max_iter=5, **options), optim.LBFGS(ours, max_iter=5, **options)
    train(problem, theirs, first, torch.nn.functional, 2)
    for p, q in zip(ours, theirs, strict=True):
        p.data = q.detach().numpy().copy()
    second.load_state_dict(first.state_dict())
    a, b = train(problem, ours, second, F, 1), train(problem, theirs, first, torch.nn.functional, 1)
    assert len(a) == len(b)
    assert_close(a, b, "float64")


def test_a_parameter_without_a_gradient() -> None:
    found = []
    for make, lib in ((Tensor, optim), (lambda x: torch.tensor(x, requires_grad=True), torch.optim)):
        x, unused = make([3.0, 1.0]), make([2.0])
        optimizer = lib.LBFGS([unused, x], lr=0.5)

        def closure(x: Any = x, optimizer: Any = optimizer) -> Any:
            optimizer.zero_grad()
            loss = (x * x * x * x).sum()
            loss.backward()
            return loss

        optimizer.step(closure)
        found.append([number for p in (unused, x) for number in p.tolist()])
    np.testing.assert_allclose(found[0], found[1], rtol=1e-5)
