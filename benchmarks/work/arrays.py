"""Programs on arrays that are not networks."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..timing import Work


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


def chains() -> dict[str, Work]:
    import mygrad
    import torch

    from autograd import Tensor

    torch.set_num_threads(1)
    return {
        "PyTorch": chain(lambda x: torch.tensor(x, requires_grad=True), lambda x: x.sum()),
        "MyGrad": chain(mygrad.tensor, lambda x: x.sum()),
        "chainrule": chain(Tensor, lambda x: x.sum()),
        "NumPy by hand": chain_in_numpy,
    }
