"""PyTorch as an oracle for schedules: the same rates and momenta over 50 epochs, resumed in the middle."""

from __future__ import annotations

import math
from itertools import product
from typing import Any

import numpy as np
import pytest

from autograd import Tensor
from nn import optim

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.filterwarnings("ignore:.*lr_scheduler.*:UserWarning", "ignore:The epoch parameter:UserWarning")

EPOCHS = 50
CASES: list[tuple[str, dict[str, Any]]] = [
    ("StepLR", {"step_size": 3, "gamma": 0.5}),
    ("StepLR", {"step_size": 7}),
    ("MultiStepLR", {"milestones": [2, 5, 5, 9], "gamma": 0.5}),
    ("ExponentialLR", {"gamma": 0.9}),
    ("ConstantLR", {}),
    ("ConstantLR", {"factor": 0.5, "total_iters": 3}),
    ("LinearLR", {}),
    ("LinearLR", {"start_factor": 0.1, "end_factor": 0.5, "total_iters": 7}),
    ("LinearLR", {"start_factor": 1.0, "end_factor": 0.0, "total_iters": 12}),
    ("PolynomialLR", {}),
    ("PolynomialLR", {"total_iters": 8, "power": 2.0}),
    ("CosineAnnealingLR", {"T_max": 6, "eta_min": 0.01}),
    ("CosineAnnealingLR", {"T_max": 50}),
    ("CosineAnnealingWarmRestarts", {"T_0": 4}),
    ("CosineAnnealingWarmRestarts", {"T_0": 3, "T_mult": 2, "eta_min": 0.01}),
    *(("OneCycleLR", {"max_lr": 0.7, "total_steps": 50, "three_phase": t, "anneal_strategy": a, "pct_start": p})
      for t, a, p in product((False, True), ("cos", "linear"), (0.3, 0.45))),
    ("OneCycleLR", {"max_lr": [0.7, 0.5], "epochs": 10, "steps_per_epoch": 6, "div_factor": 5, "final_div_factor": 9}),
    ("OneCycleLR", {"max_lr": 0.7, "total_steps": 50, "base_momentum": [0.5, 0.6], "max_momentum": 0.7}),
    ("OneCycleLR", {"max_lr": 0.7, "total_steps": 50, "cycle_momentum": False}),
    *(("CyclicLR", {"base_lr": 0.1, "max_lr": 0.9, "step_size_up": 6, "mode": mode, "gamma": 0.95})
      for mode in ("triangular", "triangular2", "exp_range")),
    ("CyclicLR", {"base_lr": [0.1, 0.2], "max_lr": 0.9, "step_size_up": 4, "step_size_down": 9, "base_momentum": 0.5}),
    ("CyclicLR", {"base_lr": 0.1, "max_lr": 0.9, "step_size_up": 5, "cycle_momentum": False}),
    *(("CyclicLR", {"base_lr": 0.1, "max_lr": 0.9, "step_size_up": 5, "scale_fn": lambda x: 1 / x if x else 1.0,
                    "scale_mode": mode}) for mode in ("cycle", "iterations")),
    ("LambdaLR", {"lr_lambda": lambda t: 1 / (1 + t)}),
    ("LambdaLR", {"lr_lambda": [lambda t: 1 / (1 + t), lambda t: 0.9**t]}),
    ("MultiplicativeLR", {"lr_lambda": lambda t: 0.9 + 0.01 * math.sin(t)}),
]  # fmt: skip
LIBRARIES = (optim, torch.optim)


def optimizer_of(lib: Any, name: str = "SGD") -> Any:
    """Two groups with steps of different lengths."""
    xs = [Tensor(1.0), Tensor(2.0)] if lib is optim else [torch.tensor(1.0, requires_grad=True) for _ in range(2)]
    options = {"momentum": 0.9} if name == "SGD" else {}
    return getattr(lib, name)([{"params": [xs[0]]}, {"params": [xs[1]], "lr": 0.2}], lr=0.4, **options)


def numbers(optimizer: Any) -> list[Any]:
    """What a schedule may write: lengths, momenta and betas."""
    return [[g["lr"], g.get("momentum", 0.0), *g.get("betas", ())] for g in optimizer.param_groups]


def course(optimizer: Any, schedule: Any, epochs: int = EPOCHS) -> list[Any]:
    """The numbers of all epochs."""
    found = [numbers(optimizer)]
    for _ in range(epochs):
        optimizer.step()
        schedule.step()
        found.append(numbers(optimizer))
    return found


