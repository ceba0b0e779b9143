"""Operations of the user's own: rules in HIPS autograd's words, backward, forward and both, on all arguments."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import numpy as onp
import pytest

import autograd.numpy as np
from autograd import Tensor, Value, check_grads, checkpoint, deriv, errors, grad, hessian, jacobian, jvp, make_jvp, vjp
from autograd.core import primitive as old_primitive
from autograd.extend import (
    VSpace,
    def_linear,
    defjvp,
    defjvp_argnum,
    defjvp_argnums,
    defvjp,
    defvjp_argnum,
    defvjp_argnums,
    primitive,
    vspace,
)
from autograd.numpy.dispatch import COMPOSITES
from autograd.test_util import check_grads as check_modes
from autograd.util import quick_grad_check
from autograd.variables import symbol
from viz import draw_graph, explain

x, w = onp.array([0.5, -1.0, 2.0]), onp.array([[1.0, 2.0, -1.0], [0.5, 0.0, 3.0]])


@primitive
def logsumexp(x: Any) -> Any:
    """The logarithm of the sum of the exponentials."""
    out = onp.exp(x - onp.max(x))  # NumPy as it is, writing included: nothing in here is recorded
    out += 0
    return onp.max(x) + onp.log(onp.sum(out))


defvjp(logsumexp, lambda ans, x: lambda g: g * np.exp(x - ans))


@primitive
def scaled(x: Any, w: Any, power: int = 2) -> Any:
    return w * x**power


defvjp(
    scaled,
    lambda ans, x, w, power=2: lambda g: g * w * power * x ** (power - 1),
    lambda ans, x, w, power=2: lambda g: g * x**power,
)


def product() -> Any:
    """A new operation without rules."""
    return primitive(lambda a, b: a @ b)


# Backward rules.


def test_rule_is_right_to_any_order() -> None:
    check_grads(logsumexp, x, order=3)
    check_modes(logsumexp)(x)
    check_modes(lambda x: np.sum(np.sin(logsumexp(x) * x)))(x)
    soft = onp.exp(x) / onp.exp(x).sum()
    onp.testing.assert_allclose(grad(logsumexp)(x), soft)
    onp.testing.assert_allclose(hessian(logsumexp)(x), onp.diag(soft) - onp.outer(soft, soft))


def test_keywords_reach_the_rule() -> None:
    assert grad(scaled)(2.0, 5.0, power=3) == 60.0
    assert grad(scaled, 1)(2.0, 5.0, power=3) == 8.0
    check_modes(lambda x, w: scaled(x, w, power=3), (0, 1))(x, w[0])


def test_rules_need_not_undo_broadcasting() -> None:
    check_grads(lambda x, w: scaled(x, w), x, w)
    check_grads(lambda x, w: scaled(x, w), 0.5, w)


def test_on_plain_arrays_it_is_the_function() -> None:
    assert type(logsumexp(x)) is onp.float64
    assert logsumexp.__name__ == "logsumexp"
    assert logsumexp.__doc__ == "The logarithm of the sum of the exponentials."
    assert repr(logsumexp) == "<row logsumexp>"


def test_on_values() -> None:
    v = Value(0.5)
    y = scaled(v, 3.0) + scaled(2.0, v)
    y.backward()
    assert (y.data, v.grad) == (0.75 + 2.0, 3.0 + 4.0)
    assert type(v.grad) is float
    assert grad(grad(lambda v: scaled(v, 3.0)))(Value(0.5)).data == 6.0


def test_dtype_is_that_of_the_argument() -> None:
    assert grad(logsumexp)(x.astype(onp.float32)).dtype == onp.float32


def test_arguments_that_have_no_influence() -> None:
    first = primitive(lambda a, b: a + 0 * b)
    defvjp(first, lambda ans, a, b: lambda g: g, None)
    assert grad(first, (0, 1))(2.0, 3.0) == (1.0, 0.0)
    assert grad(grad(lambda b: first(b * b, b)))(2.0) == 2.0


def test_argnums() -> None:
    second = primitive(lambda name, b: b**2 if name == "square" else b)
    defvjp(second, lambda ans, name, b: lambda g: 2 * b * g, argnums=(1,))
    assert grad(second, 1)("square", 3.0) == 6.0


def test_one_rule_for_every_argument() -> None:
    total = primitive(lambda *xs: sum(xs))
    defvjp_argnum(total, lambda argnum, ans, args, kwargs: lambda g: (argnum + 1) * g)
    assert grad(total, (0, 2))(1.0, 2.0, 3.0) == (1.0, 3.0)


def test_all_gradients_at_once() -> None:
    runs = []

    def rule(argnums: Any, ans: Any, args: Any, kwargs: Any) -> Any:
        runs.append(argnums)
        return lambda g: [g * args[1 - i] for i in argnums]

    times = primitive(lambda a, b: a * b)
    defvjp_argnums(times, rule)
    assert grad(times, (0, 1))(2.0, 5.0) == (5.0, 2.0)
    assert runs == [(0, 1)]
    assert grad(times)(2.0, 5.0) == 5.0
    assert runs[1:] == [(0,)]


def test_containers_in_and_out() -> None:
    @primitive
    def polar(point: Any) -> Any:
        a, b = point["a"], point["b"]
        return {"radius": onp.hypot(a, b), "angle": (onp.arctan2(b, a),), "name": "polar"}

    def rule(ans: Any, point: Any) -> Any:
        a, b, r = point["a"], point["b"], ans["radius"]

        def pull(g: Any) -> Any:
            g_r, (g_t,) = g["radius"], g["angle"]
            return {"a": g_r * a / r - g_t * b / r**2, "b": g_r * b / r + g_t * a / r**2}

        return pull

    defvjp(polar, rule)
    assert polar({"a": Tensor(3.0), "b": 4.0})["name"] == "polar"

    def f(point: Any) -> Any:
        found = polar(point)
        return found["radius"] * found["angle"][0]

    check_modes(f)({"a": onp.array([1.0, -2.0]), "b": onp.array([0.5, 3.0])})
    check_modes(lambda a: f({"a": a, "b": 2.0}))(1.0)


def test_methods() -> None:
    class Line:
        def __init__(self, slope: float) -> None:
            self.slope = slope

        @primitive
        def at(self, x: Any) -> Any:
            return self.slope * x

    defvjp(Line.at, lambda ans, line, x: lambda g: line.slope * g, argnums=(1,))
    assert grad(Line(3.0).at)(2.0) == 3.0


def test_inside_other_derivatives() -> None:
    assert grad(lambda x: x * grad(lambda y: scaled(y, x))(2.0))(3.0) == 24.0  # d/dx [x * 4 x]
    f = checkpoint(lambda x: logsumexp(x * x))
    onp.testing.assert_allclose(grad(f)(x), grad(lambda x: logsumexp(x * x))(x))
    y, pull = vjp(scaled, 2.0, 5.0)
    assert (y, pull(1.0)) == (20.0, (20.0, 4.0))


# Forward rules.


def test_forward_rule_alone_serves_both_modes() -> None:
    sine = primitive(lambda x: onp.sin(x))
    defjvp(sine, lambda g, ans, x: g * np.cos(x))
    assert deriv(sine)(0.5) == pytest.approx(onp.cos(0.5))
    check_modes(sine, order=3)(x)
    v = Value(0.5)
    sine(v).backward()
    assert v.grad == pytest.approx(onp.cos(0.5))


def joint_rule(argnums: Any, gs: Any, ans: Any, args: Any, kwargs: Any) -> Any:
    """The tangent of a matrix product."""
    return sum(g @ args[1] if i == 0 else args[0] @ g for i, g in zip(argnums, gs, strict=True))


@pytest.mark.parametrize(
    "linear",
    [
        lambda f: defjvp(f, "same", "same"),
        def_linear,
        lambda f: defjvp(f, lambda g, ans, a, b: f(g, b), lambda g, ans, a, b: f(a, g)),
        lambda f: defjvp(f, lambda g, ans, a, b: g @ b, lambda g, ans, a, b: a @ g),
        lambda f: defjvp_argnum(f, lambda i, g, ans, args, kwargs: g @ args[1] if i == 0 else args[0] @ g),
        lambda f: defjvp_argnums(f, joint_rule),
    ],
)  # fmt: skip
def test_linear_operations(linear: Any) -> None:
    matmul = product()
    linear(matmul)
    check_modes(matmul, (0, 1))(w, w.T + 1)
    onp.testing.assert_allclose(grad(lambda a: np.sum(matmul(a, a.T) ** 2))(w), 4 * w @ w.T @ w)


def test_none_is_no_tangent() -> None:
    first = primitive(lambda a, b: a + 0 * b)
    defjvp(first, "same", None)
    assert make_jvp(first, (0, 1))(2.0, 3.0)((1.0, 1.0))[1] == 1.0


def test_each_mode_runs_the_rule_meant_for_it() -> None:
    ran = []
    square = primitive(lambda x: x * x)
    defvjp(square, lambda ans, x: lambda g: ran.append("backward") or 2 * x * g)
    assert jvp(square, (3.0,), (1.0,))[1] == 6.0
    ran.clear()
    defjvp(square, lambda g, ans, x: ran.append("forward") or 2 * x * g)
    assert jvp(square, (3.0,), (1.0,))[1] == 6.0
    assert "forward" in ran
    ran.clear()
    assert grad(square)(3.0) == 6.0
    assert ran == ["backward"]
    check_modes(square, order=3)(x)
    check_grads(lambda x: square(np.sin(square(x))), x, order=3)


def test_both_rules_with_several_arguments() -> None:
    matmul = product()
    defvjp(matmul, lambda ans, a, b: lambda g: g @ b.T, lambda ans, a, b: lambda g: a.T @ g)
    defjvp(matmul, "same", "same")
    check_modes(matmul, (0, 1))(w, w.T + 1)
    check_grads(lambda a: matmul(a, np.sin(a.T)), w, order=3)


# What else works with them.


def test_drawn_and_explained_like_any_other() -> None:
    t = Tensor(0.5, name="t")
    y = scaled(t, 3.0, power=3)
    y.name = "y"
    y.backward()
    text = str(explain(y, t))
    assert "y = scaled(t, 3) = scaled(0.5, 3) = 0.375" in text
    assert "∂y/∂t = 9 * t**2 = 9 * 0.5**2 = 2.25" in text
    assert r"\operatorname{scaled}(t, 3)" in explain(y, t).to_latex()
    assert "scaled" in draw_graph(y).to_dot()
    assert "logsumexp" in draw_graph(logsumexp(Tensor(x))).to_dot()


def test_wrong_rule_is_found_and_named() -> None:
    square = primitive(lambda x: x * x)
    square.name = "square"
    defvjp(square, lambda ans, x: lambda g: g * 3 * x)
    with pytest.raises(errors.GradientError) as failure:
        check_grads(lambda x: np.sum(np.tanh(square(x))), x)
    text = str(failure.value)
    assert "argument 0, element (0,)" in text
    assert "a factor of 1.5" in text
    assert "the rule of 'square' for argument 0 at element" in text


def test_rules_have_pickles_and_copies() -> None:
    assert pickle.loads(pickle.dumps(scaled)) is scaled
    assert copy.deepcopy(scaled) is scaled
    y = scaled(Tensor(2.0), 5.0)
    again = pickle.loads(pickle.dumps(y))
    again.backward()
    assert again.inputs[0].grad == 20.0


def test_operation_answers_in_the_words_of_the_graph() -> None:
    y = scaled(Tensor(2.0), 5.0, power=3)
    assert y.op(*y.inputs, **y.attrs).data == 40.0
    assert y.op(3.0, 5.0, **y.attrs) == 135.0


def test_numpy_function_without_a_row() -> None:
    f = lambda x: np.sum(np.nextafter(x, 0.0))  # noqa: E731 -- the formula in one line
    assert onp.nextafter not in COMPOSITES
    try:
        with pytest.raises(NotImplementedError, match="nextafter"):
            grad(f)(x)
        defvjp(np.nextafter, lambda ans, x, y: lambda g: 7 * g)
        onp.testing.assert_array_equal(grad(f)(x), [7, 7, 7])
        defvjp(np.nextafter, lambda ans, x, y: lambda g: 8 * g)
        onp.testing.assert_array_equal(grad(f)(x), [8, 8, 8])
    finally:
        del COMPOSITES[onp.nextafter]


def test_results_that_are_no_floats_stay_plain() -> None:
    counted = primitive(lambda x: (onp.sum(x), x.size, None))
    total, size, nothing = counted(Tensor(x))
    assert (total.data, size, nothing) == (1.5, 3, None)


def test_old_words() -> None:
    times = old_primitive(lambda a, b, c: a * b + 0 * c)
    with pytest.warns(DeprecationWarning, match="f.defgrad"):
        times.defgrad(lambda ans, a, b, c: lambda g: g * b)
    with pytest.warns(DeprecationWarning, match="f.defvjp"):
        times.defvjp(lambda g, ans, vs, gvs, a, b, c: vs.add(vs.zeros(), g * a * gvs.ones()), argnum=1)
    with pytest.warns(DeprecationWarning, match="f.defvjp_is_zero"):
        times.defvjp_is_zero([2])
    assert grad(times, (0, 1, 2))(2.0, 5.0, 7.0) == (5.0, 2.0, 0.0)
    with pytest.warns(DeprecationWarning, match="check_grads"), pytest.raises(AssertionError, match="VJP"):
        quick_grad_check(lambda x, y: np.where(x > 1.0, 2 * x, x) * y, 1.0, (2.0,), {})


# Errors.


def wrong_shape() -> Any:
    flat = primitive(lambda x: 2 * x)
    defvjp(flat, lambda ans, x: lambda g: np.sum(g))
    return grad(lambda x: np.sum(flat(x)))(x)


def without_rule() -> Any:
    return grad(primitive(lambda x: x))(1.0)


def without_second_rule() -> Any:
    first = primitive(lambda a, b: a * b)
    defvjp(first, lambda ans, a, b: lambda g: g * b)
    return grad(first, 1)(1.0, 2.0)


def captured() -> Any:
    t = Tensor(2.0)
    return primitive(lambda x: x * t)(Tensor(3.0))


CASES: list[tuple[Any, type[Exception], list[str]]] = [
    (without_rule, NotImplementedError, ["argument 0", "no rules", "defvjp(f, lambda ans"]),
    (without_second_rule, errors.NoRuleError, ["argument 1", "rules for 0", "argnums=(1,)"]),
    (wrong_shape, errors.ShapeError, ["argument 0", "(3,)", "shape ()", "np.ones((3,))"]),
    (captured, errors.ArgumentError, ["from outside", "pass it as an argument of f"]),
    (lambda: scaled(1.0, w=Tensor(2.0)), errors.ArgumentError, ["by position", "as w=", "scaled(x, t)"]),
    (lambda: scaled(Value(1.0), Tensor(2.0)), errors.MixedKindsError, ["scaled", "Value", "Tensor(3.0)"]),
    (lambda: scaled(Value(1.0), x), errors.MixedKindsError, ["a number", "(3,)", "scaled(Tensor(2.0))"]),
    (lambda: defvjp(len, lambda ans, x: 0), errors.ArgumentError, ["len, an ordinary function", "primitive(len)"]),
    (lambda: defvjp(np.sin, lambda ans, x: 0), errors.ArgumentError, ["rule in the table", "my_sin = primitive(sin)"]),
    (lambda: defvjp(scaled, 3), errors.ArgumentError, ["rule for argument 0", "3", "lambda ans, x: lambda g: g * x"]),
    (lambda: defjvp(scaled, "other"), errors.ArgumentError, ["rule for argument 0", "'other'", "'same'"]),
]  # fmt: skip


@pytest.mark.parametrize(("line", "kind", "parts"), CASES)
def test_errors_say_what_to_do(line: Any, kind: type[Exception], parts: list[str]) -> None:
    with pytest.raises(kind) as caught:
        line()
    text = str(caught.value)
    for part in ("expected:", "got:", "cure:", *parts):
        assert part in text


def test_missing_rule_is_missing_in_forward_mode_too() -> None:
    with pytest.raises(NotImplementedError):
        deriv(primitive(lambda x: 2 * x))(1.0)


# Vector spaces.


TREES = [0.0, onp.zeros((3, 2)), [1.0, onp.zeros((2, 1))], {"a": (1.0,), "b": onp.zeros(3)}, 1.0j * onp.zeros(2)]


@pytest.mark.parametrize("value", TREES, ids=str)
def test_vector_space(value: Any) -> None:
    space = vspace(value)
    u, v = space.randn(), space.randn()
    assert space == vspace(u) == vspace(space.zeros()) == vspace(space.ones())
    assert hash(space) == hash(vspace(u))
    assert space.iscomplex == (space.dtype == onp.complex128)
    basis = list(space.standard_basis())
    gram = [[space.inner_prod(a, b) for a in basis] for b in basis]
    onp.testing.assert_array_equal(gram, onp.eye(space.size))
    total = space.zeros()
    for e in basis:
        total = space.add(total, e)
    assert space.inner_prod(total, u) == pytest.approx(space.inner_prod(space.ones(), u))
    assert space.inner_prod(space.add(u, space.scalar_mul(v, 2.0)), v) == pytest.approx(
        space.inner_prod(u, v) + 2 * space.inner_prod(v, v)
    )
    assert space.inner_prod(space.mut_add(None, u), v) == pytest.approx(space.inner_prod(u, v))
    assert space.inner_prod(space.covector(space.covector(u)), v) == pytest.approx(space.inner_prod(u, v))


def test_vector_spaces_record() -> None:
    space = vspace({"a": x})
    gradient = grad(lambda u: space.inner_prod(u, space.scalar_mul(u, 3.0)))({"a": x})
    onp.testing.assert_allclose(gradient["a"], 6 * x)


def test_vector_spaces_differ() -> None:
    assert vspace(x) != vspace(x[:2])
    assert vspace(x) != vspace(x.astype(onp.float32))
    assert vspace([1.0]) != vspace((1.0,)) or vspace([1.0]) == vspace([2.0])
    assert vspace(x).shape == (3,)
    assert vspace(x).dtype == onp.float64
    assert "shape=(3,)" in repr(vspace(x))
    with pytest.raises(errors.DtypeError, match="vspace"):
        vspace("text")


def test_spaces_of_other_types_can_be_registered() -> None:
    class Money:
        pass

    class MoneySpace(VSpace):
        def __init__(self, value: Money) -> None:
            pass

        def zeros(self) -> str:
            return "nothing"

    MoneySpace.register(Money)
    try:
        assert vspace(Money()).zeros() == "nothing"
    finally:
        del VSpace.mappings[Money]


def test_symbols_stand_for_gradients() -> None:
    assert symbol(Tensor(x)).shape == (3,)  # what going back through a forward rule starts from
    onp.testing.assert_allclose(jacobian(lambda x: scaled(x, 2.0))(x), onp.diag(4 * x))
