"""``python -m viz "tanh(w*x + b)" w=2 x=-1 b=0.5``: draw, explain and step through an expression, without code."""

from __future__ import annotations

import argparse
import io
import re
import sys
import textwrap
from collections.abc import Sequence
from pathlib import Path

from autograd import Value
from autograd.errors import ChainruleError, DomainError, bad_argument, message

from .explanation import STYLES, explain
from .expression import FUNCTIONS, Expression
from .stepping import Stepper, step_through
from .text import number
from .view import SUFFIXES, GraphView, draw_graph

EXAMPLE = 'python -m viz "tanh(w*x + b)" w=2 x=-1 b=0.5'

OPTION = re.compile(r"-h|--[a-z].*")


def main(argv: list[str] | None = None) -> int:
    """Print an expression's value, its graph and the derivation of its gradients.

    Args:
        argv: the arguments; those of the program if not given.

    Returns:
        The exit status: 0, or 2 where the expression, its numbers or a file cannot be used.

    Example:
        >>> main(["x**2", "x=3"])
        out = x**2 = 9
        <BLANKLINE>
        out = x ** 2   data 9   grad 1
        └─ (∂out/∂x = 6 ← 6)   x   data 3   grad 6
        <BLANKLINE>
        The gradient of out with respect to x
        <BLANKLINE>
        Given  x = 3
        <BLANKLINE>
        Forward
          out = x**2 = 3**2 = 9
        <BLANKLINE>
        Backward
          ∂out/∂out = 1
          ∂out/∂x = 2 * x = 2 * 3 = 6
        0
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # a terminal without ∂ shows a question mark
    parser = _parser()
    words = sys.argv[1:] if argv is None else argv
    # an expression may begin with a minus: to argparse it is an option, unless a space stands before it
    hidden = [f" {word}" if word.startswith("-") and not OPTION.fullmatch(word) else word for word in words]
    arguments = parser.parse_args(hidden)
    if arguments.functions:
        print(textwrap.fill(" ".join(FUNCTIONS), 100))
    elif arguments.expression is None:
        parser.print_help()
    else:
        try:
            _show(arguments)
        except ChainruleError as error:
            print(error, file=sys.stderr)
            return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m viz",
        description="Draw an expression, and derive the gradient of each of its variables.",
        epilog=f"for example: {EXAMPLE}",
    )
    parser.add_argument("expression", nargs="?", help="numbers, names, + - * / **, parentheses, functions")
    parser.add_argument("numbers", nargs="*", metavar="name=number", help="a number for each name; 1/3 and pi/4 too")
    parser.add_argument(
        "--wrt", action="append", metavar="NAME", help="only the gradient of this name; may be repeated"
    )
    parser.add_argument("--style", choices=STYLES, default="sum", help="how a gradient is derived (default: sum)")
    parser.add_argument("--step", action="store_true", help="print both passes step by step")
    parser.add_argument("--svg", metavar="FILE", help="save the picture; other suffixes, such as .png, work too")
    parser.add_argument("--html", metavar="FILE", help="save a page that plays both passes step by step")
    parser.add_argument("--functions", action="store_true", help="list the functions that can be called")
    return parser


def _show(arguments: argparse.Namespace) -> None:
    expression = Expression.parse(arguments.expression)
    given = _given(arguments.numbers, expression)
    wanted = _wanted(arguments.wrt, expression)
    for option, path, suffixes in (("svg", arguments.svg, SUFFIXES), ("html", arguments.html, (".html",))):
        _check_suffix(option, path, suffixes)
    output = expression(given)
    try:
        output.backward()
        derivations = [explain(output, given[name], style=arguments.style) for name in wanted]
    except (ArithmeticError, ValueError) as error:
        raise error if isinstance(error, ChainruleError) else _no_derivative(expression, error) from None
    print(f"out = {expression.text} = {number(output.data, '.6g')}")
    for part in (view := draw_graph(output), *derivations):
        print(f"\n{part}")
    if arguments.step:
        print(f"\n{step_through(output)}")
    if arguments.svg:
        _save(view, "svg", arguments.svg)
    if arguments.html:
        _save(step_through(output), "html", arguments.html)


def _given(words: Sequence[str], expression: Expression) -> dict[str, Value]:
    """The variables, from ``name=number``; a number may be an expression without names."""
    given: dict[str, Value] = {}
    names = expression.names
    if not names:
        raise bad_argument(
            f"differentiating {expression.text!r}", "a name whose gradient is wanted", "numbers alone", EXAMPLE
        )
    for word in map(str.strip, words):
        name, equals, written = word.partition("=")
        name = name.strip()
        if not equals or name not in names or name in given:
            got = f"{name} twice" if name in given else f"{word!r}"
            expected = f"name=number, once for each of {', '.join(names)}"
            raise bad_argument(f"reading the numbers of {expression.text!r}", expected, got, f"{names[0]}=1.5")
        constant = Expression.parse(written)
        if constant.names:
            raise bad_argument(f"reading {word!r}", "a number", f"the name {constant.names[0]}", f"{name}=1.5")
        given[name] = Value(constant({}), label=name)
    return given


def _wanted(asked: Sequence[str] | None, expression: Expression) -> Sequence[str]:
    """The names whose gradients are derived."""
    for name in asked or ():
        if name not in expression.names:
            expected = f"one of {', '.join(expression.names)}"
            raise bad_argument(f"--wrt {name}", expected, repr(name), f"--wrt {expression.names[0]}")
    return tuple(dict.fromkeys(asked or expression.names))


def _no_derivative(expression: Expression, error: Exception) -> DomainError:
    """The value is there, and its derivative is not, as of a square root at 0."""
    where = " ".join(getattr(error, "__notes__", ()))
    return DomainError(
        message(
            f"differentiating {expression.text!r}", "a finite derivative", f"{error} {where}".strip(),
            "numbers a little beside these",
        )
    )  # fmt: skip


def _check_suffix(option: str, path: str | None, suffixes: Sequence[str]) -> None:
    if path is not None and Path(path).suffix not in suffixes:
        expected = f"a name that ends in {' or '.join(suffixes)}"
        raise bad_argument(f"--{option} {path}", expected, repr(path), f"--{option} {Path(path).stem}.{option}")


def _save(view: GraphView | Stepper, option: str, path: str) -> None:
    try:
        print(f"\nsaved {view.save(path)}")
    except OSError as error:
        expected, got = "a file that can be written", error.strerror or str(error)
        raise bad_argument(f"--{option} {path}", expected, got, f"--{option} {Path(path).name}") from None


if __name__ == "__main__":
    sys.exit(main())
