"""Every row on arrays that are as strict as CuPy's: what a rule makes, it makes where its arrays are.

No row may mix arrays of NumPy's in, or fetch one into NumPy's memory unasked. CuPy itself is in ``test_cupy.py``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import TABLE, Tensor

from .rows import CASES, SCIPY, is_data, weights
from .samples import Sample
from .strict import Strict, strict


def same(found: Any, expected: Any) -> None:
    """A strict array that holds the expected numbers."""
    assert isinstance(found, Strict)
    np.testing.assert_allclose(found.get(), expected, rtol=1e-9, atol=1e-11)


@pytest.mark.parametrize(("name", "sample"), [case for case in CASES if case.values[0] not in SCIPY])
def test_row_runs_on_strict_arrays(name: str, sample: Sample) -> None:
    op = TABLE[name]
    inputs = [strict(x) for x in sample.inputs]
    y = op.array(*sample.inputs, **sample.attrs)
    same(op.array(*inputs, **sample.attrs), y)
    g = np.asarray(weights(np.asarray(y)))
    for i, x in enumerate(sample.inputs):
        if is_data(x) and op.rules[i] is not None:
            expected = op.rules[i](g, np.asarray(y), *sample.inputs, **sample.attrs)
            same(op.rules[i](strict(g), strict(y), *inputs, **sample.attrs), expected)


def test_a_tensor_over_strict_arrays_has_strict_gradients() -> None:
    x, w = np.arange(6.0).reshape(2, 3), np.linspace(-1.0, 1.0, 3)
    a, b, plain, other = Tensor(strict(x)), Tensor(strict(w)), Tensor(x), Tensor(w)
    np.sum(np.tanh(a @ b) * np.exp(-np.mean(a * a, axis=1))).backward()
    np.sum(np.tanh(plain @ other) * np.exp(-np.mean(plain * plain, axis=1))).backward()
    same(a.grad, plain.grad)
    same(b.grad, other.grad)
