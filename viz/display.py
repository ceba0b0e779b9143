"""Show something in the middle of a cell or a program."""

from __future__ import annotations

from importlib import import_module
from io import BytesIO
from typing import Any


def show(x: Any) -> None:
    """Show a picture or a derivation: in a notebook as itself, also where it is not the last line of a cell.

    Outside notebooks its text is printed.

    Args:
        x: what :func:`draw_graph` or :func:`explain` returned, or anything else.

    Example:
        >>> from autograd import Value
        >>> from viz import draw_graph
        >>> show(draw_graph(Value(2.0, label="a"), show="data"))
        a   data 2
    """
    if _notebook() is None:
        print(x)
    else:
        import_module("IPython.display").display(x)


def _notebook() -> Any:
    """IPython, if this runs in it."""
    try:
        return import_module("IPython").get_ipython()
    except ImportError:
        return None


class Spot:
    """A place below the cell whose content is replaced; it is there in notebooks only."""

    def __init__(self) -> None:
        self.there = _notebook() is not None
        self._handle: Any = None

    def show(self, x: Any) -> None:
        """Show ``x`` there, in the place of what was there before; a figure of Matplotlib's as an image."""
        figure = getattr(x, "figure", x)
        if hasattr(figure, "savefig"):  # a kernel draws it by itself only where pyplot is told to draw inline
            image = BytesIO()
            figure.savefig(image, format="png", dpi=150, bbox_inches="tight")
            x = import_module("IPython.display").Image(image.getvalue(), width=640)
        if self._handle is None:
            self._handle = import_module("IPython.display").display(x, display_id=True)
        else:
            self._handle.update(x)
