"""Optimisers that move each number by its own gradient, and what they remember about it.

Parameters that move alike move together: a *block* holds what is remembered about them in flat arrays, and a step
gathers their numbers and gradients, computes in place, and gives the numbers back. So a network of many small
parameters takes as few NumPy calls as one large array, and a large one is worked through in pieces that fit the cache.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from autograd import Node, Value, errors
from autograd.graph import recording
from autograd.rules.elsewhere import beside

from .optimizer import Optimizer, State, as_saved

PIECE = 1 << 15
"""How many elements are moved at a time: few enough for all arrays of a step to stay in the cache."""


class Elementwise(Optimizer):
    """The base of optimisers that treat all numbers alike, each by its own gradient.

    A subclass says what is remembered about a parameter (:meth:`begin`), and how a step goes (:meth:`move`). With the
    option ``maximize`` it is given the negative gradients.

    Args:
        params: the Tensors or Values to train, or groups of them; see :class:`Optimizer`.
        defaults: the options of groups that do not say otherwise.
        others: arguments that only PyTorch needs.

    Raises:
        ArgumentError: no parameters, something that is not a parameter, or an unknown option.

    Example:
        >>> from autograd import Tensor
        >>> class Signs(Elementwise):
        ...     def __init__(self, params, lr):
        ...         super().__init__(params, {"lr": lr})
        ...     def move(self, group, p, g, state):
        ...         p -= group["lr"] * np.sign(g)
        >>> x = Tensor([3.0, -2.0])
        >>> (x * x).sum().backward()
        >>> Signs([x], lr=0.5).step()
        >>> x.tolist()
        [2.5, -1.5]
    """

    def __init__(
        self, params: Iterable[Any], defaults: dict[str, Any], others: Mapping[str, Any] | None = None
    ) -> None:
        self._blocks: dict[int, tuple[Any, list[_Block]]] = {}
        super().__init__(params, defaults, others)

    # What a subclass writes.

    def begin(self, group: dict[str, Any]) -> tuple[dict[str, float], dict[str, float]]:
        """The arrays that are remembered, with the number that they are filled with, and the numbers."""
        return {}, {"step": 0}

    def advance(self, group: dict[str, Any], numbers: State) -> None:
        """Bring the remembered numbers up to date, once a step, before any parameter moves."""
        numbers["step"] += 1

    @abstractmethod
    def move(self, group: dict[str, Any], p: Any, g: Any, state: State) -> None:
        """Move flat numbers ``p`` along their gradients ``g`` in place; bring the arrays of ``state`` up to date."""

    # The step.

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Move every parameter that has a gradient.

        Args:
            closure: computes the loss and its gradients before the step, if they are not there yet.

        Returns:
            What the closure returned.
        """
        loss = None
        if closure is not None:
            if not callable(closure):
                did, cure = f"{self._name}.step(closure)", "optimizer.step()"
                raise errors.bad_argument(did, "a function that computes the loss, or nothing", repr(closure), cure)
            with recording(True):
                loss = closure()
        for i, group in enumerate(self.param_groups):
            active = [p for p in group["params"] if p.grad is not None and p.requires_grad]
            for block in self._blocks_of(i, group, active):
                block.step(self, group)
        return loss

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on where another optimiser was saved; see :meth:`Optimizer.load_state_dict`."""
        super().load_state_dict(state_dict)
        self._blocks = {}

    def restored(self, group: dict[str, Any], p: Node, saved: Mapping[str, Any]) -> State:
        """Arrays of the shape of the parameter, and numbers; PyTorch's SGD does not count its steps."""
        arrays, numbers = self.begin(group)
        state: State = {k: x.item() if hasattr(x, "item") else x for k, x in saved.items() if k in numbers}
        for name in [name for name in arrays if name in saved]:
            state[name] = as_saved(saved[name])
            if np.shape(state[name]) != np.shape(p.data):
                did, cure = f"load_state_dict: {name} of {errors.describe(p)}", "the same parameters in the same order"
                expected, given = f"shape {np.shape(p.data)}", f"shape {np.shape(state[name])}"
                raise errors.ShapeError(errors.message(did, expected, given, cure))
        return {"step": 1, **state}

    def _blocks_of(self, i: int, group: dict[str, Any], active: list[Node]) -> list[_Block]:
        """The blocks of a group; those of the last step, if the same parameters move."""
        arrays, numbers = self.begin(group)
        key = ([id(p) for p in active], list(arrays))
        if i not in self._blocks or self._blocks[i][0] != key:
            together: dict[Any, list[Node]] = {}
            for p in active:
                own = {**numbers, **{k: x for k, x in self.state.get(p, {}).items() if k in numbers}}
                alone = id(p) if np.size(p.data) > PIECE // 8 else None
                together.setdefault((type(p) is Value, getattr(p, "dtype", None), alone, *own.items()), []).append(p)
            self._blocks[i] = key, [_Block(self, params, arrays, dict(k[3:])) for k, params in together.items()]
        return self._blocks[i][1]


