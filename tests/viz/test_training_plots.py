"""Pictures of a training, and of a function: what is drawn are the engine's numbers."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import numpy as np
import pytest

import nn
import viz
from autograd import errors, grad
from autograd.errors import NotInstalledError
from viz.plane import SIDE

pytest.importorskip("matplotlib")


@pytest.fixture(scope="module")
def moons():
    """A trained network, its history, and the data."""
    nn.manual_seed(0)
    X, y = nn.datasets.make_moons(60)
    model = nn.MLP(2, 4, 2)
    optimizer = nn.Adam(model.parameters(), lr=0.05)
    history = nn.fit(
        model, (X, y), nn.CrossEntropyLoss(), optimizer, epochs=4, callbacks=[nn.Snapshots()], progress=False
    )
    return model, history, X, y


def test_a_function_with_its_tangent_and_its_derivatives(tmp_path):
    figure = viz.plot_function(lambda x: x**3, 1.0, tmp_path / "f.png", low=-1.0, high=2.0, derivatives=3, title="cube")
    curve, tangent, _ = figure.axes[0].lines
    xs = curve.get_xdata()
    np.testing.assert_allclose(curve.get_ydata(), xs**3)
    np.testing.assert_allclose(tangent.get_ydata(), 1 + 3 * (xs - 1))
    for axes, expected in zip(figure.axes[1:], (3 * xs**2, 6 * xs, 6 + 0 * xs), strict=True):
        np.testing.assert_allclose(axes.lines[0].get_ydata(), expected, atol=1e-12)
    assert (tmp_path / "f.png").read_bytes().startswith(b"\x89PNG")
    slope = grad(np.tanh)(0.5)
    assert f"slope {slope:.4g} at 0.5" in viz.plot_function(np.tanh, 0.5).axes[0].get_title(loc="left")


def test_histograms_over_time(moons):
    model, history, *_ = moons
    for of, key, first in (("weights", "state", 0), ("gradients", "gradients", 1)):
        figure = viz.plot_histograms(history, of=of)
        assert len([axes for axes in figure.axes if axes.get_visible()]) == 4
        counts = figure.axes[0].images[0].get_array()
        assert counts.sum(axis=0).tolist() == [model[0].weight.size] * (5 - first)
        assert key in history.snapshots[-1]
    assert len(viz.plot_histograms(history, names=["2.bias"]).axes) == 1


def test_flow_and_steps_are_those_of_the_snapshots(moons, tmp_path):
    _, history, *_ = moons
    taken = history.snapshots[1:]
    line = viz.plot_gradient_flow(history, tmp_path / "flow.svg").axes[0].lines[0]
    np.testing.assert_allclose(line.get_ydata(), [np.linalg.norm(s["gradients"]["0.weight"]) for s in taken])
    for plot in viz.plot_gradient_flow, viz.plot_updates:
        assert "2.bias" in [line.get_label() for line in plot(history, names=["2.bias"]).axes[0].lines]
        assert "0.bias" not in [line.get_label() for line in plot(history, names=["2.bias"]).axes[0].lines]
    line = viz.plot_updates(history).axes[0].lines[0]
    np.testing.assert_allclose(line.get_ydata(), [s["updates"]["0.weight"] for s in taken])
    assert line.get_xdata().tolist() == [1, 2, 3, 4]
    assert (tmp_path / "flow.svg").exists()


def test_the_boundary_is_where_the_class_changes(moons):
    model, _, X, y = moons
    figure = viz.plot_boundary(model, X, y)
    image = figure.axes[0].images[0]
    left, right, bottom, top = image.get_extent()
    pixels = np.asarray(image.get_array(), int)
    blue = pixels[..., 2] > pixels[..., 0]
    won = np.asarray(model(X).data).argmax(axis=1)
    columns = ((X[:, 0] - left) / (right - left) * SIDE).astype(int)
    rows = ((X[:, 1] - bottom) / (top - bottom) * SIDE).astype(int)
    assert (blue[rows, columns] == (won == 0)).mean() > 0.95
    assert sum(len(c.get_offsets()) for c in figure.axes[0].collections) == len(X)


def test_the_boundary_as_an_animation(moons, tmp_path):
    image = pytest.importorskip("PIL.Image")
    model, history, X, y = moons
    before = {name: np.array(x) for name, x in model.state_dict().items()}
    path = viz.animate_boundary(history, model, X, y, tmp_path / "moons.gif")
    with image.open(path) as animation:
        assert animation.n_frames == len(history.snapshots)
    assert all(np.array_equal(before[name], x) for name, x in model.state_dict().items())


def test_a_notebook_shows_the_training_as_an_image():
    """In a kernel of its own, as a reader has it: no drawing inline was asked for."""
    nbclient, nbformat = pytest.importorskip("nbclient"), pytest.importorskip("nbformat")
    cell = nbformat.v4.new_code_cell(
        "import nn, viz\n"
        "model = nn.MLP(2, 4, 2)\n"
        "data, loss = nn.datasets.make_moons(40, seed=0), nn.CrossEntropyLoss()\n"
        "optimizer = nn.SGD(model.parameters(), lr=0.1)\n"
        "history = nn.fit(model, data, loss, optimizer, epochs=2, callbacks=[viz.Live()], progress=False)"
    )
    notebook = nbformat.v4.new_notebook(cells=[cell])
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    assert [list(output.data) for output in cell.outputs] == [["image/png", "text/plain"]]


def test_live_draws_after_each_epoch(monkeypatch):
    shown = []
    monkeypatch.setattr("viz.live.Spot", lambda: SimpleNamespace(there=True, show=shown.append))
    live = viz.Live(draw=lambda history: len(history["loss"]), every=2)
    model = nn.MLP(2, 2)
    X, y = nn.datasets.make_moons(20)
    optimizer = nn.SGD(model.parameters(), lr=0.1)
    nn.fit(model, (X, y), nn.CrossEntropyLoss(), optimizer, epochs=5, callbacks=[live], progress=False)
    assert shown == [2, 4]


def test_live_is_replaced_in_its_place_in_a_notebook(monkeypatch):
    calls = []
    handle = SimpleNamespace(update=lambda x: calls.append(("update", x)))

    def display(x, display_id):
        calls.append(("display", x))
        return handle

    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: object()))
    monkeypatch.setitem(sys.modules, "IPython.display", SimpleNamespace(display=display))
    live = viz.Live(draw=lambda history: history)
    for epoch in (1, 2):
        live(SimpleNamespace(epoch=epoch, history=epoch))
    assert calls == [("display", 1), ("update", 2)]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda h, m, X, y: viz.plot_function(np.tanh, 5.0), "low <= at <= high"),
        (lambda h, m, X, y: viz.plot_function(np.tanh, derivatives=-1), "a whole number, 0 or more"),
        (lambda h, m, X, y: viz.plot_histograms({"loss": [1.0]}), "a history with snapshots"),
        (lambda h, m, X, y: viz.plot_gradient_flow({"loss": [1.0]}), "a history with snapshots"),
        (lambda h, m, X, y: viz.plot_updates({"loss": [1.0]}), "a history with snapshots"),
        (lambda h, m, X, y: viz.plot_histograms(h, of="biases"), "'weights' or 'gradients'"),
        (lambda h, m, X, y: viz.plot_histograms(h, names=["w"]), "parameters: 0.weight"),
        (lambda h, m, X, y: viz.plot_gradient_flow(h, names=["w"]), "parameters: 0.weight"),
        (lambda h, m, X, y: viz.plot_updates(h, names=["w"]), "parameters: 0.weight"),
        (lambda h, m, X, y: viz.plot_boundary(m, X[:, :1], y), "data of another shape"),
        (lambda h, m, X, y: viz.plot_boundary(None, X, y), "no model"),
        (lambda h, m, X, y: viz.animate_boundary(h, m, X, y, "x.mp4"), "ends in .gif"),
        (lambda h, m, X, y: viz.Live(draw=3), "a function of the history"),
        (lambda h, m, X, y: viz.Live(every=0), "a whole number, 1 or more"),
    ],
)
def test_what_cannot_be_drawn_says_why(moons, call, words):
    model, history, X, y = moons
    with pytest.raises(errors.ArgumentError, match="cure: ") as caught:
        call(history, model, X, y)
    assert words in str(caught.value)


def test_without_matplotlib_the_error_names_the_install_line(moons, monkeypatch):
    model, history, X, y = moons
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    for call in (
        lambda: viz.plot_function(np.tanh), lambda: viz.plot_updates(history), lambda: viz.plot_histograms(history),
        lambda: viz.plot_boundary(model, X, y), lambda: viz.animate_boundary(history, model, X, y, "x.gif"),
    ):  # fmt: skip
        with pytest.raises(NotInstalledError, match=r'pip install "chainrule\[plots\]"'):
            call()
