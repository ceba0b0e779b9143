"""Writing expressions of symbols down, as text or as LaTeX, with parentheses where they are needed."""

from __future__ import annotations

import re
import string
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from autograd.graph import ATOM, POWER, PRODUCT, SIGN, SUM, Notation, Primitive
from autograd.rules import elementwise, shape
from autograd.rules.exact import is_exact

from . import text
from .latex import LATEX_FUNCTIONS, escaped, latex_array, latex_number, typewritten
from .symbol import INDICATORS, Symbol, is_number


class TooLongError(Exception):
    """The formula has more parts than anybody would read."""


class Piece(NamedTuple):
    """A part of a formula, how tightly it binds, and the operation that it is."""

    written: str
    binding: int
    op: Primitive | None = None


class Writer:
    """Writes expressions of symbols down.

    Args:
        latex: write LaTeX instead of plain text.
        numbers: write the number of each symbol instead of its name.
        fmt: the format of numbers.
        longest: give up on formulas with more parts than this.
    """

    def __init__(self, *, latex: bool = False, numbers: bool = False, fmt: str = ".4g", longest: int = 60) -> None:
        self.latex = latex
        self.numbers = numbers
        self.fmt = fmt
        self.longest = longest

    def write(self, x: Any) -> str:
        """The expression ``x``.

        Raises:
            TooLongError: it has too many parts.
        """
        self._left = self.longest
        return self._piece(x).written

    def definition(self, symbol: Symbol) -> str:
        """The operation that made ``symbol``, written out on its operands."""
        self._left = self.longest
        return self._operation(symbol).written

    def _piece(self, x: Any) -> Piece:
        self._left -= 1
        if self._left < 0:
            raise TooLongError
        if isinstance(x, Symbol):
            if not x.name:
                return self._operation(x)
            if not self.numbers:
                return _name_piece(x.latex) if self.latex else _name_piece(x.name)
            x = x._data
            written = self._data(x)
        else:
            written = text.literal(x, self.fmt) if is_number(x) and not self.latex else self._data(x)
        return _exact_piece(written) if is_exact(x) else _number_piece(written)

    def _data(self, x: Any) -> str:
        if self.latex:
            return latex_array(x, self.fmt) if np.ndim(text.numbers(x)) else latex_number(x, self.fmt)
        return text.array(x, self.fmt)

    def _operation(self, symbol: Symbol) -> Piece:
        op = symbol.op
        assert op is not None
        notation = _notation(symbol)
        pieces = [self._piece(x) for x in symbol.inputs]
        attrs = attributes(symbol)
        if notation is None or (attrs and "{index}" not in notation.text):
            return self._call(op, pieces, attrs)
        template = notation.latex if self.latex else notation.text
        return self._fill(template, notation.binding, op, pieces, symbol.attrs)

    def _call(self, op: Primitive, pieces: Sequence[Piece], attrs: Sequence[str]) -> Piece:
        arguments = ", ".join(
            [*(piece.written for piece in pieces), *(typewritten(a) if self.latex else a for a in attrs)]
        )
        if not self.latex:
            return Piece(f"{op.name}({arguments})", ATOM, op)
        name = rf"\{op.name}" if op.name in LATEX_FUNCTIONS else rf"\operatorname{{{escaped(op.name)}}}"
        return Piece(rf"{name}\left({arguments}\right)", ATOM, op)

    def _fill(
        self, template: str, binding: int, op: Primitive, pieces: Sequence[Piece], attrs: Mapping[str, Any]
    ) -> Piece:
        """Put the pieces into the template, by number or in order, in parentheses where they bind too loosely."""
        written, rest = "", iter(pieces)
        parts = [(literal, field) for literal, field, _, _ in string.Formatter().parse(template)]
        for (literal, field), (after, _) in zip(parts, [*parts[1:], ("", None)], strict=True):
            written += literal
            if field and not field.isdecimal():
                written += typewritten(_index(attrs[field])) if self.latex else _index(attrs[field])
            elif field is not None:
                piece = pieces[int(field)] if field else next(rest)
                fits = _fits(piece, written, binding, op)
                part = piece.written if fits else self._parenthesised(piece.written)
                twice = self.latex and after[:1] in ("_", "^") and after[0] in part  # LaTeX forbids x_1_2 and x^1^2
                written += f"{{{part}}}" if twice else part
        if template.startswith(r"\frac"):
            return Piece(written, SIGN, op)
        return Piece(written, ATOM if re.match(r"\w+\(.*\)$", template) else binding, op)

    def _parenthesised(self, written: str) -> str:
        return rf"\left({written}\right)" if self.latex else f"({written})"


