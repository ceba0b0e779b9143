"""PyTorch as an oracle for initialisers: what they draw from, and what they fill without drawing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from autograd import Tensor
from nn import init

torch = pytest.importorskip("torch")

SHAPES = [(5, 3), (4, 6, 3), (4, 2, 3, 3)]
NONLINEARITIES = [
    *(f"conv{t}{d}d" for t in ("", "_transpose") for d in (1, 2, 3)),
    "linear",
    "sigmoid",
    "tanh",
    "relu",
    "selu",
]


class Asked(np.random.Generator):
    """A generator that keeps what it was asked for, in place of numbers."""

    def __init__(self) -> None:
        super().__init__(np.random.PCG64(0))
        self.range: tuple[float, float] = (0.0, 0.0)

    def uniform(self, *args: Any, **kwargs: Any) -> Any:
        a, b, shape = args
        self.range = (a, b)
        return np.zeros(shape)

    normal = uniform


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """What PyTorch asks its generator for."""
    theirs = Asked()

    def drawn(tensor: Any, a: float, b: float, generator: Any = None) -> Any:
        theirs.uniform(a, b, ())
        return tensor

    for name in ("uniform_", "normal_"):
        monkeypatch.setattr(torch.Tensor, name, drawn)
    return theirs


@pytest.mark.parametrize("nonlinearity", NONLINEARITIES)
def test_gain(nonlinearity: str) -> None:
    assert init.calculate_gain(nonlinearity) == pytest.approx(torch.nn.init.calculate_gain(nonlinearity), rel=1e-15)


@pytest.mark.parametrize("param", [None, 0.0, 0.2, 1])
def test_gain_of_the_leaky_relu(param: Any) -> None:
    theirs = torch.nn.init.calculate_gain("leaky_relu", param)
    assert init.calculate_gain("leaky_relu", param) == pytest.approx(theirs, rel=1e-15)


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("uniform_", {"a": -0.5, "b": 2.0}),
        ("normal_", {"mean": 1.0, "std": 0.5}),
        *((f"xavier_{kind}_", more) for kind in ("uniform", "normal") for more in ({}, {"gain": 1.5})),
        *(
            (f"kaiming_{kind}_", more)
            for kind in ("uniform", "normal")
            for more in ({}, {"a": 5**0.5}, {"mode": "fan_out"}, {"nonlinearity": "tanh"}, {"nonlinearity": "relu"})
        ),
    ],
)
def test_what_is_drawn_from(name: str, options: Any, shape: Any, asked: Asked) -> None:
    ours: Any = Asked()
    getattr(init, name)(Tensor(np.ones(shape)), **options, rng=ours)
    getattr(torch.nn.init, name)(torch.empty(shape), **options)
    assert asked.range == pytest.approx(ours.range, rel=1e-15)
    assert asked.range != (0.0, 0.0)


@pytest.mark.parametrize(
    ("name", "shape", "options"),
    [
        ("constant_", (2, 3), {"val": 0.5}),
        ("zeros_", (2,), {}),
        ("ones_", (2, 2), {}),
        ("eye_", (3, 5), {}),
        ("eye_", (5, 3), {}),
        *(("dirac_", shape, {}) for shape in ((3, 5, 3), (5, 3, 4, 3), (4, 2, 3, 3, 3), (4, 2, 1))),
        ("dirac_", (6, 2, 3, 3), {"groups": 3}),
        ("dirac_", (6, 4, 5), {"groups": 2}),
    ],
)
def test_what_is_filled(name: str, shape: Any, options: Any) -> None:
    ours = getattr(init, name)(Tensor(np.full(shape, 7.0)), **options)
    theirs = getattr(torch.nn.init, name)(torch.full(shape, 7.0), **options)
    np.testing.assert_array_equal(ours.data, theirs.numpy())
