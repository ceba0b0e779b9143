"""The base of schedules."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from autograd import errors

from ..optimizer import Optimizer


class LRScheduler(ABC):
    """The base of schedules.

    A subclass says how long the steps are (:meth:`get_lr`), in terms of ``last_epoch`` and of ``base_lrs``, or of the
    present ``lr``: then several schedules of one optimiser multiply.

    Args:
        optimizer: whose ``lr`` to change.

    Attributes:
        last_epoch: how many steps were taken.
        base_lrs: the ``lr`` of each group at the beginning.
    """

    skipped: tuple[str, ...] = ("optimizer",)

    def __init__(self, optimizer: Optimizer) -> None:
        self.optimizer = checked(type(self).__name__, optimizer)
        for group in optimizer.param_groups:
            group.setdefault("initial_lr", group["lr"])
        self.base_lrs = [group["initial_lr"] for group in optimizer.param_groups]
        self.begin()

    @abstractmethod
    def get_lr(self) -> list[Any]:
        """The length of the next step, for each group; each subclass writes its own."""

    def get_last_lr(self) -> list[Any]:
        """The present length of a step, for each group."""
        return [group["lr"] for group in self.optimizer.param_groups]

    def begin(self) -> None:
        """Write the first length, from the ``lr`` that the optimiser has now."""
        self.last_epoch = 0
        self._write(self.get_lr())

    def step(self) -> None:
        """Go on by one epoch, or one batch."""
        self.last_epoch += 1
        self._write(self.get_lr())

    def state_dict(self) -> dict[str, Any]:
        """All that the schedule remembers, as numbers; functions are left out."""
        kept = {k: x for k, x in vars(self).items() if k not in self.skipped}
        return {k: list(x) if isinstance(x, list) else x for k, x in kept.items()}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on where another schedule of the same kind was saved.

        Raises:
            ArgumentError: another kind of schedule.
        """
        own = {k for k in vars(self) if k not in self.skipped}
        if own != set(state_dict):
            did, given = f"{type(self).__name__}.load_state_dict(...)", ", ".join(sorted(state_dict)) or "none"
            raise errors.bad_argument(did, f"the keys {', '.join(sorted(own))}", given, "the same kind of schedule")
        vars(self).update({k: list(x) if isinstance(x, list) else x for k, x in state_dict.items()})

    def _write(self, lrs: Sequence[Any]) -> None:
        for group, lr in zip(self.optimizer.param_groups, lrs, strict=True):
            group["lr"] = lr

    def _times(self, factor: float) -> list[Any]:
        """The present lengths times a factor."""
        return [lr * factor for lr in self.get_last_lr()]


def checked(name: str, optimizer: Any) -> Optimizer:
    """An optimiser, or an error."""
    if not isinstance(optimizer, Optimizer):
        did, cure = f"{name}(optimizer)", "StepLR(nn.SGD(model.parameters(), lr=0.1), 10)"
        raise errors.bad_argument(did, "an optimiser", type(optimizer).__name__, cure)
    return optimizer


def one_of(did: str, name: str, given: Any, known: Sequence[str]) -> None:
    """An error unless an option is one of those that there are."""
    if given not in known:
        did, cure = f"{did}(..., {name}={given!r})", f"{name}={known[0]!r}"
        raise errors.bad_argument(did, " or ".join(map(repr, known)), repr(given), cure)


def for_each_group(name: str, option: str, given: Any, optimizer: Optimizer) -> list[Any]:
    """An option that is one for all groups, or a list with one for each."""
    groups = len(checked(name, optimizer).param_groups)
    several = list(given) if isinstance(given, (list, tuple)) else [given] * groups
    if len(several) != groups:
        did, cure = f"{name}(..., {option}={errors.brief(given)})", f"{option} once, for all groups"
        raise errors.bad_argument(did, f"one for all groups, or {groups}", str(len(several)), cure)
    return several
