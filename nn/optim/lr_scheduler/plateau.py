"""A schedule that watches a number."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from autograd import errors

from ..optimizer import Optimizer
from .schedule import LRScheduler, for_each_group, one_of


class ReduceLROnPlateau(LRScheduler):
    """Times ``factor`` when a number has not improved for more than ``patience`` epochs.

    Args:
        optimizer: whose ``lr`` to change.
        mode: ``"min"`` if smaller is better, or ``"max"``.
        factor: below 1.
        patience: how many epochs without improvement are accepted.
        threshold: how much better counts.
        threshold_mode: ``"rel"``, as a share of the best so far, or ``"abs"``.
        cooldown: how many epochs after a change nothing is counted.
        min_lr: no ``lr`` becomes lower; a number, or one for each group.
        eps: changes that are not larger are left out.

    Raises:
        ArgumentError: another mode, or a factor that is not below 1.

    Example:
        >>> from autograd import Tensor
        >>> from nn.optim import SGD
        >>> optimizer = SGD([Tensor(1.0)], lr=1.0)
        >>> schedule = ReduceLROnPlateau(optimizer, factor=0.5, patience=1)
        >>> for loss in (3.0, 2.0, 2.0, 2.0, 1.9):
        ...     schedule.step(loss)
        ...     print(optimizer.lr, end=" ")
        1.0 1.0 1.0 0.5 0.5
    """

    def __init__(
        self,
        optimizer: Optimizer,
        mode: str = "min",
        factor: float = 0.1,
        patience: int = 10,
        threshold: float = 1e-4,
        threshold_mode: str = "rel",
        cooldown: int = 0,
        min_lr: float | Sequence[float] = 0.0,
        eps: float = 1e-8,
    ) -> None:
        one_of("ReduceLROnPlateau", "mode", mode, ("min", "max"))
        one_of("ReduceLROnPlateau", "threshold_mode", threshold_mode, ("rel", "abs"))
        if not factor < 1:
            did = f"ReduceLROnPlateau(..., factor={factor!r})"
            raise errors.bad_argument(did, "a factor below 1", repr(factor), "factor=0.1")
        self.mode, self.factor, self.patience, self.threshold = mode, factor, patience, threshold
        self.threshold_mode, self.cooldown, self.eps = threshold_mode, cooldown, eps
        self.min_lrs = for_each_group("ReduceLROnPlateau", "min_lr", min_lr, optimizer)
        self.best = math.inf if mode == "min" else -math.inf
        self.num_bad_epochs, self.cooldown_counter = 0, 0
        super().__init__(optimizer)

    def get_lr(self) -> list[Any]:
        """The present lengths: they change in :meth:`step` only."""
        return self.get_last_lr()

    def step(self, metrics: Any = None) -> None:
        """Go on by one epoch, whose loss, or other number to watch, was ``metrics``."""
        if metrics is None:
            did, cure = "ReduceLROnPlateau.step()", "schedule.step(loss.item())"
            raise errors.bad_argument(did, "the number to watch", "none", cure)
        now = float(metrics)
        self.last_epoch += 1
        if self._is_better(now):
            self.best, self.num_bad_epochs = now, 0
        else:
            self.num_bad_epochs += 1
        if self.cooldown_counter > 0:
            self.cooldown_counter -= 1
            self.num_bad_epochs = 0
        if self.num_bad_epochs > self.patience:
            lower = [max(lr * self.factor, low) for lr, low in zip(self.get_last_lr(), self.min_lrs, strict=True)]
            self._write([n if o - n > self.eps else o for o, n in zip(self.get_last_lr(), lower, strict=True)])
            self.cooldown_counter, self.num_bad_epochs = self.cooldown, 0

    def _is_better(self, now: float) -> bool:
        sign = 1 if self.mode == "max" else -1
        margin = self.threshold * self.best if self.threshold_mode == "rel" else self.threshold
        return sign * now > sign * self.best + (0 if math.isinf(self.best) else margin)
