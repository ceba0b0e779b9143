"""``vmap``: a function of one example becomes a function of many."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from . import errors, trees
from .assignment import variable_of
from .batching import batch, levels_of, unbatch
from .graph import Node, next_order
from .tensor import Tensor
from .value import Value
from .variables import nodes

Axes = Any
"""An axis, None, or dicts, lists and tuples of these."""


def vmap(f: Callable[..., Any], in_axes: Axes = 0, out_axes: Axes = 0, **unknown: Any) -> Callable[..., Any]:
    """A function of many examples, given a function of one: ``vmap(f)(xs)[i] = f(xs[i])``.

    All examples are computed at once, by the same rules of the table: ``f`` runs once, on arrays that show the shape
    of one example and hide the axis of all. What can only be done for one example, such as a function without
    a rule for batches, is done for one after the other. Derivatives and ``vmap`` nest in both orders:
    ``vmap(grad(f))`` gives the gradient of each example, and ``grad`` sees through ``vmap``.

    Args:
        f: a function of arrays and numbers that returns the same: one, or a dict, list or tuple of them.
            Arrays that hold examples come as Tensors.
        in_axes: along which axis the examples lie in each positional argument, ``None`` for what is the same for all.
            One for all arguments, or a tuple with one for each; where an argument is a dict, list or tuple, perhaps one
            for each part of it.
        out_axes: likewise, where they shall lie in the results. ``None`` for a result that is the same for all.
        **unknown: refused with the right name, since other libraries call them ``in_dims`` and ``out_dims``.

    Returns:
        A function with the arguments of ``f``; keyword arguments are the same for all examples. Plain arguments
        give plain results, unless ``f`` uses an outer Tensor that requires a gradient.

    Raises:
        DtypeError: ``f`` is no function.
        ArgumentError: the axes are not arranged like the arguments or the results; no argument has examples; ``f``
            returns something that is no array.
        PlaceError: an argument or a result does not have the axis.
        ShapeError: the arguments hold different numbers of examples.
        VaryingError: ``f`` asks for a number that each example has its own of, as ``if x > 0`` does.

    Example:
        >>> from autograd import grad
        >>> def loss(w, x, y):
        ...     return (np.dot(x, w) - y) ** 2
        >>> x, y = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([1.0, 2.0])
        >>> vmap(grad(loss), in_axes=(None, 0, 0))(np.zeros(2), x, y)  # a gradient for each example
        array([[ -2.,  -4.],
               [-12., -16.]])
    """
    if not callable(f):
        raise errors.no_function_to_map(errors.describe(f))
    for argument in unknown:
        raise errors.unknown_mapping(argument)
    mapped = partial(_vmap, f, in_axes, out_axes)
    mapped.__name__ = f"vmap_of_{getattr(f, '__name__', 'f')}"  # type: ignore[attr-defined] # a partial has a __dict__
    return mapped


def _vmap(f: Callable[..., Any], in_axes: Axes, out_axes: Axes, /, *args: Any, **kwargs: Any) -> Any:
    """Hide the axes of the arguments, run ``f``, and show those of the results."""
    level = next_order()
    entering = list(_told(tuple(in_axes) if isinstance(in_axes, list) else in_axes, args, "in_axes"))
    size = _size(entering)
    leaves = iter(entering)
    result = f(*trees.map_leaves(lambda _: _enter(*next(leaves)[1:], level), args), **kwargs)
    leaving, plain = _told(out_axes, result, "out_axes"), not nodes(args)
    return trees.map_leaves(lambda _: _leave(*next(leaving), level, size, plain), result)


def _told(axes: Axes, tree: Any, which: str, path: str = "") -> Iterator[tuple[str, Any, int | None]]:
    """Each leaf of the tree with its place, and the axis that is told for it or for a branch that it is on."""
    if axes is None or type(axes) is int:
        yield from ((_place(which, place), x, axes) for place, x in trees.leaves(tree, path))
    elif isinstance(axes, dict) and isinstance(tree, dict) and axes.keys() == tree.keys():
        for key, branch in tree.items():
            yield from _told(axes[key], branch, which, f"{path}[{key!r}]")
    elif isinstance(axes, (tuple, list)) and isinstance(tree, (tuple, list)) and len(axes) == len(tree):
        for i, (axis, branch) in enumerate(zip(axes, tree, strict=True)):
            yield from _told(axis, branch, which, f"{path}[{i}]")
    else:
        what = "the arguments" if which == "in_axes" else "the result"
        given = f"{errors.brief(axes)} for {errors.brief(tree)}"
        raise errors.wrong_axes(which, _place(which, path) if path else what, given, what)


def _place(which: str, path: str) -> str:
    """A path as a message names it: ``argument 0['w']``."""
    return f"argument {path[1:].replace(']', '', 1)}" if which == "in_axes" else f"the result{path}"


def _size(entering: list[tuple[str, Any, int | None]]) -> int:
    """How many examples there are."""
    found = [(place, axis, _length(place, x, axis)) for place, x, axis in entering if axis is not None]
    if not found:
        raise errors.nothing_to_map("in_axes=None for all" if entering else "no arguments")
    if len({n for _, _, n in found}) > 1:
        raise errors.numbers_of_examples(found)
    return found[0][2]


def _length(place: str, x: Any, axis: int) -> int:
    """How long the axis is."""
    shape = getattr(x, "shape", None)
    if shape is None or isinstance(x, Value) or not -len(shape) <= axis < len(shape):
        cure = f"an axis that {place} has; in_axes=None for what is the same for all examples"
        raise errors.no_axis_to_map(place, errors.describe(x), axis, shape, cure)
    return int(shape[axis])


def _enter(x: Any, axis: int | None, level: int) -> Any:
    """An argument as ``f`` sees it."""
    if axis is None:
        return x
    example = batch(np.moveaxis(x, axis, 0) if axis else x, level=level)
    return example if isinstance(x, Node) else variable_of(Tensor, example, requires_grad=False)


def _leave(place: str, y: Any, axis: int | None, level: int, size: int, plain: bool) -> Any:
    """A result as the caller sees it."""
    if isinstance(y, Value) or not (hasattr(y, "dtype") or isinstance(y, (bool, int, float, complex))):
        raise errors.no_array_returned(place, f"{type(y).__name__}: {errors.brief(y)}")
    if axis is None and level in levels_of(y):
        raise errors.varies_all_the_same(place)
    if axis is not None:
        y = unbatch(y, level=level, size=size)
        if not -np.ndim(y) <= axis < np.ndim(y):
            what = f"{np.ndim(y)} axes, the one of the examples among them"
            raise errors.no_axis_to_map(place, what, axis, np.shape(y), "out_axes=0")
        y = np.moveaxis(y, 0, axis) if axis else y
    return y._data if plain and isinstance(y, Tensor) and not y.requires_grad else y
