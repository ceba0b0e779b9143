"""Data sets, loaders and splits. Against PyTorch: ``tests/oracles``."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import pytest

import nn
from autograd import Tensor, errors, no_grad
from autograd.graph import is_recording
from nn.data import DataLoader, Dataset, Subset, TensorDataset, default_collate, random_split

FIVE = TensorDataset(np.arange(5.0), np.arange(5))


def labels(loader: DataLoader) -> list[list[int]]:
    return [y.tolist() for _, y in loader]


class Slow(Dataset):
    """Examples that take their time, the first ones the longest."""

    def __init__(self) -> None:
        self.threads: set[str] = set()

    def __len__(self) -> int:
        return 12

    def __getitem__(self, i: int) -> dict[str, Any]:
        self.threads.add(threading.current_thread().name)
        time.sleep(0.002 * (12 - i))
        if i == 11:
            assert not is_recording()  # workers run as their caller does
        return {"x": np.full(2, float(i)), "y": i}


class Lines:
    """What can only be gone through."""

    def __iter__(self) -> Iterator[tuple[float, int]]:
        return ((float(i), i) for i in range(5))


def test_batches_and_the_last_one() -> None:
    assert labels(DataLoader(FIVE, 2)) == [[0, 1], [2, 3], [4]]
    assert labels(DataLoader(FIVE, 2, drop_last=True)) == [[0, 1], [2, 3]]
    assert [len(DataLoader(FIVE, 2, drop_last=d)) for d in (False, True)] == [3, 2]
    assert labels(DataLoader(FIVE)) == [[0], [1], [2], [3], [4]]
    assert [y for _, y in DataLoader(FIVE, batch_size=None)] == [0, 1, 2, 3, 4]
    assert len(DataLoader(FIVE, batch_size=None)) == 5


def test_samplers() -> None:
    assert labels(DataLoader(FIVE, 2, sampler=[4, 4, 0])) == [[4, 4], [0]]
    assert labels(DataLoader(FIVE, batch_sampler=[[1], [2, 3, 0]])) == [[1], [2, 3, 0]]
    assert (len(DataLoader(FIVE, 2, sampler=[4, 4, 0])), len(DataLoader(FIVE, batch_sampler=[[1], [2, 3]]))) == (2, 2)


def test_each_pass_has_an_order_of_its_own_and_all_hang_on_the_seed() -> None:
    loader, again = (DataLoader(TensorDataset(np.zeros(50), np.arange(50)), 50, shuffle=True, seed=3) for _ in range(2))
    first, second = labels(loader), labels(loader)
    assert sorted(first[0]) == list(range(50))
    assert first != second
    assert [labels(again), labels(again)] == [first, second]


def test_without_a_seed_the_order_hangs_on_manual_seed() -> None:
    orders = []
    for _ in range(2):
        nn.manual_seed(7)
        orders.append(labels(DataLoader(FIVE, 5, shuffle=True)))
    assert orders[0] == orders[1]
    generator = np.random.default_rng(0)
    order = np.random.default_rng(0).permutation(5).tolist()
    assert labels(DataLoader(FIVE, 5, shuffle=True, generator=generator)) == [order]


def test_a_loader_goes_on_from_its_saved_state() -> None:
    data = TensorDataset(np.zeros(50), np.arange(50))
    loader, other = DataLoader(data, 50, shuffle=True, seed=3), DataLoader(data, 50, shuffle=True, seed=4)
    labels(loader)
    other.load_state_dict(loader.state_dict())
    assert labels(loader) == labels(other)
    with pytest.raises(errors.ArgumentError, match="seed of its own"):
        DataLoader(data).load_state_dict(loader.state_dict())


@pytest.mark.parametrize("workers", [1, 3])
def test_workers_change_nothing_but_who_loads(workers: int) -> None:
    data = Slow()
    with no_grad():
        alone = [(b["x"].tolist(), b["y"].tolist()) for b in DataLoader(data, 2)]
        data.threads.clear()
        loader = DataLoader(data, 2, num_workers=workers)
        assert [(b["x"].tolist(), b["y"].tolist()) for b in loader] == alone
    assert threading.current_thread().name not in data.threads
    assert len(data.threads) == workers


def test_workers_end_with_the_loop() -> None:
    before = threading.active_count()
    for _ in DataLoader(FIVE, num_workers=3):
        break
    assert threading.active_count() == before


@pytest.mark.parametrize("workers", [0, 2])
def test_an_error_comes_in_its_place_and_names_the_examples(workers: int) -> None:
    data = [1.0, 2.0, "three", 4.0]
    batches = iter(DataLoader(data, 2, num_workers=workers, collate_fn=lambda xs: np.asarray(xs, float)))
    assert next(batches).tolist() == [1.0, 2.0]
    with pytest.raises(ValueError, match="three") as raised:
        next(batches)
    assert raised.value.__notes__ == ["DataLoader: in the batch of the examples [2, 3]"]


def test_what_can_only_be_gone_through() -> None:
    assert labels(DataLoader(Lines(), 2)) == [[0, 1], [2, 3], [4]]
    assert labels(DataLoader(Lines(), 2, drop_last=True)) == [[0, 1], [2, 3]]
    assert list(DataLoader(Lines(), batch_size=None))[1] == (1.0, 1)
    with pytest.raises(errors.DtypeError, match="no length"):
        len(DataLoader(Lines(), 2))


def test_a_subset_is_as_fast_as_the_whole() -> None:
    part = Subset(FIVE, [3, 1, 4])
    assert labels(DataLoader(part, 2)) == [[3, 1], [4]]
    assert labels(DataLoader(Subset(part, [2, 0]), 2)) == [[4, 3]]
    assert labels(DataLoader(Subset([(0.0, 0), (1.0, 1)], [1]), 2)) == [[1]]


class Point(NamedTuple):
    x: float
    y: float


def test_batches_are_arranged_as_examples_are() -> None:
    batch = default_collate([(np.ones(2), {"a": 1, "b": [True, "u"]}, Point(1.0, 2.0)) for _ in range(3)])
    assert isinstance(batch, tuple)
    assert (batch[0].shape, batch[1]["a"].dtype.kind, batch[1]["b"][0].dtype.kind) == ((3, 2), "i", "b")
    assert batch[1]["b"][1] == ["u", "u", "u"]
    assert isinstance(batch[2], Point)
    assert batch[2].x.tolist() == [1.0, 1.0, 1.0]
    w = Tensor([1.0, 2.0])
    default_collate([w, w]).sum().backward()
    assert w.grad.tolist() == [2.0, 2.0]
    assert default_collate(np.float32([1, 2])).dtype == np.float32


def test_random_split() -> None:
    parts = random_split(range(11), [0.5, 0.25, 0.25], seed=0)
    assert [len(part) for part in parts] == [6, 3, 2]
    assert sorted(i for part in parts for i in part) == list(range(11))
    assert [list(p) for p in random_split(range(11), [0.5, 0.25, 0.25], seed=0)] == [list(p) for p in parts]
    assert [len(part) for part in random_split(range(11), [11, 0], np.random.default_rng(0))] == [11, 0]
    nn.manual_seed(0)
    first = list(random_split(range(11), [11])[0])
    nn.manual_seed(0)
    assert list(random_split(range(11), [11])[0]) == first


CASES: list[tuple[str, type[Exception], str]] = [
    ("TensorDataset()", errors.ArgumentError, "at least one array"),
    ("TensorDataset(ones((3, 2)), ones(2))", errors.ShapeError, r"shape \(3, 2\) and shape \(2,\)"),
    ("TensorDataset(np.array(['a']))", errors.DtypeError, "return_inverse=True"),
    ("TensorDataset([[1.0], [1.0, 2.0]])", errors.ArgumentError, "argument 0"),
    ("TensorDataset(3.0)", errors.ArgumentError, "the single number 3.0"),
    ("Dataset()[0]", NotImplementedError, "def __getitem__"),
    ("len(Dataset())", NotImplementedError, "def __len__"),
    ("DataLoader(3)", errors.ArgumentError, "int: 3"),
    ("DataLoader(FIVE, batch_size=0)", errors.ArgumentError, "batch_size=32"),
    ("DataLoader(FIVE, num_workers=-1)", errors.ArgumentError, "num_workers=0"),
    ("DataLoader(FIVE, seed=0, generator=rng)", errors.ArgumentError, "a generator or a seed"),
    ("DataLoader(FIVE, generator=3)", errors.ArgumentError, "int: 3"),
    ("DataLoader(FIVE, seed='a')", errors.ArgumentError, "seed=0"),
    ("DataLoader(FIVE, shuffle=True, sampler=[0])", errors.ArgumentError, "an order of its own"),
    ("DataLoader(FIVE, 2, batch_sampler=[[0]])", errors.ArgumentError, "batch_sampler alone"),
    ("DataLoader(FIVE, None, drop_last=True)", errors.ArgumentError, "may be dropped"),
    ("DataLoader(Lines(), shuffle=True)", errors.ArgumentError, "only be gone through"),
    ("list(DataLoader(FIVE, batch_sampler=[[]]))", errors.ArgumentError, "an empty batch"),
    ("default_collate([])", errors.ArgumentError, "an empty batch"),
    ("default_collate([ones(2), ones(3)])", errors.ShapeError, r"shapes \(2,\) and \(3,\)"),
    ("default_collate([(1, 2), (1,)])", errors.ArgumentError, "2 parts each"),
    ("default_collate([{'a': 1}, {'b': 1}])", errors.ArgumentError, "the same keys"),
    ("random_split(FIVE, [3, 3])", errors.ArgumentError, "a sum of 6"),
    ("random_split(FIVE, [0.5, 0.6])", errors.ArgumentError, "a sum of 1.1"),
    ("random_split(FIVE, [6, -1])", errors.ArgumentError, "a negative length"),
]


@pytest.mark.parametrize(("line", "kind", "part"), CASES, ids=[case[0] for case in CASES])
def test_bad_input(line: str, kind: type[Exception], part: str) -> None:
    names = {"ones": np.ones, "rng": np.random.default_rng(0), **globals()}
    with pytest.raises(kind, match=part) as raised:
        eval(line, names)
    assert "\n  expected: " in str(raised.value)
    assert "\n  cure:     " in str(raised.value)
