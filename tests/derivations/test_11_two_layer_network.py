"""A network with two layers, by hand.

    z = W x + b        h = tanh z        y = v · h + c        L = (y − t)²

Back from the loss, one line for each line above, in reverse order:

    ∂L/∂y = 2 (y − t)                         =: δ
    ∂L/∂c = δ
    ∂L/∂v = δ h
    ∂L/∂h = δ v
    ∂L/∂z = δ v ⊙ (1 − h²)                    =: ε        since tanh' = 1 − tanh²
    ∂L/∂b = ε
    ∂L/∂W = ε xᵀ                              since Wᵢⱼ occurs in zᵢ alone, with the factor xⱼ
    ∂L/∂x = Wᵀ ε                              since xⱼ occurs in every zᵢ, with the factor Wᵢⱼ

Each layer needs of all that comes after it one vector only, the gradient of its result. That is
backpropagation.
"""

import numpy as np

from autograd import Tensor


def test_two_layer_network() -> None:
    x = np.array([1.0, -2.0])
    W = np.array([[0.1, 0.2], [-0.3, 0.4], [0.5, -0.6]])
    b = np.array([0.01, -0.02, 0.03])
    v = np.array([1.0, -1.5, 0.5])
    c, t = 0.25, 1.0

    # forward
    z = W @ x + b
    h = np.tanh(z)
    y = v @ h + c

    # backward
    delta = 2 * (y - t)
    epsilon = delta * v * (1 - h**2)

    # the engine
    X, Wt, B, V, C = Tensor(x), Tensor(W), Tensor(b), Tensor(v), Tensor(c)
    loss = (V @ np.tanh(Wt @ X + B) + C - t) ** 2
    loss.backward()

    np.testing.assert_allclose(loss.data, (y - t) ** 2)
    np.testing.assert_allclose(C.grad, delta)
    np.testing.assert_allclose(V.grad, delta * h)
    np.testing.assert_allclose(B.grad, epsilon)
    np.testing.assert_allclose(Wt.grad, np.outer(epsilon, x))
    np.testing.assert_allclose(X.grad, W.T @ epsilon)
