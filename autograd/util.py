"""Small functions under the names that HIPS autograd gives them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def func(f: Any) -> Any:
    """``f`` itself: what is left of the difference between functions and methods of Python 2."""
    return f


def subvals(x: Iterable[Any], ivs: Iterable[tuple[int, Any]]) -> tuple[Any, ...]:
    """``x`` as a tuple, with other elements in some places.

    Example:
        >>> subvals((1, 2, 3), [(0, 10), (2, 30)])
        (10, 2, 30)
    """
    changed = list(x)
    for i, v in ivs:
        changed[i] = v
    return tuple(changed)


def subval(x: Iterable[Any], i: int, v: Any) -> tuple[Any, ...]:
    """``x`` as a tuple, with another element in one place.

    Example:
        >>> subval((1, 2, 3), 0, 10)
        (10, 2, 3)
    """
    return subvals(x, [(i, v)])
