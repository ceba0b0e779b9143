"""Fisher's irises: 150 flowers of three species, measured. Source and licence: ``LICENSE-iris.md``."""

from __future__ import annotations

import os.path
from typing import Any

import numpy as np


def load_iris() -> tuple[Any, Any]:
    """The irises (Fisher 1936, https://doi.org/10.24432/C56C76, CC BY 4.0).

    Returns:
        ``(X, y)``: X is float32 of shape (150, 4), the length and width of the sepals and of the petals in
        centimetres; y is int64 of shape (150,), 0 for Iris setosa, 1 for versicolor, 2 for virginica.

    Example:
        >>> X, y = load_iris()
        >>> X.shape, np.bincount(y).tolist(), X[0].tolist()
        ((150, 4), [50, 50, 50], [5.099999904632568, 3.5, 1.399999976158142, 0.20000000298023224])
    """
    table = np.loadtxt(os.path.join(os.path.dirname(__file__), "iris.csv"), delimiter=",", skiprows=1)
    return table[:, :4].astype(np.float32), table[:, 4].astype(np.int64)
