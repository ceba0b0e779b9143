"""Dropout: what is learned must not hang on any one number."""

from __future__ import annotations

from numbers import Real
from typing import Any

import numpy as np

from autograd import errors
from autograd.rules.elsewhere import drawn

from . import init
from .inputs import of_arrays
from .module import Module


def check_probability(p: Any) -> None:
    """A number from 0 to 1.

    Raises:
        ArgumentError: it is something else.
    """
    if not isinstance(p, Real) or not 0 <= float(p) <= 1:
        raise errors.bad_argument(f"dropout(..., p={p!r})", "a probability from 0 to 1", repr(p), "p=0.5")


@of_arrays
def dropout(x: Any, p: float = 0.5, training: bool = True, rng: np.random.Generator | None = None) -> Any:
    """Each element 0 with probability ``p``, and the others divided by ``1 - p`` (Srivastava et al. 2014).

    Args:
        x: a Tensor or an array of any shape.
        p: from 0 to 1.
        training: with ``False`` the input is returned as it is.
        rng: what is drawn from; the generator of ``nn.manual_seed`` if not given.

    Returns:
        The same shape and dtype.

    Raises:
        ArgumentError: ``p`` is no probability.

    Example:
        >>> dropout(np.ones(4), 0.5, rng=np.random.default_rng(0)).tolist()
        [2.0, 0.0, 0.0, 0.0]
    """
    check_probability(p)
    if not training or p == 0:
        return x
    dtype = x.dtype
    kept = drawn(init.source(rng), x) >= p
    return x * (kept / (1 - p) if p < 1 else 0 * kept).astype(dtype)


class Dropout(Module):
    """Elements dropped at random while training; see :func:`dropout`.

    Args:
        p: how likely an element is dropped.

    Raises:
        ArgumentError: ``p`` is no probability.

    Example:
        >>> Dropout(0.5).eval()(np.ones(2))
        array([1., 1.])
    """

    def __init__(self, p: float = 0.5) -> None:
        dropout(np.zeros(0), p)
        self.p = p

    def forward(self, x: Any) -> Any:
        """An output of the shape of ``x``."""
        return dropout(x, self.p, self.training)

    def extra_repr(self) -> str:
        """The arguments that the layer was made with."""
        return f"p={self.p}, inplace=False"
