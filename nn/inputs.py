"""What people pass beside Tensors: plain arrays and lists."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import Tensor


def as_constant(x: Any, dtype: Any) -> Any:
    """A Tensor as it is; anything else as an array of ``dtype``, so that a float32 network stays float32."""
    if isinstance(x, Tensor):
        return x
    if hasattr(x, "astype"):
        return x if x.dtype == dtype else x.astype(dtype)
    return np.asarray(x, dtype)
