"""chainrule: an automatic-differentiation engine that you can see through.

Scalars (:class:`Value`) and arrays (:class:`Tensor`) record their operations on one graph, and every
gradient can explain itself.
"""

from importlib import import_module
from typing import Any

from .anomaly import detect_anomaly
from .changes import checking
from .compiling.compiled import compile
from .errors import ChainruleError
from .exact import Exact
from .gradcheck import check_grads
from .graph import TABLE, Node, Primitive, recording
from .holomorphic import holomorphic_grad
from .jacobians import elementwise_grad, hessian, hvp, jacobian, value_and_jacobian
from .mapping import vmap
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
    "Exact",
    "Node",
    "Primitive",
    "Tensor",
    "Value",
    "check_grads",
    "checking",
    "checkpoint",
    "compile",
    "detect_anomaly",
    "elementwise_grad",
    "grad",
    "grad_and_aux",
    "hessian",
    "holomorphic_grad",
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
    "vmap",
]

_ELSEWHERE = {
    "builtins": ("dict", "isinstance", "list", "tuple", "type"),
    "differential_operators": (
        "deriv", "egrad", "grad_named", "hessian_tensor_product", "hessian_vector_product", "make_ggnvp", "make_hvp",
        "make_jvp", "make_jvp_reversemode", "make_vjp", "multigrad", "multigrad_dict", "tensor_jacobian_product",
        "vector_jacobian_product",
    ),
    "old_rules": ("primitive",),
}  # fmt: skip
"""Names of HIPS autograd, and where they are: loaded when they are used."""

_MODULES = {"core", "extend", "misc", "test_util", "tracer", "util", "wrap_util", *_ELSEWHERE}


def __getattr__(name: str) -> Any:
    if name in _MODULES:
        return import_module(f".{name}", __name__)
    for module, names in _ELSEWHERE.items():
        if name in names:
            return getattr(import_module(f".{module}", __name__), name)
    raise AttributeError(f"module 'autograd' has no attribute {name!r}")
