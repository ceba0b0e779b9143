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

import autograd.numpy as anp
from autograd import Tensor, check_grads, errors
from autograd.graph import pullback
from autograd.numpy.dispatch import COMPOSITES, CONSTANT

from .differences import at, differences
from .rows import total, weights
from .samples import complex_too, real

Call = Callable[..., Any]

A, B, V = real(2, 3), real(2, 3), real(4)
CUBE = real(2, 3, 4)

METHODS_OF_QUANTILES = [
    "linear", "lower", "higher", "nearest", "midpoint", "inverted_cdf", "averaged_inverted_cdf", "closest_observation",
    "interpolated_inverted_cdf", "hazen", "weibull", "median_unbiased", "normal_unbiased",
]  # fmt: skip

PADS: list[dict[str, Any]] = [
    {"pad_width": 5, "mode": "edge"}, {"pad_width": 5, "mode": "wrap"}, {"pad_width": 5, "mode": "reflect"},
    {"pad_width": 5, "mode": "symmetric"}, {"pad_width": 1, "mode": "reflect", "reflect_type": "odd"},
    {"pad_width": 5, "mode": "reflect", "reflect_type": "odd"}, {"pad_width": 5, "mode": "symmetric", "reflect_type": "odd"},
    {"pad_width": (1, 2), "mode": "maximum"}, {"pad_width": 2, "mode": "minimum", "stat_length": 2},
    {"pad_width": 2, "mode": "mean"}, {"pad_width": 2, "mode": "mean", "stat_length": (1, 2)},
    {"pad_width": 1, "mode": "median", "stat_length": 9}, {"pad_width": 3, "mode": "linear_ramp"},
    {"pad_width": (2, 0), "mode": "linear_ramp", "end_values": (1.5, -2.0)},
]  # fmt: skip


def gaps(x: Any) -> Any:
    """``x`` with NaN in some places."""
    return np.where(np.arange(np.size(x)).reshape(np.shape(x)) % 5 == 1, np.nan, x)


def written(function: Any, x: Any, *args: Any, **options: Any) -> Any:
    """The product of ``x`` and what ``function`` makes of it by writing into it."""
    y = x * 1.0
    function(y, *args, **options)
    return x * y


