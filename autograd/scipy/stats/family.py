"""What every distribution of one number does; the formulas of each are in the other files.

A distribution gives its formulas in standard form, ``loc`` 0 and ``scale`` 1, as functions of ``z`` and of its
shapes. They are only computed inside the support; what is outside is masked before and after, so that no
NaN arises there, in the result or in a gradient.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from ... import errors
from ...graph import Node
from ...numpy.dispatch import array, data, wants_gradient
from ...rules.elementwise import exp, log
from ...value import Value
from ..peer import load

Formula = Callable[..., Any]


def chosen(condition: Any, a: Any, b: Any) -> Any:
    """``a`` where the condition holds, else ``b``: of arrays, numbers and Values; ``a`` is a number."""
    if isinstance(condition, (bool, np.bool_)) and isinstance(b, (int, float, Value)):
        return (a + 0 * b if isinstance(b, Value) else a) if condition else b
    return np.where(condition, a, b)


def _listed(x: Any) -> Any:
    """A list as an array; anything else as it is."""
    return array(x) if isinstance(x, (list, tuple)) else x


def _alike(*numbers: Any) -> list[Any]:
    """NumPy's numbers in place of Python's, if there are no others: where Python raises NumPy is infinite."""
    plain = all(isinstance(x, (int, float)) for x in numbers)
    return [np.float64(x) for x in numbers] if plain else [_listed(x) for x in numbers]


class Distribution:
    """A distribution by its name; methods without a formula here, such as ``rvs``, are SciPy's own."""

    name: str

    def __repr__(self) -> str:
        return f"<distribution {self.name}>"

    def __getattr__(self, method: str) -> Any:
        if method.startswith("_"):
            raise AttributeError(method)
        theirs = getattr(getattr(load("stats"), self.name), method)

        def plain(*args: Any, **named: Any) -> Any:
            if wants_gradient([*args, *named.values()]):
                raise errors.no_rule(f"{self.name}.{method}", vars(type(self)), "scipy.stats")
            return theirs(*data(args), **{name: data(x) for name, x in named.items()})

        return plain if callable(theirs) else theirs


class Family(Distribution):
    """A distribution of one number: its name, and the names of its parameters.

    Args:
        name: SciPy's.
        shapes: the names of the parameters besides ``loc`` and ``scale``.
        valid: whether these are parameters that the distribution can have; all above 0 if not given.
    """

    others: tuple[str, ...] = ()
    defaults: tuple[float, ...] = ()

    def __init__(self, name: str, shapes: tuple[str, ...], valid: Formula | None) -> None:
        self.name = name
        self.shapes = shapes
        self.valid = valid or _all_positive

    def _parameters(self, method: str, args: tuple[Any, ...], named: dict[str, Any]) -> list[Any]:
        """All parameters in order, by position or by name; NaN where the distribution cannot have them."""
        names = (*self.shapes, *self.others)
        given = dict(zip(self.others, self.defaults, strict=True))
        given |= dict(zip(names, args, strict=False)) | named
        missing = [name for name in self.shapes if name not in given]
        extra = [name for name in named if name not in names or name in names[: len(args)]]
        if missing or extra or len(args) > len(names):
            got = f"{len(args)} by position, and by name {', '.join(named) or 'none'}"
            call = f"{self.name}.{method}(x, {', '.join(names)})"
            raise errors.bad_argument(f"{self.name}.{method}", f"the parameters {', '.join(names)}", got, call)
        return [given[name] for name in names]

    def _invalid(self, parameters: list[Any]) -> Any:
        """Where the parameters are none that the distribution can have."""
        return self.valid(*map(data, parameters)) == 0


def _all_positive(*parameters: Any) -> Any:
    """Whether all are above 0."""
    together: Any = True
    for p in parameters:
        together = together & (p > 0)
    return together


def _spoilt(parameters: list[Any], invalid: Any) -> list[Any]:
    """The parameters, NaN where they are not valid."""
    return [chosen(invalid, math.nan, p) for p in parameters] if np.any(invalid) else parameters


