"""Symbols: nodes with names, on which a rule runs as on numbers, and leaves the graph of its formula behind.

Each symbol carries the engine's number, so that the formula can be written with its numbers in place.
What would say nothing in a formula is left out as it is built: factors of 1, terms of 0, changes of dtype.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np

from autograd import Tensor, Value
from autograd.errors import bad_argument
from autograd.graph import ATOM, TABLE, Node, Notation, Primitive
from autograd.numpy import dispatch
from autograd.rules import BY_FUNCTION, elementwise, index, linalg, shape
from autograd.rules.exact import is_exact
from autograd.rules.parts import is_complex

from .latex import latex_name


def _step(name: str, relation: Callable[[Any, Any], Any], sign: str, latex: str) -> Primitive:
    """A comparison as an operation: the indicator ``[a > b]``, 1 where it holds and 0 elsewhere."""
    return Primitive(
        name,
        relation,
        [lambda g, y, a, b: 0 * g] * 2,
        scalar=relation,
        notation=Notation(f"[{{}} {sign} {{}}]", f"[{{}} {latex} {{}}]", ATOM),
    )


LESS = _step("less", operator.lt, "<", r"\lt")
LESS_EQUAL = _step("less_equal", operator.le, "<=", r"\le")
GREATER = _step("greater", operator.gt, ">", r"\gt")
GREATER_EQUAL = _step("greater_equal", operator.ge, ">=", r"\ge")
EQUAL = _step("equal", operator.eq, "=", "=")
NOT_EQUAL = _step("not_equal", operator.ne, "!=", r"\ne")
OR = _step("logical_or", operator.or_, "or", r"\lor")
INDICATORS = {LESS, LESS_EQUAL, GREATER, GREATER_EQUAL, EQUAL, NOT_EQUAL, OR}


def _binary(op: Primitive) -> Callable[[Any, Any], Any]:
    return lambda self, other: Symbol._record(op, (self, other), {})


def _reflected(op: Primitive) -> Callable[[Any, Any], Any]:
    return lambda self, other: Symbol._record(op, (other, self), {})


def _unary(op: Primitive) -> Callable[[Any], Any]:
    return lambda self: Symbol._record(op, (self,), {})


def _fit(gradient: Any, x: Any) -> Any:
    """Undo broadcasting as the engine does, on symbols, and take the real part for what is real."""
    if is_complex(gradient) and not is_complex(x):
        gradient = np.real(gradient)
    return Tensor._fit(gradient, x) if isinstance(gradient, Symbol) and np.ndim(gradient._data) else gradient


class Symbol(Node):
    """A named quantity, or an expression of such; it answers whatever a rule does to its arguments."""

    __slots__ = ("latex",)

    latex: str

    comparisons_are_nodes: ClassVar[bool] = True

    _fit: ClassVar[Callable[[Any, Any], Any] | None] = staticmethod(_fit)

    @classmethod
    def named(cls, name: str, data: Any, latex: str | None = None) -> Symbol:
        """The quantity called ``name`` that has the value ``data``."""
        symbol: Symbol = cls._leaf(data, name=name)
        symbol.latex = latex_name(name) if latex is None else latex
        return symbol

    @classmethod
    def _record(cls, op: Primitive, inputs: tuple[Any, ...], attrs: Mapping[str, Any]) -> Any:
        """The expression ``op(*inputs, **attrs)``, without what would say nothing in it."""
        if op is elementwise.astype:
            return inputs[0]
        simple = _simplified(op, inputs, attrs)
        return simple if simple is not None else cls._result(_evaluate(op, inputs, attrs), op, inputs, attrs)

    __add__, __radd__ = _binary(elementwise.add), _reflected(elementwise.add)
    __sub__, __rsub__ = _binary(elementwise.subtract), _reflected(elementwise.subtract)
    __mul__, __rmul__ = _binary(elementwise.multiply), _reflected(elementwise.multiply)
    __truediv__, __rtruediv__ = _binary(elementwise.divide), _reflected(elementwise.divide)
    __pow__, __rpow__ = _binary(elementwise.power), _reflected(elementwise.power)
    __mod__, __rmod__ = _binary(elementwise.remainder), _reflected(elementwise.remainder)
    __matmul__, __rmatmul__ = _binary(linalg.matmul), _reflected(linalg.matmul)
    __neg__, __pos__, __abs__ = map(_unary, (elementwise.negative, elementwise.positive, elementwise.absolute))
    __lt__, __le__, __gt__, __ge__ = map(_binary, (LESS, LESS_EQUAL, GREATER, GREATER_EQUAL))
    __eq__ = _binary(EQUAL)
    __ne__ = _binary(NOT_EQUAL)
    __hash__ = object.__hash__

    def __or__(self, other: Any) -> Any:
        """``(x > 0) | (x < 0)`` is ``x != 0``."""
        sides = (self.op, getattr(other, "op", None))
        if sides in ((GREATER, LESS), (LESS, GREATER)) and _same(self.inputs, other.inputs):
            return Symbol._record(NOT_EQUAL, self.inputs, {})
        return Symbol._record(OR, (self, other), {})

    def __getattr__(self, name: str) -> Any:
        """An elementwise operation as a method, ``x.tanh()``: what NumPy calls on arrays of objects."""
        row = TABLE.get(name)
        if row is None or row.scalar is None:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        return lambda *others: Symbol._record(row, (self, *others), {})

    def __bool__(self) -> bool:
        """Whether it holds, by its number."""
        datas = [x._data if isinstance(x, Symbol) else x for x in (self, *self.inputs)]
        if any(isinstance(x, float) and math.isnan(x) for x in datas):
            raise bad_argument(
                "a branch on a symbol", "a formula that is the same for all numbers", "a symbol without a number",
                "explain(f, 'x', at={'x': 0.5}), which takes the branch of that number",
            )  # fmt: skip
        return bool(self._data)

    def __and__(self, other: Any) -> Any:
        """Both hold: the product of the indicators."""
        return self * other

    @property
    def shape(self) -> tuple[int, ...]:
        """The length of each axis."""
        return np.shape(self._data)

    @property
    def size(self) -> int:
        """The number of elements."""
        return int(np.size(self._data))

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return np.ndim(self._data)

    @property
    def dtype(self) -> Any:
        """The dtype of the elements."""
        return getattr(self._data, "dtype", None) or np.asarray(self._data).dtype

    def __getitem__(self, where: Any) -> Any:
        return Symbol._record(index.getitem, (self,), {"index": where})

    @property
    def T(self) -> Any:
        """The transpose."""
        return shape.transpose(self)

    @property
    def mT(self) -> Any:
        """The transpose of the last two axes."""
        return np.swapaxes(self, -1, -2)

    def ravel(self) -> Any:
        """The same elements in a row."""
        return self.reshape((-1,))

    def transpose(self, *axes: int) -> Any:
        """The axes in another order."""
        return shape.transpose(self, axes=axes or None)

    def dot(self, other: Any) -> Any:
        """The matrix product."""
        return self @ other

    def reshape(self, to: tuple[int, ...]) -> Any:
        """The same elements in another shape."""
        return Symbol._record(shape.reshape, (self,), {"shape": to})

    def sum(self, axis: Any = None, keepdims: bool = False) -> Any:
        """The elements added up, along some axes or all."""
        return np.sum(self, axis=axis, keepdims=keepdims)

    def astype(self, dtype: Any) -> Any:
        """The same: a dtype is no part of a formula."""
        return self

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        return BY_FUNCTION[ufunc](*inputs)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        kwargs = {key: value for key, value in kwargs.items() if key != "dtype"}
        if function is np.where:  # its composite sees the condition's data only; here it is part of the formula
            return elementwise.where(*args)
        if function in dispatch.COMPOSITES:
            return dispatch.COMPOSITES[function](*args, **kwargs)
        if function in BY_FUNCTION:
            return dispatch.call(BY_FUNCTION[function], function, args, kwargs)
        return function(*[dispatch.data(x) for x in args], **kwargs)


def _same(a: Sequence[Any], b: Sequence[Any]) -> bool:
    return all(x is y or (is_number(x) and is_number(y) and x == y) for x, y in zip(a, b, strict=True))


def is_number(x: Any) -> bool:
    """Whether ``x`` is a bare real number."""
    return isinstance(x, (int, float))


def _equals(x: Any, number: float) -> bool:
    """Whether ``x`` is that very number, or the symbol that is written so."""
    return bool(x == number) if is_number(x) else isinstance(x, Symbol) and x.name == str(number)


def _simplified(op: Primitive, inputs: Sequence[Any], attrs: Mapping[str, Any]) -> Any:
    """The expression without factors of 1 and terms of 0; ``None`` if there is nothing to leave out."""
    if op is elementwise.multiply:
        a, b = inputs
        if _equals(a, 0) or _equals(b, 0):
            return 0
        if _equals(a, 1) or _equals(b, 1):
            return b if _equals(a, 1) else a
        if _equals(a, -1) or _equals(b, -1):
            return -(b if _equals(a, -1) else a)
        if a is b and isinstance(a, Symbol) and not a.name:
            return a**2
    elif _guards(op, inputs):
        return inputs[0] - 1 if op is elementwise.subtract else inputs[0]
    elif op is elementwise.add:
        if _equals(inputs[0], 0) or _equals(inputs[1], 0):
            return inputs[1] if _equals(inputs[0], 0) else inputs[0]
    elif op is elementwise.subtract:
        if _equals(inputs[0], 0) or _equals(inputs[1], 0):
            return -inputs[1] if _equals(inputs[0], 0) else inputs[0]
        if inputs[0] is inputs[1] and not np.ndim(inputs[0]._data):
            return Symbol.named("0", 0.0)
    elif op is elementwise.exp and _equals(inputs[0], 0):
        return Symbol.named("1", 1.0)
    elif op is elementwise.divide or op is elementwise.power:
        if _equals(inputs[1], 1):
            return inputs[0]
        if op is elementwise.power and _equals(inputs[1], 0):
            return 1
    elif op is elementwise.positive:
        return inputs[0]
    elif op is elementwise.negative and getattr(inputs[0], "op", None) is op and not inputs[0].name:
        return inputs[0].inputs[0]
    elif _moves_nothing(op, inputs[0], attrs):
        return inputs[0]
    return None


def _guards(op: Primitive, inputs: Sequence[Any]) -> bool:
    """Whether an indicator only guards against zeros that are not there: ``b - [b != 0]``, ``r + [r <= 0]``."""
    x, guard = inputs[0], inputs[-1]
    relation = {elementwise.subtract: NOT_EQUAL, elementwise.add: LESS_EQUAL}.get(op)
    first = guard.inputs[0] if isinstance(guard, Symbol) and guard.op is OR else guard
    if relation is None or not isinstance(first, Symbol) or first.op is not relation or first.inputs[0] is not x:
        return False
    return bool(np.all(guard._data) if op is elementwise.subtract else not np.any(guard._data))


def _moves_nothing(op: Primitive, x: Any, attrs: Mapping[str, Any]) -> bool:
    """Whether this is a reshape to the same shape, or a transposition that leaves the axes in order."""
    if op is shape.reshape:
        return tuple(attrs["shape"]) == x.shape or (tuple(attrs["shape"]) == (-1,) and x.ndim == 1)
    return op is shape.transpose and list(attrs.get("axes") or ()) == list(range(x.ndim)) != []


def _evaluate(op: Primitive, inputs: Sequence[Any], attrs: Mapping[str, Any]) -> Any:
    """The engine's number for the expression; NaN where the rule has none."""
    datas = [x._data if isinstance(x, Symbol) else x for x in inputs]
    try:
        with np.errstate(all="ignore"):
            if any(map(is_exact, datas)):
                return op(*[Value(x) for x in datas], **attrs)._data
            if op.scalar is not None and all(is_number(x) for x in datas):
                return op.scalar(*datas, **attrs)
            return op.array(*datas, **attrs)
    except (ArithmeticError, ValueError):
        return math.nan
