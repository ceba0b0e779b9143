"""How close two libraries have to be: float64 to 1e-10 and float32 to 1e-5, relative to the largest number."""

from __future__ import annotations

from typing import Any

import numpy as np

TOLERANCE = {"float32": 1e-5, "float64": 1e-10}


def assert_close(ours: Any, theirs: Any, dtype: str, scale: float = 0.0) -> None:
    """The same dtype, shape and numbers; ``theirs`` is a tensor of PyTorch's or an array.

    What is 0 but for rounding is compared with ``scale``, the size of what cancelled.
    """
    theirs = theirs.detach().numpy(force=True) if hasattr(theirs, "detach") else np.asarray(theirs)
    assert np.asarray(ours).dtype == theirs.dtype == dtype
    assert np.shape(ours) == theirs.shape
    largest = np.max(np.abs(theirs), where=np.isfinite(theirs), initial=scale)
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=TOLERANCE[dtype] * largest)
