"""Convolution of two sequences: a row that is its own derivative.

``y[k]`` is the sum of ``a[i] * v[k - i]``. Both gradients are sums of the same form, with one of the
sequences reversed: what ``full`` spreads out, ``valid`` gathers, and the other way round.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .table import row


def _convolve_left(g: Any, v: Any, mode: str) -> Any:
    """The gradient of the first sequence."""
    return np.convolve(g, np.flip(v), "valid" if mode == "full" else "full")


def _convolve_right(g: Any, a: Any, mode: str) -> Any:
    """The gradient of the second sequence."""
    if mode == "full":
        return np.convolve(g, np.flip(a), "valid")
    return np.flip(np.convolve(a, np.flip(g), "valid"))


# fmt: off
# `mode` is "full", or "valid" with the longer sequence first
convolve = row(np.convolve,
    lambda g, y, a, v, mode="full": _convolve_left(g, v, mode),
    lambda g, y, a, v, mode="full": _convolve_right(g, a, mode))
# fmt: on
