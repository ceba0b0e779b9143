"""What went wrong, why, and the line that mends it.

Every error of ours says four things: what was done, what was expected, what came, and what to write
instead. The messages are built here, so that they read alike and can be tested like behaviour.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
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


class NotScalarError(ChainruleError, ValueError, TypeError):
    """A derivative of something that is not one number."""


class DtypeError(ChainruleError, TypeError):
    """Numbers of a kind that has no gradient, such as integers."""


class DomainError(ChainruleError, ValueError):
    """A real operation outside its domain."""


class DeviceError(ChainruleError, RuntimeError):
    """Arrays cannot be moved to a device."""


class OverflowedError(ChainruleError, OverflowError):
    """A number that is too large for Python's floats."""


class DivisionError(ChainruleError, ZeroDivisionError):
    """A division by zero, or a negative power of it, in Python's numbers."""


class NoRuleError(ChainruleError, TypeError, NotImplementedError):
    """An operation whose derivative is not in the table."""


class LeftGraphError(ChainruleError, TypeError):
    """A conversion that would lose the graph without a word."""


class VaryingError(ChainruleError, TypeError):
    """One number, or one plain array, is needed where each example of ``vmap`` has its own."""


class MixedKindsError(ChainruleError, TypeError):
    """A ``Value`` and a ``Tensor`` in one operation."""


class StaleGraphError(ChainruleError, RuntimeError):
    """A backward pass over a graph whose inputs have changed since it was built."""


class ChangedArrayError(StaleGraphError):
    """An array that was changed behind our back after an operation had used it."""


class AnomalyError(ChainruleError, ArithmeticError):
    """An operation, or its rule, that made a NaN or an infinity."""


class MutationError(ChainruleError, RuntimeError, TypeError):
    """A write into an array that the graph still needs."""


class NotInstalledError(ChainruleError, ModuleNotFoundError):
    """Somebody else's package that is needed and not there."""


class ArgumentError(ChainruleError, ValueError):
    """An argument that the function cannot use."""


class GradientError(ChainruleError, AssertionError):
    """A gradient check that found a wrong gradient."""


class CaptureError(ChainruleError, RuntimeError):
    """Something that a compiled function does and a program cannot do.

    Attributes:
        record: records a row of the table as one call, where that is what needs plain arrays; or ``None``.
    """

    record: Any = None


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
    "expm": ("square matrices, of shape (..., n, n)", "a.reshape(n, n); print(a.shape) before"),
    "sqrtm": ("a square matrix, of shape (n, n)", "a.reshape(n, n); print(a.shape) before"),
    "solve_triangular": ("a square matrix without a 0 on its diagonal, and as many rows of b",
                         "print(a.shape, b.shape, np.diagonal(a)) before; lower=True for a lower triangle"),
    "solve_sylvester": ("shapes (m, m), (n, n) and (m, n)", "print(a.shape, b.shape, q.shape) before"),
    "solve_banded": ("diagonals of shape (l + u + 1, n) without a singular matrix, and n rows of b",
                     "print(ab.shape, b.shape) before; solve_banded((l, u), ab, b)"),
    **dict.fromkeys(["fft", "ifft", "rfft", "irfft"],
                    ("a length n from 1, and norm 'backward', 'ortho' or 'forward'", "np.fft.fft(t, 8, norm='ortho')")),
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


def wrong_kind(
    name: str, shapes: Iterable[tuple[int, ...]], attrs: Any, reason: str, is_complex: bool = False
) -> DtypeError:
    """An operation was given an attribute, or elements, of a kind that it does not take."""
    cure = f"help(np.{name})"
    if "axis" in attrs:
        axis = attrs["axis"]
        cure = f"axis={tuple(axis)}" if isinstance(axis, list) else "axis=0, or axis=(0, 1) for two axes"
    elif "shape" in attrs:
        cure = "whole numbers: t.reshape(int(n), -1)"
    elif is_complex:
        cure = f"np.{name} of z.real, z.imag or np.abs(z), which are real"
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


