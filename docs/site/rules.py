"""The table of rules as a page: what each row computes, and its derivative, derived here from the rule itself."""

from __future__ import annotations

import inspect
import pkgutil
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

import nn
from autograd import TABLE, Primitive, Tensor
from viz import draw_graph

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 90
"""A derivative that is longer is better read in the program."""


@cache
def samples() -> dict[str, list[Any]]:
    """For each row inputs and attributes on which it can be run: those of the tests."""
    for module in pkgutil.walk_packages(nn.__path__, "nn."):
        import_module(module.name)
    import_module("autograd.scipy")
    ours = import_module("tests.autograd.samples").SAMPLES
    return {**ours, **import_module("tests.autograd.scipy.samples").SAMPLES}


def is_array(x: Any) -> bool:
    """Whether an input is an array of floats."""
    return isinstance(x, np.ndarray) and x.dtype.kind == "f"


def derivative(op: Primitive, sample: Any) -> tuple[str, list[tuple[str, str]]]:
    """What a row computes, and the gradient of each of its inputs as a formula; ``""`` for one that no formula says."""
    widen = op.is_elementwise and all(np.ndim(x) == 0 for x in sample.inputs)
    nodes = []
    for x, name in zip(sample.inputs, "x" if len(sample.inputs) == 1 else "abcdefghij", strict=False):
        nodes.append(Tensor(np.full(2, x) if widen else x, name=name) if is_array(x) else x)
    result = op(*nodes, **sample.attrs)
    result.name = "y"
    picture = draw_graph(result).picture
    named = {box.key: box.name for box in picture.boxes}
    formulas = [
        (named[arrow.tail], plain(arrow.formula)) for arrow in picture.arrows if "no gradient" not in arrow.formula
    ]
    return picture.boxes[-1].operation, formulas


def plain(formula: str) -> str:
    """A formula without the number at its end."""
    lhs, *others = formula.split(" = ")
    if not others:
        return lhs
    said = others[:-1] if len(others) > 1 and re.fullmatch(r"[-+.\dejinf]+", others[-1]) else others
    return "ḡ" if said == ["1"] else f"ḡ * ({' = '.join(said)})"


def place(op: Primitive) -> tuple[str, int]:
    """The file of a row's first rule, and its line."""
    rules = op.rules if op.is_separate else [op.rules]
    rule = inspect.unwrap(next((r for r in rules if r is not None), op.array))
    while not hasattr(rule, "__code__") and hasattr(rule, "rule"):
        rule = rule.rule
    code = getattr(rule, "__code__", None)
    path = Path(code.co_filename) if code else ROOT / "autograd" / "rules" / "table.py"
    return (path.relative_to(ROOT).as_posix(), code.co_firstlineno) if code and path.is_relative_to(ROOT) else ("", 0)


def entry(op: Primitive, given: list[Any]) -> tuple[str, list[tuple[str, str]]]:
    """The derivative of a row on the first of its samples that is not empty."""
    usable = [s for s in given if all(np.size(x) for x in s.inputs if is_array(x))]
    best = max(usable[:4], key=lambda s: max((np.ndim(x) for x in s.inputs if is_array(x)), default=0) == 1)
    return derivative(op, best)


def rows() -> Iterator[tuple[Primitive, str, list[tuple[str, str]]]]:
    """Each row of the table with what it computes and its derivatives."""
    given = samples()
    for name in sorted(TABLE):
        yield TABLE[name], *entry(TABLE[name], given[name])


def said(formula: str) -> str:
    """A formula in a cell of a table."""
    return f"``{formula}``" if formula and len(formula) <= LONGEST else "in the program"


ABOUT = """The table of rules
==================

The {} rows on which everything else is built. ``ḡ`` is the gradient of the result ``y``; the right column is what the
row's rule makes of it for each input. These formulas are typed nowhere: each rule was run on symbols while this page
was made. What broadcasting repeated is added up by the backward loop, not by the rules. Where a rule is too long for a
line, or cannot be run on symbols, its program is named instead. Rows that are not NumPy's are pieces of others, or of a
layer. Where a derivative is not unique, see :doc:`/subgradients`.

.. list-table::
   :header-rows: 1
   :widths: 16 28 56
   :class: rules

   * - row
     - computes ``y`` =
     - gradient
"""


def page() -> str:
    """The page, in reStructuredText."""
    lines = ABOUT.format(len(TABLE)).splitlines()
    for op, computes, formulas in rows():
        path, line = place(op)
        of = [(name, formula) for name, formula in formulas if formula and len(formula) <= LONGEST]
        cell = [f"``{name}``: ``{formula}``" for name, formula in of]
        if len(of) < len(formulas) or not formulas:
            cell.append(f"``{path}``, line {line}" if path else "in the program")
        lines += [f"   * - ``{op.name}``", f"     - {said(computes)}"]
        lines += [f"     - | {cell[0]}", *(f"       | {more}" for more in cell[1:])]
    return "\n".join(lines) + "\n"
