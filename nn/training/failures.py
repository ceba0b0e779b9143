"""A loss or a gradient that is no number: where it comes from, before any weight has changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from autograd.errors import ChainruleError, message

from ..inputs import plain
from ..module import Module


class NotFiniteError(ChainruleError, FloatingPointError):
    """A loss, or a gradient, that is infinite or no number. The weights and buffers are those before the batch."""


def check_data(where: str, loss: float, batch: Sequence[Any]) -> None:
    """An error if there is something else than numbers in the data of a batch.

    Args:
        where: what was done.
        loss: what came of it.
        batch: the inputs and the target.
    """
    for i, x in enumerate(np.asarray(plain(x)) for x in batch):
        if x.dtype.kind in "fc" and not np.isfinite(x).all():
            place = tuple(np.argwhere(~np.isfinite(x))[0].tolist())
            part = "the targets" if i == len(batch) - 1 else "the inputs"
            given = f"{x[place]} at {place} of {part} of the batch, and so a loss of {loss}"
            cure = "keep = np.isfinite(X).all(axis=1); X, y = X[keep], y[keep], or np.nan_to_num(X)"
            raise NotFiniteError(message(where, "data that are finite numbers", given, cure))


def loss_not_finite(where: str, loss: float, model: Module, batch: Sequence[Any]) -> NotFiniteError:
    """The loss of a batch is no number: because of the data, of the weights, or of what is computed from them."""
    check_data(where, loss, batch)
    for name, p in model.named_parameters():
        if not np.isfinite(p.data).all():
            cure = "the weights that were saved before, or a new network; and a smaller lr"
            return NotFiniteError(message(where, "weights that are finite numbers", f"{name} has others", cure))
    cure = "a smaller lr, clip_grad_norm=1.0, or data of mean 0 and standard deviation 1"
    return NotFiniteError(message(where, "a finite loss", str(loss), cure))


def gradient_not_finite(where: str, model: Module) -> NotFiniteError:
    """The loss is a number, and its gradient is not."""
    names = [
        name for name, p in model.named_parameters() if p.grad is not None and not np.isfinite(plain(p.grad)).all()
    ]
    cure = "a smaller lr, or no sqrt, log or division where the number may be 0"
    return NotFiniteError(message(where, "finite gradients", f"others for {', '.join(names)}", cure))


def are_finite(parameters: Iterable[Any]) -> bool:
    """Whether all gradients are numbers. If their sum is, they are, and that takes one pass and no memory."""
    gradients = [plain(p.grad) for p in parameters if p.grad is not None]
    total: Any = 0.0
    with np.errstate(all="ignore"):
        for g in gradients:
            total += np.add.reduce(g, axis=None)
    return bool(np.isfinite(total)) or all(np.isfinite(g).all() for g in gradients)
