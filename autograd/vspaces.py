"""The vector space of all values like a given one: its zeros, ones, basis, sum and inner product.

A value is a number, an array, or dicts, lists and tuples of them; a space does for each leaf what it does for
an array. Complex numbers are pairs of real ones here, with the inner product ``Re(conj(x) · y)``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import prod
from typing import Any, ClassVar

import numpy as np

from . import errors, trees
from .graph import Node
from .variables import matched, number

random = np.random.default_rng(0)
"""Where random vectors come from: the same ones in every process."""


@dataclass(frozen=True)
class Leaf:
    """The shape and the dtype of an array, or of a number."""

    shape: tuple[int, ...]
    dtype: Any

    @classmethod
    def of(cls, x: Any) -> Leaf:
        """Those of ``x``."""
        data = x._data if isinstance(x, Node) else x
        try:
            dtype = data.dtype if hasattr(data, "dtype") else np.asarray(data).dtype
        except ValueError:
            dtype = np.dtype(object)
        if dtype.kind not in "fciub":
            raise errors.not_differentiable_argument("vspace", f"{type(x).__name__}: {x!r}"[:80], "vspace(3.0)")
        return cls(np.shape(data), dtype)

    @property
    def iscomplex(self) -> bool:
        """Whether there are imaginary parts."""
        return bool(self.dtype.kind == "c")

    @property
    def size(self) -> int:
        """The number of dimensions; a complex number has two."""
        return prod(self.shape) * (2 if self.iscomplex else 1)

    def full(self, x: Any) -> Any:
        """``x`` in this shape and dtype; a number if there are no axes."""
        return number(np.array(np.broadcast_to(x, self.shape), self.dtype))

    def randn(self) -> Any:
        """Random numbers with mean 0 and variance 1."""
        x = random.standard_normal(self.shape)
        return self.full(x + 1j * random.standard_normal(self.shape) if self.iscomplex else x)

    def basis(self) -> Iterator[Any]:
        """For each dimension the array that is 1 there and 0 elsewhere."""
        for unit in (1, 1j) if self.iscomplex else (1,):
            for i in np.ndindex(self.shape):
                x = np.zeros(self.shape, self.dtype)
                x[i] = unit
                yield self.full(x)


class VSpace:
    """The space that a value lives in. Sum and products also take Values and Tensors, and record.

    Args:
        value: a number, an array, a Value, a Tensor, or dicts, lists and tuples of them.

    Attributes:
        leaves: in the structure of the value the shape and dtype of each leaf.

    Raises:
        DtypeError: a leaf is no number and no array of numbers.

    Example:
        >>> space = VSpace({"w": np.ones(2), "b": 3.0})
        >>> space.size, space.zeros()
        (3, {'w': array([0., 0.]), 'b': 0.0})
    """

    mappings: ClassVar[dict[type, Callable[[Any], VSpace]]] = {}
    """Spaces of other kinds, by the type of their values."""

    def __init__(self, value: Any) -> None:
        self.leaves = trees.map_leaves(Leaf.of, value)

    @classmethod
    def register(cls, value_type: type, vspace_maker: Callable[[Any], VSpace] | None = None) -> None:
        """Let :func:`vspace` find this class, or what ``vspace_maker`` makes, for values of that type."""
        VSpace.mappings[value_type] = vspace_maker or cls

    @property
    def shape(self) -> Any:
        """The shape of an array; of dicts, lists and tuples the same with the shape of each leaf."""
        return trees.map_leaves(lambda leaf: leaf.shape, self.leaves)

    @property
    def dtype(self) -> Any:
        """The dtype of an array; of dicts, lists and tuples the same with the dtype of each leaf."""
        return trees.map_leaves(lambda leaf: leaf.dtype, self.leaves)

    @property
    def size(self) -> int:
        """The number of dimensions."""
        return sum(leaf.size for _, leaf in trees.leaves(self.leaves))

    @property
    def iscomplex(self) -> bool:
        """Whether there are imaginary parts."""
        return any(leaf.iscomplex for _, leaf in trees.leaves(self.leaves))

    def zeros(self) -> Any:
        """The zero vector."""
        return self._map(lambda leaf: leaf.full(0))

    def ones(self) -> Any:
        """1 everywhere, and 1 + i in complex numbers: the sum of the basis."""
        return self._map(lambda leaf: leaf.full(1 + 1j if leaf.iscomplex else 1))

    def randn(self) -> Any:
        """A random vector of independent normal numbers."""
        return self._map(Leaf.randn)

    def standard_basis(self) -> Iterator[Any]:
        """For each dimension the vector that is 1 there and 0 elsewhere."""
        for path, leaf in trees.leaves(self.leaves):
            for x in leaf.basis():
                paths = iter(trees.leaves(self.leaves))
                yield self._map(
                    lambda other, x=x, path=path, paths=paths: x if next(paths)[0] == path else other.full(0)
                )

    def add(self, x: Any, y: Any) -> Any:
        """The sum."""
        return self._map(lambda leaf, a, b: a + b, x, y)

    def mut_add(self, x: Any, y: Any) -> Any:
        """The sum, where ``None`` counts as 0. Nothing is written into ``x``."""
        return self.add(self.zeros() if x is None else x, y)

    def scalar_mul(self, x: Any, a: Any) -> Any:
        """``a`` times the vector."""
        return self._map(lambda leaf, b: b * a, x)

    def inner_prod(self, x: Any, y: Any) -> Any:
        """The inner product, a real number."""
        parts = [
            np.sum(np.real(np.conj(a) * b) if leaf.iscomplex else a * b)
            for (_, leaf), a, b in zip(trees.leaves(self.leaves), self._of(x), self._of(y), strict=True)
        ]
        return sum(parts[1:], parts[0]) if parts else 0.0

    def covector(self, x: Any) -> Any:
        """The gradient of ``inner_prod(x, ·)`` in the convention of the gradients: the conjugate."""
        return self._map(lambda leaf, a: np.conj(a) if leaf.iscomplex else a, x)

    def _of(self, x: Any) -> list[Any]:
        """The leaves of a vector, in the order of this space."""
        return matched("an operation of a vector space", self.leaves, x)

    def _map(self, f: Callable[..., Any], *xs: Any) -> Any:
        """``f(leaf, ...)`` for each leaf of the space and of the vectors, in their structure."""
        columns = zip(*map(self._of, xs), strict=True) if xs else iter(lambda: (), None)
        return trees.map_leaves(lambda leaf: f(leaf, *next(columns)), self.leaves)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, VSpace) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash((type(self), self.size))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.leaves})"


def vspace(value: Any) -> Any:
    """The vector space that ``value`` lives in: a :class:`VSpace`, or what was registered for its type.

    Args:
        value: a number, an array, a Value, a Tensor, or dicts, lists and tuples of them.

    Returns:
        The space.

    Raises:
        DtypeError: there is no such space.

    Example:
        >>> vspace(np.ones((2, 3))).size
        6
    """
    return VSpace.mappings.get(type(value), VSpace)(value)
