"""Convolutions: small filters that look everywhere."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd import errors
from autograd.rules.elsewhere import beside

from . import init, rules
from .inputs import as_constant
from .module import Module
from .parameter import Parameter

Size = int | tuple[int, ...]


def each(x: Any, axes: int, name: str = "kernel_size", least: int = 1) -> tuple[int, ...]:
    """One whole number for each axis: given as one for all, or one by one."""
    numbers = tuple(x) if isinstance(x, (tuple, list)) else (x,)
    numbers *= axes if len(numbers) == 1 else 1
    if len(numbers) != axes or not all(isinstance(n, (int, np.integer)) and n >= least for n in numbers):
        raise errors.bad_argument(
            f"{name}={x!r} for {axes} {'axis' if axes == 1 else 'axes'}",
            f"a whole number from {least}, or {axes} of them",
            repr(x),
            f"{name}={least or 1}",
        )
    return numbers


def images(name: str, x: Any, axes: int, channels: int | None = None) -> tuple[Any, bool]:
    """``x`` with the axes (N, C, *lengths), and whether it was one example without N."""
    shape = np.shape(x)
    single = len(shape) == axes + 1
    if (not single and len(shape) != axes + 2) or (channels is not None and shape[-axes - 1] != channels):
        lengths = ("L",) if axes == 1 else ("H", "W")
        wanted = ", ".join(["N", str(channels or "C"), *lengths])
        raise errors.ShapeError(
            errors.message(
                f"{name} of an input of shape {shape}",
                f"shape ({wanted}), or without N for one example",
                f"shape {shape}",
                _cure(shape, axes, channels),
            )
        )
    return (x[None] if single else x), single


def _cure(shape: tuple[int, ...], axes: int, channels: int | None) -> str:
    if channels is not None and len(shape) == axes + 2 and shape[-1] == channels:
        return "np.moveaxis(x, -1, 1), if the channels are the last axis"
    if channels in (None, 1) and len(shape) == axes + 1:
        return "x[:, None], if there is one channel and no axis for it"
    if channels is not None and len(shape) in (axes + 1, axes + 2):
        return f"a layer for {shape[-axes - 1]} channels here, or {channels} of the layer before"
    return "x.reshape(N, C, ...), with one axis for the examples and one for the channels"


def _pads(padding: Any, kernel: Any, stride: Any, dilation: Any) -> tuple[tuple[int, int], ...]:
    """The border before and behind each axis."""
    if padding == "valid":
        return ((0, 0),) * len(kernel)
    if padding == "same":
        if any(s != 1 for s in stride):
            raise errors.bad_argument("padding='same'", "a stride of 1", f"stride={stride}", "padding='valid'")
        around = [d * (k - 1) for k, d in zip(kernel, dilation, strict=True)]
        return tuple((n // 2, n - n // 2) for n in around)
    if isinstance(padding, str):
        raise errors.bad_argument(
            f"padding={padding!r}", "a number, 'same' or 'valid'", repr(padding), "padding='same'"
        )
    return tuple((n, n) for n in each(padding, len(kernel), "padding", 0))


def _conv(
    name: str, axes: int, x: Any, weight: Any, bias: Any, stride: Any, padding: Any, dilation: Any, groups: int
) -> Any:
    kernel = tuple(weight.shape[2:])
    x, single = images(name, as_constant(x, weight.dtype), axes, weight.shape[1] * groups)
    stride, dilation = each(stride, axes, "stride"), each(dilation, axes, "dilation")
    pads = _pads(padding, kernel, stride, dilation)
    out = tuple(map(rules.places, x.shape[2:], kernel, stride, dilation, pads))
    if min(out) < 1:
        raise _too_small(name, x.shape, kernel, pads)
    bias = beside(weight, np.zeros, weight.shape[0], weight.dtype) if bias is None else bias
    y = rules.conv(x, weight, bias, stride=stride, dilation=dilation, padding=pads, groups=groups)
    return y[0] if single else y


def _too_small(name: str, shape: Any, kernel: Any, pads: Any) -> errors.ShapeError:
    return errors.ShapeError(
        errors.message(
            f"{name}: a kernel of size {kernel} on an input of shape {shape}",
            "an input with its padding at least as large as the kernel",
            f"lengths {shape[2:]} with padding {pads}",
            "a smaller kernel_size, or padding",
        )
    )


def conv1d(
    x: Any, weight: Any, bias: Any = None, stride: Size = 1, padding: Any = 0, dilation: Size = 1, groups: int = 1
) -> Any:
    """Each filter's weighted sum of what it sees, at every place along one axis (no filter is flipped).

    Args:
        x: inputs of shape (N, C, L) or (C, L).
        weight: filters of shape (out_channels, C / groups, kernel_size).
        bias: of shape (out_channels,), or ``None``.
        stride: how far the kernel moves.
        padding: zeros at both ends: a number, ``"valid"`` for none, ``"same"`` to keep the length.
        dilation: how far apart the elements are that a filter sees.
        groups: into how many groups the channels fall, each with filters of its own.

    Returns:
        Outputs of shape (N, out_channels, L_out) or (out_channels, L_out).

    Raises:
        ShapeError: the input does not have these axes or channels, or is smaller than the kernel.
        ArgumentError: a size or padding that is none.

    Example:
        >>> conv1d(np.array([[1.0, 2.0, 4.0, 7.0]]), np.array([[[-1.0, 1.0]]]))
        array([[1., 2., 3.]])
    """
    return _conv("conv1d", 1, x, weight, bias, stride, padding, dilation, groups)


def conv2d(
    x: Any, weight: Any, bias: Any = None, stride: Size = 1, padding: Any = 0, dilation: Size = 1, groups: int = 1
) -> Any:
    """Each filter's weighted sum of what it sees, at every place of an image (no filter is flipped).

    Args:
        x: inputs of shape (N, C, H, W) or (C, H, W).
        weight: filters of shape (out_channels, C / groups, kernel height, kernel width).
        bias: of shape (out_channels,), or ``None``.
        stride: how far the kernel moves: one number, or one for each axis; likewise the next two.
        padding: zeros on all sides: numbers, ``"valid"`` for none, ``"same"`` to keep the size.
        dilation: how far apart the elements are that a filter sees.
        groups: into how many groups the channels fall, each with filters of its own.

    Returns:
        Outputs of shape (N, out_channels, H_out, W_out), or without N.

    Raises:
        ShapeError: the input does not have these axes or channels, or is smaller than the kernel.
        ArgumentError: a size or padding that is none.

    Example:
        >>> conv2d(np.ones((1, 1, 5, 5)), np.ones((2, 1, 3, 3)), stride=2).shape
        (1, 2, 2, 2)
    """
    return _conv("conv2d", 2, x, weight, bias, stride, padding, dilation, groups)


def conv_transpose2d(
    x: Any,
    weight: Any,
    bias: Any = None,
    stride: Size = 1,
    padding: Size = 0,
    output_padding: Size = 0,
    groups: int = 1,
    dilation: Size = 1,
) -> Any:
    """The transpose of :func:`conv2d`: each element of the input spreads the kernel over the output.

    Args:
        x: inputs of shape (N, C, H, W) or (C, H, W).
        weight: of shape (C, out_channels / groups, kernel height, kernel width).
        bias: of shape (out_channels,), or ``None``.
        stride: how far apart the kernels are laid.
        padding: how much of the border is cut off.
        output_padding: how much is added at the lower and right end.
        groups: into how many groups the channels fall.
        dilation: how far apart the elements of the kernel are laid.

    Returns:
        Outputs of shape (N, out_channels, H_out, W_out), or without N, with
        ``H_out = (H - 1) * stride - 2 * padding + dilation * (kernel - 1) + output_padding + 1``.

    Raises:
        ShapeError: the input does not have these axes or channels.
        ArgumentError: a size that is none.

    Example:
        >>> conv_transpose2d(np.ones((1, 1, 2, 2)), np.ones((1, 3, 2, 2)), stride=2).shape
        (1, 3, 4, 4)
    """
    name, kernel = "conv_transpose2d", tuple(weight.shape[2:])
    x, single = images(name, as_constant(x, weight.dtype), 2, weight.shape[0])
    stride, dilation = each(stride, 2, "stride"), each(dilation, 2, "dilation")
    pads = _pads(padding, kernel, stride, dilation)
    extra = each(output_padding, 2, "output_padding", 0)
    full = tuple(
        (length - 1) * s - sum(p) + d * (k - 1) + more + 1
        for length, s, p, d, k, more in zip(x.shape[2:], stride, pads, dilation, kernel, extra, strict=True)
    )
    if any(more >= max(s, d) for more, s, d in zip(extra, stride, dilation, strict=True)):
        given = f"output_padding={extra}"
        raise errors.bad_argument(f"{name}(..., {given})", "less than the stride or the dilation", given, "stride=2")
    window = {"stride": stride, "dilation": dilation, "groups": groups}
    if all(more < s for more, s in zip(extra, stride, strict=True)):
        y = rules.conv_transpose(x, weight, lengths=full, padding=pads, **window)
    else:  # a kernel would fit into what is added, so the padding is cut off afterwards
        reached = tuple(length + sum(p) - more for length, p, more in zip(full, pads, extra, strict=True))
        y = rules.conv_transpose(x, weight, lengths=reached, padding=((0, 0),) * 2, **window)
        y = np.pad(y, ((0, 0), (0, 0), *((0, more) for more in extra)))[
            (slice(None), slice(None), *rules.inside(full, pads))
        ]
    y = y if bias is None else y + np.reshape(bias, (-1, 1, 1))
    return y[0] if single else y


class _Conv(Module):
    """What all convolutions are made of."""

    axes: int
    transposed = False

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Size,
        stride: Size = 1,
        padding: Any = 0,
        dilation: Size = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        dtype: Any = np.float32,
        rng: np.random.Generator | None = None,
    ) -> None:
        kind = type(self).__name__
        for what, n in (("in_channels", in_channels), ("out_channels", out_channels), ("groups", groups)):
            each(n, 1, f"{kind}: {what}")
        if in_channels % groups or out_channels % groups:
            raise errors.bad_argument(
                f"{kind}({in_channels}, {out_channels}, groups={groups})",
                "groups that divide in_channels and out_channels",
                f"groups={groups}",
                "groups=1",
            )
        if padding_mode != "zeros":
            raise errors.bad_argument(
                f"{kind}(..., padding_mode={padding_mode!r})",
                "'zeros'",
                repr(padding_mode),
                "np.pad(x, ..., mode='reflect') before the layer",
            )
        self.in_channels, self.out_channels, self.groups = in_channels, out_channels, groups
        self.kernel_size = each(kernel_size, self.axes)
        self.stride, self.dilation = each(stride, self.axes, "stride"), each(dilation, self.axes, "dilation")
        self.padding = padding if isinstance(padding, str) else each(padding, self.axes, "padding", 0)
        _pads(self.padding, self.kernel_size, self.stride, self.dilation)
        self.padding_mode = padding_mode
        outer, inner = (in_channels, out_channels) if self.transposed else (out_channels, in_channels)
        self.weight = Parameter(np.zeros((outer, inner // groups, *self.kernel_size)), dtype=dtype)
        self.bias = Parameter(np.zeros(out_channels), dtype=dtype) if bias else None
        self.reset_parameters(rng)

    def reset_parameters(self, rng: np.random.Generator | None = None) -> None:
        """Draw the weights anew.

        Args:
            rng: what to draw from; the generator of ``nn.manual_seed`` if not given.
        """
        init.default_(math.prod(self.weight.shape[1:]), self.weight, self.bias, rng=rng)

    def extra_repr(self) -> str:
        """The arguments that the layer was made with."""
        parts = [f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}, stride={self.stride}"]
        if isinstance(self.padding, str) or any(self.padding):
            parts.append(f"padding={self.padding}")
        if any(d != 1 for d in self.dilation):
            parts.append(f"dilation={self.dilation}")
        if any(getattr(self, "output_padding", ())):
            parts.append(f"output_padding={vars(self)['output_padding']}")
        if self.groups != 1:
            parts.append(f"groups={self.groups}")
        return ", ".join([*parts, *([] if self.bias is not None else ["bias=False"])])


class Conv1d(_Conv):
    """Filters along one axis; see :func:`conv1d`.

    Args:
        in_channels: the channels of the input.
        out_channels: the number of filters.
        kernel_size: how many elements a filter sees.
        stride, padding, dilation, groups: as in :func:`conv1d`.
        bias: whether a bias is added.
        padding_mode: ``"zeros"``.
        dtype: the dtype of the parameters.
        rng: what the initial weights are drawn from; the generator of ``nn.manual_seed`` if not given.

    Raises:
        ArgumentError: a size that is none, or groups that do not divide the channels.

    Example:
        >>> Conv1d(2, 4, 3, padding="same")(np.zeros((5, 2, 10))).shape
        (5, 4, 10)
    """

    axes = 1

    def forward(self, x: Any) -> Any:
        """Outputs (N, out_channels, L_out) for inputs (N, in_channels, L)."""
        return conv1d(x, self.weight, self.bias, self.stride, self.padding, self.dilation, self.groups)


class Conv2d(_Conv):
    """Filters over an image; see :func:`conv2d`.

    Args:
        in_channels: the channels of the input.
        out_channels: the number of filters.
        kernel_size: the height and width of a filter: one number for both, or two; likewise the next three.
        stride, padding, dilation, groups: as in :func:`conv2d`.
        bias: whether a bias is added.
        padding_mode: ``"zeros"``.
        dtype: the dtype of the parameters.
        rng: what the initial weights are drawn from; the generator of ``nn.manual_seed`` if not given.

    Raises:
        ArgumentError: a size that is none, or groups that do not divide the channels.

    Example:
        >>> Conv2d(3, 8, 3, stride=2, padding=1)(np.zeros((5, 3, 28, 28))).shape
        (5, 8, 14, 14)
    """

    axes = 2

    def forward(self, x: Any) -> Any:
        """Outputs (N, out_channels, H_out, W_out) for inputs (N, in_channels, H, W)."""
        return conv2d(x, self.weight, self.bias, self.stride, self.padding, self.dilation, self.groups)


class ConvTranspose2d(_Conv):
    """The transpose of :class:`Conv2d`: images become larger; see :func:`conv_transpose2d`.

    Args:
        in_channels: the channels of the input.
        out_channels: the channels of the output.
        kernel_size: the height and width of what each element spreads.
        stride, padding, output_padding, groups: as in :func:`conv_transpose2d`.
        bias: whether a bias is added.
        dilation: as in :func:`conv_transpose2d`.
        padding_mode: ``"zeros"``.
        dtype: the dtype of the parameters.
        rng: what the initial weights are drawn from; the generator of ``nn.manual_seed`` if not given.

    Raises:
        ArgumentError: a size that is none, or groups that do not divide the channels.

    Example:
        >>> ConvTranspose2d(8, 3, 2, stride=2)(np.zeros((5, 8, 14, 14))).shape
        (5, 3, 28, 28)
    """

    axes, transposed = 2, True

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Size,
        stride: Size = 1,
        padding: Size = 0,
        output_padding: Size = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Size = 1,
        padding_mode: str = "zeros",
        dtype: Any = np.float32,
        rng: np.random.Generator | None = None,
    ) -> None:
        super().__init__(
            in_channels, out_channels, kernel_size, stride, padding, dilation, groups, bias, padding_mode, dtype, rng
        )
        self._border = each(padding, 2, "padding", 0)
        self.output_padding = each(output_padding, 2, "output_padding", 0)

    def forward(self, x: Any) -> Any:
        """Outputs (N, out_channels, H_out, W_out) for inputs (N, in_channels, H, W)."""
        return conv_transpose2d(
            x, self.weight, self.bias, self.stride, self._border, self.output_padding, self.groups, self.dilation
        )
