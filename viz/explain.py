"""The chain rule, written down: from an output to whatever it was made from, symbols = numbers = result.

The gradient of a node is the sum, over the results that used it, of what each passes back. So there is
one equation for each node on the way, with a ``+`` for every further use. What each result passes back
is its operation's rule, run on symbols; the numbers are those of the engine's own backward pass.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial as partial_call
from functools import reduce
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from autograd import Tensor
from autograd.errors import bad_argument, not_scalar, nothing_recorded
from autograd.graph import Node, ancestors, between, contributions, pullback, recording

from . import derive, text
from .derive import Symbol, TooLongError, Writer, partial
from .walk import Graph, Vertex, roots_of, walk

LINE = 96
"""Equations that are longer than this are broken at their equals signs."""

READABLE = 20
"""A term with more parts than this is named, not written out."""

SUFFIXES = (".md", ".tex", ".txt")


class Written(NamedTuple):
    """Something in text and in LaTeX."""

    text: str
    latex: str


@dataclass(frozen=True)
class Equation:
    """One line of a derivation: ``left = side = side = ...``, with remarks in words."""

    left: Written
    sides: tuple[Written, ...]
    remarks: tuple[str, ...] = ()

    def __str__(self) -> str:
        sides = [side.text for side in self.sides]
        whole = " = ".join([self.left.text, *sides])
        if len(whole) > LINE:
            whole = f"{self.left.text} = " + f"\n{' ' * len(self.left.text)} = ".join(sides)
        return "\n".join([whole, *(f"    ({remark})" for remark in self.remarks)])

    def to_latex(self) -> str:
        """The equation as a row of an ``aligned`` environment, or as several if it is long."""
        short = len(self.left.text) + sum(len(side.text) + 3 for side in self.sides) <= LINE
        separator = " = " if short else " \\\\\n&= "
        return f"{self.left.latex} &= {separator.join(side.latex for side in self.sides)}"


@dataclass(frozen=True)
class Derivation:
    """A written derivation: ``str`` gives text; notebooks show it as mathematics.

    Attributes:
        output: the name of what was differentiated.
        wrt: the name of what it was differentiated by.
        forward: how the results on the way were computed.
        backward: the gradient of each node on the way, from the output down to ``wrt``.
        value: the gradient.
    """

    output: str
    wrt: str
    forward: tuple[Equation | str, ...]
    backward: tuple[Equation | str, ...]
    value: Any

    def __str__(self) -> str:
        lines = [f"The gradient of {self.output} with respect to {self.wrt}"]
        for title, equations in (("Forward", self.forward), ("Backward", self.backward)):
            if equations:
                lines += ["", title]
                lines += [f"  {line}" for equation in equations for line in str(equation).splitlines()]
        return "\n".join(lines)

    def to_markdown(self) -> str:
        """Markdown, with the equations as LaTeX between dollar signs."""
        left, _ = partial(self.output, self.wrt)
        blocks = [f"### {_markdown(left)}"]
        for title, equations in (("Forward", self.forward), ("Backward", self.backward)):
            if equations:
                blocks.append(f"**{title}**")
            together: list[Equation] = []
            for equation in equations:
                if isinstance(equation, Equation):
                    together.append(equation)
                remarks = (equation,) if isinstance(equation, str) else equation.remarks
                if together and (remarks or equation is equations[-1]):
                    blocks.append(f"$$\n{_aligned(together)}\n$$")
                    together = []
                blocks += [f"*{_markdown(remark)}*" for remark in remarks]
        return "\n\n".join(blocks) + "\n"

    def to_latex(self) -> str:
        """One ``aligned`` environment, for use within mathematics."""
        return _aligned((*self.forward, *self.backward))

    def save(self, path: str | Path) -> Path:
        """Write the derivation to a file; the suffix says how: ``.md``, ``.tex`` or ``.txt``.

        Returns:
            The path.

        Raises:
            ArgumentError: another suffix.
        """
        path = Path(path)
        if path.suffix not in SUFFIXES:
            raise bad_argument(
                f"saving a derivation as {str(path)!r}",
                f"a name that ends in {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}",
                f"the suffix {path.suffix!r}",
                f"derivation.save({str(path.with_suffix('.md'))!r})",
            )
        tex = f"\\[\n{self.to_latex()}\n\\]\n"
        written = {".md": self.to_markdown(), ".tex": tex, ".txt": f"{self}\n"}
        path.write_text(written[path.suffix], encoding="utf-8")
        return path

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """What a notebook shows."""
        return {
            "text/markdown": self.to_markdown(),
            "text/latex": f"$${self.to_latex()}$$",
            "text/plain": str(self),
        }


def _aligned(equations: Iterable[Equation | str]) -> str:
    """The equations below each other, their first equals signs in line."""
    rows = [rf"&\mathrm{{{derive.escaped(e)}}}" if isinstance(e, str) else e.to_latex() for e in equations]
    return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"


def _markdown(written: str) -> str:
    """Text that Markdown shows as it is."""
    return "".join(f"\\{c}" if c in r"\`*_{}[]<>#|$~" else c for c in written)


def explain(
    output: Any,
    wrt: Any,
    *,
    names: Mapping[str, Any] | None = None,
    digits: int = 4,
    max_terms: int = 30,
    max_equations: int = 40,
) -> Derivation:
    """Write the chain rule from ``output`` down to ``wrt``: symbols = numbers = result.

    Each node on the way has one equation, with a ``+`` for each further use of it; ``∂y/∂x|1`` and
    ``∂y/∂x|2`` are the derivatives by the first and the second operand of ``y`` where both are ``x``.
    For Tensors the equation is the vector-Jacobian product that the rule computes, with the shape of each
    factor; arrays of up to 6 numbers are written out. ``[x > 0]`` is 1 where it holds and 0 elsewhere.

    No backward pass needs to have run, and none is left behind: the graph is not changed.

    Args:
        output: a Value, or a Tensor with one element.
        wrt: a Value or a Tensor that ``output`` was made from.
        names: names for nodes and arrays, such as ``locals()``; the same as in :func:`draw_graph`.
        digits: how many significant digits to print.
        max_terms: the further terms of a longer sum are added up in one.
        max_equations: of a longer derivation the middle is left out.

    Returns:
        The derivation; ``.value`` is the gradient.

    Raises:
        ArgumentError: ``wrt`` does not lead to ``output``, or nothing was recorded.
        NotScalarError: ``output`` has more than one element.
        StaleGraphError: an input was given new data after it was used.

    Example:
        >>> from autograd import Value
        >>> a, b = Value(2.0, label="a"), Value(-3.0, label="b")
        >>> e = a * b; e.label = "e"
        >>> print(explain(e + a, a))
        The gradient of out with respect to a
        <BLANKLINE>
        Forward
          e = a * b = 2 * (-3) = -6
          out = e + a = -6 + 2 = -4
        <BLANKLINE>
        Backward
          ∂out/∂out = 1
          ∂out/∂e = 1
          ∂out/∂a = ∂out/∂e * ∂e/∂a + ∂out/∂a|2 = ∂out/∂e * b + 1 = 1 * (-3) + 1 = -2
    """
    (output,) = roots_of([output], "explain(output, wrt)")
    nodes = _check(output, wrt)
    graph = walk([output], names)
    seed = np.ones_like(output._data) if isinstance(output, Tensor) else 1.0
    gradients = pullback(output, seed, [wrt])
    path = [graph.vertex(node) for node in reversed(between(nodes, [wrt]))]
    story = _Story(graph, path, {graph.vertex(x).index: g for x, g in gradients.items()}, digits, max_terms)
    makers = [vertex for vertex in path if vertex.node is not wrt]
    forward = _shortened([partial_call(story.definition, v) for v in makers], max_equations)
    backward = _shortened([partial_call(story.gradient, v) for v in reversed(path)], max_equations)
    value = gradients.get(wrt, 0 * wrt._data)  # where every way is closed, nothing arrives
    return Derivation(story.output.name, graph.vertex(wrt).name, forward, backward, value)


def _check(output: Node, wrt: Any) -> list[Node]:
    """The nodes that lead to ``output``, if ``wrt`` is one of them."""
    if not output.requires_grad:
        raise nothing_recorded("explain(output, wrt)")
    if np.size(output._data) != 1:
        raise not_scalar("explain(output, wrt)", np.shape(output._data))
    nodes = ancestors([output])
    if not any(node is wrt for node in nodes):
        raise bad_argument(
            "explain(output, wrt)",
            "a wrt that output was made from and that requires a gradient",
            f"{getattr(wrt, 'name', '') or type(wrt).__name__}, which does not lead to it",
            "explain(loss, w), with the w that loss was computed with",
        )
    return nodes


def _shortened(equations: Sequence[Any], limit: int) -> tuple[Equation | str, ...]:
    """The equations, or the first and the last of too many."""
    if len(equations) <= limit:
        return tuple(write() for write in equations)
    first, last = equations[: limit // 2], equations[len(equations) - (limit - limit // 2) :]
    left_out = text.plural(len(equations) - limit, "equation")
    gap = f"... {left_out} left out; explain(..., max_equations={len(equations)}) writes them"
    return (*(write() for write in first), gap, *(write() for write in last))


class Use(NamedTuple):
    """One use of a node: the result and the position among its operands."""

    vertex: Vertex
    position: int


class _Story:
    """The parts of one derivation: what is known, and how an equation is written from it."""

    def __init__(
        self, graph: Graph, path: Sequence[Vertex], gradients: Mapping[int, Any], digits: int, max_terms: int
    ) -> None:
        self.graph = graph
        self.output = path[-1]
        self.gradients = gradients
        self.fmt = f".{digits}g"
        self.max_terms = max_terms
        self.uses: dict[int, list[Use]] = {v.index: [] for v in path}
        for v in path:
            if v.index in gradients:
                for position in _ways_back(v):
                    if v.operands[position] in self.uses:
                        self.uses[v.operands[position]].append(Use(v, position))  # type: ignore[index]

    # Equations.

    def definition(self, vertex: Vertex) -> Equation:
        """How a result was computed: ``e = a * b = 2 * (-3) = -6``."""
        symbol = derive.symbolic(self.graph, vertex)
        remarks = [f"{vertex.name} is {text.shape(vertex.data)}"] if np.ndim(vertex.data) else []
        sides = [self._definition(symbol, numbers=False)]
        if all(_small(x) for x in symbol.inputs):
            sides.append(self._definition(symbol, numbers=True))
        sides.append(self._result(vertex.data))
        return _equation(Written(vertex.name, derive.latex_name(vertex.name)), sides, remarks)

    def gradient(self, vertex: Vertex) -> Equation:
        """The gradient of the output with respect to one node, from those of the results that used it."""
        left = Written(*partial(self.output.name, vertex.name))
        value = self.gradients.get(vertex.index)
        if vertex is self.output:
            return _equation(left, [self._result(value)], [])
        uses = self.uses[vertex.index]
        if value is None:  # every way from here is closed
            return _equation(left, [Written("0", "0")], ["no gradient flows back to it"])
        shown, rest = uses[: self.max_terms], uses[self.max_terms :]
        terms = [self._term(use) for use in shown]
        if rest:
            together = sum(self._contribution(use) for use in rest)
            words = f"({text.plural(len(rest), 'further term')})"
            terms.append(Symbol.named(words, together, rf"\mathrm{{{derive.escaped(words)}}}"))
        with recording(True):
            total = reduce(operator.add, terms)
        sides = [self._chain(shown, len(rest))] if derive.is_scalar(vertex) else []
        sides.append(self._write(total, numbers=False))
        if all(_small(symbol) for symbol in derive.named(total)):
            sides.append(self._write(total, numbers=True))
        sides.append(self._result(value))
        return _equation(left, sides, self._remarks(vertex, total, uses))

    # Parts of equations.

    def _term(self, use: Use) -> Any:
        """What one use passes back, as an expression; in words if nobody would read the formula."""
        term = derive.pulled_back(derive.symbolic(self.graph, use.vertex), use.position, self._upstream(use.vertex))
        try:
            Writer(longest=READABLE).write(term)
        except TooLongError:
            term = None
        if term is None:
            words = f"(the rule of {_op(use)})"
            return Symbol.named(words, self._contribution(use), rf"\mathrm{{{derive.escaped(words)}}}")
        return term

    def _contribution(self, use: Use) -> Any:
        """What one use passes back, as the engine computes it."""
        node = use.vertex.node
        assert node is not None
        wanted = {x for x in node.inputs if isinstance(x, Node)}
        return dict(contributions(node, self.gradients[use.vertex.index], wanted))[use.position]

    def _upstream(self, vertex: Vertex) -> Any:
        """The gradient of a result as a symbol; the output's is 1."""
        value = self.gradients[vertex.index]
        if vertex is self.output:
            return 1.0 if derive.is_scalar(vertex) else Symbol.named("1", value, "1")
        written, latex = partial(self.output.name, vertex.name)
        return Symbol.named(written, value, latex)

    def _chain(self, uses: Sequence[Use], rest: int) -> Written:
        """The chain rule itself: ``∂L/∂e * ∂e/∂a``, summed over the uses."""
        written, latex = [], []
        for use in uses:
            local = self._local(use)
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

    def _local(self, use: Use) -> Written:
        """The local derivative ∂e/∂a; the operand's place is told where it could be mistaken."""
        operand = use.vertex.operands[use.position]
        assert operand is not None
        written, latex = partial(use.vertex.name, self.graph.vertices[operand].name)
        among_uses = sum(u == operand for u in use.vertex.operands)
        total = use.vertex is self.output and len(self.uses[operand]) > 1
        if among_uses > 1 or total:
            return Written(f"{written}|{use.position + 1}", rf"\left.{latex}\right|_{{{use.position + 1}}}")
        return Written(written, latex)

    def _remarks(self, vertex: Vertex, total: Any, uses: Sequence[Use]) -> list[str]:
        """Shapes of arrays, and in words where nothing flows back."""
        remarks = []
        if np.ndim(vertex.data):
            shapes = [f"{s.name} {s.shape}" for s in derive.named(total) if s.shape]
            remarks.append(
                f"shapes: {', '.join(shapes)} -> {np.shape(vertex.data)}"
                if shapes
                else f"shape {np.shape(vertex.data)}"
            )
        where = ", ".join(dict.fromkeys(use.vertex.name for use in uses))
        for indicator in derive.indicators(total):
            closed = np.size(indicator._data) - np.count_nonzero(indicator._data)
            if not closed:
                continue
            condition = Writer(fmt=self.fmt).write(indicator)
            if np.ndim(indicator._data):
                remarks.append(f"{condition} is 0 for {closed:,} of {text.plural(np.size(indicator._data), 'element')}")
            else:
                remarks.append(f"{condition} is 0: that path through {where} is closed and contributes 0")
        return list(dict.fromkeys(remarks))

    # Writing.

    def _write(self, x: Any, numbers: bool) -> Written:
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

    def _result(self, x: Any) -> Written:
        if not np.ndim(x):
            return Written(text.number(x, self.fmt), derive.latex_number(x, self.fmt))
        return Written(text.array(x, self.fmt), derive.latex_array(x, self.fmt))


def _ways_back(vertex: Vertex) -> list[int]:
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


def _small(x: Any) -> bool:
    """Whether the numbers of a symbol are few enough to be written out."""
    return np.size(_data(x)) <= text.SMALL


def _equation(left: Written, sides: Iterable[Written], remarks: Iterable[str]) -> Equation:
    """The equation without sides that repeat the one before, or the left side itself."""
    kept: list[Written] = []
    for side in sides:
        if side.text != left.text and (not kept or kept[-1].text != side.text):
            kept.append(side)
    return Equation(left, tuple(kept), tuple(remarks))
