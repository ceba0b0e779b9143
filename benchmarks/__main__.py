"""Measure, and print one table: ``python -m benchmarks [word] [--rounds N] [--json PATH] [--plot PATH]``.

Every row is one piece of work. Only ratios within one run on one thread mean anything: the figure of a
contender as a fraction of the peer's, so lower is better.

The scalar rows come first, before PyTorch and JAX are imported: their hundreds of thousands of objects
make every garbage collection slower, which costs micrograd, whose nodes are cycles, more than us.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

from . import hips, lazy, process, ranks
from .timing import Figure, Work, interleave
from .work import arrays, compiled, derivatives, layers, scalars, training

Figures = dict[str, Figure]


class Row(NamedTuple):
    """One piece of work: how it is measured in so many rounds, whose figure is 1, and the goals as fractions of it."""

    measure: Callable[[int], Figures]
    peer: str
    goals: Mapping[str, float]
    unit: str = "s"


def timed(contenders: Callable[[], dict[str, Work]], turn: float) -> Callable[[int], Figures]:
    """Time contenders in turns of so many seconds; in no time at all if there is but one round."""
    return lambda rounds: interleave(contenders(), rounds, turn if rounds > 1 else 0)


def per_node(rounds: int) -> Figures:
    """The seconds of one node in chains of three lengths."""
    whole = interleave(scalars.long_chains(), min(rounds, 3), 0)
    return {
        name: Figure(t.value / scalars.LENGTHS[name], t.spread / scalars.LENGTHS[name]) for name, t in whole.items()
    }


def bytes_per_node(rounds: int) -> Figures:
    """The memory of one node at the peak of the backward pass, and what is allowed."""
    length = scalars.LENGTHS["1,000,000 nodes"]
    found = process.memory("benchmarks.work.scalars:chain_of", [str(length)], min(rounds, 3))
    ours = {"chainrule": found[str(length)]} if found else {}
    return {"allowed": Figure(350.0)} | {who: Figure(f.value / length, f.spread / length) for who, f in ours.items()}


def import_time(rounds: int) -> Figures:
    """The seconds of an import, and what is allowed: 40 ms more than NumPy's."""
    found = process.imports({"NumPy": "numpy", "chainrule": "autograd, nn, viz"}, rounds)
    return {"allowed": Figure(found["NumPy"].value + 0.04)} | found


DEMO, NN = "chainrule, same program", "chainrule, nn.scalar"

ROWS = {
    "micrograd's demo step": Row(timed(scalars.demo, 0.5), "micrograd", {DEMO: 1 / 6, NN: 0.05}),
    "compiled demo step of micrograd's": Row(timed(compiled.demo, 0.2), "micrograd", {"compiled": 0.01}),
    "chain of 1,000 operations, scalars": Row(timed(scalars.chains, 0.5), "micrograd", {"chainrule": 0.4}),
    "memory of micrograd's demo step": Row(
        lambda rounds: process.memory("benchmarks.work.scalars:demo_of", list(scalars.demo()), min(rounds, 3)),
        "micrograd", {DEMO: 0.5}, "bytes"),
    "chain of Values, a node": Row(per_node, "100,000 nodes", {"1,000,000 nodes": 1.5}),
    "memory of a chain of 1,000,000 Values, a node": Row(bytes_per_node, "allowed", {"chainrule": 1}, "bytes"),
    "import autograd, nn, viz": Row(import_time, "allowed", {"chainrule": 1}),
    "memory of training, batch 512": Row(
        lambda rounds: process.memory("benchmarks.work.training:loop", training.engines(), min(rounds, 3)),
        "PyTorch", {"chainrule": 1.1}, "bytes"),
    "inference 2-16-16-2, batch 32": Row(timed(training.inference, 0.03), "NumPy by hand", {"chainrule": 1.3}),
    arrays.CHAIN: Row(timed(arrays.chains, 0.2), "PyTorch", {"chainrule": 0.6}),
    **{
        name: Row(timed(partial(training.contenders, case), 0.1), "PyTorch", {"chainrule": goal})
        for (name, case), goal in zip(training.CASES.items(), (0.33, 0.5, 0.95), strict=True)
    },
    **{
        name.replace("step", "step with Adam"): Row(
            timed(partial(training.with_adam, case), 0.1), "PyTorch", {"chainrule": goal})
        for (name, case), goal in zip(training.CASES.items(), (0.4, 0.6, 1.0), strict=True)
    },
    **{name: Row(timed(partial(layers.contenders, name), 0.3), "PyTorch", {"chainrule": 1}) for name in layers.CASES},
    "memory on Dask, 480 MB": Row(
        lambda rounds: lazy.peaks(min(rounds, 3)), "the limit",
        dict.fromkeys(("chainrule, threads", "chainrule, processes"), 1.0), "bytes"),
    "Dask where the data fit, 40 MB": Row(lazy.overhead, "chainrule on NumPy", {}),
    **{
        f"ranks: {name}": Row(partial(ranks.figures, name), peer, ranks.GOALS[name])
        for name, peer in ranks.PEERS.items()
    },
    **{
        f"compiled {name}": Row(timed(partial(compiled.contenders, case), 0.1), peer, {"compiled": goal})
        for (name, case), peer, goal in zip(
            training.CASES.items(), ("JAX jit", "JAX jit", "PyTorch"), (0.5, 0.8, 0.9), strict=True)
    },
    "compiled training step of LeNet, batch 64": Row(timed(compiled.lenet, 0.3), "PyTorch", {"compiled": 0.9}),
    **{
        name: Row(timed(partial(derivatives.contenders, case), 0.05), "torch.func", {"compiled": 1})
        for name, case in derivatives.CASES.items()
    },
    **{
        f"compiling {name}": Row(timed(partial(compiled.capture, case), 0.1), "chainrule", {"capture": 20})
        for name, case in training.CASES.items()
    },
}  # fmt: skip


