"""A regression over an array larger than the memory to be had: ``python -m tests.autograd.out_of_core threads``.

Prints by how much the memory grew at its peak, and how far value and gradient are from the same piece by piece.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import dask.array as da
import numpy as np

from autograd import value_and_grad

ROWS, COLUMNS, CHUNK = 1_200_000, 50, 20_000
LIMIT = 160 * 2**20
"""Bytes that the memory may grow by: a third of the array."""


def piece(i: int) -> Any:
    """The i-th rows."""
    return np.random.default_rng(i).random((CHUNK, COLUMNS))


def peak(pid: int | str = "self") -> int:
    """The most memory that the process held so far, in bytes."""
    with open(f"/proc/{pid}/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))


def table(pieces: int) -> Any:
    """All rows, made when they are asked for."""
    chunks = ((CHUNK,) * pieces, (COLUMNS,))
    return da.map_blocks(lambda block_info: piece(block_info[None]["chunk-location"][0]), chunks=chunks, dtype=float)


def loss(w: Any, x: Any) -> Any:
    """The mean square residual of a regression."""
    return np.mean((x @ w - np.sum(x, axis=1)) ** 2)


def expected(w: Any, pieces: int) -> tuple[float, Any]:
    """The same over one piece after the other."""
    parts = [value_and_grad(loss)(w, piece(i)) for i in range(pieces)]
    return float(np.mean([v for v, _ in parts])), np.mean([g for _, g in parts], axis=0)


def main(scheduler: str, pieces: int = ROWS // CHUNK) -> None:
    """Run on ``threads`` or on a cluster of two ``processes``, each of which has the limit."""
    x, w = table(pieces), np.linspace(-1.0, 1.0, COLUMNS)
    wanted, pids, cluster = expected(w, pieces), ["self"], None
    if scheduler == "processes":
        from distributed import Client, LocalCluster

        cluster = LocalCluster(2, threads_per_worker=1, memory_limit=LIMIT * 2, dashboard_address=None)
        pids += [str(worker.pid) for worker in Client(cluster).cluster.workers.values()]
    before = {pid: peak(pid) for pid in pids}
    value, gradient = value_and_grad(loss)(w, x)
    grown = max(peak(pid) - before[pid] for pid in pids)
    off = max(abs(value - wanted[0]), float(np.max(np.abs(gradient - wanted[1]))))
    print(json.dumps({"array": x.nbytes, "limit": LIMIT, "grown": grown, "off": off}))
    if cluster is not None:
        cluster.close()


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
