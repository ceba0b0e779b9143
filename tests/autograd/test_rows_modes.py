"""Every row in every mode: forward against reverse, ``vmap`` against a loop, the batched Jacobian against its rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import TABLE, grad, jacobian, jvp, value_and_jacobian, vjp, vmap
from autograd.batching import examples, functions

from .rows import CASES, SCIPY, of_data, weights
from .samples import Sample


def is_real(name: str, sample: Sample) -> bool:
    """Whether the result is real; test_modes.py tries those with complex ones."""
    return not np.iscomplexobj(TABLE[name].array(*sample.inputs, **sample.attrs))


every_case = pytest.mark.parametrize(("name", "sample"), [case for case in CASES if is_real(*case.values)])


def away(x: Any, i: int = 1) -> Any:
    """Numbers near those of ``x``, of the same kind."""
    return x * (1 + 0.01 * i * weights(x.shape))


def inner(gs: Any, xs: Any) -> Any:
    """The sum of all products."""
    return sum(np.sum(g * x) for g, x in zip(gs, xs, strict=True))


@every_case
def test_forward_and_reverse_are_adjoint(name: str, sample: Sample) -> None:
    """``<g, J v> = <Jᵀ g, v>``, and the same for the derivatives of both sides."""
    f, xs = of_data(name, sample)
    vs = [np.sin(1 + np.arange(x.size)).reshape(x.shape) for x in xs]

    def forward(*xs: Any) -> Any:
        y, tangent = jvp(f, tuple(xs), tuple(vs))
        return np.sum(weights(np.shape(y)) * tangent)

    def reverse(*xs: Any) -> Any:
        y, pull = vjp(f, *xs)
        return inner(pull(weights(np.shape(y))), vs)

    np.testing.assert_allclose(forward(*xs), reverse(*xs), rtol=1e-9, atol=1e-11)
    every = tuple(range(len(xs)))
    for along, back in zip(grad(forward, every)(*xs), grad(reverse, every)(*xs), strict=True):
        np.testing.assert_allclose(along, back, rtol=1e-8, atol=1e-9)


# vmap.

ONE_BY_ONE = {
    "convolve": "NumPy convolves two sequences, no stacks of them",
    **dict.fromkeys(["det", "logabsdet"], "singular matrices are looked for"),
}
"""Rows that are computed for one example after the other, and why; of SciPy's any may be."""


@pytest.fixture
def loops(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The functions that were computed for one example after the other."""
    found: list[Any] = []
    loop = examples.one_by_one

    def watched(function: Any, *args: Any, **kwargs: Any) -> Any:
        found.append(function)
        return loop(function, *args, **kwargs)

    for module in (examples, functions):
        monkeypatch.setattr(module, "one_by_one", watched)
    return found


@every_case
def test_vmap_is_the_loop(name: str, sample: Sample, loops: list[Any]) -> None:
    """With examples in all inputs, and in each alone: results and gradients, inside and outside."""
    f, xs = of_data(name, sample)

    def both(*xs: Any) -> Any:
        y, pull = vjp(f, *xs)
        return y, pull(weights(np.shape(y)))

    for axes in {(0,) * len(xs), *(tuple(0 if j == i else None for j in range(len(xs))) for i in range(len(xs)))}:
        many = [
            x if axis is None else np.stack([away(x, i) for i in range(3)]) for x, axis in zip(xs, axes, strict=True)
        ]
        each = [both(*(x if axis is None else x[i] for x, axis in zip(many, axes, strict=True))) for i in range(3)]
        y, gradients = vmap(both, axes)(*many)
        np.testing.assert_allclose(y, np.stack([y for y, _ in each]), rtol=1e-9, atol=1e-12)
        outside = vjp(vmap(f, axes), *many)[1](np.stack([weights(y.shape[1:])] * 3))
        for k, axis in enumerate(axes):
            expected = np.stack([gradients[k] for _, gradients in each])
            np.testing.assert_allclose(gradients[k], expected, rtol=1e-8, atol=1e-10)
            summed = expected if axis == 0 else expected.sum(axis=0)
            np.testing.assert_allclose(outside[k], summed, rtol=1e-8, atol=1e-10)
    assert bool(loops) <= (name in ONE_BY_ONE or name in SCIPY), loops


# The Jacobian in one pass.


@every_case
def test_batched_jacobian_has_the_rows(name: str, sample: Sample, loops: list[Any]) -> None:
    """Row by row with unit gradients: the same numbers, at first order and at second."""
    f, xs = of_data(name, sample)
    every = tuple(range(len(xs)))
    y, blocks = value_and_jacobian(f, every)(*xs)
    pull = vjp(f, *xs)[1]
    rows = [pull(unit.reshape(np.shape(y))) for unit in np.eye(np.size(y))]
    for k, (x, block) in enumerate(zip(xs, blocks, strict=True)):
        expected = np.stack([row[k] for row in rows]) if rows else np.zeros((0, *x.shape))
        np.testing.assert_allclose(block, expected.reshape(np.shape(y) + x.shape), rtol=1e-10, atol=1e-12)
    if np.size(y) <= 4:

        def slopes(*xs: Any) -> Any:
            return sum(np.sum(weights(np.shape(block)) * block) for block in jacobian(f, every)(*xs))

        def of_rows(*xs: Any) -> Any:
            pull = vjp(f, *xs)[1]
            rows = [pull(unit.reshape(np.shape(y))) for unit in np.eye(np.size(y))]
            return sum(
                np.sum(w * row[k])
                for k, x in enumerate(xs)
                for w, row in zip(weights((len(rows), *x.shape)), rows, strict=True)
            )

        for found, expected in zip(grad(slopes, every)(*xs), grad(of_rows, every)(*xs), strict=True):
            np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-9)
    assert bool(loops) <= (name in ONE_BY_ONE or name in SCIPY), loops
