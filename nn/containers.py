"""Modules that hold modules: in a row, in a list, in a dict."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Self

import numpy as np

from autograd import errors

from .module import Module


def _checked(owner: Module, key: Any, module: Any) -> Module:
    """A module, or an error that says what it is instead."""
    if not isinstance(module, Module):
        raise errors.bad_argument(
            f"{type(owner).__name__}: argument {key}",
            "a module",
            repr(module),
            "nn.Tanh() for a function, nn.Tanh() with parentheses for a class, *layers for a list",
        )
    return module


def _place(owner: Module, i: Any) -> str:
    """The name of the module at the place ``i``, counted from the end if negative."""
    names = [name for name, _ in owner.named_children()]
    if not isinstance(i, (int, np.integer)) or not -len(names) <= i < len(names):
        did = f"net[{i!r}] of a {type(owner).__name__} of {len(names)}"
        raise errors.PlaceError(
            errors.message(did, "the position of a module", repr(i), "net[0]; len(net) says how many")
        )
    return names[int(i)]


class Sequential(Module):
    """Modules one after the other, each fed with the output of the one before.

    Args:
        *modules: the modules, in order; or one dict of them by name.

    Example:
        >>> from nn import Linear, Tanh
        >>> net = Sequential(Linear(2, 3), Tanh())
        >>> net
        Sequential(
          (0): Linear(in_features=2, out_features=3, bias=True)
          (1): Tanh()
        )
        >>> import numpy as np
        >>> net(np.zeros((5, 2))).shape, len(net), net[1]
        ((5, 3), 2, Tanh())
    """

    def __init__(self, *modules: Module | Mapping[str, Module]) -> None:
        if len(modules) == 1 and isinstance(modules[0], Mapping):
            for name, module in modules[0].items():
                self.add_module(name, module)
        else:
            self.extend(modules)

    def append(self, module: Any) -> Self:
        """Add one module at the end."""
        setattr(self, str(len(self)), _checked(self, len(self), module))
        return self

    def extend(self, modules: Iterable[Any]) -> Self:
        """Add modules at the end."""
        for module in modules:
            self.append(module)
        return self

    def forward(self, x: Any) -> Any:
        """The output of the last module."""
        for part in vars(self).values():
            if isinstance(part, Module):
                x = part(x)
        return x

    def __len__(self) -> int:
        return len(list(self.children()))

    def __iter__(self) -> Iterator[Module]:
        return (x for x in vars(self).values() if isinstance(x, Module))

    def __getitem__(self, i: int | slice) -> Module:
        """The module at a place, or a Sequential of those in a slice."""
        if isinstance(i, slice):
            return Sequential(*list(self.children())[i])
        return dict(self.named_children())[_place(self, i)]

    def __setitem__(self, i: int, module: Module) -> None:
        setattr(self, _place(self, i), _checked(self, i, module))


class ModuleList(Module):
    """Modules in a list, to be called as you like.

    Args:
        modules: the modules, in order.

    Example:
        >>> from nn import Linear
        >>> layers = ModuleList(Linear(2, 2) for _ in range(3))
        >>> len(layers), [path for path, _ in layers.named_parameters()][:2]
        (3, ['0.weight', '0.bias'])
    """

    def __init__(self, modules: Iterable[Module] = ()) -> None:
        self.extend(modules)

    def append(self, module: Module) -> ModuleList:
        """Add one module at the end."""
        setattr(self, str(len(self)), _checked(self, len(self), module))
        return self

    def extend(self, modules: Iterable[Module]) -> ModuleList:
        """Add modules at the end."""
        for module in modules:
            self.append(module)
        return self

    def __len__(self) -> int:
        return len(list(self.children()))

    def __iter__(self) -> Iterator[Module]:
        return self.children()

    def __getitem__(self, i: int | slice) -> Module:
        """The module at a place, or a ModuleList of those in a slice."""
        if isinstance(i, slice):
            return ModuleList(list(self.children())[i])
        return dict(self.named_children())[_place(self, i)]

    def __setitem__(self, i: int, module: Module) -> None:
        setattr(self, _place(self, i), _checked(self, i, module))


class ModuleDict(Module):
    """Modules by name.

    Args:
        modules: a mapping from names to modules.

    Example:
        >>> from nn import ReLU, Tanh
        >>> choices = ModuleDict({"relu": ReLU(), "tanh": Tanh()})
        >>> choices["tanh"], list(choices), "relu" in choices
        (Tanh(), ['relu', 'tanh'], True)
    """

    def __init__(self, modules: Mapping[str, Module] | None = None) -> None:
        self.update(modules or {})

    def update(self, modules: Mapping[str, Module]) -> None:
        """Add modules, or replace those of the same names."""
        for name, module in modules.items():
            self[name] = module

    def keys(self) -> Iterator[str]:
        """The names."""
        return (name for name, _ in self.named_children())

    def values(self) -> Iterator[Module]:
        """The modules."""
        return self.children()

    def items(self) -> Iterator[tuple[str, Module]]:
        """The names with their modules."""
        return self.named_children()

    def __len__(self) -> int:
        return len(list(self.children()))

    def __iter__(self) -> Iterator[str]:
        return self.keys()

    def __contains__(self, name: str) -> bool:
        return name in set(self.keys())

    def __getitem__(self, name: str) -> Module:
        known = dict(self.named_children())
        if name not in known:
            expected = f"one of {', '.join(map(repr, known)) or 'no names: it is empty'}"
            raise errors.PlaceError(errors.message(f"ModuleDict[{name!r}]", expected, repr(name), "list(modules)"))
        return known[name]

    def __setitem__(self, name: str, module: Module) -> None:
        known = dict(self.named_children())
        if name not in known and (hasattr(self, name) or "." in name):
            raise errors.bad_argument(
                f"ModuleDict: the name {name!r}", "a name without dots that is no method's", repr(name), f"'{name}_'"
            )
        setattr(self, name, _checked(self, name, module))


class Residual(Module):
    """``x + f(x)``: a module with a way around it (He et al. 2016).

    Args:
        module: the module; its output has the shape of its input.

    Example:
        >>> from nn import Identity
        >>> Residual(Identity())(3.0)
        6.0
    """

    def __init__(self, module: Module) -> None:
        self.module = _checked(self, 0, module)

    def forward(self, x: Any) -> Any:
        """An output of the shape of ``x``."""
        return x + self.module(x)
