"""A written derivation: what is given, the forward pass, the backward pass, in text, Markdown and LaTeX."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from autograd.errors import bad_argument

from .latex import escaped, partial
from .replay import Check, Replay

LINE = 96
"""Equations that are longer than this are broken at their equals signs."""


COMMANDS = "\\providecommand{\\lt}{<}\n\\providecommand{\\gt}{>}\n"
"""What the mathematics of notebooks knows and LaTeX does not."""


class Written(NamedTuple):
    """Something in text and in LaTeX."""

    text: str
    latex: str


@dataclass(frozen=True)
class Equation:
    """One line of a derivation: ``left = side = side = ...``, with remarks in words.

    The first sign between them is ``=``, or a colon where the left side is only a heading, such as a path.
    """

    left: Written
    sides: tuple[Written, ...]
    remarks: tuple[str, ...] = ()
    colon: bool = False

    def __str__(self) -> str:
        start = f"{self.left.text}:  " if self.colon else f"{self.left.text} = "
        sides = [side.text for side in self.sides]
        whole = start + " = ".join(sides)
        if len(whole) > LINE:
            indent = " " * (len(start) - 2)
            sides = [f"\n{indent}  ".join(broken(side, LINE - len(start))) for side in sides]
            whole = start + f"\n{indent}= ".join(sides)
        return "\n".join([whole, *(f"    ({remark})" for remark in self.remarks)])

    def to_latex(self) -> str:
        """The equation as a row of an ``aligned`` environment, or as several if it is long."""
        short = len(self.left.text) + sum(len(side.text) + 3 for side in self.sides) <= LINE
        separator = " = " if short else " \\\\\n&= "
        room = LINE - len(self.left.text)
        sides = [side.latex if short else r" \\ &\quad ".join(broken_latex(side, room)) for side in self.sides]
        sign = r":\quad &" if self.colon else " &= "
        return f"{self.left.latex}{sign}{separator.join(sides)}"


class Document:
    """Something written that can be shown, saved and checked."""

    value: Any
    replay: Replay | None

    def to_markdown(self) -> str:
        """Markdown, with the equations as LaTeX between dollar signs."""
        raise NotImplementedError

    def to_latex(self) -> str:
        """LaTeX, for use within mathematics."""
        raise NotImplementedError

    def to_text(self, ascii: bool = False) -> str:
        """Plain text; ``ascii`` writes ``d`` for ``∂`` and spells all other signs out.

        Example:
            >>> from autograd import Value
            >>> from viz import explain
            >>> x = Value(3.0, label="x")
            >>> print(explain(x * 2, x).to_text(ascii=True).splitlines()[-1])
              dout/dx = 2
        """
        return in_ascii(str(self)) if ascii else str(self)

    def _texts(self) -> dict[str, Callable[[], str]]:
        """What each suffix of a file stands for."""
        return {
            ".md": self.to_markdown,
            ".tex": lambda: f"{COMMANDS}\\[\n{self.to_latex()}\n\\]\n",
            ".txt": lambda: f"{self}\n",
        }

    def save(self, path: str | Path) -> Path:
        """Write the derivation to a file; the suffix says how: ``.md``, ``.tex`` or ``.txt``.

        Returns:
            The path.

        Raises:
            ArgumentError: another suffix.
        """
        path = Path(path)
        written = self._texts()
        if path.suffix not in written:
            suffixes = list(written)
            raise bad_argument(
                f"saving a derivation as {str(path)!r}",
                f"a name that ends in {', '.join(suffixes[:-1])} or {suffixes[-1]}",
                f"the suffix {path.suffix!r}",
                f"derivation.save({str(path.with_suffix(suffixes[0]))!r})",
            )
        path.write_text(written[path.suffix](), encoding="utf-8")
        return path

    def check(self, entries: int = 20) -> Check:
        """Compare the gradient with central differences of the forward pass, computed anew.

        Args:
            entries: of a large array so many elements are tried, evenly spread.

        Returns:
            What was found: true if they agree, and ``str`` says so in words.

        Raises:
            StaleGraphError: something was given new data since.

        Example:
            >>> from autograd import Value
            >>> from viz import explain
            >>> x = Value(3.0, label="x")
            >>> bool(explain(x * x, x).check())
            True
        """
        assert self.replay is not None
        return self.replay.check(self.value, entries)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """What a notebook shows. It never raises."""
        try:
            return {
                "text/markdown": self.to_markdown(),
                "text/latex": f"$${self.to_latex()}$$",
                "text/plain": str(self),
            }
        except Exception as error:  # a notebook must show something, whatever is wrong
            return {"text/plain": f"{object.__repr__(self)}\n\n({error})"}

    def _repr_markdown_(self) -> str | None:
        """The Markdown, for readers that do not know mime bundles."""
        return self._repr_mimebundle_().get("text/markdown")


@dataclass(frozen=True)
class Derivation(Document):
    """A written derivation: ``str`` gives text; notebooks show it as mathematics.

    Attributes:
        output: the name of what was differentiated.
        wrt: the name of what it was differentiated by.
        given: what the forward pass starts from, with its numbers.
        forward: how the results on the way were computed.
        backward: the gradient of each node on the way, from the output down to ``wrt``; or its paths.
        value: the gradient.
        notes: what the signs mean that are not everybody's.
        terms: what adds up to the gradient: one for each use of ``wrt``, or for each path.
        entry: one entry of the gradient written out in scalars.
        titles: what stands above forward, backward and entry.
        replay: computes the forward pass anew.
    """

    output: str
    wrt: str
    given: tuple[Written, ...]
    forward: tuple[Equation | str, ...]
    backward: tuple[Equation | str, ...]
    value: Any
    notes: tuple[Written, ...] = ()
    terms: tuple[Any, ...] = ()
    entry: tuple[Equation | str, ...] = ()
    titles: tuple[str, str, str] = ("Forward", "Backward", "One entry")
    replay: Replay | None = field(default=None, compare=False, repr=False)

    @property
    def sections(self) -> list[tuple[str, tuple[Equation | str, ...]]]:
        """The parts that are not empty, with their titles."""
        parts = zip(self.titles, (self.forward, self.backward, self.entry), strict=True)
        return [(title, equations) for title, equations in parts if equations]

    def __str__(self) -> str:
        lines = [f"The gradient of {self.output} with respect to {self.wrt}"]
        for i, row in enumerate(_rows(self.given)):
            lines += ["       " + row] if i else ["", "Given  " + row]
        for title, equations in self.sections:
            lines += ["", title]
            lines += [f"  {line}" for equation in equations for line in str(equation).splitlines()]
        if self.notes:
            lines += ["", *(note.text for note in self.notes)]
        return "\n".join(lines)

    def to_markdown(self) -> str:
        """Markdown, with the equations as LaTeX between dollar signs."""
        left, _ = partial(self.output, self.wrt)
        blocks = [f"### {markdown(left)}"]
        if self.given:
            blocks.append("**Given** " + ", ".join(f"${item.latex}$" for item in self.given))
        for title, equations in self.sections:
            blocks.append(f"**{title}**")
            together: list[Equation] = []
            for equation in equations:
                if isinstance(equation, Equation):
                    together.append(equation)
                remarks = (equation,) if isinstance(equation, str) else equation.remarks
                if together and (remarks or equation is equations[-1]):
                    blocks.append(f"$$\n{_aligned(together)}\n$$")
                    together = []
                blocks += [f"*{markdown(remark)}*" for remark in remarks]
        blocks += [f"${note.latex}$" for note in self.notes]
        return "\n\n".join(blocks) + "\n"

    def to_latex(self) -> str:
        """One ``aligned`` environment, for use within mathematics."""
        return _aligned((*self.forward, *self.backward, *self.entry), self.given, self.notes)


def broken(written: str, width: int) -> list[str]:
    """A sum in lines that are not too long, each but the first beginning with the sign of its term.

    Example:
        >>> broken("a + f(b + c) - d", 9)
        ['a', '+ f(b + c)', '- d']
    """
    terms = _terms(written)
    return [" ".join(terms[start:end]) for start, end in _filled(terms, width)]


def broken_latex(side: Written, width: int) -> list[str]:
    """A sum in LaTeX, broken where its text would be: LaTeX is longer than what it shows."""
    terms, shown = _terms(side.latex), _terms(side.text)
    if len(terms) != len(shown):
        return broken(side.latex, 2 * width)
    stacked = [re.sub(r"∂[^/ ]+/(?=∂)", "", term) for term in shown]  # above a bar there is room
    return [" ".join(terms[start:end]) for start, end in _filled(stacked, width)]


def _terms(written: str) -> list[str]:
    """The terms of a sum, each but the first with its sign before it."""
    terms, depth, start = [], 0, 0
    for i, c in enumerate(written):
        depth += (c in "([{") - (c in ")]}")
        if not depth and i and written[i - 1] == " " and written[i : i + 2] in ("+ ", "- "):
            terms.append(written[start : i - 1])
            start = i
    return [*terms, written[start:]]


def _filled(terms: Sequence[str], width: int) -> Iterator[tuple[int, int]]:
    """Where each line of terms starts and ends, so that none but a single term is longer than ``width``."""
    start, length = 0, -1
    for i, term in enumerate(terms):
        if i > start and length + 1 + len(term) > width:
            yield start, i
            start, length = i, -1
        length += 1 + len(term)
    yield start, len(terms)


ASCII = {
    "∂": "d", "→": "->", "←": "<-", "ᵀ": ".T", "ḡ": "g", "…": "...", "±": "+-", "Σ": "sum",
    "\N{EN DASH}": "-", "\N{MINUS SIGN}": "-", "\N{MULTIPLICATION SIGN}": "x",
}  # fmt: skip


def in_ascii(written: str) -> str:
    """The text without any sign that is not ASCII."""
    replaced = "".join(ASCII.get(c, c) for c in written)
    return replaced.encode("ascii", "backslashreplace").decode()


def _lines(items: Sequence[Written]) -> Iterator[Sequence[Written]]:
    """The items in lines that are not too long."""
    line: list[Written] = []
    for item in items:
        if line and sum(len(other.text) + 2 for other in line) + len(item.text) > LINE:
            yield line
            line = []
        line.append(item)
    if line:
        yield line


def _rows(items: Sequence[Written]) -> list[str]:
    """The lines as text, with a comma after each item but the last."""
    return ",\n".join(", ".join(item.text for item in line) for line in _lines(items)).splitlines()


def _aligned(equations: Iterable[Equation | str], given: Sequence[Written] = (), notes: Sequence[Written] = ()) -> str:
    """The equations below each other, their first equals signs in line."""
    rows = ["&" + r",\ ".join(item.latex for item in line) for line in _lines(given)]
    if rows:
        rows[0] = r"\mathrm{Given}\quad " + rows[0]
    rows += [rf"&\mathrm{{{escaped(e)}}}" if isinstance(e, str) else e.to_latex() for e in equations]
    rows += [f"&{note.latex}" for note in notes]
    return "\\begin{aligned}\n" + " \\\\\n".join(rows) + "\n\\end{aligned}"


def markdown(written: str) -> str:
    """Text that Markdown shows as it is."""
    return "".join(f"\\{c}" if c in r"\`*_{}[]<>#|$~" else c for c in written)
