"""Tensor: an array that remembers how it was made."""

from __future__ import annotations

import cmath
import inspect
import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import lru_cache, partial
from types import FrameType
from typing import Any, ClassVar, Self

import numpy as np

from . import errors, lazy, limits
from .assignment import assign, is_stored
from .batching import Batch, attempt, levels_of, settle
from .compiling.arrays import Traced
from .conversions import losing, note, recording
from .graph import NO_ATTRS, Node, Primitive, aside, context, next_order, pullback, remember
from .numpy import dispatch
from .rules import BY_FUNCTION, elementwise, index, linalg, parts, reduce, shape
from .rules.elsewhere import in_memory, is_lazy
from .value import Value

np.empty(31 << 20, np.uint8)
"""Made, never touched and freed: after this GNU's ``malloc`` keeps up to 62 MB of freed memory for the next arrays.

Otherwise it hands the memory of a graph back to the system with the graph, and fetches it again page by
page for the next one: a quarter of the time of a large training step. See docs/decisions/0006."""

new = object.__new__

PLAIN = frozenset([float, int, complex, np.ndarray, np.float64, np.float32, np.complex128, np.complex64])
"""Operands that the graph keeps as they are, and NumPy takes as they are."""


def _binary(op: Primitive) -> Callable[[Tensor, Any], Tensor]:
    """``a op b`` where ``a`` is a Tensor: ``Tensor._record`` without what it does for rare operands."""
    forward = op.array

    def method(self: Tensor, other: Any) -> Tensor:
        if type(other) is Tensor:
            b, tracked = other._data, self.requires_grad or other.requires_grad
        elif type(other) in PLAIN:
            b, tracked = other, self.requires_grad
        else:
            return Tensor._record(op, (self, other), NO_ATTRS)
        try:
            data = forward(self._data, b)
        except (ValueError, TypeError):
            return Tensor._record(op, (self, other), NO_ATTRS)  # which says what is wrong
        recording, scope = context()
        if not (tracked and recording):
            if type(recording) is bool:
                return Tensor._leaf(data, requires_grad=False)
            return aside(Tensor, data, op, (self, other), NO_ATTRS, tracked)
        node = new(Tensor)  # what ``remember`` does, spelled out
        node._data = data
        node.grad = None
        node.op = op
        node._a = self
        node._b = other
        node.order = next_order()
        node.name = ""
        node.scope = scope
        node.requires_grad = True
        return node

    return method


def _reflected(op: Primitive) -> Callable[[Tensor, Any], Tensor]:
    """``b op a`` where only ``a`` is a Tensor."""

    def method(self: Tensor, other: Any) -> Tensor:
        return Tensor._record(op, (other, self), NO_ATTRS)

    return method


def _unary(op: Primitive) -> Callable[[Tensor], Tensor]:
    """``op a``."""

    def method(self: Tensor) -> Tensor:
        return Tensor._record(op, (self,), NO_ATTRS)

    method.__name__ = op.name
    method.__doc__ = f"``{op.name}`` of each element, recorded."
    return method


def _compare(relation: np.ufunc) -> Callable[[Tensor, Any], Any]:
    """``a < b`` and its kin, element by element: the answer is a plain array of truth values."""

    def method(self: Tensor, other: Any) -> Any:
        other = other._data if isinstance(other, Tensor) else other
        try:
            return relation(self._data, other)
        except ValueError as error:
            shapes = [np.shape(self._data), np.shape(other)]
            raise errors.shapes_do_not_fit(relation.__name__, shapes, {}, str(error)) from None
        except TypeError:
            return NotImplemented

    return method


def _method(function: Any, meaning: str) -> Callable[..., Any]:
    """The method of ``ndarray`` that takes the arguments of NumPy's ``function``; by name straight to its row."""
    op = BY_FUNCTION.get(function)
    attributes = frozenset(op.attributes if op else ())

    def method(self: Tensor, *args: Any, **more: Any) -> Any:
        if op and not args and more.keys() <= attributes:
            return Tensor._record(op, (self,), more)
        return _numpy(function, self, *args, **more)

    method.__name__ = function.__name__
    method.__doc__ = meaning
    method.__signature__ = inspect.signature(function)  # type: ignore[attr-defined] # functions may have one
    return method


