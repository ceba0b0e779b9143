"""The checks of a program, as functions that stand in its source."""

from __future__ import annotations

import cmath

import numpy as np


def is_finite(x: np.ndarray) -> bool:
    """Whether the squares of the elements sum to a finite number."""
    return cmath.isfinite(np.vdot(x, x))


def count_true(mask: np.ndarray) -> int:
    """How many elements are true: the length of ``x[mask]``."""
    return int(np.count_nonzero(mask))
