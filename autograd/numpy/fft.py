"""``numpy.fft``, for programs that import it from here: it records when it meets a Tensor."""

from typing import Any

import numpy


def __getattr__(name: str) -> Any:
    return getattr(numpy.fft, name)


def __dir__() -> list[str]:
    return dir(numpy.fft)
