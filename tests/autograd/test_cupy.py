"""Every row on CuPy's arrays, where there is CuPy and a GPU."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import TABLE, Tensor

from .rows import CASES, SCIPY, is_data, weights
from .samples import Sample

cupy = pytest.importorskip("cupy", reason="CuPy is not installed: pip install 'chainrule[cupy]'")
if not cupy.is_available():
    pytest.skip("there is no GPU", allow_module_level=True)


def same(found: Any, expected: Any) -> None:
    """An array of CuPy's that holds the expected numbers."""
    assert isinstance(found, cupy.ndarray)
    np.testing.assert_allclose(found.get(), expected, rtol=1e-7, atol=1e-9)


@pytest.mark.parametrize(("name", "sample"), [case for case in CASES if case.values[0] not in SCIPY])
def test_row_runs_on_cupy(name: str, sample: Sample) -> None:
    op = TABLE[name]
    xs = [Tensor(cupy.asarray(x)) if is_data(x) else x for x in sample.inputs]
    plain = [Tensor(x) if is_data(x) else x for x in sample.inputs]
    y, expected = op(*xs, **sample.attrs), op(*plain, **sample.attrs)
    same(y.data, expected.data)
    g = np.asarray(weights(np.asarray(expected.data)))
    y.backward(Tensor(cupy.asarray(g), requires_grad=False))
    expected.backward(g)
    for x, p in zip(xs, plain, strict=True):
        if isinstance(x, Tensor) and p.grad is not None:
            same(x.grad, p.grad)
