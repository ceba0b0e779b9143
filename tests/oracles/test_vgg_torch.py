"""VGG16 beside the same network of PyTorch's layers: keys, shapes, outputs, gradients, and a file of its weights."""

from __future__ import annotations

from collections import OrderedDict
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
from autograd import Tensor, no_grad
from nn.models import VGG, vgg16

torch = pytest.importorskip("torch")

from tests.oracles.agreement import assert_close  # noqa: E402 -- after it is known that PyTorch is there

CONFIGURATION = [64, 64, "M", 128, 128, "M", 256, 256, 256, "M", 512, 512, 512, "M", 512, 512, 512, "M"]
"""Configuration D as torchvision writes it: https://github.com/pytorch/vision/blob/main/torchvision/models/vgg.py."""

NARROW = [(8, 8), (8, 16), (16,)]


def features(configuration: list[Any]) -> Any:
    """Their ``make_layers``."""
    layers: list[Any] = []
    before = 3
    for channels in configuration:
        if channels == "M":
            layers.append(torch.nn.MaxPool2d(2, 2))
        else:
            layers += [torch.nn.Conv2d(before, channels, 3, padding=1), torch.nn.ReLU(inplace=True)]
            before = channels
    return torch.nn.Sequential(*layers)


def theirs(configuration: list[Any], classes: int) -> Any:
    """Their network, with weights that keep a picture alive."""
    last = [x for x in configuration if x != "M"][-1]
    classifier = torch.nn.Sequential(
        torch.nn.Linear(last * 49, 4096), torch.nn.ReLU(True), torch.nn.Dropout(),
        torch.nn.Linear(4096, 4096), torch.nn.ReLU(True), torch.nn.Dropout(), torch.nn.Linear(4096, classes),
    )  # fmt: skip
    parts = [
        ("features", features(configuration)), ("avgpool", torch.nn.AdaptiveAvgPool2d((7, 7))),
        ("flatten", torch.nn.Flatten()), ("classifier", classifier),
    ]  # fmt: skip
    net = torch.nn.Sequential(OrderedDict(parts))
    generator = torch.Generator().manual_seed(0)
    for p in net.parameters():
        if p.ndim == 4:
            torch.nn.init.kaiming_normal_(p, mode="fan_out", nonlinearity="relu", generator=generator)
    return net.eval()


@pytest.fixture(scope="module")
def whole() -> tuple[VGG, Any]:
    """Both networks of 138,357,544 parameters, with the same weights."""
    net, other = vgg16(init_weights=False).eval(), theirs(CONFIGURATION, 1000)
    return net, other


def test_keys_and_shapes_are_theirs(whole: tuple[VGG, Any]) -> None:
    net, other = whole
    ours = {path: p.shape for path, p in net.named_parameters()}
    assert list(ours.items()) == [(path, tuple(t.shape)) for path, t in other.state_dict().items()]
    assert ours["features.0.weight"] == (64, 3, 3, 3)
    assert ours["features.28.weight"] == (512, 512, 3, 3)
    assert ours["classifier.0.weight"] == (4096, 25088)
    assert ours["classifier.6.bias"] == (1000,)
    assert sum(p.size for p in net.parameters()) == 138_357_544  # as torchvision publishes


def test_a_file_of_theirs_gives_the_same_scores(whole: tuple[VGG, Any], tmp_path: Path) -> None:
    from safetensors.torch import save_file

    net, other = whole
    save_file(other.state_dict(), tmp_path / "vgg16.safetensors")
    nn.load(tmp_path / "vgg16.safetensors", net)
    (tmp_path / "vgg16.safetensors").unlink()
    image = np.random.default_rng(0).normal(size=(1, 3, 64, 64)).astype(np.float32)
    with no_grad():
        assert_close(net(image).data, other(torch.tensor(image)), "float32")


@pytest.mark.parametrize("side", [24, 64])
def test_a_narrow_one_in_float64(side: int) -> None:
    net = VGG(NARROW, num_classes=6, init_weights=False).double().eval()
    other = theirs([8, 8, "M", 8, 16, "M", 16, "M"], 6).double()
    net.load_state_dict(other.state_dict())
    image = np.random.default_rng(1).normal(size=(2, 3, side, side))
    x, t = Tensor(image), torch.tensor(image, requires_grad=True)
    scores, expected = net(x), other(t)
    assert_close(scores.data, expected, "float64")
    nn.cross_entropy(scores, [1, 5]).backward()
    torch.nn.functional.cross_entropy(expected, torch.tensor([1, 5])).backward()
    assert_close(x.grad, t.grad, "float64")
    for p, q in zip(net.parameters(), other.parameters(), strict=True):
        assert_close(p.grad, q.grad, "float64")


def test_weights_are_drawn_as_theirs() -> None:
    net = VGG(NARROW, num_classes=6)
    for path, p in net.named_parameters():
        if path.endswith("bias"):
            assert not p.data.any()
        elif path.startswith("features"):
            fan_out = p.shape[0] * 9
            assert p.data.std() == pytest.approx((2 / fan_out) ** 0.5, rel=0.1)
        else:
            assert p.data.std() == pytest.approx(0.01, rel=0.02)
