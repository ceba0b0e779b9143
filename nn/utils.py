"""Gradient clipping: no step longer than one can answer for. Names and formulas are PyTorch's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from autograd import Node, errors


def clip_grad_norm_(
    parameters: Iterable[Node] | Node, max_norm: float, norm_type: float = 2.0, error_if_nonfinite: bool = False
) -> float:
    """Shorten all gradients by one factor, so that together they are no longer than ``max_norm``.

    The factor is ``min(1, max_norm / (norm + 1e-6))`` (Pascanu et al. 2013, https://arxiv.org/abs/1211.5063).

    Args:
        parameters: Tensors or Values; those without a gradient are left out.
        max_norm: how long the gradients may be.
        norm_type: which norm; ``float("inf")`` is the largest element.
        error_if_nonfinite: whether an infinite norm, or one that is no number, is an error.

    Returns:
        The norm before.

    Raises:
        ArgumentError: a negative ``max_norm``, or a norm that is not finite if that is asked for.

    Example:
        >>> from autograd import Tensor
        >>> x = Tensor([3.0, 4.0])
        >>> (x * x / 2).sum().backward()
        >>> clip_grad_norm_([x], 1.0), x.grad.round(5).tolist()
        (5.0, [0.6, 0.8])
    """
    if not max_norm >= 0:
        did = f"clip_grad_norm_(..., max_norm={max_norm!r})"
        raise errors.bad_argument(did, "a number from 0", repr(max_norm), "max_norm=1.0")
    params = _with_gradients(parameters)
    norms = [np.linalg.norm(np.ravel(_plain(p.grad)), norm_type) for p in params]
    total = float(np.linalg.norm(norms, norm_type)) if norms else 0.0
    if error_if_nonfinite and not np.isfinite(total):
        cure = "check_grads, or a smaller lr; error_if_nonfinite=False to go on"
        raise errors.bad_argument("clip_grad_norm_(...)", "gradients of finite length", f"a norm of {total}", cure)
    factor = min(1.0, max_norm / (total + 1e-6))
    for p in params:
        p.grad = _plain(p.grad) * factor
    return total


def clip_grad_value_(parameters: Iterable[Node] | Node, clip_value: float) -> None:
    """Cut every element of the gradients to the range from ``-clip_value`` to ``clip_value``.

    Args:
        parameters: Tensors or Values; those without a gradient are left out.
        clip_value: the largest size of an element.

    Raises:
        ArgumentError: a negative ``clip_value``.

    Example:
        >>> from autograd import Tensor
        >>> x = Tensor([3.0, -0.5])
        >>> (x * x).sum().backward()
        >>> clip_grad_value_([x], 2.0)
        >>> x.grad.tolist()
        [2.0, -1.0]
    """
    if not clip_value >= 0:
        did = f"clip_grad_value_(..., clip_value={clip_value!r})"
        raise errors.bad_argument(did, "a number from 0", repr(clip_value), "clip_value=1.0")
    for p in _with_gradients(parameters):
        g = _plain(p.grad)
        p.grad = np.clip(g, -clip_value, clip_value) if hasattr(g, "dtype") else max(-clip_value, min(g, clip_value))


def _with_gradients(parameters: Iterable[Node] | Node) -> list[Node]:
    params = [parameters] if isinstance(parameters, Node) else parameters
    return [p for p in params if p.grad is not None]


def _plain(g: Any) -> Any:
    """The numbers of a gradient, which may be a node itself."""
    return g.data if isinstance(g, Node) else g
