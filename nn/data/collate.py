"""Examples joined to a batch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from autograd import Tensor, errors


def default_collate(examples: Sequence[Any]) -> Any:
    """Examples joined to a batch that is arranged as each of them is.

    Numbers and arrays are stacked along a new first axis; dicts, tuples and lists are gone into; what is neither,
    such as strings, stays a list.

    Args:
        examples: at least one, all arranged alike.

    Returns:
        The batch.

    Raises:
        ArgumentError: no examples, or examples that are arranged differently.
        ShapeError: arrays of different shapes.

    Example:
        >>> default_collate([{"x": [1.0, 2.0], "name": "a"}, {"x": [3.0, 4.0], "name": "b"}])
        {'x': [array([1., 3.]), array([2., 4.])], 'name': ['a', 'b']}
    """
    if not len(examples):
        cure = "at least one example a batch; batch_sampler= gives empty lists?"
        raise errors.bad_argument("default_collate([])", "at least one example", "an empty batch", cure)
    first = examples[0]
    if isinstance(first, Tensor):
        return np.stack(_alike(examples))
    if hasattr(first, "__array__") or isinstance(first, (bool, int, float, complex)):
        return np.stack(_alike([np.asarray(x) for x in examples]))
    if isinstance(first, Mapping):
        _check(all(isinstance(x, Mapping) and x.keys() == first.keys() for x in examples), "the same keys", examples)
        return {key: default_collate([x[key] for x in examples]) for key in first}
    if isinstance(first, (tuple, list)):
        same = all(isinstance(x, (tuple, list)) and len(x) == len(first) for x in examples)
        _check(same, f"{len(first)} parts each", examples)
        parts = [default_collate(part) for part in zip(*examples, strict=True)]
        return type(first)(*parts) if hasattr(first, "_fields") else type(first)(parts)
    return list(examples)


def _alike(arrays: Sequence[Any]) -> Sequence[Any]:
    """Arrays that have the same shape, or an error."""
    shapes = sorted({x.shape for x in arrays})
    if len(shapes) > 1:
        cure = "DataLoader(..., collate_fn=f), where f(examples) fills them up to one shape"
        given = f"shapes {' and '.join(map(str, shapes[:3]))}"
        raise errors.ShapeError(errors.message("joining examples to a batch", "one shape for all", given, cure))
    return arrays


def _check(alike: bool, expected: str, examples: Sequence[Any]) -> None:
    if not alike:
        given = " and ".join(sorted({errors.brief(x) for x in examples})[:2])
        cure = "examples that are all arranged alike, or DataLoader(..., collate_fn=f)"
        raise errors.bad_argument("joining examples to a batch", expected, given, cure)
