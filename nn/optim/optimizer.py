"""What all optimisers have in common: groups of parameters, what is remembered about each, and the step.

Parameters that move alike move together: a *block* holds what is remembered about them in flat arrays, and a step
gathers their numbers and gradients, computes in place, and gives the numbers back. So a network of many small
parameters takes as few NumPy calls as one large array, and a large one is worked through in pieces that fit the cache.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np

from autograd import Node, Value, errors
from autograd.graph import recording

from ..check import check_real

PIECE = 1 << 15
"""How many elements are moved at a time: few enough for all arrays of a step to stay in the cache."""

State = dict[str, Any]


class Optimizer:
    """The base of optimisers.

    A subclass says what is remembered about a parameter (:meth:`begin`), and how a step goes (:meth:`move`).

    Args:
        params: the Tensors or Values to train, such as ``model.parameters()``; or groups of them, dicts with the key
            ``"params"`` and the options that are their own.
        defaults: the options of groups that do not say otherwise.

    Attributes:
        param_groups: a dict for each group, with its ``"params"`` and options; may be changed between steps.
        state: what is remembered about each parameter.

    Raises:
        ArgumentError: no parameters, something that is not a parameter, or an unknown option.
    """

    def __init__(self, params: Iterable[Any], defaults: dict[str, Any]) -> None:
        self.defaults = defaults
        self.param_groups: list[dict[str, Any]] = []
        self.state: dict[Node, State] = {}
        self._blocks: dict[int, tuple[Any, list[_Block]]] = {}
        listed = isinstance(params, Iterable) and not isinstance(params, Node)
        found: list[Any] = list(params) if listed else []
        if not found:
            given = "an empty list" if listed else errors.describe(params)
            expected = "at least one parameter, in a list of Tensors or Values"
            raise errors.bad_argument(f"{self._name}(params)", expected, given, self._cure)
        for group in found if isinstance(found[0], Mapping) else [{"params": found}]:
            self.add_param_group(group)

    # What a subclass writes.

    def check(self, group: dict[str, Any]) -> None:
        """An error for options that make no sense; each subclass writes its own."""

    def begin(self, group: dict[str, Any]) -> tuple[dict[str, float], dict[str, float]]:
        """The arrays that are remembered, with the number that they are filled with, and the numbers."""
        return {}, {}

    def advance(self, group: dict[str, Any], numbers: State) -> None:
        """Bring the remembered numbers up to date, once a step, before any parameter moves."""

    def move(self, group: dict[str, Any], p: Any, g: Any, state: State) -> None:
        """Move flat numbers ``p`` along their gradients ``g`` in place; bring the arrays of ``state`` up to date."""
        raise NotImplementedError

    # What a user calls.

    def add_param_group(self, group: Mapping[str, Any]) -> None:
        """Train further parameters, with options of their own.

        Args:
            group: a dict with ``"params"``, and any of the options.

        Raises:
            ArgumentError: no parameters, one that is trained already, or an unknown option.
        """
        params = group.get("params")
        found = [params] if isinstance(params, Node) else list(params or ())
        known = {id(p) for other in self.param_groups for p in other["params"]}
        for p in found:
            expected = "Tensors or Values"
            given = f"{type(p).__name__}: {errors.brief(p)}"
            if isinstance(p, Node):
                expected, given = "leaves, which no operation made", f"{errors.describe(p)}, a result"
                if p.is_leaf and id(p) not in known:
                    known.add(id(p))
                    continue
                if p.is_leaf:
                    expected, given = "each parameter once", f"{errors.describe(p)} a second time"
            raise errors.bad_argument(f"{self._name}(params)", expected, given, self._cure)
        if not found:
            raise errors.bad_argument(f"{self._name}(params)", "at least one parameter", "an empty list", self._cure)
        unknown = set(group) - set(self.defaults) - {"params"}
        if unknown:
            options, more = ", ".join(self.defaults), ", ".join(map(str, unknown))
            raise errors.bad_argument(f"{self._name}: a group", f"the options {options}", more, self._cure)
        whole = {**self.defaults, **group, "params": found}
        self.check(whole)
        self.param_groups.append(whole)

    def zero_grad(self) -> None:
        """Forget the gradients of earlier backward passes."""
        for group in self.param_groups:
            for p in group["params"]:
                p.zero_grad()

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Move every parameter that has a gradient.

        Args:
            closure: computes the loss and its gradients before the step, if they are not there yet.

        Returns:
            What the closure returned.
        """
        loss = None
        if closure is not None:
            with recording(True):
                loss = closure()
        for i, group in enumerate(self.param_groups):
            active = [p for p in group["params"] if p.grad is not None and p.requires_grad]
            for block in self._blocks_of(i, group, active):
                block.step(self, group)
        return loss

    @property
    def lr(self) -> Any:
        """The length of a step in the first group; an assignment is for all groups."""
        return self.param_groups[0]["lr"]

    @lr.setter
    def lr(self, lr: Any) -> None:
        for group in self.param_groups:
            group["lr"] = lr

    def state_dict(self) -> dict[str, Any]:
        """All that the optimiser remembers, as dicts of arrays and numbers; parameters are numbered.

        Returns:
            A copy: ``{"state": {0: ...}, "param_groups": [{"params": [0, ...], ...}]}``.
        """
        numbered = {id(p): i for i, p in enumerate(self._params())}
        groups = [{**group, "params": [numbered[id(p)] for p in group["params"]]} for group in self.param_groups]
        state = {numbered[id(p)]: {k: _copy(x) for k, x in s.items()} for p, s in self.state.items()}
        return {"state": dict(sorted(state.items())), "param_groups": groups}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on where another optimiser, of the same parameters in the same order, was saved.

        Args:
            state_dict: from :meth:`state_dict`.

        Raises:
            ArgumentError: another number of groups or of parameters, or a missing key.
            ShapeError: an array that does not have the shape of its parameter.
        """
        for key in ("state", "param_groups"):
            if key not in state_dict:
                given, cure = ", ".join(map(str, state_dict)) or "an empty dict", "optimizer.state_dict()"
                raise errors.bad_argument("load_state_dict(...)", f"the key {key!r}", given, cure)
        saved = state_dict["param_groups"]
        sizes, sizes_saved = ([len(g["params"]) for g in groups] for groups in (self.param_groups, saved))
        if sizes != sizes_saved:
            did, cure = f"{self._name}.load_state_dict(...)", "the same groups as in the optimiser that was saved"
            raise errors.bad_argument(did, f"groups of {sizes} parameters", f"groups of {sizes_saved}", cure)
        numbers = [i for group in saved for i in group["params"]]
        state = {}
        for i, p in zip(numbers, self._params(), strict=True):
            if i in state_dict["state"]:
                state[p] = {k: _fitted(k, x, p) for k, x in state_dict["state"][i].items()}
        for group, other in zip(self.param_groups, saved, strict=True):
            group.update({k: x for k, x in other.items() if k != "params"})
        self.state, self._blocks = state, {}

    def _params(self) -> list[Node]:
        return [p for group in self.param_groups for p in group["params"]]

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

    @property
    def _name(self) -> str:
        return type(self).__name__

    @property
    def _cure(self) -> str:
        return f"{self._name}(model.parameters(), lr=0.1), or {self._name}([x], lr=0.1) for one Tensor"

    def __repr__(self) -> str:
        options = ", ".join(f"{k}={x}" for k, x in self.param_groups[0].items() if k in self.defaults)
        return f"{self._name}({len(self._params())} parameters, {options})"


class _Block:
    """Parameters that move together, and what is remembered about them in flat arrays.

    In the optimiser's ``state`` each parameter has its part of these arrays, as views.
    """

    def __init__(self, optimizer: Optimizer, params: list[Node], arrays: dict[str, float], numbers: State) -> None:
        self.params = params
        self.numbers = numbers
        self.are_values = isinstance(params[0], Value)
        shapes = [np.shape(p.data) for p in params]
        sizes = [int(np.prod(shape)) for shape in shapes]
        dtype = np.dtype(float) if self.are_values else params[0].data.dtype
        ends = np.cumsum(sizes).tolist()
        self.places = [(slice(end - n, end), shape) for end, n, shape in zip(ends, sizes, shapes, strict=True)]
        self.p, self.g = np.empty(ends[-1], dtype), np.empty(ends[-1], dtype)
        self.parts = [self.p[place].reshape(shape) for place, shape in self.places]
        self.arrays = {name: np.full(ends[-1], x, dtype) for name, x in arrays.items()}
        self.states = []
        for p, (place, shape) in zip(params, self.places, strict=True):
            old, own = optimizer.state.get(p, {}), {name: a[place].reshape(shape) for name, a in self.arrays.items()}
            for name in own.keys() & old.keys():
                own[name][...] = old[name]
            optimizer.state[p] = {**numbers, **own}
            self.states.append(optimizer.state[p])

    def step(self, optimizer: Optimizer, group: dict[str, Any]) -> None:
        """Gather numbers and gradients, move, and give the numbers back."""
        optimizer.advance(group, self.numbers)
        for state in self.states:
            state.update(self.numbers)
        gradients = [p.grad.data if isinstance(p.grad, Node) else p.grad for p in self.params]
        whole = self.params[0].data
        if len(self.params) == 1 and not self.are_values and whole.flags.c_contiguous and whole.flags.writeable:
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

    def _move(self, optimizer: Optimizer, group: dict[str, Any], p: Any, g: Any) -> None:
        if p.size <= PIECE:
            optimizer.move(group, p, g, {**self.numbers, **self.arrays})
            return
        for start in range(0, p.size, PIECE):
            piece = slice(start, start + PIECE)
            parts = {name: a[piece] for name, a in self.arrays.items()}
            optimizer.move(group, p[piece], g[piece], {**self.numbers, **parts})


def check_numbers(name: str, group: Mapping[str, Any], *options: str) -> None:
    """An error unless these options are numbers from 0."""
    for option in options:
        usual = {"momentum": 0.9, "weight_decay": 1e-4, "eps": 1e-8}.get(option, 0.1)
        check_real(f"{name}(..., {option}={group[option]!r})", option, group[option], usual)


def check_shares(name: str, group: Mapping[str, Any], option: str) -> None:
    """An error unless an option is one number or several from 0 up to, and without, 1."""
    given = group[option]
    if not all(0 <= x < 1 for x in (given if isinstance(given, (tuple, list)) else (given,))):
        did, cure = f"{name}(..., {option}={given!r})", f"{option}={'(0.9, 0.999)' if option == 'betas' else 0.9}"
        raise errors.bad_argument(did, "from 0 up to, and without, 1", repr(given), cure)


def _copy(x: Any) -> Any:
    return x.copy() if isinstance(x, np.ndarray) else x


def _fitted(name: str, x: Any, p: Node) -> Any:
    """A copy of what was saved for a parameter, or an error."""
    if not isinstance(x, np.ndarray):
        return x
    if x.shape != np.shape(p.data):
        did, cure = f"load_state_dict: {name} of {errors.describe(p)}", "the same parameters in the same order"
        raise errors.ShapeError(errors.message(did, f"shape {np.shape(p.data)}", f"shape {x.shape}", cure))
    return x.copy()
