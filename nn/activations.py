"""Activations as layers: the functions between the linear layers."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import errors

from . import functional
from .module import Module


class ReLU(Module):
    """``max(x, 0)`` of each element.

    Example:
        >>> ReLU()(np.array([-1.0, 2.0]))
        array([0., 2.])
    """

    def forward(self, x: Any) -> Any:
        """An output of the shape of ``x``."""
        return functional.relu(x)


class Tanh(Module):
    """The hyperbolic tangent of each element: from -1 to 1.

    Example:
        >>> Tanh()(np.array([0.0]))
        array([0.])
    """

    def forward(self, x: Any) -> Any:
        """An output of the shape of ``x``."""
        return functional.tanh(x)


class Sigmoid(Module):
    """``1 / (1 + exp(-x))`` of each element: from 0 to 1.

    Example:
        >>> Sigmoid()(np.array([0.0]))
        array([0.5])
    """

    def forward(self, x: Any) -> Any:
        """An output of the shape of ``x``."""
        return functional.sigmoid(x)


class Identity(Module):
    """The input as it is: a place in a network where nothing happens.

    Example:
        >>> Identity()(3.0)
        3.0
    """

    def forward(self, x: Any) -> Any:
        """``x`` itself."""
        return x


class Softmax(Module):
    """Positive numbers that sum to 1 along ``dim``. Not before ``cross_entropy``, which has it inside.

    Args:
        dim: the axis of the classes.

    Example:
        >>> Softmax()(np.array([1.0, 1.0]))
        array([0.5, 0.5])
    """

    def __init__(self, dim: int = -1) -> None:
        self.dim = dim

    def forward(self, x: Any) -> Any:
        """An output of the shape of ``x``."""
        return functional.softmax(x, self.dim)

    def extra_repr(self) -> str:
        """The arguments that the layer was made with."""
        return f"dim={self.dim}"


class LogSoftmax(Module):
    """The logarithm of :class:`Softmax`, exact where softmax would round to 0.

    Args:
        dim: the axis of the classes.

    Example:
        >>> LogSoftmax()(np.array([0.0, -1000.0]))
        array([    0., -1000.])
    """

    def __init__(self, dim: int = -1) -> None:
        self.dim = dim

    def forward(self, x: Any) -> Any:
        """An output of the shape of ``x``."""
        return functional.log_softmax(x, self.dim)

    def extra_repr(self) -> str:
        """The arguments that the layer was made with."""
        return f"dim={self.dim}"


class Flatten(Module):
    """The axes from ``start_dim`` to ``end_dim`` as one; by default all but the first, the examples.

    Args:
        start_dim: the first axis to join.
        end_dim: the last axis to join.

    Example:
        >>> Flatten()(np.zeros((5, 8, 8))).shape
        (5, 64)
    """

    def __init__(self, start_dim: int = 1, end_dim: int = -1) -> None:
        self.start_dim = start_dim
        self.end_dim = end_dim

    def forward(self, x: Any) -> Any:
        """The same elements with fewer axes."""
        shape = np.shape(x)
        for dim in (self.start_dim, self.end_dim):
            if not -len(shape) <= dim < len(shape):
                raise errors.no_such_axis("Flatten", shape, {"axis": dim}, f"axis {dim} is out of bounds")
        first, last = self.start_dim % len(shape), self.end_dim % len(shape)
        joined = int(np.prod(shape[first : last + 1]))
        return np.reshape(x, (*shape[:first], joined, *shape[last + 1 :]))

    def extra_repr(self) -> str:
        """The arguments that the layer was made with."""
        return f"start_dim={self.start_dim}, end_dim={self.end_dim}"
