"""The table of derivative rules, by subject.

A row is one call of :func:`row`: the NumPy function, and for each argument the gradient as a textbook
line in ``g`` (the gradient of the result), ``y`` (the result) and the inputs. Adding an operation
means adding a row, and nothing else.

Rules do not know who runs them. They use Python's operators, NumPy's functions and other rows, all
of which work on floats, arrays, Values and Tensors; so the same line gives first derivatives on raw
data and, recorded on nodes, derivatives of any order.
"""

from . import decompositions, elementwise, fourier, index, linalg, parts, reduce, shape, signal, sort, special
from .table import BY_FUNCTION, row

__all__ = [
    "BY_FUNCTION",
    "decompositions",
    "elementwise",
    "fourier",
    "index",
    "linalg",
    "parts",
    "reduce",
    "row",
    "shape",
    "signal",
    "sort",
    "special",
]
