"""What compiled functions read and leave behind: in arguments, variables around them, classes, and shared memory.

Each program is a fresh function with its state, and the arguments of its ``i``-th call; it is run eagerly and compiled.
"""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Callable, Iterator
from functools import partial
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pytest

import nn
from autograd import Tensor, compile, errors, grad, trees, value_and_grad

Made = tuple[Callable[..., Any], Callable[[], Any]]
PROGRAMS: dict[str, tuple[Callable[[], Made], Callable[[int], tuple[Any, ...]]]] = {}


def numbers(seed: int, *shape: int) -> Any:
    return np.random.default_rng(seed).standard_normal(shape or 3)


def program(arguments: Callable[[int], tuple[Any, ...]]) -> Callable[[Callable[[], Made]], Callable[[], Made]]:
    def register(make: Callable[[], Made]) -> Callable[[], Made]:
        PROGRAMS[make.__name__] = make, arguments
        return make

    return register


def one(i: int) -> tuple[Any, ...]:
    return (numbers(i),)


def plain(tree: Any) -> list[tuple[str, Any]]:
    """The leaves, with the data of Tensors, and the gradients of those that nothing made."""
    found: list[tuple[str, Any]] = []
    for path, x in trees.leaves(tree):
        found.append((path, x.data if isinstance(x, Tensor) else x))
        if isinstance(x, Tensor) and x.requires_grad and x.is_leaf:
            found.append((f"{path}.grad", x.grad))
    return found


def assert_same(found: Any, expected: Any, where: str) -> None:
    for (path, x), (other, y) in zip(plain(found), plain(expected), strict=True):
        assert path == other, where
        assert type(x) is type(y), (where, path)
        np.testing.assert_array_equal(x, y, err_msg=f"{where}{path}", strict=isinstance(x, np.ndarray))


# Memory that is shared.


def same_or_another(i: int) -> tuple[Any, ...]:
    x = numbers(i)
    return (x, x) if i % 3 == 0 else (x, numbers(i + 50))


@program(same_or_another)
def twice_the_same_array() -> Made:
    return lambda a, b: (np.sum(a * b), grad(lambda a, b: np.sum(a * a * b), (0, 1))(a, b)), lambda: None


def apart_or_overlapping(i: int) -> tuple[Any, ...]:
    x = numbers(i, 6)
    return (x[:4], x[2:]) if i % 3 == 1 else (x[:4].copy(), x[2:].copy())


@program(apart_or_overlapping)
def writing_into_what_another_shows() -> Made:
    def f(a: Any, b: Any) -> Any:
        before = np.sum(b * 2)
        a[...] = a * 2
        return before, np.sum(b * 2)

    return f, lambda: None


def same_or_another_tensor(i: int) -> tuple[Any, ...]:
    t = Tensor(numbers(i))
    return (t, t) if i % 2 else (t, Tensor(numbers(i + 50)))


@program(same_or_another_tensor)
def twice_the_same_tensor() -> Made:
    def f(t: Any, u: Any) -> Any:
        loss = np.sum(t * u * u)
        loss.backward()
        return loss

    return f, lambda: None


# Arguments that are written into.


@program(lambda i: ({"w": numbers(i), "t": 0.5 * i, "old": 1}, numbers(i + 50)))
def items_of_a_dict_argument() -> Made:
    def f(state: Any, x: Any) -> Any:
        state["w"] = state["w"] - 0.1 * x
        state["t"] = state["t"] + 1
        state["new"] = [x * 2]
        del state["old"]
        return np.sum(state["w"])

    return f, lambda: None


@program(lambda i: ([numbers(i)], numbers(i + 50)))
def appending_to_a_list_argument() -> Made:
    def f(log: Any, x: Any) -> Any:
        log.append(x * 2)
        log.insert(0, x)
        return np.sum(log[1])

    return f, lambda: None


# State of many forms.


@program(one)
def a_pair_that_is_replaced() -> Made:
    state = SimpleNamespace(pair=(np.zeros(3), np.ones(3)))

    def f(x: Any) -> Any:
        m, w = state.pair
        m = 0.9 * m + x
        state.pair = (m, w - 0.1 * m)
        return np.sum(w)

    return f, lambda: state.pair


