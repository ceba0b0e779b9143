"""A training that is interrupted, by whatever means, goes on as if it had not been."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
from autograd import errors
from nn.optim import lr_scheduler
from nn.saving import FileError
from nn.training import Callback, EarlyStopping

PROGRAM = '''
import sys
import numpy as np
import nn
from nn.optim import lr_scheduler

class Noisy(nn.Module):
    def __init__(self):
        self.body = nn.MLP(2, 16, 2)
    def forward(self, x):
        if not self.training:
            return self.body(x)
        return self.body(x + nn.init.generator().normal(0, 0.1, np.shape(x)).astype(np.float32))

def train(checkpoint, epochs, callbacks=(), seed=3):
    """Noise, shuffling, a validation share, an optimiser with moments, a schedule and early stopping."""
    nn.manual_seed(seed)
    model = Noisy()
    optimizer = nn.AdamW(model.parameters(), lr=0.02, amsgrad=True)
    schedule = lr_scheduler.OneCycleLR(optimizer, 0.05, total_steps=10_000)
    history = nn.fit(
        model, nn.datasets.make_moons(100), nn.CrossEntropyLoss(), optimizer, epochs=epochs, batch_size=16, seed=seed,
        validation=0.2, metrics="accuracy", schedule=schedule, schedule_every="batch", clip_grad_norm=1.0,
        early_stopping=50, checkpoint=checkpoint, callbacks=callbacks,
    )
    return model, optimizer, history
'''
scope: dict[str, Any] = {"__name__": "program"}
exec(PROGRAM, scope)
train = scope["train"]
ALONE = (
    PROGRAM
    + """
def ask(training):
    print(training.epoch, flush=True)
    sys.stdin.readline()

train(sys.argv[1], 20, [ask])
"""
)


def everything(model: Any, optimizer: Any, history: Any) -> tuple[Any, ...]:
    moments = {i: {k: np.asarray(x).tolist() for k, x in s.items()} for i, s in optimizer.state_dict()["state"].items()}
    return {k: x.tolist() for k, x in model.state_dict().items()}, moments, dict(history), float(optimizer.lr)


def test_kill_9_at_any_moment_changes_nothing(tmp_path: Path) -> None:
    """Each process does a few epochs, and is killed in the next: while it saves, or trains."""
    path = tmp_path / "run.safetensors"
    whole = everything(*train(None, 20, [lambda training: None]))
    rng = np.random.default_rng(0)
    begun, killed = 1, 0
    while begun < 20:
        command = [sys.executable, "-c", ALONE, str(path)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            for _ in range(int(rng.integers(2, 6))):
                if begun < 20:
                    begun = int(process.stdout.readline())
                    process.stdin.write("go on\n")
            time.sleep(rng.random() * 0.01)
            process.send_signal(signal.SIGKILL)
            killed += 1
    assert killed >= 4
    assert everything(*train(path, 20, [lambda training: None])) == whole


class Stop(Callback):
    """Raises something in the middle of an epoch."""

    def __init__(self, epoch: int, error: BaseException) -> None:
        self.epoch, self.error = epoch, error

    def on_batch_end(self, training: Any) -> None:
        if training.epoch == self.epoch and training.batch == 3:
            self.epoch = 0
            raise self.error


@pytest.mark.parametrize("error", [KeyboardInterrupt(), RuntimeError("the disk is on fire")], ids=["Ctrl-C", "error"])
def test_the_epoch_that_was_not_finished_is_done_again(tmp_path: Path, error: BaseException) -> None:
    path = tmp_path / "run.safetensors"
    whole = everything(*train(None, 6, [Stop(0, error)]))
    if isinstance(error, KeyboardInterrupt):
        assert train(path, 6, [Stop(4, error)])[2].interrupted
    else:
        with pytest.raises(RuntimeError, match="on fire") as raised:
            train(path, 6, [Stop(4, error)])
        assert raised.value.__notes__ == ["nn.fit: in epoch 4, batch 3"]
    model, optimizer, history = train(path, 6, [Stop(0, error)])
    assert everything(model, optimizer, history) == whole
    assert not history.interrupted


def test_longer_than_planned(tmp_path: Path) -> None:
    path = tmp_path / "run.safetensors"
    train(path, 3)
    assert everything(*train(path, 5)) == everything(*train(None, 5))
    assert train(path, 5)[2].epochs == 5  # nothing left to do


def fit(path: Path, seed: int = 0, **options: Any) -> tuple[nn.Module, Any]:
    nn.manual_seed(seed)
    model = nn.MLP(2, 4, 2)
    data = nn.DataLoader(nn.TensorDataset(*nn.datasets.make_moons(40)), 10, shuffle=True, seed=1)
    optimizer = nn.SGD(model.parameters(), lr=0.5)
    return model, nn.fit(model, data, nn.CrossEntropyLoss(), optimizer, checkpoint=path, **options)


def test_a_loader_with_a_seed_of_its_own_goes_on_too(tmp_path: Path) -> None:
    fit(tmp_path / "a", epochs=2)
    first, second = fit(tmp_path / "a", seed=7, epochs=4)[0], fit(tmp_path / "b", epochs=4)[0]
    assert all((p.data == q.data).all() for p, q in zip(first.parameters(), second.parameters(), strict=True))


def test_a_training_that_stopped_early_stays_so(tmp_path: Path) -> None:
    path = tmp_path / "run"
    options: dict[str, Any] = {"epochs": 9, "early_stopping": EarlyStopping(0, min_delta=10.0)}
    model, history = fit(path, **options)
    assert (history.epochs, history.stopped_early) == (2, True)
    again, history = fit(path, seed=5, **{**options, "early_stopping": EarlyStopping(0, min_delta=10.0)})
    assert history.epochs == 2
    assert all((p.data == q.data).all() for p, q in zip(model.parameters(), again.parameters(), strict=True))


def test_resume_false_starts_over(tmp_path: Path) -> None:
    path = tmp_path / "run"
    fit(path, epochs=4)
    assert fit(path, epochs=2, resume=False)[1].epochs == 2
    assert nn.load(path)["training"]["epoch"] == 2


def test_a_checkpoint_that_does_not_fit(tmp_path: Path) -> None:
    path = tmp_path / "run"
    fit(path, epochs=1)
    text = path.read_bytes()
    with pytest.raises(errors.ArgumentError, match="the callbacks none, as when it was saved") as raised:
        fit(path, epochs=2, early_stopping=3)
    assert "resume=False" in raised.value.__notes__[0]
    path.write_bytes(text[:-1])
    with pytest.raises(FileError, match="nothing was loaded"):
        fit(path, epochs=2)
    assert os.path.getsize(path) == len(text) - 1
    nn.save(nn.MLP(2, 4, 2), path)
    with pytest.raises(errors.ArgumentError, match="a part 'optimizer'"):
        fit(path, epochs=2)
    optimizer = nn.SGD(nn.MLP(2, 4, 2).parameters(), lr=0.1)
    schedule = lr_scheduler.StepLR(optimizer, 1)
    with pytest.raises(errors.ArgumentError, match="the same optimiser"):
        fit(path, epochs=2, schedule=schedule)
