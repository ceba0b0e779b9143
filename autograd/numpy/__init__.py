"""NumPy's namespace, ready for Values and Tensors.

Plain ``import numpy as np`` is enough: ``np.sin(t)``, ``np.sum(t, axis=0)`` and their kin record when
they meet a Tensor. This module gives the same names to programs that import them from here.
"""

from typing import Any

import numpy

from . import functions as functions


def __getattr__(name: str) -> Any:
    return getattr(numpy, name)
