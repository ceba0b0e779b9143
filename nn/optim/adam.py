"""Adam: steps as long as the mean of the gradients is sure of itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from .averages import averaged, quotient
from .elementwise import Elementwise
from .optimizer import State, check_numbers, check_shares


class Adam(Elementwise):
    """Adam (Kingma and Ba 2015, https://arxiv.org/abs/1412.6980) with PyTorch's formulas.

    For each parameter ``p`` with gradient ``g``, in step t::

        g = g + weight_decay * p
        m = beta1 * m + (1 - beta1) * g                 (m = v = 0 before the first step)
        v = beta2 * v + (1 - beta2) * g**2
        p = p - lr * m / (1 - beta1**t) / (sqrt(v / (1 - beta2**t)) + eps)

    Args:
        params: the Tensors or Values to train, such as ``model.parameters()``, or groups of them.
        lr: the length of a step.
        betas: how much of the means of gradients and of their squares goes on.
        eps: keeps the quotient finite.
        weight_decay: how strongly parameters are pulled towards 0, as a part of the gradient.
        amsgrad: the largest ``v`` so far in place of ``v`` (Reddi et al. 2018).
        maximize: uphill, not downhill.
        decoupled_weight_decay: weight decay beside the gradient, as in :class:`AdamW`.
        **others: ``foreach``, ``fused`` and ``capturable`` change nothing here; see :class:`nn.optim.Optimizer`.

    Raises:
        ArgumentError: no parameters, something that is not a parameter, or a number out of range.

    Example:
        >>> from autograd import Tensor
        >>> x = Tensor([3.0])
        >>> optimizer = Adam([x], lr=0.1)
        >>> x.sum().backward()
        >>> optimizer.step()
        >>> round(x.item(), 6)  # the first step is lr, however large the gradient is
        2.9
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
        decoupled_weight_decay: bool = False,
        **others: Any,
    ) -> None:
        options = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay, "amsgrad": amsgrad}
        more = {"maximize": maximize, "decoupled_weight_decay": decoupled_weight_decay}
        super().__init__(params, {**options, **more}, others)

    def check(self, group: dict[str, Any]) -> None:
        """No negative numbers; betas below 1."""
        check_numbers(self._name, group, "lr", "eps", "weight_decay")
        check_shares(self._name, group, "betas")

    def begin(self, group: dict[str, Any]) -> tuple[dict[str, float], dict[str, float]]:
        """The means of gradients and of their squares."""
        names = ["exp_avg", "exp_avg_sq", *(["max_exp_avg_sq"] if group["amsgrad"] else [])]
        return dict.fromkeys(names, 0.0), {"step": 0}

    def move(self, group: dict[str, Any], p: Any, g: Any, state: State) -> None:
        """See the formulas of the class."""
        lr, t, (beta1, beta2) = group["lr"], state["step"], group["betas"]
        _, m, v = averaged(group, p, g, state)
        if group["amsgrad"]:
            v = np.maximum(state["max_exp_avg_sq"], v, out=state["max_exp_avg_sq"])
        p -= quotient(lr / (1 - beta1**t), m, v, 1 - beta2**t, group["eps"])


class AdamW(Adam):
    """Adam with decoupled weight decay (Loshchilov and Hutter 2019): ``p = p - lr * weight_decay * p`` in each step.

    Args:
        params: the Tensors or Values to train, such as ``model.parameters()``, or groups of them.
        lr: the length of a step.
        betas: how much of the means of gradients and of their squares goes on.
        eps: keeps the quotient finite.
        weight_decay: how strongly parameters are pulled towards 0, beside the gradient.
        amsgrad: the largest ``v`` so far in place of ``v``.
        maximize: uphill, not downhill.
        **others: ``foreach``, ``fused`` and ``capturable`` change nothing here; see :class:`nn.optim.Optimizer`.

    Example:
        >>> from autograd import Tensor
        >>> x = Tensor([3.0])
        >>> x.sum().backward()
        >>> AdamW([x], lr=0.1, weight_decay=0.1).step()
        >>> round(x.item(), 6)  # 3 - 0.1 * 0.1 * 3 - 0.1
        2.87
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
        *,
        maximize: bool = False,
        **others: Any,
    ) -> None:
        more = {"maximize": maximize, "decoupled_weight_decay": True, **others}
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad, **more)
