"""Modules that hold modules or parameters: in a row, in a list, in a dict."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping
from itertools import count
from typing import Any, Self

import numpy as np

from autograd import Tensor, errors

from .module import Module
from .parameter import Parameter
from .parts import Parts


def _module(owner: Module, key: Any, x: Any) -> Any:
    """A module, or an error that says what it is instead."""
    if not isinstance(x, Parts):
        raise errors.bad_argument(
            f"{type(owner).__name__}: argument {key}",
            "a module",
            repr(x),
            "nn.Tanh() for a function, nn.Tanh() with parentheses for a class, *layers for a list",
        )
    return x


def _parameter(owner: Module, key: Any, x: Any) -> Any:
    """A parameter, made of an array if it is none yet."""
    if isinstance(x, Parameter):
        return x
    if isinstance(x, (Tensor, np.ndarray)):
        return Parameter(x.data if isinstance(x, Tensor) else x, dtype=x.dtype)
    raise errors.bad_argument(
        f"{type(owner).__name__}: argument {key}", "a parameter or an array", repr(x), "nn.Parameter(np.zeros(3))"
    )


class _Holder(Module):
    """What holds its elements in the attributes of their names."""

    _kind: Any = Parts
    _checked = staticmethod(_module)

    def _held(self) -> dict[str, Any]:
        return {name: x for name, x in vars(self).items() if isinstance(x, self._kind)}

    def __len__(self) -> int:
        return len(self._held())

    def __repr__(self) -> str:
        if self._kind is Parts:
            return super().__repr__()
        lines = [f"({name}): Parameter of shape {x.shape}, {x.dtype}" for name, x in self._held().items()]
        return "\n  ".join([f"{type(self).__name__}(", *lines]) + "\n)" if lines else f"{type(self).__name__}()"


class _Row(_Holder):
    """What is held in order, under the names 0, 1, 2, ..."""

    def _renew(self, elements: Iterable[Any]) -> None:
        """Hold these, and nothing else."""
        checked = [self._checked(self, i, x) for i, x in enumerate(elements)]
        for name in self._held():
            delattr(self, name)
        for i, x in enumerate(checked):
            setattr(self, str(i), x)

    def _place(self, i: Any) -> str:
        """The name at the place ``i``, counted from the end if negative."""
        names = list(self._held())
        if not isinstance(i, (int, np.integer)) or not -len(names) <= i < len(names):
            did = f"net[{i!r}] of a {type(self).__name__} of {len(names)}"
            cure = "net[0]; len(net) says how many" if names else "net.append(...) before: it is empty"
            raise errors.PlaceError(errors.message(did, "a position in it", repr(i), cure))
        return names[int(i)]

    def append(self, x: Any) -> Self:
        """Add one at the end."""
        held = self._held()
        name = next(str(i) for i in count(len(held)) if str(i) not in held)
        setattr(self, name, self._checked(self, name, x))
        return self

    def extend(self, elements: Iterable[Any]) -> Self:
        """Add more at the end."""
        for x in elements:
            self.append(x)
        return self

    def insert(self, index: int, x: Any) -> None:
        """Add one before the place ``index``; those behind it move on, and so do their paths."""
        elements = list(self._held().values())
        elements.insert(index, x)
        self._renew(elements)

    def pop(self, index: int = -1) -> Any:
        """Take out the one at a place, and return it; those behind it move up."""
        x = self[index]
        del self[index]
        return x

    def __iter__(self) -> Iterator[Any]:
        return iter(self._held().values())

    @abstractmethod
    def _of(self, elements: Iterable[Any]) -> Self:
        """A row of others."""

    def __getitem__(self, i: int | slice) -> Any:
        """The element at a place, or a row of those in a slice."""
        if isinstance(i, slice):
            return self._of(list(self)[i])
        return self._held()[self._place(i)]

    def __setitem__(self, i: int, x: Any) -> None:
        setattr(self, self._place(i), self._checked(self, i, x))

    def __delitem__(self, i: int | slice) -> None:
        elements = list(self._held().values())
        del elements[i if isinstance(i, slice) else list(self._held()).index(self._place(i))]
        self._renew(elements)

    def __add__(self, other: Iterable[Any]) -> Self:
        """A new row of the elements of both."""
        return self._of([*self, *other])

    def __iadd__(self, other: Iterable[Any]) -> Self:
        return self.extend(other)


class _Names(_Holder):
    """What is held by name."""

    def update(self, elements: Mapping[str, Any] | Iterable[tuple[str, Any]]) -> None:
        """Add elements, or replace those of the same names."""
        for name, x in elements.items() if isinstance(elements, (Mapping, _Names)) else elements:
            self[name] = x

    def keys(self) -> Iterator[str]:
        """The names."""
        return iter(self._held())

    def values(self) -> Iterator[Any]:
        """The elements."""
        return iter(self._held().values())

    def items(self) -> Iterator[tuple[str, Any]]:
        """The names with their elements."""
        return iter(self._held().items())

    def pop(self, name: str) -> Any:
        """Take out the element of a name, and return it."""
        x = self[name]
        del self[name]
        return x

    def clear(self) -> None:
        """Take out all."""
        for name in self._held():
            delattr(self, name)

    def __iter__(self) -> Iterator[str]:
        return self.keys()

    def __contains__(self, name: str) -> bool:
        return name in self._held()

    def __getitem__(self, name: str) -> Any:
        known = self._held()
        if name not in known:
            kind, expected = type(self).__name__, f"one of {', '.join(map(repr, known)) or 'no names: it is empty'}"
            raise errors.PlaceError(errors.message(f"{kind}[{name!r}]", expected, repr(name), "list(modules)"))
        return known[name]

    def __setitem__(self, name: str, x: Any) -> None:
        if not isinstance(name, str) or "." in name or (name not in self._held() and hasattr(self, name)):
            raise errors.bad_argument(
                f"{type(self).__name__}: the name {name!r}",
                "a name without dots that is no method's",
                repr(name),
                repr(f"{name}_".replace(".", "_")),
            )
        setattr(self, name, self._checked(self, name, x))

    def __delitem__(self, name: str) -> None:
        self[name]
        delattr(self, name)


class Sequential(_Row):
    """Modules one after the other, each fed with the output of the one before.

    It is changed as a list is: ``append``, ``insert``, ``pop``, ``del net[0]``, ``net[:2] + net[3:]``.

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

    def _of(self, elements: Iterable[Any]) -> Any:
        return Sequential(*elements)

    def forward(self, x: Any) -> Any:
        """The output of the last module."""
        for part in vars(self).values():
            if isinstance(part, Parts):
                x = part(x)  # type: ignore[operator] # every Parts is a Module
        return x


