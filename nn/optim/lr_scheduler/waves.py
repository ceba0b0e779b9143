"""Schedules along cosines: down once, down again and again, up and down."""

from __future__ import annotations

import math
from typing import Any

from autograd import errors

from ..optimizer import Optimizer
from .schedule import LRScheduler, whole


class CosineAnnealingLR(LRScheduler):
    """Half a period of a cosine, from the ``lr`` of the beginning to ``eta_min`` (Loshchilov and Hutter 2017).

    ``lr = eta_min + (base_lr - eta_min) * (1 + cos(pi * epoch / T_max)) / 2``.

    Args:
        optimizer: whose ``lr`` to change.
        T_max: how many epochs it takes; then the cosine goes up again.
        eta_min: the lowest ``lr``.
    """

    def __init__(self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0) -> None:
        self.T_max, self.eta_min = whole("CosineAnnealingLR", "T_max", T_max), eta_min
        super().__init__(optimizer)

    def get_lr(self) -> list[Any]:
        """The cosine of this epoch in terms of that of the last one."""
        t, low, period = self.last_epoch, self.eta_min, self.T_max
        if not t:
            return self.get_last_lr()
        if (t - 1 - period) % (2 * period) == 0:
            up = (1 - math.cos(math.pi / period)) / 2
            return [lr + (b - low) * up for lr, b in zip(self.get_last_lr(), self.base_lrs, strict=True)]
        change = (1 + math.cos(math.pi * t / period)) / (1 + math.cos(math.pi * (t - 1) / period))
        return [low + (lr - low) * change for lr in self.get_last_lr()]


class CosineAnnealingWarmRestarts(LRScheduler):
    """:class:`CosineAnnealingLR` that starts again at the top, after ``T_0``, then ``T_0 * T_mult``, ... epochs.

    Args:
        optimizer: whose ``lr`` to change.
        T_0: how many epochs the first descent takes.
        T_mult: how many times longer each next one takes.
        eta_min: the lowest ``lr``.
    """

    def __init__(self, optimizer: Optimizer, T_0: int, T_mult: int = 1, eta_min: float = 0.0) -> None:
        self.T_0, self.T_mult = whole("CosineAnnealingWarmRestarts", "T_0", T_0), T_mult
        whole("CosineAnnealingWarmRestarts", "T_mult", T_mult)
        self.eta_min = eta_min
        super().__init__(optimizer)

    def get_lr(self) -> list[Any]:
        """The cosine of where the present descent is."""
        t, period = self.last_epoch, self.T_0
        if self.T_mult == 1:
            t %= period
        while t >= period:
            t, period = t - period, period * self.T_mult
        share = (1 + math.cos(math.pi * t / period)) / 2
        return [self.eta_min + (base - self.eta_min) * share for base in self.base_lrs]


class OneCycleLR(LRScheduler):
    """Up to ``max_lr`` and down to almost nothing, along cosines or lines (Smith and Topin 2018).

    Args:
        optimizer: whose ``lr`` to change.
        max_lr: the highest ``lr``.
        total_steps: how many steps there will be.
        pct_start: the share of the steps that goes up.
        anneal_strategy: ``"cos"`` or ``"linear"``.
        div_factor: the first ``lr`` is ``max_lr / div_factor``.
        final_div_factor: the last ``lr`` is the first one divided by this.

    Raises:
        ArgumentError: more than ``total_steps`` steps, or an argument out of range.
    """

    def __init__(
        self,
        optimizer: Optimizer,
        max_lr: float,
        total_steps: int,
        pct_start: float = 0.3,
        anneal_strategy: str = "cos",
        div_factor: float = 25.0,
        final_div_factor: float = 1e4,
    ) -> None:
        if not 0 <= pct_start <= 1:
            did = f"OneCycleLR(..., pct_start={pct_start!r})"
            raise errors.bad_argument(did, "a share from 0 to 1", repr(pct_start), "pct_start=0.3")
        if anneal_strategy not in ("cos", "linear"):
            did = f"OneCycleLR(..., anneal_strategy={anneal_strategy!r})"
            raise errors.bad_argument(did, "'cos' or 'linear'", repr(anneal_strategy), "anneal_strategy='cos'")
        self.max_lr, self.total_steps = max_lr, whole("OneCycleLR", "total_steps", total_steps)
        self.pct_start, self.anneal_strategy = pct_start, anneal_strategy
        self.first_lr = max_lr / div_factor
        self.final_lr = self.first_lr / final_div_factor
        super().__init__(optimizer)

    def get_lr(self) -> list[Any]:
        """Where on the way up, or down, this step is."""
        t, top, end = self.last_epoch, self.pct_start * self.total_steps - 1, self.total_steps - 1
        if t > end:
            did, cure = f"step {t + 1} of OneCycleLR(..., total_steps={self.total_steps})", f"total_steps={t + 1}"
            raise errors.bad_argument(did, f"at most {self.total_steps} steps", f"{t + 1}", cure)
        if t <= top:
            lr = self._between(self.first_lr, self.max_lr, t / top if top else 1.0)
        else:
            lr = self._between(self.max_lr, self.final_lr, (t - top) / (end - top))
        return [lr] * len(self.base_lrs)

    def _between(self, start: float, end: float, share: float) -> float:
        if self.anneal_strategy == "linear":
            return start + (end - start) * share
        return end + (start - end) * (1 + math.cos(math.pi * share)) / 2
