"""RAdam: Adam that waits until it knows how much gradients vary."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from .averages import averaged
from .elementwise import Elementwise
from .optimizer import State, check_numbers, check_shares


class RAdam(Elementwise):
    """Adam that waits until it knows how much gradients vary (Liu et al. 2020, https://arxiv.org/abs/1908.03265).

    With ``m`` and ``v`` as in :class:`Adam`, ``n = 2 / (1 - beta2) - 1`` and ``s = n - 2 * t * beta2**t / (1 -
    beta2**t)``, about the number of gradients that ``v`` is made of::

        r = sqrt((s - 4) * (s - 2) * n / ((n - 4) * (n - 2) * s))
        p = p - lr * m / (1 - beta1**t) * r * sqrt(1 - beta2**t) / (sqrt(v) + eps)      if s > 5
        p = p - lr * m / (1 - beta1**t)                                                 else

    Args:
        params: the Tensors or Values to train, such as ``model.parameters()``, or groups of them.
        lr: the length of a step.
        betas: how much of the means of gradients and of their squares goes on.
        eps: keeps the quotient finite.
        weight_decay: how strongly parameters are pulled towards 0.
        decoupled_weight_decay: weight decay beside the gradient, as in :class:`AdamW`.
        maximize: uphill, not downhill.
        **others: ``foreach``, ``fused`` and ``capturable`` change nothing here; see :class:`nn.optim.Optimizer`.

    Raises:
        ArgumentError: no parameters, something that is not a parameter, or a number out of range.

    Example:
        >>> from autograd import Tensor
        >>> x = Tensor([3.0])
        >>> x.sum().backward()
        >>> RAdam([x], lr=0.1).step()
        >>> round(x.item(), 6)  # the first steps go along the mean gradient
        2.9
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        decoupled_weight_decay: bool = False,
        *,
        maximize: bool = False,
        **others: Any,
    ) -> None:
        options = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay, "maximize": maximize}
        super().__init__(params, {**options, "decoupled_weight_decay": decoupled_weight_decay}, others)

    def check(self, group: dict[str, Any]) -> None:
        """No negative numbers; betas below 1."""
        check_numbers("RAdam", group, "lr", "eps", "weight_decay")
        check_shares("RAdam", group, "betas")

    def begin(self, group: dict[str, Any]) -> tuple[dict[str, float], dict[str, float]]:
        """The means of gradients and of their squares."""
        return {"exp_avg": 0.0, "exp_avg_sq": 0.0}, {"step": 0}

    def move(self, group: dict[str, Any], p: Any, g: Any, state: State) -> None:
        """See the formulas of the class."""
        t, (beta1, beta2) = state["step"], group["betas"]
        _, m, v = averaged(group, p, g, state)
        lr, known = group["lr"] / (1 - beta1**t), 1 - beta2**t
        n = 2 / (1 - beta2) - 1
        s = n - 2 * t * beta2**t / known
        if s > 5:
            r = ((s - 4) * (s - 2) * n / ((n - 4) * (n - 2) * s)) ** 0.5
            p -= lr * r * known**0.5 * m / (np.sqrt(v) + group["eps"])
        else:
            p -= lr * m
