"""The losses on the inputs of PyTorch's own tests of modules: results, and gradients by all that requires one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import nn
from autograd import Tensor, errors

from .agreement import TOLERANCE, assert_close

torch = pytest.importorskip("torch")
pytest.importorskip("expecttest", reason="PyTorch's own tests need it")
common = pytest.importorskip("torch.testing._internal.common_modules")
pytestmark = pytest.mark.filterwarnings("ignore:reduction. 'mean' divides:UserWarning")

LOSSES = {info.module_cls.__name__: info for info in common.module_db if info.module_cls.__name__.endswith("Loss")}
OURS = sorted(LOSSES.keys() & set(nn.losses.__all__))


def test_which_losses_are_here() -> None:
    assert LOSSES.keys() - set(OURS) == {"CTCLoss", "LinearCrossEntropyLoss"}


def cases(name: str, dtype: str) -> Iterator[Any]:
    """What PyTorch's own tests give to a loss: the arguments of the module, and its inputs."""
    torch.manual_seed(0)
    info = LOSSES[name]
    more = {"device": "cpu", "dtype": getattr(torch, dtype), "requires_grad": True, "training": True}
    for case in info.module_inputs_func(info, **more):
        assert not case.forward_input.kwargs
        yield case.constructor_input.args, case.constructor_input.kwargs, case.forward_input.args


def ours(x: Any) -> Any:
    """A tensor as a Tensor, if it is differentiated by; else as an array."""
    if not isinstance(x, torch.Tensor):
        return x
    return Tensor(x.detach().numpy().copy()) if x.requires_grad else x.numpy().copy()


@pytest.mark.parametrize("dtype", sorted(TOLERANCE))
@pytest.mark.parametrize("name", OURS)
def test_loss(name: str, dtype: str) -> None:
    for args, kwargs, inputs in cases(name, dtype):
        theirs = getattr(torch.nn, name)(*args, **kwargs)(*inputs)
        each = {id(x): ours(x) for x in inputs}  # some are given one tensor twice
        own = [each[id(x)] for x in inputs]
        loss = getattr(nn, name)(*map(ours, args), **{k: ours(x) for k, x in kwargs.items()})
        if any(x.isnan().any() for x in inputs):  # KLDivLoss is tried on logarithms of negative numbers too
            assert np.isnan(loss(*own).data).any()
            continue
        if theirs.isnan().any():  # the mean over nothing, or a probability below 0
            with pytest.raises(errors.ArgumentError, match=r"over no example at all|probabilities, from 0"):
                loss(*own)
            continue
        y = loss(*own)
        assert_close(y.data, theirs, dtype)
        leaves = list({id(x): x for x in inputs if x.requires_grad}.values())
        weights = np.cos(np.arange(y.size)).reshape(y.shape).astype(dtype)
        gradients = torch.autograd.grad(theirs, leaves, torch.tensor(weights), allow_unused=True)
        y.backward(weights)
        for x, g in zip([x for x in each.values() if isinstance(x, Tensor)], gradients, strict=True):
            assert_close(x.grad, np.zeros(x.shape, dtype) if g is None else g, dtype)
