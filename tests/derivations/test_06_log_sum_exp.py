"""The logarithm of a sum of exponentials.

    y = log Σⱼ e^{xⱼ}

With s = Σⱼ e^{xⱼ} this is a chain of two, y = log s:

    dy/ds = 1/s        ∂s/∂xᵢ = e^{xᵢ}

    ∂y/∂xᵢ = e^{xᵢ} / Σⱼ e^{xⱼ}

The gradient of log-sum-exp is the softmax: positive numbers that sum to 1. The same in the form that
does not overflow, since s = e^y:

    ∂y/∂xᵢ = e^{xᵢ − y}

Taking a number c out of all xⱼ changes y by c and the softmax not at all; so c = max xⱼ keeps every
exponential at 1 or below.
"""

import numpy as np

from autograd import Tensor, logsumexp


def test_gradient_is_the_softmax() -> None:
    x = Tensor([1.0, 2.0, 3.0])
    y = logsumexp(x)
    y.backward()

    exponentials = np.exp([1.0, 2.0, 3.0])

    np.testing.assert_allclose(y.data, np.log(exponentials.sum()))
    np.testing.assert_allclose(x.grad, exponentials / exponentials.sum())
    np.testing.assert_allclose(x.grad.sum(), 1.0)


def test_large_numbers_do_not_overflow() -> None:
    x = Tensor([1001.0, 1002.0, 1003.0])
    y = logsumexp(x)
    y.backward()

    exponentials = np.exp([1.0, 2.0, 3.0])

    np.testing.assert_allclose(y.data, 1000 + np.log(exponentials.sum()))
    np.testing.assert_allclose(x.grad, exponentials / exponentials.sum())
