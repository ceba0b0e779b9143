"""Schedules by hand, resumed, nested, and their messages. Against PyTorch: ``tests/oracles``."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from autograd import Tensor, errors
from nn import optim
from nn.optim import lr_scheduler as schedules


def sgd(lr: float = 0.1) -> Any:
    return optim.SGD([Tensor(1.0)], lr=lr)


ALL = {
    "LambdaLR": lambda opt: schedules.LambdaLR(opt, lambda t: 1 / (1 + t)),
    "MultiplicativeLR": lambda opt: schedules.MultiplicativeLR(opt, lambda t: 0.9),
    "StepLR": lambda opt: schedules.StepLR(opt, 3),
    "MultiStepLR": lambda opt: schedules.MultiStepLR(opt, [2, 7]),
    "ConstantLR": lambda opt: schedules.ConstantLR(opt, total_iters=6),
    "LinearLR": lambda opt: schedules.LinearLR(opt, 0.1, total_iters=7),
    "ExponentialLR": lambda opt: schedules.ExponentialLR(opt, 0.9),
    "PolynomialLR": lambda opt: schedules.PolynomialLR(opt, 8, 2.0),
    "CosineAnnealingLR": lambda opt: schedules.CosineAnnealingLR(opt, 7),
    "CosineAnnealingWarmRestarts": lambda opt: schedules.CosineAnnealingWarmRestarts(opt, 3, 2),
    "OneCycleLR": lambda opt: schedules.OneCycleLR(opt, 1.0, 20),
    "CyclicLR": lambda opt: schedules.CyclicLR(opt, 0.1, 0.9, 4, mode="exp_range", gamma=0.9),
    "ReduceLROnPlateau": lambda opt: schedules.ReduceLROnPlateau(opt, patience=1, factor=0.5),
    "SequentialLR": lambda opt: schedules.SequentialLR(
        opt, [schedules.LinearLR(opt, 0.1), schedules.ExponentialLR(opt, 0.9)], [4]
    ),
    "ChainedScheduler": lambda opt: schedules.ChainedScheduler(
        [schedules.ConstantLR(opt, 0.1, 6), schedules.ExponentialLR(opt, 0.9)]
    ),
}


def test_every_schedule_is_here() -> None:
    assert {"LRScheduler", *ALL} == set(schedules.__all__)


def rates(name: str, optimizer: Any, schedule: Any, epochs: range) -> list[Any]:
    found = []
    for i in epochs:
        schedule.step(*([math.cos(i)] if name == "ReduceLROnPlateau" else []))
        found.append((optimizer.lr, optimizer.param_groups[0]["momentum"]))
    return found


@pytest.mark.parametrize("name", list(ALL))
def test_a_schedule_that_is_resumed_goes_on_as_if_it_had_not_stopped(name: str) -> None:
    optimizer = sgd()
    schedule = ALL[name](optimizer)
    rates(name, optimizer, schedule, range(5))
    saved = json.loads(json.dumps([optimizer.state_dict(), schedule.state_dict()]))  # plain numbers, lists and dicts
    there = sgd(0.3)
    again = ALL[name](there)
    there.load_state_dict(saved[0])
    again.load_state_dict(saved[1])
    assert rates(name, there, again, range(5, 15)) == rates(name, optimizer, schedule, range(5, 15))
    assert again.get_last_lr() == schedule.get_last_lr()


def test_schedules_inside_schedules() -> None:
    optimizer = sgd(1.0)
    warm_up = schedules.ChainedScheduler(
        [schedules.ConstantLR(optimizer, 0.5, 2), schedules.ConstantLR(optimizer, 0.5, 3)]
    )
    after = schedules.ExponentialLR(optimizer, 0.5)
    schedule = schedules.SequentialLR(optimizer, [schedules.SequentialLR(optimizer, [warm_up, after], [4])], [])
    found = [optimizer.lr]
    for _ in range(6):
        schedule.step()
        found.append(optimizer.lr)
    assert found == [0.25, 0.25, 0.5, 1.0, 1.0, 0.5, 0.25]


def test_momentum_goes_against_the_rate() -> None:
    optimizer = optim.Adam([Tensor(1.0)])
    schedule = schedules.CyclicLR(optimizer, 0.1, 0.5, 2, base_momentum=0.8, max_momentum=0.9)
    found = []
    for _ in range(4):
        found.append((optimizer.lr, *optimizer.param_groups[0]["betas"]))
        schedule.step()
    expected = [(0.1, 0.9, 0.999), (0.3, 0.85, 0.999), (0.5, 0.8, 0.999), (0.3, 0.85, 0.999)]
    assert [numbers == pytest.approx(others) for numbers, others in zip(found, expected, strict=True)] == [True] * 4


def test_epochs_times_steps() -> None:
    one, other = (
        schedules.OneCycleLR(sgd(), 1.0, **more) for more in ({"total_steps": 6}, {"epochs": 2, "steps_per_epoch": 3})
    )
    assert one.state_dict() == other.state_dict()


def one_cycle(**options: Any) -> Any:
    return schedules.OneCycleLR(sgd(), 1.0, **options)


def stepped(schedule: Any, steps: int) -> None:
    for _ in range(steps):
        schedule.step()


@pytest.mark.parametrize(
    ("attempt", "text"),
    [
        (lambda: schedules.StepLR(0.1, 3), "an optimiser"),
        (lambda: schedules.StepLR(sgd(), 0), "a whole number from 1"),
        (lambda: schedules.LambdaLR(sgd(), [math.sin, math.cos]), "one for all groups, or 1"),
        (lambda: schedules.LinearLR(sgd(), 0.0), "start_factor"),
        (lambda: schedules.LinearLR(sgd(), 0.1, 2.0), "end_factor"),
        (lambda: schedules.ConstantLR(sgd(), 0.0), "ConstantLR"),
        (lambda: schedules.PolynomialLR(sgd(), 1.5), "total_iters"),
        (lambda: schedules.CosineAnnealingLR(sgd(), 0), "T_max"),
        (lambda: schedules.CosineAnnealingWarmRestarts(sgd(), 5, 0), "T_mult"),
        (lambda: stepped(one_cycle(total_steps=2), 3), "at most 2 steps"),
        (lambda: one_cycle(total_steps=5, pct_start=2), "a share from 0 to 1"),
        (lambda: one_cycle(total_steps=5, anneal_strategy="flat"), "'cos' or 'linear'"),
        (lambda: one_cycle(epochs=3), "steps_per_epoch"),
        (lambda: one_cycle(total_steps=3, max_momentum=[0.9, 0.8]), "max_momentum"),
        (lambda: schedules.CyclicLR(sgd(), 0.1, 1.0, mode="round"), "'triangular' or 'triangular2'"),
        (lambda: schedules.CyclicLR(sgd(), 0.1, 1.0, scale_mode="epoch"), "'cycle' or 'iterations'"),
        (lambda: schedules.CyclicLR(sgd(), 0.1, 1.0, step_size_up=0), "step_size_up"),
        (lambda: schedules.CyclicLR(optim.Adagrad([Tensor(1.0)]), 0.1, 1.0), "momentum or betas"),
        (lambda: schedules.SequentialLR(sgd(), [], []), "none"),
        (lambda: schedules.SequentialLR(sgd(), [schedules.StepLR(sgd(), 1)], []), "schedules of this optimiser"),
        (lambda: (lambda o: schedules.SequentialLR(o, [schedules.StepLR(o, 1)], [1]))(sgd()), "a milestone between"),
        (lambda: schedules.ChainedScheduler([]), "an optimiser"),
        (lambda: schedules.ChainedScheduler([schedules.ReduceLROnPlateau(sgd())]), "none of which watches"),
        (lambda: ALL["SequentialLR"](sgd()).load_state_dict({}), "2 schedules"),
        (lambda: schedules.ReduceLROnPlateau(sgd(), mode="low"), "'min' or 'max'"),
        (lambda: schedules.ReduceLROnPlateau(sgd(), threshold_mode="low"), "'rel' or 'abs'"),
        (lambda: schedules.ReduceLROnPlateau(sgd(), factor=1.0), "a factor below 1"),
        (lambda: schedules.ReduceLROnPlateau(sgd(), min_lr=[0.1, 0.1]), "min_lr"),
        (lambda: schedules.ReduceLROnPlateau(sgd()).step(), "the number to watch"),
        (lambda: schedules.StepLR(sgd(), 1).load_state_dict({}), "the keys"),
    ],
)
def test_errors(attempt: Any, text: str) -> None:
    with pytest.raises(errors.ArgumentError, match=text) as caught:
        attempt()
    assert all(part in str(caught.value) for part in ("expected:", "got:", "cure:"))
