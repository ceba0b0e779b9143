"""HIPS autograd's names: every one can be imported from where its programs import it, and does what it does there."""

from __future__ import annotations

import importlib
import inspect
import subprocess
import sys
from collections import OrderedDict, namedtuple
from typing import Any

import numpy as onp
import pytest

import autograd
import autograd.numpy as np
import autograd.numpy.random as npr
from autograd import (
    Tensor,
    Value,
    deriv,
    elementwise_grad,
    errors,
    grad,
    grad_and_aux,
    grad_named,
    hessian,
    hessian_tensor_product,
    hessian_vector_product,
    jacobian,
    make_ggnvp,
    make_hvp,
    make_jvp,
    make_jvp_reversemode,
    make_vjp,
    multigrad,
    multigrad_dict,
    tensor_jacobian_product,
    value_and_grad,
    vector_jacobian_product,
)
from autograd.builtins import isinstance as ag_isinstance
from autograd.builtins import type as ag_type
from autograd.core import make_jvp as unary_make_jvp
from autograd.core import make_vjp as unary_make_vjp
from autograd.core import primitive_vjps
from autograd.tracer import Box, Node, getval, isbox, notrace_primitive, trace
from autograd.util import func, subval, subvals
from autograd.wrap_util import get_doc, get_name, unary_to_nary, wraps

NAMES = {
    "autograd": "grad value_and_grad elementwise_grad egrad grad_and_aux grad_named multigrad multigrad_dict deriv "
    "jacobian hessian hessian_tensor_product hessian_vector_product tensor_jacobian_product vector_jacobian_product "
    "make_vjp make_jvp make_jvp_reversemode make_hvp make_ggnvp checkpoint primitive isinstance type tuple list dict "
    "numpy extend misc builtins core tracer util wrap_util differential_operators test_util",
    "autograd.differential_operators": "grad make_vjp make_jvp make_jvp_reversemode elementwise_grad deriv jacobian "
    "grad_named hessian make_hvp hessian_tensor_product hessian_vector_product tensor_jacobian_product "
    "vector_jacobian_product make_ggnvp value_and_grad grad_and_aux multigrad_dict checkpoint",
    "autograd.extend": "Box VSpace def_linear defjvp defjvp_argnum defjvp_argnums defvjp defvjp_argnum defvjp_argnums "
    "notrace_primitive primitive vspace",
    "autograd.misc": "flatten const_graph",
    "autograd.misc.flatten": "flatten flatten_func",
    "autograd.misc.optimizers": "sgd rmsprop adam unflatten_optimizer",
    "autograd.misc.fixed_points": "fixed_point",
    "autograd.misc.tracers": "const_graph const_graph_unary full_graph",
    "autograd.test_util": "check_grads check_vjp check_jvp check_equivalent combo_check make_numerical_jvp "
    "numerical_jvp scalar_close TOL RTOL EPS",
    "autograd.builtins": "isinstance type tuple list dict",
    "autograd.tracer": "Box Node getval isbox notrace_primitive primitive trace",
    "autograd.wrap_util": "unary_to_nary wraps get_name get_doc",
    "autograd.util": "func subval subvals",
    "autograd.core": "make_vjp make_jvp primitive defvjp defjvp VSpace vspace getval isbox primitive_vjps",
    "autograd.numpy": "array zeros full linspace append r_ c_ make_diagonal row_stack sin pi random linalg fft newaxis",
    "autograd.numpy.random": "rand randn seed RandomState default_rng",
    "autograd.numpy.linalg": "inv det slogdet solve norm cholesky eigh svd",
    "autograd.numpy.fft": "fft ifft fft2",
    "autograd.numpy.numpy_boxes": "ArrayBox",
}


@pytest.mark.parametrize(("module", "names"), NAMES.items(), ids=NAMES)
def test_names_are_where_programs_look_for_them(module: str, names: str) -> None:
    found = importlib.import_module(module)
    assert [name for name in names.split() if not hasattr(found, name)] == []


def test_unknown_names_are_refused() -> None:
    with pytest.raises(AttributeError, match="no attribute 'gard'"):
        _ = autograd.gard
    for module in (np, npr, np.linalg, np.fft):
        with pytest.raises(AttributeError):
            _ = module.no_such_function


def test_importing_autograd_loads_none_of_it() -> None:
    late = [
        "builtins",
        "core",
        "differential_operators",
        "extend",
        "misc",
        "operations",
        "test_util",
        "tracer",
        "vspaces",
    ]
    program = f"import sys, autograd, nn, viz; print(*[m for m in {late} if 'autograd.' + m in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.split()
    assert loaded == []


def cubic(x: Any, y: Any) -> Any:
    return np.sum(x**3 * y)


