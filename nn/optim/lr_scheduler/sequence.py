"""Several schedules: one after the other, or all at once."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any

from autograd import errors

from ..optimizer import Optimizer
from .plateau import ReduceLROnPlateau
from .schedule import LRScheduler, checked


class _Several(LRScheduler):
    """Schedules of one optimiser, saved and resumed together."""

    def __init__(self, optimizer: Optimizer, schedulers: Sequence[LRScheduler]) -> None:
        self.optimizer, self.schedulers = checked(type(self).__name__, optimizer), list(schedulers)
        self.base_lrs, self.last_epoch = [group["lr"] for group in optimizer.param_groups], 0
        others = [type(s).__name__ for s in self.schedulers if not self._takes(s)]
        if others or not self.schedulers:
            expected, cure = "schedules of this optimiser, none of which watches a number", "StepLR(optimizer, 10)"
            raise errors.bad_argument(f"{type(self).__name__}(...)", expected, ", ".join(others) or "none", cure)

    def _takes(self, given: Any) -> bool:
        plain = isinstance(given, LRScheduler) and not isinstance(given, ReduceLROnPlateau)
        return plain and given.optimizer is self.optimizer

    def get_lr(self) -> list[Any]:
        """The present lengths: the schedules write them."""
        return self.get_last_lr()

    def state_dict(self) -> dict[str, Any]:
        """All that the schedules remember, as numbers."""
        return {"last_epoch": self.last_epoch, "schedulers": [s.state_dict() for s in self.schedulers]}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on where other schedules of the same kinds were saved.

        Raises:
            ArgumentError: other schedules.
        """
        saved = state_dict.get("schedulers", [])
        if len(saved) != len(self.schedulers):
            did, cure = f"{type(self).__name__}.load_state_dict(...)", "the same schedules as those that were saved"
            raise errors.bad_argument(did, f"{len(self.schedulers)} schedules", str(len(saved)), cure)
        self.last_epoch = state_dict["last_epoch"]
        for schedule, state in zip(self.schedulers, saved, strict=True):
            schedule.load_state_dict(state)


class SequentialLR(_Several):
    """One schedule after the other: a warm-up, and then another. Each starts from the ``lr`` of the beginning.

    Args:
        optimizer: whose ``lr`` to change.
        schedulers: schedules of this optimiser.
        milestones: the epochs at which the next one takes over, one fewer than schedules.

    Raises:
        ArgumentError: schedules of another optimiser, or another number of milestones.

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
        super().__init__(optimizer, schedulers)
        if len(milestones) != len(schedulers) - 1:
            given = f"{len(schedulers)} schedules and {len(milestones)} milestones"
            expected, cure = "a milestone between every two schedules", "SequentialLR(opt, [a, b], milestones=[5])"
            raise errors.bad_argument("SequentialLR(...)", expected, given, cure)
        self.milestones = list(milestones)
        self.begin()

    def begin(self) -> None:
        """Start the first schedule."""
        self.last_epoch = 0
        self._begin(bisect_right(self.milestones, 0))

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
        self.schedulers[i].begin()


class ChainedScheduler(_Several):
    """Schedules that are all stepped together, so that their factors multiply.

    Args:
        schedulers: schedules of one optimiser.
        optimizer: whose ``lr`` to change; that of the schedules if not given.

    Raises:
        ArgumentError: no schedules, or schedules of different optimisers.

    Example:
        >>> from autograd import Tensor
        >>> from nn.optim import SGD
        >>> from nn.optim.lr_scheduler import ConstantLR, ExponentialLR
        >>> optimizer = SGD([Tensor(1.0)], lr=1.0)
        >>> schedule = ChainedScheduler([ConstantLR(optimizer, 0.5, total_iters=2), ExponentialLR(optimizer, 0.5)])
        >>> for _ in range(4):
        ...     print(optimizer.lr, end=" ")
        ...     schedule.step()
        0.5 0.25 0.25 0.125
    """

    def __init__(self, schedulers: Sequence[LRScheduler], optimizer: Optimizer | None = None) -> None:
        first: Any = schedulers[0] if schedulers else None
        super().__init__(optimizer or getattr(first, "optimizer", first), schedulers)

    def begin(self) -> None:
        """Start all schedules."""
        self.last_epoch = 0
        for schedule in self.schedulers:
            schedule.begin()

    def step(self) -> None:
        """Go on by one epoch, with all schedules."""
        self.last_epoch += 1
        for schedule in self.schedulers:
            schedule.step()
