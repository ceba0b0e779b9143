"""The rows that networks add to the table of derivative rules.

Each fuses a few rows into one: fewer nodes, one exponential instead of two, and no overflow. As in
``autograd/rules`` a rule is the textbook line in ``g`` (the gradient of the result), ``y`` (the
result) and the inputs, and can itself be differentiated.
"""

from __future__ import annotations

from operator import mul
from typing import Any

import numpy as np

from autograd.graph import ATOM, SUM, Notation
from autograd.rules import row
from autograd.rules.elsewhere import beside, is_elsewhere, on_blocks


def _neuron(*inputs: Any) -> Any:
    """``w · x + b``, given the weights, then as many inputs, then the bias."""
    n = len(inputs) // 2
    return sum(map(mul, inputs[:n], inputs[n:-1]), inputs[-1])


def _of_neuron(g: Any, inputs: Any) -> list[Any]:
    """``g * x`` for each weight, ``g * w`` for each input, and ``g`` for the bias."""
    n = len(inputs) // 2
    shares = [g * factor for factor in inputs[n:-1] + inputs[:n]]
    return [*shares, g]


def _weighted_sum(inputs: int) -> Notation:
    """``w1 * x1 + w2 * x2 + b``."""
    n = inputs // 2
    pairs = [(i, n + i) for i in range(n)]
    text = " + ".join([*(f"{{{w}}} * {{{x}}}" for w, x in pairs), f"{{{2 * n}}}"])
    latex = " + ".join([*(rf"{{{w}}} \cdot {{{x}}}" for w, x in pairs), f"{{{2 * n}}}"])
    return Notation(text, latex, SUM)


def _times(x: Any, matrix: Any) -> Any:
    """``x @ matrix``, of arrays as one product: all leading axes count as one, and ``dot`` starts sooner."""
    if x.ndim == 2:
        return x.dot(matrix)
    if type(x) is np.ndarray is type(matrix) and x.ndim > 2:
        return x.reshape(-1, x.shape[-1]).dot(matrix).reshape(*x.shape[:-1], matrix.shape[-1])
    return x @ matrix


def _linear(x: Any, weight: Any, bias: Any) -> Any:
    """``x @ weight.T + bias``: the rows of ``weight`` are the neurons, as in PyTorch."""
    alike = type(x) is type(weight) is type(bias)
    y = _times(x, weight.T) if alike else x @ weight.T
    return np.add(y, bias, out=y) if bias.dtype == y.dtype and y.ndim and alike else y + bias


def _of_weight(g: Any, x: Any) -> Any:
    """``g.T @ x``, where all leading axes count as one."""
    if x.ndim == 2:
        return g.T.dot(x)
    return g.reshape((-1, g.shape[-1])).T @ x.reshape((-1, x.shape[-1]))


def _first(x: Any, dim: int) -> Any:
    """``x`` with the axis ``dim`` in front, minus its largest element: softmax stays the same, ``exp`` cannot overflow.

    The short rows of a matrix are copied into columns, along which NumPy reduces several times faster.
    """
    z = x.swapaxes(0, dim)
    z = z.copy() if len(z) <= 64 and z.ndim == 2 else z
    return z - z.max(axis=0)


def _softmax(x: Any, dim: int = -1) -> Any:
    e = np.exp(_first(x, dim))
    if not _is_plain(e):
        return (e / e.sum(axis=0)).swapaxes(0, dim)
    e /= np.einsum("i...->...", e) if e.ndim > 2 and len(e) <= 512 else e.sum(axis=0)  # of short rows sooner
    return e.swapaxes(0, dim)


def _is_plain(x: Any) -> bool:
    """Whether ``x`` is an array of numbers, which can be written to."""
    return type(x) is np.ndarray and x.dtype.kind == "f"


def _of_softmax(g: Any, y: Any, dim: int) -> Any:
    """``y * (g - sum(g * y))``, of arrays in place."""
    share = g - _dot(g, y, dim)
    return np.multiply(y, share, out=share) if _is_plain(y) and _is_plain(share) else y * share


def _log_softmax(x: Any, dim: int = -1) -> Any:
    z = _first(x, dim)
    return (z - np.log(np.exp(z).sum(axis=0))).swapaxes(0, dim)


def _dot(a: Any, b: Any, dim: int) -> Any:
    """``sum(a * b)`` along an axis, which stays with length 1; of arrays without an array of all products."""
    if type(a) is np.ndarray is type(b):
        return np.expand_dims(np.einsum("...i,...i->...", np.moveaxis(a, dim, -1), np.moveaxis(b, dim, -1)), dim)
    return (a * b).sum(axis=dim, keepdims=True)


