"""Every row of the table with every one of its samples, for tests that a row gets by being a row."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import numpy as np
import pytest

import nn
from autograd import TABLE, Primitive, Tensor
from autograd.graph import pullback

from .samples import COMPLEX, SAMPLES, Sample

for module in pkgutil.walk_packages(nn.__path__, "nn."):
    importlib.import_module(module.name)

if find_spec("scipy"):
    importlib.import_module("autograd.scipy")
    SCIPY = importlib.import_module("tests.autograd.scipy.samples").SAMPLES
else:
    SCIPY = {}
SAMPLES |= SCIPY

ROWS = sorted(TABLE)
CASES, COMPLEX_CASES = (
    [
        pytest.param(name, sample, id=f"{name}-{kind}{i}")
        for name in ROWS
        for i, sample in enumerate(samples.get(name, []))
    ]
    for kind, samples in (("", SAMPLES), ("complex", COMPLEX))
)
every_case = pytest.mark.parametrize(("name", "sample"), CASES + COMPLEX_CASES)
every_real_case = pytest.mark.parametrize(("name", "sample"), CASES)


def is_data(x: Any) -> bool:
    """Whether an input is differentiated by: a floating array."""
    return isinstance(x, np.ndarray) and x.dtype.kind in "fc"


def tensors(inputs: Any) -> list[Any]:
    """The inputs as nodes, where they are data."""
    return [Tensor(x) if is_data(x) else x for x in inputs]


def weights(y: Any) -> Any:
    """Fixed unequal numbers, complex for complex ones, so that every part of a result counts and none cancels.

    ``y`` is the result, or its shape if it is real.
    """
    shape = y if isinstance(y, tuple) else np.shape(y)
    places = np.arange(np.prod(shape, dtype=int)).reshape(shape)
    return (1 + 0.5 * np.cos(1 + places)) * (np.exp(1j * (1 + places)) if np.iscomplexobj(y) else 1)


def total(y: Any) -> Any:
    """All parts of a result as one real number."""
    return np.sum(np.real(weights(y) * y))


def gradients(op: Primitive, attrs: Any, inputs: Any, view: Callable[[Any], Any] = np.asarray) -> list[Any]:
    """The gradients of the weighted sum of the result; the walk back starts with a ``view`` of the weights."""
    xs = [Tensor._leaf(x) if is_data(x) else x for x in inputs]
    y = op(*xs, **attrs)
    found = pullback(y, view(np.asarray(weights(y))))
    return [found.get(x, np.zeros(x.shape)) for x in xs if isinstance(x, Tensor)]


def of_data(name: str, sample: Sample) -> tuple[Callable[..., Any], list[Any]]:
    """The row as a function of its floating arrays alone, and these."""

    def f(*xs: Any) -> Any:
        left = iter(xs)
        return TABLE[name](*(next(left) if is_data(x) else x for x in sample.inputs), **sample.attrs)

    return f, [x for x in sample.inputs if is_data(x)]
