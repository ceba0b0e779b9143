"""An index for one example as an index for all: NumPy's rules of indexing, with hidden axes in front.

:func:`translate` gives the index of the whole array, and the order that brings the axes of what it reads into
place: the hidden ones first, the others as NumPy would have them for one example. ``None`` leaves them.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .. import errors
from .hidden import Levels, levels_of, spread, union

Order = list[int] | None


def translate(x: Any, where: Any) -> tuple[Levels, Any, tuple[Any, ...], Order]:
    """The levels of the result, the whole array, the index to read it at, and the order of what is read."""
    parts = where if isinstance(where, tuple) else (where,)
    parts = tuple(np.asarray(part) if isinstance(part, (list, bool, np.bool_)) else part for part in parts)
    if not levels_of(parts):
        return x.levels, x.whole, *_the_same(x.whole, len(x.levels), parts)
    if any(_is_mask(part) and levels_of(part) for part in parts):
        raise errors.mask_varies()
    levels = union([x.levels, levels_of(parts)])
    whole = spread(x, levels)
    return levels, whole, *_each_its_own(whole, levels, parts)


def _is_basic(part: Any) -> bool:
    """Whether a part is a slice, or one of the signs for none and for many."""
    return part is None or part is Ellipsis or isinstance(part, slice)


def _is_mask(part: Any) -> bool:
    return getattr(part, "dtype", None) == np.bool_


def _axes_read(parts: tuple[Any, ...]) -> int:
    """How many axes the lists of places and the masks have together in the result."""
    return max((1 if _is_mask(part) else np.ndim(part) for part in parts if not _is_basic(part)), default=0)


def _are_together(parts: tuple[Any, ...]) -> bool:
    """Whether no slice stands between two lists of places: else NumPy puts what these read first of all."""
    places = [i for i, part in enumerate(parts) if not _is_basic(part)]
    return not places or places[-1] - places[0] + 1 == len(places)


def _the_same(whole: Any, k: int, parts: tuple[Any, ...]) -> tuple[tuple[Any, ...], Order]:
    """Every example is read at the same places."""
    index = (*(slice(None),) * k, *parts)
    if _are_together(parts) or not any(isinstance(part, np.ndarray) for part in parts):
        return index, None
    m = _axes_read(parts)
    return index, [*range(m, m + k), *range(m), *range(m + k, np.ndim(whole[index]))]


def _each_its_own(whole: Any, levels: Levels, parts: tuple[Any, ...]) -> tuple[tuple[Any, ...], Order]:
    """Every example is read at places of its own: the positions along the hidden axes become lists of places, too."""
    k = len(levels)
    parts = tuple(place for part in parts for place in (part.nonzero() if _is_mask(part) else (part,)))
    missing = np.ndim(whole) - k - sum(part is not None and part is not Ellipsis for part in parts)
    spelled = parts if any(part is Ellipsis for part in parts) else (*parts, Ellipsis)
    full = [p for part in spelled for p in ([slice(None)] * missing if part is Ellipsis else [part])]
    m = _axes_read(parts)
    own = [
        np.arange(n).reshape([-1 if j == i else 1 for j in range(k)] + [1] * m) for i, n in enumerate(whole.shape[:k])
    ]
    index = (*own, *(spread(part, levels, m) for part in full))
    first = next(i for i, part in enumerate(full) if not _is_basic(part)) if _are_together(parts) else 0
    behind = k + m + first
    slices = sum(map(_is_basic, full))
    return index, [*range(k), *range(k + m, behind), *range(k, k + m), *range(behind, k + m + slices)]
