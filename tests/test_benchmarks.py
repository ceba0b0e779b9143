"""The benchmarks run. How fast things are is not tested: see ``make bench``."""

from __future__ import annotations

import json
import math
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import __main__ as bench
from benchmarks import lazy, probes, process, ranks
from benchmarks.timing import Figure, interleave
from benchmarks.work import installed, scalars


@pytest.fixture
def table(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Any:
    """One quick run of everything that needs no peer, as it is written to a file."""
    folder: Path = tmp_path_factory.mktemp("bench")
    for i, name in enumerate(scalars.LENGTHS):  # short chains will do here
        monkeypatch.setitem(scalars.LENGTHS, name, 10_000 * (i + 1))
    monkeypatch.setattr(lazy, "PIECES", 4)
    bench.main(["--rounds", "1", "--json", str(folder / "bench.json"), "--plot", str(folder / "bench.svg")])
    assert (folder / "bench.svg").stat().st_size > 1000
    return json.loads((folder / "bench.json").read_text())


@pytest.mark.filterwarnings("ignore:.torch.jit.script:DeprecationWarning")  # torch.func itself calls it
def test_every_work_has_a_figure_of_ours(table: Any) -> None:
    assert set(table["work"]) == set(bench.ROWS)
    for name, contenders in table["work"].items():
        assert contenders or (
            (name.startswith("memory") and not process.STATUS.exists())
            or ("Dask" in name and not find_spec("distributed"))
            or (name.startswith("ranks") and not ranks.MPIEXEC)
        ), name
        assert all(math.isfinite(entry["value"]) and entry["value"] > 0 for entry in contenders.values()), name


def test_fractions_are_of_the_peer() -> None:
    row = bench.Row(lambda rounds: {}, "peer", {"ours": 0.5})
    entries = bench.entries(row, {"peer": Figure(4.0), "ours": Figure(1.0, 0.1)})
    assert entries["ours"] == {"value": 1.0, "spread": 0.1, "ratio": 0.25, "goal": 0.5}
    assert bench.entries(row, {"ours": Figure(1.0)})["ours"]["ratio"] is None


def test_table_says_what_is_met(capsys: pytest.CaptureFixture[str]) -> None:
    row = bench.Row(lambda rounds: {}, "peer", {"fast": 0.5, "slow": 0.5})
    bench.show("work", bench.entries(row, {"peer": Figure(4.0), "fast": Figure(1.0), "slow": Figure(3.0)}), "s")
    lines = capsys.readouterr().out.splitlines()
    assert lines[3].endswith("0.250     0.5 met")
    assert lines[4].endswith("0.750     0.5 missed")


def test_contenders_take_turns() -> None:
    calls: list[str] = []
    interleave({"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, rounds=3, turn=0)
    assert "".join(calls).endswith("ababab")


def test_what_is_not_installed_is_left_out() -> None:
    def missing() -> Any:
        raise ModuleNotFoundError("a peer")

    assert installed({"here": lambda: 1, "not here": missing}) == {"here": 1}


def test_hips_joins_by_way_of_numpy(capsys: pytest.CaptureFixture[str]) -> None:
    table: dict[str, Any] = {"work": {"NumPy by hand": {"value": 2.0, "ratio": 0.25}}}
    bench.join(table, {"work": 8.0})
    assert table["work"]["HIPS autograd"] == {"value": 16.0, "spread": 0.0, "ratio": 2.0, "goal": None}
    assert "2.000" in capsys.readouterr().out


def test_no_gradient_is_wrong_at_the_hard_places() -> None:
    assert probes.verdicts(probes.of_chainrule()) == ["right"] * len(probes.PROBES)


def test_a_wrong_gradient_is_told() -> None:
    probe = probes.Probe("x**2 at 1", lambda m, x: (x**2).sum(), [1.0], [2.0])
    assert probes.verdict(lambda probe: np.array([2.0]), probe) == "right"
    assert probes.verdict(lambda probe: np.array([3.0]), probe) == "3"
    assert probes.verdict(lambda probe: np.array([np.nan]), probe._replace(right=None)) == "nan"
    assert probes.verdict(lambda probe: probe.nothing, probe) == "not there (AttributeError)"
