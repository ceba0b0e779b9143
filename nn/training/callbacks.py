"""What is called while a training goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from autograd import errors

if TYPE_CHECKING:
    from .run import Training


class Callback:
    """The base of what is called at certain moments of a training; a subclass writes those that it needs.

    What it returns as its ``state_dict`` is part of the checkpoint.

    Example:
        >>> class Shout(Callback):
        ...     def on_epoch_end(self, training):
        ...         if training.history["loss"][-1] < 0.1:
        ...             training.stop()
    """

    def on_train_begin(self, training: Training) -> None:
        """Before the first epoch, or the first after a checkpoint."""

    def on_epoch_begin(self, training: Training) -> None:
        """Before each epoch, whose number, from 1, is ``training.epoch``."""

    def on_batch_end(self, training: Training) -> None:
        """After each step; ``training.batch_loss`` is the loss before it."""

    def on_epoch_end(self, training: Training) -> None:
        """After each epoch, when its numbers are in ``training.history``."""

    def on_train_end(self, training: Training) -> None:
        """After the last epoch, after :meth:`Training.stop`, and after Ctrl-C; not after an error."""

    def state_dict(self) -> dict[str, Any]:
        """What it remembers, as plain data."""
        return {}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on where another was saved."""


class AtEpochEnd(Callback):
    """A plain function, called after each epoch.

    Args:
        function: takes the training.
    """

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self.function = function

    def on_epoch_end(self, training: Training) -> None:
        """Call the function."""
        self.function(training)


def as_callbacks(given: Iterable[Any] | Any) -> list[Callback]:
    """Callbacks, from callbacks and functions.

    Raises:
        ArgumentError: something else.
    """
    several = list(given) if isinstance(given, Iterable) else [given]
    for x in several:
        if isinstance(x, type) or not (isinstance(x, Callback) or callable(x)):
            expected = "callbacks, or functions that take the training"
            cure = "callbacks=[lambda training: print(training.history)]"
            raise errors.bad_argument("nn.fit(..., callbacks=...)", expected, errors.brief(x), cure)
    return [x if isinstance(x, Callback) else AtEpochEnd(x) for x in several]
