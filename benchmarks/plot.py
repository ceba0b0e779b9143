"""The table as a picture: one line a piece of work, chainrule's dot beside its goal, its peer at 1 and its limit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

INK, MUTED, GRID, MET, MISSED = "#1b2430", "#5f6b7a", "#e4e8ed", "#00695f", "#b4124f"
LIMITS = {"NumPy by hand": "|", "bare BLAS": "$)$"}


def draw(table: Mapping[str, Mapping[str, Mapping[str, Any]]], path: str) -> None:
    """Draw all contenders that have a goal, on a logarithmic scale of fractions of the peer."""
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    lines = [
        (f"{work} ({who.split(', ')[1]})" if ", " in who else work, entry, contenders)
        for work, contenders in table.items()
        for who, entry in contenders.items()
        if entry["goal"] is not None and entry["ratio"] is not None
    ]
    figure = Figure(figsize=(9.5, 0.42 * len(lines) + 1.6), layout="constrained")
    axes = figure.add_subplot()
    for y, (_, entry, contenders) in enumerate(reversed(lines)):
        colour = MET if entry["ratio"] <= entry["goal"] else MISSED
        axes.plot([entry["ratio"], 1], [y, y], color=GRID, linewidth=2, zorder=1)
        axes.plot(entry["goal"], y, marker="D", color="white", markeredgecolor=MUTED, markersize=7, zorder=2)
        for who, marker in LIMITS.items():
            if who in contenders and contenders[who]["ratio"] not in (None, 1.0):
                axes.plot(contenders[who]["ratio"], y, marker=marker, color=MUTED, markersize=10, zorder=2)
        axes.plot(entry["ratio"], y, marker="o", color=colour, markersize=8, zorder=3)
        axes.annotate(f"{entry['ratio']:.2f}", (entry["ratio"], y), (0, 8), textcoords="offset points",
                      ha="center", fontsize=8, color=colour)  # fmt: skip
    axes.axvline(1, color=INK, linewidth=1)
    axes.set_xscale("log")
    ticks = [0.03, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2, 3]
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.minorticks_off()
    axes.set_yticks(range(len(lines)), [name for name, _, _ in reversed(lines)], color=INK)
    axes.set_ylim(-0.7, len(lines) - 0.3)
    axes.set_title("chainrule as a fraction of its peer: lower is better", loc="left", color=INK)
    axes.tick_params(length=0, colors=MUTED)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    mark = {"linestyle": "", "color": MUTED}
    axes.legend(
        handles=[
            Line2D([], [], marker="o", linestyle="", color=MET, label="chainrule, goal met"),
            Line2D([], [], marker="o", linestyle="", color=MISSED, label="chainrule, goal missed"),
            Line2D([], [], marker="D", linestyle="", color="white", markeredgecolor=MUTED, label="goal"),
            Line2D([], [], marker="|", markersize=10, label="NumPy by hand", **mark),
            Line2D([], [], marker="$)$", markersize=8, label="bare BLAS", **mark),
        ],
        loc="upper center", bbox_to_anchor=(0.3, -0.06), ncols=5, frameon=False, fontsize=8, labelcolor=MUTED,
    )  # fmt: skip
    figure.savefig(path, dpi=150)
