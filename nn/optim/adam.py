"""Adam and its family: steps as long as the mean of the gradients is sure of itself."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from .optimizer import Optimizer, State, check_numbers, check_shares


class Adam(Optimizer):
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

    decoupled = False

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0.0,
        amsgrad: bool = False,
    ) -> None:
        options = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay, "amsgrad": amsgrad}
        super().__init__(params, options)

    def check(self, group: dict[str, Any]) -> None:
        """No negative numbers; betas below 1."""
        check_numbers(self._name, group, "lr", "eps", "weight_decay")
        check_shares(self._name, group, "betas")

    def begin(self, group: dict[str, Any]) -> tuple[dict[str, float], dict[str, float]]:
        """The means of gradients and of their squares."""
        names = ["exp_avg", "exp_avg_sq", *(["max_exp_avg_sq"] if group["amsgrad"] else [])]
        return dict.fromkeys(names, 0.0), {"step": 0}

    def advance(self, group: dict[str, Any], numbers: State) -> None:
        """One step more."""
        numbers["step"] += 1

    def move(self, group: dict[str, Any], p: Any, g: Any, state: State) -> None:
        """See the formulas of the class."""
        lr, t, (beta1, beta2) = group["lr"], state["step"], group["betas"]
        g = _decayed(group, p, g, self.decoupled)
        m, v = state["exp_avg"], state["exp_avg_sq"]
        _follow(m, g, beta1)
        _follow_square(v, g, beta2)
        if group["amsgrad"]:
            v = np.maximum(state["max_exp_avg_sq"], v, out=state["max_exp_avg_sq"])
        p -= _quotient(lr / (1 - beta1**t), m, v, 1 - beta2**t, group["eps"])


class AdamW(Adam):
    """Adam with decoupled weight decay (Loshchilov and Hutter 2019): ``p = p - lr * weight_decay * p`` in each step.

    Args:
        params: the Tensors or Values to train, such as ``model.parameters()``, or groups of them.
        lr: the length of a step.
        betas: how much of the means of gradients and of their squares goes on.
        eps: keeps the quotient finite.
        weight_decay: how strongly parameters are pulled towards 0, beside the gradient.
        amsgrad: the largest ``v`` so far in place of ``v``.

    Example:
        >>> from autograd import Tensor
        >>> x = Tensor([3.0])
        >>> x.sum().backward()
        >>> AdamW([x], lr=0.1, weight_decay=0.1).step()
        >>> round(x.item(), 6)  # 3 - 0.1 * 0.1 * 3 - 0.1
        2.87
    """

    decoupled = True

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-3,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
        amsgrad: bool = False,
    ) -> None:
        super().__init__(params, lr, betas, eps, weight_decay, amsgrad)


class Adamax(Adam):
    """Adam with the largest gradient in place of the mean square (Kingma and Ba 2015, section 7.1).

    ``u = max(beta2 * u, |g| + eps)`` and ``p = p - lr / (1 - beta1**t) * m / u``.

    Args:
        params: the Tensors or Values to train, such as ``model.parameters()``, or groups of them.
        lr: the length of a step.
        betas: how much of the mean and of the largest goes on.
        eps: keeps the quotient finite.
        weight_decay: how strongly parameters are pulled towards 0, as a part of the gradient.

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
    ) -> None:
        options = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay}
        Optimizer.__init__(self, params, options)

    def begin(self, group: dict[str, Any]) -> tuple[dict[str, float], dict[str, float]]:
        """The mean of the gradients, and the largest."""
        return {"exp_avg": 0.0, "exp_inf": 0.0}, {"step": 0}

    def move(self, group: dict[str, Any], p: Any, g: Any, state: State) -> None:
        """See the formulas of the class."""
        (beta1, beta2), m, u = group["betas"], state["exp_avg"], state["exp_inf"]
        g = _decayed(group, p, g, False)
        _follow(m, g, beta1)
        u *= beta2
        np.maximum(u, np.abs(g) + group["eps"], out=u)
        p -= group["lr"] / (1 - beta1 ** state["step"]) * m / u


