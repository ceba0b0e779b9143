"""The trace: every NumPy call that one run of a function makes, in order.

A trace is what a program is written from. It is a list of calls, each with its arguments and results, and it knows
which variables share memory, so that what writes into an array and what reads it stay in order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from .. import errors
from ..graph import Node

STRUCTURE = {
    np.shape, np.ndim, np.size, np.result_type, np.can_cast, np.common_type, np.iscomplexobj, np.isrealobj,
    np.min_scalar_type, np.may_share_memory, np.shares_memory, np.broadcast_shapes, np.einsum_path,
}  # fmt: skip
"""Functions that ask for shapes and dtypes alone: they are answered while the function is recorded."""

SHAPED_BY_DATA = {
    np.nonzero, np.argwhere, np.flatnonzero, np.extract, np.compress, np.unique, np.unique_all, np.unique_counts,
    np.unique_inverse, np.unique_values, np.trim_zeros, np.union1d, np.intersect1d, np.setdiff1d, np.setxor1d,
}  # fmt: skip
"""Functions whose result has a shape that depends on the numbers."""

WRITING = {np.copyto, np.put, np.putmask, np.place, np.fill_diagonal, np.put_along_axis}
"""Functions that write into their first argument."""


class Variable:
    """Something that the program computes or is given.

    Attributes:
        trace: the run it belongs to.
        data: what it was in this run.
        storage: the number of the memory it lies in; variables with the same one overlap.
        hint: what it may be called; of a gradient the variable that it is the gradient of.
    """

    __slots__ = ("data", "hint", "storage", "trace")

    is_number = False
    """Whether it is a number of Python's."""

    trace: Trace
    data: Any
    storage: int
    hint: str | Variable


class Call:
    """One line of the program.

    Attributes:
        function: what is called.
        args: its arguments, which hold variables.
        kwargs: its keyword arguments, without ``out``.
        inputs: the variables that it reads.
        result: a variable, or a tuple or list of them; that which is written into for a call that writes.
        results: the variables in it.
        writes: the variable that is written into, if it was there before.
        phase: ``"forward"``, ``"backward"`` or ``"update"``.
        quiet: whether it was called where NumPy says nothing of infinities.
    """

    __slots__ = ("args", "function", "inputs", "kwargs", "phase", "quiet", "result", "results", "writes")

    def __init__(
        self, function: Any, args: Any, kwargs: Mapping[str, Any], result: Any, writes: Variable | None, phase: str
    ) -> None:
        self.call(function, args, kwargs)
        self.result, self.writes, self.phase = result, writes, phase
        self.results = variables(result)
        self.quiet = np.geterr()["invalid"] == "ignore"

    def call(self, function: Any, args: Any, kwargs: Mapping[str, Any]) -> None:
        """Say what is called."""
        self.function, self.args, self.kwargs = function, args, kwargs
        self.inputs = variables([args, kwargs])


def variables(tree: Any) -> list[Variable]:
    """The variables among arguments."""
    found: list[Variable] = []
    waiting = [tree]
    while waiting:
        x = waiting.pop()
        if isinstance(x, Variable):
            found.append(x)
        elif isinstance(x, (list, tuple)):
            waiting += x[::-1]
        elif isinstance(x, dict):
            waiting += list(x.values())[::-1]
        elif isinstance(x, slice):
            waiting += (x.step, x.stop, x.start)
    return found


def early(calls: Iterable[Call]) -> set[Variable]:
    """The numbers of Python's that are computed from such numbers alone, and so before everything else."""
    made = {y for call in calls for y in call.results if call.writes is None}
    inputs = {x for call in calls for x in call.inputs if x not in made}
    found = {x for x in inputs if x.is_number}
    for call in calls:
        if call.writes is None and call.function != "guard" and all(x in found for x in call.inputs):
            found.update(y for y in call.results if y.is_number)
    return found


def mapped(function: Callable[[Any], Any], tree: Any) -> Any:
    """Arguments with ``function`` applied to what is no list, tuple, dict or slice."""
    if isinstance(tree, tuple) and hasattr(tree, "_fields"):
        return type(tree)(*(mapped(function, part) for part in tree))
    if isinstance(tree, (list, tuple)):
        return type(tree)([mapped(function, part) for part in tree])
    if isinstance(tree, dict):
        return {key: mapped(function, part) for key, part in tree.items()}
    if isinstance(tree, slice):
        return slice(*(mapped(function, end) for end in (tree.start, tree.stop, tree.step)))
    return function(tree)


def concrete(tree: Any) -> Any:
    """Arguments with what the variables are in this run."""
    return mapped(lambda x: x.data if isinstance(x, Variable) else x, tree)


def memory(array: Any) -> Any:
    """The array that owns the memory in which ``array`` lies."""
    while getattr(array, "base", None) is not None:
        array = array.base
    return array


