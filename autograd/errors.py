"""What went wrong, why, and the line that mends it.

Every error of ours says four things: what was done, what was expected, what came, and what to write
instead. The messages are built here, so that they read alike and can be tested like behaviour.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Iterable
from typing import Any


class ChainruleError(Exception):
    """The parent of every error that this library raises on purpose.

    Attributes:
        layer: the path of the ``nn`` module in which it happened, or ``""``.
        line: the line of the program that recorded the operation, where somebody looked on, or ``""``.
    """

    layer = ""
    line = ""

    def __str__(self) -> str:
        text = super().__str__()
        text += f"\n  layer:    {self.layer}" if self.layer else ""
        return text + (f"\n  line:     {self.line}" if self.line else "")


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


class ChangedArrayError(StaleGraphError):
    """An array that was changed behind our back after an operation had used it."""


class AnomalyError(ChainruleError, ArithmeticError):
    """An operation, or its rule, that made a NaN or an infinity."""


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


def _call(name: str, shapes: Iterable[tuple[int, ...]], attrs: Any) -> str:
    """An operation as it was called: its name, the shapes of its inputs, and its attributes."""
    given = [str(shape) for shape in shapes]
    extras = "".join(f", {key}={brief(x)}" for key, x in attrs.items())
    return f"{name} of {'shape' if len(given) == 1 else 'shapes'} {' and '.join(given) or 'none'}{extras}"


def brief(x: Any) -> str:
    """``x`` as a message can show it: an array by its shape, anything long cut short."""
    if isinstance(x, tuple):
        return f"({', '.join(map(brief, x))}{',' * (len(x) == 1)})"
    if getattr(x, "shape", ()):
        return f"array of shape {x.shape}"
    text = repr(x)
    return text if len(text) <= 60 else f"{text[:57]}..."


def shapes_do_not_fit(name: str, shapes: Iterable[tuple[int, ...]], attrs: Any, reason: str) -> ShapeError:
    """An operation was given arrays whose shapes it cannot combine, or attributes that do not fit the shape."""
    shapes = list(shapes)
    expected, cure = _shape_advice(name, shapes, reason)
    return ShapeError(message(_call(name, shapes, attrs), expected, reason, cure))


SHAPE_ADVICE = {
    "broadcast_to": ("a shape that the array broadcasts to: aligned from the right, equal or 1",
                     "np.broadcast_to(t[:, None], shape) where t is to run along the rows"),
    "squeeze": ("an axis of length 1", "t.squeeze(), which removes just those; t[0] or t.sum(axis=0) for another axis"),
    "expand_dims": ("new axes that differ", "np.expand_dims(t, (0, 1))"),
    "transpose": ("every axis once", "t.transpose(1, 0) for a matrix; t.swapaxes(0, 1) for two of several axes"),
    "moveaxis": ("as many places to go to as axes, each once", "np.moveaxis(t, (0, 1), (1, 0))"),
    "concatenate": ("arrays of the same shape, except along the axis",
                    "print([x.shape for x in arrays]) before; axis= chooses the axis to join along"),
    "stack": ("arrays of the same shape", "np.concatenate([a, b]) for arrays that differ in length along one axis"),
    "tile": ("whole numbers of copies, from 0", "np.tile(t, (2, 1))"),
    "repeat": ("one number of copies, or one for each element along the axis", "t.repeat(2, axis=0)"),
    "tensordot": ("summed axes of the same length in both",
                  "np.tensordot(a, b, axes=([i], [j])), where a.shape[i] == b.shape[j]"),
    "setitem": ("a value that broadcasts to t[index]", "print(t[index].shape) before"),
    "einsum": ("one letter for each axis, and the same length wherever a letter stands",
               "print the shapes beside the subscripts; a.T where an axis is in the wrong place"),
}  # fmt: skip
"""What an operation expects of shapes, and the line that mends it, where it is not broadcasting."""


def _shape_advice(name: str, shapes: list[tuple[int, ...]], reason: str) -> tuple[str, str]:
    """What was expected, and the cure."""
    if name == "matmul":
        return _matmul_advice(*shapes)
    if name == "reshape":
        n = math.prod(shapes[0])
        return f"a shape of {n} element{'s' * (n != 1)}", "t.reshape(-1, n): -1 stands for the length that fits"
    if name in SHAPE_ADVICE:
        return SHAPE_ADVICE[name]
    if "duplicate" in reason:
        return "every axis once", f"np.{name}(t, axis=(0, 1))"
    if "zero-size" in reason:
        return "at least one element", f"np.{name}(t) if t.size else 0.0, say"
    if len(shapes) == 1:
        return f"what np.{name} accepts", f"help(np.{name})"
    return "shapes that broadcast: aligned from the right, equal or 1", _broadcast_cure(name, shapes)


def _matmul_advice(a: tuple[int, ...], b: tuple[int, ...]) -> tuple[str, str]:
    if not a or not b:
        return "vectors or matrices", "a * b: a number has no axis to sum over"
    if len(a) == len(b) == 1:
        return "vectors of the same length", "np.outer(a, b) for the product of each with each"
    expected = "the last axis of the first as long as the last but one of the second: (…, n, k) @ (…, k, m)"
    if len(b) == 2 and a[-1] == b[-1]:
        return expected, "a @ b.T"
    if len(a) == 2 and a[0] == b[-2 if len(b) > 1 else 0]:
        return expected, "a.T @ b"
    return expected, "a.reshape(..., k) @ b, with k the length of b's last axis but one"


def _broadcast_cure(name: str, shapes: list[tuple[int, ...]]) -> str:
    if len(shapes) != 2:
        return f"print the shapes before {name}; .reshape(...) or np.expand_dims(...) makes them fit"
    a, b = shapes
    if len(a) == 2 and a[::-1] == b:
        return "a.T where a has the wrong orientation, or b.T"
    if len(b) == 1 and a and b[0] == a[0]:
        return "b[:, None], so that b runs along the rows of a"
    if len(a) == 1 and b and a[0] == b[0]:
        return "a[:, None], so that a runs along the rows of b"
    return "b.reshape(...) to a shape that broadcasts against a"


def no_such_axis(name: str, shape: tuple[int, ...], attrs: Any, reason: str) -> PlaceError:
    """An operation was told an axis that is not there."""
    axes = f"an axis from {-len(shape)} to {len(shape) - 1}" if shape else "no axis: a number has none"
    cure = "axis=-1 for the last axis; print(t.shape) before" if shape else f"np.{name}(t) without axis="
    return PlaceError(message(_call(name, [shape], attrs), axes, reason, cure))


INDEX_ADVICE = {
    "out of bounds": ("positions from -n to n - 1 on an axis of length n", "print(t.shape) before, and count from 0"),
    "boolean index": ("a mask as long as the axes that it selects from", "t[t > 0]: a mask that is made from t itself"),
    "too many indices": ("at most one index for each axis", "print(t.shape) before; t[..., None] adds an axis"),
    "shape mismatch": ("lists of positions that broadcast", "t[np.ix_(rows, columns)] for all rows with all columns"),
    "indices": ("whole numbers, slices, ..., None, lists of whole numbers, or a mask",
                "t[int(i)]; index.astype(int) for an array of positions"),
}  # fmt: skip
"""By a part of NumPy's reason: what an index has to be, and the line that mends it."""


