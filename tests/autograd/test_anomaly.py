"""``detect_anomaly()`` names the first operation that made a NaN or an infinity, on both ways, with its line."""

from __future__ import annotations

import inspect
import math
import threading
from typing import Any

import numpy as np
import pytest

import nn
from autograd import Tensor, Value, checking, checkpoint, detect_anomaly, errors, grad, hessian, jvp, no_grad, row, vmap
from autograd.errors import AnomalyError
from autograd.graph import TABLE, scope
from nn import optim

from .rows import CASES as ROWS
from .test_numpy import CASES as COMPOSITES


def line(offset: int = 0) -> str:
    """This file and the number of the line that calls this, as an error shows it."""
    frame = inspect.currentframe()
    assert frame is not None
    assert frame.f_back is not None
    return f"{__file__}:{frame.f_back.f_lineno + offset}: "


def parts(error: Any, *expected: str) -> None:
    """The four parts, and what else an error has to say."""
    text = str(error.value)
    for part in ("\n  expected: ", "\n  got:      ", "\n  cure:     ", *expected):
        assert part in text


# On the way forward.


def test_operation_that_makes_an_infinity() -> None:
    x = Tensor([4.0, 0.0], name="x")
    with detect_anomaly(), pytest.raises(errors.AnomalyError) as error:
        np.sqrt(x) * 2 + np.log(x)
    parts(
        error,
        "log(Tensor 'x' of shape (2,))",
        "a finite result",
        "1 infinity of 2 elements, the first at (1,)",
        "argument 0, Tensor 'x' of shape (2,): [4., 0.]",
        "infinities=False",
        f"line:     {line(-8)}np.sqrt(x) * 2 + np.log(x)",
    )


def test_operation_that_makes_nan() -> None:
    with detect_anomaly(infinities=False):
        y, z = np.log(Tensor([1.0, 0.0])), np.log(Tensor(np.zeros(2)))
        with pytest.raises(errors.AnomalyError) as error:
            y - z
    parts(error, "subtract(", "a result without NaN", "1 NaN and 1 infinity of 2 elements, the first at (0,)")
    parts(error, "[  0., -inf]", "[-inf, -inf]")
    assert "infinities" not in str(error.value)


def test_numbers_too() -> None:
    v = Value(1e300)
    with detect_anomaly(), pytest.raises(errors.AnomalyError) as error:
        v * v
    parts(error, "multiply(Value, Value)", "1 infinity", "argument 1, Value: 1.e+300")


def test_without_recording() -> None:
    x = Tensor([-1.0])
    with detect_anomaly(), no_grad(), pytest.raises(errors.AnomalyError):
        np.sqrt(x)
    with no_grad(), detect_anomaly(), pytest.raises(errors.AnomalyError):
        np.sqrt(x)
    with detect_anomaly(), pytest.raises(errors.AnomalyError):
        np.sqrt(x.detach())


def test_nan_that_was_given() -> None:
    x, a = Tensor([1.0, np.nan], name="prices"), np.array([np.nan, 1.0])
    with detect_anomaly():
        with pytest.raises(errors.AnomalyError) as error:
            (x * 2).sum()
        parts(error, "1 NaN of 2 elements, the first at (1,) in argument 0, Tensor 'prices'", "which was so before")
        parts(error, "np.nan_to_num(prices)")
        with pytest.raises(errors.AnomalyError) as error:
            Tensor([1.0, 2.0]) + a
        parts(error, "in argument 1, ndarray of shape (2,), which was so before: [nan,  1.]")
        with pytest.raises(errors.AnomalyError) as error:
            Tensor([1.0, np.inf]) * 2
        parts(error, "1 infinity of 2 elements", "which was so before")


def test_infinities_that_are_meant() -> None:
    x = Tensor([[0.5, 1.0], [2.0, 0.1]])
    mask = np.where(np.tri(2), 0.0, -np.inf)
    with detect_anomaly():
        scores = x + mask
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        (p / p.sum(axis=1, keepdims=True)).var().backward()
        np.max(x, where=mask == 0, initial=-np.inf).backward()
    with detect_anomaly(infinities=False):
        z = Tensor([0.0, 1.0])
        np.where(z.data > 0, np.log(z), 0.0).sum().backward()
    assert np.isfinite(x.grad).all()
    assert z.grad.tolist() == [0.0, 1.0]


def test_large_arrays_are_summed_up() -> None:
    x = Tensor(np.arange(-3.0, 10.0))
    with detect_anomaly(), pytest.raises(errors.AnomalyError) as error:
        np.log(x)
    parts(error, "3 NaN and 1 infinity of 13 elements, the first at (0,)", ": from -3 to 9\n")


def test_layer_is_named() -> None:
    class Root(nn.Module):
        def forward(self, x: Any) -> Any:
            return np.sqrt(x)

    net = nn.Sequential(nn.Linear(2, 3), nn.Sequential(Root()))
    net[0].bias.data = -100 * np.ones(3)
    with detect_anomaly(), pytest.raises(errors.AnomalyError) as error:
        net(np.ones((1, 2)))
    assert error.value.layer == "1.0"
    parts(error, "sqrt(", "\n  layer:    1.0\n", "return np.sqrt(x)")


