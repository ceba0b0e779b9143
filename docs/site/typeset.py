"""Formulas as they are typed in the derivations, in LaTeX: ``∂L/∂zₖ = pₖ − tₖ`` becomes a formula in a book.

A block is lines; a line is columns with a gap of four spaces or more between them; a column is signs, names and words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

FUNCTIONS = frozenset({"sin", "cos", "tan", "exp", "log", "max", "min", "tanh", "sinh", "cosh", "det"})
NAMES = frozenset({"mean", "var", "conj", "Re", "Im", "sign", "lr", "tr", "diag", "softmax", "relu", "clip"})
SHORT_WORDS = frozenset({"at", "by", "if", "is", "of", "or", "in", "as", "to", "so", "we", "no", "on"})
SIGNS = {
    "∂": r"\partial ",
    "·": r"\cdot ",
    "−": "-",
    "Σ": r"\sum ",
    "∏": r"\prod ",
    "⊙": r"\odot ",
    "≈": r"\approx ",
    "↦": r"\mapsto ",
    "→": r"\to ",
    "≤": r"\le ",
    "≥": r"\ge ",
    "≠": r"\ne ",
    "×": r"\times ",
    "∞": r"\infty ",
    "…": r"\ldots ",
    "½": r"\tfrac{1}{2}",
    "⇒": r"\Rightarrow ",
    "∈": r"\in ",
    "<": r"\lt ",
    ">": r"\gt ",
    "%": r"\%",
    "&": r"\&",
    "#": r"\#",
    "‖": r"\Vert ",
    "ᵀ": r"^{\top}",
    "α": r"\alpha ",
    "β": r"\beta ",
    "γ": r"\gamma ",
    "δ": r"\delta ",
    "ε": r"\varepsilon ",
    "θ": r"\theta ",
    "λ": r"\lambda ",
    "μ": r"\mu ",
    "ν": r"\nu ",
    "π": r"\pi ",
    "ρ": r"\rho ",
    "σ": r"\sigma ",
    "τ": r"\tau ",
    "φ": r"\varphi ",
    "ω": r"\omega ",
    "Δ": r"\Delta ",
    "∇": r"\nabla ",
    "∫": r"\int ",
    "≡": r"\equiv ",
    "±": r"\pm ",
    "ℓ": r"\ell ",
    "∘": r"\circ ",
    "⋅": r"\cdot ",
}
_LOW, _HIGH = "₀₁₂₃₄₅₆₇₈₉₊₋ᵢⱼₖₗₘₙₚᵣₛₜᵤᵩₐₒₓ", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ᵗᶻⁿⁱᵏᵃᵇˣʸ⁽⁾"
_ATOM = rf"(?:[^\W\d_{_LOW}{_HIGH}ᵀ]['{_LOW}{_HIGH}]*)"
QUOTIENT = re.compile(rf"([∂d][²³]?\s?(?:log )?{_ATOM})\s?/\s?((?:[∂d]{_ATOM})+)")
TOKEN = re.compile(
    rf"(?P<low>[{_LOW}]+)|(?P<high>[{_HIGH}]+)|(?P<root>√)|(?P<word>[A-Za-z]{{2,}})|(?P<caret>\^)|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<space>\s+)|(?P<sign>.)",
    re.DOTALL,
)
FRACTION = re.compile(rf"(?<![\w)/])(\d+|{_ATOM})/(\d*{_ATOM}|\d+|\(\d*{_ATOM}\))(?![\w(/'])")
"""A quotient without spaces, such as 1/n and a/b²."""
GAP = re.compile(r"\s{4,}")
RELATION = re.compile(r"(?<![\[\w(])\s*(=:|:=|=|≈|↦|≤|≥)\s")


def column(text: str) -> str:
    r"""One column in LaTeX.

    Example:
        >>> column("∂y/∂xᵢ = e^{xᵢ − y}")
        '\\frac{\\partial y}{\\partial x_{i}} = e^{x_{i} - y}'
        >>> column("yₙ₊₁ = ½ (yₙ + a / yₙ)")
        'y_{n+1} = \\tfrac{1}{2} (y_{n} + a / y_{n})'
    """
    return _quotients(text, QUOTIENT, r"\frac", lambda rest: _quotients(rest, FRACTION, r"\tfrac", _signs))


def _quotients(text: str, pattern: re.Pattern[str], command: str, others: Callable[[str], str]) -> str:
    """The text with what the pattern finds written as fractions, and the rest as ``others`` writes it."""
    parts, end = [], 0
    for quotient in pattern.finditer(text):
        above, below = quotient[1], re.sub(r"(?<=.)(?=[∂])", " ", quotient[2].strip("()"))
        parts += [others(text[end : quotient.start()]), rf"{command}{{{_signs(above)}}}{{{_signs(below)}}}"]
        end = quotient.end()
    return "".join([*parts, others(text[end:])])


def _signs(text: str) -> str:
    """Signs, names and words in LaTeX."""
    written, after_root = [], False
    for match in TOKEN.finditer(text):
        kind, token = match.lastgroup, match[0]
        if kind in ("low", "high"):
            one = "".join("φ" if c == "ᵩ" else unicodedata.normalize("NFKC", c) for c in token).replace("−", "-")
            tex = f"{'_' if kind == 'low' else '^'}{{{_signs(one)}}}"
        elif kind == "word":
            tex = _word(token)
        elif kind == "root":
            tex, after_root = r"\sqrt", True
            written.append(tex)
            continue
        elif kind == "space":
            tex = " "
        else:
            tex = SIGNS.get(token, token)
        written.append(f"{{{tex.strip()}}}" if after_root else tex)
        after_root = False
    return re.sub(r" \}\s*\\text\{ ", " ", "".join(written))


def _word(word: str) -> str:
    """A name or a product of letters, or a word of the sentence."""
    if word in FUNCTIONS:
        return rf"\{word} "
    if word in NAMES:
        return rf"\operatorname{{{word}}}"
    if re.fullmatch(r"d[a-zA-Z]", word) or (len(word) == 2 and word not in SHORT_WORDS):
        return word
    return rf"\text{{ {word} }}"


def block(text: str) -> str:
    """A block of lines as one formula, aligned at its relations."""
    lines = [re.sub(r":\s{2,}", ":    ", line.rstrip()) for line in text.strip("\n").splitlines() if line.strip()]
    written = []
    for line in lines:
        columns = [part for part in GAP.split(line.strip()) if part]
        joined: list[str] = []
        for part in columns:
            if joined and re.match(r"[=+·−≈]", part):
                joined[-1] += f" {part}"
            else:
                joined.append(part)
        first = RELATION.search(f" {joined[0]} ")
        head = joined[0]
        if first and len(lines) > 1:
            cut = max(first.start(1) - 1, 0)
            head_tex = f"{column(head[:cut].rstrip())} &{column(head[cut:])}"
        else:
            head_tex = column(head) if len(lines) == 1 else f"& {column(head)}"
        written.append(r" \qquad ".join([head_tex, *map(column, joined[1:])]))
    if len(written) == 1:
        return written[0]
    return "\\begin{aligned}\n" + " \\\\\n".join(written) + "\n\\end{aligned}"
