"""Every public name, each object once, under the name by which it is best called."""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from importlib import import_module
from typing import Any, NamedTuple

import nn

MODULES = (
    "autograd",
    "autograd.errors",
    "autograd.numpy",
    "autograd.scipy.special",
    "autograd.scipy.stats",
    "autograd.scipy.linalg",
    "autograd.scipy.signal",
    "autograd.scipy.integrate",
    "autograd.differential_operators",
    "autograd.extend",
    "autograd.misc.flatten",
    "autograd.misc.optimizers",
    "autograd.misc.fixed_points",
    "autograd.misc.tracers",
    "autograd.misc",
    "autograd.test_util",
    "autograd.tracer",
    "autograd.core",
    "autograd.wrap_util",
    "autograd.util",
    "autograd.builtins",
    "nn.functional",
    "nn",
    *(f"nn.{name}" for name in nn.__all__ if inspect.ismodule(getattr(nn, name)) and name != "functional"),
    "nn.optim.lr_scheduler",
    "viz",
)
"""The modules whose names are public; where two share an object, the first one names it."""


class Public(NamedTuple):
    """A public object.

    Attributes:
        module: the module that names it.
        name: its name there.
        it: the object.
        others: its names in other public modules.
    """

    module: str
    name: str
    it: Any
    others: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Its whole name."""
        return f"{self.module}.{self.name}"

    @property
    def home(self) -> str:
        """The module that it is written in."""
        return home(self.it)


def home(it: Any) -> str:
    """The module in which an object, or else its class, is written."""
    return getattr(it, "__module__", None) or type(it).__module__


def names(module: str) -> Iterator[tuple[str, Any]]:
    """The public names of a module with their objects: no modules, nothing that is Python's, NumPy's or SciPy's own."""
    scope = import_module(module)
    listed = getattr(scope, "__all__", None) if module != "autograd.numpy" else None
    for name in sorted(listed or vars(scope)):
        it = getattr(scope, name)
        foreign = home(it).split(".")[0] in ("numpy", "scipy") or (inspect.isclass(it) and home(it) == "builtins")
        here = listed or home(it) == module or (module == "autograd.numpy" and home(it).startswith(module))
        words = module == "autograd.errors" and not inspect.isclass(it)  # how the house words its messages
        if here and not (name.startswith("_") or inspect.ismodule(it) or foreign or words):
            yield name, it


def everything() -> list[Public]:
    """All public objects, in the order of :data:`MODULES`."""
    found: dict[int, Public] = {}
    for module in MODULES:
        for name, it in names(module):
            first = found.setdefault(id(it), Public(module, name, it))
            if first.module != module:
                found[id(it)] = first._replace(others=(*first.others, f"{module}.{name}"))
    return list(found.values())
