"""What went wrong, why, and the line that mends it.

Every error of ours says four things: what was done, what was expected, what came, and what to write
instead. The messages are built here, so that they read alike and can be tested like behaviour.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any


class ChainruleError(Exception):
    """The parent of every error that this library raises on purpose."""


class ShapeError(ChainruleError, ValueError):
    """Shapes that do not fit."""


class PlaceError(ChainruleError, IndexError):
    """An index or an axis that the array does not have."""


class NotScalarError(ChainruleError, ValueError):
    """A derivative of something that is not one number."""


class DtypeError(ChainruleError, TypeError):
    """Numbers of a kind that has no gradient, such as integers."""


class DomainError(ChainruleError, ValueError):
    """A real operation outside its domain."""


class NoRuleError(ChainruleError, TypeError):
    """An operation whose derivative is not in the table."""


class LeftGraphError(ChainruleError, TypeError):
    """A conversion that would lose the graph without a word."""


class MixedKindsError(ChainruleError, TypeError):
    """A ``Value`` and a ``Tensor`` in one operation."""


class StaleGraphError(ChainruleError, RuntimeError):
    """A backward pass over a graph whose inputs have changed since it was built."""


class MutationError(ChainruleError, RuntimeError):
    """A write into an array that the graph still needs."""


class ArgumentError(ChainruleError, ValueError):
    """An argument that the function cannot use."""


class GradientError(ChainruleError, AssertionError):
    """A gradient check that found a wrong gradient."""


def message(did: str, expected: str, got: str, cure: str) -> str:
    """The form of every message: what was done, what was expected, what came, the line that mends it."""
    return f"{did}\n  expected: {expected}\n  got:      {got}\n  cure:     {cure}"


def describe(x: Any) -> str:
    """A node or a constant in a few words: its name where it has one, else its kind, and its shape."""
    kind = type(x).__name__
    shape = getattr(x, "shape", None)
    size = f" of shape {tuple(shape)}" if shape is not None else ""
    name = getattr(x, "name", "")
    return f"{kind} {name!r}{size}" if name else f"{kind}{size}"


def describe_input(x: Any, i: int) -> str:
    """The ``i``-th input of an operation in a few words."""
    return f"argument {i}, {describe(x)}"


# Shapes.


def shapes_do_not_fit(name: str, shapes: Iterable[tuple[int, ...]], attrs: Any, reason: str) -> ShapeError:
    """An operation was given arrays whose shapes it cannot combine."""
    shapes = list(shapes)
    given = " and ".join(map(str, shapes)) or "none"
    extras = "".join(f", {key}={value!r}" for key, value in attrs.items())
    return ShapeError(
        message(
            f"{name} of shapes {given}{extras}",
            _expected_shapes(name),
            f"{given} ({reason})",
            _shape_cure(name, shapes),
        )
    )


def _expected_shapes(name: str) -> str:
    if name == "matmul":
        return "the last axis of the first as long as the last but one of the second: (…, n, k) @ (…, k, m)"
    if name in ("concatenate", "stack"):
        return "arrays of the same shape" + (", except along the axis" if name == "concatenate" else "")
    if name in ("reshape", "broadcast_to", "squeeze", "expand_dims", "transpose", "tensordot", "einsum"):
        return f"what np.{name} accepts"
    return "shapes that broadcast: aligned from the right, equal or 1"


def _shape_cure(name: str, shapes: list[tuple[int, ...]]) -> str:
    if len(shapes) != 2:
        return f"print the shapes before {name}; .reshape(...) or np.expand_dims(...) makes them fit"
    a, b = shapes
    if name == "matmul":
        if a and b and len(b) == 2 and a[-1] == b[-1]:
            return "a @ b.T"
        if len(a) == 2 and b and a[0] == (b[-2] if len(b) > 1 else b[0]):
            return "a.T @ b"
        return "a.reshape(..., k) @ b, with k the length of b's last axis but one"
    if len(a) == 2 and a[::-1] == b:
        return "a.T where a has the wrong orientation, or b.T"
    if len(b) == 1 and a and b[0] == a[0]:
        return "b[:, None], so that b runs along the rows of a"
    if len(a) == 1 and b and a[0] == b[0]:
        return "a[:, None], so that a runs along the rows of b"
    return "b.reshape(...) to a shape that broadcasts against a"


def no_such_place(name: str, shape: tuple[int, ...], attrs: Any, reason: str) -> PlaceError:
    """An operation was told an index or an axis that is not there."""
    axes = f"an axis from {-len(shape)} to {len(shape) - 1}" if shape else "no axis, since there is none"
    return PlaceError(
        message(
            f"{name} of shape {shape}" + "".join(f", {key}={value!r}" for key, value in attrs.items()),
            f"places inside the shape {shape}; {axes}",
            reason,
            "print(t.shape) before, and count from 0",
        )
    )


# Differentiating.


def not_scalar(function: str, shape: tuple[int, ...]) -> NotScalarError:
    """``function`` needs one number to differentiate, and was given an array."""
    cures = {
        "backward()": "t.sum().backward(), or t.backward(np.ones_like(t.data)) to weight each element yourself",
    }
    return NotScalarError(
        message(
            f"{function} of something of shape {shape}",
            "one number: only a scalar has a single gradient",
            f"shape {shape}",
            cures.get(function, "let the function end in .sum() or .mean()"),
        )
    )


def not_a_number_returned(function: str, given: str) -> NotScalarError:
    """A function that was to be differentiated returned no number."""
    return NotScalarError(
        message(
            f"{function} of a function that returned {given}",
            "one number: a scalar Tensor, a Value or a float",
            given,
            "end the function with `return loss`; give further results in a second function",
        )
    )


def seed_shape(shape: tuple[int, ...], given: tuple[int, ...]) -> ShapeError:
    """The gradient given to ``backward`` does not look like the result."""
    return ShapeError(
        message(
            "backward(gradient)",
            f"a gradient of the shape of the result, {shape}",
            f"shape {given}",
            "t.backward(np.ones_like(t.data))",
        )
    )


def nothing_recorded(what: str) -> ChainruleError:
    """A backward pass from something that remembers nothing."""
    return ArgumentError(
        message(
            "backward()",
            "a result that was recorded from something with requires_grad=True",
            f"{what} with requires_grad=False: a constant, a detached result, or made under no_grad()",
            "make the inputs with requires_grad=True (the default) and compute outside no_grad()",
        )
    )


def stale_graph(node: Any, x: Any) -> StaleGraphError:
    """An input of ``node`` was assigned new data after ``node`` was computed from it."""
    return StaleGraphError(
        message(
            f"walking back from {node.op.name} to {describe(x)}",
            "inputs that still hold the data that the result was computed from",
            f"{describe(x)} was given new data after {node.op.name} had used it",
            "compute the result again, then call backward()",
        )
    )


def integer_gradient(dtype: str) -> DtypeError:
    """A gradient with respect to whole numbers was asked for."""
    return DtypeError(
        message(
            f"a Tensor of dtype {dtype} that requires a gradient",
            "floating-point numbers: a derivative needs neighbours",
            f"dtype {dtype}",
            "Tensor([1.0, 2.0]) or Tensor(x, dtype=float); for labels and indices Tensor(x, requires_grad=False)",
        )
    )


def not_a_number(given: str, cure: str) -> DtypeError:
    """Something that cannot be differentiated was offered as a number or an array of numbers."""
    return DtypeError(message("making a node", "a number or an array of numbers", given, cure))


def not_differentiable_argument(name: str, given: str, cure: str) -> DtypeError:
    """``grad`` was asked for the gradient with respect to something that has none."""
    return DtypeError(
        message(
            f"{name}: the argument to differentiate by",
            "floats, float arrays, Values, Tensors, or dicts, lists and tuples of them",
            given,
            cure,
        )
    )


def argument_missing(name: str, argnum: int, count: int) -> ArgumentError:
    """``argnum`` points past the arguments of the call."""
    return ArgumentError(
        message(
            f"{name}(f, argnum={argnum})",
            "the position of one of the positional arguments of f",
            f"a call with {count} positional argument{'s' * (count != 1)}",
            f"pass the argument by position, or choose argnum from 0 to {max(count - 1, 0)}",
        )
    )


# Leaving the graph.


def left_graph(what: str, shape: tuple[int, ...], cure: str) -> LeftGraphError:
    """A conversion to a plain number or array was asked of something that remembers."""
    return LeftGraphError(
        message(
            what,
            "an operation that records",
            f"something of shape {shape} that remembers its graph, which the conversion would lose",
            cure,
        )
    )


def mixed_kinds(name: str) -> MixedKindsError:
    """A Value and a Tensor met in one operation."""
    return MixedKindsError(
        message(
            f"{name} of a Value and a Tensor",
            "one kind in an expression: Values are scalars, Tensors are arrays",
            "both",
            "Tensor(3.0) in place of Value(3.0); a Tensor of shape () is a scalar and broadcasts",
        )
    )


def no_rule(name: str, known: Iterable[str]) -> NoRuleError:
    """A function without a derivative in the table was called on a node."""
    near = difflib.get_close_matches(name, list(known), n=3, cutoff=0.5)
    hint = f"the nearest with a rule: {', '.join(near)}; or " if near else ""
    return NoRuleError(
        message(
            f"np.{name} on something that requires a gradient",
            "a function with a row in the table of rules",
            f"{name}, which has none",
            f"{hint}np.{name}(t.data) if no gradient needs to flow through it",
        )
    )


def unsupported_keyword(name: str, keyword: str) -> NoRuleError:
    """A keyword argument that the row does not know."""
    cures = {
        "out": f"t = np.{name}(...): the result is a new node, so that what came before stays differentiable",
        "where": f"np.where(mask, np.{name}(...), other)",
        "dtype": f"np.{name}(...).astype(dtype)",
    }
    return NoRuleError(
        message(
            f"np.{name}(..., {keyword}=...) on something that remembers",
            "the arguments that the row of the table knows",
            f"{keyword}=",
            cures.get(keyword, f"np.{name}(...) without {keyword}="),
        )
    )


def written_into(shape: tuple[int, ...]) -> MutationError:
    """Item assignment into a recorded tensor."""
    return MutationError(
        message(
            "t[index] = value",
            "results that stay as they were computed: the backward pass still needs them",
            f"a write into a Tensor of shape {shape} that requires a gradient",
            "t = np.where(mask, value, t), or with no_grad(): t[index] = value for a parameter",
        )
    )


def written_into_view(shape: tuple[int, ...]) -> MutationError:
    """Item assignment into a tensor that shows a part of another."""
    return MutationError(
        message(
            "t[index] = value",
            "a Tensor that owns its numbers",
            f"a Tensor of shape {shape} that is a view of another, which would not notice the change",
            "w[0, 1] = value instead of w[0][1] = value, or t = t.copy() before",
        )
    )


def outside_domain(name: str, given: str, cure: str) -> DomainError:
    """A real function where it has no real value."""
    return DomainError(message(name, "a real result", given, cure))


def bad_argument(did: str, expected: str, got: str, cure: str) -> ArgumentError:
    """An argument that a public function cannot use."""
    return ArgumentError(message(did, expected, got, cure))
