"""A training as it goes, drawn in a notebook after each epoch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from autograd.errors import bad_argument

from .arguments import check_count
from .display import Spot
from .history import plot_history


class Live:
    """Draws a training while it goes: give it to ``nn.fit(..., callbacks=[viz.Live()])``.

    In a notebook the picture stands below the cell and is replaced after each epoch; elsewhere nothing is shown.

    Args:
        draw: a function of the history that makes what is shown; :func:`plot_history` or, with snapshots,
            :func:`dashboard`, by itself the first.
        every: after how many epochs.

    Raises:
        ArgumentError: ``draw`` is no function, or ``every`` no whole number.

    Example:
        >>> live = Live(draw=lambda history: history["loss"][-1], every=2)
    """

    def __init__(self, draw: Callable[[Any], Any] = plot_history, every: int = 1) -> None:
        if not callable(draw):
            raise bad_argument("viz.Live(draw)", "a function of the history", repr(draw), "viz.Live(viz.plot_history)")
        check_count("viz.Live", "every", every, 1, 1)
        self.draw, self.every, self.spot = draw, every, Spot()

    def __call__(self, training: Any) -> None:
        """Draw the training as it is now."""
        if training.epoch % self.every == 0 and self.spot.there:
            self.spot.show(self.draw(training.history))
