"""Every error says what was done, what was expected, what came, and the line that mends it."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import (
    TABLE,
    Tensor,
    Value,
    check_grads,
    checking,
    checkpoint,
    compile,
    detect_anomaly,
    elementwise_grad,
    errors,
    grad,
    hessian,
    holomorphic_grad,
    jacobian,
    jvp,
    no_grad,
    row,
    value_and_grad,
    vjp,
    vmap,
)
from autograd.numpy import dispatch, joining
from autograd.rules.elsewhere import on_gpu
from autograd.scipy import peer

T = Tensor
ones = np.ones


def assign_complex() -> None:
    w = Tensor([1.0])
    w.data = np.array([1j])


def stale() -> None:
    w = Tensor([1.0], name="w")
    loss = (w * 2).sum()
    w.data = np.array([5.0])
    loss.backward()


def without_graph() -> None:
    with no_grad():
        y = Tensor([1.0]).sum()
    y.backward()


def changed_array() -> None:
    x, a = T(ones(2)), ones(2)
    with checking():
        loss = (x * a).sum()
    a[0] = 5.0
    loss.backward()


def anomaly() -> None:
    x = T([1.0, 0.0], name="x")
    with detect_anomaly():
        np.log(x)


def assign(t: Any, value: Any = 1.0, index: Any = 0) -> None:
    t[index] = value


def assign_without_recording() -> None:
    y = T(ones(3)) * 2
    with no_grad():
        y[0] = 1.0


def assign_from_checkpoint() -> None:
    y = T(ones(3)) * 2

    def f(x: Any) -> Any:
        y[0] = x
        return np.sum(y)

    checkpoint(f)(T(1.0))


def assign_behind_checkpoint() -> None:
    y = T(ones(3)) * 2
    loss = checkpoint(lambda x: np.sum(x * y))(T(1.0))
    y[0] = 1.0
    loss.backward()


def add_in_place() -> None:
    array = ones(2)
    array += Tensor(ones(2))


def wrong_rule() -> None:
    wrong = row(np.spacing, lambda g, y, x: 3 * g, array=lambda x: 2 * x, name="wrong_double")
    try:
        check_grads(lambda x: wrong(x).sum(), ones(2))
    finally:
        del TABLE["wrong_double"]


Bad = tuple[str, Callable[[], Any], type[Exception], list[str]]
"""What it is, the line, the error, and the parts that its message cannot do without."""

# ruff: noqa: E501 -- a case is read across, like a line of a table
CASES: list[Bad] = [
    # Compiled functions.
    ("item", lambda: compile(lambda x: x * float(x.sum()))(ones(2)), errors.CaptureError, ["float"]),
    # Shapes that do not fit.
    ("add", lambda: T(ones(3)) + T(ones(4)), errors.ShapeError, ["add", "(3,)", "(4,)", "broadcast"]),
    ("add a column", lambda: T(ones((2, 3))) + T(ones(2)), errors.ShapeError, ["(2, 3)", "(2,)", "b[:, None]"]),
    ("column plus", lambda: T(ones(2)) * T(ones((2, 3))), errors.ShapeError, ["multiply", "a[:, None]"]),
    ("transposed", lambda: T(ones((2, 3))) - T(ones((3, 2))), errors.ShapeError, ["subtract", "a.T"]),
    ("no idea", lambda: T(ones((2, 3))) * T(ones((5, 7))), errors.ShapeError, ["(2, 3)", "(5, 7)", "b.reshape"]),
    ("constant", lambda: T(ones(3)) * ones(4), errors.ShapeError, ["multiply", "(3,)", "(4,)"]),
    ("reflected", lambda: ones(4) * T(ones(3)), errors.ShapeError, ["multiply", "(3,)", "(4,)"]),
    ("matmul", lambda: T(ones((2, 3))) @ T(ones((4, 3))), errors.ShapeError, ["matmul", "(2, 3)", "(4, 3)", "a @ b.T"]),
    ("matmul left", lambda: T(ones((3, 2))) @ T(ones((3, 4))), errors.ShapeError, ["(3, 2)", "(3, 4)", "a.T @ b"]),
    ("matmul else", lambda: T(ones((2, 3))) @ T(ones((4, 5))), errors.ShapeError, ["matmul", "a.reshape(..., k) @ b"]),
    ("matmul vectors", lambda: T(ones(4)) @ T(ones(3)), errors.ShapeError, ["(4,)", "vectors of the same length", "np.outer(a, b)"]),
    ("times", lambda: T(ones((2, 3))) @ 2.0, errors.ShapeError, ["matmul", "(2, 3)", "a * b"]),
    ("matmul number", lambda: T(1.0) @ T(ones(3)), errors.ShapeError, ["matmul", "()", "(3,)", "a * b"]),
    ("concatenate", lambda: np.concatenate([T(ones((2, 3))), T(ones((2, 4)))]), errors.ShapeError,
     ["concatenate", "(2, 3)", "(2, 4)", "except along the axis", "x.shape for x in arrays", "axis="]),
    ("concatenate of two", lambda: np.concatenate(T(ones(3)), T(ones(3))), errors.ArgumentError, ["Tensor of shape (3,)", "np.concatenate([a, b])"]),
    ("stack", lambda: np.stack([T(ones(2)), T(ones(3))]), errors.ShapeError, ["stack", "(2,)", "(3,)", "the same shape", "np.concatenate"]),
    ("reshape", lambda: T(ones(6)).reshape(4, 2), errors.ShapeError, ["reshape", "(6,)", "(4, 2)", "a shape of 6 elements", "-1"]),
    ("reshape to a fraction", lambda: T(ones(6)).reshape(2.0, 3), errors.DtypeError, ["reshape", "(2.0, 3)", "'float'", "whole numbers"]),
    ("broadcast_to", lambda: np.broadcast_to(T(ones(3)), (2, 4)), errors.ShapeError, ["broadcast_to", "(3,)", "(2, 4)", "equal or 1", "t[:, None]"]),
    ("squeeze", lambda: T(ones((2, 3))).squeeze(0), errors.ShapeError, ["squeeze", "(2, 3)", "axis=0", "of length 1", "t.squeeze()"]),
    ("expand_dims", lambda: np.expand_dims(T(ones(2)), (0, 0)), errors.ShapeError, ["expand_dims", "differ", "(0, 1)"]),
    ("transpose", lambda: T(ones((2, 3))).transpose(0, 0), errors.ShapeError, ["transpose", "every axis once", "t.transpose(1, 0)"]),
    ("moveaxis", lambda: np.moveaxis(T(ones((2, 3))), (0, 1), 0), errors.ShapeError, ["moveaxis", "each once"]),
    ("axis twice", lambda: T(ones((2, 3))).sum(axis=(0, 0)), errors.ShapeError, ["sum", "every axis once", "axis=(0, 1)"]),
    ("max of nothing", lambda: T(ones(0)).max(), errors.ShapeError, ["max", "(0,)", "at least one element", "t.size"]),
    ("tile", lambda: np.tile(T(ones(2)), -1), errors.ShapeError, ["tile", "reps=-1", "from 0", "np.tile(t, (2, 1))"]),
    ("repeat", lambda: T(ones(3)).repeat([1, 2]), errors.ShapeError, ["repeat", "[1, 2]", "one for each element", "axis=0"]),
    ("pad by a list", lambda: np.pad(T(ones(3)), [1, 2, 3]), errors.ShapeError, ["pad", "what np.pad accepts", "help(np.pad)"]),
    ("tensordot", lambda: np.tensordot(T(ones((2, 3))), T(ones((2, 3))), 1), errors.ShapeError, ["tensordot", "(2, 3)", "axes=([i], [j])"]),
    ("einsum", lambda: np.einsum("ij,jk", T(ones((2, 3))), ones((2, 3))), errors.ShapeError, ["einsum", "(2, 3)", "wherever a letter stands", "a.T"]),
    ("einsum terms", lambda: np.einsum("ij,jk", T(ones((2, 3)))), errors.ArgumentError, ["einsum", "2 arrays", "one term"]),
    ("three shapes", lambda: np.clip(T(ones(2)), ones(3), ones(4)), errors.ShapeError,
     ["clip", "(2,) and (3,) and (4,)", "np.expand_dims"]),
    ("axis", lambda: T(ones(3)).sum(axis=5), errors.PlaceError, ["sum", "(3,)", "axis=5", "out of bounds", "from -1 to 0", "axis=-1"]),
    ("axis of a number", lambda: T(1.0).max(axis=1), errors.PlaceError, ["max", "no axis", "np.max(t) without axis="]),
    ("axis to cut", lambda: np.split(T(ones((4, 2))), 2, axis=3), errors.PlaceError, ["split", "(4, 2)", "axis=3", "from -2 to 1"]),
    ("axis of differences", lambda: np.diff(T(ones(3)), axis=2), errors.PlaceError, ["diff", "axis=2", "from -1 to 0"]),
    ("axes in a list", lambda: T(ones((2, 3))).sum(axis=[0, 1]), errors.DtypeError, ["sum", "[0, 1]", "'list'", "axis=(0, 1)"]),
    ("half an axis", lambda: T(ones((2, 3))).sum(axis=0.5), errors.DtypeError, ["sum", "axis=0.5", "axis=0"]),
    ("opposite of a truth value", lambda: -T(True, False), errors.DtypeError, ["negative of shape ()", "help(np.negative)"]),
    ("index", lambda: T(ones(3))[7], errors.PlaceError, ["(3,)", "7", "out of bounds", "from -n to n - 1", "count from 0"]),
    ("fraction as index", lambda: T(ones(3))[1.0], errors.PlaceError, ["index=1.0", "whole numbers, slices", "int(i)"]),
    ("text as index", lambda: T(ones(3))["a"], errors.PlaceError, ["index='a'", "whole numbers, slices", "int(i)"]),
    ("floats as index", lambda: T(ones(3))[ones(3)], errors.PlaceError, ["array of shape (3,)", "index.astype(int)"]),
    ("mask", lambda: T(ones(3))[np.array([True, False])], errors.PlaceError, ["array of shape (2,)", "as long as the axes", "t[t > 0]"]),
    ("too many indices", lambda: T(ones(3))[0, 0], errors.PlaceError, ["index=(0, 0)", "at most one index", "t[..., None]"]),
    ("lists as index", lambda: T(ones((4, 4)))[[0, 1], [0, 1, 2]], errors.PlaceError, ["broadcast", "np.ix_(rows, columns)"]),
    ("long index", lambda: T(ones(3))[list(range(99))], errors.PlaceError, ["array of shape (99,)", "out of bounds"]),
    ("seed", lambda: T(ones(3)).backward(ones(2)), errors.ShapeError, ["(3,)", "(2,)", "np.ones_like(t.data)"]),
    # Not one number.
    ("backward of an array", lambda: T(ones((2, 3))).backward(), errors.NotScalarError,
     ["backward()", "(2, 3)", "t.sum().backward()", "t.backward(np.ones_like(t.data))"]),
    ("grad of an array function", lambda: grad(lambda x: x * x)(ones(3)), errors.NotScalarError,
     ["grad", "(3,)", ".sum()"]),
    ("value_and_grad", lambda: value_and_grad(np.exp)(ones((2, 2))), errors.NotScalarError, ["(2, 2)", ".mean()"]),
    ("grad of a constant array", lambda: grad(lambda x: ones(3))(1.0), errors.NotScalarError, ["grad", "(3,)"]),
    # Not floating-point numbers.
    ("integers", lambda: T([1, 2]), errors.DtypeError, ["int64", "Tensor([1.0, 2.0])", "requires_grad=False"]),
    ("truth values", lambda: T([True]), errors.DtypeError, ["bool", "requires_grad=False"]),
    ("integers by dtype", lambda: T([1.0], dtype=int), errors.DtypeError, ["int64", "dtype=float"]),
    ("text", lambda: T("abc"), errors.DtypeError, ["str", "a number or an array of numbers"]),
    ("ragged", lambda: T([[1.0], [1.0, 2.0]]), errors.DtypeError, ["list", "Tensor([[1.0, 2.0], [3.0, 4.0]])"]),
    ("list of tensors", lambda: T([T(1.0), T(2.0)]), errors.DtypeError, ["list of Tensor", "np.stack([a, b])"]),
    ("list of values", lambda: T([Value(1.0)]), errors.DtypeError, ["list of Value", "Tensor([v.data for v in values])"]),
    ("list of text", lambda: T(["a"]), errors.DtypeError, ["list of str", "float(x)"]),
    ("dict", lambda: T({}), errors.DtypeError, ["dict", "data.items()"]),
    ("generator", lambda: T(x for x in [1.0]), errors.DtypeError, ["generator", "Tensor(list(numbers))"]),
    # Complex numbers.
    ("complex into real", lambda: T([1j]).astype(float), errors.DtypeError, ["z.astype(dtype)", "complex128", "z.real, z.imag or np.abs(z)"]),
    ("sum of complex as real", lambda: np.sum(T([1j]), dtype=float), errors.DtypeError, ["z.astype(dtype)", "complex128", "z.real"]),
    ("complex Value", lambda: Value(1j), errors.DtypeError, ["complex: 1j", "Tensor(1j)"]),
    ("complex array as real", lambda: T(np.array([1j]), dtype=float), errors.DtypeError, ["making a Tensor", "float64", "z.real"]),
    ("complex data", assign_complex, errors.DtypeError, ["making a Tensor", "complex128", "float64", "np.abs(z)"]),
    ("complex seed", lambda: T([1.0]).backward([1j]), errors.DtypeError, ["backward(gradient)", "complex128", "float64"]),
    ("complex tangent", lambda: jvp(np.sin, (1.0,), (1j,)), errors.DtypeError, ["complex128", "float64", "z.real"]),
    ("complex gradient of a real result", lambda: vjp(np.abs, 1j)[1](1j), errors.DtypeError, ["complex128", "float64"]),
    ("complex as float", lambda: float(T(1j)), errors.DtypeError, ["float(t)", "z.real"]),
    ("complex as int", lambda: int(T(1j)), errors.DtypeError, ["int(t)", "z.real"]),
    ("quantile of complex", lambda: np.quantile(T([1j, 2]), 0.5), errors.DtypeError, ["quantile", "np.quantile of z.real"]),
    ("floor of complex", lambda: np.floor(T(1j)), errors.DtypeError, ["floor of shape ()", "np.floor of z.real, z.imag or np.abs(z)"]),
    ("fabs of complex", lambda: np.fabs(T(1j)), errors.DtypeError, ["fabs of shape ()", "np.fabs of z.real"]),
    ("backward of complex", lambda: (T(1j) * 2).backward(), errors.NotScalarError, ["backward()", "real number", "complex128", "np.abs(z).backward()", "z.backward(g)"]),
    ("grad of complex", lambda: grad(np.exp)(1j), errors.NotScalarError, ["grad", "complex128", "holomorphic_grad(f)"]),
    ("value_and_grad of complex", lambda: value_and_grad(lambda x: x * 1j)(1.0), errors.NotScalarError, ["holomorphic_grad(f)"]),
    ("grad of a complex constant", lambda: grad(lambda x: 1j)(1.0), errors.NotScalarError, ["complex", "holomorphic_grad(f)"]),
    ("holomorphic_grad at a real number", lambda: holomorphic_grad(np.exp)(1.0), errors.DtypeError, ["holomorphic_grad at Tensor", "x.astype(complex)", "grad(f)"]),
    ("holomorphic_grad of an array", lambda: holomorphic_grad(np.exp)(np.array([1j, 2j])), errors.NotScalarError, ["(2,)", ".sum()"]),
    ("holomorphic_grad of text", lambda: holomorphic_grad(lambda z: "z")(1j), errors.NotScalarError, ["str: 'z'"]),
    ("holomorphic_grad of conj", lambda: holomorphic_grad(np.conj)(1j), errors.ArgumentError, ["holomorphic_grad", "conj(z)", "vjp, jvp or hvp"]),
    ("holomorphic_grad of abs", lambda: holomorphic_grad(np.abs)(1j), errors.ArgumentError, ["holomorphic", "abs(z)"]),
    ("jacobian of conj", lambda: jacobian(np.conj)(np.array([1j])), errors.ArgumentError, ["jacobian", "(1,)", "vjp, jvp or hvp"]),
    ("elementwise_grad of conj", lambda: elementwise_grad(np.conj)(np.array([1j])), errors.ArgumentError, ["elementwise_grad"]),
    ("hessian of abs", lambda: hessian(lambda z: np.abs(z) ** 3)(1j), errors.ArgumentError, ["hvp"]),
    ("norm of a transform", lambda: np.fft.fft(T(ones(3)), norm="orthonormal"), errors.ShapeError, ["norm='orthonormal'", "'ortho'"]),
    ("norm of a Hermitian transform", lambda: np.fft.hfft(T(ones(3)), norm="x"), errors.ShapeError, ["norm='x'", "'ortho'"]),
    ("lengths of a transform", lambda: np.fft.fftn(T(ones((3, 3))), s=(2,), axes=(0, 1)), errors.ArgumentError, ["one length for each axis", "s=(8, 8)"]),
    ("roots of nothing", lambda: np.roots(T(np.zeros(3))), errors.ArgumentError, ["not all of them 0", "all of them 0"]),
    ("roots of a matrix", lambda: np.roots(T(ones((2, 2)))), errors.ArgumentError, ["vector of coefficients", "2 axes", "t.ravel()"]),
    ("tensor of a tensor", lambda: T(T(1.0)), errors.DtypeError, ["Tensor", "x.detach()"]),
    ("None", lambda: T(None), errors.DtypeError, ["NoneType"]),
    ("plus None", lambda: T(1.0) + None, errors.DtypeError, ["None", "add", "a number or an array"]),
    ("plus text", lambda: T(1.0) * "abc", errors.DtypeError, ["multiply", "str"]),
    ("plus ragged", lambda: T(1.0) * [[1.0], [1.0, 2.0]], errors.DtypeError, ["list", "equally long"]),
    ("value of an array", lambda: Value(ones(3)), errors.DtypeError, ["ndarray", "Tensor(x)"]),
    ("value of a list", lambda: Value([1.0]), errors.DtypeError, ["list", "Tensor(x)"]),
    ("value of text", lambda: Value("3"), errors.DtypeError, ["str", "Value(3.0)"]),
    ("value of a value", lambda: Value(Value(1.0)), errors.DtypeError, ["Value", "x.data"]),
    ("grad of an int", lambda: grad(lambda x: x * x)(3), errors.DtypeError, ["int64", "3.0 instead of 3"]),
    ("grad of integers", lambda: grad(np.sum)(np.array([1, 2])), errors.DtypeError, ["int64", "x.astype(float)"]),
    ("grad of text", lambda: grad(lambda x: x)("a"), errors.DtypeError, ["str: 'a'", "not in argnum"]),
    ("grad of ints in a dict", lambda: grad(lambda p: p["w"])({"w": 1}), errors.DtypeError, ["integers", "3.0"]),
    # Outside the domain.
    ("root of a negative", lambda: Value(-8.0) ** (1 / 3), errors.DomainError, ["-8.0 **", "abs(a) ** b", "integer"]),
    ("overflow", lambda: Value(1000.0).exp(), errors.OverflowedError, ["exp of 1000.0", "too large", "Tensor(1000.0)"]),
    ("by zero", lambda: Value(1.0) / 0.0, errors.DivisionError, ["divide of 1.0, 0.0", "Tensor(0.0)", "`if`"]),
    # No rule.
    ("polyfit", lambda: np.polyfit(T(ones(3)), ones(3), 1), errors.NoRuleError, ["np.polyfit", "nearest", "polyint"]),
    ("ufunc", lambda: np.nextafter(T(ones(3)), 0.5), errors.NoRuleError, ["np.nextafter", "(t.data, ...)"]),
    ("ufunc of a Value", lambda: np.nextafter(Value(1.0), 0.5), errors.NoRuleError, ["np.nextafter"]),
    ("reduce", lambda: np.subtract.reduce(T(ones(3))), errors.NoRuleError, ["subtract.reduce", "(t.data, ...)"]),
    ("accumulate", lambda: np.subtract.accumulate(T(ones(3))), errors.NoRuleError, ["subtract.accumulate"]),
    ("reduceat", lambda: np.add.reduceat(T(ones(3)), [0, 1]), errors.NoRuleError, ["add.reduceat"]),
    ("operation by hand", lambda: Value(1.0, (Value(2.0),), "unheard of"), errors.NoRuleError, ["unheard of"]),
    ("array row of a Value", lambda: TABLE["sum"](Value(1.0)), errors.NoRuleError, ["sum"]),
    ("full_like", lambda: np.full_like(T(ones(2)), T(3.0)), errors.NoRuleError, ["np.full_like", "fill_value=t", "np.broadcast_to"]),
    ("fill with a list", lambda: np.full_like(ones(2), fill_value=[T(3.0), 1.0]), errors.LeftGraphError, ["np.stack"]),
    ("bincount", lambda: np.bincount([0, 1], weights=T(ones(2))), errors.NoRuleError, ["np.bincount", "weights=t.data"]),
    ("histogram", lambda: np.histogram(T(ones(2)), weights=[T(1.0), 2.0]), errors.NoRuleError, ["np.histogram", "weights=t.data"]),
    # Keywords.
    ("out", lambda: np.exp(T(ones(3)), out=ones(3)), errors.NoRuleError, ["np.exp", "out=", "t = np.exp(...)"]),
    ("out of a Tensor", lambda: np.add(ones(2), 1.0, out=T(ones(2))), errors.NoRuleError, ["out=", "t = np.add(...)"]),
    ("in place", add_in_place, errors.NoRuleError, ["np.add", "out=", "t = np.add(...)"]),
    ("out of a reduction", lambda: np.sum(T(ones(3)), out=np.zeros(())), errors.NoRuleError, ["np.sum", "out="]),
    ("where", lambda: np.exp(T(ones(2)), where=np.array([True, False])), errors.NoRuleError,
     ["np.exp", "where=", "np.where(mask, np.exp(...), other)"]),
    ("where of the largest", lambda: np.max(T(ones(2)), where=np.array([True, False])), errors.ArgumentError, ["np.max(t, where=mask, initial=-np.inf)"]),
    ("dtype", lambda: np.sum(T(ones(2)), dtype=int), errors.NoRuleError, ["dtype=", ".astype(dtype)"]),
    ("dtype of a composite", lambda: np.stack([T(ones(2))], dtype=float), errors.NoRuleError, ["np.stack", "dtype="]),
    ("keepdims in the place of dtype", lambda: T(ones(2)).sum(0, True), errors.ArgumentError, ["axis, dtype, out, keepdims", "keepdims=True"]),
    ("keepdims in the place of out", lambda: T(ones(2)).max(0, True), errors.ArgumentError, ["axis, out, keepdims", "keepdims=True"]),
    ("out of a composite", lambda: np.nancumsum(T(ones(2)), out=ones(2)), errors.NoRuleError, ["np.nancumsum", "out="]),
    ("two corrections", lambda: T(ones(2)).var(ddof=1, correction=1), errors.NoRuleError, ["np.var", "correction="]),
    ("dim", lambda: T(ones(2)).sum(dim=0), errors.NoRuleError, ["dim=", "axis="]),
    ("keepdim", lambda: T(ones(2)).mean(keepdim=True), errors.NoRuleError, ["keepdim=", "keepdims="]),
    ("dim of a product", lambda: T(ones(2)).prod(dim=0), errors.NoRuleError, ["np.prod", "dim=", "axis="]),
    ("out of a method", lambda: T(ones(2)).sum(out=ones(())), errors.NoRuleError, ["np.sum", "out="]),
    ("out of a clip by position", lambda: np.clip(T(ones(2)), 0, 1, ones(2)), errors.NoRuleError, ["np.clip", "out="]),
    ("out of a question", lambda: np.any(T(ones(2)), out=T(1.0)), errors.NoRuleError, ["np.any", "out="]),
    ("dtype of a ufunc", lambda: np.add(T(ones(2)), 1.0, dtype=np.float32), errors.NoRuleError, ["np.add", "dtype="]),
    ("dtype beside where", lambda: np.add(T(ones(2)), 1.0, dtype=np.float32, where=True), errors.NoRuleError, ["dtype="]),
    ("initial", lambda: np.nanmax(T(ones(2)), initial=3.0), errors.NoRuleError, ["initial=", "without initial="]),
    ("keyword of a Value", lambda: np.exp(Value(1.0), out=ones(())), errors.NoRuleError, ["np.exp", "out="]),
    ("mode", lambda: np.take(T(ones(3)), [5], mode="wrap"), errors.NoRuleError, ["np.take", "mode="]),
    # Leaving the graph.
    ("math.sin", lambda: math.sin(T(ones(3))), errors.LeftGraphError, ["(3,)", "np.sin(t)", "t.data"]),
    ("float", lambda: float(T(ones((2, 2)))), errors.LeftGraphError, ["float(t)", "(2, 2)", "t.sum()"]),
    ("int", lambda: int(T(ones(3))), errors.LeftGraphError, ["int(t)", "(3,)"]),
    ("truth", lambda: bool(T(ones(3))), errors.LeftGraphError, ["bool(t)", "(3,)", "t.any() or t.all()", "np.where(t > 0, a, b)"]),
    ("format", lambda: f"{T(ones(3)):.2f}", errors.LeftGraphError, ["format(t)", "(3,)", "t.item():.2f"]),
    ("float of a Value", lambda: float(Value(1.0)), errors.LeftGraphError, ["float(v)", "np.tanh(v)", "v.data"]),
    ("math.tanh of a Value", lambda: math.tanh(Value(1.0)), errors.LeftGraphError, ["math.f(v)", "v.tanh()"]),
    ("np.array of Tensors", lambda: np.array([T(1.0), T(2.0)]), errors.LeftGraphError, ["np.array(t)", "np.stack([t, t])"]),
    ("np.array of arrays", lambda: np.array([T(ones(2)), T(ones(2))]), errors.LeftGraphError, ["np.stack([t, t])"]),
    ("dot of an array", lambda: ones((2, 2)).dot(T(ones(2))), errors.LeftGraphError, ["np.dot(a, t)", "a @ t"]),
    ("np.asarray", lambda: np.asarray(T(ones(2))), errors.LeftGraphError, ["np.asarray(t)", "t.data"]),
    ("sum of a list", lambda: np.sum([T(1.0), T(2.0)]), errors.LeftGraphError, ["np.stack([t, t])"]),
    # Two kinds.
    ("Value * Tensor", lambda: Value(1.0) * T(ones(2)), errors.MixedKindsError, ["multiply", "Value", "Tensor(3.0)"]),
    ("Tensor * Value", lambda: T(ones(2)) * Value(1.0), errors.MixedKindsError, ["multiply", "Tensor", "Tensor(3.0)"]),
    ("np.add", lambda: np.add(Value(1.0), T(ones(2))), errors.MixedKindsError, ["add", "one kind in an expression"]),
    ("bool in vmap", lambda: vmap(bool)(ones(2)), errors.VaryingError, ["bool(t) inside vmap", "np.where(t > 0, a, b)"]),
    ("Tensor ** Value", lambda: T(2.0) ** Value(1.0), errors.MixedKindsError, ["power"]),
    # Graphs that have changed, or are none.
    ("stale", stale, errors.StaleGraphError, ["multiply", "'w'", "given new data", "compute the result again"]),
    ("nothing recorded", without_graph, errors.ArgumentError, ["backward()", "requires_grad=False", "no_grad()"]),
    ("constant", lambda: T(1.0, requires_grad=False).backward(), errors.ArgumentError, ["requires_grad=True"]),
    ("detached Value", lambda: Value(1.0).detach().backward(), errors.ArgumentError, ["a Value", "detached"]),
    ("changed array", changed_array, errors.ChangedArrayError, ["multiply", "argument 1", "(0,): 1.0 has become 5.0", "array.copy()", "test_errors.py", "loss = "]),
    ("anomaly", anomaly, errors.AnomalyError, ["log(Tensor 'x' of shape (2,))", "1 infinity of 2 elements", "infinities=False", "np.log(x)"]),
    ("assignment to a leaf", lambda: assign(T(ones(3))), errors.MutationError, ["t[index] = value", "(3,)", "t.copy()", "no_grad()"]),
    ("assignment without recording", assign_without_recording, errors.MutationError, ["under no_grad()", "(3,)", "t.detach()"]),
    ("assignment to a part", lambda: assign((T(ones(3)) * 2)[1:]), errors.MutationError, ["(2,)", "w[0, 1] = value", "t.copy()"]),
    ("assignment among integers", lambda: assign(T([1, 2], requires_grad=False), T(2.0)), errors.DtypeError, ["int64", "np.zeros", "value.detach()"]),
    ("assignment too far", lambda: assign(T(ones(3)) * 2, 1.0, 5), errors.PlaceError, ["setitem", "(3,)", "5"]),
    ("assignment of too much", lambda: assign(T(ones(3)) * 2, ones(4), slice(2)), errors.ShapeError, ["setitem", "(3,)", "(4,)", "t[index]"]),
    ("assignment to places of an array", lambda: assign(ones(3), T(ones(3)), slice(3)), errors.LeftGraphError, ["a[index] = t"]),
    ("assignment from a checkpoint", assign_from_checkpoint, errors.MutationError, ["checkpoint(f)", "side effects", "t.copy()"]),
    ("assignment behind a checkpoint", assign_behind_checkpoint, errors.StaleGraphError, ["checkpoint(f)", "as an argument"]),
    # Arguments.
    ("argnum", lambda: grad(lambda x: x, argnum=2)(1.0), errors.ArgumentError, ["argnum=2", "1 positional argument", "0"]),
    ("argnum of two", lambda: grad(lambda x, y: x, 5)(1.0, 2.0), errors.ArgumentError, ["2 positional arguments", "0 to 1"]),
    ("argnum by name", lambda: grad(lambda x: x)(x=1.0), errors.ArgumentError, ["0 positional arguments", "by position: grad(f)(2.0)"]),
    ("argnum as text", lambda: grad(np.sum, "x"), errors.ArgumentError, ["argnum='x'", "position", "grad(f, argnum=0)"]),
    ("argnum in halves", lambda: value_and_grad(np.sum, [0, 0.5]), errors.ArgumentError, ["value_and_grad(f, argnum=[0, 0.5])"]),
    ("argnums", lambda: grad(np.sum, argnums=(0, 1)), errors.ArgumentError, ["argnums=", "grad(f, argnum=(0, 1))"]),
    ("has_aux", lambda: value_and_grad(np.sum, has_aux=True), errors.ArgumentError, ["has_aux=True", "value_and_grad(f, argnum=0)"]),
    ("grad of a number", lambda: grad(3.0), errors.DtypeError, ["grad(float)", "a function", "lambda x: x * x"]),
    ("grad of a result", lambda: grad(T(2.0) * 3), errors.DtypeError, ["grad(Tensor of shape ())", "y.backward()"]),
    ("check of nothing", lambda: check_grads(lambda: 3.0), errors.ArgumentError, ["no arguments", "check_grads(f, np.ones(3))"]),
    ("check without results", lambda: check_grads(lambda x: {}, 3.0), errors.ArgumentError, ["dict: {}", "return y"]),
    ("parts of nothing", lambda: np.split(T(ones(4)), 0), errors.ArgumentError, ["one part or more", "0"]),
    ("pad", lambda: np.pad(T(ones(3)), 1, mode="empty"), errors.ArgumentError, ["np.pad", "empty", "constant", "reflect"]),
    ("split", lambda: np.split(T(ones(5)), 2), errors.ArgumentError, ["np.split", "2", "length 5", "np.array_split(t, 2)"]),
    ("nothing to join", lambda: joining.stack([]), errors.ArgumentError, ["np.stack([])", "at least one array"]),
    ("order", lambda: np.reshape(T(ones(4)), (2, 2), order="A"), errors.ArgumentError, ["order='A'", "order='C'"]),
    ("order of ravel", lambda: T(ones(4)).ravel("K"), errors.ArgumentError, ["order='K'", "order='C'"]),
    ("weights", lambda: np.average(T(ones((2, 3))), weights=ones((3, 2))), errors.ArgumentError, ["average", "(2, 3)", "(3, 2)"]),
    ("no result", lambda: grad(lambda x: None)(2.0), errors.ChainruleError, ["grad", "None"]),
    ("forgotten return", lambda: grad(lambda x: None)(2.0), errors.NotScalarError, ["NoneType", "return loss"]),
    ("two results", lambda: grad(lambda x: (x, x))(2.0), errors.ChainruleError, ["grad", "tuple"]),
    # What is not there.
    ("device", lambda: on_gpu(ones(2), "tpu"), errors.DeviceError, ["to('tpu')", "a GPU", "to('cpu')"]),
    ("package", lambda: peer.load("no_such_part"), errors.NotInstalledError, ["SciPy", 'pip install "chainrule[scipy]"']),
    # A wrong rule.
    ("check", wrong_rule, errors.GradientError, ["wrong_double", "argument 0"]),
]  # fmt: skip


@pytest.mark.parametrize(("line", "kind", "parts"), [pytest.param(*case[1:], id=case[0]) for case in CASES])
def test_message(line: Callable[[], Any], kind: type[Exception], parts: list[str]) -> None:
    with pytest.raises(kind) as raised:
        line()
    text = str(raised.value)
    for part in [*parts, "expected:", "got:", "cure:"]:
        assert part in text


PYTHON_KINDS = {
    errors.ShapeError: ValueError,
    errors.PlaceError: IndexError,
    errors.NotScalarError: ValueError,
    errors.DtypeError: TypeError,
    errors.DomainError: ValueError,
    errors.DeviceError: RuntimeError,
    errors.NotInstalledError: ImportError,
    errors.OverflowedError: OverflowError,
    errors.DivisionError: ZeroDivisionError,
    errors.NoRuleError: TypeError,
    errors.LeftGraphError: TypeError,
    errors.MixedKindsError: TypeError,
    errors.VaryingError: TypeError,
    errors.StaleGraphError: RuntimeError,
    errors.ChangedArrayError: RuntimeError,
    errors.AnomalyError: ArithmeticError,
    errors.MutationError: RuntimeError,
    errors.ArgumentError: ValueError,
    errors.GradientError: AssertionError,
    errors.CaptureError: RuntimeError,
    errors.DeviceError: RuntimeError,
    errors.NotInstalledError: ModuleNotFoundError,
}


@pytest.mark.parametrize("kind", PYTHON_KINDS)
def test_errors_are_of_pythons_kinds_too(kind: Any) -> None:
    assert issubclass(kind, (PYTHON_KINDS[kind], errors.ChainruleError))
    assert kind.__mro__.index(errors.ChainruleError) < kind.__mro__.index(PYTHON_KINDS[kind])


def test_every_kind_of_error_is_raised_above() -> None:
    kinds = {kind for _, kind in inspect.getmembers(errors, inspect.isclass) if kind.__module__ == errors.__name__}
    assert kinds - {errors.ChainruleError} == set(PYTHON_KINDS)
    assert set(PYTHON_KINDS) <= {case[2] for case in CASES}


def test_message_has_four_parts() -> None:
    lines = errors.message("did", "this", "that", "line").split("\n")
    assert lines == ["did", "  expected: this", "  got:      that", "  cure:     line"]


def test_error_inside_a_rule_names_the_operation() -> None:
    broken = row(np.spacing, lambda g, y, x: 1 / 0, array=lambda x: 2 * x, name="broken_double")
    try:
        with pytest.raises(ZeroDivisionError) as raised:
            broken(Tensor(ones(2), name="x")).sum().backward()
    finally:
        del TABLE["broken_double"]
    assert raised.value.__notes__ == [
        "while pulling the gradient of Tensor of shape (2,) back through broken_double(Tensor 'x' of shape (2,))"
    ]


def test_row_names_are_taken_once() -> None:
    with pytest.raises(ValueError, match="already has a row named 'exp'"):
        row(np.exp, lambda g, y, x: g * y)


def test_nearest_names_are_names_of_numpy() -> None:
    names = dispatch.known()
    assert {"sin", "where", "matmul"} <= names
    assert all(hasattr(np, name) and not name.startswith("_") for name in names)


def test_an_error_inside_an_operation_is_not_wrapped() -> None:
    def refuse(x: Any) -> Any:
        raise errors.outside_domain("f(x)", "a negative number", "f(abs(x))")

    refusing = row(refuse, lambda g, y, x: g, name="refusing")
    try:
        with pytest.raises(errors.DomainError):
            refusing(Tensor(-1.0))
    finally:
        del TABLE["refusing"]


def test_item_assignment_where_it_is_sound() -> None:
    constant = Tensor(ones(3), requires_grad=False)
    assign(constant)
    parameter = Tensor(np.zeros(3))
    with no_grad():
        assign(parameter)
    assert parameter.data.tolist() == [1.0, 0.0, 0.0]


def test_number_that_leaves_the_graph_into_an_array() -> None:
    """NumPy puts an error of its own in front, and shows ours as its cause."""
    array, t = ones(3), Tensor(1.0)
    with pytest.raises(ValueError, match="setting an array element") as raised:
        array[0] = t
    cause = raised.value.__cause__
    assert isinstance(cause, errors.LeftGraphError)
    for part in ["array[index] = t", "Tensor(array, requires_grad=False)", "t.item()"]:
        assert part in str(cause)
    array[0] = t.item() + float(t)
    array[1] = t.detach()
    assert array.tolist() == [2.0, 1.0, 1.0]


def test_conversions_of_one_number() -> None:
    assert (float(Tensor([2.5])), int(Tensor(2.5)), bool(Tensor(0.0)), f"{Tensor(2.5):.2f}") == (2.5, 2, False, "2.50")
    assert f"{Value(2.5):.2f}" == "2.50"
