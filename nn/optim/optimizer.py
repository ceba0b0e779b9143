"""What all optimisers have in common: groups of parameters with their options, and a state to save and resume."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from copy import deepcopy
from typing import Any

import numpy as np

from autograd import Node, errors

from ..check import check_real

State = dict[str, Any]

HOW = ("foreach", "fused", "capturable")
"""PyTorch's choices of how a step is computed, not of what: accepted, and left out."""


class Optimizer(ABC):
    """The base of optimisers.

    A subclass says how a step goes (:meth:`step`). Most derive from :class:`nn.optim.Elementwise` and write less.

    Args:
        params: the Tensors or Values to train, such as ``model.parameters()``; or groups of them, dicts with the key
            ``"params"`` and the options that are their own.
        defaults: the options of groups that do not say otherwise.
        others: arguments that only PyTorch needs. ``foreach``, ``fused`` and ``capturable`` choose how a step is
            computed on other machines, not what: they change nothing.

    Attributes:
        param_groups: a dict for each group, with its ``"params"`` and options; may be changed between steps.
        state: what is remembered about each parameter.

    Raises:
        ArgumentError: no parameters, something that is not a parameter, or an unknown option.
    """

    def __init__(
        self, params: Iterable[Any], defaults: dict[str, Any], others: Mapping[str, Any] | None = None
    ) -> None:
        self.defaults = defaults
        self.param_groups: list[dict[str, Any]] = []
        self.state: dict[Node, State] = {}
        self._check_others(others or {})
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
        """An error for options that make no sense; a subclass adds those for its own."""
        if "lr" in group:
            check_numbers(self._name, group, "lr")

    @abstractmethod
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Move every parameter that has a gradient.

        Args:
            closure: computes the loss and its gradients before the step, if they are not there yet.

        Returns:
            What the closure returned.
        """

    def restored(self, group: dict[str, Any], p: Node, saved: Mapping[str, Any]) -> State:
        """A copy of what was saved for a parameter, as this optimiser remembers it; errors for what does not fit."""
        return {name: deepcopy(x) for name, x in saved.items()}

    # What a user calls.

    def add_param_group(self, group: Mapping[str, Any]) -> None:
        """Train further parameters, with options of their own.

        Args:
            group: a dict with ``"params"``, and any of the options.

        Raises:
            ArgumentError: no parameters, one that is trained already, or an unknown option.
        """
        if not isinstance(group, Mapping):
            did, given = f"{self._name}.add_param_group(group)", f"{type(group).__name__}: {errors.brief(group)}"
            raise errors.bad_argument(did, "a dict with 'params'", given, "{'params': layer.parameters(), 'lr': 0.01}")
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
        unknown = set(group) - set(self.defaults) - {"params", *HOW}
        if unknown:
            options, more = ", ".join(self.defaults), ", ".join(map(str, unknown))
            raise errors.bad_argument(f"{self._name}: a group", f"the options {options}", more, self._cure)
        whole = {**self.defaults, **{k: x for k, x in group.items() if k in self.defaults}, "params": found}
        self.check(whole)
        self.param_groups.append(whole)

    def zero_grad(self) -> None:
        """Forget the gradients of earlier backward passes."""
        for group in self.param_groups:
            for p in group["params"]:
                p.zero_grad()

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
        state = {numbered[id(p)]: deepcopy(s) for p, s in self.state.items()}
        return {"state": dict(sorted(state.items())), "param_groups": groups}

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on where another optimiser, of the same parameters in the same order, was saved.

        Args:
            state_dict: from :meth:`state_dict`, here or in PyTorch.

        Raises:
            ArgumentError: other groups, parameters or options, or a missing key. Nothing was loaded then.
            ShapeError: an array that does not have the shape of its parameter. Nothing was loaded then.
        """
        if not isinstance(state_dict, Mapping):
            did, cure = f"{self._name}.load_state_dict(...)", "optimizer.state_dict()"
            raise errors.bad_argument(did, "a dict", f"{type(state_dict).__name__}: {errors.brief(state_dict)}", cure)
        for key in ("state", "param_groups"):
            if key not in state_dict:
                given, cure = ", ".join(map(str, state_dict)) or "an empty dict", "optimizer.state_dict()"
                raise errors.bad_argument("load_state_dict(...)", f"the key {key!r}", given, cure)
        saved = state_dict["param_groups"]
        sizes, sizes_saved = ([len(g["params"]) for g in groups] for groups in (self.param_groups, saved))
        if sizes != sizes_saved:
            did, cure = f"{self._name}.load_state_dict(...)", "the same groups as in the optimiser that was saved"
            raise errors.bad_argument(did, f"groups of {sizes} parameters", f"groups of {sizes_saved}", cure)
        for group, other in zip(self.param_groups, saved, strict=True):
            self._check_options(group, other)
        state: dict[Node, State] = {}
        options = []
        for group, other in zip(self.param_groups, saved, strict=True):
            options.append({k: x for k, x in other.items() if k not in ("params", *HOW)})
            for i, p in zip(other["params"], group["params"], strict=True):
                if i in state_dict["state"]:
                    state[p] = self.restored({**group, **options[-1]}, p, state_dict["state"][i])
        for group, own in zip(self.param_groups, options, strict=True):
            group.update(own)
        self.state = state

    def _check_options(self, group: Mapping[str, Any], saved: Mapping[str, Any]) -> None:
        """An error for a group of an optimiser of another kind: it lacks some of the options, and has others."""
        own, others = self.defaults.keys() - saved.keys(), saved.keys() - group.keys() - {*HOW, "initial_lr"}
        if own and others:
            did, expected = f"{self._name}.load_state_dict(...)", f"the options {', '.join(self.defaults)}"
            given = ", ".join(name for name in saved if name != "params")
            raise errors.bad_argument(did, expected, given, "an optimiser of the class of the one that was saved")

    def _params(self) -> list[Node]:
        return [p for group in self.param_groups for p in group["params"]]

    def _check_others(self, others: Mapping[str, Any]) -> None:
        """An error for arguments that this optimiser does not have, beside those of :data:`HOW`."""
        for name, x in others.items():
            did = f"{self._name}(..., {name}={x!r})"
            if name == "differentiable" and x:
                expected = "differentiable=False: a step writes into the parameters, and is not recorded"
                cure = "autograd.misc.optimizers.adam(grad, x), through which one can differentiate"
                raise errors.bad_argument(did, expected, repr(x), cure)
            if name not in (*HOW, "differentiable"):
                raise errors.bad_argument(did, f"the options {', '.join(self.defaults)}", name, self._cure)

    @property
    def _name(self) -> str:
        return type(self).__name__

    @property
    def _cure(self) -> str:
        return f"{self._name}(model.parameters(), lr=0.1), or {self._name}([x], lr=0.1) for one Tensor"

    def __repr__(self) -> str:
        options = ", ".join(f"{k}={x}" for k, x in self.param_groups[0].items() if k in self.defaults)
        return f"{self._name}({len(self._params())} parameters, {options})"


def check_numbers(name: str, group: Mapping[str, Any], *options: str) -> None:
    """An error unless these options are numbers from 0."""
    for option in options:
        usual = {"momentum": 0.9, "weight_decay": 1e-4, "eps": 1e-8}.get(option, 0.1)
        check_real(f"{name}(..., {option}={group[option]!r})", option, group[option], usual)


def check_shares(name: str, group: Mapping[str, Any], option: str) -> None:
    """An error unless an option is one number or several from 0 up to, and without, 1."""
    given = group[option]
    several = given if isinstance(given, (tuple, list)) else (given,)
    if not all(isinstance(x, (int, float)) and 0 <= x < 1 for x in several):
        did, cure = f"{name}(..., {option}={given!r})", f"{option}={'(0.9, 0.999)' if option == 'betas' else 0.9}"
        raise errors.bad_argument(did, "from 0 up to, and without, 1", repr(given), cure)


def as_saved(x: Any) -> Any:
    """A copy of saved numbers: another library's tensors as arrays, lists likewise, and the rest as it is."""
    if isinstance(x, list):
        return [as_saved(part) for part in x]
    x = deepcopy(x)
    return np.asarray(x) if hasattr(x, "shape") else x
