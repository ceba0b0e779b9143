"""One program: for one set of shapes, and one way that the function went."""

from __future__ import annotations

import builtins
import linecache
from collections.abc import Callable, Iterator
from itertools import count
from operator import is_
from pathlib import Path
from typing import Any

import numpy as np

from .. import trees
from ..graph import next_order
from ..tensor import Tensor
from . import kinds, passes, saving
from .buffers import plan
from .effects import leaf, outputs
from .lanes import Lane
from .places import MISSING, Place
from .recording import Run
from .source import Writer, written_out
from .trace import Call, Variable, variables

_numbers = count(1).__next__


class Program:
    """One program: for one set of shapes, and one way that the function went.

    Attributes:
        source: the program in Python.
    """

    def __init__(self, name: str, run: Run, varying: set[Any]) -> None:
        self.name = name if name.isidentifier() and name not in saving.NAMES else "program"
        self.tree = run.result
        self.effects = run.effects
        self.renewed = run.renewed
        wanted = list(outputs(run.result))
        self.returned = len(wanted)
        wanted += [x for effect in run.effects for x in outputs(effect.template)]
        self._optimise(run, wanted)
        self._inputs(run, varying)
        self.source = self._write(run)
        self._bind()
        self._fingerprint(run, varying)

    def _optimise(self, run: Run, wanted: list[Variable]) -> None:
        """The passes, one after the other."""
        leaving = {x.storage for x in wanted if not isinstance(x.data, np.generic)}
        calls = passes.filled(passes.without_shapes(run.trace.calls))
        known = {x: data for x, data in passes.constants(calls).items() if x.storage not in leaving}
        calls, plain = passes.simplified(calls, known, leaving)
        calls, again = passes.shared(calls, leaving)
        self.same = {**plain, **again}
        self.wanted = [self._final(x) for x in wanted]
        calls = [call for call in calls if not (call.results and all(y in known for y in call.results))]
        self.calls: list[Call] = passes.alive(passes.in_order(calls), self.wanted, run.trace.outside)
        self.known = known
        self.plan = plan(self.calls, self.wanted, run.trace.outside)

    def _final(self, x: Any) -> Any:
        """The variable that stands for ``x`` after the passes."""
        while isinstance(x, Variable) and x in self.same:
            x = self.same[x]
        return x

    def _inputs(self, run: Run, varying: set[Any]) -> None:
        """Which variables come with each call, and which are fixed."""
        used = {x for call in self.calls for x in (*call.inputs, *variables(call.writes))} | set(self.wanted)
        self.moving: dict[Variable, str] = {g.variable: str(g.variable.hint) for g in run.given if g.variable in used}
        given = [g for g in run.given if g.variable in used]
        self.arguments = [(g.leaf, g.key) for g in given if g.source is None]
        self.read: list[tuple[Place, Any, list[tuple[int, str]]]] = []
        for place in dict.fromkeys(g.source for g in run.given if g.source is not None):
            x = run.before[run.places.index(place)]
            self.read.append((place, place.kind_of(x), [(g.leaf, g.key) for g in given if g.source is place]))
        outside = run.trace.outside
        made = {y for call in self.calls for y in call.results if call.writes is None}
        self.still = [x for x in used if x.storage in outside and x not in self.moving and x not in made]
        self.still.sort(key=lambda x: x.storage)
        self._memory(passes.written(self.calls) & outside)

    def _memory(self, written: set[int]) -> None:
        """Which arrays that come with a call lie in memory that is written into."""
        given = list(self.moving)
        self.written = [i for i, x in enumerate(given) if x.storage in written]
        self.fixed_memory = sorted(set(kinds.roots([x.data for x in self.still if x.storage in written])))
        self.shares: list[int] | None = None
        if written:
            self.shares = kinds.shared_memory([x.data for x in given], self.written, self.fixed_memory)

    def _write(self, run: Run) -> str:
        held = set(run.held)
        writer = Writer(self.calls, self.plan, self.known, passes.written(self.calls), run.trace.outside)
        for variable, name in self.moving.items():
            writer.bind(variable, name or "x")
        for x in self.still:
            if x not in self.known and not (x not in held and writer.literal(x)):
                writer.hold(x, writer.hint(x) or "constant")
        about = f"{self.name}, as a plain NumPy program."
        given = [writer.names[x] for x in self.moving]
        source = written_out(writer, self.name, given, self.wanted, about)
        self.fixed_arrays = writer.fixed
        return source

    def _bind(self) -> None:
        """Make the program run; tracebacks show its lines."""
        file = f"<{self.name}, compiled {_numbers()}>"
        linecache.cache[file] = (len(self.source), None, self.source.splitlines(keepends=True), file)
        names: dict[str, Any] = {}
        exec(builtins.compile(self.source, file, "exec"), names)
        self.program = names["prepare"](**self.fixed_arrays) if "prepare" in names else names[self.name]

    def _fingerprint(self, run: Run, varying: set[Any]) -> None:
        """What must hang where it hung, for the program to be still true."""
        self.fixed: list[tuple[Place, Any]] = []
        snap: list[Any] = []
        parts: list[str] = []
        bound: dict[str, Any] = {}
        whole: dict[int, list[int]] = {}
        for i, place in enumerate(run.places):
            whole.setdefault(id(place.owner), []).append(i)
        for indices in whole.values():
            owner = run.places[indices[0]].owner
            items = [i for i in indices if run.places[i].kind == "item"]
            has_length = any(run.places[i].kind == "length" for i in indices)
            loose = any(run.places[i].identity in varying for i in indices)
            name = f"o{len(bound)}"
            bound[name] = owner
            if items and has_length and not loose and len(items) == len(owner):
                parts.append(f"*{name}.values()" if isinstance(owner, dict) else f"*{name}")
                for i in items:
                    self._fix(run, i, snap)
                continue
            for i in indices:
                place, old = run.places[i], run.before[i]
                if place.kind == "length":
                    parts.append(f"len({name}) == {old}")
                    snap.append(True)
                elif place.kind == "members":
                    bound[f"k{len(bound)}"] = old
                    parts.append(f"{name} == k{len(bound) - 1}")
                    snap.append(True)
                elif place.identity in varying:
                    continue
                elif place.is_grad:
                    parts.append(f"{name}.grad is None")
                    snap.append(old is None)
                elif place.kind == "item":
                    bound[f"k{len(bound)}"] = place.key
                    parts.append(f"{name}[k{len(bound) - 1}]")
                    self._fix(run, i, snap)
                else:
                    parts.append(f"{name}.{place.key}")
                    self._fix(run, i, snap)
        self.snap = snap
        exec(f"def look(): return ({''.join(part + ', ' for part in parts)})", bound)
        self.look: Callable[[], tuple[Any, ...]] = bound["look"]

    def _fix(self, run: Run, i: int, snap: list[Any]) -> None:
        snap.append(run.before[i])
        self.fixed.append((run.places[i], run.before[i]))

    def fits(self) -> bool:
        """Whether everything that the function uses is still where it was."""
        try:
            now = self.look()
        except (KeyError, IndexError, AttributeError, ValueError):
            return False
        return len(now) == len(self.snap) and all(map(is_, now, self.snap))

    def run(self, leaves: list[Any]) -> Any:
        """Run the program; ``None`` if the function would have gone another way."""
        given = [getattr(leaves[i], key) if key else leaves[i] for i, key in self.arguments]
        for place, expected, wanted in self.read:
            x = place.get()
            if x is MISSING or place.kind_of(x) != expected:
                return None
            parts = kinds.leaves(x)
            given += [getattr(parts[i], key) if key else parts[i] for i, key in wanted]
        if self.shares is not None and self.shares != kinds.shared_memory(given, self.written, self.fixed_memory):
            return None
        return self.program(*given)

    def results(self, args: Any, kwargs: Any, done: Any) -> Any:
        """Leave behind what the run leaves behind, and put the results in their places."""
        values = iter(done[self.returned :])
        for effect in self.effects:
            effect.leave(args, kwargs, values)
        for node in self.renewed:
            node.order = next_order()
        if isinstance(self.tree, Variable):
            return done[0]
        parts = iter(done)
        return trees.map_leaves(lambda x: self._placed(x, parts), self.tree)

    @staticmethod
    def _placed(x: Any, parts: Iterator[Any]) -> Any:
        """A leaf of the result; Tensors come back without their graph."""
        if isinstance(x, (Tensor, Lane)):
            return leaf(x, next(parts) if isinstance(x._data, Variable) else x._data)
        return next(parts) if isinstance(x, Variable) else x

    def save(self, path: Path) -> None:
        """See :meth:`Compiled.save`."""
        saving.save(path, self.name, self.source, self.fixed_arrays, self.fixed_memory)
