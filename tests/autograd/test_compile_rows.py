"""Every row of the table, compiled: the program gives the results and the gradients of the eager run, bit for bit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import TABLE, compile, grad, trees

from .rows import every_case, is_data, total
from .samples import Sample

ADDED_UP_OTHERWISE = {"cross_entropy", "lstm", "softmax", "standardize"}
"""Rows that compute with plain arrays in place, or add up by ``einsum``, which rounds in another order."""


def same(found: Any, expected: Any, rounds: bool) -> None:
    """The same leaves, of the same types: bit for bit, or to rounding.

    NumPy multiplies complex numbers and complex arrays by different loops, which round differently.
    """
    for (_, a), (_, b) in zip(trees.leaves(found), trees.leaves(expected), strict=True):
        assert type(a) is type(b)
        assert np.asarray(a).dtype == np.asarray(b).dtype
        tolerance = 1e-13 if rounds else 0
        np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance)


def function(name: str, sample: Sample) -> tuple[Callable[..., Any], list[Any]]:
    """The row as a function of its data, with the gradient of its weighted sum; and the data."""
    op, places = TABLE[name], [i for i, x in enumerate(sample.inputs) if is_data(x)]

    def value(*xs: Any) -> Any:
        inputs = list(sample.inputs)
        for i, x in zip(places, xs, strict=True):
            inputs[i] = x
        return op(*inputs, **sample.attrs)

    slope = grad(lambda *xs: total(value(*xs)), tuple(range(len(places))))
    return lambda *xs: (value(*xs), slope(*xs)), [sample.inputs[i] for i in places]


@every_case
def test_program_of_a_row_is_the_eager_run(name: str, sample: Sample) -> None:
    f, xs = function(name, sample)
    rounds = name in ADDED_UP_OTHERWISE or any(np.iscomplexobj(x) for x in (*sample.inputs, f(*xs)[0]))
    expected, compiled = f(*xs), compile(f)
    for _ in range(2):
        same(compiled(*xs), expected, rounds)
    assert compiled.recordings == 1
