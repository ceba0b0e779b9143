"""The page of step_through, driven in a browser from a file: what each step shows, and every way to move."""

from __future__ import annotations

import re

import pytest

import viz
from autograd import Value

from .browser import needs_chromium
from .driver import browser
from .graphs import diamond, network, neuron
from .test_draw import HOSTILE
from .test_formats import EVIL
from .test_stepping import classifier, recurrence, shared, squares

pytestmark = needs_chromium

GRADS = """
    Object.fromEntries([...document.querySelectorAll('.box')].map(g =>
        [g.dataset.key, [...g.querySelectorAll('.grad')].map(t => t.textContent).join(' ').trim()]))
"""
COUNT = "document.getElementById('count').textContent"
INSIDE = """
    [...document.querySelectorAll('ACTIVE')].every(g => {
        const b = g.getBoundingClientRect(), s = document.querySelector('.chainrule-board').getBoundingClientRect();
        return b.width > 40 && b.left >= s.left && b.right <= s.right && b.top >= s.top && b.bottom <= s.bottom; })
"""
"""Whether boxes are to be seen as a whole."""

VIEW = "document.querySelector('.chainrule-board').getAttribute('viewBox').split(' ').map(Number)"


@pytest.fixture(scope="module")
def page():
    with browser() as opened:
        opened.size(1280, 800)
        yield opened


@pytest.fixture
def opened(page, tmp_path):
    """Opens a stepper's page; afterwards nothing has been asked for but the file, and nothing complained."""
    path = tmp_path / "steps.html"

    def open_page(stepper, **how):
        stepper.save(path)
        page.open(path, **how)
        return page

    yield open_page
    assert page.requests == [path.as_uri()]
    assert page.complaints == []


def expected(stepper, step):
    """What the boxes show after a step, from the numbers of the engine."""
    gradients = stepper.gradients(step)
    return {
        stepper.passes.keys[v.index]: viz.text.array(gradients[v.node]) if v.node in gradients else "–"
        for v in stepper.passes.graph.vertices
        if not v.constant
    }


@pytest.mark.parametrize("make", [shared, squares, classifier, lambda: network()[0], lambda: neuron()[0]])
def test_each_step_shows_the_engines_gradients_forward_and_back(opened, make):
    stepper = viz.step_through(make())
    page = opened(stepper)
    last = len(stepper.steps) - 1
    for key, order in (("ArrowRight", range(last + 1)), ("ArrowLeft", range(last, -1, -1))):
        for k in order:
            shown = page.run(GRADS)
            wanted = expected(stepper, k)
            assert {box: shown[box] for box in wanted} == wanted
            assert page.run(COUNT) == f"{k} of {last}"
            page.press(key)
    assert page.run(COUNT) == f"0 of {last}"


def test_a_step_is_said_and_lit(opened):
    stepper = viz.step_through(diamond()[0])
    page = opened(stepper)
    page.press("End")
    page.press("ArrowLeft")
    said = page.run("document.getElementById('said').textContent")
    assert "Backward pass, step 4 of 5" in said
    assert "6 × (-0.99) = -5.94 times as fast as a." in said
    assert "grad(a) += grad(c) × ∂c/∂a" in said
    state = """[...document.querySelectorAll('.box.active, .box.source, .arrow.lit')]
        .map(x => x.dataset.key || x.dataset.arrow)"""
    assert sorted(page.run(state)) == ["1", "n1", "n3"]
    assert page.run("document.querySelector('[data-key=n1] .terms').textContent") == "= -5.94 + …"
    page.press("ArrowRight")
    assert page.run("document.querySelector('[data-key=n1] .terms').textContent") == "= -5.94 + 0.2822"


def test_buttons_and_slider(opened):
    page = opened(viz.step_through(diamond()[0]))
    moves = [("next", 1), ("next", 2), ("back", 1), ("last", 8), ("first", 0)]
    for button, at in moves:
        page.click(f"#{button}")
        assert page.run(COUNT) == f"{at} of 8"
    assert page.run("[...document.querySelectorAll('#first, #back')].every(b => b.disabled)")
    page.run("document.getElementById('slider').focus()")
    page.press("ArrowRight")
    page.press("ArrowRight")
    assert page.run(COUNT) == "2 of 8"
    page.click("#slider")
    assert page.run(COUNT) == "4 of 8"
    assert (
        page.run("document.getElementById('slider').getAttribute('aria-valuetext')")
        == "Backward pass, step 1 of 5: seed"
    )
    page.click("#tape li:nth-child(7) button")
    assert page.run(COUNT) == "6 of 8"


def test_play_goes_on_by_itself_and_can_be_paused(opened):
    page = opened(viz.step_through(Value(2.0, label="x") * 3))
    page.run("document.getElementById('speed').value = '4'")
    page.press(" ")
    assert page.run("document.getElementById('play').textContent") == "Pause"
    page.wait(f"{COUNT} === '2 of 3'")
    page.press(" ")
    assert page.run("document.getElementById('play').textContent") == "Play"
    page.click("#play")
    page.wait(f"{COUNT} === '3 of 3' && document.getElementById('play').textContent === 'Play'")
    page.click("#play")  # from the end it begins anew
    assert page.run(COUNT) == "0 of 3"
    page.press("ArrowRight")
    assert page.run("document.getElementById('play').textContent") == "Play"


