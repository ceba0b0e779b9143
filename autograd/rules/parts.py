"""The parts of complex numbers. They are why the derivatives of complex functions need a convention.

A gradient ``g`` stands for the change ``Re(g * dy)`` of a real number, so for ``z = x + iy`` it is
``dL/dx - i dL/dy``. With it the rule of every function that has a complex derivative is the textbook
line, ``g * f'(z)``, without conjugates; and the rules here follow from writing ``Re(g * dy)`` as
``Re(... * dz)``. Where an input is real, the backward loop takes the real part; no rule does.

Source: Kreutz-Delgado 2009, *The complex gradient operator and the CR-calculus*. See docs/complex.md.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from ..graph import ATOM, Notation, Primitive
from .table import row

# fmt: off
real = row(np.real,
    lambda g, y, x: g,
    notation=Notation("Re({})", r"\operatorname{{Re}}({})", ATOM))

imag = row(np.imag,
    lambda g, y, x: g * -1j,
    notation=Notation("Im({})", r"\operatorname{{Im}}({})", ATOM))

conjugate: Primitive = row(np.conjugate,
    lambda g, y, x: conjugate(g),
    notation=Notation("conj({})", r"\overline{{{}}}", ATOM))
# fmt: on


def is_complex(x: Any) -> bool:
    """Whether ``x`` holds complex numbers: an array, a node or a number of Python."""
    dtype = getattr(x, "dtype", None)
    return isinstance(x, complex) if dtype is None else dtype.kind == "c"


def conj(x: Any) -> Any:
    """The complex conjugate; real numbers as they are."""
    return conjugate(x) if is_complex(x) else x


def squared(x: Any) -> Any:
    """``|x|**2``, which is real."""
    return real(x * conjugate(x)) if is_complex(x) else x * x
