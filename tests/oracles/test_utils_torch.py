"""PyTorch as an oracle for what is done to all gradients, or all parameters, together."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nn
from autograd import Tensor, errors

from .agreement import TOLERANCE, assert_close

torch = pytest.importorskip("torch")

rng = np.random.default_rng(8)
GRADIENTS = [rng.normal(size=shape) for shape in ((3, 4), (4,), (), (2, 1, 5))]
INFINITY = float("inf")
every_dtype = pytest.mark.parametrize("dtype", sorted(TOLERANCE))


def pair(dtype: str, gradients: Any = GRADIENTS) -> tuple[Any, Any]:
    """Parameters with these gradients, and one without."""
    ours = [Tensor(np.ones_like(g), dtype=dtype) for g in gradients]
    theirs = [torch.ones(g.shape, dtype=getattr(torch, dtype), requires_grad=True) for g in gradients]
    for p, q, g in zip(ours, theirs, gradients, strict=True):
        p.grad, q.grad = g.astype(dtype), torch.tensor(g.astype(dtype))
    return [*ours, Tensor(1.0, dtype=dtype)], [*theirs, torch.ones((), requires_grad=True)]


def assert_gradients_close(ours: Any, theirs: Any, dtype: str) -> None:
    for p, q in zip(ours[:-1], theirs[:-1], strict=True):
        assert_close(p.grad, q.grad, dtype)
    assert ours[-1].grad is theirs[-1].grad is None


@every_dtype
@pytest.mark.parametrize("max_norm", [0.0, 0.5, 3.0, 1e3])
@pytest.mark.parametrize("norm_type", [1, 2, 2.0, 3, 0.5, 0, INFINITY, "inf"])
def test_norm(norm_type: Any, max_norm: float, dtype: str) -> None:
    ours, theirs = pair(dtype)
    a = nn.utils.clip_grad_norm_(ours, max_norm, norm_type)
    b = torch.nn.utils.clip_grad_norm_(theirs, max_norm, norm_type)
    assert a == pytest.approx(b.item(), rel=TOLERANCE[dtype])
    assert_gradients_close(ours, theirs, dtype)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("norm_type", [1, 2, INFINITY])
def test_norms_that_are_not_finite(norm_type: float, bad: float) -> None:
    gradients = [np.array([1.0, 2.0]), np.array([bad, 3.0])]
    ours, theirs = pair("float64", gradients)
    with pytest.raises(RuntimeError, match="non-finite"):
        torch.nn.utils.clip_grad_norm_(theirs, 1.0, norm_type, error_if_nonfinite=True)
    with pytest.raises(errors.ArgumentError, match="gradients of finite length"):
        nn.utils.clip_grad_norm_(ours, 1.0, norm_type, error_if_nonfinite=True)
    with np.errstate(invalid="ignore"):
        a = nn.utils.clip_grad_norm_(ours, 1.0, norm_type)
    np.testing.assert_equal(a, torch.nn.utils.clip_grad_norm_(theirs, 1.0, norm_type).item())
    assert_gradients_close(ours, theirs, "float64")


@every_dtype
@pytest.mark.parametrize("clip_value", [0.0, 0.3, 10.0])
def test_value(clip_value: float, dtype: str) -> None:
    ours, theirs = pair(dtype)
    nn.utils.clip_grad_value_(ours, clip_value)
    torch.nn.utils.clip_grad_value_(theirs, clip_value)
    assert_gradients_close(ours, theirs, dtype)


@every_dtype
def test_vector(dtype: str) -> None:
    ours, theirs = [Tensor(x, dtype=dtype) for x in GRADIENTS], [torch.tensor(x.astype(dtype)) for x in GRADIENTS]
    vector = nn.utils.parameters_to_vector(ours)
    assert_close(vector.data, torch.nn.utils.parameters_to_vector(theirs), dtype)
    np.sum(vector * vector).backward()
    for x in ours:
        assert_close(x.grad, 2 * x.data, dtype)
    nn.utils.vector_to_parameters(2 * vector, ours)
    torch.nn.utils.vector_to_parameters(2 * torch.nn.utils.parameters_to_vector(theirs), theirs)
    for p, q in zip(ours, theirs, strict=True):
        assert_close(p.data, q, dtype)
