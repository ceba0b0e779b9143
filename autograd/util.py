"""Small functions under the names that HIPS autograd gives them."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Mapping
from typing import Any


def quick_grad_check(
    fun: Callable[..., Any],
    arg0: Any,
    extra_args: Iterable[Any] = (),
    kwargs: Mapping[str, Any] | None = None,
    **_: Any,
) -> None:
    """An old name: check the gradient by the first argument; :func:`autograd.check_grads` is the new one.

    Example:
        >>> import warnings
        >>> with warnings.catch_warnings(action="ignore"):
        ...     quick_grad_check(lambda x, y: x * y, 2.0, (5.0,))
    """
    from .test_util import check_grads

    warnings.warn("quick_grad_check is an old name: use check_grads", DeprecationWarning, stacklevel=2)
    check_grads(lambda x: fun(x, *extra_args, **(kwargs or {})), modes=["rev"], order=1)(arg0)


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
