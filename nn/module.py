"""Module: a function with parameters. Networks are modules made of modules.

Nothing is registered: parameters and parts are found where they are, in the attributes of a module
and in the lists, tuples and dicts among them. So any class with a ``forward`` is a layer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, Self

import numpy as np

from autograd import Tensor, errors
from autograd.graph import enter, is_recording, leave


class Parameter(Tensor):
    """A Tensor to train: a leaf that modules find among their attributes.

    Args:
        data: the initial numbers; copied.
        requires_grad: ``False`` freezes it.
        dtype: float32 if not given, whatever ``data`` is.
        name: what to call it in pictures; a network gives its parameters their paths.

    Example:
        >>> Parameter([1.0, 2.0])
        Parameter containing:
        Tensor([1., 2.], dtype=float32)
    """

    __slots__ = ()

    def __new__(cls, data: Any, requires_grad: bool = True, *, dtype: Any = np.float32, name: str = "") -> Self:
        """A leaf that holds a copy of ``data``."""
        return super().__new__(cls, data, requires_grad, dtype=dtype, name=name)

    def __getnewargs_ex__(self) -> tuple[tuple[Any, bool], dict[str, Any]]:
        return (self._data, self.requires_grad), {"dtype": self.dtype}

    def detach(self) -> Tensor:
        """A constant copy, which no module takes for a parameter."""
        return Tensor._leaf(self._data.copy(), requires_grad=False)

    def __repr__(self) -> str:
        return f"Parameter containing:\n{super().__repr__()}"


class Keys(NamedTuple):
    """What :meth:`Module.load_state_dict` did not find, and what it had no place for."""

    missing_keys: list[str]
    unexpected_keys: list[str]


class Module:
    """The base of layers and networks.

    Subclass it, make parts in ``__init__``, and write ``forward``.

    Attributes:
        training: whether the network is being trained, see :meth:`train`.

    Example:
        >>> from nn import Linear
        >>> class Line(Module):
        ...     def __init__(self):
        ...         self.fc = Linear(1, 1)
        ...
        ...     def forward(self, x):
        ...         return self.fc(x)
        >>> line = Line()
        >>> line
        Line(
          (fc): Linear(in_features=1, out_features=1, bias=True)
        )
        >>> [path for path, _ in line.named_parameters()]
        ['fc.weight', 'fc.bias']
    """

    training: bool = True
    _name: str | None = None

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """What the module computes; each subclass writes its own."""
        raise NotImplementedError(
            errors.message(
                f"calling {type(self).__name__}",
                "a method forward, which computes the output",
                f"a {type(self).__name__} without one",
                "def forward(self, x): return ...",
            )
        )

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run :meth:`forward`, and note on every result the path of the module that made it."""
        name = self._name if self._name is not None else self._name_parts()
        before = enter(name) if name and is_recording() else None
        try:
            return self.forward(*args, **kwargs)
        except errors.ChainruleError as error:
            error.layer = f"{name}.{error.layer}" if name and error.layer else name or error.layer
            raise
        finally:
            if before is not None:
                leave(before)

    def _name_parts(self) -> str:
        """Give each part and each parameter its path in this network, for pictures and messages."""
        self._name = ""
        for _, module in self.named_modules():
            for name, child in module.named_children():
                child._name = name
        for path, p in self.named_parameters():
            p.name = path
        return self._name

    # Finding the parts.

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """The modules directly inside this one, with their names: ``fc``, ``layers.0``."""
        return ((name, x) for name, x in self._attributes() if isinstance(x, Module))

    def children(self) -> Iterator[Module]:
        """The modules directly inside this one."""
        return (child for _, child in self.named_children())

    def named_modules(self, prefix: str = "") -> Iterator[tuple[str, Module]]:
        """This module and all inside it, with their paths: ``""``, ``encoder``, ``encoder.0``."""
        yield prefix, self
        for name, child in self.named_children():
            yield from child.named_modules(_join(prefix, name))

    def modules(self) -> Iterator[Module]:
        """This module and all inside it."""
        return (module for _, module in self.named_modules())

    def named_parameters(self, remove_duplicate: bool = True) -> Iterator[tuple[str, Parameter]]:
        """All parameters with their paths: ``0.weight``, ``encoder.0.bias``.

        Args:
            remove_duplicate: give a parameter that is used in two places once only.
        """
        seen: set[Parameter] = set()
        for path, module in self.named_modules():
            for name, x in module._attributes():
                if isinstance(x, Parameter) and x not in seen:
                    if remove_duplicate:
                        seen.add(x)
                    yield _join(path, name), x

    def parameters(self) -> Iterator[Parameter]:
        """All parameters, each once."""
        return (p for _, p in self.named_parameters())

    def _attributes(self) -> Iterator[tuple[str, Any]]:
        """The attributes, and the elements of those that are lists, tuples and dicts, as ``layers.0``."""
        return _leaves(vars(self))

    # What can be done to all of them.

    def zero_grad(self) -> None:
        """Forget the gradients of earlier backward passes."""
        for p in self.parameters():
            p.zero_grad()

    def requires_grad_(self, requires_grad: bool = True) -> Self:
        """Let gradients reach the parameters, or freeze them."""
        for p in self.parameters():
            p.requires_grad = requires_grad
        return self

    def train(self, mode: bool = True) -> Self:
        """Tell all parts that the network is being trained (or, with ``False``, used)."""
        for module in self.modules():
            module.training = mode
        return self

    def eval(self) -> Self:
        """Tell all parts that the network is being used, not trained."""
        return self.train(False)

    # Saving and loading.

    def state_dict(self) -> dict[str, Any]:
        """A copy of every parameter as an array, by path; the keys are PyTorch's.

        Example:
            >>> from nn import Linear
            >>> {path: array.shape for path, array in Sequential(Linear(2, 3)).state_dict().items()}
            {'0.weight': (3, 2), '0.bias': (3,)}
        """
        return {path: p.data.copy() for path, p in self.named_parameters(remove_duplicate=False)}

    def load_state_dict(self, state_dict: Mapping[str, Any], strict: bool = True) -> Keys:
        """Copy the arrays of ``state_dict`` into the parameters of the same paths.

        Args:
            state_dict: arrays or tensors by path, as :meth:`state_dict` gives them; PyTorch's will do.
            strict: whether a missing or unexpected path is an error. A shape that differs always is.

        Returns:
            The paths that were missing and those that were unexpected.

        Raises:
            ArgumentError: paths are missing or unexpected. Nothing was loaded then.
            ShapeError: an array has another shape than its parameter. Nothing was loaded then.
        """
        own = dict(self.named_parameters(remove_duplicate=False))
        keys = Keys([path for path in own if path not in state_dict], [path for path in state_dict if path not in own])
        if strict and any(keys):
            raise _wrong_keys(type(self).__name__, own, keys)
        arrays = {path: _array(state_dict[path]) for path in own if path in state_dict}
        for path, array in arrays.items():
            if array.shape != own[path].shape:
                raise _wrong_shape(path, own[path].shape, array.shape)
        for path, array in arrays.items():
            own[path].data = array
        return keys

    # Printing.

    def extra_repr(self) -> str:
        """What ``repr`` writes between the parentheses of a layer."""
        return ""

    def __repr__(self) -> str:
        parts = [f"({name}): {child!r}".replace("\n", "\n  ") for name, child in self.named_children()]
        if not parts:
            return f"{type(self).__name__}({self.extra_repr()})"
        lines = [self.extra_repr(), *parts] if self.extra_repr() else parts
        return "\n  ".join([f"{type(self).__name__}(", *lines]) + "\n)"


