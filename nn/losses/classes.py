"""Losses for the right class among several, from scores for each of them.

The classes lie on the axis 1 of the scores, as in PyTorch: (N, C), or (N, C, d1, ...) for a label at each place
of a picture; (C,) is one example.
"""

from __future__ import annotations

from math import prod
from typing import Any

import numpy as np

from autograd import Tensor, errors

from .. import rules
from ..inputs import are_in_range, as_labels, of_arrays, out_of_range, plain
from .reduction import REDUCTIONS, no_mean, numbers, reduce, unknown_reduction


@of_arrays
def cross_entropy(
    input: Any,
    target: Any,
    weight: Any = None,
    *,
    ignore_index: int = -100,
    reduction: str = "mean",
    label_smoothing: float = 0.0,
) -> Any:
    """``-log(softmax(input)[target])``: how surprised the network is by the right class.

    With class weights ``w`` the loss of an example is multiplied by ``w[target]``, and the mean is
    ``sum(losses) / sum(w[target])``. With label smoothing e the right class has the probability ``1 - e + e/C``, and
    every other ``e/C`` (Szegedy et al. 2016, https://arxiv.org/abs/1512.00567).

    Args:
        input: scores of shape (N, C), (N, C, d1, ...), or (C,) for one example; any numbers, no softmax before.
        target: whole numbers from 0 to C - 1 of the shape of ``input`` without the classes, or class probabilities
            of the shape of ``input``.
        weight: how much each class counts, of shape (C,).
        ignore_index: the label of what does not count; not with class probabilities.
        reduction: ``"mean"`` or ``"sum"`` over the examples, or ``"none"``.
        label_smoothing: from 0 to 1, the share of the probability that is spread evenly over all classes.

    Returns:
        The loss: a scalar, or of the shape of ``input`` without the classes with ``"none"``.

    Raises:
        ShapeError: the shapes do not fit.
        DtypeError: targets that are no numbers.
        ArgumentError: a class out of range, fractional classes, a mean over nothing, or an argument out of range.

    Example:
        >>> from autograd import Tensor
        >>> z = Tensor([[2.0, 0.0], [0.0, 2.0]])
        >>> loss = cross_entropy(z, [0, 0])
        >>> loss.backward()
        >>> round(loss.item(), 6), z.grad.round(3).tolist()
        (1.126928, [[-0.06, 0.06], [-0.44, 0.44]])
    """
    if not input.ndim:
        raise _wrong_scores("cross_entropy", input.shape)
    if np.shape(target) == input.shape:
        return _expected(input, target, weight, ignore_index, reduction, label_smoothing)
    dim = 1 if input.ndim > 1 else 0
    return _likelihood(
        "cross_entropy", rules.log_softmax(input, dim=dim) if input.ndim > 2 else rules.log_softmax(input),
        target, weight, ignore_index, reduction, label_smoothing,
    )  # fmt: skip


@of_arrays
def nll_loss(input: Any, target: Any, weight: Any = None, *, ignore_index: int = -100, reduction: str = "mean") -> Any:
    """``-input[target]``: the negative log likelihood of the right class.

    Args:
        input: logarithms of probabilities, of shape (N, C), (N, C, d1, ...) or (C,), as ``log_softmax`` gives them.
        target: whole numbers from 0 to C - 1 of the shape of ``input`` without the classes.
        weight: how much each class counts, of shape (C,).
        ignore_index: the label of what does not count.
        reduction: ``"mean"`` or ``"sum"`` over the examples, or ``"none"``; a mean is weighted.

    Returns:
        The loss: a scalar, or of the shape of ``input`` without the classes with ``"none"``.

    Raises:
        ShapeError: the shapes do not fit.
        ArgumentError: a class out of range, fractional classes, a mean over nothing, or another reduction.

    Example:
        >>> round(float(nll_loss(np.log([[0.25, 0.75]]), [0])), 6)
        1.386294
    """
    if not input.ndim:
        raise _wrong_scores("nll_loss", input.shape)
    return _likelihood("nll_loss", input, target, weight, ignore_index, reduction)


@of_arrays
def multi_margin_loss(
    input: Any, target: Any, p: int = 1, margin: float = 1.0, weight: Any = None, *, reduction: str = "mean"
) -> Any:
    """``sum(max(0, margin - input[target] + input[i])**p) / C`` over the wrong classes i: the hinge loss of classes.

    Args:
        input: scores of shape (N, C), or (C,) for one example.
        target: whole numbers from 0 to C - 1 of shape (N,) or ().
        p: 1 or 2.
        margin: how far the right class has to be in front.
        weight: how much each class counts when it is the right one, of shape (C,).
        reduction: ``"mean"`` or ``"sum"`` over the examples, or ``"none"``.

    Returns:
        The loss: a scalar, or of shape (N,) with ``"none"``.

    Raises:
        ShapeError: the shapes do not fit.
        ArgumentError: a class out of range, another p or another reduction.

    Example:
        >>> float(multi_margin_loss(np.array([[0.0, 0.5, 2.0]]), [1]))  # (max(0, 0.5) + max(0, 2.5)) / 3
        1.0
    """
    name = "multi_margin_loss"
    if p not in (1, 2):
        raise errors.bad_argument(f"{name}(..., p={p!r})", "1 or 2", repr(p), "p=1")
    if input.ndim not in (1, 2):
        raise _wrong_scores(name, input.shape, "(N, C), a row of C scores for each of N examples, or (C,)")
    classes = input.shape[-1]
    labels = _labels(name, target, input.shape)
    if not are_in_range(labels, classes):
        raise out_of_range(name, labels, classes)
    right = np.take_along_axis(input, labels[..., None], axis=-1)
    short = np.where(np.arange(classes) == labels[..., None], 0, np.clip(margin - right + input, 0, None))
    losses = (short if p == 1 else short * short).sum(axis=-1) / classes
    if weight is not None:
        losses = losses * _class_weights(name, weight, classes, input.dtype)[labels].data
    return reduce(name, losses, reduction)


