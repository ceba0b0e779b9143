"""One entry of a gradient, written out in scalars: the rules, run on arrays of symbols.

A rule does not know who runs it. On arrays whose elements are named symbols, ``x[0, 1]``, it leaves behind the
scalar expression of each element; the one that is asked for is written down, then the elements it needs.
"""

from __future__ import annotations

import operator
from collections import deque
from collections.abc import Sequence
from functools import reduce
from typing import Any

import numpy as np

from autograd.errors import bad_argument
from autograd.graph import recording
from autograd.rules import elementwise

from . import derive, text
from .derivation import Equation, Written
from .latex import escaped, latex_name, partial
from .story import Story, Use, equation
from .symbol import Symbol, is_number
from .walk import Vertex
from .writer import TooLongError

MOST_WORK = 400_000
"""An operation on arrays of more elements, multiplied, is not taken apart."""

Place = tuple[int, ...]


def place_of(index: Any, shape: tuple[int, ...], whose: str, did: str) -> Place:
    """The index of one entry, with all its numbers from 0.

    Raises:
        ArgumentError: it is none.
    """
    given = index if isinstance(index, tuple) else (index,)
    whole = all(isinstance(i, (int, np.integer)) and not isinstance(i, bool) for i in given)
    if len(given) != len(shape) or not whole or not all(-n <= i < n for i, n in zip(given, shape, strict=True)):
        usual = tuple(0 for _ in shape)
        cure = f"index={usual if len(usual) != 1 else usual[0]}" if shape else "no index for a number"
        raise bad_argument(did, f"one entry of the shape {shape}", f"{index!r} for {whose}", cure)
    return tuple(int(i) % n for i, n in zip(given, shape, strict=True))


def entry_equations(story: Story, wrt: Vertex, place: Place, most: int) -> tuple[Equation | str, ...]:
    """The equation of one entry, and those of the entries that it needs, as far as there is room for."""
    return _Entries(story).equations(wrt, place, most)


