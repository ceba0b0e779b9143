"""Curves of training, drawn with Matplotlib, which is loaded only when one is drawn."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from autograd.errors import bad_argument, not_installed

INK, MUTED, GRID = "#1b2430", "#5f6b7a", "#e4e8ed"
COLOURS = ("#2b67c2", "#b4124f", "#b97a00", "#00695f", "#7350bd")


def plot_loss(
    losses: Sequence[float] | Mapping[str, Sequence[float]],
    path: str | Path | None = None,
    *,
    title: str = "Training loss",
    xlabel: str = "step",
    ylabel: str = "loss",
) -> Any:
    """Draw a loss curve, or several by name.

    The scale is logarithmic where a curve falls by more than a factor of 20. A long, noisy curve is drawn
    pale, with its moving average on top.

    Args:
        losses: one loss a step; or several such lists by name.
        path: where to save the picture; the suffix says how (``.png``, ``.svg``, ``.pdf``).
        title: the heading.
        xlabel: what the steps are.
        ylabel: what the losses are.

    Returns:
        The Matplotlib ``Figure``; notebooks show it.

    Raises:
        NotInstalledError: Matplotlib is not installed.
        ArgumentError: there are no losses.

    Example:
        >>> figure = plot_loss([1.0, 0.5, 0.25])
        >>> figure.axes[0].get_title(loc="left")
        'Training loss'
    """
    figure = new_figure("plot_loss(losses)", width=7.2, height=4.2)
    given = losses if isinstance(losses, Mapping) else {"": losses}
    try:
        curves = {name: np.asarray([float(loss) for loss in curve]) for name, curve in given.items()}
    except (TypeError, ValueError) as error:
        cure = "plot_loss([1.0, 0.5]), or plot_loss({'train': [1.0, 0.5], 'test': [1.2, 0.9]})"
        raise bad_argument(
            "plot_loss(losses)", "numbers, one a step; or several lists by name", str(error), cure
        ) from error
    if not curves or not all(curve.size for curve in curves.values()):
        raise bad_argument("plot_loss(losses)", "at least one loss a curve", "none", "plot_loss([1.0, 0.5, 0.25])")
    axes = figure.subplots()
    for (name, curve), colour in zip(curves.items(), COLOURS * len(curves), strict=False):
        draw_curve(axes, curve, name, colour)
    if all(falls_far(curve) for curve in curves.values()):
        axes.set_yscale("log")
    dress(axes, title, xlabel, ylabel)
    if axes.get_legend_handles_labels()[1]:
        axes.legend(frameon=False, labelcolor=INK)
    if path is not None:
        figure.savefig(path)
    return figure


def new_figure(did: str, width: float, height: float) -> Any:
    """An empty figure that notebooks can show, or an error that says how to get Matplotlib."""
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise not_installed(did, "Matplotlib", "chainrule[plots]") from error
    figure: Any = Figure(figsize=(width, height), dpi=150, layout="constrained", facecolor="white")
    figure._repr_png_ = partial(shown, figure)  # Matplotlib teaches notebooks to show figures only once pyplot draws
    return figure


def shown(figure: Any) -> tuple[bytes, dict[str, int]]:
    """What notebooks show of a figure: a PNG, and its size on the page, an inch being 100 pixels."""
    file = io.BytesIO()
    figure.savefig(file, format="png")
    width, height = (round(100 * inches) for inches in figure.get_size_inches())
    return file.getvalue(), {"width": width, "height": height}


def falls_far(curve: Any) -> bool:
    """Whether a curve stays above 0 and spans more than a factor of 20."""
    finite = curve[np.isfinite(curve)]
    return bool(finite.size) and bool(finite.min() > 0) and bool(finite.max() > 20 * finite.min())


def draw_curve(axes: Any, curve: Any, name: str, colour: str) -> None:
    """One curve with its last value; a noisy one pale, with its moving average on top."""
    steps = np.arange(1, curve.size + 1)
    window = max(curve.size // 40, 1)
    line = {"color": colour, "linewidth": 2.0, "solid_capstyle": "round"}
    label = f"{name}, {curve[-1]:.4g} at the end" if name else None
    if window >= 5 and np.isfinite(curve).all() and _noise(curve) > 0.005:
        axes.plot(steps, curve, **line | {"linewidth": 0.8}, alpha=0.3)
        curve = np.convolve(curve, np.ones(window) / window, mode="valid")
        steps = steps[window // 2 : window // 2 + curve.size]
        label = f"{label}; mean of {window} steps" if label else f"mean of {window} steps"
    axes.plot(steps, curve, **line, label=label)
    axes.plot(steps[-1], curve[-1], "o", color=colour, markersize=5)
    if not name:
        place = {"xytext": (9, 0), "textcoords": "offset points", "va": "center", "annotation_clip": False}
        axes.annotate(f"{curve[-1]:.4g}", (steps[-1], curve[-1]), **place, color=colour, fontweight="bold")


def _noise(curve: Any) -> float:
    """How much a curve jumps from step to step, as a share of what it spans."""
    span = float(np.ptp(curve))
    return float(np.abs(np.diff(curve)).mean()) / span if span else 0.0


def dress(axes: Any, title: str, xlabel: str, ylabel: str) -> None:
    """Titles, a quiet grid, and no frame."""
    axes.set_title(title, loc="left", color=INK, fontsize=13, fontweight="bold", pad=12)
    axes.set_xlabel(xlabel, color=MUTED)
    axes.set_ylabel(ylabel, color=MUTED)
    axes.tick_params(colors=MUTED, length=0)
    axes.grid(color=GRID, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set_color(GRID)
    axes.margins(x=0.02)


def save_animation(figure: Any, draw: Callable[[int], Any], frames: int, path: str | Path, fps: float) -> Path:
    """Draw one frame after the other, and save them as a GIF.

    Raises:
        ArgumentError: the name does not end in ``.gif``.
    """
    from matplotlib.animation import FuncAnimation, PillowWriter

    path = Path(path)
    if path.suffix != ".gif":
        got, cure = f"the suffix {path.suffix!r}", repr(str(path.with_suffix(".gif")))
        raise bad_argument(f"saving an animation as {str(path)!r}", "a name that ends in .gif", got, cure)

    def drawn(k: int) -> list[Any]:
        draw(k)
        return []

    FuncAnimation(figure, drawn, frames=frames, init_func=list).save(path, writer=PillowWriter(fps=round(fps)))
    return path
