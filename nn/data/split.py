"""A data set in parts, by chance."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from autograd import errors

from .. import init
from .dataset import Subset
from .seeding import own_generator


def random_split(
    dataset: Any, lengths: Sequence[float], generator: np.random.Generator | None = None, *, seed: int | None = None
) -> list[Subset]:
    """A data set in parts that do not overlap, chosen at random.

    Args:
        dataset: anything with a length.
        lengths: how many examples each part gets; or shares that sum to 1, in which case the examples left over by
            rounding down go to the first parts, one each.
        generator: what to draw from; the generator of :func:`nn.manual_seed` if neither it nor a seed is given.
        seed: of the choice, in place of a generator.

    Returns:
        A subset for each length.

    Raises:
        ArgumentError: the lengths do not sum to that of the data set, or to 1, or one is negative.

    Example:
        >>> train, test = random_split(range(10), [0.8, 0.2], seed=0)
        >>> len(train), len(test), sorted([*train, *test]) == list(range(10))
        (8, 2, True)
    """
    n = len(dataset)
    sizes = _sizes(n, list(lengths))
    draw = own_generator("random_split(...)", generator, seed) or init.generator()
    order = draw.permutation(n).tolist()
    ends = np.cumsum(sizes).tolist()
    return [Subset(dataset, order[end - size : end]) for size, end in zip(sizes, ends, strict=True)]


def _sizes(n: int, lengths: list[float]) -> list[int]:
    """Whole numbers of examples that sum to ``n``, or an error."""
    if lengths and min(lengths) >= 0:
        if all(isinstance(length, (int, np.integer)) for length in lengths) and sum(lengths) == n:
            return [int(length) for length in lengths]
        if math.isclose(sum(lengths), 1) and max(lengths) <= 1:
            sizes = [math.floor(n * share) for share in lengths]
            return [size + (i < n - sum(sizes)) for i, size in enumerate(sizes)]
    raise errors.bad_argument(
        f"random_split(dataset, {lengths})",
        f"numbers of examples that sum to {n}, or shares that sum to 1",
        f"a sum of {sum(lengths):g}" if not lengths or min(lengths) >= 0 else "a negative length",
        "random_split(dataset, [0.8, 0.2])",
    )
