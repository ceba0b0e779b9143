"""What the ranks of the tests run: ``mpiexec -n 3 python -m tests.nn.ranks NAME[+NAME ...] [ARGUMENT ...]``."""

from __future__ import annotations

import os
import signal
import sys
from itertools import chain
from typing import Any

import numpy as np
import pytest

import nn
from nn.data import DataLoader, TensorDataset
from nn.distributed import World


def network(dtype: Any) -> nn.Module:
    """Batch normalisation twice, over examples and over places too, and enough numbers for two kinds of messages."""
    return nn.Sequential(
        nn.Conv2d(1, 4, 3, dtype=dtype), nn.BatchNorm2d(4, dtype=dtype), nn.Tanh(), nn.Flatten(),
        nn.Linear(144, 500, dtype=dtype), nn.BatchNorm1d(500, dtype=dtype), nn.Tanh(), nn.Linear(500, 10, dtype=dtype),
    )  # fmt: skip


def plain(dtype: Any) -> nn.Module:
    """A network that takes single examples too."""
    return nn.Sequential(nn.Flatten(), nn.Linear(64, 32, dtype=dtype), nn.Tanh(), nn.Linear(32, 10, dtype=dtype))


def digits(n: int, dtype: Any = np.float32) -> tuple[Any, Any]:
    X, y = nn.datasets.load_digits()
    return X[:n].reshape(-1, 1, 8, 8).astype(dtype), y[:n]


def found(model: nn.Module) -> list[Any]:
    """The gradients, and the running means and variances."""
    return [p.grad for p in model.parameters()] + [b.data for b in model.buffers()]


def passes(world: World, make: Any, loader: Any, dtype: Any) -> list[list[Any]]:
    """What each batch of a pass gives."""
    nn.manual_seed(world.rank)  # every rank another start, until rank 0 gives its own to all
    model = make(dtype)
    world.same_start(model)
    results = []
    for x, y in world.shard(loader):
        model.zero_grad()
        world.backward(nn.cross_entropy(model(x), y), model.parameters())
        results.append(found(model))
    return results


def gradients(world: World) -> None:
    """Parts of batches give the gradients of whole ones, of uneven ones and of a single example too."""
    for dtype, least in ((np.float32, 1e-6), (np.float64, 1e-12)):
        for make, last in ((network, 8), (plain, 1)):
            X, y = digits(17 + last, dtype)
            data, batches = TensorDataset(X, y), [(X[:7], y[:7]), (X[7:], y[7:])]
            for options in ({"shuffle": True, "seed": world.rank}, {"num_workers": 2}, None):
                loaders = [DataLoader(data, 17, **options) if options else batches for _ in range(2)]
                alone = passes(World(), make, loaders[0], dtype) if world.rank == 0 else None
                together = passes(world, make, loaders[1], dtype)
                assert len(together) == 2
                for ours, whole in zip(together, alone or (), strict=bool(alone)):
                    for a, b in zip(ours, whole, strict=True):
                        assert a.dtype == b.dtype
                        np.testing.assert_allclose(a, b, rtol=0, atol=least * max(1, np.abs(b).max()))
                for x in chain(*together):
                    np.testing.assert_array_equal(x, world.comm.bcast(x))  # the same bits on every rank


def parts(world: World) -> None:
    """Every example once, arranged as the batches are; fewer examples than ranks; shares."""
    data = [{"x": np.arange(7.0), "names": list("abcdefg")}, {"x": np.arange(1.0), "names": ["h"]}]
    seen = [(part["x"].tolist(), part["names"], world.share) for part in world.shard(data)]
    every = world.comm.allgather(seen)
    assert sorted(name for rank in every for name in rank[0][1]) == list("abcdefg")
    assert [rank[1][0] for rank in every] == [[0.0]] * world.size  # one who has none borrows one
    assert [rank[1][2] for rank in every] == [(1, 1)] + [(0, 1)] * (world.size - 1)
    assert world.share is None
    assert not list(world.shard(DataLoader([], 2)))
    orders = world.comm.allgather([x.tolist() for x in world.shard(DataLoader(range(12), 6, shuffle=True))])
    assert sorted(x for rank in orders for part in rank for x in part) == list(range(12))
    draws = world.comm.allgather(nn.init.generator().random())  # of dropout and the like
    assert len(set(draws)) == world.size


def rest(world: World) -> None:
    """Gradients that add up over several passes, parameters without one, and shares of one's own."""
    model = nn.ModuleList([nn.Linear(2, 1, dtype=np.float64), nn.Linear(2, 1)])
    world.same_start(model)
    line, unused = model
    x, w = np.arange(8.0).reshape(4, 2)[world.rank :: world.size], 1.0 + world.rank
    for _ in range(2):
        world.backward((line(x) * w).sum(), model.parameters(), share=1.0)
    whole = sum((1.0 + r) * np.arange(8.0).reshape(4, 2)[r :: world.size].sum(axis=0) for r in range(world.size))
    np.testing.assert_allclose(line.weight.grad[0], 2 * whole, rtol=1e-12)
    assert unused.weight.grad is None
    mine = line(x).sum() if world.rank else unused(x).sum() + line(x).sum() * 0
    world.backward(mine, model.parameters(), share=1.0)  # a parameter that only rank 0 uses
    np.testing.assert_allclose(unused.bias.grad, len(np.arange(4)[:: world.size]))
    with pytest.raises(ValueError, match=r"for x, y in world\.shard\(loader\)"):
        world.backward(line(x).sum(), model.parameters())


