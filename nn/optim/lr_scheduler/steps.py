"""Schedules in steps and lines: a factor now and then, or a little of it in every epoch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from autograd import errors

from ...check import check_whole
from ..optimizer import Optimizer
from .schedule import LRScheduler, for_each_group


class LambdaLR(LRScheduler):
    """``lr = base_lr * lr_lambda(epoch)``.

    Args:
        optimizer: whose ``lr`` to change.
        lr_lambda: a function of the epoch, or a list with one for each group.

    Raises:
        ArgumentError: another number of functions than of groups.

    Example:
        >>> from autograd import Tensor
        >>> from nn.optim import SGD
        >>> optimizer = SGD([Tensor(1.0)], lr=0.6)
        >>> schedule = LambdaLR(optimizer, lambda epoch: 1 / (1 + epoch))
        >>> schedule.step()
        >>> optimizer.lr
        0.3
    """

    skipped = ("optimizer", "lr_lambdas")

    def __init__(self, optimizer: Optimizer, lr_lambda: Callable[[int], float] | Sequence[Any]) -> None:
        name = type(self).__name__
        self.lr_lambdas = for_each_group(name, "lr_lambda", lr_lambda, optimizer)
        for f in self.lr_lambdas:
            if not callable(f):
                cure = "lr_lambda=lambda epoch: 0.95**epoch"
                raise errors.bad_argument(f"{name}(..., lr_lambda=...)", "a function of the epoch", repr(f), cure)
        super().__init__(optimizer)

    def get_lr(self) -> list[Any]:
        """The function of the epoch."""
        return [base * f(self.last_epoch) for base, f in zip(self.base_lrs, self.lr_lambdas, strict=True)]


class MultiplicativeLR(LambdaLR):
    """Times ``lr_lambda(epoch)`` in every epoch from the first.

    Args:
        optimizer: whose ``lr`` to change.
        lr_lambda: a function of the epoch, or a list with one for each group.

    Raises:
        ArgumentError: another number of functions than of groups.

    Example:
        >>> from autograd import Tensor
        >>> from nn.optim import SGD
        >>> optimizer = SGD([Tensor(1.0)], lr=0.8)
        >>> schedule = MultiplicativeLR(optimizer, lambda epoch: 0.5)
        >>> schedule.step()
        >>> optimizer.lr
        0.4
    """

    def get_lr(self) -> list[Any]:
        """The present length times the function of the epoch."""
        if not self.last_epoch:
            return self.get_last_lr()
        return [lr * f(self.last_epoch) for lr, f in zip(self.get_last_lr(), self.lr_lambdas, strict=True)]


class StepLR(LRScheduler):
    """Times ``gamma`` every ``step_size`` epochs.

    Args:
        optimizer: whose ``lr`` to change.
        step_size: how many epochs lie between two changes.
        gamma: the factor.

    Example:
        >>> from autograd import Tensor
        >>> from nn.optim import SGD
        >>> optimizer = SGD([Tensor(1.0)], lr=0.8)
        >>> schedule = StepLR(optimizer, step_size=2, gamma=0.5)
        >>> for _ in range(4):
        ...     schedule.step()
        >>> optimizer.lr
        0.2
    """

    def __init__(self, optimizer: Optimizer, step_size: int, gamma: float = 0.1) -> None:
        check_whole(f"StepLR(..., step_size={step_size!r})", "step_size", step_size, 1, 10)
        self.step_size, self.gamma = step_size, gamma
        super().__init__(optimizer)

    def get_lr(self) -> list[Any]:
        """A factor at every ``step_size``-th epoch."""
        return self._times(self.gamma if self.last_epoch and self.last_epoch % self.step_size == 0 else 1)


class MultiStepLR(LRScheduler):
    """Times ``gamma`` at each of the ``milestones``.

    Args:
        optimizer: whose ``lr`` to change.
        milestones: the epochs of the changes.
        gamma: the factor.
    """

    def __init__(self, optimizer: Optimizer, milestones: Sequence[int], gamma: float = 0.1) -> None:
        self.milestones, self.gamma = sorted(milestones), gamma
        super().__init__(optimizer)

    def get_lr(self) -> list[Any]:
        """A factor at each milestone."""
        return self._times(self.gamma ** self.milestones.count(self.last_epoch))


class ExponentialLR(LRScheduler):
    """Times ``gamma`` in every epoch.

    Args:
        optimizer: whose ``lr`` to change.
        gamma: the factor.
    """

    def __init__(self, optimizer: Optimizer, gamma: float) -> None:
        self.gamma = gamma
        super().__init__(optimizer)

    def get_lr(self) -> list[Any]:
        """A factor in every epoch."""
        return self._times(self.gamma if self.last_epoch else 1)


class ConstantLR(LRScheduler):
    """Times ``factor`` for the first ``total_iters`` epochs.

    Args:
        optimizer: whose ``lr`` to change.
        factor: the factor.
        total_iters: when it ends.
    """

    def __init__(self, optimizer: Optimizer, factor: float = 1 / 3, total_iters: int = 5) -> None:
        _check_factor("ConstantLR", "factor", factor)
        check_whole(f"ConstantLR(..., total_iters={total_iters!r})", "total_iters", total_iters, 1, 5)
        self.factor, self.total_iters = factor, total_iters
        super().__init__(optimizer)

    def get_lr(self) -> list[Any]:
        """The factor at the beginning, and its inverse at the end."""
        return self._times({0: self.factor, self.total_iters: 1 / self.factor}.get(self.last_epoch, 1))


class LinearLR(LRScheduler):
    """A factor that goes evenly from ``start_factor`` to ``end_factor``: a warm-up.

    Args:
        optimizer: whose ``lr`` to change.
        start_factor: the factor at the beginning.
        end_factor: the factor after ``total_iters`` epochs.
        total_iters: how long it takes.
    """

    def __init__(
        self, optimizer: Optimizer, start_factor: float = 1 / 3, end_factor: float = 1.0, total_iters: int = 5
    ) -> None:
        _check_factor("LinearLR", "start_factor", start_factor)
        if end_factor != 0:
            _check_factor("LinearLR", "end_factor", end_factor)
        check_whole(f"LinearLR(..., total_iters={total_iters!r})", "total_iters", total_iters, 1, 5)
        self.start_factor, self.end_factor, self.total_iters = start_factor, end_factor, total_iters
        super().__init__(optimizer)

    def get_lr(self) -> list[Any]:
        """The factor of this epoch, divided by that of the last one."""
        if not self.last_epoch:
            return self._times(self.start_factor)
        if self.last_epoch > self.total_iters:
            return self.get_last_lr()
        return self._times(self._factor(self.last_epoch) / self._factor(self.last_epoch - 1))

    def _factor(self, epoch: int) -> float:
        return self.start_factor + (self.end_factor - self.start_factor) * epoch / self.total_iters


class PolynomialLR(LRScheduler):
    """``lr = base_lr * (1 - epoch / total_iters)**power``, and then 0.

    Args:
        optimizer: whose ``lr`` to change.
        total_iters: when 0 is reached.
        power: 1 is a straight line.
    """

    def __init__(self, optimizer: Optimizer, total_iters: int = 5, power: float = 1.0) -> None:
        check_whole(f"PolynomialLR(..., total_iters={total_iters!r})", "total_iters", total_iters, 1, 5)
        self.total_iters, self.power = total_iters, power
        super().__init__(optimizer)

    def get_lr(self) -> list[Any]:
        """What is left, divided by what was left in the last epoch."""
        if not 0 < self.last_epoch <= self.total_iters:
            return self._times(1)
        left = self.total_iters - self.last_epoch
        return self._times((left / (left + 1)) ** self.power)


def _check_factor(name: str, option: str, factor: float) -> None:
    """An error for a factor from which there is no way back to the whole."""
    if not 0 < factor <= 1:
        did, cure = f"{name}(..., {option}={factor!r})", f"{option}=0.1"
        raise errors.bad_argument(did, "a factor above 0, up to 1", repr(factor), cure)
