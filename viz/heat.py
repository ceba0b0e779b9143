"""Arrays as coloured cells: values and gradients beside each other."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from autograd.errors import bad_argument
from autograd.graph import Node

from . import cells
from .arguments import check_choice, check_count, check_format
from .colours import THEMES
from .sheet import Sheet, lines_of, sheet_of


class ArrayView:
    """Arrays as coloured cells: a notebook shows them, ``save`` writes them to a file, ``str`` is text.

    Attributes:
        sheets: what is to be seen, as plain data.
        theme: ``auto``, ``light`` or ``dark``.
        fmt: the format of numbers.
    """

    def __init__(self, sheets: Sequence[Sheet], theme: str = "auto", fmt: str = ".3g") -> None:
        self.sheets, self.theme, self.fmt = tuple(sheets), theme, fmt

    def to_svg(self) -> str:
        """The arrays beside each other as SVG."""
        return cells.to_svg(self.sheets, self.theme, self.fmt)

    def save(self, path: str | Path) -> Path:
        """Write the picture to a file that ends in ``.svg``, or its text to one that ends in ``.txt``.

        Raises:
            ArgumentError: another suffix.
        """
        path = Path(path)
        if path.suffix not in (".svg", ".txt"):
            cure = f"view.save({str(path.with_suffix('.svg'))!r})"
            got = f"the suffix {path.suffix!r}"
            raise bad_argument(f"saving a heatmap as {str(path)!r}", "a name that ends in .svg or .txt", got, cure)
        path.write_text(self.to_svg() if path.suffix == ".svg" else f"{self}\n", encoding="utf-8")
        return path

    def __str__(self) -> str:
        return "\n\n".join("\n".join(lines_of(sheet, self.fmt)) for sheet in self.sheets)

    def __repr__(self) -> str:
        return f"<ArrayView of {', '.join(sheet.name for sheet in self.sheets)}; print it, or .save('array.svg')>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """What a notebook shows."""
        return {"image/svg+xml": self.to_svg(), "text/plain": str(self)}


def heatmap(
    *arrays: Any,
    names: Mapping[str, Any] | None = None,
    limit: float | None = None,
    max_cells: int = 32,
    theme: str = "auto",
    fmt: str = ".3g",
) -> ArrayView:
    """Show arrays as coloured cells: orange below 0, pale at 0, blue above, the stronger the farther from it.

    A vector is a row, a matrix a grid, an array of three axes a grid for each index of the first, and one of four
    a table of grids. Small ones have their numbers in the cells. NaN and infinities have words and a colour of
    their own. A cell of an array that is too large stands for a block, and shows of it what is farthest from 0.

    Args:
        arrays: Tensors, Values, numbers, or arrays of up to 4 axes; ``None``, such as a gradient that no pass has
            computed, is said to be so. ``heatmap(x, x.grad)`` shows a Tensor and its gradient.
        names: names for them, such as ``locals()``; they go before ``tensor.name``.
        limit: the absolute value of the strongest colour, the same for all; by itself that of each array.
        max_cells: more rows or columns are folded to so many.
        theme: ``light``, ``dark``, or ``auto``: as the reader's system prefers.
        fmt: the format of numbers.

    Returns:
        The view: shown by notebooks, ``.save("array.svg")``, ``.to_svg()``, ``str()``.

    Raises:
        ArgumentError: there is no array, one has more than 4 axes, or another argument is out of range.

    Example:
        >>> import numpy as np
        >>> print(heatmap(np.array([[1.0, -2.0], [np.nan, 0.5]])))
        array   float64 (2, 2)   -0.1667 ± 1.312 in [-2, 1], 1 NaN
              0    1
        0     1   -2
        1   NaN  0.5
    """
    did = "heatmap(array)"
    if not arrays:
        raise bad_argument(did, "at least one array", "none", "heatmap(x, x.grad)")
    if limit is not None and not (isinstance(limit, (int, float)) and 0 < limit < math.inf):
        raise bad_argument("heatmap(..., limit=...)", "a number above 0", repr(limit), "limit=1.0")
    check_count("heatmap", "max_cells", max_cells, 2, 32)
    check_choice("heatmap", "theme", theme, THEMES, "theme='auto'")
    check_format("heatmap", fmt)
    if not isinstance(names or {}, Mapping):
        raise bad_argument("heatmap(..., names=...)", "a dict of arrays by name", repr(names), "names=locals()")
    called = _called(arrays, names or {})
    return ArrayView([sheet_of(x, name, limit, max_cells) for x, name in zip(arrays, called, strict=True)], theme, fmt)


def _called(arrays: Sequence[Any], names: Mapping[str, Any]) -> list[str]:
    """The name of each, or that of the Tensor whose gradient it is."""
    known = {id(x): name for name, x in reversed(list(names.items())) if not name.startswith("_")}
    for x in arrays:
        if isinstance(x, Node):
            known.setdefault(id(x), x.name or "tensor")
            if x.grad is not None:
                known.setdefault(id(x.grad), f"{known[id(x)]}.grad")
    before = ["", *(known.get(id(x), "") if isinstance(x, Node) else "" for x in arrays)]
    return [
        (f"{last}.grad" if last else "None") if x is None else known.get(id(x), "array")
        for x, last in zip(arrays, before, strict=False)
    ]
