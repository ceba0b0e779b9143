"""A written derivation: what is given, the forward pass, the backward pass, in text, Markdown and LaTeX."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from autograd.errors import bad_argument

from .latex import escaped, partial

LINE = 96
"""Equations that are longer than this are broken at their equals signs."""

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
        given: what the forward pass starts from, with its numbers.
        forward: how the results on the way were computed.
        backward: the gradient of each node on the way, from the output down to ``wrt``.
        value: the gradient.
        notes: what the signs mean that are not everybody's.
    """

    output: str
    wrt: str
    given: tuple[Written, ...]
    forward: tuple[Equation | str, ...]
    backward: tuple[Equation | str, ...]
    value: Any
    notes: tuple[Written, ...] = ()

    def __str__(self) -> str:
        lines = [f"The gradient of {self.output} with respect to {self.wrt}"]
        for i, row in enumerate(_rows(self.given)):
            lines += ["       " + row] if i else ["", "Given  " + row]
        for title, equations in (("Forward", self.forward), ("Backward", self.backward)):
            if equations:
                lines += ["", title]
                lines += [f"  {line}" for equation in equations for line in str(equation).splitlines()]
        if self.notes:
            lines += ["", *(note.text for note in self.notes)]
        return "\n".join(lines)

    def to_markdown(self) -> str:
        """Markdown, with the equations as LaTeX between dollar signs."""
        left, _ = partial(self.output, self.wrt)
        blocks = [f"### {_markdown(left)}"]
        if self.given:
            blocks.append("**Given** " + ", ".join(f"${item.latex}$" for item in self.given))
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
        blocks += [f"${note.latex}$" for note in self.notes]
        return "\n\n".join(blocks) + "\n"

    def to_latex(self) -> str:
        """One ``aligned`` environment, for use within mathematics."""
        return _aligned((*self.forward, *self.backward), self.given, self.notes)

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


def _markdown(written: str) -> str:
    """Text that Markdown shows as it is."""
    return "".join(f"\\{c}" if c in r"\`*_{}[]<>#|$~" else c for c in written)
