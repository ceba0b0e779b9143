"""Pooling: what a window sees, as one number. Windows as in :mod:`nn.rules.conv`, without channels in them.

The gradient of a largest element goes to the first of those that are equally large, as in PyTorch.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.rules import row

from .conv import Numbers, Pads, overlay, padded, places, steps


def _windows(x: Any, kernel: Numbers, stride: Numbers, dilation: Numbers, padding: Pads, border: float) -> Any:
    """For each place in the kernel, the part of ``x`` that it sees, (N, C, *out)."""
    out = tuple(map(places, x.shape[2:], kernel, stride, dilation, padding))
    x = padded(x, padding, border)
    return [x[(slice(None), slice(None), *seen)] for seen in steps(kernel, stride, dilation, out)]


def _max_pool(x: Any, kernel: Numbers = (), stride: Numbers = (), dilation: Numbers = (), padding: Pads = ()) -> Any:
    """The largest element in each window; the border is smaller than all."""
    first, *others = _windows(x, kernel, stride, dilation, padding, -math.inf)
    y = first
    for part in others:
        y = np.maximum(y, part)
    return y if others else y.copy()


def _sum_pool(x: Any, kernel: Numbers = (), stride: Numbers = (), dilation: Numbers = (), padding: Pads = ()) -> Any:
    """The sum of each window."""
    first, *others = _windows(x, kernel, stride, dilation, padding, 0)
    y = first
    for part in others:
        y = y + part
    return y if others else y.copy()


def _first_found(y: Any, parts: Any) -> Any:
    """For each place in the kernel, whether the largest element ``y`` is found there first; NaN is found, too."""
    left = np.ones_like(parts[0], bool)
    for part in parts:
        here = left & ((part == y) | (part != part))
        left = left & ~here
        yield here


def _to_the_first(g: Any, y: Any, x: Any, **window: Any) -> Any:
    """``g`` at the first largest element of each window."""
    data, top = (a.data if hasattr(a, "requires_grad") else a for a in (x, y))
    found = _first_found(top, _windows(data, **window, border=-math.inf))
    return _spread(np.stack([g * here for here in found]), x, window)


def _spread(shares: Any, x: Any, window: Any) -> Any:
    """Shares (K, N, C, *out) of the places in the kernel, added up where the windows saw them."""
    k, n, c = shares.shape[:3]
    columns = np.reshape(
        np.transpose(shares, (2, 0, 1, *range(3, shares.ndim))), (c, k, n, math.prod(shares.shape[3:]))
    )
    return overlay(columns, lengths=x.shape[2:], **window)


# fmt: off
max_pool = row(_max_pool,
    lambda g, y, x, kernel=(), stride=(), dilation=(), padding=():
        _to_the_first(g, y, x, kernel=kernel, stride=stride, dilation=dilation, padding=padding),
    name="max_pool")

sum_pool = row(_sum_pool,
    lambda g, y, x, kernel=(), stride=(), dilation=(), padding=():
        _spread(np.stack([g] * math.prod(kernel)), x,
            {"kernel": kernel, "stride": stride, "dilation": dilation, "padding": padding}),
    name="sum_pool")
# fmt: on
