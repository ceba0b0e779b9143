"""What a function is run on while it is recorded: arrays and numbers that write down what is done with them.

They speak NumPy's protocols, as a :class:`~autograd.batching.Batch` does. So a Tensor holds them like any other array,
and the rules of the table and the formulas of optimisers run on them as they are.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np

from .. import errors
from ..batching import Batch
from ..graph import Node
from .checks import count_true, is_finite
from .trace import SHAPED_BY_DATA, STRUCTURE, WRITING, Variable, concrete, variables


def astype(x: Any, dtype: Any) -> Any:
    """A copy in another dtype."""
    return x.astype(dtype)


def copy(x: Any, order: Any = "C") -> Any:
    """A copy."""
    return x.copy(order)


def view(x: Any, dtype: Any) -> Any:
    """The same bytes as another dtype."""
    return x.view(dtype)


def item(x: Any) -> Any:
    """A number of NumPy's as one of Python's."""
    return x.item()


REDUCTIONS = {
    np.sum: np.add, np.prod: np.multiply, np.max: np.maximum, np.min: np.minimum, np.amax: np.maximum,
    np.amin: np.minimum, np.any: np.logical_or, np.all: np.logical_and,
}  # fmt: skip
"""The functions that reduce with an operation."""


def ufunc(function: np.ufunc, method: str, inputs: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Answer ``__array_ufunc__``."""
    if any(isinstance(x, (Node, Batch)) for x in inputs):
        return NotImplemented
    trace = next(iter(variables([inputs, kwargs]))).trace
    called = function if method == "__call__" else getattr(function, method)
    return trace.record(called, inputs, kwargs, writes=inputs[0] if method == "at" else None)


