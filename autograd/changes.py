"""Arrays that were changed behind our back: what only a copy can tell.

Assigning ``t.data``, or an item of ``t``, is always noticed, from the order in which things were made. Writing
into an array that a Tensor holds or that stood beside one in an operation is not: NumPy tells nobody. Inside
:func:`checking` each operation keeps a copy of the arrays that it uses, and every backward pass over it first
compares.
"""

from __future__ import annotations

import weakref
from contextlib import AbstractContextManager
from typing import Any, NamedTuple

import numpy as np

from . import errors, trees
from .graph import Node, Watching
from .watching import Place, Watcher


def checking() -> AbstractContextManager[None]:
    """Notice arrays that are changed after they were used, also through a view or by other programs.

    What is computed inside the block is compared with what it was computed from whenever its gradient is asked
    for, inside the block or after it. Each array that an operation uses is kept a second time, once for all
    operations that find it unchanged; and compared once for each use, forward and backward. Only NumPy's arrays
    are looked at. Also a decorator; only the current thread or task is affected.

    Raises:
        ChangedArrayError: by the backward pass. It names the array, the operation and the line that used it, the
            first element that changed, and the line that mends it.

    Example:
        >>> import numpy as np
        >>> from autograd import Tensor
        >>> x, a = Tensor([1.0, 2.0]), np.array([3.0, 4.0])
        >>> with checking():
        ...     loss = (x * a).sum()
        >>> a[0] = 5.0
        >>> loss.backward()
        Traceback (most recent call last):
        autograd.errors.ChangedArrayError: walking back from multiply to argument 1, ndarray of shape (2,)
          expected: an array that still holds the numbers that multiply used
          got:      1 of 2 elements changed since, the first at (0,): 3.0 has become 5.0
          cure:     compute the result again after the change, or use array.copy(), which nobody changes
          line:     ...: loss = (x * a).sum()
    """
    return Watching(_Checking())


class Use(NamedTuple):
    """An array that an operation used: which argument it was, or attribute, and a copy."""

    which: int | str
    array: Any
    copy: Any


class Used(Place):
    """Where a result was made, and from which arrays."""

    uses: list[Use]

    def inspect(self, node: Any) -> None:
        """Raise an error if an array that ``node`` was computed from has changed."""
        inputs = node.inputs
        for which, array, copy in self.uses:
            x = inputs[which] if isinstance(which, int) else array
            if isinstance(x, Node) and x.order > node.order:
                continue  # it was given new data: the walk says so
            if not _same(array, copy):
                raise _changed(node, which, x, array, copy)


class _Checking(Watcher):
    """Keeps copies of what operations use."""

    def __init__(self) -> None:
        self.kept: dict[int, tuple[weakref.ref[Any], Any]] = {}

    def made(self, node: Any, op: Any, inputs: tuple[Any, ...]) -> None:
        """Note the line, and copy the arrays."""
        super().made(node, op, inputs)
        if node.op is None:
            return
        place = Used(node.scope, node.scope.line)
        arrays: list[tuple[int | str, Any]] = [(i, x._data if isinstance(x, Node) else x) for i, x in enumerate(inputs)]
        arrays += trees.leaves(dict(node.attrs))
        place.uses = [Use(which, x, self._copy(x)) for which, x in arrays if isinstance(x, np.ndarray)]
        node.scope = place

    def _copy(self, array: Any) -> Any:
        """A copy of an array; the one that is there already, if nothing changed since."""
        key = id(array)
        reference, copy = self.kept.get(key, (None, None))
        if reference is None or reference() is not array or not _same(array, copy):
            copy = array.copy()
            self.kept[key] = (weakref.ref(array, lambda _: self.kept.pop(key, None)), copy)
        return copy


def _same(a: Any, b: Any) -> bool:
    """Whether two arrays hold the same; a NaN is the same as a NaN."""
    return np.array_equal(a, b, equal_nan=a.dtype.kind in "fc")


def _changed(node: Any, which: int | str, x: Any, array: Any, copy: Any) -> errors.ChangedArrayError:
    what = errors.describe_input(x, which) if isinstance(which, int) else f"its {which}, {errors.describe(x)}"
    if array.shape == copy.shape:
        places = np.argwhere(~((array == copy) | ((array != array) & (copy != copy))))
        first = tuple(int(i) for i in places[0])
        at = f", the first at {first}" if first else ""
        got = f"{len(places)} of {array.size} elements changed since{at}: {copy[first]} has become {array[first]}"
    else:
        got = f"an array of shape {array.shape}, which was of shape {copy.shape}"
    cure = "compute the result again after the change, or use array.copy(), which nobody changes"
    if isinstance(x, Node):
        cure = "change it by t.data = array, or by t[index] = value under no_grad(), and compute the result again"
    error = errors.ChangedArrayError(
        errors.message(
            f"walking back from {node.op.name} to {what}",
            f"an array that still holds the numbers that {node.op.name} used",
            got,
            cure,
        )
    )
    error.layer, error.line = str(node.scope), node.scope.line
    return error
