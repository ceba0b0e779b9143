"""Bad input to every public function: a message of four parts, and a cure that mends it.

A case is a line that somebody may well write, the kind of the error, what its message names, and, where the cure is a
line that can be run in the same place, that line.
"""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np
import pytest

import autograd
import nn
import viz
from autograd import Tensor, errors

NAMES: dict[str, Any] = {
    **{name: getattr(autograd, name) for name in autograd.__all__},
    "np": np, "math": math, "nn": nn, "viz": viz, "T": Tensor, "ones": np.ones, "datasets": nn.datasets, "optim": nn.optim, "F": nn.functional,
    "scalar": nn.scalar,
    "x": Tensor(np.ones((4, 3))),
    "net": nn.Sequential(nn.Linear(3, 2)),
}  # fmt: skip

Shape, Dtype, Argument, Place = errors.ShapeError, errors.DtypeError, errors.ArgumentError, errors.PlaceError
NoRule, Left, NotScalar, Domain, Mixed = (
    errors.NoRuleError, errors.LeftGraphError, errors.NotScalarError, errors.DomainError, errors.MixedKindsError,
)  # fmt: skip

# ruff: noqa: E501 -- a case is read across, like a line of a table
CASES: list[tuple[str, type[Exception], str, str]] = [
    # Values in Python's own functions.
    ("math.tanh(Value(1.0))", Left, "v.tanh()", "np.tanh(Value(1.0))"),
    ("float(Value(1.0))", Left, "v.data", "float(Value(1.0).data)"),
    ("int(Value(1.0))", Left, "int(v.data)", "int(Value(1.0).data)"),
    ("range(Value(3.0))", Left, "int(v.data)", "range(int(Value(3.0).data))"),
    ("'%f' % Value(1.0)", Left, "v.data", "'%f' % Value(1.0).data"),
    ("Value(-1.0).sqrt()", Domain, "sqrt of -1.0", "np.sqrt(Tensor(-1.0))"),
    ("Value(0.0).log()", Domain, "log of 0.0", "np.log(Tensor(0.0))"),
    ("Value(2.0).arcsin()", Domain, "arcsin of 2.0", "np.arcsin(Tensor(2.0))"),
    ("Value(-8.0) ** (1 / 3)", Domain, "abs(a) ** b", "abs(Value(-8.0)) ** (1 / 3)"),
    ("np.sinc(Value(1.0))", NoRule, "np.sinc(Tensor(", "np.sinc(Tensor(0.5))"),
    ("np.std(Value(1.0))", NoRule, "np.std(Tensor(", "np.std(Tensor(0.5))"),
    ("np.nextafter(Value(1.0), 2.0)", NoRule, "nextafter", "np.nextafter(Value(1.0).data, 2.0)"),
    ("Value(1.0).backward('a')", Dtype, "str: 'a'", "Value(1.0).backward(3.0)"),
    ("Value(1.0).backward(ones(2))", Dtype, "ndarray", "Value(1.0).backward(3.0)"),
    ("np.stack([Value(1.0), T(1.0)])", Mixed, "a Value and a Tensor", "np.stack([T(1.0), T(1.0)])"),
    # Tensors.
    ("math.sin(T(1.0))", Left, "autograd.numpy.sin(t)", "np.sin(T(1.0))"),
    ("math.acos(T(0.5))", Left, "np.arccos(t)", "np.arccos(T(0.5))"),
    ("math.exp(T(ones(2)).sum())", Left, "math.exp(t.item())", "math.exp(T(ones(2)).sum().item())"),
    ("T(1.0).backward('a')", Dtype, "str", "T(1.0).backward(ones(()))"),
    ("T(ones(2)) < ones(3)", Shape, "less of shapes (2,) and (3,)", "T(ones(2)) < ones(2)"),
    ("T(ones(2)) == ones(3)", Shape, "equal of shapes (2,) and (3,)", "T(ones(2)) == ones(2)"),
    ("T(ones(2)).item()", Left, "(2,)", "T(ones(2)).sum().item()"),
    ("T(ones(2)).item(5)", Place, "index=(5,)", "T(ones(2)).item(1)"),
    ("len(T(1.0))", Dtype, "t.reshape(1)", "len(T(1.0).reshape(1))"),
    ("list(T(1.0))", Dtype, "t.item()", "list(T(1.0).reshape(1))"),
    ("setattr(T(ones(2)), 'data', 'a')", Dtype, "str", "setattr(T(ones(2)), 'data', [1.0, 2.0])"),
    ("T(ones(2)).sum(axis='a')", Dtype, "axis", "T(ones(2)).sum(axis=0)"),
    ("np.stack(T(1.0))", Dtype, "a Tensor with an axis", "np.stack([T(1.0)])"),
    ("np.linalg.svd(T(ones(3)))", Place, "np.svd(", "np.linalg.svd(T(ones((3, 3))))"),
    ("np.linalg.qr(T(ones(3)))", Argument, "np.qr(", "np.linalg.qr(T(ones((3, 3))))"),
    ("np.linalg.slogdet(T(ones(3)))", Argument, "np.slogdet(", "np.linalg.slogdet(T(np.eye(3)))"),
    ("np.linalg.lstsq(T(ones((3, 2))), ones(2))", Argument, "np.lstsq(", "np.linalg.lstsq(T(ones((3, 2))), ones(3), None)"),
    ("np.linalg.matrix_power(T(np.eye(2)), 0.5)", Argument, "a whole number", "np.linalg.matrix_power(T(np.eye(2)), 2)"),
    ("np.linalg.inv(T(ones((2, 2))))", Shape, "Singular", "np.linalg.inv(T(np.eye(2)))"),
    ("np.linalg.cholesky(T(-np.eye(2)))", Shape, "cholesky", "np.linalg.cholesky(T(np.eye(2)))"),
    ("np.quantile(T(ones(3)), 2.0)", Argument, "range [0, 1]", "np.quantile(T(ones(3)), 0.5)"),
    ("np.quantile(T(ones(3)), 0.5, method='foo')", Argument, "'foo'", "np.quantile(T(ones(3)), 0.5, method='linear')"),
    ("np.percentile(T(ones(3)), 200)", Argument, "np.percentile(", "np.percentile(T(ones(3)), 20)"),
    ("np.median(T(ones(3)), axis=3)", Place, "axis=3", "np.median(T(ones(3)), axis=-1)"),
    ("np.partition(T(ones(3)), 7)", Argument, "kth", "np.partition(T(ones(3)), 1)"),
    ("np.delete(T(ones(3)), 7)", Place, "out of bounds", "np.delete(T(ones(3)), 2)"),
    ("np.insert(T(ones(3)), 7, 1.0)", Place, "out of bounds", "np.insert(T(ones(3)), 3, 1.0)"),
    ("np.choose([0, 5], [T(ones(2)), ones(2)])", Argument, "invalid entry", "np.choose([0, 1], [T(ones(2)), ones(2)])"),
    ("np.split(T(ones(4)), 'a')", Argument, "'a'", "np.split(T(ones(4)), 2)"),
    ("np.unwrap(T(1.0))", Argument, "np.unwrap(", "np.unwrap(T(ones(1)))"),
    ("np.argmax(T(ones(0)))", Argument, "empty", "np.argmax(T(ones(1)))"),
    ("np.einsum(T(ones(3)))", Dtype, "np.einsum(", "np.einsum('i->', T(ones(3)))"),
    # Derivatives.
    ("row('f', lambda g, y, x: g)", Argument, "no function", "row"),
    ("row(np.spacing)", Argument, "no rule", "row"),
    ("row(np.exp, lambda g, y, x: g * y)", Argument, "already has a row named 'exp'", "row"),
    ("checkpoint(3)", Dtype, "checkpoint(int)", "checkpoint(lambda x: x * x)(3.0)"),
    ("jacobian(3)", Dtype, "jacobian(int)", "jacobian(lambda x: x * x)(3.0)"),
    ("jacobian(lambda x: None)(3.0)", NotScalar, "NoneType", "jacobian(lambda x: x)(3.0)"),
    ("jacobian(lambda x: x)(3)", Dtype, "integers", "jacobian(lambda x: x)(3.0)"),
    ("hessian(lambda x: x * x)(ones(3))", NotScalar, ".sum()", "hessian(lambda x: (x * x).sum())(ones(3))"),
    ("hvp(lambda x: x.sum())(ones(3), ones(2))", Shape, "(2,)", "hvp(lambda x: (x * x).sum())(ones(3), ones(3))"),
    ("elementwise_grad(lambda x: None)(ones(3))", NotScalar, "NoneType", "elementwise_grad(lambda x: x)(ones(3))"),
    ("vjp(lambda x: None, 3.0)", NotScalar, "NoneType", "vjp(lambda x: x, 3.0)"),
    ("vjp(lambda x: x, 3)", Dtype, "integers", "vjp(lambda x: x, 3.0)"),
    ("vjp(lambda x: x, 3.0)[1](ones(2))", Shape, "v[0]", "vjp(lambda x: x, 3.0)[1](ones(2)[0])"),
    ("vjp(lambda x: x, 3.0)[1](None)", Argument, "None", "vjp(lambda x: x, 3.0)[1](0.0)"),
    ("jvp(lambda x: x, 1.0, 1.0)", Argument, "jvp(f, (x,), (v,))", "jvp(lambda x: x, (1.0,), (1.0,))"),
    ("jvp(lambda x: x, (1.0,), (1.0, 2.0))", Argument, "one tangent for each argument", "jvp(lambda x: x, (1.0,), (1.0,))"),
    ("jvp(lambda x: x, (1,), (1.0,))", Dtype, "integers", "jvp(lambda x: x, (1.0,), (1.0,))"),
    ("check_grads(3, 1.0)", Dtype, "check_grads(int)", "check_grads(np.sin, 1.0)"),
    ("check_grads(np.sin, 1.0, order=0)", Argument, "order=0", "check_grads(np.sin, 1.0, order=2)"),
    ("check_grads(lambda x: None, 1.0)", Argument, "return y", "check_grads(lambda x: x, 1.0)"),
    ("grad(np.sin)()", Argument, "grad(f)(2.0)", "grad(np.sin)(2.0)"),
    ("grad(np.sin)(3)", Dtype, "3.0 instead of 3", "grad(np.sin)(3.0)"),
    # Networks.
    ("nn.Linear(0, 2)", Argument, "from 1", "nn.Linear(2, 3)"),
    ("nn.Linear(3, 2)('a')", Dtype, "str", "nn.Linear(3, 2)([1.0, 2.0, 3.0])"),
    ("nn.Linear(3, 2)(ones((4, 5)))", Shape, "5", "nn.Linear(5, 2)(ones((4, 5)))"),
    ("nn.Sequential(3)", Argument, "3", "nn.Sequential(nn.ReLU())"),
    ("net[5]", Place, "len(net)", "net[0]"),
    ("net['a']", Place, "'a'", "net[0]"),
    ("nn.MLP(3)", Argument, "MLP(2, 8, 1)", "nn.MLP(2, 8, 1)"),
    ("nn.Softmax(dim=3)(x)", errors.ChainruleError, "3", "nn.Softmax(dim=-1)(x)"),
    ("nn.Flatten(5)(x)", Place, "from -2 to 1", "nn.Flatten(1)(x)"),
    ("nn.Flatten()(T(1.0))", Place, "Flatten", "nn.Flatten()(T(ones((1, 1))))"),
    ("nn.CrossEntropyLoss(reduction='foo')", Argument, "'mean', 'sum' or 'none'", "nn.CrossEntropyLoss(reduction='mean')"),
    ("nn.MSELoss('foo')", Argument, "reduction='mean'", "nn.MSELoss(reduction='mean')"),
    ("nn.CrossEntropyLoss()(x, np.array([0, 1]))", Shape, "(2,)", "nn.CrossEntropyLoss()(x, np.array([0, 1, 2, 0]))"),
    ("nn.CrossEntropyLoss()(x, ones(4))", Argument, "labels.astype(int)", "nn.CrossEntropyLoss()(x, ones(4).astype(int))"),
    ("nn.CrossEntropyLoss()(x, np.array([0, 1, 2, 7]))", Argument, "from 0 to 2", "nn.CrossEntropyLoss()(x, np.array([0, 1, 2, 2]))"),
    ("nn.MSELoss()(x, ones(3))", Shape, "(3,)", "nn.MSELoss()(x, ones((4, 3)))"),
    ("F.one_hot([5], 3)", Argument, "from 0 to 2", "F.one_hot([2], 3)"),
    ("net.load_state_dict({})", Argument, "0.weight", "net.load_state_dict(net.state_dict())"),
    ("net.load_state_dict([1])", Argument, "other.state_dict()", "net.load_state_dict(net.state_dict())"),
    ("net.load_state_dict({'0.weight': ones((2, 5)), '0.bias': ones(2)})", Shape, "(2, 5)", "net.load_state_dict({'0.weight': ones((2, 3)), '0.bias': ones(2)})"),
    ("nn.manual_seed(-1)", Argument, "seed=0", "nn.manual_seed(seed=0)"),
    ("nn.manual_seed('a')", Argument, "'a'", "nn.manual_seed(seed=0)"),
    ("nn.Perceptron('a')", Argument, "in_features=2", "nn.Perceptron(in_features=2)"),
    ("nn.Perceptron(2).fit(ones((3, 2)), np.array([1, 1, 0]), epochs='a')", Argument, "epochs=100", "nn.Perceptron(2).fit(ones((3, 2)), np.array([1, 1, 0]), epochs=100)"),
    ("nn.Perceptron(2).fit(ones((3, 2)), np.array([0, 1, 7]))", Argument, "the classes 0 and 1", "nn.Perceptron(2).fit(ones((3, 2)), np.array([0, 1, 1]))"),
    ("scalar.MLP(3, [])", Argument, "MLP(3, [1])", "scalar.MLP(3, [1])"),
    ("scalar.MLP(3, 2)", Argument, "MLP(3, [2])", "scalar.MLP(3, [2])"),
    ("scalar.Neuron('a')", Argument, "nin=2", "scalar.Neuron(nin=2)"),
    ("scalar.Layer(2, 'a')", Argument, "nout=2", "scalar.Layer(2, nout=2)"),
    ("scalar.Neuron(2)([1.0])", Shape, "1", "scalar.Neuron(1)([1.0])"),
    # Optimisers and data.
    ("optim.SGD([])", Argument, "at least one parameter", "optim.SGD(net.parameters(), lr=0.1)"),
    ("optim.SGD(3)", Argument, "SGD([x], lr=0.1)", "optim.SGD([x], lr=0.1)"),
    ("optim.SGD(T(1.0))", Argument, "SGD([x], lr=0.1)", "optim.SGD([x], lr=0.1)"),
    ("optim.SGD([T(1.0) * 2])", Argument, "a result", "optim.SGD([x], lr=0.1)"),
    ("optim.SGD([x], lr='a')", Argument, "lr=0.1", "optim.SGD([x], lr=0.1)"),
    ("optim.SGD([x], momentum=-1)", Argument, "momentum=0.9", "optim.SGD([x], momentum=0.9)"),
    ("optim.SGD([x], nesterov=True)", Argument, "momentum=0.9", "optim.SGD([x], nesterov=True, momentum=0.9)"),
    ("datasets.make_moons(1)", Argument, "n=100", "datasets.make_moons(n=100)"),
    ("datasets.make_moons(10, noise='a')", Argument, "noise=0.1", "datasets.make_moons(10, noise=0.1)"),
    ("datasets.make_moons(10, seed='a')", Argument, "seed=0", "datasets.make_moons(10, seed=0)"),
    ("datasets.train_test_split(ones(3), ones(4))", Shape, "X[: len(y)]", "datasets.train_test_split(ones(3), ones(3))"),
    ("datasets.train_test_split(ones(9), ones(9), test_size='a')", Argument, "test_size=0.2", "datasets.train_test_split(ones(9), ones(9), test_size=0.2)"),
    # Pictures.
    ("viz.draw_graph(3)", errors.ChainruleError, "int", "viz.draw_graph(x)"),
    ("viz.trace(3)", errors.ChainruleError, "int", "viz.trace(Value(1.0) * 2)"),
    ("viz.plot_loss([])", Argument, "plot_loss", "viz.plot_loss([1.0, 0.5])"),
    ("viz.plot_loss(3)", Argument, "one a step", "viz.plot_loss([1.0, 0.5])"),
    ("viz.plot_loss(['a'])", Argument, "one a step", "viz.plot_loss([1.0, 0.5])"),
]  # fmt: skip


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # NumPy's, where the cure gives NaN on purpose
@pytest.mark.parametrize(("line", "kind", "part", "cure"), CASES, ids=[case[0] for case in CASES])
def test_bad_input(line: str, kind: type[Exception], part: str, cure: str) -> None:
    with pytest.raises(kind) as raised:
        eval(line, dict(NAMES))
    text = str(raised.value)
    form = r".+\n  expected: .+\n  got:      .+\n  cure:     .+(\n  layer:    .+)?"
    assert re.fullmatch(form, text, re.DOTALL), text
    assert part in text
    eval(cure, dict(NAMES))  # which mends it


def test_there_are_enough_kinds() -> None:
    assert len({line for line, *_ in CASES}) == len(CASES) >= 100
