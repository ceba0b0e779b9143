"""Standardising: mean 0 and mean square 1 over some axes, as one row instead of eight."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.rules import row


def _scale(x: Any, axis: Any, eps: float) -> Any:
    """The root mean square, kept away from 0."""
    return np.sqrt(np.mean(x * x, axis=axis, keepdims=True) + eps)


def _centre(x: Any, axis: Any, centred: bool) -> Any:
    return x - np.mean(x, axis=axis, keepdims=True) if centred else x


def _standardize(x: Any, axis: Any = -1, eps: float = 1e-5, centred: bool = True) -> Any:
    z = _centre(x, axis, centred)
    return z / _scale(z, axis, eps)


def _unstandardize(g: Any, y: Any, x: Any, axis: Any, eps: float, centred: bool) -> Any:
    """What of ``g`` changes neither the mean nor the scale, in the scale of ``x``."""
    z = _centre(x, axis, centred)
    return _centre(g - y * np.mean(g * y, axis=axis, keepdims=True), axis, centred) / _scale(z, axis, eps)


# fmt: off
standardize = row(_standardize,
    lambda g, y, x, axis=-1, eps=1e-5, centred=True: _unstandardize(g, y, x, axis, eps, centred),
    name="standardize")
# fmt: on
