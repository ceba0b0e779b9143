"""Layers and functions on the inputs of PyTorch's own tests: results, and gradients by all that requires one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import nn
from autograd import Tensor, errors

from .agreement import TOLERANCE, assert_close

torch = pytest.importorskip("torch")
pytest.importorskip("expecttest", reason="PyTorch's own tests need it")
modules = pytest.importorskip("torch.testing._internal.common_modules")
operators = pytest.importorskip("torch.testing._internal.common_methods_invocations")
torch.set_num_threads(1)
pytestmark = [
    pytest.mark.filterwarnings("ignore:Using padding='same' with even kernel:UserWarning"),
    pytest.mark.filterwarnings("ignore:dropout option adds dropout:UserWarning"),
    pytest.mark.filterwarnings("ignore:reduction. 'mean' divides:UserWarning"),
    pytest.mark.filterwarnings("ignore:Using a target size:UserWarning"),
]

SWAPPED = [
    (torch.nn.functional.gelu, nn.functional.gelu), (torch.float32, np.float32), (torch.float64, np.float64),
]  # fmt: skip
"""Arguments that are PyTorch's own, and what they are here."""


class Twins:
    """Each tensor of PyTorch's with ours: a Tensor if it is differentiated by, else an array."""

    def __init__(self) -> None:
        self.pairs: dict[int, tuple[Any, Any]] = {}

    def ours(self, tree: Any) -> Any:
        """Arguments with our tensors in place of PyTorch's; one that is given twice stays one."""
        if isinstance(tree, torch.Tensor):
            array = tree.detach().numpy().copy()
            return self.pairs.setdefault(id(tree), (Tensor(array) if tree.requires_grad else array, tree))[0]
        if isinstance(tree, dict):
            return {key: self.ours(x) for key, x in tree.items()}
        if isinstance(tree, (tuple, list)):
            return type(tree)(map(self.ours, tree))
        return next((ours for theirs, ours in SWAPPED if tree is theirs), tree)

    def check_gradients(self, found: Any, expected: Any, parameters: Any, dtype: str) -> None:
        """The same outputs, and the same gradients of a weighted sum of them."""
        loss, their_loss = 0, 0
        for y, z in zip(leaves(found), leaves(expected), strict=True):
            exact = str(z.dtype).removeprefix("torch.")
            assert_close(y.data if isinstance(y, Tensor) else y, z, exact, scale=1)
            weights = np.cos(np.arange(z.numel())).reshape(z.shape).astype(exact)
            if z.requires_grad:
                loss, their_loss = loss + (y * weights).sum(), their_loss + (z * torch.tensor(weights)).sum()
        if not isinstance(their_loss, torch.Tensor):
            return
        inputs = [pair for pair in self.pairs.values() if pair[1].requires_grad]
        pairs = inputs + [pair for pair in parameters if pair[1].requires_grad]
        gradients = torch.autograd.grad(their_loss, [t for _, t in pairs], allow_unused=True)
        loss.backward()
        for (x, t), g in zip(pairs, gradients, strict=True):
            none = np.zeros(t.shape, dtype)
            assert_close(none if x.grad is None else x.grad, none if g is None else g, dtype, scale=10)


def leaves(tree: Any) -> list[Any]:
    """The tensors of nested tuples."""
    if isinstance(tree, (tuple, list)):
        return [x for part in tree for x in leaves(part)]
    return [] if tree is None else [tree]


# Layers.

LAYERS = {info.module_cls.__name__: info for info in modules.module_db if not info.module_cls.__name__.endswith("Loss")}
HERE = sorted(name for name in LAYERS if hasattr(nn, name))
LACKS = {
    "LSTM": ("proj_size",), "MaxPool1d": ("return_indices",), "MaxPool2d": ("return_indices",),
    "MultiheadAttention": ("add_bias_kv", "add_zero_attn"),
}  # fmt: skip
"""Arguments of PyTorch's that we do not have: left out where they ask for nothing."""


def test_which_layers_are_here() -> None:
    layers = {name for name in nn.__all__ if isinstance(x := getattr(nn, name), type) and issubclass(x, nn.Module)}
    same = {name for name in layers if hasattr(torch.nn, name) and not name.endswith("Loss")}
    without_inputs = {
        "Module",
        "ModuleList",
        "ModuleDict",
        "ParameterList",
        "ParameterDict",
        "Sequential",
        "Identity",
        "Flatten",
        "Dropout",
        "Hardsigmoid",
    }
    assert same - set(HERE) == without_inputs


