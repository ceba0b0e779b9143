"""Somebody who looks on while operations are recorded and gradients are computed.

A :class:`Watch` stands in the context in the place of the switch that says whether operations are recorded.
It is false. So whoever only records takes it for no recording at all and turns aside, where there is time to
ask; where nobody looks on, looking on costs nothing.

This file imports the standard library only.
"""

from __future__ import annotations

import linecache
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

HOUSE = tuple(str(Path(__file__).parents[1] / package) + "/" for package in ("autograd", "nn", "viz"))


LIVING: set[int] = set()
"""The places that are kept somewhere: while there are none, no backward pass has anything to inspect."""


class Place(str):
    """Where a result was made: the path of the ``nn`` module, as any ``scope``, and the line of the program.

    Attributes:
        line: the file, the number and the text of the line.
    """

    line: str

    def __new__(cls, path: str, line: str) -> Self:
        """The path, and the line beside it."""
        place = super().__new__(cls, path)
        place.line = line
        LIVING.add(id(place))
        return place

    def __del__(self) -> None:
        LIVING.discard(id(self))

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        return str, (str(self),)

    def inspect(self, node: Any) -> None:
        """Look at ``node``, which was made here, before a backward pass comes by."""


class Watcher:
    """Somebody who looks on."""

    def made(self, node: Any, op: Any, inputs: tuple[Any, ...]) -> None:
        """``node`` was computed as ``op(*inputs)``: at least, note the line."""
        if node.op is not None and not isinstance(node.scope, Place):
            node.scope = Place(node.scope, line_of_user())

    def assigned(self, node: Any) -> None:
        """``node`` was given new data."""

    def walked(self, root: Any, gradients: Mapping[Any, Any]) -> None:
        """A backward pass from ``root`` found these gradients."""

    def while_walking(self) -> Watcher:
        """Who looks on while a backward pass computes derivatives, which it may have to do twice."""
        return self


class Watch:
    """Recording, or not, while somebody looks on.

    Args:
        on: whether operations are recorded.
        watchers: who looks on.
    """

    __slots__ = ("on", "watchers")

    def __init__(self, on: bool, watchers: tuple[Watcher, ...]) -> None:
        self.on = on
        self.watchers = watchers

    def __bool__(self) -> bool:
        return False

    def turned(self, on: bool) -> Watch:
        """The same people, looking on while recording is switched on or off."""
        return Watch(on, self.watchers)

    def joined_by(self, watcher: Watcher) -> Watch:
        """With one more, in the place of any other of its kind."""
        others = [w for w in self.watchers if type(w) is not type(watcher)]
        return Watch(self.on, (*others, watcher))

    def walking(self, record: bool) -> Watch:
        """The watch during a backward pass, recorded or not."""
        return Watch(record or self.on, tuple([w.while_walking() for w in self.watchers]))

    def made(self, node: Any, op: Any, inputs: tuple[Any, ...]) -> None:
        """Tell all of them."""
        for watcher in self.watchers:
            watcher.made(node, op, inputs)

    def assigned(self, node: Any) -> None:
        """Tell all of them."""
        for watcher in self.watchers:
            watcher.assigned(node)

    def walked(self, root: Any, gradients: Mapping[Any, Any]) -> None:
        """Tell all of them."""
        for watcher in self.watchers:
            watcher.walked(root, gradients)


def line_of_user() -> str:
    """The line of the program that is running: the innermost that is neither ours nor NumPy's."""
    frame = sys._getframe(1)
    while frame.f_back is not None and is_ours(frame.f_code.co_filename):
        frame = frame.f_back
    file, number = frame.f_code.co_filename, frame.f_lineno
    text = linecache.getline(file, number, frame.f_globals).strip()
    return f"{file}:{number}" + (f": {text}" if text else "")


def is_ours(file: str) -> bool:
    """Whether a file belongs to this library, or to NumPy, which called us back."""
    return file.startswith(HOUSE) or "/numpy/" in file or file.startswith("<__array_function__")
