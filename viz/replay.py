"""The forward pass, computed anew with other numbers: what a gradient is checked against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd import Value
from autograd.errors import StaleGraphError, message
from autograd.graph import Node, ancestors, between

STEP = float(np.finfo(np.float64).eps) ** (1 / 3)
"""The step of a central difference, as a part of the number that is moved: rounding and curvature err alike."""


@dataclass(frozen=True)
class Check:
    """A gradient beside central differences.

    Attributes:
        places: the index of each element that was tried; ``()`` for a number.
        exact: the gradient's elements.
        differences: (f(x + h) - f(x - h)) / 2h for each.
        kinks: where the differences to the left and to the right do not agree.
        tolerance: the largest relative error that counts as agreement.
    """

    wrt: str
    places: tuple[tuple[int, ...], ...]
    exact: tuple[float, ...]
    differences: tuple[float, ...]
    kinks: tuple[bool, ...]
    tolerance: float

    @property
    def errors(self) -> tuple[float, ...]:
        """The relative error of each element; absolute where both are small."""
        pairs = zip(self.exact, self.differences, strict=True)
        return tuple(abs(a - b) / max(1.0, abs(a), abs(b)) for a, b in pairs)

    def __bool__(self) -> bool:
        return all(error <= self.tolerance for error, kink in zip(self.errors, self.kinks, strict=True) if not kink)

    def __str__(self) -> str:
        lines = []
        for place, exact, difference, error, kink in zip(
            self.places, self.exact, self.differences, self.errors, self.kinks, strict=True
        ):
            at = f"{self.wrt}[{', '.join(map(str, place))}]" if place else self.wrt
            word = "at a kink" if kink else "agree" if error <= self.tolerance else "DIFFER"
            lines.append(f"{at}: derived {exact:.8g}, central difference {difference:.8g}, error {error:.1e}: {word}")
        return "\n".join(lines) or f"{self.wrt} has no elements"

    __repr__ = __str__


class Replay:
    """The way from one node to a result, on which other numbers can be sent.

    Args:
        output: the result, a number.
        wrt: the node whose numbers are changed.
        name: what ``wrt`` is called.
    """

    def __init__(self, output: Node, wrt: Node, name: str) -> None:
        self.output = output
        self.wrt = wrt
        self.name = name
        self.path = between(ancestors([output]), [wrt])[::-1]

    def __call__(self, data: Any) -> float:
        """The result if ``wrt`` held ``data``, in double precision."""
        datas: dict[Node, Any] = {self.wrt: data}
        for node in self.path:
            if node is self.wrt:
                continue
            assert node.op is not None
            args = [
                datas[x] if isinstance(x, Node) and x in datas else wide(getattr(x, "_data", x)) for x in node.inputs
            ]
            compute = node.op.scalar if isinstance(node, Value) else node.op.array
            assert compute is not None
            datas[node] = compute(*args, **node.attrs)
        return float(np.asarray(datas[self.output]).reshape(()))

    def check(self, value: Any, entries: int) -> Check:
        """The gradient ``value`` beside central differences.

        Raises:
            StaleGraphError: something was given new data since.
        """
        self._fresh()
        x, gradient = wide(self.wrt._data), np.asarray(value)
        places = [()] if not np.ndim(x) else _spread(np.shape(x), entries)
        exact, differences, kinks = [], [], []
        here = self(x)
        for place in places:
            h = STEP * max(1.0, abs(float(x[place] if np.ndim(x) else x)))
            with np.errstate(all="ignore"):
                right, left = (self(_moved(x, place, step)) for step in (h, -h))
            exact.append(float(gradient[place]))
            differences.append((right - left) / (2 * h))
            slopes = (right - here) / h, (here - left) / h
            kinks.append(bool(abs(slopes[0] - slopes[1]) > 1e-2 * max(1.0, abs(slopes[0]), abs(slopes[1]))))
        tolerance = 1e-3 if gradient.dtype == np.float32 else 1e-6
        return Check(self.name, tuple(places), tuple(exact), tuple(differences), tuple(kinks), tolerance)

    def _fresh(self) -> None:
        """Nothing may be younger than what was computed from it."""
        for node in self.path:
            if node is not self.wrt and any(isinstance(x, Node) and x.order > node.order for x in node.inputs):
                got = f"{self.name} or another input was given new data since"
                cure = "compute the result again, and explain that"
                raise StaleGraphError(message("derivation.check()", "the numbers that were explained", got, cure))


def wide(x: Any) -> Any:
    """Numbers in double precision, in which differences are taken."""
    return x.astype(np.float64) if getattr(x, "dtype", None) in (np.float32, np.float16) else x


def _moved(x: Any, place: tuple[int, ...], step: float) -> Any:
    """``x`` with one number moved by ``step``."""
    if not np.ndim(x):
        return x + step
    moved = x.copy()
    moved[place] += step
    return moved


def _spread(shape: Sequence[int], entries: int) -> list[tuple[int, ...]]:
    """At most so many places of an array, evenly spread."""
    size = int(np.prod(shape))
    flat: Any = np.unique(np.linspace(0, size - 1, min(size, entries)).round().astype(int)) if size else []
    return [tuple(int(i) for i in np.unravel_index(int(k), shape)) for k in flat]
