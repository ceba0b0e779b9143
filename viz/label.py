"""Graphviz's HTML-like labels: text as it is, cells, rows and tables."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from html import escape


def attributes(**given: object) -> str:
    """The attributes of a node or an edge in DOT."""
    return " ".join(f'{key}="{_quoted(str(value))}"' for key, value in given.items())


def _quoted(value: str) -> str:
    r"""A DOT string takes backslashes for escapes and, where SVG comes from it, ampersands for entities."""
    return visible(value).replace("\\", "\\\\").replace('"', '\\"').replace("&", "&amp;")


def visible(value: str) -> str:
    r"""Text in which every character can be seen: a line break is ``\x0a``.

    Example:
        >>> print(visible("a\nb"))
        a\x0ab
    """
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in value)


def text(value: str) -> str:
    """Text in an HTML-like label: as it is, with room for the letters that the renderer measures too narrow.

    graphviz-pure takes a letter that is not ASCII for one space a byte. For letters of two bytes, and for
    the wide ones of East Asia, that is too little. Other builds of Graphviz measure all a little too narrow,
    which shows in long text.
    """
    seen = visible(value)
    two_bytes = sum(len(c.encode()) == 2 for c in seen if c != "±")  # which is no wider than two spaces
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in seen)
    seen = re.sub(r"\\(?=[A-Z])", "\\\\\N{WORD JOINER}", seen)  # or else \N would become the key of the node
    room = (two_bytes + 2 * wide + 2) // 4 + max(len(seen) - 24, 0) // 6
    return escape(seen) + "&#160;" * room


def cell(words: str, colour: str, size: int = 12, align: str = "LEFT", span: int = 1) -> str:
    """One cell of a table with coloured words."""
    across = f' COLSPAN="{span}"' if span > 1 else ""
    return f'<TD ALIGN="{align}"{across}><FONT POINT-SIZE="{size}" COLOR="{colour}">{text(words)}</FONT></TD>'


def table(rows: Sequence[str], spacing: int = 0, padding: int = 0, colour: str = "") -> str:
    """A table without borders; ``colour`` is that of its rules."""
    look = f'BORDER="0" CELLBORDER="0" CELLSPACING="{spacing}" CELLPADDING="{padding}"'
    look += f' COLOR="{colour}"' if colour else ""
    return f"<TABLE {look}>{''.join(rows)}</TABLE>"
