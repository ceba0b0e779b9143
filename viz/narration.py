"""What happens at each step of the two passes, in a sentence and in formulas with their numbers."""

from __future__ import annotations

import string
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from . import derive, text
from .backward import Share
from .story import ORDINALS, READABLE, Story, Use, small
from .symbol import Symbol
from .walk import Vertex
from .writer import TooLongError, Writer

MOST_NAMED = 4
"""More operands than this are counted, not named."""


class Word(NamedTuple):
    """A piece of a sentence or of a formula, and what it is: ``node``, ``up``, ``local``, ``share`` or ``""``."""

    text: str
    kind: str = ""


class Line(NamedTuple):
    """One line of a formula, and what it says."""

    label: str
    words: tuple[Word, ...]


Words = tuple[Word, ...]


def say(template: str, **given: Word | str | Words) -> Words:
    """A sentence from a template and what is filled in; what is filled in is never read as a template.

    Example:
        >>> say("{a} is {x}.", a=Word("w{0}", "node"), x="3")
        (Word(text='w{0}', kind='node'), Word(text=' is ', kind=''), Word(text='3', kind=''), Word(text='.', kind=''))
    """
    words: list[Word] = []
    for literal, field, _, _ in string.Formatter().parse(template):
        if literal:
            words.append(Word(literal))
        if field:
            value = given[field]
            words += [Word(value)] if isinstance(value, str) else [value] if isinstance(value, Word) else value
    return tuple(words)


def listed(things: Sequence[Vertex | str]) -> Words:
    """``a, b and c``; many are counted."""
    if len(things) > MOST_NAMED:
        return (Word(f"{len(things)} others"),)
    words: list[Word] = []
    for i, thing in enumerate(things):
        if i:
            words.append(Word(" and " if i == len(things) - 1 else ", "))
        words.append(name(thing) if isinstance(thing, Vertex) else Word(thing))
    return tuple(words)


def name(vertex: Vertex) -> Word:
    """A vertex by its name."""
    return Word(vertex.name, "node")


def grad(vertex: Vertex) -> str:
    """What formulas call the gradient of a vertex."""
    return f"grad({text.clip(vertex.name, 24)})"


def factor(written: str) -> str:
    """A number as it stands in a product or a sum."""
    return f"({written})" if written.startswith("-") else written


