"""Every row of the table of rules is tested by being a row.

For each row and each of its samples, real and complex: the first derivative against central differences of the
function, the second against central differences of the first, a Value against a Tensor, the rule
against the graph of scalars that it stands for (zoom), and float32 staying float32.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from autograd import TABLE, Primitive, Tensor, Value, errors, jvp, vjp
from autograd.graph import pullback

from .differences import at, differences
from .rows import (
    COMPLEX_CASES,
    ROWS,
    SCIPY,
    every_case,
    every_real_case,
    gradients,
    is_data,
    tensors,
    total,
    weights,
)
from .samples import COMPLEX, REAL_ONLY, SAMPLES, Sample


def weighted(op: Primitive, attrs: Any, inputs: Any) -> float:
    """The result of a row as one number, in plain NumPy."""
    y = op.array(*inputs, **attrs)
    return float(total(y))


def weighted_gradients(op: Primitive, attrs: Any, inputs: Any) -> float:
    """The first derivatives as one number: what the second derivative is the derivative of."""
    return float(sum(total(g) for g in gradients(op, attrs, inputs)))


@pytest.mark.parametrize("name", ROWS)
def test_row_has_samples(name: str) -> None:
    assert SAMPLES.get(name), f"add samples for the row {name!r} to SAMPLES in tests/autograd/samples.py"


def test_samples_are_of_rows() -> None:
    assert set(SAMPLES) <= set(ROWS)
    assert set(REAL_ONLY) <= set(ROWS)


@pytest.mark.parametrize("name", [name for name in REAL_ONLY if "NumPy" in REAL_ONLY[name]])
def test_numpy_refuses_complex_numbers_and_so_do_we(name: str) -> None:
    op, sample = TABLE[name], SAMPLES[name][0]
    inputs = [np.asarray(x + 0.5j) if is_data(x) else x for x in sample.inputs]
    with pytest.raises(TypeError):
        op.array(*inputs, **sample.attrs)
    with pytest.raises(errors.DtypeError, match=r"cure: .*real"):
        op(*tensors(inputs), **sample.attrs)


OF_SOMETHING = {"convolve"}
"""Rows that are not defined of nothing."""

ALONG_AXES = {
    "convolve", "cross_entropy", "length", "linear", "nll", "softmax", "log_softmax", "matmul", "moveaxis",
    "pad", "recurrence", "sort", "std", "swapaxes", "tril", "triu", "inv", "solve", "det", "logabsdet", "cholesky",
    "eigh_values", "eigh_vectors", "svd_u", "svd_s", "svd_vh", "qr_q", "qr_r", "pinv",
    "det_sign", "eig_values", "eig_vectors", "fft", "ifft", "rfft", "irfft",
    "conv", "conv_transpose", "conv_filters", "max_pool", "to_first", "at_first", "sum_pool", "spread",
    "standardize", "rnn", "lstm", "gru",
}  # fmt: skip
"""Rows that are not defined of a number, or have no derivative there."""


def test_samples_of_nothing_and_of_numbers() -> None:
    rows = set(ROWS) - set(SCIPY)
    data = {name: [x for sample in SAMPLES[name] for x in sample.inputs if is_data(x)] for name in rows}
    assert {name for name in rows if all(x.size for x in data[name])} == OF_SOMETHING
    assert {name for name in rows if all(x.ndim for x in data[name])} == ALONG_AXES


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
    first = pullback(y, Tensor(weights(y), requires_grad=False), leaves, record=True)
    second = pullback(sum(total(first[x]) for x in leaves if x in first), np.ones(()), leaves)
    for i, x in enumerate(xs):
        if isinstance(x, Tensor):
            expected = differences(at(lambda *xs: weighted_gradients(op, sample.attrs, xs), inputs, i), x.data)
            np.testing.assert_allclose(second.get(x, np.zeros(x.shape)), expected, rtol=1e-6, atol=1e-6)


# A number against an array.

SCALAR_ROWS = [name for name in ROWS if TABLE[name].scalar is not None]


def elements(op: Primitive, sample: Sample) -> Iterator[tuple[Callable[..., Any], list[float]]]:
    """For each element of a sample: the row as a function of just those inputs that are data, and these as numbers."""
    places = [i for i, x in enumerate(sample.inputs) if is_data(x)]
    for numbers in zip(*(x.ravel().tolist() for x in np.broadcast_arrays(*sample.inputs)), strict=True):

        def f(*data: Any, numbers: Any = numbers) -> Any:
            given = dict(zip(places, data, strict=True))
            return op(*[given.get(i, x) for i, x in enumerate(numbers)], **sample.attrs)

        yield f, [numbers[i] for i in places]


@pytest.mark.parametrize("name", SCALAR_ROWS)
def test_value_agrees_with_tensor(name: str) -> None:
    op = TABLE[name]
    for sample in SAMPLES[name]:
        for f, numbers in elements(op, sample):
            values = [Value(x) for x in numbers]
            arrays = [Tensor(x) for x in numbers]
            y, z = f(*values), f(*arrays)
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
            "det_sign",
            "eig_values",
            "eig_vectors",
        ],
        "LAPACK computes on floats only",
    ),
    **dict.fromkeys(SCIPY.keys() - {"convolve_nd"}, "SciPy computes on floats only"),
    **dict.fromkeys(["fft", "ifft", "rfft", "irfft"], "NumPy's transforms compute on floats only"),
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
    if not any(np.size(x) == 0 for x in inputs):
        with pytest.raises((TypeError, AttributeError, ValueError)):
            op.array(*inputs, **attrs)


@every_real_case
def test_rule_agrees_with_the_scalar_graph(name: str, sample: Sample) -> None:
    op = TABLE[name]
    inputs = [objects(x) if is_data(x) else x for x in sample.inputs]
    if name in NO_ZOOM or (name == "sinc" and not sample.inputs[0].ndim):  # arithmetic of one gives the object
        refuses(op, sample.attrs, inputs)
        return
    result = np.asarray(op.array(*inputs, **sample.attrs), dtype=object)
    loss = sum((w * y for w, y in zip(weights(result).ravel(), result.ravel(), strict=True)), start=Value(0.0))
    loss.backward()
    found = iter(gradients(op, sample.attrs, sample.inputs))
    for values in inputs:
        if isinstance(values, np.ndarray) and values.dtype == object:
            expected = np.array([v.grad for v in values.ravel()], dtype=float).reshape(values.shape)
            np.testing.assert_allclose(next(found), expected, rtol=1e-12, atol=1e-12)


# Functions that have a complex derivative, and a second witness for them.

NOT_HOLOMORPHIC = {
    "absolute", "sign", "conjugate", "real", "imag", "irfft", "length", "var", "std", "maximum", "minimum", "clip",
    "rint", "round", "det_sign", "logabsdet", "cholesky", "eigh_values", "eig_vectors", "svd_s", "qr_q", "qr_r", "pinv",
}  # fmt: skip
"""Rows that take complex numbers, but are no functions of ``z`` alone: ``conj(z)`` is in them, or they have steps."""


@pytest.mark.parametrize(("name", "sample"), [case for case in COMPLEX_CASES if case.values[0] not in NOT_HOLOMORPHIC])
def test_rules_of_holomorphic_rows_are_complex_linear(name: str, sample: Sample) -> None:
    """Pulling back ``i g`` gives ``i`` times what pulling back ``g`` gives."""
    data = [x for x in sample.inputs if np.iscomplexobj(x)]

    def f(*xs: Any) -> Any:
        given = iter(xs)
        return TABLE[name](*[next(given) if np.iscomplexobj(x) else x for x in sample.inputs], **sample.attrs)

    y, pull = vjp(f, *data)
    for once, turned in zip(pull(weights(y)), pull(1j * weights(y)), strict=True):
        np.testing.assert_allclose(turned, 1j * once, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", sorted(set(COMPLEX) - NOT_HOLOMORPHIC - {"eig_values", "astype"}))
def test_forward_mode_is_the_complex_step(name: str) -> None:
    """``Im f(x + ihv) / h``, which loses no digits however small ``h`` is (Squire and Trapp 1998)."""
    op, h = TABLE[name], 1e-30
    for inputs, attrs in SAMPLES[name]:
        data = [i for i, x in enumerate(inputs) if is_data(x)]
        vs = {i: np.cos(i + np.arange(inputs[i].size)).reshape(inputs[i].shape) for i in data}

        def f(*xs: Any, inputs: Any = inputs, attrs: Any = attrs, data: Any = data) -> Any:
            given = dict(zip(data, xs, strict=True))
            return op(*[given.get(i, x) for i, x in enumerate(inputs)], **attrs)

        stepped = op.array(*[x + 1j * h * vs[i] if i in vs else x for i, x in enumerate(inputs)], **attrs)
        _, tangent = jvp(f, tuple(inputs[i] for i in data), tuple(vs.values()))
        if not np.iscomplexobj(tangent):
            np.testing.assert_allclose(tangent, np.imag(stepped) / h, rtol=1e-12, atol=1e-12)


# Precision.


def single(x: Any) -> Any:
    """A floating array in single precision."""
    return x.astype(SINGLE[x.dtype.type]) if is_data(x) else x


SINGLE: dict[Any, Any] = {np.float64: np.float32, np.complex128: np.complex64}


def single_sample(sample: Sample) -> Sample:
    """A sample in single precision."""
    attrs = {key: SINGLE[x] if key == "dtype" else x for key, x in sample.attrs.items()}
    return Sample(tuple(map(single, sample.inputs)), attrs)


@every_case
def test_single_precision_stays_single(name: str, sample: Sample) -> None:
    op, (inputs, attrs) = TABLE[name], single_sample(sample)
    y = op(*tensors(inputs), **attrs)
    assert y.dtype in (np.float32, np.complex64)
    g = np.ones_like(y.data)
    for i, x in enumerate(inputs):
        rule = op.rules[i]
        if is_data(x) and rule is not None:
            assert np.asarray(rule(g, y.data, *inputs, **attrs)).dtype in (np.float32, np.complex64)


@pytest.mark.parametrize("name", [name for name in SCALAR_ROWS if len(TABLE[name].rules) == 2])
@pytest.mark.parametrize("constant", [2.0, 2])
def test_python_numbers_do_not_widen(name: str, constant: float) -> None:
    op = TABLE[name]
    for swap in (False, True):
        if not any(is_data(sample.inputs[int(swap)]) for sample in SAMPLES[name]):
            continue  # an order, say, by which it is not differentiated
        x = Tensor(np.array([1.5, 2.5], dtype=np.float32))
        y = op(constant, x) if swap else op(x, constant)
        g = np.ones_like(y.data)
        inputs = (constant, x.data) if swap else (x.data, constant)
        rule = op.rules[int(swap)]
        assert rule is not None
        assert (y.dtype, rule(g, y.data, *inputs).dtype) == (np.float32, np.float32)
