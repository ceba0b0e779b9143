"""Every row of the table of rules is tested by being a row.

For each row and each of its samples: the first derivative against central differences of the
function, the second against central differences of the first, a Value against a Tensor, the rule
against the graph of scalars that it stands for (zoom), and float32 staying float32.
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import Any

import numpy as np
import pytest

import nn
from autograd import TABLE, Primitive, Tensor, Value
from autograd.graph import pullback

from .differences import at, differences
from .samples import SAMPLES, Sample

for module in pkgutil.walk_packages(nn.__path__, "nn."):
    importlib.import_module(module.name)

ROWS = sorted(TABLE)
CASES = [
    pytest.param(name, sample, id=f"{name}-{i}") for name in ROWS for i, sample in enumerate(SAMPLES.get(name, []))
]
every_case = pytest.mark.parametrize(("name", "sample"), CASES)


def is_data(x: Any) -> bool:
    """Whether an input is differentiated by: a floating array."""
    return isinstance(x, np.ndarray) and x.dtype.kind == "f"


def tensors(inputs: Any) -> list[Any]:
    """The inputs as nodes, where they are data."""
    return [Tensor(x) if is_data(x) else x for x in inputs]


def weights(shape: Any) -> Any:
    """Fixed unequal numbers, so that every element of a result counts and none cancels."""
    return 1 + 0.5 * np.cos(1 + np.arange(np.prod(shape, dtype=int))).reshape(shape)


def weighted(op: Primitive, attrs: Any, inputs: Any) -> float:
    """The result of a row as one number, in plain NumPy."""
    y = op.array(*inputs, **attrs)
    return float(np.sum(weights(np.shape(y)) * y))


def gradients(op: Primitive, attrs: Any, inputs: Any) -> list[Any]:
    """The gradients of ``weighted`` with respect to the inputs, by the engine."""
    xs = tensors(inputs)
    y = op(*xs, **attrs)
    y.backward(weights(y.shape))
    return [x.grad if x.grad is not None else np.zeros(x.shape) for x in xs if isinstance(x, Tensor)]


def weighted_gradients(op: Primitive, attrs: Any, inputs: Any) -> float:
    """The first derivatives as one number: what the second derivative is the derivative of."""
    return float(sum(np.sum(weights(g.shape) * g) for g in gradients(op, attrs, inputs)))


@pytest.mark.parametrize("name", ROWS)
def test_row_has_samples(name: str) -> None:
    assert SAMPLES.get(name), f"add samples for the row {name!r} to SAMPLES in tests/autograd/samples.py"


def test_samples_are_of_rows() -> None:
    assert set(SAMPLES) <= set(ROWS)


@every_case
def test_first_derivative(name: str, sample: Sample) -> None:
    op, inputs = TABLE[name], list(sample.inputs)
    found = iter(gradients(op, sample.attrs, inputs))
    for i, x in enumerate(inputs):
        if is_data(x):
            expected = differences(at(lambda *xs: weighted(op, sample.attrs, xs), inputs, i), x)
            np.testing.assert_allclose(next(found), expected, rtol=1e-6, atol=1e-7)


@every_case
def test_second_derivative(name: str, sample: Sample) -> None:
    op, inputs = TABLE[name], list(sample.inputs)
    xs = tensors(inputs)
    leaves = [x for x in xs if isinstance(x, Tensor)]
    y = op(*xs, **sample.attrs)
    first = pullback(y, Tensor(weights(y.shape), requires_grad=False), leaves, record=True)
    total = sum((first[x] * weights(x.shape)).sum() for x in leaves if x in first)
    second = pullback(total, np.ones(()), leaves)
    for i, x in enumerate(xs):
        if isinstance(x, Tensor):
            expected = differences(at(lambda *xs: weighted_gradients(op, sample.attrs, xs), inputs, i), x.data)
            np.testing.assert_allclose(second.get(x, np.zeros(x.shape)), expected, rtol=1e-6, atol=1e-6)


# A number against an array.

SCALAR_ROWS = [name for name in ROWS if TABLE[name].scalar is not None]


@pytest.mark.parametrize("name", SCALAR_ROWS)
def test_value_agrees_with_tensor(name: str) -> None:
    op = TABLE[name]
    for sample in SAMPLES[name]:
        for numbers in zip(*(x.ravel() for x in np.broadcast_arrays(*sample.inputs)), strict=True):
            values = [Value(x) for x in numbers]
            arrays = [Tensor(x) for x in numbers]
            y, z = op(*values), op(*arrays)
            assert isinstance(y, Value)
            assert y.data == pytest.approx(z.item(), rel=1e-14, abs=1e-15)
            first = pullback(y, Value(1.0), values, record=True)
            expected = pullback(z, Tensor(1.0), arrays, record=True)
            for v, t in zip(values, arrays, strict=True):
                assert first[v].data == pytest.approx(expected[t].item(), rel=1e-13, abs=1e-14)
                second, also = pullback(first[v], 1.0, values), pullback(expected[t], np.ones(()), arrays)
                for a, b in zip(values, arrays, strict=True):
                    assert second.get(a, 0.0) == pytest.approx(also.get(b, np.zeros(())).item(), rel=1e-12, abs=1e-13)


# The rule against the graph of scalars.

NO_ZOOM = {
    "astype": "a conversion to float would leave the graph",
    "copysign": "NumPy has no copysign for objects",
    "fraction": "NumPy has no modf for objects",
    "fmod": "NumPy calls a method fmod of objects",
    "heaviside": "NumPy has no heaviside for objects",
    "i0": "NumPy's i0 converts to float",
    "ldexp": "NumPy has no ldexp for objects",
    "logaddexp": "NumPy has no logaddexp for objects",
    "logaddexp2": "NumPy has no logaddexp2 for objects",
    "logsumexp": "NumPy has no isfinite for objects",
    **dict.fromkeys(
        [
            "inv",
            "solve",
            "det",
            "logabsdet",
            "cholesky",
            "eigh_values",
            "eigh_vectors",
            "svd_u",
            "svd_s",
            "svd_vh",
            "qr_q",
            "qr_r",
            "pinv",
        ],
        "LAPACK computes on floats only",
    ),
}
"""Rows whose NumPy function does not compute on arrays of objects, and why."""


def objects(x: Any) -> Any:
    """An array of Values with the numbers of ``x``."""
    values = np.empty(x.shape, dtype=object)
    for place in np.ndindex(x.shape):
        values[place] = Value(float(x[place]))
    return values


def refuses(op: Primitive, attrs: Any, inputs: Any) -> None:
    """NO_ZOOM tells the truth: there is no graph of scalars for this row."""
    if not any(x.size == 0 for x in inputs):
        with pytest.raises((TypeError, AttributeError)):
            op.array(*inputs, **attrs)


@every_case
def test_rule_agrees_with_the_scalar_graph(name: str, sample: Sample) -> None:
    op = TABLE[name]
    inputs = [objects(x) if is_data(x) else x for x in sample.inputs]
    if name in NO_ZOOM or (name == "sinc" and not sample.inputs[0].ndim):  # arithmetic of one gives the object
        refuses(op, sample.attrs, inputs)
        return
    result = np.asarray(op.array(*inputs, **sample.attrs), dtype=object)
    total = sum((w * y for w, y in zip(weights(result.shape).ravel(), result.ravel(), strict=True)), start=Value(0.0))
    total.backward()
    found = iter(gradients(op, sample.attrs, sample.inputs))
    for values in inputs:
        if isinstance(values, np.ndarray) and values.dtype == object:
            expected = np.array([v.grad for v in values.ravel()], dtype=float).reshape(values.shape)
            np.testing.assert_allclose(next(found), expected, rtol=1e-12, atol=1e-12)


# Precision.


def single(x: Any) -> Any:
    """A floating array in float32."""
    return x.astype(np.float32) if is_data(x) else x


@every_case
def test_float32_stays_float32(name: str, sample: Sample) -> None:
    op = TABLE[name]
    inputs = [single(x) for x in sample.inputs]
    attrs = {key: np.float32 if key == "dtype" else value for key, value in sample.attrs.items()}
    y = op(*tensors(inputs), **attrs)
    assert y.dtype == np.float32
    g = np.ones_like(y.data)
    for i, x in enumerate(inputs):
        rule = op.rules[i]
        if is_data(x) and rule is not None:
            assert np.asarray(rule(g, y.data, *inputs, **attrs)).dtype == np.float32


@pytest.mark.parametrize("name", [name for name in SCALAR_ROWS if len(TABLE[name].rules) == 2])
@pytest.mark.parametrize("constant", [2.0, 2])
def test_python_numbers_do_not_widen(name: str, constant: float) -> None:
    op = TABLE[name]
    for swap in (False, True):
        x = Tensor(np.array([1.5, 2.5], dtype=np.float32))
        y = op(constant, x) if swap else op(x, constant)
        g = np.ones_like(y.data)
        inputs = (constant, x.data) if swap else (x.data, constant)
        rule = op.rules[int(swap)]
        assert rule is not None
        assert (y.dtype, rule(g, y.data, *inputs).dtype) == (np.float32, np.float32)
