"""An answer to an exercise, beside the right one: whether it is right, and if not, what is wrong with it."""

from __future__ import annotations

import copy
import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from html import escape
from typing import Any

import numpy as np

from autograd.errors import bad_argument, describe
from autograd.graph import Node

from . import text
from .gradients import plain
from .slips import Slip, find

LOOKS = {
    "right": ("✓", "#2e9e4f"),
    "close": ("≈", "#b97a00"),
    "wrong": ("✗", "#d1334a"),
    "open": ("○", "#7a8696"),
}
"""A sign and a colour for each state; both colours of a page let it be read."""

OPEN = Slip("open", "not answered yet", "put your answer in the place of ...")

CLOSE = ("rounded", "close")

INPUTS = (-2.0, 0.3, -0.6, 1.7, 0.9)
"""Where functions of numbers are compared, unless others are given."""

ROUNDING = 1e-14
"""A function whose values are smaller than this is 0 but for rounding; answers as near to it are right."""


@dataclass(frozen=True)
class Verdict:
    """What is to be said about an answer; true if it is right.

    Attributes:
        question: what was asked.
        state: ``right``, ``close``, ``wrong`` or ``open``, which is not answered yet.
        kind: one word for what is wrong, or ``""``.
        what: the same as a sentence.
        advice: where it may come from, or what to do; or ``""``.
    """

    question: str
    state: str
    kind: str
    what: str
    advice: str

    def __bool__(self) -> bool:
        return self.state == "right"

    def __str__(self) -> str:
        line = f"{LOOKS[self.state][0]} {self.question}: {self.what}"
        return f"{line}\n  {self.advice}" if self.advice else line

    __repr__ = __str__

    def _repr_html_(self) -> str:
        """A bar and a sign in a colour; the words in that of the page."""
        sign, colour = LOOKS[self.state]
        advice = f'<br><span style="opacity:.75">{escape(self.advice)}</span>' if self.advice else ""
        return (
            f'<div style="border-left:4px solid {colour};padding:.3em .8em;margin:.3em 0;line-height:1.5">'
            f'<b style="color:{colour}">{sign}</b> <b>{escape(self.question)}</b>: {escape(self.what)}{advice}</div>'
        )


def check(
    question: str,
    yours: Any,
    right: Any,
    *,
    at: Iterable[Any] | None = None,
    tolerance: float = 1e-5,
    mistakes: Mapping[str, Any] | None = None,
    factors: Mapping[str, Any] | None = None,
) -> Verdict:
    """Whether an answer is right, and if not, what is wrong with it: a sign, a factor, a shape, one element.

    A wrong answer never raises, and the right one is not told.

    Args:
        question: a short name of what was asked.
        yours: the answer: a number, an array of any shape, a sequence of numbers, a Value or a Tensor, a word, True
            or False, or a function. ``...`` is not answered yet, also as an element, or as what a function returns.
        right: the right answer, of the same kind.
        at: for functions, the inputs at which they are compared: one argument each, or a tuple of several. By
            default a few numbers of both signs for each argument.
        tolerance: the largest relative error that counts as right; of functions also an absolute one of 1e-14, which
            is what rounding leaves of 0.
        mistakes: for each mistake that is likely, what is wrong in words, and the answer that it leads to.
        factors: numbers or arrays by what they are, such as ``{"the derivative of tanh": 1 - o * o}``: an answer
            without it, with it once too often, or divided by it, is told so.

    Returns:
        What is to be said, shown in colour by notebooks, and as text elsewhere; true if the answer is right.

    Raises:
        ArgumentError: ``question`` is no text, ``right`` is nothing that can be compared, or ``right``, a function,
            fails at one of the inputs.

    Example:
        >>> check("dy/dx", 6.0, 6.0)
        ✓ dy/dx: right
        >>> check("dy/dx", -6.0, 6.0)
        ✗ dy/dx: it has the wrong sign
          its size is right
        >>> check("dy/dx", 3.0, 6.0, mistakes={"only one of the two ways is there": 3.0})
        ✗ dy/dx: only one of the two ways is there
        >>> check("the gradient of x²", lambda x: x, lambda x: 2 * x)
        ✗ the gradient of x²: it is half the answer
          is a factor 2 missing, from a square, or a second way on which it is used?
        >>> check("dy/dx", ..., 6.0)
        ○ dy/dx: not answered yet
          put your answer in the place of ...
    """
    if not isinstance(question, str):
        cure = "check('dy/dx', yours, right); autograd.check_grads(f, x) for the gradients of a function"
        raise bad_argument("check(question, yours, right)", "a name of what was asked", describe(question), cure)
    if not isinstance(tolerance, (int, float)) or not tolerance >= 0:
        raise bad_argument("check(..., tolerance=...)", "a number, 0 or more", repr(tolerance), "tolerance=1e-5")
    if not (at is None or isinstance(at, Iterable)):
        raise bad_argument("check(..., at=...)", "several points", repr(at), "at=[0.5, 1.0]")
    for name, given in (("mistakes", mistakes), ("factors", factors)):
        if not isinstance(given or {}, Mapping):
            raise bad_argument(f"check(..., {name}=...)", "a dict", repr(given), f"{name}={{}}")
    if isinstance(right, (str, bool, np.bool_)):
        slip = _choice(yours, right, mistakes or {})
    elif callable(right) and not isinstance(right, Node):
        slip = _function(yours, right, at, tolerance, mistakes or {}, factors or {})
    else:
        slip = _numbers(yours, _right(right), tolerance, mistakes or {}, factors or {})
    if slip is None:
        return Verdict(question, "right", "", "right", "")
    state = "open" if slip is OPEN else "close" if slip.kind in CLOSE else "wrong"
    return Verdict(question, state, slip.kind, slip.what, slip.advice)


