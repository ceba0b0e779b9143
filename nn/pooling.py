"""Pooling: of each window the largest element, or the mean."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd import errors
from autograd.rules.elsewhere import beside

from . import rules
from .conv import Size, each, images
from .inputs import of_arrays
from .module import Module


def _window(name: str, x: Any, axes: int, kernel: Any, stride: Any, padding: Any, dilation: Any, ceil: bool) -> Any:
    """The input with all its axes, whether it was one example, and the window; the border behind may be wider."""
    kernel = each(kernel, axes)
    stride = kernel if stride is None else each(stride, axes, "stride")
    dilation, border = each(dilation, axes, "dilation"), each(padding, axes, "padding", 0)
    x, single = images(name, x, axes)
    if any(2 * p > k for p, k in zip(border, kernel, strict=True)):
        raise errors.bad_argument(
            f"{name}(..., padding={padding})", "at most half of the kernel_size", f"{padding} for {kernel}", "padding=0"
        )
    pads = []
    for n, k, s, d, p in zip(x.shape[2:], kernel, stride, dilation, border, strict=True):
        places = rules.places(n, k, s, d, (p, p))
        if places < 1:
            raise errors.ShapeError(
                errors.message(
                    f"{name}: a kernel of size {kernel} on an input of shape {np.shape(x)}",
                    "an input with its padding at least as large as the kernel",
                    f"lengths {x.shape[2:]} with padding {border}",
                    "a smaller kernel_size",
                )
            )
        reach = places * s + d * (k - 1) + 1  # how long the axis is up to the end of one window more
        more = ceil and (n + 2 * p - d * (k - 1) - 1) % s and places * s < n + p
        pads.append((p, reach - n - p if more else p))
    return x, single, {"kernel": kernel, "stride": stride, "dilation": dilation, "padding": tuple(pads)}


def _max_pool(name: str, axes: int, x: Any, kernel: Any, stride: Any, padding: Any, dilation: Any, ceil: bool) -> Any:
    x, single, window = _window(name, x, axes, kernel, stride, padding, dilation, ceil)
    y = rules.max_pool(x, **window)
    return y[0] if single else y


def _avg_pool(
    name: str, axes: int, x: Any, kernel: Any, stride: Any, padding: Any, ceil: bool, with_border: bool, divisor: Any
) -> Any:
    x, single, window = _window(name, x, axes, kernel, stride, padding, 1, ceil)
    y = rules.sum_pool(x, **window) / (divisor or _sizes(x, window, each(padding, axes, "padding", 0), with_border))
    return y[0] if single else y


def _sizes(x: Any, window: Any, border: Any, with_border: bool) -> Any:
    """How many elements each window has, one number if all are alike; of the padding only ``border`` can count."""
    if not any(map(any, window["padding"])):
        return math.prod(window["kernel"])
    counted = border if with_border else (0,) * len(border)
    ones = beside(x, np.ones, (1, 1, *(n + 2 * p for n, p in zip(x.shape[2:], counted, strict=True))), x.dtype)
    pads = tuple((b - p, a - p) for (b, a), p in zip(window["padding"], counted, strict=True))
    return rules.sum_pool(ones, **{**window, "padding": pads})


@of_arrays
def max_pool1d(
    x: Any,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    dilation: Size = 1,
    ceil_mode: bool = False,
) -> Any:
    """The largest element in each window along the last axis; its gradient goes to the first of equals.

    Args:
        x: inputs of shape (N, C, L) or (C, L).
        kernel_size: the length of a window.
        stride: how far it moves; ``kernel_size`` if not given.
        padding: how far it reaches over both ends.
        dilation: how far apart the elements of a window are.
        ceil_mode: whether a last window that is not full counts, too.

    Returns:
        Outputs of shape (N, C, L_out) or (C, L_out).

    Raises:
        ShapeError: the input does not have these axes, or is smaller than the window.
        ArgumentError: a size that is none.

    Example:
        >>> max_pool1d(np.array([[1.0, 3.0, 2.0, 0.0]]), 2)
        array([[3., 2.]])
    """
    return _max_pool("max_pool1d", 1, x, kernel_size, stride, padding, dilation, ceil_mode)


@of_arrays
def max_pool2d(
    x: Any,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    dilation: Size = 1,
    ceil_mode: bool = False,
) -> Any:
    """The largest element in each window of an image; its gradient goes to the first of equals.

    Args:
        x: inputs of shape (N, C, H, W) or (C, H, W).
        kernel_size: the size of a window: one number for both axes, or one for each; likewise the next three.
        stride: how far it moves; ``kernel_size`` if not given.
        padding: how far it reaches over the sides.
        dilation: how far apart the elements of a window are.
        ceil_mode: whether windows that are not full count, too.

    Returns:
        Outputs of shape (N, C, H_out, W_out) or (C, H_out, W_out).

    Raises:
        ShapeError: the input does not have these axes, or is smaller than the window.
        ArgumentError: a size that is none.

    Example:
        >>> max_pool2d(np.arange(16.0).reshape(1, 4, 4), 2)
        array([[[ 5.,  7.], [13., 15.]]])
    """
    return _max_pool("max_pool2d", 2, x, kernel_size, stride, padding, dilation, ceil_mode)


@of_arrays
def avg_pool1d(
    x: Any,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
) -> Any:
    """The mean of each window along the last axis.

    Args:
        x: inputs of shape (N, C, L) or (C, L).
        kernel_size: the length of a window.
        stride: how far it moves; ``kernel_size`` if not given.
        padding: how far it reaches over both ends.
        ceil_mode: whether a last window that is not full counts, too.
        count_include_pad: whether the zeros of the padding count.

    Returns:
        Outputs of shape (N, C, L_out) or (C, L_out).

    Raises:
        ShapeError: the input does not have these axes, or is smaller than the window.
        ArgumentError: a size that is none.

    Example:
        >>> avg_pool1d(np.array([[1.0, 3.0, 2.0, 0.0]]), 2)
        array([[2., 1.]])
    """
    return _avg_pool("avg_pool1d", 1, x, kernel_size, stride, padding, ceil_mode, count_include_pad, None)


@of_arrays
def avg_pool2d(
    x: Any,
    kernel_size: Size,
    stride: Size | None = None,
    padding: Size = 0,
    ceil_mode: bool = False,
    count_include_pad: bool = True,
    divisor_override: int | None = None,
) -> Any:
    """The mean of each window of an image.

    Args:
        x: inputs of shape (N, C, H, W) or (C, H, W).
        kernel_size: the size of a window: one number for both axes, or one for each; likewise the next two.
        stride: how far it moves; ``kernel_size`` if not given.
        padding: how far it reaches over the sides.
        ceil_mode: whether windows that are not full count, too.
        count_include_pad: whether the zeros of the padding count.
        divisor_override: what to divide the sums by instead.

    Returns:
        Outputs of shape (N, C, H_out, W_out) or (C, H_out, W_out).

    Raises:
        ShapeError: the input does not have these axes, or is smaller than the window.
        ArgumentError: a size that is none.

    Example:
        >>> avg_pool2d(np.arange(16.0).reshape(1, 4, 4), 2)
        array([[[ 2.5,  4.5], [10.5, 12.5]]])
    """
    return _avg_pool("avg_pool2d", 2, x, kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override)


def _averages(length: int, size: int, dtype: Any) -> Any:
    """A matrix (size, length) whose rows take the mean of parts of an axis, as equal as they can be."""
    rows, places = np.arange(size)[:, None], np.arange(length)
    start, stop = rows * length // size, -(-(rows + 1) * length // size)
    return ((places >= start) & (places < stop)).astype(dtype) / (stop - start).astype(dtype)


@of_arrays
def adaptive_avg_pool2d(x: Any, output_size: Any) -> Any:
    """An image of a given size: each element is the mean of its part of the input.

    Args:
        x: inputs of shape (N, C, H, W) or (C, H, W).
        output_size: the height and width of the output; one number for both; ``None`` for as many as there are.

    Returns:
        Outputs of shape ``(N, C, *output_size)`` or ``(C, *output_size)``.

    Raises:
        ShapeError: the input does not have these axes.
        ArgumentError: a size that is none.

    Example:
        >>> adaptive_avg_pool2d(np.arange(16.0).reshape(1, 4, 4), (1, 2))
        array([[[6.5, 8.5]]])
    """
    x, single = images("adaptive_avg_pool2d", x, 2)
    given = output_size if isinstance(output_size, (tuple, list)) else (output_size,) * 2
    height, width = (n if size is None else size for n, size in zip(x.shape[2:], given, strict=True))
    height, width = each((height, width), 2, "output_size")
    down, across = _averages(x.shape[2], height, x.dtype), _averages(x.shape[3], width, x.dtype)
    y = np.matmul(np.matmul(down, x), across.T)
    return y[0] if single else y


class _Pool(Module):
    """A window that moves."""

    def __init__(
        self,
        kernel_size: Size,
        stride: Size | None = None,
        padding: Size = 0,
        dilation: Size = 1,
        ceil_mode: bool = False,
    ) -> None:
        self.kernel_size, self.stride = kernel_size, kernel_size if stride is None else stride
        self.padding, self.dilation, self.ceil_mode = padding, dilation, ceil_mode

    def extra_repr(self) -> str:
        """The arguments that the layer was made with."""
        return (
            f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}, "
            f"dilation={self.dilation}, ceil_mode={self.ceil_mode}"
        )


class MaxPool1d(_Pool):
    """The largest element in each window; see :func:`max_pool1d`.

    Args:
        kernel_size, stride, padding, dilation, ceil_mode: as in :func:`max_pool1d`.

    Example:
        >>> MaxPool1d(2)(np.zeros((5, 3, 10))).shape
        (5, 3, 5)
    """

    def forward(self, x: Any) -> Any:
        """Outputs (N, C, L_out) for inputs (N, C, L)."""
        return max_pool1d(x, self.kernel_size, self.stride, self.padding, self.dilation, self.ceil_mode)


class MaxPool2d(_Pool):
    """The largest element in each window; see :func:`max_pool2d`.

    Args:
        kernel_size, stride, padding, dilation, ceil_mode: as in :func:`max_pool2d`.

    Example:
        >>> MaxPool2d(2)(np.zeros((5, 3, 28, 28))).shape
        (5, 3, 14, 14)
    """

    def forward(self, x: Any) -> Any:
        """Outputs (N, C, H_out, W_out) for inputs (N, C, H, W)."""
        return max_pool2d(x, self.kernel_size, self.stride, self.padding, self.dilation, self.ceil_mode)


class AvgPool1d(Module):
    """The mean of each window; see :func:`avg_pool1d`.

    Args:
        kernel_size, stride, padding, ceil_mode, count_include_pad: as in :func:`avg_pool1d`.

    Example:
        >>> AvgPool1d(2)
        AvgPool1d(kernel_size=(2,), stride=(2,), padding=(0,))
    """

    def __init__(
        self,
        kernel_size: Size,
        stride: Size | None = None,
        padding: Size = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> None:
        self.kernel_size = each(kernel_size, 1)
        self.stride = self.kernel_size if stride is None else each(stride, 1, "stride")
        self.padding = each(padding, 1, "padding", 0)
        self.ceil_mode, self.count_include_pad = ceil_mode, count_include_pad

    def forward(self, x: Any) -> Any:
        """Outputs (N, C, L_out) for inputs (N, C, L)."""
        return avg_pool1d(x, self.kernel_size, self.stride, self.padding, self.ceil_mode, self.count_include_pad)

    def extra_repr(self) -> str:
        """The arguments that the layer was made with."""
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class AvgPool2d(Module):
    """The mean of each window; see :func:`avg_pool2d`.

    Args:
        kernel_size, stride, padding, ceil_mode, count_include_pad, divisor_override: as in :func:`avg_pool2d`.

    Example:
        >>> AvgPool2d(2)
        AvgPool2d(kernel_size=2, stride=2, padding=0)
    """

    def __init__(
        self,
        kernel_size: Size,
        stride: Size | None = None,
        padding: Size = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ) -> None:
        self.kernel_size, self.stride, self.padding = kernel_size, kernel_size if stride is None else stride, padding
        self.ceil_mode, self.count_include_pad, self.divisor_override = ceil_mode, count_include_pad, divisor_override

    def forward(self, x: Any) -> Any:
        """Outputs (N, C, H_out, W_out) for inputs (N, C, H, W)."""
        window = (self.kernel_size, self.stride, self.padding)
        return avg_pool2d(x, *window, self.ceil_mode, self.count_include_pad, self.divisor_override)

    def extra_repr(self) -> str:
        """The arguments that the layer was made with."""
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"


class AdaptiveAvgPool2d(Module):
    """Means of equal parts; see :func:`adaptive_avg_pool2d`.

    Args:
        output_size: the height and width of the output.

    Example:
        >>> AdaptiveAvgPool2d(1)(np.zeros((5, 3, 7, 9))).shape
        (5, 3, 1, 1)
    """

    def __init__(self, output_size: Any) -> None:
        self.output_size = output_size

    def forward(self, x: Any) -> Any:
        """Outputs ``(N, C, *output_size)`` for inputs (N, C, H, W)."""
        return adaptive_avg_pool2d(x, self.output_size)

    def extra_repr(self) -> str:
        """The arguments that the layer was made with."""
        return f"output_size={self.output_size}"