x, y, v = onp.array([1.0, 2.0]), onp.array([3.0, -1.0]), onp.array([0.5, -2.0])


def test_argnum_as_number_tuple_and_list() -> None:
    both = (3 * x**2 * y, x**3)
    onp.testing.assert_allclose(grad(cubic)(x, y), both[0])
    onp.testing.assert_allclose(grad(cubic, 1)(x, y), both[1])
    for argnum in ((1, 0), [1, 0]):
        found = grad(cubic, argnum)(x, y)
        assert type(found) is tuple
        onp.testing.assert_allclose(found[0], both[1])
        onp.testing.assert_allclose(found[1], both[0])
    (alone,) = grad(cubic, argnum=[1])(x, y)
    onp.testing.assert_allclose(alone, both[1])


def test_argument_names_of_the_function_are_its_own() -> None:
    def scaled(x: Any, f: float = 1.0, argnum: float = 1.0) -> Any:
        return x * f * argnum

    assert grad(scaled)(2.0, f=5.0, argnum=7.0) == 35.0
    assert value_and_grad(scaled)(2.0, f=5.0) == (10.0, 5.0)


def test_make_vjp_goes_back_as_often_as_wanted() -> None:
    vjp, ans = make_vjp(lambda x, y: x * y, 1)(x, y)
    onp.testing.assert_allclose(ans, x * y)
    onp.testing.assert_allclose(vjp(v), v * x)
    onp.testing.assert_allclose(vjp(2 * v), 2 * v * x)
    vjp, _ = make_vjp(lambda x, y: x * y, (0, 1))(x, y)
    assert [type(g) for g in vjp(v)] == [onp.ndarray, onp.ndarray]


def test_forward_mode() -> None:
    ans, tangent = make_jvp(cubic, 0)(x, y)(v)
    assert ans == cubic(x, y)
    assert tangent == pytest.approx(float((3 * x**2 * y) @ v))
    assert make_jvp(cubic, (0, 1))(x, y)((v, v))[1] == pytest.approx(float((3 * x**2 * y + x**3) @ v))
    assert make_jvp_reversemode(cubic)(x, y)(v) == pytest.approx(tangent)
    onp.testing.assert_allclose(deriv(lambda x: x**3)(2.0), 12.0)
    onp.testing.assert_allclose(deriv(lambda x: np.array([x, x**2]))(3.0), [1.0, 6.0])


def test_hessian_products() -> None:
    H = hessian(cubic)(x, y)
    onp.testing.assert_allclose(H, onp.diag(6 * x * y))
    onp.testing.assert_allclose(hessian_vector_product(cubic)(x, y, v), H @ v)
    onp.testing.assert_allclose(hessian_tensor_product(cubic)(x, y, v), H @ v)
    hvp, gradient = make_hvp(cubic)(x, y)
    onp.testing.assert_allclose(hvp(v), H @ v)
    onp.testing.assert_allclose(gradient, grad(cubic)(x, y))


def test_jacobian_products() -> None:
    A = onp.arange(6.0).reshape(3, 2)

    def f(x: Any) -> Any:
        return np.tanh(np.dot(A, x) / 5)

    J, w = jacobian(f)(x), onp.array([1.0, -1.0, 2.0])
    for product in (tensor_jacobian_product, vector_jacobian_product):
        onp.testing.assert_allclose(product(f)(x, w), w @ J)
    onp.testing.assert_allclose(make_ggnvp(f)(x)(v), J.T @ J @ v)
    loss = lambda y: np.sum(y**4)  # noqa: E731 -- the formula in one line
    onp.testing.assert_allclose(make_ggnvp(f, loss)(x)(v), J.T @ (12 * f(x) ** 2 * (J @ v)))


def test_gradients_by_name() -> None:
    def f(x: Any, y: Any, scale: float = 2.0) -> Any:
        return scale * x * y

    assert grad_named(f, "y")(3.0, 5.0) == 6.0
    assert multigrad(f, [1, 0])(3.0, 5.0) == (6.0, 10.0)
    assert multigrad(f)(3.0, 5.0) == (10.0,)
    assert multigrad_dict(f)(3.0, y=5.0) == {"x": 10.0, "y": 6.0, "scale": 15.0}
    with pytest.raises(errors.ArgumentError, match=r"grad_named\(f, 'z'\)[^$]*one of x, y, scale"):
        grad_named(f, "z")


def test_multigrad_dict_of_open_arguments() -> None:
    found = multigrad_dict(lambda x, *rest, **named: x * rest[0] * named["k"])(2.0, 3.0, k=5.0)
    assert found == {"x": 15.0, "rest": (10.0,), "named": {"k": 6.0}}


