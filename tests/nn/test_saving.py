"""Files: what goes in comes out, what is damaged is refused, and who is interrupted keeps the old one."""

from __future__ import annotations

import json
import os
import pickle
import re
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
from autograd import Tensor, errors
from nn.optim import lr_scheduler
from nn.saving import FileError, MissingFileError, atomic


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "model.safetensors"


def network(seed: int = 0, sizes: tuple[int, ...] = (3, 4, 2)) -> nn.Module:
    return nn.MLP(*sizes, rng=np.random.default_rng(seed))


def are_equal(a: Any, b: Any) -> bool:
    """Whether two trees are the same: kinds, dtypes and all."""
    if type(a) is not type(b):
        return False
    if isinstance(a, dict):
        return list(a) == list(b) and all(are_equal(a[key], b[key]) for key in a)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(are_equal, a, b))
    if isinstance(a, (np.ndarray, np.generic)):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    return bool(a == b)


def test_weights_come_back_bit_for_bit(path: Path) -> None:
    model, other = network(0), network(1)
    nn.save(model, path)
    found = nn.load(path, other)
    assert are_equal(found, model.state_dict())
    assert are_equal(other.state_dict(), model.state_dict())
    nn.save(model.state_dict(), path)
    assert are_equal(nn.load(str(path)), model.state_dict())


def test_plain_data_comes_back_as_it_was(path: Path) -> None:
    tree = {
        "numbers": [1, 2.5, True, None, "text", float("inf"), 2**100, 1e-300], "tuple": (1, (2,), ()), "empty": {},
        3: {"a": np.arange(3), (1, "b"): np.zeros((0, 2))}, "$odd": "$", "a.b": np.ones(1), "a": {"b": np.zeros(2)},
        "scalar": np.float32(0.1), "point": np.array(3.5), "bool": np.array([True]),
        "columns": np.asfortranarray(np.eye(3)),
        "dtypes": [np.ones(2, d) for d in ("f2", "f4", "f8", "i1", "u2", "i4", "u8", "c8")],
        "bits": np.random.MT19937(0).state,
    }  # fmt: skip
    nn.save(tree, path)
    assert are_equal(nn.load(path), tree)


def test_other_byte_orders_and_tensors(path: Path) -> None:
    nn.save({"big": np.arange(3, dtype=">f8"), "view": np.arange(6.0)[::-2], "tensor": Tensor([1.0])}, path)
    found = nn.load(path)
    assert (found["big"].tolist(), found["view"].tolist(), found["tensor"].tolist()) == ([0, 1, 2], [5, 3, 1], [1])


def test_a_file_does_not_hang_on_the_run(path: Path) -> None:
    texts = []
    for _ in range(3):
        nn.save(network(), path)
        texts.append(path.read_bytes())
    assert texts[0] == texts[1] == texts[2]


def parts(model: nn.Module) -> dict[str, Any]:
    optimizer = nn.AdamW(model.parameters(), lr=0.01, amsgrad=True)
    warm_up = lr_scheduler.LinearLR(optimizer, 0.1, total_iters=4)
    schedule = lr_scheduler.SequentialLR(optimizer, [warm_up, lr_scheduler.CosineAnnealingLR(optimizer, 9)], [4])
    return {"optimizer": optimizer, "schedule": schedule, "rng": np.random.default_rng(5)}


def train(model: nn.Module, optimizer: Any, schedule: Any, rng: Any, steps: int) -> None:
    for _ in range(steps):
        optimizer.zero_grad()
        noise = nn.init.generator().normal(size=(16, 3)).astype(np.float32)
        nn.cross_entropy(model(noise), rng.integers(0, 2, 16)).backward()
        optimizer.step()
        schedule.step()


def test_a_training_goes_on_from_its_file_bit_for_bit(path: Path) -> None:
    nn.manual_seed(0)
    model = network()
    run = parts(model)
    train(model, **run, steps=7)
    nn.save(model, path, **run, epoch=7)
    train(model, **run, steps=7)
    nn.manual_seed(99)
    other = network(1)
    again = parts(other)
    assert nn.load(path, other, **again)["epoch"] == 7
    train(other, **again, steps=7)
    assert are_equal(other.state_dict(), model.state_dict())
    assert are_equal(again["optimizer"].state_dict(), run["optimizer"].state_dict())


def test_the_generator_of_nn_is_saved_with_a_training_and_left_alone_otherwise(path: Path) -> None:
    model = network()
    optimizer = nn.SGD(model.parameters(), lr=0.1)
    nn.manual_seed(0)
    nn.save(model, path, optimizer=optimizer)
    drawn = nn.init.generator().random()
    nn.load(path, model)
    assert nn.init.generator().random() != drawn
    nn.load(path, model, optimizer=optimizer)
    assert nn.init.generator().random() == drawn


