"""The renderers that may be there."""

from __future__ import annotations

import shutil

import pytest

from viz import render

RENDERERS = [
    pytest.param("pure", marks=pytest.mark.skipif(render._pure() is None, reason="graphviz-pure is not installed")),
    pytest.param("dot", marks=pytest.mark.skipif(shutil.which("dot") is None, reason="no dot on the PATH")),
]


@pytest.fixture(params=RENDERERS)
def renderer(request, monkeypatch):
    """Only this one is there."""
    executable = render._pure() if request.param == "pure" else shutil.which("dot")
    monkeypatch.setattr(render, "renderers", lambda format="svg": [executable])
    return request.param
