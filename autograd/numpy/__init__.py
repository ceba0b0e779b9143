"""NumPy's namespace, ready for Values and Tensors.

Plain ``import numpy as np`` is enough: ``np.sin(t)``, ``np.sum(t, axis=0)`` and their kin record when
they meet a Tensor. This module gives the same names to programs that import them from here, and with
:func:`array`, :func:`asarray` and :func:`full` also records where NumPy cannot ask a Tensor.
"""

from importlib import import_module
from typing import Any

import numpy

from . import calculus as calculus
from . import choosing as choosing
from . import fourier as fourier
from . import joining as joining
from . import linalg as linalg
from . import matrices as matrices
from . import order as order
from . import padding as padding
from . import polynomials as polynomials
from . import products as products
from . import reductions as reductions
from . import shapes as shapes
from . import ufuncs as ufuncs
from . import writing as writing
from .creation import array as array
from .creation import asarray as asarray
from .creation import full as full
from .lists import all as all
from .lists import amax as amax
from .lists import amin as amin
from .lists import any as any
from .lists import append as append
from .lists import argmax as argmax
from .lists import argmin as argmin
from .lists import argsort as argsort
from .lists import c_ as c_
from .lists import dot as dot
from .lists import make_diagonal as make_diagonal
from .lists import max as max
from .lists import mean as mean
from .lists import min as min
from .lists import outer as outer
from .lists import prod as prod
from .lists import r_ as r_
from .lists import ravel as ravel
from .lists import row_stack as row_stack
from .lists import std as std
from .lists import sum as sum
from .lists import var as var
from .lists import where as where


def __getattr__(name: str) -> Any:
    if name == "numpy_boxes":  # HIPS autograd's, which needs Tensor
        return import_module(f"{__name__}.{name}")
    return getattr(numpy, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *dir(numpy)})
