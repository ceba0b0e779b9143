"""The rows that SciPy's functions add to the table of derivative rules, by subject.

As in ``autograd/rules`` a rule is the textbook line in ``g`` (the gradient of the result), ``y`` (the
result) and the inputs. Derivatives are written with other rows, so every order is exact. Formulas:
NIST, *Digital Library of Mathematical Functions* (DLMF), by section.
"""

from . import bessel, entropy, error, gamma, incomplete, integrals, matrices, signal, transforms

__all__ = ["bessel", "entropy", "error", "gamma", "incomplete", "integrals", "matrices", "signal", "transforms"]