def test_the_weights_of_a_whole_training_load_alone(path: Path) -> None:
    model, other = network(0), network(1)
    nn.save(model, path, optimizer=nn.SGD(model.parameters(), lr=0.1))
    nn.load(path, other)
    assert are_equal(other.state_dict(), model.state_dict())


def test_a_network_whose_part_is_called_model(path: Path) -> None:
    class Outer(nn.Module):
        def __init__(self, seed: int) -> None:
            self.model = network(seed)

    first, second = Outer(0), Outer(1)
    nn.save(first, path)
    nn.load(path, second)
    assert are_equal(first.state_dict(), second.state_dict())


# Bad files.


def test_a_file_that_is_cut_short_is_refused_at_every_length(path: Path) -> None:
    model = network(sizes=(2, 2))
    nn.save(model, path)
    whole, before = path.read_bytes(), model.state_dict()
    for length in range(len(whole)):
        path.write_bytes(whole[:length])
        with pytest.raises(FileError, match=re.escape(str(path))):
            nn.load(path, model)
    path.write_bytes(whole + b"\0")
    with pytest.raises(FileError, match=re.escape(str(path))):
        nn.load(path, model)
    assert are_equal(model.state_dict(), before)


def test_a_file_in_which_any_byte_was_changed_is_refused(path: Path) -> None:
    model = network(sizes=(2, 2))
    nn.save(model, path, epoch=3)
    whole = path.read_bytes()
    rng = np.random.default_rng(0)
    for place in range(len(whole)):
        for bit in (1 << int(rng.integers(8)), 1):
            path.write_bytes(whole[:place] + bytes([whole[place] ^ bit]) + whole[place + 1 :])
            with pytest.raises(FileError, match=re.escape(str(path))):
                nn.load(path, model)


def test_files_of_other_formats(path: Path, tmp_path: Path) -> None:
    path.write_bytes(pickle.dumps({"weight": [1.0]}))
    with pytest.raises(FileError, match="a pickle, which may run any program") as raised:
        nn.load(path)
    assert "safetensors.torch.save_file(torch.load(path, weights_only=True)" in str(raised.value)
    np.savez(tmp_path / "a.npz", weight=np.ones(2))
    with pytest.raises(FileError, match="a zip archive"):
        nn.load(tmp_path / "a.npz")
    np.save(tmp_path / "a.npy", np.ones(2))
    with pytest.raises(FileError, match="an array of NumPy's"):
        nn.load(tmp_path / "a.npy")
    path.write_text('{"weight": [1.0]}')
    with pytest.raises(FileError, match="17 bytes that are none"):
        nn.load(path)
    with pytest.raises(MissingFileError, match="no-such-file"):
        nn.load(tmp_path / "no-such-file")
    with pytest.raises(FileNotFoundError, match="a folder of this name"):
        nn.save(network(), tmp_path / "no-such-folder" / "model.safetensors")


def test_what_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(errors.ArgumentError, match=r"nn\.save\(model, 'model\.safetensors'\)"):
        nn.save("model.safetensors", network())  # the wrong way round
    with pytest.raises(errors.ArgumentError, match="MLP"):
        nn.load(network(), "model.safetensors")
    for act in (nn.load, lambda path: nn.save(network(), path)):
        with pytest.raises(errors.ArgumentError, match="the folder"):
            act(tmp_path)


def foreign(path: Path, header: dict[str, Any], body: bytes) -> None:
    text = json.dumps(header).encode()
    path.write_bytes(len(text).to_bytes(8, "little") + text + body)


def test_dtypes_that_numpy_lacks(path: Path) -> None:
    halves = np.float32([1.0, -2.5]).view(np.uint32) >> 16
    foreign(path, {"w": {"dtype": "BF16", "shape": [2], "data_offsets": [0, 4]}}, halves.astype("<u2").tobytes())
    assert (nn.load(path)["w"].dtype, nn.load(path)["w"].tolist()) == (np.float32, [1.0, -2.5])
    foreign(path, {"w": {"dtype": "F8_E4M3", "shape": [2], "data_offsets": [0, 2]}}, b"ab")
    with pytest.raises(FileError, match=r"tensor\.float\(\)"):
        nn.load(path)


def test_a_stranger_who_claims_to_be_ours(path: Path) -> None:
    for notes in ("{}", "[1]", "no JSON", '{"tree": {"$array": "gone"}}', '{"tree": {"$what": 1}}'):
        foreign(path, {"__metadata__": {"chainrule": notes}}, b"")
        with pytest.raises(FileError, match="a checksum"):
            nn.load(path)
    data = nn.saving.format.to_bytes({}, {"$array": "gone"})
    path.write_bytes(data)
    with pytest.raises(FileError, match="a description of what is in it"):
        nn.load(path)


