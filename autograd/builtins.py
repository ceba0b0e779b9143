"""Python's own container types and questions about types, under the names that HIPS autograd gives them.

HIPS wraps a list or a dict in a box while it differentiates, and needs containers of its own. Here they stay what
they are, and only their leaves remember; so ``tuple`` is Python's ``tuple``. Asked for its type, a number that
remembers says that it is a number.
"""

from __future__ import annotations

import builtins
from typing import Any

from .tracer import getval

__all__ = ["dict", "isinstance", "list", "tuple", "type"]

dict, list, tuple = builtins.dict, builtins.list, builtins.tuple


def isinstance(x: Any, of: Any) -> bool:
    """Whether ``x``, or what it holds, is an instance of ``of``: a Tensor of shape () is a float, others are arrays.

    Example:
        >>> import numpy as np
        >>> from autograd import Tensor
        >>> isinstance(Tensor(2.0), float), isinstance(Tensor([2.0]), np.ndarray)
        (True, True)
    """
    return builtins.isinstance(x, of) or builtins.isinstance(getval(x), of)


def type(x: Any) -> Any:
    """The type of ``x``, or of what it holds.

    Example:
        >>> from autograd import Tensor
        >>> type(Tensor(2.0)), type([Tensor(2.0)])
        (<class 'float'>, <class 'list'>)
    """
    return builtins.type(getval(x))