# ruff: noqa: E501 -- a sample is read across, like a line of a table
SAMPLES: dict[Any, list[tuple[Call, list[Any]]]] = {
    np.angle: [(np.angle, [A]), (lambda z: np.angle(z, deg=True), [V]), (lambda x: np.angle(x + 1j * x * x), [A])],
    np.amax: [(lambda x: np.amax(x, initial=0.5, where=x < 0.4), [A]), (lambda x: np.amax(x, 1), [A]), (lambda x: np.amax(x, axis=0, keepdims=True), [A])],
    np.amin: [(lambda x: np.amin(x, 0, initial=-0.5), [A]), (lambda x: np.amin(x, 1), [A]), (np.amin, [A])],
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
        (lambda x, w: np.average(x, axis=(2, 0), weights=w), [CUBE, np.abs(real(4, 2))]),
        (lambda x: np.average(x, axis=1, keepdims=True), [A]),
        (lambda x, w: np.average(x, weights=w, returned=True)[1] * x, [A, np.abs(B)]),
        (lambda x: np.average(x, axis=1, returned=True)[0], [A]),
        (lambda w: np.average([1.0, 2.0, 3.0, 4.0], weights=w), [np.abs(V)]),
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
    np.column_stack: [(lambda x, y: np.column_stack([x, y]), [real(2), A])],
    np.concatenate: [(lambda x, y: np.concatenate((x, y), axis=1), [A, B]), (lambda x: np.concatenate([x, [1.0]]), [V]),
        (lambda x, y: np.concatenate([x, y], axis=None, out=None), [A, B])],
    np.conjugate: [(np.conjugate, [A]), (lambda x: (x + 1j * x * x).conj() * 1j, [A])],
    np.copy: [(np.copy, [A])],
    np.deg2rad: [(np.deg2rad, [A])],
    np.rad2deg: [(np.rad2deg, [A])],
    np.radians: [(np.radians, [A])],
    np.degrees: [(np.degrees, [A])],
    np.diag: [(np.diag, [V]), (lambda x: np.diag(x, -1), [V]), (lambda x: np.diag(x, 2), [V]), (lambda x: np.diag(x, 1), [A])],
    np.diagonal: [(np.diagonal, [A]), (lambda x: np.diagonal(x, 1, 0, 2), [CUBE]), (lambda x: np.diagonal(x, -1), [A])],
    np.diff: [(lambda x: np.diff(x, prepend=0.0), [A]), (lambda x, y: np.diff(x, 2, 0, y, y[:1]), [real(4, 2), real(2, 2)]), (lambda y: np.diff([1.0, 2.0], append=y), [V]),
        (np.diff, [A]), (lambda x: np.diff(x, 2, axis=0), [real(4, 2)]), (lambda x: np.diff(x, 0), [V])],
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
    np.pad: [
        *[(lambda x, options=options: np.pad(x, **options), [array]) for options in PADS for array in (A, V)],
        *[(lambda x, mode=mode: np.pad(x, ((1, 0), (0, 2), (3, 3)), mode), [CUBE]) for mode in sorted({pad["mode"] for pad in PADS})],
        (lambda x: np.pad(x, ((1, 0), (0, 2)), constant_values=2.0), [A]), (lambda x: np.pad(x, 1), [V])],
    np.ptp: [(np.ptp, [A]), (lambda x: np.ptp(x, axis=1), [A])],
    np.real: [(np.real, [A]), (lambda x: (x * (1 + 2j) * x).real, [A])],
    np.roots: [
        (np.roots, [np.array([1.0, -6.0, 11.0, -6.2])]), (np.roots, [np.array([1.0, 0.5, 2.0])]),
        (lambda p: np.roots(np.concatenate([[0.0], p, [0.0, 0.0]])), [V]), (lambda x: np.sum(np.roots(x[:1])) + x, [V]),
    ],
    np.sort_complex: [(np.sort_complex, [V]), (np.sort_complex, [A])],
    np.ravel: [(np.ravel, [A]), (lambda x: np.ravel(x, "F"), [A]), (lambda x: np.ravel(x, order="C"), [A]), (np.ravel, [real()])],
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
    np.apply_along_axis: [
        (lambda x: np.apply_along_axis(np.sum, 1, x), [A]),
        (lambda x: np.apply_along_axis(lambda v, n: v[:n] * v[-1], 1, x, n=2), [CUBE]),
        (lambda x: np.apply_along_axis(lambda v: np.outer(v, v), -2, x), [CUBE]),
    ],
    np.apply_over_axes: [(lambda x: np.apply_over_axes(np.sum, x, [0, 2]), [CUBE]), (lambda x: np.apply_over_axes(np.mean, x, 1), [A])],
    np.astype: [(lambda x: np.astype(x, x.dtype), [A])],
    np.block: [
        (lambda x, y: np.block([[x, y], [y, x]]), [A, B]),
        (lambda x: np.block([[x, np.ones((2, 1), x.dtype)], [np.zeros((1, 4), x.dtype)]]), [A]),
        (lambda x, y: np.block([x, y]), [V, real()]),
        (np.block, [A]),
        (lambda x: np.block([[[x]], [[x]]]), [A]),
    ],
    np.choose: [
        (lambda x, y: np.choose([[0, 1, 0], [1, 1, 0]], [x, y]), [A, B]),
        (lambda x, y: np.choose([0, 2, 5], [x, y, 1.5], mode="clip"), [A, real(3)]),
        (lambda x: np.choose([1, 0, 1], x), [A]),
    ],
    np.compress: [
        (lambda x: np.compress([True, False, True], x, axis=1), [A]),
        (lambda x: np.compress([False, True], x, axis=0), [A]),
        (lambda x: np.compress([True, False, True, True], x), [A]),
    ],
    np.convolve: [
        (np.convolve, [V, real(3)]),
        (np.convolve, [real(2), V]),
        *[(lambda x, y, mode=mode: np.convolve(x, y, mode), [real(n), real(m)]) for mode in ("same", "valid") for n, m in ((4, 3), (2, 5), (5, 2), (3, 3))],
        (lambda x: np.convolve(x, [1.0, 2.0, 1.0], "same"), [V]),
        (np.convolve, [real(), V]),
    ],
    np.correlate: [
        *[(lambda x, y, mode=mode: np.correlate(x, y, mode), [real(n), real(m)]) for mode in ("full", "same", "valid") for n, m in ((4, 3), (2, 5), (5, 2), (3, 3))],
        (np.correlate, [V, real(2)]),
    ],
    np.corrcoef: [
        (np.corrcoef, [real(2, 5)]),
        (lambda x: np.corrcoef(x, rowvar=False), [real(4, 2)]),
        (np.corrcoef, [V, real(4)]),
        (np.corrcoef, [V]),
    ],
    np.cov: [
        (np.cov, [real(2, 5)]),
        (np.cov, [V]),
        (lambda x, y: np.cov(x, y, rowvar=False), [real(4, 2), real(4, 1)]),
        (np.cov, [V, real(4)]),
        (lambda x: np.cov(x, bias=True), [A]),
        (lambda x: np.cov(x, ddof=0, fweights=[1, 3, 2]), [A]),
        (lambda x, w: np.cov(x, aweights=w), [real(2, 4), np.abs(V)]),
        (lambda x, w: np.cov(x, fweights=[1, 2, 3, 1], aweights=w), [real(2, 4), np.abs(V)]),
        (lambda x: np.cov(x, dtype=x.dtype), [A]),
    ],
    np.cross: [
        (np.cross, [A, B]),
        (np.cross, [A, real(3)]),
        (lambda x, y: np.cross(x, y, axis=0), [real(3, 2), real(3, 2)]),
        (lambda x, y: np.cross(x, y, axisa=0, axisb=1, axisc=0), [real(3, 2), B]),
        (lambda x: np.cross(x, [1.0, 2.0, 3.0]), [A]),
    ],
    getattr(np, "cumulative_prod", None): [
        (np.cumulative_prod, [V]),
        (lambda x: np.cumulative_prod(x, axis=1, include_initial=True), [A]),
    ],
    getattr(np, "cumulative_sum", None): [
        (np.cumulative_sum, [V]),
        (lambda x: np.cumulative_sum(x, axis=0, include_initial=True), [A]),
        (lambda x: np.cumulative_sum(x, axis=-1, dtype=x.dtype), [CUBE]),
    ],
    np.delete: [
        (lambda x: np.delete(x, 1, axis=1), [A]),
        (lambda x: np.delete(x, [0, -1]), [A]),
        (lambda x: np.delete(x, slice(None, None, 2), 1), [A]),
        (lambda x: np.delete(x, np.array([True, False, False, True])), [V]),
    ],
    np.diagflat: [(np.diagflat, [A]), (lambda x: np.diagflat(x, 1), [V])],
    np.divmod: [(lambda x, y: np.divmod(x, y)[1], [A, np.abs(B)]), (lambda x: np.divmod(x, 0.43)[0] * x, [A]), (lambda x: np.divmod(2.5, x)[1], [np.abs(A)])],
    np.dsplit: [(lambda x: np.dsplit(x, 2)[1], [CUBE]), (lambda x: np.dsplit(x, [1])[1], [CUBE])],
    np.ediff1d: [(np.ediff1d, [A]), (lambda x, y: np.ediff1d(x, to_begin=y, to_end=y[:1]), [V, real(2)]), (np.ediff1d, [real(1)])],
    np.extract: [(lambda x: np.extract([[True, False, True], [False, False, True]], x), [A])],
    np.float_power: [(np.float_power, [np.abs(A), B]), (lambda x: np.float_power(x, 2), [A]), (lambda x: np.float_power(2.0, x), [A])],
    np.frexp: [(lambda x: np.frexp(x)[0], [A])],
    np.geomspace: [
        (lambda x, y: np.geomspace(x, y, 5), [np.array(1.5), np.array(4.0)]),
        (lambda x, y: np.geomspace(x, y, 3, endpoint=False, axis=1), [np.abs(V), 1 + np.abs(V)]),
    ],
    np.fabs: [(np.fabs, [A])],
    np.gradient: [
        (np.gradient, [V]),
        (lambda x: np.gradient(x, 0.5, axis=1), [real(2, 4)]),
        (lambda x: np.gradient(x, 2.0, 0.5)[0], [real(3, 4)]),
        (lambda x: np.gradient(x, 2.0, 0.5)[1], [real(3, 4)]),
        (lambda x: np.gradient(x, edge_order=2)[1], [real(3, 4)]),
        (lambda x: np.gradient(x, [0.0, 1.0, 1.5, 3.0], axis=0, edge_order=2), [real(4, 2)]),
        (np.gradient, [V, np.array([0.0, 1.0, 1.5, 3.0])]),
        (lambda x, h: np.gradient(x, h, edge_order=2), [V, np.array(0.7)]),
        (lambda x: np.gradient(x, axis=(1, 0))[1], [real(3, 4)]),
        (np.gradient, [real(2)]),
    ],
    np.insert: [
        (lambda x: np.insert(x, 1, 5.0), [A]),
        (lambda x, y: np.insert(x, 1, y, axis=1), [A, real(2)]),
        (lambda x, y: np.insert(x, [1], y, axis=1), [A, real(2, 1)]),
        (lambda x, y: np.insert(x, [0, 2, 2], y), [V, real(3)]),
        (lambda x, y: np.insert(x, [2, 0], y, axis=1), [A, real(2)]),
        (lambda x, y: np.insert(x, slice(2, 4), y), [V, real(2)]),
        (lambda x, y: np.insert(x, -1, y, axis=0), [A, real(3)]),
        (lambda x: np.insert(x, [], 1.0), [V]),
        (lambda y: np.insert([1.0, 2.0], 1, y), [V]),
        (lambda x: np.insert(x, np.array([True, False, True, False]), 1.0), [V]),
    ],
    np.interp: [
        (lambda x, p, f: np.interp(x, p, f), [np.array([-1.0, 0.3, 1.2, 2.9, 5.0]), np.array([0.0, 1.0, 2.5, 4.0]), V]),
        (lambda x, f: np.interp(x, [0.0, 1.0, 2.0], f, left=-1.0, right=7.0), [np.array([[-1.0, 0.3], [1.6, 3.0]]), real(3)]),
        (lambda x, f: np.interp(x, [0.5, 2.0, 1.0], f, period=3.0), [np.array([-1.3, 0.1, 0.7, 1.5, 2.9, 7.7]), real(3)]),
        (lambda f: np.interp([0.0, 0.5, 1.0], [0.0, 1.0], f), [real(2)]),
        (lambda f: np.interp(0.5, [1.0], f), [real(1)]),
        (lambda x: np.interp(x, [0.0, 1.0, 2.0], [1.0, 3.0, 2.0]), [np.array(1.3)]),
    ],
    np.kron: [(np.kron, [A, real(2, 2)]), (np.kron, [V, A]), (np.kron, [CUBE, real(2)]), (np.kron, [real(), A]), (lambda x: np.kron(np.eye(2, dtype=x.dtype), x), [A])],
    np.linspace: [
        (lambda x, y: np.linspace(x, y, 5), [real(), real()]),
        (lambda x: np.linspace(0.0, x, 4, endpoint=False), [real()]),
        (lambda x, y: np.linspace(x, y, 3, axis=-1), [V, real(4)]),
        (lambda x: np.linspace(x, 1.0, 3, retstep=True)[1], [real()]),
        (lambda x: np.linspace(x, 1.0, 1), [real()]),
    ],
    np.logspace: [(lambda x: np.logspace(x, 1.0, 3), [real()]), (lambda x, y: np.logspace(x, y, 4, base=2.0, endpoint=False), [real(), real()])],
    getattr(np, "matvec", None): [(np.matvec, [A, real(3)]), (np.matvec, [CUBE, V])],
    np.median: [
        (np.median, [V]),
        (np.median, [real(5)]),
        (lambda x: np.median(x, axis=0), [CUBE]),
        (lambda x: np.median(x, axis=(0, -1), keepdims=True), [CUBE]),
        (lambda x: np.median(x, 1, None, False, True), [A]),
        (np.median, [real()]),
        (lambda x: np.median(x, axis=None, keepdims=True), [A]),
    ],
    np.meshgrid: [
        (lambda x, y: np.multiply(*np.meshgrid(x, y)), [V, real(3)]),
        (lambda x, y: np.meshgrid(x, y, indexing="ij")[1] * x[0], [V, real(3)]),
        (lambda x, y: np.meshgrid(x, y, sparse=True)[1] * x[0], [V, real(3)]),
        (lambda x, y: np.meshgrid(x, [1.0, 2.0], y)[2] * x[0], [V, real(3)]),
        (lambda x: np.meshgrid(x)[0], [V]),
    ],
    np.modf: [(lambda x: np.modf(x)[0], [A]), (lambda x: np.modf(x)[1] * x, [A])],
    np.nan_to_num: [
        (np.nan_to_num, [A]),
        (lambda x: np.nan_to_num(x / x * np.array([1.0, np.nan, np.inf, -np.inf], x.dtype), nan=2.0, posinf=3.0, neginf=-4.0) * x, [V]),
    ],
    np.nancumprod: [(lambda x: np.nancumprod(gaps(x)), [A]), (lambda x: np.nancumprod(gaps(x), axis=1), [A])],
    np.nancumsum: [(lambda x: np.nancumsum(gaps(x)), [A]), (lambda x: np.nancumsum(gaps(x), axis=0), [A])],
    np.nanmax: [(lambda x: np.nanmax(gaps(x)), [A]), (lambda x: np.nanmax(gaps(x), axis=1, keepdims=True), [A])],
    np.nanmean: [(lambda x: np.nanmean(gaps(x)), [A]), (lambda x: np.nanmean(gaps(x), axis=0), [A]), (lambda x: np.nanmean(gaps(x), axis=1, where=[True, True, False]), [A])],
    np.nanmedian: [(lambda x: np.nanmedian(gaps(x)), [A]), (lambda x: np.nanmedian(gaps(x), axis=1), [CUBE]), (lambda x: np.nanmedian(gaps(x), axis=(0, 2), keepdims=True), [CUBE])],
    np.nanmin: [(lambda x: np.nanmin(gaps(x)), [A]), (lambda x: np.nanmin(gaps(x), axis=0), [A])],
    np.nanpercentile: [(lambda x: np.nanpercentile(gaps(x), 30), [A]), (lambda x: np.nanpercentile(gaps(x), [10, 80], axis=1), [CUBE])],
    np.nanprod: [(lambda x: np.nanprod(gaps(x)), [A]), (lambda x: np.nanprod(gaps(x), axis=1, initial=2.0), [A])],
    np.nanquantile: [(lambda x: np.nanquantile(gaps(x), 0.3, method="hazen"), [A]), (lambda x: np.nanquantile(gaps(x), [0.1, 0.9], axis=(0, 1), keepdims=True), [CUBE])],
    np.nanstd: [(lambda x: np.nanstd(gaps(x)), [A]), (lambda x: np.nanstd(gaps(x), axis=1, ddof=1), [CUBE]), (lambda x: np.nanstd(gaps(x), correction=1), [A])],
    np.nansum: [(lambda x: np.nansum(gaps(x)), [A]), (lambda x: np.nansum(gaps(x), axis=1, keepdims=True), [A]), (lambda x: np.nansum(gaps(x), initial=2.0, dtype=x.dtype), [A])],
    np.nanvar: [(lambda x: np.nanvar(gaps(x)), [A]), (lambda x: np.nanvar(gaps(x), axis=0, keepdims=True), [CUBE]), (lambda x: np.nanvar(gaps(x), correction=1), [A])],
    np.partition: [(lambda x: np.partition(x, 1), [V]), (lambda x: np.partition(x, [0, 1], axis=0), [real(3, 2)]), (lambda x: np.partition(x, 2, axis=None), [A])],
    np.percentile: [
        (lambda x: np.percentile(x, 40), [V]),
        (lambda x: np.percentile(x, [10, 50, 100], axis=1), [CUBE]),
        (lambda x: np.percentile(x, 75, axis=(0, 1), keepdims=True), [CUBE]),
        (lambda x: np.percentile(x, 30, 0, None, False, "midpoint"), [A]),
    ],
    np.piecewise: [
        (lambda x: np.piecewise(x, [x < 0, x >= 0], [lambda v: v * v, lambda v: 3 * v]), [A]),
        (lambda x: np.piecewise(x, [x < 0], [np.sin, 2.0]), [A]),
        (lambda x: np.piecewise(x, [x < 1, x < 0], [np.sin, np.exp]), [A]),
        (lambda x: np.piecewise(x, x > 0, [lambda v, k, p: k * v**p, lambda v, k, p: k + p * v], 3.0, p=2), [V]),
        (lambda x: np.piecewise(x, [x > 9], [np.sin, 1.0]), [V]),
        (lambda x: np.piecewise(x, [x > 0, x <= 0], [np.exp, np.sin]), [real()]),
    ],
    np.poly: [(np.poly, [real(3)]), (np.poly, [real(1)])],
    np.polyadd: [(np.polyadd, [V, real(2)]), (lambda x: np.polyadd([1.0, 2.0], x), [real(3)]), (np.polyadd, [real(), V])],
    np.polyder: [(np.polyder, [V]), (lambda x: np.polyder(x, 2), [V]), (lambda x: np.polyder(x, 0), [V])],
    np.polydiv: [
        (lambda x, y: np.polydiv(x, y)[0], [V, real(2)]),
        (lambda x, y: np.polydiv(x, y)[1] * y[0], [V, real(3)]),
        (lambda x: np.polydiv(x, [1.0, 2.0])[1], [V]),
        (lambda x, y: np.polydiv(x, y)[1] * y[0], [real(2), V]),
    ],
    np.polyint: [(np.polyint, [V]), (lambda x, k: np.polyint(x, 2, k), [V, real(2)]), (lambda x: np.polyint(x, m=2, k=3.0), [V])],
    np.polymul: [(np.polymul, [V, real(3)]), (lambda x: np.polymul([0.0, 1.0, 2.0], x), [V])],
    np.polysub: [(np.polysub, [V, real(2)]), (lambda x: np.polysub([1.0, 2.0], x), [real(3)])],
    np.polyval: [(np.polyval, [V, A]), (lambda x: np.polyval([1.0, 2.0, 3.0], x), [A]), (lambda p: np.polyval(p, [1.0, 2.0]), [V]), (np.polyval, [V, real()])],
    np.quantile: [
        *[(lambda x, method=method: np.quantile(x, 0.37, method=method), [real(6)]) for method in METHODS_OF_QUANTILES],
        *[(lambda x, method=method: np.quantile(x, [0.2, 0.75], axis=1, method=method), [A]) for method in METHODS_OF_QUANTILES],
        (lambda x: np.quantile(x, [[0.1, 0.5], [0.7, 1.0]], axis=(0, 2)), [CUBE]),
        (lambda x: np.quantile(x, 0.0, axis=-1, keepdims=True), [A]),
        (lambda x: np.quantile(x, np.zeros(0)), [A]),
    ],
    np.real_if_close: [(np.real_if_close, [A])],
    np.resize: [(lambda x: np.resize(x, (3, 4)), [A]), (lambda x: np.resize(x, 3), [V])],
    np.rollaxis: [(lambda x: np.rollaxis(x, 2), [CUBE]), (lambda x: np.rollaxis(x, 0, 3), [CUBE]), (lambda x: np.rollaxis(x, -1, -2), [CUBE])],
    np.select: [
        (lambda x, y: np.select([x > 0.5, x < -0.5], [x * y, y], default=1.0), [A, B]),
        (lambda x: np.select([[True, False, False, True]], [x]), [V]),
        (lambda x, y: np.select([x > 0], [x], y), [A, B]),
    ],
    np.sort: [(lambda x: np.sort(x, axis=None), [A]), (lambda x: np.sort(x, 0, "heapsort"), [A]), (lambda x: np.sort(x, stable=True), [A])],
    np.take_along_axis: [
        (lambda x: np.take_along_axis(x, np.argsort(x, axis=1), axis=1), [A]),
        (lambda x: np.take_along_axis(x, np.array([[0, 0, -1]]), 0), [A]),
        (lambda x: np.take_along_axis(x, np.array([[[1, 1]]]), -1), [CUBE]),
        (lambda x: np.take_along_axis(x, np.array([5, 0, 0]), None), [A]),
        (lambda x: np.take_along_axis(x, np.zeros((2, 4), int), 1), [real(1, 3)]),
    ],
    np.trapezoid: [
        (np.trapezoid, [V]),
        (lambda y, x: np.trapezoid(y, x), [V, real(4)]),
        (lambda y, x: np.trapezoid(y, x, axis=0), [real(3, 2), real(3)]),
        (lambda y, x: np.trapezoid(y, x, axis=1), [A, B]),
        (lambda y: np.trapezoid(y, dx=0.5, axis=1), [CUBE]),
    ],
    np.trim_zeros: [(lambda x: np.trim_zeros(np.concatenate([[0.0], x, [0.0, 0.0]])), [V]), (lambda x: np.trim_zeros(np.pad(x, 1), "b"), [V]), (lambda x: np.trim_zeros(0 * x), [V])],
    np.unique: [(np.unique, [A]), (lambda x: np.unique(np.concatenate([x, x]), return_counts=True)[0], [V])],
    np.unwrap: [(np.unwrap, [4 * V]), (lambda x: np.unwrap(x, axis=0, period=1.5), [A]), (lambda x: np.unwrap(x, 3.5), [4 * V])],
    np.vander: [(np.vander, [V]), (lambda x: np.vander(x, 3, increasing=True), [V])],
    getattr(np, "vecmat", None): [(np.vecmat, [real(2), A]), (np.vecmat, [real(2, 3), CUBE])],
    np.copyto: [
        (lambda x, y: written(np.copyto, x, y), [A, B]), (lambda x, y: written(np.copyto, x, y, where=B > 0), [A, real(3)]),
        (lambda x, y: written(np.copyto, x, y, "unsafe"), [CUBE, real()]),
    ],
    np.put: [
        (lambda x, v: written(np.put, x, [0, -1, 0], v), [A, real(3)]), (lambda x, v: written(np.put, x, [[1, 2], [4, 5]], v), [A, real(3)]),
        (lambda x, v: written(np.put, x, [99, 1, 4], v, mode="clip"), [A, real()]), (lambda x, v: written(np.put, x, [99, -9], v, "wrap"), [A, real(2)]),
        (lambda x, v: written(np.put, x, [1], v) * np.sum(v), [A, real(0)]),
    ],
    np.putmask: [(lambda x, v: written(np.putmask, x, B > 0, v), [A, real(2)]), (lambda x, v: written(np.putmask, x, B > 0, v), [A, B])],
    np.place: [(lambda x, v: written(np.place, x, B > 0, v), [A, real(2)]), (lambda x, v: written(np.place, x, B > 9, v) * np.sum(v), [A, real(2)])],
    np.put_along_axis: [
        (lambda x, v: written(np.put_along_axis, x, np.argsort(B, 1)[:, :2], v, 1), [A, real(2, 1)]),
        (lambda x, v: written(np.put_along_axis, x, np.array([[1, 0, 1]]), v, 0), [A, real()]),
        (lambda x, v: written(np.put_along_axis, x, np.array([1, 5]), v, None), [A, real()]),
    ],
    np.fill_diagonal: [
        (lambda x, v: written(np.fill_diagonal, x, v), [A, real()]), (lambda x, v: written(np.fill_diagonal, x, v, wrap=True), [real(5, 2), real(3)]),
    ],
    np.where: [
        (lambda x, y: np.where(np.sin(np.arange(3)) > 0.5, x, y), [A, B]),
        (lambda x: np.where([True, False, True], x, 0.0), [A]),
        (lambda x: np.where(np.True_, 1.0, x), [A]),
        (lambda x: np.where(np.array([[True, False], [False, True]]).T[:, ::-1], x, 2.0), [A[:, :2]]),
    ],
}  # fmt: skip
SAMPLES.pop(None, None)  # NumPy 2.0 has no unstack, no cumulative_sum and no matvec

