"""VGG16: thirteen convolutions of 3 by 3 in five blocks, and three linear layers for 1,000 classes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograd import errors

from .. import init
from ..activations import ReLU
from ..containers import Sequential
from ..conv import Conv2d
from ..linear import Linear
from ..module import Module
from ..pooling import AdaptiveAvgPool2d, MaxPool2d
from ..regularisation import Dropout

BLOCKS = ((64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512))
"""The channels after each convolution of VGG16; a block ends by halving the picture. Configuration D of the paper."""


class VGG(Module):
    """Blocks of convolutions, then a classifier (Simonyan and Zisserman 2015, https://arxiv.org/abs/1409.1556).

    The parameters have the names and shapes of torchvision's, and the first weights are drawn as there.

    Args:
        blocks: the channels after each convolution, block by block; VGG16's if not given.
        num_classes: how many classes there are.
        init_weights: whether weights are drawn by Kaiming's rule for ReLU, without which sixteen layers leave
            little of a picture. ``False`` leaves those of the layers, for weights that are loaded anyway.
        dropout: how likely an element is dropped between the linear layers while training.

    Attributes:
        features: convolutions, ReLUs and poolings, from (N, 3, H, W) to (N, 512, H / 32, W / 32).
        avgpool: the mean over 7 by 7 areas, so that pictures may have other sizes than 224 by 224.
        classifier: three linear layers.

    Raises:
        ArgumentError: no blocks, or a block without channels.

    Example:
        >>> net = VGG([(4,), (8,)], num_classes=5)
        >>> [name for name, _ in net.named_parameters()][:4]
        ['features.0.weight', 'features.0.bias', 'features.3.weight', 'features.3.bias']
    """

    def __init__(
        self,
        blocks: Iterable[Iterable[int]] = BLOCKS,
        num_classes: int = 1000,
        init_weights: bool = True,
        dropout: float = 0.5,
    ) -> None:
        channels = [tuple(block) for block in blocks]
        if not channels or not all(channels):
            raise errors.bad_argument(
                f"VGG({channels})", "blocks of at least one convolution", repr(channels), "VGG([(64, 64), (128, 128)])"
            )
        self.features = _features(channels)
        self.avgpool = AdaptiveAvgPool2d((7, 7))
        self.classifier = Sequential(
            Linear(channels[-1][-1] * 7 * 7, 4096), ReLU(), Dropout(dropout),
            Linear(4096, 4096), ReLU(), Dropout(dropout),
            Linear(4096, num_classes),
        )  # fmt: skip
        if init_weights:
            self.apply(_draw)

    def forward(self, x: Any) -> Any:
        """The scores of the classes (N, num_classes) of pictures (N, 3, H, W)."""
        x = self.avgpool(self.features(x))
        return self.classifier(x.reshape((len(x), -1)))


def vgg16(num_classes: int = 1000, init_weights: bool = True, dropout: float = 0.5) -> VGG:
    """The network with 138,357,544 parameters that takes pictures of 224 by 224 and knows ImageNet's 1,000 classes.

    Args:
        num_classes: how many classes there are.
        init_weights: whether weights are drawn by Kaiming's rule; not needed where some are loaded.
        dropout: how likely an element is dropped between the linear layers while training.

    Returns:
        The network, with weights drawn at random. ``nn.load("vgg16.safetensors", net)`` loads those of a file,
        such as ``safetensors.torch.save_file(torchvision.models.vgg16(weights="DEFAULT").state_dict(), ...)`` writes.

    Example:
        >>> sum(len(block) for block in BLOCKS) + 3  # with the linear layers
        16
    """
    return VGG(BLOCKS, num_classes, init_weights, dropout)


def _features(blocks: list[tuple[int, ...]]) -> Sequential:
    """The convolutions, each with its ReLU, and a pooling after each block."""
    layers: list[Module] = []
    before = 3
    for block in blocks:
        for channels in block:
            layers += [Conv2d(before, channels, 3, padding=1), ReLU()]
            before = channels
        layers.append(MaxPool2d(2))
    return Sequential(*layers)


def _draw(layer: Module) -> None:
    """Weights as torchvision draws them."""
    if isinstance(layer, Conv2d):
        init.kaiming_normal_(layer.weight, mode="fan_out", nonlinearity="relu")
    elif isinstance(layer, Linear):
        init.normal_(layer.weight, 0.0, 0.01)
    if isinstance(layer, (Conv2d, Linear)) and layer.bias is not None:
        init.zeros_(layer.bias)
