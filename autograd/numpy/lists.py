"""NumPy functions of lists with Tensors in them, where NumPy does not ask the Tensors; and HIPS autograd's own."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

import numpy as np

from .. import errors
from .dispatch import array, holds_nodes


def of_lists(function: Callable[..., Any], arguments: int = 1) -> Callable[..., Any]:
    """NumPy's ``function``, whose first arguments may be lists with Tensors in them: these are joined first."""

    @wraps(function)
    def joined(*args: Any, **kwargs: Any) -> Any:
        data = [array(x) if isinstance(x, (list, tuple)) and holds_nodes(x) else x for x in args[:arguments]]
        return function(*data, *args[arguments:], **kwargs)

    return joined


all, any = of_lists(np.all), of_lists(np.any)
argmax, argmin, argsort = of_lists(np.argmax), of_lists(np.argmin), of_lists(np.argsort)
max, min, amax, amin = of_lists(np.max), of_lists(np.min), of_lists(np.amax), of_lists(np.amin)
sum, prod, mean, std, var = of_lists(np.sum), of_lists(np.prod), of_lists(np.mean), of_lists(np.std), of_lists(np.var)
ravel, append, dot, outer = of_lists(np.ravel), of_lists(np.append, 2), of_lists(np.dot, 2), of_lists(np.outer, 2)
_where = of_lists(np.where, 3)

PYTHONS = {bool, int, float, complex}
"""Numbers of Python's own."""


def where(condition: Any, *branches: Any, **named: Any) -> Any:
    """NumPy's ``where``, whose branches may also come as ``x=`` and ``y=``; of Python's numbers a Python number.

    Example:
        >>> where(condition=[True, False], x=np.array([1.0, 2.0]), y=0.0)
        array([1., 0.])
        >>> where(True, 1, 2)
        1
    """
    wrong = named.keys() - {"x", "y"}
    branches = (*branches, *(named[name] for name in ("x", "y") if name in named))
    if wrong or len(branches) not in (0, 2):
        raise errors.bad_argument(
            "np.where(condition, ...)", "both x and y, or neither", ", ".join(sorted(wrong)) or f"{len(branches)}",
            "np.where(condition, x, y)",
        )  # fmt: skip
    chosen = _where(condition, *branches)
    return chosen.item() if branches and {type(x) for x in (condition, *branches)} <= PYTHONS else chosen


def row_stack(tup: Any) -> Any:
    """Rows on top of each other: the former name of ``np.vstack``."""
    return np.vstack(tup)


def make_diagonal(vectors: Any, offset: int = 0, axis1: int = -1, axis2: int = -2) -> Any:
    """Vectors, along the last axis, as diagonal matrices: the inverse of ``np.diagonal(..., axis1=-1, axis2=-2)``.

    Example:
        >>> make_diagonal(np.array([1.0, 2.0]))
        array([[1., 0.],
               [0., 2.]])
    """
    if offset or {axis1, axis2} != {-1, -2}:
        raise errors.bad_argument(
            f"np.make_diagonal(x, offset={offset}, axis1={axis1}, axis2={axis2})", "offset=0 and the last two axes",
            "others", "np.make_diagonal(x, axis1=-1, axis2=-2), and np.moveaxis for other axes",
        )  # fmt: skip
    return vectors[..., None] * np.eye(np.shape(vectors)[-1], dtype=vectors.dtype)


class Joined:
    """``np.r_`` or ``np.c_``, also of Tensors: ``r_[x, y]`` joins along the first axis, ``c_[x, y]`` along the last.

    Args:
        plain: NumPy's own, for everything else: it also knows directions such as ``'0,2'``.
        axis: the axis to join along.
        least: the number of axes that vectors are given at least.
    """

    def __init__(self, plain: Any, axis: int, least: int) -> None:
        self.plain, self.axis, self.least = plain, axis, least

    def __getitem__(self, parts: Any) -> Any:
        parts = parts if isinstance(parts, tuple) else (parts,)
        if not holds_nodes(parts):
            return self.plain[parts]
        if isinstance(parts[0], str):
            raise errors.bad_argument(
                f"np.r_[{parts[0]!r}, ...] with Tensors",
                "no directions",
                repr(parts[0]),
                "np.concatenate([a, b], axis=1)",
            )
        return np.concatenate([self._part(x) for x in parts], axis=self.axis)

    def _part(self, x: Any) -> Any:
        """One part with enough axes; a slice stands for numbers from, to, and by."""
        x = np.atleast_1d(array(np.r_[x] if isinstance(x, slice) else x))
        return x if np.ndim(x) >= self.least else x[..., None]


r_, c_ = Joined(np.r_, 0, 1), Joined(np.c_, -1, 2)
