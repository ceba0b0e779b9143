"""The functions that layers and losses are made of, under PyTorch's names.

They take Tensors, and plain arrays too; a plain array beside a Tensor is a constant, and takes its dtype.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import Tensor, errors
from autograd import relu as _relu
from autograd import sigmoid as _sigmoid

from . import rules

# Layers.


def linear(x: Any, weight: Any, bias: Any = None) -> Any:
    """``x @ weight.T + bias``.

    Args:
        x: inputs of shape (..., in_features). A plain array is converted to the dtype of ``weight``.
        weight: of shape (out_features, in_features), PyTorch's layout.
        bias: of shape (out_features,), or ``None``.

    Returns:
        Outputs of shape (..., out_features).

    Raises:
        ShapeError: the last axis of ``x`` is not as long as that of ``weight``.

    Example:
        >>> linear(np.ones((4, 3)), np.ones((2, 3)), np.zeros(2)).shape
        (4, 2)
    """
    if not isinstance(x, Tensor):
        x = as_constant(x, weight.dtype)
    try:
        return rules.linear(x, weight, bias) if bias is not None else np.matmul(x, weight.T)
    except ValueError:
        if x.shape[-1:] != weight.shape[1:]:
            raise _wrong_features(x.shape, weight.shape) from None
        raise


def as_constant(x: Any, dtype: Any) -> Any:
    """A Tensor as it is; anything else as an array of ``dtype``, so that a float32 network stays float32."""
    if isinstance(x, Tensor):
        return x
    if hasattr(x, "astype"):
        return x if x.dtype == dtype else x.astype(dtype)
    try:
        return np.asarray(x, dtype)
    except errors.ChainruleError:
        raise
    except (TypeError, ValueError) as error:
        raise errors.not_an_array(x, str(error)) from error


def _wrong_features(given: tuple[int, ...], weight: tuple[int, ...]) -> errors.ShapeError:
    """An input that does not fit the weights."""
    out_features, in_features = weight
    if given[:1] == (in_features,) and len(given) == 2:
        cure = "x.T, if the examples lie in the columns of x"
    elif int(np.prod(given[1:])) == in_features:
        cure = f"x.reshape(len(x), {in_features}), or nn.Flatten() before this layer"
    else:
        cure = f"nn.Linear({given[-1] if given else 'n'}, {out_features}) here, or another shape from the layer before"
    return errors.ShapeError(
        errors.message(
            f"linear: an input of shape {given} against weights of shape {weight}",
            f"shape (..., {in_features}): the last axis holds the in_features={in_features} features",
            f"shape {given}",
            cure,
        )
    )


# Activations.


def relu(x: Any) -> Any:
    """``max(x, 0)`` of each element; its derivative at 0 is 0.

    Args:
        x: a Tensor or an array of any shape.

    Returns:
        The same shape and dtype.

    Example:
        >>> relu(np.array([-1.0, 2.0]))
        array([0., 2.])
    """
    return _relu(x)


def sigmoid(x: Any) -> Any:
    """``1 / (1 + exp(-x))`` of each element, without overflow.

    Args:
        x: a Tensor or an array of any shape.

    Returns:
        The same shape and dtype.

    Example:
        >>> sigmoid(np.array([-1000.0, 0.0]))
        array([0. , 0.5])
    """
    return _sigmoid(x)


def tanh(x: Any) -> Any:
    """The hyperbolic tangent of each element.

    Args:
        x: a Tensor or an array of any shape.

    Returns:
        The same shape and dtype.

    Example:
        >>> tanh(np.array([0.0, 100.0]))
        array([0., 1.])
    """
    return np.tanh(x)


def softmax(x: Any, dim: int = -1) -> Any:
    """``exp(x) / sum(exp(x))``: positive numbers that sum to 1 along ``dim``.

    Args:
        x: a Tensor or an array of any shape.
        dim: the axis of the classes.

    Returns:
        The same shape and dtype.

    Example:
        >>> softmax(np.array([1000.0, 1000.0]))
        array([0.5, 0.5])
    """
    return rules.softmax(x, dim=dim)


def log_softmax(x: Any, dim: int = -1) -> Any:
    """``log(softmax(x))``, exact where softmax itself would round to 0.

    Args:
        x: a Tensor or an array of any shape.
        dim: the axis of the classes.

    Returns:
        The same shape and dtype.

    Example:
        >>> log_softmax(np.array([0.0, -1000.0]))
        array([    0., -1000.])
    """
    return rules.log_softmax(x, dim=dim)


# Losses.


def cross_entropy(logits: Any, target: Any, reduction: str = "mean") -> Any:
    """``-log(softmax(logits)[target])``: how surprised the network is by the right class.

    Args:
        logits: scores of shape (N, C), or (C,) for one example; any numbers, no softmax before.
        target: whole numbers from 0 to C - 1 of shape (N,) or (), or class probabilities of the shape
            of ``logits``.
        reduction: ``"mean"`` or ``"sum"`` over the examples, or ``"none"``.

    Returns:
        The loss: a scalar, or of shape (N,) with ``"none"``.

    Raises:
        ShapeError: the shapes do not fit.
        ArgumentError: a class out of range, fractional classes, or another reduction.

    Example:
        >>> from autograd import Tensor
        >>> z = Tensor([[2.0, 0.0], [0.0, 2.0]])
        >>> loss = cross_entropy(z, [0, 0])
        >>> loss.backward()
        >>> round(loss.item(), 6), z.grad.round(3).tolist()
        (1.126928, [[-0.06, 0.06], [-0.44, 0.44]])
    """
    if logits.ndim not in (1, 2):
        raise _wrong_logits("cross_entropy", logits.shape)
    if np.shape(target) == logits.shape:
        return _reduce("cross_entropy", rules.cross_entropy(logits, as_constant(target, logits.dtype)), reduction)
    check_reduction("cross_entropy", reduction)
    return rules.nll(rules.log_softmax(logits), _classes("cross_entropy", target, logits.shape), reduction=reduction)


def nll_loss(log_probabilities: Any, target: Any, reduction: str = "mean") -> Any:
    """``-log_probabilities[target]``: the negative log likelihood of the right class.

    Args:
        log_probabilities: of shape (N, C) or (C,), as :func:`log_softmax` gives them.
        target: whole numbers from 0 to C - 1 of shape (N,) or ().
        reduction: ``"mean"`` or ``"sum"`` over the examples, or ``"none"``.

    Returns:
        The loss: a scalar, or of shape (N,) with ``"none"``.

    Raises:
        ShapeError: the shapes do not fit.
        ArgumentError: a class out of range, fractional classes, or another reduction.

    Example:
        >>> round(float(nll_loss(np.log([[0.25, 0.75]]), [0])), 6)
        1.386294
    """
    if log_probabilities.ndim not in (1, 2):
        raise _wrong_logits("nll_loss", log_probabilities.shape)
    check_reduction("nll_loss", reduction)
    return rules.nll(log_probabilities, _classes("nll_loss", target, log_probabilities.shape), reduction=reduction)


def mse_loss(prediction: Any, target: Any, reduction: str = "mean") -> Any:
    """``(prediction - target)**2``, averaged over all elements.

    Args:
        prediction: a Tensor or an array of any shape.
        target: of the same shape. A plain array is converted to the dtype of ``prediction``.
        reduction: ``"mean"`` or ``"sum"`` over all elements, or ``"none"``.

    Returns:
        The loss: a scalar, or of the shape of ``prediction`` with ``"none"``.

    Raises:
        ShapeError: the shapes differ. (They are not broadcast: (N, 1) against (N,) would be an N by N table.)
        ArgumentError: another reduction.

    Example:
        >>> float(mse_loss(np.array([1.0, 3.0]), [1.0, 1.0]))
        2.0
    """
    if np.shape(prediction) != np.shape(target):
        raise errors.ShapeError(
            errors.message(
                f"mse_loss of a prediction of shape {np.shape(prediction)} and a target of shape {np.shape(target)}",
                "two equal shapes, one target for each prediction",
                f"{np.shape(prediction)} and {np.shape(target)}",
                f"target.reshape({', '.join(map(str, np.shape(prediction)))})"
                if np.size(prediction) == np.size(target)
                else "a target for each prediction",
            )
        )
    return _reduce("mse_loss", np.square(prediction - as_constant(target, prediction.dtype)), reduction)


def one_hot(labels: Any, num_classes: int, dtype: Any = np.float32) -> Any:
    """A row of zeros for each label, with a 1 at its class.

    Args:
        labels: whole numbers from 0 to ``num_classes`` - 1, of any shape.
        num_classes: the length of the rows.
        dtype: the dtype of the result.

    Returns:
        An array with one axis more than ``labels``, of length ``num_classes``.

    Raises:
        ArgumentError: a label out of range, or labels that are not whole numbers.

    Example:
        >>> one_hot([2, 0], 3)
        array([[0., 0., 1.], [1., 0., 0.]], dtype=float32)
    """
    return rules.one_hot(_whole_numbers("one_hot", labels, num_classes), num_classes, dtype)


REDUCTIONS = ("mean", "sum", "none")


def _reduce(name: str, losses: Any, reduction: str) -> Any:
    """The losses of all examples as their mean, their sum, or as they are."""
    check_reduction(name, reduction)
    return losses if reduction == "none" else losses.mean() if reduction == "mean" else losses.sum()


def check_reduction(name: str, reduction: str) -> None:
    """A way to join the losses of the examples.

    Raises:
        ArgumentError: it is another.
    """
    if reduction not in REDUCTIONS:
        did = f"{name}(..., reduction={reduction!r})"
        raise errors.bad_argument(did, "'mean', 'sum' or 'none'", repr(reduction), "reduction='mean'")


def _classes(name: str, target: Any, logits: tuple[int, ...]) -> Any:
    """The right classes as an array of whole numbers, one for each row of the logits."""
    target = _array(target)
    if target.shape != logits[:-1]:
        raise errors.ShapeError(
            errors.message(
                f"{name} of scores of shape {logits} and a target of shape {target.shape}",
                f"one class for each example, shape {logits[:-1]}, or class probabilities, shape {logits}",
                f"shape {target.shape}",
                "target.ravel()" if target.size == int(np.prod(logits[:-1])) else "as many targets as rows of scores",
            )
        )
    return _whole_numbers(name, target, logits[-1])


def _array(x: Any) -> Any:
    """What a Tensor holds; lists as arrays."""
    x = x.data if isinstance(x, Tensor) else x
    return x if hasattr(x, "dtype") else np.asarray(x)


def _whole_numbers(name: str, labels: Any, num_classes: int) -> Any:
    """Labels as an array of whole numbers in range, or an error."""
    labels = _array(labels)
    if labels.dtype.kind not in "biu":
        cure = "labels.astype(int)"
        raise errors.bad_argument(f"{name}: the labels", "whole numbers, one for each class", str(labels.dtype), cure)
    places = labels.astype(np.intp)
    every = getattr(places, "whole", places)  # the labels of all examples, inside vmap
    if every.size and every.view(np.uintp).max() >= num_classes:  # a negative number becomes a huge one
        raise errors.bad_argument(
            f"{name}: the labels of {num_classes} classes",
            f"whole numbers from 0 to {num_classes - 1}",
            f"labels from {every.min()} to {every.max()}",
            "labels - labels.min() if they start at 1, or as many scores as there are classes",
        )
    return places


def _wrong_logits(name: str, given: tuple[int, ...]) -> errors.ShapeError:
    return errors.ShapeError(
        errors.message(
            f"{name} of scores of shape {given}",
            "shape (N, C), a row of C scores for each of N examples, or (C,) for one example",
            f"shape {given}",
            "scores.reshape(-1, C)",
        )
    )
