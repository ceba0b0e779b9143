"""The chain rule, written down: from an output to whatever it was made from, symbols = numbers = result.

The gradient of a node is the sum, over the results that used it, of what each passes back. So there is
one equation for each node on the way, with a ``+`` for every further use. What each result passes back
is its operation's rule, run on symbols; the numbers are those of the engine's own backward pass.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial as partial_call
from typing import Any, Literal, TypedDict, Unpack, overload

import numpy as np

from autograd.errors import bad_argument, describe, not_scalar
from autograd.graph import Node, ancestors, between, pullback

from . import derive, text
from .arguments import check_choice, check_count
from .derivation import Derivation, Equation, Written
from .entry import entry_equations, place_of
from .formula import gradient_on, on_symbols, recorded
from .functions import traced
from .latex import latex_name, partial
from .paths import Paths
from .program import Program, program
from .replay import Replay
from .story import Story, equation
from .trace_table import TraceTable, trace_rows
from .walk import Vertex, roots_of, walk
from .writer import TooLongError

LONG = 300
"""The way through more results than this has no formula that anybody would read."""

STYLES = ("sum", "paths", "table", "formula", "program")


class Options(TypedDict, total=False):
    """The keywords of :func:`explain` that every style has."""

    at: Any
    index: Any
    names: Mapping[str, Any] | None
    substitute: bool
    digits: int
    max_terms: int
    max_equations: int


@overload
def explain(output: Any, wrt: Any, *, style: Literal["table"], **options: Unpack[Options]) -> TraceTable: ...
@overload
def explain(output: Any, wrt: Any, *, style: Literal["program"], **options: Unpack[Options]) -> Program: ...
@overload
def explain(
    output: Any, wrt: Any, *, style: Literal["sum", "paths", "formula"] = "sum", **options: Unpack[Options]
) -> Derivation: ...
def explain(
    output: Any,
    wrt: Any,
    *,
    at: Any = None,
    index: Any = None,
    style: str = "sum",
    names: Mapping[str, Any] | None = None,
    substitute: bool = True,
    digits: int = 4,
    max_terms: int = 30,
    max_equations: int = 40,
) -> Derivation | TraceTable | Program:
    """Write the chain rule from ``output`` down to ``wrt``: symbols = numbers = result.

    Each node on the way has one equation, with a ``+`` for each further use of it; ``∂y/∂x|1`` and
    ``∂y/∂x|2`` are the derivatives by the first and the second operand of ``y`` where both are ``x``.
    What the way starts from, and what joins it from the side, is given with its numbers.
    For Tensors the equation is the vector-Jacobian product that the rule computes, with the shape of each
    factor; arrays of up to 6 numbers are written out. ``[x > 0]`` is 1 where it holds and 0 elsewhere.

    No backward pass needs to have run, and none is left behind: the graph is not changed.

    Args:
        output: a Value, or a Tensor with one element; or a function, which is run on Values named like its
            arguments.
        wrt: a Value or a Tensor that ``output`` was made from; of a function the name of an argument.
        at: the numbers of a function's arguments, in order or by name. The style ``formula`` needs none.
        index: one entry of ``wrt``, such as ``(0, 1)``, whose derivative is also written out in scalars; in the
            styles ``sum`` and ``paths``.
        style: ``sum``: one equation for each node, adding up over its uses. ``paths``: one product for each
            way from ``wrt`` to the output. ``table``: forward and backward beside each other, step by step.
            ``formula``: the output and its gradient in terms of what they were made from. ``program``: the
            backward pass as lines of NumPy that can be run.
        names: names for nodes and arrays, such as ``locals()``; the same as in :func:`draw_graph`.
        substitute: write the numbers in place of the symbols too.
        digits: how many significant digits to print.
        max_terms: the further terms of a longer sum, or the further paths, are added up in one.
        max_equations: of a longer derivation the middle is left out.

    Returns:
        The derivation; ``.value`` is the gradient, ``.check()`` compares it with central differences,
        ``.to_markdown()``, ``.to_latex()`` and ``.save("x.md")`` write it.

    Raises:
        ArgumentError: ``wrt`` does not lead to ``output``, nothing was recorded, or another argument is out
            of range.
        NotScalarError: ``output`` has more than one element.
        StaleGraphError: an input was given new data after it was used.

    Example:
        >>> from autograd import Value
        >>> a, b = Value(2.0, label="a"), Value(-3.0, label="b")
        >>> e = a * b; e.label = "e"
        >>> print(explain(e + a, a))
        The gradient of out with respect to a
        <BLANKLINE>
        Given  a = 2, b = -3
        <BLANKLINE>
        Forward
          e = a * b = 2 * (-3) = -6
          out = e + a = -6 + 2 = -4
        <BLANKLINE>
        Backward
          ∂out/∂out = 1
          ∂out/∂e = 1
          ∂out/∂a = ∂out/∂e * ∂e/∂a + ∂out/∂a|2 = ∂out/∂e * b + 1 = 1 * (-3) + 1 = -2
        <BLANKLINE>
        ∂out/∂a|2 is the derivative by the second operand of out alone
        >>> print(explain(lambda x: x * x.tanh(), "x", style="formula"))
        The gradient of out with respect to x
        <BLANKLINE>
        Function
          out = x * tanh(x)
        <BLANKLINE>
        Gradient
          ∂out/∂x = tanh(x) + x * (1 - tanh(x)**2)
    """
    for keyword, x, usual in (
        ("digits", digits, 4),
        ("max_terms", max_terms, 30),
        ("max_equations", max_equations, 40),
    ):
        check_count("explain", keyword, x, 1, usual)
    check_choice("explain", "style", style, STYLES, "style='sum'")
    if index is not None:
        check_choice("explain(..., index=...)", "style", style, STYLES[:2], "style='sum'")
    numbers = True
    if callable(output) and not isinstance(output, Node):
        output, wrt, numbers = traced(output, wrt, at, style)
    (output,) = roots_of([output], "explain(output, wrt)")
    nodes = _check(output, wrt)
    graph = walk([output], names)
    seed = derive.ones(graph.vertex(output))
    gradients = pullback(output, seed, [wrt]) if numbers else {}
    path = [graph.vertex(node) for node in reversed(between(nodes, [wrt]))]
    found = {graph.vertex(x).index: g for x, g in gradients.items()}
    story = Story(graph, path, found, digits, max_terms, substitute)
    value = gradients.get(wrt, 0 * wrt._data)  # where every way is closed, nothing arrives
    telling = _Telling(story, path, value, Replay(output, wrt, path[0].name) if numbers else None, max_equations)
    place = (
        None
        if index is None
        else place_of(index, np.shape(wrt._data), describe(wrt), "explain(output, wrt, index=...)")
    )
    return telling.tell(style, place)


def _check(output: Node, wrt: Any) -> list[Node]:
    """The nodes that lead to ``output``, if ``wrt`` is one of them."""
    if not output.requires_grad:
        raise bad_argument(
            "explain(output, wrt)",
            "an output that was recorded from something with requires_grad=True",
            f"{describe(output)} with requires_grad=False: a constant, a detached result, or made under no_grad()",
            "make the inputs with requires_grad=True (the default) and compute outside no_grad()",
        )
    if text.size(output._data) != 1:
        raise not_scalar("explain(output, wrt)", np.shape(output._data))
    nodes = ancestors([output])
    if not any(node is wrt for node in nodes):
        frozen = isinstance(wrt, Node) and not wrt.requires_grad
        raise bad_argument(
            "explain(output, wrt)",
            "a wrt that output was made from and that requires a gradient",
            f"{describe(wrt)}, which {'requires no gradient' if frozen else 'does not lead to it'}",
            "explain(loss, w), with the w that loss was computed with",
        )
    return nodes


class _Telling:
    """One gradient, told in one of the styles."""

    def __init__(
        self, story: Story, path: Sequence[Vertex], value: Any, replay: Replay | None, max_equations: int
    ) -> None:
        self.story = story
        self.path = path
        self.wrt, self.output = path[0], path[-1]
        self.makers = [vertex for vertex in path if vertex is not path[0]]
        self.value = value
        self.replay = replay
        self.most = max_equations

    def tell(self, style: str, place: tuple[int, ...] | None) -> Derivation | TraceTable | Program:
        """The derivation in this style; ``place`` is the entry that is written out too."""
        if style == "table":
            rows = trace_rows(self.story, self._beside(), self.path, self.most)
            return TraceTable(self.output.name, self.wrt.name, rows, self.value, self.replay)
        if style == "program":
            return self._program()
        told: dict[str, Callable[[], Derivation]] = {"sum": self._sum, "paths": self._paths, "formula": self._formula}
        derivation = told[style]()
        if place is None:
            return derivation
        entry = entry_equations(self.story, self.wrt, place, self.most)
        where = f"One entry, {self.wrt.name}[{', '.join(map(str, place))}]"
        return self._derivation(
            derivation.given, derivation.forward, derivation.backward, derivation.terms,
            (*derivation.titles[:2], where), entry,
        )  # fmt: skip

    def _derivation(
        self,
        given: tuple[Written, ...],
        forward: tuple[Equation | str, ...],
        backward: tuple[Equation | str, ...],
        terms: tuple[Any, ...],
        titles: tuple[str, str, str] = ("Forward", "Backward", "One entry"),
        entry: tuple[Equation | str, ...] = (),
    ) -> Derivation:
        return Derivation(
            self.output.name, self.wrt.name, given, forward, backward, self.value, tuple(self.story.notes), terms,
            entry, titles, self.replay,
        )  # fmt: skip

    def _sum(self) -> Derivation:
        given = self.story.given(ends(self.makers, self.most), self.makers)
        backward = shortened([partial_call(self.story.gradient, v) for v in reversed(self.path)], self.most)
        uses = self.story.uses[self.wrt.index]
        terms = tuple(self.story.contribution(use) for use in uses)
        return self._derivation(given, self._forward(), backward, terms)

    def _forward(self) -> tuple[Equation | str, ...]:
        return shortened([partial_call(self.story.definition, v) for v in self.makers], self.most)

    def _paths(self) -> Derivation:
        paths = Paths(self.story, self.path, self.story.max_terms)
        ways = paths.largest()
        lines = tuple(paths.equations(ways, self.value))
        given = self.story.given(ends(self.makers, self.most), self.makers)
        whole = text.plural(paths.count, "path") if paths.count < 10**9 else "paths"
        title = f"The sum over {whole}" if paths.count > 1 else "The one path"
        terms = tuple(way.share for way in ways)
        return self._derivation(given, self._forward(), lines, terms, ("Forward", title, "One entry"))

    def _beside(self) -> list[Vertex]:
        """What joins the way from the side."""
        on_the_way = {vertex.index for vertex in self.path}
        beside = {u for v in self.makers for u in v.operands if u is not None} - on_the_way
        return [self.story.graph.vertices[i] for i in sorted(beside)]

    def _formula(self) -> Derivation:
        """The output and the gradient written out; if that is too long, with the results between called by name."""
        graph = self.story.graph
        results = {v.index for v in graph.vertices if v.operands}
        for named in (frozenset[int](), frozenset(results)) if len(self.path) <= LONG else ():
            symbols = on_symbols(graph, named)
            gradient = gradient_on(symbols, graph, self.output, self.wrt)
            try:
                left = Written(*partial(self.output.name, self.wrt.name))
                backward = equation(left, self._sides(gradient), [])
                function = equation(
                    Written(self.output.name, latex_name(self.output.name)),
                    [self.story.written_out(symbols[self.output.index]), *self._number(self.output.data)],
                    [],
                )
            except TooLongError:
                continue
            where = self._forward() if named else (function,)
            given = (
                () if not self.replay else self.story.given(self.makers, self.makers) if named else self.story.leaves()
            )
            titles = ("Where" if named else "Function", "Gradient", "One entry")
            return self._derivation(given, where, (backward,), (), titles)
        words = "the formula has more parts than anybody would read; the style 'sum' or 'program' goes step by step"
        given = self.story.given(ends(self.makers, self.most), self.makers)
        titles = ("Where", "Gradient", "One entry")
        return self._derivation(given, self._forward(), (words,), (), titles)

    def _sides(self, gradient: Any) -> list[Written]:
        if gradient is None:
            raise TooLongError
        return [self.story.written_out(gradient), *self._number(self.value)]

    def _number(self, x: Any) -> list[Written]:
        return [self.story.result(x)] if self.replay else []

    def _program(self) -> Program:
        graph = self.story.graph
        symbols = on_symbols(graph, frozenset(v.index for v in graph.vertices))
        names = {id(x): v.name for v, x in zip(graph.vertices, symbols, strict=True)}
        names |= {id(v.node if v.node is not None else v.data): v.name for v in graph.vertices}
        root: Node = symbols[self.output.index]
        gradient = gradient_on(symbols, graph, self.output, self.wrt)
        literals = {}
        if gradient is None:
            assert self.output.node is not None
            assert self.wrt.node is not None
            # a seed that requires a gradient, so that what becomes of it is recorded too
            seed = type(self.output.node)._leaf(derive.ones(self.output))
            literals[id(seed)] = "1.0"
            root, gradient = self.output.node, recorded(self.output.node, self.wrt.node, seed)
        source, inputs = program(root, gradient, names, self.output.name, self.wrt.name, literals)
        return Program(self.output.name, self.wrt.name, source, inputs, self.value, self.replay)


def ends(items: Sequence[Any], limit: int) -> list[Any]:
    """The items, or the first and the last of too many."""
    if len(items) <= limit:
        return list(items)
    return [*items[: limit // 2], *items[len(items) - (limit - limit // 2) :]]


def shortened(equations: Sequence[Callable[[], Equation]], limit: int) -> tuple[Equation | str, ...]:
    """The equations, with words where the middle of too many is left out."""
    written: list[Equation | str] = [write() for write in ends(equations, limit)]
    if len(equations) > limit:
        left_out = text.plural(len(equations) - limit, "equation")
        gap = f"... {left_out} left out; explain(..., max_equations={len(equations)}) writes them"
        written.insert(limit // 2, gap)
    return tuple(written)