def no_such_place(name: str, shape: tuple[int, ...], attrs: Any, reason: str) -> PlaceError:
    """An index that the array does not have, or that is none."""
    expected, cure = next((advice for part, advice in INDEX_ADVICE.items() if part in reason), INDEX_ADVICE["indices"])
    return PlaceError(message(_call(name, [shape], attrs), expected, reason, cure))


def wrong_kind(name: str, shapes: Iterable[tuple[int, ...]], attrs: Any, reason: str) -> DtypeError:
    """An operation was given an attribute, or elements, of a kind that it does not take."""
    cure = f"help(np.{name})"
    if "axis" in attrs:
        axis = attrs["axis"]
        cure = f"axis={tuple(axis)}" if isinstance(axis, list) else "axis=0, or axis=(0, 1) for two axes"
    elif "shape" in attrs:
        cure = "whole numbers: t.reshape(int(n), -1)"
    return DtypeError(message(_call(name, shapes, attrs), f"arguments of the kinds that {name} takes", reason, cure))


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
    error = StaleGraphError(
        message(
            f"walking back from {node.op.name} to {describe(x)}",
            "inputs that still hold the data that the result was computed from",
            f"{describe(x)} was given new data after {node.op.name} had used it",
            "compute the result again, then call backward()",
        )
    )
    error.line = getattr(node.scope, "line", "")
    return error


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