class _Entries:
    def __init__(self, story: Story) -> None:
        self.story = story
        self.shares: dict[tuple[int, int], Any] = {}
        self.where: dict[str, tuple[Vertex, Place]] = {}
        """What the symbols of upstream entries stand for, by name."""

    def equations(self, wrt: Vertex, place: Place, most: int) -> tuple[Equation | str, ...]:
        wanted = deque([(wrt, place)])
        seen = {(wrt.index, place)}
        written: list[Equation | str] = []
        while wanted and len(written) < most:
            vertex, here = wanted.popleft()
            line, needed = self._equation(vertex, here)
            written.append(line)
            for other in needed:
                key = other[0].index, other[1]
                if key not in seen:
                    seen.add(key)
                    wanted.append(other)
        if wanted:
            entries = "1 further entry" if len(wanted) == 1 else f"{len(wanted):,} further entries"
            written.append(f"... the equations of {entries} left out")
        return tuple(written)

    def _equation(self, vertex: Vertex, place: Place) -> tuple[Equation | str, list[tuple[Vertex, Place]]]:
        """The equation of one entry, and the upstream entries that stand in it."""
        left = self._gradient_name(vertex, place)
        value = self.story.gradients.get(vertex.index)
        if vertex is self.story.output or value is None:
            end = self.story.result(np.asarray(value)[place] if value is not None else 0)
            return equation(left, [end], [] if value is not None else ["no gradient flows back to it"]), []
        terms: list[Any] = []
        for use in self.story.uses[vertex.index]:
            share = self._share(use)
            if share is None:
                words = f"(the rule of {use.vertex.name})"
                terms.append(
                    Symbol.named(
                        words, np.asarray(self.story.contribution(use))[place], rf"\mathrm{{{escaped(words)}}}"
                    )
                )
            else:
                terms += _terms(share[place])
        terms = [term for term in terms if not (is_number(term) and term == 0)]
        shown, rest = terms[: self.story.max_terms], terms[self.story.max_terms :]
        needed = list(dict.fromkeys(s.name for term in shown for s in derive.named(term) if s.name in self.where))
        if rest:
            words = f"({text.plural(len(rest), 'further term')})"
            shown.append(Symbol.named(words, sum(_data(x) for x in rest), rf"\mathrm{{{escaped(words)}}}"))
        sides = self._sides(shown)
        return equation(left, [*sides, self.story.result(np.asarray(value)[place])], []), [
            self.where[n] for n in needed
        ]

    def _sides(self, terms: Sequence[Any]) -> list[Written]:
        if not terms:
            return []
        try:
            with recording(True):
                total = reduce(operator.add, terms)
            sides = [self.story.write(total, numbers=False)]
            if self.story.substitute:
                sides.append(self.story.write(total, numbers=True))
            return sides
        except TooLongError:
            words = f"a sum of {text.plural(len(terms), 'term')} that nobody would read"
            return [Written(words, rf"\mathrm{{{escaped(words)}}}")]

    def _share(self, use: Use) -> Any:
        """What one use passes back, as an array of expressions; ``None`` if it cannot be taken apart."""
        key = use.vertex.index, use.position
        if key not in self.shares:
            self.shares[key] = self._taken_apart(use)
        return self.shares[key]

    def _taken_apart(self, use: Use) -> Any:
        node = use.vertex.node
        assert node is not None
        assert node.op is not None
        rule, operand = node.op.rules[use.position], use.vertex.operands[use.position]
        assert rule is not None
        assert operand is not None
        like = self.story.graph.vertices[operand].data
        if max(text.size(use.vertex.data), 1) * max(text.size(like), 1) > MOST_WORK:
            return None
        args = [
            use.vertex.literal(i) if place is None else self._operand(use, i, place)
            for i, place in enumerate(use.vertex.operands)
        ]
        args = [self._gradients(use.vertex), _array(use.vertex.name, use.vertex.data), *args]
        bare = [x[()] if isinstance(x, np.ndarray) else x for x in args]  # of a number the symbol, not an array of it
        for attempt in (args, bare):
            try:
                with recording(True), np.errstate(all="ignore"):
                    return _unbroadcast(np.asarray(rule(*attempt, **node.attrs), dtype=object), np.shape(like))
            except Exception:  # NumPy does not compute everything on arrays of objects
                continue
        return None

    def _operand(self, use: Use, position: int, place: int) -> Any:
        """An operand as an array of symbols; the bare array if no gradient flows to it, such as labels."""
        vertex = self.story.graph.vertices[place]
        node = use.vertex.node
        assert node is not None
        assert node.op is not None
        bare = not node.op.is_joint and node.op.rules[position] is None
        return vertex.data if bare else _array(vertex.name, vertex.data)

    def _gradients(self, vertex: Vertex) -> Any:
        """The gradient of a result as an array of symbols; the output's are ones."""
        if vertex is self.story.output:
            return np.full(np.shape(vertex.data), 1.0, dtype=object)
        value = np.asarray(self.story.gradients[vertex.index])
        symbols = np.empty(value.shape, dtype=object)
        for place in np.ndindex(value.shape):
            name = self._gradient_name(vertex, place)
            symbols[place] = Symbol.named(name.text, value[place].item(), name.latex)
            self.where[name.text] = vertex, place
        return symbols

    def _gradient_name(self, vertex: Vertex, place: Place) -> Written:
        """``∂L/∂W[0, 1]``."""
        if not place:
            return Written(*partial(self.story.output.name, vertex.name))
        output = latex_name(self.story.output.name)
        below = _subscript(vertex.name, place)
        return Written(
            f"∂{self.story.output.name}/∂{at(vertex.name, place)}", rf"\frac{{\partial {output}}}{{\partial {below}}}"
        )


def at(name: str, place: Place) -> str:
    """The name of an entry: ``W[0, 1]``."""
    return f"{name}[{', '.join(map(str, place))}]" if place else name


def _subscript(name: str, place: Place) -> str:
    """A name with an index below it, in LaTeX; one that has an index already is put in parentheses."""
    written = latex_name(name)
    if not place:
        return written
    below = ",".join(map(str, place))
    return rf"({written})_{{{below}}}" if "_" in written else f"{written}_{{{below}}}"


def _array(name: str, data: Any) -> Any:
    """An array of symbols, each named by its place."""
    data = np.asarray(data)
    symbols = np.empty(data.shape, dtype=object)
    for place in np.ndindex(data.shape):
        symbols[place] = Symbol.named(at(name, place), data[place].item(), _subscript(name, place))
    return symbols


def _unbroadcast(share: Any, shape: tuple[int, ...]) -> Any:
    """Sum over the axes that broadcasting added, as the engine does."""
    while share.ndim > len(shape):
        share = np.asarray(share.sum(axis=0), dtype=object)
    for axis, n in enumerate(shape):
        if n == 1 and share.shape[axis] != 1:
            share = share.sum(axis=axis, keepdims=True)
    return np.broadcast_to(share, shape) if share.shape != shape else share


def _terms(expression: Any) -> list[Any]:
    """The terms of a sum, from left to right."""
    terms, stack = [], [expression]
    while stack:
        part = stack.pop()
        if isinstance(part, Symbol) and not part.name and part.op is elementwise.add:
            stack += reversed(part.inputs)
        else:
            terms.append(part)
    return terms


def _data(x: Any) -> Any:
    return x._data if isinstance(x, Symbol) else x
