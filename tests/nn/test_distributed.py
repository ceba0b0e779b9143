"""Several ranks do what one does; and when one fails, all end. What the ranks run is in ``ranks.py``."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
from nn.distributed import MissingMPIError, World, as_world

ROOT = Path(__file__).parents[2]
MPIEXEC = shutil.which("mpiexec", path=os.path.dirname(sys.executable)) or shutil.which("mpiexec")
ENVIRONMENT = {
    **os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1",
}  # fmt: skip

needs_mpi = pytest.mark.skipif(
    not (MPIEXEC and find_spec("mpi4py")), reason="mpiexec or mpi4py is not there: pip install 'chainrule[mpi]'"
)


def run(ranks: int, *arguments: Any) -> subprocess.CompletedProcess[str]:
    """A Python program on so many ranks, 0 for none of MPI; it ends, or the test fails."""
    mpiexec = [str(MPIEXEC), "-n", str(ranks)] if ranks else []
    command = [*mpiexec, sys.executable, "-W", "error", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=ENVIRONMENT, timeout=120)


def succeed(ranks: int, *arguments: Any) -> str:
    """What it printed."""
    done = run(ranks, *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def train(ranks: int, folder: Path, name: str, epochs: int = 4, *more: Any) -> Any:
    """What a training saved at its end."""
    out = folder / f"{name}.end"
    succeed(ranks, "-m", "tests.nn.ranks", "train", folder / name, epochs, out, *more)
    return nn.load(out)


def assert_same(a: Any, b: Any) -> None:
    for name, numbers in a["history"].items():
        np.testing.assert_allclose(b["history"][name], numbers, rtol=1e-9)
    for name, x in a["state"].items():
        np.testing.assert_allclose(b["state"][name], x, rtol=0, atol=1e-8)


@needs_mpi
@pytest.mark.parametrize("ranks", [2, 3])
def test_parts_of_batches_give_the_gradients_of_whole_ones(ranks: int) -> None:
    succeed(ranks, "-m", "tests.nn.ranks", "gradients+parts+rest")
    succeed(ranks, "-m", "tests.nn.ranks", "losses")


@needs_mpi
def test_fit_is_the_same_on_any_number_of_ranks_and_goes_on_on_another(tmp_path: Path) -> None:
    alone = train(0, tmp_path, "alone")
    assert_same(alone, train(3, tmp_path, "three"))
    killed = run(2, "-m", "tests.nn.ranks", "train", tmp_path / "killed", 4, tmp_path / "killed.end", 0, "kill")
    assert killed.returncode
    assert nn.load(tmp_path / "killed")["training"]["epoch"] == 1  # the last one that was finished, and whole
    assert_same(alone, train(3, tmp_path, "killed"))


@needs_mpi
def test_goes_on_bit_for_bit_and_one_rank_can_stop_all(tmp_path: Path) -> None:
    whole = train(2, tmp_path, "whole", 4, 0.5)
    train(2, tmp_path, "halves", 2, 0.5)
    halves = train(2, tmp_path, "halves", 4, 0.5)
    assert whole["history"] == halves["history"]
    assert all((x == halves["state"][name]).all() for name, x in whole["state"].items())
    stopped = train(2, tmp_path, "stopped", 4, 0, "stop")
    assert stopped["early"]
    assert len(stopped["history"]["loss"]) == 2


@needs_mpi
@pytest.mark.parametrize(
    ("how", "given"),
    [
        ("raise", "OSError: the disk is full"),
        ("exit", "SystemExit: 3"),
        ("interrupt", "KeyboardInterrupt: "),
        ("nan", "NotFiniteError: nn.fit: epoch 2, batch 3"),
    ],
)
def test_an_error_of_one_rank_in_fit_ends_all(tmp_path: Path, how: str, given: str) -> None:
    done = run(2, "-m", "tests.nn.ranks", "train", tmp_path / "run", 4, tmp_path / "end", 0, how)
    assert done.returncode
    assert (
        "\nrank 1 of 2\n"
        "  expected: every rank at work until the end\n"
        f"  got:      {given}\n"
        "  cure:     what the error above says; then the same command: "
        "nn.fit(..., checkpoint=...) goes on from its last epoch\n"
    ) in done.stderr
    assert nn.load(tmp_path / "run")["training"]["epoch"] == 1


@needs_mpi
@pytest.mark.parametrize(
    ("how", "given"),
    [
        ("raise", "KeyError: 'no such digit'"),
        ("nan", "RankError: the backward pass of 2 ranks\n"),
        ("shapes", "expected: as rank 0, 2.weight: ((4, 4), 'float32')\n  got:      2.weight: ((5, 4), 'float32')"),
        ("kill", ""),
    ],
)
def test_an_error_of_one_rank_in_a_loop_ends_all(how: str, given: str) -> None:
    done = run(2, "-m", "tests.nn.ranks", "fails", how)
    assert done.returncode
    assert given in done.stderr
    assert how == "kill" or "\nrank 1 of 2\n" in done.stderr


@needs_mpi
def test_the_example_gives_the_same_on_any_number_of_ranks(tmp_path: Path) -> None:
    said = [succeed(ranks, "examples/digits_mpi.py").partition(": ")[::2] for ranks in (0, 1, 2, 4)]
    assert [rank.partition(",")[0] for rank, _ in said] == ["1 rank", "1 rank", "2 ranks", "4 ranks"]
    accuracies = [float(found.split(", ")[1].split("%")[0]) for _, found in said]
    assert min(accuracies) > 96
    assert max(accuracies) - min(accuracies) < 1  # sums in another order, and twelve epochs of float32


@needs_mpi
def test_ranks_that_do_not_see_each_other_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENVIRONMENT, "OMPI_COMM_WORLD_SIZE", "2")  # as the mpiexec of another MPI says
    done = run(0, "-W", "default", "-c", "import nn; nn.distributed.world()")
    assert "expected: 2 processes that know each other" in done.stderr
    assert "got:      2 that are each alone" in done.stderr
    assert "mpiexec, that of the same MPI" in done.stderr


def test_missing_mpi_names_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "mpi4py", None)
    with pytest.raises(MissingMPIError) as raised:
        nn.distributed.world()
    lines = str(raised.value).splitlines()
    assert lines[0] == "nn.distributed.world()"
    assert lines[1:] == [
        "  expected: mpi4py and an MPI",
        "  got:      none: import of mpi4py halted; None in sys.modules",
        "  cure:     pip install 'chainrule[mpi]'",
    ]


def test_what_is_no_communicator_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"expected: a communicator of mpi4py\n  got:      2\n"):
        as_world(2)
    world = World()
    assert as_world(world) is world


def test_one_rank_needs_no_mpi() -> None:
    world, model = World(), nn.Linear(2, 1)
    world.same_start(model)
    for (x,) in world.shard([(np.ones((3, 2), np.float32),)]):
        with world:
            world.backward(model(x).mean(), model.parameters())
    assert model.weight.grad.tolist() == [[1.0, 1.0]]
    assert world.sum(2.0) == 2.0
    with pytest.raises(KeyError), world:
        raise KeyError