class NAdam(Adam):
    """Adam that looks ahead along its momentum (Dozat 2016) with PyTorch's formulas.

    With ``mu(t) = beta1 * (1 - 0.96**(t * momentum_decay) / 2)`` and M(t) the product of all up to t::

        p = p - lr * ((1 - mu(t)) / (1 - M(t)) * g + mu(t + 1) / (1 - M(t + 1)) * m) / (sqrt(v / (1 - beta2**t)) + eps)

    Args:
        params: the Tensors or Values to train, such as ``model.parameters()``, or groups of them.
        lr: the length of a step.
        betas: how much of the means of gradients and of their squares goes on.
        eps: keeps the quotient finite.
        weight_decay: how strongly parameters are pulled towards 0.
        momentum_decay: how fast the momentum grows to ``beta1``.
        decoupled_weight_decay: weight decay beside the gradient, as in :class:`AdamW`.

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
    ) -> None:
        options = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay}
        more = {"momentum_decay": momentum_decay, "decoupled_weight_decay": decoupled_weight_decay}
        Optimizer.__init__(self, params, {**options, **more})

    def check(self, group: dict[str, Any]) -> None:
        """No negative numbers; betas below 1."""
        super().check(group)
        check_numbers("NAdam", group, "momentum_decay")

    def begin(self, group: dict[str, Any]) -> tuple[dict[str, float], dict[str, float]]:
        """The means of gradients and of their squares, and the product of the momenta."""
        return {"exp_avg": 0.0, "exp_avg_sq": 0.0}, {"step": 0, "mu_product": 1.0}

    def advance(self, group: dict[str, Any], numbers: State) -> None:
        """One step more, and one momentum more."""
        numbers["step"] += 1
        numbers["mu_product"] *= _mu(group, numbers["step"])

    def move(self, group: dict[str, Any], p: Any, g: Any, state: State) -> None:
        """See the formulas of the class."""
        lr, t, product, (beta1, beta2) = group["lr"], state["step"], state["mu_product"], group["betas"]
        g = _decayed(group, p, g, group["decoupled_weight_decay"])
        m, v = state["exp_avg"], state["exp_avg_sq"]
        _follow(m, g, beta1)
        _follow_square(v, g, beta2)
        now, ahead = _mu(group, t), _mu(group, t + 1)
        direction = (1 - now) / (1 - product) * g + ahead / (1 - product * ahead) * m
        p -= _quotient(lr, direction, v, 1 - beta2**t, group["eps"])


def _mu(group: dict[str, Any], t: int) -> float:
    """The momentum of step t."""
    return group["betas"][0] * (1 - 0.5 * 0.96 ** (t * group["momentum_decay"]))


def _decayed(group: dict[str, Any], p: Any, g: Any, decoupled: bool) -> Any:
    """The gradient with the pull towards 0; decoupled, ``p`` itself is pulled."""
    decay = group["weight_decay"]
    if not decay:
        return g
    if not decoupled:
        return g + decay * p
    p *= 1 - group["lr"] * decay
    return g


def _follow(m: Any, g: Any, beta: float) -> None:
    """``m = beta * m + (1 - beta) * g``, in place."""
    m *= beta
    m += (1 - beta) * g


def _follow_square(v: Any, g: Any, beta: float) -> None:
    """``v = beta * v + (1 - beta) * g**2``, in place."""
    square = g * g
    square *= 1 - beta
    v *= beta
    v += square


def _quotient(lr: float, m: Any, v: Any, correction: float, eps: float) -> Any:
    """``lr * m / (sqrt(v / correction) + eps)``, with one array of its own."""
    root = np.sqrt(v)
    root /= correction**0.5
    root += eps
    np.divide(m, root, out=root)
    root *= lr
    return root
