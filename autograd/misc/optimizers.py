"""Optimisers for functions: they take ``grad(x, i)`` and a first ``x``, and return the last one.

``x`` is an array, a number, or dicts, lists and tuples of them. They are made of plain operations, so that one
can differentiate through them. For networks of :mod:`nn` there is :mod:`nn.optim`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from .flatten import flatten

__all__ = ["adam", "rmsprop", "sgd", "unflatten_optimizer"]

Gradient = Callable[[Any, int], Any]
Callback = Callable[[Any, int, Any], Any]


def unflatten_optimizer(optimize: Callable[..., Any]) -> Callable[..., Any]:
    """Make an optimiser of vectors one of dicts, lists and tuples of arrays.

    Args:
        optimize: ``optimize(grad, x, callback, ...)``, where ``x`` is a vector.

    Returns:
        The same, where ``x``, and what ``grad`` and ``callback`` are given, is a tree.

    Example:
        >>> @unflatten_optimizer
        ... def descend(grad, x, callback=None, steps=50):
        ...     for i in range(steps):
        ...         x = x - 0.1 * grad(x, i)
        ...     return x
        >>> descend(lambda x, i: {"a": 2 * x["a"]}, {"a": 1.0}, steps=1)
        {'a': 0.8}
    """

    @wraps(optimize)
    def of_trees(grad: Gradient, x0: Any, callback: Callback | None = None, *args: Any, **kwargs: Any) -> Any:
        vector, unflatten = flatten(x0)

        def gradient(x: Any, i: int) -> Any:
            return flatten(grad(unflatten(x), i))[0]

        def report(x: Any, i: int, g: Any) -> None:
            if callback:
                callback(unflatten(x), i, unflatten(g))

        return unflatten(optimize(gradient, vector, report, *args, **kwargs))

    return of_trees


@unflatten_optimizer
def sgd(
    grad: Gradient, x: Any, callback: Callback, num_iters: int = 200, step_size: float = 0.1, mass: float = 0.9
) -> Any:
    """Gradient descent with momentum: ``v = mass v - (1 - mass) g``, ``x = x + step_size v``.

    Args:
        grad: ``grad(x, i)``, the gradient at ``x`` in step ``i``.
        x: where to start.
        callback: ``callback(x, i, g)``, called before each step.
        num_iters: the number of steps.
        step_size: how far to go along the velocity.
        mass: how much of the velocity is kept.

    Returns:
        The last ``x``.

    Example:
        >>> round(sgd(lambda x, i: 2 * (x - 3), 0.0), 4)
        3.0
    """
    velocity = np.zeros(len(x))
    for i in range(num_iters):
        g = grad(x, i)
        callback(x, i, g)
        velocity = mass * velocity - (1 - mass) * g
        x = x + step_size * velocity
    return x


@unflatten_optimizer
def rmsprop(
    grad: Gradient,
    x: Any,
    callback: Callback,
    num_iters: int = 100,
    step_size: float = 0.1,
    gamma: float = 0.9,
    eps: float = 1e-8,
) -> Any:
    """RMSprop: the gradient over the root of a running mean of its squares (Hinton 2012), which starts at 1.

    Args:
        grad: ``grad(x, i)``, the gradient at ``x`` in step ``i``.
        x: where to start.
        callback: ``callback(x, i, g)``, called before each step.
        num_iters: the number of steps.
        step_size: the length of a step.
        gamma: how much of the mean is kept.
        eps: keeps the root away from 0.

    Returns:
        The last ``x``.

    Example:
        >>> abs(rmsprop(lambda x, i: 2 * (x - 3), 0.0, num_iters=200) - 3) < 0.1
        True
    """
    mean_of_squares = np.ones(len(x))
    for i in range(num_iters):
        g = grad(x, i)
        callback(x, i, g)
        mean_of_squares = gamma * mean_of_squares + (1 - gamma) * g**2
        x = x - step_size * g / (np.sqrt(mean_of_squares) + eps)
    return x


@unflatten_optimizer
def adam(
    grad: Gradient,
    x: Any,
    callback: Callback,
    num_iters: int = 100,
    step_size: float = 0.001,
    b1: float = 0.9,
    b2: float = 0.999,
    eps: float = 1e-8,
) -> Any:
    """Adam: running means of the gradient and of its square, corrected for their start at 0 (Kingma and Ba 2015).

    Args:
        grad: ``grad(x, i)``, the gradient at ``x`` in step ``i``.
        x: where to start.
        callback: ``callback(x, i, g)``, called before each step.
        num_iters: the number of steps.
        step_size: the length of a step.
        b1: how much of the mean of the gradient is kept.
        b2: how much of the mean of its square is kept.
        eps: keeps the root away from 0.

    Returns:
        The last ``x``.

    Example:
        >>> round(adam(lambda x, i: 2 * (x - 3), 0.0, num_iters=1000, step_size=0.1), 4)
        3.0
    """
    m, v = np.zeros(len(x)), np.zeros(len(x))
    for i in range(num_iters):
        g = grad(x, i)
        callback(x, i, g)
        m = b1 * m + (1 - b1) * g
        v = b2 * v + (1 - b2) * g**2
        x = x - step_size * (m / (1 - b1 ** (i + 1))) / (np.sqrt(v / (1 - b2 ** (i + 1))) + eps)
    return x
