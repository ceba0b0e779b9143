"""Gradient checks in the words of HIPS autograd: ``check_grads(f, modes=["fwd", "rev"], order=2)(*args)``.

They compare each mode with central differences along random directions. Our own :func:`autograd.check_grads`
compares every element in reverse mode.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import numpy as np

from . import errors, trees
from .core import make_jvp, make_vjp
from .gradcheck import blame, find_fault, weigh
from .graph import ancestors
from .misc.flatten import flatten
from .operations import Operation
from .tracer import getval
from .variables import nodes, variable
from .vspaces import vspace
from .wrap_util import get_name, unary_to_nary, wraps

__all__ = [
    "EPS",
    "RTOL",
    "TOL",
    "check_equivalent",
    "check_grads",
    "check_jvp",
    "check_vjp",
    "combo_check",
    "make_numerical_jvp",
    "numerical_jvp",
    "scalar_close",
]

TOL = RTOL = 1e-6
"""How far numbers may be apart, absolutely or relatively to their sum."""

EPS = 1e-6
"""The step of the differences."""


def scalar_close(a: Any, b: Any) -> bool:
    """Whether two numbers are equal, within the tolerances.

    Example:
        >>> scalar_close(1.0, 1.0 + 1e-9), scalar_close(1.0, 1.1)
        (True, False)
    """
    return bool(abs(a - b) < TOL or abs(a - b) / abs(a + b) < RTOL)


def make_numerical_jvp(f: Callable[[Any], Any], x: Any) -> Callable[[Any], Any]:
    """``J v`` by the central difference ``(f(x + v ε/2) - f(x - v ε/2)) / ε``, as a function of ``v``.

    Example:
        >>> round(make_numerical_jvp(lambda x: x * x, 3.0)(1.0), 6)
        6.0
    """
    space, results = vspace(x), vspace(f(x))

    def jvp(v: Any) -> Any:
        above = f(space.add(x, space.scalar_mul(v, EPS / 2)))
        below = f(space.add(x, space.scalar_mul(v, -EPS / 2)))
        return results.scalar_mul(results.add(above, results.scalar_mul(below, -1.0)), 1 / EPS)

    return jvp


def numerical_jvp(f: Callable[[Any], Any], x: Any, v: Any) -> Any:
    """``J v`` by the central difference.

    Example:
        >>> round(numerical_jvp(lambda x: x * x, 3.0, 10.0), 5)
        60.0
    """
    return make_numerical_jvp(f, x)(v)


def check_vjp(f: Callable[[Any], Any], x: Any) -> None:
    """Compare reverse mode with differences: ``(Jᵀ g) · v`` with ``g · (J v)`` for random ``g`` and ``v``.

    Args:
        f: a function of one argument.
        x: where.

    Raises:
        GradientError: they differ; or the gradient does not have the form of the argument.

    Example:
        >>> check_vjp(lambda x: x * x, 3.0)
    """
    vjp, y = make_vjp(f, x)
    space, results = vspace(x), vspace(y)
    v, g = space.randn(), results.randn()
    gradient = space.covector(vjp(results.covector(g)))
    if vspace(gradient) != space:
        raise _wrong("VJP", repr(space), repr(vspace(gradient)), f, x)
    expected, got = results.inner_prod(g, numerical_jvp(f, x, v)), space.inner_prod(v, gradient)
    if not scalar_close(expected, got):
        raise _wrong(
            "VJP", f"{expected:.10g} by central differences", f"{got:.10g}, off by {abs(got - expected):.3g}", f, x
        )


def check_jvp(f: Callable[[Any], Any], x: Any) -> None:
    """Compare forward mode with differences: ``J v`` for a random ``v``.

    Args:
        f: a function of one argument.
        x: where.

    Raises:
        GradientError: they differ.

    Example:
        >>> check_jvp(lambda x: x * x, 3.0)
    """
    v = vspace(x).randn()
    _, got = make_jvp(f, x)(v)
    expected = numerical_jvp(f, x, v)
    if vspace(got) != vspace(expected):
        raise _wrong("JVP", repr(vspace(expected)), repr(vspace(got)), f, x)
    if not _close(got, expected):
        (want, _), (have, _) = flatten(expected), flatten(got)
        i = int(np.argmax(np.abs(want - have)))
        off = f"{have[i]:.10g}, off by {abs(have[i] - want[i]):.3g}"
        raise _wrong("JVP", f"{want[i]:.10g} by central differences, in element {i} of {len(want)}", off, f, x)


def _close(x: Any, y: Any) -> bool:
    """Whether two vectors have the same product with a random one."""
    space = vspace(x)
    v = space.randn()
    return scalar_close(space.inner_prod(x, v), space.inner_prod(y, v))


def check_equivalent(x: Any, y: Any) -> None:
    """Two values have the same form, and equal numbers within the tolerances.

    Raises:
        GradientError: they do not.

    Example:
        >>> check_equivalent({"a": 1.0}, {"a": 1.0 + 1e-9})
    """
    if vspace(x) != vspace(y):
        raise errors.values_differ(repr(vspace(x)), repr(vspace(y)))
    if not _close(x, y):
        raise errors.values_differ(repr(x), repr(y))


def _check_grads(f: Callable[[Any], Any], x: Any, modes: Sequence[str] = ("fwd", "rev"), order: int = 2) -> None:
    """Check the modes at ``x``, and then the derivatives themselves as functions of ``x`` and of the direction."""
    for mode in modes:
        if mode not in MODES:
            raise errors.bad_argument(
                f"check_grads(f, modes={modes!r})", "'fwd' and 'rev'", repr(mode), "modes=['rev']"
            )
        check, derivative, prefix = MODES[mode]
        check(f, x)
        if order > 1:
            v = vspace(x if mode == "fwd" else getval(f(x))).randn()
            moved = wraps(f, prefix + "_{fun}")(lambda x, v, derivative=derivative: derivative(f, x, v))
            _by_argument(moved, (0, 1), modes=modes, order=order - 1)(x, v)


MODES: dict[str, tuple[Callable[..., None], Callable[..., Any], str]] = {
    "fwd": (check_jvp, lambda f, x, v: make_jvp(f, x)(v)[1], "jvp"),
    "rev": (check_vjp, lambda f, x, v: make_vjp(f, x)[0](v), "vjp"),
}
"""For each mode its check, the derivative, and how that is called."""

_by_argument = unary_to_nary(_check_grads)


def check_grads(
    f: Callable[..., Any], argnum: Any = 0, modes: Sequence[str] = ("fwd", "rev"), order: int = 2
) -> Callable[..., None]:
    """Check the derivatives of a function in both modes; the result is called with where to check.

    Args:
        f: a function of numbers, arrays, or dicts, lists and tuples of them, that returns the like.
        argnum: the position of the argument to differentiate by, or several positions.
        modes: ``"fwd"``, ``"rev"`` or both.
        order: the highest order of derivatives to check.

    Returns:
        A function with the arguments of ``f``, which raises a GradientError if a derivative is wrong. The error
        names the mode, the function, both numbers, and the rule that is wrong, if one is.

    Raises:
        ArgumentError: there is no such mode; ``argnum`` is no position.

    Example:
        >>> import numpy as np
        >>> check_grads(lambda x, y: np.sin(x) * y, (0, 1))(1.0, np.ones(2))
    """
    check: Callable[..., None] = _by_argument(f, argnum, modes=modes, order=order)
    return check


def combo_check(fun: Callable[..., Any], argnum: Any = 0, **options: Any) -> Callable[..., None]:
    """Check the derivatives for every combination of arguments.

    Args:
        fun: the function.
        argnum: as in :func:`check_grads`.
        **options: its other arguments.

    Returns:
        A function that takes for each argument of ``fun``, also by name, a list of candidates.

    Example:
        >>> import numpy as np
        >>> combo_check(np.sum, (0,))([np.ones(2), np.ones((2, 3))], keepdims=[True, False])
    """
    check = check_grads(fun, argnum, **options)

    def check_all(*args: Any, **kwargs: Any) -> None:
        for chosen in product(*args, *kwargs.values()):
            check(*chosen[: len(args)], **dict(zip(kwargs, chosen[len(args) :], strict=True)))

    return check_all


def _wrong(mode: str, expected: str, got: str, f: Callable[[Any], Any], x: Any) -> errors.GradientError:
    """The error for a wrong derivative, with the rule that is to blame if there is one."""

    def weighted(*leaves: Any) -> Any:
        new = iter(leaves)
        return weigh(f(trees.map_leaves(lambda _: next(new), x)))

    fault = find_fault(weighted, [leaf for _, leaf in trees.leaves(x)])
    cure = blame(fault)
    if mode == "JVP" and fault is None and (rules := _forward_rules(f, x)):
        cure = f"the backward rules are right: look at the forward rules, from defjvp, of {', '.join(rules)}"
    did = f"Derivative ({mode}) check of {get_name(f)} failed with arg {errors.brief(x)}"
    return errors.check_failed(did, expected, got, cure)


def _forward_rules(f: Callable[[Any], Any], x: Any) -> list[str]:
    """The operations in ``f(x)`` that have a forward rule of their own."""
    result = f(trees.map_leaves(variable, x))
    ops = {node.op for node in ancestors(nodes(result)) if isinstance(node.op, Operation) and node.op.forward}
    return sorted(op.name for op in ops if op is not None)
