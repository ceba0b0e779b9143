"""The page of a training: each number is the engine's, the slider moves everything, nothing comes in or goes out."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
import subprocess

import numpy as np
import pytest

import nn
import viz
from autograd import errors
from autograd.graph import Node
from viz.dashboards import BINS, SIDE

from .browser import CHROMIUM, OPTIONS, needs_chromium

EVIL = "</script><script>window.ran = 1</script>\"'><img src=x onerror='window.ran=1'>"


@pytest.fixture(scope="module")
def moons():
    """A trained network, its history, and the data."""
    nn.manual_seed(0)
    X, y = nn.datasets.make_moons(80)
    model = nn.MLP(2, 5, 2)
    history = nn.fit(
        model, (X, y), nn.CrossEntropyLoss(), nn.Adam(model.parameters(), lr=0.05), epochs=6, metrics="accuracy",
        validation=0.25, callbacks=[nn.Snapshots()], progress=False,
    )  # fmt: skip
    return model, history, (X, y)


@pytest.fixture(scope="module")
def page(moons):
    """The page of it."""
    model, history, data = moons
    return viz.dashboard(history, model=model, data=data, title=EVIL)


def test_every_number_is_the_engines(moons, page):
    model, history, (X, _) = moons
    data = page.data
    assert {c["name"]: (c["train"], c["val"]) for c in data["curves"]} == {
        "loss": (history["loss"], history["val_loss"]),
        "accuracy": (history["accuracy"], history["val_accuracy"]),
    }
    assert data["network"]["sizes"] == [2, 5, 2]
    for told, snapshot in zip(data["snapshots"], history.snapshots, strict=True):
        assert told["epoch"] == snapshot["epoch"]
        assert told["weights"][1] == snapshot["state"]["2.weight"].tolist()
        for name, bins in zip(data["parameters"], told["weightBins"], strict=True):
            assert (sum(bins["counts"]), len(bins["counts"])) == (snapshot["state"][name].size, BINS)
        if snapshot["epoch"]:
            lengths = [np.linalg.norm(snapshot["gradients"][name]) for name in data["parameters"]]
            assert told["lengths"] == pytest.approx(lengths)
            assert told["updates"] == list(snapshot["updates"].values())
    low, high = np.array(data["boundary"]["low"]), np.array(data["boundary"]["high"])
    middle = (np.arange(SIDE) + 0.5) / SIDE
    grid = np.array(
        [[low[0] + a * (high[0] - low[0]), low[1] + b * (high[1] - low[1])] for b in middle for a in middle]
    )
    won = model(grid.astype(X.dtype)).argmax(axis=1)
    won = won.data if isinstance(won, Node) else won
    assert data["snapshots"][-1]["boundary"]["winners"] == won.tolist()


def test_the_model_is_as_it_was(moons):
    model, history, data = moons
    before = {name: np.array(x) for name, x in model.state_dict().items()}
    viz.dashboard(history, model=model, data=data)
    assert all(np.array_equal(before[name], x) for name, x in model.state_dict().items())
    assert model.training


def test_it_loads_nothing_and_its_policy_says_so(page, tmp_path):
    written = page.save(tmp_path / "page.html").read_text(encoding="utf-8")
    script = re.findall(r"<script>(.*?)</script>", written, re.DOTALL)
    assert len(script) == 1
    digest = base64.b64encode(hashlib.sha256(script[0].encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'" in written
    assert set(re.findall(r"https?://[^\"' )]+", written)) == {"http://www.w3.org/2000/svg"}
    assert "innerHTML" not in written
    assert written.count("<script") == 2


def drawn(page, script, tmp_path, options=()):
    """What ``script`` returns in the page, and what the console said."""
    added = f"document.body.dataset.found = JSON.stringify((() => {{{script}}})());"
    digest = base64.b64encode(hashlib.sha256(added.encode()).digest()).decode()
    written = page.replace("script-src ", f"script-src 'sha256-{digest}' ").replace(
        "</body>", f"<script>{added}</script></body>"
    )
    path = tmp_path / "page.html"
    path.write_text(written, encoding="utf-8")
    options = [*OPTIONS, f"--user-data-dir={tmp_path}/user", "--enable-logging=stderr", *options]
    done = subprocess.run(
        [CHROMIUM, *options, "--dump-dom", path.as_uri()], capture_output=True, timeout=120, check=True
    )
    found = re.search(r'data-found="(.*?)"', done.stdout.decode())
    return json.loads(html.unescape(found[1])), re.findall(r".*CONSOLE.*", done.stderr.decode())


MOVED = """
    const slider = document.getElementById('epoch'), seen = [];
    for (const at of [0, 2, Number(slider.max)]) {
        slider.value = at;
        slider.dispatchEvent(new Event('input'));
        seen.push({
            said: document.getElementById('said').textContent,
            weights: [...document.querySelectorAll('[data-weight]')].map(x => Number(x.dataset.weight)),
            classes: [...document.querySelectorAll('[data-class]')].map(x => Number(x.dataset.class)),
            lengths: [...document.querySelectorAll('[data-length]')].map(x => x.textContent),
            counts: [...document.querySelectorAll('[data-count]')].map(x => Number(x.dataset.count)),
        });
    }
    const unnamed = [...document.querySelectorAll('svg, select, input')]
        .filter(x => !(x.getAttribute('aria-label') || x.labels?.length)).length;
    return {seen, unnamed, ran: window.ran ?? null, title: document.querySelector('h1').textContent,
            curves: [...document.querySelectorAll('[data-curve]')].map(x => x.points.length),
            wide: document.documentElement.scrollWidth <= innerWidth};
