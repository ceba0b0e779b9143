"""Every row of the table, compiled: the program gives the results and the gradients of the eager run, bit for bit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import TABLE, compile, trees, value_and_grad  # noqa: A004

from .rows import every_case, is_data, total
from .samples import Sample



def same(found: Any, expected: Any, is_complex: bool) -> None:
    """The same leaves, of the same types: bit for bit, complex ones to rounding.

    NumPy multiplies complex numbers and complex arrays by different loops, which round differently.
    """
    for (_, a), (_, b) in zip(trees.leaves(found), trees.leaves(expected), strict=True):
        assert type(a) is type(b)
        assert np.asarray(a).dtype == np.asarray(b).dtype
        tolerance = 1e-13 if is_complex else 0
        np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance)


def functions(name: str, sample: Sample) -> tuple[list[Callable[..., Any]], list[Any]]:
    """The row as a function of its data, and the gradient of its weighted sum; and the data."""
    op, places = TABLE[name], [i for i, x in enumerate(sample.inputs) if is_data(x)]

    def value(*xs: Any) -> Any:
        inputs = list(sample.inputs)
        for i, x in zip(places, xs, strict=True):
            inputs[i] = x
        return op(*inputs, **sample.attrs)

    slope = value_and_grad(lambda *xs: total(value(*xs)), tuple(range(len(places))))
    return [value, slope], [sample.inputs[i] for i in places]


def needs_plain_places(name: str, sample: Sample) -> bool:
    """Whether places come as arrays from outside, in an assignment: its derivative counts them."""
    index = sample.attrs.get("index", ()) if name == "setitem" else ()
    parts = index if isinstance(index, tuple) else (index,)
    return any(isinstance(part, np.ndarray) and part.dtype != np.bool_ for part in parts)


@every_case
def test_program_of_a_row_is_the_eager_run(name: str, sample: Sample) -> None:
    made, xs = functions(name, sample)
    is_complex = any(np.iscomplexobj(x) for x in sample.inputs)
    for f in made if not needs_plain_places(name, sample) else made[:1]:
        expected = f(*xs)
        compiled = compile(f)
        same(compiled(*xs), expected, is_complex)
        same(compiled(*xs), expected, is_complex)
        assert compiled.recordings == 1
