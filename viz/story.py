"""One derivation as it is told: what is given, how each result came about, and what flows back to each node."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from typing import Any, NamedTuple

import numpy as np

from autograd.graph import Node, recording

from . import derive, text
from .derivation import Equation, Written
from .flow import shares
from .latex import escaped, latex_array, latex_name, latex_number, partial
from .symbol import Symbol
from .walk import Graph, Vertex
from .writer import TooLongError, Writer

READABLE = 20
"""A term with more parts than this is named, not written out."""

GIVEN = 12
"""What is given is defined down to its leaves if that is not more than this; else only by its number."""

MOST_GIVEN = 60
"""The given things of a large derivation that are listed."""

ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")


class Use(NamedTuple):
    """One use of a node: the result and the position among its operands."""

    vertex: Vertex
    position: int


class Story:
    """The parts of one derivation: what is known, and how an equation is written from it.

    Args:
        graph: the graph behind the output.
        path: the vertices from what the derivative is taken by up to the output.
        gradients: the gradient of each of these by its index; one that is missing has none.
        digits: how many significant digits to print.
        max_terms: the further terms of a longer sum are added up in one.
        substitute: write the numbers in place of the symbols too.
    """

    def __init__(
        self,
        graph: Graph,
        path: Sequence[Vertex],
        gradients: Mapping[int, Any],
        digits: int = 4,
        max_terms: int = 30,
        substitute: bool = True,
    ) -> None:
        self.graph = graph
        self.output = path[-1]
        self.gradients = gradients
        self.fmt = f".{digits}g"
        self.max_terms = max_terms
        self.substitute = substitute
        self.notes: list[Written] = []
        self.uses: dict[int, list[Use]] = {v.index: [] for v in path}
        for v in path:
            if v.index in gradients:
                for position in ways_back(v):
                    operand = v.operands[position]
                    if isinstance(operand, int) and operand in self.uses:
                        self.uses[operand].append(Use(v, position))

    # What is given.

    def given(self, shown: Sequence[Vertex], makers: Sequence[Vertex]) -> tuple[Written, ...]:
        """What the equations start from and what joins them from the side, each with its number or its shape."""
        on_the_way = {vertex.index for vertex in makers}
        beside = {u for vertex in shown for u in vertex.operands if u is not None and u not in on_the_way}
        behind, stack = set(beside), list(beside)
        while stack and len(behind) <= GIVEN:
            new = {u for u in self.graph.vertices[stack.pop()].operands if u is not None} - behind
            behind |= new
            stack += new
        defined = len(behind) <= GIVEN
        return self._listed([self.graph.vertices[i] for i in sorted(behind if defined else beside)], defined)

    def leaves(self) -> tuple[Written, ...]:
        """What everything was made from."""
        return self._listed([v for v in self.graph.vertices if all(u is None for u in v.operands)], False)

    def _listed(self, vertices: Sequence[Vertex], defined: bool) -> tuple[Written, ...]:
        items = [self._given(vertex, defined) for vertex in vertices[:MOST_GIVEN]]
        if len(vertices) > MOST_GIVEN:
            more = f"and {len(vertices) - MOST_GIVEN:,} more"
            items.append(Written(more, rf"\mathrm{{{escaped(more)}}}"))
        return tuple(items)

    def _given(self, vertex: Vertex, defined: bool) -> Written:
        """``a = 3``, ``W (3, 2)``, or for a result ``k = b * 2 = 4``."""
        name = Written(vertex.name, latex_name(vertex.name))
        sides = [name]
        if defined and any(u is not None for u in vertex.operands):
            sides.append(self._definition(derive.symbolic(self.graph, vertex), numbers=False))
        if small(vertex.data):
            sides.append(self.result(vertex.data))
        elif len(sides) == 1:
            size = str(np.shape(vertex.data))
            return Written(f"{name.text} {size}", rf"{name.latex}\ {size}")
        return Written(" = ".join(side.text for side in sides), " = ".join(side.latex for side in sides))

    # Equations.

    def definition(self, vertex: Vertex) -> Equation:
        """How a result was computed: ``e = a * b = 2 * (-3) = -6``."""
        symbol = derive.symbolic(self.graph, vertex)
        remarks = [f"{vertex.name} is {text.shape(vertex.data)}"] if np.ndim(vertex.data) else []
        sides = [self._definition(symbol, numbers=False)]
        if self.substitute and all(small(x) for x in symbol.inputs):
            sides.append(self._definition(symbol, numbers=True))
        sides.append(self.result(vertex.data))
        return equation(Written(vertex.name, latex_name(vertex.name)), sides, remarks)

    def gradient(self, vertex: Vertex) -> Equation:
        """The gradient of the output with respect to one node, from those of the results that used it."""
        left = Written(*partial(self.output.name, vertex.name))
        value = self.gradients.get(vertex.index)
        if vertex is self.output:
            return equation(left, [self.result(value)], [])
        uses = self.uses[vertex.index]
        if value is None:  # every way from here is closed
            return equation(left, [Written("0", "0")], ["no gradient flows back to it"])
        shown, rest = uses[: self.max_terms], uses[self.max_terms :]
        terms = [self._term(use) for use in shown]
        if rest:
            together = sum(self.contribution(use) for use in rest)
            words = f"({text.plural(len(rest), 'further term')})"
            terms.append(Symbol.named(words, together, rf"\mathrm{{{escaped(words)}}}"))
        with recording(True):
            total = reduce(operator.add, terms)
        numbers = all(derive.is_number(self.graph, *use) for use in uses)
        sides = [self._chain(shown, len(rest))] if numbers else []
        sides.append(self.write(total, numbers=False))
        if self.substitute and all(small(symbol) for symbol in derive.named(total)):
            sides.append(self.write(total, numbers=True))
        sides.append(self.result(value))
        return equation(left, sides, [*_shapes(vertex, total), *self.closed(shown, terms)])

    # Parts of equations.

    def _term(self, use: Use) -> Any:
        """What one use passes back, as an expression; in words if nobody would read the formula."""
        term = derive.pulled_back(derive.symbolic(self.graph, use.vertex), use.position, self.upstream(use.vertex))
        try:
            Writer(longest=READABLE).write(term)
        except TooLongError:
            term = None
        if term is None:
            words = f"(the rule of {_op(use)})"
            return Symbol.named(words, self.contribution(use), rf"\mathrm{{{escaped(words)}}}")
        return term

    def contribution(self, use: Use) -> Any:
        """What one use passes back, as the engine computes it; NaN where its rule has no number."""
        node = use.vertex.node
        assert node is not None
        operand = node.inputs[use.position]
        assert isinstance(operand, Node)
        return shares(node, self.gradients[use.vertex.index], operand).get(use.position, math.nan)

    def upstream(self, vertex: Vertex) -> Any:
        """The gradient of a result as a symbol; the output's is 1."""
        value = self.gradients[vertex.index]
        if vertex is self.output:
            return derive.one(vertex)
        written, latex = partial(self.output.name, vertex.name)
        return Symbol.named(written, value, latex)

    def _chain(self, uses: Sequence[Use], rest: int) -> Written:
        """The chain rule itself: ``∂L/∂e * ∂e/∂a``, summed over the uses."""
        written, latex = [], []
        for use in uses:
            local = self.local(use)
            if use.vertex is self.output:
                written.append(local.text)
                latex.append(local.latex)
            else:
                upstream = partial(self.output.name, use.vertex.name)
                written.append(f"{upstream[0]} * {local.text}")
                latex.append(rf"{upstream[1]} \cdot {local.latex}")
        if rest:
            written.append("...")
            latex.append(r"\dots")
        return Written(" + ".join(written), " + ".join(latex))

    def local(self, use: Use) -> Written:
        """The local derivative ∂e/∂a; the operand's place is told where it could be mistaken."""
        operand = use.vertex.operands[use.position]
        assert operand is not None
        written, latex = partial(use.vertex.name, self.graph.vertices[operand].name)
        among_uses = sum(u == operand for u in use.vertex.operands)
        total = use.vertex is self.output and len(self.uses[operand]) > 1
        if among_uses > 1 or total:
            local = Written(f"{written}|{use.position + 1}", rf"\left.{latex}\right|_{{{use.position + 1}}}")
            if not self.notes:
                self.notes.append(_note(local, use))
            return local
        return Written(written, latex)

    def closed(self, uses: Sequence[Use], terms: Sequence[Any]) -> list[str]:
        """In words, through which uses nothing flows back because an indicator in the rule is 0."""
        remarks = []
        for use, term in zip(uses, terms, strict=False):  # a last term may stand for all further uses
            zero = [i for i in derive.indicators(term) if not np.all(i._data)]
            conditions = list(dict.fromkeys(Writer(fmt=self.fmt).write(i) for i in zero))
            local = derive.local_derivative(*use)
            closed = text.size(local) - np.count_nonzero(local)
            if not conditions or not closed:
                continue
            name = use.vertex.name
            if np.ndim(local):
                of = f"{closed:,} of {text.plural(text.size(local), 'element')}"
                remarks.append(f"the path through {name} is closed for {of}, by {', '.join(conditions)}")
            else:
                are = "is" if len(conditions) == 1 else "are"
                whole = f"{' and '.join(conditions)} {are} 0"
                remarks.append(f"{whole}: that path through {name} is closed and contributes 0")
        return list(dict.fromkeys(remarks))

    # Writing.

    def write(self, x: Any, numbers: bool) -> Written:
        """An expression, in symbols or with their numbers."""
        plain, latex = (Writer(latex=latex, numbers=numbers, fmt=self.fmt, longest=400) for latex in (False, True))
        return Written(plain.write(x), latex.write(x))

    def _definition(self, symbol: Symbol, numbers: bool) -> Written:
        plain, latex = (Writer(latex=latex, numbers=numbers, fmt=self.fmt, longest=400) for latex in (False, True))
        try:
            return Written(plain.definition(symbol), latex.definition(symbol))
        except TooLongError:
            assert symbol.op is not None
            words = f"{symbol.op.name} of {text.plural(len(symbol.inputs), 'operand')}"
            return Written(words, rf"\text{{{words}}}")

    def written_out(self, x: Any) -> Written:
        """A formula all the way down to what has a name; of a result that has one, the operation that made it.

        Raises:
            TooLongError: it has too many parts.
        """
        plain, latex = (Writer(latex=latex, fmt=self.fmt) for latex in (False, True))
        if isinstance(x, Symbol) and x.name and x.op is not None:
            return Written(plain.definition(x), latex.definition(x))
        return Written(plain.write(x), latex.write(x))

    def result(self, x: Any) -> Written:
        """A number, or the numbers of an array."""
        if not np.ndim(text.numbers(x)):
            return Written(text.number(x, self.fmt), latex_number(x, self.fmt))
        return Written(text.array(x, self.fmt), latex_array(x, self.fmt))


