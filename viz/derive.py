"""Derivative formulas, derived and never typed: run an operation's rule on named symbols and read what it did.

A :class:`Symbol` is a node with a name. The rule ``g * (1 - y * y)`` of tanh, run on symbols, records
the graph of that expression, and :class:`Writer` writes the graph down. The engine's own backward loop
runs the rule, so the formula also has what the loop adds, such as the sum that undoes broadcasting.

Each symbol carries the engine's number. So the formula can be written with its numbers in place.
"""

from __future__ import annotations

import math
import operator
import re
import string
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

import numpy as np

from autograd import Tensor, Value
from autograd.graph import ATOM, POWER, PRODUCT, SIGN, Node, Notation, Primitive, contributions, recording
from autograd.numpy import dispatch
from autograd.rules import BY_FUNCTION, elementwise, index, linalg, shape

from . import text
from .walk import Graph, Vertex

# Symbols.


def _step(name: str, relation: Callable[[Any, Any], Any], sign: str, latex: str) -> Primitive:
    """A comparison as an operation: the indicator ``[a > b]``, 1 where it holds and 0 elsewhere."""
    return Primitive(
        name,
        relation,
        [lambda g, y, a, b: 0 * g] * 2,
        scalar=relation,
        notation=Notation(f"[{{}} {sign} {{}}]", f"[{{}} {latex} {{}}]", ATOM),
    )


LESS = _step("less", operator.lt, "<", r"\lt")
LESS_EQUAL = _step("less_equal", operator.le, "<=", r"\le")
GREATER = _step("greater", operator.gt, ">", r"\gt")
GREATER_EQUAL = _step("greater_equal", operator.ge, ">=", r"\ge")
EQUAL = _step("equal", operator.eq, "=", "=")
NOT_EQUAL = _step("not_equal", operator.ne, "!=", r"\ne")
OR = _step("logical_or", operator.or_, "or", r"\lor")
INDICATORS = {LESS, LESS_EQUAL, GREATER, GREATER_EQUAL, EQUAL, NOT_EQUAL, OR}


def _binary(op: Primitive) -> Callable[[Any, Any], Any]:
    return lambda self, other: Symbol.record(op, (self, other), {})


def _reflected(op: Primitive) -> Callable[[Any, Any], Any]:
    return lambda self, other: Symbol.record(op, (other, self), {})


def _unary(op: Primitive) -> Callable[[Any], Any]:
    return lambda self: Symbol.record(op, (self,), {})


def _fit(gradient: Any, x: Any) -> Any:
    """Undo broadcasting as the engine does, on symbols."""
    return Tensor.fit(gradient, x) if isinstance(gradient, Symbol) and np.ndim(gradient._data) else gradient


