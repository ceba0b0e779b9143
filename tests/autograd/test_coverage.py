"""The ledger of what can be differentiated, found by trying."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from autograd import Tensor, coverage
from autograd.__main__ import main
from autograd.numpy.dispatch import COMPOSITES

PAGE = Path(__file__).parents[2] / "docs" / "coverage.md"


def test_page_claims_nothing_that_is_not_so() -> None:
    """Every function that the page calls proved is proved here and now; a NumPy that lacks a name excuses it."""
    now = {entry.name: entry for entry in coverage.ledger()}
    rows = [line.split("|")[1:-1] for line in PAGE.read_text().splitlines() if line.startswith("| `")]
    claimed = [cells[0].strip().strip("`") for cells in rows if all(cell.strip() == "yes" for cell in cells[2:5])]
    assert len(claimed) >= 225
    available = {name for name, _ in coverage.functions()}
    assert not [name for name in claimed if name in available and not all(now[name][2:5])]


def test_command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(COMPOSITES, np.angle)
    found = [
        entry for entry in (coverage.entry(name, getattr(np, name)) for name in ("tanh", "hypot", "angle")) if entry
    ]
    monkeypatch.setattr(coverage, "ledger", lambda: found)
    assert main(["coverage"]) == 0
    assert main(["coverage", "--fail-under", "3"]) == 1
    out = capsys.readouterr().out
    assert "| `tanh` | row | yes | yes | yes | yes | yes | 0, 1, 2, 3 |" in out
    assert "| `hypot` | row | yes | yes | yes |  | yes | 0, 1, 2, 3 |" in out
    assert "| `angle` | no rule | **no** | **no** | **no** |" in out
    assert "2 functions with first and second derivatives and forward mode; 1 without." in out


def test_a_wrong_rule_is_no_coverage(monkeypatch: pytest.MonkeyPatch) -> None:
    from autograd.rules import elementwise

    monkeypatch.setattr(elementwise.tanh, "rules", (lambda g, y, x: g * (1 - y),))
    entry = coverage.entry("tanh", np.tanh)
    assert entry
    assert (entry.first, entry.second, entry.forward) == (False, False, False)


def test_questions_are_not_listed() -> None:
    assert coverage.entry("isnan", np.isnan) is None
    assert coverage.entry("argmax", np.argmax) is None
    assert not isinstance(np.isnan(Tensor([1.0])), Tensor)
