"""Rows and dicts of modules and parameters, changed as lists and dicts are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import nn
from autograd import Tensor, errors


def widths(row: Any) -> list[int]:
    return [layer.out_features for layer in row]


@pytest.fixture(params=[nn.ModuleList, lambda layers: nn.Sequential(*layers)], ids=["ModuleList", "Sequential"])
def row(request: pytest.FixtureRequest) -> Any:
    return request.param([nn.Linear(1, n) for n in (1, 2, 3)])


def test_a_row_is_changed_as_a_list_is(row: Any) -> None:
    row.insert(1, nn.Linear(1, 9))
    assert widths(row) == [1, 9, 2, 3]
    assert list(row.state_dict())[2:4] == ["1.weight", "1.bias"]
    assert row.pop(1).out_features == 9
    assert row.pop().out_features == 3
    row += [nn.Linear(1, 4), nn.Linear(1, 5)]
    del row[0]
    assert widths(row) == [2, 4, 5]
    del row[1:]
    assert widths(row) == [2]
    longer = row + [nn.Linear(1, 7)]  # noqa: RUF005 - this is the addition that is tested
    assert (type(longer), widths(longer), widths(row)) == (type(row), [2, 7], [2])
    assert [path for path, _ in longer.named_parameters()] == ["0.weight", "0.bias", "1.weight", "1.bias"]


def test_a_wrong_element_changes_nothing(row: Any) -> None:
    with pytest.raises(errors.ArgumentError, match=r"argument 1(.|\n)*a module"):
        row.insert(1, np.tanh)
    with pytest.raises(errors.PlaceError, match="a position in it"):
        row.pop(3)
    assert widths(row) == [1, 2, 3]


def test_an_empty_row_has_nothing_to_pop() -> None:
    with pytest.raises(errors.PlaceError, match=r"of 0(.|\n)*cure: +net.append"):
        nn.Sequential().pop()


def test_what_is_appended_takes_no_name_that_is_taken() -> None:
    row = nn.Sequential({"first": nn.Tanh(), "2": nn.ReLU()}).append(nn.Linear(1, 1))
    assert [name for name, _ in row.named_children()] == ["first", "2", "3"]


def test_the_cure_for_a_name_is_a_name() -> None:
    with pytest.raises(errors.ArgumentError, match=r"cure: +'a_b_'"):
        nn.ModuleDict({"a.b": nn.Tanh()})


def test_a_dict_is_changed_as_a_dict_is() -> None:
    modules = nn.ModuleDict([("a", nn.Linear(1, 1)), ("b", nn.Linear(1, 2))])
    assert modules.pop("a").out_features == 1
    modules.update(nn.ModuleDict({"c": nn.Linear(1, 3)}))
    assert (list(modules), len(modules)) == (["b", "c"], 2)
    del modules["b"]
    with pytest.raises(errors.PlaceError, match="one of 'c'"):
        del modules["b"]
    modules.clear()
    assert (len(modules), list(modules.parameters())) == (0, [])


def test_parameters_are_held_and_trained() -> None:
    class Scaled(nn.Module):
        def __init__(self) -> None:
            self.scales = nn.ParameterList([np.ones(2), nn.Parameter(np.ones(2))])
            self.shifts = nn.ParameterDict({"last": Tensor(np.zeros(2))})

        def forward(self, x: Any) -> Any:
            for scale in self.scales:
                x = x * scale
            return x + self.shifts["last"]

    net = Scaled()
    assert list(net.state_dict()) == ["scales.0", "scales.1", "shifts.last"]
    assert [p.dtype.name for p in net.parameters()] == ["float64", "float32", "float64"]
    net(np.array([2.0, 3.0])).sum().backward()
    assert [p.grad.tolist() for p in net.parameters()] == [[2, 3], [2, 3], [1, 1]]
    assert repr(net.shifts) == "ParameterDict(\n  (last): Parameter of shape (2,), float64\n)"
    assert repr(nn.ParameterList()) == "ParameterList()"
    assert net.scales[:1][0] is net.scales[0]
    with pytest.raises(errors.ArgumentError, match=r"ParameterList: argument 2(.|\n)*a parameter or an array"):
        net.scales.append("a")


def test_parts_used_twice_are_found_once() -> None:
    shared = nn.Linear(2, 2)
    net = nn.Sequential(shared, nn.Tanh(), shared)
    assert [path for path, _ in net.named_modules()] == ["", "0", "1"]
    assert [path for path, _ in net.named_modules(remove_duplicate=False)] == ["", "0", "1", "2"]
    assert [path for path, _ in net.named_parameters(prefix="net")] == ["net.0.weight", "net.0.bias"]
    assert len(list(net.named_parameters(remove_duplicate=False))) == 4
    assert list(net.state_dict(prefix="net.")) == ["net.0.weight", "net.0.bias", "net.2.weight", "net.2.bias"]
    assert list(net.parameters(recurse=False)) == []
    assert len(list(shared.parameters(recurse=False))) == 2


@pytest.mark.parametrize("make", [
    lambda rng: nn.Linear(3, 2, rng=rng),
    lambda rng: nn.Bilinear(3, 2, 4, rng=rng),
    lambda rng: nn.Conv2d(2, 4, 3, rng=rng),
    lambda rng: nn.ConvTranspose2d(2, 4, 3, rng=rng),
    lambda rng: nn.LSTM(3, 2, rng=rng),
    lambda rng: nn.Embedding(4, 3, padding_idx=1, rng=rng),
    lambda rng: nn.MultiheadAttention(4, 2, rng=rng),
], ids=["Linear", "Bilinear", "Conv2d", "ConvTranspose2d", "LSTM", "Embedding", "MultiheadAttention"])  # fmt: skip
def test_reset_parameters_draws_as_the_first_time(make: Any) -> None:
    layer = make(np.random.default_rng(0))
    first = layer.state_dict()
    layer.reset_parameters()
    assert any((layer.state_dict()[path] != array).any() for path, array in first.items())
    layer.reset_parameters(np.random.default_rng(0))
    for path, array in layer.state_dict().items():
        np.testing.assert_array_equal(array, first[path])


def test_norms_are_reset_to_do_nothing() -> None:
    layer = nn.BatchNorm1d(2)
    fresh = layer.state_dict()
    layer(np.random.default_rng(0).normal(size=(8, 2)))
    nn.init.normal_(layer.weight)
    layer.reset_parameters()
    for path, array in layer.state_dict().items():
        np.testing.assert_array_equal(array, fresh[path])


def test_embeddings_that_were_trained_elsewhere() -> None:
    rows = np.arange(6.0).reshape(3, 2)
    layer = nn.Embedding.from_pretrained(rows, freeze=False, padding_idx=0)
    layer([0, 2, 2]).sum().backward()
    assert layer.weight.grad.tolist() == [[0, 0], [0, 0], [2, 2]]
    assert layer.weight.data is not rows
    with pytest.raises(errors.ShapeError, match=r"\(num_embeddings, embedding_dim\)(.|\n)*np\.stack"):
        nn.Embedding.from_pretrained([1.0, 2.0])


def test_weights_must_be_a_matrix() -> None:
    for weight in (None, Tensor([1.0, 2.0])):
        with pytest.raises(errors.ShapeError, match=r"a matrix of shape \(out_features, in_features\)"):
            nn.functional.linear(np.ones((2, 2)), weight)


def test_what_memory_numbers_lie_in_is_not_asked() -> None:
    assert repr(nn.Sequential(nn.Linear(2, 2, device="cpu"), nn.ReLU(inplace=True), nn.Dropout(0.1, inplace=False)))
    net = nn.Linear(1, 1, device=None)
    assert net.to("cpu") is net.cpu() is net
    assert net.half().weight.dtype == np.float16


def test_an_abstract_layer_stays_abstract() -> None:
    from abc import ABC, abstractmethod

    class Shape(nn.Module, ABC):
        @abstractmethod
        def area(self) -> float: ...

    with pytest.raises(TypeError, match="abstract"):
        Shape()
