"""Whole derivatives in float64: a Jacobian, a Hessian, and its product with a vector, of one layer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ..timing import Work
from . import installed

Function = Callable[[Any], Any]


class Case(NamedTuple):
    """What is differentiated: ``tanh(matrix x)``, or the sum of its squares; and in which way."""

    of: str
    outputs: int
    inputs: int


CASES = {
    "Jacobian of 500 outputs, 50 inputs": Case("jacobian", 500, 50),
    "Hessian of 100 inputs": Case("hessian", 100, 100),
    "Hessian-vector product, 100 inputs": Case("product", 100, 100),
}


def data(case: Case) -> tuple[Any, Any, Any]:
    """The matrix, the place, and a direction."""
    rng = np.random.default_rng(0)
    matrix = rng.standard_normal((case.outputs, case.inputs)) / np.sqrt(case.inputs)
    return matrix, rng.standard_normal(case.inputs), rng.standard_normal(case.inputs)


def in_numpy(case: Case) -> Work:
    """The limit: the derivative by hand."""
    matrix, x, v = data(case)

    def curvature() -> Any:
        y2 = np.tanh(matrix @ x) ** 2
        return 2 * (1 - y2) * (1 - 3 * y2)

    works: dict[str, Work] = {
        "jacobian": lambda: (1 - np.tanh(matrix @ x) ** 2)[:, None] * matrix,
        "hessian": lambda: matrix.T @ (curvature()[:, None] * matrix),
        "product": lambda: matrix.T @ (curvature() * (matrix @ v)),
    }
    return works[case.of]


def derivative(case: Case) -> tuple[Callable[..., Any], tuple[Any, ...]]:
    """Ours, and its arguments."""
    from autograd import hessian, hvp, jacobian

    matrix, x, v = data(case)

    def layer(x: Any) -> Any:
        return np.tanh(matrix @ x)

    def loss(x: Any) -> Any:
        return np.sum(layer(x) ** 2)

    ways: dict[str, Any] = {"jacobian": jacobian(layer), "hessian": hessian(loss), "product": hvp(loss)}
    return ways[case.of], (x, v) if case.of == "product" else (x,)


def in_chainrule(case: Case) -> Work:
    f, args = derivative(case)
    return lambda: f(*args)


def compiled(case: Case) -> Work:
    from autograd import compile

    f, args = derivative(case)
    program = compile(f)
    program(*args)
    return lambda: program(*args)


def in_pytorch(case: Case) -> Work:
    import torch

    torch.set_num_threads(1)
    matrix, x, v = map(torch.tensor, data(case))

    def layer(x: Any) -> Any:
        return torch.tanh(matrix @ x)

    def loss(x: Any) -> Any:
        return (layer(x) ** 2).sum()

    jacobian, hessian = torch.func.jacrev(layer), torch.func.hessian(loss)
    slope = torch.func.grad(loss)
    works: dict[str, Work] = {
        "jacobian": lambda: jacobian(x),
        "hessian": lambda: hessian(x),
        "product": lambda: torch.func.jvp(slope, (x,), (v,))[1],
    }
    return works[case.of]


def in_hips(case: Case) -> Work:
    import autograd.numpy as anp  # HIPS autograd: see benchmarks/hips.py
    from autograd import hessian, hessian_vector_product, jacobian

    matrix, x, v = data(case)

    def layer(x: Any) -> Any:
        return anp.tanh(anp.dot(matrix, x))

    def loss(x: Any) -> Any:
        return anp.sum(layer(x) ** 2)

    whole, second, product = jacobian(layer), hessian(loss), hessian_vector_product(loss)
    works: dict[str, Work] = {
        "jacobian": lambda: whole(x),
        "hessian": lambda: second(x),
        "product": lambda: product(x, v),
    }
    return works[case.of]


def contenders(case: Case) -> dict[str, Work]:
    makers = {"torch.func": in_pytorch, "chainrule": in_chainrule, "compiled": compiled, "NumPy by hand": in_numpy}
    return installed(makers, case)
