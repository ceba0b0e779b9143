"""The incomplete functions by their shapes, against numbers that mpmath 1.3 gives with 40 digits."""

from __future__ import annotations

import numpy as np
import pytest

from autograd import Tensor, Value, grad

special = pytest.importorskip("autograd.scipy.special", reason="SciPy is not installed")


@pytest.mark.parametrize(
    ("order", "a", "x", "expected"),
    [
        (1, 0.001, 0.002, -5.6093041268283),
        (1, 0.5, 0.3, -0.7705703513753519),
        (1, 3.0, 3.0, -0.23681823213329278),
        (2, 3.0, 1.0, 0.1211325230272978),
        (2, 0.1, 2.0, -0.16410675697637492),
        (1, 100.0, 90.0, -0.02461191684397991),
        (1, 10000.0, 10100.0, -0.0024156880031763668),
    ],
)
def test_gamma(order: int, a: float, x: float, expected: float) -> None:
    slope = grad(lambda a: special.gammainc(a, x))
    assert (slope if order == 1 else grad(slope))(a) == pytest.approx(expected, rel=2e-11)
    complement = grad(lambda a: special.gammaincc(a, x))
    assert (complement if order == 1 else grad(complement))(a) == pytest.approx(-expected, rel=2e-11)


@pytest.mark.parametrize(
    ("a", "b", "x", "by_a", "by_b"),
    [
        (0.01, 0.02, 0.5, -22.224047595226235, 11.11720463769259),
        (0.5, 0.5, 0.1, -0.5926200221433794, 0.2768155243583513),
        (2.0, 3.0, 0.3, -0.2460937277467235, 0.1295450609648719),
        (100.0, 0.3, 0.999, -0.0015203019497290317, 1.1964463008242403),
        (1000.0, 2000.0, 0.33, -0.009603762624452297, 0.004765531619658442),
    ],
)
def test_beta(a: float, b: float, x: float, by_a: float, by_b: float) -> None:
    assert grad(special.betainc, (0, 1))(a, b, x) == pytest.approx((by_a, by_b), rel=2e-11)
    assert grad(special.betaincc, (0, 1))(a, b, x) == pytest.approx((-by_a, -by_b), rel=2e-11)


def test_at_the_ends_nothing_depends_on_the_shape() -> None:
    a, b = Tensor(2.0), Tensor(3.0)
    special.gammainc(a, np.array([0.0, np.inf])).sum().backward()
    special.betainc(a, b, np.array([0.0, 1.0])).sum().backward()
    assert (a.grad, b.grad) == (0, 0)
    v = Value(2)
    special.gammainc(v, 0).backward()
    assert v.grad == 0


def test_all_orders_mix() -> None:
    """The derivative by a shape and then by the variable is the other way round the same."""
    one = grad(lambda x: grad(lambda a: special.betainc(a, 2.5, x))(1.5))(0.3)
    other = grad(lambda a: grad(lambda x: special.betainc(a, 2.5, x))(0.3))(1.5)
    assert one == pytest.approx(other, rel=1e-13)
    one = grad(lambda b: grad(lambda a: special.betainc(a, b, 0.3))(1.5))(2.5)
    other = grad(lambda a: grad(lambda b: special.betainc(a, b, 0.3))(2.5))(1.5)
    assert one == pytest.approx(other, rel=1e-13)
