"""Every slip is planted and found; what is right is called right, and nothing else is."""

from fractions import Fraction

import numpy as np
import pytest

from autograd import Tensor, Value, grad
from autograd.errors import ArgumentError
from viz import Verdict, check

A = np.array([[1.0, -2.0, 0.5], [4.0, 0.25, -6.0]])
S = np.array([[1.0, 2.0], [3.0, 5.0]])


def said(yours, right, **options):
    return check("q", yours, right, **options)


def shapes(yours, right):
    return f"it has the shape {yours}, and the answer {right}"


# What is right.


@pytest.mark.parametrize(
    ("yours", "right"),
    [
        (2, 2.0), (np.float32(0.1), 0.1), (Value(3.0), 3), (3.0, Value(3.0)), (Tensor(A), A), (A.tolist(), A),
        (A.astype(np.float32), A), ((Value(1.0), 2.0), [1.0, 2.0]), (0.0, 0.0), (1e-12, 0.0), (1 + 2j, 1 + 2j),
        (Fraction(1, 3), 1 / 3), (np.inf, np.inf), ("W2 ", "w2"), (True, True), (np.bool_(False), False),
        (np.array([]), np.array([])), (A > 0, A > 0), (2.0000001, 2.0), (np.array([1e-20, 1.0]), np.array([0.0, 1.0])),
    ],
)  # fmt: skip
def test_right(yours, right):
    verdict = said(yours, right)
    assert verdict
    assert (verdict.state, str(verdict)) == ("right", "✓ q: right")


def test_functions_are_compared_at_several_inputs():
    assert said(lambda x: x * x, lambda x: x**2)
    assert said(lambda x, w: np.tanh(w * x), lambda a, b: np.tanh(a * b))
    assert said(np.tanh, lambda x: np.tanh(x))
    assert said(lambda x: np.tanh(x), np.tanh)
    assert said(lambda x: x.T, lambda x: x.T, at=[A, S])
    assert said(lambda x: Value(x) * 2, lambda x: 2 * x)
    assert said(lambda x, n=2: x**n, lambda x: x**2)
    assert said(lambda x: 2 * x, grad(lambda x: x * x))


def test_a_function_that_is_0_but_for_rounding():
    def right(x):
        return x + 0.1 - x - 0.1

    assert right(0.3) != 0  # to the bit
    assert said(lambda x: 0.0, right)
    assert said(lambda x: 1e-16 * x, right)
    assert said(lambda x: np.zeros(2), lambda x: np.full(2, right(x)))
    assert said(lambda x: 1e-6 * x, right).state == "wrong"
    assert said(lambda x: 0.0 * x, lambda x: 1e-9 * x).what == "it is 0 everywhere, which the answer is not"
    assert said(0.0, 1.6e-19).kind == "zero"  # a number is what it was given as


def test_a_function_that_writes_into_its_argument_does_not_hide_it():
    def right(x):
        return x + 1

    def writes(x):
        x += 1
        return x

    given = np.zeros(2)
    assert said(writes, right, at=[given])
    assert given.tolist() == [0, 0]


# What is not answered.


@pytest.mark.parametrize(
    ("yours", "right"),
    [(..., 2.0), (..., A), (..., "w1"), (..., True), (..., np.tanh), ((1.0, ...), (1.0, 2.0)), (lambda x: ..., np.tanh),
     (lambda x: (x, ...), lambda x: (x, x)), (lambda x: 2 * ..., np.tanh)],
)  # fmt: skip
def test_not_answered_yet(yours, right):
    verdict = said(yours, right)
    assert not verdict
    assert verdict.state == "open"
    assert str(verdict) == "○ q: not answered yet\n  put your answer in the place of ..."


# What is wrong with a number.


