"""Dask: the peak of memory beside its limit where the data are larger than that, and the time where they fit."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from .process import STATUS
from .timing import Figure, Work, interleave, summary

PIECES = 60
"""Of 8 MB each; the limit is the memory of 20."""


def peaks(rounds: int) -> dict[str, Figure]:
    """By how much memory may grow, and does, on threads and on each of two processes; see the tests' program."""
    if not (STATUS.exists() and find_spec("distributed")):
        return {}
    schedulers, environment = ("threads", "processes"), {**os.environ, "OMP_NUM_THREADS": "1"}
    found: dict[str, list[float]] = {f"chainrule, {scheduler}": [] for scheduler in schedulers}
    for _ in range(rounds):
        for scheduler in schedulers:
            command = [sys.executable, "-m", "tests.autograd.out_of_core", scheduler, str(PIECES)]
            root = Path(__file__).parents[1]
            run = subprocess.run(command, check=True, capture_output=True, text=True, env=environment, cwd=root)
            result = json.loads(run.stdout.splitlines()[-1])
            found[f"chainrule, {scheduler}"].append(result["grown"])
    return {"the limit": Figure(result["limit"])} | {who: summary(values) for who, values in found.items()}


def overhead(rounds: int) -> dict[str, Figure]:
    """Value and gradient of a regression on 100,000 rows of 50, in memory and in eight pieces."""
    return interleave(regressions(), rounds, 0.5 if rounds > 1 else 0) if find_spec("dask") else {}


def regressions() -> dict[str, Work]:
    import dask.array as da
    import numpy as np

    from autograd import value_and_grad

    rng = np.random.default_rng(0)
    x, y, w = rng.standard_normal((100_000, 50)), rng.standard_normal(100_000), np.zeros(50)
    lazy_x, lazy_y = da.from_array(x, (12_500, 50)), da.from_array(y, 12_500)
    step = value_and_grad(lambda w, x, y: np.mean((x @ w - y) ** 2))
    return {"chainrule on NumPy": lambda: step(w, x, y), "chainrule on Dask": lambda: step(w, lazy_x, lazy_y)}
