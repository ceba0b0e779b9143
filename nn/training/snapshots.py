"""Weights and gradients over a training, as plain arrays."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from ..check import check_whole
from .callbacks import Callback

if TYPE_CHECKING:
    from .run import Training


class Snapshots(Callback):
    """Keep what the network was like, in ``history.snapshots``: what pictures of a training are made from.

    Each snapshot is a dict: ``epoch``, from 0 for the start; ``state``, the network's ``state_dict``; and but for the
    start ``gradients``, those of the last batch by name, and ``updates``, how long its step was for each parameter
    beside the parameter itself. About 1e-3 is usual; far less learns nothing, far more forgets what it knew.

    Args:
        every: after how many epochs.
        most: of more snapshots every second one is dropped, and from then on half as many are taken.

    Raises:
        ArgumentError: a number below 1, or ``most`` below 3.

    Example:
        >>> import nn
        >>> X, y = nn.datasets.make_moons(50)
        >>> model = nn.MLP(2, 4, 2)
        >>> optimizer = nn.SGD(model.parameters(), lr=0.1)
        >>> history = nn.fit(model, (X, y), nn.CrossEntropyLoss(), optimizer, epochs=3, callbacks=[Snapshots()])
        >>> [snapshot["epoch"] for snapshot in history.snapshots]
        [0, 1, 2, 3]
        >>> list(history.snapshots[3]["updates"])
        ['0.weight', '0.bias', '2.weight', '2.bias']
    """

    def __init__(self, every: int = 1, most: int = 200) -> None:
        check_whole("nn.Snapshots(...)", "every", every, least=1, usual=1)
        check_whole("nn.Snapshots(...)", "most", most, least=3, usual=200)
        self.every, self.most = every, most
        self.snapshots: list[dict[str, Any]] = []

    def on_train_begin(self, training: Training) -> None:
        """The start, unless this goes on with another training."""
        if not training.epoch:
            self.snapshots = [{"epoch": 0, "state": _copies(training.model.state_dict())}]
        training.history.snapshots = self.snapshots
        self._before = self._now = _parameters(training)

    def on_batch_end(self, training: Training) -> None:
        """Remember where the step came from."""
        self._before, self._now = self._now, _parameters(training)

    def on_epoch_end(self, training: Training) -> None:
        """Another snapshot, if it is time."""
        if training.epoch % self.every:
            return
        gradients = {name: np.array(p.grad) for name, p in training.model.named_parameters() if p.grad is not None}
        updates = {name: _share(self._now[name] - x, x) for name, x in self._before.items()}
        state = _copies(training.model.state_dict())
        self.snapshots.append({"epoch": training.epoch, "state": state, "gradients": gradients, "updates": updates})
        if len(self.snapshots) > self.most:
            self.every *= 2
            self.snapshots[:] = [s for s in self.snapshots if s["epoch"] % self.every == 0]

    def state_dict(self) -> dict[str, Any]:
        """The snapshots, for a checkpoint."""
        return {"every": self.every, "snapshots": self.snapshots}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on with the snapshots of another."""
        self.every, self.snapshots = state_dict["every"], list(state_dict["snapshots"])


def _copies(arrays: Mapping[str, Any]) -> dict[str, Any]:
    return {name: np.array(x) for name, x in arrays.items()}


def _parameters(training: Training) -> dict[str, Any]:
    return {name: np.array(p.data) for name, p in training.model.named_parameters()}


def _share(step: Any, x: Any) -> float:
    """How long a step is beside what it moves; beside nothing, as a bias that starts at 0, it is infinite."""
    long = float(np.linalg.norm(x))
    return float(np.linalg.norm(step)) / long if long else float("inf") if np.any(step) else 0.0
