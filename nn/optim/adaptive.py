"""Adagrad and RMSprop: each number has a step of its own, by the size of its gradients so far."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from .optimizer import Optimizer, State, check_numbers, check_shares


class Adagrad(Optimizer):
    """Adagrad (Duchi et al. 2011) with PyTorch's formulas.

    For each parameter ``p`` with gradient ``g``, in step t::

        g = g + weight_decay * p
        s = s + g**2
        p = p - lr / (1 + (t - 1) * lr_decay) * g / (sqrt(s) + eps)

    Args:
        params: the Tensors or Values to train, such as ``model.parameters()``, or groups of them.
        lr: the length of a step.
        lr_decay: how fast steps become shorter.
        weight_decay: how strongly parameters are pulled towards 0.
        initial_accumulator_value: ``s`` before the first step.
        eps: keeps the quotient finite.

    Raises:
        ArgumentError: no parameters, something that is not a parameter, or a negative number.

    Example:
        >>> from autograd import Tensor
        >>> x = Tensor([3.0])
        >>> x.sum().backward()
        >>> Adagrad([x], lr=0.1).step()
        >>> round(x.item(), 6)
        2.9
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-2,
        lr_decay: float = 0.0,
        weight_decay: float = 0.0,
        initial_accumulator_value: float = 0.0,
        eps: float = 1e-10,
    ) -> None:
        options = {"lr": lr, "lr_decay": lr_decay, "weight_decay": weight_decay}
        super().__init__(params, {**options, "initial_accumulator_value": initial_accumulator_value, "eps": eps})

    def check(self, group: dict[str, Any]) -> None:
        """No negative numbers."""
        check_numbers("Adagrad", group, *self.defaults)

    def begin(self, group: dict[str, Any]) -> tuple[dict[str, float], dict[str, float]]:
        """The sum of the squares."""
        return {"sum": group["initial_accumulator_value"]}, {"step": 0}

    def advance(self, group: dict[str, Any], numbers: State) -> None:
        """One step more."""
        numbers["step"] += 1

    def move(self, group: dict[str, Any], p: Any, g: Any, state: State) -> None:
        """See the formulas of the class."""
        if group["weight_decay"]:
            g = g + group["weight_decay"] * p
        s = state["sum"]
        s += g * g
        p -= group["lr"] / (1 + (state["step"] - 1) * group["lr_decay"]) * g / (np.sqrt(s) + group["eps"])


class RMSprop(Optimizer):
    """RMSprop (Hinton 2012) with PyTorch's formulas.

    For each parameter ``p`` with gradient ``g``::

        g = g + weight_decay * p
        v = alpha * v + (1 - alpha) * g**2
        a = alpha * a + (1 - alpha) * g                 (only if centered)
        d = g / (sqrt(v - a**2 if centered else v) + eps)
        b = momentum * b + d
        p = p - lr * (b if momentum else d)

    Args:
        params: the Tensors or Values to train, such as ``model.parameters()``, or groups of them.
        lr: the length of a step.
        alpha: how much of the means goes on.
        eps: keeps the quotient finite.
        weight_decay: how strongly parameters are pulled towards 0.
        momentum: how much of the last step goes on.
        centered: divide by the deviation from the mean gradient, not from 0.

    Raises:
        ArgumentError: no parameters, something that is not a parameter, or a number out of range.

    Example:
        >>> from autograd import Tensor
        >>> x = Tensor([3.0])
        >>> x.sum().backward()
        >>> RMSprop([x], lr=0.01).step()
        >>> round(x.item(), 6)  # lr / sqrt(1 - alpha)
        2.9
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-2,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum: float = 0.0,
        centered: bool = False,
    ) -> None:
        options = {"lr": lr, "alpha": alpha, "eps": eps, "weight_decay": weight_decay}
        super().__init__(params, {**options, "momentum": momentum, "centered": centered})

    def check(self, group: dict[str, Any]) -> None:
        """No negative numbers; alpha below 1."""
        check_numbers("RMSprop", group, "lr", "eps", "weight_decay", "momentum")
        check_shares("RMSprop", group, "alpha")

    def begin(self, group: dict[str, Any]) -> tuple[dict[str, float], dict[str, float]]:
        """The mean square; the mean and the momentum, if asked for."""
        more = {"momentum_buffer": group["momentum"], "grad_avg": group["centered"]}
        return dict.fromkeys(["square_avg", *(name for name, asked in more.items() if asked)], 0.0), {"step": 0}

    def advance(self, group: dict[str, Any], numbers: State) -> None:
        """One step more."""
        numbers["step"] += 1

    def move(self, group: dict[str, Any], p: Any, g: Any, state: State) -> None:
        """See the formulas of the class."""
        alpha, v = group["alpha"], state["square_avg"]
        if group["weight_decay"]:
            g = g + group["weight_decay"] * p
        v *= alpha
        v += (1 - alpha) * g * g
        if group["centered"]:
            a = state["grad_avg"]
            a += (1 - alpha) * (g - a)
            v = v - a * a
        d = g / (np.sqrt(v) + group["eps"])
        if group["momentum"]:
            b = state["momentum_buffer"]
            b *= group["momentum"]
            b += d
            d = b
        p -= group["lr"] * d
