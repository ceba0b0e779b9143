"""``compile``: what the program gives, what its source reads like, and what it notices."""

from __future__ import annotations

import cProfile
import random
import re
import subprocess
import sys
import threading
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from autograd import Tensor, Value, compile, errors, grad, hessian, jacobian, value_and_grad


def numbers(*shape: int, seed: int = 0) -> Any:
    return np.random.default_rng(seed).standard_normal(shape)


# Results.


def test_program_gives_other_results_for_other_numbers() -> None:
    f = grad(lambda x: np.sum(np.tanh(x) * x))
    compiled = compile(f)
    for seed in range(5):
        np.testing.assert_array_equal(compiled(numbers(4, seed=seed)), f(numbers(4, seed=seed)))
    assert compiled.recordings == 1


def test_other_shapes_dtypes_and_layouts_are_recorded_again() -> None:
    f = grad(lambda x: np.sum(np.exp(x) / np.mean(x * x)))
    compiled = compile(f)
    square = numbers(3, 3)
    for x in (numbers(3), numbers(4), square, square.T, square.astype(np.float32), numbers(3)):
        np.testing.assert_array_equal(compiled(x), f(x))
    assert compiled.recordings == 5


def test_results_stay_what_they_were() -> None:
    compiled = compile(lambda x: (np.tanh(x), np.tanh(x)[1:], x.copy(), 0 * x + 1))
    first = compiled(numbers(4))
    kept = [y.copy() for y in compiled(numbers(4))]
    second = compiled(numbers(4))
    compiled(numbers(4, seed=1))
    for y, before in zip(second, kept, strict=True):
        np.testing.assert_array_equal(y, before)
        assert all(y is not x for x in first)


def test_a_result_that_is_an_argument_is_a_copy_where_the_function_copies() -> None:
    compiled, x = compile(lambda x: x * 1.0), numbers(3)
    compiled(x)
    assert not np.may_share_memory(compiled(x), x)


def test_arguments_may_be_nested_named_and_numbers() -> None:
    def f(layers: Any, x: Any, *, scale: float = 1.0) -> Any:
        return sum(np.sum(np.tanh(x @ layer["w"] + layer["b"])) for layer in layers) * scale

    layers = [{"w": numbers(3, 2, seed=i), "b": numbers(2, seed=i + 9)} for i in range(2)]
    eager, compiled = value_and_grad(f), compile(value_and_grad(f))
    for scale in (1.0, 2.0, 3.0):
        value, gradient = compiled(layers, numbers(5, 3), scale=scale)
        expected, slope = eager(layers, numbers(5, 3), scale=scale)
        assert value == expected
        np.testing.assert_array_equal(gradient[1]["w"], slope[1]["w"])
    assert compiled.recordings == 1


def test_tensors_come_back_without_their_graph_and_get_gradients() -> None:
    @compile
    def step(w: Any) -> Any:
        loss = np.sum(w * w)
        loss.backward()
        return loss

    w = Tensor([1.0, 2.0])
    for i in range(1, 4):
        loss = step(w)
        assert isinstance(loss, Tensor)
        assert not loss.requires_grad
        np.testing.assert_array_equal(w.grad, [2.0 * i, 4.0 * i])  # they add up, as ever


def test_methods_compile() -> None:
    class Model:
        def __init__(self, w: Any) -> None:
            self.w = w

        @compile
        def predict(self, x: Any) -> Any:
            return np.tanh(x @ self.w)

    one, other = Model(numbers(3, 2)), Model(numbers(3, 2, seed=1))
    for model in (one, other, one):
        np.testing.assert_array_equal(model.predict(numbers(4, 3)), np.tanh(numbers(4, 3) @ model.w))


def test_an_outer_derivative_sees_through() -> None:
    f = compile(lambda x: np.sum(x**3))
    f(np.array([1.0, 2.0]))
    np.testing.assert_allclose(grad(f)(np.array([1.0, 2.0])), [3.0, 12.0])
    np.testing.assert_allclose(jacobian(grad(f))(np.array([1.0, 2.0])), np.diag([6.0, 12.0]))


def test_jacobian_compiles() -> None:
    f = jacobian(lambda x: np.tanh(np.sin(x) * x[::-1]))
    compiled = compile(f)
    for seed in range(3):
        np.testing.assert_array_equal(compiled(numbers(5, seed=seed)), f(numbers(5, seed=seed)))


