"""np.pad in all its modes: a border of constants is a row, and any other is made of elements of the array."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from .. import errors
from ..rules.shape import pad as pad_with
from .dispatch import implements

Border = Callable[[Any, int, int, dict[str, Any], int], Any]
"""Pads one axis: of an array, along an axis, by two widths, with the options for the axis of this number."""


def _reread(mode: Any, x: Any, axis: int, widths: tuple[int, int], options: dict[str, Any]) -> Any:
    """A border that repeats elements: reading them again at the positions that NumPy's own padding gives."""
    n = np.shape(x)[axis]
    places = np.pad(np.arange(n), widths, mode=mode)
    before, after = (np.take(x, part, axis=axis) for part in (places[: widths[0]], places[widths[0] + n :]))
    return np.concatenate([before, x, after], axis=axis)


def _reflect(mode: Any, x: Any, axis: int, widths: tuple[int, int], options: dict[str, Any]) -> Any:
    """A mirror image; an odd one is a linear map, whose matrix is the padded identity."""
    if options.get("reflect_type", "even") == "even":
        return _reread(mode, x, axis, widths, options)
    n = np.shape(x)[axis]
    matrix: Any = np.pad(np.eye(n, dtype=x.dtype), (widths, (0, 0)), mode=mode, reflect_type="odd")
    before, after = (
        np.moveaxis(np.tensordot(rows, x, (1, axis)), 0, axis)
        for rows in (matrix[: widths[0]], matrix[widths[0] + n :])
    )
    return np.concatenate([before, x, after], axis=axis)


def _statistic(function: Any, x: Any, axis: int, widths: tuple[int, int], options: dict[str, Any]) -> Any:
    """A border of one number for each row: the mean, say, of the elements next to it."""
    n = np.shape(x)[axis]
    lengths = _pairs(options.get("stat_length") or n, np.shape(x))[axis]
    ends = [_between(x, axis, 0, min(lengths[0], n)), _between(x, axis, n - min(lengths[1], n), n)]
    parts = [
        np.repeat(function(end, axis=axis, keepdims=True), width, axis=axis)
        for end, width in zip(ends, widths, strict=True)
    ]
    return np.concatenate([parts[0], x, parts[1]], axis=axis)


def _ramp(x: Any, axis: int, widths: tuple[int, int], options: dict[str, Any]) -> Any:
    """A border that leads in a straight line to a given number."""
    n = np.shape(x)[axis]
    before, after = np.broadcast_to(options.get("end_values", 0), (np.ndim(x), 2))[axis].tolist()
    first, last = _between(x, axis, 0, 1), _between(x, axis, n - 1, n)

    def line(end: float, edge: Any, width: int) -> Any:
        part = np.reshape(np.arange(width) / max(width, 1), [-1 if i == axis else 1 for i in range(np.ndim(x))])
        return end + (edge - end) * part.astype(x.dtype)

    return np.concatenate([line(before, first, widths[0]), x, np.flip(line(after, last, widths[1]), axis)], axis=axis)


def _between(x: Any, axis: int, start: int, stop: int) -> Any:
    """A slice along one axis."""
    return x[(*(slice(None),) * axis, slice(start, stop))]


def _pairs(widths: Any, shape: tuple[int, ...]) -> list[tuple[int, int]]:
    """Two widths for each axis, however they were given."""
    axes = len(shape)
    if isinstance(widths, dict):  # NumPy 2.2
        named = {axis % axes: np.broadcast_to(pair, 2).tolist() for axis, pair in widths.items()}
        widths = [named.get(axis, (0, 0)) for axis in range(axes)]
    try:
        return [(int(before), int(after)) for before, after in np.broadcast_to(widths, (axes, 2))]
    except ValueError as error:
        raise errors.shapes_do_not_fit("pad", [shape], {"pad_width": widths}, str(error)) from None


MODES: dict[str, tuple[Any, tuple[str, ...]]] = {
    "edge": (partial(_reread, "edge"), ()),
    "wrap": (partial(_reread, "wrap"), ()),
    "reflect": (partial(_reflect, "reflect"), ("reflect_type",)),
    "symmetric": (partial(_reflect, "symmetric"), ("reflect_type",)),
    "maximum": (partial(_statistic, np.max), ("stat_length",)),
    "minimum": (partial(_statistic, np.min), ("stat_length",)),
    "mean": (partial(_statistic, np.mean), ("stat_length",)),
    "median": (partial(_statistic, np.median), ("stat_length",)),
    "linear_ramp": (_ramp, ("end_values",)),
}
"""How each mode pads one axis, and the options that it takes."""


@implements(np.pad)
def pad(array: Any, pad_width: Any, mode: str = "constant", **options: Any) -> Any:
    """The array with a border."""
    if mode != "constant" and mode not in MODES:
        raise errors.bad_argument(
            f"np.pad(t, mode={errors.brief(mode)})", f"'constant' or one of {', '.join(map(repr, MODES))}",
            errors.brief(mode), "np.concatenate of a border and t, which records",
        )  # fmt: skip
    known = MODES[mode][1] if mode in MODES else ("constant_values",)
    for name in options:
        if name not in known:
            raise errors.unsupported_keyword("pad", name)
    widths = _pairs(pad_width, np.shape(array))
    if mode == "constant":
        return pad_with(
            array, pad_width=tuple(widths) if widths else 0, constant_values=options.get("constant_values", 0)
        )
    border = MODES[mode][0]
    for axis, pair in enumerate(widths):
        if any(pair):
            array = border(array, axis, pair, options)
    return array
