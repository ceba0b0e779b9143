"""What is wrong with a network or with a gradient, found in the graph behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

import numpy as np

from autograd.errors import bad_argument
from autograd.graph import Node

from . import symptoms, text
from .flow import length
from .gradients import nonzero, plain
from .label import visible
from .layers import Part, parts_of
from .overlay import first_ill
from .symptoms import Finding
from .view import GraphView, draw_graph
from .walk import Graph, Vertex, roots_of, walk

HEADS = ("part", "numbers", "closed", "gradient", "of the last")

CURES = {
    "log": "keep its inputs above 0: np.log(np.where(x > 0, x, 1)), or np.log1p",
    "sqrt": "keep its inputs above 0: np.sqrt(np.where(x > 0, x, 1))",
    "divide": "keep the divisor off 0: x / np.where(y != 0, y, 1)",
    "power": "keep its inputs above 0, or the exponent whole",
    "exp": "subtract the largest before: np.exp(x - x.max()); nn.cross_entropy and logsumexp do so",
}
"""By the name of the operation that made it."""


@dataclass(frozen=True)
class Diagnosis:
    """What was found: a table of the layers, and what is wrong with a cure for each. True if nothing is wrong.

    Attributes:
        rows: for each layer, activation or parameter its name, its numbers, what of it is closed, the length of its
            gradient, and that as a part of the last layer's.
        findings: what is wrong, the first NaN or infinity first.
        notes: what could not be looked at.
        roots: what was looked at, for :meth:`draw`.
    """

    rows: tuple[tuple[str, ...], ...]
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()
    roots: tuple[Node, ...] = field(default=(), compare=False, repr=False)
    names: Mapping[str, Any] | None = field(default=None, compare=False, repr=False)

    def __bool__(self) -> bool:
        return not self.findings

    def draw(self, **options: Any) -> GraphView:
        """The graph with what was found in its boxes; the options are those of :func:`draw_graph`.

        Raises:
            ArgumentError: parameters were looked at, and no result.
        """
        if not self.roots:
            raise bad_argument("diagnose(model).draw()", "the graph of a result", "parameters only", "diagnose(loss)")
        marks: dict[str, str] = {}
        for finding in self.findings:
            marks[finding.key] = f"{marks[finding.key]}; {finding.mark}" if finding.key in marks else finding.mark
        given = {"names": self.names, "overlay": marks or "health", **options}
        return draw_graph(list(self.roots) if len(self.roots) > 1 else self.roots[0], **given)

    @property
    def _verdict(self) -> str:
        return text.plural(len(self.findings), "finding") if self.findings else "nothing is wrong with it"

    def __str__(self) -> str:
        lines = [self._verdict]
        for finding in self.findings:
            lines += ["", f"{finding.kind}: {finding.where}", f"  {finding.what}", f"  cure: {finding.cure}"]
        cells = [HEADS, *self.rows]
        widths = [max(len(row[k]) for row in cells) for k in range(len(HEADS))]
        table = ["  ".join(c.ljust(n) for c, n in zip(row, widths, strict=True)).rstrip() for row in cells]
        lines += ["", table[0], "  ".join("-" * n for n in widths), *table[1:]] if self.rows else []
        notes = [f"({note})" for note in self.notes]
        return "\n".join([*lines, *([""] if notes else []), *notes])

    __repr__ = __str__

    def to_markdown(self) -> str:
        """The findings as a list, and the layers as a table."""
        lines = [f"**{self._verdict}**", ""]
        for f in self.findings:
            lines += [f"- **{f.kind}: {_md(f.where)}.** {_md(f.what)}.", f"  *Cure:* {_md(f.cure)}."]
        if self.rows:
            lines += ["", f"| {' | '.join(HEADS)} |", "|" + " --- |" * len(HEADS)]
            lines += [f"| {' | '.join(map(_md, row))} |" for row in self.rows]
        return "\n".join([*lines, *(f"\n{_md(note)}." for note in self.notes)]) + "\n"

    def to_html(self) -> str:
        """The same as a part of a page; what is ill stands out by a bar and a word, not by its colour alone."""
        bad = {f.where for f in self.findings}
        found = "".join(
            f'<li style="border-left:4px solid #c1121f;padding:0 0 0 .6em;margin:.5em 0;list-style:none">'
            f"<b>{escape(f.kind)}: {_html(f.where)}</b><br>{_html(f.what)}<br><i>cure:</i> {_html(f.cure)}</li>"
            for f in self.findings
        )
        head = "".join(f'<th scope="col" style="text-align:left">{x}</th>' for x in HEADS)
        body = "".join(
            f'<tr><th scope="row" style="text-align:left">{"&#9888; " * (row[0] in bad)}{_html(row[0])}</th>'
            + "".join(f'<td style="text-align:left;padding:.15em .8em">{_html(x)}</td>' for x in row[1:]) + "</tr>"
            for row in self.rows
        )  # fmt: skip
        notes = "".join(f"<p>{_html(note)}</p>" for note in self.notes)
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>" if self.rows else ""
        return f'<div><p><b>{self._verdict}</b></p><ul style="padding:0">{found}</ul>{table}{notes}</div>'

    def save(self, path: str | Path) -> Path:
        """Write it to a file that ends in ``.txt``, ``.md`` or ``.html``.

        Raises:
            ArgumentError: another suffix.
        """
        path = Path(path)
        page = (
            '<!doctype html><html lang="en"><meta charset="utf-8"><title>Diagnosis</title>'
            "<style>:root{{color-scheme:light dark;font-family:Arial,sans-serif}}</style>{}</html>\n"
        )
        written: dict[str, Callable[[], str]] = {
            ".txt": lambda: f"{self}\n", ".md": self.to_markdown, ".html": lambda: page.format(self.to_html()),
        }  # fmt: skip
        if path.suffix not in written:
            did, cure = f"saving a diagnosis as {str(path)!r}", f"diagnosis.save({str(path.with_suffix('.md'))!r})"
            raise bad_argument(did, "a name that ends in .txt, .md or .html", f"the suffix {path.suffix!r}", cure)
        path.write_text(written[path.suffix](), encoding="utf-8")
        return path

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """What a notebook shows."""
        return {"text/html": self.to_html(), "text/markdown": self.to_markdown(), "text/plain": str(self)}


def _md(words: str) -> str:
    """Words in Markdown, as they are."""
    return "".join(f"\\{c}" if c in "\\`*_[]|#$~" else c for c in escape(visible(words), quote=False))


def _html(words: str) -> str:
    return escape(visible(words))


def diagnose(x: Any, *inputs: Any, names: Mapping[str, Any] | None = None) -> Diagnosis:
    """Look for what keeps a network from learning.

    Found are dead units, saturated activations, gradients that vanish or explode, and the first NaN or infinity.
    A layer is an operation with a matrix of parameters, by the name of its ``nn`` module or of its result. What is
    called wrong, from which number on and why, stands in ``viz/symptoms.py`` and in the documents.

    Args:
        x: the loss, after ``loss.backward()``; any other result, or a list of them; or a model, something with
            ``named_parameters()``, of which only the parameters and their gradients are looked at.
        inputs: what to call a model with; its layers are looked at then, without a backward pass.
        names: names for nodes, such as ``locals()``.

    Returns:
        The diagnosis, which is true if nothing is wrong: text, Markdown, HTML, and ``.draw()``.

    Raises:
        ArgumentError: ``x`` is neither a result nor a model.

    Example:
        >>> import numpy as np
        >>> from autograd import Tensor
        >>> w = Tensor(np.ones((2, 3)), name="w")
        >>> h = np.maximum(np.ones((4, 2)) @ w - 10, 0)
        >>> h.name = "h"
        >>> np.sum(h).backward()
        >>> diagnosis = diagnose(h)
        >>> bool(diagnosis), diagnosis.findings[0].what
        (False, '3 of 3 units are 0 for all 4 examples: no gradient comes back through them, so they stay as they are')
    """
    model = callable(getattr(x, "named_parameters", None))
    if model and not inputs:
        return _of_model(dict(x.named_parameters()))
    if inputs and not model:
        raise bad_argument(
            "diagnose(model, *inputs)", "a model to call with the inputs", type(x).__name__, "diagnose(loss)"
        )
    roots = roots_of(x(*inputs) if model else x, "diagnose(x)")
    return _of_graph(walk(roots, names), roots, names)


def _of_model(parameters: Mapping[str, Any]) -> Diagnosis:
    rows = []
    for name, p in parameters.items():
        gradient = plain(p.grad)
        norm = text.NOT_COMPUTED if gradient is None else text.number(length(gradient), ".2g")
        rows.append((name, text.array(plain(p), ".3g"), "", norm, ""))
    notes = ["of a model only the parameters are looked at; diagnose(loss) sees the layers too"]
    if not any(p.grad is not None for p in parameters.values()):
        notes.append("there are no gradients: no backward pass has been here")
    return Diagnosis(tuple(rows), tuple(symptoms.of_parameters(parameters)), tuple(notes))


def _of_graph(graph: Graph, roots: Sequence[Node], names: Mapping[str, Any] | None) -> Diagnosis:
    parts = parts_of(graph)
    layers = [part for part in parts if part.kind == "layer"]
    found = [_not_finite(graph), _gradient_not_finite(graph)]
    found += [symptoms.dead_units(part) for part in parts if part.kind == "rectifier"]
    found += [symptoms.saturated(part) for part in parts if part.kind == "squashing"]
    findings = [*filter(None, found), *symptoms.flow(layers), *_exploding(graph)]
    notes = []
    if not any(v.node is not None and nonzero(v.node.grad) for v in graph.vertices):
        notes.append("no backward pass has been here: gradients are not looked at")
    if not layers:
        notes.append("no layer was found: an operation of a matrix of parameters, as in x @ w")
    return Diagnosis(tuple(_rows(parts, layers)), tuple(findings), tuple(notes), tuple(roots), names)


def _rows(parts: Sequence[Part], layers: Sequence[Part]) -> list[tuple[str, ...]]:
    norms = symptoms.norms(layers)
    last = norms[next(p.vertex.name for p in reversed(layers) if p.vertex.name in norms)] if norms else 0.0
    rows: list[tuple[str, ...]] = []
    for part in parts:
        closed = ""
        if part.kind == "rectifier" and (dead := symptoms.dead(part)).size:
            closed = f"{int(dead.sum()):,} of {text.plural(dead.size, 'unit')} dead"
        if part.kind == "squashing":
            closed = f"{symptoms.flat(part):.0%} saturated"
        gradient = part.gradient
        norm = text.NOT_COMPUTED if gradient is None else text.number(length(gradient), ".2g")
        ratio = text.number(norms[part.vertex.name] / last, ".2g") if part.vertex.name in norms and last else ""
        rows.append((part.name, text.array(part.vertex.data, ".3g"), closed, norm, ratio))
    return rows


# Parameters that the graph leads to.


def _exploding(graph: Graph) -> list[Finding]:
    """Weights whose gradient is far longer than themselves."""
    found = []
    for v in graph.vertices:
        if v.node is not None and not v.operands and not v.constant and np.ndim(v.data) >= 2:
            ratio = symptoms.step_size(v.node)
            if ratio is not None and symptoms.EXPLODING < ratio < np.inf:
                what = f"its gradient is {text.number(ratio, '.2g')} times as long as itself"
                cure = symptoms.CURES["exploding"]
                found.append(Finding(v.name, what, cure, "exploding", "gradient explodes", v.name))
    return found


# What is not finite.


def _not_finite(graph: Graph) -> Finding | None:
    """The first NaN or infinity of the forward pass."""
    vertex = first_ill(graph)
    if vertex is None:
        return None
    op = vertex.node.op if vertex.node is not None else None
    bad = f"{text.summary(vertex.data)} in {vertex.name}"
    if op is None:
        what, cure = f"{bad}, which was given", "look for it in the data: np.isfinite(x).all()"
    else:
        given = [f"{graph.vertices[u].name} is {text.array(graph.vertices[u].data)}" for u in _operands(vertex)]
        made = f", made by {op.name}" + (f", where {' and '.join(given)}" if given else "")
        what, cure = bad + made + _line(vertex), CURES.get(op.name, "keep its inputs away from there")
        cure += "; detect_anomaly() stops there" if not _line(vertex) else ""
    where = _place(vertex)
    return Finding(
        where, f"the first NaN or infinity: {what}", cure, "not finite", "the first NaN or infinity", vertex.name
    )


def _gradient_not_finite(graph: Graph) -> Finding | None:
    """The first NaN or infinity on the way back: in an operand of something whose own gradient is finite."""
    for vertex in reversed(graph.vertices):
        node = vertex.node
        if node is None or node.op is None or not _finite(plain(node.grad)) or not _finite(vertex.data):
            continue
        for u in _operands(vertex):
            other = graph.vertices[u]
            gradient = plain(other.node.grad) if other.node is not None else None
            if gradient is not None and not _finite(gradient):
                what = f"the first on the way back: the gradient of {other.name} through {node.op.name}, where "
                what += f"{other.name} is {text.array(other.data)}{_line(vertex)}"
                cure = CURES.get(node.op.name, "keep its inputs off infinite slopes")
                return Finding(_place(vertex), what, cure, "not finite", "its rule makes NaN or inf", vertex.name)
    return None


def _operands(vertex: Vertex) -> list[int]:
    return [u for u in dict.fromkeys(vertex.operands) if u is not None][:3]


def _finite(x: Any) -> bool:
    x = np.asarray(0.0 if x is None else x)
    return x.dtype.kind not in "fc" or bool(np.isfinite(x).all())


def _place(vertex: Vertex) -> str:
    """The module and the operation."""
    scope = vertex.node.scope if vertex.node is not None else ""
    op = vertex.node.op if vertex.node is not None else None
    return f"{scope or vertex.name} ({op.name})" if op is not None else vertex.name


def _line(vertex: Vertex) -> str:
    """The line of the program, where it was kept."""
    line = getattr(vertex.node.scope, "line", "") if vertex.node is not None else ""
    return f"; at {line}" if line else ""
