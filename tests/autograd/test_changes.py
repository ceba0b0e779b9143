"""Arrays that were changed behind our back are noticed inside ``checking()``, and named."""

from __future__ import annotations

import inspect
import threading
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import nn
from autograd import Tensor, Value, checking, checkpoint, errors, grad, hessian, vjp
from autograd.watching import LIVING
from nn.optim import SGD


def here() -> str:
    """The line before the one that calls this, as an error shows it."""
    frame = inspect.currentframe()
    assert frame is not None
    assert frame.f_back is not None
    return f"{__file__}:{frame.f_back.f_lineno - 1}: "


# Always noticed, or not possible.


def test_array_of_a_result_cannot_be_written_into() -> None:
    x = Tensor([1.0, 2.0, 3.0])
    for y in (x * 2, x[1:], x.T, x.reshape(3, 1), x.detach()[1:]):
        with pytest.raises(ValueError, match="read-only"):
            y.data[0] = 5.0
        with pytest.raises(ValueError, match="read-only"):
            y.data -= 1.0
    assert x.tolist() == [1.0, 2.0, 3.0]


@pytest.mark.parametrize(
    "read",
    [lambda x, at: np.take(x, at), lambda x, at: x.take(at), lambda x, at: np.repeat(x, at), lambda x, at: x[at]],
)
def test_an_index_that_was_used_is_copied(read: Callable[[Any, Any], Any]) -> None:
    x, at = Tensor([1.0, 2.0, 3.0]), np.array([0, 1, 1])
    y = read(x, at).sum()
    x2, at2 = Tensor([1.0, 2.0, 3.0]), at.copy()
    at[:] = [2, 0, 0]
    y.backward()
    read(x2, at2).sum().backward()
    np.testing.assert_array_equal(x.grad, x2.grad)


def test_array_of_a_leaf_can_be_written_into() -> None:
    x = Tensor([1.0, 2.0])
    loss = (x * x).sum()
    x.data -= 1.0
    assert x.tolist() == [0.0, 1.0]
    with pytest.raises(errors.StaleGraphError):
        loss.backward()


@pytest.mark.parametrize("kind", [Value, Tensor])
def test_result_that_is_given_data_is_a_leaf(kind: Any) -> None:
    x = kind(1.0)
    y = np.exp(x) * 2
    y.data = 5.0
    (y * y).backward()
    assert (y.is_leaf, float(y.grad), x.grad) == (True, 10.0, kind(1.0).grad)


def test_constant_as_an_array_cannot_be_written_into() -> None:
    c = Tensor([1.0, 2.0], requires_grad=False)
    array = np.asarray(c)
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 5.0
    own = np.array(c)
    own[0] = 5.0
    assert c.tolist() == [1.0, 2.0]


def test_twin_of_a_parameter_is_its_own() -> None:
    p = nn.Linear(1, 1).weight
    loss = (p * p).sum()
    twin = p.detach()
    twin.data -= 1.0
    loss.backward()
    assert p.grad.item() == pytest.approx(2 * p.item())


def test_optimiser_and_loading_are_noticed() -> None:
    layer = nn.Linear(2, 1)
    state = layer.state_dict()
    for change in (SGD(layer.parameters(), lr=0.1).step, lambda: layer.load_state_dict(state)):
        loss = (layer(np.ones((1, 2))) ** 2).sum()
        loss.backward()
        change()
        with pytest.raises(errors.StaleGraphError):
            loss.backward()


# Noticed inside checking().


def through_a_view(x: Any, a: Any) -> None:
    a[1:][0] = 5.0


def by_operator(x: Any, a: Any) -> None:
    a *= 2.0


def by_out(x: Any, a: Any) -> None:
    np.exp(a, out=a)


def array_of_the_leaf(x: Any, a: Any) -> None:
    x.data[1] = 5.0


