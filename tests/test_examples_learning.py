"""The examples of docs/examples-learning.md: each is run, finds what it claims, and saves a figure."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from autograd import Tensor, grad, hessian, jacobian, sigmoid
from examples import autoencoder, boosting, explaining, pictures, policy_gradient, transfer

Run = Callable[[Any], tuple[Any, str]]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run an example as a user does; what it found, and what it printed. Its figure must be sound, and small."""

    def run_main(example: Any) -> tuple[Any, str]:
        path = tmp_path / "figure.svg"
        found = example.main(["--figure", str(path)])
        printed = capsys.readouterr().out
        assert f"The figure is in {path}." in printed
        text = path.read_text(encoding="utf-8")
        assert ElementTree.fromstring(text).findall(f"{SVG}g")
        assert "prefers-color-scheme:dark" in text
        assert not re.search(r"\b(nan|inf)\b", text)
        assert len(text) < 120_000
        return found, printed

    return run_main


@pytest.mark.parametrize("name", pictures.LEARNING)
def test_its_figure_is_on_the_page(name: str) -> None:
    page = (pictures.PICTURES.parent / "examples-learning.md").read_text(encoding="utf-8")
    assert f"pictures/examples/{name}.svg" in page
    assert (pictures.PICTURES / "examples" / f"{name}.svg").exists()


# The autoencoder.


def test_two_curved_numbers_keep_more_than_two_straight_ones(run: Run) -> None:
    found, printed = run(autoencoder)
    assert found.code.error < 0.65 * found.linear.error
    assert found.code.rand > found.linear.rand + 0.1
    assert found.code.purity > 0.68
    assert found.linear.rand == pytest.approx(0.392, abs=0.02)
    assert f"{found.code.purity:.1%}" in printed


def test_the_clusters_are_compared_as_in_the_books() -> None:
    assert autoencoder.agreement([0, 0, 1, 1], [5, 5, 2, 2]) == (1.0, 1.0)
    purity, rand = autoencoder.agreement([0, 0, 1, 1], [0, 0, 1, 2])
    assert (purity, round(rand, 4)) == (0.75, 0.5714)  # scikit-learn's page on adjusted_rand_score has this example
    rng = np.random.default_rng(0)
    assert abs(autoencoder.agreement(rng.integers(0, 10, 5000), rng.integers(0, 10, 5000))[1]) < 0.01


def test_newtons_step_is_that_of_k_means() -> None:
    points = np.random.default_rng(0).normal(size=(200, 2))
    clusters = autoencoder.k_means(points, starts=2)
    middles = np.array([points[clusters == k].mean(axis=0) for k in range(autoencoder.K)])
    np.testing.assert_array_equal(autoencoder.nearest(middles, points), clusters)  # another step changes nothing
    np.testing.assert_allclose(grad(autoencoder.spread)(middles, points), 0, atol=1e-12)
    counts = np.bincount(clusters, minlength=autoencoder.K)
    square = hessian(autoencoder.spread)(middles, points).reshape(20, 20)
    np.testing.assert_allclose(square, np.diag(np.repeat(counts, 2)), atol=1e-12)


# The policy gradient.


def test_the_pole_learns_to_stand(run: Run) -> None:
    found, printed = run(policy_gradient)
    assert found.before.returns.mean() < 40
    assert found.after.returns.mean() > 180
    assert found.curve[:5].mean() < 40 < 180 < found.curve[-20:].mean()
    assert found.curve.max() <= policy_gradient.LONGEST
    assert f"before: the pole stands for {found.before.returns.mean():.1f} steps" in printed


def test_the_cart_obeys_its_lagrangian() -> None:
    def lagrangian(q: Any, v: Any) -> Any:
        """Of a cart of 1 kg with a uniform pole of 0.1 kg and 1 m."""
        across, up = v[0] + 0.5 * v[1] * np.cos(q[1]), -0.5 * v[1] * np.sin(q[1])
        turning = 0.5 * (0.1 * 0.5**2 / 3) * v[1] ** 2
        return 0.5 * v[0] ** 2 + 0.05 * (across**2 + up**2) + turning - 0.1 * 9.8 * 0.5 * np.cos(q[1])

    rng = np.random.default_rng(0)
    carts = policy_gradient.CartPole(6, rng)
    carts.state = before = rng.normal(0, 0.5, (6, 4))
    right = np.arange(6) % 2 == 0
    carts.step(right)
    for (x, speed, angle, turning), after, push in zip(before, carts.state, right, strict=True):
        q, v = np.array([x, angle]), np.array([speed, turning])
        mass = hessian(lambda v, q: lagrangian(q, v))(v, q)
        mixed = jacobian(lambda q, v: grad(lagrangian, 1)(q, v))(q, v)
        force = np.array([10.0 if push else -10.0, 0.0]) + grad(lagrangian)(q, v) - mixed @ v
        np.testing.assert_allclose((after - [x, speed, angle, turning])[[0, 2]] / 0.02, v)
        np.testing.assert_allclose((after[[1, 3]] - v) / 0.02, np.linalg.solve(mass, force), rtol=1e-9)


def test_rewards_to_go_are_discounted_and_end_with_the_episode() -> None:
    standing = np.array([[True, True], [True, False], [True, False]])
    np.testing.assert_allclose(policy_gradient.to_go(standing, 0.5), [[1.75, 1], [1.5, 0], [1, 0]])


# Transfer.


def test_a_trained_body_helps_with_few_labels(run: Run) -> None:
    found, printed = run(transfer)
    assert found.old_accuracy > 0.95
    means = {way: accuracy.mean(axis=1) for way, accuracy in found.accuracy.items()}
    for way in ("body frozen", "body with a tenth of the step"):
        assert (means[way] > means["from scratch"]).all()
        assert means[way][2] > means["from scratch"][2] + 0.08
    assert found.body_moved["body frozen"] == 0
    assert 0.01 < found.body_moved["body with a tenth of the step"] < 0.5
    assert f"{means['body frozen'][0]:8.1%}" in printed


