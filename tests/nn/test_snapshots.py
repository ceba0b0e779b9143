"""Weights and gradients over a training."""

from __future__ import annotations

import numpy as np
import pytest

import nn
from autograd.errors import ArgumentError

X, y = nn.datasets.make_moons(60)


def train(*callbacks, epochs=4, **options):
    """A small training with plain gradient descent."""
    nn.manual_seed(0)
    model = nn.MLP(2, 3, 2)
    optimizer = nn.SGD(model.parameters(), lr=0.1)
    options = {"batch_size": 30, "progress": False, "callbacks": callbacks, **options}
    return model, nn.fit(model, (X, y), nn.CrossEntropyLoss(), optimizer, epochs=epochs, **options)


def test_they_are_the_networks_own_numbers():
    seen = []

    def watch(training):
        seen.append({k: np.array(x) for k, x in training.model.state_dict().items()})

    model, history = train(watch, nn.Snapshots())
    assert [s["epoch"] for s in history.snapshots] == [0, 1, 2, 3, 4]
    for snapshot, state in zip(history.snapshots[1:], seen, strict=True):
        assert {k: x.tolist() for k, x in snapshot["state"].items()} == {k: x.tolist() for k, x in state.items()}
    for name, p in model.named_parameters():
        np.testing.assert_array_equal(history.snapshots[-1]["gradients"][name], p.grad)


def test_a_step_is_measured_beside_its_parameter():
    model, history = train(nn.Snapshots(), batch_size=60)
    before, after = history.snapshots[-2:]
    for name, _ in model.named_parameters():
        w, g = before["state"][name], after["gradients"][name]
        assert after["updates"][name] == pytest.approx(0.1 * np.linalg.norm(g) / np.linalg.norm(w), rel=1e-3)


def test_not_all_are_kept():
    _, history = train(nn.Snapshots(every=2), epochs=7)
    assert [s["epoch"] for s in history.snapshots] == [0, 2, 4, 6]
    _, history = train(nn.Snapshots(most=4), epochs=12)
    assert [s["epoch"] for s in history.snapshots] == [0, 4, 8, 12]


def test_a_training_that_goes_on_has_them_all(tmp_path):
    path = tmp_path / "run.safetensors"
    train(nn.Snapshots(), epochs=2, checkpoint=path)
    _, resumed = train(nn.Snapshots(), epochs=4, checkpoint=path)
    _, whole = train(nn.Snapshots(), epochs=4)
    assert [s["epoch"] for s in resumed.snapshots] == [0, 1, 2, 3, 4]
    for a, b in zip(resumed.snapshots, whole.snapshots, strict=True):
        assert str(a) == str(b)


def test_without_them_there_are_none():
    _, history = train(epochs=1)
    assert history.snapshots == ()


@pytest.mark.parametrize("options", [{"every": 0}, {"most": 2}, {"every": 1.5}])
def test_bad_numbers(options):
    with pytest.raises(ArgumentError, match=r"nn.Snapshots.*\n  expected: .*\n  got: .*\n  cure: "):
        nn.Snapshots(**options)
