"""See a gradient: draw the graph behind a result, and write its chain rule down.

What is not drawn is not loaded: each name is imported when it is first asked for, so that a program
which only computes starts as fast as without this package.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .derivation import Derivation
    from .display import show
    from .explanation import explain
    from .history import plot_history
    from .micrograd import draw_dot, trace
    from .picture import Arrow, Box, Picture
    from .plots import plot_loss
    from .program import Program
    from .render import RenderError
    from .replay import Check
    from .stepping import Stepper, step_through
    from .trace_table import TraceTable
    from .view import GraphView, draw_graph

HOMES = {
    "Arrow": "picture",
    "Box": "picture",
    "Check": "replay",
    "Derivation": "derivation",
    "GraphView": "view",
    "Picture": "picture",
    "Program": "program",
    "RenderError": "render",
    "Stepper": "stepping",
    "TraceTable": "trace_table",
    "draw_dot": "micrograd",
    "draw_graph": "view",
    "explain": "explanation",
    "plot_history": "history",
    "plot_loss": "plots",
    "show": "display",
    "step_through": "stepping",
    "trace": "micrograd",
}
"""The file in which each public name lives."""

__all__ = [
    "Arrow",
    "Box",
    "Check",
    "Derivation",
    "GraphView",
    "Picture",
    "Program",
    "RenderError",
    "Stepper",
    "TraceTable",
    "draw_dot",
    "draw_graph",
    "explain",
    "plot_history",
    "plot_loss",
    "show",
    "step_through",
    "trace",
]


def __getattr__(name: str) -> Any:
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = getattr(import_module(f".{HOMES[name]}", __name__), name)
    return globals()[name]


def __dir__() -> list[str]:
    return __all__
