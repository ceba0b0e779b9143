"""Label smoothing.

The right class r has the probability 1 − ε + ε/C instead of 1, and every other ε/C:

    tᵢ = (1 − ε) [i = r] + ε/C        Σᵢ tᵢ = 1

The cross-entropy splits into that of the label and the mean over all classes:

    L = −Σᵢ tᵢ log pᵢ = −(1 − ε) log pᵣ − ε · (1/C) Σᵢ log pᵢ

The t sum to 1, so the gradient is the prediction minus the target, as always (see softmax with cross-entropy):

    ∂L/∂zᵢ = pᵢ − tᵢ

It is 0 where p = t: the scores need not go to infinity any more, but only so far that

    zᵣ − zᵢ = log(tᵣ/tᵢ) = log(1 + C (1 − ε)/ε)
"""

import numpy as np

from autograd import Tensor
from nn import functional as F  # noqa: N812 -- PyTorch's abbreviation

EPS, C = 0.3, 3
TARGET = np.array([0.1, 0.8, 0.1])


def test_prediction_minus_smoothed_target() -> None:
    z = Tensor([2.0, 1.0, -1.0])
    loss = F.cross_entropy(z, 1, label_smoothing=EPS)
    loss.backward()

    p = np.exp(z.data) / np.exp(z.data).sum()

    np.testing.assert_allclose(loss.data, -(1 - EPS) * np.log(p[1]) - EPS * np.log(p).mean())
    np.testing.assert_allclose(z.grad, p - TARGET)


def test_no_need_for_infinite_scores() -> None:
    z = Tensor([0.0, np.log(1 + C * (1 - EPS) / EPS), 0.0])
    F.cross_entropy(z, 1, label_smoothing=EPS).backward()

    np.testing.assert_allclose(z.grad, 0, atol=1e-15)
