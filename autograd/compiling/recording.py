"""Record one run of a function: its arrays replaced by such that write down what is done with them."""

from __future__ import annotations

import pickle
import random
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np

from .. import errors, trees
from ..graph import Node, Watching, next_order
from ..tensor import Tensor
from ..value import Value
from ..watching import Watcher
from .places import MISSING, Place, places
from .trace import Trace, Variable, mapped

SOURCES: list[Callable[[], np.random.Generator]] = []
"""Where random numbers come from that no argument and no variable holds."""


class Write(NamedTuple):
    """Something that a run leaves behind: where, and what."""

    place: Place
    variable: Variable


class Run(NamedTuple):
    """What one recorded run has found.

    Attributes:
        trace: the calls.
        given: the variables for the leaves of the arguments; ``None`` for what is always the same.
        tensors: for each leaf that is a Tensor the one that stood for it.
        grads: the variables for the gradients that these had before.
        places: everything that the function can reach.
        before: what hung in these places.
        after: what hung there in the end.
        held: the variables for what hung in them.
        writes: what the run left behind there.
        left: what it left in Tensors among the arguments: the number of the leaf, the attribute, and the variable.
        result: what the function returned, with variables.
        renewed: the Tensors whose data was given anew.
    """

    trace: Trace
    given: list[Variable | None]
    tensors: dict[int, Tensor]
    grads: dict[int, Variable]
    places: list[Place]
    before: list[Any]
    after: list[Any]
    held: dict[int, Variable]
    writes: list[Write]
    left: list[tuple[int, str, Variable]]
    result: Any
    renewed: list[Node]


class _Phases(Watcher):
    """Notes when the function walks back, and what its results are called."""

    def __init__(self, trace: Trace) -> None:
        self.trace = trace
        self.nodes: list[tuple[Node, str]] = []

    def made(self, node: Any, op: Any, inputs: Any) -> None:
        self.nodes.append((node, op.name))

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
    function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any], names: list[str], varying: set[Any]
) -> Run:
    """Run ``function`` once, for good, and write down what it does.

    Args:
        function: what to run.
        args: its arguments.
        kwargs: its keyword arguments.
        names: what the leaves of the arguments are called.
        varying: the identities of places whose numbers and arrays differ from call to call.
    """
    trace, known = Trace(), dict[int, Variable]()
    leaves = [x for _, x in trees.leaves([args, kwargs])]
    reached = places(function, [x for x in leaves if not isinstance(x, Tensor)])
    own = {id(place.owner) for place in reached if isinstance(place.owner, Node)}
    before = [place.get() for place in reached]

    def array(x: Any, name: str) -> Any:
        if isinstance(x, np.ndarray) and x.dtype.kind in "fciub":
            if id(x) not in known:
                known[id(x)] = trace.given(x, name)
            return known[id(x)]
        return x

    given: list[Variable | None] = []
    tensors: dict[int, Tensor] = {}
    grads: dict[int, Variable] = {}

    def argument(x: Any) -> Any:
        name = names[len(given)]
        if isinstance(x, Value):
            raise errors.captured_value()
        if isinstance(x, Tensor) and id(x) not in own:
            twin = type(x)._leaf(array(x._data, x.name or name), x.requires_grad, x.name or name)
            if x.grad is not None:
                twin.grad = grads[len(given)] = array(x.grad, f"grad_{name}")
            tensors[len(given)] = twin
            given.append(twin._data)
            return twin
        new = trace.given(x, name) if type(x) is float or isinstance(x, np.generic) else array(x, name)
        if type(x) is int and ("argument", len(given)) in varying:
            new = trace.given(x, name)
        given.append(new if isinstance(new, Variable) else None)
        return new

    new_args, new_kwargs = trees.map_leaves(argument, [args, kwargs])
    held: dict[int, Variable] = {}
    hung: list[tuple[Place, Any, Any]] = []
    phases = _Phases(trace)
    try:
        for i, (place, x) in enumerate(zip(reached, before, strict=True)):
            new = _swapped(place, x, array, trace, varying)
            if new is not x:
                hung.append((place, x, new))
                place.set(new)
                if isinstance(new, Variable):
                    held[i] = new
        with _unpredictable(before), Watching(phases):
            result = function(*new_args, **new_kwargs)
        phases.settle()
        after = [place.get() for place in reached]
        orders = [(i, place.owner) for i, place in enumerate(reached) if place.key == "_data"]
    finally:
        _put_back(reached, hung, known)
    writes = [
        Write(place, new)
        for i, (place, new) in enumerate(zip(reached, after, strict=True))
        if isinstance(new, Variable) and new is not held.get(i)
    ]
    left = []
    for i, twin in tensors.items():
        for key, old in (("_data", given[i]), ("grad", grads.get(i))):
            new = getattr(twin, key)
            if isinstance(new, Variable) and new is not old:
                left.append((i, key, new))
                setattr(leaves[i], key, new.data)
    written = {w.variable.storage for w in writes} | _written_outside(trace)
    renewed = [owner for i, owner in orders if i in held and held[i].storage in written]
    return Run(trace, given, tensors, grads, reached, before, after, held, writes, left, result, renewed)