def test_aux() -> None:
    gradient, aux = grad_and_aux(lambda x: (np.sum(x**2), {"doubled": 2 * x}))(x)
    onp.testing.assert_allclose(gradient, 2 * x)
    onp.testing.assert_allclose(aux["doubled"], 2 * x)


def test_elementwise_grad_nests() -> None:
    tanh = lambda x: (1.0 - np.exp(-2 * x)) / (1.0 + np.exp(-2 * x))  # noqa: E731 -- the formula in one line
    places = np.linspace(-3, 3, 7)
    second = elementwise_grad(elementwise_grad(tanh))(places)
    onp.testing.assert_allclose(second, -2 * onp.tanh(places) * (1 - onp.tanh(places) ** 2), atol=1e-12)


def test_a_truth_value_has_no_gradient() -> None:
    with pytest.raises(TypeError, match="returned True or False"):
        grad(lambda x: np.allclose(x, x))(x)


# NumPy's namespace.


def test_lists_of_results_become_arrays() -> None:
    onp.testing.assert_allclose(jacobian(lambda x: np.array([x, [x**2, 1.0][0]]))(3.0), [1.0, 6.0])
    assert grad(lambda x: np.sum([x, x**2]))(3.0) == 7.0
    assert grad(lambda x: np.mean([x, x**2]))(3.0) == 3.5
    assert grad(lambda x: np.max([x, x**2]))(3.0) == 6.0
    assert grad(lambda x: np.dot([x, x**2], [1.0, 10.0]))(3.0) == 61.0
    onp.testing.assert_allclose(grad(lambda x: np.sum(np.append([x, x], 3.0 * x) ** 2))(1.0), 22.0)
    assert grad(lambda x: np.linalg.norm([x, x + 2]))(0.0) == 1.0
    assert np.sum([1.0, 2.0]) == 3.0
    assert np.argmax([Tensor(1.0), Tensor(3.0)]) == 1


def test_creation() -> None:
    assert grad(lambda x: np.sum(np.full((2, 3), x)))(2.0) == 6.0
    assert grad(lambda x: np.sum(np.linspace(0.0, x, 5)))(2.0) == 2.5
    assert grad(lambda x: np.sum(np.stack([x, x]) + np.zeros(2) + np.ones(2)))(2.0) == 2.0
    assert np.zeros((2, 2)).tolist() == [[0, 0], [0, 0]]
    assert "sin" in dir(np)
    assert "seed" in dir(npr)
    assert "inv" in dir(importlib.import_module("autograd.numpy.linalg"))


def test_joining_in_brackets() -> None:
    a, b = Tensor([1.0, 2.0]), onp.array([3.0, 4.0])
    onp.testing.assert_array_equal(np.r_[a, b, 5.0, 0:2].data, onp.r_[a.data, b, 5.0, 0:2])
    onp.testing.assert_array_equal(np.c_[a, b].data, onp.c_[a.data, b])
    onp.testing.assert_array_equal(np.r_["0,2", b, b], onp.r_["0,2", b, b])
    with pytest.raises(errors.ArgumentError, match="no directions"):
        _ = np.r_["0,2", a, b]


def test_diagonals_and_rows() -> None:
    onp.testing.assert_allclose(jacobian(lambda d: np.diagonal(np.make_diagonal(d), axis1=-1, axis2=-2))(x), onp.eye(2))
    onp.testing.assert_allclose(grad(lambda x: np.sum(np.row_stack([x, 2 * x])))(x), [3.0, 3.0])
    with pytest.raises(errors.ArgumentError, match="the last two axes"):
        np.make_diagonal(x, offset=1)


# Types, boxes and traces.


def test_containers_are_python_s_own() -> None:
    assert (autograd.dict, autograd.list, autograd.tuple) == (dict, list, tuple)
    Point = namedtuple("Point", "a b")  # noqa: PYI024 -- the kind that people write
    gradient = grad(lambda tree: tree["p"].a * tree["q"][0])(OrderedDict(p=Point(2.0, 1.0), q=[3.0]))
    assert gradient == OrderedDict(p=Point(3.0, 0.0), q=[2.0])
    assert type(gradient) is OrderedDict


def test_questions_about_types() -> None:
    def f(x: Any, parameters: Any) -> Any:
        assert ag_isinstance(x, onp.ndarray)
        assert ag_isinstance(np.sum(x), float)
        assert ag_isinstance(parameters, dict)
        assert not ag_isinstance(x, (list, float))
        assert ag_type(x) is onp.ndarray
        assert ag_type(parameters) is dict
        assert isbox(x)
        assert isinstance(x, Box)
        assert not isbox(getval(x))
        return np.sum(x) * parameters["w"]

    grad(f, (0, 1))(x, {"w": 2.0})
    assert getval({"a": Tensor(2.0), "b": "text"}) == {"a": 2.0, "b": "text"}
    assert getval(Value(2.0)) == 2.0


