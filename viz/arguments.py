"""Arguments that say how something is written, checked before anything is."""

from __future__ import annotations

from typing import Any

from autograd.errors import bad_argument


def check_count(function: str, keyword: str, x: Any, least: int, usual: int) -> None:
    """A whole number of at least ``least``.

    Raises:
        ArgumentError: it is something else.
    """
    if not isinstance(x, int) or isinstance(x, bool) or x < least:
        raise bad_argument(
            f"{function}(..., {keyword}=...)", f"a whole number, {least} or more", repr(x), f"{keyword}={usual}"
        )


def check_format(function: str, fmt: Any) -> None:
    """A format of numbers.

    Raises:
        ArgumentError: Python does not know it.
    """
    try:
        format(1.0, fmt)
    except (TypeError, ValueError) as error:
        raise bad_argument(
            f"{function}(..., fmt=...)", "a format of numbers", f"{fmt!r} ({error})", "fmt='.4g'"
        ) from None


def check_choice(function: str, keyword: str, x: Any, choices: tuple[str, ...], cure: str) -> None:
    """One of a few words.

    Raises:
        ArgumentError: it is another.
    """
    if x not in choices:
        words = ", ".join(map(repr, choices[:-1]))
        did = f"{function}(..., {keyword}=...)" if "(" not in function else function
        raise bad_argument(did, f"{words} or {choices[-1]!r}", repr(x), cure)
