"""NumPy functions on Tensors mean what they mean on arrays, and their gradients are right.

A composite without a sample fails; rows are tested in ``test_table.py``.
"""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import Tensor
from autograd.numpy.dispatch import COMPOSITES, CONSTANT

from .differences import at, differences
from .samples import real

Call = Callable[..., Any]

A, B, V = real(2, 3), real(2, 3), real(4)
CUBE = real(2, 3, 4)

# ruff: noqa: E501 -- a sample is read across, like a line of a table
SAMPLES: dict[Any, list[tuple[Call, list[Any]]]] = {
    np.amax: [(lambda x: np.amax(x, 1), [A]), (lambda x: np.amax(x, axis=0, keepdims=True), [A])],
    np.amin: [(lambda x: np.amin(x, 1), [A]), (np.amin, [A])],
    np.append: [(np.append, [A, V]), (lambda x, y: np.append(x, y, axis=1), [A, B])],
    np.array_split: [
        (lambda x: np.array_split(x, 3)[0], [V]),
        (lambda x: np.array_split(x, 3)[2], [V]),
        (lambda x: np.array_split(x, [1, 3], axis=-1)[1], [CUBE]),
        (lambda x: np.array_split(x, [3, 1])[1], [V]),
    ],
    np.atleast_1d: [(np.atleast_1d, [real()]), (np.atleast_1d, [A]), (lambda x, y: np.atleast_1d(x, y)[1] * x, [A, real()])],
    np.atleast_2d: [(np.atleast_2d, [real()]), (np.atleast_2d, [V]), (np.atleast_2d, [CUBE])],
    np.atleast_3d: [(np.atleast_3d, [real()]), (np.atleast_3d, [V]), (np.atleast_3d, [A]), (np.atleast_3d, [CUBE])],
    np.average: [
        (np.average, [A]),
        (lambda x: np.average(x, axis=1), [A]),
        (lambda x, w: np.average(x, weights=w), [A, np.abs(B)]),
        (lambda x, w: np.average(x, axis=0, weights=w), [A, np.abs(B)]),
        (lambda x, w: np.average(x, axis=1, weights=w), [CUBE, np.abs(real(3))]),
        (lambda x: np.average(x, weights=[1.0, 2.0, 3.0, 4.0]), [V]),
    ],
    np.broadcast_arrays: [(lambda x, y: np.multiply(*np.broadcast_arrays(x, y)), [V, real(2, 1)])],
    np.clip: [
        (lambda x: np.clip(x, -1, 1, out=None), [A]),
        (lambda x: np.clip(x, -1, 1, None), [A]),
        (lambda x: np.clip(x, -1, 1), [A]),
        (lambda x: np.clip(x, None, 0.5), [A]),
        (lambda x: np.clip(x, -0.5, None), [A]),
        (lambda x: np.clip(x, min=-0.5), [A]),
        (lambda x, low: np.clip(x, low, 3.0), [A, real(3)]),
        (lambda x: x.clip(-1, 1), [A]),
    ],
    np.conjugate: [(np.conj, [A])],
    np.column_stack: [(lambda x, y: np.column_stack([x, y]), [real(2), A])],
    np.concatenate: [(lambda x, y: np.concatenate((x, y), axis=1), [A, B]), (lambda x: np.concatenate([x, [1.0]]), [V]),
        (lambda x, y: np.concatenate([x, y], axis=None, out=None), [A, B])],
    np.copy: [(np.copy, [A])],
    np.deg2rad: [(np.deg2rad, [A])],
    np.rad2deg: [(np.rad2deg, [A])],
    np.radians: [(np.radians, [A])],
    np.degrees: [(np.degrees, [A])],
    np.diag: [(np.diag, [V]), (lambda x: np.diag(x, -1), [V]), (lambda x: np.diag(x, 2), [V]), (lambda x: np.diag(x, 1), [A])],
    np.diagonal: [(np.diagonal, [A]), (lambda x: np.diagonal(x, 1, 0, 2), [CUBE]), (lambda x: np.diagonal(x, -1), [A])],
    np.diff: [(np.diff, [A]), (lambda x: np.diff(x, 2, axis=0), [real(4, 2)]), (lambda x: np.diff(x, 0), [V])],
    np.dot: [
        (np.dot, [V, V + 1]),
        (np.dot, [A, B.T]),
        (np.dot, [A, real(3)]),
        (np.dot, [CUBE, V]),
        (np.dot, [CUBE, real(5, 4, 2)]),
        (np.dot, [V, real(5, 4, 2)]),
        (np.dot, [real(), A]),
        (lambda x: np.dot([1.0, 2.0], x), [A]),
    ],
    np.dstack: [(lambda x, y: np.dstack((x, y)), [A, B]), (lambda x, y: np.dstack((x, y)), [V, V])],
    np.einsum: [
        (lambda x, y: np.einsum("ij,kj", x, y), [A, B]),
        (lambda x, y: np.einsum("ij, kj -> ik", x, y, optimize=True), [A, B]),
        (lambda x, y: np.einsum(x, [0, 1], y, [2, 1], [0, 2]), [A, B]),
        (lambda x, y: np.einsum(x, [0, 1], y, [0, 1]), [A, B]),
        (lambda x, y: np.einsum("...j,...j", x, y), [CUBE, V]),
    ],
    np.fliplr: [(np.fliplr, [A])],
    np.flipud: [(np.flipud, [A])],
    np.fmax: [(np.fmax, [A, B]), (lambda x: np.fmax(x, 0.0), [A])],
    np.fmin: [(np.fmin, [A, B]), (lambda x: np.fmin(0.0, x), [A])],
    np.hsplit: [(lambda x: np.hsplit(x, 2)[1], [V]), (lambda x: np.hsplit(x, [1])[1], [A])],
    np.hstack: [(lambda x, y: np.hstack([x, y]), [V, real()]), (lambda x, y: np.hstack([x, y]), [A, B])],
    np.inner: [(np.inner, [V, V + 1]), (np.inner, [A, CUBE[..., :3]]), (np.inner, [real(), A])],
    np.matrix_transpose: [(np.matrix_transpose, [CUBE])],
    np.pad: [(lambda x: np.pad(x, ((1, 0), (0, 2)), constant_values=2.0), [A]), (lambda x: np.pad(x, 1), [V])],
    np.ptp: [(np.ptp, [A]), (lambda x: np.ptp(x, axis=1), [A])],
    np.ravel: [(np.ravel, [A]), (lambda x: np.ravel(x, "F"), [A]), (lambda x: np.ravel(x, order="C"), [A]), (np.ravel, [real()])],
    np.real: [(np.real, [A])],
    np.rot90: [(np.rot90, [A]), (lambda x: np.rot90(x, -1, axes=(2, 0)), [CUBE]), (lambda x: np.rot90(x, 4) * x, [A])],
    np.reshape: [(lambda x: np.reshape(x, (3, 2), copy=None), [A]), (lambda x: np.reshape(x, (3, 2)), [A]), (lambda x: np.reshape(x, -1, order="F"), [A])],
    np.split: [(lambda x: np.split(x, 2)[1], [V]), (lambda x: np.split(x, [1, 2], axis=1)[1], [A])],
    np.stack: [(lambda x: np.stack([x, x], out=None), [V]), (lambda x, y: np.stack((x, y), axis=-1), [A, B]), (lambda x: np.stack([x, np.ones(4)]), [V])],
    np.trace: [(np.trace, [A]), (lambda x: np.trace(x, 1, 1, 2), [CUBE])],
    getattr(np, "unstack", None): [(lambda x: np.unstack(x)[1], [A]), (lambda x: np.unstack(x, axis=-1)[2], [A])],
    np.vecdot: [(np.vecdot, [A, B]), (np.vecdot, [CUBE, V])],
    np.vdot: [(np.vdot, [A, B])],
    np.vsplit: [(lambda x: np.vsplit(x, 2)[1], [A])],
    np.vstack: [(lambda x, y: np.vstack([x, y]), [V, V + 1]), (lambda x, y: np.vstack([x, y]), [A, B])],
    np.where: [
        (lambda x, y: np.where(np.sin(np.arange(3)) > 0.5, x, y), [A, B]),
        (lambda x: np.where([True, False, True], x, 0.0), [A]),
        (lambda x: np.where(np.True_, 1.0, x), [A]),
        (lambda x: np.where(np.array([[True, False], [False, True]]).T[:, ::-1], x, 2.0), [A[:, :2]]),
    ],
}  # fmt: skip
SAMPLES.pop(None, None)  # NumPy 2.0 has no unstack