def test_notrace_primitive_sees_plain_numbers() -> None:
    @notrace_primitive
    def steps(x: Any, by: Any = 1.0) -> Any:
        assert type(x) is float
        assert type(by) is float
        return onp.floor(x / by)

    assert grad(lambda x: x * steps(x, by=x / 2))(3.0) == 2.0
    assert steps.__name__ == "steps"


def test_a_node_class_is_told_what_a_function_did() -> None:
    told = []

    class Told(Node):
        def __init__(self, value: Any, fun: Any, args: Any, kwargs: Any, parent_argnums: Any, parents: Any) -> None:
            self.name = f"v{len(told)}"
            told.append((self.name, fun.__name__, value, [parent.name for parent in parents], parent_argnums))

        def initialize_root(self, *args: Any, **kwargs: Any) -> None:
            self.name = "x"

    value, end = trace(Told.new_root(), lambda x: np.sin(x) * x, 1.0)
    assert value == onp.sin(1.0)
    assert told == [("v0", "sin", onp.sin(1.0), ["x"], (0,)), ("v1", "multiply", value, ["v0", "x"], (0, 1))]
    assert end.name == "v1"
    assert trace(Told.new_root(), lambda x: 3.0, 1.0) == (3.0, None)


def test_core_works_on_one_argument() -> None:
    vjp, ans = unary_make_vjp(lambda x: x * x, 3.0)
    assert (ans, vjp(1.0)) == (9.0, 6.0)
    assert unary_make_jvp(lambda x: x * x, 3.0)(2.0) == (9.0, 12.0)
    assert onp.tanh in primitive_vjps


def test_small_things() -> None:
    assert func(len) is len
    assert subval((1, 2), 1, 5) == (1, 5)
    assert subvals([1, 2, 3], [(0, 7), (2, 9)]) == (7, 2, 9)
    assert get_name(object()) == "[unknown name]"
    assert get_doc(Tensor.sum).startswith("The sum")

    @unary_to_nary
    def slopes(fun: Any, x: Any, factor: float = 1.0) -> Any:
        return unary_make_vjp(fun, x)[0](factor)

    assert slopes(lambda x, y: x * y, (0, 1), 2.0)(3.0, 5.0) == (10.0, 6.0)
    assert slopes(max).__name__ == "slopes_of_max_wrt_argnum_0"
    assert wraps(len, "my_{fun}")(lambda: 0).__name__ == "my_len"
    with pytest.raises(errors.ArgumentError, match="argnum"):
        slopes(max, "0")
    with pytest.raises(errors.ArgumentError, match="choose argnum from 0 to 0"):
        slopes(max, 1)(2.0)


@pytest.mark.parametrize("operator", [make_vjp, make_jvp, make_jvp_reversemode, deriv, make_hvp, make_ggnvp])
def test_errors_name_the_cure(operator: Any) -> None:
    with pytest.raises(errors.DtypeError, match=r"cure: +3\.0 instead of 3"):
        operator(lambda x: x * x)(3)(1.0)
    if "argnum" in inspect.signature(operator).parameters:
        with pytest.raises(errors.ArgumentError, match="choose argnum from 0 to 0"):
            operator(lambda x: x * x, 2)(3.0)(1.0)


def test_where_by_name_and_of_python_s_numbers() -> None:
    x, y = np.array([1.0, 2.0]), np.array([3.0, 4.0])
    for found in (np.where(condition=[True, False], x=x, y=y), np.where([True, False], x, y=y)):
        onp.testing.assert_array_equal(found, [1.0, 4.0])
    assert grad(lambda t: np.sum(np.where(x > 1.5, x=[t, 2 * t], y=0.0)))(3.0) == 2.0
    assert type(np.where(True, 1, 2)) is int
    assert type(np.where(True, 1, x)) is onp.ndarray
    for wrong in ({"x": x}, {"z": x}):
        with pytest.raises(errors.ArgumentError, match="both x and y, or neither"):
            np.where([True, False], **wrong)


def test_whole_numbers_of_a_tensor() -> None:
    """Positions pass no gradient, so NumPy's integer types take Tensors; floating ones would lose it."""
    assert np.int64(Tensor(2.7)) == 2
    onp.testing.assert_array_equal(onp.asarray(Tensor([1.0, 0.0]), bool), [True, False])
    onp.testing.assert_array_equal(grad(lambda x: np.sum(x[np.int64(x[:1])]))(onp.array([1.0, 2.0])), [0.0, 1.0])
    with pytest.raises(errors.LeftGraphError):
        np.float32(Tensor(2.7))


def test_boxes_are_found_through_numpy() -> None:
    assert np.numpy_boxes.ArrayBox is Tensor