def module_cases(name: str, dtype: str, training: bool) -> Iterator[Any]:
    """What PyTorch's own tests give to a layer: those that it is made and called with."""
    torch.manual_seed(0)
    info = LAYERS[name]
    more = {"device": "cpu", "dtype": getattr(torch, dtype), "requires_grad": True, "training": training}
    for case in info.module_inputs_func(info, **more):
        kwargs = dict(case.constructor_input.kwargs)
        if not any(kwargs.pop(lack, False) for lack in LACKS.get(name, ())):
            yield case.constructor_input.args, kwargs, case.forward_input.args, case.forward_input.kwargs


@pytest.mark.parametrize("training", [True, False], ids=["training", "use"])
@pytest.mark.parametrize("dtype", sorted(TOLERANCE))
@pytest.mark.parametrize("name", HERE)
def test_layer(name: str, dtype: str, training: bool) -> None:
    for args, kwargs, inputs, named in module_cases(name, dtype, training):
        twins = Twins()
        theirs = getattr(torch.nn, name)(*args, **kwargs).to(getattr(torch, dtype)).train(training)
        ours = getattr(nn, name)(*twins.ours(args), **twins.ours(kwargs)).to(dtype).train(training)
        ours.load_state_dict(theirs.state_dict())
        expected = theirs(*inputs, **named)
        found = ours(*twins.ours(inputs), **twins.ours({"x" if key == "input" else key: x for key, x in named.items()}))
        parameters = list(zip(ours.parameters(), theirs.parameters(), strict=True))
        twins.check_gradients(found, expected, parameters, dtype)
        for (path, b), (their_path, t) in zip(ours.named_buffers(), theirs.named_buffers(), strict=True):
            assert path == their_path
            np.testing.assert_allclose(b.data, t.numpy(), rtol=TOLERANCE[dtype], atol=TOLERANCE[dtype])


# Functions.


def function_of(op: Any) -> str:
    return op.name.removeprefix("nn.functional.")


APART = {"dropout", "hardsigmoid", "one_hot"}
"""Random, of single precision in PyTorch, and of whole numbers."""
FUNCTIONS = [op for op in operators.op_db if function_of(op) in set(nn.functional.__all__) - APART]
REFUSED = {
    "multi_margin_loss": "a row of C scores|one class for each example",
    "multilabel_margin_loss": "a place for each class",
    "gaussian_nll_loss": "two equal shapes",
    "avg_pool2d": r"stride=\(\)",
    "batch_norm": r"of shape \(0,\)",
}
"""What PyTorch lets pass and we do not: numbers in place of rows, targets that broadcast, a stride of nothing."""


def function_cases(op: Any, dtype: str) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    """What PyTorch's own tests give to a function; of those that differ in ``return_indices`` alone, one."""
    torch.manual_seed(0)
    for i, sample in enumerate(op.sample_inputs("cpu", getattr(torch, dtype), requires_grad=True)):
        kwargs = {key: x for key, x in sample.kwargs.items() if key != "return_indices"}
        is_random = kwargs.get("dropout_p", 0) > 0
        is_theirs = isinstance(kwargs.get("distance_function"), torch.nn.Module)  # a function of torch tensors
        if not is_random and not is_theirs and (i % 5 == 0 or not function_of(op).startswith("max_pool")):
            yield (sample.input, *sample.args), kwargs


@pytest.mark.parametrize("dtype", sorted(TOLERANCE))
@pytest.mark.parametrize("op", FUNCTIONS, ids=lambda op: f"{function_of(op)} {op.variant_test_name}".strip())
def test_function(op: Any, dtype: str) -> None:
    name = function_of(op)
    for args, kwargs in function_cases(op, dtype):
        twins = Twins()
        own = twins.ours(args)
        if name == "embedding":  # PyTorch's tests give the weight first
            own = own[1], own[0]
        try:
            found = getattr(nn.functional, name)(*own, **twins.ours(kwargs))
        except errors.ChainruleError as error:
            assert re.search(REFUSED.get(name, "nothing"), str(error))  # noqa: PT017
            continue
        twins.check_gradients(found, op.op(*args, **kwargs), [], dtype)