def complex_numbers(dtype: str) -> DtypeError:
    """Complex numbers came up, whose derivatives are not in the table yet."""
    return DtypeError(
        message(
            "an operation on complex numbers",
            "real floating-point numbers",
            f"dtype {dtype}",
            "two Tensors, one for the real and one for the imaginary parts",
        )
    )


def not_a_number(given: str, cure: str) -> DtypeError:
    """Something that cannot be differentiated was offered as a number or an array of numbers."""
    return DtypeError(message("making a node", "a number or an array of numbers", given, cure))


def not_an_array(data: Any, reason: str) -> DtypeError:
    """A Tensor was to be made of something that is no array of numbers."""
    parts = [type(x).__name__ for x in data] if isinstance(data, (list, tuple)) else []
    cures = {
        "Tensor": "np.stack([a, b]), which joins Tensors and records",
        "Value": "Tensor([v.data for v in values]), which takes the numbers out of their graph",
        "generator": "Tensor(list(numbers))",
        "dict": "{name: Tensor(x) for name, x in data.items()}",
        "str": "Tensor([float(x) for x in data])",
    }
    kinds = [kind for kind in (type(data).__name__, *parts) if kind in cures]
    if kinds and parts:
        return not_a_number(f"{type(data).__name__} of {kinds[0]}", cures[kinds[0]])
    given = f"{type(data).__name__} ({reason})"
    return not_a_number(given, cures[kinds[0]] if kinds else "Tensor([[1.0, 2.0], [3.0, 4.0]])")


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


def wrong_argnum(name: str, argnum: Any) -> ArgumentError:
    """``argnum`` is no position, nor several."""
    return ArgumentError(
        message(
            f"{name}(f, argnum={argnum!r})",
            "the position of an argument of f, or a tuple of positions",
            f"{type(argnum).__name__}: {argnum!r}",
            f"{name}(f, argnum=0); for a dict of parameters {name}(f)(params)",
        )
    )


def unknown_argument(name: str, argument: str, given: Any) -> ArgumentError:
    """A transform was given an argument that it does not have."""
    return ArgumentError(
        message(
            f"{name}(f, {argument}={brief(given)})",
            "a function, and argnum: the position of its argument to differentiate by",
            f"{argument}=",
            f"{name}(f, argnum={brief(given) if argument == 'argnums' else 0})",
        )
    )


def not_a_function(name: str, given: str) -> DtypeError:
    """A result was given where the function that computes it is needed."""
    return DtypeError(
        message(
            f"{name}({given})",
            "a function, to be run on fresh variables",
            given,
            f"{name}(lambda x: x * x)(3.0); for a result that is there already y.backward() and x.grad",
        )
    )


def argument_missing(name: str, argnum: int, count: int) -> ArgumentError:
    """``argnum`` points past the arguments of the call."""
    return ArgumentError(
        message(
            f"{name}(f, argnum={argnum})",
            "the position of one of the positional arguments of f",
            f"a call with {count} positional argument{'s' * (count != 1)}",
            f"choose argnum from 0 to {count - 1}" if count else f"pass the argument by position: {name}(f)(2.0)",
        )
    )


def structures_differ(did: str, places: list[str], given: list[str]) -> ArgumentError:
    """Gradients or tangents that are not arranged like what they belong to."""
    missing = [place for place in places if place not in given]
    extra = [place for place in given if place not in places]
    got = ", ".join(
        [f"nothing at {brief_places(missing)}"] * bool(missing) + [f"something at {brief_places(extra)}"] * bool(extra)
    )
    return ArgumentError(
        message(
            did,
            "the same dicts, lists and tuples, with a number or an array for each one in them",
            got,
            "jvp(f, (x, y), (v, w)): one tangent for each argument; pull((g, h)): one gradient for each result",
        )
    )


