"""Rprop: the sign of the gradient alone, and steps that grow while it stays."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from autograd import errors

from .elementwise import Elementwise
from .optimizer import State, check_numbers


class Rprop(Elementwise):
    """Resilient backpropagation (Riedmiller and Braun 1993) with PyTorch's formulas, for gradients of all examples.

    Each number of a parameter ``p`` has a step ``s``, which is ``lr`` at first. With its gradient ``g``, and the last
    one ``h``::

        s = clip(s * (eta_plus if g * h > 0, eta_minus if g * h < 0, else 1), *step_sizes)
        g = 0 if g * h < 0
        p = p - sign(g) * s

    Args:
        params: the Tensors or Values to train, such as ``model.parameters()``, or groups of them.
        lr: the first step.
        etas: the factors ``(eta_minus, eta_plus)`` for a gradient that turned, and for one that did not.
        step_sizes: the shortest and the longest step.
        maximize: uphill, not downhill.
        **others: ``foreach``, ``fused`` and ``capturable`` change nothing here; see :class:`nn.optim.Optimizer`.

    Raises:
        ArgumentError: no parameters, something that is not a parameter, or a number out of range.

    Example:
        >>> from autograd import Tensor
        >>> x = Tensor([3.0])
        >>> optimizer = Rprop([x], lr=0.1)
        >>> for _ in range(2):  # 0.1, and 1.2 times as much
        ...     (5 * x).sum().backward()
        ...     optimizer.step()
        >>> round(x.item(), 6)
        2.78
    """

    def __init__(
        self,
        params: Iterable[Any],
        lr: float = 1e-2,
        etas: tuple[float, float] = (0.5, 1.2),
        step_sizes: tuple[float, float] = (1e-6, 50),
        *,
        maximize: bool = False,
        **others: Any,
    ) -> None:
        super().__init__(params, {"lr": lr, "etas": etas, "step_sizes": step_sizes, "maximize": maximize}, others)

    def check(self, group: dict[str, Any]) -> None:
        """No negative numbers, one factor on each side of 1, and sizes in order."""
        check_numbers("Rprop", group, "lr")
        for option, usual in (("etas", "(0.5, 1.2)"), ("step_sizes", "(1e-6, 50)")):
            pair = group[option]
            if not (isinstance(pair, (tuple, list)) and len(pair) == 2):
                raise errors.bad_argument(f"Rprop(..., {option}={pair!r})", "a pair", repr(pair), f"{option}={usual}")
        (lower, higher), (shortest, longest) = group["etas"], group["step_sizes"]
        if not 0 < lower < 1 < higher:
            did, expected = f"Rprop(..., etas={group['etas']!r})", "one factor between 0 and 1, and one above 1"
            raise errors.bad_argument(did, expected, repr(group["etas"]), "etas=(0.5, 1.2)")
        if not 0 <= shortest <= longest:
            did, expected = f"Rprop(..., step_sizes={group['step_sizes']!r})", "the shortest step, and the longest"
            raise errors.bad_argument(did, expected, repr(group["step_sizes"]), "step_sizes=(1e-6, 50)")

    def begin(self, group: dict[str, Any]) -> tuple[dict[str, float], dict[str, float]]:
        """The last gradients, and the steps."""
        return {"prev": 0.0, "step_size": group["lr"]}, {"step": 0}

    def move(self, group: dict[str, Any], p: Any, g: Any, state: State) -> None:
        """See the formulas of the class."""
        (lower, higher), last, size = group["etas"], state["prev"], state["step_size"]
        agreement = np.sign(g * last)
        size[...] = np.where(agreement > 0, size * higher, np.where(agreement < 0, size * lower, size))
        np.clip(size, *group["step_sizes"], out=size)
        last[:] = np.where(agreement < 0, 0, g)
        p -= np.sign(last) * size