def test_tall_and_wide_jacobians_and_hessians_compile() -> None:
    weights, square = numbers(40, 6), numbers(6, 6)
    tall, wide = jacobian(lambda x: np.tanh(weights @ x)), jacobian(lambda x: np.tanh(x @ weights))
    curvature = hessian(lambda x: np.sum(np.tanh(square @ x) ** 2))
    for f, n in ((tall, 6), (wide, 40), (curvature, 6)):
        compiled = compile(f)
        for seed in range(3):
            np.testing.assert_allclose(
                compiled(numbers(n, seed=seed)), f(numbers(n, seed=seed)), rtol=1e-13, atol=1e-15
            )
        assert compiled.recordings == 1


def test_threads_do_not_disturb_each_other() -> None:
    f = grad(lambda x: np.sum(np.tanh(x) ** 2))
    compiled, wrong = compile(f), []

    def work(seed: int) -> None:
        x = numbers(50, seed=seed)
        expected = f(x)
        wrong.extend(i for i in range(100) if not np.array_equal(compiled(x), expected))

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


OPERATIONS = [
    np.tanh,
    np.sin,
    lambda x: np.exp(np.sin(x)),  # of itself, exp would overflow
    lambda x: x * x,
    lambda x: 1 / (2 + x * x),
    lambda x: np.maximum(x, 0),
    np.cumsum,
]


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from(range(len(OPERATIONS))), min_size=1, max_size=6), st.integers(0, 99))
def test_random_programs(chosen: list[int], seed: int) -> None:
    def f(x: Any) -> Any:
        y, seen = x, [x]
        for i in chosen:
            y = OPERATIONS[i](0.3 * y) + seen[len(seen) // 2]
            seen.append(y)
        return np.sum(y * np.mean(seen[0]))

    eager, compiled = value_and_grad(f), compile(value_and_grad(f))
    for k in range(3):
        value, gradient = compiled(numbers(5, seed=seed + k))
        expected, slope = eager(numbers(5, seed=seed + k))
        assert value == expected
        np.testing.assert_array_equal(gradient, slope)


# What changes is noticed.


def test_an_array_around_the_function_is_read_anew() -> None:
    data = numbers(3)
    compiled = compile(lambda x: np.sum(x * (data / 2)))
    compiled(np.ones(3))
    data[:] = [2.0, 4.0, 6.0]
    assert compiled(np.ones(3)) == 6.0
    assert compiled.recordings == 1


def test_a_variable_around_the_function_is_noticed() -> None:
    data, factor = numbers(3), 2.0
    compiled = compile(lambda x: np.sum(x * data) * factor)
    for factor in (2.0, 3.0, 4.0):
        assert compiled(np.ones(3)) == np.sum(data) * factor
    data = np.arange(3.0)
    assert compiled(np.ones(3)) == 12.0
    assert compiled.recordings <= 3


def test_an_attribute_and_an_item_are_noticed() -> None:
    class Options:
        power = 1

    options, table = Options(), {"shift": 1.0, "names": ["a"]}
    options.power = 2
    compiled = compile(lambda x: np.sum(x**options.power) + table["shift"] * len(table["names"]))
    assert compiled(np.array([3.0])) == 10.0
    options.power = 3
    assert compiled(np.array([3.0])) == 28.0
    table["names"].append("b")
    assert compiled(np.array([3.0])) == 29.0
    table["shift"] = 2.0
    assert compiled(np.array([3.0])) == 31.0


def test_a_branch_on_data_goes_the_right_way() -> None:
    @compile
    def f(x: Any) -> Any:
        return np.sum(x) if np.sum(x) > 0 else np.sum(x * x)

    for x in (np.ones(2), -np.ones(2), 2 * np.ones(2), -2 * np.ones(2)):
        assert f(x) == (np.sum(x) if np.sum(x) > 0 else np.sum(x * x))
    assert f.recordings == 2


def test_a_mask_keeps_its_length_or_is_recorded_again() -> None:
    f = compile(lambda x: np.sum(x[x > 0] ** 2))
    for x in (np.array([1.0, -1.0, 2.0]), np.array([-1.0, 3.0, 2.0]), np.array([1.0, 1.0, 1.0])):
        assert f(x) == np.sum(x[x > 0] ** 2)
    assert f.recordings == 2


@pytest.mark.parametrize("start", [1.0, 0.0])
def test_zero_times_infinity_is_settled_as_ever(start: float) -> None:
    f = grad(lambda x: np.sum(np.where(x > 0.5, np.sqrt(x), x)))
    compiled = compile(f)
    for x in (start, 1.0, 0.0, 4.0, 0.0):
        np.testing.assert_array_equal(compiled(np.array([x])), f(np.array([x])))


def test_an_index_argument_is_part_of_what_was_recorded() -> None:
    f = compile(lambda x, i: x[i] * 2)
    assert [f(np.arange(5.0), i) for i in (1, 2, 3, 3)] == [2.0, 4.0, 6.0, 6.0]


RANDOM = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("f", "why"),
    [
        (lambda x: x * np.random.rand(), "random numbers"),  # noqa: NPY002 -- the old generator is watched too
        (lambda x: x * RANDOM.random(3), "random numbers"),
        (lambda x: x * np.random.default_rng().random(3), "random numbers"),
        (lambda x: x * np.sum(x).item(), r"x\.item\(\)"),
        (lambda x: x * float(np.sum(x)), r"float\(x\)"),
        (lambda x: np.array([x[0], x[1]]), r"np\.array\(x\)"),
        (lambda x: np.unique(x), "shape that depends on the numbers"),
        (lambda x: np.nonzero(x), "shape that depends on the numbers"),
    ],
)
def test_what_cannot_be_captured_says_so(f: Any, why: str) -> None:
    with pytest.raises(errors.CaptureError, match=why) as caught:
        compile(f)(numbers(3))
    assert all(part in str(caught.value) for part in ("expected:", "got:", "cure:"))


