"""NAdam: Adam that looks ahead along its momentum."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .averages import averaged, quotient
from .elementwise import Elementwise
from .optimizer import State, check_numbers, check_shares


class NAdam(Elementwise):
    """Adam that looks ahead along its momentum (Dozat 2016) with PyTorch's formulas.

    With ``m`` and ``v`` as in :class:`Adam`, ``mu(t) = beta1 * (1 - 0.96**(t * momentum_decay) / 2)``, and M(t) the
    product of all up to t::

        p = p - lr * ((1 - mu(t)) / (1 - M(t)) * g + mu(t + 1) / (1 - M(t + 1)) * m) / (sqrt(v / (1 - beta2**t)) + eps)

    Args:
        params: the Tensors or Values to train, such as ``model.parameters()``, or groups of them.
        lr: the length of a step.
        betas: how much of the means of gradients and of their squares goes on.
        eps: keeps the quotient finite.
        weight_decay: how strongly parameters are pulled towards 0.
        momentum_decay: how fast the momentum grows to ``beta1``.
        decoupled_weight_decay: weight decay beside the gradient, as in :class:`AdamW`.
        maximize: uphill, not downhill.
        **others: ``foreach``, ``fused`` and ``capturable`` change nothing here; see :class:`nn.optim.Optimizer`.

    Raises:
        ArgumentError: no parameters, something that is not a parameter, or a number out of range.

    Example:
        >>> from autograd import Tensor
        >>> x = Tensor([3.0])
        >>> x.sum().backward()
        >>> NAdam([x], lr=0.1).step()
        >>> bool(x.item() < 2.9)
        True
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 2e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        momentum_decay: float = 4e-3,
        decoupled_weight_decay: bool = False,
        *,
        maximize: bool = False,
        **others: Any,
    ) -> None:
        options = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay, "maximize": maximize}
        more = {"momentum_decay": momentum_decay, "decoupled_weight_decay": decoupled_weight_decay}
        super().__init__(params, {**options, **more}, others)

    def check(self, group: dict[str, Any]) -> None:
        """No negative numbers; betas below 1."""
        check_numbers("NAdam", group, "lr", "eps", "weight_decay", "momentum_decay")
        check_shares("NAdam", group, "betas")

    def begin(self, group: dict[str, Any]) -> tuple[dict[str, float], dict[str, float]]:
        """The means of gradients and of their squares, and the product of the momenta."""
        return {"exp_avg": 0.0, "exp_avg_sq": 0.0}, {"step": 0, "mu_product": 1.0}

    def advance(self, group: dict[str, Any], numbers: State) -> None:
        """One step more, and one momentum more."""
        numbers["step"] += 1
        numbers["mu_product"] *= _mu(group, numbers["step"])

    def move(self, group: dict[str, Any], p: Any, g: Any, state: State) -> None:
        """See the formulas of the class."""
        t, product, known = state["step"], state["mu_product"], 1 - group["betas"][1] ** state["step"]
        g, m, v = averaged(group, p, g, state)
        now, ahead = _mu(group, t), _mu(group, t + 1)
        direction = (1 - now) / (1 - product) * g + ahead / (1 - product * ahead) * m
        p -= quotient(group["lr"], direction, v, known, group["eps"])


def _mu(group: dict[str, Any], t: int) -> float:
    """The momentum of step t."""
    return group["betas"][0] * (1 - 0.5 * 0.96 ** (t * group["momentum_decay"]))
