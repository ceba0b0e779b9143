"""What a refused plain number is told to be instead; where it is refused is among the traps."""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable

import pytest

from autograd import Tensor, errors

CURES: list[tuple[Callable[[Tensor], object], str]] = [
    (lambda t: math.sin(t), r"np.sin\(t\), which records; math.sin\(t.item\(\)\)"),
    (lambda t: math.atan2(t, 1.0), r"np.arctan2\(t\)"),
    (lambda t: math.fsum([t, t]), r"np.sum\(t\)"),
    (lambda t: cmath.phase(t), r"np.angle\(t\)"),
    (lambda t: math.erf(t), r"autograd.scipy.special.erf\(t\)"),
    (lambda t: math.lgamma(t), r"autograd.scipy.special.gammaln\(t\)"),
    (lambda t: math.ulp(t), "a function of NumPy's, which records"),
]


@pytest.mark.parametrize(("function", "cure"), CURES, ids=[cure for _, cure in CURES])
def test_the_cure_is_a_function_that_is_there(function: Callable[[Tensor], object], cure: str) -> None:
    with pytest.raises(errors.LeftGraphError, match=f"cure: .*{cure}"):
        function(Tensor(0.5))
