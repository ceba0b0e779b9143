"""The page of a training, driven in a browser from a file: what each epoch shows, and every way to move."""

from __future__ import annotations

import json
import time

import numpy as np
import pytest

import nn
import viz
from viz.dashboards import BINS, MOST_SHOWN

from .browser import needs_chromium
from .driver import browser

pytestmark = needs_chromium

TITLE = "</script><script>window.ran = 1</script>\"'><img src=x onerror='window.ran=1'>"
NAME = TITLE.replace("window.", "")
"""A name of a layer has no dots."""

LONG = "a_name_without_a_break_" * 4

SAID = "document.getElementById('said').textContent"
PLAY = "document.getElementById('play').textContent"
FOCUS = "document.getElementById('epoch').focus()"
COUNTS = """
    [...[...document.querySelectorAll('section')].find(s => s.querySelector('h2').textContent === 'TITLE')
        .querySelectorAll('[data-count]')].map(x => Number(x.dataset.count))
"""
WEIGHTS = "[...document.querySelectorAll('[data-weight]')].map(x => Number(x.dataset.weight))"

CONTRAST = """(() => {
    const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
    const light = colour => {
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map(x => x / 255)
            .map(x => x <= .04045 ? x / 12.92 : ((x + .055) / 1.055) ** 2.4);
        return .2126 * r + .7152 * g + .0722 * b;
    };
    const ground = e => {
        const own = getComputedStyle(e).backgroundColor;
        return own === 'rgba(0, 0, 0, 0)' ? ground(e.parentElement) : own;
    };
    const ratio = (e, colour) => {
        const [dim, bright] = [light(colour), light(ground(e))].sort((a, b) => a - b);
        return (bright + .05) / (dim + .05);
    };
    const least = (selector, property) => Math.min(...[...document.querySelectorAll(selector)]
        .map(e => ratio(e, getComputedStyle(e)[property])));
    return RESULT; })()"""
"""The contrast of colours as WCAG 2.2 defines it: (L1 + 0.05) / (L2 + 0.05)."""


@pytest.fixture(scope="module")
def page():
    with browser() as opened:
        yield opened


@pytest.fixture
def opened(page, tmp_path):
    """Opens a dashboard's page; afterwards nothing has been asked for but the file, and nothing complained."""
    path = tmp_path / "training.html"

    def open_page(dashboard, wide=1280, **how):
        dashboard.save(path)
        page.size(wide, 800)
        page.open(path, **how)
        return page

    yield open_page
    assert page.requests == [path.as_uri()]
    assert page.complaints == []


def trained(epochs=6, every=1, model=None):
    """A network, its history, and the data."""
    nn.manual_seed(0)
    X, y = nn.datasets.make_moons(60)
    model = model or nn.MLP(2, 5, 2)
    history = nn.fit(
        model, (X, y), nn.CrossEntropyLoss(), nn.Adam(model.parameters(), lr=0.05), epochs=epochs, metrics="accuracy",
        validation=0.25, callbacks=[nn.Snapshots(every)], progress=False,
    )  # fmt: skip
    return model, history, (X, y)


@pytest.fixture(scope="module")
def moons():
    return trained()


@pytest.fixture(scope="module")
def dashboard(moons):
    model, history, data = moons
    return viz.dashboard(history, model=model, data=data, title="Two moons")


def hostile():
    """A network whose layers are called like markup, and like nothing that fits on a line."""
    model = nn.Sequential()
    model.add_module(NAME, nn.Linear(2, 4))
    model.add_module("tanh", nn.Tanh())
    model.add_module(LONG, nn.Linear(4, 2))
    return model


def go(page, steps):
    """The slider to its first place, and so many further."""
    page.run(FOCUS)
    page.press("Home")
    for _ in range(steps):
        page.press("ArrowRight")


def written(x):
    """A number as the page writes it, with four digits."""
    return float(f"{x:.4g}")


def numbers(page, picture):
    """The numbers in the label of a picture by their names: ``loss at epoch 2: training 0.7, validation –``."""
    label = page.run(f"document.querySelector('svg[aria-label^=\"{picture} at\"]').getAttribute('aria-label')")
    words = (part.rsplit(" ", 1) for part in label.split(": ", 1)[1].split(", "))
    return {name: None if x == "\N{EN DASH}" else float(x) for name, x in words}


# What is shown.


