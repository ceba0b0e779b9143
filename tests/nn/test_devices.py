"""Networks moved to a GPU and back: on arrays as strict as CuPy's, in a stand-in for the module."""

from __future__ import annotations

import copy
import sys
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import nn
from autograd import Tensor, errors

from ..autograd.strict import Strict, strict

RNG = np.random.default_rng(0)
X, Y = RNG.normal(size=(12, 1, 6, 6)), RNG.integers(0, 3, 12)
OPTIMISERS = (
    "SGD", "Adam", "AdamW", "Adamax", "NAdam", "RAdam", "Adagrad", "Adadelta", "RMSprop", "Rprop", "ASGD", "LBFGS",
)  # fmt: skip


@pytest.fixture
def cupy(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A module with one GPU."""
    runtime = SimpleNamespace(getDeviceCount=lambda: 1)
    cuda = SimpleNamespace(Device=nullcontext, runtime=runtime)
    module = SimpleNamespace(asarray=strict, is_available=lambda: True, cuda=cuda)
    monkeypatch.setitem(sys.modules, "cupy", module)
    return module


def network() -> nn.Module:
    nn.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(1, 2, 3, bias=False), nn.Dropout(0.2), nn.BatchNorm2d(2), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
        nn.Linear(8, 4096), nn.LayerNorm(4096), nn.Linear(4096, 3),
    ).double()  # fmt: skip


def trained(net: nn.Module, name: str, x: Any, y: Any) -> list[float]:
    options = {} if name in ("Adadelta", "Rprop") else {"lr": 0.01}
    optimizer = getattr(nn.optim, name)(net.parameters(), **options)
    losses = []
    nn.manual_seed(1)

    def closure() -> Any:
        optimizer.zero_grad()
        loss = nn.cross_entropy(net(x), y)
        loss.backward()
        return loss

    for _ in range(3):
        losses.append(closure().item())
        optimizer.step(closure)
    return losses


@pytest.mark.usefixtures("cupy")
@pytest.mark.parametrize("name", OPTIMISERS)
def test_a_network_trains_on_a_gpu_as_in_memory(name: str) -> None:
    plain, moved = network(), network().to("cuda")
    assert all(isinstance(x.data, Strict) for x in [*moved.parameters(), *moved.buffers()])
    np.testing.assert_allclose(trained(moved, name, strict(X), strict(Y)), trained(plain, name, X, Y), rtol=1e-9)
    for path, x in moved.cpu().state_dict().items():
        assert type(x) in (np.ndarray, np.int64)
        np.testing.assert_allclose(x, plain.state_dict()[path], rtol=1e-7, atol=1e-12)


@pytest.mark.usefixtures("cupy")
@pytest.mark.parametrize(
    ("layer", "shape"),
    [
        (lambda: nn.Conv1d(2, 3, 3, bias=False), (4, 2, 7)), (lambda: nn.AvgPool2d(2, ceil_mode=True), (2, 1, 5, 5)),
        (lambda: nn.LSTM(3, 4), (5, 2, 3)), (lambda: nn.GRU(3, 4, bias=False), (5, 2, 3)), (lambda: nn.GELU(), (3, 2)),
        (lambda: nn.MultiheadAttention(4, 2), (5, 2, 4)), (lambda: nn.GroupNorm(2, 4), (3, 4, 2)),
        (lambda: nn.TransformerEncoderLayer(4, 2, 8, dropout=0.0), (5, 2, 4)),
    ],
)  # fmt: skip
def test_layers_run_on_a_gpu_as_in_memory(layer: Any, shape: tuple[int, ...]) -> None:
    def run(net: nn.Module, x: Any) -> Any:
        y = net(x, x, x) if isinstance(net, nn.MultiheadAttention) else net(x)
        y = y[0] if isinstance(y, tuple) else y
        if y.requires_grad:
            np.mean(y * y).backward()
        return [y.data, *(p.grad for p in net.parameters())]

    x = Tensor(RNG.normal(size=shape))
    net = layer().double()
    found, expected = run(copy.deepcopy(net).to("cuda"), Tensor(strict(x.data))), run(net, x)
    for a, b in zip(found, expected, strict=True):
        assert isinstance(a, Strict)
        np.testing.assert_allclose(a.get(), b, rtol=1e-9, atol=1e-12)


@pytest.mark.usefixtures("cupy")
def test_what_is_saved_on_a_gpu_is_loaded_anywhere(tmp_path: Path) -> None:
    moved = network().cuda()
    nn.save(moved, tmp_path / "net.safetensors")
    for net in (network(), network().cuda(0)):
        for p in net.parameters():
            p.data = p.data * 0
        kind = type(net[0].weight.data)
        nn.load(tmp_path / "net.safetensors", net)
        assert type(net[0].weight.data) is kind
        for x, y in zip(net.cpu().parameters(), network().parameters(), strict=True):
            np.testing.assert_array_equal(x.data, y.data)


def test_without_cupy_the_error_names_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "cupy", None)
    net = nn.Linear(1, 1)
    with pytest.raises(errors.DeviceError) as raised:
        net.to("cuda")
    assert str(raised.value).splitlines() == [
        "to('cuda')",
        "  expected: a GPU, as 'cuda', and CuPy",
        "  got:      no CuPy: import of cupy halted; None in sys.modules",
        "  cure:     pip install 'chainrule[cupy]'",
    ]
    assert net.to("cpu") is net.cpu() is net


def test_a_device_that_is_not_there_is_an_error(cupy: Any) -> None:
    with pytest.raises(errors.DeviceError, match=r"got:      1 GPUs that CuPy sees"):
        nn.Linear(1, 1).to("cuda:1")
    for device in ("mps", "cuda:first"):
        with pytest.raises(errors.DeviceError, match=r"cure:     to\('cuda'\), to\('cuda:1'\) or to\('cpu'\)"):
            nn.Linear(1, 1).to(device)
    cupy.is_available = lambda: False
    with pytest.raises(errors.DeviceError, match=r"got:      0 GPUs"):
        nn.Linear(1, 1).cuda()
