"""The published conventions are those of the engine, in both modes and for both kinds."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograd import Value, coverage, jvp, subgradients
from autograd.__main__ import main

PAGE = Path(__file__).parents[2] / "docs" / "subgradients.md"

each = pytest.mark.parametrize("convention", subgradients.CONVENTIONS, ids=lambda c: c.formula)


def test_page_is_up_to_date(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["subgradients"]) == 0
    assert capsys.readouterr().out == PAGE.read_text()


def test_page_has_what_people_ask_for() -> None:
    assert len(subgradients.CONVENTIONS) >= 45
    asked = "abs relu clip maximum minimum fmax fmin max sort median quantile norm hypot std floor where sign round"
    text = PAGE.read_text()
    assert [name for name in asked.split() if f"{name}(x" not in text] == []


@each
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_forward_mode_follows_the_same_convention(convention: Any) -> None:
    gradient = subgradients.derivative(convention)
    if np.all(np.isfinite(gradient)):
        f, x = subgradients.function(convention), np.array(convention.at)
        v = np.cos(np.arange(x.size)).reshape(x.shape)
        assert jvp(lambda x: np.sum(f(x)), (x,), (v,))[1] == pytest.approx(np.sum(v * gradient))


ARRAYS_ONLY = ("interp", "where", "nan_to_num")
SCALAR = [c for c in subgradients.CONVENTIONS if not np.ndim(c.at) and not any(s in c.formula for s in ARRAYS_ONLY)]


@pytest.mark.parametrize("convention", SCALAR, ids=lambda c: c.formula)
def test_values_follow_the_same_convention(convention: Any) -> None:
    expected = subgradients.derivative(convention)
    x = Value(convention.at)
    try:
        subgradients.function(convention)(x).backward()
    except (ZeroDivisionError, ValueError):  # as Python says of what NumPy calls infinite
        assert not np.isfinite(expected)
    else:
        assert x.grad == expected


def test_functions_are_named_as_the_ledger_names_them() -> None:
    known = {name for name, _ in coverage.functions()}
    named = {name for convention in subgradients.CONVENTIONS for name in convention.names.split()}
    assert named - known == set()
    assert subgradients.of_function("amax") == "ties share equally"
    assert subgradients.of_function("tanh") == ""
