"""``nn.scalar``: networks of Values, as micrograd's. Against micrograd: ``tests/oracles/test_nn_micrograd.py``."""

from __future__ import annotations

import random
import sys
from subprocess import run

import pytest

from autograd import Value, check_grads, errors
from nn import SGD
from nn.scalar import MLP, Layer, Module, Neuron


def test_repr() -> None:
    assert repr(Neuron(2)) == "ReLUNeuron(2)"
    assert repr(Neuron(2, nonlin=False)) == "LinearNeuron(2)"
    assert repr(Layer(3, 2)) == "Layer of [ReLUNeuron(3), ReLUNeuron(3)]"
    assert repr(MLP(1, [1, 1])) == "MLP of [Layer of [ReLUNeuron(1)], Layer of [LinearNeuron(1)]]"


def test_weights_are_drawn_from_python_s_random() -> None:
    random.seed(1337)
    drawn = [random.uniform(-1, 1) for _ in range(6)]
    random.seed(1337)
    layer = Layer(3, 2)
    assert [w.data for neuron in layer.neurons for w in neuron.w] == drawn
    assert [neuron.b.data for neuron in layer.neurons] == [0, 0]
    assert drawn[0] == 0.23550571390294128


def test_attributes() -> None:
    model = MLP(2, [3, 1])
    assert [len(layer.neurons) for layer in model.layers] == [3, 1]
    assert [neuron.nonlin for layer in model.layers for neuron in layer.neurons] == [True, True, True, False]
    assert len(model.parameters()) == 3 * 3 + 4
    assert Module().parameters() == []


def test_a_single_neuron_gives_a_bare_value() -> None:
    assert isinstance(Layer(2, 1)([1.0, 2.0]), Value)
    assert len(Layer(2, 2)([1.0, 2.0])) == 2


def test_neuron_computes_relu_of_weighted_sum() -> None:
    neuron = Neuron(2)
    for p, x in zip(neuron.parameters(), (0.5, -1.0, 2.0), strict=True):
        p.data = x
    assert neuron([2.0, 1.0]).data == 0.5 * 2.0 - 1.0 * 1.0 + 2.0
    assert neuron([0.0, 4.0]).data == 0
    neuron.nonlin = False
    assert neuron([0.0, 4.0]).data == -2.0


def test_a_neuron_is_one_operation() -> None:
    neuron, x = Neuron(2, nonlin=False), [Value(3.0), 4.0]
    y = neuron(x)
    assert y.inputs == (*neuron.w, *x, neuron.b)
    y.backward()
    assert [p.grad for p in neuron.parameters()] == [3.0, 4.0, 1.0]
    assert x[0].grad == neuron.w[0].data


def test_a_number_that_is_none_is_refused() -> None:
    with pytest.raises(errors.DtypeError, match="str: 'two'"):
        Neuron(2)([1.0, "two"])


def test_gradients() -> None:
    random.seed(0)
    model = MLP(2, [3, 1])
    check_grads(lambda x, y: (model([x, y]) - 1.0) ** 2, Value(0.3), Value(-0.7))


def test_zero_grad() -> None:
    model = MLP(2, [2, 1])
    model([1.0, 2.0]).backward()
    assert any(p.grad for p in model.parameters())
    model.zero_grad()
    assert all(p.grad == 0 for p in model.parameters())


def test_sgd_trains_values() -> None:
    random.seed(1337)
    model = MLP(2, [8, 1])
    optimizer = SGD(model.parameters(), lr=0.05, momentum=0.9)
    data = [((0.0, 0.0), -1.0), ((0.0, 1.0), 1.0), ((1.0, 0.0), 1.0), ((1.0, 1.0), -1.0)]
    for _ in range(100):
        loss = sum(((model(x) - y) ** 2 for x, y in data), start=Value(0.0))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss.data < 1e-3


def test_wrong_number_of_inputs() -> None:
    with pytest.raises(errors.ShapeError, match=r"ReLUNeuron\(2\) of 3 inputs") as raised:
        MLP(2, [2, 1])([1.0, 2.0, 3.0])
    assert "cure:     Neuron(3)" in str(raised.value)


def test_source_never_names_numpy() -> None:
    program = "import inspect, nn.scalar; assert 'numpy' not in inspect.getsource(nn.scalar).lower()"
    assert run([sys.executable, "-c", program], check=False).returncode == 0


def test_sizes_are_a_list() -> None:
    with pytest.raises(errors.ArgumentError, match=r"a list of the number of neurons(.|\n)*MLP\(3, \[2\]\)"):
        MLP(3, 2)