class Weights(NamedTuple):
    w: Any
    b: Any


@program(one)
def a_named_tuple_that_is_replaced() -> Made:
    state = {"p": Weights(np.ones(3), np.zeros(3))}

    def f(x: Any) -> Any:
        p = state["p"]
        state["p"] = p._replace(w=p.w - 0.1 * x)
        return np.sum(p.w * p.b) + np.sum(state["p"].w)

    return f, lambda: state


@program(one)
def tuples_in_tuples_written_in_place() -> Made:
    layers = ((np.ones(3), (np.zeros(3),)), Weights(np.ones(3), np.ones(3)))

    def f(x: Any) -> Any:
        (w, (b,)), other = layers
        w -= 0.1 * x
        b += np.sum(x)
        other.w[...] -= x
        return np.sum(w) + np.sum(b) + np.sum(other.w / 2)

    return f, lambda: layers


@program(one)
def an_argument_bound_before() -> Made:
    w = np.ones(3)

    def f(w: Any, x: Any) -> Any:
        half = w / 2
        w -= 0.1 * x
        return np.sum(w) + np.sum(half)

    return partial(f, w), lambda: w


@program(one)
def defaults_written_in_place() -> Made:
    w, b = np.ones(3), np.ones(3)

    def f(x: Any, w: Any = w, *, b: Any = b) -> Any:
        half = w / 2
        w -= 0.1 * x
        b -= half
        return np.sum(w) + np.sum(b)

    return f, lambda: (w, b)


@program(one)
def state_that_the_first_call_makes() -> Made:
    state: dict[str, Any] = {}

    def f(x: Any) -> Any:
        if "m" not in state:
            state["m"], state["inner"] = x * 0.1, {"parts": [x * 2, (x, x + 1)]}
        state["m"] = 0.9 * state["m"] + x
        state["inner"]["parts"][0] = state["m"] + state["inner"]["parts"][1][1]
        return np.sum(state["m"])

    return f, lambda: state


@program(one)
def a_hidden_state_that_is_a_tensor() -> Made:
    state, w = {"h": None}, Tensor(np.ones(3))

    def f(x: Any) -> Any:
        before = np.zeros(3) if state["h"] is None else state["h"]
        y = np.tanh(before + x * w)
        loss = np.sum(y)
        w.grad = None
        loss.backward()
        state["h"] = y.detach()
        return loss

    return f, lambda: (w, state["h"])


# Choices and infinities after an update.


@program(lambda i: (np.zeros(3) if i in (0, 3, 7) else numbers(i),))
def gradients_that_become_infinite_after_an_update() -> Made:
    w, u, calls = Tensor(np.ones(3)), Tensor(np.full(3, 0.5)), [0]

    def f(x: Any) -> Any:
        a = np.sum(x * w)
        w.grad = u.grad = None
        a.backward()
        w.data -= 0.1 * w.grad
        calls[0] += 1
        b = np.sum(np.sqrt(np.maximum(u * x, 0)))
        b.backward()
        u.data -= 0.001 * np.nan_to_num(u.grad, posinf=0, neginf=0)
        return a, b

    return f, lambda: (w, u, calls)


@program(one)
def a_choice_after_an_update() -> Made:
    w, log = np.ones(3), {"n": 0}

    def f(x: Any) -> Any:
        np.subtract(w, 0.3 * x, out=w)
        log["n"] += 1
        if np.sum(w) > 3:
            w[...] = w / 2
        return np.sum(w)

    return f, lambda: (w, log)


@program(lambda i: (np.where(np.arange(4) == i % 4, np.nan, numbers(i, 4)),))
def gradients_that_are_never_numbers() -> Made:
    return value_and_grad(lambda x: np.sum(np.where(np.isnan(x), 0, x**2))), lambda: None


@program(lambda i: (np.float32(3 if i % 2 else 0.1) * numbers(i).astype(np.float32), numbers(i, 2, 2)))
def clipped_gradients() -> Made:
    w = [Tensor(np.ones(3, np.float32)), Tensor(np.ones((2, 2)))]

    def f(x: Any, y: Any) -> Any:
        loss = np.sum(np.sin(w[0] * x)) + np.sum(w[1] * y)
        for t in w:
            t.grad = None
        loss.backward()
        norm = nn.utils.clip_grad_norm_(w, 1.0)
        for t in w:
            t.data -= 0.1 * t.grad
        return loss, norm

    return f, lambda: w


