"""A machine that builds random programs over complex and real Tensors, and compares with a naive definition.

The gradient of a real ``f`` by ``z = x + iy`` is ``df/dx - i df/dy`` (docs/complex.md). A complex result ``y`` with the
gradient ``w`` counts as the real number ``Re(sum(w y))``. Both derivatives are differences of fourth order of the
program, run again in extended precision; nothing of the engine takes part. No function here has a cut or a kink.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
from hypothesis import strategies as st
from hypothesis.stateful import rule

from autograd import Node
from tests.machines import Place, TensorGraphs, choice, same

H = 1e-5
"""The step of the differences; their error is of the order of its fourth power."""

LARGEST = 50
"""Programs whose numbers grow beyond this are cut: it keeps them away from poles."""


def right(a: Any) -> Any:
    """A number with a real part above 1, so that no cut is near."""
    return np.sqrt(np.real(a * np.conj(a)) + 1) + 1 + a


ONE: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "double": same(lambda a: 2 * a),
    "turned": same(lambda a: 1j * a),
    "shifted": same(lambda a: 0.5 - a),
    "square": same(lambda a: a**2),
    "cube": same(lambda a: a**3.0),
    "inverse": same(lambda a: 1 / (1 + a * np.conj(a))),
    "pole": same(lambda a: 1 / (3 + a)),
    "power of two": same(lambda a: 2.0 ** (-a / 4)),
    "power of i": same(lambda a: 1j ** (a / 4)),
    "tanh": same(np.tanh),
    "sin": same(lambda a: np.sin(a / 2)),
    "cosh": same(lambda a: np.cosh(a / 4)),
    "exp": same(lambda a: np.exp(a / 8)),
    "log": same(lambda a: np.log(right(a))),
    "sqrt": same(lambda a: np.sqrt(right(a))),
    "root": same(lambda a: right(a) ** 0.3),
    "conjugate": same(np.conj),
    "real": same(np.real),
    "imaginary": same(np.imag),
    "size": same(lambda a: np.abs(right(a))),
    "square of the size": same(lambda a: np.abs(a) ** 2),
    "angle": same(lambda a: np.angle(right(a))),
    "direction": same(lambda a: np.sign(right(a))),
    "nothing": same(lambda a: a * 0.0),
}
TWO: dict[str, tuple[Callable[..., Any], Callable[..., Any]]] = {
    "add": same(lambda a, b: a + b),
    "subtract": same(lambda a, b: a - 1j * b),
    "multiply": same(lambda a, b: a * b),
    "by the conjugate": same(lambda a, b: a * np.conj(b)),
    "divide": same(lambda a, b: a / right(b)),
    "power": same(lambda a, b: right(a) ** (b / 4)),
    "vdot": same(lambda a, b: np.vdot(a, b)),
    "where": same(lambda a, b: np.where(np.arange(np.shape(a)[-1]) % 2 == 0, a, b)),
}


def extended(x: Any) -> Any:
    """An array in extended precision."""
    return np.asarray(x, np.clongdouble if np.iscomplexobj(x) else np.longdouble)


class ComplexGraphs(TensorGraphs):
    """Programs over Tensors, of which every second leaf is complex."""

    largest: ClassVar[float] = LARGEST

    def of_kind(self, data: Any) -> Any:
        return data if len(self.steps) % 2 else data + 1j * (0.7 - data**2 / 4)

    @rule(name=st.sampled_from(sorted(ONE)), a=choice)
    def one(self, name: str, a: int) -> None:
        self.apply(*ONE[name], self.pick(a))

    @rule(name=st.sampled_from(sorted(TWO)), a=choice, b=choice)
    def two(self, name: str, a: int, b: int) -> None:
        self.apply(*TWO[name], self.pick(a), self.pick(b))

    def weights(self, weight: float, root: Any) -> Any:
        weights = super().weights(weight, root)
        return weights * (1 - 0.5j) + 0.25j if np.iscomplexobj(root.data) else weights

    # The definition.

    def leaf_data(self, place: Place) -> Any:
        return extended(super().leaf_data(place))

    def slopes(self, end: Place, weights: Any, by: Place) -> Any:
        def total(moved: Any) -> Any:
            return np.real(np.sum(weights * self.replay(end, by, moved)[end]))

        at = self.replay(end).get(by)
        units = (1, 1j) if np.iscomplexobj(at) else (1,)
        gradient = np.zeros(np.shape(at), np.complex128 if np.iscomplexobj(at) else np.float64)
        for element in np.ndindex(gradient.shape):
            for unit in units:
                step = np.zeros_like(at)
                step[element] = H * unit
                near, far = (total(n * step) - total(-n * step) for n in (1, 2))
                gradient[element] += (8 * near - far) / (12 * H) / unit
        return gradient

    def curvature(self, end: int, weighted: list[int], by: int) -> Any:
        """The gradient by a leaf of ``Re(sum(cos(i) slope))`` of the gradients of all leaves ``i``, by differences."""
        start, here = self.place(end), self.place(by)
        data = self.steps[by].data
        original = data[here.version]
        weights = np.ones(np.shape(self.value(start)))

        def first(step: Any) -> Any:
            data[here.version] = original + step
            places = [self.place(j) for j in weighted if self.place(j) in self.replay(start)]
            total = sum(np.cos(p.index) * np.real(self.slopes(start, weights, p)).sum() for p in places)
            data[here.version] = original
            return total

        gradient = np.zeros_like(original)
        for element in np.ndindex(original.shape):
            for unit in (1, 1j) if np.iscomplexobj(original) else (1,):
                step = np.zeros_like(original)
                step[element] = 1e-3 * unit
                near, far = (first(n * step) - first(-n * step) for n in (1, 2))
                gradient[element] += (8 * near - far) / 12e-3 / unit
        return gradient

    @rule(a=choice)
    def second_derivative(self, a: int) -> None:
        end = self.pick(a)
        root = self.nodes[end]
        if not root.requires_grad or self.is_stale(end):
            return
        self.forget()
        leaves = [i for i in self.versions if self.nodes[i].requires_grad]
        root.backward(np.ones(np.shape(root.data)), create_graph=True)
        slopes = [(i, self.nodes[i].grad) for i in leaves if isinstance(self.nodes[i].grad, Node)]
        total = sum(np.cos(i) * np.real(slope).sum() for i, slope in slopes)
        self.forget()
        if isinstance(total, Node) and total.requires_grad:
            total.backward()
        for i in leaves:
            self.same(self.nodes[i].grad, self.curvature(end, [j for j, _ in slopes], i), 1e-5)
        self.forget()