def test_a_click_on_a_box_shows_its_derivation(opened):
    output, a = diamond()
    page = opened(viz.step_through(output))
    page.click("[data-key=n1]")
    shown = page.run("document.getElementById('derivation').innerText")
    explained = str(viz.explain(output, a))
    for equation in re.findall(r"^  (∂.*)$", explained, re.MULTILINE):
        for side in equation.split(" = "):
            assert side.strip() in shown
    page.click("#derivation .head button")
    assert page.run("document.getElementById('derivation').hidden")
    page.click("#said .node")
    assert not page.run("document.getElementById('derivation').hidden")
    page.press("Escape")
    assert page.run("document.getElementById('derivation').hidden")


def test_search_finds_and_shows(opened):
    page = opened(viz.step_through(recurrence(40)))
    page.press("/")
    for letter in "v100":
        page.press(letter)
    assert page.run("[...document.querySelectorAll('.box.found .name')].map(x => x.textContent)") == ["v100"]
    assert page.run(INSIDE.replace("ACTIVE", ".box.found"))
    page.press("Enter")
    assert "v100" in page.run("document.getElementById('derivation').innerText")


def test_zoom_drag_and_wheel(opened):
    page = opened(viz.step_through(neuron()[0]))
    before = page.run(VIEW)
    page.click("#larger")
    closer = page.run(VIEW)
    assert closer[2] < before[2]
    x, y = page.middle(".chainrule-board")
    page.send("Input.dispatchMouseEvent", type="mouseWheel", x=x, y=y, deltaX=0, deltaY=-200)
    page.wait(f"{VIEW}[2] < {closer[2] - 1}")
    here = page.run(VIEW)
    page.drag((x, y + 150), (60, 30))
    there = page.run(VIEW)
    assert there[0] < here[0]
    assert there[1] < here[1]
    assert there[2] == pytest.approx(here[2], abs=0.02)
    assert page.run("document.getElementById('derivation').hidden")  # a drag is no click
    page.press("0")
    assert page.run(VIEW)[2] > there[2]
    page.press("+")
    page.press("-")


