"""The checker is checked: planted mistakes are found, and the report names element, distance and rule."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from autograd import TABLE, Value, check_grads, row
from autograd.errors import GradientError

x = np.array([[0.5, -1.2, 2.0], [0.3, 0.7, -0.4]])


@pytest.fixture
def planted() -> Iterator[Callable[..., Any]]:
    """Plant a row into the table; it is pulled out after the test."""
    names: list[str] = []

    def plant(name: str, *args: Any, **kwargs: Any) -> Any:
        names.append(name)
        return row(*args, name=name, **kwargs)

    yield plant
    for name in names:
        del TABLE[name]


def report(f: Callable[..., Any], *args: Any, **kwargs: Any) -> str:
    with pytest.raises(GradientError) as raised:
        check_grads(f, *args, **kwargs)
    return str(raised.value)


@pytest.mark.parametrize(
    "f",
    [
        lambda a: np.tanh(a) * a,
        lambda a: np.sum(a**3, axis=1),
        lambda a: {"product": a @ a.T, "others": [np.exp(a), a[0, 1] * a[1]]},
    ],
    ids=["elementwise", "reduction", "several results"],
)
def test_right_gradients_pass(f: Callable[..., Any]) -> None:
    check_grads(f, x)


def test_values_and_containers_pass() -> None:
    check_grads(lambda a, b: a * b + (a / b).tanh(), Value(0.3), Value(2.0))
    check_grads(lambda p: p["w"] @ p["b"][0], {"w": x, "b": [np.array([1.0, 2.0, 3.0])]})


def test_factor_of_one_permille(planted: Any) -> None:
    cube = planted("cube", lambda a: a**3, lambda g, y, a: g * 3.003 * a**2)
    text = report(lambda a: np.sum(np.sin(cube(a))), x)
    assert "derivative of order 1, argument 0, element" in text
    assert "a factor of 1.001" in text
    assert "the rule of 'cube' for argument 0" in text


def test_missing_sum_over_a_broadcast_axis(planted: Any) -> None:
    shifted = planted(
        "shifted", lambda a, b: a + b, lambda g, y, a, b: g, lambda g, y, a, b: g[:1] if np.ndim(g) == 2 else g
    )
    assert "the rule of 'shifted' for argument 1" in report(shifted, x, np.ones(3))


def test_swapped_arguments(planted: Any) -> None:
    ratio = planted("ratio", lambda a, b: a / b, lambda g, y, a, b: -g * y / b, lambda g, y, a, b: g / b)
    assert "the rule of 'ratio' for argument 0" in report(ratio, x, x + 3)


def test_wrong_sign_at_one_element(planted: Any) -> None:
    signs = np.ones((2, 3))
    signs[1, 2] = -1
    doubled = planted("doubled", lambda a: 2 * a, lambda g, y, a: 2 * g * signs)
    text = report(doubled, x, order=1)
    assert "argument 0, element (1, 2)" in text
    assert "the rule of 'doubled' for argument 0 at element (1, 2)" in text


def test_wrong_second_order_only(planted: Any) -> None:
    slope = planted("slope", lambda a: 3 * a**2, lambda g, y, a: g * 5 * a)
    cube = planted("cube", lambda a: a**3, lambda g, y, a: g * slope(a))
    check_grads(cube, x, order=1)
    assert "derivative of order 2" in report(cube, x)


def test_mistake_outside_the_rules() -> None:
    text = report(lambda a: a * a.data, x)
    assert "every rule is right by itself" in text
    assert "takes out of the graph" in text


def test_missing_number(planted: Any) -> None:
    broken = planted("broken", lambda a: 2 * a, lambda g, y, a: g * np.nan)
    assert "nan" in report(broken, x)


def test_values_are_checked_too(planted: Any) -> None:
    cube = planted("cube", lambda a: a**3, lambda g, y, a: g * a**2, scalar=lambda a: a**3)
    text = report(lambda v: cube(v) + v, Value(2.0))
    assert "a factor of 0.384615" in text  # 5 of 13
    assert "the rule of 'cube' for argument 0" in text


def test_kink_is_named_as_a_cause() -> None:
    assert "look for a kink" in report(np.abs, np.zeros(2))
