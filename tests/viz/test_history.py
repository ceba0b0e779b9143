"""The curves of a whole training."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from autograd.errors import ArgumentError, NotInstalledError
from viz import plot_history

pytest.importorskip("matplotlib")

HISTORY = {
    "loss": [100.0, 10.0, 1.0],
    "accuracy": [0.5, 0.6, 0.7],
    "val_loss": [90.0, 20.0, 2.0],
    "lr": [0.1, 0.1, 0.1],
}


def test_a_plot_for_each_number_with_its_validation(tmp_path):
    figure = plot_history(HISTORY, tmp_path / "history.png", title="digits")
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["loss", "accuracy"]
    loss, accuracy = figure.axes
    assert [line.get_ydata().tolist() for line in loss.lines if len(line.get_ydata()) > 1] == [
        HISTORY["loss"],
        HISTORY["val_loss"],
    ]
    names = [text.get_text().split(",")[0] for text in loss.get_legend().get_texts()]
    assert (names, accuracy.get_legend()) == (["training", "validation"], None)
    assert (loss.get_yscale(), accuracy.get_yscale()) == ("log", "linear")
    assert (tmp_path / "history.png").read_bytes().startswith(b"\x89PNG")


def test_a_schedule_and_a_validation_alone_are_drawn():
    figure = plot_history({"lr": [0.1, 0.05], "val_r2": np.array([0.5, 0.6])})
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["lr", "val_r2"]


@pytest.mark.parametrize("history", [{}, {"loss": []}, {"loss": ["a"]}, [1.0], {"loss": 3.0}])
def test_nothing_to_draw(history):
    with pytest.raises(ArgumentError, match="one number an epoch"):
        plot_history(history)


def test_without_matplotlib_the_error_names_the_install_line(monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(NotInstalledError, match=r'pip install "chainrule\[plots\]"'):
        plot_history(HISTORY)
