"""A node used twice.

    a = 2x        b = x²        y = a · b

x reaches y on two paths, one through a and one through b. A small step dx moves y along both, and the
two movements add up:

    dy/dx = ∂y/∂a · da/dx + ∂y/∂b · db/dx
          =    b  ·   2   +    a  ·  2x
          =   2x² + 4x²  =  6x²

which is the derivative of y = 2x³. At x = 3 the first path brings 18 and the second 36.

The smallest case is y = x · x: each factor is x, each path brings x, and the sum is 2x. An engine that
overwrites instead of adding answers x.
"""

from autograd import Value


def test_two_paths_add_up() -> None:
    x = Value(3.0)
    a = 2 * x
    b = x**2
    y = a * b
    y.backward()

    through_a = 9.0 * 2.0
    through_b = 6.0 * 6.0

    assert x.grad == through_a + through_b == 54.0


def test_number_times_itself() -> None:
    x = Value(3.0)
    (x * x).backward()

    assert x.grad == 3.0 + 3.0
