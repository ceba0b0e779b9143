"""The same training steps as in :mod:`.training`, compiled; and what compiling costs."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..timing import Work
from .training import Case, in_chainrule


def compiled_step(case: Case, optimiser: str = "SGD") -> Work:
    """A training step as a program, which has been recorded already."""
    from autograd import compile

    step = compile(in_chainrule(case, optimiser))
    for _ in range(4):
        step()
    return step


def by_hand(case: Case) -> Work:
    """The limit: the step in NumPy, by hand, into buffers that are made once."""
    from .training import data

    X, y, layers = data(case)
    n, rows = len(y), np.arange(len(y))
    ones = np.ones(n, np.float32)
    outputs = [np.empty((n, len(b)), np.float32) for _, b in layers]
    slopes = [np.empty((n, len(b)), np.float32) for _, b in layers]
    masks = [np.empty((n, len(b)), bool) for _, b in layers]
    moves = [(np.empty_like(w), np.empty_like(b)) for w, b in layers]
    turned = [w.T for w, _ in layers]
    across = [g.T for g in slopes]
    columns = np.empty((layers[-1][1].size, n), np.float32)
    top, total = np.empty(n, np.float32), np.empty(n, np.float32)

    def step() -> None:
        x = X
        inputs = []
        for (_, b), turned_w, z in zip(layers, turned, outputs, strict=True):
            inputs.append(x)
            np.dot(x, turned_w, out=z)
            np.add(z, b, out=z)
            if z is not outputs[-1]:
                np.maximum(z, 0, out=z)
            x = z
        np.copyto(columns, x.T)
        np.maximum.reduce(columns, axis=0, out=top)
        np.subtract(columns, top, out=columns)
        right = columns[y, rows]
        np.exp(columns, out=columns)
        np.add.reduce(columns, axis=0, out=total)
        (np.log(total) - right).sum() / n
        np.divide(columns, total, out=columns)
        columns[y, rows] -= 1
        np.multiply(columns.T, np.float32(1 / n), out=slopes[-1])
        for i in reversed(range(len(layers))):
            (w, b), g = layers[i], slopes[i]
            (of_w, of_b) = moves[i]
            np.dot(across[i], inputs[i], out=of_w)
            np.dot(ones, g, out=of_b)
            if i:
                np.dot(g, w, out=slopes[i - 1])
                np.greater(inputs[i], 0, out=masks[i - 1])
                np.multiply(slopes[i - 1], masks[i - 1], out=slopes[i - 1])
            np.multiply(of_w, np.float32(0.01), out=of_w)
            np.subtract(w, of_w, out=w)
            np.multiply(of_b, np.float32(0.01), out=of_b)
            np.subtract(b, of_b, out=b)

    return step


def capture(case: Case) -> Work:
    """Recording a step anew, until it is a program."""
    from autograd import compile

    eager: Any = in_chainrule(case)
    eager()

    def record() -> None:
        compile(eager)()

    return record
