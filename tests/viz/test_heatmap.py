"""Arrays as coloured cells: each number is in its cell, each colour on its side of 0."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

import viz
from autograd import Tensor, Value, errors
from viz.cells import BALANCE_DARK, STEPS
from viz.colours import CANVAS, DARK
from viz.overlay import ALARM, BALANCE, blend

from .browser import measured, needs_chromium

SVG = "{http://www.w3.org/2000/svg}"
rng = np.random.default_rng(0)


def cells(svg):
    """What is said of each cell, and its colour."""
    groups = ET.fromstring(svg).iter(f"{SVG}g")
    return {g.findtext(f"{SVG}title"): g.find(f"{SVG}rect").get("fill") for g in groups}


def test_each_number_has_its_cell_and_its_colour():
    x = np.array([[1.0, -2.0, 0.0], [0.5, np.nan, np.inf]])
    found = cells(viz.heatmap(x).to_svg())
    assert found == {
        "[0, 0] 1": blend(BALANCE, 0.75), "[0, 1] -2": BALANCE[0], "[0, 2] 0": BALANCE[4],
        "[1, 0] 0.5": blend(BALANCE, 0.625), "[1, 1] NaN": ALARM, "[1, 2] inf": "#e8590c",
    }  # fmt: skip
    dark = cells(viz.heatmap(x, theme="dark").to_svg())
    assert (dark["[0, 1] -2"], dark["[0, 2] 0"]) == (BALANCE_DARK[0], BALANCE_DARK[4])
    assert cells(viz.heatmap(x, limit=4.0).to_svg())["[0, 1] -2"] == blend(BALANCE, 0.25)


def test_a_tensor_beside_its_gradient():
    x = Tensor([1.0, 2.0], name="x")
    before = viz.heatmap(x, x.grad)
    assert str(before).endswith("x.grad   not computed: no backward pass has been here")
    np.sum(x**2).backward()
    view = viz.heatmap(x, x.grad, Value(3.0, label="v"))
    assert [sheet.name for sheet in view.sheets] == ["x", "x.grad", "v"]
    assert str(view).splitlines()[6].split() == ["0", "2", "4"]
    assert [sheet.name for sheet in viz.heatmap(x, names={"a": x}).sheets] == ["a"]


@pytest.mark.parametrize(
    ("shape", "panels"), [((), 1), ((5,), 1), ((2, 3), 1), ((4, 2, 3), 4), ((2, 3, 4, 4), 6), ((0, 3), 0)]
)
def test_every_number_of_up_to_four_axes_is_there(shape, panels):
    x = rng.normal(size=shape)
    (sheet,) = viz.heatmap(x).sheets
    shown = [panel for row in sheet.panels for panel in row]
    assert len(shown) == panels
    assert [len(row) for row in sheet.panels] == ([3, 3] if len(shape) == 4 else [panels] * bool(panels))
    np.testing.assert_array_equal(np.concatenate([p.cells.ravel() for p in shown] or [[]]), x.ravel())
    ET.fromstring(viz.heatmap(x).to_svg())


def test_large_arrays_are_folded_to_what_is_farthest_from_zero():
    x = rng.normal(size=(100, 65))
    x[50, 3] = np.nan
    x[0, 64] = -np.inf
    (sheet,) = viz.heatmap(x, max_cells=10).sheets
    ((panel,),) = sheet.panels
    assert (panel.block, panel.cells.shape) == ((10, 7), (10, 10))
    block = x[20:30, 14:21].ravel()
    assert panel.cells[2, 2] == block[np.abs(block).argmax()]
    assert np.argwhere(np.isnan(panel.cells)).tolist() == [[5, 0]]
    assert panel.cells[0, 9] == -np.inf
    assert "a cell is a block of 10 by 7: what in it is farthest from 0" in str(viz.heatmap(x, max_cells=10))
    assert "4 further matrices not shown" in str(viz.heatmap(np.zeros((20, 2, 2))))


def test_marks_where_there_is_no_room_for_words():
    x = np.zeros((20, 20))
    x[3, 4], x[5, 6] = np.nan, np.inf
    paths = re.findall(r'<path d="([^"]+)"', viz.heatmap(x).to_svg())
    assert sorted(path.count("M") for path in paths) == [1, 2]


def test_what_a_notebook_and_a_file_get(tmp_path):
    view = viz.heatmap(np.eye(2))
    assert set(view._repr_mimebundle_()) == {"image/svg+xml", "text/plain"}
    assert view.save(tmp_path / "x.svg").read_text(encoding="utf-8") == view.to_svg()
    assert view.save(tmp_path / "x.txt").read_text(encoding="utf-8") == f"{view}\n"
    assert repr(view).startswith("<ArrayView of array")
    assert viz.heatmap(np.array([True, False])).sheets[0].panels[0][0].cells.tolist() == [[1.0, 0.0]]


def test_names_are_only_names():
    svg = viz.heatmap(Tensor([1.0], name="<script>alert(1)</script>\n&")).to_svg()
    assert "<script" not in svg
    ET.fromstring(svg)


@needs_chromium
@pytest.mark.parametrize("dark", [False, True])
def test_on_a_dark_page_it_is_dark(dark):
    script = "return [...document.querySelectorAll('svg rect')].map(x => getComputedStyle(x).fill)"
    fills = measured(viz.heatmap(np.array([0.0, 1.0])).to_svg() * 2, script, dark=dark)
    colours = [DARK[CANVAS], BALANCE_DARK[4]] if dark else [CANVAS, BALANCE[4]]
    assert fills[:2] == [f"rgb({', '.join(str(int(c[k : k + 2], 16)) for k in (1, 3, 5))})" for c in colours]
    assert fills[: len(fills) // 2] == fills[len(fills) // 2 :]


def test_the_scale_is_even():
    assert blend(BALANCE, STEPS / (2 * STEPS)) == BALANCE[len(BALANCE) // 2]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: viz.heatmap(), "at least one array"),
        (lambda: viz.heatmap(np.zeros((1,) * 5)), "5 axes in array"),
        (lambda: viz.heatmap(np.array([1j])), "complex128 numbers in array"),
        (lambda: viz.heatmap(np.array(["a"])), "<U1 numbers in array"),
        (lambda: viz.heatmap(1.0, limit=0), "a number above 0"),
        (lambda: viz.heatmap(1.0, max_cells=1), "a whole number, 2 or more"),
        (lambda: viz.heatmap(1.0, theme="blue"), "'light' or 'dark'"),
        (lambda: viz.heatmap(1.0, fmt="q"), "a format of numbers"),
        (lambda: viz.heatmap(1.0).save("x.gif"), "ends in .svg or .txt"),
    ],
)
def test_what_cannot_be_shown_says_why(call, words):
    with pytest.raises(errors.ArgumentError, match="cure: ") as caught:
        call()
    assert words in str(caught.value)
