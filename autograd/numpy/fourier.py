"""``numpy.fft`` on Tensors: so far what stays real."""

from __future__ import annotations

from typing import Any

import numpy as np

from .dispatch import implements


@implements(np.fft.fftshift)
def fftshift(x: Any, axes: Any = None) -> Any:
    """The frequency 0 moved from the beginning of each axis to its middle."""
    axes = _all(x, axes)
    return np.roll(x, [np.shape(x)[axis] // 2 for axis in axes], axes)


@implements(np.fft.ifftshift)
def ifftshift(x: Any, axes: Any = None) -> Any:
    """The frequency 0 moved back to the beginning."""
    axes = _all(x, axes)
    return np.roll(x, [-(np.shape(x)[axis] // 2) for axis in axes], axes)


def _all(x: Any, axes: Any) -> tuple[int, ...]:
    if axes is None:
        return tuple(range(np.ndim(x)))
    return axes if isinstance(axes, tuple) else (axes,)
