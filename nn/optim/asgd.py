"""ASGD: gradient descent that also keeps the average of where it has been."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .averages import decayed
from .elementwise import Elementwise
from .optimizer import State, check_numbers


class ASGD(Elementwise):
    """Averaged gradient descent (Polyak and Juditsky 1992) with PyTorch's formulas.

    For each parameter ``p`` with gradient ``g``, in step t::

        g = g + weight_decay * p
        eta = lr / (1 + lambd * lr * (t - 1))**alpha
        p = p - eta * (lambd * p + g)
        ax = ax + (p - ax) / max(1, t - 1 - t0)

    The average is in ``optimizer.state[p]["ax"]``. If a schedule changes ``lr``, that counts at once; in PyTorch one
    step later.

    Args:
        params: the Tensors or Values to train, such as ``model.parameters()``, or groups of them.
        lr: the length of a step.
        lambd: how fast steps become shorter, and how strongly parameters are pulled towards 0.
        alpha: how fast steps become shorter, as a power.
        t0: the step after which averaging begins.
        weight_decay: how strongly parameters are pulled towards 0, as a part of the gradient.
        maximize: uphill, not downhill.
        **others: ``foreach``, ``fused`` and ``capturable`` change nothing here; see :class:`nn.optim.Optimizer`.

    Raises:
        ArgumentError: no parameters, something that is not a parameter, or a negative number.

    Example:
        >>> from autograd import Tensor
        >>> x = Tensor(3.0)
        >>> optimizer = ASGD([x], lr=0.5, lambd=0.0, t0=0)
        >>> for _ in range(3):  # to 2.5, 2 and 1.5
        ...     optimizer.zero_grad()
        ...     (1.0 * x).backward()
        ...     optimizer.step()
        >>> x.item(), optimizer.state[x]["ax"].item()  # the average begins with the second
        (1.5, 1.75)
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-2,
        lambd: float = 1e-4,
        alpha: float = 0.75,
        t0: float = 1e6,
        weight_decay: float = 0.0,
        *,
        maximize: bool = False,
        **others: Any,
    ) -> None:
        options = {"lr": lr, "lambd": lambd, "alpha": alpha, "t0": t0, "weight_decay": weight_decay}
        super().__init__(params, {**options, "maximize": maximize}, others)

    def check(self, group: dict[str, Any]) -> None:
        """No negative numbers."""
        check_numbers("ASGD", group, "lr", "lambd", "alpha", "t0", "weight_decay")

    def begin(self, group: dict[str, Any]) -> tuple[dict[str, float], dict[str, float]]:
        """The average."""
        return {"ax": 0.0}, {"step": 0}

    def move(self, group: dict[str, Any], p: Any, g: Any, state: State) -> None:
        """See the formulas of the class."""
        lr, lambd, taken, ax = group["lr"], group["lambd"], state["step"] - 1, state["ax"]
        g = decayed(group, p, g)
        eta = lr / (1 + lambd * lr * taken) ** group["alpha"]
        p *= 1 - lambd * eta
        p -= eta * g
        ax += (p - ax) / max(1, taken - group["t0"])
