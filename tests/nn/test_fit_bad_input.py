"""fit with bad input, and with numbers that are none: a clear error, and weights that are still good."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import nn
from autograd import Tensor, errors
from nn.optim import lr_scheduler
from nn.training import NotFiniteError

X, y = nn.datasets.make_moons(70, seed=1)
cross_entropy = nn.CrossEntropyLoss()


def network() -> tuple[nn.Module, nn.optim.Optimizer]:
    model = nn.MLP(2, 8, 2, rng=np.random.default_rng(0))
    return model, nn.Adam(model.parameters(), lr=0.01)


def weights(model: nn.Module) -> list[Any]:
    return [p.data.tolist() for p in model.parameters()]


def with_nan(x: Any) -> Any:
    x = x.copy()
    x[33, 1] = np.nan
    return x


def test_nan_in_the_data_is_found_before_it_reaches_the_weights() -> None:
    model, optimizer = network()
    before = weights(model)
    with pytest.raises(NotFiniteError, match="epoch 1, batch 2") as raised:
        nn.fit(model, (with_nan(X), y), cross_entropy, optimizer, batch_size=32, shuffle=False)
    assert "nan at (1, 1) of the inputs of the batch" in str(raised.value)
    assert np.isfinite([np.sum(p.data) for p in model.parameters()]).all()
    assert weights(model) != before  # by the first batch
    with pytest.raises(NotFiniteError, match="of the targets of the batch"):
        nn.fit(model, (X, with_nan(X)), nn.MSELoss(), optimizer)
    with pytest.raises(NotFiniteError, match=r"nn\.evaluate: batch 1"):
        nn.fit(model, (X, y), cross_entropy, optimizer, validation=(with_nan(X), y))


def test_a_running_mean_forgets_the_batch_too() -> None:
    class Centred(nn.Module):
        def __init__(self) -> None:
            self.fc, self.mean = nn.Linear(2, 2), Tensor(np.zeros(2), requires_grad=False)

        def buffers(self) -> Iterator[Any]:
            return iter([self.mean])

        def forward(self, x: Any) -> Any:
            self.mean.data = 0.9 * self.mean.data + 0.1 * x.mean(axis=0)
            return self.fc(x - self.mean.data)

    model = Centred()
    optimizer = nn.SGD(model.parameters(), lr=0.1)
    with pytest.raises(NotFiniteError, match="epoch 1, batch 2"):
        nn.fit(model, (with_nan(X), y), cross_entropy, optimizer, batch_size=32, shuffle=False)
    np.testing.assert_allclose(model.mean.data, 0.1 * X[:32].mean(axis=0))


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_training_that_diverges_says_so() -> None:
    model = nn.Linear(2, 1)
    with pytest.raises(NotFiniteError, match="a smaller lr"):
        nn.fit(model, (X * 1e3, X[:, :1]), nn.MSELoss(), nn.SGD(model.parameters(), lr=1.0), epochs=50)
    assert all(np.isfinite(p.data).all() for p in model.parameters())
    model.weight.data = np.full((1, 2), np.nan)
    with pytest.raises(NotFiniteError, match="weight has others"):
        nn.fit(model, (X, X[:, :1]), nn.MSELoss(), nn.SGD(model.parameters(), lr=0.1))


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_a_gradient_that_is_no_number_moves_nothing() -> None:
    class Root(nn.Module):
        def __init__(self) -> None:
            self.w = nn.Parameter([0.0])

        def forward(self, x: Any) -> Any:
            return np.sqrt(self.w * x)

    model = Root()
    with pytest.raises(NotFiniteError, match="others for w"):
        nn.fit(model, (np.ones((4, 1)), np.ones((4, 1))), nn.MSELoss(), nn.SGD(model.parameters(), lr=0.1))
    assert model.w.tolist() == [0.0]


def test_large_gradients_of_small_dtypes_are_finite() -> None:
    p = nn.Parameter(np.zeros(4), dtype=np.float16)
    p.grad = np.full(4, 60000, np.float16)
    assert nn.training.failures.are_finite([p])


def test_labels_out_of_range_name_the_batch() -> None:
    model, optimizer = network()
    with pytest.raises(errors.ArgumentError, match="from 0 to 1") as raised:
        nn.fit(model, (X, y + 5), cross_entropy, optimizer)
    assert raised.value.__notes__ == ["nn.fit: in epoch 1, batch 1"]


def stream() -> Iterator[Any]:
    yield X, y


CASES: list[tuple[str, type[Exception], str]] = [
    ("fit(nn.MLP, (X, y), loss, opt)", errors.ArgumentError, "the class MLP"),
    ("fit(net, (X, y), nn.CrossEntropyLoss, opt)", errors.ArgumentError, r"nn\.CrossEntropyLoss\(\)"),
    ("fit(net, (X, y), loss, nn.Adam)", errors.ArgumentError, r"nn\.Adam\(model\.parameters\(\)\)"),
    ("fit(net, (X, y), loss, nn.Adam([Tensor(1.0)]))", errors.ArgumentError, "one of others"),
    ("fit(net, X, loss, opt)", errors.ArgumentError, r"nn\.fit\(model, \(X, y\)"),
    ("fit(net, 'data', loss, opt)", errors.ArgumentError, "str: 'data'"),
    ("fit(net, stream(), loss, opt)", errors.ArgumentError, "a generator"),
    ("fit(net, (X, y[:3]), loss, opt)", errors.ShapeError, r"\(3,\)"),
    ("fit(net, (X[:0], y[:0]), loss, opt)", errors.ArgumentError, "at least one example"),
    ("fit(net, [], loss, opt)", errors.ArgumentError, "at least one example"),
    ("fit(net, nn.DataLoader([(X, y)], 2, drop_last=True), loss, opt)", errors.ArgumentError, "drop_last"),
    ("fit(net, [X], loss, opt)", errors.ArgumentError, "inputs and a target"),
    ("fit(net, [{'x': X, 'y': y}], loss, opt)", errors.ArgumentError, "a dict of x, y"),
    ("fit(net, (X, y), nn.CrossEntropyLoss(reduction='none'), opt)", errors.NotScalarError, "reduction='mean'"),
    ("fit(net, (X, y), loss, opt, epochs=0)", errors.ArgumentError, "epochs=10"),
    ("fit(net, (X, y), loss, opt, batch_size=0)", errors.ArgumentError, "batch_size=32"),
    ("fit(net, (X, y), loss, opt, validation=1.5)", errors.ArgumentError, "a share between 0 and 1"),
    ("fit(net, (X, y), loss, opt, validation=X)", errors.ArgumentError, "ndarray"),
    ("fit(net, (X, y), loss, opt, metrics='acuracy')", errors.ArgumentError, "accuracy, mae, mse"),
    ("fit(net, (X, y), loss, opt, metrics={'loss': accuracy})", errors.ArgumentError, "'loss'"),
    ("fit(net, (X, y), loss, opt, metrics=lambda o, t: o)", errors.NotScalarError, r"return x\.mean\(\)"),
    ("fit(net, (X, y), loss, opt, clip_grad_norm=-1)", errors.ArgumentError, "clip_grad_norm=1.0"),
    ("fit(net, (X, y), loss, opt, schedule=3)", errors.ArgumentError, "StepLR"),
    ("fit(net, (X, y), loss, opt, schedule=other_schedule)", errors.ArgumentError, "the same optimiser"),
    ("fit(net, (X, y), loss, opt, schedule_every='step')", errors.ArgumentError, "'epoch' or 'batch'"),
    ("fit(net, (X, y), loss, opt, callbacks=[3])", errors.ArgumentError, "functions that take the training"),
    ("fit(net, (X, y), loss, opt, callbacks=EarlyStopping)", errors.ArgumentError, "EarlyStopping"),
    ("fit(net, (X, y), loss, opt, early_stopping=-1)", errors.ArgumentError, "patience=5"),
    ("fit(net, (X, y), loss, opt, early_stopping=EarlyStopping(9, 'val_loss'))", errors.ArgumentError, "validation="),
    ("fit(net, (X, y), loss, opt, seed='a')", errors.ArgumentError, "seed=0"),
    ("fit(net, (X, y), loss, opt, checkpoint='no/such/folder/x')", errors.ChainruleError, "os.makedirs"),
    ("EarlyStopping(mode='best')", errors.ArgumentError, "'min' or 'max'"),
    ("EarlyStopping(min_delta='a')", errors.ArgumentError, "min_delta=0.0"),
    ("accuracy(np.ones((3, 2)), [1, 0])", errors.ShapeError, r"output\.squeeze\(1\)"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "kind", "part"), CASES, ids=[case[0] for case in CASES])
def test_bad_input(line: str, kind: type[Exception], part: str) -> None:
    net, opt = network()
    other_schedule = lr_scheduler.StepLR(nn.Adam([Tensor(1.0)]), 3)
    known = {**globals(), **vars(nn), **vars(nn.training)}
    names = {**known, "loss": cross_entropy, "net": net, "opt": opt, "other_schedule": other_schedule}
    with pytest.raises(kind, match=part) as raised:
        eval(line, names)
    assert "\n  expected: " in str(raised.value)
    assert "\n  cure:     " in str(raised.value)
