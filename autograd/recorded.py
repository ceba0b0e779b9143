"""Values of another kind of number, whose operators and methods all record as their own class does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from .graph import NO_ATTRS, Primitive
from .rules import elementwise
from .value import Value, is_number


def _method(op: Primitive) -> Callable[..., Any]:
    """``op`` as a method: ``a op b``, or ``op(a)``."""

    def method(self: Recorded, *others: Any) -> Any:
        return self._record(op, (self, *others), NO_ATTRS) if all(map(self._takes, others)) else NotImplemented

    return method


def _reflected(op: Primitive) -> Callable[[Recorded, Any], Any]:
    """``b op a``."""
    return lambda self, other: self._record(op, (other, self), NO_ATTRS) if self._takes(other) else NotImplemented


class Recorded(Value):
    """A Value that computes by its own ``_record`` alone, never by the short ways of Python's numbers."""

    __slots__ = ()

    _takes = staticmethod(is_number)

    __add__, __radd__ = _method(elementwise.add), _reflected(elementwise.add)
    __sub__, __rsub__ = _method(elementwise.subtract), _reflected(elementwise.subtract)
    __mul__, __rmul__ = _method(elementwise.multiply), _reflected(elementwise.multiply)
    __truediv__, __rtruediv__ = _method(elementwise.divide), _reflected(elementwise.divide)
    __pow__, __rpow__ = _method(elementwise.power), _reflected(elementwise.power)
    __floordiv__, __rfloordiv__ = _method(elementwise.floor_divide), _reflected(elementwise.floor_divide)
    __mod__, __rmod__ = _method(elementwise.remainder), _reflected(elementwise.remainder)
    __neg__, __pos__, __abs__ = map(_method, (elementwise.negative, elementwise.positive, elementwise.absolute))

    exp, exp2, expm1 = map(_method, (elementwise.exp, elementwise.exp2, elementwise.expm1))
    log, log2, log10 = map(_method, (elementwise.log, elementwise.log2, elementwise.log10))
    log1p, sqrt, cbrt = map(_method, (elementwise.log1p, elementwise.sqrt, elementwise.cbrt))
    sin, cos, tan = map(_method, (elementwise.sin, elementwise.cos, elementwise.tan))
    arcsin, arccos, arctan = map(_method, (elementwise.arcsin, elementwise.arccos, elementwise.arctan))
    sinh, cosh, tanh = map(_method, (elementwise.sinh, elementwise.cosh, elementwise.tanh))
    arcsinh, arccosh, arctanh = map(_method, (elementwise.arcsinh, elementwise.arccosh, elementwise.arctanh))
    sigmoid, relu, conjugate = map(_method, (elementwise.sigmoid, elementwise.relu, elementwise.positive))
    hypot, arctan2 = map(_method, (elementwise.hypot, elementwise.arctan2))
    floor, ceil, trunc = map(_method, (elementwise.floor, elementwise.ceil, elementwise.trunc))
    __floor__, __ceil__, __trunc__, rint = floor, ceil, trunc, _method(elementwise.rint)
