"""Parameter and Buffer: the Tensors that a module keeps, to be trained or not."""

from __future__ import annotations

from typing import Any, Self

import numpy as np

from autograd import Tensor


class Parameter(Tensor):
    """A Tensor to train: a leaf that modules find among their attributes.

    Args:
        data: the initial numbers; copied.
        requires_grad: ``False`` freezes it.
        dtype: float32 if not given, whatever ``data`` is.
        name: what to call it in pictures; a network gives its parameters their paths.

    Example:
        >>> Parameter([1.0, 2.0])
        Parameter containing:
        Tensor([1., 2.], dtype=float32)
    """

    __slots__ = ()

    def __new__(cls, data: Any, requires_grad: bool = True, *, dtype: Any = np.float32, name: str = "") -> Self:
        """A leaf that holds a copy of ``data``."""
        return super().__new__(cls, data, requires_grad, dtype=dtype, name=name)

    def __getnewargs_ex__(self) -> tuple[tuple[Any, bool], dict[str, Any]]:
        return (self._data, self.requires_grad), {"dtype": self.dtype}

    def detach(self) -> Tensor:
        """A constant copy, which no module takes for a parameter."""
        return Tensor._leaf(self._data.copy(), requires_grad=False)

    def __repr__(self) -> str:
        return f"Parameter containing:\n{super().__repr__()}"


class Buffer(Tensor):
    """A Tensor that belongs to a module without being trained, such as a running mean; it is saved with it.

    Args:
        data: the numbers; copied.
        persistent: whether it is part of the module's ``state_dict``.

    Example:
        >>> Buffer([0.0, 0.0])
        Tensor([0., 0.], requires_grad=False)
    """

    __slots__ = ("persistent",)

    persistent: bool

    def __new__(cls, data: Any, persistent: bool = True) -> Self:
        """A constant that holds a copy of ``data``."""
        buffer = super().__new__(cls, data, requires_grad=False)
        buffer.persistent = persistent
        return buffer

    def __getnewargs__(self) -> tuple[Any, bool]:
        return (self._data, self.persistent)
