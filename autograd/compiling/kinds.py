"""What programs are told apart by: the kind of what they are given, and which of it lies in the same memory."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import trees
from ..assignment import VARIABLE
from ..graph import Node
from ..tensor import Tensor
from ..value import Value
from .trace import Variable, memory


def leaves(tree: Any) -> list[Any]:
    """The leaves of dicts, lists and tuples."""
    return [x for _, x in trees.leaves(tree)] if isinstance(tree, (list, tuple, dict)) else [tree]


def is_inside(x: Node) -> bool:
    """Whether a node is a result, or a variable of a derivative that is under way."""
    return x.op is not None or x.attrs is VARIABLE


def kind(x: Any, varies: bool = False) -> Any:
    """What a program takes for granted of an argument.

    Args:
        x: the argument, or a variable for one.
        varies: whether whole numbers may be others in the next call.
    """
    x = x.data if isinstance(x, Variable) else x
    of = type(x)
    if of is np.ndarray:
        return x.shape, x.dtype, x.strides
    if of is float or (of is int and varies):
        return of
    if of is Tensor and (not varies or not is_inside(x)):
        return of, id(x) if isinstance(x.grad, Node) else 0, x.requires_grad, kind(x._data), kind(x.grad)
    if of is Value:
        return of, id(x.grad) if isinstance(x.grad, Node) else 0, x.requires_grad
    if isinstance(x, np.generic):
        return of
    if of in (int, bool, str, type(None), complex):
        return of, x
    if varies and isinstance(x, (list, tuple, dict)):
        return of, *[(path, kind(leaf, varies)) for path, leaf in trees.leaves(x)]
    return _Same(x)


class _Same:
    """The very same object, kept so that no other gets its ``id``."""

    __slots__ = ("x",)

    def __init__(self, x: Any) -> None:
        self.x = x

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.x is other.x

    def __hash__(self) -> int:
        return id(self.x)


def alike(old: Any, new: Any) -> bool:
    """Whether a program can read one like the other."""
    return type(old) not in (bool, str, type(None)) and kind(old, varies=True) == kind(new, varies=True)


def roots(arrays: Any) -> list[int]:
    """The memory of each array, as a number."""
    return [id(memory(x)) if type(x) is np.ndarray else 0 for x in arrays]


def shared_memory(given: Any, written: list[int], fixed: list[int]) -> list[int]:
    """For each array that is given, which of the memory that is written into it lies in; -1 for none.

    Args:
        given: what comes with the call.
        written: which of it is written into.
        fixed: the memory of what is written into besides, see :func:`roots`.
    """
    found = roots(given)
    table = {root: i for i, root in enumerate([*fixed, *[found[i] for i in written]])}
    return [table.get(root, -1) for root in found]
