"""What happens when a NumPy function is called on a Tensor.

A function with a row in the table records that row. A function that is a few rows in a row is
written so in the other modules of this package. A function whose result carries no gradient (a shape,
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
from ..batching import attempt
from ..graph import Node, Primitive
from ..rules import BY_FUNCTION, elementwise
from ..rules.parts import is_complex

COMPOSITES: dict[Any, Callable[..., Any]] = {}
"""The NumPy functions that are written in terms of others."""

OVER_SOME: dict[Any, Callable[..., Any]] = {}
"""How reductions that have a row are written where a mask or a first value is given."""

CONSTANT = {
    np.all, np.allclose, np.any, np.argmax, np.argmin, np.argpartition, np.argsort, np.argwhere, np.array_equal,
    np.array_equiv, np.array2string, np.array_repr, np.array_str, np.bincount, np.can_cast, np.common_type,
    np.count_nonzero, np.diag_indices_from, np.digitize, np.einsum_path, np.empty_like, np.flatnonzero,
    np.full_like, np.histogram, np.histogram2d, np.histogram_bin_edges, np.histogramdd, np.isclose, np.iscomplex,
    np.iscomplexobj, np.isin, np.isneginf, np.isposinf, np.isreal, np.isrealobj, np.lexsort, np.may_share_memory,
    np.min_scalar_type, np.nanargmax, np.nanargmin, np.ndim, np.nonzero, np.ones_like, np.result_type,
    np.searchsorted, np.shape, np.shares_memory, np.size, np.tril_indices_from, np.triu_indices_from, np.zeros_like,
}  # fmt: skip
"""The NumPy functions whose result passes no gradient: they run on the data and return plain arrays."""

LOST = {
    np.full_like: (1, "fill_value"), np.bincount: (1, "weights"), np.histogram: (4, "weights"),
    np.histogram2d: (5, "weights"), np.histogramdd: (4, "weights"),
}  # fmt: skip
"""Their arguments, by place and name, that would have to pass a gradient all the same: there it is refused."""

WRITING = {np.copyto, np.fill_diagonal, np.place, np.put, np.put_along_axis, np.putmask}
"""The NumPy functions that write into their first argument."""

METHODS: dict[tuple[Any, str], Any] = {
    (np.add, "reduce"): np.sum, (np.multiply, "reduce"): np.prod, (np.maximum, "reduce"): np.max,
    (np.minimum, "reduce"): np.min, (np.add, "accumulate"): np.cumsum, (np.multiply, "accumulate"): np.cumprod,
}  # fmt: skip
"""The methods of universal functions that are functions by other names, but along the first axis."""

NEUTRAL: dict[tuple[Any, str], int] = {(np.sum, "initial"): 0, (np.prod, "initial"): 1}
"""The values of arguments that change nothing."""


def implements(*functions: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register the decorated function as the way to compute NumPy's ``functions`` on Tensors."""

    def register(composite: Callable[..., Any]) -> Callable[..., Any]:
        for function in functions:
            COMPOSITES[function] = composite
        return composite

    return register


