"""Two ranks beside one, on two cores, one BLAS thread each: throughput, communication, and the bare all-reduce.

All is measured in one start of ``mpiexec -n 2``, in turns: while rank 0 works alone, rank 1 sleeps. Each rank has a
batch of the size in the other benchmarks, so that two see twice as many examples in a step. The figure of a turn is
its fastest call: where others use the cores too, a rank that waits for one makes both wait.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from functools import cache, partial
from typing import Any

from .timing import Figure, Work, summary

MPIEXEC = shutil.which("mpiexec", path=os.path.dirname(sys.executable)) or shutil.which("mpiexec")
NETWORKS = {"LeNet on digits, batch 64": 64, "MLP 784-512-256-10, batch 128": 128}

ONE, TWO, STEP, SHARE, BARE, OURS = (
    "1 rank", "chainrule, 2 ranks", "a step", "chainrule, all-reduce", "bare Allreduce", "chainrule, add_up",
)  # fmt: skip
KINDS = {"an example": ONE, "communication": STEP, "all-reduce": BARE}
PEERS = {f"{what}: {name}": peer for what, peer in KINDS.items() for name in NETWORKS}
GOALS: dict[str, Mapping[str, float]] = {
    name: {ONE: {TWO: 1 / 1.7}, STEP: {}, BARE: {OURS: 1.2}}[peer] for name, peer in PEERS.items()
}


def figures(name: str, rounds: int) -> dict[str, Figure]:
    """What one row of the table says; nothing without ``mpiexec``."""
    return {who: Figure(*figure) for who, figure in measured(rounds)[name].items()} if MPIEXEC else {}


@cache
def measured(rounds: int) -> dict[str, dict[str, list[float]]]:
    command = [str(MPIEXEC), "-n", "2", sys.executable, "-m", "benchmarks.ranks", str(rounds)]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def network(name: str, batch: int) -> tuple[Any, Any]:
    """A network, and a batch for it."""
    import numpy as np

    import nn

    nn.manual_seed(0)
    rng = np.random.default_rng(0)
    y = rng.integers(0, 10, batch)
    if name.startswith("MLP"):
        return nn.MLP(784, 512, 256, 10), (rng.standard_normal((batch, 784)).astype(np.float32), y)
    lenet = nn.Sequential(
        nn.Conv2d(1, 6, 5, padding=2), nn.ReLU(), nn.Conv2d(6, 16, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(144, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
    )  # fmt: skip
    return lenet, (rng.standard_normal((batch, 1, 8, 8)).astype(np.float32), y)


def main(rounds: int) -> None:
    """Print the figures of each row as JSON."""
    import numpy as np

    import nn
    from nn.distributed import World

    world, alone, table = nn.distributed.world(), World(), {}
    turn = 0.5 if rounds > 1 else 0.0
    for name, batch in NETWORKS.items():
        model, (x, y) = network(name, batch)
        optimizer = nn.SGD(model.parameters(), lr=0.01)
        world.same_start(model)
        inside = Clock(world.add_up)
        vars(world)["add_up"] = inside  # to see how long it takes

        gradients = [np.ones_like(p.data) for p in model.parameters()]
        flat = np.concatenate([g.ravel() for g in gradients])
        out = np.empty_like(flat)
        works: dict[str, Work] = {
            ONE: partial(step, alone, model, optimizer, x, y),
            TWO: partial(step, world, model, optimizer, x, y),
            STEP: partial(step, world, model, optimizer, x, y),
            BARE: partial(world.comm.Allreduce, flat, out),
            OURS: partial(inside.work, gradients),
        }
        times: dict[str, list[float]] = {who: [] for who in (*works, SHARE)}
        for _ in range(rounds):
            for who, work in works.items():
                if who == ONE and world.rank:
                    done = world.comm.Ibarrier()
                    while not done.Test():
                        time.sleep(0.002)
                    continue
                seconds, communicating = fastest(work, turn, None if who == ONE else world.comm, inside)
                times[who].append(seconds)
                if who == STEP:
                    times[SHARE].append(communicating)
                if who == ONE:
                    world.comm.Ibarrier().Wait()
        if world.rank == 0:
            ours = {who: summary(values) for who, values in times.items()}
            example = {who: [t / n for t in ours[who]] for who, n in ((ONE, batch), (TWO, 2 * batch))}
            table[f"an example: {name}"] = example
            table[f"communication: {name}"] = {who: list(ours[who]) for who in (STEP, SHARE)}
            table[f"all-reduce: {name}"] = {who: list(ours[who]) for who in (BARE, OURS)}
        del vars(world)["add_up"]  # as it was
    if world.rank == 0:
        print(json.dumps(table))


def step(ranks: Any, model: Any, optimizer: Any, x: Any, y: Any) -> None:
    """A training step of the ranks, each of which has as many examples."""
    import nn

    loss = nn.cross_entropy(model(x), y)
    optimizer.zero_grad()
    ranks.backward(loss, model.parameters(), share=1 / ranks.size)
    optimizer.step()


class Clock:
    """A function, and how many seconds it has taken."""

    def __init__(self, work: Any) -> None:
        self.work, self.seconds = work, 0.0

    def __call__(self, *args: Any) -> Any:
        start = time.perf_counter()
        try:
            return self.work(*args)
        finally:
            self.seconds += time.perf_counter() - start


def fastest(work: Work, turn: float, comm: Any, inside: Clock) -> tuple[float, float]:
    """The seconds of the fastest call in a turn, and those inside the clock; as many calls on every rank."""

    def once() -> tuple[float, float]:
        start, inside.seconds = time.perf_counter(), 0.0
        work()
        return time.perf_counter() - start, inside.seconds

    calls = max(1, round(turn / once()[0]))
    return min(once() for _ in range(comm.bcast(calls) if comm else calls))


if __name__ == "__main__":
    main(int(sys.argv[1]))
