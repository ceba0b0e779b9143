"""``scipy.signal``: convolution."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from .. import errors
from ..numpy.dispatch import array
from .peer import load
from .rules.signal import convolve_nd


def __getattr__(name: str) -> Any:
    return getattr(load("signal"), name)


def convolve(
    in1: Any,
    in2: Any,
    mode: str = "full",
    method: str = "auto",
    *,
    axes: tuple[Sequence[int], Sequence[int]] | None = None,
    dot_axes: tuple[Sequence[int], Sequence[int]] = ((), ()),
) -> Any:
    """``y[k] = sum over i of in1[i] * in2[k - i]``, along all axes or some.

    Args:
        in1: an array or a Tensor.
        in2: another, with as many axes unless ``axes`` is given.
        mode: ``"full"``, everything; ``"valid"``, where one array covers the other; ``"same"``, the middle of
            ``"full"``, of the shape of ``in1``.
        method: ``"direct"``, the sum itself; ``"fft"``, by Fourier transforms, which is faster for two long arrays,
            and rounds to the precision of the largest element; ``"auto"``, the faster one. Gradients go the same way.
        axes: the axes of ``in1`` and of ``in2`` to convolve along, in pairs; all if not given.
        dot_axes: the axes of each to multiply and sum over, in pairs, such as the channels of images.

    Returns:
        An array of the axes that only ``in1`` has, then those that only ``in2`` has, then the convolved ones.

    Raises:
        ArgumentError: an unknown mode or method, axes that do not pair, or in the mode ``"valid"`` no array
            that covers the other.

    Example:
        >>> convolve(np.array([1.0, 2.0]), np.array([1.0, 10.0]))
        array([ 1., 12., 20.])
    """
    in1, in2 = array(in1), array(in2)
    if mode not in ("full", "valid", "same"):
        raise errors.bad_argument(f"convolve(mode={mode!r})", "'full', 'valid' or 'same'", repr(mode), "mode='full'")
    if method not in ("auto", "direct", "fft"):
        raise errors.bad_argument(
            f"convolve(method={method!r})", "'auto', 'direct' or 'fft'", repr(method), "method='auto'"
        )
    if axes is None and np.ndim(in1) != np.ndim(in2):
        raise errors.bad_argument(
            f"convolve of shapes {np.shape(in1)} and {np.shape(in2)}", "as many axes in both, or axes=",
            f"{np.ndim(in1)} and {np.ndim(in2)} axes", "convolve(a, b, axes=([1], [0])), to pair them",
        )  # fmt: skip
    along = (range(np.ndim(in1)), range(np.ndim(in2))) if axes is None else axes
    _check_pairs(in1, in2, along, dot_axes)
    a, free_a = _arranged(in1, along[0], dot_axes[0])
    b, free_b = _arranged(in2, along[1], dot_axes[1])
    wide, narrow = np.shape(a)[2:], np.shape(b)[2:]
    if mode != "valid":
        y = convolve_nd(a, b, method=method)
    elif all(n >= w for n, w in zip(wide, narrow, strict=True)):
        y = convolve_nd(a, b, mode="valid", method=method)
    elif all(n <= w for n, w in zip(wide, narrow, strict=True)):
        y = np.swapaxes(convolve_nd(b, a, mode="valid", method=method), 0, 1)
    else:
        raise errors.bad_argument(
            f"convolve of lengths {wide} and {narrow} in the mode 'valid'", "one array that covers the other",
            "one that is longer along one axis and shorter along another", "mode='full'",
        )  # fmt: skip
    if mode == "same":
        starts = [(w - 1) // 2 for w in narrow]
        y = y[(slice(None), slice(None), *(slice(s, s + n) for s, n in zip(starts, wide, strict=True)))]
    return np.reshape(y, (*free_a, *free_b, *np.shape(y)[2:]))


def _arranged(x: Any, along: Sequence[int], dotted: Sequence[int]) -> tuple[Any, list[int]]:
    """``x`` with its summed axes as one, its free axes as one, and then the convolved ones; and the free lengths."""
    axes = np.ndim(x)
    taken = [i % axes for i in (*dotted, *along)]
    free = [i for i in range(axes) if i not in taken]
    lengths = [np.shape(x)[i] for i in free]
    summed = math.prod(np.shape(x)[i] for i in dotted)
    moved = np.transpose(x, [*taken[: len(dotted)], *free, *taken[len(dotted) :]])
    return np.reshape(moved, (summed, math.prod(lengths), *(np.shape(x)[i] for i in along))), lengths


def _check_pairs(a: Any, b: Any, along: Any, dotted: Any) -> None:
    """Axes come in pairs, and summed pairs are equally long."""
    lengths = [[np.shape(x)[i] for i in axes] for x, axes in zip((a, b), dotted, strict=True)]
    if len(along[0]) != len(along[1]) or lengths[0] != lengths[1]:
        raise errors.bad_argument(
            f"convolve of shapes {np.shape(a)} and {np.shape(b)}, axes={along}, dot_axes={dotted}",
            "as many axes of both arrays, and the same lengths of those that are summed",
            f"{len(along[0])} and {len(along[1])} axes; lengths {lengths[0]} and {lengths[1]}",
            "convolve(a, b, axes=([2], [2]), dot_axes=([1], [1]))",
        )
