"""DataLoader: through a data set in batches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

import numpy as np

from autograd import errors

from .. import init
from ..check import check_whole
from .collate import default_collate
from .dataset import Dataset
from .seeding import own_generator
from .workers import in_threads


class DataLoader:
    """Through a data set in batches; each ``for`` loop goes through it once.

    Args:
        dataset: anything with ``__len__`` and ``__getitem__``; or anything that can be gone through again and again,
            which is taken as it comes.
        batch_size: how many examples a batch has; ``None`` for examples as they are, without batches.
        shuffle: whether each pass has a new random order.
        sampler: the numbers of the examples in the order to take them, in place of ``shuffle``.
        batch_sampler: a list of such numbers for each batch, in place of all four options of that kind.
        num_workers: how many threads load ahead; 0 loads when a batch is asked for. The batches are the same.
        collate_fn: what joins a list of examples to a batch; :func:`default_collate` if not given.
        drop_last: whether to leave out a last batch that is not full.
        prefetch_factor: how many batches each thread is ahead.
        generator: what shuffles; the generator of :func:`nn.manual_seed` if neither it nor a seed is given.
        seed: of the shuffling, in place of a generator.

    Raises:
        ArgumentError: options that make no sense, or not together.

    Example:
        >>> from nn.data import TensorDataset
        >>> data = TensorDataset(np.arange(5.0), np.arange(5))
        >>> for x, y in DataLoader(data, batch_size=2):
        ...     print(x, y)
        [0. 1.] [0 1]
        [2. 3.] [2 3]
        [4.] [4]
        >>> first, second = ([y.tolist() for _, y in DataLoader(data, 5, shuffle=True, seed=1)] for _ in range(2))
        >>> first == second
        True
    """

    def __init__(
        self,
        dataset: Any,
        batch_size: int | None = 1,
        shuffle: bool = False,
        sampler: Iterable[int] | None = None,
        batch_sampler: Iterable[Sequence[int]] | None = None,
        num_workers: int = 0,
        collate_fn: Callable[[list[Any]], Any] | None = None,
        drop_last: bool = False,
        *,
        prefetch_factor: int = 2,
        generator: np.random.Generator | None = None,
        seed: int | None = None,
    ) -> None:
        self.by_number = hasattr(dataset, "__getitem__") and hasattr(dataset, "__len__")
        if not self.by_number and not hasattr(dataset, "__iter__"):
            given = f"{type(dataset).__name__}: {errors.brief(dataset)}"
            expected = "a data set, with __len__ and __getitem__, or with __iter__"
            raise errors.bad_argument("DataLoader(dataset)", expected, given, "DataLoader(TensorDataset(X, y))")
        _check_dataset(dataset, batch_size)
        if batch_size is not None:
            check_whole("DataLoader(...)", "batch_size", batch_size, least=1, usual=32)
        check_whole("DataLoader(...)", "num_workers", num_workers, least=0, usual=0)
        check_whole("DataLoader(...)", "prefetch_factor", prefetch_factor, least=1, usual=2)
        self.dataset = dataset
        self.batch_size, self.shuffle, self.drop_last = batch_size, shuffle, drop_last
        self.sampler, self.batch_sampler = sampler, batch_sampler
        self.num_workers, self.prefetch_factor = num_workers, prefetch_factor
        self.collate_fn = collate_fn
        self.generator = own_generator("DataLoader(...)", generator, seed)
        self._check_together()

    def __iter__(self) -> Iterator[Any]:
        """One pass; a random order is drawn now."""
        if not self.by_number:
            return self._stream()
        return self.through(self.jobs())

    def through(self, jobs: Iterable[Any]) -> Iterator[Any]:
        """Load what :meth:`jobs` names, or a part of it."""
        if self.num_workers:
            return in_threads(self._load, jobs, self.num_workers, self.num_workers * self.prefetch_factor)
        return map(self._load, jobs)

    def __len__(self) -> int:
        """How many batches a pass has."""
        source: Any = next(x for x in (self.batch_sampler, self.sampler, self.dataset) if x is not None)
        if not hasattr(source, "__len__"):
            given = f"{type(source).__name__}, which has no length"
            cure = "for batch in loader: ..., which needs none"
            raise errors.DtypeError(errors.message("len(loader)", "a data set with a length", given, cure))
        if self.batch_sampler is not None or self.batch_size is None:
            return len(source)
        return len(source) // self.batch_size if self.drop_last else -(-len(source) // self.batch_size)

    def state_dict(self) -> dict[str, Any]:
        """The state of the loader's own generator, if it has one: what the next orders hang on."""
        return {"generator": self.generator.bit_generator.state} if self.generator else {}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on where another loader was saved, between two passes.

        Raises:
            ArgumentError: one of them has a generator of its own, and the other has not.
        """
        if ("generator" in state_dict) != (self.generator is not None):
            expected, given = "a loader with a seed of its own", "one without"
            pair = (expected, given) if "generator" in state_dict else (given, expected)
            raise errors.bad_argument("DataLoader.load_state_dict(...)", *pair, "DataLoader(..., seed=0) in both")
        if self.generator is not None:
            self.generator.bit_generator.state = state_dict["generator"]

    @property
    def knows_its_batches(self) -> bool:
        """Whether it loads examples by their numbers, in batches."""
        return self.by_number and (self.batch_size is not None or self.batch_sampler is not None)

    def jobs(self) -> Iterable[Any]:
        """The numbers of the examples of each batch; of each example, where there are no batches."""
        if self.batch_sampler is not None:
            return self.batch_sampler
        n, order = len(self.dataset), self.sampler
        if order is None:
            order = (self.generator or init.generator()).permutation(n).tolist() if self.shuffle else range(n)
        return order if self.batch_size is None else groups(order, self.batch_size, self.drop_last)

    def _load(self, indices: Any) -> Any:
        """One batch, or one example."""
        try:
            if self.batch_size is None and self.batch_sampler is None:
                example = self.dataset[indices]
                return self.collate_fn(example) if self.collate_fn else example
            if self.collate_fn is None and isinstance(self.dataset, Dataset) and len(indices):
                return self.dataset.batch_of(indices)
            return (self.collate_fn or default_collate)([self.dataset[i] for i in indices])
        except Exception as error:
            error.add_note(f"DataLoader: in the batch of the examples {errors.brief(indices)}")
            raise

    def _stream(self) -> Iterator[Any]:
        """The batches of what can only be gone through."""
        if self.batch_size is None:
            return map(self.collate_fn, self.dataset) if self.collate_fn else iter(self.dataset)
        return map(self.collate_fn or default_collate, groups(self.dataset, self.batch_size, self.drop_last))

    def _check_together(self) -> None:
        """An error for options that contradict each other."""
        ordered = self.sampler is not None or self.batch_sampler is not None
        contradictions = {
            "shuffle, or a sampler, which has an order of its own": self.shuffle and ordered,
            "batch_sampler alone": self.batch_sampler is not None
            and (self.batch_size != 1 or self.sampler is not None or self.drop_last),
            "batches, of which the last may be dropped": self.batch_size is None and self.drop_last,
            "examples as they come, without shuffle, samplers and workers, of what can only be gone through": (
                not self.by_number and (self.shuffle or ordered or self.num_workers > 0)
            ),
        }
        for expected, contradicted in contradictions.items():
            if contradicted:
                options = ("batch_size", "shuffle", "sampler", "batch_sampler", "num_workers", "drop_last")
                given = ", ".join(
                    f"{o}={errors.brief(x)}" for o in options if (x := getattr(self, o)) not in (None, False)
                )
                cure = "DataLoader(dataset, batch_size=32, shuffle=True)"
                raise errors.bad_argument("DataLoader(...)", expected, given, cure)


def _check_dataset(dataset: Any, batch_size: Any) -> None:
    """An error for arrays X, y side by side, which would be taken for two examples, or for a batch size."""
    pair = (dataset, batch_size) if getattr(batch_size, "shape", ()) else dataset
    shapes = [np.shape(x) for x in pair if hasattr(x, "shape")] if isinstance(pair, tuple) else []
    if len(shapes) > 1 and len(set(shapes)) > 1 and len({shape[:1] for shape in shapes}) == 1:
        given = f"arrays of shapes {' and '.join(map(str, shapes))}"
        expected, cure = "a data set, whose i-th element is the i-th example", "DataLoader(TensorDataset(X, y), 32)"
        raise errors.bad_argument("DataLoader(dataset)", expected, given, cure)


def groups(xs: Iterable[Any], n: int, drop_last: bool) -> Iterator[list[Any]]:
    """``n`` elements at a time."""
    coming = iter(xs)
    while group := list(islice(coming, n)):
        if len(group) == n or not drop_last:
            yield group