class Continuous(Family):
    """A continuous distribution.

    Args:
        name: SciPy's.
        shapes: the names of its parameters besides ``loc`` and ``scale``.
        logpdf: the logarithm of the density at ``z``.
        cdf: the probability of less than ``z``.
        sf: the probability of more; ``1 - cdf`` if not given.
        logcdf: the logarithm of ``cdf``.
        logsf: the logarithm of ``sf``.
        ppf: the inverse of ``cdf``.
        entropy: the differential entropy, a function of the shapes.
        low: where the support begins.
        high: where it ends.
        begins: whether ``low`` belongs to it.
        inside: a place in it.
    """

    others = ("loc", "scale")
    defaults = (0, 1)

    def __init__(
        self,
        name: str,
        *shapes: str,
        logpdf: Formula,
        cdf: Formula,
        ppf: Formula,
        entropy: Formula,
        sf: Formula | None = None,
        logcdf: Formula | None = None,
        logsf: Formula | None = None,
        low: float = -math.inf,
        high: float = math.inf,
        begins: bool = True,
        inside: float = 0.5,
    ) -> None:
        super().__init__(name, shapes, None)
        self._logpdf, self._cdf, self._ppf, self._entropy = logpdf, cdf, ppf, entropy
        self._sf = sf or (lambda z, *shapes: 1 - cdf(z, *shapes))
        self._logcdf = logcdf or (lambda z, *shapes: log(cdf(z, *shapes)))
        self._logsf = logsf or (lambda z, *shapes: log(self._sf(z, *shapes)))
        self.low, self.high, self.begins, self.inside = low, high, begins, inside

    def logpdf(self, x: Any, *args: Any, **named: Any) -> Any:
        """The logarithm of the density at ``x``; the parameters follow as in SciPy, ``loc`` and ``scale`` last."""

        def formula(z: Any, scale: Any, *shapes: Any) -> Any:
            return self._logpdf(z, *shapes) - log(scale)

        return self._masked("logpdf", formula, -math.inf, -math.inf, x, args, named)

    def pdf(self, x: Any, *args: Any, **named: Any) -> Any:
        """The density at ``x``."""
        return exp(self.logpdf(x, *args, **named))

    def cdf(self, x: Any, *args: Any, **named: Any) -> Any:
        """The probability of at most ``x``."""
        return self._masked("cdf", _standard(self._cdf), 0, 1, x, args, named)

    def sf(self, x: Any, *args: Any, **named: Any) -> Any:
        """The probability of more than ``x``."""
        return self._masked("sf", _standard(self._sf), 1, 0, x, args, named)

    def logcdf(self, x: Any, *args: Any, **named: Any) -> Any:
        """The logarithm of the probability of at most ``x``."""
        return self._masked("logcdf", _standard(self._logcdf), -math.inf, 0, x, args, named)

    def logsf(self, x: Any, *args: Any, **named: Any) -> Any:
        """The logarithm of the probability of more than ``x``."""
        return self._masked("logsf", _standard(self._logsf), 0, -math.inf, x, args, named)

    def ppf(self, q: Any, *args: Any, **named: Any) -> Any:
        """The ``x`` of which the probability of at most ``x`` is ``q``; with uniform ``q`` a sample."""
        q, *shapes, loc, scale = _alike(q, *self._parameters("ppf", args, named))
        invalid = self._invalid([*shapes, scale]) | (data(q) < 0) | (data(q) > 1)
        *shapes, scale = _spoilt([*shapes, scale], invalid)
        lowest, highest = data(q) <= 0, data(q) >= 1
        endless = (lowest & (self.low == -math.inf)) | (highest & (self.high == math.inf))
        with np.errstate(all="ignore"):
            z = self._ppf(chosen(endless | invalid, 0.5, q), *shapes)
            return chosen(endless & lowest, self.low, chosen(endless & highest, self.high, z)) * scale + loc

    def entropy(self, *args: Any, **named: Any) -> Any:
        """The differential entropy, the mean of ``-logpdf``."""
        *shapes, _, scale = _alike(*self._parameters("entropy", args, named))
        *shapes, scale = _spoilt([*shapes, scale], self._invalid([*shapes, scale]))
        return self._entropy(*shapes) + log(scale)

    def _masked(
        self, method: str, formula: Formula, below: float, above: float, x: Any, args: Any, named: dict[str, Any]
    ) -> Any:
        """``formula`` inside the support, and a number on each side of it."""
        x, *shapes, loc, scale = _alike(x, *self._parameters(method, args, named))
        invalid = self._invalid([*shapes, scale])
        *shapes, scale = _spoilt([*shapes, scale], invalid)
        z = (x - loc) / scale
        under = (z < self.low) if self.begins else (z <= self.low)
        over = z > self.high
        with np.errstate(all="ignore"):
            bounded = self.low > -math.inf
            y = formula(chosen(under | over, self.inside, z) if bounded else z, scale, *shapes)
            return chosen(over, above, chosen(under, below, y)) if bounded else y


