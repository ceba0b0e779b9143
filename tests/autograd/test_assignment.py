"""``t[index] = value`` is a new result under the same name, and everything that used the old one keeps it."""

from __future__ import annotations

import copy
import gc
import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from autograd import (
    Tensor,
    check_grads,
    checkpoint,
    errors,
    grad,
    hessian,
    hvp,
    jacobian,
    jvp,
    no_grad,
    value_and_grad,
    vjp,
    vmap,
)
from autograd.graph import ancestors, contributions, pullback
from autograd.rules.index import setitem

A = np.array([0.3, -0.7, 1.1, 0.5])


def test_gradients_of_both_sides() -> None:
    x, v = Tensor([1.0, 2.0, 3.0]), Tensor(5.0)
    y = x * 10
    y[0] = v * v
    y.sum().backward()
    assert y.tolist() == [25.0, 20.0, 30.0]
    assert (x.grad.tolist(), v.grad.item()) == ([0.0, 10.0, 10.0], 10.0)


def test_use_before_the_assignment_keeps_the_old_elements() -> None:
    x = Tensor([1.0, 2.0])
    y = x * 3
    before, square = y.sum(), y * y
    y[0] = 100.0
    after = (y * y).sum()
    (before + square.sum() + after).backward()
    # 3 + 2 * 3 * y (before), and the same again where nothing was overwritten
    assert x.grad.tolist() == [3.0 + 18.0, 3.0 + 36.0 + 36.0]


@pytest.mark.parametrize("n", [1, 2, 3, 5], ids=["unary", "binary", "separate", "joint"])
def test_every_kind_of_operation_keeps_what_it_used(n: int) -> None:
    """The backward loop has a case of its own for each."""
    uses: dict[int, Callable[[Any, Any], Any]] = {
        1: lambda y, x: np.sin(y),
        2: lambda y, x: x * y,
        3: lambda y, x: np.clip(y, -x, x),
        5: lambda y, x: np.concatenate([y, x, y * y]),
    }
    x = Tensor([0.5, 2.0])
    y = x * 1
    z = uses[n](y, x)
    y[:] = 100.0
    z.sum().backward()
    other = Tensor([0.5, 2.0])
    uses[n](other * 1, other).sum().backward()
    assert x.grad.tolist() == other.grad.tolist()


def test_what_an_operation_used_is_among_its_inputs() -> None:
    x = Tensor([1.0, 2.0], name="x")
    y = x * 2
    y.name = "y"
    z = y + 1
    y[0] = 7.0
    (before, _), (also, _) = z.inputs, y.inputs
    assert before is also
    assert before is not y
    assert (before.name, before.tolist(), before.op.name) == ("y", [2.0, 4.0], "multiply")
    assert (y.name, y.tolist(), y.op, y.inputs[0]) == ("y", [7.0, 4.0], setitem, before)
    assert before.order < z.order < y.order
    assert [i for i, _, _ in contributions(z, np.ones(2))] == [0]
    assert set(ancestors([z])) == {z, before, x}


def test_assigned_twice_and_used_in_between() -> None:
    x = Tensor([1.0, 2.0])
    y = x * x
    first = y[0]
    y[0] = y[1] * first
    second = y[0] * y[1]
    y[1] = second
    y.sum().backward()
    # a²b², (a²b²)b²: the sum a²b² + a²b⁴
    assert y.tolist() == [4.0, 16.0]
    assert x.grad.tolist() == [2 * 4 + 2 * 16, 2 * 2 + 4 * 8]


def test_recurrence_into_an_array_of_zeros() -> None:
    a = Tensor(2.0)
    h = Tensor(np.zeros(5), requires_grad=False)
    h[0] = 1.0
    for i in range(1, 5):
        h[i] = h[i - 1] * a
    h.sum().backward()
    assert h.tolist() == [1.0, 2.0, 4.0, 8.0, 16.0]
    assert a.grad == 1 + 2 * 2 + 3 * 4 + 4 * 8


