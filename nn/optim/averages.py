"""What the formulas of optimisers share: weight decay, running averages in place, and Adam's quotient."""

from __future__ import annotations

from typing import Any

import numpy as np


def decayed(group: dict[str, Any], p: Any, g: Any) -> Any:
    """The gradient with the pull towards 0; decoupled (Loshchilov and Hutter 2019), ``p`` itself is pulled."""
    decay = group["weight_decay"]
    if not decay:
        return g
    if not group.get("decoupled_weight_decay"):
        return g + decay * p
    p *= 1 - group["lr"] * decay
    return g


def averaged(group: dict[str, Any], p: Any, g: Any, state: dict[str, Any]) -> tuple[Any, Any, Any]:
    """The gradient with its weight decay, and the running averages ``m`` of it and ``v`` of its square, as in Adam."""
    (beta1, beta2), m, v = group["betas"], state["exp_avg"], state["exp_avg_sq"]
    g = decayed(group, p, g)
    follow(m, g, beta1)
    follow_square(v, g, beta2)
    return g, m, v


def follow(m: Any, g: Any, beta: float) -> None:
    """``m = beta * m + (1 - beta) * g``, in place."""
    m *= beta
    m += (1 - beta) * g


def follow_square(v: Any, g: Any, beta: float) -> None:
    """``v = beta * v + (1 - beta) * g**2``, in place."""
    square = g * g
    square *= 1 - beta
    v *= beta
    v += square


def quotient(lr: float, m: Any, v: Any, correction: float, eps: float) -> Any:
    """``lr * m / (sqrt(v / correction) + eps)``, with one array of its own."""
    root = np.sqrt(v)
    root /= correction**0.5
    root += eps
    np.divide(m, root, out=root)
    root *= lr
    return root
