"""What newcomers write instead: arguments in other places, networks that return nothing, another optimiser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
from autograd import errors

X, y = nn.datasets.make_moons(20, seed=1)
loss = nn.CrossEntropyLoss()


def network() -> tuple[nn.Module, nn.optim.Optimizer]:
    model = nn.MLP(2, 4, 2, rng=np.random.default_rng(0))
    return model, nn.Adam(model.parameters(), lr=0.01)


class Returns(nn.Module):
    """A network that returns what a function makes of its output."""

    def __init__(self, made: Callable[[Any], Any]) -> None:
        self.fc, self.made = nn.Linear(2, 2), made

    def forward(self, x: Any) -> Any:
        return self.made(self.fc(x))


FIT = r"nn\.fit\(model, \(X, y\), nn\.CrossEntropyLoss\(\), nn\.Adam\(model\.parameters\(\)\)\)"


def test_fit_says_how_it_is_called() -> None:
    model, optimizer = network()
    with pytest.raises(errors.ArgumentError, match=rf"(?s)nn\.fit\(MLP, ndarray, .*too many.*cure: +{FIT}"):
        nn.fit(model, X, y, loss, optimizer)
    with pytest.raises(errors.ArgumentError, match=rf"(?s)got: +missing .* 'optimizer'.*cure: +{FIT}"):
        nn.fit(model, X, y, epochs=3)
    with pytest.raises(errors.ArgumentError, match=r"(?s)verbose=1\).*got: +an unexpected .* 'verbose'"):
        nn.fit(model, (X, y), loss, optimizer, verbose=1)
    with pytest.raises(TypeError, match="a mistake in the loss"):  # which is the loss's own, and stays what it is
        nn.fit(model, (X, y), broken, optimizer)


def broken(output: Any, target: Any) -> Any:
    raise TypeError("a mistake in the loss")


def test_evaluate_save_and_load_say_how_they_are_called() -> None:
    model, optimizer = network()
    with pytest.raises(errors.ArgumentError, match=r"(?s)'loss'.*cure: +nn\.evaluate\(model, \(X, y\), "):
        nn.evaluate(model, (X, y))
    with pytest.raises(errors.ArgumentError, match=r"cure: +nn\.evaluate\(model, \(X, y\), \.\.\.\)"):
        nn.evaluate(model, X, loss)
    with pytest.raises(errors.ArgumentError, match=r"cure: +nn\.save\(model, 'model\.safetensors', optimizer="):
        nn.save(model, optimizer, "model.safetensors")
    with pytest.raises(errors.ArgumentError, match=r"cure: +nn\.load\('model\.safetensors', model, optimizer="):
        nn.load("model.safetensors", model, optimizer)


def test_arrays_in_a_list_are_no_batches() -> None:
    model, optimizer = network()
    with pytest.raises(errors.ArgumentError, match=r"(?s)a list of 2 arrays.*nn\.fit\(model, \(X, y\), \.\.\.\)"):
        nn.fit(model, [X, y], loss, optimizer)


def test_validation_is_named() -> None:
    model, optimizer = network()
    with pytest.raises(errors.ArgumentError, match=r"(?s)int: 1.*cure: +nn\.fit\(\.\.\., validation=\(X, y\)\)"):
        nn.fit(model, (X, y), loss, optimizer, validation=1)
    with pytest.raises(errors.ArgumentError, match="a tuple of 1"):
        nn.fit(model, (X, y), loss, optimizer, validation=(X,))


def test_a_network_that_returns_nothing_or_several_things() -> None:
    for made, given, cure in (
        (lambda out: None, "NoneType", r"return \.\.\. at the end of forward"),
        (lambda out: (out, 1), "tuple", r"loss\(output\[0\], target\)"),
    ):
        model = Returns(made)
        optimizer = nn.Adam(model.parameters())
        with pytest.raises(errors.ArgumentError, match=rf"(?s)got: +{given}.*cure: .*{cure}"):
            nn.fit(model, (X, y), loss, optimizer)
        with pytest.raises(errors.ArgumentError, match=rf"(?s)got: +{given}.*cure: .*{cure}"):
            nn.evaluate(model, (X, y), loss)
    model = Returns(lambda out: (out, 1))
    nn.fit(model, (X, y), lambda output, target: loss(output[0], target), nn.Adam(model.parameters()), epochs=1)


def test_a_frozen_network_cannot_be_trained() -> None:
    model, optimizer = network()
    model.requires_grad_(False)
    with pytest.raises(errors.ArgumentError, match=r"(?s)all frozen.*model\.requires_grad_\(\)"):
        nn.fit(model, (X, y), loss, optimizer)


def test_a_loader_takes_a_data_set_and_not_arrays() -> None:
    for call in (lambda: nn.DataLoader(X, y), lambda: nn.DataLoader((X, y), batch_size=4)):
        with pytest.raises(errors.ArgumentError, match=r"(?s)shapes \(20, 2\) and \(20,\).*TensorDataset\(X, y\)"):
            call()
    assert len(list(nn.DataLoader((X, X)))) == 2  # two examples, which may be meant
    with pytest.raises(errors.ArgumentError, match=r"got: +array of shape \(3,\)"):
        nn.DataLoader(X, np.arange(3))


def test_a_checkpoint_of_another_optimiser_is_no_start(tmp_path: Path) -> None:
    path = tmp_path / "run.safetensors"
    model, optimizer = network()
    nn.fit(model, (X, y), loss, optimizer, epochs=1, checkpoint=path)
    before = [p.data.copy() for p in model.parameters()]
    other = nn.SGD(model.parameters(), lr=0.1)
    with pytest.raises(
        errors.ArgumentError, match=r"(?s)SGD\.load_state_dict.*momentum.*got: +lr, betas.*of the class"
    ):
        nn.fit(model, (X, y), loss, other, epochs=2, checkpoint=path)
    assert other.lr == 0.1
    for p, was in zip(model.parameters(), before, strict=True):
        np.testing.assert_array_equal(p.data, was)
