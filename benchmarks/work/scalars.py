"""Programs on single numbers: micrograd's demo, and a long chain."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from nn.datasets import make_moons

from ..timing import Work


def demo_step(values: Any, networks: Any) -> Work:
    """One step of micrograd's demo: 100 moons, an MLP 2-16-16-1, hinge loss with L2, and the update."""
    X, y = make_moons(100, noise=0.1, seed=1)
    points, labels = X.tolist(), (2 * y - 1).tolist()
    random.seed(1337)
    model = networks.MLP(2, [16, 16, 1])

    def step() -> None:
        scores = [model(list(map(values.Value, point))) for point in points]
        losses = [(1 + -label * score).relu() for label, score in zip(labels, scores, strict=True)]
        loss = sum(losses) * (1.0 / len(losses)) + 1e-4 * sum(p * p for p in model.parameters())
        model.zero_grad()
        loss.backward()
        for p in model.parameters():
            p.data -= 0.01 * p.grad

    return step


def micrograd_network_on(value: Any) -> Any:
    """micrograd's own network code, run over another Value: the same program on both engines."""
    import micrograd.nn

    network = ModuleType("micrograd_network")
    code = Path(micrograd.nn.__file__).read_text().replace("from micrograd.engine import Value", "")
    network.__dict__["Value"] = value
    exec(compile(code, micrograd.nn.__file__, "exec"), network.__dict__)
    return network


def chain(value: Callable[[float], Any]) -> Work:
    """1,000 operations in a row, ``*`` and ``+`` in turns, forward and backward."""

    def work() -> None:
        a, x = value(1.001), value(0.5)
        for _ in range(500):
            x = x * a
            x = x + 0.01
        x.backward()

    return work


def demo() -> dict[str, Work]:
    import micrograd.engine
    import micrograd.nn

    import autograd
    import nn.scalar

    return {
        "micrograd": demo_step(micrograd.engine, micrograd.nn),
        "chainrule, same program": demo_step(autograd, micrograd_network_on(autograd.Value)),
        "chainrule, nn.scalar": demo_step(autograd, nn.scalar),
    }


def chains() -> dict[str, Work]:
    import micrograd.engine

    import autograd

    return {"micrograd": chain(micrograd.engine.Value), "chainrule": chain(autograd.Value)}
