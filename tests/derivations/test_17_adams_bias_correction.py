"""Why Adam divides by 1 − βᵗ.

The running mean of the gradients starts at 0 and forgets at the rate β:

    m₀ = 0        mₜ = β mₜ₋₁ + (1 − β) gₜ

Written out, each gradient has the weight that the later steps have left of it:

    mₜ = (1 − β) Σₛ β^{t−s} gₛ        s = 1, ..., t

The weights are a geometric series, and do not sum to 1:

    (1 − β) Σₛ β^{t−s} = (1 − β) (1 − βᵗ)/(1 − β) = 1 − βᵗ

The rest, βᵗ, is the weight of the 0 at the start. If all gradients have the mean μ, then mₜ has the mean (1 − βᵗ) μ,
and mₜ / (1 − βᵗ) has the mean μ. In the first step m₁/(1 − β) = g and v₁/(1 − β₂) = g², so that the step is

    lr · g / √g² = lr · sign(g)
"""

import numpy as np
import pytest

from autograd import Tensor
from nn.optim import Adam


def test_the_weights_of_all_gradients() -> None:
    beta, g = 0.9, np.array([3.0, -1.0, 2.0, 0.5])
    x = Tensor(0.0)
    optimizer = Adam([x], betas=(beta, 0.999))
    for gradient in g:
        x.grad = np.array(gradient)
        optimizer.step()

    weights = (1 - beta) * beta ** np.arange(3, -1, -1)

    assert optimizer.state[x]["exp_avg"] == pytest.approx(weights @ g, rel=1e-14)
    assert weights.sum() == pytest.approx(1 - beta**4, rel=1e-14)


@pytest.mark.parametrize("gradient", [1e-3, -1.0, 1e3])
def test_the_first_step_is_lr(gradient: float) -> None:
    x = Tensor(0.0)
    x.grad = np.array(gradient)
    Adam([x], lr=0.1, eps=0.0).step()

    assert x.item() == pytest.approx(-0.1 * np.sign(gradient), rel=1e-14)
