"""Arguments that are numbers, checked before anything is built on them."""

from __future__ import annotations

from numbers import Integral, Real
from typing import Any

from autograd.errors import bad_argument


def check_whole(did: str, name: str, x: Any, least: int, usual: int) -> None:
    """A whole number of at least ``least``.

    Raises:
        ArgumentError: it is something else.
    """
    if not isinstance(x, Integral) or x < least:
        raise bad_argument(did, f"a whole number from {least} as {name}", repr(x), f"{name}={usual}")


def check_real(did: str, name: str, x: Any, usual: float) -> None:
    """A real number from 0.

    Raises:
        ArgumentError: it is something else.
    """
    if not isinstance(x, Real) or not float(x) >= 0:
        raise bad_argument(did, f"a number from 0 as {name}", repr(x), f"{name}={usual}")
