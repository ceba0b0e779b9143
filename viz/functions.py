"""A whole function to explain: it is run once, on its arguments as named nodes."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from autograd import Tensor, Value
from autograd.errors import bad_argument, describe
from autograd.graph import Node

from .symbol import Symbol


def traced(function: Callable[..., Any], wrt: Any, at: Any, style: str) -> tuple[Any, Any, bool]:
    """What the function returns, the node of the argument ``wrt``, and whether they have numbers.

    Raises:
        ArgumentError: ``wrt`` is no argument, ``at`` gives no number for one, or there must be numbers and are none.
    """
    names = [p.name for p in inspect.signature(function).parameters.values() if p.default is p.empty]
    if wrt not in names:
        got = repr(wrt) if isinstance(wrt, str) else describe(wrt)
        cure = f"explain(f, {names[0]!r})" if names else "a function with an argument"
        raise bad_argument("explain(function, wrt)", f"the name of an argument: {', '.join(names)}", got, cure)
    if at is None:
        if style != "formula":
            raise bad_argument(
                f"explain(function, {wrt!r}, style={style!r})", "numbers to explain it with", "none",
                f"at={dict.fromkeys(names, 0.5)}",
            )  # fmt: skip
        nodes: dict[str, Node] = {name: Symbol.named(name, math.nan) for name in names}
    else:
        nodes = _numbers(names, at)
    result = function(*nodes.values())
    if not isinstance(result, Node):
        cure = "a function that computes with its arguments"
        raise bad_argument("explain(function, wrt)", "a function that returns what it computed", describe(result), cure)
    return result, nodes[wrt], at is not None


def _numbers(names: list[str], at: Any) -> dict[str, Node]:
    """A named Value or Tensor for each argument; Tensors if one of them is an array."""
    given = (
        dict(at)
        if isinstance(at, Mapping)
        else dict(zip(names, at if isinstance(at, (list, tuple)) else [at], strict=False))
    )
    if set(given) != set(names):
        cure = f"at={dict.fromkeys(names, 0.5)}"
        raise bad_argument("explain(function, wrt, at=...)", f"numbers for {', '.join(names)}", repr(at), cure)
    if any(np.ndim(given[name]) for name in names):
        return {name: Tensor(np.asarray(given[name], float), name=name) for name in names}
    return {name: Value(float(given[name]), label=name) for name in names}