def _likelihood(
    name: str, log_p: Any, target: Any, weight: Any, ignore_index: int, reduction: str, smoothing: float = 0.0
) -> Any:
    """The negative log likelihood of labels, the common case by one row."""
    if reduction not in REDUCTIONS:
        raise unknown_reduction(name, reduction)
    labels = _labels(name, target, log_p.shape)
    classes = log_p.shape[1 if log_p.ndim > 1 else 0]
    in_range = are_in_range(labels, classes)
    if in_range and weight is None and not smoothing and ignore_index < 0 and log_p.ndim < 3:
        if reduction == "mean" and not labels.size:
            no_mean(name)
        return rules.nll(log_p, labels, reduction=reduction)
    _check_smoothing(smoothing)
    counts = labels != ignore_index
    if not in_range:
        labels = np.where(counts, labels, 0)
        if not are_in_range(labels, classes):
            raise out_of_range(name, as_labels(name, target), classes)
    log_p = np.moveaxis(log_p, 1, -1) if log_p.ndim > 1 else log_p
    w = None if weight is None else _class_weights(name, weight, classes, log_p.dtype)
    share = counts.astype(log_p.dtype) if w is None else (w[labels] * counts).data
    losses = -share * np.take_along_axis(log_p, labels[..., None], axis=-1)[..., 0]
    if smoothing:
        evenly = -(log_p if w is None else log_p * w.data).mean(axis=-1)
        losses = (1 - smoothing) * losses + smoothing * np.where(counts, evenly, 0)
    return _weighted_mean(name, losses, share) if reduction == "mean" else reduce(name, losses, reduction)


def _weighted_mean(name: str, losses: Any, share: Any) -> Any:
    """``sum(losses) / sum(share)``."""
    every = getattr(share, "whole", share)
    if not every.any():
        no_mean(name)
    return losses.sum() / share.sum()


def _expected(input: Any, target: Any, weight: Any, ignore_index: int, reduction: str, smoothing: float) -> Any:
    """The cross-entropy of class probabilities: what is to be expected if they are right."""
    name = "cross_entropy"
    if ignore_index >= 0:
        raise errors.bad_argument(
            f"{name}(..., ignore_index={ignore_index})",
            "labels, one of which is not to count",
            "class probabilities, among which there is no label",
            "target * mask[:, None], which leaves out whole examples",
        )
    _check_smoothing(smoothing)
    target = numbers(name, input, target)
    classes = input.shape[1 if input.ndim > 1 else 0]
    if input.ndim > 2:
        input, target = np.moveaxis(input, 1, -1), np.moveaxis(target, 1, -1)
    if smoothing:
        target = (1 - smoothing) * target + smoothing / classes
    if weight is not None:
        target = target * _class_weights(name, weight, classes, input.dtype).data
    return reduce(name, rules.cross_entropy(input, target), reduction)


def _check_smoothing(smoothing: float) -> None:
    if not 0 <= smoothing <= 1:
        did = f"cross_entropy(..., label_smoothing={smoothing!r})"
        raise errors.bad_argument(did, "a share from 0 to 1", repr(smoothing), "label_smoothing=0.1")


def _class_weights(name: str, weight: Any, classes: int, dtype: Any) -> Any:
    """How much each class counts: a Tensor, from which the labels of ``vmap`` can read, and a constant."""
    if np.shape(weight) != (classes,):
        raise errors.ShapeError(
            errors.message(
                f"{name}: the weights of {classes} classes",
                f"shape ({classes},), a number for each class",
                f"shape {np.shape(weight)}",
                f"weight=np.ones({classes})",
            )
        )
    return Tensor(plain(weight), requires_grad=False, dtype=dtype)


def _labels(name: str, target: Any, scores: tuple[int, ...]) -> Any:
    """The right classes as an array of whole numbers, one for each example and place."""
    target = plain(target)
    places = scores[:1] + scores[2:] if len(scores) > 1 else ()
    if target.shape != places:
        raise errors.ShapeError(
            errors.message(
                f"{name} of scores of shape {scores} and a target of shape {target.shape}",
                f"one class for each example, shape {places}"
                + (f", or class probabilities, shape {scores}" if name == "cross_entropy" else ""),
                f"shape {target.shape}; the classes lie on axis 1 of the scores",
                f"target.reshape({', '.join(map(str, places))})"
                if target.size == prod(places)
                else "as many targets as rows of scores; np.moveaxis(scores, -1, 1) if the classes lie last",
            )
        )
    return as_labels(name, target)


def _wrong_scores(name: str, given: tuple[int, ...], expected: str = "(N, C), (N, C, d1, ...) or (C,)") -> Any:
    return errors.ShapeError(
        errors.message(
            f"{name} of scores of shape {given}", f"shape {expected}", f"shape {given}", "scores.reshape(-1, C)"
        )
    )
