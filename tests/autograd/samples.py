"""Where each row of the table is tested: inputs and attributes, by the row's name.

A row without samples fails its test. Samples stay clear of kinks by more than the step of a central
difference; what happens at a kink is tested in ``test_traps.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple
from zlib import crc32

import numpy as np

_rng = np.random.default_rng(7)


class Sample(NamedTuple):
    """One application of a row. Floating arrays among the inputs are differentiated by."""

    inputs: tuple[Any, ...]
    attrs: Mapping[str, Any] = MappingProxyType({})


# Numbers from a domain, in a given shape.


def real(*shape: int) -> Any:
    """Numbers of both signs, none near 0, and no two alike."""
    size = int(np.prod(shape))
    steps = (np.arange(size) + _rng.uniform(0.1, 0.9, size)) * 2 / max(size, 1)
    return _rng.permutation(np.where(_rng.random(size) < 0.5, -1, 1) * (0.2 + steps)).reshape(shape)


def positive(*shape: int) -> Any:
    """Numbers above 0."""
    return np.asarray(np.abs(real(*shape)))


def inside(*shape: int) -> Any:
    """Numbers between -1 and 1."""
    return np.asarray(_rng.uniform(-0.9, 0.9, shape))


def above_one(*shape: int) -> Any:
    """Numbers above 1."""
    return np.asarray(1 + positive(*shape))


def between_steps(*shape: int) -> Any:
    """Numbers that are neither whole nor half."""
    return np.asarray(np.floor(real(*shape)) + 0.3)


# Shapes.

UNARY = [(), (3,), (2, 3), (1, 1), (0,), (2, 0)]
BINARY = [
    ((), ()), ((3,), (3,)), ((2, 3), (3,)), ((2, 1), (1, 3)), ((), (2,)), ((1,), ()), ((2, 1, 3), (4, 1)),
    ((0,), (1,)), ((2, 0), ()),
]  # fmt: skip


def unary(domain: Any) -> list[Sample]:
    """A function of one argument, in every shape."""
    return [Sample((domain(*shape),)) for shape in UNARY]


def binary(first: Any, second: Any) -> list[Sample]:
    """A function of two arguments, in all pairs of shapes."""
    return [Sample((first(*a), second(*b))) for a, b in BINARY]


REDUCTIONS: list[tuple[tuple[int, ...], dict[str, Any]]] = [
    ((), {}),
    ((), {"keepdims": True}),
    ((4,), {}),
    ((4,), {"axis": 0}),
    ((2, 3), {}),
    ((2, 3), {"axis": 1}),
    ((2, 3), {"axis": -1, "keepdims": True}),
    ((2, 3, 2), {"axis": (0, 2)}),
    ((2, 3, 2), {"axis": (-1, 0), "keepdims": True}),
    ((2, 3), {"axis": ()}),
    ((2, 3), {"keepdims": True}),
    ((2, 1), {"axis": 1}),
    ((0, 3), {"axis": 1}),
]
OF_NOTHING: list[tuple[tuple[int, ...], dict[str, Any]]] = [((0,), {}), ((2, 0), {"axis": 1}), ((0, 3), {"axis": 0})]
"""Reductions of no elements at all, where the operation has a neutral element."""


def reduction(domain: Any = real, more: Any = ()) -> list[Sample]:
    """A reduction over all sorts of axes."""
    return [Sample((domain(*shape),), attrs) for shape, attrs in [*REDUCTIONS, *more]]


def spread_out(attrs: dict[str, Any]) -> list[Sample]:
    """Variance and its root: enough elements, with and without a correction."""
    some = [((4,), {}), ((2, 3), {"axis": 1}), ((2, 3), {"axis": -2, "keepdims": True}), ((2, 3, 2), {"axis": (0, 2)})]
    return [Sample((real(*shape),), {**given, **attrs}) for shape, given in some]


def over(*shape: int, **attrs: Any) -> Sample:
    """One array and the attributes."""
    return Sample((real(*shape),), attrs)


_matrices = np.random.default_rng(11)


def found(k: int, *shape: int) -> Any:
    """Which of ``k`` places holds the largest element, for each of several windows."""
    return np.arange(k).reshape(k, *(1,) * len(shape)) == np.arange(np.prod(shape)).reshape(shape) * 3 % k


def matrix(*shape: int) -> Any:
    """A matrix (or a stack of them) far from singular, with distinct singular values."""
    m, n = shape[-2:]
    return _matrices.normal(size=shape) * 0.3 + np.eye(m, n) * (1 + np.arange(n))


def definite(*shape: int) -> Any:
    """A symmetric positive definite matrix with distinct eigenvalues."""
    a = _matrices.normal(size=shape) * 0.3
    return a @ np.swapaxes(a, -1, -2) + np.eye(shape[-1]) * (1 + np.arange(shape[-1]))


def matrices(kind: Any, *shapes: tuple[int, ...]) -> list[Sample]:
    """A function of one matrix."""
    return [Sample((kind(*shape),)) for shape in shapes]


_squares = np.random.default_rng(19)


def turning(*shape: int) -> Any:
    """A square matrix with pairs of complex eigenvalues."""
    n = shape[-1]
    a, b = 2 + 2 * _squares.random(shape), _squares.random(shape)
    return np.diag(1.0 + np.arange(n)) + np.triu(a, 1) - np.tril(b, -1)


def steady(*shape: int) -> Any:
    """A square matrix with real eigenvalues."""
    return np.diag(1.0 + 2 * np.arange(shape[-1])) + 0.3 * _squares.random(shape)


def transforms() -> list[Sample]:
    """Fourier transforms of even and odd lengths, along all sorts of axes, in each norm."""
    return [
        over(4), over(5), over(2, 5), over(5, 2, axis=0), over(2, 4, norm="ortho"), over(2, 5, norm="forward"),
        over(2, 4, 2, axis=-2, norm="backward"), over(4, norm="forward"),
    ]  # fmt: skip


# ruff: noqa: E501 -- a sample is read across, like a line of a table
SAMPLES: dict[str, list[Sample]] = {
    # elementwise
    "add": binary(real, real),
    "subtract": binary(real, real),
    "multiply": binary(real, real),
    "divide": binary(real, real),
    "negative": unary(real),
    "positive": unary(real),
    "log_of_base": unary(positive),
    "power": binary(positive, real),
    "square": unary(real),
    "sqrt": unary(positive),
    "cbrt": unary(real),
    "reciprocal": unary(real),
    "absolute": unary(real),
    "exp": unary(real),
    "exp2": unary(real),
    "expm1": unary(real),
    "log": unary(positive),
    "log2": unary(positive),
    "log10": unary(positive),
    "log1p": unary(inside),
    "sin": unary(real),
    "cos": unary(real),
    "tan": unary(inside),
    "arcsin": unary(inside),
    "arccos": unary(inside),
    "arctan": unary(real),
    "arctan2": binary(real, real),
    "hypot": binary(real, real),
    "direction": binary(real, real),
    "gap": binary(real, real),
    "kept": binary(real, real),
    "sinh": unary(real),
    "cosh": unary(real),
    "tanh": unary(real),
    "arcsinh": unary(real),
    "arccosh": unary(above_one),
    "arctanh": unary(inside),
    "relu": unary(real),
    "sigmoid": unary(real),
    "logaddexp": binary(real, real),
    "maximum": binary(real, real),
    "fmax": binary(real, real),
    "fmin": binary(real, real),
    "minimum": binary(real, real),
    "clip": [
        Sample((real(5), np.array(-0.75), np.array(1.05))),
        Sample((real(2, 3), -positive(3), positive(2, 1))),
        Sample((real(), np.array(-0.1), np.array(0.1))),
        Sample((real(0), np.array(-1.0), np.array(1.0))),
        Sample((np.array([0.5, 1.5, 2.5]), np.array(2.0), np.array(1.0))),
    ],
    "sign": unary(real),
    "floor": unary(between_steps),
    "ceil": unary(between_steps),
    "trunc": unary(between_steps),
    "rint": unary(between_steps),
    "round": [*unary(between_steps), Sample((np.array([1.2345, -2.3456]),), {"decimals": 2})],
    "floor_divide": [
        Sample((np.array([5.5, -5.5, 5.5, -5.5]), np.array([2.0, 2.0, -2.0, -2.0]))),
        Sample((np.array([[5.5], [1.25]]), np.array([2.0, -3.0]))),
        Sample((np.array(7.5), np.array(2.0))),
    ],
    "remainder": [
        Sample((np.array([5.5, -5.5, 5.5, -5.5]), np.array([2.0, 2.0, -2.0, -2.0]))),
        Sample((np.array([[5.5], [1.25]]), np.array([2.0, -3.0]))),
        Sample((np.array(7.5), np.array(2.0))),
    ],
    "where": [
        Sample((np.array([True, False, True]), real(3), real(3))),
        Sample((np.array([[True], [False]]), real(3), real(2, 1))),
        Sample((np.array(True), real(), real(2))),
        Sample((np.zeros(0, dtype=bool), real(0), real(1))),
    ],
    "astype": [over(3, dtype=np.float64), over(dtype=np.float64), over(2, 0, dtype=np.float64), over(dtype=np.complex128)],
    # shape
    "reshape": [
        over(2, 3, shape=(3, 2)), over(2, 3, shape=(-1,)), over(6, shape=(2, -1)), over(1, shape=()), over(shape=(1, 1)),
        over(2, 3, shape=(3, 2), order="F"), over(0, 3, shape=(3, 0)), over(2, 3, shape=6),
    ],
    "transpose": [over(2, 3), over(2, 3, 4, axes=(2, 0, 1)), over(2, 3, 4, axes=(-1, 0, -2)), over(), over(0, 2)],
    "swapaxes": [over(2, 3, axis1=0, axis2=1), over(2, 3, 4, axis1=-1, axis2=0), over(3, axis1=0, axis2=0)],
    "moveaxis": [
        over(2, 3, 4, source=0, destination=2), over(2, 3, 4, source=(0, -1), destination=(1, 0)),
        over(2, 3, source=-1, destination=0),
    ],
    "expand_dims": [over(3, axis=0), over(3, axis=-1), over(2, 3, axis=(0, -1)), over(axis=0), over(0, axis=1)],
    "squeeze": [over(1, 3, 1), over(1, 3, 1, axis=0), over(1, 3, 1, axis=(0, -1)), over(1), over(3), over()],
    "broadcast_to": [over(3, shape=(2, 3)), over(2, 1, shape=(2, 3)), over(shape=(2, 2)), over(1, shape=(0,))],
    "concatenate": [
        Sample((real(2, 3), real(1, 3))), Sample((real(2, 3), real(2, 1), real(2, 2)), {"axis": -1}),
        Sample((real(2, 3), real(2), real()), {"axis": None}), Sample((real(3),)), Sample((real(0), real(2))),
    ],
    "stack": [
        Sample((real(3), real(3))), Sample((real(2, 3), real(2, 3)), {"axis": -1}), Sample((real(), real(), real())),
        Sample((real(2, 3), real(2, 3)), {"axis": 1}), Sample((real(0), real(0))),
    ],
    "tile": [over(3, reps=2), over(2, 3, reps=(2, 1)), over(3, reps=(2, 2)), over(2, 3, reps=2), over(reps=3),
             over(3, reps=0)],
    "repeat": [
        over(3, repeats=2), over(2, 3, repeats=2), over(2, 3, repeats=[1, 2, 0], axis=1), over(2, 3, repeats=3, axis=-2),
        over(2, 3, repeats=2, axis=0), over(repeats=3), over(3, repeats=0),
    ],
    "flip": [over(3), over(2, 3), over(2, 3, axis=0), over(2, 3, axis=(-1, 0)), over(), over(0)],
    "roll": [
        over(4, shift=1), over(2, 3, shift=-2), over(2, 3, shift=1, axis=1), over(2, 3, shift=(1, -1), axis=(0, 1)),
        over(2, 3, shift=5, axis=-1), over(0, shift=1),
    ],
    "pad": [
        over(3, pad_width=1), over(2, 3, pad_width=((1, 0), (2, 1))), over(3, pad_width=(1, 2), constant_values=5.0),
        over(2, 3, pad_width=0), over(0, pad_width=2),
    ],
    "tril": [over(3, 3), over(2, 3, k=-1), over(2, 3, 3, k=1), over(0, 0)],
    "triu": [over(3, 3), over(2, 3, k=-1), over(2, 3, 3, k=1), over(0, 0)],
    # reduce
    "sum": reduction(more=OF_NOTHING),
    "mean": reduction(),
    "max": reduction(),
    "min": reduction(),
    "prod": [*reduction(more=OF_NOTHING), over(5), over(2, 5, axis=-1), Sample((np.array([[0.0, 2.0, 3.0], [0.0, 0.0, 4.0]]),), {"axis": 1})],
    "var": spread_out({}) + spread_out({"ddof": 1}) + [over(3, ddof=0.5), over()],
    "std": spread_out({}) + spread_out({"ddof": 1}),
    "length": spread_out({}),
    "logsumexp": [*reduction(), Sample((np.array([1000.0, 1000.5, 999.0]),))],
    "cumsum": [over(4), over(2, 3), over(2, 3, axis=0), over(2, 3, axis=-1), over(), over(0), over(2, 0, axis=1)],
    # linalg
    "matmul": [
        Sample((real(2, 3), real(3, 4))), Sample((real(3), real(3))), Sample((real(3), real(3, 2))),
        Sample((real(2, 3), real(3))), Sample((real(5, 2, 3), real(3, 2))), Sample((real(2, 3), real(5, 3, 2))),
        Sample((real(5, 1, 2, 3), real(4, 3, 2))), Sample((real(3), real(2, 3, 4))), Sample((real(2, 2, 3), real(3))),
        Sample((real(2, 0), real(0, 3))), Sample((real(0, 3), real(3, 2))), Sample((real(1, 2, 3), real(2, 3, 2))),
    ],
    "tensordot": [
        Sample((real(2, 3, 4), real(3, 4, 2))), Sample((real(2, 3), real(3, 2)), {"axes": 1}),
        Sample((real(2), real(3)), {"axes": 0}), Sample((real(2, 3, 4), real(4, 2)), {"axes": ([2, 0], [0, 1])}),
        Sample((real(2, 3, 4), real(4, 2)), {"axes": ((-3, -1), (1, 0))}), Sample((real(3), real(3)), {"axes": (0, 0)}),
        Sample((real(), real(2)), {"axes": 0}),
    ],
    "einsum": [
        Sample((real(2, 3), real(3, 4)), {"subscripts": "ij,jk->ik"}), Sample((real(3, 3),), {"subscripts": "ii->"}),
        Sample((real(3, 3),), {"subscripts": "ii->i"}), Sample((real(2, 3),), {"subscripts": "ij->ji"}),
        Sample((real(2), real(3)), {"subscripts": "i,j->ij"}), Sample((real(3), real(3)), {"subscripts": "i,i->"}),
        Sample((real(2, 3), real(3), real(2)), {"subscripts": "ij,j,i->"}), Sample((real(2, 3),), {"subscripts": "ij->"}),
        Sample((real(2, 3, 3), real(3)), {"subscripts": "bii,i->b"}), Sample((real(2, 2, 2),), {"subscripts": "iii->"}),
        Sample((real(1, 3), real(2, 3)), {"subscripts": "ij,ij->"}), Sample((real(2, 3), real(2)), {"subscripts": "ij,k->i"}),
        Sample((real(0, 3), real(3)), {"subscripts": "ij,j->i"}), Sample((real(), real(2)), {"subscripts": ",i->i"}),
        Sample((real(2, 3), real(3, 4), real(4, 2)), {"subscripts": "ij,jk,kl->il", "optimize": True}),
    ],
    "outer": [Sample((real(2), real(3))), Sample((real(2, 2), real(3))), Sample((real(), real(2))), Sample((real(0), real(2)))],
    # index
    "getitem": [
        over(4, index=1), over(4, index=slice(1, 3)), over(4, index=slice(2, 3)), over(4, index=slice(None, None, -2)),
        over(2, 3, index=(slice(None), [0, 0, 2])), over(2, 3, index=(np.array([0, 1, 1]), np.array([2, 0, 0]))),
        over(2, 3, index=(None, Ellipsis, 1)), over(2, 3, index=np.array([[True, False, True], [False, False, True]])),
        over(4, index=np.array([3, 3, -1])), over(index=()), over(4, index=slice(0, 0)), over(2, 3, 4, index=([0, 1], slice(None), [1, 1])),
    ],
    "scatter": [
        Sample((real(3),), {"index": np.array([0, 0, 2]), "shape": (4,)}), Sample((real(),), {"index": 1, "shape": (3,)}),
        Sample((real(2, 2),), {"index": (slice(None), [1, 1]), "shape": (2, 3)}),
        Sample((real(2),), {"index": np.array([True, False, True]), "shape": (3,)}),
        Sample((real(0),), {"index": slice(0, 0), "shape": (3,)}),
    ],
    "setitem": [
        Sample((real(4), real()), {"index": 1}), Sample((real(4), real(2)), {"index": slice(1, 3)}),
        Sample((real(4), real()), {"index": slice(None, None, -2)}), Sample((real(2, 3), real(3)), {"index": Ellipsis}),
        Sample((real(2, 3), real(1, 1, 3)), {"index": 1}), Sample((real(2, 3), real(2, 1)), {"index": (slice(None), slice(1, 3))}),
        Sample((real(2, 3), real(3)), {"index": np.array([[True, False, True], [False, False, True]])}),
        Sample((real(4), real(3)), {"index": np.array([2, 2, -1])}), Sample((real(4), real()), {"index": np.array([2, 2, -2])}),
        Sample((real(2, 3), real(2, 3)), {"index": (slice(None), np.array([1, 1, 0]))}),
        Sample((real(2, 3), real(2, 1)), {"index": (np.array([[0], [0]]), np.array([1, 2, 1]))}),
        Sample((real(), real()), {"index": ()}), Sample((real(4), real(0)), {"index": slice(0, 0)}),
        Sample((real(4), real(0)), {"index": np.zeros(0, dtype=int)}),
    ],
    "take": [
        over(4, indices=[0, 0, 3]), over(2, 3, indices=np.array([[0, 5], [5, 1]])), over(2, 3, indices=[2, 2], axis=1),
        over(2, 3, indices=-1, axis=-2), over(4, indices=2), over(4, indices=np.zeros(0, dtype=int)),
    ],
    # nn
    "neuron": [
        Sample((real(), real(), real(), real(), real())), Sample((real(), real(), real())), Sample((real(),)),
        Sample((real(3), real(2, 1), real(), real(3), real(2, 3))),
    ],
    "linear": [
        Sample((real(4, 3), real(2, 3), real(2))), Sample((real(3), real(2, 3), real(2))),
        Sample((real(2, 4, 3), real(1, 3), real(1))), Sample((real(0, 3), real(2, 3), real(2))),
    ],
    "softmax": [over(0, 3), over(3), over(2, 4), over(2, 4, dim=0), over(2, 3, 2, dim=1), over(3, 1)],
    "log_softmax": [over(0, 3), over(3), over(2, 4), over(2, 4, dim=0), over(2, 3, 2, dim=1), over(3, 1)],
    "nll": [
        Sample((real(2, 3), np.array([2, 0]))), Sample((real(3), np.array(1))), Sample((real(2, 3), np.array([2, 0])), {"reduction": "sum"}),
        Sample((real(2, 3), np.array([2, 0])), {"reduction": "none"}), Sample((real(0, 3), np.zeros(0, int)), {"reduction": "sum"}),
    ],
    "binary_cross_entropy": [
        Sample((np.array([[0.3, 0.9], [0.5, 0.2]]), np.array([[1.0, 0.0], [0.75, 0.25]]))), Sample((np.array(0.3), np.array(0.6))),
        Sample((np.array([0.1, 0.8]), np.array([[1.0], [0.5]]))), Sample((np.zeros((0, 2)), np.zeros((0, 2)))),
    ],
    "cross_entropy": [
        Sample((real(2, 3), np.array([[0.2, 0.5, 0.3], [0.6, 0.1, 0.3]]))), Sample((real(3), np.array([0.25, 0.5, 1.0]))),
        Sample((real(2, 3), np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 0.0]]))), Sample((real(2, 2, 3), positive(2, 2, 3))),
        Sample((real(0, 3), positive(0, 3))),
    ],
    # functions that came later: what is drawn above stays as it was
    "logaddexp2": binary(real, real),
    "heaviside": binary(real, real),
    "copysign": binary(real, real),
    "fmod": [
        Sample((np.array([5.5, -5.5, 5.5, -5.5]), np.array([2.0, 2.0, -2.0, -2.0]))),
        Sample((np.array([[5.5], [1.25]]), np.array([2.0, -3.0]))),
        Sample((np.array(7.5), np.array(2.0))),
    ],
    "fraction": unary(between_steps),
    "ldexp": [Sample((real(3), np.array([1, -2, 0]))), Sample((real(2, 1), np.array([3, 4]))), Sample((real(), np.array(2)))],
    "cumprod": [
        over(4), over(2, 3), over(2, 3, axis=0), over(2, 3, axis=-1), over(), over(0), over(2, 0, axis=1), over(5, axis=0),
        Sample((np.array([2.0, 0.0, 3.0, 0.0, 4.0]),)), Sample((np.array([[0.0, 2.0], [3.0, 0.5]]),), {"axis": 1}), over(1),
    ],
    "recurrence": [
        Sample((real(4), real(4))), Sample((real(3, 2), real(3, 2))), Sample((real(1), real(1))), Sample((real(0), real(0))),
        Sample((real(3), np.array([1.0, 0.0, 2.0]))),
    ],
    "sort": [over(4), over(2, 3), over(2, 3, axis=0), over(2, 3, 2, axis=-2), over(0), over(1), over(2, 0, axis=0)],
    "convolve": [
        Sample((real(4), real(2))), Sample((real(2), real(3))), Sample((real(1), real(1))),
        Sample((real(4), real(2)), {"mode": "valid"}), Sample((real(3), real(3)), {"mode": "valid"}), Sample((real(3), real(1)), {"mode": "valid"}),
    ],
    "sinc": [*unary(real), Sample((np.array([1e-3, 0.7, 1.2, 3.0]),))],
    "sinc_slope": [*unary(real), over(3, order=2), Sample((np.array([0.0, 0.3, -2.0]),)), Sample((np.array([0.0, 0.3, -2.0, 1.5]),), {"order": 3})],
    "i0": [*unary(real), Sample((np.array([0.0, 1e-3, -4.0]),))],
    "i0_slope": [*unary(real), over(3, order=2), Sample((np.array([0.0, 1e-3, -4.0]),)), over(3, order=3)],
    "inv": matrices(matrix, (3, 3), (2, 2, 2), (1, 1)),
    "solve": [
        Sample((matrix(3, 3), real(3, 2))), Sample((matrix(2, 2, 2), real(2, 2, 1))), Sample((matrix(2, 1, 2, 2), real(3, 2, 1))),
    ],
    "det": matrices(matrix, (3, 3), (2, 2, 2), (1, 1)),
    "logabsdet": matrices(matrix, (3, 3), (2, 2, 2)),
    "cholesky": matrices(definite, (3, 3), (2, 2, 2), (1, 1)),
    "eigh_values": matrices(definite, (3, 3), (2, 2, 2), (1, 1)),
    "eigh_vectors": matrices(definite, (3, 3), (2, 2, 2)),
    "svd_u": matrices(matrix, (3, 3), (4, 2), (2, 3), (2, 3, 2)),
    "svd_s": matrices(matrix, (3, 3), (4, 2), (2, 3), (2, 3, 2)),
    "svd_vh": matrices(matrix, (3, 3), (4, 2), (2, 3), (2, 3, 2)),
    "qr_q": matrices(matrix, (3, 3), (4, 2), (2, 3, 2)),
    "qr_r": matrices(matrix, (3, 3), (4, 2), (2, 3, 2)),
    "pinv": matrices(matrix, (3, 3), (4, 2), (2, 3)),
    "real": unary(real),
    "imag": unary(real),
    "conjugate": unary(real),
    "det_sign": matrices(turning, (3, 3), (2, 2, 2)),
    "eig_values": matrices(steady, (3, 3), (2, 2, 2)) + matrices(turning, (3, 3), (4, 4), (2, 2, 2)),
    "eig_vectors": matrices(steady, (3, 3), (2, 2, 2)) + matrices(turning, (3, 3), (4, 4), (2, 2, 2)),
    "fft": [*transforms(), over(4, n=6), over(2, 5, n=3, axis=0)],
    "ifft": [*transforms(), over(4, n=6), over(2, 5, n=3, axis=0)],
    "rfft": [*transforms(), over(4, n=6), over(4, n=7), over(5, n=4), over(2, 5, n=3, axis=0)],
    "irfft": [*transforms(), over(4, n=5), over(4, n=9), over(4, n=10), over(5, n=3), over(3, 5, n=2, axis=0)],
    # networks that came later
    "normal_cdf": [*unary(real), Sample((np.array([-3.0, 0.4, 0.999, 1.001, 2.5]),))],
    "conv": [
        Sample((real(2, 4, 5), real(6, 2, 2), real(6)), {"stride": (2,), "dilation": (2,), "padding": ((1, 0),), "groups": 2}),
        Sample((real(2, 2, 4, 3), real(3, 2, 2, 2), real(3)), {"stride": (1, 2), "dilation": (2, 1), "padding": ((0, 1), (1, 0))}),
        Sample((real(1, 2, 2, 3, 3), real(2, 1, 2, 2, 1), real(2)),
            {"stride": (1, 1, 1), "dilation": (1, 1, 1), "padding": ((0, 0),) * 3, "groups": 2}),
        Sample((real(0, 1, 3), real(1, 1, 2), real(1)), {"stride": (1,), "dilation": (1,), "padding": ((0, 0),)}),
    ],
    "conv_transpose": [
        Sample((real(2, 6, 2), real(6, 2, 2)), {"lengths": (5,), "stride": (2,), "dilation": (2,), "padding": ((1, 0),), "groups": 2}),
        Sample((real(2, 3, 3, 2), real(3, 2, 2, 2)),
            {"lengths": (4, 3), "stride": (1, 2), "dilation": (2, 1), "padding": ((0, 1), (1, 0))}),
        Sample((real(0, 1, 2), real(1, 1, 2)), {"lengths": (3,), "stride": (1,), "dilation": (1,), "padding": ((0, 0),)}),
    ],
    "conv_filters": [
        Sample((real(2, 6, 2), real(2, 4, 5)), {"kernel": (2,), "stride": (2,), "dilation": (2,), "padding": ((1, 0),), "groups": 2}),
        Sample((real(2, 3, 3, 2), real(2, 2, 4, 3)),
            {"kernel": (2, 2), "stride": (1, 2), "dilation": (2, 1), "padding": ((0, 1), (1, 0))}),
        Sample((real(0, 1, 2), real(0, 1, 3)), {"kernel": (2,), "stride": (1,), "dilation": (1,), "padding": ((0, 0),)}),
    ],
    "to_first": [
        Sample((real(1, 2, 2, 3), found(4, 1, 2, 2, 3)),
            {"lengths": (4, 6), "kernel": (2, 2), "stride": (2, 2), "dilation": (1, 1), "padding": ((0, 0),) * 2}),
        Sample((real(0, 1, 3), found(1, 0, 1, 3)), {"lengths": (3,), "kernel": (1,), "stride": (1,), "dilation": (1,), "padding": ((0, 0),)}),
        Sample((real(2, 1, 3), found(2, 2, 1, 3)), {"lengths": (3,), "kernel": (2,), "stride": (1,), "dilation": (1,), "padding": ((1, 0),)}),
    ],
    "at_first": [
        Sample((real(1, 2, 4, 6), found(4, 1, 2, 2, 3)),
            {"kernel": (2, 2), "stride": (2, 2), "dilation": (1, 1), "padding": ((0, 0),) * 2}),
        Sample((real(0, 1, 3), found(1, 0, 1, 3)), {"kernel": (1,), "stride": (1,), "dilation": (1,), "padding": ((0, 0),)}),
        Sample((real(2, 1, 3), found(2, 2, 1, 3)), {"kernel": (2,), "stride": (1,), "dilation": (1,), "padding": ((1, 0),)}),
    ],
    "spread": [
        over(2, 1, 3, lengths=(5,), kernel=(2,), stride=(2,), dilation=(1,), padding=((1, 0),)),
        over(1, 2, 2, 3, lengths=(4, 4), kernel=(3, 2), stride=(1, 2), dilation=(1, 1), padding=((0, 0), (1, 1))),
        over(0, 1, 2, lengths=(2,), kernel=(1,), stride=(1,), dilation=(1,), padding=((0, 0),)),
    ],
    "max_pool": [
        over(2, 1, 5, kernel=(2,), stride=(2,), dilation=(1,), padding=((1, 0),)),
        over(1, 2, 4, 4, kernel=(3, 2), stride=(1, 2), dilation=(1, 2), padding=((0, 0), (1, 1))),
        over(0, 1, 2, kernel=(1,), stride=(1,), dilation=(1,), padding=((0, 0),)),
    ],
    "sum_pool": [
        over(2, 1, 5, kernel=(2,), stride=(2,), dilation=(1,), padding=((1, 0),)),
        over(1, 2, 4, 4, kernel=(3, 2), stride=(1, 2), dilation=(1, 1), padding=((0, 0), (1, 1))),
        over(0, 1, 2, kernel=(1,), stride=(1,), dilation=(1,), padding=((0, 0),)),
    ],
    "standardize": [
        over(4), over(2, 3, eps=0.1), over(3, 2, 2, axis=(0, 2)), over(2, 3, centred=False), over(0, 3),
    ],
    "rnn": [
        Sample((real(3, 2, 2), real(2, 2), real(2, 2))), Sample((real(3, 1, 2), real(1, 2), real(2, 2)), {"nonlinearity": "relu"}),
        Sample((real(2, 0, 2), real(0, 2), real(2, 2))),
    ],
    "lstm": [
        Sample((real(3, 2, 8), real(2, 2), real(2, 2), real(8, 2))), Sample((real(1, 1, 4), real(1, 1), real(1, 1), real(4, 1))),
        Sample((real(2, 0, 4), real(0, 1), real(0, 1), real(4, 1))),
    ],
    "gru": [
        Sample((real(3, 2, 6), real(2, 2), real(6, 2), real(6))), Sample((real(1, 1, 3), real(1, 1), real(3, 1), real(3))),
        Sample((real(2, 0, 3), real(0, 1), real(3, 1), real(3))),
    ],
}  # fmt: skip


def none(*shape: int) -> Any:
    """An array without elements."""
    return np.zeros(shape)


# Arrays of nothing and single numbers, for rows that have none above.
MORE: dict[str, list[Sample]] = {
    "broadcast_to": [Sample((none(0, 1),), {"shape": (2, 0, 3)})],
    **{name: [Sample((none(0), np.array([2.0])))] for name in ("floor_divide", "fmod", "remainder")},
    "getitem": [Sample((none(0, 3),), {"index": (slice(None), 1)}), Sample((none(2, 0),), {"index": [1, 1]})],
    "ldexp": [Sample((none(0), np.array([1])))],
    "moveaxis": [Sample((none(0, 2),), {"source": 0, "destination": 1})],
    "neuron": [Sample((none(0), none(0), np.array(0.3)))],
    "repeat": [Sample((none(0),), {"repeats": 2}), Sample((none(2, 0),), {"repeats": [1, 2], "axis": 0})],
    "roll": [Sample((np.array(0.7),), {"shift": 1})],
    "squeeze": [Sample((none(1, 0),))],
    "length": [Sample((none(0, 3),), {"axis": 1})],
    "std": [Sample((none(0, 3),), {"axis": 1})],
    "var": [Sample((none(0, 3),), {"axis": 1})],
    "swapaxes": [Sample((none(0, 2),), {"axis1": 0, "axis2": 1})],
    "take": [Sample((none(0, 3),), {"indices": [1, 1], "axis": 1}), Sample((np.array(0.7),), {"indices": 0})],
    "tensordot": [Sample((none(0, 3), np.array([0.5, 1.5, 2.5])), {"axes": 1})],
    "tile": [Sample((none(0),), {"reps": (2, 3)})],
    **{
        name: [Sample((none(0, 2, 2),))]
        for name in (
            "inv", "det", "logabsdet", "cholesky", "eigh_values", "eigh_vectors", "svd_u", "svd_s", "svd_vh", "qr_q", "qr_r",
            "pinv", "det_sign", "eig_values", "eig_vectors",
        )
    },
    "solve": [Sample((none(0, 2, 2), none(0, 2, 1)))],
    **{name: [Sample((none(0, 4),))] for name in ("fft", "ifft", "rfft", "irfft")},
}  # fmt: skip
for _name, _samples in MORE.items():
    SAMPLES[_name] += _samples


# The same with complex numbers.

REAL_ONLY = {
    **dict.fromkeys(
        [
            "arctan2", "cbrt", "ceil", "copysign", "floor", "floor_divide", "fmod", "fraction", "heaviside", "hypot", "i0",
            "ldexp", "logaddexp", "logaddexp2", "remainder", "rfft", "trunc",
        ],
        "NumPy's function refuses complex numbers",
    ),
    "i0_slope": "a derivative of i0",
    **dict.fromkeys(["softmax", "log_softmax", "binary_cross_entropy", "cross_entropy"], "probabilities are real"),
    **dict.fromkeys(["standardize", "rnn", "lstm", "gru", "max_pool"], "networks compute with real numbers"),
    "normal_cdf": "its approximation is that of real numbers",
    **dict.fromkeys(
        ["eigh_vectors", "svd_u", "svd_vh"],
        "each vector may be turned by an angle of its own; test_linalg tries what does not depend on it",
    ),
}  # fmt: skip
"""Rows without complex samples, and why."""


def complex_too(x: Any) -> Any:
    """A floating array with imaginary parts of both signs, not near 0: the same for the same numbers."""
    if not (isinstance(x, np.ndarray) and x.dtype.kind == "f"):
        return x
    drawn = np.random.default_rng(crc32(x.tobytes()))
    return np.asarray(x + 1j * drawn.uniform(0.2, 0.7, x.shape) * drawn.choice([-1, 1], x.shape))


def complex_samples(samples: list[Sample], takes_over: bool = False) -> list[Sample]:
    """Each sample with all its data complex; those of several arrays also once with just the first, or the last.

    Not the last where the result takes over the dtype of the first.
    """
    found = [
        Sample(tuple(map(complex_too, inputs)), {**attrs, "dtype": np.complex128} if "dtype" in attrs else attrs)
        for inputs, attrs in samples
    ]
    inputs, attrs = samples[0]
    data = [i for i, x in enumerate(inputs) if isinstance(x, np.ndarray) and x.dtype.kind == "f"]
    for only in (data[:1] if takes_over else (data[0], data[-1])) if len(data) > 1 else ():
        found.append(Sample(tuple(complex_too(x) if i == only else x for i, x in enumerate(inputs)), attrs))
    return found


COMPLEX = {
    name: complex_samples(samples, takes_over=name == "setitem")
    for name, samples in SAMPLES.items()
    if name not in REAL_ONLY
}

# What others draw does not depend on how many rows there are.
_rng.bit_generator.state = np.random.default_rng(5).bit_generator.state
