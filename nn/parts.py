"""Where a module keeps its parts, and how they are found.

Nothing is registered: parameters and parts are found where they are, in the attributes of a module
and in the lists, tuples and dicts among them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeGuard

import numpy as np

from autograd import Tensor, errors
from autograd.rules.elsewhere import in_memory

from .parameter import Buffer, Parameter

if TYPE_CHECKING:
    from .module import Module


class Parts:
    """The parts of a module: modules, parameters, buffers."""

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """The modules directly inside this one, with their names: ``fc``, ``layers.0``."""
        return ((name, x) for name, x in self._attributes() if is_module(x))

    def children(self) -> Iterator[Module]:
        """The modules directly inside this one."""
        return (child for _, child in self.named_children())

    def named_modules(self, prefix: str = "", remove_duplicate: bool = True) -> Iterator[tuple[str, Module]]:
        """This module and all inside it, with their paths: ``""``, ``encoder``, ``encoder.0``.

        Args:
            prefix: what the paths begin with.
            remove_duplicate: give a module that is used in two places once only.
        """
        seen: set[Parts] = set()
        return ((path, x) for path, x in self._named_modules(prefix) if not (remove_duplicate and met(x, seen)))

    def _named_modules(self, prefix: str) -> Iterator[tuple[str, Any]]:
        yield prefix, self
        for name, child in self.named_children():
            yield from child._named_modules(join(prefix, name))

    def modules(self) -> Iterator[Module]:
        """This module and all inside it."""
        return (module for _, module in self.named_modules())

    def named_parameters(
        self, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Parameter]]:
        """All parameters with their paths: ``0.weight``, ``encoder.0.bias``.

        Args:
            prefix: what the paths begin with.
            recurse: whether those of the modules inside are among them.
            remove_duplicate: give a parameter that is used in two places once only.
        """
        return self._named(Parameter, prefix, recurse, remove_duplicate)

    def parameters(self, recurse: bool = True) -> Iterator[Parameter]:
        """All parameters, each once.

        Args:
            recurse: whether those of the modules inside are among them.
        """
        return (p for _, p in self.named_parameters(recurse=recurse))

    def named_buffers(
        self, prefix: str = "", recurse: bool = True, remove_duplicate: bool = True
    ) -> Iterator[tuple[str, Buffer]]:
        """All buffers with their paths: ``1.running_mean``.

        Args:
            prefix: what the paths begin with.
            recurse: whether those of the modules inside are among them.
            remove_duplicate: give a buffer that is used in two places once only.
        """
        return self._named(Buffer, prefix, recurse, remove_duplicate)

    def buffers(self, recurse: bool = True) -> Iterator[Buffer]:
        """All buffers, each once.

        Args:
            recurse: whether those of the modules inside are among them.
        """
        return (b for _, b in self.named_buffers(recurse=recurse))

    def _named(self, kind: Any, prefix: str, recurse: bool, remove_duplicate: bool) -> Iterator[tuple[str, Any]]:
        """The tensors of a kind with their paths."""
        seen: set[Tensor] = set()
        for path, module in self._named_modules(prefix) if recurse else ((prefix, self),):
            for name, x in module._attributes():
                if isinstance(x, kind) and not (remove_duplicate and met(x, seen)):
                    yield join(path, name), x

    def register_buffer(self, name: str, tensor: Any, persistent: bool = True) -> None:
        """Keep an array in the attribute ``name``, as part of the module that is not trained.

        Args:
            name: the name of the attribute.
            tensor: a Tensor or an array; copied. ``None`` for none.
            persistent: whether it is saved by :meth:`state_dict`.

        Raises:
            ArgumentError: the name is no attribute's, or it is taken.

        Example:
            >>> from nn import Module
            >>> module = Module()
            >>> module.register_buffer("mean", np.zeros(2))
            >>> module.state_dict()
            {'mean': array([0., 0.])}
        """
        self._check_name("register_buffer", name)
        setattr(self, name, None if tensor is None else Buffer(array(tensor), persistent))

    def add_module(self, name: str, module: Module) -> None:
        """Keep a module in the attribute ``name``: the same as assigning it.

        Args:
            name: the name of the attribute.
            module: the module.

        Raises:
            ArgumentError: the name is no attribute's, or it is taken, or this is not a module.
        """
        self._check_name("add_module", name)
        if not is_module(module):
            raise errors.bad_argument(f"add_module({name!r}, ...)", "a module", errors.describe(module), "nn.Tanh()")
        setattr(self, name, module)

    def get_submodule(self, target: str) -> Module:
        """The module at a path: ``encoder.0``.

        Args:
            target: the path; ``""`` is this module.

        Raises:
            ArgumentError: there is none.
        """
        return _at("get_submodule", target, dict(self.named_modules(remove_duplicate=False)))

    def get_parameter(self, target: str) -> Parameter:
        """The parameter at a path: ``encoder.0.weight``.

        Args:
            target: the path.

        Raises:
            ArgumentError: there is none.
        """
        return _at("get_parameter", target, dict(self.named_parameters(remove_duplicate=False)))

    def get_buffer(self, target: str) -> Buffer:
        """The buffer at a path: ``encoder.1.running_mean``.

        Args:
            target: the path.

        Raises:
            ArgumentError: there is none.
        """
        return _at("get_buffer", target, dict(self.named_buffers(remove_duplicate=False)))

    def register_parameter(self, name: str, param: Parameter | None) -> None:
        """Keep a parameter in the attribute ``name``: the same as assigning it.

        Args:
            name: the name of the attribute.
            param: the parameter, or ``None`` for none.

        Raises:
            ArgumentError: the name is no attribute's, or it is taken, or this is not a parameter.
        """
        self._check_name("register_parameter", name)
        if param is not None and not isinstance(param, Parameter):
            raise errors.bad_argument(
                f"register_parameter({name!r}, ...)", "a Parameter or None", type(param).__name__, "nn.Parameter(data)"
            )
        setattr(self, name, param)

    def _check_name(self, method: str, name: str) -> None:
        if not isinstance(name, str) or not name or "." in name or hasattr(self, name):
            raise errors.bad_argument(
                f"{method}({name!r}, ...)", "a new name without dots", repr(name), f"self.{method}('scale', ...)"
            )

    def _attributes(self) -> Iterator[tuple[str, Any]]:
        """The attributes, and the elements of those that are lists, tuples and dicts, as ``layers.0``."""
        return leaves(vars(self))


def is_module(x: Any) -> TypeGuard[Module]:
    """Whether something is a module."""
    return isinstance(x, Parts)


def met(x: Any, seen: set[Any]) -> bool:
    """Whether it was seen before; it is now."""
    before = x in seen
    seen.add(x)
    return before


def join(path: str, name: str) -> str:
    """The path of what is called ``name`` at a path."""
    return f"{path}.{name}" if path else name


def _at(method: str, path: str, known: Mapping[str, Any]) -> Any:
    if path not in known:
        expected = f"one of {', '.join(map(repr, known)) or 'nothing: there are none'}"
        raise errors.bad_argument(f"{method}({path!r})", expected, repr(path), "net.named_modules() lists all paths")
    return known[path]


def leaves(tree: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Each leaf of nested dicts, lists and tuples with its path, written as PyTorch does: ``layers.0``."""
    for key, branch in tree.items() if isinstance(tree, dict) else enumerate(tree):
        name = join(path, str(key))
        if isinstance(branch, (dict, list, tuple)):
            yield from leaves(branch, name)
        else:
            yield name, branch


def array(x: Any) -> Any:
    """The array of a Tensor, of another library's tensor, or of nested lists."""
    return np.asarray(in_memory(x.data if isinstance(x, Tensor) else x))