def over_some(function: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register the decorated function as NumPy's ``function`` with ``where=`` or ``initial=``."""

    def register(composite: Callable[..., Any]) -> Callable[..., Any]:
        OVER_SOME[function] = composite
        return composite

    return register


def ufunc(function: np.ufunc, method: str, inputs: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Answer ``__array_ufunc__``: the universal functions, called directly or as ``np.add.reduce``."""
    if method == "outer" and len(inputs) == 2:
        return function(_before(*inputs), inputs[1], **kwargs)
    if (function, method) in METHODS:
        return METHODS[function, method](*inputs, **({"axis": 0} | kwargs))
    if method != "__call__":
        raise errors.no_rule(f"{function.__name__}.{method}", known())
    for keyword, value in kwargs.items():
        if value is not None and not (keyword == "where" and value is True):
            raise errors.unsupported_keyword(function.__name__, keyword)
    if function in COMPOSITES:
        return COMPOSITES[function](*inputs)
    if function in BY_FUNCTION:
        return BY_FUNCTION[function](*inputs)
    if is_question(function):
        return function(*[data(x) for x in inputs])
    raise no_rule(function)


def _before(x: Any, y: Any) -> Any:
    """``x`` with as many axes of length 1 behind its own as ``y`` has."""
    return np.reshape(x, np.shape(x) + (1,) * np.ndim(y))


def no_rule(function: np.ufunc) -> errors.NoRuleError:
    """The error for a universal function without a row: one of NumPy's, or else of SciPy's."""
    if hasattr(np, function.__name__):
        return errors.no_rule(function.__name__, known())
    return errors.no_rule(function.__name__, {op.name for op in BY_FUNCTION.values()}, "scipy.special")


def is_question(function: np.ufunc) -> bool:
    """Whether the answers are truth values, as those of np.isfinite and np.greater (objects aside) are."""
    return all(kind.endswith("?") for kind in function.types if "O" not in kind)


def function(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Answer ``__array_function__``: all other NumPy functions."""
    try:
        return _answer(function, args, kwargs)
    except errors.ChainruleError:
        raise
    except (ValueError, TypeError, IndexError, AttributeError) as error:
        given = [errors.brief(x) for x in args] + [f"{name}={errors.brief(x)}" for name, x in kwargs.items()]
        raise errors.cannot_take(function.__name__, given, error) from error


def _answer(function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """What :func:`function` answers, or NumPy's own error."""
    if function in COMPOSITES:
        return attempt(compose, COMPOSITES[function], function, args, kwargs)
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
    unknown = [] if takes_any(composite) else [name for name in given if name not in names(composite)]
    refuse(function, {name: given.pop(name) for name in unknown})
    return composite(*args[:places], **given)


def call(op: Primitive, function: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Record ``op``, telling its data from its attributes, both of which may come by position or by name."""
    given = dict(zip(names(function), args, strict=False)) | kwargs
    inputs = [given.pop(name) for name in names(function)[: len(op.rules)]]
    if "ddof" in op.attributes and "ddof" not in given and given.get("correction", np._NoValue) is not np._NoValue:
        given["ddof"] = given.pop("correction")
    attrs = {name: _own(data(given.pop(name))) for name in op.attributes if name in given}
    if "dtype" in given and is_floating(given["dtype"]):
        inputs = [elementwise.astype(x, dtype=given["dtype"]) for x in inputs]
        del given["dtype"]
    if function in OVER_SOME and ("where" in given or "initial" in given):
        some = {name: x for name, x in given.items() if name in ("where", "initial")}
        refuse(function, {name: x for name, x in given.items() if name not in some})
        some = {name: x for name, x in some.items() if not is_idle(function, name, x)}
        return OVER_SOME[function](*inputs, **attrs, **some) if some else op(*inputs, **attrs)
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
        if not is_idle(function, name, x):
            raise errors.unsupported_keyword(function.__name__, name)


def is_idle(function: Any, name: str, x: Any) -> bool:
    """Whether an argument changes nothing."""
    if x is None or x is np._NoValue or (name == "where" and x is True):
        return True
    return np.ndim(x) == 0 and bool(x == NEUTRAL.get((function, name)))


def is_floating(dtype: Any) -> bool:
    """Whether ``dtype`` is a kind of floating-point numbers, real or complex."""
    return dtype is not None and not isinstance(dtype, bool) and np.dtype(dtype).kind in "fc"


def real_only(name: str, *xs: Any) -> None:
    """Refuse complex numbers, as NumPy does."""
    if any(map(is_complex, xs)):
        raise errors.wrong_kind(name, map(np.shape, xs), {}, "complex numbers", is_complex=True)


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
def takes_any(function: Callable[..., Any]) -> bool:
    """Whether ``function`` takes keywords of any name."""
    return any(p.kind is inspect.Parameter.VAR_KEYWORD for p in inspect.signature(function).parameters.values())


@cache
def names(function: Any) -> tuple[str, ...]:
    """The names of the arguments of ``function``, in order."""
    return tuple(inspect.signature(function).parameters)


def data(x: Any) -> Any:
    """``x`` without its graph, also inside lists and tuples."""
    if isinstance(x, Node):
        return x._data
    return type(x)(data(part) for part in x) if type(x) in (list, tuple) else x


def _own(x: Any) -> Any:
    """An attribute that no one can change later."""
    return x.copy() if isinstance(x, np.ndarray) else x


def array(x: Any) -> Any:
    """``x`` as something with a shape: arrays as they are, lists as arrays, and lists of nodes joined.

    Example:
        >>> from autograd import Tensor
        >>> array([Tensor(1.0), 2.0])
        Tensor([1., 2.])
    """
    if hasattr(x, "__array_function__"):
        return x
    return np.stack(list(map(array, x))) if holds_nodes(x) else np.asarray(x)


def holds_nodes(x: Any) -> bool:
    """Whether a list, or a list in it, holds a node."""
    return any(map(holds_nodes, x)) if isinstance(x, (list, tuple)) else isinstance(x, Node)


def known() -> set[str]:
    """The names of the NumPy functions that can be differentiated."""
    names = {op.name for op in BY_FUNCTION.values()} | {function.__name__ for function in COMPOSITES}
    return {name for name in names if hasattr(np, name)}
