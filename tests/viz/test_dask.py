"""Graphs over Dask's arrays are shown as those in memory are: what is shown is computed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from autograd import Tensor
from viz import diagnose, draw_graph, explain, step_through

da = pytest.importorskip("dask.array")

STYLES = ("sum", "paths", "table", "formula", "program")
VIEWS: dict[str, Callable[[Any, Any], Any]] = {
    **{style: lambda y, w, s=style: explain(y, w, style=s) for style in STYLES},
    "check": lambda y, w: explain(y, w).check(),
    "diagnose": lambda y, _: diagnose(y),
    "draw": lambda y, _: draw_graph(y)._repr_mimebundle_(),
    "step": lambda y, _: step_through(y),
}


def shown(view: Callable[[Any, Any], Any], array: Any, walks: bool) -> str:
    x, w = Tensor(array, name="x"), Tensor(np.ones(3), name="w")
    y = (np.tanh(x @ w) ** 2).sum()
    if walks:
        y.backward()
    return str(view(y, w))


@pytest.mark.parametrize("walks", [False, True])
@pytest.mark.parametrize("view", VIEWS)
def test_lazy_arrays_are_shown_as_those_in_memory(view: str, walks: bool) -> None:
    array = np.random.default_rng(0).random((2, 3))
    lazy = da.from_array(array, chunks=(1, 2))
    assert shown(VIEWS[view], lazy, walks) == shown(VIEWS[view], array, walks)