@pytest.mark.parametrize(
    ("yours", "right", "state", "what"),
    [
        (-2.0, 2.0, "wrong", "it has the wrong sign"),
        (4.0, 2.0, "wrong", "it is twice the answer"),
        (1.0, 2.0, "wrong", "it is half the answer"),
        (-4.0, 2.0, "wrong", "it is minus twice the answer"),
        (-1.0, 2.0, "wrong", "it is minus half the answer"),
        (0.2, 5.0, "wrong", "it is 1 divided by the answer"),
        (0.0, 2.0, "wrong", "it is 0, which the answer is not"),
        (0.0, 1e-13, "wrong", "it is 0, which the answer is not"),
        (np.nan, 2.0, "wrong", "it is NaN"),
        (np.inf, 2.0, "wrong", "it is infinite"),
        (0.29, 0.29131261, "close", "it is right, but rounded to 2 significant digits"),
        (0.2913, 0.29131261, "close", "it is right, but rounded to 4 significant digits"),
        (12.3, 12.3456, "close", "it is right, but rounded to 3 significant digits"),
        (0.292, 0.29131261, "close", "it is close, and off by 0.24 %"),
        (3.0, 2.0, "wrong", "it is too large"),
        (-3.0, -2.0, "wrong", "it is too small"),
        (1.3, 2.0, "wrong", "it is too small"),
        (0.3, -2.0, "wrong", "it has the wrong sign, and another size than the answer too"),
        (101, 100, "wrong", "it is too large"),
        (7.0, 0.0, "wrong", "it is too large"),
        (3 + 1j, 2.0, "wrong", "it is another number than the answer"),
    ],
)
def test_numbers(yours, right, state, what):
    verdict = said(yours, right)
    assert not verdict
    assert (verdict.state, verdict.what) == (state, what)


# What is wrong with an array.


@pytest.mark.parametrize(
    ("yours", "right", "what"),
    [
        (-A, A, "it has the wrong sign"),
        (2 * A, A, "it is twice the answer"),
        (-0.5 * A, A, "it is minus half the answer"),
        (6 * A, A, "it is 6 times the answer"),
        (A / 3, A, "it is 1/3 of the answer"),
        (0.7 * A, A, "it is 0.7 times the answer, everywhere"),
        (1 / A, A, "it is 1 divided by the answer"),
        (A + 3, A, "it is off by the same number everywhere: 3"),
        (0 * A, A, "it is 0 everywhere, which the answer is not"),
        (S.T, S, "it is transposed: rows and columns have changed places"),
        (A.T, A, "it is transposed: rows and columns have changed places"),
        ([3, 1, 2], [1, 3, 2], "its numbers are right, but in the wrong places: in element [0], in element [1]"),
        (np.abs(A), A, "it has the wrong sign in element [0, 1], in element [1, 2]"),
        (np.where(A == 4, 5, A), A, "it is wrong in element [1, 0]"),
        (np.where(A == 4, 8, A), A, "it is wrong in element [1, 0]: there it is twice the answer"),
        (np.where(A == 4, np.nan, A), A, "it is NaN in element [1, 0]"),
        ([1, 0, 3], [1, 2, 3], "it is wrong in element [1]: there it is 0, which the answer is not"),
        (np.round(A / 3, 3), A / 3, "it is right, but rounded to 3 decimals"),
        (A * 1.005 + [[0, 1e-3, 0], [0, 0, 0]], A, "it is close, and off by 0.5 %"),
        (np.arange(6.0).reshape(2, 3) ** 2 + 7, A, "none of its 6 numbers is right"),
        (np.full((2, 3), [0, 1, 2]), A, "none of its 6 numbers is right"),
        (A.sum(), A, f"it is summed over the axes (0, 1), which the answer keeps: {shapes((), (2, 3))}"),
        (A.sum(axis=0), A, f"it is summed over axis 0, which the answer keeps: {shapes((3,), (2, 3))}"),
        (A, A.sum(axis=0), "a sum over axis 0 is missing: it has the shape (2, 3), and the answer (3,)"),
        (A, A.sum(axis=1, keepdims=True), f"a sum over axis 1 is missing: {shapes((2, 3), (2, 1))}"),
        (A, A.sum(), "a sum over the axes (0, 1) is missing: it has the shape (2, 3), and the answer ()"),
        (A, A.mean(axis=0), "a mean over axis 0 is missing: it has the shape (2, 3), and the answer (3,)"),
        (A.ravel(), A, "its numbers are right, but it has the shape (6,), and the answer (2, 3)"),
        ([2.0], 2.0, "a sum over axis 0 is missing: it has the shape (1,), and the answer ()"),
        (3.0, np.full(4, 3.0), "its numbers are right, but it has the shape (), and the answer (4,)"),
        (np.ones((4, 4)), A, "it has the shape (4, 4), and the answer (2, 3)"),
        (np.ones((3, 2)), A, "it has the shape (3, 2), and the answer (2, 3)"),
        ([[1.0], [1.0, 2.0]], A, "its parts differ in shape"),
    ],
)  # fmt: skip
def test_arrays(yours, right, what):
    verdict = said(yours, right)
    assert verdict.what == what
    assert not verdict