def _written_outside(trace: Trace) -> set[int]:
    from .passes import written

    return written(trace.calls) & trace.outside


def _swapped(place: Place, x: Any, array: Callable[[Any, str], Any], trace: Trace, varying: set[Any]) -> Any:
    """What hangs in a place while the function is recorded."""
    if place.kind == "length" or x is MISSING:
        return x
    name = getattr(place.owner, "name", "") if isinstance(place.owner, Node) else ""
    name = (f"grad_{name}" if place.key == "grad" and name else name) or place.path
    if (type(x) in (int, float) or isinstance(x, np.number)) and place.identity in varying:
        return trace.given(x, name.split(".")[-1].split("['")[-1].strip("]'"))
    if isinstance(x, tuple) and not hasattr(x, "_fields") and any(isinstance(part, np.ndarray) for part in x):
        return mapped(lambda part: array(part, name), x)
    return array(x, name)


def _put_back(reached: list[Place], hung: list[tuple[Place, Any, Any]], known: dict[int, Variable]) -> None:
    """Take all variables out of their places."""
    originals = {id(new): x for _, x, new in hung}
    for place in reached:
        if place.kind != "length":
            x = place.get()
            if id(x) in originals:
                place.set(originals[id(x)])
            elif isinstance(x, Variable):
                place.set(x.data)
            elif isinstance(x, Node) and isinstance(x._data, Variable):
                x._data = x._data.data
                x.order = next_order()
    for place, _, _ in hung:
        x = place.get()
        if isinstance(x, Variable):
            place.set(x.data)


@contextmanager
def _unpredictable(before: list[Any]) -> Iterator[None]:
    """An error where the block draws random numbers, or asks the clock."""
    generators = [x for x in before if isinstance(x, (np.random.Generator, np.random.RandomState))]
    generators += [source() for source in SOURCES]

    def states() -> bytes:
        bits: list[Any] = [getattr(g, "bit_generator", g) for g in generators]
        found = [bit.state if hasattr(bit, "state") else bit.get_state() for bit in bits]
        return pickle.dumps([found, np.random.get_state(legacy=False)])  # noqa: NPY002 -- watched, not drawn from

    found: list[str] = []

    def look(frame: Any, event: str, called: Any) -> None:
        if event == "c_call":
            owner = getattr(called, "__self__", None)
            if isinstance(owner, random.Random) or getattr(called, "__name__", "") in ("urandom", "time"):
                found.append(f"{type(owner).__name__}.{called.__name__}")

    start, other = states(), sys.getprofile()
    sys.setprofile(look)
    try:
        yield
    finally:
        sys.setprofile(other)
    if found or states() != start:
        raise errors.captured_randomness(found[0] if found else "a generator of random numbers")
