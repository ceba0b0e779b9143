"""Normalisation: numbers brought to mean 0 and mean square 1, then scaled and shifted by what is learned."""

from __future__ import annotations

import math
from contextvars import ContextVar
from typing import Any

import numpy as np

from autograd import Tensor, errors
from autograd.rules.elsewhere import fetched, is_lazy

from . import init, rules
from .check import check_sizes, number
from .inputs import as_constant, of_arrays
from .module import Module
from .parameter import Buffer, Parameter

ACROSS: ContextVar[Any] = ContextVar("ACROSS", default=None)
"""The ranks whose examples are one batch, while :mod:`nn.distributed` trains on several."""


def _wrong(name: str, given: tuple[int, ...], wanted: str, cure: str) -> errors.ShapeError:
    return errors.ShapeError(errors.message(f"{name} of an input of shape {given}", wanted, f"shape {given}", cure))


def _scaled(x: Any, weight: Any, bias: Any) -> Any:
    x = x if weight is None else x * weight
    return x if bias is None else x + bias


@of_arrays
def layer_norm(x: Any, normalized_shape: Any, weight: Any = None, bias: Any = None, eps: float = 1e-5) -> Any:
    """``(x - mean) / sqrt(var + eps) * weight + bias`` over the last axes (Ba, Kiros and Hinton 2016).

    Args:
        x: inputs of shape ``(..., *normalized_shape)``.
        normalized_shape: the lengths of the last axes, over which mean and variance are taken.
        weight: of that shape, or ``None``.
        bias: likewise.
        eps: what keeps the root away from 0.

    Returns:
        The same shape.

    Raises:
        ShapeError: the last axes have other lengths.

    Example:
        >>> layer_norm(np.array([[1.0, 3.0]]), (2,)).round(3)
        array([[-1.,  1.]])
    """
    return _over_last("layer_norm", x, normalized_shape, weight, bias, eps, True)


@of_arrays
def rms_norm(x: Any, normalized_shape: Any, weight: Any = None, eps: float | None = None) -> Any:
    """``x / sqrt(mean(x**2) + eps) * weight`` over the last axes (Zhang and Sennrich 2019).

    Args:
        x: inputs of shape ``(..., *normalized_shape)``.
        normalized_shape: the lengths of the last axes, over which the mean is taken.
        weight: of that shape, or ``None``.
        eps: what keeps the root away from 0; the machine's precision if not given.

    Returns:
        The same shape.

    Raises:
        ShapeError: the last axes have other lengths.

    Example:
        >>> rms_norm(np.array([[3.0, 3.0]]), (2,)).round(3)
        array([[1., 1.]])
    """
    eps = float(np.finfo(x.dtype).eps) if eps is None else eps
    return _over_last("rms_norm", x, normalized_shape, weight, None, eps, False)


def _over_last(name: str, x: Any, lengths: Any, weight: Any, bias: Any, eps: float, centred: bool) -> Any:
    lengths = tuple(lengths) if isinstance(lengths, (tuple, list)) else (lengths,)
    if np.shape(x)[-len(lengths) :] != lengths:
        wanted = f"shape (..., {', '.join(map(str, lengths))})"
        given = np.shape(x)[-len(lengths) :]
        raise _wrong(name, np.shape(x), wanted, f"normalized_shape={given}, or another shape from the layer before")
    axes = tuple(range(-len(lengths), 0)) if len(lengths) > 1 else -1
    return _scaled(rules.standardize(x, axis=axes, eps=eps, centred=centred), weight, bias)