# On the way back.


def test_rule_that_makes_an_infinity() -> None:
    x = Tensor([4.0, 0.0], name="x")
    with detect_anomaly():
        y = np.sqrt(x)
        where = line(-1)
        loss = (y * 3).sum()
        with pytest.raises(errors.AnomalyError) as error:
            loss.backward()
    parts(
        error,
        "the rule of sqrt for argument 0, in sqrt(Tensor 'x' of shape (2,))",
        "1 infinity of 2 elements, the first at (1,) in the gradient of Tensor 'x'",
        "gradient of the result: [3., 3.]",
        "result: [2., 0.]",
        "argument 0, Tensor 'x' of shape (2,): [4., 0.]",
        f"line:     {where}y = np.sqrt(x)",
    )
    assert x.grad is None


def test_rule_of_a_number() -> None:
    x = Value(1e-200)
    with detect_anomaly():
        y = 1.0 / x
        with pytest.raises(errors.AnomalyError) as error:
            y.backward()
    parts(error, "the rule of divide for argument 1", "argument 1, Value: 1.e-200")


def test_branch_that_was_not_taken_is_no_anomaly() -> None:
    x = Tensor([4.0, 0.0])
    with detect_anomaly():
        np.where(x.data > 0, np.sqrt(x), x).sum().backward()
        assert hessian(lambda x: np.where(x > 0, np.sqrt(x), x).sum())(np.array([4.0, 0.0]))[0, 0] == -1 / 32
    assert x.grad.tolist() == [0.25, 1.0]


def test_layer_of_a_rule() -> None:
    x = Tensor([0.0])
    with detect_anomaly():
        with scope("head"):
            y = np.sqrt(x)
        with pytest.raises(errors.AnomalyError) as error:
            y.sum().backward()
    assert error.value.layer == "head"


def test_second_order() -> None:
    with detect_anomaly(), pytest.raises(errors.AnomalyError) as error:
        grad(grad(lambda x: x**1.5))(0.0)
    parts(error, "the rule of power", "grad(grad(lambda x: x**1.5))(0.0)")


def test_forward_mode() -> None:
    with detect_anomaly(), pytest.raises(errors.AnomalyError) as error:
        jvp(np.sqrt, (np.array([0.0]),), (np.array([1.0]),))
    parts(error, "the rule of sqrt")


def test_inside_a_checkpoint() -> None:
    with detect_anomaly(), pytest.raises(errors.AnomalyError) as error:
        grad(checkpoint(lambda x: np.sqrt(x).sum()))(np.array([0.0, 1.0]))
    parts(error, "the rule of sqrt", "argument 0, Tensor of shape (2,): [0., 1.]")


def test_seed_and_sum() -> None:
    x = Tensor(np.array([3e38, 1.0], np.float32), name="x")
    with detect_anomaly():
        with pytest.raises(errors.AnomalyError) as error:
            (x * 0.5).backward([np.nan, 1.0])
        parts(error, "backward(gradient)", "1 NaN of 2 elements, the first at (0,)", "[nan,  1.]")
        with pytest.raises(errors.AnomalyError) as error:
            np.stack([x, x]).backward(np.full((2, 2), 3e38, np.float32))
        parts(error, "adding up the gradients of Tensor 'x'", "an overflow of float32", "a wider dtype")


def test_wrong_rule_is_named() -> None:
    wrong = row(np.spacing, lambda g, y, x: g * np.nan, array=lambda x: 2 * x, name="spoilt")
    try:
        with detect_anomaly(), pytest.raises(errors.AnomalyError) as error:
            wrong(Tensor([1.0])).sum().backward()
    finally:
        del TABLE["spoilt"]
    parts(error, "the rule of spoilt for argument 0")


# The block.


def test_decorator_nesting_and_threads() -> None:
    x = Tensor([0.0])

    @detect_anomaly()
    def f() -> Any:
        return np.log(x)

    for _ in range(2):
        with pytest.raises(errors.AnomalyError):
            f()
    with detect_anomaly(), detect_anomaly(infinities=False):
        np.log(x)
    results = []

    def elsewhere() -> None:
        with np.errstate(all="ignore"):
            results.append(np.log(x))

    with detect_anomaly():
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
    assert results[0].tolist() == [-np.inf]
    with pytest.warns(RuntimeWarning, match="divide by zero"):
        np.log(x)


def test_beside_checking() -> None:
    x, a = Tensor([4.0, 0.0]), np.ones(2)
    for first, second in ((checking, detect_anomaly), (detect_anomaly, checking)):
        with first(), second():
            y = np.sqrt(x) * a
            with pytest.raises(errors.AnomalyError, match="y = np"):
                y.sum().backward()
            a[0] += 1.0
            with pytest.raises(errors.ChangedArrayError, match="y = np"):
                y.sum().backward()


# Nothing is said where nothing is wrong; and what is planted is found.


