"""A chain of three.

    u = x²        v = sin u        y = e^v

Each link has a derivative of its own:

    du/dx = 2x        dv/du = cos u        dy/dv = e^v = y

The chain rule multiplies them:

    dy/dx = dy/dv · dv/du · du/dx = e^{sin x²} · cos x² · 2x

The engine multiplies from the left, starting at the result, and leaves each partial product where it
arose:

    at y:  1
    at v:  y
    at u:  y · cos u
    at x:  y · cos u · 2x
"""

import math

import pytest

from autograd import Value


def test_chain_of_three() -> None:
    x = Value(1.5)
    u = x**2
    v = u.sin()
    y = v.exp()
    y.backward()

    at_y = 1.0
    at_v = at_y * math.exp(math.sin(2.25))
    at_u = at_v * math.cos(2.25)
    at_x = at_u * 3.0

    assert y.grad == at_y
    assert v.grad == pytest.approx(at_v)
    assert u.grad == pytest.approx(at_u)
    assert x.grad == pytest.approx(at_x)
