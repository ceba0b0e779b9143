"""Derivatives of functions with several results: the whole matrix of slopes, or just its product or its diagonal."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from . import errors, trees
from .batching import batch, unbatch
from .graph import Node, ancestors, between, next_order, recording
from .holomorphic import demand, slopes
from .modes import Traced, pull
from .rules.parts import is_complex
from .tensor import Tensor
from .transforms import grad
from .variables import (
    check,
    direction,
    named,
    nodes,
    number,
    one,
    originals,
    place,
    pull_back,
    run,
    symbol,
    value_of,
    zero,
)

Argnum = int | tuple[int, ...] | list[int]

MEMORY = 1 << 25
"""How many bytes the gradients that go back together may take: more go one part after the other."""


def jacobian(f: Callable[..., Any], argnum: Argnum = 0, **unknown: Any) -> Callable[..., Any]:
    """All slopes of a function: ``jacobian(f)(x)[i, j] = ∂yᵢ/∂xⱼ``, of the shape ``y.shape + x.shape``.

    The graph is recorded once. Then all rows together take one walk back over it, as the examples of a batch; or,
    where the results are many more than the arguments, all columns take one walk forward, see :func:`autograd.jvp`.

    Complex results have complex slopes by real arguments; by complex ones the function has to be holomorphic.
    Real results by complex arguments have a gradient in each row, as :func:`autograd.grad` gives it.

    Args:
        f: a function that returns Tensors or Values: one, or a dict, list or tuple of them.
        argnum: the position of the argument to differentiate by, or several positions.
        **unknown: refused with the right name, since other libraries call it ``argnums``.

    Returns:
        A function with the arguments of ``f``. Where results or arguments are dicts, lists and tuples, it
        returns for each result, in their structure, the slopes in the structure of the argument.

    Raises:
        DtypeError: ``f`` is no function; the argument holds integers, or something that is not a number.
        ArgumentError: ``argnum`` is no position, or points past the arguments.

    Example:
        >>> jacobian(lambda x: x * x[::-1])(np.array([2.0, 3.0]))
        array([[3., 2.],
               [3., 2.]])
    """
    check("jacobian", f, argnum, unknown)
    return named(partial(_jacobian, f, argnum), "jacobian_of", f, argnum)


def value_and_jacobian(f: Callable[..., Any], argnum: Argnum = 0, **unknown: Any) -> Callable[..., Any]:
    """A function that returns both ``f(*args)`` and its Jacobian.

    Args:
        f: a function that returns Tensors or Values.
        argnum: the position of the argument to differentiate by, or several positions.
        **unknown: refused with the right name, since other libraries call it ``argnums``.

    Returns:
        A function with the arguments of ``f``; see :func:`jacobian`.

    Raises:
        DtypeError: ``f`` is no function; the argument holds integers, or something that is not a number.
        ArgumentError: ``argnum`` is no position, or points past the arguments.

    Example:
        >>> value_and_jacobian(lambda x: x * x)(3.0)
        (9.0, 6.0)
    """
    check("value_and_jacobian", f, argnum, unknown)
    return named(partial(_value_and_jacobian, "value_and_jacobian", f, argnum), "value_and_jacobian_of", f, argnum)


def hessian(f: Callable[..., Any], argnum: Argnum = 0, **unknown: Any) -> Callable[..., Any]:
    """All second derivatives: ``hessian(f)(x)[i, j] = ∂²f/∂xᵢ∂xⱼ``, the Jacobian of the gradient.

    Args:
        f: a function that returns one number.
        argnum: the position of the argument to differentiate by twice, or several positions.
        **unknown: refused with the right name, since other libraries call it ``argnums``.

    Returns:
        A function with the arguments of ``f`` that returns an array of the shape ``x.shape + x.shape``.

    Raises:
        NotScalarError: ``f`` does not return one number.
        DtypeError: ``f`` is no function; the argument holds integers, or something that is not a number.
        ArgumentError: ``argnum`` is no position, or points past the arguments.

    Example:
        >>> hessian(lambda x: x[0] ** 2 * x[1])(np.array([3.0, 5.0]))
        array([[10.,  6.],
               [ 6.,  0.]])
    """
    check("hessian", f, argnum, unknown)
    return named(partial(_jacobian, grad(f, argnum), argnum), "hessian_of", f, argnum)


def hvp(f: Callable[..., Any], argnum: Argnum = 0, **unknown: Any) -> Callable[..., Any]:
    """The Hessian times a vector: ``hvp(f)(x, v) = H v``, how the gradient changes along ``v``.

    It is a function of ``(x, v)`` like the other derivatives are functions of ``x``, so that it nests, pickles
    and goes to a solver (conjugate gradients asks for nothing but such products). H is symmetric, so
    ``H v = vᵀ H``: one walk back over the graph of the gradient, at the cost of one more gradient. The matrix,
    which has ``x.size`` squared elements, is never there.

    Args:
        f: a function that returns one number.
        argnum: the position of the argument to differentiate by twice, or several positions.
        **unknown: refused with the right name, since other libraries call it ``argnums``.

    Returns:
        A function with the arguments of ``f`` and, as the last, a vector of the structure and shapes of the
        gradient. It returns ``H v`` in the same form.

    Raises:
        NotScalarError: ``f`` does not return one number.
        DtypeError: ``f`` is no function; the argument holds integers, or something that is not a number.
        ArgumentError: ``argnum`` is no position, or points past the arguments; ``v`` has another structure.
        ShapeError: ``v`` has another shape.

    Example:
        >>> hvp(lambda x: x[0] ** 2 * x[1])(np.array([3.0, 5.0]), np.array([1.0, 0.0]))
        array([10.,  6.])
    """
    check("hvp", f, argnum, unknown)
    return named(partial(_hvp, f, argnum), "hvp_of", f, argnum)


def elementwise_grad(f: Callable[..., Any], argnum: Argnum = 0, **unknown: Any) -> Callable[..., Any]:
    """The slope of an elementwise function at each element: the gradient of the sum of its results.

    If each result depends on one element only, as in ``np.tanh``, the Jacobian is a diagonal matrix and this
    is its diagonal. Of other functions it gives the column sums ``Σᵢ ∂yᵢ/∂xⱼ``. Complex results have complex
    slopes; by complex arguments the function has to be holomorphic.

    Args:
        f: a function that returns Tensors or Values of any shape.
        argnum: the position of the argument to differentiate by, or several positions.
        **unknown: refused with the right name, since other libraries call it ``argnums``.

    Returns:
        A function with the arguments of ``f`` that returns the slopes in the structure of the argument.

    Raises:
        DtypeError: ``f`` is no function; the argument holds integers, or something that is not a number.
        ArgumentError: ``argnum`` is no position, or points past the arguments.

    Example:
        >>> elementwise_grad(lambda x: x ** 3)(np.array([1.0, 2.0]))
        array([ 3., 12.])
    """
    check("elementwise_grad", f, argnum, unknown)
    return named(partial(_elementwise_grad, f, argnum), "elementwise_grad_of", f, argnum)


def _jacobian(f: Callable[..., Any], argnum: Any, *args: Any, **kwargs: Any) -> Any:
    return _value_and_jacobian("jacobian", f, argnum, *args, **kwargs)[1]


def _value_and_jacobian(name: str, f: Callable[..., Any], argnum: Any, /, *args: Any, **kwargs: Any) -> Any:
    """Run ``f`` on fresh variables in the places ``argnum``, and take the slopes of each leaf of the result."""
    born = next_order()
    inputs, variables = place(name, argnum, args)
    result, seen = run(f, inputs, kwargs, born)
    variables = originals(variables)
    wanted = variables[0] if isinstance(argnum, int) else variables
    return value_of(result, seen), trees.map_leaves(lambda y: _slopes(y, wanted, seen), result)


def _size(x: Node) -> int:
    """The number of elements, for which Dask has no function."""
    return math.prod(np.shape(x._data))


def _slopes(y: Any, wanted: Any, record: bool) -> Any:
    """The slopes of one leaf of the result by each variable, the shorter way round."""
    found: dict[Node, Any] = {}
    if isinstance(y, Node):
        wrt = nodes(wanted)
        demand("jacobian", [y], wrt)
        tall = _size(y) > 2 * sum(map(_size, wrt))  # a step forward costs about two back
        if len({is_complex(node) for node in (y, *wrt)}) == 2:  # the other way round shows real parts only
            tall = is_complex(y)
        found = (_by_columns if tall else _by_rows)(y, wrt, record)

    def each(x: Node) -> Any:
        whole = found[x] if x in found else _no_slopes(y, x, record)
        return whole if record else number(whole)

    return trees.map_leaves(each, wanted)


def _by_rows(y: Any, wrt: list[Any], record: bool) -> dict[Node, Any]:
    """In reverse mode: a walk back for each element of the result."""
    found = _pull_each(y, wrt, record)
    if not isinstance(y, Tensor):
        return found
    return {x: np.reshape(rows, y.shape + np.shape(x._data)) for x, rows in found.items()}


def _by_columns(y: Any, wrt: list[Any], record: bool) -> dict[Node, Any]:
    """In forward mode: a walk forward for each element of an argument, through the recorded pullback."""
    s = symbol(y)
    with recording(True):
        pulled = pull_back([y], [s], True, wrt)
    columns = {x: _pull_each(gradient, [s], record).get(s) for x, gradient in pulled.items()}
    return {
        x: np.reshape(np.moveaxis(each, 0, -1), y.shape + np.shape(x._data))
        for x, each in columns.items()
        if each is not None
    }


def _pull_each(y: Any, wrt: list[Any], record: bool) -> dict[Node, Any]:
    """What the gradient that is 1 for one element of ``y``, and 0 for the others, gives for ``wrt``.

    Along a new first axis for each element, except of a Value. All go back together, as the examples of a
    batch; if that would take too much memory, as many as fit.
    """
    if not isinstance(y, Tensor):
        return pull_back([y], [direction("jacobian", y, one(y), record)], record, wrt)
    level, n, step = next_order(), y.size, _rows_at_once(y, wrt)
    blocks = []
    for start in range(0, n, step):
        units = np.eye(min(step, n - start), n, start).reshape(-1, *y.shape)
        seed = direction("jacobian", y, batch(units, level=level), record)
        blocks.append((len(units), pull_back([y], [seed], record, wrt)))
    found = {}
    for x in wrt:
        if any(x in block for _, block in blocks):
            parts = [unbatch(block[x] if x in block else zero(x, record), level=level, size=k) for k, block in blocks]
            found[x] = parts[0] if len(parts) == 1 else np.concatenate(parts)
    return found


def _rows_at_once(y: Node, wrt: list[Any]) -> int:
    """How many gradients of ``y`` can go back together: each leaves one behind at every node on the way."""
    row = sum(node._data.nbytes for node in between(ancestors([y]), wrt))
    return max(1, MEMORY // max(row, 1))


def _no_slopes(y: Any, x: Node, record: bool) -> Any:
    """The slopes of what does not depend on ``x``."""
    shape = np.shape(y._data if isinstance(y, Node) else y) + np.shape(x._data)
    if not shape:
        return zero(x, record)
    zeros = np.zeros(shape, np.result_type(*(getattr(node, "dtype", float) for node in (x, y))))
    return Tensor._leaf(zeros, requires_grad=False) if record else zeros


def _hvp(f: Callable[..., Any], argnum: Any, /, *args: Any, **kwargs: Any) -> Any:
    """Pull the vector, which is the last argument, back through the gradient of ``f``."""
    if not args:
        raise errors.no_vector()
    *where, v = args
    born = next_order()
    inputs, variables = place("hvp", argnum, where)
    gradient, seen = run(grad(f, argnum), inputs, kwargs, born)
    variables = originals(variables)
    return _pulled("hvp(f)(x, v), for v", gradient, v, variables, argnum, seen)


def _elementwise_grad(f: Callable[..., Any], argnum: Any, /, *args: Any, **kwargs: Any) -> Any:
    """Pull 1 back from every element."""
    born = next_order()
    inputs, variables = place("elementwise_grad", argnum, args)
    result, seen = run(f, inputs, kwargs, born)
    found = slopes("elementwise_grad", Traced(originals(variables), result, seen))
    return found[0] if isinstance(argnum, int) else found


def _pulled(did: str, result: Any, gradient: Any, variables: Any, argnum: Any, seen: bool) -> Any:
    """The gradients of the variables, given that of the result."""
    found = pull(did, Traced(variables, result, seen), gradient)
    return found[0] if isinstance(argnum, int) else found
