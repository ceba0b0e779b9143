"""The checker is checked: planted mistakes are found, and the report names element, distance and rule."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from autograd import TABLE, Tensor, Value, check_grads, row
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
    text = report(cube, x)
    assert "derivative of order 2, argument 0, element (1, 1)" in text
    assert "the rule of 'slope' for argument 0 at element (0, 2)" in text


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


# Mistakes that people make, each planted into a row with one right rule.


def scaled(g: Any, a: Any) -> Any:
    return g * 3 * a**2


def bare(x: Any) -> Any:
    return getattr(x, "_data", x)


MISTAKES: dict[str, tuple[Callable[..., Any], int]] = {
    "a factor of 1.001": (lambda g, y, a: 1.001 * scaled(g, a), 1),
    "a sign": (lambda g, y, a: -scaled(g, a), 1),
    "a constant": (lambda g, y, a: scaled(g, a) + 1e-3, 1),
    "the gradient is not used": (lambda g, y, a: 3 * a**2, 1),
    "the result for the input": (lambda g, y, a: scaled(g, y), 1),
    "another power": (lambda g, y, a: g * 3 * a, 1),
    "an integer division": (lambda g, y, a: g * (3 * a**2 // 1), 1),
    "a gradient of nothing": (lambda g, y, a: 0 * g, 1),
    "a number out of the graph": (lambda g, y, a: g * 3 * bare(a) ** 2, 2),
    "a gradient out of the graph": (lambda g, y, a: scaled(bare(g), a), 2),
    "half of the second derivative": (lambda g, y, a: g * 3 * a * bare(a), 2),
}


@pytest.mark.parametrize("kind", [Value, Tensor])
@pytest.mark.parametrize("mistake", MISTAKES)
def test_mistakes_in_an_elementwise_rule(planted: Any, mistake: str, kind: Any) -> None:
    rule, order = MISTAKES[mistake]
    wrong = planted("wrong", lambda a: a**3, rule, scalar=lambda a: a**3)
    at = Value(1.3) if kind is Value else np.array([1.3, 0.7])

    def f(a: Any) -> Any:
        return np.sin(wrong(a * 1.5)) + a

    if order == 2:
        check_grads(f, at, order=1)
    text = report(f, at)
    assert f"derivative of order {order}, argument 0" in text
    assert "off by" in text
    assert "the rule of 'wrong' for argument 0" in text
    assert ("but its own derivative by" in text) == (order == 2)
    if kind is Tensor:
        assert ", element (" in text.split("\n")[0]
        assert " at element (" in text


@pytest.mark.parametrize("element", [(0, 0), (1, 2), (0, 1)])
@pytest.mark.parametrize("error", [1e-4, -1e-4, np.nan, np.inf])
def test_a_mistake_at_one_element_is_named(planted: Any, element: tuple[int, int], error: float) -> None:
    mistake = np.zeros((2, 3))
    mistake[element] = error
    planted_row = planted("lonely", lambda a: 2 * a, lambda g, y, a: 2 * g + mistake)
    text = report(lambda a: np.tanh(planted_row(a)), x, order=1)
    assert f"element {element}" in text.split("\n")[0]
    assert f"the rule of 'lonely' for argument 0 at element {element}" in text


def test_mistakes_that_involve_shapes(planted: Any) -> None:
    total = planted(
        "total", lambda a, axis=None: a.sum(axis=axis), lambda g, y, a, axis=None: np.ones_like(a) * 0.5 * g
    )
    assert "the rule of 'total' for argument 0 at element" in report(lambda a: total(a, axis=0), x)
    turned = planted("turned", lambda a: a.T, lambda g, y, a: np.reshape(g, a.shape))
    assert "the rule of 'turned' for argument 0 at element" in report(turned, x)
    product = planted("product", lambda a, b: a @ b, lambda g, y, a, b: g @ b, lambda g, y, a, b: a.T @ g)
    square = np.array([[1.0, 2.0], [3.0, 5.0]])
    assert "the rule of 'product' for argument 0" in report(product, square, square + 1)


def test_mistakes_of_rows_with_many_inputs(planted: Any) -> None:
    weighted = planted(
        "weighted", lambda *a: a[0] + 2 * a[1] + 3 * a[2], every=lambda g, y, *a, i=0: g * (i + 1 if i < 2 else 3.003)
    )
    assert "the rule of 'weighted' for argument 2" in report(lambda a: weighted(a, a * a, np.sin(a)), x)
    swapped = planted("swapped", lambda a, b: 2 * a + 3 * b, jointly=lambda g, y, a, b: [3 * g, 2 * g])
    assert "the rule of 'swapped' for argument 0" in report(lambda a: swapped(a, a * a), x)


def test_the_oldest_of_several_faults_is_named(planted: Any) -> None:
    first = planted("first", lambda a: 2 * a, lambda g, y, a: 2.1 * g)
    second = planted("second", lambda a: 2 * a, lambda g, y, a: 2.2 * g)
    assert "the rule of 'first'" in report(lambda a: second(np.tanh(first(a))), x)


def test_right_rows_pass_when_a_wrong_one_is_elsewhere(planted: Any) -> None:
    planted("wrong", lambda a: 2 * a, lambda g, y, a: 2.1 * g)
    check_grads(lambda a: np.tanh(a), x)


def test_third_order(planted: Any) -> None:
    bend = planted("bend", lambda a: 6 * a, lambda g, y, a: 7 * g)
    slope = planted("slope", lambda a: 3 * a**2, lambda g, y, a: g * bend(a))
    cube = planted("cube", lambda a: a**3, lambda g, y, a: g * slope(a))
    check_grads(cube, x, order=2)
    text = report(cube, x, order=3)
    assert "derivative of order 3" in text
    assert "the rule of 'bend' for argument 0" in text