def truth_value_returned(function: str) -> DtypeError:
    """A function that was to be differentiated returned the answer to a question."""
    return DtypeError(
        message(
            f"{function} of a function that returned True or False",
            "one number: a derivative needs neighbours",
            "a truth value, from a comparison or a test",
            "return the number that was compared; np.where(x > 0, a, b) for a choice between two",
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


def complex_into_real(did: str, dtype: str, real: str) -> DtypeError:
    """Complex numbers were to become real ones, which would lose their imaginary parts without a word."""
    return DtypeError(
        message(
            did,
            f"real numbers, for dtype {real}",
            f"dtype {dtype}",
            "z.real, z.imag or np.abs(z), which say what is meant",
        )
    )


def complex_result(function: str, dtype: str) -> NotScalarError:
    """A gradient of something complex was asked for, of which there is none: it does not rise or fall."""
    cures = {"backward()": "np.abs(z).backward(), or z.real.backward(); z.backward(g) with a complex g of your own"}
    return NotScalarError(
        message(
            f"{function} of a complex number",
            "a real number: only that can rise or fall",
            f"dtype {dtype}",
            cures.get(
                function,
                "holomorphic_grad(f) for the complex derivative; or let f end in np.abs(z), z.real or z.imag",
            ),
        )
    )


def not_complex_argument(function: str, given: str) -> DtypeError:
    """A complex derivative was asked for where nothing is complex."""
    return DtypeError(
        message(
            f"{function} at {given}",
            "complex numbers to differentiate by",
            given,
            f"x.astype(complex), or {function.replace('holomorphic_', '')}(f)",
        )
    )


def not_holomorphic(function: str, shape: tuple[int, ...]) -> ArgumentError:
    """A function of complex numbers has no complex derivative: conj, abs or its kin are in it."""
    return ArgumentError(
        message(
            f"{function} by a complex argument of shape {shape}",
            "a holomorphic function: whose slope is one complex number, the same along 1 and along i",
            "a function with two slopes, as conj(z), abs(z), z.real and z.imag have",
            "vjp, jvp or hvp, which are right for every function; or functions of z.real and z.imag",
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


# Many examples at once.

VARYING = {
    "bool(t)": "np.where(t > 0, a, b) in place of `a if t > 0 else b`",
    "t as a position, a length or a number of times": "Tensor(table, requires_grad=False)[t] in place of table[t]; "
    "in_axes=None for what is the same for all",
    "np.array(t) or np.asarray(t)": "np.stack([t, u]) to join; Tensor(table, requires_grad=False)[t] to read",
}
"""What to write instead, inside a function that ``vmap`` runs on all examples at once."""


def varies(what: str, examples: str, shape: tuple[int, ...]) -> VaryingError:
    """A number or an array was asked for that is not the same for all examples."""
    cure = VARYING.get(what, "np.sin(t), say, in place of math.sin(t); return t, and take its numbers afterwards")
    return VaryingError(
        message(
            f"{what} inside vmap", "an operation on all examples at once", f"{examples} examples of shape {shape}", cure
        )
    )


def mask_varies() -> VaryingError:
    """A mask that differs from example to example was used as an index."""
    return VaryingError(
        message(
            "x[mask] inside vmap",
            "as many elements in every example",
            "a mask that each example has its own of",
            "np.where(mask, x, 0); np.sum(x, where=mask)",
        )
    )


def shapes_vary(shapes: Iterable[tuple[int, ...]]) -> VaryingError:
    """The results for different examples do not have the same shape."""
    return VaryingError(
        message(
            "joining the results of the examples inside vmap",
            "results of one shape",
            f"shapes {', '.join(map(str, dict.fromkeys(shapes)))}",
            "np.where(mask, x, 0), which keeps the shape; or a loop in place of vmap: [f(x) for x in xs]",
        )
    )


def written_by_each(shape: tuple[int, ...]) -> VaryingError:
    """Every example of ``vmap`` would write its own numbers into one array."""
    return VaryingError(
        message(
            "writing inside vmap",
            "an array of which each example has its own",
            f"one array of shape {shape} for all examples",
            "np.where(mask, new, old) in place of old[mask] = new; y = np.zeros_like(x), which is a batch if x is one",
        )
    )


def no_function_to_map(given: str) -> DtypeError:
    """``vmap`` was given a result instead of a function."""
    return DtypeError(message(f"vmap({given})", "a function of one example", given, "vmap(lambda x: x @ w)(xs)"))


def unknown_mapping(argument: str) -> ArgumentError:
    """``vmap`` was given an argument that it does not have."""
    cures = {"in_dims": "vmap(f, in_axes=...)", "out_dims": "vmap(f, out_axes=...)"}
    return ArgumentError(
        message(
            f"vmap(f, {argument}=...)",
            "in_axes and out_axes",
            f"{argument}=",
            cures.get(argument, "vmap(f, in_axes=0)"),
        )
    )


def wrong_axes(which: str, place: str, given: str, what: str) -> ArgumentError:
    """``in_axes`` or ``out_axes`` is not arranged like what it is for."""
    cures = {
        "in_axes": "in_axes=(0, None) for two arguments, the second the same for all; in_axes=0 for everything",
        "out_axes": "out_axes=(0, 1) for two results; out_axes=0 for everything",
    }
    return ArgumentError(
        message(
            f"vmap(f, {which}=...), for {place}",
            f"a whole number, None, or the dicts, lists and tuples of {what} with one of these in each place",
            given,
            cures[which],
        )
    )


def no_axis_to_map(place: str, what: str, axis: int, shape: tuple[int, ...] | None, cure: str) -> PlaceError:
    """There is no such axis to hide, or to show."""
    axes = f"an axis from {-len(shape)} to {len(shape) - 1}" if shape else "an array with the examples along an axis"
    return PlaceError(message(f"vmap(f) along axis {axis} of {place}", axes, what, cure))


def numbers_of_examples(found: Iterable[tuple[str, int, int]]) -> ShapeError:
    """The arguments of ``vmap`` hold different numbers of examples."""
    return ShapeError(
        message(
            "vmap(f)(...)",
            "as many examples in every argument",
            "; ".join(f"{n} along axis {axis} of {place}" for place, axis, n in found),
            "in_axes, which says where the examples lie; in_axes=None for what is the same for all",
        )
    )


def nothing_to_map(axes: str) -> ArgumentError:
    """No argument of ``vmap`` has examples."""
    return ArgumentError(
        message("vmap(f)(...)", "at least one argument with the examples along an axis", axes, "vmap(f, in_axes=0)(xs)")
    )


def no_array_returned(place: str, given: str) -> ArgumentError:
    """A function that ``vmap`` runs returned something that has no axis of examples."""
    return ArgumentError(
        message(
            f"vmap(f)(...), for {place}",
            "numbers and arrays, or dicts, lists and tuples of them",
            given,
            "end the function with `return y`; what is no array can be computed outside",
        )
    )


def varies_all_the_same(place: str) -> ArgumentError:
    """``out_axes`` says that a result is the same for all examples, and it is not."""
    return ArgumentError(
        message(
            f"vmap(f, out_axes=None), for {place}",
            "a result that is the same for all examples",
            "one that depends on the example",
            "out_axes=0, and y[0] of the result",
        )
    )


def cannot_take(name: str, given: list[str], error: Exception) -> ChainruleError:
    """A function of NumPy's that is put together from others was given something that it cannot take."""
    kinds: dict[type, type[ChainruleError]] = {
        IndexError: PlaceError,
        TypeError: DtypeError,
        AttributeError: DtypeError,
    }
    kind = next((ours for pythons, ours in kinds.items() if isinstance(error, pythons)), ArgumentError)
    cure = f"help(np.{name}); print the shapes before"
    return kind(message(f"np.{name}({', '.join(given)})", f"arguments that np.{name} takes", str(error), cure))


def no_length() -> DtypeError:
    """A Tensor without axes was to be counted or gone through."""
    cure = "t.item() for the number, t.reshape(1) for a vector of one"
    return DtypeError(message("len(t), or a loop over t", "a Tensor with an axis", "one of shape (), a number", cure))


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


def left_at(what: str, variable: str) -> LeftGraphError:
    """A result does not depend on a variable of which a plain number was taken on the way."""
    return LeftGraphError(
        message(
            f"the derivative by {variable}",
            "a result that depends on it through operations that record",
            f"a result that does not, while {what} took a plain number out of the graph",
            "np.sin(x), which records, in place of math.sin(float(x)); x.detach().item() for the number alone",
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


def no_rule(name: str, known: Iterable[str], home: str = "np") -> NoRuleError:
    """A function without a derivative in the table was called on a node; ``home`` is the module that has it."""
    import difflib  # a millisecond that only an error costs

    near = difflib.get_close_matches(name.rpartition(".")[2], sorted(known), n=3, cutoff=0.7)
    hint = f"the nearest names with a rule: {', '.join(near)}; or " if near else ""
    return NoRuleError(
        message(
            f"{home}.{name} on something that requires a gradient",
            "a function with a row in the table of rules",
            f"{name}, which has none",
            f"{hint}{home}.{name}(t.data, ...) if no gradient needs to flow through it",
        )
    )


def not_on_dask(name: str, arrays: Iterable[Any], reason: str) -> NoRuleError:
    """A row, or its rule, does something that Dask's arrays do not, in these pieces or at all."""
    pieces = "; ".join(f"shape {x.shape} in chunks {brief(x.chunks)}" for x in arrays if hasattr(x, "chunks"))
    unknown = "nan" in pieces
    return NoRuleError(
        message(
            f"{name} of arrays of Dask's",
            f"arrays that Dask can do the row {name!r} with, forwards and backwards; docs/coverage.md says which do",
            f"{pieces}: {' '.join(reason.split())}",
            f"{'x.compute_chunk_sizes() first; or ' if unknown else ''}x.rechunk(-1) for the axes that {name} works "
            "along in one piece; or x.compute() for an array in memory",
        )
    )


def not_for_values(name: str, reason: str) -> NoRuleError:
    """A function of NumPy's that needs an array was called on a Value."""
    return NoRuleError(
        message(
            f"np.{name} on a Value",
            f"an elementwise function, or one that takes Python's numbers as they come; np.{name} wants arrays",
            reason or "a Value",
            f"np.{name}(Tensor(0.5)): a Tensor of shape () is a number too",
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


# Operations of the user's own.


def rule_missing(name: str, argnums: Sequence[int], known: Iterable[int] | None) -> NoRuleError:
    """An operation of the user's own has no rule for an argument that wants a gradient."""
    missing = [i for i in argnums if i not in (known or ())]
    return NoRuleError(
        message(
            f"the gradient of {name!r} for argument {', '.join(map(str, missing))}",
            "a rule for each argument that wants a gradient",
            f"rules for {', '.join(map(str, sorted(known)))}" if known else "no rules",
            f"defvjp({name}, lambda ans, *args: lambda g: ..., argnums=({missing[0]},)), the gradient of that argument",
        )
    )


def rule_shape(did: str, shape: tuple[int, ...], given: tuple[int, ...]) -> ShapeError:
    """A rule returned something that does not have the shape of its argument."""
    return ShapeError(
        message(
            did,
            f"a gradient of the shape of the argument, {shape}, or one that was broadcast from it",
            f"shape {given}",
            f"return g * np.ones({shape}), say: a rule gives a number for each element of its argument",
        )
    )


def node_by_name(name: str, keywords: list[str]) -> ArgumentError:
    """An operation of the user's own was given something that remembers by name."""
    return ArgumentError(
        message(
            f"{name}(..., {keywords[0]}=...)",
            "what needs a gradient by position; rules get what comes by name as it is",
            f"something that remembers its graph as {keywords[0]}=",
            f"{name}(x, t) instead of {name}(x, {keywords[0]}=t)",
        )
    )


def captured_by_primitive(name: str) -> ArgumentError:
    """An operation of the user's own depends on something that is not among its arguments."""
    return ArgumentError(
        message(
            f"{name}(...), an operation from @primitive",
            "a function of its arguments, which are the only ones that have rules",
            "a result that depends on a Value or a Tensor from outside",
            f"pass it as an argument of {name}, and give a rule for it",
        )
    )


def array_from_values(name: str, shape: tuple[int, ...]) -> MixedKindsError:
    """An operation of the user's own made an array from Values."""
    return MixedKindsError(
        message(
            f"{name} of Values", "a number: Values are scalars", f"an array of shape {shape}", f"{name}(Tensor(2.0))"
        )
    )


def not_a_rule(did: str, argnum: int, given: Any, cure: str) -> ArgumentError:
    """Something else was given in the place of a rule."""
    return ArgumentError(
        message(f"{did}(f, ...), the rule for argument {argnum}", "a function, or None for 0", brief(given), cure)
    )


def not_an_operation(did: str, name: str, known: bool) -> ArgumentError:
    """A rule was to be given to a function that is not recorded, or has its rule."""
    return ArgumentError(
        message(
            f"{did}({name}, ...)",
            "an operation of your own, from @primitive, or a NumPy function without a row in the table",
            f"{name}, which has its rule in the table" if known else f"{name}, an ordinary function",
            f"my_{name} = primitive({name}); {did}(my_{name}, ...)",
        )
    )


def check_failed(did: str, expected: str, got: str, cure: str) -> GradientError:
    """A derivative that disagrees with differences along a direction."""
    return GradientError(message(did, expected, got, cure))


def values_differ(expected: str, got: str) -> GradientError:
    """Two values that were to be equal."""
    return GradientError(
        message(
            "check_equivalent(x, y)", f"y like x: {expected}", got, "np.max(np.abs(x - y)) says how far they are apart"
        )
    )


def outside_domain(name: str, given: str, cure: str) -> DomainError:
    """A real function where it has no real value."""
    return DomainError(message(name, "a real result", given, cure))


def no_real_result(name: str, numbers: Sequence[Any], reason: str) -> DomainError:
    """Python's ``math``, or a kind of exact number, refuses the numbers."""
    given = ", ".join(map(repr, numbers))
    cure = _instead(name, numbers, "NaN")
    return DomainError(message(f"{name} of {given}", f"numbers for which {name} is real", f"{given} ({reason})", cure))


def no_finite_result(name: str, numbers: Sequence[Any], error: Exception) -> ChainruleError:
    """Python's arithmetic refuses the numbers where NumPy's has an infinity."""
    given = ", ".join(map(repr, numbers))
    kind = DivisionError if isinstance(error, ZeroDivisionError) else OverflowedError
    reason = "a division by zero" if kind is DivisionError else "too large for this kind of number"
    cure = _instead(name, numbers, "infinite")
    return kind(message(f"{name} of {given}", f"numbers for which {name} is finite", f"{given} ({reason})", cure))


def _instead(name: str, numbers: Sequence[Any], what: str) -> str:
    """What to write where Python has no number: NumPy has, but not for exact numbers."""
    branch = "an `if` before, since a Value takes one path"
    if not all(isinstance(x, (int, float)) for x in numbers):
        return branch
    return f"np.{name}({', '.join(f'Tensor({float(x)!r})' for x in numbers)}), which is {what}; or {branch}"


def bad_argument(did: str, expected: str, got: str, cure: str) -> ArgumentError:
    """An argument that a public function cannot use."""
    return ArgumentError(message(did, expected, got, cure))


def not_installed(did: str, package: str, wanted: str) -> NotInstalledError:
    """A package that cannot be imported; ``wanted`` is what pip installs."""
    return NotInstalledError(message(did, package, "none", f'pip install "{wanted}"'))


# Exact numbers.


def not_exact(name: str, kind: str) -> DtypeError:
    """A function that would round an exact number."""
    others = {"Fraction": "sympy.Rational(1, 3) in place of Fraction(1, 3)", "Decimal": "sympy.Rational('0.1')"}
    exactly = f", or {others[kind]} to stay exact" if kind in others else ""
    return DtypeError(
        message(
            f"{name} of a {kind}",
            f"an operation with an exact result for a {kind}",
            f"{name}, which a {kind} does not have",
            f"Value(float(x)) to compute with floats{exactly}",
        )
    )


def kinds_of_numbers(name: str, kinds: list[str]) -> DtypeError:
    """Two kinds of numbers that Python does not mix met in one operation."""
    return DtypeError(
        message(
            f"{name} of {' and '.join(kinds)}",
            "numbers of one kind: Python does not mix these, since it would have to round",
            " and ".join(kinds),
            "Decimal('0.1') in place of 0.1; Fraction(x) of a Decimal is exact",
        )
    )


def no_exact_limit(what: str, number: str, limit: float) -> DomainError:
    """The chain rule says zero times infinity, and beside the place the gradients tend to something else."""
    return DomainError(
        message(
            f"the exact gradient of {what}",
            "no product of zero and infinity on the way, or one that is 0 all around",
            f"zero times infinity, where the gradients beside this place tend to {limit:.6g} instead of {number}",
            "Value(float(x)) for the limit in floats, or simplify the expression before it is differentiated",
        )
    )


def undecided(condition: str) -> DomainError:
    """The truth of a comparison that depends on symbols was asked for."""
    return DomainError(
        message(
            f"bool({condition})",
            "a comparison that holds, or does not, whatever the symbols stand for",
            condition,
            "np.maximum(a, b) in place of max(a, b) or `a if a > b else b`; or sympy.Symbol('x', positive=True)",
        )
    )


def not_captured(what: str, expected: str) -> CaptureError:
    """Something in a compiled function that no program can do."""
    return CaptureError(
        message(
            f"compile: recording {what}",
            expected,
            what,
            "compute it outside, and pass it as an argument",
        )
    )


def not_saved(name: str, function: str) -> CaptureError:
    """A program that is to be saved calls a function of nobody knows where."""
    return CaptureError(
        message(
            f"saving {name} as a program of its own",
            "functions of NumPy, SciPy and Python's math",
            function,
            "NumPy's functions, in place of an operation of one's own, where they can say it; call the program here",
        )
    )


def left_program(what: str, shape: tuple[int, ...]) -> CaptureError:
    """A number or a plain array that would be the same in every call."""
    return CaptureError(
        message(
            f"compile: {what} of an array of shape {shape}, which every call computes anew",
            "operations of NumPy, Tensors or Python's operators on it",
            f"{what}, a value of this one call",
            "return the array and convert the result; np.stack to join, np.where to choose",
        )
    )


def captured_shape(name: str) -> CaptureError:
    """A result whose shape would have to be the same in every call."""
    return CaptureError(
        message(
            f"compile: {name}, whose result has a shape that depends on the numbers",
            "shapes that follow from the shapes of the arguments",
            name,
            "np.where(mask, x, 0) in place of x[mask], or compute it outside and pass it as an argument",
        )
    )


def captured_value() -> CaptureError:
    """A Value of an exact number."""
    return CaptureError(
        message(
            "compile: calling the function",
            "arrays, Tensors, numbers, and Values of floats",
            "a Value of an exact number",
            "Value(float(v.data))",
        )
    )


def captured_choice() -> CaptureError:
    """A choice that may be another one for each example."""
    return CaptureError(
        message(
            "compile: bool(x), such as in `if x > 0`, of a number that differs from example to example",
            "the same way for all examples of a batch",
            "a choice by the numbers of one example",
            "v.relu(), abs(v) or (v.data > 0) * v in place of `if`; compile(f) without batch=True for one at a time",
        )
    )


def captured_lanes(what: str) -> CaptureError:
    """A number for each example where there is only one place."""
    return CaptureError(
        message(
            f"compile(f, batch=True): {what} of what differs from example to example",
            "a number that the examples have in common, such as a gradient that loss.backward() adds up",
            "a number for each example",
            "return it: what differs comes back as an array",
        )
    )


def captured_examples(name: str, shape: tuple[int, ...], lanes: int) -> CaptureError:
    """Arguments with different numbers of examples."""
    return CaptureError(
        message(
            f"compile(f, batch=True): calling it with {name} of shape {shape}",
            "arrays with one entry for each example along the first axis" + (f": {lanes}" if lanes else ""),
            f"shape {shape}",
            "X[:n], y[:n]; a float or a Value for what the examples have in common",
        )
    )


def captured_infinity() -> CaptureError:
    """A gradient of Values that is not finite."""
    return CaptureError(
        message(
            "compile: recording a backward pass over Values",
            "gradients that are finite",
            "an infinite or undefined one, such as that of sqrt at 0",
            "call the function without compile there",
        )
    )


def captured_randomness(what: str) -> CaptureError:
    """Random numbers, or the time, that would be the same in every call."""
    return CaptureError(
        message(
            "compile: recording a function that draws random numbers or asks the clock",
            "the same results from the same arguments",
            what,
            "draw outside and pass the numbers as an argument; model.eval() where dropout is not wanted",
        )
    )


def never_the_same(name: str, why: str, times: int) -> CaptureError:
    """A function that has to be recorded in every call."""
    return CaptureError(
        message(
            f"compile: recording {name} for the {times + 1}th time in a row",
            "that most calls find what the program was recorded with",
            f"{why} is another one each time",
            f"pass it as an array or a float argument, or call {name} without compile",
        )
    )


def not_recorded_yet(name: str) -> CaptureError:
    """A program that is not there."""
    return CaptureError(
        message(
            f"compile: the source of {name}",
            "a program",
            "no call that was recorded",
            f"call {name} before; twice or more if its first call makes something, such as the state of an optimiser",
        )
    )


def captured_out(shape: tuple[int, ...]) -> CaptureError:
    """A result that goes into an array which would not show it when it is used."""
    return CaptureError(
        message(
            f"compile: a function with out= an array of shape {shape} that the compiled function made itself",
            "results that are returned, or written into arrays from outside",
            "an array from np.empty, np.zeros or the like",
            "y = np.tanh(x) in place of np.tanh(x, out=y): the program takes buffers of its own",
        )
    )