# A word, or yes or no.


def _choice(yours: Any, right: Any, mistakes: Mapping[str, Any]) -> Slip | None:
    if yours is ...:
        return OPEN
    kinds = (str,) if isinstance(right, str) else (bool, np.bool_)
    if not isinstance(yours, kinds):
        expected = "a word" if isinstance(right, str) else "True or False"
        return Slip("kind", f"{expected} is asked for, and this is {_called(yours)}")
    if _word(yours) == _word(right):
        return None
    said = (what for what, answer in mistakes.items() if _word(answer) == _word(yours))
    return Slip("value", next(said, "it is another one"))


def _word(x: Any) -> str:
    return " ".join(str(x).casefold().split())


# Numbers and arrays.


def _right(right: Any) -> Any:
    """The right answer as an array."""
    found = _array(right)
    if isinstance(found, Slip):
        expected = "a number, an array, a word, True or False, or a function"
        raise bad_argument("check(question, yours, right)", expected, describe(right), "check('dy/dx', yours, 2.0)")
    return found


def _numbers(
    yours: Any, right: Any, tolerance: float, mistakes: Mapping[str, Any], factors: Mapping[str, Any]
) -> Slip | None:
    found = _array(yours)
    if isinstance(found, Slip):
        return found
    slip = find(found, right, tolerance)
    if slip is None:
        return None
    for what, answer in mistakes.items():
        if find(found, _right(answer), tolerance) is None:
            return Slip("mistake", what)
    gradient = plain(yours.grad) if isinstance(yours, Node) else None
    if gradient is not None and find(np.asarray(gradient), right, tolerance) is None:
        return Slip("itself", f"it is the {type(yours).__name__} itself", "its .grad is the answer")
    return find(found, right, tolerance, {name: plain(x) for name, x in factors.items()})


def _array(x: Any) -> Any:
    """An answer as an array, or why it is none."""
    if x is ...:
        return OPEN
    if x is None:
        return Slip("kind", "it is None", "if a function of yours made it: does it return something?")
    if callable(x) and not isinstance(x, (Node, type)):
        return Slip("kind", "it is a function, and a number is asked for", "call it")
    if isinstance(x, (list, tuple)):
        parts = [_array(part) for part in x]
        slips = [part for part in parts if isinstance(part, Slip)]
        if slips:
            return OPEN if OPEN in slips else slips[0]
        if len({part.shape for part in parts}) > 1:
            return Slip("shape", "its parts differ in shape")
        return np.array(parts)
    data = plain(x)
    found = np.asarray(float(data) if isinstance(data, Fraction) else data)
    if found.dtype.kind not in "biufc" or isinstance(x, (bool, np.bool_)):
        return Slip("kind", f"a number is asked for, and this is {_called(x)}")
    return found.astype(complex if found.dtype.kind == "c" else float)


