"""Run as many random programs as wanted: ``python -m tests.fuzz 10000``.

A third of them build graphs of Values, a third of Tensors, a third of complex Tensors; see :mod:`tests.machines` and
:mod:`tests.complex_machines`. A program that fails is made as
small as possible, and printed.
"""

from __future__ import annotations

import sys
import time
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.complex_machines import ComplexGraphs
from tests.machines import TensorGraphs, ValueGraphs


def main(programs: int) -> None:
    """Run the programs, and say how many."""
    counts: dict[str, int] = {}
    for machine in (ValueGraphs, TensorGraphs, ComplexGraphs):
        counts[machine.__name__] = 0

        class Counted(machine):  # type: ignore[valid-type, misc] # the same machine, and how often it ran
            name = machine.__name__

            def __init__(self) -> None:
                super().__init__()
                counts[self.name] += 1

        start = time.perf_counter()
        run: Any = settings(
            max_examples=programs // 3,
            stateful_step_count=25,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        )
        run_state_machine_as_test(Counted, settings=run)
        print(
            f"{counts[Counted.name]:,} programs of {Counted.name}: nothing found, {time.perf_counter() - start:.0f} s"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
