"""One training step of an MLP (forward, backward, SGD or Adam) in float32, from the same weights."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from ..timing import Work
from . import installed

Case = tuple[tuple[int, ...], int]
SMALL: Case = ((2, 16, 16, 2), 32)
MEDIUM: Case = ((64, 128, 64, 10), 64)
LARGE: Case = ((784, 512, 256, 10), 128)
HUGE: Case = ((784, 512, 256, 10), 512)
CASES = {
    "training step 2-16-16-2, batch 32": SMALL,
    "training step 64-128-64-10, batch 64": MEDIUM,
    "training step 784-512-256-10, batch 128": LARGE,
}


def data(case: Case) -> tuple[Any, Any, list[tuple[Any, Any]]]:
    """Inputs, labels, and the weights and biases of each layer, (out, in)."""
    sizes, batch = case
    rng = np.random.default_rng(0)
    X = rng.standard_normal((batch, sizes[0])).astype(np.float32)
    y = rng.integers(0, sizes[-1], batch)
    layers = [
        ((rng.standard_normal((m, n)) / np.sqrt(n)).astype(np.float32), np.zeros(m, np.float32))
        for n, m in pairwise(sizes)
    ]
    return X, y, layers


def in_chainrule(case: Case, optimiser: str = "SGD") -> Work:
    import nn

    X, y, layers = data(case)
    model = nn.MLP(*case[0])
    for p, array in zip(model.parameters(), [array for layer in layers for array in layer], strict=True):
        p.data = array
    optimizer = getattr(nn, optimiser)(model.parameters(), lr=0.01)

    def step() -> None:
        loss = nn.functional.cross_entropy(model(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    return step


def in_pytorch(case: Case, optimiser: str = "SGD") -> Work:
    import torch

    torch.set_num_threads(1)
    X, y, layers = data(case)
    model = torch.nn.Sequential()
    for i, (w, b) in enumerate(layers):
        if i:
            model.append(torch.nn.ReLU())
        linear = torch.nn.Linear(w.shape[1], w.shape[0])
        linear.load_state_dict({"weight": torch.tensor(w), "bias": torch.tensor(b)})
        model.append(linear)
    optimizer = getattr(torch.optim, optimiser)(model.parameters(), lr=0.01)
    inputs, labels = torch.tensor(X), torch.tensor(y)

    def step() -> None:
        loss = torch.nn.functional.cross_entropy(model(inputs), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    return step


def in_jax(case: Case) -> Work:
    import jax
    import jax.numpy as jnp

    X, y, layers = data(case)

    def loss(layers: Any, X: Any, y: Any) -> Any:
        for w, b in layers[:-1]:
            X = jax.nn.relu(X @ w.T + b)
        w, b = layers[-1]
        logits = jax.nn.log_softmax(X @ w.T + b)
        return -jnp.mean(logits[jnp.arange(len(y)), y])

    @jax.jit
    def update(layers: Any, X: Any, y: Any) -> Any:
        gradients = jax.grad(loss)(layers, X, y)
        return jax.tree.map(lambda p, g: p - 0.01 * g, layers, gradients)

    state = [jax.tree.map(jnp.asarray, layers)]

    def step() -> None:
        state[0] = jax.block_until_ready(update(state[0], X, y))

    return step


def in_numpy(case: Case) -> Work:
    """The limit: what a careful person writes by hand."""
    X, y, layers = data(case)
    rows = np.arange(len(y))

    def step() -> None:
        inputs, x = [], X
        for w, b in layers[:-1]:
            inputs.append(x)
            x = x @ w.T
            x += b
            np.maximum(x, 0, out=x)
        inputs.append(x)
        w, b = layers[-1]
        z = x @ w.T
        z += b
        z -= z.max(axis=1, keepdims=True)
        p = np.exp(z)
        total = p.sum(axis=1, keepdims=True)
        (np.log(total)[:, 0] - z[rows, y]).mean()
        p /= total
        p[rows, y] -= 1
        g = p / len(y)
        for i in reversed(range(len(layers))):
            w, b = layers[i]
            gw, gb = g.T @ inputs[i], g.sum(axis=0)
            if i:
                g = (g @ w) * (inputs[i] > 0)
            w -= 0.01 * gw
            b -= 0.01 * gb

    return step


def bare_blas(case: Case) -> Work:
    """The matrix products of a step and nothing else: nothing built on this BLAS can be faster."""
    X, _, layers = data(case)
    weights = [w for w, _ in layers]
    inputs = [X, *[np.ones((len(X), len(w)), np.float32) for w in weights]]

    def step() -> None:
        for x, w in zip(inputs, weights, strict=False):
            x.dot(w.T)
        for i, w in enumerate(weights):
            g = inputs[i + 1]
            g.T.dot(inputs[i])
            if i:
                g.dot(w)

    return step


def in_hips(case: Case) -> Work:
    import autograd.numpy as anp  # HIPS autograd: see benchmarks/hips.py
    from autograd import grad

    X, y, layers = data(case)
    rows = np.arange(len(y))

    def loss(layers: Any) -> Any:
        x = X
        for w, b in layers[:-1]:
            x = anp.maximum(anp.dot(x, w.T) + b, 0)
        w, b = layers[-1]
        z = anp.dot(x, w.T) + b
        z = z - anp.max(z, axis=1, keepdims=True)
        return anp.mean(anp.log(anp.sum(anp.exp(z), axis=1)) - z[rows, y])

    gradient = grad(loss)

    def step() -> None:
        for (w, b), (gw, gb) in zip(layers, gradient(layers), strict=True):
            w -= 0.01 * gw
            b -= 0.01 * gb

    return step


def contenders(case: Case) -> dict[str, Work]:
    makers: dict[str, Callable[[Case], Work]] = {
        "PyTorch": in_pytorch,
        "chainrule": in_chainrule,
        "NumPy by hand": in_numpy,
        "bare BLAS": bare_blas,
        "JAX jit": in_jax,
    }
    return installed(makers, case)


def with_adam(case: Case) -> dict[str, Work]:
    """The same step with Adam, whose state is kept in flat arrays."""
    makers = {"PyTorch": partial(in_pytorch, optimiser="Adam"), "chainrule": partial(in_chainrule, optimiser="Adam")}
    return installed({**makers, "bare BLAS": bare_blas}, case)


TINY: Case = ((2, 2, 2), 2)
ENGINES: dict[str, Callable[[Case], Work]] = {
    "PyTorch": in_pytorch,
    "chainrule": in_chainrule,
    "NumPy by hand": in_numpy,
}


def engines() -> list[str]:
    """The engines whose libraries are installed."""
    return list(installed(ENGINES, TINY))


def loop(who: str) -> Work:
    """Making the network of batch 512, and twenty steps; what an engine makes once and for all is there already."""
    ENGINES[who](TINY)()

    def work() -> None:
        step = ENGINES[who](HUGE)
        for _ in range(20):
            step()

    return work


def inference() -> dict[str, Work]:
    """The small network without recording, beside the bare expression."""
    import nn
    from autograd import no_grad

    X, _, layers = data(SMALL)
    model = nn.MLP(*SMALL[0])
    for p, array in zip(model.parameters(), [array for layer in layers for array in layer], strict=True):
        p.data = array
    (w1, b1), (w2, b2), (w3, b3) = layers

    def ours() -> Any:
        with no_grad():
            return model(X)

    def bare() -> Any:
        return np.maximum(np.maximum(X @ w1.T + b1, 0) @ w2.T + b2, 0) @ w3.T + b3

    return {"NumPy by hand": bare, "chainrule": ours}
