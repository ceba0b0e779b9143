"""Optimisers: how a step follows from a gradient. Names, arguments and formulas are PyTorch's."""

from .sgd import SGD

__all__ = ["SGD"]
