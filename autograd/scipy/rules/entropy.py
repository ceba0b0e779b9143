"""``x log y`` and the entropies made of it: 0 wherever ``x`` is 0, so there the derivative by ``y`` is 0 too.

At ``x = 0`` the derivative of ``xlogy`` by ``x`` is ``log(y)`` where ``y`` is positive, and counts as 0 elsewhere,
as in PyTorch.
"""

from __future__ import annotations

from typing import Any

from ...graph import Primitive
from ...rules.elementwise import log
from ..peer import load
from .table import special

sp = load("special")


def _zero(x: Any) -> Any:
    """Whether ``x`` is 0, in comparisons that all kinds answer."""
    return (x <= 0) * (x >= 0)


def _alive(x: Any, y: Any) -> Any:
    """1, but 0 where ``x`` is 0 and ``y`` not positive."""
    return (_zero(x) * (y <= 0)) <= 0


def _ratio(x: Any, y: Any) -> Any:
    """``x / y``, but 0 where both are 0."""
    return x / (y + (_zero(x) * _zero(y) > 0))


# fmt: off
xlogy: Primitive = special(sp.xlogy,
    lambda g, y, a, b: xlogy(g * _alive(a, b), b),
    lambda g, y, a, b: g * _ratio(a, b))

xlog1py: Primitive = special(sp.xlog1py,
    lambda g, y, a, b: xlog1py(g * _alive(a, 1 + b), b),
    lambda g, y, a, b: g * _ratio(a, 1 + b))

entr = special(sp.entr,
    lambda g, y, x: -g * (log(x) + 1))

rel_entr = special(sp.rel_entr,
    lambda g, y, a, b: g * (log(a / b) + 1),
    lambda g, y, a, b: -g * _ratio(a, b))

kl_div = special(sp.kl_div,
    lambda g, y, a, b: g * log(a / b),
    lambda g, y, a, b: g * (1 - _ratio(a, b)))
# fmt: on