def function(called: Any, types: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
    """Answer ``__array_function__``."""
    if any(issubclass(kind, (Node, Batch)) for kind in types):
        return NotImplemented
    if called in STRUCTURE:
        return called(*concrete(args), **concrete(kwargs))
    if called in SHAPED_BY_DATA or (called is np.where and len(args) == 1):
        raise errors.captured_shape(f"np.{called.__name__}")
    trace = next(iter(variables([args, kwargs]))).trace
    if called in REDUCTIONS and len(args) <= 2 and kwargs.keys() <= {"axis", "keepdims", "out"}:
        x, axis = args[0], args[1] if len(args) > 1 else kwargs.get("axis")
        return _reduced(REDUCTIONS[called], x, axis, **{k: v for k, v in kwargs.items() if k != "axis"})
    return trace.record(called, args, kwargs, writes=args[0] if called in WRITING else None)


def _reduced(by: np.ufunc, x: Any, axis: Any = None, dtype: Any = None, out: Any = None, keepdims: Any = False) -> Any:
    """``x`` reduced along ``axis``, or to one number."""
    given = {"axis": axis, "dtype": dtype, "out": out, "keepdims": keepdims}
    idle: dict[str, Any] = {"dtype": None, "out": None, "keepdims": False}
    kwargs = {k: v for k, v in given.items() if k == "axis" or (v is not idle[k] and v is not np._NoValue)}
    return next(iter(variables(x))).trace.record(by.reduce, (x,), kwargs)


class _Operators(Variable, np.lib.mixins.NDArrayOperatorsMixin):
    """What arrays and numbers have in common: operators, and the two protocols."""

    __slots__ = ()

    def __init__(self, trace: Any, data: Any, storage: int, hint: str) -> None:
        self.trace, self.data, self.storage, self.hint = trace, data, storage, hint

    def __array_ufunc__(self, called: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        return ufunc(called, method, inputs, kwargs)

    def __array_function__(self, called: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return function(called, types, args, kwargs)

    __hash__ = object.__hash__

    def _known(self, kind: Callable[[Any], Any], what: str) -> Any:
        """A plain number: what the run does with it holds for this number alone, so the program checks it."""
        return self.trace.guard(kind, self, what)

    def __bool__(self) -> bool:
        if self.trace.batch and np.ndim(self.data):
            raise errors.captured_choice()
        return bool(self._known(bool, "bool(x), such as in `if x > 0`"))

    def is_finite(self) -> bool:
        """Whether the squares of the elements sum to a finite number.

        The program asks again only where the backward pass makes infinities from finite numbers. Where this one is
        infinite or NaN, no program is made: what to do then hangs on the numbers.
        """
        if not is_finite(self.data):
            self.trace.give_up()
            return False
        if self.trace.is_steep():
            self.trace.guard(is_finite, self, "whether a gradient is finite")
        return True


class Number(_Operators):
    """A number of Python's that may be another in the next call, such as a learning rate."""

    __slots__ = ()

    is_number = True

    def __float__(self) -> float:
        return float(self._known(float, "float(x)"))

    def __int__(self) -> int:
        return int(self._known(int, "int(x)"))

    def __index__(self) -> int:
        return int(self._known(operator.index, "x as a position or a length"))

    def __round__(self, digits: int | None = None) -> Any:
        return self._known(partial(round, ndigits=digits), "round(x)")

    def __repr__(self) -> str:
        return f"Number({self.data!r})"

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        return np.array(self._known(type(self.data), "np.array(x)"), dtype)

    def __format__(self, spec: str) -> str:
        return format(self._known(type(self.data), "format(x)"), spec)

    def __str__(self) -> str:
        return self.__format__("")

    def as_array(self) -> Any:
        """An array of one number."""
        return self.trace.record(np.asarray, (self,), {})


def _python(called: Callable[..., Any]) -> Any:
    """An operator of Python's between numbers; with an array NumPy's."""

    def method(self: Number, other: Any) -> Any:
        if isinstance(other, (Number, int, float, complex)) and not isinstance(other, np.generic):
            return self.trace.record(called, (self, other), {})
        if isinstance(other, (str, list, tuple)):
            return called(operator.index(self), other)
        return NotImplemented if isinstance(other, (Node, Traced)) else UFUNCS[called](self, other)

    return method


def _reflected(called: Callable[..., Any]) -> Any:
    """The same, the other way round."""

    def method(self: Number, other: Any) -> Any:
        if isinstance(other, (int, float, complex)) and not isinstance(other, np.generic):
            return self.trace.record(called, (other, self), {})
        if isinstance(other, (str, list, tuple)):
            return called(other, operator.index(self))
        return UFUNCS[called](other, self)

    return method


UFUNCS = {
    operator.add: np.add, operator.sub: np.subtract, operator.mul: np.multiply, operator.truediv: np.divide,
    operator.pow: np.power, operator.mod: np.remainder, operator.floordiv: np.floor_divide,
    operator.lt: np.less, operator.le: np.less_equal, operator.gt: np.greater, operator.ge: np.greater_equal,
    operator.eq: np.equal, operator.ne: np.not_equal, operator.neg: np.negative, operator.pos: np.positive,
    operator.abs: np.absolute,
}  # fmt: skip
"""NumPy's names of Python's operators."""


def _signed(called: Callable[..., Any]) -> Any:
    """An operator of one number."""
    return lambda self: self.trace.record(called, (self,), {})


for _name, _called in {"add": operator.add, "sub": operator.sub, "mul": operator.mul, "truediv": operator.truediv,
                       "pow": operator.pow, "mod": operator.mod, "floordiv": operator.floordiv}.items():  # fmt: skip
    setattr(Number, f"__{_name}__", _python(_called))
    setattr(Number, f"__r{_name}__", _reflected(_called))
    setattr(Number, f"__i{_name}__", _python(_called))
for _name in ("lt", "le", "gt", "ge", "eq", "ne"):
    setattr(Number, f"__{_name}__", _python(getattr(operator, _name)))
for _name in ("neg", "pos", "abs"):
    setattr(Number, f"__{_name}__", _signed(getattr(operator, _name)))


def _method(called: Any) -> Callable[..., Any]:
    """The method of ``ndarray`` that is NumPy's function."""
    return lambda self, *args, **kwargs: called(self, *args, **kwargs)


def _reduction(by: np.ufunc) -> Callable[..., Any]:
    """The method of ``ndarray`` that reduces."""
    return lambda self, *args, **kwargs: _reduced(by, self, *args, **kwargs)


def _in_place(called: np.ufunc) -> Callable[[Any, Any], Any]:
    """``x op= y``: into the array, or for a number of NumPy's a new one."""
    return lambda self, other: (
        called(self, other, out=(self,)) if type(self.data) is np.ndarray else called(self, other)
    )


class Traced(_Operators):
    """An array that writes down what is done with it."""

    __slots__ = ()

    @property
    def shape(self) -> tuple[int, ...]:
        """The length of each axis."""
        return self.data.shape

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return self.data.ndim

    @property
    def size(self) -> int:
        """The number of elements."""
        return self.data.size

    @property
    def dtype(self) -> Any:
        """The dtype of the elements."""
        return self.data.dtype

    @property
    def itemsize(self) -> int:
        """The number of bytes of one element."""
        return self.data.itemsize

    @property
    def nbytes(self) -> int:
        """The number of bytes of all elements."""
        return self.data.nbytes

    @property
    def flags(self) -> Any:
        """How the elements lie in memory."""
        return self.data.flags

    @property
    def strides(self) -> Any:
        """How far apart they lie."""
        return self.data.strides

    @property
    def base(self) -> Any:
        """The array that this one shows a part of, if it does."""
        return self.data.base

    @property
    def T(self) -> Any:
        """The axes in reverse order."""
        return np.transpose(self)

    @property
    def mT(self) -> Any:
        """The last two axes swapped."""
        return np.swapaxes(self, -1, -2)

    @property
    def real(self) -> Any:
        """The real parts."""
        return np.real(self) if self.dtype.kind == "c" else self

    @property
    def imag(self) -> Any:
        """The imaginary parts."""
        return np.imag(self)

    def __repr__(self) -> str:
        return f"Traced(shape={self.shape}, dtype={self.dtype})"

    def __len__(self) -> int:
        return len(self.data)

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))

    def __getitem__(self, where: Any) -> Any:
        parts = where if isinstance(where, tuple) else (where,)
        for part in parts:
            if isinstance(part, Traced) and part.dtype == np.bool_:
                self.trace.guard(count_true, part, "x[mask]")
        return self.trace.record(operator.getitem, (self, where), {})

    def __setitem__(self, where: Any, value: Any) -> None:
        self.trace.record(operator.setitem, (self, where, value), {}, writes=self)

    def __pow__(self, b: Any) -> Any:
        if isinstance(b, Node):
            return NotImplemented
        if isinstance(b, (int, float)) and not isinstance(b, bool) and self.dtype.kind in "fc" and self.ndim:
            plain = {2: np.square, 0.5: np.sqrt, 1: np.positive, -1: np.reciprocal}.get(b)  # as NumPy's ``**`` has it
            if plain:
                return plain(self)
        return np.power(self, b)

    def astype(self, dtype: Any, copy: bool = True) -> Any:
        """The elements in another dtype."""
        return (
            self
            if not copy and np.dtype(dtype) == self.dtype
            else self.trace.record(astype, (self, np.dtype(dtype)), {})
        )

    def copy(self, order: Any = "C") -> Any:
        """The same elements in memory of their own."""
        return self.trace.record(copy, (self, order), {})

    def view(self, dtype: Any = None) -> Any:
        """The same memory."""
        return self if dtype is None else self.trace.record(view, (self, np.dtype(dtype)), {})

    def conj(self) -> Any:
        """The complex conjugates."""
        return np.conjugate(self)

    def reshape(self, *shape: Any, order: Any = "C") -> Any:
        """The same elements in another shape."""
        return np.reshape(self, shape[0] if len(shape) == 1 else shape, order=order)

    def transpose(self, *axes: Any) -> Any:
        """The axes in another order."""
        return np.transpose(self, axes[0] if len(axes) == 1 and not isinstance(axes[0], int) else axes or None)

    def fill(self, value: Any) -> None:
        """Every element the same."""
        self[...] = value

    sum, prod, max, min = map(_reduction, (np.add, np.multiply, np.maximum, np.minimum))
    any, all = map(_reduction, (np.logical_or, np.logical_and))
    mean, var, std = map(_method, (np.mean, np.var, np.std))
    argmax, argmin, argsort, cumsum, cumprod = map(_method, (np.argmax, np.argmin, np.argsort, np.cumsum, np.cumprod))
    clip, ravel, swapaxes, squeeze, trace_ = map(_method, (np.clip, np.ravel, np.swapaxes, np.squeeze, np.trace))
    repeat, take, round, dot, nonzero = map(_method, (np.repeat, np.take, np.round, np.dot, np.nonzero))
    diagonal, searchsorted = map(_method, (np.diagonal, np.searchsorted))
    conjugate = conj

    def __copy__(self) -> Any:
        return self.trace.record(np.array, (self,), {})

    __iadd__, __isub__, __imul__ = map(_in_place, (np.add, np.subtract, np.multiply))
    __itruediv__, __ifloordiv__, __imod__ = map(_in_place, (np.divide, np.floor_divide, np.remainder))
    __ipow__ = _in_place(np.power)

    def as_number(self) -> Any:
        """The only element, as a number of Python's that the program computes."""
        return self.trace.record(item, (self,), {})

    def flatten(self, order: Any = "C") -> Any:
        """The elements in one axis, in memory of their own."""
        return np.ravel(self, order=order).copy()

    def __deepcopy__(self, memo: Any) -> Any:
        return self.copy()

    # Numbers and plain arrays leave the program.

    def _left(self, what: str) -> Any:
        """The array itself, where no program is made; else refused, for it would be the same in every call."""
        if self.trace.off:
            return self.data
        error = errors.left_program(what, self.shape)
        error.record = self.trace.record
        raise error

    def __float__(self) -> float:
        return float(self._left("float(x) or math.f(x)"))

    def __int__(self) -> int:
        return int(self._left("int(x)"))

    def __complex__(self) -> complex:
        return complex(self._left("complex(x)"))

    def __index__(self) -> int:
        return operator.index(self._left("x as a position, a length or a number of times"))

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        return np.array(self._left("np.array(x) or np.asarray(x)"), dtype, copy=copy)

    def item(self, *where: Any) -> Any:
        """Refused: the number would be the same in every call."""
        return self._left("x.item()").item(*where)

    def tolist(self) -> Any:
        """Refused likewise."""
        return self._left("x.tolist()").tolist()