def _numpy(function: Any, x: Tensor, *args: Any, **more: Any) -> Any:
    """Call NumPy's ``function`` on ``x``, from where it is dispatched to a row."""
    known = dispatch.names(function) if more else ()
    for keyword in more:
        if keyword not in known:
            raise errors.unsupported_keyword(function.__name__, keyword)
    return function(x, *args, **more)


class Tensor(Node):
    """A NumPy array that remembers how it was made.

    It answers Python's operators, NumPy's functions and the methods of ``ndarray``; each records, and
    ``backward()`` fills in ``grad``.

    Args:
        data: numbers, a nested list of numbers, an array (copied), or any array that speaks NumPy's
            protocols (kept as it is).
        requires_grad: whether gradients are wanted; integers need ``False``.
        dtype: the dtype to convert to; that of ``data`` if not given.
        name: what to call it in pictures and derivations.

    Raises:
        DtypeError: ``data`` is not numeric, or holds integers although a gradient is wanted.

    Example:
        >>> import numpy as np
        >>> x = Tensor([1.0, 2.0, 3.0])
        >>> loss = np.sum(x ** 2)
        >>> loss.backward()
        >>> x.grad
        array([2., 4., 6.])
    """

    __slots__ = ()

    _no_gradient: ClassVar[Any] = None
    _array: ClassVar[Any] = np.ndarray

    def __new__(cls, data: Any, requires_grad: bool = True, *, dtype: Any = None, name: str = "") -> Self:
        """A leaf that holds a copy of ``data``."""
        array = cls._accept(data, dtype)
        if requires_grad and array.dtype.kind not in "fc":
            raise errors.integer_gradient(str(array.dtype))
        return cls._leaf(array, requires_grad, name)

    def __getnewargs__(self) -> tuple[Any, bool]:
        return (self._data, False)

    @classmethod
    def _accept(cls, data: Any, dtype: Any = None) -> Any:
        """A copy as an array, or the array itself if it is another library's."""
        if isinstance(data, Node):
            raise errors.not_a_number(errors.describe(data), "x.detach(), or x.data for the array alone")
        if hasattr(data, "__array_function__") and not isinstance(data, (np.ndarray, np.generic)):
            return data if dtype is None or dtype == data.dtype else data.astype(dtype)
        if dtype is not None and parts.is_complex(data) and np.dtype(dtype).kind != "c":
            raise errors.complex_into_real("making a Tensor", str(np.asarray(data).dtype), str(np.dtype(dtype)))
        try:
            array = np.array(data, dtype=dtype)
        except (ValueError, TypeError) as error:
            raise errors.not_an_array(data, str(error)) from error
        if array.dtype.kind not in "fcbiu":
            raise errors.not_an_array(data, f"dtype {array.dtype}")
        return array

    @classmethod
    def _record(cls, op: Primitive, inputs: tuple[Any, ...], attrs: Mapping[str, Any]) -> Any:
        """Compute on the arrays, and remember."""
        tracked, known, arrays = False, True, []
        for x in inputs:
            if isinstance(x, Tensor):
                tracked = tracked or x.requires_grad
                arrays.append(x._data)
            else:
                known = known and type(x) in PLAIN
                arrays.append(x)
        if not known:
            inputs = tuple([x if isinstance(x, Tensor) else _constant(x, op) for x in inputs])
            arrays = [x._data if isinstance(x, Tensor) else x for x in inputs]
        recording, scope = context()
        try:
            data = op.array(*arrays, **attrs)
        except errors.VaryingError:
            data = attempt(op.array, *arrays, **attrs)
        except errors.CaptureError as error:
            if error.record is None:
                raise
            data = error.record(op.array, tuple(arrays), attrs)
        except errors.ChainruleError:
            raise
        except (IndexError, NotImplementedError, TypeError, ValueError) as error:
            raise _refused(op, inputs, arrays, attrs, error) from None
        if not (tracked and recording):
            if type(recording) is bool:
                return Tensor._leaf(data, requires_grad=False)
            return aside(Tensor, data, op, inputs, attrs, tracked)
        return remember(Tensor, data, op, inputs, attrs, scope)

    @staticmethod
    def _fit(gradient: Any, x: Any, kept: tuple[int, ...] = ()) -> Any:
        """Sum over broadcast axes, of the hidden ones all but ``kept``, and return to the dtype of the input.

        To an input that is real goes the real part.
        """
        like = x._data
        if type(gradient) is not np.ndarray and (levels := levels_of(gradient)):
            gradient = settle(gradient, levels, (*levels_of(like), *kept))
        if gradient.shape != like.shape:
            gradient = _unbroadcast(gradient, like.shape)
        if gradient.dtype != like.dtype:
            if like.dtype.kind not in "fc":
                raise errors.integer_gradient(str(like.dtype))
            if gradient.dtype.kind == "c" and like.dtype.kind == "f":
                gradient = np.real(gradient)
            gradient = gradient.astype(like.dtype)
        return gradient

    @classmethod
    def _fit_after(cls, seed: Any) -> Any:
        """Nothing is summed over the hidden axes of the seed: a gradient of its own is wanted for each example."""
        kept = levels_of(seed)
        return partial(cls._fit, kept=kept) if kept else cls._fit

    _attempt = staticmethod(attempt)

    @staticmethod
    def _quietly() -> AbstractContextManager[Any]:
        """NumPy without warnings about infinities."""
        return np.errstate(all="ignore")

    @staticmethod
    def _is_finite(gradient: Any) -> bool:
        """Whether the squares of the elements sum to a finite number: one that is not would spoil the sum."""
        data = gradient._data if isinstance(gradient, Tensor) else gradient
        whole = data.whole if isinstance(data, Batch) else data
        if type(whole) is np.ndarray:
            flat = whole.ravel(order="K")  # in the order of memory: no copy, however the axes lie
            return cmath.isfinite(flat.dot(flat))
        if isinstance(whole, Traced):
            return whole.is_finite()
        return cmath.isfinite(whole if isinstance(whole, np.generic) else np.vdot(whole, whole))

    @staticmethod
    def _guard(
        op: Primitive, rule: Callable[..., Any], i: int, g: Any, y: Any, args: Sequence[Any], slope: float
    ) -> Any:
        """The share of the ``i``-th input, with 0 for zeros of ``g`` times what is not finite, and the other way round.

        An elementwise rule multiplies each element of ``g`` by its own derivative. Other rules mix elements; there a
        factor that is not finite meets nothing but zeros if it may as well be any other number.
        """
        zero = g == 0
        try:
            share = rule(g, y, *args)
        except ValueError:  # a singular matrix
            if np.any(g):
                raise
            return 0 * _filled(args[i], 0)
        lost = ~np.isfinite(share)
        if not _any(lost):
            return share
        if op is elementwise.kept:
            return elementwise.kept(share, np.where(np.isnan(g), g, np.zeros_like(share)))
        if op.is_elementwise:
            infinite = np.isinf(g)
            if _any(infinite):  # it may meet a slope of 0, such as that of max(x, 0)
                g = np.where(infinite & (rule(np.ones_like(g), y, *args) == 0), 0, g)
            if _any((g == 0) & lost):
                share = elementwise.kept(share, g)
            return share if math.isinf(slope) else np.where(np.isinf(share) & ~infinite, np.sign(share) * slope, share)
        if not _any(zero):
            return share
        one, two = (rule(g, _filled(y, n, zero), *[_filled(x, n) for x in args]) for n in (1, 2))
        return np.where(lost & np.isfinite(one) & (one == two), one, share)

    _settled = staticmethod(limits.settled)

    _lazily = staticmethod(lazy.gradients)

    def backward(self, gradient: Any = None, *, create_graph: bool = False) -> None:
        """Fill in ``grad`` of everything that this tensor was made from: reverse-mode differentiation.

        Leaves, which no operation made, add the new gradient to the one they have; results in between
        hold the gradient of this pass alone.

        Args:
            gradient: the gradient of this tensor itself, of its shape; 1 for a scalar if not given.
            create_graph: make the gradients Tensors, which can be differentiated again.

        Raises:
            NotScalarError: this is not a scalar, or not a real one, and no ``gradient`` was given.
            DtypeError: ``gradient`` is complex and this tensor is not.
            ShapeError: ``gradient`` does not have the shape of this tensor.
            ArgumentError: nothing was recorded.
            StaleGraphError: a tensor was given new data after it was used.

        Example:
            >>> x = Tensor([1.0, 2.0])
            >>> (3 * x).backward(np.array([1.0, 10.0]))
            >>> x.grad
            array([ 3., 30.])
        """
        gradients = pullback(self, self._seed(gradient, create_graph), record=create_graph)
        given = {id(gradient)}
        for node, g in gradients.items():
            if node.op is not None:
                node.grad = g
                given.add(id(g))
            else:
                node.grad = own(g, given) if node.grad is None else node.grad + g

    def _seed(self, gradient: Any, create_graph: bool) -> Any:
        """The gradient that a backward pass starts with: 1 for a scalar, if none is given."""
        if not self.requires_grad:
            raise errors.nothing_recorded(errors.describe(self))
        if gradient is None:
            if self.size != 1:
                raise errors.not_scalar("backward()", self.shape)
            if self.dtype.kind == "c":
                raise errors.complex_result("backward()", str(self.dtype))
            data = self._data.data if isinstance(self._data, Traced) else self._data
            if isinstance(data, np.generic) and not create_graph:
                return type(data)(1)  # a number, which NumPy takes sooner than an array of one
            gradient = np.ones_like(self._data)
            if not create_graph:
                return gradient
        given = gradient if isinstance(gradient, Tensor) else _numbers(gradient)
        if given.dtype.kind == "c" and self.dtype.kind != "c":
            raise errors.complex_into_real("backward(gradient)", str(given.dtype), str(self.dtype))
        seed = given if isinstance(given, Tensor) else Tensor._leaf(given.astype(self.dtype, copy=False), False)
        if seed.shape != self.shape:
            raise errors.seed_shape(self.shape, seed.shape)
        return seed if create_graph else seed._data

    @property
    def data(self) -> Any:
        """The array. That of a leaf may be written into by ``t.data -= step``; a result, or a part, stays as it is."""
        array = self._data
        if type(array) is np.ndarray and (self.op is not None or array.base is not None):
            array = array.view()
            array.flags.writeable = False
        return array

    @data.setter
    def data(self, data: Any) -> None:
        self._renew(data)

    # Python's operators.

    __add__, __radd__ = _binary(elementwise.add), _reflected(elementwise.add)
    __sub__, __rsub__ = _binary(elementwise.subtract), _reflected(elementwise.subtract)
    __mul__, __rmul__ = _binary(elementwise.multiply), _reflected(elementwise.multiply)
    __truediv__, __rtruediv__ = _binary(elementwise.divide), _reflected(elementwise.divide)
    __pow__, __rpow__ = _binary(elementwise.power), _reflected(elementwise.power)
    __floordiv__, __rfloordiv__ = _binary(elementwise.floor_divide), _reflected(elementwise.floor_divide)
    __mod__, __rmod__ = _binary(elementwise.remainder), _reflected(elementwise.remainder)
    __matmul__, __rmatmul__ = _binary(linalg.matmul), _reflected(linalg.matmul)
    __neg__ = _unary(elementwise.negative)
    __pos__ = _unary(elementwise.positive)
    __abs__ = _unary(elementwise.absolute)

    __lt__, __le__ = _compare(np.less), _compare(np.less_equal)
    __gt__, __ge__ = _compare(np.greater), _compare(np.greater_equal)
    __eq__, __ne__ = _compare(np.equal), _compare(np.not_equal)
    __hash__ = object.__hash__

    # The array itself.

    @property
    def shape(self) -> tuple[int, ...]:
        """The length of each axis."""
        return self._data.shape

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return self._data.ndim

    @property
    def size(self) -> int:
        """The number of elements."""
        return self._data.size

    @property
    def dtype(self) -> Any:
        """The dtype of the elements."""
        return self._data.dtype

    @property
    def itemsize(self) -> int:
        """The number of bytes of one element."""
        return self._data.itemsize

    @property
    def nbytes(self) -> int:
        """The number of bytes of all elements."""
        return self._data.nbytes

    @property
    def real(self) -> Tensor:
        """The real part."""
        return np.real(self)

    @property
    def imag(self) -> Tensor:
        """The imaginary part."""
        return np.imag(self)

    @property
    def T(self) -> Tensor:
        """The tensor with its axes reversed."""
        return self.transpose()

    @property
    def mT(self) -> Tensor:
        """The tensor with its last two axes swapped."""
        return self.swapaxes(-1, -2)

    def __len__(self) -> int:
        if not self.ndim:
            raise errors.no_length()
        return len(self._data)

    def __iter__(self) -> Iterator[Tensor]:
        return (self[i] for i in range(len(self)))

    def __contains__(self, x: Any) -> bool:
        return bool(np.any(self == x))

    def item(self, *where: Any) -> Any:
        """The only element, or the one at ``where``, as a Python number without its graph."""
        if self.requires_grad:
            note("t.item()", self, sys._getframe(1))
        try:
            return in_memory(self._data).item(*where)
        except IndexError as error:
            raise errors.no_such_place("item", self.shape, {"index": where}, str(error)) from None
        except ValueError:
            raise errors.not_one_number("t.item()", self.shape) from None

    def tolist(self) -> Any:
        """The elements as nested lists of Python numbers, without their graph."""
        if self.requires_grad:
            note("t.tolist()", self, sys._getframe(1))
        return in_memory(self._data).tolist()

    # The methods of ndarray.

    def sum(self, axis: Any = None, dtype: Any = None, out: None = None, keepdims: bool = False, **more: Any) -> Tensor:
        """The sum along ``axis``, or of all elements."""
        if more or dtype is not None or out is not None:
            return _numpy(np.sum, self, axis, dtype, out, keepdims, **more)
        return Tensor._record(reduce.sum, (self,), {"axis": axis, "keepdims": keepdims})

    def mean(
        self, axis: Any = None, dtype: Any = None, out: None = None, keepdims: bool = False, **more: Any
    ) -> Tensor:
        """The mean along ``axis``, or of all elements."""
        if more or dtype is not None or out is not None:
            return _numpy(np.mean, self, axis, dtype, out, keepdims, **more)
        return Tensor._record(reduce.mean, (self,), {"axis": axis, "keepdims": keepdims})

    def max(self, axis: Any = None, out: None = None, keepdims: bool = False, **more: Any) -> Tensor:
        """The largest element along ``axis``, or of all; ties share the gradient equally."""
        if more or out is not None:
            return _numpy(np.max, self, axis, out, keepdims, **more)
        return Tensor._record(reduce.max, (self,), {"axis": axis, "keepdims": keepdims})

    def min(self, axis: Any = None, out: None = None, keepdims: bool = False, **more: Any) -> Tensor:
        """The smallest element along ``axis``, or of all; ties share the gradient equally."""
        if more or out is not None:
            return _numpy(np.min, self, axis, out, keepdims, **more)
        return Tensor._record(reduce.min, (self,), {"axis": axis, "keepdims": keepdims})

    prod = _method(np.prod, "The product along ``axis``, or of all elements.")
    var = _method(np.var, "The variance along ``axis``, or of all elements, with divisor ``n - ddof``.")
    std = _method(np.std, "The standard deviation along ``axis``, or of all elements; its gradient at 0 is 0.")
    cumsum = _method(np.cumsum, "The running sum along ``axis``, or of the flattened elements.")

    def reshape(self, *shape: Any, **more: Any) -> Tensor:
        """The same elements in another shape; -1 stands for the length that fits."""
        if more:
            to = {"shape": shape[0] if len(shape) == 1 else shape} if shape else {}
            return _numpy(np.reshape, self, **to, **more)
        return _reshape(self, shape)

    ravel = _method(np.ravel, "The elements in one axis.")
    flatten = _method(np.ravel, "The elements in one axis.")

    def transpose(self, *axes: Any) -> Tensor:
        """The axes in another order, reversed if none is given."""
        order = axes[0] if len(axes) == 1 and not isinstance(axes[0], int) else axes or None
        return shape.transpose(self, axes=order)

    def swapaxes(self, axis1: int, axis2: int) -> Tensor:
        """Two axes exchanged."""
        return shape.swapaxes(self, axis1=axis1, axis2=axis2)

    def squeeze(self, axis: Any = None) -> Tensor:
        """Axes of length 1 removed."""
        return shape.squeeze(self, axis=axis)

    def repeat(self, repeats: Any, axis: int | None = None) -> Tensor:
        """Each element repeated."""
        return shape.repeat(self, repeats=repeats, axis=axis)

    clip = _method(np.clip, "Each element limited to the interval; the gradient passes inside it and at its ends.")
    round = _method(np.round, "The rounded elements; a step function has the gradient 0.")

    def dot(self, b: Any, out: None = None) -> Tensor:
        """The matrix product as ``np.dot`` defines it."""
        return np.dot(self, b, out=out)

    def take(self, indices: Any, axis: int | None = None, out: None = None, **more: Any) -> Tensor:
        """The elements at ``indices`` along ``axis``."""
        return _numpy(np.take, self, indices, axis, out, **more)

    diagonal = _method(np.diagonal, "The diagonal of the two axes, as the last axis.")
    trace = _method(np.trace, "The sum of the diagonal.")

    def astype(self, dtype: Any, *, copy: bool = True) -> Any:
        """The elements in another dtype; gradients come back in this one's. Whole numbers are a plain array."""
        dtype = np.dtype(dtype)
        if dtype.kind not in "fc":
            return self._data.astype(dtype)
        return self if dtype == self.dtype and not copy else elementwise.astype(self, dtype=dtype)

    def copy(self) -> Tensor:
        """A new result with the same elements."""
        return +self

    def conjugate(self) -> Tensor:
        """The complex conjugate."""
        return parts.conjugate(self) if self.dtype.kind == "c" else +self

    conj = conjugate

    argmax = _method(np.argmax, "Where the largest element is, as a plain array or number.")
    argmin = _method(np.argmin, "Where the smallest element is, as a plain array or number.")
    argsort = _method(np.argsort, "The order that sorts the elements, as a plain array.")
    nonzero = _method(np.nonzero, "Where the elements are that are not 0, as plain arrays.")
    searchsorted = _method(np.searchsorted, "Where numbers go to keep the order, as a plain array.")
    all = _method(np.all, "Whether all elements are nonzero, as a plain truth value or array.")
    any = _method(np.any, "Whether any element is nonzero, as a plain truth value or array.")

    # The elementwise functions that arrays lack as methods; PyTorch's people look for them here.

    exp = _unary(elementwise.exp)
    log = _unary(elementwise.log)
    sqrt = _unary(elementwise.sqrt)
    sin = _unary(elementwise.sin)
    cos = _unary(elementwise.cos)
    tanh = _unary(elementwise.tanh)
    sigmoid = _unary(elementwise.sigmoid)
    relu = _unary(elementwise.relu)

    # Indexing.

    def __getitem__(self, where: Any) -> Tensor:
        return index.getitem(self, index=_plain(where))

    def __setitem__(self, where: Any, value: Any) -> None:
        assign(self, _plain(where), value)

    # NumPy.

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        return dispatch.ufunc(ufunc, method, inputs, kwargs)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        return dispatch.function(function, args, kwargs)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        if self.requires_grad and (dtype is None or np.dtype(dtype).kind not in "iub"):  # as in ``astype``
            raise errors.left_graph(
                "np.array(t) or np.asarray(t)",
                self.shape,
                "np.stack([t, t]) to join Tensors; np.dot(a, t) or a @ t for a.dot(t); for a[index] = t "
                "a = Tensor(a, requires_grad=False) before; t.data for the array alone",
            )
        array = np.array(self._data, dtype=dtype, copy=copy)
        if np.may_share_memory(array, self._data):
            array = array.view()
            array.flags.writeable = False
        return array

    # Conversions.

    def __repr__(self) -> str:
        extras = "" if self.requires_grad else ", requires_grad=False"
        if self.dtype != np.float64:
            extras += f", dtype={self.dtype}"
        data: Any = self._data
        if not isinstance(data, (np.ndarray, np.generic, Batch, Traced)):  # another library's, as that shows it
            return f"Tensor({data!r}{extras})"
        data = data if isinstance(data, Batch) else np.asarray(data)
        return f"Tensor({np.array2string(data, separator=', ', prefix='Tensor(')}{extras})"

    def __format__(self, spec: str) -> str:
        return format(self._number("format(t)"), spec) if spec else repr(self)

    def __float__(self) -> float:
        if self.requires_grad and is_stored(sys._getframe(1)):
            raise errors.left_graph(
                "array[index] = t",
                self.shape,
                "array = Tensor(array, requires_grad=False) before, which records it; t.item() for the number alone",
            )
        if self.requires_grad:
            self._refuse_to_be_lost("float(t)", sys._getframe(1))
        return float(self._real_number("float(t) or math.f(t)"))

    def __complex__(self) -> complex:
        if self.requires_grad:
            self._refuse_to_be_lost("complex(t)", sys._getframe(1))
        return complex(self._number("complex(t)"))

    def __int__(self) -> int:
        return int(self._real_number("int(t)"))

    def __bool__(self) -> bool:
        return bool(self._number("bool(t)"))

    def _refuse_to_be_lost(self, what: str, frame: FrameType) -> None:
        """An error if a function asks for a number of which it makes another, which would have a gradient."""
        note(what, self, frame)
        if self.size == 1 and (function := losing(frame)):
            name = function.rpartition(".")[2]
            cure = (
                "array = np.full(array.shape, 1.0) * t, which records; a.fill(t.item()) for the number alone"
                if name == "fill"
                else f"{recording(name)}, which records; {function}(t.item()) for the number alone"
            )
            raise errors.left_graph(f"{function}(t)", self.shape, cure)

    def _real_number(self, what: str) -> Any:
        """The only element, which must not be complex."""
        if self.dtype.kind == "c":
            raise errors.complex_into_real(what, str(self.dtype), "float64")
        return self._number(what)

    def _number(self, what: str) -> Any:
        """The only element, or an error that says what to call instead."""
        if self.size != 1:
            raise errors.not_one_number(what, self.shape)
        if isinstance(self._data, Batch):
            self._data.refuse(what)
        return in_memory(self._data).item()


