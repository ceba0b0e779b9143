"""See a gradient: draw the graph behind a result, and write its chain rule down."""

from .derivation import Derivation
from .explain import explain
from .picture import Arrow, Box, Picture
from .plots import plot_loss
from .render import RenderError
from .view import GraphView, draw_dot, draw_graph, trace

__all__ = [
    "Arrow",
    "Box",
    "Derivation",
    "GraphView",
    "Picture",
    "RenderError",
    "draw_dot",
    "draw_graph",
    "explain",
    "plot_loss",
    "trace",
]