@pytest.mark.parametrize(("name", "sample"), ROWS)
def test_no_false_alarm_in_rows(name: str, sample: Any) -> None:
    xs = [Tensor(x) if isinstance(x, np.ndarray) and x.dtype.kind == "f" else x for x in sample.inputs]
    with detect_anomaly():
        y = TABLE[name](*xs, **sample.attrs)
        y.backward(np.ones(y.shape))


@pytest.mark.parametrize(("call", "arrays"), [case for case in COMPOSITES if not str(case.id).startswith("nan")])
def test_no_false_alarm_in_composites(call: Any, arrays: list[Any]) -> None:
    with detect_anomaly():
        y = call(*map(Tensor, arrays))
        y.backward(np.ones(y.shape))


def test_functions_that_skip_nan_raise_no_alarm() -> None:
    x = Tensor([1.0, np.nan, 3.0])
    with detect_anomaly():
        (np.nansum(x) + np.nanmean(x) + np.nanmax(x) + np.nan_to_num(x).sum()).backward()
    assert x.grad[1] == 0.0


STEPS = [np.tanh, lambda a: np.sin(a + 0.1), lambda a: np.exp(0.3 * a), lambda a: a + 0.5]


def planted(rng: np.random.Generator, place: int) -> Any:
    """A random graph of 30 operations, of which the one at ``place`` takes the root of zeros."""
    nodes: list[Any] = [Tensor(rng.uniform(0.5, 1.5, 4)) for _ in range(3)]
    for k in range(30):
        a, b = (nodes[int(i)] for i in rng.integers(len(nodes), size=2))
        step = STEPS[int(rng.integers(len(STEPS)))]
        nodes.append(np.sqrt(a - a.data) if k == place else step(a) + 0.5 * b)  # planted
    return sum((0.1 * x).sum() for x in nodes)


@pytest.mark.parametrize("seed", range(40))
def test_planted_root_of_zero_is_found(seed: int) -> None:
    rng = np.random.default_rng(seed)
    with detect_anomaly():
        loss = planted(rng, int(rng.integers(30)))
        with pytest.raises(errors.AnomalyError) as error:
            loss.backward()
    parts(error, "the rule of sqrt for argument 0")
    assert error.value.line.endswith("# planted")


def spoilt(x: Any, place: int, element: tuple[int, int], name: str) -> Any:
    """A chain in which the function of that name leaves its domain, in one element, at one place."""
    shift = np.zeros(x.shape)
    shift[element] = 10.0
    for k in range(12):
        x = np.tanh(x) * 0.9 + 0.05
        if k == place:
            x = getattr(np, name)(x - shift)  # spoilt
    return x


@pytest.mark.parametrize("seed", range(40))
def test_planted_nan_is_found_where_it_was_made(seed: int) -> None:
    rng = np.random.default_rng(seed)
    names = ["log", "sqrt", "arcsin", "arctanh", "log2", "log1p"]
    place, name = int(rng.integers(12)), names[int(rng.integers(len(names)))]
    element = (int(rng.integers(2)), int(rng.integers(3)))
    x = Tensor(rng.uniform(0.1, 0.9, (2, 3)))
    with detect_anomaly(), pytest.raises(errors.AnomalyError) as error:
        spoilt(x, place, element, name)
    parts(error, f"{name}(Tensor of shape (2, 3))", f"1 NaN of 6 elements, the first at {element}")
    assert error.value.line.endswith("# spoilt")


def test_in_a_batch_the_examples_are_counted_together() -> None:
    x = np.array([1.0, 0.0])
    with detect_anomaly(), pytest.raises(errors.AnomalyError) as caught:
        vmap(np.log)(x)
    assert "1 infinity of 2 elements, the first at (1,)" in str(caught.value)
    with detect_anomaly(), pytest.raises(errors.AnomalyError) as caught:
        vmap(grad(np.sqrt))(x)
    assert "the rule of sqrt for argument 0" in str(caught.value)


@pytest.mark.parametrize("optimizer", [optim.SGD, optim.Adam])
def test_a_step_to_where_there_is_no_number_is_noticed(optimizer: Any) -> None:
    w = Tensor([1.0, 2.0], name="w")
    (w * w).sum().backward()
    w.grad[1] = np.nan
    with (
        detect_anomaly(),
        pytest.raises(AnomalyError, match=r"giving new data to Tensor 'w' of shape \(2,\)") as raised,
    ):
        optimizer([w], lr=0.1).step()
    assert "1 NaN of 2 elements, the first at (1,)" in str(raised.value)
    assert "optimizer([w], lr=0.1).step()" in raised.value.line
    v = Value(1.0)
    v.data = math.nan  # nobody is looking
    with detect_anomaly(), pytest.raises(AnomalyError, match="1 NaN"):
        v.data = v.data * 2
    with detect_anomaly(infinities=False):
        v.data = math.inf


def test_the_line_of_the_backward_pass_stands_in_for_a_line_that_nobody_saw() -> None:
    x = Tensor([4.0, 0.0], name="x")
    y = np.sqrt(x).sum()
    with detect_anomaly(), pytest.raises(AnomalyError, match="the rule of sqrt") as raised:
        y.backward()
    assert "y.backward() (with the forward pass inside detect_anomaly() too: the line of sqrt)" in raised.value.line
