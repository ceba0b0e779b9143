"""Convolution of two sequences: a row that is its own derivative.

``y[k]`` is the sum of ``a[i] * v[k - i]``. Both gradients are sums of the same form, with one of the
sequences reversed: what ``full`` spreads out, ``valid`` gathers, and the other way round.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph import Primitive
from .elsewhere import on_blocks
from .table import row


def _convolve_left(g: Any, v: Any, mode: str) -> Any:
    """The gradient of the first sequence."""
    return convolve(g, np.flip(v), mode="valid" if mode == "full" else "full")


def _convolve_right(g: Any, a: Any, mode: str) -> Any:
    """The gradient of the second sequence."""
    if mode == "full":
        return convolve(g, np.flip(a), mode="valid")
    return np.flip(convolve(a, np.flip(g), mode="valid"))


def _length(n: int, m: int, mode: str = "full") -> int:
    return n + m - 1 if mode == "full" else n - m + 1


# fmt: off
# `mode` is "full", or "valid" with the longer sequence first
convolve: Primitive = row(np.convolve,
    lambda g, y, a, v, mode="full": _convolve_left(g, v, mode),
    lambda g, y, a, v, mode="full": _convolve_right(g, a, mode),
    array=on_blocks("(n),(m)->(k)", k=_length)(np.convolve))
# fmt: on
