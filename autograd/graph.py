"""The graph: results that remember how they were made, and the one loop that walks back over them.

A :class:`Node` is a result. It holds its data, the operation that made it (a row of the table of
rules, a :class:`Primitive`), its inputs in order, and the operation's keyword attributes. That is
all there is to know about a result, and nothing else in the house remembers anything: drawing,
deriving, checking and replaying are functions over this data.

:func:`pullback` is reverse-mode differentiation. It visits the nodes from the newest to the oldest
and applies the chain rule to each::

    gradient of an input  +=  rule(gradient of the result, result, *inputs)

Creation order is a topological order (a result is younger than its inputs), so a queue that gives the
newest node first replaces the recursion, and a chain of a million operations is walked like a short one.

This file knows neither NumPy nor the kinds of nodes: it imports the standard library only.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ContextDecorator, nullcontext
from contextvars import ContextVar, Token
from copy import copy
from functools import partial
from heapq import heappop, heappush
from itertools import count
from math import inf
from operator import attrgetter
from typing import Any, ClassVar, NamedTuple
from weakref import ref

from . import errors
from .watching import LIVING, Place, Watch, Watcher

_context: ContextVar[tuple[bool | Watch, str]] = ContextVar("context", default=(True, ""))
"""Whether operations are recorded here and now (or a :class:`Watch`), and the path of the running ``nn`` module."""

context, next_order = _context.get, count(1).__next__

UNREACHED = object()
"""The gradient of what no gradient has reached yet."""

NO_ATTRS: Mapping[str, Any] = {}


class Node:
    """A result that remembers how it was made.

    ``Value`` and ``Tensor`` are the two kinds; they add arithmetic, no bookkeeping.

    Attributes:
        data: the number or the array. Assigning it makes the node young again, so that a graph that
            was built on the old data is known to be stale; a result becomes a leaf by it.
        grad: the gradient that the last backward passes left here.
        op: the row of the table that made it; ``None`` for a leaf.
        inputs: what the row was applied to, in order: nodes, numbers and arrays.
        attrs: the row's keyword attributes, such as ``axis``.
        order: its place in the order of creation; an input's is smaller than its result's.
        name: what the user calls it, or ``""``.
        scope: the path of the ``nn`` module that was running, or ``""``.
        requires_grad: whether a backward pass shall reach it.
    """

    __slots__ = (
        "__weakref__",
        "_a",
        "_b",
        "_data",
        "grad",
        "name",
        "op",
        "order",
        "requires_grad",
        "scope",
    )

    _a: Any
    _b: Any
    """The one or two inputs of an operation without attributes; of any other its tuple of inputs, and its attributes.

    Nearly all results have one or two inputs. A tuple for each would double what the garbage collector visits."""

    _data: Any
    grad: Any
    op: Primitive | None
    order: int
    name: str
    scope: str
    requires_grad: bool

    _no_gradient: ClassVar[Any] = None
    """What ``grad`` is before any backward pass came by."""

    _is_number: ClassVar[bool] = False
    """Whether the data are plain numbers, with truth values."""

    _assigned: ClassVar[bool] = False
    """Whether items of any result were ever assigned: until then nobody has to look for what it was before."""

    @classmethod
    def _leaf(cls, data: Any, requires_grad: bool = True, name: str = "") -> Any:
        """A node that no operation made: an input, a parameter or a constant."""
        node = object.__new__(cls)
        node._data = data
        node.grad = cls._no_gradient
        node.op = None
        node._a = ()
        node._b = NO_ATTRS
        node.order = next_order()
        node.name = name
        node.scope = ""
        node.requires_grad = requires_grad
        return node

    @classmethod
    def _result(cls, data: Any, op: Primitive, inputs: tuple[Any, ...], attrs: Mapping[str, Any]) -> Any:
        """The node for ``data = op(*inputs, **attrs)``, recorded if a gradient may be wanted."""
        recording, scope = context()
        for x in inputs if recording is not False else ():
            if isinstance(x, Node) and x.requires_grad:
                break
        else:
            return aside(cls, data, op, inputs, attrs, False)
        return remember(cls, data, op, inputs, attrs, scope) if recording else aside(cls, data, op, inputs, attrs, True)

    @property
    def data(self) -> Any:
        """The number or the array that this node holds."""
        return self._data

    @data.setter
    def data(self, data: Any) -> None:
        self._renew(data)

    def _renew(self, data: Any) -> None:
        """Hold other data from now on."""
        if data is not self._data:  # after `t.data -= step` it is the same array
            self._data = self._accept(data, getattr(self._data, "dtype", None))
        if self.op is not None:  # no longer what the operation made
            self.made_by(None, ())
        self.order = next_order()
        if isinstance(watch := context()[0], Watch):
            watch.assigned(self)

    @property
    def inputs(self) -> tuple[Any, ...]:
        """What the operation was applied to, in order: nodes, numbers and arrays."""
        op = self.op
        if op is None:
            return self._a
        inputs = (self._a, self._b) if op.is_binary else (self._a,) if op.is_unary else self._a
        for x in inputs if Node._assigned else ():
            if isinstance(x, Node) and x.order > self.order:
                return self._used(inputs)
        return inputs

    @property
    def attrs(self) -> Mapping[str, Any]:
        """The keyword attributes of the operation."""
        return NO_ATTRS if self.op is not None and self.op.is_binary else self._b

    def _used(self, inputs: tuple[Any, ...]) -> tuple[Any, ...]:
        """The inputs as they were when this node used them: items may have been assigned since."""
        inputs = tuple([earlier(x, self.order) if isinstance(x, Node) else x for x in inputs])
        self.made_by(self.op, inputs, self.attrs)
        return inputs

    def made_by(self, op: Primitive | None, inputs: tuple[Any, ...], attrs: Mapping[str, Any] = NO_ATTRS) -> None:
        """Say how this node was made."""
        self.op = op
        self._a, self._b = inputs, attrs
        if op is not None and op.is_unary:
            (self._a,) = inputs
        elif op is not None and op.is_binary:
            self._a, self._b = inputs

    @property
    def label(self) -> str:
        """What the user calls this node; the same as ``name``."""
        return self.name

    @label.setter
    def label(self, name: str) -> None:
        self.name = name

    @property
    def is_leaf(self) -> bool:
        """Whether no recorded operation made this node."""
        return not self.inputs

    def __getstate__(self) -> Any:
        """What is pickled or copied: with the inputs as this node used them, which the copies could not tell."""
        self.made_by(self.op, self.inputs, self.attrs)
        return object.__getstate__(self)

    def __reduce_ex__(self, protocol: Any) -> Any:
        """For a pickle or a deep copy: with all that belongs to this node, oldest first, so that nothing recurses."""
        reduced: Any = super().__reduce_ex__(max(protocol, 2))
        make, args, (_, slots), *_ = reduced
        is_part = _together.get()() is not None
        nodes = [self] if is_part else _belonging(self)
        gradients = [(x, x.grad) for x in nodes if isinstance(x.grad, Node) and not is_part]
        if isinstance(self.grad, Node):  # it is younger, and may be made from this node: it comes last
            slots["grad"] = self._no_gradient
        place = next(i for i, x in enumerate(nodes) if x is self)
        older, younger = [_OneByOne(part) if part else () for part in (nodes[:place], nodes[place + 1 :])]
        return make, args, (older, _Order(), younger, slots, gradients)

    def __setstate__(self, state: tuple[Any, int, Any, dict[str, Any], Sequence[tuple[Node, Any]]]) -> None:
        """Come back from a pickle or a copy as a new node, with a place of its own in the order of creation."""
        _, order, _, slots, gradients = state
        for slot, value in slots.items():
            setattr(self, slot, value)
        self.order = order
        for node, gradient in gradients:
            node.grad = gradient

    def __copy__(self) -> Any:
        """A second node that was made in the same way, from the same inputs."""
        reduced: Any = super().__reduce_ex__(2)
        make, args, (_, slots), *_ = reduced
        node = make(*args)
        node.__setstate__(((), next_order(), (), slots, ()))
        return node

    def detach(self) -> Any:
        """A constant copy: no gradient flows through it, and what happens to the original does not reach it."""
        return type(self)._leaf(copy(self._data), requires_grad=False)

    def zero_grad(self) -> None:
        """Forget the gradient of earlier backward passes."""
        self.grad = self._no_gradient

    # What a kind of node must say of itself.

    @classmethod
    def _accept(cls, data: Any, dtype: Any = None) -> Any:
        """``data`` in the form that this kind holds, or an error that says why it cannot."""
        return data

    _record: ClassVar[Any]
    """Computes ``op(*inputs, **attrs)`` and returns its node; each kind has its own."""

    _array: ClassVar[Any] = None
    """The type of gradients that fit if they have the shape and dtype of the input."""

    _fit: ClassVar[Any] = None
    """Brings a gradient into the shape and dtype of an input: undoes broadcasting. Numbers need none."""

    @classmethod
    def _fit_after(cls, seed: Any) -> Any:
        """The same in a pass that starts with ``seed``, which may be a batch of gradients."""
        return cls._fit

    @staticmethod
    def _attempt(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """``function(*args, **kwargs)``, in whatever way it can be computed."""
        return function(*args, **kwargs)

    comparisons_are_nodes: ClassVar[bool] = False
    """Whether ``a > b`` is a node too, an indicator; otherwise it is a plain truth value, or an array of them."""

    _runs_rules_on_nodes: ClassVar[bool] = False
    """Whether rules need nodes also where nothing is recorded, since the bare data do not answer all they ask."""

    def _arguments(self, g: Any, record: bool) -> tuple[Any, Any, Sequence[Any]]:
        """What a rule reads: the gradient of this result, the result, and the inputs; nodes if all is recorded."""
        inputs = self.inputs
        return (g, self, inputs) if record else (g, self._data, [x._data if isinstance(x, Node) else x for x in inputs])

    @staticmethod
    def _quietly() -> AbstractContextManager[Any]:
        """A block in which infinities arise without a warning: the backward pass looks for them itself."""
        return nullcontext()

    @staticmethod
    def _is_finite(gradient: Any) -> bool:
        """Whether a gradient holds no infinity and no NaN."""
        return True

    @staticmethod
    def _guard(
        op: Primitive, rule: Callable[..., Any], i: int, g: Any, y: Any, args: Sequence[Any], slope: float
    ) -> Any:
        """``rule(g, y, *args)``, the share of the ``i``-th input, without what is infinite where ``g`` is 0.

        What is infinite although ``g`` is finite becomes ``slope``, with its sign.
        """
        return rule(g, y, *args)

    @staticmethod
    def _settled(root: Any, seed: Any, path: Any, wrt: Any, record: bool, plain: Any) -> dict[Node, Any]:
        """The gradients where a plain pass came out infinite or NaN; the kinds look beside the place."""
        return _walk(root, seed, path, record, guarded=inf)[0]

    @staticmethod
    def _lazily(root: Any, seed: Any, path: Any, wrt: Any, record: bool) -> dict[Node, Any]:
        """The gradients of a result that is computed later; see :mod:`autograd.lazy`."""
        return _walk(root, seed, path, record, guarded=False)[0]


_together: ContextVar[Any] = ContextVar("together", default=lambda: None)
"""A weak reference to the nodes that are just being pickled, or copied, one by one; to nothing if none are."""


class _Order:
    """A place in the order of creation, which is given when it comes out of the pickle."""

    def __reduce__(self) -> tuple[Any, ...]:
        return new_order, ()


def new_order() -> int:
    """The next place in the order of creation."""
    return next_order()


class _OneByOne:
    """Nodes on their way into a pickle or a copy, where they come out as a list."""

    def __init__(self, nodes: Sequence[Node]) -> None:
        self.nodes = nodes

    def __reduce__(self) -> tuple[Any, ...]:
        return list, (), None, iter([_Mark(ref(self)), *self.nodes, _Mark(_together.get())])


class _Mark:
    """The beginning or the end of such nodes: said when the pickle comes to it."""

    def __init__(self, together: Any) -> None:
        self.together = together

    def __reduce__(self) -> tuple[Any, ...]:
        _together.set(self.together)
        return bool, ()


def _belonging(node: Node) -> list[Node]:
    """``node``, everything that leads to it, and gradients that are nodes with what leads to them, oldest first."""
    stack, found = [node], {node}
    while stack:
        x = stack.pop()
        for other in (*x.inputs, x.grad):
            if isinstance(other, Node) and other not in found:
                found.add(other)
                stack.append(other)
    return sorted(found, key=attrgetter("order"))


def remember(
    kind: type[Node], data: Any, op: Primitive, inputs: tuple[Any, ...], attrs: Mapping[str, Any], scope: str
) -> Any:
    """The node for ``data``, which ``op`` made from ``inputs``, as something that a gradient shall reach."""
    node = object.__new__(kind)
    node._data = data
    node.grad = kind._no_gradient
    node.op = op
    if op.is_binary:
        node._a, node._b = inputs
    else:
        node._a = inputs[0] if op.is_unary else inputs
        node._b = attrs
    node.order = next_order()
    node.name = ""
    node.scope = scope
    node.requires_grad = True
    return node


def aside(
    kind: type[Node], data: Any, op: Primitive, inputs: tuple[Any, ...], attrs: Mapping[str, Any], tracked: bool
) -> Any:
    """The node for ``data`` where nothing has to be remembered, or somebody looks on."""
    watch, scope = context()
    if tracked and isinstance(watch, Watch) and watch.on:
        node = remember(kind, data, op, inputs, attrs, scope)
    else:
        node = kind._leaf(data, requires_grad=False)
    if isinstance(watch, Watch):
        watch.made(node, op, inputs)
    return node


def earlier(x: Node, order: int) -> Node:
    """What ``x`` was when a result of that order used it: the assignments to its items that came later undone.

    Where its data was given to it anew, there is no way back to what it was, and it stays younger.
    """
    while x.order > order and x.op is not None and x.op.is_assignment:
        x = x._a[0]
    return x


def used(node: Node, x: Node) -> Node:
    """What ``x`` was when ``node`` used it, although it is younger: it may have been assigned to since.

    Raises:
        StaleGraphError: it was given new data.
    """
    before = earlier(x, node.order)
    if before.order > node.order:
        raise errors.stale_graph(node, x)
    node._used(node.inputs)
    return before


class Notation(NamedTuple):
    """How a formula with this operation is written: templates for its arguments, and how tightly it binds."""

    text: str
    latex: str
    binding: int


SUM, PRODUCT, SIGN, POWER, ATOM = range(1, 6)
"""How tightly a notation binds, from the loosest to the tightest."""


class Primitive:
    """A row of the table: an operation with its derivative.

    Calling it computes: on a node it records, on a float it takes the scalar twin, on an array the
    array function. So a rule that calls rows runs on all of them.

    Args:
        name: NumPy's name of the operation where it has one.
        array: computes it on arrays.
        rules: one for each argument, ``rule(g, y, *inputs, **attrs)``: the gradient of that argument,
            where ``g`` is the gradient of the result ``y``. ``None`` for an argument that has none.
        scalar: computes it on Python numbers, if it is elementwise; ``None`` otherwise.
        is_assignment: whether the result takes the place of its first input, see :func:`earlier`.
        is_gate: whether a gradient of 0 means that nothing passes, here and all around; not so where a slope is 0 by
            chance, as that of a parabola at its bottom.
        symbol: the operation in a drawing; the name if not given.
        notation: the operation in a formula; for any number of arguments a function of their number;
            a function call if not given.
    """

    __slots__ = (
        "array",
        "attributes",
        "is_assignment",
        "is_binary",
        "is_elementwise",
        "is_gate",
        "is_joint",
        "is_separate",
        "is_unary",
        "name",
        "notation",
        "rules",
        "scalar",
        "symbol",
    )

    def __init__(
        self,
        name: str,
        array: Callable[..., Any],
        rules: Any,
        *,
        scalar: Callable[..., Any] | None = None,
        is_assignment: bool = False,
        is_gate: bool = False,
        symbol: str | None = None,
        notation: Notation | Callable[[int], Notation] | None = None,
    ) -> None:
        self.name = name
        self.array = array
        self.rules = rules
        self.scalar = scalar
        self.symbol = symbol or name
        self.notation = notation
        self.attributes = _keywords(rules)
        self.is_assignment = is_assignment
        self.is_gate = is_gate
        self.is_elementwise = scalar is not None
        self.is_joint = isinstance(rules, Jointly)
        self.is_separate = isinstance(rules, tuple)
        bare = self.is_separate and None not in rules and not self.attributes
        self.is_unary, self.is_binary = bare and len(rules) == 1, bare and len(rules) == 2

    def __call__(self, *inputs: Any, **attrs: Any) -> Any:
        """Compute on numbers and arrays, record on nodes."""
        for x in inputs:
            if isinstance(x, Node):
                return x._record(self, inputs, attrs)
        if self.scalar is not None and type(inputs[0]) in (float, int) and type(inputs[-1]) in (float, int):
            return self.scalar(*inputs, **attrs)
        try:
            return self.array(*inputs, **attrs)
        except errors.CaptureError as error:  # inside a compiled function: one call of the program
            if error.record is None:
                raise
            return error.record(self.array, inputs, attrs)

    @property
    def __name__(self) -> str:
        """The name, since a row is used like a function."""
        return self.name

    def __repr__(self) -> str:
        return f"<row {self.name}>"

    def __reduce__(self) -> tuple[Callable[[str], Primitive], tuple[str]]:
        return row_named, (self.name,)


class Each(Sequence[Callable[..., Any]]):
    """The rules of an operation with any number of arguments: one rule that is told which, as ``i``."""

    def __init__(self, rule: Callable[..., Any]) -> None:
        self.rule = rule

    def __getitem__(self, i: Any) -> Any:
        rule = self.rule
        return lambda g, y, *inputs, **attrs: rule(g, y, *inputs, i=i, **attrs)

    def __len__(self) -> int:
        return 1


class Jointly(Sequence[Callable[..., Any]]):
    """The rules of an operation with any number of arguments: one rule that returns all gradients as a list."""

    def __init__(self, rule: Callable[..., Any]) -> None:
        self.rule = rule

    def __getitem__(self, i: Any) -> Any:
        rule = self.rule
        return lambda g, y, *inputs, **attrs: rule(g, y, *inputs, **attrs)[i]

    def __len__(self) -> int:
        return 1


def _keywords(rules: Sequence[Any]) -> tuple[str, ...]:
    """The attributes of an operation: the arguments of its rules that have a default."""
    rule = rules.rule if isinstance(rules, (Each, Jointly)) else next(filter(None, rules))
    parameters = inspect.signature(rule).parameters.values()
    return tuple(p.name for p in parameters if p.default is not p.empty)


TABLE: dict[str, Primitive] = {}
"""Every row by its name."""


def row_named(name: str) -> Primitive:
    """The row of that name: what a pickled operation becomes again."""
    return TABLE[name]


class _Block(ContextDecorator):
    """A block, or a decorated function, in which the context is another; other threads and tasks are not touched."""

    before: Token[tuple[bool | Watch, str]]

    def _recreate_cm(self) -> _Block:
        return copy(self)

    def __exit__(self, *error: object) -> None:
        _context.reset(self.before)


class _Recording(_Block):
    def __init__(self, on: bool) -> None:
        self.on = on

    def __enter__(self) -> None:
        before, path = context()
        self.before = _context.set((before.turned(self.on) if isinstance(before, Watch) else self.on, path))


class Watching(_Block):
    """A block in which ``watcher`` looks on."""

    def __init__(self, watcher: Watcher) -> None:
        self.watcher = watcher

    def __enter__(self) -> None:
        before, path = context()
        watch = before if isinstance(before, Watch) else Watch(before, ())
        self.before = _context.set((watch.joined_by(self.watcher), path))


class _Walking(_Block):
    def __init__(self, watch: Watch) -> None:
        self.watch = watch

    def __enter__(self) -> None:
        self.before = _context.set((self.watch, context()[1]))


class _Scope(_Block):
    def __init__(self, name: str) -> None:
        self.name = name

    def __enter__(self) -> None:
        self.before = enter(self.name)


def enter(name: str) -> Token[tuple[bool | Watch, str]]:
    """Nodes that are made from here on carry ``name`` in their path, until :func:`leave` is called."""
    on, outer = context()
    return _context.set((on, f"{outer}.{name}" if outer and name else outer or name))


leave = _context.reset
"""Restore the context from before an :func:`enter`, which returned what to pass here."""


def recording(on: bool) -> AbstractContextManager[None]:
    """Record operations inside the block, or do not."""
    return _Recording(on)


def scope(name: str) -> AbstractContextManager[None]:
    """Nodes that are made inside the block carry ``name`` in their path."""
    return _Scope(name)


def is_recording() -> bool:
    """Whether operations are recorded here and now."""
    on = context()[0]
    return on.on if isinstance(on, Watch) else on


def ancestors(roots: Iterable[Node]) -> list[Node]:
    """Every node that leads to one of ``roots`` and wants a gradient, newest first, roots included."""
    stack = [root for root in roots if root.requires_grad]
    found = set(stack)
    while stack:
        for x in stack.pop().inputs:
            if isinstance(x, Node) and x not in found and x.requires_grad:
                found.add(x)
                stack.append(x)
    return sorted(found, key=attrgetter("order"), reverse=True)


def between(nodes: Sequence[Node], wrt: Iterable[Node]) -> list[Node]:
    """Those of ``nodes`` (newest first) that some node of ``wrt`` leads to, ``wrt`` included."""
    reached = set(wrt)
    path = []
    for node in reversed(nodes):
        if node in reached or any(isinstance(x, Node) and x in reached for x in node.inputs):
            reached.add(node)
            path.append(node)
    return path[::-1]


def pullback(root: Node, seed: Any, wrt: Sequence[Node] | None = None, record: bool = False) -> dict[Node, Any]:
    """The gradient of ``root`` with respect to every node on the way to ``wrt``: the backward pass.

    For a node used several times the contributions add up:
    ``gradient(x) = sum of rule(gradient(y), y, ...) over the results y that used x``.

    Args:
        root: the result to differentiate.
        seed: the gradient of ``root`` itself, usually 1.
        wrt: the nodes whose gradients are wanted; all that lead to ``root`` if not given.
        record: run the rules on nodes instead of on their data, so that the gradients are nodes too
            and can be differentiated again.

    Returns:
        A dictionary from each node that was reached to its gradient. A node that is missing has none, or
        0. Nothing is written to the graph.

    Raises:
        StaleGraphError: an input was given new data after it was used.
    """
    watch = context()[0]
    for node in reversed(ancestors([root])) if LIVING else ():
        if isinstance(node.scope, Place):
            node.scope.inspect(node)
    if isinstance(watch, Watch):
        with _Walking(watch.walking(record)), root._quietly():
            gradients = _gradients(root, seed, wrt, record)
        watch.walked(root, gradients)
        return gradients
    with recording(True) if record else nullcontext(), root._quietly():
        return _gradients(root, seed, wrt, record)


def _gradients(root: Node, seed: Any, wrt: Sequence[Node] | None, record: bool) -> dict[Node, Any]:
    """Walk back; where a zero may have met an infinite derivative, settle what it is."""
    path = None if wrt is None else between(ancestors([root]), wrt)
    if hasattr(root._data, "__dask_graph__"):
        return root._lazily(root, seed, path, wrt, record)
    plain = None
    try:
        plain, ends = _walk(root, seed, path, record)
        if all(root._is_finite(plain[x]) for x in (ends if wrt is None else wrt) if x in plain) and (
            getattr(root._data, "shape", False) or root._data is None or root._is_finite(root._data)
        ):
            return plain
    except (ArithmeticError, ValueError, errors.VaryingError):
        pass  # if it is not a matter of zeros, or of examples that differ, it comes again
    return root._settled(root, seed, path, wrt, record, plain)


def _walk(
    root: Node, seed: Any, path: Iterable[Node] | None, record: bool, guarded: float = 0
) -> tuple[dict[Node, Any], set[Node]]:
    """The one loop: from the newest node to the oldest, add up what each passes on to its inputs.

    Returns:
        The gradient of each node that was reached, and where they end, or chains of elementwise derivatives: what
        a zero times infinity has spoilt shows there.
    """
    gradients: dict[Node, Any] = {} if path is None else dict.fromkeys(path, UNREACHED)
    otherwise = UNREACHED if path is None else None  # of a node without a gradient: not yet, or not wanted
    gradients[root] = seed
    waiting = {-root.order: root}  # the results that have a gradient to pass on
    newest = [-root.order]  # a heap
    ends: set[Node] = set()
    sums: set[Node] = set()
    shut: set[Node] = set()  # numbers behind a gate: their zero stays zero, whatever it meets further back
    plain, numbers = not (record or guarded or root._runs_rules_on_nodes), root._is_number and not record
    array, fit, get = root._array, root._fit_after(seed), gradients.get

    def reach(x: Node, share: Any) -> Any:
        """The first share of ``x``; a result has to wait until all that used it have passed theirs on."""
        if x.op is not None:
            waiting[-x.order] = x
            heappush(newest, -x.order)
        elif numbers:
            ends.add(x)
        return share

    def deposit(x: Node, total: Any, share: Any, op: Primitive) -> None:
        """One more share of ``x``, an array, from ``op``; sums are the loop's own, and grow in place."""
        like, before = x._data, x.op
        if type(share) is not array or share.shape != like.shape or share.dtype is not like.dtype:
            share = fit(share, x)
        if before is None or (op.is_elementwise and not before.is_elementwise):
            ends.add(x)
        if total is UNREACHED:
            gradients[x] = share
            if before is not None:
                waiting[-x.order] = x
                heappush(newest, -x.order)
        elif x in sums and not record:
            total += share
            gradients[x] = total
        else:
            gradients[x] = total + share
            sums.add(x)

    while newest:
        node = waiting.pop(heappop(newest))
        g, op, order = gradients[node], node.op, node.order
        if op is None:  # a leaf
            continue
        if numbers and not g and node in shut:  # nothing to pass on
            continue
        try:
            if plain and op.is_binary:  # most operations: spelled out, for speed
                left, right = op.rules
                a, b, y = node._a, node._b, node._data
                a_data, b_data = a, b
                if a_is_node := isinstance(a, Node):
                    if a.order > order:
                        a = used(node, a)
                    a_data = a._data
                if b_is_node := isinstance(b, Node):
                    if b.order > order:
                        b = used(node, b)
                    b_data = b._data
                if a_is_node and a.requires_grad and (total := get(a, otherwise)) is not None:
                    share = left(g, y, a_data, b_data)
                    if fit:
                        deposit(a, total, share, op)
                    else:
                        gradients[a] = total + share if total is not UNREACHED else reach(a, share)
                if b_is_node and b.requires_grad and (total := get(b, otherwise)) is not None:
                    share = right(g, y, a_data, b_data)
                    if fit:
                        deposit(b, total, share, op)
                    else:
                        gradients[b] = total + share if total is not UNREACHED else reach(b, share)
            elif plain and op.is_unary:
                x = node._a
                if x.order > order:
                    x = used(node, x)
                if x.requires_grad and (total := get(x, otherwise)) is not None:
                    share = op.rules[0](g, node._data, x._data)
                    if op.is_gate and numbers and not share:
                        shut.add(x)
                    if fit:
                        deposit(x, total, share, op)
                    else:
                        gradients[x] = total + share if total is not UNREACHED else reach(x, share)
            elif plain and op.is_joint:  # many inputs, such as those of a neuron: likewise
                args = [(x if x.order < order else used(node, x))._data if isinstance(x, Node) else x for x in node._a]
                for x, share in zip(node._a, op.rules.rule(g, node._data, *args, **node._b), strict=True):
                    if isinstance(x, Node) and x.requires_grad and (total := get(x, otherwise)) is not None:
                        if fit:
                            deposit(x, total, share, op)
                        else:
                            gradients[x] = total + share if total is not UNREACHED else reach(x, share)
            elif plain and op.is_separate:  # a rule for each of three inputs and more
                y, attrs = node._data, node._b
                args = [(x if x.order < order else used(node, x))._data if isinstance(x, Node) else x for x in node._a]
                for x, rule in zip(node._a, op.rules, strict=True):
                    if isinstance(x, Node) and rule and x.requires_grad and (total := get(x, otherwise)) is not None:
                        share = rule(g, y, *args, **attrs)
                        if fit:
                            deposit(x, total, share, op)
                        else:
                            gradients[x] = total + share if total is not UNREACHED else reach(x, share)
            else:
                wanted = None if path is None else gradients
                for _, x, share in contributions(node, g, wanted, record, guarded, fit=_unfitted):
                    total = get(x, otherwise)
                    if fit:
                        deposit(x, total, share, op)
                    else:
                        gradients[x] = total + share if total is not UNREACHED else reach(x, share)
        except errors.StaleGraphError:
            raise
        except Exception as error:
            operands = ", ".join(map(errors.describe, node.inputs))
            error.add_note(f"while pulling the gradient of {errors.describe(node)} back through {op.name}({operands})")
            if isinstance(node.scope, Place):
                error.add_note(f"which was computed in {node.scope.line}")
            raise
    return gradients if path is None else {x: g for x, g in gradients.items() if g is not UNREACHED}, ends


