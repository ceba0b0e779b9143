"""``numpy.linalg``, for programs that import it from here: it records when it meets a Tensor."""

from typing import Any

import numpy

from .lists import of_lists

norm = of_lists(numpy.linalg.norm)


def __getattr__(name: str) -> Any:
    return getattr(numpy.linalg, name)


def __dir__() -> list[str]:
    return dir(numpy.linalg)
