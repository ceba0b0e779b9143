"""HIPS autograd, which shares our import name: timed by an interpreter that has it, where ours is out of sight.

``python -I benchmarks/hips.py ROUNDS`` prints, as JSON, its times as multiples of NumPy by hand, timed in the
same process; NumPy by hand is in every table, and joins the two.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def multiples(interpreter: str, rounds: int) -> dict[str, float]:
    """The time of each piece of work on HIPS autograd as a multiple of that of NumPy by hand."""
    command = [interpreter, "-I", str(HERE / "hips.py"), str(rounds)]
    found: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


def _see_only_benchmarks() -> None:
    """Make the package ``benchmarks`` importable without the folder around it, where our ``autograd`` lies too."""
    spec = importlib.util.spec_from_file_location(
        "benchmarks", HERE / "__init__.py", submodule_search_locations=[str(HERE)]
    )
    assert spec
    assert spec.loader
    package = importlib.util.module_from_spec(spec)
    sys.modules["benchmarks"] = package
    spec.loader.exec_module(package)


def main(rounds: int) -> None:
    """Time HIPS autograd beside NumPy by hand."""
    _see_only_benchmarks()
    from benchmarks.timing import interleave
    from benchmarks.work import arrays, derivatives, training

    pairs: dict[str, dict[str, Any]] = {arrays.CHAIN: {"hips": arrays.chain_in_hips(), "NumPy": arrays.chain_in_numpy}}
    for name, case in training.CASES.items():
        pairs[name] = {"hips": training.in_hips(case), "NumPy": training.in_numpy(case)}
    for name, whole in derivatives.CASES.items():
        pairs[name] = {"hips": derivatives.in_hips(whole), "NumPy": derivatives.in_numpy(whole)}
    found = {}
    for name, pair in pairs.items():
        figures = interleave(pair, rounds, 0.05)
        found[name] = figures["hips"].value / figures["NumPy"].value
    print(json.dumps(found))


if __name__ == "__main__":
    main(int(sys.argv[1]))
