"""The pictures in the documents are what ``make pictures`` draws, and notebooks show what they can."""

from __future__ import annotations

import re

import numpy as np
import pytest

import viz
from examples import schedules
from examples.pictures import PICTURES, heat, pictures, stepping

from .graphs import diamond, read

VIEWS = pictures()


def test_every_picture_is_there():
    others = {"bench", "schedules", "heatmap", "stepping"}
    assert {path.stem for path in PICTURES.glob("*.svg")} - others == set(VIEWS)


@pytest.mark.parametrize("name", VIEWS)
def test_pictures_are_up_to_date(name):
    saved, drawn = read((PICTURES / f"{name}.svg").read_text(encoding="utf-8")), read(VIEWS[name].to_svg())
    assert saved.nodes.keys() == drawn.nodes.keys()
    assert saved.edges == drawn.edges
    assert re.sub(r"\s", "", saved.words) == re.sub(r"\s", "", drawn.words)


def test_the_picture_of_the_schedules_is_up_to_date():
    assert set(schedules.SCHEDULES) == set(schedules.s.__all__) - {"LRScheduler"}
    assert (PICTURES / "schedules.svg").read_text(encoding="utf-8") == schedules.picture()
    assert "pictures/schedules.svg" in (PICTURES.parent / "training.md").read_text(encoding="utf-8")


def test_the_pages_show_every_picture():
    pages = [(PICTURES.parent / f"{name}.md").read_text(encoding="utf-8") for name in ("README", "seeing", "finding")]
    shown = set(re.findall(r"pictures/(\w+)\.svg", "".join(pages)))
    assert shown | {"neuron", "bench"} >= {*VIEWS, "heatmap"}


def test_the_heatmap_is_up_to_date():
    with np.errstate(all="ignore"):
        assert (PICTURES / "heatmap.svg").read_text(encoding="utf-8") == heat().to_svg()


def test_the_picture_of_a_step_is_up_to_date():
    assert (PICTURES / "stepping.svg").read_text(encoding="utf-8") == stepping()
    assert "pictures/stepping.svg" in (PICTURES.parent / "stepping.md").read_text(encoding="utf-8")


def test_ipython_gets_what_it_can_show():
    interactive = pytest.importorskip("IPython.core.interactiveshell")
    formatter = interactive.InteractiveShell().display_formatter
    data, _ = formatter.format(viz.draw_graph(diamond()[0]))
    assert set(data) == {"image/svg+xml", "image/png", "text/plain"}
    data, _ = formatter.format(viz.explain(*diamond()))
    assert set(data) == {"text/markdown", "text/latex", "text/plain"}
    for style in ("paths", "table", "formula", "program"):
        assert formatter.format(viz.explain(*diamond(), style=style))[0]["text/markdown"].startswith("### ")
