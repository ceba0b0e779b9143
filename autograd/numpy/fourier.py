"""``numpy.fft`` on Tensors: transforms of several axes are made of those of one, as NumPy makes them."""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import errors
from ..rules import fourier
from ..rules.parts import conj
from .dispatch import array, implements


@implements(np.fft.hfft)
def hfft(a: Any, n: int | None = None, axis: int = -1, norm: Any = None) -> Any:
    """The real spectrum of a Hermitian signal, of which half is given."""
    return fourier.irfft(conj(a), n=n, axis=axis, norm=fourier.OPPOSITE.get(norm, norm))


@implements(np.fft.ihfft)
def ihfft(a: Any, n: int | None = None, axis: int = -1, norm: Any = None) -> Any:
    """The inverse: half of the Hermitian signal of a real spectrum."""
    return conj(fourier.rfft(a, n=n, axis=axis, norm=fourier.OPPOSITE.get(norm, norm)))


def _plan(x: Any, s: Any, axes: Any) -> list[tuple[int | None, int]]:
    """A length (``None`` for the usual one) and an axis for each transform."""
    if axes is None:
        axes = range(np.ndim(x)) if s is None else range(-len(s), 0)
    axes = [int(axis) for axis in axes]
    lengths = [None] * len(axes) if s is None else list(s)
    if len(lengths) != len(axes):
        raise errors.bad_argument(
            f"np.fft of a Tensor with s={s} and axes={axes}", "one length for each axis", f"{len(lengths)} lengths",
            "s=(8, 8), axes=(0, 1)",
        )  # fmt: skip
    return [(np.shape(x)[axis] if n == -1 else n, axis) for n, axis in zip(lengths, axes, strict=True)]


def _each(transform: Any, x: Any, plan: list[tuple[int | None, int]], norm: Any) -> Any:
    """A transform along one axis after the other, the last first."""
    for n, axis in reversed(plan):
        x = transform(x, n=n, axis=axis, norm=norm)
    return x


@implements(np.fft.fftn)
def fftn(a: Any, s: Any = None, axes: Any = None, norm: Any = None) -> Any:
    """The transform along several axes, or all."""
    return _each(fourier.fft, array(a), _plan(a, s, axes), norm)


@implements(np.fft.ifftn)
def ifftn(a: Any, s: Any = None, axes: Any = None, norm: Any = None) -> Any:
    """The inverse along several axes, or all."""
    return _each(fourier.ifft, array(a), _plan(a, s, axes), norm)


@implements(np.fft.rfftn)
def rfftn(a: Any, s: Any = None, axes: Any = None, norm: Any = None) -> Any:
    """The transform of real numbers: half along the last axis, whole along the others."""
    *others, last = _plan(a, s, axes)
    return _each(fourier.fft, _each(fourier.rfft, array(a), [last], norm), others, norm)


@implements(np.fft.irfftn)
def irfftn(a: Any, s: Any = None, axes: Any = None, norm: Any = None) -> Any:
    """The inverse of :func:`rfftn`."""
    *others, last = _plan(a, s, axes)
    return _each(fourier.irfft, _each(fourier.ifft, array(a), others[::-1], norm), [last], norm)


@implements(np.fft.fft2)
def fft2(a: Any, s: Any = None, axes: Any = (-2, -1), norm: Any = None) -> Any:
    """The transform along two axes."""
    return fftn(a, s, axes, norm)


@implements(np.fft.ifft2)
def ifft2(a: Any, s: Any = None, axes: Any = (-2, -1), norm: Any = None) -> Any:
    """The inverse along two axes."""
    return ifftn(a, s, axes, norm)


@implements(np.fft.rfft2)
def rfft2(a: Any, s: Any = None, axes: Any = (-2, -1), norm: Any = None) -> Any:
    """The transform of real numbers along two axes."""
    return rfftn(a, s, axes, norm)


@implements(np.fft.irfft2)
def irfft2(a: Any, s: Any = None, axes: Any = (-2, -1), norm: Any = None) -> Any:
    """The inverse of :func:`rfft2`."""
    return irfftn(a, s, axes, norm)


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
