"""PyTorch as an oracle for optimisers: the same steps from the same start."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
import pytest

from autograd import Tensor, Value
from nn import optim

from .agreement import TOLERANCE, assert_close

torch = pytest.importorskip("torch")


@pytest.fixture(autouse=True)
def _double_precision() -> Iterator[None]:
    """PyTorch keeps NAdam's product of momenta in its default dtype, whatever that of the parameters is."""
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


rng = np.random.default_rng(4)
SHAPES = [(3, 4), (4,), (), (70, 80), (200, 300)]
STARTS = [rng.normal(size=shape) for shape in SHAPES]

ALL = ["SGD", "Adagrad", "RMSprop", "Adam", "AdamW", "Adamax", "NAdam", "RAdam", "Adadelta", "Rprop", "ASGD"]
OPTIONS = [
    *(("SGD", {"lr": 0.1, "momentum": m, "dampening": d, "weight_decay": w, "nesterov": n})
      for m, d, w, n in ((0, 0, 0.1, False), (0.9, 0, 0, False), (0.9, 0.3, 0.1, False), (0.8, 0, 0.1, True))),
    *(("Adagrad", {"lr": 0.1, "lr_decay": d, "weight_decay": w, "initial_accumulator_value": a})
      for d, w, a in product((0, 0.1), (0, 0.1), (0, 0.5))),
    *(("RMSprop", {"weight_decay": w, "momentum": m, "centered": c, "alpha": 0.9})
      for w, m, c in product((0, 0.1), (0, 0.9), (False, True))),
    *((name, {"lr": 0.05, "betas": b, "weight_decay": w, "amsgrad": a})
      for name, b, w, a in product(("Adam", "AdamW"), ((0.9, 0.999), (0.5, 0.7)), (0, 0.1), (False, True))),
    *(("Adamax", {"lr": 0.05, "weight_decay": w}) for w in (0, 0.1)),
    *(("NAdam", {"lr": 0.05, "weight_decay": w, "decoupled_weight_decay": d})
      for w, d in ((0, False), (0.1, False), (0.1, True))),
    *(("RAdam", {"lr": 0.05, "betas": b, "weight_decay": w, "decoupled_weight_decay": d})
      for b, w, d in (((0.9, 0.99), 0, False), ((0.5, 0.7), 0.1, False), ((0.9, 0.999), 0.1, True))),
    *(("Adadelta", {"rho": r, "eps": 1e-3, "weight_decay": w}) for r, w in ((0.9, 0), (0.5, 0.1))),
    *(("Rprop", {"lr": 0.02, **more}) for more in ({}, {"etas": (0.4, 2.0), "step_sizes": (0.01, 0.1)})),
    *(("ASGD", {"lr": 0.1, **more}) for more in ({"lambd": 0.1, "alpha": 0.5}, {"t0": 5, "weight_decay": 0.1})),
    *((name, {"maximize": True, "lr": 1e-3}) for name in ALL),
    *((name, {}) for name in ALL),
]  # fmt: skip


def bowl(x: Any, i: int) -> Any:
    """Something to go down, another one in each step."""
    return (x * x * x * x * 0.1 + x * x * (0.1 + 0.01 * i) - 0.3 * x).sum()


@pytest.mark.parametrize("dtype", sorted(TOLERANCE))
@pytest.mark.parametrize(("name", "options"), OPTIONS, ids=str)
def test_twenty_steps(name: str, options: Any, dtype: str) -> None:
    ours = [Tensor(x, dtype=dtype) for x in STARTS]
    theirs = [torch.tensor(x.astype(dtype), requires_grad=True) for x in STARTS]
    ours_optimizer = getattr(optim, name)(ours, **options)
    theirs_optimizer = getattr(torch.optim, name)(theirs, **options)
    for i in range(20):
        ours_optimizer.zero_grad()
        theirs_optimizer.zero_grad()
        sum(bowl(x, i) for k, x in enumerate(ours) if k != i % 7).backward()  # one has no gradient now and then
        sum(bowl(x, i) for k, x in enumerate(theirs) if k != i % 7).backward()
        ours_optimizer.step()
        theirs_optimizer.step()
    for p, q in zip(ours, theirs, strict=True):
        assert_close(p.data, q, dtype)


