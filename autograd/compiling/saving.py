"""A program as a module that needs NumPy alone, with its arrays in a file beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from .. import errors
from .trace import memory

NAMES = ("prepare", "load")
"""Functions of a saved module besides the program."""


def save(path: Path, name: str, source: str, arrays: Mapping[str, Any], written: list[int]) -> None:
    """Write a program and its arrays.

    Args:
        path: the file, which ends in ``.py``; the arrays go into one of the same name that ends in ``.npz``.
        name: what the program is called.
        source: the program.
        arrays: those that it was given once, by name.
        written: the ``id`` of what owns the memory that it writes into. Arrays that lie in the same memory, such as
            those of the parameters that an optimiser updates in one go, do so when they are loaded.

    Raises:
        ArgumentError: the path does not end in ``.py``.
        CaptureError: the program calls what NumPy does not have, such as a function of an operation of one's own.
    """
    if path.suffix != ".py":
        raise errors.bad_argument(f"save({str(path)!r})", "a path that ends in .py", path.suffix, "save('step.py')")
    for key, x in arrays.items():
        if not isinstance(x, (np.ndarray, np.generic)):
            raise errors.not_saved(name, key)
    roots = {key: memory(x) for key, x in arrays.items()}
    lying = Counter(map(id, roots.values()))
    saved: dict[str, Any] = {}
    given = []
    for key, x in arrays.items():
        root = roots[key]
        if id(root) in written and lying[id(root)] > 1:
            held = f"memory {written.index(id(root))}"  # with a space, which no name of an array has
            saved[held] = root.ravel(order="K")
            given.append(f"{key}={_view(x, saved[held], held)},")
        else:
            saved[key] = x
            given.append(f'{key}=saved["{key}"],')
    made = name
    if given:
        made = f"prepare({INDENT.join(['', *given])}\n    )"
    elif "\ndef prepare(" in source:
        made = "prepare()"
    if saved:
        np.savez(path.with_suffix(".npz"), **saved)
    path.write_text(source + (LOAD_ARRAYS if saved else LOAD).format(name=name, made=made))


def _view(x: Any, flat: Any, held: str) -> str:
    """How ``x`` lies in the memory of ``flat``, as NumPy is told."""
    offset = x.__array_interface__["data"][0] - flat.__array_interface__["data"][0]
    return f'np.ndarray({x.shape}, np.{x.dtype.name}, saved["{held}"], {offset}, {x.strides})'


INDENT = "\n        "

LOAD = '''

def load():
    """{name}, to be called."""
    return {made}
'''

LOAD_ARRAYS = '''

def load(path=__file__[:-3] + ".npz"):
    """{name}, with the arrays that were saved beside this file."""
    saved = dict(np.load(path))
    return {made}
'''
