"""What a function uses beside its arguments, and where it is found.

A *place* is where something hangs: an item of a dict or a list, an attribute, a variable of an enclosing function, a
global, the data or the gradient of a Tensor. While a function is recorded, arrays are replaced in their places by
arrays that write down what is done with them; afterwards all is put back. From then on every call looks whether the
same things hang in all places, so that a program never speaks of what is no longer so.
"""

from __future__ import annotations

import sys
import types
from collections import deque
from collections.abc import Callable, Container, Iterator
from functools import partial
from typing import Any

import numpy as np

from ..graph import Node
from ..value import NUMBERS, Value
from .kinds import kind

FOREIGN = {"numpy", "scipy", "autograd", "nn", "viz", *sys.stdlib_module_names} - {"__main__"}
"""Packages whose own functions and globals hold no state of the user's."""

OWN = __name__.rpartition(".")[0]
"""Where programs come from, whose own variables are nobody's state."""

ATOMS = (
    int,
    float,
    complex,
    str,
    bytes,
    bool,
    type(None),
    np.generic,
    np.dtype,
    types.BuiltinFunctionType,
    np.ufunc,
)
"""Things with nothing inside."""


class Place:
    """Where something hangs: how it is read and written.

    Attributes:
        path: how a person would write it.
        owner: the object it hangs on.
        key: its key, position or attribute.
        kind: ``"item"``, ``"attribute"``, or what is only looked at: ``"length"``, or ``"members"`` of a set.
    """

    __slots__ = ("key", "kind", "owner", "path")

    def __init__(self, path: str, owner: Any, key: Any, kind: str) -> None:
        self.path, self.owner, self.key, self.kind = path, owner, key, kind

    def get(self) -> Any:
        """What hangs there; a marker where nothing does."""
        if self.kind == "length":
            return len(self.owner)
        if self.kind == "members":
            return frozenset(self.owner)
        try:
            return self.owner[self.key] if self.kind == "item" else getattr(self.owner, self.key)
        except (KeyError, IndexError, AttributeError, ValueError):
            return MISSING

    def kind_of(self, x: Any) -> Any:
        """What a program takes for granted of ``x``, which hangs here."""
        return NUMBERS if self.is_number and type(x) in NUMBERS else kind(x, varies=True)

    def set(self, x: Any) -> None:
        """Hang something else there."""
        if self.kind == "item":
            self.owner[self.key] = x
        elif isinstance(self.owner, partial):
            held: Any = self.owner
            held.__setstate__((held.func, x, held.keywords, vars(held)))
        else:
            setattr(self.owner, self.key, x)

    @property
    def holds(self) -> bool:
        """Whether something hangs there, so that it can be replaced."""
        return self.kind in ("item", "attribute")

    @property
    def is_slot(self) -> bool:
        """Whether it is the data or the gradient of a node."""
        return self.key in ("_data", "grad") and isinstance(self.owner, Node)

    @property
    def is_grad(self) -> bool:
        """Whether it is the gradient of a Tensor, which comes and goes with each step."""
        return self.key == "grad" and isinstance(self.owner, Node)

    @property
    def is_number(self) -> bool:
        """Whether it is the data or the gradient of a Value, where a whole number is as good as any."""
        return self.is_slot and type(self.owner) is Value

    @property
    def identity(self) -> Any:
        """The same for the same place."""
        return id(self.owner), self.key, self.kind


class _Missing:
    def __repr__(self) -> str:
        return "nothing"


MISSING = _Missing()


def root_of(module: str | None) -> str:
    """The package of a module."""
    return (module or "").split(".")[0]


def places(function: Callable[..., Any], args: Any = (), varying: Container[Any] = ()) -> list[Place]:
    """Every place that ``function`` can reach, parents before their children.

    Args:
        function: where the walk starts.
        args: where it starts besides.
        varying: the identities of places in which something else hangs in each call: the walk ends there.
    """
    return list(_Walk(varying).found([("", function), *[(f"args[{i}]", x) for i, x in enumerate(args)]]))


def has_arrays(x: Any) -> bool:
    """Whether there are arrays in a tuple, or in tuples inside it."""
    return any(map(has_arrays, x)) if isinstance(x, tuple) else isinstance(x, np.ndarray)


