"""Names, numbers and arrays in LaTeX."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import numpy as np

from autograd.rules.exact import is_exact, latex

from . import text

LATEX_FUNCTIONS = frozenset(
    {"sin", "cos", "tan", "sinh", "cosh", "tanh", "arcsin", "arccos", "arctan", "exp", "log", "max", "min"}
)

_SPECIAL = {
    "\\": r"\backslash ", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
    "^": r"\wedge ", "~": r"\sim ", "<": r"\lt ", ">": r"\gt ", "|": r"\vert ", " ": r"\ ", "`": r"{`}", "±": r"\pm ",
}  # fmt: skip

SIGNS = {
    "∂": r"\partial", "ᵀ": r"^{\top}", "ḡ": r"\bar g", "±": r"\pm", "←": r"\leftarrow", "→": r"\rightarrow",
    "‖": r"\Vert", "…": r"\dots", "\N{MULTIPLICATION SIGN}": r"\times", "\N{EN DASH}": "-", "\N{MINUS SIGN}": "-",
}  # fmt: skip
"""Signs that a LaTeX document without Unicode fonts writes as mathematics."""

_GREEK = frozenset({
    "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu", "xi",
    "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega",
    "Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega",
})  # fmt: skip


def escaped(name: str) -> str:
    """Text in which LaTeX sees nothing special."""
    return "".join(_SPECIAL.get(c, c) for c in name)


def typewritten(written: str) -> str:
    """Words of a program."""
    return rf"\mathtt{{{escaped(written)}}}"


def latex_name(name: str) -> str:
    r"""A name in mathematics: a letter as it is, digits below it, anything else upright and escaped.

    Example:
        >>> latex_name("x"), latex_name("w12"), latex_name("b_1"), latex_name("π"), latex_name("W|b")
        ('x', 'w_{12}', 'b_{1}', '\\pi', '\\mathrm{W\\vert b}')
    """
    match = re.fullmatch(r"([^\W\d_])_?(\d*)", name)
    if not match:
        return rf"\mathrm{{{escaped(name)}}}"
    letter, below = match.groups()
    described = unicodedata.name(letter, "").split()
    if described[:1] == ["GREEK"] and len(described) == 4:
        greek = described[3].lower() if described[1] == "SMALL" else described[3].capitalize()
        greek = "lambda" if greek == "lamda" else "Lambda" if greek == "Lamda" else greek
        letter = f"\\{greek}" if greek in _GREEK else letter
    return f"{letter}_{{{below}}}" if below else letter


def latex_number(x: Any, fmt: str = ".4g") -> str:
    r"""A number, with powers of ten written as such.

    Example:
        >>> latex_number(1.5e-7), latex_number(float("inf")), latex_number(2.0 + 1j)
        ('1.5 \\cdot 10^{-7}', '\\infty', '2+1j')
    """
    if is_exact(x):
        return latex(x)
    written = text.number(x, fmt)
    if written in ("inf", "-inf", "nan"):
        return written.replace("inf", r"\infty").replace("nan", r"\mathrm{NaN}")
    return re.sub(r"e([+-]\d+)", lambda e: rf" \cdot 10^{{{int(e[1])}}}", written)


def latex_array(x: Any, fmt: str = ".4g") -> str:
    """A small vector or matrix as such; anything else in words."""
    x = text.numbers(x)
    if x.size > text.SMALL or x.ndim > 2 or not x.size:
        return rf"\mathrm{{{escaped(text.array(x, fmt))}}}"
    rows = r" \\ ".join(" & ".join(latex_number(v, fmt) for v in row) for row in np.atleast_2d(x))
    return rf"\begin{{bmatrix}} {rows} \end{{bmatrix}}"


def partial(of: Any, by: Any) -> tuple[str, str]:
    """The quotient of differentials ∂of/∂by, in text and in LaTeX."""
    return f"∂{of}/∂{by}", rf"\frac{{\partial {latex_name(of)}}}{{\partial {latex_name(by)}}}"