def _refused(op: Primitive, inputs: Any, arrays: Any, attrs: Mapping[str, Any], error: Exception) -> Exception:
    """What a row said to its arguments, in our words."""
    planned = any(map(is_lazy, arrays))
    shapes = [np.shape(x) for x in inputs]
    if isinstance(error, np.exceptions.AxisError):
        return errors.no_such_axis(op.name, shapes[0], attrs, str(error))
    if planned and (isinstance(error, NotImplementedError) or not op.is_elementwise):
        return errors.not_on_dask(op.name, arrays, str(error))
    if isinstance(error, IndexError):
        return errors.no_such_place(op.name, shapes[0], attrs, str(error))
    if isinstance(error, ValueError):
        return errors.shapes_do_not_fit(op.name, shapes, attrs, str(error))
    if isinstance(error, TypeError):
        return errors.wrong_kind(op.name, shapes, attrs, str(error), any(map(parts.is_complex, inputs)))
    return error


def _constant(x: Any, op: Primitive) -> Any:
    """An operand as the graph keeps it: nodes and arrays of any library as they are, lists as arrays."""
    if isinstance(x, Value):
        raise errors.mixed_kinds(op.name)
    if hasattr(x, "__array_function__") or isinstance(x, (float, int, complex, np.generic)):
        return x
    if x is None:
        raise errors.not_a_number(f"None as an operand of {op.name}", "a number or an array as operand")
    try:
        array = np.asarray(x)
    except ValueError as error:
        raise errors.not_a_number(f"{type(x).__name__} ({error})", "an array whose rows are equally long") from error
    if array.dtype.kind not in "fcbiu":
        raise errors.not_a_number(f"{type(x).__name__} as an operand of {op.name}", "a number or an array as operand")
    return array


