"""Properties that hold for every graph, every shape and every index, tried on random ones."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

import autograd
from autograd import Tensor, Value

from .differences import at, differences

settings.register_profile("chainrule", deadline=None, max_examples=150, derandomize=True)
settings.load_profile("chainrule")

# Random scalar graphs against the definition.

FUNCTIONS: dict[str, Any] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / (b * b + 1),
    "tanh": lambda a, b: a.tanh() if isinstance(a, (Value, Tensor)) else math.tanh(a),
    "square": lambda a, b: a**2,
}
LOCAL: dict[str, Any] = {
    "+": lambda a, b: (1, 1),
    "-": lambda a, b: (1, -1),
    "*": lambda a, b: (b, a),
    "/": lambda a, b: (1 / (b * b + 1), -a * 2 * b / (b * b + 1) ** 2),
    "tanh": lambda a, b: (1 - math.tanh(a) ** 2, 0),
    "square": lambda a, b: (2 * a, 0),
}


@st.composite
def programs(draw: Any) -> tuple[list[float], list[tuple[str, int, int]]]:
    """Some numbers, and steps that each combine two of all numbers so far; so numbers are used again and again."""
    leaves = draw(st.lists(st.floats(-1.1, 1.1), min_size=1, max_size=3))
    steps = []
    for n in range(len(leaves), len(leaves) + draw(st.integers(1, 9))):
        place = st.integers(0, n - 1)
        steps.append((draw(st.sampled_from(sorted(FUNCTIONS))), draw(place), draw(place)))
    return leaves, steps


def run(leaves: list[Any], steps: list[tuple[str, int, int]]) -> list[Any]:
    """Every number of the program."""
    numbers = list(leaves)
    for name, i, j in steps:
        numbers.append(FUNCTIONS[name](numbers[i], numbers[j]))
    return numbers


def derivative(k: int, x: int, numbers: list[float], steps: list[tuple[str, int, int]]) -> float:
    """d(number k) / d(number x) by the definition: over all paths from x to k, the sum of the products along them."""
    if k == x:
        return 1.0
    leaves = len(numbers) - len(steps)
    if k < leaves:
        return 0.0
    name, i, j = steps[k - leaves]
    by_i, by_j = LOCAL[name](numbers[i], numbers[j])
    return by_i * derivative(i, x, numbers, steps) + by_j * derivative(j, x, numbers, steps)


@pytest.mark.parametrize("kind", [Value, Tensor])
@given(program=programs())
def test_gradient_is_the_sum_over_all_paths(kind: Any, program: Any) -> None:
    leaves, steps = program
    numbers = run(leaves, steps)
    nodes = run([kind(x) for x in leaves], steps)
    nodes[-1].backward()
    for x, node in enumerate(nodes):
        expected = derivative(len(numbers) - 1, x, numbers, steps)
        assert float(0 if node.grad is None else node.grad) == pytest.approx(expected, rel=1e-8, abs=1e-10)


@given(program=programs())
def test_second_derivative_of_a_random_graph(program: Any) -> None:
    leaves, steps = program

    def slope(x: Any) -> Any:
        return autograd.grad(lambda x: run([x, *leaves[1:]], steps)[-1])(x)

    curvature = autograd.grad(slope)(leaves[0])
    expected = differences(lambda x: slope(float(x)), leaves[0])
    assert curvature == pytest.approx(float(expected), rel=1e-4, abs=1e-5)


# Broadcasting.

LOCAL_OF_TWO: dict[str, Any] = {
    "add": lambda a, b: (np.ones_like(a + b), np.ones_like(a + b)),
    "multiply": lambda a, b: (b + 0 * a, a + 0 * b),
    "divide": lambda a, b: (1 / b + 0 * a, -a / b**2),
    "maximum": lambda a, b: (np.where(a > b, 1.0, 0.0), np.where(a < b, 1.0, 0.0)),
}


def gathered(contributions: Any, shape: tuple[int, ...]) -> Any:
    """Each element of the result gives its contribution to the element of the input that it was computed from."""
    sources = np.broadcast_to(np.arange(math.prod(shape)).reshape(shape), np.shape(contributions))
    gradient = np.zeros(math.prod(shape))
    np.add.at(gradient, sources.ravel(), np.ravel(contributions))
    return gradient.reshape(shape)


@pytest.mark.parametrize("name", LOCAL_OF_TWO)
@given(shapes=hnp.mutually_broadcastable_shapes(num_shapes=2, min_dims=0, max_dims=4, min_side=0, max_side=3))
def test_broadcasting(name: str, shapes: Any) -> None:
    rng = np.random.default_rng(1)
    a, b = (rng.uniform(0.5, 2, shape) for shape in shapes.input_shapes)
    c = rng.uniform(0.5, 2, shapes.result_shape)
    x, y = Tensor(a), Tensor(b)
    result = getattr(np, name)(x, y)
    assert result.shape == shapes.result_shape
    result.backward(c)
    for leaf, local in zip((x, y), LOCAL_OF_TWO[name](a, b), strict=True):
        assert leaf.grad.shape == leaf.shape
        np.testing.assert_allclose(leaf.grad, gathered(c * local, leaf.shape), rtol=1e-12)


# Indexing.

SHAPES = hnp.array_shapes(min_dims=1, max_dims=4, min_side=1, max_side=4)


def check_index(shape: tuple[int, ...], index: Any) -> None:
    """The gradient of ``(t[index] * c).sum()`` is ``c``, added up where each element was read."""
    rng = np.random.default_rng(2)
    t = Tensor(rng.normal(size=shape))
    read = t[index]
    assert np.array_equal(read.data, t.data[index])
    c = rng.normal(size=read.shape)
    (read * c).sum().backward()
    expected = np.zeros(shape)
    np.add.at(expected, index, c)
    np.testing.assert_allclose(t.grad, expected, rtol=1e-12, atol=1e-15)


@given(data=st.data(), shape=hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
def test_basic_indices(data: Any, shape: Any) -> None:
    check_index(shape, data.draw(hnp.basic_indices(shape, allow_newaxis=True)))


@given(data=st.data(), shape=SHAPES)
def test_arrays_of_places(data: Any, shape: Any) -> None:
    check_index(shape, data.draw(hnp.integer_array_indices(shape)))


@given(data=st.data(), shape=SHAPES)
def test_masks(data: Any, shape: Any) -> None:
    axes = data.draw(st.integers(1, len(shape)))
    check_index(shape, data.draw(hnp.arrays(bool, shape[:axes])))


@given(data=st.data(), shape=SHAPES)
def test_mixed_indices(data: Any, shape: Any) -> None:
    count = data.draw(st.integers(1, 3))

    def part(n: int) -> Any:
        place = st.integers(-n, n - 1)
        return st.one_of(place, st.slices(n), st.lists(place, min_size=count, max_size=count), st.just(slice(None)))

    index = [data.draw(part(n)) for n in shape[: data.draw(st.integers(1, len(shape)))]]
    if data.draw(st.booleans()):
        index.insert(data.draw(st.integers(0, len(index))), None)
    if data.draw(st.booleans()):
        index.append(Ellipsis)
    check_index(shape, tuple(index))


@given(n=st.integers(1, 6), data=st.data())
def test_slice_of_exactly_one_element(n: int, data: Any) -> None:
    start = data.draw(st.integers(0, n - 1))
    step = data.draw(st.sampled_from([1, 2, 7, -1, -3]))
    stop = start + 1 if step > 0 else (start - 1 if start else None)
    check_index((n,), slice(start, stop, step))


# Sums of products.


@st.composite
def subscripts(draw: Any) -> tuple[str, dict[str, int]]:
    """Up to three terms of up to three letters, and a result made of some of them."""
    lengths = {letter: draw(st.integers(1, 3)) for letter in "abc"}
    terms = draw(st.lists(st.text("abc", max_size=3), min_size=1, max_size=3))
    used = sorted(set("".join(terms)))
    result = "".join(draw(st.permutations(used)))[: draw(st.integers(0, len(used)))]
    return f"{','.join(terms)}->{result}", lengths


@given(case=subscripts())
def test_einsum(case: Any) -> None:
    text, lengths = case
    rng = np.random.default_rng(3)
    arrays = [rng.normal(size=tuple(lengths[c] for c in term)) for term in text.split("->")[0].split(",")]
    c = rng.normal(size=np.shape(np.einsum(text, *arrays)))
    xs = [Tensor(a) for a in arrays]
    (np.einsum(text, *xs) * c).sum().backward()
    for i, x in enumerate(xs):
        # a sum of products is linear in each array, so a difference of any length is exact
        expected = differences(at(lambda *a: float(np.sum(np.einsum(text, *a) * c)), arrays, i), x.data, h=0.5)
        np.testing.assert_allclose(x.grad, expected, rtol=1e-9, atol=1e-11)


@given(shape=hnp.array_shapes(min_dims=1, max_dims=3, max_side=3), data=st.data())
def test_einsum_understands_dots_and_implied_results(shape: Any, data: Any) -> None:
    text = data.draw(
        st.sampled_from(["...,...", "...->...", "...i->...", "...i->i...", "i...->", "...i,...i", "...i,i"])
    )
    a, b = np.ones(shape) + 1, np.ones(shape[-1:] if text == "...i,i" else shape) * 3
    arrays = [a, b][: text.count(",") + 1]
    if text == "i...->":
        text = "i...->..."
    xs = [Tensor(x) for x in arrays]
    y = np.einsum(text, *xs)
    np.testing.assert_allclose(y.data, np.einsum(text, *arrays))
    y.sum().backward()
    for i, x in enumerate(xs):
        expected = differences(at(lambda *a: float(np.sum(np.einsum(text, *a))), arrays, i), x.data, h=0.5)
        np.testing.assert_allclose(x.grad, expected, rtol=1e-9)


# Reductions.

REDUCE = ["sum", "mean", "max", "min", "prod", "var", "std"]


def axes_of(shape: tuple[int, ...]) -> Any:
    """None, one axis or several, counted from either end."""
    return st.none() | st.integers(-len(shape), len(shape) - 1) | hnp.valid_tuple_axes(len(shape))


@pytest.mark.parametrize("name", REDUCE)
@settings(max_examples=60)
@given(shape=hnp.array_shapes(min_dims=1, max_dims=3, min_side=2, max_side=3), keepdims=st.booleans(), data=st.data())
def test_reductions_over_any_axes(name: str, shape: Any, keepdims: bool, data: Any) -> None:
    axis = data.draw(axes_of(shape).filter(lambda axis: axis != () or name != "std"))
    rng = np.random.default_rng(4)
    x = Tensor(rng.permutation(np.linspace(-2, 2, math.prod(shape))).reshape(shape))
    y = getattr(np, name)(x, axis=axis, keepdims=keepdims)
    assert y.shape == np.shape(getattr(np, name)(x.data, axis=axis, keepdims=keepdims))
    c = rng.normal(size=y.shape)
    y.backward(c)
    expected = differences(lambda x: float(np.sum(getattr(np, name)(x, axis=axis, keepdims=keepdims) * c)), x.data)
    np.testing.assert_allclose(x.grad, expected, rtol=1e-6, atol=1e-8)
