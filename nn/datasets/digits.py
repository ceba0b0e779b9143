"""The UCI handwritten digits: 1,797 pictures of 8 by 8 grey values. Source and licence: ``LICENSE-digits.md``."""

from __future__ import annotations

import os.path
from typing import Any

import numpy as np


def load_digits() -> tuple[Any, Any]:
    """The handwritten digits (Alpaydin and Kaynak 1998, https://doi.org/10.24432/C50P49, CC BY 4.0).

    Returns:
        ``(X, y)``: X is float32 of shape (1797, 64), each row a picture of 8 by 8 grey values from 0
        (paper) to 1 (ink); y is int64 of shape (1797,), the digits.

    Example:
        >>> X, y = load_digits()
        >>> X.shape, X.dtype.name, float(X.max()), y[:10].tolist()
        ((1797, 64), 'float32', 1.0, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    """
    with np.load(os.path.join(os.path.dirname(__file__), "digits.npz")) as arrays:
        return arrays["X"].astype(np.float32) / 16, arrays["y"].astype(np.int64)
