"""The ledger lists SciPy's special functions, and finds all of them differentiable in every way."""

from __future__ import annotations

import numpy as np
import pytest

from autograd import coverage

special = pytest.importorskip("autograd.scipy.special", reason="SciPy is not installed")


def test_every_special_function_is_proved() -> None:
    listed = dict(coverage.functions())
    assert {f"scipy.special.{name}" for name in special.__all__} <= listed.keys()
    with np.errstate(all="ignore"):
        found = [coverage.entry(f"scipy.special.{name}", getattr(special, name)) for name in special.__all__]
    assert [entry for entry in found if entry is None or not all(entry[2:5])] == []