class Narrator:
    """Tells the steps of one graph.

    Args:
        story: what is known of the graph and its gradients.
        fmt: the format of numbers.
    """

    def __init__(self, story: Story, fmt: str) -> None:
        self.story = story
        self.fmt = fmt
        self.output = story.output

    def written(self, x: Any) -> str:
        """A number or an array."""
        return text.array(x, self.fmt)

    # Forward.

    def start(self, leaves: Sequence[Vertex]) -> Words:
        """Before anything is computed."""
        given = say("The value of {a} is given.", a=listed(leaves)) if len(leaves) == 1 else ()
        if len(leaves) > 1:
            many = (Word(f"the {len(leaves)} boxes at the start"),)
            given = say("The values of {them} are given.", them=listed(leaves) if len(leaves) <= MOST_NAMED else many)
        rest = "The forward pass computes the rest, one operation at a time. No gradient is known yet: – stands for it."
        return (*given, Word(f" {rest}"))

    def computed(self, vertex: Vertex) -> Words:
        """One operation of the forward pass."""
        operands = [self.story.graph.vertices[u] for u in dict.fromkeys(vertex.operands) if u is not None]
        words = say("{c} is computed from {operands}.", c=name(vertex), operands=listed(operands))
        if vertex is self.output:
            words += say("\nThis is the result, and the forward pass is done.")
        return words

    def definition(self, vertex: Vertex) -> tuple[Line, ...]:
        """How it was computed: symbols = numbers = result."""
        sides = [side.text for side in self.story.definition(vertex).sides]
        lines = [Line("operation", (Word(f"{vertex.name} = {sides[0]}"),))]
        if len(sides) > 1:
            lines.append(Line("with numbers", tuple(Word(f"= {side} ") for side in sides[1:])))
        return tuple(lines)

    # Backward.

    def seed(self) -> Words:
        """The backward pass begins."""
        words = say(
            "Now backward. The gradient of a box is how many times as fast {L} changes as the box does, when it "
            "changes a little. {L} changes just as fast as itself, so its gradient is 1.", L=name(self.output),
        )  # fmt: skip
        if any(np.ndim(v.data) for v in self.story.graph.vertices if not v.constant):
            words += say("\nThe gradient of an array is an array of the same shape: one such number for each element.")
        return words

    def passed_back(self, one: Share, last: bool) -> Words:
        """One use passes its share back."""
        numbers = derive.is_number(self.story.graph, one.vertex, one.position) and not np.iscomplexobj(one.share)
        words = self._number_back(one) if numbers else self._array_back(one)
        words += self._adds_up(one)
        return words + self.done() if last else words

    def done(self) -> Words:
        """The backward pass has ended."""
        return say(
            "\nThe backward pass is done. Each gradient tells which way to move: a small step against it makes {L} "
            "smaller.", L=name(self.output),
        )  # fmt: skip

    def _number_back(self, one: Share) -> Words:
        local = derive.local_derivative(one.vertex, one.position)
        given: dict[str, Word | str | Words] = {
            "a": name(one.operand), "c": name(one.vertex), "L": name(self.output),
            "local": self._times(local, "local"), "up": self._times(one.upstream, "up"),
            "share": Word(self.written(one.share), "share"), "place": self._place(one),
        }  # fmt: skip
        if local == 0:
            closed = self.story.closed([Use(one.vertex, one.position)], [self._term(one)])
            why = f": {closed[0].partition(':')[0]}" if closed and ":" in closed[0] else ""
            return say("When {a} changes a little{place}, {c} does not change" + "{why}. Nothing flows back this way.",
                       why=why, **given)  # fmt: skip
        if not np.any(one.upstream):
            return say(
                "{c} has the gradient 0: however {a} changes it, {L} stays the same. Nothing flows back.", **given
            )
        if one.vertex is self.output:
            return say(
                "When {a} changes a little{place}, {L} changes {local} as fast. {L} is the result itself, so this "
                "is what {a} receives.", **given,
            )  # fmt: skip
        return say(
            "When {a} changes a little{place}, {c} changes {local} as fast, and {L} changes {up} as fast as {c}. "
            "Through {c}, then, {L} changes {up2} × {local2} = {share} times as fast as {a}.",
            up2=Word(factor(self.written(one.upstream)), "up"),
            local2=Word(factor(self.written(local)), "local"), **given,
        )  # fmt: skip

    def _times(self, x: Any, kind: str) -> Words:
        """How many times as fast."""
        written = self.written(x)
        return (Word("just", kind),) if written == "1" else (Word(written, kind), Word(" times"))

    def _array_back(self, one: Share) -> Words:
        assert one.vertex.node is not None
        assert one.vertex.node.op is not None
        words = say(
            "{c} passes its gradient back to {a}{place}. The rule of {op} turns it into what {a} receives: {shape}.",
            a=name(one.operand), c=name(one.vertex), place=self._place(one), op=one.vertex.node.op.name,
            shape=_size(one.operand),
        )  # fmt: skip
        closed = self.story.closed([Use(one.vertex, one.position)], [self._term(one)])
        return words + say(" {why}.", why=closed[0][:1].upper() + closed[0][1:]) if closed else words

    def _place(self, one: Share) -> str:
        """Which operand it is, where the same stands in several places."""
        if sum(u == one.operand.index for u in one.vertex.operands) < 2:
            return ""
        place = ORDINALS[one.position] if one.position < len(ORDINALS) else f"{one.position + 1}th"
        return f" as the {place} operand of {one.vertex.name}"

    def _adds_up(self, one: Share) -> Words:
        """What the share does to the gradient of the operand."""
        a = name(one.operand)
        if one.of == 1:
            return ()
        if one.nth == 1:
            left = "one more is" if one.of == 2 else f"{one.of - 1} more are"
            return say("\n{a} is used {n} times: this is the first share of its gradient, " + left + " to come.",
                       a=a, n="2" if one.of == 2 else str(one.of))  # fmt: skip
        if one.nth < one.of:
            return say(
                "\nThis is share {n} of {of} for {a}; it is added to what is there.",
                n=str(one.nth),
                of=str(one.of),
                a=a,
            )
        return say("\nThis is the last of {of} shares. Added up they are the gradient of {a}.", of=str(one.of), a=a)

    # Formulas.

    def seeded(self) -> tuple[Line, ...]:
        """The gradient of the result."""
        left = Word(grad(self.output), "up")
        return (Line("start", (left, Word(f" = {self.written(derive.ones(self.output))}"))),)

    def formulas(self, one: Share, before: Sequence[Any]) -> tuple[Line, ...]:
        """``grad(a) += grad(c) × ∂c/∂a``, with the numbers; ``before`` are the earlier shares of the same operand."""
        numbers = derive.is_number(self.story.graph, one.vertex, one.position)
        lines = self._of_numbers(one) if numbers else self._of_arrays(one)
        if one.nth > 1:
            lines.append(Line("added up", self._sum(one, [*before, one.share])))
        return tuple(lines)

    def _of_numbers(self, one: Share) -> list[Line]:
        partial = f"∂{text.clip(one.vertex.name, 24)}/∂{text.clip(one.operand.name, 24)}"
        local = self.written(derive.local_derivative(one.vertex, one.position))
        symbol = derive.pulled_back(derive.symbolic(self.story.graph, one.vertex), one.position, derive.one(one.vertex))
        sides = dict.fromkeys([*self._sides(symbol), local])
        adds, times = Word(f"{grad(one.operand)} += "), Word(" × ")
        numbers = Word(factor(self.written(one.upstream)), "up"), times, Word(factor(local), "local"), Word(" = ")
        return [
            Line("chain rule: upstream × local", (adds, Word(grad(one.vertex), "up"), times, Word(partial, "local"))),
            Line("local derivative", (Word(partial, "local"), *(Word(f" = {side}") for side in sides))),
            Line("with numbers", (adds, *numbers, Word(self.written(one.share), "share"))),
        ]

    def _of_arrays(self, one: Share) -> list[Line]:
        adds, upstream = Word(f"{grad(one.operand)} += "), grad(one.vertex)
        assert one.vertex.node is not None
        assert one.vertex.node.op is not None
        term = self._term(one)
        symbols, *numbers = self._sides(term) or [f"the rule of {one.vertex.node.op.name}"]
        before, found, after = symbols.partition(upstream)
        rule = (Word(before), Word(found, "up"), Word(after)) if found else (Word(symbols),)
        lines = [Line("rule", (adds, *(word for word in rule if word.text)))]
        arrives = Word(self.written(one.share), "share")
        sides = [Word(f"{side} = ") for side in numbers if side not in (symbols, arrives.text)]
        lines.append(Line("with numbers" if sides else "what arrives", (adds, *sides, arrives)))
        shapes = ", ".join(f"{s.name} {s.shape}" for s in derive.named(term) if s.shape)
        if shapes:
            lines.append(Line("shapes", (Word(f"{shapes} → {np.shape(one.operand.data)}"),)))
        return lines

    def _sum(self, one: Share, shares: Sequence[Any]) -> Words:
        left, total = Word(f"{grad(one.operand)} = "), Word(self.written(one.total), "share")
        if len(shares) > MOST_NAMED or not all(small(share) for share in shares):
            return left, Word(f"the sum of {len(shares)} shares = "), total
        written = [self.written(share) for share in shares]
        return left, Word(" + ".join([written[0], *map(factor, written[1:])]) + " = "), total

    def _term(self, one: Share) -> Any:
        """What the rule makes of the gradient of the result, as an expression; ``None`` if nobody would read it."""
        upstream = Symbol.named(grad(one.vertex), one.upstream)
        term = derive.pulled_back(derive.symbolic(self.story.graph, one.vertex), one.position, upstream)
        return term if self._sides(term) else None

    def _sides(self, expression: Any) -> list[str]:
        """An expression in symbols, and with its numbers if they are few; nothing if nobody would read it."""
        if expression is None:
            return []
        try:
            sides = [Writer(fmt=self.fmt, longest=READABLE).write(expression)]
            if all(small(symbol) for symbol in derive.named(expression)):
                sides.append(Writer(fmt=self.fmt, numbers=True, longest=READABLE).write(expression))
        except TooLongError:
            return []
        return list(dict.fromkeys(sides))


def _size(vertex: Vertex) -> str:
    """How many numbers a gradient is, in words."""
    size = np.shape(vertex.data)
    if not size:
        return "one number"
    return f"{text.plural(text.size(vertex.data), 'number')} in the shape {size}, one for each element"
