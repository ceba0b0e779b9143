"""Numbers and arrays in one line."""

from __future__ import annotations

import math
import re
from typing import Any

import numpy as np

from autograd.rules.elsewhere import in_memory
from autograd.rules.exact import is_exact

NOT_COMPUTED = "\N{EN DASH}"
"""What stands for a gradient that no backward pass has computed: never a false 0."""

SMALL = 6
"""Arrays of up to this many elements are written out."""


def number(x: Any, fmt: str = ".4g") -> str:
    """A number in the format ``fmt``, an exact one as it is; a negative zero is a zero, a real part of 0 is left out.

    Example:
        >>> from fractions import Fraction
        >>> number(-3.0), number(1 / 3), number(1e-7), number(True), number(1 - 2j), number(Fraction(1, 3))
        ('-3', '0.3333', '1e-07', '1', '1-2j', '1/3')
    """
    x = in_memory(x)
    x = x.item() if isinstance(x, (np.generic, np.ndarray)) and np.ndim(x) == 0 else x
    if is_exact(x):
        return str(x)
    if isinstance(x, complex) and x.real == 0:
        return f"{number(x.imag, fmt)}j"
    if isinstance(x, bool):
        x = int(x)
    try:
        written = format(x, fmt)
    except (TypeError, ValueError):
        written = str(x)
    return "0" if written == "-0" else written


def literal(x: Any, fmt: str = ".4g") -> str:
    """A number of the program itself: all its digits, if they are not too many.

    Example:
        >>> literal(2.0), literal(1.0001), literal(0.6931471805599453)
        ('2', '1.0001', '0.6931')
    """
    whole = isinstance(x, float) and x.is_integer()
    return repr(x) if isinstance(x, (int, float)) and not whole and len(repr(x)) <= 8 else number(x, fmt)


def array(x: Any, fmt: str = ".4g", small: int = SMALL) -> str:
    """All the numbers of a small array, and a summary of a large one.

    Example:
        >>> array(np.array([[1.0, 2.5], [3.0, -4.0]]))
        '[[1, 2.5], [3, -4]]'
        >>> array(np.arange(10.0))
        '4.5 ± 2.872 in [0, 9]'
    """
    x = numbers(x)
    if x.ndim == 0:
        return number(x, fmt)
    if x.size <= small:
        return _nested(x, fmt)
    return summary(x, fmt)


def numbers(x: Any) -> Any:
    """The array itself; of a batch, which ``vmap`` makes, all examples."""
    return np.asarray(in_memory(getattr(x, "whole", x)))


def size(x: Any) -> int:
    """How many numbers there are in a number or an array; NumPy's function does not know Dask's arrays."""
    return math.prod(np.shape(x))


def summary(x: Any, fmt: str = ".4g") -> str:
    """Mean ± standard deviation in [least, greatest], and what in it is not a number."""
    x = numbers(x)
    if x.dtype.kind == "b":
        return f"{np.count_nonzero(x)} of {x.size} true"
    if x.dtype.kind == "c":
        return f"{x.size} complex numbers, largest modulus {number(np.abs(x).max(), fmt)}"
    finite = x[np.isfinite(x)].astype(np.float64)
    parts = []
    if finite.size:
        low, high = number(finite.min(), fmt), number(finite.max(), fmt)
        with np.errstate(all="ignore"):  # it may be too large for a float
            mean, noise = finite.mean(), np.finfo(x.dtype if x.dtype.kind == "f" else float).eps
            mean = 0.0 if abs(mean) < noise * np.abs(finite).max() else mean  # numbers that cancel, up to rounding
            spread = f"{number(mean, fmt)} ± {number(finite.std(), fmt)} in [{low}, {high}]"
        parts.append(f"all {low}" if finite.min() == finite.max() else spread)
    bad = {"NaN": np.isnan(x), "inf": np.isposinf(x), "-inf": np.isneginf(x)}
    parts += [f"{np.count_nonzero(found)} {name}" for name, found in bad.items() if np.any(found)]
    return ", ".join(parts) or "no numbers"


def _nested(x: Any, fmt: str) -> str:
    if not np.ndim(x):
        return number(x, fmt)
    return f"[{', '.join(_nested(part, fmt) for part in x)}]"


def shape(x: Any) -> str:
    """The dtype and the shape: ``float64 (3, 4)``; for a batch that of one example, and how many there are."""
    examples = "".join(f", {n} examples" for n in getattr(x, "hidden", ()))
    return f"{getattr(x, 'dtype', type(x).__name__)} {tuple(np.shape(x))}{examples}"


def lines(written: str) -> list[str]:
    """A summary in two lines, as a box shows it: what is usual, and the range.

    Example:
        >>> lines("4.5 ± 2.872 in [0, 9]")
        ['4.5 ± 2.872', 'in [0, 9]']
    """
    return re.split(r" (?=in \[)", written)


def plural(count: int, noun: str) -> str:
    """A count with its noun: ``1 node``, ``1,000 nodes``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def clip(written: str, length: int) -> str:
    """At most ``length`` characters; an ellipsis marks what was cut."""
    return written if len(written) <= length else f"{written[: length - 1]}…"