@pytest.mark.parametrize(("name", "options"), OPTIONS, ids=str)
def test_values(name: str, options: Any) -> None:
    ours, theirs = [Value(2.0), Value(-1.0)], [torch.tensor(x, requires_grad=True) for x in (2.0, -1.0)]
    optimizers = getattr(optim, name)(ours, **options), getattr(torch.optim, name)(theirs, **options)
    for _ in range(10):
        for xs, optimizer in zip((ours, theirs), optimizers, strict=True):
            optimizer.zero_grad()
            (xs[0] * xs[0] * xs[1] + xs[1] * xs[1]).backward()
            optimizer.step()
    assert_close([x.data for x in ours], [x.item() for x in theirs], "float64")


@pytest.mark.parametrize("groups", [[{"lr": 0.2}, {"weight_decay": 0.1}]])
def test_groups(groups: Any) -> None:
    ours, theirs = [Tensor(x) for x in STARTS[:2]], [torch.tensor(x, requires_grad=True) for x in STARTS[:2]]
    ours_optimizer = optim.AdamW([{"params": [p], **g} for p, g in zip(ours, groups, strict=True)])
    theirs_optimizer = torch.optim.AdamW([{"params": [p], **g} for p, g in zip(theirs, groups, strict=True)])
    for i in range(5):
        for xs, optimizer in ((ours, ours_optimizer), (theirs, theirs_optimizer)):
            optimizer.zero_grad()
            sum(bowl(x, i) for x in xs).backward()
            optimizer.step()
    for p, q in zip(ours, theirs, strict=True):
        assert_close(p.data, q, "float64")


@pytest.mark.parametrize("name", ALL)
def test_a_training_that_pytorch_began_goes_on_here(name: str) -> None:
    options = {"momentum": 0.9, "dampening": 0.1} if name == "SGD" else {}
    theirs = [torch.tensor(x, requires_grad=True) for x in STARTS[:3]]
    first = getattr(torch.optim, name)(theirs, lr=0.05, **options)

    def steps(xs: Any, optimizer: Any) -> None:
        for i in range(10):
            optimizer.zero_grad()
            sum(bowl(x, i) for x in xs).backward()
            optimizer.step()

    steps(theirs, first)
    ours = [Tensor(x.detach().numpy().copy()) for x in theirs]
    second = getattr(optim, name)(ours, **options)
    second.load_state_dict(first.state_dict())
    assert second.lr == 0.05
    steps(theirs, first)
    steps(ours, second)
    for p, q in zip(ours, theirs, strict=True):
        assert_close(p.data, q, "float64")


def published(name: str) -> list[Any]:
    """The options with which PyTorch's own tests run an optimiser."""
    pytest.importorskip("expecttest", reason="PyTorch's own tests need it")
    common = pytest.importorskip("torch.testing._internal.common_optimizers")
    (inputs,) = [info.optim_inputs_func("cpu") for info in common.optim_db if info.optim_cls.__name__ == name]
    return [case.kwargs for case in inputs]


@pytest.mark.parametrize("dtype", sorted(TOLERANCE))
@pytest.mark.parametrize("name", [*ALL, "LBFGS"])
def test_the_inputs_of_pytorchs_own_tests(name: str, dtype: str) -> None:
    if name == "LBFGS" and dtype == "float32":
        pytest.skip("its line search ends where rounding decides; float32 is compared in test_lbfgs_torch.py")
    cases = published(name)
    assert len(cases) >= 5
    for options in cases:
        ours = [Tensor(x, dtype=dtype) for x in STARTS[:3]]
        theirs = [torch.tensor(x.astype(dtype), requires_grad=True) for x in STARTS[:3]]
        plain = {k: x.item() if isinstance(x, torch.Tensor) else x for k, x in options.items()}
        a, b = getattr(optim, name)(ours, **plain), getattr(torch.optim, name)(theirs, **options)
        for i in range(5 if name == "LBFGS" else 20):  # each of LBFGS moves up to 20 times
            a.step(closure(ours, a, 0 if name == "LBFGS" else i))
            b.step(closure(theirs, b, 0 if name == "LBFGS" else i))
        for p, q in zip(ours, theirs, strict=True):
            assert_close(p.data, q, dtype)


def closure(xs: Any, optimizer: Any, i: int) -> Any:
    """What a step calls: the bowl, and its gradients."""

    def loss_and_gradients() -> Any:
        optimizer.zero_grad()
        loss = sum(bowl(x, i) for x in xs)
        loss.backward()
        return loss

    return loss_and_gradients
