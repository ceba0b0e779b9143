"""No NaN from a path that was not taken, and no wrong number at a singular point.

Each probe is a function at a point where some step has an infinite derivative, or none, although the function has one;
with the derivatives that it has there, found on paper. All modes have to give them.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import TABLE, Tensor, Value, checkpoint, grad, hessian, jvp, vjp, vmap
from autograd.graph import pullback

from .differences import differences

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")  # NumPy's, from the paths that are not taken

inf = math.inf
logsumexp = TABLE["logsumexp"]


class Probe(NamedTuple):
    """What is differentiated, where, and what comes out.

    Attributes:
        why: the reason for the derivatives.
        f: the function; the elements of its result are summed.
        x: the point.
        first: the gradient.
        second: the Hessian, or its diagonal if all else is 0; ``None`` where there is none.
    """

    why: str
    f: Callable[[Any], Any]
    x: Any
    first: Any
    second: Any


def first_of(y: Any) -> Any:
    """The first element of a result; the others are not taken."""
    mask = np.zeros(np.shape(y), dtype=bool)
    mask.flat[0] = True
    return np.where(mask, y, 0.0)


# ruff: noqa: E501 -- a probe is read across, like a line of a table
PROBES: dict[str, Probe] = {
    # where, and its kin.
    "where sqrt": Probe("sqrt counts above 0 only", lambda x: np.where(x > 0, np.sqrt(x), x), [-1, 0, 4], [1, 1, 1 / 4], [0, 0, -1 / 32]),
    "where log": Probe("log counts above 0 only", lambda x: np.where(x > 0, np.log(x), x), [-1, 0, 4], [1, 1, 1 / 4], [0, 0, -1 / 16]),
    "where 1/x": Probe("the quotient counts off 0", lambda x: np.where(x != 0, 1 / x, x), [0, 2], [1, -1 / 4], [0, 1 / 4]),
    "where x/x": Probe("0 / 0 is not taken", lambda x: np.where(x != 0, x / x, 1.0), [0, 2], [0, 0], [0, 0]),
    "where sin(x)/x": Probe("0 / 0 is not taken", lambda x: np.where(x != 0, np.sin(x) / x, 1.0), [0, math.pi], [0, -1 / math.pi], [0, 2 / math.pi**2]),
    "where x log x": Probe("the product meets -inf", lambda x: np.where(x > 0, x * np.log(x), 0.0), [0, 1], [0, 1], [0, 1]),
    "where x log y": Probe("xlogy is 0 at x = 0", lambda x: np.where(x[0] == 0, 0.0, x[0] * np.log(x[1])), [0, 0], [0, 0], [0, 0]),
    "where x**0.5": Probe("the root counts above 0", lambda x: np.where(x > 0, x**0.5, x), [0, 4], [1, 1 / 4], [0, -1 / 32]),
    "where x**-0.5": Probe("the power counts above 0", lambda x: np.where(x > 0, x**-0.5, x), [0, 4], [1, -1 / 16], [0, 3 / 128]),
    "where x**-2": Probe("the power counts off 0", lambda x: np.where(x != 0, x**-2, x), [0, 2], [1, -1 / 4], [0, 3 / 8]),
    "where (-1)**0.5": Probe("the power of -1 is not taken", lambda x: np.where(x > 0, x**1.5, x), [-1, 4], [1, 3], [0, 3 / 8]),
    "where x**y in y": Probe("log(-1) is not taken", lambda y: np.where(y > 2, np.power(-1.0, y), y), [0.5, 1], [1, 1], [0, 0]),
    "where cbrt": Probe("the root counts off 0", lambda x: np.where(x != 0, np.cbrt(x), x), [0, 8], [1, 1 / 12], [0, -1 / 144]),
    "where reciprocal": Probe("the reciprocal counts off 0", lambda x: np.where(x != 0, np.reciprocal(x), x), [0, 2], [1, -1 / 4], [0, 1 / 4]),
    "where arccos": Probe("arccos counts inside", lambda x: np.where(abs(x) < 1, np.arccos(x), 0.0), [1, -1, 2, 0], [0, 0, 0, -1], [0, 0, 0, 0]),
    "where arcsin": Probe("arcsin counts inside", lambda x: np.where(abs(x) < 1, np.arcsin(x), 0.0), [1, -1, 2, 0], [0, 0, 0, 1], [0, 0, 0, 0]),
    "where arctanh": Probe("arctanh counts inside", lambda x: np.where(abs(x) < 1, np.arctanh(x), 0.0), [1, 2, 0.5], [0, 0, 4 / 3], [0, 0, 16 / 9]),
    "where arccosh": Probe("arccosh counts above 1", lambda x: np.where(x > 1, np.arccosh(x), x), [1, 0, math.sqrt(2)], [1, 1, 1], [0, 0, -math.sqrt(2)]),
    "where log1p": Probe("log1p counts above -1", lambda x: np.where(x > -1, np.log1p(x), x), [-1, -2, 0], [1, 1, 1], [0, 0, -1]),
    "where log2": Probe("log2 counts above 0", lambda x: np.where(x > 0, np.log2(x) * math.log(2), x), [0, 1], [1, 1], [0, -1]),
    "where log10": Probe("log10 counts above 0", lambda x: np.where(x > 0, np.log10(x) * math.log(10), x), [0, 1], [1, 1], [0, -1]),
    "where exp": Probe("exp overflows where it does not count", lambda x: np.where(x < 9, np.exp(x), x), [1000, 0], [1, 1], [0, 1]),
    "where cosh": Probe("cosh overflows where it does not count", lambda x: np.where(x < 9, np.cosh(x), x), [1000, 0], [1, 0], [0, 1]),
    "where logaddexp": Probe("log(x + x) where x > 0", lambda x: np.where(x > 0, np.logaddexp(np.log(x), np.log(x)), x), [0, 1], [1, 1], [0, -1]),
    "where hypot": Probe("an infinite length does not count", lambda x: np.where(x > 0, np.hypot(1 / x, 0.0), x), [0, 1], [1, -1], [0, 2]),
    "where of where": Probe("neither branch is taken", lambda x: np.where(x > 0, np.where(x > 1, np.log(x - 1), np.sqrt(x)), x), [0, 1, 2], [1, 1 / 2, 1], [0, -1 / 4, -1]),
    "select": Probe("each where its condition holds", lambda x: np.select([x > 0, x < 0], [np.log(x), x * x], 7.0), [-1, 0, 4], [-2, 0, 1 / 4], [2, 0, -1 / 16]),
    "piecewise": Probe("each where its condition holds", lambda x: np.piecewise(x, [x > 0, x < 0], [np.log, np.square, 7.0]), [-1, 0, 4], [-2, 0, 1 / 4], [2, 0, -1 / 16]),
    "choose": Probe("the chosen branch alone", lambda x: np.choose((x.data > 0).astype(int) if isinstance(x, Tensor) else x > 0, [x, np.log(x)]), [0, 1], [1, 1], [0, -1]),
    "clip": Probe("-inf is clipped away", lambda x: np.clip(np.log(x), -1, None), [0, 1], [0, 1], [0, -1]),
    "maximum": Probe("-inf is the smaller", lambda x: np.maximum(np.log(x), -1.0), [0, 1], [0, 1], [0, -1]),
    "minimum": Probe("inf is the larger", lambda x: np.minimum(1 / x, 1.5), [0, 1], [0, -1], [0, 2]),
    "fmax": Probe("NaN is not taken", lambda x: np.fmax(np.log(x), -3.0), [-1, 1], [0, 1], [0, -1]),
    "nan_to_num": Probe("what is no number passes nothing", lambda x: np.nan_to_num(np.log(x)), [-1, 0, 4], [0, 0, 1 / 4], [0, 0, -1 / 16]),
    "index": Probe("what is not read passes nothing", lambda x: np.log(x)[1], [0, 1], [0, 1], [0, -1]),
    "times 0": Probe("0 * sqrt(x) is 0 all around", lambda x: 0.0 * np.sqrt(x), [0, 1], [0, 0], [0, 0]),
    # Functions that mix elements.
    "matmul": Probe("the second product is not taken", lambda x: first_of(np.array([[1.0, 2.0], [3.0, inf]]) @ x), [1, 2], [1, 2], [0, 0]),
    "matmul of 1/x": Probe("x0 / x0 is 1", lambda x: first_of(np.diag(1 / x) @ x), [1, 0], [0, 0], [0, 0]),
    "dot with weight 0": Probe("the weight 0 is constant", lambda x: np.array([1.0, 0.0]) @ np.sqrt(x), [4, 0], [1 / 4, 0], [-1 / 32, 0]),
    "outer": Probe("x0 / x0 is 1", lambda x: first_of(np.outer(1 / x, x)), [1, 0], [0, 0], [0, 0]),
    "einsum": Probe("x0 / x0 is 1", lambda x: first_of(np.einsum("i,i->i", 1 / x, x)), [1, 0], [0, 0], [0, 0]),
    "tensordot": Probe("x0 ** 2 / x0 is x0", lambda x: first_of(np.tensordot(1 / x, x * x, 0)), [1, 0], [1, 0], [0, 0]),
    "kron": Probe("x0 / x0 is 1", lambda x: first_of(np.kron(1 / x, x)), [1, 0], [0, 0], [0, 0]),
    "convolve": Probe("x0 / x0 is 1", lambda x: first_of(np.convolve(1 / x, x)), [1, 0], [0, 0], [0, 0]),
    "sum": Probe("the second row is not taken", lambda x: first_of(np.sum(np.sqrt(x), axis=1)), [[4, 1], [-1, 0]], [[1 / 4, 1 / 2], [0, 0]], [-1 / 32, -1 / 4, 0, 0]),
    "mean": Probe("the second row is not taken", lambda x: first_of(np.mean(np.sqrt(x), axis=1)), [[4, 1], [-1, 0]], [[1 / 8, 1 / 4], [0, 0]], [-1 / 64, -1 / 8, 0, 0]),
    "max": Probe("the second row is not taken", lambda x: first_of(np.max(np.sqrt(x), axis=1)), [[1, 4], [-1, 0]], [[0, 1 / 4], [0, 0]], [0, -1 / 32, 0, 0]),
    "product": Probe("1 / x0 / x1; the second row is not taken", lambda x: first_of(np.prod(1 / x, axis=1)), [[1, 1], [0, 1]], [[-1, -1], [0, 0]], [[2, 1, 0, 0], [1, 2, 0, 0], [0] * 4, [0] * 4]),
    "var": Probe("the second row is not taken", lambda x: first_of(np.var(np.log(x), axis=1, ddof=1)), [[1, 1], [0, 1]], [[0, 0], [0, 0]], [[1, -1, 0, 0], [-1, 1, 0, 0], [0] * 4, [0] * 4]),
    "std": Probe("|1/x0 - 1/x1| / 2; the second row is not taken", lambda x: first_of(np.std(1 / x, axis=1)), [[1, 2], [0, 1]], [[-1 / 2, 1 / 8], [0, 0]], [1, -1 / 8, 0, 0]),
    "logsumexp": Probe("log(x0 + x1); the second row is not taken", lambda x: first_of(logsumexp(np.log(x), axis=1)), [[1, 1], [0, 0]], [[1 / 2, 1 / 2], [0, 0]], [[-1 / 4, -1 / 4, 0, 0]] * 2 + [[0] * 4] * 2),
    "cumsum": Probe("the first sum is 1 / x0", lambda x: first_of(np.cumsum(1 / x)), [1, 0], [-1, 0], [2, 0]),
    "cumprod": Probe("the first product is 1 / x0", lambda x: first_of(np.cumprod(1 / x)), [1, 0, 2], [-1, 0, 0], [2, 0, 0]),
    "sort": Probe("1 / 0 is the last", lambda x: first_of(np.sort(1 / x)), [1, 0], [-1, 0], [2, 0]),
    "diff": Probe("the second difference is not taken", lambda x: first_of(np.diff(np.log(x))), [1, 2, 0], [-1, 1 / 2, 0], [1, -1 / 4, 0]),
    "solve": Probe("the first unknown is 1 / x0", lambda x: first_of(np.linalg.solve(np.eye(2), 1 / x)), [1, 0], [-1, 0], [2, 0]),
    "trace": Probe("not taken at all", lambda x: np.where(False, np.trace(np.outer(1 / x, x)), 0.0), [0, 1], [0, 0], [0, 0]),
    "slogdet": Probe("a singular matrix that is not taken", lambda x: np.where(False, np.linalg.slogdet(x)[1], 0.0), [[1, 2], [2, 4]], [[0, 0], [0, 0]], [0] * 4),
    "slogdet of a stack": Probe("log(x00 * x11 - x01 * x10) of the first", lambda x: first_of(np.linalg.slogdet(x)[1]), [[[1, 0], [0, 4]], [[1, 2], [2, 4]]], [[[1, 0], [0, 1 / 4]], [[0, 0], [0, 0]]], [[-1] + [0] * 7, [0, 0, -1 / 4] + [0] * 5, [0, -1 / 4] + [0] * 6, [0, 0, 0, -1 / 16] + [0] * 4] + [[0] * 8] * 4),
    "nansum": Probe("log(-1) does not count", lambda x: np.nansum(np.log(x)), [-1, 4], [0, 1 / 4], [0, -1 / 16]),
    "nanmean": Probe("sqrt(-1) does not count", lambda x: np.nanmean(np.sqrt(x)), [-1, 4], [0, 1 / 4], [0, -1 / 32]),
    "nanmax": Probe("log(-1) does not count", lambda x: np.nanmax(np.log(x)), [-1, 4], [0, 1 / 4], [0, -1 / 16]),
    "nanprod": Probe("log(-1) does not count", lambda x: np.nanprod(np.log(x)), [-1, 4], [0, 1 / 4], [0, -1 / 16]),
    "nanvar": Probe("(log(x1) - log(x2))**2 / 4", lambda x: np.nanvar(np.log(x)), [-1, 1, 1], [0, 0, 0], [[0, 0, 0], [0, 1 / 2, -1 / 2], [0, -1 / 2, 1 / 2]]),
    "nanmedian": Probe("log(-1) does not count", lambda x: np.nanmedian(np.log(x)), [-1, 4], [0, 1 / 4], [0, -1 / 16]),
    "nancumsum": Probe("log(-1) does not count", lambda x: np.nancumsum(np.log(x)), [-1, 4], [0, 1 / 4], [0, -1 / 16]),
    "nancumprod": Probe("log(-1) does not count", lambda x: np.nancumprod(np.log(x)), [-1, 4], [0, 1 / 4], [0, -1 / 16]),
    "masked softmax": Probe("a logit of -inf has the weight 0", lambda x: logsumexp(np.where(np.array([True, True, False]), x, -inf)), [0, 0, 0], [1 / 2, 1 / 2, 0], [[1 / 4, -1 / 4, 0], [-1 / 4, 1 / 4, 0], [0, 0, 0]]),
    # Singular points that are none.
    "x**0": Probe("1 everywhere", lambda x: x**0, [0, 2], [0, 0], [0, 0]),
    "x**0.0": Probe("1 everywhere", lambda x: x**0.0, [0, 2], [0, 0], [0, 0]),
    "x**1": Probe("x", lambda x: x**1.0, [0, 2], [1, 1], [0, 0]),
    "x**2.0": Probe("a parabola", lambda x: x**2.0, [0, -1], [0, -2], [2, 2]),
    "0**y": Probe("0 for all y above 0", lambda y: np.power(0.0, y), [1, 2], [0, 0], [0, 0]),
    "prod": Probe("each times the product of the others", lambda x: np.prod(x), [0, 0, 3], [0, 0, 0], [[0, 3, 0], [3, 0, 0], [0, 0, 0]]),
    "cumprod with zeros": Probe("x0 + x0 x1 + x0 x1 x2", lambda x: np.cumprod(x), [0, 2, 0], [3, 0, 0], [[0, 1, 2], [1, 0, 0], [2, 0, 0]]),
    "sinc": Probe("1 - (pi x)**2 / 6", np.sinc, [0], [0], [-(math.pi**2) / 3]),
    "det": Probe("x00 x11 - x01 x10, at a singular matrix", lambda x: np.linalg.det(x), [[1, 2], [2, 4]], [[4, -2], [-2, 1]], [[0, 0, 0, 1], [0, 0, -1, 0], [0, -1, 0, 0], [1, 0, 0, 0]]),
    "det of 0": Probe("x00 x11 - x01 x10", lambda x: np.linalg.det(x), [[0, 0], [0, 0]], [[0, 0], [0, 0]], [[0, 0, 0, 1], [0, 0, -1, 0], [0, -1, 0, 0], [1, 0, 0, 0]]),
    "sqrt(x)**2": Probe("x, from the right", lambda x: np.sqrt(x) ** 2, [0, 4], [1, 1], [0, 0]),
    "sqrt(x) * sqrt(x)": Probe("x, from the right", lambda x: np.sqrt(x) * np.sqrt(x), [0, 4], [1, 1], [0, 0]),
    "exp(log(x))": Probe("x, from the right", lambda x: np.exp(np.log(x)), [0, 4], [1, 1], [0, 0]),
    "cbrt(x**3)": Probe("x", lambda x: np.cbrt(x**3), [0, 2], [1, 1], [0, 0]),
    "log of a sum of logs": Probe("log(x0 + x1)", lambda x: logsumexp(np.log(x)), [0, 1], [1, 1], [[-1, -1], [-1, -1]]),
    "norm(x)**2": Probe("the sum of squares", lambda x: np.linalg.norm(x) ** 2, [0, 0], [0, 0], [2, 2]),
    "hypot(x, y)**2": Probe("the sum of squares", lambda x: np.hypot(x[0], x[1]) ** 2, [0, 0], [0, 0], [2, 2]),
    "std(x)**2": Probe("the variance", lambda x: np.std(x) ** 2, [3, 3], [0, 0], [[1 / 2, -1 / 2], [-1 / 2, 1 / 2]]),
    "abs(x)**3": Probe("|x|**3", lambda x: np.sqrt(x * x) ** 3, [0, 1], [0, 3], [0, 6]),
    "norm of order 3, in part": Probe("0 does not count to first order", lambda x: np.linalg.norm(x, 3), [0, 2], [0, 1], [0, 0]),
    "arccosh(cosh(x))**2": Probe("x**2", lambda x: np.arccosh(np.cosh(x)) ** 2, [0], [0], [2]),
    "arccos(cos(x))**2": Probe("x**2", lambda x: np.arccos(np.cos(x)) ** 2, [0], [0], [2]),
    "abs(x)**3.0": Probe("|x|**3", lambda x: abs(x) ** 3.0, [0, 1], [0, 3], [0, 6]),
    "sqrt of a gate": Probe("0 on the left", lambda x: np.sqrt(np.maximum(x, 0)), [-1, 4], [0, 1 / 4], [0, -1 / 32]),
    "sqrt(abs(x) + x)": Probe("0 on the left", lambda x: np.sqrt(abs(x) + x), [-1, 2], [0, 1 / 2], [0, -1 / 8]),
    "cbrt(abs(x) - x)": Probe("0 on the right", lambda x: np.cbrt(abs(x) - x), [1, -4], [0, -1 / 6], [0, -1 / 36]),
    "log(1 + exp(x))": Probe("x, beyond the largest float", lambda x: np.log(1 + np.exp(x)), [1000, 0], [1, 1 / 2], [0, 1 / 4]),
    # Kinks: the subgradient that docs/subgradients.md states; there is no second derivative.
    "norm": Probe("0 at the tip of the cone", lambda x: np.linalg.norm(x), [0, 0], [0, 0], None),
    "norm of rows": Probe("0 for the row of zeros", lambda x: np.linalg.norm(x, axis=1), [[0, 0], [3, 4]], [[0, 0], [0.6, 0.8]], None),
    "norm of a matrix": Probe("0 at the tip of the cone", lambda x: np.linalg.norm(x), [[0, 0], [0, 0]], [[0, 0], [0, 0]], None),
    "norm of order 3": Probe("0 at the tip", lambda x: np.linalg.norm(x, 3), [0, 0], [0, 0], None),
    "norm of order 1": Probe("0 at the tip", lambda x: np.linalg.norm(x, 1), [0, 0], [0, 0], None),
    "norm of order inf": Probe("0 at the tip", lambda x: np.linalg.norm(x, inf), [0, 0], [0, 0], None),
    "hypot": Probe("0 at the tip of the cone", lambda x: np.hypot(x[0], x[1]), [0, 0], [0, 0], None),
    "arctan2": Probe("0 where all angles meet", lambda x: np.arctan2(x[0], x[1]), [0, 0], [0, 0], None),
    "std of a constant": Probe("0 at the tip of the cone", lambda x: np.std(x), [2, 2, 2], [0, 0, 0], None),
    "sqrt(x**2)": Probe("abs at 0", lambda x: np.sqrt(x**2), [0], [0], None),
    "logaddexp of -inf": Probe("a tie", lambda x: np.logaddexp(x, -inf), [-inf], [0.5], None),
}  # fmt: skip

each_probe = pytest.mark.parametrize("probe", PROBES.values(), ids=PROBES.keys())
SMOOTH = {name: probe for name, probe in PROBES.items() if probe.second is not None}
each_smooth_probe = pytest.mark.parametrize("probe", SMOOTH.values(), ids=SMOOTH.keys())


def total(probe: Probe) -> Callable[[Any], Any]:
    return lambda x: np.sum(probe.f(x))


def point(probe: Probe) -> Any:
    return np.array(probe.x, dtype=float)


def curvature(probe: Probe) -> Any:
    return np.diag(probe.second) if np.ndim(probe.second) == 1 else np.array(probe.second)


def test_there_are_enough_probes() -> None:
    assert len(PROBES) >= 90


@each_probe
def test_reverse_mode(probe: Probe) -> None:
    x = point(probe)
    np.testing.assert_allclose(grad(total(probe))(x), probe.first, rtol=1e-9, atol=1e-12)
    y, pull = vjp(probe.f, x)
    np.testing.assert_allclose(pull(np.ones(np.shape(y)))[0], probe.first, rtol=1e-9, atol=1e-12)


@each_probe
def test_forward_mode(probe: Probe) -> None:
    x = point(probe)
    v = np.cos(np.arange(x.size)).reshape(x.shape)
    slope = jvp(total(probe), (x,), (v,))[1]
    np.testing.assert_allclose(slope, np.sum(v * np.array(probe.first)), rtol=1e-9, atol=1e-12)


@each_smooth_probe
def test_hessian(probe: Probe) -> None:
    x = point(probe)
    found = hessian(total(probe))(x)
    np.testing.assert_allclose(np.reshape(found, (x.size, x.size)), curvature(probe), rtol=1e-6, atol=1e-9)


@each_smooth_probe
def test_create_graph(probe: Probe) -> None:
    x = Tensor(point(probe))
    total(probe)(x).backward(create_graph=True)
    g = x.grad
    np.testing.assert_allclose(g.data, probe.first, rtol=1e-9, atol=1e-12)
    v = np.sin(1 + np.arange(x.size))
    along = np.sum(g * v.reshape(x.shape))
    found = pullback(along, np.ones(()), [x]).get(x, np.zeros(x.shape)) if along.requires_grad else np.zeros(x.shape)
    np.testing.assert_allclose(np.ravel(found), curvature(probe) @ v, rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("name", PROBES)
def test_many_examples(name: str) -> None:
    """Each example has the derivatives that it has alone, also beside one that is not singular."""
    probe = PROBES[name]
    x = point(probe)
    xs = np.stack([x, x + 1.5, x])
    of_each = vmap(grad(total(probe)))(xs)
    through = grad(lambda xs: vmap(total(probe))(xs).sum())(xs)
    slopes = vmap(lambda x: jvp(total(probe), (x,), (np.ones(x.shape),))[1])(xs)
    for i in (0, 2):
        np.testing.assert_allclose(of_each[i], probe.first, rtol=1e-6, atol=1e-9)
        np.testing.assert_allclose(through[i], probe.first, rtol=1e-6, atol=1e-9)
        np.testing.assert_allclose(slopes[i], np.sum(probe.first), rtol=1e-6, atol=1e-9)
    if probe.second is not None:
        found = vmap(hessian(total(probe)))(xs)[0]
        np.testing.assert_allclose(np.reshape(found, (x.size, x.size)), curvature(probe), rtol=1e-5, atol=1e-6)


@each_probe
def test_checkpoint(probe: Probe) -> None:
    x = point(probe)
    np.testing.assert_allclose(grad(checkpoint(total(probe)))(x), probe.first, rtol=1e-9, atol=1e-12)


# Values: Python refuses what NumPy answers with infinity.

OF_VALUES: dict[str, tuple[Callable[[Any], Any], float, float]] = {
    "x**0": (lambda x: x**0, 0.0, 0.0),
    "x**0.0": (lambda x: x**0.0, 0.0, 0.0),
    "0**x": (lambda x: 0.0**x, 2.0, 0.0),
    "hypot": (lambda x: np.hypot(x, 0.0), 0.0, 0.0),
    "hypot of both": (lambda x: np.hypot(x, x), 0.0, 0.0),
    "arctan2": (lambda x: np.arctan2(x, 0.0), 0.0, 0.0),
    "sqrt(x**2)": (lambda x: (x**2).sqrt(), 0.0, 0.0),
    "sqrt(x)**2": (lambda x: x.sqrt() ** 2, 0.0, 1.0),
    "sqrt(x) * 0": (lambda x: x.sqrt() * 0.0, 0.0, 0.0),
    "logaddexp": (lambda x: np.logaddexp(x, -inf), -inf, 0.5),
    "arcsin(x) * 0": (lambda x: x.arcsin() * 0.0, 1.0, 0.0),
    "clip": (lambda x: np.clip(x.sqrt(), 1.0, 2.0), 0.0, 0.0),
    "maximum": (lambda x: np.maximum(x.sqrt(), 1.0), 0.0, 0.0),
    "cbrt(x**3)": (lambda x: np.cbrt(x**3), 0.0, 1.0),
    "hypot**2": (lambda x: np.hypot(x, x) ** 2, 0.0, 0.0),
    "(sqrt(x) + 1 - 1)**2": (lambda x: (x.sqrt() + 1 - 1) ** 2, 0.0, 1.0),
    "(2 sqrt(x) + 3 - 3)**2": (lambda x: (2 * x.sqrt() + 3 - 3) ** 2, 0.0, 4.0),
    "sqrt(max(x, 0))": (lambda x: np.maximum(x, 0).sqrt(), -1.0, 0.0),
    "sqrt(|x| + x)": (lambda x: (abs(x) + x).sqrt(), -1.0, 0.0),
    "arccosh(cosh(x))**2": (lambda x: np.arccosh(np.cosh(x)) ** 2, 0.0, 0.0),
    "relu of sqrt(x) - 1": (lambda x: (x.sqrt() - 1).relu(), 0.0, 0.0),
}


@pytest.mark.parametrize(("f", "at", "slope"), OF_VALUES.values(), ids=OF_VALUES.keys())
def test_values(f: Any, at: float, slope: float) -> None:
    x = Value(at)
    f(x).backward()
    assert x.grad == pytest.approx(slope, rel=1e-9, abs=1e-300)


def test_second_derivatives_of_values() -> None:
    for f, at, curvature in (
        (lambda x: np.arccosh(np.cosh(x)) ** 2, 0.0, 2.0),
        (lambda x: (x * x).sqrt() ** 2, 0.0, 2.0),
        (lambda x: np.maximum(x, 0).sqrt(), -1.0, 0.0),
    ):
        x = Value(at)
        f(x).backward(create_graph=True)
        slope = x.grad
        x.zero_grad()
        slope.backward()
        assert type(x.grad) is float
        assert x.grad == pytest.approx(curvature)
    x = Value(0.0)
    with pytest.raises(ZeroDivisionError):
        (abs(x) ** 1.5).backward(create_graph=True) or x.grad.backward()


@pytest.mark.parametrize(
    "name", ["where sqrt", "exp(log(x))", "sqrt(x) * sqrt(x)", "log of a sum of logs", "norm(x)**2"]
)
def test_single_precision(name: str) -> None:
    probe = PROBES[name]
    found = grad(total(probe))(point(probe).astype(np.float32))
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, probe.first, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("size", [1e-200, 1e200])
def test_an_angle_turns_as_fast_however_long_the_arms(size: float) -> None:
    """The sum of the squares of its arguments is 0 there, or infinite."""
    both = grad(np.arctan2, argnum=(0, 1))(3 * size, 4 * size)
    np.testing.assert_allclose(both, (0.16 / size, -0.12 / size), rtol=1e-12)
    y, x = Value(3 * size), Value(4 * size)
    np.arctan2(y, x).backward()
    assert (y.grad, x.grad) == pytest.approx((0.16 / size, -0.12 / size), rel=1e-12)


def test_a_limit_at_a_point_that_is_not_zero() -> None:
    np.testing.assert_allclose(grad(lambda x: np.sqrt(1 - x) ** 2)(1.0), -1.0, rtol=1e-7)
    np.testing.assert_allclose(grad(lambda x: np.exp(np.log(x - 2)) * x)(2.0), 2.0, rtol=1e-7)


def test_what_is_not_finite_has_no_limit() -> None:
    """A run that has gone astray is not computed ten times over to find that out."""
    calls = []
    f = checkpoint(lambda x: (calls.append(1), np.log(x) * x)[1])  # which runs again in each pass
    assert np.isnan(grad(lambda x: f(x).sum())(np.array([-1.0])))
    assert len(calls) <= 4


def test_where_there_is_no_derivative_there_is_no_number() -> None:
    """A cusp, a jump, and a limit that depends on the direction are not passed off as 0."""
    assert not np.isfinite(grad(lambda x: np.sqrt(np.sqrt(x * x)))(0.0))
    assert not np.isfinite(grad(lambda x: np.sqrt(np.sqrt(x) * x**0.25))(0.0))
    assert np.isnan(hessian(np.linalg.norm)(np.zeros(2))).all()
    for second in (lambda x: abs(x) ** 1.5, lambda x: np.sqrt(abs(x)), lambda x: np.maximum(x, 0) ** 1.5):
        assert np.isnan(grad(grad(second))(0.0))
    assert np.isnan(hessian(lambda x: np.max(abs(x)) ** 1.5)(np.zeros(2))).any()
    with pytest.raises(ZeroDivisionError):
        Value(0.0).sqrt().backward()


@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.log(np.exp(x) + np.exp(2 * x)),  # true: 2; each overflow by itself looks like 3/2
        lambda x: np.log(np.cosh(x)),
        lambda x: np.sqrt(np.exp(x) * np.exp(x)),
        lambda x: np.sqrt((1e200 * x) ** 2),
    ],
)
def test_an_overflow_has_no_slope(f: Any) -> None:
    """Unless it does not matter how large the number is that overflowed."""
    assert np.isnan(grad(f)(1000.0))


def test_an_infinite_constant_is_no_overflow() -> None:
    x, mask = np.array([1.0, 2.0, 0.0]), np.array([True, True, False])
    assert grad(lambda x: np.sum(np.where(mask, x, -inf)))(x).tolist() == [1.0, 1.0, 0.0]
    assert grad(lambda x: np.sum(np.where(mask, np.log(x), -inf)))(x).tolist() == [1.0, 0.5, 0.0]


# Partial functions, composed at random and taken only where they are defined.

PARTIAL: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "sqrt": (np.sqrt, lambda u: u > 0),
    "log": (np.log, lambda u: u > 0),
    "reciprocal": (lambda u: 1 / u, lambda u: u != 0),
    "quotient": (lambda u: np.sin(u) / u, lambda u: u != 0),
    "power": (lambda u: u**1.5, lambda u: u > 0),
    "negative power": (lambda u: u**-0.5, lambda u: u > 0),
    "power of u": (lambda u: u**u, lambda u: u > 0),
    "cbrt": (np.cbrt, lambda u: u != 0),
    "arccos": (np.arccos, lambda u: abs(u) < 1),
    "arcsin": (np.arcsin, lambda u: abs(u) < 1),
    "arccosh": (np.arccosh, lambda u: u > 1),
    "arctanh": (np.arctanh, lambda u: abs(u) < 1),
    "log1p": (np.log1p, lambda u: u > -1),
    "hypot": (lambda u: np.hypot(u, 1 / u), lambda u: u != 0),
    "matrix": (lambda u: np.diag(1 / u) @ u, lambda u: u != 0),
    "outer": (lambda u: np.diagonal(np.outer(np.sqrt(u), u)), lambda u: u > 0),
    "tanh": (np.tanh, lambda u: u < inf),
    "square": (np.square, lambda u: u < inf),
    "minus one": (lambda u: u - 1.0, lambda u: u < inf),
}


def composed(names: list[str], x: Any) -> tuple[Any, Any]:
    """The functions one after the other, and where all of them are defined."""
    y, defined = x, np.ones(np.shape(x), dtype=bool)
    for name in names:
        f, domain = PARTIAL[name]
        defined &= np.asarray(domain(y.data if isinstance(y, Tensor) else y), dtype=bool)
        y = f(y)
    return y, defined


POINTS = st.lists(st.sampled_from([-2.0, -1.0, -0.3, 0.0, 0.4, 1.0, 1.7]), min_size=1, max_size=4)


@settings(deadline=None, max_examples=200, derandomize=True)
@given(names=st.lists(st.sampled_from(sorted(PARTIAL)), min_size=1, max_size=3), x=POINTS)
def test_partial_functions_under_where(names: list[str], x: list[float]) -> None:
    at = np.array(x)

    def f(x: Any) -> Any:
        y, defined = composed(names, x)
        return np.where(defined, y, 3 * x).sum()

    _, taken = composed(names, at)

    def alone(x: Any) -> Any:
        return composed(names, x)[0].sum()

    expected, curvature = np.full(at.shape, 3.0), np.zeros(at.shape)
    if taken.any():
        expected[taken] = grad(alone)(at[taken])
        curvature[taken] = grad(lambda x: grad(alone)(x).sum())(at[taken])
    np.testing.assert_allclose(grad(f)(at), expected, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(grad(lambda x: grad(f)(x).sum())(at), curvature, rtol=1e-7, atol=1e-9)
    slope = jvp(f, (at,), (np.ones(at.shape),))[1]
    np.testing.assert_allclose(slope, expected.sum(), rtol=1e-9, atol=1e-9)
    if taken.any() and np.all(np.abs(curvature) < 50):
        numeric = differences(lambda x: float(alone(x)), at[taken], h=1e-6)
        np.testing.assert_allclose(expected[taken], numeric, rtol=1e-4, atol=1e-4)


# An infinite gradient that meets a slope of 0.


def test_infinite_slopes_behind_a_gate() -> None:
    """max(x, 0) is 0 all around x = -1, so the infinite slope of the root at 0 does not reach x."""
    for gate in (
        lambda x: np.maximum(x, 0),
        lambda x: np.clip(x, 0, 9),
        lambda x: x * (x > 0),
    ):
        for root in (np.sqrt, np.cbrt, lambda x: x**0.5):
            gradient = grad(lambda x, gate=gate, root=root: np.sum(root(gate(x))))(np.array([-1.0, -2.0]))
            np.testing.assert_array_equal(gradient, [0.0, 0.0])

    def root_of_positive(x: Any) -> Any:
        return np.sum(np.sqrt(np.maximum(x, 0)))

    np.testing.assert_allclose(grad(root_of_positive)(np.array([-1.0, 4.0])), [0.0, 0.25])
    np.testing.assert_allclose(hessian(root_of_positive)(np.array([-1.0, 4.0])), [[0.0, 0.0], [0.0, -1 / 32]])
    np.testing.assert_allclose(vmap(grad(root_of_positive))(np.array([-1.0, 4.0])), [0.0, 0.25])
    assert np.isnan(grad(root_of_positive)(0.0))  # infinite on the right, 0 on the left
