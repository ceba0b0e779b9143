"""Pixels in a figure: numbers from 0 to 1 as so much of a colour, so that light pages and dark ones show through."""

from __future__ import annotations

import base64
import struct
import zlib
from typing import Any

import numpy as np

from examples.figure import BLUE, Panel

COLOURED, PALETTE = 2, 3
"""How a PNG says what its pixels are."""


class Board(Panel):
    """A panel without axes, on which places are pixels from the upper left corner.

    Args:
        title: what is to be seen.
        size: width and height in pixels.
    """

    def __init__(self, title: str, size: tuple[int, int] = (236, 190)) -> None:
        super().__init__(title, (0, size[0]), (size[1], 0), size=size)
        self.names = [], []

    def image(self, numbers: Any, x: float, y: float, width: float, height: float, colour: str = BLUE) -> None:
        """Numbers from 0 to 1, the first row at the top.

        Args:
            numbers: a matrix, in which 1 has the full colour and 0 none; or red, green and blue (3, H, W).
            x: the left side.
            y: the upper side.
            width: from left to right.
            height: from top to bottom.
            colour: that of a matrix.
        """
        self.marks.append(
            f'<image x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" preserveAspectRatio="none" '
            f'style="image-rendering:pixelated" href="data:image/png;base64,{png(numbers, colour)}"/>'
        )


def png(numbers: Any, colour: str = BLUE) -> str:
    """Numbers from 0 to 1 as a PNG in base64 (https://www.w3.org/TR/png/): a matrix is how opaque a colour is."""
    pixels = np.round(255 * np.clip(numbers, 0, 1)).astype(np.uint8)
    high, wide = pixels.shape[-2:]
    kind = COLOURED if pixels.ndim == 3 else PALETTE
    rows = np.moveaxis(pixels, 0, -1).reshape(high, -1) if kind == COLOURED else pixels
    parts = [(b"IHDR", struct.pack(">2I5B", wide, high, 8, kind, 0, 0, 0))]
    if kind == PALETTE:  # 256 times the same colour, and how much of it
        parts += [(b"PLTE", 256 * bytes.fromhex(colour[1:])), (b"tRNS", bytes(range(256)))]
    parts += [(b"IDAT", zlib.compress(np.insert(rows, 0, 0, axis=1).tobytes(), 9)), (b"IEND", b"")]
    chunks = [struct.pack(">I", len(x)) + name + x + struct.pack(">I", zlib.crc32(name + x)) for name, x in parts]
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"".join(chunks)).decode()
