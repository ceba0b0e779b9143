"""The work that is measured: one file a subject; in each, functions that return ``{contender: work}``.

A contender whose library is not installed is left out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def installed(makers: dict[str, Callable[..., Any]], *args: Any) -> dict[str, Any]:
    """What the makers make, without those whose library is missing."""
    made = {}
    for name, make in makers.items():
        try:
            made[name] = make(*args)
        except ModuleNotFoundError:
            continue
    return made