def main(argv: list[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("word", nargs="?", default="", help="only the work whose name contains this")
    parser.add_argument("--rounds", type=int, default=9, help="how many turns each contender gets")
    parser.add_argument("--json", help="where to write the figures")
    parser.add_argument("--plot", help="where to draw them (.svg, .png, .pdf)")
    parser.add_argument("--hips", help="a Python interpreter that has HIPS autograd")
    arguments = parser.parse_args(argv)
    sys.setrecursionlimit(10_000)  # micrograd's backward pass recurses
    table = {}
    print(f"{'':<28}{'figure':>14}{'':>8}{'of the peer':>12}{'goal':>8}")
    for name, row in ROWS.items():
        if arguments.word in name:
            table[name] = entries(row, row.measure(arguments.rounds))
            show(name, table[name], row.unit)
    if arguments.hips:
        join(table, hips.multiples(arguments.hips, arguments.rounds))
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump({"machine": machine(), "work": table}, file, indent=1)
    if arguments.plot:
        from .plot import draw

        draw(table, arguments.plot)


def entries(row: Row, figures: Figures) -> dict[str, dict[str, Any]]:
    """What the table says of each contender: its figure, its spread, its fraction of the peer's, and its goal."""
    peer = figures.get(row.peer)
    return {
        who: {
            "value": figure.value,
            "spread": figure.spread,
            "ratio": figure.value / peer.value if peer else None,
            "goal": row.goals.get(who),
        }
        for who, figure in figures.items()
    }


def show(name: str, contenders: Mapping[str, Mapping[str, Any]], unit: str) -> None:
    """Print the lines of one piece of work."""
    print(f"\n{name}")
    for who, entry in contenders.items():
        figure = f"{entry['value'] * 1e6:,.1f} µs" if unit == "s" else f"{entry['value']:,.0f} {unit}"
        spread = f"± {entry['spread'] / entry['value']:.0%}" if entry["value"] else ""
        ratio = f"{entry['ratio']:.3f}" if entry["ratio"] is not None else "-"
        goal = f"{entry['goal']:.3g}" if entry["goal"] is not None else ""
        met = (
            ""
            if entry["goal"] is None or entry["ratio"] is None
            else " met"
            if entry["ratio"] <= entry["goal"]
            else " missed"
        )
        print(f"  {who:<26}{figure:>16}{spread:>6}{ratio:>12}{goal:>8}{met}")
    if not contenders:
        print("  needs what this machine has not: Linux, which tells the peak of a process, or mpiexec, or Dask")


def join(table: dict[str, Any], multiples: Mapping[str, float]) -> None:
    """Enter HIPS autograd, whose times came as multiples of NumPy by hand."""
    print("\nHIPS autograd, in a process of its own, by way of NumPy by hand")
    for name, multiple in multiples.items():
        by_hand = table.get(name, {}).get("NumPy by hand")
        if by_hand and by_hand["ratio"] is not None:
            ratio = multiple * by_hand["ratio"]
            table[name]["HIPS autograd"] = {
                "value": multiple * by_hand["value"],
                "spread": 0.0,
                "ratio": ratio,
                "goal": None,
            }
            print(f"  {name:<54}{ratio:>8.3f}")


def machine() -> dict[str, str]:
    """Where and with what this was measured."""
    import numpy

    return {
        "python": platform.python_version(),
        "numpy": numpy.__version__,
        "machine": platform.machine(),
        "system": platform.system(),
    }


if __name__ == "__main__":
    main()
