"""How things look: colours in the light and in the dark, shapes, and the font."""

from __future__ import annotations

import re
from typing import NamedTuple

FONT = "Arial"
FONTS = "Arial, 'Liberation Sans', Arimo, Helvetica, sans-serif"
"""Graphviz measures the first; browsers take whichever of the same widths is there."""

CANVAS, INK, MUTED, WIRE = "#fcfcfd", "#1b2430", "#5f6b7a", "#7a8696"
DATA, GRAD, LOCAL = "#1b2431", "#b4124f", "#00695f"
BANNER, BANNER_INK = "#fff3cf", "#6b4a00"
PALE_INK, PALE_LINE, PALE_FILL = "#87919e", "#cfd6de", "#f8f9fa"


class Style(NamedTuple):
    """How a role looks: shape and line say the same as the colours do."""

    fill: str
    line: str
    shape: str
    style: str
    width: float
    meaning: str


STYLES = {
    "leaf": Style("#e2edff", "#2b67c2", "box", "rounded,filled", 1.3, "leaf: input or parameter"),
    "constant": Style("#f0f1f3", "#8792a1", "box", "dashed,filled", 1.1, "constant: no gradient"),
    "result": Style("#fdfdfe", "#5b6675", "box", "filled", 1.1, "result"),
    "output": Style("#ffecc2", "#b97a00", "box", "filled,bold", 2.2, "output"),
    "folded": Style("#efe8fc", "#7350bd", "folder", "filled", 1.3, "folded"),
}

DARK = {
    CANVAS: "#12161c", INK: "#eef2f6", MUTED: "#9aa7b6", WIRE: "#7f8c9c",
    DATA: "#eef2f7", GRAD: "#ff86b4", LOCAL: "#5ad1bf",
    BANNER: "#4a3805", BANNER_INK: "#ffe3a1",
    PALE_INK: "#677588", PALE_LINE: "#333d49", PALE_FILL: "#171c23",
    "#e2edff": "#16304f", "#2b67c2": "#6aa5ff",
    "#f0f1f3": "#1d232b", "#8792a1": "#77849a",
    "#fdfdfe": "#232b36", "#5b6675": "#8b98aa",
    "#ffecc2": "#4b3709", "#b97a00": "#f2b632",
    "#efe8fc": "#2e2549", "#7350bd": "#b79df3",
}  # fmt: skip
"""What each colour becomes in the dark."""

THEMES = ("auto", "light", "dark")


def in_theme(dot: str, theme: str) -> str:
    """The DOT program in the colours of ``theme``; with ``auto`` they change only later, in the SVG.

    Colours are whole quoted values. No name can look like one, since quotes in names are escaped.
    """
    if theme != "dark":
        return dot
    return re.sub('="(#[0-9a-f]{6})"', lambda found: f'="{DARK.get(found[1], found[1])}"', dot)


def themed(svg: str, theme: str = "auto") -> str:
    """Graphviz's SVG with fonts that every system has; for ``auto`` with the colours for dark pages in it."""
    style = ""
    if theme == "auto":
        light_and_dark = "".join(
            f".chainrule-auto [fill='{light}']{{fill:{dark}}}.chainrule-auto [stroke='{light}']{{stroke:{dark}}}"
            for light, dark in DARK.items()
        )
        style = f"<style>@media (prefers-color-scheme:dark){{{light_and_dark}}}</style>"
    svg = svg.replace(f'font-family="{FONT}"', f'font-family="{FONTS}"')
    return re.sub(r"(<svg [^>]*)>", rf'\1 class="chainrule-{theme}" role="img">{style}', svg, count=1)
