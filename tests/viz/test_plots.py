"""Loss curves."""

from __future__ import annotations

import pickle
import sys

import numpy as np
import pytest

from autograd.errors import ArgumentError, NotInstalledError
from viz import plot_loss


def test_without_matplotlib_the_error_names_the_install_line(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(NotInstalledError, match=r'pip install "chainrule\[plots\]"'):
        plot_loss([1.0])


def test_the_curve_is_the_losses(tmp_path):
    pytest.importorskip("matplotlib")
    losses = [4.0, 2.0, 1.0, 0.5]
    figure = plot_loss(losses, tmp_path / "loss.png", title="XOR")
    line = figure.axes[0].lines[0]
    assert line.get_ydata().tolist() == losses
    assert line.get_xdata().tolist() == [1, 2, 3, 4]
    assert figure.axes[0].get_yscale() == "linear"
    assert (tmp_path / "loss.png").read_bytes().startswith(b"\x89PNG")


def test_a_notebook_shows_the_figure_without_pyplot():
    pytest.importorskip("matplotlib")
    formatters = pytest.importorskip("IPython.core.formatters")
    figure = plot_loss([4.0, 2.0, 1.0, 0.5])
    for one in (figure, pickle.loads(pickle.dumps(figure))):
        data, metadata = formatters.DisplayFormatter().format(one)
        assert data["image/png"].startswith(b"\x89PNG")
        assert int.from_bytes(data["image/png"][16:20], "big") == 1080  # its own width, in pixels
        assert metadata["image/png"] == {"width": 720, "height": 420}


def test_far_falling_curves_are_logarithmic_and_noisy_ones_are_smoothed():
    pytest.importorskip("matplotlib")
    noise = np.random.default_rng(0).random(1000)
    axes = plot_loss(
        {"train": 100 * np.exp(-np.arange(1000) / 100) + 5 * noise + 0.01, "test": np.geomspace(100, 1, 1000)}
    ).axes[0]
    assert axes.get_yscale() == "log"
    assert len(axes.lines) == 5
    assert [t.get_text().split(",")[0] for t in axes.get_legend().get_texts()] == ["train", "test"]


@pytest.mark.parametrize("losses", [[], {}, {"a": []}])
def test_no_losses(losses):
    pytest.importorskip("matplotlib")
    with pytest.raises(ArgumentError, match="at least one loss"):
        plot_loss(losses)
