"""chainrule: an automatic-differentiation engine that you can see through.

Scalars (:class:`Value`) and arrays (:class:`Tensor`) record their operations on one graph, and every
gradient can explain itself.
"""

from .anomaly import detect_anomaly
from .changes import checking
from .errors import ChainruleError
from .gradcheck import check_grads
from .graph import TABLE, Node, Primitive, recording
from .jacobians import elementwise_grad, hessian, hvp, jacobian, value_and_jacobian
from .modes import jvp, vjp
from .recompute import checkpoint, stop_gradient
from .rules import row
from .rules.elementwise import relu, sigmoid
from .rules.reduce import logsumexp
from .tensor import Tensor
from .transforms import grad, grad_and_aux, no_grad, value_and_grad
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
    "checking",
    "checkpoint",
    "detect_anomaly",
    "elementwise_grad",
    "grad",
    "grad_and_aux",
    "hessian",
    "hvp",
    "jacobian",
    "jvp",
    "logsumexp",
    "no_grad",
    "recording",
    "relu",
    "row",
    "sigmoid",
    "stop_gradient",
    "value_and_grad",
    "value_and_jacobian",
    "vjp",
]