class _Block:
    """Parameters that move together, and what is remembered about them in flat arrays.

    In the optimiser's ``state`` each parameter has its part of these arrays, as views.
    """

    def __init__(self, optimizer: Elementwise, params: list[Node], arrays: dict[str, float], numbers: State) -> None:
        self.params = params
        self.numbers = numbers
        self.are_values = isinstance(params[0], Value)
        shapes = [np.shape(p.data) for p in params]
        sizes = [int(np.prod(shape)) for shape in shapes]
        dtype = np.dtype(float) if self.are_values else params[0].data.dtype
        ends = np.cumsum(sizes).tolist()
        self.places = [(slice(end - n, end), shape) for end, n, shape in zip(ends, sizes, shapes, strict=True)]
        self.p, self.g = (beside(params[0], np.empty, ends[-1], dtype) for _ in range(2))
        self.parts = [self.p[place].reshape(shape) for place, shape in self.places]
        self.arrays = {name: beside(params[0], np.full, ends[-1], x, dtype) for name, x in arrays.items()}
        self.states = []
        for p, (place, shape) in zip(params, self.places, strict=True):
            old, own = optimizer.state.get(p, {}), {name: a[place].reshape(shape) for name, a in self.arrays.items()}
            for name in own.keys() & old.keys():
                own[name][...] = old[name]
            optimizer.state[p] = {**numbers, **own}
            self.states.append(optimizer.state[p])

    def step(self, optimizer: Elementwise, group: dict[str, Any]) -> None:
        """Gather numbers and gradients, move, and give the numbers back."""
        optimizer.advance(group, self.numbers)
        for state in self.states:
            state.update(self.numbers)
        gradients = [p.grad.data if isinstance(p.grad, Node) else p.grad for p in self.params]
        whole = self.params[0].data
        if len(self.params) == 1 and not self.are_values and _is_flat(whole):
            self._move(optimizer, group, whole.reshape(-1), np.reshape(gradients[0], -1))
            self.params[0].data = whole
            return
        numbers = [p.data for p in self.params]
        if self.are_values:
            self.p[:], self.g[:] = numbers, gradients
        else:
            np.concatenate(numbers, axis=None, out=self.p)
            np.concatenate(gradients, axis=None, out=self.g, casting="same_kind")
        self._move(optimizer, group, self.p, self.g)
        if self.are_values:
            for p, x in zip(self.params, self.p.tolist(), strict=True):
                p.data = x
            return
        for p, data, part in zip(self.params, numbers, self.parts, strict=True):
            data[...] = part
            p.data = data

    def _move(self, optimizer: Elementwise, group: dict[str, Any], p: Any, g: Any) -> None:
        if group.get("maximize"):
            g = -g
        if p.size <= PIECE:
            optimizer.move(group, p, g, {**self.numbers, **self.arrays})
            return
        for start in range(0, p.size, PIECE):
            piece = slice(start, start + PIECE)
            parts = {name: a[piece] for name, a in self.arrays.items()}
            optimizer.move(group, p[piece], g[piece], {**self.numbers, **parts})


def _is_flat(x: Any) -> bool:
    """Whether an array can be written into as one row of numbers, as all of CuPy's can; they do not say so."""
    return bool(x.flags.c_contiguous and getattr(x.flags, "writeable", True))
