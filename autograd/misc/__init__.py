"""Tools around derivatives, under the names that HIPS autograd gives them."""

from .flatten import flatten
from .tracers import const_graph

__all__ = ["const_graph", "flatten"]
