"""Keep examples back, to test on what was not trained on."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd import errors

from ..check import check_real, check_whole


def train_test_split(X: Any, y: Any, test_size: float = 0.2, seed: int = 0) -> tuple[Any, Any, Any, Any]:
    """The examples in two parts, chosen at random, the same ones for the same seed.

    Args:
        X: examples along the first axis.
        y: their targets, as many.
        test_size: the fraction that is kept back for testing.
        seed: of the choice.

    Returns:
        ``X_train, X_test, y_train, y_test``.

    Raises:
        ShapeError: not as many targets as examples.
        ArgumentError: one of the parts would be empty.

    Example:
        >>> X_train, X_test, y_train, y_test = train_test_split(np.arange(10), np.arange(10))
        >>> len(X_train), len(X_test), bool((X_test == y_test).all())
        (8, 2, True)
    """
    if len(X) != len(y):
        raise errors.ShapeError(
            errors.message(
                "train_test_split(X, y)",
                "as many targets as examples",
                f"{len(X)} examples and {len(y)} targets",
                "X[: len(y)], if the targets of the last examples are missing",
            )
        )
    check_real("train_test_split", "test_size", test_size, usual=0.2)
    check_whole("train_test_split", "seed", seed, least=0, usual=0)
    held_back = round(len(X) * test_size)
    if not 0 < held_back < len(X):
        given = f"{held_back} of {len(X)} examples"
        raise errors.bad_argument(
            f"train_test_split(..., test_size={test_size!r})", "two parts", given, "test_size=0.2"
        )
    order = np.random.default_rng(seed).permutation(len(X))
    test, train = order[:held_back], order[held_back:]
    return X[train], X[test], y[train], y[test]
