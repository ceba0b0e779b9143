"""What happens when a NumPy function is called on a Tensor.

A function with a row in the table records that row. A function that is a few rows in a row is
written so in :mod:`autograd.numpy.functions`. A function whose result carries no gradient (a shape,
a comparison, a position) runs on the data. Any other raises an error that names the way out.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np

from .. import errors
from ..graph import Node, Primitive
from ..rules import BY_FUNCTION, elementwise

COMPOSITES: dict[Any, Callable[..., Any]] = {}
"""The NumPy functions that are written in terms of others."""

CONSTANT = {
    np.all, np.allclose, np.any, np.argmax, np.argmin, np.argsort, np.argwhere, np.array_equal, np.array_equiv,
    np.array2string, np.array_repr, np.array_str, np.bincount, np.can_cast, np.count_nonzero, np.digitize,
    np.empty_like, np.flatnonzero, np.full_like, np.histogram, np.isclose, np.iscomplex, np.iscomplexobj, np.isin,
    np.isreal, np.isrealobj, np.may_share_memory, np.min_scalar_type, np.ndim, np.nonzero, np.ones_like,
    np.result_type, np.searchsorted, np.shape, np.shares_memory, np.size, np.zeros_like,
}  # fmt: skip
"""The NumPy functions whose result passes no gradient: they run on the data and return plain arrays."""

LOST = {np.full_like: (1, "fill_value"), np.bincount: (1, "weights"), np.histogram: (4, "weights")}
"""Their arguments, by place and name, that would have to pass a gradient all the same: there it is refused."""

NEUTRAL: dict[tuple[Any, str], int] = {(np.sum, "initial"): 0, (np.prod, "initial"): 1}
"""The values of arguments that change nothing."""


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
        return compose(COMPOSITES[function], function, args, kwargs)
    if function in BY_FUNCTION:
        return call(BY_FUNCTION[function], function, args, kwargs)
    if function in CONSTANT:
        return plain(function, args, kwargs)
    home = function.__module__.removeprefix("numpy").removeprefix(".")
    raise errors.no_rule(f"{home}.{function.__name__}" if home else function.__name__, known())


def compose(composite: Callable[..., Any], function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Call a composite with the arguments that it knows; others may only be given if they change nothing."""
    places = capacity(composite)
    if not kwargs and len(args) <= places:
        return composite(*args)
    given = dict(zip(names(function)[places:], args[places:], strict=False)) if len(args) > places else {}
    given |= kwargs
    refuse(function, {name: x for name, x in given.items() if name not in names(composite)})
    return composite(*args[:places], **{name: x for name, x in given.items() if name in names(composite)})


def call(op: Primitive, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Record ``op``, telling its data from its attributes, both of which may come by position or by name."""
    given = dict(zip(names(function), args, strict=False)) | kwargs
    inputs = [given.pop(name) for name in names(function)[: len(op.rules)]]
    if "ddof" in op.attributes and "ddof" not in given and given.get("correction", np._NoValue) is not np._NoValue:
        given["ddof"] = given.pop("correction")
    attrs = {name: given.pop(name) for name in op.attributes if name in given}
    if "dtype" in given and is_floating(given["dtype"]):
        inputs = [elementwise.astype(x, dtype=given["dtype"]) for x in inputs]
        del given["dtype"]
    refuse(function, given)
    return op(*inputs, **attrs)


def refuse(function: Any, given: dict[str, Any]) -> None:
    """Raise an error for the first argument that would change something."""
    for name, x in given.items():
        if isinstance(x, bool) and name in ("dtype", "out"):
            raise errors.bad_argument(
                f"np.{function.__name__} with {x} in the place of {name}",
                f"the arguments in NumPy's order: {', '.join(names(function)[1:])}", str(x), f"keepdims={x}, by name",
            )  # fmt: skip
        idle = x is None or x is np._NoValue or (name == "where" and x is True)
        if not idle and not (np.ndim(x) == 0 and x == NEUTRAL.get((function, name))):
            raise errors.unsupported_keyword(function.__name__, name)


def is_floating(dtype: Any) -> bool:
    """Whether ``dtype`` is a kind of floating-point numbers."""
    return dtype is not None and not isinstance(dtype, bool) and np.dtype(dtype).kind == "f"


def plain(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Call a function that passes no gradient on the data."""
    if function in LOST:
        place, name = LOST[function]
        if wants_gradient(args[place] if len(args) > place else kwargs.get(name)):
            raise errors.no_gradient_through(function.__name__, name)
    if isinstance(kwargs.get("out"), Node):
        raise errors.unsupported_keyword(function.__name__, "out")
    return function(*[data(x) for x in args], **{key: data(x) for key, x in kwargs.items()})


def wants_gradient(x: Any) -> bool:
    """Whether ``x``, or something in it, requires a gradient."""
    return any(map(wants_gradient, x)) if type(x) in (list, tuple) else isinstance(x, Node) and x.requires_grad


@cache
def capacity(function: Callable[..., Any]) -> int:
    """How many arguments of ``function`` can come by position."""
    kinds = [p.kind for p in inspect.signature(function).parameters.values()]
    if inspect.Parameter.VAR_POSITIONAL in kinds:
        return sys.maxsize
    return len(kinds) - kinds.count(inspect.Parameter.KEYWORD_ONLY)


@cache
def names(function: Any) -> tuple[str, ...]:
    """The names of the arguments of ``function``, in order."""
    return tuple(inspect.signature(function).parameters)


def data(x: Any) -> Any:
    """``x`` without its graph, also inside lists and tuples."""
    if isinstance(x, Node):
        return x._data
    return type(x)(data(part) for part in x) if type(x) in (list, tuple) else x


def known() -> set[str]:
    """The names of the NumPy functions that can be differentiated."""
    names = {op.name for op in BY_FUNCTION.values()} | {function.__name__ for function in COMPOSITES}
    return {name for name in names if hasattr(np, name)}
