"""Rules as programs of 2017 and before give them to HIPS autograd: by methods of the operation, one at a time."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from typing import Any

from .extend import defvjp
from .operations import Operation
from .vspaces import vspace


class OldOperation(Operation):
    """An operation that can also be told its rules in the old words; each warns that there are new ones."""

    def defgrad(self, gradmaker: Callable[..., Any], argnum: int = 0) -> None:
        """The rule ``lambda ans, *args: lambda g: ...`` for one argument."""
        self._add("defgrad", {argnum: gradmaker})

    def defvjp(self, rule: Callable[..., Any], argnum: int = 0) -> None:
        """The rule ``lambda g, ans, vs, gvs, *args: ...`` for one argument; spaces are those of it and of g."""

        def maker(ans: Any, *args: Any, **kwargs: Any) -> Callable[[Any], Any]:
            return lambda g: rule(g, ans, vspace(args[argnum]), vspace(g), *args, **kwargs)

        self._add("defvjp", {argnum: maker})

    def defvjp_is_zero(self, argnums: Iterable[int] = (0,)) -> None:
        """The gradient is 0 for these arguments."""
        self._add("defvjp_is_zero", dict.fromkeys(argnums))

    def _add(self, method: str, makers: dict[int, Any]) -> None:
        warnings.warn(f"f.{method}(rule) is an old name: use defvjp(f, rule)", DeprecationWarning, stacklevel=3)
        self.makers = {**getattr(self, "makers", {}), **makers}
        defvjp(self, *self.makers.values(), argnums=self.makers)


def primitive(f: Callable[..., Any]) -> Any:
    """Make an operation of a function, see :func:`autograd.extend.primitive`, which also answers to the old words.

    Example:
        >>> import warnings
        >>> from autograd import grad
        >>> square = primitive(lambda x: x * x)
        >>> with warnings.catch_warnings(action="ignore"):
        ...     square.defgrad(lambda ans, x: lambda g: 2 * x * g)
        >>> grad(square)(3.0)
        6.0
    """
    return OldOperation(f)