"""


@needs_chromium
@pytest.mark.parametrize("options", [(), ("--blink-settings=preferredColorScheme=0",), ("--window-size=400,900",)])
def test_the_slider_moves_everything(page, tmp_path, options):
    found, console = drawn(page.to_html(), MOVED, tmp_path, options)
    assert console == []
    assert (found["ran"], found["title"], found["unnamed"], found["wide"]) == (None, EVIL, 0, True)
    snapshots = page.data["snapshots"]
    for seen, told in zip(found["seen"], (snapshots[0], snapshots[2], snapshots[-1]), strict=True):
        assert seen["said"].startswith(f"Epoch {told['epoch']}: loss ")
        assert seen["weights"] == [w for matrix in told["weights"] for row in matrix for w in row]
        assert seen["classes"] == told["boundary"]["winners"]
        bins = [told["weightBins"][0], *([told["gradientBins"][0]] if told["epoch"] else [])]
        assert seen["counts"] == [count for b in bins for count in b["counts"]]
        lengths = [float(x) if x != "\N{EN DASH}" else -1.0 for x in seen["lengths"]]
        assert lengths == pytest.approx(told.get("lengths", [-1.0] * 4), rel=1e-3)
    assert found["curves"][:4] == [6, 6, 6, 6]
    loss = page.data["curves"][0]["train"][-1]
    assert f"loss {loss:.4g} " in found["seen"][-1]["said"]


@needs_chromium
def test_play_goes_to_the_end_and_two_frames_are_alone(page, tmp_path):
    script = "document.getElementById('play').click(); return document.getElementById('said').textContent;"
    found, console = drawn(page.to_html(), script, tmp_path)
    assert (found[:8], console) == ("Epoch 0:", [])
    frames = page._repr_mimebundle_()["text/html"] * 2
    body = f"<!doctype html><meta charset=utf-8><body>{frames}</body>"
    found, console = drawn(body, "return [document.querySelectorAll('iframe').length, window.ran ?? null]", tmp_path)
    assert (found, console) == ([2, None], [])


@needs_chromium
def test_a_history_alone_has_its_curves(tmp_path):
    page = viz.dashboard({"loss": [1.0, float("nan"), 0.25], EVIL: [1.0, 2.0, 3.0]})
    script = "return [...document.querySelectorAll('[data-curve]')].map(x => x.points.length)"
    assert drawn(page.to_html(), script, tmp_path) == ([2, 3], [])


def test_other_networks_have_no_neurons():
    nn.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.Flatten(), nn.Linear(72, 10))
    X, y = nn.datasets.load_digits()
    history = nn.fit(
        model, (X[:64].reshape(-1, 1, 8, 8).astype(np.float32), y[:64]), nn.CrossEntropyLoss(),
        nn.SGD(model.parameters(), lr=0.1), epochs=1, callbacks=[nn.Snapshots()], progress=False,
    )  # fmt: skip
    assert viz.dashboard(history).data["network"] is None


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda h, m, d: viz.dashboard({}), "no numbers at all"),
        (lambda h, m, d: viz.dashboard([1.0]), "one number an epoch"),
        (lambda h, m, d: viz.dashboard(h, data=d), "no model"),
        (lambda h, m, d: viz.dashboard(h, model=m), "data of another shape"),
        (lambda h, m, d: viz.dashboard(h, model=m, data=(d[0][:, :1], d[1])), "data of another shape"),
        (lambda h, m, d: viz.dashboard(dict(h), model=m, data=d), "no snapshots"),
        (lambda h, m, d: viz.dashboard(h).save("x.svg"), "ends in .html"),
    ],
)
def test_what_cannot_be_drawn_says_why(moons, call, words):
    with pytest.raises(errors.ArgumentError, match="cure: ") as caught:
        call(moons[1], moons[0], moons[2])
    assert words in str(caught.value)
