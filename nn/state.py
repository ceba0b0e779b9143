"""The state of a module: its parameters and buffers as arrays by path, with PyTorch's keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from autograd import Tensor, errors
from autograd.rules.elsewhere import beside

from .parameter import Buffer, Parameter
from .parts import Parts, array, join


class Keys(NamedTuple):
    """What :meth:`Module.load_state_dict` did not find, and what it had no place for."""

    missing_keys: list[str]
    unexpected_keys: list[str]


class State(Parts):
    """What of a module is saved and loaded."""

    def state_dict(self, prefix: str = "") -> dict[str, Any]:
        """A copy of every parameter and buffer as an array, by path; the keys are PyTorch's.

        Args:
            prefix: what the paths begin with, its dot included.

        Example:
            >>> from nn import Linear, Sequential
            >>> {path: array.shape for path, array in Sequential(Linear(2, 3)).state_dict().items()}
            {'0.weight': (3, 2), '0.bias': (3,)}
        """
        return {prefix + path: p.data.copy() for path, p in self._state().items()}

    def _state(self) -> dict[str, Tensor]:
        """What is saved, in PyTorch's order: of each part first its parameters, then its buffers."""
        return {
            join(path, name): x
            for path, module in self.named_modules(remove_duplicate=False)
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
        arrays = {path: array(state_dict[path]) for path in own if path in state_dict}
        for path, given in arrays.items():
            if given.shape != own[path].shape:
                raise _wrong_shape(path, own[path].shape, given.shape)
        for path, given in arrays.items():
            own[path].data = beside(own[path], np.asarray, given)
        return keys


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
