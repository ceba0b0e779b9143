"""Softmax with cross-entropy.

    pᵢ = e^{zᵢ} / Σⱼ e^{zⱼ}        L = −Σᵢ tᵢ log pᵢ        with Σᵢ tᵢ = 1

The logarithm of the softmax is a difference:

    log pᵢ = zᵢ − log Σⱼ e^{zⱼ}

Its derivative has the 1 of zᵢ itself, and the gradient of log-sum-exp, which is the softmax again:

    ∂ log pᵢ / ∂zₖ = [i = k] − pₖ

Put into the loss:

    ∂L/∂zₖ = −Σᵢ tᵢ ([i = k] − pₖ)
           = −tₖ + pₖ Σᵢ tᵢ
           = pₖ − tₖ

What is left of all the exponentials and logarithms is the prediction minus the target.
"""

import numpy as np

from autograd import Tensor


def test_prediction_minus_target() -> None:
    z = Tensor([2.0, 1.0, -1.0])
    target = np.array([0.0, 1.0, 0.0])

    p = np.exp(z) / np.exp(z).sum()
    loss = -(target * np.log(p)).sum()
    loss.backward()

    by_hand = np.exp([2.0, 1.0, -1.0]) / (np.exp(2.0) + np.exp(1.0) + np.exp(-1.0))

    np.testing.assert_allclose(p.data, by_hand)
    np.testing.assert_allclose(loss.data, -np.log(by_hand[1]))
    np.testing.assert_allclose(z.grad, by_hand - target)


def test_through_the_probabilities() -> None:
    z = Tensor([2.0, 1.0, -1.0])
    target = np.array([0.0, 1.0, 0.0])

    p = np.exp(z) / np.exp(z).sum()
    loss = -(target * np.log(p)).sum()
    loss.backward()

    np.testing.assert_allclose(p.grad, [0.0, -1 / p.data[1], 0.0])  # ∂L/∂pᵢ = −tᵢ/pᵢ
