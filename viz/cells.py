"""Sheets of numbers as SVG: coloured cells, light and dark."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from . import text
from .colours import CANVAS, DARK, FONTS, INK, MUTED
from .label import visible
from .overlay import ALARM, BALANCE, blend, ink_on
from .sheet import Panel, Sheet, notes, word

BALANCE_DARK = ("#ffb45c", "#d9822b", "#9c5716", "#55371c", "#262d37", "#1f4566", "#2b6ea8", "#4c9ae0", "#8cc8ff")
"""The same scale on a dark ground: 0 is as dark as the ground, and what is far from it is bright."""

STEPS = 40
"""So many colours there are on each side of 0."""

INFINITE = "#e8590c"
MOST_NUMBERS = 12
"""Panels of at most so many columns, and twice as many rows, have their numbers in the cells."""

LOOK = "".join(
    f".heat-auto .q{k}{{fill:{blend(BALANCE_DARK, k / (2 * STEPS))}}}"
    f".heat-auto .t{k}{{fill:{ink_on(blend(BALANCE_DARK, k / (2 * STEPS)))}}}"
    for k in range(2 * STEPS + 1)
) + "".join(f".heat-auto .{name}{{fill:{DARK[colour]}}}" for name, colour in
            (("ground", CANVAS), ("ink", INK), ("muted", MUTED)))  # fmt: skip
"""What changes on a dark page."""


def to_svg(sheets: Sequence[Sheet], theme: str, fmt: str) -> str:
    """The sheets beside each other."""
    return _Drawing(theme, fmt).draw(sheets)


class _Drawing:
    """Sheets as SVG."""

    def __init__(self, theme: str, fmt: str) -> None:
        self.theme, self.fmt = theme, fmt
        self.dark = theme == "dark"
        self.parts: list[str] = []

    def draw(self, sheets: Sequence[Sheet]) -> str:
        x, height = 14.0, 0.0
        for sheet in sheets:
            width, deep = self._sheet(sheet, x)
            x, height = x + width + 34, max(height, deep)
        width, height = x - 20, height + 12
        style = f"<style>@media (prefers-color-scheme:dark){{{LOOK}}}</style>" if self.theme == "auto" else ""
        title = escape(visible("; ".join(f"{s.name}: {s.words}" for s in sheets)))
        ground = f'<rect class="ground" width="{width:g}" height="{height:g}" fill="{self._plain(CANVAS)}"/>'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="heat-{self.theme}" role="img" width="{width:g}" '
            f'height="{height:g}" viewBox="0 0 {width:g} {height:g}" font-family="{FONTS}">{style}'
            f"<title>{title}</title>{ground}{''.join(self.parts)}</svg>\n"
        )

    def _plain(self, colour: str) -> str:
        return DARK[colour] if self.dark else colour

    def _text(self, x: float, y: float, words: str, kind: str = "muted", size: float = 10, end: str = "start") -> None:
        fill = self._plain(INK if kind == "ink" else MUTED)
        weight = ' font-weight="bold"' if kind == "ink" else ""
        self.parts.append(
            f'<text class="{kind}" x="{x:g}" y="{y:g}" font-size="{size:g}" fill="{fill}" '
            f'text-anchor="{end}"{weight}>{escape(visible(words))}</text>'
        )

    def _sheet(self, sheet: Sheet, left: float) -> tuple[float, float]:
        """One array; how wide and how deep it is."""
        shape, _, summary = sheet.words.partition("   ")
        lines = [shape, *(text.lines(summary) if summary else []), *notes(sheet)]
        self._text(left, 24, text.clip(sheet.name, 40), "ink", 13)
        for k, line in enumerate(lines):
            self._text(left, 40 + 13 * k, line)
        top = 40.0 + 13 * len(lines)
        width = max(6.2 * max(map(len, lines)), 8.5 * min(len(sheet.name), 40), 3.0 * STEPS + 12)
        for row in sheet.panels:
            x, deep = left, 0.0
            for panel in row:
                wide, high = self._panel(panel, sheet, x, top)
                x, deep = x + wide + 12, max(deep, high)
            width, top = max(width, x - 12 - left), top + deep + 12
        if sheet.panels:
            top = self._scale(sheet, left, top)
        return width, top

    def _panel(self, panel: Panel, sheet: Sheet, left: float, top: float) -> tuple[float, float]:
        rows, columns = panel.cells.shape
        numbers = columns <= MOST_NUMBERS and rows <= 2 * MOST_NUMBERS
        words = [[word(x, self.fmt) for x in row] for row in panel.cells]
        longest = max(len(w) for row in words for w in row)
        wide, high = (max(34.0, 6.6 * longest + 10), 24.0) if numbers else (12.0, 12.0)
        if panel.title:
            self._text(left, top + 8, panel.title)
            top += 12
        gutter = 10 + 6 * len(str(rows * panel.block[0]))
        if rows * columns > 1:
            self._ticks(panel, left + gutter, top + 12, wide, high)
        for i, row in enumerate(panel.cells):
            for j, x in enumerate(row):
                at = left + gutter + j * wide, top + 16 + i * high
                place = f"{panel.title}[{i * panel.block[0]}, {j * panel.block[1]}]"
                self._cell(x, words[i][j], place, sheet.limit, at, (wide, high), numbers)
        return gutter + columns * wide, 16 + rows * high + (12 if panel.title else 0)

    def _ticks(self, panel: Panel, left: float, top: float, wide: float, high: float) -> None:
        """Indices of some rows and columns."""
        rows, columns = panel.cells.shape
        for n, block, size, across in ((columns, panel.block[1], wide, True), (rows, panel.block[0], high, False)):
            every = 1 if size > 20 else max(5 if n > 5 else 1, n // 8)
            for k in range(0, n, every):
                if across:
                    self._text(left + (k + 0.5) * size, top, str(k * block), end="middle", size=9)
                else:
                    self._text(left - 4, top + 7.5 + k * size + size / 2, str(k * block), end="end", size=9)

    def _cell(
        self, x: float, words: str, place: str, limit: float, at: tuple[float, float], size: tuple[float, float],
        numbers: bool,
    ) -> None:  # fmt: skip
        (left, top), (wide, high) = at, size
        fill, ink, kind, of = self._colours(x, limit)
        self.parts.append(
            f'<g><title>{place} {words}</title><rect class="{kind}" x="{left + 0.5:g}" y="{top + 0.5:g}" '
            f'width="{wide - 1:g}" height="{high - 1:g}" fill="{fill}"/>'
        )
        if numbers:
            self.parts.append(
                f'<text class="{of}" x="{left + wide / 2:g}" y="{top + high / 2 + 4:g}" font-size="11" fill="{ink}" '
                f'text-anchor="middle">{words}</text>'
            )
        elif not math.isfinite(x):
            a, b = (left + 3, left + wide - 3), (top + 3, top + high - 3)
            cross = f"M{a[0]:g} {b[0]:g}L{a[1]:g} {b[1]:g}"
            cross += f"M{a[1]:g} {b[0]:g}L{a[0]:g} {b[1]:g}" if math.isnan(x) else ""
            self.parts.append(f'<path d="{cross}" stroke="#ffffff" stroke-width="2"/>')
        self.parts.append("</g>")

    def _colours(self, x: float, limit: float) -> tuple[str, str, str, str]:
        """The colour of a cell, that of its number, and what these are called."""
        if not math.isfinite(x):
            fill = ALARM if math.isnan(x) else INFINITE
            return fill, ink_on(fill), "bad", "bad"
        k = STEPS + round(STEPS * min(max(x / limit, -1.0), 1.0))
        fill = blend(BALANCE_DARK if self.dark else BALANCE, k / (2 * STEPS))
        return fill, ink_on(fill), f"q{k}", f"t{k}"

    def _scale(self, sheet: Sheet, left: float, top: float) -> float:
        """The colours from one end to the other."""
        for k in range(0, 2 * STEPS + 1, 2):
            fill = blend(BALANCE_DARK if self.dark else BALANCE, k / (2 * STEPS))
            self.parts.append(
                f'<rect class="q{k}" x="{left + 1.5 * k:g}" y="{top:g}" width="3.2" height="7" fill="{fill}"/>'
            )
        end = left + 3 * STEPS + 3
        for x, words, anchor in (
            (left, -sheet.limit, "start"), (left + 1.5 * STEPS + 1.5, 0.0, "middle"), (end, sheet.limit, "end"),
        ):  # fmt: skip
            self._text(x, top + 18, text.number(words, ".2g"), end=anchor, size=9)
        return top + 22
