"""SciPy itself: the only file that imports it."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from .. import errors


class SciPyError(errors.ChainruleError, ModuleNotFoundError):
    """SciPy is not installed."""


def load(module: str) -> Any:
    """The module ``scipy.<module>``.

    Args:
        module: its name, such as ``"special"``.

    Returns:
        The module.

    Raises:
        SciPyError: SciPy is not installed.

    Example:
        >>> load("special").erf(0.0)
        np.float64(0.0)
    """
    try:
        return import_module(f"scipy.{module}")
    except ImportError as error:
        raise SciPyError(
            errors.message(f"import autograd.scipy.{module}", "SciPy", "none", "pip install 'chainrule[scipy]'")
        ) from error
