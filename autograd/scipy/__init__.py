"""SciPy's functions with their derivatives, for whoever has SciPy.

``from autograd.scipy import special, stats, linalg, signal, integrate`` gives SciPy's names, which record on
Tensors and Values. Once this package is imported, plain ``scipy.special.erf(t)`` records as well.
"""

from . import integrate as integrate
from . import linalg as linalg
from . import signal as signal
from . import special as special
from . import stats as stats
