"""The same training steps as in :mod:`.training`, compiled; and what compiling costs."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..timing import Work
from . import installed, layers
from .scalars import demo_on_micrograd, moons
from .training import Case, data, in_chainrule, in_jax, in_pytorch


def compiled_step(case: Case, optimiser: str = "SGD") -> Work:
    """A training step as a program, which has been recorded already."""
    from autograd import compile

    step = compile(in_chainrule(case, optimiser))
    for _ in range(4):
        step()
    return step


def by_hand(case: Case) -> Work:
    """The limit: the step in NumPy, by hand, into buffers that are made once."""
    X, y, layers = data(case)
    n, rows = len(y), np.arange(len(y))
    ones = np.ones(n, np.float32)
    outputs = [np.empty((n, len(b)), np.float32) for _, b in layers]
    slopes = [np.empty((n, len(b)), np.float32) for _, b in layers]
    masks = [np.empty((n, len(b)), bool) for _, b in layers]
    moves = [(np.empty_like(w), np.empty_like(b)) for w, b in layers]
    turned = [w.T for w, _ in layers]
    across = [g.T for g in slopes]
    columns = np.empty((layers[-1][1].size, n), np.float32)
    top, total = np.empty(n, np.float32), np.empty(n, np.float32)

    def step() -> None:
        x = X
        inputs = []
        for (_, b), turned_w, z in zip(layers, turned, outputs, strict=True):
            inputs.append(x)
            np.dot(x, turned_w, out=z)
            np.add(z, b, out=z)
            if z is not outputs[-1]:
                np.maximum(z, 0, out=z)
            x = z
        np.copyto(columns, x.T)
        np.maximum.reduce(columns, axis=0, out=top)
        np.subtract(columns, top, out=columns)
        right = columns[y, rows]
        np.exp(columns, out=columns)
        np.add.reduce(columns, axis=0, out=total)
        (np.log(total) - right).sum() / n
        np.divide(columns, total, out=columns)
        columns[y, rows] -= 1
        np.multiply(columns.T, np.float32(1 / n), out=slopes[-1])
        for i in reversed(range(len(layers))):
            (w, b), g = layers[i], slopes[i]
            (of_w, of_b) = moves[i]
            np.dot(across[i], inputs[i], out=of_w)
            np.dot(ones, g, out=of_b)
            if i:
                np.dot(g, w, out=slopes[i - 1])
                np.greater(inputs[i], 0, out=masks[i - 1])
                np.multiply(slopes[i - 1], masks[i - 1], out=slopes[i - 1])
            np.multiply(of_w, np.float32(0.01), out=of_w)
            np.subtract(w, of_w, out=w)
            np.multiply(of_b, np.float32(0.01), out=of_b)
            np.subtract(b, of_b, out=b)

    return step


def contenders(case: Case) -> dict[str, Work]:
    """The step compiled, beside all others."""
    makers = {
        "JAX jit": in_jax,
        "PyTorch": in_pytorch,
        "chainrule": in_chainrule,
        "compiled": compiled_step,
        "NumPy into buffers": by_hand,
    }
    return installed(makers, case)


def capture(case: Case) -> dict[str, Work]:
    """Recording a step anew, until it is a program, beside one eager call of it."""
    from autograd import compile

    eager: Any = in_chainrule(case)
    return {"chainrule": eager, "capture": lambda: compile(eager)()}


def lenet_on_chainrule() -> Work:
    """A training step of LeNet with SGD."""
    import nn

    nn.manual_seed(0)
    X, y = lenet_data()
    net = layers.lenet(nn)
    optimizer = nn.SGD(net.parameters(), lr=0.01)

    def step() -> None:
        loss = nn.functional.cross_entropy(net(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    return step


def lenet_compiled() -> Work:
    from autograd import compile

    step = compile(lenet_on_chainrule())
    for _ in range(4):
        step()
    return step


def lenet_on_pytorch() -> Work:
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(0)
    X, y = map(torch.tensor, lenet_data())
    net = layers.lenet(torch.nn)
    optimizer = torch.optim.SGD(net.parameters(), lr=0.01)

    def step() -> None:
        loss = torch.nn.functional.cross_entropy(net(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    return step


def lenet_data() -> tuple[Any, Any]:
    """Images and labels of one batch."""
    return layers.inputs((64, 1, 28, 28)), np.random.default_rng(0).integers(0, 10, 64)


def lenet() -> dict[str, Work]:
    return installed({"PyTorch": lenet_on_pytorch, "chainrule": lenet_on_chainrule, "compiled": lenet_compiled})


def demo_compiled() -> Work:
    """micrograd's demo, written on Values for one example and run over the batch."""
    import random

    import nn.scalar
    from autograd import compile

    points, labels = moons()
    random.seed(1337)
    model = nn.scalar.MLP(2, [16, 16, 1])

    def example(point: Any, label: Any) -> Any:
        loss = (1 + -label * model(point)).relu() + 1e-4 * sum(p * p for p in model.parameters())
        model.zero_grad()
        loss.backward()
        for p in model.parameters():
            p.data -= 0.01 * p.grad
        return loss

    step = compile(example, batch=True)
    return lambda: step(points, labels)


def demo() -> dict[str, Work]:
    return installed({"micrograd": demo_on_micrograd, "compiled": demo_compiled})