def test_many_places_are_counted():
    right = np.arange(1.0, 9.0)
    yours = np.where(right < 6, right + np.array([7, 9, 1, 8, 3, 0, 0, 0]), right)
    verdict = said(yours, right)
    assert verdict.what == "it is wrong in element [0], in element [1], in element [2] and 2 more"
    assert verdict.advice == "the other 3 are right"


def test_the_right_answer_is_not_told():
    for yours in (1.0, 17.0, -3.1415, 0.0, 3.0, "w1", None, A):
        assert "3.1415" not in said(yours, 3.14159265).what


# What is wrong with its kind.


@pytest.mark.parametrize(
    ("yours", "right", "what"),
    [
        ("two", 2.0, "a number is asked for, and this is 'two'"),
        (True, 1.0, "a number is asked for, and this is True"),
        ({"a": 1}, 2.0, "a number is asked for, and this is a dict"),
        (None, 2.0, "it is None"),
        (np.tanh, 2.0, "it is a function, and a number is asked for"),
        (2.0, np.tanh, "a function is asked for, and this is 2.0"),
        (2.0, "w1", "a word is asked for, and this is 2.0"),
        (1, True, "True or False is asked for, and this is 1"),
        ("w2", "w1", "it is another one"),
        (False, True, "it is another one"),
        ([1.0, None], [1.0, 2.0], "it is None"),
    ],
)
def test_kinds(yours, right, what):
    verdict = said(yours, right)
    assert not verdict
    assert verdict.what == what


def test_a_node_in_the_place_of_its_gradient():
    x = Value(3.0)
    (x * x).backward()
    verdict = said(x, 6.0)
    assert (verdict.what, verdict.advice) == ("it is the Value itself", "its .grad is the answer")
    t = Tensor(A)
    (t * t).sum().backward()
    assert said(t, 2 * A).what == "it is the Tensor itself"
    assert said(t.grad, 2 * A)


# What the question knows.


def test_mistakes_that_the_question_knows():
    mistakes = {"only one way is there": 3.0, "the product was added": 5.0}
    assert said(3.0, 6.0, mistakes=mistakes).what == "only one way is there"
    assert said(5.0, 6.0, mistakes=mistakes).what == "the product was added"
    assert said(7.0, 6.0, mistakes=mistakes).what == "it is too large"
    assert said(6.0, 6.0, mistakes={"a mistake that is right": 6.0})
    assert said("w2", "w1", mistakes={"that one is frozen": "W2"}).what == "that one is frozen"
    assert said("w3", "w1", mistakes={"that one is frozen": "W2"}).what == "it is another one"
    assert said(np.sin, np.cos, mistakes={"that is the function itself": np.sin}).what == "that is the function itself"
    assert said(np.tan, np.cos, mistakes={"that is the function itself": np.sin}).kind != "mistake"


def test_factors_that_the_question_knows():
    factors = {"the derivative of tanh": 0.75, "a factor of 0 says nothing": 0.0, "nor one that does not fit": A}
    assert said(4.0, 3.0, factors=factors).what == "a factor is missing: the derivative of tanh"
    assert said(2.25, 3.0, factors=factors).what == "a factor is there once too often: the derivative of tanh"
    assert said(4 / 0.75, 3.0, factors=factors).what == (
        "it is divided by what it should be multiplied by: the derivative of tanh"
    )
    assert said(A, A * S[:, :1], factors={"s": S[:, :1]}).what == "a factor is missing: s"
    assert said(A, 2 * A, factors={"the number of examples": 2}).what == "a factor is missing: the number of examples"
    derivative = {"the inner derivative": lambda x: 2 * x}
    verdict = said(lambda x: np.cos(x * x), lambda x: np.cos(x * x) * 2 * x, factors=derivative)
    assert verdict.what == "a factor is missing: the inner derivative"
    assert said(3.1, 3.0, tolerance=0.1)


# Functions.