def brief_places(places: list[str]) -> str:
    """Paths in a tree as a message can show them: the first few."""
    shown = [place or "the top" for place in places[:3]]
    return ", ".join(shown) + (f" and {len(places) - 3} more" if len(places) > 3 else "")


def no_direction(did: str, what: str) -> ArgumentError:
    """``None`` where a gradient or a tangent is needed."""
    return ArgumentError(
        message(did, f"a number or an array for {what}", "None", "np.zeros(x.shape), or 0.0 for a number")
    )


def direction_shape(did: str, what: str, shape: tuple[int, ...], given: tuple[int, ...]) -> ShapeError:
    """A gradient or a tangent does not have the shape of what it belongs to."""
    return ShapeError(
        message(
            f"{did}, for {what}",
            f"shape {shape}",
            f"shape {given}",
            f"np.broadcast_to(v, {shape})" if shape else "v.sum(), or v[0]: one number",
        )
    )


def not_argument_tuples(args: str, tangents: str) -> ArgumentError:
    """``jvp`` was given an argument instead of the tuple of arguments."""
    return ArgumentError(
        message(
            "jvp(f, args, tangents)",
            "a tuple of arguments, and a tuple with a tangent for each",
            f"{args} and {tangents}",
            "jvp(f, (x,), (v,)) for a function of one argument",
        )
    )


def nothing_to_differentiate(name: str) -> ArgumentError:
    """A function was to be differentiated by its arguments, and there are none."""
    return ArgumentError(
        message(f"{name}(f)", "where to differentiate: the arguments of f", "no arguments", f"{name}(f, 2.0)")
    )


def no_vector() -> ArgumentError:
    """A Hessian was to be multiplied by nothing."""
    return ArgumentError(
        message(
            "hvp(f)(x, v)",
            "the arguments of f, and then the vector to multiply the Hessian by",
            "no arguments",
            "hvp(f)(x, np.ones_like(x))",
        )
    )


def no_pair(given: str) -> ArgumentError:
    """A function that was to return a number and something else returned something else."""
    return ArgumentError(
        message(
            "grad_and_aux(f)",
            "a function that returns (number, anything else)",
            given,
            "end the function with `return loss, predictions`; grad(f) for a function that returns the loss alone",
        )
    )


