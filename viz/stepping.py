"""Stepping through the two passes: ``step_through``, and the page that it returns."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from functools import cached_property
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

from autograd.errors import bad_argument
from autograd.graph import Node

from . import text
from .arguments import check_choice, check_count, check_format
from .board import Board, terms
from .colours import STYLES, THEMES
from .derivation import Equation
from .label import visible
from .narration import Word, Words
from .paint import Painter, Wish
from .picture import ROLES, Box
from .steps import CALL, Passes, Step, checked
from .walk import roots_of

HEIGHT = 640
"""How high the page is within a notebook."""

SUFFIXES = (".html", ".svg", ".txt")


class Stepper:
    """The forward and the backward pass, step by step: a page that a notebook shows and ``save`` writes.

    Attributes:
        passes: the steps, and the contributions that they are made of.
        theme: ``auto``, ``light`` or ``dark``.
    """

    def __init__(self, passes: Passes, theme: str = "auto", direction: str = "auto") -> None:
        self.passes = passes
        self.theme = theme
        self._board = Board(passes, direction)

    @property
    def steps(self) -> tuple[Step, ...]:
        """What is shown one after the other."""
        return self.passes.steps

    def gradients(self, step: int) -> dict[Node, Any]:
        """The gradients after a step: those of a backward pass that stopped there.

        Args:
            step: which, from 0; -1 is the last.

        Returns:
            The gradient of each node that has received something; a node that is missing is shown with a dash.

        Raises:
            ArgumentError: there is no such step.

        Example:
            >>> from autograd import Value
            >>> x = Value(3.0, label="x")
            >>> stepper = step_through(x * x)
            >>> [stepper.gradients(step).get(x) for step in (1, 2, 3, 4)]
            [None, None, 3.0, 6.0]
        """
        return self.passes.gradients_after(self._checked(step))

    def _checked(self, step: int) -> int:
        count = len(self.steps)
        if not isinstance(step, int) or isinstance(step, bool) or not -count <= step < count:
            raise bad_argument(
                "asking a stepper for one step", f"a whole number from {-count} to {count - 1}", repr(step), "step=-1"
            )
        return step % count

    @cached_property
    def html(self) -> str:
        """The page: one file that loads nothing.

        Raises:
            RenderError: no renderer is installed, or none that managed.
        """
        banners = "".join(
            f'<p class="banner" role="note">{escape(visible(banner))}</p>' for banner in self.passes.picture.banners
        )
        parts = {
            "title": escape(f"Backpropagation through {visible(self.passes.root.name)}, step by step"),
            "theme": self.theme,
            "style": _part("board.css") + _part("step.css"),
            "banners": banners,
            "board": self._board.svg(),
            "legend": self._legend(),
            "data": _in_script(self._data()),
            "script": _part("step.js"),
        }
        return re.sub(r"\{\{(\w+)\}\}", lambda found: parts[found[1]], _part("step.html"))

    def to_svg(self, step: int = -1) -> str:
        """The graph as it is after one step.

        Args:
            step: which, from 0; -1 is the last.

        Raises:
            ArgumentError: there is no such step.
            RenderError: no renderer is installed, or none that managed.
        """
        svg = self._board.svg(self._checked(step), _part("board.css"))
        return svg if self.theme == "auto" else svg.replace("<svg ", f'<svg data-theme="{self.theme}" ', 1)

    def save(self, path: str | Path) -> Path:
        """Write the page (``.html``), the graph after the last step (``.svg``) or the steps in words (``.txt``).

        Returns:
            The path.

        Raises:
            ArgumentError: another suffix.
            RenderError: no renderer is installed, or none that managed.
        """
        path = Path(path)
        if path.suffix not in SUFFIXES:
            raise bad_argument(
                f"saving a stepper as {str(path)!r}", "a name that ends in .html, .svg or .txt",
                f"the suffix {path.suffix!r}", f"stepper.save({str(path.with_suffix('.html'))!r})",
            )  # fmt: skip
        written = self.html if path.suffix == ".html" else self.to_svg() if path.suffix == ".svg" else f"{self}\n"
        path.write_text(written, encoding="utf-8")
        return path

    def __str__(self) -> str:
        lines: list[str] = []
        for k, step in enumerate(self.steps):
            lines.append(f"{k}. {_plain(step.sentence)}")
            lines += [f"     {_plain(line.words)}" for line in step.lines]
        return "\n".join(lines)

    def __repr__(self) -> str:
        return f"<Stepper of {len(self.steps):,} steps; .save('steps.html') writes the page, print() the words>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """What a notebook shows: the page in a frame of its own, and words. It never raises."""
        words = repr(self)
        try:
            words = str(self)
            return {"text/html": self._framed(), "text/plain": words}
        except Exception as error:  # a notebook must show something, whatever is wrong
            return {"text/plain": f"{words}\n\n(no page: {' '.join(str(error).split())})"}

    def _repr_html_(self) -> str | None:
        """The same for readers that do not know mime bundles."""
        return self._repr_mimebundle_().get("text/html")

    def _framed(self) -> str:
        """The page in a frame that shares nothing with its surroundings; below it the picture, for where frames go."""
        picture = base64.b64encode(self.to_svg().encode()).decode()
        title = escape(f"The graph of {visible(self.passes.root.name)} after the backward pass", quote=True)
        image = f'<img src="data:image/svg+xml;base64,{picture}" alt="{title}" style="max-width:100%;max-height:100%">'
        page = escape(self.html, quote=True)
        frame = (
            f'<iframe sandbox="allow-scripts" title="Backpropagation, step by step" srcdoc="{page}" '
            'style="position:absolute;inset:0;width:100%;height:100%;border:0"></iframe>'
        )
        return f'<div style="position:relative;height:{HEIGHT}px;overflow:hidden">{image}{frame}</div>'

    # What the page must know.

    def _data(self) -> dict[str, Any]:
        picture = self.passes.picture
        key_of = {box.name: box.key for box in picture.boxes}
        key_of |= {self.passes.graph.vertices[i].name: key for i, key in self.passes.keys.items()}

        place: dict[tuple[str, ...], int] = {}

        def words(said: Words) -> list[int]:
            """A sentence as places in the list of all words: most of them come again and again."""
            found = [
                (visible(w.text), w.kind, key_of.get(w.text, "")) if w.kind == "node" else (_lines(w.text), w.kind)
                for w in said
            ]
            return [place.setdefault(word, len(place)) for word in found]

        told: dict[str, Any] = {
            "steps": [
                {
                    "phase": step.phase,
                    "title": visible(step.title),
                    "sentence": words(step.sentence),
                    "lines": [words((Word(line.label), *line.words)) for line in step.lines],
                    "box": step.box,
                    "source": step.source,
                    "arrows": step.arrows,
                    "cells": {
                        key: {"grad": [visible(row) for row in text.lines(cell.grad)], "terms": terms(cell)}
                        for key, cell in (step.cells or {}).items()
                    },
                    "flows": {i: visible(flow) for i, flow in (step.flows or {}).items()},
                }
                for step in self.passes.steps
            ],
            "boxes": {box.key: self._box(p, box) for p, box in enumerate(picture.boxes)},
            "arrows": [[arrow.tail, arrow.head] for arrow in picture.arrows],
            "notes": [visible(note.text) for note in self.passes.story.notes],
        }
        return {**told, "words": list(place)}

    def _box(self, p: int, box: Box) -> dict[str, Any]:
        """One box: its name, whether it is given, and the equations of its derivation."""
        known: dict[str, Any] = {"name": visible(box.name), "role": box.role, "data": visible(box.data)}
        members = self.passes.painter.parts[p].members
        vertices = [self.passes.graph.vertices[i] for i in members]
        known["given"] = not any(vertex.operands for vertex in vertices)
        (vertex, *others) = vertices
        story = self.passes.story
        if others:
            known["why"] = f"This box stands for {len(members):,} nodes that are folded."
        elif vertex.index not in story.uses:
            known["why"] = "No gradient flows to it: it is a constant, or leads to nothing that was asked for."
        else:
            known["gradient"] = _equation(story.gradient(vertex))
        if not others and vertex.operands:
            known["forward"] = _equation(story.definition(vertex))
        return known

    def _legend(self) -> str:
        roles = {box.role for box in self.passes.picture.boxes}
        items = [(role, STYLES[role].meaning) for role in ROLES if role in roles and role != "result"]
        items += [("just", "changes in this step"), ("from", "passes its gradient back")]
        signs = '<li class="local">∂y/∂x local derivative</li><li class="up">grad, and ← what flows back</li>'
        return "".join(f'<li class="{role}"><i></i>{meaning}</li>' for role, meaning in items) + signs


def step_through(
    output: Any,
    *,
    names: Mapping[str, Any] | None = None,
    wrt: Any = None,
    between: tuple[Any, Any] | None = None,
    collapse: str | int = "auto",
    max_nodes: int | None = 150,
    direction: str = "auto",
    theme: str = "auto",
    fmt: str = ".4g",
) -> Stepper:
    """Step through the forward and the backward pass: a page that plays them, one operation or share at a time.

    In the backward pass a step is what one use of an operand adds to its gradient, ``grad(a) += grad(c) × ∂c/∂a``, in
    the engine's order. A gradient is a dash until its first share has come, and a node that is used several times adds
    up its shares one by one. No backward pass needs to have run, and none is left behind: the graph is not changed.

    Args:
        output: a Value, or a Tensor with one element.
        names: names for nodes and arrays, such as ``locals()``; the same as in :func:`draw_graph`.
        wrt: a node or several; only what leads to them is walked back, the rest is pale.
        between: a pair ``(a, b)``: only what lies on a way from ``a`` to ``b`` is drawn.
        collapse: ``auto``, ``modules``, ``blocks`` or a level, as in :func:`draw_graph`; a folded box is one step.
        max_nodes: fold larger graphs to this many boxes.
        direction: ``LR`` from left to right, ``TB`` from top to bottom, or ``auto``.
        theme: ``light``, ``dark``, or ``auto``: as the reader's system prefers; the page has a switch.
        fmt: the format of numbers.

    Returns:
        The stepper: shown by notebooks; ``.save("steps.html")`` writes one file that loads nothing, ``str()`` the steps
        in words, ``.gradients(step)`` the numbers.

    Raises:
        ArgumentError: ``output`` is no node or nothing was recorded, a node that is asked for does not lead to it, or
            another argument is out of range.
        NotScalarError: ``output`` has more than one element.
        StaleGraphError: an input was given new data after it was used.

    Example:
        >>> from autograd import Value
        >>> a, b = Value(2.0, label="a"), Value(-3.0, label="b")
        >>> c = a * b; c.label = "c"
        >>> print(step_through(c, wrt=a))
        0. The values of a and b are given. The forward pass computes the rest, one operation at a time. No gradient is
        known yet: – stands for it.
        1. c is computed from a and b. This is the result, and the forward pass is done.
             c = a * b
             = 2 * (-3) = -6
        2. Now backward. The gradient of a box is how many times as fast c changes as the box does, when it changes a
        little. c changes just as fast as itself, so its gradient is 1.
             grad(c) = 1
        3. When a changes a little, c changes -3 times as fast. c is the result itself, so this is what a receives. The
        backward pass is done. Each gradient tells which way to move: a small step against it makes c smaller.
             grad(a) += grad(c) × ∂c/∂a
             ∂c/∂a = b = -3
             grad(a) += 1 × (-3) = -3
    """
    (root,) = roots_of([output], f"{CALL})")
    nodes = checked(root, wrt)
    check_choice("step_through", "direction", direction, ("auto", "LR", "TB"), "direction='TB'")
    check_choice("step_through", "theme", theme, THEMES, "theme='auto'")
    if isinstance(collapse, str):
        check_choice("step_through", "collapse", collapse, ("auto", "modules", "blocks"), "collapse='modules'")
    else:
        check_count("step_through", "collapse", collapse, 1, 1)
    if max_nodes is not None:
        check_count("step_through", "max_nodes", max_nodes, 2, 150)
    check_format("step_through", fmt)
    wish = Wish(
        names=names, show=("data", "local"), between=between, wrt=wrt, collapse=collapse, max_nodes=max_nodes,
        fmt=fmt, call=CALL,
    )  # fmt: skip
    return Stepper(Passes(root, Painter([root], wish), nodes), theme, direction)


def _part(name: str) -> str:
    """A file of the page."""
    return files("viz").joinpath("page", name).read_text(encoding="utf-8")


def _plain(words: Words) -> str:
    return "".join(word.text for word in words).replace("\n", " ").strip()


def _lines(words: str) -> str:
    """Words in which every character can be seen but for the breaks between paragraphs, which are our own."""
    return "\n" * words.startswith("\n") + visible(words.removeprefix("\n"))


def _equation(equation: Equation) -> list[Any]:
    sides = [visible(side.text) for side in equation.sides]
    return [visible(equation.left.text), sides, [visible(remark) for remark in equation.remarks]]


def _in_script(data: Any) -> str:
    """JSON that cannot end the script in which it stands."""
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return re.sub(r"[<>&\u2028\u2029]", lambda found: f"\\u{ord(found[0]):04x}", written)
