"""Every row on inputs of every kind of memory: views of all sorts, and what is not to be written to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import TABLE

from .rows import every_real_case, gradients, is_data, weights
from .samples import Sample


def reversed_view(x: Any) -> Any:
    """The same numbers, read backwards along every axis."""
    return np.asarray(np.flip(np.array(np.flip(x))))


def strided_view(x: Any) -> Any:
    """The same numbers, every second of an array of others."""
    wide = np.full(tuple(2 * n for n in x.shape), 99.0, x.dtype)
    view = wide[(*(slice(None, None, 2),) * x.ndim, ...)]
    view[...] = x
    return view


def transposed_view(x: Any) -> Any:
    """The same numbers in the order of Fortran."""
    return np.array(x, order="F")


@pytest.mark.parametrize("view", [reversed_view, strided_view, transposed_view])
@every_real_case
def test_views_are_like_copies(name: str, sample: Sample, view: Callable[[Any], Any]) -> None:
    op = TABLE[name]
    views = [view(x) if is_data(x) else x for x in sample.inputs]
    np.testing.assert_allclose(op(*views, **sample.attrs), op(*sample.inputs, **sample.attrs), rtol=1e-12, atol=1e-12)
    expected = gradients(op, sample.attrs, sample.inputs)
    for found, gradient in zip(gradients(op, sample.attrs, views, view), expected, strict=True):
        np.testing.assert_allclose(found, gradient, rtol=1e-10, atol=1e-12)


def bytes_of(x: Any) -> Any:
    """What must not change of something in an attribute, a list or an input."""
    if isinstance(x, dict):
        return {key: bytes_of(part) for key, part in x.items()}
    if isinstance(x, (list, tuple)):
        return [bytes_of(part) for part in x]
    return x.tobytes() if isinstance(x, np.ndarray) else x


@every_real_case
def test_nothing_is_written_to(name: str, sample: Sample) -> None:
    """Neither the inputs nor the result nor its gradient change, nor do the attributes."""
    op, inputs, attrs = TABLE[name], list(sample.inputs), dict(sample.attrs)
    y = np.asarray(op.array(*inputs, **attrs))
    given = [np.asarray(weights(y.shape)), y, *inputs]
    before = bytes_of([*given, attrs])
    op.array(*inputs, **attrs)
    for i, x in enumerate(inputs):
        if is_data(x) and op.rules[i] is not None:
            op.rules[i](*given, **attrs)
            assert bytes_of([*given, attrs]) == before