@pytest.mark.parametrize("epoch", [0, 1, 3, 6])
def test_each_epoch_shows_the_engines_numbers(opened, moons, dashboard, epoch):
    _, history, _ = moons
    page = opened(dashboard)
    go(page, epoch)
    snapshot, state = history.snapshots[epoch], history.snapshots[epoch]["state"]
    assert page.run(WEIGHTS) == [*state["0.weight"].ravel().tolist(), *state["2.weight"].ravel().tolist()]
    gradients, updates = snapshot.get("gradients", {}), snapshot.get("updates", {})
    names = [name for name, _ in moons[0].named_parameters()]
    lengths = {name: written(np.linalg.norm(gradients[name])) if gradients else None for name in names}
    assert numbers(page, "Gradient flow") == lengths
    assert numbers(page, "Size of the steps") == {name: written(updates[name]) if updates else None for name in names}
    for name in ("loss", "accuracy"):
        both = [written(history[key][epoch - 1]) if epoch else None for key in (name, f"val_{name}")]
        assert numbers(page, name) == dict(zip(("training", "validation"), both, strict=True))
    if epoch:
        loss, val = (written(history[key][epoch - 1]) for key in ("loss", "val_loss"))
        assert page.run(SAID).startswith(f"Epoch {epoch}: loss {loss:g} (validation {val:g}), accuracy ")
    assert page.run("document.getElementById('epoch').getAttribute('aria-valuetext')") == f"epoch {epoch}"


@pytest.mark.parametrize("epoch", [0, 3, 6])
def test_each_histogram_is_that_of_the_parameter_that_was_chosen(opened, moons, dashboard, epoch):
    _, history, _ = moons
    page = opened(dashboard)
    go(page, epoch)
    for k, name in enumerate(history.snapshots[-1]["updates"]):
        for title, kind in (("Weights", "state"), ("Gradients", "gradients")):
            choice = f"document.querySelector('select[aria-label=\"{title} of\"]')"
            page.run(f"{choice}.selectedIndex = {k}; {choice}.dispatchEvent(new Event('change'))")
            every = [s[kind][name] for s in history.snapshots if kind in s]
            within = min(x.min() for x in every), max(x.max() for x in every)
            x = history.snapshots[epoch].get(kind)
            counts = np.histogram(x[name].astype(np.float64), BINS, within)[0].tolist() if x else []
            assert page.run(COUNTS.replace("TITLE", title)) == counts


def test_the_boundary_is_what_the_network_says_then(opened, moons, dashboard):
    _, history, (X, _) = moons
    page = opened(dashboard)
    plane = dashboard.data["boundary"]
    middle = (np.arange(plane["side"]) + 0.5) / plane["side"]
    low, high = np.array(plane["low"]), np.array(plane["high"])
    across, up = np.meshgrid(*(low[k] + middle * (high[k] - low[k]) for k in (0, 1)))
    grid = np.stack([across.ravel(), up.ravel()], axis=1).astype(X.dtype)
    then = nn.MLP(2, 5, 2)
    for epoch in (0, 2, 6):
        go(page, epoch)
        then.load_state_dict(history.snapshots[epoch]["state"])
        won = page.run("[...document.querySelectorAll('[data-class]')].map(x => Number(x.dataset.class))")
        assert won == np.argmax(then(grid).data, axis=1).tolist()
    cells = """
        [...document.querySelectorAll('[data-class]')].map(c => [c.x, c.y, c.width, c.height].map(p => p.baseVal.value))
    """
    x, y, wide, tall = np.array(page.run(cells)).T.reshape(4, plane["side"], plane["side"])
    assert (x + wide)[:, :-1] == pytest.approx(x[:, 1:], abs=1e-3)  # where two overlap there is a line
    assert (y + tall)[1:] == pytest.approx(y[:-1], abs=1e-3)


def test_the_curves_are_the_history_and_the_cursor_is_at_the_epoch(opened, moons, dashboard):
    _, history, _ = moons
    page = opened(dashboard)
    for k, name in enumerate(("loss", "val_loss", "accuracy", "val_accuracy")):
        points = np.array(page.run(f"[...document.querySelectorAll('.curve')[{k}].points].map(p => [p.x, p.y])"))
        assert np.diff(points[:, 0]) == pytest.approx(np.diff(points[:, 0])[0], abs=0.02)
        height = np.polyfit(history[name], points[:, 1], 1)
        assert height[0] < 0
        assert np.polyval(height, history[name]) == pytest.approx(points[:, 1], abs=0.02)
        for epoch in (1, 4, 6):
            go(page, epoch)
            cursor = page.run(f"Number(document.querySelectorAll('.cursor')[{k // 2}].getAttribute('x1'))")
            assert cursor == pytest.approx(points[epoch - 1, 0], abs=0.01)