def _called(x: Any) -> str:
    return repr(x) if isinstance(x, (str, bool, int, float)) and len(repr(x)) < 40 else f"a {type(x).__name__}"


# Functions.


def _function(
    yours: Any,
    right: Callable[..., Any],
    at: Iterable[Any] | None,
    tolerance: float,
    mistakes: Mapping[str, Any],
    factors: Mapping[str, Any],
) -> Slip | None:
    """Both at all inputs: the values of scalar functions as one array, those of others input by input."""
    if yours is ...:
        return OPEN
    if not callable(yours):
        return Slip("kind", f"a function is asked for, and this is {_called(yours)}", "def f(x): return ...")
    inputs = [x if isinstance(x, tuple) else (x,) for x in at] if at is not None else _inputs(right)
    places = [_at(right, given) for given in inputs]
    true = [_true(right, given, place) for given, place in zip(inputs, places, strict=True)]
    found = [_result(yours, given, place) for given, place in zip(inputs, places, strict=True)]
    failed = [x for x in found if isinstance(x, Slip)]
    if failed:
        return OPEN if OPEN in failed else failed[0]
    slips = [find(y, r, tolerance, floor=ROUNDING) for y, r in zip(found, true, strict=True)]
    if not any(slips):
        return None
    for what, mistaken in mistakes.items():
        answers = [_true(mistaken, given, place) for given, place in zip(inputs, places, strict=True)]
        if not any(find(y, r, tolerance, floor=ROUNDING) for y, r in zip(found, answers, strict=True)):
            return Slip("mistake", what)
    if all(y.shape == r.shape == () for y, r in zip(found, true, strict=True)):
        named = {
            name: [plain(f(*given)) if callable(f) else plain(f) for given in inputs] for name, f in factors.items()
        }
        return find(np.array(found), np.array(true), tolerance, named, lambda k: places[k[0]], False, ROUNDING)
    k, slip = next((k, slip) for k, slip in enumerate(slips) if slip is not None)
    return slip._replace(what=f"{places[k]}, {slip.what}")


def _inputs(right: Callable[..., Any]) -> list[tuple[float, ...]]:
    """A few numbers for each argument, in another order for each."""
    count = len(_arguments(right))
    return [tuple(INPUTS[(i + j) % len(INPUTS)] for j in range(count)) for i in range(len(INPUTS))]


def _arguments(function: Callable[..., Any]) -> list[str]:
    """The names of the arguments that it must have; one where it does not say."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except ValueError:  # some functions of NumPy's have none
        return ["x"]
    open_ended = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return [p.name for p in parameters if p.default is p.empty and p.kind not in open_ended] or ["x"]


def _at(right: Callable[..., Any], given: tuple[Any, ...]) -> str:
    """How an input is called."""
    pairs = zip(_arguments(right), given, strict=False)
    return "at " + ", ".join(f"{name} = {text.array(plain(x))}" for name, x in pairs)


def _true(right: Any, given: tuple[Any, ...], place: str) -> Any:
    try:
        return _right(right(*copy.deepcopy(given)))
    except Exception as error:
        got = f"{type(error).__name__} {place}: {error}"
        cure = "check(..., at=[0.5, 1.0, 2.0]), with inputs that suit it; tuples for several arguments"
        raise bad_argument("check(question, yours, right)", "a function that has a value there", got, cure) from error


def _result(yours: Callable[..., Any], given: tuple[Any, ...], place: str) -> Any:
    """What a function returns, as an array, or why it is none."""
    try:
        found = _array(yours(*copy.deepcopy(given)))
    except Exception as error:  # whatever a learner's function raises
        if "ellipsis" in str(error):
            return OPEN
        return Slip("raises", f"{place} it raises {type(error).__name__}: {error}")
    if isinstance(found, Slip) and found is not OPEN:
        return found._replace(what=f"what it returns {place}: {found.what}")
    return found
