"""Drawing: ``draw_graph`` for everyone, ``draw_dot`` and ``trace`` for people who come from micrograd."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from autograd.errors import bad_argument
from autograd.graph import Node

from . import dot, render
from .check import check_count, check_format
from .picture import Picture, paint
from .tree import tree
from .walk import roots_of, walk

SUFFIXES = (".svg", ".png", ".dot")


class GraphView:
    """A drawn graph: a notebook shows it, ``save`` writes it to a file, and ``str`` is a tree of text.

    Attributes:
        picture: what is to be seen, as plain data.
        legend: whether colours and shapes are explained.
    """

    def __init__(self, picture: Picture, legend: bool = True) -> None:
        self.picture = picture
        self.legend = legend
        self._svg = ""

    def to_dot(self) -> str:
        """The picture in DOT, Graphviz's language."""
        return dot.to_dot(self.picture, self.legend)

    def to_svg(self) -> str:
        """The picture as SVG, light or dark as the reader's system prefers.

        Raises:
            RenderError: no renderer is installed, or none that managed.
        """
        self._svg = self._svg or render.render(self.to_dot(), "svg").decode()
        return self._svg

    def to_png(self) -> bytes:
        """The picture as PNG.

        Raises:
            RenderError: no renderer is installed, or none that managed.
        """
        return render.render(self.to_dot(), "png")

    def save(self, path: str | Path) -> Path:
        """Write the picture to a file; the suffix says how: ``.svg``, ``.png`` or ``.dot``.

        Returns:
            The path.

        Raises:
            ArgumentError: another suffix.
            RenderError: no renderer is installed, or none that managed.
        """
        path = Path(path)
        if path.suffix == ".dot":
            path.write_text(self.to_dot(), encoding="utf-8")
        elif path.suffix == ".svg":
            path.write_text(self.to_svg(), encoding="utf-8")
        elif path.suffix == ".png":
            path.write_bytes(self.to_png())
        else:
            raise bad_argument(
                f"saving a picture as {str(path)!r}",
                f"a name that ends in {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}",
                f"the suffix {path.suffix!r}",
                f"view.save({str(path.with_suffix('.svg'))!r})",
            )
        return path

    def __str__(self) -> str:
        return tree(self.picture)

    def __repr__(self) -> str:
        return (
            f"<GraphView of {self.picture.total:,} nodes; print it for a text tree, .save('graph.svg') for a picture>"
        )

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """What a notebook shows: the picture, or the text tree and what is missing."""
        try:
            return {"image/svg+xml": self.to_svg(), "text/plain": str(self)}
        except render.RenderError as error:
            return {"text/plain": f"{self}\n\n(no picture: {' '.join(str(error).split())})"}


def draw_graph(
    root: Any,
    *,
    names: Mapping[str, Any] | None = None,
    direction: str = "auto",
    max_nodes: int | None = 150,
    fmt: str = ".4g",
    legend: bool = True,
    rankdir: str | None = None,
) -> GraphView:
    """Draw the graph behind a result: every node with its operation, data and gradient.

    An arrow runs from each operand to its result, one for each use, and carries the local derivative:
    for Values the number, ``∂c/∂a = -3``; for Tensors what the rule makes of the gradient ``ḡ`` of the
    result, ``ḡ @ Wᵀ``. A dash in place of a gradient says that no backward pass has computed it. (A
    Value's gradient is 0 before any pass; while the result itself has 0, a 0 is shown as a dash.) Gradients
    that other passes left behind are shown as they stand, and a banner says so.

    Args:
        root: a Value or a Tensor of any shape, or a list of them.
        names: names for nodes and arrays, such as ``locals()``; they go before ``node.name``. Nodes without
            a name are called v1, v2, ... in the order of creation, and the result ``out``.
        direction: ``LR`` from left to right, ``TB`` from top to bottom, or ``auto``: ``TB`` if it is long.
        max_nodes: fold larger graphs to this many boxes, by module, chain and distance; ``None`` folds nothing.
        fmt: the format of numbers.
        legend: explain colours and shapes.
        rankdir: Graphviz's word for ``direction``, which :func:`draw_dot` uses.

    Returns:
        The view: shown by notebooks, ``.save("graph.svg")``, ``.to_svg()``, ``.to_png()``, ``.to_dot()``, ``str()``.

    Raises:
        ArgumentError: ``root`` is no node, or another argument is out of range.

    Example:
        >>> from autograd import Value
        >>> a, b = Value(2.0, label="a"), Value(-3.0, label="b")
        >>> c = a * b
        >>> c.backward()
        >>> print(draw_graph(c, names={"c": c}))
        c = a * b   data -6   grad 1
        ├─ (∂c/∂a = -3)   a   data 2   grad -3
        └─ (∂c/∂b = 2)   b   data -3   grad 2
    """
    direction = direction if rankdir is None else rankdir
    if direction not in ("auto", "LR", "TB"):
        raise bad_argument("draw_graph(root, direction=...)", "'auto', 'LR' or 'TB'", repr(direction), "direction='TB'")
    if max_nodes is not None:
        check_count("draw_graph", "max_nodes", max_nodes, 2, 150)
    check_format("draw_graph", fmt)
    return GraphView(paint(roots_of(root, "draw_graph(root)"), names, direction, max_nodes, fmt), legend)


def draw_dot(root: Any, format: str = "svg", rankdir: str = "LR") -> Any:
    """Draw the graph behind a result as a ``graphviz.Digraph``: micrograd's function of this name.

    No ``dot`` needs to be installed; ``pipe`` and ``render`` use the renderer of :func:`draw_graph`.
    Operands used twice have two arrows, names are shown as they are, and the same graph gives the same
    picture each time.

    Args:
        root: a Value or a Tensor, or a list of them.
        format: what ``render`` writes: ``svg``, ``png``, ...
        rankdir: ``LR`` from left to right, or ``TB`` from top to bottom.

    Returns:
        The ``Digraph``; notebooks show it, ``.render("name")`` writes it.

    Raises:
        ArgumentError: ``root`` is no node, or ``rankdir`` is something else.
        RenderError: the package ``graphviz`` is not installed.

    Example:
        >>> from autograd import Value
        >>> digraph = draw_dot(Value(2.0) * 3)
        >>> digraph.format, "out" in digraph.source
        ('svg', True)
    """
    if rankdir not in ("LR", "TB"):
        raise bad_argument("draw_dot(root, rankdir=...)", "'LR' or 'TB'", repr(rankdir), "rankdir='LR'")
    picture = paint(roots_of(root, "draw_dot(root)"), direction=rankdir)
    return render.digraph(dot.statements(picture), format)


def trace(root: Any) -> tuple[list[Node], list[tuple[Node, Node]]]:
    """The nodes and edges behind a result: micrograd's function of this name.

    Args:
        root: a Value or a Tensor, or a list of them.

    Returns:
        The nodes, oldest first, and the edges as pairs (operand, result), one for each use.

    Raises:
        ArgumentError: ``root`` is no node.

    Example:
        >>> from autograd import Value
        >>> a = Value(2.0)
        >>> nodes, edges = trace(a * a)
        >>> len(nodes), len(edges)
        (2, 2)
    """
    graph = walk(roots_of(root, "trace(root)"))
    nodes = [v.node for v in graph.vertices if v.node is not None]
    return nodes, [(x, node) for node in nodes for x in node.inputs if isinstance(x, Node)]