def test_operators_in_place() -> None:
    x = Tensor([1.0, 2.0, 3.0])
    y = x * 1
    y[1:] *= x[:2]
    y[0] += 10.0
    y[y.data > 10] **= 2
    y[[2, 2]] -= 1.0
    expected = np.array([1.0, 2.0, 3.0])
    expected[1:] *= np.array([1.0, 2.0])
    expected[0] += 10.0
    expected[expected > 10] **= 2
    expected[[2, 2]] -= 1.0
    assert y.tolist() == expected.tolist()
    y.sum().backward()
    assert x.grad.tolist() == [2 * 11 + 2, 1 + 3, 2]


def test_of_repeated_places_the_last_stays() -> None:
    v = Tensor([1.0, 2.0, 3.0])
    y = Tensor(np.zeros(3), requires_grad=False)
    y[[2, 2, 0]] = v
    y.sum().backward()
    assert y.tolist() == [3.0, 0.0, 2.0]
    assert v.grad.tolist() == [0.0, 1.0, 1.0]


def test_dtype_is_that_of_what_is_written_into() -> None:
    y, v = Tensor(np.zeros(2, np.float32), requires_grad=False), Tensor(1.5)
    y[0] = v
    y.sum().backward()
    assert (y.dtype, v.grad.dtype) == (np.float32, np.float64)


def test_a_slice_is_a_value_and_is_not_written_through() -> None:
    x = Tensor([1.0, 2.0, 3.0])
    a = x * 1
    for part in (a[1:], a.reshape(3, 1), a.T, a[None]):
        with pytest.raises(errors.MutationError, match=r"t = t\.copy\(\) before"):
            part[0] = 9.0
    b = a[1:].copy()
    a[1] = 5.0
    b[0] = 9.0
    assert (a.tolist(), b.tolist()) == ([1.0, 5.0, 3.0], [9.0, 3.0])
    picked = a[[0, 1]]  # a copy in NumPy too
    picked[0] = 7.0
    assert (a.tolist(), picked.tolist()) == ([1.0, 5.0, 3.0], [7.0, 5.0])
    product = np.tensordot(np.ones((2, 3)), a, 1)
    product[0] = 0.0
    assert product.tolist() == [0.0, 9.0]


def test_leaf_is_refused_and_moves_under_no_grad() -> None:
    w = Tensor([1.0, 2.0], name="w")
    with pytest.raises(errors.MutationError, match="Tensor 'w' of shape"):
        w[0] = 5.0
    loss = (w * w).sum()
    with no_grad():
        w[0] = 5.0
    assert (w.is_leaf, w.tolist()) == (True, [5.0, 2.0])
    with pytest.raises(errors.StaleGraphError):
        loss.backward()


def test_constants_are_not_recorded_and_noticed() -> None:
    x, c = Tensor([1.0, 2.0]), Tensor([3.0, 4.0], requires_grad=False)
    loss = (x * c).sum()
    c[0] = 5.0
    assert c.is_leaf
    with pytest.raises(errors.StaleGraphError):
        loss.backward()


def test_data_assigned_before_an_item_is_still_noticed() -> None:
    x = Tensor([1.0, 2.0])
    y = x * 2
    z = (y * y).sum()
    y.data = np.array([5.0, 6.0])
    w = y.detach() * x
    w[0] = 1.0
    with pytest.raises(errors.StaleGraphError):
        z.backward()


def test_data_assigned_after_an_item_is_still_noticed() -> None:
    x = Tensor([1.0, 2.0])
    y = x * 2
    z = (y * y).sum()
    y[0] = 1.0
    y.data = np.array([5.0, 6.0])
    with pytest.raises(errors.StaleGraphError):
        z.backward()


def test_failed_assignment_changes_nothing() -> None:
    x = Tensor([1.0, 2.0])
    y = x * 2
    state = (y.order, y.op, y.tolist())
    for index, value in ((5, 1.0), (0, [1.0, 2.0, 3.0]), (slice(None), "ab")):
        with pytest.raises(errors.ChainruleError):
            y[index] = value
    assert (y.order, y.op, y.tolist()) == state