CHANGES = {
    through_a_view: [
        "argument 1, ndarray of shape (3,)",
        "1 of 3 elements",
        "(1,): 2.0 has become 5.0",
        "array.copy()",
    ],
    by_operator: ["argument 1, ndarray", "3 of 3 elements", "(0,): 1.0 has become 2.0"],
    by_out: ["argument 1, ndarray", "3 of 3"],
    array_of_the_leaf: ["argument 0, Tensor 'x' of shape (3,)", "(1,): 1.0 has become 5.0", "t.data = array"],
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("inside", [False, True], ids=["after the block", "inside"])
def test_change_is_named(change: Callable[[Any, Any], None], inside: bool) -> None:
    x, a = Tensor(np.ones(3), name="x"), np.array([1.0, 2.0, 3.0])
    with checking():
        y = x * a
        line = here()
        loss = y.sum()
        change(x, a)
        if inside:
            with pytest.raises(errors.ChangedArrayError):
                loss.backward()
    with pytest.raises(errors.ChangedArrayError) as raised:
        loss.backward()
    text = str(raised.value)
    for part in [
        "walking back from multiply",
        "expected:",
        "got:",
        "cure:",
        f"line:     {line}y = x * a",
        *CHANGES[change],
    ]:
        assert part in text
    x.grad = None
    with checking():
        again = (x * a).sum()
    again.backward()
    assert x.grad.tolist() == a.tolist()


def test_without_a_change_nothing_is_said() -> None:
    def f(x: Any, a: Any) -> Any:
        y = np.sin(x) * a
        y[0] = y[1]
        return (y @ y) + nn.functional.relu(y).sum()

    a = np.array([0.5, np.nan, 2.0])[[0, 2]]
    x = np.array([1.0, 2.0])
    assert np.array_equal(checking()(grad(f))(x, a), grad(f)(x, a))
    assert np.array_equal(checking()(hessian(f))(x, a), hessian(f)(x, a))


def test_nan_has_not_changed() -> None:
    x, a = Tensor([1.0, 2.0]), np.array([np.nan, 1.0])
    with checking():
        loss = (x * a).sum()
    loss.backward()
    assert np.isnan(x.grad[0])


def test_layer_is_named() -> None:
    net = nn.Sequential(nn.Linear(2, 3), nn.Tanh(), nn.Linear(3, 1))
    with checking():
        loss = net(np.ones((4, 2))).sum()
        net[2].weight.data[0, 1] = 5.0
    with pytest.raises(errors.ChangedArrayError) as raised:
        loss.backward()
    assert (raised.value.layer, "'2.weight'" in str(raised.value)) == ("2", True)


def test_change_between_two_orders() -> None:
    x, a = Tensor([1.0, 2.0]), np.array([3.0, 4.0])
    with checking():
        np.sin(x * a).sum().backward(create_graph=True)
        first = x.grad
        a[0] = 100.0
        with pytest.raises(errors.ChangedArrayError):
            first.sum().backward()


def test_change_before_the_pullback() -> None:
    a = np.array([3.0, 4.0])
    with checking():
        pull = vjp(lambda x: (x * a).sum(), np.ones(2))[1]
    a[0] = 100.0
    with pytest.raises(errors.ChangedArrayError):
        pull(1.0)


def test_argument_of_a_checkpoint() -> None:
    x, a = Tensor([1.0, 2.0]), np.array([3.0, 4.0])
    with checking():
        loss = checkpoint(lambda x, a: (x * a).sum())(x, a)
    a[0] = 100.0
    with pytest.raises(errors.ChangedArrayError, match="given"):
        loss.backward()


def test_shape_changed_in_place() -> None:
    x, a = Tensor(1.0), np.ones((2, 3))
    with checking():
        loss = (x * a).sum()
    a.resize((3, 2), refcheck=False)
    with pytest.raises(errors.ChangedArrayError, match=r"shape \(3, 2\), which was of shape \(2, 3\)"):
        loss.backward()


def test_new_data_is_stale_as_ever() -> None:
    x = Tensor([1.0])
    with checking():
        loss = (x * x).sum()
    x.data = [2.0]
    with pytest.raises(errors.StaleGraphError) as raised:
        loss.backward()
    assert type(raised.value) is errors.StaleGraphError
    assert "loss = (x * x).sum()" in raised.value.line


def test_one_copy_for_all_uses() -> None:
    x, a = Tensor([1.0, 2.0]), np.array([3.0, 4.0])
    with checking():
        first, second = x * a, x * a
        a[0] = 9.0
        third = x * a
    copies = [y.scope.uses[1].copy for y in (first, second, third)]
    assert copies[0] is copies[1]
    assert [c.tolist() for c in copies] == [[3.0, 4.0], [3.0, 4.0], [9.0, 4.0]]


def test_nothing_is_kept_without_a_graph() -> None:
    before = set(LIVING)
    with checking():
        y = (Tensor([1.0]) * np.ones(1)).sum()
    assert LIVING - before
    del y
    assert not LIVING - before


def test_other_threads_are_not_watched() -> None:
    scopes = []
    with checking():
        thread = threading.Thread(target=lambda: scopes.append((Tensor([1.0]) * 2).scope))
        thread.start()
        thread.join()
    assert [type(scope) for scope in scopes] == [str]
