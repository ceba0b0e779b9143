"""The normal distribution up to x, which NumPy lacks: GELU is made of it.

Rational approximations as in Cephes (Moshier 1989, https://www.netlib.org/cephes), to the last digits of float64.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from autograd.graph import ATOM, Notation
from autograd.rules import row

NEAR = (
    (9.60497373987051638749e0, 9.00260197203842689217e1, 2.23200534594684319226e3, 7.00332514112805075473e3,
     5.55923013010394962768e4),
    (1.0, 3.35617141647503099647e1, 5.21357949780152679795e2, 4.59432382970980127987e3, 2.26290000613890934246e4,
     4.92673942608635921086e4),
)  # fmt: skip
FAR = (
    (2.46196981473530512524e-10, 5.64189564831068821977e-1, 7.46321056442269912687e0, 4.86371970985681366614e1,
     1.96520832956077098242e2, 5.26445194995477358631e2, 9.34528527171957607540e2, 1.02755188689515710272e3,
     5.57535335369399327526e2),
    (1.0, 1.32281951154744992508e1, 8.67072140885989742329e1, 3.54937778887819891062e2, 9.75708501743205489753e2,
     1.82390916687909736289e3, 2.24633760818710981792e3, 1.65666309194161350182e3, 5.57535340817727675546e2),
)  # fmt: skip
"""Numerators and denominators from the highest power: of erf(x) / x in x**2, and of erfc(x) exp(x**2) in x."""


def _ratio(polynomials: Any, x: Any) -> Any:
    """One polynomial over the other, by Horner's scheme."""
    values = []
    for first, *others in polynomials:
        y = 0 * x + first
        for c in others:
            y = y * x + c
        values.append(y)
    return values[0] / values[1]


def _erf(x: Any) -> Any:
    size = np.minimum(np.abs(x), 6)  # erf(6) is 1 in float64
    near = np.minimum(size, 1)
    far = 1 - np.exp(-size * size) * _ratio(FAR, size)
    return np.where(size < 1, x * _ratio(NEAR, near * near), np.where(x < 0, -far, far))


def _normal_cdf(x: Any) -> Any:
    return 0.5 * (1 + _erf(x * math.sqrt(0.5)))


# fmt: off
normal_cdf = row(_normal_cdf,
    lambda g, y, x: g * np.exp(-0.5 * x * x) / math.sqrt(2 * math.pi),
    name="normal_cdf",
    scalar=lambda x: 0.5 * (1 + math.erf(x * math.sqrt(0.5))),
    notation=Notation("Phi({})", r"\Phi({})", ATOM))
# fmt: on