def test_a_body_does_not_help_where_digits_lie_in_the_middle(monkeypatch: pytest.MonkeyPatch) -> None:
    def in_the_middle(digits: Any, rng: np.random.Generator) -> Any:
        return np.pad(digits.reshape(-1, 8, 8), [(0, 0), (2, 2), (2, 2)]).reshape(len(digits), -1)

    monkeypatch.setattr(transfer, "scatter", in_the_middle)
    trained, _ = transfer.learn_old(epochs=10)
    X, y, X_test, y_test = transfer.few_and_others(5, seed=0)
    networks = {way: transfer.learn_new(way, trained, X, y) for way in transfer.WAYS}
    reads = {way: transfer.accuracy(network, X_test, y_test) for way, network in networks.items()}
    assert reads["from scratch"] > max(reads["body frozen"], reads["body with a tenth of the step"])


def test_few_are_as_many_of_each_and_not_among_the_others() -> None:
    X, y, X_test, y_test = transfer.few_and_others(3, seed=0)
    assert np.bincount(y).tolist() == [3] * 5
    assert (len(X_test), len(y_test)) == (400, 400)
    assert not (X[:, None] == X_test).all(axis=2).any()


# Explaining.


@pytest.fixture(scope="module")
def reader() -> tuple[Any, Any]:
    """A trained network, and pictures."""
    network, X, y = explaining.train()
    assert np.mean(network(X).data.argmax(axis=1) == y) > 0.96
    return network, X


def test_explanations_are_tested_by_wiping_out(run: Run) -> None:
    found, printed = run(explaining)
    fall = {name: curve[:9].mean() for name, curve in found.wiped.items()}
    assert max(fall["LIME"], fall["integrated gradients"]) < 0.4 * fall["by chance"]
    assert min(fall["gradient"], fall["SmoothGrad"]) > fall["by chance"]  # they mark paper, too, which wiping leaves
    assert found.agreement > 0.9
    assert found.fit > 0.6
    assert f"integrated gradients add up to {found.score - found.empty_score:.6f}." in printed


def test_integrated_gradients_are_complete(reader: tuple[Any, Any]) -> None:
    network, X = reader
    for pixels in X[:20]:
        for digit in range(10):
            shared = explaining.integrated_gradients(pixels, network, digit).sum()
            ends = explaining.score(np.stack([pixels, 0 * pixels]), network, digit).data
            assert shared == pytest.approx(ends[0] - ends[1], abs=1e-10)


def test_lime_finds_the_weights_of_a_linear_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    weights = np.linspace(0.01, 0.05, 16)

    def patches(pictures: Any) -> Any:
        return np.stack([explaining.by_patch(picture) / 4 for picture in pictures])

    def linear(pictures: Any, network: Any, digit: int) -> Any:
        return Tensor(np.log(0.1 + patches(pictures) @ weights))

    monkeypatch.setattr(explaining, "score", linear)
    found, fit = explaining.lime(np.ones(64), None, 0)
    np.testing.assert_allclose(found, weights, atol=1e-4)
    assert fit > 0.9999


def test_smooth_gradients_without_noise_are_gradients(reader: tuple[Any, Any]) -> None:
    network, X = reader
    smooth = explaining.smooth_gradient(X[0], network, 3, noise=0.0, times=3)
    np.testing.assert_allclose(smooth, explaining.saliency(X[0], network, 3), rtol=1e-9)


# Boosting.


class Labels:
    """What both boosters hand to an objective."""

    def __init__(self, y: Any) -> None:
        self.y = y

    def get_label(self) -> Any:
        return self.y


def test_gradient_and_hessian_are_those_on_paper() -> None:
    rng = np.random.default_rng(0)
    scores, y = rng.normal(0, 3, 50).astype(np.float32), rng.integers(0, 2, 50).astype(np.float32)
    p = sigmoid(scores.astype(float))
    gradient, curvature = boosting.objective(boosting.logistic)(scores, Labels(y))
    np.testing.assert_allclose(gradient, p - y, atol=1e-12)
    np.testing.assert_allclose(curvature, p * (1 - p), atol=1e-12)
    gradient, curvature = boosting.objective(boosting.linex)(scores, Labels(y))
    grown = np.exp(boosting.A * (y - scores.astype(float)))
    np.testing.assert_allclose(gradient, boosting.A * (1 - grown), rtol=1e-12)
    np.testing.assert_allclose(curvature, boosting.A**2 * grown, rtol=1e-12)


def test_without_a_booster_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(boosting, "BOOSTERS", ())
    boosting.main([])
    assert 'pip install "chainrule[boosting]"' in capsys.readouterr().out


@pytest.mark.parametrize("booster", ["xgboost", "lightgbm"])
def test_the_boosters_grow_the_same_trees(booster: str) -> None:
    pytest.importorskip(booster, reason=f"{booster} is not installed")
    same, off = boosting.same_as_built_in(booster)
    assert same
    assert off < 1e-5


def test_the_boosters_come_near_what_theory_asks_for(run: Run) -> None:
    for booster in ("xgboost", "lightgbm"):
        pytest.importorskip(booster, reason=f"{booster} is not installed")
    found, printed = run(boosting)
    for booster in boosting.BOOSTERS:
        ours, theirs = (boosting.off(curve[booster], boosting.best(found.x)) for curve in (found.linex, found.squared))
        assert ours < 0.12 < 0.25 < theirs
    assert "the same trees as built in" in printed
