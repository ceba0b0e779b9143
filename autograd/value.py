"""Value: a number that remembers how it was made."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from decimal import Overflow
from numbers import Number
from typing import Any, ClassVar, Self

import numpy as np

from . import errors, limits
from .graph import NO_ATTRS, TABLE, Node, Primitive, aside, context, contributions, next_order, pullback, remember
from .numpy.dispatch import COMPOSITES, is_question, no_rule
from .rules import BY_FUNCTION, elementwise
from .rules.exact import is_exact, is_symbolic
from .watching import Watch

NUMBERS = frozenset([float, int])
new = object.__new__


def is_number(x: Any) -> bool:
    """Whether arithmetic with a Value takes ``x``."""
    return isinstance(x, (Value, Number, np.generic)) or is_symbolic(x)


def _binary(op: Primitive) -> Callable[[Value, Any], Value]:
    """``a op b`` where ``a`` is a Value. Nearly all nodes are made here, so ``Value._result`` is spelled out."""
    forward = op.scalar
    assert forward is not None

    def method(self: Value, other: Any) -> Value:
        try:
            if type(other) is Value:
                data, tracked = forward(self._data, other._data), self.requires_grad or other.requires_grad
            elif type(other) in NUMBERS:
                data, tracked = forward(self._data, other), self.requires_grad
            elif is_number(other):  # a subclass, or another kind of number
                return Value._record(op, (self, other), NO_ATTRS)
            else:
                return NotImplemented
        except (ArithmeticError, ValueError) as error:
            raise refused(op, (self, other), error) from None
        recording, scope = context()
        if not (tracked and recording):
            if type(recording) is bool:
                return Value._leaf(data, requires_grad=False)
            return aside(Value, data, op, (self, other), NO_ATTRS, tracked)
        node = new(Value)
        node._data = data
        node.grad = 0
        node.op = op
        node._a = self
        node._b = other
        node.order = next_order()
        node.name = ""
        node.scope = scope
        node.requires_grad = True
        return node

    return method


def _reflected(op: Primitive) -> Callable[[Value, Any], Value]:
    """``b op a`` where only ``a`` is a Value."""

    def method(self: Value, other: Any) -> Value:
        if not (isinstance(other, (Number, np.generic)) or is_symbolic(other)):
            return NotImplemented
        return Value._record(op, (other, self), NO_ATTRS)

    return method


def _compare(relation: Callable[[Any, Any], bool]) -> Callable[[Value, Any], bool]:
    """``a < b`` and its kin, by data: the answer is a plain truth value."""

    def method(self: Value, other: Any) -> bool:
        if isinstance(other, Value):
            return relation(self._data, other._data)
        return relation(self._data, other) if isinstance(other, Number) else NotImplemented

    return method


def _unary(op: Primitive) -> Callable[[Value], Value]:
    """``op a``; as a method of the same name it is also what NumPy calls on arrays of objects."""
    forward = op.scalar
    assert forward is not None

    def method(self: Value) -> Value:
        recording, scope = context()
        try:
            data = forward(self._data)
        except (ArithmeticError, ValueError) as error:
            raise refused(op, (self,), error) from None
        if not (recording and self.requires_grad):
            return aside(Value, data, op, (self,), NO_ATTRS, self.requires_grad)
        return remember(Value, data, op, (self,), NO_ATTRS, scope)

    method.__name__ = op.name
    method.__doc__ = f"``{op.name}`` of this value, recorded."
    return method


class Value(Node):
    """A number that remembers how it was made; the same as micrograd's, and more exact about it.

    Arithmetic with other Values and with Python's and NumPy's numbers records a graph, and
    ``backward()`` fills in ``grad``: the derivative of the result with respect to this number.

    Args:
        data: the number. NumPy's numbers become Python's.
        _children: the values it was made from (for a result that is built by hand).
        _op: the operation that made it from them, by its symbol or name in the table.
        label: what to call it in pictures and derivations.

    Raises:
        DtypeError: ``data`` is not a number.
        NoRuleError: ``_op`` is not in the table of rules.

    Example:
        >>> a = Value(2.0, label="a")
        >>> b = Value(-3.0, label="b")
        >>> c = a * b + a ** 2
        >>> c.backward()
        >>> c, a.grad, b.grad
        (Value(data=-2.0, grad=1.0), 1.0, 2.0)
    """

    __slots__ = ()

    _no_gradient: ClassVar[Any] = 0
    _is_number: ClassVar[bool] = True

    _zero: ClassVar[Any] = 0.0
    """What a backward pass writes where it knows that nothing arrives."""

    _op_priority: ClassVar[float] = 100.0
    """SymPy asks for it: in ``symbol * value`` the Value decides."""

    _exactly: ClassVar[type[Value]]
    """The kind that holds exact numbers, :class:`autograd.exact.Exact`."""

    _variables: ClassVar[Mapping[type, type[Value]]] = {}
    """The kind that holds what a compiled function is recorded with, see :mod:`autograd.compiling.lanes`."""

    _last_pass: ClassVar[int] = 0
    """When the last backward pass ended. Results that are younger hold no gradient yet."""

    def __new__(cls, data: Any, _children: Iterable[Any] = (), _op: str = "", label: str = "") -> Self:
        """A leaf, unless the values that it was made from are given."""
        data = cls._accept(data)
        node: Self = cls._kind(data)._leaf(data, name=label)
        if _children:
            node._prev = _children
            node._op = _op
        return node

    def __getnewargs__(self) -> tuple[Any]:
        return (self._data,)

    @classmethod
    def _accept(cls, data: Any, dtype: Any = None) -> Any:
        """The number in Python's own kind."""
        if isinstance(data, np.generic) or (isinstance(data, np.ndarray) and data.ndim == 0):
            data = data.item()
        if type(data) in Value._variables:
            return data._data if isinstance(data, Node) else data
        if isinstance(data, Node):
            raise errors.not_a_number(errors.describe(data), "x.data for the number alone, without its graph")
        if isinstance(data, complex) or not (isinstance(data, Number) or is_symbolic(data)):
            cure = "Tensor(x) for an array of numbers" if isinstance(data, (list, tuple, np.ndarray)) else "Value(3.0)"
            cure = f"Tensor({data!r})" if isinstance(data, complex) else cure
            raise errors.not_a_number(f"{type(data).__name__}: {data!r}", cure)
        return data

    @classmethod
    def _kind(cls, data: Any) -> type[Any]:
        """The class for a number: exact numbers have their own."""
        if type(data) not in NUMBERS:
            if type(data) in Value._variables:
                return Value._variables[type(data)]
            if is_exact(data):
                return Value._exactly
        return Value if issubclass(cls, Value._exactly) else cls

    @property
    def data(self) -> Any:
        """The number that this value holds."""
        return self._data

    @data.setter
    def data(self, data: Any) -> None:
        if data is not self._data:
            self._data = data = self._accept(data)
            if (kind := self._kind(data)) is not type(self):
                self.__class__ = kind
        if self.op is not None:  # no longer what the operation made
            self.made_by(None, ())
        self.order = next_order()
        if isinstance(watch := context()[0], Watch):
            watch.assigned(self)

    def _like(self, number: int) -> Any:
        """``number`` in the kind of number that this value holds."""
        return float(number)

    def _arguments(self, g: Any, record: bool) -> tuple[Any, Any, Sequence[Any]]:
        """What a rule reads; exact numbers come as nodes."""
        if type(g) not in NUMBERS and is_exact(g):
            return Value._exactly._arguments(self, g, record)
        return super()._arguments(g, record)

    @classmethod
    def _record(cls, op: Primitive, inputs: tuple[Any, ...], attrs: Mapping[str, Any]) -> Any:
        """Compute on the numbers, and remember."""
        if op.scalar is None:
            if any(isinstance(x, Node) and not isinstance(x, Value) for x in inputs):
                raise errors.mixed_kinds(op.name)
            raise errors.no_rule(op.name, [name for name, row in TABLE.items() if row.scalar])
        try:
            data = op.scalar(*[x._data for x in inputs], **attrs)
        except AttributeError:
            data = None
        except (ArithmeticError, ValueError) as error:
            raise refused(op, inputs, error) from None
        if type(data) not in NUMBERS:  # there are operands that are not Values
            inputs = tuple([operand(x, op) for x in inputs])
            if any(is_exact(x._data if isinstance(x, Value) else x) for x in inputs):
                return Value._exactly._record(op, inputs, attrs)
            try:
                data = op.scalar(*[x._data if isinstance(x, Value) else x for x in inputs], **attrs)
            except (ArithmeticError, ValueError) as error:
                raise refused(op, inputs, error) from None
            cls = Value._variables.get(type(data), cls)
        return cls._result(data, op, inputs, attrs)

    @staticmethod
    def _is_finite(gradient: Any) -> bool:
        """Whether the number is neither infinite nor NaN."""
        return math.isfinite(gradient._data if isinstance(gradient, Value) else gradient)

    @classmethod
    def _guard(
        cls, op: Primitive, rule: Callable[..., Any], i: int, g: Any, y: Any, args: Sequence[Any], slope: float
    ) -> Any:
        """The share of the ``i``-th input, with 0 for a zero ``g`` times what is not finite, or the other way round."""
        number = g._data if isinstance(g, Value) else g
        try:
            share = _as_numpy(rule, g, y, *args)
        except (ArithmeticError, ValueError):
            if number != 0:
                raise
            return cls._zero
        if cls._is_finite(share):
            return share
        is_kept = op is elementwise.kept and not math.isnan(number)
        if is_kept or (math.isinf(number) and _as_numpy(rule, 1.0, y, *args) == 0):
            g = number = 0.0
        if number == 0:
            return elementwise.kept(share, g)
        is_slope = math.isfinite(number) and not math.isinf(slope) and math.isinf(share)
        return math.copysign(slope, share) if is_slope else share

    _settled = staticmethod(limits.settled)

    def backward(self, gradient: Any = None, *, create_graph: bool = False) -> None:
        """Fill in ``grad`` of everything that this value was made from: reverse-mode differentiation.

        Leaves, which no operation made, add the new gradient to the one they have; results in between
        hold the gradient of this pass alone. (One case is not looked for, since the search would cost every pass a
        fifth: an old result that new ones use, all behind a gradient of 0, keeps what an earlier pass left in it.)

        Args:
            gradient: the gradient of this value itself; 1 if not given.
            create_graph: make the gradients Values, which can be differentiated again.

        Raises:
            ArgumentError: nothing was recorded.
            StaleGraphError: a value was given new data after it was used.

        Example:
            >>> x = Value(3.0)
            >>> (x * x).backward()
            >>> x.grad
            6.0
        """
        if not self.requires_grad:
            raise errors.nothing_recorded("a Value")
        if gradient is None:
            gradient = self._like(1)
        seed = gradient if type(gradient) in NUMBERS or isinstance(gradient, Value) else Value._accept(gradient)
        seed = Value(seed) if create_graph and not isinstance(seed, Value) else seed
        gradients = pullback(self, seed, record=create_graph)
        stopped = []
        for node, g in gradients.items():
            node.grad = node.grad + g if node.op is None and node.grad else g
            if not g:
                stopped.append(node)
        _forget(stopped, gradients)
        Value._last_pass = next_order()

    # The graph in micrograd's words.

    @property
    def _prev(self) -> set[Value]:
        """The values that this one was made from, as a set; ``inputs`` keeps order and repetition."""
        return {x for x in self.inputs if isinstance(x, Value)}

    @_prev.setter
    def _prev(self, children: Iterable[Any]) -> None:
        self.made_by(self.op, tuple(children), self.attrs)

    @property
    def _backward(self) -> Callable[[], None]:
        """One step of a backward pass by hand: adds to the gradient of each input what this value passes on."""

        def step() -> None:
            for _, x, share in contributions(self, self.grad) if self.op else ():
                x.grad += share

        return step

    @_backward.setter
    def _backward(self, closure: Any) -> None:
        raise errors.closure_assigned()

    @property
    def _op(self) -> str:
        """The operation that made this value: a symbol such as ``+``, or a name; ``""`` for a leaf."""
        if self.op is None:
            return ""
        if self.op is elementwise.power and not isinstance(self.inputs[1], Value):
            return f"**{self.inputs[1]}"
        return self.op.symbol

    @_op.setter
    def _op(self, symbol: str) -> None:
        inputs = self.inputs
        if symbol.startswith("**") and symbol != "**":  # micrograd writes the exponent into the symbol
            exponent = float(symbol[2:])
            inputs = (*inputs, int(exponent) if exponent.is_integer() else exponent)
            symbol = "**"
        rows = [row for row in TABLE.values() if symbol in (row.symbol, row.name) and row.scalar]
        if symbol and not rows:
            raise errors.no_rule(symbol, [row.symbol for row in TABLE.values() if row.scalar])
        self.made_by(rows[0] if symbol else None, inputs)

    # Python's operators.

    __add__, __radd__ = _binary(elementwise.add), _reflected(elementwise.add)
    __sub__, __rsub__ = _binary(elementwise.subtract), _reflected(elementwise.subtract)
    __mul__, __rmul__ = _binary(elementwise.multiply), _reflected(elementwise.multiply)
    __truediv__, __rtruediv__ = _binary(elementwise.divide), _reflected(elementwise.divide)
    __pow__, __rpow__ = _binary(elementwise.power), _reflected(elementwise.power)
    __floordiv__, __rfloordiv__ = _binary(elementwise.floor_divide), _reflected(elementwise.floor_divide)
    __mod__, __rmod__ = _binary(elementwise.remainder), _reflected(elementwise.remainder)
    __neg__ = _unary(elementwise.negative)

    def __divmod__(self, other: Any) -> tuple[Value, Value]:
        return self // other, self % other

    def __rdivmod__(self, other: Any) -> tuple[Value, Value]:
        return other // self, other % self

    def __round__(self, digits: int | None = None) -> Value:
        return self.rint() if digits is None else elementwise.around(self, decimals=digits)

    __pos__ = _unary(elementwise.positive)
    __abs__ = _unary(elementwise.absolute)

    __lt__, __le__ = _compare(operator.lt), _compare(operator.le)
    __gt__, __ge__ = _compare(operator.gt), _compare(operator.ge)

    # The functions, under NumPy's names.

    exp = _unary(elementwise.exp)
    exp2 = _unary(elementwise.exp2)
    expm1 = _unary(elementwise.expm1)
    log = _unary(elementwise.log)
    log2 = _unary(elementwise.log2)
    log10 = _unary(elementwise.log10)
    log1p = _unary(elementwise.log1p)
    sqrt = _unary(elementwise.sqrt)
    cbrt = _unary(elementwise.cbrt)
    sin = _unary(elementwise.sin)
    cos = _unary(elementwise.cos)
    tan = _unary(elementwise.tan)
    arcsin = _unary(elementwise.arcsin)
    arccos = _unary(elementwise.arccos)
    arctan = _unary(elementwise.arctan)
    sinh = _unary(elementwise.sinh)
    cosh = _unary(elementwise.cosh)
    tanh = _unary(elementwise.tanh)
    arcsinh = _unary(elementwise.arcsinh)
    arccosh = _unary(elementwise.arccosh)
    arctanh = _unary(elementwise.arctanh)
    sigmoid = _unary(elementwise.sigmoid)
    relu = _unary(elementwise.relu)
    conjugate = _unary(elementwise.positive)
    hypot = _binary(elementwise.hypot)
    arctan2 = _binary(elementwise.arctan2)
    floor = __floor__ = _unary(elementwise.floor)
    ceil = __ceil__ = _unary(elementwise.ceil)
    trunc = __trunc__ = _unary(elementwise.trunc)
    rint = _unary(elementwise.rint)

    # NumPy.

    def clip(self, min: Any, max: Any, out: None = None) -> Any:
        """This number limited to the interval, recorded; ``np.clip(v, min, max)`` calls it."""
        return elementwise.clip(self, min, max)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        """``np.tanh(v)`` and ``np.float64(2) * v`` record; an array meets a Value element by element."""
        if method == "reduce":  # np.sum(v), say: of one number
            return ufunc.reduce(_as_objects(inputs[0]), **kwargs)
        for keyword in kwargs:
            raise errors.unsupported_keyword(ufunc.__name__, keyword)
        if any(isinstance(x, Node) and not isinstance(x, Value) for x in inputs):
            raise errors.mixed_kinds(ufunc.__name__)
        inputs = tuple([x.item() if isinstance(x, np.ndarray) and not x.ndim else x for x in inputs])
        if any(isinstance(x, np.ndarray) and x.ndim for x in inputs):
            return getattr(ufunc, method)(*[_as_objects(x) for x in inputs])
        if ufunc in COMPOSITES and method == "__call__":
            return COMPOSITES[ufunc](*[x if isinstance(x, Value) else Value._accept(x) for x in inputs])
        if ufunc in BY_FUNCTION and method == "__call__":
            return BY_FUNCTION[ufunc](*[x if isinstance(x, Value) else Value._accept(x) for x in inputs])
        if is_question(ufunc):
            return ufunc(*[x._data if isinstance(x, Value) else x for x in inputs])
        raise no_rule(ufunc)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        """NumPy's other functions take a Value for an object, and mostly that is enough."""
        if any(issubclass(kind, Node) and not issubclass(kind, Value) for kind in types):
            return NotImplemented
        try:
            return np.ndarray.__array_function__(np.empty(0), function, (np.ndarray,), args, kwargs)
        except errors.ChainruleError as error:
            raise errors.not_for_values(function.__name__, str(error).partition("\n")[0]) from error
        except (AttributeError, TypeError, ValueError, IndexError) as error:
            raise errors.not_for_values(function.__name__, str(error)) from error

    # Conversions.

    def __repr__(self) -> str:
        return f"Value(data={self._data}, grad={self.grad})"

    def __format__(self, spec: str) -> str:
        return format(self._data, spec) if spec else repr(self)

    def __float__(self) -> float:
        raise errors.left_graph("float(v) or math.f(v)", (), "v.tanh() or np.tanh(v) to record, v.data for the number")

    def __int__(self) -> int:
        raise errors.left_graph("int(v)", (), "np.trunc(v) to record, int(v.data) for the number")

    def __index__(self) -> int:
        raise errors.left_graph("v as a position or a count", (), "int(v.data)")