CASES = [
    pytest.param(call, arrays, id=f"{function.__name__}-{i}")
    for function, samples in SAMPLES.items()
    for i, (call, arrays) in enumerate(samples)
]
NOT_FOR_COMPLEX = {
    "clip-6": "a bound is the real part of an element, so that the imaginary part decides",
    "nan_to_num-1": "infinity times a complex number is NaN, with a warning",
}


def test_every_composite_has_samples() -> None:
    """Those of ``numpy.linalg``, ``numpy.fft`` and SciPy have theirs elsewhere."""
    homes = {f.__name__: getattr(f, "__module__", "scipy") for f in COMPOSITES}
    ours = {name for name, home in homes.items() if not str(home).startswith(("numpy.linalg", "numpy.fft", "scipy"))}
    assert ours - {f.__name__ for f in SAMPLES} == set()


@pytest.mark.parametrize(("call", "arrays"), CASES)
def test_composite(call: Call, arrays: list[Any]) -> None:
    xs = [Tensor(a) for a in arrays]
    y, expected = call(*xs), np.asarray(call(*arrays))
    assert isinstance(y, Tensor)
    assert y.shape == expected.shape
    np.testing.assert_allclose(y.data, expected, rtol=1e-13, atol=1e-14)
    y.backward(weights(y))
    for i, x in enumerate(xs):
        slope = differences(at(lambda *a: float(total(call(*a))), arrays, i), x.data)
        np.testing.assert_allclose(x.grad, slope, rtol=1e-6, atol=1e-8)


