"""Random programs, each gradient against the definition; ``make fuzz`` runs 10,000 of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from autograd import TABLE, Node, Tensor, Value
from tests.complex_machines import ComplexGraphs
from tests.machines import Graphs, TensorGraphs, ValueGraphs


def run(machine: type[Graphs], programs: int, phases: Any = (Phase.generate, Phase.shrink)) -> None:
    few: Any = settings(
        max_examples=programs,
        stateful_step_count=25,
        deadline=None,
        derandomize=True,
        database=None,
        phases=phases,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=few)


@pytest.mark.parametrize("machine", [ValueGraphs, TensorGraphs, ComplexGraphs])
def test_random_programs(machine: type[Graphs]) -> None:
    run(machine, 150)


# The machines are checked, too: each of these mistakes is found.


def wrong_rule(name: str, argument: int, wrong: Callable[..., Any]) -> Callable[[Any], None]:
    def plant(monkeypatch: Any) -> None:
        row = TABLE[name]
        rules = list(row.rules)
        right = rules[argument]
        rules[argument] = lambda g, y, *inputs, **attrs: wrong(right(g, y, *inputs, **attrs))
        monkeypatch.setattr(row, "rules", tuple(rules))

    return plant


def forgetful_sum(monkeypatch: Any) -> None:
    monkeypatch.setattr(Value, "zero_grad", lambda self: None)


def never_stale(monkeypatch: Any) -> None:
    def assign(self: Any, data: Any) -> None:
        self._data = np.asarray(data) if isinstance(self, Tensor) else data

    for kind in (Value, Tensor):
        monkeypatch.setattr(kind, "data", property(lambda self: self._data, assign))


def shared_detach(monkeypatch: Any) -> None:
    monkeypatch.setattr(Node, "detach", lambda self: type(self)._leaf(self._data, requires_grad=True))


def averaged_broadcast(monkeypatch: Any) -> None:
    right = Tensor._fit

    def fit(gradient: Any, x: Any) -> Any:
        return right(gradient, x) * (0.5 if gradient.size > x.size else 1)

    monkeypatch.setattr(Tensor, "_fit", staticmethod(fit))


@pytest.mark.parametrize(
    ("machine", "plant"),
    [
        (ValueGraphs, wrong_rule("tanh", 0, lambda share: 1.001 * share)),
        (ValueGraphs, wrong_rule("divide", 1, lambda share: -share)),
        (ValueGraphs, forgetful_sum),
        (ValueGraphs, never_stale),
        (ValueGraphs, shared_detach),
        (TensorGraphs, wrong_rule("multiply", 1, lambda share: 1.001 * share)),
        (TensorGraphs, wrong_rule("getitem", 0, lambda share: share[::-1] if np.ndim(share) else share)),
        (TensorGraphs, wrong_rule("matmul", 0, lambda share: share * 1.001)),
        (TensorGraphs, wrong_rule("sum", 0, lambda share: share / 2)),
        (TensorGraphs, averaged_broadcast),
        (TensorGraphs, never_stale),
        (TensorGraphs, shared_detach),
        (ComplexGraphs, wrong_rule("multiply", 0, np.conj)),
        (ComplexGraphs, wrong_rule("conjugate", 0, np.conj)),
        (ComplexGraphs, wrong_rule("exp", 0, lambda share: 1.001 * share)),
    ],
)  # fmt: skip
def test_planted_mistakes_are_found(machine: type[Graphs], plant: Callable[[Any], None], monkeypatch: Any) -> None:
    plant(monkeypatch)
    with pytest.raises((AssertionError, pytest.fail.Exception, ExceptionGroup)):
        run(machine, 1500, [Phase.generate])
