"""``scipy.integrate``: ordinary differential equations, differentiated by beginning, times and parameters.

The gradient is the solution of a second equation, the adjoint one, backward in time (Pontryagin 1962; Chen et
al. 2018, *Neural ordinary differential equations*). It is solved by the same row, so every order follows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from .. import errors, trees
from ..graph import Node, Primitive
from ..modes import vjp
from ..numpy.dispatch import array
from ..rules import row
from .peer import load

Field = Callable[..., Any]


def __getattr__(name: str) -> Any:
    return getattr(load("integrate"), name)


def odeint(
    func: Field,
    y0: Any,
    t: Any,
    args: tuple[Any, ...] = (),
    *,
    rtol: float | None = None,
    atol: float | None = None,
    tfirst: bool = False,
    mxstep: int = 0,
) -> Any:
    """Integrate ``dy/dt = func(y, t, *args)``; differentiated by ``y0``, ``t`` and ``args``.

    Args:
        func: the slope, a function of a vector, a number, and ``args``, in operations that record. It may return
            a list. What requires a gradient has to come through ``args``.
        y0: where the solution begins, of shape (d,).
        t: the times of the solution, of shape (n,); the first is that of ``y0``.
        args: further arguments of ``func``, which gets them as they are. Floating-point numbers, arrays and
            Tensors among them, also in dicts, lists and tuples, are differentiated by.
        rtol: the relative tolerance of SciPy's solver, which the gradients have too; about 1.5e-8 if not given.
        atol: the absolute tolerance.
        tfirst: whether ``func`` takes the time first.
        mxstep: the greatest number of steps between two times; 500 if 0.

    Returns:
        The solution, of shape (n, d).

    Raises:
        ArgumentError: ``func`` uses something from outside that requires a gradient.

    Example:
        >>> y = odeint(lambda y, t, rate: -rate * y, [1.0], [0.0, 1.0], (0.5,))
        >>> round(float(y[-1, 0]), 6)
        0.606531
    """

    def field(y: Any, t: Any, *given: Any) -> Any:
        new = iter(given)
        rest = trees.map_leaves(lambda x: next(new) if _is_floating(x) else x, args)
        return array(func(t, y, *rest) if tfirst else func(y, t, *rest))

    numbers = (x for _, x in trees.leaves(args) if _is_floating(x))
    y0, t, *rest = (_floating(x) for x in (y0, t, *numbers))
    return solution(y0, t, *rest, field=field, options={"rtol": rtol, "atol": atol, "mxstep": mxstep})


def _is_floating(x: Any) -> bool:
    """Whether ``x`` is data that can have a gradient; anything else is a constant of the equation."""
    return isinstance(x, float) or getattr(getattr(x, "dtype", None), "kind", "") == "f"


def _floating(x: Any) -> Any:
    """``x`` as an array of floating-point numbers, or as the Tensor that it is."""
    x = array(x)
    return x if isinstance(x, Node) or x.dtype.kind == "f" else x.astype(np.float64)


def _solve(y0: Any, t: Any, *args: Any, field: Field, options: Mapping[str, Any]) -> Any:
    """The solution on arrays, computed in double precision and returned in the dtype of ``y0``."""
    args = tuple(np.asarray(x, np.float64) for x in args)

    def slope(y: Any, t: float) -> Any:
        dy = field(y, np.asarray(t), *args)
        if isinstance(dy, Node) and dy.requires_grad:
            raise errors.bad_argument(
                "odeint(func, ...)", "a func that gets what requires a gradient through args",
                f"a func that uses {errors.describe(dy)} from outside, or made it",
                "odeint(lambda y, t, w: f(y, t, w), y0, t, args=(w,))",
            )  # fmt: skip
        return dy.data if isinstance(dy, Node) else dy

    return load("integrate").odeint(slope, y0, t, **options).astype(y0.dtype)


def _adjoint(g: Any, y: Any, t: Any, args: tuple[Any, ...], field: Field, options: Mapping[str, Any]) -> list[Any]:
    """The gradients of ``y0``, ``t`` and ``args``.

    From time to time backward ``da/dt = -a @ df/dy``, and at each time that was asked for ``a`` grows by the
    gradient of the solution there. The gradients of ``args`` are the integral of ``a @ df/dargs``.
    """
    n, d = y.shape
    sizes = [int(np.prod(np.shape(x))) for x in args]

    def backward(state: Any, t: Any, *args: Any) -> Any:
        """The slope of ``y``, of ``a``, and of the gradients of ``args``, in one vector."""
        dy, pull = vjp(field, state[:d], t, *args)
        of_y, _, *of_args = pull(-state[d : 2 * d])
        return np.concatenate([dy, of_y, *(np.reshape(x, (-1,)) for x in of_args)])

    def pace(i: int) -> Any:
        return field(y[i], t[i], *args)

    a, of_args = g[n - 1], 0 * np.concatenate([y[0, :0], *(np.reshape(x, (-1,)) for x in args)])
    of_t = []
    for i in range(n - 1, 0, -1):
        of_t.append(np.sum(g[i] * pace(i)))
        state = np.concatenate([y[i], a, of_args])
        before = solution(state, np.stack([t[i], t[i - 1]]), *args, field=backward, options=options)[1]
        of_args = before[2 * d :]
        arrived = before[d : 2 * d]
        a = arrived + g[i - 1]
    of_t.append(-np.sum(arrived * pace(0)) if n > 1 else 0 * t[0])
    parts, start = [], 0
    for x, size in zip(args, sizes, strict=True):
        parts.append(np.reshape(of_args[start : start + size], np.shape(x)))
        start += size
    return [a, np.stack(of_t[::-1]), *parts]


# fmt: off
solution: Primitive = row(_solve,
    jointly=lambda g, y, y0, t, *args, field=None, options=None: _adjoint(g, y, t, args, field, options),
    name="odeint")
# fmt: on