class Trace:
    """One run of a function.

    Attributes:
        calls: what was called, in order.
        phase: what the function is at: going forward, backward, or updating its state.
        captured: arrays that the function made without recording: by ``id``, with the variables that stand for them.
        outside: the storages that were there before the run.
        off: whether nothing is written down any more, since no program can do what the function does here.
        nodes: the nodes that the run has made, and what made them.
        batch: whether arrays that come with a call hold one number for each example, for a function of Values.
        lanes: how many examples there are.
        unseen: the shape of an array that the function made and wrote into as ``out``, where nobody may notice.
    """

    def __init__(self, batch: bool = False) -> None:
        self.batch, self.lanes = batch, 0
        self.calls: list[Call] = []
        self.phase = "forward"
        self.captured: dict[int, tuple[Any, Any]] = {}
        self.outside: set[int] = set()
        self.off = False
        self.nodes: list[tuple[Node, str]] = []
        self.unseen: tuple[int, ...] | None = None
        self._steep = 0, False
        self._storages: dict[int, int] = {}
        self._kept: list[Any] = []

    def give_up(self) -> None:
        """Write nothing down any more, and go on with plain arrays: no program can do what the function does here."""
        self.off = True
        for node, _ in self.nodes:
            for x in (node, *node.inputs):
                if isinstance(x, Node) and isinstance(x._data, Variable):
                    x._data = x._data.data

    def is_steep(self) -> bool:
        """Whether some call makes infinities of finite numbers, so that gradients have to be looked at."""
        from .finite import may_be_infinite

        calls, found = self._steep
        if not found and calls != len(self.calls):
            self._steep = len(self.calls), may_be_infinite(self.calls)
        return self._steep[1]

    def storage_of(self, data: Any) -> int:
        """The number of the memory of an array; numbers have one each."""
        root = memory(data) if isinstance(data, np.ndarray) else data
        self._kept.append(root)  # so that no other gets its ``id``
        return self._storages.setdefault(id(root), len(self._storages))

    def given(self, data: Any, hint: str = "") -> Any:
        """A variable for what was there before the run."""
        from .arrays import Number, Traced

        kind = Traced if isinstance(data, (np.ndarray, np.generic)) else Number
        variable = kind(self, data, self.storage_of(data), hint)
        self.outside.add(variable.storage)
        return variable

    def record(
        self, function: Any, args: tuple[Any, ...], kwargs: Mapping[str, Any], writes: Any = None, compute: Any = None
    ) -> Any:
        """Call ``function``, now and in the program.

        Args:
            function: what the program calls.
            args: its arguments.
            kwargs: its keyword arguments; with ``out`` it writes.
            writes: which argument it writes into otherwise.
            compute: computes it now, if that is another function.
        """
        if self.off:
            done = (compute or function)(*concrete(args), **concrete(dict(kwargs)))
            return kwargs["out"] if kwargs.get("out") is not None else done
        given = kwargs.get("out") if writes is None else writes
        for x in given if isinstance(given, tuple) else (given,):
            if isinstance(x, np.ndarray):
                self._own(x, args)
        args, named = mapped(self._captured, args), dict(mapped(self._captured, dict(kwargs)))
        writes = mapped(self._captured, writes)
        out = named.pop("out", None)
        out = out[0] if isinstance(out, tuple) and len(out) == 1 else out
        plain = concrete(named) | ({} if out is None else {"out": concrete(out)})
        data = (compute or function)(*concrete(args), **plain)
        target = out if out is not None else writes
        result = mapped(self._made, data) if target is None else out
        self.calls.append(Call(function, args, named, result, target, self.phase))
        return result

    def guard(self, function: Callable[[Any], Any], x: Variable, what: str) -> Any:
        """``function(x)``, a number or a truth value that the run depends on: the program checks it."""
        found = function(x.data)
        if not self.off:
            self.calls.append(Call("guard", (x,), {"function": function, "found": found}, None, None, self.phase))
        return found

    def _captured(self, x: Any) -> Any:
        """An array that the function made without recording: what it holds is the same in every run."""
        if not isinstance(x, np.ndarray) or x.dtype == object:
            return x
        _, variable = self.captured.get(id(x), (None, None))
        if variable is None or (
            variable.data is not x and not np.array_equal(variable.data, x, equal_nan=x.dtype.kind in "fc")
        ):
            variable = self.given(np.copy(x, order="K"))
            self.captured[id(x)] = x, variable
        return variable

    def _own(self, x: Any, args: tuple[Any, ...]) -> None:
        """An array that the function made and now writes into, as in ``y += x``: every run makes one of its own."""
        from .arrays import Traced, copy

        if not any(part is x for part in args):
            self.unseen = self.unseen or x.shape
        y = Traced(self, x, self.storage_of(x), "")
        self.calls.append(Call(copy, (self._captured(x), "K"), {}, y, None, self.phase))
        self.captured[id(x)] = x, y

    def _made(self, data: Any) -> Any:
        """A variable for what was computed."""
        from .arrays import Number, Traced

        if isinstance(data, (np.ndarray, np.generic)):
            return Traced(self, data, self.storage_of(data), "")
        if isinstance(data, (bool, int, float, complex)):
            return Number(self, data, self.storage_of(data), "")
        raise errors.not_captured(f"a function that returns {type(data).__name__}", "arrays and numbers")
