"""Losses that compare: examples with each other, and scores with a margin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd import errors

from ..inputs import plain
from .reduction import at_least, beside, numbers, reduce


def hinge_embedding_loss(input: Any, target: Any, margin: float = 1.0, *, reduction: str = "mean") -> Any:
    """The distance ``input`` itself where ``target`` is 1, ``max(0, margin - input)`` where it is -1.

    Args:
        input: distances of any shape.
        target: 1 or -1, of the same shape.
        margin: how far apart is far enough.
        reduction: ``"mean"`` or ``"sum"`` over all elements, or ``"none"``.

    Returns:
        The loss: a scalar, or of the shape of ``input`` with ``"none"``.

    Raises:
        ShapeError: the shapes differ.
        ArgumentError: another reduction, or a mean over nothing.

    Example:
        >>> hinge_embedding_loss(np.array([0.25, 0.25]), [1, -1], reduction="none")
        array([0.25, 0.75])
    """
    name = "hinge_embedding_loss"
    target = beside(name, input, target)
    losses = np.where(target != -1, input, 0) + np.where(target != 1, above_zero(margin - input), 0)
    return reduce(name, losses, reduction)


def margin_ranking_loss(input1: Any, input2: Any, target: Any, margin: float = 0.0, *, reduction: str = "mean") -> Any:
    """``max(0, margin - target (input1 - input2))``: which of two comes first.

    Args:
        input1: scores of any shape.
        input2: scores of the same shape.
        target: of the same shape: 1 where ``input1`` should be larger, -1 where ``input2`` should.
        margin: how much larger.
        reduction: ``"mean"`` or ``"sum"`` over all elements, or ``"none"``.

    Returns:
        The loss: a scalar, or of the shape of ``input1`` with ``"none"``.

    Raises:
        ShapeError: the shapes differ.
        ArgumentError: another reduction, or a mean over nothing.

    Example:
        >>> margin_ranking_loss(np.array([1.0, 1.0]), np.array([3.0, 3.0]), [1, -1], reduction="none")
        array([2., 0.])
    """
    name = "margin_ranking_loss"
    input2, target = beside(name, input1, input2, "second input"), beside(name, input1, target)
    return reduce(name, above_zero(margin - target * (input1 - input2)), reduction)


def soft_margin_loss(input: Any, target: Any, *, reduction: str = "mean") -> Any:
    """``log(1 + exp(-target input))``: the logistic loss of labels 1 and -1.

    Args:
        input: scores of any shape.
        target: 1 or -1, of the same shape.
        reduction: ``"mean"`` or ``"sum"`` over all elements, or ``"none"``.

    Returns:
        The loss: a scalar, or of the shape of ``input`` with ``"none"``.

    Raises:
        ShapeError: the shapes differ.
        ArgumentError: another reduction, or a mean over nothing.

    Example:
        >>> soft_margin_loss(np.array([0.0, 1000.0]), [1, -1], reduction="none").round(3).tolist()
        [0.693, 1000.0]
    """
    target = beside("soft_margin_loss", input, target)
    return reduce("soft_margin_loss", np.logaddexp(0, -target * input), reduction)


def cosine_similarity(x1: Any, x2: Any, dim: int = 1, eps: float = 1e-8) -> Any:
    """``x1 · x2 / (|x1| |x2|)``: the cosine of the angle between vectors.

    Args:
        x1: vectors along the axis ``dim``.
        x2: of a shape that broadcasts against that of ``x1``.
        dim: the axis of the vectors.
        eps: what a smaller length is taken for.

    Returns:
        Numbers from -1 to 1, of the broadcast shape without the axis ``dim``.

    Raises:
        ShapeError: the shapes do not broadcast.

    Example:
        >>> cosine_similarity(np.array([[1.0, 0.0], [1.0, 1.0]]), np.array([[2.0, 0.0], [1.0, -1.0]]))
        array([1., 0.])
    """
    if np.shape(x1) != np.shape(x2):
        x1, x2 = np.broadcast_arrays(x1, x2)
    return ((x1 / _length(x1, dim, eps)) * (x2 / _length(x2, dim, eps))).sum(axis=dim)


def cosine_embedding_loss(
    input1: Any, input2: Any, target: Any, margin: float = 0.0, *, reduction: str = "mean"
) -> Any:
    """``1 - cos`` of the angle where ``target`` is 1, ``max(0, cos - margin)`` where it is -1.

    Args:
        input1: vectors of shape (N, D), or (D,).
        input2: of the same shape.
        target: 1 or -1, of shape (N,), or ().
        margin: the cosine up to which two vectors are different enough.
        reduction: ``"mean"`` or ``"sum"`` over the examples, or ``"none"``.

    Returns:
        The loss: a scalar, or of shape (N,) with ``"none"``.

    Raises:
        ShapeError: the shapes do not fit.
        ArgumentError: another reduction, or a mean over nothing.

    Example:
        >>> x = np.array([[1.0, 0.0], [1.0, 0.0]])
        >>> cosine_embedding_loss(x, x, [1, -1], reduction="none").round(6)
        array([0., 1.])
    """
    name = "cosine_embedding_loss"
    input2 = beside(name, input1, input2, "second input")
    if input1.ndim not in (1, 2) or np.shape(target) != input1.shape[:-1]:
        raise errors.ShapeError(
            errors.message(
                f"{name} of inputs of shape {input1.shape} and a target of shape {np.shape(target)}",
                "shapes (N, D), (N, D) and (N,), or (D,), (D,) and ()",
                f"{input1.shape}, {input1.shape} and {np.shape(target)}",
                "np.ones(len(input1)) for vectors that should all be alike",
            )
        )
    target = numbers(name, input1, target)
    lengths = np.sqrt(((input1 * input1).sum(axis=-1) + 1e-12) * ((input2 * input2).sum(axis=-1) + 1e-12))
    cos = (input1 * input2).sum(axis=-1) / lengths
    return reduce(
        name, np.where(target == 1, 1 - cos, 0) + np.where(target == -1, above_zero(cos - margin), 0), reduction
    )


def pairwise_distance(x1: Any, x2: Any, p: float = 2.0, eps: float = 1e-6, keepdim: bool = False) -> Any:
    """``|x1 - x2 + eps|``, the p-norm along the last axis; ``eps`` keeps it from the kink at 0.

    Args:
        x1: vectors of shape (..., D).
        x2: of a shape that broadcasts against that of ``x1``.
        p: which norm.
        eps: added to every difference.
        keepdim: whether the last axis stays, with length 1.

    Returns:
        Distances of the broadcast shape without the last axis.

    Raises:
        ShapeError: the shapes do not broadcast.

    Example:
        >>> pairwise_distance(np.array([[3.0, 4.0]]), np.array([[0.0, 0.0]])).round(4)
        array([5.])
    """
    return np.linalg.norm(x1 - x2 + eps, ord=p, axis=-1, keepdims=keepdim)


def triplet_margin_loss(
    anchor: Any,
    positive: Any,
    negative: Any,
    margin: float = 1.0,
    p: float = 2.0,
    eps: float = 1e-6,
    swap: bool = False,
    *,
    reduction: str = "mean",
) -> Any:
    """``max(0, d(anchor, positive) - d(anchor, negative) + margin)``: like nearer than unlike.

    Args:
        anchor: vectors of shape (N, D), or (D,).
        positive: what should be near, of the same shape.
        negative: what should be far, of the same shape.
        margin: how much farther.
        p: which norm the distances d are.
        eps: see :func:`pairwise_distance`.
        swap: whether the distance from ``positive`` to ``negative`` counts where it is the smaller one
            (Balntas et al. 2016).
        reduction: ``"mean"`` or ``"sum"`` over the examples, or ``"none"``.

    Returns:
        The loss: a scalar, or of shape (N,) with ``"none"``.

    Raises:
        ShapeError: the shapes differ.
        ArgumentError: a margin that is not positive, another reduction, or a mean over nothing.

    Example:
        >>> a = np.array([[0.0, 0.0]])
        >>> round(float(triplet_margin_loss(a, a + [3.0, 4.0], a + [0.0, 2.0])), 4)  # 5 - 2 + 1
        4.0
    """

    def distance(x1: Any, x2: Any) -> Any:
        return pairwise_distance(x1, x2, p, eps)

    return _triplet("triplet_margin_loss", anchor, positive, negative, distance, margin, swap, reduction)


def triplet_margin_with_distance_loss(
    anchor: Any,
    positive: Any,
    negative: Any,
    *,
    distance_function: Callable[[Any, Any], Any] | None = None,
    margin: float = 1.0,
    swap: bool = False,
    reduction: str = "mean",
) -> Any:
    """:func:`triplet_margin_loss` with another distance.

    Args:
        anchor: examples, one along the first axis for each triplet.
        positive: what should be near, of the same shape.
        negative: what should be far, of the same shape.
        distance_function: of two of these, a distance for each triplet; :func:`pairwise_distance` if not given.
        margin: how much farther.
        swap: whether the distance from ``positive`` to ``negative`` counts where it is the smaller one.
        reduction: ``"mean"`` or ``"sum"`` over the examples, or ``"none"``.

    Returns:
        The loss: a scalar, or of the shape of the distances with ``"none"``.

    Raises:
        ShapeError: the shapes differ.
        ArgumentError: a margin that is not positive, another reduction, or a mean over nothing.

    Example:
        >>> a = np.zeros((1, 2))
        >>> largest = lambda x1, x2: np.abs(x1 - x2).max(axis=-1)
        >>> float(triplet_margin_with_distance_loss(a, a + [3.0, 4.0], a + [0.0, 2.0], distance_function=largest))
        3.0
    """
    name, distance = "triplet_margin_with_distance_loss", distance_function or pairwise_distance
    return _triplet(name, anchor, positive, negative, distance, margin, swap, reduction)


def _triplet(
    name: str, anchor: Any, positive: Any, negative: Any, distance: Any, margin: float, swap: bool, reduction: str
) -> Any:
    """``max(0, d(anchor, positive) - d(anchor, negative) + margin)``."""
    at_least(name, "margin", margin, strictly=True)
    positive, negative = beside(name, anchor, positive, "positive"), beside(name, anchor, negative, "negative")
    far = distance(anchor, negative)
    if swap:
        far = np.minimum(far, distance(positive, negative))
    return reduce(name, above_zero(distance(anchor, positive) - far + margin), reduction)


def above_zero(x: Any) -> Any:
    """``max(0, x)`` with the derivative 1 at 0, which is PyTorch's choice for margins."""
    return np.clip(x, 0, None)


def _length(x: Any, dim: int, eps: float) -> Any:
    """The length of vectors; a smaller one than ``eps`` counts as ``eps``, and has its own gradient all the same."""
    length = np.linalg.norm(x, axis=dim, keepdims=True)
    return length + np.maximum(eps - plain(length), 0)
