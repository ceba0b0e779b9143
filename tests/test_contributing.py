"""The guide to adding an operation is true: its row works, its samples find a wrong rule, and what it names exists."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import viz
from autograd import TABLE, Primitive, Value, check_grads
from autograd.errors import GradientError
from autograd.rules import BY_FUNCTION, elementwise

from .autograd import samples

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
ROW, SAMPLES, REAL_ONLY, WITNESS = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)


@pytest.fixture(autouse=True)
def table_as_before() -> Iterator[None]:
    """The guide's row goes when the test is over."""
    before = [(rows, dict(rows)) for rows in (TABLE, BY_FUNCTION)]
    yield
    for rows, those in before:
        rows.clear()
        rows.update(those)


def made(row: str) -> Primitive:
    """The operation, as if its lines stood at the end of the file."""
    TABLE.pop("softplus", None)  # for those who follow the guide to the letter
    names: dict[str, Any] = dict(vars(elementwise))
    exec(row, names)
    found: Primitive = names["softplus"]
    return found


def its_samples() -> list[samples.Sample]:
    """What the guide adds to ``SAMPLES``."""
    found: list[samples.Sample] = eval("{" + SAMPLES + "}", vars(samples))["softplus"]
    return found


def test_the_row_is_right_for_arrays_and_numbers() -> None:
    softplus = made(ROW)
    for sample in its_samples():
        check_grads(softplus, *sample.inputs, order=2)
    x = Value(2.0, label="x")
    y = softplus(x)
    y.backward()
    assert (y.data, x.grad) == pytest.approx((math.log1p(math.exp(2.0)), 1 / (1 + math.exp(-2.0))))
    assert "softplus(2)" in str(viz.explain(y, x))
    assert r"\operatorname{softplus}(x)" in viz.explain(y, x).to_latex()
    assert softplus(np.float32([1000.0, -1000.0])).tolist() == [1000.0, 0.0]


def test_the_samples_find_the_rule_that_is_broken() -> None:
    broken = made(ROW.replace("g * sigmoid(x)", "g * x"))
    sample = its_samples()[0]
    with pytest.raises(GradientError, match="the rule of 'softplus' for argument 0"):
        check_grads(broken, *sample.inputs)


def test_the_other_lines_go_where_the_guide_says() -> None:
    assert (
        eval("{" + REAL_ONLY + "}").keys()
        == {"softplus"}
        == eval("{" + WITNESS.replace("F.softplus", "0") + "}").keys()
    )
    assert samples.REAL_ONLY
    witnesses = (ROOT / "tests" / "oracles" / "test_rows_torch.py").read_text(encoding="utf-8")
    assert "\nTHEIRS" in witnesses
    assert "\nLACKS" in witnesses


def test_what_it_names_exists() -> None:
    paths = re.findall(r"`((?:autograd|nn|viz|tests|docs)/[\w/.-]*)`", GUIDE)
    assert len(paths) > 8
    assert [path for path in paths if not (ROOT / path).exists()] == []
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = [
        target.replace(".venv", "$(VENV)") for target in re.findall(r"(?:^|`)make ([\w./]+)", GUIDE, re.MULTILINE)
    ]
    assert {"$(VENV)/dev", "test", "check", "coverage"} <= set(targets)
    assert [target for target in targets if f"\n{target}:" not in makefile] == []
