"""What the rows compute on exact numbers: fractions, decimals of any precision, and SymPy's expressions.

Python's operators serve all of them. The functions come from the kind of number itself: a ``Fraction`` has
none, a ``Decimal`` a few, SymPy all. A row that would round an exact number to a float is refused.

SymPy is never imported here: who passes its expressions has done it.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

from .. import errors
from ..graph import Primitive


def is_symbolic(x: Any) -> bool:
    """Whether ``x`` is an expression of SymPy's."""
    return isinstance(x, getattr(sys.modules.get("sympy"), "Expr", ()))


def is_exact(x: Any) -> bool:
    """Whether ``x`` is a number, or an expression, that must not become a float."""
    return isinstance(x, (Fraction, Decimal)) or is_symbolic(x)


def lift(x: Any, like: Any) -> Any:
    """A whole number, or a fraction, as the kind of number that ``like`` is: so that 1 / 3 stays exact.

    Example:
        >>> lift(2, Fraction(1, 3)), lift(1, Decimal("0.1")), lift(0.5, Fraction(1, 3))
        (Fraction(2, 1), Decimal('1'), 0.5)
    """
    if is_symbolic(like):
        return sys.modules["sympy"].sympify(int(x) if isinstance(x, bool) else x)
    return type(like)(x) if isinstance(x, int) else x


def rounded(x: Any, place: int = 0) -> Any:
    """A number as a float; each symbol stands for some number between 1 and 2.

    Example:
        >>> rounded(Fraction(1, 4)), rounded("as it is")
        (0.25, 'as it is')
    """
    if is_symbolic(x):
        x = x.subs({symbol: 1 + (0.618 * (1 + i)) % 1 for i, symbol in enumerate(sorted(x.free_symbols, key=str))})
    return float(x) if is_exact(x) else x


def is_finite(x: Any) -> bool:
    """Whether ``x`` is neither infinite nor no number at all."""
    if is_symbolic(x):
        sympy: Any = sys.modules["sympy"]
        return not x.has(sympy.nan, sympy.zoo, sympy.oo, -sympy.oo)
    return x.is_finite() if isinstance(x, Decimal) else isinstance(x, Fraction) or math.isfinite(x)


def evaluate(op: Primitive, numbers: Sequence[Any], attrs: Mapping[str, Any]) -> Any:
    """``op(*numbers)``, where at least one number is exact.

    Raises:
        DtypeError: the kind of number does not have the function, or kinds that Python does not mix met.

    Example:
        >>> from autograd import TABLE
        >>> evaluate(TABLE["divide"], (1, Fraction(3)), {})
        Fraction(1, 3)
    """
    like = next(filter(is_symbolic, numbers), None) or next(filter(is_exact, numbers))
    numbers = [lift(x, like) for x in numbers]
    functions = _symbolic() if is_symbolic(like) else DECIMAL if isinstance(like, Decimal) else {}
    try:
        if op.name in functions:
            y = functions[op.name](*numbers)
        elif op.name in DEFINITIONS:
            y = DEFINITIONS[op.name](functions, *numbers)
        else:
            assert op.scalar is not None
            y = op.scalar(*numbers, **attrs)
    except (TypeError, KeyError) as error:
        kinds = sorted({type(x).__name__ for x in numbers})
        if len(kinds) > 1 and not is_symbolic(like):
            raise errors.kinds_of_numbers(op.name, kinds) from error
        raise errors.not_exact(op.name, _kind(like)) from error
    if isinstance(y, float) and not any(isinstance(x, float) for x in numbers):
        raise errors.not_exact(op.name, _kind(like))
    return y


def _kind(x: Any) -> str:
    return "SymPy expression" if is_symbolic(x) else type(x).__name__


# fmt: off
DECIMAL: dict[str, Callable[..., Any]] = {
    "exp": Decimal.exp,
    "log": Decimal.ln,
    "sqrt": Decimal.sqrt,
    "log_of_base": lambda a: a.ln() if a > 0 else Decimal("NaN" if a else 0),
}
"""The functions of decimals, by the names of the rows."""

DEFINITIONS: dict[str, Callable[..., Any]] = {
    "expm1": lambda f, x: f["exp"](x) - 1,
    "log1p": lambda f, x: f["log"](1 + x),
    "sinh": lambda f, x: (f["exp"](x) - f["exp"](-x)) / 2,
    "cosh": lambda f, x: (f["exp"](x) + f["exp"](-x)) / 2,
    "tanh": lambda f, x: 1 - 2 / (f["exp"](2 * x) + 1),
    "sigmoid": lambda f, x: 1 / (1 + f["exp"](-x)),
    "logaddexp": lambda f, a, b: f["log"](f["exp"](a) + f["exp"](b)),
    "hypot": lambda f, a, b: f["sqrt"](a * a + b * b),
    "direction": lambda f, a, b: a / b if b != 0 else 0,
    "heaviside": lambda f, x, h: h if x == 0 else int(x > 0),
}
"""Functions in terms of others, where the kind of number does not have them itself."""

SYMPY = {
    "exp": "exp", "log": "log", "log_of_base": "log", "sqrt": "sqrt", "absolute": "Abs", "sign": "sign",
    "sin": "sin", "cos": "cos", "tan": "tan", "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arctan2": "atan2",
    "sinh": "sinh", "cosh": "cosh", "tanh": "tanh", "arcsinh": "asinh", "arccosh": "acosh", "arctanh": "atanh",
    "maximum": "Max", "minimum": "Min", "heaviside": "Heaviside", "floor": "floor", "ceil": "ceiling",
}
"""SymPy's names of the rows."""
# fmt: on


def _symbolic() -> dict[str, Callable[..., Any]]:
    """SymPy's functions, by the names of the rows."""
    sympy: Any = sys.modules["sympy"]
    return {row: getattr(sympy, name) for row, name in SYMPY.items()} | {
        "cbrt": lambda x: sympy.real_root(x, 3),
        "relu": lambda x: sympy.Max(x, 0),
        "clip": lambda x, low, high: sympy.Min(sympy.Max(x, low), high),
    }


def truth(answer: Any) -> bool | None:
    """Whether a comparison holds; ``None`` if SymPy cannot know before its symbols have numbers."""
    return bool(answer) if answer in (True, False) else None


def indicator(condition: Any) -> Any:
    """1 where the condition holds, 0 elsewhere."""
    return sys.modules["sympy"].Piecewise((1, condition), (0, True))


def is_generic(a: Any, b: Any) -> bool:
    """Whether ``a or b`` says ``x != y``, of which SymPy takes for granted that it holds: its ``x / x`` is 1."""
    sympy: Any = sys.modules["sympy"]
    strict = {sympy.StrictLessThan, sympy.StrictGreaterThan}
    return {type(a), type(b)} == strict and a.args == b.args


def latex(x: Any) -> str:
    r"""An exact number in LaTeX.

    Example:
        >>> print(latex(Fraction(-1, 3)))
        -\frac{1}{3}
    """
    if is_symbolic(x):
        return str(sys.modules["sympy"].latex(x))
    if isinstance(x, Fraction) and x.denominator != 1:
        return rf"{'-' * (x < 0)}\frac{{{abs(x.numerator)}}}{{{x.denominator}}}"
    return str(x)
