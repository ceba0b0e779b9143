"""Data sets: examples that can be counted, and asked for by number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd import errors

from ..inputs import plain
from .collate import default_collate


class Dataset:
    """The base of data sets. A subclass says how many examples there are, and what the ``i``-th is.

    Anything with ``__len__`` and ``__getitem__``, such as a list, can take its place; and so can anything that
    can only be gone through, such as an object whose ``__iter__`` reads a file line by line.

    Example:
        >>> class Squares(Dataset):
        ...     def __len__(self):
        ...         return 4
        ...
        ...     def __getitem__(self, i):
        ...         return float(i), float(i * i)
        >>> from nn.data import DataLoader
        >>> [y.tolist() for x, y in DataLoader(Squares(), batch_size=2)]
        [[0.0, 1.0], [4.0, 9.0]]
    """

    def __len__(self) -> int:
        """How many examples there are; each subclass writes its own."""
        raise _unwritten(self, "__len__", "def __len__(self): return ...")

    def __getitem__(self, i: Any) -> Any:
        """One example; each subclass writes its own."""
        raise _unwritten(self, "__getitem__", "def __getitem__(self, i): return x, y")

    def batch_of(self, indices: Sequence[int]) -> Any:
        """Several examples joined to a batch; a subclass may know a faster way."""
        return default_collate([self[i] for i in indices])


class TensorDataset(Dataset):
    """Arrays with the examples along their first axes: the ``i``-th example is the ``i``-th row of each.

    Args:
        *tensors: arrays, Tensors or lists of numbers, all of the same length.

    Raises:
        ArgumentError: no arrays, or one that has no examples to count.
        DtypeError: an array of something else than numbers.
        ShapeError: arrays of different lengths.

    Example:
        >>> data = TensorDataset([[0.0, 0.0], [0.0, 1.0]], [0, 1])
        >>> len(data), data[1]
        (2, (array([0., 1.]), np.int64(1)))
    """

    def __init__(self, *tensors: Any) -> None:
        if not tensors:
            raise errors.bad_argument("TensorDataset()", "at least one array", "none", "TensorDataset(X, y)")
        self.tensors = tuple(_numbers(i, x) for i, x in enumerate(tensors))
        if len({len(x) for x in self.tensors}) > 1:
            raise errors.ShapeError(
                errors.message(
                    "TensorDataset(...)",
                    "arrays of the same length, an example a row",
                    " and ".join(f"shape {x.shape}" for x in self.tensors),
                    "X[: len(y)], if the targets of the last examples are missing",
                )
            )

    def __len__(self) -> int:
        return len(self.tensors[0])

    def __getitem__(self, i: Any) -> tuple[Any, ...]:
        return tuple(x[i] for x in self.tensors)

    def batch_of(self, indices: Sequence[int]) -> tuple[Any, ...]:
        """Several rows of each array."""
        places = np.asarray(indices, np.intp)
        return tuple(x[places] for x in self.tensors)


class Subset(Dataset):
    """Some examples of a data set.

    Args:
        dataset: all examples.
        indices: the numbers of those that belong to the subset.

    Example:
        >>> Subset(["a", "b", "c"], [2, 0])[0]
        'c'
    """

    def __init__(self, dataset: Any, indices: Sequence[int]) -> None:
        self.dataset = dataset
        self.indices = indices

    def __len__(self) -> int:
        return len(self.indices)

    def __getitem__(self, i: int) -> Any:
        return self.dataset[self.indices[i]]

    def batch_of(self, indices: Sequence[int]) -> Any:
        """Several examples of the whole data set, joined to a batch."""
        if isinstance(self.dataset, Dataset):
            return self.dataset.batch_of([self.indices[i] for i in indices])
        return super().batch_of(indices)


def _numbers(i: int, x: Any) -> Any:
    """The ``i``-th argument as an array of numbers with an axis, or an error."""
    did = f"TensorDataset: argument {i}"
    try:
        array = np.asarray(plain(x))
    except ValueError as error:
        cure = "rows of the same length; a Dataset of your own, and a collate_fn that fills them up"
        raise errors.bad_argument(did, "an array of numbers", str(error), cure) from error
    if array.dtype.kind not in "biufc":
        given = f"{type(x).__name__} of dtype {array.dtype}"
        cure = "X.astype(np.float32); np.unique(y, return_inverse=True)[1] to number the names of classes"
        raise errors.DtypeError(errors.message(did, "an array of numbers", given, cure))
    if not array.ndim:
        cure = "np.asarray([x]) for one example"
        raise errors.bad_argument(did, "examples along the first axis", f"the single number {array}", cure)
    return array


def _unwritten(dataset: Dataset, method: str, cure: str) -> NotImplementedError:
    name = type(dataset).__name__
    return NotImplementedError(
        errors.message(f"{method} of a {name}", f"a method {method}", f"a {name} without one", cure)
    )
