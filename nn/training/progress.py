"""How far a training has come, drawn with tqdm, which is loaded only when a bar is shown."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Mapping
from importlib import import_module
from typing import Any

from autograd.errors import not_installed


class Progress:
    """A bar of all batches of all epochs.

    Args:
        show: whether to show it; ``None`` shows it in a terminal and in a notebook.
        epochs: how many there are.
        done: how many are done already.
        batches: how many an epoch has, where that is known.
    """

    def __init__(self, show: bool | None, epochs: int, done: int, batches: int | None) -> None:
        self.epochs, self.results, self._bar = epochs, dict[str, float](), None
        if show or (show is None and (sys.stderr.isatty() or "ipykernel" in sys.modules)):
            total = epochs * batches if batches else None
            self._bar = _bar(total=total, initial=done * (batches or 0), unit="batch", dynamic_ncols=True)

    def begin_epoch(self, epoch: int) -> None:
        """Name the epoch."""
        if self._bar is not None:
            self._bar.set_description(f"epoch {epoch}/{self.epochs}", refresh=False)

    def step(self, loss: float) -> None:
        """One batch more."""
        if self._bar is not None and self._bar.update():
            self._write({**self.results, "loss": loss})

    def end_epoch(self, results: Mapping[str, float]) -> None:
        """Show the numbers of an epoch."""
        self.results = {name: x for name, x in results.items() if name != "lr"}
        self._write(self.results)

    def close(self) -> None:
        """Leave the bar as it is."""
        if self._bar is not None:
            self._bar.refresh()
            self._bar.close()

    def _write(self, results: Mapping[str, float]) -> None:
        if self._bar is not None:
            self._bar.set_postfix({name: f"{x:.4g}" for name, x in results.items()}, refresh=False)


def _bar(**options: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that there are no widgets: then the bar is text
        try:
            return import_module("tqdm.auto").tqdm(**options)
        except ImportError as error:
            raise not_installed("a progress bar", "tqdm", "tqdm") from error
