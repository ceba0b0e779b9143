"""Optimisers and schedules: two steps by hand, resumed trainings, messages. Against PyTorch: ``tests/oracles``."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

import nn
from autograd import Tensor, Value, errors
from nn import optim, utils
from nn.optim import lr_scheduler as schedules

ALL = {
    "SGD": {"lr": 0.1, "momentum": 0.9}, "Adagrad": {}, "RMSprop": {"centered": True, "momentum": 0.9}, "Adam": {},
    "AdamW": {"amsgrad": True}, "Adamax": {}, "NAdam": {}, "RAdam": {}, "Adadelta": {}, "Rprop": {},
    "ASGD": {"lr": 0.1, "t0": 5},
}  # fmt: skip
every_optimizer = pytest.mark.parametrize(("name", "options"), list(ALL.items()), ids=list(ALL))


def test_two_steps_of_adam_by_hand() -> None:
    x = Tensor(1.0)
    optimizer = optim.Adam([x], lr=0.1, betas=(0.5, 0.75), eps=0.0)
    for g in (2.0, 1.0):
        x.grad = np.array(g)
        optimizer.step()
    m, v = 0.5 * 1.0 + 0.5 * 1.0, 0.75 * 1.0 + 0.25 * 1.0
    assert x.item() == pytest.approx(1 - 0.1 - 0.1 * (m / 0.75) / math.sqrt(v / (1 - 0.75**2)), rel=1e-14)


def test_two_steps_of_rmsprop_and_adagrad_by_hand() -> None:
    x, y = Tensor(1.0), Tensor(1.0)
    for optimizer, p in ((optim.RMSprop([x], lr=0.1, alpha=0.5, eps=0.0), x), (optim.Adagrad([y], lr=0.1, eps=0.0), y)):
        for g in (2.0, 1.0):
            p.grad = np.array(g)
            optimizer.step()
    assert x.item() == pytest.approx(1 - 0.1 * 2 / math.sqrt(2) - 0.1 / math.sqrt(1.5))
    assert y.item() == pytest.approx(1 - 0.1 - 0.1 / math.sqrt(5))


def network() -> tuple[nn.Module, Any]:
    rng = np.random.default_rng(0)
    model = nn.MLP(3, 8, 2, rng=rng)
    x, labels = rng.normal(size=(20, 16, 3)).astype(np.float32), rng.integers(0, 2, (20, 16))
    return model, (x, labels)


@every_optimizer
def test_a_training_that_is_resumed_goes_on_as_if_it_had_not_stopped(name: str, options: Any) -> None:
    def parts(model: nn.Module) -> tuple[Any, Any]:
        optimizer = getattr(optim, name)(model.parameters(), **options)
        warm_up = schedules.LinearLR(optimizer, 0.1, total_iters=4)
        return optimizer, schedules.SequentialLR(optimizer, [warm_up, schedules.CosineAnnealingLR(optimizer, 9)], [4])

    def train(model: nn.Module, data: Any, optimizer: Any, schedule: Any, steps: range) -> None:
        for i in steps:
            optimizer.zero_grad()
            nn.cross_entropy(model(data[0][i]), data[1][i]).backward()
            optimizer.step()
            schedule.step()

    model, data = network()
    optimizer, schedule = parts(model)
    train(model, data, optimizer, schedule, range(10))
    saved = [part.state_dict() for part in (model, optimizer, schedule)]
    train(model, data, optimizer, schedule, range(10, 20))
    other, _ = network()
    again = (other, *parts(other))
    for part, state in zip(again, saved, strict=True):
        part.load_state_dict(state)
    train(other, data, again[1], again[2], range(10, 20))
    for p, q in zip(model.parameters(), other.parameters(), strict=True):
        np.testing.assert_array_equal(p.data, q.data)


def test_what_is_saved_is_a_copy_of_plain_data() -> None:
    x = Tensor([1.0, 2.0])
    optimizer = optim.Adam([x])
    x.sum().backward()
    optimizer.step()
    saved = optimizer.state_dict()
    assert saved["param_groups"][0]["params"] == [0]
    assert (saved["state"][0]["step"], type(saved["state"][0]["exp_avg"])) == (1, np.ndarray)
    before = saved["state"][0]["exp_avg"].copy()
    optimizer.step()
    np.testing.assert_array_equal(saved["state"][0]["exp_avg"], before)


@every_optimizer
def test_columns_in_memory_move_as_rows_do(name: str, options: Any) -> None:
    start = np.random.default_rng(0).normal(size=(300, 200))
    found = []
    for order in "CF":
        p = Tensor(np.asarray(start, order=order))
        optimizer = getattr(optim, name)([p, Tensor(1.0)], **options)
        for _ in range(3):
            optimizer.zero_grad()
            (p * p * start).sum().backward()
            optimizer.step()
        found.append(p.data)
    np.testing.assert_allclose(found[0], found[1], rtol=1e-12)


@every_optimizer
def test_the_valley(name: str, options: Any) -> None:
    x, y = Value(1.5), Value(-1.0)
    optimizer = getattr(optim, name)([x, y], **{**options, "lr": 0.02})
    first = 1.5**2 + 3 * 1.0
    for _ in range(60):
        optimizer.zero_grad()
        (x * x + 3 * y * y).backward()
        optimizer.step()
    assert x.data**2 + 3 * y.data**2 < first


@every_optimizer
def test_uphill_is_downhill_of_the_negative(name: str, options: Any) -> None:
    found = []
    for sign in (1.0, -1.0):
        x = Tensor(np.array([1.5, -0.5]))
        optimizer = getattr(optim, name)([x], **options, maximize=sign > 0)
        for _ in range(5):
            optimizer.zero_grad()
            (sign * np.sin(x)).sum().backward()
            optimizer.step()
        found.append(x.tolist())
    assert found[0] == found[1]


@every_optimizer
def test_how_pytorch_computes_a_step_is_accepted(name: str, options: Any) -> None:
    p, q = Tensor([1.0, 2.0]), Tensor([1.0, 2.0])
    plain = getattr(optim, name)([p], **options)
    other = getattr(optim, name)([{"params": q, "fused": True}], **options, foreach=False, capturable=None)
    for x, optimizer in ((p, plain), (q, other)):
        (x * x).sum().backward()
        optimizer.step()
    assert (p.tolist(), repr(plain)) == (q.tolist(), repr(other))


def test_what_is_common_to_all_is_not_an_optimiser_itself() -> None:
    for base in (optim.Optimizer, optim.Elementwise, schedules.LRScheduler):
        with pytest.raises(TypeError, match="abstract"):
            base([Tensor(1.0)], {"lr": 0.1})


def test_lbfgs_finds_the_minimum_of_a_square_in_two_moves_along_lines() -> None:
    x, y = Tensor([3.0, -2.0]), Tensor(1.0)
    optimizer = optim.LBFGS([x, y], line_search_fn="strong_wolfe")
    calls = 0

    def closure() -> Any:
        nonlocal calls
        calls += 1
        optimizer.zero_grad()
        loss = (x * x).sum() + y * y
        loss.backward()
        return loss

    assert optimizer.step(closure).item() == 14.0
    np.testing.assert_allclose([*x.tolist(), y.item()], 0, atol=1e-12)
    assert optimizer.state_dict()["state"][0]["func_evals"] == calls < 6


def test_lbfgs_comes_back_from_where_there_is_no_loss() -> None:
    x = Tensor([10.0])
    optimizer = optim.LBFGS([x], lr=20.0, line_search_fn="strong_wolfe")  # the first try is far below 0
    losses = []

    def closure() -> Any:
        optimizer.zero_grad()
        with np.errstate(all="ignore"):
            loss = (x * x / 2 - 4 * np.log(x)).sum()
        loss.backward()
        losses.append(loss.item())
        return loss

    for _ in range(3):
        optimizer.step(closure)
    assert math.isnan(losses[1])
    assert x.item() == pytest.approx(2.0, rel=1e-4)


def test_lbfgs_is_resumed_to_the_bit() -> None:
    def parts() -> tuple[Any, Any]:
        x = Tensor([-1.2, 1.0])
        return x, optim.LBFGS([x], max_iter=4, history_size=3, line_search_fn="strong_wolfe")

    def steps(x: Any, optimizer: Any) -> None:
        def closure() -> Any:
            optimizer.zero_grad()
            loss = 100 * (x[1] - x[0] ** 2) ** 2 + (1 - x[0]) ** 2
            loss.backward()
            return loss

        for _ in range(2):
            optimizer.step(closure)

    x, optimizer = parts()
    steps(x, optimizer)
    y, again = parts()
    y.data = x.data.copy()
    again.load_state_dict(optimizer.state_dict())
    steps(x, optimizer)
    steps(y, again)
    assert x.tolist() == y.tolist()


def test_lbfgs_leaves_alone_what_is_frozen() -> None:
    x, frozen = Tensor([3.0]), Tensor([1.0], requires_grad=False)
    optimizer = optim.LBFGS([frozen, x])

    def closure() -> Any:
        optimizer.zero_grad()
        loss = ((x - frozen) ** 2).sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    assert (frozen.tolist(), x.tolist()) == ([1.0], [pytest.approx(1.0)])


def test_a_closure_gives_the_loss() -> None:
    x = Tensor([2.0])
    optimizer = optim.SGD([x], lr=0.25)

    def closure() -> Any:
        optimizer.zero_grad()
        loss = (x * x).sum()
        loss.backward()
        return loss

    assert (optimizer.step(closure).item(), x.tolist()) == (4.0, [1.0])


def test_clipping() -> None:
    x, y, unused = Tensor([3.0, 0.0]), Value(4.0), Tensor(1.0)
    (x * x / 2).sum().backward()
    (y * y / 2).backward()
    assert utils.clip_grad_norm_([x, y, unused], 10.0) == 5.0
    assert (x.grad.tolist(), y.grad) == ([3.0, 0.0], 4.0)
    assert utils.clip_grad_norm_([x, y], 1.0, float("inf")) == 4.0
    assert y.grad == pytest.approx(1.0, rel=1e-6)
    utils.clip_grad_value_([x, y, unused], 0.5)
    assert (x.grad.tolist(), y.grad) == ([0.5, 0.0], 0.5)


def sgd() -> Any:
    return optim.SGD([Tensor(1.0)], lr=0.1)


def nan_gradient() -> Any:
    x = Tensor(1.0)
    x.grad = np.array(np.nan)
    return x


@pytest.mark.parametrize(
    ("attempt", "text"),
    [
        (lambda: optim.Adam([Tensor(1.0)], betas=(0.9, 1.0)), r"betas=\(0.9, 1.0\)"),
        (lambda: optim.Adam([Tensor(1.0)], lr=-1), r"Adam\(..., lr=-1\)"),
        (lambda: optim.NAdam([Tensor(1.0)], momentum_decay=-1), "momentum_decay"),
        (lambda: optim.RMSprop([Tensor(1.0)], alpha=1.5), "alpha=1.5"),
        (lambda: optim.Adagrad([Tensor(1.0)], lr_decay=-1), "lr_decay"),
        (lambda: optim.Adam([{"params": [Tensor(1.0)], "momentum": 0.9}]), "the options lr, betas"),
        (lambda: optim.Adam([{"params": []}]), "at least one parameter"),
        (lambda: optim.Adam([Tensor(1.0)] * 1 + [np.ones(2)]), "Tensors or Values"),
        (lambda: (lambda x: optim.Adam([x, x]))(Tensor(1.0)), "a second time"),
        (lambda: sgd().load_state_dict({}), "the key 'state'"),
        (lambda: sgd().load_state_dict(optim.SGD([Tensor(1.0), Tensor(1.0)]).state_dict()), r"groups of \[2\]"),
        (lambda: utils.clip_grad_norm_([], -1.0), "max_norm=-1.0"),
        (lambda: utils.clip_grad_norm_([nan_gradient()], 1.0, error_if_nonfinite=True), "a norm of nan"),
        (lambda: utils.clip_grad_value_([], -1.0), "clip_value=-1.0"),
        (lambda: utils.parameters_to_vector([]), "at least one Tensor"),
        (lambda: optim.Adam([Tensor(1.0)], differentiable=True), "autograd.misc.optimizers"),
        (lambda: optim.SGD([Tensor(1.0)], amsgrad=True), "the options lr, momentum"),
        (lambda: optim.Adadelta([Tensor(1.0)], rho=1.0), "rho=1.0"),
        (lambda: optim.Rprop([Tensor(1.0)], etas=(1.2, 0.5)), "one factor between 0 and 1, and one above 1"),
        (lambda: optim.Rprop([Tensor(1.0)], step_sizes=(2.0, 1.0)), "the shortest step, and the longest"),
        (lambda: optim.ASGD([Tensor(1.0)], t0=-1), "t0"),
        (lambda: optim.RAdam([Tensor(1.0)], betas=(1.0, 0.9)), "betas"),
        (lambda: optim.LBFGS([Tensor(1.0)]).step(), "a function that computes the loss"),
        (lambda: optim.LBFGS([Tensor(1.0)]).step(lambda: None), "a closure that returns the loss"),
        (lambda: optim.LBFGS([Tensor(1.0)], line_search_fn="armijo"), "None or 'strong_wolfe'"),
        (lambda: optim.LBFGS([Tensor(1.0)], max_iter=0), "a whole number from 1"),
        (lambda: optim.LBFGS([{"params": [Tensor(1.0)]}, {"params": [Tensor(1.0)]}]), "one group"),
    ],
)
def test_errors(attempt: Any, text: str) -> None:
    with pytest.raises(errors.ArgumentError, match=text) as caught:
        attempt()
    assert all(part in str(caught.value) for part in ("expected:", "got:", "cure:"))


def test_other_parameters_than_those_that_were_saved() -> None:
    vectors = [Tensor([1.0, 2.0]), Tensor([1.0])]
    optimizer = optim.LBFGS(vectors[:1])
    optimizer.step(lambda: ((vectors[0] ** 2).sum().backward(), 5.0)[1])
    with pytest.raises(errors.ShapeError, match="1 numbers in all parameters"):
        optim.LBFGS(vectors[1:]).load_state_dict(optimizer.state_dict())
    with pytest.raises(errors.ShapeError, match=r"shape \(1,\), a number for each element"):
        utils.vector_to_parameters(np.ones(2), vectors[1:])


def test_a_state_of_another_shape() -> None:
    def stepped(shape: tuple[int, ...]) -> Any:
        x = Tensor(np.ones(shape))
        optimizer = optim.Adam([x])
        x.sum().backward()
        optimizer.step()
        return optimizer

    with pytest.raises(errors.ShapeError, match=r"exp_avg of Tensor of shape \(2,\)"):
        stepped((2,)).load_state_dict(stepped((3,)).state_dict())
