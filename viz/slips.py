"""What is wrong with an array of numbers, beside the right one: the usual slips, from the plainest on.

Each finding is a fact about the two arrays, never a guess about what somebody thought; only the advice under it
says what it may come from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np

from . import text

Place = Callable[[tuple[int, ...]], str]

NEAR = 0.01
"""Numbers that differ by at most this part of the right one are close."""

FIRST = 3
"""So many places are named; the others are counted."""


class Slip(NamedTuple):
    """What is wrong.

    Attributes:
        kind: one word for it.
        what: the same as a sentence about the answer.
        advice: where it may come from, or what to do; or ``""``.
    """

    kind: str
    what: str
    advice: str = ""


def in_element(index: tuple[int, ...]) -> str:
    """How a place in an array is called."""
    return f"in element {list(index)}"


class Pair(NamedTuple):
    """An answer beside the right one."""

    yours: Any
    right: Any
    tolerance: float
    factors: Mapping[str, Any]
    place: Place
    whole: bool
    floor: float

    def agree(self, yours: Any, right: Any) -> Any:
        """Where they agree; beside large numbers a small one counts as what rounding leaves of 0."""
        scale = np.abs(right[np.isfinite(right)]).max(initial=0.0)
        beside = self.tolerance * scale * 1e-3 if scale else 1e-9
        return np.isclose(yours, right, rtol=self.tolerance, atol=max(beside, self.floor), equal_nan=True)

    def same(self, yours: Any, right: Any) -> bool:
        """Whether they agree in their shape and everywhere."""
        return np.shape(yours) == np.shape(right) and bool(np.all(self.agree(yours, right)))

    def places(self, where: Any) -> str:
        """The places where something holds, in words."""
        found = [self.place(tuple(map(int, index))) for index in np.argwhere(where)]
        more = f" and {len(found) - FIRST} more" if len(found) > FIRST else ""
        return ", ".join(found[:FIRST]) + more


def find(
    yours: Any,
    right: Any,
    tolerance: float,
    factors: Mapping[str, Any] | None = None,
    place: Place = in_element,
    whole: bool = True,
    floor: float = 0.0,
) -> Slip | None:
    """The first slip that explains the difference; ``None`` if there is none.

    Args:
        yours: the answer, an array of any shape.
        right: the right one.
        tolerance: the largest relative error that counts as right.
        factors: numbers or arrays by what they are, such as ``{"the number of examples": 10}``.
        place: how a place is called.
        whole: whether the two are arrays as they were given, so that their elements can be in the wrong order.
        floor: an absolute error that counts as right, where the right one may be what rounding leaves of 0.

    Example:
        >>> find(np.array([-1.0, 4.0]), np.array([1.0, -4.0]), 1e-5).what
        'it has the wrong sign'
        >>> find(np.array([1.0, 4.0, 3.0]), np.array([1.0, 2.0, 3.0]), 1e-5).what
        'it is wrong in element [1]: there it is twice the answer'
    """
    pair = Pair(yours, right, tolerance, factors or {}, place, whole, floor)
    if pair.same(yours, right):
        return None
    if yours.shape != right.shape:
        return next(_of_shape(pair))
    return next(slip for finder in FINDERS if (slip := finder(pair)))


# Shapes.


def _of_shape(pair: Pair) -> Iterator[Slip]:
    """What can be wrong with a shape; the last always is."""
    yours, right = pair.yours, pair.right
    shapes = f"it has the shape {yours.shape}, and the answer {right.shape}"
    if pair.same(yours.T, right):
        yield Slip("transposed", "it is transposed: rows and columns have changed places", "its .T is right")
    for axes in _axes(yours.ndim):
        name = f"axis {axes[0]}" if len(axes) == 1 else f"the axes {axes}"
        for keep in (False, True):
            if pair.same(yours.sum(axis=axes, keepdims=keep), right):
                advice = "what was repeated by broadcasting adds up on the way back"
                yield Slip("missing sum", f"a sum over {name} is missing: {shapes}", advice)
            if pair.same(yours.mean(axis=axes, keepdims=keep), right):
                yield Slip("missing sum", f"a mean over {name} is missing: {shapes}")
    for axes in _axes(right.ndim):
        name = f"axis {axes[0]}" if len(axes) == 1 else f"the axes {axes}"
        if any(pair.same(yours, right.sum(axis=axes, keepdims=keep)) for keep in (False, True)):
            yield Slip("summed", f"it is summed over {name}, which the answer keeps: {shapes}")
    if yours.size == right.size and pair.same(yours.reshape(right.shape), right):
        yield Slip("shape", f"its numbers are right, but {shapes}", f"its .reshape({right.shape}) is right")
    if _broadcasts(yours, right.shape) and pair.same(np.broadcast_to(yours, right.shape), right):
        yield Slip("shape", f"its numbers are right, but {shapes}", "the answer has each of them several times")
    yield Slip("shape", shapes, "the shapes are each other's transpose" if yours.shape == right.shape[::-1] else "")


def _axes(ndim: int) -> Iterator[tuple[int, ...]]:
    return (axes for n in range(1, ndim + 1) for axes in combinations(range(ndim), n))


def _broadcasts(x: Any, shape: tuple[int, ...]) -> bool:
    try:
        return np.broadcast_shapes(x.shape, shape) == shape
    except ValueError:
        return False


# Numbers, in the right shape.


def _not_finite(pair: Pair) -> Slip | None:
    for name, bad in (("NaN", np.isnan), ("infinite", np.isinf)):
        found = bad(pair.yours) & ~bad(pair.right)
        if found.any():
            where = f" {pair.places(found)}" if found.ndim else ""
            return Slip("not finite", f"it is {name}{where}", "look for a logarithm, a root or a division at 0")
    return None


def _zero(pair: Pair) -> Slip | None:
    if pair.yours.any():
        return None
    advice = "if it is a gradient: was backward() called, and zero_grad() only before it?"
    return Slip("zero", f"it is 0{' everywhere' if pair.yours.size > 1 else ''}, which the answer is not", advice)


def _sign(pair: Pair) -> Slip | None:
    if not pair.same(-pair.yours, pair.right):
        return None
    return Slip("sign", "it has the wrong sign", "its size is right")


def _named_factor(pair: Pair) -> Slip | None:
    """A factor with a name that is missing, stands there twice, or divides."""
    for name, factor in pair.factors.items():
        factor = np.asarray(factor)
        if not _broadcasts(factor, pair.right.shape) or not np.all(factor):
            continue
        if pair.same(pair.yours * factor, pair.right):
            return Slip("factor", f"a factor is missing: {name}")
        if pair.same(pair.yours, pair.right * factor):
            return Slip("factor", f"a factor is there once too often: {name}")
        if pair.same(pair.yours * factor * factor, pair.right):
            return Slip("factor", f"it is divided by what it should be multiplied by: {name}")
    return None


ADVICE = {
    2.0: "is something counted twice: a second backward(), or a factor 2 from a square?",
    0.5: "is a factor 2 missing, from a square, or a second way on which it is used?",
}


def _factor(pair: Pair) -> Slip | None:
    """A constant factor; of a single number only a telling one, since any two numbers have one."""
    yours, right = pair.yours, pair.right
    nonzero = right != 0
    if not nonzero.any() or not np.isfinite(right).all():
        return None
    k = (yours[nonzero] / right[nonzero]).flat[0]
    if not pair.same(yours, k * right):
        return None
    for size, word in ((2.0, "twice"), (0.5, "half")):
        for sign, minus in ((1.0, ""), (-1.0, "minus ")):
            if np.isclose(k, sign * size, rtol=pair.tolerance):
                return Slip("factor", f"it is {minus}{word} the answer", ADVICE[size])
    if np.count_nonzero(nonzero) < 2:
        return None
    for n in sorted({right.size, *right.shape}) if pair.whole else ():
        if np.isclose(k, n, rtol=pair.tolerance):
            return Slip("factor", f"it is {n} times the answer", f"is it a sum where a mean over {n} is meant?")
        if np.isclose(k * n, 1, rtol=pair.tolerance):
            return Slip("factor", f"it is 1/{n} of the answer", f"is it a mean over {n} where a sum is meant?")
    return Slip("factor", f"it is {text.number(k)} times the answer, everywhere", "its direction is right")


def _reciprocal(pair: Pair) -> Slip | None:
    if not np.all(pair.right) or not pair.same(pair.yours * pair.right, np.ones(pair.right.shape)):
        return None
    return Slip("reciprocal", "it is 1 divided by the answer", "what is above the line, and what below?")


def _offset(pair: Pair) -> Slip | None:
    """A constant that was added; of two numbers it may be chance."""
    apart = pair.yours - pair.right
    if pair.right.size < 3 or not np.isfinite(apart).all() or not pair.same(pair.right + apart.flat[0], pair.yours):
        return None
    return Slip("offset", f"it is off by the same number everywhere: {text.number(apart.flat[0])}")


def _order(pair: Pair) -> Slip | None:
    """All numbers are right, but not where they stand."""
    yours, right = pair.yours, pair.right
    if not pair.whole or right.size < 2:
        return None
    if right.ndim > 1 and pair.same(yours.T, right):
        return Slip("transposed", "it is transposed: rows and columns have changed places", "its .T is right")
    if pair.same(np.sort(yours, axis=None), np.sort(right, axis=None)):
        wrong = ~pair.agree(yours, right)
        return Slip("order", f"its numbers are right, but in the wrong places: {pair.places(wrong)}")
    return None


def _signs(pair: Pair) -> Slip | None:
    if pair.right.dtype.kind == "c" or not pair.same(np.abs(pair.yours), np.abs(pair.right)):
        return None
    return Slip(
        "sign", f"it has the wrong sign {pair.places(~pair.agree(pair.yours, pair.right))}", "its size is right"
    )


ROUNDED = "let Python compute it, or give more digits"


def _rounded(pair: Pair) -> Slip | None:
    """Each number is what rounding leaves of the right one; two digits at least, since one may be chance."""
    if pair.right.dtype.kind == "c" or not _nearly(pair, 0.05):
        return None
    for unit, more in (("significant digit", "g"), ("decimal", "f")):
        for digits in range(2 if more == "g" else 1, 8):
            rounded = np.reshape([float(format(x, f".{digits}{more}")) for x in pair.right.flat], pair.right.shape)
            if np.allclose(pair.yours, rounded, rtol=1e-12, atol=0):
                return Slip("rounded", f"it is right, but rounded to {text.plural(digits, unit)}", ROUNDED)
    return None


def _some(pair: Pair) -> Slip | None:
    """Some elements are right: what is wrong with the others."""
    wrong = ~pair.agree(pair.yours, pair.right)
    if wrong.all():
        return None
    names = [pair.place(tuple(map(int, index))) for index in np.argwhere(wrong)]
    slip = find(
        pair.yours[wrong], pair.right[wrong], pair.tolerance, place=lambda k: names[k[0]], whole=False, floor=pair.floor
    )
    there = f": there {slip.what}" if slip is not None and slip.kind != "value" else ""
    others = f"the other {n} are right" if (n := wrong.size - len(names)) > 1 else "the other is right"
    return Slip("places", f"it is wrong {pair.places(wrong)}{there}", (slip.advice if there and slip else "") or others)


def _close(pair: Pair) -> Slip | None:
    if not _nearly(pair, NEAR) or (_are_whole(pair.yours) and _are_whole(pair.right)):
        return None
    off = np.max(np.abs(pair.yours - pair.right) / np.abs(np.where(pair.right == 0, 1, pair.right)))
    advice = "rounded on the way, or a difference with a step that is too large?"
    return Slip("close", f"it is close, and off by {text.number(100 * off, '.2g')} %", advice)


def _value(pair: Pair) -> Slip:
    """Nothing more is to be said than which way."""
    yours, right = pair.yours, pair.right
    if yours.size != 1 or "c" in yours.dtype.kind + right.dtype.kind:
        wrong = ~pair.agree(yours, right)
        all_of_it = f"none of its {wrong.size} numbers is right" if wrong.all() else f"it is wrong {pair.places(wrong)}"
        return Slip("value", all_of_it if wrong.size > 1 else "it is another number than the answer")
    if yours.flat[0] * right.flat[0] < 0:
        return Slip("value", "it has the wrong sign, and another size than the answer too")
    return Slip("value", f"it is too {'large' if yours.flat[0] > right.flat[0] else 'small'}")


def _nearly(pair: Pair, part: float) -> bool:
    return bool(np.all(np.abs(pair.yours - pair.right) <= part * np.abs(pair.right)))


def _are_whole(x: Any) -> bool:
    return bool(np.all(x == np.round(x)))


FINDERS: Sequence[Callable[[Pair], Slip | None]] = (
    _not_finite, _zero, _sign, _named_factor, _factor, _reciprocal, _offset, _order, _signs, _rounded, _some, _close,
    _value,
)  # fmt: skip
"""From the plainest on: what is true of all elements goes before what is true of some."""
