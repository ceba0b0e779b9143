"""``python -m autograd`` without a command: what is installed, and what else it does."""

from __future__ import annotations

from importlib import metadata

import numpy as np
import pytest

from autograd import TABLE, __version__, about
from autograd.__main__ import main

ASKED = ["numpy>=2.0", "tqdm>=4.66", 'scipy>=1.11; extra == "scipy"', "chainrule[scipy]; extra == 'dev'"]


def test_it_says_what_is_installed_and_what_it_can_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith(f"chainrule {__version__} in ")
    assert f"NumPy {np.__version__}" in printed
    assert f"{len(TABLE)} operations" in printed
    slope = f"{np.sin(2.0) + 2 * np.cos(2.0):.6f}"
    assert f"{slope} backward, {slope} forward" in printed
    assert "coverage" in printed
    assert "subgradients" in printed


def test_packages_are_those_that_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "requires", lambda name: ASKED)
    monkeypatch.setattr(about, "version_of", {"numpy": "2.1", "tqdm": "4.70", "scipy": ""}.get)
    assert about.packages() == ["base: numpy 2.1, tqdm 4.70", "scipy: scipy –"]


def test_a_checkout_that_is_not_installed_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> list[str]:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "requires", absent)
    assert about.packages() == ["chainrule itself is not installed: it runs from its folder"]


def test_the_other_autograd_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "pip uninstall autograd" not in about.page()
    monkeypatch.setattr(about, "version_of", lambda package: "1.8")
    assert about.page().splitlines()[-1].endswith("pip uninstall autograd")