CASES = [
    pytest.param(call, arrays, id=f"{function.__name__}-{i}")
    for function, samples in SAMPLES.items()
    for i, (call, arrays) in enumerate(samples)
]


def test_every_composite_has_samples() -> None:
    assert {f.__name__ for f in COMPOSITES} - {f.__name__ for f in SAMPLES} == set()


@pytest.mark.parametrize(("call", "arrays"), CASES)
def test_composite(call: Call, arrays: list[Any]) -> None:
    xs = [Tensor(a) for a in arrays]
    y, expected = call(*xs), np.asarray(call(*arrays))
    assert isinstance(y, Tensor)
    assert y.shape == expected.shape
    np.testing.assert_allclose(y.data, expected, rtol=1e-14, atol=1e-15)
    w = 1 + 0.5 * np.cos(np.arange(y.size)).reshape(y.shape)
    y.backward(w)
    for i, x in enumerate(xs):
        slope = differences(at(lambda *a: float(np.sum(w * call(*a))), arrays, i), x.data)
        np.testing.assert_allclose(x.grad, slope, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize(("call", "arrays"), CASES)
def test_composite_keeps_float32(call: Call, arrays: list[Any]) -> None:
    singles = [np.asarray(a, dtype=np.float32) for a in arrays]
    assert call(*[Tensor(a) for a in singles]).dtype == np.asarray(call(*singles)).dtype


# Functions without a gradient answer with plain arrays.

QUESTIONS: list[Call] = [
    np.all, np.any, np.argmax, np.argmin, np.argsort, np.argwhere, np.count_nonzero, np.flatnonzero, np.isreal,
    np.ndim, np.nonzero, np.ones_like, np.shape, np.size, np.zeros_like, np.isnan, np.signbit,
    np.array_str, np.result_type, lambda x: np.full_like(x, 3.0), lambda x: np.isclose(x, 1.0),
    lambda x: np.allclose(x, x), lambda x: np.searchsorted([0.0, 1.0], x), lambda x: np.digitize(x, [0.0, 1.0]),
    lambda x: np.histogram(x, 3)[0], lambda x: np.where(x > 0), lambda x: np.isin(x, [1.0]), lambda x: x > 0,
    lambda x: x == x, lambda x: x.argmax(axis=1), lambda x: x.argsort(), lambda x: x.any(),
    lambda x: x.argmax(axis=1, keepdims=True), lambda x: x.argmin(0, None), lambda x: x.all(axis=1, out=None), lambda x: x.nonzero(),
    lambda x: x[0].searchsorted([0.5, 1.5], side="right"), lambda x: x.nbytes, lambda x: x.itemsize, lambda x: x.item(2),
    lambda x: np.array_equal(x, x), lambda x: np.greater_equal(x, 0.5), lambda x: np.logical_and(x, [True, False, True]),
]  # fmt: skip


@pytest.mark.parametrize("question", QUESTIONS)
def test_answers_without_gradient_are_plain(question: Call) -> None:
    answer = question(Tensor(A))
    assert not isinstance(answer, Tensor)
    assert np.array_equal(answer, question(A))


def test_no_function_is_both_constant_and_composite() -> None:
    assert set(COMPOSITES) & CONSTANT == set()


# The methods of ndarray.

METHODS: list[Call] = [
    lambda x: x.sum(), lambda x: x.sum(axis=1), lambda x: x.sum(0, keepdims=True), lambda x: x.mean(axis=(0, 1)),
    lambda x: x.max(), lambda x: x.min(axis=-1), lambda x: x.prod(), lambda x: x.prod(axis=1), lambda x: x.var(axis=0),
    lambda x: x.std(ddof=1), lambda x: x.cumsum(), lambda x: x.cumsum(axis=1), lambda x: x.reshape(3, 2),
    lambda x: x.reshape((6,)), lambda x: x.reshape(-1), lambda x: x.ravel(), lambda x: x.flatten(), lambda x: x.T,
    lambda x: x.mT, lambda x: x.transpose(), lambda x: x.transpose(1, 0), lambda x: x.transpose((1, 0)),
    lambda x: x.swapaxes(0, 1), lambda x: x[None].squeeze(), lambda x: x[None].squeeze(axis=0), lambda x: x.repeat(2),
    lambda x: x.repeat([1, 2], axis=0), lambda x: x.dot(np.ones(3)), lambda x: x.take([0, 5]),
    lambda x: x.take([0, 0], axis=1), lambda x: x.diagonal(), lambda x: x.trace(), lambda x: x.copy(),
    lambda x: x.astype(np.float64), lambda x: +x, lambda x: -x, lambda x: abs(x), lambda x: x % 0.7, lambda x: x @ x.T,
    lambda x: x.sum(axis=1, dtype=None, out=None), lambda x: x.sum(1, None, None, True), lambda x: x.mean(1, None, None, True),
    lambda x: x.max(axis=1, out=None), lambda x: x.min(1, None, True), lambda x: x.var(0, None, None, 1),
    lambda x: np.std(x, axis=1, correction=0.5), lambda x: x.sum(dtype=np.float64), lambda x: x.sum(initial=0, where=True),
    lambda x: x.prod(initial=1), lambda x: x.cumsum(1, None), lambda x: x.reshape((3, 2), order="F"), lambda x: x.ravel("F"),
    lambda x: x.ravel(order="C"), lambda x: x.flatten("F"), lambda x: x.clip(-1, 1, out=None), lambda x: x.clip(max=0.5),
    lambda x: x.astype(float, copy=False), lambda x: x.dot(np.ones(3), out=None), lambda x: x.round(1), lambda x: np.round(x, 1),
    lambda x: np.around(x), lambda x: x.conj(), lambda x: x.conjugate(), lambda x: x.real, lambda x: x // 0.7, lambda x: 2 // x,
    lambda x: np.floor_divide(x, 0.3), lambda x: np.sum(x, axis=0, dtype=np.float64), lambda x: np.var(x, correction=1),
    lambda x: np.sum(x, where=True), lambda x: np.mean(x, 0, None, None, True), lambda x: x.trace(0, 0, 1, None, None),
    lambda x: np.ones((4, 2)) @ x, lambda x: 3 - x, lambda x: 3 / x, lambda x: x[1], lambda x: x[-1, ::2], lambda x: x[...],
]  # fmt: skip


@pytest.mark.parametrize("method", METHODS)
def test_methods(method: Call) -> None:
    x = Tensor(A)
    y, expected = method(x), np.asarray(method(A))
    assert (y.shape, y.ndim, y.size, y.dtype) == (expected.shape, expected.ndim, expected.size, expected.dtype)
    np.testing.assert_allclose(y.data, expected, rtol=1e-14)
    y.sum().backward()
    np.testing.assert_allclose(x.grad, differences(lambda a: float(np.sum(method(a))), A), rtol=1e-6, atol=1e-8)


def test_methods_carry_the_arguments_of_numpy() -> None:
    assert list(inspect.signature(Tensor.prod).parameters) == list(inspect.signature(np.prod).parameters)


def test_correction_is_ddof() -> None:
    assert Tensor(A).var(axis=1, correction=1).tolist() == A.var(axis=1, ddof=1).tolist()


def test_reshape_by_name() -> None:
    assert Tensor(A).reshape(shape=(3, 2)).shape == (3, 2)


def test_dtype_of_a_reduction() -> None:
    x = Tensor(np.array([2.0**24, 1.0, 1.0], dtype=np.float32))
    y = x.sum(dtype=np.float64)
    y.backward()
    assert (y.item(), y.dtype, x.grad.dtype) == (2.0**24 + 2, np.float64, np.float32)


def test_astype_without_a_copy() -> None:
    x = Tensor(A)
    assert x.astype(float, copy=False) is x
    assert x.astype(float) is not x


def test_membership_looks_at_elements() -> None:
    x = Tensor([[1.0, 2.0], [3.0, 4.0]])
    assert 3.0 in x
    assert 5.0 not in x
    assert np.array([1.0, 2.0]) in x
    assert Tensor(4.0) in x


def test_quotient_is_rounded_once() -> None:
    """0.1 is a little more than a tenth, so it goes into 1 nine times, although 1 / 0.1 is rounded to 10."""
    x, y = Tensor(1.0), Tensor(0.1)
    assert (x // y).item() == 1.0 // 0.1 == 9.0
    (x % y).backward()
    assert y.grad == -9.0


def test_einsum_in_a_good_order() -> None:
    """Four matrices as they stand are five nested sums, two by two only three."""
    matrices = [real(40, 40) for _ in range(4)]
    xs = [Tensor(x) for x in matrices]
    y = np.einsum("ab,bc,cd,de->ae", *xs, optimize=True)
    start = time.perf_counter()
    y.sum().backward()
    seconds = time.perf_counter() - start
    np.testing.assert_allclose(
        xs[1].grad, np.linalg.multi_dot([matrices[0].T, np.ones((40, 40)), (matrices[2] @ matrices[3]).T])
    )
    assert y.attrs["optimize"] is True
    assert seconds < 0.5


def test_length_and_iteration() -> None:
    x = Tensor(A)
    assert (len(x), x.tolist(), Tensor(2.5).item()) == (2, A.tolist(), 2.5)
    first, second = x
    (first * second).sum().backward()
    np.testing.assert_allclose(x.grad, A[::-1])


def test_augmented_assignment_makes_a_new_result() -> None:
    x = y = Tensor([1.0, 2.0])
    y += 1.0
    y *= x
    y **= 2
    y.sum().backward()  # (x² + x)²
    assert x.data.tolist() == [1.0, 2.0]
    assert x.grad.tolist() == [12.0, 60.0]


def test_repr() -> None:
    assert repr(Tensor([1.0, 2.0])) == "Tensor([1., 2.])"
    assert repr(Tensor([1.0], requires_grad=False)) == "Tensor([1.], requires_grad=False)"
    assert repr(Tensor(np.ones(1, np.float32))) == "Tensor([1.], dtype=float32)"