def test_what_changes_every_time_says_so() -> None:
    calls: list[int] = []

    def f(x: Any) -> Any:
        calls.append(1)
        return x * len(calls)

    compiled = compile(f)
    for _ in range(8):
        compiled(numbers(3))
    with pytest.raises(errors.CaptureError, match=r"9th time in a row[\s\S]*len\(calls\)"):
        compiled(numbers(3))


def test_a_choice_after_an_update_takes_the_update_back() -> None:
    w = Tensor([1.0])

    @compile
    def f(x: Any) -> Any:
        w.data -= x
        return x if np.sum(w.data) > 0 else -x

    for x, expected in ((0.25, 0.25), (0.25, 0.25), (1.0, -1.0), (-3.0, -3.0), (0.5, 0.5)):
        assert f(np.array([x])) == expected
    assert w.tolist() == [2.0]
    assert f.recordings == 2


def test_out_into_an_array_of_the_function_says_so() -> None:
    def f(x: Any) -> Any:
        y = np.empty(3)
        np.tanh(x, out=y)
        return y * 2

    with pytest.raises(errors.CaptureError, match="out= an array"):
        compile(f)(numbers(3))


def test_in_place_on_an_array_of_the_function_is_a_run_of_its_own() -> None:
    def f(x: Any) -> Any:
        y = np.zeros(3)
        y += x
        y += x
        return y

    compiled = compile(f)
    for _ in range(3):
        np.testing.assert_array_equal(compiled(np.ones(3)), 2 * np.ones(3))


def test_values_and_what_is_no_function_are_refused() -> None:
    with pytest.raises(errors.CaptureError, match="exact"):
        compile(lambda v: v * v)(Value(Fraction(1, 3)))
    with pytest.raises(errors.DtypeError, match="compile"):
        compile(3)  # type: ignore[arg-type] # what is refused
    with pytest.raises(errors.CaptureError, match=r"no call that was recorded(.|\n)*cure: +call tanh before; twice"):
        compile(np.tanh).source  # noqa: B018 -- reading it is what is refused


# The source.


def network(x: Any, w1: Any, b1: Any, w2: Any, b2: Any) -> Any:
    h = np.tanh(x @ w1 + b1)
    return np.mean((h @ w2 + b2) ** 2)


ARRAYS = (numbers(8, 3), numbers(3, 4), numbers(4), numbers(4, 1), numbers(1))


def test_source_speaks_the_names_of_the_function_and_computes_nothing_twice() -> None:
    compiled = compile(value_and_grad(network, (1, 2, 3, 4)))
    compiled(*ARRAYS)
    compiled(*ARRAYS)
    source = compiled.source
    assert "(x, w1, b1, w2, b2):" in source
    assert source.count("np.tanh(") == 1
    assert all(f"grad_{name}" in source for name in ("w1", "b1", "w2", "b2"))
    assert "# forward" in source
    assert "# backward" in source


