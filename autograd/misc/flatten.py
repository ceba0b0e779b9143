"""Dicts, lists and tuples of arrays as one vector, and back: for optimisers that know vectors only."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import accumulate, pairwise
from math import prod
from typing import Any

import numpy as np

from .. import errors, trees
from ..graph import Node
from ..variables import number

__all__ = ["flatten", "flatten_func"]


def flatten(value: Any) -> tuple[Any, Callable[[Any], Any]]:
    """All numbers of a tree in one vector, and the function that makes the tree of a vector again.

    Both record: the vector of a tree with Tensors in it is a Tensor.

    Args:
        value: a number, an array, a Tensor, or dicts, lists and tuples of them. Dicts are read in the order of
            their keys.

    Returns:
        ``(vector, unflatten)``. The vector has the common dtype of all leaves, and so have the leaves of
        ``unflatten(vector)``.

    Raises:
        ArgumentError: by ``unflatten``: the vector has another length.

    Example:
        >>> vector, unflatten = flatten({"w": np.ones((2, 2)), "b": 5.0})
        >>> vector
        array([5., 1., 1., 1., 1.])
        >>> unflatten(10 * vector)["b"]
        50.0
    """
    value = _sorted(value)
    leaves = [x for _, x in trees.leaves(value)]
    vector = np.concatenate([np.reshape(x, -1) for x in leaves]) if leaves else np.array([])
    return vector, partial(_unflatten, trees.map_leaves(lambda x: _Shape(np.shape(x)), value))


class _Shape:
    """The shape of a leaf, as a leaf: a tuple would be a branch."""

    def __init__(self, shape: tuple[int, ...]) -> None:
        self.shape = shape


def _sorted(tree: Any) -> Any:
    """The same tree with the keys of its dicts in order."""
    if isinstance(tree, dict):
        return type(tree)((key, _sorted(tree[key])) for key in sorted(tree))
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return type(tree)(*map(_sorted, tree))
    return type(tree)(map(_sorted, tree)) if isinstance(tree, (list, tuple)) else tree


def _unflatten(shapes: Any, vector: Any) -> Any:
    """The parts of the vector in the shapes of the leaves, in their places."""
    sizes = [prod(leaf.shape) for _, leaf in trees.leaves(shapes)]
    if np.shape(vector) != (sum(sizes),):
        raise errors.bad_argument(
            "unflatten(vector), which flatten returned", f"a vector of length {sum(sizes)}, as flatten made it",
            f"shape {np.shape(vector)}", "unflatten(vector + step), with the vector that flatten returned",
        )  # fmt: skip
    parts = pairwise(accumulate(sizes, initial=0))

    def part(leaf: _Shape) -> Any:
        x = np.reshape(vector[slice(*next(parts))], leaf.shape)
        return x if isinstance(x, Node) else number(x)

    return trees.map_leaves(part, shapes)


def flatten_func(func: Callable[..., Any], example: Any) -> tuple[Callable[..., Any], Callable[[Any], Any], Any]:
    """A function of a tree that returns a tree, as a function of a vector that returns a vector.

    Args:
        func: a function of a tree, and of whatever follows.
        example: a tree like its first argument.

    Returns:
        ``(the function of a vector, unflatten, example as a vector)``.

    Example:
        >>> double, unflatten, vector = flatten_func(lambda tree: {"a": 2 * tree["a"]}, {"a": np.ones(2)})
        >>> unflatten(double(vector))
        {'a': array([2., 2.])}
    """
    vector, unflatten = flatten(example)
    return lambda x, *args: flatten(func(unflatten(x), *args))[0], unflatten, vector
