"""Module: a function with parameters. Networks are modules made of modules; any class with a ``forward`` is one."""

from __future__ import annotations

from abc import ABCMeta
from collections.abc import Callable, Iterable
from typing import Any, Self

import numpy as np

from autograd import Tensor, errors
from autograd.graph import enter, is_recording, leave
from autograd.rules.elsewhere import in_memory, on_gpu

from .check import known
from .hooks import Hooked
from .state import State
from .summary import summary


class Made(ABCMeta):
    """How a module is made: with arguments that it knows. Abstract methods are looked after as in any ABC."""

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        """A new module."""
        return super().__call__(*args, **known(cls, kwargs))


class Module(Hooked, State, metaclass=Made):
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

    def _name_parts(self) -> str:
        """Give each part and each parameter its path in this network, for pictures and messages."""
        self._name = ""
        for _, module in self.named_modules():
            for name, child in module.named_children():
                child._name = name
        for path, p in self.named_parameters():
            p.name = path
        return self._name

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
        """Convert the parameters and the floating buffers, or move all of them.

        Args:
            dtype: a floating dtype, such as ``np.float64``; or a device: ``"cuda"`` for a GPU, where the arrays are
                CuPy's, and the inputs have to be, and ``"cpu"`` for the computer's memory. Make the optimiser then.

        Raises:
            DtypeError: another dtype.
            DeviceError: there is no such device, or no CuPy.
            ArgumentError: something else.

        Example:
            >>> from nn import Linear, Sequential
            >>> Linear(1, 1).to(np.float64).weight.dtype
            dtype('float64')
        """
        if dtype == "cpu":
            return self._converted(in_memory, (*self.parameters(), *self.buffers()))
        if isinstance(dtype, str) and dtype.partition(":")[0] in ("cuda", "mps"):
            return self._converted(lambda x: on_gpu(x, dtype), (*self.parameters(), *self.buffers()))
        try:
            kind = np.dtype(dtype).kind if dtype is not None else ""
        except TypeError:
            kind = ""
        if not kind:
            raise errors.bad_argument(f"to({dtype!r})", "a floating dtype", repr(dtype), "net.to(np.float32)")
        if kind not in "fc":
            raise errors.integer_gradient(str(np.dtype(dtype)))
        floating = [p for p in (*self.parameters(), *self.buffers()) if p.dtype.kind in "fc"]
        return self._converted(lambda x: x.astype(dtype), floating)

    def _converted(self, convert: Callable[[Any], Any], tensors: Iterable[Tensor]) -> Self:
        """Other arrays in the tensors, if they are others."""
        tensors = list(tensors)
        for p, data in zip(tensors, [convert(p._data) for p in tensors], strict=True):
            if data is not p._data:
                p._data = data
                p.data = data  # a graph built on the old data is stale
                p.grad = None
        return self

    def cpu(self) -> Self:
        """Move the parameters and buffers to the computer's memory."""
        return self.to("cpu")

    def cuda(self, device: int | None = None) -> Self:
        """Move the parameters and buffers to a GPU, the one in use or one by number; see :meth:`to`."""
        return self.to("cuda" if device is None else f"cuda:{device}")

    def half(self) -> Self:
        """Convert to float16."""
        return self.to(np.float16)

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