class _Walk:
    """A walk over everything that can be reached."""

    def __init__(self, varying: Container[Any]) -> None:
        self.varying = varying
        self.seen: set[int] = set()
        self.kept: list[Any] = []

    def found(self, start: list[tuple[str, Any]]) -> Iterator[Place]:
        """Visit what is reached; yield its places."""
        stack = start[::-1]
        while stack:
            path, x = stack.pop()
            if isinstance(x, ATOMS) or id(x) in self.seen:
                continue
            self.seen.add(id(x))
            self.kept.append(x)
            inside = list(self._inside(path, x))
            yield from inside
            fixed = [place for place in reversed(inside) if place.holds and place.identity not in self.varying]
            stack += [(place.path, place.get()) for place in fixed]
            stack += [(path, part) for part in self._fixed(x)]

    def _inside(self, path: str, x: Any) -> Iterator[Place]:
        """The places of one object; of a compiled function only what it was made from."""
        if type(x).__module__.startswith(OWN):
            return
        dot = f"{path}." if path else ""
        if isinstance(x, Node):
            for key in ("_data", "grad", "requires_grad"):
                yield Place(path if key == "_data" else f"{dot}{key}", x, key, "attribute")
        elif isinstance(x, types.FunctionType):
            yield from self._of_function(path, x)
        elif isinstance(x, dict):
            yield Place(f"len({path})", x, None, "length")
            for key in list(x):
                yield Place(f"{path}[{key!r}]" if isinstance(key, (str, int)) else f"{path}[...]", x, key, "item")
        elif isinstance(x, (set, frozenset)):
            yield Place(path, x, None, "members")
        elif isinstance(x, type):
            if root_of(x.__module__) not in FOREIGN:
                yield from (Place(f"{x.__name__}.{key}", x, key, "attribute") for key in _settings(x))
        elif isinstance(x, partial):
            if has_arrays(x.args):
                yield Place(f"{path}.args", x, "args", "attribute")
        elif isinstance(x, (list, deque)):
            yield Place(f"len({path})", x, None, "length")
            for i in range(len(x)):
                yield Place(f"{path}[{i}]", x, i, "item")
        elif root_of(type(x).__module__) not in FOREIGN and (slots := list(_slots(type(x)))):
            for key in slots:
                yield Place(f"{dot}{key}", x, key, "attribute")
        if (
            hasattr(x, "__dict__")
            and not isinstance(x, (Node, types.FunctionType, dict, list, deque))
            and not isinstance(x, (types.ModuleType, type, partial))
        ):
            own = vars(x)
            yield Place(f"len(vars({path}))", own, None, "length")
            for key in list(own):
                yield Place(f"{dot}{key}", own, key, "item")

    def _of_function(self, path: str, x: types.FunctionType) -> Iterator[Place]:
        """The variables of enclosing functions, and the globals that the code names."""
        for name, cell in zip(x.__code__.co_freevars, x.__closure__ or (), strict=True):
            yield Place(name, cell, "cell_contents", "attribute")
        if root_of(x.__module__) in FOREIGN:
            return
        if has_arrays(x.__defaults__ or ()):
            yield Place(f"{x.__name__}.__defaults__", x, "__defaults__", "attribute")
        names = list(_names(x.__code__))
        for name in names:
            if name in x.__globals__:
                yield Place(name, x.__globals__, name, "item")
                module = x.__globals__[name]
                if isinstance(module, types.ModuleType) and root_of(module.__name__) not in FOREIGN:
                    for inner in names:
                        if inner in vars(module):
                            yield Place(f"{name}.{inner}", vars(module), inner, "item")

    def _fixed(self, x: Any) -> Iterator[Any]:
        """What belongs to an object for good."""
        if type(x).__module__.startswith(OWN):
            yield getattr(x, "function", None)
            return
        if isinstance(x, types.MethodType):
            yield from (x.__self__, x.__func__)
        elif isinstance(x, partial):
            yield from (x.func, x.keywords, *x.args)
        elif isinstance(x, types.FunctionType) and root_of(x.__module__) not in FOREIGN:
            yield from (*(x.__defaults__ or ()), x.__kwdefaults__ or {})
        elif isinstance(x, (tuple, set, frozenset)):
            yield from x
        elif isinstance(x, type):
            if root_of(x.__module__) not in FOREIGN:
                yield from (*x.__bases__, *filter(_is_function, vars(x).values()))
        elif not isinstance(x, (types.ModuleType, np.ndarray)) and root_of(type(x).__module__) not in FOREIGN:
            yield type(x)


def _is_function(x: Any) -> bool:
    return isinstance(x, types.FunctionType)


def _settings(kind: type) -> Iterator[str]:
    """The attributes of a class that are neither methods nor the like."""
    for key, x in vars(kind).items():
        if not key.startswith("__") and not hasattr(x, "__get__") and key != "_abc_impl":
            yield key


def _slots(kind: type) -> Iterator[str]:
    """The attributes of objects without a dict."""
    for part in kind.__mro__:
        slots = vars(part).get("__slots__", ())
        yield from (slots,) if isinstance(slots, str) else (key for key in slots if not key.startswith("__"))


def _names(code: types.CodeType) -> Iterator[str]:
    """The names that code and the functions inside it use."""
    yield from code.co_names
    for part in code.co_consts:
        if isinstance(part, types.CodeType):
            yield from _names(part)
