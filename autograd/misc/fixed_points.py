"""Where a repeated function comes to rest, and how that place moves with a parameter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..differential_operators import make_vjp
from ..extend import defvjp, primitive
from ..vspaces import vspace

__all__ = ["fixed_point"]


@primitive
def fixed_point(
    f: Callable[[Any], Callable[[Any], Any]], a: Any, x0: Any, distance: Callable[[Any, Any], float], tol: float
) -> Any:
    """The ``x`` with ``x = f(a)(x)``, found by repetition, and differentiable by ``a``.

    The repetitions are not recorded. With ``A = ∂f/∂x`` and ``B = ∂f/∂a`` at the fixed point, its derivative is
    ``(1 - A)⁻¹ B`` by the implicit function theorem, and ``w = (1 - A)⁻ᵀ g`` is itself the fixed point of
    ``w = g + Aᵀ w`` (Christianson 1994).

    Args:
        f: for a parameter the function to repeat, which must be a contraction near its fixed point.
        a: the parameter: a number, an array, or dicts, lists and tuples of them.
        x0: where to start; the fixed point does not depend on it.
        distance: how far two steps are apart.
        tol: the distance at which to stop.

    Returns:
        The fixed point.

    Example:
        >>> from autograd import grad
        >>> def root(a):
        ...     return fixed_point(lambda a: lambda x: (x + a / x) / 2, a, 1.0, lambda x, y: abs(x - y), 1e-12)
        >>> round(root(9.0), 6), round(grad(root)(9.0), 6)  # 1 / (2 * 3)
        (3.0, 0.166667)
    """
    step = f(a)
    last, x = x0, step(x0)
    while distance(x, last) > tol:
        last, x = x, step(x)
    return x


def _rule(ans: Any, f: Any, a: Any, x0: Any, distance: Any, tol: Any) -> Callable[[Any], Any]:
    """``Bᵀ w``, where ``w = g + Aᵀ w``."""

    def adjoint(params: Any) -> Callable[[Any], Any]:
        a, x, g = params
        back, _ = make_vjp(f(a))(x)
        return lambda w: vspace(g).add(g, back(w))

    def pull(g: Any) -> Any:
        w = fixed_point(adjoint, (a, ans, g), vspace(ans).zeros(), distance, tol)
        return make_vjp(lambda a: f(a)(ans))(a)[0](w)

    return pull


defvjp(fixed_point, None, _rule, None)
