"""VGG16: its 1,000 scores, what is inside, and which pixels a score hangs on.

Run it with ``--weights FILE`` for a safetensors file with torchvision's weights; without one they are drawn at random.
"""

from __future__ import annotations

import argparse
from typing import Any, NamedTuple

import numpy as np

import nn
from autograd import Tensor
from examples.figure import BLUE, RED, asked, figure, save
from examples.pixels import Board
from nn.models import VGG, vgg16

SIDE, SIZE = 224, (190, 190)
MEAN, STD = (np.array(x, np.float32)[:, None, None] for x in ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]))
"""What torchvision's weights expect to be taken off each channel, and to be divided by."""


class Found(NamedTuple):
    """What came out.

    Attributes:
        image: the picture (3, H, W), from 0 to 1.
        scores: the 1,000 scores.
        kernels: the first layer's, of shape (64, 3, 3, 3).
        inside: the four liveliest maps of each block, before its pooling, by the name of the layer.
        spread: the standard deviation of the same layers' outputs, and the share of zeros in them.
        saliency: the largest gradient of the best score at each pixel (H, W).
        parameters: how many numbers the network has.
    """

    image: Any
    scores: Any
    kernels: Any
    inside: dict[str, Any]
    spread: dict[str, tuple[float, float]]
    saliency: Any
    parameters: int


def scene(side: int = SIDE) -> Any:
    """A picture (3, side, side): the sun over the sea, and what it does to the waves."""
    y, x = np.mgrid[0 : 1 : side * 1j, 0 : 1 : side * 1j]
    sky = np.stack([0.35 + 0.6 * y, 0.55 + 0.2 * y, 0.85 - 0.3 * y])
    sun = np.hypot(x - 0.62, y - 0.36) < 0.14
    waves = 0.5 + 0.5 * np.sin(220 * np.abs(y - 0.5) ** 0.5 + 3 * np.sin(9 * x))
    glitter = waves * np.exp(-(((x - 0.62) / 0.12) ** 2))
    sea = np.stack([0.05 + 0.9 * glitter, 0.2 + 0.25 * waves + 0.4 * glitter, 0.4 + 0.3 * waves])
    image = np.where(sun, np.array([1.0, 0.9, 0.6])[:, None, None], sky)
    return np.where(y > 0.6, sea, image).clip(0, 1).astype(np.float32)


def look(net: VGG, image: Any) -> Found:
    """Run the network on a picture, and keep what is inside.

    Args:
        net: the network.
        image: a picture (3, H, W), from 0 to 1.

    Returns:
        Scores, maps and gradients.
    """
    inside: dict[str, Any] = {}
    spread: dict[str, tuple[float, float]] = {}
    last = [f"features.{i - 1}" for i, layer in enumerate(net.features) if isinstance(layer, nn.MaxPool2d)]
    handles = []
    for name, layer in net.named_modules():
        if name in last:

            def keep(module: Any, args: Any, output: Any, name: str = name) -> None:
                maps = output.data[0]
                inside[name] = maps[np.argsort(-maps.std(axis=(1, 2)))[:4]]
                spread[name] = float(maps.std()), float((maps == 0).mean())

            handles.append(layer.register_forward_hook(keep))
    pixels = Tensor(((image - MEAN) / STD)[None])
    scores = net.eval().requires_grad_(False)(pixels)[0]
    scores.max().backward()
    for handle in handles:
        handle.remove()
    saliency, parameters = np.abs(pixels.grad[0]).max(axis=0), sum(p.size for p in net.parameters())
    return Found(image, scores.data, net.features[0].weight.data, inside, spread, saliency, parameters)


def draw(found: Found) -> str:
    """The picture, the first kernels, maps of each block, and the pixels that the best score hangs on."""
    seen, kernels = Board("The picture", SIZE), Board("The 64 kernels of features.0", SIZE)
    hangs = Board(f"What score {found.scores.argmax()} hangs on", SIZE)
    seen.image(found.image[:, ::2, ::2], 0, 0, 190, 190)
    for i, kernel in enumerate(found.kernels):
        kernels.image(0.5 + kernel / np.abs(found.kernels).max() / 2, i % 8 * 24, i // 8 * 24, 21, 21)
    boards = [seen, kernels]
    for name, maps in found.inside.items():
        board = Board(f"{name}: {maps.shape[1]} by {maps.shape[2]}", SIZE)
        for i, numbers in enumerate(maps):
            fine = numbers[:: max(1, len(numbers) // 56), :: max(1, len(numbers) // 56)]
            board.image(fine / max(numbers.max(), 1e-9), i % 2 * 96, i // 2 * 96, 94, 94, BLUE)
        boards.append(board)
    coarse = found.saliency.reshape(56, 4, 56, 4).mean(axis=(1, 3))
    hangs.image(coarse / coarse.max(), 0, 0, 190, 190, RED)
    return figure("Inside VGG16", [*boards, hangs], columns=4)


def main(arguments: list[str] | None = None) -> Found:
    """Print the scores and what is inside."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--weights", help="a safetensors file with torchvision's weights")
    options, rest = parser.parse_known_args(arguments)
    path = asked(__doc__, rest)
    nn.manual_seed(0)
    net = vgg16(init_weights=options.weights is None)
    if options.weights is not None:
        nn.load(options.weights, net)
    found = look(net, scene())
    print(f"VGG16 with {found.parameters:,} parameters {'at random' if options.weights is None else 'of a file'}.")
    for name, maps in found.inside.items():
        width, zeros = found.spread[name]
        print(
            f"  {name:<12} maps of {maps.shape[1]:>3} by {maps.shape[2]:>3}: deviation {width:.2f}, {zeros:.0%} zeros"
        )
    probabilities = nn.functional.softmax(found.scores)
    best = np.argsort(-found.scores)[:5]
    print(f"  the best of {found.scores.size:,} classes: " + ", ".join(f"{i} ({probabilities[i]:.2%})" for i in best))
    save(draw(found), path)
    return found


if __name__ == "__main__":
    main()
