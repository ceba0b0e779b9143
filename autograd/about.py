"""What is installed: what a report of a bug needs, and whether the engine works here."""

from __future__ import annotations

import platform
import re
from importlib import metadata
from pathlib import Path

import numpy as np

from . import __version__
from .graph import TABLE
from .modes import jvp
from .transforms import grad

NAME = "chainrule"
"""What the distribution is called."""

ABSENT = "\N{EN DASH}"
"""In place of the version of what is not installed."""


def page() -> str:
    """The versions, the folder, the packages that are there and a first gradient, one a line.

    Example:
        >>> print(page())
        chainrule ... in ...
        Python ..., NumPy ..., ...
        ...
        the gradient of x * sin(x) at 2: 0.077004 backward, 0.077004 forward
    """

    def f(x: float) -> float:
        return x * np.sin(x)

    lines = [
        f"{NAME} {__version__} in {Path(__file__).parent}",
        f"Python {platform.python_version()}, NumPy {np.__version__}, {platform.system()} {platform.machine()}",
        *packages(),
        f"{len(TABLE)} operations in the table of rules",
        f"the gradient of x * sin(x) at 2: {grad(f)(2.0):.6f} backward, {jvp(f, (2.0,), (1.0,))[1]:.6f} forward",
    ]
    if version_of("autograd"):
        lines.append("the package autograd is installed too, under the same import name: pip uninstall autograd")
    return "\n".join(lines)


def packages() -> list[str]:
    """For the base and each extra what it asks for, with the version that is installed or a dash."""
    try:
        asked = metadata.requires(NAME) or []
    except metadata.PackageNotFoundError:
        return [f"{NAME} itself is not installed: it runs from its folder"]
    groups: dict[str, list[str]] = {}
    for requirement in asked:
        name = re.match(r"[\w.-]+", requirement)
        extra = re.search(r"extra == ['\"]([\w-]+)", requirement)
        if name and name[0] != NAME:
            found = f"{name[0]} {version_of(name[0]) or ABSENT}"
            groups.setdefault(extra[1] if extra else "base", []).append(found)
    return [f"{extra}: {', '.join(sorted(found))}" for extra, found in sorted(groups.items()) if extra != "dev"]


def version_of(package: str) -> str:
    """The version of an installed distribution, or ``""``."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""
