"""Compiled training steps take the very steps of eager ones."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import nn
from autograd import compile, errors


class Sequence(nn.Module):
    """The last state of a recurrent layer, classified."""

    def __init__(self, kind: Any) -> None:
        super().__init__()
        self.layer, self.head = kind(4, 5, batch_first=True), nn.Linear(5, 3)

    def forward(self, x: Any) -> Any:
        y, _ = self.layer(x)
        return self.head(y[:, -1])


MODELS: dict[str, tuple[Callable[[], Any], tuple[int, ...]]] = {
    "mlp": (lambda: nn.MLP(4, 8, 3), (16, 4)),
    "conv": (
        lambda: nn.Sequential(nn.Conv2d(1, 3, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(27, 3)),
        (6, 1, 8, 8),
    ),
    "batch norm": (lambda: nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.Tanh(), nn.Linear(8, 3)), (16, 4)),
    "layer norm": (lambda: nn.Sequential(nn.Linear(4, 8), nn.LayerNorm(8), nn.GELU(), nn.Linear(8, 3)), (16, 4)),
    "lstm": (lambda: Sequence(nn.LSTM), (6, 5, 4)),
    "gru": (lambda: Sequence(nn.GRU), (6, 5, 4)),
}
OPTIMISERS: dict[str, Callable[[Any], Any]] = {
    "SGD": lambda p: nn.SGD(p, lr=0.1),
    "momentum": lambda p: nn.SGD(p, lr=0.1, momentum=0.9, nesterov=True, weight_decay=0.01),
    "Adam": lambda p: nn.Adam(p, lr=0.01, amsgrad=True),
} | {
    name: lambda p, name=name: getattr(nn.optim, name)(p)
    for name in ("AdamW", "Adamax", "Adadelta", "Adagrad", "RMSprop", "ASGD", "NAdam", "RAdam", "Rprop")
}
CASES = [(m, o) for m in MODELS for o in ("SGD", "momentum", "Adam")] + [("mlp", o) for o in list(OPTIMISERS)[3:]]


def training(model: str, optimiser: str) -> tuple[Any, Any, Any]:
    """A model, its optimiser, and a step."""
    nn.init.manual_seed(0)
    net = MODELS[model][0]()
    optimizer = OPTIMISERS[optimiser](list(net.parameters()))

    def step(X: Any, y: Any) -> Any:
        loss = nn.functional.cross_entropy(net(X), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss

    return net, optimizer, step


def batches(model: str, n: int) -> Any:
    rng = np.random.default_rng(1)
    shape = MODELS[model][1]
    return [(rng.standard_normal(shape).astype(np.float32), rng.integers(0, 3, shape[0])) for _ in range(n)]


ADDED_UP_OTHERWISE = {"conv", "layer norm", "lstm"}
"""Models with rows that add up plain arrays in another order: the same to rounding."""


def assert_same_state(net: Any, other: Any, tolerance: float = 0) -> None:
    for (name, a), b in zip(net.state_dict().items(), other.state_dict().values(), strict=True):
        np.testing.assert_allclose(a, b, rtol=tolerance, atol=tolerance, err_msg=name)


@pytest.mark.parametrize(("model", "optimiser"), CASES)
def test_compiled_steps_are_the_eager_steps(model: str, optimiser: str) -> None:
    net, _, step = training(model, optimiser)
    other, _, same = training(model, optimiser)
    compiled, tolerance = compile(same), 1e-4 if model in ADDED_UP_OTHERWISE else 0
    for X, y in batches(model, 20):
        np.testing.assert_allclose(compiled(X, y).item(), step(X, y).item(), rtol=tolerance)
    assert_same_state(net, other, tolerance)
    for p, q in zip(net.parameters(), other.parameters(), strict=True):
        np.testing.assert_allclose(p.grad, q.grad, rtol=tolerance, atol=tolerance)
    assert compiled.recordings <= 5


def test_gradients_are_nobody_elses() -> None:
    net, _, step = training("mlp", "SGD")
    compiled, kept = compile(step), []
    for X, y in batches("mlp", 6):
        compiled(X, y)
        kept.append([(p.grad, p.grad.copy()) for p in net.parameters()])
    assert all(np.array_equal(a, b) for pairs in kept for a, b in pairs)


def test_learning_rate_mode_and_weights_may_change() -> None:
    net, optimizer, step = training("batch norm", "SGD")
    other, twin, same = training("batch norm", "SGD")
    compiled = compile(same)
    for i, (X, y) in enumerate(batches("batch norm", 24)):
        optimizer.param_groups[0]["lr"] = twin.param_groups[0]["lr"] = 0.1 / (1 + i)
        if i == 8:
            net.eval(), other.eval()
        if i == 12:
            net.train(), other.train()
            other.load_state_dict(net.state_dict())
        if i == 16:
            net[0].weight.requires_grad = other[0].weight.requires_grad = False
        assert compiled(X, y).item() == step(X, y).item(), i
    assert_same_state(net, other)


def test_wrong_labels_are_still_refused() -> None:
    _, _, step = training("mlp", "SGD")
    compiled = compile(step)
    (X, y), *_ = batches("mlp", 1)
    for _ in range(4):
        compiled(X, y)
    with pytest.raises(errors.ArgumentError, match="labels"):
        compiled(X, y + 5)


def test_dropout_says_that_it_draws() -> None:
    layer = nn.Dropout(0.5)
    with pytest.raises(errors.CaptureError, match="random numbers"):
        compile(layer)(np.ones((4, 3)))
    np.testing.assert_array_equal(compile(layer.eval())(np.ones((4, 3))), np.ones((4, 3)))


@pytest.mark.parametrize("optimiser", ["SGD", "momentum", "Adam", "AdamW", "Adagrad", "RMSprop"])
def test_saved_step_trains_with_numpy_alone(optimiser: str, tmp_path: Path) -> None:
    _, _, step = training("mlp", optimiser)
    compiled = compile(step)
    data = batches("mlp", 8)
    for X, y in data[:4]:
        compiled(X, y)
    compiled.save(tmp_path / "saved.py")
    np.savez(tmp_path / "data.npz", X=np.stack([X for X, _ in data[4:]]), y=np.stack([y for _, y in data[4:]]))
    code = "import saved, numpy as np; d = np.load('data.npz'); f = saved.load(); counts = f.__code__.co_argcount - 2\n"
    code += "losses = [f(X, y, *[n] * counts)[0].item() for n, (X, y) in enumerate(zip(d['X'], d['y']), 4)]\n"
    code += "print(losses, 'autograd' in __import__('sys').modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    losses = [compiled(X, y).item() for X, y in data[4:]]
    assert done.stdout.strip() == f"{losses} False"


SCHEDULES: dict[str, Callable[[Any], Any]] = {
    "cosine": lambda o: nn.optim.lr_scheduler.CosineAnnealingLR(o, T_max=30),
    "one cycle": lambda o: nn.optim.lr_scheduler.OneCycleLR(o, 0.1, total_steps=30),
    "steps": lambda o: nn.optim.lr_scheduler.StepLR(o, 4, 0.5),
}


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_a_schedule_may_step_inside(schedule: str) -> None:
    def make() -> tuple[Any, Any]:
        nn.init.manual_seed(0)
        net = nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6), nn.Tanh(), nn.Linear(6, 3))
        optimizer = nn.SGD(net.parameters(), lr=0.1, momentum=0.9)
        scheduler = SCHEDULES[schedule](optimizer)

        def step(X: Any, y: Any) -> Any:
            loss = nn.functional.cross_entropy(net(X), y)
            optimizer.zero_grad()
            loss.backward()
            norm = nn.utils.clip_grad_norm_(list(net.parameters()), 0.5)
            optimizer.step()
            scheduler.step()
            return loss, norm

        return net, step

    (net, step), (other, same) = make(), make()
    compiled = compile(same)
    for X, y in batches("batch norm", 20):
        loss, norm = step(X, y)
        found, length = compiled(X, y)
        assert (found.item(), length) == (loss.item(), norm)
    assert_same_state(net, other)


def test_two_networks_learn_in_one_step() -> None:
    def make() -> tuple[Any, Any, Any]:
        nn.init.manual_seed(0)
        made, judge = nn.MLP(2, 8, 2), nn.MLP(2, 8, 1)
        first, second = nn.Adam(made.parameters(), lr=0.01), nn.Adam(judge.parameters(), lr=0.01)
        criterion, real, fake = nn.BCEWithLogitsLoss(), np.ones((5, 1), np.float32), np.zeros((5, 1), np.float32)

        def step(z: Any, x: Any) -> Any:
            of_judge = criterion(judge(x), real) + criterion(judge(made(z).detach()), fake)
            second.zero_grad()
            of_judge.backward()
            second.step()
            of_maker = criterion(judge(made(z)), real)
            first.zero_grad()
            of_maker.backward()
            first.step()
            return {"judge": of_judge, "maker": of_maker}

        return made, judge, step

    (made, judge, step), (made_too, judge_too, same) = make(), make()
    compiled, rng = compile(same), np.random.default_rng(0)
    for _ in range(12):
        z, x = (rng.standard_normal((5, 2)).astype(np.float32) for _ in range(2))
        losses, found = step(z, x), compiled(z, x)
        assert {key: loss.item() for key, loss in found.items()} == {key: loss.item() for key, loss in losses.items()}
    assert_same_state(made, made_too)
    assert_same_state(judge, judge_too)


def test_a_compiled_closure_moves_as_lbfgs_asks() -> None:
    def make(compiling: bool) -> tuple[Any, Any]:
        nn.init.manual_seed(0)
        net = nn.MLP(4, 8, 3)
        optimizer = nn.LBFGS(net.parameters(), lr=0.5, max_iter=5, line_search_fn="strong_wolfe")

        def loss_of(X: Any, y: Any) -> Any:
            net.zero_grad()
            loss = nn.functional.cross_entropy(net(X), y)
            loss.backward()
            return loss

        f = compile(loss_of) if compiling else loss_of
        return net, lambda X, y: optimizer.step(lambda: f(X, y))

    (net, step), (other, same) = make(False), make(True)
    for X, y in batches("mlp", 6):
        assert same(X, y).item() == step(X, y).item()
    assert_same_state(net, other)
