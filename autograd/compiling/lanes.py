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
from ..recorded import Recorded
from ..rules import BY_FUNCTION
from ..value import NUMBERS, Value, is_number, operand
from .arrays import Number, Traced, astype, item
from .trace import Variable


def in_lanes(x: Any) -> bool:
    """Whether there is one number for each example."""
    return bool(np.ndim(x._data if isinstance(x, Node) else x))


def _is_operand(x: Any) -> bool:
    return isinstance(x, Variable) or is_number(x)


def _compare(relation: Callable[[Any, Any], Any]) -> Callable[[Lane, Any], Any]:
    """``a < b`` and its kin: what the program asks, or an array of answers."""
    return lambda self, other: relation(self._data, other._data if isinstance(other, Value) else other)


class Lane(Recorded):
    """A Value that holds a variable of the program; the Values that a recorded function uses are turned into it."""

    __slots__ = ()

    _is_number: ClassVar[bool] = False
    _takes = staticmethod(_is_operand)

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

    __lt__, __le__, __gt__, __ge__ = map(_compare, (operator.lt, operator.le, operator.gt, operator.ge))


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
