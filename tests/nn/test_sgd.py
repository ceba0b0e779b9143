"""Stochastic gradient descent, by hand. Against PyTorch: ``tests/oracles/test_nn_torch.py``."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import Tensor, Value, errors
from nn import SGD, Linear


def steps(count: int, **options: Any) -> list[float]:
    """The positions of x under the gradient 1, from x = 0."""
    x = Tensor(0.0)
    optimizer = SGD([x], **options)
    positions = []
    for _ in range(count):
        optimizer.zero_grad()
        (1.0 * x).backward()
        optimizer.step()
        positions.append(x.item())
    return positions


def test_plain() -> None:
    assert steps(3, lr=0.5) == [-0.5, -1.0, -1.5]


def test_momentum() -> None:
    assert steps(3, lr=1.0, momentum=0.5) == [-1.0, -1.0 - 1.5, -1.0 - 1.5 - 1.75]


def test_nesterov() -> None:
    assert steps(2, lr=1.0, momentum=0.5, nesterov=True) == [-1.5, -1.5 - 1.75]


def test_weight_decay() -> None:
    assert steps(2, lr=1.0, weight_decay=0.5) == [-1.0, -1.0 - (1.0 - 0.5)]


def test_values_and_tensors_take_the_same_way() -> None:
    options = {"lr": 0.1, "momentum": 0.9, "weight_decay": 0.01, "nesterov": True}
    nodes: list[Any] = [Value(2.0), Tensor(2.0)]
    for node in nodes:
        optimizer = SGD([node], **options)
        for _ in range(10):
            optimizer.zero_grad()
            (node**3 - node).backward()
            optimizer.step()
    assert nodes[0].data == pytest.approx(nodes[1].item(), rel=1e-14)


def test_gradients_that_can_be_differentiated_again_are_used_too() -> None:
    x = Tensor([3.0])
    (x * x).sum().backward(create_graph=True)
    SGD([x], lr=0.5).step()
    assert x.tolist() == [0.0]


def test_what_has_no_gradient_stays() -> None:
    x, frozen, unused = Tensor([1.0]), Tensor([1.0]), Tensor([1.0])
    optimizer = SGD([x, frozen, unused], lr=1.0, weight_decay=0.1)
    (x * frozen).sum().backward()
    frozen.requires_grad = False
    optimizer.step()
    assert (x.item() != 1.0, frozen.item(), unused.item()) == (True, 1.0, 1.0)


def test_float32_and_changing_lr() -> None:
    layer = Linear(2, 1)
    optimizer = SGD(layer.parameters(), lr=0.1, momentum=0.9)
    optimizer.lr = np.float64(0.5)
    layer(np.ones((3, 2))).sum().backward()
    before = layer.bias.data.copy()
    optimizer.step()
    assert layer.bias.dtype == layer.weight.dtype == np.float32
    np.testing.assert_allclose(layer.bias.data, before - 0.5 * 3, rtol=1e-6)


def test_a_step_makes_an_older_graph_stale() -> None:
    x = Tensor([3.0])
    loss = (x * x).sum()
    loss.backward()
    SGD([x], lr=0.1).step()
    with pytest.raises(errors.StaleGraphError):
        loss.backward()


def test_momentum_does_not_share_memory_with_the_gradient() -> None:
    x = Tensor([0.0])
    optimizer = SGD([x], lr=1.0, momentum=1.0)
    x.grad = np.array([1.0])
    optimizer.step()
    x.grad[:] = 0.0
    optimizer.step()
    assert x.tolist() == [-2.0]


def test_repr() -> None:
    options = "lr=0.1, momentum=0.0, dampening=0.0, weight_decay=0.0, nesterov=False, maximize=False"
    assert repr(SGD([Tensor(1.0)], 0.1)) == f"SGD(1 parameters, {options})"


@pytest.mark.parametrize(
    ("params", "options", "text"),
    [
        ([], {}, "an empty list"),
        ([Tensor([1.0])], {"momentum": 0.9, "dampening": 0.1, "nesterov": True}, "no dampening"),
        (Tensor([1.0]), {}, r"SGD\(\[x\], lr=0.1\) for one Tensor"),
        ([np.ones(2)], {}, "Tensors or Values"),
        ([Tensor([1.0]) * 2], {}, "leaves"),
        ([Tensor([1.0])], {"lr": -1.0}, r"lr=-1.0"),
        ([Tensor([1.0])], {"momentum": -1.0}, r"momentum=-1.0"),
        ([Tensor([1.0])], {"weight_decay": float("nan")}, r"weight_decay=nan"),
        ([Tensor([1.0])], {"nesterov": True}, "a momentum above 0"),
    ],
)
def test_errors(params: Any, options: dict[str, Any], text: str) -> None:
    with pytest.raises(errors.ArgumentError, match=text):
        SGD(params, **options)


@pytest.mark.parametrize("order", ["C", "F"])
def test_large_parameters_move_in_pieces_to_the_same_place(order: str) -> None:
    rng = np.random.default_rng(0)
    start, gradient = rng.standard_normal((300, 250)), rng.standard_normal((300, 250))
    p = Tensor(np.asarray(start, order=order))
    (p * gradient).sum().backward()
    SGD([p], lr=0.1).step()
    np.testing.assert_array_equal(p.data, start - 0.1 * gradient)
