"""Drawing a graph: ``draw_graph``, and the view that it returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograd.errors import bad_argument

from . import dot, mermaid, portable, render, tikz
from .arguments import check_choice, check_count, check_format
from .colours import THEMES
from .paint import SHOWABLE, Wish, paint
from .picture import Picture
from .tree import tree
from .walk import roots_of

SUFFIXES = (".svg", ".png", ".pdf", ".dot", ".json", ".mmd", ".tex", ".html", ".txt")

SHOWN_AS_PNG = 60
"""Pictures of up to so many boxes are shown as PNG too, for readers of notebooks that show no SVG."""


class GraphView:
    """A drawn graph: a notebook shows it, ``save`` writes it to a file, and ``str`` is a tree of text.

    Attributes:
        picture: what is to be seen, as plain data.
        legend: whether colours and shapes are explained.
        theme: ``auto``, ``light`` or ``dark``.
    """

    def __init__(
        self,
        picture: Picture,
        legend: bool = True,
        theme: str = "auto",
        smaller: Callable[[], Picture] | None = None,
    ) -> None:
        self.picture = picture
        self.legend = legend
        self.theme = theme
        self._smaller = smaller
        self._drawn: dict[str, bytes] = {}

    def to_dot(self) -> str:
        """The picture in DOT, Graphviz's language."""
        return dot.to_dot(self.picture, self.legend, self.theme)

    def to_svg(self) -> str:
        """The picture as SVG; with the theme ``auto`` light or dark as the reader's system prefers.

        Raises:
            RenderError: no renderer is installed, or none that managed.
        """
        return self._render("svg").decode()

    def to_png(self) -> bytes:
        """The picture as PNG.

        Raises:
            RenderError: no renderer is installed, or none that managed.
        """
        return self._render("png")

    def to_pdf(self) -> bytes:
        """The picture as PDF, which needs ``dot`` on the PATH.

        Raises:
            RenderError: there is no ``dot``.
        """
        return self._render("pdf")

    def to_html(self) -> str:
        """A page of its own with the picture in its true size; it loads nothing.

        Raises:
            RenderError: no renderer is installed, or none that managed.
        """
        svg = self.to_svg()
        ground = {"dark": "#12161c", "light": "#fcfcfd"}.get(self.theme, "Canvas")
        scheme = "light dark" if self.theme == "auto" else self.theme
        look = f":root{{color-scheme:{scheme}}}body{{margin:1rem;background:{ground};overflow:auto}}"
        head = f'<meta charset="utf-8"><title>A graph of {self.picture.total:,} nodes</title><style>{look}</style>'
        return f'<!doctype html>\n<html lang="en"><head>{head}</head><body>{svg[svg.index("<svg") :]}</body></html>\n'

    def to_json(self) -> str:
        """The picture as JSON; :meth:`from_json` makes the view again."""
        return portable.to_json(self.picture, legend=self.legend, theme=self.theme)

    @classmethod
    def from_json(cls, written: str) -> GraphView:
        """The view that :meth:`to_json` wrote down.

        Raises:
            ArgumentError: ``written`` is something else.
        """
        picture, look = portable.from_json(written)
        return cls(picture, look["legend"], look["theme"])

    def to_mermaid(self) -> str:
        """The picture in Mermaid's language, which GitHub and others draw where it stands in Markdown."""
        return mermaid.to_mermaid(self.picture)

    def to_tikz(self) -> str:
        """The picture as a LaTeX document with TikZ; the ``tikzpicture`` in it can be put into another."""
        return tikz.to_tikz(self.picture)

    def save(self, path: str | Path) -> Path:
        """Write the picture to a file; the suffix says how.

        Args:
            path: ends in ``.svg``, ``.png``, ``.pdf`` (needs ``dot``), ``.html``, ``.dot``, ``.json``, ``.mmd``
                (Mermaid), ``.tex`` (TikZ) or ``.txt``.

        Returns:
            The path.

        Raises:
            ArgumentError: another suffix.
            RenderError: no renderer is installed, or none that managed.
        """
        path = Path(path)
        written: dict[str, Callable[[], str | bytes]] = {
            ".svg": self.to_svg, ".png": self.to_png, ".pdf": self.to_pdf, ".html": self.to_html, ".dot": self.to_dot,
            ".json": self.to_json, ".mmd": self.to_mermaid, ".tex": self.to_tikz, ".txt": lambda: f"{self}\n",
        }  # fmt: skip
        if path.suffix not in written:
            raise bad_argument(
                f"saving a picture as {str(path)!r}",
                f"a name that ends in {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}",
                f"the suffix {path.suffix!r}",
                f"view.save({str(path.with_suffix('.svg'))!r})",
            )
        content = written[path.suffix]()
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def _render(self, format: str) -> bytes:
        """The picture in a format of Graphviz; if its layout takes too long, that of a folded one."""
        if format not in self._drawn:
            try:
                drawn = render.render(self.to_dot(), format, theme=self.theme)
            except render.SlowError:
                if self._smaller is None:
                    raise
                self.picture, self._smaller = self._smaller(), None
                drawn = render.render(self.to_dot(), format, theme=self.theme)
            self._drawn[format] = drawn
        return self._drawn[format]

    def __str__(self) -> str:
        return tree(self.picture)

    def __repr__(self) -> str:
        return (
            f"<GraphView of {self.picture.total:,} nodes; print it for a text tree, .save('graph.svg') for a picture>"
        )

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """What a notebook shows: the picture, or the text tree and what is missing. It never raises."""
        small = self.to_dot() if len(self.picture.boxes) <= SHOWN_AS_PNG else ""
        return render.shown(self.to_svg, small, str(self))

    def _repr_svg_(self) -> str | None:
        """The SVG, for readers that do not know mime bundles."""
        bundle = self._repr_mimebundle_()
        return bundle.get("image/svg+xml")


