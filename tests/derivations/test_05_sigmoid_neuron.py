"""A neuron with a sigmoid.

    z = w₁x₁ + w₂x₂ + b        a = σ(z) = 1 / (1 + e^{−z})        L = ½ (a − t)²

The sigmoid's derivative, from σ = (1 + e^{−z})⁻¹:

    σ' = e^{−z} / (1 + e^{−z})²
       = 1/(1 + e^{−z}) · e^{−z}/(1 + e^{−z})
       = σ (1 − σ)

Back from the loss, link by link:

    ∂L/∂a  = a − t
    ∂L/∂z  = (a − t) · a (1 − a)   =: δ
    ∂L/∂wᵢ = δ · xᵢ
    ∂L/∂xᵢ = δ · wᵢ
    ∂L/∂b  = δ

All of the neuron's gradients are its one error signal δ, times what stood at the other side of the
multiplication.
"""

import math

import pytest

from autograd import Value


def test_sigmoid_neuron() -> None:
    x1, x2 = Value(2.0), Value(-1.0)
    w1, w2, b = Value(0.5), Value(1.5), Value(0.25)
    target = 1.0

    a = (w1 * x1 + w2 * x2 + b).sigmoid()
    loss = (a - target) ** 2 / 2
    loss.backward()

    z = 0.5 * 2.0 + 1.5 * -1.0 + 0.25
    s = 1 / (1 + math.exp(-z))
    delta = (s - target) * s * (1 - s)

    assert z == -0.25
    assert a.grad == pytest.approx(s - target)
    assert w1.grad == pytest.approx(delta * 2.0)
    assert w2.grad == pytest.approx(delta * -1.0)
    assert x1.grad == pytest.approx(delta * 0.5)
    assert x2.grad == pytest.approx(delta * 1.5)
    assert b.grad == pytest.approx(delta)
