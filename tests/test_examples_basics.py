"""The examples of docs/examples-basics.md: each is run, finds what it claims, and saves a figure."""

from __future__ import annotations

import itertools
import re
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from examples import (
    boundaries,
    depth,
    linear_map,
    logistic,
    neuron_table,
    perceptron,
    pictures,
    regression,
    sweep,
    universal,
    xor,
)
from examples.figure import MINUS, Panel, figure

Run = Callable[[Any], tuple[Any, str]]
FIGURES = pictures.PICTURES / "examples"
SVG = "{http://www.w3.org/2000/svg}"


def sayings(svg: str) -> list[str]:
    """All that is written in a figure, without the numbers."""
    texts = (re.sub(r"[\d.%]+", "", text.text or "") for text in ElementTree.fromstring(svg).iter(f"{SVG}text"))
    return [text for text in texts if text]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run an example as a user does; what it found, and what it printed.

    Its figure must be sound, small, and say what the one in the documents says, but for numbers.
    """

    def run_main(example: Any) -> tuple[Any, str]:
        path = tmp_path / "new" / "figure.svg"
        found = example.main(["--figure", str(path)])
        printed = capsys.readouterr().out
        assert f"The figure is in {path}." in printed
        text = path.read_text(encoding="utf-8")
        svg = ElementTree.fromstring(text)
        assert len(svg.findall(f"{SVG}g")) == 3
        assert "prefers-color-scheme:dark" in text
        assert not re.search(r"\b(nan|inf)\b", text)
        assert sayings(text) == sayings(
            (FIGURES / f"{example.__name__.split('.')[-1]}.svg").read_text(encoding="utf-8")
        )
        assert len(text) < 70_000
        return found, printed

    return run_main


def test_a_matrix_and_a_layer_that_learns_it(run: Run) -> None:
    found, printed = run(linear_map)
    assert found.area == pytest.approx(abs(np.linalg.det(linear_map.A)))
    assert np.prod(found.axes) == pytest.approx(found.area)  # an ellipse has the area π a b
    np.testing.assert_allclose(found.weights[-1], linear_map.A, atol=1e-12)
    assert np.abs(found.weights[0] - linear_map.A).max() > 0.5
    assert "area 1.3200; |det A| is 1.3200" in printed


def test_regression_comes_to_the_normal_equations(run: Run) -> None:
    for found, features in zip(run(regression)[0], (2, 4), strict=True):
        assert found.best.shape == (features,)
        np.testing.assert_allclose(found.best, np.linalg.lstsq(found.X, found.y)[0], atol=1e-10)
        np.testing.assert_allclose(found.long, found.best, atol=1e-10)
        np.testing.assert_allclose(found.curvature, np.linalg.eigvalsh(found.X.T @ found.X / len(found.y)), atol=1e-10)
        small, right, large = (found.descents[name] for name in ("too small", "right", "too large"))
        assert small.lr < right.lr < 2 / found.curvature[-1] < large.lr
        assert (np.diff(small.losses) < 0).all()
        assert right.losses[-1] < 0.2 * small.losses[-1]
        assert large.losses[-1] > 100 * large.losses[0]
        assert found.r2 > 0.9


def test_logistic_regression_comes_to_newtons_result(run: Run) -> None:
    found, _ = run(logistic)
    X, y = logistic.petals()
    w = found.newton[-1]
    errors = 1 / (1 + np.exp(-(X @ w[:2] + w[2]))) - y
    np.testing.assert_allclose(np.array([*(X.T @ errors), errors.sum()]), 0, atol=1e-10)  # the gradient, by hand
    np.testing.assert_allclose(found.weights[-1], w, atol=1e-7)
    assert found.gradient < 1e-9
    assert found.accuracy >= 0.94


def test_the_published_neuron(run: Run) -> None:
    found, printed = run(neuron_table)
    assert found.agree
    assert [f"{w:.8f}" for w in found.weights[-1]] == ["-4.21652261", "12.79677774", "-4.21664048"]
    assert "All digits are the published ones." in printed


def test_a_perceptron_learns_what_a_line_separates(run: Run) -> None:
    found, printed = run(perceptron)
    for name in ("AND", "OR", "NAND"):
        assert found.gates[name][0] == perceptron.GATES[name]
    assert found.gates["XOR"][0] != perceptron.GATES["XOR"]
    assert found.composed == perceptron.GATES["XOR"]
    assert all(0 < made <= allowed for made, allowed in found.mistakes.values())
    made = [made for made, _ in found.mistakes.values()]
    assert made == sorted(made)  # the narrower the margin, the more mistakes
    X, y = perceptron.points(0.05)
    assert found.unit(X).tolist() == y.tolist()
    assert "not learned" in printed


@pytest.mark.parametrize("margin", [0.4, 0.05])
def test_the_points_have_their_margin_and_the_bound_is_novikoffs(margin: float) -> None:
    X, y = perceptron.points(margin)
    separator = np.append(perceptron.NORMAL, -perceptron.OFFSET)
    extended = np.column_stack([X, np.ones(len(X))]) * (2 * y - 1)[:, None]
    gamma = (extended @ separator).min() / np.linalg.norm(separator)
    assert gamma > 0
    assert np.linalg.norm(extended, axis=1).max() ** 2 / gamma**2 <= perceptron.bound(X, margin)


def test_moons_need_more_than_a_line(run: Run) -> None:
    found, _ = run(boundaries)
    assert 0.8 < found.test["perceptron"] < 0.92
    assert 0.8 < found.test["neuron"] < 0.92
    assert found.test["network"] > 0.98


def test_exclusive_or_in_two_styles(run: Run) -> None:
    found, _ = run(xor)
    assert found.perceptron != [0, 1, 1, 0]
    assert min(found.mistakes) > 0
    for model, losses in (found.keras, found.pytorch):
        assert (model(xor.X).data[:, 0] > 0.5).astype(int).tolist() == [0, 1, 1, 0]
        assert losses[-1] < 0.01
    np.testing.assert_allclose(found.keras[1], found.pytorch[1], rtol=1e-5)


def test_a_wider_layer_comes_nearer_to_the_curve(run: Run) -> None:
    found, _ = run(universal)
    errors = list(found.errors.values())
    assert all(wider < narrower for narrower, wider in itertools.pairwise(errors))
    assert errors[0] > 1
    assert errors[-1] < 0.02


def test_depth_fails_and_what_mends_it(run: Run) -> None:
    found, _ = run(depth)
    plain = ("sigmoid, plain, SGD", "sigmoid, plain, Adam", "ReLU, plain, SGD")
    for name, training in found.items():
        first, last = training.gradients[0], training.gradients[-1]
        if name in plain:
            assert first < 1e-6 * last  # nothing arrives
            assert training.accuracy < 0.4  # guessing
            assert training.losses[-1] > 1
        else:
            assert 0.01 * last < first < 100 * last
            assert training.accuracy > 0.85 or name == "ReLU, Kaiming, SGD"  # which not every seed trains


def test_a_sweep_has_the_same_bits_side_by_side_and_one_by_one(run: Run) -> None:
    found, printed = run(sweep)
    assert [result.settings for result in found] == sweep.GRID
    some = sweep.GRID[::11]
    assert sweep.sweep(some, workers=1) == found[::11]
    assert sweep.table(found).mean(axis=2).max() > 0.96
    assert len({result.accuracy for result in found[:5]}) > 1  # seeds matter
    assert "the same again alone: True" in printed


def test_a_sweep_without_joblib_names_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "joblib", None)
    with pytest.raises(ModuleNotFoundError) as raised:
        sweep.sweep(sweep.GRID[:2], workers=2)
    assert str(raised.value).splitlines() == [
        "running trainings side by side",
        "  expected: the package joblib",
        "  got:      import of joblib halted; None in sys.modules",
        "  cure:     pip install 'chainrule[sweeps]', or sweep(workers=1)",
    ]
    assert len(sweep.sweep(sweep.GRID[:2], workers=1)) == 2


def test_a_figure_that_is_no_svg_is_refused_before_anything_is_trained(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        depth.main(["--figure", "depth.png"])
    captured = capsys.readouterr()
    assert "--figure depth.png: the figure is SVG, so a path that ends in .svg is expected: depth.svg" in captured.err
    assert captured.out == ""


def test_help_says_what_the_example_does(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        depth.main(["--help"])
    assert "Why deep networks did not learn, and what made them" in capsys.readouterr().out


def test_without_being_asked_no_figure_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    linear_map.main([])
    assert list(tmp_path.iterdir()) == []


def test_every_example_has_a_figure_and_a_place_in_the_page() -> None:
    page = (Path(__file__).parent.parent / "docs" / "examples-basics.md").read_text(encoding="utf-8")
    for name in pictures.BASICS:
        assert (FIGURES / f"{name}.svg").exists()
        assert f"pictures/examples/{name}.svg" in page
        assert f"examples/{name}.py" in page
        assert callable(import_module(f"examples.{name}").main)


def words(panel: Panel) -> list[str]:
    """All that is written in a panel."""
    return [text.text or "" for text in ElementTree.fromstring(figure("", [panel])).iter(f"{SVG}text")]


def test_axes_have_round_numbers() -> None:
    assert words(Panel("a", (-1, 1), (0, 7.5), xlabel="x"))[1:-1] == [
        *(f"{MINUS}1", f"{MINUS}0.5", "0", "0.5", "1"), *("0", "2", "4", "6"),
    ]  # fmt: skip
    assert words(Panel("a", (1, 1e3), (1e-9, 1), log="xy"))[1:] == [
        *("10⁰", "10¹", "10²", "10³"), *("10⁻⁹", "10⁻⁷", "10⁻⁵", "10⁻³", "10⁻¹"),
    ]  # fmt: skip


def test_a_line_is_broken_where_a_number_is_missing() -> None:
    panel = Panel("a", (0, 4), (0.1, 10), log="y")
    panel.line([0, 1, 2, 3, 4], [1, 10, 0, 1, 0.1])  # 0 has no logarithm
    assert [re.findall(r'points="([^"]*)"', mark)[0] for mark in panel.marks] == [
        "0.0,95.0 59.0,0.0",
        "177.0,95.0 236.0,190.0",
    ]


def test_shades_cover_what_is_not_a_half() -> None:
    panel = Panel("a", (0, 1), (0, 1), size=(40, 20))
    panel.shade([[0, 0, 0.5, 1], [0.5, 0.5, 0.5, 0.5]])
    assert [re.findall(r' d="([^"]*)"', mark)[0] for mark in panel.marks] == ["M0.0 15.0H20.0", "M30.0 15.0H40.0"]


def test_titles_are_escaped_and_the_same_panels_give_the_same_bytes() -> None:
    first, second = (figure("a < b & c", [Panel("p < q", (0, 1), (0, 1))]) for _ in range(2))
    assert first == second
    assert "a &lt; b &amp; c" in first
    assert "p &lt; q" in first
