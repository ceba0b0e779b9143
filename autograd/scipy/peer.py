"""SciPy itself: the only file that imports it."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from .. import errors


def load(module: str) -> Any:
    """The module ``scipy.<module>``.

    Args:
        module: its name, such as ``"special"``.

    Returns:
        The module.

    Raises:
        NotInstalledError: SciPy is not installed.

    Example:
        >>> load("special").erf(0.0)
        np.float64(0.0)
    """
    try:
        return import_module(f"scipy.{module}")
    except ImportError as error:
        raise errors.not_installed(f"import autograd.scipy.{module}", "SciPy", "chainrule[scipy]") from error
