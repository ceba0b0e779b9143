"""``numpy.random``, for programs that import it from here: it draws plain numbers: nothing flows through it."""

from typing import Any

import numpy


def __getattr__(name: str) -> Any:
    return getattr(numpy.random, name)


def __dir__() -> list[str]:
    return dir(numpy.random)
