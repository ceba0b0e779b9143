"""Values while a function is recorded: a number of the program, or one for each example of a batch.

A program that is written on Values speaks of one example. Where :class:`Lane` stands in for its Values, the same
lines are recorded once and run on all examples: what differs from example to example is an array with one *lane* for
each, what does not is a number.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from types import BuiltinFunctionType
from typing import Any, ClassVar

import numpy as np

from .. import errors
from ..graph import NO_ATTRS, Node, Primitive, pullback
from ..rules import BY_FUNCTION, elementwise
from ..value import NUMBERS, Value, is_number, operand
from .arrays import Number, Traced, astype, item
from .trace import Variable


def in_lanes(x: Any) -> bool:
    """Whether there is one number for each example."""
    return bool(np.ndim(x._data if isinstance(x, Node) else x))


def _is_operand(x: Any) -> bool:
    return isinstance(x, Variable) or is_number(x)


def _method(op: Primitive) -> Callable[..., Any]:
    """``op`` as a method: ``a op b``, or ``op(a)``."""

    def method(self: Lane, *others: Any) -> Any:
        return Lane._record(op, (self, *others), NO_ATTRS) if all(map(_is_operand, others)) else NotImplemented

    return method


def _reflected(op: Primitive) -> Callable[[Lane, Any], Any]:
    """``b op a``."""
    return lambda self, other: Lane._record(op, (other, self), NO_ATTRS) if _is_operand(other) else NotImplemented


def _compare(relation: Callable[[Any, Any], Any]) -> Callable[[Lane, Any], Any]:
    """``a < b`` and its kin: what the program asks, or an array of answers."""
    return lambda self, other: relation(self._data, other._data if isinstance(other, Value) else other)


class Lane(Value):
    """A Value that holds a variable of the program; the Values that a recorded function uses are turned into it."""

    __slots__ = ()

    _is_number: ClassVar[bool] = False

    @classmethod
    def _record(cls, op: Primitive, inputs: tuple[Any, ...], attrs: Mapping[str, Any]) -> Any:
        """Write down ``op`` as a call of Python's on numbers, and of NumPy's on lanes."""
        inputs = tuple([x if isinstance(x, Variable) else operand(x, op) for x in inputs])
        numbers = [x._data if isinstance(x, Value) else x for x in inputs]
        first = next((x for x in numbers if isinstance(x, Variable)), None)
        if first is None:
            return Value._record(op, inputs, attrs)
        plain = all(isinstance(x, Number) or type(x) in NUMBERS for x in numbers)
        if plain and isinstance(op.scalar, BuiltinFunctionType):
            data = first.trace.record(op.scalar, tuple(numbers), attrs)
        else:
            data = op(*numbers, **attrs)
        return Lane._result(data, op, inputs, attrs)

    @staticmethod
    def _fit(share: Any, x: Any) -> Any:
        """What the examples pass on to a number that they have in common is added up."""
        if not in_lanes(share) or in_lanes(x):
            return share
        if isinstance(share, Node):
            raise errors.captured_lanes("create_graph=True")
        return number(np.sum(share))

    @staticmethod
    def _is_finite(gradient: Any) -> bool:
        data = gradient._data if isinstance(gradient, Value) else gradient
        return data.is_finite() if isinstance(data, (Number, Traced)) else bool(np.all(np.isfinite(data)))

    @staticmethod
    def _settled(root: Any, seed: Any, path: Any, wrt: Any, record: bool, plain: Any) -> dict[Node, Any]:
        """Refused: what zero times infinity is hangs on the numbers."""
        raise errors.captured_infinity()

    def backward(self, gradient: Any = None, *, create_graph: bool = False) -> None:
        """Fill in ``grad``; where this Value differs from example to example, of its mean."""
        if not self.requires_grad:
            raise errors.nothing_recorded("a Value")
        seed: Any = 1.0 if gradient is None else gradient
        if in_lanes(self):
            lanes = len(self._data)
            seed = np.full(lanes, 1 / lanes) * seed
        if create_graph and not isinstance(seed, Value):
            seed = Lane._leaf(seed)
        for node, g in pullback(self, seed, record=create_graph).items():
            has_before = node.op is None and (isinstance(node.grad, Variable) or node.grad)
            node.grad = node.grad + g if has_before else g

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        if method == "__call__" and ufunc in BY_FUNCTION and not kwargs and all(map(_is_operand, inputs)):
            return Lane._record(BY_FUNCTION[ufunc], inputs, NO_ATTRS)
        return super().__array_ufunc__(ufunc, method, *inputs, **kwargs)

    __add__, __radd__ = _method(elementwise.add), _reflected(elementwise.add)
    __sub__, __rsub__ = _method(elementwise.subtract), _reflected(elementwise.subtract)
    __mul__, __rmul__ = _method(elementwise.multiply), _reflected(elementwise.multiply)
    __truediv__, __rtruediv__ = _method(elementwise.divide), _reflected(elementwise.divide)
    __pow__, __rpow__ = _method(elementwise.power), _reflected(elementwise.power)
    __floordiv__, __rfloordiv__ = _method(elementwise.floor_divide), _reflected(elementwise.floor_divide)
    __mod__, __rmod__ = _method(elementwise.remainder), _reflected(elementwise.remainder)
    __neg__, __pos__, __abs__ = map(_method, (elementwise.negative, elementwise.positive, elementwise.absolute))
    __lt__, __le__, __gt__, __ge__ = map(_compare, (operator.lt, operator.le, operator.gt, operator.ge))

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


def examples(x: Variable) -> Any:
    """An argument that holds a number for each example, as one example sees it: a Value, or lists of Values."""
    if x.data.ndim > 1:
        parts: list[Variable] = [
            x.trace.record(operator.getitem, (x, (slice(None), i)), {}) for i in range(x.data.shape[1])
        ]
        return [examples(part) for part in parts]
    if x.data.dtype != np.float64:
        x = x.trace.record(astype, (x, np.dtype(np.float64)), {})
    return Lane._leaf(x, requires_grad=False)


def number(x: Any) -> Any:
    """A number of NumPy's as one of Python's; refused where it differs from example to example."""
    if not isinstance(x, Traced):
        return x.item() if isinstance(x, np.generic) else x
    if in_lanes(x):
        raise errors.captured_lanes("v.data = x, or v.grad = x")
    return x.trace.record(item, (x,), {})


def returned(x: Any) -> Any:
    """A result: an array with a number for each example, or a Value."""
    if isinstance(x, Lane):
        if in_lanes(x):
            return x._data
        x._data = number(x._data)
    return x


Value._variables = {Number: Lane, Traced: Lane, Lane: Lane}