def _standard(formula: Formula) -> Formula:
    """A formula that does not depend on the scale."""
    return lambda z, scale, *shapes: formula(z, *shapes)


class Discrete(Family):
    """A distribution of whole numbers.

    Args:
        name: SciPy's.
        shapes: the names of its parameters besides ``loc``.
        logpmf: the logarithm of the probability of ``k``.
        cdf: the probability of at most ``k``.
        sf: the probability of more than ``k``.
        valid: whether the parameters are such that the distribution can have.
        low: the least number.
        high: the greatest, a function of the parameters.
    """

    others = ("loc",)
    defaults = (0,)

    def __init__(
        self,
        name: str,
        *shapes: str,
        logpmf: Formula,
        cdf: Formula,
        sf: Formula,
        valid: Formula,
        low: int = 0,
        high: Formula = lambda *shapes: math.inf,
    ) -> None:
        super().__init__(name, shapes, valid)
        self._logpmf, self._cdf, self._sf = logpmf, cdf, sf
        self.low, self.high = low, high

    def logpmf(self, k: Any, *args: Any, **named: Any) -> Any:
        """The logarithm of the probability of ``k``; the parameters follow as in SciPy, ``loc`` last."""
        k, shapes = self._shifted("logpmf", k, args, named)
        with np.errstate(all="ignore"):
            outside = (k < self.low) | (k > self.high(*map(data, shapes))) | (k % 1 > 0)
            return chosen(outside, -math.inf, self._logpmf(chosen(outside, self.low, k), *shapes))

    def pmf(self, k: Any, *args: Any, **named: Any) -> Any:
        """The probability of ``k``."""
        return exp(self.logpmf(k, *args, **named))

    def cdf(self, k: Any, *args: Any, **named: Any) -> Any:
        """The probability of at most ``k``."""
        return self._summed("cdf", self._cdf, 0, 1, k, args, named)

    def sf(self, k: Any, *args: Any, **named: Any) -> Any:
        """The probability of more than ``k``."""
        return self._summed("sf", self._sf, 1, 0, k, args, named)

    def logcdf(self, k: Any, *args: Any, **named: Any) -> Any:
        """The logarithm of the probability of at most ``k``."""
        return self._logarithm(self.cdf(k, *args, **named))

    def logsf(self, k: Any, *args: Any, **named: Any) -> Any:
        """The logarithm of the probability of more than ``k``."""
        return self._logarithm(self.sf(k, *args, **named))

    def _logarithm(self, p: Any) -> Any:
        """``log(p)``, and ``-inf`` without a gradient where ``p`` is 0."""
        never = p <= 0
        return chosen(never, -math.inf, log(chosen(never, 1, p)))

    def _summed(
        self, method: str, formula: Formula, below: float, above: float, k: Any, args: Any, named: dict[str, Any]
    ) -> Any:
        """``formula`` of the whole number below ``k``, and a number on each side of the support."""
        k, shapes = self._shifted(method, k, args, named)
        under, over = k < self.low, k >= self.high(*map(data, shapes))
        with np.errstate(all="ignore"):
            y = formula(chosen(under | over, self.low, k) // 1, *shapes)
            return chosen(over, above, chosen(under, below, y))

    def _shifted(self, method: str, k: Any, args: Any, named: dict[str, Any]) -> tuple[Any, list[Any]]:
        """``k - loc``, plain numbers, and the parameters."""
        k, *shapes, loc = _alike(k, *self._parameters(method, args, named))
        if isinstance(k, Node) and k.requires_grad:
            raise errors.bad_argument(
                f"{self.name}.{method}(k)", "whole numbers k, which have no gradient",
                f"{errors.describe(k)} that requires one", "k.data, or Tensor(k, requires_grad=False)",
            )  # fmt: skip
        invalid = self._invalid(shapes)
        k, *shapes = _spoilt([data(k) - data(loc), *shapes], invalid)
        return k, shapes