def _shapes(vertex: Vertex, total: Any) -> list[str]:
    """In words, the shapes that meet in the gradient of an array."""
    if not np.ndim(vertex.data):
        return []
    shapes = [f"{s.name} {s.shape}" for s in derive.named(total) if s.shape]
    size = np.shape(vertex.data)
    return [f"shapes: {', '.join(shapes)} -> {size}" if shapes else f"shape {size}"]


def _note(local: Written, use: Use) -> Written:
    """What the number behind a derivative means."""
    place = ORDINALS[use.position] if use.position < len(ORDINALS) else f"{use.position + 1}th"
    words = f" is the derivative by the {place} operand of {use.vertex.name} alone"
    return Written(local.text + words, rf"{local.latex}\mathrm{{{escaped(words)}}}")


def ways_back(vertex: Vertex) -> list[int]:
    """The positions of the operands that a gradient flows back to, if they want one."""
    if vertex.node is None or vertex.node.op is None:
        return []
    rules = vertex.node.op.rules
    return [i for i, u in enumerate(vertex.operands) if u is not None and rules[i] is not None]


def _op(use: Use) -> str:
    assert use.vertex.node is not None
    assert use.vertex.node.op is not None
    return use.vertex.node.op.name


def _data(x: Any) -> Any:
    return x._data if isinstance(x, Symbol) else x


def small(x: Any) -> bool:
    """Whether the numbers of a symbol are few enough to be written out."""
    return text.size(_data(x)) <= text.SMALL


def equation(left: Written, sides: Iterable[Written], remarks: Iterable[str]) -> Equation:
    """The equation without sides that repeat the one before, or the left side itself."""
    kept: list[Written] = []
    for side in sides:
        if side.text != left.text and (not kept or kept[-1].text != side.text):
            kept.append(side)
    return Equation(left, tuple(kept), tuple(remarks))
