"""See a gradient: draw the graph behind a result, and write its chain rule down.

What is not drawn is not loaded: each name is imported when it is first asked for, so that a program
which only computes starts as fast as without this package.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .answers import Verdict, check
    from .curve import plot_function
    from .dashboards import Dashboard, dashboard
    from .derivation import Derivation
    from .diagnosis import Diagnosis, diagnose
    from .display import show
    from .explanation import explain
    from .heat import ArrayView, heatmap
    from .history import plot_history
    from .live import Live
    from .micrograd import draw_dot, trace
    from .picture import Arrow, Box, Picture
    from .plane import animate_boundary, plot_boundary
    from .plots import plot_loss
    from .program import Program
    from .render import RenderError
    from .replay import Check
    from .scalars import Zoomed, zoom
    from .stepping import Stepper, step_through
    from .symptoms import Finding
    from .trace_table import TraceTable
    from .trained import plot_gradient_flow, plot_histograms, plot_updates
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
    "Live": "live",
    "Picture": "picture",
    "Program": "program",
    "RenderError": "render",
    "Stepper": "stepping",
    "TraceTable": "trace_table",
    "Verdict": "answers",
    "Zoomed": "scalars",
    "animate_boundary": "plane",
    "check": "answers",
    "dashboard": "dashboards",
    "diagnose": "diagnosis",
    "draw_dot": "micrograd",
    "draw_graph": "view",
    "explain": "explanation",
    "heatmap": "heat",
    "plot_boundary": "plane",
    "plot_function": "curve",
    "plot_gradient_flow": "trained",
    "plot_histograms": "trained",
    "plot_history": "history",
    "plot_loss": "plots",
    "plot_updates": "trained",
    "show": "display",
    "step_through": "stepping",
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
    "Live",
    "Picture",
    "Program",
    "RenderError",
    "Stepper",
    "TraceTable",
    "Verdict",
    "Zoomed",
    "animate_boundary",
    "check",
    "dashboard",
    "diagnose",
    "draw_dot",
    "draw_graph",
    "explain",
    "heatmap",
    "plot_boundary",
    "plot_function",
    "plot_gradient_flow",
    "plot_histograms",
    "plot_history",
    "plot_loss",
    "plot_updates",
    "show",
    "step_through",
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
