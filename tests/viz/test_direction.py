"""Which way a picture runs: across where that fits a page, else down, else whichever is narrower."""

from __future__ import annotations

import re

import pytest

import viz
from autograd import Value
from examples.pictures import pictures
from viz.direction import levels

from .graphs import diamond, neuron

PAGE = 1000


def chain(length):
    y = Value(1.0)
    for _ in range(length):
        y = y.tanh()
    return y


def fan(width):
    """Many operands of one sum of products: it is wide from top to bottom."""
    y = Value(0.0)
    products = [Value(1.0 + i) * Value(2.0) for i in range(width)]
    while len(products) > 1:
        products = [a + b for a, b in zip(products[::2], products[1::2], strict=True)]
    return y + products[0]


@pytest.mark.parametrize(
    ("root", "way"),
    [(diamond()[0], "LR"), (neuron()[0], "TB"), (chain(3), "LR"), (chain(30), "TB"), (fan(16), "LR"), (Value(1), "LR")],
)
def test_direction(root, way):
    assert viz.draw_graph(root).picture.direction == way
    for given in ("LR", "TB"):
        assert viz.draw_graph(root, direction=given).picture.direction == given


def width(view):
    """The width of the SVG in pixels."""
    return float(re.search(r'<svg width="([\d.]+)pt"', view.to_svg())[1]) * 4 / 3


@pytest.mark.parametrize("name", pictures())
def test_the_pictures_of_the_documents_fit_a_page(name):
    assert width(pictures()[name]) < PAGE


def test_a_graph_that_fits_neither_way_takes_the_narrower():
    for root in (fan(16), chain(30)):
        taken = viz.draw_graph(root)
        other = viz.draw_graph(root, direction="TB" if taken.picture.direction == "LR" else "LR")
        assert width(taken) < width(other)


def test_an_operand_stands_just_before_its_first_result():
    picture = viz.draw_graph(neuron()[0]).picture
    level = levels(picture.boxes, picture.arrows)
    named = {box.name: level[box.key] for box in picture.boxes}
    assert named == {"x1": 0, "w1": 0, "v1": 1, "x2": 0, "w2": 0, "v2": 1, "v3": 2, "b": 2, "n": 3, "o": 4}
