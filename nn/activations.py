"""Activations as layers: the functions between the linear layers."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import errors

from . import elementwise as functions
from . import softmax
from .check import check_sizes, number
from .module import Module
from .parameter import Parameter


class _Activation(Module):
    """What all of them share: they are printed with the arguments that they were made with."""

    def extra_repr(self) -> str:
        """The arguments that the layer was made with."""
        given = {name: x for name, x in vars(self).items() if name[0] != "_" and isinstance(x, (int, float, str))}
        return ", ".join(f"{name}={x!r}" for name, x in given.items() if name != "training")


class ReLU(_Activation):
    """``max(x, 0)`` of each element.

    Example:
        >>> ReLU()(np.array([-1.0, 2.0]))
        array([0., 2.])
    """

    def forward(self, x: Any) -> Any:
        """An output of the shape of ``x``."""
        return functions.relu(x)


class Tanh(_Activation):
    """The hyperbolic tangent of each element: from -1 to 1.

    Example:
        >>> Tanh()(np.array([0.0]))
        array([0.])
    """

    def forward(self, x: Any) -> Any:
        """An output of the shape of ``x``."""
        return functions.tanh(x)


class Sigmoid(_Activation):
    """``1 / (1 + exp(-x))`` of each element: from 0 to 1.

    Example:
        >>> Sigmoid()(np.array([0.0]))
        array([0.5])
    """

    def forward(self, x: Any) -> Any:
        """An output of the shape of ``x``."""
        return functions.sigmoid(x)


class Identity(_Activation):
    """The input as it is: a place in a network where nothing happens.

    Example:
        >>> Identity()(3.0)
        3.0
    """

    def forward(self, x: Any) -> Any:
        """``x`` itself."""
        return x


class Softmax(_Activation):
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
        return softmax.softmax(x, self.dim)


class LogSoftmax(_Activation):
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
        return softmax.log_softmax(x, self.dim)


class Flatten(_Activation):
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
            if not isinstance(dim, (int, np.integer)) or not -len(shape) <= dim < len(shape):
                raise errors.no_such_axis("Flatten", shape, {"axis": dim}, f"axis {dim} is out of bounds")
        first, last = self.start_dim % len(shape), self.end_dim % len(shape)
        joined = int(np.prod(shape[first : last + 1]))
        return np.reshape(x, (*shape[:first], joined, *shape[last + 1 :]))


class LeakyReLU(_Activation):
    """:func:`nn.functional.leaky_relu` as a layer.

    Args:
        negative_slope: as there.

    Example:
        >>> LeakyReLU()(np.zeros((1, 2))).shape
        (1, 2)
    """

    def __init__(self, negative_slope: float = 0.01) -> None:
        self.negative_slope = number(self, "negative_slope", negative_slope)

    def forward(self, x: Any) -> Any:
        """An output for ``x``, element by element."""
        return functions.leaky_relu(x, self.negative_slope)


class ELU(_Activation):
    """:func:`nn.functional.elu` as a layer.

    Args:
        alpha: as there.

    Example:
        >>> ELU()(np.zeros((1, 2))).shape
        (1, 2)
    """

    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = number(self, "alpha", alpha)

    def forward(self, x: Any) -> Any:
        """An output for ``x``, element by element."""
        return functions.elu(x, self.alpha)


class SELU(_Activation):
    """:func:`nn.functional.selu` as a layer.

    Example:
        >>> SELU()(np.zeros((1, 2))).shape
        (1, 2)
    """

    def forward(self, x: Any) -> Any:
        """An output for ``x``, element by element."""
        return functions.selu(x)


class GELU(_Activation):
    """:func:`nn.functional.gelu` as a layer.

    Args:
        approximate: as there.

    Example:
        >>> GELU()(np.zeros((1, 2))).shape
        (1, 2)
    """

    def __init__(self, approximate: str = "none") -> None:
        self.approximate = approximate

    def forward(self, x: Any) -> Any:
        """An output for ``x``, element by element."""
        return functions.gelu(x, self.approximate)


class SiLU(_Activation):
    """:func:`nn.functional.silu` as a layer.

    Example:
        >>> SiLU()(np.zeros((1, 2))).shape
        (1, 2)
    """

    def forward(self, x: Any) -> Any:
        """An output for ``x``, element by element."""
        return functions.silu(x)


class Mish(_Activation):
    """:func:`nn.functional.mish` as a layer.

    Example:
        >>> Mish()(np.zeros((1, 2))).shape
        (1, 2)
    """

    def forward(self, x: Any) -> Any:
        """An output for ``x``, element by element."""
        return functions.mish(x)


class Softplus(_Activation):
    """:func:`nn.functional.softplus` as a layer.

    Args:
        beta, threshold: as there.

    Example:
        >>> Softplus()(np.zeros((1, 2))).shape
        (1, 2)
    """

    def __init__(self, beta: float = 1.0, threshold: float = 20.0) -> None:
        self.beta = number(self, "beta", beta)
        self.threshold = number(self, "threshold", threshold)

    def forward(self, x: Any) -> Any:
        """An output for ``x``, element by element."""
        return functions.softplus(x, self.beta, self.threshold)


class Hardtanh(_Activation):
    """:func:`nn.functional.hardtanh` as a layer.

    Args:
        min_val, max_val: as there.

    Example:
        >>> Hardtanh()(np.zeros((1, 2))).shape
        (1, 2)
    """

    def __init__(self, min_val: float = -1.0, max_val: float = 1.0) -> None:
        self.min_val = number(self, "min_val", min_val)
        self.max_val = number(self, "max_val", max_val)

    def forward(self, x: Any) -> Any:
        """An output for ``x``, element by element."""
        return functions.hardtanh(x, self.min_val, self.max_val)


class ReLU6(_Activation):
    """:func:`nn.functional.relu6` as a layer.

    Example:
        >>> ReLU6()(np.zeros((1, 2))).shape
        (1, 2)
    """

    def forward(self, x: Any) -> Any:
        """An output for ``x``, element by element."""
        return functions.relu6(x)


class Hardswish(_Activation):
    """:func:`nn.functional.hardswish` as a layer.

    Example:
        >>> Hardswish()(np.zeros((1, 2))).shape
        (1, 2)
    """

    def forward(self, x: Any) -> Any:
        """An output for ``x``, element by element."""
        return functions.hardswish(x)


class Hardsigmoid(_Activation):
    """:func:`nn.functional.hardsigmoid` as a layer.

    Example:
        >>> Hardsigmoid()(np.zeros((1, 2))).shape
        (1, 2)
    """

    def forward(self, x: Any) -> Any:
        """An output for ``x``, element by element."""
        return functions.hardsigmoid(x)


class LogSigmoid(_Activation):
    """:func:`nn.functional.logsigmoid` as a layer.

    Example:
        >>> LogSigmoid()(np.zeros((1, 2))).shape
        (1, 2)
    """

    def forward(self, x: Any) -> Any:
        """An output for ``x``, element by element."""
        return functions.logsigmoid(x)


class Softsign(_Activation):
    """:func:`nn.functional.softsign` as a layer.

    Example:
        >>> Softsign()(np.zeros((1, 2))).shape
        (1, 2)
    """

    def forward(self, x: Any) -> Any:
        """An output for ``x``, element by element."""
        return functions.softsign(x)


class Tanhshrink(_Activation):
    """:func:`nn.functional.tanhshrink` as a layer.

    Example:
        >>> Tanhshrink()(np.zeros((1, 2))).shape
        (1, 2)
    """

    def forward(self, x: Any) -> Any:
        """An output for ``x``, element by element."""
        return functions.tanhshrink(x)


class GLU(_Activation):
    """:func:`nn.functional.glu` as a layer.

    Args:
        dim: as there.

    Example:
        >>> GLU()(np.zeros((1, 2))).shape
        (1, 1)
    """

    def __init__(self, dim: int = -1) -> None:
        self.dim = dim

    def forward(self, x: Any) -> Any:
        """An output for ``x``, element by element."""
        return softmax.glu(x, self.dim)


class Threshold(_Activation):
    """:func:`nn.functional.threshold` as a layer.

    Args:
        threshold, value: as there.

    Example:
        >>> Threshold(1.0, 0.0)(np.zeros((1, 2))).shape
        (1, 2)
    """

    def __init__(self, threshold: float, value: float) -> None:
        self.threshold = number(self, "threshold", threshold)
        self.value = number(self, "value", value)

    def forward(self, x: Any) -> Any:
        """An output for ``x``, element by element."""
        return functions.threshold(x, self.threshold, self.value)


class Softmin(_Activation):
    """:func:`nn.functional.softmin` as a layer.

    Args:
        dim: as there.

    Example:
        >>> Softmin()(np.zeros((1, 2))).shape
        (1, 2)
    """

    def __init__(self, dim: int = -1) -> None:
        self.dim = dim

    def forward(self, x: Any) -> Any:
        """An output for ``x``, element by element."""
        return softmax.softmin(x, self.dim)


class PReLU(_Activation):
    """:func:`nn.functional.prelu`: a leaky ReLU with a slope that is learned.

    Args:
        num_parameters: 1, or one slope for each channel.
        init: the slope at first.
        dtype: the dtype of the parameter.

    Example:
        >>> PReLU()(np.array([-4.0], np.float32)).tolist()
        [-1.0]
    """

    def __init__(self, num_parameters: int = 1, init: float = 0.25, dtype: Any = np.float32) -> None:
        check_sizes(self, num_parameters=num_parameters)
        self.num_parameters = num_parameters
        self.weight = Parameter(np.full(num_parameters, init), dtype=dtype)

    def forward(self, x: Any) -> Any:
        """An output of the shape of ``x``."""
        return functions.prelu(x, self.weight)
