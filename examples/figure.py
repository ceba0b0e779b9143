"""Small figures as SVG, in the colours of ``viz``, for light pages and for dark ones."""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from viz import colours

BLUE, RED, GREEN, AMBER = "#2b67c2", "#b4124f", "#00695f", "#b97a00"
INK, GREY, GRID, GROUND = colours.INK, colours.MUTED, colours.PALE_LINE, colours.CANVAS
LEFT, TOP, RIGHT, BOTTOM = 46, 40, 14, 42
MINUS = "\N{MINUS SIGN}"
SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


class Panel:
    """One pair of axes, on which lines, dots, shades and words are put in the order of the calls.

    Args:
        title: what is to be seen.
        x: the least and the greatest number of the horizontal axis.
        y: the same of the vertical axis.
        xlabel: what the horizontal axis shows.
        ylabel: what the vertical axis shows.
        log: the axes with a logarithmic scale: ``""``, ``"x"``, ``"y"`` or ``"xy"``.
        size: width and height of what is between the axes, in pixels.
    """

    def __init__(
        self,
        title: str,
        x: tuple[float, float],
        y: tuple[float, float],
        *,
        xlabel: str = "",
        ylabel: str = "",
        log: str = "",
        size: tuple[int, int] = (236, 190),
    ) -> None:
        self.title, self.xlabel, self.ylabel, self.log = title, xlabel, ylabel, log
        self.x, self.y = _scale(x, "x" in log), _scale(y, "y" in log)
        self.width, self.height = size
        self.marks: list[str] = []
        self.names: tuple[list[str], list[str]] | None = None

    def line(self, x: Any, y: Any, colour: str = BLUE, width: float = 2, dash: str = "", opacity: float = 1) -> None:
        """A line through points, broken where a number is not finite."""
        for part in _finite(*self._places(x, y)):
            points = " ".join(f"{a:.1f},{b:.1f}" for a, b in part)
            style = f' stroke-dasharray="{dash}"' * bool(dash) + f' opacity="{opacity}"' * (opacity < 1)
            line = f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="{width}"{style}/>'
            self.marks.append(line)

    def dots(self, x: Any, y: Any, colour: str = BLUE, radius: float = 2.6, opacity: float = 0.85) -> None:
        """A dot at each point."""
        dots = "".join(f'<circle cx="{a:.1f}" cy="{b:.1f}" r="{radius}"/>' for a, b in self._pairs(x, y))
        self.marks.append(f'<g fill="{colour}" opacity="{opacity}">{dots}</g>')

    def arrow(self, x: float, y: float, colour: str) -> None:
        """An arrow from the origin."""
        (x0, x1), (y0, y1) = self._places([0, x], [0, y])
        away = math.atan2(y1 - y0, x1 - x0)
        head = [(x1 - 9 * math.cos(away + turn), y1 - 9 * math.sin(away + turn)) for turn in (-0.4, 0.4)]
        (ax, ay), (bx, by) = head
        self.line([0, x], [0, y], colour, 2.4)
        self.marks.append(f'<path d="M{x1:.1f} {y1:.1f}L{ax:.1f} {ay:.1f}L{bx:.1f} {by:.1f}z" fill="{colour}"/>')

    def area(self, x: Any, y: Any, colour: str, opacity: float = 0.2) -> None:
        """A filled polygon."""
        points = " ".join(f"{a:.1f},{b:.1f}" for a, b in self._pairs(x, y))
        self.marks.append(f'<polygon points="{points}" fill="{colour}" opacity="{opacity}"/>')

    def shade(self, shares: Any, low: str = BLUE, high: str = RED, steps: int = 9) -> None:
        """Numbers from 0 to 1 over the whole panel, the first row at the bottom: the further from ½, the darker."""
        rows, columns = np.shape(shares)
        wide, tall = self.width / columns, self.height / rows
        levels = np.clip(np.round((2 * np.asarray(shares) - 1) * steps), -steps, steps).astype(int)
        for level in sorted(set(levels.ravel().tolist()) - {0}):
            path = "".join(
                f"M{a * wide:.1f} {self.height - (row + 0.5) * tall:.1f}H{b * wide:.1f}"
                for row in range(rows)
                for a, b in _runs(levels[row] == level)
            )
            self.marks.append(
                f'<path d="{path}" stroke-linecap="butt" stroke="{high if level > 0 else low}" '
                f'stroke-width="{tall + 0.1:.2f}" opacity="{0.32 * abs(level) / steps:.2f}"/>'
            )

    def cells(
        self, numbers: Any, columns: Iterable[Any], rows: Iterable[Any], colour: str = BLUE, fmt: str = ".0%"
    ) -> None:
        """A table of numbers, the first row at the bottom: the larger, the darker; and the names of its cells."""
        self.names = [str(name) for name in columns], [str(name) for name in rows]
        numbers = np.asarray(numbers)
        high, wide = self.height / numbers.shape[0], self.width / numbers.shape[1]
        depth = (numbers - numbers.min()) / max(np.ptp(numbers), 1e-9)
        for (row, column), number in np.ndenumerate(numbers):
            x, y = column * wide, self.height - (row + 1) * high
            self.marks.append(
                f'<rect x="{x + 1:.1f}" y="{y + 1:.1f}" width="{wide - 2:.1f}" height="{high - 2:.1f}" rx="3" '
                f'fill="{colour}" opacity="{0.08 + 0.6 * depth[row, column]:.2f}"/>'
            )
            self.marks.append(_words(x + wide / 2, y + high / 2 + 4, format(number, fmt), INK, "middle"))

    def text(self, x: float, y: float, words: str, colour: str = INK, anchor: str = "start") -> None:
        """Words at a point."""
        [across], [up] = self._places([x], [y])
        self.marks.append(_words(across, up, words, colour, anchor))

    def legend(self, names: Iterable[tuple[str, str]], corner: str = "top right") -> None:
        """Names in their colours, one below the other, in a corner."""
        names = list(names)
        across, anchor = (self.width - 8, "end") if "right" in corner else (8, "start")
        top = 16 if "top" in corner else self.height - 15 * len(names) + 5
        for i, (name, colour) in enumerate(names):
            self.marks.append(_words(across, top + 15 * i, name, colour, anchor))

    def svg(self, left: float, top: float) -> str:
        """The panel at a place of the figure."""
        axes = [_words(0, -19, self.title, INK, "start", "13", ' font-weight="bold"')]
        across, up = self._ticks()
        if not self.names:
            grid = "".join(
                [*(f"M{x:.1f} 0V{self.height}" for x, _ in across), *(f"M0 {y:.1f}H{self.width}" for y, _ in up)]
            )
            axes.append(f'<path d="{grid}" stroke="{GRID}" stroke-width="0.7"/>')
        axes += [_words(x, self.height + 15, label, GREY, "middle", "10.5") for x, label in across]
        axes += [_words(-6, y + 3.5, label, GREY, "end", "10.5") for y, label in up]
        axes += [_words(self.width / 2, self.height + 32, self.xlabel, GREY, "middle")] * bool(self.xlabel)
        axes += [_words(0, -5, self.ylabel, GREY, "start", "10.5")] * bool(self.ylabel)
        round_ = 'stroke-linejoin="round" stroke-linecap="round"'
        inside = f'<svg width="{self.width}" height="{self.height}" {round_}>{"".join(self.marks)}</svg>'
        return f'<g transform="translate({left} {top})">{"".join(axes)}{inside}</g>'

    def _ticks(self) -> tuple[list[tuple[float, str]], list[tuple[float, str]]]:
        """What is written along both axes, and at which pixel."""
        if self.names is not None:
            names = self.names[0], self.names[1][::-1]
            sides = (self.width, names[0]), (self.height, names[1])
            across, up = ([((i + 0.5) * side / len(row), name) for i, name in enumerate(row)] for side, row in sides)
            return across, up
        x, y = _round_numbers(self.x, "x" in self.log), _round_numbers(self.y, "y" in self.log)
        across = [(float(self._shares(at, 0)[0]), label) for at, label in x]
        return across, [(float(self._shares(0, at)[1]), label) for at, label in y]

    def _places(self, x: Any, y: Any) -> tuple[Any, Any]:
        """Pixels for numbers."""
        with np.errstate(all="ignore"):
            x = np.log10(x) if "x" in self.log else np.asarray(x, dtype=float)
            y = np.log10(y) if "y" in self.log else np.asarray(y, dtype=float)
        return self._shares(x, y)

    def _pairs(self, x: Any, y: Any) -> list[tuple[float, float]]:
        """Pixels for numbers, point by point."""
        across, up = self._places(x, y)
        return list(zip(across.tolist(), up.tolist(), strict=True))

    def _shares(self, x: Any, y: Any) -> tuple[Any, Any]:
        """Pixels for numbers that are logarithms already, where the scale is logarithmic."""
        (x0, x1), (y0, y1) = self.x, self.y
        across = self.width * (np.asarray(x, dtype=float) - x0) / (x1 - x0)
        up = self.height * (1 - (np.asarray(y, dtype=float) - y0) / (y1 - y0))
        return across, np.where(np.isfinite(up), np.clip(up, -1e4, 1e4), np.nan)


