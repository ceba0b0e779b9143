"""Programs on arrays that are not networks."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..timing import Work
from . import installed

CHAIN = "chain of 1,000 operations, arrays of 1,000"


def chain(leaf: Any, total: Any) -> Work:
    """1,000 operations in a row on 1,000 floats, ``*`` and ``+`` in turns, forward and backward."""

    def work() -> None:
        a, x = leaf(np.full(1000, 1.001)), leaf(np.full(1000, 0.5))
        for _ in range(500):
            x = x * a
            x = x + 0.01
        total(x).backward()

    return work


def chain_in_numpy() -> None:
    """The limit: the same arithmetic by hand."""
    a, x = np.full(1000, 1.001), np.full(1000, 0.5)
    xs = []
    for _ in range(500):
        xs.append(x)
        x = x * a
        x = x + 0.01
    g, ga = np.ones(1000), np.zeros(1000)
    for before in reversed(xs):
        ga += g * before
        g = g * a


def chain_in_chainrule() -> Work:
    from autograd import Tensor

    return chain(Tensor, lambda x: x.sum())


def chain_in_pytorch() -> Work:
    import torch

    torch.set_num_threads(1)
    return chain(lambda x: torch.tensor(x, requires_grad=True), lambda x: x.sum())


def chain_in_mygrad() -> Work:
    import mygrad

    return chain(mygrad.tensor, lambda x: x.sum())


def chain_in_hips() -> Work:
    from autograd import grad  # HIPS autograd: see benchmarks/hips.py

    def total(inputs: Any) -> Any:
        a, x = inputs
        for _ in range(500):
            x = x * a
            x = x + 0.01
        return x.sum()

    gradient = grad(total)
    return lambda: gradient((np.full(1000, 1.001), np.full(1000, 0.5)))


def chains() -> dict[str, Work]:
    return installed(
        {
            "PyTorch": chain_in_pytorch,
            "chainrule": chain_in_chainrule,
            "NumPy by hand": lambda: chain_in_numpy,
            "MyGrad": chain_in_mygrad,
        }
    )
