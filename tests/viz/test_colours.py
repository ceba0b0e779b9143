"""What is written can be read: the contrast of letters and lines with their grounds, after WCAG 2.1."""

from __future__ import annotations

import pytest

from viz.colours import (
    BANNER,
    BANNER_INK,
    CANVAS,
    DARK,
    DATA,
    GRAD,
    INK,
    LOCAL,
    MUTED,
    PALE_FILL,
    PALE_INK,
    STYLES,
    WIRE,
)  # fmt: skip
from viz.overlay import ALARM, BALANCE, KINDS, PAPER, VIRIDIS, blend, ink_on

TEXT, SHAPE = 4.5, 3.0
"""What AA asks for: of letters, and of lines and large shapes."""


def luminance(colour):
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    r, g, b = (x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(a, b):
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [{}, DARK], ids=["light", "dark"])
def test_letters_and_lines_stand_out(theme):
    def between(a, b):
        return contrast(theme.get(a, a), theme.get(b, b))

    for style in STYLES.values():
        for ink in (INK, MUTED, DATA, GRAD):
            assert between(ink, style.fill) >= TEXT
        assert between(style.line, CANVAS) >= SHAPE
    for ink in (MUTED, GRAD, LOCAL):
        assert between(ink, CANVAS) >= TEXT
    assert between(BANNER_INK, BANNER) >= TEXT
    assert between(WIRE, CANVAS) >= SHAPE
    for ground in (PALE_FILL, CANVAS):  # pale on purpose, and yet to be read
        assert SHAPE <= between(PALE_INK, ground) < between(MUTED, ground)


def test_numbers_on_the_colours_of_an_overlay():
    for colours in (VIRIDIS, BALANCE):
        for step in range(101):
            ground = blend(colours, step / 100)
            assert contrast(ink_on(ground), ground) >= TEXT
    assert contrast(PAPER, ALARM) >= TEXT


def test_every_colour_has_one_for_the_dark():
    light = {CANVAS, INK, MUTED, WIRE, DATA, GRAD, LOCAL, BANNER, BANNER_INK, PALE_INK, PALE_FILL}
    assert light | {c for s in STYLES.values() for c in (s.fill, s.line)} <= DARK.keys()
    assert not set(KINDS.values()) & DARK.keys()
