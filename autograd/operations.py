"""Operations of the user's own: a function with its rules, recorded as one node.

:func:`primitive` makes a row of a function, and :mod:`autograd.extend` gives it its rules. Two kinds of rules are
known. A backward rule pulls the gradient of the result back to the arguments; a forward rule pushes tangents of
the arguments to the result. Each is linear and the transpose of the other, so one of them is enough: the other
follows. Where both are given, each mode runs the rule that is meant for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial, update_wrapper
from itertools import count
from types import MethodType
from typing import Any, NamedTuple

import numpy as np

from . import errors, trees
from .differential_operators import make_vjp
from .graph import ATOM, Jointly, Node, Notation, Primitive, ancestors, between, recording
from .tensor import Tensor
from .value import Value
from .variables import direction, matched, nodes, pull_back, symbol, zero
from .vspaces import vspace


class Rules(NamedTuple):
    """Rules of one kind for some arguments of an operation, or for all.

    ``run(argnums, answer, args, kwargs)`` is a linear function: backward, from the gradient of the answer to
    those of the arguments at ``argnums``; forward, from their tangents to that of the answer.
    """

    run: Callable[..., Callable[[Any], Any]]
    known: frozenset[int] | None

    def cover(self, argnums: Sequence[int]) -> bool:
        """Whether there is a rule for each of these arguments."""
        return self.known is None or self.known.issuperset(argnums)


class Call(NamedTuple):
    """How an operation was called: what its inputs do not tell.

    Attributes:
        tracked: the positions of the arguments that want a gradient.
        kwargs: the keyword arguments.
        args: the arguments, if they are not all numbers, arrays and nodes; the inputs are the nodes in them.
        place: which leaf of the answer the result is, if the answer is a dict, list or tuple.
        answer: the whole answer, likewise.
    """

    tracked: tuple[int, ...]
    kwargs: Mapping[str, Any]
    args: Any = None
    place: int | None = None
    answer: Any = None


class Operation(Primitive):
    """A row of a function: callable like it, and recorded as one node.

    It is not in the table, whose names it may repeat; :func:`autograd.row` adds to the table.

    Args:
        f: computes the result on plain numbers and arrays. It may do anything that Python can.

    Attributes:
        fun: the function.
        backward: its backward rules, if there are any.
        forward: its forward rules, if there are any.
    """

    __qualname__: str  # that of the function, by which it is pickled

    def __init__(self, f: Callable[..., Any]) -> None:
        name = getattr(f, "__name__", type(f).__name__)
        rule = Jointly(lambda g, y, *inputs, call=None: self._pull(g, y, inputs, call))
        super().__init__(name if name.isidentifier() else "f", self._compute, rule, notation=self._written)
        update_wrapper(self, f, assigned=("__module__", "__qualname__", "__doc__"), updated=())
        self.fun = f
        self.backward: Rules | None = None
        self.forward: Rules | None = None

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self if instance is None else MethodType(self, instance)

    def __reduce__(self) -> Any:
        return self.__qualname__

    def _written(self, inputs: int) -> Notation:
        """The call in a formula."""
        arguments, name = ", ".join(["{}"] * inputs), self.name.replace("_", r"\_")
        return Notation(f"{self.name}({arguments})", rf"\operatorname{{{{{name}}}}}({arguments})", ATOM)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Compute on plain numbers and arrays; record if there are nodes among the arguments."""
        if isinstance(kwargs.get("call"), Call):  # as the graph has it
            return super().__call__(*args, **kwargs)
        found = nodes(args)
        if nodes(kwargs):
            raise errors.node_by_name(self.name, [name for name, x in kwargs.items() if nodes(x)])
        if not found:
            return self.fun(*args, **kwargs)
        answer = _plain_answer(self.name, self.fun(*_plain(args), **kwargs))
        tracked = tuple(i for i, arg in enumerate(args) if any(x.requires_grad for x in nodes(arg)))
        simple = all(isinstance(x, (Node, int, float, complex, np.ndarray, np.generic)) for x in args)
        call = Call(tracked, kwargs, None if simple else args)
        inputs, places, kind = args if simple else tuple(found), count(), _kind(self.name, found)

        def record(y: Any) -> Any:
            place = next(places)
            if not _is_floating(y):
                return y
            here = call if y is answer else call._replace(place=place, answer=answer)
            return kind._result(_accepted(self.name, kind, y), self, inputs, {"call": here})

        return trees.map_leaves(record, answer)

    def _compute(self, *data: Any, call: Call) -> Any:
        """The numbers of one result again."""
        answer = self.fun(*_plain(_arguments(data, call)), **call.kwargs)
        return answer if call.place is None else [y for _, y in trees.leaves(answer)][call.place]

    def _pull(self, g: Any, y: Any, inputs: tuple[Any, ...], call: Call) -> list[Any]:
        """The gradient of each input; recorded if ``y`` is a node."""
        recorded = isinstance(y, Node)
        args = _arguments(inputs, call)
        answer, gradient = y, g
        if call.place is not None:
            places = count()
            answer = self(*args, **call.kwargs) if recorded else call.answer
            gradient = trees.map_leaves(lambda x: g if next(places) == call.place else _zero(x), call.answer)
        plain = (answer, args, gradient) if recorded else _plain((answer, args, gradient))
        answer, args, gradient = plain
        shares = dict(zip(call.tracked, self._rules(recorded, answer, args, call)(gradient), strict=True))
        found: list[Any] = []
        for i, arg in enumerate(inputs if call.args is None else call.args):
            whole = shares.get(i)
            each = [None] * len(list(trees.leaves(arg))) if whole is None else matched(self._did(i), arg, whole)
            for (_, x), share in zip(trees.leaves(arg), each, strict=True):
                if call.args is None or isinstance(x, Node):
                    found.append(None if share is None else self._fitting(share, x, y, i))
        return found

    def _did(self, argnum: int) -> str:
        return f"the rule of {self.name!r} for argument {argnum}"

    def _fitting(self, share: Any, x: Any, y: Any, argnum: int) -> Any:
        """What a rule returned in the form that the loop takes, if it has the shape of its argument."""
        to, given = np.shape(getattr(x, "_data", x)), np.shape(getattr(share, "_data", share))
        if given != to and (len(given) < len(to) or np.broadcast_shapes(given, to) != given):
            raise errors.rule_shape(self._did(argnum), to, given)
        if isinstance(y, Node):
            if isinstance(share, Node):
                return share
            return type(y)._leaf(share if isinstance(y, Value) else np.asarray(share), requires_grad=False)
        share = share._data if isinstance(share, Node) else share
        return np.asarray(share).item() if isinstance(y, float) and not isinstance(y, np.generic) else np.asarray(share)

    def _rules(self, recorded: bool, answer: Any, args: Any, call: Call) -> Callable[[Any], Sequence[Any]]:
        """The function that pulls the gradient of the answer back, from the rules that there are."""
        tracked, kwargs = call.tracked, call.kwargs
        back = self.backward if self.backward and self.backward.cover(tracked) else None
        fore = self.forward if self.forward and self.forward.cover(tracked) else None
        if back and fore and recorded:
            return lambda g: _joined(self.name, back, fore, tracked, kwargs)(g, answer, *args)
        if back:
            return back.run(tracked, answer, args, kwargs)
        if fore:
            return lambda g: self._transposed(fore, tracked, answer, args, kwargs, g)
        raise errors.rule_missing(self.name, tracked, self.backward and self.backward.known)

    def _transposed(self, fore: Rules, argnums: Any, answer: Any, args: Any, kwargs: Any, g: Any) -> list[Any]:
        """Go back through a forward rule: it is recorded on tangents, which it is linear in."""
        record = bool(nodes(g))
        tangents = [trees.map_leaves(_tangent, args[i]) for i in argnums]
        with recording(True):
            pushed = fore.run(argnums, answer, args, kwargs)(tangents)
        if any(node.op is self for node in between(ancestors(nodes(pushed)), nodes(tangents))):
            return self._by_columns(fore, argnums, answer, args, kwargs, g)
        given = zip(
            (t for _, t in trees.leaves(pushed)), matched(f"{self.name}: its forward rule", pushed, g), strict=True
        )
        pairs = [(t, direction(f"the forward rule of {self.name!r}", t, h, record)) for t, h in given if nodes(t)]
        found = pull_back([t for t, _ in pairs], [h for _, h in pairs], record, nodes(tangents))
        return trees.map_leaves(lambda v: found[v] if v in found else zero(v, record), tangents)

    def _by_columns(self, fore: Rules, argnums: Any, answer: Any, args: Any, kwargs: Any, g: Any) -> list[Any]:
        """The same for a rule that calls the operation itself (``'same'``): one run for each unit vector."""
        shares = []
        for i in argnums:
            pushed = (fore.run((i,), answer, args, kwargs)([unit]) for unit in vspace(args[i]).standard_basis())
            slopes = iter([vspace(answer).inner_prod(g, t) for t in pushed])
            shares.append(trees.map_leaves(partial(_gathered, slopes), args[i]))
        return shares


