"""Programs on single numbers: micrograd's demo, and a long chain."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from nn.datasets import make_moons

from ..timing import Work
from . import installed


def moons() -> tuple[Any, Any]:
    """The demo's points, and their labels, -1 or 1."""
    X, y = make_moons(100, noise=0.1, seed=1)
    return X, 2 * y - 1


def demo_step(values: Any, networks: Any) -> Work:
    """One step of micrograd's demo: 100 moons, an MLP 2-16-16-1, hinge loss with L2, and the update."""
    points, labels = (array.tolist() for array in moons())
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


def demo_on_micrograd() -> Work:
    import micrograd.engine
    import micrograd.nn

    return demo_step(micrograd.engine, micrograd.nn)


def demo_on_chainrule() -> Work:
    import autograd

    return demo_step(autograd, micrograd_network_on(autograd.Value))


def demo_on_nn_scalar() -> Work:
    import autograd
    import nn.scalar

    return demo_step(autograd, nn.scalar)


def demo() -> dict[str, Work]:
    return installed(
        {
            "micrograd": demo_on_micrograd,
            "chainrule, same program": demo_on_chainrule,
            "chainrule, nn.scalar": demo_on_nn_scalar,
        }
    )


def chain_on_micrograd() -> Work:
    import micrograd.engine

    return chain(micrograd.engine.Value)


def chain_on_chainrule() -> Work:
    import autograd

    return chain(autograd.Value)


def chains() -> dict[str, Work]:
    return installed({"micrograd": chain_on_micrograd, "chainrule": chain_on_chainrule})


def long_chain(length: int) -> Work:
    """A chain of ``length`` operations, forward and backward."""
    from autograd import Value

    def work() -> None:
        y = Value(1.0)
        for _ in range(length):
            y = y + 1e-6
        y.backward()

    return work


def demo_of(who: str) -> Work:
    """One step of the demo, for its memory."""
    return demo()[who]


def chain_of(length: str) -> Work:
    """A long chain, for its memory."""
    return long_chain(int(length))


LENGTHS = {"100,000 nodes": 100_000, "300,000 nodes": 300_000, "1,000,000 nodes": 1_000_000}


def long_chains() -> dict[str, Work]:
    return {name: long_chain(length) for name, length in LENGTHS.items()}
