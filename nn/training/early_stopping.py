"""Stop when it gets no better."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from autograd import errors

from ..check import check_real, check_whole
from .callbacks import Callback
from .history import is_better_larger

if TYPE_CHECKING:
    from .run import Training


class EarlyStopping(Callback):
    """Stop when a number has not improved for ``patience`` epochs, and go back to the weights of the best.

    Args:
        patience: how many epochs in a row without improvement are accepted; one more ends the training.
        monitor: which number of the history; the loss, of the validation if there is one, if not given.
        min_delta: how much better counts.
        mode: ``"min"`` if smaller is better, or ``"max"``; by the name of the number if not given.
        restore_best: whether the network has the weights of the best epoch at the end, rather than the last.

    Raises:
        ArgumentError: options that make no sense.

    Example:
        >>> EarlyStopping(patience=3, monitor="val_accuracy").mode
        'max'
    """

    def __init__(
        self,
        patience: int = 5,
        monitor: str | None = None,
        min_delta: float = 0.0,
        mode: str | None = None,
        restore_best: bool = True,
    ) -> None:
        check_whole("EarlyStopping(...)", "patience", patience, least=0, usual=5)
        check_real("EarlyStopping(...)", "min_delta", min_delta, usual=0.0)
        mode = mode or ("max" if is_better_larger(monitor or "") else "min")
        if mode not in ("min", "max"):
            did = f"EarlyStopping(..., mode={mode!r})"
            raise errors.bad_argument(did, "'min' or 'max'", repr(mode), "mode='min'")
        self.patience, self.monitor, self.min_delta = patience, monitor, min_delta
        self.mode, self.restore_best = mode, restore_best
        self.best, self.best_epoch, self.weights = math.inf if mode == "min" else -math.inf, 0, dict[str, Any]()

    def on_epoch_end(self, training: Training) -> None:
        """Compare with the best so far."""
        history = training.history
        name = self.monitor or ("val_loss" if "val_loss" in history else "loss")
        if name not in history:
            expected, cure = f"one of {', '.join(history)}", "nn.fit(..., validation=(X, y)) for val_loss"
            raise errors.bad_argument(f"EarlyStopping(monitor={name!r})", expected, repr(name), cure)
        now, sign = history[name][-1], 1 if self.mode == "max" else -1
        if sign * now > sign * self.best + (0 if math.isinf(self.best) else self.min_delta):
            self.best, self.best_epoch = now, training.epoch
            self.weights = training.model.state_dict() if self.restore_best else {}
        elif training.epoch - self.best_epoch > self.patience:
            training.stop()

    def on_train_end(self, training: Training) -> None:
        """Go back to the best."""
        if self.weights:
            training.model.load_state_dict(self.weights)

    def state_dict(self) -> dict[str, Any]:
        """The best so far, with its weights."""
        return {"best": self.best, "best_epoch": self.best_epoch, "weights": self.weights}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on where another was saved."""
        self.best, self.best_epoch = state_dict["best"], state_dict["best_epoch"]
        self.weights = dict(state_dict["weights"])
