"""Data sets that are small enough to write down, or to draw from a formula."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..check import check_real, check_whole


def six_row_table() -> tuple[Any, Any]:
    """Six rows of three numbers that one sigmoid neuron can learn: the target is the second number, nearly.

    Returns:
        ``(X, y)``, float64, of shapes (6, 3) and (6, 1).

    Example:
        >>> X, y = six_row_table()
        >>> X.shape, y.ravel().tolist()
        ((6, 3), [0.0, 0.0, 1.0, 0.0, 1.0, 1.0])
    """
    X = np.array([[0, 0, 0], [0, 0, 1], [0, 1, 0], [1, 0, 0], [1, 1, 0], [1, 1, 1]], dtype=np.float64)
    y = np.array([[0, 0, 1, 0, 1, 1]], dtype=np.float64).T
    return X, y


def xor() -> tuple[Any, Any]:
    """Exclusive or: 1 where exactly one of two bits is 1. No straight line separates its classes.

    Returns:
        ``(X, y)``: float32 of shape (4, 2), int64 of shape (4,).

    Example:
        >>> X, y = xor()
        >>> y
        array([0, 1, 1, 0])
    """
    X = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=np.float32)
    return X, np.array([0, 1, 1, 0], dtype=np.int64)


def make_moons(n: int = 100, noise: float = 0.1, seed: int = 0) -> tuple[Any, Any]:
    """Two half circles that reach into each other, in random order.

    The first is ``(cos t, sin t)``, the second ``(1 - cos t, 1/2 - sin t)``, with t from 0 to pi.

    Args:
        n: the number of points.
        noise: the standard deviation of what is added to each coordinate.
        seed: of the noise and of the order.

    Returns:
        ``(X, y)``: float32 of shape (n, 2), int64 of shape (n,), 0 or 1.

    Raises:
        ArgumentError: fewer than two points, or a negative noise.

    Example:
        >>> X, y = make_moons(50)
        >>> X.shape, int(y.sum())
        ((50, 2), 25)
    """
    did = f"make_moons(n={n!r}, noise={noise!r})"
    check_whole(did, "n", n, least=2, usual=100)
    check_real(did, "noise", noise, usual=0.1)
    check_whole(did, "seed", seed, least=0, usual=0)
    rng = np.random.default_rng(seed)
    outer, inner = np.linspace(0, np.pi, n // 2), np.linspace(0, np.pi, n - n // 2)
    above, below = (np.cos(outer), np.sin(outer)), (1 - np.cos(inner), 0.5 - np.sin(inner))
    X = np.concatenate([np.stack(above, axis=1), np.stack(below, axis=1)])
    y = np.repeat([0, 1], [len(outer), len(inner)]).astype(np.int64)
    order = rng.permutation(n)
    return (X + rng.normal(0, noise, X.shape)).astype(np.float32)[order], y[order]


def make_spirals(
    n: int = 300, classes: int = 3, noise: float = 0.02, turns: float = 0.75, seed: int = 0
) -> tuple[Any, Any]:
    """Arms of a spiral that wind around each other, in random order: a class is an arm.

    Along arm k the radius r goes from 0 to 1, and the angle is ``2 pi (k / classes + turns r)``.

    Args:
        n: the number of points.
        classes: the number of arms.
        noise: the standard deviation of what is added to each coordinate.
        turns: how many times an arm winds around the middle.
        seed: of the noise and of the order.

    Returns:
        ``(X, y)``: float32 of shape (n, 2), int64 of shape (n,), from 0 to ``classes - 1``.

    Raises:
        ArgumentError: fewer points than arms, fewer than two arms, or a negative number.

    Example:
        >>> X, y = make_spirals(90)
        >>> X.shape, np.bincount(y).tolist()
        ((90, 2), [30, 30, 30])
    """
    did = f"make_spirals(n={n!r}, classes={classes!r}, noise={noise!r}, turns={turns!r})"
    check_whole(did, "classes", classes, least=2, usual=3)
    check_whole(did, "n", n, least=classes, usual=300)
    check_real(did, "noise", noise, usual=0.02)
    check_real(did, "turns", turns, usual=0.75)
    check_whole(did, "seed", seed, least=0, usual=0)
    rng = np.random.default_rng(seed)
    arms = [np.linspace(0, 1, n // classes + (k < n % classes)) for k in range(classes)]
    r, y = np.concatenate(arms), np.repeat(np.arange(classes), [len(arm) for arm in arms])
    angle = 2 * np.pi * (y / classes + turns * r)
    X = np.stack([r * np.cos(angle), r * np.sin(angle)], axis=1)
    order = rng.permutation(n)
    return (X + rng.normal(0, noise, X.shape)).astype(np.float32)[order], y.astype(np.int64)[order]
