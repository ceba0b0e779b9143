"""How weights, gradients and steps went over a training, from its snapshots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from autograd.errors import bad_argument

from . import text
from .arguments import check_choice
from .flow import length
from .plots import COLOURS, INK, MUTED, dress, new_figure

BINS = 48


def plot_histograms(
    history: Any, path: str | Path | None = None, *, of: str = "weights", names: Sequence[str] | None = None
) -> Any:
    """Draw how the numbers of each parameter, or of its gradient, were spread in each epoch: dark where many are.

    Args:
        history: what ``nn.fit(..., callbacks=[nn.Snapshots()])`` returned.
        path: where to save the picture; the suffix says how (``.png``, ``.svg``, ``.pdf``).
        of: ``weights`` or ``gradients``.
        names: which parameters; all, if not given.

    Returns:
        The Matplotlib ``Figure``; notebooks show it.

    Raises:
        NotInstalledError: Matplotlib is not installed.
        ArgumentError: there are no snapshots, or no such parameter.
    """
    check_choice("plot_histograms", "of", of, ("weights", "gradients"), "of='gradients'")
    snapshots = snapshots_of(history, "plot_histograms(history)")
    shown = _named(snapshots, names, "plot_histograms")
    key = "state" if of == "weights" else "gradients"
    taken = [s for s in snapshots if key in s]
    figure = new_figure("plot_histograms(history)", width=4.2 * min(len(shown), 4), height=3.2 * -(-len(shown) // 4))
    grid = np.ravel(figure.subplots(-(-len(shown) // 4), min(len(shown), 4)))
    for axes, name in zip(grid, shown, strict=False):
        arrays = [np.asarray(s[key][name], np.float64).ravel() for s in taken]
        finite = np.concatenate(arrays)
        finite = finite[np.isfinite(finite)]
        low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 1.0)
        counts = np.stack([np.histogram(x[np.isfinite(x)], BINS, (low, high))[0] for x in arrays], axis=1)
        ends = (taken[0]["epoch"], taken[-1]["epoch"] + 1, low, high if high > low else low + 1)
        axes.imshow(counts, origin="lower", aspect="auto", extent=ends, cmap="Blues", interpolation="nearest")
        dress(axes, name if of == "weights" else f"gradient of {name}", "epoch", "")
        axes.grid(visible=False)
    for axes in grid[len(shown) :]:
        axes.set_visible(False)
    return _saved(figure, path)


def plot_gradient_flow(history: Any, path: str | Path | None = None, *, names: Sequence[str] | None = None) -> Any:
    """Draw how long the gradient of each parameter was in each epoch; where lines spread apart, it vanishes.

    Args:
        history: what ``nn.fit(..., callbacks=[nn.Snapshots()])`` returned.
        path: where to save the picture; the suffix says how (``.png``, ``.svg``, ``.pdf``).
        names: which parameters; all, if not given.

    Returns:
        The Matplotlib ``Figure``; notebooks show it.

    Raises:
        NotInstalledError: Matplotlib is not installed.
        ArgumentError: there are no snapshots, or no such parameter.
    """
    snapshots = snapshots_of(history, "plot_gradient_flow(history)")
    taken = [s for s in snapshots if "gradients" in s]
    curves = {
        name: [length(s["gradients"][name]) if name in s["gradients"] else np.nan for s in taken]
        for name in _named(snapshots, names, "plot_gradient_flow")
    }
    return _curves(taken, curves, "Gradient flow", "length of the gradient", path)


def plot_updates(history: Any, path: str | Path | None = None, *, names: Sequence[str] | None = None) -> Any:
    """Draw how long a step was beside the parameter that it moved; about 1e-3 is usual.

    Args:
        history: what ``nn.fit(..., callbacks=[nn.Snapshots()])`` returned.
        path: where to save the picture; the suffix says how (``.png``, ``.svg``, ``.pdf``).
        names: which parameters; all, if not given.

    Returns:
        The Matplotlib ``Figure``; notebooks show it.

    Raises:
        NotInstalledError: Matplotlib is not installed.
        ArgumentError: there are no snapshots, or no such parameter.
    """
    snapshots = snapshots_of(history, "plot_updates(history)")
    taken = [s for s in snapshots if "updates" in s]
    curves = {name: [s["updates"][name] for s in taken] for name in _named(snapshots, names, "plot_updates")}
    figure = _curves(taken, curves, "Size of the steps", "step / parameter", None)
    figure.axes[0].axhline(1e-3, color=MUTED, linestyle=":", linewidth=1.5)
    return _saved(figure, path)


def snapshots_of(history: Any, did: str) -> list[Mapping[str, Any]]:
    """The snapshots, of which there must be one after the start.

    Raises:
        ArgumentError: there is none.
    """
    snapshots = list(getattr(history, "snapshots", ()))
    if len(snapshots) < 2:
        got = text.plural(len(snapshots), "snapshot")
        raise bad_argument(did, "a history with snapshots", got, "nn.fit(..., callbacks=[nn.Snapshots()])")
    return snapshots


def _named(snapshots: Sequence[Mapping[str, Any]], names: Sequence[str] | None, function: str) -> list[str]:
    known = list(snapshots[-1]["updates"])
    for name in names or ():
        if name not in known:
            expected = f"parameters: {', '.join(known)}"
            raise bad_argument(f"{function}(..., names=...)", expected, repr(name), f"names={known[:1]}")
    return list(names or known)


def _curves(
    taken: Sequence[Mapping[str, Any]], curves: Mapping[str, Any], title: str, label: str, path: str | Path | None
) -> Any:
    """One line for each parameter, on a logarithmic scale."""
    figure = new_figure(f"{label} of a history", width=7.2, height=4.2)
    axes = figure.subplots()
    epochs = [s["epoch"] for s in taken]
    for k, (name, ys) in enumerate(curves.items()):
        shown = np.where(np.isfinite(ys) & (np.asarray(ys) > 0), ys, np.nan)
        style = ("-", "--", ":")[k // len(COLOURS) % 3]
        axes.plot(epochs, shown, style, color=COLOURS[k % len(COLOURS)], linewidth=2.0, label=name, marker=".")
    axes.set_yscale("log")
    axes.minorticks_off()
    dress(axes, title, "epoch", label)
    axes.legend(frameon=False, labelcolor=INK, loc="center left", bbox_to_anchor=(1, 0.5))
    return _saved(figure, path)


def _saved(figure: Any, path: str | Path | None) -> Any:
    if path is not None:
        figure.savefig(path)
    return figure
