"""How weights are drawn before training."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np

from autograd import Tensor, errors
from autograd.compiling.recording import SOURCES

from .check import check_whole


@cache
def generator() -> np.random.Generator:
    """The one that layers draw from when they are not given another."""
    return np.random.default_rng()


SOURCES.append(generator)


def source(rng: np.random.Generator | None) -> np.random.Generator:
    """What to draw from.

    Raises:
        ArgumentError: something else was given, such as a seed.
    """
    if rng is None:
        return generator()
    if not isinstance(rng, np.random.Generator):
        raise errors.bad_argument(
            f"rng={errors.brief(rng)}", "a generator of NumPy", errors.brief(rng), "rng=np.random.default_rng(0)"
        )
    return rng


def manual_seed(seed: int) -> np.random.Generator:
    """Start the random numbers of ``nn`` afresh, so that the same program draws the same weights.

    Args:
        seed: any whole number from 0.

    Returns:
        The generator that layers draw from when they are not given one.

    Raises:
        ArgumentError: ``seed`` is no such number.

    Example:
        >>> from nn import Linear
        >>> _ = manual_seed(0)
        >>> first = Linear(2, 1).weight.data
        >>> _ = manual_seed(0)
        >>> bool((first == Linear(2, 1).weight.data).all())
        True
    """
    check_whole("nn.manual_seed(seed)", "seed", seed, least=0, usual=0)
    generator().bit_generator.state = np.random.default_rng(seed).bit_generator.state
    return generator()


# PyTorch's initialisers: each fills a Tensor, changes it in place, and returns it.


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """By how much weights should be larger, so that an activation does not shrink what goes through it.

    Args:
        nonlinearity: ``"linear"``, ``"conv1d"`` ..., ``"sigmoid"`` (1), ``"tanh"`` (5/3), ``"relu"`` (sqrt(2)),
            ``"leaky_relu"`` (sqrt(2 / (1 + param**2))) or ``"selu"`` (3/4).
        param: the slope of the leaky ReLU, 0.01 if not given.

    Returns:
        The factor.

    Raises:
        ArgumentError: another name.

    Example:
        >>> round(calculate_gain("relu"), 4)
        1.4142
    """
    if nonlinearity == "leaky_relu":
        return math.sqrt(2 / (1 + (0.01 if param is None else param) ** 2))
    linear = ("linear", "sigmoid", *(f"conv{'_transpose' * t}{d}d" for t in (0, 1) for d in (1, 2, 3)))
    gains = {**dict.fromkeys(linear, 1.0), "tanh": 5 / 3, "relu": math.sqrt(2), "selu": 3 / 4}
    if nonlinearity not in gains:
        did, known = f"calculate_gain({nonlinearity!r})", ", ".join([*gains, "leaky_relu"])
        raise errors.bad_argument(did, f"one of {known}", repr(nonlinearity), "calculate_gain('relu')")
    return gains[nonlinearity]


def constant_(tensor: Tensor, val: float) -> Tensor:
    """The same number everywhere.

    Example:
        >>> constant_(Tensor([1.0, 2.0]), 3.0).tolist()
        [3.0, 3.0]
    """
    return _fill(tensor, np.full(tensor.shape, val))


def zeros_(tensor: Tensor) -> Tensor:
    """0 everywhere."""
    return constant_(tensor, 0.0)


def ones_(tensor: Tensor) -> Tensor:
    """1 everywhere."""
    return constant_(tensor, 1.0)


def eye_(tensor: Tensor) -> Tensor:
    """The identity: a matrix with 1 on its diagonal.

    Raises:
        ShapeError: not a matrix.
    """
    if tensor.ndim != 2:
        raise _too_few_axes("eye_", tensor.shape, "two axes")
    return _fill(tensor, np.eye(tensor.shape[0], tensor.shape[1]))


def dirac_(tensor: Tensor, groups: int = 1) -> Tensor:
    """The identity of a convolution: 1 in the middle of the kernel from each input to the output of its number.

    Args:
        tensor: weights of shape (out, in, ...), with three axes to five.
        groups: into how many parts the outputs are divided, each with an identity of its own.

    Returns:
        ``tensor``.

    Raises:
        ShapeError: another number of axes.
        ArgumentError: outputs that cannot be divided into so many parts.

    Example:
        >>> dirac_(Tensor(np.ones((2, 2, 3))))[0].tolist()
        [[0.0, 1.0, 0.0], [0.0, 0.0, 0.0]]
    """
    if tensor.ndim not in (3, 4, 5):
        raise _too_few_axes("dirac_", tensor.shape, "three axes to five, (out, in, ...)")
    check_whole(f"dirac_(tensor, groups={groups!r})", "groups", groups, least=1, usual=1)
    outputs, inputs, *field = tensor.shape
    if outputs % groups:
        did = f"dirac_(tensor, groups={groups})"
        raise errors.bad_argument(did, "as many outputs in each group", f"{outputs} outputs", "groups=1")
    numbers: Any = np.zeros(tensor.shape)
    own = np.arange(min(outputs // groups, inputs))
    middle = tuple(size // 2 for size in field)
    for first in range(0, outputs, outputs // groups):
        numbers[(first + own, own, *middle)] = 1
    return _fill(tensor, numbers)


def uniform_(tensor: Tensor, a: float = 0.0, b: float = 1.0, rng: np.random.Generator | None = None) -> Tensor:
    """Numbers from U(a, b).

    Args:
        tensor: what to fill.
        a: the lower end.
        b: the upper end.
        rng: what to draw from; the generator of :func:`manual_seed` if not given.

    Returns:
        ``tensor``.
    """
    return _fill(tensor, source(rng).uniform(a, b, tensor.shape))


def default_(fan_in: int, *tensors: Tensor | None, rng: np.random.Generator | None = None) -> None:
    """Numbers from ``U(-1/sqrt(fan_in), 1/sqrt(fan_in))``: what PyTorch's layers begin with.

    It is Kaiming's uniform distribution ``U(-k, k)``, ``k = sqrt(6 / ((1 + a**2) fan_in))``, with a = sqrt(5)
    (He et al. 2015, https://arxiv.org/abs/1502.01852).

    Args:
        fan_in: how many inputs a neuron adds up.
        *tensors: what to fill, such as a weight and a bias; ``None`` is passed over.
        rng: what to draw from; the generator of :func:`manual_seed` if not given.

    Example:
        >>> weight = Tensor(np.zeros((2, 4)))
        >>> default_(4, weight, None)
        >>> bool((abs(weight.data) <= 0.5).all())
        True
    """
    for tensor in tensors:
        if tensor is not None:
            uniform_(tensor, -1 / math.sqrt(fan_in), 1 / math.sqrt(fan_in), rng)


def normal_(tensor: Tensor, mean: float = 0.0, std: float = 1.0, rng: np.random.Generator | None = None) -> Tensor:
    """Numbers from N(mean, std**2).

    Args:
        tensor: what to fill.
        mean: their mean.
        std: their standard deviation.
        rng: what to draw from; the generator of :func:`manual_seed` if not given.

    Returns:
        ``tensor``.
    """
    return _fill(tensor, source(rng).normal(mean, std, tensor.shape))


def trunc_normal_(
    tensor: Tensor,
    mean: float = 0.0,
    std: float = 1.0,
    a: float = -2.0,
    b: float = 2.0,
    rng: np.random.Generator | None = None,
) -> Tensor:
    """Numbers from N(mean, std**2), those outside of [a, b] drawn again.

    Args:
        tensor: what to fill.
        mean: the mean of the whole distribution.
        std: the standard deviation of the whole distribution.
        a: the lower end.
        b: the upper end.
        rng: what to draw from; the generator of :func:`manual_seed` if not given.

    Returns:
        ``tensor``.

    Raises:
        ArgumentError: an interval that holds less than one draw in a thousand.
    """
    share = 0.5 * (math.erf((b - mean) / std / math.sqrt(2)) - math.erf((a - mean) / std / math.sqrt(2)))
    if share < 1e-3:
        did, cure = f"trunc_normal_(..., mean={mean}, std={std}, a={a}, b={b})", "a and b on both sides of the mean"
        raise errors.bad_argument(did, "an interval where the distribution has numbers", f"a share of {share:g}", cure)
    draw = source(rng)
    numbers = draw.normal(mean, std, tensor.shape)
    while (outside := (numbers < a) | (numbers > b)).any():
        numbers = np.where(outside, draw.normal(mean, std, tensor.shape), numbers)
    return _fill(tensor, numbers)


def xavier_uniform_(tensor: Tensor, gain: float = 1.0, rng: np.random.Generator | None = None) -> Tensor:
    """Numbers from U(-k, k), ``k = gain * sqrt(6 / (fan_in + fan_out))`` (Glorot and Bengio 2010).

    Args:
        tensor: weights of shape (out, in, ...), with at least two axes.
        gain: see :func:`calculate_gain`.
        rng: what to draw from; the generator of :func:`manual_seed` if not given.

    Returns:
        ``tensor``.

    Raises:
        ShapeError: fewer than two axes.
    """
    bound = gain * math.sqrt(6 / sum(_fans("xavier_uniform_", tensor.shape)))
    return uniform_(tensor, -bound, bound, rng)


def xavier_normal_(tensor: Tensor, gain: float = 1.0, rng: np.random.Generator | None = None) -> Tensor:
    """Numbers from N(0, s**2), ``s = gain * sqrt(2 / (fan_in + fan_out))`` (Glorot and Bengio 2010).

    Args:
        tensor: weights of shape (out, in, ...), with at least two axes.
        gain: see :func:`calculate_gain`.
        rng: what to draw from; the generator of :func:`manual_seed` if not given.

    Returns:
        ``tensor``.

    Raises:
        ShapeError: fewer than two axes.
    """
    return normal_(tensor, 0.0, gain * math.sqrt(2 / sum(_fans("xavier_normal_", tensor.shape))), rng)


def kaiming_uniform_(
    tensor: Tensor,
    a: float = 0.0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    rng: np.random.Generator | None = None,
) -> Tensor:
    """Numbers from U(-k, k), ``k = gain * sqrt(3 / fan)`` (He et al. 2015).

    Args:
        tensor: weights of shape (out, in, ...), with at least two axes.
        a: the slope of the leaky ReLU.
        mode: ``"fan_in"`` keeps the size of results, ``"fan_out"`` that of gradients.
        nonlinearity: see :func:`calculate_gain`.
        rng: what to draw from; the generator of :func:`manual_seed` if not given.

    Returns:
        ``tensor``.

    Raises:
        ShapeError: fewer than two axes.
        ArgumentError: another mode.
    """
    bound = math.sqrt(3) * _kaiming("kaiming_uniform_", tensor.shape, a, mode, nonlinearity)
    return uniform_(tensor, -bound, bound, rng)


def kaiming_normal_(
    tensor: Tensor,
    a: float = 0.0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
    rng: np.random.Generator | None = None,
) -> Tensor:
    """Numbers from N(0, s**2), ``s = gain / sqrt(fan)`` (He et al. 2015); arguments as :func:`kaiming_uniform_`."""
    return normal_(tensor, 0.0, _kaiming("kaiming_normal_", tensor.shape, a, mode, nonlinearity), rng)


def orthogonal_(tensor: Tensor, gain: float = 1.0, rng: np.random.Generator | None = None) -> Tensor:
    """``gain`` times a matrix with orthonormal rows, or columns if there are fewer of these (Saxe et al. 2014).

    Args:
        tensor: weights of shape (out, in, ...), with at least two axes; all but the first count as one.
        gain: the length of the rows.
        rng: what to draw from; the generator of :func:`manual_seed` if not given.

    Returns:
        ``tensor``.

    Raises:
        ShapeError: fewer than two axes.
    """
    _fans("orthogonal_", tensor.shape)
    rows, columns = len(tensor), tensor.size // max(len(tensor), 1)
    q, r = np.linalg.qr(source(rng).normal(size=(max(rows, columns), min(rows, columns))))
    q = q * np.sign(np.diagonal(r))  # so that every orthogonal matrix is as likely
    return _fill(tensor, gain * (q if rows >= columns else q.T).reshape(tensor.shape))


def _fill(tensor: Tensor, numbers: Any) -> Tensor:
    tensor.data = numbers
    return tensor


def _fans(name: str, shape: tuple[int, ...]) -> tuple[int, int]:
    """How many inputs a neuron adds up, and how many neurons an input goes to."""
    if len(shape) < 2:
        raise _too_few_axes(name, shape, "at least two axes, (out, in, ...)")
    field = math.prod(shape[2:])
    return shape[1] * field, shape[0] * field


def _kaiming(name: str, shape: tuple[int, ...], a: float, mode: str, nonlinearity: str) -> float:
    if mode not in ("fan_in", "fan_out"):
        did = f"{name}(..., mode={mode!r})"
        raise errors.bad_argument(did, "'fan_in' or 'fan_out'", repr(mode), "mode='fan_in'")
    return calculate_gain(nonlinearity, a) / math.sqrt(_fans(name, shape)[mode == "fan_out"])


def _too_few_axes(name: str, shape: tuple[int, ...], expected: str) -> errors.ShapeError:
    return errors.ShapeError(
        errors.message(f"{name} of shape {shape}", expected, f"shape {shape}", "nn.init.zeros_(bias) for a bias")
    )
