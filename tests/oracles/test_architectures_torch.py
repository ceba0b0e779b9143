"""Whole networks, written once for both libraries: the same weights in, the same gradients and training out."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import nn
from nn import functional

torch = pytest.importorskip("torch")

OURS = SimpleNamespace(
    nn=nn,
    f=functional,
    cat=lambda parts, axis: np.concatenate(parts, axis=axis),
    mean=lambda x, axis: x.mean(axis=axis),
)
THEIRS = SimpleNamespace(
    nn=torch.nn,
    f=torch.nn.functional,
    cat=lambda parts, axis: torch.cat(parts, dim=axis),
    mean=lambda x, axis: x.mean(dim=axis),
)


def residual_network(of: Any) -> Any:
    """He et al. 2015: blocks with ways around them, one of which shrinks the image."""

    class Block(of.nn.Module):
        def __init__(self, inner: int, outer: int, stride: int) -> None:
            super().__init__()
            self.conv1 = of.nn.Conv2d(inner, outer, 3, stride=stride, padding=1, bias=False)
            self.bn1 = of.nn.BatchNorm2d(outer)
            self.conv2 = of.nn.Conv2d(outer, outer, 3, padding=1, bias=False)
            self.bn2 = of.nn.BatchNorm2d(outer)
            self.shortcut = of.nn.Conv2d(inner, outer, 1, stride=stride) if stride > 1 else of.nn.Identity()

        def forward(self, x: Any) -> Any:
            y = self.bn2(self.conv2(of.f.relu(self.bn1(self.conv1(x)))))
            return of.f.relu(y + self.shortcut(x))

    return of.nn.Sequential(
        of.nn.Conv2d(1, 4, 3, padding=1),
        Block(4, 4, 1),
        Block(4, 6, 2),
        of.nn.AdaptiveAvgPool2d(1),
        of.nn.Flatten(),
        of.nn.Linear(6, 3),
    )


def u_network(of: Any) -> Any:
    """Ronneberger et al. 2015: down, up again, and across."""

    class UNet(of.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.down = of.nn.Sequential(of.nn.Conv2d(1, 4, 3, padding=1), of.nn.GroupNorm(2, 4), of.nn.SiLU())
            self.bottom = of.nn.Sequential(of.nn.MaxPool2d(2), of.nn.Conv2d(4, 8, 3, padding=1), of.nn.GELU())
            self.up = of.nn.ConvTranspose2d(8, 4, 2, stride=2)
            self.out = of.nn.Conv2d(8, 1, 1)
            self.head = of.nn.Linear(64, 3)

        def forward(self, x: Any) -> Any:
            wide = self.down(x)
            y = self.out(of.cat([wide, self.up(self.bottom(wide))], 1))
            return self.head(y.reshape(len(x), -1))

    return UNet()


def separable(of: Any) -> Any:
    """Howard et al. 2017: each channel by itself, then all of a pixel."""
    return of.nn.Sequential(
        of.nn.Conv2d(1, 6, 3, stride=2, padding=1),
        of.nn.Hardswish(),
        of.nn.Conv2d(6, 6, 3, padding=2, dilation=2, groups=6),
        of.nn.BatchNorm2d(6, momentum=0.3),
        of.nn.ReLU6(),
        of.nn.Conv2d(6, 12, 1, groups=2),
        of.nn.ELU(),
        of.nn.AvgPool2d(2),
        of.nn.Flatten(),
        of.nn.Linear(48, 3),
    )


def mixer(of: Any) -> Any:
    """Tolstikhin et al. 2021: layers over places and layers over channels, in turn."""

    class Mixer(of.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.patches = of.nn.Conv2d(1, 5, 2, stride=2)
            self.norms = of.nn.ModuleList([of.nn.LayerNorm(5) for _ in range(2)])
            self.places = of.nn.Sequential(of.nn.Linear(16, 8), of.nn.GELU(), of.nn.Linear(8, 16))
            self.channels = of.nn.Sequential(of.nn.Linear(5, 9), of.nn.Mish(), of.nn.Linear(9, 5))
            self.head = of.nn.Linear(5, 3)

        def forward(self, x: Any) -> Any:
            y = self.patches(x).reshape(len(x), 5, 16).swapaxes(1, 2)
            y = y + self.places(self.norms[0](y).swapaxes(1, 2)).swapaxes(1, 2)
            y = y + self.channels(self.norms[1](y))
            return self.head(of.mean(y, 1))

    return Mixer()


def reader(of: Any) -> Any:
    """Rows read by a GRU in both directions and by an LSTM of two layers, whose last outputs are joined."""

    class Reader(of.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.gru = of.nn.GRU(8, 4, batch_first=True, bidirectional=True)
            self.lstm = of.nn.LSTM(8, 5, num_layers=2, batch_first=True)
            self.heads = of.nn.ModuleDict({"out": of.nn.Linear(13, 3)})

        def forward(self, x: Any) -> Any:
            rows = x[:, 0]
            both, _ = self.gru(rows)
            _, (hidden, _) = self.lstm(rows)
            return self.heads["out"](of.cat([of.mean(both, 1), hidden[-1]], -1))

    return Reader()


def transformer(of: Any) -> Any:
    """Rows as words: two encoder layers, one with its norms first, and a shared projection."""

    class Transformer(of.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.into = of.nn.Linear(8, 6)
            self.encoder = of.nn.TransformerEncoderLayer(6, 2, 10, dropout=0.0, batch_first=True)
            self.second = of.nn.TransformerEncoderLayer(
                6, 3, 7, dropout=0.0, activation="gelu", batch_first=True, norm_first=True
            )
            self.head = of.nn.Linear(6, 3)

        def forward(self, x: Any) -> Any:
            return self.head(of.mean(self.second(self.encoder(self.into(x[:, 0]))), 1))

    return Transformer()


def twins(of: Any) -> Any:
    """One encoder used twice, on an image and on its transpose, compared by a bilinear layer."""

    class Twins(of.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder = of.nn.Sequential(of.nn.Flatten(), of.nn.Linear(64, 6), of.nn.PReLU(6), of.nn.RMSNorm(6))
            self.compare = of.nn.Bilinear(6, 6, 3)

        def forward(self, x: Any) -> Any:
            return self.compare(self.encoder(x), self.encoder(x.swapaxes(2, 3)))

    return Twins()


NETWORKS = [residual_network, u_network, separable, mixer, reader, transformer, twins]
OPTIMISERS = {
    "SGD": {"lr": 0.05, "momentum": 0.9, "nesterov": True},
    "AdamW": {"lr": 0.01, "eps": 1e-3},
    "Adagrad": {"lr": 0.05, "eps": 1e-3},
    "RMSprop": {"lr": 0.005, "eps": 1e-3},
}
"""An ``eps`` of 1e-8 would make steps of the rounding in gradients that are 0."""


@pytest.mark.parametrize("optimiser", OPTIMISERS)
@pytest.mark.parametrize("network", NETWORKS, ids=lambda network: network.__name__)
def test_the_same_training(network: Any, optimiser: str) -> None:
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(6, 1, 8, 8)), rng.integers(3, size=6)
    nn.manual_seed(0)
    ours, theirs = network(OURS).double(), network(THEIRS).double()
    theirs.load_state_dict({path: torch.tensor(array) for path, array in ours.state_dict().items()})
    ours_steps = getattr(nn, optimiser)(ours.parameters(), **OPTIMISERS[optimiser])
    their_steps = getattr(torch.optim, optimiser)(theirs.parameters(), **OPTIMISERS[optimiser])
    for _ in range(5):
        loss, their_loss = (
            nn.cross_entropy(ours(X), y),
            THEIRS.f.cross_entropy(theirs(torch.tensor(X)), torch.tensor(y)),
        )
        for steps, value in ((ours_steps, loss), (their_steps, their_loss)):
            steps.zero_grad()
            value.backward()
        assert abs(loss.item() - their_loss.item()) < 1e-10
        for (path, p), q in zip(ours.named_parameters(), theirs.parameters(), strict=True):
            np.testing.assert_allclose(p.grad, q.grad, rtol=1e-8, atol=1e-10, err_msg=path)
        ours_steps.step()
        their_steps.step()
    ours.eval(), theirs.eval()
    back = network(OURS).double().eval()
    back.load_state_dict(theirs.state_dict())  # and home again, with PyTorch's numbers
    np.testing.assert_allclose(ours(X).data, theirs(torch.tensor(X)).detach(), rtol=1e-8, atol=1e-9)
    np.testing.assert_allclose(back(X).data, theirs(torch.tensor(X)).detach(), rtol=1e-12, atol=1e-12)
