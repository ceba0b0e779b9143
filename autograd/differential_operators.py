"""Derivatives under the names that HIPS autograd gives them, so that its programs run unchanged.

Nothing is differentiated here: each name is a few words in terms of :mod:`autograd.transforms`,
:mod:`autograd.modes` and :mod:`autograd.jacobians`, which are what to use in new programs. All take ``argnum``:
the position of the argument to differentiate by, or several, for which there is a tuple of gradients.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from . import errors
from .graph import next_order
from .holomorphic import holomorphic_grad
from .jacobians import Argnum, elementwise_grad, hessian, hvp, jacobian
from .modes import Traced, jvp, pull
from .recompute import checkpoint
from .transforms import grad, grad_and_aux, value_and_grad
from .util import subvals
from .variables import check, named, place, run, value_of
from .vspaces import vspace

__all__ = [
    "checkpoint",
    "deriv",
    "egrad",
    "elementwise_grad",
    "grad",
    "grad_and_aux",
    "grad_named",
    "hessian",
    "hessian_tensor_product",
    "hessian_vector_product",
    "holomorphic_grad",
    "jacobian",
    "make_ggnvp",
    "make_hvp",
    "make_jvp",
    "make_jvp_reversemode",
    "make_vjp",
    "multigrad",
    "multigrad_dict",
    "tensor_jacobian_product",
    "value_and_grad",
    "vector_jacobian_product",
]

egrad = elementwise_grad
hessian_tensor_product = hessian_vector_product = hvp


def make_vjp(f: Callable[..., Any], argnum: Argnum = 0) -> Callable[..., Any]:
    """Reverse mode, like :func:`autograd.vjp`, in two steps: the place, and then the gradients of the result.

    Args:
        f: a function that returns Tensors or Values: one, or a dict, list or tuple of them.
        argnum: the position of the argument to differentiate by, or several positions.

    Returns:
        A function with the arguments of ``f`` that returns ``(vjp, f(*args))``; ``vjp(g)`` is ``gᵀ J``.

    Raises:
        DtypeError: ``f`` is no function; the argument holds integers, or something that is not a number.
        ArgumentError: ``argnum`` is no position, or points past the arguments.

    Example:
        >>> vjp, y = make_vjp(lambda x: x * x)(3.0)
        >>> y, vjp(1.0), vjp(10.0)
        (9.0, 6.0, 60.0)
    """
    check("make_vjp", f, argnum, {})
    return named(partial(_make_vjp, f, argnum), "vjp_of", f, argnum)


def _make_vjp(f: Callable[..., Any], argnum: Argnum, /, *args: Any, **kwargs: Any) -> tuple[Callable[[Any], Any], Any]:
    born = next_order()
    inputs, variables = place("make_vjp", argnum, args)
    result, seen = run(f, inputs, kwargs, born)
    traced = Traced(variables, result, seen)

    def vjp(g: Any) -> Any:
        found = pull("vjp(g), which make_vjp returned", traced, g)
        return found[0] if isinstance(argnum, int) else found

    return vjp, value_of(result, seen)


def make_jvp(f: Callable[..., Any], argnum: Argnum = 0) -> Callable[..., Any]:
    """Forward mode as a function: ``make_jvp(f)(x)(v)`` is ``(f(x), J v)``. See :func:`autograd.jvp`.

    Args:
        f: a function that returns Tensors or Values: one, or a dict, list or tuple of them.
        argnum: the position of the argument that moves, or several positions, for which ``v`` is a tuple.

    Returns:
        A function with the arguments of ``f`` that returns a function of the direction ``v``.

    Raises:
        DtypeError: ``f`` is no function; the argument holds integers, or something that is not a number.
        ArgumentError: ``argnum`` is no position, or points past the arguments.

    Example:
        >>> make_jvp(lambda x, y: x * y, 1)(2.0, 5.0)(1.0)
        (10.0, 2.0)
    """
    check("make_jvp", f, argnum, {})
    return named(partial(_make_jvp, f, argnum), "jvp_of", f, argnum)


def _make_jvp(f: Callable[..., Any], argnum: Argnum, /, *args: Any, **kwargs: Any) -> Callable[[Any], Any]:
    positions = (argnum,) if isinstance(argnum, int) else tuple(argnum)
    place("make_jvp", positions, args)  # which says what is wrong with them

    def moved(*xs: Any) -> Any:
        return f(*subvals(args, zip(positions, xs, strict=True)), **kwargs)

    def along(v: Any) -> tuple[Any, Any]:
        return jvp(moved, tuple(args[i] for i in positions), (v,) if isinstance(argnum, int) else tuple(v))

    return along


def make_jvp_reversemode(f: Callable[..., Any], argnum: Argnum = 0) -> Callable[..., Any]:
    """``make_jvp_reversemode(f)(x)(v)`` is ``J v`` alone. All of our forward mode is reverse mode, twice.

    Args:
        f: a function that returns Tensors or Values.
        argnum: the position of the argument that moves, or several positions.

    Returns:
        A function with the arguments of ``f`` that returns a function of the direction ``v``.

    Example:
        >>> make_jvp_reversemode(lambda x: x ** 3)(2.0)(1.0)
        12.0
    """

    def forward(*args: Any, **kwargs: Any) -> Callable[[Any], Any]:
        along = make_jvp(f, argnum)(*args, **kwargs)
        return lambda v: along(v)[1]

    return forward


def deriv(f: Callable[..., Any], argnum: Argnum = 0) -> Callable[..., Any]:
    """The derivative in forward mode, along ones: of a function of one number, its slope.

    Args:
        f: a function that returns Tensors or Values of any shape.
        argnum: the position of the argument to differentiate by, or several positions.

    Returns:
        A function with the arguments of ``f`` that returns ``Σⱼ ∂yᵢ/∂xⱼ`` in the structure of its result.

    Example:
        >>> deriv(lambda x: x ** 3)(2.0)
        12.0
    """

    def slope(*args: Any, **kwargs: Any) -> Any:
        along = make_jvp(f, argnum)(*args, **kwargs)
        x = args[argnum] if isinstance(argnum, int) else tuple(args[i] for i in argnum)
        return along(vspace(x).ones())[1]

    return slope


def make_hvp(f: Callable[..., Any], argnum: Argnum = 0) -> Callable[..., Any]:
    """The Hessian times a vector, like :func:`autograd.hvp`, in two steps: the place, and then the vectors.

    Args:
        f: a function that returns one number.
        argnum: the position of the argument to differentiate by twice, or several positions.

    Returns:
        A function with the arguments of ``f`` that returns ``(hvp, gradient)``; ``hvp(v)`` is ``H v``.

    Example:
        >>> hvp, gradient = make_hvp(lambda x: x ** 3)(2.0)
        >>> hvp(1.0), gradient
        (12.0, 12.0)
    """
    return make_vjp(grad(f, argnum), argnum)


def _half_of_squares(y: Any) -> Any:
    """The loss of least squares."""
    return np.sum(y**2, axis=-1) / 2


def make_ggnvp(
    f: Callable[..., Any], g: Callable[[Any], Any] = _half_of_squares, f_argnum: Argnum = 0
) -> Callable[..., Any]:
    """The generalized Gauss-Newton matrix of ``g(f(x))`` times a vector: ``Jᵀ H J v`` (Schraudolph 2002).

    It is the Hessian of ``g(f(x))`` without the curvature of ``f``.

    Args:
        f: a function that returns Tensors or Values, with the Jacobian J.
        g: a function of the result of ``f`` that returns one number, with the Hessian H.
        f_argnum: the position of the argument of ``f`` to differentiate by, or several positions.

    Returns:
        A function with the arguments of ``f`` that returns a function of the vector ``v``.

    Example:
        >>> make_ggnvp(lambda x: x ** 2)(np.array([1.0, 3.0]))(np.array([1.0, 1.0]))
        array([ 4., 36.])
    """

    def at(*args: Any, **kwargs: Any) -> Callable[[Any], Any]:
        back, y = make_vjp(f, f_argnum)(*args, **kwargs)
        curve, _ = make_hvp(g)(y)
        forward = make_jvp_reversemode(f, f_argnum)(*args, **kwargs)
        return lambda v: back(curve(forward(v)))

    return at


def tensor_jacobian_product(f: Callable[..., Any], argnum: Argnum = 0) -> Callable[..., Any]:
    """The Jacobian, multiplied from the left by an array that has some of the first axes of the result.

    Args:
        f: a function that returns a Tensor.
        argnum: the position of the argument to differentiate by, or several positions.

    Returns:
        A function with the arguments of ``f`` and, as the last, the array to multiply by.

    Example:
        >>> tensor_jacobian_product(lambda x: x * x)(np.array([2.0, 3.0]), np.array([1.0, 10.0]))
        array([ 4., 60.])
    """

    def product(*args: Any, **kwargs: Any) -> Any:
        *where, v = args
        return np.tensordot(v, f(*where, **kwargs), axes=np.ndim(v))

    return jacobian(product, argnum)


vector_jacobian_product = tensor_jacobian_product


def _position(f: Callable[..., Any], argname: str) -> int:
    """Where the argument of that name stands."""
    names = list(inspect.signature(f).parameters)
    if argname not in names:
        raise errors.bad_argument(
            f"grad_named(f, {argname!r})", "the name of an argument of f", repr(argname), f"one of {', '.join(names)}"
        )
    return names.index(argname)


def grad_named(f: Callable[..., Any], argname: str) -> Callable[..., Any]:
    """The gradient by the argument of that name, which has to be given by position.

    Args:
        f: a function that returns one number.
        argname: the name of the argument.

    Returns:
        A function with the arguments of ``f`` that returns the gradient.

    Raises:
        ArgumentError: ``f`` has no such argument.

    Example:
        >>> grad_named(lambda x, scale: scale * x, "scale")(2.0, 5.0)
        2.0
    """
    return grad(f, _position(f, argname))


def multigrad(f: Callable[..., Any], argnums: Sequence[int] = (0,)) -> Callable[..., Any]:
    """The gradients by several arguments, as a tuple: ``grad(f, argnum=argnums)``.

    Args:
        f: a function that returns one number.
        argnums: the positions of the arguments.

    Returns:
        A function with the arguments of ``f`` that returns a tuple of gradients.

    Example:
        >>> multigrad(lambda x, y: x * y, [0, 1])(2.0, 5.0)
        (5.0, 2.0)
    """
    return grad(f, argnums if isinstance(argnums, int) else tuple(argnums))


def multigrad_dict(f: Callable[..., Any]) -> Callable[..., dict[str, Any]]:
    """The gradients by all arguments at once, by their names; defaults count as given.

    Args:
        f: a function that returns one number; all its arguments are numbers, arrays, or made of them.

    Returns:
        A function with the arguments of ``f`` that returns a dict with a gradient for each.

    Example:
        >>> multigrad_dict(lambda x, scale=3.0: scale * x)(2.0)
        {'x': 3.0, 'scale': 2.0}
    """
    signature = inspect.signature(f)

    def gradients(*args: Any, **kwargs: Any) -> dict[str, Any]:
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()

        def call(arguments: Any) -> Any:
            again = inspect.BoundArguments(signature, arguments)
            return f(*again.args, **again.kwargs)

        return grad(call)(dict(bound.arguments))

    return gradients
