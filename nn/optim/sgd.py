"""Stochastic gradient descent: a step downhill, with or without momentum."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from autograd import Node, errors

from .averages import decayed
from .elementwise import PIECE, Elementwise
from .optimizer import State, check_numbers


class SGD(Elementwise):
    """Stochastic gradient descent with PyTorch's formulas.

    For each parameter ``p`` with gradient ``g``::

        g = g + weight_decay * p
        v = momentum * v + (1 - dampening) * g          (v = g in the first step)
        g = g + momentum * v if nesterov else v
        p = p - lr * g

    Args:
        params: the Tensors or Values to train, such as ``model.parameters()``, or groups of them.
        lr: the length of a step.
        momentum: how much of the last step goes on.
        dampening: how much of the gradient is left out of the momentum.
        weight_decay: how strongly parameters are pulled towards 0.
        nesterov: look ahead along the momentum (Sutskever et al. 2013).
        maximize: uphill, not downhill.
        **others: ``foreach``, ``fused`` and ``capturable`` change nothing here; see :class:`nn.optim.Optimizer`.

    Attributes:
        lr: may be assigned between steps.

    Raises:
        ArgumentError: no parameters, something that is not a parameter, or a negative number.

    Example:
        >>> from autograd import Tensor
        >>> x = Tensor([3.0])
        >>> optimizer = SGD([x], lr=0.1)
        >>> for _ in range(100):
        ...     optimizer.zero_grad()
        ...     (x * x).sum().backward()
        ...     optimizer.step()
        >>> bool(abs(x.item()) < 1e-8)
        True
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        momentum: float = 0.0,
        dampening: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
        *,
        maximize: bool = False,
        **others: Any,
    ) -> None:
        options = {"lr": lr, "momentum": momentum, "dampening": dampening, "weight_decay": weight_decay}
        super().__init__(params, {**options, "nesterov": nesterov, "maximize": maximize}, others)

    def check(self, group: dict[str, Any]) -> None:
        """No negative numbers, and Nesterov's look ahead only along a momentum."""
        check_numbers("SGD", group, "lr", "momentum", "weight_decay")
        if group["nesterov"] and not group["momentum"]:
            raise errors.bad_argument("SGD(..., nesterov=True)", "a momentum above 0", "momentum=0", "momentum=0.9")
        if group["nesterov"] and group["dampening"]:
            given = f"dampening={group['dampening']!r}"
            raise errors.bad_argument("SGD(..., nesterov=True)", "no dampening", given, "dampening=0")

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Move every parameter that has a gradient; see :meth:`Elementwise.step`."""
        if closure is not None or any(g["momentum"] or g["weight_decay"] or g["maximize"] for g in self.param_groups):
            return super().step(closure)
        for group in self.param_groups:
            lr = group["lr"]
            for p in group["params"]:
                g = p.grad
                if g is None or not p.requires_grad:
                    continue
                move = g.data if isinstance(g, Node) else g
                if getattr(move, "size", 1) <= PIECE:
                    p.data -= lr * move
                else:
                    _move_large(p, lr, move)
        return None

    def begin(self, group: dict[str, Any]) -> tuple[dict[str, float], dict[str, float]]:
        """The momentum, if there is one."""
        return {"momentum_buffer": 0.0} if group["momentum"] else {}, {"step": 0}

    def move(self, group: dict[str, Any], p: Any, g: Any, state: State) -> None:
        """See the formulas of the class."""
        momentum, g = group["momentum"], decayed(group, p, g)
        if momentum:
            v = state["momentum_buffer"]
            v *= momentum
            v += g if state["step"] == 1 else (1 - group["dampening"]) * g
            g = g + momentum * v if group["nesterov"] else v
        p -= group["lr"] * g


def _move_large(p: Node, lr: float, direction: Any) -> None:
    """``p.data -= lr * direction`` in pieces: no second array of its size is made."""
    data = p.data
    if not (data.flags.c_contiguous and direction.flags.c_contiguous):
        p.data -= lr * direction
        return
    flat, along = data.reshape(-1), direction.reshape(-1)
    for start in range(0, flat.size, PIECE):
        flat[start : start + PIECE] -= lr * along[start : start + PIECE]
    p.data = data
