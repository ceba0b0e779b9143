"""From one element of an array operation to the scalars behind it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from autograd import Tensor, Value
from autograd.errors import StaleGraphError, bad_argument, describe, message
from autograd.graph import ATOM, NO_ATTRS, Node, Notation, Primitive, ancestors, recording
from autograd.rules import elementwise

from .entry import Place, at, place_of
from .gradients import plain
from .view import GraphView, draw_graph
from .walk import Graph, walk

MOST_SCALARS = 2_000_000
"""An operation of more scalars is not taken apart: it would take seconds, and memory as a whole training does."""

SAME = Primitive(
    "same", lambda x: x, [lambda g, y, x: g], scalar=lambda x: x, notation=Notation("{}", "{}", ATOM)
)  # fmt: skip
"""What moves an element elsewhere, as it is."""


class Zoomed(Value):
    """One element of a Tensor as the Value that it is: a notebook draws the scalar graph behind it.

    Example:
        >>> A, B = Tensor([[1.0, 2.0]], name="A"), Tensor([[3.0], [4.0]], name="B")
        >>> element = zoom(A @ B, (0, 0))
        >>> element.leaf("B[1, 0]")
        Value(data=4.0, grad=0)
    """

    __slots__ = ()

    def leaf(self, name: str) -> Value:
        """The element of an operand that is called ``name``, such as ``x[0, 1]``.

        Raises:
            ArgumentError: there is none.
        """
        leaves = {x.name: x for x in ancestors([self]) if x.op is None and isinstance(x, Value)}
        if name not in leaves:
            known = ", ".join(list(leaves)[:6]) + (", ..." if len(leaves) > 6 else "")
            cure = f"element.leaf({next(iter(leaves), 'x[0]')!r})"
            raise bad_argument("zoom(...).leaf(name)", f"an element behind it: {known}", repr(name), cure)
        return leaves[name]

    def draw(self, **options: Any) -> GraphView:
        """The picture; the options are those of :func:`draw_graph`."""
        return draw_graph(self, **options)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """What a notebook shows: the picture."""
        return self.draw()._repr_mimebundle_(include, exclude)


def zoom(tensor: Any, index: Any = (), *, names: Mapping[str, Any] | None = None) -> Zoomed:
    """The scalar graph behind one element of an array operation.

    The operation is computed anew on arrays of Values that hold the numbers of its operands, so that each scalar
    product, sum or maximum in it is a node. If a backward pass has been here, it is continued: the element starts
    with its entry of ``tensor.grad``, and each leaf gets what this element contributes to the gradient of its
    operand. Otherwise ``zoom(...).backward()`` gives the derivatives of the element itself.

    Args:
        tensor: a Tensor that an operation made, of any shape.
        index: which element: a number for each axis.
        names: names for the operands, such as ``locals()``; they go before ``tensor.name``.

    Returns:
        A Value that :func:`draw_graph` and :func:`explain` take, and that notebooks draw; ``.leaf("x[0, 1]")`` is one
        of the elements that it was made from. Numbers are computed in double precision.

    Raises:
        ArgumentError: ``tensor`` is no result, ``index`` is no element of it, the operation cannot be taken apart
            or would come apart into more than two million scalars.
        StaleGraphError: an operand was given new data after the operation.

    Example:
        >>> A = Tensor([[1.0, 2.0], [3.0, 4.0]], name="A")
        >>> B = Tensor([[5.0, 6.0], [7.0, 8.0]], name="B")
        >>> element = zoom(A @ B, (0, 1), names={})
        >>> element.backward()
        >>> print(draw_graph(element))
        out[0, 1] = v1 + v2   data 22   grad 1
        ├─ (∂out[0, 1]/∂v1 = 1 ← 1)   v1 = A[0, 0] * B[0, 1]   data 6   grad 1
        │  ├─ (∂v1/∂A[0, 0] = 6 ← 6)   A[0, 0]   data 1   grad 6
        │  └─ (∂v1/∂B[0, 1] = 1 ← 1)   B[0, 1]   data 6   grad 1
        └─ (∂out[0, 1]/∂v2 = 1 ← 1)   v2 = A[0, 1] * B[1, 1]   data 16   grad 1
           ├─ (∂v2/∂A[0, 1] = 8 ← 8)   A[0, 1]   data 2   grad 8
           └─ (∂v2/∂B[1, 1] = 2 ← 2)   B[1, 1]   data 8   grad 2
    """
    if not isinstance(tensor, Tensor) or tensor.op is None:
        cure = "zoom(y, (0, 0)) where y = x @ w" if isinstance(tensor, Tensor) else "zoom(tensor, (0, 0))"
        got = "a leaf, which nothing made" if isinstance(tensor, Tensor) else describe(tensor)
        raise bad_argument("zoom(tensor, index)", "a Tensor that an operation made", got, cure)
    place = place_of(index, np.shape(tensor._data), describe(tensor), "zoom(tensor, index)")
    graph = walk([tensor], names)
    _check_fresh(graph, tensor)
    with recording(True):
        element = _Apart(graph, tensor).element(place)
    gradient = plain(tensor.grad)
    if gradient is not None and element.requires_grad:
        seed = np.asarray(gradient)[place].item()
        element.backward(seed if isinstance(element._data, complex) else seed.real)
    return element


def _check_fresh(graph: Graph, tensor: Tensor) -> None:
    for x in tensor.inputs:
        if isinstance(x, Node) and x.order > tensor.order:
            got = f"{graph.vertex(x).name} was given new data since"
            cure = "compute the result again, and zoom into that"
            raise StaleGraphError(message("zoom(tensor, index)", "operands as the operation used them", got, cure))


class _Apart:
    """An operation on arrays, as one on their elements."""

    def __init__(self, graph: Graph, tensor: Tensor) -> None:
        assert tensor.op is not None
        self.graph, self.tensor, self.op = graph, tensor, tensor.op
        self.arrays: dict[int, Any] = {}

    def element(self, place: Place) -> Zoomed:
        """The element at ``place``, named after it."""
        found = self._elementwise(place) if is_elementwise(self.op) else self._whole()[place]
        found = found.item() if isinstance(found, np.ndarray) else found  # an array of one number put into another
        name = at(self.graph.vertices[self.graph.roots[0]].name, place)
        if not isinstance(found, Value):  # a constant, such as a border of zeros
            return Zoomed._leaf(found, requires_grad=False, name=name)
        if found.op is None or found.name:  # moved to another place, as it is
            made: Zoomed = Zoomed._result(found._data, SAME, (found,), NO_ATTRS)
        else:
            made = Zoomed._result(found._data, found.op, found.inputs, found.attrs)
        made.name = name
        return made

    def _elementwise(self, place: Place) -> Any:
        """Each operand has one element for it, which may be used for others too."""
        given = [self._element(i, x, place) for i, x in enumerate(self.tensor.inputs)]
        return given[0] if self.op is elementwise.astype else self.op(*given, **self.tensor.attrs)

    def _element(self, position: int, x: Any, place: Place) -> Any:
        data = x._data if isinstance(x, Node) else x
        own = np.shape(data)
        here = tuple(0 if n == 1 else i for i, n in zip(place[len(place) - len(own) :], own, strict=True))
        return self._scalar(position, x, data, here)

    def _scalar(self, position: int, x: Any, data: Any, here: Place) -> Any:
        """One element as a Value, or as a bare number where no gradient can flow or nothing has a name."""
        number = np.asarray(data)[here].item()
        if self._is_bare(position, x):
            return number
        name = at(self.graph.vertex(x).name, here)
        return Value._leaf(number, requires_grad=isinstance(x, Node) and x.requires_grad, name=name)

    def _is_bare(self, position: int, x: Any) -> bool:
        differentiable = self.op.is_joint or self.op.rules[position] is not None
        return not (differentiable and id(x) in self.graph.places)

    def _whole(self) -> Any:
        """The whole operation on arrays of Values."""
        sizes = [np.size(getattr(x, "_data", x)) for x in self.tensor.inputs if id(x) in self.graph.places]
        sizes.append(np.size(self.tensor._data))
        cost = math.sqrt(math.prod(sizes)) if len(sizes) > 2 else max(sizes)
        if cost > MOST_SCALARS:
            got = f"{self.op.name} of about {cost:,.0f}"
            cure = "the same operation on fewer examples, zoom(x[:4] @ w, (0, 0)); or explain(loss, x, index=...)"
            raise bad_argument("zoom(tensor, index)", f"an operation of at most {MOST_SCALARS:,} scalars", got, cure)
        inputs = [self._array(i, x) for i, x in enumerate(self.tensor.inputs)]
        try:
            return np.asarray(self.op.array(*inputs, **self.tensor.attrs), dtype=object)
        except Exception as error:  # whatever NumPy, LAPACK or SciPy say to an array of objects
            expected = "an operation that NumPy also computes on arrays of objects, number by number"
            got = f"{self.op.name}, which computes on arrays of floats only"
            cure = "explain(loss, x) for its rule as a formula; or zoom into what it was made from"
            raise bad_argument("zoom(tensor, index)", expected, got, cure) from error

    def _array(self, position: int, x: Any) -> Any:
        """An operand as an array of Values; the same operand twice is the same array."""
        data = x._data if isinstance(x, Node) else x
        if self._is_bare(position, x):
            return data
        if id(x) not in self.arrays:
            values = np.empty(np.shape(data), dtype=object)
            for here in np.ndindex(values.shape):
                values[here] = self._scalar(position, x, data, here)
            self.arrays[id(x)] = values
        return self.arrays[id(x)]


def is_elementwise(op: Primitive) -> bool:
    """Whether an element of the result needs one element of each operand."""
    return op.scalar is not None or op is elementwise.astype
