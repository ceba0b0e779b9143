"""Complex derivatives: of functions of complex numbers that have one.

A function of a complex number moves, to first order, by ``a dz + b conj(dz)``. If ``b`` is 0 everywhere it
is called holomorphic, and ``a`` is its complex derivative. Pulling back ``g`` gives ``g a + conj(g b)``; so it is
holomorphic here if pulling back ``i`` gives ``i`` times what pulling back 1 gives, and this is how it is found out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from . import errors
from .graph import Node, next_order
from .modes import Traced, filled
from .rules.parts import is_complex
from .variables import check, direction, moves, named, nodes, one, place, pull_back, run, symbol


def holomorphic_grad(
    f: Callable[..., Any], argnum: int | tuple[int, ...] | list[int] = 0, **unknown: Any
) -> Callable[..., Any]:
    """The complex derivative of a function of complex numbers: ``holomorphic_grad(f)(z) = df/dz``.

    ``f`` has to have one: it is made of ``exp``, ``sin``, powers, matrix products and the like, but not
    of ``conj``, ``abs``, ``real`` and ``imag``. This is checked, at ``z``. Nest it for higher orders.

    Args:
        f: a function that returns one complex number.
        argnum: the position of the argument to differentiate by, or several positions. The argument is a
            complex number or array, a complex Tensor, or dicts, lists and tuples of them.
        **unknown: refused with the right name, since other libraries call it ``argnums``.

    Returns:
        A function with the arguments of ``f`` that returns the derivative in the structure of the argument.

    Raises:
        NotScalarError: ``f`` does not return one number.
        DtypeError: ``f`` is no function; the argument is not complex.
        ArgumentError: ``f`` is not holomorphic there; ``argnum`` is no position, or points past the arguments.

    Example:
        >>> holomorphic_grad(lambda z: z ** 3)(1 + 2j)  # 3 z**2
        (-9+12j)
    """
    check("holomorphic_grad", f, argnum, unknown)
    return named(partial(_holomorphic_grad, f, argnum), "holomorphic_grad_of", f, argnum)


def _holomorphic_grad(f: Callable[..., Any], argnum: Any, /, *args: Any, **kwargs: Any) -> Any:
    """The slope of a function with one result."""
    born = next_order()
    inputs, variables = place("holomorphic_grad", argnum, args)
    for x in nodes(variables):
        if not is_complex(x):
            raise errors.not_complex_argument("holomorphic_grad", errors.describe(x))
    y, seen = run(f, inputs, kwargs, born)
    is_node, is_number = isinstance(y, Node), isinstance(y, (int, float, complex, np.ndarray, np.generic))
    if not (is_node or is_number):
        raise errors.not_a_number_returned("holomorphic_grad", f"{type(y).__name__}: {y!r}"[:80])
    if np.size(y) != 1:
        raise errors.not_scalar("holomorphic_grad", np.shape(y))
    if is_node and y.requires_grad and not is_complex(y):
        raise errors.not_holomorphic("holomorphic_grad", np.shape(y))
    found = slopes("holomorphic_grad", Traced(variables, y, seen))
    return found[0] if isinstance(argnum, int) else found


def slopes(did: str, traced: Traced) -> Any:
    """For each variable the sum of its slopes, ``sum of dy/dx`` over all results, which may be complex."""
    variables, result, record = traced
    ys, wrt = nodes(result), [x for x in nodes(variables) if moves(x)]
    demand(did, ys, wrt)
    found = pull_back(ys, [direction(did, y, one(y), record) for y in ys], record, wrt)
    turning = [y for y in ys if is_complex(y)]
    imaginary = [x for x in wrt if not is_complex(x)] if turning else []  # parts that pulling back 1 does not show
    for x, g in pull_back(
        turning, [direction(did, y, -1j * one(y), record) for y in turning], record, imaginary
    ).items():
        found[x] = found[x] + g * 1j
    return filled(variables, found, record)


def demand(did: str, ys: Sequence[Any], wrt: Sequence[Any]) -> None:
    """Refuse complex results that have no complex derivative by the complex ones of ``wrt``."""
    ys, wrt = [y for y in ys if is_complex(y)], [x for x in wrt if is_complex(x)]
    if not (ys and wrt):
        return
    weights = [symbol(y, i)._data for i, y in enumerate(ys)]
    straight = pull_back(ys, weights, False, wrt)
    turned = pull_back(ys, [1j * w for w in weights], False, wrt)
    for x in [x for x in wrt if x in straight]:
        gap, size = np.abs(turned[x] - 1j * straight[x]), np.abs(straight[x]) + np.abs(turned[x])
        if np.any(gap > np.sqrt(np.finfo(x.dtype).eps) * np.max(size, initial=0)):
            raise errors.not_holomorphic(did, x.shape)
