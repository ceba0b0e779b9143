"""NumPy's namespace, ready for Values and Tensors.

Plain ``import numpy as np`` is enough: ``np.sin(t)``, ``np.sum(t, axis=0)`` and their kin record when
they meet a Tensor. This module gives the same names to programs that import them from here, and with
:func:`array`, :func:`asarray` and :func:`full` also records where NumPy cannot ask a Tensor.
"""

from typing import Any

import numpy

from . import calculus as calculus
from . import choosing as choosing
from . import fourier as fourier
from . import joining as joining
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


def __getattr__(name: str) -> Any:
    return getattr(numpy, name)
