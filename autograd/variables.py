"""What every derivative of a function begins and ends with: fresh variables in, plain numbers out.

A derivative runs the function on variables, which are new nodes of its own, and walks back to just these.
So nested derivatives cannot take each other's variables for their own, however they are mixed. Where a
variable stands for a node of an outer derivative it is a copy in the graph, and the outer one sees through.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from . import errors, trees
from .assignment import original, variable_of
from .batching import levels_of
from .compiling.arrays import Number, Traced
from .conversions import TAKEN
from .graph import NO_ATTRS, Jointly, Node, Primitive, ancestors, is_recording, pullback, recording, remember
from .rules import elementwise
from .rules.exact import is_exact
from .tensor import Tensor
from .value import Value


def check(name: str, f: Any, argnum: Any, unknown: dict[str, Any]) -> None:
    """Refuse now what could only fail when the derivative is called."""
    if not callable(f):
        raise errors.not_a_function(name, errors.describe(f))
    for argument in unknown:
        raise errors.unknown_argument(name, argument, unknown[argument])
    positions = argnum if isinstance(argnum, (tuple, list)) else [argnum]
    if not all(isinstance(position, int) for position in positions):
        raise errors.wrong_argnum(name, argnum)


def named(derivative: partial[Any], what: str, f: Callable[..., Any], argnum: Any) -> partial[Any]:
    """A derivative that says what it is. It is a partial, so it can be pickled if ``f`` can."""
    name = getattr(f, "__name__", "f")
    derivative.__name__ = f"{what}_{name}"  # type: ignore[attr-defined] # a partial has a __dict__
    derivative.__doc__ = f"{what.replace('_', ' ')} {name} with respect to argument {argnum}"
    return derivative


def variable(x: Any, name: str = "grad") -> Node:
    """A fresh node to differentiate by: a leaf for a plain number or array, a copy in the graph for a node."""
    x = x.as_array() if isinstance(x, Number) else x
    kind = np.asarray(x).dtype.kind if isinstance(x, (bool, int, float, complex, np.ndarray, np.generic)) else ""
    dtype = np.asarray(x).dtype if kind else getattr(x, "dtype", None)
    if getattr(dtype, "kind", "f") in "biu":
        cure = "3.0 instead of 3; x.astype(float) for an array"
        raise errors.not_differentiable_argument(name, f"integers ({dtype})", cure)
    if isinstance(x, Node):
        with recording(is_recording() or x.requires_grad):
            copy: Node = elementwise.positive(x)
        if not copy.requires_grad:
            copy = variable_of(type(x), x._data)
        return copy
    if is_exact(x):
        return Value(x)
    if not kind and not hasattr(x, "__array_function__"):
        raise errors.not_differentiable_argument(
            name, f"{type(x).__name__}: {x!r}", "pass it at a position not in argnum"
        )
    return variable_of(Tensor, np.asarray(x) if kind else x)


def number(x: Any) -> Any:
    """A scalar in double precision as a Python number; anything else as it is."""
    if isinstance(x, (np.ndarray, np.generic, Traced)) and x.ndim == 0 and x.dtype.char in "dD":
        return x.as_number() if isinstance(x, Traced) else x.item()
    return x


def as_number(x: Any) -> Any:
    """A scalar as a Python number, which a program computes anew."""
    return x.as_number() if isinstance(x, Traced) else float(x)


def one(y: Any) -> Any:
    """The gradient of a result by itself."""
    return np.ones_like(y._data) if isinstance(y, Tensor) else y._like(1)


def originals(tree: Any) -> Any:
    """Variables as they were before the function assigned items of them: what is differentiated by."""
    return trees.map_leaves(original, tree)


def zero(x: Any, record: bool) -> Any:
    """The gradient of what the result does not depend on."""
    zero = np.zeros_like(x._data) if isinstance(x, Tensor) else x._like(0)
    return type(x)._leaf(zero, requires_grad=False) if record else zero


def place(name: str, argnum: Any, args: Sequence[Any]) -> tuple[list[Any], tuple[Any, ...]]:
    """The arguments with fresh variables in the places ``argnum``, and the variables of each of these places."""
    inputs = list(args)
    positions = (argnum,) if isinstance(argnum, int) else tuple(argnum)
    for position in positions:
        if not -len(args) <= position < len(args):
            raise errors.argument_missing(name, position, len(args))
        inputs[position] = trees.map_leaves(partial(variable, name=name), args[position])
    return inputs, tuple(inputs[position] for position in positions)


def nodes(tree: Any) -> list[Any]:
    """The leaves that are nodes."""
    return [x for _, x in trees.leaves(tree) if isinstance(x, Node)]


def moves(x: Any) -> bool:
    """Whether a leaf can be differentiated by: a real or complex number, a floating array, a Value or such a Tensor."""
    dtype = getattr(x, "dtype", type(x))
    return isinstance(x, Value) or is_exact(x) or dtype in (float, complex) or getattr(dtype, "kind", "") in ("f", "c")


def call(f: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any], variables: Any) -> Any:
    """``f(*args)``, recorded.

    Raises:
        LeftGraphError: the result does not depend on some variable, of which ``float()`` or its like took a number.
    """
    outer = TAKEN.get()
    taken: dict[Any, tuple[str, Any]] = {}
    token = TAKEN.set(taken)
    try:
        with recording(True):
            result = f(*args, **kwargs)
    finally:
        TAKEN.reset(token)
    if taken:
        _refuse_what_left(taken, result, variables)
        if outer is not None:
            outer.update(taken)
    return result


def _refuse_what_left(taken: dict[Any, tuple[str, Any]], result: Any, variables: Any) -> None:
    """An error if a number was taken of something made of a variable that the result does not depend on."""
    used = set(ancestors(nodes(result)))
    lost = [x for x in nodes(variables) if x not in used]
    for (code, at), (what, x) in taken.items() if lost else ():
        behind = set(ancestors([x]))
        for variable in lost:
            if variable in behind:
                line = next((line for start, end, line in code.co_lines() if start <= at < end), None)
                raise errors.left_at(
                    f"{what} in line {line} of {code.co_name}", f"a variable of shape {np.shape(variable._data)}"
                )


def run(f: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any], born: int) -> tuple[Any, bool]:
    """``f(*args)``, recorded, and whether an outer derivative sees through it.

    It does if something is used that was there before the variables, which were made after ``born``.
    """
    result = call(f, args, kwargs, [x for x in nodes((args, kwargs)) if x.order > born])
    if not any(isinstance(y, (Node, int, float, complex, np.ndarray, np.generic)) for _, y in trees.leaves(result)):
        raise errors.not_a_number_returned("a derivative", f"{type(result).__name__}: {result!r}"[:80])
    return result, is_recording() and any(node.order < born for node in ancestors(nodes(result)))


def value_of(result: Any, seen: bool) -> Any:
    """The result as nodes if an outer derivative sees through it, else as plain numbers and arrays."""
    if seen:
        return result
    return trees.map_leaves(lambda y: number(y._data) if isinstance(y, Node) else y, result)


results = Primitive("results", lambda *ys: ys, Jointly(lambda gradients, y, *ys: gradients))
"""Joins the results of a function, so that one walk goes back from all of them; its gradient is one for each."""


def pull_back(ys: Sequence[Node], gradients: Sequence[Any], record: bool, wrt: Sequence[Node]) -> dict[Node, Any]:
    """The gradient of several results at once, for each of ``wrt`` that they depend on."""
    found: dict[Node, Any] = {}
    for kind in (Value, Tensor):
        pairs = [(y, g) for y, g in zip(ys, gradients, strict=True) if isinstance(y, kind)]
        if pairs:
            exactly = next((type(y) for y, _ in pairs if y._runs_rules_on_nodes), kind)
            root = remember(exactly, None, results, tuple(y for y, _ in pairs), NO_ATTRS, "")
            reached = pullback(root, [g for _, g in pairs], wrt, record)
            found.update((x, reached[x]) for x in wrt if x in reached)
    return found


def symbol(y: Any, i: int = 0) -> Node:
    """A node in the place of the gradient of ``y``.

    What matters is its place in the graph. Its numbers only must not cancel, since a gradient of 0 would be
    taken for a path that no gradient takes; so no two are alike.
    """
    if not isinstance(y, Tensor):
        return type(y)._leaf(y._like(1) / (999_983 + i) if is_exact(y._data) else np.sqrt(2.0 + i).item())
    return Tensor._leaf(np.ones_like(y._data) * np.sqrt(2.0 + i + np.arange(y.size)).reshape(y.shape).astype(y.dtype))


def matched(did: str, tree: Any, given: Any) -> list[Any]:
    """The leaves of ``given`` in the order of those of ``tree``, which must have the same structure."""
    places = [path for path, _ in trees.leaves(tree)]
    found = dict(trees.leaves(given))
    if set(places) != found.keys():
        raise errors.structures_differ(did, places, list(found))
    return [found[path] for path in places]


def direction(did: str, x: Node, given: Any, record: bool) -> Any:
    """A gradient or a tangent in the form of ``x``: an array of its shape, or a number; a node to record with."""
    kind: type[Node] = Tensor if isinstance(x, Tensor) else Value
    if given is None:
        raise errors.no_direction(did, errors.describe(x))
    if isinstance(given, Node) and not isinstance(given, kind):
        raise errors.mixed_kinds(did)
    data = kind._accept(given._data if isinstance(given, Node) else given, getattr(x, "dtype", None))
    if np.shape(data) != np.shape(x._data):
        raise errors.direction_shape(did, errors.describe(x), np.shape(x._data), np.shape(data))
    if record:
        data = given if isinstance(given, Node) else kind._leaf(data, requires_grad=False)
    return data + np.zeros_like(x._data) if levels_of(x) else data  # of a batch there is one for each example


def is_tracked(tree: Any) -> bool:
    """Whether some node of the tree wants a gradient, and operations on it are recorded."""
    return is_recording() and any(x.requires_grad for x in nodes(tree))
