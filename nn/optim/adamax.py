"""Adamax: Adam with the largest gradient in place of the mean square."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from .averages import decayed, follow
from .elementwise import Elementwise
from .optimizer import State, check_numbers, check_shares


class Adamax(Elementwise):
    """Adam with the largest gradient in place of the mean square (Kingma and Ba 2015, section 7.1).

    For each parameter ``p`` with gradient ``g``, in step t::

        g = g + weight_decay * p
        m = beta1 * m + (1 - beta1) * g
        u = max(beta2 * u, |g| + eps)
        p = p - lr / (1 - beta1**t) * m / u

    Args:
        params: the Tensors or Values to train, such as ``model.parameters()``, or groups of them.
        lr: the length of a step.
        betas: how much of the mean and of the largest goes on.
        eps: keeps the quotient finite.
        weight_decay: how strongly parameters are pulled towards 0, as a part of the gradient.
        maximize: uphill, not downhill.
        **others: ``foreach``, ``fused`` and ``capturable`` change nothing here; see :class:`nn.optim.Optimizer`.

    Raises:
        ArgumentError: no parameters, something that is not a parameter, or a number out of range.

    Example:
        >>> from autograd import Tensor
        >>> x = Tensor([3.0])
        >>> x.sum().backward()
        >>> Adamax([x], lr=0.1).step()
        >>> round(x.item(), 6)
        2.9
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        *,
        maximize: bool = False,
        **others: Any,
    ) -> None:
        options = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay, "maximize": maximize}
        super().__init__(params, options, others)

    def check(self, group: dict[str, Any]) -> None:
        """No negative numbers; betas below 1."""
        check_numbers("Adamax", group, "lr", "eps", "weight_decay")
        check_shares("Adamax", group, "betas")

    def begin(self, group: dict[str, Any]) -> tuple[dict[str, float], dict[str, float]]:
        """The mean of the gradients, and the largest."""
        return {"exp_avg": 0.0, "exp_inf": 0.0}, {"step": 0}

    def move(self, group: dict[str, Any], p: Any, g: Any, state: State) -> None:
        """See the formulas of the class."""
        (beta1, beta2), m, u = group["betas"], state["exp_avg"], state["exp_inf"]
        g = decayed(group, p, g)
        follow(m, g, beta1)
        u *= beta2
        np.maximum(u, np.abs(g) + group["eps"], out=u)
        p -= group["lr"] / (1 - beta1 ** state["step"]) * m / u
