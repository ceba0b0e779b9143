"""fit: the loop that one would write, and what goes wrong in it."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
from autograd import errors
from nn.optim import lr_scheduler
from nn.training import Callback, EarlyStopping, History, NotFiniteError, accuracy, metrics
from nn.training.progress import Progress

X, y = nn.datasets.make_moons(70, seed=1)
cross_entropy = nn.CrossEntropyLoss()


class Noisy(nn.Module):
    """A network with noise in it while it is trained, from the generator of ``nn``."""

    def __init__(self) -> None:
        self.body = nn.MLP(2, 8, 2)
        self.runs: list[bool] = []

    def forward(self, x: Any) -> Any:
        self.runs.append(self.training)
        noise = nn.init.generator().normal(size=np.shape(x)).astype(np.float32) if self.training else 0
        return self.body(x + 0.1 * noise)


def network(seed: int = 0) -> tuple[nn.Module, nn.optim.Optimizer]:
    nn.manual_seed(seed)
    model = Noisy()
    return model, nn.Adam(model.parameters(), lr=0.01)


def weights(model: nn.Module) -> list[Any]:
    return [p.data.tolist() for p in model.parameters()]


def test_it_is_the_loop_that_one_would_write() -> None:
    model, optimizer = network()
    losses = []
    for _ in range(3):
        total = 0.0
        for xb, yb in nn.DataLoader(nn.TensorDataset(X, y), 16, shuffle=True):
            optimizer.zero_grad()
            loss = nn.cross_entropy(model(xb), yb)
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 0.5)
            optimizer.step()
            total += loss.item() * len(xb)
        losses.append(total / len(X))
    other, its = network()
    history = nn.fit(other, (X, y), cross_entropy, its, epochs=3, batch_size=16, clip_grad_norm=0.5)
    assert weights(other) == weights(model)
    assert history["loss"] == losses
    assert history["lr"] == [0.01] * 3


def test_a_loader_of_ones_own_begins_with_its_first_order() -> None:
    orders = []
    for train in (True, False):
        loader = nn.DataLoader(nn.TensorDataset(X, y), 70, shuffle=True, seed=0)
        if train:
            model, optimizer = network()
            nn.fit(model, loader, cross_entropy, optimizer, epochs=1)
        else:
            next(iter(loader))
        orders.append(next(iter(loader))[1].tolist())
    assert orders[0] == orders[1]


class ByNumber:
    """A data set that inherits nothing."""

    def __len__(self) -> int:
        return len(X)

    def __getitem__(self, i: int) -> tuple[Any, Any]:
        return X[i], y[i]


class Order:
    """A sampler without a length."""

    def __iter__(self) -> Iterator[int]:
        return iter(range(len(X)))


@pytest.mark.parametrize("data", [
    (X, y), ByNumber(), (X.tolist(), y.tolist()), nn.TensorDataset(X, y), nn.DataLoader(nn.TensorDataset(X, y), 70),
    [(X[:40], y[:40]), (X[40:], y[40:])], nn.DataLoader(list(zip(X, y, strict=True)), 32, sampler=Order()),
], ids=["arrays", "by number", "lists", "dataset", "loader", "batches", "no length"])  # fmt: skip
def test_kinds_of_data(data: Any) -> None:
    model, optimizer = network()
    history = nn.fit(model, data, cross_entropy, optimizer, epochs=2, validation=data, metrics="accuracy")
    assert list(history) == ["loss", "accuracy", "val_loss", "val_accuracy", "lr"]
    assert history.epochs == 2


class Foreign:
    """An array of another library, whose dtype is not NumPy's."""

    dtype = "float32"

    def __init__(self, x: Any) -> None:
        self.x = x

    def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
        return self.x


def test_batches_of_another_library() -> None:
    model, optimizer = network()
    options = {"epochs": 1, "metrics": "accuracy"}
    history = nn.fit(model, [(Foreign(X), Foreign(y))], cross_entropy, optimizer, **options)
    other, its = network()
    assert nn.fit(other, [(X, y)], cross_entropy, its, **options) == history
    with pytest.raises(NotFiniteError, match="of the inputs"):
        nn.fit(model, [(Foreign(X * np.nan), Foreign(y))], cross_entropy, optimizer)


def test_several_inputs() -> None:
    class Sum(nn.Module):
        def __init__(self) -> None:
            self.fc = nn.Linear(2, 2)

        def forward(self, a: Any, b: Any) -> Any:
            return self.fc(a + b)

    model = Sum()
    history = nn.fit(model, (X, X, y), cross_entropy, nn.SGD(model.parameters(), lr=0.1), epochs=1)
    assert history.epochs == 1