def test_arrays_of_the_user_stay_as_they_are() -> None:
    x, v, index = A.copy(), np.array([1.0, 2.0]), np.array([0, 1])

    def f(x: Any) -> Any:
        y = x * x
        y[index] = v
        x[0] = 3.0
        return np.sum(y * x)

    pull = vjp(f, x)[1]
    v[:], index[:], x[:] = 100.0, 3, 100.0
    np.testing.assert_allclose(pull(1.0)[0], [0.0, 2.0, 3 * A[2] ** 2, 3 * A[3] ** 2])


def test_copies_and_pickles() -> None:
    x = Tensor([1.0, 2.0])
    y = x * 2
    z = y * y
    y[0] = x[1]
    for twin in (copy.deepcopy((x, y, z)), pickle.loads(pickle.dumps((x, y, z)))):
        (twin[1].sum() + twin[2].sum()).backward()
        assert twin[0].grad.tolist() == [8.0, 16.0 + 1.0 + 2.0]  # (2x)² of both, and x₂ twice over


def test_many_assignments_are_walked_and_freed() -> None:
    x = Tensor(1.0)
    y = x * np.ones(2)
    for _ in range(20_000):
        y[0] = y[1]
    y.sum().backward()
    assert x.grad == 2.0
    del y
    gc.collect()


# Functions that assign items: of their own results, and of their arguments.


def of_a_result(x: Any) -> Any:
    y = np.sin(x)
    total = (y * y).sum()
    y[0] = y[1] * x[2]
    y[1:3] *= x[:2]
    return (y * y * x).sum() + total


def of_a_result_in_one_piece(x: Any) -> Any:
    y = np.sin(x)
    first = np.stack([y[1] * x[2], y[1], y[2], y[3]])
    z = np.concatenate([first[:1], first[1:3] * x[:2], first[3:]])
    return (z * z * x).sum() + (y * y).sum()


def of_an_argument(x: Any) -> Any:
    total = (x * x).sum()
    x[0] = np.sin(x[1])
    x[1:] *= x[0]
    return (x**3).sum() + total


def of_an_argument_in_one_piece(x: Any) -> Any:
    s = np.sin(x[1])
    z = np.concatenate([s[None], x[1:] * s])
    return (z**3).sum() + (x * x).sum()


PAIRS = [(of_a_result, of_a_result_in_one_piece), (of_an_argument, of_an_argument_in_one_piece)]
pairs = pytest.mark.parametrize(("f", "g"), PAIRS, ids=["result", "argument"])
DERIVATIVES: dict[str, Callable[[Any], Any]] = {
    "value_and_grad": lambda f: value_and_grad(f)(A),
    "hessian": lambda f: hessian(f)(A),
    "third": lambda f: grad(lambda x: hvp(f)(x, np.ones(4)).sum())(A),
    "hvp": lambda f: hvp(f)(A, A),
    "jvp": lambda f: jvp(f, (A,), (np.ones(4),)),
    "vjp": lambda f: vjp(f, A)[1](2.0),
    "jacobian": lambda f: jacobian(lambda x: np.stack([x[0], f(x)]))(A),
    "of a Tensor": lambda f: grad(f)(Tensor(A)),
    "of a constant": lambda f: grad(f)(Tensor(A, requires_grad=False)),
    "dict": lambda f: grad(lambda p: f(p["x"]) * p["s"])({"x": A, "s": 2.0})["x"],
}


def plain(tree: Any) -> Any:
    return np.asarray(tree.data if isinstance(tree, Tensor) else tree)


@pairs
@pytest.mark.parametrize("name", DERIVATIVES)
@pytest.mark.parametrize("through", [lambda f: f, checkpoint], ids=["straight", "checkpoint"])
def test_derivatives_of_functions_that_assign(name: str, f: Any, g: Any, through: Any) -> None:
    found, expected = DERIVATIVES[name](through(f)), DERIVATIVES[name](g)
    for x, y in zip(*(t if isinstance(t, tuple) else (t,) for t in (found, expected)), strict=True):
        np.testing.assert_allclose(plain(x), plain(y), rtol=1e-12, atol=1e-13)


@pairs
def test_functions_that_assign_against_differences(f: Any, g: Any) -> None:
    check_grads(f, A)


