"""An expression in a line of text, computed on Values: read by Python's parser, and never executed."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

import numpy as np

import autograd
from autograd.errors import ArgumentError, DomainError, bad_argument, message
from autograd.graph import Primitive
from autograd.rules import BY_FUNCTION

from .text import clip, plural

OPERATORS: dict[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.Pow: operator.pow, ast.USub: operator.neg, ast.UAdd: operator.pos,
}  # fmt: skip

FUNCTIONS: dict[str, Any] = {
    **{name: BY_FUNCTION[f] for name, f in sorted(vars(np).items()) if callable(f) and f in BY_FUNCTION},
    **{name: f for name, f in vars(autograd).items() if name in autograd.__all__ and isinstance(f, Primitive)},
}
FUNCTIONS = {name: row for name, row in FUNCTIONS.items() if row.scalar}
"""What can be called: the functions of numbers that have a row in the table, NumPy's under each of their names."""

CONSTANTS = {"pi": math.pi}

ALLOWED = "numbers, names, + - * / **, parentheses, and functions of numbers such as tanh"

CHOICE = "maximum(a, b), minimum(a, b) or relu(x) for a choice"

CURES = {ast.BitXor: "x**2 for a power", ast.Compare: CHOICE, ast.IfExp: CHOICE, ast.BoolOp: CHOICE}
"""What to write in place of what people try."""

OTHER_NAMES = {"ln": "log", "max": "maximum", "min": "minimum"}
"""What people call functions elsewhere."""


@dataclass(frozen=True)
class Expression:
    """A formula in the names of its variables.

    Attributes:
        text: as it was written.
        body: as it was parsed, with nothing in it but what is allowed.
    """

    text: str
    body: ast.expr

    @classmethod
    def parse(cls, text: str) -> Expression:
        """Read an expression: numbers, names, ``+ - * / **``, parentheses and calls of :data:`FUNCTIONS`.

        Raises:
            ArgumentError: anything else is in it.

        Example:
            >>> Expression.parse("tanh(w*x + b)").names
            ('w', 'x', 'b')
        """
        text = text.strip()
        try:
            body = ast.parse(text, mode="eval").body
        except SyntaxError as error:
            place = f" at column {error.offset}" if error.offset else ""
            raise _refused(text, f"{error.msg}{place}", "2*x for a product, and as many ) as (") from None
        except (ValueError, RecursionError, MemoryError) as error:
            raise _refused(text, str(error) or "more than can be parsed", "a shorter expression") from None
        for node in ast.walk(body):
            _check(node, text)
        return cls(text, body)

    @property
    def names(self) -> tuple[str, ...]:
        """The names that stand for numbers, in the order in which they are read."""
        called = {node.func for node in ast.walk(self.body) if isinstance(node, ast.Call)}
        found = [node for node in ast.walk(self.body) if isinstance(node, ast.Name) and node not in called]
        found.sort(key=lambda node: (node.lineno, node.col_offset))
        return tuple(dict.fromkeys(node.id for node in found if node.id not in CONSTANTS))

    def __call__(self, given: Mapping[str, Any]) -> Any:
        """The value of the expression, recorded where numbers are Values.

        Args:
            given: a number or a Value for each of :attr:`names`.

        Raises:
            ArgumentError: a name has no value.
            DomainError: an operation has no real result, or one that is too large for a float.

        Example:
            >>> Expression.parse("w*x + 1")({"w": 2.0, "x": 3.0})
            7.0
        """
        if missing := [name for name in self.names if name not in given]:
            raise bad_argument(
                f"computing {self.text!r}",
                "a number for each name",
                f"none for {' and '.join(missing)}",
                " ".join(f"{name}=1.5" for name in missing),
            )
        try:
            return self._value(self.body, {**CONSTANTS, **given})
        except RecursionError:
            raise _refused(self.text, "operations nested too deep", "a shorter expression") from None

    def _value(self, node: ast.AST, given: Mapping[str, Any]) -> Any:
        if isinstance(node, ast.Name):
            return given[node.id]
        if isinstance(node, ast.Constant):
            return self._apply(node, float, [node.value])
        if isinstance(node, ast.BinOp):
            operands = [self._value(node.left, given), self._value(node.right, given)]
            return self._apply(node, OPERATORS[type(node.op)], operands)
        if isinstance(node, ast.UnaryOp):
            return self._apply(node, OPERATORS[type(node.op)], [self._value(node.operand, given)])
        assert isinstance(node, ast.Call)
        assert isinstance(node.func, ast.Name)
        return self._apply(node, FUNCTIONS[node.func.id], [self._value(x, given) for x in node.args])

    def _apply(self, node: ast.AST, function: Callable[..., Any], operands: list[Any]) -> Any:
        """One operation; where it has no result, an error that says which it was."""
        try:
            result = function(*operands)
            reason = "a complex number" if isinstance(result, complex) else ""
        except (ArithmeticError, ValueError) as error:  # a Value says more than is needed here
            reason = str((error.__context__ or error).args[-1])
        if not reason:
            return result
        numbers = " and ".join(clip(str(getattr(x, "data", x)), 20) for x in operands)
        written = clip(ast.get_source_segment(self.text, node) or self.text, 60)
        raise DomainError(
            message(
                f"computing {written} of {numbers}", "a real result that fits a float", reason,
                "other numbers, for which the operation is defined",
            )
        )  # fmt: skip


def _check(node: ast.AST, text: str) -> None:
    """Let pass what is allowed, and nothing else."""
    match node:
        case ast.Name() | ast.expr_context() | ast.BinOp() | ast.UnaryOp():
            return
        case ast.operator() | ast.unaryop() if type(node) in OPERATORS:
            return
        case ast.Constant() if type(node.value) in (int, float):
            return
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
            _check_call(name, len(args), text)
        case _:
            written = isinstance(node, ast.expr) and ast.get_source_segment(text, node)
            got = f"{written}, {_kind(node)}" if written else _kind(node)
            raise _refused(text, got, CURES.get(type(node), "tanh(w*x + b)"))


def _check_call(name: str, count: int, text: str) -> None:
    if name not in FUNCTIONS:
        close = [OTHER_NAMES[name]] if name in OTHER_NAMES else get_close_matches(name, FUNCTIONS, n=1)
        cure = f"{close[0]}(...)" if close else "python -m viz --functions lists what there is"
        raise bad_argument(f"reading {text!r}", "a function that is known", f"{name}(...)", cure)
    arity = len(FUNCTIONS[name].rules)
    if count != arity:
        cure = f"{name}({', '.join('abc'[:arity])})"
        raise bad_argument(f"reading {text!r}", f"{plural(arity, 'argument')} of {name}", f"{count}", cure)


def _kind(node: ast.AST) -> str:
    """What a node is called in Python's grammar, in words: ``a BitXor``."""
    name = type(node).__name__
    return f"{'an' if name[0] in 'AEIOU' else 'a'} {name} in Python's grammar"


def _refused(text: str, got: str, cure: str) -> ArgumentError:
    return bad_argument(f"reading {clip(text, 60)!r}", ALLOWED, clip(got, 120), cure)