# What does not fit.


def test_nothing_is_loaded_if_anything_does_not_fit(path: Path) -> None:
    model, other = network(0), network(1)
    optimizer = nn.Adam(model.parameters())
    nn.save(model, path, optimizer=optimizer, epoch=1)
    before = other.state_dict()
    with pytest.raises(errors.ArgumentError, match="the same groups"):
        nn.load(path, other, optimizer=nn.Adam([Tensor(1.0)]))
    assert are_equal(other.state_dict(), before)
    with pytest.raises(errors.ArgumentError, match="a part 'schedule'"):
        nn.load(path, other, schedule=lr_scheduler.StepLR(optimizer, 3))
    with pytest.raises(errors.ArgumentError, match="what else has a load_state_dict"):
        nn.load(path, other, epoch=3)
    with pytest.raises(errors.ArgumentError, match="manual_seed"):
        nn.save(model, path, manual_seed=3)
    assert are_equal(other.state_dict(), before)


def test_keys_shapes_and_dtypes(path: Path) -> None:
    model = network()
    whole = model.state_dict()
    first = next(iter(whole))
    missing = {name: array for name, array in whole.items() if name != first}
    for state, kind, part in (
        (missing, errors.ArgumentError, f"missing {first}"),
        ({**whole, "extra": np.ones(1)}, errors.ArgumentError, "unexpected extra"),
        ({**whole, first: np.ones((2, 2), np.float32)}, errors.ShapeError, r"\(2, 2\)"),
        ({**whole, first: whole[first].astype(np.complex64)}, errors.DtypeError, "complex64"),
    ):
        nn.save(state, path)
        with pytest.raises(kind, match=part):
            nn.load(path, model)
        assert are_equal(model.state_dict(), whole)
    nn.save(missing, path)
    nn.load(path, model, strict=False)
    nn.save({name: array.astype(np.float64) for name, array in whole.items()}, path)
    nn.load(path, model)
    assert are_equal(model.state_dict(), whole)


@pytest.mark.parametrize(("tree", "part"), [
    ({"f": print}, "nn.save: f"),
    ({"a": [1, object()]}, r"nn.save: a\.1"),
    ({"w": np.ones(2, complex)}, "complex128"),
    ({"w": np.array(["a"])}, "<U1"),
    ({"w": np.array([None])}, "object"),
])  # fmt: skip
def test_what_cannot_be_saved(path: Path, tree: Any, part: str) -> None:
    path.write_text("old")
    with pytest.raises(errors.DtypeError, match=part):
        nn.save(tree, path)
    assert path.read_text() == "old"


# Whole or not at all.


def test_a_file_that_cannot_be_written_leaves_the_old_one(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_bytes(b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        nn.save(network(), path)
    assert path.read_bytes() == b"old"
    assert os.listdir(path.parent) == [path.name]


def test_links_and_permissions_stay(path: Path, tmp_path: Path) -> None:
    path.write_bytes(b"old")
    path.chmod(0o640)
    link = tmp_path / "link"
    link.symlink_to(path)
    nn.save(network(), link)
    assert link.is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    nn.load(path, network(1))


PROGRAM = """
import os, signal, sys, time
import numpy as np
from nn.saving import load, save
path, kills, hits = sys.argv[1], 60, 0
arrays = [{"w": np.full(300_000, x, np.float32)} for x in (1.0, 2.0)]
save(arrays[0], path)
for moment in np.random.default_rng(0).uniform(0.002, 0.03, kills):
    child = os.fork()
    if not child:
        while True:
            save(arrays[0], path)
            save(arrays[1], path)
    time.sleep(moment)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    hits += len(os.listdir(os.path.dirname(path))) > 1
    assert np.ptp(load(path)["w"]) == 0
print(hits)
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="processes cannot be forked here")
def test_kill_9_while_saving_leaves_a_whole_file(path: Path) -> None:
    """Sixty processes that do nothing but save are killed at random moments; the file is always one of the two."""
    run = subprocess.run([sys.executable, "-c", PROGRAM, str(path)], capture_output=True, text=True, check=True)
    assert int(run.stdout) > 0  # some of them in the middle of writing
    nn.save(network(), path)
    assert os.listdir(path.parent) == [path.name]  # what the killed ones left behind is gone


def test_a_living_process_keeps_its_temporary_file(path: Path) -> None:
    beside = path.parent / f"{atomic._prefix(path.name)}{os.getpid()}-abc.tmp"
    beside.write_bytes(b"being written")
    nn.save(network(), path)
    assert beside.exists()
