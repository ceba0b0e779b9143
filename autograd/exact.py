"""Values that hold exact numbers, so that a derivation can be proved without a tolerance.

``Value(Fraction(1, 3))`` makes an :class:`Exact`. It is a Value in all that one sees of it; it computes with
:mod:`autograd.rules.exact` in the place of ``math``, and lets the rules of the table run on nodes, which answer
all that a rule asks, also where SymPy's expressions do not: a comparison of symbols is an indicator, 1 or 0.
Plain Values do not pay for any of this.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from . import errors, limits, trees
from .graph import Node, Primitive, _walk, pullback
from .recorded import Recorded
from .rules import elementwise, exact
from .value import Value, is_number, operand, refused


def _compare(relation: Callable[[Any, Any], Any]) -> Callable[[Exact, Any], Any]:
    """``a < b`` and its kin: a plain truth value, or an indicator where that depends on symbols."""

    def method(self: Exact, other: Any) -> Any:
        if not is_number(other):
            return NotImplemented
        answer = relation(self._data, other._data if isinstance(other, Value) else other)
        truth = exact.truth(answer)
        return Indicator.of(answer) if truth is None else truth

    return method


class Exact(Recorded):
    """A Value of a ``Fraction``, of a ``Decimal``, or of an expression of SymPy's; ``Value(...)`` makes it.

    Example:
        >>> from fractions import Fraction
        >>> x = Value(Fraction(1, 3))
        >>> y = x / (1 + x**2)
        >>> y.backward()
        >>> y.data, x.grad
        (Fraction(3, 10), Fraction(18, 25))
    """

    __slots__ = ()

    _zero: ClassVar[Any] = 0
    _runs_rules_on_nodes: ClassVar[bool] = True
    comparisons_are_nodes: ClassVar[bool] = True

    @classmethod
    def _record(cls, op: Primitive, inputs: tuple[Any, ...], attrs: Mapping[str, Any]) -> Any:
        """Compute exactly, and remember."""
        inputs = tuple([operand(x, op) for x in inputs])
        if op in REWRITTEN:
            return REWRITTEN[op](*inputs)
        numbers = [x._data if isinstance(x, Value) else x for x in inputs]
        try:
            data = exact.evaluate(op, numbers, attrs)
        except (ArithmeticError, ValueError) as error:
            raise refused(op, inputs, error) from None
        return Value._kind(data)._result(data, op, inputs, attrs)

    def _like(self, number: int) -> Any:
        return exact.lift(number, self._data)

    def _arguments(self, g: Any, record: bool) -> tuple[Any, Any, Sequence[Any]]:
        """What a rule reads: nodes, and nothing is recorded on those that want no gradient."""

        def node(x: Any) -> Any:
            if isinstance(x, Node):
                return x if record else _constant(x._data)
            return _constant(exact.lift(x, self._data) if is_number(x) else x)

        return node(g), node(self), [node(x) for x in self.inputs]

    @staticmethod
    def _is_finite(gradient: Any) -> bool:
        return exact.is_finite(gradient._data if isinstance(gradient, Value) else gradient)

    @classmethod
    def _guard(
        cls, op: Primitive, rule: Callable[..., Any], i: int, g: Any, y: Any, args: Sequence[Any], slope: float
    ) -> Any:
        """0 where the kind of number refuses the derivative, or calls it infinite, although ``g`` is 0."""
        try:
            share = rule(g, y, *args)
        except (ArithmeticError, ValueError):
            if g._data != 0:
                raise
            return 0
        return share if g._data != 0 or cls._is_finite(share) else 0

    @staticmethod
    def _settled(root: Any, seed: Any, path: Any, wrt: Any, record: bool, plain: Any) -> dict[Node, Any]:
        """The gradients where a zero met an infinite derivative: 0 wins, if the limit beside the place agrees.

        To second order that would be a zero whose surroundings nobody has seen, so there what was refused is refused.
        """
        if record:
            return plain or _walk(root, seed, path, record)[0]
        found = _walk(root, seed, path, record, guarded=math.inf)[0]
        twins = limits.twin_graph(root, lambda data, place: exact.rounded(data, place), Value)
        rounded = pullback(twins[root], trees.map_leaves(exact.rounded, limits.without_graph(seed)))
        for x in found if wrt is None else [x for x in wrt if x in found]:
            number = found[x]._data if isinstance(found[x], Node) else found[x]
            limit = rounded.get(twins[x], 0.0)
            if not math.isclose(exact.rounded(number), limit, rel_tol=1e-3, abs_tol=1e-9):
                raise errors.no_exact_limit(x.name or f"Value({x._data})", str(number), limit)
        return found

    __lt__, __le__, __gt__, __ge__ = map(_compare, (operator.lt, operator.le, operator.gt, operator.ge))


class Indicator(Exact):
    """A comparison of symbols: 1 where it holds, 0 elsewhere. It has no truth value before there are numbers."""

    __slots__ = ("condition",)

    condition: Any

    @classmethod
    def of(cls, condition: Any) -> Indicator:
        """The indicator of a condition."""
        indicator: Indicator = cls._leaf(exact.indicator(condition), requires_grad=False)
        indicator.condition = condition
        return indicator

    def __bool__(self) -> bool:
        raise errors.undecided(str(self.condition))

    def __or__(self, other: Any) -> Any:
        if not isinstance(other, Indicator):
            return True if other else self
        either = self.condition, other.condition
        return exact.is_generic(*either) or Indicator.of(either[0] | either[1])

    def __and__(self, other: Any) -> Any:
        if not isinstance(other, Indicator):
            return self if other else False
        return Indicator.of(self.condition & other.condition)

    __ror__, __rand__ = __or__, __and__


REWRITTEN: dict[Primitive, Callable[..., Any]] = {
    elementwise.exp2: lambda x: elementwise.power(2, x),
    elementwise.log2: lambda x: elementwise.log(x) / _log(2, x),
    elementwise.log10: lambda x: elementwise.log(x) / _log(10, x),
    elementwise.logaddexp2: lambda a, b: elementwise.log2(2**a + 2**b),
}
"""Rows whose rule holds a rounded logarithm: of exact numbers others are recorded, which say the same."""


def _log(base: int, like: Any) -> Any:
    """The number log(base), in the kind of number of the Value ``like``."""
    return elementwise.log(_constant(like._like(base)))._data


def _constant(data: Any) -> Any:
    """A number as a node to which no gradient flows; anything else as it is."""
    return Value._kind(data)._leaf(data, requires_grad=False) if is_number(data) else data


Value._exactly = Exact
