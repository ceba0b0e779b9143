"""Record one run of a function: its arrays replaced by such that write down what is done with them."""

from __future__ import annotations

import pickle
import random
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from cProfile import Profile
from functools import partial
from operator import length_hint
from types import GeneratorType
from typing import Any, NamedTuple

import numpy as np

from .. import errors, trees
from ..graph import Node, Watching, next_order
from ..tensor import Tensor
from ..value import NUMBERS, Value
from ..watching import Watcher
from . import kinds, passes
from .effects import Effect, Given, Inputs, found_effects, outputs
from .lanes import Lane, in_lanes, number, returned
from .places import MISSING, Place, has_arrays, places
from .trace import Trace, Variable

SOURCES: list[Callable[[], np.random.Generator]] = []
"""Where random numbers come from that no argument and no variable holds."""

UNPREDICTABLE = re.compile(r"of '_random\.Random'|\.urandom>|method time\.time>")
"""What a profiler calls Python's own sources of random numbers, and the clock."""


class Run(NamedTuple):
    """What one recorded run has found.

    Attributes:
        trace: the calls.
        given: what comes with each call.
        places: everything that the function can reach.
        before: what hung in these places.
        hung: what hung there while the function ran.
        after: what hung there in the end.
        held: the variables for arrays that hung in them and stay the same.
        effects: what the run left behind.
        result: what the function returned, with variables.
        renewed: the Tensors whose data was given anew.
    """

    trace: Trace
    given: list[Given]
    places: list[Place]
    before: list[Any]
    hung: list[Any]
    after: list[Any]
    held: list[Variable]
    effects: list[Effect]
    result: Any
    renewed: list[Node]


class _Phases(Watcher):
    """Notes when the function walks back, and what its results are called."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.nodes: list[tuple[Node, str]] = []

    def made(self, node: Any, op: Any, inputs: Any) -> None:
        self.nodes.append((node, op.name))
        if self.trace.phase == "update":
            self._forward_again(node, inputs)

    def _forward_again(self, node: Any, inputs: Any) -> None:
        """Another forward pass has begun, with the calls that made ``node``."""
        self.trace.phase = "forward"
        needed = {node._data} if isinstance(node._data, Variable) else set()
        given = {x._data for x in inputs if isinstance(x, Node) and isinstance(x._data, Variable)}
        for call in reversed(self.trace.calls):
            if call.phase != "update" or call.writes is not None or needed.isdisjoint(call.results):
                break
            call.phase = "forward"
            needed.update(x for x in call.inputs if x not in given)

    def while_walking(self) -> Watcher:
        self.trace.phase = "backward"
        return self

    def walked(self, root: Any, gradients: Mapping[Any, Any]) -> None:
        self.trace.phase = "update"
        _suggest(root._data, root.name or "loss")
        for node, g in gradients.items():
            _suggest(g, f"grad_{node.name}" if node.name or not isinstance(node._data, Variable) else node._data)

    def settle(self) -> None:
        """Hand on the names that the user gave, and else those of the operations."""
        for node, name in self.nodes:
            _suggest(node._data, node.name or name)


def _suggest(x: Any, name: str | Variable) -> None:
    """What a variable may be called; the gradient of another after that."""
    if isinstance(x, Variable) and isinstance(x.hint, str) and not x.hint:
        x.hint = name


def record(
    function: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    names: list[str],
    varying: set[Any],
    batch: bool,
) -> Run:
    """Run ``function`` once, for good, and write down what it does.

    Args:
        function: what to run.
        args: its arguments.
        kwargs: its keyword arguments.
        names: what the leaves of the arguments are called.
        varying: the identities of places whose numbers and arrays differ from call to call; those of Values are added.
        batch: whether arrays among the arguments hold one number for each example.
    """
    trace = Trace(batch)
    others = [x for x in kinds.leaves([args, kwargs]) if not isinstance(x, (Tensor, Value))]
    reached = places(function, others, varying)
    own = {id(place.owner) for place in reached if isinstance(place.owner, Node)}
    before = [place.get() for place in reached]
    values = {place for place, x in zip(reached, before, strict=True) if place.is_number and type(x) in NUMBERS}
    varying.update(place.identity for place in values)
    inputs, known = Inputs(trace, own), dict[int, Variable]()

    def array(name: str, x: Any) -> Any:
        if is_data(x):
            if id(x) not in known:
                known[id(x)] = trace.given(x, name)
            return known[id(x)]
        return x

    new_args, new_kwargs = inputs.stand_in([args, kwargs], None, names, varying)
    hung = list(before)
    phases = _Phases(trace)
    trace.nodes = phases.nodes
    try:
        for i, (place, x) in enumerate(zip(reached, before, strict=True)):
            if not place.holds or x is MISSING:
                continue
            name = name_of(place)
            x = float(x) if place in values else x
            if place.identity in varying or place.is_grad:
                hung[i] = inputs.stand_in(x, place, [name] * len(kinds.leaves(x)), varying)
            elif has_arrays(x):
                hung[i] = in_tuples(partial(array, name), x)
            if hung[i] is not x:
                place.set(hung[i])
        for place in values:
            place.owner.__class__ = Lane
        with _unpredictable(before), Watching(phases):
            result = function(*new_args, **new_kwargs)
        phases.settle()
        result = trees.map_leaves(returned, result)
        after = [as_kept(place) if place.is_slot else place.get() for place in reached]
        effects = found_effects(inputs, reached, hung, after)
    finally:
        _put_back(reached, before, hung)
        for place in values:
            place.owner.__class__ = Value
    left = iter([x.data for effect in effects for x in outputs(effect.template)])
    for effect in effects:
        effect.leave(args, kwargs, left)
    if any(new is not old for new, old in zip(after, hung, strict=True)):
        for place in places(function, others):
            clean(place)
    touched = {x.storage for i, new in enumerate(after) if new is not hung[i] for x in outputs(new)}
    touched |= passes.written(trace.calls) & trace.outside
    datas = {i: hung[i] for i, place in enumerate(reached) if place.key == "_data" and isinstance(hung[i], Variable)}
    renewed = [reached[i].owner for i, x in datas.items() if x.storage in touched]
    return Run(trace, inputs.given, reached, before, hung, after, list(known.values()), effects, result, renewed)


def as_kept(place: Place) -> Any:
    """The data or the gradient of a node: of a Tensor an array, of a Value a number of Python's."""
    x = place.get()
    if isinstance(place.owner, Lane):
        x = number(x)
        place.set(x)
    if isinstance(x, Variable) and isinstance(x.data, np.generic) and isinstance(place.owner, Tensor):
        x = x.trace.record(np.asarray, (x,), {})
        place.set(x)
    return x