class Symbol(Node):
    """A named quantity, or an expression of such; it answers whatever a rule does to its arguments."""

    __slots__ = ("latex",)

    latex: str

    fit: ClassVar[Callable[[Any, Any], Any] | None] = staticmethod(_fit)

    @classmethod
    def named(cls, name: str, data: Any, latex: str | None = None) -> Symbol:
        """The quantity called ``name`` that has the value ``data``."""
        symbol: Symbol = cls.leaf(data, name=name)
        symbol.latex = latex_name(name) if latex is None else latex
        return symbol

    @classmethod
    def record(cls, op: Primitive, inputs: tuple[Any, ...], attrs: Mapping[str, Any]) -> Any:
        """The expression ``op(*inputs, **attrs)``, without what would say nothing in it."""
        if op is elementwise.astype:
            return inputs[0]
        simple = _simplified(op, inputs, attrs)
        return simple if simple is not None else cls.result(_evaluate(op, inputs, attrs), op, inputs, attrs)

    __add__, __radd__ = _binary(elementwise.add), _reflected(elementwise.add)
    __sub__, __rsub__ = _binary(elementwise.subtract), _reflected(elementwise.subtract)
    __mul__, __rmul__ = _binary(elementwise.multiply), _reflected(elementwise.multiply)
    __truediv__, __rtruediv__ = _binary(elementwise.divide), _reflected(elementwise.divide)
    __pow__, __rpow__ = _binary(elementwise.power), _reflected(elementwise.power)
    __mod__, __rmod__ = _binary(elementwise.remainder), _reflected(elementwise.remainder)
    __matmul__, __rmatmul__ = _binary(linalg.matmul), _reflected(linalg.matmul)
    __neg__, __pos__, __abs__ = map(_unary, (elementwise.negative, elementwise.positive, elementwise.absolute))
    __lt__, __le__, __gt__, __ge__ = map(_binary, (LESS, LESS_EQUAL, GREATER, GREATER_EQUAL))
    __eq__ = _binary(EQUAL)
    __ne__ = _binary(NOT_EQUAL)
    __hash__ = object.__hash__

    def __or__(self, other: Any) -> Any:
        """``(x > 0) | (x < 0)`` is ``x != 0``."""
        sides = (self.op, getattr(other, "op", None))
        if sides in ((GREATER, LESS), (LESS, GREATER)) and _same(self.inputs, other.inputs):
            return Symbol.record(NOT_EQUAL, self.inputs, {})
        return Symbol.record(OR, (self, other), {})

    @property
    def shape(self) -> tuple[int, ...]:
        """The length of each axis."""
        return np.shape(self._data)

    @property
    def ndim(self) -> int:
        """The number of axes."""
        return np.ndim(self._data)

    @property
    def dtype(self) -> Any:
        """The dtype of the elements."""
        return np.asarray(self._data).dtype

    def __getitem__(self, where: Any) -> Any:
        return Symbol.record(index.getitem, (self,), {"index": where})

    def reshape(self, to: tuple[int, ...]) -> Any:
        """The same elements in another shape."""
        return Symbol.record(shape.reshape, (self,), {"shape": to})

    def astype(self, dtype: Any) -> Any:
        """The same: a dtype is no part of a formula."""
        return self

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **kwargs: Any) -> Any:
        return BY_FUNCTION[ufunc](*inputs)

    def __array_function__(self, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
        kwargs = {key: value for key, value in kwargs.items() if key != "dtype"}
        if function is np.where:  # its composite sees the condition's data only; here it is part of the formula
            return elementwise.where(*args)
        if function in dispatch.COMPOSITES:
            return dispatch.COMPOSITES[function](*args, **kwargs)
        if function in BY_FUNCTION:
            return dispatch.call(BY_FUNCTION[function], function, args, kwargs)
        return function(*[dispatch.data(x) for x in args], **kwargs)


def _same(a: Sequence[Any], b: Sequence[Any]) -> bool:
    return all(x is y or (_is_number(x) and _is_number(y) and x == y) for x, y in zip(a, b, strict=True))


def _is_number(x: Any) -> bool:
    return isinstance(x, (int, float))


def _equals(x: Any, number: float) -> bool:
    """Whether ``x`` is that very number, or the symbol that is written so."""
    return bool(x == number) if _is_number(x) else isinstance(x, Symbol) and x.name == str(number)


def _simplified(op: Primitive, inputs: Sequence[Any], attrs: Mapping[str, Any]) -> Any:
    """The expression without factors of 1 and terms of 0; ``None`` if there is nothing to leave out."""
    if op is elementwise.multiply:
        a, b = inputs
        if _equals(a, 0) or _equals(b, 0):
            return 0
        if _equals(a, 1) or _equals(b, 1):
            return b if _equals(a, 1) else a
        if _equals(a, -1) or _equals(b, -1):
            return -(b if _equals(a, -1) else a)
    elif op is elementwise.add:
        if _equals(inputs[0], 0) or _equals(inputs[1], 0):
            return inputs[1] if _equals(inputs[0], 0) else inputs[0]
    elif op is elementwise.subtract:
        if _equals(inputs[0], 0) or _equals(inputs[1], 0):
            return -inputs[1] if _equals(inputs[0], 0) else inputs[0]
    elif op is elementwise.divide or op is elementwise.power:
        if _equals(inputs[1], 1):
            return inputs[0]
        if op is elementwise.power and _equals(inputs[1], 0):
            return 1
    elif op is elementwise.positive:
        return inputs[0]
    elif op is elementwise.negative and getattr(inputs[0], "op", None) is op and not inputs[0].name:
        return inputs[0].inputs[0]
    elif _moves_nothing(op, inputs[0], attrs):
        return inputs[0]
    return None


def _moves_nothing(op: Primitive, x: Any, attrs: Mapping[str, Any]) -> bool:
    """Whether this is a reshape to the same shape, or a transposition that leaves the axes in order."""
    if op is shape.reshape:
        return tuple(attrs["shape"]) == x.shape or (tuple(attrs["shape"]) == (-1,) and x.ndim == 1)
    return op is shape.transpose and list(attrs.get("axes") or ()) == list(range(x.ndim)) != []


def _evaluate(op: Primitive, inputs: Sequence[Any], attrs: Mapping[str, Any]) -> Any:
    """The engine's number for the expression; NaN where the rule has none."""
    datas = [x._data if isinstance(x, Symbol) else x for x in inputs]
    try:
        with np.errstate(all="ignore"):
            if op.scalar is not None and all(_is_number(x) for x in datas):
                return op.scalar(*datas, **attrs)
            return op.array(*datas, **attrs)
    except (ArithmeticError, ValueError):
        return math.nan


# Rules run on symbols.


def symbolic(graph: Graph, vertex: Vertex) -> Symbol:
    """The operation that made ``vertex``, on one symbol for each use of an operand."""
    node = vertex.node
    assert node is not None
    inputs = [
        vertex.literal(i) if place is None else Symbol.named(graph.vertices[place].name, graph.vertices[place].data)
        for i, place in enumerate(vertex.operands)
    ]
    result = Symbol.named(vertex.name, vertex.data)
    result.op, result.inputs, result.attrs = node.op, tuple(inputs), node.attrs
    return result


def pulled_back(result: Symbol, position: int, g: Any) -> Any:
    """What the rule of one operand makes of the gradient ``g`` of the result: an expression or a number.

    Returns:
        A symbol, a number, or ``None`` if the rule does something that cannot be written down.
    """
    operand = result.inputs[position]
    try:
        with recording(True):
            return dict(contributions(result, g, {operand}, record=True)).get(position)
    except Exception:  # a rule may do anything to its arguments, and a picture must come about all the same
        return None


def local_derivative(vertex: Vertex, position: int) -> Any:
    """The number ∂result/∂operand of an operation on Values: its rule with ``g = 1``; NaN where it has none."""
    node = vertex.node
    assert node is not None
    assert node.op is not None
    rule = node.op.rules[position]
    if rule is None:
        return 0.0
    args = [x._data if isinstance(x, Node) else x for x in node.inputs]
    try:
        return rule(1.0, node._data, *args, **node.attrs)
    except (ArithmeticError, ValueError):
        return math.nan


def is_scalar(vertex: Vertex) -> bool:
    """Whether the vertex is a Value: a number, whose local derivatives are numbers."""
    return isinstance(vertex.node, Value)


# Writing.


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
        elif _is_number(x) and not self.latex:
            written = text.literal(x, self.fmt)
            return Piece(written, SIGN if written.startswith("-") else ATOM)
        written = self._data(x)
        return Piece(written, SIGN if written.startswith("-") else ATOM)

    def _data(self, x: Any) -> str:
        if self.latex:
            return latex_array(x, self.fmt) if np.ndim(x) else latex_number(x, self.fmt)
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
            [*(piece.written for piece in pieces), *(_plain_latex(a) if self.latex else a for a in attrs)]
        )
        if not self.latex:
            return Piece(f"{op.name}({arguments})", ATOM, op)
        name = rf"\{op.name}" if op.name in LATEX_FUNCTIONS else rf"\operatorname{{{escaped(op.name)}}}"
        return Piece(rf"{name}\left({arguments}\right)", ATOM, op)

    def _fill(
        self, template: str, binding: int, op: Primitive, pieces: Sequence[Piece], attrs: Mapping[str, Any]
    ) -> Piece:
        """Put the pieces into the template, in parentheses where they bind too loosely."""
        written, rest = "", iter(pieces)
        for literal, field, _, _ in string.Formatter().parse(template):
            written += literal
            if field:
                written += _plain_latex(_index(attrs[field])) if self.latex else _index(attrs[field])
            elif field is not None:
                piece = next(rest)
                fits = _fits(piece, written, binding, op)
                written += piece.written if fits else self._parenthesised(piece.written)
        if written.startswith(r"\frac"):
            return Piece(written, SIGN, op)
        return Piece(written, ATOM if re.match(r"\w+\(.*\)$", template) else binding, op)

    def _parenthesised(self, written: str) -> str:
        return rf"\left({written}\right)" if self.latex else f"({written})"


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
    """How the operation is written; a transposition of a matrix is a superscript."""
    op, attrs = symbol.op, symbol.attrs
    assert op is not None
    matrix = np.ndim(getattr(symbol.inputs[0], "_data", 0)) == 2
    swaps_last = op is shape.swapaxes and {attrs.get("axis1"), attrs.get("axis2")} == {-1, -2}
    if swaps_last or (op is shape.transpose and attrs.get("axes") is None and matrix):
        return Notation("{}ᵀ", r"{}^\top", ATOM)
    return op.notation


