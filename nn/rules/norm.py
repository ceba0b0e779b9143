"""Standardising: mean 0 and mean square 1 over some axes, as one row instead of eight."""

from __future__ import annotations

from functools import reduce
from operator import mul
from typing import Any

import numpy as np

from autograd.rules import row


def _mean(axis: Any, *factors: Any) -> Any:
    """The mean of a product along axes, which stay with length 1; ``einsum`` takes that of short rows faster."""
    if axis == -1 and all(type(x) is np.ndarray for x in factors):
        sums = np.einsum(",".join(["...i"] * len(factors)) + "->...", *factors)
        return np.expand_dims(sums, -1) / factors[0].shape[-1]
    return np.mean(reduce(mul, factors), axis=axis, keepdims=True)


def _centre(x: Any, axis: Any, centred: bool) -> Any:
    return x - _mean(axis, x) if centred else x


def _scale(z: Any, axis: Any, eps: float) -> Any:
    """The root mean square, kept away from 0."""
    return np.sqrt(_mean(axis, z, z) + eps)


def _standardize(x: Any, axis: Any = -1, eps: float = 1e-5, centred: bool = True) -> Any:
    z = _centre(x, axis, centred)
    return z / _scale(z, axis, eps)


def _unstandardize(g: Any, y: Any, x: Any, axis: Any, eps: float, centred: bool) -> Any:
    """What of ``g`` changes neither the mean nor the scale, in the scale of ``x``."""
    scale = _scale(_centre(x, axis, centred), axis, eps)
    return _centre(g - y * _mean(axis, g, y), axis, centred) / scale


# fmt: off
standardize = row(_standardize,
    lambda g, y, x, axis=-1, eps=1e-5, centred=True: _unstandardize(g, y, x, axis, eps, centred),
    name="standardize")
# fmt: on
