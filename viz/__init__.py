"""See a gradient: draw the graph behind a result, and write its chain rule down.

What is not drawn is not loaded: each name is imported when it is first asked for, so that a program
which only computes starts as fast as without this package.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .dashboards import Dashboard, dashboard
    from .derivation import Derivation
    from .diagnosis import Diagnosis, diagnose
    from .display import show
    from .explanation import explain
    from .heat import ArrayView, heatmap
    from .history import plot_history
    from .micrograd import draw_dot, trace
    from .picture import Arrow, Box, Picture
    from .plots import plot_loss
    from .program import Program
    from .render import RenderError
    from .replay import Check
    from .scalars import Zoomed, zoom
    from .symptoms import Finding
    from .trace_table import TraceTable
    from .view import GraphView, draw_graph

HOMES = {
    "ArrayView": "heat",
    "Arrow": "picture",
    "Box": "picture",
    "Check": "replay",
    "Dashboard": "dashboards",
    "Derivation": "derivation",
    "Diagnosis": "diagnosis",
    "Finding": "symptoms",
    "GraphView": "view",
    "Picture": "picture",
    "Program": "program",
    "RenderError": "render",
    "TraceTable": "trace_table",
    "Zoomed": "scalars",
    "dashboard": "dashboards",
    "diagnose": "diagnosis",
    "draw_dot": "micrograd",
    "draw_graph": "view",
    "explain": "explanation",
    "heatmap": "heat",
    "plot_history": "history",
    "plot_loss": "plots",
    "show": "display",
    "trace": "micrograd",
    "zoom": "scalars",
}
"""The file in which each public name lives."""

__all__ = [
    "ArrayView",
    "Arrow",
    "Box",
    "Check",
    "Dashboard",
    "Derivation",
    "Diagnosis",
    "Finding",
    "GraphView",
    "Picture",
    "Program",
    "RenderError",
    "TraceTable",
    "Zoomed",
    "dashboard",
    "diagnose",
    "draw_dot",
    "draw_graph",
    "explain",
    "heatmap",
    "plot_history",
    "plot_loss",
    "show",
    "trace",
    "zoom",
]


def __getattr__(name: str) -> Any:
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = getattr(import_module(f".{HOMES[name]}", __name__), name)
    return globals()[name]


def __dir__() -> list[str]:
    return __all__