def test_one_seed() -> None:
    found = []
    for seed in (4, 4, 5):
        model, optimizer = network(0)
        nn.init.generator().random(seed)  # whatever was drawn before
        history = nn.fit(model, (X, y), cross_entropy, optimizer, epochs=2, validation=0.2, seed=seed)
        found.append((weights(model), history["val_loss"]))
    assert found[0] == found[1]
    assert found[0] != found[2]


def test_measuring_is_without_noise_and_leaves_the_mode_alone() -> None:
    model, optimizer = network()
    model.eval()
    nn.fit(model, (X, y), cross_entropy, optimizer, epochs=1, batch_size=70, validation=(X, y))
    assert model.runs == [True, False]
    assert not model.training
    first = nn.evaluate(model, (X, y), cross_entropy, ("accuracy",), batch_size=16)
    second = nn.evaluate(model, (X, y), cross_entropy, {"accuracy": accuracy}, batch_size=70)
    assert first["loss"] == pytest.approx(second["loss"], rel=1e-6)
    assert first["accuracy"] == pytest.approx(float((model(X).argmax(axis=1) == y).mean()))


def test_schedules() -> None:
    for schedule_every, expected in (("epoch", [0.01, 0.005, 0.0025]), ("batch", [0.01, 0.01 / 4, 0.01 / 16])):
        model, optimizer = network()
        half = lr_scheduler.ExponentialLR(optimizer, 0.5)
        options = {"epochs": 3, "batch_size": 35, "schedule": half, "schedule_every": schedule_every}
        assert nn.fit(model, (X, y), cross_entropy, optimizer, **options)["lr"] == pytest.approx(expected)
    model, optimizer = network()
    plateau = lr_scheduler.ReduceLROnPlateau(optimizer, factor=0.5, patience=0, threshold=10.0, threshold_mode="abs")
    history = nn.fit(model, (X, y), cross_entropy, optimizer, epochs=3, validation=(X, y), schedule=plateau)
    assert history["lr"] == [0.01, 0.01, 0.005]
    assert plateau.best == history["val_loss"][0]


def test_early_stopping_goes_back_to_the_best() -> None:
    model, optimizer = network()
    kept = []
    numbers = iter([3.0, 1.0, 2.0, 2.0, 0.0])

    def measured(output: Any, target: Any) -> float:
        return next(numbers)

    stopping = EarlyStopping(patience=1, monitor="measured")
    history = nn.fit(
        model, (X, y), cross_entropy, optimizer, epochs=9, batch_size=70, metrics=measured, early_stopping=stopping,
        callbacks=[lambda training: kept.append(weights(training.model))],
    )  # fmt: skip
    assert history["measured"] == [3.0, 1.0, 2.0, 2.0]
    assert (history.stopped_early, stopping.best_epoch, history.best("measured")) == (True, 2, 2)
    assert weights(model) == kept[1] != kept[3]


def test_early_stopping_by_number_watches_the_validation() -> None:
    model, optimizer = network()
    optimizer.lr = 0.0
    history = nn.fit(model, (X, y), cross_entropy, optimizer, epochs=9, validation=(X, y), early_stopping=2)
    assert history.epochs == 4
    assert EarlyStopping(monitor="val_accuracy").mode == "max"


def test_callbacks() -> None:
    class Diary(Callback):
        def __init__(self) -> None:
            self.lines: list[str] = []

        def on_train_begin(self, training: Any) -> None:
            self.lines.append("begin")

        def on_epoch_begin(self, training: Any) -> None:
            self.lines.append(f"epoch {training.epoch}")

        def on_batch_end(self, training: Any) -> None:
            self.lines.append(f"batch {training.batch}")

        def on_epoch_end(self, training: Any) -> None:
            assert len(training.history["loss"]) == training.epoch
            training.stop()

        def on_train_end(self, training: Any) -> None:
            self.lines.append("end")

    diary = Diary()
    model, optimizer = network()
    history = nn.fit(model, (X, y), cross_entropy, optimizer, epochs=3, batch_size=35, callbacks=[diary])
    assert diary.lines == ["begin", "epoch 1", "batch 1", "batch 2", "end"]
    assert history.stopped_early


