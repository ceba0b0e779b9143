"""What is not one row alone: SciPy's own names, composites, singular points, refusals."""

from __future__ import annotations

import math
import pickle
from typing import Any

import numpy as np
import pytest

from autograd import Tensor, Value, check_grads, errors, grad

special = pytest.importorskip("autograd.scipy.special", reason="SciPy is not installed")
scipy = pytest.importorskip("scipy.special")

x = np.array([0.3, 0.8, 0.45])


# Plain scipy.special records.


@pytest.mark.parametrize("name", ["erf", "gammaln", "expit", "ndtr", "digamma", "j0", "log1p", "expm1", "cbrt", "exp2"])
def test_plain_functions_record(name: str) -> None:
    t = Tensor(x)
    getattr(scipy, name)(t).sum().backward()
    ours = grad(lambda t: np.sum(getattr(special, name)(t)))(x)
    np.testing.assert_array_equal(t.grad, ours)
    v = Value(0.3)
    getattr(scipy, name)(v).backward()
    assert v.grad == pytest.approx(t.grad[0], rel=1e-14)


@pytest.mark.parametrize("name", ["jn", "yn", "kn", "iv", "expn"])
def test_plain_functions_of_an_order_record(name: str) -> None:
    check_grads(lambda t: getattr(scipy, name)(2, t), x, order=2, rtol=1e-5, atol=1e-5)
    v = Value(0.3)
    getattr(scipy, name)(2, v).backward()
    assert v.grad == pytest.approx(grad(lambda t: np.sum(getattr(special, name)(2, t)))(x)[0], rel=1e-13)


@pytest.mark.parametrize("name", ["fresnel", "sici"])
def test_functions_of_two_results(name: str) -> None:
    for f in (getattr(scipy, name), getattr(special, name)):
        for part, expected in zip(f(Tensor(x)), getattr(scipy, name)(x), strict=True):
            np.testing.assert_array_equal(part.data, expected)
        check_grads(lambda t, f=f: f(t)[0] * f(t)[1], x, order=2)
    assert all(isinstance(part, Value) for part in getattr(special, name)(Value(0.3)))


# Composites have SciPy's results.

COMPOSITES: dict[str, tuple[Any, Any, list[Any]]] = {
    "polygamma": (lambda t: special.polygamma(2, t), lambda a: scipy.polygamma(2, a), [x]),
    "polygamma of several": (
        lambda t: special.polygamma(np.array([1, 2, 3]), t), lambda a: scipy.polygamma([1, 2, 3], a), [x],
    ),
    "multigammaln": (lambda t: special.multigammaln(t, 3), lambda a: scipy.multigammaln(a, 3), [x + 1]),
    "zeta": (lambda t: special.zeta(2.5, t), lambda a: scipy.zeta(2.5, a), [x]),
    "comb": (special.comb, scipy.comb, [5 * x, x]),
    "comb with repetition": (
        lambda n, k: special.comb(n, k, repetition=True), lambda n, k: scipy.comb(n, k, repetition=True), [5 * x, x],
    ),
    "perm": (special.perm, scipy.perm, [5 * x, x]),
    "factorial": (special.factorial, scipy.factorial, [x]),
    "logsumexp": (special.logsumexp, scipy.logsumexp, [x]),
    "logsumexp along an axis": (
        lambda t: special.logsumexp(t, axis=1, keepdims=True),
        lambda a: scipy.logsumexp(a, axis=1, keepdims=True), [np.outer(x, x)],
    ),
    "logsumexp with factors": (
        lambda t, b: special.logsumexp(t, axis=0, b=b), lambda a, b: scipy.logsumexp(a, axis=0, b=b), [900 * x, x],
    ),
    "logsumexp with signs": (
        lambda t: special.logsumexp(t, b=[1.0, -3.0, 0.0], return_sign=True)[0],
        lambda a: scipy.logsumexp(a, b=[1.0, -3.0, 0.0], return_sign=True)[0], [x],
    ),
    "softmax": (special.softmax, scipy.softmax, [x]),
    "softmax along an axis": (
        lambda t: special.softmax(t, axis=0), lambda a: scipy.softmax(a, axis=0), [np.outer(x, x)],
    ),
    "log_softmax": (
        lambda t: special.log_softmax(t, axis=-1), lambda a: scipy.log_softmax(a, axis=-1), [np.outer(x, x)],
    ),
    "softplus": (special.softplus, lambda a: np.logaddexp(a, 0), [x]),
    "lambertw": (special.lambertw, lambda a: scipy.lambertw(a).real, [x]),
    "sinc": (special.sinc, np.sinc, [x]),
}  # fmt: skip


@pytest.mark.parametrize("name", COMPOSITES)
def test_composites(name: str) -> None:
    ours, theirs, args = COMPOSITES[name]
    expected = theirs(*args)
    np.testing.assert_allclose(ours(*args), expected, rtol=1e-13)
    np.testing.assert_allclose(ours(*map(Tensor, args)).data, expected, rtol=1e-13)
    check_grads(ours, *args, order=2, rtol=1e-5, atol=1e-5)


def test_every_name_of_scipys_is_here() -> None:
    assert special.hyperu(1.0, 2.0, 0.3) == scipy.hyperu(1.0, 2.0, 0.3)
    assert set(special.__all__) - {"softplus"} <= set(dir(scipy))
    assert all(hasattr(special, name) for name in special.__all__)


