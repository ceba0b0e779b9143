"""``scipy.stats``: distributions whose densities and distribution functions can be differentiated.

A density is differentiated by where it is taken and by all parameters, also ``loc`` and ``scale``. Outside the
support the density is 0 and its logarithm ``-inf``, as in SciPy, and all gradients are 0. With parameters
that a distribution cannot have everything is NaN. Every other name is SciPy's own, without a derivative.
"""

import sys
from typing import Any

from ..peer import load
from .continuous import beta as beta
from .continuous import cauchy as cauchy
from .continuous import chi2 as chi2
from .continuous import expon as expon
from .continuous import gamma as gamma
from .continuous import gumbel_r as gumbel_r
from .continuous import halfnorm as halfnorm
from .continuous import invgamma as invgamma
from .continuous import laplace as laplace
from .continuous import logistic as logistic
from .continuous import lognorm as lognorm
from .continuous import norm as norm
from .continuous import pareto as pareto
from .continuous import t as t
from .continuous import uniform as uniform
from .continuous import weibull_min as weibull_min
from .discrete import bernoulli as bernoulli
from .discrete import binom as binom
from .discrete import geom as geom
from .discrete import nbinom as nbinom
from .discrete import poisson as poisson
from .family import Distribution
from .multivariate import dirichlet as dirichlet
from .multivariate import multivariate_normal as multivariate_normal


def __getattr__(name: str) -> Any:
    return getattr(load("stats"), name)


for distribution in [part for part in globals().values() if isinstance(part, Distribution)]:
    # so that ``import autograd.scipy.stats.norm as norm``, as HIPS autograd's people write, finds it
    sys.modules[f"{__name__}.{distribution.name}"] = distribution  # type: ignore[assignment] # no module