def attributes(symbol: Symbol) -> list[str]:
    """The attributes of an operation as they would be written in a call, without those that say nothing."""
    assert symbol.op is not None
    if _notation(symbol) is not symbol.op.notation:
        return []
    written = []
    for key, value in symbol.attrs.items():
        if value is None or value is False or (key == "order" and value == "C"):
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
        return text.array(where) if np.size(where) <= text.SMALL else f"{np.size(where)} places"
    return str(where)


def indicators(x: Any) -> Iterator[Symbol]:
    """The comparisons in an expression."""
    stack = [x]
    while stack:
        part = stack.pop()
        if isinstance(part, Symbol) and not part.name:
            if part.op in INDICATORS:
                yield part
            stack.extend(reversed(part.inputs))


def named(x: Any) -> Iterator[Symbol]:
    """The named symbols in an expression, from left to right, each name once."""
    stack, seen = [x], set()
    while stack:
        part = stack.pop()
        if not isinstance(part, Symbol):
            continue
        if not part.name:
            stack.extend(reversed(part.inputs))
        elif part.name not in seen:
            seen.add(part.name)
            yield part


# LaTeX.

LATEX_FUNCTIONS = frozenset(
    {"sin", "cos", "tan", "sinh", "cosh", "tanh", "arcsin", "arccos", "arctan", "exp", "log", "max", "min"}
)

