"""Adagrad, RMSprop and Adadelta: each number has a step of its own, by the size of its gradients so far."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from .averages import decayed, follow_square
from .elementwise import Elementwise
from .optimizer import State, check_numbers, check_shares


class Adagrad(Elementwise):
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
        maximize: uphill, not downhill.
        **others: ``foreach``, ``fused`` and ``capturable`` change nothing here; see :class:`nn.optim.Optimizer`.

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
        *,
        maximize: bool = False,
        **others: Any,
    ) -> None:
        options = {"lr": lr, "lr_decay": lr_decay, "weight_decay": weight_decay, "eps": eps, "maximize": maximize}
        super().__init__(params, {**options, "initial_accumulator_value": initial_accumulator_value}, others)

    def check(self, group: dict[str, Any]) -> None:
        """No negative numbers."""
        check_numbers("Adagrad", group, "lr", "lr_decay", "weight_decay", "initial_accumulator_value", "eps")

    def begin(self, group: dict[str, Any]) -> tuple[dict[str, float], dict[str, float]]:
        """The sum of the squares."""
        return {"sum": group["initial_accumulator_value"]}, {"step": 0}

    def move(self, group: dict[str, Any], p: Any, g: Any, state: State) -> None:
        """See the formulas of the class."""
        g, s = decayed(group, p, g), state["sum"]
        s += g * g
        p -= group["lr"] / (1 + (state["step"] - 1) * group["lr_decay"]) * g / (np.sqrt(s) + group["eps"])


class RMSprop(Elementwise):
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
        maximize: uphill, not downhill.
        **others: ``foreach``, ``fused`` and ``capturable`` change nothing here; see :class:`nn.optim.Optimizer`.

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
        *,
        maximize: bool = False,
        **others: Any,
    ) -> None:
        options = {"lr": lr, "alpha": alpha, "eps": eps, "weight_decay": weight_decay, "maximize": maximize}
        super().__init__(params, {**options, "momentum": momentum, "centered": centered}, others)

    def check(self, group: dict[str, Any]) -> None:
        """No negative numbers; alpha below 1."""
        check_numbers("RMSprop", group, "lr", "eps", "weight_decay", "momentum")
        check_shares("RMSprop", group, "alpha")

    def begin(self, group: dict[str, Any]) -> tuple[dict[str, float], dict[str, float]]:
        """The mean square; the mean and the momentum, if asked for."""
        more = {"momentum_buffer": group["momentum"], "grad_avg": group["centered"]}
        return dict.fromkeys(["square_avg", *(name for name, asked in more.items() if asked)], 0.0), {"step": 0}

    def move(self, group: dict[str, Any], p: Any, g: Any, state: State) -> None:
        """See the formulas of the class."""
        alpha, v = group["alpha"], state["square_avg"]
        g = decayed(group, p, g)
        follow_square(v, g, alpha)
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


class Adadelta(Elementwise):
    """Adadelta (Zeiler 2012, https://arxiv.org/abs/1212.5701) with PyTorch's formulas: steps in the unit of ``p``.

    For each parameter ``p`` with gradient ``g``::

        g = g + weight_decay * p
        v = rho * v + (1 - rho) * g**2
        d = sqrt(u + eps) / sqrt(v + eps) * g
        u = rho * u + (1 - rho) * d**2
        p = p - lr * d

    Args:
        params: the Tensors or Values to train, such as ``model.parameters()``, or groups of them.
        lr: the length of a step.
        rho: how much of the means goes on.
        eps: where the first steps come from, and what keeps the quotient finite.
        weight_decay: how strongly parameters are pulled towards 0.
        maximize: uphill, not downhill.
        **others: ``foreach``, ``fused`` and ``capturable`` change nothing here; see :class:`nn.optim.Optimizer`.

    Raises:
        ArgumentError: no parameters, something that is not a parameter, or a number out of range.

    Example:
        >>> from autograd import Tensor
        >>> x = Tensor([3.0])
        >>> x.sum().backward()
        >>> Adadelta([x], eps=0.01).step()
        >>> round(x.item(), 4)  # sqrt(0.01) / sqrt(0.1 + 0.01)
        2.6985
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1.0,
        rho: float = 0.9,
        eps: float = 1e-6,
        weight_decay: float = 0.0,
        *,
        maximize: bool = False,
        **others: Any,
    ) -> None:
        options = {"lr": lr, "rho": rho, "eps": eps, "weight_decay": weight_decay, "maximize": maximize}
        super().__init__(params, options, others)

    def check(self, group: dict[str, Any]) -> None:
        """No negative numbers; rho below 1."""
        check_numbers("Adadelta", group, "lr", "eps", "weight_decay")
        check_shares("Adadelta", group, "rho")

    def begin(self, group: dict[str, Any]) -> tuple[dict[str, float], dict[str, float]]:
        """The mean squares of gradients and of steps."""
        return {"square_avg": 0.0, "acc_delta": 0.0}, {"step": 0}

    def move(self, group: dict[str, Any], p: Any, g: Any, state: State) -> None:
        """See the formulas of the class."""
        rho, eps, v, u = group["rho"], group["eps"], state["square_avg"], state["acc_delta"]
        g = decayed(group, p, g)
        follow_square(v, g, rho)
        d = np.sqrt(u + eps) / np.sqrt(v + eps) * g
        follow_square(u, d, rho)
        p -= group["lr"] * d
