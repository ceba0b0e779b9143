"""Stochastic gradient descent: a step downhill, with or without momentum."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from autograd import Node, errors

from ..check import check_real


class SGD:
    """Stochastic gradient descent with PyTorch's formulas.

    For each parameter ``p`` with gradient ``g``::

        g = g + weight_decay * p
        v = momentum * v + g                  (v = 0 before the first step)
        g = g + momentum * v if nesterov else v
        p = p - lr * g

    Args:
        params: the Tensors or Values to train, such as ``model.parameters()``.
        lr: the length of a step.
        momentum: how much of the last step goes on.
        weight_decay: how strongly parameters are pulled towards 0.
        nesterov: look ahead along the momentum (Sutskever et al. 2013).

    Attributes:
        lr: may be assigned between steps.

    Raises:
        ArgumentError: no parameters, something that is not a parameter, or a negative number.

    Example:
        >>> from autograd import Tensor
        >>> x = Tensor([3.0])
        >>> optimizer = SGD([x], lr=0.1)
        >>> for _ in range(100):
        ...     optimizer.zero_grad()
        ...     (x * x).sum().backward()
        ...     optimizer.step()
        >>> bool(abs(x.item()) < 1e-8)
        True
    """

    def __init__(
        self,
        params: Iterable[Node],
        lr: float = 1e-3,
        momentum: float = 0.0,
        weight_decay: float = 0.0,
        nesterov: bool = False,
    ) -> None:
        self.params = _checked(params)
        for name, number, usual in (("lr", lr, 0.1), ("momentum", momentum, 0.9), ("weight_decay", weight_decay, 1e-4)):
            check_real(f"SGD(..., {name}={number!r})", name, number, usual)
        if nesterov and not momentum:
            raise errors.bad_argument("SGD(..., nesterov=True)", "a momentum above 0", "momentum=0", "momentum=0.9")
        self.lr = lr
        self.momentum = momentum
        self.weight_decay = weight_decay
        self.nesterov = nesterov
        self._velocities: dict[Node, Any] = {}

    def step(self) -> None:
        """Move every parameter that has a gradient."""
        lr = self.lr
        bare = not (self.momentum or self.weight_decay)
        for p in self.params:
            g = p.grad
            if g is None or not p.requires_grad:
                continue
            move = g if bare and not isinstance(g, Node) else self._direction(p)
            if getattr(move, "size", 1) <= PIECE:
                p.data -= lr * move
            else:
                _move_large(p, lr, move)

    def zero_grad(self) -> None:
        """Forget the gradients of earlier backward passes."""
        for p in self.params:
            p.zero_grad()

    def _direction(self, p: Node) -> Any:
        """Where to go from ``p``: its gradient, with weight decay and momentum."""
        g = p.grad.data if isinstance(p.grad, Node) else p.grad
        if self.weight_decay:
            g = g + self.weight_decay * p.data
        if not self.momentum:
            return g
        v = self.momentum * self._velocities.get(p, 0.0) + g
        self._velocities[p] = v
        return g + self.momentum * v if self.nesterov else v

    def __repr__(self) -> str:
        options = f"lr={self.lr}, momentum={self.momentum}, weight_decay={self.weight_decay}, nesterov={self.nesterov}"
        return f"SGD({len(self.params)} parameters, {options})"


PIECE = 1 << 15
"""How many elements are moved at a time: few enough for ``lr * direction`` to stay in the cache."""


def _move_large(p: Node, lr: float, direction: Any) -> None:
    """``p.data -= lr * direction`` in pieces: no second array of its size is made."""
    data = p.data
    if not (data.flags.c_contiguous and direction.flags.c_contiguous):
        p.data -= lr * direction
        return
    flat, along = data.reshape(-1), direction.reshape(-1)
    for start in range(0, flat.size, PIECE):
        flat[start : start + PIECE] -= lr * along[start : start + PIECE]
    p.data = data


def _checked(params: Iterable[Node]) -> list[Node]:
    """The parameters as a list, or an error."""
    cure = "SGD(model.parameters(), lr=0.1), or SGD([x], lr=0.1) for one Tensor"
    if isinstance(params, Node):
        raise errors.bad_argument("SGD(params)", "a list of Tensors or Values", type(params).__name__, cure)
    if not isinstance(params, Iterable):
        raise errors.bad_argument("SGD(params)", "a list of Tensors or Values", errors.describe(params), cure)
    found = list(params)
    for p in found:
        if not isinstance(p, Node):
            raise errors.bad_argument("SGD(params)", "Tensors or Values", f"{type(p).__name__}: {p!r}", cure)
        if not p.is_leaf:
            expected = "leaves, which no operation made"
            raise errors.bad_argument("SGD(params)", expected, f"{errors.describe(p)}, a result", cure)
    if not found:
        raise errors.bad_argument("SGD(params)", "at least one parameter", "an empty list", cure)
    return found
