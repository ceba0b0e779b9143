"""What happens when a NumPy function is called on a Tensor.

A function with a row in the table records that row. A function that is a few rows in a row is
written so in :mod:`autograd.numpy.functions`. A function whose result carries no gradient (a shape,
a comparison, a position) runs on the data. Any other raises an error that names the way out.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from .. import errors
from ..graph import Node, Primitive
from ..rules import BY_FUNCTION

COMPOSITES: dict[Any, Callable[..., Any]] = {}
"""The NumPy functions that are written in terms of others."""

CONSTANT = {
    np.all, np.allclose, np.any, np.argmax, np.argmin, np.argsort, np.argwhere, np.array_equal, np.array_equiv,
    np.around, np.array2string, np.array_repr, np.array_str, np.bincount, np.can_cast, np.count_nonzero, np.digitize,
    np.empty_like, np.flatnonzero, np.full_like, np.histogram, np.isclose, np.iscomplex, np.iscomplexobj, np.isin,
    np.isreal, np.isrealobj, np.may_share_memory, np.min_scalar_type, np.ndim, np.nonzero, np.ones_like,
    np.result_type, np.round, np.searchsorted, np.shape, np.shares_memory, np.size, np.zeros_like,
}  # fmt: skip
"""The NumPy functions whose result passes no gradient: they run on the data and return plain arrays."""


def implements(*functions: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register the decorated function as the way to compute NumPy's ``functions`` on Tensors."""

    def register(composite: Callable[..., Any]) -> Callable[..., Any]:
        for function in functions:
            COMPOSITES[function] = composite
        return composite

    return register


def ufunc(function: np.ufunc, method: str, inputs: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Answer ``__array_ufunc__``: the universal functions, called directly or as ``np.add.reduce``."""
    if method != "__call__":
        raise errors.no_rule(f"{function.__name__}.{method}", known())
    for keyword, value in kwargs.items():
        if value is not None and not (keyword == "where" and value is True):
            raise errors.unsupported_keyword(function.__name__, keyword)
    if function in BY_FUNCTION:
        return BY_FUNCTION[function](*inputs)
    if function in COMPOSITES:
        return COMPOSITES[function](*inputs)
    if is_question(function):
        return function(*[data(x) for x in inputs])
    raise errors.no_rule(function.__name__, known())


def is_question(function: np.ufunc) -> bool:
    """Whether the answers are truth values, as those of np.isfinite and np.greater (objects aside) are."""
    return all(kind.endswith("?") for kind in function.types if "O" not in kind)


def function(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Answer ``__array_function__``: all other NumPy functions."""
    if function in COMPOSITES:
        composite = COMPOSITES[function]
        for keyword in kwargs.keys() - set(names(composite)):
            raise errors.unsupported_keyword(function.__name__, keyword)
        return composite(*args, **kwargs)
    if function in BY_FUNCTION:
        return call(BY_FUNCTION[function], function, args, kwargs)
    if function in CONSTANT:
        return function(*[data(x) for x in args], **{key: data(x) for key, x in kwargs.items()})
    home = function.__module__.removeprefix("numpy").removeprefix(".")
    raise errors.no_rule(f"{home}.{function.__name__}" if home else function.__name__, known())


def call(op: Primitive, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Record ``op``, telling its data from its attributes, both of which may come by position or by name."""
    given = dict(zip(names(function), args, strict=False)) | kwargs
    inputs = [given.pop(name) for name in names(function)[: len(op.rules)]]
    attrs = {name: given.pop(name) for name in op.attributes if name in given}
    for keyword, value in given.items():
        if value is not None and value is not np._NoValue:
            raise errors.unsupported_keyword(function.__name__, keyword)
    return op(*inputs, **attrs)


@cache
def names(function: Any) -> tuple[str, ...]:
    """The names of the arguments of ``function``, in order."""
    return tuple(inspect.signature(function).parameters)


def data(x: Any) -> Any:
    """``x`` without its graph, also inside lists and tuples."""
    if isinstance(x, Node):
        return x._data
    return type(x)(data(part) for part in x) if type(x) in (list, tuple) else x


def known() -> list[str]:
    """The names of the NumPy functions that can be differentiated."""
    return [function.__name__ for function in (*BY_FUNCTION, *COMPOSITES)]
