"""Convolution: three rows, each of which is made of the other two when it is differentiated.

``conv`` lets filters look at an input, ``conv_transpose`` spreads what they found over the input again, and
``conv_filters`` asks how much each filter is to blame. All are linear in both of their arguments. Any number of
spatial axes goes.

Each is one matrix product for every row of the output (the first spatial axis). What a kernel sees along the other
axes is laid side by side in columns (Chellapilla, Puri and Simard 2006); along the rows nothing is copied: the rows
that a kernel sees lie one after the other in memory, so they are one matrix as they are. For this, columns
have the shape (groups, H, C / groups * K, L * N): K places in the kernel but for its rows, L places of the kernel.
The examples come last, so that even a step to the side moves whole pieces of memory, and results are laid
out in memory as the next convolution wants them: (H, C, W, N), shown as (N, C, H, W).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import as_strided

from autograd.graph import Primitive
from autograd.rules import row
from autograd.rules.elsewhere import beside

Numbers = tuple[int, ...]
Pads = tuple[tuple[int, int], ...]


def places(length: int, kernel: int, stride: int, dilation: int, pad: tuple[int, int]) -> int:
    """At how many places along an axis a kernel fits."""
    return (length + sum(pad) - dilation * (kernel - 1) - 1) // stride + 1


def along(k: int, stride: int, dilation: int, out: int) -> slice:
    """What the place ``k`` of a kernel sees along an axis of the padded input."""
    return slice(k * dilation, k * dilation + stride * (out - 1) + 1, stride)


def steps(kernel: Numbers, stride: Numbers, dilation: Numbers, out: Numbers) -> Iterator[tuple[slice, ...]]:
    """For each place in the kernel, what it sees: a slice along each axis of the padded input."""
    for place in product(*map(range, kernel)):
        yield tuple(map(along, place, stride, dilation, out))


def inside(lengths: Numbers, padding: Pads) -> tuple[slice, ...]:
    """The axes without their border."""
    return tuple(slice(before, before + length) for length, (before, _) in zip(lengths, padding, strict=True))


def _rows_first(x: Any) -> Any:
    """(H, C, ..., N) of (N, C, H, ...)."""
    return np.transpose(x, (2, 1, *range(3, x.ndim), 0))


def _examples_first(x: Any) -> Any:
    """(N, C, H, ...) of (H, C, ..., N)."""
    return np.transpose(x, (x.ndim - 1, 1, 0, *range(2, x.ndim - 1)))


def _columns(x: Any, kernel: Numbers, stride: Numbers, dilation: Numbers, padding: Pads, groups: int) -> Any:
    """What the kernel sees in each row, side by side: (groups, H, C / groups * K, L * N)."""
    x = _rows_first(x)
    if any(map(any, padding)):
        x = np.pad(x, (padding[0], (0, 0), *padding[1:], (0, 0)), mode="constant")
    h, c, *lengths, n = x.shape
    out = tuple(map(places, lengths, kernel[1:], stride[1:], dilation[1:], ((0, 0),) * len(lengths)))
    size = math.prod(kernel[1:])
    columns = np.empty_like(x, order="C", shape=(h, c, size, *out, n))
    for k, seen in enumerate(steps(kernel[1:], stride[1:], dilation[1:], out)):
        columns[:, :, k] = x[(slice(None), slice(None), *seen)]
    return np.swapaxes(np.reshape(columns, (h, groups, c // groups * size, math.prod(out) * n)), 0, 1)


def _windows(columns: Any, kernel: int, stride: int, dilation: int) -> Any:
    """The rows that the kernel sees at each of its places: (groups, H_out, rows * C / groups * K, L * N)."""
    groups, h, size, length = columns.shape
    out = places(h, kernel, stride, dilation, (0, 0))
    if type(columns) is np.ndarray:
        group, line, *inner = columns.strides
        shape, strides = (groups, out, kernel, size, length), (group, line * stride, line * dilation, *inner)
        seen = as_strided(columns, shape, strides, writeable=False)
    else:
        seen = np.stack([columns[:, along(k, stride, dilation, out)] for k in range(kernel)], axis=2)
    return np.reshape(seen, (groups, out, kernel * size, length))


def _filters(weight: Any, groups: int) -> Any:
    """(groups, 1, O / groups, rows * C / groups * K) of (O, C / groups, *kernel)."""
    o, size = weight.shape[0], math.prod(weight.shape[1:])
    return np.reshape(np.swapaxes(weight, 1, 2), (groups, 1, o // groups, size))


def _outputs(g: Any, groups: int) -> Any:
    """(groups, H_out, O / groups, L * N) of (N, O, H_out, ...)."""
    n, o, h, *others = g.shape
    return np.swapaxes(np.reshape(_rows_first(g), (h, groups, o // groups, math.prod(others) * n)), 0, 1)


def _conv(x: Any, weight: Any, bias: Any, stride: Numbers, dilation: Numbers, padding: Pads, groups: int = 1) -> Any:
    """Each filter's product with what it sees, (N, O, *out), of (N, C, *lengths) and (O, C / groups, *kernel)."""
    if x.ndim == 3:  # an axis is a picture of one row
        x, weight = x[:, :, None], weight[:, :, None]
        return _conv(x, weight, bias, (1, *stride), (1, *dilation), ((0, 0), *padding), groups)[:, :, 0]
    kernel, o = weight.shape[2:], weight.shape[0]
    h, *others = map(places, x.shape[2:], kernel, stride, dilation, padding)
    columns = _columns(x, kernel, stride, dilation, padding, groups)
    y = np.matmul(_filters(weight, groups), _windows(columns, kernel[0], stride[0], dilation[0]))
    bias = np.reshape(bias, (groups, 1, o // groups, 1))
    y = np.add(y, bias, out=y) if type(y) is type(bias) and y.dtype == bias.dtype else y + bias
    return _examples_first(np.reshape(np.swapaxes(y, 0, 1), (h, o, *others, x.shape[0])))


def _conv_transpose(
    g: Any, weight: Any, lengths: Numbers, stride: Numbers, dilation: Numbers, padding: Pads, groups: int = 1
) -> Any:
    """What each filter found, spread over what it saw: (N, C, *lengths) of (N, O, *out) and the filters."""
    if g.ndim == 3:
        g, weight, window = g[:, :, None], weight[:, :, None], ((1, *stride), (1, *dilation), ((0, 0), *padding))
        return _conv_transpose(g, weight, (1, *lengths), *window, groups)[:, :, 0]
    n, _, h, *others = g.shape
    kernel, c = weight.shape[2:], weight.shape[1] * groups
    rows, *full = (length + sum(pad) for length, pad in zip(lengths, padding, strict=True))
    size, length = math.prod(kernel[1:]), math.prod(others) * n
    shares = np.matmul(np.swapaxes(_filters(weight, groups), -1, -2), _outputs(g, groups))
    shares = np.reshape(shares, (groups, h, kernel[0], c // groups * size, length))
    columns = np.zeros_like(shares, shape=(groups, rows, c // groups * size, length))
    for k in range(kernel[0]):
        columns[:, along(k, stride[0], dilation[0], h)] += shares[:, :, k]
    columns = np.reshape(np.swapaxes(columns, 0, 1), (rows, c, size, *others, n))
    x = np.zeros_like(columns, shape=(rows, c, *full, n))
    for k, seen in enumerate(steps(kernel[1:], stride[1:], dilation[1:], tuple(others))):
        x[(slice(None), slice(None), *seen)] += columns[:, :, k]
    return _examples_first(x)[(slice(None), slice(None), *inside(lengths, padding))]


def _conv_filters(
    g: Any, x: Any, kernel: Numbers, stride: Numbers, dilation: Numbers, padding: Pads, groups: int = 1
) -> Any:
    """What each filter found, times what it saw: (O, C / groups, *kernel) of (N, O, *out) and (N, C, *lengths)."""
    if g.ndim == 3:
        g, x, window = g[:, :, None], x[:, :, None], ((1, *stride), (1, *dilation), ((0, 0), *padding))
        return _conv_filters(g, x, (1, *kernel), *window, groups)[:, :, 0]
    o, c = g.shape[1], x.shape[1] // groups
    columns = _columns(x, kernel, stride, dilation, padding, groups)
    seen = _windows(columns, kernel[0], stride[0], dilation[0])
    blame = np.sum(np.matmul(seen, np.swapaxes(_outputs(g, groups), -1, -2)), axis=1)
    blame = np.reshape(blame, (groups, kernel[0], c, math.prod(kernel[1:]), o // groups))
    return np.reshape(np.transpose(blame, (0, 4, 2, 1, 3)), (o, c, *kernel))


def _none(weight: Any) -> Any:
    """A bias of zeros."""
    return beside(weight, np.zeros, weight.shape[0], weight.dtype)


# fmt: off
conv: Primitive = row(_conv,
    lambda g, y, x, weight, bias, stride=(), dilation=(), padding=(), groups=1:
        conv_transpose(g, weight,
            lengths=x.shape[2:], stride=stride, dilation=dilation, padding=padding, groups=groups),
    lambda g, y, x, weight, bias, stride=(), dilation=(), padding=(), groups=1:
        conv_filters(g, x, kernel=weight.shape[2:], stride=stride, dilation=dilation, padding=padding, groups=groups),
    lambda g, y, x, weight, bias, stride=(), dilation=(), padding=(), groups=1:
        g.sum(axis=(0, *range(2, g.ndim))),
    name="conv")

conv_transpose: Primitive = row(_conv_transpose,
    lambda g, y, x, weight, lengths=(), stride=(), dilation=(), padding=(), groups=1:
        conv(g, weight, _none(weight), stride=stride, dilation=dilation, padding=padding, groups=groups),
    lambda g, y, x, weight, lengths=(), stride=(), dilation=(), padding=(), groups=1:
        conv_filters(x, g, kernel=weight.shape[2:], stride=stride, dilation=dilation, padding=padding, groups=groups),
    name="conv_transpose")

conv_filters: Primitive = row(_conv_filters,
    lambda g, y, found, x, kernel=(), stride=(), dilation=(), padding=(), groups=1:
        conv(x, g, _none(g), stride=stride, dilation=dilation, padding=padding, groups=groups),
    lambda g, y, found, x, kernel=(), stride=(), dilation=(), padding=(), groups=1:
        conv_transpose(found, g, lengths=x.shape[2:], stride=stride, dilation=dilation, padding=padding, groups=groups),
    name="conv_filters")
# fmt: on
