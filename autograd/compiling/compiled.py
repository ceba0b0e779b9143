"""``compile``: a function as a straight-line NumPy program, recorded once and run from then on."""

from __future__ import annotations

import builtins
import inspect
import linecache
from collections.abc import Callable
from functools import partial, update_wrapper
from itertools import count
from operator import is_
from pathlib import Path
from threading import RLock
from typing import Any

import numpy as np

from .. import errors, trees
from ..assignment import VARIABLE
from ..graph import Node, context, next_order
from ..tensor import Tensor
from . import passes
from .arrays import NotFiniteError
from .buffers import plan
from .places import MISSING
from .recording import Run, record
from .source import Writer, written_out
from .trace import Call, Variable, variables

PATIENCE = 8
"""How often in a row a function is recorded again before it is said why that does not help."""

_numbers = count(1).__next__


def compile(function: Callable[..., Any]) -> Compiled:
    """The function as a plain NumPy program: the first call is recorded, the others run the program.

    Args:
        function: any function of arrays, Tensors and numbers: a value, a gradient, or a whole training step. What it
            uses besides, such as a model and an optimiser, it finds as ever; what it writes there, the program
            writes too.

    Returns:
        A function that gives the same results; arrays and numbers as they are, Tensors without their graph.

    Raises:
        DtypeError: ``function`` cannot be called.
        CaptureError: when called, the function does what cannot be captured, such as drawing random numbers.

    Example:
        >>> import numpy as np
        >>> from autograd import compile, grad
        >>> slope = compile(grad(lambda x: np.sum(np.tanh(x))))
        >>> slope(np.zeros(3))
        array([1., 1., 1.])
    """
    if not callable(function):
        raise errors.not_a_function("compile", errors.describe(function))
    return Compiled(function)


