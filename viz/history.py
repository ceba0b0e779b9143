"""The curves of a whole training: its losses, its metrics, and the length of its steps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from autograd.errors import bad_argument

from .plots import COLOURS, INK, draw_curve, dress, falls_far, new_figure


def plot_history(history: Mapping[str, Sequence[float]], path: str | Path | None = None, *, title: str = "") -> Any:
    """Draw what a training was like: a plot for each of its numbers, with the same number of the validation in it.

    Args:
        history: numbers by name, one an epoch, such as ``nn.fit`` returns; ``val_loss`` is drawn with ``loss``.
        path: where to save the picture; the suffix says how (``.png``, ``.svg``, ``.pdf``).
        title: a heading over all plots.

    Returns:
        The Matplotlib ``Figure``; notebooks show it.

    Raises:
        NotInstalledError: Matplotlib is not installed.
        ArgumentError: there is nothing to draw.

    Example:
        >>> figure = plot_history({"loss": [1.0, 0.5], "val_loss": [1.1, 0.8], "accuracy": [0.5, 0.75]})
        >>> [axes.get_title(loc="left") for axes in figure.axes]
        ['loss', 'accuracy']
    """
    curves = curves_of(history, "plot_history(history)", "plot_history(nn.fit(...))")
    names = [name for name in curves if name.removeprefix("val_") == name or name.removeprefix("val_") not in curves]
    figure = new_figure(f"plot_history({type(history).__name__})", width=5.4 * len(names), height=3.8)
    for axes, name in zip(np.ravel(figure.subplots(1, len(names))), names, strict=True):
        both = {
            label: curves[key] for label, key in (("training", name), ("validation", f"val_{name}")) if key in curves
        }
        for (label, curve), colour in zip(both.items(), COLOURS, strict=False):
            draw_curve(axes, curve, label if len(both) > 1 else "", colour)
        if all(falls_far(curve) for curve in both.values()):
            axes.set_yscale("log")
        dress(axes, name, "epoch", "")
        if len(both) > 1:
            axes.legend(frameon=False, labelcolor=INK)
    if title:
        figure.suptitle(title, color=INK, fontweight="bold")
    if path is not None:
        figure.savefig(path)
    return figure


def curves_of(history: Any, did: str, cure: str) -> dict[str, Any]:
    """The curves to draw, as arrays; without the length of the steps where it stayed the same."""
    expected = "lists of numbers by name, one number an epoch"
    if not isinstance(history, Mapping):
        raise bad_argument(did, expected, type(history).__name__, cure)
    try:
        curves = {str(name): np.asarray([float(x) for x in xs]) for name, xs in history.items()}
    except (TypeError, ValueError) as error:
        raise bad_argument(did, expected, str(error), cure) from error
    curves = {name: xs for name, xs in curves.items() if xs.size and (name != "lr" or np.ptp(xs) > 0)}
    if not curves:
        raise bad_argument(did, expected, "no numbers at all", cure)
    return curves