def primitive(f: Callable[..., Any]) -> Any:
    """Make an operation of a function: what it does inside is not recorded, but its call is, as one node.

    Its derivative is what :func:`autograd.extend.defvjp` or :func:`autograd.extend.defjvp` says. Also a decorator.

    Args:
        f: a function of numbers and arrays, and of dicts, lists and tuples of them, and of anything else, which
            passes no gradient. It is called with plain numbers and arrays. What needs a gradient comes by position.

    Returns:
        The operation, which can be called like ``f``, on Values and Tensors too.

    Example:
        >>> from autograd import grad
        >>> from autograd.extend import defvjp
        >>> @primitive
        ... def cube(x):
        ...     return x ** 3
        >>> defvjp(cube, lambda ans, x: lambda g: 3 * x ** 2 * g)
        >>> grad(cube)(2.0)
        12.0
    """
    return Operation(f)


def _joined(name: str, back: Rules, fore: Rules, argnums: Any, kwargs: Any) -> Operation:
    """The backward rule as an operation, whose derivative by the gradient that it pulls back is the forward rule."""

    def pulled(g: Any, answer: Any, *args: Any) -> tuple[Any, ...]:
        return tuple(back.run(argnums, answer, args, kwargs)(g))

    def rules(wanted: Sequence[int], _: Any, given: Sequence[Any], __: Any) -> Callable[[Any], list[Any]]:
        _, answer, *args = given
        rest = tuple(i for i in wanted if i > 0)

        def pull(u: Any) -> list[Any]:
            others = iter(make_vjp(pulled, rest)(*given)[0](u) if rest else ())
            return [fore.run(argnums, answer, args, kwargs)(u) if i == 0 else next(others) for i in wanted]

        return pull

    operation = Operation(pulled)
    operation.name = operation.symbol = f"{name}_rule"
    operation.backward = Rules(rules, None)
    return operation


