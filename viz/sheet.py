"""An array as it is to be shown: matrices of numbers, small enough to be seen, and what is said of them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograd.errors import bad_argument

from . import text
from .gradients import plain
from .label import visible

MOST_PANELS = 16
"""So many matrices of one array are shown."""


@dataclass(frozen=True)
class Panel:
    """One matrix of an array.

    Attributes:
        title: where in the array it is; ``""`` for all of it.
        cells: the numbers to show, with two axes.
        block: how many rows and columns of the array one cell stands for.
    """

    title: str
    cells: Any
    block: tuple[int, int] = (1, 1)


@dataclass(frozen=True)
class Sheet:
    """One array as it is shown.

    Attributes:
        name: what it is called.
        words: its dtype, shape, and a summary; or that there is nothing.
        panels: row by row the matrices that it is made of.
        limit: the absolute value that has the strongest colour.
        left_out: how many matrices are not shown.
    """

    name: str
    words: str
    panels: tuple[tuple[Panel, ...], ...]
    limit: float
    left_out: int = 0


def sheet_of(x: Any, name: str, limit: float | None, most: int) -> Sheet:
    """The array as it is to be shown.

    Raises:
        ArgumentError: it has too many axes, or other things than real numbers in it.
    """
    if x is None:
        return Sheet(name, "not computed: no backward pass has been here", (), 1.0)
    data = text.numbers(plain(x))
    if data.dtype.kind not in "biuf" or data.ndim > 4:
        got = f"{data.ndim} axes" if data.ndim > 4 else f"{data.dtype} numbers"
        cure = "heatmap(x[0])" if data.ndim > 4 else "heatmap(np.real(x), np.imag(x))"
        raise bad_argument("heatmap(array)", "real numbers with up to 4 axes", f"{got} in {name}", cure)
    words = f"{text.shape(data)}   {text.summary(data)}"
    numbers = data.astype(np.float64)
    finite = np.abs(numbers[np.isfinite(numbers)])
    largest = float(finite.max()) if finite.size and finite.max() > 0 else 1.0
    full = numbers.reshape((1,) * (4 - data.ndim) + data.shape)
    side = max(int(math.sqrt(MOST_PANELS)), 1)
    rows, columns = (
        (min(full.shape[0], side), min(full.shape[1], side)) if data.ndim == 4 else (1, min(full.shape[1], MOST_PANELS))
    )
    panels = tuple(
        tuple(_panel(_where(data.ndim, i, j), full[i, j], most) for j in range(columns)) for i in range(rows)
    )
    shown = panels if data.size else ()
    left_out = full.shape[0] * full.shape[1] - rows * columns
    return Sheet(name, words, shown, largest if limit is None else float(limit), left_out if data.size else 0)


def _where(axes: int, i: int, j: int) -> str:
    return {4: f"[{i}, {j}]", 3: f"[{j}]"}.get(axes, "")


def _panel(title: str, matrix: Any, most: int) -> Panel:
    """The matrix, or what of each block of it is farthest from 0: NaN before infinities before numbers."""
    height, width = (max(math.ceil(n / most), 1) for n in matrix.shape)
    if (height, width) == (1, 1):
        return Panel(title, matrix)
    rows, columns = range(0, matrix.shape[0], height), range(0, matrix.shape[1], width)
    cells = np.empty((len(rows), len(columns)))
    for i, r in enumerate(rows):
        for j, c in enumerate(columns):
            block = matrix[r : r + height, c : c + width].ravel()
            cells[i, j] = np.nan if np.isnan(block).any() else block[np.abs(block).argmax()]
    return Panel(title, cells, (height, width))


def word(x: float, fmt: str) -> str:
    """A number as a cell shows it."""
    return "NaN" if math.isnan(x) else ("inf" if x > 0 else "-inf") if math.isinf(x) else text.number(x, fmt)


def _folded(panel: Panel) -> str:
    height, width = panel.block
    return "" if panel.block == (1, 1) else f"a cell is a block of {height} by {width}: what in it is farthest from 0"


def notes(sheet: Sheet) -> list[str]:
    """What is not shown as it is."""
    folded = _folded(sheet.panels[0][0]) if sheet.panels else ""
    left_out = f"{text.plural(sheet.left_out, 'further matrix').replace('matrixs', 'matrices')} not shown"
    return [folded] * bool(folded) + [left_out] * bool(sheet.left_out)


def lines_of(sheet: Sheet, fmt: str) -> list[str]:
    """An array as lines of text."""
    lines = [f"{visible(sheet.name)}   {sheet.words}", *notes(sheet)]
    for panel in (panel for row in sheet.panels for panel in row):
        lines += [panel.title] if panel.title else []
        words = [[word(x, fmt) for x in row] for row in panel.cells]
        height, width = panel.block
        heads = [str(j * width) for j in range(len(words[0]))]
        widths = [max(map(len, column)) for column in zip(heads, *words, strict=True)]
        side = [str(i * height) for i in range(len(words))]
        first = max(map(len, side))
        for head, row in zip(["", *side], [heads, *words], strict=True):
            cells = [x.rjust(n) for x, n in zip(row, widths, strict=True)]
            lines.append("  ".join([head.ljust(first + 1), *cells]))
    return lines
