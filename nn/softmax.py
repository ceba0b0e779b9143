"""Functions along an axis: softmax and its kin, and the gated linear unit."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import errors, sigmoid
from autograd.graph import Primitive

from . import rules
from .inputs import of_arrays


def _check_axis(name: str, shape: tuple[int, ...], dim: int) -> None:
    """An axis of an array of this shape; a number counts as a row of one, as in PyTorch."""
    n = len(shape) or 1
    if not isinstance(dim, (int, np.integer)) or not -n <= dim < n:
        did = f"{name} of an input of shape {shape}"
        raise errors.PlaceError(
            errors.message(did, f"an axis from {-n} to {n - 1}", f"axis {dim!r} is out of bounds", "dim=-1")
        )


def _along(name: str, row: Primitive, x: Any, dim: int, dtype: Any) -> Any:
    """A row of the table, applied along an axis."""
    shape = np.shape(x)
    _check_axis(name, shape, dim)
    x = x if dtype is None else x.astype(dtype)
    if 0 in shape:
        return x
    return row(x, dim=dim) if shape else np.reshape(row(np.reshape(x, (1,)), dim=0), ())


@of_arrays
def softmax(x: Any, dim: int = -1, *, dtype: Any = None) -> Any:
    """``exp(x) / sum(exp(x))``: positive numbers that sum to 1 along ``dim``.

    Args:
        x: a Tensor or an array of any shape.
        dim: the axis of the classes.
        dtype: what ``x`` is converted to before; its own if not given.

    Returns:
        The same shape and dtype.

    Raises:
        PlaceError: an axis that ``x`` does not have.

    Example:
        >>> softmax(np.array([1000.0, 1000.0]))
        array([0.5, 0.5])
    """
    return _along("softmax", rules.softmax, x, dim, dtype)


@of_arrays
def log_softmax(x: Any, dim: int = -1, *, dtype: Any = None) -> Any:
    """``log(softmax(x))``, exact where softmax itself would round to 0.

    Args:
        x: a Tensor or an array of any shape.
        dim: the axis of the classes.
        dtype: what ``x`` is converted to before; its own if not given.

    Returns:
        The same shape and dtype.

    Raises:
        PlaceError: an axis that ``x`` does not have.

    Example:
        >>> log_softmax(np.array([0.0, -1000.0]))
        array([    0., -1000.])
    """
    return _along("log_softmax", rules.log_softmax, x, dim, dtype)


@of_arrays
def softmin(x: Any, dim: int = -1, *, dtype: Any = None) -> Any:
    """``softmax(-x)``.

    Args:
        x: a Tensor or an array of any shape.
        dim: the axis of the classes.
        dtype: what ``x`` is converted to before; its own if not given.

    Returns:
        The same shape and dtype.

    Raises:
        PlaceError: an axis that ``x`` does not have.

    Example:
        >>> softmin(np.array([1.0, 1.0]))
        array([0.5, 0.5])
    """
    return _along("softmin", rules.softmax, -x, dim, dtype)


@of_arrays
def glu(x: Any, dim: int = -1) -> Any:
    """The first half along ``dim`` times the sigmoid of the second (Dauphin et al. 2016).

    Args:
        x: a Tensor or an array; its axis ``dim`` has an even length.
        dim: the axis that is halved.

    Returns:
        An output with half the length along ``dim``.

    Raises:
        ShapeError: the length is odd.

    Example:
        >>> glu(np.array([3.0, 0.0]))
        array([1.5])
    """
    _check_axis("glu", np.shape(x), dim)
    n = (np.shape(x) or (1,))[dim]
    if n % 2:
        raise errors.ShapeError(
            errors.message(
                f"glu of an input of shape {np.shape(x)}", f"an even length along dim={dim}", f"{n}", "another dim"
            )
        )
    before = (slice(None),) * (dim % len(np.shape(x)))
    return x[(*before, slice(n // 2))] * sigmoid(x[(*before, slice(n // 2, n))])