def test_numbers_give_numbers() -> None:
    assert type(special.erf(0.5)) is float
    assert type(special.xlogy(2, 3)) is float
    assert special.erf([0.0, 0.5]).tolist() == scipy.erf([0.0, 0.5]).tolist()
    assert special.comb(5, 2, exact=True) == 10
    assert special.perm(5, 2, exact=True) == 20
    assert special.factorial(5, exact=True) == 120
    assert special.comb(np.array([5.0, 2.0]), 3.0).tolist() == [10.0, 0.0]
    assert special.factorial(-1.5) == 0
    assert special.zeta(2.0) == pytest.approx(math.pi**2 / 6)


def test_rows_come_back_from_a_pickle() -> None:
    assert pickle.loads(pickle.dumps(special.erf)) is special.erf


# Singular points.


@pytest.mark.parametrize(
    ("name", "a", "b", "expected"),
    [
        ("xlogy", 0.0, 0.0, (0.0, 0.0)),
        ("xlogy", 0.0, -1.0, (0.0, 0.0)),
        ("xlogy", 0.0, 2.0, (math.log(2), 0.0)),
        ("xlogy", 2.0, 0.0, (-math.inf, math.inf)),
        ("xlog1py", 0.0, -1.0, (0.0, 0.0)),
        ("xlog1py", 0.0, -2.0, (0.0, 0.0)),
        ("xlog1py", 0.0, 1.0, (math.log(2), 0.0)),
        ("rel_entr", 0.0, 2.0, (-math.inf, 0.0)),
        ("kl_div", 0.0, 2.0, (-math.inf, 1.0)),
    ],
)
def test_where_x_is_zero(name: str, a: float, b: float, expected: tuple[float, float]) -> None:
    s, t = Tensor([a]), Tensor([b])
    getattr(special, name)(s, t).sum().backward()
    assert (s.grad.item(), t.grad.item()) == expected


def test_second_derivative_at_the_edge_is_finite() -> None:
    assert grad(grad(lambda b: special.xlogy(0.0, b)))(0.0) == 0.0
    np.testing.assert_array_equal(grad(grad(lambda b: np.sum(special.xlogy(np.zeros(1), b))))(np.array(0.0)), 0.0)


@pytest.mark.parametrize("name", ["boxcox", "boxcox1p", "inv_boxcox", "inv_boxcox1p"])
def test_box_and_cox_at_lambda_zero(name: str) -> None:
    f = getattr(special, name)
    at_zero = grad(grad(lambda v: f(0.7, v)))(0.0)
    h = 1e-3
    assert at_zero == pytest.approx((f(0.7, h) - 2 * f(0.7, 0.0) + f(0.7, -h)) / h**2, rel=1e-5)


@pytest.mark.parametrize(("name", "expected"), [("ellipk", math.pi / 8), ("ellipe", -math.pi / 8), ("j1", 0.5)])
def test_quotients_that_would_be_zero_over_zero(name: str, expected: float) -> None:
    assert grad(getattr(special, name))(0.0) == pytest.approx(expected, rel=1e-15)


def test_far_out_nothing_overflows() -> None:
    assert grad(special.log_ndtr)(-1e5) == pytest.approx(1e5, rel=1e-9)
    assert grad(special.log_expit)(-1e5) == 1
    assert grad(special.erfcx)(1e5) == pytest.approx(-1 / (math.sqrt(math.pi) * 1e10), rel=1e-4)


# Refusals.


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda t: special.jv(t, 1.0), "v"),
        (lambda t: special.zeta(t + 2, 1.0), "x"),
        (lambda t: special.hyp1f1(t, 1.0, 0.5), "a"),
        (lambda t: special.polygamma(t, 1.0), "n"),
        (lambda t: special.sp.jv(t, 1.0), "v"),
    ],
)
def test_an_order_that_requires_a_gradient_is_refused(call: Any, argument: str) -> None:
    t = Tensor([2.0])
    with pytest.raises(errors.NoRuleError) as caught:
        call(t)
    message = str(caught.value)
    assert f"with respect to {argument}" in message
    assert f"cure:     {argument}.detach()" in message
    call(t.detach())


@pytest.mark.parametrize(
    ("call", "expected", "cure"),
    [
        (lambda: special.lambertw(1.0, k=2), "a real branch: 0 or -1", "lambertw(z, 0)"),
        (lambda: special.zeta(Tensor(2.0)), "a row in the table", "scipy.special.zeta(t.data"),
        (lambda: special.multigammaln(0.5, 3), "a real result", "a > 1.0"),
    ],
)
def test_messages(call: Any, expected: str, cure: str) -> None:
    with pytest.raises(errors.ChainruleError) as caught:
        call()
    assert expected in str(caught.value)
    assert cure in str(caught.value)


def test_complex_values_of_lamberts_w_are_nan() -> None:
    assert np.isnan(special.lambertw(np.array([-1.0]))).all()


@pytest.mark.parametrize("x", [Tensor([2.0]), Value(2.0)])
def test_a_function_without_a_rule_is_called_by_its_own_name(x: Any) -> None:
    with pytest.raises(errors.NoRuleError) as caught:
        special.sp.bei(x)
    assert "scipy.special.bei on something" in str(caught.value)
    assert "scipy.special.bei(t.data, ...)" in str(caught.value)
    with pytest.raises(errors.NoRuleError, match=r"np\.spacing on something"):
        np.spacing(x)