@pytest.mark.parametrize(
    ("yours", "right", "what"),
    [
        (lambda x: x, lambda x: 2 * x, "it is half the answer"),
        (lambda x: -np.sin(x), np.sin, "it has the wrong sign"),
        (lambda x: 3 * x, lambda x: 2 * x, "it is 1.5 times the answer, everywhere"),
        (lambda x: x**2 + 1, lambda x: x**2, "it is off by the same number everywhere: 1"),
        (lambda x: abs(x), lambda x: x, "it has the wrong sign at x = -2, at x = -0.6"),
        (lambda x: x if x > 0 else 3 - x, lambda x: max(x, 0.0), "it is wrong at x = -2, at x = -0.6"),
        (lambda x: x if x > 0 else 2 * x, lambda x: x,
         "it is wrong at x = -2, at x = -0.6: there it is twice the answer"),
        (lambda x: None, np.sin, "what it returns at x = -2: it is None"),
        (lambda x: "y", np.sin, "what it returns at x = -2: a number is asked for, and this is 'y'"),
        (lambda x: 1 / 0, lambda x: x, "at x = -2 it raises ZeroDivisionError: division by zero"),
        (lambda: 1, lambda x: x,
         "at x = -2 it raises TypeError: <lambda>() takes 0 positional arguments but 1 was given"),
        (lambda x, y: x * y * 1.5 - y, lambda x, y: x + y, "none of its 5 numbers is right"),
        (lambda x: (x, 3 * x), lambda x: (x, x * x), "at x = -2, it is wrong in element [1]"),
        (lambda x: -x, lambda x: x, "it has the wrong sign"),
    ],
)  # fmt: skip
def test_functions(yours, right, what):
    verdict = said(yours, right)
    assert verdict.what == what
    assert not verdict


def test_functions_of_arrays():
    verdict = said(lambda g, w: g @ w, lambda g, w: g @ w.T, at=[(np.ones((1, 2)), S)])
    assert verdict.what.startswith("at g = [[1, 1]], w = [[1, 2], [3, 5]], ")
    assert said(lambda x: x, lambda x: x.T, at=[S]).what.endswith(
        "it is transposed: rows and columns have changed places"
    )


def test_chance_is_no_slip():
    assert said([-3.0, 3.0, 6.0], [3.0, 3.0, 12.0]).what == "it is wrong in element [0], in element [2]"
    assert said([1.0, 5.0], [2.0, 6.0]).what == "none of its 2 numbers is right"
    assert said(0.0, 0.3).kind == "zero"
    assert said(3.0, 0.5).kind == "value"


def test_reversing_is_no_slip_between_inputs():
    verdict = said(lambda x: -x + 1, lambda x: x, at=[0.0, 1.0, 2.0, -1.0])
    assert "places" not in verdict.what


# How it looks.


def test_page_and_terminal():
    verdict = said(lambda x: x < 1, True)
    assert isinstance(verdict, Verdict)
    verdict = check("a < b", "<script>", 2.0)
    html = verdict._repr_html_()
    assert "<script>" not in html
    assert "a &lt; b" in html
    assert "✗" in html
    assert repr(verdict) == "✗ a < b: a number is asked for, and this is '<script>'"
    assert "color:#" not in html.split("</b>", 2)[2]  # the words have the colour of the page


# What a question cannot be.


def test_a_function_in_the_place_of_the_question():
    with pytest.raises(ArgumentError, match=r"got: +function(.|\n)*cure: .*check_grads\(f, x\)"):
        check(lambda x: x, 1.0, 2.0)


def test_a_right_answer_that_cannot_be_compared():
    with pytest.raises(ArgumentError) as caught:
        check("q", 2.0, {"a": 1})
    assert str(caught.value) == (
        "check(question, yours, right)\n"
        "  expected: a number, an array, a word, True or False, or a function\n"
        "  got:      dict\n"
        "  cure:     check('dy/dx', yours, 2.0)"
    )


def test_a_right_function_that_fails_at_an_input():
    def right(x):
        if x > 0:
            raise ValueError("too large")
        return x

    with pytest.raises(ArgumentError) as caught:
        check("q", lambda x: x, right)
    assert str(caught.value) == (
        "check(question, yours, right)\n"
        "  expected: a function that has a value there\n"
        "  got:      ValueError at x = 0.3: too large\n"
        "  cure:     check(..., at=[0.5, 1.0, 2.0]), with inputs that suit it; tuples for several arguments"
    )