def losses(world: World) -> None:
    """``nn.fit`` and ``nn.evaluate`` with sums, class weights and ignored labels, of which a rank may have none."""
    X, y = digits(23, np.float64)
    y = y % 3
    some = np.where((np.arange(23) % world.size == 0) | (np.arange(23) > 18), y, -100)
    at_places = (X[:, 0, :2, :3].reshape(23, 2, 3), np.where(X[:, 0, 3, :3] > 3, 1, 0))
    soft, weights = np.eye(3)[y] * 0.9 + 1 / 30, [0.5, 3.0, 0.0]
    for loss, data in (
        (nn.MSELoss(reduction="sum"), (X, soft)),
        (nn.CrossEntropyLoss(weights), (X, y)),
        (nn.CrossEntropyLoss(weights, label_smoothing=0.2), (X, y)),
        (nn.CrossEntropyLoss(weights), (X, soft)),
        (nn.CrossEntropyLoss(), (X, some)),
        (nn.CrossEntropyLoss(weights[:2], ignore_index=1), at_places),
        (nn.CrossEntropyLoss(weights, reduction="sum"), (X, some)),
        (nn.NLLLoss(ignore_index=0), (X, y)),
    ):
        results = []
        for ranks in (World(), world):
            nn.manual_seed(0)
            model = (
                nn.Linear(3, 3, dtype=np.float64) if data is at_places
                else nn.Sequential(plain(np.float64), nn.Linear(10, 3, dtype=np.float64), nn.LogSoftmax(-1))
            )  # fmt: skip
            optimizer = nn.SGD(model.parameters(), lr=0.01)
            history = nn.fit(model, data, loss, optimizer, epochs=2, batch_size=6, validation=data, comm=ranks)
            results.append([*history["loss"], *history["val_loss"], *(p.data for p in model.parameters())])
        for one, many in zip(*results, strict=True):
            np.testing.assert_allclose(many, one, rtol=1e-10, atol=1e-12)
    with pytest.raises(ValueError, match="every label is ignored"), np.errstate(all="raise"):
        nn.evaluate(plain(np.float64), (X, np.full(23, -100)), nn.CrossEntropyLoss())


def train(world: World, path: str, epochs: str, out: str, dropout: str = "0", sabotage: str = "") -> None:
    """``nn.fit`` with all that hangs on the other ranks; what comes of it is written by rank 0."""
    nn.manual_seed(5)
    X, y = digits(101, np.float64)
    model = nn.Sequential(network(np.float64), nn.Dropout(float(dropout)))
    optimizer = nn.Adam(model.parameters(), lr=0.003)
    schedule = nn.optim.lr_scheduler.ReduceLROnPlateau(optimizer, patience=0)

    def at_end(training: Any) -> None:
        if sabotage == "stop" and world.rank == world.size - 1 and training.epoch == 2:
            training.stop()

    class Saboteur(nn.Callback):
        def on_batch_end(self, training: Any) -> None:
            if world.rank == 1 and training.epoch == 2 and training.batch == 2:
                if sabotage == "kill":
                    os.kill(os.getpid(), signal.SIGKILL)
                if sabotage == "raise":
                    raise OSError("the disk is full")
                if sabotage == "exit":
                    sys.exit(3)
                if sabotage == "interrupt":
                    os.kill(os.getpid(), signal.SIGINT)
                if sabotage == "nan":
                    for p in training.model.parameters():
                        p.data = p.data * np.nan

    history = nn.fit(
        model, (X, y), nn.CrossEntropyLoss(), optimizer, epochs=int(epochs), batch_size=25, validation=0.2,
        metrics="accuracy", schedule=schedule, clip_grad_norm=1.0, early_stopping=50, seed=3,
        callbacks=[at_end, Saboteur()], checkpoint=path, comm=world,
    )  # fmt: skip
    np.testing.assert_equal(dict(history), world.comm.bcast(dict(history)) if world.comm else dict(history))
    if world.rank == 0:
        nn.save({"history": dict(history), "early": history.stopped_early, "state": model.state_dict()}, out)


def fails(world: World, how: str) -> None:
    """A hand-written loop, in which one rank fails."""
    model = nn.Sequential(nn.Linear(4, 4), nn.BatchNorm1d(4), nn.Linear(4, 4 + (world.rank if how == "shapes" else 0)))
    world.same_start(model)
    for i, (x,) in enumerate(world.shard([(np.ones((6, 4), np.float32),)] * 3)):
        y = model(x)
        if i == 1 and world.rank == 1:
            if how == "raise":
                raise KeyError("no such digit")
            if how == "kill":
                os.kill(os.getpid(), signal.SIGKILL)
            if how == "nan":
                with np.errstate(invalid="ignore"):
                    y = y * np.float32(np.inf) * 0
        world.backward(y.sum(), model.parameters())


if __name__ == "__main__":
    everyone = nn.distributed.world() if "PMI_SIZE" in os.environ else World()
    for name in sys.argv[1].split("+"):
        globals()[name](everyone, *sys.argv[2:])