@program(lambda i: (numbers(i, 6), np.array([0, 0, 1]) if i % 4 == 0 else np.random.default_rng(i).permutation(6)[:3]))
def items_at_places_from_outside() -> Made:
    def f(x: Any, places: Any) -> Any:
        t = x * 1.0
        t[places] = x[places] * np.arange(3.0)
        return np.sum(t * t)

    return value_and_grad(f), lambda: None


@program(lambda i: (numbers(i), 1 + i))
def a_whole_number_of_things() -> Made:
    def f(x: Any, n: int) -> Any:
        parts = np.arange(n) * x[0], np.linspace(0, n, 3) * x, np.full(3, n) * x, np.array([n, n + 1, 2]) * x
        return *parts, [x[k] for k in range(n % 3)], x[:n], np.eye(n) * x[0], "a" * n, f"{n}"

    return f, lambda: None


@program(lambda i: (numbers(i), 0.3 + 0.5 * i))
def a_number_that_becomes_something_else() -> Made:
    return lambda x, a: (np.array([a, 2.0]) * x[0], np.full(3, a) * x, round(a), f"{a:.2f}", max(a, 0.5) * x), list


@pytest.mark.parametrize("name", PROGRAMS)
def test_compiled_calls_are_the_eager_calls(name: str) -> None:
    make, arguments = PROGRAMS[name]
    (eager, state), (function, same_state) = make(), make()
    compiled = compile(function)
    for i in range(8):
        args, others = arguments(i), arguments(i)
        expected = eager(*args)
        assert_same(compiled(*others), expected, f"result {i}")
        assert_same(others, args, f"arguments {i}")
        assert_same(same_state(), state(), f"state {i}")


# What changes outside.


def test_an_argument_that_was_a_variable_around_the_function_may_be_another() -> None:
    w = np.arange(3.0)
    f = compile(lambda x: x * 2 + w)
    for x in (w, numbers(1), w):
        np.testing.assert_array_equal(f(x), x * 2 + w)


def test_classes_sets_and_deques_are_looked_at() -> None:
    class Settings:
        scale = 1.0
        weights = np.ones(3)

    flags, recent = {"a"}, deque([np.ones(3)], maxlen=2)

    def f(x: Any) -> Any:
        y = x * Settings.scale + Settings.weights / 2 + recent[-1]
        return y * 2 if "b" in flags else y

    compiled = compile(f)
    for i in range(10):
        Settings.scale, Settings.weights[0] = float(i // 3), i
        flags.clear()
        flags.add("ab"[i % 2])
        recent.append(numbers(i))
        np.testing.assert_array_equal(compiled(numbers(i)), f(numbers(i)))


def test_a_bound_array_is_read_anew() -> None:
    w = np.ones(3)
    f = compile(partial(lambda w, x: np.sum(w / 2 * x), w))
    for i in range(4):
        w[0] = i
        assert f(np.ones(3)) == 1 + i / 2


def forever() -> Iterator[int]:
    n = 0
    while True:
        yield n
        n += 1


@pytest.mark.parametrize("make", [itertools.count, forever, lambda: iter([1, 2, 3])])
def test_an_iterator_that_goes_on_says_so(make: Callable[[], Iterator[int]]) -> None:
    it = make()
    with pytest.raises(errors.CaptureError, match="an iterator that goes on"):
        compile(lambda x: x * next(it))(numbers(0))


def test_a_list_that_grows_says_so_and_holds_numbers() -> None:
    log: list[Any] = []

    def f(x: Any) -> Any:
        log.append(np.sum(x))
        return log[-1]

    compiled = compile(f)
    for i in range(8):
        compiled(numbers(i))
    assert log == [np.sum(numbers(i)) for i in range(8)]
    with pytest.raises(errors.CaptureError, match=r"len\(log\)"):
        compiled(numbers(0))