@pytest.mark.parametrize("which", ["SGD", "AdamW"])
@pytest.mark.parametrize(("name", "options"), CASES, ids=[f"{name}-{i}" for i, (name, _) in enumerate(CASES)])
def test_schedule(name: str, options: Any, which: str) -> None:
    found = []
    for lib in LIBRARIES:
        optimizer = optimizer_of(lib, which)
        found.append(course(optimizer, getattr(lib.lr_scheduler, name)(optimizer, **options)))
    np.testing.assert_allclose(found[0], found[1], rtol=1e-10, atol=1e-15)


@pytest.mark.parametrize(("name", "options"), CASES, ids=[f"{name}-{i}" for i, (name, _) in enumerate(CASES)])
def test_resumed(name: str, options: Any) -> None:
    optimizer = optimizer_of(optim)
    schedule = getattr(optim.lr_scheduler, name)(optimizer, **options)
    course(optimizer, schedule, 20)
    other = optimizer_of(optim)
    again = getattr(optim.lr_scheduler, name)(other, **options)
    other.load_state_dict(optimizer.state_dict())
    again.load_state_dict(schedule.state_dict())
    theirs = optimizer_of(torch.optim)
    whole = course(theirs, getattr(torch.optim.lr_scheduler, name)(theirs, **options))
    np.testing.assert_allclose(course(other, again, EPOCHS - 20), whole[20:], rtol=1e-10, atol=1e-15)


def test_one_after_the_other() -> None:
    found = []
    for lib in LIBRARIES:
        optimizer, s = optimizer_of(lib), lib.lr_scheduler
        parts = [
            s.LinearLR(optimizer, 0.1, total_iters=4),
            s.CosineAnnealingLR(optimizer, 12),
            s.StepLR(optimizer, 5, 0.5),
        ]
        found.append(course(optimizer, s.SequentialLR(optimizer, parts, [4, 16])))
    np.testing.assert_allclose(found[0], found[1], rtol=1e-10)


def test_all_together() -> None:
    found = []
    for lib in LIBRARIES:
        optimizer, s = optimizer_of(lib), lib.lr_scheduler
        parts = [s.ConstantLR(optimizer, 0.1), s.ExponentialLR(optimizer, 0.9), s.StepLR(optimizer, 7, 0.5)]
        found.append(course(optimizer, s.ChainedScheduler(parts)))
    np.testing.assert_allclose(found[0], found[1], rtol=1e-10)


def test_two_schedules_of_one_optimiser() -> None:
    found = []
    for lib in LIBRARIES:
        optimizer = optimizer_of(lib)
        lib.lr_scheduler.ConstantLR(optimizer, 0.1)
        found.append(course(optimizer, lib.lr_scheduler.ExponentialLR(optimizer, 0.9)))
    np.testing.assert_allclose(found[0], found[1], rtol=1e-10)


@pytest.mark.parametrize("min_lr", [0.01, [0.1, 0.02]])
@pytest.mark.parametrize(("mode", "threshold_mode"), list(product(("min", "max"), ("rel", "abs"))))
def test_plateau(mode: str, threshold_mode: str, min_lr: Any) -> None:
    losses = [1.0, 0.9, 0.9, 0.95, 0.9, 0.5, 0.51, 0.6, 0.7, 0.4, 0.4, 0.4, -1.0, *[-1.0001] * 12]
    options = {"mode": mode, "threshold_mode": threshold_mode, "patience": 1, "cooldown": 1, "factor": 0.5}
    found = []
    for lib in LIBRARIES:
        optimizer = optimizer_of(lib)
        schedule = lib.lr_scheduler.ReduceLROnPlateau(optimizer, min_lr=min_lr, **options)
        found.append([])
        for loss in losses * 2:
            schedule.step(loss)
            found[-1].append(numbers(optimizer))
    np.testing.assert_allclose(found[0], found[1], rtol=1e-10)


def test_a_training_with_a_schedule() -> None:
    found = []
    for lib in LIBRARIES:
        x = Tensor([3.0, -2.0]) if lib is optim else torch.tensor([3.0, -2.0], dtype=torch.float64, requires_grad=True)
        optimizer = lib.SGD([x], lr=0.1)
        schedule = lib.lr_scheduler.OneCycleLR(optimizer, 0.2, 50)
        for _ in range(50):
            optimizer.zero_grad()
            (x * x + 0.1 * x).sum().backward()
            optimizer.step()
            schedule.step()
        found.append(x.tolist())
    np.testing.assert_allclose(found[0], found[1], rtol=1e-10)