class Sequential(Module):
    """Modules one after the other, each fed with the output of the one before.

    Args:
        *modules: the modules, in order.

    Example:
        >>> from nn import Linear, Tanh
        >>> net = Sequential(Linear(2, 3), Tanh())
        >>> net
        Sequential(
          (0): Linear(in_features=2, out_features=3, bias=True)
          (1): Tanh()
        )
        >>> net(np.zeros((5, 2))).shape, len(net), net[1]
        ((5, 3), 2, Tanh())
    """

    def __init__(self, *modules: Module) -> None:
        for i, module in enumerate(modules):
            if not isinstance(module, Module):
                raise errors.bad_argument(
                    f"{type(self).__name__}: argument {i}",
                    "a module",
                    repr(module),
                    "nn.Tanh() for a function, nn.Tanh() with parentheses for a class, *layers for a list",
                )
            setattr(self, str(i), module)

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

    def __getitem__(self, i: int) -> Module:
        return list(self.children())[i]


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _leaves(tree: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Each leaf of nested dicts, lists and tuples with its path, written as PyTorch does: ``layers.0``."""
    if isinstance(tree, dict):
        for key, branch in tree.items():
            yield from _leaves(branch, _join(path, str(key)))
    elif isinstance(tree, (list, tuple)):
        for i, branch in enumerate(tree):
            yield from _leaves(branch, _join(path, str(i)))
    else:
        yield path, tree


def _array(x: Any) -> Any:
    """The array of a Tensor, of another library's tensor, or of nested lists."""
    return np.asarray(x.data if isinstance(x, Tensor) else x)


def _wrong_keys(name: str, own: Mapping[str, Any], keys: Keys) -> errors.ArgumentError:
    given = [f"{what} {', '.join(paths)}" for what, paths in zip(("missing", "unexpected"), keys, strict=True) if paths]
    return errors.bad_argument(
        f"{name}.load_state_dict(...)",
        f"the paths {', '.join(own) or 'of no parameter at all'}",
        "; ".join(given),
        "build the same network as the one that was saved, or strict=False to load what fits",
    )


def _wrong_shape(path: str, expected: tuple[int, ...], given: tuple[int, ...]) -> errors.ShapeError:
    return errors.ShapeError(
        errors.message(
            f"load_state_dict: {path}",
            f"shape {expected}",
            f"shape {given}",
            "build the same network as the one that was saved",
        )
    )
