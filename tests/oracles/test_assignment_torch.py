"""PyTorch as an oracle for item assignment: random programs, with every kind of index, on both."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import Tensor

torch = pytest.importorskip("torch")

SHAPE = (3, 4)


def some_index(rng: np.random.Generator) -> Any:
    """A slice, a place, a mask, places (each once: PyTorch leaves open which of several stays), or a mixture."""
    kinds: list[Any] = [
        int(rng.integers(-3, 3)),
        slice(int(rng.integers(0, 2)), None),
        (slice(None), int(rng.integers(4))),
        (Ellipsis, slice(0, 4, 2)),
        rng.random(SHAPE) < 0.5,
        rng.random(3) < 0.6,
        rng.permutation(3)[:2],
        (rng.permutation(3)[:2], rng.permutation(4)[:2]),
        (slice(1, 3), rng.permutation(4)[:3]),
        (int(rng.integers(3)), int(rng.integers(4))),
    ]
    return kinds[int(rng.integers(len(kinds)))]


def theirs(index: Any) -> Any:
    """The same index with PyTorch's arrays."""
    if isinstance(index, tuple):
        return tuple(map(theirs, index))
    return torch.from_numpy(index) if isinstance(index, np.ndarray) else index


def some_value(rng: np.random.Generator, shape: tuple[int, ...]) -> Any:
    """Numbers of a shape that broadcasts to ``shape``."""
    cut = shape[int(rng.integers(len(shape) + 1)) :] if shape else ()
    return rng.normal(size=tuple(1 if rng.random() < 0.3 else n for n in cut))


def program(seed: int, x: Any, leaf: Any, place: Any, sin: Any) -> Any:
    """Some assignments to two results of ``x``, which are used before, in between and after."""
    rng = np.random.default_rng(seed)
    ys, total = [x * 2.0, sin(x)], 0.0
    for _ in range(8):
        a, b = rng.permutation(2)
        index = some_index(rng)
        v = leaf(some_value(rng, np.zeros(SHAPE)[index].shape))
        kind, where = rng.integers(4), place(index)
        total = total + (ys[a] * 0.5).sum()  # a use that needs no data
        square = (ys[b] + 0.0) ** 2
        if kind == 0:
            ys[a][where] = v
        elif kind == 1:
            ys[a][where] += v
        elif kind == 2:
            ys[a][where] = (ys[b] + 0.0)[where] * v
        else:
            ys[a][where] = sin((ys[a] + 0.0)[where]) + v
        total = total + (square * 0.1).sum()
    return total + (ys[0] * ys[1]).sum()


@pytest.mark.parametrize("seed", range(200))
def test_random_programs(seed: int) -> None:
    x = np.random.default_rng(1000 + seed).normal(size=SHAPE)
    ours, values = Tensor(x), list[Any]()
    other, their_values = torch.tensor(x, requires_grad=True), list[Any]()

    def leaf(v: Any) -> Any:
        values.append(Tensor(v))
        return values[-1]

    def their_leaf(v: Any) -> Any:
        their_values.append(torch.tensor(v, requires_grad=True))
        return their_values[-1]

    y, z = program(seed, ours, leaf, lambda i: i, np.sin), program(seed, other, their_leaf, theirs, torch.sin)
    y.backward()
    z.backward()
    np.testing.assert_allclose(y.item(), z.item(), rtol=1e-12)
    for v, w in zip([ours, *values], [other, *their_values], strict=True):
        np.testing.assert_allclose(v.grad, w.grad.numpy(), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("seed", range(20))
def test_second_order(seed: int) -> None:
    rng = np.random.default_rng(seed)
    x, index, other = rng.normal(size=SHAPE), some_index(rng), some_index(rng)

    def f(x: Any, place: Any, sin: Any) -> Any:
        y = x * x
        part = (y + 0.0)[place(index)]  # PyTorch refuses to overwrite what it has saved; ours may be
        y[place(index)] = part * sin(part)
        y[place(other)] *= 0.5
        return (y * y * x).sum()

    ours = Tensor(x)
    f(ours, lambda i: i, np.sin).backward(create_graph=True)
    first, ours.grad = ours.grad, None
    (first * first).sum().backward()
    t = torch.tensor(x, requires_grad=True)
    (g,) = torch.autograd.grad(f(t, theirs, torch.sin), t, create_graph=True)
    (h,) = torch.autograd.grad((g * g).sum(), t)
    np.testing.assert_allclose(first.data, g.detach().numpy(), rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(ours.grad, h.numpy(), rtol=1e-9, atol=1e-11)
