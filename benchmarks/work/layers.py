"""Forward and backward of three networks in float32: LeNet, an LSTM, a transformer block."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ..timing import Work
from . import installed

Network = Callable[[Any], Any]


def lenet(nn: Any) -> Any:
    """Le Cun's network for 28 x 28 images, with ReLU and max-pooling."""
    return nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
    )  # fmt: skip


def lstm(nn: Any) -> Any:
    """One layer of 128 units."""
    return nn.LSTM(128, 128)


def block(nn: Any) -> Any:
    """One block of width 64 with 4 heads."""
    return nn.TransformerEncoderLayer(64, 4, 256, dropout=0.0, batch_first=True)


CASES: dict[str, tuple[Network, tuple[int, ...]]] = {
    "LeNet 28x28, batch 64": (lenet, (64, 1, 28, 28)),
    "LSTM of 128, 32 steps, batch 32": (lstm, (32, 32, 128)),
    "transformer block of 64, 64 tokens, batch 16": (block, (16, 64, 64)),
}


def inputs(shape: tuple[int, ...]) -> Any:
    return np.random.default_rng(0).standard_normal(shape).astype(np.float32)


def first(y: Any) -> Any:
    """The output, without the states."""
    return y[0] if isinstance(y, tuple) else y


def in_chainrule(make: Network, shape: tuple[int, ...]) -> Work:
    import nn

    nn.manual_seed(0)
    net, x = make(nn), inputs(shape)

    def step() -> None:
        net.zero_grad()
        first(net(x)).sum().backward()

    return step


def in_pytorch(make: Network, shape: tuple[int, ...]) -> Work:
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(0)
    net, x = make(torch.nn), torch.tensor(inputs(shape))

    def step() -> None:
        net.zero_grad()
        first(net(x)).sum().backward()

    return step


def contenders(name: str) -> dict[str, Work]:
    return installed({"PyTorch": in_pytorch, "chainrule": in_chainrule}, *CASES[name])