def draw_graph(
    root: Any,
    *,
    names: Mapping[str, Any] | None = None,
    show: Sequence[str] = SHOWABLE,
    between: tuple[Any, Any] | None = None,
    wrt: Any = None,
    depth: int | None = None,
    collapse: str | int = "auto",
    max_nodes: int | None = 150,
    overlay: str | Mapping[Any, float | str] | None = None,
    direction: str = "auto",
    theme: str = "auto",
    fmt: str = ".4g",
    legend: bool = True,
    rankdir: str | None = None,
) -> GraphView:
    """Draw the graph behind a result: every node with its operation, data and gradient.

    An arrow runs from each operand to its result, one for each use, and carries the local derivative:
    for Values the number, ``∂c/∂a = -3``; for Tensors what the rule makes of the gradient ``ḡ`` of the
    result, ``ḡ @ Wᵀ``. After a backward pass it also carries what flowed back along it, ``← -6``: the local
    derivative times the gradient of the result. Where a node is used more than once, these add up to its
    gradient, and the box shows the sum.

    A dash in place of a gradient says that no backward pass has computed it. (A Value's gradient is 0 before
    any pass; while the result itself has 0, a 0 is shown as a dash.) Gradients that other passes left behind
    are shown as they stand, and a banner says so.

    Args:
        root: a Value or a Tensor of any shape, or a list of them.
        names: names for nodes and arrays, such as ``locals()``; they go before ``node.name``. Nodes without
            a name are called v1, v2, ... in the order of creation, and the result ``out``.
        show: what is shown, some of ``data``, ``grad``, ``local`` (derivatives) and ``flow``.
        between: a pair ``(a, b)``: only what lies on a way from ``a`` to ``b``.
        wrt: a node or several: what carries no gradient to them is pale.
        depth: only what is at most so many operations behind the result.
        collapse: ``auto`` folds only what is too large; ``modules`` makes one box of each outermost ``nn``
            module, a number of each module at that level; ``blocks`` of what repeats.
        max_nodes: fold larger graphs to this many boxes: by module, by repeated block, by chain, by distance.
            ``None`` draws all, up to 2,000.
        overlay: colours the nodes by one number each: ``grad`` by the length of the gradient, ``value`` by
            the data, or by a dictionary from nodes or names to numbers; words in their place are put into the
            boxes. ``health`` counts NaN, infinities,
            signs and zeros, and finds gradients that vanish or explode.
        direction: ``LR`` from left to right, ``TB`` from top to bottom, or ``auto``: ``TB`` if it is long.
        theme: ``light``, ``dark``, or ``auto``: as the reader's system prefers.
        fmt: the format of numbers.
        legend: explain colours and shapes.
        rankdir: Graphviz's word for ``direction``, which :func:`draw_dot` uses.

    Returns:
        The view: shown by notebooks, ``.save("graph.svg")``, ``.to_svg()``, ``.to_png()``, ``.to_dot()``, ``str()``.

    Raises:
        ArgumentError: ``root`` is no node, a node that is asked for is not behind it, or another argument is
            out of range.

    Example:
        >>> from autograd import Value
        >>> a, b = Value(2.0, label="a"), Value(-3.0, label="b")
        >>> c = a * b
        >>> c.backward()
        >>> print(draw_graph(c, names={"c": c}))
        c = a * b   data -6   grad 1
        ├─ (∂c/∂a = -3 ← -3)   a   data 2   grad -3
        └─ (∂c/∂b = 2 ← 2)   b   data -3   grad 2
    """
    roots = roots_of(root, "draw_graph(root)")
    show = (show,) if isinstance(show, str) else tuple(show)
    direction = direction if rankdir is None else rankdir
    for part in show:
        check_choice("draw_graph", "show", part, SHOWABLE, "show=('data', 'grad')")
    check_choice("draw_graph", "direction", direction, ("auto", "LR", "TB"), "direction='TB'")
    check_choice("draw_graph", "theme", theme, THEMES, "theme='auto'")
    if isinstance(collapse, str):
        check_choice("draw_graph", "collapse", collapse, ("auto", "modules", "blocks"), "collapse='modules'")
    else:
        check_count("draw_graph", "collapse", collapse, 1, 1)
    if max_nodes is not None:
        check_count("draw_graph", "max_nodes", max_nodes, 2, 150)
    check_format("draw_graph", fmt)
    wish = Wish(
        names=names, show=show, between=between, wrt=wrt, depth=depth, collapse=collapse,
        max_nodes=max_nodes, overlay=overlay, direction=direction, fmt=fmt,
    )  # fmt: skip
    return GraphView(paint(roots, wish), legend, theme, smaller=lambda: paint(roots, replace(wish, max_nodes=100)))
