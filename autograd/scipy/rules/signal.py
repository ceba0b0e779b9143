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


def _convolve(a: Any, b: Any, mode: str = "full") -> Any:
    """For each place of the shorter array, the longer one moved there and multiplied."""
    lengths, width = a.shape[2:], b.shape[2:]
    if math.prod(lengths) < math.prod(width):  # only in the mode "full", which is symmetric
        return np.swapaxes(_convolve(b, a), 0, 1)
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


def _over_n(g: Any, b: Any, mode: str) -> Any:
    """The gradient of the first array: ``g`` with ``b`` reversed, summed over ``n``."""
    found = convolve_nd(np.swapaxes(g, 0, 1), np.swapaxes(_reversed(b), 0, 1), mode=_other(mode))
    return np.swapaxes(found, 0, 1)


def _over_m(g: Any, a: Any, mode: str) -> Any:
    """The gradient of the second: summed over ``m``, and reversed at the end where the first is longer."""
    first = np.swapaxes(a, 0, 1)
    if mode == "full":
        return np.swapaxes(convolve_nd(g, _reversed(first), mode="valid"), 0, 1)
    return _reversed(convolve_nd(first, _reversed(g), mode="valid"))


def _other(mode: str) -> str:
    return "valid" if mode == "full" else "full"


# fmt: off
convolve_nd: Primitive = row(_convolve,
    lambda g, y, a, b, mode="full": _over_n(g, b, mode),
    lambda g, y, a, b, mode="full": _over_m(g, a, mode),
    name="convolve_nd")
# fmt: on
