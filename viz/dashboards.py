"""A whole training on one page, with a slider for the epoch."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import math
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from autograd.errors import bad_argument

from .flow import length
from .history import curves_of
from .plane import SIDE, around, boundaries, check_plane
from .plots import falls_far

MOST_SHOWN = 60
"""So many snapshots are on the page, evenly spread."""

BINS, DRAWN = 24, 12
"""Bars of a histogram, and units of a layer that are drawn."""


class Dashboard:
    """A training on a page of its own, which loads nothing: a notebook shows it, ``save`` writes it.

    Attributes:
        data: all that the page shows, as plain data.
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data

    def to_html(self) -> str:
        """The page."""
        page = files(__package__) / "page"
        style, script = ((page / f"dashboard.{kind}").read_text(encoding="utf-8") for kind in ("css", "js"))
        written = json.dumps(self.data, ensure_ascii=False, allow_nan=False).replace("<", "\\u003c")
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
        title = html.escape(self.data["title"])
        return (
            f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
            f'<meta name="viewport" content="width=device-width"><style>{style}</style></head><body>'
            f'<h1>{title}</h1><div class="controls"><button id="play" type="button">Play</button>'
            '<label for="epoch">Epoch</label><input id="epoch" type="range" min="0" step="1">'
            '<output id="said" for="epoch" aria-live="polite"></output></div><main></main>'
            f'<script type="application/json" id="data">{written}</script><script>{script}</script></body></html>\n'
        )

    def save(self, path: str | Path) -> Path:
        """Write the page to a file that ends in ``.html``.

        Raises:
            ArgumentError: another suffix.
        """
        path = Path(path)
        if path.suffix != ".html":
            got, cure = f"the suffix {path.suffix!r}", f"dashboard.save({str(path.with_suffix('.html'))!r})"
            raise bad_argument(f"saving a dashboard as {str(path)!r}", "a name that ends in .html", got, cure)
        path.write_text(self.to_html(), encoding="utf-8")
        return path

    def __repr__(self) -> str:
        return f"<Dashboard of {len(self.data['epochs'])} epochs; a notebook shows it, .save('training.html')>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """What a notebook shows: the page in a frame, so that it and the notebook leave each other alone."""
        frame = f'<iframe sandbox="allow-scripts" title="{html.escape(self.data["title"])}" width="100%" height="760" '
        frame += f'style="border:0" srcdoc="{html.escape(self.to_html())}"></iframe>'
        return {"text/html": frame, "text/plain": repr(self)}


def dashboard(
    history: Any, *, model: Any = None, data: tuple[Any, Any] | None = None, title: str = "Training"
) -> Dashboard:
    """Show a training on one page whose slider chooses the epoch.

    With snapshots in the history there are histograms of weights and gradients, how much flows back to each
    parameter, and how long each step is beside it; for small networks of layers the neurons with their weights;
    and with ``model`` and ``data`` of two numbers an example what the network says of the plane.

    Args:
        history: what ``nn.fit(..., callbacks=[nn.Snapshots()])`` returned; without snapshots, or for any dict from
            names to numbers, there are the curves alone.
        model: the network, to compute the boundary; it has its own weights again afterwards.
        data: ``(X, y)``, where X is of shape (n, 2) and y are classes.
        title: the heading.

    Returns:
        The page: shown by notebooks, ``.save("training.html")``.

    Raises:
        ArgumentError: there is nothing to draw, or ``model`` and ``data`` do not fit.

    Example:
        >>> page = dashboard({"loss": [1.0, 0.5], "val_loss": [1.1, 0.8]}, title="XOR")
        >>> page
        <Dashboard of 2 epochs; a notebook shows it, .save('training.html')>
    """
    curves = curves_of(history, "dashboard(history)", "dashboard(nn.fit(...))")
    every = list(getattr(history, "snapshots", ()))
    chosen = sorted({round(k) for k in np.linspace(0, len(every) - 1, min(len(every), MOST_SHOWN))})
    snapshots = [every[k] for k in chosen]
    names = list(snapshots[-1].get("updates", ())) if snapshots else []
    ranges = {name: _range([s["state"][name] for s in snapshots]) for name in names}
    ranges |= {f"{name}.grad": _range([s.get("gradients", {}).get(name, ()) for s in snapshots]) for name in names}
    told = [_told(snapshot, names, ranges) for snapshot in snapshots]
    content: dict[str, Any] = {
        "title": str(title),
        "epochs": list(range(1, max(map(len, curves.values())) + 1)),
        "curves": _curves(curves),
        "parameters": names,
        "snapshots": told,
        "network": _network(snapshots, names, told),
        "boundary": None,
    }
    if model is not None or data is not None:
        content["boundary"] = _boundary(model, data, snapshots, told)
    return Dashboard(content)


def _curves(curves: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each number with its validation."""
    found = []
    for name in dict.fromkeys(name.removeprefix("val_") for name in curves):
        both = [curves.get(name), curves.get(f"val_{name}")]
        far = all(falls_far(curve) for curve in both if curve is not None)
        train, val = (None if curve is None else _finite(curve) for curve in both)
        found.append({"name": name, "train": train, "val": val, "logarithmic": far})
    return found


