"""Figures that need a process of their own: memory, and the time of an import.

``python -m benchmarks.process benchmarks.work.training:loop chainrule`` prints one number: by how many
bytes the peak of the process rose while the work ran, above what it held when the work was ready.
"""

from __future__ import annotations

import gc
import importlib
import os
import re
import subprocess
import sys
import time
from pathlib import Path

from .timing import Figure, summary

STATUS = Path("/proc/self/status")


def memory(works: str, contenders: list[str], rounds: int) -> dict[str, Figure]:
    """The peak of each contender above its start in bytes; nothing where the system does not tell it: Linux does."""
    if not STATUS.exists():
        return {}
    figures: dict[str, list[float]] = {who: [] for who in contenders}
    for _ in range(rounds):
        for who in contenders:
            figures[who].append(float(_python("-m", "benchmarks.process", works, who)))
    return {who: summary(values) for who, values in figures.items()}


def imports(modules: dict[str, str], rounds: int) -> dict[str, Figure]:
    """The seconds that each import takes in a fresh interpreter, in turns."""
    figures: dict[str, list[float]] = {who: [] for who in modules}
    clock = "import time; t = time.perf_counter(); import {}; print(time.perf_counter() - t)"
    for names in modules.values():
        _python("-c", clock.format(names))  # compiles what is not compiled yet
    for _ in range(rounds):
        for who, names in modules.items():
            figures[who].append(float(_python("-c", clock.format(names))))
    return {who: summary(values) for who, values in figures.items()}


def _python(*arguments: str) -> str:
    compiling = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True, env=compiling).stdout


def _bytes(field: str) -> int:
    """A field of the system's report on this process."""
    found = re.search(rf"{field}:\s+(\d+) kB", STATUS.read_text())
    assert found
    return int(found[1]) * 1024


def main(works: str, who: str) -> None:
    """Get the work ready, forget the peak so far, do the work, print the new peak."""
    module, name = works.split(":")
    work = getattr(importlib.import_module(module), name)(who)
    gc.collect()
    time.sleep(0.05)
    Path("/proc/self/clear_refs").write_text("5")
    start = _bytes("VmRSS")
    work()
    print(_bytes("VmHWM") - start)


if __name__ == "__main__":
    main(*sys.argv[1:])
