"""The gradient by a complex number, and where its minus sign comes from.

A real loss L of z = x + iy has two slopes. When z moves by dz = dx + i dy, it changes by

    dL = ∂L/∂x dx + ∂L/∂y dy

Both slopes are kept in one complex number g, and there is a choice of its sign. With

    g = ∂L/∂x − i ∂L/∂y

the real part of a product puts them together, since (a − ib)(dx + i dy) = (a dx + b dy) + i (...):

    dL = Re(g dz)

The chain rule. Let w = f(z) where f has a complex derivative, dw = f'(z) dz, and let g belong to w. Then

    dL = Re(g dw) = Re(g f'(z) dz)        so the gradient of z is g f'(z)

as for real numbers: no conjugates. (The other sign, PyTorch's, would give g · conj(f'(z)).) Where there is no complex
derivative, the rule is found in the same way, by writing Re(g dw) as Re(... dz):

    w = conj z:   Re(g conj(dz)) = Re(conj(g) dz)                                       gradient conj(g)
    w = Re z:     g Re(dz) = Re(g dz)              (g is real, since w is)              gradient g
    w = Im z:     g Im(dz) = Re(−i g dz)                                                gradient −i g
    w = |z|:      dw = Re(conj(z) dz) / |z|                                             gradient g conj(z) / |z|
    z real:       Re(g dx) = Re(g) dx                                                   gradient Re(g)

With numbers: L = |z² + 1| at z = 1 + 2i.

    u = z²        = −3 + 4i
    w = u + 1     = −2 + 4i
    L = |w|       = √20 ≈ 4.4721

    gradient of w:   conj(w) / |w|       = (−2 − 4i) / √20
    gradient of z:   that times 2z       = (−2 − 4i)(2 + 4i) / √20 = (12 − 16i) / √20 ≈ 2.6833 − 3.5777i

so L rises by 2.6833 for each unit of x and by 3.5777 for each unit of y: downhill is along −conj(g).
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from autograd import Tensor, grad, holomorphic_grad, vjp

Z = 1 + 2j


def loss(z):
    return np.abs(z * z + 1)


def test_by_hand_and_by_machine() -> None:
    z = Tensor(Z)
    w = z * z + 1
    length = np.abs(w)
    length.backward()

    assert length.item() == pytest.approx(math.sqrt(20))
    assert w.grad == pytest.approx((-2 - 4j) / math.sqrt(20))
    assert z.grad == pytest.approx((12 - 16j) / math.sqrt(20))


def test_both_slopes() -> None:
    by_x = grad(lambda x: loss(x + 2j))(1.0)
    by_y = grad(lambda y: loss(1 + 1j * y))(2.0)

    assert (by_x, by_y) == (pytest.approx(2.6833, abs=1e-4), pytest.approx(3.5777, abs=1e-4))
    assert grad(loss)(Z) == pytest.approx(by_x - 1j * by_y)


def test_the_change_of_the_loss_is_the_real_part_of_a_product() -> None:
    dz = 1e-6 * (0.3 - 0.8j)

    assert loss(Z + dz) - loss(Z) == pytest.approx((grad(loss)(Z) * dz).real, rel=1e-5)


def test_no_conjugate_in_the_chain_rule() -> None:
    g = 0.5 - 2j

    assert holomorphic_grad(lambda z: z * z + 1)(Z) == 2 * Z
    assert vjp(lambda z: z * z + 1, Z)[1](g)[0] == pytest.approx(g * 2 * Z)


def test_functions_without_a_complex_derivative() -> None:
    g = 0.5 - 2j

    assert vjp(np.conj, Z)[1](g)[0] == g.conjugate()
    assert vjp(np.real, Z)[1](3.0)[0] == 3
    assert vjp(np.imag, Z)[1](3.0)[0] == -3j
    assert vjp(np.abs, Z)[1](3.0)[0] == pytest.approx(3 * Z.conjugate() / abs(Z))
    assert vjp(lambda x: x * (1 + 1j), 2.0)[1](g)[0] == (g * (1 + 1j)).real


def test_downhill() -> None:
    assert loss(Z - 0.01 * np.conj(grad(loss)(Z))) < loss(Z)
    assert loss(Z - 0.01 * grad(loss)(Z)) > loss(Z)  # in PyTorch's convention this would be downhill