def test_argument_of_the_caller_is_not_touched() -> None:
    x, t = A.copy(), Tensor(A)
    grad(of_an_argument)(x)
    grad(of_an_argument)(t)
    assert x.tolist() == t.tolist() == A.tolist()
    assert t.is_leaf


def test_argument_may_be_a_view() -> None:
    def f(x: Any) -> Any:
        x[1] = 2 * x[0]
        return np.sum(x * x)

    table = np.arange(6.0).reshape(2, 3)
    for row, gradient in zip(table, vmap(grad(f))(table), strict=True):
        np.testing.assert_allclose(grad(f)(row), [10 * row[0], 0, 2 * row[2]])
        np.testing.assert_allclose(gradient, [10 * row[0], 0, 2 * row[2]])
    np.testing.assert_allclose(grad(lambda rows: np.sum(vmap(f)(rows)))(table), vmap(grad(f))(table))
    np.testing.assert_array_equal(table, np.arange(6.0).reshape(2, 3))


def test_recurrence_for_many_examples() -> None:
    def f(x: Any) -> Any:
        h = Tensor(np.zeros(3), requires_grad=False)
        h[0] = x[0]
        for i in range(1, 3):
            h[i] = np.sin(h[i - 1]) * x[i]
        return np.sum(h)

    table = 1 + np.arange(6.0).reshape(2, 3)
    np.testing.assert_allclose(vmap(grad(f))(table), [grad(f)(row) for row in table], rtol=1e-13)


def test_slices_of_examples_are_not_written_through() -> None:
    def f(x: Any) -> Any:
        part = (2 * x)[1:]
        part[0] = 1.0
        return np.sum(part)

    with pytest.raises(errors.MutationError, match="a view of another"):
        vmap(f)(np.ones((2, 3)))


def test_complex_numbers_into_real_ones_are_refused() -> None:
    t = Tensor([1.0, 2.0]) * 2
    with pytest.raises(errors.DtypeError, match="real numbers, for dtype float64") as raised:
        t[0] = 1j
    assert "z.real" in str(raised.value)


def test_of_a_recorded_pass() -> None:
    x = Tensor(A)
    y = x * x
    y[0] = y[1] * y[2]
    total = (y * y).sum()
    first = pullback(total, Tensor(1.0), [x], record=True)[x]
    second = pullback(first.sum(), np.ones(()), [x])[x]
    expected = hessian(lambda x: (np.concatenate([(x * x)[1:2] * (x * x)[2:3], (x * x)[1:]]) ** 2).sum())(A)
    np.testing.assert_allclose(second, expected.sum(axis=0))


# Any program of assignments, against the same program in terms of where().


def masks(n: int) -> st.SearchStrategy[Any]:
    return st.lists(st.booleans(), min_size=n, max_size=n).map(lambda b: np.array(b, dtype=bool))


steps = st.lists(st.tuples(masks(4), st.sampled_from(["=", "+=", "*="]), st.sampled_from([0, 1, 2])), max_size=6)


def run(program: Any, x: Any, in_place: bool) -> Any:
    """Two results that are written into in turns, from each other, with a use before every step."""
    ys, total = [np.sin(x), np.cos(x) * 1], 0.0
    for k, (mask, operator, source) in enumerate(program):
        v = (ys[0], ys[1], x)[source]
        y = ys[k % 2]
        total = total + (y * y).sum()
        if not in_place:
            new = {"=": v, "+=": y + v, "*=": y * v}[operator]
            ys[k % 2] = np.where(mask, new, y)
        elif operator == "=":
            y[mask] = v[mask]
        elif operator == "+=":
            y[mask] += v[mask]
        else:
            y[mask] *= v[mask]
    return total + (ys[0] * ys[1]).sum()


@given(steps)
def test_programs_of_assignments(program: Any) -> None:
    value, gradient = value_and_grad(lambda x: run(program, x, in_place=True))(A)
    expected, slope = value_and_grad(lambda x: run(program, x, in_place=False))(A)
    np.testing.assert_allclose(value, expected, rtol=1e-12)
    np.testing.assert_allclose(gradient, slope, rtol=1e-10, atol=1e-12)
