"""A training as it goes: its state, one epoch, and what of it is kept in a checkpoint."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from autograd import Node, errors

from ..distributed import World
from ..module import Module
from ..optim.lr_scheduler import ReduceLROnPlateau
from ..optim.optimizer import Optimizer
from ..saving import load, save
from ..utils import clip_grad_norm_
from .callbacks import Callback
from .evaluation import Means, evaluate, measure, mode, split
from .failures import NotFiniteError, are_finite, gradient_not_finite, loss_not_finite
from .history import History
from .interrupt import Interrupt
from .metrics import Metric, number
from .progress import Progress
from .shares import shared


class Training:
    """A training as it goes, which callbacks are given.

    Attributes:
        model: the network.
        optimizer: what moves its weights.
        schedule: what changes the length of the steps, or ``None``.
        history: the numbers of the epochs so far.
        epoch: the number of this epoch, from 1; 0 before the first.
        batch: the number of this batch in its epoch, from 1.
        batch_loss: the loss of this batch; on several ranks, of this rank's part of it.
        world: the ranks that train; of one alone ``world.size`` is 1.
    """

    epoch: int = 0
    batch: int = 0
    batch_loss: float = math.nan

    def __init__(
        self,
        model: Module,
        batches: Any,
        loss: Callable[[Any, Any], Any],
        optimizer: Optimizer,
        metrics: Mapping[str, Metric],
        validation: Any,
        schedule: Any,
        schedule_every: str,
        clip_grad_norm: float | None,
        callbacks: list[Callback],
        world: World,
    ) -> None:
        self.model, self.optimizer, self.schedule, self.history = model, optimizer, schedule, History()
        self.world = world
        self._batches, self._loss, self._metrics, self._validation = batches, loss, metrics, validation
        self._schedule_every, self._clip_grad_norm, self._callbacks = schedule_every, clip_grad_norm, callbacks

    def stop(self) -> None:
        """End the training after this epoch."""
        self.history.stopped_early = True

    # What fit calls.

    def call(self, moment: str) -> None:
        """Tell the callbacks."""
        for callback in self._callbacks:
            getattr(callback, moment)(self)

    @property
    def batches(self) -> int | None:
        """How many batches an epoch has, where that is known."""
        try:
            return len(self._batches)
        except TypeError:
            return None

    def train_epoch(self, interrupt: Interrupt, progress: Progress) -> None:
        """Go through the data once, and write the numbers down."""
        self.epoch += 1
        self.batch = 0
        self.call("on_epoch_begin")
        progress.begin_epoch(self.epoch)
        lr, means = float(self.optimizer.lr), Means()
        parameters = [p for group in self.optimizer.param_groups for p in group["params"]]
        buffers = list(self.model.buffers())
        with mode(self.model, training=True):
            for batch in self.world.shard(self._batches):
                interrupt.check()
                self.batch += 1
                before = [b.data for b in buffers]
                try:
                    self.step(batch, parameters, means)
                except NotFiniteError:
                    for b, data in zip(buffers, before, strict=True):
                        b.data = data  # a running mean has seen the batch already
                    raise
                progress.step(self.batch_loss)
                self.call("on_batch_end")
        results = means.result(self.world)
        if self._validation is not None:
            held_back = evaluate(self.model, self._validation, self._loss, self._metrics, comm=self.world)
            results |= {f"val_{name}": x for name, x in held_back.items()}
        self.history.append({**results, "lr": lr})
        progress.end_epoch(results)
        self.call("on_epoch_end")
        if self.schedule is not None and self._schedule_every == "epoch":
            watched = (
                (results.get("val_loss", results["loss"]),) if isinstance(self.schedule, ReduceLROnPlateau) else ()
            )
            self.schedule.step(*watched)
        self.history.stopped_early = bool(self.world.sum(np.array(int(self.history.stopped_early))))

    def step(self, batch: Any, parameters: list[Node], means: Means) -> None:
        """Forward, backward, and a step of the optimiser; none if the loss or the gradient is no number."""
        inputs, target = split(batch)
        self.optimizer.zero_grad()
        output = self.model(*inputs)
        loss, share = shared(self._loss, output, target, self.world)
        self.batch_loss = number("loss", loss)
        if not math.isfinite(self.batch_loss):
            raise loss_not_finite(self._where(), self.batch_loss, self.model, [*inputs, target])
        if not hasattr(loss, "backward"):
            expected, cure = (
                "a loss that remembers its graph",
                "((output - target) ** 2).mean(), not float(...) of it",
            )
            raise errors.bad_argument(self._where(), expected, f"{type(loss).__name__}: {errors.brief(loss)}", cure)
        self.world.backward(loss, parameters, share)
        if not are_finite(parameters):
            raise gradient_not_finite(self._where(), self.model)
        if self._clip_grad_norm is not None:
            clip_grad_norm_(parameters, self._clip_grad_norm)
        self.optimizer.step()
        if self.schedule is not None and self._schedule_every == "batch":
            self.schedule.step()
        means.add(self.batch_loss, share, measure(self._metrics, output, target), inputs, self.world)

    def _where(self) -> str:
        return f"nn.fit: epoch {self.epoch}, batch {self.batch}"

    # Checkpoints.

    def save(self, path: str) -> None:
        """Write all that is needed to go on; rank 0 does, for all."""
        if self.world.rank == 0:
            save(self.model, path, **self._parts())

    def resume(self, path: str) -> bool:
        """Go on from a checkpoint, if there is one; whether there was."""
        if not os.path.exists(path):
            return False
        try:
            load(path, self.model, **self._parts())
        except errors.ChainruleError as error:
            error.add_note("nn.fit(..., resume=False) starts over, and replaces the file after its first epoch")
            raise
        return True

    def same_start(self) -> None:
        """Let every rank begin where rank 0 does."""
        self.world.same_start(self.model, *self._parts().values())

    def _parts(self) -> dict[str, Any]:
        has_state = {"optimizer": self.optimizer, "schedule": self.schedule, "loader": self._batches, "training": self}
        return {name: x for name, x in has_state.items() if hasattr(x, "state_dict")}

    def state_dict(self) -> dict[str, Any]:
        """The epoch, the history, and what the callbacks remember."""
        states = [(type(callback).__name__, callback.state_dict()) for callback in self._callbacks]
        return {"epoch": self.epoch, "history": self.history.state_dict(), "callbacks": states}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on where another training was saved.

        Raises:
            ArgumentError: other callbacks.
        """
        saved, own = ([name for name, _ in state_dict["callbacks"]], [type(c).__name__ for c in self._callbacks])
        if saved != own:
            expected, given = (
                f"the callbacks {', '.join(saved) or 'none'}, as when it was saved",
                ", ".join(own) or "none",
            )
            cure = "the same callbacks and early_stopping as before"
            raise errors.bad_argument("going on with a training", expected, given, cure)
        for callback, (_, state) in zip(self._callbacks, state_dict["callbacks"], strict=True):
            callback.load_state_dict(state)
        self.epoch = state_dict["epoch"]
        self.history.load_state_dict(state_dict["history"])
