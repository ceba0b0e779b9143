"""Where each row of ``autograd.scipy`` is tested, as in ``tests/autograd/samples.py``.

An order that has no derivative is a plain number here.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..samples import Sample, binary, unary

# ruff: noqa: E501 -- a sample is read across, like a line of a table
_rng = np.random.default_rng(23)


def between(low: float, high: float) -> Any:
    """Numbers between two bounds."""
    return lambda *shape: np.asarray(_rng.uniform(low, high, shape))


def real(*shape: int) -> Any:
    """Numbers of both signs, none near 0."""
    return np.asarray(_rng.choice([-1.0, 1.0], shape) * positive(*shape))


positive, fraction, inside = between(0.2, 2.2), between(0.1, 0.9), between(-0.9, 0.9)
above_one, above_two = between(1.2, 3.2), between(2.2, 4.2)


def matrix(*shape: int) -> Any:
    """Matrices far from singular."""
    return _rng.normal(size=shape) * 0.3 + np.eye(shape[-1]) * (1 + np.arange(shape[-1]))


def symmetric(n: int) -> Any:
    """A symmetric positive definite matrix."""
    a = matrix(n, n)
    return a @ a.T


def ordered(*orders: tuple[float, ...], domain: Any = real) -> list[Sample]:
    """A function of orders, which are constants, and of one argument."""
    return [Sample((*order, domain(*shape))) for order in orders for shape in [(), (3,), (2, 2), (0,)]]


def _pendulum(y: Any, t: Any, pull: Any, drag: Any) -> Any:
    """A damped pendulum that is pushed harder and harder."""
    angle, speed = y
    return np.stack([speed, -pull * np.sin(angle) - drag * speed + 0.3 * t])


def _mixing(y: Any, t: Any, w: Any) -> Any:
    """Three quantities that mix."""
    return w @ y


three_shapes = [
    Sample((positive(3), positive(3), fraction(3))), Sample((positive(), positive(2, 1), fraction(3))),
    Sample((positive(), positive(), fraction())), Sample((positive(0), positive(1), fraction())),
    Sample((np.array([40.0, 0.05]), np.array([60.0, 2.0]), np.array([0.38, 0.5]))),
]  # fmt: skip

EXACT = {"rtol": 1e-12, "atol": 1e-12}

SAMPLES: dict[str, list[Sample]] = {
    # gamma
    "gamma": [*unary(positive), Sample((np.array([-0.5, -1.3]),))],
    "gammaln": [*unary(positive), Sample((np.array([-0.5, -1.3]),))],
    "loggamma": unary(positive),
    "gammasgn": unary(between(-0.9, -0.1)),
    "rgamma": [*unary(positive), Sample((np.array([-0.5, -1.3]),))],
    "psi": [*unary(positive), Sample((np.array([-0.5, -1.3]),))],
    "polygamma": [*unary(positive), Sample((above_one(3),), {"n": 1}), Sample((above_one(3),), {"n": 2})],
    "zeta": ordered((2.0,), (3.5,), domain=positive),
    "poch": binary(above_one, positive),
    "beta": binary(positive, positive),
    "betaln": binary(positive, positive),
    "binom": [*binary(above_two, fraction), Sample((np.array([5.0, 2.5]), np.array([2.0, 0.5])))],
    # incomplete
    "gammainc": [*binary(positive, positive), Sample((np.array([0.05, 30.0, 30.0]), np.array([0.5, 28.0, 33.0])))],
    "gammaincc": [*binary(positive, positive), Sample((np.array([0.05, 30.0, 30.0]), np.array([0.5, 28.0, 33.0])))],
    "gammainc_slope": [*binary(positive, positive), Sample((positive(3), positive(3)), {"n": 2})],
    "gammaincinv": binary(above_one, fraction),
    "gammainccinv": binary(above_one, fraction),
    "betainc": three_shapes,
    "betaincc": three_shapes,
    "betainc_slope": [
        *three_shapes, Sample((positive(3), positive(3), fraction(3)), {"n": 0, "m": 1}),
        Sample((positive(3), positive(3), fraction(3)), {"n": 1, "m": 2}),
    ],
    "betaincinv": [Sample((above_one(3), above_one(3), fraction(3))), Sample((above_one(), above_one(2, 1), fraction(3)))],
    "stdtr": binary(positive, real),
    "stdtrit": binary(above_one, fraction),
    # the error function
    "erf": unary(real),
    "erfc": unary(real),
    "erfcx": unary(real),
    "erfi": unary(inside),
    "dawsn": unary(real),
    "erfinv": unary(inside),
    "erfcinv": unary(between(0.1, 1.9)),
    "ndtr": unary(real),
    "ndtri": unary(fraction),
    "log_ndtr": [*unary(real), Sample((np.array([-40.0, 5.0]),))],
    "owens_t": binary(real, real),
    "logit": unary(fraction),
    "log_expit": unary(real),
    # Bessel
    "jv": ordered((0,), (1.5,), (-1.0,), domain=positive),
    "j0": [*unary(real), Sample((np.array([0.0]),))],
    "j1": [*unary(real), Sample((np.array([0.0]),))],
    "yv": ordered((0,), (1.5,), domain=above_one),
    "y0": unary(above_one),
    "y1": unary(above_one),
    "iv": ordered((0,), (1.5,), domain=positive),
    "bessel_i0": [*unary(real), Sample((np.array([0.0]),))],
    "i1": [*unary(real), Sample((np.array([0.0]),))],
    "kv": ordered((0,), (1.5,), domain=above_one),
    "k0": unary(above_one),
    "k1": unary(above_one),
    "ive": ordered((0,), (1.5,), domain=positive),
    "i0e": unary(real),
    "i1e": unary(real),
    "kve": ordered((0,), (1.5,), domain=above_one),
    "k0e": unary(above_one),
    "k1e": unary(above_one),
    # entropy
    "xlogy": binary(real, positive),
    "xlog1py": binary(real, inside),
    "entr": unary(positive),
    "rel_entr": binary(positive, positive),
    "kl_div": binary(positive, positive),
    # integrals
    "exp1": unary(positive),
    "expi": unary(real),
    "expn": ordered((0,), (1,), (2,), (3,), domain=positive),
    "sine_integral": [*unary(real), Sample((np.array([0.0]),))],
    "cosine_integral": unary(positive),
    "fresnel_s": unary(real),
    "fresnel_c": unary(real),
    "hyp0f1": ordered((1.5,), (2.0,)),
    "hyp1f1": ordered((1.5, 2.0), (1.0, 2.5)),
    "hyp2f1": ordered((1.5, 2.0, 3.0), (0.5, 0.5, 1.0), domain=inside),
    "exprel": [*unary(real), Sample((np.array([0.0]),))],
    "ellipk": [*unary(inside), Sample((np.array([0.0, -3.0]),))],
    "ellipe": [*unary(inside), Sample((np.array([0.0, -3.0]),))],
    "ellipkm1": unary(fraction),
    "lambertw": [
        *unary(positive), Sample((np.array([-0.3, 0.0]),)), Sample((np.array([-0.3, -0.1]),), {"k": -1}),
    ],
    # transforms
    "huber": [
        Sample((np.array([1.0, 1.5]), np.array([0.4, -2.5]))), Sample((np.array(0.7), real(4))), Sample((positive(2, 1), 5 + real(3))),
    ],
    "pseudo_huber": binary(positive, real),
    "boxcox": [*binary(positive, real), Sample((positive(3), np.array(0.0)))],
    "boxcox1p": [*binary(positive, real), Sample((positive(3), np.array(0.0)))],
    "inv_boxcox": [*binary(positive, fraction), Sample((real(3), np.array(0.0)))],
    "inv_boxcox1p": [*binary(positive, fraction), Sample((real(3), np.array(0.0)))],
    "exp10": unary(inside),
    "cosm1": unary(real),
    # matrices
    "expm": [Sample((0.3 * matrix(*shape),)) for shape in [(3, 3), (2, 2, 2)]],
    "sqrtm": [Sample((symmetric(3),)), Sample((matrix(2, 2),))],
    "solve_sylvester": [Sample((matrix(3, 3), matrix(2, 2), real(3, 2))), Sample((matrix(2, 2), matrix(2, 2), real(2, 2)))],
    "solve_triangular": [
        Sample((matrix(3, 3), real(3, 2))), Sample((matrix(3, 3), real(3, 2)), {"lower": True}),
        Sample((matrix(3, 3), real(3, 2)), {"lower": True, "trans": 1}), Sample((matrix(3, 3), real(3, 1)), {"trans": 1}),
        Sample((matrix(3, 3), real(3, 1)), {"unit_diagonal": True}), Sample((matrix(2, 2), real(2, 2)), {"unit_diagonal": True, "lower": True, "trans": 1}),
    ],
    "solve_banded": [
        Sample((3 + positive(3, 4) * [[0.5], [2], [0.5]], real(4, 2)), {"l_and_u": (1, 1)}),
        Sample((np.array([[0.0, 0.5, 0.4], [2.0, 3.0, 4.0]]), real(3, 1)), {"l_and_u": (0, 1)}),
        Sample((np.array([[2.0, 3.0, 4.0], [0.1, 0.2, 0.0], [0.3, 0.0, 0.0]]), real(3, 2)), {"l_and_u": (2, 0)}),
    ],
    # signal
    "convolve_nd": [
        Sample((real(1, 1, 4), real(1, 1, 2))), Sample((real(1, 1, 2), real(1, 1, 3))), Sample((real(2, 3, 4, 2), real(2, 2, 2, 3))),
        Sample((real(1, 1, 4), real(1, 1, 2)), {"mode": "valid"}), Sample((real(2, 2, 3, 3), real(2, 3, 2, 3)), {"mode": "valid"}),
        Sample((real(2, 2), real(2, 3))), Sample((real(1, 2, 2, 2, 2), real(1, 1, 1, 2, 2)), {"mode": "valid"}),
    ],
    # differential equations
    "odeint": [
        Sample((np.array([1.0, 0.5]), np.array([0.0, 0.4, 1.0]), np.array(2.0), np.array(0.3)), {"field": _pendulum, "options": EXACT}),
        Sample((real(3), np.array([0.0, 0.7]), matrix(3, 3)), {"field": _mixing, "options": EXACT}),
    ],
}  # fmt: skip