def run_alone(tmp_path: Path, code: str) -> str:
    """Run code where NumPy is the only package that can be imported."""
    block = """
import sys
class Block:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("autograd", "nn", "viz", "scipy", "torch"):
            raise ImportError(name)
sys.meta_path.insert(0, Block())
"""
    done = subprocess.run(
        [sys.executable, "-c", block + code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_saved_program_needs_numpy_alone(tmp_path: Path) -> None:
    data = numbers(100, 3)
    f = value_and_grad(lambda w: np.mean(np.sqrt(1 + (data @ w) ** 2)))
    compiled = compile(f)
    compiled(np.ones(3))
    compiled.save(tmp_path / "program.py")
    value, gradient = f(np.full(3, 0.5))
    code = "import program, numpy as np; (v, g) = program.load()(np.full(3, 0.5)); print(repr((v, g.tolist())))"
    assert run_alone(tmp_path, code).strip() == repr((value, gradient.tolist()))
    with pytest.raises(errors.ArgumentError, match=r"ends in \.py"):
        compiled.save(tmp_path / "program.txt")


def load(x: Any) -> Any:
    return x + 1


@pytest.mark.parametrize("function", [load, lambda x: np.sum(np.tanh(x * 2))])
def test_every_saved_program_is_loaded(function: Any, tmp_path: Path) -> None:
    compiled = compile(function)
    compiled(np.ones(3))
    compiled.save(tmp_path / "saved.py")
    found = run_alone(tmp_path, "import saved, numpy as np; print(saved.load()(np.full(3, 0.5))[0].tolist())")
    assert found.strip() == repr(function(np.full(3, 0.5)).tolist())


def test_saved_program_on_numbers_has_pythons_functions(tmp_path: Path) -> None:
    compiled = compile(lambda abs, float: abs * np.abs(float) + np.rint(float) + abs.tanh())
    found = compiled(Value(1.5), Value(-2.3)).data
    compiled.save(tmp_path / "saved.py")
    assert run_alone(tmp_path, "import saved; print(saved.load()(1.5, -2.3)[0])").strip() == repr(found)


def test_a_function_that_is_not_numpys_is_not_saved(tmp_path: Path) -> None:
    compiled = compile(lambda x: np.piecewise(x, [x > 0], [lambda y: y * 2]))
    compiled(np.ones(3))
    with pytest.raises(errors.CaptureError, match=r"saving program(.|\n)*expected: functions of NumPy(.|\n)*cure:"):
        compiled.save(tmp_path / "saved.py")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("rows", [slice(None), slice(1, 4, 2)])
@pytest.mark.parametrize("order", ["C", "F"])
def test_saved_arrays_share_memory_as_they_did(rows: slice, order: Any, tmp_path: Path) -> None:
    whole = np.array(np.arange(20.0).reshape(5, 4), order=order)
    part, turned = whole[rows, ::-1], whole.T

    def step(x: Any) -> Any:
        part[...] += x
        return np.sum(turned * turned, axis=1)

    compiled = compile(step)
    compiled(1.0)
    compiled.save(tmp_path / "saved.py")
    code = "import saved; f = saved.load(); print([f(float(x))[0].tolist() for x in (2, 3)])"
    found = run_alone(tmp_path, code)
    assert found.strip() == repr([compiled(x).tolist() for x in (2.0, 3.0)])


def test_tracebacks_show_the_line_of_the_program() -> None:
    compiled = compile(lambda x: np.linalg.inv(x))
    compiled(np.eye(2))
    with pytest.raises(np.linalg.LinAlgError) as caught:
        compiled(np.zeros((2, 2)))
    assert any("np.linalg.inv(x)" in str(entry.statement) for entry in caught.traceback)


def test_a_compiled_function_may_use_another() -> None:
    inner = compile(lambda x: np.tanh(x) * 2)
    inner(numbers(3))
    outer = compile(lambda x: np.sum(inner(x)))
    for seed in range(3):
        assert outer(numbers(3, seed=seed)) == np.sum(np.tanh(numbers(3, seed=seed)) * 2)
    assert outer.recordings == 1


def test_source_says_what_is_forward_and_what_is_update() -> None:
    w = Tensor(numbers(3))

    @compile
    def step(x: Any) -> Any:
        loss = np.mean(np.tanh(x * w) ** 2)
        w.grad = None
        loss.backward()
        w.data = w.data - 0.1 * w.grad
        return np.mean(np.tanh(x * w) ** 2)

    for _ in range(3):
        step(numbers(3, seed=1))
    parts = step.source.split("# ")
    order = [part.split()[0] for part in parts if part.split()[0] in ("forward", "backward", "update")]
    assert order == ["forward", "backward", "update", "forward"]
    assert "tanh" in parts[-1]
    assert "step_w" in step.source
    assert not re.search(r"\b[gv]\d", step.source)


def test_axes_turned_in_any_way() -> None:
    f = compile(lambda x: np.swapaxes(x, axis1=0, axis2=1) @ np.swapaxes(x, 1, 1) @ np.swapaxes(x, -1, 0))
    for seed in range(2):
        x = numbers(3, 2, seed=seed)
        np.testing.assert_array_equal(f(x), x.T @ x @ x.T)
    assert "x.T" in f.source


def test_recording_leaves_a_profiler_alone() -> None:
    with cProfile.Profile() as profiler:
        assert compile(lambda x: np.sum(x * 2))(np.ones(3)) == 6.0
        assert sys.getprofile() is profiler
        with pytest.raises(errors.CaptureError, match="random"):
            compile(lambda x: x * random.random())(np.ones(3))
    assert sys.getprofile() is None