def _filled(x: Any, number: float, where: Any = True) -> Any:
    """``x`` with ``number`` in the place of what is not finite."""
    if not hasattr(x, "dtype") and not isinstance(x, float):
        return x
    strange = ~np.isfinite(x) & where
    return np.where(strange, number, x) if _any(strange) else x


def _any(mask: Any) -> bool:
    """Whether the mask holds anywhere, in a batch in any example."""
    return bool(np.any(mask.whole if isinstance(mask, Batch) else mask))


def _numbers(x: Any) -> Any:
    """``x`` as an array of numbers, or an error."""
    try:
        array = np.asarray(x)
    except errors.ChainruleError:
        raise
    except (TypeError, ValueError) as error:
        raise errors.not_an_array(x, str(error)) from error
    if array.dtype.kind not in "fciub":
        raise errors.not_an_array(x, f"dtype {array.dtype}")
    return array


def _plain(where: Any) -> Any:
    """An index without Tensors, which pass no gradient here, and whose arrays no one can change later."""
    if isinstance(where, Tensor):
        where = where._data
    if isinstance(where, tuple):
        return tuple(_plain(part) for part in where)
    if not isinstance(where, (list, np.ndarray)):
        return where
    places = np.array(where)
    return places if places.size else places.astype(places.dtype if places.dtype.kind in "biu" else np.intp)


