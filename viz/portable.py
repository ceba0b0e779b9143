"""A picture as JSON, and back."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from autograd.errors import bad_argument

from . import text
from .overlay import Mark, Scale
from .picture import Arrow, Box, Picture

FORMAT = "chainrule picture 1"
"""What the file says of itself; the number grows when old readers could not read it."""


def to_json(picture: Picture, **look: Any) -> str:
    """The picture, with what else is to be remembered of its look."""
    return json.dumps({"format": FORMAT, **look, **asdict(picture)}, ensure_ascii=False, indent=1)


def from_json(written: str) -> tuple[Picture, dict[str, Any]]:
    """The picture, and its look.

    Raises:
        ArgumentError: ``written`` is no such JSON.
    """
    try:
        given = json.loads(written)
        if given.pop("format") != FORMAT:
            raise ValueError("another format")
        given["boxes"] = tuple(Box(**box | {"mark": _mark(box["mark"])}) for box in given["boxes"])
        given["arrows"] = tuple(Arrow(**arrow) for arrow in given["arrows"])
        given["banners"] = tuple(given["banners"])
        given["scale"] = _scale(given["scale"])
        look = {"legend": given.pop("legend", True), "theme": given.pop("theme", "auto")}
        return Picture(**given), look
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        got = f"{text.clip(repr(written), 60)} ({type(error).__name__})"
        cure = "GraphView.from_json(view.to_json())"
        raise bad_argument("GraphView.from_json(written)", "what to_json() wrote", got, cure) from None


def _mark(given: Any) -> Mark | None:
    if given is None:
        return None
    words, colour, ink, cells = given
    return Mark(words, colour, ink, tuple((colour, share) for colour, share in cells))


def _scale(given: Any) -> Scale | None:
    if given is None:
        return None
    title, low, high, colours, kinds = given
    return Scale(title, low, high, tuple(colours), tuple(kinds))