def depends_on_captured() -> ArgumentError:
    """A checkpointed function uses results from outside of which one was made from the other."""
    return ArgumentError(
        message(
            "checkpoint(f)(...)",
            "a function that takes results as arguments; parameters it may use without",
            "a function that uses two results from outside, one of which was made from the other",
            "checkpoint(lambda x, h: ...)(x, h): pass what was computed outside as an argument",
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


ONE_NUMBER = {
    "bool(t)": "t.any() or t.all() for a condition; np.where(t > 0, a, b) in place of `a if t > 0 else b`",
    "format(t)": "f'{t.item():.2f}' for one element; np.array2string(t.data, precision=2) for all",
}
"""What to write instead of a conversion to one number; of the others, mathematical functions are the likeliest."""


def not_one_number(what: str, shape: tuple[int, ...]) -> LeftGraphError:
    """A conversion to one number was asked of several."""
    cure = "np.sin(t), say, in place of math.sin(t); t.sum() for one number; t.data for the array"
    return left_graph(what, shape, ONE_NUMBER.get(what, cure))


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
    near = difflib.get_close_matches(name.rpartition(".")[2], sorted(known), n=3, cutoff=0.7)
    hint = f"the nearest names with a rule: {', '.join(near)}; or " if near else ""
    return NoRuleError(
        message(
            f"np.{name} on something that requires a gradient",
            "a function with a row in the table of rules",
            f"{name}, which has none",
            f"{hint}np.{name}(t.data, ...) if no gradient needs to flow through it",
        )
    )


def no_gradient_through(name: str, argument: str) -> NoRuleError:
    """An argument that requires a gradient was given to a function that passes none."""
    cures = {"full_like": "np.broadcast_to(fill_value, t.shape)"}
    return NoRuleError(
        message(
            f"np.{name}(..., {argument}=t)",
            f"an argument {argument} that requires no gradient: np.{name} passes none",
            "one that requires a gradient, which the result would lose",
            cures.get(name, f"{argument}=t.data if no gradient needs to flow through it"),
        )
    )


def unsupported_keyword(name: str, keyword: str) -> NoRuleError:
    """A keyword argument that the row does not know."""
    cures = {
        "out": f"t = np.{name}(...): the result is a new node, so that what came before stays differentiable",
        "where": f"np.where(mask, np.{name}(...), other)",
        "dtype": f"np.{name}(...).astype(dtype)",
        "dim": f"np.{name}(..., axis=...), as NumPy calls it",
        "keepdim": f"np.{name}(..., keepdims=...), as NumPy calls it",
    }
    return NoRuleError(
        message(
            f"np.{name}(..., {keyword}=...) on something that remembers",
            "the arguments that the row of the table knows",
            f"{keyword}=",
            cures.get(keyword, f"np.{name}(...) without {keyword}="),
        )
    )


def written_into_leaf(what: str) -> MutationError:
    """Item assignment into something whose own gradient is wanted."""
    return MutationError(
        message(
            "t[index] = value",
            "a result, or a Tensor with requires_grad=False",
            f"{what}, a leaf whose gradient is wanted: it would be one of what the assignment makes",
            "t = t.copy() before; or with no_grad(): t[index] = value, to move a parameter",
        )
    )


def written_into_result(shape: tuple[int, ...]) -> MutationError:
    """Item assignment into a recorded tensor where nothing is recorded."""
    return MutationError(
        message(
            "t[index] = value under no_grad()",
            "results that stay as they were computed: the backward pass still needs them",
            f"a write into a result of shape {shape}, which would not be recorded",
            "t[index] = value outside no_grad(), or t = t.detach() before",
        )
    )


def written_as_integer(what: str, dtype: str) -> DtypeError:
    """Something with a gradient was to be kept in an array of whole numbers."""
    return DtypeError(
        message(
            "t[index] = value",
            "floating-point numbers on both sides: whole numbers have no gradient",
            f"a value that requires a gradient, and {what} of dtype {dtype}",
            "t = Tensor(np.zeros(shape), requires_grad=False) before, or value.detach()",
        )
    )


def written_into_array(function: str, shape: tuple[int, ...]) -> MutationError:
    """A Tensor was to be written into an array by one of NumPy's functions."""
    return MutationError(
        message(
            f"np.{function}(array, t)",
            "a Tensor to write into, which can remember where its elements come from",
            f"an array of shape {shape}",
            f"array = Tensor(array, requires_grad=False) before; then np.{function}(array, t) records",
        )
    )


def writes_to_captured(x: Any) -> MutationError:
    """A checkpointed function assigns items of something from outside, and would do so again."""
    return MutationError(
        message(
            "checkpoint(f)(...)",
            "a function without side effects, since the backward pass runs it again",
            f"a function that assigns items of {describe(x)}, which was made outside of it",
            "t = t.copy() inside f, before t[index] = value",
        )
    )


def changed_for_checkpoint(x: Any) -> StaleGraphError:
    """What a checkpointed function uses from outside was changed before the function ran again."""
    return StaleGraphError(
        message(
            "walking back through checkpoint(f), which runs f again",
            "what f uses from outside as it was",
            f"items of {describe(x)} were assigned since",
            "checkpoint(f)(t): pass it as an argument; or t = t.copy() before t[index] = value",
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


def closure_assigned() -> ArgumentError:
    """A closure was to be stored in a node, as micrograd does for its own operations."""
    return ArgumentError(
        message(
            "value._backward = closure",
            "an operation with a row in the table: results hold data, not closures",
            "a closure",
            "f = row(function, lambda g, y, x: g * derivative(x), name='f', scalar=function), and then f(value)",
        )
    )


def outside_domain(name: str, given: str, cure: str) -> DomainError:
    """A real function where it has no real value."""
    return DomainError(message(name, "a real result", given, cure))


def bad_argument(did: str, expected: str, got: str, cure: str) -> ArgumentError:
    """An argument that a public function cannot use."""
    return ArgumentError(message(did, expected, got, cure))