def _kind(name: str, found: Sequence[Node]) -> type[Node]:
    """Values or Tensors, but not both."""
    kinds: set[type[Node]] = {kind for x in found for kind in (Value, Tensor) if isinstance(x, kind)}
    kinds = kinds or {type(found[0])}
    if len(kinds) > 1:
        raise errors.mixed_kinds(name)
    return kinds.pop()


def _plain(tree: Any) -> Any:
    """The same without its graph; arrays without axes are numbers."""
    if isinstance(tree, Node):
        tree = tree._data
    if isinstance(tree, np.ndarray) and not tree.ndim:
        return tree[()]
    return (
        trees.map_leaves(_plain, tree) if isinstance(tree, (dict, list, tuple)) and list(trees.leaves(tree)) else tree
    )


def _plain_answer(name: str, answer: Any) -> Any:
    """What the function returned, which must hang on no graph."""
    if any(x.requires_grad for x in nodes(answer)):
        raise errors.captured_by_primitive(name)
    return _plain(answer) if nodes(answer) else answer


def _is_floating(y: Any) -> bool:
    """Whether a leaf of an answer can have a derivative."""
    return isinstance(y, (float, complex)) or getattr(getattr(y, "dtype", None), "kind", "") in ("f", "c")


def _accepted(name: str, kind: type[Node], y: Any) -> Any:
    """A leaf of an answer as that kind of node holds it."""
    if issubclass(kind, Value):
        if np.ndim(y):
            raise errors.array_from_values(name, np.shape(y))
        return kind._accept(y)
    return y if hasattr(y, "dtype") else np.asarray(y)[()]


def _arguments(inputs: Sequence[Any], call: Call) -> Any:
    """The arguments, with ``inputs`` in the places of their nodes."""
    if call.args is None:
        return inputs
    new = iter(inputs)
    return tuple(
        trees.map_leaves(lambda x: next(new) if isinstance(x, Node) else x, arg) if nodes(arg) else arg
        for arg in call.args
    )


def _zero(x: Any) -> Any:
    """The gradient of another part of an answer: 0, or ``None`` for what has none."""
    return np.zeros_like(x) if _is_floating(x) else None


def _tangent(x: Any) -> Any:
    """A variable in the place of the tangent of ``x``, which is a node or plain."""
    return symbol(x) if isinstance(x, Node) else Tensor._leaf(np.ones(np.shape(x), getattr(x, "dtype", float)))


def _gathered(slopes: Any, x: Any) -> Any:
    """As many slopes as ``x`` has elements, in its shape."""
    each = [next(slopes) for _ in range(np.size(getattr(x, "_data", x)))]
    shape = np.shape(getattr(x, "_data", x))
    return np.stack(each).reshape(shape) if shape else each[0]
