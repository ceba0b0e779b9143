"""Convolution as a matrix product: the patches that a kernel sees, side by side in columns.

``patches`` copies what the kernel sees at each of its places, ``overlay`` adds the columns up where they
came from. Both are linear and each is the other's derivative. Between them stands a matrix product with
all filters at once (Chellapilla, Puri and Simard 2006). Any number of spatial axes goes.

Columns have the shape (C, K, N, L): channels, places in the kernel, examples, places of the kernel. So the
product with the filters, (O, C * K) @ (C * K, N * L), is one, and its result needs no copy: it is laid out
with the channels first, and shown with the examples first.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np

from autograd.graph import Primitive
from autograd.rules import row

Numbers = tuple[int, ...]
Pads = tuple[tuple[int, int], ...]


def places(length: int, kernel: int, stride: int, dilation: int, pad: tuple[int, int]) -> int:
    """At how many places along an axis a kernel fits."""
    return (length + sum(pad) - dilation * (kernel - 1) - 1) // stride + 1


def steps(kernel: Numbers, stride: Numbers, dilation: Numbers, out: Numbers) -> Iterator[tuple[slice, ...]]:
    """For each place in the kernel, what it sees: a slice along each axis of the padded input."""
    for place in product(*map(range, kernel)):
        yield tuple(
            slice(k * d, k * d + s * (n - 1) + 1, s) for k, d, s, n in zip(place, dilation, stride, out, strict=True)
        )


def padded(x: Any, padding: Pads, value: float = 0) -> Any:
    """``x`` with a border around its last axes."""
    if not any(map(any, padding)):
        return x
    before = [(0, 0)] * (np.ndim(x) - len(padding))
    return np.pad(x, [*before, *padding], mode="constant", constant_values=value)


def _patches(x: Any, kernel: Numbers = (), stride: Numbers = (), dilation: Numbers = (), padding: Pads = ()) -> Any:
    """Columns (C, K, N, L) of an input (N, C, *lengths)."""
    n, c, *lengths = x.shape
    out = tuple(map(places, lengths, kernel, stride, dilation, padding))
    x = padded(x, padding).swapaxes(0, 1)
    columns = np.empty_like(x, order="C", shape=(c, math.prod(kernel), n, *out))
    for k, seen in enumerate(steps(kernel, stride, dilation, out)):
        columns[:, k] = x[(slice(None), slice(None), *seen)]
    return columns.reshape(c, math.prod(kernel), n, math.prod(out))


def _overlay(
    columns: Any,
    lengths: Numbers = (),
    kernel: Numbers = (),
    stride: Numbers = (),
    dilation: Numbers = (),
    padding: Pads = (),
) -> Any:
    """An input (N, C, *lengths) onto which the columns (C, K, N, L) are added where they were taken from."""
    c, _, n, _ = columns.shape
    out = tuple(map(places, lengths, kernel, stride, dilation, padding))
    columns = columns.reshape(c, math.prod(kernel), n, *out)
    full = [before + length + after for length, (before, after) in zip(lengths, padding, strict=True)]
    x = np.zeros_like(columns, order="C", shape=(c, n, *full))
    for k, seen in enumerate(steps(kernel, stride, dilation, out)):
        x[(slice(None), slice(None), *seen)] += columns[:, k]
    inside = [slice(before, before + length) for length, (before, _) in zip(lengths, padding, strict=True)]
    return x[(slice(None), slice(None), *inside)].swapaxes(0, 1)


def _filters(columns: Any, weight: Any, bias: Any, out: Numbers = (), groups: int = 1) -> Any:
    """Each filter's product with each column: (N, O, *out) of (C, K, N, L) and (O, C / groups, *kernel)."""
    n, o = columns.shape[2], weight.shape[0]
    y = _by_group(weight, groups) @ _columns_by_group(columns, groups)
    y = y.reshape(o, y.shape[-1])
    y = np.add(y, bias[:, None], out=y) if type(y) is type(bias) and y.dtype == bias.dtype else y + bias[:, None]
    return y.reshape(o, n, *out).swapaxes(0, 1)


def _by_group(weight: Any, groups: int) -> Any:
    """(groups, O / groups, C / groups * K), or without the first axis if there is one group."""
    o, size = weight.shape[0], math.prod(weight.shape[1:])
    return np.reshape(weight, (groups, o // groups, size) if groups > 1 else (o, size))


def _columns_by_group(columns: Any, groups: int) -> Any:
    """(groups, C / groups * K, N * L), likewise."""
    c, k, n, places = columns.shape
    return np.reshape(columns, (groups, c // groups * k, n * places) if groups > 1 else (c * k, n * places))


def _outputs_by_group(g: Any, groups: int) -> Any:
    """(groups, O / groups, N * L) of (N, O, *out), likewise."""
    n, o = g.shape[:2]
    size = n * math.prod(g.shape[2:])
    return np.reshape(np.swapaxes(g, 0, 1), (groups, o // groups, size) if groups > 1 else (o, size))


def _of_columns(g: Any, columns: Any, weight: Any, groups: int) -> Any:
    return np.reshape(np.swapaxes(_by_group(weight, groups), -1, -2) @ _outputs_by_group(g, groups), columns.shape)


def _of_weight(g: Any, columns: Any, weight: Any, groups: int) -> Any:
    return np.reshape(
        _outputs_by_group(g, groups) @ np.swapaxes(_columns_by_group(columns, groups), -1, -2), weight.shape
    )


# fmt: off
patches: Primitive = row(_patches,
    lambda g, y, x, kernel=(), stride=(), dilation=(), padding=():
        overlay(g, lengths=x.shape[2:], kernel=kernel, stride=stride, dilation=dilation, padding=padding),
    name="patches")

overlay: Primitive = row(_overlay,
    lambda g, y, columns, lengths=(), kernel=(), stride=(), dilation=(), padding=():
        patches(g, kernel=kernel, stride=stride, dilation=dilation, padding=padding),
    name="overlay")

filters = row(_filters,
    lambda g, y, columns, weight, bias, out=(), groups=1: _of_columns(g, columns, weight, groups),
    lambda g, y, columns, weight, bias, out=(), groups=1: _of_weight(g, columns, weight, groups),
    lambda g, y, columns, weight, bias, out=(), groups=1: g.sum(axis=(0, *range(2, g.ndim))),
    name="filters")
# fmt: on
