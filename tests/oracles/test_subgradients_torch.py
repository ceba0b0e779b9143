"""The published conventions are PyTorch's, wherever it has the function and a finite number for it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import subgradients

torch = pytest.importorskip("torch")

THEIRS: dict[str, Any] = {
    "np.abs(x)": torch.abs,
    "relu(x)": torch.relu,
    "np.clip(x, -1, 1)": lambda t: torch.clip(t, -1, 1),
    "np.copysign(x, -1.0)": lambda t: torch.copysign(t, torch.tensor(-1.0)),
    "np.maximum(x[0], x[1])": lambda t: torch.maximum(t[0], t[1]),
    "np.minimum(x[0], x[1])": lambda t: torch.minimum(t[0], t[1]),
    "np.max(x)": torch.amax,
    "np.min(x)": torch.amin,
    "np.ptp(x)": lambda t: torch.amax(t) - torch.amin(t),
    "np.sort(x)[0]": lambda t: torch.sort(t, stable=True).values[0],
    "np.sign(x)": torch.sign,
    "np.floor(x)": torch.floor,
    "np.ceil(x)": torch.ceil,
    "np.trunc(x)": torch.trunc,
    "np.round(x)": torch.round,
    "np.floor_divide(x, 2.0)": lambda t: torch.div(t, 2.0, rounding_mode="floor"),
    "np.remainder(x, 2.0)": lambda t: torch.remainder(t, 2.0),
    "np.fmod(x, 2.0)": lambda t: torch.fmod(t, 2.0),
    "np.modf(x)[0]": torch.frac,
    "np.where(x > 0, x**2, -x)": lambda t: torch.where(t > 0, t**2, -t),
    "np.nan_to_num(x)": torch.nan_to_num,
    "np.linalg.norm(x)": torch.linalg.norm,
    "np.linalg.norm(x, 1)": lambda t: torch.linalg.norm(t, 1),
    "np.linalg.norm(x, np.inf)": lambda t: torch.linalg.norm(t, torch.inf),
    "np.arctan2(x[0], x[1])": lambda t: torch.atan2(t[0], t[1]),
    "np.std(x)": lambda t: torch.std(t, correction=0),
    "np.sqrt(x)": torch.sqrt,
    "np.log(x)": torch.log,
    "np.arcsin(x)": torch.asin,
    "np.arccos(x)": torch.acos,
    "x**0.5": lambda t: t**0.5,
    "x**0": lambda t: t**0,
    "0.0**x": lambda t: torch.pow(0.0, t),
    "np.linalg.eigvalsh(x)[0]": lambda t: torch.linalg.eigvalsh(t)[0],
    "np.linalg.svd(x)[1].sum()": lambda t: torch.linalg.svd(t)[1].sum(),
    "np.quantile(x, 0.75)": lambda t: torch.quantile(t, 0.75),
    "np.fmax(x[0], x[1])": lambda t: torch.fmax(t[0], t[1]),
    "np.fmin(x[0], x[1])": lambda t: torch.fmin(t[0], t[1]),
}

NAN_THERE: dict[str, Any] = {
    "np.sqrt(x**2)": lambda t: torch.sqrt(t**2),
    "np.logaddexp(x[0], x[1])": lambda t: torch.logaddexp(t[0], t[1]),
    "np.hypot(x[0], x[1])": lambda t: torch.hypot(t[0], t[1]),
    "np.sqrt(x)**2": lambda t: torch.sqrt(t) ** 2,
    "np.linalg.eigh(x)[1].sum()": lambda t: torch.linalg.eigh(t)[1].sum(),
}

NOT_THERE = {
    "np.interp(x, [0.0, 1.0, 2.0], [0.0, 1.0, 5.0])": "no such function",
    "np.unique(x).sum()": "no derivative",
    "np.heaviside(x, 0.5)": "no derivative",
    "np.cbrt(x)": "no such function",
    "np.median(x)": "takes the lower of two, and any of equal elements",
}


def gradient(f: Any, at: Any) -> Any:
    x = torch.tensor(at, dtype=torch.float64, requires_grad=True)
    y = f(x).sum()
    return torch.autograd.grad(y, x)[0].numpy() if y.requires_grad else np.zeros(np.shape(at))


@pytest.mark.parametrize("convention", subgradients.CONVENTIONS, ids=lambda c: c.formula)
def test_convention(convention: Any) -> None:
    ours = subgradients.derivative(convention)
    if convention.formula in THEIRS:
        np.testing.assert_array_equal(ours, gradient(THEIRS[convention.formula], convention.at))
    elif convention.formula in NAN_THERE:
        assert np.isfinite(ours).all()
        assert not np.isfinite(gradient(NAN_THERE[convention.formula], convention.at)).all()
    else:
        assert convention.formula in NOT_THERE