def test_ctrl_c_ends_between_two_steps_and_keeps_what_was_trained() -> None:
    model, optimizer = network()
    seen: list[int] = []

    class Press(Callback):
        def on_batch_end(self, training: Any) -> None:
            seen.append(training.batch)
            if training.epoch == 2:
                os.kill(os.getpid(), signal.SIGINT)

    before = signal.getsignal(signal.SIGINT)
    history = nn.fit(model, (X, y), cross_entropy, optimizer, epochs=5, batch_size=35, callbacks=[Press()])
    assert signal.getsignal(signal.SIGINT) is before
    assert seen == [1, 2, 1]
    assert (history.interrupted, history.epochs) == (True, 1)
    assert "interrupted" in repr(history)


def test_an_interrupt_that_cannot_wait() -> None:
    def interrupted() -> Iterator[Any]:
        yield X, y
        raise KeyboardInterrupt

    class Data:
        def __iter__(self) -> Iterator[Any]:
            return interrupted()

    model, optimizer = network()
    history = nn.fit(model, Data(), cross_entropy, optimizer, epochs=5)
    assert (history.interrupted, history.epochs) == (True, 0)


# Metrics, history, progress.


def test_accuracy_knows_the_loss() -> None:
    output = np.array([0.4, 0.6, 0.9, 0.1])
    for loss, target, expected in (
        (nn.BCELoss(), [0.0, 1.0, 1.0, 1.0], 0.75),
        (nn.functional.binary_cross_entropy, [0.0, 1.0, 1.0, 1.0], 0.75),
        (nn.BCEWithLogitsLoss(), [1.0, 1.0, 1.0, 0.0], 0.75),
        (nn.SoftMarginLoss(), [1.0, 1.0, -1.0, -1.0], 0.5),
        (lambda o, t: o.sum(), [1.0, 1.0, 1.0, 0.0], 0.75),
    ):
        assert metrics.by_name("accuracy", loss)["accuracy"](output, target) == expected
    scores = np.array([[0.2, 0.8], [0.9, 0.1]])
    for loss in (cross_entropy, nn.functional.cross_entropy):
        found = metrics.by_name(("accuracy",), loss)["accuracy"]
        assert (found(scores, [1, 1]), found(scores, np.array([[0.1, 0.9], [0.3, 0.7]]))) == (0.5, 0.5)
    assert accuracy(np.zeros((2, 3, 4)) + np.arange(3)[None, :, None], np.full((2, 4), 2)) == 1.0
    assert metrics.KNOWN["mae"]([1.0, 3.0], [1.0, 1.0]) == 1.0
    assert metrics.KNOWN["mse"]([1.0, 3.0], [1.0, 1.0]) == 2.0


def test_means_are_over_examples_not_over_batches() -> None:
    class Zero(nn.Module):
        def __init__(self) -> None:
            self.w = nn.Parameter([[0.0]])

        def forward(self, x: Any) -> Any:
            return x @ self.w

    data = (np.zeros((3, 1)), np.array([[1.0], [2.0], [4.0]]))
    found = nn.evaluate(Zero(), data, nn.MSELoss(), "mae", batch_size=2)
    assert found == {"loss": pytest.approx(7.0), "mae": pytest.approx(7 / 3)}
    with pytest.raises(errors.ShapeError, match="l1_loss"):
        nn.evaluate(Zero(), (data[0], data[1][:, 0]), lambda o, t: o.sum(), "mae")


def test_history_is_a_dict_that_can_be_saved(tmp_path: Path) -> None:
    history = History(loss=[2.0, 1.0], accuracy=[0.5, 0.4])
    history.interrupted = True
    assert (history.best("loss"), history.best("accuracy")) == (2, 1)
    nn.save(history.state_dict(), tmp_path / "history.safetensors")
    other = History(x=[1.0])
    other.load_state_dict(nn.load(tmp_path / "history.safetensors"))
    assert (dict(other), other.interrupted) == (dict(history), True)
    assert repr(History()) == "History of 0 epochs: nothing yet"


def test_the_bar_is_shown_if_asked_for_and_silent_otherwise(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "ipykernel", raising=False)  # other tests may have loaded it
    model, optimizer = network()
    nn.fit(model, (X, y), cross_entropy, optimizer, epochs=2, progress=True)
    text = capsys.readouterr().err
    assert "epoch 2/2: 100%" in text
    assert "6/6" in text
    assert "loss=" in text
    nn.fit(model, (X, y), cross_entropy, optimizer, epochs=1)
    nn.fit(model, (X, y), cross_entropy, optimizer, epochs=1, progress=False)
    assert capsys.readouterr().err == ""
    bar = Progress(True, 2, 0, None)  # a stream, whose length is not known
    bar.step(1.0)
    bar.close()
    assert "1batch" in capsys.readouterr().err
