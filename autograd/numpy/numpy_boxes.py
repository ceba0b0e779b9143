"""Where HIPS autograd keeps its array that remembers: here it is :class:`autograd.Tensor`."""

from ..tensor import Tensor

__all__ = ["ArrayBox"]

ArrayBox = Tensor