def figure(title: str, panels: Sequence[Panel], columns: int = 3) -> str:
    """Panels in rows, as one SVG.

    Args:
        title: what the figure shows, for those who cannot see it.
        panels: the panels, all of the same size.
        columns: how many are side by side.

    Returns:
        The SVG, the same for the same panels.
    """
    wide, high = panels[0].width + LEFT + RIGHT, panels[0].height + TOP + BOTTOM
    width, height = wide * min(columns, len(panels)), high * -(-len(panels) // columns)
    placed = [panel.svg(i % columns * wide + LEFT, i // columns * high + TOP) for i, panel in enumerate(panels)]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    ground = f'<title>{escape(title)}</title><rect width="100%" height="100%" rx="6" fill="{GROUND}"/>'
    font = f'font-family="{colours.FONTS}" font-size="11.5"'
    return colours.themed("\n".join([f"{head} {font}>", ground, *placed, "</svg>\n"]))


def asked(about: str | None, arguments: list[str] | None) -> Path | None:
    """Where the command line wants the figure, ``--figure x.svg``; ``None`` if it wants none.

    Args:
        about: what the example does, for ``--help``.
        arguments: those of the command line; ``sys.argv`` if not given.
    """
    parser = argparse.ArgumentParser(description=(about or "").partition("\n")[0])
    parser.add_argument("--figure", type=Path, metavar="PATH.svg", help="save the figure there")
    path: Path | None = parser.parse_args(arguments).figure
    if path is not None and path.suffix != ".svg":
        parser.error(f"--figure {path}: the figure is SVG, so a path that ends in .svg is expected: {path.stem}.svg")
    return path


def save(svg: str, path: Path | None) -> None:
    """Write the figure, if it is wanted."""
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(svg, encoding="utf-8")
        print(f"The figure is in {path}.")


def _words(x: float, y: float, words: str, colour: str, anchor: str, size: str = "", more: str = "") -> str:
    """Words with a rim in the colour of the ground, so that they can be read on anything."""
    size = f' font-size="{size}"' * bool(size)
    rim = f'stroke="{GROUND}" stroke-width="3" stroke-linejoin="round" paint-order="stroke"'
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" text-anchor="{anchor}" {rim}{size}{more}>{escape(words)}</text>'
    )


def _scale(ends: tuple[float, float], log: bool) -> tuple[float, float]:
    """The ends of an axis, as logarithms if it is logarithmic."""
    return (math.log10(ends[0]), math.log10(ends[1])) if log else (float(ends[0]), float(ends[1]))


def _round_numbers(ends: tuple[float, float], log: bool) -> list[tuple[float, str]]:
    """Where an axis has numbers, and what they are: at most six, and round."""
    low, high = ends
    if log:
        step = max(1, math.ceil((high - low) / 5))
        first = math.ceil(low - 1e-9)
        return [(n, "10" + str(n).translate(SUPERSCRIPTS)) for n in range(first, math.floor(high + 1e-9) + 1, step)]
    rough = (high - low) / 5
    power = 10 ** math.floor(math.log10(rough))
    step = next(power * n for n in (1, 2, 5, 10) if power * n >= rough * 0.999)
    return [
        (n * step, f"{n * step:g}".replace("-", MINUS))
        for n in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)
    ]


def _finite(x: Any, y: Any) -> list[list[tuple[float, float]]]:
    """The points in stretches without gaps."""
    parts: list[list[tuple[float, float]]] = [[]]
    for point in zip(x.tolist(), y.tolist(), strict=True):
        if all(map(math.isfinite, point)):
            parts[-1].append(point)
        elif parts[-1]:
            parts.append([])
    return [part for part in parts if len(part) > 1]


def _runs(row: Any) -> list[tuple[int, int]]:
    """The stretches of a row that are true: where each begins, and where it has ended."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], row.astype(int), [0]]))).tolist()
    return list(zip(edges[::2], edges[1::2], strict=True))
