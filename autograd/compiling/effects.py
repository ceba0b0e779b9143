"""What comes into a program with each call, and what a call leaves behind besides its results.

While a function is recorded, a *stand-in* takes the place of each tree of arguments: the same dicts, lists and tuples
with variables as leaves. What the function writes into a stand-in, every call writes into what it stands for.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from .. import errors, trees
from ..graph import Node
from ..tensor import Tensor
from ..value import Value
from . import kinds
from .lanes import Lane, examples, number
from .places import Place
from .trace import Trace, Variable

Path = tuple[Any, ...]


class Given(NamedTuple):
    """A variable for what comes with each call: a leaf of the arguments, or of what hangs in a place.

    Attributes:
        source: ``None`` for the arguments, or the place.
        leaf: which leaf it is.
        key: ``""`` for the leaf itself, or the attribute of a Tensor.
        variable: what stands for it.
    """

    source: Place | None
    leaf: int
    key: str
    variable: Variable


class Effect(NamedTuple):
    """Something that a run leaves behind.

    Attributes:
        source: the place, or ``None`` for the arguments.
        leaf: the leaf there whose attribute is set, if one is.
        key: the attribute; ``""`` if a container is filled; ``None`` if something hangs in the place itself.
        path: where the container is.
        template: what is left there: a tree with variables for what the program computes.
        kept: for a container that is filled, the keys or positions whose items stay what they are.
    """

    source: Place | None
    leaf: int
    key: str | None
    path: Path
    template: Any
    kept: dict[Any, Any]

    def leave(self, args: Any, kwargs: Any, values: Iterator[Any]) -> None:
        """Leave it behind, with the next of ``values`` for the variables."""
        made = built(self.template, values)
        if self.key is None:
            assert self.source
            self.source.set(made)
            return
        tree = [args, kwargs] if self.source is None else self.source.get()
        if self.key:
            setattr(kinds.leaves(tree)[self.leaf], self.key, made)
            return
        for key in self.path:
            tree = tree[key]
        items = {new: tree[old] for new, old in self.kept.items()} | made
        if isinstance(tree, dict):
            order = [*(key for key in tree if key in items), *(key for key in items if key not in tree)]
            tree_items = {key: items[key] for key in order}
            tree.clear()
            tree.update(tree_items)
        else:
            tree[:] = [items[i] for i in range(len(items))]


def outputs(template: Any) -> Iterator[Variable]:
    """The variables of a template, those in Tensors too."""
    for x in kinds.leaves(template):
        x = x._data if isinstance(x, Node) else x
        if isinstance(x, Variable):
            yield x


def built(template: Any, values: Iterator[Any]) -> Any:
    """The template with the next of ``values`` for each variable; Tensors without their graph."""
    if isinstance(template, Variable):
        return next(values)
    if isinstance(template, Node):
        return leaf(template, next(values)) if isinstance(template._data, Variable) else template
    if isinstance(template, (list, tuple, dict)):
        return trees.map_leaves(lambda x: built(x, values), template)
    return template


def leaf(like: Node, data: Any) -> Node:
    """A Tensor or a Value with these data and the name of another, that nothing made."""
    kind = Value if isinstance(like, Lane) else Tensor
    node: Node = kind._leaf(data, requires_grad=False, name=like.name)
    return node


class Inputs:
    """The stand-ins of a run.

    Args:
        trace: the run.
        own: the ``id`` of each Tensor that the function reaches by itself: it stands for itself.
    """

    def __init__(self, trace: Trace, own: Container[int]) -> None:
        self.trace, self.own = trace, own
        self.given: list[Given] = []
        self.twins: dict[int, tuple[Any, Place | None, int, Any, Any]] = {}
        self.containers: list[tuple[Place | None, Path, Any, dict[Any, Any]]] = []

    def stand_in(self, tree: Any, source: Place | None, names: Sequence[str], varying: Container[Any]) -> Any:
        """A tree of variables in place of ``tree``."""
        count = iter(range(len(names)))

        def at(x: Any) -> Any:
            i = next(count)
            varies = source is not None or ("argument", i) in varying
            return self._leaf(x, source, i, names[i], varies)

        new = trees.map_leaves(at, tree)
        self._containers(new, source, ())
        return new

    def _leaf(self, x: Any, source: Place | None, i: int, name: str, varies: bool) -> Any:
        if isinstance(x, Value) and type(x) not in (Value, Lane):
            raise errors.captured_value()
        if self.trace.batch and source is None and isinstance(x, np.ndarray):
            return self._lanes(x, i, name)
        if isinstance(x, (Tensor, Value)):
            return x if id(x) in self.own or kinds.is_inside(x) else self._twin(x, source, i, name)
        is_array = isinstance(x, np.ndarray) and x.dtype.kind in "fciub"
        if is_array or type(x) is float or isinstance(x, np.generic) or (type(x) is int and varies):
            return self._given(x, source, i, "", name)
        return x

    def _given(self, x: Any, source: Place | None, i: int, key: str, name: str) -> Any:
        variable = self.trace.given(x, name)
        self.given.append(Given(source, i, key, variable))
        return variable

    def _lanes(self, x: Any, i: int, name: str) -> Any:
        """An array with a number for each example, as one example sees it."""
        lanes = self.trace.lanes = self.trace.lanes or (len(x) if x.ndim else 0)
        if not lanes or x.shape[:1] != (lanes,) or x.dtype.kind not in "fiub":
            raise errors.captured_examples(name, x.shape, lanes)
        return examples(self._given(x, None, i, "", name))

    def _twin(self, x: Any, source: Place | None, i: int, name: str) -> Any:
        """A Tensor or a Value that stands for one that comes with the call; always the same for the same one."""
        if id(x) in self.twins:
            return self.twins[id(x)][0]
        data = self._given(x._data, source, i, "_data", x.name or name)
        kind = Lane if isinstance(x, Value) else type(x)
        twin = kind._leaf(data, x.requires_grad, x.name or name)
        if x.grad is not None:
            twin.grad = self._given(x.grad, source, i, "grad", f"grad_{name}")
        self.twins[id(x)] = twin, source, i, data, twin.grad
        return twin

    def _containers(self, tree: Any, source: Place | None, path: Path) -> None:
        """Remember what is in the dicts and lists, since the function may write into them."""
        if isinstance(tree, (dict, list)) and (path or source):
            self.containers.append((source, path, tree, dict(_items(tree))))
        if isinstance(tree, (dict, list, tuple)):
            for key, part in _items(tree):
                self._containers(part, source, (*path, key))

    def template(self, tree: Any) -> Any:
        """What is left behind, with Tensors of its own in place of those that the run has made."""

        def at(x: Any) -> Any:
            made = isinstance(x, Node) and isinstance(x._data, Variable) and id(x) not in self.own
            return leaf(x, x._data) if made else x

        return trees.map_leaves(at, tree) if isinstance(tree, (dict, list, tuple, Node)) else tree

    def effects(self) -> Iterator[Effect]:
        """What the function has written into the stand-ins."""
        for source, path, tree, start in self.containers:
            now = dict(_items(tree))
            if now.keys() != start.keys() or any(now[key] is not start[key] for key in now):
                places = {id(x): key for key, x in start.items()}
                kept = {key: places[id(x)] for key, x in now.items() if id(x) in places}
                made = {key: x for key, x in now.items() if key not in kept}
                yield Effect(source, 0, "", path, self.template(made), kept)
        for twin, source, i, data, grad in self.twins.values():
            for attribute, old in (("_data", data), ("grad", grad)):
                new = getattr(twin, attribute)
                new = number(new) if isinstance(twin, Lane) else new
                if new is not old:
                    yield Effect(source, i, attribute, (), self.template(new), {})


def _items(tree: Any) -> Iterator[tuple[Any, Any]]:
    return iter(tree.items()) if isinstance(tree, dict) else iter(enumerate(tree))


def found_effects(inputs: Inputs, reached: list[Place], hung: list[Any], after: list[Any]) -> list[Effect]:
    """What a run leaves behind, in the stand-ins and in places."""
    in_places = [
        Effect(place, 0, None, (), inputs.template(new), {})
        for place, old, new in zip(reached, hung, after, strict=True)
        if new is not old and place.holds
    ]
    return [*inputs.effects(), *in_places]