def _log_from_100(x: Any) -> Any:
    """``log(x)``, but no less than -100."""
    with np.errstate(divide="ignore"):
        return np.maximum(np.log(x), -100)


def _binary_cross_entropy(p: Any, target: Any) -> Any:
    """``-target log(p) - (1 - target) log(1 - p)``."""
    return -target * _log_from_100(p) - (1 - target) * _log_from_100(1 - p)


def _cross_entropy(logits: Any, target: Any) -> Any:
    """``-sum(target * log_softmax(logits))``, where a class of no weight counts 0 even if its logit is -inf."""
    return -np.sum(target * np.where(target == 0, 0, _log_softmax(logits)), axis=-1)


def one_hot(labels: Any, num_classes: int, dtype: Any) -> Any:
    """A row of zeros for each label, with a 1 at its class."""
    if is_elsewhere(labels):
        return (labels[..., None] == beside(labels, np.arange, num_classes)).astype(dtype)
    if labels.ndim == 1:
        hot = np.zeros_like(labels, dtype, shape=(num_classes, labels.size))
        hot[labels, np.arange(labels.size)] = 1
        return hot.T  # laid out in memory as softmax is
    hot = np.zeros_like(labels, dtype, shape=(labels.size, num_classes))
    hot[np.arange(labels.size), labels.ravel()] = 1
    return hot.reshape(*labels.shape, num_classes)


@on_blocks("(c),()->()", lambda rows, labels: rows)
def _at(rows: Any, labels: Any) -> Any:
    """The element of each row at its label, elsewhere."""
    return np.take_along_axis(rows, labels[:, None], axis=-1)[:, 0]


def _nll(log_probabilities: Any, labels: Any, reduction: str = "mean") -> Any:
    """``-log_probabilities[labels]``, reduced as asked for."""
    if not np.ndim(labels):
        return -log_probabilities[int(labels) if is_elsewhere(log_probabilities) else labels]
    rows = log_probabilities
    right = _at(rows, labels) if is_elsewhere(rows) else rows[np.arange(labels.size), labels]
    if reduction == "none":
        return -right
    total = -right.sum()
    return total / labels.size if reduction == "mean" else total


def _each_loss(g: Any, labels: Any, reduction: str) -> Any:
    """The gradient of the loss of each example, given that of what they were reduced to."""
    if reduction == "none":
        return g[..., None]
    return g / labels.size if reduction == "mean" else g


# fmt: off
neuron = row(_neuron,
    jointly=lambda g, y, *inputs: _of_neuron(g, inputs),
    name="neuron", scalar=_neuron, symbol="w·x + b", notation=_weighted_sum)

linear = row(_linear,
    lambda g, y, x, weight, bias: _times(g, weight),
    lambda g, y, x, weight, bias: _of_weight(g, x),
    lambda g, y, x, weight, bias: g,
    name="linear", notation=Notation("{} @ {}.T + {}", r"{} {}^\top + {}", SUM))

softmax = row(_softmax,
    lambda g, y, x, dim=-1: _of_softmax(g, y, dim),
    name="softmax", notation=Notation("softmax({})", r"\operatorname{{softmax}}({})", ATOM))

log_softmax = row(_log_softmax,
    lambda g, y, x, dim=-1: g - np.exp(y) * g.sum(axis=dim, keepdims=True),
    name="log_softmax", notation=Notation("log_softmax({})", r"\ln\operatorname{{softmax}}({})", ATOM))

binary_cross_entropy = row(_binary_cross_entropy,
    lambda g, y, p, target: g * (p - target) / np.maximum(p * (1 - p), 1e-12),  # PyTorch's bound
    lambda g, y, p, target: g * (_log_from_100(1 - p) - _log_from_100(p)),
    name="binary_cross_entropy", notation=Notation("BCE({}, {})", r"\operatorname{{BCE}}({}, {})", ATOM))

cross_entropy = row(_cross_entropy,
    lambda g, y, logits, target: g[..., None] * (softmax(logits) * np.sum(target, axis=-1, keepdims=True) - target),
    lambda g, y, logits, target: -g[..., None] * log_softmax(logits),
    name="cross_entropy", notation=Notation("cross_entropy({}, {})", r"\operatorname{{CE}}({}, {})", ATOM))

nll = row(_nll,
    lambda g, y, log_probabilities, labels, reduction="mean":
        -_each_loss(g, labels, reduction) * one_hot(labels, log_probabilities.shape[-1], log_probabilities.dtype),
    None,
    name="nll", notation=Notation("nll({}, {})", r"\operatorname{{NLL}}({}, {})", ATOM))
# fmt: on