def _reshape(x: Tensor, to: Any) -> Tensor:
    """Accept both ``reshape(2, 3)`` and ``reshape((2, 3))``."""
    return shape.reshape(x, shape=to[0] if len(to) == 1 else to)


def own(gradient: Any, given: set[int]) -> Any:
    """``gradient`` for someone to keep and to change.

    What was only passed on is one array for several nodes, and a view shows a part of another; of these
    a copy is made. ``given`` holds the ``id`` of what others have already.
    """
    first = id(gradient) not in given
    given.add(id(gradient))
    if first and type(gradient) in (np.ndarray, Traced) and gradient.base is None:
        return gradient
    if isinstance(gradient, Traced):
        return gradient.copy()
    if isinstance(gradient, Tensor):
        return gradient if first else +gradient
    return np.array(gradient) if isinstance(gradient, (np.ndarray, np.generic)) else gradient


@lru_cache
def _ones(n: int, dtype: Any) -> Any:
    """``n`` ones: their product with a matrix is the sum of its rows."""
    ones = np.ones(n, dtype)
    ones.flags.writeable = False
    return ones


def _unbroadcast(gradient: Any, to: tuple[int, ...]) -> Any:
    """Sum over the axes along which an input of shape ``to`` was repeated."""
    extra = gradient.ndim - len(to)
    if gradient.shape[extra:] == to:
        if extra == 1 == len(to) and type(gradient) in (np.ndarray, Traced) and gradient.dtype.kind == "f":
            return np.dot(_ones(len(gradient), gradient.dtype), gradient)  # the same sum, sooner
        if len(to) == 1 and type(gradient) is np.ndarray and gradient.dtype.kind == "f" and gradient.size:
            rows = gradient.reshape(-1, *to)
            return np.dot(_ones(len(rows), gradient.dtype), rows)
        return gradient.sum(axis=0 if extra == 1 else tuple(range(extra)))
    repeated = [extra + i for i, n in enumerate(to) if n == 1 and gradient.shape[extra + i] != 1]
    axes = (*range(extra), *repeated)
    return gradient.sum(axis=axes).reshape(to) if axes else gradient  # none where Dask does not know lengths yet
