"""Schedules along cosines: down once, or down again and again."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.variables import as_number

from ...check import check_whole
from ..optimizer import Optimizer
from .schedule import LRScheduler


class CosineAnnealingLR(LRScheduler):
    """Half a period of a cosine, from the ``lr`` of the beginning to ``eta_min`` (Loshchilov and Hutter 2017).

    ``lr = eta_min + (base_lr - eta_min) * (1 + cos(pi * epoch / T_max)) / 2``.

    Args:
        optimizer: whose ``lr`` to change.
        T_max: how many epochs it takes; then the cosine goes up again.
        eta_min: the lowest ``lr``.

    Example:
        >>> from autograd import Tensor
        >>> from nn.optim import SGD
        >>> optimizer = SGD([Tensor(1.0)], lr=1.0)
        >>> schedule = CosineAnnealingLR(optimizer, T_max=4)
        >>> for _ in range(4):
        ...     schedule.step()
        ...     print(round(optimizer.lr, 4), end=" ")
        0.8536 0.5 0.1464 0.0
    """

    def __init__(self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0) -> None:
        check_whole(f"CosineAnnealingLR(..., T_max={T_max!r})", "T_max", T_max, 1, 50)
        self.T_max, self.eta_min = T_max, eta_min
        super().__init__(optimizer)

    def get_lr(self) -> list[Any]:
        """The cosine of this epoch in terms of that of the last one."""
        t, low, period = self.last_epoch, self.eta_min, self.T_max
        if not t:
            return self.get_last_lr()
        if (t - 1 - period) % (2 * period) == 0:
            up = (1 - as_number(np.cos(math.pi / period))) / 2
            return [lr + (b - low) * up for lr, b in zip(self.get_last_lr(), self.base_lrs, strict=True)]
        change = (1 + as_number(np.cos(math.pi * t / period))) / (1 + as_number(np.cos(math.pi * (t - 1) / period)))
        return [low + (lr - low) * change for lr in self.get_last_lr()]


class CosineAnnealingWarmRestarts(LRScheduler):
    """:class:`CosineAnnealingLR` that starts again at the top, after ``T_0``, then ``T_0 * T_mult``, ... epochs.

    Args:
        optimizer: whose ``lr`` to change.
        T_0: how many epochs the first descent takes.
        T_mult: how many times longer each next one takes.
        eta_min: the lowest ``lr``.

    Example:
        >>> from autograd import Tensor
        >>> from nn.optim import SGD
        >>> optimizer = SGD([Tensor(1.0)], lr=1.0)
        >>> schedule = CosineAnnealingWarmRestarts(optimizer, T_0=2, T_mult=2)
        >>> for _ in range(6):
        ...     schedule.step()
        ...     print(round(optimizer.lr, 4), end=" ")
        0.5 1.0 0.8536 0.5 0.1464 1.0
    """

    def __init__(self, optimizer: Optimizer, T_0: int, T_mult: int = 1, eta_min: float = 0.0) -> None:
        for option, given, usual in (("T_0", T_0, 10), ("T_mult", T_mult, 2)):
            check_whole(f"CosineAnnealingWarmRestarts(..., {option}={given!r})", option, given, 1, usual)
        self.T_0, self.T_mult, self.eta_min = T_0, T_mult, eta_min
        super().__init__(optimizer)

    def get_lr(self) -> list[Any]:
        """The cosine of where the present descent is."""
        t, period = self.last_epoch, self.T_0
        if self.T_mult == 1:
            t %= period
        while t >= period:
            t, period = t - period, period * self.T_mult
        share = (1 + as_number(np.cos(math.pi * t / period))) / 2
        return [self.eta_min + (base - self.eta_min) * share for base in self.base_lrs]
