"""SciPy is optional: without it everything else works, and what needs it says how to get it."""

from __future__ import annotations

import subprocess
import sys

import pytest

PACKAGES = ["autograd.scipy", "autograd.scipy.special", "autograd.scipy.stats", "autograd.scipy.integrate"]
WITHOUT = "import sys; sys.modules['scipy'] = sys.modules['scipy.special'] = sys.modules['scipy.linalg'] = None; "


def run(program: str) -> str:
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout


@pytest.mark.parametrize("package", PACKAGES)
def test_without_scipy_the_error_has_four_parts(package: str) -> None:
    out = run(f"{WITHOUT}\ntry:\n    import {package}\nexcept ImportError as error:\n    print(error)")
    assert out.splitlines() == [
        "import autograd.scipy.special",
        "  expected: SciPy",
        "  got:      none",
        '  cure:     pip install "chainrule[scipy]"',
    ]


def test_without_scipy_the_engine_works() -> None:
    assert run(f"{WITHOUT}import autograd; print(autograd.grad(lambda x: x * x)(3.0))") == "6.0\n"


def test_heavy_parts_of_scipy_wait_until_they_are_needed() -> None:
    pytest.importorskip("scipy", reason="SciPy is not installed")
    heavy = ["scipy.stats", "scipy.signal", "scipy.integrate", "scipy.optimize"]
    assert run(f"import sys, autograd.scipy; print([name for name in {heavy} if name in sys.modules])") == "[]\n"
