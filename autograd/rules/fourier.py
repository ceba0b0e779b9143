"""The discrete Fourier transform, one axis at a time: linear maps, whose rules are their transposes.

The matrix of ``fft`` is ``exp(-2 pi i j k / n)``. It is symmetric, so the rule of ``fft`` is ``fft``; that of
``ifft`` is ``ifft``. What cutting or padding the input to length ``n`` does, :func:`of_length` undoes.

``rfft`` keeps the first half of the result for a real input; its transpose is ``fft`` of the gradient with
zeros for the half that is missing. ``irfft`` reads a half and stands for the whole: every number but the
first (and, of an even length, the last) counts twice, for itself and for its mirror image.

Source: Cooley and Tukey 1965; Frigo and Johnson 2005, *The design and implementation of FFTW3*, for the halves.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .elsewhere import beside
from .parts import conj
from .table import row

OPPOSITE: dict[Any, Any] = {None: "forward", "backward": "forward", "ortho": "ortho", "forward": "backward"}
"""The norm under which the transform in the other direction has the same factor."""


def of_length(x: Any, n: int, axis: int) -> Any:
    """``x`` with the length ``n`` along ``axis``: cut, or with zeros at its end."""
    have, before = np.shape(x)[axis], (slice(None),) * (axis % np.ndim(x))
    if n <= have:
        return x[(*before, slice(0, n))] if n < have else x
    widths = [(0, 0)] * np.ndim(x)
    widths[axis] = (0, n - have)
    return np.pad(x, widths)


def _like(x: Any, g: Any, axis: int) -> Any:
    """``g`` with the length of ``x``."""
    return of_length(g, np.shape(x)[axis], axis)


def _unhalved(g: Any, y: Any, x: Any, axis: int, norm: Any) -> Any:
    """The transpose of ``irfft``: the transform of ``g``, where all counts twice that has a mirror image."""
    half = conj(np.fft.rfft(g, axis=axis, norm=OPPOSITE[norm]))
    n, k = np.shape(y)[axis], beside(half, np.arange, np.shape(half)[axis])
    twice = 1 + ((k > 0) & (2 * k < n)).reshape([-1 if i == axis % np.ndim(x) else 1 for i in range(np.ndim(x))])
    return _like(x, half * twice.astype(g.dtype), axis)


# fmt: off
fft = row(np.fft.fft,
    lambda g, y, x, n=None, axis=-1, norm=None: _like(x, np.fft.fft(g, axis=axis, norm=norm), axis))

ifft = row(np.fft.ifft,
    lambda g, y, x, n=None, axis=-1, norm=None: _like(x, np.fft.ifft(g, axis=axis, norm=norm), axis))

rfft = row(np.fft.rfft,
    lambda g, y, x, n=None, axis=-1, norm=None: _like(x, np.fft.fft(g, n or np.shape(x)[axis], axis, norm), axis))

irfft = row(np.fft.irfft,
    lambda g, y, x, n=None, axis=-1, norm=None: _unhalved(g, y, x, axis, norm))
# fmt: on
