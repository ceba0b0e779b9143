"""Module: a function with parameters. Networks are modules made of modules.

Nothing is registered: parameters and parts are found where they are, in the attributes of a module
and in the lists, tuples and dicts among them. So any class with a ``forward`` is a layer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, Self

import numpy as np

from autograd import Tensor, errors
from autograd.graph import enter, is_recording, leave

from .check import check_known
from .parameter import Buffer, Parameter
from .summary import summary


class Handle:
    """What takes a hook off again.

    Args:
        hooks: the hooks that it is among.
        hook: the hook.
    """

    def __init__(self, hooks: list[Any], hook: Any) -> None:
        self._hooks, self._hook = hooks, hook

    def remove(self) -> None:
        """Call the hook no more."""
        if self._hook in self._hooks:
            self._hooks.remove(self._hook)


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
        >>> from nn import Linear, Sequential
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

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        """A module whose keywords are known; ``__init__`` makes its parts."""
        check_known(cls, kwargs)
        return super().__new__(cls)

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
            if "_hooks" in self.__dict__:
                return self._call_with_hooks(args, kwargs)
            return self.forward(*args, **kwargs)
        except errors.ChainruleError as error:
            error.layer = f"{name}.{error.layer}" if name and error.layer else name or error.layer
            raise
        finally:
            if before is not None:
                leave(before)

    def _call_with_hooks(self, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> Any:
        """What hooks return takes the place of what they were given."""
        before, after = vars(self)["_hooks"]
        for hook in tuple(before):
            given = hook(self, args)
            if given is not None:
                args = given if isinstance(given, tuple) else (given,)
        output = self.forward(*args, **kwargs)
        for hook in tuple(after):
            given = hook(self, args, output)
            output = output if given is None else given
        return output

    def register_forward_pre_hook(self, hook: Callable[[Module, tuple[Any, ...]], Any]) -> Handle:
        """Call ``hook(module, args)`` before each run, to look at the inputs or to replace them.

        Args:
            hook: returns new inputs, or ``None`` to keep those there are.

        Returns:
            A handle; ``handle.remove()`` takes the hook off.
        """
        return self._register_hook(0, hook)

    def register_forward_hook(self, hook: Callable[[Module, tuple[Any, ...], Any], Any]) -> Handle:
        """Call ``hook(module, args, output)`` after each run, to look at the output or to replace it.

        Args:
            hook: returns a new output, or ``None`` to keep the one there is.

        Returns:
            A handle; ``handle.remove()`` takes the hook off.

        Example:
            >>> from nn import Linear, Sequential, Tanh
            >>> net, seen = Sequential(Linear(2, 3), Tanh()), []
            >>> handle = net[0].register_forward_hook(lambda module, args, output: seen.append(output.shape))
            >>> _ = net(np.zeros((5, 2)))
            >>> handle.remove()
            >>> seen
            [(5, 3)]
        """
        return self._register_hook(1, hook)

    def _register_hook(self, place: int, hook: Any) -> Handle:
        hooks: tuple[list[Any], list[Any]] = vars(self).setdefault("_hooks", ([], []))
        hooks[place].append(hook)
        return Handle(hooks[place], hook)

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
        return self._named(Parameter, remove_duplicate)

    def named_buffers(self, remove_duplicate: bool = True) -> Iterator[tuple[str, Buffer]]:
        """All buffers with their paths: ``1.running_mean``.

        Args:
            remove_duplicate: give a buffer that is used in two places once only.
        """
        return self._named(Buffer, remove_duplicate)

    def buffers(self) -> Iterator[Buffer]:
        """All buffers, each once."""
        return (b for _, b in self.named_buffers())

    def _named(self, kind: Any, remove_duplicate: bool) -> Iterator[tuple[str, Any]]:
        """The tensors of a kind with their paths."""
        seen: set[Tensor] = set()
        for path, module in self.named_modules():
            for name, x in module._attributes():
                if isinstance(x, kind) and x not in seen:
                    if remove_duplicate:
                        seen.add(x)
                    yield _join(path, name), x

    def register_buffer(self, name: str, tensor: Any, persistent: bool = True) -> None:
        """Keep an array in the attribute ``name``, as part of the module that is not trained.

        Args:
            name: the name of the attribute.
            tensor: a Tensor or an array; copied. ``None`` for none.
            persistent: whether it is saved by :meth:`state_dict`.

        Raises:
            ArgumentError: the name is no attribute's, or it is taken.

        Example:
            >>> module = Module()
            >>> module.register_buffer("mean", np.zeros(2))
            >>> module.state_dict()
            {'mean': array([0., 0.])}
        """
        self._check_name("register_buffer", name)
        setattr(self, name, None if tensor is None else Buffer(_array(tensor), persistent))

    def add_module(self, name: str, module: Module) -> None:
        """Keep a module in the attribute ``name``: the same as assigning it.

        Args:
            name: the name of the attribute.
            module: the module.

        Raises:
            ArgumentError: the name is no attribute's, or it is taken, or this is not a module.
        """
        self._check_name("add_module", name)
        if not isinstance(module, Module):
            raise errors.bad_argument(f"add_module({name!r}, ...)", "a module", errors.describe(module), "nn.Tanh()")
        setattr(self, name, module)

    def get_submodule(self, target: str) -> Module:
        """The module at a path: ``encoder.0``.

        Args:
            target: the path; ``""`` is this module.

        Raises:
            ArgumentError: there is none.
        """
        return _at("get_submodule", target, dict(self.named_modules()))

    def get_parameter(self, target: str) -> Parameter:
        """The parameter at a path: ``encoder.0.weight``.

        Args:
            target: the path.

        Raises:
            ArgumentError: there is none.
        """
        return _at("get_parameter", target, dict(self.named_parameters(remove_duplicate=False)))

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

    def parameters(self) -> Iterator[Parameter]:
        """All parameters, each once."""
        return (p for _, p in self.named_parameters())

    def _attributes(self) -> Iterator[tuple[str, Any]]:
        """The attributes, and the elements of those that are lists, tuples and dicts, as ``layers.0``."""
        return _leaves(vars(self))

    # What can be done to all of them.

    def zero_grad(self, set_to_none: bool = True) -> None:
        """Forget the gradients of earlier backward passes.

        Args:
            set_to_none: ``False`` leaves zeros where there were gradients.
        """
        for p in self.parameters():
            p.grad = None if set_to_none or p.grad is None else np.zeros_like(p.grad)

    def apply(self, fn: Callable[[Module], Any]) -> Self:
        """Call ``fn`` on every part, the innermost first, and on this module last.

        Args:
            fn: what to do, such as drawing new weights.

        Example:
            >>> from nn import Linear, Sequential, Tanh
            >>> _ = Sequential(Linear(1, 1), Tanh()).apply(lambda module: print(type(module).__name__))
            Linear
            Tanh
            Sequential
        """
        for child in self.children():
            child.apply(fn)
        fn(self)
        return self

    def to(self, dtype: Any) -> Self:
        """Convert the parameters and the floating buffers.

        Args:
            dtype: a floating dtype, such as ``np.float64``.

        Raises:
            DtypeError: another dtype.
            ArgumentError: a device.

        Example:
            >>> from nn import Linear, Sequential
            >>> Linear(1, 1).to(np.float64).weight.dtype
            dtype('float64')
        """
        if isinstance(dtype, str) and dtype.partition(":")[0] in ("cpu", "cuda", "mps"):
            raise errors.bad_argument(
                f"to({dtype!r})", "a floating dtype", f"the device {dtype!r}; arrays are NumPy's", "net.to(np.float32)"
            )
        if np.dtype(dtype).kind not in "fc":
            raise errors.integer_gradient(str(np.dtype(dtype)))
        for p in (*self.parameters(), *self.buffers()):
            if p.dtype.kind in "fc":
                p._data = p._data.astype(dtype)
                p.data = p._data  # a graph built on the old data is stale
                p.grad = None
        return self

    def float(self) -> Self:
        """Convert to float32."""
        return self.to(np.float32)

    def double(self) -> Self:
        """Convert to float64."""
        return self.to(np.float64)

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
        """A copy of every parameter and buffer as an array, by path; the keys are PyTorch's.

        Example:
            >>> from nn import Linear, Sequential
            >>> {path: array.shape for path, array in Sequential(Linear(2, 3)).state_dict().items()}
            {'0.weight': (3, 2), '0.bias': (3,)}
        """
        return {path: p.data.copy() for path, p in self._state().items()}

    def _state(self) -> dict[str, Tensor]:
        """What is saved, in PyTorch's order: of each part first its parameters, then its buffers."""
        return {
            _join(path, name): x
            for path, module in self.named_modules()
            for kind in (Parameter, Buffer)
            for name, x in module._attributes()
            if isinstance(x, kind) and getattr(x, "persistent", True)
        }

    def load_state_dict(self, state_dict: Mapping[str, Any], strict: bool = True) -> Keys:
        """Copy the arrays of ``state_dict`` into the parameters and buffers of the same paths.

        Args:
            state_dict: arrays or tensors by path, as :meth:`state_dict` gives them; PyTorch's will do.
            strict: whether a missing or unexpected path is an error. A shape that differs always is.

        Returns:
            The paths that were missing and those that were unexpected.

        Raises:
            ArgumentError: paths are missing or unexpected. Nothing was loaded then.
            ShapeError: an array has another shape than its parameter. Nothing was loaded then.
        """
        if not isinstance(state_dict, Mapping):
            cure = "net.load_state_dict(other.state_dict())"
            raise errors.bad_argument(
                "load_state_dict(state_dict)", "a dict of arrays by path", errors.describe(state_dict), cure
            )
        own = self._state()
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

    def summary(self, *inputs: Any) -> str:
        """A table of the parts: their paths, kinds, numbers of parameters, and the shapes that they give.

        Args:
            *inputs: inputs to run the network on, for the shapes; without any there are none in the table.

        Example:
            >>> from nn import Linear, Sequential, Tanh
            >>> print(Sequential(Linear(2, 3), Tanh()).summary(np.zeros((5, 2))))
            path  layer       parameters  output
                  Sequential  9           (5, 3)
            0     Linear      9           (5, 3)
            1     Tanh        0           (5, 3)
            <BLANKLINE>
            9 parameters, 9 to train
        """
        return summary(self, inputs)

    def extra_repr(self) -> str:
        """What ``repr`` writes between the parentheses of a layer."""
        return ""

    def __repr__(self) -> str:
        parts = [f"({name}): {child!r}".replace("\n", "\n  ") for name, child in self.named_children()]
        if not parts:
            return f"{type(self).__name__}({self.extra_repr()})"
        lines = [self.extra_repr(), *parts] if self.extra_repr() else parts
        return "\n  ".join([f"{type(self).__name__}(", *lines]) + "\n)"


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _at(method: str, path: str, known: Mapping[str, Any]) -> Any:
    if path not in known:
        expected = f"one of {', '.join(map(repr, known)) or 'nothing: there are none'}"
        raise errors.bad_argument(f"{method}({path!r})", expected, repr(path), "net.named_modules() lists all paths")
    return known[path]


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