def _number_piece(written: str) -> Piece:
    """A number binds tightly, but not its sign, nor the two parts of a complex one."""
    if not written.startswith(("[", "\\")) and re.search(r"[\d}][+-].*j$", written):
        return Piece(written, SUM)
    return Piece(written, SIGN if written.startswith("-") else ATOM)


def _exact_piece(written: str) -> Piece:
    """A whole number binds tightly, a fraction in LaTeX like a sign; others are whole expressions: 1/3, x + 1."""
    if not re.fullmatch(r"-?([\w.]+|\\frac\{\d+\}\{\d+\})", written):
        return Piece(written, SUM)
    return Piece(written, SIGN if written.startswith(("-", r"\frac")) else ATOM)


def _name_piece(name: str) -> Piece:
    """A name binds tightly, and a quotient of differentials like a quotient."""
    return Piece(name, ATOM if not name.startswith(("∂", r"\frac")) else (PRODUCT if name[0] == "∂" else SIGN))


def _fits(piece: Piece, before: str, binding: int, op: Primitive) -> bool:
    """Whether the piece can stand after ``before`` in this operation without parentheses."""
    if before.rstrip().endswith(("(", "[", "{", "|", r"\lfloor", r"\lceil")):
        return True
    if binding == ATOM:
        return piece.binding == ATOM or op in INDICATORS
    partial = piece.written.startswith("∂") and piece.op is None
    if not before:
        if partial and op is elementwise.divide:
            return False
        return piece.binding > binding or (piece.binding == binding and binding != POWER)
    if piece.written.startswith("-"):
        return False
    if piece.binding == binding:
        return partial or (piece.op is op and op in (elementwise.add, elementwise.multiply))
    if binding == SIGN and partial:
        return True
    return piece.binding > binding


def _notation(symbol: Symbol) -> Notation | None:
    """How the operation is written; elementwise products and powers of arrays, and transposes, have their own signs."""
    op, attrs = symbol.op, symbol.attrs
    assert op is not None
    arrays = [np.ndim(getattr(x, "_data", x)) for x in symbol.inputs]
    if op is elementwise.multiply and all(arrays):
        return Notation("{} * {}", r"{} \odot {}", PRODUCT)
    if op is elementwise.square and arrays[0]:
        return Notation("{}**2", r"{}^{{\circ 2}}", POWER)
    if op is elementwise.power and arrays[0]:
        return Notation("{}**{}", r"{}^{{\circ {}}}", POWER)
    matrix = arrays[0] == 2
    swaps_last = op is shape.swapaxes and {attrs.get("axis1"), attrs.get("axis2")} == {-1, -2}
    if swaps_last or (op is shape.transpose and attrs.get("axes") is None and matrix):
        return Notation("{}ᵀ", r"{}^\top", ATOM)
    return op.notation(len(symbol.inputs)) if callable(op.notation) else op.notation


def attributes(symbol: Symbol) -> list[str]:
    """The attributes of an operation as they would be written in a call, without those that say nothing."""
    assert symbol.op is not None
    if _notation(symbol) != symbol.op.notation:
        return []
    written = []
    for key, value in symbol.attrs.items():
        if value is None or value is False or (key, value) in (("order", "C"), ("reduction", "mean")):
            continue
        if key == "index":
            written.append(f"index=[{_index(value)}]")
        elif key == "shape":
            written.append(str(value))
        else:
            value = value[0] if isinstance(value, tuple) and len(value) == 1 else value
            written.append(f"{key}={_index(value) if isinstance(value, (list, np.ndarray)) else repr(value)}")
    return written


def _index(where: Any) -> str:
    """An index as it is written between brackets.

    Example:
        >>> _index((0, slice(None), slice(1, 3), Ellipsis, None, [2, 0]))
        '0, :, 1:3, ..., None, [2, 0]'
    """
    if isinstance(where, tuple):
        return ", ".join(_index(part) for part in where) or "()"
    if isinstance(where, slice):
        start, stop = ("" if end is None else str(end) for end in (where.start, where.stop))
        return f"{start}:{stop}" if where.step is None else f"{start}:{stop}:{where.step}"
    if where is Ellipsis:
        return "..."
    if np.ndim(where):
        return text.array(where) if text.size(where) <= text.SMALL else f"{text.size(where)} places"
    return str(where)
