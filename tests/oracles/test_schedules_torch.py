"""PyTorch as an oracle for schedules: the same rates, epoch after epoch."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from autograd import Tensor
from nn import optim

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.filterwarnings("ignore:.*lr_scheduler.*:UserWarning", "ignore:The epoch parameter:UserWarning")

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
