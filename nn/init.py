"""How weights are drawn before training."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import numpy as np

from .check import check_whole


@cache
def generator() -> np.random.Generator:
    """The one that layers draw from when they are not given another."""
    return np.random.default_rng()


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


def uniform(shape: tuple[int, ...], fan_in: int, dtype: Any, rng: np.random.Generator | None = None) -> Any:
    """Numbers from ``U(-1/sqrt(fan_in), 1/sqrt(fan_in))``: PyTorch's default for ``Linear``.

    It is Kaiming's uniform distribution ``U(-k, k)``, ``k = sqrt(6 / ((1 + a**2) fan_in))``, with a = sqrt(5)
    (He et al. 2015, https://arxiv.org/abs/1502.01852).

    Args:
        shape: the shape of the result.
        fan_in: how many inputs a neuron adds up.
        dtype: the dtype of the result.
        rng: what to draw from; the generator of :func:`manual_seed` if not given.

    Returns:
        An array of that shape and dtype.

    Example:
        >>> uniform((2, 3), 3, np.float32, np.random.default_rng(0)).shape
        (2, 3)
    """
    bound = 1 / math.sqrt(fan_in)
    return (rng or generator()).uniform(-bound, bound, shape).astype(dtype)
