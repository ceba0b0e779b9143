"""Schedules: how the length of the steps changes during training. Names, arguments and formulas are PyTorch's.

A schedule writes ``lr`` into the groups of its optimiser. It is stepped after the optimiser, once an epoch or once a
batch. All that it remembers are numbers, so a training that is saved and resumed goes on as if it had not stopped.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from autograd import errors

from .optimizer import Optimizer


class LRScheduler:
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
        if not isinstance(optimizer, Optimizer):
            did, given = f"{type(self).__name__}(optimizer)", type(optimizer).__name__
            raise errors.bad_argument(did, "an optimiser", given, "StepLR(nn.SGD(model.parameters(), lr=0.1), 10)")
        self.optimizer = optimizer
        for group in optimizer.param_groups:
            group.setdefault("initial_lr", group["lr"])
        self.base_lrs = [group["initial_lr"] for group in optimizer.param_groups]
        self.last_epoch = 0
        self._write(self.get_lr())

    def get_lr(self) -> list[Any]:
        """The length of the next step, for each group; each subclass writes its own."""
        raise NotImplementedError

    def get_last_lr(self) -> list[Any]:
        """The present length of a step, for each group."""
        return [group["lr"] for group in self.optimizer.param_groups]

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
            did, given = f"{type(self).__name__}.load_state_dict(...)", ", ".join(sorted(state_dict))
            raise errors.bad_argument(did, f"the keys {', '.join(sorted(own))}", given, "the same kind of schedule")
        vars(self).update({k: list(x) if isinstance(x, list) else x for k, x in state_dict.items()})

    def _write(self, lrs: Sequence[Any]) -> None:
        for group, lr in zip(self.optimizer.param_groups, lrs, strict=True):
            group["lr"] = lr

    def _times(self, factor: float) -> list[Any]:
        """The present lengths times a factor."""
        return [lr * factor for lr in self.get_last_lr()]


class LambdaLR(LRScheduler):
    """``lr = base_lr * lr_lambda(epoch)``.

    Args:
        optimizer: whose ``lr`` to change.
        lr_lambda: a function of the epoch, or one for each group.
    """

    skipped = ("optimizer", "lr_lambdas")

    def __init__(self, optimizer: Optimizer, lr_lambda: Callable[[int], float] | Sequence[Any]) -> None:
        groups = len(getattr(optimizer, "param_groups", ()))
        self.lr_lambdas = list(lr_lambda) if isinstance(lr_lambda, Sequence) else [lr_lambda] * groups
        if len(self.lr_lambdas) != groups:
            given = f"{len(self.lr_lambdas)} functions"
            raise errors.bad_argument("LambdaLR(...)", f"one function, or {groups}", given, "LambdaLR(optimizer, f)")
        super().__init__(optimizer)

    def get_lr(self) -> list[Any]:
        """The function of the epoch."""
        return [base * f(self.last_epoch) for base, f in zip(self.base_lrs, self.lr_lambdas, strict=True)]


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
        self.step_size, self.gamma = _whole("StepLR", "step_size", step_size), gamma
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
        self.factor, self.total_iters = factor, _whole("ConstantLR", "total_iters", total_iters)
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
        if not 0 < start_factor <= 1:
            did, cure = f"LinearLR(..., start_factor={start_factor!r})", "start_factor=0.1"
            raise errors.bad_argument(did, "a factor above 0, up to 1", repr(start_factor), cure)
        self.start_factor, self.end_factor = start_factor, end_factor
        self.total_iters = _whole("LinearLR", "total_iters", total_iters)
        super().__init__(optimizer)

    def get_lr(self) -> list[Any]:
        """The factor of this epoch, divided by that of the last one."""
        if not self.last_epoch:
            return self._times(self.start_factor)
        return self._times(self._factor(self.last_epoch) / self._factor(self.last_epoch - 1))

    def _factor(self, epoch: int) -> float:
        share = min(epoch, self.total_iters) / self.total_iters
        return self.start_factor + (self.end_factor - self.start_factor) * share


class PolynomialLR(LRScheduler):
    """``lr = base_lr * (1 - epoch / total_iters)**power``, and then 0.

    Args:
        optimizer: whose ``lr`` to change.
        total_iters: when 0 is reached.
        power: 1 is a straight line.
    """

    def __init__(self, optimizer: Optimizer, total_iters: int = 5, power: float = 1.0) -> None:
        self.total_iters, self.power = _whole("PolynomialLR", "total_iters", total_iters), power
        super().__init__(optimizer)

    def get_lr(self) -> list[Any]:
        """What is left, divided by what was left in the last epoch."""
        if not 0 < self.last_epoch <= self.total_iters:
            return self._times(1)
        left = self.total_iters - self.last_epoch
        return self._times((left / (left + 1)) ** self.power)


class CosineAnnealingLR(LRScheduler):
    """Half a period of a cosine, from the ``lr`` of the beginning to ``eta_min`` (Loshchilov and Hutter 2017).

    ``lr = eta_min + (base_lr - eta_min) * (1 + cos(pi * epoch / T_max)) / 2``.

    Args:
        optimizer: whose ``lr`` to change.
        T_max: how many epochs it takes; then the cosine goes up again.
        eta_min: the lowest ``lr``.
    """

    def __init__(self, optimizer: Optimizer, T_max: int, eta_min: float = 0.0) -> None:
        self.T_max, self.eta_min = _whole("CosineAnnealingLR", "T_max", T_max), eta_min
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
        self.T_0, self.T_mult = _whole("CosineAnnealingWarmRestarts", "T_0", T_0), T_mult
        _whole("CosineAnnealingWarmRestarts", "T_mult", T_mult)
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
        self.max_lr, self.total_steps = max_lr, _whole("OneCycleLR", "total_steps", total_steps)
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


class SequentialLR:
    """One schedule after the other: a warm-up, and then another.

    Args:
        optimizer: whose ``lr`` to change.
        schedulers: schedules of this optimiser.
        milestones: the epochs at which the next one takes over, one fewer than schedules.

    Example:
        >>> from autograd import Tensor
        >>> from nn.optim import SGD
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
        min_lr: no ``lr`` becomes lower.
        eps: changes that are not larger are left out.
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
        min_lr: float = 0.0,
        eps: float = 1e-8,
    ) -> None:
        for name, given, known in (("mode", mode, ("min", "max")), ("threshold_mode", threshold_mode, ("rel", "abs"))):
            if given not in known:
                did, cure = f"ReduceLROnPlateau(..., {name}={given!r})", f"{name}={known[0]!r}"
                raise errors.bad_argument(did, f"{known[0]!r} or {known[1]!r}", repr(given), cure)
        if not factor < 1:
            did = f"ReduceLROnPlateau(..., factor={factor!r})"
            raise errors.bad_argument(did, "a factor below 1", repr(factor), "factor=0.1")
        self.mode, self.factor, self.patience, self.threshold = mode, factor, patience, threshold
        self.threshold_mode, self.cooldown, self.min_lr, self.eps = threshold_mode, cooldown, min_lr, eps
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
            lower = [max(lr * self.factor, self.min_lr) for lr in self.get_last_lr()]
            self._write([n if o - n > self.eps else o for o, n in zip(self.get_last_lr(), lower, strict=True)])
            self.cooldown_counter, self.num_bad_epochs = self.cooldown, 0

    def _is_better(self, now: float) -> bool:
        sign = 1 if self.mode == "max" else -1
        margin = self.threshold * self.best if self.threshold_mode == "rel" else self.threshold
        return sign * now > sign * self.best + (0 if math.isinf(self.best) else margin)


def _whole(name: str, option: str, number: Any) -> int:
    """A whole number from 1, or an error."""
    if not isinstance(number, int) or number < 1:
        did, cure = f"{name}(..., {option}={number!r})", f"{option}=10"
        raise errors.bad_argument(did, "a whole number from 1", repr(number), cure)
    return number
