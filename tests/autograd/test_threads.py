"""Threads and tasks: graphs do not meet, and what one switches off stays on in the others."""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from autograd import Tensor, Value, grad, hessian, no_grad, recording
from autograd.graph import scope
from nn import MLP, cross_entropy, scalar

WORKERS = 8


def together(work: Callable[[int], Any], times: int) -> list[Any]:
    """``work(0)``, ``work(1)``, ... in many threads, which begin at the same moment."""
    gate = threading.Barrier(WORKERS)

    def wait_and_work(n: int) -> Any:
        if n < WORKERS:
            gate.wait(30)
        return work(n)

    with ThreadPoolExecutor(WORKERS) as pool:
        return list(pool.map(wait_and_work, range(times)))


def values(seed: int) -> list[float]:
    """Several passes over a graph of Values, one of them recorded."""
    x, y = Value(0.1 * seed + 0.3), Value(1.0)
    z = x
    for i in range(60):
        z = (z * y + x * 0.5).tanh() + 0.01 * i
    z.backward(create_graph=True)
    slope = x.grad
    x.zero_grad()
    y.zero_grad()
    slope.backward()
    return [z.data, slope.data, x.grad, y.grad]


def tensors(seed: int) -> list[float]:
    """A network, its gradients, and a Hessian."""
    rng = np.random.default_rng(seed)
    X = rng.normal(size=(5, 3))
    w = Tensor(rng.normal(size=(3, 4)))
    loss = np.tanh(X @ w).sum() + (w[1:] * w[:-1]).mean()
    loss.backward()
    curvature = hessian(lambda v: np.sum(np.sin(v) * v[::-1]))(X[0])
    return [float(loss), *w.grad.ravel().tolist(), *curvature.ravel().tolist()]


def trained(seed: int) -> list[float]:
    """A model of this thread's own, some steps."""
    rng = np.random.default_rng(seed)
    model = MLP(2, 4, 2)
    for p in model.parameters():
        p.data = rng.normal(size=p.shape).astype(p.dtype)
    X, labels = rng.normal(size=(6, 2)).astype(np.float32), np.arange(6) % 2
    for _ in range(5):
        model.zero_grad()
        cross_entropy(model(X), labels).backward()
        with no_grad():
            for p in model.parameters():
                p.data -= 0.1 * p.grad
    return [float(p.data.sum()) for p in model.parameters()]


def test_threads_give_the_numbers_of_one_after_the_other() -> None:
    for work in (values, tensors, trained):
        assert together(work, 40) == [work(n) for n in range(40)]


def test_threads_share_parameters_that_they_only_read() -> None:
    model = scalar.MLP(2, [4, 1])

    def slope(n: int) -> tuple[float, float]:
        a, b = grad(lambda a, b: model([a, b]), (0, 1))(Value(0.1 * n), Value(-0.3))
        return float(getattr(a, "data", a)), float(getattr(b, "data", b))

    assert together(slope, 40) == [slope(n) for n in range(40)]


def test_switches_of_many_threads_do_not_meet() -> None:
    x = Tensor(2.0)

    def work(n: int) -> list[bool]:
        seen = []
        for i in range(50):
            with recording((n + i) % 2 == 0), scope(f"part{n}"):
                y = x * 2
                seen.append(y.requires_grad == ((n + i) % 2 == 0) and (y.scope == f"part{n}" or not y.requires_grad))
            seen.append((x * 2).requires_grad)
        return seen

    assert all(all(seen) for seen in together(work, 16))


def test_no_grad_in_one_task_does_not_touch_another() -> None:
    x = Value(3.0)

    async def silent(inside: asyncio.Event, done: asyncio.Event) -> bool:
        with no_grad():
            inside.set()
            await done.wait()
            return (x * 2).requires_grad

    async def loud(inside: asyncio.Event, done: asyncio.Event) -> bool:
        await inside.wait()
        recorded = (x * 2).requires_grad
        done.set()
        return recorded

    async def both() -> list[bool]:
        events = asyncio.Event(), asyncio.Event()
        return await asyncio.gather(silent(*events), loud(*events))

    assert asyncio.run(both()) == [False, True]


def test_tasks_give_the_numbers_of_one_after_the_other() -> None:
    async def slope(n: int) -> Any:
        x = Value(0.1 * n)
        y = x
        for _ in range(20):
            y = y * x + x.sin()
            await asyncio.sleep(0)
            with no_grad():
                await asyncio.sleep(0)
                _ = y * 2
        y.backward()
        return x.grad

    async def all_slopes(run: Callable[..., Any]) -> Any:
        return await run([slope(n) for n in range(20)])

    async def one_by_one(slopes: Any) -> list[Any]:
        return [await s for s in slopes]

    async def at_once(slopes: Any) -> list[Any]:
        return await asyncio.gather(*slopes)

    assert asyncio.run(all_slopes(at_once)) == asyncio.run(all_slopes(one_by_one))


def test_a_task_begins_as_its_maker_is() -> None:
    async def recorded() -> bool:
        return (Value(1.0) * 2).requires_grad

    async def made_inside() -> tuple[bool, bool]:
        with no_grad():
            task = asyncio.create_task(recorded())
        return await task, (Value(1.0) * 2).requires_grad

    assert asyncio.run(made_inside()) == (False, True)
    with no_grad():
        assert not contextvars.copy_context().run(lambda: (Value(1.0) * 2).requires_grad)
