"""``compile``: a function as a straight-line NumPy program, recorded once and run from then on."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial, update_wrapper
from pathlib import Path
from threading import RLock
from typing import Any

from .. import errors, trees
from ..graph import Node, context
from ..tensor import Tensor
from . import kinds
from .effects import leaf
from .kinds import alike, kind
from .lanes import Lane
from .program import Program
from .recording import Run, record
from .trace import Variable

PATIENCE = 8
"""How often in a row a function is recorded again before it is said why that does not help."""


def compile(function: Callable[..., Any], *, batch: bool = False) -> Compiled:
    """The function as a plain NumPy program: the first call is recorded, the others run the program.

    Args:
        function: any function of arrays, Tensors, Values and numbers: a value, a gradient, or a whole training step.
            What it uses besides, such as a model and an optimiser, it finds as ever; what it writes there, the program
            writes too.
        batch: for a function that is written on Values, for one example: run it on all examples at once. Arrays among
            the arguments then hold one example after the other; a backward pass is that of the mean over them.

    Returns:
        A function that gives the same results; arrays and numbers as they are, Tensors and Values without their graph,
        and what differs from example to example as an array.

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
    return Compiled(function, batch)


class Compiled:
    """A function that has become a program; see :func:`compile`.

    Attributes:
        recordings: how often the function was recorded.
    """

    __name__: str

    def __init__(self, function: Callable[..., Any], batch: bool = False) -> None:
        update_wrapper(self, function)
        self.__name__ = getattr(function, "__name__", type(function).__name__)
        self.function, self.batch = function, batch
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
                them, and returns the function.

        Raises:
            CaptureError: there is none yet, or it calls functions that NumPy, SciPy and ``math`` do not have.
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
            if any(isinstance(x, Node) and x.requires_grad and kinds.is_inside(x) for x in leaves):
                return self.function(*args, **kwargs)  # an outer derivative sees through it
            key = self._key(args, kwargs, leaves)
            for program in self._programs.get(key, ()):
                if program.fits():
                    done = program.run(leaves)
                    if done is not None:
                        self._last, self._misses = program, 0
                        return program.results(args, kwargs, done)
                    self._why = "a number or truth value that it depends on"
                else:
                    self._learn(program)
            return self._record(args, kwargs, leaves)

    def _key(self, args: Any, kwargs: Any, leaves: list[Any]) -> Any:
        """What programs are told apart by: shapes, dtypes, layouts, and whatever is no array."""
        key: Any = tuple([kind(x, ("argument", i) in self._varying) for i, x in enumerate(leaves)])
        tensors = [x for x in leaves if isinstance(x, Tensor)]
        if len(tensors) > 1:
            key = (key, tuple([next(i for i, y in enumerate(tensors) if y is x) for x in tensors]))
        if kwargs or len(leaves) != len(args):
            key = (key, repr([path for path, _ in trees.leaves([args, kwargs])]))
        return (context()[0], key)

    def _learn(self, program: Program) -> None:
        """Numbers and arrays that have changed are read anew from now on."""
        for place, old in program.fixed:
            new = place.get()
            if new is not old:
                self._why = place.path
                if alike(old, new):
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
        run = record(self.function, args, kwargs, names, self._varying, self.batch)
        result = trees.map_leaves(_plain, run.result)
        if run.trace.off:
            self._misses -= 1
        elif self._settled(run):
            if run.trace.unseen is not None:
                raise errors.captured_out(run.trace.unseen)
            program = Program(self.__name__, run, self._varying)
            programs = self._programs.setdefault(key, [])
            programs.insert(0, program)
            del programs[PATIENCE:]
            self._last = program
        return result

    def _settled(self, run: Run) -> bool:
        """Whether all that the run has changed is known to change in every call; if not, learn what does."""
        settled = True
        for place, old, hung, new in zip(run.places, run.before, run.hung, run.after, strict=True):
            changed = new != hung if not place.holds else new is not hung
            if changed and not place.is_grad:
                expected = place.is_number or alike(old, new)
                if not expected or place.identity not in self._varying:
                    settled, self._why = False, place.path
                if expected:
                    self._varying.add(place.identity)
        return settled


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
    return kinds.leaves([args, kwargs])


def _plain(x: Any) -> Any:
    """A result of the first run as every later one gives it."""
    if isinstance(x, Variable):
        return x.data
    return leaf(x, _plain(x._data)) if isinstance(x, (Tensor, Lane)) else x


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


__all__ = ["Compiled", "compile"]