def is_data(x: Any) -> bool:
    """Whether it is an array of numbers."""
    return isinstance(x, np.ndarray) and x.dtype.kind in "fciub"


def in_tuples(function: Callable[[Any], Any], x: Any) -> Any:
    """``function`` of ``x``, or a tuple of it for each part; ``x`` itself where that changes nothing."""
    if not isinstance(x, tuple):
        return function(x)
    parts = [in_tuples(function, part) for part in x]
    if all(new is old for new, old in zip(parts, x, strict=True)):
        return x
    return type(x)(*parts) if hasattr(x, "_fields") else type(x)(parts)


def name_of(place: Place) -> str:
    """What a variable for something that hangs in a place may be called."""
    name = getattr(place.owner, "name", "") if isinstance(place.owner, Node) else ""
    name = (f"grad_{name}" if place.key == "grad" and name else name) or place.path
    return name.split(".")[-1].split("['")[-1].strip("]'") if isinstance(place.get(), (int, float)) else name


def _put_back(reached: list[Place], before: list[Any], hung: list[Any]) -> None:
    """Take all variables out of their places, and out of Tensors and Values first, which hang in others."""
    for place, old, new in sorted(zip(reached, before, hung, strict=True), key=lambda found: not found[0].is_slot):
        if (new is not old and place.get() is new) or (isinstance(place.owner, Lane) and in_lanes(place.get())):
            place.set(old)
        elif place.holds:
            clean(place)


def clean(place: Place) -> None:
    """Leave plain arrays and numbers where variables hang."""
    x = place.get() if place.holds else None
    plain = in_tuples(lambda part: part.data if isinstance(part, Variable) else part, x)
    plain = plain._data.data if isinstance(plain, Lane) and in_lanes(plain) else plain
    if plain is not x:
        place.set(plain)
    elif isinstance(x, Node) and isinstance(x._data, Variable):
        x._data = x._data.data
        x.made_by(None, ())
        x.order = next_order()
        x.__class__ = Value if isinstance(x, Lane) else type(x)


@contextmanager
def _unpredictable(before: list[Any]) -> Iterator[None]:
    """An error where the block draws random numbers, or asks the clock."""
    generators = [x for x in before if isinstance(x, (np.random.Generator, np.random.RandomState))]
    generators += [source() for source in SOURCES]

    def states() -> bytes:
        bits: list[Any] = [getattr(g, "bit_generator", g) for g in generators]
        found = [bit.state if hasattr(bit, "state") else bit.get_state() for bit in bits]
        return pickle.dumps([found, random.getstate(), np.random.get_state(legacy=False)])  # noqa: NPY002 -- watched, not drawn from

    iterators = [x for x in before if isinstance(x, Iterator)]
    generating = {x.gi_code for x in iterators if isinstance(x, GeneratorType)}
    found: list[str] = []

    def positions() -> list[Any]:
        return [(repr(x), length_hint(x, -1)) for x in iterators]

    start, places_before, look = states(), positions(), Profile()
    watched = sys.getprofile() is None  # there is room for one
    if watched:
        look.enable()
    try:
        yield
    finally:
        if watched:
            look.disable()
    for called in [entry.code for entry in look.getstats()]:
        if called in generating:
            found.append("an iterator that goes on")
        elif isinstance(called, str) and UNPREDICTABLE.search(called):
            found.append(called.strip("<>"))
    if positions() != places_before:
        found.append("an iterator that goes on")
    if found or states() != start:
        raise errors.captured_randomness(found[0] if found else "a generator of random numbers")
