"""Convolution along any number of axes, summed over others: a row that is its own derivative.

The arrays have the shapes ``(d, m, *lengths)`` and ``(d, n, *lengths)``, and the result ``(m, n, *lengths)`` is

    ``y[m, n, k] = sum over d and i of a[d, m, i] * b[d, n, k - i]``.

Both gradients are sums of this form too, with one array reversed: what ``full`` spreads out ``valid``
gathers, and the other way round. In the mode ``valid`` the first array is the longer one along every axis.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from ...graph import Primitive
from ...rules import row
from ..peer import load

LONG = 32
"""Where the shorter array has more elements than this, transforms are faster than the sum itself."""


def _convolve(a: Any, b: Any, mode: str = "full", method: str = "auto") -> Any:
    """The sum by whichever way was asked for, or is faster."""
    lengths, width = a.shape[2:], b.shape[2:]
    if method == "fft" or (method == "auto" and _is_large(a, b)):
        return _by_transform(a, b, mode)
    if math.prod(lengths) < math.prod(width):  # only in the mode "full", which is symmetric
        return np.swapaxes(_directly(b, a, mode), 0, 1)
    return _directly(a, b, mode)


def _is_large(a: Any, b: Any) -> bool:
    """Whether transforms are faster: for floating numbers, if the shorter array is long too."""
    return np.result_type(a, b).kind in "fc" and min(math.prod(x.shape[2:]) for x in (a, b)) > LONG


def _by_transform(a: Any, b: Any, mode: str) -> Any:
    """The transform of a convolution is the product of the transforms, once there are enough zeros around."""
    fft = load("fft")
    lengths, width = a.shape[2:], b.shape[2:]
    if 0 in (a.size, b.size):
        return _directly(a, b, mode)
    dtype = np.result_type(a, b)
    is_complex = dtype.kind == "c"
    forward, back = (fft.fftn, fft.ifftn) if is_complex else (fft.rfftn, fft.irfftn)
    sizes = [n + w - 1 for n, w in zip(lengths, width, strict=True)]
    fast = [fft.next_fast_len(n, not is_complex) for n in sizes]
    axes = tuple(range(2, a.ndim))
    product = np.einsum("dm...,dn...->mn...", forward(a, fast, axes), forward(b, fast, axes))
    whole = back(product, fast, axes)
    ends = sizes if mode == "full" else lengths
    starts = [0 if mode == "full" else w - 1 for w in width]
    part = whole[(slice(None), slice(None), *map(slice, starts, ends))]
    return part.astype(dtype) if dtype.kind in "fc" else part


def _directly(a: Any, b: Any, mode: str) -> Any:
    """For each place of the shorter array ``b``, the longer one moved there and multiplied."""
    lengths, width = a.shape[2:], b.shape[2:]
    sign = 1 if mode == "full" else -1
    result = np.zeros(
        (a.shape[1], b.shape[1], *(n + sign * (w - 1) for n, w in zip(lengths, width, strict=True))),
        np.result_type(a, b),
    )
    for place in np.ndindex(width):
        here = b[(slice(None), slice(None), *place)]
        if mode == "full":
            window = tuple(slice(p, p + n) for p, n in zip(place, lengths, strict=True))
            result[(slice(None), slice(None), *window)] += np.moveaxis(np.tensordot(a, here, (0, 0)), -1, 1)
        else:
            window = tuple(slice(w - 1 - p, n - p) for p, n, w in zip(place, lengths, width, strict=True))
            part = a[(slice(None), slice(None), *window)]
            result += np.moveaxis(np.tensordot(part, here, (0, 0)), -1, 1)
    return result


def _reversed(b: Any) -> Any:
    return np.flip(b, tuple(range(2, b.ndim)))


def _over_n(g: Any, b: Any, mode: str, method: str) -> Any:
    """The gradient of the first array: ``g`` with ``b`` reversed, summed over ``n``."""
    found = convolve_nd(np.swapaxes(g, 0, 1), np.swapaxes(_reversed(b), 0, 1), mode=_other(mode), method=method)
    return np.swapaxes(found, 0, 1)


def _over_m(g: Any, a: Any, mode: str, method: str) -> Any:
    """The gradient of the second: summed over ``m``, and reversed at the end where the first is longer."""
    first = np.swapaxes(a, 0, 1)
    if mode == "full":
        return np.swapaxes(convolve_nd(g, _reversed(first), mode="valid", method=method), 0, 1)
    return _reversed(convolve_nd(first, _reversed(g), mode="valid", method=method))


def _other(mode: str) -> str:
    return "valid" if mode == "full" else "full"


# fmt: off
convolve_nd: Primitive = row(_convolve,
    lambda g, y, a, b, mode="full", method="auto": _over_n(g, b, mode, method),
    lambda g, y, a, b, mode="full", method="auto": _over_m(g, a, mode, method),
    name="convolve_nd")
# fmt: on
