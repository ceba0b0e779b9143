"""Schedules that go up and down, and the momentum against them (Smith 2017, https://arxiv.org/abs/1506.01186)."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograd import errors
from autograd.variables import as_number

from ...check import check_whole
from ..optimizer import Optimizer
from .schedule import LRScheduler, for_each_group, one_of

Numbers = float | Sequence[float]


class _Cycle(LRScheduler):
    """A schedule between two lengths and, if asked for, two momenta; each number may be a list, one for each group."""

    def __init__(
        self, optimizer: Optimizer, cycle_momentum: bool, base_momentum: Numbers, max_momentum: Numbers
    ) -> None:
        name = type(self).__name__
        self.cycle_momentum = cycle_momentum
        self.base_momentums = for_each_group(name, "base_momentum", base_momentum, optimizer)
        self.max_momentums = for_each_group(name, "max_momentum", max_momentum, optimizer)
        if cycle_momentum and not {"momentum", "betas"} & set(optimizer.defaults):
            did, given = f"{name}(..., cycle_momentum=True)", f"{type(optimizer).__name__}, which has neither"
            raise errors.bad_argument(did, "an optimiser with momentum or betas", given, "cycle_momentum=False")
        super().__init__(optimizer)

    def _write_momenta(self, momenta: Sequence[float]) -> None:
        """As ``momentum``, or as the first of ``betas``."""
        for group, momentum in zip(self.optimizer.param_groups, momenta, strict=True):
            if "betas" in group:
                group["betas"] = (momentum, *group["betas"][1:])
            else:
                group["momentum"] = momentum


class OneCycleLR(_Cycle):
    """Up to ``max_lr`` and down to almost nothing, along cosines or lines (Smith and Topin 2018).

    Args:
        optimizer: whose ``lr`` to change.
        max_lr: the highest ``lr``; a number, or one for each group.
        total_steps: how many steps there will be.
        epochs: how many epochs there will be, if ``total_steps`` is not given.
        steps_per_epoch: how many steps an epoch has, if ``total_steps`` is not given.
        pct_start: the share of the steps that goes up.
        anneal_strategy: ``"cos"`` or ``"linear"``.
        cycle_momentum: whether the momentum goes down and up against the ``lr``.
        base_momentum: the lowest momentum; a number, or one for each group.
        max_momentum: the highest momentum; a number, or one for each group.
        div_factor: the first ``lr`` is ``max_lr / div_factor``.
        final_div_factor: the last ``lr`` is the first one divided by this.
        three_phase: down to the first ``lr`` as fast as up, and then to the last one.

    Raises:
        ArgumentError: no number of steps, more steps than that, or an argument out of range.

    Example:
        >>> from autograd import Tensor
        >>> from nn.optim import SGD
        >>> optimizer = SGD([Tensor(1.0)], lr=0.1, momentum=0.9)
        >>> schedule = OneCycleLR(optimizer, max_lr=1.0, total_steps=10)
        >>> for _ in range(2):
        ...     schedule.step()
        >>> optimizer.lr, optimizer.param_groups[0]["momentum"]
        (1.0, 0.85)
    """

    def __init__(
        self,
        optimizer: Optimizer,
        max_lr: Numbers,
        total_steps: int | None = None,
        epochs: int | None = None,
        steps_per_epoch: int | None = None,
        pct_start: float = 0.3,
        anneal_strategy: str = "cos",
        cycle_momentum: bool = True,
        base_momentum: Numbers = 0.85,
        max_momentum: Numbers = 0.95,
        div_factor: float = 25.0,
        final_div_factor: float = 1e4,
        three_phase: bool = False,
    ) -> None:
        if not 0 <= pct_start <= 1:
            did = f"OneCycleLR(..., pct_start={pct_start!r})"
            raise errors.bad_argument(did, "a share from 0 to 1", repr(pct_start), "pct_start=0.3")
        one_of("OneCycleLR", "anneal_strategy", anneal_strategy, ("cos", "linear"))
        if total_steps is None:
            for option, given in (("epochs", epochs), ("steps_per_epoch", steps_per_epoch)):
                check_whole(f"OneCycleLR(..., total_steps=None, {option}={given!r})", option, given, 1, 10)
            total_steps = (epochs or 0) * (steps_per_epoch or 0)
        check_whole(f"OneCycleLR(..., total_steps={total_steps!r})", "total_steps", total_steps, 1, 100)
        self.total_steps, self.pct_start, self.three_phase = total_steps, pct_start, three_phase
        self.anneal_strategy, self.final_div_factor = anneal_strategy, final_div_factor
        self.max_lrs = for_each_group("OneCycleLR", "max_lr", max_lr, optimizer)
        for group, top in zip(optimizer.param_groups, self.max_lrs, strict=True):
            group["initial_lr"] = top / div_factor
        super().__init__(optimizer, cycle_momentum, base_momentum, max_momentum)

    def get_lr(self) -> list[Any]:
        """Where on the way up, or down, this step is."""
        t, end = self.last_epoch, self.total_steps - 1
        if t > self.total_steps:
            did, cure = f"step {t} of OneCycleLR(..., total_steps={self.total_steps})", f"total_steps={t}"
            raise errors.bad_argument(did, f"at most {self.total_steps} steps", f"{t}", cure)
        first, top, last = self.base_lrs, self.max_lrs, [lr / self.final_div_factor for lr in self.base_lrs]
        high, low = self.max_momentums, self.base_momentums
        up = self.pct_start * self.total_steps - 1
        ways = [(up, first, top, high, low), (end, top, last, low, high)]
        if self.three_phase:
            ways[1:] = [(2 * up, top, first, low, high), (end, first, last, high, high)]
        stops = [way[0] for way in ways]
        i = min(bisect_left(stops, t), len(ways) - 1)
        start = stops[i - 1] if i else 0.0
        stop, lrs, next_lrs, momenta, next_momenta = ways[i]
        share = (t - start) / (stop - start) if stop != start else 1.0
        if self.cycle_momentum:
            self._write_momenta(self._between(momenta, next_momenta, share))
        return self._between(lrs, next_lrs, share)

    def _between(self, starts: Sequence[float], ends: Sequence[float], share: float) -> list[float]:
        if self.anneal_strategy == "cos":
            share = (1 - as_number(np.cos(math.pi * share))) / 2
        return [start + (end - start) * share for start, end in zip(starts, ends, strict=True)]


class CyclicLR(_Cycle):
    """Up from ``base_lr`` to ``max_lr`` and down again, along lines, again and again (Smith 2017).

    Args:
        optimizer: whose ``lr`` to change.
        base_lr: the lowest ``lr``; a number, or one for each group.
        max_lr: the highest ``lr``; a number, or one for each group.
        step_size_up: how many steps go up.
        step_size_down: how many steps go down; as many if not given.
        mode: ``"triangular"``; ``"triangular2"``, in which each next cycle is half as high; or ``"exp_range"``, times
            ``gamma**step``.
        gamma: the factor of ``"exp_range"``.
        scale_fn: a function of the cycle, from 1, or of the step, in place of ``mode``.
        scale_mode: ``"cycle"`` or ``"iterations"``: what ``scale_fn`` is a function of.
        cycle_momentum: whether the momentum goes down and up against the ``lr``.
        base_momentum: the lowest momentum; a number, or one for each group.
        max_momentum: the highest momentum; a number, or one for each group.

    Raises:
        ArgumentError: another mode, or an optimiser without momentum.

    Example:
        >>> from autograd import Tensor
        >>> from nn.optim import SGD
        >>> optimizer = SGD([Tensor(1.0)], lr=0.1)
        >>> schedule = CyclicLR(optimizer, base_lr=0.25, max_lr=1.25, step_size_up=2, mode="triangular2")
        >>> for _ in range(8):
        ...     print(optimizer.lr, end=" ")
        ...     schedule.step()
        0.25 0.75 1.25 0.75 0.25 0.5 0.75 0.5
    """

    skipped = ("optimizer", "scale_fn")

    def __init__(
        self,
        optimizer: Optimizer,
        base_lr: Numbers,
        max_lr: Numbers,
        step_size_up: int = 2000,
        step_size_down: int | None = None,
        mode: str = "triangular",
        gamma: float = 1.0,
        scale_fn: Callable[[int], float] | None = None,
        scale_mode: str = "cycle",
        cycle_momentum: bool = True,
        base_momentum: Numbers = 0.8,
        max_momentum: Numbers = 0.9,
    ) -> None:
        one_of("CyclicLR", "mode", mode, ("triangular", "triangular2", "exp_range"))
        one_of("CyclicLR", "scale_mode", scale_mode, ("cycle", "iterations"))
        down = step_size_up if step_size_down is None else step_size_down
        for option, given in (("step_size_up", step_size_up), ("step_size_down", down)):
            check_whole(f"CyclicLR(..., {option}={given!r})", option, given, 1, 2000)
        self.step_size_up, self.step_size_down = step_size_up, down
        self.mode, self.gamma, self.scale_fn, self.scale_mode = mode, gamma, scale_fn, scale_mode
        self.max_lrs = for_each_group("CyclicLR", "max_lr", max_lr, optimizer)
        lowest = for_each_group("CyclicLR", "base_lr", base_lr, optimizer)
        for group, lr in zip(optimizer.param_groups, lowest, strict=True):
            group["initial_lr"] = lr
        super().__init__(optimizer, cycle_momentum, base_momentum, max_momentum)

    def get_lr(self) -> list[Any]:
        """How high on its triangle this step is."""
        cycle, t = divmod(self.last_epoch, self.step_size_up + self.step_size_down)
        up, down = self.step_size_up, self.step_size_down
        height = (t / up if t <= up else (up + down - t) / down) * self._scale(cycle + 1)
        if self.cycle_momentum:
            self._write_momenta(
                [
                    high - (high - low) * height
                    for low, high in zip(self.base_momentums, self.max_momentums, strict=True)
                ]
            )
        return [low + (high - low) * height for low, high in zip(self.base_lrs, self.max_lrs, strict=True)]

    def _scale(self, cycle: int) -> float:
        if self.scale_fn is not None:
            return self.scale_fn(cycle if self.scale_mode == "cycle" else self.last_epoch)
        return {"triangular": 1.0, "triangular2": 0.5 ** (cycle - 1)}.get(self.mode, self.gamma**self.last_epoch)
