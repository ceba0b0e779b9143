"""The maximum, also with ties.

    y = max(x₁, …, xₙ)

Where one element is larger than all others, a small step leaves it the largest. Then y is that
element, and the others do nothing:

    ∂y/∂xᵢ = 1 if xᵢ = y, else 0

Where k elements are equally large there is a kink: raising one of them raises y, lowering it does not.
The slopes to both sides are 1 and 0, and no single derivative exists. Every choice of weights that are
at least 0 and sum to 1 on the tied elements is a subgradient: a plane that touches y here and lies
below it everywhere. Of these we take the one that treats equals equally:

    ∂y/∂xᵢ = 1/k if xᵢ = y, else 0

For two elements, max(a, b) with a = b, the halves are also the mean of the slopes on both sides.
"""

import numpy as np

from autograd import Tensor


def test_one_largest_element() -> None:
    x = Tensor([1.0, 5.0, 3.0])
    np.max(x).backward()

    assert x.grad.tolist() == [0.0, 1.0, 0.0]


def test_two_largest_elements() -> None:
    x = Tensor([5.0, 1.0, 5.0, 3.0])
    np.max(x).backward()

    assert x.grad.tolist() == [1 / 2, 0.0, 1 / 2, 0.0]


def test_the_plane_lies_below() -> None:
    x = Tensor([5.0, 1.0, 5.0, 3.0])
    y = np.max(x)
    y.backward()

    for step in np.random.default_rng(0).normal(size=(100, 4)):
        assert np.max(x.data + step) >= y.data + x.grad @ step - 1e-12
