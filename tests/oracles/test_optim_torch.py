"""PyTorch as an oracle for optimisers and schedules: the same steps from the same start."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
import pytest

from autograd import Tensor, Value
from nn import optim

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.filterwarnings("ignore:.*lr_scheduler.*:UserWarning", "ignore:The epoch parameter:UserWarning")


@pytest.fixture(autouse=True)
def _double_precision() -> Iterator[None]:
    """PyTorch keeps NAdam's product of momenta in its default dtype, whatever that of the parameters is."""
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)


TOLERANCE = {"float32": 1e-5, "float64": 1e-10}
rng = np.random.default_rng(4)
SHAPES = [(3, 4), (4,), (), (70, 80), (200, 300)]
STARTS = [rng.normal(size=shape) for shape in SHAPES]

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
    *((name, {}) for name in ("SGD", "Adagrad", "RMSprop", "Adam", "AdamW", "Adamax", "NAdam")),
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
        assert p.dtype == dtype
        np.testing.assert_allclose(p.data, q.detach().numpy(), rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype])


@pytest.mark.parametrize(("name", "options"), OPTIONS, ids=str)
def test_values(name: str, options: Any) -> None:
    ours, theirs = (
        [Value(2.0), Value(-1.0)],
        [torch.tensor(x, dtype=torch.float64, requires_grad=True) for x in (2, -1)],
    )
    optimizers = getattr(optim, name)(ours, **options), getattr(torch.optim, name)(theirs, **options)
    for _ in range(10):
        for xs, optimizer in zip((ours, theirs), optimizers, strict=True):
            optimizer.zero_grad()
            (xs[0] * xs[0] * xs[1] + xs[1] * xs[1]).backward()
            optimizer.step()
    np.testing.assert_allclose([x.data for x in ours], [x.item() for x in theirs], rtol=1e-10)


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
        np.testing.assert_allclose(p.data, q.detach().numpy(), rtol=1e-10)


SCHEDULES = [
    ("StepLR", {"step_size": 3, "gamma": 0.5}),
    ("MultiStepLR", {"milestones": [2, 5, 5, 9], "gamma": 0.5}),
    ("ExponentialLR", {"gamma": 0.9}),
    ("ConstantLR", {}),
    ("ConstantLR", {"factor": 0.5, "total_iters": 3}),
    ("LinearLR", {}),
    ("LinearLR", {"start_factor": 0.1, "end_factor": 0.5, "total_iters": 7}),
    ("PolynomialLR", {"total_iters": 8, "power": 2.0}),
    ("CosineAnnealingLR", {"T_max": 6, "eta_min": 0.01}),
    ("CosineAnnealingLR", {"T_max": 50}),
    ("CosineAnnealingWarmRestarts", {"T_0": 4}),
    ("CosineAnnealingWarmRestarts", {"T_0": 3, "T_mult": 2, "eta_min": 0.01}),
    ("OneCycleLR", {"max_lr": 0.7, "total_steps": 26}),
    ("OneCycleLR", {"max_lr": 0.7, "total_steps": 30, "anneal_strategy": "linear", "pct_start": 0.5}),
    ("LambdaLR", {"lr_lambda": lambda t: 1 / (1 + t)}),
]


def rates(optimizer: Any, schedule: Any, losses: Any = None) -> list[float]:
    """The rates of 25 steps."""
    found = []
    for i in range(25):
        optimizer.step()
        schedule.step(*(() if losses is None else (losses[i],)))
        found.append(optimizer.param_groups[0]["lr"])
    return found


def pair() -> tuple[Any, Any]:
    return optim.SGD([Tensor(1.0)], lr=0.4), torch.optim.SGD([torch.tensor(1.0, requires_grad=True)], lr=0.4)


@pytest.mark.parametrize(("name", "options"), SCHEDULES, ids=[f"{name}-{i}" for i, (name, _) in enumerate(SCHEDULES)])
def test_schedule(name: str, options: Any) -> None:
    ours, theirs = pair()
    more = {"cycle_momentum": False} if name == "OneCycleLR" else {}
    a = getattr(optim.lr_scheduler, name)(ours, **options)
    b = getattr(torch.optim.lr_scheduler, name)(theirs, **options, **more)
    assert ours.lr == pytest.approx(theirs.param_groups[0]["lr"], rel=1e-12)
    np.testing.assert_allclose(rates(ours, a), rates(theirs, b), rtol=1e-10, atol=1e-15)


def test_warm_up() -> None:
    found = []
    for optimizer, s in zip(pair(), (optim.lr_scheduler, torch.optim.lr_scheduler), strict=True):
        first, second = s.LinearLR(optimizer, 0.1, total_iters=4), s.CosineAnnealingLR(optimizer, 12)
        found.append(rates(optimizer, s.SequentialLR(optimizer, [first, second], [4])))
    np.testing.assert_allclose(found[0], found[1], rtol=1e-10)


def test_schedules_multiply() -> None:
    found = []
    for optimizer, s in zip(pair(), (optim.lr_scheduler, torch.optim.lr_scheduler), strict=True):
        s.ConstantLR(optimizer, 0.1)
        found.append(rates(optimizer, s.ExponentialLR(optimizer, 0.9)))
    np.testing.assert_allclose(found[0], found[1], rtol=1e-10)


@pytest.mark.parametrize(("mode", "threshold_mode"), list(product(("min", "max"), ("rel", "abs"))))
def test_plateau(mode: str, threshold_mode: str) -> None:
    losses = [1.0, 0.9, 0.9, 0.95, 0.9, 0.5, 0.51, 0.6, 0.7, 0.4, 0.4, 0.4, -1.0, *[-1.0001] * 12]
    options = {
        "mode": mode,
        "threshold_mode": threshold_mode,
        "patience": 1,
        "cooldown": 1,
        "min_lr": 0.01,
        "factor": 0.5,
    }
    found = []
    for optimizer, s in zip(pair(), (optim.lr_scheduler, torch.optim.lr_scheduler), strict=True):
        found.append(rates(optimizer, s.ReduceLROnPlateau(optimizer, **options), losses))
    np.testing.assert_allclose(found[0], found[1], rtol=1e-10)
