"""A function of one number with its tangent and its derivatives."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from autograd import elementwise_grad
from autograd.errors import bad_argument

from .arguments import check_count
from .gradients import plain
from .plots import COLOURS, INK, dress, new_figure

POINTS = 401


def plot_function(
    f: Callable[[Any], Any],
    at: float = 0.0,
    path: str | Path | None = None,
    *,
    low: float = -3.0,
    high: float = 3.0,
    derivatives: int = 1,
    title: str = "",
) -> Any:
    """Draw a function, its tangent at a point, and below it its derivatives, as the engine computes them.

    Args:
        f: a function of one number that also takes arrays, number by number, such as ``np.tanh``.
        at: where the tangent touches.
        path: where to save the picture; the suffix says how (``.png``, ``.svg``, ``.pdf``).
        low: the left end.
        high: the right end.
        derivatives: how many of them.
        title: the heading.

    Returns:
        The Matplotlib ``Figure``; notebooks show it.

    Raises:
        NotInstalledError: Matplotlib is not installed.
        ArgumentError: ``low``, ``at`` and ``high`` are not in this order.

    Example:
        >>> import numpy as np
        >>> figure = plot_function(np.tanh, 0.5, derivatives=2)
        >>> [axes.get_title(loc="left") for axes in figure.axes]
        ['f, and its tangent of slope 0.7864 at 0.5', "f'", "f''"]
    """
    check_count("plot_function", "derivatives", derivatives, 0, 1)
    if not low <= at <= high or low == high:
        got = f"low={low:g}, at={at:g}, high={high:g}"
        raise bad_argument("plot_function(f, at)", "low <= at <= high", got, "plot_function(np.tanh, 0.5)")
    figure = new_figure("plot_function(f)", width=6.4, height=3.4 + 2.2 * derivatives)
    xs, functions = np.linspace(low, high, POINTS), [f]
    for _ in range(max(derivatives, 1)):
        functions.append(elementwise_grad(functions[-1]))
    y, slope = (float(np.asarray(plain(g(np.array([float(at)])))).reshape(())) for g in functions[:2])
    heights = [2.0] + [1.0] * derivatives
    for k, axes in enumerate(np.ravel(figure.subplots(1 + derivatives, 1, sharex=True, height_ratios=heights))):
        ys = np.asarray(plain(functions[k](xs)), np.float64)
        axes.plot(xs, ys, color=COLOURS[k % len(COLOURS)], linewidth=2.0)
        name = "f" + "'" * k
        if k == 0:
            name = f"f, and its tangent of slope {slope:.4g} at {at:g}"
            axes.plot(xs, y + slope * (xs - at), color=COLOURS[1], linewidth=1.4, linestyle="--", scaley=False)
            axes.plot(at, y, "o", color=COLOURS[1], markersize=7)
        elif k == 1:
            axes.plot(at, slope, "o", color=COLOURS[1], markersize=6)
        dress(axes, name, "x" if k == derivatives else "", "")
    if title:
        figure.suptitle(title, color=INK, fontweight="bold")
    if path is not None:
        figure.savefig(path)
    return figure