@pytest.mark.parametrize(("epochs", "every"), [(5, 2), (1, 1), (70, 1)])
def test_where_not_every_epoch_is_kept_the_numbers_are_those_of_the_epoch(opened, epochs, every):
    model, history, data = trained(epochs, every)
    page = opened(viz.dashboard(history, model=model, data=data))
    kept = [snapshot["epoch"] for snapshot in history.snapshots]
    places = int(page.run("document.getElementById('epoch').max"))
    assert places == min(len(kept), MOST_SHOWN) - 1
    assert page.run(SAID).startswith(f"Epoch {kept[-1]}: ")
    for place in {1, places // 2, places} - {0}:
        go(page, place)
        epoch = int(page.run(SAID).split(":")[0].removeprefix("Epoch "))
        assert epoch in kept
        assert numbers(page, "loss")["training"] == written(history["loss"][epoch - 1])
        state = next(s["state"] for s in history.snapshots if s["epoch"] == epoch)
        assert page.run(WEIGHTS)[0] == float(state["0.weight"][0, 0])


def test_an_axis_names_epochs_where_they_are(opened, dashboard):
    page = opened(dashboard)
    first = "document.querySelector('section')"
    at = page.run(f"[...{first}.querySelector('.curve').points].map(p => p.x)")
    named = page.run(f"[...{first}.querySelectorAll('text')].slice(3).map(t => [t.textContent, t.x.baseVal[0].value])")
    assert [word for word, _ in named] == ["1", "4", "6"]
    assert [x for _, x in named] == pytest.approx([at[int(word) - 1] for word, _ in named], abs=0.01)


# Ways to move.


def test_play_runs_from_the_first_epoch_to_the_last_and_stops(opened, dashboard):
    page = opened(dashboard)
    page.run(
        f"window.seen = []; new MutationObserver(() => seen.push({SAID}.split(':')[0]))"
        ".observe(document.getElementById('said'), {childList: true}) "
    )
    page.click("#play")
    assert page.run(PLAY) == "Pause"
    page.wait(f"{PLAY} === 'Play'")
    assert page.run("seen") == [f"Epoch {k}" for k in range(7)]
    time.sleep(1)  # longer than a step
    assert page.run(f"[seen.length, {PLAY}]") == [7, "Play"]


def test_the_mouse_moves_the_slider_and_ends_play(opened, dashboard):
    page = opened(dashboard)
    page.click("#epoch")
    assert page.run(SAID).startswith("Epoch 3: ")
    page.click("#play")  # goes on from there
    assert page.run(SAID).startswith("Epoch 3: ")
    page.wait(f"{SAID}.startsWith('Epoch 4: ')")
    page.click("#epoch")
    assert page.run(PLAY) == "Play"
    time.sleep(1)
    assert page.run(SAID).startswith("Epoch 3: ")


def test_the_keyboard_alone_is_enough_and_the_focus_is_seen(opened, dashboard):
    page = opened(dashboard)
    reached = []
    for _ in range(4):
        page.press("Tab")
        reached.append(page.run("document.activeElement.id || document.activeElement.getAttribute('aria-label')"))
        seen = """(e => { const s = getComputedStyle(e), b = e.getBoundingClientRect();
            return [e.matches(':focus-visible'), s.outlineStyle, s.outlineWidth,
                    e.contains(document.elementFromPoint(b.x + b.width / 2, b.y + b.height / 2))];
            })(document.activeElement)"""
        assert page.run(seen) == [True, "solid", "3px", True]
        assert page.run(CONTRAST.replace("RESULT", "least(':focus', 'outlineColor')")) >= 3
    assert reached == ["play", "epoch", "Weights of", "Gradients of"]
    page.press("ArrowDown")
    assert page.run("document.activeElement.value") == "0.bias"
    assert page.run("document.querySelectorAll('svg[aria-label^=\"Gradients of 0.bias at epoch 6\"]').length") == 1
    for _ in range(2):
        page.press("Tab", shift=True)
    for key, epoch in (("Home", 0), ("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("End", 6)):
        page.press(key)
        assert page.run(SAID).startswith(f"Epoch {epoch}: ")
    page.press("Tab", shift=True)
    page.press(" ")
    assert page.run(f"[{PLAY}, {SAID}.split(':')[0]]") == ["Pause", "Epoch 0"]
    page.wait(f"{SAID}.startsWith('Epoch 1: ')")
    page.press(" ")
    assert page.run(PLAY) == "Play"
    stopped = page.run(SAID)
    time.sleep(1)
    assert page.run(SAID) == stopped


# How it looks, and what it lets in.


@pytest.mark.parametrize("dark", [False, True])
def test_light_and_dark_can_be_read(opened, dashboard, dark):
    page = opened(dashboard, dark=dark)
    assert (
        page.run("getComputedStyle(document.body).backgroundColor") == ["rgb(252, 252, 253)", "rgb(18, 22, 28)"][dark]
    )
    words = "least('h1, h2, p, li, label, output, button, select', 'color'), least('svg text', 'fill')"
    drawn = "least('.curve, .cursor, .neuron, [data-weight]', 'stroke'), least('[data-count], rect', 'fill')"
    found = page.run(CONTRAST.replace("RESULT", f"[{words}, {drawn}]"))
    assert min(found[:2]) >= 4.5
    assert min(found[2:]) >= 3


@pytest.mark.parametrize("wide", [1280, 400])
def test_hostile_and_long_names_inject_nothing_and_fit(opened, wide):
    model, history, data = trained(2, model=hostile())
    history[TITLE] = history["loss"]
    page = opened(viz.dashboard(history, model=model, data=data, title=TITLE), wide)
    go(page, 1)
    assert page.run("[typeof ran, document.querySelectorAll('img, iframe').length, document.scripts.length]") == [
        "undefined", 0, 2,
    ]  # fmt: skip
    assert page.run("[document.title, document.querySelector('h1').textContent]") == [TITLE, TITLE]
    heads = page.run("[...document.querySelectorAll('h2')].map(x => x.textContent)")
    assert TITLE in heads
    options = page.run("[...document.querySelector('select').options].map(x => x.textContent)")
    assert options == [f"{name}.{kind}" for name in (NAME, LONG) for kind in ("weight", "bias")]
    assert page.run(
        f"document.querySelectorAll('[data-length=' + CSS.escape({json.dumps(NAME + '.bias')}) + ']').length"
    )
    assert f"{TITLE} {written(history['loss'][0]):g}" in page.run(SAID)
    leaving = """[...document.querySelectorAll('section *')].filter(e => {
        const inner = document.createRange();
        inner.selectNodeContents(e);
        const panel = e.closest('section').getBoundingClientRect();
        return !(e instanceof HTMLOptionElement) && inner.getBoundingClientRect().right > panel.right; })
        .map(e => e.textContent)"""
    assert page.run(leaving) == []
    assert page.run("document.documentElement.scrollWidth <= innerWidth")


def test_two_on_one_page_do_not_disturb_each_other(page, tmp_path, moons):
    model, history, data = moons
    other = trained(3, model=hostile())
    two = (
        viz.dashboard(history, model=model, data=data, title="1 moons"),
        viz.dashboard(other[1], model=other[0], data=other[2], title=f"2 {TITLE}"),
    )
    path = tmp_path / "notebook.html"
    frames = "".join(d._repr_mimebundle_()["text/html"] for d in two)
    path.write_text(f"<!doctype html><meta charset='utf-8'><body><h1>A notebook</h1>{frames}", encoding="utf-8")
    page.size(1280, 1700)
    page.open(path)
    corners = page.run(
        "[...document.querySelectorAll('iframe')].map(f => f.getBoundingClientRect()).map(b => [b.x, b.y])"
    )
    middle = "(b => [b.x + b.width / 2, b.y + b.height / 2])(document.getElementById('ID').getBoundingClientRect())"
    with page.frames() as pair:
        assert [frame.run(SAID).split(":")[0] for frame in pair] == ["Epoch 6", "Epoch 3"]
        for frame in pair:
            frame.run("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")  # is painted
        places = [frame.run(middle.replace("ID", name)) for frame, name in zip(pair, ("epoch", "play"), strict=True)]
    for (left, top), (x, y) in zip(corners, places, strict=True):
        page.click_at(left + x, top + y)
    with page.frames() as (one, another):
        one.wait(f"{SAID}.startsWith('Epoch 3: ')")
        another.wait(f"{SAID}.startsWith('Epoch 2: ')")
        assert one.run(f"[{SAID}.split(':')[0], {PLAY}]") == ["Epoch 3", "Play"]
        assert one.run(WEIGHTS)[0] == float(history.snapshots[3]["state"]["0.weight"][0, 0])
        kept = [snapshot["state"][f"{NAME}.weight"][0, 0] for snapshot in other[1].snapshots]
        assert another.run(WEIGHTS)[0] in kept
        assert another.run("[typeof ran, document.querySelectorAll('img').length]") == ["undefined", 0]
    assert page.run("[typeof ran, document.querySelectorAll('section, style, svg, img').length]") == ["undefined", 0]
    assert page.complaints == []
    assert [url for url in page.requests if not url.startswith(("data:", "about:"))] == [path.as_uri()]