def refused(op: Primitive, inputs: Sequence[Any], error: Exception) -> Exception:
    """Python refuses an operation on numbers: it overflows, divides by zero, or has no real result."""
    if isinstance(error, errors.ChainruleError):
        return error
    numbers = [x._data if isinstance(x, Value) else x for x in inputs]
    if isinstance(error, (OverflowError, ZeroDivisionError, Overflow)):
        return errors.no_finite_result(op.name, numbers, error)
    return errors.no_real_result(op.name, numbers, str(error) or type(error).__name__)


def operand(x: Any, op: Primitive) -> Any:
    """An operand as the graph keeps it: Values as they are, numbers in Python's own kind."""
    if isinstance(x, Node) and not isinstance(x, Value):
        raise errors.mixed_kinds(op.name)
    return x if isinstance(x, Value) else Value._accept(x)


def _as_numpy(rule: Callable[..., Any], *args: Any) -> Any:
    """``rule(*args)``, where a division by zero is infinite, as NumPy has it."""
    try:
        return rule(*args)
    except ArithmeticError:
        start = next_order()
        with np.errstate(all="ignore"):
            share = rule(*map(_numpys, args))
    if not isinstance(share, Value):
        return float(share)
    made = [share]
    while made:  # Python's numbers again
        node = made.pop()
        node._data = float(node._data)
        made += [x for x in node.inputs if isinstance(x, Value) and x.order > start and type(x._data) is np.float64]
    return share


def _numpys(x: Any) -> Any:
    """A number as NumPy's, a Value as one that holds such."""
    if not isinstance(x, Value):
        return np.float64(x) if type(x) in NUMBERS else x
    if not x.requires_grad:
        return Value._leaf(np.float64(x._data), requires_grad=False)
    return remember(Value, np.float64(x._data), elementwise.positive, (x,), NO_ATTRS, "")


def _forget(stopped: list[Node], reached: Container[Node]) -> None:
    """Where a pass stopped, since the gradient was 0: clear what an earlier pass left in the results beyond."""
    seen = set(stopped)
    while stopped:
        for x in stopped.pop().inputs:
            if not isinstance(x, Value) or x.op is None or x.order > Value._last_pass:
                continue
            if x not in reached and x not in seen:
                x.grad = x._zero
                seen.add(x)
                stopped.append(x)


def _as_objects(x: Any) -> Any:
    """``x`` as an array of objects, so that NumPy applies Python's operators element by element."""
    if isinstance(x, np.ndarray):
        return x.astype(object)
    objects = np.empty((), dtype=object)
    objects[()] = x
    return objects