def test_two_fingers_zoom(opened):
    page = opened(viz.step_through(neuron()[0]))
    before = page.run(VIEW)
    x, y = page.middle(".chainrule-board")
    for kind, apart in (("touchStart", 40), ("touchMove", 80), ("touchMove", 120)):
        points = [{"x": x - apart, "y": y, "id": 1}, {"x": x + apart, "y": y, "id": 2}]
        page.send("Input.dispatchTouchEvent", type=kind, touchPoints=points)
    page.send("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])
    page.wait(f"{VIEW}[2] < {before[2] * 0.7}")


def test_the_keyboard_alone_is_enough(opened):
    page = opened(viz.step_through(diamond()[0]))
    reached = []
    for _ in range(40):
        page.press("Tab")
        focused = page.run("(() => { const e = document.activeElement; return e.id || e.dataset.key || e.tagName; })()")
        seen = page.run("(e => e === document.body || e.matches(':focus-visible'))(document.activeElement)")
        assert seen, focused
        reached.append(focused)
    assert {
        "search",
        "theme",
        "help",
        "play",
        "next",
        "last",
        "slider",
        "speed",
        "n1",
        "n2",
        "n3",
        "n4",
        "smaller",
        "fit",
    } <= set(reached)
    page.run("document.querySelector('[data-key=n2]').focus()")
    page.press("Enter")
    assert "∂d/∂b = c" in page.run("document.getElementById('derivation').innerText")
    page.press("?")
    assert page.run("document.getElementById('keys').open")
    page.press("Escape")
    assert not page.run("document.getElementById('keys').open")


def test_a_screen_reader_is_told(opened):
    page = opened(viz.step_through(diamond()[0]))
    assert page.run("document.getElementById('said').getAttribute('aria-live')") == "polite"
    label = "document.querySelector('[data-key=n1]').getAttribute('aria-label')"
    assert page.run(label) == "a, leaf, data 3, gradient not known yet"
    page.press("End")
    assert page.run(label) == "a, leaf, data 3, gradient -5.658"
    nameless = """[...document.querySelectorAll('button, input, select')]
        .filter(b => !(b.getAttribute('aria-label') || b.textContent.trim())).length"""
    assert page.run(nameless) == 0


@pytest.mark.parametrize("dark", [False, True])
def test_light_and_dark(opened, dark):
    page = opened(viz.step_through(diamond()[0]), dark=dark)
    ground = "getComputedStyle(document.body).backgroundColor"
    colours = ["rgb(252, 252, 253)", "rgb(18, 22, 28)"]
    assert page.run(ground) == colours[dark]
    page.click("#theme")
    assert page.run(ground) == colours[not dark]


def test_nothing_moves_where_motion_is_unwanted(opened):
    page = opened(viz.step_through(diamond()[0]), calm=True)
    page.press("End")
    animation = "getComputedStyle(document.querySelector('.arrow.lit .wire')).animationName"
    assert page.run(animation) == "none"


def test_motion(opened):
    page = opened(viz.step_through(diamond()[0]), calm=False)
    page.press("End")
    assert page.run("getComputedStyle(document.querySelector('.arrow.lit .wire')).animationName") == "flow-back"


def test_no_words_leave_their_box(opened):
    y = Value(1.0, label="start")
    for i, name in enumerate([*HOSTILE, *EVIL, "w" * 60, "日本語の変数", "ÄÖÜ äöü", "∂L/∂w"]):
        y = y * Value(1.0 + i / 7, label=name)
    page = opened(viz.step_through(y))
    page.press("End")
    outside = """[...document.querySelectorAll('.box')].flatMap(g => {
        const card = g.querySelector('.card').getBBox();
        return [...g.querySelectorAll('text')]
            .filter(t => t.getBBox().x < -0.5 || t.getBBox().x + t.getBBox().width > card.width + 0.5)
            .map(t => t.textContent); })"""
    assert page.run(outside) == []


def test_nothing_injected_runs(opened):
    y = Value(1.0, label="start")
    for name in [*EVIL, "</script><script>window.ran = 1</script>", "<img src=x onerror='window.ran = 1'>"]:
        y = y * Value(1.1, label=name)
    page = opened(viz.step_through(y))
    page.press("End")
    page.click("#said .node")
    assert page.run("[window.ran === undefined, document.querySelectorAll('img, iframe').length]") == [True, 0]


def test_without_scripts_the_end_is_shown(page, tmp_path):
    path = viz.step_through(diamond()[0]).save(tmp_path / "d.html")
    page.open(path, scripts=False)
    try:
        shot = page.send("DOM.getDocument", depth=-1)
        assert ">-5.658<" in page.send("DOM.getOuterHTML", nodeId=shot["root"]["nodeId"])["outerHTML"]
        assert "scripts are off here" in path.read_text(encoding="utf-8")
    finally:
        page.send("Emulation.setScriptExecutionDisabled", value=False)


# In a notebook.


def test_two_in_a_notebook_do_not_disturb_each_other(page, tmp_path):
    steppers = viz.step_through(diamond()[0]), viz.step_through(squares())
    path = tmp_path / "notebook.html"
    path.write_text(
        f"<!doctype html><body><h1 id='first'>A notebook</h1>{''.join(s._repr_html_() for s in steppers)}",
        encoding="utf-8",
    )
    page.size(1280, 1400)
    page.open(path)
    assert page.run("[...document.querySelectorAll('iframe')].map(f => f.getBoundingClientRect().height)") == [640, 640]
    with page.frames() as (one, other):
        button = (
            "(b => [b.x + b.width / 2, b.y + b.height / 2])(document.getElementById('next').getBoundingClientRect())"
        )
        places = [frame.run(button) for frame in (one, other)]
    corners = page.run(
        "[...document.querySelectorAll('iframe')].map(f => [f.getBoundingClientRect().x, f.getBoundingClientRect().y])"
    )
    for k, clicks in ((0, 3), (1, 1)):
        for _ in range(clicks):
            page.click_at(corners[k][0] + places[k][0], corners[k][1] + places[k][1])
    with page.frames() as (one, other):
        assert [frame.run(COUNT) for frame in (one, other)] == ["3 of 8", "1 of 8"]
        for stepper, frame, step in zip(steppers, (one, other), (3, 1), strict=True):
            assert frame.run(GRADS) == expected(stepper, step)
            assert frame.run(INSIDE.replace("ACTIVE", ".box"))
    assert page.complaints == []
    assert [url for url in page.requests if not url.startswith(("data:", "about:"))] == [path.as_uri()]
    assert page.run("document.querySelectorAll('.box, .transport, style').length") == 0  # nothing leaks out
    page.size(1280, 800)


@pytest.mark.parametrize("stripped", [False, True])
def test_where_frames_are_stripped_the_picture_is_there(page, tmp_path, stripped):
    shown = viz.step_through(diamond()[0])._repr_html_()
    if stripped:  # as JupyterLab and GitHub do with what they do not trust
        shown = re.sub(r"<iframe.*?</iframe>", "", shown, flags=re.DOTALL)
        shown = re.sub(r' style="[^"]*"', "", shown)
    path = tmp_path / "cell.html"
    path.write_text(f"<!doctype html><body>{shown}", encoding="utf-8")
    page.open(path)
    page.wait("document.querySelector('img').complete")
    top = """(() => { const b = document.querySelector('img').getBoundingClientRect();
        return [b.width > 200, document.elementFromPoint(b.x + 50, b.y + 50).tagName]; })()"""
    assert page.run(top) == [True, "IMG" if stripped else "IFRAME"]
    assert page.run("document.querySelector('img').alt") == "The graph of d after the backward pass"


def test_a_graph_of_many_boxes_follows_the_steps(opened):
    page = opened(viz.step_through(recurrence(40)))
    for _ in range(30):
        page.press("ArrowRight")
    assert page.run(INSIDE.replace("ACTIVE", ".box.active"))
