"""Module, Parameter and Sequential: finding, naming, saving and printing the parts of a network."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import numpy as np
import pytest

import nn
from autograd import Tensor, errors
from autograd.graph import ancestors


class Block(nn.Module):
    """A part with a part."""

    def __init__(self) -> None:
        self.fc = nn.Linear(3, 3)

    def forward(self, x: Any) -> Any:
        return np.tanh(self.fc(x))


class Net(nn.Module):
    """Parts as attributes, in lists and in dicts, and a parameter of its own."""

    def __init__(self) -> None:
        self.scale = nn.Parameter([1.0, 2.0, 3.0])
        self.blocks: list[nn.Module] = []
        for _ in range(2):
            self.blocks.append(Block())
        self.heads = {"left": nn.Linear(3, 1), "right": nn.Linear(3, 2, bias=False)}
        self.constant = Tensor([1.0])

    def forward(self, x: Any) -> Any:
        x = x * self.scale
        for block in self.blocks:
            x = block(x)
        return self.heads["left"](x) + self.heads["right"](x).sum()


PATHS = [
    "scale",
    "blocks.0.fc.weight",
    "blocks.0.fc.bias",
    "blocks.1.fc.weight",
    "blocks.1.fc.bias",
    "heads.left.weight",
    "heads.left.bias",
    "heads.right.weight",
]


def small() -> nn.Sequential:
    """Two layers, the same ones each time."""
    rng = np.random.default_rng(3)
    return nn.Sequential(nn.Linear(2, 3, rng=rng), nn.Tanh(), nn.Linear(3, 1, rng=rng))


# Finding.


def test_parameters_are_found_where_they_are() -> None:
    net = Net()
    assert [path for path, _ in net.named_parameters()] == PATHS
    assert all(p is q for p, (_, q) in zip(net.parameters(), net.named_parameters(), strict=True))
    assert [path for path, _ in net.named_modules()] == [
        "", "blocks.0", "blocks.0.fc", "blocks.1", "blocks.1.fc", "heads.left", "heads.right",
    ]  # fmt: skip


def test_a_shared_parameter_is_given_once_and_saved_twice() -> None:
    one = nn.Linear(2, 2)
    two = nn.Linear(2, 2)
    two.weight = one.weight
    net = nn.Sequential(one, two)
    assert [path for path, _ in net.named_parameters()] == ["0.weight", "0.bias", "1.bias"]
    assert list(net.state_dict()) == ["0.weight", "0.bias", "1.weight", "1.bias"]


# Naming.


def test_parameters_and_results_carry_their_paths() -> None:
    net = Net()
    loss = net(np.ones((2, 3))).sum()
    assert [p.name for p in net.parameters()] == PATHS
    scopes = {node.scope for node in ancestors([loss]) if node.op is not None}
    assert scopes == {"", "blocks.0", "blocks.0.fc", "blocks.1", "blocks.1.fc", "heads.left", "heads.right"}


def test_a_part_that_ran_alone_is_named_by_the_whole() -> None:
    block = Block()
    block(np.ones((1, 3)))
    assert block.fc.weight.name == "fc.weight"
    net = nn.Sequential(nn.Identity(), block)
    net(np.ones((1, 3)))
    assert block.fc.weight.name == "1.fc.weight"
    block(np.ones((1, 3)))
    assert block.fc.weight.name == "1.fc.weight"


# Parameter.


def test_parameter_is_float32_unless_told_otherwise() -> None:
    assert nn.Parameter(np.zeros(2)).dtype == np.float32
    assert nn.Parameter([1, 2], dtype=np.float64).dtype == np.float64
    assert repr(nn.Parameter([1.0])) == "Parameter containing:\nTensor([1.], dtype=float32)"


def test_results_of_parameters_are_not_parameters() -> None:
    p = nn.Parameter([1.0, 2.0])
    for result in (p * 2, np.exp(p), p[0], p.sum(), p.detach(), -p, nn.functional.relu(p)):
        assert type(result) is Tensor


def test_copies_keep_their_dtype_and_their_parameters() -> None:
    layer = nn.Linear(2, 3, dtype=np.float64).requires_grad_(False)
    for other in (copy.deepcopy(layer), pickle.loads(pickle.dumps(layer))):
        assert isinstance(other.weight, nn.Parameter)
        assert (other.weight.dtype, other.weight.requires_grad) == (np.float64, False)
        np.testing.assert_array_equal(other.weight.data, layer.weight.data)
        other.weight.data += 1
        assert np.all(other.weight.data != layer.weight.data)


# All parts at once.


def test_train_and_eval() -> None:
    net = Net()
    assert net.training
    assert net.eval() is net
    assert not any(module.training for module in net.modules())
    assert all(module.training for module in net.train().modules())


def test_frozen_parameters_get_no_gradient() -> None:
    net = small()
    net[0].requires_grad_(False)
    net(np.ones((1, 2))).sum().backward()
    assert [p.grad is None for p in net.parameters()] == [True, True, False, False]
    net.zero_grad()
    assert all(p.grad is None for p in net.parameters())


# Saving and loading.


def test_state_dict_goes_there_and_back() -> None:
    net = small()
    state = net.state_dict()
    assert [(path, array.shape) for path, array in state.items()] == [
        ("0.weight", (3, 2)), ("0.bias", (3,)), ("2.weight", (1, 3)), ("2.bias", (1,)),
    ]  # fmt: skip
    x, before = np.ones((4, 2)), net(np.ones((4, 2))).data
    for p in net.parameters():
        p.data += 1
    assert np.all(net(x).data != before)
    assert net.load_state_dict(state) == ([], [])
    np.testing.assert_array_equal(net(x).data, before)


def test_state_dict_is_a_copy() -> None:
    net = small()
    state = net.state_dict()
    net[0].weight.data += 1
    assert np.all(state["0.weight"] != net[0].weight.data)


def test_loading_keeps_the_dtype_of_the_parameter() -> None:
    net = small()
    net.load_state_dict({path: array.astype(np.float64) for path, array in net.state_dict().items()})
    assert {p.dtype for p in net.parameters()} == {np.dtype(np.float32)}


def test_loading_makes_an_older_graph_stale() -> None:
    net = small()
    loss = net(np.ones((1, 2))).sum()
    net.load_state_dict(net.state_dict())
    with pytest.raises(errors.StaleGraphError):
        loss.backward()


def test_missing_and_unexpected_keys() -> None:
    net = small()
    state = net.state_dict()
    before = {path: array.copy() for path, array in state.items()}
    state["3.weight"] = state.pop("2.weight")
    state["0.bias"] = np.full(3, 7.0)
    with pytest.raises(errors.ArgumentError, match=r"missing 2\.weight; unexpected 3\.weight"):
        net.load_state_dict(state)
    for path, array in net.state_dict().items():
        np.testing.assert_array_equal(array, before[path])
    assert net.load_state_dict(state, strict=False) == (["2.weight"], ["3.weight"])
    assert net.state_dict()["0.bias"].tolist() == [7.0, 7.0, 7.0]


@pytest.mark.parametrize("strict", [True, False])
def test_another_shape_is_never_loaded(strict: bool) -> None:
    net = small()
    state = net.state_dict()
    state["0.weight"] = state["0.weight"].T
    with pytest.raises(
        errors.ShapeError, match=r"load_state_dict: 0\.weight\n  expected: shape \(3, 2\)\n  got:      shape \(2, 3\)"
    ):
        net.load_state_dict(state, strict)


# Printing.


def test_repr_of_a_nested_network() -> None:
    assert repr(Net()) == (
        "Net(\n"
        "  (blocks.0): Block(\n"
        "    (fc): Linear(in_features=3, out_features=3, bias=True)\n"
        "  )\n"
        "  (blocks.1): Block(\n"
        "    (fc): Linear(in_features=3, out_features=3, bias=True)\n"
        "  )\n"
        "  (heads.left): Linear(in_features=3, out_features=1, bias=True)\n"
        "  (heads.right): Linear(in_features=3, out_features=2, bias=False)\n"
        ")"
    )
    assert repr(nn.Sequential()) == "Sequential()"


def test_sequential() -> None:
    net = small()
    assert (len(net), net[-1].out_features, [type(m) for m in net]) == (3, 1, [nn.Linear, nn.Tanh, nn.Linear])


def test_module_errors() -> None:
    with pytest.raises(errors.ArgumentError, match=r"Sequential: argument 1(.|\n)*nn.Tanh\(\)"):
        nn.Sequential(nn.Linear(2, 2), np.tanh)
    with pytest.raises(NotImplementedError, match="def forward"):
        nn.Module()(1.0)


def test_modules_in_a_row_under_names_of_their_own() -> None:
    net = nn.Sequential({"enc": nn.Linear(3, 2), "act": nn.ReLU()})
    assert list(net.state_dict()) == ["enc.weight", "enc.bias"]
    net.append(nn.Linear(2, 1)).extend([nn.Tanh()])
    net[-1] = nn.Sigmoid()
    assert [name for name, _ in net.named_children()] == ["enc", "act", "2", "3"]
    assert net(np.ones((4, 3))).shape == (4, 1)
    with pytest.raises(errors.ArgumentError, match="a new name without dots"):
        nn.Sequential({"a.b": nn.ReLU()})
    with pytest.raises(errors.ArgumentError, match="a module"):
        nn.Sequential({"a": 3})  # type: ignore[dict-item]


def test_gradients_of_zero_or_of_none() -> None:
    net = nn.Linear(2, 1)
    net(np.ones((3, 2))).sum().backward()
    net.zero_grad(set_to_none=False)
    assert net.weight.grad is not None
    assert not net.weight.grad.any()
    net.zero_grad()
    assert net.weight.grad is None


def test_parts_by_their_paths() -> None:
    net = nn.Sequential(nn.Sequential(nn.Linear(2, 1)))
    net.add_module("act", nn.ReLU())
    assert net.get_submodule("0.0") is net[0][0]  # type: ignore[index]
    assert net.get_submodule("") is net
    assert net.get_parameter("0.0.weight") is next(net.parameters())
    for method, path in ((net.get_submodule, "1"), (net.get_parameter, "0.0.w")):
        with pytest.raises(errors.ArgumentError, match=rf"get_\w+\('{path}'\)(.|\n)*one of"):
            method(path)
    with pytest.raises(errors.ArgumentError, match="a new name without dots"):
        net.add_module("act", nn.ReLU())
    with pytest.raises(errors.ArgumentError, match="a module"):
        net.add_module("x", 3)  # type: ignore[arg-type]
