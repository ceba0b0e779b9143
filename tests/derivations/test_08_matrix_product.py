"""The matrix product.

    Y = A B        Yᵢⱼ = Σₖ Aᵢₖ Bₖⱼ

Let L be a number computed from Y, and G its gradient: Gᵢⱼ = ∂L/∂Yᵢⱼ. The entry Aₚᵩ occurs in row p of
Y alone, there once in each column j, and with the factor Bᵩⱼ:

    ∂L/∂Aₚᵩ = Σⱼ Gₚⱼ Bᵩⱼ = Σⱼ Gₚⱼ (Bᵀ)ⱼᵩ

which is again a matrix product. In the same way for B, whose entry Bᵩᵣ occurs in column r alone:

    ∂L/∂A = G Bᵀ
    ∂L/∂B = Aᵀ G

The shapes leave no other choice: (n×k) from (n×m)(m×k), and (k×m) from (k×n)(n×m).
"""

import numpy as np

from autograd import Tensor


def test_matrix_product() -> None:
    a = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    b = np.array([[1.0, -1.0], [0.0, 2.0], [3.0, 1.0]])
    g = np.array([[1.0, 10.0], [100.0, 1000.0]])

    A, B = Tensor(a), Tensor(b)
    (g * (A @ B)).sum().backward()

    np.testing.assert_array_equal(A.grad, g @ b.T)
    np.testing.assert_array_equal(B.grad, a.T @ g)


def test_one_entry_by_hand() -> None:
    A, B = Tensor([[1.0, 2.0]]), Tensor([[3.0, 4.0], [5.0, 6.0]])
    (A @ B).sum().backward()  # (1·3 + 2·5) + (1·4 + 2·6)

    assert A.grad.tolist() == [[3.0 + 4.0, 5.0 + 6.0]]
    assert B.grad.tolist() == [[1.0, 1.0], [2.0, 2.0]]