_SPECIAL = {
    "\\": r"\backslash ", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "^": r"\wedge ", "~": r"\sim ", "<": r"\lt ", ">": r"\gt ", "|": r"\vert ", " ": r"\ ", "`": r"{`}", "±": r"\pm ",
}  # fmt: skip

_GREEK = frozenset({
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi",
    "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
    "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega",
})  # fmt: skip


def escaped(name: str) -> str:
    """Text in which LaTeX sees nothing special."""
    return "".join(_SPECIAL.get(c, c) for c in name)


def _plain_latex(written: str) -> str:
    return rf"\mathtt{{{escaped(written)}}}"


def latex_name(name: str) -> str:
    r"""A name in mathematics: a letter as it is, digits below it, anything else upright and escaped.

    Example:
        >>> latex_name("x"), latex_name("w12"), latex_name("b_1"), latex_name("π"), latex_name("W|b")
        ('x', 'w_{12}', 'b_{1}', '\\pi', '\\mathrm{W\\vert b}')
    """
    match = re.fullmatch(r"([^\W\d_])_?(\d*)", name)
    if not match:
        return rf"\mathrm{{{escaped(name)}}}"
    letter, below = match.groups()
    described = unicodedata.name(letter, "").split()
    if described[:1] == ["GREEK"] and len(described) == 4:
        greek = described[3].lower() if described[1] == "SMALL" else described[3].capitalize()
        greek = "lambda" if greek == "lamda" else "Lambda" if greek == "Lamda" else greek
        letter = f"\\{greek}" if greek in _GREEK else letter
    return f"{letter}_{{{below}}}" if below else letter


def latex_number(x: Any, fmt: str = ".4g") -> str:
    r"""A number, with powers of ten written as such.

    Example:
        >>> latex_number(1.5e-7), latex_number(float("inf")), latex_number(2.0)
        ('1.5 \\cdot 10^{-7}', '\\infty', '2')
    """
    written = text.number(x, fmt)
    if written in ("inf", "-inf", "nan"):
        return written.replace("inf", r"\infty").replace("nan", r"\mathrm{NaN}")
    mantissa, e, exponent = written.partition("e")
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}" if e else written


def latex_array(x: Any, fmt: str = ".4g") -> str:
    """A small vector or matrix as such; anything else in words."""
    x = np.asarray(x)
    if x.size > text.SMALL or x.ndim > 2 or not x.size:
        return rf"\mathrm{{{escaped(text.array(x, fmt))}}}"
    rows = r" \\ ".join(" & ".join(latex_number(v, fmt) for v in row) for row in np.atleast_2d(x))
    return rf"\begin{{bmatrix}} {rows} \end{{bmatrix}}"


def partial(of: Any, by: Any) -> tuple[str, str]:
    """The quotient of differentials ∂of/∂by, in text and in LaTeX."""
    return f"∂{of}/∂{by}", rf"\frac{{\partial {latex_name(of)}}}{{\partial {latex_name(by)}}}"
