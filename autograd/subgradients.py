"""What counts as the derivative where there is more than one, or none: every convention, found by running it.

``python -m autograd subgradients`` prints the tables that ``docs/subgradients.md`` publishes. A line of them holds
a function of ``x`` as one would write it, a point, and a sentence; the number beside them is the engine's.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from .graph import TABLE
from .jacobians import hessian
from .transforms import grad


class Convention(NamedTuple):
    """One convention.

    Attributes:
        names: NumPy's functions that follow it, by their names in the ledger of coverage.
        formula: an expression in ``x``.
        at: where it is differentiated.
        says: what is taken for the derivative there.
        order: 1 for the gradient, 2 for the second derivatives.
    """

    names: str
    formula: str
    at: Any
    says: str
    order: int = 1


KINKS = "Kinks", "Both one-sided derivatives count, or neither.", [
    Convention("abs absolute fabs", "np.abs(x)", 0.0, "0 at 0"),
    Convention("", "relu(x)", 0.0, "0 at 0"),
    Convention("", "np.sqrt(x**2)", 0.0, "as abs: the mean of both sides"),
    Convention("clip", "np.clip(x, -1, 1)", [-1.0, 0.0, 1.0], "1 at the bounds"),
    Convention("copysign", "np.copysign(x, -1.0)", 0.0, "0 at 0"),
    Convention("interp", "np.interp(x, [0.0, 1.0, 2.0], [0.0, 1.0, 5.0])", [0.0, 1.0, 2.0],
               "the slope to the right at a point of the polygon; at its end the slope to the left"),
]  # fmt: skip

TIES = "Ties", "What several elements have equally good a claim to, they share, or the first in the sort has.", [
    Convention("maximum", "np.maximum(x[0], x[1])", [2.0, 2.0], "a tie is halved"),
    Convention("minimum", "np.minimum(x[0], x[1])", [2.0, 2.0], "a tie is halved"),
    Convention("fmax", "np.fmax(x[0], x[1])", [2.0, 2.0], "the first of two that are equal"),
    Convention("fmin", "np.fmin(x[0], x[1])", [2.0, 2.0], "the first of two that are equal"),
    Convention("max amax nanmax", "np.max(x)", [1.0, 3.0, 3.0], "ties share equally"),
    Convention("min amin nanmin", "np.min(x)", [1.0, 1.0, 3.0], "ties share equally"),
    Convention("ptp", "np.ptp(x)", [1.0, 1.0, 3.0], "ties share equally"),
    Convention("sort", "np.sort(x)[0]", [2.0, 2.0], "equal elements keep their order"),
    Convention("median nanmedian", "np.median(x)", [2.0, 2.0, 5.0], "the middle of a stable sort"),
    Convention("quantile percentile nanquantile nanpercentile", "np.quantile(x, 0.75)", [1.0, 2.0, 2.0],
               "the two neighbours in a stable sort, weighted"),
    Convention("unique", "np.unique(x).sum()", [2.0, 2.0], "the first of equal elements"),
    Convention("logaddexp", "np.logaddexp(x[0], x[1])", [-np.inf, -np.inf], "a tie of infinities is halved"),
]  # fmt: skip

STEPS = "Steps", "A step function has the derivative 0 everywhere, at its steps too.", [
    Convention("sign", "np.sign(x)", 0.0, "0"),
    Convention("floor", "np.floor(x)", 1.0, "0"),
    Convention("ceil", "np.ceil(x)", 1.0, "0"),
    Convention("trunc fix", "np.trunc(x)", 1.0, "0"),
    Convention("rint round around", "np.round(x)", 0.5, "0"),
    Convention("heaviside", "np.heaviside(x, 0.5)", 0.0, "0; the second argument has 1 where the first is 0"),
    Convention("floor_divide", "np.floor_divide(x, 2.0)", 4.0, "0"),
    Convention("remainder mod", "np.remainder(x, 2.0)", 4.0, "1 at the jumps, as beside them"),
    Convention("fmod", "np.fmod(x, 2.0)", 4.0, "1 at the jumps, as beside them"),
    Convention("modf", "np.modf(x)[0]", 1.0, "1 at the jumps, as beside them"),
    Convention("where", "np.where(x > 0, x**2, -x)", 0.0, "the branch that is taken"),
    Convention("nan_to_num", "np.nan_to_num(x)", np.inf, "0 where a number was put in"),
]  # fmt: skip

TIPS = "Tips", "All directions meet. The mean of opposite ones is 0. There is no second derivative: it is NaN.", [
    Convention("linalg.norm linalg.vector_norm linalg.matrix_norm", "np.linalg.norm(x)", [0.0, 0.0], "0 at 0"),
    Convention("", "np.linalg.norm(x, 1)", [0.0, 2.0], "0 at 0, as abs"),
    Convention("", "np.linalg.norm(x, np.inf)", [0.0, 0.0], "0 at 0"),
    Convention("hypot", "np.hypot(x[0], x[1])", [0.0, 0.0], "0 at the origin"),
    Convention("arctan2 atan2", "np.arctan2(x[0], x[1])", [0.0, 0.0], "0 at the origin"),
    Convention("std nanstd", "np.std(x)", [2.0, 2.0, 2.0], "0 where all are equal"),
]  # fmt: skip

EDGES = "Edges", "Where the slope grows beyond all bounds it is infinite, from the side on which there are numbers.", [
    Convention("sqrt", "np.sqrt(x)", 0.0, "infinite at 0"),
    Convention("cbrt", "np.cbrt(x)", 0.0, "infinite at 0"),
    Convention("log", "np.log(x)", 0.0, "infinite at 0"),
    Convention("arcsin asin", "np.arcsin(x)", 1.0, "infinite at -1 and 1"),
    Convention("arccos acos", "np.arccos(x)", 1.0, "infinite at -1 and 1"),
    Convention("power pow", "x**0.5", 0.0, "infinite at 0 for exponents below 1"),
    Convention("", "x**0", 0.0, "0 for the exponent 0"),
    Convention("", "0.0**x", 0.0, "0 for the base 0"),
    Convention("", "np.sqrt(x)**2", 0.0, "zero times infinity is its limit"),
]  # fmt: skip

VALUES = "Equal eigenvalues", "The vectors are not unique; what depends on the choice has the derivative 0.", [
    Convention("linalg.eigh", "np.linalg.eigh(x)[1].sum()", [[1.0, 0.0], [0.0, 1.0]], "0 between equal eigenvalues"),
    Convention("linalg.eigvalsh", "np.linalg.eigvalsh(x)[0]", [[1.0, 0.0], [0.0, 1.0]], "that of the vector found"),
    Convention("linalg.svd linalg.svdvals", "np.linalg.svd(x)[1].sum()", [[1.0, 0.0], [0.0, 1.0]],
               "0 between equal singular values"),
]  # fmt: skip

MADE = "Smooth functions made of kinks", (
    "Where all rules are finite nothing shows that the pieces fit: a sum or a product has what its pieces have."
), [
    Convention("", "relu(x) - relu(-x)", 0.0, "0, though the function is x"),
    Convention("", "np.sign(x) * np.abs(x)", 0.0, "0, though the function is x"),
    Convention("", "np.maximum(x, 0) + np.minimum(x, 0)", 0.0, "both halves: right, since a tie is halved"),
    Convention("", "np.hypot(x[0], x[1]) * np.cos(np.arctan2(x[1], x[0]))", [0.0, 0.0], "0, though it is x[0]"),
]  # fmt: skip

SECOND = "Second derivatives", (
    "A kink, a tie or a step has none: its first derivative counts as constant on both sides, and at it."
), [
    Convention("", "np.abs(x)", 0.0, "0 at the kink", 2),
    Convention("", "relu(x)", 0.0, "0 at the kink", 2),
    Convention("", "np.abs(x)**2", 0.0, "0, though the function is x**2, which has 2", 2),
    Convention("", "np.sqrt(x**2)**2", 0.0, "2: the root's infinite slope shows where to look", 2),
    Convention("", "np.cosh(np.abs(x))", 0.0, "0, though the function is cosh(x), which has 1", 2),
    Convention("", "relu(x)**2", 0.0, "that of the left side", 2),
    Convention("", "np.copysign(x, -1.0)**2", 0.0, "0, though the function is x**2", 2),
    Convention("", "np.maximum(x[0], x[1])**2", [1.0, 1.0], "of a tie, the square of the halves", 2),
    Convention("", "np.where(x != 0, np.sin(x) / x, 1.0)", 0.0, "the branch that is taken", 2),
    Convention("", "np.linalg.norm(x)**2", [0.0, 0.0], "2 on the diagonal: the limit", 2),
    Convention("", "np.sqrt(x)**4", 0.0, "the limit from the side on which there are numbers", 2),
    Convention("", "np.sum(np.linalg.eigvalsh(np.eye(2) + x * np.array([[0.0, 1.0], [1.0, 0.0]]))**2)", 0.0,
               "as if the vectors of equal eigenvalues stayed, though it is 2 + 2 x**2, which has 4", 2),
]  # fmt: skip

PIECES = [KINKS, TIES, STEPS, TIPS, EDGES, VALUES]
GROUPS = [*PIECES, MADE, SECOND]
CONVENTIONS = [convention for _, _, conventions in PIECES for convention in conventions]


def of_function(name: str) -> str:
    """What is taken for the derivative of NumPy's function where it is not unique, or ``""``.

    Example:
        >>> of_function("fabs")
        '0 at 0'
    """
    return next((convention.says for convention in CONVENTIONS if name in convention.names.split()), "")


def function(convention: Convention) -> Callable[[Any], Any]:
    """The formula as a function of ``x``."""
    found: Callable[[Any], Any] = eval(f"lambda x: {convention.formula}", {"np": np, "relu": TABLE["relu"]})
    return found


def derivative(convention: Convention) -> Any:
    """The gradient that the engine gives, or the second derivatives.

    Example:
        >>> derivative(Convention("", "np.maximum(x[0], x[1])", [2.0, 2.0], "a tie is halved")).tolist()
        [0.5, 0.5]
    """
    f = function(convention)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        of_order = grad if convention.order == 1 else hessian
        return np.asarray(of_order(lambda x: np.sum(f(x)))(np.array(convention.at)))


def page() -> str:
    """All conventions in Markdown, as ``docs/subgradients.md`` has them."""
    lines = [
        "# Where a derivative is not unique, or not there",
        "",
        "Written by `make subgradients`: each formula is differentiated at the point. The numbers are PyTorch's",
        "wherever PyTorch has the function and a finite number for it (`tests/oracles/test_subgradients_torch.py`).",
        "",
        "A smooth function that is put together from such pieces has its own derivative, not that of the pieces, where",
        "zero times infinity arises on the way: see [decision 2](decisions/0002-zero-times-infinity.md).",
    ]
    for title, rule, conventions in GROUPS:
        lines += [
            "",
            f"## {title}",
            "",
            rule,
            "",
            f"| function | at | {'gradient' if conventions[0].order == 1 else 'second derivative'} | so it counts as |",
            "|---|---|---|---|",
        ]
        lines += [f"| `{c.formula}` | {_text(c.at)} | {_text(derivative(c))} | {c.says} |" for c in conventions]
    return "\n".join(lines)


def _text(numbers: Any) -> str:
    """Numbers as the page shows them: three digits, and no zero has a sign."""
    return str((np.round(numbers, 3) + 0.0).tolist())