def _unfitted(share: Any, x: Node) -> Any:
    """A share as its rule gave it."""
    return share


def contributions(
    node: Node,
    g: Any,
    wanted: Container[Node] | None = None,
    record: bool = False,
    guarded: float = 0,
    fit: Any = None,
) -> Iterator[tuple[int, Node, Any]]:
    """What ``node``, given its own gradient ``g``, passes on: the position of each input, the input, and its share.

    Args:
        node: a result.
        g: its gradient.
        wanted: the inputs that shall receive something; all that require a gradient if not given.
        record: run the rules on nodes, so that the contributions are nodes too.
        guarded: let a zero ``g`` win over an infinite derivative, which otherwise is as large as this: infinite, or
            some number, to see whether it matters. With 0 the rules are taken as they are.
        fit: brings each share into the form of its input; the node's own way if not given.

    Raises:
        StaleGraphError: an input was given new data after it was used.
    """
    op, inputs, attrs, order = node.op, node.inputs, node.attrs, node.order
    fit, attempt = fit or node._fit, node._attempt
    assert op is not None
    g, y, args = node._arguments(g, record)
    guarded = guarded if TABLE.get(op.name) is op else 0  # what is not in the table goes back by itself
    together = attempt(op.rules.rule, g, y, *args, **attrs) if op.is_joint and not guarded else None
    for i, x in enumerate(inputs):
        if not isinstance(x, Node):
            continue
        if x.order > order:
            raise errors.stale_graph(node, x)
        if x.requires_grad if wanted is None else x in wanted:
            if together is not None:
                share = together[i]
            elif (rule := op.rules[i]) is None:
                continue
            elif guarded:
                share = node._guard(op, partial(attempt, rule, **attrs), i, g, y, args, guarded)
            else:
                share = attempt(rule, g, y, *args, **attrs)
            if isinstance(share, Node) and not record:
                share = share._data
            yield i, x, fit(share, x) if fit else share
