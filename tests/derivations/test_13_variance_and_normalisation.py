"""Normalising to mean 0 and deviation 1.

    m = 1/n Σⱼ xⱼ        s² = 1/n Σⱼ (xⱼ − m)²        yᵢ = (xᵢ − m) / s

First the pieces. Every xᵢ moves the mean by 1/n of its own step:

    ∂m/∂xᵢ = 1/n

In the variance xᵢ occurs once by itself and in every term through m; the latter cancels, because
deviations from the mean sum to zero:

    ∂s²/∂xᵢ = 2/n (xᵢ − m) − 2/n Σⱼ (xⱼ − m) · 1/n = 2/n (xᵢ − m)
    ∂s/∂xᵢ  = 1/(2s) · ∂s²/∂xᵢ = (xᵢ − m) / (n s) = yᵢ / n

Now xₖ reaches yᵢ on three paths: directly, through m, and through s:

    ∂yᵢ/∂xₖ = 1/s ([i = k] − 1/n − yᵢ yₖ / n)

and with G for the gradient of a loss with respect to y:

    ∂L/∂xₖ = 1/s (Gₖ − mean(G) − yₖ mean(G ⊙ y))

What reaches x has lost its mean and its part along y: no step along these could change y at all.
"""

import numpy as np

from autograd import Tensor


def test_variance_and_deviation() -> None:
    numbers = np.array([1.0, 2.0, 6.0])
    m, s = 3.0, np.sqrt((4 + 1 + 9) / 3)

    x = Tensor(numbers)
    np.var(x).backward()
    np.testing.assert_allclose(x.grad, 2 / 3 * (numbers - m))

    x = Tensor(numbers)
    np.std(x).backward()
    np.testing.assert_allclose(x.grad, (numbers - m) / (3 * s))


def test_normalisation() -> None:
    g = np.array([1.0, -2.0, 0.5])
    x = Tensor([1.0, 2.0, 6.0])
    (g * (x - x.mean()) / x.std()).sum().backward()

    s = np.sqrt(14 / 3)
    y = np.array([-2.0, -1.0, 3.0]) / s

    np.testing.assert_allclose(x.grad, (g - g.mean() - y * (g * y).mean()) / s)
    np.testing.assert_allclose(x.grad.sum(), 0, atol=1e-15)
    np.testing.assert_allclose(x.grad @ y, 0, atol=1e-15)