def _finite(x: Any) -> Any:
    """Numbers as JSON has them: what is none is null."""
    return [_finite(part) for part in x] if np.ndim(x) else float(x) if math.isfinite(x) else None


def _range(arrays: Sequence[Any]) -> tuple[float, float]:
    """From the least to the greatest number in all of them, so that their histograms can be compared."""
    x = np.concatenate([np.asarray(x, np.float64).ravel() for x in arrays])
    x = x[np.isfinite(x)]
    return (float(x.min()), float(x.max())) if x.size else (0.0, 1.0)


def _told(
    snapshot: Mapping[str, Any], names: Sequence[str], ranges: Mapping[str, tuple[float, float]]
) -> dict[str, Any]:
    """What the page tells of a snapshot."""
    told: dict[str, Any] = {"epoch": snapshot["epoch"]}
    told["weightBins"] = [_bins(snapshot["state"][name], ranges[name]) for name in names]
    gradients = snapshot.get("gradients")
    if gradients is not None:
        told["gradientBins"] = [
            _bins(gradients[name], ranges[f"{name}.grad"]) if name in gradients else None for name in names
        ]
        told["lengths"] = [_finite(length(gradients[name])) if name in gradients else None for name in names]
        told["updates"] = _finite([snapshot["updates"][name] for name in names])
    return told


def _bins(x: Any, within: tuple[float, float]) -> dict[str, Any]:
    """A histogram, and how many numbers are none."""
    x = np.asarray(x, np.float64).ravel()
    finite = x[np.isfinite(x)]
    counts, edges = np.histogram(finite, BINS, within)
    return {
        "counts": counts.tolist(), "low": float(edges[0]), "high": float(edges[-1]), "bad": int(x.size - finite.size),
    }  # fmt: skip


def _network(
    snapshots: Sequence[Mapping[str, Any]], names: Sequence[str], told: Sequence[dict[str, Any]]
) -> dict[str, Any] | None:
    """The sizes of the layers, if each takes what the one before gives; the weights go into each snapshot."""
    if not snapshots:
        return None
    state = snapshots[-1]["state"]
    layers = [name for name in names if np.ndim(state[name]) > 1]
    if not layers or any(np.ndim(state[name]) != 2 for name in layers):
        return None
    sizes = [np.shape(state[layers[0]])[1], *(np.shape(state[name])[0] for name in layers)]
    if [np.shape(state[name])[1] for name in layers] != sizes[:-1]:
        return None
    for snapshot, words in zip(snapshots, told, strict=True):
        words["weights"] = [_finite(np.asarray(snapshot["state"][name])[:DRAWN, :DRAWN]) for name in layers]
    return {"sizes": sizes, "drawn": [min(n, DRAWN) for n in sizes], "names": layers}


def _boundary(
    model: Any, data: Any, snapshots: Sequence[Mapping[str, Any]], told: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """The examples, and in each snapshot which class wins at each place of the plane."""
    x, labels = check_plane(model, data, "dashboard(..., model=..., data=...)")
    if not snapshots:
        cure = "dashboard(nn.fit(..., callbacks=[nn.Snapshots()]), model=model, data=(X, y))"
        raise bad_argument("dashboard(..., model=..., data=...)", "a history with snapshots", "no snapshots", cure)
    low, high = around(x)
    for snapshot, (winners, sure) in zip(told, boundaries(model, snapshots, low, high, x.dtype), strict=True):
        snapshot["boundary"] = {"winners": winners.tolist(), "sure": np.round(sure, 3).tolist()}
    points = [[*map(float, place), int(k)] for place, k in zip(x[:400], labels[:400], strict=True)]
    return {"side": SIDE, "points": points, "low": low.tolist(), "high": high.tolist()}
