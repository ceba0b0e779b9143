"""What a gradient is where the chain rule says zero times infinity: the limit of the gradients beside it.

At 0 the derivative of ``sqrt(x) ** 2`` is 1, but its factors are ``2 * sqrt(0)`` and ``1 / (2 * sqrt(0))``. In
``where(x > 0, sqrt(x), x)`` the factors are a zero that stays zero all around, and the same infinity. The
numbers at the place cannot tell these apart; those beside it can. So the graph is computed again with its
leaves a little moved, forward and backward, and what comes out there decides:

- it agrees with the guarded gradient, in which a zero wins over infinity: so it is that;
- it does not, but tends to a number from both sides, or from the only one that there is: so it is that number,
  and at a kink the mean of both sides, unless the guarded gradient lies between them;
- it tends to nothing: there is no derivative, and the gradient is NaN.

What is infinite there too, such as an overflow or the slope of a root that is 0 all around, is taken for some large
number, another one each time: if the gradient does not depend on which, it is right.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np

from . import errors, trees
from .batching import Batch, align, batch, lengths_of, levels_of, unbatch
from .graph import NO_ATTRS, Node, _walk, ancestors, pullback, remember
from .rules import elementwise
from .rules.elsewhere import in_memory, is_lazy


class Step(NamedTuple):
    """How far the leaves move.

    ``at_zero`` and ``elsewhere`` are powers of double precision, for the elements that are 0 and for the others (with
    the power 0 they stay); ``turn`` gives each its own amount, since what depends on the direction is no limit.
    ``order`` is that of the large numbers which stand for infinities: ascending, or descending.
    """

    at_zero: float
    elsewhere: float
    turn: float
    order: int
    times: float = 1

    def large(self, places: Any) -> Any:
        """A large number for each place, none like another, but all so small that their squares are finite."""
        return 10.0 ** (100 + self.order * 40 * ((0.618 * places) % 1))


HUGE = 1e50
"""What such large numbers, and gradients made of them, exceed."""

FAR, NEAR = Step(1 / 5, 1 / 5, 0.1, 1), Step(1 / 4, 1 / 4, 0.1, -1)
"""Two distances at which sums of large numbers still have digits: there it is decided whether there is a limit."""

ZEROS, COARSE, FINE = Step(2, 0, 0.7, 1), Step(1 / 4, 1 / 4, 0.7, -1), Step(1 / 4, 1 / 4, 0.7, 1, 0.5)
"""For the digits of the limit, and in another direction: one that is exact if only leaves that are 0 have to move;
and two to extrapolate from."""


def settled(
    root: Node, seed: Any, path: Sequence[Node] | None, wrt: Iterable[Node] | None, record: bool, plain: Any
) -> dict[Node, Any]:
    """The gradients of ``root`` where a plain backward pass came out infinite, NaN, or not at all.

    Args:
        root: the result to differentiate.
        seed: its own gradient.
        path: the nodes on the way, newest first; all if not given.
        wrt: the nodes whose gradients are wanted; all if not given.
        record: whether the gradients shall be nodes.
        plain: what the plain pass gave, or ``None`` if an operation refused.
    """
    batched = levels_of([x._data for x in ancestors([root])])
    if levels_of(seed) and not batched:
        return _for_each(root, seed, wrt, record)
    refusal = None
    try:
        guarded = _walk(root, seed, path, record, guarded=math.inf)[0]
    except (ArithmeticError, ValueError) as error:
        guarded, refusal = {}, error
    reached = guarded or plain or dict.fromkeys(ancestors([root]) if path is None else path)
    if batched and plain is None:  # it was not a matter of zeros, but of examples that differ
        if refusal is not None:
            raise refusal
        return guarded
    wanted = [x for x in (reached if wrt is None else wrt) if x in reached]
    nowhere = root._data is not None and not _is_somewhere(root)
    doubtful = {x: doubt for x in wanted if np.any(_number(doubt := _doubt(x, plain, guarded, nowhere)))}
    if not doubtful:
        return guarded
    astray = nowhere and bool(np.all(np.isnan(_number(root))))  # what is no number has no slope
    if refusal is not None and (record or astray):
        raise refusal
    if astray:
        return guarded
    at = partial(_beside, root, seed, path)
    beside = [at(1, FAR)]
    noise = _noise(beside[0])
    refused = plain is None and not all(np.all(np.isfinite(_number(guarded.get(x, 0.0)))) for x in doubtful)
    if (
        guarded
        and not refused
        and all(np.all(_agree(beside[0].get(x, np.nan), guarded[x], doubt, noise)) for x, doubt in doubtful.items())
    ):
        return guarded
    beside += [at(-1, FAR), *(at(sign, step) for step in (NEAR, ZEROS, COARSE, FINE) for sign in (1, -1))]
    noise = max(map(_noise, beside[:4] + beside[6:]))
    found = dict(guarded or plain or {})
    for x, doubt in doubtful.items():
        levels, (doubt, zero, *sides) = _aligned(doubt, guarded.get(x, np.nan), *(g.get(x, np.nan) for g in beside))
        number = np.where(doubt, _limit(zero, sides, noise), zero)
        if plain is None and not np.all(np.isfinite(number)) and (x.op is None or wrt is not None):
            return _walk(root, seed, path, record)[0]  # which raises what it did before
        if not np.array_equal(number, zero, equal_nan=True):
            found[x] = _of_kind(x, number, levels, (plain or guarded)[x] if record else None)
    return found


def _for_each(root: Node, seed: Any, wrt: Iterable[Node] | None, record: bool) -> dict[Node, Any]:
    """The same for a batch of seeds, one after the other."""
    level = levels_of(seed)[-1]
    size = lengths_of(*(seed if isinstance(seed, list) else [seed]))[level]
    wanted = None if wrt is None else list(wrt)
    apart = trees.map_leaves(lambda g: unbatch(g, level=level, size=size), seed)
    passes = [pullback(root, trees.map_leaves(itemgetter(i), apart), wanted, record) for i in range(size)]
    found = {}
    for x in dict.fromkeys(x for gradients in passes for x in gradients):
        zero = np.zeros_like(x._data)
        found[x] = batch(np.stack([gradients.get(x, zero) for gradients in passes]), level=level)
    return found


def _number(gradient: Any) -> Any:
    """A gradient without its graph; those of all examples of a batch together."""
    return np.asarray(in_memory(_whole(gradient._data if isinstance(gradient, Node) else gradient)))


def _whole(x: Any) -> Any:
    """An array with all its axes."""
    return x.whole if isinstance(x, Batch) else x


def _size(x: Any) -> int:
    """The number of elements, for which Dask has no function."""
    return math.prod(np.shape(_whole(x)))


def _is_somewhere(root: Node) -> bool:
    """Whether any element of a result is finite."""
    return root._is_finite(root._data) or (_size(root._data) > 1 and bool(np.isfinite(_number(root)).any()))


def _aligned(*gradients: Any) -> tuple[Any, list[Any]]:
    """The hidden axes of gradients, and their numbers in a form that broadcasts as one example of each does."""
    levels, numbers = align(*(g._data if isinstance(g, Node) else g for g in gradients))
    return levels, [np.asarray(in_memory(number)) for number in numbers]


def _agree(a: Any, b: Any, doubt: Any, noise: float) -> Any:
    """Whether two gradients are nearly the same where there is doubt."""
    a, b, doubt = _aligned(a, b, doubt)[1]
    return _close(a, b, noise) | ~doubt


def _of_kind(x: Node, number: Any, levels: Any, recorded: Any) -> Any:
    """The gradient of ``x`` in the form that its kind has; as a node it is ``recorded`` with another number."""
    data = number.astype(x._data.dtype) if hasattr(x._data, "dtype") else number.item()
    data = Batch(data, levels) if levels else data
    if recorded is None:
        return data
    no_slope = np.where(np.isnan(number), np.nan, 1.0)  # what is no number passes none on
    factor = Batch(no_slope, levels) if levels else no_slope if hasattr(data, "dtype") else no_slope.item()
    return remember(type(recorded), data, elementwise.multiply, (recorded, factor), NO_ATTRS, "")


def _doubt(x: Node, plain: Any, guarded: Any, infinite: bool) -> Any:
    """Where the plain pass has no gradient of ``x``, and the guarded one nothing but a zero to put there.

    If the result is ``infinite``, a finite gradient may be wrong as well.
    """
    if not plain or not guarded:
        return np.True_
    levels, (before, after) = _aligned(plain.get(x, 0.0), guarded[x])
    doubt = np.isnan(before) | (np.isfinite(after) if infinite else ~np.isfinite(before) & np.isfinite(after))
    return Batch(doubt, levels) if levels else doubt


def _noise(gradients: dict[Node, Any]) -> float:
    """How far rounding may have moved what was added up from gradients of this size."""
    numbers = [_number(g) for g in gradients.values() if not is_lazy(g)]
    sizes = [np.max(np.abs(g), initial=0, where=np.abs(g) < HUGE) for g in numbers]
    return 16 * float(np.finfo(np.result_type(np.float32, *numbers)).eps * max(sizes)) if sizes else 0.0


def _close(a: Any, b: Any, noise: float) -> Any:
    """Whether two gradients are nearly the same, element by element."""
    apart = np.abs(a - b)
    return (apart <= 5e-3 * np.fmax(np.abs(a), np.abs(b)) + noise) & (apart < math.inf)


def _limit(zero: Any, sides: list[Any], noise: float) -> Any:
    """What the gradients on both sides tend to: ``zero`` if they tend to it or leave it open, NaN if to nothing."""
    right_far, left_far, right, left = sides[:4]
    far, near, exact, coarse, fine = (_mean(*sides[i : i + 2]) for i in range(0, 10, 2))
    size, size_far = (np.fmax(np.abs(a), np.abs(b)) for a, b in ((right, left), (right_far, left_far)))
    bounded = size <= 1.2 * size_far + noise
    tends = (_nearer(near, fine, far, zero, noise) | _close(near, zero, noise)) & np.isfinite(near)
    open_ = (np.fmin(right, left) <= zero) & (zero <= np.fmax(right, left)) & bounded
    open_ |= np.isnan(near) & np.isnan(far)
    limit = np.where(_close(exact, near, noise), exact, np.where(_close(fine, near, noise), 2 * fine - coarse, np.nan))
    limit = np.where(_nearer(near, fine, far, 0, noise), 0, np.where(_close(far, near, noise), limit, np.nan))
    limit = np.where(bounded, limit, np.nan)
    return np.where((tends & bounded) | open_ | (np.isinf(zero) & np.isnan(limit)), zero, limit)


def _nearer(near: Any, fine: Any, far: Any, limit: Any, noise: float) -> Any:
    """Whether both gradients from near by are nearer to the limit than the one from far off."""
    return np.fmax(np.abs(near - limit), np.abs(fine - limit)) <= 0.6 * np.abs(far - limit) + noise


def _mean(right: Any, left: Any) -> Any:
    """The mean of two sides, or the side that there is."""
    return np.where(
        np.isfinite(right) & np.isfinite(left), (right + left) / 2, np.where(np.isfinite(right), right, left)
    )


def _beside(root: Node, seed: Any, path: Sequence[Node] | None, sign: int, step: Step) -> dict[Node, Any]:
    """The gradients of the same graph with its leaves a little moved; none if an operation refuses there."""
    try:
        twins = twin_graph(root, partial(_moved, sign, step), large=step.large)
        way = None if path is None else [twins[x] for x in path]
        gradients = _walk(twins[root], _somewhere(without_graph(seed), twins[root]), way, False, step.large(0.5))[0]
    except (ArithmeticError, ValueError, errors.VaryingError):
        return {}
    gradients = {twin: g for twin, g in gradients.items() if not isinstance(g, list)}  # but that of several results
    return {x: gradients.get(twin, 0.0) for x, twin in twins.items()}


def _somewhere(seed: Any, root: Node) -> Any:
    """The gradients that a walk starts with, and NaN for results that are no numbers: none have a slope there."""
    if isinstance(seed, list):
        return [_somewhere(g, y) for g, y in zip(seed, root.inputs, strict=True)]
    lost = np.isnan(root._data) & (seed != 0)
    return np.where(lost, np.nan, seed) if _any(lost) else seed


def _any(mask: Any) -> bool:
    """Whether a mask holds anywhere, in any example."""
    return bool(np.any(_whole(mask)))


def without_graph(seed: Any) -> Any:
    """The gradients that the walk starts with, as numbers."""
    return (
        [without_graph(g) for g in seed] if isinstance(seed, list) else seed._data if isinstance(seed, Node) else seed
    )


def twin_graph(
    root: Node,
    data_of: Callable[[Any, int], Any],
    kind: type[Node] | None = None,
    large: Callable[[Any], Any] | None = None,
) -> dict[Node, Node]:
    """Every node that leads to ``root``, with its twin in a graph whose leaves hold other numbers.

    Args:
        root: the result.
        data_of: the numbers for a leaf, given those that it has and its place among all numbers.
        kind: what the twins are; what the nodes are if not given.
        large: the numbers at places where finite ones have become infinite; infinities if not given.
    """
    twins: dict[Node, Node] = {}
    place = 0
    for node in reversed(ancestors([root])):
        op, of = node.op, kind or type(node)
        place += _size(node._data)
        if op is None:
            twins[node] = of._leaf(data_of(node._data, place))
            continue
        inputs = tuple(twins.get(x, x) if isinstance(x, Node) else x for x in node.inputs)
        compute = op.array if op.scalar is None or hasattr(node._data, "dtype") else op.scalar
        data = [x._data if isinstance(x, Node) else x for x in inputs]
        y = None if node._data is None else node._attempt(compute, *data, **node.attrs)
        if large and y is not None and not _is_finite(y) and all(map(_is_finite, data)):
            y = _tamed(y, large, place)
        twins[node] = remember(of, y, op, inputs, node.attrs, "")
    return twins


def _is_finite(x: Any) -> bool:
    """Whether an operand has no infinite number, and no NaN."""
    x = _whole(x)
    return getattr(x, "dtype", np.dtype(float)).kind not in "fc" or bool(np.all(np.isfinite(x)))


def _tamed(y: Any, large: Callable[[Any], Any], place: int) -> Any:
    """``y`` with large numbers in the place of infinities."""
    if isinstance(y, Batch):
        return Batch(_tamed(y.whole, large, place), y.levels)
    if np.iscomplexobj(y):
        return y
    numbers = large(place + np.arange(_size(y)).reshape(np.shape(y)))
    tamed = np.where(np.isinf(y), np.copysign(numbers, y), y)
    return tamed.item() if type(y) is float else tamed


def _moved(sign: int, step: Step, data: Any, place: int) -> Any:
    """``data`` a little larger or smaller, each element by an amount of its own; in double precision."""
    if isinstance(data, Batch):
        return Batch(_moved(sign, step, data.whole, place), data.levels)
    if is_lazy(data):  # its gradient stays as it is
        return data
    if type(data) is not float and getattr(getattr(data, "dtype", None), "kind", "") not in ("f", "c"):
        return data
    eps = float(np.finfo(np.float64).eps)
    numbers = place + np.arange(_size(data)).reshape(np.shape(data))
    amount = sign * step.times * (1 + (step.turn + 0.618 * numbers) % 1)
    elsewhere = data * (1 + amount * eps**step.elsewhere) if step.elsewhere else data
    moved = np.where(data == 0, amount * eps**step.at_zero, elsewhere)
    return moved.item() if type(data) is float else moved.astype(np.result_type(data, np.float64))
