"""What a classifier says of each point of the plane."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from autograd import no_grad
from autograd.errors import bad_argument

from .gradients import plain
from .overlay import blend
from .plots import COLOURS, dress, new_figure, save_animation
from .trained import snapshots_of

SIDE = 40
"""So many cells has a side of the plane."""


def plot_boundary(
    model: Any, X: Any, y: Any, path: str | Path | None = None, *, title: str = "Decision boundary"
) -> Any:
    """Draw the examples, and behind them which class wins where: the stronger the colour, the surer.

    Args:
        model: a network of two numbers that gives a score for each class, or one number for the second class.
        X: the examples, of shape (n, 2).
        y: their classes, whole numbers.
        path: where to save the picture; the suffix says how (``.png``, ``.svg``, ``.pdf``).
        title: the heading.

    Returns:
        The Matplotlib ``Figure``; notebooks show it.

    Raises:
        NotInstalledError: Matplotlib is not installed.
        ArgumentError: ``model`` is none, or X has another shape.
    """
    x, labels = check_plane(model, (X, y), "plot_boundary(model, X, y)")
    figure = new_figure("plot_boundary(model, X, y)", width=5.2, height=5.0)
    ends = around(x)
    (found,) = boundaries(model, [{"state": model.state_dict()}], *ends, x.dtype)
    _draw(figure.subplots(), x, labels, ends, found, title)
    if path is not None:
        figure.savefig(path)
    return figure


def animate_boundary(history: Any, model: Any, X: Any, y: Any, path: str | Path, *, fps: float = 8.0) -> Path:
    """Save how the boundary moved during a training as a GIF, a frame for each snapshot.

    Args:
        history: what ``nn.fit(..., callbacks=[nn.Snapshots()])`` returned.
        model: the network, which has its own weights again afterwards.
        X: the examples, of shape (n, 2).
        y: their classes, whole numbers.
        path: ends in ``.gif``.
        fps: frames a second.

    Returns:
        The path.

    Raises:
        NotInstalledError: Matplotlib is not installed.
        ArgumentError: there are no snapshots, or something does not fit.
    """
    did = "animate_boundary(history, model, X, y, path)"
    x, labels = check_plane(model, (X, y), did)
    snapshots = snapshots_of(history, did)
    figure = new_figure(did, width=4.2, height=4.2)
    axes, ends = figure.subplots(), around(x)
    found = boundaries(model, snapshots, *ends, x.dtype)

    def draw(k: int) -> None:
        axes.clear()
        _draw(axes, x, labels, ends, found[k], f"epoch {snapshots[k]['epoch']}")

    return save_animation(figure, draw, len(snapshots), path, fps)


def _draw(axes: Any, x: Any, labels: Any, ends: tuple[Any, Any], found: tuple[Any, Any], title: str) -> None:
    (left, bottom), (right, top) = ends
    colours = [blend(("#ffffff", COLOURS[k % len(COLOURS)]), 0.08 + 0.6 * s) for k, s in zip(*found, strict=True)]
    parts = [[int(colour[k : k + 2], 16) for k in (1, 3, 5)] for colour in colours]
    image = np.array(parts, np.uint8).reshape(SIDE, SIDE, 3)
    axes.imshow(image, origin="lower", extent=(left, right, bottom, top), aspect="auto", interpolation="nearest")
    for k in np.unique(labels):
        chosen, style = x[labels == k], {"marker": "os^Dv"[int(k) % 5], "edgecolors": "white", "linewidths": 0.7}
        axes.scatter(*chosen.T, s=26, color=COLOURS[int(k) % len(COLOURS)], label=f"class {k}", **style)
    dress(axes, title, "x[0]", "x[1]")
    axes.grid(visible=False)
    axes.legend(frameon=True, loc="upper right")


def check_plane(model: Any, data: Any, did: str) -> tuple[Any, Any]:
    """The examples and their classes as arrays.

    Raises:
        ArgumentError: there is no model, or the data have another shape.
    """
    pair = isinstance(data, (tuple, list)) and len(data) == 2 and np.ndim(data[0]) == 2 and np.shape(data[0])[1] == 2
    if not (pair and callable(getattr(model, "load_state_dict", None))):
        got = "data of another shape" if not pair else "no model"
        raise bad_argument(did, "a model, and X of shape (n, 2) with y", got, "model=model, data=(X, y), X[:, :2]")
    x, labels = (np.asarray(plain(part)) for part in data)
    return x, labels


def around(x: Any) -> tuple[Any, Any]:
    """The corners of a plane with a little room around the examples."""
    low, high = x.min(axis=0).astype(float), x.max(axis=0).astype(float)
    room = 0.08 * (high - low) + 1e-9
    return low - room, high + room


def boundaries(
    model: Any, snapshots: Sequence[Mapping[str, Any]], low: Any, high: Any, dtype: Any
) -> list[tuple[Any, Any]]:
    """For each snapshot the class that wins in each cell of the plane, row by row from below, and how sure it is.

    The model is as it was afterwards.
    """
    middle = (np.arange(SIDE) + 0.5) / SIDE
    across, up = np.meshgrid(low[0] + middle * (high[0] - low[0]), low[1] + middle * (high[1] - low[1]))
    grid = np.stack([across.ravel(), up.ravel()], axis=1).astype(dtype)
    own = {name: np.array(x) for name, x in model.state_dict().items()}
    training = getattr(model, "training", False)
    found = []
    try:
        model.eval()
        with no_grad():
            for snapshot in snapshots:
                model.load_state_dict(snapshot["state"])
                found.append(_winners(np.asarray(plain(model(grid)), np.float64)))
    finally:
        model.load_state_dict(own)
        model.train(training)
    return found


def _winners(scores: Any) -> tuple[Any, Any]:
    """The class with the highest score, and its lead: the softmax of the first less that of the second."""
    scores = scores.reshape(len(scores), -1)
    if scores.shape[1] == 1:  # one number: above 0 or below
        scores = np.concatenate([np.zeros_like(scores), scores], axis=1)
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares /= shares.sum(axis=1, keepdims=True)
    first, second = np.sort(shares, axis=1)[:, -1], np.sort(shares, axis=1)[:, -2]
    return scores.argmax(axis=1), first - second
