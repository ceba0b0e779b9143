"""Pictures of pixels in a figure: numbers from 0 to 1 as ink of one colour, through which the page shows."""

from __future__ import annotations

import base64
import struct
import zlib
from html import escape
from typing import Any

import numpy as np

from examples.figure import BLUE, Panel
from viz.colours import INK


class Board(Panel):
    """A panel without axes, on which places are pixels from the upper left corner.

    Args:
        title: what is to be seen.
        size: width and height in pixels.
    """

    def __init__(self, title: str, size: tuple[int, int] = (236, 190)) -> None:
        super().__init__(title, (0, size[0]), (size[1], 0), size=size)

    def image(self, numbers: Any, x: float, y: float, width: float, height: float, colour: str = BLUE) -> None:
        """A matrix of numbers from 0 to 1, the first row at the top; 1 has the full colour, 0 none."""
        self.marks.append(
            f'<image x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" preserveAspectRatio="none" '
            f'style="image-rendering:pixelated" href="{png(numbers, colour)}"/>'
        )

    def svg(self, left: float, top: float) -> str:
        """The title, and what was put on the board."""
        heading = f'<text y="-14" fill="{INK}" font-size="13" font-weight="bold">{escape(self.title)}</text>'
        return f'<g transform="translate({left} {top})">{heading}{"".join(self.marks)}</g>'


def png(numbers: Any, colour: str) -> str:
    """A matrix as the address of a PNG (https://www.w3.org/TR/png/), whose opacity is the numbers."""
    alpha = np.round(255 * np.clip(numbers, 0, 1)).astype(np.uint8)
    high, wide = alpha.shape
    shades = b"".join(bytes.fromhex(colour[1:]) for _ in range(256))  # the palette: one colour 256 times,
    opacities = bytes(range(256))  # and how much of it
    rows = np.insert(alpha, 0, 0, axis=1).tobytes()  # each row begins with the number of its filter, none
    header = struct.pack(">2I5B", wide, high, 8, 3, 0, 0, 0)  # 8 bits a pixel, with a palette
    parts = [
        (b"IHDR", header),
        (b"PLTE", shades),
        (b"tRNS", opacities),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    ]
    chunks = [struct.pack(">I", len(x)) + kind + x + struct.pack(">I", zlib.crc32(kind + x)) for kind, x in parts]
    return "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"".join(chunks)).decode()
