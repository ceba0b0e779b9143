"""What a training was like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


class History(dict[str, list[float]]):
    """Numbers by name, one an epoch: ``loss``, each metric, the same for validation as ``val_...``, and ``lr``.

    ``viz.plot_history(history)`` draws it.

    Attributes:
        interrupted: whether the training was stopped by hand, with Ctrl-C; the epoch that was not finished is left out.
        stopped_early: whether a callback ended it before the last epoch.
        snapshots: the network at some epochs, if ``nn.Snapshots()`` was among the callbacks.

    Example:
        >>> history = History()
        >>> history.append({"loss": 0.5, "accuracy": 0.75})
        >>> history
        History of 1 epoch: loss 0.5, accuracy 0.75
        >>> history["loss"], history.best("accuracy")
        ([0.5], 1)
    """

    interrupted: bool = False
    stopped_early: bool = False
    snapshots: Sequence[Mapping[str, Any]] = ()

    @property
    def epochs(self) -> int:
        """How many epochs are in it."""
        return max(map(len, self.values()), default=0)

    def append(self, results: Mapping[str, float]) -> None:
        """The numbers of one more epoch."""
        for name, x in results.items():
            self.setdefault(name, []).append(x)

    def best(self, name: str = "val_loss") -> int:
        """The number of the epoch, from 1, in which ``name`` was best: smallest, or largest if it is an accuracy."""
        numbers = self[name]
        return 1 + numbers.index((max if is_better_larger(name) else min)(numbers))

    def state_dict(self) -> dict[str, Any]:
        """All of it, as plain data."""
        numbers = {name: list(xs) for name, xs in self.items()}
        return {"numbers": numbers, "interrupted": self.interrupted, "stopped_early": self.stopped_early}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Become the history that was saved."""
        self.clear()
        self.update({name: list(xs) for name, xs in state_dict["numbers"].items()})
        self.interrupted, self.stopped_early = state_dict["interrupted"], state_dict["stopped_early"]

    def __repr__(self) -> str:
        last = ", ".join(f"{name} {xs[-1]:.4g}" for name, xs in self.items() if xs)
        ends = {", interrupted": self.interrupted, ", stopped early": self.stopped_early}
        end = "".join(what for what, so in ends.items() if so)
        return f"History of {self.epochs} epoch{'s' * (self.epochs != 1)}{end}: {last or 'nothing yet'}"


def is_better_larger(name: str) -> bool:
    """Whether a number of this name should grow."""
    return name.removeprefix("val_").startswith(("acc", "r2", "f1", "auc", "precision", "recall", "score"))
