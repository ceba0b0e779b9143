"""One schedule after the other."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any

from autograd import errors

from ..optimizer import Optimizer
from .schedule import LRScheduler


class SequentialLR:
    """One schedule after the other: a warm-up, and then another.

    Args:
        optimizer: whose ``lr`` to change.
        schedulers: schedules of this optimiser.
        milestones: the epochs at which the next one takes over, one fewer than schedules.

    Example:
        >>> from autograd import Tensor
        >>> from nn.optim import SGD
        >>> from nn.optim.lr_scheduler import ExponentialLR, LinearLR
        >>> optimizer = SGD([Tensor(1.0)], lr=1.0)
        >>> warm_up = LinearLR(optimizer, start_factor=0.25, total_iters=3)
        >>> schedule = SequentialLR(optimizer, [warm_up, ExponentialLR(optimizer, 0.5)], milestones=[3])
        >>> for _ in range(6):
        ...     print(optimizer.lr, end=" ")
        ...     schedule.step()
        0.25 0.5 0.75 1.0 0.5 0.25
    """

    def __init__(self, optimizer: Optimizer, schedulers: Sequence[LRScheduler], milestones: Sequence[int]) -> None:
        if len(milestones) != len(schedulers) - 1:
            given = f"{len(schedulers)} schedules and {len(milestones)} milestones"
            expected, cure = "a milestone between every two schedules", "SequentialLR(opt, [a, b], milestones=[5])"
            raise errors.bad_argument("SequentialLR(...)", expected, given, cure)
        self.optimizer, self.schedulers, self.milestones = optimizer, list(schedulers), list(milestones)
        self.last_epoch = 0
        self._begin(0)

    def step(self) -> None:
        """Go on by one epoch, with the schedule whose turn it is."""
        self.last_epoch += 1
        i = bisect_right(self.milestones, self.last_epoch)
        if i and self.milestones[i - 1] == self.last_epoch:
            self._begin(i)
        else:
            self.schedulers[i].step()

    def _begin(self, i: int) -> None:
        """Start a schedule from the ``lr`` of the beginning."""
        for group in self.optimizer.param_groups:
            group["lr"] = group["initial_lr"]
        self.schedulers[i].last_epoch = 0
        self.schedulers[i]._write(self.schedulers[i].get_lr())

    def get_last_lr(self) -> list[Any]:
        """The present length of a step, for each group."""
        return [group["lr"] for group in self.optimizer.param_groups]

    def state_dict(self) -> dict[str, Any]:
        """All that the schedules remember, as numbers."""
        return {"last_epoch": self.last_epoch, "schedulers": [s.state_dict() for s in self.schedulers]}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on where other schedules of the same kinds were saved."""
        self.last_epoch = state_dict["last_epoch"]
        for schedule, state in zip(self.schedulers, state_dict["schedulers"], strict=True):
            schedule.load_state_dict(state)
