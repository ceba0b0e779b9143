"""The gamma function and its kin: beta, polygamma, zeta and binomials (DLMF 5, 25).

At the poles, the whole numbers up to 0, they have no derivative; what comes there is not finite.
"""

from __future__ import annotations

from typing import Any

from ...graph import Primitive
from ..peer import load
from .table import Constant, like, special

sp = load("special")


def _polygamma(x: Any, n: Any = 0) -> Any:
    """SciPy's polygamma, its arguments swapped and its dtype that of ``x``."""
    return like(sp.polygamma(n, x), x)


# fmt: off
gamma = special(sp.gamma,
    lambda g, y, x: g * y * psi(x))

gammaln = special(sp.gammaln,
    lambda g, y, x: g * psi(x))

loggamma = special(sp.loggamma,
    lambda g, y, x: g * psi(x))

gammasgn = special(sp.gammasgn,
    lambda g, y, x: 0 * g)

rgamma = special(sp.rgamma,
    lambda g, y, x: -g * y * psi(x))

psi: Primitive = special(sp.psi,
    lambda g, y, x: g * polygamma(x, n=1))

polygamma: Primitive = special(sp.polygamma,
    lambda g, y, x, n=0: g * polygamma(x, n=n + 1),
    array=_polygamma)

zeta: Primitive = special(sp.zeta,
    Constant("zeta(x, q)", "x", "q"),
    lambda g, y, x, q: -g * x * zeta(x + 1, q))

poch = special(sp.poch,
    lambda g, y, z, m: g * y * (psi(z + m) - psi(z)),
    lambda g, y, z, m: g * y * psi(z + m))

beta = special(sp.beta,
    lambda g, y, a, b: g * y * (psi(a) - psi(a + b)),
    lambda g, y, a, b: g * y * (psi(b) - psi(a + b)))

betaln = special(sp.betaln,
    lambda g, y, a, b: g * (psi(a) - psi(a + b)),
    lambda g, y, a, b: g * (psi(b) - psi(a + b)))

binom = special(sp.binom,
    lambda g, y, n, k: g * y * (psi(n + 1) - psi(n - k + 1)),
    lambda g, y, n, k: g * y * (psi(n - k + 1) - psi(k + 1)))
# fmt: on
