"""Pooling: what a window sees, as one number. Windows as in :mod:`nn.rules.convolution`, without channels in them.

The gradient of a largest element goes to the first of those that are equally large, as in PyTorch. ``sum_pool`` and
``spread`` are each other's derivative, and so are ``to_first`` and ``at_first``.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import chain
from typing import Any

import numpy as np

from autograd.graph import Primitive
from autograd.rules import row

from .convolution import Numbers, Pads, inside, places, steps


def _seen(x: Any, kernel: Numbers, stride: Numbers, dilation: Numbers, padding: Pads, border: float) -> list[Any]:
    """For each place in the kernel, the part of ``x`` that it sees, (N, C, *out)."""
    out = tuple(map(places, x.shape[2:], kernel, stride, dilation, padding))
    if any(map(any, padding)):
        x = np.pad(x, ((0, 0), (0, 0), *padding), mode="constant", constant_values=border)
    return [x[(slice(None), slice(None), *seen)] for seen in steps(kernel, stride, dilation, out)]


def _laid(
    shares: Iterator[Any], lengths: Numbers, kernel: Numbers, stride: Numbers, dilation: Numbers, padding: Pads
) -> Any:
    """Shares (N, C, *out) of the places in the kernel, added up where these saw them: (N, C, *lengths)."""
    first = next(shares)
    full = [length + sum(pad) for length, pad in zip(lengths, padding, strict=True)]
    x = np.zeros_like(first, shape=(*first.shape[:2], *full))
    apart = all(s > d * (k - 1) for k, s, d in zip(kernel, stride, dilation, strict=True))
    moves = steps(kernel, stride, dilation, first.shape[2:])
    for share, seen in zip(chain([first], shares), moves, strict=True):
        place = (slice(None), slice(None), *seen)
        x[place] = share if apart else x[place] + share
    return x[(slice(None), slice(None), *inside(lengths, padding))]


def _in_the_order_of(y: Any, g: Any) -> Any:
    """``g`` laid out in memory as ``y`` is, so that both are gone through in one direction."""
    if not (type(g) is type(y) is np.ndarray) or g.strides == y.strides:
        return g
    copy = np.empty_like(y, dtype=g.dtype)
    copy[...] = g
    return copy


def _max_pool(x: Any, kernel: Numbers, stride: Numbers, dilation: Numbers, padding: Pads) -> Any:
    """The largest element in each window; the border is smaller than all."""
    y, *others = _seen(x, kernel, stride, dilation, padding, -math.inf)
    for part in others:
        y = np.maximum(y, part)
    return y if others else y.copy()


def _sum_pool(x: Any, kernel: Numbers, stride: Numbers, dilation: Numbers, padding: Pads) -> Any:
    """The sum of each window."""
    y, *others = _seen(x, kernel, stride, dilation, padding, 0)
    for part in others:
        y = y + part
    return y if others else y.copy()


def _spread(g: Any, lengths: Numbers, kernel: Numbers, stride: Numbers, dilation: Numbers, padding: Pads) -> Any:
    """Each number at all places that its window saw."""
    return _laid(iter([g] * math.prod(kernel)), lengths, kernel, stride, dilation, padding)


def _found(y: Any, x: Any, **window: Any) -> Any:
    """For each place in the kernel, whether the largest element is found there first; NaN is found, too."""
    y, x = (a.data if hasattr(a, "requires_grad") else a for a in (y, x))
    left, found = np.ones_like(y, dtype=bool), []
    for part in _seen(x, **window, border=-math.inf):
        found.append(((part == y) | (part != part)) & left)
        left = left ^ found[-1]
    return np.stack(found)


def _to_first(
    g: Any, found: Any, lengths: Numbers, kernel: Numbers, stride: Numbers, dilation: Numbers, padding: Pads
) -> Any:
    """``g`` where the largest element of each window was found, (N, C, *lengths)."""
    g = _in_the_order_of(found[0], g)
    return _laid((g * here for here in found), lengths, kernel, stride, dilation, padding)


def _at_first(x: Any, found: Any, kernel: Numbers, stride: Numbers, dilation: Numbers, padding: Pads) -> Any:
    """What ``x`` has where the largest element of each window was found, (N, C, *out)."""
    return sum(part * here for part, here in zip(_seen(x, kernel, stride, dilation, padding, 0), found, strict=True))


# fmt: off
max_pool = row(_max_pool,
    lambda g, y, x, kernel=(), stride=(), dilation=(), padding=():
        to_first(g, _found(y, x, kernel=kernel, stride=stride, dilation=dilation, padding=padding),
            lengths=x.shape[2:], kernel=kernel, stride=stride, dilation=dilation, padding=padding),
    name="max_pool")

to_first: Primitive = row(_to_first,
    lambda g, y, x, found, lengths=(), kernel=(), stride=(), dilation=(), padding=():
        at_first(g, found, kernel=kernel, stride=stride, dilation=dilation, padding=padding),
    None,
    name="to_first")

at_first: Primitive = row(_at_first,
    lambda g, y, x, found, kernel=(), stride=(), dilation=(), padding=():
        to_first(g, found, lengths=x.shape[2:], kernel=kernel, stride=stride, dilation=dilation, padding=padding),
    None,
    name="at_first")

sum_pool = row(_sum_pool,
    lambda g, y, x, kernel=(), stride=(), dilation=(), padding=():
        spread(g, lengths=x.shape[2:], kernel=kernel, stride=stride, dilation=dilation, padding=padding),
    name="sum_pool")

spread: Primitive = row(_spread,
    lambda g, y, x, lengths=(), kernel=(), stride=(), dilation=(), padding=():
        sum_pool(g, kernel=kernel, stride=stride, dilation=dilation, padding=padding),
    name="spread")
# fmt: on
