"""Every way in which a picture leaves the house, with each renderer and with none."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import sys
import xml.etree.ElementTree as ET
from types import SimpleNamespace

import pytest

import viz
from autograd import Value
from autograd.errors import ArgumentError
from viz import render
from viz.colours import DARK
from viz.derivation import in_ascii
from viz.overlay import ALARM, BALANCE, KINDS, VIRIDIS

from .graphs import SVG, diamond, named, network, neuron, read

EVIL = [
    "</text><script>alert(1)</script>",
    '"]; evil [label="x',
    "<img src=x onerror=alert(1)>",
    "&lt;script&gt;",
    "javascript:alert(1)",
    '" onload="alert(1)',
    "]]><svg onload=alert(1)>",
    "</TABLE>>]; b -> c [label=<",
    "x\"|y|:::leaf; click n1 href 'javascript:alert(1)'",
    "\\input{/etc/passwd}",
    "url(#a) style='fill:red'",
    '%%{init: {"theme": "dark"}}%%',
]


def views():
    """One of each kind of view."""
    o, leaves = neuron()
    o.backward()
    loss, given = network()
    loss.backward()
    return {
        "scalars": viz.draw_graph(o),
        "tensors": viz.draw_graph(loss, names=given),
        "before": viz.draw_graph(neuron()[0]),
        "wrt": viz.draw_graph(o, wrt=leaves["w1"], overlay="value"),
        "grad": viz.draw_graph(loss, names=given, overlay="grad"),
        "health": viz.draw_graph(loss, names=given, overlay="health", theme="dark"),
        "folded": viz.draw_graph(o, max_nodes=3),
        "bare": viz.draw_graph(o, legend=False, show=()),
    }


@pytest.mark.parametrize("kind", views())
def test_each_renderer_draws_each_view(renderer, kind):
    view = views()[kind]
    drawn = read(view.to_svg())
    assert set(drawn.nodes) == {box.key for box in view.picture.boxes}
    assert sorted(e[:2] for e in drawn.edges) == sorted((a.tail, a.head) for a in view.picture.arrows)
    for box in view.picture.boxes:
        words = " ".join(drawn.nodes[box.key])
        assert box.name in words
        for number in (box.data, "" if box.role == "constant" else box.grad):
            assert all(part in words for part in number.split(" in "))
        assert box.terms in words
        assert box.mark is None or box.mark.words in words
    shown = " ".join(words for _, _, words in drawn.edges)
    assert all(a.derivative in shown for a in view.picture.arrows)
    assert all(f"← {a.flow}" in shown for a in view.picture.arrows if a.flow)
    assert view.to_png().startswith(b"\x89PNG")


@pytest.mark.parametrize("kind", views())
def test_without_a_renderer_there_is_text_dot_mermaid_tikz_and_json(monkeypatch, tmp_path, kind):
    monkeypatch.setattr(render, "renderers", lambda format="svg": [])
    view = views()[kind]
    for suffix in (".dot", ".mmd", ".tex", ".json", ".txt"):
        assert view.save(tmp_path / f"g{suffix}").stat().st_size
    bundle = view._repr_mimebundle_()
    assert set(bundle) == {"text/plain"}
    assert bundle["text/plain"].splitlines()[-1].endswith("cure: pip install graphviz-pure)")
    assert view._repr_svg_() is None
    for suffix in (".svg", ".png", ".html"):
        with pytest.raises(render.RenderError, match="pip install graphviz-pure"):
            view.save(tmp_path / f"g{suffix}")


@pytest.mark.skipif(shutil.which("dot") is None, reason="no dot on the PATH")
def test_pdf_with_dot(tmp_path):
    assert viz.draw_graph(neuron()[0]).save(tmp_path / "g.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("kind", views())
def test_json_comes_back(kind):
    view = views()[kind]
    again = viz.GraphView.from_json(view.to_json())
    assert again.picture == view.picture
    assert (again.legend, again.theme) == (view.legend, view.theme)
    assert again.to_dot() == view.to_dot()
    assert json.loads(view.to_json())["format"] == "chainrule picture 1"


@pytest.mark.parametrize("written", ["", "[]", "{}", '{"format": "other"}', '{"format": "chainrule picture 1"}'])
def test_other_json_is_an_error(written):
    with pytest.raises(ArgumentError, match="what to_json"):
        viz.GraphView.from_json(written)


def test_html_is_a_page_that_loads_nothing():
    page = viz.draw_graph(neuron()[0]).to_html()
    assert page.startswith("<!doctype html>")
    outside = [url for url in re.findall(r"https?://[^\"'\s)]+", page) if "www.w3.org" not in url]
    assert outside == []
    assert "<script" not in page
    assert "color-scheme:light dark" in page
    assert "color-scheme:dark" in viz.draw_graph(neuron()[0], theme="dark").to_html()


# Mermaid and TikZ.


def test_mermaid_has_every_node_and_arrow():
    o, _ = neuron()
    o.backward()
    lines = viz.draw_graph(o).to_mermaid().splitlines()
    assert lines[0] == "flowchart TB"
    assert '  n1("<b>x1</b><br/>data 2<br/>grad -0.8412"):::leaf' in lines
    assert sum(" --> " in line or "-->|" in line for line in lines) == 9
    assert '  n1 -->|"∂v1#47;∂x1 = -3<br/>#8592; -0.8412"| n6' in lines


def test_tikz_has_every_node_and_arrow():
    d, _ = diamond()
    d.backward()
    tikz = viz.draw_graph(d).to_tikz()
    assert tikz.count(r"\node[") == 4
    assert tikz.count(r"\draw[") == 4
    assert r"$\partial$b/$\partial$a = 2" in tikz
    assert r"\textcolor{grad}{-5.658 = 0.2822 - 5.94}" in tikz
    a = Value(3.0, label="a")
    assert "to[bend left=20]" in viz.draw_graph(a * a).to_tikz()


def balanced(written):
    depth = 0
    for c in re.sub(r"\\[\\{}]", "", written):
        depth += (c == "{") - (c == "}")
        assert depth >= 0
    return depth == 0


@pytest.mark.parametrize("name", EVIL)
def test_names_cannot_inject_anything(renderer, name):
    a = Value(2.0, label=name)
    c = named(a * 3, name)
    c.backward()
    view = viz.draw_graph(c)
    svg = view.to_svg()
    root = ET.fromstring(re.sub(r"<!DOCTYPE[^>]*>", "", svg))
    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags <= {"svg", "g", "title", "text", "polygon", "path", "polyline", "style", "a", "ellipse"}
    attributes = {attribute for element in root.iter() for attribute in element.attrib}
    assert not any(attribute.lower().startswith("on") for attribute in attributes)
    assert not any("href" in attribute for attribute in attributes)
    drawn = read(svg)
    assert set(drawn.nodes) == {"n1", "n2"}
    assert drawn.nodes["n1"][0].strip() == name
    mermaid = view.to_mermaid()
    assert len([line for line in mermaid.splitlines() if line.startswith("  n")]) == 3
    assert "click" not in re.sub(r'"[^"]*"', "", mermaid)
    assert "<script" not in mermaid
    plain = re.sub(r"</?b>|<br/>", "", mermaid)
    for line in plain.splitlines()[1:4]:
        assert re.fullmatch(r'  n\d(?:[(\[]+"[^"<>|]*"[)\]]+:::\w+| -->\|"[^"<>|]*"\| n\d)', line)
    tikz = view.to_tikz()
    assert "\\input" not in tikz
    assert balanced(tikz)
    assert viz.GraphView.from_json(view.to_json()).picture == view.picture


def test_names_cannot_inject_into_a_derivation():
    for name in EVIL:
        a = Value(2.0, label=name)
        for style in ("sum", "paths", "table", "formula", "program"):
            derivation = viz.explain((a * a).tanh(), a, style=style)
            markdown = re.sub(r"\$\$.*?\$\$|\$[^$]*\$|```.*?```", "", derivation.to_markdown(), flags=re.DOTALL)
            assert not re.search(r"(?<!\\)<", markdown)
            assert "\\input" not in derivation.to_latex()
            assert balanced(derivation.to_latex())


def test_two_views_share_no_identifier():
    first, second = (viz.draw_graph(x).to_svg() for x in (neuron()[0], diamond()[0]))
    ids = [set(re.findall(r'\bid="([^"]+)"', svg)) for svg in (first, second)]
    assert not ids[0] & ids[1]
    assert all(len(found) == svg.count(' id="') for found, svg in zip(ids, (first, second), strict=True))


# Light and dark.


def test_themes():
    light, dark, auto = (viz.draw_graph(neuron()[0], theme=theme) for theme in ("light", "dark", "auto"))
    assert "prefers-color-scheme" not in light.to_svg()
    assert "prefers-color-scheme" not in dark.to_svg()
    assert "prefers-color-scheme" in auto.to_svg()
    for colour in set(re.findall(r'(?:fill|stroke)="(#[0-9a-f]{6})"', dark.to_svg())):
        assert colour in DARK.values()
    assert auto.to_dot() == light.to_dot() != dark.to_dot()


def test_overlay_colours_stay_what_they_are_in_the_dark():
    assert not {*VIRIDIS, *BALANCE, *KINDS.values(), ALARM} & set(DARK)


def test_a_name_that_looks_like_a_colour_stays():
    a = Value(1.0, label='="#fcfcfd"')
    assert read(viz.draw_graph(a * 2, theme="dark").to_svg()).nodes["n1"][0] == '="#fcfcfd"'


# Nothing raises, nothing hangs.


def slow(tmp_path, seconds=30):
    """A renderer that takes its time, unless the graph is folded."""
    script = tmp_path / "slow"
    pure = render._pure() or shutil.which("dot")
    script.write_text(
        f"#!{sys.executable}\nimport subprocess, sys, time\ndot = sys.stdin.buffer.read()\n"
        f"time.sleep(0 if b'folded into' in dot else {seconds})\n"
        f"sys.exit(subprocess.run([{pure!r}, *sys.argv[1:]], input=dot).returncode)\n"
    )
    script.chmod(script.stat().st_mode | stat.S_IEXEC)
    return str(script)


@pytest.mark.skipif(os.name == "nt", reason="needs an executable script")
def test_a_layout_that_takes_too_long_gives_way_to_a_folded_one(tmp_path, monkeypatch):
    y = Value(0.5, label="x")
    for i in range(400):
        y = (y * 1.01).tanh() if i % 3 else y + 0.1
    script = slow(tmp_path)
    monkeypatch.setattr(render, "renderers", lambda format="svg": [script])
    monkeypatch.setattr(render, "TIMEOUT", 2.0)
    view = viz.draw_graph(y, max_nodes=None)
    whole = len(view.picture.boxes)
    drawn = read(view.to_svg())
    assert whole > 600
    assert len(drawn.nodes) < 150
    assert "folded into" in drawn.words


def test_no_repr_ever_raises(monkeypatch):
    view = viz.draw_graph(neuron()[0])
    derivation, digraph = viz.explain(*diamond()), viz.draw_dot(neuron()[0])
    assert set(digraph._repr_mimebundle_()) == {"image/svg+xml", "image/png", "text/plain"}
    for broken in (OSError("disk"), MemoryError(), ValueError("\ud800")):

        def fail(*args, error=broken, **kwargs):
            raise error

        monkeypatch.setattr(render, "render", fail)
        monkeypatch.setattr(type(derivation), "to_latex", fail)
        for drawn in (view, digraph):
            (words,) = drawn._repr_mimebundle_().values()
            assert words.startswith("o = tanh(n)")
            assert words.splitlines()[-1].startswith("(no picture: ")
        assert set(derivation._repr_mimebundle_()) == {"text/plain"}
    assert "GraphView of 10 nodes" in repr(view)


def test_show_prints_outside_notebooks(capsys):
    viz.show(viz.draw_graph(diamond()[0]))
    assert capsys.readouterr().out.startswith("d = b * c")


def test_show_displays_in_notebooks(monkeypatch):
    shown = []
    notebook = SimpleNamespace(get_ipython=lambda: "a notebook", display=shown.append)
    monkeypatch.setitem(sys.modules, "IPython", notebook)
    monkeypatch.setitem(sys.modules, "IPython.display", notebook)
    viz.show(3)
    assert shown == [3]


def test_ascii():
    assert in_ascii("∂y/∂x → ᵀ π") == "dy/dx -> .T \\u03c0"
    for style in ("sum", "paths", "table", "formula", "program"):
        assert viz.explain(*diamond(), style=style).to_text(ascii=True).isascii()
