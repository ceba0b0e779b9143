"""The public face of ``nn``."""

from __future__ import annotations

import subprocess
import sys

import pytest

import nn


@pytest.mark.parametrize("name", nn.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(nn, name) is not None


def test_other_names_are_not() -> None:
    with pytest.raises(AttributeError, match="no attribute 'fitt'"):
        getattr(nn, "fit" + "t")
    assert "fit" in dir(nn)


def test_what_trains_and_saves_is_imported_late() -> None:
    program = "import sys, nn; print(*[name for name in nn.HOMES if f'nn.{name}' in sys.modules]); nn.fit; nn.save"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "\n"
