"""chainrule: an automatic-differentiation engine that you can see through.

Scalars (:class:`Value`) and arrays (:class:`Tensor`) record their operations on one graph, and every
gradient can explain itself.
"""

from .checking import check_grads
from .errors import ChainruleError
from .graph import TABLE, Node, Primitive, recording
from .rules import row
from .rules.elementwise import relu, sigmoid
from .rules.reduce import logsumexp
from .tensor import Tensor
from .transforms import grad, no_grad, value_and_grad
from .value import Value

__version__ = "0.1.0"

__all__ = [
    "TABLE",
    "ChainruleError",
    "Node",
    "Primitive",
    "Tensor",
    "Value",
    "check_grads",
    "grad",
    "logsumexp",
    "no_grad",
    "recording",
    "relu",
    "row",
    "sigmoid",
    "value_and_grad",
]