@pytest.mark.parametrize(("call", "arrays"), [case for case in CASES if case.id not in NOT_FOR_COMPLEX])
def test_composite_of_complex_numbers(call: Call, arrays: list[Any]) -> None:
    """It gives what NumPy gives, with right derivatives; or it refuses, as NumPy does."""
    arrays = [complex_too(np.asarray(x, dtype=float)) for x in arrays]
    try:
        expected = np.asarray(call(*arrays))
    except (TypeError, ValueError, np.exceptions.ComplexWarning):
        with pytest.raises((TypeError, ValueError)):
            call(*map(Tensor, arrays))
        return
    y = call(*map(Tensor, arrays))
    assert (y.shape, y.dtype) == (expected.shape, expected.dtype)
    np.testing.assert_allclose(y.data, expected, rtol=1e-13, atol=1e-14)
    check_grads(call, *arrays, rtol=1e-5, atol=1e-5)


def weighted_gradients(call: Call, xs: list[Any]) -> Any:
    """The first derivatives of the result as one number, recorded."""
    y = call(*xs)
    first = pullback(y, Tensor(weights(y), requires_grad=False), xs, record=True)
    return sum(total(first[x]) for x in xs if x in first)


@pytest.mark.parametrize(("call", "arrays"), CASES)
def test_second_derivative_of_composite(call: Call, arrays: list[Any]) -> None:
    xs = [Tensor(a) for a in arrays]
    second = pullback(weighted_gradients(call, xs), np.ones(()), xs)
    for i, x in enumerate(xs):
        slope = differences(at(lambda *a: weighted_gradients(call, list(map(Tensor, a))).item(), arrays, i), x.data)
        np.testing.assert_allclose(second.get(x, np.zeros(x.shape)), slope, rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(("call", "arrays"), CASES)
def test_composite_keeps_float32(call: Call, arrays: list[Any]) -> None:
    singles = [np.asarray(a, dtype=np.float32) for a in arrays]
    assert call(*[Tensor(a) for a in singles]).dtype == np.asarray(call(*singles)).dtype


# Reductions over some elements, and those that are methods of universal functions.

MASK = np.array([[True, False, True], [True, True, False]])
EXACT: list[Call] = [
    lambda x: np.sum(x, where=MASK), lambda x: np.sum(x, axis=1, initial=2.5), lambda x: x.sum(0, where=MASK, initial=1.0),
    lambda x: np.prod(x, axis=0, where=MASK), lambda x: np.prod(x, initial=2.0, keepdims=True), lambda x: x.prod(1, where=MASK),
    lambda x: np.max(x, where=MASK, initial=-9.0), lambda x: np.max(x, axis=1, initial=0.1), lambda x: x.min(0, initial=0.1),
    lambda x: np.min(x, axis=1, where=MASK, initial=np.inf, keepdims=True), lambda x: np.mean(x, where=MASK),
    lambda x: np.mean(x, axis=1, where=[True, False, True]), lambda x: np.var(x, where=MASK), lambda x: x.std(where=MASK),
    lambda x: np.var(x, axis=1, ddof=1, where=MASK, keepdims=True), lambda x: np.std(x, axis=0, where=[[True], [True]]),
    lambda x: np.add.reduce(x), lambda x: np.add.reduce(x, axis=None), lambda x: np.multiply.reduce(x, axis=1, keepdims=True),
    lambda x: np.maximum.reduce(x, axis=(0, 1)), lambda x: np.minimum.reduce(x), lambda x: np.add.accumulate(x),
    lambda x: np.multiply.accumulate(x, axis=1), lambda x: np.subtract.outer(x, [1.0, 2.0]), lambda x: np.multiply.outer(x, x),
    lambda x: np.add.outer(2.0, x), lambda x: np.hypot.outer([1.0, 2.0], x), lambda x: np.fix(x) * x,
]  # fmt: skip


@pytest.mark.parametrize("call", EXACT)
def test_some_elements_and_methods_of_universal_functions(call: Call) -> None:
    test_composite(call, [A])
    test_second_derivative_of_composite(call, [A])
    test_composite_keeps_float32(call, [A])


def test_largest_of_nothing_and_something() -> None:
    assert np.max(Tensor(np.zeros((0, 2))), axis=0, initial=1.5).tolist() == [1.5, 1.5]


# Kinks and gaps: the published conventions.

CONVENTIONS: list[tuple[str, Call, list[Any], list[Any]]] = [
    ("equal elements keep their order", lambda x: np.sort(x) * [1.0, 2.0, 3.0], [2.0, 1.0, 2.0], [2.0, 1.0, 3.0]),
    ("the first of equals is in the middle", lambda x: np.median(x), [1.0, 1.0, 1.0], [0.0, 1.0, 0.0]),
    ("a quantile at an element", lambda x: np.quantile(x, 0.5), [3.0, 1.0, 2.0], [0.0, 0.0, 1.0]),
    ("a NaN is the median", lambda x: np.median(x), [1.0, np.nan, 2.0], [0.0, 1.0, 0.0]),
    ("ties of the largest number", np.nanmax, [3.0, np.nan, 3.0, 1.0], [0.5, 0.0, 0.5, 0.0]),
    ("no number", lambda x: np.nanmax(x), [np.nan, np.nan], [0.0, 0.0]),
    ("NaN passes nothing", lambda x: np.nansum(x * x), [np.nan, 2.0], [0.0, 4.0]),
    ("deviation of a constant", np.nanstd, [2.0, np.nan, 2.0], [0.0, 0.0, 0.0]),
    ("infinities pass nothing", np.nan_to_num, [np.inf, -np.inf, np.nan, 1.0], [0.0, 0.0, 0.0, 1.0]),
    ("running product of zeros", np.cumprod, [2.0, 0.0, 3.0, 0.0], [1.0, 8.0, 0.0, 0.0]),
    ("sinc at 0", np.sinc, [0.0], [0.0]),
    ("step", lambda x: np.heaviside(x, 0.5), [-1.0, 0.0, 1.0], [0.0, 0.0, 0.0]),
    ("the value of a step at 0", lambda h: np.heaviside([-1.0, 0.0, 1.0], h), [0.5, 0.5, 0.5], [0.0, 1.0, 0.0]),
    ("sign of 0", lambda x: np.copysign(x, [1.0, -1.0, -1.0]), [0.0, 2.0, -2.0], [0.0, -1.0, 1.0]),
    ("corners of a polygon", lambda x: np.interp(x, [0.0, 1.0, 2.0], [0.0, 1.0, 5.0]), [0.0, 1.0, 2.0, -1.0, 3.0], [1.0, 4.0, 4.0, 0.0, 0.0]),
    ("infinity is whole", lambda x: np.modf(x)[0], [np.inf, 1.5], [1.0, 1.0]),
    ("the first of each", lambda x: np.unique(x) * [1.0, 2.0], [3.0, 1.0, 3.0], [2.0, 1.0, 0.0]),
]  # fmt: skip


@pytest.mark.parametrize(("call", "at", "expected"), [pytest.param(*case[1:], id=case[0]) for case in CONVENTIONS])
@pytest.mark.filterwarnings("ignore:All-NaN slice:RuntimeWarning")  # as NumPy says of an array
def test_conventions(call: Call, at: list[Any], expected: list[Any]) -> None:
    x = Tensor(at)
    y = call(x)
    np.testing.assert_array_equal(y.data, call(np.array(at)))
    np.sum(y).backward()
    np.testing.assert_allclose(x.grad, expected, rtol=1e-15)


def test_curvature_of_sinc_at_0() -> None:
    x = Tensor([0.0, 1e-9])
    y: Any = np.sinc(x)
    first = pullback(y, Tensor(np.ones(2), requires_grad=False), [x], record=True)[x]
    second = pullback(first, np.ones(2), [x])[x]
    np.testing.assert_allclose(second, [-(np.pi**2) / 3] * 2, rtol=1e-14)


def test_slope_of_i0_far_out() -> None:
    """From the recurrences of the Bessel functions, I0'' = I0 - I0' / x."""
    x = Tensor(np.array([0.5, 30.0, 300.0, 650.0]))
    y: Any = np.i0(x)
    first = pullback(y, Tensor(np.ones(4), requires_grad=False), [x], record=True)[x]
    second = pullback(first, np.ones(4), [x])[x]
    np.testing.assert_allclose(second, np.i0(x.data) - first.data / x.data, rtol=1e-13)


EMPTY: list[Call] = [
    np.sort, np.cumprod, np.nansum, np.nanprod, np.nancumsum, np.nancumprod, np.nan_to_num, np.sinc, np.i0, np.diff, np.ediff1d,
    np.trapezoid, np.unwrap, np.diagflat, np.polyint, np.unique, lambda x: np.resize(x, 3),
    lambda x: np.insert(x, 0, 2.0), lambda x: np.delete(x, []), lambda x: np.kron(x, [1.0, 2.0]), lambda x: np.polyval([1.0, 2.0], x),
    lambda x: np.interp(x, [0.0, 1.0], [0.0, 1.0]), lambda x: np.piecewise(x, [x > 0], [np.sin]), lambda x: np.select([x > 0], [x]),
    lambda x: np.nansum(x.reshape(0, 3), axis=0), lambda x: np.trim_zeros(x),
]  # fmt: skip


@pytest.mark.parametrize("call", EMPTY)
def test_nothing_at_all(call: Call) -> None:
    x = Tensor(np.zeros(0))
    y, expected = call(x), call(np.zeros(0))
    np.testing.assert_array_equal(y.data, expected)
    assert pullback(y, np.ones_like(expected), [x]).get(x, np.zeros(0)).shape == (0,)


# Where NumPy's arguments cannot be followed, an error says so.

WRONG: Any = "wrong"
REFUSED: list[tuple[str, Call, type[Exception], list[str]]] = [
    ("gradient of q", lambda x: np.quantile([1.0, 2.0], x[0]), errors.NoRuleError, ["np.quantile(..., q=t)", "q=t.data"]),
    ("gradient of a percentage", lambda x: np.percentile(x, [x[0]]), errors.NoRuleError, ["np.percentile(..., q=t)"]),
    ("weights of a quantile", lambda x: np.quantile(x, 0.5, weights=x, method="inverted_cdf"), errors.NoRuleError, ["weights="]),
    ("writing into a leaf", lambda x: np.put(x, 0, 1.0), errors.MutationError, ["t[index] = value", "t = t.copy()"]),
    ("copying into a leaf", lambda x: np.copyto(x, np.zeros(3)), errors.MutationError, ["(3,)"]),
    ("copying into an array", lambda x: np.copyto(np.zeros(3), x), errors.MutationError, ["np.copyto(array, t)", "(3,)", "Tensor(array, requires_grad=False)"]),
    ("copying to another dtype", lambda x: np.copyto(x.astype(np.float32), x.astype(np.longdouble), casting="safe"), errors.ArgumentError, ["float32", "safe", "x.astype(t.dtype)"]),
    ("putting too far", lambda x: np.put(x * 1, 3, 1.0), errors.PlaceError, ["put", "index 3"]),
    ("weights of a histogram", lambda x: np.histogram2d([1.0], [1.0], weights=x[:1]), errors.NoRuleError, ["weights=t"]),
    ("cross product of two", lambda x: np.cross(x[:2], x[:2]), errors.ArgumentError, ["three elements", "a[..., 0] * b[..., 1]"]),
    ("modes of convolution", lambda x: np.convolve(x, x, WRONG), errors.ArgumentError, ["'wrong'", "'same'"]),
    ("choices without conditions", lambda x: np.select([], [x]), errors.ArgumentError, ["0 and 1"]),
    ("functions without conditions", lambda x: np.piecewise(x, [x > 0], [1.0, 2.0, 3.0]), errors.ArgumentError, ["1 conditions and 3 functions"]),
    ("positions in one row", lambda x: np.take_along_axis(x, np.array([[0]]), 0), errors.ArgumentError, ["1 axes", "np.take(t, indices, axis)"]),
    ("points of a polygon", lambda x: np.interp(0.5, x, x[:2]), errors.ArgumentError, ["(3,) and (2,)"]),
    ("spacings", lambda x: np.gradient(x, 1.0, 2.0), errors.ArgumentError, ["2 spacings for 1 axes"]),
    ("a slope of one", lambda x: np.gradient(x[:1]), errors.ArgumentError, ["at least 2", "np.zeros_like(f)"]),
    ("places of another length", lambda x: np.gradient(x, [0.0, 1.0]), errors.ArgumentError, ["or 3 places", "(2,)"]),
    ("differences", lambda x: np.diff(x, -1), errors.ArgumentError, ["n=-1"]),
    ("blocks", lambda x: np.block([[x], x]), errors.ArgumentError, ["same number of lists", "[0, 1]"]),
    ("rows of nothing", lambda x: np.apply_along_axis(np.sum, 0, x.reshape(3, 1)[:, :0]), errors.ArgumentError, ["at least one row"]),
    ("kind of grid", lambda x: np.meshgrid(x, x, indexing=WRONG), errors.ArgumentError, ["'wrong'", "'ij'"]),
    ("zeros of a matrix", lambda x: np.poly(x[:, None]), errors.ArgumentError, ["a vector of zeros", "eigvalsh"]),
    ("derivatives", lambda x: np.polyder(x, -1), errors.ArgumentError, ["m=-1", "np.polyint"]),
    ("integrals", lambda x: np.polyint(x, -1), errors.ArgumentError, ["m=-1", "np.polyder"]),
    ("constants", lambda x: np.polyint(x, 2, [1.0, 2.0, 3.0]), errors.ArgumentError, ["one constant, or 2"]),
    ("options of padding", lambda x: np.pad(x, 1, "edge", stat_length=2), errors.NoRuleError, ["np.pad", "stat_length="]),
    ("a running sum of a matrix", lambda x: np.cumulative_sum(x[:, None]), errors.ArgumentError, ["np.cumulative_sum", "axis=0"]),
    ("options of an array", lambda x: anp.array([x], ndmax=1), errors.NoRuleError, ["np.array", "ndmax="]),
]  # fmt: skip


@pytest.mark.parametrize(("call", "kind", "parts"), [pytest.param(*case[1:], id=case[0]) for case in REFUSED])
def test_refused(call: Call, kind: type[Exception], parts: list[str]) -> None:
    if "running sum" in str(parts) and not hasattr(np, "cumulative_sum"):
        return
    with pytest.raises(kind) as raised:
        call(Tensor([1.0, 2.0, 3.0]))
    for part in [*parts, "expected:", "got:", "cure:"]:
        assert part in str(raised.value)


# autograd.numpy makes arrays of Tensors.

MADE: list[Call] = [
    lambda x, y: anp.array([x, y]), lambda x, y: anp.array([[x, 1.0], [2.0, y]]), lambda x, y: anp.array(x),
    lambda x, y: anp.array([x, y], ndmin=2), lambda x, y: anp.array((x, y), dtype=np.float32), lambda x, y: anp.asarray([x, [y, y]][1]),
    lambda x, y: anp.asarray([x, y], dtype=np.float64), lambda x, y: anp.asarray(x), lambda x, y: anp.full((2, 3), x),
    lambda x, y: anp.full(2, [x, y], dtype=np.float32), lambda x, y: anp.array([anp.array([x, y]), [0.0, x]]), lambda x, y: anp.sin(x),
]  # fmt: skip


@pytest.mark.parametrize("made", MADE)
def test_arrays_of_tensors(made: Call) -> None:
    x, y = Tensor(2.0), Tensor(3.0)
    got, expected = made(x, y), np.asarray(made(2.0, 3.0))
    assert isinstance(got, Tensor)
    assert (got.shape, got.dtype) == (expected.shape, expected.dtype)
    np.testing.assert_array_equal(got.data, expected)
    w = weights(got)
    got.backward(w.astype(got.dtype))
    for node, slope in ((x, (made(2.5, 3.0) - made(1.5, 3.0))), (y, made(2.0, 3.5) - made(2.0, 2.5))):
        np.testing.assert_allclose(0.0 if node.grad is None else node.grad, np.sum(w * slope), rtol=0.05, atol=1e-6)


def test_arrays_without_tensors_are_plain() -> None:
    assert all(type(x) is np.ndarray for x in (anp.array([1.0]), anp.asarray([1.0]), anp.full(2, 1.0), anp.zeros(2)))


def test_array_is_a_copy() -> None:
    x = Tensor([1.0])
    assert anp.array(x) is not x
    assert anp.asarray(x) is x


# Functions without a gradient answer with plain arrays.

QUESTIONS: list[Call] = [
    np.all, np.any, np.argmax, np.argmin, np.argsort, np.argwhere, np.count_nonzero, np.flatnonzero, np.isreal,
    np.ndim, np.nonzero, np.ones_like, np.shape, np.size, np.zeros_like, np.isnan, np.signbit,
    np.array_str, np.result_type, lambda x: np.full_like(x, 3.0), lambda x: np.isclose(x, 1.0),
    lambda x: np.allclose(x, x), lambda x: np.searchsorted([0.0, 1.0], x), lambda x: np.digitize(x, [0.0, 1.0]),
    lambda x: np.histogram(x, 3)[0], lambda x: np.nanargmax(x, axis=1), lambda x: np.argpartition(x, 1), np.isposinf, np.common_type,
    lambda x: np.histogram_bin_edges(x, 3), lambda x: np.histogram2d(x[0], x[1], 2)[0], lambda x: np.lexsort(x),
    lambda x: np.frexp(x)[1], np.triu_indices_from, lambda x: np.where(x > 0), lambda x: np.isin(x, [1.0]), lambda x: x > 0,
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
