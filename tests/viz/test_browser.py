"""In a browser: text stays in its box, views on one page leave each other alone, nothing injected runs."""

from __future__ import annotations

import numpy as np
import pytest

import nn
import viz
from autograd import Tensor, Value
from viz.colours import CANVAS, DARK

from .browser import inline, measured, needs_chromium
from .graphs import diamond, named, network, neuron
from .test_draw import HOSTILE
from .test_formats import EVIL

pytestmark = needs_chromium

OUTSIDE = """
    const outside = [];
    for (const node of document.querySelectorAll('g.node')) {
        const shape = node.querySelector('polygon, path').getBBox();
        for (const text of node.querySelectorAll('text')) {
            const box = text.getBBox();
            box.width = text.getSubStringLength(0, text.textContent.trimEnd().length);  // spaces only make room
            const over = Math.max(shape.x - box.x, box.x + box.width - shape.x - shape.width,
                                  shape.y - box.y, box.y + box.height - shape.y - shape.height);
            if (over > 0.5) outside.push([text.textContent, over]);
        }
    }
    return outside;
"""

ACROSS = """
    const across = [];
    for (const node of document.querySelectorAll('g.node')) {
        const texts = [...node.querySelectorAll('text')].map(t => [t.textContent, t.getBBox()]);
        for (const [i, [one, a]] of texts.entries())
            for (const [other, b] of texts.slice(i + 1)) {
                const dx = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
                const dy = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
                if (dx > 1.5 && dy > 5) across.push([one, other, dx, dy]);
            }
    }
    return across;
"""


STRUCK = """
    const struck = [];
    const edges = [...document.querySelectorAll('svg')].map(svg => [...svg.querySelectorAll('g.edge')]);
    for (const group of edges) for (const [i, edge] of group.entries())
        for (const text of edge.querySelectorAll('text')) {
            const box = text.getBBox();
            const inside = p => p.x > box.x + 1 && p.x < box.x + box.width - 1
                && p.y > box.y + 2 && p.y < box.y + box.height - 3;
            for (const other of group.slice(i)) {
                const path = other.querySelector('path'), length = path.getTotalLength();
                for (let at = 0; at < length; at += 1)
                    if (inside(path.getPointAtLength(at))) { struck.push(text.textContent); break; }
            }
        }
    return struck;
"""

LAID_OVER = """
    const over = [];
    for (const svg of document.querySelectorAll('svg')) {
        const boxes = [...svg.querySelectorAll('g.node')].map(n => n.querySelector('polygon, path').getBBox());
        const words = [...svg.querySelectorAll('g.edge text')];
        for (const [i, word] of words.entries()) {
            const a = word.getBBox();
            const meets = b => Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x) > 2
                && Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y) > 5;
            if (boxes.some(meets) || words.slice(i + 1).some(w => meets(w.getBBox()))) over.push(word.textContent);
        }
    }
    return over;
"""


def hostile():
    """One node for each name that has made a drawing break."""
    y = Value(1.0, label="start")
    for i, name in enumerate([*HOSTILE, *EVIL, "w" * 60, "日本語の変数", "ÄÖÜ äöü", "∂L/∂w"]):
        y = y * Value(1.0 + i / 7, label=name)
    y.backward()
    return viz.draw_graph(y, direction="LR")


def loss_of_network():
    """A classifier, its loss, and gradients."""
    nn.manual_seed(0)
    x, y = nn.datasets.make_moons(20, noise=0.1, seed=0)
    loss = nn.cross_entropy(nn.MLP(2, 16, 16, 2)(x), y)
    loss.backward()
    return loss


def views():
    """The main views."""
    o, leaves = neuron()
    o.backward()
    loss, given = network()
    loss.backward()
    whole = loss_of_network()
    return {
        "neuron": viz.draw_graph(o),
        "dashes": viz.draw_graph(neuron()[0]),
        "tensors": viz.draw_graph(loss, names=given),
        "network": viz.draw_graph(whole),
        "modules": viz.draw_graph(whole, collapse=1),
        "health": viz.draw_graph(whole, overlay="health"),
        "values": viz.draw_graph(o, overlay="value", wrt=leaves["w1"]),
        "ill": viz.draw_graph(named(Tensor(np.array([np.nan, np.inf, 1.0])) * 2, "y"), overlay="health"),
        "hostile": hostile(),
    }


def page():
    """All views on one page, each in a part of its own."""
    return "".join(f'<div class="{kind}">{inline(view.to_svg())}</div>' for kind, view in views().items())


def test_no_text_leaves_its_box(renderer):
    assert measured(page(), OUTSIDE) == []


def test_no_text_lies_on_another():
    assert measured(page(), ACROSS) == []


def test_no_label_lies_on_a_box_or_on_another():
    assert measured(page(), LAID_OVER) == []


def test_no_arrow_strikes_through_a_label():
    assert measured(page(), STRUCK) == []


def test_nothing_injected_runs():
    code = "window.alert = () => { window.ran = true; };"
    svg = inline(hostile().to_svg())
    script = "return [window.ran === true, document.querySelectorAll('svg script, svg [onload], svg image').length];"
    assert measured(f"<script>{code}</script>{svg}", script) == [False, 0]


LOOK = """
    return [...document.querySelectorAll('svg')].map(svg =>
        [...svg.querySelectorAll('polygon, path, text')].map(x => {
            const look = getComputedStyle(x);
            return [look.fill, look.stroke, look.fontFamily];
        }));
"""


@pytest.mark.parametrize("dark", [False, True])
def test_two_views_on_one_page_look_as_each_alone(dark):
    pictures = [
        inline(viz.draw_graph(diamond()[0], theme=theme, direction=direction).to_svg())
        for theme, direction in (("auto", "LR"), ("dark", "TB"))
    ]
    alone = [measured(picture, LOOK, dark=dark)[0] for picture in pictures]
    assert measured("".join(pictures), LOOK, dark=dark) == alone


def rgb(colour):
    """A colour as a browser names it."""
    return f"rgb({', '.join(str(int(colour[k : k + 2], 16)) for k in (1, 3, 5))})"


def test_a_page_in_the_dark_has_the_dark_colours():
    svg = inline(viz.draw_graph(diamond()[0]).to_svg())
    light, dark = ({fill for fill, *_ in measured(svg, LOOK, dark=dark)[0]} for dark in (False, True))
    expected = {rgb(colour): rgb(other) for colour, other in DARK.items()}
    assert {expected.get(colour, colour) for colour in light} == dark
    assert not dark & expected.keys()


def test_svg_in_an_image_is_shown():
    """JupyterLab puts SVG into an image; GitHub too."""
    import base64

    svg = base64.b64encode(viz.draw_graph(diamond()[0]).to_svg().encode()).decode()
    size = measured(
        f'<img id="i" src="data:image/svg+xml;base64,{svg}">',
        "const i = document.getElementById('i'); return [i.complete, i.naturalWidth > 300, i.naturalHeight > 100];",
    )
    assert size == [True, True, True]


STRIPPED = "document.querySelectorAll('svg style, svg script').forEach(x => x.remove());"


@pytest.mark.parametrize("dark", [False, True])
def test_without_styles_a_picture_looks_as_in_the_light(dark):
    """What GitHub and others take away; the ground is the picture's own, so that any page may be below it."""
    svg = inline(viz.draw_graph(diamond()[0]).to_svg())
    stripped = measured(f'<div style="background: black">{svg}</div>', STRIPPED + LOOK, dark=dark)
    assert stripped == measured(svg, LOOK)
    ground, *_ = stripped[0]
    assert ground[0] == rgb(CANVAS)
