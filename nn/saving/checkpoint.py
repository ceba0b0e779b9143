"""Save and load: the weights of a network, or all that a training needs to go on."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

import numpy as np

from autograd import errors

from .. import init
from ..check import called_as
from ..module import Module
from . import atomic, format
from .errors import damaged, missing
from .tree import put_together, take_apart

SEED = "manual_seed"
"""The name under which the state of the generator of ``nn`` is saved."""


@called_as("nn.save(model, 'model.safetensors', optimizer=optimizer)")
def save(obj: Any, path: str | os.PathLike[str], **parts: Any) -> None:
    """Write a network to a safetensors file, whole or not at all.

    The file of a network alone, or of a ``state_dict``, holds the arrays under their paths, as PyTorch writes and reads
    them. With further parts it also holds the state of the generator of ``nn``, so that a training that goes on draws
    the same numbers.

    Args:
        obj: a module, its ``state_dict``, or any dicts, lists and tuples of arrays, numbers and strings.
        path: the file. If there is one already, it is replaced in one step: who is interrupted keeps the old one.
        **parts: what else belongs to the training, under names of your choice: ``optimizer=optimizer``,
            ``schedule=schedule``, ``epoch=3``. Of what has a ``state_dict``, that is saved, and of a generator of
            NumPy's its state.

    Raises:
        ArgumentError: ``path`` is no file; or a part has the name of one that is always there, ``model`` or
            ``manual_seed``.
        DtypeError: something that is no plain data, or an array of a dtype that the format does not know.
        MissingFileError: the folder does not exist.

    Example:
        >>> import os, tempfile
        >>> from nn import Linear
        >>> path = os.path.join(tempfile.mkdtemp(), "model.safetensors")
        >>> save(Linear(2, 1), path)
        >>> {name: array.shape for name, array in load(path).items()}
        {'weight': (1, 2), 'bias': (1,)}
    """
    name, arrays, whole = _file("nn.save(model, path)", path), dict[str, Any](), _state(obj)
    if parts:
        if taken := parts.keys() & {"model", SEED}:
            expected, cure = "parts of other names", f"nn.save(model, path, my_{min(taken)}=...)"
            raise errors.bad_argument("nn.save(model, path, **parts)", expected, ", ".join(taken), cure)
        whole = {"model": whole, SEED: _state(init.generator()), **{name: _state(x) for name, x in parts.items()}}
    atomic.write(name, format.to_bytes(arrays, take_apart(whole, "", arrays)))


@called_as("nn.load('model.safetensors', model, optimizer=optimizer)")
def load(path: str | os.PathLike[str], model: Any = None, *, strict: bool = True, **parts: Any) -> Any:
    """Read a file of :func:`save`, or any safetensors file, and load it into a network.

    Everything fits, or nothing is changed.

    Args:
        path: the file.
        model: a module, or anything else with ``load_state_dict``, to load the weights into.
        strict: whether weights that are missing, or unexpected, are an error.
        **parts: what else to load the saved state into, under the names that it was saved under. If there are any, the
            generator of ``nn`` goes on from its saved state too.

    Returns:
        All that the file holds: a dict of arrays, or what :func:`save` was given, ``["model"]`` and the parts by name.

    Raises:
        MissingFileError: there is no such file.
        FileError: it is of another format, cut short, or not as it was written.
        ArgumentError: ``path`` is no file, or has no part of that name; or weights are missing or unexpected.
        DtypeError: weights that cannot become those of the network, such as complex ones.
        ShapeError: weights of other shapes.

    Example:
        >>> import os, tempfile
        >>> from nn import Linear, SGD
        >>> path = os.path.join(tempfile.mkdtemp(), "run.safetensors")
        >>> model = Linear(2, 1)
        >>> optimizer = SGD(model.parameters(), lr=0.1)
        >>> save(model, path, optimizer=optimizer, epoch=3)
        >>> load(path, model, optimizer=optimizer)["epoch"]
        3
    """
    path = _file("nn.load(path, model)", path)
    try:
        with open(path, "rb") as file:
            data = file.read()
    except FileNotFoundError as error:
        raise missing("reading", path, "file") from error
    arrays, tree = format.from_bytes(data, path)
    try:
        saved = arrays if tree is None else put_together(tree, arrays)
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise damaged(path, "a description of what is in it", f"one that does not fit: {error!r}") from error
    goals: dict[str, Any] = {"model": model} if model is not None else {}
    goals |= {**parts, SEED: init.generator()} if parts else {}
    _load_all([(goal, _part(saved, name, path)) for name, goal in goals.items()], strict)
    return saved


def _file(did: str, path: Any) -> str:
    """The name of a file, or an error."""
    if isinstance(path, (str, os.PathLike)) and not os.path.isdir(path):
        return str(os.fspath(path))
    given = f"the folder {os.fspath(path)!r}" if isinstance(path, (str, os.PathLike)) else errors.describe(path)
    cure = did.replace("path", "'model.safetensors'")
    raise errors.bad_argument(f"{did}: path", "the name of a file", given, cure)


def _state(x: Any) -> Any:
    """What is saved of something."""
    if isinstance(x, np.random.Generator):
        return x.bit_generator.state
    return x.state_dict() if hasattr(x, "state_dict") else x


def _part(saved: Any, name: str, path: str) -> Any:
    """A part of what was saved, or an error."""
    if isinstance(saved, Mapping) and name in saved and (name != "model" or isinstance(saved[name], Mapping)):
        return saved[name]
    if name == "model":
        return saved  # a file of weights alone
    expected, given = f"a part {name!r}", errors.brief(list(saved)) if isinstance(saved, Mapping) else "no parts at all"
    cure = f"nn.save(model, path, {name}={name}) writes one"
    raise errors.bad_argument(f"nn.load({path!r}, {name}=...)", expected, given, cure)


def _load_all(pairs: list[tuple[Any, Any]], strict: bool) -> None:
    """Load every state into what it belongs to; if one does not fit, put back what was there."""
    before = [(goal, _state(goal)) for goal, _ in pairs]
    try:
        for goal, state in pairs:
            _load_one(goal, state, strict)
    except BaseException:
        for goal, state in before:
            _load_one(goal, state, strict=True)
        raise


def _load_one(goal: Any, state: Any, strict: bool) -> None:
    if isinstance(goal, np.random.Generator):
        goal.bit_generator.state = state
    elif isinstance(goal, Module):
        _check_dtypes(goal.state_dict(), state)
        goal.load_state_dict(state, strict)
    elif hasattr(goal, "load_state_dict"):
        goal.load_state_dict(state)
    else:
        given = f"{type(goal).__name__}: {errors.brief(goal)}"
        expected = "a module, an optimiser, a schedule, or what else has a load_state_dict"
        raise errors.bad_argument("nn.load(path, ...)", expected, given, "nn.load(path)['epoch'] for plain data")


def _check_dtypes(own: Mapping[str, Any], saved: Any) -> None:
    """An error for weights that would lose more than digits: complex ones in a real network, say."""
    for name in own.keys() & (saved.keys() if isinstance(saved, Mapping) else ()):
        dtype = np.asarray(saved[name]).dtype
        if not np.can_cast(dtype, own[name].dtype, "same_kind"):
            cure = f"{{**saved, {name!r}: saved[{name!r}].real}}" if dtype.kind == "c" else "the network that was saved"
            did = f"nn.load: {name}"
            raise errors.DtypeError(errors.message(did, f"numbers that fit into {own[name].dtype}", str(dtype), cure))
