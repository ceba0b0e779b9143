"""Probes of an adversary: smooth functions at singular points, overflow and underflow, ties, masks, and changed state.

Each line has a function, a point, its gradient there, and its Hessian (``None`` where it has none, or where
docs/subgradients.md says what counts instead).
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import (
    Tensor,
    checking,
    detect_anomaly,
    errors,
    grad,
    hessian,
    jacobian,
    jvp,
    no_grad,
    relu,
    vjp,
    vmap,
)

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")  # NumPy's, from infinities on the way

inf, nan = math.inf, math.nan


def sig(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


# ruff: noqa: E501 -- a probe is read across, like a line of a table
PROBES: dict[str, tuple[Callable[[Any], Any], Any, Any, Any]] = {
    "abs**3": (lambda x: abs(x)**3, 0., 0, 0),
    "abs**4": (lambda x: abs(x)**4, 0., 0, 0),
    "sqrt(x*x)**2": (lambda x: np.sqrt(x*x)**2, 0., 0, 2),
    "x*abs": (lambda x: x*abs(x), 0., 0, None),
    "x**2*abs": (lambda x: x*x*abs(x), 0., 0, 0),
    "sin(x)/x*x": (lambda x: np.sinc(x)*x, 0., 1, 0),
    "hypot2": (lambda x: np.hypot(x[0],x[1])**2, [0.,0.], [0,0], [[2,0],[0,2]]),
    "hypot2 cos2": (lambda x: np.hypot(x[0],x[1])**2*np.cos(2*np.arctan2(x[1],x[0])), [0.,0.], [0,0], [[2,0],[0,-2]]),
    "norm*norm": (lambda x: np.linalg.norm(x)*np.linalg.norm(x), [0.,0.], [0,0], [[2,0],[0,2]]),
    "norm**3": (lambda x: np.linalg.norm(x)**3, [0.,0.], [0,0], [[0,0],[0,0]]),
    "norm**4": (lambda x: np.linalg.norm(x)**4, [0.,0.], [0,0], [[0,0],[0,0]]),
    "cos norm": (lambda x: np.cos(np.linalg.norm(x)), [0.,0.], [0,0], [[-1,0],[0,-1]]),
    "sqrt(1+n2)": (lambda x: np.sqrt(1+np.linalg.norm(x)**2), [0.,0.], [0,0], [[1,0],[0,1]]),
    "exp(-n2)": (lambda x: np.exp(-np.linalg.norm(x)**2), [0.,0.], [0,0], [[-2,0],[0,-2]]),
    "cos sqrt abs": (lambda x: np.cos(np.sqrt(x)), 0., -0.5, None),
    "max-min": (lambda x: np.maximum(x,0)+np.minimum(x,0), 0., 1, 0),
    "max(x,x)": (lambda x: np.maximum(x,x), 1., 1, 0),
    "max(x,x)**2": (lambda x: np.maximum(x,x)**2, 1.5, 3, 2),
    "max(x**2,x**2)": (lambda x: np.maximum(x**2,x**2), 1.5, 3, 2),
    "max([x,x])**2": (lambda x: np.max(np.stack([x,x]))**2, 1.5, 3, 2),
    "max(x*y,x*y)": (lambda x: np.maximum(x[0]*x[1],x[1]*x[0]), [1.,2.], [2,1], [[0,1],[1,0]]),
    "relu**2": (lambda x: relu(x)**2, 0., 0, None),
    "relu(x)**3": (lambda x: relu(x)**3, 0., 0, 0),
    "relu(x)-relu(-x) at1": (lambda x: relu(x)-relu(-x), 1., 1, 0),
    "softplus": (lambda x: np.logaddexp(0,x), 0., .5, .25),
    "softplus big": (lambda x: np.logaddexp(0,x), 1000., 1, 0),
    "softplus -big": (lambda x: np.logaddexp(0,x), -1000., 0, 0),
    "log1p exp big": (lambda x: np.log1p(np.exp(x)), 1000., 1, 0),
    "log1p exp -big": (lambda x: np.log1p(np.exp(x)), -1000., 0, 0),
    "logsumexp": (lambda x: np.log(np.sum(np.exp(x))), [1000.,0.], [1,0], None),
    "lse shift": (lambda x: np.log(np.sum(np.exp(x-np.max(x))))+np.max(x), [1000.,1000.], [.5,.5], [[.25,-.25],[-.25,.25]]),
    "lse shift2": (lambda x: np.log(np.sum(np.exp(x-np.max(x))))+np.max(x), [1.,1.], [.5,.5], [[.25,-.25],[-.25,.25]]),
    "softmax shift": (lambda x: (np.exp(x-np.max(x))/np.sum(np.exp(x-np.max(x))))[0], [1.,1.], [.25,-.25], None),
    "log softmax -inf": (lambda x: np.log(np.exp(x)/np.sum(np.exp(x)))[0], [0.,-inf], [0,0], None),
    "x log x": (lambda x: x*np.log(x), 1., 1, 1),
    "xlogx2": (lambda x: x**2*np.log(x), 1., 1, 3),
    "x2 log x at 0": (lambda x: np.where(x>0,x**2*np.log(np.where(x>0,x,1)),0.), 0., 0, None),
    "x**x 1": (lambda x: x**x, 1., 1, 2),
    "x**2 at 0": (lambda x: x**2, 0., 0, 2),
    "x**1 at 0": (lambda x: x**1, 0., 1, 0),
    "x**3 at 0": (lambda x: x**3, 0., 0, 0),
    "x**2. arr": (lambda x: x**np.array(2.), 0., 0, 2),
    "(-x)**2.0": (lambda x: (-x)**2.0, 1., 2, 2),
    "0**2 both": (lambda x: x[0]**x[1], [0.,2.], [0,0], [[2,0],[0,0]]),
    "0**1 both": (lambda x: x[0]**x[1], [0.,1.], [1,0], None),
    "0**3 both": (lambda x: x[0]**x[1], [0.,3.], [0,0], [[0,0],[0,0]]),
    "1**inf": (lambda x: x[0]**x[1], [1.,5.], [5,0], [[20,1],[1,0]]),
    "prod0": (lambda x: np.prod(x), [0.,2.,3.], [6,0,0], [[0,3,2],[3,0,0],[2,0,0]]),
    "prod00": (lambda x: np.prod(x), [0.,0.,3.], [0,0,0], [[0,3,0],[3,0,0],[0,0,0]]),
    "prod000": (lambda x: np.prod(x), [0.,0.,0.], [0,0,0], [[0]*3]*3),
    "cumprod0": (lambda x: np.sum(np.cumprod(x)), [0.,2.], [3,0], [[0,1],[1,0]]),
    "cumprod00": (lambda x: np.sum(np.cumprod(x)), [2.,0.,3.], [1,8,0], [[0,4,0],[4,0,2],[0,2,0]]),
    "prod**2": (lambda x: np.prod(x)**2, [0.,2.], [0,0], [[8,0],[0,0]]),
    "std**2": (lambda x: np.std(x)**2, [1.,1.], [0,0], [[.5,-.5],[-.5,.5]]),
    "var": (lambda x: np.var(x), [1.,1.], [0,0], [[.5,-.5],[-.5,.5]]),
    "std of 1": (lambda x: np.std(x), [1.], [0], None),
    "std*mean": (lambda x: np.std(x)*np.mean(x), [0.,0.], [0,0], None),
    "det0": (lambda x: np.linalg.det(x), [[0.,0.],[0.,0.]], [[0,0],[0,0]], [[0, 0, 0, 1], [0, 0, -1, 0], [0, -1, 0, 0], [1, 0, 0, 0]]),
    "det1": (lambda x: np.linalg.det(x), [[1.,2.],[2.,4.]], [[4,-2],[-2,1]], [[0, 0, 0, 1], [0, 0, -1, 0], [0, -1, 0, 0], [1, 0, 0, 0]]),
    "det3 rank1": (lambda x: np.linalg.det(x), [[1.,1,1],[1,1,1],[1,1,1]], np.zeros((3,3)), None),
    "det3 rank2": (lambda x: np.linalg.det(x), [[1.,0,0],[0,1,0],[0,0,0]], [[0,0,0],[0,0,0],[0,0,1]], None),
    "sinc": (lambda x: np.sinc(x), 0., 0, -math.pi**2/3),
    "sinc1": (lambda x: np.sinc(x), 1., -1, 2),
    "sin/x": (lambda x: np.where(x==0,1.0,np.sin(x)/x), 0., 0, None),
    "sqrt(x)*sqrt(x)": (lambda x: np.sqrt(x)*np.sqrt(x), 0., 1, 0),
    "sqrt(x)**4": (lambda x: np.sqrt(x)**4, 0., 0, 2),
    "cbrt**3": (lambda x: np.cbrt(x)**3, 0., 1, 0),
    "cbrt**6": (lambda x: np.cbrt(x)**6, 0., 0, 2),
    "(x**(1/3))**3": (lambda x: (x**(1/3))**3, 0., 1, 0),
    "exp log": (lambda x: np.exp(np.log(x)), 0., 1, 0),
    "exp 2log": (lambda x: np.exp(2*np.log(x)), 0., 0, 2),
    "exp(log a+log b)": (lambda x: np.exp(np.log(x[0])+np.log(x[1])), [0.,2.], [2,0], [[0,1],[1,0]]),
    "1/(1/x)": (lambda x: 1/(1/x), 0., 1, 0),
    "x/x*x": (lambda x: np.tan(np.arctan(x)), 0., 1, 0),
    "arccos cos": (lambda x: np.arccos(np.cos(x)), 0., 0, None),
    "arccos(cos)**2": (lambda x: np.arccos(np.cos(x))**2, 0., 0, 2),
    "cosh arccosh": (lambda x: np.cosh(np.arccosh(x)), 1., 1, 0),
    "2arcsin sqrt": (lambda x: np.sin(np.arcsin(np.sqrt(x)))**2, 0., 1, 0),
    "sqrt(1-cos)^2": (lambda x: np.sqrt(1-np.cos(x))**2, 0., 0, 1),
    "1-cos": (lambda x: np.sqrt((1-np.cos(x))**2), 0., 0, 1),
    "sqrt(x**4)": (lambda x: np.sqrt(x**4), 0., 0, 2),
    "sqrt(x**4+y**4)": (lambda x: np.sqrt(x[0]**4+x[1]**4), [0.,0.], [0,0], None),
    "log cosh": (lambda x: np.log(np.cosh(x)), 0., 0, 1),
    "logcosh stable": (lambda x: np.logaddexp(x,-x)-np.log(2), 0., 0, 1),
    "logaddexp tie": (lambda x: np.logaddexp(x,x), 3., 1, 0),
    "logaddexp -inf both": (lambda x: np.logaddexp(x[0],x[1]), [-inf,0.], [0,1], [[0,0],[0,0]]),
    "logaddexp2": (lambda x: np.logaddexp2(x[0],x[1]), [0.,0.], [.5,.5], None),
    "clip mid": (lambda x: np.clip(x,-1,1)**2, .5, 1, 2),
    "clip out": (lambda x: np.clip(x,-1,1)**2, 2., 0, 0),
    "sort": (lambda x: np.sum(np.sort(x)**2), [2.,2.,1.], [4,4,2], [[2,0,0],[0,2,0],[0,0,2]]),
    "sort w": (lambda x: np.sort(x)@np.array([1.,10.]), [3.,1.], [10,1], [[0,0],[0,0]]),
    "median**2": (lambda x: np.median(x)**2, [1.,2.,3.,4.], [0,2.5,2.5,0], [[0,0,0,0],[0,.5,.5,0],[0,.5,.5,0],[0]*4]),
    "max all ties**2": (lambda x: np.max(x)**2, [2.,2.], [2,2], None),
    "ptp const": (lambda x: np.ptp(x), [2.,2.], [0,0], None),
    "where nested": (lambda x: np.where(x>0,np.where(x>1,np.sqrt(x-1),x),0.), [0.,1.,2.,5.], [0,1,.5,.25], np.diag([0,0,-.25,-1/32])),
    "where div": (lambda x: np.where(x!=0,np.sin(x)/x,1.), [0.,1.], [0,math.cos(1)-math.sin(1)], None),
    "mask mult nan": (lambda x: np.sum(np.nan_to_num(np.log(x))*(x>0)), [1.,2.], [1,.5], [[-1,0],[0,-.25]]),
    "index mask": (lambda x: np.sum(np.sqrt(x[np.array([False,True])])), [0.,4.], [0,.25], [[0,0],[0,-1/32]]),
    "piecewise": (lambda x: np.piecewise(x,[x<0,x>=0],[lambda x: -x, lambda x: x**2]), [-1.,2.], [-1,4], [[0,0],[0,2]]),
    "select": (lambda x: np.select([x>0,x<=0],[np.sqrt(np.abs(x)),x]), [-1.,4.], [1,.25], [[0,0],[0,-1/32]]),
    "heaviside*": (lambda x: np.heaviside(x,0.5)*x**2, 1., 2, 2),
    "arctan2 axis": (lambda x: np.arctan2(x[0],x[1]), [0.,1.], [1,0], [[0,-1],[-1,0]]),
    "arctan2 neg axis": (lambda x: np.arctan2(x[0],x[1]), [0.,-1.], [-1,0], [[0,-1],[-1,0]]),
    "arctan2 tiny": (lambda x: np.arctan2(x[0],x[1]), [1e-300,1e-300], [.5e300,-.5e300], None),
    "hypot big": (lambda x: np.hypot(x[0],x[1]), [3e200,4e200], [.6,.8], None),
    "exp(-1/x2)": (lambda x: np.where(x!=0,np.exp(-1/x**2),0.), 0., 0, 0),
    "exp(-1/x)": (lambda x: np.where(x>0,np.exp(-1/x),0.), 0., 0, 0),
    "x/(1+abs)": (lambda x: x/(1+abs(x)), 0., 1, None),
    "sqrt(eps)": (lambda x: np.sqrt(x**2+0.0), 3., 1, 0),
    "power neg base int arr": (lambda x: np.sum(x**np.array([2,3])), [-2.,-2.], [-4,12], [[2,0],[0,-12]]),
    "float_power": (lambda x: np.float_power(x,2), 0., 0, 2),
    "mod": (lambda x: np.mod(x,3)**2, 4., 2, 2),
    "interp": (lambda x: np.interp(x,[0.,1.,2.],[0.,1.,4.])**2, 1.5, 15, 18),
    "nanmean": (lambda x: np.nanmean(np.where(x>0,x,np.nan)), [-1.,2.,4.], [0,.5,.5], np.zeros((3,3))),
    "nansum log": (lambda x: np.nansum(np.log(x)), [-1.,2.], [0,.5], [[0,0],[0,-.25]]),
    "linalg.inv": (lambda x: np.linalg.inv(x)[0,0], [[2.,0],[0,1]], [[-.25,0],[0,0]], None),
    "slogdet": (lambda x: np.linalg.slogdet(x)[1], [[2.,0],[0,1]], [[.5,0],[0,1]], None),
    "eigvalsh trace": (lambda x: np.sum(np.linalg.eigvalsh((x+x.T)/2)), np.eye(2), np.eye(2), np.zeros((4,4))),
    "eig sum sq": (lambda x: np.sum(np.linalg.eigvalsh((x+x.T)/2)**2), np.eye(2), 2*np.eye(2), None),
    "nuc": (lambda x: np.linalg.norm(x,'nuc'), np.eye(2), np.eye(2), None),
    "fro2": (lambda x: np.linalg.norm(x)**2, np.zeros((2,2)), np.zeros((2,2)), 2*np.eye(4)),
    "norm1 sq": (lambda x: np.linalg.norm(x,1)**2, [1.,0.], [2,0], None),
    "norm3": (lambda x: np.linalg.norm(x,3)**3, [0.,1.], [0,3], [[0,0],[0,6]]),
    "norm axis": (lambda x: np.sum(np.linalg.norm(x,axis=1)**2), [[0.,0],[1,2]], [[0,0],[2,4]], 2*np.eye(4)),
    "norm inf": (lambda x: np.linalg.norm(x,np.inf), [3.,-3.], [.5,-.5], None),
    "cos sim self": (lambda x: (x@x)/(np.linalg.norm(x)*np.linalg.norm(x)), [3.,4.], [0,0], np.zeros((2,2))),
    "abs(x) prod": (lambda x: abs(x[0]*x[1]), [0.,1.], [0,0], None),
    "underflow exp": (lambda x: np.exp(-x**2), 100., 0, 0),
    "1/exp": (lambda x: 1/np.exp(x), 800., 0, 0),
    "arctan inf": (lambda x: np.arctan(1/x), 0., -1, None),
    "tanh(1/x)": (lambda x: np.tanh(1/x), 0., 0, None),
    "1/inf": (lambda x: 1/(1+np.exp(1/x)), -1e-3, 0, None),
    "logit": (lambda x: np.log(x/(1-x)), .5, 4, 0),
    "round": (lambda x: np.round(x)*x, 1.2, 1, 0),
    "floor trick": (lambda x: x-np.floor(x), 2.5, 1, 0),
    "abs sqrt": (lambda x: np.sqrt(abs(x))**2, 0., 0, None),
    "x/sqrt(x2)": (lambda x: x/np.sqrt(x*x), 2., 0, 0),
    "fmax nan": (lambda x: np.fmax(x[0],x[1]), [nan,1.], [0,1], None),
    "maximum -inf": (lambda x: np.maximum(x,-inf), 1., 1, 0),
    "min inf": (lambda x: np.minimum(x,inf)**2, 1., 2, 2),
    "where inf const": (lambda x: np.sum(np.exp(np.where(np.array([True,False]),x,-inf))), [1.,1.], [math.e,0], np.diag([math.e,0])),
    "softmax masked": (lambda x: (lambda z: np.sum((np.exp(z-np.max(z))/np.sum(np.exp(z-np.max(z))))*np.array([1.,2,3])))(np.where(np.array([True,True,False]),x,-inf)), [0.,0.,0.], [-.25,.25,0], np.zeros((3,3))),
    "fft abs2": (lambda x: np.sum(abs(np.fft.fft(x))**2), [0.,0.], [0,0], 4*np.eye(2)),
    "fft abs": (lambda x: np.sum(abs(np.fft.rfft(x))), [1.,1.], [1,1], None),
    "abs complex": (lambda x: abs(x[0]+1j*x[1])**2, [0.,0.], [0,0], 2*np.eye(2)),
    "abs complex re": (lambda x: abs(x[0]+1j*x[1]), [3.,4.], [.6,.8], None),
    "angle": (lambda x: np.angle(x[0]+1j*x[1]), [1.,0.], [0,1], [[0,-1],[-1,0]]),
    "log complex": (lambda x: np.real(np.log(x[0]+1j*x[1])), [1.,0.], [1,0], [[-1,0],[0,1]]),
    "sqrt complex": (lambda x: np.real(np.sqrt(x+0j)), 4., .25, -1/32),
    "sqrt complex neg": (lambda x: np.imag(np.sqrt(x+0j)), -4., -.25, -1/32),
    "sqrt complex 0": (lambda x: np.real(np.sqrt(x+0j)**2), 0., 1, 0),
    "abs(z)**2/z": (lambda x: np.real((x[0]+1j*x[1])*np.conj(x[0]+1j*x[1])), [0.,0.], [0,0], 2*np.eye(2)),
    "z**2 0": (lambda x: np.real((x[0]+1j*x[1])**2), [0.,0.], [0,0], [[2,0],[0,-2]]),
    "z**2.0": (lambda x: np.real((x[0]+1j*x[1])**2.0), [0.,0.], [0,0], [[2,0],[0,-2]]),
    "z**0": (lambda x: np.real((x[0]+1j*x[1])**0), [0.,0.], [0,0], np.zeros((2,2))),
}  # fmt: skip


@pytest.mark.parametrize("name", PROBES)
def test_singular_points(name: str) -> None:
    f, at, first, second = PROBES[name]
    x = np.array(at, dtype=float)

    def total(x: Any) -> Any:
        return np.sum(f(x))

    np.testing.assert_allclose(grad(total)(x), np.reshape(first, x.shape), rtol=1e-6, atol=1e-7)
    np.testing.assert_allclose(
        vmap(grad(total))(np.stack([x, x + 0.5]))[0], np.reshape(first, x.shape), rtol=1e-6, atol=1e-7
    )
    v = np.cos(1 + np.arange(x.size)).reshape(x.shape)
    np.testing.assert_allclose(jvp(total, (x,), (v,))[1], np.sum(v * np.reshape(first, x.shape)), rtol=1e-6, atol=1e-7)
    if second is not None:
        found = np.reshape(hessian(total)(x), (x.size, x.size))
        expected = np.reshape(second, (x.size, x.size)) if np.size(second) == x.size**2 else second
        np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-7)


def test_there_are_enough_probes() -> None:
    assert len(PROBES) >= 120


# Changed state: each program ends with a gradient, or with the error that refuses one.

STATE = """
x = T([1, 2]); y = (x * x).sum(); x.data = np.array([5.0, 5.0]); back(y, x)                     -> StaleGraphError
x = T([1, 2]); y = (x * x).sum(); x.data -= 1; back(y, x)                                       -> StaleGraphError
x = T([1, 2]); d = x.detach(); y = (x * d).sum(); d.data = np.zeros(2); back(y, x)              -> StaleGraphError
x = T([1, 2]); y = x * x; z = y * y; y.data = np.ones(2); back(z.sum(), x)                      -> StaleGraphError
x = T([1, 2]); y = (x * 2).sum(); back(y, x)[0] = 9; back((x * 1).sum(), x)                     -> [10, 3]
x = T([1, 2]); z = T([1, 2]); back((x + z).sum(), x)[0] = 9; z.grad                             -> [1, 1]
x = T([1, 2, 3]); h = x * 1; k = h; s = h.sum(); h[0] = x[1] * 5; back((h + k).sum() + s, x)    -> [1, 13, 3]
x = T([1, 2]); y = x * x; z = y; y += 1; y *= x; back((y + z).sum(), x)                         -> [6, 17]
x = T([1, 2, 3]); y = x * 2; y[1:] += x[:2]; y[0] *= x[2]; back((y * y).sum(), x)               -> [82, 36, 56]
x = T([1, 2, 3]); y = x * 1; y[1:] = y[:-1]; back((y * W).sum(), x)                             -> [11, 100, 0]
x = T([1, 2, 3]); y = x * 0; y[[0, 0, 1]] = x; back((y * W).sum(), x)                           -> [0, 1, 10]
x = T([1, 2, 3]); y = x * 0; y[[0, 0, 1]] += x; back((y * W).sum(), x)                          -> [0, 1, 10]
x = T([1, 2]); m = np.array([True, False]); y = x[m] * 2; m[:] = False; back(y.sum(), x)        -> [2, 0]
x = T([1, 2]); m = np.array([True, False]); y = np.where(m, x, 0); m[:] = False; back(y.sum(), x) -> [1, 0]
x = T([1, 2]); i = np.array([0, 0]); y = x[i] * 2; i[:] = 1; back(y.sum(), x)                   -> [4, 0]
x = T([1, 2]); i = [0, 0]; y = np.take(x, i) * 2; i[0] = 1; back(y.sum(), x)                    -> [4, 0]
x = T([1, 2]); r = np.array([1, 3]); y = np.repeat(x, r); r[:] = 2; back(y.sum(), x)            -> [1, 3]
x = T([1, 2]); c = np.array([True, False]); y = np.compress(c, x); c[:] = True; back(y.sum(), x) -> [1, 0]
x = T([1, 2]); w = np.array([[1, 1]]); y = np.pad(x, w); w[:] = 0; back(y.sum(), x)             -> [1, 1]
x = T([1, 2]); i = np.array([0, 1]); y = np.choose(i, [x, x * 3]); i[:] = 0; back(y.sum(), x)   -> [1, 3]
x = T([.5, .5]); f = np.array([0.0, 2.0]); y = np.interp(x, [0.0, 1.0], f); f[:] = 0; back(y.sum(), x) -> [2, 2]
x = T([1, 2]); y = x * 2; x.requires_grad = False; back(y.sum(), T([0, 0]))                     -> None
x = T([1, 2], requires_grad=False); y = x * 2; x.requires_grad = True; back((y + x).sum(), x)   -> [1, 1]
x = T([1, 2]); a = np.zeros(2); a[:] = x; back(x.sum(), x)                                      -> LeftGraphError
x = T([1, 2]); a = np.zeros(2); a += x; back(x.sum(), x)                                        -> NoRuleError
x = T([1, 2]); a = np.full(2, x[0]); back(x.sum(), x)                                           -> LeftGraphError
x = T([1, 2]); y = x * 1; np.put(y, [0], x[1]); back((y * W[:2]).sum(), x)                      -> [0, 11]
x = T([1, 2]); back(sum(list(x)), x)                                                            -> [1, 1]
x = T([1, 2]); x[0] = 2.0; back(x.sum(), x)                                                     -> MutationError
x = T([1, 2]); y = x * 1; b = y[1:]; b[0] = 7.0; back(y.sum(), x)                               -> MutationError
"""
LINES = [line.rsplit("->", 1) for line in STATE.strip().splitlines()]


@pytest.mark.parametrize(("program", "outcome"), LINES, ids=[program.strip() for program, _ in LINES])
def test_changed_state(program: str, outcome: str) -> None:
    def back(y: Any, x: Any) -> Any:
        y.backward()
        return x.grad

    def make(numbers: Any, **more: Any) -> Tensor:
        return Tensor(numbers, dtype=float, **more)

    *steps, last = program.strip().split("; ")
    names = {"T": make, "np": np, "back": back, "W": np.array([1.0, 10.0, 100.0])}
    kind = getattr(errors, outcome.strip(), None)
    if kind is not None:
        with pytest.raises(kind):
            exec("; ".join([*steps, last]), names)
        return
    exec("; ".join(steps), names)
    np.testing.assert_equal(eval(last, names), eval(outcome))


def test_arrays_behind_views_while_checking() -> None:
    a = np.ones(3)
    with checking():
        x = Tensor(np.ones(2))
        z = (x * a[::2]).sum()
        a[0] = 9.0
        with pytest.raises(errors.ChangedArrayError):
            z.backward()


def test_modes_of_other_threads() -> None:
    entered, done = threading.Event(), threading.Event()

    def other() -> None:
        with no_grad(), detect_anomaly():
            entered.set()
            done.wait(10)

    thread = threading.Thread(target=other)
    thread.start()
    entered.wait(10)
    x = Tensor([2.0])
    y = (x * x).sum() + np.log(Tensor([0.0])).sum() * 0
    done.set()
    thread.join()
    y.backward()
    assert x.grad.tolist() == [4.0]


# Plain numbers: a result that left the graph.

LEFT: dict[str, Callable[[], Any]] = {
    "float": lambda: grad(lambda x: float(x) ** 2)(1.0),
    "map": lambda: grad(lambda x: sum(map(math.sqrt, [x])))(1.0),
    "item": lambda: grad(lambda x: x.item() * 2)(1.0),
    "tolist": lambda: grad(lambda x: x.tolist()[0])(np.ones(2)),
    "recorded again": lambda: grad(lambda x: np.sin(float(x)))(1.0),
    "complex": lambda: grad(lambda x: abs(complex(x)))(1.0),
    "jacobian": lambda: jacobian(lambda x: x.item() * np.ones(2))(1.0),
    "hessian": lambda: hessian(lambda x: float(x[0]) ** 2)(np.ones(2)),
    "vjp": lambda: vjp(lambda x: float(x), 1.0),
    "jvp": lambda: jvp(lambda x: float(x), (1.0,), (1.0,)),
    "one of two arguments": lambda: grad(lambda x, y: float(x) * y, (0, 1))(1.0, 2.0),
    "an outer variable": lambda: grad(lambda x: grad(lambda y: y * float(x))(1.0))(2.0),
    "an item": lambda: grad(lambda x: np.array([float(v) for v in x]).sum())(np.ones(2)),
    "a parameter": lambda: grad(lambda p: float(p["a"]) * p["b"])({"a": 1.0, "b": 2.0}),
}
STAYED: dict[str, tuple[Callable[[], Any], Any]] = {
    "printed": (lambda: grad(lambda x: [float(x), x**2][1])(3.0), 6.0),
    "detached": (lambda: grad(lambda x: float(x.detach()) ** 2)(3.0), 0.0),
    "data": (lambda: grad(lambda x: x.data**2)(3.0), 0.0),
    "a constant": (lambda: grad(lambda x: 3.0)(3.0), 0.0),
    "a step": (lambda: grad(lambda x: 1.0 if x > 0 else 0.0)(3.0), 0.0),
    "a whole number": (lambda: grad(lambda x: 1.0 * int(x))(3.5), 0.0),
    "a question": (lambda: grad(lambda x: 1.0 if math.isfinite(x) else 0.0)(3.0), 0.0),
    "another variable": (lambda: grad(lambda x, y: float(y) * x)(3.0, Tensor(2.0)), 2.0),
}


@pytest.mark.parametrize("name", LEFT)
def test_a_result_that_left_the_graph_is_refused(name: str) -> None:
    with pytest.raises(errors.LeftGraphError, match="the derivative by a variable of shape") as raised:
        LEFT[name]()
    assert "in line" in str(raised.value)
    assert "x.detach().item()" in str(raised.value)


@pytest.mark.parametrize("name", STAYED)
def test_plain_numbers_beside_the_result_are_fine(name: str) -> None:
    f, slope = STAYED[name]
    assert f() == slope
