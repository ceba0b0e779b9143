"""Hooks: functions that look at what goes into a module and comes out of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .module import Module


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


class Hooked:
    """A module's hooks: those called before each run, and those called after it."""

    forward: Callable[..., Any]

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
            >>> import numpy as np
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