@of_arrays
def group_norm(x: Any, num_groups: int, weight: Any = None, bias: Any = None, eps: float = 1e-5) -> Any:
    """The channels in groups, each group standardised for each example (Wu and He 2018).

    Args:
        x: inputs of shape (N, C, ...).
        num_groups: how many groups; it divides C.
        weight: of shape (C,), or ``None``.
        bias: likewise.
        eps: what keeps the root away from 0.

    Returns:
        The same shape.

    Raises:
        ShapeError: there are no channels, or the groups do not divide them.

    Example:
        >>> group_norm(np.array([[1.0, 3.0, 5.0, 5.0]]), 2).round(3)
        array([[-1.,  1.,  0.,  0.]])
    """
    shape = np.shape(x)
    if len(shape) < 2 or shape[1] % num_groups:
        wanted = f"shape (N, C, ...) with C a multiple of num_groups={num_groups}"
        raise _wrong("group_norm", shape, wanted, "num_groups=1")
    parts = np.reshape(x, (shape[0], num_groups, math.prod(shape[1:]) // num_groups))
    y = np.reshape(rules.standardize(parts, axis=-1, eps=eps), shape)
    return _scaled(y, *_by_channel(weight, bias, len(shape)))


def _by_channel(weight: Any, bias: Any, ndim: int) -> Any:
    """Both of shape (C, 1, ...), to stand beside (N, C, ...)."""
    return [p if p is None or ndim == 2 else np.reshape(p, (-1, *(1,) * (ndim - 2))) for p in (weight, bias)]


def batch_norm(
    x: Any,
    running_mean: Any,
    running_var: Any,
    weight: Any = None,
    bias: Any = None,
    training: bool = False,
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> Any:
    """Each channel standardised over the examples (Ioffe and Szegedy 2015).

    Args:
        x: inputs of shape (N, C, ...).
        running_mean: a Tensor or an array of shape (C,), used where not training and updated where training; ``None``
            for none, and then the mean and variance of the input are always used.
        running_var: likewise.
        weight: of shape (C,), or ``None``.
        bias: likewise.
        training: whether the mean and variance are those of the input.
        momentum: how much of the running ones is replaced.
        eps: what keeps the root away from 0.

    Returns:
        The same shape.

    Raises:
        ShapeError: training with one number for each channel, or other channels than the running mean has.

    Example:
        >>> batch_norm(np.array([[1.0], [3.0]]), None, None, training=True).round(3)
        array([[-1.],
               [ 1.]])
    """
    shape = np.shape(x)
    axes = (0, *range(2, len(shape)))
    if len(shape) < 2 or (running_mean is not None and shape[1] != running_mean.shape[0]):
        channels = "C" if running_mean is None else running_mean.shape[0]
        raise _wrong("batch_norm", shape, f"shape (N, {channels}, ...)", "a layer for as many channels as there are")
    weight, bias = _by_channel(weight, bias, len(shape))
    if not training and running_mean is not None:
        mean, var = _by_channel(running_mean, running_var, len(shape))
        return _scaled((x - mean) / np.sqrt(var + eps), weight, bias)
    if not (count := math.prod(shape[i] for i in axes)):
        return _scaled(x, weight, bias)
    ranks = ACROSS.get()
    if ranks is not None:
        count = count * ranks.share.all // max(ranks.share.own, 1)
    if count == 1:
        raise _wrong(
            "batch_norm", shape, "more than one number for each channel when training", "net.eval(), or a larger batch"
        )
    if ranks is None:
        y = rules.standardize(x, axis=axes, eps=eps)
        data = x.data if isinstance(x, Tensor) else x
        now = [] if running_mean is None else [data.mean(axis=axes), data.var(axis=axes)]
        now = fetched(*now) if is_lazy(data) else now  # or the running ones would hang on all batches so far
    else:
        centred = x - (mean := ranks.mean(x.mean(axis=axes, keepdims=True)))
        var = ranks.mean((centred * centred).mean(axis=axes, keepdims=True))
        y = centred / np.sqrt(var + eps)
        now = [np.ravel(z.data if isinstance(z, Tensor) else z) for z in (mean, var)]
    if running_mean is not None:
        mean, var = now
        for running, latest in ((running_mean, mean), (running_var, var * (count / (count - 1)))):
            if isinstance(running, Tensor):
                running.data = (1 - momentum) * running.data + momentum * latest
            else:
                running[...] = (1 - momentum) * running + momentum * latest
    return _scaled(y, weight, bias)


class _Norm(Module):
    """A layer that may scale and shift what it has standardised."""

    weight: Parameter | None
    bias: Parameter | None = None

    def reset_parameters(self) -> None:
        """Scale by 1 and shift by 0, as at first."""
        for parameter, x in ((self.weight, 1.0), (self.bias, 0.0)):
            if parameter is not None:
                init.constant_(parameter, x)


class _BatchNorm(_Norm):
    """A running mean and variance for each channel."""

    axes: tuple[int, ...]

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        bias: bool = True,
        dtype: Any = np.float32,
    ) -> None:
        check_sizes(self, num_features=num_features)
        self.eps = number(self, "eps", eps)
        self.momentum = momentum if momentum is None else number(self, "momentum", momentum)
        self.num_features = num_features
        self.affine, self.track_running_stats = affine, track_running_stats
        self.weight = Parameter(np.ones(num_features), dtype=dtype) if affine else None
        self.bias = Parameter(np.zeros(num_features), dtype=dtype) if affine and bias else None
        self.running_mean = Buffer(np.zeros(num_features, dtype)) if track_running_stats else None
        self.running_var = Buffer(np.ones(num_features, dtype)) if track_running_stats else None
        self.num_batches_tracked = Buffer(np.array(0)) if track_running_stats else None

    def reset_running_stats(self) -> None:
        """Forget the batches seen: mean 0 and variance 1."""
        for buffer, x in ((self.running_mean, 0), (self.running_var, 1), (self.num_batches_tracked, 0)):
            if buffer is not None:
                buffer.data = np.full_like(buffer.data, x)

    def reset_parameters(self) -> None:
        """Scale by 1, shift by 0, mean 0 and variance 1, as at first."""
        self.reset_running_stats()
        super().reset_parameters()

    def forward(self, x: Any) -> Any:
        """An output of the shape of ``x``, whose second axis is that of the channels."""
        shape = np.shape(x)
        if len(shape) not in self.axes or shape[1] != self.num_features:
            wanted = " or ".join(f"(N, {self.num_features}{', ...' if n > 2 else ''})" for n in self.axes)
            wanted = f"shape {wanted}, {' or '.join(map(str, self.axes))} axes"
            raise _wrong(
                type(self).__name__, shape, wanted, f"{type(self).__name__}({shape[1] if len(shape) > 1 else 'C'})"
            )
        x = as_constant(x, self.weight.dtype) if self.weight is not None else x
        momentum = 0.0 if self.momentum is None else self.momentum
        if self.training and self.num_batches_tracked is not None:
            self.num_batches_tracked.data = self.num_batches_tracked.data + 1
            momentum = momentum if self.momentum is not None else 1 / int(self.num_batches_tracked.data)
        running = (self.running_mean, self.running_var)
        return batch_norm(x, *running, self.weight, self.bias, self.training, momentum, self.eps)

    def extra_repr(self) -> str:
        """The arguments that the layer was made with."""
        return (
            f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, affine={self.affine}, "
            f"bias={self.bias is not None}, track_running_stats={self.track_running_stats}"
        )


class BatchNorm1d(_BatchNorm):
    """Each channel standardised over the batch, with running mean and variance for use; see :func:`batch_norm`.

    Args:
        num_features: how many channels.
        eps: what keeps the root away from 0.
        momentum: how much of the running ones each batch replaces; ``None`` for the mean of all batches.
        affine: whether a scale and a shift are learned.
        track_running_stats: whether there are running ones.
        bias: whether the shift is.
        dtype: the dtype of the parameters.

    Example:
        >>> BatchNorm1d(3)(np.eye(3)).shape
        (3, 3)
    """

    axes = (2, 3)


class BatchNorm2d(_BatchNorm):
    """Each channel standardised over a batch of images; see :class:`BatchNorm1d`.

    Args:
        num_features, eps, momentum, affine, track_running_stats, bias, dtype: as in :class:`BatchNorm1d`.

    Example:
        >>> BatchNorm2d(3)(np.zeros((2, 3, 4, 4))).shape
        (2, 3, 4, 4)
    """

    axes = (4,)


def _lengths(layer: Any, normalized_shape: Any) -> tuple[int, ...]:
    """The lengths of the last axes, given as one number or as several."""
    shape = tuple(normalized_shape) if isinstance(normalized_shape, (tuple, list)) else (normalized_shape,)
    for n in shape:
        check_sizes(layer, normalized_shape=n)
    return shape


class LayerNorm(_Norm):
    """Each example standardised by itself; see :func:`layer_norm`.

    Args:
        normalized_shape: the lengths of the last axes, or of the last one.
        eps: what keeps the root away from 0.
        elementwise_affine: whether a scale and a shift are learned.
        bias: whether the shift is.
        dtype: the dtype of the parameters.

    Example:
        >>> LayerNorm(4)(np.zeros((2, 3, 4))).shape
        (2, 3, 4)
    """

    def __init__(
        self,
        normalized_shape: Any,
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
        dtype: Any = np.float32,
    ) -> None:
        shape = _lengths(self, normalized_shape)
        self.normalized_shape, self.elementwise_affine = shape, elementwise_affine
        self.eps = number(self, "eps", eps)
        self.weight = Parameter(np.ones(shape), dtype=dtype) if elementwise_affine else None
        self.bias = Parameter(np.zeros(shape), dtype=dtype) if elementwise_affine and bias else None

    def forward(self, x: Any) -> Any:
        """An output of the shape of ``x``."""
        x = as_constant(x, self.weight.dtype) if self.weight is not None else x
        return layer_norm(x, self.normalized_shape, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        """The arguments that the layer was made with."""
        kind = f"elementwise_affine={self.elementwise_affine}, bias={self.bias is not None}"
        return f"{self.normalized_shape}, eps={self.eps}, {kind}"


class RMSNorm(_Norm):
    """Each example divided by its root mean square; see :func:`rms_norm`.

    Args:
        normalized_shape: the lengths of the last axes, or of the last one.
        eps: what keeps the root away from 0; the machine's precision if not given.
        elementwise_affine: whether a scale is learned.
        dtype: the dtype of the parameters.

    Example:
        >>> RMSNorm(4)(np.ones((2, 3, 4))).shape
        (2, 3, 4)
    """

    def __init__(
        self, normalized_shape: Any, eps: float | None = None, elementwise_affine: bool = True, dtype: Any = np.float32
    ) -> None:
        shape = _lengths(self, normalized_shape)
        self.normalized_shape, self.elementwise_affine = shape, elementwise_affine
        self.eps = eps if eps is None else number(self, "eps", eps)
        self.weight = Parameter(np.ones(shape), dtype=dtype) if elementwise_affine else None

    def forward(self, x: Any) -> Any:
        """An output of the shape of ``x``."""
        x = as_constant(x, self.weight.dtype) if self.weight is not None else x
        return rms_norm(x, self.normalized_shape, self.weight, self.eps)

    def extra_repr(self) -> str:
        """The arguments that the layer was made with."""
        return f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}"


class GroupNorm(_Norm):
    """Groups of channels standardised; see :func:`group_norm`.

    Args:
        num_groups: how many groups; it divides the channels.
        num_channels: how many channels.
        eps: what keeps the root away from 0.
        affine: whether a scale and a shift are learned.
        bias: whether the shift is.
        dtype: the dtype of the parameters.

    Raises:
        ArgumentError: the groups do not divide the channels.

    Example:
        >>> GroupNorm(2, 4)(np.zeros((3, 4, 5))).shape
        (3, 4, 5)
    """

    def __init__(
        self,
        num_groups: int,
        num_channels: int,
        eps: float = 1e-5,
        affine: bool = True,
        bias: bool = True,
        dtype: Any = np.float32,
    ) -> None:
        check_sizes(self, num_groups=num_groups, num_channels=num_channels)
        if num_channels % num_groups:
            given = f"GroupNorm({num_groups}, {num_channels})"
            raise errors.bad_argument(
                given, "num_groups that divides num_channels", given, f"GroupNorm(1, {num_channels})"
            )
        self.eps = number(self, "eps", eps)
        self.num_groups, self.num_channels, self.affine = num_groups, num_channels, affine
        self.weight = Parameter(np.ones(num_channels), dtype=dtype) if affine else None
        self.bias = Parameter(np.zeros(num_channels), dtype=dtype) if affine and bias else None

    def forward(self, x: Any) -> Any:
        """An output of the shape of ``x``, whose second axis is that of the channels."""
        if len(np.shape(x)) < 2 or np.shape(x)[1] != self.num_channels:
            raise _wrong(
                "GroupNorm", np.shape(x), f"shape (N, {self.num_channels}, ...)", "a layer for as many channels"
            )
        x = as_constant(x, self.weight.dtype) if self.weight is not None else x
        return group_norm(x, self.num_groups, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        """The arguments that the layer was made with."""
        sizes = f"{self.num_groups}, {self.num_channels}"
        return f"{sizes}, eps={self.eps}, affine={self.affine}, bias={self.bias is not None}"