class Compiled:
    """A function that has become a program; see :func:`compile`.

    Attributes:
        recordings: how often the function was recorded.
    """

    __name__: str

    def __init__(self, function: Callable[..., Any]) -> None:
        update_wrapper(self, function)
        self.__name__ = getattr(function, "__name__", type(function).__name__)
        self.function = function
        self.recordings = 0
        self._programs: dict[Any, list[Program]] = {}
        self._last: Program | None = None
        self._varying: set[Any] = set()
        self._ints: dict[Any, tuple[Any, ...]] = {}
        self._misses = 0
        self._why = ""
        self._lock = RLock()

    def __repr__(self) -> str:
        return f"<compiled {self.__name__}>"

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self if instance is None else _Bound(self, instance)

    @property
    def source(self) -> str:
        """The program that ran last, in Python.

        Raises:
            CaptureError: there is none yet.
        """
        return self._program().source

    def save(self, path: str | Path) -> None:
        """Write the program that ran last as a module that needs NumPy alone, and its arrays beside it.

        Args:
            path: the file, which ends in ``.py``. Arrays that the program was given once, such as weights and captured
                data, are saved as they are now in a file ``.npz`` of the same name; the module's ``load()`` starts with
                them.

        Raises:
            CaptureError: there is none yet.
            ArgumentError: the path does not end in ``.py``.
        """
        self._program().save(Path(path))

    def _program(self) -> Program:
        if self._last is None:
            raise errors.not_recorded_yet(self.__name__)
        return self._last

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run the program for these arguments, or record one."""
        if not isinstance(context()[0], bool):  # somebody looks on, or another function is being recorded
            return self.function(*args, **kwargs)
        with self._lock:
            leaves = _leaves(args, kwargs)
            if any(isinstance(x, Node) and x.requires_grad and is_inside(x) for x in leaves):
                return self.function(*args, **kwargs)  # an outer derivative sees through it
            key = self._key(args, kwargs, leaves)
            for program in self._programs.get(key, ()):
                if program.fits():
                    done = program.run(leaves)
                    if done is not None:
                        self._last, self._misses = program, 0
                        return program.results(leaves, done)
                    self._why = "a number or truth value that it depends on"
                else:
                    self._learn(program)
            return self._record(args, kwargs, leaves)

    def _key(self, args: Any, kwargs: Any, leaves: list[Any]) -> Any:
        """What programs are told apart by: shapes, dtypes, layouts, and whatever is no array."""
        key = tuple([_kind(x, ("argument", i) in self._varying) for i, x in enumerate(leaves)])
        if kwargs or len(leaves) != len(args):
            key = (key, repr([path for path, _ in trees.leaves([args, kwargs])]))
        return (context()[0], key)

    def _learn(self, program: Program) -> None:
        """Numbers and arrays that have changed are read anew from now on."""
        for place, old, variable in program.fixed:
            new = place.get()
            if new is not old:
                self._why = place.path
                if variable is not None or _alike(old, new):
                    self._varying.add(place.identity)

    def _record(self, args: Any, kwargs: Any, leaves: list[Any]) -> Any:
        """Run the function, write down what it does, and make a program of it."""
        shape = tuple(x if type(x) is int else None for x in leaves)
        general = (len(args), tuple(kwargs), tuple(type(x) for x in leaves))
        if general in self._ints:
            for i, (old, new) in enumerate(zip(self._ints[general], shape, strict=True)):
                if old is not None and old != new and ("argument", i) not in self._varying:
                    self._varying.add(("argument", i))
        self._ints[general] = shape
        self._misses += 1
        if self._misses > PATIENCE:
            raise errors.never_the_same(self.__name__, self._why or "its arguments", PATIENCE)
        key = self._key(args, kwargs, leaves)
        names = _names(self.function, args, kwargs)
        self.recordings += 1
        try:
            run = record(self.function, args, kwargs, names, self._varying)
        except NotFiniteError:
            return self.function(*args, **kwargs)
        result = trees.map_leaves(_plain, run.result)
        stable = True
        for place, old, new in zip(run.places, run.before, run.after, strict=True):
            if new is old or isinstance(new, Variable):
                continue
            if place.key == "grad" and isinstance(place.owner, Node):
                continue
            if place.kind == "length" and new == old:
                continue
            if isinstance(old, tuple) and isinstance(new, tuple) and any(isinstance(x, Variable) for x in new):
                continue
            stable, self._why = False, place.path
            if _alike(old, new):
                self._varying.add(place.identity)
        for write in run.writes:
            identity = write.place.identity
            is_grad = write.place.key == "grad" and isinstance(write.place.owner, Node)
            if identity not in self._varying and not is_grad:
                stable, self._why = False, write.place.path
                self._varying.add(identity)
        if stable and run.trace.unseen is not None:
            raise errors.captured_out(run.trace.unseen)
        if stable:
            program = Program(self.__name__, run, self._varying)
            programs = self._programs.setdefault(key, [])
            programs.insert(0, program)
            del programs[PATIENCE:]
            self._last = program
        return result


class _Bound:
    """A compiled method with its object."""

    def __init__(self, compiled: Compiled, instance: Any) -> None:
        self.compiled, self.instance = compiled, instance

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self.compiled(self.instance, *args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.compiled, name)


def _leaves(args: Any, kwargs: Any) -> list[Any]:
    """The leaves of the arguments."""
    if not kwargs and not any(isinstance(x, (list, tuple, dict)) for x in args):
        return list(args)
    return [x for _, x in trees.leaves([args, kwargs])]


def is_inside(x: Node) -> bool:
    """Whether a node is a result, or a variable of a derivative that is under way."""
    return x.op is not None or x.attrs is VARIABLE


def _kind(x: Any, varies: bool = False) -> Any:
    """What a program takes for granted of an argument."""
    kind = type(x)
    if kind is np.ndarray:
        return x.shape, x.dtype, x.strides
    if kind is float or (kind is int and varies):
        return kind
    if isinstance(x, Tensor):
        return kind, id(x) if isinstance(x.grad, Node) else 0, x.requires_grad, _kind(x._data), _kind(x.grad)
    if isinstance(x, np.generic):
        return kind
    if kind in (int, bool, str, type(None), complex):
        return kind, x
    return _Same(x)


class _Same:
    """The very same object, kept so that no other gets its ``id``."""

    __slots__ = ("x",)

    def __init__(self, x: Any) -> None:
        self.x = x

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.x is other.x

    def __hash__(self) -> int:
        return id(self.x)


def _alike(old: Any, new: Any) -> bool:
    """Whether a program can read one like the other."""
    if isinstance(new, Variable):
        new = new.data
    if type(old) in (int, float):
        return type(old) is type(new)
    if isinstance(old, np.generic):
        return type(old) is type(new)
    return type(old) is np.ndarray is type(new) and _kind(old) == _kind(new)


def _plain(x: Any) -> Any:
    """A result of the first run as every later one gives it."""
    if isinstance(x, Variable):
        return x.data
    if isinstance(x, Tensor):
        return Tensor._leaf(_plain(x._data), requires_grad=False, name=x.name)
    return x


def _names(function: Callable[..., Any], args: Any, kwargs: Any) -> list[str]:
    """What the leaves of the arguments are called."""
    while isinstance(function, partial):  # a derivative holds its function
        function = function.args[0] if function.args and callable(function.args[0]) else function.func
    try:
        parameters = list(inspect.signature(function).parameters.values())
    except (TypeError, ValueError):
        parameters = []
    found = []
    for i, x in enumerate(args):
        plain = i < len(parameters) and parameters[i].kind is not inspect.Parameter.VAR_POSITIONAL
        name = parameters[i].name if plain else f"x{i + 1}"
        found += [f"{name}{path}" for path, _ in trees.leaves(x)]
    for name, x in kwargs.items():
        found += [f"{name}{path}" for path, _ in trees.leaves(x)]
    return found


class Program:
    """One program: for one set of shapes, and one way that the function went.

    Attributes:
        source: the program in Python.
    """

    def __init__(self, name: str, run: Run, varying: set[Any]) -> None:
        self.name = name if name.isidentifier() else "program"
        self.tree = run.result
        self.renewed = run.renewed
        flat = [x for _, x in trees.leaves(run.result)]
        self.outputs = [x._data if isinstance(x, Tensor) else x for x in flat]
        self.left = [(i, key) for i, key, _ in run.left]
        wanted = [x for x in self.outputs if isinstance(x, Variable)]
        self.returned = len(wanted)
        self.places = [w.place for w in run.writes]
        wanted += [w.variable for w in run.writes] + [x for _, _, x in run.left]
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
        self.arguments: list[tuple[int, str]] = []
        self.read: list[Any] = []
        self.moving: dict[Variable, str] = {}
        for i, variable in enumerate(run.given):
            if variable is not None and variable in used and variable not in self.moving:
                self.arguments.append((i, "_data" if i in run.tensors else ""))
                self.moving[variable] = str(variable.hint)
        for i, variable in run.grads.items():
            if variable in used and variable not in self.moving:
                self.arguments.append((i, "grad"))
                self.moving[variable] = str(variable.hint)
        for i, variable in run.held.items():
            place = run.places[i]
            changes = place.identity in varying or (place.key == "grad" and isinstance(place.owner, Node))
            if variable in used and changes and variable not in self.moving:
                self.read.append((place, _kind(variable.data, varies=True)))
                self.moving[variable] = str(variable.hint)
        outside = run.trace.outside
        made = {y for call in self.calls for y in call.results if call.writes is None}
        self.still = [x for x in used if x.storage in outside and x not in self.moving and x not in made]
        self.still.sort(key=lambda x: x.storage)

    def _write(self, run: Run) -> str:
        held = set(run.held.values())
        writer = Writer(self.calls, self.plan, self.known, passes.written(self.calls))
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
        self.fixed: list[tuple[Any, Any, Any]] = []
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
                    parts.append(f"len({name}) == {len(owner)}")
                    snap.append(True)
                elif place.identity in varying:
                    continue
                elif place.key == "grad" and isinstance(owner, Node):
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
        self.fixed.append((run.places[i], run.before[i], run.held.get(i)))

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
        for place, kind in self.read:
            x = place.get()
            if x is MISSING or _kind(x, varies=True) != kind:
                return None
            given.append(x)
        done = self.program(*given)
        if done is None:
            return None
        return done

    def results(self, leaves: list[Any], done: Any) -> Any:
        """Leave behind what the run leaves behind, and put the results in their places."""
        for place, x in zip(self.places, done[self.returned : self.returned + len(self.places)], strict=True):
            place.set(x)
        for (i, key), x in zip(self.left, done[self.returned + len(self.places) :], strict=True):
            setattr(leaves[i], key, x)
        for node in self.renewed:
            node.order = next_order()
        if isinstance(self.tree, Variable):
            return done[0]
        if type(self.tree) is Tensor:
            return Tensor._leaf(done[0] if self.returned else self.tree._data, False, self.tree.name)
        parts = iter(done)

        def placed(x: Any) -> Any:
            if isinstance(x, Variable):
                return next(parts)
            if isinstance(x, Tensor):
                return Tensor._leaf(placed(x._data), requires_grad=False, name=x.name)
            return x

        return trees.map_leaves(placed, self.tree)

    def save(self, path: Path) -> None:
        """See :meth:`Compiled.save`."""
        if path.suffix != ".py":
            raise errors.bad_argument(f"save({str(path)!r})", "a path that ends in .py", path.suffix, "save('step.py')")
        source = self.source
        if self.fixed_arrays:
            np.savez(path.with_suffix(".npz"), **self.fixed_arrays)
            source += LOAD.format(name=self.name)
        path.write_text(source)


LOAD = '''

def load(path=__file__[:-3] + ".npz"):
    """{name}, with the arrays that were saved beside this file."""
    return prepare(**np.load(path))
'''

__all__ = ["Compiled", "compile"]