class ModuleList(_Row):
    """Modules in a list, to be called as you like.

    Args:
        modules: the modules, in order.

    Example:
        >>> from nn import Linear
        >>> layers = ModuleList(Linear(2, 2) for _ in range(3))
        >>> len(layers), [path for path, _ in layers.named_parameters()][:2]
        (3, ['0.weight', '0.bias'])
        >>> _ = layers.pop(0)
        >>> layers.insert(1, Linear(2, 4))
        >>> [layer.out_features for layer in layers]
        [2, 4, 2]
    """

    def __init__(self, modules: Iterable[Module] = ()) -> None:
        self.extend(modules)

    def _of(self, elements: Iterable[Any]) -> Any:
        return ModuleList(elements)


class ModuleDict(_Names):
    """Modules by name.

    Args:
        modules: a mapping from names to modules, or pairs of both.

    Example:
        >>> from nn import ReLU, Tanh
        >>> choices = ModuleDict({"relu": ReLU(), "tanh": Tanh()})
        >>> choices["tanh"], list(choices), "relu" in choices
        (Tanh(), ['relu', 'tanh'], True)
    """

    def __init__(self, modules: Mapping[str, Module] | Iterable[tuple[str, Module]] = ()) -> None:
        self.update(modules or ())


class ParameterList(_Row):
    """Parameters in a list.

    Args:
        values: the parameters, in order; arrays are made into parameters of their dtype.

    Example:
        >>> import numpy as np
        >>> scales = ParameterList([np.ones(2), np.zeros((3, 1))])
        >>> scales
        ParameterList(
          (0): Parameter of shape (2,), float64
          (1): Parameter of shape (3, 1), float64
        )
    """

    _kind = Parameter
    _checked = staticmethod(_parameter)

    def __init__(self, values: Iterable[Any] = ()) -> None:
        self.extend(values)

    def _of(self, elements: Iterable[Any]) -> Any:
        return ParameterList(elements)


class ParameterDict(_Names):
    """Parameters by name.

    Args:
        parameters: a mapping from names to parameters, or pairs of both; arrays are made into parameters.

    Example:
        >>> import numpy as np
        >>> ParameterDict({"scale": np.ones(2, np.float32)})
        ParameterDict(
          (scale): Parameter of shape (2,), float32
        )
    """

    _kind = Parameter
    _checked = staticmethod(_parameter)

    def __init__(self, parameters: Mapping[str, Any] | Iterable[tuple[str, Any]] = ()) -> None:
        self.update(parameters or ())


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
        self.module = _module(self, 0, module)

    def forward(self, x: Any) -> Any:
        """An output of the shape of ``x``."""
        return x + self.module(x)
