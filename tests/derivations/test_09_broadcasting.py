"""Broadcasting.

    Yᵢⱼ = Xᵢⱼ + bⱼ

NumPy lets the row b run along every row of X. What looks like one b is used n times, once for each i;
and a number that is used several times collects its gradient from every use:

    ∂L/∂Xᵢⱼ = Gᵢⱼ
    ∂L/∂bⱼ  = Σᵢ Gᵢⱼ

So the gradient of broadcasting is a sum over the axes along which it repeated. With a product the
other factor comes along:

    Yᵢⱼ = Xᵢⱼ · bⱼ        ∂L/∂bⱼ = Σᵢ Gᵢⱼ Xᵢⱼ

and a number that meets a whole array collects from everywhere: ∂L/∂c = Σᵢⱼ Gᵢⱼ.
"""

import numpy as np

from autograd import Tensor


def test_row_added_to_a_matrix() -> None:
    g = np.array([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]])

    X, b, c = Tensor(np.zeros((2, 3))), Tensor([1.0, 2.0, 3.0]), Tensor(5.0)
    (g * (X + b + c)).sum().backward()

    assert X.grad.tolist() == g.tolist()
    assert b.grad.tolist() == [1.0 + 10.0, 2.0 + 20.0, 3.0 + 30.0]
    assert c.grad == 1.0 + 2.0 + 3.0 + 10.0 + 20.0 + 30.0


def test_column_times_row() -> None:
    u, v = Tensor([[1.0], [2.0]]), Tensor([[3.0, 4.0, 5.0]])
    (u * v).sum().backward()

    assert u.grad.tolist() == [[12.0], [12.0]]  # 3 + 4 + 5
    assert v.grad.tolist() == [[3.0, 3.0, 3.0]]  # 1 + 2
