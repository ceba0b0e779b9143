"""The rows that networks add to the table of derivative rules.

Each fuses a few rows into one: fewer nodes, one exponential instead of two, and no overflow. As in
``autograd/rules`` a rule is the textbook line in ``g`` (the gradient of the result), ``y`` (the
result) and the inputs, and can itself be differentiated.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd.graph import ATOM, SUM, Notation
from autograd.rules import row


def _linear(x: Any, weight: Any, bias: Any) -> Any:
    """``x @ weight.T + bias``: the rows of ``weight`` are the neurons, as in PyTorch."""
    return x @ weight.T + bias


def _rows(x: Any) -> Any:
    """``x`` as a matrix: all leading axes become one."""
    return x if np.ndim(x) == 2 else np.reshape(x, (-1, np.shape(x)[-1]))


def _shifted(x: Any, dim: int) -> Any:
    """``x`` minus its largest element along ``dim``: softmax stays the same, and ``exp`` cannot overflow."""
    return x - np.max(x, axis=dim, keepdims=True)


def _softmax(x: Any, dim: int = -1) -> Any:
    e = np.exp(_shifted(x, dim))
    return e / np.sum(e, axis=dim, keepdims=True)


def _log_softmax(x: Any, dim: int = -1) -> Any:
    z = _shifted(x, dim)
    return z - np.log(np.sum(np.exp(z), axis=dim, keepdims=True))


def _cross_entropy(logits: Any, target: Any) -> Any:
    """``-sum(target * log_softmax(logits))``, where a class of no weight counts 0 even if its logit is -inf."""
    return -np.sum(target * np.where(target == 0, 0, _log_softmax(logits)), axis=-1)


# fmt: off
linear = row(_linear,
    lambda g, y, x, weight, bias: g @ weight,
    lambda g, y, x, weight, bias: np.transpose(_rows(g)) @ _rows(x),
    lambda g, y, x, weight, bias: g,
    name="linear", notation=Notation("{} @ {}.T + {}", r"{} {}^\top + {}", SUM))

softmax = row(_softmax,
    lambda g, y, x, dim=-1: y * (g - np.sum(g * y, axis=dim, keepdims=True)),
    name="softmax", notation=Notation("softmax({})", r"\operatorname{{softmax}}({})", ATOM))

log_softmax = row(_log_softmax,
    lambda g, y, x, dim=-1: g - np.exp(y) * np.sum(g, axis=dim, keepdims=True),
    name="log_softmax", notation=Notation("log_softmax({})", r"\ln\operatorname{{softmax}}({})", ATOM))

cross_entropy = row(_cross_entropy,
    lambda g, y, logits, target: g[..., None] * (softmax(logits) * np.sum(target, axis=-1, keepdims=True) - target),
    lambda g, y, logits, target: -g[..., None] * log_softmax(logits),
    name="cross_entropy", notation=Notation("cross_entropy({}, {})", r"\operatorname{{CE}}({}, {})", ATOM))
# fmt: on
