"""All parameters together: their gradients cut to a length, their numbers as one vector. Names are PyTorch's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from autograd import Node, Tensor, errors
from autograd.variables import as_number


def clip_grad_norm_(
    parameters: Iterable[Node] | Node, max_norm: float, norm_type: float | str = 2.0, error_if_nonfinite: bool = False
) -> float:
    """Shorten all gradients by one factor, so that together they are no longer than ``max_norm``.

    The factor is ``min(1, max_norm / (norm + 1e-6))`` (Pascanu et al. 2013, https://arxiv.org/abs/1211.5063).

    Args:
        parameters: Tensors or Values; those without a gradient are left out.
        max_norm: how long the gradients may be.
        norm_type: which norm; ``float("inf")`` or ``"inf"`` is the largest element.
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
    params, order = _with_gradients(parameters), float(norm_type)
    norms = [np.linalg.norm(np.ravel(_plain(p.grad)), order) for p in params]
    total = as_number(np.linalg.norm(np.stack(norms), order)) if norms else 0.0
    if error_if_nonfinite and not np.isfinite(total):
        cure = "check_grads, or a smaller lr; error_if_nonfinite=False to go on"
        raise errors.bad_argument("clip_grad_norm_(...)", "gradients of finite length", f"a norm of {total}", cure)
    factor = as_number(np.minimum(1.0, max_norm / (total + 1e-6)))  # NaN stays, so that it is noticed
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


def parameters_to_vector(parameters: Iterable[Tensor]) -> Any:
    """All parameters as one vector, which remembers where it came from.

    Args:
        parameters: Tensors, such as ``model.parameters()``.

    Returns:
        A Tensor of shape (P,), the elements of all parameters in order.

    Raises:
        ArgumentError: no parameters.

    Example:
        >>> from autograd import Tensor
        >>> parameters_to_vector([Tensor([[1.0, 2.0]]), Tensor(3.0)]).tolist()
        [1.0, 2.0, 3.0]
    """
    parts = [p.reshape(-1) for p in parameters]
    if not parts:
        cure = "parameters_to_vector(model.parameters())"
        raise errors.bad_argument("parameters_to_vector(parameters)", "at least one Tensor", "none", cure)
    return np.concatenate(parts)


def vector_to_parameters(vec: Any, parameters: Iterable[Tensor]) -> None:
    """Give each parameter its part of a vector.

    Args:
        vec: numbers of shape (P,), as :func:`parameters_to_vector` gives them.
        parameters: Tensors with P elements in all.

    Raises:
        ShapeError: another number of elements. Nothing was written then.

    Example:
        >>> from autograd import Tensor
        >>> x, y = Tensor([[1.0, 2.0]]), Tensor(3.0)
        >>> vector_to_parameters(np.array([4.0, 5.0, 6.0]), [x, y])
        >>> x.tolist(), y.tolist()
        ([[4.0, 5.0]], 6.0)
    """
    numbers, params = np.asarray(_plain(vec)), list(parameters)
    total = sum(p.size for p in params)
    if numbers.shape != (total,):
        expected, cure = f"shape ({total},), a number for each element", "parameters_to_vector(model.parameters())"
        raise errors.ShapeError(
            errors.message("vector_to_parameters(vec, parameters)", expected, f"shape {numbers.shape}", cure)
        )
    start = 0
    for p in params:
        p.data = numbers[start : start + p.size].reshape(p.shape)
        start += p.size


def _with_gradients(parameters: Iterable[Node] | Node) -> list[Node]:
    params = [parameters] if isinstance(parameters, Node) else parameters
    return [p for p in params if p.grad is not None]


def _plain(g: Any) -> Any:
    """The numbers of a gradient, which may be a node itself."""
    return g.data if isinstance(g, Node) else g
