"""``torch.func`` as an oracle for the modes: the same functions, Jacobians, Hessians and products."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd
from autograd import grad, hessian, hvp, jacobian, jvp, vjp, vmap

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.filterwarnings("ignore:`torch.jit.script` is deprecated")  # torch's own jvp calls it

rng = np.random.default_rng(23)
X, V, A = rng.normal(size=(2, 3)), rng.normal(size=(2, 3)), rng.normal(size=(3, 4))

PAIRS: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "matrix product": (lambda x: x @ A, lambda x: x @ torch.tensor(A)),
    "tanh": (np.tanh, torch.tanh),
    "cumsum": (lambda x: np.cumsum(x * x, axis=1), lambda x: torch.cumsum(x * x, dim=1)),
    "softmax": (
        lambda x: np.exp(x - autograd.logsumexp(x, axis=1, keepdims=True)),
        lambda x: torch.softmax(x, dim=1),
    ),
    "norms": (lambda x: np.sqrt(np.sum(x * x, axis=0)), lambda x: torch.linalg.norm(x, dim=0)),
    "prod": (lambda x: np.prod(x, axis=0), lambda x: torch.prod(x, dim=0)),
    "picked": (lambda x: x[[0, 0, 1], [2, 2, 0]] ** 3, lambda x: x[[0, 0, 1], [2, 2, 0]] ** 3),
    "largest": (lambda x: np.max(x * x, axis=1), lambda x: torch.amax(x * x, dim=1)),
    "number": (lambda x: np.var(x), lambda x: torch.var(x, correction=0)),
    "wide": (lambda x: np.einsum("ij,kl->ikjl", np.sin(x), x), lambda x: torch.einsum("ij,kl->ikjl", torch.sin(x), x)),
}
every_pair = pytest.mark.parametrize(("ours", "theirs"), PAIRS.values(), ids=PAIRS)


def close(found: Any, expected: Any) -> None:
    """The same numbers in the same shape."""
    expected = expected.detach().numpy()
    assert np.shape(found) == expected.shape
    np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-12)


@every_pair
def test_first_order(ours: Any, theirs: Any) -> None:
    x, v = torch.tensor(X), torch.tensor(V)
    value, tangent = jvp(ours, (X,), (V,))
    their_value, their_tangent = torch.func.jvp(theirs, (x,), (v,))
    close(value, their_value)
    close(tangent, their_tangent)
    w = np.cos(np.arange(np.size(value))).reshape(np.shape(value))
    close(vjp(ours, X)[1](w)[0], torch.func.vjp(theirs, x)[1](torch.tensor(w))[0])
    close(jacobian(ours)(X), torch.func.jacrev(theirs)(x))


@every_pair
def test_second_order(ours: Any, theirs: Any) -> None:
    x, v = torch.tensor(X), torch.tensor(V)

    def our_loss(x: Any) -> Any:
        return np.sum(np.sin(ours(x)) * 2)

    def their_loss(x: Any) -> Any:
        return torch.sum(torch.sin(theirs(x)) * 2)

    close(hessian(our_loss)(X), torch.func.hessian(their_loss)(x))
    close(jacobian(jacobian(ours))(X), torch.func.jacrev(torch.func.jacrev(theirs))(x))
    _, expected = torch.func.jvp(torch.func.grad(their_loss), (x,), (v,))
    close(hvp(our_loss)(X, V), expected)
    close(jvp(grad(our_loss), (X,), (V,))[1], expected)
    close(grad(lambda x: jvp(our_loss, (x,), (V,))[1])(X), expected)
    _, (_, theirs_twice) = torch.func.jvp(lambda x: torch.func.jvp(theirs, (x,), (v,)), (x,), (v,))
    _, (_, twice) = jvp(lambda x: jvp(ours, (x,), (V,)), (X,), (V,))
    close(twice, theirs_twice)


def test_trees() -> None:
    def f(p: Any) -> Any:
        return {"y": p["w"] * p["b"], "z": (p["w"].sum(),)}

    ours, tangents = {"w": X, "b": np.array(2.0)}, {"w": V, "b": np.array(3.0)}
    theirs, theirs_tangents = ({k: torch.tensor(x) for k, x in tree.items()} for tree in (ours, tangents))
    _, tangent = jvp(f, (ours,), (tangents,))
    _, expected = torch.func.jvp(f, (theirs,), (theirs_tangents,))
    close(tangent["y"], expected["y"])
    close(tangent["z"][0], expected["z"][0])
    slopes, expected = jacobian(f)(ours), torch.func.jacrev(f)(theirs)
    for result in ("w", "b"):
        close(slopes["y"][result], expected["y"][result])
        close(slopes["z"][0][result], expected["z"][0][result])


XS = rng.normal(size=(5, 2, 3))


@every_pair
def test_vmap(ours: Any, theirs: Any) -> None:
    xs, x, v = torch.tensor(XS), torch.tensor(X), torch.tensor(V)
    close(vmap(ours)(XS), torch.func.vmap(theirs)(xs))

    def our_loss(x: Any) -> Any:
        return np.sum(np.sin(ours(x)) * 2)

    def their_loss(x: Any) -> Any:
        return torch.sum(torch.sin(theirs(x)) * 2)

    close(vmap(grad(our_loss))(XS), torch.func.vmap(torch.func.grad(their_loss))(xs))
    close(vmap(hessian(our_loss))(XS), torch.func.vmap(torch.func.hessian(their_loss))(xs))
    close(
        vmap(lambda x: jvp(ours, (x,), (V,))[1])(XS),
        torch.func.vmap(lambda x: torch.func.jvp(theirs, (x,), (v,))[1])(xs),
    )
    found = grad(lambda x: np.sum(vmap(our_loss)(XS * x) ** 2))(X)
    close(found, torch.func.grad(lambda x: torch.sum(torch.func.vmap(their_loss)(xs * x) ** 2))(x))


def test_vmap_along_other_axes() -> None:
    def ours(p: Any, x: Any) -> Any:
        return {"y": p["w"] @ x + p["b"], "norm": np.sum(x * x)}

    def theirs(p: Any, x: Any) -> Any:
        return {"y": p["w"] @ x + p["b"], "norm": torch.sum(x * x)}

    p, x = {"w": rng.normal(size=(4, 3, 2)), "b": rng.normal(size=3)}, rng.normal(size=(2, 4))
    their_p, their_x = {key: torch.tensor(part) for key, part in p.items()}, torch.tensor(x)
    axes = ({"w": 0, "b": None}, 1)
    found = vmap(ours, axes, {"y": 1, "norm": 0})(p, x)
    expected = torch.func.vmap(theirs, axes, {"y": 1, "norm": 0})(their_p, their_x)
    close(found["y"], expected["y"])
    close(found["norm"], expected["norm"])
    pairs = vmap(vmap(lambda a, b: np.tanh(a) @ b, (None, 0)), (0, None))(X, V)
    close(
        pairs,
        torch.func.vmap(torch.func.vmap(lambda a, b: torch.tanh(a) @ b, (None, 0)), (0, None))(
            *map(torch.tensor, (X, V))
        ),
    )
